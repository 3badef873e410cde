//! From the files of a rule pack to a [`RuleBook`], or to everything that is wrong with them.
//!
//! Nothing is repaired: a pack with one error is no pack. Warnings do not stand in the way.

mod calendar;
mod fields;
mod lints;
mod pack;
mod texts;
mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::kind::RuleFiles;
use super::places::Places;
use super::written::{self, items};
use super::{RuleBook, Vocabulary};
use crate::calendar::Day;
use crate::country::Countries;
use crate::facts::Fact;
use crate::source::{Code, Fault, Severity, SourceText, Span, Text};
use crate::tree::{self, Entries, Syntax};

/// What came of checking the files of a pack.
#[derive(Debug)]
pub struct Checked {
    /// The pack, where it has no error.
    pub book: Option<RuleBook>,
    /// Errors and warnings, in the order of the files.
    pub faults: Vec<Fault>,
    /// Where rules stand; empty after [`check_to_answer`].
    pub places: Places,
}

/// As of when a pack is judged.
#[derive(Clone, Copy, Debug)]
pub struct AsOf {
    pub today: Day,
    /// How many days ago a version may have been verified, where that is not left to the pack.
    pub max_age_days: Option<i32>,
}

/// Checks the files of one pack. `files` are named by their path inside the pack, with `/`; spans in
/// the faults name them by their place in the list. With a day, it is also judged how long ago each
/// version was compared with its source, and whether the calendar reaches far enough.
pub fn check(files: &[SourceText], countries: &Countries, as_of: Option<AsOf>) -> Checked {
    Checker::new(countries, as_of, None).run(files)
}

/// Checks what an answer in this language rests on: of the texts those in the first language of the pack and in this
/// one. Whether the others are any good, no answer depends on, and reading them would take most of the time.
pub fn check_to_answer(files: &[SourceText], countries: &Countries, language: &str) -> Checked {
    Checker::new(countries, None, Some(language)).run(files)
}

/// The most values that a fact may have: conditions are bit masks, and one value may be the program's own.
const MAX_VALUES: usize = 63;

/// SHA-256 over path, NUL and bytes of the files in path order.
pub fn fingerprint(files: &[SourceText]) -> Text {
    let mut in_order: Vec<&SourceText> = files.iter().collect();
    in_order.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in in_order {
        hash.update(file.path.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

#[derive(Default)]
struct Written {
    pack: written::PackFile,
    sources: written::SourcesFile,
    rules: RuleFiles,
    questions: written::QuestionsFile,
    calendars: Vec<(written::CalendarFile, Span)>,
    texts: Vec<TextFile>,
}

struct TextFile {
    language: String,
    /// `None` where no answer rests on them.
    tables: Option<Entries<Entries<String>>>,
    start: Span,
}

/// The language whose texts a file has.
fn language_of(path: &str) -> Option<&str> {
    path.strip_prefix("text/")?.strip_suffix(".toml")
}

/// What is known of a pack while it is checked.
pub struct Checker<'c> {
    pub(super) countries: &'c Countries,
    faults: Vec<Fault>,
    places: Places,
    vocabulary: Rc<Vocabulary>,
    /// The address of each source, and its place.
    sources: BTreeMap<String, (Option<Text>, Span)>,
    sources_used: BTreeSet<String>,
    texts_needed: BTreeMap<String, Span>,
    /// Places in acts, as the rules write them in the first language of the pack; the others need words for them.
    places_needed: BTreeMap<String, Span>,
    rule_ids: BTreeSet<String>,
    /// The ids of the kind whose rules are being checked.
    siblings: Rc<[String]>,
    groups: Rc<[Text]>,
    groups_used: BTreeSet<String>,
    permits_used: BTreeSet<String>,
    /// Whether any term of the pack is in working days.
    pub(super) uses_working_days: bool,
    top: Span,
    as_of: Option<AsOf>,
    /// The language of the answer, where only what it rests on is to be checked.
    answers_in: Option<&'c str>,
    stale_after_days: i32,
    /// The values that conditions ask for, as bits.
    asked: BTreeMap<Fact, u64>,
}

impl<'c> Checker<'c> {
    fn new(countries: &'c Countries, as_of: Option<AsOf>, answers_in: Option<&'c str>) -> Self {
        Self {
            countries,
            faults: Vec::new(),
            places: Places::default(),
            vocabulary: Rc::default(),
            sources: BTreeMap::new(),
            sources_used: BTreeSet::new(),
            texts_needed: BTreeMap::new(),
            places_needed: BTreeMap::new(),
            rule_ids: BTreeSet::new(),
            siblings: Rc::new([]),
            groups: Rc::new([]),
            groups_used: BTreeSet::new(),
            permits_used: BTreeSet::new(),
            uses_working_days: false,
            top: Span::default(),
            as_of,
            answers_in,
            stale_after_days: i32::MAX,
            asked: BTreeMap::new(),
        }
    }

    fn run(mut self, files: &[SourceText]) -> Checked {
        let written = self.read(files);
        // Rules that refer to a file that cannot be read would all seem wrong.
        let is_unread = |fault: &Fault| matches!(fault.code, Code::Syntax | Code::NestedTooDeep | Code::EmptyFile);
        let mut book = None;
        if !self.faults.iter().any(is_unread) {
            let whole = self.book(&written, fingerprint(files));
            self.lints(&written, &whole);
            let is_broken = self.faults.iter().any(|fault| fault.code.severity() == Severity::Error);
            book = (!is_broken).then_some(whole);
        }
        self.faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
        Checked { book, faults: self.faults, places: self.places }
    }

    pub(super) fn report(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn read(&mut self, files: &[SourceText]) -> Written {
        let mut written = Written::default();
        for (number, file) in (0..).zip(files) {
            let start = Span::new(number, 0..0);
            let folder = file.path.split_once('/').map(|(folder, _)| folder);
            if folder == Some("cases") {
                continue;
            }
            if let Some(language) = language_of(&file.path).filter(|language| self.passes_over(language, &written.pack))
            {
                written.texts.push(TextFile { language: language.to_owned(), tables: None, start });
                continue;
            }
            let Some(node) = tree::parse_with(&file.text, number, Syntax::Toml, &mut self.faults) else { continue };
            if folder != Some("text") && self.answers_in.is_none() {
                self.places.note_file(&node);
            }
            let faults = &mut self.faults;
            match (folder, file.path.as_str()) {
                (None, "pack.toml") => {
                    self.top = start;
                    written.pack = tree::read(node, faults);
                }
                (None, "sources.toml") => written.sources = tree::read(node, faults),
                (None, "categories.toml") => written.rules.categories = tree::read(node, faults),
                (None, "stay.toml") => written.rules.stay = tree::read(node, faults),
                (None, "duties.toml") => written.rules.duties = tree::read(node, faults),
                (None, "permit.toml") => written.rules.permit = tree::read(node, faults),
                (None, "documents.toml") => written.rules.documents = tree::read(node, faults),
                (None, "questions.toml") => written.questions = tree::read(node, faults),
                (Some("calendar"), _) => written.calendars.push((tree::read(node, faults), start)),
                (Some("text"), path) => {
                    let language = language_of(path).unwrap_or_default().to_owned();
                    written.texts.push(TextFile { language, tables: Some(tree::read(node, faults)), start });
                }
                _ => self.report(Fault::new(Code::UnknownFile, start).with("found", &file.path)),
            }
        }
        for needed in ["pack.toml", "sources.toml", "stay.toml"] {
            if !files.iter().any(|file| file.path == needed) {
                self.report(Fault::new(Code::MissingFile, self.top).with("missing", needed));
            }
        }
        written
    }

    /// Whether the texts of a language are of no use for the answer. The pack says which language is its first; until
    /// that has been read, none is passed over.
    fn passes_over(&self, language: &str, pack: &written::PackFile) -> bool {
        let mut languages = items(&pack.languages).map(|(known, _)| known);
        let is_other = |asked| asked != language && languages.next().is_some_and(|first| first != language);
        self.answers_in.is_some_and(is_other) && languages.any(|known| known == language)
    }
}
