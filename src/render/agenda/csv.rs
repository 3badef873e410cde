//! The deadlines of many people as CSV (RFC 4180), one row for each, for spreadsheets.

use super::{source, what};
use crate::assessment::{Agenda, AgendaItem};
use crate::render::Words;
use crate::render::csv::{harmless, written};

const HEADER: &str = "file,line,person_id,name,person,id,event,event_date,due,safe,status,days,late,done_on,who,kind,text,rule,source,uid";

pub fn render(agenda: &Agenda<'_>, words: &Words<'_>) -> String {
    written(HEADER.split(','), agenda.items.iter().map(|item| cells(item, words).into_iter()))
}

fn cells(item: &AgendaItem<'_>, words: &Words<'_>) -> [String; 20] {
    fn text(value: Option<impl ToString>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let of_others = |value: Option<&str>| value.map(harmless).unwrap_or_default().into_owned();
    let (whose, deadline) = (&item.whose, &item.deadline);
    [
        harmless(whose.file).into_owned(),
        text(whose.line),
        of_others(whose.id),
        of_others(whose.name),
        whose.person.to_string(),
        deadline.id.to_string(),
        deadline.event.to_owned(),
        deadline.event_date.to_string(),
        text(deadline.due),
        text(deadline.safe),
        deadline.status.name().to_owned(),
        text(deadline.days),
        item.is_late.to_string(),
        text(deadline.done_on),
        deadline.who.name().to_owned(),
        deadline.kind.name().to_owned(),
        what(item, words),
        deadline.rule.id.to_owned(),
        source(item),
        item.uid.clone(),
    ]
}
