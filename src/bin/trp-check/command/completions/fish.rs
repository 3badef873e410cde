//! Completions for fish: the script of `clap_complete`, which offers no words for arguments without a flag, with those.

use std::fmt::Write as _;
use std::io::Result;

use clap_complete::shells;

use super::{PROGRAM, places, text_of};

pub(super) fn script(command: &clap::Command) -> Result<String> {
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
