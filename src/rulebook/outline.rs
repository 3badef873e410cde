//! The rules of all kinds in the words of rule files, for lists, differences and receipts.

use super::kind::{Keys, Kind};
use super::{Exemption, Head, RuleBook};
use crate::country::Countries;
use crate::facts::{Condition, Fact};

#[derive(Clone, Debug)]
pub struct Outline<'r> {
    pub kind: Kind,
    pub id: &'r str,
    /// The id that answers use, else empty.
    pub public: &'r str,
    /// The ids of the rules that give way to it.
    pub gives_way: Vec<&'r str>,
    /// Earliest first.
    pub versions: Vec<OutlineVersion<'r>>,
}

#[derive(Clone, Debug)]
pub struct OutlineVersion<'r> {
    pub head: &'r Head,
    /// What its kind says: keys and values as rule files write them, without quotes.
    pub says: Keys,
    pub when: Vec<Asked<'r>>,
    pub unless: Vec<(Vec<Asked<'r>>, &'r Exemption)>,
}

/// A fact, and the values of which one must be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'r> {
    pub fact: Fact,
    pub values: Vec<&'r str>,
}

/// The rules of a book, kind by kind, in the order of the files.
pub fn outline<'r>(book: &'r RuleBook, countries: &Countries) -> Vec<Outline<'r>> {
    let asked = |condition: &Condition| -> Vec<Asked<'r>> {
        let tests = condition.tests.iter();
        tests.map(|test| Asked { fact: test.fact, values: book.vocabulary.words(test.fact, test.wanted) }).collect()
    };
    let mut all = Vec::new();
    for kind in book.kinds() {
        let rules = kind.rules();
        for (at, rule) in rules.iter().enumerate() {
            let version = |(nth, head): (usize, &&'r Head)| OutlineVersion {
                head,
                says: kind.keys((at, nth), book, countries),
                when: asked(&head.when),
                unless: head.unless.iter().map(|other| (asked(&other.when), other)).collect(),
            };
            all.push(Outline {
                kind: kind.kind(),
                id: rule.id,
                public: rule.public,
                gives_way: rule.exception_to.iter().map(|at| rules[usize::from(*at)].id).collect(),
                versions: rule.heads.iter().enumerate().map(version).collect(),
            });
        }
    }
    all
}
