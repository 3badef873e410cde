//! Words: a question of an interview, for eyes and for programs that ask it themselves.

use serde::Serialize;

use super::Words;
use super::json::text::pretty_text;
use crate::assess::question::Question;
use crate::profile::edit::FactName;
use crate::profile::fields::Form;

/// How the value of a fact is called in JSON, and in the table of hints.
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

/// The question as a sentence; of a member of the family with who it is about.
pub fn text(fact: &FactName, words: &Words<'_>) -> String {
    let text = words.of("ask_question", fact.path());
    match fact.member {
        None => text.to_owned(),
        Some(member) => words.with("ask.of-member", &[("n", &(member + 1)), ("question", &text)]),
    }
}

/// What a value is called.
pub fn value_text<'w>(form: Form, value: &'w str, words: &Words<'w>) -> &'w str {
    match form {
        Form::Word(fact) => words.of(fact.table(), value),
        _ => words.of("ask_word", value),
    }
}

/// Why the question is asked: what hangs on it.
pub fn why(question: &Question<'_>, words: &Words<'_>) -> String {
    listed("ask.why", &question.affects, words)
}

/// What an answer has changed: parts of the answer, documents and deadlines, by their ids.
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
        more => words.count(&format!("{key}-more"), i32::try_from(more).unwrap_or(i32::MAX), &[("list", &list)]),
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

/// The question, or that there is none, for a program.
pub fn json(question: Option<&Question<'_>>, words: &Words<'_>) -> String {
    #[derive(Serialize)]
    struct View<'v> {
        schema: &'static str,
        done: bool,
        question: Option<QuestionView<'v>>,
    }
    #[derive(Serialize)]
    struct QuestionView<'v> {
        fact: String,
        text: String,
        why: String,
        allowed: AllowedView<'v>,
        affects: &'v [String],
        required: bool,
    }
    #[derive(Serialize)]
    struct AllowedView<'v> {
        kind: &'static str,
        values: Option<Vec<ValueView<'v>>>,
        hint: Option<String>,
    }
    #[derive(Serialize)]
    struct ValueView<'v> {
        id: &'v str,
        text: &'v str,
    }
    let question = question.map(|question| {
        let form = question.fact.form();
        let values: Vec<ValueView<'_>> =
            question.words.iter().map(|id| ValueView { id, text: value_text(form, id, words) }).collect();
        QuestionView {
            fact: question.fact.to_string(),
            text: text(&question.fact, words),
            why: why(question, words),
            allowed: AllowedView {
                kind: kind(form),
                values: Some(values).filter(|values| !values.is_empty()),
                hint: Some(hint(form, words)).filter(|hint| !hint.is_empty()),
            },
            affects: &question.affects,
            required: question.is_needed,
        }
    });
    let view = View { schema: SCHEMA, done: question.is_none(), question };
    pretty_text(&view)
}

/// The form of what [`json`] writes.
const SCHEMA: &str = "trp-check/question/1";

/// A text in lines of so many columns.
pub fn wrapped(text: &str, width: usize) -> String {
    textwrap::fill(text, super::wrapping(width).break_words(false))
}
