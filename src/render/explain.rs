//! Why, and why not: each rule with its conditions, what was given against what was expected, and the sentence of the
//! law.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::document::{Block, Document, Kind};
use super::json::text::pretty_text;
use super::json::{CiteView, RulesView, views};
use super::words::inert;
use super::{Words, phrases};
use crate::assessment::{Assessment, Checked, Trace};
use crate::calendar::Day;
use crate::facts::Truth;
use crate::profile::fields::Field;
use crate::rulebook::{Cite, Head, Standing};

const fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

/// How much of the reasons is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// A line for each rule: what follows from it, and where it stands.
    Overview,
    /// The conditions of each rule, without the words of the law.
    Conditions,
    Everything,
}

pub fn document<'d>(traces: &[&'d Trace<'d>], depth: Depth, words: &Words<'_>) -> Document<'d> {
    let mut document = Document::new(String::new());
    if depth == Depth::Overview {
        let holds = |trace: &&&Trace<'_>| trace.applies != Truth::No && trace.overridden_by.is_none();
        let traces: Vec<&Trace<'_>> = traces.iter().filter(holds).copied().collect();
        document.title = words.count("explain.overview", traces.len(), &[]);
        overview(&mut document, &traces, words);
        document.push(Kind::Who, "", [Block::Hint(words.label("explain.more").to_owned())]);
        return document;
    }
    let is_cited = depth == Depth::Everything;
    let blocks = |trace: &&'d Trace<'d>| {
        [why(trace, words).map(Block::Text), Some(Block::Lines(reasons(trace, is_cited, words)))]
    };
    if let [trace] = traces {
        document.title = heading(trace, words);
        document.push(Kind::Rules, "", blocks(trace).into_iter().flatten());
    } else {
        let is_of_one_id = traces.windows(2).all(|pair| name(pair[0]) == name(pair[1]));
        let key = if is_of_one_id { "explain.several" } else { "explain.overview" };
        document.title = words.count(key, traces.len(), &[]);
        for trace in traces {
            document.push(Kind::Rules, heading(trace, words), blocks(trace).into_iter().flatten());
        }
    }
    document
}

/// What a kind of rule is about.
fn group(kind: &str) -> &str {
    match kind {
        "category" | "entry_document" => "person",
        "stay_limit" | "uncovered" | "sanction" | "passport_margin" => "stay",
        "duty" | "channel" => "duty",
        "document" | "advice" => kind,
        _ => "permit",
    }
}

/// The rules by what they are about; papers only by name.
fn overview(document: &mut Document<'_>, traces: &[&Trace<'_>], words: &Words<'_>) {
    let mut groups: Vec<(&str, Vec<&Trace<'_>>)> = Vec::new();
    for trace in traces {
        let group = words.of("explain_group", group(trace.kind));
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, of)) => of.push(trace),
            None => groups.push((group, vec![trace])),
        }
    }
    for (heading, of) in groups {
        let block = if of.iter().all(|trace| trace.kind == "document") {
            let names: BTreeSet<&str> = of.iter().map(|trace| name(trace)).collect();
            Block::Text(names.into_iter().collect::<Vec<_>>().join(", "))
        } else {
            Block::Lines(of.iter().map(|trace| (called(trace), conclusion(trace, words))).collect())
        };
        document.push(Kind::Rules, heading, [block]);
    }
}

fn name<'d>(trace: &Trace<'d>) -> &'d str {
    if trace.public.is_empty() { trace.rule } else { trace.public }
}

/// A rule and, for members of the family, whom it is about.
fn called(trace: &Trace<'_>) -> String {
    match trace.person.as_str() {
        crate::rulebook::APPLICANT => name(trace).to_owned(),
        person => format!("{} · {}", name(trace), inert(person)),
    }
}

/// What follows from a rule, and the best place that it is taken from.
fn conclusion(trace: &Trace<'_>, words: &Words<'_>) -> String {
    let follows = trace.outcome.first().filter(|_| trace.kind != "advice").map(|first| words.sentence(first));
    let best = trace.head.iter().flat_map(|head| head.cites.iter()).min_by_key(|cite| cite.standing);
    let parts = follows.into_iter().chain(best.map(|cite| phrases::cite(cite, words)));
    parts.collect::<Vec<_>>().join("; ")
}

fn verdict<'w>(trace: &Trace<'_>, words: &Words<'w>) -> &'w str {
    let table = match trace.kind {
        "document" => "explain_document",
        "category" => "explain_category",
        _ => "explain_verdict",
    };
    words.of(table, if trace.overridden_by.is_some() { "beaten" } else { truth(trace.applies) })
}

/// Whether it applies, in a sentence about what the rule is called in answers; of members of the family, in short.
fn heading(trace: &Trace<'_>, words: &Words<'_>) -> String {
    if trace.person != crate::rulebook::APPLICANT {
        return format!("{} · {}", called(trace), verdict(trace, words));
    }
    let (key, what) = match trace.kind {
        "document" => ("document", words.of("document", trace.public)),
        "category" => ("category", words.of("category", name(trace))),
        "duty" => ("rule", words.of("deadline", trace.public)),
        "channel" => ("rule", words.of("channel", trace.public)),
        kind => ("rule", words.of("rule_kind", kind)),
    };
    let value = if trace.overridden_by.is_some() { "beaten" } else { truth(trace.applies) };
    words.with(&format!("explain_plain.{key}-{value}"), &[("what", &what), ("id", &name(trace))])
}

/// Why, in a few words: what follows from it, else the condition that decides; nothing where the rule is not in force.
fn why(trace: &Trace<'_>, words: &Words<'_>) -> Option<String> {
    trace.head?;
    if let Some(other) = trace.overridden_by {
        return Some(words.with("explain.why", &[("why", &words.with("explain.beaten-by", &[("rule", &other)]))]));
    }
    if !trace.outcome.is_empty() {
        let why = words.sentence(&trace.outcome[0]);
        return Some(words.with("explain.why", &[("why", &why.trim_end_matches('.'))]));
    }
    let of = |holds: Truth, is_exempting: bool| {
        trace.conditions.iter().filter(move |one| one.holds == holds && one.exemption.is_some() == is_exempting)
    };
    let named = |one: &Checked<'_>| words.fact(one.fact, &one.expected);
    let why = match trace.applies {
        Truth::Yes => words.label("explain.why-all-hold").to_owned(),
        Truth::Unknown => {
            let open = trace.conditions.iter().filter(|one| one.holds == Truth::Unknown);
            let mut facts: Vec<&str> = open.map(|one| words.of("need", Field::deciding(one.fact).path())).collect();
            facts.dedup();
            words.with("explain.why-open", &[("facts", &facts.join(", "))])
        }
        Truth::No => match (of(Truth::No, false).next(), of(Truth::Yes, true).next()) {
            (Some(one), _) => {
                let (fact, values) = named(one);
                words.with("because.only-where", &[("fact", &fact), ("values", &values)])
            }
            (None, Some(Checked { because: Some(because), .. })) => words.label(because).to_owned(),
            (None, Some(one)) => {
                let (fact, values) = named(one);
                words.with("because.except-where", &[("fact", &fact), ("values", &values)])
            }
            (None, None) => return None,
        },
    };
    Some(words.with("explain.why", &[("why", &why)]))
}

/// Each condition with what was given, then the version that was asked, and the places of the law.
fn reasons(trace: &Trace<'_>, is_cited: bool, words: &Words<'_>) -> Vec<(String, String)> {
    let label = |id: &str| words.of("explain_label", id).to_owned();
    let Some(head) = trace.head else {
        let text = words.with("explain.no-version", &[("rule", &trace.rule), ("day", &trace.on)]);
        return vec![(label("rule"), text)];
    };
    // The first one is said above.
    let results = trace.outcome.iter().skip(1).map(|message| (label("result"), words.sentence(message)));
    let mut lines: Vec<(String, String)> = results.collect();
    let mut last_exemption = None;
    for (at, checked) in trace.conditions.iter().enumerate() {
        let title = match checked.exemption {
            None if at == 0 => label("when"),
            Some(_) if checked.exemption != last_exemption => label("unless"),
            _ => String::new(),
        };
        last_exemption = checked.exemption;
        lines.push((title, condition(checked, words)));
    }
    let chosen = words.with("explain.chosen-by", &[("day", &trace.on)]);
    lines.push((label("rule"), format!("{}, {}; {chosen}", trace.rule, force(head, words))));
    for cite in head.cites.iter().filter(|_| is_cited) {
        let verified = words.with("explain.verified", &[("day", &cite.verified.to_string())]);
        let source = if cite.standing == Standing::Law { "law" } else { "source" };
        lines.push((label(source), cited(cite, Some(&verified), words)));
    }
    lines
}

/// A sentence of an act, the act and the place in it, how far it is to be relied on, and where it can be read.
pub(super) fn cited(cite: &Cite, verified: Option<&str>, words: &Words<'_>) -> String {
    let sentence = quoted(&cite.sentence, words);
    let (title, at) = (words.of("source", &cite.source), words.of("place", &cite.at));
    let ground = [Some(words.of("standing", cite.standing.name())), verified];
    let ground = ground.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let url = cite.url.as_ref().map_or_else(String::new, |url| format!(" {url}"));
    let gap = if sentence.is_empty() { "" } else { " " };
    format!("{sentence}{gap}{title}, {at} ({ground}){url}")
}

/// From when and until when a version is in force.
pub(super) fn force(head: &Head, words: &Words<'_>) -> String {
    let from = head.from.to_string();
    match head.until {
        Some(until) => words.with("explain.from-until", &[("from", &from), ("until", &until.to_string())]),
        None => words.with("explain.from", &[("from", &from)]),
    }
}

fn condition(checked: &Checked<'_>, words: &Words<'_>) -> String {
    let listed = |values: &[&str]| {
        let texts: Vec<&str> = values.iter().map(|value| words.of(checked.fact.table(), value)).collect();
        texts.join(", ")
    };
    let fact = words.of("fact", checked.fact.key());
    let given = match &checked.given {
        None => words.label("explain.not-known").to_owned(),
        Some(given) if given.is_empty() => words.label("explain.none").to_owned(),
        Some(given) => listed(given),
    };
    let holds = words.of("explain_holds", truth(checked.holds));
    let mut text = words.with(
        "explain.condition",
        &[("fact", &fact), ("given", &given), ("expected", &listed(&checked.expected)), ("holds", &holds)],
    );
    if let Some(because) = checked.because.filter(|_| checked.holds == Truth::Yes) {
        let _ = write!(text, ": {}", words.label(because));
    }
    text
}

pub fn json<'a>(assessment: &'a Assessment<'a>, traces: &'a [&'a Trace<'a>], words: &Words<'a>) -> String {
    pretty_text(&ExplanationView::new(assessment, traces, words))
}

views! {
    ExplanationView<'a>(assessment: &'a Assessment<'a>, traces: &'a [&'a Trace<'a>], words: &Words<'a>) {
        schema: &'static str = "trp-check/explanation/1",
        rules: RulesView<'a> = RulesView::new(assessment.rules),
        today: Day = assessment.today,
        reasons: Vec<TraceView<'a>> = traces.iter().map(|trace| TraceView::new(trace, words)).collect(),
    }

    TraceView<'a>(trace: &'a Trace<'a>, words: &Words<'a>) {
        rule: &'a str = trace.rule,
        id: Option<&'a str> = Some(trace.public).filter(|id| !id.is_empty()),
        kind: &'a str = trace.kind,
        person: &'a str = &trace.person,
        on: Day = trace.on,
        applies: &'static str = truth(trace.applies),
        beaten_by: Option<&'a str> = trace.overridden_by,
        from: Option<Day> = trace.head.map(|head| head.from),
        until: Option<Day> = trace.head.and_then(|head| head.until),
        conditions: Vec<ConditionView<'a>> = trace.conditions.iter().map(ConditionView::new).collect(),
        outcome: Vec<String> = trace.outcome.iter().map(|message| words.sentence(message)).collect(),
        cite: Vec<CiteView<'a>> =
            trace.head.iter().flat_map(|head| head.cites.iter()).map(|cite| CiteView::new(cite, true, words)).collect(),
    }

    ConditionView<'a>(checked: &'a Checked<'a>) {
        fact: &'static str = checked.fact.key(),
        exemption: Option<usize> = checked.exemption,
        expected: &'a [&'a str] = &checked.expected,
        given: Option<&'a [&'a str]> = checked.given.as_deref(),
        holds: &'static str = truth(checked.holds),
    }
}

/// A sentence of an act between the quotation marks of the language, with the name of its own language where that is
/// another; nothing where there is none.
fn quoted(sentence: &str, words: &Words<'_>) -> String {
    if sentence.is_empty() {
        return String::new();
    }
    let quote = words.with("word.quote", &[("text", &inert(sentence))]);
    match language_of(sentence) {
        own if own == words.language() => quote,
        own => words.with("explain.quote", &[("language", &words.of("quote_language", own)), ("quote", &quote)]),
    }
}

/// The language that most letters of a text are of.
fn language_of(text: &str) -> &'static str {
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    if latin >= text.chars().filter(|letter| ('\u{400}'..='\u{4FF}').contains(letter)).count() {
        "en"
    } else if text.to_lowercase().contains(['ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'і']) {
        "kk"
    } else {
        "ru"
    }
}
