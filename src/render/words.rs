//! Sentences in one language, from the program's message files and those of the rule pack.

use std::borrow::Cow;
use std::fmt::Write as _;

use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};

use crate::assessment::{Message, Param};
use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::facts::Fact;
use crate::profile::Moment;
use crate::rulebook::LanguageTexts;

#[derive(Clone, Copy)]
pub struct Words<'w> {
    program: &'w LanguageTexts,
    pack: Option<&'w LanguageTexts>,
    countries: &'w Countries,
}

impl<'w> Words<'w> {
    /// The words of the program and, where there is one, of a rule pack.
    pub const fn new(program: &'w LanguageTexts, pack: Option<&'w LanguageTexts>, countries: &'w Countries) -> Self {
        Self { program, pack, countries }
    }

    pub fn language(&self) -> &'w str {
        &self.program.language
    }

    /// The text of a key as it stands in the file, that of the pack first.
    pub fn text(&self, key: &str) -> Option<&'w str> {
        self.pack.and_then(|pack| pack.get(key)).or_else(|| self.program.get(key))
    }

    /// The text of a key without parameters; the key itself where there is none, so that nothing is
    /// ever silently left out.
    pub fn label<'k>(&self, key: &'k str) -> &'k str
    where
        'w: 'k,
    {
        self.text(key).unwrap_or(key)
    }

    /// The text of `table.id`, or the id where there is none.
    pub fn of<'k>(&self, table: &str, id: &'k str) -> &'k str
    where
        'w: 'k,
    {
        let of_program = || self.program.get_of(table, id);
        self.pack.and_then(|pack| pack.get_of(table, id)).or_else(of_program).unwrap_or(id)
    }

    /// The name of a fact, and those of some of its values.
    pub fn fact(&self, fact: Fact, values: &[&str]) -> (&'w str, String) {
        let values: Vec<&str> = values.iter().map(|value| self.of(fact.table(), value)).collect();
        (self.text(&format!("fact.{}", fact.key())).unwrap_or_else(|| fact.key()), values.join(" / "))
    }

    pub fn sentence(&self, message: &Message<'_>) -> String {
        let count = message.params.iter().find_map(|(_, param)| match param {
            Param::Count(count) => Some(*count),
            _ => None,
        });
        let values: Vec<(&str, &dyn ToText)> =
            message.params.iter().map(|(name, param)| (*name, param as &dyn ToText)).collect();
        self.fill(&message.key, count, &values)
    }

    /// A sentence of a key with a number that chooses the plural form (as `n`) and other values.
    pub fn count(&self, key: &str, n: impl TryInto<i32>, values: &[(&str, &dyn ToText)]) -> String {
        let n = n.try_into().unwrap_or(i32::MAX);
        self.fill(key, Some(n.into()), &[&[("n", &n as &dyn ToText)], values].concat())
    }

    pub fn with(&self, key: &str, values: &[(&str, &dyn ToText)]) -> String {
        self.fill(key, None, values)
    }

    fn fill(&self, key: &str, count: Option<i64>, values: &[(&str, &dyn ToText)]) -> String {
        let values: Vec<(&str, Cow<'_, str>)> =
            values.iter().map(|(name, value)| (*name, value.to_text(self))).collect();
        let plural = |count| self.text(&format!("{key}.{}", self.plural_category(count)));
        // Some sentences have another form where there is nothing to list.
        let mut empty = values.iter().filter(|(_, value)| value.is_empty());
        let without = empty.find_map(|(name, _)| self.text(&format!("{key}-no-{name}")));
        let text = without.or_else(|| self.text(key)).or_else(|| count.and_then(plural));
        let Some(text) = text else { return key.to_owned() };
        filled(text, &values).unwrap_or_else(|| text.to_owned())
    }

    fn plural_category(&self, count: i64) -> &'static str {
        let rules = self
            .program
            .language
            .parse::<icu_locale_core::Locale>()
            .ok()
            .and_then(|locale| PluralRules::try_new(locale.into(), PluralRulesOptions::default()).ok());
        let count = count.unsigned_abs();
        match rules.map_or(PluralCategory::Other, |rules| rules.category_for(count)) {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }

    pub fn country(&self, country: Country) -> &'w str {
        let names = self.countries.names(country);
        match &*self.program.language {
            "ru" => &names.ru,
            "kk" => &names.kk,
            _ => &names.en,
        }
    }

    pub fn country_code(&self, country: Country) -> &'w str {
        &self.countries.names(country).code
    }

    /// A day with its weekday, `Mon 2026-11-02`.
    pub fn day(&self, day: Day) -> String {
        let weekday = day.weekday().num_days_from_monday().to_string();
        format!("{} {day}", self.of("weekday", &weekday))
    }

    /// A day in words, for sentences.
    pub fn long_day(&self, day: Day) -> String {
        let weekday = day.weekday().num_days_from_monday().to_string();
        let month = format!("{:02}", day.month());
        let (weekday, month) = (self.of("long_weekday", &weekday), self.of("long_month", &month));
        let (number, year) = (i32::try_from(day.ymd().2).unwrap_or_default(), day.year());
        self.with("brief.day", &[("weekday", &weekday), ("day", &number), ("month", &month), ("year", &year)])
    }

    /// A day with its weekday, and the time where there is one.
    pub fn moment(&self, moment: Moment) -> String {
        let mut text = self.day(moment.day);
        if let Some(minute) = moment.minute {
            let _ = write!(text, " {:02}:{:02}", minute / 60, minute % 60);
        }
        text
    }
}

/// What can stand in a sentence: a text or a number as it is, a day with its weekday.
pub trait ToText {
    fn to_text(&self, words: &Words<'_>) -> Cow<'_, str>;
}

impl<T: ToText + ?Sized> ToText for &T {
    fn to_text(&self, words: &Words<'_>) -> Cow<'_, str> {
        (**self).to_text(words)
    }
}

/// Nothing where there is no value: some sentences have a form of their own for that.
impl<T: ToText> ToText for Option<T> {
    fn to_text(&self, words: &Words<'_>) -> Cow<'_, str> {
        self.as_ref().map_or(Cow::Borrowed(""), |value| value.to_text(words))
    }
}

impl ToText for Day {
    fn to_text(&self, words: &Words<'_>) -> Cow<'_, str> {
        words.day(*self).into()
    }
}

macro_rules! to_text {
    ($(|$value:ident: $type:ty| $text:expr;)*) => {$(
        impl ToText for $type {
            fn to_text(&self, _: &Words<'_>) -> Cow<'_, str> {
                let $value = self;
                $text.into()
            }
        }
    )*};
}
to_text! {
    |text: str| text;
    |text: String| &**text;
    |text: Cow<'_, str>| &**text;
    |number: i32| number.to_string();
    |number: u32| number.to_string();
    |number: u64| number.to_string();
    |number: usize| number.to_string();
}

impl ToText for Param<'_> {
    fn to_text(&self, words: &Words<'_>) -> Cow<'_, str> {
        match self {
            Self::Day(day) => words.day(*day),
            Self::Count(count) => count.to_string(),
            Self::Key(key) => words.label(key).to_owned(),
            Self::Keys(keys) => keys.iter().map(|key| words.label(key)).collect::<Vec<_>>().join(", "),
            Self::Words(list) => list.join(", "),
            Self::Message(message) => words.sentence(message),
            Self::Sum(sum) => in_thousands(*sum),
            Self::Place(at) => words.of("place", at).to_owned(),
            Self::Country(country) => words.country(*country).to_owned(),
            Self::Countries(countries) => {
                countries.iter().map(|country| words.country_code(*country)).collect::<Vec<_>>().join(", ")
            }
        }
        .into()
    }
}

/// A number with its digits in threes.
fn in_thousands(sum: i64) -> String {
    const NO_BREAK_SPACE: char = '\u{a0}';
    let digits = sum.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(NO_BREAK_SPACE);
        }
        text.push(digit);
    }
    text
}

/// The text with the value of each `{name}` in its place; `None` where one has no value.
fn filled(text: &str, values: &[(&str, Cow<'_, str>)]) -> Option<String> {
    let mut filled = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}')?;
        let (_, value) = values.iter().rfind(|(known, _)| *known == name)?;
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

/// The name of a person as shown: without control characters, and cut where no name is so long.
pub fn called(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 300;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", inert(&name[..end]))),
        None => inert(name),
    }
}

/// The text with a visible replacement for each [control character](is_control) in it.
pub fn inert(text: &str) -> Cow<'_, str> {
    // Nearly every text: no byte with which one of them begins, which takes a tenth of the time.
    if !text.bytes().any(|byte| byte < b' ' || matches!(byte, 0x7F | 0xC2 | 0xD8 | 0xE2 | 0xEF)) {
        return Cow::Borrowed(text);
    }
    if text.contains(is_control) { Cow::Owned(text.replace(is_control, "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

/// Whether a terminal or a page could act on it: control characters, ends of lines, and marks that change the direction
/// of writing or are not seen; not joiners, which some scripts need.
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
