//! How the values of fields are written as text: the same in a file, a flag, a cell of a list, and an answer.
//!
//! Blanks around a value are no part of it. Words of more than one letter case are taken for what they mean.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::fields::Field;
use super::{Moment, Record};
use crate::calendar::{Day, DayFault};
use crate::source::{Code, Fault, Span};
use crate::tree::{Node, Value, day_fault};

/// What a list is called that has nothing in it.
pub const NONE: &str = "none";

/// The days that profiles may name.
pub(super) const ANY_DAY: RangeInclusive<Day> = Day::FIRST..=Day::LAST;

/// A text, and where it stands: with the quotes around it, in a file.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'t> {
    pub text: &'t str,
    pub span: Span,
}

impl<'t> Piece<'t> {
    /// The part of the text with this number that begins at this byte.
    pub fn new(text: &'t str, number: u16, start: usize) -> Self {
        Self { text, span: Span::new(number, start..start + text.len()) }
    }

    /// The piece as a value of a tree.
    pub fn node(self) -> Node<'t> {
        Node { span: self.span, value: Value::Text(Cow::Borrowed(self.text)) }
    }

    /// A part of the piece, by its bytes. Where something in the piece is written with an escape, nobody knows where
    /// exactly the part stands.
    fn part(self, bytes: std::ops::Range<usize>) -> Self {
        const QUOTE: usize = 1;
        let text = &self.text[bytes.clone()];
        let written = self.span.range();
        let before = match written.len().checked_sub(self.text.len()) {
            _ if text.len() == self.text.len() => None,
            Some(0) => Some(0),
            Some(more) if more == 2 * QUOTE => Some(QUOTE),
            _ => None,
        };
        let place = |before| {
            let start = written.start + before + bytes.start;
            Span::new(self.span.text, start..start + text.len())
        };
        Self { text, span: before.map_or(self.span, place) }
    }

    /// The same without blanks around it. Mostly there are none.
    pub fn trimmed(self) -> Self {
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let bytes = self.text.as_bytes();
        if is_letter(bytes.first()) && is_letter(bytes.last()) {
            return self;
        }
        let start = self.text.len() - self.text.trim_start().len();
        self.part(start..start + self.text.trim().len())
    }

    /// What stands before this byte, and what stands behind a separator of so many bytes there.
    fn split_at(self, at: usize, separator: usize) -> (Self, Self) {
        (self.part(0..at), self.part(at + separator..self.text.len()))
    }

    /// The items between semicolons (and blanks, where `by_blanks`), without blanks around them. What is blank is no
    /// item.
    pub(super) fn items(self, by_blanks: bool) -> impl Iterator<Item = Self> {
        let mut next = Some(0);
        let parts = std::iter::from_fn(move || {
            let start = next?;
            let rest = &self.text[start..];
            let is_separator = |letter: char| letter == ';' || letter.is_whitespace();
            let end = if by_blanks { rest.find(is_separator) } else { memchr::memchr(b';', rest.as_bytes()) };
            let separator = |end: usize| rest[end..].chars().next().map_or(0, char::len_utf8);
            next = end.map(|end| start + end + separator(end));
            Some(self.part(start..end.map_or(self.text.len(), |end| start + end)).trimmed())
        });
        parts.filter(|piece| !piece.text.is_empty())
    }
}

/// How days are written in a list. `2026-12-31` is read in all of them: it cannot be taken for another day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    #[default]
    Iso,
    /// `31.12.2026`.
    Dmy,
    /// `31/12/2026`.
    DmySlash,
    /// `12/31/2026`.
    Mdy,
}

impl DateFormat {
    pub const ALL: [(&'static str, Self); 4] =
        [("iso", Self::Iso), ("dmy", Self::Dmy), ("dmy-slash", Self::DmySlash), ("mdy", Self::Mdy)];

    /// The day that a text is in this format.
    pub fn day(self, text: &str) -> Option<Day> {
        day(Piece::new(text, 0, 0), self, &ANY_DAY).ok()
    }

    /// The letters of a day as `YYYY-MM-DD`, where they are written in another form of this format.
    fn iso(self, letters: &[u8; 10]) -> Option<[u8; 10]> {
        match (self, letters) {
            (Self::Dmy, &[d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4])
            | (Self::DmySlash, &[d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4])
            | (Self::Mdy, &[m1, m2, b'/', d1, d2, b'/', y1, y2, y3, y4]) => {
                Some([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2])
            }
            _ => None,
        }
    }

    /// What to say of a day that is none in this format and might be one in another: a note, by its key.
    pub fn other_format(self, text: &str) -> Option<&'static str> {
        let mut parts = text.split(['.', '/']);
        let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if !parts.all(is_number) || text.len() < 8 {
            return None;
        }
        let note = if text.contains('/') { "diagnostic_hint.slashes" } else { "diagnostic_hint.dots" };
        let is_read = if text.contains('/') { matches!(self, Self::DmySlash | Self::Mdy) } else { self == Self::Dmy };
        (!is_read).then_some(note)
    }
}

/// A day within these days, both ends included.
pub(super) fn day(piece: Piece<'_>, dates: DateFormat, within: &RangeInclusive<Day>) -> Result<Day, Fault> {
    let piece = piece.trimmed();
    let letters: Option<&[u8; 10]> = piece.text.as_bytes().try_into().ok();
    let Some(letters) = letters else { return Err(day_fault(piece.text, piece.span)) };
    let iso = dates.iso(letters);
    match Day::from_letters(iso.as_ref().unwrap_or(letters)) {
        Ok(day) if within.contains(&day) => Ok(day),
        Ok(_) => {
            let fault = Fault::new(Code::DayOutOfRange, piece.span).with("found", piece.text);
            Err(fault.with("first", within.start()).with("last", within.end()))
        }
        Err(DayFault::NoSuchDay) => Err(Fault::new(Code::NoSuchDay, piece.span).with("found", piece.text)),
        Err(DayFault::Form) => Err(day_fault(piece.text, piece.span)),
    }
}

/// A day, or a day with a time (`DAYTHH:MM`).
pub(super) fn moment(piece: Piece<'_>, dates: DateFormat) -> Result<Moment, Fault> {
    let piece = piece.trimmed();
    let time = piece.text.get(10..).and_then(|rest| rest.strip_prefix(['T', ' ']));
    let Some(time) = time else {
        return day(piece, dates, &ANY_DAY).map(|day| Moment { day, minute: None });
    };
    let (before, _) = piece.split_at(10, 1);
    let day = day(before, dates, &ANY_DAY)?;
    let minute = minute(time).ok_or_else(|| Fault::new(Code::BadTime, piece.span).with("found", piece.text))?;
    Ok(Moment { day, minute: Some(minute) })
}

/// `HH:MM` as minutes since midnight; the seconds that TOML adds to a native time are taken when they are zero.
fn minute(time: &str) -> Option<u16> {
    let part = |range: std::ops::Range<usize>, below: u16| {
        let digits = time.get(range)?;
        let number: u16 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
        (number < below).then_some(number)
    };
    let has_form = time.len() == 5 || (time.len() == 8 && time.ends_with(":00"));
    let (hour, minute) = (part(0..2, 24)?, part(3..5, 60)?);
    (has_form && time.as_bytes()[2] == b':').then_some(hour * 60 + minute)
}

/// What yes and no are called, in English and as spreadsheets in Russian and Kazakh have them.
const YES: [&str; 6] = ["yes", "true", "да", "истина", "иә", "ақиқат"];
const NO: [&str; 5] = ["no", "false", "нет", "ложь", "жоқ"];
const ANSWERS: [&str; 4] = ["yes", "no", "true", "false"];

fn is_yes(text: &str) -> Option<bool> {
    /// No answer is longer.
    const LONGEST: usize = 16;
    if text.len() > LONGEST || text.bytes().next().is_none_or(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let written = text.to_lowercase();
    let is_one_of = |words: &[&str]| words.contains(&&*written);
    is_one_of(&YES).then_some(true).or_else(|| is_one_of(&NO).then_some(false))
}

/// `yes` or `no`, `true` or `false`, in any case.
pub(super) fn yes_no(piece: Piece<'_>) -> Result<bool, Fault> {
    let piece = piece.trimmed();
    is_yes(piece.text).ok_or_else(|| {
        let fault = Fault::new(Code::UnknownValue, piece.span).with("found", piece.text);
        fault.with("allowed", ANSWERS.join(", ")).suggesting(piece.text, ANSWERS)
    })
}

/// The day on which something was done, or that it was not.
pub(super) fn day_or_no(piece: Piece<'_>, dates: DateFormat) -> Result<Record, Fault> {
    match is_yes(piece.trimmed().text) {
        Some(false) => Ok(Record::NotDone),
        // It says that it was done, and not on which day.
        Some(true) => Err(Fault::new(Code::BadDay, piece.span).with("found", piece.text).with("day", "")),
        None => day(piece, dates, &ANY_DAY).map(Record::Done),
    }
}

/// A whole number, with or without a sign.
pub(super) fn number(piece: Piece<'_>) -> Result<i32, Fault> {
    let piece = piece.trimmed();
    let digits = piece.text.strip_prefix('-').unwrap_or(piece.text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = if digits.is_empty() { "kind.nothing" } else { "kind.text" };
        let fault = Fault::new(Code::WrongType, piece.span);
        return Err(fault.with("expected", "kind.whole-number").with("found", found));
    }
    piece.text.parse().map_err(|_| Fault::new(Code::OutOfRange, piece.span).with("found", piece.text))
}

/// The two days of a run as programs write it, without blanks, the first with its place. Looking for this first makes
/// rows of tables much cheaper; whatever is written in another way is read by [`run`].
pub(super) fn usual_run(piece: Piece<'_>) -> Option<(Day, Day, Span)> {
    let letters: &[u8; 22] = piece.text.as_bytes().try_into().ok()?;
    let (first, rest) = letters.split_first_chunk()?;
    let last = rest.strip_prefix(b"..")?.first_chunk()?;
    let (first, last) = days(first, last)?;
    Some((first, last, piece.part(0..10).span))
}

/// Two days in order, if they are such.
pub(super) fn days(first: &[u8; 10], last: &[u8; 10]) -> Option<(Day, Day)> {
    let (first, last) = (Day::from_letters(first).ok()?, Day::from_letters(last).ok()?);
    let is_good = *ANY_DAY.start() <= first && first <= last && last <= *ANY_DAY.end();
    is_good.then_some((first, last))
}

/// The first and the last day of `FIRST..LAST`; of `FIRST..` the last one is empty.
pub(super) fn run(piece: Piece<'_>) -> Result<(Piece<'_>, Piece<'_>), Fault> {
    let parts = split_run(piece).filter(|(first, _)| !first.text.is_empty());
    parts.ok_or_else(|| {
        let piece = piece.trimmed();
        let mut fault = Fault::new(Code::BadRange, piece.span).with("found", piece.text);
        if piece.text.starts_with("..") {
            fault = fault.with("first", "");
        }
        match meant_run(piece.text) {
            Some(meant) => fault.with("suggestion", meant),
            None => fault,
        }
    })
}

fn split_run(piece: Piece<'_>) -> Option<(Piece<'_>, Piece<'_>)> {
    /// The letters of a day: mostly the first one stands at the beginning, without blanks.
    const DAY: usize = 10;
    let stands_at = |at: usize| piece.text.as_bytes().get(at..).is_some_and(|behind| behind.starts_with(b".."));
    let at = if stands_at(DAY) { DAY } else { piece.text.find("..")? };
    let (first, last) = piece.split_at(at, "..".len());
    Some((first.trimmed(), last.trimmed()))
}

/// The run of days that a text in another form can only mean: one day, or two with something else between them.
fn meant_run(text: &str) -> Option<String> {
    const BETWEEN: [&str; 6] = [" - ", "–", "—", "/", ":", " "];
    let day = |text: &str| Day::parse(text).ok().or_else(|| Day::meant(text));
    if let Some(day) = day(text) {
        return Some(format!("{day}.."));
    }
    let runs = BETWEEN.iter().filter_map(|between| text.split_once(between));
    let mut meant = runs.filter_map(|(first, last)| Some((day(first)?, day(last)?)));
    meant.next().map(|(first, last)| format!("{first}..{last}"))
}

/// The parts of a permit that is written as one text.
pub(super) struct PackedPermit<'t> {
    pub(super) kind: Piece<'t>,
    pub(super) from: Piece<'t>,
    /// Empty where there is no last day.
    pub(super) until: Piece<'t>,
    pub(super) days_per_entry: Option<Piece<'t>>,
    pub(super) entries: Option<Piece<'t>>,
}

impl<'t> PackedPermit<'t> {
    /// Its parts, by the fields that they are of.
    pub(super) fn parts(self) -> impl Iterator<Item = (Field, Piece<'t>)> {
        let until = Some(self.until).filter(|until| !until.text.is_empty());
        let needed = [(Field::PermitKind, self.kind), (Field::PermitFrom, self.from)];
        let others = [
            (Field::PermitUntil, until),
            (Field::DaysPerEntry, self.days_per_entry),
            (Field::PermitEntries, self.entries),
        ];
        needed.into_iter().chain(others.into_iter().filter_map(|(field, piece)| Some((field, piece?))))
    }
}

/// `KIND:FIRST..LAST` or `KIND:FIRST..`, with or without `/DAYS` of each entry and `xENTRIES` behind it.
pub(super) fn permit(piece: Piece<'_>) -> Result<PackedPermit<'_>, Fault> {
    let parts = piece.text.find(':').and_then(|at| {
        let (kind, days) = piece.split_at(at, 1);
        Some((kind, split_run(days)?))
    });
    let Some((kind, (from, last))) = parts else {
        let piece = piece.trimmed();
        return Err(Fault::new(Code::BadPermit, piece.span).with("found", piece.text));
    };
    if from.text.is_empty() {
        let fault = Fault::new(Code::BadPermit, piece.trimmed().span).with("found", piece.text.trim());
        return Err(fault.with("kind", kind.trimmed().text).with("first", ""));
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let times = last.text.rfind(['x', 'X']).filter(|at| is_number(last.text[at + 1..].trim()));
    let (last, entries) = match times {
        Some(at) => {
            let (before, entries) = last.split_at(at, 1);
            (before.trimmed(), Some(entries.trimmed()))
        }
        None => (last, None),
    };
    // A day has two slashes or none: an odd one stands before the days of each entry.
    let has_days = last.text.matches('/').count() % 2 == 1;
    let (until, days_per_entry) = match last.text.rfind('/').filter(|_| has_days) {
        Some(at) => {
            let (until, days) = last.split_at(at, 1);
            (until.trimmed(), Some(days.trimmed()))
        }
        None => (last, None),
    };
    Ok(PackedPermit { kind: kind.trimmed(), from, until, days_per_entry, entries })
}
