//! Days ahead: `plan` against a search over all days of a year that asks the naive counter of each of them.
//! `TRP_CHECK_LONG=1` asks of 20,000 lives in place of 4,000.

use std::cell::RefCell;
use std::fmt::Debug;

use crate::support::lives::{Dice, length, random_life, stay, written};
use crate::support::naive::Oracle;
use trp_check::assess::CachedRules;
use trp_check::assess::plan::{Profiles, Question, Unanswerable, plan};
use trp_check::assessment::{Found, Verdict};
use trp_check::calendar::{Day, DayRange};
use trp_check::embedded::RULES;
use trp_check::profile::{Profile, Stay};

/// So many days ahead are tried one by one.
const YEAR: i32 = 365;

// ---- The search ----

/// The stays somebody has, an open one ended today, and what the naive counter says of them.
struct Search {
    base: Profile,
}

impl Search {
    fn new(profile: &Profile, today: Day) -> Self {
        let mut base = profile.clone();
        for stay in &mut base.applicant.stays {
            if stay.entry <= today && stay.exit.is_none() {
                stay.exit = Some(today);
            }
        }
        Self { base }
    }

    fn with(&self, trips: &[DayRange]) -> Profile {
        let mut profile = self.base.clone();
        profile.applicant.stays.extend(trips.iter().map(|trip| stay(trip.first.0, Some(trip.last.0))));
        profile.applicant.stays.sort_by_key(|stay| (stay.entry, stay.exit.unwrap_or(Day::LAST)));
        profile
    }

    /// The later stays that are lawful as things are; of those that begin on one day the longest.
    fn later(&self, after: Day) -> Vec<Stay> {
        let all = &self.base.applicant.stays;
        let is_last = |at: usize| all.get(at + 1).is_none_or(|next| next.entry != all[at].entry);
        let stays = all.iter().enumerate().filter(|(at, stay)| stay.entry > after && is_last(*at));
        let stays = stays.map(|(_, stay)| stay);
        stays.filter(|stay| verdict(&self.base, stay.entry, stay.exit) == Verdict::Lawful).cloned().collect()
    }

    fn spoils(&self, trip: DayRange) -> Vec<Day> {
        let with = self.with(&[trip]);
        let later = self.later(trip.first);
        let is_spoilt = |stay: &&Stay| verdict(&with, stay.entry, stay.exit) != Verdict::Lawful;
        later.iter().filter(is_spoilt).map(|stay| stay.entry).collect()
    }

    fn is_good(&self, trip: DayRange) -> bool {
        verdict(&self.with(&[trip]), trip.first, Some(trip.last)) == Verdict::Lawful && self.spoils(trip).is_empty()
    }

    /// Whether a stay that nobody asked for by name would share a day with another.
    fn is_free(&self, trip: DayRange) -> bool {
        let is_shared = |stay: &Stay| stay.entry <= trip.last && trip.first <= stay.exit.unwrap_or(Day::LAST);
        !self.base.applicant.stays.iter().any(is_shared)
    }

    fn first(&self, days: i32, from: Day) -> Option<DayRange> {
        let ranges = (0..YEAR).map(|at| DayRange { first: from.plus(at), last: from.plus(at + days - 1) });
        ranges.into_iter().find(|range| self.is_free(*range) && self.is_good(*range))
    }
}

/// What the naive counter says of a stay, seen from its day of entry.
fn verdict(profile: &Profile, entry: Day, exit: Option<Day>) -> Verdict {
    match Oracle::new(&RULES, &profile.applicant, entry).lawful_until(entry) {
        None => Verdict::Unknown,
        Some(last) if exit.unwrap_or(entry) <= last => Verdict::Lawful,
        Some(_) => Verdict::Unlawful,
    }
}

// ---- Comparison ----

/// What was seen of the lives, so that none of what can happen is left out.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    lawful: usize,
    unlawful: usize,
    unknown: usize,
    spoiling: usize,
    shortened: usize,
    shifted: usize,
    met: usize,
    ended_by_the_next: usize,
    ended_by_a_spoilt_one: usize,
    found_later: usize,
    not_found: usize,
}

impl Seen {
    fn counts(&self) -> [usize; 11] {
        let Self { lawful, unlawful, unknown, spoiling, shortened, shifted, met, .. } = *self;
        let Self { ended_by_the_next, ended_by_a_spoilt_one, found_later, not_found, .. } = *self;
        [
            lawful,
            unlawful,
            unknown,
            spoiling,
            shortened,
            shifted,
            met,
            ended_by_the_next,
            ended_by_a_spoilt_one,
            found_later,
            not_found,
        ]
    }
}

fn same<T: PartialEq + Debug>(what: &str, life: &(Profile, Day), counted: &T, engine: &T) {
    assert!(counted == engine, "{what}: counted {counted:?}, engine {engine:?}\n  {}", written(&life.0, life.1));
}

struct Comparison<'l> {
    law: CachedRules<'l>,
    seen: RefCell<Seen>,
}

impl Comparison<'_> {
    fn see(&self, what: impl FnOnce(&mut Seen)) {
        what(&mut self.seen.borrow_mut());
    }

    fn trip(&self, life: &(Profile, Day), trip: DayRange) {
        let (profile, today) = life;
        let search = Search::new(profile, *today);
        let days_shared = |stay: &Stay| {
            let days = DayRange { first: stay.entry, last: stay.exit.unwrap_or(Day::LAST) };
            let shared = trip.overlap(days).days();
            shared > 1 || shared == 1 && (trip.days() == 1 || days.days() == 1)
        };
        let profiles = Profiles::default();
        let plan = match plan(&self.law, &profiles, profile, *today, &Question::Trips(vec![trip])) {
            Ok(plan) => plan,
            Err(why) => {
                let is_told = matches!(why, Unanswerable::Meets(_) | Unanswerable::NoExit(_));
                let is_met = search.base.applicant.stays.iter().any(days_shared);
                same("meets", life, &(is_met, true), &(true, is_told));
                return self.see(|seen| seen.met += 1);
            }
        };
        assert!(!search.base.applicant.stays.iter().any(days_shared), "{}", written(profile, *today));
        let Found::Trips(trips) = plan.found else { panic!("a trip was asked for") };
        let told = &trips[0];
        let what = format!("trip {}..{}", trip.first, trip.last);
        let counted = verdict(&search.with(&[trip]), trip.first, Some(trip.last));
        let spoils = search.spoils(trip);
        same(&what, life, &counted, &told.outcome.verdict);
        same(&format!("{what}, spoils"), life, &spoils, &told.spoils.iter().map(|stay| stay.entry).collect());
        if counted == Verdict::Unlawful {
            let over = DayRange { first: trip.first, last: trip.last }
                .iter()
                .find(|last| verdict(&search.with(&[trip]), trip.first, Some(*last)) != Verdict::Lawful);
            same(&format!("{what}, the first day over"), life, &over, &told.outcome.first_day_over());
        }
        if counted == Verdict::Unlawful || !spoils.is_empty() {
            let mut shorter = (0..trip.days() - 1).rev().map(|days| trip.first.plus(days));
            let shorten_to = shorter.find(|last| search.is_good(DayRange { first: trip.first, last: *last }));
            same(&format!("{what}, shorter"), life, &shorten_to, &told.shorten_to);
            let shift_to = search.first(trip.days(), trip.first.plus(1));
            let in_a_year = told.shift_to.filter(|days| days.first.days_since(trip.first) <= YEAR);
            same(&format!("{what}, later"), life, &shift_to, &in_a_year);
            self.see(|seen| seen.shortened += usize::from(shorten_to.is_some()));
            self.see(|seen| seen.shifted += usize::from(shift_to.is_some()));
        }
        self.see(|seen| match counted {
            Verdict::Lawful => seen.lawful += 1,
            Verdict::Unlawful => seen.unlawful += 1,
            Verdict::Unknown => seen.unknown += 1,
        });
        self.see(|seen| seen.spoiling += usize::from(!spoils.is_empty()));
    }

    fn longest(&self, life: &(Profile, Day), from: Day) {
        let (profile, today) = life;
        let search = Search::new(profile, *today);
        let profiles = Profiles::default();
        let Ok(plan) = plan(&self.law, &profiles, profile, *today, &Question::From(from)) else {
            let is_there = |stay: &Stay| stay.entry <= from && stay.exit.is_none_or(|exit| exit >= from);
            assert!(search.base.applicant.stays.iter().any(is_there), "{from}: {}", written(profile, *today));
            return;
        };
        let Found::Longest(told) = plan.found else { panic!("the longest was asked for") };
        let next = search.base.applicant.stays.iter().map(|stay| stay.entry).find(|entry| *entry > from);
        let ranges = (0..YEAR).map(|days| DayRange { first: from, last: from.plus(days) });
        let ranges = ranges.filter(|range| next.is_none_or(|next| range.last < next));
        let good: Vec<DayRange> = ranges.filter(|range| search.is_good(*range)).collect();
        let is_known = verdict(&search.with(&[DayRange { first: from, last: from }]), from, Some(from));
        // What goes on for longer than a year was not counted to its end.
        let counted = good.last().map(|range| range.last);
        let has_end = counted.is_none_or(|last| last < from.plus(YEAR - 1));
        if is_known == Verdict::Lawful && !has_end {
            assert!(
                told.until.is_none_or(|until| until >= from.plus(YEAR - 1)),
                "{from}: {}",
                written(profile, *today)
            );
            return;
        }
        same(&format!("the longest from {from}"), life, &counted, &told.until);
        same(&format!("days from {from}"), life, &counted.map(|last| last.days_since(from) + 1), &told.days);
        match told.ends_by {
            trp_check::assessment::EndsBy::Next(_) => self.see(|seen| seen.ended_by_the_next += 1),
            trp_check::assessment::EndsBy::Spoils(stay) => {
                let end = counted.unwrap_or(from.plus(-1)).plus(1);
                let spoils = search.spoils(DayRange { first: from, last: end });
                same(&format!("spoilt after {end}"), life, &spoils.first().copied(), &Some(stay.entry));
                self.see(|seen| seen.ended_by_a_spoilt_one += 1);
            }
            _ => {}
        }
    }

    fn first(&self, life: &(Profile, Day), days: i32, after: Day) {
        let (profile, today) = life;
        let search = Search::new(profile, *today);
        let question = Question::Need { days, after };
        let profiles = Profiles::default();
        let plan = plan(&self.law, &profiles, profile, *today, &question).expect("it can always be asked");
        let Found::First(told) = plan.found else { panic!("the first was asked for") };
        let from = after.max(*today);
        let counted = search.first(days, from);
        let engine = told.found.map(|stay| DayRange { first: stay.entry, last: stay.exit.expect("an exit") });
        let in_a_year = engine.filter(|range| range.first < from.plus(YEAR));
        same(&format!("{days} days after {after}"), life, &counted, &in_a_year);
        self.see(|seen| match counted {
            Some(range) => seen.found_later += usize::from(range.first > from),
            None => seen.not_found += 1,
        });
    }
}

fn lives(seed: u64, number: usize) -> [usize; 11] {
    let mut dice = Dice::seeded(seed);
    let comparison = Comparison { law: CachedRules::for_many(&RULES), seen: RefCell::default() };
    for _ in 0..number {
        let (_, profile, today) = random_life(&mut dice);
        let life = (profile, today);
        let first = today.plus(dice.between(0, 120));
        let trip = DayRange { first, last: first.plus(length(&mut dice) - 1) };
        comparison.trip(&life, trip);
        comparison.longest(&life, today.plus(dice.between(0, 120)));
        comparison.first(&life, length(&mut dice), today.plus(dice.between(-5, 60)));
    }
    comparison.seen.into_inner().counts()
}

/// Under the real rules, trips, the longest stay and the first one are what a search over all days of a year finds.
#[test]
fn what_is_planned_is_what_a_search_over_all_days_finds() {
    let is_long = std::env::var_os("TRP_CHECK_LONG").is_some();
    let number = if is_long { 10_000 } else { 2_000 };
    let seen: Vec<[usize; 11]> = std::thread::scope(|scope| {
        let halves: Vec<_> = [11, 12].map(|seed| scope.spawn(move || lives(seed, number))).into();
        halves.into_iter().map(|half| half.join().expect("the search and the engine agree")).collect()
    });
    let both: Vec<usize> = seen[0].iter().zip(seen[1]).map(|(one, other)| one + other).collect();
    assert!(both.iter().all(|count| *count >= 3), "too few of some kind: {both:?}");
    assert!(both[..3].iter().sum::<usize>() + both[6] == 2 * number, "{both:?}");
}
