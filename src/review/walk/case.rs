//! A combination of facts on a day, as the walk goes through them.

use crate::calendar::Day;
use crate::facts::{Fact, FactSet};

/// A fact and the values that a kind can tell apart, each as bits.
pub(super) struct Axis {
    pub(super) fact: Fact,
    pub(super) values: Vec<u64>,
}

/// A combination of facts on a day.
pub(super) struct Case<'a> {
    pub(super) on: Day,
    pub(super) axes: &'a [Axis],
    /// Which value of each axis.
    pub(super) at: &'a [usize],
    pub(super) facts: FactSet,
}

impl<'a> Case<'a> {
    pub(super) fn new(on: Day, axes: &'a [Axis], at: &'a [usize]) -> Self {
        let mut case = Case { on, axes, at, facts: FactSet::default() };
        for (fact, bits) in case.values() {
            case.facts = match fact {
                Fact::Category => case.facts.with_categories(bits),
                fact => case.facts.with(fact, (bits != NOT_KNOWN).then(|| number(bits))),
            };
        }
        case
    }

    pub(super) fn has_unknown_facts(&self) -> bool {
        self.values().any(|(fact, bits)| fact != Fact::Category && bits == NOT_KNOWN)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (Fact, u64)> + use<'a> {
        self.axes.iter().zip(self.at).map(|(axis, at)| (axis.fact, axis.values[*at]))
    }

    /// The permit that the stay rests on, by its value; `None` for a stay without visa, or where no rule asks.
    pub(super) fn permit(&self) -> Option<u64> {
        self.facts.values(Fact::Basis).filter(|basis| *basis != VISA_FREE)
    }
}

/// The value of the fact `basis` of somebody without a permit, as a bit.
const VISA_FREE: u64 = 1;

/// In place of the value of a fact that is not known; of the categories it says that there are none.
pub(super) const NOT_KNOWN: u64 = 0;

/// The number of a value that is given as a bit.
pub(super) fn number(bit: u64) -> u8 {
    u8::try_from(bit.trailing_zeros()).unwrap_or(u8::MAX)
}
