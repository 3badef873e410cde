//! What must happen to stay until a day: permit after permit, each filed for on the last day on which it still comes in
//! time, with the terms that the rules name and no others.

use std::borrow::Cow;

use super::{Unanswerable, other, outcome, outcome_of};
use crate::assess::decide::permit::is_usually_unavailable;
use crate::assess::decide::stay::stay_at_hand;
use crate::assess::{CachedRules, Subject, decide};
use crate::assessment::{
    Assessment, DeadlineStatus, EndsBecause, Outcome, PERMIT_FILING, PERMIT_RENEWAL, PermitStatus, Step,
    TRAVEL_DOCUMENT, Until, Verdict,
};
use crate::calendar::{Day, DayRange};
use crate::profile::{Moment, Permit, Profile};
use crate::rulebook::{DeadlineKind, VISA_FREE, Who};

/// The stay at hand, up to the day that was asked for, with one permit after the other.
#[derive(Debug)]
pub(super) struct Chain {
    day: Day,
    entry: Day,
    /// Without any further permit; then with one more each.
    profiles: Vec<Profile>,
    /// The permits, each with its day of filing, and the profile by which it was asked for.
    permits: Vec<PermitStep>,
    ends_because: Option<EndsBecause>,
}

#[derive(Debug)]
struct PermitStep {
    /// The last day of filing.
    file_by: Day,
    /// The permit that it brings.
    brings: DayRange,
    /// The person on the day of filing.
    asked: Profile,
}

/// Finds the permits that carry the stay at hand up to a day.
pub(super) fn chain(rules: &CachedRules<'_>, base: &Profile, today: Day, day: Day) -> Result<Chain, Unanswerable> {
    let mut profile = base.clone();
    let entry = stay_at_hand(&profile.applicant, today).ok_or(Unanswerable::NoStay)?.entry;
    if day < today.max(entry) {
        return Err(Unanswerable::Past(day));
    }
    if let Some(later) = profile.applicant.stays.iter().find(|stay| stay.entry > entry && stay.entry <= day) {
        return Err(other(later));
    }
    let stays = profile.applicant.stays.iter_mut();
    stays.filter(|stay| stay.entry == entry).for_each(|stay| stay.exit = Some(day));
    let mut chain = Chain { day, entry, profiles: vec![profile], permits: Vec::new(), ends_because: None };
    loop {
        let last = &chain.profiles[chain.profiles.len() - 1];
        match next_permit(rules, last, today, day) {
            Err(why) => {
                chain.ends_because = why;
                return Ok(chain);
            }
            Ok(step) if chain.permits.last().is_some_and(|before| before.brings.last >= step.brings.last) => {
                chain.ends_because = Some(EndsBecause::TermNotKnown);
                return Ok(chain);
            }
            Ok(step) => {
                let mut next = last.clone();
                let DayRange { first: from, last: until } = step.brings;
                let kind = rules.book.permit.unwrap_or_default();
                next.applicant.permits.push(Permit { kind, from, until: Some(until), days_per_entry: None });
                next.applicant.permits.sort_by_key(|permit| (permit.from, permit.kind));
                chain.permits.push(step);
                chain.profiles.push(next);
            }
        }
    }
}

/// The next permit; `Err(None)` where none is needed.
fn next_permit(
    rules: &CachedRules<'_>,
    profile: &Profile,
    today: Day,
    day: Day,
) -> Result<PermitStep, Option<EndsBecause>> {
    let now = decide(rules, profile, today).applicant;
    if Verdict::of(&now.stay) == Verdict::Unknown {
        return Err(Some(EndsBecause::NotCovered));
    }
    let ends_on = now.stay.last_day;
    let is_enough = !now.stay.is_violation();
    let is_visa_free = now.stay.basis == VISA_FREE;
    let no_way_on = (!is_enough).then_some(if is_visa_free { EndsBecause::LimitEnds } else { EndsBecause::PermitEnds });
    let Some(permit) = now.permit else { return Err(no_way_on) };
    let calendar = &rules.book.calendar;
    let (not_known, calendar_ends) = (Some(EndsBecause::TermNotKnown), Some(EndsBecause::CalendarEnds));
    let processing = permit.processing_working_days.ok_or(not_known);
    let is_held = now.stay.basis == permit.kind
        || permit.status == PermitStatus::Held
        || profile.applicant.permits.iter().any(|held| Some(held.kind) == rules.book.permit);
    let (limit, file_by) = match permit.status {
        _ if is_held && is_enough => return Err(None),
        _ if is_held => {
            let limit = ends_on.ok_or(Some(EndsBecause::TooLate))?;
            (limit, calendar.last_start(limit, processing?).map_err(|_| calendar_ends)?)
        }
        PermitStatus::Required
            if is_usually_unavailable(&Subject::applicant(rules, profile, today), &now.stay, &permit) =>
        {
            return Err(Some(EndsBecause::UsuallyUnavailable));
        }
        PermitStatus::Required => (permit.hold_by.ok_or(not_known)?, permit.file_by.ok_or(calendar_ends)?),
        PermitStatus::Unknown => return Err(Some(EndsBecause::NotCovered)),
        _ => return Err(no_way_on),
    };
    if is_held && permit.renewable != Some(true) {
        return Err(Some(EndsBecause::NotRenewable));
    }
    // What has been filed for on a given day is not filed for on another.
    let given = profile.filing_on.map(|moment| moment.day).filter(|given| !is_held && *given <= file_by);
    let file_on = given.unwrap_or(file_by);
    if file_on < today && given.is_none() {
        return Err(Some(EndsBecause::TooLate));
    }
    let mut asked = profile.clone();
    asked.filing_on = Some(Moment { day: file_on, minute: None });
    let filing_day = file_on.max(now.stay.entry.unwrap_or(file_on));
    let at_filing = decide(rules, &asked, filing_day).explained(rules).applicant.permit;
    let until = at_filing.and_then(|permit| permit.valid_until_at_most).ok_or(not_known)?;
    let issued =
        calendar.working_days_after(file_on, processing_of(rules, &asked, file_on)?).map_err(|_| calendar_ends)?;
    let from = if is_held { limit.plus(1) } else { issued };
    if until < from || until <= limit && is_held || until <= limit && until < day {
        return Err(Some(EndsBecause::Capped));
    }
    Ok(PermitStep { file_by: file_on, brings: DayRange { first: from, last: until }, asked })
}

/// Working days from filing to issue, by the rules of the day of filing.
fn processing_of(rules: &CachedRules<'_>, profile: &Profile, on: Day) -> Result<u32, Option<EndsBecause>> {
    let permit = decide(rules, profile, on).applicant.permit;
    permit.and_then(|permit| permit.processing_working_days).ok_or(Some(EndsBecause::TermNotKnown))
}

impl Chain {
    pub(super) fn full<'r>(&'r self, rules: &CachedRules<'r>, today: Day) -> Until<'r> {
        let first = &self.profiles[0];
        let last = &self.profiles[self.profiles.len() - 1];
        let answer = decide(rules, first, today).explained(rules);
        let mut steps = duties(&answer);
        let mut hangs_on: Vec<Cow<'static, str>> = Vec::new();
        for (at, step) in self.permits.iter().enumerate() {
            let asked = decide(rules, &step.asked, step.file_by.max(self.entry)).explained(rules);
            let permit = asked.applicant.permit.as_ref();
            let kind = permit.map_or("", |permit| permit.kind);
            // A permit may also end on a day that is not known.
            for need in asked.needs.iter().filter(|need| need.affects.contains(&kind)) {
                if !hangs_on.contains(&need.fact) {
                    hangs_on.push(need.fact.clone());
                }
            }
            let had_one = at > 0 || first.applicant.permits.iter().any(|held| Some(held.kind) == rules.book.permit);
            steps.push(Step {
                id: Cow::Borrowed(if had_one { PERMIT_RENEWAL } else { PERMIT_FILING }),
                due: Some(step.file_by),
                status: status(step.file_by, today),
                who: Who::Person,
                brings: Some(step.brings),
                rules: permit.map(|permit| permit.rules().copied().collect()).unwrap_or_default(),
            });
        }
        let at_the_end = outcome(rules, last, self.entry, today);
        if let Some(expires) = first.applicant.document_expires.filter(|expires| *expires < self.day) {
            steps.push(Step {
                id: Cow::Borrowed(TRAVEL_DOCUMENT),
                due: Some(expires),
                status: status(expires, today),
                who: Who::Person,
                brings: None,
                rules: Vec::new(),
            });
        }
        steps.sort_by_key(|step| step.due.unwrap_or(Day::LAST));
        let outcome: Outcome<'r> = outcome_of(answer, first, self.entry);
        let verdict = match self.ends_because {
            None => Verdict::Lawful,
            Some(why) if why.is_unknown() => Verdict::Unknown,
            Some(_) => Verdict::Unlawful,
        };
        Until {
            day: self.day,
            outcome,
            verdict,
            reaches: at_the_end.stay.last_day.filter(|_| !matches!(self.ends_because, Some(EndsBecause::NotCovered))),
            steps,
            ends_because: self.ends_because,
            hangs_on,
        }
    }
}

/// The duties of the stay that are not done yet.
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

/// Where something that is not done stands.
fn status(due: Day, today: Day) -> DeadlineStatus {
    match due.cmp(&today) {
        std::cmp::Ordering::Less => DeadlineStatus::Overdue,
        std::cmp::Ordering::Equal => DeadlineStatus::DueToday,
        std::cmp::Ordering::Greater => DeadlineStatus::Upcoming,
    }
}
