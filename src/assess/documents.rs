//! Reasoning: which documents are asked for, which are not, and why.

use std::rc::Rc;

use crate::assessment::{Because, DocumentLine, Part, Permit, PermitStatus, Requirement, RuleRef};
use crate::calendar::Day;
use crate::facts::{Fact, FactSet, OpenFacts, Truth};
use crate::rulebook::{Applied, Document, Head, Level, Rule, RuleBook, Version, Vocabulary};

use super::{Detail, Subject, Wanting};

/// The checklists of a person.
pub(super) enum Checklist<'r> {
    /// All documents, in the order of the rule files, with reasons.
    Whole(Vec<DocumentLine<'r>>),
    /// For a row: what else in it hangs on them.
    Row(&'r RuleBook, Rc<AskedDocuments>),
}

/// Which documents are asked for or may be; the same for all who have the facts in common that the rules
/// about documents ask for.
pub(super) struct AskedDocuments {
    /// What is asked of the documents that a duty needs, by the place of their rules.
    needed: Vec<(u16, Requirement)>,
    /// The facts that would make it more certain, each once.
    open: Vec<Fact>,
    /// The level of the loudest note about them.
    loudest: Option<Level>,
}

impl<'r> Checklist<'r> {
    /// What is asked of a document; `None` for one that is not in the list.
    pub(super) fn requirement(&self, id: &str) -> Option<Requirement> {
        match self {
            Self::Whole(lines) => lines.iter().find(|line| line.id == id).map(|line| line.requirement),
            Self::Row(book, asked) => {
                let mut needed = asked.needed.iter();
                needed.find(|(rule, _)| book.documents[usize::from(*rule)].public == id).map(|(_, asked)| *asked)
            }
        }
    }

    /// The level of the loudest note that a row would tell.
    pub(super) fn loudest(&self) -> Option<Level> {
        match self {
            Self::Whole(_) => None,
            Self::Row(_, asked) => asked.loudest,
        }
    }

    /// The lines; a row tells none.
    pub(super) fn into_lines(self) -> Vec<DocumentLine<'r>> {
        match self {
            Self::Whole(lines) => lines,
            Self::Row(..) => Vec::new(),
        }
    }
}

/// The checklists of a person. Nothing is asked for a permit that the person is exempt from.
pub(super) fn assess<'r>(
    subject: &Subject<'_, 'r>,
    permit: Option<&Permit<'r>>,
    wanting: &mut Wanting<'r>,
) -> Checklist<'r> {
    let book = subject.book;
    let exempt_from = permit.filter(|permit| permit.status == PermitStatus::Exempt).map(|permit| permit.kind);
    let on = subject.filing_day();
    let facts = subject.facts(on, subject.permit_on(subject.today).map(|permit| permit.kind));
    let is_possible = |rule: &Rule<Document>| {
        let procedure = rule.versions.first().map(|version| &*version.says.procedure);
        procedure.is_some_and(|procedure| exempt_from.is_none_or(|kind| procedure != kind))
    };
    if subject.detail == Detail::Row {
        let asked = subject.law.asked_documents(on, &facts, exempt_from.is_some(), &|| {
            let mut found = AskedDocuments { needed: Vec::new(), open: Vec::new(), loudest: None };
            for (place, rule) in (0..).zip(book.documents.iter()).filter(|(_, rule)| is_possible(rule)) {
                let Some(version) = rule.on(on) else { continue };
                let truth = version.head.applies(&facts);
                if truth == Truth::No {
                    continue;
                }
                let open = &mut found.open;
                let note = |fact: Fact| {
                    if !open.contains(&fact) {
                        open.push(fact);
                    }
                };
                let line = asked_for(subject, &Applied { rule, version, truth }, &facts, note);
                if subject.law.is_needed_by_a_duty(place) {
                    found.needed.push((place, line.requirement));
                }
                found.loudest = found.loudest.max(version.head.notes.iter().map(|note| note.level).max());
            }
            found
        });
        for fact in &asked.open {
            wanting.fact(subject, *fact, Part::Documents, "");
        }
        return Checklist::Row(book, asked);
    }
    let mut lines = Vec::with_capacity(subject.book.documents.len());
    for rule in subject.book.documents.iter().filter(|rule| is_possible(rule)) {
        let Some(version) = rule.on(on) else {
            lines.extend(not_in_force(subject, rule, on));
            continue;
        };
        lines.push(match version.head.applies(&facts) {
            Truth::No => {
                let (because, is_exempted) = why_not(&version.head, &facts, &subject.book.vocabulary);
                line(subject, (rule, version), Requirement::NotRequired, because, is_exempted)
            }
            truth => asked_for(subject, &Applied { rule, version, truth }, &facts, |fact| {
                wanting.fact(subject, fact, Part::Documents, &rule.public);
            }),
        });
    }
    Checklist::Whole(lines)
}

fn line<'r>(
    subject: &Subject<'_, 'r>,
    (rule, version): (&'r Rule<Document>, &'r Version<Document>),
    requirement: Requirement,
    because: Because<'r>,
    is_exempted: bool,
) -> DocumentLine<'r> {
    let says = &version.says;
    DocumentLine {
        procedure: &says.procedure,
        id: &rule.public,
        requirement,
        group: says.group.map(|group| &*subject.book.groups[usize::from(group)].id),
        held: subject.person.held.contains(&rule.public),
        form: &says.form,
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

/// A document that is asked for, or may be; each fact that would make that more certain is noted.
fn asked_for<'r>(
    subject: &Subject<'_, 'r>,
    asked: &Applied<'r, Document>,
    facts: &FactSet,
    mut note: impl FnMut(Fact),
) -> DocumentLine<'r> {
    let Applied { rule, version, truth } = *asked;
    let head = &version.head;
    for exemption in head.unless.iter().filter(|exemption| exemption.only_if_stated) {
        exemption.when.open_facts(facts).for_each(&mut note);
    }
    if truth == Truth::Yes {
        let because = why_asked(head, &subject.book.vocabulary);
        return line(subject, (rule, version), Requirement::Required, because, false);
    }
    let open = open_facts(head, facts);
    open.iter().for_each(note);
    let chosen_by = version.says.group.map(|group| subject.book.groups[usize::from(group)].chosen_by);
    let (requirement, because) = if chosen_by.is_some_and(|fact| open.is_only(fact)) {
        (Requirement::OneOf, Because::OneOf(open))
    } else {
        (Requirement::Conditional, Because::DependsOn(open))
    };
    line(subject, (rule, version), requirement, because, false)
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
