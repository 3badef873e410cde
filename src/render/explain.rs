//! Why, and why not: each rule with its conditions, what was given against what was expected, and the sentence of the
//! law.

use std::fmt::Write as _;

use super::json::text::pretty_text;
use super::json::{CiteView, views};
use super::words::inert;
use super::{Words, push_wrapped, wrapping};
use crate::assessment::{Checked, Trace};
use crate::calendar::Day;
use crate::facts::Truth;
use crate::rulebook::{Head, Standing};

const fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

/// Without the words of the law where the reader has the rules open beside them.
pub fn table(traces: &[&Trace<'_>], is_cited: bool, words: &Words<'_>, width: usize) -> String {
    let mut text = String::new();
    for trace in traces {
        one(&mut text, trace, is_cited, words, width);
        text.push('\n');
    }
    text
}

/// Lines with a label before them, all texts beginning in the same column.
pub(super) struct Labels {
    indent: usize,
    column: usize,
    width: usize,
}

impl Labels {
    /// Labels of at least so many columns, behind so many blanks.
    pub(super) fn new(indent: usize, least: usize, width: usize, words: &Words<'_>) -> Self {
        const IDS: [&str; 10] =
            ["rule", "when", "unless", "law", "result", "says", "note", "standing", "verified", "source"];
        let columns = |id: &str| textwrap::core::display_width(words.of("explain_label", id));
        let column = IDS.into_iter().map(columns).max().unwrap_or_default().max(least);
        Self { indent, column, width }
    }

    pub(super) fn line(&self, text: &mut String, label: &str, content: &str) {
        let Self { indent, column, width } = *self;
        let first = format!("{:indent$}{label:<column$} ", "");
        let rest = " ".repeat(indent + column + 1);
        let options = wrapping(width).initial_indent(&first).subsequent_indent(&rest).break_words(false);
        push_wrapped(text, content, options);
    }
}

fn one(text: &mut String, trace: &Trace<'_>, is_cited: bool, words: &Words<'_>, width: usize) {
    let name = if trace.public.is_empty() { trace.rule } else { trace.public };
    let table = match trace.kind {
        "document" => "explain_document",
        "category" => "explain_category",
        _ => "explain_verdict",
    };
    let verdict = words.of(table, if trace.overridden_by.is_some() { "beaten" } else { truth(trace.applies) });
    let _ = write!(text, "{name} · {verdict}");
    if trace.person != crate::rulebook::APPLICANT {
        let _ = write!(text, " · {}", inert(&trace.person));
    }
    text.push('\n');
    let labels = Labels::new(2, 9, width, words);
    let mut line = |label: &str, content: &str| labels.line(text, label, content);
    let label = |id: &str| words.of("explain_label", id).to_owned();
    let Some(head) = trace.head else {
        line(&label("rule"), &words.with("explain.no-version", &[("rule", &trace.rule), ("day", &trace.on)]));
        return;
    };
    let force = force(head, words);
    let chosen = words.with("explain.chosen-by", &[("day", &trace.on)]);
    line(&label("rule"), &format!("{}, {force}; {chosen}", trace.rule));
    if let Some(other) = trace.overridden_by {
        line("", &words.with("explain.beaten-by", &[("rule", &other)]));
    }
    for message in &trace.outcome {
        line(&label("result"), &words.sentence(message));
    }
    let mut last_exemption = None;
    for (at, checked) in trace.conditions.iter().enumerate() {
        let title = match checked.exemption {
            None if at == 0 => label("when"),
            Some(_) if checked.exemption != last_exemption => label("unless"),
            _ => String::new(),
        };
        last_exemption = checked.exemption;
        line(&title, &condition(checked, words));
    }
    for cite in head.cites.iter().filter(|_| is_cited) {
        let title = words.of("source", &cite.source);
        let standing = words.of("standing", cite.standing.name());
        let verified = words.with("explain.verified", &[("day", &cite.verified.to_string())]);
        let sentence = quoted(&cite.sentence, words);
        let sentence = if sentence.is_empty() { sentence } else { format!("{sentence}; ") };
        let source = if cite.standing == Standing::Law { "law" } else { "source" };
        line(&label(source), &format!("{sentence}{title}, {} ({standing}; {verified})", words.of("place", &cite.at)));
        if let Some(url) = &cite.url {
            line("", url);
        }
    }
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
    let fact = words.of("fact", checked.fact.key());
    let expected = checked.expected.join(", ");
    let given = match &checked.given {
        None => words.label("explain.not-known").to_owned(),
        Some(given) if given.is_empty() => words.label("explain.none").to_owned(),
        Some(given) => given.join(", "),
    };
    let holds = words.of("explain_holds", truth(checked.holds));
    let mut text = words
        .with("explain.condition", &[("fact", &fact), ("given", &given), ("expected", &expected), ("holds", &holds)]);
    if let Some(because) = checked.because.filter(|_| checked.holds == Truth::Yes) {
        let _ = write!(text, ": {}", words.label(because));
    }
    text
}

pub fn json<'a>(traces: &[&'a Trace<'a>], words: &Words<'a>) -> String {
    pretty_text(&traces.iter().map(|trace| TraceView::new(trace, words)).collect::<Vec<_>>())
}

views! {
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

/// A sentence of an act between the quotation marks of the language; nothing where there is none.
pub(super) fn quoted(sentence: &str, words: &Words<'_>) -> String {
    if sentence.is_empty() { String::new() } else { words.with("word.quote", &[("text", &inert(sentence))]) }
}
