//! The answers of a list as a workbook (`.xlsx`): the people, their deadlines, what could not be read, and what it rests on.
//! Rows are written as they come, so that memory does not grow with the list. No clock is asked: the same answers are the
//! same bytes.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Worksheet, XlsxError};

use super::Words;
use super::summary::{COLUMNS, Cell, DEADLINES, SummaryRow, named};
use super::words::inert;
use crate::assess::Decision;
use crate::assessment::RulesId;
use crate::calendar::Day;

/// What a row adds to the sheets.
#[derive(Debug)]
pub struct SheetRow {
    status: &'static str,
    cells: Vec<Cell<'static>>,
    /// In the order of [`OF_DEADLINES`].
    deadlines: Vec<[Cell<'static>; OF_DEADLINES.len()]>,
}

const OF_DEADLINES: [&str; 8] = ["line", "id", "name", "what", "due", "days_left", "deadline_status", "who"];
const OF_UNREAD: [&str; 3] = ["line", "id", "error"];
const STATUSES: [&str; 5] = ["violation", "action-needed", "unknown", "ok", "error"];

/// The places of the sheets.
const PEOPLE: usize = 0;
const DUE: usize = 1;
const UNREAD: usize = 2;
const ABOUT: usize = 3;
const SHEETS: [&str; 4] = ["people", "deadlines", "unread", "about"];

/// A cell takes so many characters of Excel's own kind (UTF-16); a letter is at most two.
const MOST_LETTERS: usize = 32_767 / 2;

/// The columns that stay where they are when the sheet is moved: to the name.
const STANDING: usize = 3;

impl SheetRow {
    /// A person, or a line that could not be read: then without a decision.
    pub fn of(row: &SummaryRow<'_>, decision: Option<&Decision<'_>>, words: &Words<'_>) -> Self {
        let cells = row.cells(Some(words)).into_iter().map(Cell::into_owned).collect();
        let mut deadlines = Vec::new();
        for (at, person) in decision.into_iter().flat_map(|decision| decision.persons().enumerate()) {
            let member = || words.with("sheet.member", &[("number", &at)]);
            let name = person.person.name.clone().unwrap_or_else(|| if at > 0 { member() } else { String::new() });
            let open = person.deadlines.iter().filter(|deadline| !deadline.status.is_done());
            for (deadline, due) in open.filter_map(|deadline| deadline.due.map(|due| (deadline, due.day))) {
                let text = |text: &str| Cell::Text(Cow::Owned(text.to_owned()));
                deadlines.push([
                    Cell::Number(i64::try_from(row.line).unwrap_or(i64::MAX)),
                    row.id.map_or(Cell::Empty, |id| Cell::Id(Cow::Owned(id.0.to_owned()))),
                    text(&name),
                    text(named(words, DEADLINES, deadline.id)),
                    Cell::Day(due),
                    deadline.days.map_or(Cell::Empty, |days| Cell::Number(days.into())),
                    text(words.of("compare_deadline", deadline.status.name())),
                    text(words.of("who", deadline.who.name())),
                ]);
            }
        }
        Self { status: row.status(), cells, deadlines }
    }
}

pub struct Sheets<'w> {
    workbook: rust_xlsxwriter::Workbook,
    words: Words<'w>,
    /// The columns of the people.
    columns: Vec<String>,
    /// The next row of each sheet.
    next: [u32; SHEETS.len()],
    bold: Format,
    day: Format,
    /// By status, in the order of [`STATUSES`].
    colors: [Format; STATUSES.len()],
}

impl<'w> Sheets<'w> {
    /// `columns` are those of the rows.
    pub fn new(columns: Vec<String>, today: Day, words: Words<'w>) -> Result<Self, XlsxError> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let (year, month, day) = today.ymd();
        let month = u8::try_from(month).unwrap_or(1);
        let created =
            ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(1900), month, u8::try_from(day).unwrap_or(1))?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        for name in SHEETS {
            workbook.add_worksheet_with_constant_memory()?.set_name(words.of("sheet_name", name))?;
        }
        let color = |color: u32| Format::new().set_background_color(Color::RGB(color));
        let mut sheets = Self {
            workbook,
            words,
            columns,
            next: [0; SHEETS.len()],
            bold: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            colors: [color(0xFF_C7_CE), color(0xFF_EB_9C), color(0xD9_D9_D9), color(0xC6_EF_CE), color(0xFF_C7_CE)],
        };
        let of_people: Vec<String> = sheets.columns.clone();
        sheets.head(PEOPLE, of_people.iter().map(|name| &**name))?;
        sheets.head(DUE, OF_DEADLINES.into_iter())?;
        sheets.head(UNREAD, OF_UNREAD.into_iter())?;
        Ok(sheets)
    }

    fn sheet(&mut self, at: usize) -> Result<&mut Worksheet, XlsxError> {
        self.workbook.worksheet_from_index(at)
    }

    /// The header of a sheet: it stays in sight, and its columns are wide enough for what stands in them.
    fn head<'c>(&mut self, at: usize, columns: impl Iterator<Item = &'c str>) -> Result<(), XlsxError> {
        let (words, bold) = (self.words, self.bold.clone());
        let sheet = self.sheet(at)?;
        sheet.set_freeze_panes(1, if at == PEOPLE { u16::try_from(STANDING).unwrap_or_default() } else { 0 })?;
        // On paper all columns stand side by side, with the header on each page.
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        for (column, name) in (0..).zip(columns) {
            sheet.set_column_width(column, width_of(name))?;
            let is_own = at != PEOPLE || matches!(name, "file" | "new") || COLUMNS.contains(&name);
            let label = if is_own { words.of("row_column", name) } else { name };
            sheet.write_string_with_format(0, column, shown(label), &bold)?;
        }
        self.next[at] = 1;
        Ok(())
    }

    /// Adds a row to the people, its deadlines, and a line that could not be read.
    pub fn add(&mut self, row: &SheetRow) -> Result<(), XlsxError> {
        let status_at = self.columns.iter().position(|column| column == "status");
        let color = STATUSES.iter().position(|status| *status == row.status).map(|at| self.colors[at].clone());
        if row.status == "error" {
            let cell = |name: &str| self.columns.iter().position(|column| column == name).map(|at| &row.cells[at]);
            let cells: Vec<Cell<'static>> = OF_UNREAD.iter().filter_map(|name| cell(name).cloned()).collect();
            return self.write(UNREAD, &cells, None);
        }
        self.write(PEOPLE, &row.cells, status_at.zip(color))?;
        row.deadlines.iter().try_for_each(|deadline| self.write(DUE, deadline, None))
    }

    fn write(&mut self, at: usize, cells: &[Cell<'_>], colored: Option<(usize, Format)>) -> Result<(), XlsxError> {
        let (row, day_format) = (self.next[at], self.day.clone());
        self.next[at] += 1;
        let sheet = self.sheet(at)?;
        for (column, (place, cell)) in (0_u16..).zip(cells.iter().enumerate()) {
            match cell {
                Cell::Empty => {}
                Cell::Id(text) | Cell::Text(text) if text.is_empty() => {}
                Cell::Id(text) | Cell::Text(text) => {
                    match colored.as_ref().filter(|(status, _)| *status == place) {
                        Some((_, color)) => sheet.write_string_with_format(row, column, shown(text), color)?,
                        None => sheet.write_string(row, column, shown(text))?,
                    };
                }
                // Counts of days and lines are far from where a number of a spreadsheet loses digits.
                #[allow(clippy::cast_precision_loss)]
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number as f64)?;
                }
                Cell::Day(day) => {
                    sheet.write_number_with_format(row, column, f64::from(serial(*day)), &day_format)?;
                }
            }
        }
        Ok(())
    }

    /// Adds what the answers rest on and what their words mean: the whole workbook. `counts` are those of the statuses.
    pub fn finish(
        mut self,
        (rules, today): (RulesId<'_>, Day),
        counts: impl Fn(&str) -> u64,
    ) -> Result<Vec<u8>, XlsxError> {
        let (words, bold) = (self.words, self.bold.clone());
        let text = |text: &str| Cell::Text(Cow::Owned(text.to_owned()));
        let about = |key: &str| text(words.of("sheet_about", key));
        let mut rows = vec![
            [about("asked"), Cell::Day(today), Cell::Empty],
            [about("rules"), text(&format!("{} {}", rules.pack, rules.version)), Cell::Empty],
            [about("sha256"), text(rules.sha256), Cell::Empty],
        ];
        for status in STATUSES {
            let table = if status == "error" { "batch_cell" } else { "compare_status" };
            let count = Cell::Number(i64::try_from(counts(status)).unwrap_or(i64::MAX));
            rows.push([text(words.of(table, status)), count, about(status)]);
        }
        rows.push([about("why"), about("why-means"), Cell::Empty]);
        rows.push([about("next"), about("next-means"), Cell::Empty]);
        rows.push([text(words.label("footer.no-legal-advice")), Cell::Empty, Cell::Empty]);
        rows.iter().try_for_each(|row| self.write(ABOUT, row, None))?;
        let sheet = self.sheet(ABOUT)?;
        sheet.set_column_width(0, width_of("name"))?.set_column_width(1, width_of("name"))?;
        sheet.set_column_format(0, &bold)?;
        for (at, columns) in [(PEOPLE, self.columns.len()), (DUE, OF_DEADLINES.len()), (UNREAD, OF_UNREAD.len())] {
            let last = u16::try_from(columns).unwrap_or(u16::MAX).saturating_sub(1);
            let row = self.next[at].saturating_sub(1);
            self.sheet(at)?.autofilter(0, 0, row, last)?;
        }
        self.workbook.save_to_buffer()
    }
}

/// Whether a sheet has no room for another row.
pub const fn is_full(error: &XlsxError) -> bool {
    matches!(error, XlsxError::RowColumnLimitError)
}

/// The number of a day in Excel's count, in which 1 March 1900 is day 61.
fn serial(day: Day) -> i32 {
    Day::from_ymd(1900, 3, 1).map_or(0, |first| day.days_since(first) + 61)
}

/// A text as a cell can hold it.
fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", inert(&text[..end - '…'.len_utf8()])),
        None => inert(text).into_owned(),
    }
}

/// How wide a column is, in digits.
fn width_of(column: &str) -> f64 {
    match column {
        "line" | "days_left" | "days_over" | "used" => 9.0,
        "why" | "new" | "error" | "missing" => 48.0,
        "name" | "next_what" | "what" => 30.0,
        _ => 18.0,
    }
}
