//! Proof by exhaustion. The facts that rules may ask are finite, so for each kind of rule every combination that its
//! rules can tell apart is walked, on every stretch of days between two changes: cases that no rule answers, cases that
//! two rules answer, parts of rules that never decide.
//!
//! Values of a fact that no rule of the kind tells apart are walked as one; nothing is sampled. A fact that is not known
//! is walked where an exemption has to be claimed (`only_if_stated`): everywhere else a rule that may apply does so for
//! some known value, which is walked.

mod case;
mod conclude;
mod seen;

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::facts::{Fact, Test, Truth};
use crate::rulebook::{
    AnyRule, Cite, Head, Kind, Needed, Place, RuleBook, RulesOfAKind, UncoveredScope, UncoveredStatus, Window,
};

use case::{Axis, Case, NOT_KNOWN, number};
use seen::Seen;

#[derive(Clone, Debug)]
pub struct Walk {
    /// How many cases were walked.
    pub cases: u64,
    /// Cases that an open question of the pack declares to be left open: the question, and how many.
    pub left_open: BTreeMap<String, u64>,
    pub findings: Vec<Finding>,
}

/// Something wrong with the rules of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub flaw: Flaw,
    pub kind: Kind,
    /// `None` where no rule is concerned.
    pub rule: Option<Place>,
    /// The other rule of a conflict.
    pub other: Option<Place>,
    pub part: Part,
    /// A person on a day that shows it; `None` for what never happens.
    pub witness: Option<Witness>,
    /// How many of the walked cases show it.
    pub cases: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// No rule answers.
    Gap,
    /// Two rules answer, and neither is a named exception to the other.
    Conflict,
    /// It can never apply.
    Dead,
    /// Nothing would change without it.
    Redundant,
    /// There are more combinations than can be walked.
    TooMany,
}

/// A part of a version; a condition is `when`, or the exemption with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Whole,
    /// A key of a condition.
    Test(Option<usize>, Fact),
    /// A value of a key of a condition.
    Value(Option<usize>, Fact, u8),
    Exemption(usize),
    /// The rule of the same kind that it names as giving way.
    ExceptionTo(u16),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The day of entry and of the question.
    pub on: Day,
    /// A citizenship of the group.
    pub citizenship: Country,
    /// The other facts that matter, and their values.
    pub facts: Vec<(Fact, u8)>,
}

/// A kind with more combinations than this is not walked, which is a finding.
const MOST_CASES: u64 = 20_000_000;

/// Walks all kinds of rules of a book but the groups of citizenships, which answer nothing.
pub fn walk(book: &RuleBook, countries: &Countries) -> Walk {
    let mut walk = Walk { cases: 0, left_open: BTreeMap::new(), findings: Vec::new() };
    let kinds = book.kinds();
    for kind in kinds.iter().filter(|kind| kind.kind() != Kind::Category) {
        for members in connected(*kind) {
            Walker::new(book, countries, *kind, members, &kinds).walk(&mut walk);
        }
    }
    undeclared(book, &mut walk);
    walk.findings.sort_by(|a, b| (a.flaw, a.kind, &a.rule, &a.part).cmp(&(b.flaw, b.kind, &b.rule, &b.part)));
    walk
}

/// The rules of a kind, those together that can decide about one another. Where everybody needs an answer these are all;
/// where rules only add up (documents, advice) most stand alone, and far fewer combinations have to be walked.
fn connected(of_kind: &dyn RulesOfAKind) -> Vec<Vec<usize>> {
    let rules = of_kind.rules();
    let touch = |one: usize, other: usize| {
        let names = |a: usize, b: usize| rules[a].exception_to.iter().any(|overridden| usize::from(*overridden) == b);
        of_kind.needed() != Needed::ByNobody
            || rules[one].public == rules[other].public
            || names(one, other)
            || names(other, one)
    };
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for at in 0..rules.len() {
        let (own, apart): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| part.iter().any(|other| touch(at, *other)));
        parts = apart;
        parts.push(own.into_iter().flatten().chain([at]).collect());
    }
    parts
}

/// Rules that leave stays undecided must say why, in an open question; but for people whom the rules do not speak of.
fn undeclared(book: &RuleBook, walk: &mut Walk) {
    for (at, rule) in book.uncovered.iter().enumerate() {
        let nth = rule.versions.iter().position(|version| {
            let says = &version.says;
            says.status == UncoveredStatus::NotCovered && says.scope != UncoveredScope::Everything
        });
        let is_named = book.questions.iter().any(|question| question.rules.contains(&rule.id));
        if let Some(nth) = nth.filter(|_| !is_named) {
            walk.find(Flaw::Gap, Kind::Uncovered, Some((at, nth)), Part::Whole);
        }
    }
}

impl Walk {
    fn find(&mut self, flaw: Flaw, kind: Kind, rule: Option<Place>, part: Part) {
        self.findings.push(Finding { flaw, kind, rule, other: None, part, witness: None, cases: 0 });
    }
}

struct Walker<'w, 'r> {
    book: &'r RuleBook,
    countries: &'w Countries,
    of_kind: &'r dyn RulesOfAKind,
    kind: Kind,
    /// All rules of the kind, and which of them are walked.
    rules: Vec<AnyRule<'r>>,
    members: Vec<usize>,
    /// The rules of other kinds that leave nothing to be answered: their versions, and whether each is such.
    hiding: Vec<Vec<(&'r Head, bool)>>,
    /// All tests that the rules, and what is declared to be left open by them, make.
    tests: Vec<&'r Test>,
    /// What was seen of each version of each rule.
    seen: Vec<Vec<Seen>>,
    /// By permit and groups of citizenships.
    gaps: BTreeMap<(Option<u64>, u64), (Witness, u64)>,
    conflicts: BTreeMap<[Place; 2], (Witness, u64)>,
}

/// What the rules of a kind make of a case, one by one.
struct Judged {
    in_force: Vec<Option<usize>>,
    holds: Vec<bool>,
    /// Whether it is asked at all.
    is_asked: Vec<bool>,
    /// Whether it gives way to no exception.
    is_open: Vec<bool>,
    /// The rules that answer.
    decides: Vec<usize>,
}

impl<'w, 'r> Walker<'w, 'r> {
    fn new(
        book: &'r RuleBook,
        countries: &'w Countries,
        of_kind: &'r dyn RulesOfAKind,
        members: Vec<usize>,
        kinds: &[&'r dyn RulesOfAKind],
    ) -> Self {
        let (kind, rules) = (of_kind.kind(), of_kind.rules());
        let mut hiding: Vec<Vec<(&'r Head, bool)>> = Vec::new();
        for other in kinds {
            for (at, rule) in other.rules().into_iter().enumerate() {
                let heads = rule.heads.into_iter().enumerate();
                let versions: Vec<_> =
                    heads.map(|(nth, head)| (head, other.hides((at, nth)).contains(&kind))).collect();
                hiding.extend(versions.iter().any(|(_, hides)| *hides).then_some(versions));
            }
        }
        let own = members.iter().flat_map(|at| rules[*at].heads.iter().copied());
        let heads = own.chain(hiding.iter().flatten().map(|(head, _)| *head));
        let of_rules = heads.flat_map(Head::conditions);
        let open = book.questions.iter().flat_map(|question| question.leaves_open.iter());
        let open = open.filter(|open| open.kind == kind).flat_map(|open| open.scope.conditions());
        let tests = of_rules.chain(open).flat_map(|condition| condition.tests.iter()).collect();
        let seen = |rule: &AnyRule<'_>| rule.heads.iter().map(|head| Seen::of(head, rule.exception_to.len())).collect();
        let seen = rules.iter().map(seen).collect();
        let (gaps, conflicts) = (BTreeMap::new(), BTreeMap::new());
        Self { book, countries, of_kind, kind, rules, members, hiding, tests, seen, gaps, conflicts }
    }

    fn tests(&self, fact: Fact) -> impl Iterator<Item = &'r Test> {
        self.tests.iter().copied().filter(move |test| test.fact == fact)
    }

    /// The groups of citizenships that the rules ask for, as bits.
    fn groups(&self) -> u64 {
        self.tests(Fact::Category).fold(0, |sum, test| sum | test.wanted)
    }

    /// The first days of the stretches of days on which nothing changes.
    fn days(&self) -> BTreeSet<Day> {
        let mut days = BTreeSet::from([self.book.covered_from]);
        let own = self.members.iter().flat_map(|at| self.rules[*at].heads.iter().copied());
        let hiding = self.hiding.iter().flatten().map(|(head, _)| *head);
        let categories = self.book.categories.iter().flat_map(|rule| rule.versions.iter().map(|each| &each.head));
        let reads_categories = self.groups() != 0;
        for head in own.chain(hiding).chain(categories.filter(|_| reads_categories)) {
            days.insert(head.from);
            days.extend(head.until.map(|until| until.plus(1)));
        }
        days
    }

    /// The facts that the rules ask, with the values that they can tell apart on a day.
    fn axes(&self, on: Day) -> Vec<Axis> {
        Fact::ALL.into_iter().filter_map(|fact| self.axis(fact, on)).filter(|axis| !axis.values.is_empty()).collect()
    }

    fn axis(&self, fact: Fact, on: Day) -> Option<Axis> {
        // A limit of stay is always asked for, with and without a permit.
        let is_basis = self.kind == Kind::StayLimit && fact == Fact::Basis;
        if self.tests(fact).next().is_none() && !is_basis {
            return None;
        }
        let mut values: Vec<u64> = Vec::new();
        if fact == Fact::Category {
            let groups = self.groups();
            for country in self.countries.all() {
                let bits = self.book.categories_of(country, on) & groups;
                if !values.contains(&bits) {
                    values.push(bits);
                }
            }
        } else {
            let mut known: BTreeSet<Vec<bool>> = BTreeSet::new();
            for bit in (0..self.book.vocabulary.values(fact).len()).map(|at| 1 << at) {
                let is_new = known.insert(self.tests(fact).map(|test| test.wanted & bit != 0).collect());
                if is_new || is_basis {
                    values.push(bit);
                }
            }
        }
        let heads = self.members.iter().flat_map(|at| self.rules[*at].heads.iter().copied());
        let mut claimed = heads.flat_map(|head| head.unless.iter()).filter(|exemption| exemption.only_if_stated);
        if claimed.any(|exemption| exemption.when.tests.iter().any(|test| test.fact == fact)) {
            values.push(NOT_KNOWN);
        }
        Some(Axis { fact, values })
    }

    fn walk(&mut self, walk: &mut Walk) {
        for on in self.days() {
            let axes = self.axes(on);
            let cases = axes.iter().fold(1_u64, |all, axis| all.saturating_mul(axis.values.len() as u64));
            if cases > MOST_CASES {
                walk.find(Flaw::TooMany, self.kind, None, Part::Whole);
                if let Some(finding) = walk.findings.last_mut() {
                    finding.cases = cases;
                }
                continue;
            }
            let mut at = vec![0_usize; axes.len()];
            loop {
                self.look(&Case::new(on, &axes, &at), walk);
                walk.cases += 1;
                let Some(turn) = (0..axes.len()).rev().find(|turn| at[*turn] + 1 < axes[*turn].values.len()) else {
                    break;
                };
                at[turn] += 1;
                at[turn + 1..].fill(0);
            }
        }
        self.conclude(walk);
    }

    fn look(&mut self, case: &Case<'_>, walk: &mut Walk) {
        if self.is_hidden(case) {
            return;
        }
        let judged = self.judge(case);
        if case.has_unknown_facts() {
            self.look_for_conflicts(case, &judged);
            return;
        }
        self.look_for_gaps(case, &judged, walk);
        self.look_for_conflicts(case, &judged);
        for at in self.members.iter().copied() {
            let Some(nth) = judged.in_force[at].filter(|_| judged.is_open[at]) else { continue };
            let is_answer = judged.holds[at] && judged.is_asked[at];
            let matters = judged.decides.contains(&at) && self.matters((at, nth), &judged);
            self.seen[at][nth].look(self.rules[at].heads[nth], &case.facts, is_answer, matters);
        }
        for (at, rule) in self.rules.iter().enumerate().filter(|(at, _)| judged.holds[*at]) {
            let Some(nth) = judged.in_force[at] else { continue };
            for (place, overridden) in rule.exception_to.iter().enumerate() {
                self.seen[at][nth].exceptions[place] |= judged.holds[usize::from(*overridden)];
            }
        }
    }

    /// Whether a rule of another kind leaves nothing to be answered.
    fn is_hidden(&self, case: &Case<'_>) -> bool {
        let hides = |versions: &Vec<(&Head, bool)>| {
            let in_force = versions.iter().find(|(head, _)| head.is_in_force(case.on));
            in_force.is_some_and(|(head, hides)| *hides && head.applies(&case.facts) == Truth::Yes)
        };
        (self.kind != Kind::StayLimit || case.permit().is_none()) && self.hiding.iter().any(hides)
    }

    /// What the rules make of a case that no rule of another kind hides.
    fn judge(&self, case: &Case<'_>) -> Judged {
        let version_on = |rule: &AnyRule<'_>| rule.heads.iter().position(|head| head.is_in_force(case.on));
        let mut in_force = vec![None; self.rules.len()];
        for at in &self.members {
            in_force[*at] = version_on(&self.rules[*at]);
        }
        let applies = |(rule, nth): (&AnyRule<'_>, &Option<usize>)| {
            nth.is_some_and(|nth| rule.heads[nth].applies(&case.facts) == Truth::Yes)
        };
        let holds: Vec<bool> = self.rules.iter().zip(&in_force).map(applies).collect();
        let gives_way = |at: usize| {
            let mut others = self.rules.iter().zip(&holds);
            others.any(|(other, holds)| {
                *holds && other.exception_to.iter().any(|overridden| usize::from(*overridden) == at)
            })
        };
        let is_open: Vec<bool> = (0..holds.len()).map(|at| !gives_way(at)).collect();
        // Without a permit only the limits of visa-free stays are asked for, and the other way round.
        let is_asked = |(at, nth): (usize, &Option<usize>)| {
            let is_of_permits = |nth: usize| self.book.stay_limits[at].versions[nth].says.window() == Window::Permit;
            self.kind != Kind::StayLimit || nth.is_some_and(|nth| is_of_permits(nth) == case.permit().is_some())
        };
        let is_asked: Vec<bool> = in_force.iter().enumerate().map(is_asked).collect();
        let decides = (0..holds.len()).filter(|at| holds[*at] && is_open[*at] && is_asked[*at]).collect();
        Judged { in_force, holds, is_asked, is_open, decides }
    }

    /// Whether the answer would be another without a rule that decides.
    fn matters(&self, own: Place, judged: &Judged) -> bool {
        let (rule, head) = (&self.rules[own.0], self.head(own));
        let is_same = |at: usize| {
            judged.in_force[at].is_some_and(|nth| {
                let other = self.head((at, nth));
                let is_same_cite = |(a, b): (&Cite, &Cite)| a.source == b.source && a.at == b.at;
                self.rules[at].public == rule.public
                    && self.of_kind.say_the_same((at, nth), own)
                    && other.notes == head.notes
                    && other.cites.len() == head.cites.len()
                    && other.cites.iter().zip(head.cites.iter()).all(is_same_cite)
            })
        };
        let stand_ins = judged.decides.iter().copied().filter(|other| *other != own.0);
        let returning = rule.exception_to.iter().map(|overridden| usize::from(*overridden));
        !stand_ins.chain(returning).any(is_same)
    }

    fn head(&self, at: Place) -> &'r Head {
        self.rules[at.0].heads[at.1]
    }

    fn look_for_gaps(&mut self, case: &Case<'_>, judged: &Judged, walk: &mut Walk) {
        let is_needed = match self.of_kind.needed() {
            Needed::ByEverybody => true,
            Needed::ForThePermit => self.book.permit.is_some(),
            Needed::ByNobody => false,
        };
        if !is_needed || !judged.decides.is_empty() || case.on < self.book.covered_from {
            return;
        }
        let declared = self.book.questions.iter().find(|question| {
            let mut open = question.leaves_open.iter().filter(|open| open.kind == self.kind);
            open.any(|open| open.scope.holds(&case.facts) == Truth::Yes)
        });
        if let Some(question) = declared {
            *walk.left_open.entry(question.id.to_string()).or_default() += 1;
            return;
        }
        // Who holds a permit lacks the same rule whatever the citizenship.
        let is_visa_free = case.permit().is_none();
        let groups = case.facts.values(Fact::Category).filter(|_| is_visa_free).unwrap_or_default();
        let key = (case.facts.values(Fact::Basis), groups);
        if let Some((_, cases)) = self.gaps.get_mut(&key) {
            *cases += 1;
        } else {
            self.gaps.insert(key, (self.witness(case), 1));
        }
    }

    fn look_for_conflicts(&mut self, case: &Case<'_>, judged: &Judged) {
        for (place, one) in judged.decides.iter().enumerate() {
            for other in &judged.decides[place + 1..] {
                let (Some(nth), Some(other_nth)) = (judged.in_force[*one], judged.in_force[*other]) else { continue };
                let pair = [(*one, nth), (*other, other_nth)];
                if !self.of_kind.compete(pair[0], pair[1]) {
                    continue;
                }
                if let Some((_, cases)) = self.conflicts.get_mut(&pair) {
                    *cases += 1;
                } else {
                    let witness = self.witness(case);
                    self.conflicts.insert(pair, (witness, 1));
                }
            }
        }
    }

    fn witness(&self, case: &Case<'_>) -> Witness {
        let groups = case.facts.values(Fact::Category);
        // For kinds that do not ask for the citizenship: one that has some visa-free limit.
        let is_of_it = |country: &Country| {
            let own = self.book.categories_of(*country, case.on);
            groups.map_or(own != 0, |groups| own & self.groups() == groups)
        };
        let facts = case.values().filter(|(fact, bits)| *fact != Fact::Category && *bits != NOT_KNOWN);
        Witness {
            on: case.on,
            citizenship: self.countries.all().find(is_of_it).unwrap_or(Country(0)),
            facts: facts.map(|(fact, bit)| (fact, number(bit))).collect(),
        }
    }
}
