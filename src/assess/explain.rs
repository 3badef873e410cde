//! Why each rule applies to a person, or why not, condition by condition.

use std::borrow::Cow;

use crate::assessment::{
    Assessment, Checked, Message, Notice, Param, PermitStatus, PersonAssessment, StayStatus, Trace,
};
use crate::calendar::Day;
use crate::country::Country;
use crate::facts::{FactSet, Truth};
use crate::profile::Profile;
use crate::rulebook::{Category, Channel, Head, Rule, RuleBook, Window};

use super::matching::matched;
use super::{CachedRules, Subject};

/// Every rule of the pack, asked of every person of a profile on the day that the assessment asked it.
pub fn explain<'r>(
    book: &'r RuleBook,
    profile: &'r Profile,
    today: Day,
    assessment: &Assessment<'r>,
) -> Vec<Trace<'r>> {
    let mut traces = Vec::new();
    let rules = CachedRules::for_one(book);
    let applicant = Subject::applicant(&rules, profile, today);
    of_a_person(&applicant, &assessment.applicant, &assessment.notices, &mut traces);
    for (at, person) in assessment.family.iter().enumerate() {
        let member = Subject::family_member(&rules, profile, at, today);
        of_a_person(&member, person, &assessment.notices, &mut traces);
    }
    traces
}

fn of_a_person<'r>(
    subject: &Subject<'_, 'r>,
    person: &PersonAssessment<'r>,
    notices: &[Notice<'r>],
    traces: &mut Vec<Trace<'r>>,
) {
    let book = subject.book;
    let (entry, filing, today) = (subject.reference_day(), subject.filing_day(), subject.today);
    let basis = subject.basis_of(&person.stay);
    let by_permit = subject.facts_by_permit(entry);
    let on_entry = subject.facts(entry, basis);
    let on_filing = subject.facts(filing, basis);
    let on_today = subject.facts(today, basis);
    let mut tracer = Tracer { subject, person, notices, traces };
    tracer.categories(entry);
    tracer.ask("entry_document", &book.entry_documents, entry, &by_permit);
    tracer.ask("stay_limit", &book.stay_limits, entry, &on_entry);
    tracer.ask("uncovered", &book.uncovered, entry, &on_entry);
    tracer.sanctions(today, &on_today);
    tracer.passport_margins(entry, &on_entry);
    tracer.ask("duty", &book.duties, entry, &on_entry);
    let is_of_permit = |channel: &Rule<Channel>| {
        let kind = book.permit_kind().map(|kind| &*kind.id);
        channel.versions.first().is_some_and(|version| Some(&*version.says.procedure) == kind)
    };
    tracer.channels(entry, &by_permit, |channel| !is_of_permit(channel));
    tracer.channels(filing, &on_filing, is_of_permit);
    if subject.is_applicant() {
        tracer.advice(entry, &on_entry);
    }
    tracer.ask("permit_threshold", &book.thresholds, entry, &on_entry);
    tracer.ask("permit_exemption", &book.exemptions, entry.max(today), &on_entry);
    tracer.ask("permit_eligibility", &book.eligibility, entry, &on_entry);
    tracer.ask("permit_service", &book.services, filing, &on_filing);
    tracer.ask("permit_term", &book.terms, filing, &on_filing);
    tracer.late_filings(today, &on_today);
    tracer.ask("document", &book.documents, filing, &on_filing);
}

/// The first of the days without a break on which a version of a category names a country.
fn member_since(rule: &Rule<Category>, country: Country, on: Day) -> Option<Day> {
    let mut since = None;
    let earlier = rule.versions.iter().rev().filter(|version| version.head.from <= on);
    for version in earlier {
        let is_member = version.says.members.binary_search(&country).is_ok();
        let reaches = match since {
            None => version.head.is_in_force(on),
            Some(since) => version.head.until.is_none_or(|until| until.plus(1) >= since),
        };
        if !is_member || !reaches {
            break;
        }
        since = Some(version.head.from);
    }
    since
}

/// Adds the traces of rules about one person.
struct Tracer<'a, 'r> {
    subject: &'a Subject<'a, 'r>,
    person: &'a PersonAssessment<'r>,
    notices: &'a [Notice<'r>],
    traces: &'a mut Vec<Trace<'r>>,
}

impl<'r> Tracer<'_, 'r> {
    fn ask<V: Clone + 'static>(&mut self, kind: &'static str, rules: &'r [Rule<V>], on: Day, facts: &FactSet) {
        self.ask_some(kind, rules, on, facts, |_| true);
    }

    fn ask_some<V: Clone + 'static>(
        &mut self,
        kind: &'static str,
        rules: &'r [Rule<V>],
        on: Day,
        facts: &FactSet,
        is_asked: impl Fn(&Rule<V>) -> bool,
    ) {
        let holding: Vec<_> = matched(rules, on, *facts).collect();
        for (at, rule) in rules.iter().enumerate().filter(|(_, rule)| is_asked(rule)) {
            let happened = self.person.deadlines.iter().find(|deadline| deadline.rule.id == rule.id);
            let on = happened.map_or(on, |deadline| deadline.event_date);
            let head = rule.on(on).map(|version| &version.head);
            let overridden_by = holding
                .iter()
                .find(|other| {
                    other.truth == Truth::Yes && other.rule.exception_to.iter().any(|other| usize::from(*other) == at)
                })
                .map(|other| &*other.rule.id);
            let applies = head.map_or(Truth::No, |head| head.applies(facts));
            let outcome = self.outcome(kind, &rule.id);
            self.traces.push(Trace {
                person: self.subject.label().into_owned(),
                kind,
                rule: &rule.id,
                public: &rule.public,
                on,
                head,
                applies,
                overridden_by,
                conditions: head.map_or_else(Vec::new, |head| self.conditions(head, facts)),
                is_used: applies != Truth::No || !outcome.is_empty(),
                outcome,
            });
        }
    }

    /// The groups that the citizenship belongs to, and those that it does not.
    fn categories(&mut self, on: Day) {
        let country = self.subject.person.citizenship;
        for rule in self.subject.book.categories.iter() {
            let version = rule.on(on);
            let since = member_since(rule, country, on);
            let outcome = version.into_iter().flat_map(|version| {
                let belongs = match since {
                    Some(day) => Message::new("explain.member").with("day", Param::Day(day)),
                    None => Message::new("explain.no-member").with("day", Param::Day(on)),
                };
                let members = Message::new("explain.members").with("members", Param::Countries(&version.says.members));
                [belongs.with("country", Param::Country(country)), members]
            });
            self.traces.push(Trace {
                person: self.subject.label().into_owned(),
                kind: "category",
                rule: &rule.id,
                public: &rule.public,
                on,
                head: version.map(|version| &version.head),
                applies: if since.is_some() { Truth::Yes } else { Truth::No },
                overridden_by: None,
                conditions: Vec::new(),
                outcome: outcome.collect(),
                is_used: since.is_some(),
            });
        }
    }

    fn sanctions(&mut self, on: Day, facts: &FactSet) {
        let asked = self.traces.len();
        self.ask("sanction", &self.subject.book.sanctions, on, facts);
        if !self.person.stay.is_violation() {
            self.none_applies(asked, &Message::new("explain.no-overstay"));
        }
        self.outcome_from_notices(asked);
    }

    fn passport_margins(&mut self, on: Day, facts: &FactSet) {
        let asked = self.traces.len();
        let rules: &'r [_] = &self.subject.book.passport_margins;
        self.ask("passport_margin", rules, on, facts);
        for (trace, rule) in self.traces[asked..].iter_mut().zip(rules.iter()) {
            if let Some(version) = rule.on(on).filter(|_| trace.applies != Truth::No) {
                let months = Param::Count(version.says.months.into());
                trace.outcome.insert(0, Message::new("explain.passport-margin").with("n", months));
            }
        }
        self.outcome_from_notices(asked);
    }

    fn advice(&mut self, on: Day, facts: &FactSet) {
        let asked = self.traces.len();
        self.ask("advice", &self.subject.book.advice, on, facts);
        if let Some(why) = self.person.stay.uncovered.as_ref().filter(|_| self.person.stay.is_outside_the_rules) {
            self.none_applies(asked, why);
        }
        self.outcome_from_notices(asked);
    }

    /// Where something can be filed: that is part of the answer itself, and the law behind it is shown when asked for.
    fn channels(&mut self, on: Day, facts: &FactSet, is_asked: impl Fn(&Rule<Channel>) -> bool) {
        let asked = self.traces.len();
        let rules: &'r [_] = &self.subject.book.channels;
        self.ask_some("channel", rules, on, facts, &is_asked);
        for (trace, rule) in self.traces[asked..].iter_mut().zip(rules.iter().filter(|rule| is_asked(rule))) {
            trace.is_used = false;
            let Some(version) = rule.on(on) else { continue };
            let procedure = Param::Key(Cow::Owned(format!("procedure.{}", version.says.procedure)));
            trace.outcome.push(Message::new("explain.channel").with("procedure", procedure));
            let conditions: Vec<String> = version.says.conditions.iter().map(|id| format!("condition.{id}")).collect();
            if !conditions.is_empty() {
                let conditions = Param::Keys(conditions);
                trace.outcome.push(Message::new("explain.channel-conditions").with("conditions", conditions));
            }
        }
    }

    fn late_filings(&mut self, on: Day, facts: &FactSet) {
        let asked = self.traces.len();
        let rules: &'r [_] = &self.subject.book.late_filings;
        self.ask("late_filing", rules, on, facts);
        let stay = &self.person.stay;
        let exempt = self.person.permit.as_ref().filter(|permit| permit.status == PermitStatus::Exempt);
        if stay.status != StayStatus::Overstay {
            self.none_applies(asked, &Message::new("explain.no-overstay"));
        } else if let Some(permit) = exempt {
            self.none_applies(asked, &permit.because);
        }
        for (trace, rule) in self.traces[asked..].iter_mut().zip(rules.iter()) {
            let days = rule.on(on).map(|version| version.says.days);
            if let Some(days) = days.filter(|days| stay.status == StayStatus::Overstay && stay.days_over > *days) {
                trace.applies = Truth::No;
                trace.outcome.push(Message::new("explain.too-late").with("n", Param::Count(days.into())));
            }
        }
        self.outcome_from_notices(asked);
    }

    /// The rules asked last do not apply, whatever their conditions say.
    fn none_applies(&mut self, asked: usize, why: &Message<'r>) {
        for trace in &mut self.traces[asked..] {
            trace.applies = Truth::No;
            trace.outcome.push(why.clone());
        }
    }

    /// Takes the outcome of the rules asked last from the notices.
    fn outcome_from_notices(&mut self, asked: usize) {
        for trace in &mut self.traces[asked..] {
            let own = self.notices.iter().filter(|notice| notice.person == trace.person);
            let texts = own.filter(|notice| notice.rules.contains(&trace.rule)).map(|notice| notice.text.clone());
            let before = trace.outcome.len();
            trace.outcome.extend(texts);
            trace.is_used = trace.outcome.len() > before;
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
        let stay = &self.person.stay;
        // Without a stay nothing is used of what each entry allows.
        let is_shown = |window: Window| window != Window::PerEntry || stay.entry.is_some();
        for limit in stay.limits.iter().filter(|limit| limit.rule.id == id && is_shown(limit.window)) {
            let key = match (limit.max_days, limit.last_day) {
                (Some(_), Some(_)) if limit.is_binding => "explain.limit-ends",
                (Some(_), Some(_)) => "explain.limit-alone",
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
            outcome.push(line.because.message());
        }
        if let Some(permit) = self.person.permit.as_ref().filter(|permit| permit.rule.is_some_and(|rule| rule.id == id))
        {
            outcome.push(permit.because.clone());
        }
        outcome
    }
}
