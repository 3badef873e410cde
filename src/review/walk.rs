//! Reasoning: proof by exhaustion. The facts that rules may ask are finite, so for each kind of rule
//! every combination that its rules can tell apart is walked, on every stretch of days between two
//! changes: cases that no rule answers, cases that two rules answer, parts of rules that never decide.
//!
//! Values of a fact that no rule of the kind tells apart are walked as one; nothing is sampled. Facts
//! are taken as known: what an unknown fact does is told case by case in answers (`needs`).

mod seen;

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::facts::{Condition, Fact, FactSet, Test, Truth};
use crate::rulebook::outline::{Kind, Outline, OutlineVersion, outline};
use crate::rulebook::{Head, RuleBook, VISA_FREE};

use seen::{Seen, SeenCondition, failing};

/// What the walk found.
#[derive(Clone, Debug)]
pub struct Walk {
    /// How many cases were walked.
    pub cases: u64,
    /// Cases that an open question of the pack declares to be left open: the question, and how many.
    pub left_open: BTreeMap<String, u64>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// Something wrong with the rules of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub flaw: Flaw,
    /// The kind of rule.
    pub kind: Kind,
    /// The rule and the number of its version; `None` where no rule is concerned.
    pub rule: Option<(String, usize)>,
    /// The other rule of a conflict.
    pub other: Option<(String, usize)>,
    /// The part of the version.
    pub part: Part,
    /// A person on a day that shows it; `None` for what never happens.
    pub witness: Option<Witness>,
    /// How many of the walked cases show it.
    pub cases: u64,
}

/// What can be wrong.
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

/// A part of a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// A key of `when`, or of the exemption with this number.
    Test(Option<usize>, Fact),
    /// A value of a key of `when`, or of the exemption with this number.
    Value(Option<usize>, Fact, String),
    /// An exemption.
    Exemption(usize),
    /// The rule that it names as giving way.
    ExceptionTo(String),
}

/// A person on a day, in the words of the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The day of entry and of the question.
    pub on: Day,
    /// A citizenship of the group.
    pub citizenship: Country,
    /// The facts that matter, and their values.
    pub facts: Vec<(Fact, String)>,
}

/// More combinations of one kind than this are not walked, and that is said.
const MOST_CASES: u64 = 20_000_000;

/// Walks all kinds of rules of a book.
#[must_use]
pub fn walk(book: &RuleBook, countries: &Countries) -> Walk {
    let outlines = outline(book, countries);
    let mut walk = Walk { cases: 0, left_open: BTreeMap::new(), findings: Vec::new() };
    for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Category) {
        let of = |wanted: Kind| outlines.iter().filter(move |rule| rule.kind == wanted).collect::<Vec<_>>();
        let mut walker = Walker::new(book, countries, kind, of(kind), hiding(kind, &outlines));
        if !walker.rules.is_empty() {
            walker.walk(&mut walk);
        }
    }
    undeclared(book, &outlines, &mut walk);
    walk.findings.sort_by(|a, b| (a.flaw, a.kind, &a.rule, &a.part).cmp(&(b.flaw, b.kind, &b.rule, &b.part)));
    walk
}

/// The rules that, where they hold, leave nothing for those of a kind to answer.
fn hiding<'o, 'r>(kind: Kind, outlines: &'o [Outline<'r>]) -> Vec<&'o Outline<'r>> {
    let is_hiding = |rule: &&Outline<'_>| match kind {
        Kind::StayLimit => {
            let is_whole = |says: &(&str, String)| says.0 == "applies" && says.1 != "past-last-day";
            rule.kind == Kind::Uncovered && rule.versions.iter().any(|version| version.says.iter().any(is_whole))
        }
        Kind::PermitThreshold | Kind::PermitTerm => rule.kind == Kind::PermitExemption,
        _ => false,
    };
    outlines.iter().filter(is_hiding).collect()
}

/// Rules that leave stays undecided must say why, in an open question.
fn undeclared(book: &RuleBook, outlines: &[Outline<'_>], walk: &mut Walk) {
    for rule in outlines.iter().filter(|rule| rule.kind == Kind::Uncovered) {
        // Whom the rules do not speak of at all, no question is open about.
        let leaves_open = |version: &OutlineVersion<'_>| {
            let says = |key, value: &str| version.says.contains(&(key, value.to_owned()));
            says("status", "not-covered") && !says("applies", "everything")
        };
        let nth = rule.versions.iter().position(leaves_open);
        let is_named = book.questions.iter().any(|question| question.rules.iter().any(|id| id == rule.id));
        if let Some(nth) = nth.filter(|_| !is_named) {
            walk.findings.push(Finding {
                flaw: Flaw::Gap,
                kind: Kind::Uncovered,
                rule: Some((rule.id.to_owned(), nth)),
                other: None,
                part: Part::Whole,
                witness: None,
                cases: 0,
            });
        }
    }
}

/// A fact and the values that a kind can tell apart: bits, and a word for them.
struct Axis {
    fact: Fact,
    values: Vec<(u64, String)>,
}

struct Walker<'w, 'r> {
    book: &'r RuleBook,
    countries: &'w Countries,
    kind: Kind,
    rules: Vec<&'w Outline<'r>>,
    hiding: Vec<&'w Outline<'r>>,
    /// What was seen of each version of each rule.
    seen: Vec<Vec<Seen>>,
    gaps: BTreeMap<(String, u64), (Witness, u64)>,
    conflicts: BTreeMap<[(usize, usize); 2], (Witness, u64)>,
}

/// What the rules of a kind make of a case.
struct Judged<'r> {
    /// The version in force of each rule, and its number.
    in_force: Vec<Option<(usize, &'r Head)>>,
    /// Which conditions hold.
    holds: Vec<bool>,
    /// Which rules are asked at all.
    is_asked: Vec<bool>,
    /// Which rules give way to no exception.
    is_open: Vec<bool>,
    /// The rules that answer.
    decides: Vec<usize>,
    /// A rule of another kind leaves nothing to be answered.
    is_hidden: bool,
}

impl<'w, 'r> Walker<'w, 'r> {
    fn new(
        book: &'r RuleBook,
        countries: &'w Countries,
        kind: Kind,
        rules: Vec<&'w Outline<'r>>,
        hiding: Vec<&'w Outline<'r>>,
    ) -> Self {
        let seen = rules
            .iter()
            .map(|rule| rule.versions.iter().map(|each| Seen::of(each.head, rule.exception_to.len())).collect());
        let seen = seen.collect();
        let (gaps, conflicts) = (BTreeMap::new(), BTreeMap::new());
        Self { book, countries, kind, rules, hiding, seen, gaps, conflicts }
    }

    fn heads(&self) -> impl Iterator<Item = &'r Head> {
        let rules = self.rules.iter().chain(&self.hiding);
        rules.flat_map(|rule| rule.versions.iter().map(|version| version.head)).collect::<Vec<_>>().into_iter()
    }

    /// All tests that the rules, and what is declared to be left open by them, make of a fact.
    fn tests(&self, fact: Fact) -> Vec<&'r Test> {
        let conditions = self
            .heads()
            .flat_map(|head| std::iter::once(&head.when).chain(head.unless.iter().map(|exemption| &exemption.when)));
        let open = self.book.questions.iter().flat_map(|question| question.leaves_open.iter());
        let open = open.filter(|open| open.kind == self.kind.name()).flat_map(|open| open.scope.conditions());
        conditions.chain(open).flat_map(|condition| condition.tests.iter()).filter(|test| test.fact == fact).collect()
    }

    /// The first days of the stretches of days on which nothing changes.
    fn days(&self) -> Vec<Day> {
        let mut days = BTreeSet::from([self.book.covered_from]);
        let categories = self.book.categories.iter().flat_map(|rule| rule.versions.iter().map(|each| &each.head));
        let reads_categories = !self.tests(Fact::Category).is_empty();
        for head in self.heads().chain(categories.filter(|_| reads_categories)) {
            days.insert(head.from);
            days.extend(head.until.map(|until| until.plus(1)));
        }
        days.into_iter().collect()
    }

    /// The facts that the rules ask, with the values that they can tell apart on a day.
    fn axes(&self, on: Day) -> Vec<Axis> {
        let axis = |fact: Fact| {
            let tests = self.tests(fact);
            // A limit of stay is always asked for, with and without a permit.
            if tests.is_empty() && !(self.kind == Kind::StayLimit && fact == Fact::Basis) {
                return None;
            }
            let mut values: Vec<(u64, String)> = Vec::new();
            if fact == Fact::Category {
                let asked = tests.iter().fold(0, |sum, test| sum | test.wanted);
                for country in self.countries.all() {
                    let bits = self.book.categories_of(country, on) & asked;
                    if !values.iter().any(|(known, _)| *known == bits) {
                        values.push((bits, self.countries.code(country).into_owned()));
                    }
                }
            } else {
                let mut known: BTreeSet<Vec<bool>> = BTreeSet::new();
                for (at, word) in self.book.vocabulary.values(fact).into_iter().enumerate() {
                    let bits = 1_u64 << at;
                    let told_apart = tests.iter().map(|test| test.wanted & bits != 0).collect();
                    let is_new = known.insert(told_apart);
                    let is_basis = self.kind == Kind::StayLimit && fact == Fact::Basis;
                    if is_new || is_basis {
                        values.push((bits, word.to_owned()));
                    }
                }
            }
            Some(Axis { fact, values })
        };
        Fact::ALL.into_iter().filter_map(axis).filter(|axis| !axis.values.is_empty()).collect()
    }

    fn walk(&mut self, walk: &mut Walk) {
        for on in self.days() {
            let axes = self.axes(on);
            let cases = axes.iter().fold(1_u64, |all, axis| all.saturating_mul(axis.values.len() as u64));
            if cases > MOST_CASES {
                self.find(walk, Flaw::TooMany, None, Part::Whole, None, cases);
                continue;
            }
            let mut at = vec![0_usize; axes.len()];
            loop {
                self.look(on, &axes, &at, walk);
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

    /// Looks at one case.
    fn look(&mut self, on: Day, axes: &[Axis], at: &[usize], walk: &mut Walk) {
        let mut facts = FactSet::default();
        for (axis, at) in axes.iter().zip(at) {
            let bits = axis.values[*at].0;
            facts = match axis.fact {
                Fact::Category => facts.with_categories(bits),
                fact => facts.with(fact, u8::try_from(bits.trailing_zeros()).ok()),
            };
        }
        let value_of = |fact: Fact| {
            axes.iter().zip(at).find(|(axis, _)| axis.fact == fact).map(|(axis, at)| axis.values[*at].1.as_str())
        };
        let is_visa_free = value_of(Fact::Basis).is_none_or(|basis| basis == VISA_FREE);
        let judged = self.judge(on, &facts, is_visa_free);
        let Judged { in_force, holds, decides, is_hidden, .. } = &judged;
        if !is_hidden {
            self.look_for_gaps(on, axes, at, &facts, decides, walk);
            self.look_for_conflicts(on, axes, at, in_force, decides);
        }
        for (at, found) in in_force.iter().enumerate() {
            let Some((nth, head)) = *found else { continue };
            if *is_hidden || !judged.is_open[at] {
                continue;
            }
            let matters = decides.contains(&at) && self.matters(at, nth, in_force, decides);
            let seen = &mut self.seen[at][nth];
            let is_answer = judged.is_asked[at];
            let (failing_tests, first) = failing(&head.when, &facts);
            let exempting: Vec<usize> =
                (0..head.unless.len()).filter(|nth| head.unless[*nth].holds(&facts) == Truth::Yes).collect();
            if holds[at] && is_answer {
                seen.holds = true;
                seen.matters |= matters;
                seen.when.note(&head.when, &facts);
            }
            if failing_tests == 1 && exempting.is_empty() {
                seen.when.tests[first] = true;
            }
            if failing_tests > 0 {
                continue;
            }
            for (nth, exemption) in head.unless.iter().enumerate() {
                let is_only_one = exempting.iter().all(|other| *other == nth);
                let seen = &mut seen.unless[nth];
                match failing(&exemption.when, &facts) {
                    (0, _) if is_only_one => {
                        seen.fires = true;
                        seen.note(&exemption.when, &facts);
                    }
                    (0, _) => seen.fires_with_others = true,
                    (1, first) if exempting.is_empty() => seen.tests[first] = true,
                    _ => {}
                }
            }
        }
        for (at, rule) in self.rules.iter().enumerate().filter(|(at, _)| holds[*at] && !is_hidden) {
            let Some((nth, _)) = in_force[at] else { continue };
            for (place, beaten) in rule.exception_to.iter().enumerate() {
                self.seen[at][nth].exceptions[place] |= holds[usize::from(*beaten)];
            }
        }
    }

    /// What the rules make of a case.
    fn judge(&self, on: Day, facts: &FactSet, is_visa_free: bool) -> Judged<'r> {
        let is_yes = |head: &Head| head.applies(facts) == Truth::Yes;
        let version_on = |rule: &Outline<'r>| {
            let found = rule.versions.iter().enumerate().find(|(_, version)| version.head.is_in_force(on));
            found.map(|(nth, version)| (nth, version.head))
        };
        let in_force: Vec<Option<(usize, &'r Head)>> = self.rules.iter().map(|rule| version_on(rule)).collect();
        let holds: Vec<bool> = in_force.iter().map(|found| found.is_some_and(|(_, head)| is_yes(head))).collect();
        let is_of_stays = self.kind == Kind::StayLimit;
        let is_open = |at: usize| {
            let is_beaten = (0..holds.len()).any(|other| {
                holds[other] && self.rules[other].exception_to.iter().any(|beaten| usize::from(*beaten) == at)
            });
            !is_beaten
        };
        let is_open: Vec<bool> = (0..holds.len()).map(is_open).collect();
        let hides = |rule: &&Outline<'r>| version_on(rule).is_some_and(|(_, head)| is_yes(head));
        let is_hidden = (!is_of_stays || is_visa_free) && self.hiding.iter().any(hides);
        // Without a permit only the limits of visa-free stays are asked for, and the other way round.
        let of_permits = |at: usize, nth: usize| self.rules[at].versions[nth].slot.as_deref() == Some("permit");
        let is_asked = |(at, found): (usize, &Option<(usize, &Head)>)| {
            !is_of_stays || found.is_some_and(|(nth, _)| of_permits(at, nth) != is_visa_free)
        };
        let is_asked: Vec<bool> = in_force.iter().enumerate().map(is_asked).collect();
        let decides = (0..holds.len()).filter(|at| holds[*at] && is_open[*at] && !is_hidden && is_asked[*at]).collect();
        Judged { in_force, holds, is_asked, is_open, decides, is_hidden }
    }

    /// Whether the answer would be another without a rule that decides.
    fn matters(&self, at: usize, nth: usize, in_force: &[Option<(usize, &'r Head)>], decides: &[usize]) -> bool {
        let own = &self.rules[at].versions[nth];
        let says_the_same = |other: usize, nth: usize| {
            let version = &self.rules[other].versions[nth];
            let places =
                |head: &Head| head.cites.iter().map(|cite| (cite.source.clone(), cite.at.clone())).collect::<Vec<_>>();
            version.slot == own.slot
                && version.says == own.says
                && version.head.notes == own.head.notes
                && places(version.head) == places(own.head)
                && self.rules[other].public == self.rules[at].public
        };
        let stand_ins = decides.iter().copied().filter(|other| *other != at);
        let returning = self.rules[at].exception_to.iter().map(|beaten| usize::from(*beaten));
        !stand_ins.chain(returning).any(|other| in_force[other].is_some_and(|(nth, _)| says_the_same(other, nth)))
    }

    /// What each case must have: an answer for each of these slots.
    fn look_for_gaps(
        &mut self,
        on: Day,
        axes: &[Axis],
        at: &[usize],
        facts: &FactSet,
        decides: &[usize],
        walk: &mut Walk,
    ) {
        let is_needed = match self.kind {
            Kind::StayLimit | Kind::EntryDocument | Kind::Sanction => true,
            Kind::PermitThreshold | Kind::PermitService | Kind::PermitTerm => self.book.permit.is_some(),
            _ => false,
        };
        if !is_needed || !decides.is_empty() || on < self.book.covered_from {
            return;
        }
        let declared = self.book.questions.iter().find(|question| {
            let kinds = question.leaves_open.iter().filter(|open| open.kind == self.kind.name());
            kinds.into_iter().any(|open| open.scope.holds(facts) == Truth::Yes)
        });
        if let Some(question) = declared {
            *walk.left_open.entry(question.id.to_string()).or_default() += 1;
            return;
        }
        let basis = axes.iter().zip(at).find(|(axis, _)| axis.fact == Fact::Basis);
        let basis = basis.map(|(axis, at)| axis.values[*at].1.clone()).unwrap_or_default();
        // Who holds a permit lacks the same rule whatever the citizenship.
        let is_visa_free = basis.is_empty() || basis == VISA_FREE;
        let group = facts.values(Fact::Category).filter(|_| is_visa_free).unwrap_or_default();
        if let Some((_, cases)) = self.gaps.get_mut(&(basis.clone(), group)) {
            *cases += 1;
        } else {
            self.gaps.insert((basis, group), (self.witness(on, axes, at), 1));
        }
    }

    fn look_for_conflicts(
        &mut self,
        on: Day,
        axes: &[Axis],
        at: &[usize],
        in_force: &[Option<(usize, &'r Head)>],
        decides: &[usize],
    ) {
        for (place, one) in decides.iter().enumerate() {
            for other in &decides[place + 1..] {
                let (Some((nth, _)), Some((other_nth, _))) = (in_force[*one], in_force[*other]) else { continue };
                let slot = &self.rules[*one].versions[nth].slot;
                if slot.is_some() && *slot == self.rules[*other].versions[other_nth].slot {
                    let pair = [(*one, nth), (*other, other_nth)];
                    if let Some((_, cases)) = self.conflicts.get_mut(&pair) {
                        *cases += 1;
                    } else {
                        let witness = self.witness(on, axes, at);
                        self.conflicts.insert(pair, (witness, 1));
                    }
                }
            }
        }
    }

    fn witness(&self, on: Day, axes: &[Axis], at: &[usize]) -> Witness {
        let chosen = || axes.iter().zip(at).map(|(axis, at)| (axis.fact, axis.values[*at].1.clone()));
        let code = chosen().find(|(fact, _)| *fact == Fact::Category).map(|(_, code)| code);
        let citizenship = code.and_then(|code| self.countries.by_code(&code)).or_else(|| self.somebody(on));
        Witness {
            on,
            citizenship: citizenship.unwrap_or(Country(0)),
            facts: chosen().filter(|(fact, _)| *fact != Fact::Category).collect(),
        }
    }

    /// A citizenship that has some visa-free limit, for kinds that do not ask which.
    fn somebody(&self, on: Day) -> Option<Country> {
        self.countries.all().find(|country| self.book.categories_of(*country, on) != 0)
    }

    fn find(
        &self,
        walk: &mut Walk,
        flaw: Flaw,
        rule: Option<(usize, usize)>,
        part: Part,
        witness: Option<Witness>,
        cases: u64,
    ) {
        let name = |(at, nth): (usize, usize)| (self.rules[at].id.to_owned(), nth);
        let rule = rule.map(name);
        walk.findings.push(Finding { flaw, kind: self.kind, rule, other: None, part, witness, cases });
    }

    /// Says what was seen, and what never was.
    fn conclude(&self, walk: &mut Walk) {
        for (witness, cases) in self.gaps.values() {
            self.find(walk, Flaw::Gap, None, Part::Whole, Some(witness.clone()), *cases);
        }
        for ([one, other], (witness, cases)) in &self.conflicts {
            self.find(walk, Flaw::Conflict, Some(*other), Part::Whole, Some(witness.clone()), *cases);
            if let Some(finding) = walk.findings.last_mut() {
                finding.other = Some((self.rules[one.0].id.to_owned(), one.1));
            }
        }
        for (at, rule) in self.rules.iter().enumerate() {
            for (nth, version) in rule.versions.iter().enumerate() {
                let seen = &self.seen[at][nth];
                let mut say = |flaw, part| self.find(walk, flaw, Some((at, nth)), part, None, 0);
                if !seen.holds {
                    say(Flaw::Dead, Part::Whole);
                    continue;
                }
                if !seen.matters {
                    say(Flaw::Redundant, Part::Whole);
                }
                for (place, beaten) in rule.exception_to.iter().enumerate() {
                    if !self.seen[at].iter().any(|seen| seen.exceptions[place]) && nth == 0 {
                        say(Flaw::Dead, Part::ExceptionTo(self.rules[usize::from(*beaten)].id.to_owned()));
                    }
                }
                self.conclude_condition(&version.head.when, &seen.when, None, &mut say);
                for (place, exemption) in version.head.unless.iter().enumerate() {
                    let seen = &seen.unless[place];
                    match (seen.fires, seen.fires_with_others) {
                        (true, _) => self.conclude_condition(&exemption.when, seen, Some(place), &mut say),
                        (false, true) => say(Flaw::Redundant, Part::Exemption(place)),
                        (false, false) => say(Flaw::Dead, Part::Exemption(place)),
                    }
                }
            }
        }
    }

    fn conclude_condition(
        &self,
        condition: &Condition,
        seen: &SeenCondition,
        exemption: Option<usize>,
        say: &mut impl FnMut(Flaw, Part),
    ) {
        let vocabulary = &self.book.vocabulary;
        for (at, test) in condition.tests.iter().enumerate() {
            if !seen.tests[at] {
                say(Flaw::Redundant, Part::Test(exemption, test.fact));
                continue;
            }
            let words = vocabulary.values(test.fact);
            let is_seen = |set: u64, bits: u64| {
                // A value that the kind cannot tell from one that was seen counts as seen with it.
                let alike = |other: u64| {
                    self.tests(test.fact).iter().all(|test| (test.wanted & bits != 0) == (test.wanted & other != 0))
                };
                set & bits != 0
                    || test.fact != Fact::Category && (0..words.len()).any(|n| set >> n & 1 == 1 && alike(1 << n))
            };
            for (n, word) in words.iter().enumerate().filter(|(n, _)| test.wanted >> n & 1 == 1) {
                let part = || Part::Value(exemption, test.fact, (*word).to_owned());
                if !is_seen(seen.values[at], 1 << n) {
                    say(Flaw::Dead, part());
                } else if !is_seen(seen.sole_values[at], 1 << n) {
                    say(Flaw::Redundant, part());
                }
            }
        }
    }
}
