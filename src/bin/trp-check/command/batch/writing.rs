//! Rows on their way out: whoever reads them finds whole lines, even where a signal ends the program.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use memchr::{memchr, memrchr};

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
pub fn put(mut lines: &[u8]) -> io::Result<()> {
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
            std::process::exit(STOPPED);
        }
        thread::sleep(Duration::from_millis(2));
    }
}
