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
    pub fine: Option<Fine>,
}

/// A fine, as so many times an amount.
#[derive(Clone, Copy, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Fine {
    /// By the place of its rule in the list.
    pub amount: u16,
    pub times: u32,
}

impl Sanction {
    /// The step for an overstay of so many days.
    pub fn step(&self, days_over: i32) -> Option<&SanctionStep> {
        self.steps.iter().find(|step| step.up_to_days.is_none_or(|most| days_over <= most))
    }
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
        /// A key under `[sanction]` of the texts; the text has `{fine}` where it names the fine.
        text: Field<String> [needed],
        /// The fine: `{ of = "mci", times = 10 }`, so many times an amount.
        fine: Field<Fine>,
    }
    /// A fine.
    Fine {
        /// The amount, by its `amount`.
        of: Field<String> [needed],
        /// So many of them.
        times: Field<u32> [needed positive],
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
            let fine = step.fine.place().map(|(fine, place)| Fine {
                amount: checker.amount(&fine.of, place),
                times: checker.number(&fine.times, "times", place, 1),
            });
            steps.push(SanctionStep { up_to_days, at, text, fine });
        }
        checker.is_open_at_the_end(steps.last().map(|last| last.up_to_days), span);
        Self { steps: steps.into() }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let steps = self.steps.iter().map(|step| {
            let up_to = step.up_to_days.map_or_else(|| "more".to_owned(), |days| format!("up to {days} days"));
            let fine = step.fine.map_or_else(String::new, |fine| {
                format!(", {} {}", fine.times, book.amounts[usize::from(fine.amount)].public)
            });
            format!("{up_to}: {}{fine} ({})", id_of(&step.text), step.at)
        });
        vec![("steps", steps.collect::<Vec<_>>().join("; "))]
    }
}
