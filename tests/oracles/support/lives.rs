//! Made-up lives, the same on every machine: stays about as long as the limits, permits about when they end, asked
//! on days on which something happens.

use std::fmt::Write;

use smallvec::SmallVec;
use trp_check::calendar::Day;
use trp_check::country::Country;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::facts::FactSet;
use trp_check::profile::{CaseDays, Permit, Person, Profile, Record, Stay};

pub fn country(code: &str) -> Country {
    COUNTRIES.by_code(code).expect("a known country")
}

pub fn profile_of(citizenship: Country, stays: Vec<Stay>, permits: Vec<Permit>) -> Profile {
    let applicant = Person {
        name: None,
        citizenship,
        birth_date: None,
        document_kind: 0,
        document_expires: None,
        stays,
        permits,
        held: Vec::new(),
    };
    Profile {
        id: None,
        applicant,
        facts: FactSet::default(),
        days: CaseDays::default(),
        filing_on: None,
        family: Vec::new(),
        assumed: SmallVec::default(),
    }
}

pub fn stay(entry: i32, exit: Option<i32>) -> Stay {
    Stay {
        entry: Day(entry),
        exit: exit.map(Day),
        arrived_at_host: None,
        notified: Record::Silent,
        registered: Record::Silent,
        moves: Vec::new(),
    }
}

pub fn permit(kind: u8, from: i32, until: Option<i32>, days_per_entry: Option<i32>) -> Permit {
    Permit { kind, from: Day(from), until: until.map(Day), days_per_entry, entries: None }
}

/// A profile as somebody would write it, to try it by hand.
pub fn written(profile: &Profile, today: Day) -> String {
    let person = &profile.applicant;
    let mut text = format!("--today {today} --citizenship {}", COUNTRIES.code(person.citizenship));
    for stay in &person.stays {
        let exit = stay.exit.map(|exit| exit.to_string()).unwrap_or_default();
        write!(text, " --stay {}..{exit}", stay.entry).expect("a string takes everything");
    }
    for permit in &person.permits {
        let kind = &RULES.vocabulary.permits[usize::from(permit.kind)].id;
        let until = permit.until.map(|until| until.to_string()).unwrap_or_default();
        write!(text, " --permit {kind}:{}..{until}", permit.from).expect("a string takes everything");
        if let Some(days) = permit.days_per_entry {
            write!(text, "/{days}").expect("a string takes everything");
        }
        if let Some(entries) = permit.entries {
            write!(text, "x{entries}").expect("a string takes everything");
        }
    }
    text
}

/// Numbers that look random and are the same in every run (`splitmix64`).
pub struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::try_from(high - low + 1).expect("low comes before high");
        low + i32::try_from(self.roll() % span).expect("within the span")
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll() % from.len() as u64).expect("within the list")]
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.roll().is_multiple_of(n)
    }
}

/// At least one citizenship of every category of the pack, and two of none.
pub const CITIZENSHIPS: [&str; 33] = [
    "RU",
    "KG",
    "AM",
    "DE",
    "US",
    "TR",
    "TR",
    "IN",
    "IR",
    "CN",
    "CN",
    "GE",
    "MD",
    "UA",
    "UZ",
    "AZ",
    "BR",
    "AR",
    "TJ",
    "KR",
    "AL",
    "MO",
    "MV",
    "SM",
    "MA",
    "SC",
    "HK",
    "TM",
    "KN",
    "KZ",
    "stateless",
    "NG",
    "AF",
];

pub fn day(year: i32, month: u32, day: u32) -> i32 {
    Day::from_ymd(year, month, day).expect("a day").0
}

/// How long a stay lasts: anything, and often about as long as some limit.
pub fn length(dice: &mut Dice) -> i32 {
    let limits = [13, 14, 15, 29, 30, 31, 41, 42, 43, 89, 90, 91];
    match dice.between(0, 9) {
        0 => 1,
        1..=3 => dice.between(1, 12),
        4..=5 => dice.pick(&limits),
        6..=8 => dice.between(5, 40),
        _ => dice.between(40, 200),
    }
}

pub fn gap(dice: &mut Dice) -> i32 {
    match dice.between(0, 9) {
        0..=1 => 0,
        2..=4 => dice.between(1, 5),
        5..=7 => dice.between(3, 60),
        8 => dice.between(60, 200),
        _ => dice.between(170, 185),
    }
}

pub fn random_stays(dice: &mut Dice) -> Vec<Stay> {
    let number = if dice.one_in(12) { 0 } else { dice.between(1, 12) };
    let near_the_cut = [day(2022, 7, 8), day(2023, 1, 27), day(2023, 11, 10), day(2025, 9, 8)];
    let mut next = match dice.between(0, 2) {
        0 => dice.pick(&near_the_cut) - dice.between(-5, 120),
        _ => dice.between(day(2022, 1, 1), day(2027, 6, 30)),
    };
    let mut stays: Vec<Stay> = Vec::new();
    for at in 0..number {
        let exit = next + length(dice) - 1;
        let is_open = at + 1 == number && dice.one_in(2);
        stays.push(stay(next, (!is_open).then_some(exit)));
        next = exit + gap(dice);
    }
    stays
}

/// A day near to where something happens in the stays.
pub fn telling_day(dice: &mut Dice, stays: &[Stay]) -> i32 {
    let Some(stay) = stays.get(usize::try_from(dice.roll() % 12).expect("small")).or(stays.last()) else {
        return dice.between(day(2022, 1, 1), day(2027, 12, 31));
    };
    let entry = stay.entry.0;
    match dice.between(0, 5) {
        0 => entry + dice.between(-3, 3),
        1 => stay.exit.map_or(entry, |exit| exit.0) + dice.between(-3, 3),
        2 => entry + dice.pick(&[14, 30, 90]) + dice.between(-2, 3),
        3 => entry + dice.between(0, 40),
        4 => entry + dice.between(0, 200),
        _ => dice.between(day(2022, 1, 1), day(2027, 12, 31)),
    }
}

pub fn random_permits(dice: &mut Dice, stays: &[Stay]) -> Vec<Permit> {
    let mut permits: Vec<Permit> = Vec::new();
    let number = if dice.one_in(2) { 0 } else { dice.between(1, 4) };
    let mut from = telling_day(dice, stays);
    for _ in 0..number {
        let kind = u8::try_from(dice.between(0, 2)).expect("three kinds");
        let until = from + length(dice) * dice.between(1, 3) - 1;
        let has_no_end = kind == 2 && dice.one_in(3);
        let days_per_entry = (kind == 0 && dice.one_in(2)).then(|| length(dice));
        let entries = (kind == 0 && dice.one_in(2)).then(|| dice.between(1, 3));
        permits.push(Permit { entries, ..permit(kind, from, (!has_no_end).then_some(until), days_per_entry) });
        from = if dice.one_in(3) { telling_day(dice, stays) } else { until + dice.between(-5, 4) };
    }
    permits.sort_by_key(|permit| (permit.from, permit.kind));
    let mut apart: Vec<Permit> = Vec::new();
    for permit in permits {
        let clashes =
            |before: &Permit| before.kind == permit.kind && before.until.is_none_or(|until| until >= permit.from);
        if !apart.iter().any(clashes) {
            apart.push(permit);
        }
    }
    apart
}

/// Somebody, by the code of their citizenship and as a profile, and a day to ask on.
pub fn random_life(dice: &mut Dice) -> (&'static str, Profile, Day) {
    let code = dice.pick(&CITIZENSHIPS);
    let stays = random_stays(dice);
    let permits = random_permits(dice, &stays);
    let today = telling_day(dice, &stays).clamp(day(2022, 1, 1), day(2027, 12, 31));
    (code, profile_of(country(code), stays, permits), Day(today))
}
