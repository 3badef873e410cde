//! Every sentence of the article that states a rule has a rule that cites it, and the other way round.
//!
//! `tests/article.toml` numbers the sentences; the rules are read from the folder as they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::files::table_of;
use crate::support::run::root;
use toml::Value;

/// A sentence as `tests/article.toml` has it.
struct Sentence {
    number: i64,
    text: String,
    rules: Vec<String>,
}

fn sentences() -> Vec<Sentence> {
    let file = table_of(&root().join("tests/article.toml"));
    let list = file["sentence"].as_array().expect("a list of sentences");
    let read = |sentence: &Value| Sentence {
        number: sentence["n"].as_integer().expect("a number"),
        text: sentence["text"].as_str().expect("a text").to_owned(),
        rules: sentence["rules"]
            .as_array()
            .expect("a list of rule ids")
            .iter()
            .map(|rule| rule.as_str().expect("a rule id").to_owned())
            .collect(),
    };
    list.iter().map(read).collect()
}

/// A place of the article that the pack cites.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Citation {
    at: String,
    quoted: Option<String>,
}

/// The rules of the pack by id, each with the places of the article that it cites.
fn rules() -> BTreeMap<String, BTreeSet<Citation>> {
    let mut rules = BTreeMap::new();
    let mut files = 0;
    for entry in fs::read_dir(root().join("rules/kz")).expect("the pack can be read") {
        let path = entry.expect("the pack can be read").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files += 1;
            for kind in table_of(&path).values().filter_map(Value::as_array) {
                for rule in kind.iter().filter(|rule| rule.get("version").is_some()) {
                    let id = rule.get("id").and_then(Value::as_str).expect("every rule has an id");
                    let cites: &mut BTreeSet<Citation> = rules.entry(id.to_owned()).or_default();
                    collect_citations(rule, cites);
                }
            }
        }
    }
    assert!(files > 3 && rules.len() > 20, "the pack was not found: {files} files, {} rules", rules.len());
    rules
}

fn collect_citations(value: &Value, into: &mut BTreeSet<Citation>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect_citations(value, into)),
        Value::Table(table) => {
            if table.get("source").and_then(Value::as_str) == Some("article") {
                let word = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
                into.insert(Citation { at: word("at").expect("every citation has a place"), quoted: word("sentence") });
            }
            table.values().for_each(|value| collect_citations(value, into));
        }
        _ => {}
    }
}

/// What is wrong between the sentences and the rules.
fn complaints(sentences: &[Sentence], rules: &BTreeMap<String, BTreeSet<Citation>>) -> Vec<String> {
    let mut found = Vec::new();
    for (sentence, expected) in sentences.iter().zip(1..) {
        let Sentence { number, text, rules: listed } = sentence;
        if *number != expected {
            found.push(format!("sentence {number} stands where {expected} should"));
        }
        if listed.is_empty() {
            found.push(format!("sentence {number} has no rule: {text}"));
        }
        for rule in listed {
            match rules.get(rule) {
                None => found.push(format!("sentence {number} names `{rule}`, which is no rule of the pack")),
                Some(cites) if cites.iter().any(|cite| cite.at == format!("sentence {number}")) => {}
                Some(_) => found.push(format!("`{rule}` does not cite sentence {number}: {text}")),
            }
        }
    }
    for (rule, cites) in rules {
        for Citation { at, quoted } in cites {
            let sentence = sentences.iter().find(|sentence| *at == format!("sentence {}", sentence.number));
            let Some(Sentence { number, text, rules: listed }) = sentence else {
                found.push(format!("`{rule}` cites `{at}`, which is not listed"));
                continue;
            };
            if !listed.contains(rule) {
                found.push(format!("`{rule}` cites sentence {number} and is not listed there"));
            }
            if quoted.as_ref().is_some_and(|quoted| quoted != text) {
                found.push(format!("`{rule}` quotes sentence {number} in other words"));
            }
        }
    }
    found
}

/// Every sentence of the article that states a rule is cited by the rules listed for it, in its own
/// words, and no rule cites the article without being listed.
#[test]
fn every_sentence_of_the_article_has_its_rules() {
    let found = complaints(&sentences(), &rules());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The comparison notices a sentence without a rule, a rule without the sentence, and a gap in the numbers.
#[test]
fn a_sentence_without_a_rule_is_noticed() {
    let sentence = |number: i64, rules: &[&str]| Sentence {
        number,
        text: format!("Text {number}."),
        rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
    };
    let cite = |at: &str, quoted: Option<&str>| Citation { at: at.to_owned(), quoted: quoted.map(str::to_owned) };
    let rules = BTreeMap::from([
        ("a".to_owned(), BTreeSet::from([cite("sentence 1", Some("Text 1."))])),
        ("b".to_owned(), BTreeSet::from([cite("sentence 2", Some("Text two."))])),
        ("c".to_owned(), BTreeSet::from([cite("sentence 9", None)])),
    ]);
    let found = complaints(&[sentence(1, &["a", "b", "x"]), sentence(2, &[]), sentence(4, &["a"])], &rules);
    assert_eq!(
        found,
        [
            "`b` does not cite sentence 1: Text 1.",
            "sentence 1 names `x`, which is no rule of the pack",
            "sentence 2 has no rule: Text 2.",
            "sentence 4 stands where 3 should",
            "`a` does not cite sentence 4: Text 4.",
            "`b` cites sentence 2 and is not listed there",
            "`b` quotes sentence 2 in other words",
            "`c` cites `sentence 9`, which is not listed",
        ]
    );
}
