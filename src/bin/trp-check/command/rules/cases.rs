//! The law cases beside the rules of a pack, run: what `rules test` and `rules coverage` share.

use std::collections::BTreeSet;

use trp_check::assess::{assess, strictly};
use trp_check::assessment::{Assessment, Part};
use trp_check::embedded;
use trp_check::law_case::{self, LawCase};
use trp_check::profile::{Profile, check as check_profile};
use trp_check::render::verdict::{self, Complaint};
use trp_check::rulebook::RuleBook;
use trp_check::source::{Fault, Span};

use crate::args;
use crate::files::Pack;

/// A case, and what came of it.
pub struct Run {
    /// The case.
    pub case: LawCase,
    /// The person, where the profile is good.
    pub profile: Option<Profile>,
    /// What is not as the case expects.
    pub complaints: Vec<Complaint>,
}

impl Run {
    /// The answer, once more.
    pub fn answer<'r>(&'r self, book: &'r RuleBook) -> Option<Assessment<'r>> {
        self.profile.as_ref().map(|profile| answer(&self.case, book, profile))
    }

    /// Line and column, from 1.
    pub fn place(&self, pack: &Pack) -> (String, usize, usize) {
        pack.place(self.case.place)
    }
}

fn answer<'r>(case: &LawCase, book: &'r RuleBook, profile: &'r Profile) -> Assessment<'r> {
    let answer = assess(book, profile, case.today);
    if case.is_strict { strictly(book, answer, Part::ALL) } else { answer }
}

/// How many cases could not be read: those in which a fault stands.
pub fn unread(pack: &Pack, faults: &[Fault]) -> usize {
    let case = |fault: &Fault| {
        let before = &pack.files[usize::from(fault.span.text)].text[..fault.span.range().start];
        (fault.span.text, before.matches("[[case]]").count())
    };
    faults.iter().map(case).collect::<BTreeSet<_>>().len()
}

/// Runs all cases of a pack. Faults of the case files are added to `faults`.
pub fn run_all(pack: &Pack, book: &RuleBook, faults: &mut Vec<Fault>) -> Vec<Run> {
    let words = args::words_of(book);
    let mut runs = Vec::new();
    for (number, file) in pack.files.iter().enumerate().filter(|(_, file)| file.path.starts_with("cases/")) {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        for case in law_case::read(file, number, faults) {
            let faults = case.profile_faults.clone();
            let checked = check_profile::check(&case.profile, faults, book, &embedded::COUNTRIES, case.today);
            let (profile, complaints) = match checked {
                Ok(profile) => {
                    let complaints = verdict::of_answer(&case, &answer(&case, book, &profile), &words);
                    (Some(profile), complaints)
                }
                Err(faults) => (None, verdict::of_refusal(&case, &faults, &words)),
            };
            runs.push(Run { case, profile, complaints });
        }
    }
    runs
}

impl Pack {
    /// Path with the folder, line and column of a place in one of its files.
    pub fn place(&self, span: Span) -> (String, usize, usize) {
        let file = &self.files[usize::from(span.text)];
        let (line, column) = file.line_column(span.range().start);
        let path = std::path::Path::new(&self.folder).join(&file.path).display().to_string();
        (path, line, column)
    }
}
