//! The deadlines of many people as CSV (RFC 4180), one row for each, for spreadsheets.

use super::{source, what};
use crate::assessment::{Addressee, Agenda, AgendaItem};
use crate::render::Words;
use crate::render::csv::{harmless, written};

const HEADER: &str = "file,line,person_id,name,person,id,event,event_date,due,safe,status,days,late,done_on,who,kind,text,rule,source,uid";

/// The table row by row, as it is written.
pub fn render<'a>(agenda: &'a Agenda<'_>, words: &'a Words<'_>) -> impl Iterator<Item = String> + 'a {
    let rows = agenda.items.iter().map(|item| line(cells(item, agenda.to, words).into_iter()));
    std::iter::once(line(HEADER.split(','))).chain(rows)
}

fn line(cells: impl Iterator<Item = impl AsRef<str>>) -> String {
    written(cells, std::iter::empty::<std::iter::Empty<&str>>())
}

fn cells(item: &AgendaItem<'_>, to: Addressee, words: &Words<'_>) -> [String; 20] {
    fn text(value: Option<impl ToString>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let of_others = |value: Option<&str>| value.map(harmless).unwrap_or_default().into_owned();
    let (whose, deadline) = (&item.whose, &item.deadline);
    [
        harmless(&whose.file).into_owned(),
        text(whose.line),
        of_others(whose.id.as_deref()),
        of_others(whose.name.as_deref()),
        whose.person.to_string(),
        deadline.id.to_owned(),
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
        what(item, to, words),
        deadline.rule.id.to_owned(),
        source(item),
        item.uid.to_string(),
    ]
}
