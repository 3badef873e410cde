//! What explains how long a person may stay: the last day that could be argued for, the next entry, overstays, and why no
//! rule covers a stay.

use std::borrow::Cow;

use crate::assess::Subject;
use crate::assess::decide::ledger::{Ledger, visa_free};
use crate::assess::decide::stay::{StayOutcome, resolve, undecided_past};
use crate::assessment::{Message, NextEntry, Overstay, Param, ReadingUse, RuleRef, Stay, StayDecision};
use crate::calendar::{Day, DayRange};
use crate::profile::Permit;
use crate::rulebook::{Reading, UncoveredScope};

/// How far ahead the next lawful entry is looked for, in days: longer than any window counts back.
pub const SEARCH_DAYS: i32 = 1_500;

pub fn explained<'r>(
    subject: &Subject<'_, 'r>,
    decision: StayDecision<'r>,
    outcome: Option<&StayOutcome<'r>>,
) -> Stay<'r> {
    let mut ledger = Ledger::new(subject, Day::FIRST);
    let next_entry = next_entry(&mut ledger);
    let overstays = overstays(&mut ledger);
    let entry = decision.entry.filter(|_| outcome.is_some_and(|outcome| !outcome.is_not_covered()));
    let at_hand = entry.and(subject.at_hand);
    let latest_arguable = at_hand.and_then(|stay| resolve(&mut ledger, stay, Reading::Other).last_day(stay.entry));
    let latest_arguable = latest_arguable.max(decision.last_day);
    let readings = entry.map(|entry| readings(&mut ledger, entry, &decision)).unwrap_or_default();
    Stay { latest_arguable, readings, next_entry, overstays, uncovered: uncovered(subject, &decision), decision }
}

/// The limits of the stay that another source gives otherwise, where that gives another day.
fn readings<'r>(ledger: &mut Ledger<'_, 'r>, entry: Day, stay: &StayDecision<'r>) -> Vec<ReadingUse<'r>> {
    let holds = |rule: RuleRef<'_>| stay.limits.iter().find(|limit| limit.rule.is(rule));
    let Ok(limits) = visa_free(ledger, entry, Reading::Other) else { return Vec::new() };
    let others = limits.filter_map(|(limit, _, last_day)| {
        let (rule, reading) = (limit.reference(), limit.content().other_reading.as_ref()?);
        let known = holds(rule)?;
        (known.last_day != last_day).then_some(ReadingUse { rule, reading, last_day })
    });
    others.collect()
}

/// Why no rule covers the stay, or the part of it past the last day.
fn uncovered<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'r>) -> Option<Message<'r>> {
    let book = subject.book;
    let country = Param::Country(subject.person.citizenship);
    if let Some(entries) = super::notices::entries(subject).filter(|_| stay.is_unknown()) {
        return Some(entries);
    }
    if let Some(by) = stay.uncovered_by {
        let rule = book.uncovered.iter().find(|rule| *rule.id == *by.id)?;
        let content = &rule.versions.iter().find(|version| version.head.from == by.head.from)?.says;
        let text = Message::new(&*content.text);
        return Some(match content.scope {
            UncoveredScope::PastLastDay => {
                let last = stay.last_day.or(stay.entry.map(|entry| entry.plus(-1)))?;
                text.with("day", Param::Day(last))
            }
            _ => text.with("country", country),
        });
    }
    stay.is_unknown().then(|| {
        let begins_later = |permit: &&Permit| permit.from > subject.reference_day().max(subject.today);
        if let Some(permit) = subject.person.permits.iter().find(begins_later) {
            let kind = Cow::Owned(format!("basis.{}", book.vocabulary.permits[usize::from(permit.kind)].id));
            let text = Message::new("notice.permit-begins-later").with("country", country);
            return text.with("permit", Param::Key(kind)).with("day", Param::Day(permit.from));
        }
        if !stay.depends_on.is_empty() {
            let facts = stay.depends_on.iter().map(|fact| format!("fact.{}", fact.key())).collect();
            Message::new("notice.depends-on").with("facts", Param::Keys(facts))
        } else if subject.reference_day() < book.covered_from {
            Message::new("notice.before-covered").with("day", Param::Day(book.covered_from))
        } else {
            let pack = Param::Words(vec![&book.id]);
            Message::new("notice.no-rule").with("country", country).with("pack", pack)
        }
    })
}

/// The first day on which visa-free entry is lawful again, from the day after the current or last
/// stay, and how many days in a row it then allows.
fn next_entry(ledger: &mut Ledger<'_, '_>) -> Option<NextEntry> {
    let subject = ledger.subject;
    let today = subject.today;
    let last = subject.person.stays.iter().rfind(|stay| stay.entry <= today);
    let mut day = last.map_or(today, |stay| stay.exit.unwrap_or(today).plus(1).max(today));
    for _ in 0..SEARCH_DAYS {
        let limits = visa_free(ledger, day, Reading::Safe).ok()?;
        let last = limits.filter_map(|(_, _, last)| last).min();
        if last.is_none_or(|last| last >= day) {
            return Some(NextEntry { earliest: day, days: last.map(|last| last.days_since(day) + 1) });
        }
        day = day.plus(1);
    }
    None
}

fn overstays(ledger: &mut Ledger<'_, '_>) -> Vec<Overstay> {
    let subject = ledger.subject;
    let today = subject.today;
    let mut found = Vec::new();
    for stay in subject.person.stays.iter().take_while(|stay| stay.entry <= today) {
        let outcome = resolve(ledger, stay, Reading::Safe);
        let up_to = stay.exit.map_or(today, |exit| exit.min(today));
        for DayRange { first: from, last: to } in outcome.days_over(stay.entry, up_to) {
            if undecided_past(subject, &outcome, stay.entry, from).is_none() {
                found.push(Overstay { entry: stay.entry, from, to, days: to.days_since(from) + 1 });
            }
        }
    }
    found
}
