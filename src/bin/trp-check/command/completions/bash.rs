//! Completions for bash: the script of `clap_complete`, with one name set right.

use std::io::Result;

use clap_complete::shells;

use super::{PROGRAM, text_of};

/// `clap_complete` 4.6.11 writes a program with a hyphen in its name in two ways, once as the state that a line is in and
/// once as the state that it looks for, so that no command would ever be found.
pub(super) fn script(command: &clap::Command) -> Result<String> {
    let (looked_for, meant) = (PROGRAM.replace('-', "__subcmd__"), PROGRAM.replace('-', "__"));
    Ok(text_of(&shells::Bash, command)?.replace(&looked_for, &meant))
}
