//! `batch [FILE…]`: a staff list: a line in, a line out, in the same order, whatever the number of workers.

pub mod input;
mod reports;
mod sink;
mod turns;
mod writing;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context as _;
use trp_check::batch::input::{self as input_blocks, Block};
use trp_check::batch::seen::Seen;
use trp_check::batch::since::Since;
use trp_check::batch::{Options, Output, record};
use trp_check::render::sheet::Sheets;
use trp_check::render::summary::{self, Cell};
use trp_check::render::words::{ToText, inert};
use trp_check::render::{Format, Words};
use trp_check::roster::layout::Layout;
use trp_check::{embedded, roster};

use super::Context;
use crate::args::{self, Batch, Global, Lists, OnError};
use crate::{Exit, Stop, files, output};
use input::Progress;
use sink::Sink;
use writing::Target;

/// The most lines of a block. Of its rows, which are all held until its turn comes, one has some hundred bytes; a
/// whole answer has some ten thousand.
pub const ROWS: usize = 1024;
const WHOLE_ANSWERS: usize = 4;

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
    let layout = input::layout(global, &ask.lists, &context.book, context.today)?;
    let options = options(global, ask, &context, &paths, layout.keep.clone())?;
    let words = context.words();
    let target = match &ask.output {
        Some(path) => Target::open(global, path, &paths, ask.pages.force, &words)?,
        None if options.format == Format::Xlsx && std::io::stdout().is_terminal() => {
            return Err(Stop::usage(global, words.label("rows.to-terminal")));
        }
        None => Target::Stdout,
    };
    ctrlc::set_handler(writing::stop).context("signals")?;

    let columns = || summary::header(paths.len() > 1, options.since.is_some(), &options.kept);
    let is_sheet = options.format == Format::Xlsx;
    let sheets = is_sheet.then(|| Sheets::new(columns().map(str::to_owned).collect(), context.today, words));
    let progress = Progress::of(&paths);
    let mut sink = Sink {
        target,
        head: if options.format == Format::Csv { csv_head(columns(), &options) } else { Vec::new() },
        sheets: sheets.transpose()?,
        words,
        width: output::look(global).width,
        ends_early: options.ends_early,
        progress: &progress,
        total: Output::default(),
        met: HashSet::new(),
        seen: Seen::default(),
    };
    let broken = AtomicUsize::new(0);
    let most = if ask.full { WHOLE_ANSWERS } else { ROWS };
    let blocks = Blocks::of(&context, &paths, &ask.lists, &layout, most, (&progress, &broken));
    let jobs = ask.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    if !ask.quiet_if_none {
        // Whoever waits for rows sees that they will come.
        sink.write_head()?;
    }
    turns::spread(jobs, blocks, &options, &mut sink)?;
    progress.end();
    if broken.load(Ordering::Relaxed) == paths.len() {
        // Of no list anything could be read: no answer is written.
        return Ok(Exit::BadInput);
    }
    sink.finish(options.format, ask.quiet_if_none, &context)?;
    report_what_is_not_there(ask, &options, &sink);
    let Sink { target, total, .. } = sink;
    target.close()?;
    if total.blank > 0 {
        output::complain(&words.count("batch.blank", total.blank, &[]));
    }
    total.advice.iter().for_each(|advice| output::complain(advice));
    if total.errors > 0 {
        output::complain(&words.count("batch.errors", total.errors, &[]));
    }
    if total.errors > 0 || broken.load(Ordering::Relaxed) > 0 {
        return Ok(Exit::BadInput);
    }
    let fails = ask.fail_on.iter().any(|status| total.statuses.contains_key(&**status));
    Ok(if fails { Exit::Violation } else { Exit::Answered })
}

/// Says on stderr how many people have no row, and how many came or went since an earlier answer.
fn report_what_is_not_there(ask: &Batch, options: &Options<'_>, sink: &Sink<'_>) {
    let (words, total) = (&sink.words, &sink.total);
    if total.left_out > 0 && !(ask.quiet_if_none && sink.rows() == 0) {
        output::complain(&words.count("rows.left-out", total.left_out, &[]));
    }
    if let Some((since, path)) = options.since.as_ref().zip(ask.since.as_ref()) {
        let (path, gone) = (path.display().to_string(), since.len() - sink.met.len());
        output::complain(
            &words.with("rows.since", &[("path", &inert(&path)), ("arrived", &total.arrived), ("gone", &gone)]),
        );
    }
}

/// What was asked for, or why it cannot be had.
fn options<'c>(
    global: &Global,
    ask: &Batch,
    context: &'c Context<'_>,
    paths: &[PathBuf],
    kept: Vec<String>,
) -> Result<Options<'c>, Stop> {
    let words = context.words();
    if let Some(name) = summary::clash(&kept) {
        return Err(Stop::usage(global, &words.with("rows.clash", &[("name", &inert(name))])));
    }
    let since = ask.since.as_ref().map(|path| since(global, path, &words)).transpose()?;
    let header: Vec<&str> = summary::header(paths.len() > 1, since.is_some(), &kept).collect();
    let by = ask.by.as_ref().map(|name| {
        let at = header.iter().position(|column| column == name);
        at.ok_or_else(|| {
            let text = words.with("rows.no-column", &[("name", &inert(name))]);
            Stop::usage(global, &args::with_nearest(text, name, header.iter().copied()))
        })
    });
    let by = by.transpose()?;
    let names = paths.iter().map(|path| (paths.len() > 1).then(|| path.display().to_string()));
    Ok(Options {
        book: &context.book,
        words,
        today: context.today,
        is_strict: global.strict,
        names: names.collect(),
        kept,
        format: format(global, ask, &words)?,
        is_for_excel: ask.excel,
        by,
        since,
        is_full: ask.full,
        only: ask.only.clone(),
        due_by: ask.within.map(|days| context.today.plus(days)),
        longest: ask.lists.max_line,
        ends_early: ask.on_error == OnError::Stop,
    })
}

/// The form of the answer: as asked for, else by the ending of the file that it is written into.
fn format(global: &Global, ask: &Batch, words: &Words<'_>) -> Result<Format, Stop> {
    let asked = match ask.format {
        _ if ask.summary => Some(Format::Summary),
        _ if ask.full => Some(Format::Ndjson),
        Some(format) if ask.excel && format != Format::Csv => {
            return Err(Stop::usage(global, &words.with("rows.excel", &[("format", &format.name())])));
        }
        None if ask.excel => Some(Format::Csv),
        None if ask.by.is_some() && ask.output.is_none() => Some(Format::Summary),
        format => format,
    };
    let Some(path) = ask.output.as_ref().filter(|path| path.as_os_str() != "-") else {
        return Ok(asked.unwrap_or(Format::Ndjson));
    };
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    let of_file: &[Format] = match &*ending {
        "ndjson" | "jsonl" => &[Format::Ndjson],
        "csv" => &[Format::Csv],
        "xlsx" => &[Format::Xlsx],
        "txt" => &[Format::Table, Format::Summary],
        _ => &[],
    };
    let shown = path.display().to_string();
    match (asked, of_file) {
        (None, [first, ..]) => Ok(*first),
        (None, []) => Err(Stop::usage(global, &words.with("rows.no-format", &[("path", &inert(&shown))]))),
        (Some(format), []) => Ok(format),
        (Some(format), known) if known.contains(&format) => Ok(format),
        (Some(format), _) => {
            let values: [(&str, &dyn ToText); 2] = [("path", &inert(&shown)), ("format", &format.name())];
            Err(Stop::usage(global, &words.with("rows.at-odds", &values)))
        }
    }
}

/// An earlier answer to compare with.
fn since(global: &Global, path: &Path, words: &Words<'_>) -> Result<Since, Stop> {
    let bytes = fs::read(path).map_err(|error| files::not_read(path, error))?;
    let read = std::str::from_utf8(&bytes).map_err(|_| 1).and_then(|text| Since::read(text).map_err(|no| no.line));
    read.map_err(|line| {
        let shown = path.display().to_string();
        let text = words.with("rows.no-answer", &[("path", &inert(&shown)), ("line", &line)]);
        Stop::error(global, Exit::BadInput, "no-answer", Some(path), &text)
    })
}

/// The first line of CSV; for Excel with a byte order mark, by which it knows UTF-8, and in words.
fn csv_head<'c>(columns: impl Iterator<Item = &'c str>, options: &Options<'_>) -> Vec<u8> {
    let own = summary::header(true, true, &[]).collect::<Vec<_>>();
    let label = |name: &'c str| {
        if options.is_for_excel && own.contains(&name) { options.words.of("row_column", name) } else { name }
    };
    let cells: Vec<String> = columns.map(|name| Cell::Text(label(name).into()).csv(true).into_owned()).collect();
    let mut head = if options.is_for_excel { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
    record(&mut head, cells.iter().map(String::as_bytes), options.is_for_excel);
    head
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
