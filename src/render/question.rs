//! A question of an interview, for eyes and for programs that ask it themselves.

use super::Words;
use super::json::{text::pretty_text, views};
use super::words::called;
use crate::assess::question::Question;
use crate::calendar::Day;
use crate::profile::edit::FactName;
use crate::profile::fields::Form;

pub const fn kind(form: Form) -> &'static str {
    match form {
        Form::Country => "country",
        Form::Day => "day",
        Form::Moment => "moment",
        Form::DayOrNo => "day-or-no",
        Form::Number => "number",
        Form::YesNo(_) | Form::Word(_) => "word",
        Form::Stays => "stays",
        Form::Permits => "permits",
        Form::Text => "text",
        Form::Documents => "documents",
        Form::Moves => "days",
        Form::Family => "family",
    }
}

pub fn text(fact: &FactName, words: &Words<'_>) -> String {
    let text = words.of("ask_question", fact.path());
    match fact.member {
        None => text.to_owned(),
        Some(member) => words.with("ask.of-member", &[("n", &(member + 1)), ("question", &text)]),
    }
}

/// The question for eyes: a member of the family is called by name, where it has one.
pub fn text_for(fact: &FactName, name: Option<&str>, words: &Words<'_>) -> String {
    match name {
        Some(name) => format!("{}: {}", called(name), words.of("ask_question", fact.path())),
        None => text(fact, words),
    }
}

/// A day in any form that can be taken for one day only: `2026-11-02`, `02.11.2026`, and in the words of the language.
pub fn day(text: &str, words: &Words<'_>) -> Option<Day> {
    if let Some(day) = Day::parse(text).ok().or_else(|| Day::meant(text)) {
        return Some(day);
    }
    let text = text.to_lowercase();
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let month = (1..=12).find(|month| {
        let id = format!("{month:02}");
        let (short, long) = (words.of("month", &id).to_lowercase(), words.of("long_month", &id).to_lowercase());
        parts.iter().any(|part| part.starts_with(&short) || *part == long)
    })?;
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let [one, other] = numbers[..] else { return None };
    Day::from_ymd(i32::try_from(one.max(other)).ok()?, month, one.min(other))
}

pub fn value_text<'w>(form: Form, value: &'w str, words: &Words<'w>) -> &'w str {
    match form {
        Form::Word(fact) => words.of(fact.table(), value),
        _ => words.of("ask_word", value),
    }
}

/// What hangs on the answer; nothing where that is not known.
pub fn why(question: &Question<'_>, words: &Words<'_>) -> String {
    if question.affects.is_empty() { String::new() } else { listed("ask.why", &question.affects, words) }
}

/// A sentence with a list, of which only the first few are named one by one.
fn listed(key: &str, ids: &[String], words: &Words<'_>) -> String {
    const NAMED: usize = 4;
    let all: Vec<&str> = ids.iter().map(|id| affected(id, words)).collect();
    let list = all[..all.len().min(NAMED)].join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => words.with(key, &[("list", &list)]),
        more => words.count(&format!("{key}-more"), more, &[("list", &list)]),
    }
}

/// What is called by such an id: a part of an answer, a document, a deadline.
fn affected<'w>(id: &'w str, words: &Words<'w>) -> &'w str {
    let tables = ["ask_part", "document", "deadline"];
    tables.into_iter().map(|table| words.of(table, id)).find(|text| *text != id).unwrap_or(id)
}

/// How the answer is written; empty where it is chosen from a list.
pub fn hint(form: Form, words: &Words<'_>) -> String {
    words.text(&format!("ask_hint.{}", kind(form))).unwrap_or_default().to_owned()
}

pub fn json(question: Option<&Question<'_>>, words: &Words<'_>) -> String {
    pretty_text(&AskView::new(question, words))
}

views! {
    AskView<'v>(question: Option<&'v Question<'v>>, words: &Words<'v>) {
        schema: &'static str = "trp-check/question/1",
        done: bool = question.is_none(),
        question: Option<QuestionView<'v>> = question.map(|question| QuestionView::new(question, words)),
    }

    QuestionView<'v>(question: &'v Question<'v>, words: &Words<'v>) {
        fact: String = question.fact.to_string(),
        text: String = text(&question.fact, words),
        why: String = why(question, words),
        allowed: AllowedView<'v> = AllowedView::new(question, words),
        affects: &'v [String] = &question.affects,
        required: bool = question.is_needed,
    }

    AllowedView<'v>(question: &'v Question<'v>, words: &Words<'v>) {
        kind: &'static str = kind(question.fact.form()),
        values: Option<Vec<ValueView<'v>>> = (!question.words.is_empty())
            .then(|| question.words.iter().map(|id| ValueView::new(id, question.fact.form(), words)).collect()),
        hint: Option<String> = Some(hint(question.fact.form(), words)).filter(|hint| !hint.is_empty()),
    }

    ValueView<'v>(id: &'v str, form: Form, words: &Words<'v>) {
        id: &'v str = id,
        text: &'v str = value_text(form, id, words),
    }
}

pub fn wrapped(text: &str, width: usize) -> String {
    textwrap::fill(text, super::wrapping(width).break_words(false))
}
