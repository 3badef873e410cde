//! Who stands in profiles and staff lists: one after the other, or everybody at once.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use serde_json::json;
use trp_check::assessment::Listed;
use trp_check::batch::reading::{Reader, Unread};
use trp_check::batch::seen::{IdHash, Seen};
use trp_check::profile::Profile;
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
    pub listed: Vec<Listed>,
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
        let mut listed = Vec::new();
        let not_read = for_each(paths, is_list, lists, context, |file, line, profile| {
            listed.push(Listed { file: Rc::clone(file), line, profile });
        })?;
        Ok(Self { listed, not_read })
    }
}

/// Reads files that are one profile each, or staff lists, and hands over one person after the other, with the name of the
/// file and in a list the line. The answer is how many could not be read; what is wrong with them was reported.
pub fn for_each(
    paths: &[PathBuf],
    is_list: impl Fn(&Path) -> bool,
    lists: &Lists,
    context: &Context<'_>,
    mut take: impl FnMut(&Rc<str>, Option<u64>, Profile),
) -> Result<usize, Stop> {
    let layout = input::layout(context.global, lists, &context.book, context.today)?;
    let progress = Progress::of(paths);
    let mut not_read = 0;
    for path in paths {
        let file: Rc<str> = name_of(path).into();
        if is_list(path) {
            let take = |line, profile| take(&file, Some(line), profile);
            not_read += of_a_list(path, (lists, &layout), context, &progress, take);
            continue;
        }
        match context.profile(&Facts::<false>::of_file(path.to_owned())) {
            Ok(profile) => take(&file, None, profile),
            Err(stop) => {
                stop.report();
                not_read += 1;
            }
        }
    }
    progress.end();
    Ok(not_read)
}

fn of_a_list(
    path: &Path,
    (lists, layout): (&Lists, &Arc<Layout>),
    context: &Context<'_>,
    progress: &Progress,
    mut take: impl FnMut(u64, Profile),
) -> usize {
    let words = context.words();
    let reader = Reader::new(&context.book, words, context.today, lists.max_line);
    let (mut unread, broken, mut seen) = (0, AtomicUsize::new(0), Seen::default());
    let mut advised: Vec<String> = Vec::new();
    let paths = [path.to_owned()];
    for block in Blocks::of(context, &paths, lists, layout, ROWS, (progress, &broken)) {
        progress.show();
        for (line, read) in reader.read(&block) {
            let read = read.map(|read| {
                let profile = read?.profile;
                let id = profile.id.as_deref();
                let first = id.and_then(|id| seen.add(0, &[(IdHash::of(id), line)]).remove(&line));
                first.map_or(Ok(()), |first| Err(reader.repeated(id, first))).map(|()| profile)
            });
            match read {
                None => {}
                Some(Ok(profile)) => take(line, profile),
                Some(Err(why)) => {
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
        let text = words.count("usage.more-faults", unread - MOST_SHOWN, &[]);
        Stop::error(context.global, Exit::BadInput, "more-faults", Some(path), &text).report();
    }
    if context.global.error_format == ErrorFormat::Human {
        advised.iter().for_each(|advice| output::complain(advice));
    }
    unread + broken.into_inner()
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
