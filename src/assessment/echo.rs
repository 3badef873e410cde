//! Nouns: the facts of a profile as understood, in the words of the pack.

use crate::facts::Fact;
use crate::profile::{FamilyMember, Person, Profile};
use crate::rulebook::Vocabulary;

/// A profile in the words of the vocabulary it was checked against.
#[derive(Clone, Copy, Debug)]
pub struct Echo<'r> {
    pub profile: &'r Profile,
    pub vocabulary: &'r Vocabulary,
}

impl<'r> Echo<'r> {
    /// The word for a fact of the case, where it is known.
    pub fn word(&self, fact: Fact) -> Option<&'r str> {
        self.vocabulary.word(fact, self.profile.facts.value(fact)?)
    }

    /// Kind of a person's travel document.
    pub fn document_kind(&self, person: &Person) -> &'r str {
        &self.vocabulary.travel_documents[usize::from(person.document_kind)].id
    }

    /// Kind of a permit.
    pub fn permit_kind(&self, kind: u8) -> &'r str {
        &self.vocabulary.permits[usize::from(kind)].id
    }

    /// Relation of a family member.
    pub fn relation(&self, member: &FamilyMember) -> &'r str {
        &self.vocabulary.relations[usize::from(member.relation)]
    }
}
