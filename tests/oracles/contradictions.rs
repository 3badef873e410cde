//! No answer contradicts itself, nor what is printed of it in any language: 5,000 random lives in the ordinary run, 50,000 with `TRP_CHECK_LONG=1`.

use crate::support::lives::{Dice, random_life, written};
use trp_check::assess::assess;
use trp_check::assessment::{Assessment, DeadlineStatus, PermitStatus, PersonAssessment, Status, StayStatus};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::facts::Fact;
use trp_check::render::check::short;
use trp_check::render::terminal::Look;
use trp_check::render::{Sections, Words};
use trp_check::rulebook::LanguageTexts;

/// What does not hold of an answer.
fn contradictions(answer: &Assessment<'_>, today: Day) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut must = |holds: bool, claim: &'static str| {
        if !holds {
            found.push(claim);
        }
    };
    for person in answer.persons() {
        about(person, today, &mut must);
    }
    let breaks_the_law = |person: &PersonAssessment<'_>| {
        let is_overdue = person.deadlines.iter().any(|deadline| deadline.status == DeadlineStatus::Overdue);
        let expires = person.person.document_expires.zip(person.stay.exit);
        person.stay.is_violation() || is_overdue || expires.is_some_and(|(expires, exit)| expires < exit)
    };
    let is_violation = answer.status == Status::Violation;
    must(!is_violation || answer.persons().any(breaks_the_law), "a violation has its reason");
    let is_unknown = answer.persons().any(|person| person.stay.is_unknown());
    must(!is_unknown || answer.status == Status::Unknown, "what no rule covers is unknown");
    found
}

fn about(person: &PersonAssessment<'_>, today: Day, must: &mut impl FnMut(bool, &'static str)) {
    let stay = &person.stay;
    let filing = person.deadlines.iter().find(|deadline| deadline.id == "trp-filing");
    if let (Some(last), Some(latest)) = (stay.last_day, stay.latest_arguable) {
        must(latest >= last, "no other reading is stricter than the safe one");
    }
    must(stay.other_day.is_none() || !stay.readings.is_empty(), "another day has its source");
    for over in &stay.overstays {
        must(over.entry <= over.from && over.from <= over.to && over.to <= today, "an overstay lies within its stay");
    }
    for pair in stay.overstays.windows(2) {
        must(pair[0].to <= pair[1].from, "no day is over twice");
    }
    let Some(permit) = &person.permit else { return };
    if let Some(file_by) = permit.file_by {
        must(stay.entry.is_none_or(|entry| file_by >= entry), "nobody files before the entry");
        must(permit.hold_by.is_some_and(|hold_by| file_by <= hold_by), "one files before one must have it");
    }
    must(permit.may_have_it || permit.file_by.is_none(), "who cannot have it has no day to file");
    must(filing.is_none() || permit.file_by.is_some(), "who has to file has a day for it");
    if stay.is_over() {
        must(permit.hold_by.is_none() && permit.file_by.is_none(), "who is past the last day has no day to file by");
        must(filing.is_none(), "who is past the last day has no deadline to file");
        must(permit.status != PermitStatus::NotRequired, "nobody past the last day needs nothing");
    }
    let covers_today = |from: Day, until: Option<Day>| from <= today && until.is_none_or(|until| today <= until);
    let holds =
        person.person.permits.iter().any(|held| Some(held.kind) == RULES.permit && covers_today(held.from, held.until));
    must(!holds || permit.status == PermitStatus::Held, "whoever holds it today holds it");
}

/// What does not hold of the short answer as it is printed in a language.
fn printed_contradictions(answer: &Assessment<'_>, today: Day, texts: &LanguageTexts) -> Vec<&'static str> {
    let words = Words::new(texts, RULES.texts_in(&texts.language), &COUNTRIES);
    let text = short(answer, &[], Sections::All, &words, Look::plain(100));
    let mut found = Vec::new();
    let mut must = |holds: bool, claim: &'static str| {
        if !holds {
            found.push(claim);
        }
    };
    let stay = &answer.applicant.stay;
    let has_row = |mark: char, day: Day| {
        let (mark, day) = (format!(" {mark}  "), day.to_string());
        text.lines().any(|line| line.starts_with(&mark) && line.contains(&day))
    };
    let filing = words.of("deadline", "trp-filing");
    let says_filing = text.contains(filing);
    let permit = answer.applicant.permit.as_ref();
    let may_file = permit.is_some_and(|permit| permit.file_by.is_some());
    must(may_file || !says_filing, "nobody is told to file who has no day for it");
    let file_by = permit.and_then(|permit| permit.file_by);
    must(!says_filing || file_by.is_none_or(|day| day >= today), "no day that has passed is advised");
    if answer.status == Status::Violation {
        let overdue = answer.applicant.deadlines.iter().filter(|deadline| deadline.status == DeadlineStatus::Overdue);
        let is_shown = overdue.filter_map(|deadline| deadline.due).any(|due| has_row('✗', due.day));
        let is_warned = text.lines().any(|line| line.starts_with(" !  "));
        must(stay.is_violation() || is_shown || is_warned, "a violation has its reason on the screen");
    }
    let first = text.lines().next().unwrap_or_default();
    if stay.status == StayStatus::Overstay {
        let days = stay.days_over.to_string();
        must(first.contains(&days), "an overstay is the first thing that is said");
    }
    if stay.status == StayStatus::Lawful && !stay.is_violation() {
        let left = stay.days_left.map(|days| days.to_string());
        let start: String = text.lines().take(3).collect();
        must(left.is_none_or(|left| start.contains(&left)), "the days left are said first");
    }
    found
}

/// No random life gets an answer that contradicts itself.
#[test]
fn no_answer_contradicts_itself() {
    let lives = if std::env::var_os("TRP_CHECK_LONG").is_some() { 50_000 } else { 5_000 };
    let mut dice = Dice::seeded(7);
    let mut violations = 0;
    for _ in 0..lives {
        let (code, mut profile, today) = random_life(&mut dice);
        let purposes = i32::try_from(RULES.vocabulary.purposes.len()).expect("few purposes");
        let purpose = u8::try_from(dice.between(0, 2 * purposes)).ok().filter(|at| i32::from(*at) < purposes);
        profile.facts = profile.facts.with(Fact::Purpose, purpose);
        let answer = assess(&RULES, &profile, today);
        violations += usize::from(answer.status == Status::Violation);
        let mut found = contradictions(&answer, today);
        for texts in TEXTS {
            found.extend(printed_contradictions(&answer, today, texts));
        }
        assert!(found.is_empty(), "{code} {}: {found:?}", written(&profile, today));
    }
    assert!(violations > lives / 50, "only {violations} of {lives} lives break the law");
}
