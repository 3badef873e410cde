//! The command line of `batch` and `agenda`, which read staff lists.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{with_nearest, words};

#[derive(Args, Debug)]
pub struct Batch {
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub lists: Lists,
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub template: Option<TemplateFormat>,
    #[arg(long = "format", id = "batch_format", value_enum, default_value = "ndjson", value_name = "FORMAT")]
    pub format: BatchFormat,
    #[arg(long, conflicts_with = "batch_format")]
    pub full: bool,
    #[arg(long, conflicts_with_all = ["batch_format", "full"])]
    pub summary: bool,
    #[arg(long, value_name = "DIR", conflicts_with_all = ["batch_format", "full", "summary"])]
    pub reports: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "html", value_name = "FORMAT", requires = "reports")]
    pub report_format: ReportFormat,
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

/// How staff lists are read.
#[derive(Args, Debug)]
pub struct Lists {
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    #[arg(long, value_name = "ENCODING", value_parser = encoding)]
    pub encoding: Option<&'static encoding_rs::Encoding>,
    #[arg(long, value_enum, default_value = "iso", value_name = "FORMAT")]
    pub date_format: DateForm,
    #[arg(long, value_name = "BYTES", default_value_t = MAX_LINE)]
    pub max_line: usize,
}

/// The most that a line of a list may be long, in bytes, unless told otherwise.
const MAX_LINE: usize = 16 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    Ndjson,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DateForm {
    Iso,
    Dmy,
}

impl From<DateForm> for trp_check::roster::columns::DateFormat {
    fn from(form: DateForm) -> Self {
        match form {
            DateForm::Iso => Self::Iso,
            DateForm::Dmy => Self::Dmy,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BatchFormat {
    Ndjson,
    Csv,
    Table,
    Summary,
}

/// The form of the page about one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Html,
    Markdown,
}

impl From<BatchFormat> for trp_check::batch::work::RowFormat {
    fn from(format: BatchFormat) -> Self {
        match format {
            BatchFormat::Ndjson => Self::Ndjson,
            BatchFormat::Csv => Self::Csv,
            BatchFormat::Table => Self::Table,
            BatchFormat::Summary => Self::Summary,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    Continue,
    Stop,
}

/// The encodings that lists come in where people write Latin or Cyrillic; others are taken, too.
pub const ENCODINGS: [&encoding_rs::Encoding; 9] = [
    encoding_rs::UTF_8,
    encoding_rs::UTF_16LE,
    encoding_rs::UTF_16BE,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1254,
    encoding_rs::IBM866,
    encoding_rs::KOI8_R,
];

/// An encoding by one of its usual names.
fn encoding(name: &str) -> Result<&'static encoding_rs::Encoding, String> {
    encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        let why = words().label("usage_value.encoding").to_owned();
        let known = ENCODINGS.map(|encoding| encoding.name().to_lowercase());
        with_nearest(why, name, known.iter().map(|known| &**known))
    })
}

/// A number of days, with or without the letter: `14d`, `14`.
fn day_count(text: &str) -> Result<i32, String> {
    let days = text.strip_suffix('d').unwrap_or(text).parse().ok();
    days.filter(|days| (0..=3660).contains(days)).ok_or_else(|| words().label("usage_value.days").to_owned())
}

/// A number of workers.
fn jobs(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|jobs| (1..=256).contains(jobs))
        .ok_or_else(|| words().label("usage_value.jobs").to_owned())
}

#[derive(Args, Debug)]
pub struct Agenda {
    #[arg(id = "profiles", value_name = "PROFILE", required = true)]
    pub profiles: Vec<PathBuf>,
    #[arg(long, id = "agenda_within", value_name = "DAYS", value_parser = day_count)]
    pub within: Option<i32>,
    #[arg(long)]
    pub overdue: bool,
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub format: AgendaFormat,
    #[command(flatten)]
    pub lists: Lists,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AgendaFormat {
    Table,
    Json,
    Csv,
    Markdown,
    Html,
    Ics,
}
