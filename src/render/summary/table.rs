//! Rows for eyes: who, the answer, why, and what is next.

use super::{Cell, DEADLINES, SummaryRow, WHY, named};
use crate::assessment::StayStatus;
use crate::render::Words;
use crate::render::grid::Grid;
use crate::render::words::{called, inert};

pub const SHOWN: [&str; 6] = ["line", "who", "citizenship", "answer", "why", "next"];

/// So many columns hold the whole table; in fewer the facts of a row stand below each other.
const WHOLE: usize = 80;
/// The columns that then stand beside them.
const BESIDE: usize = 2;

/// A row as the table shows it; the fault of a line stands below the table.
#[derive(Clone, Debug, Default)]
pub struct ShownRow {
    pub cells: [String; SHOWN.len()],
    pub fault: Option<String>,
}

impl ShownRow {
    pub fn of(row: &SummaryRow<'_>, words: &Words<'_>) -> Self {
        let place = row.file.map_or_else(|| row.line.to_string(), |file| format!("{}:{}", called(file), row.line));
        let ids = row.why.0.ids().iter();
        let why: Vec<&str> = ids.map(|id| named(words, WHY, id)).collect();
        let what = row.next_what.map(|what| named(words, DEADLINES, what.0));
        let next = row.next_due.zip(what).map(|(day, what)| format!("{}: {what}", words.day(day)));
        let id = row.id.map(|id| id.0);
        let country = row.citizenship.map(|country| country.1.to_owned());
        Self {
            cells: [
                place.clone(),
                row.name.or(id).map(called).unwrap_or_default().into_owned(),
                country.unwrap_or_default(),
                answer(row, words),
                why.join("; "),
                next.unwrap_or_default(),
            ],
            fault: row.error.map(|text| words.with("batch_cell.fault", &[("line", &place), ("error", &inert(text))])),
        }
    }
}

/// The status in words, with the days over or left.
fn answer(row: &SummaryRow<'_>, words: &Words<'_>) -> String {
    if row.error.is_some() {
        return words.label("batch_cell.error").to_owned();
    }
    let count = |key: &str, days: i32| words.count(key, days, &[]);
    let days = match row.days_over.filter(|days| *days > 0) {
        Some(days) if row.stay.is_some_and(|stay| stay.0 == StayStatus::Overstay.name()) => {
            Some(count("batch_cell.over", days))
        }
        // Lawful until now; it is the planned exit that comes too late.
        Some(days) => Some(count("batch_cell.exit", days)),
        None => row.days_left.map(|days| count("batch_cell.left", days)),
    };
    let status = words.of("compare_status", row.status.0).to_owned();
    [Some(status), days].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The table, so many columns wide: the rows, and below them what is wrong with lines.
pub fn table(rows: &[ShownRow], words: &Words<'_>, width: usize) -> String {
    let header = SHOWN.map(|column| words.of("batch_column", column).to_owned());
    let below = |row: &ShownRow| {
        let facts = header.iter().zip(&row.cells).skip(BESIDE).filter(|(_, cell)| !cell.is_empty());
        let facts: Vec<String> = facts.map(|(name, cell)| format!("{name}: {cell}")).collect();
        let first = |at: usize, cell: &String| if at == 0 { cell.clone() } else { String::new() };
        let beside = |at: usize| row.cells[..BESIDE].iter().map(move |cell| first(at, cell));
        facts.into_iter().enumerate().map(|(at, fact)| beside(at).chain([fact]).collect()).collect::<Vec<Vec<String>>>()
    };
    let grid = if width < WHOLE {
        let header = header[..BESIDE].iter().cloned().chain([String::new()]).collect();
        Grid { header, rows: rows.iter().flat_map(below).collect() }
    } else {
        Grid { header: header.into(), rows: rows.iter().map(|row| row.cells.to_vec()).collect() }
    };
    let faults = rows.iter().filter_map(|row| row.fault.as_ref());
    let faults = faults.map(|fault| format!("\n{}\n", textwrap::fill(fault, width)));
    [grid.table(width)].into_iter().chain(faults).collect()
}

/// The word or number of a cell, for grouping.
pub fn group(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Id(text) | Cell::Text(text) => called(text).into_owned(),
        cell => cell.csv(false).into_owned(),
    }
}
