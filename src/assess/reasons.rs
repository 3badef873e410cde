//! What explains a decision: earlier overstays and the next entry, documents with the reason for each, where to file,
//! notices, and what a missing fact affects.

mod documents;
pub mod notices;
mod permit;
mod sanctions;
pub mod stay;

use super::decide::{self, Decision, PersonDecision, duties::PERMIT_END};
use super::matching::{MatchedRule, certain, matched};
use super::missing::OpenDocument;
use super::{CachedRules, Subject};
use crate::assessment::{
    Assessment, Channel as ChannelView, Deadline, DeadlineDecision, Echo, EntryDocument, PersonAssessment,
    Registration, RulesId,
};
use crate::calendar::{Day, DayRange};
use crate::profile::Moment;
use crate::rulebook::{Channel, Term};

impl<'r> Decision<'r> {
    /// Adds the reasons. `rules` are those that were asked for the decision.
    pub fn explained(&self, rules: &CachedRules<'r>) -> Assessment<'r> {
        let Decision { profile, today, status, applicant, family, missing, .. } = self;
        let (profile, today) = (*profile, *today);
        let book = rules.book;
        let subjects: Vec<Subject<'_, 'r>> = Subject::of_a_case(rules, profile, today).collect();
        let mut open: Vec<OpenDocument<'r>> = Vec::new();
        let applicant = of_a_person(&subjects[0], applicant, None, &mut open);
        let ends_at_most = applicant.permit.as_ref().and_then(|permit| permit.valid_until_at_most);
        let members = subjects[1..].iter().zip(family);
        let family = members.map(|(subject, member)| of_a_person(subject, member, ends_at_most, &mut open)).collect();
        let mut assessment = Assessment {
            rules: RulesId::of(book),
            today,
            profile: Echo { profile, vocabulary: &book.vocabulary },
            categories: subjects[0].category_words(subjects[0].reference_day()),
            status: *status,
            entry_document: None,
            registration: registration(&subjects[0]),
            applicant,
            family,
            notices: Vec::new(),
            needs: missing.needs(&book.vocabulary, &open),
        };
        assessment.entry_document = entry_document(&subjects[0], assessment.profile);
        assessment.notices = notices::of_a_case(&subjects, &assessment);
        assessment
    }
}

/// `ends_at_most` is the last day of the applicant's permit, for members of the family.
fn of_a_person<'r>(
    subject: &Subject<'_, 'r>,
    decision: &PersonDecision<'r>,
    ends_at_most: Option<Day>,
    open: &mut Vec<OpenDocument<'r>>,
) -> PersonAssessment<'r> {
    let PersonDecision { stay, permit, deadlines, outcome, .. } = decision;
    let stay = stay::explained(subject, stay.clone(), outcome.as_ref());
    let documents =
        if stay.is_outside_the_rules { Vec::new() } else { documents::lines(subject, permit.as_ref(), open) };
    PersonAssessment {
        label: subject.label(),
        person: subject.person,
        relation: subject.relation_word(),
        deadlines: deadlines.iter().map(|decision| deadline(subject, *decision)).collect(),
        permit: permit.map(|permit| permit::explained(subject, &stay, permit, ends_at_most)),
        documents,
        stay,
    }
}

fn entry_document<'r>(subject: &Subject<'_, 'r>, echo: Echo<'r>) -> Option<EntryDocument<'r>> {
    let on = subject.reference_day();
    let rules: Vec<_> = certain(&subject.book.entry_documents, on, subject.facts_by_permit(on)).collect();
    if rules.is_empty() {
        return None;
    }
    let mut accepted: Vec<u8> = rules.iter().flat_map(|rule| rule.content().accepts.iter().copied()).collect();
    accepted.sort_unstable();
    accepted.dedup();
    let kinds = &subject.book.vocabulary.travel_documents;
    Some(EntryDocument {
        ok: accepted.contains(&decide::accepted_as(subject)),
        accepted: accepted.into_iter().map(|kind| &*kinds[usize::from(kind)].id).collect(),
        given: echo.document_kind(subject.person),
        rules: rules.iter().map(MatchedRule::reference).collect(),
    })
}

/// Who notifies an arrival, and where.
fn registration<'r>(subject: &Subject<'_, 'r>) -> Option<Registration<'r>> {
    let duty = decide::notification(subject)?;
    let channels = decide::arrival_channels(subject, &duty).map(channel).collect();
    Some(Registration { who: duty.content().who, channels })
}

fn channel(channel: MatchedRule<'_, Channel>) -> ChannelView<'_> {
    let content = channel.content();
    ChannelView {
        id: &channel.rule.public,
        url: content.url.as_deref(),
        recommended: content.recommended,
        conditions: &content.conditions,
        rule: channel.reference(),
    }
}

/// A deadline with its day on the stricter reading, and the days passed over in counting to it.
fn deadline<'r>(subject: &Subject<'_, 'r>, decision: DeadlineDecision<'r>) -> Deadline<'r> {
    let calendar = &subject.book.calendar;
    let on = |day: Day| Moment { day, minute: None };
    let day = subject.reference_day();
    let channels = decide::channels(subject, day, subject.facts_by_permit(day), decision.id).map(channel).collect();
    let mut deadline = Deadline { decision, safe: decision.due, skipped: Vec::new(), is_estimated: false, channels };
    if let (Some(Term::WorkingDays(days)), Some(due)) = (decision.term, decision.due) {
        let event = decision.event_date;
        deadline.safe = calendar.working_days_from(event, days).ok().map(on);
        deadline.skipped = calendar.days_off_after(event, due.day).unwrap_or_default();
        deadline.is_estimated = calendar.estimated_in(DayRange { first: event, last: due.day }).next().is_some();
    }
    let is_permit_end = decision.id == PERMIT_END && decision.term.is_none();
    if let Some(file_by) = is_permit_end.then(|| renewal_by(subject, decision.event_date)).flatten() {
        deadline.safe = file_by.map(on);
        let days = file_by.map(|first| DayRange { first, last: decision.event_date });
        deadline.is_estimated = days.is_some_and(|days| calendar.estimated_in(days).next().is_some());
    }
    deadline
}

/// The last working day on which filing for the next permit leaves the processing time, where the permit that ends is the
/// one that the pack decides on; `Some(None)` where the calendar does not reach so far.
fn renewal_by(subject: &Subject<'_, '_>, until: Day) -> Option<Option<Day>> {
    let day = subject.reference_day().max(subject.today);
    let held = subject.permit_on(day).filter(|held| Some(held.kind) == subject.book.permit)?;
    let service = matched(&subject.book.services, subject.today, subject.facts(day, Some(held.kind))).next()?;
    Some(subject.book.calendar.last_start(until, service.content().processing_working_days).ok())
}
