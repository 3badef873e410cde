//! Nouns: the texts of a pack: none missing, none unused, no placeholder that nothing fills in.

use std::collections::BTreeMap;

use super::Checker;
use crate::rulebook::LanguageTexts;
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
            let entries = entries.into_iter().map(|(key, (text, _))| (key.into(), text.into()));
            all.push(LanguageTexts::new(language.clone(), entries.collect()));
        }
        all.into()
    }
}

/// The names in braces of a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
