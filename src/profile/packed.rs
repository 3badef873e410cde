//! Nouns: facts packed into one text: `FIRST..LAST` for a run of days, `KIND:FIRST..LAST` for a permit.

use std::borrow::Cow;

use super::written::Word;
use crate::calendar::Day;
use crate::source::{Code, Fault, Span};
use crate::tree::Field;

/// A part of a text, and where it stands there.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'t> {
    /// What is written there.
    pub text: &'t str,
    number: u16,
    start: usize,
}

impl<'t> Piece<'t> {
    /// The part of the text with this number that begins at this byte.
    #[must_use]
    pub const fn new(text: &'t str, number: u16, start: usize) -> Self {
        Self { text, number, start }
    }

    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        Span::new(self.number, self.start..self.start + self.text.len())
    }

    /// The value as written; nothing is as good as left out.
    #[must_use]
    pub fn field(self) -> Word<'t> {
        if self.text.is_empty() { Field::Absent } else { Field::Given(Cow::Borrowed(self.text), self.span()) }
    }

    /// The same without blanks around it.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let text = self.text.trim_start();
        Self { text: text.trim_end(), start: self.start + self.text.len() - text.len(), ..self }
    }

    /// What stands before the first separator, and what stands after it.
    #[must_use]
    pub fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        self.text.find(separator).map(|at| self.split_at(at, separator.len()))
    }

    /// What stands before the last separator, and what stands after it.
    #[must_use]
    pub fn rsplit_once(self, separator: &str) -> Option<(Self, Self)> {
        self.text.rfind(separator).map(|at| self.split_at(at, separator.len()))
    }

    /// The parts between separators; where nothing follows the last one, that is no part.
    pub fn split(self, is_separator: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split_inclusive(is_separator).map(move |part| {
            let piece = Self { text: part.strip_suffix(is_separator).unwrap_or(part), start, ..self };
            start += part.len();
            piece
        })
    }

    fn split_at(self, at: usize, separator: usize) -> (Self, Self) {
        let after = at + separator;
        let before = Self { text: &self.text[..at], ..self };
        (before, Self { text: &self.text[after..], start: self.start + after, ..self })
    }
}

/// The first and the last day of `FIRST..LAST`; of `FIRST..` the last one is empty.
pub fn run(whole: Piece<'_>) -> Result<(Piece<'_>, Piece<'_>), Fault> {
    whole.split_once("..").filter(|(first, _)| !first.text.is_empty()).ok_or_else(|| {
        let fault = Fault::new(Code::BadRange, whole.span()).with("found", whole.text);
        match meant_run(whole.text) {
            Some(meant) => fault.with("suggestion", meant),
            None => fault,
        }
    })
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

/// The kind, the first and the last day of `KIND:FIRST..LAST`; of `KIND:FIRST..` the last one is empty.
pub fn permit(whole: Piece<'_>) -> Result<[Piece<'_>; 3], Fault> {
    let parts = whole.split_once(":").and_then(|(kind, days)| Some((kind, days.split_once("..")?)));
    match parts {
        Some((kind, (first, last))) => Ok([kind, first, last]),
        None => Err(Fault::new(Code::BadPermit, whole.span()).with("found", whole.text)),
    }
}
