//! The command line. Its words stand in the message files (`[help]`); they are only looked up when help or an error is
//! to be shown.

mod commands;
mod help;
mod usage;
mod values;

pub use commands::*;
pub use help::short_help;
pub use values::*;

use std::path::PathBuf;
use std::sync::OnceLock;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgMatches, Args, FromArgMatches, ValueEnum};
use trp_check::calendar::Day;
use trp_check::embedded;
use trp_check::render::Words;
use trp_check::rulebook::RuleBook;
use trp_check::source::nearest;

use crate::command::{COMMANDS, SHELL_COMMANDS};
use crate::{Stop, output};

/// The flags of all commands. In help they stand behind those of the command.
#[derive(Args, Debug)]
#[command(next_display_order = 1000, next_help_heading = "experts")]
pub struct Global {
    #[arg(long, global = true, value_name = "LANG", value_parser = languages(), help_heading = "output")]
    pub lang: Option<String>,
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = columns)]
    pub width: Option<u16>,
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    #[arg(long, global = true, value_name = "DAY", value_parser = day)]
    pub today: Option<Day>,
    #[arg(long, global = true, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    #[arg(long, global = true)]
    pub strict: bool,
    #[arg(long, global = true, value_enum, default_value = "human", value_name = "FORMAT")]
    pub error_format: ErrorFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ErrorFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

fn languages() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(embedded::TEXTS.iter().map(|texts| &*texts.language))
}

/// The language of all output: that of `--lang`, else of the environment (the first of `LC_ALL`, `LC_MESSAGES`, `LANG`
/// that is set), else English. It is looked for among the arguments as they are written, since help and errors of the
/// command line are written in it, too.
pub fn language() -> &'static str {
    static CHOSEN: OnceLock<&str> = OnceLock::new();
    CHOSEN.get_or_init(chosen_language)
}

fn chosen_language() -> &'static str {
    let of_environment = || {
        let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)
    };
    let asked = as_written("--lang").or_else(of_environment).unwrap_or_default();
    let asked = asked.split(['_', '.', '@', '-']).next().unwrap_or_default();
    let known = embedded::TEXTS.iter().find(|texts| texts.language == asked);
    &known.unwrap_or(&embedded::TEXTS[0]).language
}

fn as_written(flag: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let with_sign = |argument: &String| argument.strip_prefix(flag)?.strip_prefix('=').map(str::to_owned);
    let behind = || arguments.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].clone());
    arguments.iter().find_map(with_sign).or_else(behind)
}

pub fn words() -> Words<'static> {
    words_of(&embedded::RULES)
}

pub fn words_of(book: &RuleBook) -> Words<'_> {
    let language = language();
    let program = embedded::TEXTS.iter().find(|texts| texts.language == language);
    Words::new(program.unwrap_or(&embedded::TEXTS[0]), book.texts_in(language), &embedded::COUNTRIES)
}

/// A sentence about something that is not known, with what was probably meant where something is like it.
pub fn with_nearest<'k>(text: String, given: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    match nearest(given, known.into_iter().filter(|known| !known.is_empty())) {
        Some(near) => with_meant(&text, near),
        None => text,
    }
}

fn with_meant(text: &str, meant: &str) -> String {
    format!("{text}; {}", words().with("diagnostic_hint.did-you-mean", &[("suggestion", &meant)]))
}

/// The program with some of its commands, without their words.
fn program(commands: impl Iterator<Item = clap::Command>) -> clap::Command {
    let program = Global::augment_args(clap::Command::new("trp-check").version(env!("CARGO_PKG_VERSION")));
    program.next_display_order(0).subcommands(commands)
}

/// All commands, with their words: what help, completions and the manual are made from.
pub fn whole() -> clap::Command {
    let width = as_written("--width").and_then(|width| columns(&width).ok());
    let commands = COMMANDS.iter().chain(&SHELL_COMMANDS);
    let commands = commands.map(|command| (command.flags)(clap::Command::new(command.name)));
    help::with_words(program(commands).term_width(output::width(width)))
}

/// Reads the command line; help ends the program, as an error does. The words, and the commands that only set up a
/// shell, are left to a second reading, so that the others pay nothing for them.
pub fn parse() -> Result<(Global, ArgMatches), Stop> {
    // Only the flags of the command that is called are made.
    let commands = COMMANDS.iter().map(|command| clap::Command::new(command.name).defer(command.flags));
    let matches = program(commands).try_get_matches().or_else(|_| {
        let mut command = whole();
        let matches = command.try_get_matches_from_mut(std::env::args_os());
        matches.map_err(|error| usage::stop(&error, &command))
    })?;
    Ok((Global::from_arg_matches(&matches)?, matches))
}
