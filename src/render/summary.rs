//! An answer in one line, for staff lists: what is wrong, and which days matter.

use std::borrow::Cow;

use super::Words;
use super::csv::harmless;
use super::grid::Grid;
use super::json::text;
use super::words::{called, inert};
use crate::assess::{Decision, MissingFacts};
use crate::assessment::{DeadlineDecision, StayStatus};
use crate::calendar::Day;
use crate::profile::scan::is_plain;
use crate::rulebook::DeadlineKind;

macro_rules! row {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// The line of one person. Keys are relied on by others.
        #[derive(Clone, Debug, Default, schemars::JsonSchema)]
        pub struct SummaryRow<'a> {
            #[schemars(skip_serializing_if = "Option::is_none")]
            pub file: Option<&'a str>,
            $($(#[$doc])* pub $name: $type,)*
        }

        /// The names of the columns, in order, without that of the file.
        pub const COLUMNS: [&str; 15] = [$(stringify!($name),)*];

        impl SummaryRow<'_> {
            pub fn write_json(&self, out: &mut Vec<u8>) {
                out.push(b'{');
                if self.file.is_some() {
                    out.extend_from_slice(b"\"file\":");
                    self.file.write_json(out);
                    out.push(b',');
                }
                $(
                    out.extend_from_slice(concat!("\"", stringify!($name), "\":").as_bytes());
                    self.$name.write_json(out);
                    out.push(b',');
                )*
                out.pop();
                out.extend_from_slice(b"}\n");
            }

            /// The values in the order of [`COLUMNS`], empty where there is none.
            pub fn values(&self) -> [String; 15] {
                [$(self.$name.cell(),)*]
            }
        }
    };
}

row! {
    line: u64,
    id: Option<&'a str>,
    /// The whole answer in one word; `error` for a line that cannot be read.
    status: Word,
    stay: Option<Word>,
    basis: Option<&'a str>,
    last_day: Option<Day>,
    /// Days left after today.
    days_left: Option<i32>,
    days_over: Option<i32>,
    /// Days used of the limit that ends the stay, else of the first one.
    used: Option<i32>,
    /// The day by which the arrival (or a move) must be notified.
    notify_by: Option<Day>,
    notify_status: Option<Word>,
    trp: Option<Word>,
    file_by: Option<Day>,
    missing: Missing<'a>,
    error: Option<&'a str>,
}

/// A word of the program's own: nothing in it is ever escaped.
#[derive(Clone, Copy, Debug, Default, schemars::JsonSchema)]
pub struct Word(&'static str);

/// Facts that are missing, shown by their names.
#[derive(Clone, Copy, Debug, Default, schemars::JsonSchema)]
pub struct Missing<'a>(#[schemars(with = "Vec<String>")] Option<&'a MissingFacts<'a>>);

impl Missing<'_> {
    fn names(&self) -> impl Iterator<Item = Cow<'static, str>> {
        self.0.into_iter().flat_map(MissingFacts::names)
    }
}

/// A value of a row: written without going through a serializer, which would cost as much as the answer.
trait Value {
    fn write_json(&self, out: &mut Vec<u8>);

    fn cell(&self) -> String;
}

impl Value for &str {
    fn write_json(&self, out: &mut Vec<u8>) {
        if !is_plain(self) {
            text::append(out, self);
            return;
        }
        out.push(b'"');
        out.extend_from_slice(self.as_bytes());
        out.push(b'"');
    }

    fn cell(&self) -> String {
        harmless(self).into_owned()
    }
}

impl Value for Word {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        out.extend_from_slice(self.0.as_bytes());
        out.push(b'"');
    }

    fn cell(&self) -> String {
        self.0.to_owned()
    }
}

impl Value for Day {
    fn write_json(&self, out: &mut Vec<u8>) {
        let &[y1, y2, y3, y4, dash, m1, m2, _, d1, d2] = self.text().as_bytes();
        out.extend_from_slice(&[b'"', y1, y2, y3, y4, dash, m1, m2, dash, d1, d2, b'"']);
    }

    fn cell(&self) -> String {
        self.to_string()
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Value for $number {
            fn write_json(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(itoa::Buffer::new().format(*self).as_bytes());
            }

            fn cell(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
numbers! { u64 i32 }

impl Value for Missing<'_> {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (at, name) in self.names().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            (&*name).write_json(out);
        }
        out.push(b']');
    }

    fn cell(&self) -> String {
        self.names().collect::<Vec<_>>().join(" ")
    }
}

impl<T: Value> Value for Option<T> {
    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write_json(out),
            None => out.extend_from_slice(b"null"),
        }
    }

    fn cell(&self) -> String {
        self.as_ref().map_or_else(String::new, Value::cell)
    }
}

impl<'a> SummaryRow<'a> {
    pub fn of(decision: &'a Decision<'a>, file: Option<&'a str>, line: u64) -> Self {
        let person = &decision.applicant;
        let stay = &person.stay;
        let limit = stay.limits.iter().find(|limit| limit.is_binding).or_else(|| stay.limits.first());
        let notification = notification(decision);
        let permit = person.permit.as_ref();
        Self {
            file,
            line,
            id: decision.profile.id.as_deref(),
            status: Word(decision.status.name()),
            stay: Some(Word(stay.status.name())),
            basis: Some(stay.basis),
            last_day: stay.last_day,
            days_left: stay.days_left,
            days_over: Some(stay.days_over),
            used: limit.map(|limit| limit.used),
            notify_by: notification.and_then(|deadline| deadline.due).map(|due| due.day),
            notify_status: notification.map(|deadline| Word(deadline.status.name())),
            trp: permit.map(|permit| Word(permit.status.name())),
            file_by: permit.and_then(|permit| permit.file_by),
            missing: Missing(Some(&decision.missing)),
            error: None,
        }
    }

    pub fn of_error(file: Option<&'a str>, line: u64, id: Option<&'a str>, error: &'a str) -> Self {
        Self { file, line, id, status: Word("error"), error: Some(error), ..Self::default() }
    }
}

pub const SHOWN: [&str; 7] = ["line", "who", "answer", "stay", "notify", "permit", "missing"];

impl SummaryRow<'_> {
    /// The cells of the table, in the order of [`SHOWN`]; the fault of a line stands below the table.
    pub fn shown(&self, words: &Words<'_>) -> [String; SHOWN.len()] {
        let word = |table: &str, word: Option<Word>| word.map(|word| words.of(table, word.0).to_owned());
        let day = |day: Option<Day>| day.map(|day| words.day(day));
        let count = |key: &str, days: i32| words.with(key, &[("n", &days)]);
        let left = match self.days_over.filter(|days| *days > 0) {
            Some(days) if self.stay.is_some_and(|stay| stay.0 == StayStatus::Overstay.name()) => {
                Some(count("batch_cell.over", days))
            }
            // Lawful until now; it is the planned exit that comes too late.
            Some(days) => Some(count("batch_cell.exit", days)),
            None => self.days_left.map(|days| count("batch_cell.left", days)),
        };
        let missing = self.missing.names().count();
        [
            self.place(),
            self.id.map(called).unwrap_or_default().into_owned(),
            match self.error {
                Some(_) => words.label("batch_cell.error").to_owned(),
                None => words.of("compare_status", self.status.0).to_owned(),
            },
            joined([word("compare_stay", self.stay), day(self.last_day), left]),
            joined([day(self.notify_by), word("compare_deadline", self.notify_status), None]),
            joined([day(self.file_by), word("compare_trp", self.trp), None]),
            if missing == 0 { String::new() } else { missing.to_string() },
        ]
    }

    pub fn fault(&self, words: &Words<'_>) -> Option<String> {
        self.error.map(|error| words.with("batch_cell.fault", &[("line", &self.place()), ("error", &inert(error))]))
    }

    fn place(&self) -> String {
        self.file.map_or_else(|| self.line.to_string(), |file| format!("{}:{}", called(file), self.line))
    }
}

/// So many columns hold the whole table; in fewer the facts of a row stand below each other.
const WHOLE: usize = 90;
const FIRST: usize = 3;

/// The table, so many columns wide: the cells of the rows, and below them what is wrong with lines.
pub fn table(rows: &[Vec<String>], faults: &[String], words: &Words<'_>, width: usize) -> String {
    let header = SHOWN.map(|column| words.of("batch_column", column).to_owned());
    let below = |row: &Vec<String>| {
        let facts = header.iter().zip(row).skip(FIRST).filter(|(_, cell)| !cell.is_empty());
        let mut facts: Vec<String> = facts.map(|(name, cell)| format!("{name}: {cell}")).collect();
        if facts.is_empty() {
            facts.push(String::new());
        }
        let first = |at: usize, cell: &String| if at == 0 { cell.clone() } else { String::new() };
        let line = |(at, fact)| row.iter().take(FIRST).map(|cell| first(at, cell)).chain([fact]).collect::<Vec<_>>();
        facts.into_iter().enumerate().map(line).collect::<Vec<_>>()
    };
    let grid = if width < WHOLE {
        let header = header[..FIRST].iter().cloned().chain([String::new()]).collect();
        Grid { header, rows: rows.iter().flat_map(below).collect() }
    } else {
        Grid { header: header.into(), rows: rows.to_vec() }
    };
    let faults = faults.iter().map(|fault| format!("\n{}\n", textwrap::fill(fault, width)));
    [grid.table(width)].into_iter().chain(faults).collect()
}

fn joined(parts: [Option<String>; 3]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The notification that matters: the first one that is not done, else the last one.
fn notification<'a, 'r>(decision: &'a Decision<'r>) -> Option<&'a DeadlineDecision<'r>> {
    let who = decision.notified_by?;
    let is_notification = |deadline: &&DeadlineDecision<'_>| deadline.kind == DeadlineKind::Duty && deadline.who == who;
    let all = || decision.applicant.deadlines.iter().filter(is_notification);
    all().find(|deadline| !deadline.status.is_done()).or_else(|| all().next_back())
}

/// The days, from today on, on which something of an answer falls due.
pub fn due_days<'a>(decision: &'a Decision<'_>) -> impl Iterator<Item = Day> + 'a {
    let deadlines = decision.persons().flat_map(|person| &person.deadlines);
    deadlines.filter(|deadline| !deadline.status.is_done()).filter_map(|deadline| deadline.due).map(|due| due.day)
}
