//! Nouns: from the files of a rule pack to a [`RuleBook`], or to everything that is wrong with them.
//!
//! Nothing is repaired: a pack with one error is no pack. Warnings do not stand in the way.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::written as w;
use super::{
    Advice, AgeGroup, Category, Channel, Cite, DeadlineKind, Document, DocumentGroup, DoneBy, Duty, EntryDocument,
    Event, Exemption, Head, LanguageTexts, LateFiling, Level, Note, OpenQuestion, PassportMargin, PermitEligibility,
    PermitExemption, PermitKind, PermitService, PermitTerm, PermitThreshold, Rule, RuleBook, Sanction, SanctionStep,
    Standing, StayLimit, Term, TravelDocumentKind, Uncovered, UncoveredStatus, VISA_FREE, Version, Vocabulary, Who,
    Window,
};
use crate::calendar::{CalendarYear, Day, DayKind, SpecialDay, WorkingCalendar};
use crate::country::{Countries, Country};
use crate::facts::{Condition, Fact, Test};
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

/// Checks the files of one pack. `files` are named by their path inside the pack, with `/`; spans in
/// the faults name them by their place in the list.
#[must_use]
pub fn check(files: &[SourceText], countries: &Countries) -> Checked {
    let mut checker = Checker::new(countries);
    let written = checker.read(files);
    let book = checker.book(&written, fingerprint(files));
    checker.faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
    let broken = checker.faults.iter().any(|fault| fault.code.severity() == Severity::Error);
    Checked { book: (!broken).then_some(book), faults: checker.faults }
}

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
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
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
    texts: Vec<(String, Entries<Entries<String>>)>,
}

struct Checker<'c> {
    countries: &'c Countries,
    faults: Vec<Fault>,
    vocabulary: Vocabulary,
    sources: BTreeMap<String, (Option<Text>, Span)>,
    sources_used: BTreeSet<String>,
    texts_needed: BTreeMap<String, Span>,
    rule_ids: BTreeSet<String>,
    /// The start of `pack.toml`.
    top: Span,
}

impl<'c> Checker<'c> {
    fn new(countries: &'c Countries) -> Self {
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
            vocabulary,
            sources: BTreeMap::new(),
            sources_used: BTreeSet::new(),
            texts_needed: BTreeMap::new(),
            rule_ids: BTreeSet::new(),
            top: Span::default(),
        }
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
            let node = match tree::parse(&file.text, number, Syntax::Toml) {
                Ok(node) => node,
                Err(mut faults) => {
                    self.faults.append(&mut faults);
                    continue;
                }
            };
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
                    let language = path.trim_start_matches("text/").trim_end_matches(".toml");
                    written.texts.push((language.to_owned(), tree::read(node, faults)));
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
    fn items<'f, T>(list: &'f w::Fields<T>) -> impl Iterator<Item = (&'f T, Span)> {
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

    fn key_of(&mut self, field: &Field<String>, key: &str, table: &str, span: Span) -> Text {
        let Some((id, place)) = self.required(field, key, span) else {
            return Text::default();
        };
        self.needs_text(table, id, place)
    }

    // ---- the parts of a rule ----

    fn standing(written: &w::Standing) -> Standing {
        match written {
            w::Standing::Law => Standing::Law,
            w::Standing::Official => Standing::Official,
            w::Standing::Secondary => Standing::Secondary,
            w::Standing::Article => Standing::Article,
            w::Standing::Inferred => Standing::Inferred,
        }
    }

    fn cites(&mut self, list: &w::Fields<w::Cite>, verified: Day, standing: Standing) -> Vec<Cite> {
        let mut cites = Vec::new();
        for (cite, span) in Self::items(list) {
            let Some((source, place)) = self.required(&cite.source, "source", span) else {
                continue;
            };
            let at = self.text_of(&cite.at, "at", span);
            let known: Vec<String> = self.sources.keys().cloned().collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            if self.refer(source, place, &known).is_none() {
                continue;
            }
            self.sources_used.insert(source.clone());
            self.needs_text("source", source, place);
            let url = self.sources.get(source).and_then(|(url, _)| url.clone());
            cites.push(Cite {
                source: source.clone().into(),
                url,
                at,
                sentence: cite.sentence.get().cloned().unwrap_or_default().into(),
                standing: cite.standing.get().map_or(standing, Self::standing),
                verified,
            });
        }
        cites
    }

    fn head(&mut self, head: w::Head<'_>, span: Span) -> Head {
        let from = self.required_day(head.from, "from", span);
        let until = self.day(head.until);
        if let (Some(until), Some((_, place))) = (until, head.until.place())
            && until < from
        {
            self.say(Fault::new(Code::EndBeforeStart, place).with("start", from).with("end", until));
        }
        let verified = self.required_day(head.verified, "verified", span);
        let standing =
            self.required(head.standing, "standing", span).map_or(Standing::Inferred, |(s, _)| Self::standing(s));
        self.required_items(head.cite, "cite", span);
        let cites = self.cites(head.cite, verified, standing).into();
        let when = match head.when.place() {
            Some((when, place)) => self.condition(&facts_of!(when), place),
            None => Condition { tests: List::Borrowed(&[]) },
        };
        let mut unless = Vec::new();
        for (exemption, place) in Self::items(head.unless) {
            let when = self.condition(&facts_of!(exemption), place);
            if when.tests.is_empty() {
                self.say(Fault::new(Code::EmptyList, place).with("key", "unless"));
            }
            let because = match exemption.because.place() {
                Some((id, at)) => self.needs_text("because", id, at),
                None => Text::Borrowed(""),
            };
            let only_if_stated = exemption.only_if_stated.get().copied().unwrap_or(false);
            unless.push(Exemption { when, because, only_if_stated });
        }
        let mut notes = Vec::new();
        for (note, place) in Self::items(head.notes) {
            let code = self.text_of(&note.code, "code", place);
            let level = match self.required(&note.level, "level", place) {
                Some((w::Level::Warning, _)) => Level::Warning,
                _ => Level::Info,
            };
            let text = self.key_of(&note.text, "text", "note", place);
            notes.push(Note { code, level, text });
        }
        Head { from, until, verified, standing, cites, when, unless: unless.into(), notes: notes.into() }
    }

    fn condition(&mut self, facts: &[(Fact, Option<WordsOrTruths<'_>>)], span: Span) -> Condition {
        let mut tests = Vec::new();
        for (fact, wanted) in facts {
            let Some(wanted) = wanted else { continue };
            let mut mask = 0_u64;
            match wanted {
                WordsOrTruths::Words(words) => {
                    let items = self.required_items(words, fact.key(), span);
                    let vocabulary = self.vocabulary.clone();
                    let known = vocabulary.values(*fact);
                    for (word, place) in items {
                        if let Some(value) = self.place_of(word, place, &known) {
                            mask |= 1 << value;
                        }
                    }
                }
                WordsOrTruths::Truths(truths) => {
                    for (truth, _) in self.required_items(truths, fact.key(), span) {
                        mask |= 1 << u8::from(*truth);
                    }
                }
            }
            tests.push(Test { fact: *fact, wanted: mask });
        }
        Condition { tests: tests.into() }
    }

    /// Checks a list of rules of one kind; `says` reads what a version of this kind says, `public`
    /// the id that answers use.
    fn rules<R: w::WrittenRule, V: Clone + 'static>(
        &mut self,
        list: &w::Fields<R>,
        public: impl Fn(&mut Self, &R, Span) -> Text,
        says: impl Fn(&mut Self, &R, &R::Version, Span) -> V,
    ) -> List<Rule<V>> {
        use w::WrittenVersion;
        let ids: Vec<String> =
            Self::items(list).map(|(rule, _)| rule.id().get().cloned().unwrap_or_default()).collect();
        let known: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut rules = Vec::new();
        for (written, span) in Self::items(list) {
            let id = self.text_of(written.id(), "id", span);
            if let Some((_, place)) = written.id().place()
                && !self.rule_ids.insert(id.to_string())
            {
                self.say(Fault::new(Code::DuplicateId, place).with("id", &id));
            }
            let exception_to: Vec<u16> = Self::items(written.exception_to())
                .filter_map(|(other, place)| self.refer(other, place, &known))
                .collect();
            let public = public(self, written, span);
            let mut versions: Vec<Version<V>> = Vec::new();
            for (version, place) in self.required_items(written.versions(), "version", span) {
                let head = self.head(version.head(), place);
                if let Some(before) = versions.last()
                    && before.head.until.is_none_or(|until| until >= head.from)
                {
                    let until = before.head.until.map_or_else(|| "…".to_owned(), |until| until.to_string());
                    self.say(Fault::new(Code::VersionsOverlap, place).with("from", head.from).with("until", until));
                }
                let says = says(self, written, version, place);
                versions.push(Version { head, says });
            }
            rules.push(Rule { id, public, exception_to: exception_to.into(), versions: versions.into() });
        }
        rules.into()
    }

    // ---- the pack ----

    fn book(&mut self, written: &Written, sha256: Text) -> RuleBook {
        let top = self.top;
        let pack = &written.pack;
        self.sources(&written.sources);
        self.vocabulary(pack, written);
        let countries = self.countries;

        let categories = self.rules(
            &written.categories.category,
            |_, _, _| Text::Borrowed(""),
            |this, category, version, span| {
                let mut members: Vec<Country> = Vec::new();
                for (code, place) in this.required_items(&version.members, "members", span) {
                    match countries.by_code(code) {
                        None => {
                            let fault = Fault::new(Code::UnknownCountry, place).with("found", code);
                            let fault = match countries.nearest(code) {
                                Some(near) => fault.with("suggestion", countries.code(near)),
                                None => fault,
                            };
                            this.say(fault);
                        }
                        Some(country) if members.contains(&country) => {
                            this.say(Fault::new(Code::DuplicateId, place).with("id", code));
                        }
                        Some(country) => members.push(country),
                    }
                }
                members.sort_unstable();
                Category { members: members.into(), is_shown: category.shown.get().copied().unwrap_or(true) }
            },
        );
        let entry_documents = self.rules(
            &written.stay.entry_document,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| {
                let vocabulary = this.vocabulary.clone();
                let kinds = vocabulary.values(Fact::DocumentKind);
                let items = this.required_items(&version.accepts, "accepts", span);
                let accepts: Vec<u8> =
                    items.into_iter().filter_map(|(kind, at)| this.place_of(kind, at, &kinds)).collect();
                EntryDocument { accepts: accepts.into() }
            },
        );
        let stay_limits = self.rules(
            &written.stay.stay_limit,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| this.stay_limit(version, span),
        );
        let uncovered = self.rules(
            &written.stay.uncovered,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| Uncovered {
                status: match this.required(&version.status, "status", span) {
                    Some((w::UncoveredStatus::VisaRequired, _)) => UncoveredStatus::VisaRequired,
                    _ => UncoveredStatus::NotCovered,
                },
                past_last_day: this
                    .required(&version.applies, "applies", span)
                    .is_some_and(|(scope, _)| *scope == w::UncoveredScope::PastLastDay),
                text: this.key_of(&version.text, "text", "uncovered", span),
            },
        );
        let sanctions = self.rules(
            &written.stay.sanction,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| this.sanction(version, span),
        );
        let passport_margins = self.rules(
            &written.stay.passport_margin,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PassportMargin { months: this.number(&version.months, "months", span, 1) },
        );
        let duty_ids: Vec<String> =
            Self::items(&written.duties.duty).map(|(duty, _)| duty.id.get().cloned().unwrap_or_default()).collect();
        let duties = self.rules(
            &written.duties.duty,
            |this, duty, span| {
                let id = this.text_of(&duty.deadline, "deadline", span);
                this.needs_text("deadline", &id, span);
                this.needs_text("deadline_done", &id, span);
                id
            },
            |this, _, version, span| this.duty(version, &duty_ids, span),
        );
        let mut channels = self.channels(&written.duties.channel).into_owned();
        channels.extend(self.channels(&written.permit.channel).into_owned());
        let advice = self.rules(&written.duties.advice, |_, _, _| Text::Borrowed(""), |_, _, _, _| Advice {});
        let permit = &written.permit;
        let services = self.rules(
            &permit.permit_service,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitService {
                fee: this.key_of(&version.fee, "fee", "fee", span),
                processing_working_days: this.number(
                    &version.processing_working_days,
                    "processing_working_days",
                    span,
                    0,
                ),
            },
        );
        let thresholds = self.rules(
            &permit.permit_threshold,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitThreshold { days: this.number(&version.days, "days", span, 1) },
        );
        let exemptions = self.rules(
            &permit.permit_exemption,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitExemption {
                because: this.key_of(&version.because, "because", "because", span),
            },
        );
        let eligibility = self.rules(
            &permit.permit_eligibility,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitEligibility {
                warning: this.key_of(&version.warning, "warning", "note", span),
            },
        );
        let terms = self.rules(
            &permit.permit_term,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| {
                let caps: Vec<w::Cap> = Self::items(&version.capped_by).map(|(cap, _)| cap.clone()).collect();
                PermitTerm {
                    max_years: version.max_years.get().copied(),
                    renewable: this.required(&version.renewable, "renewable", span).is_some_and(|(yes, _)| *yes),
                    capped_by_contract: caps.contains(&w::Cap::Contract),
                    capped_by_document: caps.contains(&w::Cap::TravelDocument),
                }
            },
        );
        let late_filings = self.rules(
            &permit.late_filing,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| LateFiling {
                days: this.number(&version.days, "days", span, 1),
                text: this.key_of(&version.text, "text", "note", span),
            },
        );
        let groups = self.groups(&written.documents);
        let documents = self.rules(
            &written.documents.document,
            |this, document, span| {
                let id = this.text_of(&document.document, "document", span);
                this.needs_text("document", &id, span);
                id
            },
            |this, document, _, span| {
                let procedure = this.text_of(&document.procedure, "procedure", span);
                this.needs_text("procedure", &procedure, span);
                let form = this.text_of(&document.form, "form", span);
                this.needs_text("form", &form, span);
                let known: Vec<&str> = groups.iter().map(|group: &DocumentGroup| &*group.id).collect();
                let group = document.group.place().and_then(|(group, place)| this.place_of(group, place, &known));
                Document { procedure, form, group }
            },
        );
        let (calendar, calendar_law) = self.calendar(pack, &written.calendars);
        let questions = self.questions(&written.questions);
        let permit_at = pack.permit.place().and_then(|(kind, place)| {
            let vocabulary = self.vocabulary.clone();
            let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
            for id in ["stay-end", "permit-end", &format!("{kind}-filing")] {
                self.needs_text("deadline", id, place);
            }
            self.needs_text("procedure", kind, place);
            self.place_of(kind, place, &kinds)
        });
        if permit_at.is_none() {
            self.needs_text("deadline", "stay-end", top);
            self.needs_text("deadline", "permit-end", top);
        }
        let languages = self.ids(&pack.languages, "languages", top);
        let texts = self.texts(&languages, &written.texts);
        self.unused_sources();
        RuleBook {
            id: self.text_of(&pack.id, "id", top),
            version: self.text_of(&pack.version, "version", top),
            sha256,
            utc_offset_hours: pack.utc_offset_hours.get().copied().unwrap_or_default(),
            languages,
            covered_from: self.required_day(&pack.covered_from, "covered_from", top),
            stale_after_days: self.number(&pack.stale_after_days, "stale_after_days", top, 1),
            attention_days: self.number(&pack.attention_days, "attention_days", top, 0),
            permit: permit_at,
            vocabulary: self.vocabulary.clone(),
            categories,
            entry_documents,
            stay_limits,
            uncovered,
            sanctions,
            passport_margins,
            duties,
            channels: channels.into(),
            advice,
            services,
            thresholds,
            exemptions,
            eligibility,
            terms,
            late_filings,
            documents,
            groups: groups.into(),
            calendar,
            calendar_law,
            questions,
            texts,
        }
    }

    fn sources(&mut self, written: &w::SourcesFile) {
        for (source, span) in Self::items(&written.source) {
            let Some((id, place)) = self.required(&source.id, "id", span) else {
                continue;
            };
            let url = source.url.place().map(|(url, place)| {
                if !url.starts_with("https://") {
                    self.say(Fault::new(Code::NotHttps, place).with("found", url));
                }
                Text::from(url.clone())
            });
            if self.sources.insert(id.clone(), (url, place)).is_some() {
                self.say(Fault::new(Code::DuplicateId, place).with("id", id));
            }
        }
    }

    fn unused_sources(&mut self) {
        let unused: Vec<(String, Span)> = self
            .sources
            .iter()
            .filter(|(id, _)| !self.sources_used.contains(*id))
            .map(|(id, (_, place))| (id.clone(), *place))
            .collect();
        for (id, place) in unused {
            self.say(Fault::new(Code::Unused, place).with("found", id));
        }
    }

    fn vocabulary(&mut self, pack: &w::PackFile, written: &Written) {
        let top = self.top;
        let mut optional = |list: &w::Fields<String>, key: &str, table: &str| {
            let ids = if list.is_absent() { List::Borrowed(&[] as &[Text]) } else { self.ids(list, key, top) };
            for (id, place) in Self::items(list) {
                self.needs_text(table, id, place);
            }
            ids
        };
        let purposes = optional(&pack.purposes, "purposes", "purpose");
        let employers = optional(&pack.employers, "employers", "employer");
        let work = optional(&pack.work, "work", "work");
        let housing_owners = optional(&pack.housing_owners, "housing_owners", "housing_owner");
        let relations = optional(&pack.relations, "relations", "relation");
        let filing_channels = optional(&pack.filing_channels, "filing_channels", "channel");
        let mut travel_documents = Vec::new();
        let items = self.required_items(&pack.travel_documents, "travel_documents", top);
        let kinds: Vec<String> = items.iter().map(|(kind, _)| kind.id.get().cloned().unwrap_or_default()).collect();
        let known: Vec<&str> = kinds.iter().map(String::as_str).collect();
        for (at, (kind, span)) in items.into_iter().enumerate() {
            let id = self.text_of(&kind.id, "id", span);
            self.needs_text("travel_document", &id, span);
            let accepted_as = match kind.accepted_as.place() {
                Some((other, place)) => self.place_of(other, place, &known).unwrap_or_default(),
                None => u8::try_from(at).unwrap_or_default(),
            };
            travel_documents.push(TravelDocumentKind { id, accepted_as });
        }
        let mut permits = Vec::new();
        self.needs_text("basis", VISA_FREE, top);
        self.needs_text("relation", super::APPLICANT, top);
        for (kind, span) in Self::items(&pack.permits) {
            let id = self.text_of(&kind.id, "id", span);
            self.needs_text("basis", &id, span);
            permits.push(PermitKind {
                id,
                days_per_entry: kind.days_per_entry.get().copied().unwrap_or(false),
                open_ended: kind.open_ended.get().copied().unwrap_or(false),
            });
        }
        let mut age_groups: Vec<AgeGroup> = Vec::new();
        for (group, span) in self.required_items(&pack.age_groups, "age_groups", top) {
            let id = self.text_of(&group.id, "id", span);
            self.needs_text("age", &id, span);
            let below = group.below.get().copied();
            if age_groups
                .last()
                .is_some_and(|before| before.below.is_none() || below.is_some_and(|b| Some(b) <= before.below))
            {
                self.say(Fault::new(Code::StepsNotRising, span));
            }
            age_groups.push(AgeGroup { id, below });
        }
        if age_groups.last().is_some_and(|last| last.below.is_some()) {
            self.say(Fault::new(Code::StepsNotRising, top));
        }
        let mut categories: Vec<Text> = Vec::new();
        for (category, span) in Self::items(&written.categories.category) {
            let id = self.text_of(&category.id, "id", span);
            self.needs_text("category", &id, span);
            if categories.len() == 64 {
                self.say(Fault::new(Code::TooMany, span).with("max", 64));
            }
            categories.push(id);
        }
        let documents: BTreeSet<Text> = Self::items(&written.documents.document)
            .filter_map(|(document, _)| document.document.get().cloned().map(Text::from))
            .collect();
        self.vocabulary = Vocabulary {
            purposes,
            employers,
            work,
            housing_owners,
            relations,
            filing_channels,
            travel_documents: travel_documents.into(),
            permits: permits.into(),
            age_groups: age_groups.into(),
            documents: documents.into_iter().collect::<Vec<_>>().into(),
            categories: categories.into(),
        };
    }

    // ---- what the kinds say ----

    fn stay_limit(&mut self, version: &w::StayLimitVersion, span: Span) -> StayLimit {
        let window = match self.required(&version.window, "window", span) {
            Some((w::Window::RollingDays(days), _)) => Window::Rolling(*days),
            Some((w::Window::CalendarYear, _)) => Window::CalendarYear,
            Some((w::Window::Permit, _)) => Window::Permit,
            _ => Window::PerEntry,
        };
        if let Window::Rolling(days) = window
            && days < 1
        {
            self.say(Fault::new(Code::OutOfRange, span).with("found", days));
        }
        let max_days = match (window, version.max_days.place()) {
            (Window::Permit, Some((_, place))) => {
                self.say(Fault::new(Code::NotForThisKind, place).with("key", "max_days"));
                0
            }
            (Window::Permit, None) => 0,
            _ => self.number(&version.max_days, "max_days", span, 1),
        };
        let vocabulary = self.vocabulary.clone();
        let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
        let not_counted = Self::items(&version.not_counted)
            .filter_map(|(kind, place)| self.place_of(kind, place, &kinds))
            .fold(0, |sum, at| sum | 1 << at);
        StayLimit { window, max_days, counts_from: self.day(&version.counts_from), not_counted }
    }

    fn sanction(&mut self, version: &w::SanctionVersion, span: Span) -> Sanction {
        let items = self.required_items(&version.steps, "steps", span);
        let mut steps: Vec<SanctionStep> = Vec::new();
        for (step, place) in items {
            let up_to_days = step.up_to_days.get().copied();
            let rises = match steps.last().map(|before| before.up_to_days) {
                None => true,
                Some(None) => false,
                Some(Some(before)) => up_to_days.is_none_or(|days| days > before),
            };
            if !rises {
                self.say(Fault::new(Code::StepsNotRising, place));
            }
            let at = self.text_of(&step.at, "at", place);
            let text = self.key_of(&step.text, "text", "sanction", place);
            steps.push(SanctionStep { up_to_days, at, text });
        }
        if steps.last().is_some_and(|last| last.up_to_days.is_some()) {
            self.say(Fault::new(Code::StepsNotRising, span));
        }
        Sanction { steps: steps.into() }
    }

    fn duty(&mut self, version: &w::DutyVersion, duties: &[String], span: Span) -> Duty {
        let duties: Vec<&str> = duties.iter().map(String::as_str).collect();
        let vocabulary = self.vocabulary.clone();
        let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
        let documents: Vec<&str> = vocabulary.documents.iter().map(|id| &**id).collect();
        let done_by = match self.required(&version.done_by, "done_by", span) {
            Some((w::DoneBy::Registered, _)) => DoneBy::Registered,
            Some((w::DoneBy::Permit(kind), place)) => {
                DoneBy::Permit(self.place_of(kind, place, &kinds).unwrap_or_default())
            }
            Some((w::DoneBy::Document(id), place)) => {
                self.refer(id, place, &documents);
                DoneBy::Document(id.clone().into())
            }
            _ => DoneBy::Notified,
        };
        let needs_document = version.needs_document.place().map(|(id, place)| {
            self.refer(id, place, &documents);
            Text::from(id.clone())
        });
        Duty {
            event: match self.required(&version.event, "event", span) {
                Some((w::Event::Arrival, _)) => Event::Arrival,
                Some((w::Event::Move, _)) => Event::Move,
                Some((w::Event::Submission, _)) => Event::Submission,
                Some((w::Event::EmployerChange, _)) => Event::EmployerChange,
                Some((w::Event::Birthday(years), _)) => Event::Birthday(*years),
                _ => Event::Entry,
            },
            who: match self.required(&version.who, "who", span) {
                Some((w::Who::Host, _)) => Who::Host,
                Some((w::Who::Owner, _)) => Who::Owner,
                Some((w::Who::Employer, _)) => Who::Employer,
                _ => Who::Person,
            },
            kind: match self.required(&version.kind, "kind", span) {
                Some((w::DeadlineKind::Limit, _)) => DeadlineKind::Limit,
                Some((w::DeadlineKind::Advice, _)) => DeadlineKind::Advice,
                _ => DeadlineKind::Duty,
            },
            term: match self.required(&version.term, "term", span) {
                Some((w::Term::WorkingDays(days), _)) => Term::WorkingDays(*days),
                Some((w::Term::DayNumber(days), _)) => Term::DayNumber(*days),
                Some((w::Term::Hours(hours), _)) => Term::Hours(*hours),
                Some((w::Term::CalendarDays(days), _)) => Term::CalendarDays(*days),
                None => Term::CalendarDays(0),
            },
            done_by,
            stays_of_days: version.stays_of_days.get().copied().unwrap_or_default(),
            after: version.after.place().and_then(|(id, place)| self.refer(id, place, &duties)),
            needs_document,
            horizon_days: version.horizon_days.get().copied(),
        }
    }

    fn channels(&mut self, list: &w::Fields<w::Channel>) -> List<Rule<Channel>> {
        self.rules(
            list,
            |this, channel, span| {
                let id = this.text_of(&channel.id, "id", span);
                this.needs_text("channel", &id, span);
                id
            },
            |this, channel, version, span| {
                let conditions: Vec<Text> = Self::items(&version.conditions)
                    .map(|(id, place)| {
                        this.needs_text("condition", id, place);
                        Text::from(id.clone())
                    })
                    .collect();
                let url = channel.url.place().map(|(url, place)| {
                    if !url.starts_with("https://") {
                        this.say(Fault::new(Code::NotHttps, place).with("found", url));
                    }
                    Text::from(url.clone())
                });
                let procedure = this.text_of(&channel.procedure, "procedure", span);
                this.needs_text("procedure", &procedure, span);
                let recommended = version.recommended.get().copied().unwrap_or(false);
                Channel { procedure, url, recommended, conditions: conditions.into() }
            },
        )
    }

    fn groups(&mut self, written: &w::DocumentsFile) -> Vec<DocumentGroup> {
        let mut groups = Vec::new();
        for (group, span) in Self::items(&written.document_group) {
            let id = self.text_of(&group.id, "id", span);
            self.needs_text("group", &id, span);
            let chosen_by = self.required(&group.chosen_by, "chosen_by", span).and_then(|(key, place)| {
                let known = Fact::ALL.map(Fact::key);
                self.place_of(key, place, &known)?;
                Fact::from_key(key)
            });
            groups.push(DocumentGroup { id, chosen_by: chosen_by.unwrap_or(Fact::Work) });
        }
        groups
    }

    fn questions(&mut self, written: &w::QuestionsFile) -> List<OpenQuestion> {
        let mut questions = Vec::new();
        for (question, span) in Self::items(&written.open_question) {
            let ids = self.rule_ids.clone();
            let known: Vec<&str> = ids.iter().map(String::as_str).collect();
            let mut rules = Vec::new();
            for (id, place) in self.required_items(&question.rules, "rules", span) {
                self.refer(id, place, &known);
                rules.push(Text::from(id.clone()));
            }
            questions.push(OpenQuestion {
                id: self.text_of(&question.id, "id", span),
                rules: rules.into(),
                decision: self.key_of(&question.decision, "decision", "question", span),
                reason: self.key_of(&question.reason, "reason", "question", span),
            });
        }
        questions.into()
    }

    // ---- the calendar ----

    fn calendar(&mut self, pack: &w::PackFile, files: &[(w::CalendarFile, Span)]) -> (WorkingCalendar, List<Head>) {
        let weekend = Self::items(&pack.weekend).fold(0, |bits, (day, _)| bits | 1 << (day.clone() as u8));
        let mut years: Vec<(CalendarYear, Head)> = Vec::new();
        for (file, start) in files {
            let year = self.number(&file.year, "year", *start, 2000);
            let verified = self.required_day(&file.verified, "verified", *start);
            let standing = self
                .required(&file.standing, "standing", *start)
                .map_or(Standing::Inferred, |(s, _)| Self::standing(s));
            let mut cites = self.cites(&file.cite, verified, standing);
            let mut days: Vec<(SpecialDay, Span)> = Vec::new();
            let mut special =
                |this: &mut Self, field: &Field<String>, key: &str, span: Span, kind, name: &Text, by: i32| {
                    let on = this.required_day(field, key, span);
                    let place = field.place().map_or(span, |(_, place)| place);
                    if on.year() != year {
                        this.say(
                            Fault::new(Code::DayOutOfRange, place)
                                .with("found", on)
                                .with("first", year)
                                .with("last", year),
                        );
                    }
                    days.push((SpecialDay { on, kind, name: name.clone(), estimated_by_days: by }, place));
                };
            for (holiday, span) in Self::items(&file.holiday) {
                let name = self.key_of(&holiday.name, "name", "holiday", span);
                let by = holiday.estimated_by_days.get().copied().unwrap_or_default();
                special(self, &holiday.on, "on", span, DayKind::Holiday, &name, by);
                if !holiday.observed.is_absent() {
                    special(self, &holiday.observed, "observed", span, DayKind::Observed, &name, by);
                }
                cites.extend(self.cites(&holiday.cite, verified, standing));
            }
            for (off, span) in Self::items(&file.day_off) {
                let name = self.key_of(&off.name, "name", "holiday", span);
                let by = off.estimated_by_days.get().copied().unwrap_or_default();
                special(self, &off.on, "on", span, DayKind::DayOff, &name, by);
                cites.extend(self.cites(&off.cite, verified, standing));
            }
            for (moved, span) in Self::items(&file.moved) {
                special(self, &moved.off, "off", span, DayKind::MovedOff, &Text::Borrowed(""), 0);
                special(self, &moved.worked, "worked", span, DayKind::Worked, &Text::Borrowed(""), 0);
                cites.extend(self.cites(&moved.cite, verified, standing));
            }
            days.sort_by_key(|(day, _)| (day.on, day.kind == DayKind::Observed));
            let head = Head {
                from: Day::from_ymd(year, 1, 1).unwrap_or(Day::FIRST),
                until: Day::from_ymd(year, 12, 31),
                verified,
                standing,
                cites: cites.into(),
                when: Condition { tests: List::Borrowed(&[]) },
                unless: List::Borrowed(&[]),
                notes: List::Borrowed(&[]),
            };
            self.observed_days(weekend, year, &days, file, *start);
            let days: Vec<SpecialDay> = days.into_iter().map(|(day, _)| day).collect();
            if years.iter().any(|(known, _)| known.year == year) {
                self.say(Fault::new(Code::DuplicateId, *start).with("id", year));
            }
            years.push((CalendarYear { year, days: days.into() }, head));
        }
        years.sort_by_key(|(year, _)| year.year);
        let (years, heads): (Vec<CalendarYear>, Vec<Head>) = years.into_iter().unzip();
        (WorkingCalendar { weekend, years: years.into() }, heads.into())
    }

    /// Every holiday on a day off must name the working day it moves to, and no other may name one:
    /// the first day after it that is neither a weekend, nor off, nor taken by another holiday
    /// before it. Days moved by decree must move a weekend to a working day.
    fn observed_days(
        &mut self,
        weekend: u8,
        year: i32,
        days: &[(SpecialDay, Span)],
        file: &w::CalendarFile,
        start: Span,
    ) {
        let plain = WorkingCalendar { weekend, years: List::Borrowed(&[]) };
        let holidays: BTreeSet<Day> =
            days.iter().filter(|(day, _)| day.kind == DayKind::Holiday).map(|(day, _)| day.on).collect();
        let off: BTreeSet<Day> =
            days.iter().filter(|(day, _)| day.kind == DayKind::DayOff).map(|(day, _)| day.on).collect();
        let mut taken: BTreeSet<Day> = BTreeSet::new();
        let mut in_order: Vec<(&w::Holiday, Span)> = Self::items(&file.holiday).collect();
        in_order.sort_by_key(|(holiday, _)| holiday.on.get().cloned());
        for (holiday, span) in in_order {
            let Some(on) = holiday.on.get().and_then(|on| Day::parse(on).ok()) else {
                continue;
            };
            let observed = holiday.observed.get().and_then(|on| Day::parse(on).ok());
            let expected = (plain.is_weekend(on) || off.contains(&on)).then(|| {
                let free = |day: &Day| {
                    !plain.is_weekend(*day) && !holidays.contains(day) && !off.contains(day) && !taken.contains(day)
                };
                (1..).map(|days| on.plus(days)).find(free).unwrap_or(on)
            });
            taken.extend(expected);
            if observed != expected {
                let place = holiday.observed.place().map_or(span, |(_, place)| place);
                let expected = expected.map_or_else(|| "-".to_owned(), |day| day.to_string());
                self.say(Fault::new(Code::WrongObservedDay, place).with("day", on).with("expected", expected));
            }
        }
        for (day, place) in days {
            let wrong = match day.kind {
                DayKind::Worked => !plain.is_weekend(day.on) && !holidays.contains(&day.on),
                DayKind::MovedOff => plain.is_weekend(day.on) || holidays.contains(&day.on) || taken.contains(&day.on),
                _ => false,
            };
            if wrong {
                self.say(Fault::new(Code::WrongMovedDay, *place).with("day", day.on));
            }
        }
        let _ = (year, start);
    }

    // ---- texts ----

    fn texts(&mut self, languages: &[Text], written: &[(String, Entries<Entries<String>>)]) -> List<LanguageTexts> {
        let mut all = Vec::new();
        for language in languages {
            let mut entries: BTreeMap<String, (String, Span)> = BTreeMap::new();
            let file = written.iter().find(|(name, _)| name == language);
            if file.is_none() {
                let missing = format!("text/{language}.toml");
                self.say(Fault::new(Code::MissingFile, self.top).with("missing", missing));
                continue;
            }
            for (table, texts) in file.iter().flat_map(|(_, tables)| &tables.0) {
                let (Some(table), Some(texts)) = (table.get(), texts.get()) else {
                    continue;
                };
                for (id, text) in &texts.0 {
                    if let (Some((id, place)), Some(text)) = (id.place(), text.get()) {
                        entries.insert(format!("{table}.{id}"), (text.clone(), place));
                    }
                }
            }
            let missing: Vec<(String, Span)> = self
                .texts_needed
                .iter()
                .filter(|(key, _)| !entries.contains_key(*key))
                .map(|(key, span)| (key.clone(), *span))
                .collect();
            for (key, span) in missing {
                let fault = Fault::new(Code::MissingText, span).with("key", &key).with("language", language);
                self.say(fault.suggesting(&key, entries.keys().map(String::as_str)));
            }
            let unused: Vec<(String, Span)> = entries
                .iter()
                .filter(|(key, _)| !self.texts_needed.contains_key(*key))
                .map(|(key, (_, place))| (key.clone(), *place))
                .collect();
            for (key, place) in unused {
                self.say(Fault::new(Code::Unused, place).with("found", key));
            }
            for (key, (text, place)) in &entries {
                for placeholder in placeholders(text) {
                    let allowed: &[&str] = match key.split('.').next() {
                        Some("note" | "uncovered") => &["days", "day", "country"],
                        _ => &[],
                    };
                    if !allowed.contains(&placeholder) {
                        let fault = Fault::new(Code::UnknownPlaceholder, *place).with("found", placeholder);
                        self.say(fault.with("allowed", allowed.join(", ")));
                    }
                }
            }
            all.push(LanguageTexts {
                language: language.clone(),
                entries: entries
                    .into_iter()
                    .map(|(key, (text, _))| (key.into(), text.into()))
                    .collect::<Vec<_>>()
                    .into(),
            });
        }
        all.into()
    }
}

/// The names in braces of a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// A list of words, or of truths.
enum WordsOrTruths<'w> {
    Words(&'w w::Fields<String>),
    Truths(&'w w::Fields<bool>),
}

/// The facts that a `when` or `unless` table names.
macro_rules! facts_of {
    ($table:expr) => {{
        let words = |list| (!Field::is_absent(list)).then_some(WordsOrTruths::Words(list));
        let truths = |list| (!Field::is_absent(list)).then_some(WordsOrTruths::Truths(list));
        [
            (Fact::Category, words(&$table.category)),
            (Fact::DocumentKind, words(&$table.document_kind)),
            (Fact::Purpose, words(&$table.purpose)),
            (Fact::Basis, words(&$table.basis)),
            (Fact::Employer, words(&$table.employer)),
            (Fact::Work, words(&$table.work)),
            (Fact::PermitExempt, truths(&$table.permit_exempt)),
            (Fact::Channel, words(&$table.channel)),
            (Fact::HousingOwner, words(&$table.housing_owner)),
            (Fact::Relation, words(&$table.relation)),
            (Fact::Age, words(&$table.age)),
        ]
    }};
}
use facts_of;
