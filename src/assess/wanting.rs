//! Reasoning: which facts were missed, and what hangs on them.

use std::borrow::Cow;

use super::{Detail, Subject};
use crate::assessment::{Allowed, Need, Part};
use crate::facts::Fact;

/// The facts that were missed, and what for, in the order in which they were first missed. A row tells no more than
/// where a profile states them.
#[derive(Default)]
pub(super) struct Wanting<'r>(Vec<Need<'r>>);

impl<'r> Wanting<'r> {
    pub(super) fn into_needs(self) -> Vec<Need<'r>> {
        self.0
    }

    /// Adds what was missed of somebody else of the case.
    pub(super) fn add(&mut self, Self(needs): Self) {
        for need in needs {
            let Some(known) = self.0.iter_mut().find(|known| known.fact == need.fact) else {
                self.0.push(need);
                continue;
            };
            add_new(&mut known.affects, need.affects);
            add_new(&mut known.parts, need.parts);
        }
    }

    fn note(
        &mut self,
        subject: &Subject<'_, 'r>,
        (key, is_own): (&'static str, bool),
        allowed: impl FnOnce() -> Allowed<'r>,
        part: Part,
        affects: &'r str,
    ) {
        let fact = if is_own && !subject.is_applicant() {
            Cow::Owned(format!("{}.{key}", subject.label()))
        } else {
            Cow::Borrowed(key)
        };
        let at = self.0.iter().position(|need| need.fact == fact);
        if subject.detail == Detail::Row {
            if at.is_none() {
                self.0.push(Need { fact, parts: Vec::new(), allowed: Allowed::Day, affects: Vec::new() });
            }
            return;
        }
        let at = at.unwrap_or_else(|| {
            // Mostly documents hang on a fact: with room for all of them the list is not moved while it grows.
            let affects = Vec::with_capacity(subject.book.documents.len());
            self.0.push(Need { fact, parts: Vec::new(), allowed: allowed(), affects });
            self.0.len() - 1
        });
        let need = &mut self.0[at];
        add_new(&mut need.affects, [affects]);
        add_new(&mut need.parts, [part]);
    }

    /// The value of a fact.
    pub(super) fn fact(&mut self, subject: &Subject<'_, 'r>, fact: Fact, part: Part, affects: &'r str) {
        let key = (fact.profile_key(), matches!(fact, Fact::Age | Fact::DocumentKind));
        let vocabulary = &subject.book.vocabulary;
        self.note(subject, key, || Allowed::Words(vocabulary.values(fact)), part, affects);
    }

    /// A day that is stated of this person.
    pub(super) fn own_day(&mut self, subject: &Subject<'_, 'r>, key: &'static str, part: Part, affects: &'r str) {
        self.note(subject, (key, true), || Allowed::Day, part, affects);
    }

    /// A day that is stated of the whole case.
    pub(super) fn day(&mut self, subject: &Subject<'_, 'r>, key: &'static str, part: Part, affects: &'r str) {
        self.note(subject, (key, false), || Allowed::Day, part, affects);
    }

    /// A number that is stated of this person.
    pub(super) fn own_number(&mut self, subject: &Subject<'_, 'r>, key: &'static str, part: Part, affects: &'r str) {
        self.note(subject, (key, true), || Allowed::Number, part, affects);
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
