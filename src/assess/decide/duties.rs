//! What is due, by which day, and whether it was done.

use super::documents::AskedDocuments;
use super::stay::StayOutcome;
use crate::assess::Subject;
use crate::assess::matching::certain;
use crate::assess::missing::MissingFacts;
use crate::assessment::{
    DeadlineDecision, DeadlineStatus, Part, PermitDecision, PermitStatus, Requirement, RuleRef, StayDecision,
    StayStatus,
};
use crate::calendar::Day;
use crate::facts::Truth;
use crate::profile::fields::Field;
use crate::profile::{Moment, Record, Stay};
use crate::rulebook::{DeadlineKind, DoneBy, Duty, Event, Rule, Term, VISA_FREE, Version, Who, Window};

/// The public ids of the deadlines at the end of a stay and of a permit.
pub const STAY_END: &str = "stay-end";
pub const PERMIT_END: &str = "permit-end";

/// What a person's deadlines depend on besides the facts.
#[derive(Clone, Copy)]
pub struct Circumstances<'a, 'r> {
    pub stay: &'a StayDecision<'r>,
    pub outcome: Option<&'a StayOutcome<'r>>,
    pub permit: Option<&'a PermitDecision<'r>>,
    pub documents: &'a AskedDocuments,
}

/// Something that happened, or will, and after which a duty can run.
struct TriggerEvent {
    name: &'static str,
    moment: Moment,
    /// The day that chooses the version of the rule.
    version_day: Day,
    notified: Record,
    registered: Record,
}

/// The deadlines of a person, by day: those of the stay at hand, and those of events that stand for themselves.
pub fn decide<'r>(
    subject: &Subject<'_, 'r>,
    given: Circumstances<'_, 'r>,
    missing: &mut MissingFacts<'r>,
) -> Vec<DeadlineDecision<'r>> {
    let mut deadlines = Vec::new();
    for rule in subject.book.duties.iter() {
        let Some(event) = rule.versions.first().map(|version| version.says.event) else { continue };
        for trigger in (0..).map_while(|nth| trigger_event(subject, event, nth)) {
            let Some(version) = rule.on(trigger.version_day) else { continue };
            if let Some(truth) = is_due(subject, rule, version, &trigger, given, &deadlines, missing) {
                deadlines.push(of_a_duty(subject, rule, version, &trigger, truth));
            }
        }
    }
    deadlines.extend(stay_end(subject, given.stay));
    deadlines.extend(given.permit.and_then(|permit| filing(subject, given.stay, permit)));
    deadlines.extend(permit_end(subject, given.stay));
    deadlines.sort_by_key(|deadline| {
        (deadline.due.map_or(Day::LAST.plus(1), |due| due.day), deadline.id, deadline.event_date)
    });
    deadlines
}

/// The `nth` of the events after which a duty can run for this person.
fn trigger_event(subject: &Subject<'_, '_>, event: Event, nth: usize) -> Option<TriggerEvent> {
    let on_day = |name, day: Day| TriggerEvent {
        name,
        moment: Moment { day, minute: None },
        version_day: day,
        notified: Record::Silent,
        registered: Record::Silent,
    };
    let at_hand = subject.at_hand;
    match event {
        Event::Move => {
            let one = at_hand?.moves.get(nth)?;
            Some(TriggerEvent { notified: one.notified, registered: one.registered, ..on_day("move", one.on) })
        }
        _ if nth > 0 => None,
        Event::Entry | Event::Arrival => {
            let Stay { entry, notified, registered, arrived_at_host, .. } = *at_hand?;
            let arrived = arrived_at_host.filter(|_| event == Event::Arrival);
            let name = if arrived.is_some() { "arrival-at-host" } else { "entry" };
            let trigger = on_day(name, arrived.unwrap_or(entry));
            Some(TriggerEvent { version_day: entry, notified, registered, ..trigger })
        }
        Event::Submission => {
            let filed = subject.profile.filing_on.filter(|_| subject.is_applicant());
            filed.map(|moment| TriggerEvent { moment, ..on_day("submission", moment.day) })
        }
        Event::EmployerChange => {
            let changed = subject.profile.days.get(Field::ChangedOn).filter(|_| subject.is_applicant());
            changed.map(|day| on_day("employer-change", day))
        }
        Event::Fine => {
            let stay = at_hand.filter(|_| subject.is_applicant())?;
            let fined = subject.profile.days.get(Field::FinedOn)?;
            let is_within = stay.entry <= fined && stay.exit.is_none_or(|exit| fined <= exit);
            is_within.then(|| on_day("fine", fined))
        }
        Event::Birthday(years) => {
            let stay = at_hand?;
            let birthday = subject.person.birth_date?.birthday(years);
            let is_within = stay.entry < birthday && stay.exit.is_none_or(|exit| birthday <= exit);
            is_within.then(|| on_day("birthday", birthday))
        }
        // What ends is seen from today, however far ahead.
        Event::Document => {
            let last = subject.person.document_expires?;
            Some(TriggerEvent { version_day: subject.today, ..on_day("document", last) })
        }
        Event::Contract => {
            let last = subject.profile.days.get(Field::ContractUntil).filter(|_| subject.is_applicant())?;
            Some(TriggerEvent { version_day: subject.today, ..on_day("contract", last) })
        }
    }
}

/// Whether a duty runs after an event; `None` where it does not.
fn is_due<'r>(
    subject: &Subject<'_, 'r>,
    rule: &'r Rule<Duty>,
    version: &Version<Duty>,
    trigger: &TriggerEvent,
    given: Circumstances<'_, 'r>,
    before: &[DeadlineDecision<'r>],
    missing: &mut MissingFacts<'r>,
) -> Option<Truth> {
    let Circumstances { stay, outcome, permit, documents } = given;
    let content = &version.says;
    let event = trigger.moment.day;
    let basis = match content.event {
        Event::Entry | Event::Arrival | Event::Move => outcome.and_then(|outcome| outcome.permit_on(event)),
        _ => subject.permit_on(event).map(|permit| permit.kind),
    };
    let facts = subject.facts(event, basis);
    let mut truth = version.head.applies(&facts);
    if truth == Truth::Unknown {
        for fact in version.head.when.open_facts(&facts) {
            missing.note(subject, Field::deciding(fact), Part::Stay, &rule.public);
        }
    }
    if let Some(id) = &content.needs_document {
        truth = truth.and(match documents.requirement(&subject.book.documents, id) {
            Some(Requirement::Required) => Truth::Yes,
            Some(Requirement::Conditional | Requirement::OneOf) => Truth::Unknown,
            Some(Requirement::NotRequired) | None => Truth::No,
        });
    }
    if content.event == Event::Fine && stay.status != StayStatus::Overstay {
        return None;
    }
    let too_short =
        stay.entry.zip(stay.exit).is_some_and(|(entry, exit)| exit.days_since(entry) + 1 < content.stays_of_days);
    let too_far = content.horizon_days.is_some_and(|days| event.days_since(subject.today) > days);
    let too_early = content.after.is_some_and(|after| {
        let first = &subject.book.duties[usize::from(after)].id;
        let first = before.iter().find(|deadline| deadline.rule.id == *first);
        !first.is_some_and(|first| {
            let due = first.due.is_some_and(|due| event > due.day);
            due || first.done_on.is_some_and(|done| event > done)
        })
    });
    if truth == Truth::No || too_short || too_far || too_early {
        return None;
    }
    if matches!(content.event, Event::Birthday(_)) {
        // Whoever is in the country on the birthday is there for certain.
        if stay.exit.is_none() && event > subject.today && stay.last_day.is_some_and(|last| event > last) {
            truth = Truth::Unknown;
            missing.note(subject, Field::Exit, Part::Stay, &rule.public);
        }
        if matches!(content.done_by, DoneBy::Permit(kind) if Some(kind) == subject.book.permit)
            && is_short(stay, permit)
        {
            truth = Truth::Unknown;
        }
    }
    Some(truth)
}

fn of_a_duty<'r>(
    subject: &Subject<'_, 'r>,
    rule: &'r Rule<Duty>,
    version: &'r Version<Duty>,
    trigger: &TriggerEvent,
    truth: Truth,
) -> DeadlineDecision<'r> {
    let content = &version.says;
    let event = trigger.moment.day;
    let due = end_of_term(subject, content.term, trigger.moment);
    let record = match &content.done_by {
        DoneBy::Notified => trigger.notified,
        DoneBy::Registered => trigger.registered,
        DoneBy::Permit(kind) => {
            let new = subject.person.permits.iter().find(|permit| permit.kind == *kind && permit.from >= event);
            new.map_or(Record::NotDone, |permit| Record::Done(permit.from))
        }
        // Whoever has left is not asked any more.
        DoneBy::Departure => Record::NotDone,
        DoneBy::Document(_) | DoneBy::Renewal => Record::Silent,
    };
    let is_held = matches!(&content.done_by, DoneBy::Document(id) if subject.person.held.contains(id));
    DeadlineDecision {
        id: &rule.public,
        event: trigger.name,
        event_date: event,
        due,
        status: if is_held { DeadlineStatus::Done } else { status(subject.today, due, record, content.kind, truth) },
        days: due.map(|due| due.day.days_since(subject.today)),
        done_on: match record {
            Record::Done(day) => Some(day),
            _ => None,
        },
        who: content.who,
        kind: content.kind,
        term: Some(content.term),
        rule: RuleRef { id: &rule.id, head: &version.head },
    }
}

/// Whether the planned exit lies within the days for which nobody needs the permit.
fn is_short(stay: &StayDecision<'_>, permit: Option<&PermitDecision<'_>>) -> bool {
    let threshold = stay.entry.zip(permit.and_then(|permit| permit.threshold_days));
    let threshold_day = threshold.map(|(entry, days)| entry.plus(days - 1));
    let ends = [threshold_day, stay.last_visa_free_day];
    stay.exit.is_some_and(|exit| ends.into_iter().flatten().min().is_some_and(|end| exit <= end))
}

/// Where a term ends; a year that the calendar does not cover gives no end.
fn end_of_term(subject: &Subject<'_, '_>, term: Term, event: Moment) -> Option<Moment> {
    const MINUTES_AN_HOUR: u32 = 60;
    const MINUTES_A_DAY: u32 = 24 * MINUTES_AN_HOUR;
    let on = |day: Day| Moment { day, minute: None };
    let whole_days = |minutes: u32| i32::try_from(minutes / MINUTES_A_DAY).unwrap_or(i32::MAX);
    Some(match (term, event.minute) {
        (Term::WorkingDays(days), _) => on(subject.book.calendar.working_days_after(event.day, days).ok()?),
        (Term::CalendarDays(days), _) => on(event.day.plus(days)),
        (Term::DayNumber(number), _) => on(event.day.plus(number - 1)),
        (Term::Hours(hours), None) => on(event.day.plus(whole_days((hours + 23) * MINUTES_AN_HOUR))),
        (Term::Hours(hours), Some(minute)) => {
            let minutes = u32::from(minute) + hours * MINUTES_AN_HOUR;
            let minute = u16::try_from(minutes % MINUTES_A_DAY).ok();
            Moment { day: event.day.plus(whole_days(minutes)), minute }
        }
    })
}

fn status(today: Day, due: Option<Moment>, record: Record, kind: DeadlineKind, truth: Truth) -> DeadlineStatus {
    let due = due.map(|due| due.day);
    match (record, due) {
        (Record::Done(on), Some(due)) if on > due => return DeadlineStatus::DoneLate,
        (Record::Done(_), _) => return DeadlineStatus::Done,
        _ => {}
    }
    match due {
        _ if truth == Truth::Unknown => DeadlineStatus::Conditional,
        None => DeadlineStatus::Conditional,
        Some(due) if today > due && record == Record::NotDone && kind == DeadlineKind::Duty => DeadlineStatus::Overdue,
        Some(due) if today > due => DeadlineStatus::NotRecorded,
        Some(due) if today == due => DeadlineStatus::DueToday,
        Some(_) => DeadlineStatus::Upcoming,
    }
}

/// A deadline that follows from other parts of the answer, and not from a duty of its own.
fn derived<'r>(
    subject: &Subject<'_, 'r>,
    id: &'r str,
    (event, event_date): (&'static str, Day),
    day: Day,
    kind: DeadlineKind,
    truth: Truth,
    rule: RuleRef<'r>,
) -> DeadlineDecision<'r> {
    let due = Some(Moment { day, minute: None });
    DeadlineDecision {
        id,
        event,
        event_date,
        due,
        status: status(subject.today, due, Record::Silent, kind, truth),
        days: Some(day.days_since(subject.today)),
        done_on: None,
        who: Who::Person,
        kind,
        term: None,
        rule,
    }
}

fn stay_end<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'r>) -> Option<DeadlineDecision<'r>> {
    let (entry, last) = stay.entry.zip(stay.last_day)?;
    let rule = stay.binding().next()?;
    Some(derived(subject, STAY_END, ("entry", entry), last, DeadlineKind::Limit, Truth::Yes, rule))
}

fn filing<'r>(
    subject: &Subject<'_, 'r>,
    stay: &StayDecision<'r>,
    permit: &PermitDecision<'r>,
) -> Option<DeadlineDecision<'r>> {
    let truth = match permit.status {
        PermitStatus::Required => Truth::Yes,
        PermitStatus::Conditional => Truth::Unknown,
        _ => return None,
    };
    if stay.basis != VISA_FREE {
        return None;
    }
    let (entry, due) = stay.entry.zip(permit.file_by)?;
    let rule = permit.also.iter().flatten().next().or(permit.rule.as_ref())?;
    let id = &*subject.book.permit_kind()?.filing;
    Some(derived(subject, id, ("entry", entry), due, DeadlineKind::Advice, truth, *rule))
}

fn permit_end<'r>(subject: &Subject<'_, 'r>, stay: &StayDecision<'r>) -> Option<DeadlineDecision<'r>> {
    let day = stay.entry.map_or(subject.today, |entry| entry.max(subject.today));
    let held = subject.permit_on(day)?;
    let until = held.until?;
    let on = held.from.max(stay.entry.unwrap_or(held.from));
    let mut rules = certain(&subject.book.stay_limits, on, subject.facts(day, Some(held.kind)));
    let rule = rules.find(|limit| limit.content().window() == Window::Permit)?.reference();
    Some(derived(subject, PERMIT_END, ("permit", until), until, DeadlineKind::Limit, Truth::Yes, rule))
}
