//! Files: profiles and rule packs, from disk or stdin, with everything that is wrong with their bytes.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::Context;
use trp_check::embedded;
use trp_check::profile::written::WrittenProfile;
use trp_check::rulebook::{RuleBook, check};
use trp_check::source::{Code, Fault, SourceText, Span};
use trp_check::tree::{self, Syntax};

use crate::args;

/// The most that a profile may be long.
const MAX_MIB: u64 = 16;

/// Reads a file, or stdin for `-`, as text. The inner `Err` holds the fault and as much of the text as
/// can be shown.
pub fn read_text(path: &Path) -> anyhow::Result<Result<SourceText, (SourceText, Fault)>> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "stdin".to_owned() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let limit = MAX_MIB * 1024 * 1024 + 1;
    let read = if is_stdin {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| not_read(path, error))?;
    if bytes.len() as u64 == limit {
        let fault = Fault::new(Code::FileTooLarge, Span::default()).with("max", MAX_MIB);
        return Ok(Err((SourceText { path: name, text: String::new() }, fault)));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => {
            // The mark that some editors put before UTF-8 text says nothing.
            let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
            Ok(SourceText { path: name, text })
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let fault = Fault::new(Code::NotUtf8, Span::new(0, at..at + '\u{FFFD}'.len_utf8()));
            Err((SourceText { path: name, text }, fault))
        }
    })
}

/// What the system says of a path that it cannot read, with the nearest name in the same folder where there is nothing
/// of that name.
pub fn not_read(path: &Path, error: io::Error) -> anyhow::Error {
    /// In a folder with more, the names are not all looked at.
    const MOST_NAMES: usize = 10_000;
    let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
    let mut text = error.to_string();
    if error.kind() == io::ErrorKind::NotFound
        && let (Some(folder), Some(wanted)) = (path.parent(), path.file_name())
    {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = fs::read_dir(here).into_iter().flatten().flatten().take(MOST_NAMES);
        let names: Vec<String> = entries.map(|entry| folder.join(entry.file_name()).display().to_string()).collect();
        let of_folder = folder.join(wanted).display().to_string();
        text = args::with_nearest(text, &of_folder, names.iter().map(|name| &**name));
    }
    anyhow::Error::msg(text).context(name)
}

/// The form of a file: by its ending, else by its first character.
pub fn syntax_of(file: &SourceText) -> Syntax {
    let ending = Path::new(&file.path).extension().map(std::ffi::OsStr::to_ascii_lowercase);
    match ending.as_deref().and_then(|ending| ending.to_str()) {
        Some("json") => Syntax::Json,
        Some("toml") => Syntax::Toml,
        _ if file.text.trim_start().starts_with('{') => Syntax::Json,
        _ => Syntax::Toml,
    }
}

/// A list of people: the text of its file, and one written profile for each.
pub struct People {
    /// The file.
    pub text: SourceText,
    /// The profiles, in the order of the file.
    pub people: Vec<Written>,
}

/// One profile of a list.
pub struct Written {
    /// Its line, from 1.
    pub line: usize,
    /// The byte at which its text begins.
    pub start: u32,
    /// The profile.
    pub profile: WrittenProfile<'static>,
    /// What was wrong with it as text.
    pub faults: Vec<Fault>,
}

impl Written {
    /// A fault of this profile, at its place in the file.
    pub fn in_file(&self, mut fault: Fault) -> Fault {
        fault.span.start += self.start;
        fault.span.end += self.start;
        fault
    }
}

/// Reads a list of people: one JSON profile a line; or one profile, in TOML or JSON.
pub fn people(path: &Path) -> anyhow::Result<Result<People, (SourceText, Vec<Fault>)>> {
    let text = match read_text(path)? {
        Ok(text) => text,
        Err((text, fault)) => return Ok(Err((text, vec![fault]))),
    };
    let is_list = |ending: &str| ["ndjson", "jsonl"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    let ending = Path::new(&text.path).extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    let parts: Vec<(usize, usize, &str)> = if is_list(ending) {
        let starts = text.line_starts();
        let lines = text.text.lines().enumerate().map(|(at, line)| (at + 1, starts[at], line));
        lines.filter(|(_, _, line)| !line.trim().is_empty()).collect()
    } else {
        vec![(1, 0, &text.text)]
    };
    let syntax = if is_list(ending) { Syntax::Json } else { syntax_of(&text) };
    let mut people = Vec::new();
    let mut broken = Vec::new();
    for (line, start, part) in parts {
        let mut faults = Vec::new();
        let mut written = Written {
            line,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            profile: WrittenProfile::default(),
            faults: Vec::new(),
        };
        match tree::parse_with(part, 0, syntax, &mut faults) {
            Some(node) => {
                written.profile = tree::read(node, &mut faults);
                written.faults = faults;
                people.push(written);
            }
            None => broken.extend(faults.into_iter().map(|fault| written.in_file(fault))),
        }
    }
    Ok(if broken.is_empty() { Ok(People { text, people }) } else { Err((text, broken)) })
}

/// A rule pack on disk: its files, and what came of checking them.
pub struct Pack {
    /// The folder, as given.
    pub folder: String,
    /// Its TOML files, by path inside the folder.
    pub files: Vec<SourceText>,
    /// What came of checking them.
    pub checked: check::Checked,
}

impl Pack {
    /// The files, named by their path with the folder before it: as messages name them.
    pub fn texts(&self) -> Vec<SourceText> {
        let in_folder = |file: &SourceText| SourceText {
            path: Path::new(&self.folder).join(&file.path).display().to_string(),
            text: file.text.clone(),
        };
        self.files.iter().map(in_folder).collect()
    }
}

/// Reads and checks the rule pack in a folder, as of a day where its age matters.
pub fn read_pack(folder: &Path, as_of: Option<check::AsOf>) -> anyhow::Result<Pack> {
    pack(folder, |files| check::check(files, &embedded::COUNTRIES, as_of))
}

/// Reads the rule pack in a folder, and checks it in this way.
fn pack(folder: &Path, check: impl FnOnce(&[SourceText]) -> check::Checked) -> anyhow::Result<Pack> {
    let (files, not_utf8) = trp_check::files_of_pack(folder).map_err(|error| not_read(folder, error))?;
    let mut checked = check(&files);
    if !not_utf8.is_empty() {
        checked.faults.splice(0..0, not_utf8);
        checked.book = None;
    }
    Ok(Pack { folder: folder.display().to_string(), files, checked })
}

/// The rule book to be asked: that of the folder, else the embedded one. The inner `Err` is a pack
/// with errors.
pub fn rule_book(folder: Option<&Path>) -> anyhow::Result<Result<Cow<'static, RuleBook>, Pack>> {
    let Some(folder) = folder else { return Ok(Ok(Cow::Borrowed(&embedded::RULES))) };
    let mut pack = pack(folder, |files| check::check_to_answer(files, &embedded::COUNTRIES, args::language()))?;
    Ok(match pack.checked.book.take() {
        Some(book) => Ok(Cow::Owned(book)),
        None => Err(pack),
    })
}

/// Whether a file that is there already may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clobber {
    Allowed,
    Refused,
}

/// Writes a whole file or nothing: whoever looks at it, or stops the program, never has half of it.
pub fn write(path: &Path, bytes: &[u8], clobber: Clobber) -> anyhow::Result<()> {
    // A link stays one: what it leads to is written.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let written = || -> io::Result<()> {
        if clobber == Clobber::Allowed && fs::metadata(&target).is_ok_and(|of| !of.is_file()) {
            // A pipe or a device cannot be replaced.
            return fs::write(&target, bytes);
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = new_file().tempfile_in(folder.unwrap_or_else(|| Path::new(".")))?;
        file.write_all(bytes)?;
        match clobber {
            Clobber::Allowed => file.persist(&target)?,
            Clobber::Refused => file.persist_noclobber(&target)?,
        };
        Ok(())
    };
    written().with_context(|| path.display().to_string())
}

/// How the file is made: with the permissions that files usually have, and not for the user alone.
fn new_file() -> tempfile::Builder<'static, 'static> {
    #[allow(unused_mut, reason = "only Unix has permissions to set")]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
