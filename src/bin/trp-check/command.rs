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
mod schema;

use clap::{ArgMatches, Args, FromArgMatches, Subcommand};
use trp_check::render::Sections;

use crate::args::{
    Agenda, AnswerSchema, Ask, Batch, CalendarCommand, Completions, Explain, Global, Interview, Man, Plan,
    ProfileCommand, Replay, RulesCommand, StayAsk,
};
use crate::{Exit, Stop, args, output};
use context::{Context, present_day};

/// A command: what it is called, under which heading of the help it stands, which flags it has, and what runs it.
pub struct Command {
    pub name: &'static str,
    pub group: &'static str,
    pub flags: fn(clap::Command) -> clap::Command,
    run: fn(&Global, &ArgMatches) -> Result<Exit, Stop>,
}

const fn command(
    name: &'static str,
    group: &'static str,
    flags: fn(clap::Command) -> clap::Command,
    run: fn(&Global, &ArgMatches) -> Result<Exit, Stop>,
) -> Command {
    Command { name, group, flags, run }
}

/// In the order of the help.
pub const COMMANDS: [Command; 13] = [
    command("ask", "self", Interview::augment_args, |global, given| ask::run(global, &read(given)?)),
    command("check", "self", Ask::augment_args, |global, given| check::run(global, &read(given)?, Sections::All)),
    command("stay", "self", StayAsk::augment_args, |global, given| check::stay(global, &read(given)?)),
    command("docs", "self", Ask::augment_args, |global, given| check::run(global, &read(given)?, Sections::Documents)),
    command("plan", "self", Plan::augment_args, |global, given| plan::run(global, &read(given)?)),
    command("explain", "self", Explain::augment_args, |global, given| explain::run(global, &read(given)?)),
    command("batch", "many", Batch::augment_args, |global, given| batch::run(global, &read(given)?)),
    command("agenda", "many", Agenda::augment_args, |global, given| agenda::run(global, &read(given)?)),
    command("profile", "files", with_more_below::<ProfileCommand>, |global, given| match read(given)? {
        ProfileCommand::Template => profile::template(global),
        ProfileCommand::Schema => rules::schema::of_a_profile(),
        ProfileCommand::Check(person) => profile::check(global, &person),
    }),
    command("rules", "files", with_more_below::<RulesCommand>, |global, given| match read(given)? {
        RulesCommand::Check(ask) => rules::check::run(global, &ask),
        RulesCommand::Test(ask) => rules::test::run(global, &ask),
        RulesCommand::Coverage(ask) => rules::coverage::run(global, &ask),
        RulesCommand::Matrix(ask) => rules::matrix::run(global, &ask),
        RulesCommand::Diff(ask) => rules::diff::run(global, &ask),
        RulesCommand::List(ask) => rules::show::list(global, &ask),
        RulesCommand::Show(ask) => rules::show::one(global, &ask),
        RulesCommand::Schema(ask) => rules::schema::run(&ask),
    }),
    command("calendar", "files", with_more_below::<CalendarCommand>, |global, given| match read(given)? {
        CalendarCommand::Add(ask) => calendar::add(global, &ask),
        CalendarCommand::List(ask) => calendar::list(global, &ask),
    }),
    command("replay", "files", Replay::augment_args, |global, given| receipt::replay(global, &read(given)?)),
    command("schema", "files", AnswerSchema::augment_args, |_, given| schema::run(&read(given)?)),
];

/// The commands that only setting up a shell takes.
pub const SHELL_COMMANDS: [Command; 2] = [
    command("completions", "shell", Completions::augment_args, |global, given| completions::run(global, &read(given)?)),
    command("man", "shell", Man::augment_args, |global, given| manual::run(global, &read(given)?)),
];

fn read<A: FromArgMatches>(given: &ArgMatches) -> Result<A, clap::Error> {
    A::from_arg_matches(given)
}

fn with_more_below<C: Subcommand>(command: clap::Command) -> clap::Command {
    C::augment_subcommands(command.subcommand_required(true).arg_required_else_help(true))
}

pub fn run(global: &Global, given: &ArgMatches) -> Result<Exit, Stop> {
    let Some((name, given)) = given.subcommand() else {
        return output::answer(&args::short_help());
    };
    let command = COMMANDS.iter().chain(&SHELL_COMMANDS).find(|command| command.name == name);
    command.map_or(Ok(Exit::Usage), |command| (command.run)(global, given))
}
