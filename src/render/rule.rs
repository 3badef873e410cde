//! A rule in plain words: what it says, for whom, by which act, and its versions on a time line.

use std::fmt::Write as _;

use super::Words;
use super::explain::{Labels, force, quoted};
use crate::calendar::Day;
use crate::rulebook::outline::{Asked, Outline, OutlineVersion};
use crate::rulebook::{Cite, Head};

#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub on: Day,
    pub history: bool,
}

pub fn table(rule: &Outline<'_>, shown: Shown, width: usize, words: &Words<'_>) -> String {
    let public = if rule.public.is_empty() { String::new() } else { format!(" · {}", rule.public) };
    let kind = words.of("rule_kind", rule.kind.name());
    let mut text = format!("{} · {kind}{public}\n", rule.id);
    let in_force = rule.versions.iter().position(|version| version.head.is_in_force(shown.on));
    for (nth, version) in rule.versions.iter().enumerate() {
        let mark = (in_force == Some(nth)).then(|| words.with("rules_show.in-force", &[("day", &shown.on)]));
        let line = format!("  {} {:<26} {}", nth + 1, span(version.head), mark.unwrap_or_default());
        let _ = writeln!(text, "{}", line.trim_end());
        let before = nth.checked_sub(1).and_then(|before| rule.versions[before].head.until);
        if before.is_some_and(|until| until.plus(1) < version.head.from) {
            let _ = writeln!(text, "    {}", words.label("rules_show.gap"));
        }
    }
    if !rule.gives_way.is_empty() {
        let _ = writeln!(text, "  {}", words.with("rules_show.exception-to", &[("rules", &rule.gives_way.join(", "))]));
    }
    if in_force.is_none() && !shown.history {
        let _ = writeln!(text, "  {}", words.with("explain.no-version", &[("rule", &rule.id), ("day", &shown.on)]));
    }
    for (nth, version) in rule.versions.iter().enumerate() {
        if shown.history || in_force == Some(nth) {
            text.push('\n');
            one(&mut text, nth, version, width, words);
        }
    }
    text
}

/// The days on which a version is in force, on a time line.
fn span(head: &Head) -> String {
    match head.until {
        Some(until) => format!("{} ──── {until}", head.from),
        None => format!("{} ────▶", head.from),
    }
}

fn one(text: &mut String, nth: usize, version: &OutlineVersion<'_>, width: usize, words: &Words<'_>) {
    let labels = Labels::new(4, 10, width, words);
    let mut line = |label: &str, content: &str| labels.line(text, label, content);
    let label = |id: &str| words.of("explain_label", id).to_owned();
    let head = version.head;
    line(&words.with("rules_show.version", &[("n", &(nth + 1))]), &force(head, words));
    for (at, (key, value)) in version.says.iter().enumerate() {
        line(&if at == 0 { label("says") } else { String::new() }, &sentence(key, value, words));
    }
    for (at, asked) in version.when.iter().enumerate() {
        line(&if at == 0 { label("when") } else { String::new() }, &condition(asked, words));
    }
    for (asked, exemption) in &version.unless {
        let tests: Vec<String> = asked.iter().map(|asked| condition(asked, words)).collect();
        let because = words.text(&exemption.because).map_or_else(String::new, |why| format!(": {why}"));
        let stated = if exemption.only_if_stated { words.label("rules_show.only-if-stated") } else { "" };
        line(&label("unless"), &format!("{}{because}{stated}", tests.join("; ")));
    }
    for note in head.notes.iter() {
        line(&label("note"), &format!("{}: {}", note.code, words.label(&note.text)));
    }
    line(&label("standing"), words.of("standing", head.standing.name()));
    line(&label("verified"), &words.day(head.verified));
    for cite in head.cites.iter() {
        line(&label("source"), &cited(cite, words));
    }
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

fn cited(cite: &Cite, words: &Words<'_>) -> String {
    let sentence = quoted(&cite.sentence, words);
    let sentence = if sentence.is_empty() { sentence } else { format!("{sentence} ") };
    let title = words.of("source", &cite.source);
    let url = cite.url.as_ref().map_or_else(String::new, |url| format!(" {url}"));
    format!("{sentence}{title}, {} ({}){url}", words.of("place", &cite.at), words.of("standing", cite.standing.name()))
}
