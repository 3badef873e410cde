//! `batch [FILE…]`: a staff list: a line in, a line out, in the same order, whatever the number of workers.

pub mod input;
mod reports;
mod turns;
mod writing;

use std::mem::take;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Context as _;
use trp_check::batch::input::{Block, Reading, blocks as list_blocks};
use trp_check::batch::{Options, Output};
use trp_check::render::summary::{self, COLUMNS};
use trp_check::render::{Format, Words};
use trp_check::{embedded, roster};

use super::Context;
use crate::args::{Batch, Global, Lists, OnError};
use crate::{Exit, Stop, output};
use input::Progress;

/// The most lines of a block. Of its rows, which are all held until its turn comes, one has some hundred bytes; a
/// whole answer has some ten thousand.
pub const ROWS: usize = 1024;
const WHOLE_ANSWERS: usize = 4;

const WORST: usize = 10;

pub fn run(global: &Global, ask: &Batch) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    if ask.template.is_some() {
        return output::answer(&roster::template(&context.book.vocabulary, context.today, &example_country(&context)));
    }
    let paths: Vec<PathBuf> = if ask.files.is_empty() { vec![PathBuf::from("-")] } else { ask.files.clone() };
    if let Some(folder) = &ask.reports {
        return reports::run(global, ask, &context, &paths, folder);
    }
    ctrlc::set_handler(writing::stop).context("signals")?;

    let format = if ask.summary { Format::Summary } else { ask.format };
    let names: Vec<Option<String>> =
        paths.iter().map(|path| (paths.len() > 1).then(|| path.display().to_string())).collect();
    let options = Options {
        book: &context.book,
        words: context.words(),
        today: context.today,
        is_strict: global.strict,
        names,
        format,
        is_full: ask.full,
        only: ask.only.clone(),
        due_by: ask.within.map(|days| context.today.plus(days)),
        longest: ask.lists.max_line,
        ends_early: ask.on_error == OnError::Stop,
    };
    let progress = Progress::of(&paths);
    let mut sink = Sink { total: Output::default(), ends_early: ask.on_error == OnError::Stop, progress: &progress };
    if format == Format::Csv {
        let file = (paths.len() > 1).then_some("file");
        let header: Vec<&str> = file.into_iter().chain(COLUMNS).collect();
        output::answer(&format!("{}\n", header.join(",")))?;
    }
    let most = if ask.full { WHOLE_ANSWERS } else { ROWS };
    let blocks = paths.iter().enumerate().flat_map(|(list, path)| blocks(list, path, &ask.lists, most, &progress));
    let jobs = ask.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    turns::spread(jobs, blocks, &options, &mut sink)?;
    progress.end();
    let words = context.words();
    let total = &sink.total;
    output::answer(&match format {
        Format::Table => summary::table(&total.cells, &total.faults, &words, output::look(global).width),
        Format::Summary => totals(total, &words),
        _ => String::new(),
    })?;
    if total.errors > 0 {
        output::complain(&words.count("batch.errors", total.errors, &[]));
        return Ok(Exit::BadInput);
    }
    Ok(Exit::Answered)
}

pub fn blocks(
    list: usize,
    path: &Path,
    lists: &Lists,
    most: usize,
    progress: &Progress,
) -> Box<dyn Iterator<Item = anyhow::Result<Block>> + Send> {
    let name = path.display().to_string();
    let format = format_of(path, lists);
    let reading = Reading { format, longest: lists.max_line, most, dates: lists.date_format };
    match input::open(path, lists.encoding, progress) {
        Ok(reader) => {
            Box::new(list_blocks(reader, list, reading).map(move |block| block.with_context(|| name.clone())))
        }
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// The form of a list: as asked for, else by its ending, else lines of JSON.
fn format_of(path: &Path, lists: &Lists) -> Format {
    let plain = input::plain_name(path);
    let ending = plain.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    let is_table = input::TABLES.iter().any(|known| ending.eq_ignore_ascii_case(known));
    lists.input_format.unwrap_or(if is_table { Format::Csv } else { Format::Ndjson })
}

/// A citizenship that the pack knows, for the examples of a template.
fn example_country(context: &Context<'_>) -> String {
    let mut categories = context.book.categories.iter().filter_map(|rule| rule.on(context.today));
    let country = categories.find_map(|version| version.says.members.first());
    country.map(|country| embedded::COUNTRIES.code(*country).into_owned()).unwrap_or_default()
}

/// Takes the rows: to stdout at once, or into sums.
struct Sink<'p> {
    total: Output,
    /// The first line that cannot be read is the last one.
    ends_early: bool,
    progress: &'p Progress,
}

impl Sink<'_> {
    /// Takes what came of the next block, and leaves it empty. Whether that is enough.
    fn put(&mut self, output: &mut Output) -> anyhow::Result<bool> {
        writing::put(&output.bytes)?;
        output.bytes.clear();
        self.progress.show();
        let total = &mut self.total;
        for (status, count) in take(&mut output.statuses) {
            *total.statuses.entry(status).or_default() += count;
        }
        for (week, count) in take(&mut output.weeks) {
            *total.weeks.entry(week).or_default() += count;
        }
        total.errors += take(&mut output.errors);
        total.cells.append(&mut output.cells);
        total.faults.append(&mut output.faults);
        total.worst.append(&mut output.worst);
        total.worst.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
        total.worst.truncate(WORST);
        Ok(self.ends_early && self.total.errors > 0)
    }
}

fn totals(total: &Output, words: &Words<'_>) -> String {
    let mut text = String::new();
    let mut push = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    let all: u64 = total.statuses.values().sum();
    push(words.with("batch.people", &[("n", &all)]));
    let statuses = ["violation", "action-needed", "unknown", "ok"].map(|id| (id, words.of("compare_status", id)));
    let statuses: Vec<_> = statuses.into_iter().chain([("error", words.label("batch_cell.error"))]).collect();
    let longest = statuses.iter().map(|(_, name)| name.chars().count()).max().unwrap_or_default();
    for (id, name) in statuses {
        if let Some(count) = total.statuses.get(id) {
            push(format!("  {name:<longest$} {count:>8}"));
        }
    }
    if !total.weeks.is_empty() {
        push(words.label("batch.weeks").to_owned());
    }
    for (monday, count) in &total.weeks {
        push(format!("  {} {count:>8}", words.day(*monday)));
    }
    if !total.worst.is_empty() {
        push(words.label("batch.worst").to_owned());
    }
    for (over, line, id) in &total.worst {
        push(format!("  {}", words.with("batch.bad-one", &[("line", &line), ("id", id), ("days", &over)])));
    }
    text
}
