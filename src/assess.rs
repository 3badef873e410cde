//! What the rules say about a person on a day.
//!
//! [`assess`] is pure and total: it knows no clock, no file, no sentence, and cannot fail. What stays uncertain is part of
//! the answer. It takes two steps: `decide` finds statuses and days, which is all that a row of a staff list shows; the
//! reasons are worked out from the decision.

pub mod agenda;
mod cached_rules;
pub mod calendar;
mod decide;
pub mod explain;
mod matching;
mod missing;
pub mod plan;
pub mod question;
mod reasons;
mod subject;
mod timeline;

pub use cached_rules::{CachedRules, asks};
pub use decide::{Decision, PersonDecision, Why, decide};
pub use missing::MissingFacts;
pub(crate) use subject::Subject;
pub use timeline::timelines;

use crate::assessment::{Assessment, Part, Requirement, RuleRef, Status};
use crate::calendar::Day;
use crate::profile::Profile;
use crate::rulebook::{Head, RuleBook, Standing};
use reasons::notices;

/// What the rules say about a profile on a day, with all reasons.
pub fn assess<'r>(book: &'r RuleBook, profile: &'r Profile, today: Day) -> Assessment<'r> {
    let rules = CachedRules::for_one(book);
    decide(&rules, profile, today).explained(&rules)
}

/// Some parts of what the rules say about a profile on a day. The status is that of the whole case, whatever the parts.
pub fn assess_parts<'r>(book: &'r RuleBook, profile: &'r Profile, today: Day, parts: &[Part]) -> Assessment<'r> {
    let mut assessment = assess(book, profile, today);
    if parts == Part::ALL {
        return assessment;
    }
    for person in assessment.persons_mut() {
        // Papers are ordered by who files them, and left out where that is done.
        if !parts.contains(&Part::Documents) {
            person.documents.clear();
            if !parts.contains(&Part::Stay) {
                person.deadlines.clear();
            }
            if !parts.contains(&Part::Permit) {
                person.permit = None;
            }
        }
    }
    assessment.notices.retain(|notice| notice.part.is_none_or(|part| parts.contains(&part)));
    assessment.needs.retain(|need| need.parts.iter().any(|part| parts.contains(part)));
    if !parts.contains(&Part::Stay) {
        assessment.entry_document = None;
        assessment.registration = None;
    }
    notices::of_some_parts(book, &mut assessment, parts);
    assessment
}

/// The answer under `--strict`: unknown where it rests on a rule that is inferred or was verified too long ago, on sources
/// that differ, or on an estimated day, or where the calendar is about to end; a notice names the rules.
pub fn strictly<'r>(book: &RuleBook, mut assessment: Assessment<'r>, parts: &[Part]) -> Assessment<'r> {
    let today = assessment.today;
    let is_weak = |rule: &&RuleRef<'_>| is_weak(book, rule.head, today);
    let is_about_days = |code: &str| matches!(code, "calendar-estimated" | "day-estimated" | notices::CALENDAR_ENDS);
    let is_estimated = assessment.notices.iter().any(|notice| is_about_days(&notice.code));
    let mut weak: Vec<&'r str> = used_rules(&assessment, parts).iter().filter(is_weak).map(|rule| rule.id).collect();
    let of_two_readings = assessment.persons().filter(|person| person.stay.other_day.is_some());
    let differing = of_two_readings.flat_map(|person| &person.stay.readings).map(|reading| reading.rule.id);
    weak.extend(differing.filter(|_| parts.contains(&Part::Stay)));
    if is_estimated || !weak.is_empty() {
        assessment.status = Status::Unknown;
        assessment.notices.insert(0, notices::strict(weak));
    }
    assessment
}

/// Whether a rule is inferred, or was last compared with its source too long ago.
pub fn is_weak(book: &RuleBook, head: &Head, today: Day) -> bool {
    head.standing == Standing::Inferred || book.is_old(head.verified, today)
}

/// The rules that some parts of an answer rest on: those that end a stay, set a deadline, decide on
/// the permit, or ask for a document.
pub fn used_rules<'r>(assessment: &Assessment<'r>, parts: &[Part]) -> Vec<RuleRef<'r>> {
    let mut rules: Vec<RuleRef<'r>> = Vec::new();
    each_use(assessment, parts, |rule| rule.add_to(&mut rules));
    rules
}

/// Calls for each use of such a rule, so that one that is used twice is named twice.
fn each_use<'r>(assessment: &Assessment<'r>, parts: &[Part], mut add: impl FnMut(RuleRef<'r>)) {
    for person in assessment.persons() {
        if parts.contains(&Part::Stay) {
            person.stay.limits.iter().for_each(|limit| add(limit.rule));
            person.stay.binding().chain(person.stay.uncovered_by).for_each(&mut add);
            person.deadlines.iter().for_each(|deadline| add(deadline.rule));
        }
        if let Some(permit) = person.permit.as_ref().filter(|_| parts.contains(&Part::Permit)) {
            permit.rules().for_each(|rule| add(*rule));
        }
        if parts.contains(&Part::Documents) {
            let asked = person.documents.iter().filter(|line| line.requirement != Requirement::NotRequired);
            asked.for_each(|line| add(line.rule));
        }
    }
    assessment.entry_document.iter().flat_map(|document| &document.rules).for_each(|rule| add(*rule));
}
