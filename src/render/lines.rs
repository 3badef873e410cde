//! The sentences of an answer in the order in which people want them: what is late, what is ahead, what is done.

use super::Words;
use super::agenda::LEADS;
use super::document::{Block, Document, Ground, Kind, Source};
use super::phrases::{self, limit_text};
use crate::assessment::{
    Assessment, Channel, Deadline, DeadlineStatus, Permit, PermitCase, PermitStatus, PersonAssessment, RuleRef, Stay,
    StayStatus,
};
use crate::calendar::Day;
use crate::rulebook::{Cite, DeadlineKind, Level, Window};

/// The deadlines worth a line, the most urgent first. Advice whose day has passed is left out.
pub(super) fn deadlines<'a, 'r>(person: &'a PersonAssessment<'r>) -> Vec<&'a Deadline<'r>> {
    let is_useful = |deadline: &&Deadline<'_>| {
        !(deadline.kind == DeadlineKind::Advice && deadline.days.is_some_and(|days| days < 0))
    };
    let mut in_order: Vec<&Deadline<'_>> = person.deadlines.iter().filter(is_useful).collect();
    in_order.sort_by_key(|deadline| urgency(deadline));
    in_order
}

/// Whether a short answer has a line for it: the last day of a paper only where it is near or past, or comes before the end
/// of the stay.
pub(super) fn matters(deadline: &Deadline<'_>, person: &PersonAssessment<'_>) -> bool {
    let ends_first = |last: Day| deadline.due.is_some_and(|due| due.day < last);
    !deadline.is_of_a_paper()
        || deadline.days.is_some_and(|days| LEADS.iter().any(|lead| days <= *lead))
        || person.stay.exit.or(person.stay.last_day).is_some_and(ends_first)
}

/// How urgent: what is late first, then what is ahead, then what is done.
pub(super) fn urgency(deadline: &Deadline<'_>) -> u8 {
    match deadline.status {
        DeadlineStatus::Overdue => 0,
        DeadlineStatus::NotRecorded if deadline.kind == DeadlineKind::Duty => 1,
        DeadlineStatus::NotRecorded
        | DeadlineStatus::DueToday
        | DeadlineStatus::Upcoming
        | DeadlineStatus::Conditional => 2,
        DeadlineStatus::Done | DeadlineStatus::DoneLate => 3,
    }
}

pub(super) fn deadline_mark(deadline: &Deadline<'_>) -> &'static str {
    match deadline.status {
        DeadlineStatus::NotRecorded if deadline.kind == DeadlineKind::Duty => "!",
        DeadlineStatus::Overdue | DeadlineStatus::NotRecorded => "✗",
        DeadlineStatus::DueToday | DeadlineStatus::Upcoming => "●",
        DeadlineStatus::Conditional => "○",
        DeadlineStatus::Done | DeadlineStatus::DoneLate => "✓",
    }
}

/// How much of each limit is used, where the stay stands, and when the next entry is possible; empty where no rule
/// covers the stay.
pub(super) fn stay_sentences(stay: &Stay<'_>, words: &Words<'_>) -> Vec<String> {
    if stay.is_unknown() {
        return Vec::new();
    }
    let mut limits = Vec::new();
    for limit in stay.limits.iter().filter(|limit| limit.window != Window::Permit || limit.max_days.is_some()) {
        let limit_text = limit_text(limit, words);
        // Without a stay nothing is used of what each entry allows.
        let used = match limit.window {
            Window::PerEntry if stay.entry.is_none() => limit_text,
            _ => words.count("table.used", limit.used, &[("limit", &limit_text)]),
        };
        // What one limit would still allow is no comfort where another allows nothing.
        let ends = limit.last_day.filter(|_| stay.last_day.is_some()).map(|day| {
            let key = if limit.is_binding { "table.limit-until" } else { "table.limit-alone-until" };
            words.with(key, &[("day", &day)])
        });
        limits.push([Some(used), ends].into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    let mut sentences = Vec::new();
    if !limits.is_empty() {
        sentences.push(format!("{}.", limits.join("; ")));
    }
    let is_short = matches!(stay.status, StayStatus::Planned | StayStatus::Outside);
    let has_no_end = stay.last_day.is_none() || stay.binding().next().is_none();
    if !stay.is_violation() && (is_short || has_no_end) {
        sentences.push(phrases::stay_text(stay, words));
    }
    sentences.extend(may_enter(stay, words));
    sentences
}

/// From when on visa-free entry is possible, and for how long.
pub(super) fn may_enter(stay: &Stay<'_>, words: &Words<'_>) -> Option<String> {
    let next = stay.next_entry?;
    let day = words.day(next.earliest);
    let key = match stay.status {
        StayStatus::Outside | StayStatus::Planned => "table.may-enter",
        _ if stay.is_violation() => "table.may-return-after-overstay",
        _ if stay.exit.is_some() => "table.may-return-after-exit",
        _ => "table.may-return",
    };
    let exit = stay.exit.map(|day| words.day(day)).unwrap_or_default();
    Some(match next.days {
        Some(days) => words.count(key, days, &[("day", &day), ("exit", &exit)]),
        None => words.with("table.may-enter-unlimited", &[("day", &day)]),
    })
}

/// Whether the permit is needed and why, then its days, its price and its time.
pub(super) fn permit_sentences(permit: &Permit<'_>, (today, filing): (Day, Day), words: &Words<'_>) -> Vec<String> {
    let mut sentences = vec![permit_status(permit, words)];
    sentences.extend(permit.unavailable.as_ref().map(|why| words.sentence(why)));
    if !is_filed_for(permit) {
        return sentences;
    }
    if let (Some(hold), Some(file)) = (permit.hold_by.filter(|day| *day >= today), permit.file_by) {
        let key = match permit.status {
            PermitStatus::NotRequired => "table.hold-by-if-longer",
            _ => "table.hold-by",
        };
        sentences.push(words.with(key, &[("hold", &hold), ("file", &file)]));
    }
    sentences.extend(permit_cost(permit, (today, filing), words));
    sentences
}

/// Whether the permit is needed, and why; or after which day it is.
pub(super) fn permit_status(permit: &Permit<'_>, words: &Words<'_>) -> String {
    if let (PermitStatus::Conditional, Some(day)) = (permit.status, permit.hold_by) {
        return words.with("permit_status.only-after", &[("day", &words.long_day(day))]);
    }
    let because = words.sentence(&permit.because);
    words.with(&format!("permit_status.{}", permit.status.name()), &[("because", &because)])
}

/// Until when the permit lasts if filed for on a day, its price and its time; nothing where it is not filed for.
pub(super) fn permit_cost(permit: &Permit<'_>, (today, filing): (Day, Day), words: &Words<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    if !is_filed_for(permit) {
        return sentences;
    }
    // The next one is filed for when the one that is held ends.
    if let Some(until) = permit.valid_until_at_most.filter(|_| permit.status != PermitStatus::Held) {
        let key = if until < today { "table.cannot-outlast" } else { "table.valid-until" };
        sentences.push(words.with(key, &[("day", &until), ("filing", &filing)]));
    }
    if let (Some(fee), Some(days)) = (permit.fee, permit.processing_working_days) {
        sentences.push(words.count("table.fee-and-time", days, &[("fee", &words.of("fee", fee))]));
    }
    sentences
}

pub(super) fn permit_channels(permit: &Permit<'_>, words: &Words<'_>) -> Option<String> {
    let channels = permit.channels.iter().map(|channel| {
        let conditions: Vec<&str> = channel.conditions.iter().map(|id| words.of("condition", id)).collect();
        let name = words.of("channel", channel.id);
        if conditions.is_empty() { name.to_owned() } else { format!("{name} ({})", conditions.join("; ")) }
    });
    let list = channels.collect::<Vec<_>>().join(" · ");
    (is_filed_for(permit) && !list.is_empty()).then(|| words.with("table.channels", &[("list", &list)]))
}

/// Places to go to, with their addresses in short.
pub(super) fn channels(channels: &[Channel<'_>], words: &Words<'_>) -> String {
    let places = channels.iter().map(|channel| {
        let name = words.of("channel", channel.id);
        channel.url.map_or_else(|| name.to_owned(), |url| format!("{name} ({})", short_address(url)))
    });
    places.collect::<Vec<_>>().join(" · ")
}

pub(super) fn short_address(url: &str) -> &str {
    url.trim_start_matches("https://").trim_start_matches("www.")
}

pub(super) fn is_filed_for(permit: &Permit<'_>) -> bool {
    // Who is past the last lawful day has to ask first: there is no day to file by.
    !matches!(permit.status, PermitStatus::Exempt | PermitStatus::Unknown) && permit.case != PermitCase::StayIsOver
}

/// The notices of a level, each text once and behind the names of those it is about where members of the family are among
/// them; but for those that the first sentences have.
pub(super) fn notes(assessment: &Assessment<'_>, level: Level, words: &Words<'_>) -> Vec<String> {
    let mut said: Vec<String> =
        assessment.persons().filter_map(|person| phrases::other_reading(assessment, person, words)).collect();
    let unknown = assessment.persons().filter(|person| person.stay.is_unknown());
    said.extend(unknown.filter_map(|person| person.stay.uncovered.as_ref()).map(|why| words.sentence(why)));
    let mut notes: Vec<(String, Vec<&PersonAssessment<'_>>)> = Vec::new();
    for notice in assessment.notices.iter().filter(|notice| notice.level == level) {
        let text = words.sentence(&notice.text);
        let person = assessment.persons().find(|person| person.label == notice.person);
        match notes.iter_mut().find(|(known, _)| *known == text) {
            Some((_, of)) => of.extend(person.filter(|person| of.iter().all(|known| known.label != person.label))),
            None if !said.contains(&text) => notes.push((text, person.into_iter().collect())),
            None => {}
        }
    }
    let named = |(text, of): (String, Vec<&PersonAssessment<'_>>)| {
        // A notice about the applicant alone is about the whole.
        if of.iter().all(|person| person.is_applicant()) {
            return text;
        }
        let names: Vec<String> = of.into_iter().map(|person| phrases::address(person, words)).collect();
        format!("{}: {text}", names.join(", "))
    };
    notes.into_iter().map(named).collect()
}

/// Adds the acts that rules are taken from, each once.
pub(super) fn push_sources<'r>(document: &mut Document<'r>, rules: &[RuleRef<'r>], words: &Words<'_>) {
    let cites = rules.iter().flat_map(|rule| rule.head.cites.iter().map(move |cite| (cite, Some(rule.id))));
    let sources = sources(cites);
    if !sources.is_empty() {
        document.push(Kind::Sources, words.label("html.sources"), [Block::Sources(sources)]);
    }
}

/// Places of acts, by their acts and by how they are known, with the rules taken from them.
pub(super) fn sources<'r>(cites: impl Iterator<Item = (&'r Cite, Option<&'r str>)>) -> Vec<Source<'r>> {
    let mut sources: Vec<Source<'_>> = Vec::new();
    for (cite, rule) in cites {
        let at = sources.iter().position(|source| source.id == &*cite.source).unwrap_or(sources.len());
        if at == sources.len() {
            // Only what is sure to be a page of the web is made a link.
            let address = cite.url.as_deref().filter(|url| url.starts_with("https://"));
            sources.push(Source { id: &cite.source, address, grounds: Vec::new() });
        }
        let (standing, grounds) = (cite.standing.name(), &mut sources[at].grounds);
        let known = grounds.iter().position(|ground| (ground.standing, ground.verified) == (standing, cite.verified));
        let known = known.unwrap_or(grounds.len());
        if known == grounds.len() {
            grounds.push(Ground { standing, verified: cite.verified, places: Vec::new(), rules: Vec::new() });
        }
        let Ground { places, rules, .. } = &mut grounds[known];
        if !places.contains(&&*cite.at) {
            places.push(&cite.at);
        }
        rules.extend(rule.filter(|rule| !rules.contains(rule)));
    }
    sources
}
