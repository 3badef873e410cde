//! `agenda PROFILE…`: the deadlines of everybody in profiles and staff lists, sorted by day.

use std::path::Path;

use trp_check::assess::agenda::Collector;
use trp_check::assessment::{Addressee, Choice, Message};
use trp_check::render::Format;
use trp_check::render::agenda::{csv, document, ical, is_empty, json};

use super::Context;
use super::batch::input;
use super::people;
use crate::args::{Agenda, Global};
use crate::{Exit, Stop, output};

pub fn run(global: &Global, ask: &Agenda) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let is_list = |path: &Path| {
        let is_stream = path.as_os_str() == "-" && ask.lists.input_format.is_some();
        is_stream || input::is_list(path)
    };
    // One profile is the reader's own; whoever has a list, or several, is the host of the people in it.
    let is_own = ask.profiles.len() == 1 && !is_list(&ask.profiles[0]);
    let to = ask.addressee.unwrap_or(if is_own { Addressee::Person } else { Addressee::Host });
    let lead = (!ask.lead.is_empty()).then(|| {
        let mut days = ask.lead.clone();
        days.sort_unstable_by(|one, other| other.cmp(one));
        days.dedup();
        days
    });
    let choice = Choice { within: ask.within, overdue: ask.overdue, who: ask.who.clone(), lead };
    let words = context.words();
    let sentence = |message: &Message<'_>| words.sentence(message);
    let mut collector = Collector::new(&context.book, context.today, global.strict, (choice, to), &sentence);
    let not_read = people::for_each(&ask.profiles, is_list, &ask.lists, &context, |file, line, profile| {
        collector.add(file, line, &profile);
    })?;
    let agenda = collector.finish(not_read);
    if ask.quiet_if_none && is_empty(&agenda) {
        return Ok(Exit::Answered);
    }
    match ask.format {
        Format::Json => output::pieces(json::render(&agenda, &words))?,
        Format::Csv => output::pieces(csv::render(&agenda, &words))?,
        Format::Ics => output::pieces(ical::render(&agenda, &words))?,
        format => {
            let document = document(&agenda, &[], ask.details || format == Format::Html, &words);
            output::answer(&output::drawn(&document, format, &words, output::look(global)))?
        }
    };
    Ok(people::end(&context, not_read))
}
