//! Words: the answer as CSV (RFC 4180), one row per finding, for spreadsheets.

use std::borrow::Cow;

use super::rows::{COLUMNS, rows};
use super::words::inert;
use super::{Sections, Words};
use crate::assessment::Assessment;

/// The answer as CSV text with a header line.
#[must_use]
pub fn render(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for row in rows(assessment, sections, words) {
        let _ = writer.write_record(row.values().map(harmless).iter().map(|cell| cell.as_bytes()));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula (a quote goes before a first `=`, `+`, `-`, `@`; whole numbers are
/// none), and no terminal for an order.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    let is_number = || cell.parse::<i64>().is_ok() && !cell.starts_with('+');
    match inert(cell) {
        cell if cell.starts_with(['=', '+', '-', '@']) && !is_number() => Cow::Owned(format!("'{cell}")),
        cell => cell,
    }
}
