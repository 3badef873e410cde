//! What explains the decision about the permit: why, where to file, and how long it can be valid.

use super::channel;
use crate::assess::Subject;
use crate::assess::decide::{self, permit};
use crate::assessment::{Message, Param, Permit, PermitCase, PermitDecision, StayDecision};
use crate::calendar::Day;

/// `ends_at_most` is the last day of the applicant's own permit, for members of the family.
pub fn explained<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    decision: PermitDecision<'r>,
    ends_at_most: Option<Day>,
) -> Permit<'r> {
    let (valid_until_at_most, why_no_end) = match permit::valid_until(subject, stay, &decision, ends_at_most) {
        Ok(until) => (until, None),
        Err(why) => (None, Some(why)),
    };
    Permit {
        valid_until_at_most,
        why_no_end,
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
        PermitCase::StayedPastThreshold => with_days("trp.stayed-past-threshold"),
        PermitCase::PastVisaFree(last) => Message::new("trp.past-visa-free").with("day", Param::Day(last)),
        PermitCase::StayIsOver => Message::new("trp.stay-is-over"),
        PermitCase::ShortStay => with_days("trp.short-stay"),
        PermitCase::NoExit => with_days("trp.no-exit"),
        PermitCase::NoStay => with_days("trp.no-stay"),
    }
}
