//! What would become of stays that are only thought of, as JSON, the schema `trp-check/plan/1`.

use super::{step_text, unknown};
use crate::assessment::{
    DocumentLine, EndsBecause, EndsBy, First, Found, Longest, OpenFact, Outcome, Permit, PermitStatus, Plan, RuleRef,
    Step, Trip, Until, Verdict,
};
use crate::calendar::{Day, DayRange};
use crate::profile::Profile;
use crate::render::Words;
use crate::render::json::text::pretty_text;
use crate::render::json::{CiteView, NoticeView, PermitView, RulesView, cites, views};

/// Name and number of the schema.
pub const SCHEMA: &str = "trp-check/plan/1";

/// The answer as JSON text that ends in a line feed. With `is_strict` it is unknown, since it rests on weak ground.
pub fn json<'a>(plan: &'a Plan<'a>, is_strict: bool, words: &Words<'a>) -> String {
    pretty_text(&PlanView::new(plan, is_strict, words))
}

views! {
    PlanView<'a>(plan: &'a Plan<'a>, is_strict: bool, words: &Words<'a>) {
        schema: &'static str = SCHEMA,
        rules: RulesView<'a> = RulesView::new(plan.rules),
        today: Day = plan.today,
        profile: PersonView<'a> = PersonView::new(plan.profile.profile, words),
        verdict: &'static str = if is_strict { Verdict::Unknown } else { plan.verdict() }.name(),
        leaves_on: Option<Day> = plan.leaves_on,
        #[serde(flatten)]
        found: FoundView<'a> = match &plan.found {
            Found::Trips(trips) => FoundView::Trips(trips.iter().map(|trip| TripView::new(trip, words)).collect()),
            Found::Longest(longest) => FoundView::Longest(Box::new(LongestView::new(longest, words))),
            Found::First(first) => FoundView::First(FirstView::new(first, words)),
            Found::Until(until) => FoundView::Until(UntilView::new(until, plan.today, words)),
        },
        reasons: Vec<ReasonView<'a>> = plan.rules().iter().map(|rule| ReasonView::new(rule, words)).collect(),
    }

    PersonView<'a>(profile: &'a Profile, words: &Words<'a>) {
        id: Option<&'a str> = profile.id.as_deref(),
        name: Option<&'a str> = profile.applicant.name.as_deref(),
        citizenship: &'a str = words.country_code(profile.applicant.citizenship),
    }

    OutcomeView<'a>(outcome: &'a Outcome<'a>, words: &Words<'a>) {
        entry: Day = outcome.entry,
        exit: Option<Day> = outcome.exit,
        verdict: &'static str = outcome.verdict.name(),
        basis: &'a str = outcome.stay.basis,
        last_day: Option<Day> = outcome.stay.last_day,
        first_day_over: Option<Day> = outcome.first_day_over(),
        days_over: i32 = outcome.days_over(),
        binding: Vec<&'a str> = outcome.stay.binding().map(|rule| rule.id).collect(),
        document_ends: Option<Day> = outcome.document_ends,
        because: Option<String> = (outcome.verdict == Verdict::Unknown).then(|| unknown(outcome, words)),
        trp: Option<PermitView<'a>> = asked_permit(outcome).map(|permit| PermitView::new(permit, words)),
        notices: Vec<NoticeView<'a>> = outcome.notices.iter().map(|notice| NoticeView::new(notice, words)).collect(),
    }

    TripView<'a>(trip: &'a Trip<'a>, words: &Words<'a>) {
        stay: OutcomeView<'a> = OutcomeView::new(&trip.outcome, words),
        verdict: &'static str = trip.verdict().name(),
        spoils: Vec<OutcomeView<'a>> = trip.spoils.iter().map(|other| OutcomeView::new(other, words)).collect(),
        shorten_to: Option<Day> = trip.shorten_to,
        shift_to: Option<DaysView> = trip.shift_to.map(DaysView::new),
    }

    DaysView(days: DayRange) {
        entry: Day = days.first,
        exit: Day = days.last,
    }

    LongestView<'a>(longest: &'a Longest<'a>, words: &Words<'a>) {
        from: Day = longest.alone.entry,
        until: Option<Day> = longest.until,
        days: Option<i32> = longest.days,
        ends_by: &'static str = match &longest.ends_by {
            EndsBy::Nothing => "nothing",
            EndsBy::Law => "law",
            EndsBy::Next(_) => "next",
            EndsBy::Spoils(_) => "spoils",
        },
        other: Option<OutcomeView<'a>> = match &longest.ends_by {
            EndsBy::Next(other) | EndsBy::Spoils(other) => Some(OutcomeView::new(other, words)),
            EndsBy::Nothing | EndsBy::Law => None,
        },
        alone: OutcomeView<'a> = OutcomeView::new(&longest.alone, words),
    }

    FirstView<'a>(first: &'a First<'a>, words: &Words<'a>) {
        after: Day = first.after,
        days: i32 = first.days,
        stay: Option<OutcomeView<'a>> = first.found.as_ref().map(|found| OutcomeView::new(found, words)),
        looked_until: Day = first.looked_until,
        has_unknown_before: bool = first.has_unknown_before,
    }

    UntilView<'a>(until: &'a Until<'a>, today: Day, words: &Words<'a>) {
        day: Day = until.day,
        verdict: &'static str = until.verdict.name(),
        reaches: Option<Day> = until.reaches,
        ends_because: Option<&'static str> = until.ends_because.map(EndsBecause::name),
        stay: OutcomeView<'a> = OutcomeView::new(&until.outcome, words),
        steps: Vec<StepView<'a>> = until.steps.iter().map(|step| StepView::new(step, today, words)).collect(),
        hangs_on: Vec<&'a str> = until.choices.iter().map(|choice| &*choice.path)
            .chain(until.caps.iter().chain(&until.others).map(|fact| &**fact)).collect(),
        choices: Vec<OpenFactView<'a>> = until.choices.iter().map(OpenFactView::new).collect(),
    }

    OpenFactView<'a>(choice: &'a OpenFact<'a>) {
        fact: &'a str = &choice.path,
        reaching: &'a [&'a str] = &choice.reaching,
    }

    StepView<'a>(step: &'a Step<'a>, today: Day, words: &Words<'a>) {
        id: &'a str = &step.id,
        due: Option<Day> = step.due,
        status: &'static str = step.status.name(),
        who: &'static str = step.who.name(),
        permit_from: Option<Day> = step.brings.map(|days| days.first),
        permit_until: Option<Day> = step.brings.map(|days| days.last),
        text: String = step_text(step, today, words),
        rules: Vec<&'a str> = step.rules.iter().map(|rule| rule.id).collect(),
        papers: Vec<PaperView<'a>> = step.papers.iter().map(PaperView::new).collect(),
    }

    PaperView<'a>(line: &DocumentLine<'a>) {
        id: &'a str = line.id,
        requirement: &'static str = line.requirement.name(),
        held: bool = line.held,
    }

    ReasonView<'a>(rule: &RuleRef<'a>, words: &Words<'a>) {
        rule: &'a str = rule.id,
        cite: Vec<CiteView<'a>> = cites(&*rule.head.cites, words),
    }
}

#[derive(serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum FoundView<'a> {
    Trips(Vec<TripView<'a>>),
    Longest(Box<LongestView<'a>>),
    First(FirstView<'a>),
    Until(UntilView<'a>),
}

fn asked_permit<'a>(outcome: &'a Outcome<'a>) -> Option<&'a Permit<'a>> {
    outcome.permit.as_ref().filter(|permit| permit.status != PermitStatus::Unknown)
}
