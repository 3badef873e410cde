//! Which facts are missing, and what depends on them.

use std::borrow::Cow;

use super::Subject;
use super::subject::label_of;
use crate::assessment::{Allowed, Need, Part};
use crate::facts::Fact;
use crate::rulebook::Vocabulary;

/// Something that a profile can say, and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingFact {
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

impl MissingFact {
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

    /// The values it can have.
    fn allowed(self, vocabulary: &Vocabulary) -> Allowed<'_> {
        match self {
            Self::BIRTH_DATE => Allowed::Day,
            Self::Fact(fact) => Allowed::Words(vocabulary.values(fact)),
            Self::Stay | Self::Exit | Self::ContractUntil | Self::DocumentExpires => Allowed::Day,
            Self::DaysPerEntry => Allowed::Number,
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

/// The facts that a case leaves open, in the order in which they were found missing, once for all that depends on them.
#[derive(Clone, Default, Debug)]
pub struct MissingFacts<'r>(Vec<Missing<'r>>);

#[derive(Clone, Copy, Debug)]
struct Missing<'r> {
    fact: MissingFact,
    /// Of the person who would state it: 0 for the applicant, then the members of the family.
    place: u16,
    /// Of the person for whom it is missing.
    missed_of: u16,
    part: Part,
    /// The id of what depends on it; `None` for the documents whose rules ask for it.
    affects: Option<&'r str>,
}

/// A document that depends on an unknown fact.
pub(super) struct OpenDocument<'r> {
    pub(super) place: usize,
    pub(super) fact: Fact,
    pub(super) id: &'r str,
}

impl<'r> MissingFacts<'r> {
    pub(super) fn note(&mut self, subject: &Subject<'_, 'r>, fact: MissingFact, part: Part, affects: &'r str) {
        self.push(subject, fact, part, Some(affects));
    }

    /// A fact that rules of documents ask for.
    pub(super) fn note_for_documents(&mut self, subject: &Subject<'_, 'r>, fact: Fact) {
        self.push(subject, MissingFact::Fact(fact), Part::Documents, None);
    }

    fn push(&mut self, subject: &Subject<'_, 'r>, fact: MissingFact, part: Part, affects: Option<&'r str>) {
        let missed_of = u16::try_from(subject.place).unwrap_or(u16::MAX);
        let place = if fact.is_own() { missed_of } else { 0 };
        self.0.push(Missing { fact, place, missed_of, part, affects });
    }

    /// Where a profile states them, each once.
    pub fn names(&self) -> impl Iterator<Item = Cow<'static, str>> {
        let is_first = |at: usize, missing: &Missing<'_>| {
            !self.0[..at].iter().any(|known| (known.fact, known.place) == (missing.fact, missing.place))
        };
        let first = self.0.iter().enumerate().filter(move |(at, missing)| is_first(*at, missing));
        first.map(|(_, missing)| missing.fact.name(missing.place.into()))
    }

    /// The facts with all that depends on them.
    pub(super) fn needs(&self, vocabulary: &'r Vocabulary, documents: &[OpenDocument<'r>]) -> Vec<Need<'r>> {
        let mut needs: Vec<Need<'r>> = Vec::new();
        for Missing { fact, place, missed_of, part, affects } in &self.0 {
            let name = fact.name((*place).into());
            let at = needs.iter().position(|need| need.fact == name).unwrap_or_else(|| {
                let allowed = fact.allowed(vocabulary);
                needs.push(Need { fact: name, parts: Vec::new(), allowed, affects: Vec::new() });
                needs.len() - 1
            });
            let need = &mut needs[at];
            let such = |open: &&OpenDocument<'_>| {
                open.place == usize::from(*missed_of) && MissingFact::Fact(open.fact) == *fact
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

/// Adds what is not there yet.
fn add_new<T: PartialEq>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}
