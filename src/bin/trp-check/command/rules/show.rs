//! `rules list` and `rules show ID`: the rules in plain words, with citation, standing, verification.

use trp_check::assessment::RulesId;
use trp_check::embedded::COUNTRIES;
use trp_check::render::Format;
use trp_check::render::grid::Grid;
use trp_check::render::rule::{self as render, Shown};
use trp_check::rulebook::outline::{Outline, outline};

use super::super::Context;
use crate::args::{Global, RulesList, RulesShow};
use crate::{Exit, Stop, output};

pub fn list(global: &Global, ask: &RulesList) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let mut rules = outline(&context.book, &COUNTRIES);
    if let Some(day) = ask.on {
        rules.iter_mut().for_each(|rule| rule.versions.retain(|version| version.head.is_in_force(day)));
        rules.retain(|rule| !rule.versions.is_empty());
    }
    let text = if ask.format == Format::Json {
        render::json(RulesId::of(&context.book), &rules.iter().collect::<Vec<_>>())
    } else {
        let versions = rules.iter().flat_map(|rule| rule.versions.iter().map(move |version| (rule, version)));
        let rows = versions.map(|(rule, version)| {
            let head = version.head;
            let until = head.until.map_or_else(|| "…".to_owned(), |until| until.to_string());
            let says: Vec<String> = version.says.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            let force = format!("{}..{until}", head.from);
            let standing = head.standing.name().to_owned();
            vec![rule.id.to_owned(), rule.kind.name().to_owned(), force, standing, says.join(", ")]
        });
        Grid { header: Vec::new(), rows: rows.collect() }.aligned()
    };
    output::answer(&text)
}

pub fn one(global: &Global, ask: &RulesShow) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let words = context.words();
    let rules = outline(&context.book, &COUNTRIES);
    let chosen: Vec<&Outline<'_>> = rules.iter().filter(|rule| rule.id == ask.id || rule.public == ask.id).collect();
    if chosen.is_empty() {
        let known = rules.iter().flat_map(|rule| [rule.id, rule.public]);
        return Err(Stop::no_such_rule(&ask.id, known, &words));
    }
    let shown = Shown { on: ask.on.unwrap_or(context.today), history: ask.history };
    let text = if ask.format == Format::Json {
        render::json(RulesId::of(&context.book), &chosen)
    } else {
        let look = output::look(global);
        let drawn =
            |rule: &&Outline<'_>| output::drawn(&render::document(rule, shown, &words), ask.format, &words, look);
        chosen.iter().map(drawn).collect::<Vec<_>>().join("\n")
    };
    output::answer(&text)
}
