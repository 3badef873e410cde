//! Reasoning: which documents are asked for, which are not, and why.

use crate::assessment::{Because, DocumentLine, Part, Permit, PermitStatus, Requirement, RuleRef};
use crate::calendar::Day;
use crate::facts::{Fact, FactSet, OpenFacts, Truth};
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
    let on = subject.filing_day();
    let facts = subject.facts(on, subject.permit_on(subject.today).map(|permit| permit.kind));
    let mut lines = Vec::with_capacity(subject.book.documents.len());
    for rule in subject.book.documents.iter() {
        let Some(first) = rule.versions.first() else { continue };
        if exempt_from.is_none_or(|kind| *first.says.procedure != *kind) {
            lines.extend(line(subject, rule, on, &facts, wanting));
        }
    }
    lines
}

fn line<'r>(
    subject: &Subject<'r>,
    rule: &'r Rule<Document>,
    on: Day,
    facts: &FactSet,
    wanting: &mut Wanting<'r>,
) -> Option<DocumentLine<'r>> {
    let book = subject.book;
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
            (later, Because::NotBefore(later.head.from))
        } else {
            let last = rule.versions.last()?;
            (last, Because::NotAfter(last.head.until?))
        };
        return Some(make(nearest, Requirement::NotRequired, because, true));
    };

    let head = &version.head;
    let vocabulary = &book.vocabulary;
    let truth = head.applies(facts);
    if truth != Truth::No {
        for exemption in head.unless.iter().filter(|exemption| exemption.only_if_stated) {
            exemption
                .when
                .open_facts(facts)
                .for_each(|fact| wanting.fact(subject, fact, Part::Documents, &rule.public));
        }
    }
    Some(match truth {
        Truth::Yes => make(version, Requirement::Required, why_asked(head, vocabulary), false),
        Truth::No => {
            let (because, is_exempted) = why_not(head, facts, vocabulary);
            make(version, Requirement::NotRequired, because, is_exempted)
        }
        Truth::Unknown => {
            let open = open_facts(head, facts);
            for fact in open.iter() {
                wanting.fact(subject, fact, Part::Documents, &rule.public);
            }
            let chosen_by = version.says.group.map(|group| book.groups[usize::from(group)].chosen_by);
            if chosen_by.is_some_and(|fact| open.is_only(fact)) {
                make(version, Requirement::OneOf, Because::OneOf(open), false)
            } else {
                make(version, Requirement::Conditional, Because::DependsOn(open), false)
            }
        }
    })
}

/// The facts that are not known and on which a rule hangs.
fn open_facts(head: &Head, facts: &FactSet) -> OpenFacts {
    let mut open = OpenFacts::default();
    open.extend(head.when.open_facts(facts));
    for exemption in head.unless.iter().filter(|exemption| exemption.holds(facts) == Truth::Unknown) {
        open.extend(exemption.when.open_facts(facts));
    }
    open
}

fn why_asked<'r>(head: &'r Head, vocabulary: &'r Vocabulary) -> Because<'r> {
    match head.when.tests.iter().find(|test| test.fact != Fact::Relation) {
        None => Because::AskedOfAll,
        Some(test) => Because::AskedWhere(test, vocabulary),
    }
}

/// Why a document is not asked for, and whether a named exemption is the only reason.
fn why_not<'r>(head: &'r Head, facts: &FactSet, vocabulary: &'r Vocabulary) -> (Because<'r>, bool) {
    let exemption = head.unless.iter().find(|exemption| exemption.holds(facts) == Truth::Yes);
    if let Some(exemption) = exemption {
        let because = match (&*exemption.because, exemption.when.tests.first()) {
            ("", Some(test)) => Because::ExceptWhere(test, vocabulary),
            (key, _) => Because::Exemption(key),
        };
        return (because, head.when.holds(facts) != Truth::No);
    }
    let failed = head.when.tests.iter().find(|test| test.holds(facts) == Truth::No);
    (failed.map_or(Because::AskedOfAll, |test| Because::OnlyWhere(test, vocabulary)), false)
}
