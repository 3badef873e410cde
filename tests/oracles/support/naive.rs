//! A day counter written from the public interface ("What the numbers mean", 5.1 to 5.6) and from
//! nothing else: sets of days, walked one day at a time. It is slow, and it is meant to be plainly right.
//!
//! Where the interface is terse, this is how it is read here:
//! - a stay without exit that lies ahead is known to be there on its day of entry only;
//! - a day is covered by a permit while the permit is valid, but no longer than its days per entry,
//!   counted from the entry of the stay looked at;
//! - of several permits that cover the day of entry, the one that does so longest carries the stay; of
//!   several that could take a visa-free stay over, the one that begins first;
//! - the next entry is looked for after the current or last stay, planned ones not being last; days of
//!   planned stays before the day looked at are there;
//! - days of a stay that is thought on past today count, whatever becomes of them later;
//! - a permit that begins after a gap counts once it has begun: today, not before;
//! - a stay entered on a day of a permit is an entry on it, whatever else covers the stay; of two stays that begin on
//!   one day the one that ends first is the earlier entry, and where both end on it they are both the later one;
//! - a year from 29 February ends on the next 28 February.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use trp_check::assessment::{Stay as EngineStay, StayStatus};
use trp_check::calendar::Day;
use trp_check::facts::{Fact, FactSet, Truth};
use trp_check::profile::{Permit, Person, Stay};
use trp_check::rulebook::{Period, RuleBook, StayLimit, UncoveredScope, Window};

/// A day that never comes.
const NEVER: i32 = i32::MAX / 4;
/// So many days a stay is thought on; longer than any limit under test lasts.
const FAR: i32 = 400;
/// So many days the next entry is looked for.
const SEARCH: i32 = 1_200;

/// What can be compared of an answer about a stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Where the stay stands.
    pub status: StayStatus,
    /// Last lawful day.
    pub last_day: Option<Day>,
    /// The same without the day of entry.
    pub latest_arguable: Option<Day>,
    /// Lawful days after today.
    pub days_left: Option<i32>,
    /// Days over.
    pub days_over: i32,
    /// Rule, days used, last day; every permit is called `permit`.
    pub limits: Vec<(String, i32, Option<Day>)>,
    /// The rules that end the stay; `None` where several permits could be named.
    pub binding: Option<Vec<String>>,
    /// First day of the next entry and the days it allows.
    pub next_entry: Option<(Day, Option<i32>)>,
    /// Entry, first day over, last day over, days.
    pub overstays: Vec<(Day, Day, Day, i32)>,
}

impl Answer {
    /// The engine's answer in the same shape.
    pub fn of_engine(stay: &EngineStay<'_>) -> Self {
        let name = |kind: &str, id: &str| if kind == "permit" { kind.to_owned() } else { id.to_owned() };
        Self {
            status: stay.status,
            last_day: stay.last_day,
            latest_arguable: stay.latest_arguable,
            days_left: stay.days_left,
            days_over: stay.days_over,
            limits: stay
                .limits
                .iter()
                .map(|limit| (name(limit.window.name(), limit.rule.id), limit.used, limit.last_day))
                .collect(),
            binding: Some(stay.binding().map(|rule| rule.id.to_owned()).collect()),
            next_entry: stay.next_entry.map(|next| (next.earliest, next.days)),
            overstays: stay.overstays.iter().map(|over| (over.entry, over.from, over.to, over.days)).collect(),
        }
    }

    /// The names of the fields in which the engine's answer differs from this one.
    pub fn differing(&self, engine: &Self) -> Vec<&'static str> {
        let fields = [
            ("status", self.status == engine.status),
            ("last_day", self.last_day == engine.last_day),
            ("latest_arguable", self.latest_arguable == engine.latest_arguable),
            ("days_left", self.days_left == engine.days_left),
            ("days_over", self.days_over == engine.days_over),
            ("limits", self.limits == engine.limits),
            ("binding", self.binding.is_none() || self.binding == engine.binding),
            ("next_entry", self.next_entry == engine.next_entry),
            ("overstays", self.overstays == engine.overstays),
        ];
        fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// One person, one day, one rule book.
pub struct Oracle<'a> {
    book: &'a RuleBook,
    person: &'a Person,
    today: i32,
    /// The day that stands first in every set of days.
    origin: i32,
    /// How many days a set has.
    length: usize,
    /// The sets of counted days, by what tells them apart: two limits often count the same days.
    sets: RefCell<BTreeMap<(Option<Day>, u64), Counted>>,
    /// The rules found so far, by day of entry.
    rules: RefCell<BTreeMap<i32, VisaFree<'a>>>,
}

/// Whether each day is counted.
type Counted = Rc<Vec<bool>>;

/// A visa-free limit: the id of its rule, and what it says.
type NamedLimit<'a> = (&'a str, &'a StayLimit);
/// The limits of a visa-free stay; where there is none, how the stay stands.
type VisaFree<'a> = Result<Vec<NamedLimit<'a>>, StayStatus>;

/// What becomes of one stay.
enum Fate<'a> {
    /// No rule says.
    Unknown(StayStatus),
    /// It is lawful up to some day.
    Known {
        /// The visa-free limits with the first day that breaks each.
        limits: Vec<(NamedLimit<'a>, Option<i32>)>,
        /// The first day on which a permit carries the stay.
        carried_from: Option<i32>,
        /// First and last day of each time between permits that nothing allowed.
        gaps: Vec<(i32, i32)>,
        /// The last lawful day, [`NEVER`] where it does not end; before the entry where there is none.
        end: i32,
    },
}

fn exit_or(stay: &Stay, open: i32) -> i32 {
    stay.exit.map_or(open, |exit| exit.0)
}

/// First and last day of a stay; the last is [`NEVER`] where it is not known.
type Visit = (i32, i32);

fn visit(stay: &Stay) -> Visit {
    (stay.entry.0, exit_or(stay, NEVER))
}

/// First and last day on which the permit covers a stay; the last before the first where the person had entered on it
/// as often as it allows.
fn coverage(person: &Person, permit: &Permit, this: Visit, entry_counts: bool) -> (i32, i32) {
    let entry = this.0;
    let is_on_it = |day: i32| permit.from.0 <= day && permit.until.is_none_or(|until| day <= until.0);
    if let Some(most) = permit.entries.filter(|_| is_on_it(entry)) {
        let mut entries = person.stays.iter().filter(|stay| is_on_it(stay.entry.0) && visit(stay) <= this).count();
        // A stay that is only thought of is one more.
        entries += usize::from(!person.stays.iter().any(|stay| stay.entry.0 == entry));
        if entries > usize::try_from(most).expect("a number of entries") {
            return (permit.from.0, permit.from.0 - 1);
        }
    }
    let until = permit.until.map_or(NEVER, |until| until.0);
    let printed = match permit.days_per_entry {
        Some(days) if entry_counts => entry + days - 1,
        Some(days) => entry + days,
        None => NEVER,
    };
    (permit.from.0, until.min(printed))
}

impl<'a> Oracle<'a> {
    /// Gets ready to count.
    pub fn new(book: &'a RuleBook, person: &'a Person, today: Day) -> Self {
        let days = || person.stays.iter().flat_map(|stay| [stay.entry.0, exit_or(stay, stay.entry.0)]).chain([today.0]);
        let first = days().min().unwrap_or(today.0) - 400;
        let last = days().max().unwrap_or(today.0) + SEARCH + FAR;
        let length = usize::try_from(last - first).unwrap_or(0);
        Self {
            book,
            person,
            today: today.0,
            origin: first,
            length,
            sets: RefCell::default(),
            rules: RefCell::default(),
        }
    }

    /// The last lawful day of a stay that begins on that day, before it where there is none and far ahead where
    /// it has no end; `None` where no rule says.
    pub fn lawful_until(&self, entry: Day) -> Option<Day> {
        match self.fate((entry.0, NEVER), true) {
            Fate::Unknown(_) => None,
            Fate::Known { end, .. } => Some(Day(end)),
        }
    }

    /// Everything that is compared.
    pub fn answer(&self) -> Answer {
        let mut answer = Answer {
            status: StayStatus::Outside,
            last_day: None,
            latest_arguable: None,
            days_left: None,
            days_over: 0,
            limits: Vec::new(),
            binding: Some(Vec::new()),
            next_entry: self.next_entry(),
            overstays: self.overstays(),
        };
        let stays = &self.person.stays;
        let current = stays.iter().rfind(|stay| stay.entry.0 <= self.today && self.today <= exit_or(stay, NEVER));
        let planned = stays.iter().find(|stay| stay.entry.0 > self.today);
        let Some(stay) = current.or(planned) else {
            self.outside(&mut answer);
            return answer;
        };
        let entry = stay.entry.0;
        let lawful_day = |end: i32| (end != NEVER && end >= entry).then_some(Day(end));
        let (limits, carried_from, end) = match self.fate(visit(stay), true) {
            Fate::Unknown(status) => {
                answer.status = status;
                return answer;
            }
            Fate::Known { limits, carried_from, end, .. } => (limits, carried_from, end),
        };
        answer.last_day = lawful_day(end);
        if let Fate::Known { end, .. } = self.fate(visit(stay), false) {
            answer.latest_arguable = lawful_day(end).max(answer.last_day);
        }

        let over = (end + 1).max(entry);
        if current.is_some() {
            answer.status = if self.today < over { StayStatus::Lawful } else { StayStatus::Overstay };
        } else {
            answer.status = StayStatus::Planned;
        }
        let counted_up_to = match (answer.status, stay.exit) {
            (StayStatus::Overstay, _) => Some(self.today),
            (_, Some(exit)) => Some(exit.0),
            (StayStatus::Planned, None) => Some(entry),
            _ => None,
        };
        answer.days_over = counted_up_to.map_or(0, |up_to| (up_to - over + 1).max(0));
        if answer.status == StayStatus::Lawful {
            answer.days_left = answer.last_day.map(|last| last.0 - self.today);
        }

        let looked_at = if current.is_some() { self.today } else { exit_or(stay, entry) };
        let basis_day = if current.is_some() { self.today } else { entry };
        if carried_from.is_none_or(|from| basis_day < from) {
            for ((id, limit), broken) in &limits {
                let used = self.used(limit, looked_at, Some(entry));
                let last = broken.and_then(|broken| lawful_day(broken - 1));
                answer.limits.push(((*id).to_owned(), used, last));
            }
        }
        if carried_from.is_some() {
            let last = (end != NEVER).then_some(Day(end));
            answer.limits.push(("permit".to_owned(), looked_at - entry + 1, last));
            answer.binding = self.permit_that_ends(visit(stay), end);
        } else {
            let first_broken = limits.iter().filter_map(|(_, broken)| *broken).min();
            let binds = limits.iter().filter(|(_, broken)| broken.is_some() && *broken == first_broken);
            answer.binding = Some(binds.map(|((id, _), _)| (*id).to_owned()).collect());
        }
        answer
    }

    /// Nobody is there, and nobody is about to come.
    fn outside(&self, answer: &mut Answer) {
        match self.visa_free_rules(self.today) {
            Ok(limits) => {
                for (id, limit) in limits {
                    answer.limits.push((id.to_owned(), self.used(limit, self.today, None), None));
                }
            }
            Err(status) => {
                let permit_now_or_later =
                    self.person.permits.iter().any(|permit| permit.until.is_none_or(|until| until.0 >= self.today));
                if !permit_now_or_later {
                    answer.status = status;
                }
            }
        }
    }

    /// The rule of the only kind of permit that can be said to end the stay.
    fn permit_that_ends(&self, this: Visit, end: i32) -> Option<Vec<String>> {
        let ends = |permit: &&Permit| {
            let (first, last) = coverage(self.person, permit, this, true);
            first <= last && last == end
        };
        let mut kinds: Vec<u8> = self.person.permits.iter().filter(ends).map(|permit| permit.kind).collect();
        kinds.dedup();
        let [kind] = kinds[..] else { return None };
        let word = &self.book.vocabulary.permits[usize::from(kind)].id;
        Some(vec![format!("{}.stay.{word}", self.book.id)])
    }

    /// The visa-free limits for an entry on that day; where there is none, how the stay stands.
    fn visa_free_rules(&self, entry: i32) -> VisaFree<'a> {
        self.rules.borrow_mut().entry(entry).or_insert_with(|| self.look_up(entry)).clone()
    }

    fn look_up(&self, entry: i32) -> VisaFree<'a> {
        let on = Day(entry);
        let mut categories = 0;
        for (at, rule) in self.book.categories.iter().enumerate() {
            for version in rule.versions.iter().filter(|version| version.head.is_in_force(on)) {
                if version.says.members.contains(&self.person.citizenship) {
                    categories |= 1 << at;
                }
            }
        }
        let adult = u8::try_from(self.book.vocabulary.age_groups.len() - 1).expect("few age groups");
        let facts = FactSet::default()
            .with_categories(categories)
            .with(Fact::Basis, Some(0))
            .with(Fact::DocumentKind, Some(self.person.document_kind))
            .with(Fact::Relation, Some(0))
            .with(Fact::Age, Some(adult));
        for rule in self.book.uncovered.iter() {
            for version in rule.versions.iter().filter(|version| version.head.is_in_force(on)) {
                if version.head.applies(&facts) == Truth::Yes && version.says.scope != UncoveredScope::PastLastDay {
                    return Err(version.says.status.into());
                }
            }
        }
        let mut limits = Vec::new();
        let mut give_way = Vec::new();
        for (at, rule) in self.book.stay_limits.iter().enumerate() {
            for version in rule.versions.iter().filter(|version| version.head.is_in_force(on)) {
                if version.head.applies(&facts) == Truth::Yes && version.says.allowance.window != Window::Permit {
                    limits.push((at, (&*rule.id, &version.says)));
                    give_way.extend(rule.exception_to.iter().map(|at| usize::from(*at)));
                }
            }
        }
        limits.retain(|(at, _)| !give_way.contains(at));
        if limits.is_empty() || on < self.book.covered_from {
            return Err(StayStatus::NotCovered);
        }
        Ok(limits.into_iter().map(|(_, limit)| limit).collect())
    }

    fn at(&self, day: i32) -> usize {
        usize::try_from(day - self.origin).expect("the day is in the set")
    }

    /// The set of days that the limit counts, those of an open stay up to today.
    fn counted(&self, limit: &StayLimit) -> Counted {
        let key = (limit.counts_from, limit.not_counted);
        self.sets.borrow_mut().entry(key).or_insert_with(|| Rc::new(self.count(limit))).clone()
    }

    fn count(&self, limit: &StayLimit) -> Vec<bool> {
        let mut days = vec![false; self.length];
        for stay in &self.person.stays {
            if limit.counts_from.is_some_and(|from| stay.entry < from) {
                continue;
            }
            let entry = stay.entry.0;
            let last = exit_or(stay, self.today.max(entry));
            for day in entry..=last {
                let is_covered = self.person.permits.iter().any(|permit| {
                    let (from, until) = coverage(self.person, permit, visit(stay), true);
                    limit.not_counted >> permit.kind & 1 == 1 && from <= day && day <= until
                });
                if !is_covered {
                    days[self.at(day)] = true;
                }
            }
        }
        days
    }

    /// The window of a limit and the days that it allows; where the day of entry does not count, those that other
    /// sources give.
    fn numbers(limit: &StayLimit, entry_counts: bool) -> (Window, i32) {
        let numbers = match &limit.other_reading {
            Some(other) if !entry_counts => other.allowance,
            _ => limit.allowance,
        };
        (numbers.window, numbers.max_days)
    }

    /// The last day of a window that opens on `first`.
    fn closes(period: Period, first: i32) -> i32 {
        match period {
            Period::Days(days) => first + days - 1,
            Period::Years(years) => {
                let (year, month, day) = Day(first).ymd();
                let same = |day: u32| Day::from_ymd(year + years, month, day);
                same(day).map_or_else(|| same(day - 1).expect("a 28 February").0, |same| same.0 - 1)
            }
        }
    }

    /// The day on which the window opened in which an entry on this day falls.
    fn opened(&self, limit: &StayLimit, period: Period, on: i32) -> i32 {
        let counted = self.counted(limit);
        let counts = |entry: i32| limit.counts_from.is_none_or(|from| from.0 <= entry) && counted[self.at(entry)];
        let mut entries: Vec<i32> = self.person.stays.iter().map(|stay| stay.entry.0).chain([on]).collect();
        entries.retain(|entry| *entry == on || *entry < on && counts(*entry));
        entries.sort_unstable();
        // Each window closes before the next entry opens one.
        let mut opened = on;
        let mut closes = i32::MIN;
        for entry in entries {
            if entry > closes {
                (opened, closes) = (entry, Self::closes(period, entry));
            }
        }
        opened
    }

    /// The first day of the limit's window that ends on `day`; `entry` is where a stay begins.
    fn window_start(&self, limit: &StayLimit, window: Window, day: i32, entry: i32) -> i32 {
        match window {
            Window::PerEntry => entry,
            Window::FirstEntry(period) => self.opened(limit, period, entry),
            Window::Rolling(length) => day - length + 1,
            Window::CalendarYear => Day::from_ymd(Day(day).year(), 1, 1).expect("a first of January").0,
            Window::Permit => day + 1,
        }
    }

    /// Counted days in the limit's window that ends on `day`.
    fn used(&self, limit: &StayLimit, day: i32, entry: Option<i32>) -> i32 {
        let window = limit.allowance.window;
        let Some(first) = entry.or((window != Window::PerEntry).then_some(day)) else { return 0 };
        let days = self.counted(limit);
        let mut used = 0;
        for day in self.window_start(limit, window, day, first)..=day {
            used += i32::from(days[self.at(day)]);
        }
        used
    }

    /// The first day on which somebody who enters on `entry` and stays on breaks the limit.
    fn first_broken(&self, limit: &StayLimit, entry: i32, entry_counts: bool) -> Option<i32> {
        let counted = self.counted(limit);
        let (window, max_days) = Self::numbers(limit, entry_counts);
        // Where another stay ends on the day of entry, that day counts anyway.
        let is_counted_of_another = self.person.stays.iter().any(|stay| {
            let is_covered = self.person.permits.iter().any(|permit| {
                let (from, until) = coverage(self.person, permit, visit(stay), true);
                limit.not_counted >> permit.kind & 1 == 1 && from <= entry && entry <= until
            });
            stay.entry.0 < entry
                && stay.exit == Some(Day(entry))
                && limit.counts_from.is_none_or(|from| from <= stay.entry)
                && !is_covered
        });
        let is_there = |day: i32| match day - entry {
            0 => entry_counts || is_counted_of_another && window != Window::PerEntry,
            1.. => true,
            _ => counted[self.at(day)],
        };
        let mut first = self.window_start(limit, window, entry, entry);
        let mut used = 0;
        for day in first..entry {
            used += i32::from(is_there(day));
        }
        for day in entry..entry + FAR {
            used += i32::from(is_there(day));
            let new_first = match window {
                Window::FirstEntry(_) => first,
                _ => self.window_start(limit, window, day, entry),
            };
            while first < new_first {
                used -= i32::from(is_there(first));
                first += 1;
            }
            if used > max_days {
                return Some(day);
            }
        }
        None
    }

    /// What becomes of a stay.
    fn fate(&self, this: Visit, entry_counts: bool) -> Fate<'a> {
        let entry = this.0;
        let permits: Vec<(i32, i32)> = self
            .person
            .permits
            .iter()
            .map(|permit| coverage(self.person, permit, this, entry_counts))
            .filter(|(first, last)| first <= last)
            .collect();
        let covering = |day: i32| permits.iter().filter(move |(first, last)| *first <= day && day <= *last);
        let mut limits = Vec::new();
        let mut gaps = Vec::new();
        let begun = |after: i32| permits.iter().filter(move |(first, _)| after < *first && *first <= self.today);
        let mut carried_from = covering(entry).map(|_| entry).next();
        let mut end = covering(entry).map(|(_, last)| *last).max().unwrap_or(entry - 1);
        if carried_from.is_none() {
            match self.visa_free_rules(entry) {
                Err(status) => {
                    carried_from = begun(entry).map(|(first, _)| *first).min();
                    let Some(from) = carried_from else { return Fate::Unknown(status) };
                    end = begun(entry).filter(|(first, _)| *first == from).map(|(_, last)| *last).max().unwrap_or(end);
                }
                Ok(rules) => {
                    for (id, limit) in rules {
                        let broken = self.first_broken(limit, entry, entry_counts);
                        limits.push(((id, limit), broken));
                    }
                    end = limits.iter().filter_map(|(_, broken)| *broken).min().map_or(NEVER, |broken| broken - 1);
                    if entry <= end && end < NEVER {
                        let takes_over = || permits.iter().filter(|(first, _)| entry < *first && *first <= end + 1);
                        if let Some(from) = takes_over().map(|(first, _)| *first).min() {
                            carried_from = Some(from);
                            end = permits
                                .iter()
                                .filter(|(first, _)| *first == from)
                                .map(|(_, last)| *last)
                                .max()
                                .unwrap_or(end);
                        }
                    }
                }
            }
        }
        while end < NEVER {
            let chained = permits.iter().filter(|(first, last)| *first <= end + 1 && *last > end);
            if let Some(longest) = chained.map(|(_, last)| *last).max().filter(|_| carried_from.is_some()) {
                end = longest;
                continue;
            }
            let lawful_until = end.max(entry - 1);
            let Some(from) = begun(lawful_until + 1).map(|(first, _)| *first).min() else { break };
            gaps.push((lawful_until + 1, from - 1));
            carried_from = carried_from.or(Some(from));
            end =
                begun(lawful_until + 1).filter(|(first, _)| *first == from).map(|(_, last)| *last).max().unwrap_or(end);
        }
        Fate::Known { limits, carried_from, gaps, end }
    }

    /// What a day is, by the word for it, and whether the limit of this id counts it: the limit that holds for an
    /// entry on `entry`.
    pub fn cell(&self, day: Day, limit: Option<(&str, Day)>) -> (&'static str, bool) {
        const CALM_FIRST: [&str; 8] =
            ["outside", "allowed", "not-counted", "counted", "planned", "undecided", "planned-over", "overstay"];
        let limit = limit.and_then(|(id, entry)| {
            let limits = self.visa_free_rules(entry.0).ok()?;
            limits.into_iter().find(|(known, _)| *known == id).map(|(_, limit)| limit)
        });
        let is_counted = limit.is_some_and(|limit| self.counted(limit)[self.at(day.0)]);
        let states = self.person.stays.iter().map(|stay| self.state(stay, day.0, is_counted));
        let gravest = states.max_by_key(|state| CALM_FIRST.iter().position(|known| known == state));
        (gravest.unwrap_or("outside"), is_counted)
    }

    /// What a day is because of one stay.
    fn state(&self, stay: &Stay, day: i32, is_counted: bool) -> &'static str {
        let entry = stay.entry.0;
        let last_known = exit_or(stay, self.today.max(entry));
        let is_there = entry <= day && day <= last_known;
        let (limits, carried_from, gaps, end) = match self.fate(visit(stay), true) {
            Fate::Unknown(_) => return if is_there { "undecided" } else { "outside" },
            Fate::Known { limits, carried_from, gaps, end } => (limits, carried_from, gaps, end),
        };
        let is_lawful = day <= end && !gaps.iter().any(|(first, last)| *first <= day && day <= *last);
        let is_before_the_rules = limits.is_empty() && carried_from.is_some_and(|from| day < from);
        match (is_there, is_lawful, day <= self.today) {
            (false, true, _) if stay.exit.is_none() && day > last_known => "allowed",
            (false, _, _) => "outside",
            (true, _, _) if is_before_the_rules => "undecided",
            (true, true, true) if is_counted => "counted",
            (true, true, true) => "not-counted",
            (true, true, false) => "planned",
            (true, false, true) => "overstay",
            (true, false, false) => "planned-over",
        }
    }

    fn overstays(&self) -> Vec<(Day, Day, Day, i32)> {
        let mut found = Vec::new();
        for stay in self.person.stays.iter().filter(|stay| stay.entry.0 <= self.today) {
            let Fate::Known { gaps, end, .. } = self.fate(visit(stay), true) else { continue };
            let there_until = exit_or(stay, self.today).min(self.today);
            let past = ((end + 1).max(stay.entry.0), there_until);
            for (from, to) in gaps.into_iter().chain([past]) {
                let to = to.min(there_until);
                if from <= to {
                    found.push((stay.entry, Day(from), Day(to), to - from + 1));
                }
            }
        }
        found
    }

    fn next_entry(&self) -> Option<(Day, Option<i32>)> {
        let last = self.person.stays.iter().rfind(|stay| stay.entry.0 <= self.today);
        let first = last.map_or(self.today, |stay| self.today.max(exit_or(stay, self.today) + 1));
        for day in first..first + SEARCH {
            let rules = self.visa_free_rules(day).ok()?;
            let broken = |(_, limit): &NamedLimit<'_>| self.first_broken(limit, day, true);
            let first_broken = rules.iter().filter_map(broken).min();
            if first_broken != Some(day) {
                return Some((Day(day), first_broken.map(|broken| broken - day)));
            }
        }
        None
    }
}
