//! What the calendar of a pack answers by itself: where a term ends, and which days of a year
//! differ from the plain week.

use super::RulesId;
use crate::calendar::{Day, SpecialDay, YearNotCovered};
use crate::rulebook::{Cite, Head, Term};

#[derive(Clone, Debug)]
pub struct TermAnswer<'r> {
    pub rules: RulesId<'r>,
    pub term: Term,
    pub from: Day,
    /// The first and the last year of the calendar.
    pub covered: Option<(i32, i32)>,
    /// The end; for terms in working days that reach into a year without a calendar, that year.
    pub end: Result<TermEnd<'r>, YearNotCovered>,
}

#[derive(Clone, Debug)]
pub struct TermEnd<'r> {
    pub due: Day,
    /// The same when the day of the event counts as the first, for terms in working days.
    pub safe: Option<Day>,
    /// The days after the event up to the last one, for terms in working days.
    pub days: Vec<CountedDay<'r>>,
    /// The last day; `None` where the calendar does not cover its year.
    pub last: Option<CountedDay<'r>>,
    /// The days off close by that may still move, for terms in working days.
    pub estimated: Vec<&'r SpecialDay>,
    /// The calendars that were used: one for each year.
    pub law: Vec<&'r Head>,
    pub cites: Vec<&'r Cite>,
    /// Whether it rests on what is estimated, inferred, or verified too long ago.
    pub is_weak: bool,
}

/// A day that was looked at while counting.
#[derive(Clone, Copy, Debug)]
pub struct CountedDay<'r> {
    pub on: Day,
    pub is_worked: bool,
    /// `None` for a plain day of the week.
    pub special: Option<&'r SpecialDay>,
}

#[derive(Clone, Debug)]
pub struct YearAnswer<'r> {
    pub rules: RulesId<'r>,
    pub year: i32,
    /// The first and the last year of the calendar.
    pub covered: Option<(i32, i32)>,
    /// `None` where the calendar does not cover the year.
    pub days: Option<YearDays<'r>>,
}

#[derive(Clone, Debug)]
pub struct YearDays<'r> {
    /// The days, in order, each with the citations that are of it alone.
    pub special: Vec<(&'r SpecialDay, &'r [Cite])>,
    /// How many days of each month are worked.
    pub worked_by_month: Vec<i32>,
    pub law: &'r Head,
    pub cites: &'r [Cite],
}
