//! The permit that the pack decides on, and the documents asked for.

use super::{Because, Channel, Message, RuleRef};
use crate::calendar::Day;
use crate::rulebook::Cap;

worded! {
    pub enum PermitStatus {
        Required = "required",
        /// Needed if the stay gets long enough.
        Conditional = "conditional",
        NotRequired = "not-required",
        /// Neither needed nor issued.
        Exempt = "exempt",
        Held = "held",
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
    Exempt(&'r str),
    StayNotCovered,
    /// A member of the family whom the applicant's application cannot name.
    NotInTheApplication,
    PastThreshold,
    /// An open stay has already passed the threshold.
    StayedPastThreshold,
    PastVisaFree(Day),
    /// No day of the stay is lawful any more, or none ever was.
    StayIsOver,
    ShortStay,
    NoExit,
    NoStay,
    /// It would be needed, but for an exemption that hangs on an unknown fact.
    MayBeExempt,
}

impl PermitCase<'_> {
    pub const fn status(self) -> PermitStatus {
        match self {
            Self::Held => PermitStatus::Held,
            Self::Exempt(_) => PermitStatus::Exempt,
            Self::StayNotCovered | Self::NotInTheApplication => PermitStatus::Unknown,
            Self::PastThreshold | Self::StayedPastThreshold | Self::PastVisaFree(_) | Self::StayIsOver => {
                PermitStatus::Required
            }
            Self::ShortStay => PermitStatus::NotRequired,
            Self::NoExit | Self::NoStay | Self::MayBeExempt => PermitStatus::Conditional,
        }
    }
}

/// How long a permit can be valid that is filed for as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitEnd {
    /// None is asked for, or no rule says for how long.
    NotIssued,
    /// So many years less a day from the day of issue, or as long as the work permission, and never past its caps.
    AtMost(Option<Day>),
    /// What is filed on this day is issued after the calendar of working days ends.
    NotCovered(Day),
    /// What it does not outlast ends on this day, before the day of issue.
    EndsFirst(Cap, Day),
}

#[derive(Clone, Copy, Debug)]
pub struct PermitDecision<'r> {
    pub kind: &'r str,
    pub status: PermitStatus,
    pub case: PermitCase<'r>,
    /// Days of a stay that are allowed without it.
    pub threshold_days: Option<i32>,
    pub hold_by: Option<Day>,
    /// Whether such persons can normally have it.
    pub may_have_it: bool,
    /// The last working day on which filing leaves the processing time.
    pub file_by: Option<Day>,
    pub end: PermitEnd,
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
    /// Whether it is needed, or may be, by somebody who normally cannot have it.
    pub const fn is_usually_unavailable(&self) -> bool {
        self.status.is_wanted() && !self.may_have_it
    }

    pub fn rules(&self) -> impl Iterator<Item = &RuleRef<'r>> {
        self.rule.iter().chain(self.also.iter().flatten())
    }
}

/// The decision about the permit, with what explains it.
#[derive(Clone, Debug)]
pub struct Permit<'r> {
    pub decision: PermitDecision<'r>,
    /// The last day it can be valid if filed as said; `None` where that is not known, or where it cannot be issued.
    pub valid_until_at_most: Option<Day>,
    /// Why such persons normally cannot have it, where that matters.
    pub unavailable: Option<Message<'r>>,
    pub channels: Vec<Channel<'r>>,
    pub because: Message<'r>,
}

worded! {
    pub enum Requirement {
        Required = "required",
        OneOf = "one-of",
        Conditional = "conditional",
        NotRequired = "not-required",
    }
}

#[derive(Clone, Debug)]
pub struct DocumentLine<'r> {
    pub procedure: &'r str,
    /// Its public id.
    pub id: &'r str,
    pub requirement: Requirement,
    pub group: Option<&'r str>,
    pub held: bool,
    pub form: &'r str,
    pub because: Because<'r>,
    /// Whether it is not needed only because of a named exemption.
    pub is_exempted: bool,
    pub rule: RuleRef<'r>,
}
