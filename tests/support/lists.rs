//! What must come of a list, whatever it holds, said a second time and as plainly as possible: a row for each line
//! that holds something, with the number of that line, and the same answer as for the line alone.

use std::collections::HashMap;
use std::io::{self, Read};

use serde_json::Value as Json;
use std::sync::Arc;
use trp_check::batch::input::{Block, Reading, blocks};
use trp_check::batch::{Options, Output, Worker};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::render::{Format as Form, Words};
use trp_check::roster::columns::Columns;
use trp_check::roster::layout::Layout;

/// A stream that gives a few bytes at a time, and is interrupted now and then.
pub struct Dribble<'b> {
    bytes: &'b [u8],
    /// How many bytes it gives, over and over; at 0 it is interrupted.
    steps: &'b [usize],
    next: usize,
    /// Fails instead of ending.
    is_broken: bool,
}

impl<'b> Dribble<'b> {
    /// Without steps, all bytes come at once.
    pub fn new(bytes: &'b [u8], steps: &'b [usize]) -> Self {
        Self { bytes, steps, next: 0, is_broken: false }
    }

    /// A stream that fails behind these bytes.
    pub fn broken(bytes: &'b [u8], steps: &'b [usize]) -> Self {
        Self { is_broken: true, ..Self::new(bytes, steps) }
    }
}

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.next += 1;
        let step = if self.steps.is_empty() { usize::MAX } else { self.steps[self.next % self.steps.len()] };
        if step == 0 && self.next.is_multiple_of(2) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.bytes.is_empty() && self.is_broken {
            return Err(io::Error::other("the stream is broken"));
        }
        let count = step.max(1).min(buffer.len()).min(self.bytes.len());
        buffer[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// Asks for a line of JSON for each line.
pub fn order(longest: usize) -> Options<'static> {
    Options {
        book: &RULES,
        words: Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES),
        today: Day::from_ymd(2026, 11, 22).expect("a day"),
        is_strict: false,
        kept: Vec::new(),
        is_for_excel: false,
        by: None,
        since: None,
        names: vec![None],
        format: Form::Ndjson,
        is_full: false,
        only: Vec::new(),
        due_by: None,
        longest,
        ends_early: false,
    }
}

pub fn reading(form: Form, longest: usize) -> Reading {
    Reading { format: Some(form), by_name: None, longest, most: 1 + longest % 50, layout: Arc::default() }
}

/// The rows of an output, each a whole line.
pub fn rows(output: &Output) -> Vec<Json> {
    assert!(output.bytes.is_empty() || output.bytes.ends_with(b"\n"), "half a line");
    let rows: Vec<Json> = output
        .bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap_or_else(|error| panic!("{error}: {}", line.escape_ascii())))
        .collect();
    let errors = rows.iter().filter(|row| row["status"] == "error").count();
    assert_eq!(output.errors, errors as u64, "errors are miscounted");
    rows
}

/// What the library makes of a stream, and whether the stream failed in the end.
pub fn told(stream: impl Read + Send, reading: Reading) -> (Vec<Json>, bool) {
    let order = order(reading.longest);
    let worker = Worker::new(&order);
    let mut all = Vec::new();
    let mut is_broken = false;
    for block in blocks(stream, 0, reading) {
        assert!(!is_broken, "blocks after the end");
        match block {
            Ok(block) => all.extend(rows(&worker.work(block))),
            Err(_) => is_broken = true,
        }
    }
    (all, is_broken)
}

/// A line that must have a row: its number, and its bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'b> {
    pub number: u64,
    pub bytes: &'b [u8],
}

/// The mark before UTF-8 text is no part of the first line.
pub fn without_mark(list: &[u8]) -> &[u8] {
    list.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(list)
}

/// The lines of a list: what stands between line feeds, with or without a carriage return at the end. Blank lines
/// are passed over unless they are too long.
pub fn lines(list: &[u8], longest: usize) -> Vec<Line<'_>> {
    let numbered = without_mark(list).split(|byte| *byte == b'\n').zip(1..);
    let bare = numbered.map(|(bytes, number)| Line { number, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes) });
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| b" \t\r\n\x0C".contains(byte));
    bare.filter(|line| line.bytes.len() > longest || !is_blank(line.bytes)).collect()
}

/// The records of a table, read letter by letter.
pub fn records(list: &[u8], delimiter: u8) -> Vec<Line<'_>> {
    let list = without_mark(list);
    let mut found = Vec::new();
    let (mut at, mut number) = (0, 1);
    while at < list.len() {
        let (start, first) = (at, number);
        // One cell after the other, up to the line end.
        'record: loop {
            if list.get(at) == Some(&b'"') {
                at += 1;
                loop {
                    match list.get(at..) {
                        None | Some([]) => break 'record,
                        Some([b'"', b'"', ..]) => at += 2,
                        Some([b'"', ..]) => {
                            at += 1;
                            break;
                        }
                        Some([b'\r', b'\n', ..]) => {
                            at += 2;
                            number += 1;
                        }
                        Some([b'\r' | b'\n', ..]) => {
                            at += 1;
                            number += 1;
                        }
                        Some(_) => at += 1,
                    }
                }
            }
            while list.get(at).is_some_and(|byte| *byte != delimiter && !b"\r\n".contains(byte)) {
                at += 1;
            }
            if list.get(at) != Some(&delimiter) {
                break;
            }
            at += 1;
        }
        let end = at;
        if list[at..].starts_with(b"\r\n") {
            at += 1;
        }
        at += usize::from(at < list.len());
        number += 1;
        if end > start {
            found.push(Line { number: first, bytes: &list[start..end] });
        }
    }
    found
}

/// The character between the cells: the one that stands most often in the first line.
pub fn delimiter(list: &[u8]) -> u8 {
    let lines = without_mark(list).split(|byte| b"\r\n".contains(byte));
    let header = lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    let count = |mark: u8| header.split(|byte| *byte == mark).count() - 1;
    let best = [b'\t', b';', b','].into_iter().filter(|mark| count(*mark) > 0);
    // Of two that stand as often the later one counts.
    best.rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// Fails unless these are the rows of these lines, each with the answer that its line has alone.
fn compare(rows: &[Json], wanted: &[Line<'_>], longest: usize, alone: impl Fn(&[u8]) -> Json) {
    let told: Vec<u64> = rows.iter().map(|row| row["line"].as_u64().expect("a line")).collect();
    let numbers: Vec<u64> = wanted.iter().map(|line| line.number).collect();
    assert_eq!(told, numbers, "rows are lost or shifted");
    let mut known: HashMap<&[u8], Json> = HashMap::new();
    for (row, line) in rows.iter().zip(wanted) {
        let text = || line.bytes.escape_ascii();
        if line.bytes.len() > longest {
            let said = row["error"].as_str().unwrap_or_default();
            assert!(said.starts_with("the line is longer than"), "{said}: {}", text());
            continue;
        }
        let mut wanted = known.entry(line.bytes).or_insert_with(|| alone(line.bytes)).clone();
        wanted["line"] = row["line"].clone();
        assert_eq!(*row, wanted, "{}", text());
        assert_eq!(row["status"] == "error", row["error"].is_string(), "{row}");
    }
}

fn only_row(block: Block, longest: usize) -> Json {
    let mut rows = rows(&Worker::new(&order(longest)).work(block));
    assert_eq!(rows.len(), 1, "a line alone has one row");
    rows.remove(0)
}

/// Fails unless a list of JSON lines is told as it must be.
pub fn check_lines(list: &[u8], longest: usize, steps: &[usize]) {
    let (rows, _) = told(Dribble::new(list, steps), reading(Form::Ndjson, longest));
    compare(&rows, &lines(list, longest), longest, |bytes| {
        only_row(Block::Lines { list: 0, first: 1, bytes: [bytes, b"\r\n"].concat() }, longest)
    });
    // What came whole before a stream fails is told.
    let (before, is_broken) = told(Dribble::broken(list, steps), reading(Form::Ndjson, longest));
    let whole = lines(list, longest).len() - usize::from(before.len() < rows.len());
    assert!(is_broken && before == rows[..whole], "rows are lost where the stream fails");
}

/// The mark between the cells that a first line says, and what stands behind that line.
fn said_mark(list: &[u8]) -> Option<(u8, &[u8])> {
    let list = without_mark(list);
    let end = list.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(list.len());
    let [s, e, p, b'=', mark @ (b',' | b';' | b'\t' | b'|')] = list[..end] else { return None };
    let behind = if list[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 };
    [s, e, p].eq_ignore_ascii_case(b"sep").then(|| (mark, &list[behind.min(list.len())..]))
}

/// Fails unless a table is told as it must be.
pub fn check_table(list: &[u8], longest: usize, steps: &[usize]) {
    let (rows, _) = told(Dribble::new(list, steps), reading(Form::Csv, longest));
    let said = said_mark(list);
    let (delimiter, table) = said.unwrap_or_else(|| (delimiter(list), list));
    let mut wanted = records(table, delimiter);
    let mut by_crate = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(table)
        .into_byte_records()
        .map(|record| record.expect("a record"))
        .collect::<Vec<csv::ByteRecord>>();
    assert_eq!(by_crate.len(), wanted.len(), "the records are not those of the crate");
    if said.is_some() {
        wanted.iter_mut().for_each(|line| line.number += 1);
    }
    // Blank rows above the header are none.
    let is_nothing = |line: &Line<'_>| {
        let blank = |byte: &u8| *byte == delimiter || byte.is_ascii_whitespace();
        line.bytes.len() <= longest && line.bytes.iter().all(blank)
    };
    let above = wanted.iter().take_while(|line| is_nothing(line)).count();
    wanted.drain(..above);
    by_crate.drain(..above);
    let Some(header) = wanted.first() else {
        assert_eq!((rows.len(), &rows[0]["status"]), (1, &Json::from("error")), "an empty table has no header");
        return;
    };
    let names: Vec<String> = by_crate[0].iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let columns = Columns::read(names.iter().map(String::as_str), &Arc::<Layout>::default());
    let is_whole = (wanted.len() > 1 || list.ends_with(b"\n") || list.ends_with(b"\r")) || is_closed(header.bytes);
    let Some(columns) = columns.ok().filter(|_| header.bytes.len() <= longest && is_whole) else {
        assert_eq!(rows.len(), 1, "a table with a bad header has one row");
        assert_eq!((&rows[0]["line"], &rows[0]["status"]), (&Json::from(header.number), &Json::from("error")));
        return;
    };
    let header = Line { number: header.number, bytes: header.bytes };
    let is_blank = |(line, record): &(&Line<'_>, &csv::ByteRecord)| {
        let is_blank = |cell: &[u8]| std::str::from_utf8(cell).is_ok_and(|text| text.trim().is_empty());
        line.bytes.len() <= longest && record.iter().all(is_blank) && is_closed_by(line.bytes, delimiter)
    };
    let rows_of: Vec<_> = wanted[1..].iter().zip(&by_crate[1..]).filter(|row| !is_blank(row)).collect();
    let id = columns.id();
    for (row, (_, record)) in rows.iter().zip(&rows_of) {
        if let Some(told) = row["id"].as_str() {
            let given = id.and_then(|at| record.get(at)).unwrap_or_default();
            assert_eq!(std::str::from_utf8(given).map(str::trim), Ok(told), "{row}");
        }
    }
    let wanted: Vec<Line<'_>> =
        rows_of.iter().map(|(line, _)| Line { number: line.number, bytes: line.bytes }).collect();
    let mark = [b"sep=", &[delimiter][..], b"\n"].concat();
    compare(&rows, &wanted, longest, |bytes| {
        let list = [if said.is_some() { &mark[..] } else { b"" }, header.bytes, b"\n", bytes].concat();
        let mut rows = told(&list[..], reading(Form::Csv, longest)).0;
        assert_eq!(rows.len(), 1, "a record alone has one row: {}", list.escape_ascii());
        rows.remove(0)
    });
    let (before, is_broken) = told(Dribble::broken(list, steps), reading(Form::Csv, longest));
    let whole = rows.len() - usize::from(before.len() < rows.len());
    assert!(is_broken && before == rows[..whole], "rows are lost where the stream fails");
}

/// Whether the last cell of a record is closed, where it begins with a quotation mark.
fn is_closed_by(record: &[u8], mark: u8) -> bool {
    records(&[record, b"\n-"].concat(), mark).len() == 2
}

/// Whether the last cell of a record is closed, where it begins with a quotation mark: with a line end behind it,
/// the record ends there.
fn is_closed(record: &[u8]) -> bool {
    let more = [record, b"\n-"].concat();
    [b',', b';', b'\t']
        .into_iter()
        .filter(|mark| *mark == delimiter(record))
        .all(|mark| records(&more, mark).len() == 2)
}

/// Fails unless a list that is made of any bytes is told as it must be. The first byte says what it is and how long
/// a line may be, the second one how its bytes come.
pub fn check_any(input: &[u8]) {
    let [form, pace, list @ ..] = input else { return };
    let longest = match form >> 1 {
        0 => 16 << 20,
        short => usize::from(short),
    };
    let pace = usize::from(*pace);
    let steps = [pace % 16, pace / 16, pace];
    let steps = if pace == 0 { &[] } else { &steps[..] };
    if form & 1 == 0 { check_lines(list, longest, steps) } else { check_table(list, longest, steps) }
}
