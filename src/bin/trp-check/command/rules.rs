//! `rules …`: the rule author's tools, one file each, and what they share: the pack they look at and the run of its law cases.

pub mod check;
pub mod coverage;
pub mod diff;
pub mod matrix;
mod proof;
pub mod schema;
pub mod show;
pub mod test;

use std::collections::BTreeSet;
use std::path::Path;

use trp_check::assess::{assess, strictly};
use trp_check::assessment::{Assessment, Part as AnswerPart};
use trp_check::embedded;
use trp_check::law_case::{self, LawCase};
use trp_check::profile::Profile;
use trp_check::profile::read::Reader;
use trp_check::render::Words;
use trp_check::render::verdict::{self, Complaint};
use trp_check::review::walk::Part;
use trp_check::rulebook::{Kind, RuleBook};
use trp_check::source::{Fault, Span};

use crate::args::Global;
use crate::files::{self, Pack};
use crate::{Stop, args};

/// Reads the pack in a folder, else in that of `--rules`.
fn open(global: &Global, folder: Option<&Path>) -> Result<Pack, Stop> {
    let folder = folder.or(global.rules.as_deref());
    let folder = folder.ok_or_else(|| Stop::usage(global, args::words().label("usage.no-folder")))?;
    let pack = files::read_pack(folder, None).map_err(|error| Stop::unreadable_rules(global, folder, &error))?;
    if pack.checked.book.is_some() { Ok(pack) } else { Err(Stop::bad_pack(global, &pack)) }
}

/// A part of a version as [`Places`](trp_check::rulebook::places::Places) calls it.
fn part_path(part: &Part, kind: Kind, book: &RuleBook) -> String {
    let condition = |exemption: &Option<usize>| match exemption {
        None => "when".to_owned(),
        Some(at) => format!("unless[{at}]"),
    };
    match part {
        Part::Whole => "from".to_owned(),
        Part::Exemption(at) => condition(&Some(*at)),
        Part::Test(exemption, fact) => format!("{}.{}", condition(exemption), fact.key()),
        Part::Value(exemption, fact, value) => {
            let word = book.vocabulary.values(*fact)[usize::from(*value)];
            format!("{}.{} = \"{word}\"", condition(exemption), fact.key())
        }
        Part::ExceptionTo(other) => format!("exception_to = \"{}\"", rule_id(book, kind, usize::from(*other))),
    }
}

/// A part of a version, in the words of rule files.
fn part_words(part: &Part, kind: Kind, book: &RuleBook, words: &Words<'_>) -> String {
    match part {
        Part::Whole => words.label("rules_part.whole").to_owned(),
        _ => part_path(part, kind, book),
    }
}

fn rule_id(book: &RuleBook, kind: Kind, at: usize) -> &str {
    book.rules_of(kind).rules()[at].id
}

/// A law case, and what came of it.
struct Run {
    pub case: LawCase,
    /// The person, where the profile is good.
    pub profile: Option<Profile>,
    pub complaints: Vec<Complaint>,
}

impl Run {
    pub fn answer<'r>(&'r self, book: &'r RuleBook) -> Option<Assessment<'r>> {
        self.profile.as_ref().map(|profile| answer(&self.case, book, profile))
    }

    pub fn place(&self, pack: &Pack) -> (String, usize, usize) {
        pack.place(self.case.place)
    }
}

fn answer<'r>(case: &LawCase, book: &'r RuleBook, profile: &'r Profile) -> Assessment<'r> {
    let answer = assess(book, profile, case.today);
    if case.is_strict { strictly(book, answer, AnswerPart::ALL) } else { answer }
}

/// How many cases could not be read: those in which a fault stands.
fn unread(pack: &Pack, faults: &[Fault]) -> usize {
    let case = |fault: &Fault| {
        let before = &pack.files[usize::from(fault.span.text)].text[..fault.span.range().start];
        (fault.span.text, before.matches("[[case]]").count())
    };
    faults.iter().map(case).collect::<BTreeSet<_>>().len()
}

/// Runs all cases of a pack. Faults of the case files are added to `faults`.
fn run_all(pack: &Pack, book: &RuleBook, faults: &mut Vec<Fault>) -> Vec<Run> {
    let words = args::words_of(book);
    let mut runs = Vec::new();
    for (number, file) in pack.files.iter().enumerate().filter(|(_, file)| file.path.starts_with("cases/")) {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        for case in law_case::read(file, number, faults) {
            let reader = Reader::new(book, &embedded::COUNTRIES, case.today);
            let (profile, complaints) = match reader.tree(&case.profile.root, Vec::new()) {
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
        let path = Path::new(&self.folder).join(&file.path).display().to_string();
        (path, line, column)
    }
}
