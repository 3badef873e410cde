//! The days of a person that limits of stay count, and the last day that a limit allows.
//!
//! Presence is a set of days. A limit is broken on the first day on which its window holds more counted days than it
//! allows; the last lawful day is the day before. Along an unbroken stay the count of a rolling window grows by one for
//! every day that falls out of its back edge uncounted, so the back edge is walked run by run, not day by day.

use smallvec::SmallVec;

use crate::assess::Subject;
use crate::assess::cached_rules::Limits;
use crate::assess::matching::{Match, MatchedRule};
use crate::assessment::LimitUse;
use crate::calendar::{Day, DayRange, DaySet};
use crate::facts::OpenFacts;
use crate::profile::{self, Person};
use crate::rulebook::{Allowance, Head, Period, Reading, StayLimit, Uncovered, Window};

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
        let readings = [limit.allowance(Reading::Safe), limit.allowance(Reading::Other)];
        let since = readings.map(|allowance| looks_back_to(allowance.window, self.first_entry));
        let since = since[0].min(since[1]).max(Day::FIRST);
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

/// The unknown facts on which it hangs which limits hold for an entry.
pub fn depends_on(ledger: &mut Ledger<'_, '_>, entry: Day) -> OpenFacts {
    ledger.ask(entry);
    let Subject { book, .. } = *ledger.subject;
    let facts = ledger.subject.facts(entry, None);
    let mut open = OpenFacts::default();
    let mut add = |found: &Match, head: &Head| {
        open.extend(head.deciding_facts(&facts).iter().filter(|_| !found.is_certain()));
    };
    match ledger.asked.as_ref().map(|(_, limits, _)| limits) {
        Some(Ok(limits)) => limits.iter().for_each(|found| add(found, &found.of(&book.stay_limits).version.head)),
        Some(Err(found)) => add(found, &found.of(&book.uncovered).version.head),
        None => {}
    }
    open
}

/// The first day that a limit counts for a stay from this entry on.
fn looks_back_to(window: Window, entry: Day) -> Day {
    match window {
        Window::Permit | Window::PerEntry => entry,
        Window::Rolling(days) => entry.plus(1 - days),
        // Which entry opened the window depends on all those before it.
        Window::FirstEntry(_) => Day::FIRST,
        Window::CalendarYear => Day::from_ymd(entry.year(), 1, 1).unwrap_or(entry),
    }
}

/// The days that a limit counts, those of stays that ended before `since` left out.
fn counted_days(subject: &Subject<'_, '_>, limit: &StayLimit, since: Day) -> DaySet {
    let mut counted = DaySet::default();
    let person = subject.person;
    // Sorted by entry, and no stay lasts into the next.
    let ended = person.stays.partition_point(|stay| stay.days(subject.today).last < since);
    for stay in person.stays[ended..].iter().filter(|stay| limit.counts_entry(stay.entry)) {
        let days = stay.days(subject.today);
        let mut next = days.first;
        for permit in person.permits.iter().filter(|permit| !limit.counts_under(permit.kind)) {
            let covered = days.overlap(covered_days(person, permit, stay, Reading::Safe));
            if covered.days() > 0 {
                counted.push(DayRange { first: next, last: covered.first.plus(-1) });
                next = next.max(covered.last.plus(1));
            }
        }
        counted.push(DayRange { first: next, last: days.last });
    }
    counted
}

/// The days on which a permit covers a stay: its own days, but no more than the days of stay printed on it, which count
/// from the entry; none where its entries were used up before.
pub fn covered_days(person: &Person, permit: &profile::Permit, stay: &profile::Stay, reading: Reading) -> DayRange {
    if person.has_used_up(permit, stay) {
        return DayRange { first: permit.from, last: permit.from.plus(-1) };
    }
    let until = permit.until.unwrap_or(Day::LAST);
    let entry_counts = i32::from(reading == Reading::Safe);
    let printed = permit.days_per_entry.map_or(Day::LAST, |days| stay.entry.plus(days - entry_counts));
    DayRange { first: permit.from, last: until.min(printed) }
}

/// The first day of the window in which an entry on this day falls, of windows that open with the first visa-free entry
/// after the last one closed: the day itself where it opens one.
fn opened_on(subject: &Subject<'_, '_>, limit: &StayLimit, period: Period, counted: &DaySet, on: Day) -> Day {
    let mut open: Option<DayRange> = None;
    for entry in subject.person.stays.iter().map(|stay| stay.entry).take_while(|entry| *entry <= on) {
        let opens = counted.contains(entry) && limit.counts_entry(entry);
        if opens && open.is_none_or(|window| entry > window.last) {
            open = Some(period.from(entry));
        }
    }
    open.filter(|window| window.contains(on)).map_or(on, |window| window.first)
}

/// Whether the day of entry counts as the day on which the stay before ended.
fn counts_anyway(subject: &Subject<'_, '_>, limit: &StayLimit, window: Window, entry: Day) -> bool {
    let person = subject.person;
    let counts = |stay: &profile::Stay| {
        let is_covered = |permit: &profile::Permit| {
            !limit.counts_under(permit.kind) && covered_days(person, permit, stay, Reading::Safe).contains(entry)
        };
        limit.counts_entry(stay.entry) && !person.permits.iter().any(is_covered)
    };
    let before = person.stays.iter().find(|stay| stay.entry < entry && stay.exit == Some(entry));
    window != Window::PerEntry && before.is_some_and(counts)
}

/// The last day of an unbroken stay from `entry` that a limit allows, given the days counted before;
/// the day before `entry` where not even that is allowed, `None` where the limit never ends it.
fn last_allowed(
    subject: &Subject<'_, '_>,
    limit: &StayLimit,
    entry: Day,
    counted: &DaySet,
    reading: Reading,
) -> Option<Day> {
    let Allowance { window, max_days } = limit.allowance(reading);
    let entry_counts = i32::from(reading == Reading::Safe || counts_anyway(subject, limit, window, entry));
    let before = |first: Day| counted.count_in(DayRange { first, last: entry.plus(-1) });
    match window {
        Window::Permit => None,
        Window::PerEntry => Some(entry.plus(max_days - entry_counts)),
        Window::FirstEntry(period) => {
            let used = before(opened_on(subject, limit, period, counted, entry));
            Some(entry.plus((max_days - used - entry_counts).max(-1)))
        }
        Window::Rolling(window) => {
            let used = before(entry.plus(1 - window)) + entry_counts;
            if used > max_days {
                return Some(entry.plus(-1));
            }
            // Each later day adds itself and drops the day one window before it. Only a dropped day
            // that was not counted costs one of what is left.
            let mut left = max_days - used;
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
            if used > max_days {
                return Some(entry.plus(-1));
            }
            for year in entry.year()..=Day::LAST.year() {
                let last = Day::from_ymd(year, 12, 31)?;
                let breach = day.plus(max_days - used + 1);
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

/// The visa-free limits of a stay that begins on `entry`, each with the last day it allows; with them those that hang on
/// an unknown fact. `Err` where there is none for certain, with the rule that says why.
pub fn visa_free<'l, 'r>(
    ledger: &'l mut Ledger<'_, 'r>,
    entry: Day,
    reading: Reading,
) -> Result<impl Iterator<Item = LimitEnd<'l, 'r>>, Option<MatchedRule<'r, Uncovered>>> {
    ledger.ask(entry);
    let Ledger { subject, sets, asked, .. } = &*ledger;
    let Some((_, limits, places)) = asked else { return Err(None) };
    let book = subject.book;
    let limits = limits.as_ref().map_err(|found| found.is_certain().then(|| found.of(&book.uncovered)))?;
    if !limits.iter().any(|found| found.is_certain()) || entry < book.covered_from {
        return Err(None);
    }
    Ok(limits.iter().zip(places).map(move |(limit, at)| {
        let (limit, counted) = (limit.of(&book.stay_limits), &sets[*at].1);
        (limit, counted, last_allowed(subject, limit.content(), entry, counted, reading))
    }))
}

/// How much of a limit is used on `day`, of a stay from `entry`.
pub fn limit_use<'r>(
    subject: &Subject<'_, '_>,
    limit: &MatchedRule<'r, StayLimit>,
    counted: &DaySet,
    day: Day,
    entry: Option<Day>,
) -> LimitUse<'r> {
    let Allowance { window, max_days } = limit.content().allowance;
    let first = match window {
        Window::PerEntry | Window::Permit => entry,
        Window::FirstEntry(period) => Some(opened_on(subject, limit.content(), period, counted, entry.unwrap_or(day))),
        Window::Rolling(_) | Window::CalendarYear => Some(looks_back_to(window, day)),
    };
    let used = first.map_or(0, |first| counted.count_in(DayRange { first, last: day }));
    let window_from = first.filter(|_| matches!(window, Window::FirstEntry(_)));
    let max_days = Some(max_days);
    LimitUse { rule: limit.reference(), window, window_from, max_days, used, last_day: None, is_binding: false }
}
