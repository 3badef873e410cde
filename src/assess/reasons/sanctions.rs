//! What an overstay, or a duty that is late, costs.

use crate::assess::Subject;
use crate::assess::matching::{MatchedRule, matched};
use crate::assessment::{Message, Param, RuleRef, Stay};
use crate::calendar::Day;
use crate::facts::FactSet;
use crate::rulebook::{Amount, FINES, Fine, RuleBook, Sanction, SanctionStep, Version};

/// The rules about what an overstay costs, or about a deadline that was missed.
pub(super) fn sanctions<'r>(
    subject: &Subject<'_, 'r>,
    on: Day,
    facts: FactSet,
    deadline: Option<&str>,
) -> impl Iterator<Item = MatchedRule<'r, Sanction>> {
    matched(&subject.book.sanctions, on, facts).filter(move |rule| rule.content().deadline.as_deref() == deadline)
}

/// From which day on an overstay costs more than today, and how much at least.
pub(super) fn dearer<'r>(
    subject: &Subject<'_, 'r>,
    stay: &Stay<'r>,
    sanction: &'r Sanction,
) -> Option<(Day, Param<'r>)> {
    let is_past = |step: &&SanctionStep| step.up_to_days.is_some_and(|most| stay.days_over > most);
    let mut steps = sanction.steps.iter().skip_while(is_past);
    let most = steps.next()?.up_to_days?;
    let fine = steps.next()?.fines.first()?;
    let from = subject.today.plus(most + 1 - stay.days_over);
    Some((from, Param::Message(Box::new(amount_of(subject.book, *fine, from).0))))
}

/// What follows by a step of a sanction, its fines with their sums as of a day; and the rule that gives the sums.
pub(super) fn what_follows<'r>(
    book: &'r RuleBook,
    step: &'r SanctionStep,
    on: Day,
) -> (Param<'r>, Option<RuleRef<'r>>) {
    let (mut text, mut rule_of_sums) = (Message::new(&*step.text), None);
    for (name, fine) in FINES.into_iter().zip(step.fines.iter()) {
        let (amount, rule) = amount_of(book, *fine, on);
        text = text.with(name, Param::Message(Box::new(amount)));
        rule_of_sums = rule;
    }
    (Param::Message(Box::new(text)), rule_of_sums)
}

/// A fine with its sum as of a day, and the rule that gives the sum.
fn amount_of(book: &RuleBook, fine: Fine, on: Day) -> (Message<'_>, Option<RuleRef<'_>>) {
    let rule = &book.amounts[usize::from(fine.amount)];
    let version = rule.on(on);
    let sum = |version: &Version<Amount>| Param::Sum(i64::from(version.says.value) * i64::from(fine.times));
    let amount = Message::new(format!("amount.{}", rule.public))
        .with("n", Param::Count(fine.times.into()))
        .with("sum", version.map_or(Param::Words(Vec::new()), sum))
        .with("year", Param::Count(on.year().into()));
    (amount, version.map(|version| RuleRef { id: &rule.id, head: &version.head }))
}
