//! The deadlines of many people as iCalendar (RFC 5545): an all-day event for each that has a day and is not
//! done. The same list asked about again has the same events, so that a calendar that imports it again changes them
//! and has none twice.
//!
//! Written by hand: the crate `icalendar` 0.17 folds some lines at 76 octets and knows the time, which nothing here may.

use super::{name, source, time, what};
use crate::assessment::{Agenda, AgendaItem, DeadlineStatus};
use crate::calendar::Day;
use crate::render::Words;
use crate::render::words::inert;

/// The most octets of a line, its end left out.
const LONGEST: usize = 75;

/// Days before a deadline on which a calendar reminds of it.
const REMINDERS: [u8; 2] = [7, 1];

pub fn render(agenda: &Agenda<'_>, words: &Words<'_>) -> String {
    let mut stream = Stream(String::new());
    stream.put("BEGIN", "VCALENDAR");
    stream.put("VERSION", "2.0");
    stream.put("PRODID", &format!("-//trp-check//agenda {}//EN", escape(agenda.rules.pack)));
    stream.put("CALSCALE", "GREGORIAN");
    stream.put("METHOD", "PUBLISH");
    for item in agenda.items.iter().filter(|item| !item.deadline.status.is_done()) {
        event(&mut stream, agenda, item, words);
    }
    stream.put("END", "VCALENDAR");
    stream.0
}

fn event(stream: &mut Stream, agenda: &Agenda<'_>, item: &AgendaItem<'_>, words: &Words<'_>) {
    let Some(due) = item.deadline.due else { return };
    let asked = format!("{}T000000Z", date(agenda.today));
    let title =
        words.with("agenda_calendar.title", &[("name", &name(&item.whose, words)), ("what", &what(item, words))]);
    let title = escape(&title);
    let is_open = item.deadline.status == DeadlineStatus::Conditional;
    stream.put("BEGIN", "VEVENT");
    stream.put("UID", &item.uid);
    stream.put("DTSTAMP", &asked);
    stream.put("LAST-MODIFIED", &asked);
    // What is asked about on a later day is the later version.
    stream.put("SEQUENCE", &agenda.today.days_since(Day::FIRST).to_string());
    stream.put("DTSTART;VALUE=DATE", &date(due.day));
    stream.put("DTEND;VALUE=DATE", &date(due.day.plus(1)));
    stream.put("SUMMARY", &title);
    stream.put("DESCRIPTION", &escape(&description(agenda, item, words)));
    stream.put("STATUS", if is_open { "TENTATIVE" } else { "CONFIRMED" });
    stream.put("TRANSP", "TRANSPARENT");
    stream.put("CATEGORIES", &escape(item.deadline.kind.name()));
    for days in REMINDERS {
        stream.put("BEGIN", "VALARM");
        stream.put("ACTION", "DISPLAY");
        stream.put("TRIGGER", &format!("-P{days}D"));
        stream.put("DESCRIPTION", &title);
        stream.put("END", "VALARM");
    }
    stream.put("END", "VEVENT");
}

fn description(agenda: &Agenda<'_>, item: &AgendaItem<'_>, words: &Words<'_>) -> String {
    let deadline = &item.deadline;
    let event = words.with(&format!("agenda_event.{}", deadline.event), &[("day", &deadline.event_date)]);
    let mut lines = vec![
        words.with("agenda_calendar.who", &[("who", &words.of("who", deadline.who.name()))]),
        words.with("agenda_calendar.event", &[("event", &event)]),
    ];
    lines.extend(deadline.due.and_then(time).map(|time| words.with("agenda_calendar.time", &[("time", &time)])));
    let safe = deadline.safe.filter(|safe| Some(safe.day) != deadline.due.map(|due| due.day));
    lines.extend(safe.map(|safe| words.with("agenda_calendar.safe", &[("day", &safe.day)])));
    lines.push(words.with("agenda_calendar.rule", &[("rule", &deadline.rule.id)]));
    lines.push(words.with("agenda_calendar.source", &[("source", &source(item))]));
    lines.push(words.with(
        "agenda_calendar.asked",
        &[("day", &agenda.today), ("pack", &agenda.rules.pack), ("version", &agenda.rules.version)],
    ));
    lines.join("\n")
}

fn date(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// A text as the value of a property (RFC 5545, 3.3.11).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            escaped.push_str("\\n");
        }
        for letter in inert(line).chars() {
            if matches!(letter, '\\' | ';' | ',') {
                escaped.push('\\');
            }
            escaped.push(letter);
        }
    }
    escaped
}

/// Lines, folded and ended as RFC 5545 (3.1) asks for.
struct Stream(String);

impl Stream {
    fn put(&mut self, name: &str, value: &str) {
        let mut room = LONGEST;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LONGEST - 1;
            }
            room -= letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }
}
