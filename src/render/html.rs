//! Documents as a page of HTML. A page is one file: it asks for nothing else, runs nothing, and reads the same on a
//! screen, light or dark, on a phone and on paper.

use std::borrow::Cow;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Block, Document, Kind, Name, Row, Section, Source};
use super::grid::Grid;
use super::words::inert;
use super::{Words, svg, timeline};
use crate::assessment::{DayState, PersonAssessment, Status, Timeline};
use crate::calendar::{Day, DayRange};

const STYLE: &str = include_str!("html/style.css");

pub fn draw(document: &Document<'_>, words: &Words<'_>) -> String {
    let (answer, sections): (Vec<_>, Vec<_>) =
        document.sections.iter().partition(|section| section.kind == Kind::Answer);
    let has_days = |section: &&Section<'_>| section.blocks.iter().any(|block| matches!(block, Block::Days(..)));
    let title = [&*document.about, &*document.title].into_iter().filter(|part| !part.is_empty());
    let title = short(title.collect::<Vec<_>>().join(" · "));
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
                    @if !document.about.is_empty() { p.about { (shown(&document.about)) } }
                    @if let Some(status) = document.status { (badge(status, words)) }
                    h1 { (shown(&document.title)) }
                    @for block in answer.iter().flat_map(|section| &section.blocks) { (drawn(block, words)) }
                }
                main {
                    @if sections.iter().any(has_days) { (PreEscaped(svg::fills())) }
                    @for section in sections { (section_of(section, words)) }
                }
                footer { p { (words.label("footer.no-legal-advice")) } }
            }
        }
    };
    page.into_string() + "\n"
}

/// A section, unless all that is in it is for the command line.
fn section_of(section: &Section<'_>, words: &Words<'_>) -> Markup {
    let is_drawn = |block: &Block<'_>| !matches!(block, Block::Hint(_));
    if section.heading.is_empty() && !section.blocks.iter().any(is_drawn) {
        return html! {};
    }
    let blocks = html! { @for block in &section.blocks { (drawn(block, words)) } };
    html! {
        section class=(section.kind.name()) {
            @if section.kind == Kind::Sources {
                details { summary { (shown(&section.heading)) } (blocks) }
            } @else {
                @if !section.heading.is_empty() { h2 { (shown(&section.heading)) } }
                (blocks)
            }
        }
    }
}

fn drawn(block: &Block<'_>, words: &Words<'_>) -> Markup {
    match block {
        Block::Text(text) => html! { p { (shown(text)) } },
        Block::Hint(_) => html! {},
        Block::Remark(mark, text) if mark.trim().is_empty() => html! { p { (shown(text)) } },
        Block::Remark(mark, text) => html! { p.remark.(tone(mark)) { (sign(mark)) " " span { (shown(text)) } } },
        Block::Lines(lines) => html! {
            dl { @for (label, text) in lines { div { dt { (shown(label)) } dd { (shown(text)) } } } }
        },
        Block::Rows(rows) if rows.iter().all(|row| !row.paper.is_empty()) => html! {
            ul.boxes { @for row in rows { (paper(row)) } }
        },
        Block::Rows(rows) => html! { ol { @for row in rows { (line(row)) } } },
        Block::Grid(grid) => table(grid),
        Block::Days(days, person) => figure(days, person, words),
        Block::Sources(sources) => html! { ul { @for known in sources { li { (source(known, words)) } } } },
        Block::People(people) => html! {
            ul { @for (person, status) in people { li { (name(person)) (badge(*status, words)) } } }
        },
    }
}

fn line(row: &Row<'_>) -> Markup {
    let has_day = !row.day.is_empty();
    html! {
        li.(tone(row.mark)) .said[!has_day] {
            (sign(row.mark))
            @if has_day { p.day { span.date { (shown(&row.day)) } " " span.when { (shown(&row.more)) } } }
            div {
                p.what { (shown(&row.what)) }
                @if !row.people.is_empty() {
                    ul.names {
                        @for (at, person) in row.people.iter().enumerate() { li { @if at > 0 { " · " } (name(person)) } }
                    }
                }
            }
        }
    }
}

/// A paper with a box that can be ticked.
fn paper(row: &Row<'_>) -> Markup {
    html! {
        li data-document=(row.paper) {
            label {
                input type="checkbox" checked[row.mark == "☑"];
                span { (shown(&row.what)) @if !row.more.is_empty() { small { " · " (shown(&row.more)) } } }
            }
        }
    }
}

fn name(Name { text, page }: &Name<'_>) -> Markup {
    html! { @match page { Some(page) => a href=(page) { (shown(text)) }, None => span { (shown(text)) } } }
}

fn table(grid: &Grid) -> Markup {
    html! {
        table {
            thead { tr { @for cell in &grid.header { th scope="col" { (shown(cell)) } } } }
            tbody { @for row in &grid.rows { tr { @for cell in row { td { (shown(cell)) } } } } }
        }
    }
}

/// The days around today, month by month; months without a day in the country are left out.
fn figure(days: &Timeline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> Markup {
    let has_something = |month: &DayRange| {
        let is_something = |day| days.state_on(day) != DayState::Outside || days.marks_on(day).next().is_some();
        month.iter().any(|day| days.days.contains(day) && is_something(day))
    };
    html! {
        figure {
            figcaption { (shown(&timeline::title(days, words))) }
            div.sheets {
                @for month in days.months().filter(has_something) { (PreEscaped(svg::sheet(days, month, words))) }
            }
            ul.legend {
                @for state in days.states() {
                    li {
                        (PreEscaped(svg::sign(state, &[])))
                        span { (shown(&timeline::state_text(days, state, words))) }
                    }
                }
                @for (kind, text) in timeline::mark_texts(days, person, words) {
                    li { (PreEscaped(svg::sign(DayState::Outside, &[kind]))) span { (shown(&text)) } }
                }
            }
        }
    }
}

fn source(source: &Source<'_>, words: &Words<'_>) -> Markup {
    let title = words.of("source", source.id);
    html! {
        cite {
            @match source.address { Some(address) => a href=(address) { (shown(title)) }, None => (shown(title)) }
        }
        @for ground in &source.grounds {
            @let places: Vec<&str> = ground.places.iter().map(|at| words.of("place", at)).collect();
            p {
                b { (shown(&places.join(", "))) }
                " · " (shown(words.of("standing", ground.standing)))
                " · " (shown(&words.with("html.verified", &[("day", &ground.verified)])))
            }
            p.rules { @for rule in &ground.rules { code { (rule) } " " } }
        }
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
fn badge(status: Status, words: &Words<'_>) -> Markup {
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
fn tone(mark: &str) -> &'static str {
    match mark {
        "✗" => "late",
        "!" => "look",
        "●" => "due",
        "✓" => "done",
        _ => "open",
    }
}

/// A mark that only repeats the words beside it.
fn sign(mark: &str) -> Markup {
    html! { span.mark aria-hidden="true" { (mark) } }
}

/// A text for a page: control characters replaced, what stands between backticks as code, days unbroken at their
/// hyphens.
fn shown(text: &str) -> Markup {
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
