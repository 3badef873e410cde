//! What can be seen only once the whole pack has been read: words that nothing uses, years
//! without a calendar.

use std::collections::BTreeSet;
use std::mem::take;

use super::{Checker, Written};
use crate::calendar::Day;
use crate::facts::Fact;
use crate::rulebook::RuleBook;
use crate::rulebook::written::items;
use crate::source::{Code, Fault};
use crate::tree::Field;

impl Checker<'_> {
    /// Looks through the finished book, with the places of what was written.
    pub(super) fn lints(&mut self, written: &Written, book: &RuleBook) {
        if self.uses_working_days {
            self.calendar_years(written);
        }
        let categories = self.asked_words(Fact::Category);
        self.unused(&categories, items(&written.rules.categories.category).map(|(category, _)| &category.id));
        let mut permits = self.asked_words(Fact::Basis);
        permits.append(&mut self.permits_used);
        self.unused(&permits, items(&written.pack.permits).map(|(permit, _)| &permit.id));
        let mut channels = self.asked_words(Fact::Channel);
        channels.extend(book.channels.iter().map(|channel| channel.public.to_string()));
        self.unused(&channels, written.pack.filing_channels.get().into_iter().flatten());
        let groups = take(&mut self.groups_used);
        self.unused(&groups, items(&written.rules.documents.document_group).map(|(group, _)| &group.id));
    }

    fn unused<'f>(&mut self, used: &BTreeSet<String>, ids: impl Iterator<Item = &'f Field<String>>) {
        for (id, place) in ids.filter_map(Field::place).filter(|(id, _)| !used.contains(*id)) {
            self.report(Fault::new(Code::Unused, place).with("found", id));
        }
    }

    fn asked_words(&self, fact: Fact) -> BTreeSet<String> {
        let mask = self.asked.get(&fact).copied().unwrap_or_default();
        self.vocabulary.words(fact, mask).into_iter().map(str::to_owned).collect()
    }

    /// Every year from the first covered one (or the first with a calendar) up to the present one (or
    /// the last with a calendar) must have a calendar, and the next one should.
    fn calendar_years(&mut self, written: &Written) {
        let is_year = |year: &i32| (Day::FIRST.year()..=Day::LAST.year()).contains(year);
        let years = written.calendars.iter().map(|(file, _)| file.year.place().filter(|(year, _)| is_year(year)));
        let Some(mut known) = years.map(|year| year.map(|(year, at)| (*year, at))).collect::<Option<Vec<_>>>() else {
            // For which year a file is cannot be known; that has been reported.
            return;
        };
        known.sort_by_key(|(year, _)| *year);
        let last_known = known.last().copied();
        let covered_from = &written.pack.covered_from;
        let first_covered = covered_from.get().and_then(|day| Day::parse(day).ok()).map(Day::year).filter(is_year);
        let present = self.as_of.map(|as_of| as_of.today.year());
        let Some(mut expected) = known.first().map(|(year, _)| *year).into_iter().chain(first_covered).min() else {
            return;
        };
        // A place for what is missing: the year before it, else the day from which the pack answers.
        let mut before = covered_from.place().map_or(self.top, |(_, place)| place);
        let end = first_covered.max(present).map(|year| (year + 1, before));
        for (year, place) in known.into_iter().chain(end) {
            if expected < year {
                let last = year - 1;
                let years = if expected == last { last.to_string() } else { format!("{expected}–{last}") };
                self.report(Fault::new(Code::CalendarYearMissing, before).with("years", years));
            }
            expected = expected.max(year + 1);
            before = place;
        }
        if let (Some((year, place)), Some(present)) = (last_known, present)
            && year == present
        {
            self.report(Fault::new(Code::CalendarNextYearMissing, place).with("year", present + 1));
        }
    }
}
