//! `explain`: why, and why not; with `--what-if` and `--vary` the answers to several cases, side by side.

use trp_check::assess::{assess, explain::explain};
use trp_check::assessment::{Part, Trace};
use trp_check::profile::Profile;
use trp_check::render::comparison::{Case, Comparison};
use trp_check::render::{Format, explain as render, explain::Depth};

use super::Context;
use super::check::exit_of;
use crate::args::{Explain, Global, Stated};
use crate::{Exit, Stop, output};

pub fn run(global: &Global, ask: &Explain) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    if !ask.what_if.is_empty() || ask.vary.is_some() {
        return compare(ask, &context);
    }
    let profile = context.profile(&ask.facts)?;
    let assessment = assess(&context.book, &profile, context.today);
    let traces = explain(&context.book, &profile, context.today, &assessment);
    let words = context.words();
    // A deadline is called by its id too, also where it follows from a limit and not from a duty.
    let deadlines: Vec<_> = assessment
        .persons()
        .flat_map(|person| &person.deadlines)
        .map(|deadline| (deadline.id, deadline.rule.id))
        .collect();
    let is_called =
        |trace: &Trace<'_>, id: &str| trace.rule == id || trace.public == id || deadlines.contains(&(id, trace.rule));
    for id in &ask.only {
        if !traces.iter().any(|trace| is_called(trace, id)) {
            let rules = traces.iter().flat_map(|trace| [trace.rule, trace.public]);
            let known = rules.chain(deadlines.iter().map(|(deadline, _)| *deadline));
            return Err(Stop::no_such_rule(id, known, &words));
        }
    }
    // Asked in general, only what the answer rests on is shown; asked by name, the rest as well.
    let chosen: Vec<&Trace<'_>> = traces
        .iter()
        .filter(
            |trace| {
                if ask.only.is_empty() { trace.is_used } else { ask.only.iter().any(|id| is_called(trace, id)) }
            },
        )
        .collect();
    output::answer(&match ask.format {
        Format::Json => render::json(&assessment, &chosen, &words),
        format => {
            let depth = if ask.details || !ask.only.is_empty() { Depth::Everything } else { Depth::Overview };
            output::drawn(&render::document(&chosen, depth, &words), format, &words, output::look(global))
        }
    })?;
    Ok(exit_of(assessment.status))
}

fn compare(ask: &Explain, context: &Context<'_>) -> Result<Exit, Stop> {
    let given = context.profile(&ask.facts)?;
    let mut profiles = vec![(String::new(), given)];
    for (label, varied) in variations(ask) {
        profiles.push((label, changed(ask, context, varied)?));
    }
    let case = |(label, profile)| Case { label, answer: context.assess(profile, Part::ALL) };
    let cases: Vec<Case<'_>> = profiles.iter().map(|(label, profile)| case((&**label, profile))).collect();
    let words = context.words();
    let comparison = Comparison::new(&cases, &words);
    output::answer(&match ask.format {
        Format::Json => comparison.json(),
        format => output::drawn(&comparison.document(&words), format, &words, output::look(context.global)),
    })?;
    Ok(exit_of(cases[0].answer.status))
}

/// The cases beside the one that is given: what each is called, and the value that is tried.
fn variations(ask: &Explain) -> Vec<(String, Option<(&str, &str)>)> {
    let one = |Stated { fact, value }: &Stated| format!("{fact}={value}");
    let together = ask.what_if.iter().map(one).collect::<Vec<_>>().join(" ");
    let Some(Stated { fact, value }) = &ask.vary else { return vec![(together, None)] };
    let label = |value: &str| format!("{together} {fact}={value}").trim_start().to_owned();
    value.split(',').map(|value| (label(value), Some((&**fact, value)))).collect()
}

fn changed(ask: &Explain, context: &Context<'_>, varied: Option<(&str, &str)>) -> Result<Profile, Stop> {
    let mut gathered = context.gather(&ask.facts)?;
    gathered.lay("what-if", ask.what_if.iter().map(|one| (&*one.fact, &*one.value)), context);
    gathered.lay("vary", varied, context);
    context.checked(&gathered)
}
