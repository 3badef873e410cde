//! The deadlines of many people as JSON, the schema `trp-check/agenda/1`. The views *are* the schema.

use crate::assessment::{Addressee, Agenda, AgendaItem, AgendaNotice, LeftOut, Whose};
use crate::calendar::Day;
use crate::render::Words;
use crate::render::json::{DeadlineView, RulesView, text, views};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/agenda/1";

/// The answer in pieces, as it is written: deadlines and notices take more room in JSON than in memory.
pub fn render<'a>(agenda: &'a Agenda<'a>, words: &'a Words<'a>) -> impl Iterator<Item = String> + 'a {
    // In strings quotation marks are escaped, so these stand where the lists go and nowhere else.
    const NO_ITEMS: &str = "\"items\": []";
    const NO_NOTICES: &str = "\"notices\": []";
    let whole = text::pretty_text(&AgendaView::new(agenda));
    let (head, rest) = whole.split_once(NO_ITEMS).unwrap_or((&whole, ""));
    let (between, end) = rest.split_once(NO_NOTICES).unwrap_or((rest, ""));
    let (head, between, end) = (format!("{head}\"items\": ["), format!("{between}\"notices\": ["), end.to_owned());
    let items = agenda.items.iter().map(|item| text::pretty_text(&ItemView::new(item, agenda.to, words)));
    let notices = agenda.notices.iter().map(|notice| text::pretty_text(&NoticeView::new(notice)));
    let first = std::iter::once(head).chain(list(items)).chain([between]);
    first.chain(list(notices)).chain([end])
}

/// The members of a list of the answer, and its end.
fn list<'a>(members: impl ExactSizeIterator<Item = String> + 'a) -> impl Iterator<Item = String> + 'a {
    let end = if members.len() == 0 { "]" } else { "\n  ]" };
    let members = members.enumerate().map(|(at, member)| {
        let comma = if at == 0 { "" } else { "," };
        format!("{comma}\n    {}", member.trim_end().replace('\n', "\n    "))
    });
    members.chain([end.to_owned()])
}

views! {
    AgendaView<'a>(agenda: &'a Agenda<'a>) {
        schema: &'static str = SCHEMA,
        rules: RulesView<'a> = RulesView::new(agenda.rules),
        today: Day = agenda.today,
        /// As it was asked for; null without the flag.
        within: Option<i32> = agenda.choice.within,
        overdue: bool = agenda.choice.overdue,
        /// Whose deadlines were asked for; empty for everybody's.
        who: Vec<&'static str> = agenda.choice.who.iter().map(|who| who.name()).collect(),
        /// As it was asked for; null without the flag.
        lead: Option<&'a [i32]> = agenda.choice.lead.as_deref(),
        profiles: ProfilesView = ProfilesView::new(agenda),
        // `render` puts in these one by one, and the notices.
        items: Vec<ItemView<'a>> = Vec::new(),
        left_out: LeftOutView = LeftOutView::new(agenda.left_out),
        notices: Vec<NoticeView<'a>> = Vec::new(),
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
        file: &'a str = &whose.file,
        line: Option<u64> = whose.line,
        /// `id` is that of the deadline.
        person_id: Option<&'a str> = whose.id.as_deref(),
        name: Option<&'a str> = whose.name.as_deref(),
        person: &'a str = &whose.person,
        relation: &'a str = whose.relation,
    }

    ItemView<'a>(item: &'a AgendaItem<'a>, to: Addressee, words: &Words<'a>) {
        #[serde(flatten)]
        whose: WhoseView<'a> = WhoseView::new(&item.whose),
        #[serde(flatten)]
        deadline: DeadlineView<'a> =
            DeadlineView::new(&item.deadline, words).said_to(to, &item.deadline, words),
        late: bool = item.is_late,
        estimated: bool = item.deadline.is_estimated,
        uid: String = item.uid.to_string(),
    }

    NoticeView<'a>(notice: &'a AgendaNotice<'a>) {
        #[serde(flatten)]
        whose: WhoseView<'a> = WhoseView::new(&notice.whose),
        code: &'a str = &notice.code,
        status: &'static str = notice.status.name(),
        text: &'a str = &notice.text,
        rules: Vec<&'a str> = notice.rules.iter().map(|rule| &**rule).collect(),
    }
}
