//! What a rule wants to be said with it is said, whatever kind of rule it is, and lists and single answers give it the
//! same weight. Kinds that take no notes refuse them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::rows::{row_of, sorted};
use crate::support::{folders, run};
use serde_json::Value as Json;

/// People of whom each kind of rule says something.
const PEOPLE: &str = r#"{"citizenship":"RU","purpose":"employment","employment":{"employer":"other"},"stays":[{"entry":"2026-11-02"}],"travel_document":{"expires":"2027-02-03"}}
{"citizenship":"RU","purpose":"employment","employment":{"employer":"other"},"stays":[{"entry":"2026-08-23"}]}
{"citizenship":"US","stays":[{"entry":"2026-10-01"}]}
{"citizenship":"US","purpose":"employment","permits":[{"kind":"visa","from":"2026-10-01","until":"2027-09-30","days_per_entry":365}],"stays":[{"entry":"2026-10-01"}]}
{"citizenship":"NG","purpose":"tourism","stays":[{"entry":"2026-11-10"}]}
{"citizenship":"IN","purpose":"employment","permits":[{"kind":"residence-permit","from":"2026-01-01"}],"stays":[{"entry":"2026-10-01"}]}
{"citizenship":"US","birth_date":"2015-01-01","stays":[{"entry":"2026-08-01"}]}
"#;

/// Lets every version in a rule file say one thing more: its kind.
fn note_everywhere(file: &Path, told: &mut BTreeSet<String>) {
    let text = fs::read_to_string(file).expect("a rule file");
    let mut blocks = text.split("\n[[").map(str::to_owned);
    let mut noted = blocks.next().unwrap_or_default();
    for block in blocks {
        noted.push_str("\n[[");
        let Some((kind, rest)) = block.split_once(".version]]") else {
            noted.push_str(&block);
            continue;
        };
        let note = format!(r#"{{ code = "told-{kind}", level = "warning", text = "any-180-days" }},"#);
        told.insert(format!("told-{kind}"));
        let notes = rest.lines().find(|line| line.starts_with("notes"));
        let rest = match notes {
            Some(line) => rest.replacen(line, &line.replacen('[', &format!("[ {note}"), 1), 1),
            None => format!("\nnotes = [{note}]{rest}"),
        };
        noted = format!("{noted}{kind}.version]]{rest}");
    }
    fs::write(file, noted).expect("the file again");
}

#[test]
fn the_notes_of_every_kind_of_rule_are_told() {
    let pack = folders::copy_of_pack("notes");
    let mut expected = BTreeSet::new();
    for file in ["stay.toml", "duties.toml", "permit.toml", "documents.toml"] {
        note_everywhere(&pack.join(file), &mut expected);
    }
    let folder = pack.to_string_lossy();
    let batch = |more: &[&str]| {
        let arguments = [&["batch", "--rules", &folder, "--today", "2026-11-22"][..], more].concat();
        let ran = run::run(&arguments, PEOPLE.as_bytes());
        assert_eq!(ran.stdout.lines().count(), PEOPLE.lines().count(), "{}", ran.stderr);
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect::<Vec<Json>>()
    };
    let mut told = BTreeSet::new();
    for (line, (answer, row)) in (1..).zip(batch(&["--full"]).iter().zip(batch(&[]))) {
        let codes = answer["notices"].as_array().into_iter().flatten().filter_map(|notice| notice["code"].as_str());
        told.extend(codes.filter(|code| code.starts_with("told-")).map(str::to_owned));
        assert_eq!(sorted(row), row_of(line, answer), "{answer}");
    }
    assert_eq!(told, expected);
}
