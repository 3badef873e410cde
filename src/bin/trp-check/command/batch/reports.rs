//! `batch --reports DIR`: a page about each person, and an index with the deadlines of all.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use trp_check::assess::agenda::agenda;
use trp_check::assess::{CachedRules, decide};
use trp_check::assessment::{Choice, Listed, Paged, Part, Whose};
use trp_check::batch::is_wanted;
use trp_check::render::{Format, Sections, agenda as render_agenda};

use super::super::check::rendered;
use super::super::people::{self, People};
use super::Context;
use crate::args::{Batch, Global};
use crate::files::{self, Clobber};
use crate::{Exit, Stop, output};

const INDEX: &str = "index";
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

    let ending = if ask.report_format == Format::Markdown { "md" } else { "html" };
    let names = file_names(&listed, ending);
    let index = format!("{INDEX}.{ending}");
    if let Some(there) = names.iter().chain([&index]).map(|name| folder.join(name)).find(|path| path.exists())
        && !ask.force
    {
        let text = words.with("reports.exists", &[("path", &there.display().to_string())]);
        return Err(Stop::error(global, Exit::Usage, "file-exists", Some(&there), &text));
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let clobber = if ask.force { Clobber::Allowed } else { Clobber::Refused };
    let mut pages = Vec::new();
    for (one, name) in listed.iter().zip(&names) {
        let answer = context.assess(&one.profile, Part::ALL);
        let page = rendered(global, &context.book, &answer, (ask.report_format, true), Sections::All, &words);
        files::write(&folder.join(name), &page, clobber)?;
        pages.push(Paged { whose: Whose::applicant(one), status: answer.status, page: name });
    }
    // Last, so that nothing in it leads nowhere.
    let deadlines = agenda(&context.book, &listed, not_read, context.today, global.strict, Choice::default());
    let document = render_agenda::document(&deadlines, &pages, false, &words);
    let text = output::drawn(&document, ask.report_format, &words, output::look(global));
    let index = folder.join(index);
    files::write(&index, text.as_bytes(), clobber)?;
    let written = words.count("reports.written", listed.len(), &[("index", &index.display().to_string())]);
    output::answer(&format!("{written}\n"))?;
    Ok(people::end(context, not_read))
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
