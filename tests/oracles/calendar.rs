//! Working days and the reading of days: every day of the covered years against a list of days off
//! written by hand from the sources, and a loop that counts one day at a time.

use chrono::{Datelike, NaiveDate, Weekday};
use trp_check::calendar::{Day, DayFault, WorkingCalendar, YearNotCovered};
use trp_check::embedded::RULES;

/// A month, and days of it.
type MonthDays = (u32, &'static [u32]);

/// Weekdays that are not worked, by year.
const OFF: [(i32, &[MonthDays]); 6] = [
    (
        2022,
        &[
            (1, &[3, 4, 7]),
            (3, &[7, 8, 21, 22, 23]),
            (5, &[2, 9, 10]),
            (7, &[6]),
            (8, &[29, 30]),
            (10, &[24, 25]),
            (12, &[16]),
        ],
    ),
    (
        2023,
        &[
            (1, &[2, 3]),
            (3, &[8, 21, 22, 23]),
            (5, &[1, 8, 9]),
            (6, &[28]),
            (7, &[6, 7]),
            (8, &[30]),
            (10, &[25]),
            (12, &[18]),
        ],
    ),
    (2024, &[(1, &[1, 2]), (3, &[8, 21, 22, 25]), (5, &[1, 7, 8, 9]), (7, &[8]), (8, &[30]), (10, &[25]), (12, &[16])]),
    (
        2025,
        &[
            (1, &[1, 2, 3, 7]),
            (3, &[10, 21, 24, 25]),
            (5, &[1, 7, 9]),
            (6, &[6]),
            (7, &[7]),
            (9, &[1]),
            (10, &[27]),
            (12, &[16]),
        ],
    ),
    (2026, &[(1, &[1, 2, 7]), (3, &[9, 23, 24, 25]), (5, &[1, 7, 11, 27]), (7, &[6]), (10, &[26]), (12, &[16])]),
    (2027, &[(1, &[1, 4, 7]), (3, &[8, 15, 22, 23, 24]), (5, &[3, 7, 10]), (7, &[6]), (10, &[25]), (12, &[16])]),
];

/// Days of the weekend that are worked.
const WORKED: [(i32, u32, u32); 6] =
    [(2022, 3, 5), (2022, 8, 27), (2022, 10, 22), (2023, 7, 1), (2024, 5, 4), (2025, 1, 5)];

/// Longest term that is tried, in working days.
const LONGEST: u32 = 15;

fn calendar() -> &'static WorkingCalendar {
    &RULES.calendar
}

fn day(year: i32, month: u32, day_of_month: u32) -> Day {
    Day::from_ymd(year, month, day_of_month).expect("a day")
}

/// Whether the day is worked, by the lists above; the year where they say nothing.
fn is_worked(on: Day) -> Result<bool, i32> {
    let date = on.date();
    let (_, off) = OFF.iter().find(|(year, _)| *year == date.year()).ok_or(date.year())?;
    if WORKED.contains(&(date.year(), date.month(), date.day())) {
        return Ok(true);
    }
    let is_off = off.iter().any(|(month, days)| *month == date.month() && days.contains(&date.day()));
    Ok(!is_off && !matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
}

/// The `n`-th working day from `first` on, and the days before it that are not worked.
fn nth_from(first: Day, n: u32) -> Result<(Day, Vec<Day>), i32> {
    let mut skipped = Vec::new();
    let mut seen = 0;
    let mut on = first;
    loop {
        if is_worked(on)? {
            seen += 1;
            if seen == n {
                return Ok((on, skipped));
            }
        } else {
            skipped.push(on);
        }
        on = on.plus(1);
    }
}

fn covered_days() -> impl Iterator<Item = Day> {
    (day(2022, 1, 1).0..=day(2027, 12, 31).0).map(Day)
}

/// The hand-written lists hold weekdays and weekends only where they say so.
#[test]
fn the_lists_of_this_test_are_of_the_days_they_say() {
    for (year, months) in OFF {
        for (month, days) in months {
            for of_month in *days {
                let date = day(year, *month, *of_month).date();
                assert!(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date} is no weekday");
            }
        }
    }
    for (year, month, of_month) in WORKED {
        let date = day(year, month, of_month).date();
        assert!(matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date} is no weekend");
    }
}

/// Every day of the covered years is worked, or not, as the sources say.
#[test]
fn every_day_is_worked_or_not_as_the_sources_say() {
    for on in covered_days() {
        assert_eq!(calendar().is_working_day(on), is_worked(on).map_err(YearNotCovered), "{on}");
    }
}

/// A term of working days after any day ends where a loop over the days ends, and names every day it
/// passes over that is not worked; where it would need a year that is not known, it says so.
#[test]
fn terms_of_working_days_end_where_counting_ends() {
    for event in covered_days() {
        for n in 0..=LONGEST {
            let counted = if n == 0 { Ok((event, Vec::new())) } else { nth_from(event.plus(1), n) };
            let told = calendar().working_days_after(event, n).and_then(|last| {
                let off = calendar().days_off_after(event, last)?;
                Ok((last, off.iter().map(|off| off.on).collect()))
            });
            assert_eq!(told, counted.map_err(YearNotCovered), "{n} working days after {event}");
        }
    }
}

/// The safe reading, by which the day of the event is the first day where it is worked.
#[test]
fn the_safe_reading_counts_the_day_of_the_event_if_it_is_worked() {
    for event in covered_days() {
        for n in 1..=LONGEST {
            let counted = nth_from(event, n).map(|(on, _)| on);
            assert_eq!(calendar().working_days_from(event, n), counted.map_err(YearNotCovered), "{n} from {event}");
        }
        assert_eq!(calendar().working_days_from(event, 0), Ok(event));
    }
}

/// The last day to start is the last working day from which so many working days do not pass the limit.
#[test]
fn the_last_day_to_start_is_the_last_that_leaves_enough_working_days() {
    for limit in covered_days() {
        for n in 0..=LONGEST {
            let (mut start, mut left_after) = (limit, 0);
            let counted = loop {
                match is_worked(start) {
                    Err(year) => break Err(YearNotCovered(year)),
                    Ok(true) if left_after >= n => break Ok(start),
                    Ok(true) => left_after += 1,
                    Ok(false) => {}
                }
                start = start.plus(-1);
            };
            let told = calendar().last_start(limit, n);
            assert_eq!(told, counted, "{n} working days before {limit} is over");
            if let Ok(start) = told {
                assert!(n == 0 || calendar().working_days_after(start, n).is_ok_and(|last| last <= limit));
            }
        }
    }
}

/// Nothing is guessed for a year that the calendar does not know.
#[test]
fn a_year_that_is_not_covered_is_said() {
    for year in [2000, 2021, 2028, 2100] {
        for (month, of_month) in [(1, 1), (1, 2), (6, 15), (12, 31)] {
            let on = day(year, month, of_month);
            assert_eq!(calendar().is_working_day(on), Err(YearNotCovered(year)));
            assert_eq!(calendar().why_off(on), Err(YearNotCovered(year)));
            assert_eq!(calendar().working_days_from(on, 1), Err(YearNotCovered(year)));
            assert_eq!(calendar().last_start(on, 1), Err(YearNotCovered(year)));
            if on.plus(1).year() != 2022 {
                assert!(calendar().working_days_after(on, 1).is_err(), "{on}");
            }
        }
    }
    assert_eq!(calendar().working_days_after(day(2027, 12, 31), 1), Err(YearNotCovered(2028)));
    assert_eq!(calendar().last_start(day(2022, 1, 4), 0), Err(YearNotCovered(2021)));
}

/// Every day of ten thousand years has the year, month and day that `chrono` gives it, those outside them, too.
#[test]
fn days_are_taken_apart_as_chrono_does_it() {
    const LAST: i32 = 3_652_059;
    for number in (-400..=LAST + 400).chain([i32::MIN, i32::MAX]) {
        let date = Day(number).date();
        assert_eq!(Day(number).ymd(), (date.year(), date.month(), date.day()), "{number}");
    }
}

/// Every day of a hundred years is read and written as the calendar of `chrono` has it.
#[test]
fn days_are_written_and_read_as_chrono_has_them() {
    let (first, last) = (NaiveDate::from_ymd_opt(2000, 1, 1), NaiveDate::from_ymd_opt(2100, 12, 31));
    let (first, last) = (first.expect("a day"), last.expect("a day"));
    assert_eq!(Day::FIRST.date(), first);
    assert_eq!(Day::LAST.date(), last);
    for date in first.iter_days().take_while(|date| *date <= last) {
        let on = Day::from(date);
        let text = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
        assert_eq!(on.to_string(), text);
        assert_eq!(Day::parse(&text), Ok(on));
        assert_eq!(Day::from_ymd(date.year(), date.month(), date.day()), Some(on));
        assert_eq!((on.date(), on.year(), on.weekday()), (date, date.year(), date.weekday()));
    }
}

/// Two digits for a month or a day are a day exactly where `chrono` knows one.
#[test]
fn days_that_do_not_exist_are_refused() {
    for year in [2000, 2023, 2024, 2100] {
        for month in 0..100 {
            for of_month in 0..100 {
                let known = NaiveDate::from_ymd_opt(year, month, of_month).map(Day::from);
                let read = Day::parse(&format!("{year:04}-{month:02}-{of_month:02}"));
                assert_eq!(read, known.ok_or(DayFault::NoSuchDay), "{year}-{month}-{of_month}");
            }
        }
    }
}

/// Anything that is not ten letters of the right kind is no day, however clear it is what was meant.
#[test]
fn any_other_form_is_refused() {
    let shapes = [
        "",
        " ",
        "2024",
        "2024-01",
        "2024-1-5",
        "2024-01-5",
        "2024-1-05",
        "12024-01-01",
        " 2024-01-05",
        "2024-01-05 ",
        "2024-01-05\n",
        "2024/01/05",
        "2024.01.05",
        "05.01.2024",
        "05-01-2024",
        "20240105",
        "2024-0105",
        "2024-01-05T00:00",
        "2024-01-05Z",
        "+2024-01-05",
        "-2024-01-05",
        "24-01-05",
        "2024-Jan-05",
        "2024-W01-5",
        "2024-005",
        "2024-+1-05",
        "2024- 1-05",
        "2024-01--5",
        "２０２４-01-05",
        "2024‑01‑05",
        "٢٠٢٤-٠١-٠٥",
        "2024-01-0५",
        "tomorrow",
        "2024-01-05\0",
    ];
    for shape in shapes {
        assert_eq!(Day::parse(shape), Err(DayFault::Form), "{shape:?}");
    }
    let good: Vec<char> = "2024-01-05".chars().collect();
    for at in 0..good.len() {
        let mut shorter = good.clone();
        shorter.remove(at);
        assert_eq!(Day::parse(&String::from_iter(shorter)), Err(DayFault::Form));
        for other in ['-', '+', ' ', '/', '.', 'O', 'l', 'x', '٥', '５', '\u{2011}', '\0'] {
            let mut changed = good.clone();
            changed[at] = other;
            if changed != good {
                assert_eq!(Day::parse(&String::from_iter(&changed)), Err(DayFault::Form), "{changed:?}");
            }
            let mut longer = good.clone();
            longer.insert(at, other);
            assert_eq!(Day::parse(&String::from_iter(&longer)), Err(DayFault::Form), "{longer:?}");
        }
        let mut digit_for_hyphen = good.clone();
        if digit_for_hyphen[at] == '-' {
            digit_for_hyphen[at] = '0';
            assert_eq!(Day::parse(&String::from_iter(&digit_for_hyphen)), Err(DayFault::Form));
        }
    }
}
