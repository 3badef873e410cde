//! Where a term ends, and the days of a year that differ from the plain week, for a terminal and as JSON.

mod json;

pub use json::{term_json, year_json};

use super::table::{Look, Page, fixed};
use super::{Words, phrases};
use crate::assessment::{CountedDay, RulesId, TermAnswer, TermEnd, YearAnswer, YearDays};
use crate::calendar::{Day, DayKind, SpecialDay, YearNotCovered};
use crate::rulebook::{Cite, Head, Term};

/// With `is_strict` an answer on weak ground is marked as unknown.
pub fn term_table(answer: &TermAnswer<'_>, is_strict: bool, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let end = match &answer.end {
        Ok(end) => end,
        Err(YearNotCovered(year)) => {
            let key = "calendar.term-not-covered";
            page.remark("?", &not_covered(key, *year, answer.rules, answer.covered, words));
            return page.text;
        }
    };
    page.paragraph(&term_text(answer, end, words));
    if let Some(safe) = end.safe {
        let key = if safe == end.due { "calendar.safe-is-same" } else { "calendar.safe" };
        if end.due != answer.from {
            page.paragraph(&words.with(key, &[("safe", &safe), ("from", &answer.from)]));
        }
        counted_days(&mut page, answer.from, end, words);
    } else {
        page.paragraph(&last_text(end, words));
    }
    if is_strict && end.is_weak {
        page.gap();
        page.remark("?", words.label("calendar.strict"));
    }
    if !end.estimated.is_empty() {
        page.gap();
    }
    for special in &end.estimated {
        let (name, by) = (words.label(&special.name), special.estimated_by_days);
        page.remark("i", &words.count("calendar.close-by", by, &[("name", &name), ("day", &special.on)]));
    }
    sources(&mut page, &end.law, end.cites.iter().copied(), words);
    page.text
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

fn counted_days(page: &mut Page, from: Day, end: &TermEnd<'_>, words: &Words<'_>) {
    let mut table = page.grid();
    table.add_row(vec!["0".to_owned(), words.day(from), words.label("calendar.event").to_owned()]);
    for (day, number) in numbered(&end.days) {
        let number = number.map_or_else(|| words.label("calendar.number").to_owned(), |number| number.to_string());
        table.add_row(vec![number, words.day(day.on), reason(day, words)]);
    }
    table.set_constraints([fixed(6), fixed(16)]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((2, 1)).set_cell_alignment(comfy_table::CellAlignment::Right);
    }
    page.gap();
    page.put(&table, None);
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

pub fn year_table(answer: &YearAnswer<'_>, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let Some(days) = &answer.days else {
        page.remark("?", &not_covered("calendar.not-covered", answer.year, answer.rules, answer.covered, words));
        return page.text;
    };
    let heading = words.with("calendar.year", &[("year", &answer.year)]);
    page.paragraph(&format!("{heading} · {}", phrases::rules_text(answer.rules, words)));
    page.gap();
    let mut table = page.grid();
    for (special, cites) in &days.special {
        let kind = words.of("calendar_kind", special.kind.name()).to_owned();
        let cites: Vec<String> =
            cites.iter().map(|cite| format!("[{} {}]", cite.source, words.of("place", &cite.at))).collect();
        let text = [vec![special_reason(special, "calendar.listed-", words)], cites].concat().join(" ");
        table.add_row(vec![words.day(special.on), kind, text]);
    }
    if days.special.is_empty() {
        page.paragraph(words.label("calendar.none"));
    } else {
        table.set_constraints([fixed(16), fixed(10)]);
        page.put(&table, None);
    }
    page.gap();
    let months: Vec<String> = months(days)
        .map(|(month, worked)| words.with("calendar.month", &[("month", &words.of("month", &month)), ("n", &worked)]))
        .collect();
    let (months, worked) = (months.join(" · "), days.worked_by_month.iter().sum::<i32>());
    page.paragraph(&words.count("calendar.worked-in", worked, &[("year", &answer.year), ("months", &months)]));
    sources(&mut page, &[days.law], days.cites.iter(), words);
    page.text
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

fn sources<'c>(page: &mut Page, law: &[&Head], cites: impl Iterator<Item = &'c Cite>, words: &Words<'_>) {
    let Some(verified) = law.iter().map(|head| head.verified).min() else { return };
    let list: Vec<String> = cites.map(|cite| phrases::cite(cite, words)).collect();
    page.part(&words.with("calendar.sources", &[("day", &verified), ("list", &list.join(" · "))]));
}
