//! Texts of a language, of a pack or of the program itself, and the program's message files.

use crate::source::{Fault, List, SourceText, Text};
use crate::tree::{self, Entries, Field, Syntax};

/// The texts of one language. One run of letters and the places in it: written into the program, it holds no address, so
/// that however many texts there are, nothing is to be done about them at start.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct LanguageTexts {
    pub language: Text,
    /// Each key (`table.id`) and its text behind it.
    pub letters: Text,
    /// Sorted by the hashes of the keys.
    pub places: List<TextPlace>,
}

/// Where a text stands among the letters of its language, in bytes.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct TextPlace {
    /// Of the key.
    pub hash: u32,
    /// Where its key begins.
    pub key: u32,
    /// Where the key ends and the text begins.
    pub text: u32,
    /// Where the text ends.
    pub end: u32,
}

impl LanguageTexts {
    /// The texts of a language, by their keys.
    pub fn new(language: Text, mut entries: Vec<(Text, Text)>) -> Self {
        entries.sort_by_cached_key(|(key, _)| (hash(&[key]), key.clone()));
        let mut letters = String::new();
        let mut put = |text: &str| {
            letters.push_str(text);
            u32::try_from(letters.len()).unwrap_or(u32::MAX)
        };
        let mut key = 0;
        let place = |(name, words): &(Text, Text)| {
            let text = put(name);
            let place = TextPlace { hash: hash(&[name]), key, text, end: put(words) };
            key = place.end;
            place
        };
        let places: Vec<TextPlace> = entries.iter().map(place).collect();
        Self { language, letters: letters.into(), places: places.into() }
    }

    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places.iter().map(|place| (self.key(place), self.text(place)))
    }

    fn key(&self, place: &TextPlace) -> &str {
        &self.letters[place.key as usize..place.text as usize]
    }

    fn text(&self, place: &TextPlace) -> &str {
        &self.letters[place.text as usize..place.end as usize]
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.find(hash(&[key]), |known| known == key)
    }

    /// The text of `table.id`, without putting the key together.
    pub fn get_of(&self, table: &str, id: &str) -> Option<&str> {
        self.find(hash(&[table, ".", id]), |known| {
            let rest = known.strip_prefix(table).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| rest == id)
        })
    }

    fn find(&self, hash: u32, is_meant: impl Fn(&str) -> bool) -> Option<&str> {
        let first = self.places.partition_point(|place| place.hash < hash);
        let mut alike = self.places[first..].iter().take_while(|place| place.hash == hash);
        alike.find(|place| is_meant(self.key(place))).map(|place| self.text(place))
    }
}

/// FNV-1a of the parts one behind the other: numbers are compared in no time, letters are not.
fn hash(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Reads the message files of all languages, `LANGUAGE/SUBJECT.toml`, sorted by path; one in no folder is for all
/// languages. A file that cannot be read is given back with what is wrong with it.
pub fn languages(files: &[SourceText]) -> Result<Vec<LanguageTexts>, (&SourceText, Vec<Fault>)> {
    let language = |file: &SourceText| file.path.split('/').next().unwrap_or_default().to_owned();
    let (of_all, of_one): (Vec<&SourceText>, Vec<_>) = files.iter().partition(|file| !file.path.contains('/'));
    let mut all = Vec::new();
    for files in of_one.chunk_by(|a, b| language(a) == language(b)) {
        let mut entries = Vec::new();
        for file in files.iter().chain(&of_all).copied() {
            entries.extend(read(&file.text).map_err(|faults| (file, faults))?);
        }
        all.push(LanguageTexts::new(language(files[0]).into(), entries));
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
