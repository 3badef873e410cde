//! Stays that are only considered.
//!
//! Nothing here knows a limit. A stay that is considered is put into the profile, and the profile is assessed on its day
//! of entry; what is looked for is found by trying one day after the other, or by halving where a longer stay can only be
//! worse. [`Profiles`] owns the profiles so made, a [`Plan`] refers to them.

mod until;

use std::cell::OnceCell;

use super::decide::stay;
use super::reasons::stay::SEARCH_DAYS;
use super::{CachedRules, Subject, decide};
use crate::assessment::{
    Assessment, Echo, EndsBy, First, Found, Longest, Outcome, Part, PermitStatus, Plan, RulesId, StayStatus, Trip,
    Verdict,
};
use crate::calendar::{Day, DayRange};
use crate::profile::{Profile, Record, Stay};

/// A question about days ahead, of the applicant alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// What would become of these trips, all of them made.
    Trips(Vec<DayRange>),
    From(Day),
    /// The first stay of so many days in a row, from a day on.
    Need {
        /// Days, the first and the last included.
        days: i32,
        /// The first day of entry that is looked at.
        after: Day,
    },
    Until(Day),
}

/// Why a question cannot be answered as it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    Past(Day),
    /// The days asked about meet another stay, or another trip, in more than a border day.
    Meets(DayRange),
    /// A stay without exit was planned from this day: nothing can be said of the days after it.
    NoExit(Day),
    /// Nobody is in the country, and no stay is planned.
    NoStay,
}

/// The profiles that a plan refers to: the one that was asked about, with stays and permits that are only considered.
#[derive(Debug, Default)]
pub struct Profiles(OnceCell<Box<(Profile, Self)>>);

impl Profiles {
    fn keep(&self, profile: Profile) -> &Profile {
        match self.0.get() {
            Some(kept) => kept.1.keep(profile),
            None => &self.0.get_or_init(|| Box::new((profile, Self::default()))).0,
        }
    }
}

/// Finds the answer to a question about the applicant of a profile.
pub fn plan<'r>(
    rules: &CachedRules<'r>,
    profiles: &'r Profiles,
    profile: &Profile,
    today: Day,
    question: &Question,
) -> Result<Plan<'r>, Unanswerable> {
    let mut base = profile.clone();
    let has_family = !base.family.is_empty();
    base.family.clear();
    let is_open = |stay: &&mut Stay| stay.exit.is_none() && stay.entry <= today;
    let open = base.applicant.stays.iter_mut().find(is_open).filter(|_| !matches!(question, Question::Until(_)));
    let leaves_on = open.map(|stay| *stay.exit.insert(today));
    let base = profiles.keep(base);
    let future = Future { rules, profiles, base };
    let found = match question {
        Question::Trips(trips) => Found::Trips(future.trips(trips, today)?),
        Question::From(day) => Found::Longest(Box::new(future.longest(*day, today)?)),
        Question::Need { days, after } => Found::First(future.first(*days, (*after).max(today))),
        Question::Until(day) => Found::Until(future.until(today, *day)?),
    };
    let book = rules.book;
    let profile = Echo { profile: base, vocabulary: &book.vocabulary };
    let now = stay::decide(&Subject::applicant(rules, base, today)).0;
    let overstay = (now.status == StayStatus::Overstay).then_some((now.last_day, now.days_over));
    Ok(Plan { rules: RulesId::of(book), today, profile, leaves_on, overstay, has_family, found })
}

fn outcome<'r>(answer: Assessment<'r>, profile: &'r Profile, entry: Day) -> Outcome<'r> {
    let Assessment { applicant, mut notices, .. } = answer;
    let is_asked = applicant.permit.as_ref().is_some_and(|permit| permit.status == PermitStatus::Required);
    notices.retain(|notice| is_asked && notice.part == Some(Part::Permit));
    let exit = applicant.stay.exit;
    let expires = profile.applicant.document_expires;
    Outcome {
        entry,
        exit,
        verdict: Verdict::of(&applicant.stay),
        document_ends: expires.filter(|expires| exit.is_some_and(|exit| *expires < exit)),
        stay: applicant.stay,
        permit: applicant.permit,
        notices,
    }
}

/// The days ahead of somebody whose stays all end, or begin later.
#[derive(Clone, Copy)]
struct Future<'f, 'r> {
    rules: &'f CachedRules<'r>,
    profiles: &'r Profiles,
    base: &'f Profile,
}

impl<'r> Future<'_, 'r> {
    /// What becomes of the stay that begins on `entry`, assessed on that day.
    fn outcome(&self, profile: &'r Profile, entry: Day) -> Outcome<'r> {
        outcome(decide(self.rules, profile, entry).explained(self.rules), profile, entry)
    }

    fn verdict(&self, profile: &Profile, entry: Day) -> Verdict {
        Verdict::of(&stay::decide(&Subject::applicant(self.rules, profile, entry)).0)
    }

    /// Entries after a day of stays that are lawful. Of stays that begin on one day the longest decides.
    fn lawful_after(&self, day: Day) -> Vec<Day> {
        let mut later: Vec<Day> = self.base.applicant.stays.iter().map(|stay| stay.entry).collect();
        later.dedup();
        later.retain(|entry| *entry > day && self.verdict(self.base, *entry) == Verdict::Lawful);
        later
    }

    /// The stays among these that are lawful no more.
    fn spoilt<'e>(&'e self, profile: &'e Profile, entries: &'e [Day]) -> impl Iterator<Item = Day> + 'e {
        entries.iter().copied().filter(|entry| self.verdict(profile, *entry) != Verdict::Lawful)
    }

    fn trips(&self, trips: &[DayRange], today: Day) -> Result<Vec<Trip<'r>>, Unanswerable> {
        let mut all = self.base.clone();
        for trip in trips {
            if trip.first < today {
                return Err(Unanswerable::Past(trip.first));
            }
            meets(&all, *trip)?;
            put(&mut all, trip.first, Some(trip.last));
        }
        let mut sorted: Vec<DayRange> = trips.to_vec();
        sorted.sort_by_key(|trip| trip.first);
        let all = self.profiles.keep(all);
        Ok(sorted.iter().map(|trip| self.trip(*trip, &sorted, all)).collect())
    }

    fn trip(&self, trip: DayRange, trips: &[DayRange], all: &'r Profile) -> Trip<'r> {
        let mut without = self.base.clone();
        for other in trips.iter().filter(|other| **other != trip) {
            put(&mut without, other.first, Some(other.last));
        }
        let others = Future { base: &without, ..*self };
        let later = others.lawful_after(trip.first);
        let spoils: Vec<_> = self.spoilt(all, &later).map(|entry| self.outcome(all, entry)).collect();
        let outcome = self.outcome(all, trip.first);
        let (mut shorten_to, mut shift_to) = (None, None);
        if outcome.verdict == Verdict::Unlawful || !spoils.is_empty() {
            shorten_to = others.last_good(trip.first, trip.last.plus(-1), &later);
            let shifted = others.first(trip.days(), trip.first.plus(1)).found;
            shift_to = shifted.map(|stay| DayRange { first: stay.entry, last: stay.entry.plus(trip.days() - 1) });
        }
        Trip { outcome, spoils, shorten_to, shift_to }
    }

    /// The last exit up to `at_most` of a stay from `entry` that is lawful and leaves these stays so. A longer
    /// stay has more days counted, so that whatever breaks by a day stays broken by the next.
    fn last_good(&self, entry: Day, at_most: Day, later: &[Day]) -> Option<Day> {
        let is_good = |exit: Day| {
            let profile = self.with(entry, Some(exit));
            self.verdict(&profile, entry) == Verdict::Lawful && self.spoilt(&profile, later).next().is_none()
        };
        let (mut good, mut bad) = (entry.plus(-1), at_most.plus(1));
        while good.plus(1) < bad {
            let middle = good.plus(bad.days_since(good) / 2);
            if is_good(middle) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        (good >= entry).then_some(good)
    }

    fn longest(&self, from: Day, today: Day) -> Result<Longest<'r>, Unanswerable> {
        if from < today {
            return Err(Unanswerable::Past(from));
        }
        let stays = &self.base.applicant.stays;
        let is_there = |stay: &&Stay| stay.entry <= from && stay.exit.is_none_or(|exit| exit > from);
        if let Some(stay) = stays.iter().find(|stay| is_there(stay) || stay.entry == from) {
            return Err(other(stay));
        }
        let alone = self.outcome(self.profiles.keep(self.with(from, None)), from);
        let (last, is_possible) = (alone.stay.last_day, alone.verdict == Verdict::Lawful);
        let next = stays.iter().find(|stay| stay.entry > from).map(|stay| stay.entry);
        let at_most = [last, next.map(|next| next.plus(-1))].into_iter().flatten().min();
        let mut until = None;
        let mut ends_by = if is_possible && last.is_none() { EndsBy::Nothing } else { EndsBy::Law };
        if let Some(at_most) = at_most.filter(|_| is_possible) {
            let later = self.lawful_after(from);
            until = self.last_good(from, at_most, &later);
            let end = until.unwrap_or(from.plus(-1));
            if end < at_most {
                let too_long = self.profiles.keep(self.with(from, Some(end.plus(1))));
                if let Some(entry) = self.spoilt(too_long, &later).next() {
                    ends_by = EndsBy::Spoils(self.outcome(too_long, entry));
                }
            } else if let Some(entry) = next.filter(|_| last.is_none_or(|last| end < last)) {
                ends_by = EndsBy::Next(self.outcome(self.profiles.keep(self.base.clone()), entry));
            }
        }
        Ok(Longest { alone, until, days: until.map(|until| until.days_since(from) + 1), ends_by })
    }

    fn first(&self, days: i32, after: Day) -> First<'r> {
        let stays = &self.base.applicant.stays;
        let looked_until = after.plus(SEARCH_DAYS);
        let mut answer = First { found: None, after, days, looked_until, has_unknown_before: false };
        let mut entry = after;
        while entry <= looked_until {
            let range = DayRange { first: entry, last: entry.plus(days - 1) };
            if let Some(stay) = stays.iter().find(|stay| range.overlap(days_of(stay)).days() > 0) {
                // After a stay without exit nothing is known.
                let Some(exit) = stay.exit else { break };
                entry = exit.plus(1);
                continue;
            }
            let profile = self.with(entry, Some(range.last));
            match self.verdict(&profile, entry) {
                Verdict::Unknown => answer.has_unknown_before = true,
                Verdict::Lawful if self.spoilt(&profile, &self.lawful_after(entry)).next().is_none() => {
                    answer.found = Some(self.outcome(self.profiles.keep(profile), entry));
                    return answer;
                }
                Verdict::Lawful | Verdict::Unlawful => {}
            }
            entry = entry.plus(1);
        }
        answer.looked_until = entry.plus(-1);
        answer
    }

    fn with(&self, entry: Day, exit: Option<Day>) -> Profile {
        let mut profile = self.base.clone();
        put(&mut profile, entry, exit);
        profile
    }
}

fn put(profile: &mut Profile, entry: Day, exit: Option<Day>) {
    let stays = &mut profile.applicant.stays;
    let (notified, registered) = (Record::Silent, Record::Silent);
    stays.push(Stay { entry, exit, arrived_at_host: None, notified, registered, moves: Vec::new() });
    stays.sort_by_key(|stay| (stay.entry, stay.exit.unwrap_or(Day::LAST)));
}

/// A trip may share the day of entry or exit with a stay, and no more.
fn meets(profile: &Profile, trip: DayRange) -> Result<(), Unanswerable> {
    for stay in &profile.applicant.stays {
        let days = days_of(stay);
        let shared = trip.overlap(days).days();
        if shared > 1 || shared == 1 && (trip.days() == 1 || days.days() == 1) {
            return Err(other(stay));
        }
    }
    Ok(())
}

/// The days of a stay; without an exit, all from the entry on.
fn days_of(stay: &Stay) -> DayRange {
    DayRange { first: stay.entry, last: stay.exit.unwrap_or(Day::LAST) }
}

fn other(stay: &Stay) -> Unanswerable {
    stay.exit.map_or(Unanswerable::NoExit(stay.entry), |last| Unanswerable::Meets(DayRange { first: stay.entry, last }))
}
