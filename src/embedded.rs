//! The rule pack, the countries and the program's own words, checked by the build script and written into the
//! program, so that nothing is parsed at start.

use crate::country::Countries;
use crate::rulebook::{LanguageTexts, RuleBook};

/// The rule pack of the folder `rules/kz`.
#[allow(clippy::unreadable_literal)]
pub static RULES: RuleBook = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The countries of `rules/countries.toml`.
#[allow(clippy::unreadable_literal)]
pub static COUNTRIES: Countries = include!(concat!(env!("OUT_DIR"), "/countries.rs"));

/// The program's own words, from `src/render/text`.
#[allow(clippy::unreadable_literal)]
pub static TEXTS: &[LanguageTexts] = include!(concat!(env!("OUT_DIR"), "/texts.rs"));
