//! `explain --what-if` and `explain --vary`: the answers to several cases, side by side.

use trp_check::assess::{assess, strictly};
use trp_check::assessment::Part;
use trp_check::profile::Profile;
use trp_check::render::Format;
use trp_check::render::comparison::{Case, Comparison};

use super::Context;
use super::check::exit_of;
use crate::args::{Explain, Stated};
use crate::{Exit, Stop, output};

pub fn run(ask: &Explain, desk: &Context<'_>) -> Result<Exit, Stop> {
    let given = desk.profile(&ask.facts)?;
    let mut profiles = vec![(String::new(), given)];
    for (label, varied) in variations(ask) {
        profiles.push((label, changed(ask, desk, varied)?));
    }
    let answer = |profile| {
        let answer = assess(&desk.book, profile, desk.today);
        if desk.global.strict { strictly(&desk.book, answer, Part::ALL) } else { answer }
    };
    let answers: Vec<_> = profiles.iter().map(|(label, profile)| (label, answer(profile))).collect();
    let cases: Vec<Case<'_, '_>> =
        answers.iter().map(|(label, answer)| Case { label: (*label).clone(), answer }).collect();
    let words = desk.words();
    let comparison = Comparison::new(&cases, &words);
    output::answer(&match ask.format {
        Format::Json => comparison.json(),
        Format::Markdown => comparison.markdown(&words),
        _ => comparison.table(&words, output::look(desk.global).width),
    })?;
    Ok(exit_of(answers[0].1.status))
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
fn changed(ask: &Explain, desk: &Context<'_>, varied: Option<(&str, &str)>) -> Result<Profile, Stop> {
    let mut gathered = desk.gather(&ask.facts)?;
    gathered.lay("what-if", ask.what_if.iter().map(|one| (&*one.fact, &*one.value)), desk);
    gathered.lay("vary", varied, desk);
    desk.checked(&gathered)
}
