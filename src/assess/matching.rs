//! Which rules of a kind match the facts of a person on a day.

use smallvec::SmallVec;

use crate::assessment::RuleRef;
use crate::calendar::Day;
use crate::facts::{FactSet, OpenFacts, Truth};
use crate::rulebook::{Head, Level, Rule, Version};

/// A rule that applies or may apply, with the version that says so.
#[derive(Clone)]
pub struct MatchedRule<'r, V: Clone + 'static> {
    pub rule: &'r Rule<V>,
    pub version: &'r Version<V>,
    /// [`Truth::Unknown`] where it depends on an unknown fact; never [`Truth::No`].
    pub truth: Truth,
}

impl<V: Clone + 'static> Copy for MatchedRule<'_, V> {}

impl<'r, V: Clone + 'static> MatchedRule<'r, V> {
    pub fn content(&self) -> &'r V {
        &self.version.says
    }

    pub fn reference(&self) -> RuleRef<'r> {
        RuleRef { id: &self.rule.id, head: &self.version.head }
    }
}

pub fn has_warning(head: &Head) -> bool {
    head.notes.iter().any(|note| note.level == Level::Warning)
}

pub fn any_has_warning<V: Clone + 'static>(rules: &[Rule<V>]) -> bool {
    rules.iter().flat_map(|rule| rule.versions.iter()).any(|version| has_warning(&version.head))
}

/// A matched rule by its place in the list and the place of its version, so that it can be remembered.
#[derive(Clone, Copy)]
pub struct Match {
    rule: u16,
    version: u16,
    truth: Truth,
}

impl Match {
    pub fn is_certain(self) -> bool {
        self.truth == Truth::Yes
    }

    /// The rule in the list that was searched.
    pub fn of<V: Clone + 'static>(self, rules: &[Rule<V>]) -> MatchedRule<'_, V> {
        let rule = &rules[usize::from(self.rule)];
        MatchedRule { rule, version: &rule.versions[usize::from(self.version)], truth: self.truth }
    }
}

/// The rules of a kind of which one decides, where the facts leave open which one: all that may.
#[derive(Clone)]
pub struct Candidates<'r, V: Clone + 'static>(pub SmallVec<[MatchedRule<'r, V>; 1]>);

impl<'r, V: Clone + 'static> Candidates<'r, V> {
    /// The rule that gives least by a measure; the first of those that give the same.
    pub fn least<K: Ord>(&self, measure: impl Fn(&V) -> K) -> Option<MatchedRule<'r, V>> {
        self.0.iter().copied().min_by_key(|rule| measure(rule.content()))
    }

    /// What all of them say alike; `None` where there is none, and where they differ.
    pub fn agreed<T: PartialEq>(&self, of: impl Fn(&'r V) -> T) -> Option<T> {
        let mut values = self.0.iter().map(|rule| of(rule.content()));
        let first = values.next()?;
        values.all(|other| other == first).then_some(first)
    }

    /// The facts on which it hangs what the rule that decides says.
    pub fn depends_on(&self, facts: &FactSet) -> OpenFacts
    where
        V: PartialEq,
    {
        let is_alike = self.0.len() < 2 || self.0.windows(2).all(|pair| pair[0].content() == pair[1].content());
        if is_alike { OpenFacts::default() } else { self.open_facts(facts) }
    }

    /// The facts that would tell which one decides: of each rule the first one, since the others may not matter then.
    pub fn open_facts(&self, facts: &FactSet) -> OpenFacts {
        let mut open = OpenFacts::default();
        for rule in self.0.iter().filter(|rule| rule.truth == Truth::Unknown) {
            open.extend(rule.version.head.deciding_facts(facts).iter().next());
        }
        open
    }
}

/// The rules in force on the day that apply, or may apply, to these facts, in the order of the rule files; those
/// overridden by a named exception left out.
pub fn matches<V: Clone + 'static>(rules: &[Rule<V>], on: Day, facts: FactSet) -> impl Iterator<Item = Match> {
    (0..rules.len())
        .filter_map(move |at| find(rules, at, on, &facts))
        .filter(move |found| !is_overridden(rules, *found, on, &facts))
}

pub fn matched<V: Clone + 'static>(
    rules: &[Rule<V>],
    on: Day,
    facts: FactSet,
) -> impl Iterator<Item = MatchedRule<'_, V>> {
    matches(rules, on, facts).map(move |found| found.of(rules))
}

pub fn certain<V: Clone + 'static>(
    rules: &[Rule<V>],
    on: Day,
    facts: FactSet,
) -> impl Iterator<Item = MatchedRule<'_, V>> {
    matched(rules, on, facts).filter(|rule| rule.truth == Truth::Yes)
}

/// The rule at a place, if it applies or may apply.
fn find<V: Clone + 'static>(rules: &[Rule<V>], at: usize, on: Day, facts: &FactSet) -> Option<Match> {
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let versions = &rules[at].versions;
    let version = versions.iter().position(|version| version.head.is_in_force(on))?;
    let truth = versions[version].head.applies(facts);
    (truth != Truth::No).then_some(Match { rule: place(at), version: place(version), truth })
}

fn is_overridden<V: Clone + 'static>(rules: &[Rule<V>], found: Match, on: Day, facts: &FactSet) -> bool {
    let overrides = |(other, rule): (usize, &Rule<V>)| {
        rule.exception_to.contains(&found.rule)
            && find(rules, other, on, facts).is_some_and(|other| other.truth == Truth::Yes)
    };
    rules.iter().enumerate().any(overrides)
}
