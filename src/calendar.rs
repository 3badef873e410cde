//! Plain days, ranges of days, and the calendar of working days.
//!
//! All counting is in whole calendar days without clock or zone. Both ends of a range belong to it.

mod working;

pub use working::*;

use std::fmt;

use chrono::{Datelike, Months, NaiveDate, Weekday};
use smallvec::SmallVec;

/// A plain calendar day, counted in days from 0001-01-01 (which is day 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub struct Day(pub i32);

/// Why a text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFault {
    /// Not of the form `YYYY-MM-DD` to the letter.
    Form,
    /// Of that form, but the month has no such day (or the year no such month).
    NoSuchDay,
}

impl Day {
    /// The first day that profiles and rules may name.
    pub const FIRST: Self = Self(730_120);
    /// The last day that profiles and rules may name.
    pub const LAST: Self = Self(767_009);
    /// The first day of birth that profiles may name.
    pub const FIRST_BIRTH: Self = Self(693_596);

    /// The day of this year (from 1 to 9999), month and day of month in the Gregorian calendar; `None` where there is none.
    #[inline]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        /// Days of the year before each month and after the last one, in a common year and in a leap year.
        const BEFORE: [[i32; 13]; 2] = [
            [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365],
            [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366],
        ];
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        let is_leap = year % 4 == 0 && (year % 25 != 0 || year % 16 == 0);
        let (before, month) = (&BEFORE[usize::from(is_leap)], month as usize);
        let (first, end) = (before[month - 1], before[month]);
        let (years, centuries) = (year - 1, (year - 1) / 100);
        let days_before = 365 * years + years / 4 - centuries + centuries / 4 + first;
        (day >= 1 && day <= (end - first).cast_unsigned()).then(|| Self(days_before.wrapping_add_unsigned(day)))
    }

    /// Reads exactly `YYYY-MM-DD`: four, two and two digits, nothing before or after.
    pub fn parse(text: &str) -> Result<Self, DayFault> {
        text.as_bytes().try_into().map_err(|_| DayFault::Form).and_then(Self::from_letters)
    }

    /// The day that a text in another form can only mean, to be suggested and never to be taken: year, month and day
    /// with `.`, `/`, `-` or a blank between them, or the other way round. Of `3/4/2026` nobody knows; with dots the
    /// day comes first wherever they are used.
    pub fn meant(text: &str) -> Option<Self> {
        let separator = text.trim().find(|letter: char| !letter.is_ascii_digit())?;
        let separator =
            text.trim()[separator..].chars().next().filter(|letter| ['.', '/', '-', ' '].contains(letter))?;
        let mut numbers = text.trim().splitn(3, separator).map(|number| {
            let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|letter| letter.is_ascii_digit());
            Some((number.len(), number.parse().ok().filter(|_| is_number)?))
        });
        let [(first_digits, first), (_, second), (last_digits, last)]: [(usize, u32); 3] =
            [numbers.next()??, numbers.next()??, numbers.next()??];
        let of = |year: u32, month, day| Self::from_ymd(i32::try_from(year).ok()?, month, day);
        match (first_digits, last_digits) {
            (4, 1 | 2) => of(first, second, last),
            (1 | 2, 4) => {
                let day_first = of(last, second, first);
                let month_first = of(last, first, second).filter(|_| separator != '.');
                if day_first.is_some() && month_first.is_some() && day_first != month_first {
                    return None;
                }
                day_first.or(month_first)
            }
            _ => None,
        }
    }

    /// [`Day::parse`] for ten letters.
    #[inline]
    pub fn from_letters(letters: &[u8; 10]) -> Result<Self, DayFault> {
        /// One in each byte.
        const EACH: u64 = 0x0101_0101_0101_0101;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *letters else { return Err(DayFault::Form) };
        // A byte for each digit, all of them handled at once: lists are mostly days.
        let digits = u64::from_le_bytes([y1, y2, y3, y4, m1, m2, d1, d2]) ^ (EACH * 0x30);
        if (digits | digits.wrapping_add(EACH * 0x76)) & (EACH * 0x80) != 0 {
            return Err(DayFault::Form);
        }
        let [century, _, year, _, month, _, day, _] = (digits * 10 + (digits >> 8)).to_le_bytes().map(u32::from);
        let year = (century * 100 + year).cast_signed();
        Self::from_ymd(year, month, day).ok_or(DayFault::NoSuchDay)
    }

    /// The day so many seconds after the beginning of 1970 (UTC), in a zone so many hours ahead of UTC; `None` outside
    /// the days that are answered for.
    pub fn of_unix_time(seconds: u64, utc_offset_hours: i32) -> Option<Self> {
        let utc = chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
        let local = utc.checked_add_signed(chrono::TimeDelta::hours(utc_offset_hours.into()))?;
        let day = Self::from(local.date_naive());
        (Self::FIRST..=Self::LAST).contains(&day).then_some(day)
    }

    /// The same day for chrono.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0).unwrap_or(NaiveDate::MAX)
    }

    /// Year, month and day of month: [`Day::from_ymd`] turned round.
    pub fn ymd(self) -> (i32, u32, u32) {
        const DAYS_OF_400_YEARS: u32 = 146_097;
        const DAYS_OF_4_YEARS: u32 = 1_461;
        let Some(days) = u32::try_from(self.0).ok().filter(|day| (1..=3_652_059).contains(day)) else {
            let date = self.date();
            return (date.year(), date.month(), date.day());
        };
        // Days since the March before the year 1; quarters of days make every year, and every century, equally long.
        let quarters = 4 * (days + 305) + 3;
        let centuries = quarters / DAYS_OF_400_YEARS;
        let quarters = (quarters % DAYS_OF_400_YEARS) | 3;
        let years = quarters / DAYS_OF_4_YEARS;
        let of_the_year = quarters % DAYS_OF_4_YEARS / 4;
        let months = (5 * of_the_year + 2) / 153;
        let day = of_the_year - (153 * months + 2) / 5 + 1;
        let is_next_year = months >= 10;
        let year = 100 * centuries + years + u32::from(is_next_year);
        (year.cast_signed(), if is_next_year { months - 9 } else { months + 3 }, day)
    }

    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// From 1 to 12.
    pub fn month(self) -> u32 {
        self.ymd().1
    }

    pub fn weekday(self) -> Weekday {
        const WEEK: [Weekday; 7] =
            [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        WEEK[usize::from(self.weekday_index())]
    }

    /// Days since the last Monday: 0 for a Monday, 6 for a Sunday.
    fn weekday_index(self) -> u8 {
        (self.0 - 1).rem_euclid(7).unsigned_abs().try_into().unwrap_or(0)
    }

    /// The day so many calendar days later (earlier when negative).
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Calendar days from `earlier` to this day; 0 for the same day, negative when this day comes first.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same day of the month so many months later; the last day of that month where it has no such day.
    pub fn plus_months(self, months: u32) -> Self {
        self.date().checked_add_months(Months::new(months)).map_or(self, Self::from)
    }

    /// The day on which somebody born on this day completes so many years: the birthday; 1 March for
    /// those born on 29 February in years without one.
    pub fn birthday(self, years: u32) -> Self {
        let born = self.date();
        let year = born.year().saturating_add_unsigned(years);
        Self::from_ymd(year, born.month(), born.day()).or_else(|| Self::from_ymd(year, 3, 1)).unwrap_or(self)
    }

    /// A day on which somebody born on this day has certainly completed so many years: the birthday, or some
    /// days after it; quicker to find.
    pub fn past_birthday(self, years: u32) -> Self {
        const LONGEST_YEAR: i32 = 366;
        self.plus(i32::try_from(years).map_or(i32::MAX, |years| years.saturating_mul(LONGEST_YEAR)))
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce())
    }
}

/// A day as its ten letters, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug)]
pub struct DayText([u8; 10]);

impl DayText {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

impl Day {
    /// The day as text, without allocating.
    pub fn text(self) -> DayText {
        let (year, month, day) = self.ymd();
        let year = year.unsigned_abs();
        let [[y1, y2], [y3, y4], [m1, m2], [d1, d2]] = [year / 100, year, month, day]
            .map(|number| [number / 10 % 10, number % 10].map(|digit| b'0' + u8::try_from(digit).unwrap_or_default()));
        DayText([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2])
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text().as_str())
    }
}

/// A run of days; both ends belong to it. Empty where `last` comes before `first`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub struct DayRange {
    pub first: Day,
    pub last: Day,
}

impl DayRange {
    pub fn days(self) -> i32 {
        (self.last.days_since(self.first) + 1).max(0)
    }

    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    pub fn iter(self) -> impl DoubleEndedIterator<Item = Day> {
        (self.first.0..=self.last.0).map(Day)
    }

    /// The days that both runs have.
    pub fn overlap(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }
}

/// Most people have no more runs of days that a limit looks back to.
const USUAL_RUNS: usize = 6;

/// A set of days, kept as sorted runs that neither touch nor overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaySet {
    runs: SmallVec<[DayRange; USUAL_RUNS]>,
}

impl DaySet {
    /// Adds a run that does not begin before any run added so far; days that are already there count once.
    pub fn push(&mut self, run: DayRange) {
        if run.days() == 0 {
            return;
        }
        match self.runs.last_mut() {
            Some(last) if run.first <= last.last.plus(1) => last.last = last.last.max(run.last),
            _ => self.runs.push(run),
        }
    }

    /// How many days of the set lie in the window.
    pub fn count_in(&self, window: DayRange) -> i32 {
        self.from(window.first)
            .iter()
            .take_while(|run| run.first <= window.last)
            .map(|run| run.overlap(window).days())
            .sum()
    }

    pub fn contains(&self, day: Day) -> bool {
        self.count_in(DayRange { first: day, last: day }) > 0
    }

    /// The runs that do not end before the day.
    pub fn from(&self, day: Day) -> &[DayRange] {
        &self.runs[self.runs.partition_point(|run| run.last < day)..]
    }
}
