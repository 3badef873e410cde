//! What the rules decide about a case: statuses, days and amounts, all that a row of a staff list shows. What explains
//! a decision is worked out from it afterwards (`reasons`), only where it is shown.

pub mod documents;
pub mod duties;
pub mod ledger;
pub mod permit;
pub mod stay;
pub mod warnings;
mod why;

pub use documents::AskedDocuments;
pub use why::Why;

use super::matching::{MatchedRule, any_has_warning, certain, has_warning, matched};
use super::missing::MissingFacts;
use super::{CachedRules, Subject};
use crate::assessment::{DeadlineDecision, DeadlineStatus, Part, PermitDecision, RuleRef, Status, StayDecision};
use crate::calendar::Day;
use crate::facts::FactSet;
use crate::profile::fields::Field;
use crate::profile::{Person, Profile};
use crate::rulebook::{Advice, Channel, DeadlineKind, DoneBy, Duty, Rule, RuleBook, Who};
use duties::Circumstances;
use stay::StayOutcome;

pub struct Decision<'r> {
    pub profile: &'r Profile,
    pub today: Day,
    pub status: Status,
    /// Who has to notify the arrival; `None` where nobody has to.
    pub notified_by: Option<Who>,
    pub applicant: PersonDecision<'r>,
    /// In the order of the profile.
    pub family: Vec<PersonDecision<'r>>,
    pub missing: MissingFacts<'r>,
}

pub struct PersonDecision<'r> {
    pub person: &'r Person,
    pub stay: StayDecision<'r>,
    /// `None` for a pack without such a permit.
    pub permit: Option<PermitDecision<'r>>,
    /// By day.
    pub deadlines: Vec<DeadlineDecision<'r>>,
    pub(super) outcome: Option<StayOutcome<'r>>,
    warns: bool,
    /// The day on which the oldest rule about a document that is asked for was last verified.
    oldest_document: Option<Day>,
}

/// What is decided about an arrival; the same for all who have the facts in common that its rules ask for.
#[derive(Clone, Copy, Default)]
pub struct Arrival {
    notified_by: Option<Who>,
    warns: bool,
    /// Whether the travel document is not good for entry.
    is_refused: bool,
    /// The day on which the oldest rule about the travel document was last verified.
    oldest: Option<Day>,
}

/// What the rules decide about a profile on a day. `rules` may be of many people, so that they remember what those have
/// in common.
pub fn decide<'r>(rules: &CachedRules<'r>, profile: &'r Profile, today: Day) -> Decision<'r> {
    let mut missing = MissingFacts::default();
    let subject = Subject::applicant(rules, profile, today);
    let applicant = of_a_person(&subject, &mut missing);
    let members = (0..profile.family.len()).map(|at| Subject::family_member(rules, profile, at, today));
    let family = members.map(|member| of_a_person(&member, &mut missing)).collect();
    let arrival = arrival(&subject);
    let notified_by = arrival.notified_by;
    let mut decision = Decision { profile, today, status: Status::Ok, notified_by, applicant, family, missing };
    decision.status = if decision.persons().any(|person| person.stay.is_unknown()) {
        Status::Unknown
    } else if decision.persons().any(PersonDecision::is_violation) {
        Status::Violation
    } else if needs_a_look(&subject, &decision, arrival) {
        Status::ActionNeeded
    } else {
        Status::Ok
    };
    decision
}

fn of_a_person<'r>(subject: &Subject<'_, 'r>, missing: &mut MissingFacts<'r>) -> PersonDecision<'r> {
    let (stay, outcome) = stay::decide(subject);
    for fact in stay.depends_on.iter() {
        missing.note(subject, Field::deciding(fact), Part::Stay, "stay");
    }
    let permit = permit::decide(subject, &stay, missing);
    let mut decision = PersonDecision {
        person: subject.person,
        stay,
        permit,
        deadlines: Vec::new(),
        outcome,
        warns: false,
        oldest_document: None,
    };
    if decision.stay.is_outside_the_rules {
        decision.warns = warnings::of_the_stay(subject, &decision);
        return decision;
    }
    let PersonDecision { stay, permit, outcome, .. } = &decision;
    let documents = documents::decide(subject, permit.as_ref());
    documents.open.iter().for_each(|fact| missing.note_for_documents(subject, *fact));
    let given = Circumstances { stay, outcome: outcome.as_ref(), permit: permit.as_ref(), documents: &documents };
    decision.deadlines = duties::decide(subject, given, missing);
    decision.oldest_document = documents.oldest;
    decision.warns = warnings::of_the_stay(subject, &decision)
        || documents.has_warning
        || warnings::may_be_a_child(subject)
        || decision.permit.is_some_and(|permit| warnings::of_the_permit(subject, &decision.stay, &permit));
    if warnings::visa_without_days(subject, &decision.stay).is_some() {
        missing.note(subject, Field::DaysPerEntry, Part::Stay, "stay");
    }
    if warnings::visa_of_many_entries(subject).is_some_and(|(permit, _)| permit.entries.is_none()) {
        missing.note(subject, Field::PermitEntries, Part::Stay, "stay");
    }
    if warnings::may_be_a_child(subject) {
        missing.note(subject, Field::BirthDate, Part::Documents, "documents");
    }
    decision
}

fn arrival(subject: &Subject<'_, '_>) -> Arrival {
    let on = subject.reference_day();
    let facts = subject.facts_by_permit(on);
    subject.rules.arrival(on, &facts, subject.person.document_kind, || {
        let given = accepted_as(subject);
        let mut arrival = Arrival::default();
        let mut is_accepted = None;
        for rule in certain(&subject.book.entry_documents, on, facts) {
            is_accepted = Some(is_accepted.unwrap_or_default() || rule.content().accepts.contains(&given));
            arrival.warns |= has_warning(&rule.version.head);
            arrival.oldest = arrival.oldest.into_iter().chain([rule.version.head.verified]).min();
        }
        arrival.is_refused = is_accepted == Some(false);
        arrival.warns |= arrival.is_refused;
        arrival.notified_by = notification(subject).map(|duty| duty.content().who);
        arrival
    })
}

/// The kind of travel document that a person's own counts as.
pub(super) fn accepted_as(subject: &Subject<'_, '_>) -> u8 {
    subject.book.vocabulary.travel_documents[usize::from(subject.person.document_kind)].accepted_as
}

pub(super) fn notification<'r>(subject: &Subject<'_, 'r>) -> Option<MatchedRule<'r, Duty>> {
    let on = subject.reference_day();
    let mut duties = matched(&subject.book.duties, on, subject.facts_by_permit(on));
    duties.find(|duty| duty.content().done_by == DoneBy::Notified)
}

pub(super) fn channels<'r>(
    subject: &Subject<'_, 'r>,
    on: Day,
    facts: FactSet,
    procedure: &'r str,
) -> impl Iterator<Item = MatchedRule<'r, Channel>> {
    matched(&subject.book.channels, on, facts).filter(move |channel| channel.content().procedure == procedure)
}

/// Where an arrival is notified: the procedure is named like the deadline of the duty.
pub(super) fn arrival_channels<'r>(
    subject: &Subject<'_, 'r>,
    duty: &MatchedRule<'r, Duty>,
) -> impl Iterator<Item = MatchedRule<'r, Channel>> {
    let on = subject.reference_day();
    channels(subject, on, subject.facts_by_permit(on), &duty.rule.public)
}

pub(super) fn permit_channels<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'_>,
    permit: &PermitDecision<'r>,
) -> impl Iterator<Item = MatchedRule<'r, Channel>> {
    let on = subject.filing_day();
    channels(subject, on, subject.facts(on, subject.basis_of(stay)), permit.kind)
}

/// What is advised for the stay at hand; nothing outside the rules.
pub(super) fn advice<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'_>,
) -> impl Iterator<Item = MatchedRule<'r, Advice>> {
    let on = subject.reference_day();
    let advice = certain(&subject.book.advice, on, subject.facts(on, subject.basis_of(stay)));
    let is_asked = !stay.is_outside_the_rules;
    advice.filter(move |_| is_asked)
}

/// Whether a duty is late, not recorded, or due soon.
fn asks_for_action(book: &RuleBook, deadline: &DeadlineDecision<'_>) -> bool {
    deadline.kind == DeadlineKind::Duty
        && match deadline.status {
            DeadlineStatus::Overdue | DeadlineStatus::NotRecorded => true,
            DeadlineStatus::DueToday | DeadlineStatus::Upcoming => {
                deadline.days.is_some_and(|days| days <= book.attention_days)
            }
            _ => false,
        }
}

/// Whether something is to be done about a case without a violation, or to be looked at: a duty asks for action, or
/// something is warned of.
fn needs_a_look(subject: &Subject<'_, '_>, decision: &Decision<'_>, arrival: Arrival) -> bool {
    let book = subject.book;
    let is_due = |deadline: &DeadlineDecision<'_>| asks_for_action(book, deadline);
    let warns_of_channels = || {
        let duty = notification(subject);
        duty.is_some_and(|duty| arrival_channels(subject, &duty).any(|channel| has_warning(&channel.version.head)))
    };
    let warns_of_advice = || advice(subject, &decision.applicant.stay).any(|advice| has_warning(&advice.version.head));
    decision.persons().any(|person| person.warns || person.deadlines.iter().any(is_due))
        || arrival.warns
        || any_has_warning(&book.channels) && warns_of_channels()
        || any_has_warning(&book.advice) && warns_of_advice()
        || has_old_rules(subject, decision, arrival)
}

fn has_old_rules(subject: &Subject<'_, '_>, decision: &Decision<'_>, arrival: Arrival) -> bool {
    !subject.rules.is_fresh(subject.today) && rests_on_an_old_rule(subject, decision, arrival)
}

fn rests_on_an_old_rule(subject: &Subject<'_, '_>, decision: &Decision<'_>, arrival: Arrival) -> bool {
    let is_old = |verified: Day| subject.book.is_old(verified, subject.today);
    arrival.oldest.is_some_and(is_old)
        || decision.persons().any(|person| {
            person.oldest_document.is_some_and(is_old) || person.rules().any(|rule| is_old(rule.head.verified))
        })
}

/// The first that is not done, else the last one.
fn first_open<'d, 'r>(
    mut deadlines: impl DoubleEndedIterator<Item = &'d DeadlineDecision<'r>> + Clone,
) -> Option<&'d DeadlineDecision<'r>> {
    deadlines.clone().find(|deadline| !deadline.status.is_done()).or_else(|| deadlines.next_back())
}

impl<'r> Decision<'r> {
    pub fn persons(&self) -> impl Iterator<Item = &PersonDecision<'r>> {
        std::iter::once(&self.applicant).chain(&self.family)
    }

    /// The notification that matters: the first one that is not done, else the last one.
    pub fn notification(&self) -> Option<&DeadlineDecision<'r>> {
        let who = self.notified_by?;
        let of = |deadline: &&DeadlineDecision<'_>| deadline.kind == DeadlineKind::Duty && deadline.who == who;
        first_open(self.applicant.deadlines.iter().filter(of))
    }

    /// The earliest duty or limit of anybody in the case that is open: late, not recorded, or ahead.
    pub fn next(&self) -> Option<&DeadlineDecision<'r>> {
        let is_open = |deadline: &&DeadlineDecision<'_>| {
            let is_certain = deadline.status != DeadlineStatus::Conditional && !deadline.status.is_done();
            is_certain && deadline.kind != DeadlineKind::Advice && deadline.due.is_some()
        };
        let all = self.persons().flat_map(|person| &person.deadlines);
        all.filter(is_open).min_by_key(|deadline| deadline.due.map(|due| due.day))
    }
}

impl<'r> PersonDecision<'r> {
    /// The person's own registration with the authorities: the first that is not done, else the last one.
    pub fn registration(&self, rules: &CachedRules<'r>) -> Option<&DeadlineDecision<'r>> {
        let book = rules.book;
        let is_registered = |rule: &&Rule<Duty>| rule.versions.iter().any(|it| it.says.done_by == DoneBy::Registered);
        let is_one = |deadline: &&DeadlineDecision<'_>| {
            deadline.kind == DeadlineKind::Duty
                && book.duties.iter().filter(is_registered).any(|rule| *rule.id == *deadline.rule.id)
        };
        first_open(self.deadlines.iter().filter(is_one))
    }

    /// The end of the permit in use.
    pub fn permit_end(&self) -> Option<&DeadlineDecision<'r>> {
        let mut ends = self.deadlines.iter();
        ends.find(|deadline| deadline.id == duties::PERMIT_END && deadline.term.is_none())
    }

    /// Whether the stay or an overdue duty breaks the law, or the travel document expires before the planned exit.
    fn is_violation(&self) -> bool {
        let expires = self.person.document_expires;
        self.stay.is_violation()
            || expires.zip(self.stay.exit).is_some_and(|(expires, exit)| expires < exit)
            || self.deadlines.iter().any(|deadline| deadline.status == DeadlineStatus::Overdue)
    }

    fn rules(&self) -> impl Iterator<Item = &RuleRef<'r>> {
        let of_the_stay = self.stay.limits.iter().map(|limit| &limit.rule).chain(&self.stay.uncovered_by);
        let of_the_permit = self.permit.iter().flat_map(PermitDecision::rules);
        of_the_stay.chain(self.deadlines.iter().map(|deadline| &deadline.rule)).chain(of_the_permit)
    }
}
