//! What each of the days around today is for a person.
//!
//! Nothing is decided here: which days are counted, where a stay ends and what is not decided comes from the same ledger
//! and the same outcomes of stays as the answer itself.

use std::cmp::Reverse;

use smallvec::SmallVec;

use super::decide::ledger::{Ledger, LimitEnd, limit_use, visa_free};
use super::decide::stay;
use super::{CachedRules, Subject};
use crate::assessment::{Assessment, DayMark, DayRun, DayState, LimitUse, MarkKind, Stay, Timeline};
use crate::calendar::{Day, DayRange, DaySet};
use crate::profile;
use crate::rulebook::{Reading, RuleBook, Window};

/// So many days ahead of today are shown at most, and so many back where no rolling limit sets how far it looks:
/// a year.
const MOST_DAYS: i32 = 366;

/// The timelines of the applicant and of the members of the family, in that order.
pub fn timelines<'r>(book: &'r RuleBook, assessment: &Assessment<'r>) -> Vec<Timeline<'r>> {
    let rules = CachedRules::for_one(book);
    let subjects = Subject::of_a_case(&rules, assessment.profile.profile, assessment.today);
    subjects.zip(assessment.persons()).map(|(subject, person)| timeline(&subject, &person.stay)).collect()
}

fn timeline<'r>(subject: &Subject<'_, 'r>, stay: &Stay<'r>) -> Timeline<'r> {
    let mut ledger = Ledger::new(subject, Day::FIRST);
    let today = subject.today;
    let (limit, counted) = counting(&mut ledger, stay).unzip();
    let counted = counted.unwrap_or_default();
    let window = limit.as_ref().and_then(|limit: &LimitUse<'_>| limit.window.days());
    let first = window.map_or_else(|| without_window(subject), |window| today.plus(1 - window));
    let marks = marks(subject, stay, window, &counted, first);
    let days = DayRange { first, last: last_shown(subject, &marks) };
    let runs = runs(&mut ledger, days, &counted);
    Timeline { today, days, limit, runs, marks }
}

/// The limit with the longest rolling window of those that hold, and the days that it counts: of the limits of
/// the stay at hand, else of those of a visa-free entry today.
fn counting<'r>(ledger: &mut Ledger<'_, 'r>, stay: &Stay<'r>) -> Option<(LimitUse<'r>, DaySet)> {
    let subject = ledger.subject;
    let today = subject.today;
    let is_visa_free = stay.limits.iter().any(|limit| limit.window != Window::Permit);
    let entry = stay.entry.filter(|_| is_visa_free);
    let limits = visa_free(ledger, entry.unwrap_or(today), Reading::Safe).ok()?;
    let used = |(limit, counted, _): LimitEnd<'_, 'r>| {
        let used = limit_use(subject, &limit, counted, today, entry);
        let of_the_stay = stay.limits.iter().find(|known| known.rule.is(used.rule));
        let last_day = of_the_stay.and_then(|known| known.last_day);
        let is_binding = of_the_stay.is_some_and(|known| known.is_binding);
        (LimitUse { last_day, is_binding, ..used }, counted.clone())
    };
    limits.map(used).min_by_key(|(limit, _)| Reverse(limit.window.days()))
}

/// The first day that is shown where no rolling limit looks back: the entry of the current or last stay.
fn without_window(subject: &Subject<'_, '_>) -> Day {
    let today = subject.today;
    let last = subject.person.stays.iter().rfind(|stay| stay.entry <= today);
    last.map_or(today, |stay| stay.entry.max(today.plus(-MOST_DAYS)))
}

/// What happens on single days: the used days fall free on the day after the last window that holds them.
fn marks(
    subject: &Subject<'_, '_>,
    stay: &Stay<'_>,
    window: Option<i32>,
    counted: &DaySet,
    first: Day,
) -> Vec<DayMark> {
    let today = subject.today;
    let on = |day: Day, kind| DayMark { days: DayRange { first: day, last: day }, kind };
    let mut marks = vec![on(today, MarkKind::Today)];
    marks.extend(stay.last_day.map(|day| on(day, MarkKind::LastDay)));
    let ends = subject.person.permits.iter().filter_map(|permit| permit.until);
    marks.extend(ends.filter(|until| *until >= first).map(|until| on(until, MarkKind::PermitEnd)));
    if let Some(window) = window {
        let used = DayRange { first, last: today };
        let runs = counted.from(first).iter().map(|run| run.overlap(used)).filter(|run| run.days() > 0);
        marks.extend(runs.map(|run| DayMark {
            days: DayRange { first: run.first.plus(window), last: run.last.plus(window) },
            kind: MarkKind::FallsFree,
        }));
    }
    marks.sort_by_key(|mark| (mark.days.first, mark.kind));
    marks
}

/// The last day that is shown: on which something happens, or up to which a stay is planned.
fn last_shown(subject: &Subject<'_, '_>, marks: &[DayMark]) -> Day {
    let today = subject.today;
    let planned = subject.person.stays.iter().map(|stay| stay.days(today).last);
    let last = marks.iter().map(|mark| mark.days.last).chain(planned).max();
    last.unwrap_or(today).min(today.plus(MOST_DAYS))
}

/// What the days are, those that are the same together. Of a day on which one stay ends and the next begins,
/// the graver one counts.
fn runs(ledger: &mut Ledger<'_, '_>, days: DayRange, counted: &DaySet) -> Vec<DayRun> {
    let mut states: Vec<(Day, DayState)> = days.iter().map(|day| (day, DayState::Outside)).collect();
    for stay in &ledger.subject.person.stays {
        let judged = Judged::new(ledger, stay);
        for (day, state) in &mut states {
            *state = judged.state_on(*day, counted).max(*state);
        }
    }
    let mut runs: Vec<DayRun> = Vec::new();
    for (day, state) in states {
        let is_counted = counted.contains(day);
        match runs.last_mut() {
            Some(run) if (run.state, run.is_counted) == (state, is_counted) => run.days.last = day,
            _ => runs.push(DayRun { days: DayRange { first: day, last: day }, state, is_counted }),
        }
    }
    runs
}

struct Judged {
    today: Day,
    /// The days on which the person is there as far as is known.
    known: DayRange,
    is_open: bool,
    lawful: DayRange,
    /// The days that no rule allows, where that is certain.
    over: SmallVec<[DayRange; 2]>,
}

impl Judged {
    fn new(ledger: &mut Ledger<'_, '_>, stay: &profile::Stay) -> Self {
        let (subject, entry) = (ledger.subject, stay.entry);
        let outcome = stay::resolve(ledger, stay, Reading::Safe);
        let end = outcome.first_day_over(entry).map_or(Day(i32::MAX), |over| over.plus(-1));
        let is_certain = |days: &DayRange| stay::undecided_past(subject, &outcome, entry, days.first).is_none();
        let none = DayRange { first: entry, last: entry.plus(-1) };
        Self {
            today: subject.today,
            known: stay.days(subject.today),
            is_open: stay.exit.is_none(),
            lawful: outcome.first_day_covered(entry).map_or(none, |first| DayRange { first, last: end }),
            over: outcome.days_over(entry, Day(i32::MAX)).filter(is_certain).collect(),
        }
    }

    /// What a day is because of this stay.
    fn state_on(&self, day: Day, counted: &DaySet) -> DayState {
        let is_ahead = day > self.today;
        let is_lawful = self.lawful.contains(day);
        let is_over = self.over.iter().any(|days| days.contains(day));
        let is_allowed = self.is_open && day > self.known.last && is_lawful;
        match () {
            () if is_allowed => DayState::Allowed,
            () if !self.known.contains(day) => DayState::Outside,
            () if is_over && is_ahead => DayState::PlannedOver,
            () if is_over => DayState::Overstay,
            () if !is_lawful => DayState::Undecided,
            () if is_ahead => DayState::Planned,
            () if counted.contains(day) => DayState::Counted,
            () => DayState::NotCounted,
        }
    }
}
