//! Lists: tables: where a record ends and which cells it has. A cell in quotation marks holds whatever stands
//! between them, line ends included; a line ends with a line feed, a carriage return, or both.

use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use memchr::{Memchr, memchr, memchr_iter, memchr3};

use super::input::{Block, Reading, Stream};
use crate::roster::columns::{BadHeader, ColumnFault, Columns};
use crate::roster::layout::Layout;
use crate::source::{Code, Fault, Span};

#[derive(Clone, Debug)]
pub struct Record {
    /// The number of the line on which it begins, from 1.
    pub line: u64,
    /// Where it stands in the bytes of its block, without its line end; `None` when it was longer than it may be:
    /// its bytes are gone.
    pub bytes: Option<Range<usize>>,
}

/// Where in a record a byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Start,
    /// In a cell without quotation marks, or behind the closing one.
    Plain,
    Quoted,
    /// Behind a quotation mark that closes, unless another one follows: two of them stand for one.
    Closed,
}

impl Place {
    /// The place behind the byte.
    const fn behind(self, byte: u8, delimiter: u8) -> Self {
        match self {
            Self::Quoted if byte == b'"' => Self::Closed,
            Self::Quoted => Self::Quoted,
            Self::Start | Self::Closed if byte == b'"' => Self::Quoted,
            _ if byte == delimiter => Self::Start,
            _ => Self::Plain,
        }
    }
}

/// The cells of a record, and whether the last one lacks its closing quotation mark.
pub(super) fn cells(record: &[u8], delimiter: u8) -> (Vec<Cow<'_, [u8]>>, bool) {
    if memchr(b'"', record).is_none() {
        return (record.split(|byte| *byte == delimiter).map(Cow::Borrowed).collect(), false);
    }
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut place = Place::Start;
    for byte in record {
        let before = place;
        place = before.behind(*byte, delimiter);
        match (before, place) {
            (_, Place::Start) => cells.push(Cow::Owned(std::mem::take(&mut cell))),
            (Place::Start, Place::Quoted) | (_, Place::Closed) => {}
            _ => cell.push(*byte),
        }
    }
    cells.push(Cow::Owned(cell));
    (cells, place == Place::Quoted)
}

/// The fault of a cell, numbered from 1, whose quotation mark is never closed.
pub(super) fn never_closed(cell: usize) -> Fault {
    let place = Span::new(u16::try_from(cell).unwrap_or(u16::MAX), 0..0);
    Fault::new(Code::Syntax, place).with("reason", "open-quote")
}

pub(super) struct Records<R> {
    stream: Stream<R>,
    list: usize,
    reading: Reading,
    /// The header, once it is read.
    columns: Option<Arc<Columns>>,
    delimiter: u8,
    /// What was read and not handed out.
    rest: Vec<u8>,
    /// Where in it the next record begins, and on which line.
    start: usize,
    first: u64,
    /// Where in it the next byte to look at stands, and on which line.
    at: usize,
    line: u64,
    place: Place,
    /// The byte before was a carriage return: a line feed belongs to it.
    is_returned: bool,
    /// The end of a record that is too long is being looked for.
    is_skipping: bool,
    /// All was handed out, or the header was bad: nothing more comes.
    is_over: bool,
}

impl<R: Read> Records<R> {
    /// Blocks of a stream that begins with `head`.
    pub(super) fn new(stream: Stream<R>, list: usize, head: Vec<u8>, reading: Reading) -> Self {
        let (first, first_line, delimiter) = beginning(&head, reading.layout.header_row);
        let is_returned = head[..first].ends_with(b"\r");
        Self {
            stream,
            list,
            reading,
            columns: None,
            delimiter,
            rest: head,
            start: first,
            first: first_line,
            at: first,
            line: first_line,
            place: Place::Start,
            is_returned,
            is_skipping: false,
            is_over: false,
        }
    }

    /// The next record that ends in what was read; lines without a byte are passed over.
    fn record(&mut self) -> Option<Record> {
        loop {
            self.pass_plain();
            let Some(byte) = self.rest.get(self.at).copied() else { break };
            let is_line_end = byte == b'\r' || byte == b'\n' && !self.is_returned;
            self.is_returned = byte == b'\r';
            self.line += u64::from(is_line_end);
            self.at += 1;
            if self.place == Place::Quoted || byte == b'"' {
                self.place = self.place.behind(byte, self.delimiter);
                continue;
            }
            self.place = Place::Start;
            if let Some(record) = self.ended(self.at - 1) {
                return Some(record);
            }
        }
        // The last record may lack its line end. Where the stream failed it is not known how it goes on.
        let is_last = self.stream.is_done && (self.is_skipping || self.stream.fault.is_none());
        is_last.then(|| self.ended(self.at)).flatten()
    }

    /// Passes over bytes that neither end a line nor open or close a quotation.
    fn pass_plain(&mut self) {
        let ahead = &self.rest[self.at..];
        let plain = &ahead[..memchr3(b'"', b'\n', b'\r', ahead).unwrap_or(ahead.len())];
        if let Some(last) = plain.last() {
            if self.place != Place::Quoted {
                self.place = Place::Plain.behind(*last, self.delimiter);
            }
            self.is_returned = false;
            self.at += plain.len();
        }
    }

    /// The record that ends here, if it is not empty.
    fn ended(&mut self, end: usize) -> Option<Record> {
        let is_gone = std::mem::take(&mut self.is_skipping);
        let record = Record { line: self.first, bytes: (!is_gone).then_some(self.start..end) };
        let is_empty = !is_gone && self.start == end;
        self.start = self.at;
        self.first = self.line;
        (!is_empty).then_some(record)
    }

    /// Reads on. Of what was read before, only the beginning of the next record is kept.
    fn fill(&mut self) {
        if self.is_skipping {
            self.rest.clear();
        } else if self.rest.len() - self.start > self.reading.longest {
            self.is_skipping = true;
            self.rest = Vec::new();
        } else {
            self.rest.drain(..self.start);
        }
        self.start = 0;
        self.at = self.rest.len();
        self.stream.fill(&mut self.rest);
    }

    /// Whether a record has no letter in any of its cells.
    fn is_blank(&self, Record { bytes, .. }: &Record) -> bool {
        let text = bytes.clone().filter(|bytes| bytes.len() <= self.reading.longest);
        let text = text.map_or(&b"?"[..], |bytes| &self.rest[bytes]);
        text.iter().all(|byte| *byte == self.delimiter || byte.is_ascii_whitespace())
    }

    /// Reads the header; a block comes of it only where it is bad.
    fn header(&mut self, record: &Record) -> Option<Block> {
        let Some(bytes) = record.bytes.clone().filter(|bytes| bytes.len() <= self.reading.longest) else {
            self.is_over = true;
            return Some(Block::TooLong { list: self.list, line: record.line });
        };
        match header(&self.rest[bytes], self.delimiter, &self.reading.layout) {
            Ok(columns) => {
                self.columns = Some(Arc::new(columns));
                None
            }
            Err(bad) => {
                self.is_over = true;
                let below: Vec<Record> = std::iter::from_fn(|| self.record()).take(MOST_TITLES).collect();
                let bad = bad.or_better(below.into_iter().filter_map(|record| {
                    let text = &self.rest[record.bytes?];
                    Some((record.line, header(text, delimiter(text), &self.reading.layout)))
                }));
                Some(Block::BadHeader { list: self.list, line: record.line, bad })
            }
        }
    }

    /// The records that end in what was read, if there are any.
    fn cut(&mut self) -> Option<Block> {
        if self.columns.is_none() {
            let wanted = self.reading.layout.header_row;
            let mut header = self.record()?;
            while wanted.is_some_and(|wanted| header.line < wanted) || wanted.is_none() && self.is_blank(&header) {
                header = self.record()?;
            }
            if let Some(block) = self.header(&header) {
                return Some(block);
            }
        }
        let columns = self.columns.clone()?;
        let most = self.reading.most;
        let records: Vec<Record> = std::iter::from_fn(|| self.record()).take(most).collect();
        if records.is_empty() {
            return None;
        }
        let rest = self.rest.split_off(self.start);
        let bytes = std::mem::replace(&mut self.rest, rest);
        self.at -= self.start;
        self.start = 0;
        Some(Block::Records { list: self.list, columns, delimiter: self.delimiter, records, bytes })
    }

    /// A table without so much as a header.
    fn nothing(&mut self) -> Option<Block> {
        if self.columns.is_some() || self.stream.fault.is_some() {
            return None;
        }
        self.header(&Record { line: 1, bytes: Some(0..0) })
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            if let Some(block) = self.cut() {
                return Some(Ok(block));
            }
            if self.stream.is_done {
                self.is_over = true;
                let nothing = self.nothing().map(Ok);
                return nothing.or_else(|| self.stream.fault.take().map(Err));
            }
            self.fill();
        }
        None
    }
}

/// In so many rows below a bad header a better one is looked for.
pub(super) const MOST_TITLES: usize = 20;

/// The columns of a header.
pub(super) fn header(record: &[u8], delimiter: u8, layout: &Arc<Layout>) -> Result<Columns, BadHeader> {
    let (cells, is_unclosed) = cells(record, delimiter);
    let names: Vec<Cow<'_, str>> = cells.iter().map(|cell| String::from_utf8_lossy(cell)).collect();
    if is_unclosed {
        let fault = ColumnFault { row: 0, column: names.len().to_string(), fault: never_closed(names.len()) };
        return Err(BadHeader { faults: vec![fault], ..BadHeader::default() });
    }
    Columns::read(names.iter().map(|name| &**name), layout)
}

/// Where a table begins, on which line, and what stands between its cells: a first line `sep=;` says it; else the
/// character of `,`, `;` and tab that stands in the header most often.
fn beginning(head: &[u8], header_row: Option<u64>) -> (usize, u64, u8) {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = head.iter().position(is_end).unwrap_or(head.len());
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t' | b'|')] = head[..end] {
        let after = if head[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 };
        return (after.min(head.len()), 2, delimiter);
    }
    let lines = || head.split(|byte| *byte == b'\n');
    let header = match header_row.and_then(|row| usize::try_from(row).ok()) {
        Some(row) => lines().nth(row - 1),
        None => head.split(is_end).find(|line| !line.is_empty()),
    };
    (0, 1, delimiter(header.unwrap_or_default()))
}

fn delimiter(header: &[u8]) -> u8 {
    let count = |byte: &u8| memchr_iter(*byte, header).count();
    [b',', b';', b'\t'].into_iter().max_by_key(count).filter(|byte| count(byte) > 0).unwrap_or(b',')
}

/// The cells of a row, one by one, as they stand there but for quotation marks around them.
pub(super) struct Cells<'c> {
    row: &'c str,
    /// Where the next cell begins; behind the last one there is none.
    start: Option<usize>,
    delimiters: Memchr<'c>,
    /// A quotation mark is doubled, or not where it belongs: no further cell comes, and the row is to be read by
    /// [`cells`].
    pub(super) is_unusual: bool,
}

impl<'c> Cells<'c> {
    pub(super) fn of(row: &'c str, delimiter: u8) -> Self {
        Self { row, start: Some(0), delimiters: memchr_iter(delimiter, row.as_bytes()), is_unusual: false }
    }
}

impl<'c> Iterator for Cells<'c> {
    type Item = &'c str;

    fn next(&mut self) -> Option<&'c str> {
        let start = self.start.take()?;
        let Some(quoted) = self.row[start..].strip_prefix('"') else {
            let end = self.delimiters.next();
            self.start = end.map(|end| end + 1);
            return Some(&self.row[start..end.unwrap_or(self.row.len())]);
        };
        let cell = quoted.split('"').next().unwrap_or_default();
        // Delimiters between quotation marks end no cell.
        let behind = start + cell.len() + 2;
        let end = self.delimiters.find(|end| *end >= behind);
        self.start = end.map(|end| end + 1);
        self.is_unusual = behind != end.unwrap_or(self.row.len());
        (!self.is_unusual).then_some(cell)
    }
}
