//! The values that flags take.

use std::fmt::Display;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use trp_check::calendar::{Day, DayRange};
use trp_check::render::Format;
use trp_check::rulebook::Term;

use super::{with_meant, with_nearest, words};

pub fn formats(formats: &[Format]) -> impl TypedValueParser<Value = Format> + use<> {
    format_parser(formats.iter().map(|format| PossibleValue::new(format.name())).collect())
}

/// The formats of a whole answer; `svg` is only taken to say what to type instead.
pub fn answer_formats() -> impl TypedValueParser<Value = Format> {
    use Format::{Csv, Html, Json, Markdown, Svg, Table};
    let value = |format: Format| PossibleValue::new(format.name()).hide(format == Svg);
    format_parser([Table, Json, Csv, Markdown, Html, Svg].map(value).into())
}

fn format_parser(values: Vec<PossibleValue>) -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(values).try_map(|name| Format::from_name(&name).ok_or(name))
}

pub fn trip(text: &str) -> Result<DayRange, String> {
    let Some((first, last)) = text.split_once("..").filter(|(_, last)| !last.is_empty()) else {
        return Err(words().label("usage_value.trip").to_owned());
    };
    let range = DayRange { first: day(first)?, last: day(last)? };
    if range.last < range.first { Err(words().label("usage_value.trip-order").to_owned()) } else { Ok(range) }
}

#[derive(Clone, Debug)]
pub struct Stated {
    pub fact: String,
    pub value: String,
}

pub fn stated(text: &str) -> Result<Stated, String> {
    let parts = text.split_once('=').filter(|(fact, value)| !fact.is_empty() && !value.is_empty());
    let stated = parts.map(|(fact, value)| Stated { fact: fact.to_owned(), value: value.to_owned() });
    stated.ok_or_else(|| words().label("usage_value.stated").to_owned())
}

/// A term: a number with its unit behind it, or the number of a day behind `day`.
pub fn term(text: &str) -> Result<Term, String> {
    const LONGEST: usize = 5;
    let number = |digits: &str| {
        let is_number = (1..=LONGEST).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| is_number)
    };
    let days = |digits: &str| number(digits).and_then(|days| i32::try_from(days).ok());
    let read = if let Some(digits) = text.strip_prefix("day") {
        days(digits).filter(|number| *number > 0).map(Term::DayNumber)
    } else if let Some(digits) = text.strip_suffix("wd") {
        number(digits).map(Term::WorkingDays)
    } else if let Some(digits) = text.strip_suffix('d') {
        days(digits).map(Term::CalendarDays)
    } else {
        text.strip_suffix('h').and_then(number).map(Term::Hours)
    };
    read.ok_or_else(|| {
        let why = words().label("usage_value.term").to_owned();
        match meant_term(text) {
            Some(meant) => {
                format!("{why}; {}", words().with("diagnostic_hint.did-you-mean", &[("suggestion", &meant)]))
            }
            None => why,
        }
    })
}

/// The term that was probably meant: the number with the unit that its letters are most like.
fn meant_term(text: &str) -> Option<String> {
    let (digits, letters): (String, String) =
        text.chars().filter(char::is_ascii_alphanumeric).partition(char::is_ascii_digit);
    let unit = match &*letters.to_ascii_lowercase() {
        unit if unit.contains('w') => "wd",
        "" | "d" | "days" | "calendardays" | "cd" => "d",
        unit if unit.starts_with('h') => "h",
        "day" if text.starts_with(|c: char| c.is_ascii_digit()) => "d",
        _ => return None,
    };
    (1..=4).contains(&digits.len()).then(|| format!("{digits}{unit}"))
}

pub fn year(text: &str) -> Result<i32, String> {
    let (first, last) = (Day::FIRST.year(), Day::LAST.year());
    let year = text.parse().ok().filter(|year| (first..=last).contains(year));
    year.ok_or_else(|| out_of_range("usage_value.year", first, last))
}

pub fn day(text: &str) -> Result<Day, String> {
    match Day::parse(text) {
        Ok(day) if (Day::FIRST..=Day::LAST).contains(&day) => Ok(day),
        Ok(_) => Err(out_of_range("usage_value.day-range", Day::FIRST, Day::LAST)),
        Err(_) => {
            let fault = words().label("usage_value.day").to_owned();
            Err(match Day::meant(text) {
                Some(day) => with_meant(&fault, &day.to_string()),
                None => fault,
            })
        }
    }
}

pub fn columns(text: &str) -> Result<u16, String> {
    number(text, 40, 1000)
}

pub fn number<N: FromStr + PartialOrd + Display>(text: &str, first: N, last: N) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| (&first..=&last).contains(&number));
    number.ok_or_else(|| out_of_range("usage_value.number-range", first, last))
}

fn out_of_range(key: &str, first: impl Display, last: impl Display) -> String {
    words().with(key, &[("first", &first.to_string()), ("last", &last.to_string())])
}

/// The encodings that lists come in where people write Latin or Cyrillic; others are taken, too.
pub const ENCODINGS: [&encoding_rs::Encoding; 9] = [
    encoding_rs::UTF_8,
    encoding_rs::UTF_16LE,
    encoding_rs::UTF_16BE,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1254,
    encoding_rs::IBM866,
    encoding_rs::KOI8_R,
];

pub fn encoding(name: &str) -> Result<&'static encoding_rs::Encoding, String> {
    encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        let why = words().label("usage_value.encoding").to_owned();
        let known = ENCODINGS.map(|encoding| encoding.name().to_lowercase());
        with_nearest(why, name, known.iter().map(|known| &**known))
    })
}

/// A number of days, with or without the letter: `14d`, `14`.
pub fn day_count(text: &str) -> Result<i32, String> {
    let days = text.strip_suffix('d').unwrap_or(text).parse().ok();
    days.filter(|days| (0..=3660).contains(days)).ok_or_else(|| words().label("usage_value.days").to_owned())
}

pub fn jobs(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|jobs| (1..=256).contains(jobs))
        .ok_or_else(|| words().label("usage_value.jobs").to_owned())
}
