//! The permit that the pack decides on, and the documents asked for.

use std::ops::Deref;

use super::{Because, Channel, Message, RuleRef};
use crate::calendar::Day;

worded! {
    /// Whether the permit is needed.
    pub enum PermitStatus {
        /// Needed for the stay as planned.
        Required = "required",
        /// Needed if the stay gets long enough.
        Conditional = "conditional",
        /// Not needed for the stay as planned.
        NotRequired = "not-required",
        /// Neither needed nor issued.
        Exempt = "exempt",
        /// There is one today.
        Held = "held",
        /// No rule says.
        Unknown = "unknown",
    }
}

impl PermitStatus {
    /// Whether it has to be applied for, or may have to be.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Required | Self::Conditional)
    }
}

/// The case that a person's permit falls under; its status follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitCase<'r> {
    Held,
    /// With the text key of why.
    Exempt(&'r str),
    StayNotCovered,
    /// A member of the family whom the applicant's application cannot name.
    NotInTheApplication,
    PastThreshold,
    /// The planned exit is past this last visa-free day.
    PastVisaFree(Day),
    ShortStay,
    NoExit,
    NoStay,
}

impl PermitCase<'_> {
    pub const fn status(self) -> PermitStatus {
        match self {
            Self::Held => PermitStatus::Held,
            Self::Exempt(_) => PermitStatus::Exempt,
            Self::StayNotCovered | Self::NotInTheApplication => PermitStatus::Unknown,
            Self::PastThreshold | Self::PastVisaFree(_) => PermitStatus::Required,
            Self::ShortStay => PermitStatus::NotRequired,
            Self::NoExit | Self::NoStay => PermitStatus::Conditional,
        }
    }
}

/// What the rules decide about the permit.
#[derive(Clone, Copy, Debug)]
pub struct PermitDecision<'r> {
    /// The kind of permit.
    pub kind: &'r str,
    pub status: PermitStatus,
    pub case: PermitCase<'r>,
    /// Days of a stay that are allowed without it.
    pub threshold_days: Option<i32>,
    /// The day by which it must be held.
    pub hold_by: Option<Day>,
    /// The last working day on which filing leaves the processing time.
    pub file_by: Option<Day>,
    pub renewable: Option<bool>,
    /// A text id under `fee`.
    pub fee: Option<&'r str>,
    /// Working days from filing to issue.
    pub processing_working_days: Option<u32>,
    /// The rule that decides the status.
    pub rule: Option<RuleRef<'r>>,
    /// The other rules the numbers rest on.
    pub also: [Option<RuleRef<'r>>; 2],
}

impl<'r> PermitDecision<'r> {
    /// All rules that it rests on.
    pub fn rules(&self) -> impl Iterator<Item = &RuleRef<'r>> {
        self.rule.iter().chain(self.also.iter().flatten())
    }
}

/// The decision about the permit, with what explains it.
#[derive(Clone, Debug)]
pub struct Permit<'r> {
    pub decision: PermitDecision<'r>,
    /// The last day it can be valid if filed as said.
    pub valid_until_at_most: Option<Day>,
    /// Whether such persons are usually not given it.
    pub is_usually_unavailable: bool,
    /// Where to file.
    pub channels: Vec<Channel<'r>>,
    pub because: Message<'r>,
}

impl<'r> Deref for Permit<'r> {
    type Target = PermitDecision<'r>;

    fn deref(&self) -> &Self::Target {
        &self.decision
    }
}

worded! {
    /// Whether a document is needed.
    pub enum Requirement {
        Required = "required",
        /// One of its group is needed.
        OneOf = "one-of",
        /// Depends on an unknown fact.
        Conditional = "conditional",
        NotRequired = "not-required",
    }
}

/// A line of a checklist.
#[derive(Clone, Debug)]
pub struct DocumentLine<'r> {
    /// For what it is asked.
    pub procedure: &'r str,
    /// Its public id.
    pub id: &'r str,
    pub requirement: Requirement,
    /// The group of alternatives.
    pub group: Option<&'r str>,
    /// Whether it is at hand.
    pub held: bool,
    pub form: &'r str,
    /// Why it is needed, or why not.
    pub because: Because<'r>,
    /// Whether it is not needed only because of a named exemption.
    pub is_exempted: bool,
    pub rule: RuleRef<'r>,
}
