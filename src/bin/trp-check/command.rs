//! The commands, one file each.

mod agenda;
mod ask;
mod batch;
mod calendar;
mod check;
mod completions;
mod context;
mod explain;
mod manual;
mod people;
mod plan;
mod profile;
mod receipt;
mod rules;
mod what_if;

use clap::{ArgMatches, Args, FromArgMatches, Subcommand};
use trp_check::render::Sections;

use crate::args::{
    Agenda, Ask, Batch, CalendarCommand, Completions, Explain, Global, Interview, Man, Plan, ProfileCommand, Replay,
    RulesCommand, StayAsk,
};
use crate::{Exit, Stop, args, output};
use context::{Context, Gathered, present_day};

/// A command: what it is called, which flags it has, and what runs it.
pub struct Command {
    pub name: &'static str,
    pub flags: fn(clap::Command) -> clap::Command,
    run: fn(&Global, &ArgMatches) -> Result<Exit, Stop>,
}

pub const COMMANDS: [Command; 12] = [
    Command {
        name: "check",
        flags: Ask::augment_args,
        run: |global, given| check::run(global, &Ask::from_arg_matches(given)?, Sections::All),
    },
    Command {
        name: "stay",
        flags: StayAsk::augment_args,
        run: |global, given| check::stay(global, &StayAsk::from_arg_matches(given)?),
    },
    Command {
        name: "docs",
        flags: Ask::augment_args,
        run: |global, given| check::run(global, &Ask::from_arg_matches(given)?, Sections::Documents),
    },
    Command {
        name: "plan",
        flags: Plan::augment_args,
        run: |global, given| plan::run(global, &Plan::from_arg_matches(given)?),
    },
    Command {
        name: "ask",
        flags: Interview::augment_args,
        run: |global, given| ask::run(global, &Interview::from_arg_matches(given)?),
    },
    Command {
        name: "batch",
        flags: Batch::augment_args,
        run: |global, given| batch::run(global, &Batch::from_arg_matches(given)?),
    },
    Command {
        name: "agenda",
        flags: Agenda::augment_args,
        run: |global, given| agenda::run(global, &Agenda::from_arg_matches(given)?),
    },
    Command {
        name: "explain",
        flags: Explain::augment_args,
        run: |global, given| explain::run(global, &Explain::from_arg_matches(given)?),
    },
    Command {
        name: "replay",
        flags: Replay::augment_args,
        run: |global, given| receipt::replay(global, &Replay::from_arg_matches(given)?),
    },
    Command {
        name: "profile",
        flags: |command| ProfileCommand::augment_subcommands(with_more_below(command)),
        run: |global, given| match ProfileCommand::from_arg_matches(given)? {
            ProfileCommand::Template => profile::template(global),
            ProfileCommand::Schema => rules::schema::of_a_profile(),
            ProfileCommand::Check(ask) => profile::check(global, &ask.person),
        },
    },
    Command {
        name: "rules",
        flags: |command| RulesCommand::augment_subcommands(with_more_below(command)),
        run: |global, given| match RulesCommand::from_arg_matches(given)? {
            RulesCommand::Check(ask) => rules::check::run(global, &ask),
            RulesCommand::Test(ask) => rules::test::run(global, &ask),
            RulesCommand::Coverage(ask) => rules::coverage::run(global, &ask),
            RulesCommand::Matrix(ask) => rules::matrix::run(global, &ask),
            RulesCommand::Diff(ask) => rules::diff::run(global, &ask),
            RulesCommand::List(ask) => rules::show::list(global, &ask),
            RulesCommand::Show(ask) => rules::show::one(global, &ask),
            RulesCommand::Schema(ask) => rules::schema::run(&ask),
        },
    },
    Command {
        name: "calendar",
        flags: |command| CalendarCommand::augment_subcommands(with_more_below(command)),
        run: |global, given| match CalendarCommand::from_arg_matches(given)? {
            CalendarCommand::Add(ask) => calendar::add(global, &ask),
            CalendarCommand::List(ask) => calendar::list(global, &ask),
        },
    },
];

/// The commands that only setting up a shell takes.
pub const SHELL_COMMANDS: [Command; 2] = [
    Command {
        name: "completions",
        flags: Completions::augment_args,
        run: |global, given| completions::run(global, &Completions::from_arg_matches(given)?),
    },
    Command {
        name: "man",
        flags: Man::augment_args,
        run: |global, given| manual::run(global, &Man::from_arg_matches(given)?),
    },
];

fn with_more_below(command: clap::Command) -> clap::Command {
    command.subcommand_required(true).arg_required_else_help(true)
}

pub fn run(global: &Global, given: &ArgMatches) -> Result<Exit, Stop> {
    let Some((name, given)) = given.subcommand() else {
        output::answer(&args::short_help())?;
        return Ok(Exit::Answered);
    };
    let command = COMMANDS.iter().chain(&SHELL_COMMANDS).find(|command| command.name == name);
    command.map_or(Ok(Exit::Usage), |command| (command.run)(global, given))
}
