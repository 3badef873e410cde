//! The proof by exhaustion: the shipped packs leave nothing open that is not declared, and what is seeded
//! into a copy is found, with a person for whom `check` shows it.

use std::fs;

use crate::support::run::Ran;
use crate::support::{folders, json, run};
use serde_json::Value as Json;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::review::walk::walk;

/// A flaw put into a copy of `rules/kz`.
struct Seed {
    name: &'static str,
    file: &'static str,
    find: &'static str,
    put: &'static str,
    /// The code that must be found, and the text of the line where.
    code: &'static str,
    line: &'static str,
    /// What the answer for the witness must show; a pointer into the JSON and a part of what stands there.
    shows: &'static [(&'static str, &'static str)],
}

const SEEDS: &[Seed] = &[
    Seed {
        name: "citizens whose category no limit asks for are a gap",
        file: "stay.toml",
        find: "{ category = [\"turkiye\"], basis = [\"visa-free\"] }",
        put: "{ category = [\"china\"], basis = [\"visa-free\"] }",
        code: "gap",
        line: "id = \"kz.stay.eaeu\"",
        shows: &[("/stay/status", "not-covered")],
    },
    Seed {
        name: "a limit for citizens who have one of the same kind is a conflict",
        file: "stay.toml",
        find: "{ category = [\"india-iran\"], basis = [\"visa-free\"] }\nwindow      = \"per-entry\"",
        put: "{ category = [\"india-iran\", \"eaeu\"], basis = [\"visa-free\"] }\nwindow      = \"per-entry\"",
        code: "conflict",
        line: "from        = 2022-07-08",
        shows: &[("/stay/limits", "kz.stay.india-iran"), ("/stay/limits", "kz.stay.eaeu")],
    },
    Seed {
        name: "a permit that no limit carries is a gap",
        file: "stay.toml",
        find: "verified = 2026-11-30\nstanding = \"law\"\nwhen     = { basis = [\"trp\"] }",
        put: "verified = 2026-11-30\nstanding = \"law\"\nwhen     = { basis = [\"visa\"] }",
        code: "gap",
        line: "id = \"kz.stay.eaeu\"",
        shows: &[("/stay/basis", "trp"), ("/stay/binding", "[]")],
    },
    Seed {
        name: "two thresholds for one person are a conflict",
        file: "permit.toml",
        find: "id           = \"kz.trp.threshold.eaeu\"\nexception_to = [\"kz.trp.threshold.other\"]\n",
        put: "id           = \"kz.trp.threshold.eaeu\"\n",
        code: "conflict",
        line: "from     = 2022-07-08",
        shows: &[("/trp/rule", "kz.trp.threshold")],
    },
    Seed {
        name: "an exception that never meets what it excepts is dead",
        file: "permit.toml",
        find: "id           = \"kz.trp.threshold.cis\"\nexception_to = [\"kz.trp.threshold.other\"]",
        put: "id           = \"kz.trp.threshold.cis\"\nexception_to = [\"kz.trp.threshold.other\", \"kz.trp.threshold.eaeu\"]",
        code: "dead",
        line: "exception_to = [\"kz.trp.threshold.other\", \"kz.trp.threshold.eaeu\"]",
        shows: &[],
    },
    Seed {
        name: "a limit for people whose stay is left undecided is dead",
        file: "stay.toml",
        find: "{ category = [\"hong-kong\"], basis = [\"visa-free\"] }\nwindow      = \"per-entry\"",
        put: "{ category = [\"own-citizens\"], basis = [\"visa-free\"] }\nwindow      = \"per-entry\"",
        code: "dead",
        line: "from        = 2022-07-08",
        shows: &[],
    },
    Seed {
        name: "an exemption that another one contains is redundant",
        file: "documents.toml",
        find: "  { category = [\"eaeu\"], because = \"eaeu-no-insurance\" },\n",
        put: "  { category = [\"eaeu\"], because = \"eaeu-no-insurance\" },\n  { category = [\"eaeu\"], purpose = [\"study\"] },\n",
        code: "redundant",
        line: "{ category = [\"eaeu\"], purpose = [\"study\"] }",
        shows: &[],
    },
    Seed {
        name: "an exemption of people who need not bring it anyway is dead",
        file: "documents.toml",
        find: "  { employer = [\"other\"], work = [\"self-employed\"], because = \"self-employed-no-employer\" },\n",
        put: "  { employer = [\"other\"], work = [\"self-employed\"], because = \"self-employed-no-employer\" },\n  { purpose = [\"study\"] },\n",
        code: "dead",
        line: "{ purpose = [\"study\"] }",
        shows: &[],
    },
    Seed {
        name: "a condition that everybody meets is redundant",
        file: "documents.toml",
        find: "when     = { relation = [\"self\"], channel = [\"egov\"] }",
        put: "when     = { relation = [\"self\"], channel = [\"egov\"], age = [\"under-16\", \"under-18\", \"adult\"] }",
        code: "redundant",
        line: "age = [\"under-16\", \"under-18\", \"adult\"]",
        shows: &[],
    },
    Seed {
        name: "a stay left undecided without a reason is not declared",
        file: "questions.toml",
        find: "\"kz.stay.stateless\"",
        put: "\"kz.stay.visa-free\"",
        code: "undeclared",
        line: "from",
        shows: &[],
    },
    Seed {
        name: "a gap whose declaration is taken away is found",
        file: "questions.toml",
        find: "kind   = \"stay_limit\"",
        put: "kind   = \"duty\"",
        code: "gap",
        line: "id = \"kz.stay.eaeu\"",
        shows: &[("/stay/status", "not-covered")],
    },
    Seed {
        name: "a document listed twice is a conflict",
        file: "documents.toml",
        find: "id        = \"kz.trp.document.secondment-order\"\ndocument  = \"secondment-order\"",
        put: "id        = \"kz.trp.document.secondment-order\"\ndocument  = \"employment-contract\"",
        code: "conflict",
        line: "from",
        shows: &[
            ("/documents", "kz.trp.document.secondment-order"),
            ("/documents", "kz.trp.document.employment-contract"),
        ],
    },
];

/// What is walked at each build and each `rules check` stays a matter of two seconds.
const MOST_CASES: u64 = 4_000_000;

/// No gap, no conflict, nothing dead, nothing redundant; every case walked, and quickly.
#[test]
fn the_shipped_rules_answer_every_case_once() {
    let walk = walk(&RULES, &COUNTRIES);
    assert_eq!(walk.findings, [], "flaws of rules/kz");
    assert!(walk.cases > 10_000, "only {} cases were walked", walk.cases);
    assert!(walk.cases < MOST_CASES, "{} cases take too long", walk.cases);
}

/// Each seed is found at its line, and nothing of its code before it was put there.
#[test]
fn seeded_flaws_are_found_with_a_witness_that_check_confirms() {
    for (number, seed) in SEEDS.iter().enumerate() {
        let folder = folders::copy_of_pack(&format!("walk-{number}"));
        folders::edit(&folder.join(seed.file), seed.find, seed.put);
        let folder = folder.to_str().expect("UTF-8");
        let ran = run::run(&["rules", "check", folder, "--format", "json", "--today", "2026-11-30"], b"");
        let wanted = if seed.code == "redundant" { Some(0) } else { Some(5) };
        assert_eq!(ran.status, wanted, "{}:\n{}{}", seed.name, ran.stdout, ran.stderr);
        let found = json::lines(&ran.stdout).into_iter().find(|finding| {
            let told = fs::read_to_string(finding["path"].as_str().expect("a path")).expect("the file");
            let told: Vec<&str> = told.lines().collect();
            let line = usize::try_from(finding["line"].as_u64().expect("a line")).expect("a line");
            finding["code"] == seed.code && told[line - 1].contains(seed.line)
        });
        let Some(found) = found else { panic!("{}: not found\n{}", seed.name, ran.stdout) };
        if !seed.shows.is_empty() {
            confirm(seed, found["witness"].as_str().expect("a witness"));
        }
    }
}

/// Runs the command that a finding names.
fn confirm(seed: &Seed, command: &str) {
    let parts: Vec<&str> = command.splitn(3, '\'').collect();
    let [echo, profile, rest] = parts[..] else { panic!("{}: {command}", seed.name) };
    assert_eq!(echo, "echo ", "{}: {command}", seed.name);
    let mut words: Vec<&str> = rest.trim_start_matches(" | ").split(' ').collect();
    assert_eq!(words.remove(0), "trp-check");
    words.extend(["--format", "json"]);
    let Ran { stdout, stderr, .. } = run::run(&words, profile.as_bytes());
    let answer: Json = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{}: {error}: {stderr}", seed.name));
    for (pointer, part) in seed.shows {
        let shown = answer.pointer(pointer).unwrap_or(&Json::Null).to_string();
        assert!(shown.contains(part), "{}: {pointer} is {shown}; wanted: {part}\n{command}", seed.name);
    }
}

/// The small packs, too, answer every case.
#[test]
fn packs_of_other_countries_are_proved_as_well() {
    for pack in ["tests/packs/schengen", "tests/packs/russia"] {
        let ran = run::run(&["rules", "check", pack, "--deny", "warnings", "--today", "2026-11-22"], b"");
        assert_eq!(ran.status, Some(0), "{pack}:\n{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("Walked "), "{pack}: {}", ran.stdout);
    }
}
