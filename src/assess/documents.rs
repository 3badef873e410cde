//! Reasoning: which documents are asked for, which are not, and why.

use std::borrow::Cow;

use crate::assessment::{DocumentLine, Message, Param, Part, Permit, PermitStatus, Requirement, RuleRef};
use crate::facts::{Condition, Fact, Truth};
use crate::rulebook::{Document, Head, Rule, Version, Vocabulary};

use super::{Subject, Wanting};

/// The checklists of a person, in the order of the rule files. Nothing is asked for a permit that
/// the person is exempt from.
pub(super) fn assess<'r>(
    subject: &Subject<'r>,
    permit: Option<&Permit<'r>>,
    wanting: &mut Wanting<'r>,
) -> Vec<DocumentLine<'r>> {
    let exempt_from = permit.filter(|permit| permit.status == PermitStatus::Exempt).map(|permit| permit.kind);
    let rules = subject.book.documents.iter();
    rules
        .filter(|rule| rule.versions.first().is_some_and(|version| Some(&*version.says.procedure) != exempt_from))
        .filter_map(|rule| line(subject, rule, wanting))
        .collect()
}

fn line<'r>(subject: &Subject<'r>, rule: &'r Rule<Document>, wanting: &mut Wanting<'r>) -> Option<DocumentLine<'r>> {
    let on = subject.filing_day();
    let book = subject.book;
    let basis = subject.permit_on(subject.today).map(|permit| permit.kind);
    let facts = subject.facts(on, basis);
    let make = |version: &'r Version<Document>, requirement, because, is_exempted| {
        let says = &version.says;
        DocumentLine {
            procedure: &says.procedure,
            id: &rule.public,
            requirement,
            group: says.group.map(|group| &*book.groups[usize::from(group)].id),
            held: subject.person.held.contains(&rule.public),
            form: &says.form,
            because,
            is_exempted,
            rule: RuleRef { id: &rule.id, head: &version.head },
        }
    };
    let Some(version) = rule.on(on) else {
        let (nearest, because) = if let Some(later) = rule.versions.iter().find(|version| version.head.from > on) {
            (later, Message::new("because.not-before").with("day", Param::Day(later.head.from)))
        } else {
            let last = rule.versions.last()?;
            (last, Message::new("because.not-after").with("day", Param::Day(last.head.until?)))
        };
        return Some(make(nearest, Requirement::NotRequired, because, true));
    };

    let head = &version.head;
    let vocabulary = &book.vocabulary;
    for exemption in head.unless.iter().filter(|exemption| exemption.only_if_stated) {
        if head.applies(&facts) != Truth::No {
            exemption
                .when
                .open_facts(&facts)
                .for_each(|fact| wanting.fact(subject, fact, Part::Documents, &rule.public));
        }
    }
    Some(match head.applies(&facts) {
        Truth::Yes => make(version, Requirement::Required, why_asked(&head.when, vocabulary), false),
        Truth::No => {
            let (because, is_exempted) = why_not(head, &facts, vocabulary);
            make(version, Requirement::NotRequired, because, is_exempted)
        }
        Truth::Unknown => {
            let mut open: Vec<Fact> = head.when.open_facts(&facts).collect();
            for exemption in head.unless.iter().filter(|exemption| exemption.holds(&facts) == Truth::Unknown) {
                open.extend(exemption.when.open_facts(&facts));
            }
            open.sort_unstable();
            open.dedup();
            for fact in &open {
                wanting.fact(subject, *fact, Part::Documents, &rule.public);
            }
            let chosen_by = version.says.group.map(|group| book.groups[usize::from(group)].chosen_by);
            let is_choice = chosen_by.is_some_and(|fact| open == [fact]);
            let requirement = if is_choice { Requirement::OneOf } else { Requirement::Conditional };
            let key = if is_choice { "because.one-of" } else { "because.depends-on" };
            let facts = open.iter().map(|fact| format!("fact.{}", fact.key())).collect();
            make(version, requirement, Message::new(key).with("facts", Param::Keys(facts)), false)
        }
    })
}

/// Text keys of a fact's wanted values.
pub(super) fn value_keys(vocabulary: &Vocabulary, fact: Fact, wanted: u64) -> Vec<String> {
    let table = match fact {
        Fact::DocumentKind => "travel_document",
        other => other.key(),
    };
    let words = vocabulary.values(fact).into_iter().enumerate();
    words.filter(|(at, _)| wanted >> at & 1 == 1).map(|(_, word)| format!("{table}.{word}")).collect()
}

fn why_asked<'r>(when: &Condition, vocabulary: &Vocabulary) -> Message<'r> {
    match when.tests.iter().find(|test| test.fact != Fact::Relation) {
        None => Message::new("because.asked-of-all"),
        Some(test) => Message::new("because.asked-where")
            .with("fact", Param::Key(Cow::Owned(format!("fact.{}", test.fact.key()))))
            .with("values", Param::Keys(value_keys(vocabulary, test.fact, test.wanted))),
    }
}

/// Why a document is not asked for, and whether a named exemption is the only reason.
fn why_not<'r>(head: &'r Head, facts: &crate::facts::FactSet, vocabulary: &Vocabulary) -> (Message<'r>, bool) {
    let only = |key: &'static str, test: &crate::facts::Test| {
        Message::new(key)
            .with("fact", Param::Key(Cow::Owned(format!("fact.{}", test.fact.key()))))
            .with("values", Param::Keys(value_keys(vocabulary, test.fact, test.wanted)))
    };
    let exemption = head.unless.iter().find(|exemption| exemption.holds(facts) == Truth::Yes);
    if let Some(exemption) = exemption {
        let because = match (&*exemption.because, exemption.when.tests.first()) {
            ("", Some(test)) => only("because.except-where", test),
            (key, _) => Message::new(key),
        };
        return (because, head.when.holds(facts) != Truth::No);
    }
    let failed = head.when.tests.iter().find(|test| test.holds(facts) == Truth::No);
    (failed.map_or_else(|| Message::new("because.asked-of-all"), |test| only("because.only-where", test)), false)
}
