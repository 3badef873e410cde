//! Lists: what a worker does with a block: each line is read, assessed and told.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::str::Utf8Error;

use crate::assess::{Detail, Law, assess_all, strictly};
use crate::assessment::{Assessment, Part, Status};
use crate::calendar::Day;
use crate::country::Finder;
use crate::embedded;
use crate::profile::{Profile, check as check_profile, quick, written::WrittenProfile};
use crate::render::summary::{SummaryRow, due_days};
use crate::render::{Sections, Words, diagnostics, json};
use crate::roster::columns::{Column, Columns};
use crate::rulebook::RuleBook;
use crate::source::{Code, Fault, SourceText};
use crate::tree::{self, Syntax};

use super::input::{Block, lines};
use super::table::{cells, never_closed};

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
    /// Days on which duties fall due, by week.
    pub weeks: BTreeMap<Day, u64>,
    /// The worst: days over, line, id.
    pub worst: Vec<(i32, u64, String)>,
}

/// So many people are read before the first of them is assessed.
const TOGETHER: usize = 64;

/// A line that cannot be read.
struct Unread {
    /// Whose it is, where that can be seen.
    id: Option<String>,
    /// What is wrong with it.
    text: String,
}

impl Unread {
    fn new(written: &WrittenProfile<'_>, text: String) -> Self {
        Self { id: written.id.get().map(ToString::to_string), text }
    }
}

/// Somebody who does what is asked, line by line, and remembers what people have in common.
pub struct Worker<'w> {
    order: &'w Order<'w>,
    law: Law<'w>,
    finder: Finder<'w>,
    /// What people of before took of memory.
    spare: RefCell<quick::Spare>,
}

impl<'w> Worker<'w> {
    /// Somebody who remembers nothing yet.
    #[must_use]
    pub fn new(order: &'w Order<'w>) -> Self {
        Self {
            order,
            law: Law::for_many(order.book),
            finder: Finder::new(&embedded::COUNTRIES),
            spare: RefCell::default(),
        }
    }

    /// Reads, assesses and tells the lines of a block.
    #[must_use]
    pub fn work(&self, block: Block) -> Output {
        let mut output = Output::default();
        match block {
            Block::TooLong { list, line } => {
                let unread = self.too_long();
                self.tell_error(&mut output, (list, line), None, &unread.text);
            }
            Block::Lines { list, first, bytes } => {
                output.bytes.reserve(bytes.len());
                // Blanks alone are nobody, unless there are too many.
                let is_somebody = |(_, line): &(u64, &[u8])| {
                    !line.iter().all(u8::is_ascii_whitespace) || line.len() > self.order.longest
                };
                let lines = (first..).zip(lines(&bytes)).filter(is_somebody);
                self.tell_all(&mut output, list, lines, |line, spare| self.read_line(line, spare));
            }
            Block::BadHeader { list, line, faults } => {
                let told: Vec<String> =
                    faults.iter().map(|fault| self.column_fault(&fault.column, &fault.fault)).collect();
                self.tell_error(&mut output, (list, line), None, &told.join("; "));
            }
            Block::Records { list, columns, delimiter, records, bytes } => {
                output.bytes.reserve(bytes.len());
                let records = records.into_iter().map(|record| (record.line, record.bytes));
                self.tell_all(&mut output, list, records, |range, _| {
                    let range = range.filter(|range| range.len() <= self.order.longest);
                    let range = range.ok_or_else(|| self.too_long())?;
                    self.read_record(&columns, cells(&bytes[range], delimiter))
                });
            }
        }
        output
    }

    /// A line that is longer than a line may be.
    fn too_long(&self) -> Unread {
        let most = self.order.longest.to_string();
        Unread { id: None, text: self.order.words.with("batch.too-long", &[("max", &most)]) }
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
        let detail = if self.order.is_full || self.order.is_strict { Detail::Whole } else { Detail::Row };
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
                            self.tell_error(output, (list, line), unread.id.as_deref(), &unread.text);
                        }
                    }
                }
                None
            };
            assess_all(&self.law, &people, self.order.today, detail, |mut answer| {
                if self.order.is_strict {
                    answer = strictly(self.order.book, answer, Part::ALL);
                }
                if let Some(line) = tell_until_somebody(output) {
                    self.tell(output, (list, line), &answer);
                }
            });
            tell_until_somebody(output);
            drop(told);
            spare.take_from(&mut people);
            if self.order.ends_early && output.errors > 0 {
                break;
            }
        }
        self.spare.replace(spare);
    }

    /// A line of NDJSON: a profile.
    fn read_line(&self, line: &[u8], spare: &mut quick::Spare) -> Result<Profile, Unread> {
        if line.len() > self.order.longest {
            return Err(self.too_long());
        }
        let text = std::str::from_utf8(line).map_err(|error| {
            let column = (error.valid_up_to() + 1).to_string();
            let told = self.order.words.with("batch.not-utf-8", &[("column", &column)]);
            // The id may be good all the same.
            let lossy = String::from_utf8_lossy(line);
            let mut unread = Unread::new(&read_json(&lossy, &mut Vec::new()), told);
            unread.id = unread.id.filter(|id| !id.contains(char::REPLACEMENT_CHARACTER));
            unread
        })?;
        // The quick path; whatever it refuses is read again by the one that can say what is wrong.
        let quickly = quick::read(text, self.order.book, &self.finder, self.order.today, spare);
        quickly.map_or_else(|| self.read_slowly(text), Ok)
    }

    /// A profile in JSON, or everything that is wrong with it.
    #[cold]
    fn read_slowly(&self, text: &str) -> Result<Profile, Unread> {
        let mut faults = Vec::new();
        let written = read_json(text, &mut faults);
        let is_unread =
            faults.iter().any(|fault| matches!(fault.code, Code::Syntax | Code::NestedTooDeep | Code::EmptyFile));
        let checked = if is_unread { Err(faults) } else { self.checked(&written, faults) };
        checked.map_err(|faults| Unread::new(&written, self.told(text, &faults)))
    }

    /// A row of a table, of which the last cell may not be closed.
    fn read_record(
        &self,
        columns: &Columns,
        (bytes, is_unclosed): (Vec<Cow<'_, [u8]>>, bool),
    ) -> Result<Profile, Unread> {
        let texts: Vec<Result<&str, Utf8Error>> = bytes.iter().map(|cell| std::str::from_utf8(cell)).collect();
        let unread = |text: String| {
            let at = columns.all().iter().position(|column| *column == Column::Id);
            let at = at.filter(|at| !is_unclosed || at + 1 < texts.len());
            let id = at.and_then(|at| texts.get(at)?.ok()).map(str::trim).filter(|id| !id.is_empty());
            Unread { id: id.map(str::to_owned), text }
        };
        if let Some(at) = texts.iter().position(Result::is_err) {
            let column = u16::try_from(at + 1).map_or("", |number| columns.name(number));
            return Err(unread(self.order.words.with("batch.not-utf-8", &[("column", column)])));
        }
        if is_unclosed {
            let fault = columns.attributed(never_closed(texts.len()));
            return Err(unread(self.column_fault(&fault.column, &fault.fault)));
        }
        let mut faults = Vec::new();
        let texts = texts.iter().filter_map(|text| text.ok());
        let written = columns.profile_with(texts, self.order.today, &mut faults);
        self.checked(&written, faults).map_err(|faults| {
            let told = faults.into_iter().map(|fault| columns.attributed(fault));
            let told: Vec<String> = told.map(|fault| self.column_fault(&fault.column, &fault.fault)).collect();
            Unread::new(&written, told.join("; "))
        })
    }

    fn column_fault(&self, column: &str, fault: &Fault) -> String {
        let message = diagnostics::message(fault, &self.order.words);
        let values = [("column", column), ("code", fault.code.name()), ("message", &*message)];
        self.order.words.with("batch.fault", &values)
    }

    fn checked(&self, written: &WrittenProfile<'_>, faults: Vec<Fault>) -> Result<Profile, Vec<Fault>> {
        check_profile::check(written, faults, self.order.book, &self.finder, self.order.today)
    }

    /// All faults of a line in one text, each with its column.
    fn told(&self, line: &str, faults: &[Fault]) -> String {
        let file = SourceText { path: String::new(), text: line.to_owned() };
        let one = |fault: &Fault| {
            let (_, column) = file.line_column(fault.span.range().start);
            let column = column.to_string();
            let message = diagnostics::message(fault, &self.order.words);
            self.order
                .words
                .with("batch.fault", &[("column", &column), ("code", fault.code.name()), ("message", &message)])
        };
        faults.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn tell(&self, output: &mut Output, place: (usize, u64), answer: &Assessment<'_>) {
        *output.statuses.entry(answer.status.name()).or_default() += 1;
        let is_wanted =
            self.order.only.is_empty() || self.order.only.iter().any(|status| status == answer.status.name());
        let is_due = |by: Day| due_days(answer).any(|day| day >= self.order.today && day <= by);
        if !is_wanted || self.order.due_by.is_some_and(|by| !is_due(by)) {
            return;
        }
        let row = SummaryRow::of(answer, self.order.names[place.0].as_deref(), place.1);
        if self.order.format == RowFormat::Summary {
            self.sum(output, answer, &row);
        }
        if self.order.is_full {
            // Writing into memory cannot fail.
            let _ = serde_json::to_writer(&mut output.bytes, &json::view(answer, Sections::All, &self.order.words));
            output.bytes.push(b'\n');
            return;
        }
        self.row(output, &row);
    }

    fn tell_error(&self, output: &mut Output, place: (usize, u64), id: Option<&str>, text: &str) {
        output.errors += 1;
        *output.statuses.entry("error").or_default() += 1;
        self.row(output, &SummaryRow::of_error(self.order.names[place.0].as_deref(), place.1, id, text));
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
                output.cells.push(row.file.map(str::to_owned).into_iter().chain(row.values()).collect());
            }
            RowFormat::Summary => {}
        }
    }

    /// Adds a person to the sums: the week of each day due, and how bad it is.
    fn sum(&self, output: &mut Output, answer: &Assessment<'_>, row: &SummaryRow<'_>) {
        for day in due_days(answer).filter(|day| *day >= self.order.today) {
            let monday = day.plus(-i32::try_from(day.weekday().num_days_from_monday()).unwrap_or_default());
            *output.weeks.entry(monday).or_default() += 1;
        }
        if answer.status == Status::Violation {
            let over = row.days_over.unwrap_or_default();
            output.worst.push((over, row.line, row.id.unwrap_or_default().to_owned()));
        }
    }
}

/// What a line of JSON says, as far as it can be read.
fn read_json(text: &str, faults: &mut Vec<Fault>) -> WrittenProfile<'static> {
    match tree::parse_with(text, 0, Syntax::Json, faults) {
        Some(node) => tree::read(node, faults),
        None => WrittenProfile::default(),
    }
}
