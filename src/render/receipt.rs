//! Words: a receipt: what was asked, of which rules, on which day, and what was answered, so that the
//! answer can be given again and proved later.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::difference::{Altered, WORDING, compare};
use crate::calendar::Day;
use crate::review::difference::{Change, What};

/// Name and number of the schema; the number rises when a meaning changes.
pub const SCHEMA: &str = "trp-check/receipt/1";

/// A receipt.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Receipt {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of the program.
    pub tool: String,
    /// The rule pack.
    pub pack: PackRecord,
    /// The day of the question.
    pub today: String,
    /// Asked with `--strict`.
    pub strict: bool,
    /// The command: `check`, `stay` or `docs`.
    pub command: String,
    /// The facts as given: a profile.
    pub profile: Json,
    /// The rules that the answer rests on.
    pub rules: Vec<RuleRecord>,
    /// The days of the calendar that differ from the plain week, in the years that matter.
    pub calendar: Vec<(String, String)>,
    /// The answer: what `--format json` prints.
    pub answer: Json,
}

/// Which rule pack was asked.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct PackRecord {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its fingerprint.
    pub sha256: String,
}

/// A rule as it was.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct RuleRecord {
    /// Its id.
    pub id: String,
    /// What its version said, key by key, as rule files write it.
    pub says: Vec<(String, String)>,
}

impl RuleRecord {
    /// The first day of the version.
    #[must_use]
    pub fn from(&self) -> &str {
        self.says.iter().find(|(key, _)| key == "from").map_or("", |(_, day)| day)
    }
}

/// What of an answer is another one now.
#[must_use]
pub fn altered(old: &Json, new: &Json) -> Vec<Altered> {
    let mut altered = Vec::new();
    compare(old, new, "", &WORDING, &mut altered);
    altered
}

/// Keys of a rule that tell who looked at it and when, not what it says.
const NOT_SAID: [&str; 2] = ["verified", "standing"];

/// What changed in the rules that an answer rested on: `now` holds the version that begins on the same
/// day, and the rules that it rests on now.
#[must_use]
pub fn changed_rules(
    old: &[RuleRecord],
    now: &[RuleRecord],
    still: impl Fn(&RuleRecord) -> Option<RuleRecord>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut say =
        |subject: &str, what| changes.push(Change { subject: subject.to_owned(), before: None, after: None, what });
    for record in old {
        match still(record) {
            None => say(&record.id, What::VersionRemoved(record.says.clone())),
            Some(today) => {
                let value = |record: &RuleRecord, key: &str| {
                    let of_key = record.says.iter().filter(|(known, _)| known == key).map(|(_, value)| value.clone());
                    of_key.collect::<Vec<_>>().join("; ")
                };
                let mut keys: Vec<&String> = record.says.iter().chain(&today.says).map(|(key, _)| key).collect();
                keys.dedup();
                let mut seen: Vec<&String> = Vec::new();
                for key in keys.into_iter().filter(|key| !NOT_SAID.contains(&key.as_str()) && !key.starts_with("cite."))
                {
                    let (old, new) = (value(record, key), value(&today, key));
                    if old != new && !seen.contains(&key) {
                        seen.push(key);
                        say(&record.id, What::Key { key: key.clone(), old, new });
                    }
                }
            }
        }
    }
    for record in now.iter().filter(|record| !old.iter().any(|known| known.id == record.id)) {
        say(&record.id, What::VersionAdded(record.says.clone()));
    }
    changes
}

/// The day of a receipt.
#[must_use]
pub fn day(receipt: &Receipt) -> Option<Day> {
    Day::parse(&receipt.today).ok()
}
