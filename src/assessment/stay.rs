//! Nouns: how long a person may stay.

use super::{Message, RuleRef};
use crate::calendar::Day;
use crate::rulebook::{UncoveredStatus, Window};

/// Where a stay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StayStatus {
    /// In the country, and allowed to be.
    Lawful,
    /// In the country past the last lawful day.
    Overstay,
    /// Not in the country; a stay is planned.
    Planned,
    /// Not in the country.
    Outside,
    /// No rule says how long.
    NotCovered,
    /// A rule says that a visa is required.
    VisaRequired,
}

impl StayStatus {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lawful => "lawful",
            Self::Overstay => "overstay",
            Self::Planned => "planned",
            Self::Outside => "outside",
            Self::NotCovered => "not-covered",
            Self::VisaRequired => "visa-required",
        }
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

/// How long a person may stay.
#[derive(Clone, Debug)]
pub struct Stay<'r> {
    /// Where the stay stands.
    pub status: StayStatus,
    /// On what it rests: a permit kind, or [`VISA_FREE`].
    pub basis: &'r str,
    /// The day of entry of the current stay, else of the next planned one.
    pub entry: Option<Day>,
    /// The exit of that stay, where it is given.
    pub exit: Option<Day>,
    /// The last lawful day of that stay.
    pub last_day: Option<Day>,
    /// The same when the day of entry is not counted.
    pub latest_arguable: Option<Day>,
    /// The last day that the visa-free limits alone would allow.
    pub last_visa_free_day: Option<Day>,
    /// Days after today that are still lawful.
    pub days_left: Option<i32>,
    /// Days past the last lawful day, up to today or the planned exit.
    pub days_over: i32,
    /// All limits that were looked at.
    pub limits: Vec<LimitUse<'r>>,
    /// When visa-free entry is next possible.
    pub next_entry: Option<NextEntry>,
    /// Past and present overstays.
    pub overstays: Vec<Overstay>,
    /// Why no rule covers the stay, or the part of it past the last day.
    pub uncovered: Option<Message<'r>>,
    /// Whether the rules do not speak of such persons at all, so that nothing is asked of them.
    pub is_outside_the_rules: bool,
    /// The rule that says so.
    pub uncovered_by: Option<RuleRef<'r>>,
}

impl<'r> Stay<'r> {
    /// The rules that end it.
    pub fn binding(&self) -> impl Iterator<Item = RuleRef<'r>> {
        self.limits.iter().filter(|limit| limit.is_binding).map(|limit| limit.rule)
    }

    /// Whether the stay breaks the law, now or as planned.
    #[must_use]
    pub fn is_violation(&self) -> bool {
        self.days_over > 0
    }

    /// Whether no rule covers it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.status, StayStatus::NotCovered | StayStatus::VisaRequired)
    }
}

/// A limit of stay and how much of it is used.
#[derive(Clone, Debug)]
pub struct LimitUse<'r> {
    /// The rule.
    pub rule: RuleRef<'r>,
    /// How its days are counted.
    pub window: Window,
    /// Most days; `None` where the permit has no such number.
    pub max_days: Option<i32>,
    /// Days used.
    pub used: i32,
    /// The last day that this limit alone allows.
    pub last_day: Option<Day>,
    /// Whether it ends the stay.
    pub is_binding: bool,
}

/// The next visa-free entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextEntry {
    /// The first day on which it is lawful.
    pub earliest: Day,
    /// How many days in a row it then allows; `None` for no limit.
    pub days: Option<i32>,
}

/// Days in the country that no rule allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overstay {
    /// The day of entry.
    pub entry: Day,
    /// The first day over.
    pub from: Day,
    /// The last one, today where the stay goes on.
    pub to: Day,
    /// Days from `from` to `to`, both included.
    pub days: i32,
}
