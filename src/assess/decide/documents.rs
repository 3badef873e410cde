//! Which documents are asked for, as far as anything else depends on it.

use std::rc::Rc;

use crate::assess::Subject;
use crate::assess::matching::{MatchedRule, has_warning};
use crate::assessment::{PermitDecision, PermitStatus, Requirement};
use crate::calendar::Day;
use crate::facts::{Fact, FactSet, Truth};
use crate::rulebook::{Document, Head, Rule};

/// What is the same for all who have the facts in common that the rules about documents ask for.
#[derive(Default)]
pub struct AskedDocuments {
    /// What is asked of the documents that may be asked for, by the place of their rules.
    requirements: Vec<(u16, Requirement)>,
    /// The facts that would make it more certain, each once.
    pub open: Vec<Fact>,
    /// Whether a note about one of them is a warning.
    pub has_warning: bool,
    /// The day on which the oldest of their rules was last verified.
    pub oldest: Option<Day>,
}

impl AskedDocuments {
    /// What is asked of a document; `None` for one that is not asked for.
    pub fn requirement(&self, documents: &[Rule<Document>], id: &str) -> Option<Requirement> {
        let mut all = self.requirements.iter();
        all.find(|(rule, _)| documents[usize::from(*rule)].public == id).map(|(_, requirement)| *requirement)
    }
}

pub fn day_and_facts(subject: &Subject<'_, '_>) -> (Day, FactSet) {
    let on = subject.filing_day();
    (on, subject.facts(on, subject.permit_on(subject.today).map(|permit| permit.kind)))
}

/// Whether a document can be asked for: none is for a permit that the person is exempt from.
pub fn is_possible(rule: &Rule<Document>, permit: Option<&PermitDecision<'_>>) -> bool {
    let exempt_from = permit.filter(|permit| permit.status == PermitStatus::Exempt).map(|permit| permit.kind);
    let procedure = rule.versions.first().map(|version| &*version.says.procedure);
    procedure.is_some_and(|procedure| exempt_from.is_none_or(|kind| procedure != kind))
}

pub fn decide(subject: &Subject<'_, '_>, permit: Option<&PermitDecision<'_>>) -> Rc<AskedDocuments> {
    let (on, facts) = day_and_facts(subject);
    let is_exempt = permit.is_some_and(|permit| permit.status == PermitStatus::Exempt);
    subject.rules.asked_documents(on, &facts, is_exempt, || {
        let mut asked = AskedDocuments::default();
        for (place, rule) in (0..).zip(subject.book.documents.iter()).filter(|(_, rule)| is_possible(rule, permit)) {
            let Some(version) = rule.on(on) else { continue };
            let truth = version.head.applies(&facts);
            if truth == Truth::No {
                continue;
            }
            let matched = MatchedRule { rule, version, truth };
            for fact in open_facts(&version.head, &facts) {
                if !asked.open.contains(&fact) {
                    asked.open.push(fact);
                }
            }
            asked.requirements.push((place, requirement(subject, &matched, &facts)));
            asked.has_warning |= has_warning(&version.head);
            asked.oldest = asked.oldest.into_iter().chain([version.head.verified]).min();
        }
        asked
    })
}

/// What is asked of a document that is, or may be, asked for.
pub fn requirement(subject: &Subject<'_, '_>, asked: &MatchedRule<'_, Document>, facts: &FactSet) -> Requirement {
    let chosen_by = asked.content().group.map(|group| subject.book.groups[usize::from(group)].chosen_by);
    match asked.truth {
        Truth::Yes => Requirement::Required,
        _ if chosen_by.is_some_and(|fact| asked.version.head.deciding_facts(facts).is_only(fact)) => Requirement::OneOf,
        _ => Requirement::Conditional,
    }
}

/// The unknown facts that would make it more certain whether a document is asked for: those of exemptions that have to
/// be claimed, and those on which it depends.
pub fn open_facts<'a>(head: &'a Head, facts: &'a FactSet) -> impl Iterator<Item = Fact> + 'a {
    let to_claim = head.unless.iter().filter(|exemption| exemption.only_if_stated);
    to_claim.flat_map(|exemption| exemption.when.open_facts(facts)).chain(head.deciding_facts(facts).iter())
}
