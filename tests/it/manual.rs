//! The pages of the manual: one for each command, in each language, and fit to print.
//!
//! `groff` and `mandoc` look for mistakes where they are installed; the test says which of them is not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{folders, run};
use trp_check::embedded::{RULES, TEXTS};
use trp_check::rulebook::LanguageTexts;

/// The headings of lists of commands: those of the program itself come in groups.
const HEADINGS: [&str; 5] = ["Commands", "Ask about yourself", "Many people", "Files and rules", "Shell"];

/// All commands with their own help, the program itself as "".
fn commands() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut at = 0;
    while at < all.len() {
        let path: Vec<&str> = all[at].split_whitespace().chain(["--help"]).collect();
        let help = run::run(&path, b"").stdout;
        let is_list = |part: &&str| HEADINGS.iter().any(|heading| part.starts_with(&format!("{heading}:\n")));
        let lines = help.split("\n\n").filter(is_list).flat_map(str::lines);
        let names: Vec<&str> = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
        let below = names.iter().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
        let below: Vec<String> = below.map(|name| format!("{} {name}", all[at]).trim_start().to_owned()).collect();
        all.extend(below);
        at += 1;
    }
    all
}

/// The languages that the program's help is told in.
fn languages() -> impl Iterator<Item = &'static LanguageTexts> {
    TEXTS.iter().filter(|texts| texts.get("help.short").is_some())
}

/// The pages in a language, by the names of their files.
fn pages(language: &str) -> (PathBuf, BTreeMap<String, String>) {
    // Tests run side by side: each has folders of its own.
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);
    let folder = folders::scratch(&format!("manual-{language}-{}", FOLDERS.fetch_add(1, Ordering::Relaxed)));
    let path = folder.to_str().expect("UTF-8");
    let ran = run::run(&["man", "--out", path, "--lang", language], b"");
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    let mut pages = BTreeMap::new();
    for line in ran.stdout.lines() {
        let text = fs::read_to_string(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let name = Path::new(line).file_name().and_then(|name| name.to_str()).expect("a file name");
        pages.insert(name.to_owned(), text);
    }
    (folder, pages)
}

/// There is a page for each command that has help, and no other; printed alone it is the same.
#[test]
fn each_command_has_a_page() {
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    let (_, pages) = pages("en");
    let name = |command: &String| format!("trp-check {command}").trim_end().replace(' ', "-") + ".1";
    let expected: Vec<String> = {
        let mut names: Vec<String> = commands.iter().map(name).collect();
        names.sort();
        names
    };
    assert_eq!(pages.keys().cloned().collect::<Vec<_>>(), expected);
    for command in &commands {
        let line: Vec<&str> = ["man"].into_iter().chain(command.split_whitespace()).collect();
        assert_eq!(run::run(&line, b"").stdout, pages[&name(command)], "{command}");
    }
}

/// Every page has its parts, under headings in the language, and the day of the rules.
#[test]
fn every_page_has_its_parts_in_its_language() {
    for texts in languages() {
        let word = |key: &str| texts.get(key).unwrap_or_else(|| panic!("{}: {key}", texts.language)).to_uppercase();
        let headings = ["name", "synopsis", "exit-status", "files", "environment", "see-also"];
        let mut headings: Vec<String> = headings.iter().map(|key| word(&format!("manual.{key}"))).collect();
        headings.push(word("word.options"));
        for (name, page) in pages(&texts.language).1 {
            let found: Vec<String> =
                page.lines().filter_map(|line| line.strip_prefix(".SH ")).map(|line| line.replace('"', "")).collect();
            for heading in &headings {
                let count = found.iter().filter(|found| *found == heading).count();
                assert_eq!(count, 1, "{} {name}: {heading} in {found:?}", texts.language);
            }
            if texts.language != "en" {
                for english in ["NAME", "SYNOPSIS", "OPTIONS", "EXAMPLES", "EXTRA", "SUBCOMMANDS", "Possible values"] {
                    assert!(!found.iter().any(|found| found == english), "{} {name}: {english}", texts.language);
                }
            }
            assert!(page.contains(&*RULES.version), "{name} has no day");
        }
    }
}

/// Every page has at least two command lines as examples, each on a line of its own, and they begin with the program
/// or hand something to it.
#[test]
fn every_page_has_two_examples() {
    for texts in languages() {
        let examples = texts.get("word.examples").expect("a heading");
        let heading = format!(".SH {}\n.nf\n", examples.trim_end_matches(':').to_uppercase());
        for (name, page) in pages(&texts.language).1 {
            let part = page.split_once(&*heading).and_then(|(_, rest)| rest.split_once("\n.fi"));
            let (lines, _) = part.unwrap_or_else(|| panic!("{} {name} has no examples", texts.language));
            let is_call = |line: &&str| line.contains("trp\\-check ");
            let calls = lines.lines().filter(is_call).count();
            let fewest = if FEW_EXAMPLES.contains(&&*name) { 1 } else { 2 };
            assert!(calls >= fewest, "{} {name}: {lines}", texts.language);
        }
    }
}

/// Pages of commands about which there is little to show.
const FEW_EXAMPLES: [&str; 1] = ["trp-check-profile-schema.1"];

/// The exits and variables that a page names are those of the program.
#[test]
fn a_page_names_all_exits_and_variables() {
    let page = run::run(&["man", "check"], b"").stdout;
    for exit in ["0", "1", "2", "3", "4", "5", "70", "130"] {
        assert!(page.contains(&format!(".TP\n\\fB{exit}\\fR\n")), "{exit}");
    }
    for variable in ["TRP_CHECK_TODAY", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"] {
        assert!(page.contains(&format!(".TP\n\\fB{variable}\\fR\n")), "{variable}");
    }
    // A key that stands where its text should be would be a missing text.
    assert!(!page.contains("manual_") && !page.contains("manual."), "{page}");
}

/// A page of a command that is not there is an error that offers the nearest.
#[test]
fn a_page_of_an_unknown_command_offers_the_nearest() {
    let ran = run::run(&["man", "rules", "chek"], b"");
    assert_eq!((ran.status, &*ran.stdout), (Some(2), ""));
    assert!(ran.stderr.contains("`chek`") && ran.stderr.contains("`check`"), "{}", ran.stderr);
}

/// What groff and mandoc say of the pages of all languages: nothing.
#[test]
fn the_pages_are_printed_without_a_warning() {
    let tools: [(&str, &[&str]); 2] =
        [("groff", &["-ww", "-Kutf8", "-man", "-Tutf8"]), ("mandoc", &["-T", "lint", "-W", "warning"])];
    for (tool, arguments) in tools {
        if Command::new(tool).arg("--version").output().is_err() {
            println!("{tool} is not installed: it says nothing of the pages");
            continue;
        }
        for texts in languages() {
            let (folder, pages) = pages(&texts.language);
            for name in pages.keys() {
                let output = Command::new(tool).args(arguments).arg(folder.join(name)).output();
                let output = output.unwrap_or_else(|error| panic!("{tool}: {error}"));
                let told = if tool == "mandoc" { [output.stdout, output.stderr].concat() } else { output.stderr };
                assert_eq!(String::from_utf8_lossy(&told), "", "{tool} about {} {name}", texts.language);
            }
        }
    }
}
