//! A rule pack that has been checked and may be relied on.
//!
//! [`kind`] lists the kinds of rules; what the files of a pack look like is in [`written`]; the step from there to a
//! [`RuleBook`], with every complaint, is [`check`]. The types of a book can be written into the program at build time.

pub mod check;
pub mod kind;
pub mod outline;
pub mod places;
pub mod texts;
mod vocabulary;
pub mod written;

pub use kind::*;
pub use texts::{LanguageTexts, TextPlace};
pub use vocabulary::*;

use crate::calendar::Day;
use crate::country::Country;
use crate::facts::{Condition, FactSet, OpenFacts, Truth};
use crate::source::{List, Text};
use written::words;

words! {
    /// On what a line of a rule rests: the text of the act was read; a page of a state body; press, or a consultant; the
    /// article of the Astana Hub office only; a reading that no source says in words.
    Standing {
        Law = "law", Official = "official", Secondary = "secondary", Article = "article", Inferred = "inferred",
    }
    /// How much a notice weighs: good to know, or to be acted on.
    Level { Info = "info", Warning = "warning", }
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Cite {
    /// Id of the act or page; its title is the text `source.<id>`.
    pub source: Text,
    /// Where to read it, if it has an address.
    pub url: Option<Text>,
    pub at: Text,
    /// The words of the act, in unofficial translation; empty where they were not read.
    pub sentence: Text,
    pub standing: Standing,
    /// The day somebody last compared the rule with the source.
    pub verified: Day,
}

/// What an answer must also say when it uses a rule.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Note {
    /// Public code of the notice.
    pub code: Text,
    pub level: Level,
    pub text: Text,
}

/// A case in which a rule does not apply although its condition holds.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Exemption {
    pub when: Condition,
    /// Why, as a text key; empty where nothing is said.
    pub because: Text,
    /// Whether it has to be claimed: a fact that is not known then counts as not claimed.
    pub only_if_stated: bool,
}

impl Exemption {
    /// Whether it frees the person from the rule.
    pub fn holds(&self, facts: &FactSet) -> Truth {
        match self.when.holds(facts) {
            Truth::Unknown if self.only_if_stated => Truth::No,
            truth => truth,
        }
    }
}

/// Where the sources differ or are silent.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct OpenQuestion {
    pub id: Text,
    /// The rules that rest on the decision.
    pub rules: List<Text>,
    /// What the pack does: a text key.
    pub decision: Text,
    /// Why it is open: a text key.
    pub reason: Text,
    /// The cases that no rule answers because of it.
    pub leaves_open: List<LeftOpen>,
}

/// Cases that no rule of a kind answers, and why not is known.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct LeftOpen {
    pub kind: Kind,
    pub scope: Scope,
}

/// Whom something is about: those for whom `when` holds, but none of `unless`.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Scope {
    pub when: Condition,
    pub unless: List<Condition>,
}

impl Scope {
    /// Whether somebody with these facts belongs to it.
    pub fn holds(&self, facts: &FactSet) -> Truth {
        self.unless.iter().fold(self.when.holds(facts), |sum, other| sum.and(other.holds(facts).not()))
    }

    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&self.when).chain(self.unless.iter())
    }
}

/// What every version of every rule says of itself.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Head {
    /// The first day on which it is in force.
    pub from: Day,
    /// The last day, `None` while it is in force.
    pub until: Option<Day>,
    /// The day somebody last compared it with the source.
    pub verified: Day,
    pub standing: Standing,
    /// Where it stands; never empty.
    pub cites: List<Cite>,
    pub when: Condition,
    pub unless: List<Exemption>,
    pub notes: List<Note>,
}

impl Head {
    pub fn applies(&self, facts: &FactSet) -> Truth {
        self.unless.iter().fold(self.when.holds(facts), |sum, exemption| sum.and(exemption.holds(facts).not()))
    }

    /// Its conditions, those of exemptions included.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&self.when).chain(self.unless.iter().map(|exemption| &exemption.when))
    }

    /// The unknown facts on which it depends whether it applies.
    pub fn deciding_facts(&self, facts: &FactSet) -> OpenFacts {
        let mut open = OpenFacts::default();
        open.extend(self.when.open_facts(facts));
        for exemption in self.unless.iter().filter(|exemption| exemption.holds(facts) == Truth::Unknown) {
            open.extend(exemption.when.open_facts(facts));
        }
        open
    }

    pub fn is_in_force(&self, on: Day) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Version<V: Clone + 'static> {
    pub head: Head,
    /// What this kind of rule says.
    pub says: V,
}

/// A rule: a stable id and what it said from when to when.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Rule<V: Clone + 'static> {
    pub id: Text,
    /// The id that answers use, for kinds that have one (deadline, document, channel); else empty.
    pub public: Text,
    /// The rules of the same kind that give way to this one, by their place in the list.
    pub exception_to: List<u16>,
    /// Versions, earliest first; their days do not overlap.
    pub versions: List<Version<V>>,
}

impl<V: Clone + 'static> Rule<V> {
    /// The version in force on the day.
    pub fn on(&self, day: Day) -> Option<&Version<V>> {
        self.versions.iter().find(|version| version.head.is_in_force(day))
    }
}

impl RuleBook {
    /// The permit kind that the pack decides on.
    pub fn permit_kind(&self) -> Option<&PermitKind> {
        self.permit.map(|at| &self.vocabulary.permits[usize::from(at)])
    }

    /// Whether a rule was last compared with its source too long ago.
    pub fn is_old(&self, verified: Day, today: Day) -> bool {
        today.days_since(verified) > self.stale_after_days
    }

    /// The categories that a citizenship belongs to on a day, as bits.
    pub fn categories_of(&self, citizenship: Country, on: Day) -> u64 {
        self.categories.iter().enumerate().fold(0, |sum, (at, rule)| {
            let belongs = rule.on(on).is_some_and(|version| version.says.members.binary_search(&citizenship).is_ok());
            sum | u64::from(belongs) << at
        })
    }

    /// The words of a language, the first language of the pack where it is lacking.
    pub fn texts_in(&self, language: &str) -> Option<&LanguageTexts> {
        self.texts.iter().find(|texts| texts.language == language).or_else(|| self.texts.first())
    }
}
