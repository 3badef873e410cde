//! `ask` never asks what cannot matter, and what it asks leads to the answer of the finished profile.
//!
//! Random interviews are walked by a seed; `TRP_CHECK_INTERVIEWS` says how many. An interview at a real terminal is
//! held by `tests/shell/interview.py`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::cores::on_all_cores;
use crate::support::day::{TODAY, today};
use crate::support::{folders, run};
use serde_json::Value as Json;
use trp_check::assess::assess;
use trp_check::assess::question::{Interview, Question};
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::Profile;
use trp_check::profile::edit::FactName;
use trp_check::profile::fields::Field;
use trp_check::profile::forms::Piece;
use trp_check::profile::read::Reader;
use trp_check::profile::written::Written;
use trp_check::render::{Sections, Words, json, profile as profile_file, question};
use trp_check::tree::{self, Syntax};

/// So many interviews are walked where nobody says how many.
const FEW: u64 = 250;
/// No interview may ask more questions.
const LONGEST: usize = 40;

fn words() -> Words<'static> {
    Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES)
}

/// What an answer says, without the facts that it repeats and those that it lacks.
fn told(profile: &Profile) -> Json {
    let answer = assess(&RULES, profile, today());
    let mut told: Json =
        serde_json::from_slice(&json::render(&answer, &[], Sections::All, &words())).unwrap_or_default();
    let members = told.as_object_mut().unwrap_or_else(|| panic!("an object"));
    members.retain(|key, _| !["profile", "needs"].contains(&key.as_str()));
    told
}

/// Numbers without a pattern, the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let most = u64::try_from(most).unwrap_or(u64::MAX).max(1);
        usize::try_from((mixed ^ (mixed >> 31)) % most).unwrap_or_default()
    }
}

fn checked(asker: &Interview<'_>, written: &Written<'_>) -> Profile {
    let read = Reader::new(asker.book, asker.countries, asker.today).tree(&written.root, Vec::new());
    read.unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Values of the fact that make a good profile, each with that profile; in the order in which they are tried.
fn values(asker: &Interview<'_>, written: &Written<'_>, question: &Question<'_>) -> Vec<(String, Profile)> {
    let profile = written.get(None, Field::Citizenship).is_some().then(|| checked(asker, written));
    let answer = profile.as_ref().map(|profile| assess(&RULES, profile, today()));
    let trials = asker.trials(&question.fact, answer.as_ref());
    trials.into_iter().filter_map(|value| Some((value.clone(), asker.with(written, &question.fact, &value)?))).collect()
}

/// Walks one interview; counts its questions. Complains where a question has no two answers that differ.
fn walk(seed: u64, asker: &Interview<'_>) -> Result<Vec<String>, String> {
    let mut dice = Dice(seed);
    let mut said: Vec<(FactName, String)> = Vec::new();
    let mut skipped: Vec<FactName> = Vec::new();
    let mut asked = Vec::new();
    loop {
        let mut written = Written::default();
        for (fact, value) in &said {
            let laid = fact.set(&mut written, Piece::new(value, 0, 0).node(), &RULES.vocabulary, today());
            laid.map_err(|fault| format!("{seed}: {said:?}: {fault:?}"))?;
        }
        let Some(question) = asker.next(&written, &skipped) else { return Ok(asked) };
        let values = values(asker, &written, &question);
        let Some((_, first)) = values.first() else {
            return Err(format!("{seed}: {}: no value is possible after {said:?}", question.fact));
        };
        let first = told(first);
        if !values.iter().any(|(_, other)| told(other) != first) {
            return Err(format!("{seed}: {} cannot matter after {said:?}", question.fact));
        }
        asked.push(question.fact.to_string());
        if asked.len() > LONGEST || said.iter().any(|(fact, _)| *fact == question.fact) {
            return Err(format!("{seed}: no end: {asked:?} after {said:?}"));
        }
        if !question.is_needed && dice.below(6) == 0 {
            skipped.push(question.fact);
        } else {
            let (value, _) = &values[dice.below(values.len())];
            said.push((question.fact, value.clone()));
        }
    }
}

/// In interviews walked at random each question that is asked has two answers that lead to different assessments,
/// and every interview ends.
#[test]
fn nothing_is_asked_that_cannot_matter() {
    let count = std::env::var("TRP_CHECK_INTERVIEWS").ok().and_then(|count| count.parse().ok()).unwrap_or(FEW);
    let seeds: Vec<u64> = (0..count).collect();
    let asked = std::sync::Mutex::new((0, BTreeSet::new()));
    let wrong = on_all_cores(&seeds, |seed| {
        let asker = Interview { book: &RULES, countries: &COUNTRIES, today: today() };
        match walk(*seed, &asker) {
            Err(complaint) => vec![complaint],
            Ok(facts) => {
                let mut asked = asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                asked.0 += facts.len();
                asked.1.extend(facts);
                Vec::new()
            }
        }
    });
    let (questions, facts) = asked.into_inner().unwrap_or_default();
    assert!(
        wrong.is_empty(),
        "{} of {count} interviews fail, such as {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(5)]
    );
    println!("{count} interviews, {questions} questions, of {} facts: {facts:?}", facts.len());
    assert!(facts.len() >= 12, "only {facts:?} were asked");
}

/// The file that an interview writes is read again as the same profile.
#[test]
fn the_written_file_is_the_same_profile() {
    let folder = run::root().join("tests/cli/profiles");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}")).flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        if entry.path().extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let profile_of = |text: &str| {
            let node = tree::parse(text, 0, Syntax::Toml).ok()?;
            Reader::new(&RULES, &COUNTRIES, today()).tree(&node, Vec::new()).ok()
        };
        let Some(profile) = profile_of(&text) else { continue };
        let file = profile_file::toml(&assess(&RULES, &profile, today()), &words());
        assert_eq!(profile_of(&file).as_ref(), Some(&profile), "{}: {file}", entry.path().display());
        read += 1;
    }
    assert!(read >= 2, "only {read} profiles were read");
}

/// What a program asks with `--next`, question by question, in a pipe, has an end; a wrong answer is told like a wrong
/// profile.
#[test]
fn a_program_can_hold_the_interview() {
    let mut given: Vec<String> = Vec::new();
    let mut asked: Vec<String> = Vec::new();
    loop {
        let line: Vec<&str> =
            ["ask", "--next", "--today", TODAY].into_iter().chain(given.iter().map(String::as_str)).collect();
        let ran = run::run(&line, b"");
        assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{line:?}");
        let told: Json = serde_json::from_str(&ran.stdout).unwrap_or_default();
        assert_eq!(told["schema"], "trp-check/question/1");
        let question = &told["question"];
        if told["done"] == true {
            assert!(question.is_null());
            break;
        }
        let fact = question["fact"].as_str().unwrap_or_default().to_owned();
        assert!(!asked.contains(&fact), "{fact} is asked twice");
        assert!(question["affects"].as_array().is_some_and(|all| !all.is_empty()), "{question}");
        let flags = match &*fact {
            "citizenship" => ["--answer".to_owned(), "citizenship=RU".to_owned()],
            "stays[]" => ["--answer".to_owned(), "stays[]=2026-11-02..".to_owned()],
            _ => match question["allowed"]["values"][0]["id"].as_str() {
                Some(first) => ["--answer".to_owned(), format!("{fact}={first}")],
                None => ["--skip".to_owned(), fact.clone()],
            },
        };
        given.extend(flags);
        asked.push(fact);
    }
    assert_eq!(asked[..3], ["citizenship", "permits", "stays[]"], "{asked:?}");
    assert!(asked.contains(&"filing.channel".to_owned()), "{asked:?}");

    let wrong = run::run(&["ask", "--next", "--answer", "filing.channel=egovv", "--today", TODAY], b"");
    assert_eq!((wrong.status, &*wrong.stdout), (Some(2), ""));
    assert!(wrong.stderr.contains("did you mean `egov`?"), "{}", wrong.stderr);
    let wrong = run::run(&["ask", "--next", "--answer", "filing.chanel=egov", "--today", TODAY], b"");
    assert_eq!(wrong.status, Some(2));
    assert!(wrong.stderr.contains("did you mean `filing.channel`?"), "{}", wrong.stderr);
    let piped = run::run(&["ask", "--today", TODAY], b"RU\n");
    assert_eq!((piped.status, &*piped.stdout), (Some(2), ""));
    assert!(piped.stderr.contains("--next"), "{}", piped.stderr);
}

/// Holds an interview at a terminal: what came of it, and where the profile is written.
#[cfg(unix)]
fn at_a_terminal(name: &str, answers: &str, stop: &str, language: &str) -> (Json, std::path::PathBuf) {
    let folder = folders::scratch(name);
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    let (plan, output) = (folder.join("answers.txt"), folder.join("profile.toml"));
    fs::write(&plan, answers).unwrap_or_else(|error| panic!("{error}"));
    let script = Path::new("tests/shell/interview.py");
    let mut command: Command = run::command("python3");
    command.arg(script).args([run::PROGRAM, TODAY]).arg(&output).arg(&plan);
    if !stop.is_empty() {
        command.arg(stop);
    }
    command.env("LC_ALL", language);
    let ran = command.output().unwrap_or_else(|error| panic!("python3 is needed: {error}"));
    let told = serde_json::from_slice(&ran.stdout);
    let told = told.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ran.stderr)));
    (told, output)
}

/// As people answer: a day as the language writes it, and one step taken back.
#[cfg(unix)]
const ANSWERS: &str = "Which country = RU
residence permit = none
did you arrive, or = 02.11.2026
is that right = yes
still here = back|yes
before that = no
Is your family = no
Why do you come = work
When will you leave = 2027-03-01
Who is your employer = Astana
report your arrival = 2026-11-04
";

/// The words for not to know, back and none are those of the language, too.
#[cfg(unix)]
const IN_RUSSIAN: &str = "Какое у вас гражданство = Турция
разрешение на проживание = назад|нет
приехали или = нет|2 ноября 2026
верно = да
ещё в стране = да
до этого = да|нет
в тот раз = 2026-03-02
вы уехали = 11 марта 2026 г.
семья с вами = назад|да
зовут = Айше
приходится = супруг
гражданство у этого = Турция
кто-то ещё = нет
 = не знаю
";

/// An interview at a real terminal ends in the assessment of the profile that it has written, which is that of the same
/// facts in flags.
#[cfg(unix)]
#[test]
fn an_interview_at_a_terminal_ends_in_the_answer_of_its_profile() {
    let (told, output) = at_a_terminal("interview-whole", ANSWERS, "", "en");
    let path = output.display().to_string();
    let checked = run::run(&["check", &path, "--format", "json", "--today", TODAY], b"");
    assert_eq!(told["stdout"].as_str(), Some(&*checked.stdout), "{}", told["shown"]);
    assert_eq!(told["status"].as_i64(), checked.status.map(i64::from));
    let line = "check --citizenship RU --permit none --stay 2026-11-02..2027-03-01 --notified 2026-11-04 --purpose employment \
        --employer astana-hub --format json --today 2026-11-22";
    let flags = run::run(&line.split_whitespace().collect::<Vec<_>>(), b"");
    assert_eq!(told["stdout"].as_str(), Some(&*flags.stdout));
    assert_eq!(told["status"], 1, "the exit is planned past the last lawful day");
    let answer: Json = serde_json::from_str(&checked.stdout).unwrap_or_default();
    assert_eq!(answer["stay"]["last_day"], "2027-01-30");
    assert_eq!(answer["trp"]["status"], "required");
}

/// Somebody who answers in Russian types no word of English, and finds the family and the stays in the file.
#[cfg(unix)]
#[test]
fn an_interview_in_russian_asks_for_the_family() {
    let (told, output) = at_a_terminal("interview-russian", IN_RUSSIAN, "", "ru");
    let file = fs::read_to_string(&output).unwrap_or_else(|error| panic!("{error}: {}", told["shown"]));
    let shown = told["shown"].as_str().unwrap_or_default();
    for part in ["citizenship = \"TR\"", "{ entry = 2026-11-02 }", "{ entry = 2026-03-02, exit = 2026-03-11 }"] {
        assert!(file.contains(part), "{part}: {file}{shown}");
    }
    let member = "{ relation = \"spouse\", name = \"Айше\", citizenship = \"TR\"";
    assert!(file.contains(member) && file.contains("permits = []"), "{file}{shown}");
    assert!(shown.contains("понедельник, 2 ноября 2026 года"), "the day is shown in words: {shown}");
    assert!(shown.contains(&*output.display().to_string()), "the file is named: {shown}");
    let path = output.display().to_string();
    let checked = run::run(&["check", &path, "--lang", "ru", "--format", "json", "--today", TODAY], b"");
    let answers: [Json; 2] = [&told["stdout"].as_str().unwrap_or_default().to_owned(), &checked.stdout]
        .map(|text| serde_json::from_str(text).unwrap_or_default());
    assert_eq!(answers[0]["stay"], answers[1]["stay"]);
    assert_eq!(answers[0]["family"].as_array().map(Vec::len), Some(1));
}

/// A day is read as it is shown, as its language writes it, and only where it can be one day.
#[test]
fn a_day_is_read_as_people_write_it() {
    let words = |language: &str| {
        let texts = TEXTS.iter().find(|texts| texts.language == language).unwrap_or_else(|| panic!("{language}"));
        Words::new(texts, RULES.texts_in(language), &COUNTRIES)
    };
    for texts in TEXTS {
        let words = words(&texts.language);
        for day in (0..800).map(|days| today().plus(days)) {
            let text = words.long_day(day);
            assert_eq!(question::day(&text, &words), Some(day), "{text}");
            assert_eq!(question::day(&day.to_string(), &words), Some(day));
        }
    }
    let cases = [
        ("en", "02.11.2026", Some("2026-11-02")),
        ("en", "Nov 2, 2026", Some("2026-11-02")),
        ("en", "2/11/2026", None),
        ("en", "2 2026", None),
        ("ru", "2 ноября 2026", Some("2026-11-02")),
        ("ru", "9 май 2026 г.", Some("2026-05-09")),
        ("ru", "31 июня 2026", None),
        ("kk", "2026 ж. 2 қараша", Some("2026-11-02")),
    ];
    for (language, text, day) in cases {
        let read = question::day(text, &words(language)).map(|day| day.to_string());
        assert_eq!(read.as_deref(), day, "{language}: {text}");
    }
}

/// Ctrl-C ends with 130 and keeps what was answered.
#[cfg(unix)]
#[test]
fn ctrl_c_loses_nothing() {
    let (told, output) = at_a_terminal("interview-stopped", ANSWERS, "10", "en");
    assert_eq!(told["status"], 130, "{}", told["shown"]);
    assert_eq!(told["stdout"], "");
    let kept = fs::read_to_string(&output).unwrap_or_else(|error| panic!("{error}"));
    assert!(kept.contains("citizenship = \"RU\"") && kept.contains("{ entry = 2026-11-02 }"), "{kept}");
    let again = ["ask", "--output", &output.display().to_string(), "--next"];
    assert_eq!(run::run(&again, b"").status, Some(2), "--next writes nothing");
}
