//! The permit that the pack decides on: who needs it, by when, and on which rules that rests.

use crate::assess::Subject;
use crate::assess::cached_rules::PermitRules;
use crate::assess::matching::{certain, matched};
use crate::assess::missing::MissingFacts;
use crate::assessment::{Message, Param, Part, PermitCase, PermitDecision, PermitStatus, StayDecision};
use crate::calendar::Day;
use crate::facts::Fact;
use crate::profile::fields::Field;

/// What the rules decide about the permit for a person; `None` for a pack without one.
pub fn decide<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    missing: &mut MissingFacts<'r>,
) -> Option<PermitDecision<'r>> {
    let book = subject.book;
    let kind = &*book.permit_kind()?.id;
    let PermitRules { threshold, exemption, service, term } = rules(subject, stay);
    let threshold_days = threshold.map(|rule| rule.content().days);
    let threshold_day = stay.entry.zip(threshold_days).map(|(entry, days)| entry.plus(days - 1));
    let is_held = subject.permits_on(subject.today).any(|permit| Some(permit.kind) == book.permit);
    let exempt = exemption.filter(|_| !is_held);
    let case = match exempt {
        _ if is_held => PermitCase::Held,
        Some(exemption) => PermitCase::Exempt(&exemption.content().because),
        None => case(subject, stay, threshold_day),
    };
    let status = case.status();
    let open = match case {
        PermitCase::NoExit => Some(Field::Exit),
        PermitCase::NoStay => Some(Field::Stays),
        _ => None,
    };
    if let Some(open) = open {
        missing.note(subject, open, Part::Permit, kind);
    }

    let processing = service.map(|rule| rule.content().processing_working_days);
    let is_exempt = status == PermitStatus::Exempt;
    if let Some(term) = term.filter(|_| processing.is_some() && !is_exempt && !stay.is_outside_the_rules) {
        if term.content().capped_by_contract && subject.profile.contract_until.is_none() {
            missing.note(subject, Field::ContractUntil, Part::Permit, kind);
        }
        if term.content().capped_by_document && subject.person.document_expires.is_none() {
            missing.note(subject, Field::DocumentExpires, Part::Permit, kind);
        }
    }

    let is_decided_by_days = status.is_wanted() || status == PermitStatus::NotRequired;
    // When the stay is over there is nothing left to hold it by.
    let has_days = is_decided_by_days && !stay.is_over();
    let hold_by = [threshold_day, stay.last_visa_free_day].into_iter().flatten().min().filter(|_| has_days);
    let file_by = hold_by.zip(processing).and_then(|(limit, days)| book.calendar.last_start(limit, days).ok());
    let rests_on_threshold = is_held || is_decided_by_days;
    Some(PermitDecision {
        kind,
        status,
        case,
        threshold_days,
        hold_by,
        file_by: file_by.filter(|by| stay.entry.is_none_or(|entry| *by >= entry)),
        renewable: term.filter(|_| !is_exempt).map(|rule| rule.content().renewable),
        fee: service.map(|rule| rule.content().fee.strip_prefix("fee.").unwrap_or(&rule.content().fee)),
        processing_working_days: processing,
        rule: match exempt {
            Some(exemption) => Some(exemption.reference()),
            None => threshold.filter(|_| rests_on_threshold).map(|rule| rule.reference()),
        },
        also: [
            service.filter(|_| !is_exempt).map(|rule| rule.reference()),
            term.filter(|_| !is_exempt).map(|rule| rule.reference()),
        ],
    })
}

pub fn rules<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'_>) -> PermitRules<'r> {
    let entry = subject.reference_day();
    let later = entry.max(subject.today);
    let facts = subject.facts(later, subject.basis_of(stay));
    subject.rules.permit_rules(entry, later, subject.filing_day(), &facts)
}

/// The case of somebody who neither holds the permit nor is exempt from it.
fn case<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'r>, threshold_day: Option<Day>) -> PermitCase<'r> {
    if stay.is_unknown() {
        PermitCase::StayNotCovered
    } else if !may_apply(subject, stay) {
        PermitCase::NotInTheApplication
    } else if stay.is_over() {
        PermitCase::StayIsOver
    } else if let Some(exit) = stay.exit {
        match stay.last_visa_free_day {
            _ if threshold_day.is_some_and(|day| exit > day) => PermitCase::PastThreshold,
            Some(last) if exit > last => PermitCase::PastVisaFree(last),
            _ => PermitCase::ShortStay,
        }
    } else if threshold_day.is_some_and(|day| day < subject.today) {
        PermitCase::StayedPastThreshold
    } else if stay.entry.is_some() {
        PermitCase::NoExit
    } else {
        PermitCase::NoStay
    }
}

/// Whether such persons can normally have the permit; a pack that does not say who can lets everybody.
pub fn may_have_it(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> bool {
    let on = subject.reference_day();
    let facts = subject.facts(on, subject.basis_of(stay));
    subject.book.eligibility.iter().all(|rule| rule.on(on).is_none())
        || certain(&subject.book.eligibility, on, facts).next().is_some()
}

pub fn is_usually_unavailable(subject: &Subject<'_, '_>, stay: &StayDecision<'_>, permit: &PermitDecision<'_>) -> bool {
    permit.status.is_wanted() && !may_have_it(subject, stay)
}

/// The day of an application that was filed too late, with the last day on which it was not.
pub fn filed_too_late(subject: &Subject<'_, '_>, permit: &PermitDecision<'_>) -> Option<(Day, Day)> {
    let filed = subject.profile.filing_on.filter(|_| permit.status.is_wanted() && subject.is_applicant())?;
    permit.file_by.filter(|by| filed.day > *by).map(|by| (filed.day, by))
}

/// Whether a person can be in the application: the applicant, and a member of the family for whom a term of the permit
/// asks how they are related.
fn may_apply(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> bool {
    let on = subject.reference_day().max(subject.today);
    let facts = subject.facts(on, subject.basis_of(stay));
    subject.is_applicant()
        || matched(&subject.book.terms, on, facts)
            .any(|rule| rule.version.head.when.tests.iter().any(|test| test.fact == Fact::Relation))
}

/// The last day of a permit that is filed for as said: so many years less a day from the day of issue, never past the
/// contract, the travel document or the applicant's own permit. `Err` says why it cannot be issued, or that the calendar
/// of working days ends before its day of issue.
pub fn valid_until<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    permit: &PermitDecision<'r>,
    ends_at_most: Option<Day>,
) -> Result<Option<Day>, Message<'r>> {
    let term = rules(subject, stay).term.filter(|_| permit.status != PermitStatus::Exempt);
    let Some((term, processing)) = term.zip(permit.processing_working_days).filter(|_| !stay.is_outside_the_rules)
    else {
        return Ok(None);
    };
    let content = term.content();
    let filed = subject.profile.filing_on.map_or(subject.today, |moment| moment.day);
    let calendar = &subject.book.calendar;
    let issued = calendar
        .working_days_after(filed, processing)
        .map_err(|_| Message::new("notice.issue-not-covered").with("day", Param::Day(filed)))?;
    let years_end = content.max_years.map(|years| issued.plus_months(12 * years).plus(-1));
    let contract = subject.profile.contract_until.filter(|_| content.capped_by_contract);
    let document = subject.person.document_expires.filter(|_| content.capped_by_document);
    let own = ends_at_most.filter(|_| !subject.is_applicant());
    let ends = [(contract, "notice.contract-ends-first"), (document, "notice.document-ends-first")];
    for (end, key) in ends {
        if let Some(end) = end.filter(|end| *end < issued) {
            return Err(Message::new(key).with("day", Param::Day(end)));
        }
    }
    Ok([years_end, contract, document, own].into_iter().flatten().min())
}
