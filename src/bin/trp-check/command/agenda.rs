//! `agenda PROFILE…`: the deadlines of everybody in profiles and staff lists, sorted by day.

use std::path::Path;

use trp_check::assess::agenda::agenda;
use trp_check::assessment::{Choice, Listed};
use trp_check::batch::reading::{Reader, Unread};
use trp_check::render::agenda::{csv, ical, json, markdown, table};

use super::batch::progress::Progress;
use super::batch::{ROWS, blocks, input};
use super::{Desk, MOST_SHOWN};
use crate::args::{Agenda, AgendaFormat, ErrorFormat, Global};
use crate::flags::Facts;
use crate::{Exit, output};

pub fn run(global: &Global, ask: &Agenda) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let mut found = Found { people: Vec::new(), not_read: 0 };
    let progress = Progress::of(&ask.profiles);
    for path in &ask.profiles {
        let is_stream = path.as_os_str() == "-" && ask.lists.input_format.is_some();
        if is_stream || input::is_list(path) {
            list(&mut found, path, &desk, global, ask, &progress);
        } else {
            one(&mut found, path, &desk, global);
        }
    }
    progress.end();
    let choice = Choice { within: ask.within, overdue: ask.overdue };
    let Found { people, not_read } = found;
    let agenda = agenda(&desk.book, &people, not_read, desk.today, global.strict, choice);
    let words = desk.words();
    output::answer(&match ask.format {
        AgendaFormat::Table => table::render(&agenda, &words, output::look(global)).into_bytes(),
        AgendaFormat::Json => json::render(&agenda, &words),
        AgendaFormat::Csv => csv::render(&agenda, &words).into_bytes(),
        AgendaFormat::Markdown => markdown::render(&agenda, &words).into_bytes(),
        AgendaFormat::Ics => ical::render(&agenda, &words).into_bytes(),
    })?;
    if not_read == 0 {
        return Ok(Exit::Answered);
    }
    if global.error_format == ErrorFormat::Human {
        output::complain(&words.count("agenda.errors", i32::try_from(not_read).unwrap_or(i32::MAX), &[]));
    }
    Ok(Exit::BadInput)
}

/// Who was read so far, and how many profiles could not be read.
struct Found {
    people: Vec<Listed>,
    not_read: usize,
}

/// A file that is one profile.
fn one(found: &mut Found, path: &Path, desk: &Desk, global: &Global) {
    let facts = Facts { profile: Some(path.to_owned()), ..Facts::default() };
    match desk.profile(global, &facts, None) {
        Ok(profile) => found.people.push(Listed { file: named(path), line: None, profile }),
        Err(_) => found.not_read += 1,
    }
}

/// The lines of a staff list.
fn list(found: &mut Found, path: &Path, desk: &Desk, global: &Global, ask: &Agenda, progress: &Progress) {
    let words = desk.words();
    let reader = Reader::new(&desk.book, words, desk.today, ask.lists.max_line);
    let mut unread = 0;
    for block in blocks(0, path, &ask.lists, ROWS, progress) {
        let block = match block {
            Ok(block) => block,
            Err(error) => {
                output::fail(global.error_format, "list-not-readable", Some(path), &format!("{error:#}"));
                found.not_read += 1;
                break;
            }
        };
        progress.show();
        for (line, read) in reader.read(block) {
            match read {
                Ok(profile) => found.people.push(Listed { file: named(path), line: Some(line), profile }),
                Err(why) => {
                    unread += 1;
                    if unread <= MOST_SHOWN {
                        tell_unread(path, line, &why, desk, global);
                    }
                }
            }
        }
    }
    if let Some(more) = unread.checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        let more = i32::try_from(more).unwrap_or(i32::MAX);
        output::fail(global.error_format, "more-faults", Some(path), &words.count("usage.more-faults", more, &[]));
    }
    found.not_read += unread;
}

/// Tells everything that is wrong with a line of a list.
fn tell_unread(path: &Path, line: u64, why: &Unread, desk: &Desk, global: &Global) {
    match global.error_format {
        ErrorFormat::Human => {
            let values = [("path", &*named(path)), ("line", &*line.to_string()), ("faults", &*why.text)];
            let text = desk.words().with("agenda.unread", &values);
            output::fail(global.error_format, "line-not-readable", Some(path), &text);
        }
        ErrorFormat::Json => {
            let told = serde_json::json!({
                "code": "line-not-readable", "severity": "error", "path": path, "line": line, "id": why.id,
                "message": why.text,
            });
            output::complain(&told.to_string());
        }
    }
}

/// A file as messages name it.
fn named(path: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() }
}
