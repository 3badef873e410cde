//! What an overstay, or a duty done too late, costs.

use super::{Checker, Countries, Keys, Kind, List, Needed, RuleBook, RuleKind, Span, Text, VersionOf, id_of};
use crate::rulebook::written::{items, written_rules};
use crate::source::{Code, Fault};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Sanction {
    /// The deadline that was missed, by its public id; `None` for an overstay.
    pub deadline: Option<Text>,
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
    /// Those that its text names, see [`FINES`].
    pub fines: List<Fine>,
}

/// What the text of a step calls its fines, in their order.
pub const FINES: [&str; 3] = ["fine", "fine-2", "fine-3"];

/// A fine, as so many times an amount.
#[derive(Clone, Copy, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Fine {
    /// By the place of its rule in the list.
    pub amount: u16,
    pub times: u32,
}

impl Sanction {
    /// The step for so many days over, or too late.
    pub fn step(&self, days_over: i32) -> Option<&SanctionStep> {
        self.steps.iter().find(|step| step.up_to_days.is_none_or(|most| days_over <= most))
    }
}

written_rules! {
    /// What an overstay, or a duty done too late, costs.
    Sanction {}
    SanctionVersion {
        /// The `deadline` of the duty that was not done in time; left out: it is about an overstay.
        deadline: Field<String>,
        /// By days over, rising.
        steps: Fields<SanctionStep> [needed filled],
    }
    ;
    /// What so many days cost.
    SanctionStep {
        /// Up to so many days over; left out in the last step, and only there.
        up_to_days: Field<i32>,
        /// The place in the act.
        at: Field<String> [needed],
        /// A key under `[sanction]` of the texts; the text has `{fine}` where it names the fine, and `{fine-2}`, `{fine-3}`
        /// for further ones.
        text: Field<String> [needed],
        /// At most three, such as `{ of = "mci", times = 10 }`: so many times an amount.
        fines: Fields<Fine>,
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
            let fines: Vec<Fine> = items(&step.fines)
                .map(|(fine, place)| Fine {
                    amount: checker.amount(&fine.of, place),
                    times: checker.number(&fine.times, "times", place, 1),
                })
                .collect();
            if fines.len() > FINES.len() {
                checker.report(Fault::new(Code::TooMany, place).with("max", FINES.len()));
            }
            steps.push(SanctionStep { up_to_days, at, text, fines: fines.into() });
        }
        let deadline = version.deadline.place().map(|(id, place)| {
            checker.needs_text("deadline", id, place);
            id.clone().into()
        });
        checker.is_open_at_the_end(steps.last().map(|last| last.up_to_days), span);
        Self { deadline, steps: steps.into() }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let steps = self.steps.iter().map(|step| {
            let up_to = step.up_to_days.map_or_else(|| "more".to_owned(), |days| format!("up to {days} days"));
            let fine = |fine: &Fine| format!(", {} {}", fine.times, book.amounts[usize::from(fine.amount)].public);
            let fines: String = step.fines.iter().map(fine).collect();
            format!("{up_to}: {}{fines} ({})", id_of(&step.text), step.at)
        });
        let deadline = self.deadline.as_ref().map(|id| ("deadline", id.to_string()));
        deadline.into_iter().chain([("steps", steps.collect::<Vec<_>>().join("; "))]).collect()
    }

    fn competes(&self, other: &Self) -> bool {
        self.deadline == other.deadline
    }
}
