//! Why a document is asked for, or why not.

use std::borrow::Cow;

use super::{Message, Param};
use crate::calendar::Day;
use crate::facts::{Fact, OpenFacts, Test};
use crate::rulebook::Vocabulary;

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
    /// It is asked for only from this day on.
    NotBefore(Day),
    /// It is asked for only up to this day.
    NotAfter(Day),
    /// One of its group is asked for; which one depends on these unknown facts.
    OneOf(OpenFacts),
    /// It depends on these unknown facts.
    DependsOn(OpenFacts),
}

impl<'r> Because<'r> {
    pub fn message(&self) -> Message<'r> {
        let of_test = |key: &'static str, test: &Test, vocabulary: &Vocabulary| {
            Message::new(key)
                .with("fact", Param::Key(Cow::Owned(fact_key(test.fact))))
                .with("values", Param::Keys(value_keys(vocabulary, test)))
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

/// Text keys of the values that a test wants.
fn value_keys(vocabulary: &Vocabulary, test: &Test) -> Vec<String> {
    let table = test.fact.table();
    let words = vocabulary.values(test.fact).into_iter().enumerate();
    words.filter(|(at, _)| test.wanted >> at & 1 == 1).map(|(_, word)| format!("{table}.{word}")).collect()
}
