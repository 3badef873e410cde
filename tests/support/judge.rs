//! The law cases of a rule pack, run inside the test: what each says against a rule book.

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::fs;
use std::path::Path;

use trp_check::assess::{assess, strictly};
use trp_check::assessment::Part;
use trp_check::embedded::{COUNTRIES, TEXTS};
use trp_check::law_case::{self, LawCase};
use trp_check::profile::check as profile_check;
use trp_check::render::Words;
use trp_check::render::verdict::{self, Complaint};
use trp_check::rulebook::RuleBook;
use trp_check::source::SourceText;

/// The folder of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All TOML files below a folder, in path order, with their paths inside it.
pub fn files_below(folder: &Path) -> Vec<SourceText> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap_or_else(|error| panic!("{}: {error}", at.display())) {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = |path: &Path| SourceText {
        path: path.strip_prefix(folder).expect("below the folder").to_str().expect("UTF-8").replace('\\', "/"),
        text: fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    };
    paths.iter().map(|path| read(path)).collect()
}

/// The files of `rules/kz`: those that say what the law is, and the cases.
pub fn pack() -> (Vec<SourceText>, Vec<SourceText>) {
    files_below(&root().join("rules/kz")).into_iter().partition(|file| !file.path.starts_with("cases/"))
}

/// The law cases of these files; `place.text` of a case is the number of its file.
pub fn cases_of(files: &[SourceText]) -> Vec<LawCase> {
    let mut faults = Vec::new();
    let read = |(number, file)| law_case::read(file, u16::try_from(number).expect("few files"), &mut faults);
    let cases: Vec<LawCase> = files.iter().enumerate().flat_map(read).collect();
    assert!(faults.is_empty(), "faults in the law cases: {faults:?}");
    cases
}

/// What a case says against a rule book.
pub fn complaints(case: &LawCase, book: &RuleBook) -> Vec<Complaint> {
    let words = Words::new(&TEXTS[0], book.texts_in("en"), &COUNTRIES);
    match profile_check::check(&case.profile, case.profile_faults.clone(), book, &COUNTRIES, case.today) {
        Ok(profile) => {
            let answer = assess(book, &profile, case.today);
            let answer = if case.is_strict { strictly(book, answer, Part::ALL) } else { answer };
            verdict::of_answer(case, &answer, &words)
        }
        Err(faults) => verdict::of_refusal(case, &faults, &words),
    }
}
