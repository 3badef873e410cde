//! Who stands in profiles and staff lists: everybody at once, for commands that sort people or write of each of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use serde_json::json;
use trp_check::assessment;
use trp_check::batch::reading::{Listed, Reader, Unread};
use trp_check::batch::seen::{IdHash, Seen};
use trp_check::roster::layout::Layout;

use super::Context;
use super::batch::input::{self, Progress};
use super::batch::{Blocks, ROWS};
use crate::args::{ErrorFormat, Lists};
use crate::files::name_of;
use crate::flags::Facts;
use crate::stop::MOST_SHOWN;
use crate::{Exit, Stop, output};

pub struct People {
    /// In the order of the files and their lines.
    pub listed: Vec<assessment::Listed>,
    /// How many profiles could not be read; what is wrong with them was reported.
    pub not_read: usize,
}

impl People {
    /// Reads files that are one profile each, or staff lists.
    pub fn read(
        paths: &[PathBuf],
        is_list: impl Fn(&Path) -> bool,
        lists: &Lists,
        context: &Context<'_>,
    ) -> Result<Self, Stop> {
        let layout = input::layout(context.global, lists, &context.book, context.today)?;
        let mut people = Self { listed: Vec::new(), not_read: 0 };
        let progress = Progress::of(paths);
        for path in paths {
            if is_list(path) {
                people.add_list(path, lists, &layout, context, &progress);
            } else {
                people.add_profile(path, context);
            }
        }
        progress.end();
        Ok(people)
    }

    fn add_profile(&mut self, path: &Path, context: &Context<'_>) {
        match context.profile(&Facts::<false>::of_file(path.to_owned())) {
            Ok(profile) => self.listed.push(assessment::Listed { file: name_of(path), line: None, profile }),
            Err(stop) => {
                stop.report();
                self.not_read += 1;
            }
        }
    }

    fn add_list(
        &mut self,
        path: &Path,
        lists: &Lists,
        layout: &Arc<Layout>,
        context: &Context<'_>,
        progress: &Progress,
    ) {
        let words = context.words();
        let reader = Reader::new(&context.book, words, context.today, lists.max_line);
        let complain = |code: &str, text: &str| {
            Stop::error(context.global, Exit::BadInput, code, Some(path), text).report();
        };
        let (mut unread, broken, mut seen) = (0, AtomicUsize::new(0), Seen::default());
        let mut advised: Vec<String> = Vec::new();
        let paths = [path.to_owned()];
        for block in Blocks::of(context, &paths, lists, layout, ROWS, (progress, &broken)) {
            progress.show();
            for (line, read) in reader.read(&block) {
                let Some(read) = read else { continue };
                let id = read.as_ref().ok().and_then(|listed| listed.profile.id.as_deref());
                let first = id.and_then(|id| seen.add(0, &[(IdHash::of(id), line)]).remove(&line));
                match (first, read) {
                    (Some(first), Ok(Listed { profile, kept })) => {
                        unread += 1;
                        let why = Unread { kept, ..reader.repeated(profile.id.as_deref(), first) };
                        report_unread(path, line, &why, context);
                    }
                    (_, Ok(Listed { profile, .. })) => {
                        self.listed.push(assessment::Listed { file: name_of(path), line: Some(line), profile });
                    }
                    (_, Err(why)) => {
                        unread += 1;
                        if unread <= MOST_SHOWN {
                            report_unread(path, line, &why, context);
                        }
                        advised.extend(why.advice.filter(|advice| !advised.contains(advice)));
                    }
                }
            }
        }
        if unread > MOST_SHOWN {
            complain("more-faults", &words.count("usage.more-faults", unread - MOST_SHOWN, &[]));
        }
        advised.iter().for_each(|advice| output::complain(advice));
        self.not_read += unread + broken.into_inner();
    }
}

/// Reports how many could not be read, and how the command ends for that.
pub fn end(context: &Context<'_>, not_read: usize) -> Exit {
    if not_read == 0 {
        return Exit::Answered;
    }
    if context.global.error_format == ErrorFormat::Human {
        output::complain(&context.words().count("agenda.errors", not_read, &[]));
    }
    Exit::BadInput
}

fn report_unread(path: &Path, line: u64, Unread { id, text, .. }: &Unread, context: &Context<'_>) {
    let words = context.words();
    output::complain(&match context.global.error_format {
        ErrorFormat::Human => words.with(
            "word.error",
            &[("text", &words.with("agenda.unread", &[("path", &name_of(path)), ("line", &line), ("faults", text)]))],
        ),
        ErrorFormat::Json => json!({
            "code": "line-not-readable", "severity": "error", "path": path, "line": line, "id": id, "message": text,
        })
        .to_string(),
    });
}
