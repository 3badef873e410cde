//! Nouns: the permit that the pack decides on, and the papers for it.

use super::{Because, Channel, Message, RuleRef};
use crate::calendar::Day;

/// Whether the permit is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitStatus {
    /// Needed for the stay as planned.
    Required,
    /// Needed if the stay gets long enough.
    Conditional,
    /// Not needed for the stay as planned.
    NotRequired,
    /// Neither needed nor issued.
    Exempt,
    /// There is one today.
    Held,
    /// No rule says.
    Unknown,
}

impl PermitStatus {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditional",
            Self::NotRequired => "not-required",
            Self::Exempt => "exempt",
            Self::Held => "held",
            Self::Unknown => "unknown",
        }
    }
}

/// The permit that the pack decides on.
#[derive(Clone, Debug)]
pub struct Permit<'r> {
    /// Its kind.
    pub kind: &'r str,
    /// Whether it is needed.
    pub status: PermitStatus,
    /// Days of a stay that are allowed without it.
    pub threshold_days: Option<i32>,
    /// The day by which it must be held.
    pub hold_by: Option<Day>,
    /// The last working day on which filing leaves the processing time.
    pub file_by: Option<Day>,
    /// The last day it can be valid if filed as said.
    pub valid_until_at_most: Option<Day>,
    /// Whether it can be renewed.
    pub renewable: Option<bool>,
    /// Whether such persons are usually not given it. Rows do not look.
    pub is_usually_unavailable: bool,
    /// A text id under `fee`.
    pub fee: Option<&'r str>,
    /// Working days from filing to issue.
    pub processing_working_days: Option<u32>,
    /// Where to file.
    pub channels: Vec<Channel<'r>>,
    /// The rule that decides the status.
    pub rule: Option<RuleRef<'r>>,
    /// The other rules the numbers rest on.
    pub also: [Option<RuleRef<'r>>; 2],
    /// Why.
    pub because: Message<'r>,
}

impl<'r> Permit<'r> {
    /// All rules that it rests on.
    pub fn rules(&self) -> impl Iterator<Item = &RuleRef<'r>> {
        self.rule.iter().chain(self.also.iter().flatten())
    }
}

/// Whether a document is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Needed.
    Required,
    /// One of its group is needed.
    OneOf,
    /// Hangs on an unknown fact.
    Conditional,
    /// Not needed.
    NotRequired,
}

impl Requirement {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::OneOf => "one-of",
            Self::Conditional => "conditional",
            Self::NotRequired => "not-required",
        }
    }
}

/// A line of a checklist.
#[derive(Clone, Debug)]
pub struct DocumentLine<'r> {
    /// For what it is asked.
    pub procedure: &'r str,
    /// Its public id.
    pub id: &'r str,
    /// Whether it is needed.
    pub requirement: Requirement,
    /// The group of alternatives.
    pub group: Option<&'r str>,
    /// Whether it is at hand.
    pub held: bool,
    /// In which form.
    pub form: &'r str,
    /// Why, or why not.
    pub because: Because<'r>,
    /// Whether it is not needed only because of a named exemption.
    pub is_exempted: bool,
    /// The rule.
    pub rule: RuleRef<'r>,
}
