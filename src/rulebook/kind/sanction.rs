//! What an overstay costs.

use super::{Checker, Countries, Keys, Kind, List, Needed, RuleBook, RuleKind, Span, Text, VersionOf, id_of};
use crate::rulebook::written::written_rules;

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Sanction {
    /// By days over, rising; the last one has no end.
    pub steps: List<SanctionStep>,
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct SanctionStep {
    /// Up to so many days over; `None` for all that is more.
    pub up_to_days: Option<i32>,
    pub at: Text,
    /// What follows: a text key.
    pub text: Text,
}

written_rules! {
    /// What an overstay costs.
    Sanction {}
    SanctionVersion {
        /// By days over, rising.
        steps: Fields<SanctionStep> [needed filled],
    }
    ;
    /// What an overstay of so many days costs.
    SanctionStep {
        /// Up to so many days over; left out in the last step, and only there.
        up_to_days: Field<i32>,
        /// The place in the act.
        at: Field<String> [needed],
        /// A key under `[sanction]` of the texts.
        text: Field<String> [needed],
    }
}

impl RuleKind for Sanction {
    type Written = written::Sanction;
    const KIND: Kind = Kind::Sanction;
    const NEEDED: Needed = Needed::ByEverybody;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        let mut steps: Vec<SanctionStep> = Vec::new();
        for (step, place) in checker.required_items(&version.steps, "steps", span) {
            let up_to_days = step.up_to_days.get().copied();
            checker.rises(steps.last().map(|before| before.up_to_days), up_to_days, place);
            let at = checker.place_in_act(&step.at, place);
            let text = checker.key_of(&step.text, "text", "sanction", place);
            steps.push(SanctionStep { up_to_days, at, text });
        }
        checker.is_open_at_the_end(steps.last().map(|last| last.up_to_days), span);
        Self { steps: steps.into() }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        let steps = self.steps.iter().map(|step| {
            let up_to = step.up_to_days.map_or_else(|| "more".to_owned(), |days| format!("up to {days} days"));
            format!("{up_to}: {} ({})", id_of(&step.text), step.at)
        });
        vec![("steps", steps.collect::<Vec<_>>().join("; "))]
    }
}
