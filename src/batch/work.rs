//! What a worker does with a block of a list: each line is read and decided, and becomes a row.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::assess::{CachedRules, Decision, decide, strictly};
use crate::assessment::{Part, Status};
use crate::calendar::Day;
use crate::profile::{Profile, quick};
use crate::render::summary::{SummaryRow, due_days};
use crate::render::{Sections, Words, json};
use crate::rulebook::RuleBook;

use super::input::Block;
use super::reading::{Reader, Unread};

/// What comes of the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// A line of JSON each.
    Ndjson,
    /// A line of a table each, without a header.
    Csv,
    /// Cells, kept for a table that is told as a whole.
    Table,
    /// Nothing but sums.
    Summary,
}

/// What is asked of every line.
pub struct Order<'w> {
    /// The rules.
    pub book: &'w RuleBook,
    /// The language of the messages.
    pub words: Words<'w>,
    /// The day on which all are assessed.
    pub today: Day,
    /// An answer that rests on an uncertain rule becomes `unknown`.
    pub is_strict: bool,
    /// The names of the lists, where there are several.
    pub names: Vec<Option<String>>,
    /// What becomes of the rows.
    pub format: RowFormat,
    /// A row is the whole answer, not its summary.
    pub is_full: bool,
    /// Only these statuses are told; all where empty.
    pub only: Vec<String>,
    /// Only people for whom something falls due by this day.
    pub due_by: Option<Day>,
    /// The most that a line may be long, in bytes.
    pub longest: usize,
    /// Nothing is told after the first line that cannot be read.
    pub ends_early: bool,
}

/// Whether somebody gets a row: with one of these statuses (any, where there are none), and with something that falls due
/// by this day.
#[must_use]
pub fn is_wanted(decision: &Decision<'_>, only: &[String], due_by: Option<Day>) -> bool {
    let is_due = |by: Day| due_days(decision).any(|day| day >= decision.today && day <= by);
    let has_status = || only.iter().any(|status| status == decision.status.name());
    (only.is_empty() || has_status()) && due_by.is_none_or(is_due)
}

/// What came of a block.
#[derive(Debug, Default)]
pub struct Output {
    /// The rows, whole lines.
    pub bytes: Vec<u8>,
    /// How many people have which status.
    pub statuses: BTreeMap<&'static str, u64>,
    /// How many lines could not be read.
    pub errors: u64,
    /// The rows as cells, where a table is asked for.
    pub cells: Vec<Vec<String>>,
    /// What stands below that table.
    pub faults: Vec<String>,
    /// Days on which duties fall due, by week.
    pub weeks: BTreeMap<Day, u64>,
    /// The worst: days over, line, id.
    pub worst: Vec<(i32, u64, String)>,
}

/// So many people are read before the first of them is assessed.
const TOGETHER: usize = 32;

/// Somebody who does what is asked, line by line, and remembers what people have in common.
pub struct Worker<'w> {
    order: &'w Order<'w>,
    rules: CachedRules<'w>,
    reader: Reader<'w>,
    /// What people of before took of memory.
    spare: RefCell<quick::Spare>,
}

impl<'w> Worker<'w> {
    /// Somebody who remembers nothing yet.
    #[must_use]
    pub fn new(order: &'w Order<'w>) -> Self {
        Self {
            order,
            rules: CachedRules::for_many(order.book),
            reader: Reader::new(order.book, order.words, order.today, order.longest),
            spare: RefCell::default(),
        }
    }

    /// Reads, assesses and tells the lines of a block.
    #[must_use]
    pub fn work(&self, block: Block) -> Output {
        let mut output = Output::default();
        self.work_into(block, &mut output);
        output
    }

    /// The same, added to what came of other blocks.
    pub fn work_into(&self, block: Block, output: &mut Output) {
        match block {
            Block::TooLong { list, line } => {
                self.tell_error(output, (list, line), &self.reader.too_long());
            }
            Block::Lines { list, first, bytes } => {
                output.bytes.reserve(bytes.len());
                let lines = self.reader.somebody(first, &bytes);
                self.tell_all(output, list, lines, |line, spare| self.reader.line(line, spare));
            }
            Block::BadHeader { list, line, faults } => {
                self.tell_error(output, (list, line), &self.reader.bad_header(&faults));
            }
            Block::Records { list, columns, delimiter, records, bytes } => {
                output.bytes.reserve(bytes.len());
                let records = records.into_iter().map(|record| (record.line, record.bytes));
                self.tell_all(output, list, records, |record, spare| {
                    self.reader.record((&columns, delimiter), &bytes, record, spare)
                });
            }
        }
    }

    /// Tells what comes of rows, each with its number, up to the first that cannot be read where that is asked
    /// for. Some are read before the first of them is assessed: reading and assessing together are more code
    /// than a processor keeps at hand, and taking turns at every row would cost more than either of them.
    fn tell_all<R>(
        &self,
        output: &mut Output,
        list: usize,
        rows: impl Iterator<Item = (u64, R)>,
        read: impl Fn(R, &mut quick::Spare) -> Result<Profile, Unread>,
    ) {
        let mut rows = rows.peekable();
        let mut people = Vec::with_capacity(TOGETHER);
        // Of each row its number, and why nobody of it is among the people.
        let mut found: Vec<(u64, Option<Unread>)> = Vec::with_capacity(TOGETHER);
        let mut spare = self.spare.take();
        while rows.peek().is_some() {
            for (line, row) in rows.by_ref().take(TOGETHER) {
                let unread = read(row, &mut spare).map(|profile| people.push(profile)).err();
                found.push((line, unread));
            }
            let mut told = found.drain(..);
            let mut tell_until_somebody = |output: &mut Output| {
                let is_over = |output: &Output| self.order.ends_early && output.errors > 0;
                while !is_over(output) {
                    match told.next()? {
                        (line, None) => return Some(line),
                        (line, Some(unread)) => {
                            self.tell_error(output, (list, line), &unread);
                        }
                    }
                }
                None
            };
            for decision in people.iter().map(|profile| decide(&self.rules, profile, self.order.today)) {
                if let Some(line) = tell_until_somebody(output) {
                    self.tell(output, (list, line), decision);
                }
            }
            tell_until_somebody(output);
            drop(told);
            spare.take_from(&mut people);
            if self.order.ends_early && output.errors > 0 {
                break;
            }
        }
        self.spare.replace(spare);
    }

    fn tell(&self, output: &mut Output, place: (usize, u64), mut decision: Decision<'_>) {
        let mut strict = None;
        if self.order.is_strict {
            let answer = strictly(self.order.book, decision.explained(&self.rules), Part::ALL);
            decision.status = answer.status;
            strict = Some(answer);
        }
        *output.statuses.entry(decision.status.name()).or_default() += 1;
        if !is_wanted(&decision, &self.order.only, self.order.due_by) {
            return;
        }
        let row = SummaryRow::of(&decision, self.order.names[place.0].as_deref(), place.1);
        if self.order.format == RowFormat::Summary {
            self.sum(output, &decision, &row);
        }
        if self.order.is_full {
            let answer = strict.unwrap_or_else(|| decision.explained(&self.rules));
            json::text::append(&mut output.bytes, &json::view(&answer, Sections::All, &self.order.words));
            output.bytes.push(b'\n');
            return;
        }
        self.row(output, &row);
    }

    fn tell_error(&self, output: &mut Output, place: (usize, u64), Unread { id, text }: &Unread) {
        output.errors += 1;
        *output.statuses.entry("error").or_default() += 1;
        self.row(output, &SummaryRow::of_error(self.order.names[place.0].as_deref(), place.1, id.as_deref(), text));
    }

    fn row(&self, output: &mut Output, row: &SummaryRow<'_>) {
        match self.order.format {
            RowFormat::Ndjson => {
                row.write_json(&mut output.bytes);
            }
            RowFormat::Csv => {
                let mut writer = csv::WriterBuilder::new().from_writer(&mut output.bytes);
                let file = row.file.map(str::to_owned);
                let _ = writer.write_record(file.into_iter().chain(row.values()));
                let _ = writer.flush();
            }
            RowFormat::Table => {
                output.cells.push(row.shown(&self.order.words).into());
                output.faults.extend(row.fault(&self.order.words));
            }
            RowFormat::Summary => {}
        }
    }

    /// Adds a person to the sums: the week of each day due, and how bad it is.
    fn sum(&self, output: &mut Output, decision: &Decision<'_>, row: &SummaryRow<'_>) {
        for day in due_days(decision).filter(|day| *day >= self.order.today) {
            let monday = day.plus(-i32::try_from(day.weekday().num_days_from_monday()).unwrap_or_default());
            *output.weeks.entry(monday).or_default() += 1;
        }
        if decision.status == Status::Violation {
            let over = row.days_over.unwrap_or_default();
            output.worst.push((over, row.line, row.id.unwrap_or_default().to_owned()));
        }
    }
}
