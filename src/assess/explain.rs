//! Why each rule applies to a person, or why not, condition by condition.

use std::borrow::Cow;

use crate::assessment::{
    Assessment, Checked, Message, Notice, Param, PermitStatus, PersonAssessment, StayStatus, Trace,
};
use crate::calendar::Day;
use crate::country::Country;
use crate::facts::{FactSet, Truth};
use crate::profile::Profile;
use crate::rulebook::{Category, Channel, Duty, Head, LateFiling, Rule, RuleBook, Window};

use super::matching::{MatchedRule, matched};
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
    for (subject, person) in Subject::of_a_case(&rules, profile, today).zip(assessment.persons()) {
        of_a_person(&subject, person, &assessment.notices, &mut traces);
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
    let stay = &person.stay;
    let basis = subject.basis_of(stay);
    let by_permit = subject.facts_by_permit(entry);
    let on_entry = subject.facts(entry, basis);
    let on_filing = subject.facts(filing, basis);
    let on_today = subject.facts(today, basis);
    let mut tracer = Tracer { subject, person, notices, traces };
    tracer.ask_some(
        "category",
        &book.categories,
        entry,
        &by_permit,
        |_| true,
        |trace, rule| {
            membership(trace, rule, subject.person.citizenship);
        },
    );
    tracer.ask("entry_document", &book.entry_documents, entry, &by_permit);
    tracer.ask("stay_limit", &book.stay_limits, entry, &on_entry);
    tracer.ask("uncovered", &book.uncovered, entry, &on_entry);
    tracer.ask_with_notices("sanction", &book.sanctions, today, &on_today, |trace, rule| {
        if !stay.is_violation() && rule.on(today).is_some_and(|version| version.says.deadline.is_none()) {
            refuse(trace, Message::new("explain.no-overstay"));
        }
    });
    tracer.ask_with_notices("passport_margin", &book.passport_margins, entry, &on_entry, |trace, rule| {
        if let Some(version) = rule.on(entry).filter(|_| trace.applies != Truth::No) {
            let months = Param::Count(version.says.months.into());
            trace.outcome.push(Message::new("explain.passport-margin").with("n", months));
        }
    });
    let is_due = |rule: &Rule<Duty>| person.deadlines.iter().any(|deadline| deadline.rule.id == &*rule.id);
    tracer.ask_some(
        "duty",
        &book.duties,
        entry,
        &on_entry,
        |_| true,
        |trace, rule| {
            if trace.applies == Truth::Yes && !is_due(rule) {
                trace.outcome.push(Message::new("explain.nothing-due"));
            }
        },
    );
    let is_of_permit = |channel: &Rule<Channel>| {
        let kind = book.permit_kind().map(|kind| &*kind.id);
        channel.versions.first().is_some_and(|version| Some(&*version.says.procedure) == kind)
    };
    tracer.ask_some("channel", &book.channels, entry, &by_permit, |channel| !is_of_permit(channel), procedure);
    tracer.ask_some("channel", &book.channels, filing, &on_filing, is_of_permit, procedure);
    if subject.is_applicant() {
        let outside = stay.uncovered.as_ref().filter(|_| stay.is_outside_the_rules);
        tracer.ask_with_notices("advice", &book.advice, entry, &on_entry, |trace, _| {
            outside.iter().for_each(|why| refuse(trace, (*why).clone()));
        });
    }
    tracer.ask("permit_threshold", &book.thresholds, entry, &on_entry);
    tracer.ask("permit_exemption", &book.exemptions, entry.max(today), &on_entry);
    tracer.ask("permit_eligibility", &book.eligibility, entry, &on_entry);
    tracer.ask("permit_service", &book.services, filing, &on_filing);
    tracer.ask("permit_term", &book.terms, filing, &on_filing);
    tracer.ask_with_notices("late_filing", &book.late_filings, today, &on_today, |trace, rule| {
        late_filing(trace, rule, person);
    });
    tracer.ask("document", &book.documents, filing, &on_filing);
}

/// The rule does not apply, whatever its conditions say.
fn refuse<'r>(trace: &mut Trace<'r>, why: Message<'r>) {
    trace.applies = Truth::No;
    trace.outcome.push(why);
}

/// Whether the citizenship belongs to a group.
fn membership<'r>(trace: &mut Trace<'r>, rule: &'r Rule<Category>, country: Country) {
    let since = member_since(rule, country, trace.on);
    trace.applies = if since.is_some() { Truth::Yes } else { Truth::No };
    trace.is_used = since.is_some();
    if let Some(version) = rule.on(trace.on) {
        let belongs = match since {
            Some(day) => Message::new("explain.member").with("day", Param::Day(day)),
            None => Message::new("explain.no-member").with("day", Param::Day(trace.on)),
        };
        let members = Message::new("explain.members").with("members", Param::Countries(&version.says.members));
        trace.outcome.extend([belongs.with("country", Param::Country(country)), members]);
    }
}

/// Where something can be filed: that is part of the answer itself, and the law behind it is shown when asked for.
fn procedure<'r>(trace: &mut Trace<'r>, rule: &'r Rule<Channel>) {
    trace.is_used = false;
    let Some(version) = rule.on(trace.on) else { return };
    let procedure = Param::Key(Cow::Owned(format!("procedure.{}", version.says.procedure)));
    trace.outcome.push(Message::new("explain.channel").with("procedure", procedure));
    let conditions: Vec<String> = version.says.conditions.iter().map(|id| format!("condition.{id}")).collect();
    if !conditions.is_empty() {
        trace.outcome.push(Message::new("explain.channel-conditions").with("conditions", Param::Keys(conditions)));
    }
}

fn late_filing<'r>(trace: &mut Trace<'r>, rule: &'r Rule<LateFiling>, person: &PersonAssessment<'r>) {
    let stay = &person.stay;
    if stay.status != StayStatus::Overstay {
        refuse(trace, Message::new("explain.no-overstay"));
        return;
    }
    if let Some(permit) = person.permit.as_ref().filter(|permit| permit.status == PermitStatus::Exempt) {
        refuse(trace, permit.because.clone());
    }
    let days = rule.on(trace.on).map(|version| version.says.days);
    if let Some(days) = days.filter(|days| stay.days_over > *days) {
        refuse(trace, Message::new("explain.too-late").with("n", Param::Count(days.into())));
    }
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

struct Tracer<'a, 'r> {
    subject: &'a Subject<'a, 'r>,
    person: &'a PersonAssessment<'r>,
    notices: &'a [Notice<'r>],
    traces: &'a mut Vec<Trace<'r>>,
}

impl<'r> Tracer<'_, 'r> {
    fn ask<V: Clone + 'static>(&mut self, kind: &'static str, rules: &'r [Rule<V>], on: Day, facts: &FactSet) {
        self.ask_some(kind, rules, on, facts, |_| true, |_, _| {});
    }

    /// Asks rules whose outcome are the notices about them; `then` adds to it before.
    fn ask_with_notices<V: Clone + 'static>(
        &mut self,
        kind: &'static str,
        rules: &'r [Rule<V>],
        on: Day,
        facts: &FactSet,
        then: impl Fn(&mut Trace<'r>, &'r Rule<V>),
    ) {
        let notices = self.notices;
        self.ask_some(
            kind,
            rules,
            on,
            facts,
            |_| true,
            |trace, rule| {
                then(trace, rule);
                let own = notices.iter().filter(|notice| notice.person == trace.person);
                let texts = own.filter(|notice| notice.rules.contains(&trace.rule)).map(|notice| notice.text.clone());
                let before = trace.outcome.len();
                trace.outcome.extend(texts);
                trace.is_used = trace.outcome.len() > before;
            },
        );
    }

    /// Asks some of the rules of a kind; `then` adds what only this kind knows.
    fn ask_some<V: Clone + 'static>(
        &mut self,
        kind: &'static str,
        rules: &'r [Rule<V>],
        on: Day,
        facts: &FactSet,
        is_asked: impl Fn(&Rule<V>) -> bool,
        then: impl Fn(&mut Trace<'r>, &'r Rule<V>),
    ) {
        let holding: Vec<_> = matched(rules, on, *facts).collect();
        for (at, rule) in rules.iter().enumerate().filter(|(_, rule)| is_asked(rule)) {
            let happened = self.person.deadlines.iter().find(|deadline| deadline.rule.id == rule.id);
            let on = happened.map_or(on, |deadline| deadline.event_date);
            let head = rule.on(on).map(|version| &version.head);
            let overrides = |other: &&MatchedRule<'r, V>| {
                other.truth == Truth::Yes && other.rule.exception_to.iter().any(|other| usize::from(*other) == at)
            };
            let applies = head.map_or(Truth::No, |head| head.applies(facts));
            let outcome = self.outcome(kind, &rule.id);
            let mut trace = Trace {
                person: self.subject.label().into_owned(),
                kind,
                rule: &rule.id,
                public: &rule.public,
                on,
                head,
                applies,
                overridden_by: holding.iter().find(overrides).map(|other| &*other.rule.id),
                conditions: head.map_or_else(Vec::new, |head| self.conditions(head, facts)),
                is_used: applies != Truth::No || !outcome.is_empty(),
                outcome,
            };
            then(&mut trace, rule);
            self.traces.push(trace);
        }
    }

    fn conditions(&self, head: &'r Head, facts: &FactSet) -> Vec<Checked<'r>> {
        let vocabulary = &self.subject.book.vocabulary;
        let own = head.when.tests.iter().map(|test| (None, None, test));
        let exempting = head.unless.iter().enumerate().flat_map(|(at, exemption)| {
            let because = Some(&*exemption.because).filter(|key| !key.is_empty());
            exemption.when.tests.iter().map(move |test| (Some(at), because, test))
        });
        own.chain(exempting)
            .map(|(exemption, because, test)| Checked {
                fact: test.fact,
                exemption,
                expected: vocabulary.words(test.fact, test.wanted),
                given: facts.values(test.fact).map(|bits| vocabulary.words(test.fact, bits)),
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
