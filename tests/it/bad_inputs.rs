//! Profiles, flags and rule packs with something wrong in them: what is said, where, and how it ends.
//!
//! `tests/bad-inputs` holds one fault per file (a few hold three), and beside each file the whole of what must be
//! said: `LINE:COLUMN CODE: MESSAGE`, a line for each fault (a `*` stands for
//! anything). `TRYCMD=overwrite cargo test --test it bad_inputs`
//! writes these lines anew; read the difference before you keep it.
//!
//! `tests/bad-packs` holds small edits of `rules/kz`: `find` a piece of a `file`, `put` another in its place. The
//! guillemet in `put` is not written: it marks where the fault must be found. `and` holds further edits that the
//! seeded fault needs, so that it is the only one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::cores::on_all_cores;
use crate::support::run::{Ran, root};
use crate::support::{TODAY_FLAG, folders, json, run};
use serde_json::Value as Json;
use trp_check::source::{Code, Severity};

/// The most that may be said about one file, however bad it is.
const MOST_SAID: usize = 20_000;

/// Codes that only flags or rows of lists can earn.
const OF_FLAGS: &[Code] = &[Code::BadRange, Code::BadPermit, Code::NoCurrentStay, Code::RowsDiffer];

/// Codes that only rule packs can earn.
const OF_PACKS: &[Code] = &[
    Code::DuplicateId,
    Code::UnknownReference,
    Code::VersionsOverlap,
    Code::Unused,
    Code::MissingText,
    Code::UnknownPlaceholder,
    Code::PlaceholdersDiffer,
    Code::MixedScript,
    Code::NotHttps,
    Code::VerifiedInFuture,
    Code::WrongObservedDay,
    Code::WrongMovedDay,
    Code::UnknownFile,
    Code::MissingFile,
    Code::EmptyList,
    Code::TooMany,
    Code::StepsNotRising,
    Code::NotVerifiedLately,
    Code::VersionsGap,
    Code::VersionsBackwards,
    Code::CountsFromAfterStart,
    Code::CalendarYearMissing,
    Code::CalendarNextYearMissing,
    Code::CiteTwice,
    Code::Gap,
    Code::Undeclared,
    Code::Conflict,
    Code::Dead,
    Code::Redundant,
    Code::TooManyCases,
];

fn files_in(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let folder = root().join("tests").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)));
    files.sort();
    files
}

fn with_today<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().copied().chain(TODAY_FLAG).collect()
}

fn word<'a>(line: &'a Json, key: &str) -> &'a str {
    line[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {line}"))
}

/// A fault as the files of expectations write it.
fn told(line: &Json) -> String {
    format!("{}:{} {}: {}", line["line"], line["column"], word(line, "code"), word(line, "message"))
}

/// What holds of every refusal: nothing on stdout, no panic, not too many words.
fn decency(ran: &Ran, status: i32) -> Vec<String> {
    let mut found = Vec::new();
    if ran.status != Some(status) {
        found.push(format!("expected exit {status}, got {:?}", ran.status));
    }
    if !ran.stdout.is_empty() {
        found.push(format!("{} bytes on stdout", ran.stdout.len()));
    }
    if ran.stderr.trim().is_empty() {
        found.push("nothing is said".to_owned());
    }
    if ran.stderr.contains("panicked") || ran.stderr.contains("overflow") {
        found.push(format!("a panic: {}", ran.stderr));
    }
    if ran.stderr.len() > MOST_SAID {
        found.push(format!("{} bytes on stderr", ran.stderr.len()));
    }
    let is_control = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    if ran.stderr.contains(is_control) {
        found.push(format!("control characters reach the terminal: {:?}", ran.stderr));
    }
    found
}

// ---- profiles ----

/// Runs `check` on a bad file in both error formats; gives what is told and what is wrong with the telling.
fn refusal(path: &str) -> (Vec<String>, Vec<String>) {
    let machine = run::run(&with_today(&["check", path, "--error-format", "json"]), b"");
    let mut wrong = decency(&machine, 4);
    let lines: Result<Vec<Json>, _> = machine.stderr.lines().map(serde_json::from_str).collect();
    let Ok(lines) = lines else {
        wrong.push(format!("not JSON lines: {}", machine.stderr));
        return (Vec::new(), wrong);
    };
    for line in &lines {
        if line["path"] != path || line["severity"] != "error" {
            wrong.push(format!("wrong path or severity: {line}"));
        }
    }
    let human = run::run(&with_today(&["check", path]), b"");
    wrong.extend(decency(&human, 4));
    for line in &lines {
        let place = format!("{path}:{}:{}", line["line"], line["column"]);
        let first = format!("{place}: error[{}]: {}", word(line, "code"), word(line, "message"));
        if !human.stderr.lines().any(|line| line == first) {
            wrong.push(format!("the human report lacks: {first}"));
        }
    }
    let number = if lines.len() == 1 { "1 error".to_owned() } else { format!("{} errors", lines.len()) };
    let last = format!("{number} in {path}; nothing was assessed");
    if human.stderr.lines().last() != Some(&last) {
        wrong.push(format!("the human report does not end with: {last}"));
    }
    (lines.iter().map(told).collect(), wrong)
}

fn expected_beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".expected");
    PathBuf::from(name)
}

/// Whether a text is the expected one, in which a `*` stands for anything on its line.
fn is_like(told: &str, expected: &str) -> bool {
    let line_is_like = |told: &str, expected: &str| {
        let mut rest = told;
        let mut parts = expected.split('*');
        let is_first = parts.next().is_none_or(|first| rest.strip_prefix(first).map(|after| rest = after).is_some());
        is_first && parts.all(|part| rest.find(part).map(|at| rest = &rest[at + part.len()..]).is_some())
    };
    told == expected
        || (told.lines().count() == expected.lines().count()
            && told.lines().zip(expected.lines()).all(|(told, expected)| line_is_like(told, expected)))
}

/// Each bad profile is refused with 4, nothing on stdout, and exactly the faults that stand beside it, at
/// their lines and columns, for eyes and for programs alike.
#[test]
fn each_bad_profile_is_refused_with_what_stands_beside_it() {
    let overwrite = std::env::var_os("TRYCMD").is_some_and(|how| how == "overwrite");
    let files = files_in("bad-inputs", &["toml", "json"]);
    assert!(files.len() >= 100, "only {} files", files.len());
    let failures = on_all_cores(&files, |file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (told, mut wrong) = refusal(&format!("tests/bad-inputs/{name}"));
        let told: String = told.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        let beside = expected_beside(file);
        if overwrite && !is_like(&told, &fs::read_to_string(&beside).unwrap_or_default()) {
            fs::write(&beside, &told).unwrap_or_else(|error| panic!("{}: {error}", beside.display()));
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if !is_like(&told, &expected) {
            wrong.push(format!("expected:\n{expected}  got:\n{told}"));
        }
        wrong.into_iter().map(|wrong| format!("{name}: {wrong}")).collect()
    });
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// Every code that a profile can earn stands beside some file of `bad-inputs`.
#[test]
fn every_code_of_a_profile_has_a_bad_input() {
    let mut seen = BTreeSet::from(["file-too-large".to_owned()]);
    for file in files_in("bad-inputs", &["expected"]) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        seen.extend(text.lines().filter_map(|line| Some(line.split_once(' ')?.1.split_once(':')?.0.to_owned())));
    }
    let of_profiles = Code::ALL.iter().filter(|code| !OF_FLAGS.contains(code) && !OF_PACKS.contains(code));
    let missing: Vec<&str> = of_profiles.map(|code| code.name()).filter(|code| !seen.contains(*code)).collect();
    assert!(missing.is_empty(), "no bad input earns {missing:?}");
}

/// Three faults in one file are three places in one run, in the order of the file.
#[test]
fn three_faults_show_three_places_in_one_run() {
    let places = |path: &str| -> Vec<(String, i64, i64)> {
        let ran = run::run(&with_today(&["check", path, "--error-format", "json"]), b"");
        let place = |line: &Json| {
            (
                word(line, "code").to_owned(),
                line["line"].as_i64().unwrap_or_default(),
                line["column"].as_i64().unwrap_or_default(),
            )
        };
        json::lines(&ran.stderr).iter().map(place).collect()
    };
    let three = |places: [(&str, i64, i64); 3]| places.map(|(code, line, column)| (code.to_owned(), line, column));
    let toml = three([("unknown-country", 1, 15), ("unknown-key", 2, 1), ("no-such-day", 5, 9)]);
    assert_eq!(places("tests/bad-inputs/three-faults.toml"), toml);
    assert_eq!(places("tests/bad-inputs/three-faults-with-a-native-day.toml"), toml);
    let json = three([("unknown-country", 2, 18), ("unknown-key", 3, 3), ("no-such-day", 4, 24)]);
    assert_eq!(places("tests/bad-inputs/three-faults.json"), json);
    let order = three([("exit-before-entry", 4, 8), ("before-its-event", 9, 12), ("stays-overlap", 11, 1)]);
    assert_eq!(places("tests/bad-inputs/three-faults-of-order.toml"), order);
}

/// `profile check` and every other command that reads a profile refuse it in the same words.
#[test]
fn all_commands_refuse_a_profile_in_the_same_words() {
    let path = "tests/bad-inputs/three-faults.toml";
    let check = run::run(&with_today(&["check", path]), b"");
    let others: &[&[&str]] = &[
        &["stay", path],
        &["docs", path],
        &["docs", path, "--format", "json"],
        &["explain", path],
        &["profile", "check", path],
    ];
    for arguments in others {
        let ran = run::run(&with_today(arguments), b"");
        assert_eq!((ran.status, &*ran.stdout, ran.stderr), (Some(4), "", check.stderr.clone()), "{arguments:?}");
    }
}

/// The same faults are found on stdin, which is then called so.
#[test]
fn a_bad_profile_on_stdin_is_called_stdin() {
    for (name, column) in [("three-faults.toml", 15), ("three-faults.json", 18)] {
        let text = fs::read(root().join("tests/bad-inputs").join(name)).unwrap_or_default();
        let ran = run::run(&with_today(&["check", "-", "--error-format", "json"]), &text);
        assert_eq!(decency(&ran, 4), Vec::<String>::new(), "{name}");
        let lines = json::lines(&ran.stderr);
        assert_eq!(lines.len(), 3, "{name}: {}", ran.stderr);
        assert!(lines.iter().all(|line| line["path"] == "stdin"), "{}", ran.stderr);
        assert_eq!(lines[0]["column"], column, "{name}");
    }
    for text in ["", " \n\n", "\u{feff}"] {
        let ran = run::run(&with_today(&["check", "-", "--error-format", "json"]), text.as_bytes());
        assert_eq!(decency(&ran, 4), Vec::<String>::new(), "{text:?}");
        assert_eq!(json::lines(&ran.stderr)[0]["code"], "empty-file", "{text:?}");
    }
}

// ---- large files ----

/// A repeatable stream of bytes.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.to_le_bytes()[3]
    }

    fn bytes(&mut self, count: usize, of: &[u8]) -> Vec<u8> {
        (0..count).map(|_| of[usize::from(self.next()) % of.len()]).collect()
    }
}

const MIB: usize = 1 << 20;

fn repeated(count: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    (0..count).map(line).collect::<String>().into_bytes()
}

/// Runs the program, which the system ends after 30 seconds of work: those of its own, not of the clock.
fn run_soon(arguments: &[&str]) -> Ran {
    if cfg!(not(unix)) {
        return run::run(arguments, b"");
    }
    let limited = ["-c", "ulimit -t 30; exec \"$@\"", "sh", run::PROGRAM];
    run::finish(run::command("sh").args(limited).args(arguments), b"")
}

/// Ten megabytes of junk of any kind are refused with 4, in few words, and soon.
#[test]
fn large_junk_is_refused_in_few_words() {
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    let all: Vec<u8> = (0..=255).collect();
    let long = "x".repeat(10 * MIB);
    let valid = "citizenship = \"RU\"\n";
    let junk: Vec<(&str, &str, Vec<u8>)> = vec![
        ("bytes", "toml", noise.bytes(10 * MIB, &all)),
        ("bytes", "json", noise.bytes(10 * MIB, &all)),
        ("brackets", "toml", noise.bytes(10 * MIB, b"abc[]{}=\"\n.,:'#\\")),
        ("brackets", "json", [b"{".to_vec(), noise.bytes(10 * MIB, b"abc[]{}\"\n.,:\\")].concat()),
        ("letters", "toml", noise.bytes(10 * MIB, b"abcdefgh \n")),
        ("equals", "toml", noise.bytes(10 * MIB, b"ab= \n")),
        ("one-line", "toml", long.clone().into_bytes()),
        ("zeros", "toml", vec![0; 10 * MIB]),
        ("unknown-keys", "toml", repeated(500_000, |at| format!("key{at} = {at}\n"))),
        ("same-key", "toml", repeated(900_000, |at| format!("key = {at}\n"))),
        ("broken-lines", "toml", repeated(900_000, |at| format!("key = = {at}\n"))),
        ("open-headers", "toml", repeated(900_000, |at| format!("[key{at}\n"))),
        (
            "unknown-keys",
            "json",
            [b"{".to_vec(), repeated(500_000, |at| format!("\"key{at}\": {at},\n")), b"\"z\":1}".to_vec()].concat(),
        ),
        ("wrong-stays", "toml", [valid.into(), repeated(500_000, |_| "[[stays]]\nexit = 1\n".to_owned())].concat()),
        (
            "same-stay",
            "toml",
            [valid.into(), repeated(200_000, |_| "[[stays]]\nentry = 2026-01-01\n".to_owned())].concat(),
        ),
        (
            "same-permit",
            "json",
            [
                b"{\"citizenship\":\"RU\",\"permits\":[".to_vec(),
                repeated(100_000, |_| {
                    "{\"kind\":\"visa\",\"from\":\"2026-01-01\",\"until\":\"2026-01-01\"},".to_owned()
                }),
                b"{}]}".to_vec(),
            ]
            .concat(),
        ),
        ("long-country", "toml", format!("citizenship = \"{long}\"\n").into_bytes()),
        ("long-country", "json", format!("{{\"citizenship\": \"{long}\"}}\n").into_bytes()),
        ("long-purpose", "toml", format!("{valid}purpose = \"{long}\"\n").into_bytes()),
        ("long-key", "toml", format!("{valid}{long} = 1\n").into_bytes()),
        ("long-day", "toml", format!("{valid}birth_date = \"{long}\"\n").into_bytes()),
        ("long-held", "json", format!("{{\"citizenship\": \"RU\", \"documents_held\": [\"{long}\"]}}").into_bytes()),
        ("long-name-and-a-fault", "toml", format!("{valid}name = \"{long}\"\nporpose = 1\n").into_bytes()),
        ("17-mib", "toml", format!("{valid}# {}\n", "x".repeat(17 * MIB)).into_bytes()),
        ("17-mib", "json", format!("{{\"citizenship\": \"RU\", \"name\": \"{}\"}}", "x".repeat(17 * MIB)).into_bytes()),
    ];
    let failures = on_all_cores(&junk, |(name, ending, bytes)| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("large-{name}.{ending}"));
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let path_text = path.to_string_lossy();
        let mut wrong = Vec::new();
        for format in ["human", "json"] {
            let ran = run_soon(&with_today(&["check", &path_text, "--error-format", format]));
            wrong.extend(decency(&ran, 4).into_iter().map(|wrong| format!("{name}.{ending}, {format}: {wrong}")));
            if *name == "17-mib" && !ran.stderr.contains("file-too-large") {
                wrong.push(format!("{name}.{ending}: {}", ran.stderr));
            }
        }
        let _ = fs::remove_file(&path);
        wrong
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A file of exactly 16 MiB is still read, one byte more is not; a huge name is echoed whole.
#[test]
fn the_largest_file_is_read_and_a_byte_more_is_not() {
    let head = "citizenship = \"RU\"\n#";
    let full = format!("{head}{}", "x".repeat(16 * MIB - head.len()));
    let ran = run::run(&with_today(&["stay", "-", "--format", "json"]), full.as_bytes());
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    let ran = run::run(&with_today(&["stay", "-", "--format", "json"]), format!("{full}x").as_bytes());
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[file-too-large]"), "{}", ran.stderr);

    let name = "x".repeat(10 * MIB);
    let ran = run::run(
        &with_today(&["check", "-", "--format", "json"]),
        format!("{{\"citizenship\":\"RU\",\"name\":\"{name}\"}}").as_bytes(),
    );
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    let answer: Json = serde_json::from_str(&ran.stdout).unwrap_or_default();
    assert_eq!(answer["profile"]["name"].as_str().map(str::len), Some(name.len()));
    for format in ["table", "csv", "markdown"] {
        let profile = format!("citizenship = \"RU\"\nname = \"{name}\"\n");
        let ran = run::run(&with_today(&["check", "-", "--format", format]), profile.as_bytes());
        assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{format}");
    }
}

// ---- files that are no files ----

/// A file that is missing, and a folder in its place, are refused with 4 and named, for eyes and programs.
#[test]
fn a_missing_file_and_a_folder_are_named() {
    for path in ["tests/bad-inputs/no-such-file.toml", "tests/bad-inputs"] {
        let ran = run::run(&with_today(&["check", path]), b"");
        assert_eq!(decency(&ran, 4), Vec::<String>::new(), "{path}");
        assert!(ran.stderr.contains(path), "{}", ran.stderr);
        let ran = run::run(&with_today(&["check", path, "--error-format", "json"]), b"");
        assert_eq!(decency(&ran, 4), Vec::<String>::new(), "{path}");
        let line: Json = serde_json::from_str(&ran.stderr).unwrap_or_else(|_| panic!("not JSON: {}", ran.stderr));
        assert_eq!(line["path"], path);
    }
}

// ---- flags ----

/// Flags, the exit, and what is said: code and the piece of the line that is pointed at, or words of clap.
const FLAGS: &[(&str, &str)] = &[
    ("check --citizenship RU --stay 2026-11-02", "command line:1:8: error[bad-range]"),
    ("check --citizenship RU --stay 2026-11-02..2026-12-01..", "command line:1:20: error[bad-day]"),
    ("check --citizenship RU --stay ..2026-12-01", "command line:1:8: error[bad-range]"),
    ("check --citizenship RU --stay 2026-11-2..", "command line:1:8: error[bad-day]"),
    ("check --citizenship RU --stay 2026-02-30..", "command line:1:8: error[no-such-day]"),
    ("check --citizenship RU --stay 9999-01-01..", "command line:1:8: error[day-out-of-range]"),
    ("check --citizenship RU --stay 2026-11-02..2026-11-01", "command line:1:20: error[exit-before-entry]"),
    ("check --citizenship RU --stay 2026-11-02.. --stay 2026-11-05..", "command line:1:8: error[open-stay-followed]"),
    ("check --citizenship RU --permit visa", "command line:1:10: error[bad-permit]"),
    ("check --citizenship RU --permit visa:2026-11-02", "command line:1:10: error[bad-permit]"),
    ("check --citizenship RU --permit vsia:2026-11-02..2026-12-01", "command line:1:10: error[unknown-value]"),
    ("check --citizenship RU --permit trp:2026-11-02..", "command line:1:10: error[missing-key]"),
    ("check --citizenship RU --notified 2026-11-02", "command line:1:12: error[no-current-stay]"),
    ("check --citizenship RU --moved 2026-11-02", "command line:1:9: error[no-current-stay]"),
    ("check --citizenship RU --stay 2026-11-02.. --notified yes", "command line:1:12: error[bad-day]"),
    ("check --citizenship RU --stay 2026-11-02.. --notified 2026-11-01", "command line:1:12: error[before-its-event]"),
    ("check --citizenship RU --stay 2026-11-02.. --notified 2026-11-23", "command line:1:12: error[after-today]"),
    ("check --citizenship RU --stay 2026-11-02.. --moved 2026-11-01", "command line:1:9: error[move-outside-stay]"),
    ("check --citizenship RUU", "command line:1:15: error[unknown-country]"),
    ("check --stay 2026-11-02..", "error[missing-key]: `--citizenship` is missing"),
    ("check --citizenship RU --purpose wrok", "command line:1:11: error[unknown-value]"),
    ("check --citizenship RU --employer hub", "command line:1:12: error[unknown-value]"),
    ("check --citizenship RU --work job", "command line:1:8: error[unknown-value]"),
    ("check --citizenship RU --channel e-gov", "command line:1:11: error[unknown-value]"),
    ("check --citizenship RU --housing-owner me", "command line:1:17: error[unknown-value]"),
    ("check --citizenship RU --document-kind id", "command line:1:17: error[unknown-value]"),
    ("check --citizenship RU --held passport", "command line:1:8: error[unknown-value]"),
    ("check --citizenship RU --filing-on 2026-12-01T25:00", "command line:1:13: error[bad-time]"),
    ("check --citizenship RU --birth-date 2026-11-23", "command line:1:14: error[day-out-of-range]"),
    ("check --citizenship RU --contract-until soon", "command line:1:18: error[bad-day]"),
    ("check --citizenship RU --width 5", "--width"),
    ("check --citizenship RU --format xml", "--format"),
    ("check --citizenship RU --color sometimes", "--color"),
    ("check --citizenship RU --lang tlh", "--lang"),
    ("check --citizenship RU --citizenship DE", "--citizenship"),
    ("check --citizen RU", "--citizenship"),
    ("check one.toml two.toml", "two.toml"),
    ("chekc --citizenship RU", "check"),
    ("check", "--citizenship"),
    ("explain", "--citizenship"),
    ("rules show", "<ID>"),
    ("rules test", "rules test rules/kz"),
];

/// A fault in a flag ends with 2 and points into the command line.
#[test]
fn a_fault_in_a_flag_ends_with_2_and_points_at_it() {
    let failures = on_all_cores(FLAGS, |(flags, words)| {
        let arguments: Vec<&str> = flags.split(' ').collect();
        let ran = run::run(&with_today(&arguments), b"");
        let mut wrong = decency(&ran, 2);
        if !ran.stderr.contains(words) {
            wrong.push(format!("expected {words}, got {}", ran.stderr));
        }
        wrong.into_iter().map(|wrong| format!("{flags}: {wrong}")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A day of today that is none, too early or too late ends with 2, from the flag and from the environment.
#[test]
fn a_bad_today_ends_with_2() {
    for day in ["2026-1-1", "2026-02-30", "1999-12-31", "2101-01-01", "12024-01-01", " 2026-01-01", "today", ""] {
        let ran = run::run(&["check", "--citizenship", "RU", "--today", day], b"");
        assert_eq!(decency(&ran, 2), Vec::<String>::new(), "{day:?}");
        if day.is_empty() {
            // An empty variable is as good as none.
            continue;
        }
        let mut command = run::command(run::PROGRAM);
        let output = command.args(["check", "--citizenship", "RU"]).env("TRP_CHECK_TODAY", day).output();
        let status = output.map(|output| output.status.code()).unwrap_or_default();
        assert_eq!(status, Some(2), "TRP_CHECK_TODAY={day:?}");
    }
}

/// Faults of a file and of a flag are told together, each at its place.
#[test]
fn faults_of_file_and_flag_are_told_together() {
    let path = "tests/bad-inputs/unknown-country.toml";
    let ran = run::run(&with_today(&["check", path, "--purpose", "wrok", "--error-format", "json"]), b"");
    let lines = json::lines(&ran.stderr);
    let places: Vec<(&str, &str)> = lines.iter().map(|line| (word(line, "path"), word(line, "code"))).collect();
    assert_eq!(places, [(path, "unknown-country"), ("command line", "unknown-value")]);
    assert!(matches!(ran.status, Some(2 | 4)), "{:?}", ran.status);
    assert_eq!(ran.stdout, "");
}

/// A flag in place of a faulty value of the file makes the profile good: flags win.
#[test]
fn a_flag_takes_the_place_of_a_faulty_value() {
    let path = "tests/bad-inputs/unknown-country.toml";
    let ran = run::run(&with_today(&["check", path, "--citizenship", "RU", "--format", "json"]), b"");
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
}

// ---- closed pipes ----

/// Nobody reading the answer is no failure: exit as answered, not a word on stderr.
#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let all: &[&[&str]] = &[
        &[],
        &["--help"],
        &["check", "--help"],
        &["check", "--citizenship", "RU"],
        &["check", "--citizenship", "RU", "--format", "json"],
        &["check", "--citizenship", "NG"],
        &["docs", "--citizenship", "RU", "--format", "csv"],
        &["explain", "--citizenship", "RU"],
        &["profile", "template"],
        &["rules", "list"],
        &["rules", "show", "kz.stay.eaeu"],
        &["rules", "check", "rules/kz"],
        &["rules", "check", "--explain", "syntax"],
        &["rules", "test", "rules/kz"],
        &["calendar", "add", "3wd"],
        &["calendar", "list", "2025", "--format", "json"],
    ];
    for arguments in all {
        let (reader, writer) = std::io::pipe().unwrap_or_else(|error| panic!("{error}"));
        drop(reader);
        let mut command = run::command(run::PROGRAM);
        let output = command.args(with_today(arguments)).stdin(Stdio::null()).stdout(writer).output();
        let output = output.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

/// `| head -1` gets its line, and the program ends with 0.
#[cfg(unix)]
#[test]
fn head_gets_its_line() {
    let script = r#"{ "$0" explain --citizenship RU --today 2026-11-22; echo "exit $?" >&2; } | head -1"#;
    let output = run::command("sh").args(["-c", script, run::PROGRAM]).output();
    let output = output.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "exit 0\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
}

/// A full disk is not an answer: 70, and it is said.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_70() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap_or_else(|error| panic!("{error}"));
    let mut command = run::command(run::PROGRAM);
    let output = command.args(with_today(&["check", "--citizenship", "RU"])).stdout(full).output();
    let output = output.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(output.status.code(), Some(70));
    assert!(!output.stderr.is_empty());
}

// ---- rule packs ----

/// What `rules check` says of a pack: path inside it, line, column and code of each fault.
fn faults_of_pack(folder: &Path) -> (Vec<(String, u64, u64, String)>, Ran) {
    let told = folder.to_string_lossy();
    let day = ["--today", "2026-11-30"];
    let ran = run::run(&["rules", "check", &told, "--error-format", "json", day[0], day[1]], b"");
    let read = |line: &str| -> (String, u64, u64, String) {
        let line: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let number = |key: &str| line[key].as_u64().unwrap_or_else(|| panic!("no {key} in {line}"));
        let path = word(&line, "path");
        let path = path.strip_prefix(&*told).map_or(path, |path| path.trim_start_matches('/'));
        (path.to_owned(), number("line"), number("column"), word(&line, "code").to_owned())
    };
    (ran.stdout.lines().map(read).collect(), ran)
}

/// Where a guillemet stands: line and column, from 1.
fn marked(text: &str) -> (u64, u64) {
    let (before, _) = text.split_once('«').unwrap_or_else(|| panic!("no « in an edit"));
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() as u64 + 1, line.chars().count() as u64 + 1)
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Applies one edit of `bad-packs` to a pack; gives the file, the place and the code that must be found.
fn seed(edit: &toml::Table, pack: &Path) -> (String, u64, u64, String) {
    let part = |key: &str| edit[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {edit:?}"));
    let path = pack.join(part("file"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(text.contains(part("find")), "{} has changed: no {}", part("file"), part("find"));
    let seeded = text.replacen(part("find"), part("put"), 1);
    let (line, column) = marked(&seeded);
    write(&path, seeded.replacen('«', "", 1));
    for other in edit.get("and").and_then(toml::Value::as_array).into_iter().flatten() {
        let part = |key: &str| other[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {other:?}"));
        folders::edit(&pack.join(part("file")), part("find"), part("put"));
    }
    (part("file").to_owned(), line, column, part("code").to_owned())
}

fn edit_in(file: &Path) -> toml::Table {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Each fault seeded in the rule pack is found at its file, line and column, and nothing else is found; the
/// pack is then invalid for `rules check` and for `check --rules` alike. What only weighs as a warning is told,
/// and the pack stays valid.
#[test]
fn each_seeded_fault_of_a_pack_is_found_at_its_place() {
    let files = files_in("bad-packs", &["toml"]);
    assert!(files.len() >= 25, "only {} seeded faults", files.len());
    let failures = on_all_cores(&files, |file| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let edit = edit_in(file);
        let pack = folders::copy_of_pack(&format!("bad-pack-{name}"));
        let seeded = seed(&edit, &pack);
        let (found, ran) = faults_of_pack(&pack);
        let mut wrong = Vec::new();
        if !found.contains(&seeded) {
            wrong.push(format!("expected {seeded:?}, got {found:?}"));
        }
        let also: Vec<&str> = edit
            .get("also")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .collect();
        let others: Vec<_> = found.iter().filter(|fault| **fault != seeded && !also.contains(&&*fault.3)).collect();
        if !others.is_empty() {
            wrong.push(format!("found besides: {others:?}"));
        }
        let severity = Code::from_name(&seeded.3).map(Code::severity);
        let is_warning = severity == Some(Severity::Warning);
        let wanted = if is_warning && also.is_empty() { 0 } else { 5 };
        if ran.status != Some(wanted) {
            wrong.push(format!("expected exit {wanted}, got {:?}: {}", ran.status, ran.stderr));
        }
        let folder = pack.to_string_lossy();
        let check = run::run(&with_today(&["check", "--citizenship", "RU", "--rules", &folder]), b"");
        // Whether a rule was verified in time is asked by its authors only.
        let is_asked = !is_warning && seeded.3 != Code::VerifiedInFuture.name();
        if is_asked {
            if check.status != Some(5) || !check.stdout.is_empty() || check.stderr.contains("panicked") {
                wrong.push(format!("`check --rules` ends with {:?}", check.status));
            }
            let place = format!("{folder}/{}:{}:{}: error[{}]", seeded.0, seeded.1, seeded.2, seeded.3);
            if !check.stderr.contains(&place) {
                wrong.push(format!("`check --rules` does not say {place}"));
            }
        }
        let _ = fs::remove_dir_all(&pack);
        wrong.into_iter().map(|wrong| format!("{name}: {wrong}")).collect()
    });
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// Three faults in three files of a pack are found in one run.
#[test]
fn three_faults_of_a_pack_show_three_places_in_one_run() {
    let pack = folders::copy_of_pack("bad-pack-three");
    let names = ["unknown-country", "observed-day-is-wrong", "unknown-source"];
    let seeded = names.map(|name| seed(&edit_in(&root().join(format!("tests/bad-packs/{name}.toml"))), &pack));
    let (found, ran) = faults_of_pack(&pack);
    assert_eq!(ran.status, Some(5));
    for fault in seeded {
        assert!(found.contains(&fault), "{fault:?} is not among {found:?}");
    }
}

/// Files that are missing, strange, empty or no text make a pack invalid, and are named.
#[test]
fn bad_files_of_a_pack_are_named() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage, &str, &str); 6] = [
        ("missing", |pack| drop(fs::remove_file(pack.join("sources.toml"))), "missing-file", "sources.toml"),
        ("missing-pack", |pack| drop(fs::remove_file(pack.join("pack.toml"))), "missing-file", "pack.toml"),
        ("strange", |pack| write(&pack.join("notes.toml"), "a = 1\n"), "unknown-file", "notes.toml"),
        ("empty", |pack| write(&pack.join("questions.toml"), ""), "empty-file", "questions.toml"),
        ("not-utf-8", |pack| write(&pack.join("duties.toml"), b"# Andr\xe9\n"), "not-utf-8", "duties.toml"),
        (
            "deep",
            |pack| write(&pack.join("duties.toml"), format!("a = {}", "[".repeat(10_000))),
            "nested-too-deep",
            "duties.toml",
        ),
    ];
    for (name, damage, code, file) in damages {
        let pack = folders::copy_of_pack(&format!("bad-pack-file-{name}"));
        damage(&pack);
        let folder = pack.to_string_lossy();
        let ran = run::run(&with_today(&["rules", "check", &folder]), b"");
        assert_eq!(ran.status, Some(5), "{name}: {}{}", ran.stdout, ran.stderr);
        let line = ran.stdout.lines().find(|line| line.contains(&format!("error[{code}]")));
        let line = line.unwrap_or_else(|| panic!("{name}: no {code} in {}", ran.stdout));
        assert!(line.contains(file), "{name}: {line}");
        assert!(!ran.stderr.contains("panicked"), "{name}: {}", ran.stderr);
    }
    for folder in ["tests/no-such-folder", "tests/shell", "Cargo.toml"] {
        for arguments in [
            vec!["rules", "check", folder],
            vec!["rules", "test", folder],
            vec!["check", "--citizenship", "RU", "--rules", folder],
        ] {
            let ran = run::run(&with_today(&arguments), b"");
            assert_eq!(decency(&ran, 5), Vec::<String>::new(), "{arguments:?}");
            assert!(ran.stderr.contains(folder), "{arguments:?}: {}", ran.stderr);
        }
    }
}
