//! What explains the decision about the permit: why, where to file, and how long it can be valid.

use super::channel;
use crate::assess::Subject;
use crate::assess::decide::{self, permit};
use crate::assessment::{Message, Param, Permit, PermitCase, PermitDecision, PermitStatus, StayDecision};
use crate::calendar::Day;

/// `ends_at_most` is the last day of the applicant's own permit, for members of the family.
pub fn explained<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    decision: PermitDecision<'r>,
    ends_at_most: Option<Day>,
) -> Permit<'r> {
    Permit {
        valid_until_at_most: valid_until(subject, stay, &decision, ends_at_most),
        is_usually_unavailable: permit::is_usually_unavailable(subject, stay, &decision),
        channels: decide::permit_channels(subject, stay, &decision).map(channel).collect(),
        because: because(&decision),
        decision,
    }
}

fn because<'r>(permit: &PermitDecision<'r>) -> Message<'r> {
    let with_days =
        |key: &'static str| Message::new(key).with("n", Param::Count(permit.threshold_days.unwrap_or_default().into()));
    match permit.case {
        PermitCase::Held => Message::new("trp.held"),
        PermitCase::Exempt(text) => Message::new(text),
        PermitCase::StayNotCovered => Message::new("trp.stay-not-covered"),
        PermitCase::NotInTheApplication => Message::new("trp.not-in-the-application"),
        PermitCase::PastThreshold => with_days("trp.past-threshold"),
        PermitCase::PastVisaFree(last) => Message::new("trp.past-visa-free").with("day", Param::Day(last)),
        PermitCase::ShortStay => with_days("trp.short-stay"),
        PermitCase::NoExit => with_days("trp.no-exit"),
        PermitCase::NoStay => with_days("trp.no-stay"),
    }
}

/// The last day of a permit that is filed for as said: so many years less a day from the day of issue, never past the
/// contract, the travel document or the applicant's own permit.
fn valid_until(
    subject: &Subject<'_, '_>,
    stay: &StayDecision<'_>,
    permit: &PermitDecision<'_>,
    ends_at_most: Option<Day>,
) -> Option<Day> {
    if permit.status == PermitStatus::Exempt || stay.is_outside_the_rules {
        return None;
    }
    let processing = permit.processing_working_days?;
    let content = permit::rules(subject, stay).term?.content();
    let filed = subject.profile.filing_on.map_or(subject.today, |moment| moment.day);
    let years_end = content.max_years.and_then(|years| {
        let issued = subject.book.calendar.working_days_after(filed, processing).ok()?;
        Some(issued.plus_months(12 * years).plus(-1))
    });
    let contract = subject.profile.contract_until.filter(|_| content.capped_by_contract);
    let document = subject.person.document_expires.filter(|_| content.capped_by_document);
    let own = ends_at_most.filter(|_| !subject.is_applicant());
    [years_end, contract, document, own].into_iter().flatten().min()
}
