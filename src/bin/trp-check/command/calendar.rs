//! `calendar add` and `calendar list`: the working days of the rule pack.

use trp_check::assess::calendar::{term, year};
use trp_check::calendar::Day;
use trp_check::render::calendar as tell;

use super::Desk;
use crate::args::{CalendarAdd, CalendarList, Global, ListFormat};
use crate::{Exit, output};

/// Where a term after a day ends.
pub fn add(global: &Global, ask: &CalendarAdd) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let words = desk.words();
    let answer = term(&desk.book, ask.from.unwrap_or(desk.today), ask.term, desk.today);
    if answer.end.as_ref().is_ok_and(|end| end.due > Day::LAST) {
        let text = words.with("calendar.too-far", &[("last", &Day::LAST.to_string())]);
        output::fail(global.error_format, "usage", None, &text);
        return Ok(Exit::Usage);
    }
    output::answer(&match ask.format {
        ListFormat::Table => tell::term_table(&answer, global.strict, &words, output::look(global)),
        ListFormat::Json => tell::term_json(&answer, global.strict, &words),
    })?;
    let is_known = answer.end.is_ok_and(|end| !(global.strict && end.is_weak));
    Ok(if is_known { Exit::Answered } else { Exit::Unknown })
}

/// The days of a year that differ from the plain week.
pub fn list(global: &Global, ask: &CalendarList) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let words = desk.words();
    let answer = year(&desk.book, ask.year.unwrap_or_else(|| desk.today.year()));
    output::answer(&match ask.format {
        ListFormat::Table => tell::year_table(&answer, &words, output::look(global)),
        ListFormat::Json => tell::year_json(&answer, &words),
    })?;
    Ok(if answer.days.is_some() { Exit::Answered } else { Exit::Unknown })
}
