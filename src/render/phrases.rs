//! The phrases that several formats use.

use super::Words;
use super::words::called;
use crate::assessment::{
    Addressee, Assessment, Deadline, DeadlineStatus, LimitUse, Notice, Permit, PersonAssessment, RuleRef, RulesId,
    Stay, StayStatus,
};
use crate::calendar::{Day, DayKind, SkippedDay};
use crate::facts::Fact;
use crate::profile::Profile;
use crate::rulebook::{Cite, DeadlineKind, Level, Period, Window};

/// Who, from where, on what ground, asked when.
pub fn heading(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(applicant_name(assessment.profile.profile));
    parts.push(applicant_country(assessment, words));
    parts.extend(stay_phrase(&assessment.applicant.stay, words));
    parts.extend(asked(assessment.today, assessment.rules, words));
    parts.join(" · ")
}

pub(super) fn applicant_name(profile: &Profile) -> Option<String> {
    let name = profile.applicant.name.as_deref().or(profile.id.as_deref());
    name.map(|name| called(name).into_owned())
}

/// Where the applicant comes from, and to which group of countries that belongs.
pub(super) fn applicant_country(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let country = words.country(assessment.applicant.person.citizenship);
    match assessment.categories.first().map(|category| words.of("category", category)) {
        Some(category) if category != country => format!("{country} ({category})"),
        _ => country.to_owned(),
    }
}

/// On which day the answer was asked for, and by which rules it was given.
pub(super) fn asked(today: Day, rules: RulesId<'_>, words: &Words<'_>) -> [String; 2] {
    [words.with("heading.asked", &[("day", &today)]), rules_text(rules, words)]
}

pub(super) fn rules_text(rules: RulesId<'_>, words: &Words<'_>) -> String {
    words.with("heading.rules", &[("pack", &rules.pack), ("version", &rules.version)])
}

/// On what ground a person is in the country, and since when.
pub(super) fn stay_phrase(stay: &Stay<'_>, words: &Words<'_>) -> Option<String> {
    let key = match stay.status {
        StayStatus::Lawful | StayStatus::Overstay => "heading.here-since",
        StayStatus::Planned => "heading.planned",
        StayStatus::Outside => "heading.outside",
        StayStatus::NotCovered | StayStatus::VisaRequired => return None,
    };
    let (basis, country) = (words.of("basis", stay.basis), words.of("pack", "name"));
    Some(words.with(key, &[("basis", &basis), ("day", &stay.entry), ("country", &country)]))
}

pub(super) fn member_name(person: &PersonAssessment<'_>) -> String {
    person.person.name.as_deref().map_or_else(|| person.label.to_string(), |name| called(name).into_owned())
}

/// How a person is called where the applicant is spoken to.
pub(super) fn address(person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    if person.is_applicant() { words.label("brief.you").to_owned() } else { member_name(person) }
}

pub fn person_heading(person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    let mut parts = vec![format!("{} ({})", member_name(person), words.of("relation", person.relation))];
    parts.push(words.country(person.person.citizenship).to_owned());
    parts.extend(stay_phrase(&person.stay, words));
    parts.join(" · ")
}

pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "warning",
    }
}

pub fn source_text(rule: &RuleRef<'_>) -> String {
    rule.head.cites.iter().map(|cite| format!("{} {}", cite.source, cite.at)).collect::<Vec<_>>().join("; ")
}

/// A citation in few words, `law-477 art. 6(4) (law)`: the id of the source, which is the same in every language, the
/// place in it, and how far it is to be relied on.
pub fn cite(cite: &Cite, words: &Words<'_>) -> String {
    let standing = words.of("standing_name", cite.standing.name());
    format!("{} {} ({standing})", cite.source, words.of("place", &cite.at))
}

pub fn stay_text(stay: &Stay<'_>, words: &Words<'_>) -> String {
    let has_end = stay.last_day.is_some();
    let key = match stay.status {
        StayStatus::Planned if stay.days_over > 0 && !has_end => "stay.entry-not-allowed",
        StayStatus::Lawful | StayStatus::Planned if stay.days_over > 0 => "stay.planned-over",
        StayStatus::Lawful if stay.days_left.is_some() => "stay.lawful",
        StayStatus::Planned if has_end => "stay.planned",
        StayStatus::Lawful | StayStatus::Planned => "stay.no-limit",
        StayStatus::Overstay if has_end => "stay.overstay",
        StayStatus::Overstay => "stay.not-allowed",
        StayStatus::Outside => "stay.outside",
        StayStatus::NotCovered | StayStatus::VisaRequired => {
            return stay.uncovered.as_ref().map(|why| words.sentence(why)).unwrap_or_default();
        }
    };
    let days = if stay.days_over > 0 { stay.days_over } else { stay.days_left.unwrap_or_default() };
    words.count(key, days, &[("day", &stay.last_day)])
}

/// The names of the permits that carry a stay by this pack.
pub fn permit_names(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let kinds = assessment.profile.vocabulary.permits.iter();
    kinds.map(|kind| words.of("basis", &kind.id)).collect::<Vec<_>>().join(", ")
}

/// How to give a permit that would decide a stay; `None` where none would, where the entries of the one given are used
/// up, and for a pack without permits.
pub fn permit_hint(assessment: &Assessment<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> Option<String> {
    let first = assessment.profile.vocabulary.permits.first()?;
    let is_used_up = notice(assessment, person, "visa-entries").is_some();
    if is_used_up || person.stay.is_outside_the_rules {
        return None;
    }
    let permits = permit_names(assessment, words);
    Some(words.with("stay.if-permit", &[("permits", &permits), ("kind", &first.id)]))
}

fn notice<'a, 'r>(assessment: &'a Assessment<'r>, person: &PersonAssessment<'_>, code: &str) -> Option<&'a Notice<'r>> {
    assessment.notices.iter().find(|notice| notice.person == person.label && notice.code == code)
}

/// The two days of an overstay that another source still allows.
pub fn other_reading(assessment: &Assessment<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> Option<String> {
    let is_overstay = person.stay.status == StayStatus::Overstay;
    let is_lawful_by_another = is_overstay && person.stay.other_day.is_some_and(|day| day >= assessment.today);
    let other = notice(assessment, person, "other-reading").filter(|_| is_lawful_by_another)?;
    Some(words.sentence(&other.text))
}

/// What can be done about a stay that would break a rule as planned.
pub fn what_to_do(assessment: &Assessment<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    let stay = &person.stay;
    let permits = permit_names(assessment, words);
    let later = stay.next_entry.map(|next| next.earliest).filter(|day| stay.entry.is_some_and(|entry| *day > entry));
    let key = match (stay.last_day, later, permits.is_empty()) {
        (Some(_), _, true) => "stay.leave",
        (Some(_), _, false) => "stay.leave-or-hold",
        (None, Some(_), true) => "stay.enter-later",
        (None, Some(_), false) => "stay.enter-later-or-hold",
        (None, None, true) => "stay.do-not-enter",
        (None, None, false) => "stay.do-not-enter-or-hold",
    };
    words.with(key, &[("day", &later), ("permits", &permits)])
}

/// A limit in short: `90 days in any 180`.
pub fn limit_text(limit: &LimitUse<'_>, words: &Words<'_>) -> String {
    let max = limit.max_days.unwrap_or_default();
    match limit.window.days() {
        _ if let Window::FirstEntry(period) = limit.window => {
            let (key, length) = match period {
                Period::Days(days) => ("limit.first-entry-days", days),
                Period::Years(years) => ("limit.first-entry-years", years),
            };
            words.count(key, max, &[("window", &length)])
        }
        Some(window) => words.count("limit.rolling", max, &[("window", &window)]),
        None if limit.window == Window::Permit && limit.max_days.is_none() => {
            words.label("limit.permit-end").to_owned()
        }
        None => words.count(&format!("limit.{}", limit.window.name()), max, &[]),
    }
}

pub fn due(deadline: &Deadline<'_>, words: &Words<'_>) -> String {
    deadline.due.map_or_else(|| "–".to_owned(), |due| words.moment(due))
}

pub fn deadline_text(deadline: &Deadline<'_>, words: &Words<'_>) -> String {
    deadline_text_to(Addressee::Person, deadline, words)
}

/// What is to be done as it is called before anything is said of it.
pub(super) fn deadline_name<'w>(to: Addressee, deadline: &Deadline<'w>, words: &Words<'w>) -> &'w str {
    let of_host = Some(words.of("deadline_host", deadline.id)).filter(|text| *text != deadline.id);
    of_host.filter(|_| to == Addressee::Host).unwrap_or_else(|| words.of("deadline", deadline.id))
}

pub(super) fn deadline_text_to(to: Addressee, deadline: &Deadline<'_>, words: &Words<'_>) -> String {
    let is_done = deadline.status.is_done();
    let is_past_limit = deadline.kind != DeadlineKind::Duty && deadline.status == DeadlineStatus::NotRecorded;
    let name = deadline_name(to, deadline, words);
    let known = |text: &'_ str| if text == deadline.id { name.to_owned() } else { text.to_owned() };
    let mut text = match () {
        () if is_done && to == Addressee::Host => words.with("deadline_status.done-host", &[("what", &name)]),
        () if is_done => known(words.of("deadline_done", deadline.id)),
        () if is_past_limit => known(words.of("deadline_past", deadline.id)),
        () => name.to_owned(),
    };
    if deadline.event == "move" {
        text = words.with("deadline_status.after-move", &[("what", &text), ("day", &deadline.event_date)]);
    }
    match deadline.status {
        DeadlineStatus::NotRecorded if !is_past_limit => words.with("deadline_status.not-recorded", &[("what", &text)]),
        DeadlineStatus::Conditional if deadline.due.is_some() => {
            let key = match to {
                Addressee::Person => "deadline_status.conditional",
                Addressee::Host => "deadline_status.conditional-host",
            };
            words.with(key, &[("what", &text)])
        }
        _ => text,
    }
}

/// How far away a deadline is: `9 days left`, `5 days late`, `done Wed 2026-11-04`.
pub fn deadline_when(deadline: &Deadline<'_>, words: &Words<'_>) -> String {
    let days = deadline.days.unwrap_or_default();
    match deadline.status {
        DeadlineStatus::Done | DeadlineStatus::DoneLate => {
            let key = if deadline.status == DeadlineStatus::Done { "when.done" } else { "when.done-late" };
            match deadline.done_on {
                Some(day) => words.with(key, &[("day", &day)]),
                None => words.label("when.done-some-day").to_owned(),
            }
        }
        DeadlineStatus::DueToday => words.label("when.today").to_owned(),
        _ if deadline.due.is_none() => words.label("when.not-known").to_owned(),
        _ if days < 0 => words.count("when.late", -days, &[]),
        _ => words.count("when.left", days, &[]),
    }
}

pub fn why_skipped(off: &SkippedDay, words: &Words<'_>) -> String {
    let name = words.label(&off.name);
    match off.kind {
        DayKind::Weekend | DayKind::Worked => words.label("day_off.weekend").to_owned(),
        DayKind::Holiday | DayKind::DayOff => name.to_owned(),
        DayKind::Observed => words.with("day_off.observed", &[("name", &name)]),
        DayKind::MovedOff => words.label("day_off.moved").to_owned(),
    }
}

/// What the permit is called, where it is filed and for what: the head of its checklist.
pub fn permit_heading(assessment: &Assessment<'_>, permit: &Permit<'_>, words: &Words<'_>) -> String {
    let given = &assessment.profile;
    let mut parts = vec![words.of("procedure", permit.kind).to_owned()];
    if let Some(channel) = given.word(Fact::Channel) {
        parts.push(words.with("heading.channel", &[("channel", &words.of("channel", channel))]));
    }
    if let Some(purpose) = given.word(Fact::Purpose) {
        parts.push(words.with("heading.purpose", &[("purpose", &words.of("purpose", purpose))]));
    }
    if let Some(employer) = given.word(Fact::Employer) {
        parts.push(words.with("heading.employer", &[("employer", &words.of("employer", employer))]));
    }
    parts.join(", ")
}
