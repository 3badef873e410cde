//! `plan`: what would become of stays that are only thought of.

use trp_check::assess::plan::{Outlook, Question, Unanswerable};
use trp_check::assess::{CachedRules, is_weak};
use trp_check::assessment::Verdict;
use trp_check::render::{Words, plan as tell};

use super::Desk;
use crate::args::{Global, Plan, PlanFormat};
use crate::{Exit, output};

pub fn run(global: &Global, ask: &Plan) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let profile = match desk.profile(global, &ask.person.facts, ask.person.id.as_ref()) {
        Ok(profile) => profile,
        Err(exit) => return Ok(exit),
    };
    let words = desk.words();
    let rules = CachedRules::for_many(&desk.book);
    let outlook = match Outlook::new(&rules, &profile, desk.today, &question(ask, &desk)) {
        Ok(outlook) => outlook,
        Err(why) => {
            output::fail(global.error_format, "usage", None, &unanswerable(why, &words));
            return Ok(Exit::Usage);
        }
    };
    let plan = outlook.plan(&rules);
    let is_unknown = global.strict && plan.rules().iter().any(|rule| is_weak(&desk.book, rule.head, desk.today));
    output::answer(&match ask.format {
        PlanFormat::Table => tell::table(&plan, is_unknown, &words, output::look(global)),
        PlanFormat::Json => tell::json(&plan, is_unknown, &words),
        PlanFormat::Markdown => tell::markdown(&plan, is_unknown, &words),
    })?;
    Ok(match plan.verdict() {
        _ if is_unknown => Exit::Unknown,
        Verdict::Lawful => Exit::Answered,
        Verdict::Unlawful => Exit::Violation,
        Verdict::Unknown => Exit::Unknown,
    })
}

fn question(ask: &Plan, desk: &Desk) -> Question {
    match ask {
        Plan { from: Some(day), .. } => Question::From(*day),
        Plan { until: Some(day), .. } => Question::Until(*day),
        Plan { need: Some(days), after, .. } => Question::Need { days: *days, after: after.unwrap_or(desk.today) },
        Plan { trip, .. } => Question::Trips(trip.clone()),
    }
}

fn unanswerable(why: Unanswerable, words: &Words<'_>) -> String {
    match why {
        Unanswerable::Past(day) => words.with("usage.plan-past", &[("day", &words.day(day))]),
        Unanswerable::NoExit(day) => words.with("usage.plan-no-exit", &[("day", &words.day(day))]),
        Unanswerable::NoStay => words.label("usage.plan-no-stay").to_owned(),
        Unanswerable::Meets(stay) => {
            words.with("usage.plan-meets", &[("first", &words.day(stay.first)), ("last", &words.day(stay.last))])
        }
    }
}
