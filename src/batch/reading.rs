//! From a line of a list to a profile, or to everything that is wrong with it.

use std::borrow::Cow;
use std::ops::Range;
use std::str::Utf8Error;

use memchr::memchr_iter;

use crate::calendar::Day;
use crate::embedded;
use crate::profile::fields::Field;
use crate::profile::written::Written;
use crate::profile::{Buffers, Profile, read};
use crate::render::words::{ToText, inert};
use crate::render::{Words, diagnostics};
use crate::roster::columns::{BadHeader, ColumnFault, Columns};
use crate::roster::layout;
use crate::rulebook::RuleBook;
use crate::source::{Fault, SourceText};
use crate::tree::{self, Syntax};

use super::input::{Block, Refusal, lines};
use super::table::{Cells, Record, cells, never_closed};

#[derive(Debug, Default)]
pub struct Unread {
    /// Whose it is, where that can be seen.
    pub id: Option<String>,
    pub text: String,
    /// The cells that are carried to the answer.
    pub kept: Vec<String>,
    /// What to do about it that one row has no room for, once for the whole list.
    pub advice: Option<String>,
}

/// A person of a list, and the cells of the row that are carried to the answer.
#[derive(Debug)]
pub struct Listed {
    pub profile: Profile,
    pub kept: Vec<String>,
}

/// What comes of a row; nothing of a blank one.
pub type Read = Option<Result<Listed, Unread>>;

pub struct Reader<'w> {
    words: Words<'w>,
    longest: usize,
    people: read::Reader<'w>,
}

impl<'w> Reader<'w> {
    /// Reads in the words of a rule book, as of a day; no line may be longer than `longest` bytes.
    pub fn new(book: &'w RuleBook, words: Words<'w>, today: Day, longest: usize) -> Self {
        Self { words, longest, people: read::Reader::new(book, &embedded::COUNTRIES, today) }
    }

    /// What comes of the rows of a block, each with the number of its line. A list that cannot be read counts as a row.
    pub fn read(&self, block: &Block) -> Vec<(u64, Read)> {
        let mut buffers = Buffers::default();
        match block {
            Block::Lines { first, bytes, .. } => {
                let lines = self.numbered(*first, bytes);
                lines.map(|(number, line)| (number, self.line(line, &mut buffers))).collect()
            }
            Block::Records { columns, delimiter, records, bytes, .. } => {
                let read = |record: &Record| {
                    (record.line, self.record((columns, *delimiter), bytes, record.bytes.clone(), &mut buffers))
                };
                records.iter().map(read).collect()
            }
            Block::People { columns, delimiter, people, bytes, .. } => {
                let read =
                    |rows: &Vec<Record>| (rows[0].line, self.person((columns, *delimiter), bytes, rows, &mut buffers));
                people.iter().map(read).collect()
            }
            Block::TooLong { line, .. } => vec![(*line, Some(Err(self.too_long())))],
            Block::BadHeader { line, bad, .. } => vec![(*line, Some(Err(self.bad_header(bad))))],
            Block::Refused { why, .. } => vec![(1, Some(Err(self.refused(why))))],
        }
    }

    /// The lines with their numbers. Blanks alone are nobody, unless there are too many.
    pub(super) fn numbered<'b>(&self, first: u64, bytes: &'b [u8]) -> impl Iterator<Item = (u64, &'b [u8])> {
        let longest = self.longest;
        let lines = (first..).zip(lines(bytes));
        lines.filter(move |(_, line)| !line.iter().all(u8::is_ascii_whitespace) || line.len() > longest)
    }

    /// A record of a table; `None` for one that was longer than it may be.
    pub(super) fn record(
        &self,
        (columns, delimiter): (&Columns, u8),
        bytes: &[u8],
        record: Option<Range<usize>>,
        buffers: &mut Buffers,
    ) -> Read {
        let Some(range) = record.filter(|range| range.len() <= self.longest) else { return Some(Err(self.too_long())) };
        let row = &bytes[range];
        let quickly = simdutf8::basic::from_utf8(row).ok().and_then(|text| {
            let mut cells = Cells::of(text, delimiter);
            let profile = columns.profile(&mut cells, &self.people, buffers).ok();
            let profile = profile.filter(|_| !cells.is_unusual)?;
            Some(Listed { profile, kept: columns.kept(Cells::of(text, delimiter)) })
        });
        quickly.map_or_else(|| self.row(columns, cells(row, delimiter)), |listed| Some(Ok(listed)))
    }

    /// The rows of one person in a list of stays.
    pub(super) fn person(
        &self,
        (columns, delimiter): (&Columns, u8),
        bytes: &[u8],
        records: &[Record],
        buffers: &mut Buffers,
    ) -> Read {
        let mut read = Vec::new();
        for Record { line, bytes: range } in records {
            let Some(range) = range.clone().filter(|range| range.len() <= self.longest) else {
                return Some(Err(self.too_long()));
            };
            let (cells, is_unclosed) = cells(&bytes[range], delimiter);
            if is_unclosed || cells.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
                return self.row(columns, (cells, is_unclosed));
            }
            read.push((*line, cells));
        }
        let rows: Vec<(u64, Vec<&str>)> = read
            .iter()
            .map(|(line, cells)| (*line, cells.iter().filter_map(|cell| std::str::from_utf8(cell).ok()).collect()))
            .collect();
        let first = &rows[0].1;
        if rows.len() == 1 && Columns::are_blank(first.iter().copied()) {
            return None;
        }
        let kept = kept_of(columns, &rows);
        let id = columns.id().and_then(|at| first.get(at)).map(|id| id.trim()).filter(|id| !id.is_empty());
        if rows.len() == 1 && (id.is_none() || columns.says_nobody(first.iter().copied())) {
            return Some(Err(self.nobody(columns, first, kept)));
        }
        let profile = columns.profile_of_rows(&rows, &self.people, buffers);
        Some(profile.map(|profile| Listed { profile, kept: kept.clone() }).map_err(|faults| {
            let of_a_row = |fault| {
                let fault = columns.attributed(fault);
                let text = self.fault(&fault.column, &fault.fault);
                match rows.get(fault.row) {
                    Some((line, _)) if fault.fault.span.text > 0 => {
                        self.words.with("batch.of-line", &[("line", line), ("text", &text)])
                    }
                    _ => text,
                }
            };
            let texts: Vec<String> = faults.into_iter().map(of_a_row).collect();
            Unread { id: id.map(str::to_owned), text: texts.join("; "), kept, advice: None }
        }))
    }

    /// A row that has neither a citizenship nor a stay, or, in a list of stays, no id.
    fn nobody(&self, columns: &Columns, cells: &[&str], kept: Vec<String>) -> Unread {
        let says_nobody = columns.says_nobody(cells.iter().copied());
        let key = if says_nobody { "batch.not-a-person" } else { "batch.no-id" };
        let shown = cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()).unwrap_or_default();
        let shown = inert(shown).into_owned();
        Unread { text: self.words.with(key, &[("found", &shown)]), kept, ..Unread::default() }
    }

    pub(super) fn bad_header(&self, bad: &BadHeader) -> Unread {
        let at_row = bad.header_row.map(|row| self.words.with("batch.header-row", &[("row", &row)]));
        let faults = Some(self.column_faults(&bad.faults)).filter(|text| !text.is_empty());
        let text = at_row.into_iter().chain(faults).collect::<Vec<_>>().join("; ");
        let row = bad.header_row.map(|row| format!("header_row = {row}"));
        let columns = Some(layout::proposed(&bad.unknown)).filter(|lines| !lines.is_empty());
        let lines: Vec<String> = row.into_iter().chain(columns).collect();
        let advice = || self.words.with("batch.columns-advice", &[("lines", &lines.join("\n"))]);
        Unread { text, advice: (!lines.is_empty()).then(advice), ..Unread::default() }
    }

    pub(super) fn refused(&self, why: &Refusal) -> Unread {
        let words = &self.words;
        let text = match why {
            Refusal::Workbook(reason) => words.with("batch.workbook", &[("reason", &inert(reason).into_owned())]),
            Refusal::Sheets { asked, there } => {
                let there = there.iter().map(|name| inert(name)).collect::<Vec<_>>().join(", ");
                match asked {
                    Some(asked) => {
                        words.with("batch.no-sheet", &[("sheet", &inert(asked).into_owned()), ("there", &there)])
                    }
                    None => words.with("batch.which-sheet", &[("there", &there)]),
                }
            }
            Refusal::NoRows => words.label("batch.no-rows").to_owned(),
        };
        Unread { text, ..Unread::default() }
    }

    pub(super) fn too_long(&self) -> Unread {
        Unread { text: self.words.with("batch.too-long", &[("max", &self.longest)]), ..Unread::default() }
    }

    /// Somebody whose id came before.
    pub fn repeated(&self, id: Option<&str>, first: u64) -> Unread {
        let text = self.words.with("batch.duplicate-person", &[("line", &first)]);
        Unread { id: id.map(str::to_owned), text, ..Unread::default() }
    }

    #[allow(clippy::unnecessary_wraps, reason = "rows of tables may be blank")]
    pub(super) fn line(&self, line: &[u8], buffers: &mut Buffers) -> Read {
        if line.len() > self.longest {
            return Some(Err(self.too_long()));
        }
        let utf8 = simdutf8::basic::from_utf8(line).or_else(|_| std::str::from_utf8(line));
        let text = match utf8 {
            Ok(text) => text,
            Err(error) => {
                // The id may be good all the same.
                let lossy = String::from_utf8_lossy(line);
                let id = id_of(tree::parse_with(&lossy, 0, Syntax::Json, &mut Vec::new()).as_ref());
                let id = id.filter(|id| !id.contains(char::REPLACEMENT_CHARACTER));
                return Some(Err(self.not_utf8(id, &(error.valid_up_to() + 1))));
            }
        };
        // The quick path; whatever it refuses is read again by the one that finds what is wrong.
        let quickly = self.people.line(text, buffers);
        let read = quickly.map_or_else(|| self.slowly(text), Ok);
        Some(read.map(|profile| Listed { profile, kept: Vec::new() }))
    }

    fn not_utf8(&self, id: Option<String>, column: &dyn ToText) -> Unread {
        let text = self.words.with("batch.not-utf-8", &[("column", column)]);
        Unread { id, text, ..Unread::default() }
    }

    /// A profile in JSON, or everything that is wrong with it.
    #[cold]
    fn slowly(&self, text: &str) -> Result<Profile, Unread> {
        let mut faults = Vec::new();
        let root = tree::parse_with(text, 0, Syntax::Json, &mut faults);
        let read = match &root {
            Some(root) => self.people.tree(root, faults),
            None => Err(faults),
        };
        read.map_err(|faults| Unread {
            id: id_of(root.as_ref()),
            text: self.line_faults(text, &faults),
            ..Unread::default()
        })
    }

    /// A row of a table, of which the last cell may not be closed, or everything that is wrong with it.
    #[cold]
    fn row(&self, columns: &Columns, (bytes, is_unclosed): (Vec<Cow<'_, [u8]>>, bool)) -> Read {
        let texts: Vec<Result<&str, Utf8Error>> = bytes.iter().map(|cell| std::str::from_utf8(cell)).collect();
        let readable = || texts.iter().map(|text| text.unwrap_or_default());
        if Columns::are_blank(readable()) && texts.iter().all(Result::is_ok) && !is_unclosed {
            return None;
        }
        let at = columns.id().filter(|at| !is_unclosed || at + 1 < texts.len());
        let id = at.and_then(|at| texts.get(at)?.ok()).map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned);
        let kept = columns.kept(readable());
        if let Some(at) = texts.iter().position(Result::is_err) {
            let column = u16::try_from(at + 1).map_or("", |number| columns.name(number));
            // Tables come from programs that still write other encodings; JSON does not.
            let advice = Some(self.words.label("batch.encoding-advice").to_owned());
            return Some(Err(Unread { kept, advice, ..self.not_utf8(id, &column) }));
        }
        if is_unclosed {
            let fault = columns.attributed(never_closed(texts.len()));
            // Whatever stands behind the mark was taken into the cell.
            let more = memchr_iter(b'\n', bytes.last().map_or(&[][..], |cell| cell)).count();
            let lost = if more > 0 { self.words.count("batch.lines-lost", more, &[]) } else { String::new() };
            let text = [self.column_faults([&fault]), lost].into_iter().filter(|text| !text.is_empty());
            return Some(Err(Unread { id, text: text.collect::<Vec<_>>().join("; "), kept, advice: None }));
        }
        if columns.says_nobody(readable()) {
            let cells: Vec<&str> = readable().collect();
            return Some(Err(Unread { id, ..self.nobody(columns, &cells, kept) }));
        }
        let read = columns.profile(readable(), &self.people, &mut Buffers::default());
        Some(read.map(|profile| Listed { profile, kept: kept.clone() }).map_err(|faults| {
            let faults: Vec<ColumnFault> = faults.into_iter().map(|fault| columns.attributed(fault)).collect();
            Unread { id, text: self.column_faults(&faults), kept, advice: None }
        }))
    }

    fn column_faults<'f>(&self, faults: impl IntoIterator<Item = &'f ColumnFault>) -> String {
        let texts = faults.into_iter().map(|ColumnFault { column, fault, .. }| self.fault(column, fault));
        texts.collect::<Vec<_>>().join("; ")
    }

    fn fault(&self, column: &dyn ToText, fault: &Fault) -> String {
        let message = diagnostics::message(fault, &self.words);
        let code = fault.code.name();
        self.words.with("batch.fault", &[("column", column), ("code", &code), ("message", &message)])
    }

    /// All faults of a line in one text, each with its column.
    fn line_faults(&self, line: &str, faults: &[Fault]) -> String {
        let file = SourceText { path: String::new(), text: line.to_owned() };
        let text = |fault: &Fault| self.fault(&file.line_column(fault.span.range().start).1, fault);
        faults.iter().map(text).collect::<Vec<_>>().join("; ")
    }
}

/// Whose line it is, as far as it can be read.
fn id_of(root: Option<&tree::Node<'_>>) -> Option<String> {
    let written = Written { root: root?.clone() };
    written.text(Field::Id).map(str::to_owned)
}

/// The cells of several rows that are carried to the answer: of each column what differs, in the order of the rows.
fn kept_of(columns: &Columns, rows: &[(u64, Vec<&str>)]) -> Vec<String> {
    let mut all: Vec<Vec<String>> = Vec::new();
    for (_, row) in rows {
        for (at, text) in columns.kept(row.iter().copied()).into_iter().enumerate() {
            if all.len() <= at {
                all.push(Vec::new());
            }
            if !text.is_empty() && !all[at].contains(&text) {
                all[at].push(text);
            }
        }
    }
    all.into_iter().map(|texts| texts.join("; ")).collect()
}
