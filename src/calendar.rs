//! Ground: plain days, ranges of days, and the calendar of working days.
//!
//! All counting is in whole calendar days without clock or zone. Both ends of a range belong to it.

use std::borrow::Cow;
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

    /// The day of this year (from 1 to 9999), month and day of month in the Gregorian calendar; `None` where
    /// there is none.
    #[must_use]
    #[inline]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let month = month.wrapping_sub(1) as usize;
        let usual = Month::USUAL.get(year.wrapping_sub(Month::FIRST_USUAL_YEAR).cast_unsigned() as usize);
        let month = match usual {
            Some(months) => *months.get(month)?,
            None => Month::of_an_unusual_year(year, month)?,
        };
        let is_in_it = (1..=month.days()).contains(&day);
        is_in_it.then(|| Self(month.days_before().wrapping_add_unsigned(day)))
    }

    /// Reads exactly `YYYY-MM-DD`: four, two and two digits, nothing before or after.
    pub fn parse(text: &str) -> Result<Self, DayFault> {
        text.as_bytes().try_into().map_err(|_| DayFault::Form).and_then(Self::from_letters)
    }

    /// The day that a text in another form can only mean, to be suggested and never to be taken: year, month and day
    /// with `.`, `/`, `-` or a blank between them, or the other way round. Of `3/4/2026` nobody knows; with dots the
    /// day comes first wherever they are used.
    #[must_use]
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
        const TOP_BITS: u64 = u64::from_le_bytes([0x80; 8]);
        /// What added to a byte reaches its top bit: to more than 9 where a digit stands, to more than 0 elsewhere.
        const TOO_MUCH: u64 = {
            let (digit, other) = (0x80 - 10, 0x80 - 1);
            u64::from_le_bytes([digit, digit, digit, digit, other, digit, digit, other])
        };
        let &[y1, y2, y3, y4, dash, m1, m2, second_dash, d1, d2] = letters;
        // Eight letters at once: digits become what they say, dashes 0; whatever is more than that is no day.
        let digits = u64::from_le_bytes([y1, y2, y3, y4, dash, m1, m2, second_dash]) ^ u64::from_le_bytes(*b"0000-00-");
        let [d1, d2] = [d1, d2].map(|letter| u32::from(letter ^ b'0'));
        if (digits | (digits & !TOP_BITS).wrapping_add(TOO_MUCH)) & TOP_BITS != 0 || d1 > 9 || d2 > 9 {
            return Err(DayFault::Form);
        }
        // Each byte becomes ten times itself and the next one.
        let pairs = (digits * 10 + (digits >> u8::BITS)).to_le_bytes();
        let year = i32::from(pairs[0]) * 100 + i32::from(pairs[2]);
        Self::from_ymd(year, pairs[5].into(), d1 * 10 + d2).ok_or(DayFault::NoSuchDay)
    }

    /// The day so many seconds after the beginning of 1970 (UTC), in a zone so many hours ahead of UTC; `None` outside
    /// the days that are answered for.
    #[must_use]
    pub fn of_unix_time(seconds: u64, utc_offset_hours: i32) -> Option<Self> {
        let utc = chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
        let local = utc.checked_add_signed(chrono::TimeDelta::hours(utc_offset_hours.into()))?;
        let day = Self::from(local.date_naive());
        (Self::FIRST..=Self::LAST).contains(&day).then_some(day)
    }

    /// The same day for chrono.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0).unwrap_or(NaiveDate::MAX)
    }

    /// Year, month and day of month: [`Day::from_ymd`] turned round.
    #[must_use]
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

    /// The year of this day.
    #[must_use]
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The month of this day, from 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.ymd().1
    }

    /// The day of the week.
    #[must_use]
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
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Calendar days from `earlier` to this day; 0 for the same day, negative when this day comes first.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same day of the month so many months later; the last day of that month where it has no such day.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        self.date().checked_add_months(Months::new(months)).map_or(self, Self::from)
    }

    /// The day on which somebody born on this day completes so many years: the birthday; 1 March for
    /// those born on 29 February in years without one.
    #[must_use]
    pub fn birthday(self, years: u32) -> Self {
        let born = self.date();
        let year = born.year().saturating_add_unsigned(years);
        Self::from_ymd(year, born.month(), born.day()).or_else(|| Self::from_ymd(year, 3, 1)).unwrap_or(self)
    }

    /// A day on which somebody born on this day has certainly completed so many years: the birthday, or some
    /// days after it; quicker to find.
    #[must_use]
    pub fn past_birthday(self, years: u32) -> Self {
        const LONGEST_YEAR: i32 = 366;
        self.plus(i32::try_from(years).map_or(i32::MAX, |years| years.saturating_mul(LONGEST_YEAR)))
    }
}

/// What of a month says which day its days are: the number of the day before its first one, and in the five lowest
/// bits how many days it has.
#[derive(Clone, Copy)]
struct Month(i32);

impl Month {
    const FIRST_USUAL_YEAR: i32 = 1900;
    /// The months of the days that profiles may name, worked out beforehand: lists have millions of them.
    const USUAL: &'static [[Self; 12]; 201] = &{
        let mut years = [[Self(0); 12]; 201];
        let (mut at, mut year) = (0, Self::FIRST_USUAL_YEAR);
        while at < years.len() {
            let mut month = 0;
            while month < 12 {
                years[at][month] = Self::of(year, month);
                month += 1;
            }
            (at, year) = (at + 1, year + 1);
        }
        years
    };

    #[cold]
    fn of_an_unusual_year(year: i32, month: usize) -> Option<Self> {
        ((1..=9999).contains(&year) && month < 12).then(|| Self::of(year, month))
    }

    /// The month with this number, from 0.
    const fn of(year: i32, month: usize) -> Self {
        /// Days of the year before each month and the one after the last; in a leap year.
        const BEFORE: [[i32; 13]; 2] = [
            [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365],
            [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366],
        ];
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let before = BEFORE[is_leap as usize];
        let years = year - 1;
        let centuries = years / 100;
        let days_before = 365 * years + years / 4 - centuries + centuries / 4 + before[month];
        Self(days_before << 5 | (before[month + 1] - before[month]))
    }

    const fn days_before(self) -> i32 {
        self.0 >> 5
    }

    const fn days(self) -> u32 {
        self.0.cast_unsigned() & 0b1_1111
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
    /// The letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The letters as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

impl Day {
    /// The day as text, without allocating.
    #[must_use]
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
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
}

impl DayRange {
    /// Number of days in the run.
    #[must_use]
    pub fn days(self) -> i32 {
        (self.last.days_since(self.first) + 1).max(0)
    }

    /// Whether the day belongs to the run.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// The days, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Day> {
        (self.first.0..=self.last.0).map(Day)
    }

    /// The days that both runs have.
    #[must_use]
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
    #[must_use]
    pub fn count_in(&self, window: DayRange) -> i32 {
        self.from(window.first)
            .iter()
            .take_while(|run| run.first <= window.last)
            .map(|run| run.overlap(window).days())
            .sum()
    }

    /// The runs that do not end before the day.
    #[must_use]
    pub fn from(&self, day: Day) -> &[DayRange] {
        &self.runs[self.runs.partition_point(|run| run.last < day)..]
    }
}

/// Why a day is not worked, or is worked although it is a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub enum DayKind {
    /// An ordinary day of the weekend.
    Weekend,
    /// A public holiday.
    Holiday,
    /// The working day that is off because a holiday fell on a day off.
    Observed,
    /// A day off that is not a holiday and never moves.
    DayOff,
    /// Off because the government moved a day off here.
    MovedOff,
    /// Worked because the government moved its day off elsewhere.
    Worked,
}

impl DayKind {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weekend => "weekend",
            Self::Holiday => "holiday",
            Self::Observed => "observed",
            Self::DayOff => "day-off",
            Self::MovedOff => "moved-off",
            Self::Worked => "worked",
        }
    }
}

/// A day of the calendar that differs from its plain weekday.
#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub struct SpecialDay {
    /// The day.
    pub on: Day,
    /// What it is.
    pub kind: DayKind,
    /// Which holiday or day off: a text key; empty for days moved by decree.
    pub name: Cow<'static, str>,
    /// By how many days it may still move; 0 when it is certain.
    pub estimated_by_days: i32,
    /// The day that it stands for: of the holiday that moved here, of the day off that was moved here or
    /// away from here.
    pub instead_of: Option<Day>,
    /// Which citations of its year are of this day alone, by their place there: from the first up to, but
    /// not including, the second.
    pub cites: (u16, u16),
}

/// One year of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// Its special days, sorted by day; at most one of a day decides, the first one.
    pub days: Cow<'static, [SpecialDay]>,
    /// Its days.
    pub range: DayRange,
    /// Which of its days are worked, as bits from the first day on.
    pub worked: [u64; 6],
}

impl CalendarYear {
    /// The calendar of a year with these days of the weekend (bits from Monday on) and these special days.
    #[must_use]
    pub fn new(year: i32, weekend: u8, mut days: Vec<SpecialDay>) -> Self {
        // The first entry of a day decides: a decree can make even a holiday a working day.
        days.sort_by_key(|day| (day.on, day.kind != DayKind::Worked, day.kind == DayKind::Observed));
        let day = |month, day| Day::from_ymd(year, month, day).unwrap_or(Day::FIRST);
        let range = DayRange { first: day(1, 1), last: day(12, 31) };
        let mut worked = [0; 6];
        for (at, on) in range.iter().enumerate() {
            let special = days.iter().find(|special| special.on == on);
            let is_worked =
                special.map_or(weekend >> on.weekday_index() & 1 == 0, |special| special.kind == DayKind::Worked);
            worked[at / 64] |= u64::from(is_worked) << (at % 64);
        }
        Self { year, days: days.into(), range, worked }
    }

    /// Whether a day of this year is worked.
    fn is_worked(&self, day: Day) -> bool {
        let at = usize::try_from(day.days_since(self.range.first)).unwrap_or_default();
        self.worked.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }
}

/// Which days are worked, by year. A year that is not there is not known: nothing is guessed for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub struct WorkingCalendar {
    /// Days of the weekend, as bits from Monday (bit 0) to Sunday (bit 6).
    pub weekend: u8,
    /// The years, in order.
    pub years: Cow<'static, [CalendarYear]>,
}

/// The calendar does not cover this year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearNotCovered(pub i32);

/// A day passed over while counting working days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedDay {
    /// The day.
    pub on: Day,
    /// Why it is not worked.
    pub kind: DayKind,
    /// Which holiday: a text key; empty for weekends and moved days.
    pub name: Cow<'static, str>,
}

impl WorkingCalendar {
    fn year_of(&self, day: Day) -> Result<&CalendarYear, YearNotCovered> {
        let year = self.years.iter().find(|known| known.range.contains(day));
        year.ok_or_else(|| YearNotCovered(day.year()))
    }

    /// What the calendar says of a day that differs from its plain weekday.
    pub fn special(&self, day: Day) -> Result<Option<&SpecialDay>, YearNotCovered> {
        Ok(self.year_of(day)?.days.iter().find(|special| special.on == day))
    }

    /// Why a day is not worked: its special entry, or that it is a weekend.
    pub fn why_off(&self, day: Day) -> Result<Option<SkippedDay>, YearNotCovered> {
        if self.is_working_day(day)? {
            return Ok(None);
        }
        let (kind, name) = match self.special(day)? {
            Some(special) => (special.kind, special.name.clone()),
            None => (DayKind::Weekend, Cow::Borrowed("")),
        };
        Ok(Some(SkippedDay { on: day, kind, name }))
    }

    /// Whether the day falls on the weekend, whatever the calendar of its year says.
    #[must_use]
    pub fn is_weekend(&self, day: Day) -> bool {
        self.weekend >> day.weekday_index() & 1 == 1
    }

    /// Whether the day is worked.
    pub fn is_working_day(&self, day: Day) -> Result<bool, YearNotCovered> {
        Ok(self.year_of(day)?.is_worked(day))
    }

    /// How many days of the range are worked.
    pub fn working_days_in(&self, range: DayRange) -> Result<i32, YearNotCovered> {
        range.iter().try_fold(0, |sum, day| Ok(sum + i32::from(self.is_working_day(day)?)))
    }

    /// The `n`-th working day after the day of the event, which itself is day 0 whatever it is
    /// (Civil Code art. 173, by analogy); for `n` = 0 the day of the event.
    pub fn working_days_after(&self, event: Day, n: u32) -> Result<Day, YearNotCovered> {
        self.year_of(event)?;
        let (mut day, mut left) = (event, n);
        while left > 0 {
            day = day.plus(1);
            left -= u32::from(self.is_working_day(day)?);
        }
        Ok(day)
    }

    /// The days after the first one of a range that are not worked, and why.
    pub fn days_off_after(&self, event: Day, last: Day) -> Result<Vec<SkippedDay>, YearNotCovered> {
        let days = DayRange { first: event.plus(1), last };
        days.iter().filter_map(|day| self.why_off(day).transpose()).collect()
    }

    /// The `n`-th working day when the day of the event counts as the first, if it is worked:
    /// the earlier of the two readings of "from the day of".
    pub fn working_days_from(&self, event: Day, n: u32) -> Result<Day, YearNotCovered> {
        let counted = u32::from(n > 0 && self.is_working_day(event)?);
        self.working_days_after(event, n - counted)
    }

    /// The last working day from which `n` working days later is still not after `limit`.
    pub fn last_start(&self, limit: Day, n: u32) -> Result<Day, YearNotCovered> {
        let (mut day, mut left) = (limit, n);
        loop {
            if self.is_working_day(day)? {
                if left == 0 {
                    return Ok(day);
                }
                left -= 1;
            }
            day = day.plus(-1);
        }
    }

    /// The days in the range that are only estimated, or that an estimated day may still move to.
    pub fn estimated_in(&self, range: DayRange) -> impl Iterator<Item = &SpecialDay> {
        self.years.iter().flat_map(|year| year.days.iter()).filter(move |special| {
            let by = special.estimated_by_days;
            by > 0 && DayRange { first: special.on.plus(-by), last: special.on.plus(by) }.overlap(range).days() > 0
        })
    }
}
