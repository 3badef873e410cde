//! The deadlines of many people as JSON, the schema `trp-check/agenda/1`. The views *are* the schema.

use crate::assessment::{Agenda, AgendaItem, AgendaNotice, LeftOut, Whose};
use crate::calendar::Day;
use crate::render::Words;
use crate::render::json::{DeadlineView, RulesView, text, views};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/agenda/1";

pub fn render<'a>(agenda: &'a Agenda<'a>, words: &Words<'a>) -> Vec<u8> {
    text::pretty(&AgendaView::new(agenda, words))
}

views! {
    AgendaView<'a>(agenda: &'a Agenda<'a>, words: &Words<'a>) {
        schema: &'static str = SCHEMA,
        rules: RulesView<'a> = RulesView::new(agenda.rules),
        today: Day = agenda.today,
        /// As it was asked for; null without the flag.
        within: Option<i32> = agenda.choice.within,
        overdue: bool = agenda.choice.overdue,
        profiles: ProfilesView = ProfilesView::new(agenda),
        items: Vec<ItemView<'a>> = agenda.items.iter().map(|item| ItemView::new(item, words)).collect(),
        left_out: LeftOutView = LeftOutView::new(agenda.left_out),
        notices: Vec<NoticeView<'a>> = agenda.notices.iter().map(|notice| NoticeView::new(notice, words)).collect(),
    }

    ProfilesView(agenda: &Agenda<'_>) {
        assessed: usize = agenda.assessed,
        not_read: usize = agenda.not_read,
    }

    LeftOutView(left: LeftOut) {
        overdue: usize = left.overdue,
        not_recorded: usize = left.not_recorded,
        others: usize = left.others,
    }

    WhoseView<'a>(whose: &'a Whose<'a>) {
        file: &'a str = whose.file,
        line: Option<u64> = whose.line,
        /// `id` is that of the deadline.
        person_id: Option<&'a str> = whose.id,
        name: Option<&'a str> = whose.name,
        person: &'a str = &whose.person,
        relation: &'a str = whose.relation,
    }

    ItemView<'a>(item: &'a AgendaItem<'a>, words: &Words<'a>) {
        #[serde(flatten)]
        whose: WhoseView<'a> = WhoseView::new(&item.whose),
        #[serde(flatten)]
        deadline: DeadlineView<'a> = DeadlineView::new(&item.deadline, words),
        late: bool = item.is_late,
        estimated: bool = item.deadline.is_estimated,
        uid: &'a str = &item.uid,
    }

    NoticeView<'a>(notice: &'a AgendaNotice<'a>, words: &Words<'a>) {
        #[serde(flatten)]
        whose: WhoseView<'a> = WhoseView::new(&notice.whose),
        code: &'static str = notice.code,
        status: &'static str = notice.status.name(),
        text: String = words.sentence(&notice.text),
        rules: &'a [&'a str] = &notice.rules,
    }
}
