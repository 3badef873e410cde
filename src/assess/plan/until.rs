//! What must happen to stay until a day: permit after permit, each filed for on the last day on which it still comes in
//! time, with the terms that the rules name and no others.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Future, Unanswerable, other, outcome};
use crate::assess::decide::stay::stay_at_hand;
use crate::assess::{CachedRules, decide};
use crate::assessment::{
    Assessment, DeadlineStatus, DocumentLine, EndsBecause, Need, OpenFact, PERMIT_FILING, PERMIT_RENEWAL, PermitStatus,
    Requirement, Step, TRAVEL_DOCUMENT, Until, Verdict,
};
use crate::calendar::{Day, DayRange};
use crate::facts::Fact;
use crate::profile::fields::{Field, Form};
use crate::profile::{Moment, Permit, Profile};
use crate::rulebook::{DeadlineKind, VISA_FREE, Who};

/// What a fact affects that decides how long the stay may last.
const STAY: &str = "stay";

/// The permits that lead towards a day, from a profile on.
struct Way<'r> {
    /// The profile with all of them.
    last: &'r Profile,
    permits: Vec<Step<'r>>,
    /// Why they do not reach the day; `None` where they do.
    ends_because: Option<EndsBecause>,
    /// The unknown facts on which they hang; some may stand twice.
    needs: Vec<Need<'r>>,
}

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
        let Way { last, permits, ends_because, mut needs } = self.way(first, today, day);
        let has_permits = !permits.is_empty();
        let is_asked = has_permits || ends_because.is_some();
        let matters = |need: &&Need<'_>| need.affects.contains(&STAY) || is_asked && self.is_of_a_permit(need);
        needs.extend(answer.needs.iter().filter(matters).cloned());
        let (mut choices, mut caps, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for (at, need) in needs.iter().enumerate() {
            if needs[..at].iter().any(|known| known.fact == need.fact) {
                continue;
            }
            match Field::named(&need.fact).map(|field| (field, field.form())) {
                Some((_, Form::Word(fact) | Form::YesNo(fact))) => {
                    choices.extend(self.choice(first, (fact, &need.fact), today, day));
                }
                Some((Field::DaysPerEntry, _)) => caps.push(need.fact.clone()),
                Some((Field::ContractUntil | Field::PermissionUntil | Field::DocumentExpires, _)) => {
                    caps.extend(has_permits.then(|| need.fact.clone()));
                }
                _ => others.push(need.fact.clone()),
            }
        }
        let mut steps = duties(&answer);
        steps.extend(permits);
        if let Some(expires) = first.applicant.document_expires.filter(|expires| *expires < day) {
            steps.push(step(TRAVEL_DOCUMENT, expires, today, None));
        }
        steps.sort_by_key(|step| step.due.unwrap_or(Day::LAST));
        let verdict = match ends_because {
            _ if !choices.is_empty() => Verdict::Unknown,
            None if others.is_empty() => Verdict::Lawful,
            Some(why) if !why.is_unknown() => Verdict::Unlawful,
            _ => Verdict::Unknown,
        };
        let reaches = decide(rules, last, today).applicant.stay.last_day;
        Ok(Until {
            day,
            outcome: outcome(answer, first, entry),
            verdict,
            reaches: reaches.filter(|_| ends_because != Some(EndsBecause::NotCovered)),
            steps,
            ends_because,
            choices,
            caps,
            others,
        })
    }

    fn is_of_a_permit(&self, need: &Need<'_>) -> bool {
        self.rules.book.permit_kind().is_some_and(|kind| need.affects.contains(&&*kind.id))
    }

    /// The words for a fact with which the day is reached; `None` where it is so with all of them, or with none.
    fn choice(
        &self,
        first: &Profile,
        (fact, path): (Fact, &Cow<'static, str>),
        today: Day,
        day: Day,
    ) -> Option<OpenFact<'r>> {
        let words = self.rules.book.vocabulary.values(fact);
        let reaches = |number: u8| {
            let mut given = first.clone();
            given.facts = given.facts.with(fact, Some(number));
            self.way(self.profiles.keep(given), today, day).ends_because.is_none()
        };
        let reaching: Vec<&str> =
            (0..).zip(&words).filter(|(number, _)| reaches(*number)).map(|(_, word)| *word).collect();
        let matters = !reaching.is_empty() && reaching.len() < words.len();
        matters.then(|| OpenFact { path: path.clone(), fact, reaching })
    }

    /// Permit after permit, up to the day or to where there is no next one.
    fn way(&self, first: &'r Profile, today: Day, day: Day) -> Way<'r> {
        let rules = self.rules;
        let mut way = Way { last: first, permits: Vec::new(), ends_because: None, needs: Vec::new() };
        let mut reached = None;
        way.ends_because = loop {
            let PermitStep { file_by, brings, asked } = match self.next_permit(way.last, today, day) {
                Ok(step) => step,
                Err(why) => break why,
            };
            if reached.is_some_and(|reached| reached >= brings.last) {
                break Some(EndsBecause::TermNotKnown);
            }
            reached = Some(brings.last);
            // A permit may also end on a day that is not known.
            way.needs.extend(asked.needs.iter().filter(|need| self.is_of_a_permit(need)).cloned());
            let id = if has_had_one(rules, way.last) { PERMIT_RENEWAL } else { PERMIT_FILING };
            let mut filing = step(id, file_by, today, Some(brings));
            if let Some(permit) = &asked.applicant.permit {
                filing.rules = permit.rules().copied().collect();
                let is_asked = |line: &&DocumentLine<'_>| {
                    line.procedure == permit.kind && line.requirement != Requirement::NotRequired
                };
                filing.papers = asked.applicant.documents.iter().filter(is_asked).cloned().collect();
            }
            way.permits.push(filing);
            let mut next = way.last.clone();
            let DayRange { first: from, last: until } = brings;
            let kind = rules.book.permit.unwrap_or_default();
            next.applicant.permits.push(Permit { kind, from, until: Some(until), days_per_entry: None, entries: None });
            next.applicant.permits.sort_by_key(|permit| (permit.from, permit.kind));
            way.last = self.profiles.keep(next);
        };
        way
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
        papers: Vec::new(),
    })
    .collect()
}

/// Whether the person has, or had, the permit that the pack decides on.
fn has_had_one(rules: &CachedRules<'_>, profile: &Profile) -> bool {
    profile.applicant.permits.iter().any(|held| Some(held.kind) == rules.book.permit)
}

/// Something that the person must do by a day, and has not done.
fn step(id: &'static str, due: Day, today: Day, brings: Option<DayRange>) -> Step<'static> {
    let status = match due.cmp(&today) {
        Ordering::Less => DeadlineStatus::Overdue,
        Ordering::Equal => DeadlineStatus::DueToday,
        Ordering::Greater => DeadlineStatus::Upcoming,
    };
    let (rules, papers) = (Vec::new(), Vec::new());
    Step { id: Cow::Borrowed(id), due: Some(due), status, who: Who::Person, brings, rules, papers }
}
