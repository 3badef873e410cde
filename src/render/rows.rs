//! Words: the answer as one plain table of findings, shared by the formats that list them, and the
//! phrases that several formats use.

use super::{Sections, Words};
use crate::assessment::{
    Assessment, Deadline, DeadlineStatus, DocumentLine, LimitUse, Permit, PersonAssessment, RuleRef, Stay, StayStatus,
};
use crate::calendar::{DayKind, SkippedDay};
use crate::facts::Fact;
use crate::rulebook::{Cite, DeadlineKind, Level, Window};

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The part of the answer: `stay`, `limit`, `deadline`, `trp`, `document`, `notice`, `need`.
    pub section: &'static str,
    /// Its public id or code.
    pub id: String,
    /// `self`, or `family[n]`.
    pub person: String,
    /// The day it speaks of, in ISO; empty where there is none.
    pub date: String,
    /// Its status.
    pub status: String,
    /// What is said.
    pub text: String,
    /// The rules it rests on.
    pub rule: String,
    /// Their citations.
    pub source: String,
}

/// The names of the columns, in order.
pub const COLUMNS: [&str; 8] = ["section", "id", "person", "date", "status", "text", "rule", "source"];

impl Row {
    /// The values, in the order of [`COLUMNS`].
    #[must_use]
    pub fn values(&self) -> [&str; 8] {
        [self.section, &self.id, &self.person, &self.date, &self.status, &self.text, &self.rule, &self.source]
    }
}

/// All findings of an answer, in the order of its parts.
#[must_use]
pub fn rows(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for person in assessment.persons() {
        if sections.has_stay() {
            rows.push(stay_row(person, words));
            for limit in &person.stay.limits {
                let status = limit.last_day.map_or_else(String::new, |day| format!("{}/{day}", limit.used));
                let text = limit_text(limit, words);
                rows.push(row("limit", limit.rule.id, person, day_text(limit.last_day), &status, text, &[limit.rule]));
            }
            for deadline in &person.deadlines {
                let date = deadline.due.map_or_else(String::new, |due| due.to_string());
                let status = deadline.status.name();
                let text = deadline_text(deadline, words);
                rows.push(row("deadline", &deadline.id, person, date, status, text, &[deadline.rule]));
            }
        }
        if let Some(permit) = person.permit.as_ref().filter(|_| sections.has_permit()) {
            let rules: Vec<RuleRef<'_>> = permit.rule.into_iter().collect();
            let date = day_text(permit.hold_by);
            rows.push(row("trp", permit.kind, person, date, permit.status.name(), words.say(&permit.because), &rules));
        }
        if sections.has_documents() {
            for line in &person.documents {
                let id = format!("{}/{}", line.procedure, line.id);
                let text = document_text(line, words);
                rows.push(row("document", &id, person, String::new(), line.requirement.name(), text, &[line.rule]));
            }
        }
    }
    for notice in &assessment.notices {
        rows.push(Row {
            section: "notice",
            id: notice.code.to_string(),
            person: notice.person.to_string(),
            date: String::new(),
            status: level(notice.level).to_owned(),
            text: words.say(&notice.text),
            rule: notice.rules.join(" "),
            source: String::new(),
        });
    }
    for need in &assessment.needs {
        rows.push(Row {
            section: "need",
            id: need.fact.to_string(),
            person: String::new(),
            date: String::new(),
            status: "unknown".to_owned(),
            text: words.with("row.need", &[("affects", &need.affects.join(", "))]),
            rule: String::new(),
            source: String::new(),
        });
    }
    rows
}

fn row(
    section: &'static str,
    id: &str,
    person: &PersonAssessment<'_>,
    date: String,
    status: &str,
    text: String,
    rules: &[RuleRef<'_>],
) -> Row {
    Row {
        section,
        id: id.to_owned(),
        person: person.label.to_string(),
        date,
        status: status.to_owned(),
        text,
        rule: rules.iter().map(|rule| rule.id).collect::<Vec<_>>().join(" "),
        source: rules.iter().map(source_text).collect::<Vec<_>>().join("; "),
    }
}

fn day_text(day: Option<crate::calendar::Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// The word for a level.
#[must_use]
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "warning",
    }
}

fn stay_row(person: &PersonAssessment<'_>, words: &Words<'_>) -> Row {
    let stay = &person.stay;
    let text = stay_text(stay, words);
    row(
        "stay",
        stay.basis,
        person,
        day_text(stay.last_day),
        stay.status.name(),
        text,
        &stay.binding().collect::<Vec<_>>(),
    )
}

/// The citations of a rule, `law-477 art. 6(4)`.
#[must_use]
pub fn source_text(rule: &RuleRef<'_>) -> String {
    rule.head.cites.iter().map(|cite| format!("{} {}", cite.source, cite.at)).collect::<Vec<_>>().join("; ")
}

/// A citation in few words, `law-477 art. 6(4) (law)`: the id of the source, which is the same in every language, the
/// place in it, and how far it is to be relied on.
#[must_use]
pub fn cite(cite: &Cite, words: &Words<'_>) -> String {
    let standing = words.of("standing_name", cite.standing.name());
    format!("{} {} ({standing})", cite.source, words.of("place", &cite.at))
}

/// Where a stay stands, in one sentence.
#[must_use]
pub fn stay_text(stay: &Stay<'_>, words: &Words<'_>) -> String {
    let last = stay.last_day.map(|day| words.day(day)).unwrap_or_default();
    match stay.status {
        StayStatus::Lawful if stay.days_over > 0 => words.count("stay.planned-over", stay.days_over, &[("day", &last)]),
        StayStatus::Lawful => match stay.days_left {
            Some(left) => words.count("stay.lawful", left, &[("day", &last)]),
            None => words.label("stay.no-limit").to_owned(),
        },
        StayStatus::Overstay if stay.last_day.is_none() => words.count("stay.not-allowed", stay.days_over, &[]),
        StayStatus::Overstay => words.count("stay.overstay", stay.days_over, &[("day", &last)]),
        StayStatus::Planned if stay.last_day.is_none() && stay.days_over > 0 => {
            words.count("stay.entry-not-allowed", stay.days_over, &[])
        }
        StayStatus::Planned if stay.days_over > 0 => {
            words.count("stay.planned-over", stay.days_over, &[("day", &last)])
        }
        StayStatus::Planned if stay.last_day.is_none() => words.label("stay.no-limit").to_owned(),
        StayStatus::Planned => words.with("stay.planned", &[("day", &last)]),
        StayStatus::Outside => words.label("stay.outside").to_owned(),
        StayStatus::NotCovered | StayStatus::VisaRequired => {
            stay.uncovered.as_ref().map(|why| words.say(why)).unwrap_or_default()
        }
    }
}

/// The names of the permits that carry a stay by this pack.
#[must_use]
pub fn permit_names(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let kinds = assessment.profile.vocabulary.permits.iter();
    kinds.map(|kind| words.of("basis", &kind.id)).collect::<Vec<_>>().join(", ")
}

/// How to give a permit that would decide a stay; `None` for a pack without permits.
#[must_use]
pub fn permit_hint(assessment: &Assessment<'_>, words: &Words<'_>) -> Option<String> {
    let first = assessment.profile.vocabulary.permits.first()?;
    let permits = permit_names(assessment, words);
    Some(words.with("stay.if-permit", &[("permits", &permits), ("kind", &first.id)]))
}

/// What can be done about a stay that breaks a rule, or would as planned.
#[must_use]
pub fn what_to_do(assessment: &Assessment<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    let stay = &person.stay;
    if stay.status == StayStatus::Overstay {
        let mut notices = assessment.notices.iter().filter(|notice| notice.person == person.label);
        let mut text = words.label("stay.what-now").to_owned();
        if notices.any(|notice| notice.code == "sanction") {
            text.push(' ');
            text.push_str(words.label("stay.what-follows"));
        }
        return text;
    }
    let permits = permit_names(assessment, words);
    let later = stay.next_entry.map(|next| next.earliest).filter(|day| stay.entry.is_some_and(|entry| *day > entry));
    let day = later.map(|day| words.day(day)).unwrap_or_default();
    let key = match (stay.last_day, later, permits.is_empty()) {
        (Some(_), _, true) => "stay.leave",
        (Some(_), _, false) => "stay.leave-or-hold",
        (None, Some(_), true) => "stay.enter-later",
        (None, Some(_), false) => "stay.enter-later-or-hold",
        (None, None, true) => "stay.do-not-enter",
        (None, None, false) => "stay.do-not-enter-or-hold",
    };
    words.with(key, &[("day", &day), ("permits", &permits)])
}

/// A limit in short: `90 days in any 180`.
#[must_use]
pub fn limit_text(limit: &LimitUse<'_>, words: &Words<'_>) -> String {
    let max = limit.max_days.unwrap_or_default();
    match limit.window.days() {
        Some(window) => words.count("limit.rolling", max, &[("window", &window.to_string())]),
        None if limit.window == Window::Permit && limit.max_days.is_none() => {
            words.label("limit.permit-end").to_owned()
        }
        None => words.count(&format!("limit.{}", limit.window.name()), max, &[]),
    }
}

/// What a deadline asks, or what was done.
#[must_use]
pub fn deadline_text(deadline: &Deadline<'_>, words: &Words<'_>) -> String {
    let is_done = deadline.status.is_done();
    let is_past_limit = deadline.kind != DeadlineKind::Duty && deadline.status == DeadlineStatus::NotRecorded;
    let table = match () {
        () if is_done => "deadline_done",
        () if is_past_limit => "deadline_past",
        () => "deadline",
    };
    let mut text = match words.of(table, &deadline.id) {
        unknown if unknown == deadline.id => words.of("deadline", &deadline.id).to_owned(),
        text => text.to_owned(),
    };
    if deadline.event == "move" {
        text = words.with("deadline_status.after-move", &[("what", &text), ("day", &words.day(deadline.event_date))]);
    }
    match deadline.status {
        DeadlineStatus::NotRecorded if !is_past_limit => words.with("deadline_status.not-recorded", &[("what", &text)]),
        DeadlineStatus::Conditional if deadline.due.is_some() => {
            words.with("deadline_status.conditional", &[("what", &text)])
        }
        _ => text,
    }
}

/// How far away a deadline is: `9 days left`, `5 days late`, `done Wed 2026-11-04`.
#[must_use]
pub fn deadline_when(deadline: &Deadline<'_>, words: &Words<'_>) -> String {
    let days = deadline.days.unwrap_or_default();
    match deadline.status {
        DeadlineStatus::Done | DeadlineStatus::DoneLate => {
            let key = if deadline.status == DeadlineStatus::Done { "when.done" } else { "when.done-late" };
            match deadline.done_on {
                Some(day) => words.with(key, &[("day", &words.day(day))]),
                None => words.label("when.done-some-day").to_owned(),
            }
        }
        DeadlineStatus::DueToday => words.label("when.today").to_owned(),
        _ if deadline.due.is_none() => words.label("when.not-known").to_owned(),
        _ if days < 0 => words.count("when.late", -days, &[]),
        _ => words.count("when.left", days, &[]),
    }
}

/// A document with its reason.
fn document_text(line: &DocumentLine<'_>, words: &Words<'_>) -> String {
    let title = words.of("document", line.id);
    words.with("row.document", &[("title", title), ("because", &words.say(&line.because.message()))])
}

/// Why a day was passed over.
#[must_use]
pub fn why_skipped(off: &SkippedDay, words: &Words<'_>) -> String {
    let name = words.label(&off.name);
    match off.kind {
        DayKind::Weekend | DayKind::Worked => words.label("day_off.weekend").to_owned(),
        DayKind::Holiday | DayKind::DayOff => name.to_owned(),
        DayKind::Observed => words.with("day_off.observed", &[("name", name)]),
        DayKind::MovedOff => words.label("day_off.moved").to_owned(),
    }
}

/// What the permit is called, where it is filed and for what: the head of its checklist.
#[must_use]
pub fn permit_heading(assessment: &Assessment<'_>, permit: &Permit<'_>, words: &Words<'_>) -> String {
    let echo = &assessment.profile;
    let mut parts = vec![words.of("procedure", permit.kind).to_owned()];
    if let Some(channel) = echo.word(Fact::Channel) {
        parts.push(words.with("heading.channel", &[("channel", words.of("channel", channel))]));
    }
    if let Some(purpose) = echo.word(Fact::Purpose) {
        parts.push(words.with("heading.purpose", &[("purpose", words.of("purpose", purpose))]));
    }
    if let Some(employer) = echo.word(Fact::Employer) {
        parts.push(words.with("heading.employer", &[("employer", words.of("employer", employer))]));
    }
    parts.join(", ")
}
