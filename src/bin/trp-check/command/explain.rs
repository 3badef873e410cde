//! `explain`: why, and why not.

use trp_check::assess::{assess, explain::explain};
use trp_check::assessment::Trace;
use trp_check::render::{Format, explain as render};

use super::{Context, what_if};
use crate::args::{Explain, Global};
use crate::{Exit, Stop, output};

pub fn run(global: &Global, ask: &Explain) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    if !ask.what_if.is_empty() || ask.vary.is_some() {
        return what_if::run(ask, &context);
    }
    if ask.format == Format::Markdown {
        return Err(context.usage("usage.markdown-compares"));
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
        Format::Json => render::json(&chosen, &words),
        _ => render::table(&chosen, true, &words, output::look(global).width),
    })?;
    Ok(super::check::exit_of(assessment.status))
}
