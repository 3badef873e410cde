//! What is wrong with a command line, in words: clap finds it, and the message files have the sentences (`[usage_error]`).

use std::error::Error as _;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use trp_check::render::Words;
use trp_check::source::nearest;

use super::{Color, ErrorFormat, as_written, help, with_meant, words};
use crate::stop::error_text;
use crate::{Exit, Stop, output};

/// Prints help where it was asked for, which is an answer; the rest is an error.
pub fn stop(error: &clap::Error, command: &clap::Command) -> Stop {
    let exit = if error.use_stderr() { Exit::Usage } else { Exit::Answered };
    if !is_help(error.kind()) {
        return Stop::new(exit, message(error, command));
    }
    output::page(&help::in_words(&error.render()), color(), !error.use_stderr());
    Stop::new(exit, String::new())
}

/// The colour that is asked for, which clap gives only with the whole command line.
fn color() -> Color {
    as_written("--color").and_then(|when| Color::from_str(&when, false).ok()).unwrap_or(Color::Auto)
}

const fn is_help(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// The error in the form that the command line asks for, which clap could not read.
fn message(error: &clap::Error, command: &clap::Command) -> String {
    let words = words();
    let text = sentence(error, command, &words);
    if as_written("--error-format").as_deref() == Some("json") {
        return error_text(ErrorFormat::Json, "usage", None, &text);
    }
    let mut lines = words.with("word.error", &[("text", &text)]);
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        // What clap writes before the command is a word of its own.
        let usage = usage.to_string();
        let usage = usage.split_once(": ").map_or(&*usage, |(_, usage)| usage).trim_end();
        let command: Vec<&str> = usage.split(' ').take_while(|word| !word.starts_with(['[', '<', '-'])).collect();
        lines = format!("{lines}\n\n{} {usage}\n", words.label("word.usage"));
        lines.push_str(&words.with("word.more", &[("command", &command.join(" "))]));
    }
    lines
}

fn names(command: &clap::Command) -> Vec<&str> {
    command.get_subcommands().flat_map(|child| [vec![child.get_name()], names(child)].concat()).collect()
}

fn sentence(error: &clap::Error, command: &clap::Command, words: &Words<'_>) -> String {
    let one = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let given = one(ContextKind::InvalidArg);
    // A flag stands without the name of its value, but for one that is missing.
    let flag = given.split([' ', '=']).next().unwrap_or_default();
    let mut found = one(ContextKind::InvalidValue);
    let mut list = one(ContextKind::ValidValue);
    let mut near = String::new();
    let key = match error.kind() {
        ErrorKind::UnknownArgument if !flag.starts_with('-') => {
            found.clone_from(&given);
            "one-too-many"
        }
        ErrorKind::UnknownArgument => {
            flag.clone_into(&mut found);
            near = one(ContextKind::SuggestedArg);
            "no-such-flag"
        }
        ErrorKind::InvalidSubcommand => {
            found = one(ContextKind::InvalidSubcommand);
            // Of several that clap thinks of the nearest; where it was asked for help, it thinks of none.
            let suggested = one(ContextKind::SuggestedSubcommand);
            let suggested: Vec<&str> = suggested.split(", ").filter(|name| !name.is_empty()).collect();
            let known = if suggested.is_empty() { names(command) } else { suggested };
            nearest(&found, known).unwrap_or_default().clone_into(&mut near);
            "no-such-command"
        }
        ErrorKind::MissingSubcommand => {
            list = one(ContextKind::ValidSubcommand);
            "no-command"
        }
        ErrorKind::InvalidValue if found.is_empty() && list.is_empty() => "no-value",
        ErrorKind::InvalidValue if found.is_empty() => "no-value-list",
        ErrorKind::InvalidValue => {
            let nearest = nearest(&found, list.split(", ")).map(str::to_owned);
            near = nearest.unwrap_or_else(|| one(ContextKind::SuggestedValue));
            "no-such-value"
        }
        ErrorKind::ValueValidation => "bad-value",
        ErrorKind::MissingRequiredArgument => {
            // One of several comes as a group: `<--trip <FIRST..LAST>|--from <DAY>>`.
            let group = given.strip_prefix("<-").and_then(|group| group.strip_suffix('>'));
            list = group.map_or_else(|| given.clone(), |group| format!("-{}", group.replace('|', " | ")));
            "missing"
        }
        ErrorKind::ArgumentConflict => {
            list = one(ContextKind::PriorArg);
            if list.is_empty() || list == given { "twice" } else { "together" }
        }
        ErrorKind::TooManyValues => "too-many",
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => "too-few",
        ErrorKind::InvalidUtf8 => "not-utf-8",
        _ => "other",
    };
    let why = error.source().map(ToString::to_string).unwrap_or_default();
    let key = format!("usage_error.{key}");
    let text = words.with(&key, &[("found", &found), ("flag", &flag), ("list", &list), ("why", &why)]);
    if near.is_empty() { text } else { with_meant(&text, &near) }
}
