//! A staff list: a line in, a line out. [`input`] cuts a stream into blocks, [`reading`] reads the person of each line,
//! a [`Worker`] makes the rows of a block. Streams, threads and stdout are left to the caller.

mod grouped;
pub mod input;
pub mod reading;
pub mod seen;
pub mod since;
pub mod table;
pub mod workbook;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use crate::assess::{CachedRules, Decision, decide, strictly};
use crate::assessment::{Part, Status};
use crate::calendar::Day;
use crate::profile::Buffers;
use crate::render::sheet::SheetRow;
use crate::render::summary::table::{ShownRow, group};
use crate::render::summary::{Ids, Kept, SummaryRow, due_days};
use crate::render::{Format, Sections, Words, json};
use crate::roster::columns::Columns;
use crate::rulebook::RuleBook;
use input::Block;
use reading::{Listed, Read, Reader, Unread};
use seen::IdHash;
use since::Since;

#[allow(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options<'w> {
    pub book: &'w RuleBook,
    pub words: Words<'w>,
    pub today: Day,
    /// An answer that rests on an uncertain rule becomes `unknown`.
    pub is_strict: bool,
    pub names: Vec<Option<String>>,
    /// The headers of the columns that rows keep of the lists.
    pub kept: Vec<String>,
    pub format: Format,
    /// CSV as Excel reads it: semicolons, words of the language, and no cell that begins a formula.
    pub is_for_excel: bool,
    /// The column by which people are counted, by its place in the header.
    pub by: Option<usize>,
    /// An earlier answer, which this one is compared with.
    pub since: Option<Since>,
    /// A row is the whole answer, not its summary.
    pub is_full: bool,
    /// Only people with these statuses; all where empty.
    pub only: Vec<String>,
    /// Only people for whom something falls due by this day.
    pub due_by: Option<Day>,
    /// The most that a line may be long, in bytes.
    pub longest: usize,
    /// The first line that cannot be read is the last one.
    pub ends_early: bool,
}

/// Whether a person gets a row: with one of these statuses (any, where there are none), and with something that falls
/// due by this day.
pub fn is_wanted(decision: &Decision<'_>, only: &[String], due_by: Option<Day>) -> bool {
    let is_due = |by: Day| due_days(decision).any(|day| day >= decision.today && day <= by);
    let has_status = || only.iter().any(|status| status == decision.status.name());
    (only.is_empty() || has_status()) && due_by.is_none_or(is_due)
}

#[derive(Debug, Default)]
pub struct Output {
    pub bytes: Vec<u8>,
    /// How many rows there are of each status.
    pub statuses: BTreeMap<&'static str, u64>,
    pub errors: u64,
    /// How many people were assessed and get no row.
    pub left_out: u64,
    /// The rows of a table for eyes.
    pub shown: Vec<ShownRow>,
    /// The rows of a workbook.
    pub sheet: Vec<SheetRow>,
    pub weeks: BTreeMap<Day, u64>,
    /// The worst: days over, line, who.
    pub worst: Vec<(i32, u64, String)>,
    /// Rows in which nothing stands.
    pub blank: u64,
    /// What to do about the list, each once.
    pub advice: Vec<String>,
    /// The ids of the rows, each with its line: whether one came before is known when the turn of the block comes.
    pub ids: Vec<(IdHash, u64)>,
    /// What all this is made of.
    pub block: Option<Block>,
    /// How many rows there are of each status, by the value of the column to count by.
    pub groups: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// The places, in an earlier answer, of the people who stand in it.
    pub met: Vec<usize>,
    /// How many people do not stand in it.
    pub arrived: u64,
}

impl Output {
    /// Adds advice about the list, once.
    fn advise(&mut self, advice: String) {
        if !self.advice.contains(&advice) {
            self.advice.push(advice);
        }
    }
}

/// So many people are read before the first of them is assessed.
const TOGETHER: usize = 32;

/// Assesses line by line, and remembers what people have in common.
pub struct Worker<'w> {
    options: &'w Options<'w>,
    rules: CachedRules<'w>,
    reader: Reader<'w>,
    /// Buffers of profiles already processed, reused for the next ones.
    buffers: RefCell<Buffers>,
    /// Lines whose id came before, and on which line.
    repeated: HashMap<u64, u64>,
}

impl<'w> Worker<'w> {
    pub fn new(options: &'w Options<'w>) -> Self {
        Self {
            options,
            rules: CachedRules::for_many(options.book),
            reader: Reader::new(options.book, options.words, options.today, options.longest),
            buffers: RefCell::default(),
            repeated: HashMap::new(),
        }
    }

    pub fn work(&self, block: Block) -> Output {
        let mut output = Output::default();
        self.work_into(block, &mut output);
        output
    }

    pub fn work_into(&self, block: Block, output: &mut Output) {
        match &block {
            Block::Lines { list, first, bytes } => {
                output.bytes.reserve(bytes.len());
                let lines = self.reader.numbered(*first, bytes);
                self.add_all(output, *list, lines, |line, buffers| self.reader.line(line, buffers));
            }
            Block::Records { list, columns, delimiter, records, bytes } => {
                output.bytes.reserve(bytes.len());
                let records = records.iter().map(|record| (record.line, record.bytes.clone()));
                self.add_all(output, *list, records, |record, buffers| {
                    self.reader.record((columns, *delimiter), bytes, record, buffers)
                });
                self.note_nameless(output, columns);
            }
            Block::People { list, columns, delimiter, people, bytes } => {
                let people = people.iter().map(|rows| (rows[0].line, rows));
                self.add_all(output, *list, people, |rows, buffers| {
                    self.reader.person((columns, *delimiter), bytes, rows, buffers)
                });
                self.note_nameless(output, columns);
                let megabytes = bytes.len() >> 20;
                if megabytes > 0 {
                    output.advise(self.options.words.with("batch.in-memory", &[("n", &megabytes)]));
                }
            }
            Block::TooLong { list, line } => self.add_error(output, (*list, *line), self.reader.too_long()),
            Block::BadHeader { list, line, bad } => {
                self.add_error(output, (*list, *line), self.reader.bad_header(bad));
            }
            Block::Refused { list, why } => self.add_error(output, (*list, 1), self.reader.refused(why)),
        }
        output.block = Some(block);
    }

    /// Works on a block once more, now that it is known which of its lines have an id that came before, and where.
    pub fn work_again(&mut self, block: Block, repeated: HashMap<u64, u64>, output: &mut Output) {
        *output = Output::default();
        self.repeated = repeated;
        self.work_into(block, output);
        self.repeated = HashMap::new();
    }

    fn note_nameless(&self, output: &mut Output, columns: &Columns) {
        let nameless = columns.nameless();
        if !nameless.is_empty() {
            let numbers = nameless.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            output.advise(self.options.words.count("batch.nameless", nameless.len(), &[("columns", &numbers)]));
        }
    }

    /// Adds what comes of rows, each with its number, up to the first that cannot be read where that is asked
    /// for. Some are read before the first of them is assessed: reading and assessing together are more code
    /// than a processor keeps at hand, and taking turns at every row would cost more than either of them.
    fn add_all<R>(
        &self,
        output: &mut Output,
        list: usize,
        rows: impl Iterator<Item = (u64, R)>,
        read: impl Fn(R, &mut Buffers) -> Read,
    ) {
        let mut rows = rows.peekable();
        let mut people = Vec::with_capacity(TOGETHER);
        let mut kept = Vec::new();
        // Of each row its number, and why its person is not among the people.
        let mut found: Vec<(u64, Option<Unread>)> = Vec::with_capacity(TOGETHER);
        let mut buffers = self.buffers.take();
        while rows.peek().is_some() {
            for (line, row) in rows.by_ref().take(TOGETHER) {
                let Some(read) = read(row, &mut buffers) else {
                    output.blank += 1;
                    continue;
                };
                let unread = read.map(|Listed { profile, kept: cells }| {
                    people.push(profile);
                    kept.push(cells);
                });
                found.push((line, unread.err()));
            }
            let mut lines = found.drain(..);
            let mut add_errors = |output: &mut Output| {
                let is_over = |output: &Output| self.options.ends_early && output.errors > 0;
                while !is_over(output) {
                    match lines.next()? {
                        (line, None) => return Some(line),
                        (line, Some(unread)) => self.add_error(output, (list, line), unread),
                    }
                }
                None
            };
            for (profile, kept) in people.iter().zip(kept.drain(..)) {
                let Some(line) = add_errors(output) else { continue };
                let id = profile.id.as_deref();
                if let Some(first) = self.repeated.get(&line) {
                    self.add_error(output, (list, line), Unread { kept, ..self.reader.repeated(id, *first) });
                    continue;
                }
                output.ids.extend(id.map(|id| (IdHash::of(id), line)));
                self.add(output, (list, line), decide(&self.rules, profile, self.options.today), &kept);
            }
            add_errors(output);
            drop(lines);
            buffers.take_from(&mut people);
            if self.options.ends_early && output.errors > 0 {
                break;
            }
        }
        self.buffers.replace(buffers);
    }

    fn add(&self, output: &mut Output, place: (usize, u64), mut decision: Decision<'_>, kept: &[String]) {
        let options = self.options;
        let mut strict = None;
        if options.is_strict {
            let answer = strictly(options.book, decision.explained(&self.rules), Part::ALL);
            decision.status = answer.status;
            strict = Some(answer);
        }
        let known = options.since.as_ref().map(|since| since.find(decision.profile.id.as_deref()));
        match known {
            Some(Some(at)) => output.met.push(at),
            Some(None) => output.arrived += 1,
            None => {}
        }
        if !is_wanted(&decision, &options.only, options.due_by) {
            output.left_out += 1;
            return;
        }
        let place = (options.names[place.0].as_deref(), place.1);
        let mut row = SummaryRow::of(&decision, &self.rules, &options.words, place);
        if strict.as_ref().is_some_and(|answer| answer.notices.iter().any(|notice| notice.code == STRICT)) {
            row.why.0.push(STRICT);
        }
        if let Some(since) = &options.since {
            row.new = Some(decision.profile.id.as_ref().map(|_| Ids(since.added(known.flatten(), &row.why.0))));
        }
        row.kept = Kept { names: &options.kept, values: kept };
        if options.format == Format::Summary {
            self.sum(output, &decision, &row);
        }
        if options.is_full {
            *output.statuses.entry(row.status()).or_default() += 1;
            let answer = strict.unwrap_or_else(|| decision.explained(&self.rules));
            json::text::append(&mut output.bytes, &json::view(&answer, Sections::All, &options.words));
            output.bytes.push(b'\n');
            return;
        }
        self.row(output, &row);
        if options.format == Format::Xlsx {
            output.sheet.push(SheetRow::of(&row, Some(&decision), &options.words));
        }
    }

    fn add_error(&self, output: &mut Output, place: (usize, u64), unread: Unread) {
        let Unread { id, text, kept, advice } = unread;
        output.errors += 1;
        if let Some(advice) = advice {
            output.advise(advice);
        }
        let place = (self.options.names[place.0].as_deref(), place.1);
        let mut row = SummaryRow::of_error(place, id.as_deref(), &text);
        row.new = self.options.since.as_ref().map(|_| None);
        row.kept = Kept { names: &self.options.kept, values: &kept };
        self.row(output, &row);
        if self.options.format == Format::Xlsx {
            output.sheet.push(SheetRow::of(&row, None, &self.options.words));
        }
    }

    fn row(&self, output: &mut Output, row: &SummaryRow<'_>) {
        let options = self.options;
        *output.statuses.entry(row.status()).or_default() += 1;
        if let Some(column) = options.by {
            let cells = row.cells(Some(&options.words));
            let value = cells.get(column).map(group).unwrap_or_default();
            *output.groups.entry(value).or_default().entry(row.status()).or_default() += 1;
        }
        match options.format {
            Format::Ndjson => row.write_json(&mut output.bytes),
            Format::Csv => {
                let cells = row.cells(options.is_for_excel.then_some(&options.words));
                let cells: Vec<_> = cells.iter().map(|cell| cell.csv(options.is_for_excel)).collect();
                record(&mut output.bytes, cells.iter().map(|cell| cell.as_bytes()), options.is_for_excel);
            }
            Format::Table => output.shown.push(ShownRow::of(row, &options.words)),
            _ => {}
        }
    }

    /// Adds a person to the sums: the week of each day due, and how bad it is.
    fn sum(&self, output: &mut Output, decision: &Decision<'_>, row: &SummaryRow<'_>) {
        for day in due_days(decision).filter(|day| *day >= self.options.today) {
            let monday = day.plus(-i32::try_from(day.weekday().num_days_from_monday()).unwrap_or_default());
            *output.weeks.entry(monday).or_default() += 1;
        }
        if decision.status == Status::Violation {
            let over = row.days_over.unwrap_or_default();
            let id = row.id.map(|id| id.0);
            let who: Vec<&str> = id.into_iter().chain(row.name).collect();
            output.worst.push((over, row.line, who.join("  ")));
        }
    }
}

/// The code of the notice that an answer rests on an uncertain rule.
const STRICT: &str = "strict";

/// Adds a record of CSV; a byte order mark in front of the first one is for the caller to write.
pub fn record<'c>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'c [u8]>, is_for_excel: bool) {
    let (delimiter, end) =
        if is_for_excel { (b';', csv::Terminator::CRLF) } else { (b',', csv::Terminator::Any(b'\n')) };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(end).from_writer(out);
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells);
    let _ = writer.flush();
}
