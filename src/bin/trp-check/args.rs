//! The command line. Its words stand in the message files (`[help]`); they are only looked up when
//! help or an error is to be shown.

mod help;
mod lists;
mod rules;
mod shell;
mod usage;

pub use help::short_help;
pub use lists::*;
pub use rules::*;
pub use shell::*;

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::OnceLock;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use trp_check::calendar::{Day, DayRange};
use trp_check::embedded;
use trp_check::render::Words;
use trp_check::rulebook::RuleBook;
use trp_check::rulebook::Term;
use trp_check::source::nearest;

use crate::Stop;
use crate::flags::Facts;

#[derive(Debug, Parser)]
#[command(name = "trp-check", version)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Args, Debug)]
pub struct Global {
    #[arg(long, global = true, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DAY", value_parser = day)]
    pub today: Option<Day>,
    #[arg(long, global = true, value_name = "LANG", value_parser = languages())]
    pub lang: Option<String>,
    #[arg(long, global = true, value_enum, default_value = "human", value_name = "FORMAT")]
    pub error_format: ErrorFormat,
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = columns)]
    pub width: Option<u16>,
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    #[arg(long, global = true)]
    pub strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ErrorFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug)]
pub enum Command {
    Check(Ask),
    Stay(StayAsk),
    Docs(Ask),
    Plan(Box<Plan>),
    Batch(Box<Batch>),
    Agenda(Agenda),
    Interview(Box<Interview>),
    Explain(Explain),
    Replay(Replay),
    Profile(ProfileCommand),
    Rules(RulesCommand),
    Calendar(CalendarCommand),
    Completions(Completions),
    Man(Man),
}

/// By hand and not derived, so that only the flags of the command that is called are made. `completions` and `man` are
/// not among them: [`whole`] adds them when a first reading did not know what is meant, so that others pay nothing.
impl Subcommand for Command {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        let named = clap::Command::new;
        command.subcommands([
            named("check").defer(Ask::augment_args),
            named("stay").defer(StayAsk::augment_args),
            named("docs").defer(Ask::augment_args),
            named("plan").defer(Plan::augment_args),
            named("ask").defer(Interview::augment_args),
            named("batch").defer(Batch::augment_args),
            named("agenda").defer(Agenda::augment_args),
            named("explain").defer(Explain::augment_args),
            named("replay").defer(Replay::augment_args),
            named("profile")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .defer(ProfileCommand::augment_subcommands),
            named("rules")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .defer(RulesCommand::augment_subcommands),
            named("calendar")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .defer(CalendarCommand::augment_subcommands),
        ])
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        matches!(
            name,
            "check"
                | "stay"
                | "docs"
                | "plan"
                | "ask"
                | "batch"
                | "agenda"
                | "explain"
                | "replay"
                | "profile"
                | "rules"
                | "calendar"
                | "completions"
                | "man"
        )
    }
}

impl FromArgMatches for Command {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        match matches.subcommand() {
            Some(("check", matches)) => Ask::from_arg_matches(matches).map(Self::Check),
            Some(("stay", matches)) => StayAsk::from_arg_matches(matches).map(Self::Stay),
            Some(("docs", matches)) => Ask::from_arg_matches(matches).map(Self::Docs),
            Some(("plan", matches)) => Plan::from_arg_matches(matches).map(Box::new).map(Self::Plan),
            Some(("ask", matches)) => Interview::from_arg_matches(matches).map(Box::new).map(Self::Interview),
            Some(("batch", matches)) => Batch::from_arg_matches(matches).map(Box::new).map(Self::Batch),
            Some(("agenda", matches)) => Agenda::from_arg_matches(matches).map(Self::Agenda),
            Some(("explain", matches)) => Explain::from_arg_matches(matches).map(Self::Explain),
            Some(("replay", matches)) => Replay::from_arg_matches(matches).map(Self::Replay),
            Some(("profile", matches)) => ProfileCommand::from_arg_matches(matches).map(Self::Profile),
            Some(("rules", matches)) => RulesCommand::from_arg_matches(matches).map(Self::Rules),
            Some(("calendar", matches)) => CalendarCommand::from_arg_matches(matches).map(Self::Calendar),
            Some(("completions", matches)) => Completions::from_arg_matches(matches).map(Self::Completions),
            Some(("man", matches)) => Man::from_arg_matches(matches).map(Self::Man),
            _ => Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand)),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[derive(Args, Debug)]
pub struct Ask {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: Format,
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct StayAsk {
    #[command(flatten)]
    pub person: Facts<true>,
    #[arg(long = "format", id = "stay_format", value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: StayFormat,
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
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: PlanFormat,
}

/// The most days in a row that can be asked for: ten years.
const MOST_DAYS: i32 = 3660;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    Table,
    Json,
    Markdown,
}

/// The first and the last day of a trip.
fn trip(text: &str) -> Result<DayRange, String> {
    let Some((first, last)) = text.split_once("..").filter(|(_, last)| !last.is_empty()) else {
        return Err(words().label("usage_value.trip").to_owned());
    };
    let range = DayRange { first: day(first)?, last: day(last)? };
    if range.last < range.first { Err(words().label("usage_value.trip-order").to_owned()) } else { Ok(range) }
}

#[derive(Args, Debug)]
pub struct Replay {
    #[arg(id = "receipt_file", value_name = "FILE")]
    pub receipt: PathBuf,
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: ListFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
    Markdown,
    Html,
    /// Only to say what to type instead.
    #[value(hide = true)]
    Svg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StayFormat {
    Table,
    Json,
    Csv,
    Markdown,
    Html,
    Svg,
}

impl From<StayFormat> for Format {
    fn from(format: StayFormat) -> Self {
        match format {
            StayFormat::Table => Self::Table,
            StayFormat::Json => Self::Json,
            StayFormat::Csv => Self::Csv,
            StayFormat::Markdown => Self::Markdown,
            StayFormat::Html => Self::Html,
            StayFormat::Svg => Self::Svg,
        }
    }
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
    #[arg(long = "format", id = "comparison_format", value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: ComparisonFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ComparisonFormat {
    Table,
    Json,
    Markdown,
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
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

/// A fact and its value, as written with `=` between them.
#[derive(Clone, Debug)]
pub struct Stated {
    pub fact: String,
    pub value: String,
}

/// Reads a fact with its value.
fn stated(text: &str) -> Result<Stated, String> {
    let parts = text.split_once('=').filter(|(fact, value)| !fact.is_empty() && !value.is_empty());
    let stated = parts.map(|(fact, value)| Stated { fact: fact.to_owned(), value: value.to_owned() });
    stated.ok_or_else(|| words().label("usage_value.stated").to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Json,
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
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: ListFormat,
}

#[derive(Args, Debug)]
pub struct CalendarList {
    #[arg(value_name = "YEAR", value_parser = year)]
    pub year: Option<i32>,
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: ListFormat,
}

/// Reads a term of the command line: a number with its unit behind it, or the number of a day behind `day`.
fn term(text: &str) -> Result<Term, String> {
    const LONGEST: usize = 5;
    let number = |digits: &str| {
        let is_number = (1..=LONGEST).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| is_number)
    };
    let days = |digits: &str| number(digits).and_then(|days| i32::try_from(days).ok());
    let read = if let Some(digits) = text.strip_prefix("day") {
        days(digits).filter(|number| *number > 0).map(Term::DayNumber)
    } else if let Some(digits) = text.strip_suffix("wd") {
        number(digits).map(Term::WorkingDays)
    } else if let Some(digits) = text.strip_suffix('d') {
        days(digits).map(Term::CalendarDays)
    } else {
        text.strip_suffix('h').and_then(number).map(Term::Hours)
    };
    read.ok_or_else(|| {
        let why = words().label("usage_value.term").to_owned();
        match meant_term(text) {
            Some(meant) => {
                format!("{why}; {}", words().with("diagnostic_hint.did-you-mean", &[("suggestion", &meant)]))
            }
            None => why,
        }
    })
}

/// The term that was probably meant: the number with the unit that its letters are most like.
fn meant_term(text: &str) -> Option<String> {
    let (digits, letters): (String, String) =
        text.chars().filter(char::is_ascii_alphanumeric).partition(char::is_ascii_digit);
    let unit = match &*letters.to_ascii_lowercase() {
        unit if unit.contains('w') => "wd",
        "" | "d" | "days" | "calendardays" | "cd" => "d",
        unit if unit.starts_with('h') => "h",
        "day" if text.starts_with(|c: char| c.is_ascii_digit()) => "d",
        _ => return None,
    };
    (1..=4).contains(&digits.len()).then(|| format!("{digits}{unit}"))
}

/// Reads a year of the command line.
fn year(text: &str) -> Result<i32, String> {
    let (first, last) = (Day::FIRST.year(), Day::LAST.year());
    let year = text.parse().ok().filter(|year| (first..=last).contains(year));
    year.ok_or_else(|| says_range("usage_value.year", first, last))
}

/// Reads a day of the command line.
pub fn day(text: &str) -> Result<Day, String> {
    match Day::parse(text) {
        Ok(day) if (Day::FIRST..=Day::LAST).contains(&day) => Ok(day),
        Ok(_) => Err(says_range("usage_value.day-range", Day::FIRST, Day::LAST)),
        Err(_) => {
            let fault = words().label("usage_value.day").to_owned();
            Err(match Day::meant(text) {
                Some(day) => with_meant(&fault, &day.to_string()),
                None => fault,
            })
        }
    }
}

/// Reads the width of the answer.
fn columns(text: &str) -> Result<u16, String> {
    number(text, 40, 1000)
}

/// Reads a whole number from `first` to `last`.
fn number<N: FromStr + PartialOrd + Display>(text: &str, first: N, last: N) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| (&first..=&last).contains(&number));
    number.ok_or_else(|| says_range("usage_value.number-range", first, last))
}

fn says_range(key: &str, first: impl Display, last: impl Display) -> String {
    words().with(key, &[("first", &first.to_string()), ("last", &last.to_string())])
}

/// The languages that the program speaks.
fn languages() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(embedded::TEXTS.iter().map(|texts| &*texts.language))
}

/// The language to speak: that of `--lang`, else of the environment (`LC_ALL`, `LC_MESSAGES`, `LANG`: the first that
/// says something), else English. It is looked for among the arguments as they are written, since help and errors
/// are told in it, too.
pub fn language() -> &'static str {
    static CHOSEN: OnceLock<&str> = OnceLock::new();
    CHOSEN.get_or_init(chosen_language)
}

fn chosen_language() -> &'static str {
    let of_environment = || {
        let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)
    };
    let asked = as_written("--lang").or_else(of_environment).unwrap_or_default();
    let asked = asked.split(['_', '.', '@', '-']).next().unwrap_or_default();
    let known = embedded::TEXTS.iter().find(|texts| texts.language == asked);
    &known.unwrap_or(&embedded::TEXTS[0]).language
}

/// The value of a flag among the arguments as they are written.
fn as_written(flag: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let with_sign = |argument: &String| argument.strip_prefix(flag)?.strip_prefix('=').map(str::to_owned);
    let behind = || arguments.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].clone());
    arguments.iter().find_map(with_sign).or_else(behind)
}

/// The words of the program and of the embedded pack.
pub fn words() -> Words<'static> {
    words_of(&embedded::RULES)
}

/// The words of the program and of a pack.
pub fn words_of(book: &RuleBook) -> Words<'_> {
    let language = language();
    let program = embedded::TEXTS.iter().find(|texts| texts.language == language);
    Words::new(program.unwrap_or(&embedded::TEXTS[0]), book.texts_in(language), &embedded::COUNTRIES)
}

/// A sentence about something that is not known, with what was probably meant where something is like it.
pub fn with_nearest<'k>(text: String, given: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    match nearest(given, known.into_iter().filter(|known| !known.is_empty())) {
        Some(near) => with_meant(&text, near),
        None => text,
    }
}

/// A sentence about something that is not known, with what was probably meant.
fn with_meant(text: &str, meant: &str) -> String {
    format!("{text}; {}", words().with("diagnostic_hint.did-you-mean", &[("suggestion", meant)]))
}

/// All commands, with their words: what help, completions and the manual are made from.
pub fn whole() -> clap::Command {
    help::with_words(with_shell_commands(Arguments::command()))
}

/// Reads the command line; help ends the program, as an error does.
pub fn parse() -> Result<Arguments, Stop> {
    let read = Arguments::command().try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    read.or_else(|_| {
        let mut command = whole();
        let matches = command.try_get_matches_from_mut(std::env::args_os());
        matches.and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| usage::stop(&error, &command))
    })
}
