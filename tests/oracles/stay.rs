//! How long somebody may stay: the engine against a naive counter of days, over a small world in which
//! everything that can happen is tried, and over a hundred thousand random lives under the real rules.

use std::collections::BTreeMap;

use crate::support::lives::{CITIZENSHIPS, Dice, country, permit, profile_of, random_life, stay, written};
use crate::support::naive::{Answer, Oracle};
use trp_check::assess::assess;
use trp_check::calendar::Day;
use trp_check::embedded::RULES;
use trp_check::profile::{Permit, Profile, Stay};
use trp_check::rulebook::{Allowance, OtherReading, Period, Rule, RuleBook, Standing, StayLimit, Window};

// ---- Comparison ----

fn answers(book: &RuleBook, profile: &Profile, today: Day) -> (Answer, Answer) {
    let oracle = Oracle::new(book, &profile.applicant, today).answer();
    let engine = Answer::of_engine(&assess(book, profile, today).applicant.stay);
    (oracle, engine)
}

/// What was found to differ, by field: how often, and the shortest profile that shows it.
#[derive(Default)]
struct Tally {
    compared: usize,
    differing: BTreeMap<&'static str, (usize, String)>,
}

impl Tally {
    fn compare(&mut self, world: &str, book: &RuleBook, profile: &Profile, today: Day) {
        self.compared += 1;
        let (oracle, engine) = answers(book, profile, today);
        for field in oracle.differing(&engine) {
            let known = self.differing.entry(field).or_default();
            known.0 += 1;
            let size = profile.applicant.stays.len() + profile.applicant.permits.len();
            if known.1.is_empty() || (known.0 < 200 && size < known.1.matches("..").count()) {
                let small = shrunk(book, profile, today, field);
                let (oracle, engine) = answers(book, &small, today);
                let text = format!("{world} {}\n  counted {oracle:?}\n  engine  {engine:?}", written(&small, today));
                if known.1.is_empty() || text.matches("..").count() < known.1.matches("..").count() {
                    known.1 = text;
                }
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        for (field, (count, example)) in other.differing {
            let known = self.differing.entry(field).or_default();
            known.0 += count;
            if known.1.is_empty() {
                known.1 = example;
            }
        }
    }

    fn finish(&self, at_least: usize) {
        let report: Vec<String> = self
            .differing
            .iter()
            .map(|(field, (count, example))| format!("{field}: {count} of {} differ, like\n  {example}", self.compared))
            .collect();
        assert!(report.is_empty(), "{}", report.join("\n"));
        assert!(self.compared >= at_least, "only {} compared", self.compared);
    }
}

/// The same disagreement with as few stays and permits as possible.
fn shrunk(book: &RuleBook, profile: &Profile, today: Day, field: &str) -> Profile {
    let differs = |profile: &Profile| {
        let (oracle, engine) = answers(book, profile, today);
        oracle.differing(&engine).contains(&field)
    };
    let mut small = profile.clone();
    loop {
        let person = &small.applicant;
        let without_stay = (0..person.stays.len()).map(|at| {
            let mut less = small.clone();
            less.applicant.stays.remove(at);
            less
        });
        let without_permit = (0..person.permits.len()).map(|at| {
            let mut less = small.clone();
            less.applicant.permits.remove(at);
            less
        });
        match without_stay.chain(without_permit).find(differs) {
            Some(less) => small = less,
            None => return small,
        }
    }
}

// ---- The small world ----

/// 26 December 2023: a year ends on the sixth day of the small world.
const START: i32 = 738_880;

/// The embedded book, with these limits for everybody in place of its own, and without what does not
/// bear on the stay.
fn small_book(limits: &[Rule<StayLimit>]) -> RuleBook {
    let permits = RULES.stay_limits.iter().filter(|rule| rule.versions[0].says.window() == Window::Permit);
    RuleBook {
        stay_limits: limits.iter().chain(permits).cloned().collect(),
        categories: RULES.categories[..2].to_vec().into(),
        uncovered: [].as_slice().into(),
        thresholds: [].as_slice().into(),
        exemptions: [].as_slice().into(),
        eligibility: [].as_slice().into(),
        permit: None,
        duties: [].as_slice().into(),
        documents: [].as_slice().into(),
        channels: [].as_slice().into(),
        advice: [].as_slice().into(),
        ..RULES.clone()
    }
}

/// A limit that holds whenever nobody carries a permit.
fn limit(id: &'static str, window: Window, max_days: i32) -> Rule<StayLimit> {
    let model = RULES.stay_limits.iter().find(|rule| rule.id == "kz.stay.visa-free").expect("a visa-free rule");
    let mut rule = model.clone();
    rule.id = id.into();
    rule.versions.to_mut().truncate(1);
    let version = &mut rule.versions.to_mut()[0];
    version.head.until = None;
    version.says = days(window, max_days);
    rule
}

/// So many days in a window, those under a permit not counted.
fn days(window: Window, max_days: i32) -> StayLimit {
    let allowance = Allowance { window, max_days };
    StayLimit { allowance, other_reading: None, counts_from: None, not_counted: 0b111 }
}

/// Three days in six, and four in seven by another source.
fn limit_of_two_readings(id: &'static str) -> Rule<StayLimit> {
    let mut rule = limit(id, Window::Rolling(6), 3);
    let allowance = Allowance { window: Window::Rolling(7), max_days: 4 };
    let other = OtherReading { allowance, standing: Standing::Secondary, cites: rule.versions[0].head.cites.clone() };
    rule.versions.to_mut()[0].says.other_reading = Some(other);
    rule
}

/// A limit that only visas stop.
fn limit_that_only_visas_stop(id: &'static str, window: Window, max_days: i32) -> Rule<StayLimit> {
    let mut rule = limit(id, window, max_days);
    rule.versions.to_mut()[0].says.not_counted = 0b001;
    rule
}

/// Two days per entry for those who enter before the fifth day; three days in six after that, and of
/// the stays entered from then on.
fn limit_with_a_cut(id: &'static str) -> Rule<StayLimit> {
    let mut rule = limit(id, Window::PerEntry, 2);
    let mut later = rule.versions[0].clone();
    later.head.from = Day(START + 4);
    later.says = StayLimit { counts_from: Some(Day(START + 4)), ..days(Window::Rolling(6), 3) };
    let versions = rule.versions.to_mut();
    versions[0].head.until = Some(Day(START + 3));
    versions.push(later);
    rule
}

fn small_worlds() -> Vec<(&'static str, RuleBook)> {
    let rolling = || limit("three-in-six", Window::Rolling(6), 3);
    let per_entry = || limit("two-per-entry", Window::PerEntry, 2);
    let yearly = || limit("four-a-year", Window::CalendarYear, 4);
    vec![
        ("rolling", small_book(&[rolling()])),
        ("per entry", small_book(&[per_entry()])),
        ("rolling and per entry", small_book(&[per_entry(), rolling()])),
        ("calendar year", small_book(&[yearly()])),
        ("from the first entry", small_book(&[limit("three-of-six", Window::FirstEntry(Period::Days(6)), 3)])),
        ("two readings", small_book(&[limit_of_two_readings("three-or-four")])),
        ("all three", small_book(&[limit("three-per-entry", Window::PerEntry, 3), rolling(), yearly()])),
        ("changed on the fifth day", small_book(&[limit_with_a_cut("cut")])),
        ("never full", small_book(&[limit("six-in-six", Window::Rolling(6), 6)])),
        (
            "only visas are not counted",
            small_book(&[limit_that_only_visas_stop("three-in-six", Window::Rolling(6), 3)]),
        ),
    ]
}

/// Every set of stays in so many days: each day may be spent outside, in a stay that goes on, in one
/// that ends, or in one that begins; with `borders`, also on the border between two stays. The last
/// stay may be open.
fn all_stays(days: i32, borders: bool) -> Vec<Vec<Stay>> {
    struct Growth {
        days: i32,
        borders: bool,
        done: Vec<Vec<Stay>>,
    }
    impl Growth {
        /// `inside`: the entry of the stay that goes on.
        fn grow(&mut self, day: i32, inside: Option<i32>, left: &[(i32, i32)]) {
            if day == self.days {
                let closed = left.iter().map(|(entry, exit)| stay(START + entry, Some(START + exit)));
                self.done.push(closed.chain(inside.map(|entry| stay(START + entry, None))).collect());
            } else if let Some(entry) = inside {
                self.present(day, entry, self.borders, left);
            } else {
                self.grow(day + 1, None, left);
                self.present(day, day, self.borders, left);
            }
        }

        fn present(&mut self, day: i32, entry: i32, may_cross: bool, left: &[(i32, i32)]) {
            let leaving = [left, &[(entry, day)]].concat();
            self.grow(day + 1, None, &leaving);
            self.grow(day + 1, Some(entry), left);
            if may_cross {
                self.present(day, day, false, &leaving);
            }
        }
    }
    let mut growth = Growth { days, borders, done: Vec::new() };
    growth.grow(0, None, &[]);
    growth.done
}

/// Every day from the one before the small world to a few days after it.
fn all_todays(days: i32) -> impl Iterator<Item = Day> {
    (START - 1..=START + days + 2).map(Day)
}

/// Every permit of these kinds that begins and ends within so many days, or whose end is not seen; a
/// visa may also limit the days of each stay to so many.
fn all_permits(days: i32, kinds: &[u8], days_per_entry: &[i32]) -> Vec<Permit> {
    let mut permits = Vec::new();
    for from in START..START + days {
        for until in from..START + days {
            permits.extend(kinds.iter().map(|kind| permit(*kind, from, Some(until), None)));
            permits.extend(days_per_entry.iter().map(|days| permit(0, from, Some(until), Some(*days))));
            permits.push(Permit { entries: Some(1), ..permit(0, from, Some(until), None) });
        }
        permits.push(permit(2, from, None, None));
    }
    permits
}

fn sweep(days: i32, borders: bool, worlds: &[(&str, RuleBook)], permits: &[Vec<Permit>]) -> Tally {
    let citizenship = country("DE");
    let mut tally = Tally::default();
    for stays in all_stays(days, borders) {
        for permits in permits {
            let profile = profile_of(citizenship, stays.clone(), permits.clone());
            for (name, book) in worlds {
                for today in all_todays(days) {
                    tally.compare(name, book, &profile, today);
                }
            }
        }
    }
    tally
}

/// In a world of nine days (eight in the ordinary run) the engine and the naive counter agree on every set of stays,
/// asked on every day, for limits of every kind.
#[test]
fn all_stays_of_nine_days_are_counted_alike() {
    let (days, at_least) = if std::env::var_os("TRP_CHECK_LONG").is_some() { (9, 700_000) } else { (8, 200_000) };
    sweep(days, false, &small_worlds(), &[Vec::new()]).finish(at_least);
}

/// The same in a world of six days (five in the ordinary run) in which people also leave and come back on one day.
#[test]
fn all_stays_with_border_days_are_counted_alike() {
    let (days, at_least) = if std::env::var_os("TRP_CHECK_LONG").is_some() { (6, 700_000) } else { (5, 60_000) };
    sweep(days, true, &small_worlds(), &[Vec::new()]).finish(at_least);
}

/// The same with one permit of every kind at every place.
#[test]
fn all_stays_with_a_permit_are_counted_alike() {
    let permits: Vec<Vec<Permit>> = all_permits(5, &[0, 1, 2], &[1, 2, 4]).into_iter().map(|one| vec![one]).collect();
    let mut worlds = small_worlds();
    worlds.retain(|(name, _)| {
        ["all three", "changed on the fifth day", "only visas are not counted", "from the first entry", "two readings"]
            .contains(name)
    });
    sweep(5, false, &worlds, &permits).finish(350_000);
}

/// The same with every two permits: chains, gaps, one inside the other.
#[test]
fn all_stays_with_two_permits_are_counted_alike() {
    let single = all_permits(4, &[0, 1], &[1, 2]);
    let mut pairs = Vec::new();
    for first in &single {
        for second in &single {
            let in_order = (first.from, first.kind) <= (second.from, second.kind);
            let apart = first.kind != second.kind || first.until.is_some_and(|until| until < second.from);
            if in_order && apart {
                pairs.push(vec![first.clone(), second.clone()]);
            }
        }
    }
    let mut worlds = small_worlds();
    worlds.retain(|(name, _)| *name == "rolling and per entry");
    sweep(4, false, &worlds, &pairs).finish(250_000);
}

// ---- Random lives under the real rules ----

fn random_lives(seed: u64, number: usize) -> Tally {
    let mut dice = Dice::seeded(seed);
    let mut tally = Tally::default();
    for _ in 0..number {
        let (code, profile, today) = random_life(&mut dice);
        tally.compare(code, &RULES, &profile, today);
    }
    tally
}

/// Under the real rules the engine and the naive counter agree on 100,000 random lives; on 40,000 in the ordinary run.
#[test]
fn a_hundred_thousand_random_lives_are_counted_alike() {
    let each = if std::env::var_os("TRP_CHECK_LONG").is_some() { 50_000 } else { 20_000 };
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let halves: Vec<_> = [1, 2].map(|seed| scope.spawn(move || random_lives(seed, each))).into();
        for half in halves {
            tally.add(half.join().expect("no panic while counting"));
        }
    });
    tally.finish(2 * each);
}

/// The random lives reach every category of the pack, and countries in none.
#[test]
fn the_random_lives_reach_every_category() {
    let on = Day::from_ymd(2026, 11, 22).expect("a day");
    // The exception for citizens of Kyrgyzstan is over.
    let during = Day::from_ymd(2024, 11, 22).expect("a day");
    let of = |code: &&str| RULES.categories_of(country(code), on) | RULES.categories_of(country(code), during);
    let reached = CITIZENSHIPS.iter().fold(0, |sum, code| sum | of(code));
    assert_eq!(reached.count_ones() as usize, RULES.categories.len());
    assert!(CITIZENSHIPS.iter().any(|code| RULES.categories_of(country(code), on) == 0));
}
