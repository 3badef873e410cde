//! Reasoning: which facts were missed, and what hangs on them.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::subject::label_of;
use super::{Detail, Subject};
use crate::assessment::{Allowed, Need, Part};
use crate::facts::Fact;
use crate::profile::edit::FactName;
use crate::profile::fields::{Field, Owner};

/// Where a profile states a field of the person with this place; what is stated of the whole case, where the applicant
/// states it.
fn name(place: usize, field: Field) -> Cow<'static, str> {
    let path = FactName::from(field).path();
    if place == 0 { Cow::Borrowed(path) } else { Cow::Owned(format!("{}.{path}", label_of(place))) }
}

/// The facts that were missed, and what for, in the order in which they were first missed.
#[derive(Default)]
pub(super) struct Wanting<'r> {
    needs: Vec<Need<'r>>,
    /// For a row, which tells no more than where a profile states them: each with the place of the person.
    missed: SmallVec<[(u16, Field); 6]>,
}

impl<'r> Wanting<'r> {
    /// The facts as an answer tells them; what a row tells is added to this list.
    pub(super) fn into_needs(self, mut list: Vec<Need<'r>>) -> Vec<Need<'r>> {
        let named = |(place, missed): (u16, Field)| {
            let fact = name(place.into(), missed);
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

    fn note_for_row(&mut self, missed: (u16, Field)) {
        if !self.missed.contains(&missed) {
            self.missed.push(missed);
        }
    }

    fn note(
        &mut self,
        subject: &Subject<'_, 'r>,
        missed: Field,
        allowed: impl FnOnce() -> Allowed<'r>,
        part: Part,
        affects: &'r str,
    ) {
        let place = if missed.row().owner == Owner::Case { 0 } else { subject.place };
        if subject.detail == Detail::Row {
            self.note_for_row((u16::try_from(place).unwrap_or(u16::MAX), missed));
            return;
        }
        let fact = name(place, missed);
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
        self.note(subject, Field::deciding(fact), || Allowed::Words(vocabulary.values(fact)), part, affects);
    }

    /// A day.
    pub(super) fn day(&mut self, subject: &Subject<'_, 'r>, missed: Field, part: Part, affects: &'r str) {
        self.note(subject, missed, || Allowed::Day, part, affects);
    }

    /// A number.
    pub(super) fn number(&mut self, subject: &Subject<'_, 'r>, missed: Field, part: Part, affects: &'r str) {
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
