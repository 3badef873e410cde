//! Nouns: how one cell of a staff list is read: days in the form that was asked for, packed stays and
//! permits, yes and no.

use std::borrow::Cow;

use crate::calendar::Day;
use crate::profile::packed::{self, Piece};
use crate::profile::written::{self as w, Fields, Word};
use crate::source::{Code, Fault, Span};
use crate::tree::{DayOrNo, Field};

/// How days are written in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    /// `2026-12-31` only.
    #[default]
    Iso,
    /// `31.12.2026` or `31/12/2026`; `2026-12-31`, too, since it cannot be taken for another day.
    Dmy,
}

impl DateFormat {
    /// The day of a text without blanks around it; `None` where it is none.
    pub(super) fn parsed(self, text: &str) -> Option<Day> {
        let letters: &[u8; 10] = text.as_bytes().try_into().ok()?;
        if let (Self::Dmy, &[d1, d2, first @ (b'.' | b'/'), m1, m2, second, y1, y2, y3, y4]) = (self, letters) {
            let in_order = [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2];
            return Day::from_letters(&in_order).ok().filter(|_| first == second);
        }
        Day::from_letters(letters).ok()
    }

    /// A day, rewritten as `YYYY-MM-DD` where it is written in another form of this format.
    pub(super) fn day(self, piece: Piece<'_>) -> Word<'_> {
        self.moment_where(piece, str::is_empty)
    }

    /// The same for a day that may be followed by a time.
    pub(super) fn moment(self, piece: Piece<'_>) -> Word<'_> {
        self.moment_where(piece, |rest| rest.is_empty() || rest.starts_with(['T', ' ']))
    }

    fn moment_where(self, piece: Piece<'_>, may_follow: impl Fn(&str) -> bool) -> Word<'_> {
        let piece = piece.trimmed();
        let iso = match (self, piece.text.split_at_checked(10)) {
            (Self::Dmy, Some((day, rest))) if may_follow(rest) => iso(day, rest),
            _ => None,
        };
        iso.map_or_else(|| piece.field(), |text| Field::Given(Cow::Owned(text), piece.span()))
    }

    /// A day, or `no`.
    pub(super) fn day_or_no(self, piece: Piece<'_>) -> Field<DayOrNo<'_>> {
        if truth_of(piece.text) == Some(false) {
            return Field::Given(DayOrNo::Bool(false), piece.span());
        }
        match self.day(piece) {
            Field::Given(text, span) => Field::Given(DayOrNo::Text(text), span),
            Field::Absent => Field::Absent,
            Field::Faulty => Field::Faulty,
        }
    }
}

/// `31.12.2026` or `31/12/2026` as `2026-12-31`, followed by the rest; `None` where it has neither form.
fn iso(day: &str, rest: &str) -> Option<String> {
    let &[_, _, first, _, _, second, _, _, _, _] = day.as_bytes() else {
        return None;
    };
    let parts = [day.get(6..)?, day.get(3..5)?, day.get(..2)?];
    let are_digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if first != second || !matches!(first, b'.' | b'/') || !are_digits {
        return None;
    }
    let mut text = String::with_capacity(day.len() + rest.len());
    let [year, month, day] = parts;
    for part in [year, "-", month, "-", day, rest] {
        text.push_str(part);
    }
    Some(text)
}

/// `FIRST..LAST`, or `FIRST..`.
pub(super) fn stay<'t>(item: Piece<'t>, dates: DateFormat, faults: &mut Vec<Fault>) -> Field<w::Stay<'t>> {
    match packed::run(item) {
        Ok((first, last)) => {
            let stay = w::Stay { entry: dates.day(first), exit: dates.day(last), ..w::Stay::default() };
            Field::Given(stay, item.span())
        }
        Err(fault) => noted(fault, faults),
    }
}

/// `KIND:FIRST..LAST` or `KIND:FIRST..`, with or without `/DAYS` behind it.
pub(super) fn permit<'t>(item: Piece<'t>, dates: DateFormat, faults: &mut Vec<Fault>) -> Field<w::Permit<'t>> {
    let [kind, first, last] = match packed::permit(item) {
        Ok(parts) => parts,
        Err(fault) => return noted(fault, faults),
    };
    // A day has two slashes or none: an odd one stands before the days of each entry.
    let has_days = last.text.matches('/').count() % 2 == 1;
    let split = last.rsplit_once("/").filter(|_| has_days);
    let (last, days) = split.map_or((last, None), |(last, days)| (last, Some(days)));
    let permit = w::Permit {
        kind: kind.trimmed().field(),
        from: dates.day(first),
        until: dates.day(last),
        days_per_entry: days.map_or(Field::Absent, |days| whole_number(days.trimmed(), faults)),
    };
    Field::Given(permit, item.span())
}

/// What stands between the items of a cell.
pub(super) const fn is_semicolon(letter: char) -> bool {
    letter == ';'
}

fn noted<T>(fault: Fault, faults: &mut Vec<Fault>) -> Field<T> {
    faults.push(fault);
    Field::Faulty
}

/// The table that a dotted column belongs to.
pub(super) fn inside<T: Default>(table: &mut Field<T>, place: Span) -> &mut T {
    if table.get().is_none() {
        *table = Field::Given(T::default(), place);
    }
    match table {
        Field::Given(table, _) => table,
        _ => unreachable!("just given"),
    }
}

/// The items of a cell; what is blank between separators is no item.
pub(super) fn items<'c, T>(
    cell: Piece<'c>,
    is_separator: impl Fn(char) -> bool + Copy,
    mut read: impl FnMut(Piece<'c>) -> Field<T>,
) -> Fields<T> {
    let mut items = Vec::with_capacity(cell.text.matches(is_separator).count() + 1);
    let written = cell.split(is_separator).map(Piece::trimmed);
    items.extend(written.filter(|item| !item.text.is_empty()).map(&mut read));
    Field::Given(items, cell.span())
}

/// What `true` and `false`, `yes` and `no` stand for, in turn.
const TRUTHS: [&str; 4] = ["true", "false", "yes", "no"];

/// `true` or `false`, `yes` or `no`, in any case.
pub(super) fn truth_of(text: &str) -> Option<bool> {
    TRUTHS.iter().position(|word| word.eq_ignore_ascii_case(text)).map(|at| at % 2 == 0)
}

/// The same for a cell.
pub(super) fn truth(cell: Piece<'_>, faults: &mut Vec<Fault>) -> Field<bool> {
    if let Some(is_true) = truth_of(cell.text) {
        return Field::Given(is_true, cell.span());
    }
    let fault = Fault::new(Code::UnknownValue, cell.span()).with("found", cell.text);
    noted(fault.with("allowed", TRUTHS.join(", ")).suggesting(cell.text, TRUTHS), faults)
}

fn whole_number(piece: Piece<'_>, faults: &mut Vec<Fault>) -> Field<i32> {
    let digits = piece.text.strip_prefix('-').unwrap_or(piece.text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = if digits.is_empty() { "kind.nothing" } else { "kind.text" };
        let fault = Fault::new(Code::WrongType, piece.span());
        return noted(fault.with("expected", "kind.whole-number").with("found", found), faults);
    }
    match piece.text.parse() {
        Ok(number) => Field::Given(number, piece.span()),
        Err(_) => noted(Fault::new(Code::OutOfRange, piece.span()).with("found", piece.text), faults),
    }
}
