//! `explain`: why, and why not.

use trp_check::assess::{assess, explain::explain};
use trp_check::assessment::Trace;
use trp_check::render::explain as tell;

use super::{Desk, tell_no_such_rule, what_if};
use crate::args::{ComparisonFormat, Explain, Global};
use crate::{Exit, output};

pub fn run(global: &Global, ask: &Explain) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    if !ask.what_if.is_empty() || ask.vary.is_some() {
        return what_if::run(global, ask, &desk);
    }
    if ask.format == ComparisonFormat::Markdown {
        output::fail(global.error_format, "usage", None, desk.words().label("usage.markdown-compares"));
        return Ok(Exit::Usage);
    }
    let profile = match desk.profile(global, &ask.facts) {
        Ok(profile) => profile,
        Err(exit) => return Ok(exit),
    };
    let assessment = assess(&desk.book, &profile, desk.today);
    let traces = explain(&desk.book, &profile, desk.today, &assessment);
    let words = desk.words();
    // A deadline is called by its id too, also where it follows from a limit and not from a duty.
    let deadlines: Vec<_> = assessment
        .persons()
        .flat_map(|person| &person.deadlines)
        .map(|deadline| (&*deadline.id, deadline.rule.id))
        .collect();
    let is_called =
        |trace: &Trace<'_>, id: &str| trace.rule == id || trace.public == id || deadlines.contains(&(id, trace.rule));
    for id in &ask.only {
        if !traces.iter().any(|trace| is_called(trace, id)) {
            let rules = traces.iter().flat_map(|trace| [trace.rule, trace.public]);
            tell_no_such_rule(id, rules.chain(deadlines.iter().map(|(deadline, _)| *deadline)), &words);
            return Ok(Exit::Usage);
        }
    }
    // Asked in general, only what the answer rests on is told; asked by name, the rest as well.
    let chosen: Vec<&Trace<'_>> = traces
        .iter()
        .filter(
            |trace| {
                if ask.only.is_empty() { trace.is_used } else { ask.only.iter().any(|id| is_called(trace, id)) }
            },
        )
        .collect();
    output::answer(&match ask.format {
        ComparisonFormat::Json => tell::json(&chosen, &words),
        _ => tell::table(&chosen, &words, output::look(global).width),
    })?;
    Ok(super::check::exit_of(assessment.status))
}
