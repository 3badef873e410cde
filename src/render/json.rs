//! The answer as JSON, the schema `trp-check/assessment/1`. The views *are* the schema: what they name is relied on by
//! others and never changes its meaning.

mod person;
mod profile;
pub mod text;

use serde::{Serialize, Serializer};

use super::{Sections, Words, phrases};
use crate::assessment::{
    Allowed, Assessment, Channel, EntryDocument, Need, Notice, PersonAssessment, Registration, RuleRef, RulesId,
    Timeline,
};
use crate::calendar::Day;
use crate::profile::Moment;
use crate::rulebook::Cite;
use person::{DocumentView, StayView, TimelineView};
use profile::ProfileView;

pub(super) use person::{DeadlineView, PermitView};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/assessment/1";

/// Structs to be serialised, each key with its type and the value that it gets.
macro_rules! views {
    ($(
        $name:ident $(<$life:lifetime>)? ($($param:ident: $of:ty),*) {
            $($(#[$attr:meta])* $key:ident: $type:ty = $value:expr,)*
        }
    )*) => {$(
        #[derive(serde::Serialize)]
        pub(in crate::render) struct $name $(<$life>)? { $($(#[$attr])* $key: $type,)* }

        impl $(<$life>)? $name $(<$life>)? {
            pub(in crate::render) fn new($($param: $of),*) -> Self {
                Self { $($key: $value,)* }
            }
        }
    )*};
}
pub(super) use views;

pub fn view<'a>(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> impl Serialize + 'a {
    AssessmentView::new(assessment, &[], sections, words)
}

pub fn render<'a>(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> Vec<u8> {
    render_with(assessment, &[], sections, words)
}

/// The same, with the timelines of the applicant and of the members of the family.
pub fn render_with<'a>(
    assessment: &'a Assessment<'a>,
    timelines: &'a [Timeline<'a>],
    sections: Sections,
    words: &Words<'a>,
) -> Vec<u8> {
    text::pretty(&AssessmentView::new(assessment, timelines, sections, words))
}

// The keys of a person stand twice, at the top and in `family`: serde writes flattened structs as maps, at twice the
// cost.
views! {
    AssessmentView<'a>(
        answer: &'a Assessment<'a>, timelines: &'a [Timeline<'a>], sections: Sections, words: &Words<'a>
    ) {
        schema: &'static str = SCHEMA,
        rules: RulesView<'a> = RulesView::new(answer.rules),
        today: Day = answer.today,
        profile: ProfileView<'a> = ProfileView::new(answer, words),
        categories: &'a [&'a str] = &answer.categories,
        status: &'static str = answer.status.name(),
        #[serde(skip_serializing_if = "Option::is_none")]
        entry_document: Option<EntryDocumentView<'a>> =
            answer.entry_document.as_ref().filter(|_| sections.has_stay()).map(EntryDocumentView::new),
        #[serde(skip_serializing_if = "Option::is_none")]
        registration: Option<Option<RegistrationView<'a>>> = sections
            .has_stay()
            .then(|| answer.registration.as_ref().map(|registration| RegistrationView::new(registration, words))),
        #[serde(skip_serializing_if = "Option::is_none")]
        stay: Option<StayView<'a>> = stay(&answer.applicant, sections, words),
        #[serde(skip_serializing_if = "Option::is_none")]
        deadlines: Option<Vec<DeadlineView<'a>>> = deadlines(&answer.applicant, sections, words),
        #[serde(skip_serializing_if = "Option::is_none")]
        timeline: Option<TimelineView<'a>> = timelines.first().map(TimelineView::new),
        #[serde(skip_serializing_if = "Option::is_none")]
        trp: Option<Option<PermitView<'a>>> = permit(&answer.applicant, sections, words),
        #[serde(skip_serializing_if = "Option::is_none")]
        documents: Option<Vec<DocumentView<'a>>> = documents(&answer.applicant, sections, words),
        family: Vec<FamilyView<'a>> = answer
            .family
            .iter()
            .enumerate()
            .map(|(at, member)| FamilyView::new(member, timelines.get(at + 1), sections, words))
            .collect(),
        notices: Vec<NoticeView<'a>> = answer.notices.iter().map(|notice| NoticeView::new(notice, words)).collect(),
        needs: Vec<NeedView<'a>> = answer.needs.iter().map(NeedView::new).collect(),
    }

    FamilyView<'a>(
        member: &'a PersonAssessment<'a>, timeline: Option<&'a Timeline<'a>>, sections: Sections, words: &Words<'a>
    ) {
        person: &'a str = &member.label,
        name: Option<&'a str> = member.person.name.as_deref(),
        relation: &'a str = member.relation,
        citizenship: &'a str = words.country_code(member.person.citizenship),
        #[serde(skip_serializing_if = "Option::is_none")]
        stay: Option<StayView<'a>> = stay(member, sections, words),
        #[serde(skip_serializing_if = "Option::is_none")]
        deadlines: Option<Vec<DeadlineView<'a>>> = deadlines(member, sections, words),
        #[serde(skip_serializing_if = "Option::is_none")]
        timeline: Option<TimelineView<'a>> = timeline.map(TimelineView::new),
        #[serde(skip_serializing_if = "Option::is_none")]
        trp: Option<Option<PermitView<'a>>> = permit(member, sections, words),
        #[serde(skip_serializing_if = "Option::is_none")]
        documents: Option<Vec<DocumentView<'a>>> = documents(member, sections, words),
    }
}

fn stay<'a>(person: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Option<StayView<'a>> {
    sections.has_stay().then(|| StayView::new(&person.stay, words))
}

fn deadlines<'a>(
    person: &'a PersonAssessment<'a>,
    sections: Sections,
    words: &Words<'a>,
) -> Option<Vec<DeadlineView<'a>>> {
    let deadlines = person.deadlines.iter().map(|deadline| DeadlineView::new(deadline, words));
    sections.has_stay().then(|| deadlines.collect())
}

fn permit<'a>(
    person: &'a PersonAssessment<'a>,
    sections: Sections,
    words: &Words<'a>,
) -> Option<Option<PermitView<'a>>> {
    sections.has_permit().then(|| person.permit.as_ref().map(|permit| PermitView::new(permit, words)))
}

fn documents<'a>(
    person: &'a PersonAssessment<'a>,
    sections: Sections,
    words: &Words<'a>,
) -> Option<Vec<DocumentView<'a>>> {
    let documents = person.documents.iter().map(|line| DocumentView::new(line, &person.label, words));
    sections.has_documents().then(|| documents.collect())
}

views! {
    RulesView<'a>(rules: RulesId<'a>) {
        pack: &'a str = rules.pack,
        version: &'a str = rules.version,
        sha256: &'a str = rules.sha256,
    }

    EntryDocumentView<'a>(document: &'a EntryDocument<'a>) {
        accepted: &'a [&'a str] = &document.accepted,
        given: &'a str = document.given,
        ok: bool = document.ok,
        rules: Vec<&'a str> = document.rules.iter().map(|rule| rule.id).collect(),
    }

    RegistrationView<'a>(registration: &'a Registration<'a>, words: &Words<'a>) {
        who: &'static str = registration.who.name(),
        channels: Vec<ChannelView<'a>> = channels(&registration.channels, words),
    }

    ChannelView<'a>(channel: &'a Channel<'a>, words: &Words<'a>) {
        id: &'a str = channel.id,
        title: &'a str = words.of("channel", channel.id),
        url: Option<&'a str> = channel.url,
        recommended: bool = channel.recommended,
        conditions: Vec<ConditionView<'a>> =
            channel.conditions.iter().map(|id| ConditionView::new(id, words)).collect(),
    }

    ConditionView<'a>(id: &'a str, words: &Words<'a>) {
        id: &'a str = id,
        text: &'a str = words.of("condition", id),
    }

    NoticeView<'a>(notice: &'a Notice<'a>, words: &Words<'a>) {
        code: &'a str = &notice.code,
        level: &'static str = phrases::level(notice.level),
        person: &'a str = &notice.person,
        text: String = words.sentence(&notice.text),
        rules: &'a [&'a str] = &notice.rules,
    }

    NeedView<'a>(need: &'a Need<'a>) {
        fact: &'a str = &need.fact,
        allowed: AllowedView<'a> = match &need.allowed {
            Allowed::Day => AllowedView::Kind("day"),
            Allowed::Number => AllowedView::Kind("number"),
            Allowed::Words(words) => AllowedView::Words(words),
        },
        affects: &'a [&'a str] = &need.affects,
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum AllowedView<'a> {
    Kind(&'static str),
    Words(&'a [&'a str]),
}

views! {
    CiteView<'a>(cite: &'a Cite, words: &Words<'a>) {
        source: &'a str = &cite.source,
        at: &'a str = &cite.at,
        title: &'a str = words.of("source", &cite.source),
        url: Option<&'a str> = cite.url.as_deref(),
        verified: Day = cite.verified,
        standing: &'static str = cite.standing.name(),
    }
}

fn channels<'a>(channels: &'a [Channel<'a>], words: &Words<'a>) -> Vec<ChannelView<'a>> {
    channels.iter().map(|channel| ChannelView::new(channel, words)).collect()
}

pub(super) fn cites<'a>(rule: &RuleRef<'a>, words: &Words<'a>) -> Vec<CiteView<'a>> {
    rule.head.cites.iter().map(|cite| CiteView::new(cite, words)).collect()
}

/// A day, with the time where there is one.
struct MomentView(Moment);

impl Serialize for MomentView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.minute.is_none() {
            return self.0.day.serialize(serializer);
        }
        serializer.collect_str(&self.0)
    }
}
