//! Reasoning: what is due, by which day, and whether it was done.

use std::borrow::Cow;

use crate::assessment::{
    Deadline, DeadlineStatus, Part, Permit, PermitStatus, PersonAssessment, Requirement, RuleRef, Stay,
};
use crate::calendar::{Day, DayRange, SkippedDay};
use crate::facts::Truth;
use crate::profile::fields::Field;
use crate::profile::{self, Moment, Record};
use crate::rulebook::{DeadlineKind, DoneBy, Duty, Event, Rule, Term, Who, Window};

use super::documents::Checklist;
use super::stay::Resolved;
use super::wanting::Wanting;
use super::{Detail, Subject};

/// More deadlines of a person than this are few.
const USUAL: usize = 4;

/// Something that happened, or will.
struct Happening {
    name: &'static str,
    moment: Moment,
    /// The day that chooses the version of the rule.
    version_day: Day,
    /// What is recorded of it being reported.
    notified: Record,
    registered: Record,
}

/// The deadlines of a person: those of the stay at hand, and those of events that stand for themselves.
pub(super) fn assess<'r>(
    subject: &Subject<'_, 'r>,
    person: &PersonAssessment<'r>,
    resolved: Option<&Resolved<'r>>,
    documents: &Checklist<'r>,
    wanting: &mut Wanting<'r>,
) -> Vec<Deadline<'r>> {
    let PersonAssessment { stay, permit, .. } = person;
    let mut deadlines: Vec<Deadline<'r>> = subject.law.spare_deadlines.list();
    deadlines.reserve(USUAL);
    for rule in subject.book.duties.iter() {
        let Some(event) = rule.versions.first().map(|version| version.says.event) else { continue };
        for happening in (0..).map_while(|nth| happening(subject, event, nth)) {
            let asked =
                asked(subject, rule, &happening, stay, permit.as_ref(), resolved, documents, wanting, &deadlines);
            deadlines.extend(asked);
        }
    }
    deadlines.extend(stay_end(subject, stay));
    deadlines.extend(permit.as_ref().and_then(|permit| filing(subject, stay, permit)));
    deadlines.extend(permit_end(subject, stay));
    deadlines.sort_by(|a, b| {
        let day = |deadline: &Deadline<'r>| deadline.due.map_or(Day::LAST.plus(1), |due| due.day);
        (day(a), &a.id, a.event_date).cmp(&(day(b), &b.id, b.event_date))
    });
    deadlines
}

/// The `nth` of the events after which a duty can run for this person.
fn happening(subject: &Subject<'_, '_>, event: Event, nth: usize) -> Option<Happening> {
    let plain = |day: Day| Moment { day, minute: None };
    let silent = |name, moment: Moment| Happening {
        name,
        moment,
        version_day: moment.day,
        notified: Record::Silent,
        registered: Record::Silent,
    };
    let at_hand = subject.at_hand;
    if event == Event::Move {
        let one = at_hand?.moves.get(nth)?;
        return Some(Happening {
            name: "move",
            moment: plain(one.on),
            version_day: one.on,
            notified: one.notified,
            registered: one.registered,
        });
    }
    if nth > 0 {
        return None;
    }
    match event {
        Event::Entry | Event::Arrival | Event::Move => {
            let stay = at_hand?;
            let arrived = stay.arrived_at_host.filter(|_| event == Event::Arrival);
            Some(Happening {
                name: if arrived.is_some() { "arrival-at-host" } else { "entry" },
                moment: plain(arrived.unwrap_or(stay.entry)),
                version_day: stay.entry,
                notified: stay.notified,
                registered: stay.registered,
            })
        }
        Event::Submission => {
            let filed = subject.profile.filing_on.filter(|_| subject.is_applicant());
            filed.map(|moment| silent("submission", moment))
        }
        Event::EmployerChange => {
            let changed = subject.profile.changed_on.filter(|_| subject.is_applicant());
            changed.map(|day| silent("employer-change", plain(day)))
        }
        Event::Birthday(years) => {
            let stay = at_hand?;
            let birthday = subject.person.birth_date?.birthday(years);
            let is_within = stay.entry < birthday && stay.exit.is_none_or(|exit| birthday <= exit);
            is_within.then(|| silent("birthday", plain(birthday)))
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn asked<'r>(
    subject: &Subject<'_, 'r>,
    rule: &'r Rule<Duty>,
    happening: &Happening,
    stay: &Stay<'r>,
    permit: Option<&Permit<'r>>,
    resolved: Option<&Resolved<'r>>,
    documents: &Checklist<'r>,
    wanting: &mut Wanting<'r>,
    before: &[Deadline<'r>],
) -> Option<Deadline<'r>> {
    let version = rule.on(happening.version_day)?;
    let says = &version.says;
    let event = happening.moment.day;
    let basis = match says.event {
        Event::Entry | Event::Arrival | Event::Move => resolved.and_then(|resolved| resolved.permit_on(event)),
        _ => subject.permit_on(event).map(|permit| permit.kind),
    };
    let facts = subject.facts(event, basis);
    let mut truth = version.head.applies(&facts);
    if truth == Truth::Unknown {
        version.head.when.open_facts(&facts).for_each(|fact| wanting.fact(subject, fact, Part::Stay, &rule.public));
    }
    if let Some(id) = &says.needs_document {
        truth = truth.and(match documents.requirement(id) {
            Some(Requirement::Required) => Truth::Yes,
            Some(Requirement::Conditional | Requirement::OneOf) => Truth::Unknown,
            Some(Requirement::NotRequired) | None => Truth::No,
        });
    }
    let too_short =
        stay.entry.zip(stay.exit).is_some_and(|(entry, exit)| exit.days_since(entry) + 1 < says.stays_of_days);
    let too_far = says.horizon_days.is_some_and(|days| event.days_since(subject.today) > days);
    let too_early = says.after.is_some_and(|after| {
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
    if matches!(says.event, Event::Birthday(_)) && stay.exit.is_none() && stay.last_day.is_some_and(|last| event > last)
    {
        truth = Truth::Unknown;
        wanting.day(subject, Field::Exit, Part::Stay, &rule.public);
    }

    if matches!((says.event, &says.done_by), (Event::Birthday(_), DoneBy::Permit(kind)) if Some(*kind) == subject.book.permit)
        && is_short(stay, permit)
    {
        truth = Truth::Unknown;
    }

    let Ends { due, safe, skipped, is_estimated } = term(subject, says.term, happening.moment);
    let record = match &says.done_by {
        DoneBy::Notified => happening.notified,
        DoneBy::Registered => happening.registered,
        DoneBy::Permit(kind) => {
            let new = subject.person.permits.iter().find(|permit| permit.kind == *kind && permit.from >= event);
            new.map_or(Record::NotDone, |permit| Record::Done(permit.from))
        }
        DoneBy::Document(_) => Record::Silent,
    };
    let is_held = matches!(&says.done_by, DoneBy::Document(id) if subject.person.held.contains(id));
    let status = if is_held { DeadlineStatus::Done } else { status(subject.today, due, record, says.kind, truth) };
    Some(Deadline {
        id: Cow::Borrowed(&rule.public),
        event: happening.name,
        event_date: event,
        due,
        safe,
        status,
        days: due.map(|due| due.day.days_since(subject.today)),
        done_on: match record {
            Record::Done(day) => Some(day),
            _ => None,
        },
        who: says.who,
        kind: says.kind,
        skipped,
        is_estimated,
        rule: RuleRef { id: &rule.id, head: &version.head },
    })
}

/// Whether the planned exit lies within the days for which nobody needs the permit.
fn is_short(stay: &Stay<'_>, permit: Option<&Permit<'_>>) -> bool {
    let threshold = stay.entry.zip(permit.and_then(|permit| permit.threshold_days));
    let threshold_day = threshold.map(|(entry, days)| entry.plus(days - 1));
    let ends = [threshold_day, stay.last_visa_free_day];
    stay.exit.is_some_and(|exit| ends.into_iter().flatten().min().is_some_and(|end| exit <= end))
}

/// Where a term ends.
#[derive(Default)]
struct Ends {
    due: Option<Moment>,
    /// The same on the stricter reading.
    safe: Option<Moment>,
    skipped: Vec<SkippedDay>,
    is_estimated: bool,
}

/// Where a term ends. A year that the calendar does not cover gives no end.
fn term(subject: &Subject<'_, '_>, term: Term, event: Moment) -> Ends {
    const MINUTES_A_DAY: u32 = 24 * 60;
    let ends = |due: Moment| Ends { due: Some(due), safe: Some(due), ..Ends::default() };
    let on = |day: Day| Moment { day, minute: None };
    match term {
        Term::WorkingDays(days) => {
            let calendar = &subject.book.calendar;
            let Ok(due) = calendar.working_days_after(event.day, days) else {
                return Ends::default();
            };
            if subject.detail == Detail::Row {
                return ends(on(due));
            }
            let counted = DayRange { first: event.day, last: due };
            Ends {
                due: Some(on(due)),
                safe: calendar.working_days_from(event.day, days).ok().map(on),
                skipped: calendar.days_off_after(event.day, due).unwrap_or_default(),
                is_estimated: calendar.estimated_in(counted).next().is_some(),
            }
        }
        Term::CalendarDays(days) => ends(on(event.day.plus(days))),
        Term::DayNumber(number) => ends(on(event.day.plus(number - 1))),
        Term::Hours(hours) => {
            let whole_days = |minutes: u32| i32::try_from(minutes / MINUTES_A_DAY).unwrap_or(i32::MAX);
            ends(match event.minute {
                None => on(event.day.plus(whole_days((hours + 23) * 60))),
                Some(minute) => {
                    let minutes = u32::from(minute) + hours * 60;
                    let minute = u16::try_from(minutes % MINUTES_A_DAY).ok();
                    Moment { day: event.day.plus(whole_days(minutes)), minute }
                }
            })
        }
    }
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
    id: impl Into<Cow<'r, str>>,
    event: (&'static str, Day),
    due: Day,
    kind: DeadlineKind,
    truth: Truth,
    rule: RuleRef<'r>,
) -> Deadline<'r> {
    let moment = Some(Moment { day: due, minute: None });
    Deadline {
        id: id.into(),
        event: event.0,
        event_date: event.1,
        due: moment,
        safe: moment,
        status: status(subject.today, moment, Record::Silent, kind, truth),
        days: Some(due.days_since(subject.today)),
        done_on: None,
        who: Who::Person,
        kind,
        skipped: Vec::new(),
        is_estimated: false,
        rule,
    }
}

fn stay_end<'r>(subject: &Subject<'_, 'r>, stay: &Stay<'r>) -> Option<Deadline<'r>> {
    let (entry, last) = stay.entry.zip(stay.last_day)?;
    let rule = stay.binding().next()?;
    Some(derived(subject, "stay-end", ("entry", entry), last, DeadlineKind::Limit, Truth::Yes, rule))
}

fn filing<'r>(subject: &Subject<'_, 'r>, stay: &Stay<'r>, permit: &Permit<'r>) -> Option<Deadline<'r>> {
    let truth = match permit.status {
        PermitStatus::Required => Truth::Yes,
        PermitStatus::Conditional => Truth::Unknown,
        _ => return None,
    };
    if stay.basis != crate::rulebook::VISA_FREE {
        return None;
    }
    let (entry, due) = stay.entry.zip(permit.file_by)?;
    let rule = permit.also.iter().flatten().next().or(permit.rule.as_ref())?;
    let id = &*subject.book.permit_kind()?.filing;
    Some(derived(subject, id, ("entry", entry), due, DeadlineKind::Advice, truth, *rule))
}

/// The end of the permit that a person holds; of one that the pack decides on, `safe` is the last
/// working day on which filing for the next one leaves the processing time.
fn permit_end<'r>(subject: &Subject<'_, 'r>, stay: &Stay<'r>) -> Option<Deadline<'r>> {
    let book = subject.book;
    let day = if stay.entry.is_some_and(|entry| entry > subject.today) { stay.entry? } else { subject.today };
    let held: &profile::Permit = subject.permit_on(day)?;
    let until = held.until?;
    let facts = subject.facts(day, Some(held.kind));
    let rule = subject
        .law
        .stay_limits
        .applied(held.from.max(stay.entry.unwrap_or(held.from)), &facts)
        .find(|limit| limit.truth == Truth::Yes && limit.version.says.window == Window::Permit)?;
    let rule = RuleRef { id: &rule.rule.id, head: &rule.version.head };
    let mut end = derived(subject, "permit-end", ("permit", until), until, DeadlineKind::Limit, Truth::Yes, rule);
    if subject.detail == Detail::Row {
        return Some(end);
    }
    let service = subject.law.services.applied(subject.today, &facts).next();
    if let Some(service) = service.filter(|_| Some(held.kind) == book.permit) {
        let days = service.version.says.processing_working_days;
        let file_by = book.calendar.last_start(until, days).ok();
        end.safe = file_by.map(|day| Moment { day, minute: None }).or(end.safe);
    }
    Some(end)
}
