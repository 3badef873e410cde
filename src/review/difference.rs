//! What a change of the rules alters: the rules themselves, key by key.

use std::collections::BTreeMap;

use crate::calendar::Day;
use crate::country::Countries;
use crate::rulebook::RuleBook;
use crate::rulebook::outline::{Outline, OutlineVersion, outline};

/// A change of a rule pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule, or what else has changed: `pack`, `vocabulary`, `calendar`.
    pub subject: String,
    /// The number of the version in the old pack.
    pub before: Option<usize>,
    /// The number of the version in the new pack.
    pub after: Option<usize>,
    /// What changed in it.
    pub what: What,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The rule is new.
    RuleAdded,
    /// The rule is gone.
    RuleRemoved,
    /// The version is new: what it says.
    VersionAdded(Vec<(String, String)>),
    /// The version is gone: what it said.
    VersionRemoved(Vec<(String, String)>),
    /// One key says something else; empty where it is not there.
    Key {
        /// The key, with dots.
        key: String,
        /// What it said.
        old: String,
        /// What it says.
        new: String,
    },
}

/// What a version says, key by key, as rule files write it. Titles and texts are not part of it.
#[must_use]
pub fn keys(version: &OutlineVersion<'_>) -> Vec<(String, String)> {
    let head = version.head;
    let mut keys: Vec<(String, String)> = vec![("from".to_owned(), head.from.to_string())];
    keys.extend(head.until.map(|day| ("until".to_owned(), day.to_string())));
    keys.extend(version.says.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    conditions(version, &mut keys);
    keys.push(("standing".to_owned(), head.standing.name().to_owned()));
    keys.push(("verified".to_owned(), head.verified.to_string()));
    for cite in head.cites.iter() {
        keys.push((format!("cite.{}", cite.source), cite.at.to_string()));
    }
    for note in head.notes.iter() {
        keys.push((format!("notes.{}", note.code), note.text.to_string()));
    }
    keys
}

fn conditions(version: &OutlineVersion<'_>, keys: &mut Vec<(String, String)>) {
    for asked in &version.when {
        keys.push((format!("when.{}", asked.fact.key()), asked.values.join(", ")));
    }
    for (at, (asked, exemption)) in version.unless.iter().enumerate() {
        for asked in asked {
            keys.push((format!("unless[{at}].{}", asked.fact.key()), asked.values.join(", ")));
        }
        if exemption.only_if_stated {
            keys.push((format!("unless[{at}].only_if_stated"), "true".to_owned()));
        }
    }
}

/// What differs between two packs, in the order of the new one; what is gone stands last.
#[must_use]
pub fn between_packs(old: &RuleBook, new: &RuleBook, countries: &Countries) -> Vec<Change> {
    let mut changes = Vec::new();
    tables(&pack_keys(old), &pack_keys(new), "pack", &mut changes);
    let (before, after) = (outline(old, countries), outline(new, countries));
    for rule in &after {
        match before.iter().find(|known| known.id == rule.id) {
            None => {
                changes.push(Change {
                    subject: rule.id.to_owned(),
                    before: None,
                    after: Some(0),
                    what: What::RuleAdded,
                });
                for nth in 0..rule.versions.len() {
                    version_added(rule, nth, &mut changes);
                }
            }
            Some(known) => {
                let fixed = |rule: &Outline<'_>| {
                    let says = [("public", rule.public.to_owned()), ("exception_to", rule.gives_way.join(", "))];
                    says.map(|(key, value)| (key.to_owned(), value))
                };
                tables(&fixed(known), &fixed(rule), rule.id, &mut changes);
                versions(known, rule, &mut changes);
            }
        }
    }
    for rule in before.iter().filter(|rule| !after.iter().any(|known| known.id == rule.id)) {
        changes.push(Change { subject: rule.id.to_owned(), before: Some(0), after: None, what: What::RuleRemoved });
    }
    tables(&calendar_keys(old), &calendar_keys(new), "calendar", &mut changes);
    changes
}

/// What differs between two days of one pack: rules that begin, end, or say something else.
#[must_use]
pub fn between_days(book: &RuleBook, countries: &Countries, earlier: Day, later: Day) -> Vec<Change> {
    let mut changes = Vec::new();
    for rule in &outline(book, countries) {
        let on = |day: Day| rule.versions.iter().position(|version| version.head.is_in_force(day));
        match (on(earlier), on(later)) {
            (None, Some(nth)) => version_added(rule, nth, &mut changes),
            (Some(nth), None) => version_removed(rule, nth, &mut changes),
            (Some(one), Some(other)) if one != other => {
                let mut found = Vec::new();
                version((rule, one), (rule, other), &mut found);
                // Two versions of one rule are in force on different days anyway.
                let is_day = |what: &What| matches!(what, What::Key { key, .. } if key == "from" || key == "until");
                changes.extend(found.into_iter().filter(|change| !is_day(&change.what)));
            }
            _ => {}
        }
    }
    changes
}

fn versions(before: &Outline<'_>, after: &Outline<'_>, changes: &mut Vec<Change>) {
    // Versions are the same where they begin on the same day; else where they stand in the same place.
    let mut matched = vec![false; before.versions.len()];
    let mut pairs: Vec<(Option<usize>, usize)> = Vec::new();
    for (nth, version) in after.versions.iter().enumerate() {
        let same_day = before.versions.iter().position(|known| known.head.from == version.head.from);
        if let Some(at) = same_day {
            matched[at] = true;
        }
        pairs.push((same_day, nth));
    }
    for (known, nth) in &mut pairs {
        if known.is_none() && matched.get(*nth) == Some(&false) && before.versions.len() == after.versions.len() {
            matched[*nth] = true;
            *known = Some(*nth);
        }
    }
    for (known, nth) in pairs {
        match known {
            Some(at) => version((before, at), (after, nth), changes),
            None => version_added(after, nth, changes),
        }
    }
    for nth in (0..matched.len()).filter(|nth| !matched[*nth]) {
        version_removed(before, nth, changes);
    }
}

fn version(old: (&Outline<'_>, usize), new: (&Outline<'_>, usize), changes: &mut Vec<Change>) {
    let before = keys(&old.0.versions[old.1]);
    let after = keys(&new.0.versions[new.1]);
    let mut found = Vec::new();
    tables(&before, &after, new.0.id, &mut found);
    changes.extend(found.into_iter().map(|change| Change { before: Some(old.1), after: Some(new.1), ..change }));
}

fn version_added(rule: &Outline<'_>, nth: usize, changes: &mut Vec<Change>) {
    let what = What::VersionAdded(keys(&rule.versions[nth]));
    changes.push(Change { subject: rule.id.to_owned(), before: None, after: Some(nth), what });
}

fn version_removed(rule: &Outline<'_>, nth: usize, changes: &mut Vec<Change>) {
    let what = What::VersionRemoved(keys(&rule.versions[nth]));
    changes.push(Change { subject: rule.id.to_owned(), before: Some(nth), after: None, what });
}

/// The keys whose values differ.
fn tables(old: &[(String, String)], new: &[(String, String)], subject: &str, changes: &mut Vec<Change>) {
    let collect = |keys: &[(String, String)]| {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in keys {
            all.entry(key.clone()).or_default().push(value.clone());
        }
        all
    };
    let (before, after) = (collect(old), collect(new));
    let mut order: Vec<&String> = Vec::new();
    for (key, _) in new.iter().chain(old) {
        if !order.contains(&key) {
            order.push(key);
        }
    }
    for key in order {
        let (old, new) = (before.get(key), after.get(key));
        if old != new {
            let text = |values: Option<&Vec<String>>| values.map(|values| values.join("; ")).unwrap_or_default();
            let what = What::Key { key: key.clone(), old: text(old), new: text(new) };
            changes.push(Change { subject: subject.to_owned(), before: None, after: None, what });
        }
    }
}

/// What the pack says of itself.
fn pack_keys(book: &RuleBook) -> Vec<(String, String)> {
    let vocabulary = &book.vocabulary;
    let mut keys = vec![
        ("id".to_owned(), book.id.to_string()),
        ("version".to_owned(), book.version.to_string()),
        ("utc_offset_hours".to_owned(), book.utc_offset_hours.to_string()),
        ("covered_from".to_owned(), book.covered_from.to_string()),
        ("stale_after_days".to_owned(), book.stale_after_days.to_string()),
        ("attention_days".to_owned(), book.attention_days.to_string()),
        ("languages".to_owned(), book.languages.join(", ")),
    ];
    // Categories are rules of their own.
    for fact in crate::facts::Fact::ALL.into_iter().filter(|fact| *fact != crate::facts::Fact::Category) {
        keys.push((format!("words.{}", fact.key()), vocabulary.values(fact).join(", ")));
    }
    for question in book.questions.iter() {
        keys.push((format!("open_question.{}", question.id), question.rules.join(", ")));
    }
    keys
}

/// The days of the calendar that differ from the plain week, and what they are.
#[must_use]
pub fn calendar_keys(book: &RuleBook) -> Vec<(String, String)> {
    let mut keys = vec![("weekend".to_owned(), book.calendar.weekend.to_string())];
    for year in book.calendar.years.iter() {
        for day in year.days.iter() {
            let name = day.name.split_once('.').map_or(&*day.name, |(_, id)| id);
            keys.push((day.on.to_string(), format!("{} {name}", day.kind.name()).trim().to_owned()));
        }
    }
    keys
}
