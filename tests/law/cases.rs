//! The law cases of `rules/kz/cases`, through the built program and with a comparison of their own: what
//! `trp-check rules test` says of itself is not believed.
//!
//! Semantics: `rules/README.md`, "Cases".

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cores::on_all_cores;
use crate::support::run::{Ran, root};
use crate::support::{folders, json, run};
use serde_json::{Value as Json, json};

/// A case as written.
struct Case {
    /// File and name, for messages.
    place: String,
    name: String,
    today: String,
    profile: Json,
    is_strict: bool,
    exit: Option<i64>,
    expect: Json,
    absent: Json,
    rules: Vec<String>,
    refused: Option<Vec<String>>,
}

/// All law cases.
fn cases() -> Vec<Case> {
    let folder = root().join("rules/kz/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| cases_of(path)).collect()
}

fn cases_of(path: &Path) -> Vec<Case> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
    let plain = json::of_toml(&toml::Value::Table(table));
    let items = plain["case"].as_array().unwrap_or_else(|| panic!("{file}: no [[case]]")).clone();
    let known = ["name", "today", "profile", "strict", "exit", "expect", "absent", "rules", "refused"];
    let read = |item: Json| {
        let name = item["name"].as_str().unwrap_or_else(|| panic!("{file}: a case without a name")).to_owned();
        let place = format!("{file}: {name}");
        let keys = item.as_object().into_iter().flat_map(serde_json::Map::keys);
        keys.for_each(|key| assert!(known.contains(&key.as_str()), "{place}: this test does not know the key {key}"));
        let texts = |value: &Json| -> Vec<String> {
            let items = value.as_array().into_iter().flatten();
            items.map(|item| item.as_str().unwrap_or_else(|| panic!("{place}: not a text")).to_owned()).collect()
        };
        Case {
            today: item["today"].as_str().unwrap_or_else(|| panic!("{place}: no today")).to_owned(),
            profile: item["profile"].clone(),
            is_strict: item["strict"].as_bool().unwrap_or(false),
            exit: item["exit"].as_i64(),
            expect: item["expect"].clone(),
            absent: item["absent"].clone(),
            rules: texts(&item["rules"]),
            refused: item["refused"].is_array().then(|| texts(&item["refused"])),
            name,
            place: place.clone(),
        }
    };
    items.into_iter().map(read).collect()
}

/// Whether what is expected is a part of what was got: tables key by key, each table of a list matched by
/// some table, everything else equal. Else: where, and why not.
fn differences(expected: &Json, got: &Json, path: &str, found: &mut Vec<String>) {
    if let (Some(expected), Some(got)) = (expected.as_object(), got.as_object()) {
        for (key, value) in expected {
            let path = format!("{path}/{key}");
            match got.get(key) {
                None => found.push(format!("{path}: expected {value}, there is no such key")),
                Some(got) => differences(value, got, &path, found),
            }
        }
    } else if let (Some(expected), Some(got)) = (list_of_tables(expected), got.as_array()) {
        for one in expected {
            if !got.iter().any(|got| is_part(one, got)) {
                found.push(format!("{path}: none of {} items is {one}", got.len()));
            }
        }
    } else if expected != got {
        found.push(format!("{path}: expected {expected}, got {got}"));
    }
}

fn list_of_tables(value: &Json) -> Option<&Vec<Json>> {
    value.as_array().filter(|items| !items.is_empty() && items.iter().all(Json::is_object))
}

fn is_part(expected: &Json, got: &Json) -> bool {
    let mut found = Vec::new();
    differences(expected, got, "", &mut found);
    found.is_empty()
}

/// The tables of `absent` that are there all the same.
fn unwelcome(absent: &Json, got: &Json, path: &str, found: &mut Vec<String>) {
    if let (Some(absent), Some(got)) = (absent.as_object(), got.as_object()) {
        for (key, value) in absent {
            if let Some(got) = got.get(key) {
                unwelcome(value, got, &format!("{path}/{key}"), found);
            }
        }
    } else if let (Some(absent), Some(got)) = (absent.as_array(), got.as_array()) {
        let there = absent.iter().filter(|one| got.iter().any(|got| is_part(one, got)));
        found.extend(there.map(|one| format!("{path}: {one} must not be there")));
    } else if *absent == Json::Bool(true) {
        found.extend((!got.is_null()).then(|| format!("{path}: {got} must not be there")));
    } else {
        found.push(format!("{path}: `absent` names neither a table nor a list of the answer"));
    }
}

/// All rules that an answer gives as reasons.
fn reasons(answer: &Json, into: &mut BTreeSet<String>) {
    match answer {
        Json::Object(members) => {
            for (key, value) in members {
                let of_key = matches!(key.as_str(), "rule" | "binding" | "rules");
                let ids = value.as_array().into_iter().flatten().chain([value]).filter_map(Json::as_str);
                into.extend(ids.filter(|_| of_key).map(str::to_owned));
                reasons(value, into);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| reasons(item, into)),
        _ => {}
    }
}

/// Asks the program; the profile goes in as JSON on stdin.
fn ask(case: &Case) -> Ran {
    let mut arguments = vec!["check", "-", "--format", "json", "--error-format", "json", "--today", &case.today];
    if case.is_strict {
        arguments.push("--strict");
    }
    run::run(&arguments, case.profile.to_string().as_bytes())
}

/// What does not hold of a case.
fn complaints(case: &Case) -> Vec<String> {
    let ran = ask(case);
    let mut found = Vec::new();
    if let Some(codes) = &case.refused {
        let lines = json::lines(&ran.stderr);
        let mut told: Vec<&str> = lines.iter().filter_map(|line| line["code"].as_str()).collect();
        let mut wanted: Vec<&str> = codes.iter().map(String::as_str).collect();
        told.sort_unstable();
        wanted.sort_unstable();
        if told != wanted || ran.status != Some(4) || !ran.stdout.is_empty() {
            found.push(format!("expected to be refused with {wanted:?} and 4, got {told:?} and {:?}", ran.status));
        }
        return found;
    }
    let Ok(answer) = serde_json::from_str::<Json>(&ran.stdout) else {
        return vec![format!("no answer, status {:?}: {}", ran.status, ran.stderr)];
    };
    if !ran.stderr.is_empty() {
        found.push(format!("an answer, and on stderr: {}", ran.stderr));
    }
    if !case.expect.is_null() {
        differences(&case.expect, &answer, "", &mut found);
    }
    if !case.absent.is_null() {
        unwelcome(&case.absent, &answer, "", &mut found);
    }
    let mut named = BTreeSet::new();
    reasons(&answer, &mut named);
    let missing = case.rules.iter().filter(|rule| !named.contains(*rule));
    found.extend(missing.map(|rule| format!("{rule} is not among the reasons")));
    // The status word and the exit status say the same, in every answer.
    let by_word = match answer["status"].as_str() {
        Some("ok" | "action-needed") => Some(0),
        Some("violation") => Some(1),
        Some("unknown") => Some(3),
        _ => None,
    };
    if by_word != ran.status {
        found.push(format!("status {} with exit {:?}", answer["status"], ran.status));
    }
    if case.exit.is_some_and(|exit| ran.status.map(i64::from) != Some(exit)) {
        found.push(format!("expected exit {:?}, got {:?}", case.exit, ran.status));
    }
    found
}

/// Every law case comes out through the built program.
#[test]
fn every_law_case_holds_through_the_binary() {
    let cases = cases();
    assert!(cases.len() >= 300, "only {} cases were found", cases.len());
    let failures = on_all_cores(&cases, |case| {
        complaints(case).into_iter().map(|complaint| format!("{}\n    {complaint}", case.place)).collect()
    });
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// No two law cases carry the same claim, and each one claims something.
#[test]
fn law_cases_claim_something_of_their_own() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    for case in &cases {
        let says = case.expect.is_object() || case.absent.is_object() || !case.rules.is_empty();
        assert!(says || case.refused.is_some(), "{}: neither refused nor answered with something", case.place);
    }
}

/// The comparison of this file does not pass everything.
#[test]
fn the_comparison_tells_a_difference() {
    let got =
        json!({ "a": { "b": 1, "c": null }, "list": [{ "id": "x", "n": 1 }, { "id": "y", "n": 2 }], "plain": [1, 2] });
    let holds = [
        json!({ "a": { "b": 1 } }),
        json!({ "a": { "c": null } }),
        json!({ "list": [{ "id": "y" }] }),
        json!({ "list": [{ "n": 2, "id": "y" }, { "id": "x" }] }),
        json!({ "plain": [1, 2] }),
    ];
    for expected in &holds {
        assert!(is_part(expected, &got), "{expected}");
    }
    let fails = [
        json!({ "a": { "b": 2 } }),
        json!({ "a": { "d": null } }),
        json!({ "a": [] }),
        json!({ "list": [{ "id": "x", "n": 2 }] }),
        json!({ "list": [] }),
        json!({ "plain": [1] }),
        json!({ "plain": [2, 1] }),
    ];
    for expected in &fails {
        assert!(!is_part(expected, &got), "{expected}");
    }
    let mut found = Vec::new();
    unwelcome(&json!({ "list": [{ "id": "x" }, { "id": "z" }] }), &got, "", &mut found);
    assert_eq!(found.len(), 1, "{found:?}");
}

// ---- rules test ----

/// `rules test` runs all cases of the pack and passes.
#[test]
fn rules_test_passes_the_pack() {
    let ran = run::run(&["rules", "test", "rules/kz"], b"");
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout, format!("rules/kz: {} passed, 0 failed\n", cases().len()));
    assert_eq!(ran.stderr, "");
}

/// One wrong expectation fails `rules test` with 5, naming file, line, column, case, both values; the
/// others pass.
#[test]
fn rules_test_names_the_one_case_that_fails() {
    let pack = folders::copy_of_pack("law-cases-one-wrong");
    let file = pack.join("cases/stay.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{error}"));
    let (good, wrong) = (r#"last_day = "2026-04-09""#, r#"last_day = "2026-04-08""#);
    let at = text.find(good).unwrap_or_else(|| panic!("stay.toml has no case with {good}"));
    let case = text[..at].rfind("[[case]]").unwrap_or_else(|| panic!("no case before {at}"));
    let line = text[..case].matches('\n').count() + 1;
    let name = text[case..at].lines().find_map(|line| line.strip_prefix("name = ")).unwrap_or_default();
    folders::edit(&file, good, wrong);

    let folder = pack.to_string_lossy();
    let ran = run::run(&["rules", "test", &folder], b"");
    assert_eq!(ran.status, Some(5), "{}{}", ran.stdout, ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines[0].starts_with(&format!("{}:{line}:", file.display())), "line {line}: {}", lines[0]);
    assert!(lines[0].ends_with(name.trim_matches('"')), "{}", lines[0]);
    for part in ["stay.last_day", "2026-04-08", "2026-04-09"] {
        assert!(lines[1].contains(part), "no {part} in: {}", lines[1]);
    }
    assert_eq!(ran.stdout.matches(": FAILED: ").count(), 1, "{}", ran.stdout);
    assert_eq!(lines[lines.len() - 1], format!("{folder}: {} passed, 1 failed", cases().len() - 1));
}

/// A wrong exit status, a rule that is no reason, a table that should be absent, and a profile that is not
/// refused fail `rules test`, each by itself.
#[test]
fn rules_test_sees_every_kind_of_wrong_expectation() {
    let pack = folders::copy_of_pack("law-cases-all-wrong");
    for entry in fs::read_dir(pack.join("cases")).into_iter().flatten().flatten() {
        fs::remove_file(entry.path()).unwrap_or_else(|error| panic!("{error}"));
    }
    let head = "today = 2026-01-10\nprofile = { citizenship = \"RU\", stays = [{ entry = 2026-01-10 }] }\n";
    let wrong = [
        "exit = 1",
        "rules = [\"kz.stay.no-such-rule\"]",
        "absent = { deadlines = [{ id = \"stay-end\" }] }",
        "refused = [\"stays-overlap\"]",
        "expect = { stay = { days_left = 1 } }",
        "expect = { stay = { no_such_key = 1 } }",
        "expect = { deadlines = [{ id = \"no-such-deadline\" }] }",
        "no_such_key = 1",
    ];
    let cases = wrong.map(|line| format!("[[case]]\nname = {line:?}\n{head}{line}\n\n"));
    let text = cases.concat();
    fs::write(pack.join("cases/wrong.toml"), &text).unwrap_or_else(|error| panic!("{error}"));
    let ran = run::run(&["rules", "test", &pack.to_string_lossy()], b"");
    assert_eq!(ran.status, Some(5), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.ends_with(&format!(": 0 passed, {} failed\n", wrong.len())), "{}", ran.stdout);
    for (number, line) in wrong.iter().enumerate() {
        // A key that there is not is told at its own line.
        let down = if line.starts_with("no_such_key") { 4 } else { 0 };
        let place = format!("wrong.toml:{}:1: ", number * 6 + 1 + down);
        assert!(ran.stdout.contains(&place), "nothing at {place}: {}", ran.stdout);
    }
}

// ---- the sample table of the law ----

/// A row of the sample table: its number, the day, the flags, and values of the answer by JSON pointer.
type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The rows about stay and arrival, as a lawyer wrote them down before the program was there.
const ROWS: &[Row] = &[
    (
        "1",
        "2026-01-10",
        "--citizenship RU --stay 2026-01-10..",
        &[("/stay/last_day", "2026-04-09"), ("/stay/latest_arguable", "2026-04-10")],
    ),
    ("2", "2026-03-01", "--citizenship DE --stay 2026-03-01..", &[("/stay/last_day", "2026-03-30")]),
    ("5", "2023-11-05", "--citizenship CN --stay 2023-11-05..", &[("/stay/last_day", "2023-11-18")]),
    ("9", "2026-02-01", "--citizenship UZ --stay 2026-02-01..", &[("/stay/last_day", "2026-03-02")]),
    (
        "12",
        "2026-01-01",
        "--citizenship KG --stay 2026-01-01..2026-03-31",
        &[("/stay/last_day", "2026-03-31"), ("/stay/days_over", "0")],
    ),
    (
        "13",
        "2026-01-01",
        "--citizenship KG --stay 2026-01-01..2026-04-01",
        &[("/stay/days_over", "1"), ("/status", "violation")],
    ),
    (
        "14",
        "2026-04-02",
        "--citizenship KG --stay 2026-01-01..2026-03-31",
        &[("/stay/next_entry/earliest", "2026-06-30"), ("/stay/next_entry/days", "90")],
    ),
    (
        "17",
        "2026-05-01",
        "--citizenship RU --stay 2026-01-01..2026-01-30 --stay 2026-05-01..",
        &[("/stay/last_day", "2026-07-29")],
    ),
    (
        "21",
        "2026-03-20",
        "--citizenship FR --stay 2026-03-01..2026-03-10 --stay 2026-03-10..2026-03-20",
        &[("/stay/limits[rolling]/used", "20")],
    ),
    ("23", "2022-12-01", "--citizenship RU --stay 2022-12-01..", &[("/stay/last_day", "2023-02-28")]),
    ("27", "2026-03-01", "--citizenship NG --stay 2026-03-01..", &[("/status", "unknown"), ("/stay/last_day", "null")]),
    (
        "28",
        "2026-05-01",
        "--citizenship NG --stay 2026-05-01.. --permit visa:2026-03-15..2026-09-30",
        &[("/stay/last_day", "2026-09-30"), ("/stay/basis", "visa")],
    ),
    (
        "30",
        "2026-03-15",
        "--citizenship UZ --stay 2026-01-10..2026-03-10 --stay 2026-03-15.. --permit trp:2026-01-30..2026-03-10",
        &[("/stay/last_day", "2026-04-13"), ("/stay/limits[rolling]/used", "21")],
    ),
    (
        "35",
        "2026-02-02",
        "--citizenship RU --stay 2026-02-02..",
        &[
            ("/deadlines[arrival-notification]/due", "2026-02-05"),
            ("/deadlines[arrival-notification]/safe", "2026-02-04"),
        ],
    ),
    (
        "36",
        "2026-02-06",
        "--citizenship RU --stay 2026-02-06..",
        &[
            ("/deadlines[arrival-notification]/due", "2026-02-11"),
            ("/deadlines[arrival-notification]/safe", "2026-02-10"),
        ],
    ),
    (
        "40",
        "2024-12-31",
        "--citizenship RU --stay 2024-12-31..",
        &[
            ("/deadlines[arrival-notification]/due", "2025-01-08"),
            ("/deadlines[arrival-notification]/safe", "2025-01-06"),
        ],
    ),
    (
        "44",
        "2027-03-12",
        "--citizenship RU --stay 2027-03-12..",
        &[
            ("/deadlines[arrival-notification]/due", "2027-03-18"),
            ("/deadlines[arrival-notification]/safe", "2027-03-17"),
        ],
    ),
    (
        "53",
        "2026-02-11",
        "--citizenship RU --stay 2026-02-02.. --notified 2026-02-04 --moved 2026-02-11",
        &[("/deadlines[move]/due", "2026-02-16"), ("/deadlines[move]/safe", "2026-02-13")],
    ),
    (
        "56a",
        "2026-07-10",
        "--citizenship RU --stay 2026-07-10..2026-09-07",
        &[("/deadlines[arrival-notification]/due", "2026-07-15"), ("/deadlines[own-registration]/due", "2026-08-08")],
    ),
    (
        "56b",
        "2026-06-20",
        "--citizenship RU --stay 2026-06-20..",
        &[("/deadlines[arrival-notification]/due", "2026-06-24"), ("/deadlines[own-registration]", "null")],
    ),
    (
        "69",
        "2026-03-01",
        "--citizenship RU --stay 2026-02-02.. --purpose employment --contract-until 2026-10-31 --filing-on 2026-03-01 --document-expires 2030-01-01",
        &[("/trp/valid_until_at_most", "2026-10-31")],
    ),
    (
        "79",
        "2026-03-03",
        "--citizenship RU --purpose employment --channel egov --housing-owner other --filing-on 2026-03-03T15:00",
        &[("/deadlines[owner-signature]/due", "2026-03-04T15:00")],
    ),
];

/// A value by a path of keys; `name[word]` is the item of a list in which some member is that word.
fn at<'a>(answer: &'a Json, path: &str) -> &'a Json {
    path.split('/').skip(1).fold(answer, |value, step| match step.split_once('[') {
        None => &value[step],
        Some((list, word)) => {
            let word = word.trim_end_matches(']');
            let is_meant = |item: &&Json| item.as_object().is_some_and(|item| item.values().any(|value| value == word));
            value[list].as_array().and_then(|items| items.iter().find(is_meant)).unwrap_or(&Json::Null)
        }
    })
}

/// The rows of the sample table that give a day or a number come out, asked with flags alone.
#[test]
fn the_sample_rows_of_the_law_come_out_from_flags() {
    let failures = on_all_cores(ROWS, |(number, today, flags, values)| {
        let mut arguments = vec!["check", "--format", "json", "--today", today];
        arguments.extend(flags.split(' '));
        let ran = run::run(&arguments, b"");
        let Ok(answer) = serde_json::from_str::<Json>(&ran.stdout) else {
            return vec![format!("row {number}: no answer: {}", ran.stderr)];
        };
        let told = |path: &str| match at(&answer, path) {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let wrong = values.iter().filter(|(path, wanted)| told(path) != *wanted);
        wrong.map(|(path, wanted)| format!("row {number}: {path}: expected {wanted}, got {}", told(path))).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A row about papers: its number, the flags, and the papers that are required, alternatives, and dependent on a
/// fact that is not given.
type Checklist = (&'static str, &'static str, [&'static [&'static str]; 3]);

/// The checklist rows of the sample table.
const CHECKLISTS: &[Checklist] = &[
    (
        "57",
        "--citizenship RU --purpose employment --employer astana-hub --channel egov --housing-owner other",
        [
            &[
                "application-form",
                "identity-document-copy",
                "employment-contract",
                "arrival-notification",
                "fingerprint-certificate",
                "employer-application",
                "state-registration-certificate",
                "owner-signature",
            ],
            &[],
            &[],
        ],
    ),
    (
        "58",
        "--citizenship RU --purpose employment --employer astana-hub --channel psc --housing-owner other",
        [
            &[
                "application-form",
                "identity-document-copy",
                "employment-contract",
                "arrival-notification",
                "fingerprint-certificate",
                "employer-application",
                "state-registration-certificate",
                "owner-consent",
            ],
            &[],
            &[],
        ],
    ),
    (
        "60",
        "--citizenship RU --purpose employment --employer astana-hub --channel egov --housing-owner applicant",
        [
            &[
                "application-form",
                "identity-document-copy",
                "employment-contract",
                "arrival-notification",
                "fingerprint-certificate",
                "employer-application",
                "state-registration-certificate",
            ],
            &[],
            &[],
        ],
    ),
    (
        "62",
        "--citizenship UZ --purpose employment --employer other --channel psc --housing-owner other --work employed",
        [
            &[
                "application-form",
                "identity-document-copy",
                "employment-contract",
                "arrival-notification",
                "fingerprint-certificate",
                "employer-application",
                "state-registration-certificate",
                "medical-insurance",
                "owner-consent",
                "foreign-labour-permission",
            ],
            &[],
            &[],
        ],
    ),
    (
        "62, work not given",
        "--citizenship UZ --purpose employment --employer other --channel psc --housing-owner other",
        [
            &[
                "application-form",
                "identity-document-copy",
                "employment-contract",
                "arrival-notification",
                "fingerprint-certificate",
                "medical-insurance",
                "owner-consent",
            ],
            &["foreign-labour-permission", "qualification-certificate", "labour-immigrant-permit"],
            &["employer-application", "state-registration-certificate", "journalist-accreditation", "secondment-order"],
        ],
    ),
];

/// The checklists of the sample table: exactly these papers are required, these alternatives, these open.
#[test]
fn the_sample_checklists_of_the_law_come_out_from_flags() {
    for (number, flags, papers) in CHECKLISTS {
        let mut arguments = vec!["docs", "--format", "json", "--today", "2026-11-22"];
        arguments.extend(flags.split(' '));
        let ran = run::run(&arguments, b"");
        let answer: Json = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
        for (requirement, wanted) in ["required", "one-of", "conditional"].into_iter().zip(papers) {
            let lines = answer["documents"].as_array().into_iter().flatten();
            let asked = lines.filter(|line| line["procedure"] == "trp" && line["requirement"] == requirement);
            let asked: BTreeSet<&str> = asked.filter_map(|line| line["id"].as_str()).collect();
            assert_eq!(asked, wanted.iter().copied().collect(), "row {number}: {requirement}");
        }
    }
}
