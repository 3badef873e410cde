//! What was written into the program when it was built is what the folders say now.

use std::fs;

use crate::support::files::files_below;
use crate::support::run::root;
use trp_check::country::Countries;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::rulebook::{check, texts};

/// The rule pack of the folder passes its checks without even a warning.
#[test]
fn the_rule_pack_has_no_fault_and_no_warning() {
    let files = files_below(&root().join("rules/kz"), "toml");
    let checked = check::check(&files, &COUNTRIES, None);
    let told: Vec<String> = checked
        .faults
        .iter()
        .map(|fault| {
            let file = &files[usize::from(fault.span.text)];
            let (line, column) = file.line_column(fault.span.range().start);
            format!("{}:{line}:{column}: {} {:?}", file.path, fault.code.name(), fault.params)
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(checked.book.is_some());
}

/// Reading the folder `rules/kz` gives the very rule book that is part of the program.
#[test]
fn the_embedded_rules_equal_the_folder() {
    let checked = check::check(&files_below(&root().join("rules/kz"), "toml"), &COUNTRIES, None);
    let book = checked.book.expect("the pack of the folder is valid");
    assert_eq!(book.sha256, RULES.sha256, "the files changed after the build");
    assert!(book == RULES, "the rule books differ though the files are the same");
}

/// The countries, too.
#[test]
fn the_embedded_countries_equal_the_file() {
    let text = fs::read_to_string(root().join("rules/countries.toml")).expect("the countries can be read");
    assert_eq!(Countries::read(&text).expect("the countries are valid"), COUNTRIES);
}

/// And the program's own words.
#[test]
fn the_embedded_words_equal_the_message_files() {
    let files = files_below(&root().join("src/render/text"), "toml");
    let texts = texts::languages(&files).expect("the message files are valid");
    assert!(texts == TEXTS, "the message files differ from what is embedded");
}

/// Every code and name finds its country, in any case; what no list names is no country.
#[test]
fn every_name_finds_its_country() {
    for country in COUNTRIES.all() {
        let names = COUNTRIES.names(country);
        let all = [&names.code, &names.alpha3, &names.en, &names.ru, &names.kk].into_iter().chain(names.also.iter());
        for name in all.filter(|name| !name.is_empty()) {
            assert_eq!(COUNTRIES.find(name), Some(country), "{name}");
            assert_eq!(COUNTRIES.find(&name.to_uppercase()), Some(country), "{name} in capital letters");
        }
    }
    for unknown in ["", "ZZ", "zz", "UTO", "XK", "AA", "Atlantis"] {
        assert_eq!(COUNTRIES.find(unknown), None, "{unknown}");
    }
}

/// A letter with a mark is the same letter whether it is stored as one character or as two.
#[test]
fn names_are_found_in_composed_and_decomposed_letters() {
    for (composed, decomposed) in [
        ("T\u{FC}rkiye", "Tu\u{308}rkiye"),
        ("\u{C5}land Islands", "A\u{30A}land Islands"),
        ("\u{41A}\u{438}\u{442}\u{430}\u{439}", "\u{41A}\u{438}\u{442}\u{430}\u{438}\u{306}"),
    ] {
        let country = COUNTRIES.find(composed);
        assert!(country.is_some(), "{composed}");
        assert_eq!(COUNTRIES.find(decomposed), country, "{decomposed}");
    }
}
