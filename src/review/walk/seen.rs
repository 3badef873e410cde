//! Reasoning: what the walk saw of a version of a rule: whether it, and each part of it, ever decided.

use crate::facts::{Condition, FactSet, Test, Truth};
use crate::rulebook::Head;

/// What was seen of a version.
#[derive(Clone, Default)]
pub(super) struct Seen {
    /// It decided something.
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
}

/// What was seen of a condition.
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
    pub(super) fn of(condition: &Condition) -> Self {
        let tests = condition.tests.len();
        Self { tests: vec![false; tests], values: vec![0; tests], sole_values: vec![0; tests], ..Self::default() }
    }

    /// Notes that the condition made a difference to somebody.
    pub(super) fn note(&mut self, condition: &Condition, facts: &FactSet) {
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
pub(super) fn failing(condition: &Condition, facts: &FactSet) -> (usize, usize) {
    let fails = |test: &Test| test.holds(facts) != Truth::Yes;
    let first = condition.tests.iter().position(fails).unwrap_or_default();
    (condition.tests.iter().filter(|test| fails(test)).count(), first)
}
