//! Whether an answer, in its JSON form, is what a law case expects.

use serde::Serialize;
use serde_json::Value as Json;

use super::{Sections, Words, diagnostics, json};
use crate::assessment::Assessment;
use crate::law_case::LawCase;
use crate::source::Fault;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// What kind of complaint: a key under `rules_test` in the message files.
    pub code: &'static str,
    pub path: String,
    pub expected: String,
    pub got: String,
}

impl Complaint {
    fn new(code: &'static str, path: &str, expected: impl ToString, got: impl ToString) -> Self {
        Self { code, path: path.to_owned(), expected: expected.to_string(), got: got.to_string() }
    }

    pub fn text(&self, words: &Words<'_>) -> String {
        words.with(
            &format!("rules_test.{}", self.code),
            &[("path", &self.path), ("expected", &self.expected), ("got", &self.got)],
        )
    }
}

pub fn of_answer(case: &LawCase, answer: &Assessment<'_>, words: &Words<'_>) -> Vec<Complaint> {
    if let Some(codes) = &case.refused {
        return vec![Complaint::new("not-refused", "", codes.join(", "), "")];
    }
    let view = json::view(answer, Sections::All, words);
    let got = serde_json::to_value(&view).unwrap_or_default();
    let mut complaints = Vec::new();
    compare(&case.expect, &got, "", &mut complaints);
    must_be_absent(&case.absent, &got, "", &mut complaints);
    let mut reasons = Vec::new();
    collect_rules(&got, &mut reasons);
    let missing = case.rules.iter().filter(|rule| !reasons.contains(rule));
    complaints.extend(missing.map(|rule| Complaint::new("not-a-reason", "rules", rule, "")));
    let code = i64::from(answer.status.exit_code());
    if let Some(exit) = case.exit.filter(|exit| *exit != code) {
        complaints.push(Complaint::new("differs", "exit", exit, code));
    }
    complaints
}

/// The differences between the refusal of a profile and what a case expects.
pub fn of_refusal(case: &LawCase, faults: &[Fault], words: &Words<'_>) -> Vec<Complaint> {
    let mut found: Vec<&str> = faults.iter().map(|fault| fault.code.name()).collect();
    found.sort_unstable();
    match &case.refused {
        None => faults
            .iter()
            .map(|fault| Complaint::new("refused", "profile", "", diagnostics::message(fault, words)))
            .collect(),
        Some(codes) => {
            let mut expected: Vec<&str> = codes.iter().map(String::as_str).collect();
            expected.sort_unstable();
            let is_same = expected == found;
            let complaint = || Complaint::new("differs", "refused", expected.join(", "), found.join(", "));
            if is_same { Vec::new() } else { vec![complaint()] }
        }
    }
}

const NAMES: [&str; 6] = ["id", "code", "name", "fact", "entry", "rule"];

fn is_part(expected: &Json, got: &Json) -> bool {
    let mut complaints = Vec::new();
    compare(expected, got, "", &mut complaints);
    complaints.is_empty()
}

/// Tables match key by key; a list of tables matches when each matches some table of the answer;
/// everything else must be equal.
fn compare(expected: &Json, got: &Json, path: &str, complaints: &mut Vec<Complaint>) {
    match (expected, got) {
        (Json::Null, _) => {}
        (Json::Object(expected), Json::Object(got)) => {
            for (key, value) in expected {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match got.get(key) {
                    Some(got) => compare(value, got, &path, complaints),
                    None => complaints.push(Complaint::new("no-such-key", &path, value, "")),
                }
            }
        }
        (Json::Array(expected), Json::Array(got)) if expected.iter().any(Json::is_object) => {
            for one in expected.iter().filter(|one| !got.iter().any(|got| is_part(one, got))) {
                let name = NAMES.iter().find_map(|key| one.get(key));
                let is_near = |got: &&Json| name.is_some() && NAMES.iter().any(|key| got.get(key) == name);
                let near: Vec<String> = got.iter().filter(is_near).map(|got| brief(got, one)).collect();
                if near.is_empty() {
                    complaints.push(Complaint::new("nothing-like-it", path, one, ""));
                } else {
                    complaints.push(Complaint::new("differs", path, one, near.join(" | ")));
                }
            }
        }
        _ if expected == got => {}
        _ => complaints.push(Complaint::new("differs", path, expected, got)),
    }
}

fn brief(got: &Json, asked: &Json) -> String {
    let (Some(got), Some(asked)) = (got.as_object(), asked.as_object()) else { return got.to_string() };
    let kept = got.iter().filter(|(key, _)| asked.contains_key(*key));
    Json::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect()).to_string()
}

/// No table of a list may match any of those named; a value called `true` must not be there.
fn must_be_absent(absent: &Json, got: &Json, path: &str, complaints: &mut Vec<Complaint>) {
    match (absent, got) {
        (Json::Object(absent), Json::Object(got)) => {
            for (key, value) in absent {
                if let Some(got) = got.get(key) {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    must_be_absent(value, got, &path, complaints);
                }
            }
        }
        (Json::Array(absent), Json::Array(got)) => {
            for one in absent.iter().filter(|one| got.iter().any(|got| is_part(one, got))) {
                complaints.push(Complaint::new("must-be-absent", path, one, ""));
            }
        }
        (Json::Bool(true), got) if !got.is_null() => {
            complaints.push(Complaint::new("must-be-absent", path, got, ""));
        }
        _ => {}
    }
}

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
