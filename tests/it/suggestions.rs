//! Whatever is misspelt on a command line gets the word that was meant; and what help and answers look like.

use std::collections::BTreeSet;
use std::fs;

use crate::support::cores::on_all_cores;
use crate::support::{folders, run};
use trp_check::embedded::TEXTS;

const ALEKSEI: &str = "tests/cli/profiles/aleksei.toml";

/// What is told on stderr about a command line that is wrong.
fn told(line: &str) -> String {
    let arguments: Vec<&str> = line.split(' ').chain(["--today", "2026-11-22"]).collect();
    let ran = run::run(&arguments, b"");
    assert!(matches!(ran.status, Some(2 | 4 | 5)), "{line}: {:?} {}{}", ran.status, ran.stdout, ran.stderr);
    ran.stderr
}

/// A misspelt word of any kind gets the nearest one that there is.
#[test]
fn a_misspelt_word_gets_the_nearest() {
    let cases: &[(&str, &str)] = &[
        ("chek", "check"),
        ("completion bash", "completions"),
        ("rules chek", "check"),
        ("rules covrage", "coverage"),
        ("profile templat", "template"),
        ("calendar ad 3wd", "add"),
        ("help chek", "check"),
        ("help rule", "rules"),
        ("man rules chekc", "check"),
        ("completions bahs", "bash"),
        ("check --citizen RU", "--citizenship"),
        ("stay --timline", "--timeline"),
        ("check --lang eng", "en"),
        ("check --color alwyas", "always"),
        ("check --format jsn", "json"),
        ("stay --format sgv", "svg"),
        ("rules test --format junt", "junit"),
        ("rules check --deny warning", "warnings"),
        ("rules check --explain version-gap", "versions-gap"),
        ("rules schema stays", "stay"),
        ("rules show kz.stay.eau", "kz.stay.eaeu"),
        ("rules matrix --purpose employmnt", "employment"),
        ("rules matrix --channel egv", "egov"),
        ("rules matrix --procedure tpr", "trp"),
        ("check --citizenship Kazahstan", "KZ"),
        ("check --citizenship RU --purpose turism", "tourism"),
        ("check --citizenship RU --employer astana", "astana-hub"),
        ("check --citizenship RU --work employd", "employed"),
        ("check --citizenship RU --channel pcs", "psc"),
        ("check --citizenship RU --housing-owner aplicant", "applicant"),
        ("check --citizenship RU --document-kind passprt", "passport"),
        ("check --citizenship RU --held medical-insurence", "medical-insurance"),
        ("check --citizenship RU --permit vsa:2026-01-01..2026-02-02", "visa"),
        ("check --citizenship RU --stay 02.11.2026", "2026-11-02.."),
        ("check --citizenship RU --stay 2026-11-02:2026-11-20", "2026-11-02..2026-11-20"),
        ("check --citizenship RU --stay 2026-11-02/20.11.2026", "2026-11-02..2026-11-20"),
        ("check --citizenship RU --stay 22/11/2026..", "2026-11-22"),
        ("check --citizenship RU --stay 2026-11-02.. --notified 5.11.2026", "2026-11-05"),
        ("stay --citizenship RU --stay 2026-11-02.. --today 22.11.2026", "2026-11-22"),
        ("check --citizenship Korea", "KR"),
        ("check --citizenship Rssia", "RU"),
        ("check --citizenship Узбекистн", "UZ"),
        ("ask --next --answer citizenshp=RU", "citizenship"),
        ("ask --next --answer citizenship=Rusia", "RU"),
        ("ask --next --answer citizenship=RU --skip purpos", "purpose"),
        ("batch --encoding windows1251", "windows-1251"),
        ("batch --only violaton x", "violation"),
        ("batch --date-format dym", "dmy"),
        ("batch --input-format cvs", "csv"),
        ("batch --template cvs", "csv"),
        ("batch --on-error stp", "stop"),
        ("calendar add 3dw", "3wd"),
        ("calendar add 3w", "3wd"),
        ("calendar add 30days", "30d"),
        ("calendar add 24hours", "24h"),
        ("check tests/cli/profiles/alexei.toml", ALEKSEI),
        ("agenda tests/cli/lists/stff.csv", "tests/cli/lists/staff.csv"),
        ("rules check rules/kx", "rules/kz"),
        ("check --rules rules/kzz --citizenship RU", "rules/kz"),
    ];
    let explained: Vec<(String, &str)> = [
        ("--id medical-insurence", "medical-insurance"),
        ("--id stay-ends", "stay-end"),
        ("--what-if chanel=psc", "channel"),
        ("--vary channel=egov,polise", "police"),
    ]
    .map(|(flags, meant)| (format!("explain {ALEKSEI} {flags}"), meant))
    .into();
    let all = cases.iter().map(|(line, meant)| (*line, *meant));
    for (line, meant) in all.chain(explained.iter().map(|(line, meant)| (&**line, *meant))) {
        let told = told(line);
        assert!(told.contains(&format!("did you mean `{meant}`")), "{line}: {told}");
    }
}

/// What people type for something else gets what they mean.
#[test]
fn what_people_type_gets_what_they_mean() {
    let cases: &[(&str, &[&str])] = &[
        ("check --country RU", &["did you mean `--citizenship RU`"]),
        ("check --nationality=RU", &["did you mean `--citizenship RU`"]),
        ("check --citizenship RU --entry 2026-11-02", &["did you mean `--stay 2026-11-02..`"]),
        ("check --citizenship RU --entry 02.11.2026", &["did you mean `--stay 2026-11-02..`"]),
        ("check --citizenship RU --arrived 2026-11-02", &["did you mean `--stay 2026-11-02..`"]),
        ("russia", &["trp-check check --citizenship russia"]),
        ("visa", &["trp-check check --citizenship RU", "trp-check docs", "--permit visa:"]),
        ("rvp", &["trp-check check --citizenship RU"]),
        (ALEKSEI, &["did you mean `check tests/cli/profiles/aleksei.toml`"]),
        ("check --lang kz --citizenship RU", &["`--lang kz`", "--lang kk"]),
        ("check --citizenship RU --stay 2026-11-02.. --notified yes", &["--notified yes\n", "2026-11-04", "or `no`"]),
        ("check --citizenship RU --stay 2026-11-02.. --notified 02.11.2026", &["did you mean `2026-11-02`"]),
        ("check tests/cli/lists/staff.csv", &["trp-check batch tests/cli/lists/staff.csv"]),
        ("check", &["trp-check ask\n", "--citizenship RU", "trp-check check person.toml"]),
        ("check --citizenship RU --format ics", &["trp-check agenda person.toml --format ics"]),
        ("check --citizenship RU --family 2", &["trp-check ask"]),
        ("plan tests/cli/profiles/aleksei.toml", &["--trip 2027-01-10..2027-02-05", "--from ", "--need ", "--until "]),
        ("agenda", &["trp-check ask --output person.toml", "trp-check agenda person.toml"]),
        ("agenda --citizenship RU", &["trp-check ask --output person.toml", "trp-check agenda person.toml"]),
    ];
    for (line, meant) in cases {
        let told = told(line);
        for meant in *meant {
            assert!(told.contains(meant), "{line}: {meant}: {told}");
        }
    }
    let yaml = folders::scratch("yaml").join("person.yaml");
    fs::create_dir_all(yaml.parent().expect("a folder")).expect("a new folder");
    fs::write(&yaml, "citizenship: RU\n").expect("a new file");
    let told = run::run(&["check", &yaml.display().to_string()], b"").stderr;
    assert!(told.contains("YAML") && told.contains("trp-check profile template"), "{told}");
}

/// A wrong flag is shown as it was typed, alone, with the caret under the wrong part.
#[test]
fn a_wrong_flag_is_shown_alone() {
    let told = told("check --purpose employment --citizenship RU --stay 2026-11-31..");
    assert!(told.contains("\n1 | --stay 2026-11-31..\n  |        ^^^^^^^^^^"), "{told}");
    assert!(!told.contains("--purpose") && !told.contains("--citizenship"), "{told}");
}

/// A country for a code that is none, or a flag of another meaning, would be a wrong guess.
#[test]
fn a_guess_is_near_and_of_the_same_kind() {
    for code in ["GER", "USR", "ENG", "RUU", "KAS", "IRA", "SWI"] {
        let told = told(&format!("check --citizenship {code}"));
        assert!(!told.contains("did you mean"), "{code}: {told}");
    }
    for flag in ["--entryday", "--expires", "--held-by", "--date", "--until"] {
        let told = told(&format!("check --citizenship RU {flag} 1"));
        assert!(!told.contains("did you mean"), "{flag}: {told}");
    }
}

/// What is like nothing gets no suggestion, and a word too many is called that.
#[test]
fn what_is_like_nothing_gets_no_suggestion() {
    let lines = [
        "frobnicate",
        "check --qqq",
        "calendar add three",
        "check no-such-folder/no-such-file.toml",
        // Two days are possible, or none.
        "check --citizenship RU --stay 2026-11-02.. --notified 3/4/2026",
        "check --citizenship RU --stay 2026-11-02.. --notified 31.02.2026",
        "check --citizenship RU --stay ..2026-11-02",
    ];
    for line in lines {
        let told = told(line);
        assert!(!told.contains("did you mean"), "{line}: {told}");
    }
    assert!(told("check RU").contains("--citizenship RU"));
    let told = told(&format!("check {ALEKSEI} tests/cli/profiles/family.toml"));
    assert!(told.contains("`tests/cli/profiles/family.toml` is one word too many"), "{told}");
}

/// The colours of everything that is coloured: those that can be read on a light ground as on a dark one.
#[test]
fn colours_can_be_read_on_light_and_dark() {
    // Bold, dim, underlined; red, green, magenta, cyan. Bold green and bold cyan are light in many terminals.
    let allowed: BTreeSet<&str> = ["0", "1", "2", "4", "1;31", "1;35", "31", "32", "35", "36"].into();
    let lines = [
        format!("check {ALEKSEI}"),
        "check --citizenship DE --stay 2026-10-01..".to_owned(),
        "check --citizenship UZ --purpose employment".to_owned(),
        "stay --citizenship DE --stay 2026-10-01.. --timeline".to_owned(),
        "stay --citizenship DE --stay 2026-11-02..2026-12-24 --timeline".to_owned(),
        "stay --citizenship IR --stay 2026-11-02.. --timeline".to_owned(),
        "check tests/bad-inputs/three-faults.toml".to_owned(),
        "rules check tests/bad-packs".to_owned(),
        "agenda tests/cli/lists/staff.csv".to_owned(),
        format!("plan {ALEKSEI} --until 2028-06-30"),
        "check --help".to_owned(),
        "rules".to_owned(),
    ];
    let mut seen = BTreeSet::new();
    for line in &lines {
        let arguments: Vec<&str> = line.split(' ').chain(["--today", "2026-11-22", "--color", "always"]).collect();
        let ran = run::run(&arguments, b"");
        for part in format!("{}{}", ran.stdout, ran.stderr).split("\u{1b}[").skip(1) {
            let (code, _) = part.split_once('m').unwrap_or_else(|| panic!("{line}: {part}"));
            assert!(allowed.contains(code), "{line}: colour {code}");
            seen.insert(code.to_owned());
        }
    }
    assert!(["1;31", "32", "36"].iter().all(|code| seen.contains(*code)), "{seen:?}");
}

/// `--color` holds for help, too.
#[test]
fn help_is_coloured_as_it_is_told() {
    let has_colour = |arguments: &[&str]| run::run(arguments, b"").stdout.contains('\u{1b}');
    assert!(has_colour(&["check", "--help", "--color", "always"]));
    assert!(has_colour(&["--color=always", "help", "check"]));
    assert!(!has_colour(&["check", "--help"]));
}

/// Each command's help teaches by two examples at least, but where one says it all.
#[test]
fn every_help_has_examples() {
    let folder = run::root().join("src/render/text/en");
    let about: BTreeSet<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .flat_map(|entry| {
            let table: toml::Table =
                fs::read_to_string(entry.path()).unwrap_or_default().parse().unwrap_or_else(|error| panic!("{error}"));
            let about = table.get("help_about").and_then(toml::Value::as_table).cloned().unwrap_or_default();
            about.keys().cloned().collect::<Vec<_>>()
        })
        .collect();
    assert!(about.len() > 20, "{about:?}");
    for name in about.iter().filter(|name| *name != "help") {
        let path = name.strip_prefix("trp-check").unwrap_or(name);
        let arguments: Vec<&str> = path.split('-').filter(|part| !part.is_empty()).chain(["--help"]).collect();
        let help = run::run(&arguments, b"").stdout;
        let examples = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{name}: {help}")).1;
        let examples = examples.split("\n\n").next().unwrap_or_default();
        assert!(examples.lines().count() >= if name == "profile-schema" { 1 } else { 2 }, "{name}: {examples}");
    }
}

/// Every page of help keeps the width, but for the line of the usage, which is typed as it stands; the short one is
/// short, and says where the rest stands.
#[test]
fn help_keeps_the_width_and_the_short_one_is_short() {
    let about = |key: &str| key.strip_prefix("help_about.").map(str::to_owned);
    let names: Vec<String> =
        TEXTS[0].entries().filter_map(|(key, _)| about(key)).filter(|name| name != "help").collect();
    assert!(names.len() > 20, "{names:?}");
    let pages: Vec<(&str, String, &str, usize)> = TEXTS
        .iter()
        .flat_map(|texts| names.iter().map(|name| (&*texts.language, name.clone())))
        .flat_map(|(language, name)| {
            [("-h", 60), ("--help", 80)].map(|(flag, width)| (language, name.clone(), flag, width))
        })
        .collect();
    let failures = on_all_cores(&pages, |(language, name, flag, width)| {
        let path = name.strip_prefix("trp-check").unwrap_or(name);
        let (columns, command) = (width.to_string(), path.split('-').filter(|part| !part.is_empty()));
        let line: Vec<&str> = command.chain([*flag, "--lang", language, "--width", &columns]).collect();
        let help = run::run(&line, b"").stdout;
        let usage = TEXTS.iter().find(|texts| texts.language == *language).and_then(|texts| texts.get("word.usage"));
        let usage = usage.unwrap_or_default();
        let mut wrong: Vec<String> = help
            .lines()
            .filter(|line| line.chars().count() > *width && !line.starts_with(usage))
            .map(str::to_owned)
            .collect();
        let flags = help.lines().filter(|line| line.trim_start().starts_with("--")).count();
        if *flag == "-h" && (flags > 14 && name != "batch" || !help.contains(" --help")) {
            wrong.push(format!("{flags} flags: {help}"));
        }
        wrong.iter().map(|what| format!("{line:?}: {what}")).collect()
    });
    assert!(failures.is_empty(), "{failures:#?}");
    let check = run::run(&["check", "--help"], b"").stdout;
    let headings = ["\nAbout you:", "\nYour stay:", "\nWork and application:", "\nOutput:", "\nExperts:"];
    let places: Vec<Option<usize>> = headings.iter().map(|heading| check.find(heading)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {check}");
}

/// A day with the name of its month is understood in all languages, and never taken without asking.
#[test]
fn a_month_in_words_gets_the_day() {
    for day in ["2 November 2026", "2 ноября 2026", "2026 ж. 2 қараша", "Nov 2, 2026"] {
        let told = run::run(&["check", "--citizenship", "RU", "--stay", day, "--today", "2026-11-22"], b"");
        assert_eq!(told.status, Some(2), "{day}: {}", told.stdout);
        assert!(told.stderr.contains("did you mean `2026-11-02..`"), "{day}: {}", told.stderr);
    }
    let born = ["check", "--citizenship", "RU", "--birth-date", "5 мая 1990", "--today", "2026-11-22"];
    let told = run::run(&born, b"").stderr;
    assert!(told.contains("did you mean `1990-05-05`"), "{told}");
}

/// A country is guessed only where few letters are wrong; else it is said how to write it.
#[test]
fn a_country_that_is_far_from_all_is_not_guessed() {
    for name in ["Allmania", "Deutschland", "Russland", "Wakanda"] {
        let told = told(&format!("check --citizenship {name}"));
        assert!(!told.contains("did you mean") && told.contains("`P<`"), "{name}: {told}");
    }
    let names =
        [("Almanya", "DE"), ("O'zbekiston", "UZ"), ("Özbekistan", "UZ"), ("Qirg‘iziston", "KG"), ("Rusya", "RU")];
    for (name, code) in names {
        let ran = run::run(&["check", "--citizenship", name, "--format", "json", "--today", "2026-11-22"], b"");
        assert!(ran.stdout.contains(&format!("\"citizenship\": \"{code}\"")), "{name}: {}{}", ran.stdout, ran.stderr);
    }
}

/// What stands in a wrong place, or is called as people call it, is told where it belongs.
#[test]
fn a_key_in_a_wrong_place_is_told_where_it_belongs() {
    let lines = [
        (r#"{"citizenship":"RU","entry":"2026-11-02"}"#, "`stays = [{ entry = … }]`"),
        (r#"{"citizenship":"RU","expires":"2027-11-02"}"#, "`travel_document = { expires = … }`"),
        (r#"{"citizenship":"RU","wife":"TR"}"#, "relation = \"spouse\""),
        (r#"{"citizenship":"RU","son":{}}"#, "relation = \"child\""),
        (r#"{"citizenship":"RU","family":[{"relation":"wife","citizenship":"RU"}]}"#, "did you mean `spouse`"),
        (r#"{"citizenship":"RU","family":[{"relation":"spouse","citizenship":"RU","notified":false}]}"#, "`stays = ["),
    ];
    for (profile, told) in lines {
        let ran = run::run(&["check", "-", "--today", "2026-11-22"], profile.as_bytes());
        assert_eq!(ran.status, Some(4), "{profile}: {}", ran.stdout);
        assert!(ran.stderr.contains(told), "{profile}: {}", ran.stderr);
    }
    let flags = [
        ("check --citizenship RU --permit trp:..2027-01-10", "trp:FIRST..LAST"),
        ("check --citizenship RU --stay ..2027-01-10", "FIRST..LAST"),
        ("check --stay 2026-11-02..", "--citizenship RU"),
    ];
    for (line, said) in flags {
        assert!(told(line).contains(said), "{line}: {}", told(line));
    }
}
