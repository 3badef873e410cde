//! How many days one may stay.

use schemars::{JsonSchema, Schema, json_schema};
use serde::Deserialize;

use super::{Checker, Countries, Day, Keys, Kind, List, Needed, RuleBook, RuleKind, Span, VersionOf, listed};
use crate::calendar::DayRange;
use crate::rulebook::written::{items, written_rules};
use crate::rulebook::{Cite, Standing};
use crate::source::{Code, Fault};
use crate::tree::Field;
use crate::tree::schema::conditional;

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct StayLimit {
    pub allowance: Allowance,
    /// What another source gives the same people; it decides nothing, but is shown.
    pub other_reading: Option<OtherReading>,
    /// Only stays entered from this day on are counted.
    pub counts_from: Option<Day>,
    /// Kinds of permit whose days are not counted, as bits.
    pub not_counted: u64,
}

/// So many days in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Allowance {
    pub window: Window,
    /// Most days of presence, both ends included; 0 for a stay that ends with its permit.
    pub max_days: i32,
}

/// Another reading of the same limit, with its own sources.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct OtherReading {
    pub allowance: Allowance,
    pub standing: Standing,
    pub cites: List<Cite>,
}

/// How the law is read where sources differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The reading that is safe for the person: it decides.
    Safe,
    /// As others read it: the day of entry does not count, and limits with another reading have those numbers.
    Other,
}

/// How the days of a limit are counted: from each entry anew, in every run of so many days, from the first entry on, in
/// every calendar year, or as long as the permit is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake, Deserialize, JsonSchema)]
#[databake(path = trp_check::rulebook)]
#[schemars(inline)]
pub enum Window {
    #[serde(rename = "per-entry")]
    PerEntry,
    #[serde(rename = "rolling_days")]
    Rolling(#[schemars(range(min = 1))] i32),
    /// Opens with the first visa-free entry after the last such window closed; a stay counts, to its last day, in the
    /// window in which it was entered.
    #[serde(rename = "first_entry")]
    FirstEntry(Period),
    #[serde(rename = "calendar-year")]
    CalendarYear,
    #[serde(rename = "permit")]
    Permit,
}

/// How long a window is that opens with an entry: that day is the first of its days; a year ends on the day before the
/// same date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake, Deserialize, JsonSchema)]
#[databake(path = trp_check::rulebook)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Period {
    Days(#[schemars(range(min = 1))] i32),
    Years(#[schemars(range(min = 1))] i32),
}

impl Period {
    /// The days of the period that begins on this day.
    pub fn from(self, first: Day) -> DayRange {
        let end = match self {
            Self::Days(days) => first.plus(days),
            // From 29 February it ends on the next 28 February.
            Self::Years(years) => {
                let (year, month, day) = first.ymd();
                let same = Day::from_ymd(year + years, month, day);
                same.or_else(|| Day::from_ymd(year + years, month + 1, 1)).unwrap_or(Day::LAST)
            }
        };
        DayRange { first, last: end.plus(-1) }
    }

    const fn count(self) -> i32 {
        match self {
            Self::Days(count) | Self::Years(count) => count,
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days} days"),
            Self::Years(years) => write!(f, "{years} years"),
        }
    }
}

written_rules! {
    /// How many days one may stay.
    StayLimit {}
    #[schemars(transform = days_unless_permit)]
    StayLimitVersion {
        /// In which window days are counted: each entry, `{ rolling_days = 180 }`, `{ first_entry = { years = 1 } }`
        /// (or `days`), the calendar year, or as long as the permit lasts.
        window: Field<Window> [needed],
        /// The most days in the window; not with `permit`, where the stay ends with the permit.
        max_days: Field<i32> [positive],
        /// Only stays entered from this day on are counted.
        counts_from: Field<String> [day],
        /// Kinds of permits whose days are not counted.
        not_counted: Fields<String>,
        /// What another source gives the same people: shown as the latest day that can be argued for, never decisive.
        other_reading: Field<OtherReading>,
    }
    ;
    /// Another reading of a limit.
    OtherReading {
        /// In which window days are counted.
        window: Field<Window> [needed],
        /// The most days in the window.
        max_days: Field<i32> [needed positive],
        /// What the other reading rests on.
        standing: Field<Standing> [needed],
        /// Where it is written.
        cite: Fields<Cite> [needed filled],
    }
}

/// `max_days` must be there, but for the window of a permit, where it must not.
fn days_unless_permit(schema: &mut Schema) {
    let is_permit = json_schema!({ "properties": { "window": { "const": "permit" } }, "required": ["window"] });
    let without = json_schema!({ "properties": { "max_days": false } });
    let with = json_schema!({ "required": ["max_days"] });
    conditional(schema, [("if", is_permit), ("then", without), ("else", with)]);
}

impl Window {
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerEntry => "per-entry",
            Self::Rolling(_) => "rolling",
            Self::FirstEntry(_) => "first-entry",
            Self::CalendarYear => "calendar-year",
            Self::Permit => "permit",
        }
    }

    pub const fn days(self) -> Option<i32> {
        match self {
            Self::Rolling(days) => Some(days),
            _ => None,
        }
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rolling(days) => write!(f, "rolling_days = {days}"),
            Self::FirstEntry(period) => write!(f, "{period} from the first entry"),
            other => f.write_str(other.name()),
        }
    }
}

impl StayLimit {
    pub fn allowance(&self, reading: Reading) -> Allowance {
        match (&self.other_reading, reading) {
            (Some(other), Reading::Other) => other.allowance,
            _ => self.allowance,
        }
    }

    pub const fn window(&self) -> Window {
        self.allowance.window
    }

    /// Whether stays entered on this day are counted.
    pub fn counts_entry(&self, entry: Day) -> bool {
        self.counts_from.is_none_or(|from| entry >= from)
    }

    /// Whether days under this kind of permit are counted.
    pub const fn counts_under(&self, permit: u8) -> bool {
        self.not_counted >> permit & 1 == 0
    }
}

/// A window as written; its length must be positive.
fn window(checker: &mut Checker<'_>, field: &Field<Window>, table: Span) -> Window {
    let window = checker.value(field, "window", table).unwrap_or(Window::PerEntry);
    let length = match window {
        Window::Rolling(days) => days,
        Window::FirstEntry(period) => period.count(),
        _ => 1,
    };
    if let (..1, Some((_, place))) = (length, field.place()) {
        checker.report(Fault::new(Code::OutOfRange, place).with("found", length));
    }
    window
}

impl RuleKind for StayLimit {
    type Written = written::StayLimit;
    const KIND: Kind = Kind::StayLimit;
    const NEEDED: Needed = Needed::ByEverybody;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        let window = self::window(checker, &version.window, span);
        let max_days = if window == Window::Permit {
            checker.refuse(&version.max_days, "max_days");
            0
        } else {
            checker.number(&version.max_days, "max_days", span, 1)
        };
        let kinds = items(&version.not_counted);
        let not_counted =
            kinds.filter_map(|(kind, place)| checker.permit_kind(kind, place)).fold(0, |b, at| b | 1 << at);
        let counts_from = checker.day(&version.counts_from);
        let from = version.from.get().and_then(|from| Day::parse(from).ok());
        if let (Some(counts_from), Some(from), Some((_, place))) = (counts_from, from, version.counts_from.place())
            && counts_from > from
        {
            let fault = Fault::new(Code::CountsFromAfterStart, place).with("day", counts_from);
            checker.report(fault.with("from", from));
        }
        let other_reading = version.other_reading.place().map(|(other, place)| {
            let window = self::window(checker, &other.window, place);
            if let (Window::Permit, Some((_, place))) = (window, other.window.place()) {
                checker.report(Fault::new(Code::NotForThisKind, place).with("key", "permit"));
            }
            let max_days = checker.number(&other.max_days, "max_days", place, 1);
            let standing = checker.value(&other.standing, "standing", place).unwrap_or(Standing::Inferred);
            checker.required_items(&other.cite, "cite", place);
            let verified = checker.day(&version.verified).unwrap_or(Day::FIRST);
            let cites = checker.cites(&other.cite, verified, standing).into();
            OtherReading { allowance: Allowance { window, max_days }, standing, cites }
        });
        Self { allowance: Allowance { window, max_days }, other_reading, counts_from, not_counted }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let Allowance { window, max_days } = self.allowance;
        let mut keys = vec![("window", window.to_string())];
        if window != Window::Permit {
            keys.push(("max_days", max_days.to_string()));
        }
        keys.extend(self.other_reading.as_ref().map(|other| {
            let Allowance { window, max_days } = other.allowance;
            ("other_reading", format!("{max_days} days, {window}"))
        }));
        keys.extend(self.counts_from.map(|day| ("counts_from", day.to_string())));
        if self.not_counted != 0 {
            let kinds = book.vocabulary.permits.iter().enumerate();
            let not_counted = kinds.filter(|(at, _)| self.not_counted >> at & 1 == 1).map(|(_, kind)| &kind.id);
            keys.push(("not_counted", listed(not_counted)));
        }
        keys
    }

    fn competes(&self, other: &Self) -> bool {
        self.allowance.window.name() == other.allowance.window.name()
    }
}
