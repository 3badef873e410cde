//! Nouns: the texts of a pack: none missing, none unused, no placeholder that nothing fills in.

use std::collections::{BTreeMap, BTreeSet};

use super::Checker;
use crate::rulebook::LanguageTexts;
use crate::rulebook::words::{mixed_script_word, placeholders};
use crate::source::{Code, Fault, List, Span, Text};
use crate::tree::Entries;

impl Checker<'_> {
    pub(super) fn texts(
        &mut self,
        languages: &[Text],
        written: &[(String, Entries<Entries<String>>, Span)],
    ) -> List<LanguageTexts> {
        for (language, _, start) in written.iter().filter(|(name, ..)| !languages.iter().any(|known| known == name)) {
            self.say(Fault::new(Code::Unused, *start).with("found", format!("text/{language}.toml")));
        }
        let mut all = Vec::new();
        let mut first: Option<BTreeMap<String, (String, Span)>> = None;
        for language in languages {
            let mut entries: BTreeMap<String, (String, Span)> = BTreeMap::new();
            let file = written.iter().find(|(name, ..)| name == language);
            if file.is_none() {
                let missing = format!("text/{language}.toml");
                self.say(Fault::new(Code::MissingFile, self.top).with("missing", missing));
                continue;
            }
            for (table, texts) in file.iter().flat_map(|(_, tables, _)| &tables.0) {
                let (Some(table), Some(texts)) = (table.get(), texts.get()) else {
                    continue;
                };
                for (id, text) in &texts.0 {
                    if let (Some((id, place)), Some(text)) = (id.place(), text.get()) {
                        entries.insert(format!("{table}.{id}"), (text.clone(), place));
                    }
                }
            }
            let mut needed = self.texts_needed.clone();
            if first.is_some() {
                needed.extend(self.places_needed.clone());
            }
            let missing: Vec<(String, Span)> = needed
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
                .filter(|(key, _)| !needed.contains_key(*key))
                .map(|(key, (_, place))| (key.clone(), *place))
                .collect();
            for (key, place) in unused {
                self.say(Fault::new(Code::Unused, place).with("found", key));
            }
            for (key, (text, place)) in &entries {
                self.one_text(key, text, *place, first.as_ref());
            }
            first.get_or_insert_with(|| entries.clone());
            let entries = entries.into_iter().map(|(key, (text, _))| (key.into(), text.into()));
            all.push(LanguageTexts::new(language.clone(), entries.collect()));
        }
        all.into()
    }

    /// One text: what is filled in is known, and the same as in the first language; no word is of two scripts.
    fn one_text(&mut self, key: &str, text: &str, place: Span, first: Option<&BTreeMap<String, (String, Span)>>) {
        let allowed: &[&str] = match key.split('.').next() {
            Some("note" | "uncovered") => &["days", "day", "country"],
            _ => &[],
        };
        for placeholder in placeholders(text).filter(|placeholder| !allowed.contains(placeholder)) {
            let fault = Fault::new(Code::UnknownPlaceholder, place).with("found", placeholder);
            self.say(fault.with("allowed", allowed.join(", ")));
        }
        if let Some((other, _)) = first.and_then(|first| first.get(key)) {
            let (here, there): (BTreeSet<_>, BTreeSet<_>) =
                (placeholders(text).collect(), placeholders(other).collect());
            if let Some(differing) = here.symmetric_difference(&there).next() {
                self.say(Fault::new(Code::PlaceholdersDiffer, place).with("found", differing).with("key", key));
            }
        }
        if let Some(word) = mixed_script_word(text) {
            self.say(Fault::new(Code::MixedScript, place).with("found", word));
        }
    }
}
