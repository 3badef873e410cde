//! The command line of `batch` and `agenda`, which read staff lists.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use trp_check::render::Format::{self, Csv, Html, Ics, Json, Markdown, Ndjson, Summary, Table};
use trp_check::roster::columns::DateFormat;

use super::{day_count, encoding, formats, jobs};

#[derive(Args, Debug)]
pub struct Batch {
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub lists: Lists,
    #[arg(long, value_parser = formats(&[Csv]), value_name = "FORMAT")]
    pub template: Option<Format>,
    #[arg(long = "format", id = "batch_format", value_parser = formats(&[Ndjson, Csv, Table, Summary]), default_value = "ndjson", value_name = "FORMAT")]
    pub format: Format,
    #[arg(long, conflicts_with = "batch_format")]
    pub full: bool,
    #[arg(long, conflicts_with_all = ["batch_format", "full"])]
    pub summary: bool,
    #[arg(long, value_name = "DIR", conflicts_with_all = ["batch_format", "full", "summary"])]
    pub reports: Option<PathBuf>,
    #[arg(long, value_parser = formats(&[Html, Markdown]), default_value = "html", value_name = "FORMAT", requires = "reports")]
    pub report_format: Format,
    #[arg(long, requires = "reports")]
    pub force: bool,
    #[arg(long = "only", id = "only_status", value_name = "STATUS", value_delimiter = ',', value_parser = ["violation", "action-needed", "unknown", "ok"])]
    pub only: Vec<String>,
    #[arg(long, value_name = "DAYS", value_parser = day_count)]
    pub within: Option<i32>,
    #[arg(long, value_enum, default_value = "continue", value_name = "WHAT")]
    pub on_error: OnError,
    #[arg(long, value_name = "N", value_parser = jobs)]
    pub jobs: Option<usize>,
}

#[derive(Args, Debug)]
pub struct Lists {
    #[arg(long, value_parser = formats(&[Ndjson, Csv]), value_name = "FORMAT")]
    pub input_format: Option<Format>,
    #[arg(long, value_name = "ENCODING", value_parser = encoding)]
    pub encoding: Option<&'static encoding_rs::Encoding>,
    #[arg(long, value_parser = date_formats(), default_value = "iso", value_name = "FORMAT")]
    pub date_format: DateFormat,
    #[arg(long, value_name = "BYTES", default_value_t = MAX_LINE)]
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
    #[arg(long, value_parser = formats(&[Table, Json, Csv, Markdown, Html, Ics]), default_value = "table", value_name = "FORMAT")]
    pub format: Format,
    #[command(flatten)]
    pub lists: Lists,
}

fn date_formats() -> impl TypedValueParser<Value = DateFormat> {
    let format = |name: String| if name == "dmy" { DateFormat::Dmy } else { DateFormat::Iso };
    PossibleValuesParser::new(["iso", "dmy"]).map(format)
}
