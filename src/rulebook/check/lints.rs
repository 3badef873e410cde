//! Nouns: what can be seen only once the whole pack has been read: words that nothing uses, years
//! without a calendar.

use std::collections::BTreeSet;

use super::{Checker, Written};
use crate::calendar::Day;
use crate::facts::Fact;
use crate::rulebook::{DoneBy, RuleBook, Term};
use crate::source::{Code, Fault, Text};
use crate::tree::Field;

impl Checker<'_> {
    /// Looks through the finished book, with the places of what was written.
    pub(super) fn lints(&mut self, written: &Written, book: &RuleBook) {
        if uses_working_days(book) {
            self.calendar_years(written);
        }
        let categories = self.asked_words(Fact::Category);
        self.unused(&categories, Self::items(&written.categories.category).map(|(category, _)| &category.id));
        let permits = self.permits_in_use(book);
        self.unused(&permits, Self::items(&written.pack.permits).map(|(permit, _)| &permit.id));
        let mut channels = self.asked_words(Fact::Channel);
        channels.extend(book.channels.iter().map(|channel| channel.public.clone()));
        self.unused(&channels, written.pack.filing_channels.get().into_iter().flatten());
        let documents = Self::items(&written.documents.document);
        let groups: BTreeSet<Text> =
            documents.filter_map(|(document, _)| document.group.get().cloned().map(Text::from)).collect();
        self.unused(&groups, Self::items(&written.documents.document_group).map(|(group, _)| &group.id));
    }

    /// Says which of these ids nothing uses.
    fn unused<'f>(&mut self, used: &BTreeSet<Text>, ids: impl Iterator<Item = &'f Field<String>>) {
        for (id, place) in ids.filter_map(Field::place).filter(|(id, _)| !used.contains(id.as_str())) {
            self.say(Fault::new(Code::Unused, place).with("found", id));
        }
    }

    /// The values of a fact that some condition asks for.
    fn asked_words(&self, fact: Fact) -> BTreeSet<Text> {
        let mask = self.asked.get(&fact).copied().unwrap_or_default();
        let words = self.vocabulary.values(fact).into_iter().enumerate();
        words.filter(|(at, _)| mask >> at & 1 == 1).map(|(_, word)| Text::from(word.to_owned())).collect()
    }

    /// The permit kinds that a condition, a limit or a duty speaks of, or that the pack is about.
    fn permits_in_use(&self, book: &RuleBook) -> BTreeSet<Text> {
        let limits = book.stay_limits.iter().flat_map(|limit| limit.versions.iter());
        let not_counted = limits.fold(0, |sum, version| sum | version.says.not_counted);
        let duties = book.duties.iter().flat_map(|duty| duty.versions.iter());
        let done_by = duties.filter_map(|version| match version.says.done_by {
            DoneBy::Permit(kind) => Some(kind),
            _ => None,
        });
        let named: BTreeSet<usize> = done_by.chain(book.permit).map(usize::from).collect();
        let kinds = self.vocabulary.permits.iter().enumerate();
        let mut used = self.asked_words(Fact::Basis);
        used.extend(
            kinds.filter(|(at, _)| not_counted >> at & 1 == 1 || named.contains(at)).map(|(_, kind)| kind.id.clone()),
        );
        used
    }

    /// Every year from the first covered one (or the first with a calendar) up to the present one (or
    /// the last with a calendar) must have a calendar, and the next one should.
    fn calendar_years(&mut self, written: &Written) {
        let is_year = |year: &i32| (Day::FIRST.year()..=Day::LAST.year()).contains(year);
        let years = written.calendars.iter().map(|(file, _)| file.year.place().filter(|(year, _)| is_year(year)));
        let Some(mut known) = years.map(|year| year.map(|(year, at)| (*year, at))).collect::<Option<Vec<_>>>() else {
            // For which year a file is cannot be known; that has been told.
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
                self.say(Fault::new(Code::CalendarYearMissing, before).with("years", years));
            }
            expected = expected.max(year + 1);
            before = place;
        }
        if let (Some((year, place)), Some(present)) = (last_known, present)
            && year == present
        {
            self.say(Fault::new(Code::CalendarNextYearMissing, place).with("year", present + 1));
        }
    }
}

/// Whether any term of the pack is in working days.
fn uses_working_days(book: &RuleBook) -> bool {
    let mut duties = book.duties.iter().flat_map(|duty| duty.versions.iter());
    duties.any(|version| matches!(version.says.term, Term::WorkingDays(_))) || !book.services.is_empty()
}
