//! Lists: what a worker does with a block: each line is read, assessed and told.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use core::str::Utf8Error;

use crate::assess::{assess, strictly};
use crate::assessment::{Assessment, Part, Status};
use crate::calendar::Day;
use crate::embedded;
use crate::profile::{Profile, check as check_profile, written::WrittenProfile};
use crate::render::summary::{SummaryRow, due_days};
use crate::render::{Sections, Words, diagnostics, json};
use crate::roster::columns::{Column, Columns};
use crate::rulebook::RuleBook;
use crate::source::{Code, Fault, SourceText};
use crate::tree::{self, Syntax};

use super::input::Block;
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
pub struct Worker<'w> {
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

impl Worker<'_> {
    /// Reads, assesses and tells the lines of a block.
    #[must_use]
    pub fn work(&self, block: Block) -> Output {
        let mut output = Output::default();
        match block {
            Block::TooLong { list, line } => self.tell_too_long(&mut output, (list, line)),
            Block::Lines { list, first, bytes } => {
                let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
                for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
                    let line = line.strip_suffix(b"\r").unwrap_or(line);
                    let place = (list, first + at as u64);
                    if line.len() > self.longest {
                        self.tell_too_long(&mut output, place);
                    } else {
                        self.json_line(&mut output, place, line);
                    }
                    if self.ends_early && output.errors > 0 {
                        break;
                    }
                }
            }
            Block::BadHeader { list, line, faults } => {
                let told: Vec<String> =
                    faults.iter().map(|fault| self.column_fault(&fault.column, &fault.fault)).collect();
                self.tell_error(&mut output, (list, line), None, &told.join("; "));
            }
            Block::Records { list, columns, delimiter, records, bytes } => {
                for record in records {
                    let place = (list, record.line);
                    match record.bytes.filter(|range| range.len() <= self.longest) {
                        None => self.tell_too_long(&mut output, place),
                        Some(range) => self.record(&mut output, place, &columns, cells(&bytes[range], delimiter)),
                    }
                    if self.ends_early && output.errors > 0 {
                        break;
                    }
                }
            }
        }
        output
    }

    /// A line of NDJSON: a profile. A line of blanks is passed over.
    fn json_line(&self, output: &mut Output, place: (usize, u64), line: &[u8]) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        // The quick path; whatever it refuses is read again by the one that can say what is wrong.
        if let Ok(written) = serde_json::from_slice::<WrittenProfile>(line)
            && let Ok(profile) = self.checked(&written, Vec::new())
        {
            self.tell(output, place, &profile);
            return;
        }
        let text = match core::str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                let column = (error.valid_up_to() + 1).to_string();
                let told = self.words.with("batch.not-utf-8", &[("column", &column)]);
                // The id may be good all the same.
                let id = read_json(&String::from_utf8_lossy(line), &mut Vec::new()).id.get().cloned();
                let id = id.filter(|id| !id.contains(char::REPLACEMENT_CHARACTER));
                self.tell_error(output, place, id.as_deref(), &told);
                return;
            }
        };
        let mut faults = Vec::new();
        let written = read_json(text, &mut faults);
        let id = written.id.get().cloned();
        let is_unread =
            faults.iter().any(|fault| matches!(fault.code, Code::Syntax | Code::NestedTooDeep | Code::EmptyFile));
        let checked = if is_unread { Err(faults) } else { self.checked(&written, faults) };
        match checked {
            Ok(profile) => self.tell(output, place, &profile),
            Err(faults) => {
                let told = self.told(text, &faults);
                self.tell_error(output, place, id.as_deref(), &told);
            }
        }
    }

    /// A row of a table, of which the last cell may not be closed.
    fn record(
        &self,
        output: &mut Output,
        place: (usize, u64),
        columns: &Columns,
        (bytes, is_unclosed): (Vec<Cow<'_, [u8]>>, bool),
    ) {
        let texts: Vec<Result<&str, Utf8Error>> = bytes.iter().map(|cell| core::str::from_utf8(cell)).collect();
        let id = || {
            let at = columns.all().iter().position(|column| *column == Column::Id)?;
            let is_whole = !is_unclosed || at + 1 < texts.len();
            let id = texts.get(at).and_then(|text| text.ok()).map(str::trim)?;
            (is_whole && !id.is_empty()).then_some(id)
        };
        if let Some(at) = texts.iter().position(Result::is_err) {
            let column = u16::try_from(at + 1).map_or("", |number| columns.name(number));
            let told = self.words.with("batch.not-utf-8", &[("column", column)]);
            self.tell_error(output, place, id(), &told);
            return;
        }
        if is_unclosed {
            let fault = columns.attributed(never_closed(texts.len()));
            self.tell_error(output, place, id(), &self.column_fault(&fault.column, &fault.fault));
            return;
        }
        let mut faults = Vec::new();
        let written = columns.profile_with(texts.iter().filter_map(|text| text.ok()), self.today, &mut faults);
        match self.checked(&written, faults) {
            Ok(profile) => self.tell(output, place, &profile),
            Err(faults) => {
                let told = faults.into_iter().map(|fault| columns.attributed(fault));
                let told: Vec<String> = told.map(|fault| self.column_fault(&fault.column, &fault.fault)).collect();
                let id = written.id.get().cloned();
                self.tell_error(output, place, id.as_deref(), &told.join("; "));
            }
        }
    }

    fn column_fault(&self, column: &str, fault: &Fault) -> String {
        let message = diagnostics::message(fault, &self.words);
        let values = [("column", column), ("code", fault.code.name()), ("message", &*message)];
        self.words.with("batch.fault", &values)
    }

    fn checked(&self, written: &WrittenProfile, faults: Vec<Fault>) -> Result<Profile, Vec<Fault>> {
        check_profile::check(written, faults, self.book, &embedded::COUNTRIES, self.today)
    }

    /// All faults of a line in one text, each with its column.
    fn told(&self, line: &str, faults: &[Fault]) -> String {
        let file = SourceText { path: String::new(), text: line.to_owned() };
        let one = |fault: &Fault| {
            let (_, column) = file.line_column(fault.span.range().start);
            let column = column.to_string();
            let message = diagnostics::message(fault, &self.words);
            self.words.with("batch.fault", &[("column", &column), ("code", fault.code.name()), ("message", &message)])
        };
        faults.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn tell(&self, output: &mut Output, place: (usize, u64), profile: &Profile) {
        let mut answer = assess(self.book, profile, self.today);
        if self.is_strict {
            answer = strictly(self.book, answer, Part::ALL);
        }
        *output.statuses.entry(answer.status.name()).or_default() += 1;
        let is_wanted = self.only.is_empty() || self.only.iter().any(|status| status == answer.status.name());
        let is_due = |by: Day| due_days(&answer).any(|day| day >= self.today && day <= by);
        if !is_wanted || self.due_by.is_some_and(|by| !is_due(by)) {
            return;
        }
        let row = SummaryRow::of(&answer, self.names[place.0].as_deref(), place.1);
        if self.format == RowFormat::Summary {
            self.sum(output, &answer, &row);
        }
        if self.is_full {
            // Writing into memory cannot fail.
            let _ = serde_json::to_writer(&mut output.bytes, &json::view(&answer, Sections::All, &self.words));
            output.bytes.push(b'\n');
            return;
        }
        self.row(output, &row);
    }

    fn tell_too_long(&self, output: &mut Output, place: (usize, u64)) {
        let most = self.longest.to_string();
        self.tell_error(output, place, None, &self.words.with("batch.too-long", &[("max", &most)]));
    }

    fn tell_error(&self, output: &mut Output, place: (usize, u64), id: Option<&str>, text: &str) {
        output.errors += 1;
        *output.statuses.entry("error").or_default() += 1;
        self.row(output, &SummaryRow::of_error(self.names[place.0].as_deref(), place.1, id, text));
    }

    fn row(&self, output: &mut Output, row: &SummaryRow<'_>) {
        match self.format {
            RowFormat::Ndjson => {
                let _ = serde_json::to_writer(&mut output.bytes, row);
                output.bytes.push(b'\n');
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
        for day in due_days(answer).filter(|day| *day >= self.today) {
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
fn read_json(text: &str, faults: &mut Vec<Fault>) -> WrittenProfile {
    match tree::parse_with(text, 0, Syntax::Json, faults) {
        Some(node) => tree::read(node, faults),
        None => WrittenProfile::default(),
    }
}
