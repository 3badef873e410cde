//! The shell: arguments, files, the clock, the terminal. All that is decided is decided in the library.

mod args;
mod command;
mod files;
mod flags;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(stop) => return stop,
    };
    match command::run(&arguments) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&args::words().with("word.error", &[("text", &format!("{error:#}"))]));
            ExitCode::from(Exit::Failure as u8)
        }
    }
}

/// Exit codes: the same whatever the flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Exit {
    /// Answered; no violation.
    Answered = 0,
    /// Answered; a violation stands.
    Violation = 1,
    /// The command line is wrong.
    Usage = 2,
    /// No rule covers the case.
    Unknown = 3,
    /// A profile could not be read.
    BadInput = 4,
    /// The rule pack is invalid, or a check of it failed.
    BadRules = 5,
    /// An I/O or internal failure.
    Failure = 70,
    /// Stopped from the keyboard, with everything that was done kept.
    Interrupted = 130,
}

impl Exit {
    /// All of them.
    const ALL: [Self; 8] = [
        Self::Answered,
        Self::Violation,
        Self::Usage,
        Self::Unknown,
        Self::BadInput,
        Self::BadRules,
        Self::Failure,
        Self::Interrupted,
    ];
}
