//! Reasoning: a rule book made ready to be asked about many people.
//!
//! People differ in fewer facts than one would think: what the rules of one kind answer is remembered by
//! the facts that they ask for and by the days on which the same versions are in force.

use std::cell::{OnceCell, RefCell};
use std::mem::take;
use std::rc::Rc;

use super::documents::AskedDocuments;
use super::spare::Spare;
use crate::assessment::{Assessment, Deadline, LimitUse, Need};
use crate::calendar::{Day, DayRange};
use crate::country::Country;
use crate::facts::{Asked, Fact, FactSet, MIX, Truth};
use crate::rulebook::{
    Advice, Applied, Category, Channel, Document, Duty, EntryDocument, Event, Head, LateFiling, Level, PassportMargin,
    PermitEligibility, PermitExemption, PermitService, PermitTerm, PermitThreshold, Rule, RuleBook, Sanction,
    StayLimit, Uncovered, UncoveredScope, Who, Window,
};

/// Answers that are remembered of each kind of rules when many people are asked about: enough for the
/// facts of a usual staff list, little enough to stay in a cache of a processor.
const MANY: usize = 1024;

/// So many times more of the documents, for which more facts are asked than for anything else.
const OF_DOCUMENTS: usize = 4;

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
    asked_documents: Answers<Rc<AskedDocuments>>,
    needed_documents: OnceCell<Box<[u16]>>,
    arrivals: Answers<Arrival>,
    limits: Answers<Limits>,
    permit_rules: Answers<FirstHits>,
    asks_age: OnceCell<bool>,
    oldest: OnceCell<Option<Day>>,
    pub(super) spare_limits: Spare<LimitUse<'static>>,
    pub(super) spare_deadlines: Spare<Deadline<'static>>,
    pub(super) spare_needs: Spare<Need<'static>>,
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
            asked_documents: Answers::new(room * OF_DOCUMENTS),
            needed_documents: OnceCell::new(),
            arrivals: Answers::new(room),
            limits: Answers::new(room),
            permit_rules: Answers::new(room),
            asks_age: OnceCell::new(),
            oldest: OnceCell::new(),
            spare_limits: Spare::new(),
            spare_deadlines: Spare::new(),
            spare_needs: Spare::new(),
        }
    }

    /// Takes answers back that have been told: their memory serves the next ones.
    pub fn take_back(&self, mut answers: Vec<Assessment<'_>>) {
        for answer in &mut answers {
            for person in answer.persons_mut() {
                self.spare_limits.keep(take(&mut person.stay.limits));
                self.spare_deadlines.keep(take(&mut person.deadlines));
            }
            self.spare_needs.keep(take(&mut answer.needs));
        }
    }

    /// The categories that a citizenship belongs to on a day, as bits, and the days around it on which
    /// the same lists are in force.
    pub(super) fn categories_of(&self, citizenship: Country, on: Day) -> (u64, DayRange) {
        if self.memberships.is_closed() {
            return (self.book.categories_of(citizenship, on), self.categories.days_alike(on));
        }
        let key = Membership { citizenship, era: self.categories.era(on) };
        let find = || self.book.categories_of(citizenship, on);
        (self.memberships.recall(&key, &find), self.categories.days_alike(on))
    }

    /// Which documents are asked for on a day of somebody with these facts; `is_exempt` tells whether those for
    /// the permit are left out.
    pub(super) fn asked_documents(
        &self,
        on: Day,
        facts: &FactSet,
        is_exempt: bool,
        find: &dyn Fn() -> AskedDocuments,
    ) -> Rc<AskedDocuments> {
        let eras = || [self.documents.era(on), u16::from(is_exempt), 0, 0];
        self.asked_documents.recall((eras, || self.documents.shape().asked), facts, &|| Rc::new(find()))
    }

    /// Whether a duty hangs on the document whose rule has this place.
    pub(super) fn is_needed_by_a_duty(&self, document: u16) -> bool {
        let needed = self.needed_documents.get_or_init(|| {
            let duties = self.book.duties.iter().flat_map(|duty| duty.versions.iter());
            let needed: Vec<&str> = duties.filter_map(|duty| duty.says.needs_document.as_deref()).collect();
            let documents = (0..).zip(self.book.documents.iter());
            documents.filter(|(_, rule)| needed.contains(&&*rule.public)).map(|(place, _)| place).collect()
        });
        needed.contains(&document)
    }

    /// What a row tells of an arrival on a day with this kind of travel document.
    pub(super) fn arrival(&self, on: Day, facts: &FactSet, document: u8, find: &dyn Fn() -> Arrival) -> Arrival {
        let eras = || [self.entry_documents.era(on), self.duties.era(on), u16::from(document), 0];
        let asked = || self.entry_documents.shape().asked.and(&self.duties.shape().asked);
        self.arrivals.recall((eras, asked), facts, find)
    }

    /// The visa-free limits that hold for an entry on a day; else the rule by which the stay is not covered.
    pub(super) fn limits(&self, entry: Day, facts: &FactSet) -> Limits {
        let find = || {
            let is_whole = |says: &Uncovered| says.scope != UncoveredScope::PastLastDay;
            let uncovered = self.uncovered.holding(entry, facts, is_whole).next();
            let limits = || self.stay_limits.holding(entry, facts, |says| says.window != Window::Permit).collect();
            uncovered.map_or_else(|| Ok(limits()), Err)
        };
        let eras = || [self.uncovered.era(entry), self.stay_limits.era(entry), 0, 0];
        let asked = || self.uncovered.shape().asked.and(&self.stay_limits.shape().asked);
        self.limits.recall((eras, asked), facts, &find)
    }

    /// The days around one on which the same limits hold for the same facts.
    pub(super) fn days_of_limits(&self, entry: Day) -> DayRange {
        self.uncovered.days_alike(entry).overlap(self.stay_limits.days_alike(entry))
    }

    /// What decides on the permit of somebody with these facts.
    pub(super) fn permit_rules(&self, on: PermitDays, facts: &FactSet) -> PermitRules<'r> {
        let find = || {
            let threshold = self.thresholds.holding(on.entry, facts, |_| true).next();
            let exemption = self.exemptions.holding(on.later, facts, |_| true).next();
            let service = self.services.holding(on.filing, facts, |_| true).next();
            (threshold, exemption, service, self.terms.unbeaten(on.filing, facts).next())
        };
        let eras = || {
            let Self { thresholds, exemptions, services, terms, .. } = self;
            [thresholds.era(on.entry), exemptions.era(on.later), services.era(on.filing), terms.era(on.filing)]
        };
        let asked = || {
            let of_filing = self.services.shape().asked.and(&self.terms.shape().asked);
            self.thresholds.shape().asked.and(&self.exemptions.shape().asked).and(&of_filing)
        };
        let (threshold, exemption, service, term) = self.permit_rules.recall((eras, asked), facts, &find);
        PermitRules {
            threshold: threshold.map(|hit| self.thresholds.at(hit)),
            exemption: exemption.map(|hit| self.exemptions.at(hit)),
            service: service.map(|hit| self.services.at(hit)),
            term: term.map(|hit| self.terms.at(hit)),
        }
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
        let oldest = self.oldest.get_or_init(|| self.book.heads().map(|head| head.verified).min());
        oldest.is_none_or(|oldest| today.days_since(oldest) <= self.book.stale_after_days)
    }
}

/// Whether any rule of a pack asks for a fact.
#[must_use]
pub fn asks(book: &RuleBook, fact: Fact) -> bool {
    book.heads().flat_map(Head::conditions).flat_map(|condition| condition.tests.iter()).any(|test| test.fact == fact)
}

/// The rules of a kind, and what they have answered.
pub(super) struct Kind<'r, V: Clone + 'static> {
    rules: &'r [Rule<V>],
    shape: OnceCell<Shape>,
    /// Whether any of them is an exception to another.
    has_exceptions: OnceCell<bool>,
    answers: Answers<Rc<[Hit]>>,
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
pub(super) struct Hit {
    rule: u16,
    version: u16,
    truth: Truth,
    /// Whether it gives way to an exception.
    is_beaten: bool,
}

/// What a row tells of an arrival.
#[derive(Clone, Copy)]
pub(super) struct Arrival {
    /// Whether the travel document is good for entry.
    pub(super) is_document_ok: Option<bool>,
    /// Who notifies the arrival.
    pub(super) notified_by: Option<Who>,
}

/// The visa-free limits that hold for an entry; else the rule by which the stay is not covered.
pub(super) type Limits = Result<Rc<[Hit]>, Hit>;

/// The days that choose the versions of the rules about the permit.
#[derive(Clone, Copy)]
pub(super) struct PermitDays {
    pub(super) entry: Day,
    /// Of the entry and today.
    pub(super) later: Day,
    pub(super) filing: Day,
}

/// The first threshold, exemption, service and term for a permit.
type FirstHits = (Option<Hit>, Option<Hit>, Option<Hit>, Option<Hit>);

/// The first rule of each kind that decides on the permit.
pub(super) struct PermitRules<'r> {
    pub(super) threshold: Option<Applied<'r, PermitThreshold>>,
    pub(super) exemption: Option<Applied<'r, PermitExemption>>,
    pub(super) service: Option<Applied<'r, PermitService>>,
    /// This one may hang on a fact that is not known.
    pub(super) term: Option<Applied<'r, PermitTerm>>,
}

/// What rules are asked: what they can tell apart of some days and of the facts.
#[derive(Clone, PartialEq)]
struct Question {
    eras: Eras,
    facts: FactSet,
}

/// What else a question hangs on than facts: mostly which versions are in force, kind by kind.
type Eras = [u16; 4];

/// Of which groups a country is a member, in an era of the groups.
#[derive(Clone, PartialEq)]
struct Membership {
    citizenship: Country,
    era: u16,
}

impl<'r, V: Clone + 'static> Kind<'r, V> {
    const fn new(rules: &'r [Rule<V>], room: usize) -> Self {
        let has_exceptions = OnceCell::new();
        Self { rules, shape: OnceCell::new(), has_exceptions, answers: Answers::new(room) }
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

    /// The number of the days around one on which the same versions are in force.
    fn era(&self, on: Day) -> u16 {
        // They are few: to count them costs less than to search among them.
        self.shape().changes.iter().map(|change| u16::from(*change <= on)).sum()
    }

    /// The days around one on which the same versions are in force.
    pub(super) fn days_alike(&self, on: Day) -> DayRange {
        if !self.answers.is_closed() {
            let changes = &self.shape().changes;
            let at = usize::from(self.era(on));
            let first = at.checked_sub(1).map_or(Day(i32::MIN), |before| changes[before]);
            let last = changes.get(at).map_or(Day(i32::MAX), |next| next.plus(-1));
            return DayRange { first, last };
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

    /// Those of them that certainly hold and are wanted.
    fn holding(&self, on: Day, facts: &FactSet, is_wanted: impl Fn(&V) -> bool) -> impl Iterator<Item = Hit> {
        let holds = move |hit: &Hit| hit.truth == Truth::Yes && is_wanted(&self.at(*hit).version.says);
        self.unbeaten(on, facts).filter(holds)
    }

    fn unbeaten(&self, on: Day, facts: &FactSet) -> impl Iterator<Item = Hit> {
        let mut all = self.unremembered(on, facts);
        std::iter::from_fn(move || all.next_hit()).filter(|hit| !hit.is_beaten)
    }

    /// The rule of a hit.
    pub(super) fn at(&self, hit: Hit) -> Applied<'r, V> {
        let rule = &self.rules[usize::from(hit.rule)];
        Applied { rule, version: &rule.versions[usize::from(hit.version)], truth: hit.truth }
    }

    fn unremembered(&self, on: Day, facts: &FactSet) -> Answer<'r, V> {
        let rules = self.rules;
        let is_exception = |rule: &Rule<V>| !rule.exception_to.is_empty();
        let has_exceptions = *self.has_exceptions.get_or_init(|| rules.iter().any(is_exception));
        Answer { rules, has_exceptions, on, facts: *facts, hits: None, next: 0 }
    }

    fn answer(&self, on: Day, facts: &FactSet) -> Answer<'r, V> {
        let found_now = self.unremembered(on, facts);
        if self.answers.is_closed() {
            return found_now;
        }
        let find = || {
            let mut all = found_now.clone();
            std::iter::from_fn(|| all.next_hit()).collect()
        };
        let hits = self.answers.recall((|| [self.era(on), 0, 0, 0], || self.shape().asked), facts, &find);
        Answer { hits: Some(hits), ..found_now }
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

/// The rules that apply or may apply, one by one, and whether each gives way to an exception.
#[derive(Clone)]
pub(super) struct Answer<'r, V: Clone + 'static> {
    rules: &'r [Rule<V>],
    has_exceptions: bool,
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
        Some(Hit { is_beaten: self.has_exceptions && self.rules.iter().enumerate().any(beats), ..found })
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
        let eras = self.eras.iter().fold(0, |sum, era| sum << u16::BITS | u64::from(*era));
        self.facts.mixed() ^ eras.wrapping_mul(MIX)
    }
}

impl Mixed for Membership {
    fn mixed(&self) -> u64 {
        (u64::from(self.citizenship.0) << u16::BITS | u64::from(self.era)).wrapping_mul(MIX)
    }
}

/// Answers by what their rules can tell apart.
struct Answers<A> {
    asked: OnceCell<Asked>,
    known: Memory<Question, A>,
}

impl<A: Clone> Answers<A> {
    const fn new(room: usize) -> Self {
        Self { asked: OnceCell::new(), known: Memory::new(room) }
    }

    /// Whether nothing is remembered.
    const fn is_closed(&self) -> bool {
        self.known.is_closed()
    }

    /// The answer as remembered; else as found now. What the rules ask for is always the same.
    fn recall(
        &self,
        (eras, asked): (impl FnOnce() -> Eras, impl FnOnce() -> Asked),
        facts: &FactSet,
        find: &dyn Fn() -> A,
    ) -> A {
        if self.is_closed() {
            return find();
        }
        let facts = facts.seen_by(self.asked.get_or_init(asked));
        self.known.recall(&Question { eras: eras(), facts }, find)
    }
}

/// Answers by what was asked. Each has one place: where two share it, the older one is forgotten, so
/// that no list makes it grow.
struct Memory<K, A> {
    /// How many places there are: a power of two, since to divide by anything else would cost as much as the rest.
    room: usize,
    places: RefCell<Vec<Option<(K, A)>>>,
}

impl<K: Mixed + Clone + PartialEq, A: Clone> Memory<K, A> {
    const fn new(room: usize) -> Self {
        debug_assert!(room == 0 || room.is_power_of_two());
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
        let at = (key.mixed() >> 32) as usize & (self.room - 1);
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
