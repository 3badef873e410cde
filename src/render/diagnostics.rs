//! What is wrong with a file, for a terminal and as JSON, and what to do about it.

use std::borrow::Cow;

use annotate_snippets::renderer::{AnsiColor, Renderer, Style};
use annotate_snippets::{AnnotationKind, Group, Level, Snippet};

use super::json::{self, views};
use super::terminal::Look;
use super::words::{ToText, inert};
use super::{Words, push_wrapped, wrapping};
use crate::source::{COMMAND_LINE, Code, Fault, Severity, SourceText};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The author of a profile: the message itself shows what to do.
    Person,
    /// The author of rules, who also gets what to do.
    RuleAuthor,
}

impl Audience {
    fn help<'w>(self, code: Code, words: &Words<'w>) -> Option<&'w str> {
        (self == Self::RuleAuthor).then(|| words.text(&format!("diagnostic_help.{}", code.name()))).flatten()
    }
}

/// What a file is called: by its path; the command line in words.
pub fn path_of<'a>(file: &'a SourceText, words: &Words<'a>) -> Cow<'a, str> {
    if file.path == COMMAND_LINE { words.label("word.command-line").into() } else { inert(&file.path) }
}

/// Faults for a terminal: `path:line:column: error[code]: …`, then the line with a caret, then, for authors of
/// rules, what to do.
pub fn human(faults: &[Fault], texts: &[SourceText], audience: Audience, look: Look, words: &Words<'_>) -> String {
    faults.iter().map(|fault| one(fault, texts, audience, look, words)).collect()
}

fn one(fault: &Fault, texts: &[SourceText], audience: Audience, look: Look, words: &Words<'_>) -> String {
    let file = &texts[usize::from(fault.span.text)];
    let (line, column) = file.line_column(fault.span.range().start);
    let severity = fault.code.severity().name();
    let path = path_of(file, words);
    let mut text = format!(
        "{path}:{line}:{column}: {}[{}]: {}\n",
        words.of("severity", severity),
        fault.code.name(),
        message(fault, words)
    );
    let level = if fault.code.severity() == Severity::Error { Level::ERROR } else { Level::WARNING };
    let hint = Level::HELP.with_name(words.of("severity", "help"));
    let mut group = Group::with_level(level);
    let has_line = !file.text.trim().is_empty();
    if has_line {
        let (excerpt, span) = excerpt(file, fault.span.range());
        let annotation = AnnotationKind::Primary.span(span);
        group = group.element(Snippet::source(excerpt).line_start(line).annotation(annotation));
    }
    let help = audience.help(fault.code, words);
    if let Some(help) = help {
        group = group.element(hint.clone().message(help));
    }
    let witness = parameter(fault, "witness");
    let witness = witness.map(|command| words.with("rules_check.see", &[("command", &command)]));
    if let Some(witness) = &witness {
        group = group.element(hint.message(&**witness));
    }
    if has_line || help.is_some() {
        let renderer = if look.color { colored() } else { Renderer::plain() };
        text.push_str(&renderer.term_width(look.width).render(&[group]));
        text.push('\n');
    }
    text
}

const fn colored() -> Renderer {
    let (red, magenta) = (AnsiColor::Red.on_default().bold(), AnsiColor::Magenta.on_default().bold());
    let cyan = AnsiColor::Cyan.on_default();
    Renderer::styled()
        .error(red)
        .warning(magenta)
        .info(cyan)
        .note(cyan)
        .help(cyan)
        .line_num(cyan)
        .context(cyan)
        .emphasis(Style::new().bold())
}

fn parameter<'f>(fault: &'f Fault, name: &str) -> Option<&'f str> {
    fault.params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
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

pub fn json(faults: &[Fault], texts: &[SourceText], audience: Audience, words: &Words<'_>) -> String {
    let starts: Vec<Vec<usize>> = texts.iter().map(SourceText::line_starts).collect();
    let line = |fault: &Fault| {
        let (file, starts) = (&texts[usize::from(fault.span.text)], &starts[usize::from(fault.span.text)]);
        let place = file.line_column_in(starts, fault.span.range().start);
        json::text::line(&FaultView::new(fault, &file.path, place, audience, words))
    };
    faults.iter().map(line).collect()
}

views! {
    FaultView<'a>(fault: &'a Fault, path: &'a str, place: (usize, usize), audience: Audience, words: &Words<'a>) {
        code: &'static str = fault.code.name(),
        severity: &'static str = fault.code.severity().name(),
        path: &'a str = path,
        line: usize = place.0,
        column: usize = place.1,
        message: String = message(fault, words),
        suggestion: Option<&'a str> = parameter(fault, "suggestion"),
        help unless "Option::is_none": Option<&'a str> = audience.help(fault.code, words),
        witness unless "Option::is_none": Option<&'a str> = parameter(fault, "witness"),
    }

    CodeView<'a>(code: Code, words: &Words<'a>) {
        code: &'static str = code.name(),
        severity: &'static str = code.severity().name(),
        explanation: &'a str = words.of("diagnostic_explain", code.name()),
        help: &'a str = words.of("diagnostic_help", code.name()),
    }
}

/// What a code means, why it matters and what to do, with an example.
pub fn explain(code: Code, width: usize, words: &Words<'_>) -> String {
    let mut text = format!("{} · {}\n\n", code.name(), code.severity().name());
    for line in words.of("diagnostic_explain", code.name()).lines() {
        // What is indented is an example, to be copied as it stands.
        if line.starts_with(' ') {
            text.push_str(line);
            text.push('\n');
        } else {
            push_wrapped(&mut text, line, wrapping(width));
        }
    }
    text.push('\n');
    let help = words.of("diagnostic_help", code.name());
    push_wrapped(&mut text, &words.with("rules_check.what-to-do", &[("help", &help)]), wrapping(width));
    text
}

pub fn explain_json(code: Code, words: &Words<'_>) -> String {
    json::text::line(&CodeView::new(code, words))
}

/// What is wrong, and what is near to what was written.
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
            "reason" => (*name, reason(value, &fault.params, words)),
            "allowed" | "case" => (*name, inert(value).into_owned()),
            _ => (*name, shown(value)),
        })
        .collect();
    let values: Vec<(&str, &dyn ToText)> = values.iter().map(|(name, value)| (*name, value as &dyn ToText)).collect();
    let key = format!("diagnostic.{}", fault.code.name());
    let mut text = words.with(&key, &values);
    let has = |name: &str| values.iter().any(|(known, _)| *known == name);
    if has("suggestion") {
        let key = if has("name") { "diagnostic_hint.did-you-mean-named" } else { "diagnostic_hint.did-you-mean" };
        text = format!("{text}; {}", words.with(key, &values));
    }
    if let Some(note) = parameter(fault, "note") {
        text = format!("{text}; {}", words.with(note, &values));
    }
    let hints = [
        ("inside", "diagnostic_hint.inside"),
        ("relation", "diagnostic_hint.relation"),
        ("example", "diagnostic_hint.example"),
    ];
    let hint = hints.into_iter().find(|(name, _)| has(name)).map(|(_, key)| key);
    let is_country = fault.code == Code::UnknownCountry && !has("suggestion");
    if let Some(key) = hint.or_else(|| is_country.then_some("diagnostic_hint.country")) {
        text = format!("{text}; {}", words.with(key, &values));
    }
    text
}

/// Why a text cannot be read: the English reason of the parser in the reader's language; as it is where the message
/// files do not know it.
fn reason(text: &str, params: &[(&'static str, String)], words: &Words<'_>) -> String {
    let slug = |text: &str| {
        let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("-").to_lowercase()
    };
    let (what, expected) = text.split_once(", expected ").unwrap_or((text, ""));
    let key = format!("syntax_reason.{}", slug(what));
    if words.text(&key).is_none() {
        return inert(text).into_owned();
    }
    let values: Vec<(&str, &dyn ToText)> = params.iter().map(|(name, value)| (*name, value as &dyn ToText)).collect();
    let what = words.with(&key, &values);
    if expected.is_empty() {
        return what;
    }
    let in_words = |one: &'_ str| words.text(&format!("syntax_expected.{}", slug(one))).unwrap_or(one).to_owned();
    let list = expected.split(", ").map(in_words);
    words.with("syntax_reason.expected", &[("what", &what), ("list", &list.collect::<Vec<_>>().join(", "))])
}
