//! The deadlines of many people as iCalendar (RFC 5545): an all-day event for each that has a day. What is late, or
//! nobody has recorded, stands on the day of asking, so that it is seen; what is done is cancelled; advice of the past is
//! left out. The same list asked about again has the same events, so that a calendar that knows events by their UID
//! changes them and has none twice.
//!
//! Reminders are relative to the day, which begins at midnight wherever it is shown: so no table of time zones is needed.
//!
//! Written by hand: the crate `icalendar` 0.17 folds some lines at 76 octets and knows the time, which nothing here may.

use super::{Group, LEADS, name_if_any, source, time, what};
use crate::assessment::{Agenda, AgendaItem, DeadlineStatus, Place};
use crate::calendar::Day;
use crate::render::Words;
use crate::render::lines::short_address;
use crate::render::phrases::deadline_when;
use crate::render::words::inert;

/// The most octets of a line, its end left out.
const LONGEST: usize = 75;

/// Days before a deadline on which a calendar reminds of it, where it does not take a while to renew what ends.
const REMINDERS: &[i32] = &[7, 1];

/// The calendar event by event, as it is written.
pub fn render<'a>(agenda: &'a Agenda<'_>, words: &'a Words<'_>) -> impl Iterator<Item = String> + 'a {
    let mut head = Stream(String::new());
    head.put("BEGIN", "VCALENDAR");
    head.put("VERSION", "2.0");
    head.put("PRODID", &format!("-//trp-check//agenda {}//EN", escape(agenda.rules.pack)));
    head.put("CALSCALE", "GREGORIAN");
    head.put("METHOD", "PUBLISH");
    let mut end = Stream(String::new());
    end.put("END", "VCALENDAR");
    let events = agenda.items.iter().filter(|item| Group::of(item) != Group::PastAdvice);
    let events = events.filter_map(|item| Some(event(agenda, item, item.deadline.due?.day, words)));
    std::iter::once(head.0).chain(events).chain([end.0])
}

fn event(agenda: &Agenda<'_>, item: &AgendaItem<'_>, due: Day, words: &Words<'_>) -> String {
    let mut stream = Stream(String::new());
    let (deadline, today) = (&item.deadline, agenda.today);
    let asked = format!("{}T000000Z", date(today));
    let is_done = deadline.status.is_done();
    let day = if is_done { due } else { due.max(today) };
    let title = [("name", &name_if_any(&item.whose, words) as _), ("what", &what(item, agenda.to, words) as _)];
    let title = escape(&words.with("agenda_calendar.title", &title));
    stream.put("BEGIN", "VEVENT");
    stream.put("UID", &item.uid.to_string());
    stream.put("DTSTAMP", &asked);
    stream.put("LAST-MODIFIED", &asked);
    // What is asked about on a later day is the later version.
    stream.put("SEQUENCE", &today.days_since(Day::FIRST).to_string());
    stream.put("DTSTART;VALUE=DATE", &date(day));
    stream.put("DTEND;VALUE=DATE", &date(day.plus(1)));
    stream.put("SUMMARY", &title);
    stream.put("DESCRIPTION", &escape(&description(agenda, item, day, words)));
    if !item.places.is_empty() {
        stream.put("LOCATION", &escape(&places(&item.places, words)));
    }
    if let Some(url) = item.places.iter().find_map(|place| place.url.as_deref()) {
        stream.put("URL", &inert(url));
    }
    let status = match deadline.status {
        _ if is_done => "CANCELLED",
        DeadlineStatus::Conditional => "TENTATIVE",
        _ => "CONFIRMED",
    };
    stream.put("STATUS", status);
    stream.put("TRANSP", "TRANSPARENT");
    stream.put("CATEGORIES", &escape(deadline.kind.name()));
    let reminders = match &agenda.choice.lead {
        _ if is_done => &[],
        _ if due <= today => &[0][..],
        lead if deadline.is_renewed() => lead.as_deref().unwrap_or(LEADS),
        _ => REMINDERS,
    };
    for days in reminders {
        stream.put("BEGIN", "VALARM");
        stream.put("ACTION", "DISPLAY");
        stream.put("TRIGGER", &at_nine(*days));
        stream.put("DESCRIPTION", &title);
        stream.put("END", "VALARM");
    }
    stream.put("END", "VEVENT");
    stream.0
}

/// At 9:00 so many days before the day that begins at midnight.
fn at_nine(days_before: i32) -> String {
    match days_before {
        0 => "PT9H".to_owned(),
        1 => "-PT15H".to_owned(),
        days => format!("-P{}DT15H", days - 1),
    }
}

/// Where it is done, with addresses in short.
fn places(places: &[Place], words: &Words<'_>) -> String {
    let place = |place: &Place| {
        let name = words.of("channel", &place.id);
        place.url.as_deref().map_or_else(|| name.to_owned(), |url| format!("{name} ({})", short_address(url)))
    };
    places.iter().map(place).collect::<Vec<_>>().join(" · ")
}

fn description(agenda: &Agenda<'_>, item: &AgendaItem<'_>, day: Day, words: &Words<'_>) -> String {
    let deadline = &item.deadline;
    let event = words.with(&format!("agenda_event.{}", deadline.event), &[("day", &deadline.event_date)]);
    let mut lines = vec![
        words.with("agenda_calendar.who", &[("who", &words.of("who", deadline.who.name()))]),
        words.with("agenda_calendar.event", &[("event", &event)]),
    ];
    let real = deadline.due.filter(|due| due.day != day);
    lines.extend(real.map(|due| {
        let when = deadline_when(deadline, words);
        words.with("agenda_calendar.was", &[("day", &due.day), ("when", &when)])
    }));
    lines.extend(deadline.due.and_then(time).map(|time| words.with("agenda_calendar.time", &[("time", &time)])));
    let safe = deadline.safe.filter(|safe| Some(safe.day) != deadline.due.map(|due| due.day) && real.is_none());
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
