//! Why a rule applies, or why not.

use super::Message;
use crate::calendar::Day;
use crate::facts::{Fact, Truth};
use crate::rulebook::Head;

/// Why a rule applies to a person, or why not, condition by condition.
#[derive(Clone, Debug)]
pub struct Trace<'r> {
    /// `self`, or `family[n]`.
    pub person: String,
    /// Which kind of rule, as its table is called.
    pub kind: &'static str,
    pub rule: &'r str,
    /// The id that answers use, where it has one.
    pub public: &'r str,
    /// The day that chose the version.
    pub on: Day,
    /// The version in force, `None` where there is none on that day.
    pub head: Option<&'r Head>,
    pub applies: Truth,
    /// The exception that applies in its place.
    pub overridden_by: Option<&'r str>,
    pub conditions: Vec<Checked<'r>>,
    /// What came of it.
    pub outcome: Vec<Message<'r>>,
    /// Whether it belongs to the reasons of the answer, so that it is shown without being asked for.
    pub is_used: bool,
}

/// One condition of a rule, with what was given.
#[derive(Clone, Debug)]
pub struct Checked<'r> {
    pub fact: Fact,
    /// Which exemption it belongs to; `None` for the rule's own condition.
    pub exemption: Option<usize>,
    /// The values that would do.
    pub expected: Vec<&'r str>,
    /// The values the person has, `None` where that is not known.
    pub given: Option<Vec<&'r str>>,
    pub holds: Truth,
    /// Why an exemption exempts: a text key.
    pub because: Option<&'r str>,
}
