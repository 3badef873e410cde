//! A receipt: what was asked, of which rules, on which day, and what was answered, so that the
//! answer can be given again and proved later.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::calendar::Day;
use crate::review::difference::{Change, What};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/receipt/1";

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct Receipt {
    pub schema: String,
    pub tool: String,
    pub pack: PackRecord,
    pub today: String,
    /// Asked with `--strict`.
    pub strict: bool,
    /// The command: `check`, `stay` or `docs`.
    pub command: String,
    pub profile: Json,
    pub rules: Vec<RuleRecord>,
    /// The days of the calendar that differ from the plain week, in the years that matter.
    pub calendar: Vec<(String, String)>,
    /// The answer: what `--format json` prints.
    pub answer: Json,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PackRecord {
    pub id: String,
    pub version: String,
    pub sha256: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleRecord {
    pub id: String,
    /// The content of its version, key by key, as rule files write it.
    pub says: Vec<(String, String)>,
}

impl RuleRecord {
    pub fn from(&self) -> &str {
        self.says.iter().find(|(key, _)| key == "from").map_or("", |(_, day)| day)
    }
}

/// Keys of a rule about its verification, not its content.
const NOT_CONTENT: [&str; 2] = ["verified", "standing"];

/// What changed in the rules that an answer rested on: `now` holds the version that begins on the same
/// day, and the rules that it rests on now.
pub fn changed_rules(
    old: &[RuleRecord],
    now: &[RuleRecord],
    still: impl Fn(&RuleRecord) -> Option<RuleRecord>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut push =
        |subject: &str, what| changes.push(Change { subject: subject.to_owned(), before: None, after: None, what });
    for record in old {
        match still(record) {
            None => push(&record.id, What::VersionRemoved(record.says.clone())),
            Some(today) => {
                let value = |record: &RuleRecord, key: &str| {
                    let of_key = record.says.iter().filter(|(known, _)| known == key).map(|(_, value)| &**value);
                    of_key.collect::<Vec<_>>().join("; ")
                };
                let mut seen = BTreeSet::new();
                let keys = record.says.iter().chain(&today.says).map(|(key, _)| key);
                let is_content = |key: &&String| !NOT_CONTENT.contains(&key.as_str()) && !key.starts_with("cite.");
                for key in keys.filter(is_content).filter(|key| seen.insert(*key)) {
                    let (old, new) = (value(record, key), value(&today, key));
                    if old != new {
                        push(&record.id, What::Key { key: key.clone(), old, new });
                    }
                }
            }
        }
    }
    for record in now.iter().filter(|record| !old.iter().any(|known| known.id == record.id)) {
        push(&record.id, What::VersionAdded(record.says.clone()));
    }
    changes
}

pub fn day(receipt: &Receipt) -> Option<Day> {
    Day::parse(&receipt.today).ok()
}
