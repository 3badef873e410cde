//! Words: the answer as JSON, the schema `trp-check/assessment/1`. The structs below *are* the schema:
//! what they name is relied on by others and never changes its meaning.

use serde::{Serialize, Serializer};

use super::{Sections, Words};
use crate::assessment::{
    Allowed, Assessment, Channel, Deadline, DocumentLine, Notice, Permit, PersonAssessment, RuleRef, Stay, StayStatus,
};
use crate::calendar::{Day, DayKind};
use crate::profile::{Moment, Person, Record};
use crate::rulebook::{Cite, Level, VISA_FREE};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/assessment/1";

/// The answer, ready to be serialised.
#[must_use]
pub fn view<'a>(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> impl Serialize + 'a {
    AssessmentView::new(assessment, sections, words)
}

/// The answer as JSON text that ends in a line feed.
#[must_use]
pub fn render<'a>(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> String {
    let view = AssessmentView::new(assessment, sections, words);
    let mut text = serde_json::to_string_pretty(&view).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct AssessmentView<'a> {
    schema: &'static str,
    rules: RulesView<'a>,
    today: Day,
    profile: ProfileView<'a>,
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
    trp: Option<Option<PermitView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<DocumentView<'a>>>,
    family: Vec<FamilyView<'a>>,
    notices: Vec<NoticeView<'a>>,
    needs: Vec<NeedView<'a>>,
}

#[derive(Serialize)]
struct RulesView<'a> {
    pack: &'a str,
    version: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct ProfileView<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    citizenship: &'a str,
    birth_date: Option<Day>,
    travel_document: TravelDocumentView<'a>,
    purpose: Option<&'a str>,
    stays: Vec<StayRecordView>,
    permits: Vec<PermitRecordView<'a>>,
    employment: EmploymentView<'a>,
    housing: HousingView<'a>,
    filing: FilingView<'a>,
    documents_held: Vec<&'a str>,
    /// Keys that were left out and are taken to have their usual value.
    assumed: &'a [&'static str],
}

#[derive(Serialize)]
struct TravelDocumentView<'a> {
    kind: &'a str,
    expires: Option<Day>,
}

#[derive(Serialize)]
struct StayRecordView {
    entry: Day,
    exit: Option<Day>,
    arrived_at_host: Option<Day>,
    notified: RecordView,
    registered: RecordView,
    moves: Vec<MoveView>,
}

#[derive(Serialize)]
struct MoveView {
    on: Day,
    notified: RecordView,
    registered: RecordView,
}

struct RecordView(Record);

impl Serialize for RecordView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Record::Silent => serializer.serialize_none(),
            Record::NotDone => serializer.serialize_bool(false),
            Record::Done(day) => day.serialize(serializer),
        }
    }
}

#[derive(Serialize)]
struct PermitRecordView<'a> {
    kind: &'a str,
    from: Day,
    until: Option<Day>,
    days_per_entry: Option<i32>,
}

#[derive(Serialize)]
struct EmploymentView<'a> {
    employer: Option<&'a str>,
    work: Option<&'a str>,
    permit_exempt: Option<bool>,
    contract_until: Option<Day>,
    changed_on: Option<Day>,
}

#[derive(Serialize)]
struct HousingView<'a> {
    owner: Option<&'a str>,
}

#[derive(Serialize)]
struct FilingView<'a> {
    channel: Option<&'a str>,
    on: Option<MomentView>,
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
struct DeadlineView<'a> {
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
struct PermitView<'a> {
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
struct CiteView<'a> {
    source: &'a str,
    at: &'a str,
    title: &'a str,
    url: Option<&'a str>,
    verified: Day,
    standing: &'static str,
}

#[derive(Serialize)]
struct NoticeView<'a> {
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
    affects: &'a [String],
}

#[derive(Serialize)]
#[serde(untagged)]
enum AllowedView<'a> {
    Kind(&'static str),
    Words(&'a [&'a str]),
}

impl<'a> AssessmentView<'a> {
    fn new(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> Self {
        let code = |person: &Person| words.country_code(person.citizenship);
        let person = |person: &'a PersonAssessment<'a>| PersonView::new(person, sections, words);
        let document = assessment.entry_document.as_ref();
        let applicant = person(&assessment.applicant);
        Self {
            schema: SCHEMA,
            rules: RulesView {
                pack: assessment.rules.pack,
                version: assessment.rules.version,
                sha256: assessment.rules.sha256,
            },
            today: assessment.today,
            profile: ProfileView::new(assessment, words),
            categories: &assessment.categories,
            status: assessment.status.name(),
            entry_document: document.filter(|_| sections.has_stay()).map(|document| EntryDocumentView {
                accepted: &document.accepted,
                given: document.given,
                ok: document.ok,
            }),
            registration: sections.has_stay().then(|| {
                assessment.registration.as_ref().map(|registration| RegistrationView {
                    who: registration.who.name(),
                    channels: channels(&registration.channels, words),
                })
            }),
            stay: applicant.stay,
            deadlines: applicant.deadlines,
            trp: applicant.trp,
            documents: applicant.documents,
            family: assessment
                .family
                .iter()
                .map(|member| {
                    let answer = person(member);
                    FamilyView {
                        person: &member.label,
                        name: member.person.name.as_deref(),
                        relation: member.relation,
                        citizenship: code(member.person),
                        stay: answer.stay,
                        deadlines: answer.deadlines,
                        trp: answer.trp,
                        documents: answer.documents,
                    }
                })
                .collect(),
            notices: assessment.notices.iter().map(|notice| NoticeView::new(notice, words)).collect(),
            needs: assessment
                .needs
                .iter()
                .map(|need| NeedView {
                    fact: &need.fact,
                    allowed: match &need.allowed {
                        Allowed::Day => AllowedView::Kind("day"),
                        Allowed::Number => AllowedView::Kind("number"),
                        Allowed::Words(words) => AllowedView::Words(words),
                    },
                    affects: &need.affects,
                })
                .collect(),
        }
    }
}

impl<'a> ProfileView<'a> {
    fn new(assessment: &'a Assessment<'a>, words: &Words<'a>) -> Self {
        let echo = &assessment.profile;
        let profile = echo.profile;
        let person = &profile.applicant;
        let employment = echo.employment();
        Self {
            id: profile.id.as_deref(),
            name: person.name.as_deref(),
            citizenship: words.country_code(person.citizenship),
            birth_date: person.birth_date,
            travel_document: TravelDocumentView { kind: echo.document_kind(person), expires: person.document_expires },
            purpose: echo.purpose(),
            stays: person
                .stays
                .iter()
                .map(|stay| StayRecordView {
                    entry: stay.entry,
                    exit: stay.exit,
                    arrived_at_host: stay.arrived_at_host,
                    notified: RecordView(stay.notified),
                    registered: RecordView(stay.registered),
                    moves: stay
                        .moves
                        .iter()
                        .map(|one| MoveView {
                            on: one.on,
                            notified: RecordView(one.notified),
                            registered: RecordView(one.registered),
                        })
                        .collect(),
                })
                .collect(),
            permits: person
                .permits
                .iter()
                .map(|permit| PermitRecordView {
                    kind: echo.permit_kind(permit.kind),
                    from: permit.from,
                    until: permit.until,
                    days_per_entry: permit.days_per_entry,
                })
                .collect(),
            employment: EmploymentView {
                employer: echo.employer(),
                work: echo.work(),
                permit_exempt: employment.permit_exempt,
                contract_until: employment.contract_until,
                changed_on: employment.changed_on,
            },
            housing: HousingView { owner: echo.housing_owner() },
            filing: FilingView { channel: echo.channel(), on: profile.filing.on.map(MomentView) },
            documents_held: person.held.iter().map(|id| &**id).collect(),
            assumed: &profile.assumed,
        }
    }
}

impl<'a> PersonView<'a> {
    fn new(person: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Self {
        Self {
            stay: sections.has_stay().then(|| StayView::new(&person.stay, words)),
            deadlines: sections
                .has_stay()
                .then(|| person.deadlines.iter().map(|deadline| DeadlineView::new(deadline, words)).collect()),
            trp: sections.has_permit().then(|| person.permit.as_ref().map(|permit| PermitView::new(permit, words))),
            documents: sections
                .has_documents()
                .then(|| person.documents.iter().map(|line| DocumentView::new(line, &person.label, words)).collect()),
        }
    }
}

impl<'a> StayView<'a> {
    fn new(stay: &'a Stay<'a>, words: &Words<'a>) -> Self {
        Self {
            status: stay.status.name(),
            basis: if stay.basis.is_empty() { VISA_FREE } else { stay.basis },
            entry: stay.entry,
            last_day: stay.last_day,
            latest_arguable: stay.latest_arguable,
            binding: stay.binding.iter().map(|rule| rule.id).collect(),
            days_left: stay.days_left.filter(|_| stay.status == StayStatus::Lawful),
            days_over: stay.days_over,
            limits: stay
                .limits
                .iter()
                .map(|limit| LimitView {
                    rule: limit.rule.id,
                    kind: limit.kind,
                    max_days: limit.max_days,
                    window_days: limit.window_days,
                    used: limit.used,
                    last_day: limit.last_day,
                    cite: cites(&limit.rule, words),
                })
                .collect(),
            next_entry: stay.next_entry.map(|next| NextEntryView { earliest: next.earliest, days: next.days }),
            overstays: stay
                .overstays
                .iter()
                .map(|over| OverstayView { entry: over.entry, from: over.from, to: over.to, days: over.days })
                .collect(),
        }
    }
}

impl<'a> DeadlineView<'a> {
    fn new(deadline: &'a Deadline<'a>, words: &Words<'a>) -> Self {
        Self {
            id: &deadline.id,
            title: words.of("deadline", &deadline.id),
            event: deadline.event,
            event_date: deadline.event_date,
            due: deadline.due.map(MomentView),
            safe: deadline.safe.map(MomentView),
            status: deadline.status.name(),
            days: deadline.days,
            done_on: deadline.done_on,
            who: deadline.who.name(),
            kind: deadline.kind.name(),
            skipped: deadline
                .skipped
                .iter()
                .map(|off| SkippedView {
                    on: off.on,
                    kind: day_kind(off.kind),
                    text: super::rows::why_skipped(off, words),
                })
                .collect(),
            rule: deadline.rule.id,
            cite: cites(&deadline.rule, words),
        }
    }
}

impl<'a> PermitView<'a> {
    fn new(permit: &'a Permit<'a>, words: &Words<'a>) -> Self {
        Self {
            status: permit.status.name(),
            threshold_days: permit.threshold_days,
            hold_by: permit.hold_by,
            file_by: permit.file_by,
            valid_until_at_most: permit.valid_until_at_most,
            renewable: permit.renewable,
            fee: permit.fee,
            processing_working_days: permit.processing_working_days,
            channels: channels(&permit.channels, words),
            rule: permit.rule.map(|rule| rule.id),
            because: words.say(&permit.because),
            cite: permit.rule.iter().flat_map(|rule| cites(rule, words)).collect(),
        }
    }
}

impl<'a> DocumentView<'a> {
    fn new(line: &'a DocumentLine<'a>, person: &'a str, words: &Words<'a>) -> Self {
        Self {
            procedure: line.procedure,
            id: line.id,
            title: words.of("document", line.id),
            person,
            requirement: line.requirement.name(),
            group: line.group,
            held: line.held,
            form: line.form,
            because: words.say(&line.because),
            rule: line.rule.id,
            cite: cites(&line.rule, words),
        }
    }
}

impl<'a> NoticeView<'a> {
    fn new(notice: &'a Notice<'a>, words: &Words<'a>) -> Self {
        Self {
            code: &notice.code,
            level: match notice.level {
                Level::Info => "info",
                Level::Warning => "warning",
            },
            person: &notice.person,
            text: words.say(&notice.text),
            rules: &notice.rules,
        }
    }
}

fn channels<'a>(channels: &'a [Channel<'a>], words: &Words<'a>) -> Vec<ChannelView<'a>> {
    let condition = |id: &'a str| TextView { id, text: words.of("condition", id) };
    channels
        .iter()
        .map(|channel| ChannelView {
            id: channel.id,
            title: words.of("channel", channel.id),
            url: channel.url,
            recommended: channel.recommended,
            conditions: channel.conditions.iter().map(|id| condition(id)).collect(),
        })
        .collect()
}

fn cites<'a>(rule: &RuleRef<'a>, words: &Words<'a>) -> Vec<CiteView<'a>> {
    let view = |cite: &'a Cite| CiteView {
        source: &cite.source,
        at: &cite.at,
        title: words.of("source", &cite.source),
        url: cite.url.as_deref(),
        verified: cite.verified,
        standing: cite.standing.name(),
    };
    rule.head.cites.iter().map(view).collect()
}

/// The word for a kind of day.
#[must_use]
pub const fn day_kind(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Weekend => "weekend",
        DayKind::Holiday => "holiday",
        DayKind::Observed => "observed",
        DayKind::DayOff => "day-off",
        DayKind::MovedOff => "moved-off",
        DayKind::Worked => "worked",
    }
}
