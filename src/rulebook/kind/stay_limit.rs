//! How many days one may stay.

use schemars::{JsonSchema, Schema, json_schema};
use serde::Deserialize;

use super::{Checker, Countries, Day, Keys, Kind, Needed, RuleBook, RuleKind, Span, VersionOf, listed};
use crate::rulebook::written::{items, written_rules};
use crate::source::{Code, Fault};
use crate::tree::schema::conditional;

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct StayLimit {
    pub window: Window,
    /// Most days of presence, both ends included; 0 for a stay that ends with its permit.
    pub max_days: i32,
    /// Only stays entered from this day on are counted.
    pub counts_from: Option<Day>,
    /// Kinds of permit whose days are not counted, as bits.
    pub not_counted: u64,
}

/// How the days of a limit are counted: from each entry anew, in every run of so many days, in every calendar year, or
/// as long as the permit is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake, Deserialize, JsonSchema)]
#[databake(path = trp_check::rulebook)]
#[schemars(inline)]
pub enum Window {
    #[serde(rename = "per-entry")]
    PerEntry,
    #[serde(rename = "rolling_days")]
    Rolling(#[schemars(range(min = 1))] i32),
    #[serde(rename = "calendar-year")]
    CalendarYear,
    #[serde(rename = "permit")]
    Permit,
}

written_rules! {
    /// How many days one may stay.
    StayLimit {}
    #[schemars(transform = days_unless_permit)]
    StayLimitVersion {
        /// In which window days are counted: each entry, `{ rolling_days = 180 }`, the calendar year, or as long as
        /// the permit lasts.
        window: Field<Window> [needed],
        /// The most days in the window; not with `permit`, where the stay ends with the permit.
        max_days: Field<i32> [positive],
        /// Only stays entered from this day on are counted.
        counts_from: Field<String> [day],
        /// Kinds of permits whose days are not counted.
        not_counted: Fields<String>,
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

impl RuleKind for StayLimit {
    type Written = written::StayLimit;
    const KIND: Kind = Kind::StayLimit;
    const NEEDED: Needed = Needed::ByEverybody;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        let window = checker.value(&version.window, "window", span).unwrap_or(Window::PerEntry);
        if let (Window::Rolling(days @ ..1), Some((_, place))) = (window, version.window.place()) {
            checker.report(Fault::new(Code::OutOfRange, place).with("found", days));
        }
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
        Self { window, max_days, counts_from, not_counted }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let window = match self.window {
            Window::Rolling(days) => format!("rolling_days = {days}"),
            other => other.name().to_owned(),
        };
        let mut keys = vec![("window", window)];
        if self.window != Window::Permit {
            keys.push(("max_days", self.max_days.to_string()));
        }
        keys.extend(self.counts_from.map(|day| ("counts_from", day.to_string())));
        if self.not_counted != 0 {
            let kinds = book.vocabulary.permits.iter().enumerate();
            let not_counted = kinds.filter(|(at, _)| self.not_counted >> at & 1 == 1).map(|(_, kind)| &kind.id);
            keys.push(("not_counted", listed(not_counted)));
        }
        keys
    }

    fn competes(&self, other: &Self) -> bool {
        self.window.name() == other.window.name()
    }
}
