//! `rules diff A B`: what differs between two packs, or between two days of one, and whose answers change.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value as Json, json};
use trp_check::assess::assess;
use trp_check::assessment::Listed;
use trp_check::calendar::Day;
use trp_check::embedded;
use trp_check::render::difference::{Altered, answers, key_text, subject, text as change_text, word};
use trp_check::render::{Format, Words, words::called};
use trp_check::review::difference::{Change, What, between_days, between_packs};
use trp_check::rulebook::RuleBook;

use super::super::batch::input::is_list;
use super::super::context::{Context, present_day};
use super::super::people::People as Everybody;
use super::open;
use crate::args::{Global, Lists, RulesDiff};
use crate::files::Pack;
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &RulesDiff) -> Result<Exit, Stop> {
    let words = args::words();
    let usage = |key: &str| Err(Stop::usage(global, words.label(key)));
    let (before, after, on) = match (&ask.packs[..], &ask.on[..]) {
        ([one], [earlier, later]) => (one, one, Some((*earlier, *later))),
        ([one, other], []) => (one, other, None),
        ([one, other], [day]) => (one, other, Some((*day, *day))),
        ([_], _) => return usage("usage.diff-needs-two-days"),
        _ => return usage("usage.diff-takes-one-day"),
    };
    let (before, after) = (open(global, Some(before))?, open(global, Some(after))?);
    let (Some(old), Some(new)) = (&before.checked.book, &after.checked.book) else { return Ok(Exit::BadRules) };
    let changes = match on {
        Some((earlier, later)) if ask.packs.len() == 1 => between_days(old, &embedded::COUNTRIES, earlier, later),
        _ => between_packs(old, new, &embedded::COUNTRIES),
    };
    let days = if let Some(days) = on {
        days
    } else {
        let today = present_day(global, new.utc_offset_hours)?;
        (today, today)
    };
    let people = match &ask.people {
        None => None,
        Some(path) => Some(compare_people(global, path, &ask.lists, (old, days.0), (new, days.1))?),
    };
    let report = Report { before: &before, after: &after, words };
    output::answer(&match ask.format {
        Format::Table => report.text(&changes, people.as_ref()),
        _ => report.json(&changes, people.as_ref()),
    })
}

struct Person {
    line: u64,
    name: String,
    altered: Vec<Altered>,
}

/// How many people were asked about, and those whose answers change.
struct People {
    asked: usize,
    changed: Vec<Person>,
}

/// Asks both packs about everybody. What is wrong with somebody is reported line by line.
fn compare_people(
    global: &Global,
    path: &Path,
    lists: &Lists,
    old: (&RuleBook, Day),
    new: (&RuleBook, Day),
) -> Result<People, Stop> {
    let [old, new] = [old, new].map(|(book, today)| Context { global, book: Cow::Owned(book.clone()), today });
    let read = |context: &Context<'_>| {
        let people = Everybody::read(&[path.to_owned()], is_list, lists, context)?;
        if people.not_read == 0 { Ok(people.listed) } else { Err(Stop::new(Exit::BadInput, String::new())) }
    };
    let (before, after) = (read(&old)?, read(&new)?);
    let changed = before.iter().zip(&after).filter_map(|(one, other)| compare_person((&old, one), (&new, other)));
    Ok(People { asked: before.len(), changed: changed.collect() })
}

fn compare_person((old, one): (&Context<'_>, &Listed), (new, other): (&Context<'_>, &Listed)) -> Option<Person> {
    let before = assess(&old.book, &one.profile, old.today);
    let after = assess(&new.book, &other.profile, new.today);
    let altered = answers((&before, &old.words()), (&after, &new.words()));
    let profile = &one.profile;
    let name = [&profile.applicant.name, &profile.id].into_iter().flatten().next().cloned().unwrap_or_default();
    (!altered.is_empty()).then_some(Person { line: one.line.unwrap_or(1), name, altered })
}

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
                let _ = writeln!(text, "{place}{}", change_text(change, words));
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
            let key = if name.is_empty() { "rules_diff.person" } else { "rules_diff.person-named" };
            let _ = writeln!(text, "{}", words.with(key, &[("line", &person.line), ("name", &name)]));
            for altered in &person.altered {
                let _ =
                    writeln!(text, "  {}: {} → {}", altered.path, word(&altered.old, words), word(&altered.new, words));
            }
        }
        let count = i32::try_from(people.changed.len()).unwrap_or(i32::MAX);
        let _ = writeln!(text, "{}", words.count("rules_diff.people", count, &[("asked", &people.asked)]));
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
                "subject": change.subject, "text": change_text(change, &self.words), "path": path, "line": line,
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
        format!("{}\n", json!({ "schema": "trp-check/difference/1", "changes": changes, "people": people }))
    }
}
