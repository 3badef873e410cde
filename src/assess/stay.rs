//! Reasoning: how long a person may stay.
//!
//! Presence is a set of days; a limit is broken on the first day on which the days counted in its
//! window are more than it allows. The last lawful day is the day before. Nothing is simulated day by
//! day: along an unbroken stay the count of a rolling window grows by one for every day that falls
//! out of its back edge uncounted, so the back edge is walked run by run.

use smallvec::SmallVec;

use crate::assessment::{LimitUse, Message, NextEntry, Overstay, Param, RuleRef, Stay, StayStatus};
use crate::calendar::{Day, DayRange, DaySet};
use crate::facts::Truth;
use crate::profile;
use crate::rulebook::{Applied, StayLimit, Uncovered, UncoveredScope, Window};

use super::law::Limits;
use super::{Detail, Subject};

/// How far ahead the next lawful entry is looked for, in days: longer than any window counts back.
pub(super) const SEARCH_DAYS: i32 = 1_500;

/// More limits of a stay than these are few.
const USUAL_LIMITS: usize = 2;

/// The counted days of a person, once for each way of counting, and what was last found of the limits.
pub(super) struct Ledger<'s, 'r> {
    pub(super) subject: &'s Subject<'s, 'r>,
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
    pub(super) fn new(subject: &'s Subject<'s, 'r>) -> Self {
        Self { subject, sets: SmallVec::new(), asked: None }
    }

    /// All days in the country that the limit counts, an open stay up to today; for a row only the stays
    /// that an entry on this day looks back to.
    fn days(&mut self, limit: &StayLimit, entry: Day) -> usize {
        let since = match self.subject.detail {
            Detail::Whole => Day::FIRST,
            Detail::Row => looks_back_to(limit.window, entry),
        };
        let key = Counting { counts_from: limit.counts_from, not_counted: limit.not_counted, since };
        self.sets.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.sets.push((key, counted_days(self.subject, limit, since)));
            self.sets.len() - 1
        })
    }

    /// Sees to it that `asked` speaks of a day.
    fn ask(&mut self, entry: Day) {
        if self.asked.as_ref().is_some_and(|(days, ..)| days.contains(entry)) {
            return;
        }
        let subject = self.subject;
        let limits = subject.law.limits(entry, &subject.facts(entry, None));
        let counted = limits.iter().flat_map(|limits| limits.iter());
        let counted = counted.map(|limit| self.days(&subject.law.stay_limits.at(*limit).version.says, entry));
        let counted = counted.collect();
        let days = subject.law.days_of_limits(entry).overlap(subject.days_of_facts(entry));
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
fn covered_days(permit: &profile::Permit, entry: Day, count_entry: bool) -> DayRange {
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
pub(super) type LimitEnd<'l, 'r> = (Applied<'r, StayLimit>, &'l DaySet, Option<Day>);

/// A permit that carries a stay, and the last day it does; `None` without end.
#[derive(Clone, Copy)]
struct Link {
    kind: u8,
    from: Day,
    until: Option<Day>,
}

/// What the law makes of one stay.
pub(super) struct Resolved<'r> {
    /// Whether visa-free limits hold from the entry on.
    is_visa_free: bool,
    /// The last day by the visa-free limits alone.
    visa_free_until: Option<Day>,
    links: SmallVec<[Link; 2]>,
    ending: Ending<'r>,
}

#[derive(Clone, Copy)]
enum Ending<'r> {
    /// The last lawful day; before the entry where there is none.
    On(Day),
    /// Lawful without end.
    Never,
    /// No rule says; the rule that says so much, if there is one.
    NotCovered(Option<Applied<'r, Uncovered>>),
}

/// What the law makes of a stay that begins on `entry`, whatever its exit.
pub(super) fn resolve<'r>(ledger: &mut Ledger<'_, 'r>, entry: Day, count_entry: bool) -> Resolved<'r> {
    let subject = ledger.subject;
    let person = subject.person;
    let covers = |permit: &&profile::Permit, day: Day| covered_days(permit, entry, count_entry).contains(day);
    let mut resolved =
        Resolved { is_visa_free: false, visa_free_until: None, links: SmallVec::new(), ending: Ending::Never };
    let on_entry = person.permits.iter().filter(|permit| covers(permit, entry));
    let mut start = on_entry.max_by_key(|permit| covered_days(permit, entry, count_entry).last);

    if start.is_none() {
        match visa_free(ledger, entry, count_entry) {
            Err(uncovered) => {
                // Nothing is known of the days before a permit; what a permit covers today is known.
                let today = subject.today;
                start = person
                    .permits
                    .iter()
                    .filter(|permit| permit.from > entry && covers(permit, today))
                    .max_by_key(|permit| covered_days(permit, entry, count_entry).last);
                if start.is_none() {
                    resolved.ending = Ending::NotCovered(uncovered);
                    return resolved;
                }
            }
            Ok(limits) => {
                resolved.is_visa_free = true;
                resolved.visa_free_until = limits.filter_map(|(_, _, last)| last).min();
                let Some(last) = resolved.visa_free_until else {
                    return resolved;
                };
                resolved.ending = Ending::On(last);
                let takes_over = |permit: &&profile::Permit| {
                    permit.from > entry
                        && permit.from <= last.plus(1)
                        && covered_days(permit, entry, count_entry).days() > 0
                };
                start =
                    person.permits.iter().filter(|_| last >= entry).filter(takes_over).min_by_key(|permit| permit.from);
            }
        }
    }

    let Some(first) = start else { return resolved };
    let link = |permit: &profile::Permit| {
        let days = covered_days(permit, entry, count_entry);
        let ends = permit.until.is_some() || permit.days_per_entry.is_some();
        Link { kind: permit.kind, from: days.first, until: ends.then_some(days.last) }
    };
    let mut current = link(first);
    resolved.links.push(current);
    while let Some(end) = current.until {
        let longer = |permit: &profile::Permit| {
            let next = link(permit);
            (next.from <= end.plus(1) && next.until.is_none_or(|until| until > end)).then_some(next)
        };
        let Some(next) = person.permits.iter().filter_map(longer).max_by_key(|next| next.until.unwrap_or(Day::LAST))
        else {
            break;
        };
        current = next;
        resolved.links.push(current);
    }
    resolved.ending = current.until.map_or(Ending::Never, Ending::On);
    resolved
}

/// The visa-free limits of a stay that begins on `entry`, each with the last day it allows. `Err`
/// where there is none, with the rule that says why.
pub(super) fn visa_free<'l, 'r>(
    ledger: &'l mut Ledger<'_, 'r>,
    entry: Day,
    count_entry: bool,
) -> Result<impl Iterator<Item = LimitEnd<'l, 'r>>, Option<Applied<'r, Uncovered>>> {
    ledger.ask(entry);
    let Ledger { subject, sets, asked } = &*ledger;
    let Some((_, limits, places)) = asked else { return Err(None) };
    let law = subject.law;
    let limits = limits.as_ref().map_err(|uncovered| Some(law.uncovered.at(*uncovered)))?;
    if limits.is_empty() || entry < subject.book.covered_from {
        return Err(None);
    }
    Ok(limits.iter().zip(places).map(move |(limit, at)| {
        let (limit, counted) = (law.stay_limits.at(*limit), &sets[*at].1);
        (limit, counted, last_allowed(&limit.version.says, entry, counted, count_entry))
    }))
}

impl Resolved<'_> {
    fn last_day(&self, entry: Day) -> Option<Day> {
        match self.ending {
            Ending::On(day) if day >= entry => Some(day),
            _ => None,
        }
    }

    /// The permit that carries the stay on a day; after its end, the last one.
    pub(super) fn permit_on(&self, day: Day) -> Option<u8> {
        let link = self.links.iter().rfind(|link| link.from <= day);
        link.or_else(|| self.links.first().filter(|_| !self.is_visa_free)).map(|link| link.kind)
    }

    /// The first day of which the rules speak; `None` where they speak of no day of the stay. Of the days
    /// before a permit that somebody came without, no rule may say anything.
    pub(super) fn first_day_covered(&self, subject: &Subject<'_, '_>, entry: Day) -> Option<Day> {
        let carries = |permit: &&profile::Permit| {
            permit.from > entry && covered_days(permit, entry, true).contains(subject.today)
        };
        match (self.ending, self.links.first()) {
            (Ending::NotCovered(_), _) => None,
            (_, Some(link)) if !self.is_visa_free && link.from > entry => {
                subject.person.permits.iter().filter(carries).map(|permit| permit.from).min()
            }
            _ => Some(entry),
        }
    }

    /// The first day past the lawful part of the stay.
    pub(super) fn first_day_over(&self, entry: Day) -> Option<Day> {
        match self.ending {
            Ending::On(day) => Some(day.plus(1).max(entry)),
            _ => None,
        }
    }
}

/// The rule by which a permit carries a stay.
fn permit_rule<'r>(subject: &Subject<'_, 'r>, entry: Day, link: Link) -> Option<RuleRef<'r>> {
    let on = entry.max(link.from);
    let facts = subject.facts(on, Some(link.kind));
    subject
        .law
        .stay_limits
        .applied(on, &facts)
        .find(|limit| limit.truth == Truth::Yes && limit.version.says.window == Window::Permit)
        .map(|limit| RuleRef { id: &limit.rule.id, head: &limit.version.head })
}

/// The stay that an answer speaks of: the current one, else the next planned one.
pub(super) fn stay_at_hand(person: &profile::Person, today: Day) -> Option<&profile::Stay> {
    let current = person.stays.iter().rfind(|stay| stay.is_current(today));
    current.or_else(|| person.stays.iter().find(|stay| stay.entry > today))
}

/// How long the person may stay, and what the law makes of the stay at hand.
pub(super) fn assess<'r>(subject: &Subject<'_, 'r>) -> (Stay<'r>, Option<Resolved<'r>>) {
    let mut ledger = Ledger::new(subject);
    let today = subject.today;
    let (next_entry, overstays) = match subject.detail {
        Detail::Whole => (next_entry(&mut ledger), overstays(&mut ledger)),
        Detail::Row => (None, Vec::new()),
    };
    let mut stay = Stay {
        status: StayStatus::Outside,
        basis: subject.basis_word(subject.valid_permit().map(|permit| permit.kind)),
        entry: None,
        exit: None,
        last_day: None,
        latest_arguable: None,
        last_visa_free_day: None,
        days_left: None,
        days_over: 0,
        limits: subject.law.spare_limits.list(),
        next_entry,
        overstays,
        uncovered: None,
        is_outside_the_rules: false,
        uncovered_by: None,
    };
    let Some(at_hand) = subject.at_hand else {
        match visa_free(&mut ledger, today, true) {
            Ok(limits) => {
                stay.limits.reserve_exact(USUAL_LIMITS);
                for (limit, counted, _) in limits {
                    let used = used_on(counted, &limit, today, None);
                    stay.limits.push(limit_use(&limit, used));
                }
            }
            Err(why) if subject.valid_permit().is_none() => not_covered(&mut stay, subject, why, today),
            Err(_) => {}
        }
        return (stay, None);
    };

    let entry = at_hand.entry;
    let resolved = resolve(&mut ledger, entry, true);
    let arguable = (subject.detail == Detail::Whole).then(|| resolve(&mut ledger, entry, false));
    let is_current = at_hand.is_current(today);
    let reference = if is_current { today } else { at_hand.exit.unwrap_or(entry) };
    let basis_day = if is_current { today } else { entry };
    stay.entry = Some(entry);
    stay.exit = at_hand.exit;
    stay.basis = subject.basis_word(resolved.permit_on(basis_day));
    stay.last_day = resolved.last_day(entry);
    stay.latest_arguable = arguable.and_then(|arguable| arguable.last_day(entry));
    stay.last_visa_free_day = resolved.visa_free_until.filter(|last| *last >= entry);
    stay.status = if is_current { StayStatus::Lawful } else { StayStatus::Planned };

    if let Ending::NotCovered(why) = resolved.ending {
        not_covered(&mut stay, subject, why, entry);
        return (stay, Some(resolved));
    }

    let visa_free_now = resolved.permit_on(basis_day).is_none();
    if visa_free_now && resolved.is_visa_free {
        stay.limits.reserve_exact(USUAL_LIMITS);
        for (limit, counted, last) in visa_free(&mut ledger, entry, true).into_iter().flatten() {
            let used = used_on(counted, &limit, reference, Some(entry));
            let is_binding = resolved.links.is_empty() && last.is_some() && last == resolved.visa_free_until;
            let last_day = last.filter(|last| *last >= entry);
            stay.limits.push(LimitUse { last_day, is_binding, ..limit_use(&limit, used) });
        }
    }
    if let Some(link) = resolved.links.last()
        && let Some(rule) = permit_rule(subject, entry, *link)
    {
        stay.limits.reserve_exact(1);
        let printed = subject.person.permits.iter().find(|permit| permit.kind == link.kind && permit.from == link.from);
        stay.limits.push(LimitUse {
            rule,
            window: Window::Permit,
            max_days: printed.and_then(|permit| permit.days_per_entry),
            used: reference.days_since(entry) + 1,
            last_day: link.until,
            is_binding: true,
        });
    }

    if let Some(over) = resolved.first_day_over(entry) {
        let up_to = if is_current && over <= today { Some(today) } else { at_hand.exit };
        let up_to = up_to.or_else(|| (over == entry && !is_current).then_some(entry));
        stay.days_over = up_to.map_or(0, |up_to| (up_to.days_since(over) + 1).max(0));
        let is_over = is_current && over <= today;
        if is_over {
            stay.status = StayStatus::Overstay;
        }
        if stay.days_over > 0
            && let Some(why) = undecided_past(subject, &resolved, entry, over)
        {
            stay.days_over = 0;
            stay.uncovered_by = Some(RuleRef { id: &why.rule.id, head: &why.version.head });
            stay.uncovered = Some(Message::new(&*why.version.says.text).with("day", Param::Day(over.plus(-1))));
            if is_over {
                stay.status = why.version.says.status.into();
            }
        }
    }
    if stay.status == StayStatus::Lawful {
        stay.days_left = stay.last_day.map(|last| last.days_since(today));
    }
    (stay, Some(resolved))
}

fn not_covered<'r>(stay: &mut Stay<'r>, subject: &Subject<'_, 'r>, why: Option<Applied<'r, Uncovered>>, on: Day) {
    let country = Param::Country(subject.person.citizenship);
    stay.is_outside_the_rules = why.is_some_and(|why| why.version.says.scope == UncoveredScope::Everything);
    stay.latest_arguable = None;
    stay.status = why.map_or(StayStatus::NotCovered, |why| why.version.says.status.into());
    stay.uncovered_by = why.map(|why| RuleRef { id: &why.rule.id, head: &why.version.head });
    stay.uncovered = Some(match why {
        Some(why) => Message::new(&*why.version.says.text).with("country", country),
        None if on < subject.book.covered_from => {
            Message::new("notice.before-covered").with("day", Param::Day(subject.book.covered_from))
        }
        None => {
            Message::new("notice.no-rule").with("country", country).with("pack", Param::Words(vec![&subject.book.id]))
        }
    });
}

/// The rule by which days past the last one are not decided for this person; on what the stay rested up
/// to then counts.
pub(super) fn undecided_past<'r>(
    subject: &Subject<'_, 'r>,
    resolved: &Resolved<'_>,
    entry: Day,
    over: Day,
) -> Option<Applied<'r, Uncovered>> {
    let facts = subject.facts(over, resolved.permit_on(over.plus(-1)));
    subject
        .law
        .uncovered
        .applied(entry, &facts)
        .find(|rule| rule.truth == Truth::Yes && rule.version.says.scope == UncoveredScope::PastLastDay)
}

pub(super) fn limit_use<'r>(limit: &Applied<'r, StayLimit>, used: i32) -> LimitUse<'r> {
    let says = &limit.version.says;
    let rule = RuleRef { id: &limit.rule.id, head: &limit.version.head };
    LimitUse { rule, window: says.window, max_days: Some(says.max_days), used, last_day: None, is_binding: false }
}

/// Days counted in the limit's window that ends on `day`; per entry, those of the stay from `entry`.
pub(super) fn used_on(counted: &DaySet, limit: &Applied<'_, StayLimit>, day: Day, entry: Option<Day>) -> i32 {
    let says = &limit.version.says;
    let first = match says.window {
        Window::PerEntry | Window::Permit => {
            let Some(entry) = entry else { return 0 };
            entry
        }
        Window::Rolling(_) | Window::CalendarYear => looks_back_to(says.window, day),
    };
    counted.count_in(DayRange { first, last: day })
}

/// The first day on which visa-free entry is lawful again, from the day after the current or last
/// stay, and how many days in a row it then allows.
fn next_entry(ledger: &mut Ledger<'_, '_>) -> Option<NextEntry> {
    let subject = ledger.subject;
    let today = subject.today;
    let last = subject.person.stays.iter().rfind(|stay| stay.entry <= today);
    let mut day = last.map_or(today, |stay| stay.exit.unwrap_or(today).plus(1).max(today));
    for _ in 0..SEARCH_DAYS {
        let limits = visa_free(ledger, day, true).ok()?;
        let last = limits.filter_map(|(_, _, last)| last).min();
        match last {
            None => {
                return Some(NextEntry { earliest: day, days: None });
            }
            Some(last) if last >= day => {
                return Some(NextEntry { earliest: day, days: Some(last.days_since(day) + 1) });
            }
            Some(_) => day = day.plus(1),
        }
    }
    None
}

fn overstays(ledger: &mut Ledger<'_, '_>) -> Vec<Overstay> {
    let subject = ledger.subject;
    let today = subject.today;
    let mut found = Vec::new();
    for stay in subject.person.stays.iter().take_while(|stay| stay.entry <= today) {
        let resolved = resolve(ledger, stay.entry, true);
        let Some(from) = resolved.first_day_over(stay.entry) else {
            continue;
        };
        let to = stay.exit.map_or(today, |exit| exit.min(today));
        if from <= to && undecided_past(subject, &resolved, stay.entry, from).is_none() {
            found.push(Overstay { entry: stay.entry, from, to, days: to.days_since(from) + 1 });
        }
    }
    found
}
