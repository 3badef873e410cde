//! Each shell takes its script, and offers what the rule pack knows.
//!
//! bash is always there. Where zsh or fish is not, that shell is left out, and the test says so. PowerShell is held to
//! the text of its script.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::run;
use crate::support::run::root;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::facts::Fact;
use trp_check::rulebook::outline::outline;

/// A number that no other file of this test has.
fn unique() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The script for a shell, as a file.
fn script(shell: &str) -> PathBuf {
    let ran = run::run(&["completions", shell], b"");
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{shell}");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("completions");
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    let path = folder.join(format!("{}.{shell}", unique()));
    fs::write(&path, ran.stdout).unwrap_or_else(|error| panic!("{error}"));
    path
}

/// Whether a shell can be run here; a test that leaves one out says so.
fn is_there(shell: &str) -> bool {
    let is_there = Command::new(shell).args(["-c", "exit 0"]).status().is_ok_and(|status| status.success());
    if !is_there {
        println!("{shell} is not installed: its completions are not tried");
    }
    is_there
}

fn stdout_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    assert_eq!(stderr, "", "{command:?}");
    String::from_utf8(output.stdout).unwrap_or_else(|error| panic!("{error}"))
}

/// A shell with the script for it.
struct Shell {
    name: &'static str,
    script: PathBuf,
}

/// The shells that are here, bash first.
static SHELLS: LazyLock<Vec<Shell>> = LazyLock::new(|| {
    let here = ["bash", "zsh", "fish"].into_iter().filter(|name| is_there(name));
    here.map(|name| Shell { name, script: script(name) }).collect()
});

impl Shell {
    /// What the shell offers for the last word of a line that begins with the program.
    fn offers(&self, line: &str) -> BTreeSet<String> {
        let script = self.script.to_str().expect("UTF-8");
        let words = match self.name {
            // bash leaves it to the function to look at the words, so that can be called by itself.
            "bash" => {
                let call = r#"source "$1"; shift
                    function compopt { :; }
                    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
                    function=$(complete -p "$1"); function=${function#*-F }
                    ${function%% *} "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    printf '%s\n' "${COMPREPLY[@]}""#;
                stdout_of(Command::new("bash").args(["--norc", "-c", call, "bash", script]).args(line.split(' ')))
            }
            "zsh" => {
                let output = self.script.with_file_name(format!("{}.offers", unique()));
                let _ = fs::remove_file(&output);
                let helper = root().join("tests/shell/offers.zsh");
                stdout_of(Command::new("zsh").arg("-f").arg(helper).args([script, line]).arg(&output));
                fs::read_to_string(output).unwrap_or_default()
            }
            _ => {
                let call = format!("source {script}; complete -C '{line}'");
                stdout_of(Command::new("fish").args(["--no-config", "-c", &call]))
            }
        };
        // fish tells behind a tab what a word means; zsh ends its list with a point.
        let words = words.lines().map(|line| line.split('\t').next().unwrap_or_default());
        words.filter(|word| !word.is_empty() && *word != ".").map(str::to_owned).collect()
    }
}

/// Fails unless every shell offers these words, and only these, for the last word of the line.
fn all_offer<'w>(line: &str, expected: impl IntoIterator<Item = &'w str>) {
    let begun = line.rsplit(' ').next().unwrap_or_default();
    let expected: BTreeSet<String> =
        expected.into_iter().filter(|word| word.starts_with(begun)).map(str::to_owned).collect();
    assert!(!expected.is_empty(), "{line}: nothing is expected");
    for shell in SHELLS.iter() {
        assert_eq!(shell.offers(line), expected, "{} offers for: {line}", shell.name);
    }
}

/// Every shell reads its script without a complaint.
#[test]
fn every_script_is_good_code() {
    assert_eq!(SHELLS[0].name, "bash");
    for shell in SHELLS.iter() {
        assert_eq!(stdout_of(Command::new(shell.name).arg("-n").arg(&shell.script)), "", "{}", shell.name);
    }
}

/// Commands are offered, and those below them.
#[test]
fn commands_are_offered() {
    all_offer("trp-check ru", ["rules"]);
    all_offer("trp-check rules co", ["coverage"]);
    all_offer("trp-check --lang kk profile te", ["template"]);
}

/// The words of the rule pack are offered where a flag or a command takes one: all of them, and no others.
#[test]
fn the_words_of_the_rule_pack_are_offered() {
    all_offer("trp-check check --citizenship K", COUNTRIES.list.iter().map(|country| &*country.code));
    all_offer("trp-check stay --citizenship state", ["stateless"]);
    all_offer("trp-check docs --held me", RULES.vocabulary.documents.iter().map(|id| &**id));
    for (line, fact) in [
        ("trp-check check --purpose t", Fact::Purpose),
        ("trp-check plan --employer a", Fact::Employer),
        ("trp-check explain --work e", Fact::Work),
        ("trp-check check --channel p", Fact::Channel),
        ("trp-check ask --housing-owner e", Fact::HousingOwner),
        ("trp-check check --document-kind n", Fact::DocumentKind),
        ("trp-check rules matrix --purpose f", Fact::Purpose),
        ("trp-check rules matrix --channel e", Fact::Channel),
    ] {
        all_offer(line, RULES.vocabulary.values(fact));
    }
    let rules = outline(&RULES, &COUNTRIES);
    all_offer("trp-check rules show kz.stay.t", rules.iter().map(|rule| rule.id));
    all_offer("trp-check explain --id kz.stay.c", rules.iter().map(|rule| rule.id));
    all_offer("trp-check explain --id own", rules.iter().flat_map(|rule| [rule.id, rule.public]));
}

/// So are the words of the program itself.
#[test]
fn the_words_of_the_program_are_offered() {
    all_offer("trp-check check --lang r", ["ru"]);
    all_offer("trp-check stay --format s", ["svg"]);
    all_offer("trp-check rules check --explain versions-g", ["versions-gap"]);
    all_offer("trp-check rules schema ca", ["calendar", "cases", "categories"]);
    all_offer("trp-check completions p", ["powershell"]);
    all_offer("trp-check batch --encoding koi", ["koi8-r"]);
    all_offer("trp-check ask --skip ci", ["citizenship"]);
    all_offer("trp-check explain --what-if channel=p", ["channel=psc", "channel=police"]);
    // zsh keeps the colon for the description of a word.
    for shell in SHELLS.iter() {
        let offered = shell.offers("trp-check check --permit v");
        assert_eq!(offered.into_iter().collect::<Vec<_>>(), ["visa:"], "{}", shell.name);
    }
}

/// A word is explained in the language that is asked for, and another pack brings its own words.
#[test]
fn words_follow_the_language_and_the_pack() {
    let told = |arguments: &[&str]| run::run(&[&["completions", "zsh"], arguments].concat(), b"").stdout;
    assert!(told(&[]).contains(r#"DE\:"Germany""#));
    assert!(told(&["--lang", "ru"]).contains(r#"DE\:"Германия""#));
    assert!(told(&[]).contains("kz.stay.eaeu"));
    let other = told(&["--rules", "tests/packs/schengen"]);
    assert!(other.contains("eu.advice.passport-age") && !other.contains("kz.stay.eaeu"), "words of another pack");
}

/// PowerShell is offered each list of words once, by flag or by command, in a text that it takes as it stands.
#[test]
fn powershell_gets_the_words_too() {
    let script = fs::read_to_string(script("powershell")).unwrap_or_else(|error| panic!("{error}"));
    let lists =
        script.split_once("$values = @{\n").and_then(|(_, rest)| rest.split_once("\n    }\n")).expect("a table");
    let mut places = Vec::new();
    let mut lines = lists.0.lines();
    while let Some(head) = lines.next() {
        let place = head.trim_start().strip_prefix('\'').and_then(|head| head.strip_suffix("' = @'"));
        let words: Vec<&str> = lines.by_ref().take_while(|line| *line != "'@").collect();
        assert!(words.iter().all(|word| word.split('\t').count() == 2), "{head}: {words:?}");
        places.push((place.unwrap_or_else(|| panic!("{head}")), words));
    }
    let words = |wanted: &str| {
        let mut found = places.iter().filter(|(place, _)| *place == wanted);
        let (_, words) = found.next().unwrap_or_else(|| panic!("{wanted}"));
        assert!(found.next().is_none(), "{wanted} stands there twice");
        words.len()
    };
    assert_eq!(words("--citizenship"), COUNTRIES.list.len());
    assert_eq!(words("--held"), RULES.vocabulary.documents.len());
    assert_eq!(words("trp-check;completions"), 4);
    assert_eq!(words("trp-check;stay --format"), 6);
    assert!(words("trp-check;rules;show") > 50);
    assert!(script.contains("'trp-check;rules;matrix' {"), "the commands of clap_complete are there");
    assert_eq!(script.matches('{').count(), script.matches('}').count());
}
