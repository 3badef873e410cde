//! A rule in plain words: what it says, for whom, by which act, and its versions on a time line.

use serde_json::Value as Json;

use super::Words;
use super::document::{Block, Document, Kind};
use super::explain::{cited, force};
use super::json::text::pretty_text;
use super::json::{RulesView, views};
use crate::assessment::RulesId;
use crate::calendar::Day;
use crate::rulebook::outline::{Asked, Outline, OutlineVersion};
use crate::rulebook::{Cite, Head};

#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub on: Day,
    pub history: bool,
}

pub fn document<'d>(rule: &'d Outline<'d>, shown: Shown, words: &Words<'_>) -> Document<'d> {
    let public = if rule.public.is_empty() { String::new() } else { format!(" · {}", rule.public) };
    let kind = words.of("rule_kind", rule.kind.name());
    let title = format!("{} · {kind}{public}", rule.id);
    let mut document = Document::new(title);
    let in_force = rule.versions.iter().position(|version| version.head.is_in_force(shown.on));
    let mut lines = Vec::new();
    for (nth, version) in rule.versions.iter().enumerate() {
        let before = nth.checked_sub(1).and_then(|before| rule.versions[before].head.until);
        if before.is_some_and(|until| until.plus(1) < version.head.from) {
            lines.push((String::new(), words.label("rules_show.gap").to_owned()));
        }
        let mark = (in_force == Some(nth)).then(|| words.with("rules_show.in-force", &[("day", &shown.on)]));
        let span = [Some(span(version.head)), mark].into_iter().flatten().collect::<Vec<_>>().join("  ");
        lines.push((words.with("rules_show.version", &[("n", &(nth + 1))]), span));
    }
    let exception = (!rule.gives_way.is_empty())
        .then(|| words.with("rules_show.exception-to", &[("rules", &rule.gives_way.join(", "))]));
    let none = (in_force.is_none() && !shown.history)
        .then(|| words.with("explain.no-version", &[("rule", &rule.id), ("day", &shown.on)]));
    let more = exception.into_iter().chain(none).map(Block::Text);
    document.push(Kind::Answer, "", std::iter::once(Block::Lines(lines)).chain(more));
    for (nth, version) in rule.versions.iter().enumerate() {
        if shown.history || in_force == Some(nth) {
            let heading = words.with("rules_show.version", &[("n", &(nth + 1))]);
            let heading = format!("{heading}, {}", force(version.head, words));
            document.push(Kind::Rules, heading, [Block::Lines(one(version, words))]);
        }
    }
    document
}

/// The days on which a version is in force, on a time line.
fn span(head: &Head) -> String {
    match head.until {
        Some(until) => format!("{} ──── {until}", head.from),
        None => format!("{} ────▶", head.from),
    }
}

fn one(version: &OutlineVersion<'_>, words: &Words<'_>) -> Vec<(String, String)> {
    let label = |id: &str| words.of("explain_label", id).to_owned();
    let first = |at: usize, id: &str| if at == 0 { label(id) } else { String::new() };
    let head = version.head;
    let says =
        version.says.iter().enumerate().map(|(at, (key, value))| (first(at, "says"), sentence(key, value, words)));
    let mut lines: Vec<(String, String)> = says.collect();
    lines.extend(version.when.iter().enumerate().map(|(at, asked)| (first(at, "when"), condition(asked, words))));
    for (asked, exemption) in &version.unless {
        let tests: Vec<String> = asked.iter().map(|asked| condition(asked, words)).collect();
        let because = words.text(&exemption.because).map_or_else(String::new, |why| format!(": {why}"));
        let stated = if exemption.only_if_stated { words.label("rules_show.only-if-stated") } else { "" };
        lines.push((label("unless"), format!("{}{because}{stated}", tests.join("; "))));
    }
    let notes = head.notes.iter().map(|note| (label("note"), format!("{}: {}", note.code, words.label(&note.text))));
    lines.extend(notes);
    lines.push((label("standing"), words.of("standing", head.standing.name()).to_owned()));
    lines.push((label("verified"), words.day(head.verified)));
    lines.extend(head.cites.iter().map(|cite| (label("source"), cited(cite, None, words))));
    lines
}

/// A key of a version as a sentence.
fn sentence(key: &str, value: &str, words: &Words<'_>) -> String {
    let (key, value) = value.split_once(" = ").map_or((key, value), |(key, value)| (key, value));
    let whole = format!("rule_says.{key}-{value}");
    if let Some(text) = words.text(&whole) {
        return text.to_owned();
    }
    let part = format!("rule_says.{key}");
    match words.text(&part) {
        Some(_) => words.with(&part, &[("value", &value)]),
        None => format!("{key} = {value}"),
    }
}

fn condition(asked: &Asked<'_>, words: &Words<'_>) -> String {
    let (fact, values) = words.fact(asked.fact, &asked.values);
    words.with("rules_show.condition", &[("fact", &fact), ("values", &values)])
}

pub fn json(rules: RulesId<'_>, list: &[&Outline<'_>]) -> String {
    pretty_text(&RuleListView::new(rules, list))
}

type Texts = serde_json::Map<String, Json>;

views! {
    RuleListView<'a>(rules: RulesId<'a>, list: &'a [&'a Outline<'a>]) {
        schema: &'static str = "trp-check/rules/1",
        rules: RulesView<'a> = RulesView::new(rules),
        list: Vec<RuleView<'a>> = list.iter().map(|rule| RuleView::new(rule)).collect(),
    }

    RuleView<'a>(rule: &'a Outline<'a>) {
        id: &'a str = rule.id,
        kind: &'static str = rule.kind.name(),
        public: Option<&'a str> = Some(rule.public).filter(|public| !public.is_empty()),
        exception_to: &'a [&'a str] = &rule.gives_way,
        versions: Vec<VersionView<'a>> = rule.versions.iter().map(VersionView::new).collect(),
    }

    VersionView<'a>(version: &'a OutlineVersion<'a>) {
        from: Day = version.head.from,
        until: Option<Day> = version.head.until,
        verified: Day = version.head.verified,
        standing: &'static str = version.head.standing.name(),
        says: Texts = version.says.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect(),
        when: Texts = conditions(&version.when),
        unless: Vec<Texts> = version.unless.iter().map(|(asked, _)| conditions(asked)).collect(),
        cite: Vec<PlaceView<'a>> = version.head.cites.iter().map(PlaceView::new).collect(),
    }

    PlaceView<'a>(cite: &'a Cite) {
        source: &'a str = &cite.source,
        at: &'a str = &cite.at,
        sentence: Option<&'a str> = Some(&*cite.sentence).filter(|sentence| !sentence.is_empty()),
        standing: &'static str = cite.standing.name(),
    }
}

fn conditions(asked: &[Asked<'_>]) -> Texts {
    asked.iter().map(|asked| (asked.fact.key().to_owned(), asked.values.clone().into())).collect()
}
