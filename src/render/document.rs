//! A document: what an answer says, in the order in which it is read, before any format.

use std::fmt::Write as _;

use super::markdown::escape;
use super::table::{Look, Page};

#[derive(PartialEq)]
pub enum Block {
    /// A sentence or several.
    Text(String),
    /// What the lines after it are about.
    Heading(String),
    /// Sentences behind a mark.
    Remark(&'static str, String),
    /// Sentences behind a label.
    Labelled(String, String),
    /// Lines of a list, each with its mark.
    Rows(Vec<Row>),
    /// What follows is of another sort.
    Gap,
}

/// A line of a list.
#[derive(PartialEq)]
pub struct Row {
    pub mark: &'static str,
    /// A day, or nothing.
    pub day: String,
    pub what: String,
    /// More about it, at the end of the line.
    pub more: String,
}

/// Below this width what stands at the end of a line goes behind its text.
const NARROW: usize = 72;

/// For a terminal.
pub fn drawn(blocks: &[Block], look: Look) -> String {
    let mut page = Page::new(look);
    for block in blocks {
        match block {
            Block::Text(text) => page.paragraph(text),
            Block::Heading(text) => page.part(text),
            Block::Remark(mark, text) => page.remark(mark, text),
            Block::Labelled(label, text) => page.labelled(label, text),
            Block::Rows(rows) => page.rows(rows, look.width < NARROW),
            Block::Gap => page.gap(),
        }
    }
    page.text
}

/// As Markdown (`CommonMark`).
pub fn markdown(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        let _ = match block {
            Block::Text(sentences) => writeln!(text, "{}\n", escape(sentences)),
            Block::Heading(heading) => writeln!(text, "**{}**\n", escape(heading)),
            Block::Remark(mark, sentences) if mark.trim().is_empty() => writeln!(text, "{}\n", escape(sentences)),
            Block::Remark(mark, sentences) => writeln!(text, "{mark} {}\n", escape(sentences)),
            Block::Labelled(label, sentences) if label.trim().is_empty() => writeln!(text, "{}\n", escape(sentences)),
            Block::Labelled(label, sentences) => writeln!(text, "**{}** {}\n", escape(label), escape(sentences)),
            Block::Gap => Ok(()),
            Block::Rows(rows) => {
                for Row { mark, day, what, more } in rows {
                    let parts = [day, what, more].into_iter().filter(|part| !part.is_empty());
                    let parts: Vec<String> = parts.map(|part| escape(part)).collect();
                    let _ = writeln!(text, "- {mark} {}", parts.join(" · "));
                }
                writeln!(text)
            }
        };
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}
