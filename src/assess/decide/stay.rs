//! How long a person may stay.

use smallvec::SmallVec;

use super::ledger::{Ledger, covered_days, depends_on, limit_use, visa_free};
use crate::assess::Subject;
use crate::assess::matching::{MatchedRule, certain};
use crate::assessment::{LimitUse, RuleRef, StayDecision, StayStatus};
use crate::calendar::{Day, DayRange};
use crate::facts::OpenFacts;
use crate::profile;
use crate::rulebook::{Reading, Uncovered, UncoveredScope, Window};

/// The days for which a permit carries a stay; `until` is `None` without end.
#[derive(Clone, Copy, Debug)]
struct PermitSpan {
    kind: u8,
    from: Day,
    until: Option<Day>,
}

pub struct StayOutcome<'r> {
    /// Whether visa-free limits hold from the entry on.
    is_visa_free: bool,
    visa_free_until: Option<Day>,
    /// The permits that carry it, one after the other.
    permits: SmallVec<[PermitSpan; 2]>,
    /// Days between them that nothing allowed.
    pub gaps: SmallVec<[DayRange; 1]>,
    end: StayEnd<'r>,
}

#[derive(Clone, Copy)]
enum StayEnd<'r> {
    /// The last lawful day; before the entry where there is none.
    On(Day),
    Never,
    /// No rule covers the stay; with the rule that states this, if there is one.
    NotCovered(Option<MatchedRule<'r, Uncovered>>),
}

/// What the rules make of a stay, however long it lasts. A permit that begins after the stay has ended makes it lawful
/// again, from its first day on; of a stay that goes on only those count that have begun.
pub fn resolve<'r>(ledger: &mut Ledger<'_, 'r>, stay: &profile::Stay, reading: Reading) -> StayOutcome<'r> {
    let Subject { person, today, .. } = *ledger.subject;
    let entry = stay.entry;
    let mut outcome = StayOutcome {
        is_visa_free: false,
        visa_free_until: None,
        permits: SmallVec::new(),
        gaps: SmallVec::new(),
        end: StayEnd::Never,
    };
    let days_of = |permit: &profile::Permit| covered_days(person, permit, stay, reading);
    let next_after = |day: Day| {
        let begun = |permit: &&profile::Permit| permit.from > day && permit.from <= today && days_of(permit).days() > 0;
        let begun = person.permits.iter().filter(begun);
        begun.min_by_key(|permit| (permit.from, std::cmp::Reverse(days_of(permit).last)))
    };
    let valid = person.permits.iter().filter(|permit| days_of(permit).contains(entry));
    let mut first = valid.max_by_key(|permit| days_of(permit).last);
    if first.is_none() {
        match visa_free(ledger, entry, reading) {
            Err(uncovered) => {
                outcome.end = StayEnd::NotCovered(uncovered);
                // Nothing is known of the days before a permit.
                first = next_after(entry);
            }
            Ok(limits) => {
                outcome.is_visa_free = true;
                outcome.visa_free_until = limits.filter_map(|(_, _, last)| last).min();
                let Some(last) = outcome.visa_free_until else { return outcome };
                outcome.end = StayEnd::On(last);
                let takes_over = |permit: &&profile::Permit| {
                    last >= entry && permit.from > entry && permit.from <= last.plus(1) && days_of(permit).days() > 0
                };
                first = person.permits.iter().filter(takes_over).min_by_key(|permit| permit.from);
                if first.is_none() {
                    let end = last.max(entry.plus(-1));
                    first = next_after(end);
                    outcome.gaps.extend(first.map(|next| DayRange { first: end.plus(1), last: next.from.plus(-1) }));
                }
            }
        }
    }
    let Some(first) = first else { return outcome };
    let span = |permit: &profile::Permit| {
        let days = days_of(permit);
        let ends = permit.until.is_some() || days.last < Day::LAST;
        PermitSpan { kind: permit.kind, from: days.first, until: ends.then_some(days.last) }
    };
    let mut current = span(first);
    outcome.permits.push(current);
    while let Some(end) = current.until {
        let outlasts = |next: &PermitSpan| next.from <= end.plus(1) && next.until.is_none_or(|until| until > end);
        let next = person.permits.iter().map(span).filter(outlasts);
        let next = next.max_by_key(|next| next.until.unwrap_or(Day::LAST)).or_else(|| {
            let next = next_after(end).map(span)?;
            outcome.gaps.push(DayRange { first: end.plus(1), last: next.from.plus(-1) });
            Some(next)
        });
        let Some(next) = next else { break };
        current = next;
        outcome.permits.push(current);
    }
    outcome.end = current.until.map_or(StayEnd::Never, StayEnd::On);
    outcome
}

impl StayOutcome<'_> {
    pub fn last_day(&self, entry: Day) -> Option<Day> {
        match self.end {
            StayEnd::On(day) if day >= entry => Some(day),
            _ => None,
        }
    }

    /// The permit that carries the stay on a day; after its end, the last one.
    pub fn permit_on(&self, day: Day) -> Option<u8> {
        let span = self.permits.iter().rfind(|span| span.from <= day);
        span.or_else(|| self.permits.first().filter(|_| !self.is_visa_free)).map(|span| span.kind)
    }

    /// Whether no rule covers any day of the stay.
    pub fn is_not_covered(&self) -> bool {
        matches!(self.end, StayEnd::NotCovered(_))
    }

    /// The first day that a rule covers; `None` where there is none. Somebody who came without a permit that was needed
    /// is not covered before the permit begins.
    pub fn first_day_covered(&self, entry: Day) -> Option<Day> {
        match (self.end, self.permits.first()) {
            (StayEnd::NotCovered(_), _) => None,
            (_, Some(span)) if !self.is_visa_free => Some(entry.max(span.from)),
            _ => Some(entry),
        }
    }

    /// The days that nothing allowed, up to a day: those between permits, and those past the last lawful one.
    pub fn days_over(&self, entry: Day, up_to: Day) -> impl Iterator<Item = DayRange> {
        let past = self.first_day_over(entry).map(|first| DayRange { first, last: up_to });
        let between = self.gaps.iter().map(move |gap| DayRange { last: gap.last.min(up_to), ..*gap });
        between.chain(past).filter(|days| days.first <= days.last)
    }

    pub fn first_day_over(&self, entry: Day) -> Option<Day> {
        match self.end {
            StayEnd::On(day) => Some(day.plus(1).max(entry)),
            _ => None,
        }
    }
}

/// The rule by which a permit carries a stay.
fn permit_rule<'r>(subject: &Subject<'_, 'r>, entry: Day, span: PermitSpan) -> Option<RuleRef<'r>> {
    let on = entry.max(span.from);
    let mut rules = certain(&subject.book.stay_limits, on, subject.facts(on, Some(span.kind)));
    rules.find(|limit| limit.content().window() == Window::Permit).map(|limit| limit.reference())
}

/// The stay that an answer is about: the current one, else the next planned one.
pub fn stay_at_hand(person: &profile::Person, today: Day) -> Option<&profile::Stay> {
    let current = person.stays.iter().rfind(|stay| stay.is_current(today));
    current.or_else(|| person.stays.iter().find(|stay| stay.entry > today))
}

/// How long the person may stay, and what the rules make of the stay at hand.
pub fn decide<'r>(subject: &Subject<'_, 'r>) -> (StayDecision<'r>, Option<StayOutcome<'r>>) {
    let today = subject.today;
    let mut ledger = Ledger::new(subject, subject.reference_day());
    let mut stay = StayDecision {
        status: StayStatus::Outside,
        basis: subject.basis_word(subject.valid_permit().map(|permit| permit.kind)),
        entry: None,
        exit: None,
        last_day: None,
        last_visa_free_day: None,
        other_day: None,
        days_left: None,
        days_over: 0,
        limits: Vec::new(),
        depends_on: OpenFacts::default(),
        is_outside_the_rules: false,
        uncovered_by: None,
    };
    let Some(at_hand) = subject.at_hand else {
        stay.depends_on = depends_on(&mut ledger, today);
        match visa_free(&mut ledger, today, Reading::Safe) {
            Ok(limits) => {
                stay.limits.extend(limits.map(|(limit, counted, _)| limit_use(subject, &limit, counted, today, None)));
            }
            Err(why) if subject.valid_permit().is_none() => not_covered(&mut stay, why),
            Err(_) => {}
        }
        return (stay, None);
    };

    let entry = at_hand.entry;
    let outcome = resolve(&mut ledger, at_hand, Reading::Safe);
    let is_current = at_hand.is_current(today);
    let basis = outcome.permit_on(if is_current { today } else { entry });
    stay.entry = Some(entry);
    stay.exit = at_hand.exit;
    stay.basis = subject.basis_word(basis);
    stay.last_day = outcome.last_day(entry);
    stay.last_visa_free_day = outcome.visa_free_until.filter(|last| *last >= entry);
    stay.status = if is_current { StayStatus::Lawful } else { StayStatus::Planned };
    if outcome.permits.is_empty() {
        stay.depends_on = depends_on(&mut ledger, entry);
    }
    if let StayEnd::NotCovered(why) = outcome.end {
        not_covered(&mut stay, why);
        return (stay, Some(outcome));
    }

    let used_until = if is_current { today } else { at_hand.exit.unwrap_or(entry) };
    if basis.is_none() && outcome.is_visa_free {
        let mut has_other_reading = false;
        for (limit, counted, last) in visa_free(&mut ledger, entry, Reading::Safe).into_iter().flatten() {
            let is_binding = outcome.permits.is_empty() && last.is_some() && last == outcome.visa_free_until;
            let last_day = last.filter(|last| *last >= entry);
            let used = limit_use(subject, &limit, counted, used_until, Some(entry));
            stay.limits.push(LimitUse { last_day, is_binding, ..used });
            has_other_reading |= limit.content().other_reading.is_some();
        }
        if has_other_reading {
            let other = resolve(&mut ledger, at_hand, Reading::Other).last_day(entry);
            stay.other_day = other.filter(|other| stay.last_day.is_none_or(|last| *other > last.plus(1)));
        }
    }
    stay.limits.extend(permit_limit(subject, &outcome, entry, used_until));
    past_last_day(&mut stay, subject, &outcome, at_hand);
    if stay.status == StayStatus::Lawful {
        stay.days_left = stay.last_day.map(|last| last.days_since(today));
    }
    (stay, Some(outcome))
}

/// The last of the permits that carry a stay, as a limit that ends it.
fn permit_limit<'r>(
    subject: &Subject<'_, 'r>,
    outcome: &StayOutcome<'_>,
    entry: Day,
    used_until: Day,
) -> Option<LimitUse<'r>> {
    let span = *outcome.permits.last()?;
    let rule = permit_rule(subject, entry, span)?;
    let printed = subject.person.permits.iter().find(|permit| permit.kind == span.kind && permit.from == span.from);
    Some(LimitUse {
        rule,
        window: Window::Permit,
        window_from: None,
        max_days: printed.and_then(|permit| permit.days_per_entry),
        used: used_until.days_since(entry) + 1,
        last_day: span.until,
        is_binding: true,
    })
}

/// Decides on the days past the last lawful one, up to today or the planned exit.
fn past_last_day<'r>(
    stay: &mut StayDecision<'r>,
    subject: &Subject<'_, 'r>,
    outcome: &StayOutcome<'_>,
    at_hand: &profile::Stay,
) {
    let (today, entry) = (subject.today, at_hand.entry);
    let is_current = at_hand.is_current(today);
    let Some(over) = outcome.first_day_over(entry) else { return };
    let is_over = is_current && over <= today;
    let up_to = if is_over { Some(today) } else { at_hand.exit };
    let up_to = up_to.or_else(|| (over == entry && !is_current).then_some(entry));
    stay.days_over = up_to.map_or(0, |up_to| (up_to.days_since(over) + 1).max(0));
    if is_over {
        stay.status = StayStatus::Overstay;
    }
    if stay.days_over > 0
        && let Some(why) = undecided_past(subject, outcome, entry, over)
    {
        stay.days_over = 0;
        stay.uncovered_by = Some(why.reference());
        if is_over {
            stay.status = why.content().status.into();
        }
    }
}

fn not_covered<'r>(stay: &mut StayDecision<'r>, why: Option<MatchedRule<'r, Uncovered>>) {
    stay.is_outside_the_rules = why.is_some_and(|why| why.content().scope == UncoveredScope::Everything);
    stay.status = why.map_or(StayStatus::NotCovered, |why| why.content().status.into());
    stay.uncovered_by = why.map(|why| why.reference());
}

/// The rule by which days past the last one are not decided for this person; it depends on what the stay rested on up
/// to then.
pub fn undecided_past<'r>(
    subject: &Subject<'_, 'r>,
    outcome: &StayOutcome<'_>,
    entry: Day,
    over: Day,
) -> Option<MatchedRule<'r, Uncovered>> {
    let facts = subject.facts(over, outcome.permit_on(over.plus(-1)));
    let mut rules = certain(&subject.book.uncovered, entry, facts);
    rules.find(|rule| rule.content().scope == UncoveredScope::PastLastDay)
}
