//! `rules test [DIR]`: the law cases that stand beside the rules.

use std::fmt::Write as _;

use serde_json::Value as Json;
use trp_check::assess::{assess, strictly};
use trp_check::assessment::Part;
use trp_check::calendar::Day;
use trp_check::profile::{check as check_profile, written::WrittenProfile};
use trp_check::render::{Sections, Words, json};
use trp_check::rulebook::RuleBook;
use trp_check::source::{Fault, SourceText, Span};
use trp_check::tree::{self, Node, Syntax, Value};
use trp_check::{embedded, render};

use super::super::{check::exit_of, tell_pack};
use crate::args::{Global, RulesDir};
use crate::{Exit, args, files, output};

pub fn run(global: &Global, ask: &RulesDir) -> anyhow::Result<Exit> {
    let words = args::words();
    let Some(folder) = ask.dir.as_deref().or(global.rules.as_deref()) else {
        output::complain(words.label("usage.no-folder"));
        return Ok(Exit::Usage);
    };
    let pack = match files::read_pack(folder, None) {
        Ok(pack) => pack,
        Err(error) => {
            output::complain(&format!("error: {error:#}"));
            return Ok(Exit::BadRules);
        }
    };
    let Some(book) = &pack.checked.book else {
        tell_pack(global, &pack);
        return Ok(Exit::BadRules);
    };
    let mut text = String::new();
    let (mut good, mut bad) = (0_u32, 0_u32);
    for (number, file) in pack.files.iter().enumerate().filter(|(_, file)| file.path.starts_with("cases/")) {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        for (place, outcome) in cases(file, number, book) {
            let Err(complaints) = outcome else {
                good += 1;
                continue;
            };
            bad += 1;
            let (line, column) = file.line_column(place.range().start);
            let path = folder.join(&file.path);
            for complaint in complaints {
                let _ = writeln!(text, "{}:{line}:{column}: {complaint}", path.display());
            }
        }
    }
    let values = [("path", pack.folder.as_str()), ("good", &good.to_string()), ("bad", &bad.to_string())];
    let _ = writeln!(text, "{}", words.with("rules_test.summary", &values));
    if good + bad == 0 {
        let _ = writeln!(text, "{}", words.label("rules_test.none"));
    }
    output::answer(&text)?;
    Ok(if bad == 0 && good > 0 { Exit::Answered } else { Exit::BadRules })
}

/// The cases of a file, each with its place and what does not hold.
fn cases(file: &SourceText, number: u16, book: &RuleBook) -> Vec<(Span, Result<(), Vec<String>>)> {
    let node = match tree::parse(&file.text, number, Syntax::Toml) {
        Ok(node) => node,
        Err(faults) => {
            let told = faults.iter().map(|fault| (fault.span, Err(vec![told(fault)])));
            return told.collect();
        }
    };
    let Value::Table(tables) = node.value else { return Vec::new() };
    let mut found = Vec::new();
    for (key, place, node) in tables {
        match node.value {
            Value::List(items) if key == "case" => {
                found.extend(items.into_iter().map(|item| (item.span, case(item, book))));
            }
            _ => found.push((place, Err(vec![format!("unknown key `{key}`")]))),
        }
    }
    found
}

fn told(fault: &Fault) -> String {
    render::diagnostics::message(fault, &args::words())
}

/// Runs one case.
fn case(node: Node<'_>, book: &RuleBook) -> Result<(), Vec<String>> {
    let Value::Table(members) = node.value else { return Err(vec!["a case is a table".to_owned()]) };
    let mut name = String::new();
    let mut today = None;
    let mut strict = false;
    let mut exit = None;
    let mut faults = Vec::new();
    let mut profile: Option<WrittenProfile> = None;
    let (mut expect, mut absent) = (Json::Null, Json::Null);
    let (mut rules, mut refused) = (Vec::new(), None);
    let mut complaints = Vec::new();
    for (key, _, node) in members {
        match (&*key, &node.value) {
            ("name", Value::Text(text)) => name = text.to_string(),
            ("today", Value::Text(text)) => today = Day::parse(text).ok(),
            ("strict", Value::Bool(truth)) => strict = *truth,
            ("exit", Value::Number(code)) => exit = Some(*code),
            ("profile", Value::Table(_)) => profile = Some(tree::read(node, &mut faults)),
            ("expect", Value::Table(_)) => expect = plain(&node),
            ("absent", Value::Table(_)) => absent = plain(&node),
            ("rules", Value::List(_)) => rules = words_of(&node),
            ("refused", Value::List(_)) => refused = Some(words_of(&node)),
            _ => complaints.push(format!("unknown key `{key}`, or a wrong value")),
        }
    }
    let say = |complaint: String| format!("{name}: {complaint}");
    let (Some(today), Some(profile)) = (today, profile) else {
        complaints.push("a case needs `today` and `profile`".to_owned());
        return Err(complaints.into_iter().map(say).collect());
    };
    let checked = check_profile::check(&profile, faults, book, &embedded::COUNTRIES, today);
    match (checked, refused) {
        (Err(faults), Some(codes)) => {
            let mut found: Vec<&str> = faults.iter().map(|fault| fault.code.name()).collect();
            found.sort_unstable();
            let mut expected: Vec<&str> = codes.iter().map(String::as_str).collect();
            expected.sort_unstable();
            if found != expected {
                complaints.push(format!("expected to be refused with {expected:?}, got {found:?}"));
            }
        }
        (Err(faults), None) => complaints.extend(faults.iter().map(|fault| format!("refused: {}", told(fault)))),
        (Ok(_), Some(codes)) => complaints.push(format!("expected to be refused with {codes:?}, but it is answered")),
        (Ok(profile), None) => {
            let mut answer = assess(book, &profile, today);
            if strict {
                answer = strictly(book, answer, Part::ALL);
            }
            let words = Words::new(&embedded::TEXTS[0], book.texts_in("en"), &embedded::COUNTRIES);
            let view = json::view(&answer, Sections::All, &words);
            let got = serde_json::to_value(&view).unwrap_or_default();
            compare(&expect, &got, "", &mut complaints);
            must_be_absent(&absent, &got, "", &mut complaints);
            let mut reasons = Vec::new();
            collect_rules(&got, &mut reasons);
            let missing = rules.iter().filter(|rule| !reasons.contains(rule));
            complaints.extend(missing.map(|rule| format!("rule {rule} is not among the reasons")));
            let code = exit_of(answer.status) as i64;
            if exit.is_some_and(|exit| exit != code) {
                complaints.push(format!("expected exit {}, got {code}", exit.unwrap_or_default()));
            }
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.into_iter().map(say).collect()) }
}

fn words_of(node: &Node<'_>) -> Vec<String> {
    let Value::List(items) = &node.value else { return Vec::new() };
    let text = |item: &Node<'_>| match &item.value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}

/// The same value without places.
fn plain(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Table(members) => {
            Json::Object(members.iter().map(|(key, _, node)| (key.to_string(), plain(node))).collect())
        }
        Value::List(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Text(text) => Json::String(text.to_string()),
        Value::Number(number) => Json::from(*number),
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Fraction | Value::Null | Value::Unreadable => Json::Null,
    }
}

/// Whether an expected value is a part of what was got.
fn is_part(expected: &Json, got: &Json) -> bool {
    let mut complaints = Vec::new();
    compare(expected, got, "", &mut complaints);
    complaints.is_empty()
}

/// Tables match key by key; a list of tables matches when each matches some table of the answer;
/// everything else must be equal.
fn compare(expected: &Json, got: &Json, path: &str, complaints: &mut Vec<String>) {
    match (expected, got) {
        (Json::Null, _) => {}
        (Json::Object(expected), Json::Object(got)) => {
            for (key, value) in expected {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match got.get(key) {
                    Some(got) => compare(value, got, &path, complaints),
                    None => complaints.push(format!("{path}: expected {value}, the answer has no such key")),
                }
            }
        }
        (Json::Array(expected), Json::Array(got)) if expected.iter().any(Json::is_object) => {
            for one in expected {
                if !got.iter().any(|got| is_part(one, got)) {
                    let id = ["id", "code", "name", "fact", "entry", "rule"].iter().find_map(|key| one.get(key));
                    let near = got.iter().filter(|got| {
                        ["id", "code", "name", "fact", "entry", "rule"]
                            .iter()
                            .any(|key| id.is_some() && got.get(key) == id)
                    });
                    let near: Vec<String> = near.map(|got| brief(got, one)).collect();
                    let near = if near.is_empty() { "nothing like it".to_owned() } else { near.join(" or ") };
                    complaints.push(format!("{path}: expected {one}, got {near}"));
                }
            }
        }
        _ if expected == got => {}
        _ => complaints.push(format!("{path}: expected {expected}, got {got}")),
    }
}

/// The keys of a table that were asked for.
fn brief(got: &Json, asked: &Json) -> String {
    let (Some(got), Some(asked)) = (got.as_object(), asked.as_object()) else { return got.to_string() };
    let kept = got.iter().filter(|(key, _)| asked.contains_key(*key));
    Json::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect()).to_string()
}

/// No table of a list may match any of those named.
fn must_be_absent(absent: &Json, got: &Json, path: &str, complaints: &mut Vec<String>) {
    match (absent, got) {
        (Json::Object(absent), Json::Object(got)) => {
            for (key, value) in absent {
                if let Some(got) = got.get(key) {
                    must_be_absent(value, got, &format!("{path}.{key}"), complaints);
                }
            }
        }
        (Json::Array(absent), Json::Array(got)) => {
            for one in absent.iter().filter(|one| got.iter().any(|got| is_part(one, got))) {
                complaints.push(format!("{}: {one} must not be there", path.trim_start_matches('.')));
            }
        }
        _ => {}
    }
}

/// The ids of all rules that an answer names as reasons.
fn collect_rules(got: &Json, rules: &mut Vec<String>) {
    match got {
        Json::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("rule", Json::String(id)) => rules.push(id.clone()),
                    ("binding" | "rules", Json::Array(ids)) => {
                        rules.extend(ids.iter().filter_map(Json::as_str).map(str::to_owned));
                    }
                    _ => collect_rules(value, rules),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect_rules(item, rules)),
        _ => {}
    }
}
