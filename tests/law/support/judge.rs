//! The law cases of a rule pack, run inside the test: what each says against a rule book.

use crate::support::files::files_below;
use crate::support::run::root;
use trp_check::assess::{assess, strictly};
use trp_check::assessment::Part;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::law_case::{self, LawCase};
use trp_check::profile::Profile;
use trp_check::profile::read::Reader;
use trp_check::render::Words;
use trp_check::render::verdict::{self, Complaint};
use trp_check::rulebook::RuleBook;
use trp_check::source::SourceText;

/// The files of `rules/kz`: those that say what the law is, and the cases.
pub fn pack() -> (Vec<SourceText>, Vec<SourceText>) {
    files_below(&root().join("rules/kz"), "toml").into_iter().partition(|file| !file.path.starts_with("cases/"))
}

/// The law cases of these files; `place.text` of a case is the number of its file.
pub fn cases_of(files: &[SourceText]) -> Vec<LawCase> {
    let mut faults = Vec::new();
    let read = |(number, file)| law_case::read(file, u16::try_from(number).expect("few files"), &mut faults);
    let cases: Vec<LawCase> = files.iter().enumerate().flat_map(read).collect();
    assert!(faults.is_empty(), "faults in the law cases: {faults:?}");
    cases
}

/// The law cases of the pack whose profiles are accepted, one after the other.
pub fn each_profile(mut judge: impl FnMut(&LawCase, &Profile)) {
    let (_, files) = pack();
    let cases = cases_of(&files);
    assert!(cases.len() > 500, "the law cases were not found");
    for case in &cases {
        if let Ok(profile) = Reader::new(&RULES, &COUNTRIES, case.today).tree(&case.profile.root, Vec::new()) {
            judge(case, &profile);
        }
    }
}

/// What a case says against a rule book.
pub fn complaints(case: &LawCase, book: &RuleBook) -> Vec<Complaint> {
    let words = Words::new(&TEXTS[0], book.texts_in("en"), &COUNTRIES);
    match Reader::new(book, &COUNTRIES, case.today).tree(&case.profile.root, Vec::new()) {
        Ok(profile) => {
            let answer = assess(book, &profile, case.today);
            let answer = if case.is_strict { strictly(book, answer, Part::ALL) } else { answer };
            verdict::of_answer(case, &answer, &words)
        }
        Err(faults) => verdict::of_refusal(case, &faults, &words),
    }
}
