//! The document matrix, as a table of cells.

use super::Words;
use super::grid::Grid;
use crate::review::matrix::{Case, Cell, Matrix, Row};

/// The matrix with a line for each document that somebody must bring, or for all. `marks` is the table
/// of texts for the cells: `matrix_cell` for eyes, `matrix_word` for spreadsheets.
pub fn grid(matrix: &Matrix<'_>, all: bool, marks: &str, words: &Words<'_>) -> Grid {
    let title = |id: &&str| {
        if id.is_empty() { words.of("matrix_cell", "everybody") } else { words.of("matrix", id) }.to_owned()
    };
    let mut header = vec![words.of("column", "document").to_owned()];
    header.extend(matrix.columns.iter().map(title));
    let line = |row: &Row<'_>| {
        let mut cells = vec![words.of("document", row.document).to_owned()];
        cells.extend(row.cells.iter().map(|cell| cell_text(cell, marks, words)));
        cells
    };
    let rows = matrix.rows.iter().filter(|row| all || row.is_asked()).map(line).collect();
    Grid { header, rows }
}

fn cell_text(cell: &Cell<'_>, marks: &str, words: &Words<'_>) -> String {
    let label = |id: &str| words.of(marks, id).to_owned();
    match cell {
        Cell::Required => label("required"),
        Cell::NotRequired => label("not-required"),
        Cell::OneOf(_) => label("one-of"),
        Cell::If(cases) => cases.iter().map(|case| case_text(case, words)).collect::<Vec<_>>().join("; "),
    }
}

fn case_text(case: &Case<'_>, words: &Words<'_>) -> String {
    let (fact, values) = words.fact(case.fact, &case.values);
    let key = if case.is_negated { "matrix_cell.if-not" } else { "matrix_cell.if" };
    words.with(key, &[("fact", &fact), ("values", &values)])
}
