//! The program: arguments, files, the clock and the terminal. Everything else is in the library.

mod args;
mod command;
mod files;
mod flags;
mod output;
mod stop;

use std::process::ExitCode;

use stop::{Exit, Stop};

fn main() -> ExitCode {
    let exit = args::parse().and_then(|(global, given)| command::run(&global, &given)).unwrap_or_else(Stop::report);
    ExitCode::from(exit as u8)
}
