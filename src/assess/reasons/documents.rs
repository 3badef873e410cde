//! The checklists of a person: which documents are asked for, which are not, and why.

use crate::assess::Subject;
use crate::assess::decide::documents::{day_and_facts, is_possible, open_facts, requirement};
use crate::assess::matching::MatchedRule;
use crate::assess::missing::OpenDocument;
use crate::assessment::{Because, DocumentLine, PermitDecision, Requirement, RuleRef};
use crate::calendar::Day;
use crate::facts::{Fact, FactSet, Truth};
use crate::rulebook::{Document, Head, Rule, Version, Vocabulary};

/// All documents in the order of the rule files; those that depend on an unknown fact are added to `open`.
pub fn lines<'r>(
    subject: &Subject<'_, 'r>,
    permit: Option<&PermitDecision<'r>>,
    open: &mut Vec<OpenDocument<'r>>,
) -> Vec<DocumentLine<'r>> {
    let (on, facts) = day_and_facts(subject);
    let vocabulary = &subject.book.vocabulary;
    let mut lines = Vec::with_capacity(subject.book.documents.len());
    for rule in subject.book.documents.iter().filter(|rule| is_possible(rule, permit)) {
        let Some(version) = rule.on(on) else {
            lines.extend(not_in_force(subject, rule, on));
            continue;
        };
        let (requirement, because, is_exempted) = match version.head.applies(&facts) {
            Truth::No => {
                let (because, is_exempted) = why_not(&version.head, &facts, vocabulary);
                (Requirement::NotRequired, because, is_exempted)
            }
            truth => {
                let unknown = open_facts(&version.head, &facts);
                open.extend(unknown.map(|fact| OpenDocument { place: subject.place, fact, id: &rule.public }));
                let requirement = requirement(subject, &MatchedRule { rule, version, truth }, &facts);
                let because = match requirement {
                    Requirement::OneOf => Because::OneOf(version.head.deciding_facts(&facts)),
                    Requirement::Conditional => Because::DependsOn(version.head.deciding_facts(&facts)),
                    Requirement::Required | Requirement::NotRequired => why_asked(&version.head, vocabulary),
                };
                (requirement, because, false)
            }
        };
        lines.push(line(subject, (rule, version), requirement, because, is_exempted));
    }
    lines
}

fn line<'r>(
    subject: &Subject<'_, 'r>,
    (rule, version): (&'r Rule<Document>, &'r Version<Document>),
    requirement: Requirement,
    because: Because<'r>,
    is_exempted: bool,
) -> DocumentLine<'r> {
    let content = &version.says;
    DocumentLine {
        procedure: &content.procedure,
        id: &rule.public,
        requirement,
        group: content.group.map(|group| &*subject.book.groups[usize::from(group)].id),
        held: subject.person.held.contains(&rule.public),
        form: &content.form,
        because,
        is_exempted,
        rule: RuleRef { id: &rule.id, head: &version.head },
    }
}

/// A document that is not asked for on the day, but was before or will be.
fn not_in_force<'r>(subject: &Subject<'_, 'r>, rule: &'r Rule<Document>, on: Day) -> Option<DocumentLine<'r>> {
    let (nearest, because) = if let Some(later) = rule.versions.iter().find(|version| version.head.from > on) {
        (later, Because::NotBefore(later.head.from))
    } else {
        let last = rule.versions.last()?;
        (last, Because::NotAfter(last.head.until?))
    };
    Some(line(subject, (rule, nearest), Requirement::NotRequired, because, true))
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
