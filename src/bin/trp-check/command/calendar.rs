//! `calendar add` and `calendar list`: the working days of the rule pack.

use trp_check::assess::calendar::{term, year};
use trp_check::calendar::Day;
use trp_check::render::{Format, calendar as render};

use super::Context;
use crate::args::{CalendarAdd, CalendarList, Global};
use crate::{Exit, Stop, output};

pub fn add(global: &Global, ask: &CalendarAdd) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let words = context.words();
    let answer = term(&context.book, ask.from.unwrap_or(context.today), ask.term, context.today);
    if answer.end.as_ref().is_ok_and(|end| end.due > Day::LAST) {
        let text = words.with("calendar.too-far", &[("last", &Day::LAST.to_string())]);
        return Err(Stop::usage(global, &text));
    }
    output::answer(&match ask.format {
        Format::Json => render::term_json(&answer, global.strict, &words),
        format => {
            let document = render::term(&answer, global.strict, &words);
            output::drawn(&document, format, &words, output::look(global))
        }
    })?;
    let is_known = answer.end.is_ok_and(|end| !(global.strict && end.is_weak));
    Ok(if is_known { Exit::Answered } else { Exit::Unknown })
}

pub fn list(global: &Global, ask: &CalendarList) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let words = context.words();
    let answer = year(&context.book, ask.year.unwrap_or_else(|| context.today.year()));
    output::answer(&match ask.format {
        Format::Json => render::year_json(&answer, &words),
        format => output::drawn(&render::year(&answer, &words), format, &words, output::look(global)),
    })?;
    Ok(if answer.days.is_some() { Exit::Answered } else { Exit::Unknown })
}
