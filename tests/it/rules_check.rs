//! `rules check` beyond single faults: the day it is asked on, what is denied, what is explained, how findings
//! are told.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::run::Ran;
use crate::support::{folders, json, run};
use serde_json::Value as Json;
use trp_check::source::{Code, Severity};

/// The day on which the rules were last compared with their sources.
const TODAY: &str = "2026-11-30";

/// Runs `rules check` on a day, with further arguments.
fn check(folder: &Path, today: &str, more: &[&str]) -> Ran {
    let folder = folder.to_string_lossy();
    let arguments: Vec<&str> =
        ["rules", "check", &folder, "--today", today].into_iter().chain(more.iter().copied()).collect();
    run::run(&arguments, b"")
}

/// The findings of a run with `--format json`: path inside the folder, line, code.
fn findings(folder: &Path, today: &str, more: &[&str]) -> Vec<(String, u64, String)> {
    let ran = check(folder, today, &[&["--format", "json"], more].concat());
    let place = |line: &str| {
        let line: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let word = |key: &str| line[key].as_str().unwrap_or_else(|| panic!("no {key} in {line}")).to_owned();
        let path = word("path").replacen(&*folder.to_string_lossy(), "", 1);
        (path.trim_start_matches('/').to_owned(), line["line"].as_u64().unwrap_or_default(), word("code"))
    };
    ran.stdout.lines().map(place).collect()
}

fn pack() -> PathBuf {
    run::root().join("rules/kz")
}

/// A copy of the pack without some of its files.
fn without(name: &str, files: &[&str]) -> PathBuf {
    let pack = folders::copy_of_pack(name);
    for file in files {
        fs::remove_file(pack.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        // Places that only this year cites would be texts that nothing uses.
        let Some(year) = file.strip_prefix("calendar/").and_then(|name| name.strip_suffix(".toml")) else { continue };
        for path in ["text/ru.toml", "text/kk.toml"].map(|path| pack.join(path)) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let is_of_year = |line: &&str| line.starts_with('"') && line.contains(&format!(", KZ, {year}\""));
            let kept: Vec<&str> = text.lines().filter(|line| !is_of_year(line)).collect();
            fs::write(&path, kept.join("\n")).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
    pack
}

/// The line of a file that begins so, from 1.
fn line_of(pack: &Path, file: &str, start: &str) -> u64 {
    let text = fs::read_to_string(pack.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let at = text.lines().position(|line| line.starts_with(start));
    at.unwrap_or_else(|| panic!("no {start} in {file}")) as u64 + 1
}

fn found(pack: &Path, file: &str, start: &str, code: Code) -> (String, u64, String) {
    (file.to_owned(), line_of(pack, file, start), code.name().to_owned())
}

/// A year without a calendar between two others, at the start, or before the present year is an error, told at
/// the year before it.
#[test]
fn a_year_without_a_calendar_is_an_error() {
    let missing = Code::CalendarYearMissing;
    // Nothing that a removed file said is missed elsewhere.
    let of_years = |pack: &Path, today: &str| {
        let mut found = findings(pack, today, &[]);
        found.retain(|(_, _, code)| code.starts_with("calendar-"));
        found
    };
    let hole = without("check-hole", &["calendar/2024.toml"]);
    assert_eq!(of_years(&hole, TODAY), [found(&hole, "calendar/2023.toml", "year", missing)]);
    assert_eq!(check(&hole, TODAY, &[]).status, Some(5));
    let long = without("check-long-hole", &["calendar/2023.toml", "calendar/2024.toml", "calendar/2025.toml"]);
    assert_eq!(of_years(&long, TODAY), [found(&long, "calendar/2022.toml", "year", missing)]);
    assert!(check(&long, TODAY, &[]).stdout.contains("there is no calendar of days off for 2023–2025"));
    let start = without("check-no-start", &["calendar/2022.toml"]);
    assert_eq!(of_years(&start, TODAY), [found(&start, "pack.toml", "covered_from", missing)]);
    let end = without("check-no-end", &["calendar/2026.toml", "calendar/2027.toml"]);
    assert_eq!(of_years(&end, TODAY), [found(&end, "calendar/2025.toml", "year", missing)]);
    let none: Vec<String> = (2022..=2027).map(|year| format!("calendar/{year}.toml")).collect();
    let none = without("check-no-calendar", &none.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(of_years(&none, TODAY), [found(&none, "pack.toml", "covered_from", missing)]);
    // The embedded calendar ends with 2027: in 2028 it has a hole up to the present.
    assert_eq!(of_years(&pack(), "2028-01-01"), [found(&pack(), "calendar/2027.toml", "year", missing)]);
}

/// That next year has no calendar is a warning, which can be denied.
#[test]
fn next_year_without_a_calendar_is_a_warning() {
    let short = without("check-no-next-year", &["calendar/2027.toml"]);
    let expected = [found(&short, "calendar/2026.toml", "year", Code::CalendarNextYearMissing)];
    // Its holidays are named by nothing else.
    let mut found = findings(&short, TODAY, &[]);
    found.retain(|(_, _, code)| code != "unused");
    assert_eq!(found, expected);
    assert_eq!(check(&short, TODAY, &[]).status, Some(0));
    let denied = check(&short, TODAY, &["--deny", "warnings"]);
    assert_eq!(denied.status, Some(5));
    assert!(denied.stdout.contains(" files, 0 errors, "), "{}", denied.stdout);
    assert!(denied.stdout.contains("denied"), "{}", denied.stdout);
    assert_eq!(
        check(&pack(), TODAY, &["--deny", "warnings"]).status,
        Some(0),
        "nothing is denied where nothing is found"
    );
}

/// A pack without terms in working days needs no calendar.
#[test]
fn a_pack_without_working_days_needs_no_calendar() {
    let pack = run::root().join("tests/packs/russia");
    assert!(!pack.join("calendar").exists());
    let found = findings(&pack, TODAY, &[]);
    assert!(!found.iter().any(|(_, _, code)| code.starts_with("calendar-")), "{found:?}");
}

/// Every version and every calendar year that was verified more days ago than `max-age` is told, and none that
/// was verified so many days ago; the pack's own number does not matter then.
#[test]
fn max_age_is_counted_to_the_day() {
    let (mut first, mut all) = (0, 0);
    for entry in
        fs::read_dir(pack()).into_iter().flatten().chain(fs::read_dir(pack().join("calendar")).into_iter().flatten())
    {
        let text = entry.ok().and_then(|entry| fs::read_to_string(entry.path()).ok()).unwrap_or_default();
        let verified = || text.lines().filter(|line| line.starts_with("verified"));
        all += verified().count();
        first += verified().filter(|line| line.contains("2026-11-22")).count();
    }
    assert!(first > 60 && all > first, "{first} and {all} versions and years");
    let old = |today: &str, more: &[&str]| {
        let mut found = findings(&pack(), today, more);
        found.retain(|(_, _, code)| code == Code::NotVerifiedLately.name());
        found.len()
    };
    assert_eq!(old("2026-12-30", &["--max-age", "29"]), all);
    assert_eq!(old("2026-12-30", &["--max-age", "30"]), first);
    assert_eq!(old("2026-12-30", &["--max-age", "37"]), first);
    assert_eq!(old("2026-12-30", &["--max-age", "38"]), 0);
    assert_eq!(old("2026-11-30", &["--max-age", "8"]), 0);
    assert_eq!(old("2027-05-21", &[]), 0, "180 days by the pack");
    assert_eq!(old("2027-05-22", &[]), first);
    assert_eq!(old("2027-05-30", &[]), all);
    assert_eq!(old("2027-05-22", &["--max-age", "181"]), 0);
    assert_eq!(check(&pack(), "2026-12-22", &["--max-age", "29"]).status, Some(0));
    assert_eq!(check(&pack(), "2026-12-22", &["--max-age", "29", "--deny", "warnings"]).status, Some(5));
}

/// Findings of all files come in the order of the files, and of their lines.
#[test]
fn findings_come_in_the_order_of_the_files() {
    let found = findings(&pack(), "2028-01-01", &["--max-age", "0"]);
    let places: Vec<(&str, u64)> = found.iter().map(|(path, line, _)| (path.as_str(), *line)).collect();
    let mut sorted = places.clone();
    sorted.sort_unstable();
    assert_eq!(places, sorted);
    assert!(found.iter().any(|(.., code)| code == "calendar-year-missing"));
}

/// `--format json` and `--error-format json` say the same; each line has its help, and the text shows it.
#[test]
fn every_finding_says_what_to_do() {
    let json = check(&pack(), "2028-01-01", &["--format", "json"]);
    assert_eq!(json.stdout, check(&pack(), "2028-01-01", &["--error-format", "json"]).stdout);
    let text = check(&pack(), "2028-01-01", &[]).stdout;
    assert!(json.stdout.lines().count() > 60);
    for line in json.stdout.lines() {
        let line: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}"));
        let help = line["help"].as_str().unwrap_or_else(|| panic!("no help in {line}"));
        assert!(text.contains(&format!("= help: {help}\n")), "{help}");
        let place = format!("{}:{}:{}: ", line["path"].as_str().unwrap_or_default(), line["line"], line["column"]);
        assert!(text.contains(&place), "{place}");
    }
}

/// A pack given by `--rules` is told with its help; a profile is not.
#[test]
fn help_is_for_authors_of_rules() {
    let broken = without("check-help", &["sources.toml"]);
    let folder = broken.to_string_lossy();
    let rules = run::run(&["check", "--citizenship", "RU", "--rules", &folder], b"");
    assert!(rules.stderr.contains("= help: "), "{}", rules.stderr);
    let profile = run::run(&["check", "--citizenship", "Rusia"], b"");
    assert!(profile.stderr.contains("did you mean") && !profile.stderr.contains("= help: "), "{}", profile.stderr);
    let profile = run::run(&["check", "--citizenship", "Rusia", "--error-format", "json"], b"");
    assert!(!profile.stderr.contains("\"help\""), "{}", profile.stderr);
}

/// Every code has a message, a line of help and an explanation, without a place that nothing fills.
#[test]
fn every_code_is_explained() {
    for code in Code::ALL {
        let ran = run::run(&["rules", "check", "--explain", code.name(), "--width", "80"], b"");
        assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{}", code.name());
        let weight = if code.severity() == Severity::Error { "error" } else { "warning" };
        assert!(ran.stdout.starts_with(&format!("{} · {weight}\n\n", code.name())), "{}", ran.stdout);
        assert!(ran.stdout.contains("\nWhat to do: "), "{}", ran.stdout);
        assert!(!ran.stdout.contains(['{', '}']), "{}", ran.stdout);
        assert!(ran.stdout.lines().count() > 4, "{}", ran.stdout);
        let long: Vec<&str> = ran.stdout.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{}: {long:?}", code.name());
        let ran = run::run(&["rules", "check", "--explain", code.name(), "--format", "json"], b"");
        let told: Json = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout));
        assert_eq!((&told["code"], &told["severity"]), (&code.name().into(), &weight.into()));
        for key in ["explanation", "help"] {
            let text = told[key].as_str().unwrap_or_default();
            assert!(text.len() > 10 && text != code.name(), "{} has no {key}", code.name());
        }
        let help = told["help"].as_str().unwrap_or_default();
        assert!(!help.ends_with('.') && help.len() < 140 && !help.contains('\n'), "{help}");
    }
}

/// An unknown code ends with 2 and the nearest one; a flag that needs files ends with 2 without a folder.
#[test]
fn wrong_questions_end_with_2() {
    let ran = run::run(&["rules", "check", "--explain", "version-gap"], b"");
    assert_eq!((ran.status, &*ran.stdout), (Some(2), ""));
    assert_eq!(ran.stderr, "error: there is no code `version-gap`; did you mean `versions-gap`?\n");
    let ran = run::run(&["rules", "check", "--explain", "version-gap", "--error-format", "json"], b"");
    assert_eq!(json::lines(&ran.stderr)[0]["code"], "usage");
    let wrong: [&[&str]; 5] = [
        &["--explain", "zzz"],
        &["--max-age", "30"],
        &["--deny", "warnings"],
        &["rules/kz", "--deny", "errors"],
        &["rules/kz", "--max-age", "-1"],
    ];
    for arguments in wrong {
        let ran = run::run(&[&["rules", "check"], arguments].concat(), b"");
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty(), "{arguments:?}");
    }
}
