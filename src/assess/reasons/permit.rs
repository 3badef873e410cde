//! What explains the decision about the permit: why, where to file, and how long it can be valid.

use super::channel;
use crate::assess::Subject;
use crate::assess::decide;
use crate::assessment::{Message, Param, Permit, PermitCase, PermitDecision, PermitEnd, StayDecision};
use crate::calendar::Day;
use crate::facts::Truth;
use crate::rulebook::Exemption;

/// `ends_at_most` is the last day of the applicant's own permit, for members of the family.
pub fn explained<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    decision: PermitDecision<'r>,
    ends_at_most: Option<Day>,
) -> Permit<'r> {
    let own = ends_at_most.filter(|_| !subject.is_applicant());
    let valid_until_at_most = match decision.end {
        PermitEnd::AtMost(until) => until.into_iter().chain(own).min(),
        _ => None,
    };
    Permit {
        valid_until_at_most,
        unavailable: unavailable(subject, stay, &decision),
        channels: decide::permit_channels(subject, stay, &decision).map(channel).collect(),
        because: because(&decision),
        decision,
    }
}

/// Why such persons normally cannot have the permit: what keeps them from it, else what the rule says of all others.
fn unavailable<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    permit: &PermitDecision<'r>,
) -> Option<Message<'r>> {
    if !permit.is_usually_unavailable() {
        return None;
    }
    let on = subject.reference_day();
    let facts = subject.facts(on, subject.basis_of(stay));
    let versions = || subject.book.eligibility.iter().filter_map(|rule| rule.on(on));
    let kept_from = versions().filter(|version| version.head.when.holds(&facts) == Truth::Yes).find_map(|version| {
        let holds = |exemption: &&Exemption| exemption.holds(&facts) == Truth::Yes;
        let exemption = version.head.unless.iter().find(holds)?;
        Some(&*exemption.because).filter(|because| !because.is_empty())
    });
    let text =
        kept_from.map(Message::new).or_else(|| versions().next().map(|version| Message::new(&*version.says.warning)));
    text.map(|text| text.with("country", Param::Country(subject.person.citizenship)))
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
        PermitCase::MayBeExempt => Message::new("trp.may-be-exempt"),
    }
}
