//! Reasoning: law × person × day → answer.
//!
//! [`assess`] is pure and total: it knows no clock, no file, no sentence, and cannot fail. What stays
//! uncertain is part of the answer. Each part has a file of its own.

pub mod calendar;
mod documents;
mod duties;
pub mod explain;
mod notices;
mod permit;
mod stay;

use crate::assessment::{
    Allowed, Assessment, Channel, Deadline, DeadlineStatus, Echo, EntryDocument, Need, Notice, Part, PersonAssessment,
    Registration, Requirement, RuleRef, RulesId, Status, Stay,
};
use crate::calendar::Day;
use crate::facts::{Fact, FactSet, Truth};
use crate::profile::{self, Person, Profile};
use crate::rulebook::{self, APPLICANT, DeadlineKind, DoneBy, Level, Rule, RuleBook, Standing, applied};

/// Everything the rules say of a profile on a day.
#[must_use]
pub fn assess<'r>(book: &'r RuleBook, profile: &'r Profile, today: Day) -> Assessment<'r> {
    assess_parts(book, profile, today, Part::ALL)
}

/// Some parts of what the rules say of a profile on a day. The status is that of the whole case,
/// whatever the parts.
#[must_use]
pub fn assess_parts<'r>(book: &'r RuleBook, profile: &'r Profile, today: Day, parts: &[Part]) -> Assessment<'r> {
    let echo = Echo { profile, vocabulary: &book.vocabulary };
    let mut wanting = Wanting::default();
    let applicant = Subject::applicant(book, profile, today);
    let entry_document = entry_document(&applicant, echo);
    let registration = registration(&applicant);
    let mut notices = Vec::new();
    let own = person(&applicant, None, &mut wanting, &mut notices);
    let ends_at_most = own.permit.as_ref().and_then(|permit| permit.valid_until_at_most);
    let family: Vec<PersonAssessment<'r>> = (0..profile.family.len())
        .map(|at| person(&Subject::family_member(book, profile, at, today), ends_at_most, &mut wanting, &mut notices))
        .collect();
    let mut assessment = Assessment {
        rules: RulesId { pack: &book.id, version: &book.version, sha256: &book.sha256 },
        today,
        profile: echo,
        categories: applicant.category_words(applicant.reference_day()),
        status: Status::Ok,
        entry_document,
        registration,
        applicant: own,
        family,
        notices,
        needs: wanting.needs,
    };
    notices::of_the_whole(book, &applicant, &mut assessment);
    assessment.status = status(book, &assessment);
    if parts != Part::ALL {
        keep(book, &mut assessment, parts);
    }
    assessment
}

/// Leaves only some parts of an answer.
fn keep(book: &RuleBook, assessment: &mut Assessment<'_>, parts: &[Part]) {
    let Assessment { applicant, family, notices, needs, .. } = assessment;
    for person in std::iter::once(applicant).chain(family) {
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
    notices.retain(|notice| notice.part.is_none_or(|part| parts.contains(&part)));
    needs.retain(|need| need.parts.iter().any(|part| parts.contains(part)));
    if !parts.contains(&Part::Stay) {
        assessment.entry_document = None;
        assessment.registration = None;
    }
    notices::of_the_rules(book, assessment, parts);
}

/// The same answer for somebody who will not rest on anything inferred, estimated or verified too
/// long ago: where it does, it is unknown, and a notice names the rules.
#[must_use]
pub fn strictly<'r>(book: &RuleBook, mut assessment: Assessment<'r>, parts: &[Part]) -> Assessment<'r> {
    let today = assessment.today;
    let is_old = |rule: &RuleRef<'_>| today.days_since(rule.head.verified) > book.stale_after_days;
    let is_weak = |rule: &&RuleRef<'_>| rule.head.standing == Standing::Inferred || is_old(rule);
    let is_estimated = assessment.notices.iter().any(|notice| notice.code == "calendar-estimated");
    let weak: Vec<&'r str> = used_rules(&assessment, parts).iter().filter(is_weak).map(|rule| rule.id).collect();
    if is_estimated || !weak.is_empty() {
        assessment.status = Status::Unknown;
        assessment.notices.insert(0, notices::strict(weak));
    }
    assessment
}

/// The rules that some parts of an answer rest on: those that end a stay, set a deadline, decide on
/// the permit, or ask for a document.
#[must_use]
pub fn used_rules<'r>(assessment: &Assessment<'r>, parts: &[Part]) -> Vec<RuleRef<'r>> {
    let mut rules: Vec<RuleRef<'r>> = Vec::new();
    let mut add = |rule: RuleRef<'r>| {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    };
    for person in std::iter::once(&assessment.applicant).chain(&assessment.family) {
        if parts.contains(&Part::Stay) {
            person.stay.limits.iter().for_each(|limit| add(limit.rule));
            person.stay.binding.iter().chain(&person.stay.uncovered_by).for_each(|rule| add(*rule));
            person.deadlines.iter().for_each(|deadline| add(deadline.rule));
        }
        if let Some(permit) = person.permit.as_ref().filter(|_| parts.contains(&Part::Permit)) {
            permit.rule.iter().chain(&permit.also).for_each(|rule| add(*rule));
        }
        let asked = person.documents.iter().filter(|line| line.requirement != Requirement::NotRequired);
        asked.filter(|_| parts.contains(&Part::Documents)).for_each(|line| add(line.rule));
    }
    assessment.entry_document.iter().flat_map(|document| &document.rules).for_each(|rule| add(*rule));
    rules
}

fn status(book: &RuleBook, assessment: &Assessment<'_>) -> Status {
    let persons = || std::iter::once(&assessment.applicant).chain(&assessment.family);
    if persons().any(|person| person.stay.is_unknown()) {
        return Status::Unknown;
    }
    let expires_too_early = persons().any(|person| {
        person.person.document_expires.zip(person.stay.exit).is_some_and(|(expires, exit)| expires < exit)
    });
    let is_overdue = |deadline: &Deadline<'_>| deadline.status == DeadlineStatus::Overdue;
    if expires_too_early
        || persons().any(|person| person.stay.is_violation() || person.deadlines.iter().any(is_overdue))
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
    let warns = assessment.notices.iter().any(|notice| notice.level == Level::Warning);
    if warns || persons().any(|person| person.deadlines.iter().any(asks)) {
        return Status::ActionNeeded;
    }
    Status::Ok
}

/// Whether any rule of a pack asks for a fact.
#[must_use]
pub fn asks(book: &RuleBook, fact: Fact) -> bool {
    fn of<V: Clone + 'static>(rules: &[Rule<V>], fact: Fact) -> bool {
        let mut heads = rules.iter().flat_map(|rule| rule.versions.iter()).map(|version| &version.head);
        heads.any(|head| {
            let conditions = std::iter::once(&head.when).chain(head.unless.iter().map(|exemption| &exemption.when));
            conditions.flat_map(|condition| condition.tests.iter()).any(|test| test.fact == fact)
        })
    }
    of(&book.entry_documents, fact)
        || of(&book.stay_limits, fact)
        || of(&book.uncovered, fact)
        || of(&book.sanctions, fact)
        || of(&book.passport_margins, fact)
        || of(&book.duties, fact)
        || of(&book.channels, fact)
        || of(&book.advice, fact)
        || of(&book.services, fact)
        || of(&book.thresholds, fact)
        || of(&book.exemptions, fact)
        || of(&book.eligibility, fact)
        || of(&book.terms, fact)
        || of(&book.late_filings, fact)
        || of(&book.documents, fact)
}

/// A person about whom the rules are asked.
pub(crate) struct Subject<'r> {
    pub(crate) book: &'r RuleBook,
    pub(crate) profile: &'r Profile,
    pub(crate) person: &'r Person,
    /// Value of the fact `relation`; 0 for the applicant.
    pub(crate) relation: u8,
    pub(crate) label: String,
    pub(crate) today: Day,
}

impl<'r> Subject<'r> {
    pub(crate) fn applicant(book: &'r RuleBook, profile: &'r Profile, today: Day) -> Self {
        Self { book, profile, person: &profile.applicant, relation: 0, label: APPLICANT.to_owned(), today }
    }

    pub(crate) fn family_member(book: &'r RuleBook, profile: &'r Profile, at: usize, today: Day) -> Self {
        let member = &profile.family[at];
        let label = format!("family[{at}]");
        Self { book, profile, person: &member.person, relation: member.relation + 1, label, today }
    }

    fn is_applicant(&self) -> bool {
        self.relation == 0
    }

    fn relation_word(&self) -> &'r str {
        match self.relation.checked_sub(1) {
            None => APPLICANT,
            Some(at) => &self.book.vocabulary.relations[usize::from(at)],
        }
    }

    fn basis_word(&self, permit: Option<u8>) -> &'r str {
        permit.map_or(rulebook::VISA_FREE, |kind| &self.book.vocabulary.permits[usize::from(kind)].id)
    }

    /// The facts on a day, for somebody who is in the country on this basis then.
    pub(crate) fn facts(&self, on: Day, basis: Option<u8>) -> FactSet {
        let employment = &self.profile.employment;
        FactSet::default()
            .with_all(Fact::Category, self.book.categories_of(self.person.citizenship, on))
            .with(Fact::DocumentKind, Some(self.person.document_kind))
            .with(Fact::Purpose, self.profile.purpose)
            .with(Fact::Basis, Some(basis.map_or(0, |kind| kind + 1)))
            .with(Fact::Employer, employment.employer)
            .with(Fact::Work, employment.work)
            .with(Fact::PermitExempt, employment.permit_exempt.map(u8::from))
            .with(Fact::Channel, self.profile.filing.channel)
            .with(Fact::HousingOwner, self.profile.housing_owner)
            .with(Fact::Relation, Some(self.relation))
            .with(Fact::Age, self.book.vocabulary.age_group(self.person.birth_date, on))
    }

    fn category_words(&self, on: Day) -> Vec<&'r str> {
        let bits = self.book.categories_of(self.person.citizenship, on);
        let categories = self.book.categories.iter().enumerate();
        categories
            .filter(|(at, rule)| bits >> at & 1 == 1 && rule.on(on).is_some_and(|version| version.says.is_shown))
            .map(|(_, rule)| &*rule.id)
            .collect()
    }

    /// The permit valid on a day, the longest one where there are several.
    pub(crate) fn permit_on(&self, day: Day) -> Option<&'r profile::Permit> {
        let valid = |permit: &&profile::Permit| permit.from <= day && permit.until.is_none_or(|until| day <= until);
        self.person.permits.iter().filter(valid).max_by_key(|permit| permit.until.unwrap_or(Day::LAST))
    }

    /// The permit valid today, else the next one to come.
    fn valid_permit(&self) -> Option<&'r profile::Permit> {
        let to_come = |permit: &&profile::Permit| permit.from > self.today;
        self.permit_on(self.today).or_else(|| self.person.permits.iter().find(to_come))
    }

    /// The basis of a stay, as rules ask for it.
    pub(crate) fn basis_of(&self, stay: &Stay<'_>) -> Option<u8> {
        let at = self.book.vocabulary.permits.iter().position(|kind| kind.id == stay.basis);
        at.and_then(|at| u8::try_from(at).ok())
    }

    /// The facts on a day, for somebody who is in the country then on the permit valid that day.
    pub(crate) fn facts_by_permit(&self, on: Day) -> FactSet {
        self.facts(on, self.permit_on(on).map(|permit| permit.kind))
    }

    /// The day of entry of the stay at hand; today where there is none.
    pub(crate) fn reference_day(&self) -> Day {
        stay::stay_at_hand(self).map_or(self.today, |stay| stay.entry)
    }

    /// The day that chooses the version of what is filed: the day of filing, else the later of today
    /// and the entry.
    pub(crate) fn filing_day(&self) -> Day {
        let given = self.profile.filing.on.map(|moment| moment.day);
        given.unwrap_or_else(|| self.reference_day().max(self.today))
    }
}

/// The facts that were missed, and what for.
#[derive(Default)]
pub(crate) struct Wanting<'r> {
    needs: Vec<Need<'r>>,
}

impl<'r> Wanting<'r> {
    fn note(&mut self, fact: String, allowed: Allowed<'r>, part: Part, affects: &str) {
        let at = self.needs.iter().position(|need| need.fact == fact).unwrap_or_else(|| {
            self.needs.push(Need { fact, parts: Vec::new(), allowed, affects: Vec::new() });
            self.needs.len() - 1
        });
        let need = &mut self.needs[at];
        if !need.affects.iter().any(|known| known == affects) {
            need.affects.push(affects.to_owned());
        }
        if !need.parts.contains(&part) {
            need.parts.push(part);
        }
    }

    fn fact(&mut self, subject: &Subject<'r>, fact: Fact, part: Part, affects: &str) {
        let key = subject.path(fact.profile_key(), matches!(fact, Fact::Age | Fact::DocumentKind));
        self.note(key, Allowed::Words(subject.book.vocabulary.values(fact)), part, affects);
    }

    fn day(&mut self, fact: String, part: Part, affects: &str) {
        self.note(fact, Allowed::Day, part, affects);
    }

    fn number(&mut self, fact: String, part: Part, affects: &str) {
        self.note(fact, Allowed::Number, part, affects);
    }
}

impl Subject<'_> {
    /// Where a profile states something of this person (`own`), or of the whole case.
    fn path(&self, key: &str, own: bool) -> String {
        if own && !self.is_applicant() { format!("{}.{key}", self.label) } else { key.to_owned() }
    }
}

/// What the rules say of one person; `ends_at_most` is the last day of the applicant's permit, for
/// members of the family.
fn person<'r>(
    subject: &Subject<'r>,
    ends_at_most: Option<Day>,
    wanting: &mut Wanting<'r>,
    notices: &mut Vec<Notice<'r>>,
) -> PersonAssessment<'r> {
    let (stay, resolved) = stay::assess(subject);
    let permit = permit::assess(subject, &stay, ends_at_most, wanting);
    let (documents, deadlines) = if stay.is_outside_the_rules {
        (Vec::new(), Vec::new())
    } else {
        let documents = documents::assess(subject, permit.as_ref(), wanting);
        let deadlines = duties::assess(subject, &stay, resolved.as_ref(), permit.as_ref(), &documents, wanting);
        (documents, deadlines)
    };
    let assessment = PersonAssessment {
        label: subject.label.clone(),
        person: subject.person,
        relation: subject.relation_word(),
        stay,
        deadlines,
        permit,
        documents,
    };
    notices::of_a_person(subject, &assessment, wanting, notices);
    assessment
}

fn entry_document<'r>(subject: &Subject<'r>, echo: Echo<'r>) -> Option<EntryDocument<'r>> {
    let on = subject.reference_day();
    let rules: Vec<_> = applied(&subject.book.entry_documents, on, &subject.facts_by_permit(on))
        .into_iter()
        .filter(|rule| rule.truth == Truth::Yes)
        .collect();
    if rules.is_empty() {
        return None;
    }
    let kinds = &subject.book.vocabulary.travel_documents;
    let mut accepted: Vec<u8> = rules.iter().flat_map(|rule| rule.version.says.accepts.iter().copied()).collect();
    accepted.sort_unstable();
    accepted.dedup();
    let given = kinds[usize::from(subject.person.document_kind)].accepted_as;
    Some(EntryDocument {
        ok: accepted.contains(&given),
        accepted: accepted.into_iter().map(|kind| &*kinds[usize::from(kind)].id).collect(),
        given: echo.document_kind(subject.person),
        rules: rules.iter().map(|rule| RuleRef { id: &rule.rule.id, head: &rule.version.head }).collect(),
    })
}

/// Who notifies an arrival, and where: the channels of the procedure named like the deadline of the
/// duty that a notification fulfils.
fn registration<'r>(subject: &Subject<'r>) -> Option<Registration<'r>> {
    let on = subject.reference_day();
    let facts = subject.facts_by_permit(on);
    let duty = applied(&subject.book.duties, on, &facts)
        .into_iter()
        .find(|duty| duty.truth != Truth::No && duty.version.says.done_by == DoneBy::Notified)?;
    Some(Registration { who: duty.version.says.who, channels: channels(subject.book, on, &facts, &duty.rule.public) })
}

/// The channels of a procedure on a day.
fn channels<'r>(book: &'r RuleBook, on: Day, facts: &FactSet, procedure: &str) -> Vec<Channel<'r>> {
    applied(&book.channels, on, facts)
        .into_iter()
        .filter(|channel| channel.truth != Truth::No && channel.version.says.procedure == procedure)
        .map(|channel| {
            let says = &channel.version.says;
            Channel {
                id: &channel.rule.public,
                url: says.url.as_deref(),
                recommended: says.recommended,
                conditions: says.conditions.iter().map(|id| &**id).collect(),
                rule: RuleRef { id: &channel.rule.id, head: &channel.version.head },
            }
        })
        .collect()
}
