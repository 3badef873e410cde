//! `rules test` says of a failing case what was expected, what came out and why, in all its formats; and
//! `rules coverage` names what no case exercises.

use std::fs;

use crate::support::{folders, run};
use serde_json::Value as Json;

/// A copy of the Russian pack, which has few cases, with other text for one file.
fn edited(name: &str, file: &str, edit: impl Fn(String) -> String) -> String {
    let folder = folders::copy_of("tests/packs/russia", &format!("rules-test-{name}"));
    let path = folder.join(file);
    fs::write(&path, edit(fs::read_to_string(&path).unwrap_or_default())).expect("the copy");
    folder.to_str().expect("UTF-8").to_owned()
}

/// 91 days in place of 90 by calendar year.
fn off_by_one() -> String {
    edited("off-by-one", "stay.toml", |text| {
        let wanted = "window      = \"calendar-year\"\nmax_days    = 90";
        assert!(text.contains(wanted));
        text.replacen(wanted, "window      = \"calendar-year\"\nmax_days    = 91", 1)
    })
}

#[test]
fn a_failing_case_is_told_with_expected_got_and_the_trace_of_its_rules() {
    let folder = off_by_one();
    let ran = run::run(&["rules", "test", &folder], b"");
    assert_eq!(ran.status, Some(5), "{}{}", ran.stdout, ran.stderr);
    for wanted in [": FAILED: ", ": expected ", ", got ", "ru.stay.temporary", "stay.toml:", "cases/", " failed\n"] {
        assert!(ran.stdout.contains(wanted), "`{wanted}` is missing in:\n{}", ran.stdout);
    }
}

#[test]
fn json_has_a_line_for_each_case() {
    let folder = off_by_one();
    let ran = run::run(&["rules", "test", &folder, "--format", "json"], b"");
    let cases: Vec<Json> = ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(cases.len() > 20, "{} cases", cases.len());
    let failed: Vec<&Json> = cases.iter().filter(|case| case["passed"] == false).collect();
    assert!(!failed.is_empty(), "nothing failed");
    for case in failed {
        let complaint = &case["complaints"][0];
        assert!(complaint["expected"].is_string() && complaint["got"].is_string(), "{case}");
        assert!(case["line"].as_u64().is_some_and(|line| line > 0), "{case}");
    }
}

#[test]
fn junit_has_a_failure_for_each_failing_case() {
    let folder = off_by_one();
    let json = run::run(&["rules", "test", &folder, "--format", "json"], b"").stdout;
    let failed = json.lines().filter(|line| line.contains("\"passed\":false")).count();
    let ran = run::run(&["rules", "test", &folder, "--format", "junit"], b"");
    assert_eq!(ran.status, Some(5));
    assert!(ran.stdout.starts_with("<?xml"), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("<failure ").count(), failed, "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("<testcase ").count(), json.lines().count());
}

#[test]
fn a_case_about_a_day_on_which_its_rule_is_not_in_force_fails() {
    let case = "[[case]]\nname = \"asked before the pack begins\"\ntoday = 2020-01-10\n\
        profile = { citizenship = \"UZ\", stays = [{ entry = 2020-01-10 }] }\nrules = [\"ru.stay.temporary\"]\n";
    let folder = edited("outside", "cases/outside.toml", |_| case.to_owned());
    let ran = run::run(&["rules", "test", &folder], b"");
    assert_eq!(ran.status, Some(5), "{}", ran.stdout);
    assert!(ran.stdout.contains("the rule ru.stay.temporary is not among the reasons"), "{}", ran.stdout);
}

#[test]
fn a_case_that_cannot_be_read_fails_with_its_place() {
    let case = "[[case]]\nname = \"no day\"\nprofil = { citizenship = \"UZ\" }\n";
    let folder = edited("unreadable", "cases/unreadable.toml", |_| case.to_owned());
    let ran = run::run(&["rules", "test", &folder], b"");
    assert_eq!(ran.status, Some(5), "{}", ran.stdout);
    for wanted in ["unreadable.toml:3:1: error[unknown-key]", "did you mean `profile`?", "error[missing-key]"] {
        assert!(ran.stdout.contains(wanted), "`{wanted}` is missing in:\n{}", ran.stdout);
    }
}

#[test]
fn coverage_of_the_shipped_rules_is_whole() {
    let ran = run::run(&["rules", "coverage", "rules/kz", "--min", "100"], b"");
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn coverage_names_a_version_that_no_case_exercises() {
    let folder = edited("uncovered", "stay.toml", |text| {
        let copy = "\n[[passport_margin]]\nid = \"ru.passport.margin\"\n\n[[passport_margin.version]]\nfrom = 2025-01-01\n\
            verified = 2026-11-22\nstanding = \"inferred\"\nmonths = 6\ncite = [{ source = \"law-115\", at = \"art. 5\" }]\n";
        format!("{text}{copy}")
    });
    let ran = run::run(&["rules", "coverage", &folder, "--min", "100"], b"");
    assert_eq!(ran.status, Some(5), "{}{}", ran.stdout, ran.stderr);
    let place = format!("{folder}/stay.toml:");
    let line = ran.stdout.lines().find(|line| line.contains("ru.passport.margin")).unwrap_or_default();
    assert!(line.starts_with(&place), "{}", ran.stdout);
    assert!(ran.stderr.contains("less than 100 % exercised: rule versions"), "{}", ran.stderr);
}
