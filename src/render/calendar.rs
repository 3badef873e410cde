//! Where a term ends, and the days of a year that differ from the plain week, for a terminal and as JSON.

mod json;

pub(super) use json::{TermView, YearView};
pub use json::{term_json, year_json};

use super::document::{Block, Document, Kind};
use super::{Words, lines, phrases};
use crate::assessment::{CountedDay, RulesId, TermAnswer, TermEnd, YearAnswer, YearDays};
use crate::calendar::{Day, DayKind, SpecialDay, YearNotCovered};
use crate::rulebook::{Cite, Term};

/// With `is_strict` an answer on weak ground is marked as unknown.
pub fn term<'d>(answer: &'d TermAnswer<'d>, is_strict: bool, words: &Words<'_>) -> Document<'d> {
    let mut document = Document::new(String::new());
    let end = match &answer.end {
        Ok(end) => end,
        Err(YearNotCovered(year)) => {
            document.title = not_covered("calendar.term-not-covered", *year, answer.rules, answer.covered, words);
            return document;
        }
    };
    document.title = term_text(answer, end, words);
    if let Some(safe) = end.safe {
        let key = if safe == end.due { "calendar.safe-is-same" } else { "calendar.safe" };
        let safe = words.with(key, &[("safe", &safe), ("from", &answer.from)]);
        document.push(Kind::Answer, "", (end.due != answer.from).then_some(Block::Text(safe)));
        document.push(Kind::Rules, "", [Block::Lines(counted_days(answer.from, end, words))]);
    } else {
        document.push(Kind::Answer, "", [Block::Text(last_text(end, words))]);
    }
    let strict = (is_strict && end.is_weak).then(|| Block::Remark("?", words.label("calendar.strict").to_owned()));
    let close_by = end.estimated.iter().map(|special| {
        let (name, by) = (words.label(&special.name), special.estimated_by_days);
        Block::Remark("i", words.count("calendar.close-by", by, &[("name", &name), ("day", &special.on)]))
    });
    document.push(Kind::Notes, "", strict.into_iter().chain(close_by));
    push_sources(&mut document, end.cites.iter().copied(), words);
    document
}

fn term_text(answer: &TermAnswer<'_>, end: &TermEnd<'_>, words: &Words<'_>) -> String {
    let count = |key: &str, n: i64| words.count(key, n, &[("from", &answer.from), ("due", &end.due)]);
    match answer.term {
        Term::WorkingDays(days) => count("calendar.working-days", days.into()),
        Term::CalendarDays(days) => count("calendar.calendar-days", days.into()),
        Term::Hours(hours) => count("calendar.hours", hours.into()),
        Term::DayNumber(number) => {
            words.with("calendar.day-number", &[("from", &answer.from), ("due", &end.due), ("n", &number)])
        }
    }
}

fn last_text(end: &TermEnd<'_>, words: &Words<'_>) -> String {
    match &end.last {
        None => words.with("calendar.last-is-not-known", &[("year", &end.due.year())]),
        Some(last) if last.is_worked => words.label("calendar.last-is-worked").to_owned(),
        Some(last) => words.with("calendar.last-is-off", &[("why", &reason(last, words))]),
    }
}

/// Each day with its number, and why it is not worked.
fn counted_days(from: Day, end: &TermEnd<'_>, words: &Words<'_>) -> Vec<(String, String)> {
    let mut lines = vec![("0".to_owned(), format!("{}  {}", words.day(from), words.label("calendar.event")))];
    for (day, number) in numbered(&end.days) {
        let number = number.map_or_else(|| words.label("calendar.number").to_owned(), |number| number.to_string());
        lines.push((number, format!("{}  {}", words.day(day.on), reason(day, words))));
    }
    lines
}

fn numbered<'a, 'r>(days: &'a [CountedDay<'r>]) -> impl Iterator<Item = (&'a CountedDay<'r>, Option<u32>)> {
    days.iter().scan(0, |count, day| {
        *count += u32::from(day.is_worked);
        Some((day, day.is_worked.then_some(*count)))
    })
}

/// Why a day is not worked, or is worked all the same; empty for a plain working day.
fn reason(day: &CountedDay<'_>, words: &Words<'_>) -> String {
    match day.special {
        Some(special) => special_reason(special, "calendar.", words),
        None if day.is_worked => String::new(),
        None => words.label("calendar.weekend").to_owned(),
    }
}

/// `start` is that of the keys: beside the word for its kind a day needs fewer words than by itself.
fn special_reason(special: &SpecialDay, start: &str, words: &Words<'_>) -> String {
    let name = words.label(&special.name);
    let reason = match special.kind {
        DayKind::Weekend => words.label("calendar.weekend").to_owned(),
        DayKind::Holiday | DayKind::DayOff => name.to_owned(),
        DayKind::Observed | DayKind::MovedOff | DayKind::Worked => {
            words.with(&format!("{start}{}", special.kind.name()), &[("name", &name), ("day", &special.instead_of)])
        }
    };
    match special.estimated_by_days {
        0 => reason,
        days => words.count("calendar.estimated", days, &[("reason", &reason)]),
    }
}

pub fn year<'d>(answer: &'d YearAnswer<'d>, words: &Words<'_>) -> Document<'d> {
    let mut document = Document::new(String::new());
    let Some(days) = &answer.days else {
        document.title = not_covered("calendar.not-covered", answer.year, answer.rules, answer.covered, words);
        return document;
    };
    let heading = words.with("calendar.year", &[("year", &answer.year)]);
    document.title = format!("{heading} · {}", phrases::rules_text(answer.rules, words));
    let line = |(special, cites): &(&SpecialDay, &[Cite])| {
        let kind = words.of("calendar_kind", special.kind.name());
        let cites = cites.iter().map(|cite| format!("[{} {}]", cite.source, words.of("place", &cite.at)));
        let parts = [kind.to_owned(), special_reason(special, "calendar.listed-", words)].into_iter().chain(cites);
        (words.day(special.on), parts.collect::<Vec<_>>().join("  "))
    };
    let lines: Vec<(String, String)> = days.special.iter().map(line).collect();
    let block =
        if lines.is_empty() { Block::Text(words.label("calendar.none").to_owned()) } else { Block::Lines(lines) };
    document.push(Kind::Rules, "", [block]);
    let months: Vec<String> = months(days)
        .map(|(month, worked)| words.with("calendar.month", &[("month", &words.of("month", &month)), ("n", &worked)]))
        .collect();
    let (months, worked) = (months.join(" · "), days.worked_by_month.iter().sum::<i32>());
    let worked = words.count("calendar.worked-in", worked, &[("year", &answer.year), ("months", &months)]);
    document.push(Kind::Notes, "", [Block::Text(worked)]);
    push_sources(&mut document, days.cites.iter(), words);
    document
}

fn months(days: &YearDays<'_>) -> impl Iterator<Item = (String, i32)> {
    (1..).zip(&days.worked_by_month).map(|(month, worked)| (format!("{month:02}"), *worked))
}

fn not_covered(key: &str, year: i32, rules: RulesId<'_>, covered: Option<(i32, i32)>, words: &Words<'_>) -> String {
    let mut text = words.with(key, &[("year", &year), ("pack", &rules.pack)]);
    if let Some((first, last)) = covered {
        text.push(' ');
        text.push_str(&words.with("calendar.covered", &[("first", &first), ("last", &last)]));
    }
    text
}

fn push_sources<'d>(document: &mut Document<'d>, cites: impl Iterator<Item = &'d Cite>, words: &Words<'_>) {
    let sources = lines::sources(cites.map(|cite| (cite, None)));
    if !sources.is_empty() {
        document.push(Kind::Sources, words.label("html.sources"), [Block::Sources(sources)]);
    }
}
