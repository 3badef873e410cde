//! `agenda PROFILE…`: the deadlines of everybody in profiles and staff lists, sorted by day.

use std::path::Path;

use trp_check::assess::agenda::agenda;
use trp_check::assessment::Choice;
use trp_check::render::Format;
use trp_check::render::agenda::{csv, document, ical, json};

use super::Context;
use super::batch::input;
use super::people::{self, People};
use crate::args::{Agenda, Global};
use crate::{Exit, Stop, output};

pub fn run(global: &Global, ask: &Agenda) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let is_list = |path: &Path| {
        let is_stream = path.as_os_str() == "-" && ask.lists.input_format.is_some();
        is_stream || input::is_list(path)
    };
    let People { listed, not_read } = People::read(&ask.profiles, is_list, &ask.lists, &context)?;
    let choice = Choice { within: ask.within, overdue: ask.overdue };
    let agenda = agenda(&context.book, &listed, not_read, context.today, global.strict, choice);
    let words = context.words();
    output::answer(&match ask.format {
        Format::Json => json::render(&agenda, &words),
        Format::Csv => csv::render(&agenda, &words).into_bytes(),
        Format::Ics => ical::render(&agenda, &words).into_bytes(),
        format => {
            let document = document(&agenda, &[], ask.details || format == Format::Html, &words);
            output::drawn(&document, format, &words, output::look(global)).into_bytes()
        }
    })?;
    Ok(people::end(&context, not_read))
}
