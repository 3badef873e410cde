//! The calendar of working days.

use std::borrow::Cow;

use super::{Day, DayRange};

/// Why a day is not worked, or is worked although it is a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::calendar)]
pub enum DayKind {
    /// An ordinary day of the weekend.
    Weekend,
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
    pub on: Day,
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
    pub year: i32,
    /// Its special days, sorted by day; at most one of a day decides, the first one.
    pub days: Cow<'static, [SpecialDay]>,
    pub range: DayRange,
    /// Which of its days are worked, as bits from the first day on.
    pub worked: [u64; 6],
}

impl CalendarYear {
    /// The calendar of a year with these days of the weekend (bits from Monday on) and these special days.
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
    /// In order.
    pub years: Cow<'static, [CalendarYear]>,
}

/// The calendar does not cover this year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearNotCovered(pub i32);

/// A day passed over while counting working days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedDay {
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
    pub fn is_weekend(&self, day: Day) -> bool {
        self.weekend >> day.weekday_index() & 1 == 1
    }

    pub fn is_working_day(&self, day: Day) -> Result<bool, YearNotCovered> {
        Ok(self.year_of(day)?.is_worked(day))
    }

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
