//! Reasoning: which facts were missed, and what hangs on them.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::subject::label_of;
use super::{Detail, Subject};
use crate::assessment::{Allowed, Need, Part};
use crate::facts::Fact;

/// Something that a profile can say, and does not.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Missed {
    /// The value of a fact.
    Fact(Fact),
    /// Any stay.
    Stay,
    /// The exit of the stay at hand.
    Exit,
    /// The last day of the contract.
    ContractUntil,
    /// The last day of the travel document.
    DocumentExpires,
    /// The days of each entry that are printed on a visa.
    DaysPerEntry,
}

impl Missed {
    /// The day of birth: rules ask for the age.
    pub(super) const BIRTH_DATE: Self = Self::Fact(Fact::Age);

    const fn key(self) -> &'static str {
        match self {
            Self::Fact(fact) => fact.profile_key(),
            Self::Stay => "stays[]",
            Self::Exit => "stays[].exit",
            Self::ContractUntil => "employment.contract_until",
            Self::DocumentExpires => "travel_document.expires",
            Self::DaysPerEntry => "permits[].days_per_entry",
        }
    }

    /// Whether it is stated of each person, and not of the whole case.
    const fn is_own(self) -> bool {
        match self {
            Self::Fact(fact) => matches!(fact, Fact::Age | Fact::DocumentKind),
            Self::Stay | Self::Exit | Self::DocumentExpires | Self::DaysPerEntry => true,
            Self::ContractUntil => false,
        }
    }

    /// Where a profile states it of the person with this place.
    fn name(self, place: usize) -> Cow<'static, str> {
        match place {
            0 => Cow::Borrowed(self.key()),
            _ => Cow::Owned(format!("{}.{}", label_of(place), self.key())),
        }
    }
}

/// The facts that were missed, and what for, in the order in which they were first missed.
#[derive(Default)]
pub(super) struct Wanting<'r> {
    needs: Vec<Need<'r>>,
    /// For a row, which tells no more than where a profile states them: each with the place of the person.
    missed: SmallVec<[(u16, Missed); 6]>,
}

impl<'r> Wanting<'r> {
    /// The facts as an answer tells them; what a row tells is added to this list.
    pub(super) fn into_needs(self, mut list: Vec<Need<'r>>) -> Vec<Need<'r>> {
        let named = |(place, missed): (u16, Missed)| {
            let fact = missed.name(place.into());
            Need { fact, parts: Vec::new(), allowed: Allowed::Day, affects: Vec::new() }
        };
        if self.missed.is_empty() {
            return self.needs;
        }
        list.extend(self.missed.into_iter().map(named));
        list
    }

    /// Adds what was missed of somebody else of the case.
    pub(super) fn add(&mut self, other: Self) {
        for missed in other.missed {
            self.note_for_row(missed);
        }
        for need in other.needs {
            let Some(known) = self.needs.iter_mut().find(|known| known.fact == need.fact) else {
                self.needs.push(need);
                continue;
            };
            add_new(&mut known.affects, need.affects);
            add_new(&mut known.parts, need.parts);
        }
    }

    fn note_for_row(&mut self, missed: (u16, Missed)) {
        if !self.missed.contains(&missed) {
            self.missed.push(missed);
        }
    }

    fn note(
        &mut self,
        subject: &Subject<'_, 'r>,
        missed: Missed,
        allowed: impl FnOnce() -> Allowed<'r>,
        part: Part,
        affects: &'r str,
    ) {
        let place = if missed.is_own() { subject.place } else { 0 };
        if subject.detail == Detail::Row {
            self.note_for_row((u16::try_from(place).unwrap_or(u16::MAX), missed));
            return;
        }
        let fact = missed.name(place);
        let at = self.needs.iter().position(|need| need.fact == fact).unwrap_or_else(|| {
            // Mostly documents hang on a fact: with room for all of them the list is not moved while it grows.
            let affects = Vec::with_capacity(subject.book.documents.len());
            self.needs.push(Need { fact, parts: Vec::new(), allowed: allowed(), affects });
            self.needs.len() - 1
        });
        let need = &mut self.needs[at];
        add_new(&mut need.affects, [affects]);
        add_new(&mut need.parts, [part]);
    }

    /// The value of a fact.
    pub(super) fn fact(&mut self, subject: &Subject<'_, 'r>, fact: Fact, part: Part, affects: &'r str) {
        let vocabulary = &subject.book.vocabulary;
        self.note(subject, Missed::Fact(fact), || Allowed::Words(vocabulary.values(fact)), part, affects);
    }

    /// A day.
    pub(super) fn day(&mut self, subject: &Subject<'_, 'r>, missed: Missed, part: Part, affects: &'r str) {
        self.note(subject, missed, || Allowed::Day, part, affects);
    }

    /// A number.
    pub(super) fn number(&mut self, subject: &Subject<'_, 'r>, missed: Missed, part: Part, affects: &'r str) {
        self.note(subject, missed, || Allowed::Number, part, affects);
    }
}

/// Adds what is not there yet.
fn add_new<T: PartialEq>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}
