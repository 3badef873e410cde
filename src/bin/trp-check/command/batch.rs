//! `batch [FILE…]`: a staff list: a line in, a line out, in the same order, whatever the number of workers.

pub mod input;
mod reports;
mod turns;
mod writing;

use std::mem::take;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context as _;
use trp_check::batch::input::{self as input_blocks, Block};
use trp_check::batch::seen::Seen;
use trp_check::batch::{Options, Output, Worker};
use trp_check::render::summary::{self, COLUMNS};
use trp_check::render::{Format, Words};
use trp_check::roster::layout::Layout;
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
    match ask.template.as_deref() {
        Some("columns") => {
            let words = context.words();
            let name = |column: &str| words.of("column", column).to_owned();
            let note = |part: &str| words.of("columns_file", part).to_owned();
            return output::answer(&roster::template_of_columns(&context.book.vocabulary, name, note));
        }
        Some(_) => {
            let country = example_country(&context);
            return output::answer(&roster::template(&context.book.vocabulary, context.today, &country));
        }
        None => {}
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
    let layout = input::layout(global, &ask.lists, &context.book, context.today)?;
    let broken = AtomicUsize::new(0);
    let mut sink = Sink {
        total: Output::default(),
        ends_early: ask.on_error == OnError::Stop,
        progress: &progress,
        seen: Seen::default(),
    };
    if format == Format::Csv {
        let file = (paths.len() > 1).then_some("file");
        let header: Vec<&str> = file.into_iter().chain(COLUMNS).collect();
        output::answer(&format!("{}\n", header.join(",")))?;
    }
    let most = if ask.full { WHOLE_ANSWERS } else { ROWS };
    let blocks = Blocks::of(&context, &paths, &ask.lists, &layout, most, (&progress, &broken));
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
    if total.blank > 0 {
        output::complain(&words.count("batch.blank", total.blank, &[]));
    }
    for advice in &total.advice {
        output::complain(advice);
    }
    if total.errors > 0 {
        output::complain(&words.count("batch.errors", total.errors, &[]));
    }
    let is_whole = total.errors == 0 && broken.load(Ordering::Relaxed) == 0;
    Ok(if is_whole { Exit::Answered } else { Exit::BadInput })
}

/// The blocks of lists, one list after the other. A list that cannot be opened, or breaks off, is reported, and the next
/// ones are read all the same.
pub struct Blocks<'b> {
    global: &'b Global,
    lists: &'b Lists,
    layout: Arc<Layout>,
    most: usize,
    progress: &'b Progress,
    paths: std::iter::Enumerate<std::slice::Iter<'b, PathBuf>>,
    current: Option<(&'b Path, input_blocks::Blocks<'static>)>,
    /// How many lists could not be read to their end.
    pub broken: &'b AtomicUsize,
}

impl<'b> Blocks<'b> {
    pub fn of(
        context: &'b Context<'_>,
        paths: &'b [PathBuf],
        lists: &'b Lists,
        layout: &Arc<Layout>,
        most: usize,
        (progress, broken): (&'b Progress, &'b AtomicUsize),
    ) -> Self {
        let (global, layout, paths) = (context.global, layout.clone(), paths.iter().enumerate());
        Self { global, lists, layout, most, progress, paths, current: None, broken }
    }

    fn report(&self, path: &Path, error: &anyhow::Error) {
        self.broken.fetch_add(1, Ordering::Relaxed);
        Stop::error(self.global, Exit::BadInput, "list-not-readable", Some(path), &format!("{error:#}")).report();
    }
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            if let Some((path, blocks)) = &mut self.current {
                match blocks.next() {
                    Some(Ok(block)) => return Some(block),
                    Some(Err(error)) => {
                        let (path, error) = (*path, anyhow::Error::from(error));
                        self.report(path, &error.context(path.display().to_string()));
                        self.current = None;
                    }
                    None => self.current = None,
                }
            }
            let (list, path) = self.paths.next()?;
            match input::blocks(list, path, self.lists, &self.layout, self.most, self.progress) {
                Ok(blocks) => self.current = Some((path, blocks)),
                Err(error) => self.report(path, &error),
            }
        }
    }
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
    seen: Seen,
}

impl Sink<'_> {
    /// Takes what came of the next block, and leaves it empty; a block in which an id comes again is worked on once
    /// more. Whether that is enough.
    fn put(&mut self, output: &mut Output, worker: &mut Worker<'_>) -> anyhow::Result<bool> {
        let block = output.block.take();
        if let Some(block) = block {
            let repeated = self.seen.add(block.list(), &output.ids);
            if !repeated.is_empty() {
                worker.work_again(block, repeated, output);
            }
        }
        output.ids.clear();
        output.block = None;
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
        total.blank += take(&mut output.blank);
        for advice in output.advice.drain(..) {
            if !total.advice.contains(&advice) {
                total.advice.push(advice);
            }
        }
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
