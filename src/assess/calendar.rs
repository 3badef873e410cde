//! Where a term ends, and the calendar of a year, with the reason for each day that differs from the plain week.

use super::is_weak;
use crate::assessment::{CountedDay, RulesId, TermAnswer, TermEnd, YearAnswer, YearDays};
use crate::calendar::{Day, DayRange, SpecialDay, YearNotCovered};
use crate::rulebook::{Cite, Head, RuleBook, Term};

/// Where a term after the day of an event ends. Terms in calendar days need no calendar.
pub fn term(book: &RuleBook, from: Day, term: Term, today: Day) -> TermAnswer<'_> {
    let end = match term {
        Term::WorkingDays(days) => working_days(book, from, days, today),
        Term::CalendarDays(days) => Ok(plain_days(book, from.plus(days))),
        Term::DayNumber(number) => Ok(plain_days(book, from.plus(number - 1))),
        // Without a time of day, whole days; a part of a day is over on the next one.
        Term::Hours(hours) => {
            let days = chrono::TimeDelta::hours(i64::from(hours) + 23).num_days();
            Ok(plain_days(book, from.plus(i32::try_from(days).unwrap_or(i32::MAX))))
        }
    };
    TermAnswer { rules: RulesId::of(book), term, from, covered: covered(book), end }
}

pub(super) fn covered(book: &RuleBook) -> Option<(i32, i32)> {
    let years = &book.calendar.years;
    years.first().zip(years.last()).map(|(first, last)| (first.year, last.year))
}

fn working_days(book: &RuleBook, from: Day, days: u32, today: Day) -> Result<TermEnd<'_>, YearNotCovered> {
    let calendar = &book.calendar;
    let due = calendar.working_days_after(from, days)?;
    let looked_at = DayRange { first: from, last: due };
    let estimated: Vec<&SpecialDay> = calendar.estimated_in(looked_at).collect();
    let mut counted = Vec::new();
    for at in 1..looked_at.days() {
        counted.push(counted_day(book, from.plus(at))?);
    }
    let law: Vec<(i32, &Head)> =
        (from.year()..=due.year()).filter_map(|year| Some((year, law_of(book, year)?))).collect();
    let mut cites: Vec<&Cite> = Vec::new();
    let of_years = law.iter().flat_map(|(year, head)| own_cites(book, *year, head));
    let of_days = counted.iter().filter_map(|day: &CountedDay<'_>| day.special);
    for cite in of_years.chain(of_days.flat_map(|special| cites_of(book, special))) {
        if !cites.iter().any(|known| known.source == cite.source && known.at == cite.at) {
            cites.push(cite);
        }
    }
    Ok(TermEnd {
        safe: Some(calendar.working_days_from(from, days)?),
        days: counted,
        is_weak: !estimated.is_empty() || law.iter().any(|(_, head)| is_weak(book, head, today)),
        estimated,
        law: law.into_iter().map(|(_, head)| head).collect(),
        cites,
        ..plain_days(book, due)
    })
}

fn plain_days(book: &RuleBook, due: Day) -> TermEnd<'_> {
    TermEnd {
        due,
        safe: None,
        days: Vec::new(),
        last: counted_day(book, due).ok(),
        estimated: Vec::new(),
        law: Vec::new(),
        cites: Vec::new(),
        is_weak: false,
    }
}

fn counted_day(book: &RuleBook, on: Day) -> Result<CountedDay<'_>, YearNotCovered> {
    let special = book.calendar.special(on)?;
    Ok(CountedDay { on, is_worked: book.calendar.is_working_day(on)?, special })
}

pub fn year(book: &RuleBook, year: i32) -> YearAnswer<'_> {
    YearAnswer { rules: RulesId::of(book), year, covered: covered(book), days: days_of(book, year) }
}

fn days_of(book: &RuleBook, year: i32) -> Option<YearDays<'_>> {
    let law = law_of(book, year)?;
    let calendar = book.calendar.years.iter().find(|known| known.year == year)?;
    let starts = (1..).map_while(|month| Day::from_ymd(year, month, 1));
    let worked_by_month = starts
        .map(|first| DayRange { first, last: first.plus_months(1).plus(-1) })
        .map_while(|month| book.calendar.working_days_in(month).ok())
        .collect();
    let special = calendar.days.iter().map(|special| (special, cites_of(book, special))).collect();
    Some(YearDays { special, worked_by_month, law, cites: own_cites(book, year, law) })
}

fn law_of(book: &RuleBook, year: i32) -> Option<&Head> {
    let at = book.calendar.years.iter().position(|known| known.year == year)?;
    book.calendar_law.get(at)
}

/// The citations that are of one day alone.
fn cites_of<'r>(book: &'r RuleBook, special: &SpecialDay) -> &'r [Cite] {
    let (first, end) = special.cites;
    let law = law_of(book, special.on.year());
    law.and_then(|head| head.cites.get(usize::from(first)..usize::from(end))).unwrap_or_default()
}

/// The citations of a whole year: those before the first that is of one day alone.
fn own_cites<'r>(book: &'r RuleBook, year: i32, law: &'r Head) -> &'r [Cite] {
    let calendar = book.calendar.years.iter().filter(|known| known.year == year);
    let of_days = calendar.flat_map(|known| known.days.iter()).filter(|day| day.cites.0 < day.cites.1);
    let end = of_days.map(|day| usize::from(day.cites.0)).min().unwrap_or(law.cites.len());
    law.cites.get(..end).unwrap_or_default()
}
