//! The lines of an answer in the order in which people want them: what is late, what is ahead, what is done. Shared by
//! the table and the page, so that both have the same.

use super::Words;
use super::phrases::{self, limit_text};
use super::words::called;
use crate::assessment::{
    Assessment, Deadline, DeadlineStatus, DocumentLine, Message, Permit, PermitCase, PermitStatus, PersonAssessment,
    Requirement, RuleRef, Stay, StayStatus,
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

pub(super) fn deadline_limit(
    deadline: &Deadline<'_>,
    person: &PersonAssessment<'_>,
    words: &Words<'_>,
) -> Option<String> {
    let binding = person.stay.limits.iter().find(|limit| limit.rule == deadline.rule);
    binding.filter(|_| deadline.id == "stay-end").map(|limit| limit_text(limit, words))
}

/// How much of each limit is used, where the stay stands, and when the next entry is possible; empty where no rule
/// covers the stay.
pub(super) fn stay_sentences(stay: &Stay<'_>, words: &Words<'_>) -> Vec<String> {
    if stay.is_unknown() {
        return Vec::new();
    }
    let mut limits = Vec::new();
    for limit in stay.limits.iter().filter(|limit| limit.window != Window::Permit) {
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
pub(super) fn permit_sentences(permit: &Permit<'_>, today: Day, words: &Words<'_>) -> Vec<String> {
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
    sentences.extend(permit_cost(permit, today, words));
    sentences
}

/// Whether the permit is needed, and why.
pub(super) fn permit_status(permit: &Permit<'_>, words: &Words<'_>) -> String {
    let because = words.sentence(&permit.because);
    words.with(&format!("permit_status.{}", permit.status.name()), &[("because", &because)])
}

/// Until when the permit lasts, its price and its time; nothing where it is not filed for.
pub(super) fn permit_cost(permit: &Permit<'_>, today: Day, words: &Words<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    if !is_filed_for(permit) {
        return sentences;
    }
    if let Some(until) = permit.valid_until_at_most {
        let key = if until < today { "table.cannot-outlast" } else { "table.valid-until" };
        sentences.push(words.with(key, &[("day", &until)]));
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

pub(super) fn is_filed_for(permit: &Permit<'_>) -> bool {
    // Who is past the last lawful day has to ask first: there is no day to file by.
    !matches!(permit.status, PermitStatus::Exempt | PermitStatus::Unknown) && permit.case != PermitCase::StayIsOver
}

/// Why there is no checklist where nothing but checklists is asked for.
pub(super) fn no_documents(
    assessment: &Assessment<'_>,
    person: &PersonAssessment<'_>,
    sections: super::Sections,
    words: &Words<'_>,
) -> Option<String> {
    if sections != super::Sections::Documents {
        return None;
    }
    if person.stay.is_outside_the_rules {
        return Some(phrases::stay_text(&person.stay, words));
    }
    let has_none = person.is_applicant() && assessment.profile.vocabulary.documents.is_empty();
    has_none.then(|| words.with("table.no-documents", &[("pack", &assessment.rules.pack)]))
}

pub(super) struct Checklist<'a, 'r> {
    pub(super) procedure: &'r str,
    pub(super) title: String,
    pub(super) certain: usize,
    /// How many of those that are or may be needed are at hand.
    pub(super) held: usize,
    pub(super) needed: Vec<&'a DocumentLine<'r>>,
    /// Papers of which something else decides whether they are needed, with what that is.
    pub(super) open: Vec<(String, Vec<&'a DocumentLine<'r>>)>,
    /// Papers that named exemptions make unnecessary, with the exemption.
    pub(super) exempted: Vec<(String, Vec<&'a DocumentLine<'r>>)>,
}

/// The checklists of a person, one for each procedure; what is done needs no papers any more.
pub(super) fn checklists<'a, 'r>(
    assessment: &Assessment<'_>,
    person: &'a PersonAssessment<'r>,
    words: &Words<'_>,
) -> Vec<Checklist<'a, 'r>> {
    let mut procedures: Vec<&'r str> = Vec::new();
    for line in &person.documents {
        if !procedures.contains(&line.procedure) {
            procedures.push(line.procedure);
        }
    }
    let is_done = |procedure: &str| {
        let mut of_it = person.deadlines.iter().filter(|deadline| deadline.id == procedure).peekable();
        of_it.peek().is_some() && of_it.all(|deadline| deadline.status.is_done())
    };
    let mut lists = Vec::new();
    for procedure in procedures.into_iter().filter(|procedure| !is_done(procedure)) {
        let of_it = || person.documents.iter().filter(|line| line.procedure == procedure);
        let (needed, open): (Vec<_>, Vec<_>) = of_it()
            .filter(|line| line.requirement != Requirement::NotRequired)
            .partition(|line| line.held || line.requirement == Requirement::Required);
        if needed.is_empty() && open.is_empty() {
            continue;
        }
        let permit = person.permit.as_ref().filter(|permit| permit.kind == procedure);
        let title = match permit {
            Some(permit) if person.is_applicant() => phrases::permit_heading(assessment, permit, words),
            _ => words.of("procedure", procedure).to_owned(),
        };
        let certain = needed.iter().filter(|line| line.requirement == Requirement::Required).count();
        lists.push(Checklist {
            procedure,
            title,
            certain,
            held: needed.iter().filter(|line| line.held).count(),
            needed,
            open: by_reason(open, words),
            exempted: by_reason(of_it().filter(|line| line.is_exempted), words),
        });
    }
    lists
}

/// The papers under their reasons, those of one reason together. Reasons are compared by what they are and not by their
/// words, so that the order is the same in every language.
pub(super) fn by_reason<'a, 'r: 'a>(
    lines: impl IntoIterator<Item = &'a DocumentLine<'r>>,
    words: &Words<'_>,
) -> Vec<(String, Vec<&'a DocumentLine<'r>>)> {
    let mut reasons: Vec<(Message<'_>, Vec<&DocumentLine<'_>>)> = Vec::new();
    for line in lines {
        let reason = line.because.message();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, lines)) => lines.push(line),
            None => reasons.push((reason, vec![line])),
        }
    }
    reasons.into_iter().map(|(reason, lines)| (words.sentence(&reason), lines)).collect()
}

pub(super) fn not_needed(exempted: &[(String, Vec<&DocumentLine<'_>>)], words: &Words<'_>) -> Option<String> {
    let titles = |lines: &[&DocumentLine<'_>]| {
        lines.iter().map(|line| words.of("document", line.id).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let list: Vec<String> = exempted.iter().map(|(reason, lines)| format!("{} ({reason})", titles(lines))).collect();
    (!list.is_empty()).then(|| words.with("table.not-needed", &[("list", &list.join(" · "))]))
}

/// A notice, and the people it is about where members of the family are among them.
pub(super) struct Note {
    pub(super) text: String,
    pub(super) names: Vec<String>,
    pub(super) level: Level,
}

impl Note {
    pub(super) fn with_names(&self) -> String {
        let names: Vec<_> = self.names.iter().map(|name| called(name)).collect();
        if names.is_empty() { self.text.clone() } else { format!("{}: {}", names.join(", "), self.text) }
    }
}

/// The notices, each text once, but for those that the stay itself shows.
pub(super) fn notes(assessment: &Assessment<'_>, words: &Words<'_>) -> Vec<Note> {
    let mut notes: Vec<(String, Vec<&PersonAssessment<'_>>, Level)> = Vec::new();
    for notice in &assessment.notices {
        if assessment
            .persons()
            .any(|person| person.stay.is_unknown() && person.stay.uncovered.as_ref() == Some(&notice.text))
        {
            continue;
        }
        let text = words.sentence(&notice.text);
        let person = assessment.persons().find(|person| person.label == notice.person);
        match notes.iter_mut().find(|(known, ..)| *known == text) {
            Some((_, of, _)) => of.extend(person.filter(|person| of.iter().all(|known| known.label != person.label))),
            None => notes.push((text, person.into_iter().collect(), notice.level)),
        }
    }
    let note = |(text, of, level): (String, Vec<&PersonAssessment<'_>>, Level)| {
        // A notice about the applicant alone is about the whole.
        let is_of_members = of.iter().any(|person| !person.is_applicant());
        let names = of.iter().filter(|_| is_of_members).map(|person| match &person.person.name {
            Some(name) => name.clone(),
            None if person.is_applicant() => words.of("relation", person.relation).to_owned(),
            None => person.label.to_string(),
        });
        Note { names: names.collect(), text, level }
    };
    notes.into_iter().map(note).collect()
}

pub(super) fn needs(assessment: &Assessment<'_>, words: &Words<'_>) -> Option<String> {
    let facts: Vec<&str> = assessment.needs.iter().map(|need| words.of("need", &need.fact)).collect();
    (!facts.is_empty()).then(|| words.with("table.needs", &[("list", &facts.join(", "))]))
}

/// The places that rules are taken from, each once, with the rules.
pub(super) fn cites<'r>(rules: &[RuleRef<'r>]) -> Vec<(&'r Cite, Vec<&'r str>)> {
    let mut cites: Vec<(&Cite, Vec<&str>)> = Vec::new();
    for rule in rules {
        for cite in rule.head.cites.iter() {
            match cites.iter_mut().find(|(known, _)| known.source == cite.source && known.at == cite.at) {
                Some((_, of)) if of.contains(&rule.id) => {}
                Some((_, of)) => of.push(rule.id),
                None => cites.push((cite, vec![rule.id])),
            }
        }
    }
    cites
}
