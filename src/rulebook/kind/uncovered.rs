//! Whose stay the pack does not decide.

use super::{Checker, Countries, Keys, Kind, RuleBook, RuleKind, Span, Text, VersionOf, id_of};
use crate::rulebook::written::{words, written_rules};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Uncovered {
    pub status: UncoveredStatus,
    pub scope: UncoveredScope,
    /// A text key.
    pub text: Text,
}

words! {
    /// Whether a rule requires a visa, or nothing is known.
    UncoveredStatus { VisaRequired = "visa-required", NotCovered = "not-covered", }
    /// What is left undecided: the stay, what comes after the last day by the limits, or all that rules speak of.
    UncoveredScope { Always = "always", PastLastDay = "past-last-day", Everything = "everything", }
}

written_rules! {
    /// Whose stay the pack does not decide.
    Uncovered {}
    UncoveredVersion {
        /// What the answer calls the stay.
        status: Field<UncoveredStatus> [needed],
        /// `always`: no limit is looked for. `past-last-day`: the limit holds, but days past it are not called an
        /// overstay. `everything`: the rules do not speak of such persons, nothing is asked of them.
        applies: Field<UncoveredScope> [needed],
        /// A key under `[uncovered]` of the texts.
        text: Field<String> [needed],
    }
}

impl Uncovered {
    /// Whether no limit is looked for.
    fn is_whole(&self) -> bool {
        self.scope != UncoveredScope::PastLastDay
    }
}

impl RuleKind for Uncovered {
    type Written = written::Uncovered;
    const KIND: Kind = Kind::Uncovered;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self {
            status: checker.value(&version.status, "status", span).unwrap_or(UncoveredStatus::NotCovered),
            scope: checker.value(&version.applies, "applies", span).unwrap_or(UncoveredScope::Always),
            text: checker.key_of(&version.text, "text", "uncovered", span),
        }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        let words = [("status", self.status.name()), ("applies", self.scope.name())];
        let text = ("text", id_of(&self.text));
        words.map(|(key, word)| (key, word.to_owned())).into_iter().chain([text]).collect()
    }

    fn competes(&self, other: &Self) -> bool {
        self.is_whole() == other.is_whole()
    }

    fn hides(&self) -> &'static [Kind] {
        if self.is_whole() { &[Kind::StayLimit] } else { &[] }
    }
}
