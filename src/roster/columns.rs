//! The columns of a staff list, and from a row of it to a profile.
//!
//! Columns are numbered from 1. Whatever is read from a row has a place whose text is the number of its column and
//! whose bytes are those of the cell, so that a fault that is found later can still be shown with its column; text 0 is
//! the row as a whole.

use crate::profile::fields::{FIELDS, Field, Row};
pub use crate::profile::forms::DateFormat;
use crate::profile::forms::Piece;
use crate::profile::read::Reader;
use crate::profile::{Buffers, Profile};
use crate::source::{Code, Fault, Span};

/// In a header with more faults than this the rest get no suggestion: it is not the list it should be.
const MOST_SUGGESTIONS: usize = 100;

/// The fields that a list can have as columns, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Row> {
    FIELDS.iter().filter(|row| !row.column.is_empty())
}

fn find(name: &str) -> Option<Field> {
    all().find(|row| row.column.eq_ignore_ascii_case(name)).map(|row| row.field)
}

/// A fault and its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFault {
    /// The name of the column; its number where it has no name; empty for the row as a whole.
    pub column: String,
    /// The fault: its place is in the text of the cell.
    pub fault: Fault,
}

#[derive(Clone, Debug)]
pub struct Columns {
    fields: Vec<Field>,
    pub(super) dates: DateFormat,
}

impl Columns {
    /// Reads the cells of the header. `Err` holds all its faults.
    pub fn read<'h>(names: impl IntoIterator<Item = &'h str>, dates: DateFormat) -> Result<Self, Vec<ColumnFault>> {
        let mut fields: Vec<Field> = Vec::new();
        let mut faults: Vec<ColumnFault> = Vec::new();
        for (at, cell) in names.into_iter().enumerate() {
            let marked = if at == 0 { cell.trim_start_matches('\u{feff}') } else { cell };
            let name = Piece::new(marked, number(at), cell.len() - marked.len()).trimmed();
            let fault = match find(name.text) {
                Some(field) if !fields.contains(&field) => {
                    fields.push(field);
                    continue;
                }
                Some(field) => Fault::new(Code::DuplicateKey, name.span).with("key", field.row().column),
                None => {
                    let fault = Fault::new(Code::UnknownKey, name.span).with("key", name.text);
                    let is_worth_it = faults.len() < MOST_SUGGESTIONS;
                    let known = all().map(|row| row.column);
                    if is_worth_it { fault.suggesting(name.text, known) } else { fault }
                }
            };
            let column = if name.text.is_empty() { (at + 1).to_string() } else { name.text.to_owned() };
            faults.push(ColumnFault { column, fault });
        }
        if !fields.contains(&Field::Citizenship) {
            let column = Field::Citizenship.row().column;
            let fault = Fault::new(Code::MissingKey, Span::default()).with("key", column);
            faults.push(ColumnFault { column: column.to_owned(), fault });
        }
        if faults.is_empty() { Ok(Self { fields, dates }) } else { Err(faults) }
    }

    /// What the columns hold, in the order of the list.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The name of the column with this number, from 1; empty where there is none.
    pub fn name(&self, number: u16) -> &'static str {
        let at = usize::from(number).checked_sub(1);
        at.and_then(|at| self.fields.get(at)).map_or("", |field| field.row().column)
    }

    /// The fault with its column: that of its place; else the one that is missing.
    pub fn attributed(&self, fault: Fault) -> ColumnFault {
        let missing = || fault.params.iter().find(|(name, _)| *name == "key").and_then(|(_, key)| find(key));
        let column = match fault.span.text {
            0 => missing().map_or("", |field| field.row().column).to_owned(),
            number if usize::from(number) > self.fields.len() => number.to_string(),
            number => self.name(number).to_owned(),
        };
        ColumnFault { column, fault }
    }

    /// Reads a row. `Err` holds all its faults.
    pub fn profile<'c>(
        &self,
        cells: impl IntoIterator<Item = &'c str>,
        reader: &Reader<'_>,
        buffers: &mut Buffers,
    ) -> Result<Profile, Vec<Fault>> {
        let mut count = 0;
        let known = cells.into_iter().enumerate().filter_map(|(at, cell)| {
            count = at + 1;
            self.fields.get(at).map(|field| (*field, Piece::new(cell, number(at), 0)))
        });
        let read = reader.row(known, self.dates, buffers);
        let columns = self.fields.len();
        if count == columns {
            return read;
        }
        // The first cell that is missing, or that is one too many.
        let place = Span::new(number(count.min(columns)), 0..0);
        let fault = Fault::new(Code::Syntax, place).with("reason", "cells");
        let mut faults = read.err().unwrap_or_default();
        faults.push(fault.with("count", count).with("columns", columns));
        faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
        Err(faults)
    }
}

fn number(at: usize) -> u16 {
    u16::try_from(at + 1).unwrap_or(u16::MAX)
}
