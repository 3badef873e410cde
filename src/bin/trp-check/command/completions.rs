//! `completions SHELL`: a script that completes commands, flags, and the words of the rule pack.
//!
//! The script is made once and asks nothing of the program later. The values are only offered: what is typed is still
//! read as ever, so that a wrong word gets the message of the profile check.

mod powershell;
mod values;

use std::fmt::Write as _;
use std::io::{Error, Result};

use clap_complete::{Generator, shells};

use self::values::Values;
use super::Context;
use crate::args::{Completions, Global, Shell};
use crate::{Exit, Stop, args, output};

const PROGRAM: &str = "trp-check";

pub fn run(global: &Global, ask: &Completions) -> std::result::Result<Exit, Stop> {
    let context = Context::open(global)?;
    let words = context.words();
    let mut command = Values { book: &context.book, words: &words }.offered(args::whole());
    command.set_bin_name(PROGRAM);
    output::answer(&match ask.shell {
        Shell::Bash => bash(&command)?,
        Shell::Zsh => text_of(&shells::Zsh, &command)?,
        Shell::Fish => fish(&command)?,
        Shell::Powershell => powershell::script(&command)?,
    })
}

fn text_of(shell: &impl Generator, command: &clap::Command) -> Result<String> {
    let mut bytes = Vec::new();
    shell.try_generate(command, &mut bytes)?;
    String::from_utf8(bytes).map_err(Error::other)
}

/// The script of `clap_complete`, with one name set right: 4.6.11 writes a program with a hyphen in its name in two ways, once as the state that a line is in and
/// once as the state that it looks for, so that no command would ever be found.
fn bash(command: &clap::Command) -> Result<String> {
    let (looked_for, meant) = (PROGRAM.replace('-', "__subcmd__"), PROGRAM.replace('-', "__"));
    Ok(text_of(&shells::Bash, command)?.replace(&looked_for, &meant))
}

/// The script of `clap_complete`, which offers no words for arguments without a flag, with those.
fn fish(command: &clap::Command) -> Result<String> {
    let mut script = text_of(&shells::Fish, command)?;
    let is_in = format!("__fish_{}_using_subcommand", PROGRAM.replace('-', "_"));
    for place in places(command, &[]).iter().filter(|place| place.arg.is_positional()) {
        let here = match &place.commands[..] {
            [command] => format!("{is_in} {command}"),
            [command, below] => format!("{is_in} {command}; and __fish_seen_subcommand_from {below}"),
            _ => continue,
        };
        for (word, meaning) in &place.words {
            let (word, meaning) = (quoted(word), quoted(meaning));
            let _ = writeln!(script, "complete -c {PROGRAM} -n \"{here}\" -f -a {word} -d {meaning}");
        }
    }
    Ok(script)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// An argument that words are offered for, with the names of its command and those above it, the program left out.
struct Place<'c> {
    commands: Vec<&'c str>,
    arg: &'c clap::Arg,
    /// Each word with what it means, or once more itself.
    words: Vec<(String, String)>,
}

/// All such arguments of a command and those below it.
fn places<'c>(command: &'c clap::Command, above: &[&'c str]) -> Vec<Place<'c>> {
    let mut all = Vec::new();
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set() && arg.get_action().takes_values()) {
        let values = arg.get_possible_values();
        let shown = values.iter().filter(|value| !value.is_hide_set());
        let words: Vec<(String, String)> = shown
            .map(|value| {
                let name = value.get_name().to_owned();
                let meaning = value.get_help().map_or_else(|| name.clone(), ToString::to_string);
                (name, meaning)
            })
            .collect();
        if !words.is_empty() {
            all.push(Place { commands: above.to_vec(), arg, words });
        }
    }
    for child in command.get_subcommands() {
        all.extend(places(child, &[above, &[child.get_name()]].concat()));
    }
    all
}
