//! Staff lists: files and stdin, packed or not; and how far a long one is read: a bar on stderr for people who wait at a
//! terminal.

use std::fs::{self, File};
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trp_check::batch::input::{Blocks, Reading};
use trp_check::batch::workbook;
use trp_check::calendar::Day;
use trp_check::embedded;
use trp_check::facts::Fact;
use trp_check::profile::read::Reader;
use trp_check::render::Format;
use trp_check::roster::layout::Layout;
use trp_check::rulebook::RuleBook;
use trp_check::source::Fault;
use trp_check::tree::{self, Syntax};

use crate::args::{self, Global, Lists};
use crate::{Exit, Stop, files};

/// The endings of tables, of lists with a profile in JSON on each line, and of workbooks.
const TABLES: [&str; 3] = ["csv", "tsv", "txt"];
const LINES: [&str; 2] = ["ndjson", "jsonl"];
const WORKBOOKS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];
const PACKED: [&str; 3] = ["gz", "zst", "zstd"];

/// Whether a file is a list by its ending: profiles are never packed.
pub fn is_list(path: &Path) -> bool {
    TABLES.iter().chain(&LINES).chain(&WORKBOOKS).chain(&PACKED).any(|known| has_ending(path, known))
}

fn has_ending(path: &Path, known: &str) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(known))
}

/// The blocks of a list: stdin for `-`. What it is, is told by its first bytes: what is packed is unpacked, a workbook is
/// read as one, a mark of UTF-16 is heeded. Other encodings are read only where asked for.
pub fn blocks(
    list: usize,
    path: &Path,
    lists: &Lists,
    layout: &Arc<Layout>,
    most: usize,
    progress: &Progress,
) -> anyhow::Result<Blocks<'static>> {
    let file: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        progress.count(io::stdin())
    } else {
        progress.count(File::open(path).map_err(|error| files::not_read(path, error))?)
    };
    let (mut head, file) = peeked(file).with_context(|| path.display().to_string())?;
    let unpacked: Box<dyn Read + Send> = if head.starts_with(&[0x1F, 0x8B]) {
        Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file)))
    } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        Box::new(zstd::Decoder::new(file).with_context(|| path.display().to_string())?)
    } else {
        file
    };
    let mut stream = unpacked;
    if !is_plain(&head) {
        (head, stream) = peeked(stream).with_context(|| path.display().to_string())?;
    }
    let by_name = format_of(path);
    let reading =
        Reading { format: lists.input_format, by_name, longest: lists.max_line, most, layout: layout.clone() };
    if workbook::is_workbook(&head) {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).with_context(|| path.display().to_string())?;
        return Ok(workbook::blocks(bytes, list, reading));
    }
    let has_utf16_mark = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    Ok(match lists.encoding {
        None if !has_utf16_mark => trp_check::batch::input::blocks(stream, list, reading),
        encoding => {
            let text = encoding_rs_io::DecodeReaderBytesBuilder::new().encoding(encoding).build(stream);
            trp_check::batch::input::blocks(text, list, reading)
        }
    })
}

fn is_plain(head: &[u8]) -> bool {
    !head.starts_with(&[0x1F, 0x8B]) && !head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD])
}

/// The first bytes of a stream, and the whole of it. No more is waited for than the first line.
fn peeked(mut stream: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    /// The longest mark by which a file is known.
    const MARK: usize = 8;
    let mut head = Vec::new();
    let mut byte = [0; MARK];
    while head.len() < MARK && !head.contains(&b'\n') {
        match stream.read(&mut byte[..MARK - head.len()]) {
            Ok(0) => break,
            Ok(read) => head.extend_from_slice(&byte[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What was read comes first, then the fault once more.
            Err(error) if head.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    let whole = io::Cursor::new(head.clone()).chain(stream);
    Ok((head, Box::new(whole)))
}

/// The form of a list by its name, packed or not.
fn format_of(path: &Path) -> Option<Format> {
    let plain =
        if PACKED.iter().any(|packed| has_ending(path, packed)) { path.with_extension("") } else { path.to_owned() };
    let has = |endings: &[&str]| endings.iter().any(|known| has_ending(&plain, known));
    has(&TABLES).then_some(Format::Csv).or_else(|| has(&LINES).then_some(Format::Ndjson))
}

/// How lists are laid out: by the flags, and the file of `--columns`.
pub fn layout(global: &Global, lists: &Lists, book: &RuleBook, today: Day) -> Result<Arc<Layout>, Stop> {
    let mut layout = Layout::of(lists.date_format, lists.rows);
    if let Some(path) = &lists.columns {
        let (file, fault) = files::read_text(path).map_err(|error| {
            Stop::error(global, Exit::BadInput, "columns-not-readable", Some(path), &format!("{error:#}"))
        })?;
        let mut faults: Vec<Fault> = fault.into_iter().collect();
        if faults.is_empty() {
            let root = tree::parse_with(&file.text, 0, Syntax::Toml, &mut faults);
            let kinds = Reader::new(book, &embedded::COUNTRIES, today);
            if let Some(root) = root {
                layout.read(&root, kinds.words(Fact::Basis), &mut faults);
            }
        }
        if !faults.is_empty() {
            return Err(Stop::faults(global, Exit::BadInput, &faults, &[file], &args::words()));
        }
    }
    if lists.sheet.is_some() {
        layout.sheet.clone_from(&lists.sheet);
    }
    Ok(Arc::new(layout))
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
