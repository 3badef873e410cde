//! What all pages have in common: head, style, title and foot.
//!
//! A page is one file: it asks for nothing else, runs nothing, and reads the same on a screen, light or dark, on a
//! phone and on paper.

use std::borrow::Cow;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assessment::Status;
use crate::calendar::Day;
use crate::render::Words;
use crate::render::words::inert;

const STYLE: &str = include_str!("style.css");

pub struct Frame<'a> {
    pub title: &'a [&'a str],
    pub heading: &'a str,
    pub lead: &'a [String],
    pub status: Option<Status>,
    /// Where the content comes from, and what it is not.
    pub foot: &'a [&'a str],
}

impl Frame<'_> {
    pub fn around(&self, content: Markup, words: &Words<'_>) -> String {
        let title = short(self.title.join(" · "));
        let page = html! {
            (DOCTYPE)
            html lang=(words.language()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    meta name="generator" content=(concat!("trp-check ", env!("CARGO_PKG_VERSION")));
                    title { (inert(&title)) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header.masthead {
                        @if let Some(status) = self.status { (badge(status, words)) }
                        h1 { (shown(self.heading)) }
                        @for line in self.lead { p { (shown(line)) } }
                    }
                    main { (content) }
                    footer {
                        @for line in self.foot { p { (shown(line)) } }
                    }
                }
            }
        };
        page.into_string() + "\n"
    }
}

fn short(text: String) -> String {
    const MOST: usize = 70;
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

/// How an answer stands: a mark, and the same in words.
pub fn badge(status: Status, words: &Words<'_>) -> Markup {
    let mark = match status {
        Status::Ok => "✓",
        Status::ActionNeeded => "!",
        Status::Violation => "✗",
        Status::Unknown => "?",
    };
    html! {
        strong.badge.(tone(mark)) { (sign(mark)) " " (shown(words.of("compare_status", status.name()))) }
    }
}

/// The class that colours something by its mark; the mark and the words beside it say the same.
pub fn tone(mark: &str) -> &'static str {
    match mark {
        "✗" => "late",
        "!" => "look",
        "●" => "due",
        "✓" => "done",
        _ => "open",
    }
}

/// A mark that only repeats the words beside it.
pub fn sign(mark: &str) -> Markup {
    html! { span.mark aria-hidden="true" { (mark) } }
}

/// A text for a page: control characters replaced, what stands between backticks as code, days unbroken at their
/// hyphens.
pub fn shown(text: &str) -> Markup {
    let text: Cow<'_, str> = inert(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return with_days(&text);
    }
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (with_days(part)) }
        }
    }
}

fn with_days(text: &str) -> Markup {
    const LETTERS: usize = "2026-12-31".len();
    let mut parts = Vec::new();
    let is_day = |at: &usize| text.get(*at..at + LETTERS).is_some_and(|part| Day::parse(part).is_ok());
    let places: Vec<usize> = text.match_indices('-').filter_map(|(at, _)| at.checked_sub(4)).filter(is_day).collect();
    let mut from = 0;
    for at in places {
        parts.push((&text[from..at], &text[at..at + LETTERS]));
        from = at + LETTERS;
    }
    html! {
        @for (before, day) in parts { (before) time { (day) } }
        (&text[from..])
    }
}
