//! How far a long list is read: a bar on stderr for people who wait at a terminal.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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
