//! Completions for fish: the script of `clap_complete`, which offers no words for arguments without a flag, with those.

use std::io::{Error, Write};

use clap_complete::{Generator, shells};

use super::{places, text_of};

/// Writes the script.
pub(super) struct Fish;

impl Generator for Fish {
    fn file_name(&self, name: &str) -> String {
        shells::Fish.file_name(name)
    }

    fn generate(&self, command: &clap::Command, buffer: &mut dyn Write) {
        let _ = self.try_generate(command, buffer);
    }

    fn try_generate(&self, command: &clap::Command, buffer: &mut dyn Write) -> Result<(), Error> {
        buffer.write_all(text_of(&shells::Fish, command)?.as_bytes())?;
        let name = command.get_bin_name().unwrap_or(command.get_name());
        let is_in = format!("__fish_{}_using_subcommand", name.replace('-', "_"));
        for place in places(command, &[]).iter().filter(|place| place.arg.is_positional()) {
            let here = match &place.commands[..] {
                [command] => format!("{is_in} {command}"),
                [command, below] => format!("{is_in} {command}; and __fish_seen_subcommand_from {below}"),
                _ => continue,
            };
            for (word, meaning) in &place.words {
                writeln!(buffer, "complete -c {name} -n \"{here}\" -f -a {} -d {}", quoted(word), quoted(meaning))?;
            }
        }
        Ok(())
    }
}

/// A text in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
