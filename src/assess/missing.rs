//! Which facts are missing, and what depends on them.

use std::borrow::Cow;

use super::Subject;
use super::subject::label_of;
use crate::assessment::{Allowed, Need, Part};
use crate::facts::Fact;
use crate::profile::edit::FactName;
use crate::profile::fields::{Field, Form, Owner};
use crate::rulebook::Vocabulary;

/// Where a profile states a field of the person with this place.
fn name(place: usize, field: Field) -> Cow<'static, str> {
    let path = FactName::from(field).path();
    if place == 0 { Cow::Borrowed(path) } else { Cow::Owned(format!("{}.{path}", label_of(place))) }
}

fn allowed(field: Field, vocabulary: &Vocabulary) -> Allowed<'_> {
    match field.form() {
        Form::Word(fact) | Form::YesNo(fact) => Allowed::Words(vocabulary.values(fact)),
        Form::Permits => Allowed::Words(vocabulary.values(Fact::Basis)),
        Form::Number => Allowed::Number,
        _ => Allowed::Day,
    }
}

/// The facts that a case leaves open, in the order in which they were found missing, once for all that depends on them.
#[derive(Clone, Default, Debug)]
pub struct MissingFacts<'r>(Vec<Missing<'r>>);

#[derive(Clone, Copy, Debug)]
struct Missing<'r> {
    fact: Field,
    /// Of the person who would state it: 0 for the applicant, then the members of the family.
    place: u16,
    /// Of the person for whom it is missing.
    missing_for: u16,
    part: Part,
    /// The id of what depends on it; `None` for the documents whose rules ask for it.
    affects: Option<&'r str>,
}

pub(super) struct OpenDocument<'r> {
    pub(super) place: usize,
    pub(super) fact: Fact,
    pub(super) id: &'r str,
}

impl<'r> MissingFacts<'r> {
    pub(super) fn note(&mut self, subject: &Subject<'_, 'r>, fact: Field, part: Part, affects: &'r str) {
        self.push(subject, fact, part, Some(affects));
    }

    /// A fact that rules of documents ask for.
    pub(super) fn note_for_documents(&mut self, subject: &Subject<'_, 'r>, fact: Fact) {
        self.push(subject, Field::deciding(fact), Part::Documents, None);
    }

    fn push(&mut self, subject: &Subject<'_, 'r>, fact: Field, part: Part, affects: Option<&'r str>) {
        let missing_for = u16::try_from(subject.place).unwrap_or(u16::MAX);
        let place = if fact.row().owner == Owner::Case { 0 } else { missing_for };
        self.0.push(Missing { fact, place, missing_for, part, affects });
    }

    /// Where a profile states them, each once.
    pub fn names(&self) -> impl Iterator<Item = Cow<'static, str>> {
        let is_first = |at: usize, missing: &Missing<'_>| {
            !self.0[..at].iter().any(|known| (known.fact, known.place) == (missing.fact, missing.place))
        };
        let first = self.0.iter().enumerate().filter(move |(at, missing)| is_first(*at, missing));
        first.map(|(_, missing)| name(missing.place.into(), missing.fact))
    }

    /// The facts with all that depends on them.
    pub(super) fn needs(&self, vocabulary: &'r Vocabulary, documents: &[OpenDocument<'r>]) -> Vec<Need<'r>> {
        let mut needs: Vec<Need<'r>> = Vec::new();
        for Missing { fact, place, missing_for, part, affects } in &self.0 {
            let fact_name = name((*place).into(), *fact);
            let at = needs.iter().position(|need| need.fact == fact_name).unwrap_or_else(|| {
                let allowed = allowed(*fact, vocabulary);
                needs.push(Need { fact: fact_name, parts: Vec::new(), allowed, affects: Vec::new() });
                needs.len() - 1
            });
            let need = &mut needs[at];
            let such = |open: &&OpenDocument<'_>| {
                open.place == usize::from(*missing_for) && Field::deciding(open.fact) == *fact
            };
            match affects {
                Some(affects) => add_new(&mut need.affects, [*affects]),
                None => add_new(&mut need.affects, documents.iter().filter(such).map(|open| open.id)),
            }
            add_new(&mut need.parts, [*part]);
        }
        needs
    }
}

fn add_new<T: PartialEq>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}
