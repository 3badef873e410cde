//! Nouns: where the rules of a pack stand in its files, for all that is found out about them later.

use std::collections::BTreeMap;

use crate::source::{SourceText, Span};
use crate::tree::{self, Node, Syntax, Value};

/// The tables of a pack that have an id, as they stand in the files.
#[derive(Debug, Default)]
pub struct Places<'t> {
    rules: BTreeMap<String, Node<'t>>,
}

/// A part of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'k> {
    /// The value of a key.
    Key(&'k str),
    /// An item of a list.
    Item(usize),
    /// The item of a list that is this word.
    Word(&'k str),
}

impl<'t> Places<'t> {
    /// Looks through the files of a pack; those that cannot be read are passed over.
    #[must_use]
    pub fn of(files: &'t [SourceText]) -> Self {
        let mut rules = BTreeMap::new();
        for (number, file) in files.iter().enumerate() {
            let is_of_rules = !file.path.starts_with("cases/") && !file.path.starts_with("text/");
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            let Ok(node) = tree::parse(&file.text, number, Syntax::Toml) else { continue };
            let Value::Table(tables) = node.value else { continue };
            let lists = tables.into_iter().filter(|_| is_of_rules).filter_map(|(_, _, node)| match node.value {
                Value::List(items) => Some(items),
                _ => None,
            });
            for item in lists.flatten() {
                let id = member(&item, "id").and_then(|(_, id)| match &id.value {
                    Value::Text(id) => Some(id.to_string()),
                    _ => None,
                });
                if let Some(id) = id {
                    rules.entry(id).or_insert(item);
                }
            }
        }
        Self { rules }
    }

    /// Where a rule stands: its id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<Span> {
        self.rules.get(id).and_then(|rule| member(rule, "id")).map(|(_, id)| id.span)
    }

    /// Where a version of a rule stands: the value of its `from`.
    #[must_use]
    pub fn version(&self, id: &str, nth: usize) -> Option<Span> {
        self.part(id, nth, &[Step::Key("from")]).or_else(|| self.rule(id))
    }

    /// Where a part of a version stands; of the version or the rule where there is no such part.
    #[must_use]
    pub fn part_or_above(&self, id: &str, nth: usize, steps: &[Step<'_>]) -> Option<Span> {
        self.part(id, nth, steps).or_else(|| self.version(id, nth))
    }

    /// Where a rule names another one as giving way to it.
    #[must_use]
    pub fn exception_to(&self, id: &str, other: &str) -> Option<Span> {
        follow(self.rules.get(id)?, &[Step::Key("exception_to"), Step::Word(other)])
    }

    fn part(&self, id: &str, nth: usize, steps: &[Step<'_>]) -> Option<Span> {
        follow(item(member(self.rules.get(id)?, "version")?.1, nth)?, steps)
    }
}

/// Where the steps lead to from a table.
fn follow(table: &Node<'_>, steps: &[Step<'_>]) -> Option<Span> {
    let mut node = table;
    let mut span = node.span;
    for step in steps {
        let (place, next) = match step {
            Step::Key(key) => {
                let (place, next) = member(node, key)?;
                // A value that fills many lines is named by its key.
                let is_long = matches!(next.value, Value::Table(_) | Value::List(_));
                (if is_long { place } else { next.span }, next)
            }
            Step::Word(word) => {
                let Value::List(items) = &node.value else { return None };
                let next = items.iter().find(|item| match &item.value {
                    Value::Text(text) => text == word,
                    Value::Bool(truth) => truth.to_string() == *word,
                    _ => false,
                })?;
                (next.span, next)
            }
            Step::Item(at) => {
                let next = item(node, *at)?;
                (next.span, next)
            }
        };
        (span, node) = (place, next);
    }
    Some(span)
}

fn member<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<(Span, &'n Node<'t>)> {
    let Value::Table(members) = &node.value else { return None };
    members.iter().find(|(name, ..)| name == key).map(|(_, place, node)| (*place, node))
}

fn item<'n, 't>(node: &'n Node<'t>, at: usize) -> Option<&'n Node<'t>> {
    let Value::List(items) = &node.value else { return None };
    items.get(at)
}
