//! Reasoning: a rule book made ready to be asked about many people.
//!
//! People differ in fewer facts than one would think: what the rules of one kind answer is remembered by
//! the facts that they ask for and by the days on which the same versions are in force.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::documents::AskedDocuments;
use crate::calendar::{Day, DayRange};
use crate::country::Country;
use crate::facts::{Asked, Fact, FactSet, MIX, Truth};
use crate::rulebook::{
    Advice, Applied, Category, Channel, Document, Duty, EntryDocument, Event, Head, LateFiling, Level, PassportMargin,
    PermitEligibility, PermitExemption, PermitService, PermitTerm, PermitThreshold, Rule, RuleBook, Sanction,
    StayLimit, Uncovered,
};

/// Answers that are remembered of each kind of rules when many people are asked about: enough for the
/// facts of a usual staff list, little enough to stay in a cache of a processor.
const MANY: usize = 512;

/// A rule book, and what it has answered so far.
pub struct Law<'r> {
    pub(crate) book: &'r RuleBook,
    categories: Kind<'r, Category>,
    memberships: Memory<Membership, u64>,
    pub(super) entry_documents: Kind<'r, EntryDocument>,
    pub(super) stay_limits: Kind<'r, StayLimit>,
    pub(super) uncovered: Kind<'r, Uncovered>,
    pub(super) sanctions: Kind<'r, Sanction>,
    pub(super) passport_margins: Kind<'r, PassportMargin>,
    pub(super) duties: Kind<'r, Duty>,
    pub(super) channels: Kind<'r, Channel>,
    pub(super) advice: Kind<'r, Advice>,
    pub(super) services: Kind<'r, PermitService>,
    pub(super) thresholds: Kind<'r, PermitThreshold>,
    pub(super) exemptions: Kind<'r, PermitExemption>,
    pub(super) eligibility: Kind<'r, PermitEligibility>,
    pub(super) terms: Kind<'r, PermitTerm>,
    pub(super) late_filings: Kind<'r, LateFiling>,
    pub(super) documents: Kind<'r, Document>,
    asked_documents: Memory<Question, Rc<AskedDocuments>>,
    asks_age: OnceCell<bool>,
    oldest: OnceCell<Option<Day>>,
}

impl<'r> Law<'r> {
    /// A book that will be asked about one case: it remembers nothing, which would cost more than it saves.
    #[must_use]
    pub fn for_one(book: &'r RuleBook) -> Self {
        Self::new(book, 0)
    }

    /// A book that will be asked about many people.
    #[must_use]
    pub fn for_many(book: &'r RuleBook) -> Self {
        Self::new(book, MANY)
    }

    fn new(book: &'r RuleBook, room: usize) -> Self {
        Self {
            book,
            categories: Kind::new(&book.categories, room),
            memberships: Memory::new(room),
            entry_documents: Kind::new(&book.entry_documents, room),
            stay_limits: Kind::new(&book.stay_limits, room),
            uncovered: Kind::new(&book.uncovered, room),
            sanctions: Kind::new(&book.sanctions, room),
            passport_margins: Kind::new(&book.passport_margins, room),
            duties: Kind::new(&book.duties, room),
            channels: Kind::new(&book.channels, room),
            advice: Kind::new(&book.advice, room),
            services: Kind::new(&book.services, room),
            thresholds: Kind::new(&book.thresholds, room),
            exemptions: Kind::new(&book.exemptions, room),
            eligibility: Kind::new(&book.eligibility, room),
            terms: Kind::new(&book.terms, room),
            late_filings: Kind::new(&book.late_filings, room),
            documents: Kind::new(&book.documents, room),
            asked_documents: Memory::new(room),
            asks_age: OnceCell::new(),
            oldest: OnceCell::new(),
        }
    }

    /// The categories that a citizenship belongs to on a day, as bits, and the days around it on which
    /// the same lists are in force.
    pub(super) fn categories_of(&self, citizenship: Country, on: Day) -> (u64, DayRange) {
        if self.memberships.is_closed() {
            return (self.book.categories_of(citizenship, on), self.categories.days_alike(on));
        }
        let (era, days) = self.categories.era(on);
        let key = Membership { citizenship, era };
        (self.memberships.recall(&key, &|| self.book.categories_of(citizenship, on)), days)
    }

    /// Which documents are asked for on a day of somebody with these facts; `is_exempt` tells whether those for
    /// the permit are left out. `find` is given the rules that hold or may, each with its place in the list.
    pub(super) fn asked_documents(
        &self,
        on: Day,
        facts: &FactSet,
        is_exempt: bool,
        find: impl Fn(&mut dyn Iterator<Item = (usize, Applied<'r, Document>)>) -> AskedDocuments,
    ) -> Rc<AskedDocuments> {
        let rules = &self.documents;
        let question = Question { is_exempt, ..rules.question(on, facts) };
        self.asked_documents.recall(&question, &|| {
            let hits = hits(rules.rules, on, facts);
            let mut places = hits.iter().map(|hit| usize::from(hit.rule));
            let answer = Answer { rules: rules.rules, on, facts: *facts, hits: Some(Rc::clone(&hits)), next: 0 };
            let mut asked = answer.map_while(|(applied, _)| Some((places.next()?, applied)));
            Rc::new(find(&mut asked))
        })
    }

    /// Whether the age of a person can change an answer.
    pub(super) fn asks_age(&self) -> bool {
        *self.asks_age.get_or_init(|| {
            let mut duties = self.book.duties.iter().flat_map(|duty| duty.versions.iter());
            duties.any(|version| matches!(version.says.event, Event::Birthday(_))) || asks(self.book, Fact::Age)
        })
    }

    /// Whether every rule was verified no more than so many days ago that nothing need be said of it.
    pub(super) fn is_fresh(&self, today: Day) -> bool {
        let oldest = self.oldest.get_or_init(|| heads(self.book).map(|head| head.verified).min());
        oldest.is_none_or(|oldest| today.days_since(oldest) <= self.book.stale_after_days)
    }
}

/// All versions of all rules that are asked of a person.
fn heads(book: &RuleBook) -> impl Iterator<Item = &Head> {
    fn of<V: Clone + 'static>(rules: &[Rule<V>]) -> impl Iterator<Item = &Head> {
        rules.iter().flat_map(|rule| rule.versions.iter()).map(|version| &version.head)
    }
    of(&book.entry_documents)
        .chain(of(&book.stay_limits))
        .chain(of(&book.uncovered))
        .chain(of(&book.sanctions))
        .chain(of(&book.passport_margins))
        .chain(of(&book.duties))
        .chain(of(&book.channels))
        .chain(of(&book.advice))
        .chain(of(&book.services))
        .chain(of(&book.thresholds))
        .chain(of(&book.exemptions))
        .chain(of(&book.eligibility))
        .chain(of(&book.terms))
        .chain(of(&book.late_filings))
        .chain(of(&book.documents))
}

/// Whether any rule of a pack asks for a fact.
#[must_use]
pub fn asks(book: &RuleBook, fact: Fact) -> bool {
    let conditions = heads(book)
        .flat_map(|head| std::iter::once(&head.when).chain(head.unless.iter().map(|exemption| &exemption.when)));
    conditions.flat_map(|condition| condition.tests.iter()).any(|test| test.fact == fact)
}

/// The rules of a kind, and what they have answered.
pub(super) struct Kind<'r, V: Clone + 'static> {
    rules: &'r [Rule<V>],
    shape: OnceCell<Shape>,
    answers: Memory<Question, Rc<[Hit]>>,
}

/// What rules can tell apart.
struct Shape {
    /// The first days on which other versions are in force, in order.
    changes: Vec<Day>,
    asked: Asked,
    /// Whether any of them has a note that is a warning.
    warns: bool,
}

/// A rule that applies or may apply, by its place in the list, and the place of its version.
#[derive(Clone, Copy)]
struct Hit {
    rule: u16,
    version: u16,
    truth: Truth,
    /// Whether it gives way to an exception.
    is_beaten: bool,
}

/// What rules are asked: what they can tell apart of a day and of the facts.
#[derive(Clone, PartialEq)]
struct Question {
    era: u16,
    facts: FactSet,
    /// Whether rules about the permit are left out.
    is_exempt: bool,
}

/// Of which groups a country is a member, in an era of the groups.
#[derive(Clone, PartialEq)]
struct Membership {
    citizenship: Country,
    era: u16,
}

impl<'r, V: Clone + 'static> Kind<'r, V> {
    const fn new(rules: &'r [Rule<V>], room: usize) -> Self {
        Self { rules, shape: OnceCell::new(), answers: Memory::new(room) }
    }

    /// All of them.
    pub(super) const fn all(&self) -> &'r [Rule<V>] {
        self.rules
    }

    fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| {
            let mut shape = Shape { changes: Vec::new(), asked: Asked::default(), warns: false };
            for head in self.rules.iter().flat_map(|rule| rule.versions.iter()).map(|version| &version.head) {
                shape.changes.push(head.from);
                shape.changes.extend(head.until.map(|until| until.plus(1)));
                shape.warns |= head.notes.iter().any(|note| note.level == Level::Warning);
                shape.asked.add(&head.when);
                head.unless.iter().for_each(|exemption| shape.asked.add(&exemption.when));
            }
            shape.changes.sort_unstable();
            shape.changes.dedup();
            shape
        })
    }

    /// Whether any of them has a note that is a warning.
    pub(super) fn warns(&self) -> bool {
        self.shape().warns
    }

    /// The days around one on which the same versions are in force, and their number.
    fn era(&self, on: Day) -> (u16, DayRange) {
        let changes = &self.shape().changes;
        let at = changes.partition_point(|change| *change <= on);
        let first = at.checked_sub(1).map_or(Day(i32::MIN), |before| changes[before]);
        let last = changes.get(at).map_or(Day(i32::MAX), |next| next.plus(-1));
        (u16::try_from(at).unwrap_or(u16::MAX), DayRange { first, last })
    }

    /// The days around one on which the same versions are in force.
    pub(super) fn days_alike(&self, on: Day) -> DayRange {
        if !self.answers.is_closed() {
            return self.era(on).1;
        }
        let mut days = DayRange { first: Day(i32::MIN), last: Day(i32::MAX) };
        for head in self.rules.iter().flat_map(|rule| rule.versions.iter()).map(|version| &version.head) {
            for change in std::iter::once(head.from).chain(head.until.map(|until| until.plus(1))) {
                if change <= on {
                    days.first = days.first.max(change);
                } else {
                    days.last = days.last.min(change.plus(-1));
                }
            }
        }
        days
    }

    /// The rules in force on the day that apply, or may apply, to these facts; those that give way to a
    /// named exception left out.
    pub(super) fn applied(&self, on: Day, facts: &FactSet) -> impl Iterator<Item = Applied<'r, V>> {
        self.answer(on, facts).filter(|(_, is_beaten)| !is_beaten).map(|(applied, _)| applied)
    }

    fn question(&self, on: Day, facts: &FactSet) -> Question {
        Question { era: self.era(on).0, facts: facts.seen_by(&self.shape().asked), is_exempt: false }
    }

    fn answer(&self, on: Day, facts: &FactSet) -> Answer<'r, V> {
        let hits = (!self.answers.is_closed())
            .then(|| self.answers.recall(&self.question(on, facts), &|| hits(self.rules, on, facts)));
        Answer { rules: self.rules, on, facts: *facts, hits, next: 0 }
    }
}

/// The rule at a place, if it applies or may apply.
fn hit<V: Clone + 'static>(rules: &[Rule<V>], at: usize, on: Day, facts: &FactSet) -> Option<Hit> {
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let versions = &rules[at].versions;
    let version = versions.iter().position(|version| version.head.is_in_force(on))?;
    let truth = versions[version].head.applies(facts);
    (truth != Truth::No).then_some(Hit { rule: place(at), version: place(version), truth, is_beaten: false })
}

fn hits<V: Clone + 'static>(rules: &[Rule<V>], on: Day, facts: &FactSet) -> Rc<[Hit]> {
    let mut answer = Answer { rules, on, facts: *facts, hits: None, next: 0 };
    std::iter::from_fn(|| answer.next_hit()).collect()
}

/// The rules that apply or may apply, one by one, and whether each gives way to an exception.
pub(super) struct Answer<'r, V: Clone + 'static> {
    rules: &'r [Rule<V>],
    on: Day,
    facts: FactSet,
    /// As remembered; else they are found on the way.
    hits: Option<Rc<[Hit]>>,
    next: usize,
}

impl<V: Clone + 'static> Answer<'_, V> {
    fn next_hit(&mut self) -> Option<Hit> {
        if let Some(hits) = &self.hits {
            let hit = *hits.get(self.next)?;
            self.next += 1;
            return Some(hit);
        }
        let (at, found) =
            (self.next..self.rules.len()).find_map(|at| Some((at, hit(self.rules, at, self.on, &self.facts)?)))?;
        self.next = at + 1;
        // Few rules are exceptions: they are asked again for each rule found, in place of a list of those beaten.
        let beats = |(other, rule): (usize, &Rule<V>)| {
            rule.exception_to.contains(&found.rule)
                && hit(self.rules, other, self.on, &self.facts).is_some_and(|other| other.truth == Truth::Yes)
        };
        Some(Hit { is_beaten: self.rules.iter().enumerate().any(beats), ..found })
    }
}

impl<'r, V: Clone + 'static> Iterator for Answer<'r, V> {
    type Item = (Applied<'r, V>, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let hit = self.next_hit()?;
        let rule = &self.rules[usize::from(hit.rule)];
        let applied = Applied { rule, version: &rule.versions[usize::from(hit.version)], truth: hit.truth };
        Some((applied, hit.is_beaten))
    }
}

/// What can be remembered under a place among others.
trait Mixed {
    /// A number that is the same for the same key, and mostly another one for others.
    fn mixed(&self) -> u64;
}

impl Mixed for Question {
    fn mixed(&self) -> u64 {
        let rest = u64::from(self.era) << 1 | u64::from(self.is_exempt);
        self.facts.mixed() ^ rest.rotate_right(11)
    }
}

impl Mixed for Membership {
    fn mixed(&self) -> u64 {
        (u64::from(self.citizenship.0) << u16::BITS | u64::from(self.era)).wrapping_mul(MIX)
    }
}

/// Answers by what was asked. Each has one place: where two share it, the older one is forgotten, so
/// that no list makes it grow.
struct Memory<K, A> {
    room: usize,
    places: RefCell<Vec<Option<(K, A)>>>,
}

impl<K: Mixed + Clone + PartialEq, A: Clone> Memory<K, A> {
    const fn new(room: usize) -> Self {
        Self { room, places: RefCell::new(Vec::new()) }
    }

    /// Whether nothing is remembered.
    const fn is_closed(&self) -> bool {
        self.room == 0
    }

    /// The answer as remembered; else as found now.
    #[inline(never)]
    fn recall(&self, key: &K, find: &dyn Fn() -> A) -> A {
        if self.is_closed() {
            return find();
        }
        let mut places = self.places.borrow_mut();
        if places.is_empty() {
            places.resize_with(self.room, || None);
        }
        let at = (key.mixed() >> 32) as usize % self.room;
        if let Some((known, answer)) = &places[at]
            && known == key
        {
            return answer.clone();
        }
        let answer = find();
        places[at] = Some((key.clone(), answer.clone()));
        answer
    }
}
