//! Every answer for programs is an object of the schema that `trp-check schema NAME` prints, and the schemas are those
//! that `docs/schema` keeps. To write them anew: `trp-check schema NAME > docs/schema/NAME.json`.

use std::fs;

use crate::support::cores::on_all_cores;
use crate::support::files::{files_below, text_of};
use crate::support::folders::scratch;
use crate::support::run::root;
use crate::support::{json, run};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value as Json;
use trp_check::assess::{assess, timelines};
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::read::Reader;
use trp_check::render::schema::{ANSWERS, of_answer};
use trp_check::render::{Sections, Words, json as render};
use trp_check::tree::{self, Syntax};

struct Judge {
    name: &'static str,
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    fn of(name: &'static str) -> Self {
        let schema = of_answer(name).unwrap_or_else(|| panic!("{name} has no schema"));
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        let path = format!("file:///{name}.json");
        compiler.add_resource(&path, schema.to_value()).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut schemas = Schemas::new();
        let index = compiler.compile(&path, &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        Self { name, schemas, index }
    }

    fn must_take(&self, answer: &Json, place: &str) {
        let taken = self.schemas.validate(answer, self.index);
        assert!(
            taken.is_ok(),
            "{} {place}: {}",
            self.name,
            taken.err().map(|error| error.to_string()).unwrap_or_default()
        );
    }
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
    let judge = Judge::of("assessment");
    let words = Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES);
    let cases: Vec<toml::Table> = files_below(&root().join("rules/kz/cases"), "toml")
        .iter()
        .flat_map(|file| {
            file.text.parse::<toml::Table>().expect("TOML")["case"].as_array().cloned().unwrap_or_default()
        })
        .filter_map(|case| case.as_table().cloned())
        .filter(|case| case.get("refused").is_none())
        .collect();
    assert!(cases.len() > 500, "the law cases were not found");
    on_all_cores(&cases, |case| {
        let today = json::of_toml(&case["today"]);
        let today = trp_check::calendar::Day::parse(today.as_str().expect("a day")).expect("a day");
        let text = json::of_toml(&case["profile"]).to_string();
        let tree = tree::parse(&text, 0, Syntax::Json).expect("JSON");
        let profile = Reader::new(&RULES, &COUNTRIES, today).tree(&tree, Vec::new()).expect("a good profile");
        let answer = assess(&RULES, &profile, today);
        let days = timelines(&RULES, &answer);
        let written = render::render(&answer, &days, Sections::All, &words);
        judge.must_take(&serde_json::from_slice(&written).expect("JSON"), &text);
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
    Judge::of("receipt").must_take(&serde_json::from_str(&text_of(receipt.as_ref())).expect("JSON"), "of a family");
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
        Judge::of(name).must_take(&serde_json::from_str(&ran.stdout).expect("JSON"), &line.join(" "));
    }
    let question = run::run(&["ask", "--next", "--today", "2026-11-22"], b"").stdout;
    Judge::of("question").must_take(&serde_json::from_str(&question).expect("JSON"), "ask --next");
    let rows = run::run(&["batch", &staff, "--today", "2026-11-22"], b"").stdout;
    let judge = Judge::of("row");
    assert!(rows.lines().count() > 3, "{rows}");
    rows.lines().for_each(|row| judge.must_take(&serde_json::from_str(row).expect("JSON"), row));
}
