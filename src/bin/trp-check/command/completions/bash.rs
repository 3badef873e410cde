//! Completions for bash: the script of `clap_complete`, with one name set right.

use std::io::{Error, Write};

use clap_complete::{Generator, shells};

use super::text_of;

/// Writes the script.
pub(super) struct Bash;

impl Generator for Bash {
    fn file_name(&self, name: &str) -> String {
        shells::Bash.file_name(name)
    }

    fn generate(&self, command: &clap::Command, buffer: &mut dyn Write) {
        let _ = self.try_generate(command, buffer);
    }

    /// `clap_complete` 4.6.11 writes a program with a hyphen in its name in two ways, once as the state that a line is
    /// in and once as the state that it looks for, so that no command would ever be found.
    fn try_generate(&self, command: &clap::Command, buffer: &mut dyn Write) -> Result<(), Error> {
        let name = command.get_bin_name().unwrap_or(command.get_name());
        let (looked_for, meant) = (name.replace('-', "__subcmd__"), name.replace('-', "__"));
        buffer.write_all(text_of(&shells::Bash, command)?.replace(&looked_for, &meant).as_bytes())
    }
}
