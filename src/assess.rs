//! Reasoning: law × person × day → answer.
//!
//! [`assess`] is pure and total: it knows no clock, no file, no sentence, and cannot fail. What stays
//! uncertain is part of the answer. Each part has a file of its own.

pub mod agenda;
pub mod calendar;
mod documents;
mod duties;
pub mod explain;
mod law;
mod notices;
mod permit;
pub mod plan;
pub mod question;
mod spare;
mod stay;
mod subject;
mod timeline;
mod wanting;

pub use law::{Law, asks};
pub(crate) use subject::Subject;
pub use timeline::timelines;

use smallvec::SmallVec;

use crate::assessment::{
    Assessment, Channel, Deadline, DeadlineStatus, Echo, EntryDocument, Part, PersonAssessment, Registration,
    Requirement, RuleRef, RulesId, Status,
};
use crate::calendar::Day;
use crate::facts::{FactSet, Truth};
use crate::profile::Profile;
use crate::rulebook::{DeadlineKind, DoneBy, Head, Level, RuleBook, Standing};
use documents::Checklist;
use law::Arrival;
use notices::Notices;
use stay::Resolved;
use wanting::Wanting;

/// How much of an answer somebody will look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All of it.
    Whole,
    /// What a row of a staff list tells, each value the same as in the whole answer: statuses, the days of
    /// the stay at hand, deadlines, which facts are missing. What no row tells is left out: documents, notices,
    /// reasons, addresses, earlier overstays, the next entry, what hangs on a missing fact.
    Row,
}

/// Everything the rules say of a profile on a day.
#[must_use]
pub fn assess<'r>(book: &'r RuleBook, profile: &'r Profile, today: Day) -> Assessment<'r> {
    assess_by(&Law::for_one(book), profile, today, Detail::Whole)
}

/// Some parts of what the rules say of a profile on a day. The status is that of the whole case,
/// whatever the parts.
#[must_use]
pub fn assess_parts<'r>(book: &'r RuleBook, profile: &'r Profile, today: Day, parts: &[Part]) -> Assessment<'r> {
    let mut assessment = assess(book, profile, today);
    if parts != Part::ALL {
        keep(book, &mut assessment, parts);
    }
    assessment
}

/// The same by a book that is asked about many people, one by one.
#[must_use]
pub fn assess_by<'r>(law: &Law<'r>, profile: &'r Profile, today: Day, detail: Detail) -> Assessment<'r> {
    assess_all(law, [profile], today, detail).pop().unwrap_or_else(|| unreachable!("a profile, an answer"))
}

/// The same for several people at once; their answers come in their order. Each step is taken for all of them
/// before the next: all steps together are more code than a processor keeps at hand, and fetching it again for
/// every person would cost as much as the answers.
pub fn assess_all<'r>(
    law: &Law<'r>,
    profiles: impl IntoIterator<Item = &'r Profile>,
    today: Day,
    detail: Detail,
) -> Vec<Assessment<'r>> {
    // Old rules are named with all that rests on them.
    let detail = if detail == Detail::Whole || law.is_fresh(today) { detail } else { Detail::Whole };
    let profiles = profiles.into_iter();
    let mut answers: Vec<Assessment<'r>> = Vec::with_capacity(profiles.size_hint().0);
    let mut people: Vec<Subject<'_, 'r>> = Vec::with_capacity(profiles.size_hint().0);
    for profile in profiles {
        people.extend(Subject::of_a_case(law, profile, today, detail));
    }
    let mut asides: Vec<Aside<'r>> = people.iter().map(|_| Aside::new(detail)).collect();
    for (subject, aside) in people.iter().zip(&mut asides) {
        match answers.last_mut() {
            Some(answer) if !subject.is_applicant() => {
                let ends_at_most = answer.applicant.permit.as_ref().and_then(|permit| permit.valid_until_at_most);
                answer.family.push(begun(subject, ends_at_most, aside));
            }
            _ => answers.push(begun_case(subject, aside)),
        }
    }
    let persons = answers.iter_mut().flat_map(Assessment::persons_mut);
    for ((person, subject), aside) in persons.zip(&people).zip(&mut asides) {
        finish(subject, person, aside);
    }
    let mut persons = people.iter().zip(asides);
    for answer in &mut answers {
        let Some((applicant, mut aside)) = persons.next() else { break };
        for (_, of_a_member) in persons.by_ref().take(answer.family.len()) {
            aside.add(of_a_member);
        }
        finish_case(applicant, answer, aside);
    }
    answers
}

/// What is noticed of a person by the way, and needed later.
struct Aside<'r> {
    resolved: Option<Resolved<'r>>,
    /// `None` for somebody outside the rules.
    checklist: Option<Checklist<'r>>,
    wanting: Wanting<'r>,
    notices: Notices<'r>,
}

impl Aside<'_> {
    fn new(detail: Detail) -> Self {
        Self { resolved: None, checklist: None, wanting: Wanting::default(), notices: Notices::new(detail) }
    }

    /// Adds what was noticed of somebody else of the case.
    fn add(&mut self, other: Self) {
        self.wanting.add(other.wanting);
        self.notices.add(other.notices);
    }
}

/// The answer for a case as far as the applicant's stay, permit and documents.
fn begun_case<'r>(applicant: &Subject<'_, 'r>, aside: &mut Aside<'r>) -> Assessment<'r> {
    let book = applicant.book;
    Assessment {
        rules: RulesId { pack: &book.id, version: &book.version, sha256: &book.sha256 },
        today: applicant.today,
        profile: Echo { profile: applicant.profile, vocabulary: &book.vocabulary },
        categories: Vec::new(),
        status: Status::Ok,
        entry_document: None,
        registration: None,
        applicant: begun(applicant, None, aside),
        family: Vec::with_capacity(applicant.profile.family.len()),
        notices: Vec::new(),
        needs: Vec::new(),
    }
}

/// The answer for a person as far as the stay, the permit and the documents; `ends_at_most` is the last day of the
/// applicant's permit, for members of the family.
fn begun<'r>(subject: &Subject<'_, 'r>, ends_at_most: Option<Day>, aside: &mut Aside<'r>) -> PersonAssessment<'r> {
    let (stay, resolved) = stay::assess(subject);
    let permit = permit::assess(subject, &stay, ends_at_most, &mut aside.wanting);
    aside.resolved = resolved;
    let is_asked = !stay.is_outside_the_rules;
    aside.checklist = is_asked.then(|| documents::assess(subject, permit.as_ref(), &mut aside.wanting));
    PersonAssessment {
        label: subject.label(),
        person: subject.person,
        relation: subject.relation_word(),
        stay,
        deadlines: Vec::new(),
        permit,
        documents: Vec::new(),
    }
}

/// Adds the rest of the answer for a person.
fn finish<'r>(subject: &Subject<'_, 'r>, person: &mut PersonAssessment<'r>, aside: &mut Aside<'r>) {
    let Aside { resolved, checklist, wanting, notices } = aside;
    if let Some(checklist) = checklist.take() {
        person.deadlines = duties::assess(subject, person, resolved.as_ref(), &checklist, wanting);
        notices.hear(checklist.loudest());
        person.documents = checklist.into_lines();
    }
    notices::of_a_person(subject, person, wanting, notices);
}

/// Adds the rest of the answer for a case whose persons are all assessed; `aside` is of all of them.
fn finish_case<'r>(
    applicant: &Subject<'_, 'r>,
    assessment: &mut Assessment<'r>,
    Aside { wanting, mut notices, .. }: Aside<'r>,
) {
    if applicant.detail == Detail::Whole {
        assessment.categories = applicant.category_words(applicant.reference_day());
    }
    (assessment.entry_document, assessment.registration) = arrival(applicant, assessment.profile);
    assessment.needs = wanting.into_needs(applicant.law.spare_needs.list());
    notices::of_the_whole(applicant, assessment, &mut notices);
    assessment.status = status(applicant.book, assessment, notices.loudest);
}

/// Leaves only some parts of an answer.
fn keep(book: &RuleBook, assessment: &mut Assessment<'_>, parts: &[Part]) {
    for person in assessment.persons_mut() {
        if !parts.contains(&Part::Stay) {
            person.deadlines.clear();
        }
        if !parts.contains(&Part::Permit) {
            person.permit = None;
        }
        if !parts.contains(&Part::Documents) {
            person.documents.clear();
        }
    }
    assessment.notices.retain(|notice| notice.part.is_none_or(|part| parts.contains(&part)));
    assessment.needs.retain(|need| need.parts.iter().any(|part| parts.contains(part)));
    if !parts.contains(&Part::Stay) {
        assessment.entry_document = None;
        assessment.registration = None;
    }
    notices::of_some_parts(book, assessment, parts);
}

/// The same answer for somebody who will not rest on anything inferred, estimated or verified too
/// long ago: where it does, it is unknown, and a notice names the rules. So it is where the calendar is about to end.
#[must_use]
pub fn strictly<'r>(book: &RuleBook, mut assessment: Assessment<'r>, parts: &[Part]) -> Assessment<'r> {
    let today = assessment.today;
    let is_weak = |rule: &&RuleRef<'_>| is_weak(book, rule.head, today);
    let is_about_days = |code: &str| matches!(code, "calendar-estimated" | notices::CALENDAR_ENDS);
    let is_estimated = assessment.notices.iter().any(|notice| is_about_days(&notice.code));
    let weak: Vec<&'r str> = used_rules(&assessment, parts).iter().filter(is_weak).map(|rule| rule.id).collect();
    if is_estimated || !weak.is_empty() {
        assessment.status = Status::Unknown;
        assessment.notices.insert(0, notices::strict(weak));
    }
    assessment
}

/// Whether what a rule says is a reading, or was last compared with its source too long ago.
#[must_use]
pub fn is_weak(book: &RuleBook, head: &Head, today: Day) -> bool {
    head.standing == Standing::Inferred || today.days_since(head.verified) > book.stale_after_days
}

/// The rules that some parts of an answer rest on: those that end a stay, set a deadline, decide on
/// the permit, or ask for a document.
#[must_use]
pub fn used_rules<'r>(assessment: &Assessment<'r>, parts: &[Part]) -> Vec<RuleRef<'r>> {
    let mut rules: Vec<RuleRef<'r>> = Vec::new();
    each_use(assessment, parts, |rule| {
        if !rules.iter().any(|known| known.is(rule)) {
            rules.push(rule);
        }
    });
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

/// The answer in one word; `loudest` is the level of the loudest notice.
fn status(book: &RuleBook, assessment: &Assessment<'_>, loudest: Option<Level>) -> Status {
    if assessment.persons().any(|person| person.stay.is_unknown()) {
        return Status::Unknown;
    }
    let expires_too_early = assessment.persons().any(|person| {
        person.person.document_expires.zip(person.stay.exit).is_some_and(|(expires, exit)| expires < exit)
    });
    let is_overdue = |deadline: &Deadline<'_>| deadline.status == DeadlineStatus::Overdue;
    if expires_too_early
        || assessment.persons().any(|person| person.stay.is_violation() || person.deadlines.iter().any(is_overdue))
    {
        return Status::Violation;
    }
    let asks = |deadline: &Deadline<'_>| {
        let soon = deadline.days.is_some_and(|days| days <= book.attention_days);
        deadline.kind == DeadlineKind::Duty
            && match deadline.status {
                DeadlineStatus::NotRecorded => true,
                DeadlineStatus::DueToday | DeadlineStatus::Upcoming => soon,
                _ => false,
            }
    };
    if loudest == Some(Level::Warning) || assessment.persons().any(|person| person.deadlines.iter().any(asks)) {
        return Status::ActionNeeded;
    }
    Status::Ok
}

/// What is said of the arrival; for a row, once for all who have the facts in common that it hangs on, where none of
/// its rules warns.
fn arrival<'r>(subject: &Subject<'_, 'r>, echo: Echo<'r>) -> (Option<EntryDocument<'r>>, Option<Registration<'r>>) {
    let law = subject.law;
    if subject.detail == Detail::Whole || law.entry_documents.warns() || law.channels.warns() {
        return (entry_document(subject, echo), registration(subject));
    }
    let on = subject.reference_day();
    let Arrival { is_document_ok, notified_by } =
        subject.law.arrival(on, &subject.facts_by_permit(on), subject.person.document_kind, &|| Arrival {
            is_document_ok: entry_document(subject, echo).map(|document| document.ok),
            notified_by: registration(subject).map(|registration| registration.who),
        });
    let given = echo.document_kind(subject.person);
    let document = is_document_ok.map(|ok| EntryDocument { ok, accepted: Vec::new(), given, rules: Vec::new() });
    (document, notified_by.map(|who| Registration { who, channels: Vec::new() }))
}

fn entry_document<'r>(subject: &Subject<'_, 'r>, echo: Echo<'r>) -> Option<EntryDocument<'r>> {
    let on = subject.reference_day();
    let facts = subject.facts_by_permit(on);
    let rules = subject.law.entry_documents.applied(on, &facts).filter(|rule| rule.truth == Truth::Yes);
    let rules: SmallVec<[_; 4]> = rules.collect();
    if rules.is_empty() {
        return None;
    }
    let kinds = &subject.book.vocabulary.travel_documents;
    let given = kinds[usize::from(subject.person.document_kind)].accepted_as;
    let mut answer = EntryDocument {
        ok: rules.iter().any(|rule| rule.version.says.accepts.contains(&given)),
        accepted: Vec::new(),
        given: echo.document_kind(subject.person),
        rules: Vec::new(),
    };
    if subject.detail == Detail::Whole || subject.law.entry_documents.warns() {
        let mut accepted: Vec<u8> = rules.iter().flat_map(|rule| rule.version.says.accepts.iter().copied()).collect();
        accepted.sort_unstable();
        accepted.dedup();
        answer.accepted = accepted.into_iter().map(|kind| &*kinds[usize::from(kind)].id).collect();
        answer.rules = rules.iter().map(|rule| RuleRef { id: &rule.rule.id, head: &rule.version.head }).collect();
    }
    Some(answer)
}

/// Who notifies an arrival, and where: the channels of the procedure named like the deadline of the
/// duty that a notification fulfils.
fn registration<'r>(subject: &Subject<'_, 'r>) -> Option<Registration<'r>> {
    let on = subject.reference_day();
    let facts = subject.facts_by_permit(on);
    let duty = subject
        .law
        .duties
        .applied(on, &facts)
        .find(|duty| duty.truth != Truth::No && duty.version.says.done_by == DoneBy::Notified)?;
    let are_told = subject.detail == Detail::Whole || subject.law.channels.warns();
    let channels = if are_told { channels(subject, on, &facts, &duty.rule.public) } else { Vec::new() };
    Some(Registration { who: duty.version.says.who, channels })
}

/// The channels of a procedure on a day.
fn channels<'r>(subject: &Subject<'_, 'r>, on: Day, facts: &FactSet, procedure: &str) -> Vec<Channel<'r>> {
    let all = subject.law.channels.applied(on, facts);
    all.filter(|channel| channel.truth != Truth::No && channel.version.says.procedure == procedure)
        .map(|channel| {
            let says = &channel.version.says;
            Channel {
                id: &channel.rule.public,
                url: says.url.as_deref(),
                recommended: says.recommended,
                conditions: &says.conditions,
                rule: RuleRef { id: &channel.rule.id, head: &channel.version.head },
            }
        })
        .collect()
}
