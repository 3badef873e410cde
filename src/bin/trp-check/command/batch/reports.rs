//! `batch --reports DIR`: a page about each person, letters to them, and an index with the deadlines of all.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use trp_check::assess::agenda::Collector;
use trp_check::assess::{CachedRules, decide};
use trp_check::assessment::{Addressee, Choice, Listed, Message, Paged, Part, fingerprint};
use trp_check::batch::is_wanted;
use trp_check::render::terminal::Look;
use trp_check::render::words::called;
use trp_check::render::{Format, Sections, Words, agenda as render_agenda, check};

use super::super::check::rendered;
use super::super::people::{self, People};
use super::Context;
use crate::args::{Batch, Global};
use crate::files::{self, Clobber};
use crate::{Exit, Stop, args, output};

const INDEX: &str = "index";
/// The folder of the letters, in that of the pages.
const LETTERS: &str = "letters";
const LETTER_WIDTH: usize = 80;
const ENDINGS: [&str; 3] = ["html", "md", "txt"];
/// The list of what was written.
const WRITTEN: &str = "pages.sha256";
/// So many pages of nobody are named.
const MOST_NAMED: usize = 20;
/// The most letters of an id that a file name takes over.
const MOST_LETTERS: usize = 60;

pub fn run(
    global: &Global,
    ask: &Batch,
    context: &Context<'_>,
    paths: &[PathBuf],
    folder: &Path,
) -> Result<Exit, Stop> {
    let words = context.words();
    let People { mut listed, not_read } = People::read(paths, |_| true, &ask.lists, context)?;
    let due_by = ask.within.map(|days| context.today.plus(days));
    let rules = CachedRules::for_many(&context.book);
    listed.retain(|one| {
        let mut decision = decide(&rules, &one.profile, context.today);
        if global.strict {
            decision.status = context.assess(&one.profile, Part::ALL).status;
        }
        is_wanted(&decision, &ask.only, due_by)
    });

    let ending = if ask.pages.report_format == Format::Markdown { "md" } else { "html" };
    let names = file_names(&listed, ending);
    let index = format!("{INDEX}.{ending}");
    let letter_of = |name: &str| format!("{LETTERS}/{}.txt", name.trim_end_matches(&format!(".{ending}")));
    let letters = names.iter().filter(|_| ask.pages.letters).map(|name| letter_of(name));
    let mut wanted = names.iter().cloned().chain(letters).chain([index.clone()]).map(|name| folder.join(name));
    // A link that leads nowhere is there, too.
    if let Some(there) = wanted.find(|path| fs::symlink_metadata(path).is_ok())
        && !ask.pages.force
    {
        let text = words.with("reports.exists", &[("path", &there.display().to_string())]);
        return Err(Stop::error(global, Exit::Usage, "file-exists", Some(&there), &text));
    }
    let mut pages = Pages::open(folder, &ask.pages)?;
    let sentence = |message: &Message<'_>| words.sentence(message);
    let asked = (Choice::default(), ask.pages.addressee.unwrap_or(Addressee::Host));
    let mut collector = Collector::new(&context.book, context.today, global.strict, asked, &sentence);
    let mut paged = Vec::new();
    for (one, name) in listed.iter().zip(&names) {
        let answer = context.assess(&one.profile, Part::ALL);
        let page = rendered(global, &context.book, &answer, (ask.pages.report_format, true), Sections::All, &words);
        pages.write(name, &page)?;
        if ask.pages.letters {
            pages.write(&letter_of(name), check::letter(&answer, &words, Look::plain(LETTER_WIDTH)).as_bytes())?;
        }
        let whose = collector.add(&one.file, one.line, &one.profile);
        paged.push(Paged { whose, status: answer.status, page: name });
    }
    // Last, so that nothing in it leads nowhere.
    let deadlines = collector.finish(not_read);
    let document = render_agenda::document(&deadlines, &paged, false, &words);
    let text = output::drawn(&document, ask.pages.report_format, &words, output::look(global));
    pages.write(&index, text.as_bytes())?;
    pages.close(ask.pages.prune, &words)?;
    let index = folder.join(index).display().to_string();
    let written = words.count("reports.written", listed.len(), &[("index", &index)]);
    output::answer(&format!("{written}\n"))?;
    Ok(people::end(context, not_read))
}

/// The folder of the pages, and the list of those that were written into it: a line for each with its fingerprint, in the
/// form of `sha256sum`. Only what stands there as it was written is ever removed.
struct Pages<'f> {
    folder: &'f Path,
    clobber: Clobber,
    /// The fingerprints of what was written before, by name.
    before: BTreeMap<String, String>,
    written: BTreeMap<String, String>,
}

impl<'f> Pages<'f> {
    fn open(folder: &'f Path, ask: &args::Pages) -> Result<Self, Stop> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        if ask.letters {
            let letters = folder.join(LETTERS);
            if ask.force && fs::symlink_metadata(&letters).is_ok_and(|of| of.is_symlink()) {
                fs::remove_file(&letters).with_context(|| letters.display().to_string())?;
            }
            fs::create_dir_all(&letters).with_context(|| letters.display().to_string())?;
        }
        let list = folder.join(WRITTEN);
        let is_file = fs::symlink_metadata(&list).is_ok_and(|of| of.is_file());
        let list = is_file.then(|| fs::read_to_string(list).ok()).flatten().unwrap_or_default();
        let before = list.lines().filter_map(|line| line.split_once("  ")).filter(|(_, name)| is_own_name(name));
        let before = before.map(|(print, name)| (name.to_owned(), print.to_owned())).collect();
        let clobber = if ask.force { Clobber::Replaced } else { Clobber::Refused };
        Ok(Self { folder, clobber, before, written: BTreeMap::new() })
    }

    fn write(&mut self, name: &str, page: &[u8]) -> anyhow::Result<()> {
        files::write(&self.folder.join(name), page, self.clobber)?;
        self.written.insert(name.to_owned(), fingerprint(page));
        Ok(())
    }

    /// Says which pages are of nobody of this list, or removes them; and keeps the list of all that are there.
    fn close(mut self, prune: bool, words: &Words<'_>) -> anyhow::Result<()> {
        let is_there = |name: &str, print: &str| {
            let path = self.folder.join(name);
            let is_file = fs::symlink_metadata(&path).is_ok_and(|of| of.is_file());
            is_file && fs::read(&path).is_ok_and(|page| fingerprint(&page) == *print)
        };
        let mut left = std::mem::take(&mut self.before);
        left.retain(|name, print| !self.written.contains_key(name) && is_there(name, print));
        if !left.is_empty() {
            let names: Vec<Cow<'_, str>> = left.keys().take(MOST_NAMED).map(|name| called(name)).collect();
            let more = if left.len() > MOST_NAMED { ", …" } else { "" };
            let list = format!("{}{more}", names.join(", "));
            let key = if prune { "reports.pruned" } else { "reports.left" };
            output::complain(&words.count(key, left.len(), &[("list", &list)]));
        }
        if prune {
            for name in std::mem::take(&mut left).into_keys() {
                let path = self.folder.join(name);
                fs::remove_file(&path).with_context(|| path.display().to_string())?;
            }
        }
        left.append(&mut self.written);
        let list: String = left.iter().map(|(name, print)| format!("{print}  {name}\n")).collect();
        files::write(&self.folder.join(WRITTEN), list.as_bytes(), Clobber::Replaced)
    }
}

/// Whether a page or a letter can be called so: a list that somebody else wrote names no other file.
fn is_own_name(name: &str) -> bool {
    let name = name.strip_prefix(LETTERS).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
    let is_own = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let parts = name.rsplit_once('.');
    parts.is_some_and(|(stem, ending)| !stem.is_empty() && stem.chars().all(is_own) && ENDINGS.contains(&ending))
}

/// A file name for each person, none twice even where capital letters do not count: the id, or the place in the list
/// where there is none, and a number behind it for whoever comes later with the same one.
fn file_names(listed: &[Listed], ending: &str) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::from([INDEX.to_owned()]);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let name = |(at, one): (usize, &Listed)| {
        let place = one.line.map_or_else(|| format!("person-{}", at + 1), |line| format!("line-{line}"));
        let id = one.profile.id.as_deref().map(plain).filter(|id| !id.is_empty());
        let start = id.unwrap_or(place);
        let times = times.entry(start.to_lowercase()).or_default();
        loop {
            *times += 1;
            let name = if *times == 1 { start.clone() } else { format!("{start}-{times}") };
            if taken.insert(name.to_lowercase()) {
                return format!("{name}.{ending}");
            }
        }
    };
    listed.iter().enumerate().map(name).collect()
}

/// What is left of an id in a file name: the letters and digits that every file system knows, with single hyphens in
/// place of everything else. So it names no folder, no hidden file and no flag; and no device, for which those of
/// Windows have a hyphen put behind them.
fn plain(id: &str) -> String {
    let letters: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let parts: Vec<&str> = letters.split('-').filter(|part| !part.is_empty()).collect();
    let name: String = parts.join("-").chars().take(MOST_LETTERS).collect();
    let name = name.trim_end_matches('-').to_owned();
    if is_device(&name) { format!("{name}-") } else { name }
}

/// Names that Windows keeps for devices, whatever their ending.
fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_numbered = |start: &str| name.strip_prefix(start).is_some_and(|digit| digit.len() == 1 && digit != "0");
    matches!(&*name, "con" | "prn" | "aux" | "nul") || is_numbered("com") || is_numbered("lpt")
}
