//! What explains how long a person may stay: the last day that could be argued for, the next entry, overstays, and why no
//! rule covers a stay.

use crate::assess::Subject;
use crate::assess::decide::ledger::{Ledger, visa_free};
use crate::assess::decide::stay::{StayOutcome, resolve, undecided_past};
use crate::assessment::{Message, NextEntry, Overstay, Param, Stay, StayDecision};
use crate::calendar::Day;
use crate::rulebook::UncoveredScope;

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
    let latest_arguable = entry.and_then(|entry| resolve(&mut ledger, entry, false).last_day(entry));
    Stay { latest_arguable, next_entry, overstays, uncovered: uncovered(subject, &decision), decision }
}

/// Why no rule covers the stay, or the part of it past the last day.
fn uncovered<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'r>) -> Option<Message<'r>> {
    let book = subject.book;
    let country = Param::Country(subject.person.citizenship);
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
        if subject.reference_day() < book.covered_from {
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
        let limits = visa_free(ledger, day, true).ok()?;
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
        let outcome = resolve(ledger, stay.entry, true);
        let Some(from) = outcome.first_day_over(stay.entry) else { continue };
        let to = stay.exit.map_or(today, |exit| exit.min(today));
        if from <= to && undecided_past(subject, &outcome, stay.entry, from).is_none() {
            found.push(Overstay { entry: stay.entry, from, to, days: to.days_since(from) + 1 });
        }
    }
    found
}
