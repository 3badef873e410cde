//! Words: the answer as JSON, the schema `trp-check/assessment/1`. The structs below *are* the schema:
//! what they name is relied on by others and never changes its meaning.

mod build;
mod profile;
pub mod text;
mod timeline;

use serde::{Serialize, Serializer};

use super::{Sections, Words};
use crate::assessment::{Assessment, Timeline};
use crate::calendar::Day;
use crate::profile::Moment;
use timeline::TimelineView;

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/assessment/1";

/// The answer, ready to be serialised.
#[must_use]
pub fn view<'a>(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> impl Serialize + 'a {
    AssessmentView::new(assessment, sections, words)
}

/// The answer as JSON text that ends in a line feed.
#[must_use]
pub fn render<'a>(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> Vec<u8> {
    text::pretty(&AssessmentView::new(assessment, sections, words))
}

/// The same, with the timelines of the applicant and of the members of the family.
#[must_use]
pub fn render_with<'a>(
    assessment: &'a Assessment<'a>,
    timelines: &'a [Timeline<'a>],
    sections: Sections,
    words: &Words<'a>,
) -> Vec<u8> {
    let mut view = AssessmentView::new(assessment, sections, words);
    let mut told = timelines.iter().map(TimelineView::new);
    view.timeline = told.next();
    for (member, timeline) in view.family.iter_mut().zip(told) {
        member.timeline = Some(timeline);
    }
    text::pretty(&view)
}

#[derive(Serialize)]
struct AssessmentView<'a> {
    schema: &'static str,
    rules: RulesView<'a>,
    today: Day,
    profile: profile::ProfileView<'a>,
    categories: &'a [&'a str],
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_document: Option<EntryDocumentView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<Option<RegistrationView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stay: Option<StayView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadlines: Option<Vec<DeadlineView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<TimelineView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trp: Option<Option<PermitView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<DocumentView<'a>>>,
    family: Vec<FamilyView<'a>>,
    notices: Vec<NoticeView<'a>>,
    needs: Vec<NeedView<'a>>,
}

#[derive(Serialize)]
pub(super) struct RulesView<'a> {
    pack: &'a str,
    version: &'a str,
    sha256: &'a str,
}

struct MomentView(Moment);

impl Serialize for MomentView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.minute.is_none() {
            return self.0.day.serialize(serializer);
        }
        serializer.collect_str(&self.0)
    }
}

#[derive(Serialize)]
struct EntryDocumentView<'a> {
    accepted: &'a [&'a str],
    given: &'a str,
    ok: bool,
    rules: Vec<&'a str>,
}

#[derive(Serialize)]
struct RegistrationView<'a> {
    who: &'static str,
    channels: Vec<ChannelView<'a>>,
}

#[derive(Serialize)]
struct ChannelView<'a> {
    id: &'a str,
    title: &'a str,
    url: Option<&'a str>,
    recommended: bool,
    conditions: Vec<TextView<'a>>,
}

#[derive(Serialize)]
struct TextView<'a> {
    id: &'a str,
    text: &'a str,
}

/// What is said of one person; the applicant's stands at the top, each member's in `family`. (Spelt
/// out there, since serde writes flattened structs as maps, at twice the cost.)
struct PersonView<'a> {
    stay: Option<StayView<'a>>,
    deadlines: Option<Vec<DeadlineView<'a>>>,
    trp: Option<Option<PermitView<'a>>>,
    documents: Option<Vec<DocumentView<'a>>>,
}

#[derive(Serialize)]
struct FamilyView<'a> {
    person: &'a str,
    name: Option<&'a str>,
    relation: &'a str,
    citizenship: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stay: Option<StayView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadlines: Option<Vec<DeadlineView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<TimelineView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trp: Option<Option<PermitView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<DocumentView<'a>>>,
}

#[derive(Serialize)]
struct StayView<'a> {
    status: &'static str,
    basis: &'a str,
    entry: Option<Day>,
    last_day: Option<Day>,
    latest_arguable: Option<Day>,
    binding: Vec<&'a str>,
    days_left: Option<i32>,
    days_over: i32,
    limits: Vec<LimitView<'a>>,
    next_entry: Option<NextEntryView>,
    overstays: Vec<OverstayView>,
}

#[derive(Serialize)]
struct LimitView<'a> {
    rule: &'a str,
    kind: &'static str,
    max_days: Option<i32>,
    window_days: Option<i32>,
    used: i32,
    last_day: Option<Day>,
    cite: Vec<CiteView<'a>>,
}

#[derive(Serialize)]
struct NextEntryView {
    earliest: Day,
    days: Option<i32>,
}

#[derive(Serialize)]
struct OverstayView {
    entry: Day,
    from: Day,
    to: Day,
    days: i32,
}

#[derive(Serialize)]
pub(super) struct DeadlineView<'a> {
    id: &'a str,
    title: &'a str,
    event: &'static str,
    event_date: Day,
    due: Option<MomentView>,
    safe: Option<MomentView>,
    status: &'static str,
    days: Option<i32>,
    done_on: Option<Day>,
    who: &'static str,
    kind: &'static str,
    skipped: Vec<SkippedView>,
    rule: &'a str,
    cite: Vec<CiteView<'a>>,
}

#[derive(Serialize)]
struct SkippedView {
    on: Day,
    kind: &'static str,
    text: String,
}

#[derive(Serialize)]
pub(super) struct PermitView<'a> {
    status: &'static str,
    threshold_days: Option<i32>,
    hold_by: Option<Day>,
    file_by: Option<Day>,
    valid_until_at_most: Option<Day>,
    renewable: Option<bool>,
    fee: Option<&'a str>,
    processing_working_days: Option<u32>,
    channels: Vec<ChannelView<'a>>,
    rule: Option<&'a str>,
    rules: Vec<&'a str>,
    because: String,
    cite: Vec<CiteView<'a>>,
}

#[derive(Serialize)]
struct DocumentView<'a> {
    procedure: &'a str,
    id: &'a str,
    title: &'a str,
    person: &'a str,
    requirement: &'static str,
    group: Option<&'a str>,
    held: bool,
    form: &'a str,
    because: String,
    rule: &'a str,
    cite: Vec<CiteView<'a>>,
}

#[derive(Serialize)]
pub(super) struct CiteView<'a> {
    source: &'a str,
    at: &'a str,
    title: &'a str,
    url: Option<&'a str>,
    verified: Day,
    standing: &'static str,
}

#[derive(Serialize)]
pub(super) struct NoticeView<'a> {
    code: &'a str,
    level: &'static str,
    person: &'a str,
    text: String,
    rules: &'a [&'a str],
}

#[derive(Serialize)]
struct NeedView<'a> {
    fact: &'a str,
    allowed: AllowedView<'a>,
    affects: &'a [&'a str],
}

#[derive(Serialize)]
#[serde(untagged)]
enum AllowedView<'a> {
    Kind(&'static str),
    Words(&'a [&'a str]),
}
