//! Reasoning: the permit that the pack decides on: who needs it, by when, and for how long.

use crate::assessment::{Message, Param, Part, Permit, PermitStatus, RuleRef, Stay};
use crate::calendar::Day;
use crate::facts::{FactSet, Truth};
use crate::profile::fields::Field;
use crate::rulebook::{Applied, PermitTerm};

use super::law::{PermitDays, PermitRules};
use super::wanting::Wanting;
use super::{Detail, Subject, channels};

/// What the rules say of the permit for a person; `None` for a pack without one. `ends_at_most` is
/// the last day of the applicant's own permit, for members of the family.
pub(super) fn assess<'r>(
    subject: &Subject<'_, 'r>,
    stay: &Stay<'r>,
    ends_at_most: Option<Day>,
    wanting: &mut Wanting<'r>,
) -> Option<Permit<'r>> {
    let book = subject.book;
    let kind = &*book.permit_kind()?.id;
    let today = subject.today;
    let on = subject.reference_day();
    let held = subject.permit_on(today).filter(|permit| Some(permit.kind) == book.permit);
    let basis = subject.basis_of(stay);
    let facts = subject.facts(on.max(today), basis);

    let moments = PermitDays { entry: on, later: on.max(today), filing: subject.filing_day() };
    let PermitRules { threshold, exemption, service, term } = subject.law.permit_rules(moments, &facts);

    let threshold_days = threshold.map(|rule| rule.version.says.days);
    let threshold_day = stay.entry.zip(threshold_days).map(|(entry, days)| entry.plus(days - 1));
    let is_family = subject.is_applicant() || is_in_the_application(subject, on.max(today), &facts);
    let threshold_rule = threshold.map(|rule| RuleRef { id: &rule.rule.id, head: &rule.version.head });

    // No row tells why.
    let say = |key: &'static str, name: &'static str, value: Param<'r>| match subject.detail {
        Detail::Whole => Message::new(key).with(name, value),
        Detail::Row => Message::new(key),
    };
    let days = Param::Count(threshold_days.unwrap_or_default().into());
    let (status, rule, because) = if held.is_some() {
        (PermitStatus::Held, threshold_rule, Message::new("trp.held"))
    } else if let Some(exemption) = exemption {
        let rule = RuleRef { id: &exemption.rule.id, head: &exemption.version.head };
        (PermitStatus::Exempt, Some(rule), Message::new(&*exemption.version.says.because))
    } else if stay.is_unknown() {
        (PermitStatus::Unknown, None, Message::new("trp.stay-not-covered"))
    } else if !is_family {
        (PermitStatus::Unknown, None, Message::new("trp.not-in-the-application"))
    } else if let Some(exit) = stay.exit {
        if threshold_day.is_some_and(|day| exit > day) {
            (PermitStatus::Required, threshold_rule, say("trp.past-threshold", "n", days))
        } else if let Some(last) = stay.last_visa_free_day.filter(|last| exit > *last) {
            (PermitStatus::Required, threshold_rule, say("trp.past-visa-free", "day", Param::Day(last)))
        } else {
            (PermitStatus::NotRequired, threshold_rule, say("trp.short-stay", "n", days))
        }
    } else {
        let key = if stay.entry.is_some() { "trp.no-exit" } else { "trp.no-stay" };
        let missed = if stay.entry.is_some() { Field::Exit } else { Field::Stays };
        wanting.day(subject, missed, Part::Permit, kind);
        (PermitStatus::Conditional, threshold_rule, say(key, "n", days))
    };

    let is_asked = matches!(status, PermitStatus::Required | PermitStatus::Conditional | PermitStatus::NotRequired);
    let hold_by = [threshold_day, stay.last_visa_free_day].into_iter().flatten().min().filter(|_| is_asked);
    let processing = service.map(|rule| rule.version.says.processing_working_days);
    let file_by = hold_by.zip(processing).and_then(|(limit, days)| book.calendar.last_start(limit, days).ok());
    let valid_until_at_most = (status != PermitStatus::Exempt && !stay.is_outside_the_rules)
        .then(|| {
            term.zip(processing).and_then(|(term, days)| valid_until(subject, term, days, ends_at_most, kind, wanting))
        })
        .flatten();

    let channels = if subject.detail == Detail::Whole || subject.law.channels.warns() {
        channels(subject, subject.filing_day(), &subject.facts(subject.filing_day(), basis), kind)
    } else {
        Vec::new()
    };
    let is_wanted = matches!(status, PermitStatus::Required | PermitStatus::Conditional);
    let is_usually_unavailable = subject.detail == Detail::Whole && is_wanted && !may_have_it(subject, stay);
    let is_open = status != PermitStatus::Exempt;
    let also = [
        service.filter(|_| is_open).map(|rule| RuleRef { id: &rule.rule.id, head: &rule.version.head }),
        term.filter(|_| is_open).map(|rule| RuleRef { id: &rule.rule.id, head: &rule.version.head }),
    ];
    Some(Permit {
        kind,
        status,
        threshold_days,
        hold_by,
        file_by,
        valid_until_at_most,
        renewable: term.filter(|_| is_open).map(|rule| rule.version.says.renewable),
        is_usually_unavailable,
        fee: service.map(|rule| rule.version.says.fee.strip_prefix("fee.").unwrap_or(&rule.version.says.fee)),
        processing_working_days: processing,
        channels,
        rule,
        also,
        because,
    })
}

/// Whether such persons can normally have the permit; a pack that does not say who can lets everybody.
pub(super) fn may_have_it(subject: &Subject<'_, '_>, stay: &Stay<'_>) -> bool {
    let on = subject.reference_day();
    let facts = subject.facts(on, subject.basis_of(stay));
    subject.book.eligibility.iter().all(|rule| rule.on(on).is_none())
        || subject.law.eligibility.applied(on, &facts).any(|rule| rule.truth == Truth::Yes)
}

/// Whether a member of the family can be in the applicant's application: some document of the permit
/// is asked of persons so related and so old, and of no others.
fn is_in_the_application(subject: &Subject<'_, '_>, on: Day, facts: &FactSet) -> bool {
    subject.law.terms.applied(on, facts).any(|rule| {
        rule.truth != Truth::No
            && rule.version.head.when.tests.iter().any(|test| test.fact == crate::facts::Fact::Relation)
    })
}

/// The last day of a permit that is filed for as said: so many years less a day from the day of issue,
/// never past the contract, the travel document or the applicant's own permit.
fn valid_until<'r>(
    subject: &Subject<'_, 'r>,
    term: Applied<'r, PermitTerm>,
    processing: u32,
    ends_at_most: Option<Day>,
    kind: &'r str,
    wanting: &mut Wanting<'r>,
) -> Option<Day> {
    let says = &term.version.says;
    let contract = subject.profile.contract_until.filter(|_| says.capped_by_contract);
    let document = subject.person.document_expires.filter(|_| says.capped_by_document);
    if says.capped_by_contract && contract.is_none() {
        wanting.day(subject, Field::ContractUntil, Part::Permit, kind);
    }
    if says.capped_by_document && document.is_none() {
        wanting.day(subject, Field::DocumentExpires, Part::Permit, kind);
    }
    if subject.detail == Detail::Row {
        return None;
    }
    let filed = subject.profile.filing_on.map_or(subject.today, |moment| moment.day);
    let years_end = says.max_years.and_then(|years| {
        let issued = subject.book.calendar.working_days_after(filed, processing).ok()?;
        Some(issued.plus_months(12 * years).plus(-1))
    });
    let own = ends_at_most.filter(|_| !subject.is_applicant());
    [years_end, contract, document, own].into_iter().flatten().min()
}
