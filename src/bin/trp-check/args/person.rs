//! The command lines about one person, about the calendar, and those that set up a shell.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use trp_check::calendar::{Day, DayRange};
use trp_check::render::Format::{self, Csv, Html, Json, Markdown, Svg, Table};
use trp_check::rulebook::Term;

use super::{Stated, answer_formats, day, formats, number, stated, term, trip, year};
use crate::flags::Facts;

#[derive(Args, Debug)]
pub struct Ask {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long, value_parser = answer_formats(), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct StayAsk {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long = "format", id = "stay_format", value_parser = formats(&[Table, Json, Csv, Markdown, Html, Svg]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    #[arg(long)]
    pub timeline: bool,
    #[arg(long)]
    pub ascii: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("question").args(["trip", "plan_from", "need", "until"]).required(true))]
pub struct Plan {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long, value_name = "FIRST..LAST", value_parser = trip)]
    pub trip: Vec<DayRange>,
    #[arg(long = "from", id = "plan_from", value_name = "DAY", value_parser = day)]
    pub from: Option<Day>,
    #[arg(long, value_name = "DAYS", value_parser = |text: &str| number(text, 1, MOST_DAYS))]
    pub need: Option<i32>,
    #[arg(long, value_name = "DAY", value_parser = day, requires = "need", conflicts_with_all = ["trip", "plan_from", "until"])]
    pub after: Option<Day>,
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<Day>,
    #[arg(long, value_parser = formats(&[Table, Json, Markdown]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

/// The most days in a row that can be asked for: ten years.
const MOST_DAYS: i32 = 3660;

#[derive(Args, Debug)]
pub struct Replay {
    #[arg(id = "receipt_file", value_name = "FILE")]
    pub receipt: PathBuf,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct Explain {
    #[command(flatten)]
    pub facts: Facts<false>,
    #[arg(long = "id", id = "only", value_name = "ID")]
    pub only: Vec<String>,
    #[arg(long, value_name = "FACT=VALUE", value_parser = stated, conflicts_with = "only")]
    pub what_if: Vec<Stated>,
    #[arg(long, value_name = "FACT=V1,V2", value_parser = stated, conflicts_with = "only")]
    pub vary: Option<Stated>,
    #[arg(long = "format", id = "comparison_format", value_parser = formats(&[Table, Json, Markdown]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct Interview {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long = "answer", value_name = "FACT=VALUE", value_parser = stated)]
    pub answer: Vec<Stated>,
    #[arg(long, value_name = "FACT")]
    pub skip: Vec<String>,
    #[arg(long, conflicts_with_all = ["output", "overwrite"])]
    pub next: bool,
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    #[arg(long, value_parser = answer_formats(), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    Template,
    Schema,
    Check(Box<ProfileCheck>),
}

#[derive(Args, Debug)]
pub struct ProfileCheck {
    #[command(flatten)]
    pub person: Facts<true>,
}

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    Add(CalendarAdd),
    List(CalendarList),
}

#[derive(Args, Debug)]
pub struct CalendarAdd {
    #[arg(value_name = "TERM", value_parser = term)]
    pub term: Term,
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: Option<Day>,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct CalendarList {
    #[arg(value_name = "YEAR", value_parser = year)]
    pub year: Option<i32>,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
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
