//! The texts of a pack: none missing, none unused, no placeholder that nothing fills in.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, TextFile};
use crate::rulebook::texts::{mixed_script_word, placeholders};
use crate::rulebook::{FINES, LanguageTexts};
use crate::source::{Code, Fault, List, Span, Text};
use crate::tree::Entries;

/// The texts of a language as written, by `table.id`, each with its place.
type Written = BTreeMap<String, (String, Span)>;

/// Languages that lack a text, with the texts that they have.
type Lacking<'a> = Vec<(&'a Text, &'a Written)>;

impl Checker<'_> {
    pub(super) fn texts(&mut self, languages: &[Text], files: &[TextFile]) -> List<LanguageTexts> {
        for file in files.iter().filter(|file| !languages.iter().any(|known| *known == file.language)) {
            self.report(Fault::new(Code::Unused, file.start).with("found", format!("text/{}.toml", file.language)));
        }
        let mut all: Vec<(&Text, Written)> = Vec::new();
        for language in languages {
            if let Some(file) = files.iter().find(|file| file.language == **language) {
                all.extend(file.tables.iter().map(|tables| (language, written(tables))));
            } else {
                let missing = format!("text/{language}.toml");
                self.report(Fault::new(Code::MissingFile, self.top).with("missing", missing));
            }
        }
        self.none_missing_or_unused(&all);
        for (_, texts) in &all {
            for (key, (text, place)) in texts {
                self.one_text(key, text, *place, all.first().and_then(|(_, first)| first.get(key)));
            }
        }
        let texts = all.into_iter().map(|(language, texts)| {
            let entries = texts.into_iter().map(|(key, (text, _))| (key.into(), text.into()));
            LanguageTexts::new(language.clone(), entries.collect())
        });
        texts.collect::<Vec<_>>().into()
    }

    /// Each language has the texts that are needed, and no other. A text that several lack is one fault.
    fn none_missing_or_unused(&mut self, all: &[(&Text, Written)]) {
        let mut missing: BTreeMap<&String, (Span, Lacking<'_>)> = BTreeMap::new();
        let mut unused = Vec::new();
        for (at, (language, texts)) in all.iter().enumerate() {
            // Places in acts are written in the first language, so only the others need texts for them.
            let of_places = (at > 0).then_some(&self.places_needed);
            let needed = || self.texts_needed.iter().chain(of_places.into_iter().flatten());
            for (key, span) in needed().filter(|(key, _)| !texts.contains_key(*key)) {
                missing.entry(key).or_insert_with(|| (*span, Vec::new())).1.push((language, texts));
            }
            let known: BTreeSet<&String> = needed().map(|(key, _)| key).collect();
            let left_over = texts.iter().filter(|(key, _)| !known.contains(key));
            unused.extend(left_over.map(|(key, (_, place))| Fault::new(Code::Unused, *place).with("found", key)));
        }
        let missing = missing.into_iter().map(|(key, (span, lacking))| {
            let languages: Vec<&str> = lacking.iter().map(|(language, _)| &***language).collect();
            let fault = Fault::new(Code::MissingText, span).with("key", key).with("language", languages.join(", "));
            fault.suggesting(key, lacking.iter().flat_map(|(_, texts)| texts.keys().map(String::as_str)))
        });
        self.faults.extend(missing.chain(unused));
    }

    /// One text: what is filled in is known, and the same as in the first language; no word is of two scripts.
    fn one_text(&mut self, key: &str, text: &str, place: Span, first: Option<&(String, Span)>) {
        let allowed: &[&str] = match key.split('.').next() {
            Some("note" | "uncovered") => &["days", "day", "country"],
            Some("sanction") => &FINES,
            Some("amount") => &["n", "sum", "year"],
            _ => &[],
        };
        let unknown = |text: &str| placeholders(text).find(|name| !allowed.contains(name)).map(str::to_owned);
        if let Some(found) = unknown(text) {
            let fault = Fault::new(Code::UnknownPlaceholder, place).with("found", found);
            self.report(fault.with("allowed", allowed.join(", ")));
        } else if let Some((first, _)) = first.filter(|(first, _)| unknown(first).is_none()) {
            let (here, there): (BTreeSet<_>, BTreeSet<_>) =
                (placeholders(text).collect(), placeholders(first).collect());
            if let Some(differing) = here.symmetric_difference(&there).next() {
                self.report(Fault::new(Code::PlaceholdersDiffer, place).with("found", differing).with("key", key));
            }
        }
        if let Some(word) = mixed_script_word(text) {
            self.report(Fault::new(Code::MixedScript, place).with("found", word));
        }
    }
}

fn written(tables: &Entries<Entries<String>>) -> Written {
    let mut all = Written::new();
    for (table, texts) in &tables.0 {
        let (Some(table), Some(texts)) = (table.get(), texts.get()) else { continue };
        for (id, text) in &texts.0 {
            if let (Some((id, place)), Some(text)) = (id.place(), text.get()) {
                all.insert(format!("{table}.{id}"), (text.clone(), place));
            }
        }
    }
    all
}
