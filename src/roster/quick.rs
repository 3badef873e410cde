//! Nouns: the quick way from a row of a staff list to a profile, for lists of millions. What it takes and what it
//! leaves to [`columns`](super::columns) and the check is as for [lines of JSON](crate::profile::quick).

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::cells::{DateFormat, is_semicolon, truth_of};
use super::columns::{Column, Columns};
use crate::calendar::Day;
use crate::country::Countries;
use crate::profile::quick::{Checker, Draft, Spare, in_order, moment, named, side_by_side, word};
use crate::profile::{Move, Permit, Profile, Record, Stay};
use crate::rulebook::RuleBook;

/// The profile of a row, given as its bytes without a line end; `None` where it is not certain that the row is
/// good. The memory of somebody of before is used for it.
#[must_use]
pub fn read(
    row: &[u8],
    (columns, delimiter): (&Columns, u8),
    book: &RuleBook,
    countries: &Countries,
    today: Day,
    spare: &mut Spare,
) -> Option<Profile> {
    let mut draft = Draft::new(spare);
    let mut reader =
        Reader { checker: Checker::new(book, countries, today), dates: columns.dates(), current: Current::default() };
    let mut cells = Cells { rest: Some(simdutf8::basic::from_utf8(row).ok()?), delimiter };
    for column in columns.all() {
        let cell = cells.next()?;
        if !cell.is_empty() {
            reader.put(&mut draft, *column, trimmed(&cell))?;
        }
    }
    if cells.rest.is_some() {
        return None;
    }
    reader.end_stays(&mut draft)?;
    draft.profile()
}

/// The cells of a row, one by one.
struct Cells<'c> {
    /// Behind the last cell there is nothing.
    rest: Option<&'c str>,
    delimiter: u8,
}

impl<'c> Cells<'c> {
    /// The next cell, as it stands there but for quotation marks around it; `None` where there is none, or where
    /// such marks are not where they belong.
    fn next(&mut self) -> Option<Cow<'c, str>> {
        let rest = self.rest?;
        let Some(quoted) = rest.strip_prefix('"') else {
            let end = memchr(self.delimiter, rest.as_bytes());
            let (cell, behind) = end.map_or((rest, None), |end| (&rest[..end], Some(&rest[end + 1..])));
            self.rest = behind;
            return Some(Cow::Borrowed(cell));
        };
        let mut end = memchr(b'"', quoted.as_bytes())?;
        let is_doubled = |end: usize| quoted.as_bytes().get(end + 1) == Some(&b'"');
        let is_plain = !is_doubled(end);
        while is_doubled(end) {
            end += 2 + memchr(b'"', &quoted.as_bytes()[end + 2..])?;
        }
        let (cell, behind) = quoted.split_at(end);
        self.rest = match behind.as_bytes() {
            [_] => None,
            [_, next, ..] if *next == self.delimiter => Some(&behind[2..]),
            _ => return None,
        };
        Some(if is_plain { Cow::Borrowed(cell) } else { Cow::Owned(cell.replace("\"\"", "\"")) })
    }
}

/// The text without blanks around it. Mostly there are none.
fn trimmed(text: &str) -> &str {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_letter(bytes.first()) && is_letter(bytes.last()) { text } else { text.trim() }
}

/// The first and the last day of `FIRST..LAST`; of `FIRST..` the last one is empty.
fn run(text: &str) -> Option<(&str, &str)> {
    /// The letters of a day: mostly the first one stands at the beginning, without blanks.
    const DAY: usize = 10;
    let stands_at = |at: usize| text.as_bytes().get(at..).is_some_and(|behind| behind.starts_with(b".."));
    let at = if stands_at(DAY) { DAY } else { text.find("..")? };
    Some((trimmed(text.get(..at)?), trimmed(text.get(at + 2..)?)))
}

/// What is said of the current stay, apart from the list of stays.
#[derive(Default)]
struct Current {
    notified: Option<Record>,
    registered: Option<Record>,
    arrived_at_host: Option<Day>,
    moves: Vec<Move>,
}

struct Reader<'q> {
    checker: Checker<'q>,
    dates: DateFormat,
    current: Current,
}

impl Reader<'_> {
    /// Takes what a cell says. Blanks alone say nothing.
    fn put(&mut self, draft: &mut Draft, column: Column, cell: &str) -> Option<()> {
        if cell.is_empty() {
            return Some(());
        }
        let vocabulary = self.checker.vocabulary;
        let applicant = &mut draft.applicant;
        match column {
            Column::Id => draft.set_id(cell),
            Column::Name => applicant.set_name(cell),
            Column::Citizenship => applicant.citizenship = Some(self.checker.country(cell)?),
            Column::BirthDate => {
                applicant.birth_date = Some(self.checker.birth_date(self.dates.parsed(cell)?)?);
            }
            Column::Purpose => draft.purpose = Some(word(&vocabulary.purposes, cell)?),
            Column::DocumentKind => applicant.document_kind = Some(self.checker.travel_document(cell)?),
            Column::DocumentExpires => applicant.document_expires = Some(self.day(cell)?),
            Column::Stays => {
                let mut stays = applicant.room_for_stays();
                for item in items(cell) {
                    stays.push(self.stay(item)?);
                }
                applicant.stays = Some(stays);
            }
            Column::Notified => self.current.notified = Some(self.record(cell)?),
            Column::Registered => self.current.registered = Some(self.record(cell)?),
            Column::ArrivedAtHost => self.current.arrived_at_host = Some(self.day(cell)?),
            Column::Moved => {
                for item in items(cell) {
                    let (notified, registered) = (Record::Silent, Record::Silent);
                    self.current.moves.push(Move { on: self.day(item)?, notified, registered });
                }
            }
            Column::Permits => {
                let permits: Option<Vec<Permit>> = items(cell).map(|item| self.permit(item)).collect();
                applicant.permits = Some(side_by_side(permits?)?);
            }
            Column::Employer => draft.employment.employer = Some(word(&vocabulary.employers, cell)?),
            Column::Work => draft.employment.work = Some(word(&vocabulary.work, cell)?),
            Column::PermitExempt => draft.employment.permit_exempt = Some(truth_of(cell)?),
            Column::ContractUntil => draft.employment.contract_until = Some(self.day(cell)?),
            Column::ChangedOn => draft.employment.changed_on = Some(self.day(cell)?),
            Column::HousingOwner => draft.housing_owner = Some(word(&vocabulary.housing_owners, cell)?),
            Column::Channel => draft.filing.channel = Some(word(&vocabulary.filing_channels, cell)?),
            Column::FilingOn => {
                let (day, time) = cell.split_at_checked(10)?;
                draft.filing.on = Some(moment(self.dates.parsed(day)?, time)?);
            }
            Column::DocumentsHeld => {
                let ids = cell.split(|letter: char| is_semicolon(letter) || letter.is_whitespace());
                for id in ids.filter(|id| !id.is_empty()) {
                    applicant.held.push(self.checker.held_document(id)?);
                }
            }
        }
        Some(())
    }

    fn day(&self, text: &str) -> Option<Day> {
        self.dates.parsed(text).and_then(named)
    }

    /// A day, or `no`.
    fn record(&self, text: &str) -> Option<Record> {
        match self.day(text) {
            Some(day) => Some(Record::Done(day)),
            None => (!truth_of(text)?).then_some(Record::NotDone),
        }
    }

    /// `FIRST..LAST`, or `FIRST..`.
    fn stay(&self, item: &str) -> Option<Stay> {
        let (entry, exit) = run(item)?;
        let exit = if exit.is_empty() { None } else { Some(self.day(exit)?) };
        let stay = Stay::from_to(self.day(entry)?, exit);
        self.checker.is_good_stay(&stay).then_some(stay)
    }

    /// `KIND:FIRST..LAST` or `KIND:FIRST..`, with or without `/DAYS` behind it.
    fn permit(&self, item: &str) -> Option<Permit> {
        let (kind, days) = item.split_once(':')?;
        let (first, last) = run(days)?;
        let (last, days_per_entry) = match last.rsplit_once('/') {
            // A day may have two slashes of its own.
            Some((last, days)) if last.matches('/').count() % 2 == 0 => {
                (trimmed(last), Some(whole_number(trimmed(days))?))
            }
            _ => (last, None),
        };
        let until = if last.is_empty() { None } else { Some(self.day(last)?) };
        let kind = self.checker.permit_kind(trimmed(kind))?;
        let permit = Permit { kind, from: self.day(first)?, until, days_per_entry };
        self.checker.is_good_permit(&permit).then_some(permit)
    }

    /// Adds what is said of the current stay to it, the last one where none is current; then puts the stays in order.
    fn end_stays(self, draft: &mut Draft) -> Option<()> {
        let Current { notified, registered, arrived_at_host, mut moves } = self.current;
        let says_something =
            notified.is_some() || registered.is_some() || arrived_at_host.is_some() || !moves.is_empty();
        let Some(mut stays) = draft.applicant.stays.take() else { return (!says_something).then_some(()) };
        if says_something {
            let at = stays.iter().position(|stay| stay.is_current(self.checker.today));
            let stay = at.or_else(|| stays.len().checked_sub(1)).map(|at| &mut stays[at])?;
            moves.sort_by_key(|one| one.on);
            (stay.arrived_at_host, stay.moves) = (arrived_at_host, moves);
            stay.notified = notified.unwrap_or_default();
            stay.registered = registered.unwrap_or_default();
            if !self.checker.is_good_stay(stay) {
                return None;
            }
        }
        draft.applicant.stays = Some(in_order(stays)?);
        Some(())
    }
}

/// The items of a cell; what is blank between separators is no item.
fn items(cell: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let items = memchr_iter(b';', cell.as_bytes()).chain([cell.len()]).map(move |end| {
        let item = &cell[start..end];
        start = end + 1;
        trimmed(item)
    });
    items.filter(|item| !item.is_empty())
}

/// A number without a sign.
fn whole_number(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
