//! `check`, `stay`, `docs`: the answer for one profile.

use trp_check::assess::{assess_parts, strictly};
use trp_check::assessment::Status;
use trp_check::render::{Sections, csv, json, markdown, table};

use super::{Desk, receipt};
use crate::args::{Ask, Format, Global};
use crate::{Exit, output};

pub fn run(global: &Global, ask: &Ask, sections: Sections) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let (written, profile) = match desk.facts(global, &ask.person.facts, ask.person.id.as_ref()) {
        Ok(read) => read,
        Err(exit) => return Ok(exit),
    };
    let mut assessment = assess_parts(&desk.book, &profile, desk.today, sections.parts());
    if global.strict {
        assessment = strictly(&desk.book, assessment, sections.parts());
    }
    if let Some(path) = &ask.receipt {
        receipt::write(path, &desk, &written, (&assessment, sections), global.strict)?;
    }
    let words = desk.words();
    output::answer(&match ask.format {
        Format::Table => table::render(&assessment, sections, &words, output::look(global)).into_bytes(),
        Format::Json => json::render(&assessment, sections, &words),
        Format::Csv => csv::render(&assessment, sections, &words).into_bytes(),
        Format::Markdown => markdown::render(&assessment, sections, &words).into_bytes(),
    })?;
    Ok(exit_of(assessment.status))
}

/// The exit code of an answer.
pub fn exit_of(status: Status) -> Exit {
    match status {
        Status::Ok | Status::ActionNeeded => Exit::Answered,
        Status::Violation => Exit::Violation,
        Status::Unknown => Exit::Unknown,
    }
}
