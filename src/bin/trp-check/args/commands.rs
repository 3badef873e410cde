//! What each command takes on the command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use encoding_rs::Encoding;
use trp_check::assessment::Addressee;
use trp_check::calendar::{Day, DayRange};
use trp_check::render::Format::{self, Csv, Html, Ics, Json, Junit, Markdown, Ndjson, Summary, Svg, Table, Text, Xlsx};
use trp_check::render::schema::ANSWERS;
use trp_check::roster::columns::DateFormat;
use trp_check::roster::layout::Rows;
use trp_check::rulebook::{Term, Who};
use trp_check::schema::File;

use super::{Stated, answer_formats, day, day_count, encoding, formats, jobs, number, stated, term, trip, year};
use crate::flags::Facts;

#[derive(Args, Debug)]
pub struct Ask {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long, value_parser = answer_formats(), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
    #[arg(long, help_heading = "output")]
    pub details: bool,
    #[arg(long, value_name = "FILE", help_heading = "output", hide_short_help = true)]
    pub receipt: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct StayAsk {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long = "format", id = "stay_format", value_parser = formats(&[Table, Json, Csv, Markdown, Html, Svg]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
    #[arg(long, value_name = "FILE", help_heading = "output", hide_short_help = true)]
    pub receipt: Option<PathBuf>,
    #[arg(long, help_heading = "output")]
    pub details: bool,
    #[arg(long, help_heading = "output")]
    pub timeline: bool,
    #[arg(long, help_heading = "output", hide_short_help = true)]
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
    #[arg(long, help_heading = "output")]
    pub details: bool,
    #[arg(long, value_parser = formats(&[Table, Json, Markdown, Html]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

/// The most days in a row that can be asked for: ten years.
const MOST_DAYS: i32 = 3660;

#[derive(Args, Debug)]
pub struct Replay {
    #[arg(id = "receipt_file", value_name = "FILE")]
    pub receipt: PathBuf,
    #[arg(long, value_parser = formats(&[Table, Json, Markdown, Html]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
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
    #[arg(long, help_heading = "output")]
    pub details: bool,
    #[arg(long = "format", id = "comparison_format", value_parser = formats(&[Table, Json, Markdown, Html]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct Interview {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long = "answer", value_name = "FACT=VALUE", value_parser = stated, hide_short_help = true)]
    pub answer: Vec<Stated>,
    #[arg(long, value_name = "FACT", hide_short_help = true)]
    pub skip: Vec<String>,
    #[arg(long, conflicts_with_all = ["output", "overwrite"], hide_short_help = true)]
    pub next: bool,
    #[arg(long, value_name = "FILE", help_heading = "output")]
    pub output: Option<PathBuf>,
    #[arg(long, requires = "output", help_heading = "output")]
    pub overwrite: bool,
    #[arg(long, value_parser = answer_formats(), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    Template,
    Schema,
    Check(Facts<true>),
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
    #[arg(long, value_parser = formats(&[Table, Json, Markdown, Html]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct CalendarList {
    #[arg(value_name = "YEAR", value_parser = year)]
    pub year: Option<i32>,
    #[arg(long, value_parser = formats(&[Table, Json, Markdown, Html]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
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

const STATUSES: [&str; 4] = ["violation", "action-needed", "unknown", "ok"];

#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "flags are")]
#[command(group = ArgGroup::new("written").args(["reports", "batch_output"]).multiple(true))]
pub struct Batch {
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub lists: Lists,
    #[arg(long, value_parser = ["csv", "columns"], value_name = "WHAT")]
    pub template: Option<String>,
    #[arg(long = "format", id = "batch_format", value_parser = formats(&[Ndjson, Csv, Table, Xlsx, Summary]), value_name = "FORMAT", help_heading = "output")]
    pub format: Option<Format>,
    #[arg(
        long = "output",
        id = "batch_output",
        value_name = "FILE",
        conflicts_with = "reports",
        help_heading = "output"
    )]
    pub output: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["full", "summary", "reports"], help_heading = "output")]
    pub excel: bool,
    #[arg(long, conflicts_with = "batch_format", help_heading = "output")]
    pub full: bool,
    #[arg(long, conflicts_with_all = ["batch_format", "full"], help_heading = "output")]
    pub summary: bool,
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["full", "reports"], help_heading = "output")]
    pub by: Option<String>,
    #[arg(long, value_name = "FILE", conflicts_with_all = ["full", "summary", "reports"], help_heading = "output")]
    pub since: Option<PathBuf>,
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = STATUSES, conflicts_with = "reports", help_heading = "output")]
    pub fail_on: Vec<String>,
    #[arg(long, conflicts_with = "reports", help_heading = "output", hide_short_help = true)]
    pub quiet_if_none: bool,
    #[arg(long, value_name = "DIR", conflicts_with_all = ["batch_format", "full", "summary"], help_heading = "output")]
    pub reports: Option<PathBuf>,
    #[command(flatten)]
    pub pages: Pages,
    #[arg(long = "only", id = "only_status", value_name = "STATUS", value_delimiter = ',', value_parser = STATUSES)]
    pub only: Vec<String>,
    #[arg(long, value_name = "DAYS", value_parser = day_count)]
    pub within: Option<i32>,
    #[arg(long, value_enum, default_value = "continue", value_name = "WHAT")]
    pub on_error: OnError,
    #[arg(long, value_name = "N", value_parser = jobs)]
    pub jobs: Option<usize>,
}

/// How the pages of `--reports` are written.
#[derive(Args, Debug)]
pub struct Pages {
    #[arg(long, value_parser = formats(&[Html, Markdown]), default_value = "html", value_name = "FORMAT", requires = "reports", help_heading = "output", hide_short_help = true)]
    pub report_format: Format,
    #[arg(long, requires = "written", help_heading = "output", hide_short_help = true)]
    pub force: bool,
    #[arg(long, requires = "reports", help_heading = "output", hide_short_help = true)]
    pub prune: bool,
    #[arg(long, requires = "reports", help_heading = "output", hide_short_help = true)]
    pub letters: bool,
    #[arg(long = "for", id = "addressee", value_name = "WHOM", value_parser = addressee(), requires = "reports", help_heading = "output", hide_short_help = true)]
    pub addressee: Option<Addressee>,
}

#[derive(Args, Debug)]
pub struct Lists {
    #[arg(long, value_parser = formats(&[Ndjson, Csv]), value_name = "FORMAT", hide_short_help = true)]
    pub input_format: Option<Format>,
    #[arg(long, value_name = "ENCODING", value_parser = encoding)]
    pub encoding: Option<&'static Encoding>,
    #[arg(long, value_parser = date_formats(), default_value = "iso", value_name = "FORMAT")]
    pub date_format: DateFormat,
    #[arg(long, value_name = "FILE")]
    pub columns: Option<PathBuf>,
    #[arg(long, value_parser = rows(), default_value = "people", value_name = "WHAT")]
    pub rows: Rows,
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[arg(long, value_name = "BYTES", default_value_t = MAX_LINE, hide_short_help = true)]
    pub max_line: usize,
}

const MAX_LINE: usize = 16 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    Continue,
    Stop,
}

#[derive(Args, Debug)]
pub struct Agenda {
    #[arg(id = "profiles", value_name = "PROFILE", required = true)]
    pub profiles: Vec<PathBuf>,
    #[arg(long, id = "agenda_within", value_name = "DAYS", value_parser = day_count)]
    pub within: Option<i32>,
    #[arg(long)]
    pub overdue: bool,
    #[arg(long, value_name = "WHO", value_delimiter = ',', value_parser = who())]
    pub who: Vec<Who>,
    #[arg(long, value_name = "DAYS", value_delimiter = ',', value_parser = day_count, hide_short_help = true)]
    pub lead: Vec<i32>,
    #[arg(long = "for", id = "addressee", value_name = "WHOM", value_parser = addressee(), help_heading = "output")]
    pub addressee: Option<Addressee>,
    #[arg(long, help_heading = "output")]
    pub quiet_if_none: bool,
    #[arg(long, help_heading = "output")]
    pub details: bool,
    #[arg(long, value_parser = formats(&[Table, Json, Csv, Markdown, Html, Ics]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
    #[command(flatten)]
    pub lists: Lists,
}

/// Who has to act, in the words of an answer.
fn who() -> impl TypedValueParser<Value = Who> {
    const ALL: [Who; 4] = [Who::Host, Who::Person, Who::Owner, Who::Employer];
    let named = |name: String| ALL.into_iter().find(|who| who.name() == name).ok_or(name);
    PossibleValuesParser::new(ALL.map(Who::name)).try_map(named)
}

/// Whom an answer about many people speaks to.
pub fn addressee() -> impl TypedValueParser<Value = Addressee> {
    let named = |name: String| if name == "host" { Addressee::Host } else { Addressee::Person };
    PossibleValuesParser::new(["host", "person"]).map(named)
}

fn date_formats() -> impl TypedValueParser<Value = DateFormat> {
    let named = |name: String| DateFormat::ALL.into_iter().find(|(known, _)| *known == name).ok_or(name);
    PossibleValuesParser::new(DateFormat::ALL.map(|(name, _)| name)).try_map(named).map(|(_, format)| format)
}

fn rows() -> impl TypedValueParser<Value = Rows> {
    PossibleValuesParser::new(["people", "stays"]).map(|name| if name == "stays" { Rows::Stays } else { Rows::People })
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    Check(RulesCheck),
    Test(RulesTest),
    Coverage(RulesCoverage),
    Matrix(RulesMatrix),
    Diff(RulesDiff),
    List(RulesList),
    Show(RulesShow),
    Schema(RulesSchema),
}

#[derive(Args, Debug)]
pub struct RulesCheck {
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, value_name = "DAYS", value_parser = |text: &str| number(text, 0, 36_500))]
    pub max_age: Option<i32>,
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
    #[arg(long, value_parser = formats(&[Text, Json]), default_value = "text", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    Warnings,
}

#[derive(Args, Debug)]
pub struct RulesTest {
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, value_parser = formats(&[Text, Json, Junit]), default_value = "text", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct RulesCoverage {
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, value_name = "PERCENT", value_parser = |text: &str| number(text, 0, 100_u32))]
    pub min: Option<u32>,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct RulesMatrix {
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<Day>,
    #[arg(long = "purpose", id = "matrix_purpose", value_name = "PURPOSE")]
    pub purpose: Option<String>,
    #[arg(long = "channel", id = "matrix_channel", value_name = "CHANNEL")]
    pub channel: Option<String>,
    #[arg(long, value_name = "PROCEDURE")]
    pub procedure: Option<String>,
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_parser = formats(&[Table, Markdown, Html, Csv]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct RulesDiff {
    #[arg(value_name = "DIR", num_args = 1..=2, required = true)]
    pub packs: Vec<PathBuf>,
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Vec<Day>,
    #[arg(long, value_name = "FILE")]
    pub people: Option<PathBuf>,
    #[command(flatten)]
    pub lists: Lists,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct RulesList {
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<Day>,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct AnswerSchema {
    #[arg(id = "answer_name", value_name = "NAME", value_parser = PossibleValuesParser::new(ANSWERS))]
    pub answer: Option<String>,
}

#[derive(Args, Debug)]
pub struct RulesSchema {
    #[arg(id = "schema_file", value_name = "FILE", value_parser = file_of_a_pack())]
    pub file: Option<File>,
    #[arg(long, value_name = "DIR", conflicts_with = "schema_file")]
    pub out: Option<PathBuf>,
}

fn file_of_a_pack() -> impl TypedValueParser<Value = File> {
    let named = |name: String| File::OF_A_PACK.into_iter().find(|file| file.name() == name).ok_or(name);
    PossibleValuesParser::new(File::OF_A_PACK.map(File::name)).try_map(named)
}

#[derive(Args, Debug)]
pub struct RulesShow {
    #[arg(id = "rule_id", value_name = "ID")]
    pub id: String,
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<Day>,
    #[arg(long)]
    pub history: bool,
    #[arg(long, value_parser = formats(&[Table, Json, Markdown, Html]), default_value = "table", value_name = "FORMAT", help_heading = "output")]
    pub format: Format,
}
