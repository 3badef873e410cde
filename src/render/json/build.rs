//! Words: from an assessment to the structs of the schema.

use super::profile::ProfileView;
use super::{
    AllowedView, AssessmentView, ChannelView, CiteView, DeadlineView, DocumentView, EntryDocumentView, FamilyView,
    LimitView, MomentView, NeedView, NextEntryView, NoticeView, OverstayView, PermitView, PersonView, RegistrationView,
    RulesView, SCHEMA, SkippedView, StayView, TextView,
};
use crate::assessment::{
    Allowed, Assessment, Channel, Deadline, DocumentLine, Notice, Permit, PersonAssessment, RuleRef, RulesId, Stay,
    StayStatus,
};
use crate::profile::Person;
use crate::render::{Sections, Words, rows};
use crate::rulebook::{Cite, Level, VISA_FREE};

impl<'a> AssessmentView<'a> {
    pub(super) fn new(assessment: &'a Assessment<'a>, sections: Sections, words: &Words<'a>) -> Self {
        let code = |person: &Person| words.country_code(person.citizenship);
        let person = |person: &'a PersonAssessment<'a>| PersonView::new(person, sections, words);
        let document = assessment.entry_document.as_ref();
        let applicant = person(&assessment.applicant);
        Self {
            schema: SCHEMA,
            rules: RulesView::new(assessment.rules),
            today: assessment.today,
            profile: ProfileView::new(assessment, words),
            categories: &assessment.categories,
            status: assessment.status.name(),
            entry_document: document.filter(|_| sections.has_stay()).map(|document| EntryDocumentView {
                accepted: &document.accepted,
                given: document.given,
                ok: document.ok,
                rules: document.rules.iter().map(|rule| rule.id).collect(),
            }),
            registration: sections.has_stay().then(|| {
                assessment.registration.as_ref().map(|registration| RegistrationView {
                    who: registration.who.name(),
                    channels: channels(&registration.channels, words),
                })
            }),
            stay: applicant.stay,
            deadlines: applicant.deadlines,
            timeline: None,
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
                        timeline: None,
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

impl<'a> PersonView<'a> {
    pub(super) fn new(person: &'a PersonAssessment<'a>, sections: Sections, words: &Words<'a>) -> Self {
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
    pub(super) fn new(stay: &'a Stay<'a>, words: &Words<'a>) -> Self {
        Self {
            status: stay.status.name(),
            basis: if stay.basis.is_empty() { VISA_FREE } else { stay.basis },
            entry: stay.entry,
            last_day: stay.last_day,
            latest_arguable: stay.latest_arguable,
            binding: stay.binding().map(|rule| rule.id).collect(),
            days_left: stay.days_left.filter(|_| stay.status == StayStatus::Lawful),
            days_over: stay.days_over,
            limits: stay
                .limits
                .iter()
                .map(|limit| LimitView {
                    rule: limit.rule.id,
                    kind: limit.window.name(),
                    max_days: limit.max_days,
                    window_days: limit.window.days(),
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
    pub(in crate::render) fn new(deadline: &'a Deadline<'a>, words: &Words<'a>) -> Self {
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
                .map(|off| SkippedView { on: off.on, kind: off.kind.name(), text: rows::why_skipped(off, words) })
                .collect(),
            rule: deadline.rule.id,
            cite: cites(&deadline.rule, words),
        }
    }
}

impl<'a> PermitView<'a> {
    pub(in crate::render) fn new(permit: &'a Permit<'a>, words: &Words<'a>) -> Self {
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
            rules: permit.rules().map(|rule| rule.id).collect(),
            because: words.say(&permit.because),
            cite: permit.rule.iter().flat_map(|rule| cites(rule, words)).collect(),
        }
    }
}

impl<'a> DocumentView<'a> {
    pub(super) fn new(line: &'a DocumentLine<'a>, person: &'a str, words: &Words<'a>) -> Self {
        Self {
            procedure: line.procedure,
            id: line.id,
            title: words.of("document", line.id),
            person,
            requirement: line.requirement.name(),
            group: line.group,
            held: line.held,
            form: line.form,
            because: words.say(&line.because.message()),
            rule: line.rule.id,
            cite: cites(&line.rule, words),
        }
    }
}

impl<'a> NoticeView<'a> {
    pub(in crate::render) fn new(notice: &'a Notice<'a>, words: &Words<'a>) -> Self {
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
    rule.head.cites.iter().map(|cite| CiteView::new(cite, words)).collect()
}

impl<'a> RulesView<'a> {
    pub(in crate::render) const fn new(rules: RulesId<'a>) -> Self {
        Self { pack: rules.pack, version: rules.version, sha256: rules.sha256 }
    }
}

impl<'a> CiteView<'a> {
    pub(in crate::render) fn new(cite: &'a Cite, words: &Words<'a>) -> Self {
        Self {
            source: &cite.source,
            at: &cite.at,
            title: words.of("source", &cite.source),
            url: cite.url.as_deref(),
            verified: cite.verified,
            standing: cite.standing.name(),
        }
    }
}
