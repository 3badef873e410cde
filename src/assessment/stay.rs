//! How long a person may stay.

use super::{Message, RuleRef};
use crate::calendar::Day;
use crate::facts::OpenFacts;
use crate::rulebook::{OtherReading, UncoveredStatus, Window};

worded! {
    pub enum StayStatus {
        Lawful = "lawful",
        /// In the country past the last lawful day.
        Overstay = "overstay",
        /// Not in the country; a stay is planned.
        Planned = "planned",
        Outside = "outside",
        /// No rule says how long.
        NotCovered = "not-covered",
        VisaRequired = "visa-required",
    }
}

impl From<UncoveredStatus> for StayStatus {
    fn from(status: UncoveredStatus) -> Self {
        match status {
            UncoveredStatus::VisaRequired => Self::VisaRequired,
            UncoveredStatus::NotCovered => Self::NotCovered,
        }
    }
}

/// What the rules decide about the current stay, else about the next planned one.
#[derive(Clone, Debug)]
pub struct StayDecision<'r> {
    pub status: StayStatus,
    /// A permit kind, or [`VISA_FREE`](crate::rulebook::VISA_FREE).
    pub basis: &'r str,
    /// `None` without a current or planned stay.
    pub entry: Option<Day>,
    pub exit: Option<Day>,
    /// The last lawful day; `None` without an end, and where not even the day of entry is lawful.
    pub last_day: Option<Day>,
    /// The last day that the visa-free limits alone would allow.
    pub last_visa_free_day: Option<Day>,
    /// The last day by the reading of other sources, where they give more than one day more.
    pub other_day: Option<Day>,
    /// Days after today that are still lawful.
    pub days_left: Option<i32>,
    /// Days past the last lawful day, up to today or the planned exit.
    pub days_over: i32,
    /// The limits that hold, whether they end the stay or not.
    pub limits: Vec<LimitUse<'r>>,
    /// The unknown facts on which it hangs which rules hold.
    pub depends_on: OpenFacts,
    /// Whether the rules do not cover such persons at all, so that nothing is asked of them.
    pub is_outside_the_rules: bool,
    /// The rule by which the stay, or the part of it past the last day, is not covered.
    pub uncovered_by: Option<RuleRef<'r>>,
}

impl<'r> StayDecision<'r> {
    pub fn binding(&self) -> impl Iterator<Item = RuleRef<'r>> {
        self.limits.iter().filter(|limit| limit.is_binding).map(|limit| limit.rule)
    }

    /// Whether no day of the stay is lawful any more, or none ever was.
    pub fn is_over(&self) -> bool {
        self.status == StayStatus::Overstay || self.last_day.is_none() && self.days_over > 0
    }

    /// Whether the stay breaks the law, now or as planned.
    pub fn is_violation(&self) -> bool {
        self.days_over > 0
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self.status, StayStatus::NotCovered | StayStatus::VisaRequired)
    }
}

/// A decided stay, with what explains it.
#[derive(Clone, Debug)]
pub struct Stay<'r> {
    pub decision: StayDecision<'r>,
    /// The last day by the other readings of the law together: as other sources give it, and with the day of entry not
    /// counted. Never before the last day.
    pub latest_arguable: Option<Day>,
    /// Other readings that give another day.
    pub readings: Vec<ReadingUse<'r>>,
    pub next_entry: Option<NextEntry>,
    /// Past and present ones, by entry.
    pub overstays: Vec<Overstay>,
    /// Why no rule covers the stay, or the part of it past the last day.
    pub uncovered: Option<Message<'r>>,
}

/// A limit as another source gives it.
#[derive(Clone, Debug)]
pub struct ReadingUse<'r> {
    pub rule: RuleRef<'r>,
    pub reading: &'r OtherReading,
    /// The last day by it alone.
    pub last_day: Option<Day>,
}

#[derive(Clone, Debug)]
pub struct LimitUse<'r> {
    pub rule: RuleRef<'r>,
    pub window: Window,
    /// The first day of a window that opened with an entry.
    pub window_from: Option<Day>,
    /// `None` where the permit has no such number.
    pub max_days: Option<i32>,
    pub used: i32,
    pub last_day: Option<Day>,
    pub is_binding: bool,
}

impl LimitUse<'_> {
    /// The days of the window, of one that has a length of its own.
    pub fn window_days(&self) -> Option<i32> {
        match (self.window, self.window_from) {
            (Window::FirstEntry(period), Some(first)) => Some(period.from(first).days()),
            (window, _) => window.days(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextEntry {
    pub earliest: Day,
    /// How many days in a row it then allows; `None` for no limit.
    pub days: Option<i32>,
}

/// Days in the country that no rule allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overstay {
    pub entry: Day,
    /// The first day over.
    pub from: Day,
    /// The last day over; today where the stay goes on.
    pub to: Day,
    /// Days from `from` to `to`, both included.
    pub days: i32,
}
