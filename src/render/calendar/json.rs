//! Where a term ends, and the days of a year that differ from the plain week, as JSON.

use super::{months, numbered, reason, special_reason};
use crate::assessment::{CountedDay, TermAnswer, TermEnd, YearAnswer};
use crate::calendar::{Day, DayKind, SpecialDay};
use crate::render::Words;
use crate::render::json::text::pretty_text;
use crate::render::json::{CiteView, RulesView, cites, views};
use crate::rulebook::{Cite, Term};

const NOT_COVERED: &str = "not-covered";

pub fn term_json(answer: &TermAnswer<'_>, is_strict: bool, words: &Words<'_>) -> String {
    pretty_text(&TermView::new(answer, answer.end.as_ref().ok(), is_strict, words))
}

pub fn year_json(answer: &YearAnswer<'_>, words: &Words<'_>) -> String {
    pretty_text(&YearView::new(answer, words))
}

views! {
    TermView<'a>(answer: &'a TermAnswer<'a>, end: Option<&'a TermEnd<'a>>, is_strict: bool, words: &Words<'a>) {
        schema: &'static str = "trp-check/calendar-term/1",
        rules: RulesView<'a> = RulesView::new(answer.rules),
        status: &'static str = match end {
            None => NOT_COVERED,
            Some(end) if is_strict && end.is_weak => "unknown",
            Some(_) => "ok",
        },
        unit: &'static str = match answer.term {
            Term::WorkingDays(_) => "working-days",
            Term::CalendarDays(_) => "calendar-days",
            Term::DayNumber(_) => "day-number",
            Term::Hours(_) => "hours",
        },
        number: i64 = match answer.term {
            Term::WorkingDays(number) | Term::Hours(number) => number.into(),
            Term::CalendarDays(number) | Term::DayNumber(number) => number.into(),
        },
        from: Day = answer.from,
        due: Option<Day> = end.map(|end| end.due),
        weekday: Option<String> = end.map(|end| weekday(end.due, words)),
        safe: Option<Day> = end.and_then(|end| end.safe),
        is_working_day: Option<bool> = end.and_then(|end| end.last).map(|last| last.is_worked),
        year_not_covered: Option<i32> = answer.end.as_ref().err().map(|year| year.0),
        covered: Option<CoveredView> = answer.covered.map(CoveredView::new),
        days: Vec<DayView<'a>> = end
            .into_iter()
            .flat_map(|end| numbered(&end.days))
            .map(|(day, number)| DayView::new(day, number, words))
            .collect(),
        estimated: Vec<EstimatedView<'a>> =
            end.into_iter().flat_map(|end| end.estimated.iter().copied()).map(EstimatedView::new).collect(),
        cite: Vec<CiteView<'a>> = cites(end.into_iter().flat_map(|end| end.cites.iter().copied()), words),
    }

    CoveredView(years: (i32, i32)) {
        first: i32 = years.0,
        last: i32 = years.1,
    }

    DayView<'a>(day: &CountedDay<'a>, number: Option<u32>, words: &Words<'_>) {
        on: Day = day.on,
        weekday: String = weekday(day.on, words),
        /// Of the working day, from 1.
        number: Option<u32> = number,
        kind: Option<&'static str> = match day.special {
            Some(special) => Some(special.kind.name()),
            None => (!day.is_worked).then_some(DayKind::Weekend.name()),
        },
        name: Option<&'a str> = day.special.and_then(name_of),
        text: String = reason(day, words),
    }

    EstimatedView<'a>(special: &'a SpecialDay) {
        on: Day = special.on,
        name: &'a str = name_of(special).unwrap_or_default(),
        by_days: i32 = special.estimated_by_days,
    }

    YearView<'a>(answer: &'a YearAnswer<'a>, words: &Words<'a>) {
        schema: &'static str = "trp-check/calendar-year/1",
        rules: RulesView<'a> = RulesView::new(answer.rules),
        status: &'static str = if answer.days.is_some() { "ok" } else { NOT_COVERED },
        year: i32 = answer.year,
        covered: Option<CoveredView> = answer.covered.map(CoveredView::new),
        working_days: Option<i32> = answer.days.as_ref().map(|days| days.worked_by_month.iter().sum()),
        months: Vec<MonthView> = answer
            .days
            .iter()
            .flat_map(months)
            .map(|(month, worked)| MonthView::new(answer.year, &month, worked))
            .collect(),
        days: Vec<SpecialView<'a>> = answer
            .days
            .iter()
            .flat_map(|days| &days.special)
            .map(|(special, cites)| SpecialView::new(special, cites, words))
            .collect(),
        verified: Option<Day> = answer.days.as_ref().map(|days| days.law.verified),
        standing: Option<&'static str> = answer.days.as_ref().map(|days| days.law.standing.name()),
        cite: Vec<CiteView<'a>> = cites(answer.days.iter().flat_map(|days| days.cites), words),
    }

    MonthView(year: i32, month: &str, working_days: i32) {
        month: String = format!("{year}-{month}"),
        working_days: i32 = working_days,
    }

    SpecialView<'a>(special: &'a SpecialDay, of_day: &'a [Cite], words: &Words<'a>) {
        on: Day = special.on,
        weekday: String = weekday(special.on, words),
        kind: &'static str = special.kind.name(),
        is_working_day: bool = special.kind == DayKind::Worked,
        name: Option<&'a str> = name_of(special),
        text: String = special_reason(special, "calendar.", words),
        instead_of: Option<Day> = special.instead_of,
        estimated_by_days: i32 = special.estimated_by_days,
        /// Of that day alone; where it is empty, that of the year stands for it.
        cite: Vec<CiteView<'a>> = cites(of_day, words),
    }
}

fn weekday(day: Day, words: &Words<'_>) -> String {
    words.of("weekday", &day.weekday().num_days_from_monday().to_string()).to_owned()
}

/// The id of a holiday, from its text key; `None` for days moved by decree.
fn name_of(special: &SpecialDay) -> Option<&str> {
    special.name.split_once('.').map(|(_, name)| name)
}
