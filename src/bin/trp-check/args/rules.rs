//! The command line of `rules`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use trp_check::calendar::Day;
use trp_check::render::Format::{self, Csv, Json, Junit, Markdown, Table, Text};
use trp_check::schema::File;

use super::{Lists, day, formats, number};

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
    #[arg(long, value_parser = formats(&[Text, Json]), default_value = "text", value_name = "FORMAT")]
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
    #[arg(long, value_parser = formats(&[Text, Json, Junit]), default_value = "text", value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct RulesCoverage {
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, value_name = "PERCENT", value_parser = |text: &str| number(text, 0, 100_u32))]
    pub min: Option<u32>,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
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
    #[arg(long, value_parser = formats(&[Table, Markdown, Csv]), default_value = "table", value_name = "FORMAT")]
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
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Args, Debug)]
pub struct RulesList {
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<Day>,
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
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
    #[arg(long, value_parser = formats(&[Table, Json]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
}
