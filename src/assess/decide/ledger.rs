//! The days of a person that limits of stay count, and the last day that a limit allows.
//!
//! Presence is a set of days. A limit is broken on the first day on which its window holds more counted days than it
//! allows; the last lawful day is the day before. Along an unbroken stay the count of a rolling window grows by one for
//! every day that falls out of its back edge uncounted, so the back edge is walked run by run, not day by day.

use smallvec::SmallVec;

use crate::assess::Subject;
use crate::assess::cached_rules::Limits;
use crate::assess::matching::MatchedRule;
use crate::assessment::LimitUse;
use crate::calendar::{Day, DayRange, DaySet};
use crate::profile;
use crate::rulebook::{StayLimit, Uncovered, Window};

/// The counted days of a person, once for each way of counting, and the limits that were last asked for.
pub struct Ledger<'s, 'r> {
    pub subject: &'s Subject<'s, 'r>,
    /// No earlier entry is asked about: stays that no window looks back to from here are not counted.
    first_entry: Day,
    sets: SmallVec<[(Counting, DaySet); 2]>,
    /// The days on which the same limits hold, what they are, and of each the place of its counted days.
    asked: Option<(DayRange, Limits, SmallVec<[usize; 4]>)>,
}

/// Which days of a person are counted.
#[derive(Clone, Copy, PartialEq)]
struct Counting {
    /// Only those of stays entered from this day on.
    counts_from: Option<Day>,
    /// None on these kinds of permits, as bits.
    not_counted: u64,
    /// None of stays that ended before this day.
    since: Day,
}

impl<'s, 'r> Ledger<'s, 'r> {
    /// For entries from `first_entry` on.
    pub fn new(subject: &'s Subject<'s, 'r>, first_entry: Day) -> Self {
        Self { subject, first_entry, sets: SmallVec::new(), asked: None }
    }

    /// The place of the days in the country that the limit counts, an open stay up to today.
    fn days(&mut self, limit: &StayLimit) -> usize {
        let since = looks_back_to(limit.window, self.first_entry).max(Day::FIRST);
        let key = Counting { counts_from: limit.counts_from, not_counted: limit.not_counted, since };
        self.sets.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.sets.push((key, counted_days(self.subject, limit, since)));
            self.sets.len() - 1
        })
    }

    /// Finds the limits that hold on a day, unless they are the same as for the day before.
    fn ask(&mut self, entry: Day) {
        debug_assert!(entry >= self.first_entry);
        if self.asked.as_ref().is_some_and(|(days, ..)| days.contains(entry)) {
            return;
        }
        let (subject, rules) = (self.subject, self.subject.rules);
        let limits = rules.limits(entry, &subject.facts(entry, None));
        let counted = limits.iter().flat_map(|limits| limits.iter());
        let counted = counted.map(|limit| self.days(limit.of(&subject.book.stay_limits).content())).collect();
        let days = rules.days_alike(entry).overlap(subject.days_of_facts(entry));
        self.asked = Some((days, limits, counted));
    }
}

/// The first day that a limit counts for a stay from this entry on.
fn looks_back_to(window: Window, entry: Day) -> Day {
    match window {
        Window::Permit | Window::PerEntry => entry,
        Window::Rolling(days) => entry.plus(1 - days),
        Window::CalendarYear => Day::from_ymd(entry.year(), 1, 1).unwrap_or(entry),
    }
}

/// The days that a limit counts, those of stays that ended before `since` left out.
fn counted_days(subject: &Subject<'_, '_>, limit: &StayLimit, since: Day) -> DaySet {
    let mut counted = DaySet::default();
    let person = subject.person;
    // Sorted by entry, and no stay lasts into the next.
    let ended = person.stays.partition_point(|stay| stay.days(subject.today).last < since);
    for stay in person.stays[ended..].iter().filter(|stay| limit.counts_from.is_none_or(|from| stay.entry >= from)) {
        let days = stay.days(subject.today);
        let mut next = days.first;
        for permit in person.permits.iter().filter(|permit| limit.not_counted >> permit.kind & 1 == 1) {
            let covered = days.overlap(covered_days(permit, stay.entry, true));
            if covered.days() > 0 {
                counted.push(DayRange { first: next, last: covered.first.plus(-1) });
                next = next.max(covered.last.plus(1));
            }
        }
        counted.push(DayRange { first: next, last: days.last });
    }
    counted
}

/// The days on which a permit covers a stay that began on `entry`: its own days, but no more than
/// the days of stay printed on it, which count from the entry.
pub fn covered_days(permit: &profile::Permit, entry: Day, count_entry: bool) -> DayRange {
    let until = permit.until.unwrap_or(Day::LAST);
    let printed = permit.days_per_entry.map_or(Day::LAST, |days| entry.plus(days - i32::from(count_entry)));
    DayRange { first: permit.from, last: until.min(printed) }
}

/// The last day of an unbroken stay from `entry` that a limit allows, given the days counted before;
/// the day before `entry` where not even that is allowed, `None` where the limit never ends it.
fn last_allowed(limit: &StayLimit, entry: Day, counted: &DaySet, count_entry: bool) -> Option<Day> {
    let entry_counts = i32::from(count_entry);
    let before = |first: Day| counted.count_in(DayRange { first, last: entry.plus(-1) });
    match limit.window {
        Window::Permit => None,
        Window::PerEntry => Some(entry.plus(limit.max_days - entry_counts)),
        Window::Rolling(window) => {
            let used = before(entry.plus(1 - window)) + entry_counts;
            if used > limit.max_days {
                return Some(entry.plus(-1));
            }
            // Each later day adds itself and drops the day one window before it. Only a dropped day
            // that was not counted costs one of what is left.
            let mut left = limit.max_days - used;
            let mut edge = entry.plus(1 - window);
            for run in counted.from(edge).iter().take_while(|run| run.first < entry) {
                let gap = run.first.days_since(edge).max(0);
                if gap > left {
                    break;
                }
                left -= gap;
                edge = run.last.plus(1).min(entry);
            }
            let first_counted_again = entry.plus(1 - entry_counts);
            (first_counted_again.days_since(edge) > left).then(|| edge.plus(left + window - 1))
        }
        Window::CalendarYear => {
            let mut used = before(Day::from_ymd(entry.year(), 1, 1)?) + entry_counts;
            let mut day = entry;
            if used > limit.max_days {
                return Some(entry.plus(-1));
            }
            for year in entry.year()..=Day::LAST.year() {
                let last = Day::from_ymd(year, 12, 31)?;
                let breach = day.plus(limit.max_days - used + 1);
                if breach <= last {
                    return Some(breach.plus(-1));
                }
                (used, day) = (0, last);
            }
            None
        }
    }
}

/// A limit, the days that it counts, and the last day it allows; `None` where it never ends the stay.
pub type LimitEnd<'l, 'r> = (MatchedRule<'r, StayLimit>, &'l DaySet, Option<Day>);

/// The visa-free limits of a stay that begins on `entry`, each with the last day it allows. `Err`
/// where there is none, with the rule that says why.
pub fn visa_free<'l, 'r>(
    ledger: &'l mut Ledger<'_, 'r>,
    entry: Day,
    count_entry: bool,
) -> Result<impl Iterator<Item = LimitEnd<'l, 'r>>, Option<MatchedRule<'r, Uncovered>>> {
    ledger.ask(entry);
    let Ledger { subject, sets, asked, .. } = &*ledger;
    let Some((_, limits, places)) = asked else { return Err(None) };
    let book = subject.book;
    let limits = limits.as_ref().map_err(|uncovered| Some(uncovered.of(&book.uncovered)))?;
    if limits.is_empty() || entry < book.covered_from {
        return Err(None);
    }
    Ok(limits.iter().zip(places).map(move |(limit, at)| {
        let (limit, counted) = (limit.of(&book.stay_limits), &sets[*at].1);
        (limit, counted, last_allowed(limit.content(), entry, counted, count_entry))
    }))
}

/// How much of a limit is used on `day`, of a stay from `entry`.
pub fn limit_use<'r>(
    limit: &MatchedRule<'r, StayLimit>,
    counted: &DaySet,
    day: Day,
    entry: Option<Day>,
) -> LimitUse<'r> {
    let StayLimit { window, max_days, .. } = *limit.content();
    let first = match window {
        Window::PerEntry | Window::Permit => entry,
        Window::Rolling(_) | Window::CalendarYear => Some(looks_back_to(window, day)),
    };
    let used = first.map_or(0, |first| counted.count_in(DayRange { first, last: day }));
    LimitUse { rule: limit.reference(), window, max_days: Some(max_days), used, last_day: None, is_binding: false }
}
