//! The deadlines of many people as Markdown (`CommonMark` with tables), for chats and issues.

use std::fmt::Write as _;

use super::{Lines, blocks, heading, left_out, name, nothing, notices, people};
use crate::assessment::{Agenda, Paged};
use crate::render::Words;
use crate::render::markdown::escape;

pub fn render(agenda: &Agenda<'_>, words: &Words<'_>) -> String {
    index(agenda, &[], words)
}

pub fn index(agenda: &Agenda<'_>, pages: &[Paged<'_>], words: &Words<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# {}\n", escape(&heading(agenda, words)));
    let blocks = blocks(agenda, words);
    let columns = ["date", "what", "who", "when", "people", "rule"].map(|id| words.of("agenda_column", id));
    for Lines { block, lines } in &blocks {
        let _ = writeln!(text, "## {}\n", escape(&block.title(agenda.today, words)));
        let _ = writeln!(text, "| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()));
        for line in lines {
            let cells = [line.days(words), line.what.clone(), line.who(words).to_owned(), line.when(words)];
            let cells = cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" | ");
            let names = escape(&line.names(usize::MAX, words));
            let _ = writeln!(text, "| {cells} | {names} | `{}` |", line.first().deadline.rule.id);
        }
        text.push('\n');
    }
    if blocks.is_empty() {
        let _ = writeln!(text, "{}\n", escape(nothing(agenda, words)));
    }
    let notices = notices(agenda, words);
    if !notices.is_empty() {
        let _ = writeln!(text, "## {}\n", escape(words.label("agenda.notices")));
        for (text_of, of) in &notices {
            let names = people(of.iter().map(|notice| &notice.whose), usize::MAX, words);
            let _ = writeln!(text, "- {} {}", escape(text_of), escape(&names));
        }
        text.push('\n');
    }
    for line in left_out(agenda, words) {
        let _ = writeln!(text, "{}\n", escape(&line));
    }
    if !pages.is_empty() {
        let _ = writeln!(text, "## {}\n", escape(words.label("reports.people")));
        for paged in pages {
            let (name, status) = (name(&paged.whose, words), words.of("compare_status", paged.status.name()));
            let _ = writeln!(text, "- [{}]({}): {}", escape(&name), paged.page, escape(status));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "_{}_", escape(words.label("agenda.footer")));
    text
}
