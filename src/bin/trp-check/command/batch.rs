//! `batch [FILE…]`: a staff list: a line in, a line out, in the same order, whatever the number of workers.

pub mod input;
pub mod progress;
mod reports;
mod writing;

use std::collections::BTreeMap;
use std::mem::take;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context;
use trp_check::batch::input::{Block, Form, Reading, blocks as list_blocks};
use trp_check::batch::work::{Order, Output, Worker};
use trp_check::render::Words;
use trp_check::render::summary::{self, COLUMNS};
use trp_check::{embedded, roster};

use super::Desk;
use crate::args::{Batch, BatchFormat, Global, InputFormat, Lists, OnError};
use crate::{Exit, output};
use progress::Progress;

/// Blocks that may be done ahead of the one that is written next, for each worker.
const AHEAD: usize = 2;

/// The most lines of a block. Of its rows, which are all held until its turn comes, one has some hundred bytes; a
/// whole answer has some ten thousand.
pub const ROWS: usize = 1024;
const WHOLE_ANSWERS: usize = 4;

/// The worst cases that a summary names.
const WORST: usize = 10;

pub fn run(global: &Global, ask: &Batch) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    if ask.template.is_some() {
        output::answer(&roster::template(&desk.book.vocabulary, desk.today, &somebody(&desk)))?;
        return Ok(Exit::Answered);
    }
    let paths: Vec<PathBuf> = if ask.files.is_empty() { vec![PathBuf::from("-")] } else { ask.files.clone() };
    if let Some(folder) = &ask.reports {
        return reports::run(global, ask, &desk, &paths, folder);
    }
    ctrlc::set_handler(writing::stop).context("signals")?;

    let format = if ask.summary { BatchFormat::Summary } else { ask.format };
    let names: Vec<Option<String>> =
        paths.iter().map(|path| (paths.len() > 1).then(|| path.display().to_string())).collect();
    let order = Order {
        book: &desk.book,
        words: desk.words(),
        today: desk.today,
        is_strict: global.strict,
        names,
        format: format.into(),
        is_full: ask.full,
        only: ask.only.clone(),
        due_by: ask.within.map(|days| desk.today.plus(days)),
        longest: ask.lists.max_line,
        ends_early: ask.on_error == OnError::Stop,
    };
    let progress = Progress::of(&paths);
    let mut sink = Sink { total: Output::default(), ends_early: ask.on_error == OnError::Stop, progress: &progress };
    if format == BatchFormat::Csv {
        let file = (paths.len() > 1).then_some("file");
        let header: Vec<&str> = file.into_iter().chain(COLUMNS).collect();
        output::answer(&format!("{}\n", header.join(",")))?;
    }
    let most = if ask.full { WHOLE_ANSWERS } else { ROWS };
    let blocks = paths.iter().enumerate().flat_map(|(list, path)| blocks(list, path, &ask.lists, most, &progress));
    let jobs = ask.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    spread(jobs, blocks, &order, &mut sink)?;
    progress.end();
    let words = desk.words();
    match format {
        BatchFormat::Table => {
            let (width, total) = (output::look(global).width, &sink.total);
            output::answer(&summary::table(&total.cells, &total.faults, &words, width))?;
        }
        BatchFormat::Summary => output::answer(&totals(&sink.total, &words))?,
        BatchFormat::Ndjson | BatchFormat::Csv => {}
    }
    if sink.total.errors > 0 {
        let count = i32::try_from(sink.total.errors).unwrap_or(i32::MAX);
        output::complain(&words.count("batch.errors", count, &[]));
        return Ok(Exit::BadInput);
    }
    Ok(Exit::Answered)
}

/// The blocks of a list, of so many lines at most.
pub fn blocks(
    list: usize,
    path: &Path,
    lists: &Lists,
    most: usize,
    progress: &Progress,
) -> Box<dyn Iterator<Item = anyhow::Result<Block>> + Send> {
    let name = path.display().to_string();
    let form = match format_of(path, lists) {
        InputFormat::Ndjson => Form::Ndjson,
        InputFormat::Csv => Form::Csv,
    };
    let reading = Reading { form, longest: lists.max_line, most, dates: lists.date_format.into() };
    match input::open(path, lists.encoding, progress) {
        Ok(reader) => {
            Box::new(list_blocks(reader, list, reading).map(move |block| block.with_context(|| name.clone())))
        }
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// The form of a list: as asked for, else by its ending, else lines of JSON.
fn format_of(path: &Path, lists: &Lists) -> InputFormat {
    let plain = input::plain_name(path);
    let ending = plain.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    let is_table = input::TABLES.iter().any(|known| ending.eq_ignore_ascii_case(known));
    lists.input_format.unwrap_or(if is_table { InputFormat::Csv } else { InputFormat::Ndjson })
}

/// A citizenship that the pack knows, for the examples of a template.
fn somebody(desk: &Desk) -> String {
    let mut categories = desk.book.categories.iter().filter_map(|rule| rule.on(desk.today));
    let country = categories.find_map(|version| version.says.members.first());
    country.map(|country| embedded::COUNTRIES.code(*country).into_owned()).unwrap_or_default()
}

/// Has workers take the blocks in turn, and puts what they make of them into the sink in the order of the blocks. A
/// worker reads its block itself, and writes whatever has its turn: nobody is woken for a block, which would cost as
/// much as a part of the block.
fn spread(
    jobs: usize,
    blocks: impl Iterator<Item = anyhow::Result<Block>> + Send,
    order: &Order<'_>,
    sink: &mut Sink<'_>,
) -> anyhow::Result<()> {
    let blocks = Mutex::new((0..).zip(blocks));
    let queue = Queue {
        most: jobs * AHEAD,
        state: Mutex::new(Waiting {
            sink,
            outputs: BTreeMap::new(),
            emptied: Vec::new(),
            next: 0,
            end: None,
            workers: 0,
        }),
        has_moved: Condvar::new(),
    };
    let work = || {
        let worker = Worker::new(order);
        let mut output = Output::default();
        loop {
            let Some((number, block)) = locked(&blocks).next() else { break };
            let done = block.map(|block| {
                worker.work_into(block, &mut output);
                output
            });
            match queue.put(number, done) {
                Some(emptied) => output = emptied,
                None => break,
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..jobs {
            scope.spawn(work);
        }
        work();
    });
    let waiting = queue.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    waiting.end.unwrap_or(Ok(()))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came of blocks, on its way into the sink.
struct Queue<'q, 'p> {
    /// So many blocks may wait for their turn, so that memory does not grow with the list.
    most: usize,
    state: Mutex<Waiting<'q, 'p>>,
    /// Something has had its turn, or no more is wanted.
    has_moved: Condvar,
}

struct Waiting<'q, 'p> {
    sink: &'q mut Sink<'p>,
    /// By the number of their block.
    outputs: BTreeMap<u64, anyhow::Result<Output>>,
    /// What was in the sink: its memory serves again.
    emptied: Vec<Output>,
    /// Whose turn is next.
    next: u64,
    /// Set when no more is wanted: the list cannot be read, the rows cannot be written, or a line ended it.
    end: Option<anyhow::Result<()>>,
    /// How many workers wait: to wake nobody costs as much as to wake somebody.
    workers: usize,
}

impl Queue<'_, '_> {
    /// Takes what came of a block, for something empty; waits where too much is ahead of its turn. `None` when no
    /// more is wanted.
    fn put(&self, number: u64, output: anyhow::Result<Output>) -> Option<Output> {
        let mut state = locked(&self.state);
        state.outputs.insert(number, output);
        state.tell();
        if state.workers > 0 {
            self.has_moved.notify_all();
        }
        // Whoever has the block whose turn is next does not stand here.
        while state.end.is_none() && state.outputs.len() >= self.most {
            state.workers += 1;
            state = self.has_moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.workers -= 1;
        }
        state.end.is_none().then(|| state.emptied.pop().unwrap_or_default())
    }
}

impl Waiting<'_, '_> {
    /// Puts into the sink whatever has its turn.
    fn tell(&mut self) {
        while self.end.is_none()
            && let Some(output) = self.outputs.remove(&self.next)
        {
            self.next += 1;
            let is_enough = output.and_then(|mut output| {
                let is_enough = self.sink.put(&mut output)?;
                self.emptied.push(output);
                Ok(is_enough)
            });
            match is_enough {
                Ok(false) => {}
                Ok(true) => self.end = Some(Ok(())),
                Err(error) => self.end = Some(Err(error)),
            }
        }
    }
}

/// Where rows go: to stdout at once, or into sums.
struct Sink<'p> {
    total: Output,
    /// The first line that cannot be read is the last one told.
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

/// How many have which status, what falls due in which week, and who is worst.
fn totals(total: &Output, words: &Words<'_>) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    let all: u64 = total.statuses.values().sum();
    say(words.with("batch.people", &[("n", &all.to_string())]));
    let statuses = ["violation", "action-needed", "unknown", "ok"].map(|id| (id, words.of("compare_status", id)));
    let statuses: Vec<_> = statuses.into_iter().chain([("error", words.label("batch_cell.error"))]).collect();
    let longest = statuses.iter().map(|(_, name)| name.chars().count()).max().unwrap_or_default();
    for (id, name) in statuses {
        if let Some(count) = total.statuses.get(id) {
            say(format!("  {name:<longest$} {count:>8}"));
        }
    }
    if !total.weeks.is_empty() {
        say(words.label("batch.weeks").to_owned());
    }
    for (monday, count) in &total.weeks {
        say(format!("  {} {count:>8}", words.day(*monday)));
    }
    if !total.worst.is_empty() {
        say(words.label("batch.worst").to_owned());
    }
    for (over, line, id) in &total.worst {
        let values = [("line", &*line.to_string()), ("id", &**id), ("days", &*over.to_string())];
        say(format!("  {}", words.with("batch.bad-one", &values)));
    }
    text
}
