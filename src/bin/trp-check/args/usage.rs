//! What is wrong with a command line, in words: clap finds it, and the message files have the sentences (`[usage_error]`).

use std::error::Error as _;
use std::path::Path;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use trp_check::calendar::Day;
use trp_check::embedded::COUNTRIES;
use trp_check::profile::fields::Field;
use trp_check::render::Words;
use trp_check::render::words::ToText;
use trp_check::source::{is_misspelt, nearest};

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
    let called = called(error);
    let text = sentence(error, command, &called, &words);
    if as_written("--error-format").as_deref() == Some("json") {
        return error_text(ErrorFormat::Json, "usage", None, &text);
    }
    let text = words.with("word.error", &[("text", &text)]);
    if called.is_empty() { text } else { format!("{text}\n{}", words.with("word.more", &[("command", &called)])) }
}

/// The command that the error is about, as it is called; empty where clap does not say it.
fn called(error: &clap::Error) -> String {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return String::new() };
    let usage = usage.to_string();
    // What clap writes before the command is a word of its own.
    let usage = usage.split_once(": ").map_or(&*usage, |(_, usage)| usage);
    usage.split_whitespace().take_while(|word| !word.starts_with(['[', '<', '-'])).collect::<Vec<_>>().join(" ")
}

/// What people call flags, and what they mean by it. The braces stand for the value.
const MEANT: [(&str, &str); 5] = [
    ("--country", "--citizenship {}"),
    ("--nationality", "--citizenship {}"),
    ("--entry", "--stay {}.."),
    ("--arrival", "--stay {}.."),
    ("--arrived", "--stay {}.."),
];

/// What a permit is called by people who type it as a command.
const PERMITS: [&str; 6] = ["visa", "trp", "rvp", "виза", "рвп", "permit"];

/// A flag that does not exist, with its value, as it is meant: by the table, else the one that clap suggests, if it is
/// only misspelt.
fn meant_flag(flag: &str, suggested: String) -> String {
    let value = as_written(flag).unwrap_or_default();
    let value = Day::meant(&value).map_or(value, |day| day.to_string());
    let known = MEANT.iter().find(|(typed, _)| *typed == flag).map(|(_, meant)| meant.replace("{}", &value));
    known.or_else(|| Some(suggested).filter(|known| is_misspelt(flag, known))).unwrap_or_default()
}

/// A word in place of a command, as it is meant: a file to check, else the nearest command. Of several that clap suggests
/// that is the nearest; where it was asked for help, it suggests none.
fn meant_command(found: &str, suggested: &str, command: &clap::Command) -> String {
    if Path::new(found).is_file() {
        return format!("check {found}");
    }
    let suggested: Vec<&str> = suggested.split(", ").filter(|name| !name.is_empty()).collect();
    let known = if suggested.is_empty() { names(command) } else { suggested };
    nearest(found, known).unwrap_or_default().to_owned()
}

/// The hint for the name of a country or a permit in place of a command.
fn hint_for(found: &str) -> String {
    let is_permit = PERMITS.contains(&&*found.to_lowercase());
    let about = COUNTRIES.find(found).map(|_| "citizenship").or(is_permit.then_some("permit"));
    about.map(|about| format!("usage_hint.{about}")).unwrap_or_default()
}

fn names(command: &clap::Command) -> Vec<&str> {
    command.get_subcommands().flat_map(|child| [vec![child.get_name()], names(child)].concat()).collect()
}

fn sentence(error: &clap::Error, command: &clap::Command, called: &str, words: &Words<'_>) -> String {
    let one = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let given = one(ContextKind::InvalidArg);
    // A flag stands without the name of its value, but for one that is missing.
    let flag = given.split([' ', '=']).next().unwrap_or_default();
    let bare = flag.trim_start_matches('-');
    let own_name = called.rsplit(' ').next().unwrap_or_default();
    let mut found = one(ContextKind::InvalidValue);
    let mut list = one(ContextKind::ValidValue);
    let mut near = String::new();
    let mut hint = String::new();
    let key = match error.kind() {
        ErrorKind::UnknownArgument if !flag.starts_with('-') => {
            found.clone_from(&given);
            "one-too-many"
        }
        ErrorKind::UnknownArgument => {
            flag.clone_into(&mut found);
            near = meant_flag(flag, one(ContextKind::SuggestedArg));
            // A command that reads files takes no facts as flags.
            let is_fact = Field::named(bare).is_some_and(|field| field.row().flag == bare);
            hint = format!("usage_hint.{}", if is_fact { own_name } else { bare });
            "no-such-flag"
        }
        ErrorKind::InvalidSubcommand => {
            found = one(ContextKind::InvalidSubcommand);
            near = meant_command(&found, &one(ContextKind::SuggestedSubcommand), command);
            // Below a command no country and no permit is meant.
            hint = if own_name == called { hint_for(&found) } else { String::new() };
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
            let (key, value) = (bare, &found);
            hint = format!("usage_hint.{key}-{value}");
            "no-such-value"
        }
        ErrorKind::ValueValidation => "bad-value",
        ErrorKind::MissingRequiredArgument => {
            hint = format!("usage_hint.{own_name}");
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
    let given = if flag.starts_with('-') { format!("{flag} {found}") } else { found.clone() };
    let values: [(&str, &dyn ToText); 5] =
        [("found", &found), ("flag", &flag), ("given", &given), ("list", &list), ("why", &why)];
    let text = words.with(&format!("usage_error.{key}"), &values);
    match words.text(&hint) {
        // Of what is missing, the hint says it all.
        Some(_) if key == "missing" => words.with(&hint, &values),
        Some(_) => format!("{text}\n{}", words.with(&hint, &values)),
        None if near.is_empty() => text,
        None => with_meant(&text, &near),
    }
}
