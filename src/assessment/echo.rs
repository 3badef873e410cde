//! Nouns: the facts of a profile as understood, in the words of the pack.

use crate::profile::{Employment, FamilyMember, Person, Profile};
use crate::rulebook::{VISA_FREE, Vocabulary};
use crate::source::Text;

/// A profile in the words of the vocabulary it was checked against.
#[derive(Clone, Copy, Debug)]
pub struct Echo<'r> {
    /// The profile.
    pub profile: &'r Profile,
    /// The words.
    pub vocabulary: &'r Vocabulary,
}

impl<'r> Echo<'r> {
    fn word(list: &'r [Text], at: Option<u8>) -> Option<&'r str> {
        at.map(|at| &*list[usize::from(at)])
    }

    /// Purpose of stay.
    #[must_use]
    pub fn purpose(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.purposes, self.profile.purpose)
    }

    /// Kind of employer.
    #[must_use]
    pub fn employer(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.employers, self.profile.employment.employer)
    }

    /// Kind of work.
    #[must_use]
    pub fn work(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.work, self.profile.employment.work)
    }

    /// The job.
    #[must_use]
    pub fn employment(&self) -> &'r Employment {
        &self.profile.employment
    }

    /// Where the application is filed.
    #[must_use]
    pub fn channel(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.filing_channels, self.profile.filing.channel)
    }

    /// Owner of the housing.
    #[must_use]
    pub fn housing_owner(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.housing_owners, self.profile.housing_owner)
    }

    /// Kind of a person's travel document.
    #[must_use]
    pub fn document_kind(&self, person: &Person) -> &'r str {
        &self.vocabulary.travel_documents[usize::from(person.document_kind)].id
    }

    /// Kind of a permit.
    #[must_use]
    pub fn permit_kind(&self, kind: u8) -> &'r str {
        &self.vocabulary.permits[usize::from(kind)].id
    }

    /// Relation of a family member.
    #[must_use]
    pub fn relation(&self, member: &FamilyMember) -> &'r str {
        &self.vocabulary.relations[usize::from(member.relation)]
    }

    /// The basis of a stay: the permit kind, or [`VISA_FREE`].
    #[must_use]
    pub fn basis(&self, kind: Option<u8>) -> &'r str {
        kind.map_or(VISA_FREE, |kind| self.permit_kind(kind))
    }
}
