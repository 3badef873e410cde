//! Every answer for programs is an object of the schema that `trp-check schema NAME` prints, and the schemas are those
//! that `docs/schema` keeps. To write them anew: `trp-check schema NAME > docs/schema/NAME.json`.

use std::fs;

use crate::html::profiles;
use crate::schemas::Judge;
use crate::support::cores::on_all_cores;
use crate::support::files::{files_below, text_of};
use crate::support::folders::scratch;
use crate::support::run::{self, root};
use serde_json::Value as Json;
use trp_check::assess::{assess, timelines};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::read::Reader;
use trp_check::render::schema::{ANSWERS, of_answer};
use trp_check::render::{Sections, Words, json as render};
use trp_check::tree::{self, Syntax};

/// The schema of an answer.
fn schema(name: &str) -> Judge {
    Judge::new(name, of_answer(name).unwrap_or_else(|| panic!("{name} has no schema")).to_value())
}

fn must_take(judge: &Judge, answer: &str, place: &str) {
    let answer: Json = serde_json::from_str(answer).expect("JSON");
    judge.verdict(&answer).unwrap_or_else(|why| panic!("{place}: {why}"));
}

#[test]
fn the_schemas_are_kept_in_the_docs_and_are_objects_with_properties() {
    for name in ANSWERS {
        let printed = run::run(&["schema", name], b"").stdout;
        assert!(
            printed == text_of(&root().join(format!("docs/schema/{name}.json"))),
            "docs/schema/{name}.json is not up to date"
        );
        let schema: Json = serde_json::from_str(&printed).expect("a schema is JSON");
        assert_eq!(schema["type"], "object", "{name}");
        assert!(schema["properties"].as_object().is_some_and(|keys| keys.len() > 2), "{name}");
    }
    let kept = files_below(&root().join("docs/schema"), "json").len();
    assert_eq!(kept, ANSWERS.len(), "a file of docs/schema belongs to no answer");
    let list = run::run(&["schema"], b"").stdout;
    assert!(ANSWERS.iter().all(|name| list.contains(name)), "{list}");
}

#[test]
fn every_law_case_is_answered_by_its_schema() {
    let judge = schema("assessment");
    let words = Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES);
    let cases = profiles();
    assert!(cases.len() > 500, "the law cases were not found");
    on_all_cores(&cases, |(today, profile)| {
        let today = Day::parse(today).expect("a day");
        let text = profile.to_string();
        let tree = tree::parse(&text, 0, Syntax::Json).expect("JSON");
        let profile = Reader::new(&RULES, &COUNTRIES, today).tree(&tree, Vec::new()).expect("a good profile");
        let answer = assess(&RULES, &profile, today);
        let days = timelines(&RULES, &answer);
        let written = render::render(&answer, &days, Sections::All, &words);
        must_take(&judge, std::str::from_utf8(&written).expect("UTF-8"), &text);
        Vec::new()
    });
}

#[test]
fn every_other_answer_is_of_its_schema() {
    let family = root().join("tests/cli/profiles/family.toml").display().to_string();
    let staff = root().join("tests/cli/lists/staff.csv").display().to_string();
    let folder = scratch("answers");
    fs::create_dir_all(&folder).expect("a folder");
    let receipt = folder.join("receipt.json").display().to_string();
    let written = run::run(&["check", &family, "--receipt", &receipt, "--today", "2026-11-22"], b"");
    assert_eq!(written.status, Some(0), "{}", written.stderr);
    must_take(&schema("receipt"), &text_of(receipt.as_ref()), "of a family");
    let asked: [(&'static str, Vec<&str>); 14] = [
        ("assessment", vec!["stay", &family, "--timeline"]),
        ("assessment", vec!["docs", &family]),
        ("plan", vec!["plan", &family, "--trip", "2027-03-01..2027-04-01"]),
        ("plan", vec!["plan", &family, "--from", "2027-03-01"]),
        ("plan", vec!["plan", &family, "--need", "40"]),
        ("plan", vec!["plan", &family, "--until", "2027-03-01"]),
        ("agenda", vec!["agenda", &family, &staff]),
        ("explanation", vec!["explain", &family]),
        ("comparison", vec!["explain", &family, "--vary", "channel=egov,psc"]),
        ("calendar-term", vec!["calendar", "add", "3wd", "--from", "2026-03-20"]),
        ("calendar-term", vec!["calendar", "add", "30wd", "--from", "2027-12-20"]),
        ("calendar-year", vec!["calendar", "list", "2026"]),
        ("rules", vec!["rules", "list"]),
        ("rules", vec!["rules", "show", "kz.stay.eaeu", "--history"]),
    ];
    for (name, mut line) in asked {
        line.extend(["--format", "json", "--today", "2026-11-22"]);
        let ran = run::run(&line, b"");
        assert!(matches!(ran.status, Some(0 | 1 | 3)), "{line:?}: {}", ran.stderr);
        must_take(&schema(name), &ran.stdout, &line.join(" "));
    }
    let question = run::run(&["ask", "--next", "--today", "2026-11-22"], b"").stdout;
    must_take(&schema("question"), &question, "ask --next");
    let rows = run::run(&["batch", &staff, "--today", "2026-11-22"], b"").stdout;
    let judge = schema("row");
    assert!(rows.lines().count() > 3, "{rows}");
    rows.lines().for_each(|row| must_take(&judge, row, row));
}
