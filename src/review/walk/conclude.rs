//! From what the walk saw of the rules of a kind, and what it never saw, to what is wrong with them.

use super::seen::SeenCondition;
use super::{Finding, Flaw, Part, Walk, Walker, Witness};
use crate::facts::{Condition, Fact, Test};

impl Walker<'_, '_> {
    pub(super) fn conclude(&self, walk: &mut Walk) {
        let mut find = |flaw, rule, other, part, (witness, cases): (Option<&Witness>, u64)| {
            let witness = witness.cloned();
            walk.findings.push(Finding { flaw, kind: self.kind, rule, other, part, witness, cases });
        };
        let word = |basis: Option<u64>| self.book.vocabulary.words(Fact::Basis, basis.unwrap_or_default());
        let mut gaps: Vec<_> = self.gaps.iter().collect();
        gaps.sort_by_key(|((basis, _), _)| word(*basis));
        for (_, (witness, cases)) in gaps {
            find(Flaw::Gap, None, None, Part::Whole, (Some(witness), *cases));
        }
        for ([one, other], (witness, cases)) in &self.conflicts {
            find(Flaw::Conflict, Some(*other), Some(*one), Part::Whole, (Some(witness), *cases));
        }
        for (at, rule) in self.members.iter().map(|at| (*at, &self.rules[*at])) {
            for (nth, head) in rule.heads.iter().enumerate() {
                let seen = &self.seen[at][nth];
                let mut find = |flaw, part| find(flaw, Some((at, nth)), None, part, (None, 0));
                if !seen.holds {
                    find(Flaw::Dead, Part::Whole);
                    continue;
                }
                if !seen.matters {
                    find(Flaw::Redundant, Part::Whole);
                }
                for (place, overridden) in rule.exception_to.iter().enumerate().filter(|_| nth == 0) {
                    if !self.seen[at].iter().any(|seen| seen.exceptions[place]) {
                        find(Flaw::Dead, Part::ExceptionTo(*overridden));
                    }
                }
                self.conclude_condition(&head.when, &seen.when, None, &mut find);
                for (place, (exemption, seen)) in head.unless.iter().zip(&seen.unless).enumerate() {
                    match (seen.fires, seen.fires_with_others) {
                        (true, _) => self.conclude_condition(&exemption.when, seen, Some(place), &mut find),
                        (false, true) => find(Flaw::Redundant, Part::Exemption(place)),
                        (false, false) => find(Flaw::Dead, Part::Exemption(place)),
                    }
                }
            }
        }
    }

    fn conclude_condition(
        &self,
        condition: &Condition,
        seen: &SeenCondition,
        exemption: Option<usize>,
        find: &mut impl FnMut(Flaw, Part),
    ) {
        for (at, test) in condition.tests.iter().enumerate() {
            if !seen.tests[at] {
                find(Flaw::Redundant, Part::Test(exemption, test.fact));
                continue;
            }
            let values = 0..u8::try_from(self.book.vocabulary.values(test.fact).len()).unwrap_or(u8::MAX);
            let is_seen = |set: u64, value: u8| {
                // A value that the kind cannot tell from one that was seen counts as seen with it.
                let wants = |test: &Test, value: u8| test.wanted >> value & 1 == 1;
                let alike = |other: u8| self.tests(test.fact).all(|test| wants(test, value) == wants(test, other));
                set >> value & 1 == 1
                    || test.fact != Fact::Category && values.clone().any(|other| set >> other & 1 == 1 && alike(other))
            };
            for value in values.clone().filter(|value| test.wanted >> value & 1 == 1) {
                let part = Part::Value(exemption, test.fact, value);
                if !is_seen(seen.values[at], value) {
                    find(Flaw::Dead, part);
                } else if !is_seen(seen.sole_values[at], value) {
                    find(Flaw::Redundant, part);
                }
            }
        }
    }
}
