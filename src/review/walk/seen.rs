//! What the walk saw of a version of a rule: whether it, and each part of it, ever decided.

use crate::facts::{Condition, FactSet, Test, Truth};
use crate::rulebook::Head;

#[derive(Clone, Default)]
pub(super) struct Seen {
    pub(super) holds: bool,
    /// Without it, the answer would have been another.
    pub(super) matters: bool,
    pub(super) when: SeenCondition,
    pub(super) unless: Vec<SeenCondition>,
    /// For each rule that gives way: it did.
    pub(super) exceptions: Vec<bool>,
}

impl Seen {
    /// Nothing seen yet of a version, which names so many rules as giving way.
    pub(super) fn of(head: &Head, exceptions: usize) -> Self {
        Self {
            when: SeenCondition::of(&head.when),
            unless: head.unless.iter().map(|exemption| SeenCondition::of(&exemption.when)).collect(),
            exceptions: vec![false; exceptions],
            ..Self::default()
        }
    }

    /// Looks at a case for which no exception takes the place of the version in force; `is_answer`: it answers;
    /// `matters`: the answer would be another without it.
    pub(super) fn look(&mut self, head: &Head, facts: &FactSet, is_answer: bool, matters: bool) {
        let (failing_tests, first) = failing(&head.when, facts);
        let is_freed_by = |nth: &usize| head.unless[*nth].holds(facts) == Truth::Yes;
        let exempting: Vec<usize> = (0..head.unless.len()).filter(is_freed_by).collect();
        if is_answer {
            self.holds = true;
            self.matters |= matters;
            self.when.note(&head.when, facts);
        }
        if failing_tests == 1 && exempting.is_empty() {
            self.when.tests[first] = true;
        }
        if failing_tests > 0 {
            return;
        }
        for (nth, (exemption, seen)) in head.unless.iter().zip(&mut self.unless).enumerate() {
            match failing(&exemption.when, facts) {
                (0, _) if exempting.iter().all(|other| *other == nth) => {
                    seen.fires = true;
                    seen.note(&exemption.when, facts);
                }
                (0, _) => seen.fires_with_others = true,
                (1, first) if exempting.is_empty() => seen.tests[first] = true,
                _ => {}
            }
        }
    }
}

#[derive(Clone, Default)]
pub(super) struct SeenCondition {
    /// It made a difference, and it alone.
    pub(super) fires: bool,
    /// It fired together with others.
    pub(super) fires_with_others: bool,
    /// For each test: it alone kept the condition from holding.
    pub(super) tests: Vec<bool>,
    /// For each test, the values with which the condition made a difference.
    pub(super) values: Vec<u64>,
    /// The same, each value without the others.
    pub(super) sole_values: Vec<u64>,
}

impl SeenCondition {
    fn of(condition: &Condition) -> Self {
        let tests = condition.tests.len();
        Self { tests: vec![false; tests], values: vec![0; tests], sole_values: vec![0; tests], ..Self::default() }
    }

    /// Notes that the condition made a difference to somebody.
    fn note(&mut self, condition: &Condition, facts: &FactSet) {
        for (at, test) in condition.tests.iter().enumerate() {
            let common = facts.values(test.fact).unwrap_or_default() & test.wanted;
            self.values[at] |= common;
            if common.is_power_of_two() {
                self.sole_values[at] |= common;
            }
        }
    }
}

/// How many tests fail, and which one where it is one.
fn failing(condition: &Condition, facts: &FactSet) -> (usize, usize) {
    let fails = |test: &Test| test.holds(facts) != Truth::Yes;
    let first = condition.tests.iter().position(fails).unwrap_or_default();
    (condition.tests.iter().filter(|test| fails(test)).count(), first)
}
