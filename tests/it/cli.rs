//! The command line, screen by screen: `tests/cli` holds a file for each claim, and its name is the claim.
//!
//! `TRYCMD=overwrite cargo test --test it screens` writes all screens anew. A screen proves only that nothing changed:
//! numbers are asserted in `tests/law/cases.rs`, and beside the screens below.

use std::fs;
use std::path::PathBuf;

use crate::support::run::root;
use crate::support::{TODAY_FLAG, run};
use serde_json::Value as Json;
use trp_check::embedded::RULES;
use trycmd::schema::Bin;

/// Every screen is as its file says, and so are the blocks of the README and of `docs/`.
#[test]
fn screens() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("trp-check", Bin::Path(PathBuf::from(run::PROGRAM)));
    cases.register_bin("cargo", Bin::Ignore);
    cases.env(run::NO_DAY.0, run::NO_DAY.1);
    for variable in ["COLUMNS", "NO_COLOR", "LC_ALL", "LC_MESSAGES", "LANG"] {
        cases.env(variable, "");
    }
    // The fingerprint of the rules changes with every edit of them.
    let known = cases.insert_var("[RULES]", RULES.sha256.to_string());
    known.unwrap_or_else(|error| panic!("{error}"));
    cases.case("tests/cli/*.md").case("tests/cli/*.toml");
    if root().join("README.md").exists() {
        cases.case("README.md").case("docs/*.md");
    }
}

const ALEKSEI: &str = "tests/cli/profiles/aleksei.toml";
const FAMILY: &str = "tests/cli/profiles/family.toml";

/// Runs a command line given as one text.
fn run_line(line: &str) -> run::Ran {
    let arguments: Vec<&str> = line.split_whitespace().chain(TODAY_FLAG).collect();
    run::run(&arguments, b"")
}

fn answer(line: &str) -> Json {
    let ran = run_line(line);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {}", ran.stderr))
}

/// The exits of the contract, one command line for each way to get there.
#[test]
fn exits_are_those_of_the_contract() {
    let expected: &[(&str, i32)] = &[
        ("", 0),
        ("--help", 0),
        ("check --citizenship RU", 0),
        ("check tests/cli/profiles/aleksei.toml", 0),
        ("check --citizenship RU --stay 2026-11-02..", 0),
        ("check --citizenship DE --stay 2026-10-01..", 1),
        ("check --citizenship DE --stay 2026-11-02..2026-12-02", 1),
        ("check --citizenship DE --stay 2026-11-02..2026-12-01", 0),
        ("check --citizenship RU --stay 2026-11-02.. --notified no", 1),
        ("check --citizenship RU --stay 2026-11-20.. --notified no", 0),
        ("check --citizenship RU --stay 2026-11-02..2026-12-30 --document-expires 2026-12-29", 1),
        ("check --citizenship RU --stay 2026-01-02..2026-06-30", 0),
        ("check --citizenship NG", 3),
        ("check --citizenship NG --stay 2026-11-02..", 3),
        ("check --citizenship NG --stay 2026-11-02.. --permit visa:2026-11-01..2026-12-31", 0),
        ("stay --citizenship NG --stay 2026-11-02..", 3),
        ("stay --citizenship RU --stay 2026-11-02.. --timeline", 0),
        ("stay --citizenship DE --stay 2026-10-01.. --timeline", 1),
        ("stay --citizenship NG --stay 2026-11-02.. --timeline", 3),
        ("stay --citizenship RU --format svg", 0),
        ("stay --citizenship RU --timeline --format csv", 2),
        ("stay --citizenship RU --ascii", 2),
        ("check --citizenship RU --format svg", 2),
        ("check --citizenship RU --stay 2026-11-02.. --format html", 0),
        ("stay --citizenship RU --stay 2026-11-02.. --timeline --format html", 0),
        ("docs --citizenship NG --format html", 3),
        ("agenda tests/cli/lists/staff.csv --format html", 0),
        ("docs --citizenship RU --format svg", 2),
        ("explain --citizenship NG", 3),
        ("explain --citizenship DE --stay 2026-10-01..", 1),
        ("check", 2),
        ("chek", 2),
        ("check --citizenship", 2),
        ("check --citizenship XX", 2),
        ("check no-such-file.toml", 4),
        ("agenda tests/cli/lists/staff.csv", 0),
        ("agenda tests/cli/lists/staff.csv no-such-file.toml", 4),
        ("agenda no-such-list.csv", 4),
        ("agenda", 2),
        ("agenda tests/cli/lists/staff.csv --within soon", 2),
        ("check tests/bad-inputs/unknown-key.toml", 4),
        ("profile template", 0),
        ("profile schema", 0),
        ("rules schema", 0),
        ("rules schema stays", 2),
        ("rules schema stay --out target/tmp/schemas", 2),
        ("profile check tests/bad-inputs/unknown-key.toml", 4),
        ("profile check tests/cli/profiles/family.toml", 0),
        ("rules list", 0),
        ("rules show kz.stay.eaeu", 0),
        ("rules show no-such-rule", 2),
        ("rules check tests/cli/profiles", 5),
        ("rules test tests/cli/profiles", 5),
        ("check --citizenship RU --rules tests/cli/profiles", 5),
    ];
    for (line, exit) in expected {
        let ran = run_line(line);
        assert_eq!(ran.status, Some(*exit), "{line}: {}{}", ran.stdout, ran.stderr);
    }
}

/// An answer is on stdout and nothing is on stderr, for every command line of the screens that ends with one.
#[test]
fn an_answer_leaves_stderr_empty() {
    let mut seen = 0;
    for entry in fs::read_dir(root().join("tests/cli")).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        for line in text.lines().filter_map(|line| line.strip_prefix("$ trp-check")) {
            let arguments: Vec<&str> = line.split_whitespace().collect();
            let ran = run::run(&arguments, b"");
            assert!(matches!(ran.status, Some(0 | 1 | 3)), "{line}: {:?} {}", ran.status, ran.stderr);
            assert_eq!(ran.stderr, "", "{line}");
            assert!(ran.stdout.ends_with('\n'), "{line}: the last line is not ended");
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} command lines");
}

/// All screens of `tests/cli` say what they expect of both streams.
#[test]
fn every_case_expects_both_streams() {
    for entry in fs::read_dir(root().join("tests/cli")).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            for ending in ["stdout", "stderr"] {
                assert!(path.with_extension(ending).exists(), "{} has no .{ending}", path.display());
            }
        }
    }
}

/// Numbers of the screens that a rewritten screen must not change in silence.
#[test]
fn the_screens_carry_the_right_numbers() {
    let hub = answer(&format!("check {ALEKSEI} --format json"));
    assert_eq!(hub["status"], "action-needed", "the own registration is due within 14 days");
    assert_eq!(hub["stay"]["last_day"], "2027-01-30");
    assert_eq!(hub["stay"]["latest_arguable"], "2027-01-31");
    assert_eq!(hub["stay"]["days_left"], 69);
    assert_eq!(hub["stay"]["limits"][0]["used"], 21);
    assert_eq!(hub["stay"]["next_entry"]["earliest"], "2026-11-23");
    assert_eq!(hub["stay"]["next_entry"]["days"], 69);
    assert_eq!(hub["trp"]["status"], "conditional");
    assert_eq!(hub["trp"]["file_by"], "2027-01-28");
    assert_eq!(hub["trp"]["hold_by"], "2027-01-30");
    assert_eq!(hub["trp"]["valid_until_at_most"], "2027-10-31");
    let days = |id: &str| {
        let all = hub["deadlines"].as_array().into_iter().flatten();
        all.filter(|deadline| deadline["id"] == id).map(|one| (one["due"].clone(), one["status"].clone())).collect()
    };
    let one = |due: &str, status: &str| vec![(Json::from(due), Json::from(status))];
    let days: &dyn Fn(&str) -> Vec<(Json, Json)> = &days;
    assert_eq!(days("arrival-notification"), one("2026-11-05", "done"));
    assert_eq!(days("own-registration"), one("2026-12-01", "upcoming"));
    assert_eq!(days("trp-filing"), one("2027-01-28", "conditional"));
    assert_eq!(days("stay-end"), one("2027-01-30", "upcoming"));

    let over = answer("check --citizenship DE --stay 2026-10-01.. --format json");
    assert_eq!(over["stay"]["last_day"], "2026-10-30");
    assert_eq!(over["stay"]["days_over"], 23);
    assert_eq!(over["stay"]["days_left"], Json::Null);

    let family = answer(&format!("check {FAMILY} --format json"));
    let status = |at: usize| family["family"][at]["trp"]["status"].clone();
    assert_eq!((status(0), status(1), status(2)), ("conditional".into(), "conditional".into(), "exempt".into()));
}

/// A flag takes the place of one fact; a list of flags takes the place of the whole list; the rest of the file stands.
#[test]
fn flags_win_over_the_file() {
    let told =
        answer(&format!("check {ALEKSEI} --citizenship DE --stay 2026-11-10..2026-11-30 --channel psc --format json"));
    assert_eq!(told["profile"]["citizenship"], "DE");
    assert_eq!(told["profile"]["name"], "Aleksei");
    assert_eq!(told["profile"]["filing"]["channel"], "psc");
    assert_eq!(told["profile"]["housing"]["owner"], "other");
    assert_eq!(told["profile"]["employment"]["employer"], "astana-hub");
    assert_eq!(told["profile"]["employment"]["contract_until"], "2027-10-31");
    let stays = told["profile"]["stays"].as_array().cloned().unwrap_or_default();
    assert_eq!(stays.len(), 1);
    assert_eq!((&stays[0]["entry"], &stays[0]["notified"]), (&"2026-11-10".into(), &Json::Null));
    let noticed =
        answer(&format!("check {ALEKSEI} --notified 2026-11-05 --moved 2026-11-20 --held passport-copy --format json"));
    let stay = &noticed["profile"]["stays"][0];
    assert_eq!((&stay["entry"], &stay["notified"]), (&"2026-11-02".into(), &"2026-11-05".into()));
    assert_eq!(stay["moves"][0]["on"], "2026-11-20");
    assert_eq!(noticed["profile"]["documents_held"], serde_json::json!(["passport-copy"]));
}

/// TOML and JSON, file, stdin and flags give the same answer to the same facts.
#[test]
fn all_ways_in_give_the_same_answer() {
    let toml = "citizenship = \"DE\"\npurpose = \"tourism\"\n[[stays]]\nentry = 2026-11-10\nnotified = false\n";
    let json = r#"{"purpose":"tourism","stays":[{"notified":false,"entry":"2026-11-10"}],"citizenship":"de"}"#;
    let line = ["check", "-", "--format", "json", TODAY_FLAG[0], TODAY_FLAG[1]];
    let of_toml = run::run(&line, toml.as_bytes());
    assert_eq!(of_toml.stdout, run::run(&line, json.as_bytes()).stdout);
    assert_eq!(of_toml.stdout, run::run(&line, format!("\u{feff}{}", toml.replace('\n', "\r\n")).as_bytes()).stdout);
    let flags =
        run_line("check --citizenship Germany --purpose tourism --stay 2026-11-10.. --notified no --format json");
    assert_eq!(of_toml.stdout, flags.stdout);
    for (name, text) in
        [("person.toml", toml), ("person.json", json), ("person.JSON", json), ("person", json), ("person.txt", toml)]
    {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("ways-in");
        let _ = fs::create_dir_all(&folder);
        let path = folder.join(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(of_toml.stdout, run_line(&format!("check {} --format json", path.display())).stdout, "{name}");
    }
}

/// The template of every pack, as printed, is a good profile on that day; so it is with any one of its lines in
/// use, and with all of them.
#[test]
fn the_template_is_a_good_profile() {
    let is_key = |bare: &str| {
        let of_a_key = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
        bare.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(of_a_key))
    };
    let packs = [("rules/kz", 24, true), ("tests/packs/schengen", 7, false), ("tests/packs/russia", 7, false)];
    for (pack, keys, has_papers) in packs {
        for today in ["2026-11-22", "2024-02-29"] {
            let dated = ["--rules", pack, "--today", today];
            let template = run::run(&[&["profile", "template"][..], &dated].concat(), b"").stdout;
            let good = |text: &str| {
                let ran = run::run(&[&["profile", "check", "-"][..], &dated].concat(), text.as_bytes());
                assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{pack}: {text}");
            };
            good(&template);
            let lines: Vec<&str> = template.lines().collect();
            let in_use = |at: usize| lines[at].strip_prefix("# ").filter(|bare| is_key(bare)).unwrap_or(lines[at]);
            let changed: Vec<usize> = (0..lines.len()).filter(|at| in_use(*at) != lines[*at]).collect();
            assert_eq!(changed.len(), keys, "{pack}: {template}");
            for one in &changed {
                let with_one = (0..lines.len()).map(|at| if at == *one { in_use(at) } else { lines[at] });
                good(&with_one.collect::<Vec<_>>().join("\n"));
            }
            good(&(0..lines.len()).map(in_use).collect::<Vec<_>>().join("\n"));
            assert!(!template.contains("\n\n\n") && !template.contains("\"\""), "{template}");
            assert_eq!(template.contains("documents_held"), has_papers, "{pack}");
        }
    }
}

/// `stay` and `docs` leave out the sections of the other, in JSON and CSV, and keep the envelope.
#[test]
fn stay_and_docs_leave_out_each_other() {
    let all = answer(&format!("check {FAMILY} --format json"));
    let stay = answer(&format!("stay {FAMILY} --format json"));
    let docs = answer(&format!("docs {FAMILY} --format json"));
    for key in ["schema", "rules", "today", "profile", "categories", "status"] {
        assert!(!all[key].is_null(), "{key}");
        assert!(!stay[key].is_null() && !docs[key].is_null(), "{key}");
    }
    for key in ["stay", "deadlines"] {
        assert_eq!(stay[key], all[key], "{key}");
        assert!(docs.get(key).is_none(), "docs has {key}");
        assert!(docs["family"].as_array().is_some_and(|all| all.iter().all(|one| one.get(key).is_none())), "{key}");
    }
    assert_eq!(docs["documents"], all["documents"]);
    assert!(stay.get("documents").is_none(), "stay has documents");
    assert!(stay["family"].as_array().is_some_and(|all| all.iter().all(|one| one.get("documents").is_none())));
    let sections = |command: &str| -> std::collections::BTreeSet<String> {
        let told = run_line(&format!("{command} {FAMILY} --format csv")).stdout;
        let mut reader = csv::Reader::from_reader(told.as_bytes());
        let head: Vec<String> =
            reader.headers().map(|head| head.iter().map(str::to_owned).collect()).unwrap_or_default();
        assert_eq!(head, ["section", "id", "person", "date", "status", "text", "rule", "source"]);
        reader.records().map(|row| row.unwrap_or_else(|error| panic!("{error}"))[0].to_owned()).collect()
    };
    assert!(sections("check").is_superset(&sections("stay")));
    assert!(sections("check").is_superset(&sections("docs")));
    assert!(!sections("stay").contains("document") && sections("stay").contains("deadline"));
    assert!(!sections("docs").contains("deadline") && sections("docs").contains("document"));
}

/// No notice, deadline or document is told twice.
#[test]
fn nothing_is_told_twice() {
    for line in [
        format!("check {ALEKSEI}"),
        format!("check {FAMILY}"),
        "check --citizenship NG --stay 2026-11-10..".to_owned(),
        "check --citizenship CN --stay 2026-11-02..".to_owned(),
    ] {
        let told = run_line(&format!("{line} --format csv")).stdout;
        let mut rows: Vec<&str> = told.lines().collect();
        let count = rows.len();
        rows.sort_unstable();
        let twice: Vec<&str> = rows.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert!(twice.is_empty(), "{line}: {} of {count} rows are told twice: {twice:#?}", twice.len());
    }
}

/// `--width` and `COLUMNS` are kept by every screen of an answer; a width in a flag beats the variable.
#[test]
fn no_line_is_longer_than_the_width() {
    let lines = [
        format!("check {ALEKSEI}"),
        format!("check {FAMILY}"),
        format!("stay {ALEKSEI}"),
        format!("docs {FAMILY}"),
        "check --citizenship NG --stay 2026-11-02..".to_owned(),
        "check --citizenship DE --stay 2026-10-01..".to_owned(),
        "check --citizenship UZ --purpose employment".to_owned(),
    ];
    for line in &lines {
        for width in [60, 80, 100, 120] {
            let told = run_line(&format!("{line} --width {width}")).stdout;
            let long: Vec<&str> = told.lines().filter(|line| line.chars().count() > width).collect();
            assert!(long.is_empty(), "{line} --width {width}: {long:#?}");
            let mut command = run::command(run::PROGRAM);
            let output = command.args(line.split(' ')).args(TODAY_FLAG).env("COLUMNS", width.to_string()).output();
            let output = output.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(String::from_utf8_lossy(&output.stdout), told, "{line} with COLUMNS={width}");
        }
        assert_eq!(run_line(line).stdout, run_line(&format!("{line} --width 100")).stdout, "{line}");
    }
}

/// Colour is added by escapes alone, only where it is asked for, and every mark is there without it.
#[test]
fn colour_adds_escapes_only() {
    let plain = |text: &str| {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        first + &parts.map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect::<String>()
    };
    for line in [
        format!("check {ALEKSEI}"),
        "check --citizenship DE --stay 2026-10-01..".to_owned(),
        "check --citizenship NG --stay 2026-11-10..".to_owned(),
    ] {
        let without = run_line(&line).stdout;
        assert!(!without.contains('\u{1b}'), "{line}");
        assert_eq!(run_line(&format!("{line} --color never")).stdout, without);
        let with = run_line(&format!("{line} --color always")).stdout;
        assert!(with.contains('\u{1b}'), "{line}");
        assert_eq!(plain(&with), without);
    }
    for format in ["json", "csv", "markdown"] {
        let with = run_line(&format!("check {ALEKSEI} --color always --format {format}")).stdout;
        assert!(!with.contains('\u{1b}'), "{format}");
    }
    let refused = run_line("check tests/bad-inputs/three-faults.toml --color always");
    assert!(refused.stderr.contains('\u{1b}'));
    assert_eq!(plain(&refused.stderr), run_line("check tests/bad-inputs/three-faults.toml").stderr);
}

/// The day comes from `--today`, else from `TRP_CHECK_TODAY`.
#[test]
fn today_comes_from_flag_then_environment() {
    let told = |arguments: &[&str]| {
        let mut command = run::command(run::PROGRAM);
        let output = command.args(["check", "--citizenship", "RU", "--format", "json"]).args(arguments);
        let output = output.env("TRP_CHECK_TODAY", "2026-03-01").output().unwrap_or_else(|error| panic!("{error}"));
        serde_json::from_slice::<Json>(&output.stdout).unwrap_or_default()["today"].clone()
    };
    assert_eq!(told(&[]), "2026-03-01");
    assert_eq!(told(&["--today", "2026-03-02"]), "2026-03-02");
}

/// The folder that is embedded and the embedded pack answer alike, fingerprint included.
#[test]
fn the_folder_answers_like_the_embedded_pack() {
    for line in [format!("check {FAMILY} --format json"), format!("explain {ALEKSEI}"), "rules list".to_owned()] {
        assert_eq!(run_line(&format!("{line} --rules rules/kz")).stdout, run_line(&line).stdout, "{line}");
    }
}

/// Every document, deadline, category and place of filing of an answer, and every rule that it names, can be asked
/// after by its id.
#[test]
fn every_id_of_an_answer_can_be_explained() {
    let told = answer(&format!("check {ALEKSEI} --format json"));
    let mut ids = std::collections::BTreeSet::new();
    for list in ["documents", "deadlines"] {
        for line in told[list].as_array().into_iter().flatten() {
            ids.extend(["id", "rule"].iter().filter_map(|key| line[*key].as_str()).map(str::to_owned));
        }
    }
    ids.extend(told["stay"]["binding"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned));
    ids.extend(told["trp"]["rule"].as_str().map(str::to_owned));
    ids.extend(told["categories"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned));
    for list in [&told["trp"]["channels"], &told["registration"]["channels"]] {
        ids.extend(list.as_array().into_iter().flatten().filter_map(|one| one["id"].as_str()).map(str::to_owned));
    }
    let notices = told["notices"].as_array().into_iter().flatten();
    ids.extend(
        notices
            .flat_map(|notice| notice["rules"].as_array().into_iter().flatten())
            .filter_map(Json::as_str)
            .map(str::to_owned),
    );
    assert!(ids.len() > 30, "{ids:?}");
    for id in ids {
        let ran = run_line(&format!("explain {ALEKSEI} --id {id}"));
        assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{id}");
        let has = |label: &str| ran.stdout.contains(label);
        assert!(has("\nrule ") && (has("\nlaw ") || has("\nsource ")), "{id}: {}", ran.stdout);
    }
}

/// `--strict` changes the status and nothing that is known: the answer is still there.
#[test]
fn strict_changes_the_status_alone() {
    let line = "check --citizenship RU --stay 2026-11-02.. --format json";
    let (loose, strict) = (answer(line), answer(&format!("{line} --strict")));
    assert_eq!(run_line(&format!("{line} --strict")).status, Some(3));
    assert_eq!(strict["status"], "unknown");
    for key in ["stay", "deadlines", "trp", "documents"] {
        assert_eq!(strict[key], loose[key], "{key}");
    }
}
