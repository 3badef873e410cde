//! The house keeps its shape: what may import what, which crates stand where, how files are named, and that neither a
//! country, nor a holiday, nor a number of the law is in `src`.

mod plainness;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::support::files::{paths_below, table_of};
use crate::support::run::root;
use crate::support::rust_text::{RustText, is_word, words};
use toml::{Table, Value};

/// A file of `src`: its path inside `src`, and its text.
struct File {
    path: String,
    text: String,
}

/// The Rust files of `src`, the program itself included.
fn files() -> Vec<File> {
    let source = root().join("src");
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let files: Vec<File> = paths_below(&source)
        .into_iter()
        .filter(is_rust)
        .map(|path| File {
            path: path.strip_prefix(&source).expect("below src").to_str().expect("UTF-8").replace('\\', "/"),
            text: fs::read_to_string(&path).expect("a readable file"),
        })
        .collect();
    assert!(files.len() > 20, "the sources were not found");
    files
}

/// Fails with all complaints about all files.
fn nothing_against(complaints_about: impl Fn(&File) -> Vec<String>) {
    let found: Vec<String> = files()
        .iter()
        .flat_map(|file| complaints_about(file).into_iter().map(|complaint| format!("src/{}:{complaint}", file.path)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What the check says of a made-up file.
fn said_of(path: &str, text: &str, check: impl Fn(&File) -> Vec<String>) -> Vec<String> {
    check(&File { path: path.to_owned(), text: text.to_owned() })
}

// ---- Floors ----

/// The modules of the library, by floor (`src/lib.rs`).
const FLOORS: [(&str, usize); 17] = [
    ("calendar", 0),
    ("source", 0),
    ("tree", 1),
    ("country", 1),
    ("facts", 1),
    ("law_case", 1),
    ("profile", 1),
    ("roster", 1),
    ("rulebook", 1),
    ("schema", 1),
    ("assessment", 1),
    ("embedded", 1),
    ("assess", 2),
    ("review", 2),
    ("render", 3),
    ("batch", 4),
    ("api", 5),
];
const GROUND: usize = 0;
const NOUNS: usize = 1;
const REASONING: usize = 2;
const WORDS: usize = 3;
const LISTS: usize = 4;
const WORLD: usize = 5;

/// The module of the library that a file belongs to.
fn module_of(path: &str) -> &str {
    path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn floor_of(path: &str) -> usize {
    let module = module_of(path);
    FLOORS.iter().find(|(name, _)| *name == module).map_or(WORLD, |(_, floor)| *floor)
}

/// The modules that follow `crate::` or `trp_check::` in the code, groups in braces included, with their lines.
fn imported_modules(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for head in ["crate::", "trp_check::"] {
        for (at, _) in code.match_indices(head) {
            if code[..at].chars().next_back().is_some_and(|before| is_word(before) || before == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + head.len()..];
            let name = |text: &str| text.trim_start().chars().take_while(|letter| is_word(*letter)).collect::<String>();
            if rest.starts_with('{') {
                let mut depth = 0;
                let mut from = 0;
                for (at, letter) in rest.char_indices() {
                    match letter {
                        '{' => {
                            depth += 1;
                            if depth == 1 {
                                from = at + 1;
                            }
                        }
                        ',' | '}' if depth == 1 => {
                            found.push((line, name(&rest[from..at])));
                            from = at + 1;
                            depth -= i32::from(letter == '}');
                        }
                        '}' => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            } else {
                found.push((line, name(rest)));
            }
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

/// Imports from a floor above; on the ground, any import from the crate but of its own module.
fn imports_from_above(file: &File) -> Vec<String> {
    let floor = floor_of(&file.path);
    let parts = RustText::new(&file.text);
    let mut found = Vec::new();
    if floor == WORLD {
        return found;
    }
    for (line, module) in imported_modules(&parts.code) {
        let known = FLOORS.iter().find(|(name, _)| *name == module);
        let is_own = module == module_of(&file.path);
        match known {
            Some((_, of)) if *of > floor => {
                found.push(format!("{line}: floor {floor} imports `{module}` of floor {of}"));
            }
            Some(_) if floor == GROUND && !is_own => found.push(format!("{line}: the ground imports `{module}`")),
            _ => {}
        }
    }
    found
}

/// Names that a floor must not so much as mention: the renderers see no rule book, the reasoning no
/// place in a file and no sentence.
fn names_of_other_floors(file: &File) -> Vec<String> {
    let forbidden: &[&str] = match floor_of(&file.path) {
        REASONING => &["Span", "Fault", "SourceText", "LanguageTexts", "texts_in"],
        WORDS => &["RuleBook", "RULES", "embedded"],
        _ => &[],
    };
    mentions(file, forbidden, "does not belong on this floor")
}

fn mentions(file: &File, forbidden: &[&str], why: &str) -> Vec<String> {
    let parts = RustText::new(&file.text);
    let mut found = Vec::new();
    for (line, code) in parts.lines() {
        for word in words(code) {
            if forbidden.contains(&word.text) {
                found.push(format!("{line}: `{}` {why}", word.text));
            }
        }
    }
    found
}

/// No file imports from a floor above its own.
#[test]
fn imports_point_downwards() {
    nothing_against(imports_from_above);
    nothing_against(names_of_other_floors);
}

/// Every module of the library stands on a floor, and `src/lib.rs` lists it there.
#[test]
fn the_map_of_the_crate_lists_every_module() {
    let library = files().into_iter().find(|file| file.path == "lib.rs").expect("src/lib.rs");
    let declared: BTreeSet<&str> = library
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").or(line.strip_prefix("mod ")))
        .map(|rest| rest.trim_end_matches(';'))
        .collect();
    for module in &declared {
        let (_, floor) = FLOORS.iter().find(|(name, _)| name == module).expect("a module without a floor");
        let row = format!("//! | {floor} ");
        let listed = library.text.lines().find(|line| line.starts_with(&row)).expect("a row for the floor");
        assert!(listed.contains(&format!("`{module}`")), "`{module}` is not on its floor in src/lib.rs");
    }
    for file in files() {
        let module = module_of(&file.path).to_owned();
        assert!(
            declared.contains(&*module) || ["lib", "bin"].contains(&&*module),
            "src/{} belongs to no module of the library",
            file.path
        );
    }
}

// ---- Crates and the world ----

/// On which floors a dependency may be used; everything else of `Cargo.toml` is only for the world.
const CRATES: [(&str, &[usize]); 27] = [
    ("calamine", &[LISTS]),
    ("chrono", &[GROUND, REASONING, WORLD]),
    ("strsim", &[GROUND]),
    ("databake", &[GROUND, NOUNS]),
    ("serde", &[NOUNS, WORDS, WORLD]),
    ("toml", &[NOUNS]),
    ("jsonc_parser", &[NOUNS]),
    ("schemars", &[NOUNS, WORDS]),
    ("sha2", &[NOUNS]),
    ("serde_json", &[NOUNS, WORDS, LISTS, WORLD]),
    ("csv", &[WORDS, LISTS, WORLD]),
    ("memchr", &[NOUNS, WORDS, LISTS, WORLD]),
    ("simdutf8", &[NOUNS, LISTS]),
    ("itoa", &[WORDS]),
    ("smallvec", &[GROUND, NOUNS, REASONING, LISTS]),
    ("comfy_table", &[WORDS]),
    ("textwrap", &[WORDS]),
    ("rust_xlsxwriter", &[WORDS]),
    ("maud", &[WORDS]),
    ("annotate_snippets", &[WORDS]),
    ("icu_normalizer", &[NOUNS]),
    ("icu_plurals", &[WORDS]),
    ("icu_locale_core", &[WORDS]),
    ("clap", &[WORLD]),
    ("anyhow", &[WORLD]),
    ("inquire", &[WORLD]),
    ("terminal_size", &[WORLD]),
];

fn dependencies() -> Vec<String> {
    let manifest = table_of(&root().join("Cargo.toml"));
    let names = |key: &str| -> Vec<String> {
        let table = manifest.get(key).and_then(Value::as_table);
        table.into_iter().flat_map(Table::keys).map(|name| name.replace('-', "_")).collect()
    };
    let mut all = names("dependencies");
    all.extend(names("dev-dependencies"));
    assert!(all.len() > 5, "the dependencies were not found");
    all
}

/// Crates used where they do not belong.
fn misplaced_crates(file: &File, dependencies: &[String]) -> Vec<String> {
    let floor = floor_of(&file.path);
    let parts = RustText::new(&file.text);
    let mut found = Vec::new();
    for (line, code) in parts.lines() {
        for word in words(code) {
            let before = word.before.trim_end();
            let starts_a_path = !before.ends_with("::") && !before.ends_with('.') && word.after.starts_with("::");
            let is_import = before == "use" || before == "extern crate" || before == "pub use";
            let is_crate = dependencies.iter().any(|name| name == word.text);
            if is_crate && (starts_a_path || is_import) {
                let allowed = CRATES.iter().find(|(name, _)| *name == word.text).map_or(&[WORLD][..], |(_, on)| on);
                if !allowed.contains(&floor) {
                    found.push(format!("{line}: `{}` is used on floor {floor}", word.text));
                }
            }
        }
    }
    found
}

/// Paths into the world: files, environment, clock, terminal, network, processes.
const WORLDLY: [&str; 15] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::io",
    "fs::",
    "env::",
    "Utc",
    "Local",
    "SystemTime",
    "Instant",
    "stdin",
    "stdout",
    "stderr",
];
/// What lists may use of it all the same: a stream that somebody else has opened.
const STREAMS: &str = "std::io";
const PRINTING: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];

/// Uses of the world outside the program's shell.
fn uses_of_the_world(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    if floor_of(&file.path) == WORLD && (file.path.starts_with("bin/") || module_of(&file.path) == "api") {
        return found;
    }
    let parts = RustText::new(&file.text);
    for (line, code) in parts.lines() {
        for path in WORLDLY.into_iter().filter(|path| floor_of(&file.path) != LISTS || *path != STREAMS) {
            for (at, _) in code.match_indices(path) {
                let is_whole = !code[..at].ends_with(is_word)
                    && (path.ends_with(':') || !code[at + path.len()..].starts_with(is_word));
                if is_whole {
                    found.push(format!("{line}: `{path}` belongs to the program's shell"));
                }
            }
        }
        for word in words(code) {
            if PRINTING.contains(&word.text) && word.after.starts_with('!') {
                found.push(format!("{line}: `{}!` belongs to the program's shell", word.text));
            }
        }
        for grouped in ["fs", "env", "io", "process", "thread", "net"] {
            if code.contains("use std::{") && words(code).iter().any(|word| word.text == grouped) {
                found.push(format!("{line}: `std::{grouped}` belongs to the program's shell"));
            }
        }
    }
    found
}

/// Each crate is used on its floors only; files, clock and terminal only in the program's shell.
#[test]
fn crates_and_the_world_stay_where_they_belong() {
    let dependencies = dependencies();
    nothing_against(|file| misplaced_crates(file, &dependencies));
    nothing_against(uses_of_the_world);
}

// ---- Names ----

const NAMELESS_NAMES: [&str; 9] =
    ["util", "utils", "common", "core", "engine", "manager", "helper", "helpers", "types"];

fn bad_names(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for part in file.path.trim_end_matches(".rs").split('/') {
        if NAMELESS_NAMES.contains(&part) {
            found.push(format!("1: `{part}` says nothing"));
        }
        if part == "rules" && !file.path.starts_with("bin/") {
            found.push("1: rules are data".to_owned());
        }
        if part == "mod" {
            found.push("1: `mod.rs` has no name of its own".to_owned());
        }
    }
    found
}

/// Files are named for what is in them.
#[test]
fn files_have_telling_names() {
    nothing_against(bad_names);
}

/// Unsafe code is forbidden in the whole package.
#[test]
fn unsafe_code_is_forbidden() {
    let manifest = table_of(&root().join("Cargo.toml"));
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    nothing_against(|file| mentions(file, &["unsafe"], "is forbidden"));
}

// ---- The law is data ----

/// Strings that look like the code of a country and are none: file, string, what it is.
const NO_COUNTRIES: [(&str, &str, &str); 2] = [
    ("bin/trp-check/args/commands.rs", "ID", "what the help calls the id of a rule"),
    ("bin/trp-check/command/manual.rs", "SH", "a heading in a page of the manual"),
];

/// Words that only the law's data may use.
struct Countries {
    codes: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl Countries {
    fn of_the_data() -> Self {
        let file = table_of(&root().join("rules/countries.toml"));
        let list = file["countries"].as_array().expect("a list of countries");
        let word = |country: &Value, key: &str| country.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        let codes: BTreeSet<String> = list.iter().map(|country| word(country, "code")).filter(is_code).collect();
        let alpha3 = list.iter().map(|country| word(country, "alpha3")).filter(|code| !code.is_empty());
        let names = list
            .iter()
            .filter(|country| country["code"].as_str().is_some_and(|code| codes.contains(code)))
            .map(|country| word(country, "en"))
            .chain(["Kazakh".to_owned(), "Astana".to_owned(), "EAEU".to_owned(), "CIS".to_owned()])
            .collect();
        assert!(codes.len() > 200, "the countries were not found");
        Self { codes: codes.into_iter().chain(alpha3).collect(), names }
    }

    /// Countries named in code or strings; comments may give them as examples.
    fn named_in(&self, file: &File) -> Vec<String> {
        let parts = RustText::new(&file.text);
        let mut found = Vec::new();
        for (line, string) in &parts.strings {
            let is_allowed = NO_COUNTRIES.iter().any(|(path, known, _)| *path == file.path && known == string);
            if self.codes.contains(string.as_str()) && !is_allowed {
                found.push(format!("{line}: \"{string}\" is the code of a country"));
            }
            for name in self.names.iter().filter(|name| has_phrase(string, name)) {
                found.push(format!("{line}: a string names {name}"));
            }
            if has_phrase(string, "kz") || has_phrase(string, "rules/kz") {
                found.push(format!("{line}: a string names the pack of a country"));
            }
        }
        for (line, code) in parts.lines() {
            for word in words(code) {
                let pieces: Vec<String> = word.text.split('_').map(str::to_lowercase).collect();
                let named = self.names.iter().find(|name| {
                    let name = name.to_lowercase();
                    pieces.contains(&name) || word.text.to_lowercase() == name
                });
                if let Some(name) = named {
                    found.push(format!("{line}: `{}` names {name}", word.text));
                }
                if pieces.iter().any(|piece| piece == "kz") {
                    found.push(format!("{line}: `{}` names the pack of a country", word.text));
                }
            }
        }
        found
    }
}

/// Whether the text has these words as whole words, in any case.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let (text, phrase) = (text.to_lowercase(), phrase.to_lowercase());
    text.match_indices(&phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// No country is named in the sources.
#[test]
fn the_sources_name_no_country() {
    let countries = Countries::of_the_data();
    nothing_against(|file| countries.named_in(file));
}

/// Holidays of the pack, as ids and as the English words for them.
fn holidays() -> Vec<String> {
    let texts = table_of(&root().join("rules/kz/text/en.toml"));
    let table = texts["holiday"].as_table().expect("the names of holidays");
    let mut names: Vec<String> = table.keys().cloned().collect();
    names.extend(table.values().filter_map(Value::as_str).map(str::to_owned));
    assert!(names.len() > 10, "the holidays were not found");
    names
}

fn holidays_named_in(file: &File, holidays: &[String]) -> Vec<String> {
    let parts = RustText::new(&file.text);
    let mut found = Vec::new();
    for (line, string) in &parts.strings {
        for name in holidays.iter().filter(|name| has_phrase(string, name)) {
            found.push(format!("{line}: a string names the holiday {name}"));
        }
    }
    for (line, code) in parts.lines() {
        for name in holidays {
            if has_phrase(code, &name.replace('-', "_")) {
                found.push(format!("{line}: the code names the holiday {name}"));
            }
        }
    }
    found
}

/// No holiday is named in the sources, nor in the program's own words.
#[test]
fn the_sources_name_no_holiday() {
    let holidays = holidays();
    nothing_against(|file| holidays_named_in(file, &holidays));
    for path in paths_below(&root().join("src/render/text")) {
        let text = fs::read_to_string(&path).expect("a readable file");
        for name in &holidays {
            assert!(!has_phrase(&text, name), "{} names the holiday {name}", path.display());
        }
    }
}

/// Keys of the rule files whose values are numbers of the law.
const NUMBERS_OF_THE_LAW: [&str; 13] = [
    "max_days",
    "rolling_days",
    "working_days",
    "calendar_days",
    "day_number",
    "hours",
    "months",
    "days",
    "below",
    "up_to_days",
    "stays_of_days",
    "horizon_days",
    "stale_after_days",
];

/// Numbers that are in the law, too, but mean something else where they stand: file, number, reason.
const NOT_OF_THE_LAW: [(&str, i64, &str); 5] = [
    ("assess/decide/duties.rs", 24, "hours of a day, in minutes of a day"),
    ("assess/decide/duties.rs", 60, "minutes of an hour"),
    ("assess/decide/ledger.rs", 31, "the last day of a year"),
    ("assess/decide/permit.rs", 12, "months of a year, from years to months"),
    ("assess/reasons/notices.rs", 31, "the last day of a year"),
];

fn collect_numbers(value: &Value, into: &mut BTreeSet<i64>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect_numbers(value, into)),
        Value::Table(table) => {
            for (key, value) in table {
                match value.as_integer() {
                    Some(number) if number > 2 && NUMBERS_OF_THE_LAW.contains(&&**key) => {
                        into.insert(number);
                    }
                    _ => collect_numbers(value, into),
                }
            }
        }
        _ => {}
    }
}

fn numbers_of_the_law() -> BTreeSet<i64> {
    let mut numbers = BTreeSet::new();
    for entry in fs::read_dir(root().join("rules/kz")).expect("the pack can be read") {
        let path = entry.expect("the pack can be read").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).expect("a readable file");
            let table: Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            collect_numbers(&Value::Table(table), &mut numbers);
        }
    }
    assert!(
        [3, 14, 24, 30, 42, 90, 180].iter().all(|known| numbers.contains(known)),
        "numbers are missing: {numbers:?}"
    );
    numbers
}

/// Numbers of the law that stand as numbers in the reasoning.
fn numbers_in(file: &File, of_the_law: &BTreeSet<i64>, allowed: &[(&str, i64, &str)]) -> Vec<String> {
    let parts = RustText::new(&file.text);
    let mut found = Vec::new();
    if floor_of(&file.path) != REASONING {
        return found;
    }
    for (line, code) in parts.lines() {
        for word in words(code) {
            let digits: String = word.text.chars().filter(|letter| *letter != '_').collect();
            let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
            let Ok(number) = digits[..end].parse() else { continue };
            let is_allowed = allowed.iter().any(|(path, known, _)| *path == file.path && *known == number);
            if of_the_law.contains(&number) && !is_allowed {
                found.push(format!("{line}: {number} is a number of the law"));
            }
        }
    }
    found
}

/// No number that the law sets stands in the reasoning.
#[test]
fn the_reasoning_holds_no_number_of_the_law() {
    let numbers = numbers_of_the_law();
    nothing_against(|file| numbers_in(file, &numbers, &NOT_OF_THE_LAW));
    let files = files();
    for (path, number, why) in NOT_OF_THE_LAW {
        let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is gone"));
        let uses = numbers_in(file, &BTreeSet::from([number]), &[]);
        assert_eq!(uses.len(), 1, "src/{path}: {number} is allowed once, as {why}");
    }
}

// ---- The checks can fail ----

/// Code, strings and comments are told apart.
#[test]
fn source_text_is_taken_apart() {
    let text = "let a = \"x \\\" y\"; // \"no\"\n/* /* 'n' */ \"no\" */ let b: &'a str = r#\"raw \" one\"#;\nlet c = ['\"', '\\'', '\\u{1F600}']; let d = b\"bytes\"; let r = 1;";
    let parts = RustText::new(text);
    let strings: Vec<(usize, &str)> = parts.strings.iter().map(|(line, string)| (*line, &**string)).collect();
    assert_eq!(strings, [(1, "x \\\" y"), (2, "raw \" one"), (3, "bytes")]);
    assert_eq!(parts.code.lines().count(), 3);
    assert!(!parts.code.contains("no") && !parts.code.contains("raw") && !parts.code.contains('"'));
    assert!(parts.code.contains("let b: &'a str = ") && parts.code.ends_with("let r = 1;"));
}

/// An import from above is noticed in every way it can be written; those from below are not.
#[test]
fn an_import_from_above_is_noticed() {
    let from_above = |path: &str, text: &str| said_of(path, text, imports_from_above).len();
    assert_eq!(from_above("calendar.rs", "use crate::facts::Fact;"), 1);
    assert_eq!(from_above("source.rs", "use crate::calendar::Day;"), 1);
    assert_eq!(from_above("facts.rs", "fn f() { crate::assess::assess() }"), 1);
    assert_eq!(from_above("rulebook/check.rs", "use crate::{calendar::Day, render::{json, csv}, source};"), 1);
    assert_eq!(from_above("assess/stay.rs", "use trp_check::render::json;"), 1);
    assert_eq!(from_above("assess/stay.rs", "use crate::{\n    calendar::Day,\n    render,\n};"), 1);
    assert_eq!(from_above("assess/stay.rs", "use crate::{calendar::{Day, DayRange}, profile::Permit};"), 0);
    assert_eq!(from_above("render/json.rs", "use crate::assess::explain; // crate::bin"), 0);
    assert_eq!(from_above("calendar.rs", "use crate::calendar::Day; // crate::render"), 0);
    assert_eq!(from_above("bin/trp-check/main.rs", "use trp_check::render::json;"), 0);

    let names = |path: &str, text: &str| said_of(path, text, names_of_other_floors).len();
    assert_eq!(names("render/json.rs", "fn f(book: &RuleBook) {}"), 1);
    assert_eq!(names("assess/stay.rs", "use crate::source::{Span, Text};"), 1);
    assert_eq!(names("assess/stay.rs", "use crate::source::Text; // Span"), 0);
    assert_eq!(names("rulebook.rs", "struct RuleBook;"), 0);
}

/// A crate or a piece of the world in the wrong place is noticed.
#[test]
fn a_misplaced_crate_is_noticed() {
    let known: Vec<String> = ["clap", "anyhow", "comfy_table", "chrono", "databake", "rand"].map(str::to_owned).into();
    let misplaced = |path: &str, text: &str| said_of(path, text, |file| misplaced_crates(file, &known)).len();
    assert_eq!(misplaced("facts.rs", "use clap::Parser;"), 1);
    assert_eq!(misplaced("render/table.rs", "fn f() -> anyhow::Result<()> {}"), 1);
    assert_eq!(misplaced("bin/trp-check/main.rs", "use comfy_table::Table;"), 1);
    assert_eq!(misplaced("render/table.rs", "use chrono::NaiveDate;"), 1);
    assert_eq!(misplaced("assess/stay.rs", "#[derive(databake::Bake)]"), 1);
    assert_eq!(misplaced("assess/stay.rs", "use rand::random;"), 1);
    assert_eq!(misplaced("calendar.rs", "#[derive(databake::Bake)] use chrono::NaiveDate; // clap::Parser"), 0);
    assert_eq!(misplaced("render/table.rs", "use comfy_table::Table; let clap = self::clap::new();"), 0);

    let worldly = |path: &str, text: &str| said_of(path, text, uses_of_the_world).len();
    assert_eq!(worldly("render.rs", "println!(\"x\")"), 1);
    assert_eq!(worldly("profile/check.rs", "let text = std::fs::read(path);"), 2);
    assert_eq!(worldly("assess.rs", "let now = Utc::now();"), 1);
    assert_eq!(worldly("assess.rs", "use std::{fmt, fs};"), 1);
    assert_eq!(worldly("render.rs", "use std::io::Write;"), 1);
    assert_eq!(worldly("batch/input.rs", "use std::io::{self, Read};"), 0);
    assert_eq!(worldly("batch/input.rs", "let reader = io::stdin();"), 1);
    assert_eq!(worldly("embedded.rs", "include!(concat!(env!(\"OUT_DIR\"), \"x\")); // std::fs"), 0);
    assert_eq!(worldly("render.rs", "writeln!(text); let locale: Locale; facts::new()"), 0);
    assert_eq!(worldly("bin/trp-check/output.rs", "println!(\"x\"); std::fs::read(path)"), 0);
}

/// A name that says nothing is noticed.
#[test]
fn a_bad_name_is_noticed() {
    assert_eq!(said_of("render/util.rs", "", bad_names).len(), 1);
    assert_eq!(said_of("assess/mod.rs", "", bad_names).len(), 1);
    assert_eq!(said_of("engine/stay.rs", "", bad_names).len(), 1);
    assert_eq!(said_of("rules.rs", "", bad_names).len(), 1);
    assert_eq!(said_of("bin/trp-check/command/rules.rs", "", bad_names), Vec::<String>::new());
}

/// A country, a holiday and a number of the law are noticed; other words and numbers are not.
#[test]
fn the_law_in_code_is_noticed() {
    let countries = Countries::of_the_data();
    let named = |text: &str| said_of("assess.rs", text, |file| countries.named_in(file)).len();
    assert_eq!(named("if code == \"RU\" {}"), 1);
    assert_eq!(named("if code == \"DEU\" {}"), 1);
    assert_eq!(named("say(\"citizens of Germany\")"), 1);
    assert_eq!(named("let is_germany = true;"), 1);
    assert_eq!(named("enum Country { Germany, Other }"), 1);
    assert_eq!(named("load(\"rules/kz\")"), 1);
    assert_eq!(named("let kz = book;"), 1);
    assert_eq!(named("let germanium = \"RUST\"; let ru = \"ru\"; // \"RU\", Germany, rules/kz"), 0);

    let holidays = holidays();
    let celebrated = |text: &str| said_of("assess.rs", text, |file| holidays_named_in(file, &holidays)).len();
    assert_eq!(celebrated("if name == \"nauryz\" {}"), 1);
    assert_eq!(celebrated("let kurban_ait = day;"), 1);
    assert_eq!(celebrated("let new = \"year\"; // nauryz"), 0);

    let numbers = numbers_of_the_law();
    let numbered = |path: &str, text: &str| {
        said_of(path, text, |file| numbers_in(file, &numbers, &[("assess/a.rs", 24, "hours of a day")])).len()
    };
    assert_eq!(numbered("assess/stay.rs", "entry.plus(90)"), 1);
    assert_eq!(numbered("assess/stay.rs", "entry.plus(1_80i32)"), 1);
    assert_eq!(numbered("assess.rs", "const DAYS: i32 = 30;"), 1);
    assert_eq!(numbered("assess/stay.rs", "let a3 = 1 + 2 * 61; // 90"), 0);
    assert_eq!(numbered("assess/a.rs", "24 * 61"), 0);
    assert_eq!(numbered("assess/b.rs", "24 * 61"), 1);
    assert_eq!(numbered("render/json.rs", "90"), 0);
}
