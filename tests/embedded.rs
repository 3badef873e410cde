//! What was written into the program when it was built is what the folders say now.

#[path = "support/judge.rs"]
mod judge;

use std::fs;

use judge::{files_below, root};
use trp_check::country::Countries;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::rulebook::{check, texts};

/// The rule pack of the folder passes its checks without even a warning.
#[test]
fn the_rule_pack_has_no_fault_and_no_warning() {
    let files = files_below(&root().join("rules/kz"));
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
    let checked = check::check(&files_below(&root().join("rules/kz")), &COUNTRIES, None);
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
    let files = files_below(&root().join("src/render/text"));
    let texts = texts::languages(&files).expect("the message files are valid");
    assert!(texts == TEXTS, "the message files differ from what is embedded");
}
