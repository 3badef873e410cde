//! The program says the same in every language: the same texts, with the same places to fill in, and the same days,
//! numbers and ids in the same places of every answer.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::files::files_below;
use crate::support::judge::each_profile;
use crate::support::run::root;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};
use trp_check::assess::{assess, strictly, timelines};
use trp_check::assessment::Part;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::render::check::{Extent, document, short};
use trp_check::render::terminal::{self, Look};
use trp_check::render::{Sections, Words, csv, html, markdown, svg};
use trp_check::rulebook::check::{check, check_to_answer};
use trp_check::rulebook::texts::{mixed_script_word, placeholders};
use trp_check::rulebook::{LanguageTexts, RuleBook};

/// Languages whose nouns do not change behind a number: their sentences need no plural forms, whatever CLDR tells
/// apart (Kazakh: `1 күн`, `5 күн`).
const ONE_FORM: [&str; 1] = ["kk"];

/// Plural categories, as message files call them.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The key without its plural form, and the form.
fn split(key: &str) -> (&str, Option<&str>) {
    match key.rsplit_once('.') {
        Some((start, form)) if start.contains('.') && FORMS.contains(&form) => (start, Some(form)),
        _ => (key, None),
    }
}

/// The keys of a language, with their plural forms.
fn keys(texts: &LanguageTexts) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, _) in texts.entries() {
        let (key, form) = split(key);
        keys.entry(key).or_default().extend(form);
    }
    keys
}

/// The plural forms that whole numbers take in a language, by CLDR.
fn forms_of(language: &str) -> BTreeSet<&'static str> {
    let locale: icu_locale_core::Locale = language.parse().expect("a language");
    let rules = PluralRules::try_new(locale.into(), PluralRulesOptions::default()).expect("plural rules");
    let name = |category| match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    };
    (0..1000_u32).map(|number| name(rules.category_for(number))).collect()
}

/// English, Russian and Kazakh, in the program and in the rules; nothing is said in one of them only.
#[test]
fn every_language_has_every_text_and_no_other() {
    let languages: Vec<&str> = TEXTS.iter().map(|texts| &*texts.language).collect();
    assert_eq!(languages, ["en", "kk", "ru"]);
    let of_pack: BTreeSet<&str> = RULES.texts.iter().map(|texts| &*texts.language).collect();
    assert_eq!(of_pack, languages.iter().copied().collect(), "languages of the rule pack");
    let english: BTreeSet<&str> = keys(&TEXTS[0]).into_keys().collect();
    for texts in &TEXTS[1..] {
        let here: BTreeSet<&str> = keys(texts).into_keys().collect();
        let missing: Vec<_> = english.difference(&here).collect();
        let unknown: Vec<_> = here.difference(&english).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "{}: missing {missing:?}, unknown {unknown:?}",
            texts.language
        );
    }
}

/// A number is never followed by a word in a form that does not go with it.
#[test]
fn sentences_with_a_number_have_the_plural_forms_of_cldr() {
    let english = keys(&TEXTS[0]);
    for texts in TEXTS {
        let wanted = forms_of(&texts.language);
        for (key, forms) in keys(texts) {
            let has_number = !english[key].is_empty();
            let is_plain = forms.is_empty() && ONE_FORM.contains(&&*texts.language);
            assert!(
                forms == wanted || !has_number && forms.is_empty() || has_number && is_plain,
                "{} {key}: has the forms {forms:?}, wanted {wanted:?}",
                texts.language
            );
        }
    }
    assert_eq!(forms_of("ru"), BTreeSet::from(["one", "few", "many"]), "the forms come from CLDR");
}

/// What is filled in is the same in every language, so that no day and no name is lost on the way.
#[test]
fn a_text_has_the_same_places_to_fill_in_in_every_language() {
    let places = |texts: &LanguageTexts| {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (key, text) in texts.entries() {
            all.entry(split(key).0.to_owned()).or_default().extend(placeholders(text).map(str::to_owned));
        }
        all
    };
    let english = places(&TEXTS[0]);
    for texts in &TEXTS[1..] {
        for (key, places) in places(texts) {
            assert_eq!(Some(&places), english.get(&key), "{} {key}", texts.language);
        }
    }
}

/// A Latin letter in a Cyrillic word looks right and is not found by a search.
#[test]
fn no_word_is_of_two_scripts() {
    for texts in TEXTS {
        for (key, text) in texts.entries() {
            assert_eq!(mixed_script_word(text), None, "{} {key}", texts.language);
        }
    }
    assert_eq!(mixed_script_word("срок: мемлекеттiк орган"), Some("мемлекеттiк"));
}

/// An answer by a pack on disk rests on the texts in its first language and in that of the answer. A fault in the
/// others keeps nobody from an answer; `rules check` tells it.
#[test]
fn an_answer_by_a_pack_needs_only_its_languages() {
    let mut files = files_below(&root().join("rules/kz"), "toml");
    let languages = |book: &RuleBook| -> Vec<String> {
        book.texts.iter().map(|texts| texts.language.clone().into_owned()).collect()
    };
    for (asked, read) in [("en", vec!["en"]), ("ru", vec!["en", "ru"]), ("kk", vec!["en", "kk"]), ("fr", vec!["en"])] {
        let checked = check_to_answer(&files, &COUNTRIES, asked);
        assert!(checked.faults.is_empty(), "{asked}: {:?}", checked.faults);
        let mut book = checked.book.expect("a good pack");
        assert_eq!(languages(&book), read, "{asked}");
        assert!(RULES.texts.iter().filter(|texts| read.contains(&&*texts.language)).eq(book.texts.iter()), "{asked}");
        book.texts = RULES.texts.clone();
        assert!(book == RULES, "{asked}: more than the texts differs");
    }
    let kazakh = files.iter_mut().find(|file| file.path == "text/kk.toml").expect("Kazakh texts");
    kazakh.text.push_str("\n[nothing]\nunused = \"{days}\"\n");
    assert!(check_to_answer(&files, &COUNTRIES, "ru").book.is_some());
    assert!(check_to_answer(&files, &COUNTRIES, "kk").book.is_none());
    assert!(check(&files, &COUNTRIES, None).book.is_none());
}

/// Each text of the program is asked for somewhere in the sources: by its whole key, or by its table and its id.
#[test]
fn no_text_is_left_over() {
    let all = |folder: &str, ending: &str| -> String {
        files_below(&root().join(folder), ending).into_iter().map(|file| file.text).collect()
    };
    let sources = all("src", "rs");
    let known = sources.clone() + &all("rules/kz", "toml");
    let mut left_over = BTreeSet::new();
    for (key, _) in TEXTS[0].entries() {
        let (key, _) = split(key);
        let (table, id) = key.split_once('.').expect("a table and an id");
        let is_written_whole = sources.contains(&format!("\"{key}\"")) || sources.contains(&format!("{key}{{"));
        if table.starts_with("syntax_") {
            // These ids are made of what the parsers of others say.
            continue;
        }
        let table_is_asked =
            ["\"{}\"", "\"{}.", "{}.{"].iter().any(|form| sources.contains(&form.replace("{}", table)));
        // A sentence for when there is nothing to list, and one for when there is more, are built upon the plain one.
        let id_is_known =
            id.trim_end_matches("-more").trim_end_matches("-is").split("-no-").all(|part| known.contains(part))
                || is_number(id);
        // A key of a rule and its value; a word that is put behind another; a command and one below it.
        let is_started =
            |(start, _)| ["-{", "-\""].iter().any(|end| sources.contains(&format!("\"{table}.{start}{end}")));
        let has_pairs = sources.contains(&format!("{table}.{{key}}-{{value}}"))
            || id.split_once('-').is_some_and(is_started)
            || table.starts_with("help_");
        let is_pair = has_pairs && id.split('-').all(|part| known.contains(part));
        if !(is_written_whole || is_pair || table_is_asked && id_is_known) {
            left_over.insert(key);
        }
    }
    assert!(left_over.is_empty(), "nothing asks for {left_over:?}");
}

fn is_number(id: &str) -> bool {
    id.bytes().all(|letter| letter.is_ascii_digit())
}

/// Columns that no line needs to be broken for: lines are then compared one by one.
const WIDE: Look = Look::plain(100_000);

/// For every law case and every form of the answer: line by line, the three languages show the same days, numbers and
/// ids. Only within a line may their order differ, as grammar asks.
#[test]
fn all_law_cases_show_the_same_facts_in_every_language() {
    let mut found = Vec::new();
    each_profile(|case, profile| {
        let answer = assess(&RULES, profile, case.today);
        let answer = if case.is_strict { strictly(&RULES, answer, Part::ALL) } else { answer };
        let days = timelines(&RULES, &answer);
        let told = |texts| {
            let words = Words::new(texts, RULES.texts_in(&texts.language), &COUNTRIES);
            let whole = document(&answer, &days, Sections::All, Extent::Details, &words);
            [
                ("table", lines(&terminal::draw(&whole, &words, WIDE))),
                ("short", lines(&short(&answer, &[], Sections::All, &words, WIDE))),
                ("markdown", lines(&markdown::draw(&whole, &words))),
                ("csv", lines(&csv::render(&answer, Sections::All, &words))),
                ("html", parts(&html::draw(&whole, &words))),
                // Paragraphs of a picture break where they are full, so only the whole can be compared.
                ("svg", lines(&svg_text(&svg::render(&answer, &days, &words)))),
            ]
        };
        let english = told(&TEXTS[0]);
        for texts in &TEXTS[1..] {
            for ((format, english), (_, other)) in english.iter().zip(told(texts)) {
                let place = format!("{} ({}, {format})", case.name, texts.language);
                let differing = english.iter().zip(&other).filter(|(a, b)| a.facts != b.facts);
                found.extend(differing.map(|(a, b)| format!("{place}:\n  {}\n  {}", a.text, b.text)));
                if english.len() != other.len() {
                    found.push(format!("{place}: {} lines, not {}", other.len(), english.len()));
                }
            }
        }
    });
    let shown = &found[..found.len().min(10)];
    assert!(found.is_empty(), "{} differences, such as:\n{}", found.len(), shown.join("\n"));
}

/// Tags within a sentence.
const INLINE: [&str; 9] = ["a", "abbr", "b", "code", "em", "small", "span", "strong", "time"];

/// A line of an answer, and the days, numbers and ids in it.
struct Line {
    text: String,
    facts: Vec<String>,
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self { facts: facts_of(&text), text }
    }
}

fn lines(text: &str) -> Vec<Line> {
    text.lines().map(|line| Line::from(line.to_owned())).collect()
}

fn svg_text(markup: &str) -> String {
    let texts: Vec<String> = parts(markup).into_iter().map(|part| part.text).collect();
    texts.join(" ")
}

/// What stands between the tags of a page or a picture, paragraph by paragraph; those without a fact left out.
fn parts(markup: &str) -> Vec<Line> {
    let markup = markup.replace("&#39;", "'");
    let (_, body) = markup.split_once("</style>").unwrap_or(("", &markup));
    let mut parts = vec![String::new()];
    for (tag, text) in body.split('<').filter_map(|tag| tag.split_once('>')) {
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !INLINE.contains(&name) {
            parts.push(String::new());
        }
        parts.last_mut().expect("a part").extend([" ", text.trim()]);
    }
    parts.into_iter().map(Line::from).filter(|part| !part.facts.is_empty()).collect()
}

/// The facts of a line: days, other numbers, ids of rules; sorted.
fn facts_of(line: &str) -> Vec<String> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let mut facts: Vec<String> = line
        .as_bytes()
        .split(|byte| !is_part(byte))
        .filter(|token| token.iter().any(u8::is_ascii_digit) || token.starts_with(b"kz."))
        .map(|token| std::str::from_utf8(token).expect("only ASCII"))
        .map(|token| token.trim_matches(['.', '-']))
        .flat_map(|token| {
            let is_id = token.starts_with("kz.");
            let is_day = token.len() == 10 && token.split('-').map(str::len).eq([4, 2, 2]);
            if is_id || is_day { vec![token.to_owned()] } else { numbers(token) }
        })
        .collect();
    facts.sort();
    facts
}

fn numbers(token: &str) -> Vec<String> {
    token.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).map(str::to_owned).collect()
}

/// The test itself tells a lost day from a moved one.
#[test]
fn facts_are_found_wherever_they_stand() {
    let facts = facts_of("до пн 2026-11-02, 90 дней [kz.stay.eaeu] (028/у)");
    assert_eq!(facts, ["028", "2026-11-02", "90", "kz.stay.eaeu"]);
}
