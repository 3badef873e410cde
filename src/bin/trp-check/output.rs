//! What leaves the program: one write to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use clap::builder::StyledStr;
use trp_check::render::document::Document;
use trp_check::render::terminal::{self, Look};
use trp_check::render::timeline::Signs;
use trp_check::render::{Format, Words, html, markdown};

use crate::args::{Color, Global};
use crate::{Exit, Stop};

/// Columns where neither a flag nor the environment sets them.
const WIDTH: usize = 100;

/// Writes the whole answer to stdout. The exit code is that of a command that has nothing more to report.
pub fn answer(text: &(impl AsRef<[u8]> + ?Sized)) -> Result<Exit, Stop> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_ref())?;
    stdout.flush()?;
    Ok(Exit::Answered)
}

/// Writes an answer that is too long to be held as a whole.
pub fn pieces(pieces: impl Iterator<Item = String>) -> Result<Exit, Stop> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    for piece in pieces {
        stdout.write_all(piece.as_bytes())?;
    }
    stdout.flush()?;
    Ok(Exit::Answered)
}

/// Writes a page of help, to stderr where it was not asked for; a closed pipe is no failure.
pub fn page(page: &StyledStr, color: Color, was_asked_for: bool) {
    let is_terminal = if was_asked_for { io::stdout().is_terminal() } else { io::stderr().is_terminal() };
    let text = if is_colored(color, is_terminal) { page.ansi().to_string() } else { page.to_string() };
    if was_asked_for {
        let _ = answer(&text);
    } else {
        complain(&text);
    }
}

/// Writes a line to stderr; there is nowhere left to report that this failed.
pub fn complain(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "{}", text.trim_end_matches('\n'));
}

/// Whether whoever read the answer has gone: nothing is wrong then.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

pub fn drawn(document: &Document<'_>, format: Format, words: &Words<'_>, look: Look) -> String {
    match format {
        Format::Markdown => markdown::draw(document, words),
        Format::Html => html::draw(document, words),
        _ => terminal::draw(document, words, look),
    }
}

pub fn look(global: &Global) -> Look {
    look_of(global, io::stdout().is_terminal())
}

pub fn error_look(global: &Global) -> Look {
    look_of(global, io::stderr().is_terminal())
}

fn look_of(global: &Global, is_terminal: bool) -> Look {
    Look { width: width(global.width), color: is_colored(global.color, is_terminal), signs: Signs::Unicode }
}

/// The columns of everything that is written: those asked for, else of the environment, else of the terminal.
pub fn width(asked: Option<u16>) -> usize {
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| (40..=1000).contains(columns));
    asked.map(usize::from).or_else(columns).or_else(terminal_columns).unwrap_or(WIDTH)
}

/// The columns of the terminal that stdout is; `None` where it is none, so that pipes never vary.
fn terminal_columns() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).clamp(40, 160))
}

fn is_colored(color: Color, is_terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
