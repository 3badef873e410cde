//! Who stands in profiles and staff lists: everybody at once, for commands that sort people or write of each of them.

use std::path::{Path, PathBuf};

use trp_check::assessment::Listed;
use trp_check::batch::reading::{Reader, Unread};
use trp_check::render::Words;

use super::Context;
use super::batch::progress::Progress;
use super::batch::{ROWS, blocks};
use crate::args::{ErrorFormat, Global, Lists};
use crate::flags::Facts;
use crate::stop::{MOST_SHOWN, error_text};
use crate::{Exit, output};

/// Everybody who could be read.
pub struct People {
    /// In the order of the files and their lines.
    pub listed: Vec<Listed>,
    /// How many profiles could not be read; what is wrong with them was told.
    pub not_read: usize,
}

impl People {
    /// Reads files that are one profile each, or staff lists.
    pub fn read(
        paths: &[PathBuf],
        is_list: impl Fn(&Path) -> bool,
        lists: &Lists,
        desk: &Context<'_>,
        global: &Global,
    ) -> Self {
        let mut found = Self { listed: Vec::new(), not_read: 0 };
        let progress = Progress::of(paths);
        for path in paths {
            if is_list(path) {
                list(&mut found, path, desk, global, lists, &progress);
            } else {
                one(&mut found, path, desk);
            }
        }
        progress.end();
        found
    }
}

/// Tells how many could not be read, and how the command ends for that.
pub fn end(global: &Global, not_read: usize, words: &Words<'_>) -> Exit {
    if not_read == 0 {
        return Exit::Answered;
    }
    if global.error_format == ErrorFormat::Human {
        output::complain(&words.count("agenda.errors", i32::try_from(not_read).unwrap_or(i32::MAX), &[]));
    }
    Exit::BadInput
}

/// A file that is one profile.
fn one(found: &mut People, path: &Path, desk: &Context<'_>) {
    let facts = Facts { profile: Some(path.to_owned()), ..Facts::default() };
    match desk.profile(&facts, None) {
        Ok(profile) => found.listed.push(Listed { file: named(path), line: None, profile }),
        Err(stop) => {
            stop.report();
            found.not_read += 1;
        }
    }
}

/// The lines of a staff list.
fn list(found: &mut People, path: &Path, desk: &Context<'_>, global: &Global, lists: &Lists, progress: &Progress) {
    let words = desk.words();
    let reader = Reader::new(&desk.book, words, desk.today, lists.max_line);
    let mut unread = 0;
    for block in blocks(0, path, lists, ROWS, progress) {
        let block = match block {
            Ok(block) => block,
            Err(error) => {
                output::complain(&error_text(
                    global.error_format,
                    "list-not-readable",
                    Some(path),
                    &format!("{error:#}"),
                ));
                found.not_read += 1;
                break;
            }
        };
        progress.show();
        for (line, read) in reader.read(block) {
            match read {
                Ok(profile) => found.listed.push(Listed { file: named(path), line: Some(line), profile }),
                Err(why) => {
                    unread += 1;
                    if unread <= MOST_SHOWN {
                        tell_unread(path, line, &why, desk, global);
                    }
                }
            }
        }
    }
    if let Some(more) = unread.checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        let more = i32::try_from(more).unwrap_or(i32::MAX);
        output::complain(&error_text(
            global.error_format,
            "more-faults",
            Some(path),
            &words.count("usage.more-faults", more, &[]),
        ));
    }
    found.not_read += unread;
}

/// Tells everything that is wrong with a line of a list.
fn tell_unread(path: &Path, line: u64, why: &Unread, desk: &Context<'_>, global: &Global) {
    match global.error_format {
        ErrorFormat::Human => {
            let values = [("path", &*named(path)), ("line", &*line.to_string()), ("faults", &*why.text)];
            let text = desk.words().with("agenda.unread", &values);
            output::complain(&error_text(global.error_format, "line-not-readable", Some(path), &text));
        }
        ErrorFormat::Json => {
            let told = serde_json::json!({
                "code": "line-not-readable", "severity": "error", "path": path, "line": line, "id": why.id,
                "message": why.text,
            });
            output::complain(&told.to_string());
        }
    }
}

/// A file as messages name it.
fn named(path: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() }
}
