//! The answer as CSV (RFC 4180), one row per finding, for spreadsheets.

use std::borrow::Cow;

use super::phrases::{deadline_text, level, limit_text, source_text, stay_text};
use super::words::inert;
use super::{Sections, Words};
use crate::assessment::{Assessment, RuleRef};

pub const COLUMNS: [&str; 8] = ["section", "id", "person", "date", "status", "text", "rule", "source"];

pub fn render(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> String {
    let rows = rows(assessment, sections, words);
    written(COLUMNS.iter(), rows.iter().map(|row| row.iter().map(|cell| harmless(cell))))
}

/// All findings of an answer, in the order of its parts, each in the order of [`COLUMNS`].
fn rows(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> Vec<[String; COLUMNS.len()]> {
    let mut rows = Vec::new();
    for person in assessment.persons() {
        let mut add = |section: &str, id: &str, date: Option<String>, status: &str, text, rules: &[RuleRef<'_>]| {
            rows.push([
                section.to_owned(),
                id.to_owned(),
                person.label.to_string(),
                date.unwrap_or_default(),
                status.to_owned(),
                text,
                rules.iter().map(|rule| rule.id).collect::<Vec<_>>().join(" "),
                rules.iter().map(source_text).collect::<Vec<_>>().join("; "),
            ]);
        };
        if sections.has_stay() {
            let (stay, rules) = (&person.stay, person.stay.binding().collect::<Vec<_>>());
            let last = stay.last_day.map(|day| day.to_string());
            add("stay", stay.basis, last, stay.status.name(), stay_text(stay, words), &rules);
            for limit in &stay.limits {
                let last = limit.last_day.map(|day| day.to_string());
                let status = last.as_ref().map_or_else(String::new, |day| format!("{}/{day}", limit.used));
                add("limit", limit.rule.id, last, &status, limit_text(limit, words), &[limit.rule]);
            }
            for deadline in &person.deadlines {
                let (due, status) = (deadline.due.map(|due| due.to_string()), deadline.status.name());
                add("deadline", deadline.id, due, status, deadline_text(deadline, words), &[deadline.rule]);
            }
        }
        if let Some(permit) = person.permit.as_ref().filter(|_| sections.has_permit()) {
            let (hold_by, status) = (permit.hold_by.map(|day| day.to_string()), permit.status.name());
            add("trp", permit.kind, hold_by, status, words.sentence(&permit.because), permit.rule.as_slice());
        }
        for line in person.documents.iter().filter(|_| sections.has_documents()) {
            let (title, because) = (words.of("document", line.id), words.sentence(&line.because.message()));
            let text = words.with("row.document", &[("title", &title), ("because", &because)]);
            let id = format!("{}/{}", line.procedure, line.id);
            add("document", &id, None, line.requirement.name(), text, &[line.rule]);
        }
    }
    let empty = String::new;
    rows.extend(assessment.notices.iter().map(|notice| {
        let (code, person, level) =
            (notice.code.to_string(), notice.person.to_string(), level(notice.level).to_owned());
        let text = words.sentence(&notice.text);
        ["notice".to_owned(), code, person, empty(), level, text, notice.rules.join(" "), empty()]
    }));
    rows.extend(assessment.needs.iter().map(|need| {
        let text = words.with("row.need", &[("affects", &need.affects.join(", "))]);
        ["need".to_owned(), need.fact.to_string(), empty(), empty(), "unknown".to_owned(), text, empty(), empty()]
    }));
    rows
}

pub(super) fn written<C: AsRef<str>>(
    header: impl Iterator<Item = impl AsRef<str>>,
    records: impl Iterator<Item = impl Iterator<Item = C>>,
) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(header.map(|cell| cell.as_ref().as_bytes().to_vec()));
    for record in records {
        for cell in record {
            let _ = writer.write_field(cell.as_ref());
        }
        let _ = writer.write_record(None::<&[u8]>);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula (a quote goes before a first `=`, `+`, `-`, `@`; whole numbers are
/// none), without control characters.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    let is_number = || cell.parse::<i64>().is_ok() && !cell.starts_with('+');
    match inert(cell) {
        cell if cell.starts_with(['=', '+', '-', '@']) && !is_number() => Cow::Owned(format!("'{cell}")),
        cell => cell,
    }
}
