//! The words of a pack for the values of facts.

use crate::facts::Fact;
use crate::source::{List, Text};

#[derive(Clone, Debug, Default, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Vocabulary {
    pub purposes: List<Text>,
    pub employers: List<Text>,
    pub work: List<Text>,
    pub positions: List<Text>,
    pub housing_owners: List<Text>,
    pub inviters: List<Text>,
    /// Family relations; the applicant (`self`) is not among them.
    pub relations: List<Text>,
    pub filing_channels: List<Text>,
    pub travel_documents: List<TravelDocumentKind>,
    pub permits: List<PermitKind>,
    /// Age groups, youngest first.
    pub age_groups: List<AgeGroup>,
    /// Ids of all documents of the matrix.
    pub documents: List<Text>,
    /// Ids of the amounts that fines are counted in, in the order of their rules.
    pub amounts: List<Text>,
    pub categories: List<Text>,
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct TravelDocumentKind {
    pub id: Text,
    /// At the border it is as good as this kind, by its place in the list.
    pub accepted_as: u8,
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PermitKind {
    pub id: Text,
    /// Whether it may limit the days of each stay.
    pub days_per_entry: bool,
    /// Whether it may limit the number of entries.
    pub entries: bool,
    /// Whether it may be without an end.
    pub open_ended: bool,
    /// Public id of the deadline for filing for it.
    pub filing: Text,
}

/// An age group: those who are in no earlier group and younger than `below`.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct AgeGroup {
    pub id: Text,
    /// Full years; `None` for the last group.
    pub below: Option<u32>,
}

/// The value of the fact `basis` for somebody without a permit.
pub const VISA_FREE: &str = "visa-free";
/// The value of the fact `relation` for the applicant.
pub const APPLICANT: &str = "self";

impl Vocabulary {
    /// The word for a fact's value, by its number.
    pub fn word(&self, fact: Fact, number: u8) -> Option<&str> {
        self.values(fact).into_iter().nth(number.into())
    }

    /// The words for a fact's values, in the order of their numbers.
    pub fn values(&self, fact: Fact) -> Vec<&str> {
        fn words(list: &[Text]) -> impl Iterator<Item = &str> {
            list.iter().map(|word| &**word)
        }
        match fact {
            Fact::Category => words(&self.categories).collect(),
            Fact::DocumentKind => self.travel_documents.iter().map(|kind| &*kind.id).collect(),
            Fact::Purpose => words(&self.purposes).collect(),
            Fact::Basis => std::iter::once(VISA_FREE).chain(self.permits.iter().map(|kind| &*kind.id)).collect(),
            Fact::Employer => words(&self.employers).collect(),
            Fact::Work => words(&self.work).collect(),
            Fact::Position => words(&self.positions).collect(),
            Fact::PermitExempt => vec!["false", "true"],
            Fact::Channel => words(&self.filing_channels).collect(),
            Fact::HousingOwner => words(&self.housing_owners).collect(),
            Fact::Inviter => words(&self.inviters).collect(),
            Fact::Relation => std::iter::once(APPLICANT).chain(words(&self.relations)).collect(),
            Fact::Age => self.age_groups.iter().map(|group| &*group.id).collect(),
        }
    }

    /// The words for a set of values, given as bits.
    pub fn words(&self, fact: Fact, values: u64) -> Vec<&str> {
        let known = self.values(fact).into_iter().enumerate();
        known.filter(|(at, _)| values >> at & 1 == 1).map(|(_, word)| word).collect()
    }
}
