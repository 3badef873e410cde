//! Files: profiles and rule packs, from disk or stdin, with everything that is wrong with their bytes.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::Context as _;
use tempfile::NamedTempFile;
use trp_check::embedded;
use trp_check::rulebook::{RuleBook, check};
use trp_check::source::{Code, Fault, SourceText, Span};
use trp_check::tree::Syntax;

use crate::Stop;
use crate::args::{self, Global};

const MAX_MIB: u64 = 16;

pub fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() }
}

/// Reads a file, or stdin for `-`, as text; beside a fault stands as much of the text as can be shown.
pub fn read_text(path: &Path) -> anyhow::Result<(SourceText, Option<Fault>)> {
    let name = name_of(path);
    let mut bytes = Vec::new();
    let limit = MAX_MIB * 1024 * 1024 + 1;
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| not_read(path, error))?;
    if bytes.len() as u64 == limit {
        let fault = Fault::new(Code::FileTooLarge, Span::default()).with("max", MAX_MIB);
        return Ok((SourceText { path: name, text: String::new() }, Some(fault)));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => {
            // A byte order mark is no part of the text.
            let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
            (SourceText { path: name, text }, None)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let fault = Fault::new(Code::NotUtf8, Span::new(0, at..at + '\u{FFFD}'.len_utf8()));
            (SourceText { path: name, text }, Some(fault))
        }
    })
}

/// The error of the system for a path that it cannot read, with the nearest name in the same folder where there is nothing
/// of that name.
pub fn not_read(path: &Path, error: io::Error) -> anyhow::Error {
    /// In a folder with more, the names are not all looked at.
    const MOST_NAMES: usize = 10_000;
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
    anyhow::Error::msg(text).context(name_of(path))
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

/// A rule pack on disk: its files, and what came of checking them.
pub struct Pack {
    pub folder: String,
    /// Its TOML files, by path inside the folder.
    pub files: Vec<SourceText>,
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

fn pack(folder: &Path, check: impl FnOnce(&[SourceText]) -> check::Checked) -> anyhow::Result<Pack> {
    let (files, not_utf8) = trp_check::files_of_pack(folder).map_err(|error| not_read(folder, error))?;
    let mut checked = check(&files);
    if !not_utf8.is_empty() {
        checked.faults.splice(0..0, not_utf8);
        checked.book = None;
    }
    Ok(Pack { folder: folder.display().to_string(), files, checked })
}

/// The rule book to be asked: that of the folder, else the embedded one.
pub fn rule_book(global: &Global) -> Result<Cow<'static, RuleBook>, Stop> {
    let Some(folder) = global.rules.as_deref() else { return Ok(Cow::Borrowed(&embedded::RULES)) };
    let check = |files: &[SourceText]| check::check_to_answer(files, &embedded::COUNTRIES, args::language());
    let mut pack = pack(folder, check).map_err(|error| Stop::unreadable_rules(global, folder, &error))?;
    pack.checked.book.take().map(Cow::Owned).ok_or_else(|| Stop::bad_pack(global, &pack))
}

/// Whether a file that is there already may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clobber {
    /// What a link leads to is written over.
    Allowed,
    /// A link is replaced itself.
    Replaced,
    Refused,
}

/// Writes a whole file or nothing: whoever looks at it, or stops the program, never has half of it.
pub fn write(path: &Path, bytes: &[u8], clobber: Clobber) -> anyhow::Result<()> {
    // Mostly a link stays one: what it leads to is written.
    let target = match clobber {
        Clobber::Replaced => path.to_owned(),
        Clobber::Allowed | Clobber::Refused => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
    };
    let written = || -> io::Result<()> {
        if clobber == Clobber::Allowed && fs::metadata(&target).is_ok_and(|of| !of.is_file()) {
            // A pipe or a device cannot be replaced.
            return fs::write(&target, bytes);
        }
        let mut file = beside(&target)?;
        file.write_all(bytes)?;
        name(file, &target, clobber)
    };
    written().with_context(|| path.display().to_string())
}

/// A new file in the folder of another one, which it is to become.
pub fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    new_file().tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
}

/// Gives a file its name.
pub fn name(file: NamedTempFile, path: &Path, clobber: Clobber) -> io::Result<()> {
    match clobber {
        Clobber::Allowed | Clobber::Replaced => file.persist(path)?,
        Clobber::Refused => file.persist_noclobber(path)?,
    };
    Ok(())
}

fn new_file() -> tempfile::Builder<'static, 'static> {
    #[allow(unused_mut, reason = "only Unix has permissions to set")]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
