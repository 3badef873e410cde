//! Why a document is asked for, why a rule applies, and why not.

use std::borrow::Cow;

use super::{Message, Param};
use crate::calendar::Day;
use crate::facts::{Fact, OpenFacts, Test, Truth};
use crate::rulebook::{Head, Vocabulary};

/// An answer has dozens of these and shows few: the sentence is put together only for those that are shown.
#[derive(Clone, Copy, Debug)]
pub enum Because<'r> {
    AskedOfAll,
    /// Those to whom the test applies are asked for it.
    AskedWhere(&'r Test, &'r Vocabulary),
    /// Only those to whom the test applies are asked for it.
    OnlyWhere(&'r Test, &'r Vocabulary),
    /// Those to whom the test applies are not asked for it.
    ExceptWhere(&'r Test, &'r Vocabulary),
    /// An exemption that the pack has its own words for: their key.
    Exemption(&'r str),
    NotBefore(Day),
    NotAfter(Day),
    /// One of its group is asked for; which one depends on these unknown facts.
    OneOf(OpenFacts),
    DependsOn(OpenFacts),
}

impl<'r> Because<'r> {
    pub fn message(&self) -> Message<'r> {
        let of_test = |key: &'static str, test: &Test, vocabulary: &Vocabulary| {
            let table = test.fact.table();
            let values = vocabulary.words(test.fact, test.wanted).into_iter();
            Message::new(key)
                .with("fact", Param::Key(Cow::Owned(fact_key(test.fact))))
                .with("values", Param::Keys(values.map(|word| format!("{table}.{word}")).collect()))
        };
        let of_facts = |key: &'static str, facts: OpenFacts| {
            Message::new(key).with("facts", Param::Keys(facts.iter().map(fact_key).collect()))
        };
        match self {
            Self::AskedOfAll => Message::new("because.asked-of-all"),
            Self::AskedWhere(test, vocabulary) => of_test("because.asked-where", test, vocabulary),
            Self::OnlyWhere(test, vocabulary) => of_test("because.only-where", test, vocabulary),
            Self::ExceptWhere(test, vocabulary) => of_test("because.except-where", test, vocabulary),
            Self::Exemption(key) => Message::new(*key),
            Self::NotBefore(day) => Message::new("because.not-before").with("day", Param::Day(*day)),
            Self::NotAfter(day) => Message::new("because.not-after").with("day", Param::Day(*day)),
            Self::OneOf(facts) => of_facts("because.one-of", *facts),
            Self::DependsOn(facts) => of_facts("because.depends-on", *facts),
        }
    }
}

fn fact_key(fact: Fact) -> String {
    format!("fact.{}", fact.key())
}

/// Why a rule applies to a person, or why not, condition by condition.
#[derive(Clone, Debug)]
pub struct Trace<'r> {
    /// `self`, or `family[n]`.
    pub person: String,
    /// Which kind of rule, as its table is called.
    pub kind: &'static str,
    pub rule: &'r str,
    /// The id that answers use, where it has one.
    pub public: &'r str,
    /// The day that chose the version.
    pub on: Day,
    /// The version in force, `None` where there is none on that day.
    pub head: Option<&'r Head>,
    pub applies: Truth,
    pub overridden_by: Option<&'r str>,
    pub conditions: Vec<Checked<'r>>,
    pub outcome: Vec<Message<'r>>,
    /// Whether it belongs to the reasons of the answer, so that it is shown without being asked for.
    pub is_used: bool,
}

#[derive(Clone, Debug)]
pub struct Checked<'r> {
    pub fact: Fact,
    /// Which exemption it belongs to; `None` for the rule's own condition.
    pub exemption: Option<usize>,
    /// The values that would do.
    pub expected: Vec<&'r str>,
    /// The values the person has, `None` where that is not known.
    pub given: Option<Vec<&'r str>>,
    pub holds: Truth,
    /// Why an exemption exempts: a text key.
    pub because: Option<&'r str>,
}
