//! Stays that are only considered.
//!
//! Nothing here knows a limit. A stay that is considered is put into the profile, and the profile is assessed on its day
//! of entry; what is looked for is found by trying one day after the other, or by halving where a longer stay can only be
//! worse. An [`Outlook`] owns the profiles so made, a [`Plan`] refers to them.

mod until;

use super::decide::stay;
use super::reasons::stay::SEARCH_DAYS;
use super::{CachedRules, Subject, decide};
use crate::assessment::{
    Assessment, Echo, EndsBy, First, Found, Longest, Outcome, Part, PermitStatus, Plan, RulesId, Trip, Verdict,
};
use crate::calendar::{Day, DayRange};
use crate::profile::{Profile, Record, Stay};

/// A question about days ahead, of the applicant alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// What would become of these trips, all of them made.
    Trips(Vec<DayRange>),
    /// The longest stay from a day.
    From(Day),
    /// The first stay of so many days in a row, from a day on.
    Need {
        /// Days, the first and the last included.
        days: i32,
        /// The first day of entry that is looked at.
        after: Day,
    },
    /// What must happen to stay until a day.
    Until(Day),
}

/// Why a question cannot be answered as it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// It is about a day before today.
    Past(Day),
    /// The days asked about meet another stay, or another trip, in more than a border day.
    Meets(DayRange),
    /// A stay without exit was planned from this day: nothing can be said of the days after it.
    NoExit(Day),
    /// Nobody is in the country, and no stay is planned.
    NoStay,
}

/// A question and the profiles that answer it.
#[derive(Debug)]
pub struct Outlook {
    today: Day,
    /// The profile that was asked about; an open stay ends today.
    base: Profile,
    leaves_on: Option<Day>,
    has_family: bool,
    answer: Answer,
}

#[derive(Debug)]
enum Answer {
    /// All trips in one profile.
    Trips(Profile, Vec<TripDays>),
    Longest(Box<LongestDays>),
    First(FirstDays),
    Until(until::Chain),
}

#[derive(Debug)]
struct TripDays {
    entry: Day,
    /// Entries of the later stays that it spoils.
    spoils: Vec<Day>,
    shorten_to: Option<Day>,
    shift_to: Option<DayRange>,
}

#[derive(Debug)]
struct LongestDays {
    from: Day,
    until: Option<Day>,
    alone: Profile,
    /// What ends it other than the rules: a profile, and the entry of the stay there.
    ends_by: Option<(Profile, Day)>,
    /// That stay is spoilt by a day more; else it is the next one.
    is_spoilt: bool,
}

#[derive(Debug)]
struct FirstDays {
    found: Option<(Profile, Day)>,
    after: Day,
    days: i32,
    looked_until: Day,
    has_unknown_before: bool,
}

impl Outlook {
    /// Finds the answer.
    pub fn new(
        rules: &CachedRules<'_>,
        profile: &Profile,
        today: Day,
        question: &Question,
    ) -> Result<Self, Unanswerable> {
        let mut base = profile.clone();
        let has_family = !base.family.is_empty();
        base.family.clear();
        if let Question::Until(day) = question {
            let answer = Answer::Until(until::chain(rules, &base, today, *day)?);
            return Ok(Self { today, base, leaves_on: None, has_family, answer });
        }
        let open = base.applicant.stays.iter_mut().find(|stay| stay.exit.is_none() && stay.entry <= today);
        let leaves_on = open.map(|stay| {
            stay.exit = Some(today);
            today
        });
        let future = Future { rules, base: &base };
        let answer = match question {
            Question::Trips(trips) => future.trips(trips, today)?,
            Question::From(day) => Answer::Longest(Box::new(future.longest_days(*day, today)?)),
            Question::Need { days, after } => Answer::First(future.first_days(*days, (*after).max(today))),
            Question::Until(_) => unreachable!("answered above"),
        };
        Ok(Self { today, base, leaves_on, has_family, answer })
    }

    /// The answer in full; `rules` are of the book that it was found with.
    pub fn plan<'r>(&'r self, rules: &CachedRules<'r>) -> Plan<'r> {
        let book = rules.book;
        let found = match &self.answer {
            Answer::Trips(profile, trips) => Found::Trips(trips.iter().map(|trip| trip.full(rules, profile)).collect()),
            Answer::Longest(days) => Found::Longest(Box::new(days.full(rules))),
            Answer::First(days) => Found::First(days.full(rules)),
            Answer::Until(chain) => Found::Until(chain.full(rules, self.today)),
        };
        Plan {
            rules: RulesId { pack: &book.id, version: &book.version, sha256: &book.sha256 },
            today: self.today,
            profile: Echo { profile: &self.base, vocabulary: &book.vocabulary },
            leaves_on: self.leaves_on,
            has_family: self.has_family,
            found,
        }
    }
}

/// What becomes of the stay that begins on `entry`, assessed on `today`.
fn outcome<'r>(rules: &CachedRules<'r>, profile: &'r Profile, entry: Day, today: Day) -> Outcome<'r> {
    outcome_of(decide(rules, profile, today).explained(rules), profile, entry)
}

/// The part of an answer about the stay at hand.
fn outcome_of<'r>(answer: Assessment<'r>, profile: &'r Profile, entry: Day) -> Outcome<'r> {
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
struct Future<'f, 'b> {
    rules: &'f CachedRules<'b>,
    base: &'f Profile,
}

impl Future<'_, '_> {
    fn verdict(&self, profile: &Profile, entry: Day) -> Verdict {
        Verdict::of(&stay::decide(&Subject::applicant(self.rules, profile, entry)).0)
    }

    /// Entries after a day of stays that are lawful. Of stays that begin on one day the longest tells.
    fn lawful_after(&self, profile: &Profile, day: Day) -> Vec<Day> {
        let mut later: Vec<Day> = profile.applicant.stays.iter().map(|stay| stay.entry).collect();
        later.dedup();
        later.retain(|entry| *entry > day && self.verdict(profile, *entry) == Verdict::Lawful);
        later
    }

    /// The stays among these that are lawful no more.
    fn spoilt<'e>(&'e self, profile: &'e Profile, entries: &'e [Day]) -> impl Iterator<Item = Day> + 'e {
        entries.iter().copied().filter(|entry| self.verdict(profile, *entry) != Verdict::Lawful)
    }

    fn trips(&self, trips: &[DayRange], today: Day) -> Result<Answer, Unanswerable> {
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
        let trips = sorted.iter().map(|trip| self.trip(*trip, &sorted, &all)).collect();
        Ok(Answer::Trips(all, trips))
    }

    fn trip(&self, trip: DayRange, trips: &[DayRange], all: &Profile) -> TripDays {
        let mut without = self.base.clone();
        for other in trips.iter().filter(|other| **other != trip) {
            put(&mut without, other.first, Some(other.last));
        }
        let others = Future { rules: self.rules, base: &without };
        let later = others.lawful_after(&without, trip.first);
        let spoils: Vec<Day> = self.spoilt(all, &later).collect();
        let verdict = self.verdict(all, trip.first);
        let (mut shorten_to, mut shift_to) = (None, None);
        if verdict == Verdict::Unlawful || !spoils.is_empty() {
            shorten_to = others.last_good(trip.first, trip.last.plus(-1), &later);
            let shifted = others.first_days(trip.days(), trip.first.plus(1)).found;
            shift_to = shifted.map(|(_, first)| DayRange { first, last: first.plus(trip.days() - 1) });
        }
        TripDays { entry: trip.first, spoils, shorten_to, shift_to }
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

    fn longest_days(&self, from: Day, today: Day) -> Result<LongestDays, Unanswerable> {
        if from < today {
            return Err(Unanswerable::Past(from));
        }
        let stays = &self.base.applicant.stays;
        let is_there = |stay: &&Stay| stay.entry <= from && stay.exit.is_none_or(|exit| exit > from);
        if let Some(stay) = stays.iter().find(|stay| is_there(stay) || stay.entry == from) {
            return Err(other(stay));
        }
        let alone = self.with(from, None);
        let (last, is_possible) = {
            let (stay, _) = stay::decide(&Subject::applicant(self.rules, &alone, from));
            (stay.last_day, Verdict::of(&stay) == Verdict::Lawful)
        };
        let next = stays.iter().find(|stay| stay.entry > from).map(|stay| stay.entry);
        let mut found = LongestDays { from, until: None, alone, ends_by: None, is_spoilt: false };
        let at_most = [last, next.map(|next| next.plus(-1))].into_iter().flatten().min();
        let Some(at_most) = at_most.filter(|_| is_possible) else { return Ok(found) };
        let later = self.lawful_after(self.base, from);
        found.until = self.last_good(from, at_most, &later);
        let end = found.until.unwrap_or(from.plus(-1));
        if end < at_most {
            let too_long = self.with(from, Some(end.plus(1)));
            let spoilt = self.spoilt(&too_long, &later).next();
            found.ends_by = spoilt.map(|entry| (too_long, entry));
            found.is_spoilt = true;
        } else if last.is_none_or(|last| end < last) {
            found.ends_by = next.map(|entry| (self.base.clone(), entry));
        }
        Ok(found)
    }

    fn first_days(&self, days: i32, after: Day) -> FirstDays {
        let stays = &self.base.applicant.stays;
        let looked_until = after.plus(SEARCH_DAYS);
        let mut answer = FirstDays { found: None, after, days, looked_until, has_unknown_before: false };
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
                Verdict::Unlawful => {}
                Verdict::Lawful => {
                    let later = self.lawful_after(self.base, entry);
                    if self.spoilt(&profile, &later).next().is_none() {
                        return FirstDays { found: Some((profile, entry)), ..answer };
                    }
                }
            }
            entry = entry.plus(1);
        }
        answer.looked_until = entry.plus(-1);
        answer
    }

    /// The profile with one stay more.
    fn with(&self, entry: Day, exit: Option<Day>) -> Profile {
        let mut profile = self.base.clone();
        put(&mut profile, entry, exit);
        profile
    }
}

/// Adds a stay.
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

/// The stay that is in the way.
fn other(stay: &Stay) -> Unanswerable {
    stay.exit.map_or(Unanswerable::NoExit(stay.entry), |last| Unanswerable::Meets(DayRange { first: stay.entry, last }))
}

impl TripDays {
    fn full<'r>(&self, rules: &CachedRules<'r>, profile: &'r Profile) -> Trip<'r> {
        Trip {
            outcome: outcome(rules, profile, self.entry, self.entry),
            spoils: self.spoils.iter().map(|entry| outcome(rules, profile, *entry, *entry)).collect(),
            shorten_to: self.shorten_to,
            shift_to: self.shift_to,
        }
    }
}

impl FirstDays {
    fn full<'r>(&'r self, rules: &CachedRules<'r>) -> First<'r> {
        let Self { after, days, looked_until, has_unknown_before, .. } = *self;
        let found = self.found.as_ref().map(|(profile, entry)| outcome(rules, profile, *entry, *entry));
        First { after, days, found, looked_until, has_unknown_before }
    }
}

impl LongestDays {
    fn full<'r>(&'r self, rules: &CachedRules<'r>) -> Longest<'r> {
        let alone = outcome(rules, &self.alone, self.from, self.from);
        let ends_by = match &self.ends_by {
            Some((profile, entry)) if self.is_spoilt => EndsBy::Spoils(outcome(rules, profile, *entry, *entry)),
            Some((profile, entry)) => EndsBy::Next(outcome(rules, profile, *entry, *entry)),
            None if alone.verdict == Verdict::Lawful && alone.stay.last_day.is_none() => EndsBy::Nothing,
            None => EndsBy::Law,
        };
        let days = self.until.map(|until| until.days_since(self.from) + 1);
        Longest { alone, until: self.until, days, ends_by }
    }
}
