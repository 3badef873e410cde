//! Words: the deadlines of many people as JSON, the schema `trp-check/agenda/1`. The structs below *are* the schema.

use serde::Serialize;

use crate::assessment::{Agenda, AgendaItem, AgendaNotice};
use crate::calendar::Day;
use crate::render::Words;
use crate::render::json::{DeadlineView, RulesView, text};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/agenda/1";

/// The agenda as JSON text that ends in a line feed.
#[must_use]
pub fn render<'a>(agenda: &'a Agenda<'a>, words: &Words<'a>) -> Vec<u8> {
    let view = AgendaView {
        schema: SCHEMA,
        rules: RulesView::new(agenda.rules),
        today: agenda.today,
        within: agenda.choice.within,
        overdue: agenda.choice.overdue,
        profiles: ProfilesView { assessed: agenda.assessed, not_read: agenda.not_read },
        items: agenda.items.iter().map(|item| ItemView::new(item, words)).collect(),
        left_out: LeftOutView {
            overdue: agenda.left_out.overdue,
            not_recorded: agenda.left_out.not_recorded,
            others: agenda.left_out.others,
        },
        notices: agenda.notices.iter().map(|notice| NoticeView::new(notice, words)).collect(),
    };
    text::pretty(&view)
}

#[derive(Serialize)]
struct AgendaView<'a> {
    schema: &'static str,
    rules: RulesView<'a>,
    today: Day,
    /// As it was asked for; null without the flag.
    within: Option<i32>,
    overdue: bool,
    profiles: ProfilesView,
    items: Vec<ItemView<'a>>,
    left_out: LeftOutView,
    notices: Vec<NoticeView<'a>>,
}

#[derive(Serialize)]
struct ProfilesView {
    assessed: usize,
    not_read: usize,
}

#[derive(Serialize)]
struct LeftOutView {
    overdue: usize,
    not_recorded: usize,
    others: usize,
}

#[derive(Serialize)]
struct ItemView<'a> {
    file: &'a str,
    line: Option<u64>,
    /// `id` is that of the deadline.
    person_id: Option<&'a str>,
    name: Option<&'a str>,
    person: &'a str,
    relation: &'a str,
    #[serde(flatten)]
    deadline: DeadlineView<'a>,
    late: bool,
    estimated: bool,
    uid: &'a str,
}

impl<'a> ItemView<'a> {
    fn new(item: &'a AgendaItem<'a>, words: &Words<'a>) -> Self {
        let AgendaItem { whose, deadline, is_late, uid } = item;
        Self {
            file: whose.file,
            line: whose.line,
            person_id: whose.id,
            name: whose.name,
            person: &whose.person,
            relation: whose.relation,
            deadline: DeadlineView::new(deadline, words),
            late: *is_late,
            estimated: deadline.is_estimated,
            uid,
        }
    }
}

#[derive(Serialize)]
struct NoticeView<'a> {
    file: &'a str,
    line: Option<u64>,
    person_id: Option<&'a str>,
    name: Option<&'a str>,
    person: &'a str,
    relation: &'a str,
    code: &'static str,
    status: &'static str,
    text: String,
    rules: &'a [&'a str],
}

impl<'a> NoticeView<'a> {
    fn new(notice: &'a AgendaNotice<'a>, words: &Words<'a>) -> Self {
        let whose = &notice.whose;
        Self {
            file: whose.file,
            line: whose.line,
            person_id: whose.id,
            name: whose.name,
            person: &whose.person,
            relation: whose.relation,
            code: notice.code,
            status: notice.status.name(),
            text: words.say(&notice.text),
            rules: &notice.rules,
        }
    }
}
