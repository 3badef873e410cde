//! Rows on their way out: whoever reads them finds whole lines, even where a signal ends the program.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use memchr::{memchr, memrchr};

/// So many bytes a pipe takes as a whole or not at all (POSIX asks for 512, Linux and macOS give 4096 and 512).
const WHOLE: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// The exit code of a program that a signal ended, as shells tell it.
const STOPPED: i32 = 130;

/// So long a signal waits for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Held while lines are being written.
static WRITING: Mutex<()> = Mutex::new(());

/// A signal has come: nothing more is written.
static IS_STOPPING: AtomicBool = AtomicBool::new(false);

/// The line that is being written is so long that a pipe may take a part of it.
static IS_LONG: AtomicBool = AtomicBool::new(false);

/// Writes whole lines to stdout, a few at a time.
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

/// The length of the lines that a pipe takes as a whole: one line at least.
fn next_piece(lines: &[u8]) -> usize {
    if lines.len() <= WHOLE {
        return lines.len();
    }
    let whole = memrchr(b'\n', &lines[..WHOLE]).or_else(|| memchr(b'\n', lines));
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
