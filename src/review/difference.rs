//! What a change of the rules alters: the rules themselves, key by key.

use std::collections::BTreeSet;

use crate::calendar::Day;
use crate::country::Countries;
use crate::facts::Fact;
use crate::rulebook::RuleBook;
use crate::rulebook::outline::{Outline, OutlineVersion, outline};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule, or what else has changed: `pack`, `vocabulary`, `calendar`.
    pub subject: String,
    pub before: Option<usize>,
    pub after: Option<usize>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    RuleAdded,
    RuleRemoved,
    VersionAdded(Keys),
    VersionRemoved(Keys),
    /// The value of a key (with dots) is another; empty where it is not there.
    Key {
        key: String,
        old: String,
        new: String,
    },
}

/// Keys, with dots, and their values as rule files write them.
pub type Keys = Vec<(String, String)>;

fn pair(key: &str, value: impl ToString) -> (String, String) {
    (key.to_owned(), value.to_string())
}

/// What a version says, key by key. Titles and texts are not part of it.
pub fn keys(version: &OutlineVersion<'_>) -> Keys {
    let head = version.head;
    let mut keys = vec![pair("from", head.from)];
    keys.extend(head.until.map(|day| pair("until", day)));
    keys.extend(version.says.iter().map(|(key, value)| pair(key, value)));
    keys.extend(version.when.iter().map(|asked| (format!("when.{}", asked.fact.key()), asked.values.join(", "))));
    for (at, (asked, exemption)) in version.unless.iter().enumerate() {
        keys.extend(asked.iter().map(|asked| (format!("unless[{at}].{}", asked.fact.key()), asked.values.join(", "))));
        keys.extend(exemption.only_if_stated.then(|| (format!("unless[{at}].only_if_stated"), "true".to_owned())));
    }
    keys.push(pair("standing", head.standing.name()));
    keys.push(pair("verified", head.verified));
    keys.extend(head.cites.iter().map(|cite| (format!("cite.{}", cite.source), cite.at.to_string())));
    keys.extend(head.notes.iter().map(|note| (format!("notes.{}", note.code), note.text.to_string())));
    keys
}

/// What differs between two packs, in the order of the new one; what is gone stands last.
pub fn between_packs(old: &RuleBook, new: &RuleBook, countries: &Countries) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(&pack_keys(old), &pack_keys(new), "pack", &mut changes);
    let (before, after) = (outline(old, countries), outline(new, countries));
    for rule in &after {
        match before.iter().find(|known| known.id == rule.id) {
            None => {
                changes.push(change(rule.id, None, Some(0), What::RuleAdded));
                changes.extend((0..rule.versions.len()).map(|nth| version_added(rule, nth)));
            }
            Some(known) => {
                let fixed =
                    |rule: &Outline<'_>| [pair("public", rule.public), pair("exception_to", rule.gives_way.join(", "))];
                compare(&fixed(known), &fixed(rule), rule.id, &mut changes);
                compare_versions(known, rule, &mut changes);
            }
        }
    }
    for rule in before.iter().filter(|rule| !after.iter().any(|known| known.id == rule.id)) {
        changes.push(change(rule.id, Some(0), None, What::RuleRemoved));
    }
    compare(&calendar_keys(old), &calendar_keys(new), "calendar", &mut changes);
    changes
}

/// What differs between two days of one pack: rules that begin, end, or say something else.
pub fn between_days(book: &RuleBook, countries: &Countries, earlier: Day, later: Day) -> Vec<Change> {
    let mut changes = Vec::new();
    for rule in &outline(book, countries) {
        let on = |day: Day| rule.versions.iter().position(|version| version.head.is_in_force(day));
        match (on(earlier), on(later)) {
            (None, Some(nth)) => changes.push(version_added(rule, nth)),
            (Some(nth), None) => changes.push(version_removed(rule, nth)),
            (Some(one), Some(other)) if one != other => {
                // Two versions of one rule are in force on different days anyway.
                let is_day = |what: &What| matches!(what, What::Key { key, .. } if key == "from" || key == "until");
                let found = compare_version((rule, one), (rule, other)).into_iter();
                changes.extend(found.filter(|change| !is_day(&change.what)));
            }
            _ => {}
        }
    }
    changes
}

/// Versions are the same where they begin on the same day; else, among as many, where they stand in the same place.
fn compare_versions(before: &Outline<'_>, after: &Outline<'_>, changes: &mut Vec<Change>) {
    let same_day =
        |version: &OutlineVersion<'_>| before.versions.iter().position(|known| known.head.from == version.head.from);
    let mut known: Vec<Option<usize>> = after.versions.iter().map(same_day).collect();
    if before.versions.len() == after.versions.len() {
        for nth in 0..known.len() {
            if known[nth].is_none() && !known.contains(&Some(nth)) {
                known[nth] = Some(nth);
            }
        }
    }
    for (nth, known) in known.iter().enumerate() {
        match known {
            Some(at) => changes.extend(compare_version((before, *at), (after, nth))),
            None => changes.push(version_added(after, nth)),
        }
    }
    let gone = (0..before.versions.len()).filter(|nth| !known.contains(&Some(*nth)));
    changes.extend(gone.map(|nth| version_removed(before, nth)));
}

fn compare_version(old: (&Outline<'_>, usize), new: (&Outline<'_>, usize)) -> Vec<Change> {
    let mut found = Vec::new();
    compare(&keys(&old.0.versions[old.1]), &keys(&new.0.versions[new.1]), new.0.id, &mut found);
    found.iter_mut().for_each(|change| (change.before, change.after) = (Some(old.1), Some(new.1)));
    found
}

fn version_added(rule: &Outline<'_>, nth: usize) -> Change {
    change(rule.id, None, Some(nth), What::VersionAdded(keys(&rule.versions[nth])))
}

fn version_removed(rule: &Outline<'_>, nth: usize) -> Change {
    change(rule.id, Some(nth), None, What::VersionRemoved(keys(&rule.versions[nth])))
}

fn change(subject: &str, before: Option<usize>, after: Option<usize>, what: What) -> Change {
    Change { subject: subject.to_owned(), before, after, what }
}

/// The keys whose values differ; a key may stand several times.
fn compare(old: &[(String, String)], new: &[(String, String)], subject: &str, changes: &mut Vec<Change>) {
    let values = |keys: &[(String, String)], wanted: &str| {
        let values: Vec<&str> = keys.iter().filter(|(key, _)| key == wanted).map(|(_, value)| value.as_str()).collect();
        values.join("; ")
    };
    let mut seen = BTreeSet::new();
    for (key, _) in new.iter().chain(old).filter(|(key, _)| seen.insert(key)) {
        let (old, new) = (values(old, key), values(new, key));
        if old != new {
            changes.push(change(subject, None, None, What::Key { key: key.clone(), old, new }));
        }
    }
}

/// What the pack says of itself. Categories are rules of their own.
fn pack_keys(book: &RuleBook) -> Keys {
    let mut keys = vec![
        pair("id", &book.id),
        pair("version", &book.version),
        pair("utc_offset_hours", book.utc_offset_hours),
        pair("covered_from", book.covered_from),
        pair("stale_after_days", book.stale_after_days),
        pair("attention_days", book.attention_days),
        pair("languages", book.languages.join(", ")),
    ];
    for fact in Fact::ALL.into_iter().filter(|fact| *fact != Fact::Category) {
        keys.push((format!("words.{}", fact.key()), book.vocabulary.values(fact).join(", ")));
    }
    for question in book.questions.iter() {
        keys.push((format!("open_question.{}", question.id), question.rules.join(", ")));
    }
    keys
}

/// The days of the calendar that differ from the plain week, and what they are.
pub fn calendar_keys(book: &RuleBook) -> Keys {
    let mut keys = vec![pair("weekend", book.calendar.weekend)];
    for day in book.calendar.years.iter().flat_map(|year| year.days.iter()) {
        let name = day.name.split_once('.').map_or(&*day.name, |(_, id)| id);
        keys.push(pair(&day.on.to_string(), format!("{} {name}", day.kind.name()).trim()));
    }
    keys
}
