//! The calendar of a pack: every holiday on a day off must name the day it moves to.

use std::collections::BTreeSet;

use super::Checker;
use crate::calendar::{CalendarYear, Day, DayKind, SpecialDay, WorkingCalendar};
use crate::facts::Condition;
use crate::rulebook::written::{self, Fields, items};
use crate::rulebook::{Head, Standing};
use crate::source::{Code, Fault, List, Span, Text};
use crate::tree::Field;

/// A special day that has no place in the year yet.
fn special(kind: DayKind, name: Text, estimated_by_days: &Field<i32>, cites: (u16, u16)) -> SpecialDay {
    let estimated_by_days = estimated_by_days.get().copied().unwrap_or_default();
    SpecialDay { on: Day::FIRST, kind, name, estimated_by_days, instead_of: None, cites }
}

fn as_day(field: &Field<String>) -> Option<Day> {
    field.get().and_then(|day| Day::parse(day).ok())
}

const LONGEST_RUN: i32 = 60;

impl Checker<'_> {
    pub(super) fn calendar(
        &mut self,
        pack: &written::PackFile,
        files: &[(written::CalendarFile, Span)],
    ) -> (WorkingCalendar, List<Head>) {
        let weekend = items(&pack.weekend).fold(0, |bits, (day, _)| bits | 1 << *day as u8);
        let mut years: Vec<(CalendarYear, Head)> = Vec::new();
        for (file, start) in files {
            let year = self.number(&file.year, "year", *start, 2000);
            let verified = self.verified(&file.verified, *start);
            let standing = self.value(&file.standing, "standing", *start).unwrap_or(Standing::Inferred);
            let mut cites = self.cites(&file.cite, verified, standing);
            let mut days: Vec<(SpecialDay, Span)> = Vec::new();
            let mut put = |this: &mut Self, field: &Field<String>, key: &str, span: Span, day: SpecialDay| {
                let on = this.required_day(field, key, span);
                let place = field.place().map_or(span, |(_, place)| place);
                if on.year() != year {
                    this.report(
                        Fault::new(Code::DayOutOfRange, place).with("found", on).with("first", year).with("last", year),
                    );
                }
                days.push((SpecialDay { on, ..day }, place));
            };
            let mut own_cites = |this: &mut Self, list: &Fields<written::Cite>| {
                let first = cites.len();
                cites.extend(this.cites(list, verified, standing));
                [first, cites.len()].map(|at| u16::try_from(at).unwrap_or(u16::MAX)).into()
            };
            for (holiday, span) in items(&file.holiday) {
                let name = self.key_of(&holiday.name, "name", "holiday", span);
                let cites = own_cites(self, &holiday.cite);
                let day = special(DayKind::Holiday, name, &holiday.estimated_by_days, cites);
                put(self, &holiday.on, "on", span, day.clone());
                if !holiday.observed.is_absent() {
                    let day = SpecialDay { kind: DayKind::Observed, instead_of: as_day(&holiday.on), ..day };
                    put(self, &holiday.observed, "observed", span, day);
                }
            }
            for (off, span) in items(&file.day_off) {
                let name = self.key_of(&off.name, "name", "holiday", span);
                let cites = own_cites(self, &off.cite);
                put(self, &off.on, "on", span, special(DayKind::DayOff, name, &off.estimated_by_days, cites));
            }
            for (moved, span) in items(&file.moved) {
                let cites = own_cites(self, &moved.cite);
                let day = special(DayKind::MovedOff, Text::Borrowed(""), &Field::Absent, cites);
                let worked = SpecialDay { kind: DayKind::Worked, instead_of: as_day(&moved.off), ..day.clone() };
                put(self, &moved.off, "off", span, SpecialDay { instead_of: as_day(&moved.worked), ..day });
                put(self, &moved.worked, "worked", span, worked);
            }
            let head = Head {
                from: Day::from_ymd(year, 1, 1).unwrap_or(Day::FIRST),
                until: Day::from_ymd(year, 12, 31),
                verified,
                standing,
                cites: cites.into(),
                when: Condition { tests: List::Borrowed(&[]) },
                unless: List::Borrowed(&[]),
                notes: List::Borrowed(&[]),
            };
            self.observed_days(weekend, &days, file);
            let days: Vec<SpecialDay> = days.into_iter().map(|(day, _)| day).collect();
            if years.iter().any(|(known, _)| known.year == year) {
                self.report(Fault::new(Code::DuplicateId, *start).with("id", year));
            }
            years.push((CalendarYear::new(year, weekend, days), head));
        }
        years.sort_by_key(|(year, _)| year.year);
        let (years, heads): (Vec<CalendarYear>, Vec<Head>) = years.into_iter().unzip();
        (WorkingCalendar { weekend, years: years.into() }, heads.into())
    }

    /// Every holiday on a day off must name the working day it moves to, and no other may name one:
    /// the first day after it that is neither a weekend, nor off, nor taken by another holiday
    /// before it. Days moved by decree must move a weekend to a working day.
    pub(super) fn observed_days(&mut self, weekend: u8, days: &[(SpecialDay, Span)], file: &written::CalendarFile) {
        let plain = WorkingCalendar { weekend, years: List::Borrowed(&[]) };
        let of_kind = |kind: DayKind| -> BTreeSet<Day> {
            days.iter().filter(|(day, _)| day.kind == kind).map(|(day, _)| day.on).collect()
        };
        let (holidays, off) = (of_kind(DayKind::Holiday), of_kind(DayKind::DayOff));
        let mut taken: BTreeSet<Day> = BTreeSet::new();
        let mut in_order: Vec<(&written::Holiday, Span)> = items(&file.holiday).collect();
        in_order.sort_by_key(|(holiday, _)| holiday.on.get().cloned());
        for (holiday, span) in in_order {
            let Some(on) = as_day(&holiday.on) else { continue };
            let observed = as_day(&holiday.observed);
            let expected = (plain.is_weekend(on) || off.contains(&on)).then(|| {
                let free = |day: &Day| {
                    !plain.is_weekend(*day) && !holidays.contains(day) && !off.contains(day) && !taken.contains(day)
                };
                (1..=LONGEST_RUN).map(|days| on.plus(days)).find(free).unwrap_or(on)
            });
            taken.extend(expected);
            if observed != expected {
                let place = holiday.observed.place().map_or(span, |(_, place)| place);
                let expected = expected.map_or_else(|| "-".to_owned(), |day| day.to_string());
                self.report(Fault::new(Code::WrongObservedDay, place).with("day", on).with("expected", expected));
            }
        }
        for (day, place) in days {
            let wrong = match day.kind {
                DayKind::Worked => !plain.is_weekend(day.on) && !holidays.contains(&day.on),
                DayKind::MovedOff => plain.is_weekend(day.on) || holidays.contains(&day.on) || taken.contains(&day.on),
                _ => false,
            };
            if wrong {
                self.report(Fault::new(Code::WrongMovedDay, *place).with("day", day.on));
            }
        }
    }
}
