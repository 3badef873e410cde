//! An answer with a receipt can be given again; under other rules `replay` says what is another answer now,
//! and which rule changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::day::TODAY;
use crate::support::{folders, run};
use serde_json::{Value as Json, json};

/// A copy of the pack with one edit.
fn edited(name: &str, file: &str, find: &str, put: &str) -> PathBuf {
    let folder = folders::copy_of_pack(&format!("receipts-{name}"));
    folders::edit(&folder.join(file), find, put);
    folder
}

/// The receipt of an answer, and where it was written.
fn receipt(name: &str, arguments: &[&str]) -> (PathBuf, Json) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    let file = path.to_str().expect("UTF-8");
    let ran = run::run(&[arguments, &["--today", TODAY, "--receipt", file]].concat(), b"");
    assert!(ran.status.is_some_and(|code| code < 2), "{}", ran.stderr);
    let text = fs::read_to_string(&path).expect("the receipt");
    (path, serde_json::from_str(&text).expect("JSON"))
}

fn replay(path: &Path, more: &[&str]) -> (Option<i32>, Json) {
    let ran = run::run(&[&["replay", path.to_str().expect("UTF-8"), "--format", "json"], more].concat(), b"");
    (
        ran.status,
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr)),
    )
}

const EMPLOYEE: &[&str] =
    &["check", "--citizenship", "RU", "--stay", "2026-11-02..", "--notified", "2026-11-04", "--purpose", "employment"];

#[test]
fn a_receipt_holds_pack_day_facts_rules_and_answer() {
    let (_, receipt) = receipt("whole", EMPLOYEE);
    assert_eq!(receipt["schema"], "trp-check/receipt/1");
    assert_eq!(receipt["tool"], env!("CARGO_PKG_VERSION"));
    assert_eq!(receipt["pack"]["id"], "kz");
    assert_eq!(receipt["pack"]["sha256"], receipt["answer"]["rules"]["sha256"]);
    assert_eq!(receipt["today"], TODAY);
    let facts = json!({ "citizenship": "RU", "purpose": "employment", "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }] });
    assert_eq!(receipt["profile"], facts);
    let rules = receipt["rules"].as_array().expect("a list");
    let limit = rules.iter().find(|rule| rule["id"] == "kz.stay.eaeu").expect("the limit");
    assert!(limit["says"].as_array().expect("a list").contains(&json!(["max_days", "90"])), "{limit}");
    assert_eq!(receipt["answer"]["stay"]["last_day"], "2027-01-30");
}

#[test]
fn an_answer_is_the_same_under_the_same_rules() {
    for command in ["check", "stay", "docs"] {
        let arguments = [&[command], &EMPLOYEE[1..], &["--strict"]].concat();
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("same-{command}.json"));
        let file = path.to_str().expect("UTF-8");
        run::run(&[&arguments[..], &["--today", TODAY, "--receipt", file]].concat(), b"");
        let (status, told) = replay(&path, &[]);
        assert_eq!((status, &told["same"], &told["same_pack"]), (Some(0), &json!(true), &json!(true)), "{told}");
    }
}

#[test]
fn a_changed_rule_is_named_with_what_it_alters() {
    let (path, _) = receipt("changed", EMPLOYEE);
    let folder = edited(
        "shorter",
        "stay.toml",
        "when        = { category = [\"eaeu\"], basis = [\"visa-free\"] }\nwindow      = { rolling_days = 180 }\nmax_days    = 90",
        "when        = { category = [\"eaeu\"], basis = [\"visa-free\"] }\nwindow      = { rolling_days = 180 }\nmax_days    = 60",
    );
    let (status, told) = replay(&path, &["--rules", folder.to_str().expect("UTF-8")]);
    assert_eq!((status, &told["same"], &told["same_pack"]), (Some(5), &json!(false), &json!(false)), "{told}");
    let last_day = json!({ "path": "stay.last_day", "old": "2027-01-30", "new": "2026-12-31" });
    assert!(told["changes"].as_array().expect("a list").contains(&last_day), "{told}");
    assert_eq!(told["rules"], json!(["kz.stay.eaeu: max_days: 90 → 60"]), "{told}");
}

#[test]
fn a_changed_calendar_is_named_where_no_rule_changed() {
    let (path, _) = receipt("calendar", EMPLOYEE);
    let folder = edited(
        "holiday",
        "calendar/2026.toml",
        "[[day_off]]\n",
        "[[moved]]\noff = 2026-11-03\nworked = 2026-11-07\n\n[[day_off]]\n",
    );
    let (status, told) = replay(&path, &["--rules", folder.to_str().expect("UTF-8")]);
    assert_eq!((status, &told["rules"]), (Some(5), &json!([])), "{told}");
    assert_eq!(told["calendar"], json!(["+ 2026-11-03 moved-off", "+ 2026-11-07 worked"]), "{told}");
}

#[test]
fn a_change_that_does_not_touch_the_answer_leaves_it_the_same() {
    let (path, _) = receipt("untouched", EMPLOYEE);
    let folder = edited("other", "stay.toml", "max_days    = 30", "max_days    = 31");
    let (status, told) = replay(&path, &["--rules", folder.to_str().expect("UTF-8")]);
    assert_eq!((status, &told["same"], &told["same_pack"]), (Some(0), &json!(true), &json!(false)), "{told}");
}

#[test]
fn what_is_no_receipt_is_refused() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    for (name, text) in
        [("empty", ""), ("other", "{}"), ("list", "[1]"), ("schema", "{\"schema\": \"trp-check/receipt/9\"}")]
    {
        let path = folder.join(format!("no-receipt-{name}.json"));
        fs::write(&path, text).expect("a file");
        let ran = run::run(&["replay", path.to_str().expect("UTF-8")], b"");
        assert_eq!(ran.status, Some(4), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains("this is no receipt"), "{name}: {}", ran.stderr);
    }
}
