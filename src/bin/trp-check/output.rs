//! What leaves the program: one write to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use trp_check::render::table::Look;

use crate::Exit;
use crate::args::{Color, ErrorFormat, Global};

/// Columns where neither a flag nor the environment says how many.
const WIDTH: usize = 100;

/// Writes the answer.
pub fn answer(text: &(impl AsRef<[u8]> + ?Sized)) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_ref())?;
    stdout.flush()?;
    Ok(())
}

/// Writes a line to stderr; there is nowhere left to say that this failed.
pub fn complain(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "{}", text.trim_end_matches('\n'));
}

/// Tells what the program stopped at, in the form that the command line asks for.
pub fn fail(format: ErrorFormat, code: &str, path: Option<&Path>, text: &str) {
    match format {
        ErrorFormat::Human => complain(&format!("error: {text}")),
        ErrorFormat::Json => {
            complain(
                &serde_json::json!({ "code": code, "severity": "error", "path": path, "message": text }).to_string(),
            );
        }
    }
}

/// Tells help, or what is wrong with the command line; clap could not read which form is asked for.
pub fn tell_usage(error: &clap::Error) {
    let arguments: Vec<String> = std::env::args().collect();
    let asks_json = arguments.iter().any(|argument| argument == "--error-format=json")
        || arguments.windows(2).any(|pair| pair == ["--error-format", "json"]);
    if asks_json && error.use_stderr() {
        let text = error.render().to_string();
        fail(ErrorFormat::Json, "usage", None, text.trim().trim_start_matches("error: "));
    } else {
        // A closed pipe is no failure.
        let _ = error.print();
    }
}

/// Whether whoever read the answer has gone: nothing is wrong then.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The exit code of what clap stopped at: help is an answer, the rest an error.
pub fn exit_of(error: &clap::Error) -> ExitCode {
    let exit = if error.use_stderr() { Exit::Usage } else { Exit::Answered };
    ExitCode::from(exit as u8)
}

/// Width and colour of what goes to stdout.
pub fn look(global: &Global) -> Look {
    Look { width: width(global), color: is_colored(global, io::stdout().is_terminal()) }
}

/// Width and colour of what goes to stderr.
pub fn error_look(global: &Global) -> Look {
    Look { width: width(global), color: is_colored(global, io::stderr().is_terminal()) }
}

fn width(global: &Global) -> usize {
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| (40..=1000).contains(columns));
    global.width.map(usize::from).or_else(columns).or_else(terminal_columns).unwrap_or(WIDTH)
}

/// The columns of the terminal that stdout is; `None` where it is none, so that pipes never vary.
fn terminal_columns() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).clamp(40, 160))
}

fn is_colored(global: &Global, is_terminal: bool) -> bool {
    match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
