//! The permit that the pack decides on: who needs it, by when, and on which rules that rests.

use crate::assess::Subject;
use crate::assess::cached_rules::PermitRules;
use crate::assess::matching::{Candidates, matched};
use crate::assess::missing::MissingFacts;
use crate::assessment::{Part, PermitCase, PermitDecision, PermitEnd, PermitStatus, StayDecision};
use crate::calendar::{Day, DayRange};
use crate::facts::{Fact, FactSet, OpenFacts, Truth};
use crate::profile::fields::Field;
use crate::rulebook::{Cap, PermitTerm};

/// What the rules decide about the permit for a person; `None` for a pack without one.
pub fn decide<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    missing: &mut MissingFacts<'r>,
) -> Option<PermitDecision<'r>> {
    let book = subject.book;
    let kind = &*book.permit_kind()?.id;
    let rules = rules(subject, stay);
    let PermitRules { thresholds, exemptions, services, terms } = &rules;
    // While it is open which rule decides, the stricter one does.
    let threshold = thresholds.least(|content| content.days);
    let service = services.least(|content| std::cmp::Reverse(content.processing_working_days));
    let term = terms.least(|content| content.max_years.unwrap_or(u32::MAX));
    let exemption = exemptions.0.iter().find(|rule| rule.truth == Truth::Yes);
    let threshold_days = threshold.map(|rule| rule.content().days);
    let threshold_day = stay.entry.zip(threshold_days).map(|(entry, days)| entry.plus(days - 1));
    let is_held = subject.permits_on(subject.today).any(|permit| Some(permit.kind) == book.permit);
    let exempt = exemption.copied().filter(|_| !is_held);
    let case = match exempt {
        _ if is_held => PermitCase::Held,
        Some(exemption) => PermitCase::Exempt(&exemption.content().because),
        None => match case(subject, stay, threshold_day) {
            case if case.status() == PermitStatus::Required && !exemptions.0.is_empty() => PermitCase::MayBeExempt,
            case => case,
        },
    };
    let status = case.status();
    match case {
        PermitCase::NoExit => missing.note(subject, Field::Exit, Part::Permit, kind),
        PermitCase::NoStay => missing.note(subject, Field::Stays, Part::Permit, kind),
        _ => {}
    }

    let is_exempt = status == PermitStatus::Exempt;
    if !is_exempt && !stay.is_outside_the_rules {
        for fact in depends_on(&rules, &permit_facts(subject, stay)).iter() {
            missing.note(subject, Field::deciding(fact), Part::Permit, kind);
        }
    }

    let processing = service.map(|rule| rule.content().processing_working_days);
    let issued = term.zip(processing).filter(|_| !is_exempt && !stay.is_outside_the_rules);
    let end = issued.map_or(PermitEnd::NotIssued, |(_, days)| end(subject, terms, days));
    if let Some((term, _)) = issued {
        for bound in term.content().bounds().filter(|bound| last_day_of(subject, *bound).is_none()) {
            missing.note(subject, field_of(bound), Part::Permit, kind);
        }
    }

    let is_decided_by_days = status.is_wanted() || status == PermitStatus::NotRequired;
    // When the stay is over there is nothing left to hold it by.
    let has_days = is_decided_by_days && !stay.is_over();
    let hold_by = [threshold_day, stay.last_visa_free_day].into_iter().flatten().min().filter(|_| has_days);
    let file_by = hold_by.zip(processing).and_then(|(limit, days)| book.calendar.last_start(limit, days).ok());
    let may_have_it = may_have_it(subject, stay);
    let rests_on_threshold = is_held || is_decided_by_days;
    Some(PermitDecision {
        kind,
        status,
        case,
        threshold_days,
        hold_by,
        file_by: file_by.filter(|by| may_have_it && stay.entry.is_none_or(|entry| *by >= entry)),
        may_have_it,
        end,
        renewable: terms.agreed(|content| content.renewable).filter(|_| !is_exempt),
        fee: services.agreed(|content| content.fee.strip_prefix("fee.").unwrap_or(&content.fee)),
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
    let facts = permit_facts(subject, stay);
    subject.rules.permit_rules(entry, entry.max(subject.today), subject.filing_day(), &facts)
}

/// The unknown facts on which it hangs what the rules say.
fn depends_on(rules: &PermitRules<'_>, facts: &FactSet) -> OpenFacts {
    let PermitRules { thresholds, exemptions, services, terms } = rules;
    let open = [
        thresholds.depends_on(facts),
        exemptions.open_facts(facts),
        services.depends_on(facts),
        terms.depends_on(facts),
    ];
    let mut depends_on = OpenFacts::default();
    depends_on.extend(open.into_iter().flat_map(OpenFacts::iter));
    depends_on
}

fn permit_facts(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> FactSet {
    subject.facts(subject.reference_day().max(subject.today), subject.basis_of(stay))
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

/// Whether such persons can normally have the permit, as far as is known; a pack that does not say who can lets
/// everybody.
fn may_have_it(subject: &Subject<'_, '_>, stay: &StayDecision<'_>) -> bool {
    let on = subject.reference_day();
    let facts = subject.facts(on, subject.basis_of(stay));
    subject.book.eligibility.iter().all(|rule| rule.on(on).is_none())
        || matched(&subject.book.eligibility, on, facts).next().is_some()
}

/// The day of an application that was filed too late, with the last day on which it was not.
pub fn filed_too_late(subject: &Subject<'_, '_>, permit: &PermitDecision<'_>) -> Option<(Day, Day)> {
    let filed = subject.profile.filing_on.filter(|_| permit.status.is_wanted() && subject.is_applicant())?;
    permit.file_by.filter(|by| filed.day > *by).map(|by| (filed.day, by))
}

/// The last day to hold the permit by, where the calendar of working days does not tell until when to file for it.
pub fn filing_not_covered(subject: &Subject<'_, '_>, permit: &PermitDecision<'_>) -> Option<Day> {
    let (limit, days) = permit.hold_by.zip(permit.processing_working_days)?;
    let is_asked = permit.status.is_wanted() && permit.may_have_it;
    (is_asked && subject.book.calendar.last_start(limit, days).is_err()).then_some(limit)
}

/// The days over which working days are counted for the permit: from filing to the day to hold it by, and to its issue.
pub fn counted_days(subject: &Subject<'_, '_>, permit: &PermitDecision<'_>) -> impl Iterator<Item = DayRange> {
    let last_start = permit.file_by.zip(permit.hold_by).map(|(first, last)| DayRange { first, last });
    let first = subject.profile.filing_on.map_or(subject.today, |moment| moment.day);
    let days = permit.processing_working_days.filter(|_| matches!(permit.end, PermitEnd::AtMost(_)));
    let issued = days.and_then(|days| subject.book.calendar.working_days_after(first, days).ok());
    last_start.into_iter().chain(issued.map(|last| DayRange { first, last }))
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

/// How long a permit can be valid that is filed for as said, by the rules about its term; by the strictest where it is open
/// which one decides.
fn end(subject: &Subject<'_, '_>, terms: &Candidates<'_, PermitTerm>, processing: u32) -> PermitEnd {
    let filed = subject.profile.filing_on.map_or(subject.today, |moment| moment.day);
    let Ok(issued) = subject.book.calendar.working_days_after(filed, processing) else {
        return PermitEnd::NotCovered(filed);
    };
    let ends = terms.0.iter().map(|term| end_of(subject, term.content(), issued));
    // An end before the day of issue goes before all days, and the last of all is not to end.
    ends.min_by_key(|end| match end {
        PermitEnd::AtMost(until) => (1, until.unwrap_or(Day::LAST)),
        _ => (0, Day::FIRST),
    })
    .unwrap_or(PermitEnd::NotIssued)
}

fn end_of(subject: &Subject<'_, '_>, term: &PermitTerm, issued: Day) -> PermitEnd {
    let bounds = || term.bounds().filter_map(|bound| Some((bound, last_day_of(subject, bound)?)));
    if let Some((bound, day)) = bounds().find(|(_, day)| *day < issued) {
        return PermitEnd::EndsFirst(bound, day);
    }
    let follows = term.follows_permission && last_day_of(subject, Cap::Permission).is_some();
    let years_end = term.max_years.filter(|_| !follows).map(|years| issued.plus_months(12 * years).plus(-1));
    PermitEnd::AtMost(years_end.into_iter().chain(bounds().map(|(_, day)| day)).min())
}

/// The field that states the last day of what a permit does not outlast.
const fn field_of(bound: Cap) -> Field {
    match bound {
        Cap::Permission => Field::PermissionUntil,
        Cap::Contract => Field::ContractUntil,
        Cap::TravelDocument => Field::DocumentExpires,
    }
}

fn last_day_of(subject: &Subject<'_, '_>, bound: Cap) -> Option<Day> {
    match bound {
        Cap::TravelDocument => subject.person.document_expires,
        Cap::Permission | Cap::Contract => subject.profile.days.get(field_of(bound)),
    }
}
