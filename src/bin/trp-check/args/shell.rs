//! The command line of `completions` and `man`, which are called once, to set up a shell.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Adds the commands that only setting up a shell takes.
pub(super) fn with_shell_commands(command: clap::Command) -> clap::Command {
    command.subcommands([
        clap::Command::new("completions").defer(Completions::augment_args),
        clap::Command::new("man").defer(Man::augment_args),
    ])
}

#[derive(Args, Debug)]
pub struct Completions {
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
}

#[derive(Args, Debug)]
pub struct Man {
    #[arg(id = "man_command", value_name = "COMMAND")]
    pub command: Vec<String>,
    #[arg(long, id = "man_out", value_name = "DIR", conflicts_with = "man_command")]
    pub out: Option<PathBuf>,
}
