//! Reasoning: why each rule applies to a person, or why not, condition by condition.

use crate::assessment::{Assessment, Checked, Message, Param, PersonAssessment, Trace};
use crate::calendar::Day;
use crate::facts::{FactSet, Truth};
use crate::profile::Profile;
use crate::rulebook::{Head, Rule, RuleBook, applied};

use super::Subject;

/// Every rule of the pack, asked of every person of a profile on the day that the assessment asked it.
#[must_use]
pub fn explain<'r>(
    book: &'r RuleBook,
    profile: &'r Profile,
    today: Day,
    assessment: &Assessment<'r>,
) -> Vec<Trace<'r>> {
    let mut traces = Vec::new();
    let applicant = Subject::applicant(book, profile, today);
    of_a_person(&applicant, &assessment.applicant, &mut traces);
    for (at, person) in assessment.family.iter().enumerate() {
        of_a_person(&Subject::family_member(book, profile, at, today), person, &mut traces);
    }
    traces
}

fn of_a_person<'r>(subject: &Subject<'r>, person: &PersonAssessment<'r>, traces: &mut Vec<Trace<'r>>) {
    let book = subject.book;
    let entry = subject.reference_day();
    let filing = subject.filing_day();
    let basis = book.vocabulary.permits.iter().position(|kind| kind.id == person.stay.basis);
    let basis = basis.and_then(|at| u8::try_from(at).ok());
    let on_entry = subject.facts(entry, basis);
    let on_filing = subject.facts(filing, basis);
    let mut asker = Asker { subject, person, traces };
    asker.ask("entry_document", &book.entry_documents, entry, &on_entry);
    asker.ask("stay_limit", &book.stay_limits, entry, &on_entry);
    asker.ask("uncovered", &book.uncovered, entry, &on_entry);
    asker.ask("duty", &book.duties, entry, &on_entry);
    asker.ask("permit_threshold", &book.thresholds, entry, &on_entry);
    asker.ask("permit_exemption", &book.exemptions, entry.max(subject.today), &on_entry);
    asker.ask("permit_eligibility", &book.eligibility, entry, &on_entry);
    asker.ask("permit_service", &book.services, filing, &on_filing);
    asker.ask("permit_term", &book.terms, filing, &on_filing);
    asker.ask("document", &book.documents, filing, &on_filing);
}

struct Asker<'a, 'r> {
    subject: &'a Subject<'r>,
    person: &'a PersonAssessment<'r>,
    traces: &'a mut Vec<Trace<'r>>,
}

impl<'r> Asker<'_, 'r> {
    fn ask<V: Clone + 'static>(&mut self, kind: &'static str, rules: &'r [Rule<V>], on: Day, facts: &FactSet) {
        let holding = applied(rules, on, facts);
        for (at, rule) in rules.iter().enumerate() {
            let happened = self.person.deadlines.iter().find(|deadline| deadline.rule.id == rule.id);
            let on = happened.map_or(on, |deadline| deadline.event_date);
            let head = rule.on(on).map(|version| &version.head);
            let beaten_by = holding
                .iter()
                .find(|other| {
                    other.truth == Truth::Yes && other.rule.exception_to.iter().any(|beaten| usize::from(*beaten) == at)
                })
                .map(|other| &*other.rule.id);
            self.traces.push(Trace {
                person: self.subject.label.clone(),
                kind,
                rule: &rule.id,
                public: &rule.public,
                on,
                head,
                applies: head.map_or(Truth::No, |head| head.applies(facts)),
                beaten_by,
                conditions: head.map_or_else(Vec::new, |head| self.conditions(head, facts)),
                outcome: self.outcome(kind, &rule.id),
            });
        }
    }

    fn conditions(&self, head: &'r Head, facts: &FactSet) -> Vec<Checked<'r>> {
        let vocabulary = &self.subject.book.vocabulary;
        let words = |fact, bits: u64| {
            let all = vocabulary.values(fact).into_iter().enumerate();
            all.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, word)| word).collect::<Vec<&'r str>>()
        };
        let own = head.when.tests.iter().map(|test| (None, None, test));
        let exempting = head.unless.iter().enumerate().flat_map(|(at, exemption)| {
            let because = Some(&*exemption.because).filter(|key| !key.is_empty());
            exemption.when.tests.iter().map(move |test| (Some(at), because, test))
        });
        own.chain(exempting)
            .map(|(exemption, because, test)| Checked {
                fact: test.fact,
                exemption,
                expected: words(test.fact, test.wanted),
                given: facts.values(test.fact).map(|bits| words(test.fact, bits)),
                holds: test.holds(facts),
                because,
            })
            .collect()
    }

    /// What the assessment made of a rule.
    fn outcome(&self, kind: &str, id: &str) -> Vec<Message<'r>> {
        let mut outcome = Vec::new();
        for limit in self.person.stay.limits.iter().filter(|limit| limit.rule.id == id) {
            let key = match (limit.max_days, limit.last_day) {
                (Some(_), Some(_)) => "explain.limit-ends",
                (Some(_), None) => "explain.limit-used",
                (None, Some(_)) => "explain.permit-ends",
                (None, None) => "explain.permit-open",
            };
            let mut message = Message::new(key).with("used", Param::Count(limit.used.into()));
            if let Some(max) = limit.max_days {
                message = message.with("max", Param::Count(max.into()));
            }
            if let Some(day) = limit.last_day {
                message = message.with("day", Param::Day(day));
            }
            outcome.push(message);
        }
        for deadline in self.person.deadlines.iter().filter(|deadline| deadline.rule.id == id && kind == "duty") {
            let Some(due) = deadline.due else { continue };
            outcome.push(
                Message::new("explain.due")
                    .with("event", Param::Day(deadline.event_date))
                    .with("day", Param::Day(due.day)),
            );
        }
        for line in self.person.documents.iter().filter(|line| line.rule.id == id) {
            outcome.push(line.because.clone());
        }
        if let Some(permit) = self.person.permit.as_ref().filter(|permit| permit.rule.is_some_and(|rule| rule.id == id))
        {
            outcome.push(permit.because.clone());
        }
        outcome
    }
}
