//! Facts given as flags: one flag for each field of the table that has one. They are set in the profile like
//! `FACT=VALUE`, with places in a text that is the flag as it was typed, so that a wrong value gets the same
//! diagnostics.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command};
use trp_check::profile::edit::FactName;
use trp_check::profile::fields::{FIELDS, Field, Form, Row};
use trp_check::profile::forms::Piece;
use trp_check::source::{COMMAND_LINE, SourceText};
use trp_check::tree::{Node, Value};

/// The facts about one person. `explain` has no `--id` among them: there it is the id of a rule.
#[derive(Debug, Default)]
pub struct Facts<const HAS_ID: bool> {
    pub profile: Option<PathBuf>,
    /// The flags that are given, in the order of the table, each with its values.
    given: Vec<(Field, Vec<String>)>,
}

/// The fields that have a flag, those that decide nothing last.
fn rows(has_id: bool) -> impl Iterator<Item = &'static Row> {
    let with_flag = move |row: &&Row| !row.flag.is_empty() && (has_id || row.field != Field::Id);
    let (echoed, asked): (Vec<_>, Vec<_>) =
        FIELDS.iter().filter(with_flag).partition(|row| matches!(row.field, Field::Id | Field::Name));
    asked.into_iter().chain(echoed)
}

/// What stands for a value in help and usage.
fn value_name(row: &Row) -> &'static str {
    match row.form {
        Form::Text => "TEXT",
        Form::Country => "COUNTRY",
        Form::Day | Form::Moves => "DAY",
        Form::Moment => "DAY[THH:MM]",
        Form::DayOrNo => "DAY|no",
        Form::Number => "N",
        Form::YesNo(_) => "yes|no",
        // The last word of the flag: clap keeps names of values for good.
        Form::Word(_) => row.flag.rsplit('-').next().unwrap_or_default().to_uppercase().leak(),
        Form::Documents => "DOCUMENT",
        Form::Stays => "FIRST..[LAST]",
        Form::Permits => "KIND:FIRST..LAST",
        Form::Family => "PERSON",
    }
}

impl<const HAS_ID: bool> Args for Facts<HAS_ID> {
    fn augment_args(command: Command) -> Command {
        let command = command.arg(Arg::new("profile").value_name("PROFILE").value_parser(clap::value_parser!(PathBuf)));
        command.args(rows(HAS_ID).map(|row| {
            let is_list = matches!(row.form, Form::Stays | Form::Moves | Form::Permits | Form::Documents);
            let action = if is_list { ArgAction::Append } else { ArgAction::Set };
            let arg = Arg::new(row.flag).long(row.flag).value_name(value_name(row)).action(action);
            arg.help_heading(row.group).hide_short_help(!row.is_usual)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const HAS_ID: bool> clap::FromArgMatches for Facts<HAS_ID> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let of = |row: &Row| Some((row.field, matches.get_many::<String>(row.flag)?.cloned().collect()));
        Ok(Self { profile: matches.get_one("profile").cloned(), given: rows(HAS_ID).filter_map(of).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<const HAS_ID: bool> Facts<HAS_ID> {
    /// A profile in a file, and no flags.
    pub fn of_file(profile: PathBuf) -> Self {
        Self { profile: Some(profile), given: Vec::new() }
    }

    /// Whether neither a file nor a flag says anything.
    pub fn is_empty(&self) -> bool {
        self.profile.is_none() && self.given.is_empty()
    }

    /// The facts that the flags give; each flag stands behind the texts that are read together.
    pub fn set(&self, texts: &mut Vec<SourceText>) -> Vec<(FactName, Node<'_>)> {
        let mut facts = Vec::new();
        for (field, values) in &self.given {
            let nodes: Vec<Node<'_>> =
                values.iter().map(|value| written(texts, format!("--{} ", field.row().flag), value).node()).collect();
            // One value is written as anywhere; several are a list, which begins at the first.
            let value = match <[Node<'_>; 1]>::try_from(nodes) {
                Ok([one]) => one,
                Err(nodes) => Node { span: nodes[0].span, value: Value::List(nodes) },
            };
            facts.push((FactName::from(*field), value));
        }
        facts
    }
}

/// The value of a flag, in a text of its own: a message shows the flag as it was typed.
pub fn written<'v>(texts: &mut Vec<SourceText>, before: String, value: &'v str) -> Piece<'v> {
    let piece = Piece::new(value, u16::try_from(texts.len()).unwrap_or(u16::MAX), before.len());
    texts.push(SourceText { path: COMMAND_LINE.to_owned(), text: before + value });
    piece
}
