//! A stream of bytes, cut into blocks of whole lines or whole records, each with its place in the list.

use std::io::{self, Read};
use std::mem::take;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr2};

use super::grouped::Grouped;
use super::table::{Record, Records};
use crate::render::Format;
use crate::roster::columns::{self, BadHeader, Columns};
use crate::roster::layout::{Layout, Rows};

/// The most bytes that are read at once; a block has no more of them but for the beginning of its first line.
const BLOCK: usize = 64 * 1024;

#[derive(Debug)]
pub enum Block {
    Lines {
        list: usize,
        /// The number of the first line, from 1.
        first: u64,
        /// The lines; the last one may lack its line feed.
        bytes: Vec<u8>,
    },
    Records {
        list: usize,
        columns: Arc<Columns>,
        delimiter: u8,
        records: Vec<Record>,
        bytes: Vec<u8>,
    },
    /// Rows of stays: those of each person together, wherever they stand in the list.
    People {
        list: usize,
        columns: Arc<Columns>,
        delimiter: u8,
        people: Vec<Vec<Record>>,
        /// The bytes of the whole list.
        bytes: Arc<Vec<u8>>,
    },
    /// A table whose header cannot be read: what is wrong with it.
    BadHeader {
        list: usize,
        line: u64,
        bad: BadHeader,
    },
    /// A list of which nothing can be read.
    Refused {
        list: usize,
        why: Refusal,
    },
    /// A line that is longer than a line may be; its bytes are gone.
    TooLong {
        list: usize,
        line: u64,
    },
}

impl Block {
    /// The number of the list that it is of.
    pub const fn list(&self) -> usize {
        match self {
            Self::Lines { list, .. }
            | Self::Records { list, .. }
            | Self::People { list, .. }
            | Self::BadHeader { list, .. }
            | Self::Refused { list, .. }
            | Self::TooLong { list, .. } => *list,
        }
    }
}

/// Why nothing can be read of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No workbook after all, or a broken or locked one: what its reader says.
    Workbook(String),
    /// The workbook has several sheets, and none of this name where one was asked for.
    Sheets { asked: Option<String>, there: Vec<String> },
    /// Rows of stays are asked of a list of lines of JSON.
    NoRows,
}

#[derive(Clone, Debug)]
pub struct Reading {
    /// [`Format::Csv`] for a table, [`Format::Ndjson`] for a profile in JSON on each line; else it is told by the first
    /// bytes.
    pub format: Option<Format>,
    /// What the name of the list says of that, where the first bytes do not.
    pub by_name: Option<Format>,
    /// The most that a line (of a table: a record) may be long, in bytes, its line end left out.
    pub longest: usize,
    /// The most lines that make a block: what comes of a block is held until its turn comes.
    pub most: usize,
    pub layout: Arc<Layout>,
}

/// The blocks of a list in the order of the list; the stream is read no further than is asked for.
pub type Blocks<'r> = Box<dyn Iterator<Item = io::Result<Block>> + Send + 'r>;

/// Cuts a stream into blocks, each with the number of its list. A byte order mark is skipped. When the stream fails,
/// the whole lines before come first.
pub fn blocks<'r>(reader: impl Read + Send + 'r, list: usize, reading: Reading) -> Blocks<'r> {
    let mut stream = Stream { reader, fault: None, is_done: false };
    let mut head = Vec::new();
    while !stream.is_done && head.len() < BLOCK && !has_whole_line(&head) {
        stream.fill(&mut head);
    }
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    let is_by_stays = reading.layout.rows == Rows::Stays;
    let (most, is_table) = (reading.most, is_table(&head, &reading));
    let blocks: Blocks<'r> = if is_table {
        Box::new(Records::new(stream, list, head, reading))
    } else if is_by_stays {
        Box::new(std::iter::once(Ok(Block::Refused { list, why: Refusal::NoRows })))
    } else {
        Box::new(Lines::new(stream, list, head, reading))
    };
    if is_by_stays && is_table { Box::new(Grouped::new(blocks, list, most)) } else { blocks }
}

/// Whether a list that begins with these bytes is a table: as asked for, else a list of JSON begins with a brace, else
/// as its name says, else a table has several columns, or one that is known.
fn is_table(head: &[u8], reading: &Reading) -> bool {
    if let Some(format) = reading.format {
        return format == Format::Csv;
    }
    let text = head.trim_ascii_start();
    if text.is_empty() || text.starts_with(b"{") {
        return text.is_empty() && reading.by_name == Some(Format::Csv);
    }
    if let Some(format) = reading.by_name {
        return format == Format::Csv;
    }
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    !line.starts_with(b"[") && (line.iter().any(|byte| matches!(byte, b',' | b';' | b'\t')) || is_known(line))
}

fn is_known(header: &[u8]) -> bool {
    std::str::from_utf8(header).is_ok_and(|name| columns::all().any(|row| row.column.eq_ignore_ascii_case(name.trim())))
}

/// Whether a line that is not empty ends in these bytes.
fn has_whole_line(bytes: &[u8]) -> bool {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let start = bytes.iter().position(|byte| !is_end(byte)).unwrap_or(bytes.len());
    memchr2(b'\n', b'\r', &bytes[start..]).is_some()
}

pub(super) struct Stream<R> {
    reader: R,
    /// What it failed with, until that is handed out.
    pub(super) fault: Option<io::Error>,
    pub(super) is_done: bool,
}

impl<R: Read> Stream<R> {
    /// Adds the next bytes, as many as there are: whoever writes a line and waits for its row has it. A fault ends
    /// the stream; what was read before it stays.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>) {
        let start = buffer.len();
        if buffer.capacity() < start + BLOCK {
            // Memory of the worker that reads is at hand there; to grow the old piece would give it that of the worker
            // before.
            let mut larger = Vec::with_capacity(start + BLOCK.max(start));
            larger.append(buffer);
            *buffer = larger;
        }
        buffer.resize(start + BLOCK, 0);
        let read = loop {
            match self.reader.read(&mut buffer[start..]) {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        buffer.truncate(start + read.as_ref().map_or(0, |read| *read));
        match read {
            Ok(read) => self.is_done = read == 0,
            Err(fault) => {
                self.fault = Some(fault);
                self.is_done = true;
            }
        }
    }
}

pub(super) fn lines(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = block.strip_suffix(b"\n").unwrap_or(block);
    let mut start = 0;
    memchr_iter(b'\n', text).chain([text.len()]).map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line.strip_suffix(b"\r").unwrap_or(line)
    })
}

struct Lines<R> {
    stream: Stream<R>,
    list: usize,
    reading: Reading,
    next: u64,
    /// What was read and not handed out.
    rest: Vec<u8>,
    /// So much of it holds no line feed.
    searched: usize,
    /// The end of a line that is too long is being looked for.
    is_skipping: bool,
}

impl<R: Read> Lines<R> {
    fn new(stream: Stream<R>, list: usize, head: Vec<u8>, reading: Reading) -> Self {
        Self { stream, list, reading, next: 1, rest: head, searched: 0, is_skipping: false }
    }

    fn cut(&mut self) -> Option<Block> {
        if self.is_skipping {
            let Some(end) = memchr(b'\n', &self.rest) else {
                self.rest.clear();
                return None;
            };
            self.rest.drain(..=end);
            return Some(self.too_long());
        }
        let ends = memchr_iter(b'\n', &self.rest[self.searched..]).take(self.reading.most);
        let Some((count, end)) = (1..).zip(ends.map(|at| self.searched + at)).last() else {
            self.searched = self.rest.len();
            // One more may be the carriage return of its line end.
            if self.rest.len() > self.reading.longest.saturating_add(1) {
                self.is_skipping = true;
                self.searched = 0;
                self.rest = Vec::new();
            }
            return None;
        };
        let rest = self.rest.split_off(end + 1);
        self.searched = 0;
        let bytes = std::mem::replace(&mut self.rest, rest);
        let first = self.next;
        self.next += count;
        Some(Block::Lines { list: self.list, first, bytes })
    }

    /// The last line, which lacks its line feed. Where the stream failed it is not known how the line goes on.
    fn last(&mut self) -> Option<Block> {
        if self.is_skipping {
            return Some(self.too_long());
        }
        let rest = take(&mut self.rest);
        self.searched = 0;
        (!rest.is_empty() && self.stream.fault.is_none()).then_some(Block::Lines {
            list: self.list,
            first: self.next,
            bytes: rest,
        })
    }

    const fn too_long(&mut self) -> Block {
        self.is_skipping = false;
        let line = self.next;
        self.next += 1;
        Block::TooLong { list: self.list, line }
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(block) = self.cut() {
                return Some(Ok(block));
            }
            if self.stream.is_done {
                return self.last().map(Ok).or_else(|| self.stream.fault.take().map(Err));
            }
            self.stream.fill(&mut self.rest);
        }
    }
}
