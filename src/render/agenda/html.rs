//! The deadlines of many people as a page of HTML, week by week, and a link to the page about each of them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Lines, blocks, distinct, heading, left_out, name, nothing, notices};
use crate::assessment::{Agenda, Paged, Status, Whose};
use crate::render::Words;
use crate::render::html::frame::{Frame, badge, shown, sign, tone};

/// The agenda as a page; whoever has a page is a link to it.
pub fn render(agenda: &Agenda<'_>, pages: &[Paged<'_>], words: &Words<'_>) -> String {
    let links = Links::to(pages);
    let blocks = blocks(agenda, words);
    let summary = heading(agenda, words);
    let frame = Frame {
        title: &[words.label("html.deadlines"), &summary],
        heading: words.label("html.deadlines"),
        lead: std::slice::from_ref(&summary),
        status: None,
        foot: &[words.label("agenda.footer"), &summary],
    };
    let content = html! {
        @for block in &blocks { (block_of(agenda, block, &links, words)) }
        @if blocks.is_empty() { section { p { (shown(nothing(agenda, words))) } } }
        (notices_part(agenda, &links, words))
        @let left = left_out(agenda, words);
        @if !left.is_empty() { section.notes { @for text in left { p { (shown(&text)) } } } }
        @if !pages.is_empty() {
            section.people {
                h2 { (words.label("reports.people")) }
                ul {
                    @for paged in pages {
                        li { (links.person(&paged.whose, words)) (badge(paged.status, words)) }
                    }
                }
            }
        }
    };
    frame.around(content, words)
}

/// The pages about people, by file and line of their profiles.
struct Links<'a>(BTreeMap<(&'a str, Option<u64>), &'a str>);

impl<'a> Links<'a> {
    fn to(pages: &'a [Paged<'_>]) -> Self {
        Self(pages.iter().map(|paged| ((paged.whose.file, paged.whose.line), paged.page)).collect())
    }

    fn person(&self, whose: &Whose<'_>, words: &Words<'_>) -> Markup {
        let name = name(whose, words);
        html! {
            @match self.0.get(&(whose.file, whose.line)) {
                Some(page) => a href=(page) { (shown(&name)) },
                None => span { (shown(&name)) },
            }
        }
    }

    fn people<'w, 'r: 'w>(&self, all: impl Iterator<Item = &'w Whose<'r>>, words: &Words<'_>) -> Markup {
        html! {
            ul.names {
                @for (at, whose) in distinct(all).enumerate() {
                    li { @if at > 0 { " · " } (self.person(whose, words)) }
                }
            }
        }
    }
}

fn block_of(
    agenda: &Agenda<'_>,
    Lines { block, lines }: &Lines<'_, '_>,
    links: &Links<'_>,
    words: &Words<'_>,
) -> Markup {
    let mark = block.mark();
    html! {
        section.deadlines {
            h2 { (shown(&block.title(agenda.today, words))) }
            ol {
                @for line in lines {
                    li.(tone(mark)) {
                        (sign(mark))
                        p.day { span.date { (shown(&line.days(words))) } " " span.when { (shown(&line.when(words))) } }
                        div {
                            p.what { (shown(&line.what)) }
                            (links.people(line.items.iter().map(|item| &item.whose), words))
                            p.rules { (shown(line.who(words))) " · " code { (line.first().deadline.rule.id) } }
                        }
                    }
                }
            }
        }
    }
}

fn notices_part(agenda: &Agenda<'_>, links: &Links<'_>, words: &Words<'_>) -> Markup {
    let notices = notices(agenda, words);
    html! {
        @if !notices.is_empty() {
            section.deadlines {
                h2 { (words.label("agenda.notices")) }
                ol {
                    @for (text, of) in &notices {
                        @let mark = if of.iter().any(|notice| notice.status == Status::Unknown) { "?" } else { "✗" };
                        li.said.(tone(mark)) {
                            (sign(mark))
                            div {
                                p.what { (shown(text)) }
                                (links.people(of.iter().map(|notice| &notice.whose), words))
                            }
                        }
                    }
                }
            }
        }
    }
}
