//! The answer as JSON, the schema `trp-check/assessment/2`. The views *are* the schema: what they name is relied on by
//! others and never changes its meaning.

mod profile;
pub mod text;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::{Sections, Words, phrases};
use crate::assessment::{
    Addressee, Allowed, Assessment, Channel, DayMark, DayRun, Deadline, DocumentLine, EntryDocument, LimitUse, Need,
    NextEntry, Notice, Overstay, Permit, PersonAssessment, ReadingUse, Registration, RulesId, Stay, StayStatus,
    Timeline,
};
use crate::calendar::{Day, SkippedDay};
use crate::profile::Moment;
use crate::rulebook::{Cite, VISA_FREE};
use profile::ProfileView;

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/assessment/2";

/// Structs to be serialised, each key with its type and the value that it gets; `unless` names the test for a value
/// that is left out.
macro_rules! views {
    ($(
        $name:ident $(<$life:lifetime>)? ($($param:ident: $of:ty),*) {
            $($(#[$attr:meta])* $key:ident $(unless $skip:literal)?: $type:ty = $value:expr,)*
        }
    )*) => {$(
        #[derive(serde::Serialize, schemars::JsonSchema)]
        pub(in crate::render) struct $name $(<$life>)? {
            $($(#[$attr])* $(#[serde(skip_serializing_if = $skip)])? $key: $type,)*
        }

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

/// The answer, with the timelines of the applicant and of the members of the family, or none.
pub fn render<'a>(
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
        entry_document unless "Option::is_none": Option<EntryDocumentView<'a>> =
            answer.entry_document.as_ref().filter(|_| sections.has_stay()).map(EntryDocumentView::new),
        registration unless "Option::is_none": Option<Option<RegistrationView<'a>>> = sections
            .has_stay()
            .then(|| answer.registration.as_ref().map(|registration| RegistrationView::new(registration, words))),
        stay unless "Option::is_none": Option<StayView<'a>> = stay(&answer.applicant, sections, words),
        deadlines unless "Option::is_none": Option<Vec<DeadlineView<'a>>> = deadlines(&answer.applicant, sections, words),
        timeline unless "Option::is_none": Option<TimelineView<'a>> = timelines.first().map(TimelineView::new),
        trp unless "Option::is_none": Option<Option<PermitView<'a>>> = permit(&answer.applicant, sections, words),
        documents unless "Option::is_none": Option<Vec<DocumentView<'a>>> = documents(&answer.applicant, sections, words),
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
        stay unless "Option::is_none": Option<StayView<'a>> = stay(member, sections, words),
        deadlines unless "Option::is_none": Option<Vec<DeadlineView<'a>>> = deadlines(member, sections, words),
        timeline unless "Option::is_none": Option<TimelineView<'a>> = timeline.map(TimelineView::new),
        trp unless "Option::is_none": Option<Option<PermitView<'a>>> = permit(member, sections, words),
        documents unless "Option::is_none": Option<Vec<DocumentView<'a>>> = documents(member, sections, words),
    }
}

impl<'a> DeadlineView<'a> {
    /// With what is to be done as it is said to somebody.
    pub(in crate::render) fn said_to(self, to: Addressee, deadline: &Deadline<'a>, words: &Words<'a>) -> Self {
        Self { title: phrases::deadline_name(to, deadline, words), ..self }
    }
}

fn stay<'a>(person: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Option<StayView<'a>> {
    sections.has_stay().then(|| StayView::new(&person.stay, words))
}

fn deadlines<'a>(of: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Option<Vec<DeadlineView<'a>>> {
    sections.has_stay().then(|| of.deadlines.iter().map(|deadline| DeadlineView::new(deadline, words)).collect())
}

fn permit<'a>(of: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Option<Option<PermitView<'a>>> {
    sections.has_permit().then(|| of.permit.as_ref().map(|permit| PermitView::new(permit, words)))
}

fn documents<'a>(of: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Option<Vec<DocumentView<'a>>> {
    let documents = of.documents.iter().map(|line| DocumentView::new(line, &of.label, words));
    sections.has_documents().then(|| documents.collect())
}

views! {
    StayView<'a>(stay: &'a Stay<'a>, words: &Words<'a>) {
        status: &'static str = stay.status.name(),
        basis: &'a str = if stay.basis.is_empty() { VISA_FREE } else { stay.basis },
        entry: Option<Day> = stay.entry,
        last_day: Option<Day> = stay.last_day,
        latest_arguable: Option<Day> = stay.latest_arguable,
        binding: Vec<&'a str> = stay.binding().map(|rule| rule.id).collect(),
        days_left: Option<i32> = stay.days_left.filter(|_| stay.status == StayStatus::Lawful),
        days_over: i32 = stay.days_over,
        limits: Vec<LimitView<'a>> = stay.limits.iter().map(|limit| LimitView::new(limit, words)).collect(),
        next_entry: Option<NextEntryView> = stay.next_entry.map(NextEntryView::new),
        overstays: Vec<OverstayView> = stay.overstays.iter().map(OverstayView::new).collect(),
        readings: Vec<ReadingView<'a>> = stay.readings.iter().map(|other| ReadingView::new(other, words)).collect(),
    }

    ReadingView<'a>(other: &ReadingUse<'a>, words: &Words<'a>) {
        rule: &'a str = other.rule.id,
        last_day: Option<Day> = other.last_day,
        standing: &'static str = other.reading.standing.name(),
        cite: Vec<CiteView<'a>> = cites(&*other.reading.cites, words),
    }

    LimitView<'a>(limit: &LimitUse<'a>, words: &Words<'a>) {
        rule: &'a str = limit.rule.id,
        kind: &'static str = limit.window.name(),
        max_days: Option<i32> = limit.max_days,
        window_days: Option<i32> = limit.window_days(),
        window_from: Option<Day> = limit.window_from,
        used: i32 = limit.used,
        last_day: Option<Day> = limit.last_day,
        cite: Vec<CiteView<'a>> = cites(&*limit.rule.head.cites, words),
    }

    NextEntryView(next: NextEntry) {
        earliest: Day = next.earliest,
        days: Option<i32> = next.days,
    }

    OverstayView(over: &Overstay) {
        entry: Day = over.entry,
        from: Day = over.from,
        to: Day = over.to,
        days: i32 = over.days,
    }

    DeadlineView<'a>(deadline: &'a Deadline<'a>, words: &Words<'a>) {
        id: &'a str = &deadline.id,
        title: &'a str = words.of("deadline", deadline.id),
        event: &'static str = deadline.event,
        event_date: Day = deadline.event_date,
        due: Option<MomentView> = deadline.due.map(MomentView),
        safe: Option<MomentView> = deadline.safe.map(MomentView),
        status: &'static str = deadline.status.name(),
        days: Option<i32> = deadline.days,
        done_on: Option<Day> = deadline.done_on,
        who: &'static str = deadline.who.name(),
        kind: &'static str = deadline.kind.name(),
        skipped: Vec<SkippedView> = deadline.skipped.iter().map(|off| SkippedView::new(off, words)).collect(),
        channels unless "Vec::is_empty": Vec<ChannelView<'a>> = channels(&deadline.channels, words),
        rule: &'a str = deadline.rule.id,
        cite: Vec<CiteView<'a>> = cites(&*deadline.rule.head.cites, words),
    }

    SkippedView(off: &SkippedDay, words: &Words<'_>) {
        on: Day = off.on,
        kind: &'static str = off.kind.name(),
        text: String = phrases::why_skipped(off, words),
    }

    PermitView<'a>(permit: &'a Permit<'a>, words: &Words<'a>) {
        status: &'static str = permit.status.name(),
        threshold_days: Option<i32> = permit.threshold_days,
        hold_by: Option<Day> = permit.hold_by,
        file_by: Option<Day> = permit.file_by,
        valid_until_at_most: Option<Day> = permit.valid_until_at_most,
        renewable: Option<bool> = permit.renewable,
        fee: Option<&'a str> = permit.fee,
        processing_working_days: Option<u32> = permit.processing_working_days,
        channels: Vec<ChannelView<'a>> = channels(&permit.channels, words),
        rule: Option<&'a str> = permit.rule.map(|rule| rule.id),
        rules: Vec<&'a str> = permit.rules().map(|rule| rule.id).collect(),
        because: String = words.sentence(&permit.because),
        cite: Vec<CiteView<'a>> = cites(permit.rule.iter().flat_map(|rule| rule.head.cites.iter()), words),
    }

    DocumentView<'a>(line: &'a DocumentLine<'a>, person: &'a str, words: &Words<'a>) {
        procedure: &'a str = line.procedure,
        id: &'a str = line.id,
        title: &'a str = words.of("document", line.id),
        person: &'a str = person,
        requirement: &'static str = line.requirement.name(),
        group: Option<&'a str> = line.group,
        held: bool = line.held,
        form: &'a str = line.form,
        because: String = words.sentence(&line.because.message()),
        rule: &'a str = line.rule.id,
        cite: Vec<CiteView<'a>> = cites(&*line.rule.head.cites, words),
    }

    TimelineView<'a>(timeline: &'a Timeline<'a>) {
        first: Day = timeline.days.first,
        last: Day = timeline.days.last,
        rule: Option<&'a str> = timeline.limit.as_ref().map(|limit| limit.rule.id),
        window_days: Option<i32> = timeline.limit.as_ref().and_then(|limit| limit.window.days()),
        used: Option<i32> = timeline.limit.as_ref().map(|limit| limit.used),
        ranges: Vec<RangeView> = timeline.runs.iter().map(RangeView::new).collect(),
        marks: Vec<MarkView> = timeline.marks.iter().map(MarkView::new).collect(),
    }

    RangeView(run: &DayRun) {
        first: Day = run.days.first,
        last: Day = run.days.last,
        what: &'static str = run.state.name(),
        counted: bool = run.is_counted,
    }

    MarkView(mark: &DayMark) {
        first: Day = mark.days.first,
        last: Day = mark.days.last,
        what: &'static str = mark.kind.name(),
    }

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

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum AllowedView<'a> {
    Kind(&'static str),
    Words(&'a [&'a str]),
}

views! {
    CiteView<'a>(cite: &'a Cite, is_quoted: bool, words: &Words<'a>) {
        source: &'a str = &cite.source,
        at: &'a str = &cite.at,
        title: &'a str = words.of("source", &cite.source),
        url: Option<&'a str> = cite.url.as_deref(),
        sentence unless "Option::is_none": Option<Option<&'a str>> =
            is_quoted.then_some(Some(&*cite.sentence).filter(|sentence| !sentence.is_empty())),
        verified: Day = cite.verified,
        standing: &'static str = cite.standing.name(),
    }
}

fn channels<'a>(channels: &'a [Channel<'a>], words: &Words<'a>) -> Vec<ChannelView<'a>> {
    channels.iter().map(|channel| ChannelView::new(channel, words)).collect()
}

pub(super) fn cites<'a>(cites: impl IntoIterator<Item = &'a Cite>, words: &Words<'a>) -> Vec<CiteView<'a>> {
    cites.into_iter().map(|cite| CiteView::new(cite, false, words)).collect()
}

struct MomentView(Moment);

impl JsonSchema for MomentView {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({ "type": "string" });
        crate::tree::schema::moment(&mut schema);
        schema
    }
}

impl Serialize for MomentView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.minute.is_none() {
            return self.0.day.serialize(serializer);
        }
        serializer.collect_str(&self.0)
    }
}
