//! `plan`: what would become of stays that are only thought of.

use trp_check::assess::plan::{Profiles, Question, Unanswerable, plan};
use trp_check::assess::{CachedRules, is_weak};
use trp_check::assessment::Verdict;
use trp_check::render::{Format, Words, plan as render};

use super::Context;
use crate::args::{Global, Plan};
use crate::{Exit, Stop, output};

pub fn run(global: &Global, ask: &Plan) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let profile = context.profile(&ask.person)?;
    let words = context.words();
    let rules = CachedRules::for_many(&context.book);
    let profiles = Profiles::default();
    let plan = plan(&rules, &profiles, &profile, context.today, &question(ask, &context))
        .map_err(|why| Stop::usage(global, &unanswerable(why, &words)))?;
    let is_unknown = global.strict && plan.rules().iter().any(|rule| is_weak(&context.book, rule.head, context.today));
    output::answer(&match ask.format {
        Format::Json => render::json(&plan, is_unknown, &words),
        format => {
            let document = render::document(&plan, is_unknown, ask.details, &words);
            output::drawn(&document, format, &words, output::look(global))
        }
    })?;
    Ok(match plan.verdict() {
        _ if is_unknown => Exit::Unknown,
        Verdict::Lawful => Exit::Answered,
        Verdict::Unlawful => Exit::Violation,
        Verdict::Unknown => Exit::Unknown,
    })
}

fn question(ask: &Plan, context: &Context<'_>) -> Question {
    match ask {
        Plan { from: Some(day), .. } => Question::From(*day),
        Plan { until: Some(day), .. } => Question::Until(*day),
        Plan { need: Some(days), after, .. } => Question::Need { days: *days, after: after.unwrap_or(context.today) },
        Plan { trip, .. } => Question::Trips(trip.clone()),
    }
}

fn unanswerable(why: Unanswerable, words: &Words<'_>) -> String {
    match why {
        Unanswerable::Past(day) => words.with("usage.plan-past", &[("day", &day)]),
        Unanswerable::NoExit(day) => words.with("usage.plan-no-exit", &[("day", &day)]),
        Unanswerable::NoStay => words.label("usage.plan-no-stay").to_owned(),
        Unanswerable::Meets(stay) => words.with("usage.plan-meets", &[("first", &stay.first), ("last", &stay.last)]),
    }
}
