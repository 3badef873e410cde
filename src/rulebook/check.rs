//! Nouns: from the files of a rule pack to a [`RuleBook`], or to everything that is wrong with them.
//!
//! Nothing is repaired: a pack with one error is no pack. Warnings do not stand in the way.

mod calendar;
mod kinds;
mod lints;
mod pack;
mod parts;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::written as w;
use super::{RuleBook, Vocabulary};
use crate::calendar::Day;
use crate::country::Countries;
use crate::facts::Fact;
use crate::source::{Code, Fault, List, Severity, SourceText, Span, Text};
use crate::tree::{self, Entries, Field, Syntax};

/// What came of checking the files of a pack.
#[derive(Debug)]
pub struct Checked {
    /// The pack, where it has no error.
    pub book: Option<RuleBook>,
    /// Everything that was found, errors and warnings, in the order of the files.
    pub faults: Vec<Fault>,
}

/// As of when a pack is judged.
#[derive(Clone, Copy, Debug)]
pub struct AsOf {
    /// The day.
    pub today: Day,
    /// How many days ago a version may have been verified, where that is not left to the pack.
    pub max_age_days: Option<i32>,
}

/// Checks the files of one pack. `files` are named by their path inside the pack, with `/`; spans in
/// the faults name them by their place in the list. With a day, it is also judged how long ago each
/// version was compared with its source, and whether the calendar reaches far enough.
#[must_use]
pub fn check(files: &[SourceText], countries: &Countries, as_of: Option<AsOf>) -> Checked {
    Checker::new(countries, as_of).run(files)
}

/// Checks what an answer in this language rests on: of the texts those in the first language of the pack and in this
/// one. Whether the others are any good, no answer depends on, and reading them would take most of the time.
#[must_use]
pub fn check_to_answer<'c>(files: &[SourceText], countries: &'c Countries, language: &'c str) -> Checked {
    let mut checker = Checker::new(countries, None);
    checker.answers_in = Some(language);
    checker.run(files)
}

/// The most values that a fact may have: conditions are bit masks, and one value may be the program's own.
const MAX_VALUES: usize = 63;

/// SHA-256 over path, NUL and bytes of the files in path order.
#[must_use]
pub fn fingerprint(files: &[SourceText]) -> Text {
    let mut in_order: Vec<&SourceText> = files.iter().collect();
    in_order.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in in_order {
        hash.update(file.path.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
    }
    let mut hex = String::new();
    for byte in hash.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.into()
}

/// All files of a pack as written.
#[derive(Default)]
struct Written {
    pack: w::PackFile,
    sources: w::SourcesFile,
    categories: w::CategoriesFile,
    stay: w::StayFile,
    duties: w::DutiesFile,
    permit: w::PermitFile,
    documents: w::DocumentsFile,
    questions: w::QuestionsFile,
    calendars: Vec<(w::CalendarFile, Span)>,
    texts: Vec<TextFile>,
}

/// The texts of a language as written.
struct TextFile {
    language: String,
    /// `None` where nobody asked for them.
    tables: Option<Entries<Entries<String>>>,
    start: Span,
}

/// The language whose texts a file has.
fn language_of(path: &str) -> Option<&str> {
    path.strip_prefix("text/")?.strip_suffix(".toml")
}

struct Checker<'c> {
    countries: &'c Countries,
    faults: Vec<Fault>,
    vocabulary: Rc<Vocabulary>,
    sources: BTreeMap<String, (Option<Text>, Span)>,
    sources_used: BTreeSet<String>,
    texts_needed: BTreeMap<String, Span>,
    /// Places in acts, as the rules write them in the first language of the pack; the others need words for them.
    places_needed: BTreeMap<String, Span>,
    rule_ids: BTreeSet<String>,
    /// The start of `pack.toml`.
    top: Span,
    as_of: Option<AsOf>,
    /// The language of the answer, where only what it rests on is to be checked.
    answers_in: Option<&'c str>,
    stale_after_days: i32,
    /// The values that conditions ask for, as bits.
    asked: BTreeMap<Fact, u64>,
}

impl<'c> Checker<'c> {
    fn new(countries: &'c Countries, as_of: Option<AsOf>) -> Self {
        let none = || List::Borrowed(&[] as &[Text]);
        let vocabulary = Vocabulary {
            purposes: none(),
            employers: none(),
            work: none(),
            housing_owners: none(),
            relations: none(),
            filing_channels: none(),
            travel_documents: List::Borrowed(&[]),
            permits: List::Borrowed(&[]),
            age_groups: List::Borrowed(&[]),
            documents: none(),
            categories: none(),
        };
        Self {
            countries,
            faults: Vec::new(),
            vocabulary: Rc::new(vocabulary),
            sources: BTreeMap::new(),
            sources_used: BTreeSet::new(),
            texts_needed: BTreeMap::new(),
            places_needed: BTreeMap::new(),
            rule_ids: BTreeSet::new(),
            top: Span::default(),
            as_of,
            answers_in: None,
            stale_after_days: i32::MAX,
            asked: BTreeMap::new(),
        }
    }

    /// From the files to the pack, or to all that is wrong with them.
    fn run(mut self, files: &[SourceText]) -> Checked {
        let written = self.read(files);
        // What a file that cannot be read would have said is not missed by all the others.
        let is_unread = |fault: &Fault| matches!(fault.code, Code::Syntax | Code::NestedTooDeep | Code::EmptyFile);
        let mut book = None;
        if !self.faults.iter().any(is_unread) {
            let whole = self.book(&written, fingerprint(files));
            self.lints(&written, &whole);
            let is_broken = self.faults.iter().any(|fault| fault.code.severity() == Severity::Error);
            book = (!is_broken).then_some(whole);
        }
        self.faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
        Checked { book, faults: self.faults }
    }

    fn say(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    // ---- reading ----

    fn read(&mut self, files: &[SourceText]) -> Written {
        let mut written = Written::default();
        let mut there = BTreeSet::new();
        for (number, file) in files.iter().enumerate() {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
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
            there.insert(file.path.as_str());
            let faults = &mut self.faults;
            match (folder, file.path.as_str()) {
                (None, "pack.toml") => {
                    self.top = start;
                    written.pack = tree::read(node, faults);
                }
                (None, "sources.toml") => written.sources = tree::read(node, faults),
                (None, "categories.toml") => written.categories = tree::read(node, faults),
                (None, "stay.toml") => written.stay = tree::read(node, faults),
                (None, "duties.toml") => written.duties = tree::read(node, faults),
                (None, "permit.toml") => written.permit = tree::read(node, faults),
                (None, "documents.toml") => written.documents = tree::read(node, faults),
                (None, "questions.toml") => written.questions = tree::read(node, faults),
                (Some("calendar"), _) => written.calendars.push((tree::read(node, faults), start)),
                (Some("text"), path) => {
                    let language = language_of(path).unwrap_or_default().to_owned();
                    written.texts.push(TextFile { language, tables: Some(tree::read(node, faults)), start });
                }
                _ => self.say(Fault::new(Code::UnknownFile, start).with("found", &file.path)),
            }
        }
        for needed in ["pack.toml", "sources.toml", "stay.toml"] {
            if !there.contains(needed) && !files.iter().any(|file| file.path == needed) {
                self.say(Fault::new(Code::MissingFile, self.top).with("missing", needed));
            }
        }
        written
    }

    /// Whether the texts of a language are of no use for the answer. The pack says which language is its first; until
    /// that has been read, none is passed over.
    fn passes_over(&self, language: &str, pack: &w::PackFile) -> bool {
        let mut languages = Self::items(&pack.languages).map(|(known, _)| known);
        let is_other = |asked| asked != language && languages.next().is_some_and(|first| first != language);
        self.answers_in.is_some_and(is_other) && languages.any(|known| known == language)
    }

    // ---- small steps ----

    fn required<'f, T>(&mut self, field: &'f Field<T>, key: &str, table: Span) -> Option<(&'f T, Span)> {
        if field.is_absent() {
            self.say(Fault::new(Code::MissingKey, table).with("key", key));
        }
        field.place()
    }

    fn text_of(&mut self, field: &Field<String>, key: &str, table: Span) -> Text {
        self.required(field, key, table).map(|(text, _)| text.clone()).unwrap_or_default().into()
    }

    fn number<T: Copy + Default + PartialOrd + ToString>(
        &mut self,
        field: &Field<T>,
        key: &str,
        table: Span,
        least: T,
    ) -> T {
        let Some((number, span)) = self.required(field, key, table) else {
            return T::default();
        };
        if *number < least {
            self.say(Fault::new(Code::OutOfRange, span).with("found", number.to_string()));
        }
        *number
    }

    fn day(&mut self, field: &Field<String>) -> Option<Day> {
        let (written, span) = field.place()?;
        match Day::parse(written) {
            Ok(day) if (Day::FIRST..=Day::LAST).contains(&day) => Some(day),
            Ok(_) => {
                self.say(
                    Fault::new(Code::DayOutOfRange, span)
                        .with("found", written)
                        .with("first", Day::FIRST)
                        .with("last", Day::LAST),
                );
                None
            }
            Err(_) => {
                self.say(tree::day_fault(written, span));
                None
            }
        }
    }

    fn required_day(&mut self, field: &Field<String>, key: &str, table: Span) -> Day {
        let _ = self.required(field, key, table);
        self.day(field).unwrap_or(Day::FIRST)
    }

    /// The items of a list that could be read, with their places.
    fn items<T>(list: &w::Fields<T>) -> impl Iterator<Item = (&T, Span)> {
        list.get().into_iter().flatten().filter_map(Field::place)
    }

    fn required_items<'f, T>(&mut self, list: &'f w::Fields<T>, key: &str, table: Span) -> Vec<(&'f T, Span)> {
        if let Some((items, span)) = self.required(list, key, table)
            && items.is_empty()
        {
            self.say(Fault::new(Code::EmptyList, span).with("key", key));
        }
        Self::items(list).collect()
    }

    fn ids(&mut self, list: &w::Fields<String>, key: &str, table: Span) -> List<Text> {
        let items = self.required_items(list, key, table);
        let mut ids: Vec<Text> = Vec::new();
        for (id, span) in items {
            if ids.iter().any(|known| known == id) {
                self.say(Fault::new(Code::DuplicateId, span).with("id", id));
            }
            if ids.len() == MAX_VALUES {
                self.say(Fault::new(Code::TooMany, span).with("max", MAX_VALUES));
            }
            ids.push(id.clone().into());
        }
        ids.into()
    }

    /// The place of a word in a list of known ones.
    fn place_of(&mut self, word: &str, span: Span, known: &[&str]) -> Option<u8> {
        let at = known.iter().position(|known| *known == word);
        if at.is_none() {
            let fault = Fault::new(Code::UnknownValue, span).with("found", word).with("allowed", known.join(", "));
            self.say(fault.suggesting(word, known.iter().copied()));
        }
        at.and_then(|at| u8::try_from(at).ok())
    }

    fn refer(&mut self, id: &str, span: Span, known: &[&str]) -> Option<u16> {
        let at = known.iter().position(|known| *known == id);
        if at.is_none() {
            let fault = Fault::new(Code::UnknownReference, span).with("found", id);
            self.say(fault.suggesting(id, known.iter().copied()));
        }
        at.and_then(|at| u16::try_from(at).ok())
    }

    /// Notes that the words for `table.id` are needed, and gives the key.
    fn needs_text(&mut self, table: &str, id: &str, span: Span) -> Text {
        let key = format!("{table}.{id}");
        if !id.is_empty() {
            self.texts_needed.entry(key.clone()).or_insert(span);
        }
        key.into()
    }

    /// The place in an act.
    fn place_in_act(&mut self, field: &Field<String>, span: Span) -> Text {
        let at = self.text_of(field, "at", span);
        if !at.is_empty() {
            self.places_needed.entry(format!("place.{at}")).or_insert(span);
        }
        at
    }

    fn key_of(&mut self, field: &Field<String>, key: &str, table: &str, span: Span) -> Text {
        let Some((id, place)) = self.required(field, key, span) else {
            return Text::default();
        };
        self.needs_text(table, id, place)
    }
}
