//! Whether anything about a person is warned of, which the status of a case depends on; the notices that say so are
//! written with the reasons.
//!
//! What a violation brings with it (fines, late filing) is not asked here: its status is decided without it.

use super::{PersonDecision, permit, permit_channels};
use crate::assess::Subject;
use crate::assess::matching::{MatchedRule, any_has_warning, has_warning, matched};
use crate::assessment::{DeadlineDecision, PermitDecision, PermitEnd, PermitStatus, StayDecision};
use crate::calendar::Day;
use crate::facts::Truth;
use crate::profile::Permit;
use crate::rulebook::{DoneBy, PassportMargin};

/// About the stay, its deadlines and the travel document.
pub fn of_the_stay(subject: &Subject<'_, '_>, person: &PersonDecision<'_>) -> bool {
    let PersonDecision { stay, deadlines, .. } = person;
    stay.is_unknown()
        || stay.uncovered_by.is_some()
        || stay.other_day.is_some()
        || stay.limits.iter().any(|limit| has_warning(limit.rule.head))
        || visa_without_days(subject, stay).is_some()
        || visa_of_many_entries(subject).is_some()
        || of_the_travel_document(subject, stay)
        || deadlines.iter().any(|deadline| of_a_deadline(subject, stay, deadline))
}

/// The visa of a stay, where the days of stay that should be printed on it were not given.
pub fn visa_without_days<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'_>) -> Option<&'r Permit> {
    let permit = stay.entry.and_then(|entry| subject.permit_on(entry.max(subject.today)))?;
    let has_days = subject.book.vocabulary.permits[usize::from(permit.kind)].days_per_entry;
    (has_days && permit.days_per_entry.is_none()).then_some(permit)
}

/// A permit whose entries matter for the stay at hand, or for an entry today, and which entry on it that is, from 1: its
/// entries are used up, or it carries the stay, was entered on before, and does not say how often one may.
pub fn visa_of_many_entries<'r>(subject: &Subject<'_, 'r>) -> Option<(&'r Permit, usize)> {
    let (person, stay) = (subject.person, subject.stay_or_entry_today());
    let carries = subject.permit_on(stay.entry);
    person.permits.iter().find_map(|permit| {
        let nth = person.nth_entry(permit, &stay);
        let may_say = subject.book.vocabulary.permits[usize::from(permit.kind)].entries;
        let is_not_said =
            permit.entries.is_none() && may_say && nth > 1 && subject.at_hand.is_some() && carries == Some(permit);
        (is_not_said || person.has_used_up(permit, &stay)).then_some((permit, nth))
    })
}

/// Whether a member of the family, taken to be an adult, may be a child.
pub fn may_be_a_child(subject: &Subject<'_, '_>) -> bool {
    !subject.is_applicant() && is_taken_for_adult(subject)
}

/// Whether a member of the family breaks the law for want of a permit, where the applicant has one and none of theirs was
/// given.
pub fn permit_is_missing(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> bool {
    let mut of_applicant = subject.profile.applicant.permits.iter();
    stay.is_violation()
        && !subject.is_applicant()
        && subject.person.permits.is_empty()
        && of_applicant.any(|permit| permit.is_valid_on(subject.today))
}

/// Whether the age matters and is not known.
pub fn is_taken_for_adult(subject: &Subject<'_, '_>) -> bool {
    subject.person.birth_date.is_none() && subject.rules.asks_age()
}

/// The day on which the travel document expires, and the end of the stay.
pub fn document_and_stay_end(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> Option<(Day, Day)> {
    subject.person.document_expires.zip(stay.exit.or(stay.last_day))
}

pub fn passport_margins<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'_>,
) -> impl Iterator<Item = MatchedRule<'r, PassportMargin>> {
    let on = subject.reference_day();
    matched(&subject.book.passport_margins, on, subject.facts(on, subject.basis_of(stay)))
}

/// Whether a travel document expires too soon after the end of a stay.
pub fn is_within(margin: &MatchedRule<'_, PassportMargin>, (expires, end): (Day, Day)) -> bool {
    margin.truth == Truth::Yes && expires < end.plus_months(margin.content().months)
}

fn of_the_travel_document(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> bool {
    document_and_stay_end(subject, stay).is_some_and(|(expires, end)| {
        expires < end || passport_margins(subject, stay).any(|margin| is_within(&margin, (expires, end)))
    })
}

fn of_a_deadline(subject: &Subject<'_, '_>, stay: &StayDecision<'_>, deadline: &DeadlineDecision<'_>) -> bool {
    let is_open = !deadline.status.is_done();
    deadline.due.is_none()
        || is_open && has_warning(deadline.rule.head) && !is_noted_with_the_stay(stay, deadline)
        || is_open && stay_ends_first(subject, stay, deadline).is_some()
}

/// Whether the notes of a deadline's rule are given with the limits of the stay.
pub fn is_noted_with_the_stay(stay: &StayDecision<'_>, deadline: &DeadlineDecision<'_>) -> bool {
    stay.limits.iter().any(|limit| limit.rule == deadline.rule)
}

/// The last lawful day and the last day to apply for a permit, where the stay ends within the time for applying: whoever
/// used all of it would stay on unlawfully. Events after the stay are left out.
pub fn stay_ends_first(
    subject: &Subject<'_, '_>,
    stay: &StayDecision<'_>,
    deadline: &DeadlineDecision<'_>,
) -> Option<(Day, Day)> {
    let (last, due) = (stay.last_day?, deadline.due?.day);
    let ends_within = deadline.event_date.max(subject.today) <= last && last < due;
    if !ends_within || stay.exit.is_some_and(|exit| exit <= last) {
        return None;
    }
    let duty = subject.book.duties.iter().find(|duty| *duty.id == *deadline.rule.id)?;
    let done_by = &duty.on(deadline.event_date)?.says.done_by;
    matches!(done_by, DoneBy::Permit(_)).then_some((last, due))
}

pub fn of_the_permit(subject: &Subject<'_, '_>, stay: &StayDecision<'_>, permit: &PermitDecision<'_>) -> bool {
    let is_exempt = permit.status == PermitStatus::Exempt;
    permit.rules().any(|rule| has_warning(rule.head))
        || permit::filed_too_late(subject, permit).is_some()
        || permit::filing_not_covered(subject, permit).is_some()
        || !matches!(permit.end, PermitEnd::NotIssued | PermitEnd::AtMost(_))
        || permit.is_usually_unavailable()
        || !is_exempt
            && any_has_warning(&subject.book.channels)
            && permit_channels(subject, stay, permit).any(|channel| has_warning(&channel.version.head))
}
