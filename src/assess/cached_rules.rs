//! A rule book that remembers its answers from one person to the next.
//!
//! People differ in fewer facts than one would think: an answer is remembered by the facts that its rules ask for and by
//! the days on which the same versions are in force.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use smallvec::SmallVec;

use super::decide::{Arrival, AskedDocuments};
use super::matching::{Candidates, Match, matches};
use crate::calendar::{Day, DayRange};
use crate::country::Country;
use crate::facts::{Asked, Fact, FactSet, MIX};
use crate::rulebook::{
    Event, Head, PermitExemption, PermitService, PermitTerm, PermitThreshold, Rule, RuleBook, UncoveredScope, Window,
};

/// Answers that are remembered of each sort when many people are asked about: enough for the facts of a usual staff
/// list, little enough to stay in a cache of a processor.
const MANY: usize = 1024;

/// So many times more of the documents, for which more facts are asked than for anything else.
const OF_DOCUMENTS: usize = 4;

/// A rule book, and what it has answered so far.
pub struct CachedRules<'r> {
    pub(super) book: &'r RuleBook,
    /// The first days on which other versions of any rules are in force, in order.
    changes: OnceCell<Vec<Day>>,
    memberships: Memory<u64>,
    limits: Memory<Limits>,
    permit_rules: Memory<Rc<[Few; 4]>>,
    arrivals: Memory<Arrival>,
    asked_documents: Memory<Rc<AskedDocuments>>,
    asks_age: OnceCell<bool>,
    oldest: OnceCell<Option<Day>>,
}

/// The visa-free limits that hold, or may hold, for an entry; else the rule by which the stay is, or may be, not covered.
pub(super) type Limits = Result<Rc<[Match]>, Match>;

/// Mostly one rule.
type Few = SmallVec<[Match; 2]>;

/// The rules of each kind that decide, or may decide, on the permit.
pub(super) struct PermitRules<'r> {
    pub(super) thresholds: Candidates<'r, PermitThreshold>,
    pub(super) exemptions: Candidates<'r, PermitExemption>,
    pub(super) services: Candidates<'r, PermitService>,
    pub(super) terms: Candidates<'r, PermitTerm>,
}

impl<'r> CachedRules<'r> {
    /// For one case: nothing is remembered, which would cost more than it saves.
    pub fn for_one(book: &'r RuleBook) -> Self {
        Self::new(book, 0)
    }

    pub fn for_many(book: &'r RuleBook) -> Self {
        Self::new(book, MANY)
    }

    fn new(book: &'r RuleBook, size: usize) -> Self {
        Self {
            book,
            changes: OnceCell::new(),
            memberships: Memory::new(size),
            limits: Memory::new(size),
            permit_rules: Memory::new(size),
            arrivals: Memory::new(size),
            asked_documents: Memory::new(size * OF_DOCUMENTS),
            asks_age: OnceCell::new(),
            oldest: OnceCell::new(),
        }
    }

    /// The number of the run of days on which the same versions are in force.
    fn era(&self, on: Day) -> usize {
        let changes = self.changes.get_or_init(|| {
            let heads = self.book.heads().chain(of(&self.book.categories));
            let mut days: Vec<Day> =
                heads.flat_map(|head| [Some(head.from), head.until.map(|until| until.plus(1))]).flatten().collect();
            days.sort_unstable();
            days.dedup();
            days
        });
        changes.partition_point(|change| *change <= on)
    }

    /// The days around one on which the same versions are in force.
    pub(super) fn days_alike(&self, on: Day) -> DayRange {
        let at = self.era(on);
        let changes = self.changes.get().map(Vec::as_slice).unwrap_or_default();
        let first = at.checked_sub(1).map_or(Day(i32::MIN), |before| changes[before]);
        let last = changes.get(at).map_or(Day(i32::MAX), |next| next.plus(-1));
        DayRange { first, last }
    }

    /// The categories that a citizenship belongs to on a day, as bits.
    pub(super) fn categories_of(&self, citizenship: Country, on: Day) -> u64 {
        let key = || [self.era(on), citizenship.0.into(), 0, 0];
        let find = || self.book.categories_of(citizenship, on);
        self.memberships.recall(key, Asked::default, &FactSet::default(), find)
    }

    /// Which documents are asked for on a day; `is_exempt` where those for the permit are left out.
    pub(super) fn asked_documents(
        &self,
        on: Day,
        facts: &FactSet,
        is_exempt: bool,
        find: impl FnOnce() -> AskedDocuments,
    ) -> Rc<AskedDocuments> {
        let key = || [self.era(on), is_exempt.into(), 0, 0];
        self.asked_documents.recall(key, || asked(of(&self.book.documents)), facts, || Rc::new(find()))
    }

    /// What is decided about an arrival on a day with this kind of travel document.
    pub(super) fn arrival(&self, on: Day, facts: &FactSet, document: u8, find: impl FnOnce() -> Arrival) -> Arrival {
        let key = || [self.era(on), document.into(), 0, 0];
        self.arrivals.recall(key, || asked(of(&self.book.entry_documents).chain(of(&self.book.duties))), facts, find)
    }

    pub(super) fn limits(&self, entry: Day, facts: &FactSet) -> Limits {
        let (uncovered, limits) = (&*self.book.uncovered, &*self.book.stay_limits);
        let find = || {
            let is_whole = |found: &Match| found.of(uncovered).content().scope != UncoveredScope::PastLastDay;
            let is_visa_free = |found: &Match| found.of(limits).content().window() != Window::Permit;
            match matches(uncovered, entry, *facts).find(is_whole) {
                Some(uncovered) => Err(uncovered),
                None => Ok(matches(limits, entry, *facts).filter(is_visa_free).collect()),
            }
        };
        self.limits.recall(|| [self.era(entry), 0, 0, 0], || asked(of(uncovered).chain(of(limits))), facts, find)
    }

    /// `later` is the later of the entry and today.
    pub(super) fn permit_rules(&self, entry: Day, later: Day, filing: Day, facts: &FactSet) -> PermitRules<'r> {
        let RuleBook { thresholds, exemptions, services, terms, .. } = self.book;
        let find = || {
            Rc::new([
                matches(thresholds, entry, *facts).collect(),
                matches(exemptions, later, *facts).collect(),
                matches(services, filing, *facts).collect(),
                matches(terms, filing, *facts).collect(),
            ])
        };
        let key = || [self.era(entry), self.era(later), self.era(filing), 0];
        let asked = || asked(of(thresholds).chain(of(exemptions)).chain(of(services)).chain(of(terms)));
        let found: Rc<[Few; 4]> = self.permit_rules.recall(key, asked, facts, find);
        let [of_thresholds, of_exemptions, of_services, of_terms] = &*found;
        PermitRules {
            thresholds: candidates(of_thresholds, thresholds),
            exemptions: candidates(of_exemptions, exemptions),
            services: candidates(of_services, services),
            terms: candidates(of_terms, terms),
        }
    }

    pub(super) fn asks_age(&self) -> bool {
        *self.asks_age.get_or_init(|| {
            let mut duties = self.book.duties.iter().flat_map(|duty| duty.versions.iter());
            duties.any(|version| matches!(version.says.event, Event::Birthday(_))) || asks(self.book, Fact::Age)
        })
    }

    /// Whether no rule was last verified so long ago that it has to be said.
    pub(super) fn is_fresh(&self, today: Day) -> bool {
        let oldest = self.oldest.get_or_init(|| self.book.heads().map(|head| head.verified).min());
        oldest.is_none_or(|oldest| !self.book.is_old(oldest, today))
    }
}

fn candidates<'r, V: Clone + 'static>(found: &Few, rules: &'r [Rule<V>]) -> Candidates<'r, V> {
    Candidates(found.iter().map(|found| found.of(rules)).collect())
}

fn of<V: Clone + 'static>(rules: &[Rule<V>]) -> impl Iterator<Item = &Head> {
    rules.iter().flat_map(|rule| rule.versions.iter()).map(|version| &version.head)
}

fn asked<'r>(heads: impl Iterator<Item = &'r Head>) -> Asked {
    let mut asked = Asked::default();
    for head in heads {
        asked.add(&head.when);
        head.unless.iter().for_each(|exemption| asked.add(&exemption.when));
    }
    asked
}

pub fn asks(book: &RuleBook, fact: Fact) -> bool {
    asked(book.heads()).has(fact)
}

/// Answers by what was asked. Each has one place: where two share it the older one is forgotten, so that no list makes
/// it grow.
struct Memory<A> {
    /// The number of places, a power of two; 0 where nothing is remembered.
    size: usize,
    asked: OnceCell<Asked>,
    places: RefCell<Vec<Option<(Key, A)>>>,
}

/// What rules are asked: which versions are in force and what else they depend on, and the facts that they can tell apart.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    numbers: [usize; 4],
    facts: FactSet,
}

impl<A: Clone> Memory<A> {
    const fn new(size: usize) -> Self {
        debug_assert!(size == 0 || size.is_power_of_two());
        Self { size, asked: OnceCell::new(), places: RefCell::new(Vec::new()) }
    }

    /// The answer as remembered, else as found now. `asked` must be the same at every call.
    fn recall(
        &self,
        numbers: impl FnOnce() -> [usize; 4],
        asked: impl FnOnce() -> Asked,
        facts: &FactSet,
        find: impl FnOnce() -> A,
    ) -> A {
        if self.size == 0 {
            return find();
        }
        let key = Key { numbers: numbers(), facts: facts.seen_by(self.asked.get_or_init(asked)) };
        let mixed =
            key.numbers.iter().fold(key.facts.mixed(), |mixed, number| (mixed ^ *number as u64).wrapping_mul(MIX));
        let mut places = self.places.borrow_mut();
        if places.is_empty() {
            places.resize_with(self.size, || None);
        }
        let place = &mut places[(mixed >> 32) as usize & (self.size - 1)];
        match place {
            Some((known, answer)) if *known == key => answer.clone(),
            _ => {
                let answer = find();
                *place = Some((key, answer.clone()));
                answer
            }
        }
    }
}
