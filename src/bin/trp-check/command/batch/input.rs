//! Staff lists: files and stdin, packed or not; and how far a long one is read: a bar on stderr for people who wait at a
//! terminal.

use std::fs::{self, File};
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::files;

/// The endings of tables, and of lists with a profile in JSON on each line.
pub const TABLES: [&str; 3] = ["csv", "tsv", "txt"];
const LINES: [&str; 2] = ["ndjson", "jsonl"];
const PACKED: [&str; 2] = ["gz", "zst"];

/// Whether a file is a list by its ending: profiles are never packed.
pub fn is_list(path: &Path) -> bool {
    let ending = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    TABLES.iter().chain(&LINES).chain(&PACKED).any(|known| ending.eq_ignore_ascii_case(known))
}

/// Opens a list: stdin for `-`; what ends in `.gz` or `.zst` is unpacked, other encodings than UTF-8 are
/// read only where asked for.
pub fn open(
    path: &Path,
    encoding: Option<&'static encoding_rs::Encoding>,
    progress: &Progress,
) -> anyhow::Result<Box<dyn Read + Send>> {
    let plain = if path.as_os_str() == "-" {
        progress.count(io::stdin())
    } else {
        progress.count(File::open(path).map_err(|error| files::not_read(path, error))?)
    };
    let unpacked: Box<dyn Read + Send> = match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(plain))),
        Some("zst") => Box::new(zstd::Decoder::new(plain).with_context(|| path.display().to_string())?),
        _ => plain,
    };
    Ok(match encoding {
        None => unpacked,
        Some(encoding) => {
            Box::new(encoding_rs_io::DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(unpacked))
        }
    })
}

/// The name of a list without the ending of its packing.
pub fn plain_name(path: &Path) -> PathBuf {
    match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("gz" | "zst") => path.with_extension(""),
        _ => path.to_owned(),
    }
}

/// A list that is done before is not long.
const LONG: Duration = Duration::from_secs(1);

const HERTZ: u8 = 4;

pub struct Progress {
    bar: Option<ProgressBar>,
    start: Instant,
}

impl Progress {
    /// Nothing is drawn unless stderr is a terminal and stdout is not: rows that run over the screen show
    /// enough, and a bar would stand among them.
    pub fn of(lists: &[PathBuf]) -> Self {
        let is_watched = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { bar: is_watched.then(|| bar(lists)), start: Instant::now() }
    }

    pub fn count(&self, reader: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        match &self.bar {
            Some(bar) => Box::new(bar.wrap_read(reader)),
            None => Box::new(reader),
        }
    }

    /// Shows the bar once the list has turned out to be long.
    pub fn show(&self) {
        if let Some(bar) = self.bar.as_ref().filter(|bar| bar.is_hidden() && self.start.elapsed() > LONG) {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(HERTZ));
        }
    }

    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A bar for lists whose length is known; bytes alone where one of them is no file.
fn bar(lists: &[PathBuf]) -> ProgressBar {
    let length = |list: &PathBuf| fs::metadata(list).ok().filter(fs::Metadata::is_file).map(|file| file.len());
    let total: Option<u64> = lists.iter().map(length).sum();
    let template = match total {
        Some(_) => "{bar:40} {percent:>3} %  {bytes} / {total_bytes}  {eta}",
        None => "{spinner} {bytes}  {elapsed}",
    };
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
