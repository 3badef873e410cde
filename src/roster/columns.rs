//! The columns of a staff list, and from its rows to a profile.
//!
//! Columns are numbered from 1. Whatever is read from a row has a place whose text is the number of its column and
//! whose bytes are those of the cell, so that a fault that is found later can still be shown with its column; text 0 is
//! the row as a whole. Where several rows are one person, the numbers go on from row to row.

use std::sync::Arc;

use super::layout::{Layout, Named, Rows, folded};
use crate::embedded;
use crate::profile::fields::{FIELDS, Field, Form, Row};
pub use crate::profile::forms::DateFormat;
use crate::profile::forms::Piece;
use crate::profile::read::{Reader, Role};
use crate::profile::{Buffers, Profile};
use crate::rulebook::LanguageTexts;
use crate::source::{Code, Fault, Span};

/// In a header with more faults than this the rest get no suggestion: it is not the list it should be.
const MOST_SUGGESTIONS: usize = 100;

/// The columns of a day on which somebody crossed the border, and of the direction: `in` or `out`.
const CROSSED_ON: &str = "crossed_on";
const CROSSED: &str = "crossed";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    States(Role),
    CrossedOn,
    Crossed,
    /// It is carried to the answers; the number counts into what the layout keeps.
    Kept(usize),
    Ignored,
    /// Its header is blank.
    Nameless,
}

/// The fields that a list can have as columns, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Row> {
    FIELDS.iter().filter(|row| !row.column.is_empty())
}

fn find(name: &str) -> Option<Field> {
    all().find(|row| row.column.eq_ignore_ascii_case(name)).map(|row| row.field)
}

/// What a column of this name holds: a field, or a part of a stay: `entry`, `exit`, `entry_2`, `exit_2` …
pub(super) fn cell_called(name: &str) -> Option<Cell> {
    if let Some(field) = find(name) {
        return Some(Cell::States(Role::Field(field)));
    }
    let name = name.to_ascii_lowercase();
    let number = |rest: &str| if rest.is_empty() { Some(0) } else { rest.strip_prefix('_')?.parse().ok() };
    let parts = [("entry", Field::Entry), ("exit", Field::Exit)];
    let mut days = parts.iter().filter_map(|(key, field)| Some(Role::OfStay(number(name.strip_prefix(key)?)?, *field)));
    days.next().map(Cell::States).or(match &*name {
        CROSSED_ON => Some(Cell::CrossedOn),
        CROSSED => Some(Cell::Crossed),
        _ => None,
    })
}

/// The name of the column that a header means in one of the languages of the program; one of many pairs of days has its
/// number behind it.
fn meant(header: &str) -> Option<String> {
    let header = folded(header);
    let called = |header: &str| {
        let is_called = |names: &str| names.split('|').any(|name| folded(name) == header);
        let mut texts = embedded::TEXTS.iter().flat_map(LanguageTexts::entries);
        texts.find_map(|(key, names)| key.strip_prefix("column.").filter(|_| is_called(names)))
    };
    let numbered = || {
        let name = header.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let number: u16 = header[name.len()..].parse().ok()?;
        let day =
            called(name.trim_end_matches(['_', '-', '№', '#', '.', ' '])).filter(|name| is_day_of_a_stay(name))?;
        Some(format!("{day}_{number}"))
    };
    called(&header).map(str::to_owned).or_else(numbered)
}

fn is_day_of_a_stay(name: &str) -> bool {
    matches!(cell_called(name), Some(Cell::States(Role::OfStay(..))))
}

/// A fault and its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFault {
    /// The row, from 0, where several rows are one person.
    pub row: usize,
    /// The name of the column; its number where it has no name; empty for the row as a whole.
    pub column: String,
    /// The fault: its place is in the text of the cell.
    pub fault: Fault,
}

/// Why a header cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadHeader {
    pub faults: Vec<ColumnFault>,
    /// Columns that nothing is known of, each with the name of the one that is meant, where that can be told.
    pub unknown: Vec<(String, Option<String>)>,
    /// How many columns are known, or can be told by their names.
    pub known: usize,
    /// The row further down that this is about, which looks more like a header than the first one.
    pub header_row: Option<u64>,
}

impl BadHeader {
    /// What is wrong with the header of a list: of the first row, unless one of those below it is more like a header. There
    /// may be titles above it.
    pub fn or_better(self, below: impl Iterator<Item = (u64, Result<Columns, Self>)>) -> Self {
        let known = self.known;
        let mut better = below.map(|(row, read)| match read {
            Ok(columns) => Self { known: columns.cells.len(), header_row: Some(row), ..Self::default() },
            Err(bad) => Self { header_row: Some(row), ..bad },
        });
        better.find(|other| other.known > known.max(1)).unwrap_or(self)
    }
}

#[derive(Clone, Debug)]
pub struct Columns {
    pub(super) cells: Vec<Cell>,
    /// As the list calls them, and as messages do.
    names: Vec<String>,
    pub(super) layout: Arc<Layout>,
    /// Rows may end before the last column.
    pub may_end_early: bool,
}

impl Columns {
    /// Reads the cells of the header. `Err` holds all that is wrong with it.
    pub fn read<'h>(names: impl IntoIterator<Item = &'h str>, layout: &Arc<Layout>) -> Result<Self, BadHeader> {
        let mut columns = Self { cells: Vec::new(), names: Vec::new(), layout: layout.clone(), may_end_early: false };
        let mut bad = BadHeader::default();
        for (at, cell) in names.into_iter().enumerate() {
            let marked = if at == 0 { cell.trim_start_matches('\u{feff}') } else { cell };
            let name = Piece::new(marked, number(at), cell.len() - marked.len()).trimmed();
            let header = name.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown = if header.is_empty() { (at + 1).to_string() } else { header.clone() };
            let found = columns.cell_of(&header);
            let is_twice =
                |cell: &Cell| !matches!(cell, Cell::Ignored | Cell::Nameless) && columns.cells.contains(cell);
            let fault = match found {
                Some(cell) if is_twice(&cell) => {
                    let key = find(&header).map_or(&*header, |field| field.row().column);
                    Some(Fault::new(Code::DuplicateKey, name.span).with("key", key))
                }
                Some(_) => None,
                None => {
                    let is_worth_it = bad.faults.len() < MOST_SUGGESTIONS;
                    let meant = if is_worth_it { meant(&header) } else { None };
                    bad.known += usize::from(meant.is_some());
                    bad.unknown.push((header.clone(), meant.clone()));
                    let fault = Fault::new(Code::UnknownKey, name.span).with("key", name.text);
                    Some(match meant {
                        Some(meant) => fault.with("suggestion", meant),
                        None if is_worth_it => fault.suggesting(name.text, all().map(|row| row.column)),
                        None => fault,
                    })
                }
            };
            bad.known += usize::from(found.is_some_and(|cell| cell != Cell::Nameless));
            columns.cells.push(found.unwrap_or(Cell::Ignored));
            columns.names.push(shown.clone());
            bad.faults.extend(fault.map(|fault| ColumnFault { row: 0, column: shown, fault }));
        }
        for header in columns.missing() {
            let fault = Fault::new(Code::MissingKey, Span::default()).with("key", &header);
            bad.faults.push(ColumnFault { row: 0, column: header, fault });
        }
        if bad.faults.is_empty() { Ok(columns) } else { Err(bad) }
    }

    fn cell_of(&self, header: &str) -> Option<Cell> {
        let header_folded = folded(header);
        let is_it = |other: &str| folded(other) == header_folded;
        if header.is_empty() {
            return Some(Cell::Nameless);
        }
        let Layout { named, keep, ignore, .. } = &*self.layout;
        let named = named.iter().find(|Named { header, .. }| is_it(header)).map(|named| named.role);
        let kept = || keep.iter().position(|name| is_it(name)).map(Cell::Kept);
        let ignored = || ignore.iter().any(|name| is_it(name)).then_some(Cell::Ignored);
        named.or_else(kept).or_else(ignored).or_else(|| cell_called(header))
    }

    /// Columns that the layout names and the list does not have, and those that every list needs.
    fn missing(&self) -> Vec<String> {
        let has = |cell: Cell| self.cells.contains(&cell);
        let layout = &self.layout;
        let named = layout.named.iter().filter(|named| !has(named.role)).map(|named| named.header.clone());
        let kept = layout.keep.iter().enumerate().filter(|(at, _)| !has(Cell::Kept(*at))).map(|(_, name)| name.clone());
        let needed = [Field::Citizenship, Field::Id].into_iter().filter(|field| {
            let is_needed = *field == Field::Citizenship || layout.rows == Rows::Stays;
            let cell = Cell::States(Role::Field(*field));
            is_needed && !has(cell) && !layout.named.iter().any(|named| named.role == cell)
        });
        let needed: Vec<String> = needed.map(|field| field.row().column.to_owned()).collect();
        named.chain(kept).chain(needed).collect()
    }

    /// What the columns hold, in the order of the list.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Where the column of the ids stands, from 0.
    pub fn id(&self) -> Option<usize> {
        self.cells.iter().position(|cell| *cell == Cell::States(Role::Field(Field::Id)))
    }

    /// The numbers of the columns without a name, from 1.
    pub fn nameless(&self) -> Vec<usize> {
        let numbered = (1..).zip(&self.cells);
        numbered.filter(|(_, cell)| **cell == Cell::Nameless).map(|(number, _)| number).collect()
    }

    /// The name of the column with this number, from 1; empty where there is none.
    pub fn name(&self, number: u16) -> &str {
        let at = usize::from(number).checked_sub(1);
        at.and_then(|at| self.names.get(at)).map_or("", |name| name)
    }

    /// The fault with its row and column: those of its place; else the column that is missing.
    pub fn attributed(&self, fault: Fault) -> ColumnFault {
        let key = || fault.params.iter().find(|(name, _)| *name == "key").map(|(_, key)| &**key);
        let missing = || {
            let field = key().and_then(find)?;
            let at = self.cells.iter().position(|cell| *cell == Cell::States(Role::Field(field)));
            Some(at.map_or(field.row().column, |at| &self.names[at]))
        };
        let (row, column) = match usize::from(fault.span.text).checked_sub(1) {
            None => (0, missing().unwrap_or_default().to_owned()),
            Some(at) if self.layout.rows == Rows::People || self.names.is_empty() => {
                (0, self.names.get(at).cloned().unwrap_or_else(|| (at + 1).to_string()))
            }
            Some(at) => (at / self.names.len(), self.names[at % self.names.len()].clone()),
        };
        let found = fault.params.iter().find(|(name, _)| *name == "found").map(|(_, found)| &**found);
        let is_day = fault.code == Code::BadDay;
        let note = found.filter(|_| is_day).and_then(|found| self.layout.dates.other_format(found));
        let fault = match note {
            Some(note) => fault.clone().with("note", note),
            None => fault,
        };
        ColumnFault { row, column, fault }
    }

    /// Whether no cell says anything.
    pub fn are_blank<'c>(cells: impl IntoIterator<Item = &'c str>) -> bool {
        cells.into_iter().all(|cell| cell.trim().is_empty())
    }

    /// Whether a row that is not blank states neither a citizenship nor a stay nor an id: it is a total, or a note.
    pub fn says_nobody<'c>(&self, cells: impl IntoIterator<Item = &'c str>) -> bool {
        let is_of_a_person = |cell: &Cell| match cell {
            Cell::States(Role::Field(field)) => matches!(field, Field::Citizenship | Field::Stays),
            Cell::States(Role::OfStay(..)) | Cell::CrossedOn => true,
            _ => false,
        };
        let mut both = self.cells.iter().zip(cells);
        !both.any(|(cell, text)| is_of_a_person(cell) && !text.trim().is_empty())
    }

    /// The cells that are carried to the answer, in the order in which the layout names them.
    pub fn kept<'c>(&self, cells: impl IntoIterator<Item = &'c str>) -> Vec<String> {
        let mut kept = vec![String::new(); self.layout.keep.len()];
        if kept.is_empty() {
            return kept;
        }
        for (cell, text) in self.cells.iter().zip(cells) {
            if let Cell::Kept(at) = cell {
                text.trim().clone_into(&mut kept[*at]);
            }
        }
        kept
    }

    /// Reads a row that is a person. `Err` holds all its faults.
    pub fn profile<'c>(
        &'c self,
        cells: impl IntoIterator<Item = &'c str>,
        reader: &Reader<'_>,
        buffers: &mut Buffers,
    ) -> Result<Profile, Vec<Fault>> {
        let mut count = 0;
        let mut extra = None;
        let known = cells.into_iter().enumerate().filter_map(|(at, cell)| {
            let Some(found) = self.cells.get(at) else {
                if !cell.trim().is_empty() {
                    extra = Some(at + 1);
                }
                return None;
            };
            count = at + 1;
            let Cell::States(role) = found else { return None };
            Some((*role, self.in_words_of_the_pack(*role, Piece::new(cell, number(at), 0))))
        });
        let read = reader.row(known, &self.layout.permits, self.layout.dates, buffers);
        let columns = self.cells.len();
        let count = extra.unwrap_or(count);
        if count == columns || self.may_end_early && count < columns {
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

    /// The word of the pack for a word of the list's own, where the layout says so.
    pub(super) fn in_words_of_the_pack<'c>(&'c self, role: Role, cell: Piece<'c>) -> Piece<'c> {
        let words = &self.layout.words;
        if words.is_empty() {
            return cell;
        }
        let (Role::Field(field) | Role::OfStay(_, field) | Role::OfPermit(_, field)) = role;
        let has_words =
            matches!(field.form(), Form::Word(_) | Form::YesNo(_) | Form::DayOrNo | Form::Country | Form::Documents);
        match words.get(&folded(cell.text)).filter(|_| has_words) {
            Some(text) => Piece { text, ..cell },
            None => cell,
        }
    }
}

pub(super) fn number(at: usize) -> u16 {
    u16::try_from(at + 1).unwrap_or(u16::MAX)
}
