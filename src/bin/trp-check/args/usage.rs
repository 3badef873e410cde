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
    // A flag stands without the name of its value, but for one that is missing.
    let given = one(ContextKind::InvalidArg);
    let flag = given.split([' ', '=']).next().unwrap_or_default();
    let found = one(ContextKind::InvalidValue);
    let list = one(ContextKind::ValidValue);
    let text = |key: &str, values: &[(&str, &str)]| words.with(&format!("usage_error.{key}"), values);
    let (text, near) = match error.kind() {
        ErrorKind::UnknownArgument if !flag.starts_with('-') => {
            (text("one-too-many", &[("found", &given)]), String::new())
        }
        ErrorKind::UnknownArgument => (text("no-such-flag", &[("found", flag)]), one(ContextKind::SuggestedArg)),
        ErrorKind::InvalidSubcommand => {
            let found = one(ContextKind::InvalidSubcommand);
            // Of several that clap thinks of the nearest; where it was asked for help, it thinks of none.
            let suggested = one(ContextKind::SuggestedSubcommand);
            let suggested: Vec<&str> = suggested.split(", ").filter(|name| !name.is_empty()).collect();
            let known = if suggested.is_empty() { names(command) } else { suggested };
            let near = nearest(&found, known).unwrap_or_default().to_owned();
            (text("no-such-command", &[("found", &found)]), near)
        }
        ErrorKind::MissingSubcommand => {
            (text("no-command", &[("list", &one(ContextKind::ValidSubcommand))]), String::new())
        }
        ErrorKind::InvalidValue if found.is_empty() && list.is_empty() => {
            (text("no-value", &[("flag", flag)]), String::new())
        }
        ErrorKind::InvalidValue if found.is_empty() => {
            (text("no-value-list", &[("flag", flag), ("list", &list)]), String::new())
        }
        ErrorKind::InvalidValue => {
            let values = [("found", &*found), ("flag", flag), ("list", &*list)];
            let near = nearest(&found, list.split(", ")).map(str::to_owned);
            (text("no-such-value", &values), near.unwrap_or_else(|| one(ContextKind::SuggestedValue)))
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            (text("bad-value", &[("found", &found), ("flag", flag), ("why", &why)]), String::new())
        }
        ErrorKind::MissingRequiredArgument => {
            // One of several comes as a group: `<--trip <FIRST..LAST>|--from <DAY>>`.
            let list = one(ContextKind::InvalidArg);
            let group = list.strip_prefix("<-").and_then(|group| group.strip_suffix('>'));
            let list = group.map_or_else(|| list.clone(), |group| format!("-{}", group.replace('|', " | ")));
            (text("missing", &[("list", &list)]), String::new())
        }
        ErrorKind::ArgumentConflict => {
            let others = one(ContextKind::PriorArg);
            let is_same = others.is_empty() || others == one(ContextKind::InvalidArg);
            let key = if is_same { "twice" } else { "together" };
            let values = if is_same { vec![("flag", flag)] } else { vec![("flag", flag), ("list", &*others)] };
            (text(key, &values), String::new())
        }
        ErrorKind::TooManyValues => (text("too-many", &[("found", &found), ("flag", flag)]), String::new()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => (text("too-few", &[("flag", flag)]), String::new()),
        ErrorKind::InvalidUtf8 => (text("not-utf-8", &[]), String::new()),
        _ => (text("other", &[]), String::new()),
    };
    if near.is_empty() { text } else { with_meant(&text, &near) }
}
