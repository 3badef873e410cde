//! The days around today, and what each of them is for a person.

use super::LimitUse;
use crate::calendar::{Day, DayRange};

/// The days around today, one by one, as the rules see them.
#[derive(Clone, Debug)]
pub struct Timeline<'r> {
    pub today: Day,
    /// The days shown: back as far as the limit looks, and ahead to the last thing that is known.
    pub days: DayRange,
    /// The limit that says which days are counted, and how much of it is used today; `None` where no visa-free
    /// limit holds.
    pub limit: Option<LimitUse<'r>>,
    /// What the days are: runs in order, without gaps.
    pub runs: Vec<DayRun>,
    /// What happens on single days, in order; some may lie past the days shown.
    pub marks: Vec<DayMark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRun {
    pub days: DayRange,
    pub state: DayState,
    /// Whether the limit counts them. Days that are only allowed are not: they may not be spent there.
    pub is_counted: bool,
}

worded! {
    /// The calm ones first.
    pub enum DayState {
        Outside = "outside",
        /// Still ahead, and lawful if the stay goes on: no exit is planned.
        Allowed = "allowed",
        /// In the country, lawfully, and not counted by the limit.
        NotCounted = "not-counted",
        /// In the country, lawfully, and counted by the limit.
        Counted = "counted",
        /// Still ahead, and planned to be spent in the country, lawfully.
        Planned = "planned",
        /// In the country, or planned to be, and no rule says whether that is lawful.
        Undecided = "undecided",
        /// Still ahead, and planned to be spent in the country past the last lawful day.
        PlannedOver = "planned-over",
        Overstay = "overstay",
    }
}

/// Something that happens on a day, or on each of some days in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayMark {
    pub days: DayRange,
    pub kind: MarkKind,
}

worded! {
    /// In the order in which a day that has several is marked.
    pub enum MarkKind {
        Today = "today",
        /// The last lawful day of the stay at hand.
        LastDay = "last-day",
        PermitEnd = "permit-end",
        /// A day that is used today is no longer in the window.
        FallsFree = "falls-free",
    }
}

impl Timeline<'_> {
    /// Outside the days shown, [`DayState::Outside`].
    pub fn state_on(&self, day: Day) -> DayState {
        self.runs.iter().find(|run| run.days.contains(day)).map_or(DayState::Outside, |run| run.state)
    }

    /// What happens on a day, in the order of [`MarkKind::ALL`].
    pub fn marks_on(&self, day: Day) -> impl Iterator<Item = MarkKind> {
        let has = move |kind: MarkKind| self.marks.iter().any(|mark| mark.kind == kind && mark.days.contains(day));
        MarkKind::ALL.into_iter().filter(move |kind| has(*kind))
    }

    pub fn marks_of(&self, kind: MarkKind) -> impl Iterator<Item = DayRange> {
        self.marks.iter().filter(move |mark| mark.kind == kind).map(|mark| mark.days)
    }

    /// The states that some day has, in the order of [`DayState::ALL`].
    pub fn states(&self) -> impl Iterator<Item = DayState> {
        DayState::ALL.into_iter().filter(|state| self.runs.iter().any(|run| run.state == *state))
    }

    /// The months of the days, each as all its days.
    pub fn months(&self) -> impl Iterator<Item = DayRange> {
        let first_of = |day: Day| Day::from_ymd(day.year(), day.month(), 1).unwrap_or(day);
        let after = |first: &Day| Some(first.plus_months(1));
        let last = self.days.last;
        std::iter::successors(Some(first_of(self.days.first)), after)
            .take_while(move |first| *first <= last)
            .map(|first| DayRange { first, last: first.plus_months(1).plus(-1) })
    }
}
