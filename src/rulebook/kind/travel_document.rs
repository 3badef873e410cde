//! With which documents one may enter, and how long they should outlive the stay.

use super::{Checker, Countries, Keys, Kind, List, Needed, RuleBook, RuleKind, Span, VersionOf, listed};
use crate::facts::Fact;
use crate::rulebook::written::written_rules;

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct EntryDocument {
    /// Kinds of travel document, by their place in the vocabulary.
    pub accepts: List<u8>,
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PassportMargin {
    /// Months past the end of stay.
    pub months: u32,
}

written_rules! {
    /// Travel documents that are enough to enter.
    EntryDocument {}
    EntryDocumentVersion {
        /// Kinds of travel documents.
        accepts: Fields<String> [needed filled],
    }
    /// How long the travel document should outlive the stay.
    PassportMargin {}
    PassportMarginVersion {
        /// So many months.
        months: Field<u32> [needed positive],
    }
}

impl RuleKind for EntryDocument {
    type Written = written::EntryDocument;
    const KIND: Kind = Kind::EntryDocument;
    const IS_COLLECTED: bool = true;
    const NEEDED: Needed = Needed::ByEverybody;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        let accepted = checker.required_items(&version.accepts, "accepts", span);
        let value = |(kind, place): (&String, _)| checker.value_of(Fact::DocumentKind, kind, place);
        Self { accepts: accepted.into_iter().filter_map(value).collect() }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let kinds = &book.vocabulary.travel_documents;
        vec![("accepts", listed(self.accepts.iter().map(|at| &kinds[usize::from(*at)].id)))]
    }
}

impl RuleKind for PassportMargin {
    type Written = written::PassportMargin;
    const KIND: Kind = Kind::PassportMargin;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self { months: checker.number(&version.months, "months", span, 1) }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        vec![("months", self.months.to_string())]
    }
}
