//! `explain --what-if` and `explain --vary`: the answers to several cases, side by side.

use trp_check::assessment::Part;
use trp_check::profile::Profile;
use trp_check::render::Format;
use trp_check::render::comparison::{Case, Comparison};

use super::Context;
use super::check::exit_of;
use crate::args::{Explain, Stated};
use crate::{Exit, Stop, output};

pub fn run(ask: &Explain, context: &Context<'_>) -> Result<Exit, Stop> {
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
        Format::Markdown => comparison.markdown(&words),
        _ => comparison.table(&words, output::look(context.global).width),
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

/// The profile with what is asked, and the varied fact.
fn changed(ask: &Explain, context: &Context<'_>, varied: Option<(&str, &str)>) -> Result<Profile, Stop> {
    let mut gathered = context.gather(&ask.facts)?;
    gathered.lay("what-if", ask.what_if.iter().map(|one| (&*one.fact, &*one.value)), context);
    gathered.lay("vary", varied, context);
    context.checked(&gathered)
}
