//! Nouns: the words that the rule language itself knows. Those of rules and profiles are the pack's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident $(($content:ty))?,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
        #[serde(rename_all = "kebab-case")]
        #[schemars(inline)]
        #[allow(missing_docs)]
        pub enum $name { $($variant $(($content))?,)* })*
    };
}

words! {
    /// `standing`.
    Standing { Law, Official, Secondary, Article, Inferred, }
    /// `level`.
    Level { Info, Warning, }
    /// An item of `weekend`.
    Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, }
    /// `status` of `[[uncovered]]`.
    UncoveredStatus { VisaRequired, NotCovered, }
    /// `applies` of `[[uncovered]]`.
    UncoveredScope { Always, PastLastDay, Everything, }
    /// `who`.
    Who { Host, Person, Owner, Employer, }
    /// `kind` of `[[duty]]`.
    DeadlineKind { Duty, Limit, Advice, }
    /// An item of `capped_by`.
    Cap { Contract, TravelDocument, }
    /// `event`.
    Event { Entry, Arrival, Move, Submission, EmployerChange, Birthday(u32), }
    /// `done_by`.
    DoneBy { Notified, Registered, Permit(String), Document(String), }
}

/// `window`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[schemars(inline)]
#[allow(missing_docs)]
pub enum Window {
    #[serde(rename = "per-entry")]
    PerEntry,
    #[serde(rename = "rolling_days")]
    RollingDays(#[schemars(range(min = 1))] i32),
    #[serde(rename = "calendar-year")]
    CalendarYear,
    #[serde(rename = "permit")]
    Permit,
}

/// `term`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs)]
pub enum Term {
    WorkingDays(u32),
    CalendarDays(i32),
    DayNumber(i32),
    Hours(u32),
}
