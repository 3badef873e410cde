//! Rows on their way out: whoever reads them finds whole lines, even where a signal ends the program; a file has all of
//! them or is not there.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use memchr::{memchr, memrchr};
use tempfile::NamedTempFile;
use trp_check::render::Words;
use trp_check::render::words::inert;

use crate::args::Global;
use crate::files::{self, Clobber};
use crate::{Exit, Stop};

/// So many bytes a pipe takes as a whole or not at all (POSIX asks for 512, Linux and macOS give 4096 and 512).
const WHOLE: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// So many bytes are written at a time: a file takes all, whoever waits; a reader may take a part and wait.
static AT_ONCE: LazyLock<usize> = LazyLock::new(|| if is_file() { usize::MAX } else { WHOLE });

/// The exit code of a program that a signal ended, as shells have it.
const STOPPED: i32 = 130;

/// So long a signal waits for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Held while lines are being written.
static WRITING: Mutex<()> = Mutex::new(());

/// A signal has come: nothing more is written.
static IS_STOPPING: AtomicBool = AtomicBool::new(false);

/// The line that is being written is so long that a pipe may take a part of it.
static IS_LONG: AtomicBool = AtomicBool::new(false);

/// The file that is being written, to be removed where a signal ends the program.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Where an answer is written.
pub enum Target {
    Stdout,
    /// A file beside the one that it becomes when all is in it.
    File {
        path: PathBuf,
        file: BufWriter<NamedTempFile>,
        clobber: Clobber,
    },
    /// Something that cannot be replaced: a pipe, a device.
    Other {
        path: PathBuf,
        bytes: Vec<u8>,
    },
}

impl Target {
    /// A file that is there already is only written over where that was asked for, and a list that is read never.
    pub fn open(global: &Global, path: &Path, lists: &[PathBuf], force: bool, words: &Words<'_>) -> Result<Self, Stop> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdout);
        }
        let refuse = |key: &str, code: &str| {
            let text = words.with(key, &[("path", &inert(&path.display().to_string()))]);
            Err(Stop::error(global, Exit::Usage, code, Some(path), &text))
        };
        let same =
            |list: &PathBuf| fs::canonicalize(list).ok().zip(fs::canonicalize(path).ok()).is_some_and(|(a, b)| a == b);
        if lists.iter().any(same) {
            return refuse("rows.is-input", "output-is-input");
        }
        if fs::metadata(path).is_ok_and(|of| !of.is_file() && !of.is_dir()) {
            return Ok(Self::Other { path: path.to_owned(), bytes: Vec::new() });
        }
        if !force && fs::symlink_metadata(path).is_ok() {
            return refuse("rows.exists", "file-exists");
        }
        let file = files::beside(path).with_context(|| path.display().to_string())?;
        *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = Some(file.path().to_owned());
        let clobber = if force { Clobber::Allowed } else { Clobber::Refused };
        Ok(Self::File { path: path.to_owned(), file: BufWriter::new(file), clobber })
    }

    /// Writes whole lines.
    pub fn put(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => put(lines),
            Self::File { file, .. } => file.write_all(lines),
            Self::Other { bytes, .. } => bytes.write_all(lines),
        }
    }

    /// Gives the file its name, when all is in it.
    pub fn close(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout => Ok(()),
            Self::File { path, file, clobber } => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error);
                let named = file.and_then(|file| files::name(file, &path, clobber));
                named.with_context(|| path.display().to_string())
            }
            Self::Other { path, bytes } => files::write(&path, &bytes, Clobber::Allowed),
        }
    }
}

/// Whether stdout is a file, or a device without a reader.
#[cfg(unix)]
fn is_file() -> bool {
    use std::io::IsTerminal;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let stdout = io::stdout();
    let file = stdout.as_fd().try_clone_to_owned().map(std::fs::File::from);
    let kind = file.and_then(|file| file.metadata()).map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_file() || kind.is_char_device() && !stdout.is_terminal())
}

#[cfg(not(unix))]
fn is_file() -> bool {
    false
}

/// Writes whole lines to stdout: to a reader a few at a time.
fn put(mut lines: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    while !lines.is_empty() {
        let (next, rest) = lines.split_at(next_piece(lines));
        lines = rest;
        let writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        if IS_STOPPING.load(Ordering::SeqCst) {
            drop(writing);
            loop {
                thread::park();
            }
        }
        IS_LONG.store(next.len() > WHOLE, Ordering::SeqCst);
        stdout.write_all(next)?;
        stdout.flush()?;
    }
    Ok(())
}

/// The length of the lines that are taken as a whole: one line at least.
fn next_piece(lines: &[u8]) -> usize {
    let most = *AT_ONCE;
    if lines.len() <= most {
        return lines.len();
    }
    let whole = memrchr(b'\n', &lines[..most]).or_else(|| memchr(b'\n', lines));
    whole.map_or(lines.len(), |end| end + 1)
}

/// Ends the program behind a whole line. Where the reader takes nothing, a long line is waited for until it does;
/// other lines are in the pipe or are not.
pub fn stop() {
    IS_STOPPING.store(true, Ordering::SeqCst);
    let start = Instant::now();
    loop {
        let is_between = WRITING.try_lock();
        if is_between.is_ok() || start.elapsed() > PATIENCE && !IS_LONG.load(Ordering::SeqCst) {
            if let Some(path) = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take() {
                let _ = fs::remove_file(path);
            }
            std::process::exit(STOPPED);
        }
        thread::sleep(Duration::from_millis(2));
    }
}
