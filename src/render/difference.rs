//! What a change of the rules alters, in sentences; and what it alters in an answer, value by value.

use serde_json::Value as Json;

use super::words::inert;
use super::{Sections, Words, json};
use crate::assessment::Assessment;
use crate::review::difference::{Change, What};

pub fn text(change: &Change, words: &Words<'_>) -> String {
    let version = change.after.or(change.before).map(|nth| (nth + 1).to_string()).unwrap_or_default();
    let sentence = |key: &str, keys: &str| {
        let key = format!("rules_diff.{key}");
        words.with(&key, &[("subject", &change.subject), ("n", &version), ("says", &keys)])
    };
    let listed = |keys: &[(String, String)]| {
        let is_short = |(key, _): &&(String, String)| !key.starts_with("cite.") && !key.starts_with("notes.");
        let shown = keys.iter().filter(is_short).map(|(key, value)| format!("{key} = {value}"));
        shown.collect::<Vec<_>>().join(", ")
    };
    match &change.what {
        What::RuleAdded => sentence("rule-added", ""),
        What::RuleRemoved => sentence("rule-removed", ""),
        What::VersionAdded(keys) => sentence("version-added", &listed(keys)),
        What::VersionRemoved(keys) => sentence("version-removed", &listed(keys)),
        What::Key { .. } => {
            format!("{}: {}", subject(change, words), key_text(change, words).unwrap_or_default())
        }
    }
}

/// What a change is about: the heading of all changes of one version.
pub fn subject(change: &Change, words: &Words<'_>) -> String {
    match change.after.filter(|_| matches!(change.what, What::Key { .. })) {
        Some(nth) => words.with("rules_diff.version", &[("subject", &change.subject), ("n", &(nth + 1))]),
        None => change.subject.clone(),
    }
}

pub fn key_text(change: &Change, words: &Words<'_>) -> Option<String> {
    let What::Key { key, old, new } = &change.what else { return None };
    let shown = |value: &str| word(&if value.is_empty() { Json::Null } else { Json::from(value) }, words);
    Some(words.with("rules_diff.altered", &[("key", &key), ("old", &shown(old)), ("new", &shown(new))]))
}

/// A value of an answer that is another one under other rules.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Altered {
    /// Where in the answer, with dots; items of lists by their id.
    pub path: String,
    /// What it was; null where it was not there.
    pub old: Json,
    /// What it is; null where it is no longer there.
    pub new: Json,
}

/// Keys about what an answer rests on, or that count the days to the day of the question: they differ
/// without anybody's answer being another.
const NOT_ANSWERS: [&str; 10] =
    ["schema", "rules", "today", "profile", "cite", "text", "verified", "days", "days_left", "used"];

/// Keys of an answer that only word it, or say by which pack it was given.
pub const WORDING: [&str; 7] = ["schema", "rules", "cite", "text", "title", "because", "verified"];

/// What differs between two answers about one person.
pub fn answers(old: (&Assessment<'_>, &Words<'_>), new: (&Assessment<'_>, &Words<'_>)) -> Vec<Altered> {
    let view = |(answer, words): (&Assessment<'_>, &Words<'_>)| {
        serde_json::to_value(json::view(answer, Sections::All, words)).unwrap_or_default()
    };
    altered(&view(old), &view(new), &NOT_ANSWERS)
}

/// What differs between two values, but for some keys; items of lists are matched by their ids.
pub fn altered(old: &Json, new: &Json, but: &[&str]) -> Vec<Altered> {
    let mut altered = Vec::new();
    compare(old, new, "", but, &mut altered);
    altered
}

fn compare(old: &Json, new: &Json, path: &str, but: &[&str], altered: &mut Vec<Altered>) {
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let nothing = Json::Null;
    match (old, new) {
        (Json::Object(before), Json::Object(after)) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added).filter(|key| !but.contains(&key.as_str())) {
                let of = |table: &'_ serde_json::Map<String, Json>| table.get(key).cloned().unwrap_or(Json::Null);
                compare(&of(before), &of(after), &join(key), but, altered);
            }
        }
        (Json::Array(before), Json::Array(after)) if before.iter().chain(after).all(Json::is_object) => {
            let (before, after) = (named(before), named(after));
            for (name, value) in &before {
                let other = after.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
                compare(value, other.unwrap_or(&nothing), &join(name), but, altered);
            }
            for (name, value) in after.iter().filter(|(name, _)| !before.iter().any(|(known, _)| known == name)) {
                compare(&nothing, value, &join(name), but, altered);
            }
        }
        _ if old == new || is_nothing(old) && is_nothing(new) => {}
        _ => altered.push(Altered { path: path.to_owned(), old: brief(old), new: brief(new) }),
    }
}

/// A document that nobody asks for is as good as none.
fn is_nothing(value: &Json) -> bool {
    value.is_null() || value.get("requirement").is_some_and(|requirement| requirement == "not-required")
}

pub fn word(value: &Json, words: &Words<'_>) -> String {
    match value {
        Json::String(text) => inert(text).into_owned(),
        Json::Null => words.label("rules_diff.nothing").to_owned(),
        other => other.to_string(),
    }
}

/// The items of a list with their names; a second one of a name gets a number.
fn named(items: &[Json]) -> Vec<(String, &Json)> {
    let mut all: Vec<(String, &Json)> = Vec::new();
    for item in items {
        let name = ["id", "code", "rule", "fact", "entry", "person"].iter().find_map(|key| item.get(key)?.as_str());
        let name = name.unwrap_or("item");
        let same = all.iter().filter(|(known, _)| known == name || known.starts_with(&format!("{name}#"))).count();
        all.push((if same == 0 { name.to_owned() } else { format!("{name}#{}", same + 1) }, item));
    }
    all
}

/// Of a whole table, what matters.
fn brief(value: &Json) -> Json {
    let Json::Object(members) = value else { return value.clone() };
    let kept = ["status", "requirement", "due", "last_day", "level", "max_days", "days"];
    let short = members.iter().filter(|(key, _)| kept.contains(&key.as_str()));
    Json::Object(short.map(|(key, value)| (key.clone(), value.clone())).collect())
}
