//! Nouns: countries by code and name. The list itself is data (`rules/countries.toml`).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::source::{Code, Fault, LONGEST_WORD, List, Text, nearest};
use crate::tree::{self, Field, Syntax};

/// A country of the list, by its place in it; `stateless` is one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, databake::Bake)]
#[databake(path = trp_check::country)]
pub struct Country(pub u16);

/// What the list says of a country.
#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::country)]
pub struct CountryNames {
    /// ISO 3166-1 alpha-2, upper case; for people without citizenship, a word.
    pub code: Text,
    /// ISO 3166-1 alpha-3; empty where there is none.
    pub alpha3: Text,
    /// English name.
    pub en: Text,
    /// Russian name.
    pub ru: Text,
    /// Kazakh name.
    pub kk: Text,
    /// Other usual names in the three languages.
    pub also: List<Text>,
}

/// The countries, sorted by code.
#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::country)]
pub struct Countries {
    /// All of them.
    pub list: List<CountryNames>,
}

impl Countries {
    /// All countries.
    pub fn all(&self) -> impl Iterator<Item = Country> {
        (0..u16::try_from(self.list.len()).unwrap_or(u16::MAX)).map(Country)
    }

    /// The country of an exact code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<Country> {
        let at = self.list.binary_search_by(|names| (*names.code).cmp(code));
        at.ok().and_then(|at| u16::try_from(at).ok()).map(Country)
    }

    /// The country meant by a code or name in any case.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<Country> {
        if written.len() > LONGEST_WORD {
            return None;
        }
        let upper = written.to_ascii_uppercase();
        self.by_code(&upper).or_else(|| {
            let lower = written.to_lowercase();
            let at = self.list.iter().position(|names| names.all().any(|name| name.to_lowercase() == lower))?;
            u16::try_from(at).ok().map(Country)
        })
    }

    /// The country whose code or name is most like what was written.
    #[must_use]
    pub fn nearest(&self, written: &str) -> Option<Country> {
        if written.len() > LONGEST_WORD {
            return None;
        }
        let codes = self.list.iter().flat_map(|names| [&names.code, &names.alpha3]);
        let close_code = codes
            .map(|code| &**code)
            .filter(|code| written.len() <= code.len() + 1 && !code.is_empty())
            .find(|code| written.to_ascii_uppercase().starts_with(*code));
        let names = || self.list.iter().flat_map(CountryNames::all);
        close_code.or_else(|| nearest(written, names())).and_then(|name| self.find(name))
    }

    /// The entry of a country.
    #[must_use]
    pub fn names(&self, country: Country) -> &CountryNames {
        &self.list[usize::from(country.0)]
    }

    /// The code of a country.
    #[must_use]
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

/// Finds countries by what people write, and remembers what it found: in a list the same names come again
/// and again.
#[derive(Debug)]
pub struct Finder<'c> {
    /// Where they are looked for.
    pub countries: &'c Countries,
    /// What codes of two letters mean, by their letters; nothing where that is not known yet.
    codes: Box<[Cell<Option<Country>>]>,
    known: RefCell<HashMap<String, Found>>,
}

/// The country that was meant; else the one whose code or name is most like what was written.
type Found = Result<Country, Option<Country>>;

/// So many names are remembered: more than there are, less than a list full of faults could bring.
const MOST_NAMES: usize = 4096;

/// Letters of the alphabet of codes.
const LETTERS: usize = 26;

/// The place of a code of two capital letters among all of them.
fn place_of_code(written: &str) -> Option<usize> {
    let [first, second] = *written.as_bytes() else { return None };
    let place = |letter: u8| letter.checked_sub(b'A').map(usize::from).filter(|at| *at < LETTERS);
    Some(place(first)? * LETTERS + place(second)?)
}

impl<'c> Finder<'c> {
    /// Remembers nothing yet.
    #[must_use]
    pub fn new(countries: &'c Countries) -> Self {
        Self { countries, codes: vec![Cell::new(None); LETTERS * LETTERS].into(), known: RefCell::default() }
    }

    /// The country meant by a code or name in any case. `Err` holds the one that may have been meant.
    pub fn find(&self, written: &str) -> Found {
        let place = place_of_code(written).map(|at| &self.codes[at]);
        if let Some(country) = place.and_then(Cell::get) {
            return Ok(country);
        }
        if let Some(country) = self.countries.by_code(written) {
            place.inspect(|place| place.set(Some(country)));
            return Ok(country);
        }
        if let Some(found) = self.known.borrow().get(written) {
            return *found;
        }
        let found = self.countries.find(written).ok_or_else(|| self.countries.nearest(written));
        let mut known = self.known.borrow_mut();
        if known.len() == MOST_NAMES {
            known.clear();
        }
        if written.len() <= LONGEST_WORD {
            known.insert(written.to_owned(), found);
        }
        found
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
        let mut list: Vec<CountryNames> = Vec::new();
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
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
            for name in names.all() {
                if taken.insert(name.to_lowercase(), list.len()).is_some_and(|other| other != list.len()) {
                    faults.push(Fault::new(Code::DuplicateId, span).with("id", name));
                }
            }
            if names.code.is_empty() || names.en.is_empty() {
                faults.push(Fault::new(Code::MissingKey, span).with("key", "code, en"));
            }
            list.push(names);
        }
        list.sort_by(|a, b| a.code.cmp(&b.code));
        if faults.is_empty() { Ok(Self { list: list.into() }) } else { Err(faults) }
    }
}
