//! Words: what is wrong with a file, for eyes and for programs.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::Words;
use super::words::inert;
use crate::source::{Code, Fault, Severity, SourceText};

/// One fault for eyes: a line `path:line:column: error[code]: …`, then the line with a caret.
#[must_use]
pub fn human(fault: &Fault, texts: &[SourceText], width: usize, color: bool, words: &Words<'_>) -> String {
    let file = &texts[usize::from(fault.span.text)];
    let (line, column) = file.line_column(fault.span.range().start);
    let severity = severity(fault.code);
    let path = inert(&file.path);
    let mut text = format!("{path}:{line}:{column}: {severity}[{}]: {}\n", fault.code.name(), message(fault, words));
    if !file.text.trim().is_empty() {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let (excerpt, span) = excerpt(file, fault.span.range());
        let annotation = AnnotationKind::Primary.span(span);
        let snippet = Snippet::source(excerpt).line_start(line).annotation(annotation);
        let level = if fault.code.severity() == Severity::Error { Level::ERROR } else { Level::WARNING };
        text.push_str(&renderer.term_width(width).render(&[Group::with_level(level).element(snippet)]));
        text.push('\n');
    }
    text
}

/// The first line of a place (of an overlong line the part around it), and the place in that.
fn excerpt(file: &SourceText, range: std::ops::Range<usize>) -> (&str, std::ops::Range<usize>) {
    const AROUND: usize = 2_000;
    let text = &*file.text;
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let first = text.floor_char_boundary(line_start.max(start.saturating_sub(AROUND)));
    let last = text.floor_char_boundary(line_end.min(start.saturating_add(AROUND)));
    let end = text.floor_char_boundary(range.end.clamp(start, last));
    (&text[first..last], start - first..end - first)
}

/// The faults as JSON, one object a line.
#[must_use]
pub fn json(faults: &[Fault], texts: &[SourceText], words: &Words<'_>) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        code: &'a str,
        severity: &'a str,
        path: &'a str,
        line: usize,
        column: usize,
        message: String,
        suggestion: Option<&'a str>,
    }
    let mut text = String::new();
    let starts: Vec<Vec<usize>> = texts.iter().map(SourceText::line_starts).collect();
    for fault in faults {
        let at = usize::from(fault.span.text);
        let file = &texts[at];
        let (line, column) = file.line_column_in(&starts[at], fault.span.range().start);
        let suggestion = fault.params.iter().find(|(name, _)| *name == "suggestion");
        let object = Line {
            code: fault.code.name(),
            severity: severity(fault.code),
            path: &file.path,
            line,
            column,
            message: message(fault, words),
            suggestion: suggestion.map(|(_, value)| value.as_str()),
        };
        text.push_str(&serde_json::to_string(&object).unwrap_or_default());
        text.push('\n');
    }
    text
}

const fn severity(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// What is wrong, and what is near to what was written.
#[must_use]
pub fn message(fault: &Fault, words: &Words<'_>) -> String {
    const LONGEST: usize = 60;
    let shown = |value: &str| {
        let short: String = value.chars().take(LONGEST).collect();
        let short = if short.len() < value.len() { format!("{short}…") } else { short };
        inert(&short).into_owned()
    };
    let values: Vec<(&str, String)> = fault
        .params
        .iter()
        .map(|(name, value)| match *name {
            "expected" | "found" if value.starts_with("kind.") => (*name, words.label(value).to_owned()),
            "allowed" | "reason" => (*name, inert(value).into_owned()),
            _ => (*name, shown(value)),
        })
        .collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("diagnostic.{}", fault.code.name());
    let mut text = words.with(&key, &values);
    let has = |name: &str| values.iter().any(|(known, _)| *known == name);
    if has("suggestion") {
        let key = if has("name") { "diagnostic_hint.did-you-mean-named" } else { "diagnostic_hint.did-you-mean" };
        text = format!("{text}; {}", words.with(key, &values));
    }
    text
}
