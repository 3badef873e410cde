//! What would become of stays that are only considered.

use std::borrow::Cow;

use super::{DeadlineStatus, DocumentLine, Echo, Notice, Permit, PermitStatus, RuleRef, RulesId, Stay, StayDecision};
use crate::calendar::{Day, DayRange};
use crate::facts::Fact;
use crate::rulebook::Who;

#[derive(Debug)]
pub struct Plan<'r> {
    pub rules: RulesId<'r>,
    pub today: Day,
    /// Without the stays that are considered.
    pub profile: Echo<'r>,
    /// The day on which somebody now in the country is taken to leave, since no exit is given.
    pub leaves_on: Option<Day>,
    /// The last lawful day, where there is one, and the days past it of somebody who stays too long today.
    pub overstay: Option<(Option<Day>, i32)>,
    /// Whether there is a family, which is not looked at.
    pub has_family: bool,
    pub found: Found<'r>,
}

impl<'r> Plan<'r> {
    /// The answer in one word.
    pub fn verdict(&self) -> Verdict {
        match &self.found {
            Found::Trips(trips) => trips.iter().map(Trip::verdict).max().unwrap_or(Verdict::Lawful),
            Found::Longest(longest) if longest.until.is_some() => Verdict::Lawful,
            Found::Longest(longest) => match (longest.alone.verdict, &longest.ends_by) {
                (Verdict::Lawful, EndsBy::Nothing) => Verdict::Lawful,
                (Verdict::Lawful, _) => Verdict::Unlawful,
                (verdict, _) => verdict,
            },
            Found::First(First { found: Some(_), .. }) => Verdict::Lawful,
            Found::First(first) if first.has_unknown_before => Verdict::Unknown,
            Found::First(_) => Verdict::Unlawful,
            Found::Until(until) => until.verdict,
        }
    }

    /// The rules that it rests on, each once.
    pub fn rules(&self) -> Vec<RuleRef<'r>> {
        let mut all: Vec<RuleRef<'r>> = Vec::new();
        let mut add = |rule: RuleRef<'r>| rule.add_to(&mut all);
        let mut of_outcome = |outcome: &Outcome<'r>| {
            outcome.stay.limits.iter().map(|limit| limit.rule).chain(outcome.stay.uncovered_by).for_each(&mut add);
            let permit = outcome.permit.as_ref().filter(|permit| permit.status == PermitStatus::Required);
            permit.into_iter().flat_map(|permit| permit.rules()).copied().for_each(&mut add);
        };
        match &self.found {
            Found::Trips(trips) => {
                trips.iter().flat_map(|trip| std::iter::once(&trip.outcome).chain(&trip.spoils)).for_each(of_outcome);
            }
            Found::Longest(longest) => {
                of_outcome(&longest.alone);
                if let EndsBy::Spoils(other) = &longest.ends_by {
                    of_outcome(other);
                }
            }
            Found::First(first) => first.found.iter().for_each(of_outcome),
            Found::Until(until) => {
                of_outcome(&until.outcome);
                until.steps.iter().flat_map(|step| &step.rules).copied().for_each(add);
            }
        }
        all
    }
}

#[derive(Debug)]
pub enum Found<'r> {
    /// Of these trips, by their entry.
    Trips(Vec<Trip<'r>>),
    Longest(Box<Longest<'r>>),
    First(First<'r>),
    Until(Until<'r>),
}

worded! {
    /// Whether a stay is lawful from its first to its last day; what weighs more comes later.
    pub enum Verdict {
        Lawful = "lawful",
        Unlawful = "unlawful",
        Unknown = "unknown",
    }
}

impl Verdict {
    /// Of a stay, assessed on its day of entry or today.
    pub fn of(stay: &StayDecision<'_>) -> Self {
        if stay.is_violation() {
            Self::Unlawful
        } else if stay.is_unknown() || stay.uncovered_by.is_some() {
            Self::Unknown
        } else {
            Self::Lawful
        }
    }
}

#[derive(Debug)]
pub struct Outcome<'r> {
    pub entry: Day,
    pub exit: Option<Day>,
    pub verdict: Verdict,
    /// The stay as assessed on its day of entry, or today where it has begun.
    pub stay: Stay<'r>,
    /// The permit for a stay that long; `None` for a pack without one.
    pub permit: Option<Permit<'r>>,
    /// The last day of the travel document, where that comes before the exit.
    pub document_ends: Option<Day>,
    /// The notices about the permit, where it is needed.
    pub notices: Vec<Notice<'r>>,
}

impl Outcome<'_> {
    pub fn first_day_over(&self) -> Option<Day> {
        (self.verdict == Verdict::Unlawful).then(|| self.stay.last_day.map_or(self.entry, |last| last.plus(1)))
    }

    /// Days from that day to the exit, both included.
    pub fn days_over(&self) -> i32 {
        let last = self.exit.unwrap_or(self.entry);
        self.first_day_over().map_or(0, |over| last.days_since(over) + 1)
    }
}

#[derive(Debug)]
pub struct Trip<'r> {
    pub outcome: Outcome<'r>,
    /// Later stays that are lawful without this trip and are not with it.
    pub spoils: Vec<Outcome<'r>>,
    /// The last exit with which the trip is lawful and spoils nothing, where it is not so as it is.
    pub shorten_to: Option<Day>,
    /// The next days on which a trip as long is lawful and spoils nothing, where it is not so as it is.
    pub shift_to: Option<DayRange>,
}

impl Trip<'_> {
    /// Whether it breaks the law, or makes a later stay break it.
    pub fn verdict(&self) -> Verdict {
        let is_bad = !self.spoils.is_empty() || self.outcome.document_ends.is_some();
        self.outcome.verdict.max(if is_bad { Verdict::Unlawful } else { Verdict::Lawful })
    }
}

/// The longest stay from a day that leaves the stays after it lawful and shares no day with them.
#[derive(Debug)]
pub struct Longest<'r> {
    /// What would become of a stay from that day if nothing came after it.
    pub alone: Outcome<'r>,
    /// The last day; `None` where not even the day of entry is lawful, or where the stay has no end.
    pub until: Option<Day>,
    /// Days from the first to the last, both included; `None` for a stay without end.
    pub days: Option<i32>,
    pub ends_by: EndsBy<'r>,
}

#[derive(Debug)]
pub enum EndsBy<'r> {
    Nothing,
    Law,
    /// The next stay, which begins the day after.
    Next(Outcome<'r>),
    /// A later stay, which a day more would spoil.
    Spoils(Outcome<'r>),
}

#[derive(Debug)]
pub struct First<'r> {
    pub after: Day,
    pub days: i32,
    /// The stay; `None` where there is none among the days looked at.
    pub found: Option<Outcome<'r>>,
    /// The last day of entry that was looked at where none was found.
    pub looked_until: Day,
    pub has_unknown_before: bool,
}

#[derive(Debug)]
pub struct Until<'r> {
    pub day: Day,
    /// The stay at hand, up to that day, as it stands without a further permit.
    pub outcome: Outcome<'r>,
    /// Whether it can be lawful with the steps below.
    pub verdict: Verdict,
    /// The last lawful day that the steps below reach; `None` where it is not known, or where there is no end.
    pub reaches: Option<Day>,
    /// By day.
    pub steps: Vec<Step<'r>>,
    pub ends_because: Option<EndsBecause>,
    /// Unknown facts of which some words lead to the day and others do not.
    pub choices: Vec<OpenFact<'r>>,
    /// Unknown days that could make a permit or the stay shorter, as profiles state them.
    pub caps: Vec<Cow<'static, str>>,
    /// Other unknown facts on which it hangs, as profiles state them.
    pub others: Vec<Cow<'static, str>>,
}

#[derive(Debug)]
pub struct OpenFact<'r> {
    /// Where a profile states the fact.
    pub path: Cow<'static, str>,
    pub fact: Fact,
    /// The words with which the day is reached.
    pub reaching: Vec<&'r str>,
}

worded! {
    /// Why no steps reach the day that was asked for.
    pub enum EndsBecause {
        NotCovered = "not-covered",
        TooLate = "too-late",
        /// The visa-free days end, and no rule says how to stay on.
        LimitEnds = "limit-ends",
        /// The permit that carries the stay ends, and no rule says how to stay on.
        PermitEnds = "permit-ends",
        NotRenewable = "not-renewable",
        /// The permit cannot outlast the contract or the travel document.
        Capped = "capped",
        /// The rules do not say that such a person is given the permit.
        UsuallyUnavailable = "usually-unavailable",
        TermNotKnown = "term-not-known",
        /// The calendar of working days does not reach so far.
        CalendarEnds = "calendar-ends",
    }
}

impl EndsBecause {
    /// Whether it means that the rules do not say.
    pub const fn is_unknown(self) -> bool {
        matches!(self, Self::NotCovered | Self::UsuallyUnavailable | Self::TermNotKnown | Self::CalendarEnds)
    }
}

#[derive(Debug)]
pub struct Step<'r> {
    /// What: the id of a deadline, or [`PERMIT_FILING`], [`PERMIT_RENEWAL`], [`TRAVEL_DOCUMENT`].
    pub id: Cow<'r, str>,
    /// The last day; `None` where the calendar does not reach so far.
    pub due: Option<Day>,
    pub status: DeadlineStatus,
    pub who: Who,
    /// The first and the last day of the permit that it brings, if it is done on its last day.
    pub brings: Option<DayRange>,
    pub rules: Vec<RuleRef<'r>>,
    /// The papers that filing takes, or may take.
    pub papers: Vec<DocumentLine<'r>>,
}

/// Filing for the permit that the pack decides on.
pub const PERMIT_FILING: &str = "permit-filing";
/// Filing for the next one before it ends.
pub const PERMIT_RENEWAL: &str = "permit-renewal";
pub const TRAVEL_DOCUMENT: &str = "travel-document";
