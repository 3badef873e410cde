//! A plain table of cells, for a terminal, as Markdown and as CSV.

use comfy_table::{ContentArrangement, Table, presets};

use super::csv::{harmless, written};
use super::markdown::escape;
use super::words::inert;

#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// For a terminal so many columns wide: cells are wrapped, never cut.
    pub fn table(&self, width: usize) -> String {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX))
            .set_header(self.header.iter().map(|cell| inert(cell).into_owned()));
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| inert(cell).into_owned()));
        }
        let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        lines.concat()
    }

    /// For pipes: columns two blanks apart, the last one as long as it is; no header, no wrapping.
    pub fn aligned(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
        };
        self.rows.iter().map(line).collect()
    }

    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = format!("|{}\n", " --- |".repeat(self.header.len()));
        [line(&self.header), rule].into_iter().chain(self.rows.iter().map(|row| line(row))).collect()
    }

    pub fn csv(&self) -> String {
        written(
            self.header.iter().map(|cell| harmless(cell)),
            self.rows.iter().map(|row| row.iter().map(|cell| harmless(cell))),
        )
    }
}
