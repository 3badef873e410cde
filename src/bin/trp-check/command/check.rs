//! `check`, `stay`, `docs`: the answer for one profile.

use std::path::Path;

use trp_check::assess::timelines;
use trp_check::assessment::{Assessment, Status};
use trp_check::render::timeline::Signs;
use trp_check::render::{Format, Sections, Words, brief, csv, html, json, markdown, svg, table};
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
    let format = ask.format;
    // A page has the days anyway.
    let is_drawn = (ask.timeline && format != Format::Html) || format == Format::Svg;
    if ask.timeline && matches!(format, Format::Csv | Format::Markdown) {
        return Err(refused(global, "usage.timeline-is-drawn"));
    }
    if ask.ascii && !(ask.timeline && format == Format::Table) {
        return Err(refused(global, "usage.ascii-is-of-a-table"));
    }
    let signs = if ask.ascii { Signs::Ascii } else { Signs::Unicode };
    answer(global, (&ask.person, ask.receipt.as_deref()), Sections::Stay, |book, assessment, words| {
        if !is_drawn {
            return rendered(global, book, assessment, (format, ask.details), Sections::Stay, words);
        }
        let days = timelines(book, assessment);
        match format {
            Format::Svg => svg::render(assessment, &days, words).into_bytes(),
            Format::Json => json::render(assessment, &days, Sections::Stay, words),
            _ => table::render(assessment, &days, Sections::Stay, words, output::look(global), signs).into_bytes(),
        }
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

/// The answer in one of the formats that all commands have: for people in few lines, or with all details; machines get
/// all of it in any case.
pub(super) fn rendered(
    global: &Global,
    book: &RuleBook,
    assessment: &Assessment<'_>,
    (format, has_details): (Format, bool),
    sections: Sections,
    words: &Words<'_>,
) -> Vec<u8> {
    let is_brief = !has_details && brief::is_of(sections);
    match format {
        Format::Table if is_brief => brief::render(assessment, sections, words, output::look(global)).into_bytes(),
        Format::Markdown if is_brief => brief::markdown(assessment, sections, words).into_bytes(),
        Format::Json => json::render(assessment, &[], sections, words),
        Format::Csv => csv::render(assessment, sections, words).into_bytes(),
        Format::Markdown => markdown::render(assessment, sections, words).into_bytes(),
        Format::Html => {
            let days = if sections.has_stay() { timelines(book, assessment) } else { Vec::new() };
            html::render(assessment, &days, sections, words).into_bytes()
        }
        _ => table::render(assessment, &[], sections, words, output::look(global), Signs::Unicode).into_bytes(),
    }
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
