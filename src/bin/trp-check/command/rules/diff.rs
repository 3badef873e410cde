//! `rules diff A B`: what differs between two packs, or between two days of one, and whose answers change.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value as Json, json};
use trp_check::assess::assess;
use trp_check::calendar::Day;
use trp_check::country::Finder;
use trp_check::embedded;
use trp_check::profile::{Profile, check as check_profile};
use trp_check::render::difference::{Altered, answers, key_text, subject, text as told, word};
use trp_check::render::{Words, words::called};
use trp_check::review::difference::{Change, What, between_days, between_packs};
use trp_check::rulebook::RuleBook;
use trp_check::source::Fault;

use super::super::{present_day, tell};
use super::open;
use crate::args::{Global, ListFormat, RulesDiff};
use crate::files::{self, Pack, Written};
use crate::{Exit, args, output};

pub fn run(global: &Global, ask: &RulesDiff) -> anyhow::Result<Exit> {
    let words = args::words();
    let usage = |key: &str| {
        output::fail(global.error_format, "usage", None, words.label(key));
        Ok(Exit::Usage)
    };
    let (before, after, on) = match (&ask.packs[..], &ask.on[..]) {
        ([one], [earlier, later]) => (one, one, Some((*earlier, *later))),
        ([one, other], []) => (one, other, None),
        ([one, other], [day]) => (one, other, Some((*day, *day))),
        ([_], _) => return usage("usage.diff-needs-two-days"),
        _ => return usage("usage.diff-takes-one-day"),
    };
    let (before, after) = match open(global, Some(before)).and_then(|old| Ok((old, open(global, Some(after))?))) {
        Ok(packs) => packs,
        Err(exit) => return Ok(exit),
    };
    let (Some(old), Some(new)) = (&before.checked.book, &after.checked.book) else { return Ok(Exit::BadRules) };
    let changes = match on {
        Some((earlier, later)) if ask.packs.len() == 1 => between_days(old, &embedded::COUNTRIES, earlier, later),
        _ => between_packs(old, new, &embedded::COUNTRIES),
    };
    let days = match on {
        Some(days) => days,
        None => match present_day(global, new.utc_offset_hours) {
            Ok(today) => (today, today),
            Err(exit) => return Ok(exit),
        },
    };
    let people = match &ask.people {
        None => None,
        Some(path) => match compare_people(global, path, (old, days.0), (new, days.1))? {
            Ok(people) => Some(people),
            Err(exit) => return Ok(exit),
        },
    };
    let report = Report { before: &before, after: &after, words };
    output::answer(&match ask.format {
        ListFormat::Table => report.text(&changes, people.as_ref()),
        ListFormat::Json => report.json(&changes, people.as_ref()),
    })?;
    Ok(Exit::Answered)
}

/// Somebody whose answer changes.
struct Person {
    line: usize,
    name: String,
    altered: Vec<Altered>,
}

/// How many people were asked about, and those whose answers change.
struct People {
    asked: usize,
    changed: Vec<Person>,
}

/// Asks both packs about everybody; `Err`: somebody could not be read, which was reported.
fn compare_people(
    global: &Global,
    path: &Path,
    old: (&RuleBook, Day),
    new: (&RuleBook, Day),
) -> anyhow::Result<Result<People, Exit>> {
    let list = match files::people(path)? {
        Ok(list) => list,
        Err((text, faults)) => {
            tell(global, &faults, &[text], &args::words());
            return Ok(Err(Exit::BadInput));
        }
    };
    let mut people = People { asked: list.people.len(), changed: Vec::new() };
    let mut faults: Vec<Fault> = Vec::new();
    for written in &list.people {
        let read = |(book, today): (&RuleBook, Day)| {
            let countries = Finder::new(&embedded::COUNTRIES);
            let checked = check_profile::check(&written.profile, written.faults.clone(), book, &countries, today);
            checked.map_err(|faults| faults.into_iter().map(|fault| written.in_file(fault)).collect::<Vec<_>>())
        };
        match (read(old), read(new)) {
            (Ok(one), Ok(other)) => people.changed.extend(compare_person(written, (old, &one), (new, &other))),
            (Err(found), _) | (_, Err(found)) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        return Ok(Ok(people));
    }
    tell(global, &faults, &[list.text], &args::words());
    Ok(Err(Exit::BadInput))
}

fn compare_person(
    written: &Written,
    (old, one): ((&RuleBook, Day), &Profile),
    (new, other): ((&RuleBook, Day), &Profile),
) -> Option<Person> {
    let (before, after) = (assess(old.0, one, old.1), assess(new.0, other, new.1));
    let altered = answers((&before, &args::words_of(old.0)), (&after, &args::words_of(new.0)));
    let name = [&one.applicant.name, &one.id].into_iter().flatten().next().cloned().unwrap_or_default();
    (!altered.is_empty()).then_some(Person { line: written.line, name, altered })
}

/// What differs.
struct Report<'p> {
    before: &'p Pack,
    after: &'p Pack,
    words: Words<'p>,
}

impl Report<'_> {
    /// Where a change stands: in the new pack, or in the old one where it is gone.
    fn place(&self, change: &Change) -> Option<(String, usize)> {
        let key = match &change.what {
            What::Key { key, .. } => key.split(['.', '[', ' ']).next().unwrap_or_default(),
            _ => "from",
        };
        let of = |pack: &Pack, nth: usize| {
            let span = pack.checked.places.of_version(&change.subject, nth, key)?;
            let (path, line, _) = pack.place(span);
            Some((path, line))
        };
        match (change.after, change.before) {
            (Some(nth), _) => of(self.after, nth),
            (None, Some(nth)) => of(self.before, nth),
            (None, None) => of(self.after, 0),
        }
    }

    fn text(&self, changes: &[Change], people: Option<&People>) -> String {
        let words = &self.words;
        let mut text = String::new();
        let mut last = String::new();
        for change in changes {
            let place = self.place(change).map_or_else(String::new, |(path, line)| format!("{path}:{line}: "));
            let Some(altered) = key_text(change, words) else {
                let _ = writeln!(text, "{place}{}", told(change, words));
                continue;
            };
            // All that changed in one version stands below its name.
            let subject = subject(change, words);
            if subject != last {
                let _ = writeln!(text, "{place}{subject}");
                last = subject;
            }
            let _ = writeln!(text, "    {altered}");
        }
        let count = i32::try_from(changes.len()).unwrap_or(i32::MAX);
        let _ = writeln!(text, "{}", words.count("rules_diff.changes", count, &[]));
        let Some(people) = people else { return text };
        text.push('\n');
        for person in &people.changed {
            let name = called(&person.name);
            let values = [("line", &*person.line.to_string()), ("name", &*name)];
            let key = if name.is_empty() { "rules_diff.person" } else { "rules_diff.person-named" };
            let _ = writeln!(text, "{}", words.with(key, &values));
            for altered in &person.altered {
                let _ =
                    writeln!(text, "  {}: {} → {}", altered.path, word(&altered.old, words), word(&altered.new, words));
            }
        }
        let values = [("asked", &*people.asked.to_string())];
        let count = i32::try_from(people.changed.len()).unwrap_or(i32::MAX);
        let _ = writeln!(text, "{}", words.count("rules_diff.people", count, &values));
        text
    }

    fn json(&self, changes: &[Change], people: Option<&People>) -> String {
        let change = |change: &Change| {
            let (path, line) = self.place(change).unzip();
            let (key, old, new) = match &change.what {
                What::Key { key, old, new } => (Some(key), Some(old), Some(new)),
                _ => (None, None, None),
            };
            json!({
                "subject": change.subject, "text": told(change, &self.words), "path": path, "line": line,
                "key": key, "old": old, "new": new,
            })
        };
        let changes: Vec<Json> = changes.iter().map(change).collect();
        let people = people.map(|people| {
            let changed = people.changed.iter();
            let changed =
                changed.map(|person| json!({ "line": person.line, "name": person.name, "changes": person.altered }));
            json!({ "asked": people.asked, "changed": changed.collect::<Vec<_>>() })
        });
        format!("{}\n", json!({ "changes": changes, "people": people }))
    }
}
