//! Countries by code and name. The list is data (`rules/countries.toml`); the build script reads it and
//! sorts its names into an index, so that finding a country takes a dozen comparisons.

use std::collections::BTreeMap;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::Deserialize;

use crate::source::{Code, Fault, LONGEST_WORD, List, Span, Text, is_misspelt, nearest};
use crate::tree::{self, Field, Syntax};

/// A country of the list, by its place in it; `stateless` is one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, databake::Bake)]
#[databake(path = trp_check::country)]
pub struct Country(pub u16);

#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::country)]
pub struct CountryNames {
    /// ISO 3166-1 alpha-2, upper case; for people without citizenship, a word.
    pub code: Text,
    /// ISO 3166-1 alpha-3; empty where there is none.
    pub alpha3: Text,
    pub en: Text,
    pub ru: Text,
    pub kk: Text,
    /// Other usual names in the three languages.
    pub also: List<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::country)]
pub struct Countries {
    /// Sorted by code.
    pub list: List<CountryNames>,
    /// Every code and name, folded, with its country; sorted.
    pub index: List<(Text, Country)>,
    /// For each pair of letters from `AA` to `ZZ` the number of its country, from 1, or 0: lists have a code on every
    /// line.
    pub pairs: List<u16>,
}

/// The place of a code of two capital letters among all such pairs.
fn pair(code: &str) -> Option<usize> {
    match code.as_bytes() {
        [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => {
            Some(usize::from(first - b'A') * 26 + usize::from(second - b'A'))
        }
        _ => None,
    }
}

/// A code or name as the index has it: composed letters, lower case. So `Türkiye` is found however its letters
/// are typed or stored.
fn folded(written: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(written).to_lowercase()
}

impl Countries {
    pub fn all(&self) -> impl Iterator<Item = Country> {
        (0..u16::try_from(self.list.len()).unwrap_or(u16::MAX)).map(Country)
    }

    /// The country of an exact code.
    pub fn by_code(&self, code: &str) -> Option<Country> {
        self.by_pair(code).or_else(|| self.all().find(|country| self.names(*country).code == code))
    }

    fn by_pair(&self, code: &str) -> Option<Country> {
        self.pairs.get(pair(code)?)?.checked_sub(1).map(Country)
    }

    /// The country meant by a code or name in any case.
    pub fn find(&self, written: &str) -> Option<Country> {
        // Nearly all codes are written as the list has them, and need no folding.
        self.by_pair(written).or_else(|| {
            if written.len() > LONGEST_WORD {
                return None;
            }
            let name = folded(written);
            let at = self.index.binary_search_by(|(known, _)| (**known).cmp(&name)).ok()?;
            Some(self.index[at].1)
        })
    }

    /// The country whose code or name is most like what was written.
    pub fn nearest(&self, written: &str) -> Option<Country> {
        /// Shorter texts are codes, and those of passports (`D`, `RKS`, `UNO`) are like codes of other countries.
        const LONGEST_CODE: usize = 3;
        if written.len() > LONGEST_WORD || written.chars().count() <= LONGEST_CODE {
            return None;
        }
        let upper = written.to_ascii_uppercase();
        let codes = self.list.iter().flat_map(|names| [&names.code, &names.alpha3]);
        let close_code = codes
            .map(|code| &**code)
            .filter(|code| written.len() <= code.len() + 1 && !code.is_empty())
            .find(|code| upper.starts_with(*code));
        // Names in the letters of another script cannot be like it, and comparing is slow.
        let has_latin = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let (only_latin, no_latin) = (written.is_ascii(), !has_latin(written));
        let is_of_other_script = |name: &&str| only_latin && !has_latin(name) || no_latin && name.is_ascii();
        let names = || self.list.iter().flat_map(CountryNames::all).filter(|name| !is_of_other_script(name));
        // A name of several words may be meant by one of them (`Korea`); else few letters may be wrong.
        let words = |text: &str| {
            let lower = text.to_lowercase();
            let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).collect();
            format!(" {} ", words.join(" "))
        };
        let given = words(written);
        let is_close = |name: &&str| {
            let known = words(name);
            known.contains(&given) || given.contains(&known) || is_misspelt(given.trim(), known.trim())
        };
        close_code.or_else(|| nearest(written, names().filter(is_close))).and_then(|name| self.find(name))
    }

    pub fn names(&self, country: Country) -> &CountryNames {
        &self.list[usize::from(country.0)]
    }

    pub fn code(&self, country: Country) -> Text {
        self.names(country).code.clone()
    }
}

impl CountryNames {
    fn all(&self) -> impl Iterator<Item = &str> {
        [&self.code, &self.alpha3, &self.en, &self.ru, &self.kk]
            .into_iter()
            .chain(self.also.iter())
            .map(|name| &**name)
            .filter(|name| !name.is_empty())
    }
}

/// `countries.toml` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CountriesFile {
    countries: Field<Vec<Field<WrittenCountry>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WrittenCountry {
    code: Field<String>,
    alpha3: Field<String>,
    en: Field<String>,
    ru: Field<String>,
    kk: Field<String>,
    also: Field<Vec<Field<String>>>,
}

impl Countries {
    /// Reads the list of countries; every code and name must mean one country only.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let file: CountriesFile = tree::read(tree::parse(text, 0, Syntax::Toml)?, &mut faults);
        let mut list: Vec<(CountryNames, Span)> = Vec::new();
        for (row, span) in file.countries.get().into_iter().flatten().filter_map(Field::place) {
            let word = |field: &Field<String>| Text::from(field.get().cloned().unwrap_or_default());
            let also: Vec<Text> =
                row.also.get().into_iter().flatten().filter_map(Field::get).map(|name| name.clone().into()).collect();
            let names = CountryNames {
                code: word(&row.code),
                alpha3: word(&row.alpha3),
                en: word(&row.en),
                ru: word(&row.ru),
                kk: word(&row.kk),
                also: also.into(),
            };
            if names.code.is_empty() || names.en.is_empty() {
                faults.push(Fault::new(Code::MissingKey, span).with("key", "code, en"));
            }
            list.push((names, span));
        }
        list.sort_by(|(a, _), (b, _)| a.code.cmp(&b.code));
        let mut index: BTreeMap<String, Country> = BTreeMap::new();
        for (country, (names, span)) in (0..).map(Country).zip(&list) {
            for name in names.all() {
                if index.insert(folded(name), country).is_some_and(|other| other != country) {
                    faults.push(Fault::new(Code::DuplicateId, *span).with("id", name));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let list: Vec<CountryNames> = list.into_iter().map(|(names, _)| names).collect();
        let index: Vec<(Text, Country)> = index.into_iter().map(|(name, country)| (name.into(), country)).collect();
        let mut pairs = vec![0; 26 * 26];
        for (number, names) in (1..).zip(&list) {
            if let Some(pair) = pair(&names.code) {
                pairs[pair] = number;
            }
        }
        Ok(Self { list: list.into(), index: index.into(), pairs: pairs.into() })
    }
}
