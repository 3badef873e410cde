//! Whatever the bytes of a profile: no panic, an answer or a refusal, each of which can be told in every format.
//!
//! Random bytes and random changes of good profiles go through the library as the program does it, so that
//! thousands of them cost seconds.

use crate::support::day::day;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use trp_check::assess::{assess, explain::explain, strictly};
use trp_check::assessment::{Part, Status};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::read::Reader;
use trp_check::render::diagnostics::{self, Audience};
use trp_check::render::{
    Sections, Words, check::Extent, check::document, csv, explain as told_why, html, json, markdown, terminal,
    terminal::Look,
};
use trp_check::source::SourceText;
use trp_check::tree::{self, Syntax};

const TOML: &str = r#"# All keys of a profile.
id = "A-17"
name = "Aleksei 😀"
citizenship = "RU"
birth_date = 1990-05-17
purpose = "employment"
documents_held = ["employment-contract", "medical-insurance"]

[[stays]]
entry = 2026-01-10
exit = 2026-02-28
notified = 2026-01-12

[[stays]]
entry = 2026-11-02
exit = 2027-01-15
arrived_at_host = 2026-11-03
notified = false
registered = 2026-11-20
moves = [{ on = 2026-11-10, notified = 2026-11-12, registered = false }]

[[permits]]
kind = "visa"
from = 2026-01-05
until = 2026-03-01
days_per_entry = 60

[[permits]]
kind = "trp"
from = 2025-03-01
until = 2025-12-31

[travel_document]
kind = "passport"
expires = 2030-01-31

[employment]
employer = "astana-hub"
work = "employed"
permit_exempt = false
contract_until = 2027-06-30
changed_on = 2026-11-10

[housing]
owner = "other"

[filing]
channel = "egov"
on = 2026-12-01T15:00:00

[[family]]
relation = "spouse"
name = "Anna"
citizenship = "RU"
birth_date = 1991-02-03

[[family]]
relation = "child"
citizenship = "DE"
birth_date = 2011-01-03
stays = [{ entry = 2026-11-05 }]
permits = [{ kind = "residence-permit", from = 2026-11-05 }]
"#;

const JSON: &str = r#"{ "citizenship": "UZ", "name": "B\u00e9k", "birth_date": "2008-12-01", "purpose": "study",
  "stays": [ { "entry": "2026-09-01", "exit": "2026-09-20" },
             { "entry": "2026-10-30", "notified": "2026-11-02", "registered": null, "moves": [ { "on": "2026-11-05" } ] } ],
  "permits": [ { "kind": "visa", "from": "2026-10-01", "until": "2027-03-01", "days_per_entry": 30 } ],
  "travel_document": { "kind": "national-id", "expires": "2026-12-31" },
  "employment": { "employer": "other", "work": "self-employed", "permit_exempt": true },
  "housing": { "owner": "applicant" }, "filing": { "channel": "psc", "on": "2026-12-01T09:30" },
  "family": [ { "relation": "other", "citizenship": "UZ", "stays": [] } ] }
"#;

const LOOKS: [Look; 3] =
    [Look { color: true, ..Look::plain(20) }, Look::plain(60), Look { color: true, ..Look::plain(120) }];

/// What the program does with a text, to the last format; the exit it would end with.
fn exit_of(text: &str, syntax: Syntax, today: Day) -> u8 {
    let words = Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES);
    let checked =
        tree::parse(text, 0, syntax).and_then(|node| Reader::new(&RULES, &COUNTRIES, today).tree(&node, Vec::new()));
    let profile = match checked {
        Ok(profile) => profile,
        Err(faults) => {
            assert!(!faults.is_empty(), "refused without a word: {text:?}");
            let texts = [SourceText { path: "profile".to_owned(), text: text.to_owned() }];
            for fault in &faults {
                let range = fault.span.range();
                assert!(range.start <= range.end && range.end <= text.len(), "{fault:?} lies outside the text");
                for (look, audience) in LOOKS.iter().zip([Audience::Person, Audience::RuleAuthor, Audience::Person]) {
                    let told = diagnostics::human(std::slice::from_ref(fault), &texts, audience, *look, &words);
                    assert!(!told.is_empty());
                }
            }
            assert_eq!(diagnostics::json(&faults, &texts, Audience::Person, &words).lines().count(), faults.len());
            return 4;
        }
    };
    let assessment = assess(&RULES, &profile, today);
    for sections in [Sections::All, Sections::Stay, Sections::Documents] {
        let looks = if sections == Sections::All { &LOOKS[..] } else { &LOOKS[..1] };
        let whole = document(&assessment, &[], sections, Extent::Details, &words);
        for look in looks.iter().copied() {
            assert!(!terminal::draw(&whole, &words, look).is_empty());
        }
        assert!(serde_json::from_slice::<serde_json::Value>(&json::render(&assessment, &[], sections, &words)).is_ok());
        assert!(!csv::render(&assessment, sections, &words).is_empty());
        assert!(!markdown::draw(&whole, &words).is_empty() && !html::draw(&whole, &words).is_empty());
    }
    let traces = explain(&RULES, &profile, today, &assessment);
    let traces: Vec<_> = traces.iter().collect();
    for depth in [told_why::Depth::Overview, told_why::Depth::Everything] {
        assert!(!terminal::draw(&told_why::document(&traces, depth, &words), &words, LOOKS[1]).is_empty());
    }
    assert!(serde_json::from_str::<serde_json::Value>(&told_why::json(&assessment, &traces, &words)).is_ok());
    let status = assessment.status;
    let _ = strictly(&RULES, assessment, Part::ALL);
    match status {
        Status::Ok | Status::ActionNeeded => 0,
        Status::Violation => 1,
        Status::Unknown => 3,
    }
}

/// A change of a text, at places given as parts of its length.
#[derive(Clone, Debug)]
enum Change {
    Truncate(usize),
    Flip(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Repeat(usize, usize),
    /// Puts another digit in place of a digit: most often another day.
    Digit(usize, u8),
    /// Puts a word in place of another of its kind.
    Word(usize, usize),
}

/// Words of which one may stand in place of another.
const WORDS: [&[&str]; 8] = [
    &["RU", "UZ", "DE", "NG", "KZ", "IN", "CN", "TR", "HK", "stateless"],
    &["visa", "trp", "residence-permit"],
    &["spouse", "child", "other"],
    &["employment", "study", "tourism", "transit", "business-immigrant", "family-reunification"],
    &["astana-hub", "aifc", "other"],
    &["employed", "self-employed", "domestic", "journalist"],
    &["passport", "national-id", "diplomatic-passport", "service-passport"],
    &["egov", "psc", "police"],
];

/// Changes that most often leave a profile that can be read.
fn gentle_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => (any::<usize>(), 0..10_u8).prop_map(|(at, digit)| Change::Digit(at, digit)),
        3 => (any::<usize>(), any::<usize>()).prop_map(|(at, word)| Change::Word(at, word)),
    ]
}

/// Changes that most often break it.
fn rough_change() -> impl Strategy<Value = Change> {
    let at = any::<usize>;
    let marks = proptest::sample::select(b"[]{}\"'=,.:#\\\n-0T".to_vec());
    prop_oneof![
        1 => at().prop_map(Change::Truncate),
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        2 => (at(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        2 => (at(), vec(marks, 1..80)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        2 => (at(), 1..200_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => (at(), 1..300_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        2 => gentle_change(),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match change {
        Change::Truncate(at) => bytes.truncate(at % length),
        Change::Flip(at, byte) => bytes[at % length] ^= byte,
        Change::Insert(at, new) => drop(bytes.splice(at % length..at % length, new.iter().copied())),
        Change::Remove(at, count) => drop(bytes.drain(at % length..(at % length + count).min(length))),
        Change::Repeat(at, count) => {
            let again = bytes[at % length..(at % length + count).min(length)].to_vec();
            bytes.splice(at % length..at % length, again);
        }
        Change::Digit(at, digit) => {
            let digits: Vec<usize> = (0..length).filter(|at| bytes[*at].is_ascii_digit()).collect();
            if !digits.is_empty() {
                bytes[digits[at % digits.len()]] = b'0' + digit;
            }
        }
        Change::Word(at, word) => {
            let text = String::from_utf8_lossy(bytes);
            let mut places: Vec<(usize, &str, &[&str])> = Vec::new();
            for group in WORDS {
                for known in group {
                    let quoted = format!("\"{known}\"");
                    places.extend(text.match_indices(&quoted).map(|(start, _)| (start + 1, *known, group)));
                }
            }
            if let Some((start, known, group)) = places.get(at % places.len().max(1)) {
                let (start, end) = (*start, start + known.len());
                let new = group[word % group.len()];
                // Where bytes are broken, places in the text are not places in the bytes.
                if bytes.get(start..end) == Some(known.as_bytes()) {
                    bytes.splice(start..end, new.bytes());
                }
            }
        }
    }
}

/// A runner that does the same every time.
fn runner() -> TestRunner {
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[17; 32]))
}

/// Both texts of this file are good profiles: what is changed below begins with an answer.
#[test]
fn the_unchanged_profiles_are_answered() {
    assert_ne!(exit_of(TOML, Syntax::Toml, day("2026-11-22")), 4);
    assert_ne!(exit_of(JSON, Syntax::Json, day("2026-11-22")), 4);
}

/// Random bytes never panic, in either syntax.
#[test]
fn random_bytes_never_panic() {
    let anything = prop_oneof![vec(any::<u8>(), 0..400), "\\PC{0,200}".prop_map(String::into_bytes)];
    let outcome = runner().run(&anything, |bytes| -> TestCaseResult {
        let text = String::from_utf8_lossy(&bytes);
        for syntax in [Syntax::Toml, Syntax::Json] {
            prop_assert!([0, 1, 3, 4].contains(&exit_of(&text, syntax, day("2026-11-22"))));
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// Good profiles, changed at random, never panic on any day; gives how often each exit came up.
fn change_and_ask(changes: impl Strategy<Value = Vec<Change>>, days: &[&str]) -> [u32; 5] {
    let days: Vec<Day> = days.iter().map(|text| day(text)).collect();
    let counts = [const { std::cell::Cell::new(0_u32) }; 5];
    let inputs = (any::<bool>(), changes, proptest::sample::select(days));
    let outcome = runner().run(&inputs, |(is_toml, changes, today)| -> TestCaseResult {
        let (text, syntax) = if is_toml { (TOML, Syntax::Toml) } else { (JSON, Syntax::Json) };
        let mut bytes = text.as_bytes().to_vec();
        for change in &changes {
            apply(&mut bytes, change);
        }
        let exit = exit_of(&String::from_utf8_lossy(&bytes), syntax, today);
        prop_assert!([0, 1, 3, 4].contains(&exit));
        counts[usize::from(exit)].set(counts[usize::from(exit)].get() + 1);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    counts.map(std::cell::Cell::into_inner)
}

/// Broken profiles never panic.
#[test]
fn broken_profiles_never_panic() {
    let counts = change_and_ask(vec(rough_change(), 1..4), &["2000-01-01", "2022-07-07", "2026-11-22", "2100-12-31"]);
    assert!(counts[4] > 1_000, "exits {counts:?}");
}

/// Profiles with other days and words never panic; each exit comes up, so that all of the program is reached.
#[test]
fn other_profiles_never_panic() {
    let counts = change_and_ask(vec(gentle_change(), 1..4), &["2026-11-22", "2026-11-30", "2027-12-31", "2100-12-31"]);
    for exit in [0, 1, 3, 4] {
        assert!(counts[exit] > 20, "exits {counts:?}");
    }
}
