//! A question of an interview, for eyes and for programs that ask it themselves.

use super::Words;
use super::json::{text::pretty_text, views};
use crate::assess::question::Question;
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

pub fn value_text<'w>(form: Form, value: &'w str, words: &Words<'w>) -> &'w str {
    match form {
        Form::Word(fact) => words.of(fact.table(), value),
        _ => words.of("ask_word", value),
    }
}

pub fn why(question: &Question<'_>, words: &Words<'_>) -> String {
    listed("ask.why", &question.affects, words)
}

pub fn changes(ids: &[String], words: &Words<'_>) -> String {
    if ids.is_empty() { words.label("ask.no-change").to_owned() } else { listed("ask.changes", ids, words) }
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
