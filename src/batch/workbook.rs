//! Lists in workbooks (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`): a sheet as the rows of a table, which then go the way of
//! all tables. Cells of type date are days, whatever they look like; nothing else is taken for one.
//!
//! A workbook is held in memory: its file, its shared texts, and the text of the sheet.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataType, Ods, Reader as _, SheetType, SheetVisible, Xls, Xlsb, Xlsx};

use super::grouped::Grouped;
use super::input::{Block, Blocks, Reading, Refusal};
use super::table::{MOST_TITLES, Record, header};
use crate::roster::layout::Rows;

/// What stands between the cells of the text of a sheet.
const DELIMITER: u8 = b',';

/// How an archive begins: all workbooks but those of old are one.
const ARCHIVE: &[u8] = &[0x50, 0x4B, 0x03, 0x04];

/// Whether bytes begin as those of a workbook do: an archive, or a compound file.
pub fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(ARCHIVE) || head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// The blocks of a list in a workbook.
pub fn blocks<'r>(bytes: Vec<u8>, list: usize, reading: Reading) -> Blocks<'r> {
    match read(bytes, reading.layout.sheet.as_deref()) {
        Ok(sheet) => {
            let most = reading.most;
            let is_by_stays = reading.layout.rows == Rows::Stays;
            let blocks: Blocks<'r> = Box::new(sheet.blocks(list, reading).into_iter().map(Ok));
            if is_by_stays { Box::new(Grouped::new(blocks, list, most)) } else { blocks }
        }
        Err(why) => Box::new(std::iter::once(Ok(Block::Refused { list, why }))),
    }
}

/// The rows of a sheet that hold something, as lines of a table.
#[derive(Default)]
struct Sheet {
    text: Vec<u8>,
    records: Vec<Record>,
    /// The row that is being written, from 1, where it begins, and how many cells it has.
    row: (u64, usize, u32),
}

impl Sheet {
    /// Adds a cell, by its row and column from 0. Cells come row by row.
    fn push(&mut self, (row, column): (u32, u32), cell: &impl DataType) -> Result<(), Refusal> {
        let text = text_of(cell);
        if text.trim().is_empty() {
            return Ok(());
        }
        let number = u64::from(row) + 1;
        if number < self.row.0 || number == self.row.0 && column < self.row.2 {
            return Err(Refusal::Workbook("cells out of order".to_owned()));
        }
        if number > self.row.0 {
            self.end_row();
            self.row = (number, self.text.len(), 0);
        }
        for _ in self.row.2..column {
            self.text.push(DELIMITER);
        }
        self.row.2 = column;
        if text.contains(['"', ',', '\n', '\r']) {
            self.text.push(b'"');
            self.text.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.text.push(b'"');
        } else {
            self.text.extend_from_slice(text.as_bytes());
        }
        Ok(())
    }

    fn end_row(&mut self) {
        let (line, start, _) = self.row;
        if line > 0 {
            self.records.push(Record { line, bytes: Some(start..self.text.len()) });
        }
    }

    fn blocks(self, list: usize, reading: Reading) -> Vec<Block> {
        let Self { text, records, .. } = self;
        let wanted = reading.layout.header_row;
        let mut rows = records.into_iter().skip_while(|record| wanted.is_some_and(|wanted| record.line < wanted));
        let of = |record: &Record| record.bytes.clone().map_or(&[][..], |bytes| &text[bytes]);
        let first = rows.next().unwrap_or(Record { line: 1, bytes: None });
        let mut columns = match header(of(&first), DELIMITER, &reading.layout) {
            Ok(columns) => columns,
            Err(bad) => {
                let below = rows.take(MOST_TITLES);
                let bad = bad.or_better(below.map(|row| (row.line, header(of(&row), DELIMITER, &reading.layout))));
                return vec![Block::BadHeader { list, line: first.line, bad }];
            }
        };
        columns.may_end_early = true;
        let columns = Arc::new(columns);
        let mut blocks = Vec::new();
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let mut bytes = Vec::new();
            let of_block = rows.by_ref().take(reading.most).map(|record| {
                let start = bytes.len();
                bytes.extend_from_slice(of(&record));
                Record { line: record.line, bytes: Some(start..bytes.len()) }
            });
            let records = of_block.collect();
            blocks.push(Block::Records { list, columns: columns.clone(), delimiter: DELIMITER, records, bytes });
        }
        blocks
    }
}

/// Reads the sheet of this name; where none is asked for, the only one that is shown.
fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Sheet, Refusal> {
    let unreadable = |error: &dyn std::fmt::Display| Refusal::Workbook(error.to_string());
    let file = || Cursor::new(&bytes[..]);
    if bytes.starts_with(ARCHIVE) {
        let why = match Xlsx::new(file()) {
            Ok(mut workbook) => {
                let name = chosen(workbook.sheets_metadata(), sheet)?;
                let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| unreadable(&error))?;
                let mut sheet = Sheet::default();
                while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
                    sheet.push(cell.get_position(), cell.get_value())?;
                }
                sheet.end_row();
                return Ok(sheet);
            }
            Err(error) => unreadable(&error),
        };
        if let Ok(workbook) = Ods::new(file()) {
            return whole(workbook, sheet);
        }
        return Xlsb::new(file()).map_err(|_| why).and_then(|workbook| whole(workbook, sheet));
    }
    match Xls::new(file()) {
        Ok(workbook) => whole(workbook, sheet),
        // A locked workbook looks like an old one; the reader of new ones knows that it is locked.
        Err(error) => Err(match Xlsx::new(file()) {
            Err(locked @ calamine::XlsxError::Password) => unreadable(&locked),
            _ => unreadable(&error),
        }),
    }
}

/// Reads a sheet of a workbook whose reader gives it as a whole.
fn whole<'b, W: calamine::Reader<Cursor<&'b [u8]>>>(mut workbook: W, sheet: Option<&str>) -> Result<Sheet, Refusal> {
    let name = chosen(workbook.sheets_metadata(), sheet)?;
    let range = workbook.worksheet_range(&name).map_err(|error| Refusal::Workbook(format!("{error:?}")))?;
    let mut sheet = Sheet::default();
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, cell) in range.used_cells() {
        let place = |first: u32, at: usize| first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        sheet.push((place(first_row, row), place(first_column, column)), cell)?;
    }
    sheet.end_row();
    Ok(sheet)
}

fn chosen(sheets: &[calamine::Sheet], asked: Option<&str>) -> Result<String, Refusal> {
    let is_shown = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && (asked.is_some() || sheet.visible == SheetVisible::Visible)
    };
    let there: Vec<String> = sheets.iter().filter(is_shown).map(|sheet| sheet.name.clone()).collect();
    let found = match asked {
        Some(asked) => there.iter().find(|name| name.to_lowercase() == asked.to_lowercase()),
        None => there.first().filter(|_| there.len() == 1),
    };
    found.cloned().ok_or_else(|| Refusal::Sheets { asked: asked.map(str::to_owned), there })
}

/// A cell as a list has it in text: a day, with a time where it has one; a whole number without a fraction.
fn text_of(cell: &impl DataType) -> String {
    /// Beyond this a number of a workbook has no exact whole part.
    const EXACT: f64 = 9e15;
    if let Some(text) = cell.get_string() {
        return text.to_owned();
    }
    if let Some(moment) = cell.get_datetime() {
        let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
        return match (hour, minute, second) {
            _ if moment.is_duration() => format!("{hour:02}:{minute:02}"),
            (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"),
        };
    }
    if let Some(moment) = cell.get_datetime_iso() {
        return moment.split_once("T00:00").map_or(moment, |(day, _)| day).to_owned();
    }
    if let Some(number) = cell.get_int() {
        return number.to_string();
    }
    if let Some(number) = cell.get_float() {
        return if number.fract() == 0.0 && number.abs() < EXACT { format!("{number:.0}") } else { number.to_string() };
    }
    if let Some(truth) = cell.get_bool() {
        return truth.to_string();
    }
    if let Some(error) = cell.get_error() {
        return error.to_string();
    }
    cell.get_duration_iso().unwrap_or_default().to_owned()
}
