//! `check`, `stay`, `docs`: the answer for one profile.

use std::path::Path;

use trp_check::assess::timelines;
use trp_check::assessment::{Assessment, Status, Timeline};
use trp_check::render::check::{self, Extent};
use trp_check::render::terminal::Look;
use trp_check::render::timeline::Signs;
use trp_check::render::{Format, Sections, Words, csv, json, svg};
use trp_check::rulebook::RuleBook;

use super::{Context, receipt};
use crate::args::{Ask, Global, StayAsk};
use crate::flags::Facts;
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &Ask, sections: Sections) -> Result<Exit, Stop> {
    if ask.format == Format::Svg {
        return Err(refused(global, "usage.svg-is-of-stay"));
    }
    answer(global, (&ask.person, ask.receipt.as_deref()), sections, |book, assessment, words| {
        rendered(global, book, assessment, (ask.format, ask.details), sections, words)
    })
}

pub fn stay(global: &Global, ask: &StayAsk) -> Result<Exit, Stop> {
    let (format, sections) = (ask.format, Sections::Stay);
    if ask.timeline && matches!(format, Format::Csv | Format::Markdown) {
        return Err(refused(global, "usage.timeline-is-drawn"));
    }
    if ask.ascii && !(ask.timeline && format == Format::Table) {
        return Err(refused(global, "usage.ascii-is-of-a-table"));
    }
    answer(global, (&ask.person, ask.receipt.as_deref()), sections, |book, assessment, words| {
        // A page has the days anyway.
        let has_days = ask.timeline || matches!(format, Format::Html | Format::Svg);
        let days = if has_days { timelines(book, assessment) } else { Vec::new() };
        let signs = if ask.ascii { Signs::Ascii } else { Signs::Unicode };
        let look = Look { signs, ..output::look(global) };
        drawn((assessment, &days), (format, ask.details), sections, words, look)
    })
}

/// Assesses, and writes what `render` makes of it.
fn answer(
    global: &Global,
    (person, receipt): (&Facts<true>, Option<&Path>),
    sections: Sections,
    render: impl FnOnce(&RuleBook, &Assessment<'_>, &Words<'_>) -> Vec<u8>,
) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let (written, profile) = context.facts(person)?;
    let assessment = context.assess(&profile, sections.parts());
    if let Some(path) = receipt {
        receipt::write(path, &context, &written, &assessment, sections)?;
    }
    output::answer(&render(&context.book, &assessment, &context.words()))?;
    Ok(exit_of(assessment.status))
}

/// The answer in one of the formats that all commands have.
pub(super) fn rendered(
    global: &Global,
    book: &RuleBook,
    assessment: &Assessment<'_>,
    (format, has_details): (Format, bool),
    sections: Sections,
    words: &Words<'_>,
) -> Vec<u8> {
    let has_days = format == Format::Html && sections.has_stay();
    let days = if has_days { timelines(book, assessment) } else { Vec::new() };
    drawn((assessment, &days), (format, has_details), sections, words, output::look(global))
}

/// For people in few lines, or with all details; a page and machines get all of it in any case.
fn drawn<'a>(
    (assessment, days): (&'a Assessment<'a>, &'a [Timeline<'a>]),
    (format, has_details): (Format, bool),
    sections: Sections,
    words: &Words<'_>,
    look: Look,
) -> Vec<u8> {
    let text = match format {
        Format::Json => return json::render(assessment, days, sections, words),
        Format::Csv => csv::render(assessment, sections, words),
        Format::Svg => svg::render(assessment, days, words),
        Format::Table if !has_details => check::short(assessment, days, sections, words, look),
        _ => {
            let is_whole = has_details || format == Format::Html;
            let extent = if is_whole { Extent::Details } else { Extent::Short };
            output::drawn(&check::document(assessment, days, sections, extent, words), format, words, look)
        }
    };
    text.into_bytes()
}

/// Refuses flags that do not fit together, with what to type instead.
pub(super) fn refused(global: &Global, key: &str) -> Stop {
    Stop::usage(global, args::words().label(key))
}

pub fn exit_of(status: Status) -> Exit {
    match status {
        Status::Ok | Status::ActionNeeded => Exit::Answered,
        Status::Violation => Exit::Violation,
        Status::Unknown => Exit::Unknown,
    }
}
