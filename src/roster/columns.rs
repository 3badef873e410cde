//! Nouns: the columns of a staff list, and from a row of it to a profile as written.
//!
//! Columns are numbered from 1. Whatever is read from a row has a place whose text is the number of its
//! column and whose bytes are those of the cell, so that a fault that is found later can still be told
//! with its column; text 0 is the row as a whole.

pub use super::cells::DateFormat;
use super::cells::{inside, is_semicolon, items, permit, stay, truth};
use crate::calendar::Day;
use crate::profile::packed::Piece;
use crate::profile::written::{self as w, CurrentStay, WrittenProfile};
use crate::source::{Code, Fault, Span};
use crate::tree::Field;

/// In a header with more faults than this the rest get no suggestion: it is not the list it should be.
const MOST_SUGGESTIONS: usize = 100;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a column can hold: the one list of columns, in the order of the template.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column { $($(#[$doc])* $name,)* }

        impl Column {
            /// All columns.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What stands in the header: the key of the profile.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

columns! {
    /// The caller's own number for the person, echoed.
    Id = "id",
    /// The name, echoed.
    Name = "name",
    /// A country, by its code or name; or `stateless`.
    Citizenship = "citizenship",
    /// A day.
    BirthDate = "birth_date",
    /// A word of the pack.
    Purpose = "purpose",
    /// A word of the pack.
    DocumentKind = "travel_document.kind",
    /// A day.
    DocumentExpires = "travel_document.expires",
    /// `FIRST..LAST`, or `FIRST..`; several are separated by `;`.
    Stays = "stays",
    /// Of the current stay: a day, or `no`.
    Notified = "notified",
    /// Of the current stay: a day, or `no`.
    Registered = "registered",
    /// Of the current stay: a day.
    ArrivedAtHost = "arrived_at_host",
    /// Changes of address during the current stay: days, separated by `;`.
    Moved = "moved",
    /// `KIND:FIRST..LAST`, or `KIND:FIRST..`, each with `/DAYS` of each entry behind it or not; several are
    /// separated by `;`.
    Permits = "permits",
    /// A word of the pack.
    Employer = "employment.employer",
    /// A word of the pack.
    Work = "employment.work",
    /// `true` or `false`.
    PermitExempt = "employment.permit_exempt",
    /// A day.
    ContractUntil = "employment.contract_until",
    /// A day.
    ChangedOn = "employment.changed_on",
    /// A word of the pack.
    HousingOwner = "housing.owner",
    /// A word of the pack.
    Channel = "filing.channel",
    /// A day, or a day with a time.
    FilingOn = "filing.on",
    /// Ids of documents, separated by `;` or by blanks.
    DocumentsHeld = "documents_held",
}

impl Column {
    fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name().eq_ignore_ascii_case(name))
    }
}

/// A fault and the column that it is said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFault {
    /// The name of the column; its number where it has no name; empty for the row as a whole.
    pub column: String,
    /// The fault: its place is in the text of the cell.
    pub fault: Fault,
}

/// The header of a staff list: what its columns hold, and how its days are written.
#[derive(Clone, Debug)]
pub struct Columns {
    columns: Vec<Column>,
    dates: DateFormat,
}

impl Columns {
    /// Reads the cells of the header. `Err` holds all its faults.
    pub fn read<'h>(names: impl IntoIterator<Item = &'h str>, dates: DateFormat) -> Result<Self, Vec<ColumnFault>> {
        let mut columns = Vec::with_capacity(Column::ALL.len());
        let mut faults: Vec<ColumnFault> = Vec::new();
        for (at, cell) in names.into_iter().enumerate() {
            let marked = if at == 0 { cell.trim_start_matches('\u{feff}') } else { cell };
            let name = Piece::new(marked, number(at), cell.len() - marked.len()).trimmed();
            let fault = match Column::find(name.text) {
                Some(column) if !columns.contains(&column) => {
                    columns.push(column);
                    continue;
                }
                Some(column) => Fault::new(Code::DuplicateKey, name.span()).with("key", column.name()),
                None => {
                    let fault = Fault::new(Code::UnknownKey, name.span()).with("key", name.text);
                    let is_worth_it = faults.len() < MOST_SUGGESTIONS;
                    let known = Column::ALL.iter().map(|column| column.name());
                    if is_worth_it { fault.suggesting(name.text, known) } else { fault }
                }
            };
            let column = if name.text.is_empty() { (at + 1).to_string() } else { name.text.to_owned() };
            faults.push(ColumnFault { column, fault });
        }
        if !columns.contains(&Column::Citizenship) {
            let column = Column::Citizenship.name();
            let fault = Fault::new(Code::MissingKey, Span::default()).with("key", column);
            faults.push(ColumnFault { column: column.to_owned(), fault });
        }
        if faults.is_empty() { Ok(Self { columns, dates }) } else { Err(faults) }
    }

    /// The columns, in the order of the list.
    #[must_use]
    pub fn all(&self) -> &[Column] {
        &self.columns
    }

    /// How its days are written.
    pub(super) const fn dates(&self) -> DateFormat {
        self.dates
    }

    /// The name of the column with this number, from 1; empty where there is none.
    #[must_use]
    pub fn name(&self, number: u16) -> &'static str {
        let at = usize::from(number).checked_sub(1);
        at.and_then(|at| self.columns.get(at)).map_or("", |column| column.name())
    }

    /// The column that a fault is said of: that of its place; else the one that it misses.
    #[must_use]
    pub fn attributed(&self, fault: Fault) -> ColumnFault {
        let missing = || fault.params.iter().find(|(name, _)| *name == "key").and_then(|(_, key)| Column::find(key));
        let column = match fault.span.text {
            0 => missing().map_or("", Column::name).to_owned(),
            number if usize::from(number) > self.columns.len() => number.to_string(),
            number => self.name(number).to_owned(),
        };
        ColumnFault { column, fault }
    }

    /// Reads a row. `Err` holds all faults of its form; what is left to find is for
    /// [`crate::profile::check::check`].
    pub fn profile<'c>(
        &self,
        cells: impl IntoIterator<Item = &'c str>,
        today: Day,
    ) -> Result<WrittenProfile<'c>, Vec<ColumnFault>> {
        let mut faults = Vec::new();
        let profile = self.profile_with(cells, today, &mut faults);
        if faults.is_empty() {
            return Ok(profile);
        }
        faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
        Err(faults.into_iter().map(|fault| self.attributed(fault)).collect())
    }

    /// Reads a row. All faults are added to `faults`, which the check of the profile then takes, so that
    /// everything that is wrong with the row can be told at once; what could be read is there all the same.
    pub fn profile_with<'c>(
        &self,
        cells: impl IntoIterator<Item = &'c str>,
        today: Day,
        faults: &mut Vec<Fault>,
    ) -> WrittenProfile<'c> {
        let mut row = Row { profile: WrittenProfile::default(), current: CurrentStay::default(), faults };
        let mut current_place = None;
        let mut count = 0;
        for (at, cell) in cells.into_iter().enumerate() {
            count += 1;
            let Some(column) = self.columns.get(at) else { continue };
            let cell = Piece::new(cell, number(at), 0).trimmed();
            if cell.text.is_empty() {
                continue;
            }
            row.put(*column, cell, self.dates);
            let is_of_current =
                matches!(column, Column::Notified | Column::Registered | Column::ArrivedAtHost | Column::Moved);
            if is_of_current && current_place.is_none() {
                current_place = Some(cell.span());
            }
        }
        let Row { mut profile, current, .. } = row;
        let columns = self.columns.len();
        if count != columns {
            // The first cell that is missing, or that is one too many.
            let place = Span::new(number(count.min(columns)), 0..0);
            let fault = Fault::new(Code::Syntax, place).with("reason", "cells");
            faults.push(fault.with("count", count).with("columns", columns));
        }
        let has_bad_stay = profile.stays.get().into_iter().flatten().any(|stay| matches!(stay, Field::Faulty));
        if !profile.overlay_current(current, today)
            && !has_bad_stay
            && let Some(place) = current_place
        {
            faults.push(Fault::new(Code::NoCurrentStay, place));
        }
        profile
    }
}

/// The number of the column at this place.
fn number(at: usize) -> u16 {
    u16::try_from(at + 1).unwrap_or(u16::MAX)
}

/// A row as far as it is read.
struct Row<'f, 'c> {
    profile: WrittenProfile<'c>,
    current: CurrentStay<'c>,
    faults: &'f mut Vec<Fault>,
}

impl<'c> Row<'_, 'c> {
    fn put(&mut self, column: Column, cell: Piece<'c>, dates: DateFormat) {
        let place = cell.span();
        let Self { profile, current, faults } = self;
        match column {
            Column::Id => profile.id = cell.field(),
            Column::Name => profile.name = cell.field(),
            Column::Citizenship => profile.citizenship = cell.field(),
            Column::BirthDate => profile.birth_date = dates.day(cell),
            Column::Purpose => profile.purpose = cell.field(),
            Column::DocumentKind => inside(&mut profile.travel_document, place).kind = cell.field(),
            Column::DocumentExpires => inside(&mut profile.travel_document, place).expires = dates.day(cell),
            Column::Stays => profile.stays = items(cell, is_semicolon, |item| stay(item, dates, faults)),
            Column::Notified => current.notified = dates.day_or_no(cell),
            Column::Registered => current.registered = dates.day_or_no(cell),
            Column::ArrivedAtHost => current.arrived_at_host = dates.day(cell),
            Column::Moved => {
                let days = cell.split(is_semicolon).map(|day| dates.day(day)).filter(|day| !day.is_absent());
                current.moves = days.map(|on| w::Move { on, ..w::Move::default() }).collect();
            }
            Column::Permits => profile.permits = items(cell, is_semicolon, |item| permit(item, dates, faults)),
            Column::Employer => inside(&mut profile.employment, place).employer = cell.field(),
            Column::Work => inside(&mut profile.employment, place).work = cell.field(),
            Column::PermitExempt => inside(&mut profile.employment, place).permit_exempt = truth(cell, faults),
            Column::ContractUntil => inside(&mut profile.employment, place).contract_until = dates.day(cell),
            Column::ChangedOn => inside(&mut profile.employment, place).changed_on = dates.day(cell),
            Column::HousingOwner => inside(&mut profile.housing, place).owner = cell.field(),
            Column::Channel => inside(&mut profile.filing, place).channel = cell.field(),
            Column::FilingOn => inside(&mut profile.filing, place).on = dates.moment(cell),
            Column::DocumentsHeld => {
                let is_separator = |letter: char| is_semicolon(letter) || letter.is_whitespace();
                profile.documents_held = items(cell, is_separator, Piece::field);
            }
        }
    }
}
