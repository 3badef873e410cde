//! Nouns: the program's own message files, read into the same shape as the texts of a pack.

use super::LanguageTexts;
use crate::source::{Fault, SourceText, Text};
use crate::tree::{self, Entries, Field, Syntax};

/// Reads the message files of all languages, `LANGUAGE/SUBJECT.toml`, sorted by path. A file that cannot be read is
/// given back with what is wrong with it.
pub fn languages(files: &[SourceText]) -> Result<Vec<LanguageTexts>, (&SourceText, Vec<Fault>)> {
    let language = |file: &SourceText| file.path.split('/').next().unwrap_or_default().to_owned();
    let mut all = Vec::new();
    for files in files.chunk_by(|a, b| language(a) == language(b)) {
        let mut entries = Vec::new();
        for file in files {
            entries.extend(read(&file.text).map_err(|faults| (file, faults))?);
        }
        all.push(LanguageTexts::new(language(&files[0]).into(), entries));
    }
    Ok(all)
}

/// Reads a message file: tables of texts, or of texts by plural category (`[table.key]` with `one`,
/// `other` …). Gives key (`table.key`, `table.key.one`) and text.
pub fn read(text: &str) -> Result<Vec<(Text, Text)>, Vec<Fault>> {
    let mut faults = Vec::new();
    let tables: Entries<Entries<TextOrPlural>> = tree::read(tree::parse(text, 0, Syntax::Toml)?, &mut faults);
    let mut entries: Vec<(Text, Text)> = Vec::new();
    for (table, texts) in &tables.0 {
        let (Some(table), Some(texts)) = (table.get(), texts.get()) else {
            continue;
        };
        for (id, text) in &texts.0 {
            match (id.get(), text.get()) {
                (Some(id), Some(TextOrPlural::Text(text))) => {
                    entries.push((format!("{table}.{id}").into(), text.clone().into()));
                }
                (Some(id), Some(TextOrPlural::Plural(forms))) => {
                    for (category, text) in &forms.0 {
                        if let (Some(category), Some(text)) = (category.get(), text.get()) {
                            entries.push((format!("{table}.{id}.{category}").into(), text.clone().into()));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// The first word of a text with both Latin and Cyrillic letters: no language has such words, but letters of the two
/// look alike, and whoever searches for the word does not find it. Names in braces are no words of the text.
#[must_use]
pub fn mixed_script_word(text: &str) -> Option<&str> {
    // Bytes alone show that most texts have no such word.
    let is_no_letter = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphabetic();
    let may_be_mixed = |bytes: &[u8]| !bytes.is_ascii() && bytes.iter().any(u8::is_ascii);
    if !text.as_bytes().split(is_no_letter).any(may_be_mixed) {
        return None;
    }
    let is_cyrillic = |letter: char| matches!(letter, '\u{400}'..='\u{52F}');
    let is_mixed =
        |word: &&str| word.contains(is_cyrillic) && word.contains(|letter: char| letter.is_ascii_alphabetic());
    text.split(|letter: char| !letter.is_alphabetic()).find(is_mixed)
}

/// The names in braces of a text.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// A text, or its plural forms.
#[derive(Clone, Debug)]
enum TextOrPlural {
    Text(String),
    Plural(Entries<String>),
}

impl<'de> serde::Deserialize<'de> for TextOrPlural {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = TextOrPlural;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text, or a table of plural forms")
            }

            fn visit_str<E>(self, text: &str) -> Result<TextOrPlural, E> {
                Ok(TextOrPlural::Text(text.to_owned()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<TextOrPlural, A::Error> {
                let mut forms = Vec::new();
                while let Some(form) = map.next_entry::<Field<String>, Field<String>>()? {
                    forms.push(form);
                }
                Ok(TextOrPlural::Plural(Entries(forms)))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
