//! What must happen to stay until a day: permit after permit, each filed for on the last day on which it still comes in
//! time, with the terms that the rules name and no others.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Future, Unanswerable, other, outcome};
use crate::assess::decide::stay::stay_at_hand;
use crate::assess::{CachedRules, decide};
use crate::assessment::{
    Assessment, DeadlineStatus, EndsBecause, PERMIT_FILING, PERMIT_RENEWAL, PermitStatus, RuleRef, Step,
    TRAVEL_DOCUMENT, Until, Verdict,
};
use crate::calendar::{Day, DayRange};
use crate::profile::{Moment, Permit, Profile};
use crate::rulebook::{DeadlineKind, VISA_FREE, Who};

struct PermitStep<'r> {
    file_by: Day,
    /// The first and the last day of the permit.
    brings: DayRange,
    asked: Assessment<'r>,
}

impl<'r> Future<'_, 'r> {
    /// Finds the permits that carry the stay at hand up to a day.
    pub(super) fn until(&self, today: Day, day: Day) -> Result<Until<'r>, Unanswerable> {
        let rules = self.rules;
        let mut profile = self.base.clone();
        let entry = stay_at_hand(&profile.applicant, today).ok_or(Unanswerable::NoStay)?.entry;
        if day < today.max(entry) {
            return Err(Unanswerable::Past(day));
        }
        if let Some(later) = profile.applicant.stays.iter().find(|stay| stay.entry > entry && stay.entry <= day) {
            return Err(other(later));
        }
        let stays = profile.applicant.stays.iter_mut();
        stays.filter(|stay| stay.entry == entry).for_each(|stay| stay.exit = Some(day));
        let first = self.profiles.keep(profile);
        let answer = decide(rules, first, today).explained(rules);
        let mut steps = duties(&answer);
        let mut hangs_on: Vec<Cow<'static, str>> = Vec::new();
        let (mut last, mut reached) = (first, None);
        let ends_because = loop {
            let PermitStep { file_by, brings, asked } = match self.next_permit(last, today, day) {
                Ok(step) => step,
                Err(why) => break why,
            };
            if reached.is_some_and(|reached| reached >= brings.last) {
                break Some(EndsBecause::TermNotKnown);
            }
            reached = Some(brings.last);
            let permit = asked.applicant.permit.as_ref();
            let kind = permit.map_or("", |permit| permit.kind);
            // A permit may also end on a day that is not known.
            for need in asked.needs.iter().filter(|need| need.affects.contains(&kind)) {
                if !hangs_on.contains(&need.fact) {
                    hangs_on.push(need.fact.clone());
                }
            }
            let rule_refs = permit.map(|permit| permit.rules().copied().collect()).unwrap_or_default();
            let id = if has_had_one(rules, last) { PERMIT_RENEWAL } else { PERMIT_FILING };
            steps.push(step(id, file_by, today, Some(brings), rule_refs));
            let mut next = last.clone();
            let DayRange { first: from, last: until } = brings;
            let kind = rules.book.permit.unwrap_or_default();
            next.applicant.permits.push(Permit { kind, from, until: Some(until), days_per_entry: None, entries: None });
            next.applicant.permits.sort_by_key(|permit| (permit.from, permit.kind));
            last = self.profiles.keep(next);
        };
        if let Some(expires) = first.applicant.document_expires.filter(|expires| *expires < day) {
            steps.push(step(TRAVEL_DOCUMENT, expires, today, None, Vec::new()));
        }
        steps.sort_by_key(|step| step.due.unwrap_or(Day::LAST));
        let verdict = match ends_because {
            None => Verdict::Lawful,
            Some(why) if why.is_unknown() => Verdict::Unknown,
            Some(_) => Verdict::Unlawful,
        };
        let reaches = decide(rules, last, today).applicant.stay.last_day;
        Ok(Until {
            day,
            outcome: outcome(answer, first, entry),
            verdict,
            reaches: reaches.filter(|_| ends_because != Some(EndsBecause::NotCovered)),
            steps,
            ends_because,
            hangs_on,
        })
    }

    /// The next permit; `Err(None)` where none is needed.
    fn next_permit(&self, profile: &Profile, today: Day, day: Day) -> Result<PermitStep<'r>, Option<EndsBecause>> {
        let rules = self.rules;
        let now = decide(rules, profile, today).applicant;
        if Verdict::of(&now.stay) == Verdict::Unknown {
            return Err(Some(EndsBecause::NotCovered));
        }
        let ends_on = now.stay.last_day;
        let is_enough = !now.stay.is_violation();
        let is_visa_free = now.stay.basis == VISA_FREE;
        let no_way_on =
            (!is_enough).then_some(if is_visa_free { EndsBecause::LimitEnds } else { EndsBecause::PermitEnds });
        let Some(permit) = now.permit else { return Err(no_way_on) };
        let calendar = &rules.book.calendar;
        let (not_known, calendar_ends) = (Some(EndsBecause::TermNotKnown), Some(EndsBecause::CalendarEnds));
        let processing = permit.processing_working_days.ok_or(not_known);
        let is_held =
            now.stay.basis == permit.kind || permit.status == PermitStatus::Held || has_had_one(rules, profile);
        let (limit, file_by) = match permit.status {
            _ if is_held && is_enough => return Err(None),
            _ if is_held => {
                let limit = ends_on.ok_or(Some(EndsBecause::TooLate))?;
                (limit, calendar.last_start(limit, processing?).map_err(|_| calendar_ends)?)
            }
            PermitStatus::Required if permit.is_usually_unavailable() => {
                return Err(Some(EndsBecause::UsuallyUnavailable));
            }
            PermitStatus::Required => (permit.hold_by.ok_or(not_known)?, permit.file_by.ok_or(calendar_ends)?),
            PermitStatus::Unknown => return Err(Some(EndsBecause::NotCovered)),
            _ => return Err(no_way_on),
        };
        if is_held {
            match permit.renewable {
                Some(true) => {}
                Some(false) => return Err(Some(EndsBecause::NotRenewable)),
                None => return Err(not_known),
            }
        }
        // What has been filed for on a given day is not filed for on another.
        let given = profile.filing_on.map(|moment| moment.day).filter(|given| !is_held && *given <= file_by);
        let file_on = given.unwrap_or(file_by);
        if file_on < today && given.is_none() {
            return Err(Some(EndsBecause::TooLate));
        }
        let mut asked = profile.clone();
        asked.filing_on = Some(Moment { day: file_on, minute: None });
        let asked = self.profiles.keep(asked);
        let filing_day = file_on.max(now.stay.entry.unwrap_or(file_on));
        let at_filing = decide(rules, asked, filing_day).explained(rules);
        let until =
            at_filing.applicant.permit.as_ref().and_then(|permit| permit.valid_until_at_most).ok_or(not_known)?;
        // Working days from filing to issue, by the rules of the day of filing.
        let permit = decide(rules, asked, file_on).applicant.permit;
        let processing = permit.and_then(|permit| permit.processing_working_days).ok_or(not_known)?;
        let issued = calendar.working_days_after(file_on, processing).map_err(|_| calendar_ends)?;
        let from = if is_held { limit.plus(1) } else { issued };
        if until < from || until <= limit && is_held || until <= limit && until < day {
            return Err(Some(EndsBecause::Capped));
        }
        Ok(PermitStep { file_by: file_on, brings: DayRange { first: from, last: until }, asked: at_filing })
    }
}

fn duties<'r>(answer: &Assessment<'r>) -> Vec<Step<'r>> {
    let open = answer
        .applicant
        .deadlines
        .iter()
        .filter(|deadline| deadline.kind == DeadlineKind::Duty && !deadline.status.is_done());
    open.map(|deadline| Step {
        id: Cow::Borrowed(deadline.id),
        due: deadline.due.map(|moment| moment.day),
        status: deadline.status,
        who: deadline.who,
        brings: None,
        rules: vec![deadline.rule],
    })
    .collect()
}

/// Whether the person has, or had, the permit that the pack decides on.
fn has_had_one(rules: &CachedRules<'_>, profile: &Profile) -> bool {
    profile.applicant.permits.iter().any(|held| Some(held.kind) == rules.book.permit)
}

/// Something that the person must do by a day, and has not done.
fn step<'r>(id: &'r str, due: Day, today: Day, brings: Option<DayRange>, rules: Vec<RuleRef<'r>>) -> Step<'r> {
    let status = match due.cmp(&today) {
        Ordering::Less => DeadlineStatus::Overdue,
        Ordering::Equal => DeadlineStatus::DueToday,
        Ordering::Greater => DeadlineStatus::Upcoming,
    };
    Step { id: Cow::Borrowed(id), due: Some(due), status, who: Who::Person, brings, rules }
}
