//! Documents as Markdown (`CommonMark` with tables), for chats and issues.

use std::fmt::Write as _;

use super::Words;
use super::document::{Block, Document, Ground, Kind, Name, Row, Source};
use super::words::inert;

pub fn draw(document: &Document<'_>, words: &Words<'_>) -> String {
    let mut text = format!("# {}\n", escape(&document.title));
    for section in &document.sections {
        if !section.heading.is_empty() {
            let level = if section.kind == Kind::Rules { "###" } else { "##" };
            let _ = writeln!(text, "\n{level} {}", escape(&section.heading));
        }
        for block in &section.blocks {
            let drawn = match block {
                Block::Text(sentences) | Block::Hint(sentences) => escape(sentences),
                Block::Remark(mark, sentences) if mark.trim().is_empty() => escape(sentences),
                Block::Remark(mark, sentences) => format!("{mark} {}", escape(sentences)),
                Block::Lines(lines) => listed(lines.iter().map(labelled)),
                Block::Rows(rows) => listed(rows.iter().map(row)),
                Block::Grid(grid) => grid.markdown(),
                // A picture of signs is of no use where lines break anywhere.
                Block::Days(..) => continue,
                Block::Sources(sources) => listed(sources.iter().map(|known| source(known, words))),
                Block::People(people) => listed(people.iter().map(|(person, status)| {
                    format!("{}: {}", name(person), words.of("compare_status", status.name()))
                })),
            };
            let _ = writeln!(text, "\n{}", drawn.trim_end());
        }
    }
    text
}

fn listed(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| format!("- {line}\n")).collect()
}

fn labelled((label, text): &(String, String)) -> String {
    if label.trim().is_empty() { escape(text) } else { format!("**{}** {}", escape(label), escape(text)) }
}

fn row(Row { mark, day, what, more, people, rule, .. }: &Row<'_>) -> String {
    let mark = match *mark {
        "☐" => "[ ]",
        "☑" => "[x]",
        mark => mark,
    };
    let parts = [day, what, more].into_iter().filter(|part| !part.is_empty()).map(|part| escape(part));
    let mut line = format!("{mark} {}", parts.collect::<Vec<_>>().join(" · "));
    if !people.is_empty() {
        let _ = write!(line, ": {}", people.iter().map(name).collect::<Vec<_>>().join(", "));
    }
    if !rule.is_empty() {
        let _ = write!(line, " `{rule}`");
    }
    line
}

fn name(Name { text, page }: &Name<'_>) -> String {
    page.map_or_else(|| escape(text), |page| format!("[{}]({page})", escape(text)))
}

fn source(Source { id, address, grounds }: &Source<'_>, words: &Words<'_>) -> String {
    let title = escape(words.of("source", id));
    let mut line = address.map_or_else(|| title.clone(), |address| format!("[{title}]({address})"));
    for Ground { standing, verified, places, rules } in grounds {
        let places: Vec<String> = places.iter().map(|at| escape(words.of("place", at))).collect();
        let standing = escape(words.of("standing_name", standing));
        let rules: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
        let _ = write!(line, "; {} ({standing}, {verified}): {}", places.join(", "), rules.join(" "));
    }
    line
}

/// The text with everything that Markdown or HTML would take for markup made plain.
pub(super) fn escape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in inert(text).chars() {
        match c {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                plain.push('\\');
                plain.push(c);
            }
            _ => plain.push(c),
        }
    }
    plain
}
