//! From a line of a list to a profile, or to everything that is wrong with it.

use std::borrow::Cow;
use std::ops::Range;
use std::str::Utf8Error;

use crate::calendar::Day;
use crate::embedded;
use crate::profile::fields::Field;
use crate::profile::written::Written;
use crate::profile::{Buffers, Profile, read};
use crate::render::words::ToText;
use crate::render::{Words, diagnostics};
use crate::roster::columns::{ColumnFault, Columns};
use crate::rulebook::RuleBook;
use crate::source::{Fault, SourceText};
use crate::tree::{self, Syntax};

use super::input::{Block, lines};
use super::table::{Cells, Record, cells, never_closed};

#[derive(Debug)]
pub struct Unread {
    /// Whose it is, where that can be seen.
    pub id: Option<String>,
    pub text: String,
}

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

    /// The people of a block, each with the number of the line. A header that cannot be read counts as a line.
    pub fn read(&self, block: Block) -> Vec<(u64, Result<Profile, Unread>)> {
        let mut buffers = Buffers::default();
        match block {
            Block::TooLong { line, .. } => vec![(line, Err(self.too_long()))],
            Block::BadHeader { line, faults, .. } => vec![(line, Err(self.bad_header(&faults)))],
            Block::Lines { first, bytes, .. } => {
                self.numbered(first, &bytes).map(|(number, line)| (number, self.line(line, &mut buffers))).collect()
            }
            Block::Records { columns, delimiter, records, bytes, .. } => records
                .into_iter()
                .map(|Record { line, bytes: at }| (line, self.record((&columns, delimiter), &bytes, at, &mut buffers)))
                .collect(),
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
    ) -> Result<Profile, Unread> {
        let range = record.filter(|range| range.len() <= self.longest).ok_or_else(|| self.too_long())?;
        let row = &bytes[range];
        let quickly = simdutf8::basic::from_utf8(row).ok().and_then(|text| {
            let mut cells = Cells::of(text, delimiter);
            let profile = columns.profile(&mut cells, &self.people, buffers).ok();
            profile.filter(|_| !cells.is_unusual)
        });
        quickly.map_or_else(|| self.row(columns, cells(row, delimiter)), Ok)
    }

    pub(super) fn bad_header(&self, faults: &[ColumnFault]) -> Unread {
        Unread { id: None, text: self.column_faults(faults) }
    }

    pub(super) fn too_long(&self) -> Unread {
        Unread { id: None, text: self.words.with("batch.too-long", &[("max", &self.longest)]) }
    }

    pub(super) fn line(&self, line: &[u8], buffers: &mut Buffers) -> Result<Profile, Unread> {
        if line.len() > self.longest {
            return Err(self.too_long());
        }
        let text = simdutf8::basic::from_utf8(line).or_else(|_| std::str::from_utf8(line)).map_err(|error| {
            let text = self.words.with("batch.not-utf-8", &[("column", &(error.valid_up_to() + 1))]);
            // The id may be good all the same.
            let lossy = String::from_utf8_lossy(line);
            let id = id_of(tree::parse_with(&lossy, 0, Syntax::Json, &mut Vec::new()).as_ref());
            Unread { id: id.filter(|id| !id.contains(char::REPLACEMENT_CHARACTER)), text }
        })?;
        // The quick path; whatever it refuses is read again by the one that finds what is wrong.
        let quickly = self.people.line(text, buffers);
        quickly.map_or_else(|| self.slowly(text), Ok)
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
        read.map_err(|faults| Unread { id: id_of(root.as_ref()), text: self.line_faults(text, &faults) })
    }

    /// A row of a table, of which the last cell may not be closed, or everything that is wrong with it.
    #[cold]
    fn row(&self, columns: &Columns, (bytes, is_unclosed): (Vec<Cow<'_, [u8]>>, bool)) -> Result<Profile, Unread> {
        let texts: Vec<Result<&str, Utf8Error>> = bytes.iter().map(|cell| std::str::from_utf8(cell)).collect();
        let unread = |text: String| {
            let at = columns.fields().iter().position(|field| *field == Field::Id);
            let at = at.filter(|at| !is_unclosed || at + 1 < texts.len());
            let id = at.and_then(|at| texts.get(at)?.ok()).map(str::trim).filter(|id| !id.is_empty());
            Unread { id: id.map(str::to_owned), text }
        };
        if let Some(at) = texts.iter().position(Result::is_err) {
            let column = u16::try_from(at + 1).map_or("", |number| columns.name(number));
            return Err(unread(self.words.with("batch.not-utf-8", &[("column", &column)])));
        }
        if is_unclosed {
            return Err(unread(self.column_faults([&columns.attributed(never_closed(texts.len()))])));
        }
        let cells = texts.iter().filter_map(|text| text.ok());
        columns.profile(cells, &self.people, &mut Buffers::default()).map_err(|faults| {
            let faults: Vec<ColumnFault> = faults.into_iter().map(|fault| columns.attributed(fault)).collect();
            unread(self.column_faults(&faults))
        })
    }

    fn column_faults<'f>(&self, faults: impl IntoIterator<Item = &'f ColumnFault>) -> String {
        let texts = faults.into_iter().map(|ColumnFault { column, fault }| self.fault(column, fault));
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
