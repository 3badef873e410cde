//! The answer as Markdown (`CommonMark` with tables), for chats and issues.

use std::fmt::Write as _;

use super::words::inert;
use super::{Sections, Words, lines, phrases};
use crate::assessment::{Assessment, DocumentLine, Requirement};

pub fn render(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# {}\n", escape(&phrases::heading(assessment, words)));
    for person in assessment.persons() {
        if !person.is_applicant() {
            let _ = writeln!(text, "## {}\n", escape(&phrases::person_heading(person, words)));
        }
        if sections.has_stay() {
            let _ = writeln!(text, "{}\n", escape(&phrases::stay_text(&person.stay, words)));
            if !person.deadlines.is_empty() {
                let columns = ["date", "what", "when", "rule"].map(|id| words.of("column", id));
                let _ = writeln!(text, "| {} |\n| --- | --- | --- | --- |", columns.join(" | "));
                for deadline in &person.deadlines {
                    let due = phrases::due(deadline, words);
                    let what = escape(&phrases::deadline_text(deadline, words));
                    let when = escape(&phrases::deadline_when(deadline, words));
                    let _ = writeln!(text, "| {due} | {what} | {when} | `{}` |", deadline.rule.id);
                }
                text.push('\n');
            }
        }
        if let Some(permit) = person.permit.as_ref().filter(|_| sections.has_permit()) {
            let heading = phrases::permit_heading(assessment, permit, words);
            let _ = writeln!(text, "**{}** {}\n", escape(&heading), escape(&words.sentence(&permit.because)));
        }
        if let Some(why) = lines::no_documents(assessment, person, sections, words) {
            let _ = writeln!(text, "{}\n", escape(&why));
        }
        if sections.has_documents() {
            checklist(&mut text, &person.documents, words);
        }
    }
    let notes = lines::notes(assessment, words);
    for note in &notes {
        let mark = words.of("mark", phrases::level(note.level));
        let _ = writeln!(text, "- **{mark}** {}", escape(&note.with_names()));
    }
    if !notes.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "_{}_", escape(words.label("footer.no-legal-advice")));
    text
}

fn checklist(text: &mut String, documents: &[DocumentLine<'_>], words: &Words<'_>) {
    let mut procedure = "";
    for line in documents.iter().filter(|line| line.requirement != Requirement::NotRequired) {
        if line.procedure != procedure {
            let gap = if procedure.is_empty() { "" } else { "\n" };
            procedure = line.procedure;
            let _ = writeln!(text, "{gap}### {}\n", escape(words.of("procedure", procedure)));
        }
        let tick = if line.held { "x" } else { " " };
        let title = escape(words.of("document", line.id));
        let form = escape(words.of("form", line.form));
        let _ = match line.requirement {
            Requirement::Required => writeln!(text, "- [{tick}] {title} ({form})"),
            _ => writeln!(text, "- [{tick}] {title} ({form}): {}", escape(&words.sentence(&line.because.message()))),
        };
    }
    let exempted = lines::by_reason(documents.iter().filter(|line| line.is_exempted), words);
    if let Some(line) = lines::not_needed(&exempted, words) {
        let _ = writeln!(text, "\n{}", escape(&line));
    }
    text.push('\n');
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
