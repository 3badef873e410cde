//! What explains a deadline: its day on the stricter reading, and the days passed over in counting to it.

use crate::assess::Subject;
use crate::assess::decide::duties::PERMIT_END;
use crate::assess::matching::matched;
use crate::assessment::{Deadline, DeadlineDecision};
use crate::calendar::{Day, DayRange};
use crate::profile::Moment;
use crate::rulebook::Term;

pub fn explained<'r>(subject: &Subject<'_, 'r>, decision: DeadlineDecision<'r>) -> Deadline<'r> {
    let calendar = &subject.book.calendar;
    let on = |day: Day| Moment { day, minute: None };
    let mut deadline = Deadline { decision, safe: decision.due, skipped: Vec::new(), is_estimated: false };
    if let (Some(Term::WorkingDays(days)), Some(due)) = (decision.term, decision.due) {
        let event = decision.event_date;
        deadline.safe = calendar.working_days_from(event, days).ok().map(on);
        deadline.skipped = calendar.days_off_after(event, due.day).unwrap_or_default();
        deadline.is_estimated = calendar.estimated_in(DayRange { first: event, last: due.day }).next().is_some();
    }
    if decision.id == PERMIT_END && decision.term.is_none() {
        let file_by = renewal_by(subject, decision.event_date);
        deadline.safe = file_by.map(on).or(deadline.safe);
    }
    deadline
}

/// The last working day on which filing for the next permit leaves the processing time, where the permit that ends is the
/// one that the pack decides on.
fn renewal_by(subject: &Subject<'_, '_>, until: Day) -> Option<Day> {
    let day = subject.reference_day().max(subject.today);
    let held = subject.permit_on(day).filter(|held| Some(held.kind) == subject.book.permit)?;
    let service = matched(&subject.book.services, subject.today, subject.facts(day, Some(held.kind))).next()?;
    subject.book.calendar.last_start(until, service.says().processing_working_days).ok()
}
