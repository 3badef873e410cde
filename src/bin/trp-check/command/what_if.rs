//! `explain --what-if` and `explain --vary`: the answers to several cases, side by side.

use trp_check::assess::{assess, strictly};
use trp_check::assessment::Part;
use trp_check::profile::Profile;
use trp_check::render::comparison::{Case, Comparison};

use super::Desk;
use super::check::exit_of;
use crate::args::{ComparisonFormat, Explain, Global, Stated};
use crate::{Exit, output};

pub fn run(global: &Global, ask: &Explain, desk: &Desk) -> anyhow::Result<Exit> {
    let given = match desk.profile(global, &ask.facts) {
        Ok(profile) => profile,
        Err(exit) => return Ok(exit),
    };
    let mut profiles = vec![(String::new(), given)];
    for (label, varied) in variations(ask) {
        match changed(global, ask, desk, varied) {
            Ok(profile) => profiles.push((label, profile)),
            Err(exit) => return Ok(exit),
        }
    }
    let answer = |profile| {
        let answer = assess(&desk.book, profile, desk.today);
        if global.strict { strictly(&desk.book, answer, Part::ALL) } else { answer }
    };
    let answers: Vec<_> = profiles.iter().map(|(label, profile)| (label, answer(profile))).collect();
    let cases: Vec<Case<'_, '_>> =
        answers.iter().map(|(label, answer)| Case { label: (*label).clone(), answer }).collect();
    let words = desk.words();
    let comparison = Comparison::new(&cases, &words);
    output::answer(&match ask.format {
        ComparisonFormat::Table => comparison.table(&words, output::look(global).width),
        ComparisonFormat::Json => comparison.json(),
        ComparisonFormat::Markdown => comparison.markdown(&words),
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
fn changed(global: &Global, ask: &Explain, desk: &Desk, varied: Option<(&str, &str)>) -> Result<Profile, Exit> {
    let mut gathered = desk.gather(global, &ask.facts)?;
    gathered.lay("what-if", ask.what_if.iter().map(|one| (&*one.fact, &*one.value)), desk);
    gathered.lay("vary", varied, desk);
    desk.checked(global, &gathered)
}
