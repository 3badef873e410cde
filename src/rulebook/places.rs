//! Where the rules of a pack and their parts stand in its files, for all that is found out about them later.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::tree::{Node, Value};

/// The tables of a pack that have an id, with the places of their parts. A part is written as `id`, `version[0].from` or
/// `version[0].unless[1].purpose`; a word of a list as `exception_to = "id"`.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<String, BTreeMap<String, Span>>);

impl Places {
    /// Notes the tables of a file that have an id. Of two with the same id, the first counts.
    pub(super) fn note_file(&mut self, file: &Node<'_>) {
        let Value::Table(tables) = &file.value else { return };
        for (_, _, table) in tables {
            let Value::List(items) = &table.value else { continue };
            for item in items {
                let Value::Table(members) = &item.value else { continue };
                let id = members.iter().find_map(|(key, _, node)| match &node.value {
                    Value::Text(id) if key == "id" => Some(id),
                    _ => None,
                });
                if let Some(id) = id.filter(|id| !self.0.contains_key(&***id)) {
                    let mut parts = BTreeMap::new();
                    note("", item, &mut parts);
                    self.0.insert(id.to_string(), parts);
                }
            }
        }
    }

    /// Where a rule stands: its id.
    pub fn rule(&self, id: &str) -> Option<Span> {
        self.of_rule(id, "id")
    }

    /// Where a part of a rule stands that all its versions share.
    pub fn of_rule(&self, id: &str, part: &str) -> Option<Span> {
        self.0.get(id)?.get(part).copied()
    }

    /// Where a part of a version stands; without such a part, the `from` of the version, else the rule.
    pub fn of_version(&self, id: &str, nth: usize, part: &str) -> Option<Span> {
        let of = |part: &str| self.of_rule(id, &format!("version[{nth}].{part}"));
        of(part).or_else(|| of("from")).or_else(|| self.rule(id))
    }
}

/// Notes the parts of a table or list.
fn note(path: &str, node: &Node<'_>, parts: &mut BTreeMap<String, Span>) {
    match &node.value {
        Value::Table(members) => {
            for (key, place, member) in members {
                let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                note(&path, member, parts);
                // A value that fills many lines is named by its key.
                let is_long = matches!(member.value, Value::Table(_) | Value::List(_));
                parts.entry(path).or_insert(if is_long { *place } else { member.span });
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let item_path = format!("{path}[{at}]");
                note(&item_path, item, parts);
                let word = match &item.value {
                    Value::Text(word) => Some(word.to_string()),
                    Value::Bool(truth) => Some(truth.to_string()),
                    _ => None,
                };
                let path = word.map_or(item_path, |word| format!("{path} = \"{word}\""));
                parts.entry(path).or_insert(item.span);
            }
        }
        _ => {}
    }
}
