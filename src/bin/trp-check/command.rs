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

use trp_check::render::Sections;

use crate::args::{Arguments, CalendarCommand, Command, ProfileCommand, RulesCommand};
use crate::{Exit, Stop, args, output};
use context::{Context, Gathered, present_day};

pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let global = &arguments.global;
    match &arguments.command {
        None => {
            output::answer(&args::short_help())?;
            Ok(Exit::Answered)
        }
        Some(Command::Check(ask)) => check::run(global, ask, Sections::All),
        Some(Command::Stay(ask)) => check::stay(global, ask),
        Some(Command::Docs(ask)) => check::run(global, ask, Sections::Documents),
        Some(Command::Plan(ask)) => plan::run(global, ask),
        Some(Command::Interview(ask)) => ask::run(global, ask),
        Some(Command::Batch(ask)) => batch::run(global, ask),
        Some(Command::Agenda(ask)) => agenda::run(global, ask),
        Some(Command::Replay(ask)) => receipt::replay(global, ask),
        Some(Command::Explain(ask)) => explain::run(global, ask),
        Some(Command::Profile(ProfileCommand::Template)) => profile::template(global),
        Some(Command::Profile(ProfileCommand::Schema)) => rules::schema::of_a_profile(),
        Some(Command::Profile(ProfileCommand::Check(ask))) => profile::check(global, &ask.person),
        Some(Command::Calendar(CalendarCommand::Add(ask))) => calendar::add(global, ask),
        Some(Command::Calendar(CalendarCommand::List(ask))) => calendar::list(global, ask),
        Some(Command::Completions(ask)) => completions::run(global, ask),
        Some(Command::Man(ask)) => manual::run(global, ask),
        Some(Command::Rules(RulesCommand::Check(ask))) => rules::check::run(global, ask),
        Some(Command::Rules(RulesCommand::Test(ask))) => rules::test::run(global, ask),
        Some(Command::Rules(RulesCommand::Coverage(ask))) => rules::coverage::run(global, ask),
        Some(Command::Rules(RulesCommand::Matrix(ask))) => rules::matrix::run(global, ask),
        Some(Command::Rules(RulesCommand::Diff(ask))) => rules::diff::run(global, ask),
        Some(Command::Rules(RulesCommand::List(ask))) => rules::show::list(global, ask),
        Some(Command::Rules(RulesCommand::Show(ask))) => rules::show::one(global, ask),
        Some(Command::Rules(RulesCommand::Schema(ask))) => rules::schema::run(ask),
    }
}
