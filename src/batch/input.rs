//! Lists: a stream of bytes, cut into blocks of whole lines or whole records, each with its place in the list.

use std::io::{self, Read};
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use crate::roster::columns::{ColumnFault, Columns, DateFormat};

/// The bytes that are cut into one block, about.
const BLOCK: usize = 128 * 1024;

/// What is handed to a worker.
#[derive(Debug)]
pub enum Block {
    /// Whole lines, and the number of the first one.
    Lines {
        /// Which of the lists.
        list: usize,
        /// The number of the first line, from 1.
        first: u64,
        /// The lines; the last one may lack its line feed.
        bytes: Vec<u8>,
    },
    /// Records of a table: the number of the line on which each begins, and its cells.
    Records {
        /// Which of the lists.
        list: usize,
        /// What the header says.
        columns: Arc<Columns>,
        /// The records.
        records: Vec<(u64, csv::ByteRecord)>,
    },
    /// A table whose header cannot be read: what is wrong with it.
    BadHeader {
        /// Which of the lists.
        list: usize,
        /// The faults of the header, each with its column.
        faults: Vec<ColumnFault>,
    },
    /// A line that is longer than a line may be; its bytes are gone.
    TooLong {
        /// Which of the lists.
        list: usize,
        /// Its number, from 1.
        line: u64,
    },
}

/// What a list is taken for.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// What a line is.
    pub form: Form,
    /// The most that a line may be long, in bytes.
    pub longest: usize,
    /// How the days of a table are written.
    pub dates: DateFormat,
}

/// What a line of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A profile in JSON.
    Ndjson,
    /// A row of a table.
    Csv,
}

/// The blocks of a list in the order of the list; the stream is read no further than is asked for.
pub type Blocks<'r> = Box<dyn Iterator<Item = io::Result<Block>> + Send + 'r>;

/// Cuts a stream into blocks. `list` is the number under which all blocks tell where they are from. The mark that
/// some programs put before UTF-8 text says nothing and is passed over.
pub fn blocks<'r>(mut reader: impl Read + Send + 'r, list: usize, reading: Reading) -> io::Result<Blocks<'r>> {
    let mut head = read_head(&mut reader)?;
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    Ok(match reading.form {
        Form::Ndjson => Box::new(Lines::new(reader, list, head, reading.longest)),
        Form::Csv => match Records::new(reader, list, head, reading.dates)? {
            Ok(records) => Box::new(records),
            Err(block) => Box::new(core::iter::once(Ok(block))),
        },
    })
}

/// The longest header that is looked at to see what stands between its cells.
const HEADER: usize = 64 * 1024;

/// The beginning of a stream, up to the end of its first line.
fn read_head(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0; 512];
    while head.len() < HEADER && !head.contains(&b'\n') {
        match reader.read(&mut byte) {
            Ok(0) => break,
            Ok(read) => head.extend_from_slice(&byte[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

/// The lines of a block, without what ends them.
pub(super) fn lines(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = block.strip_suffix(b"\n").unwrap_or(block);
    let mut start = 0;
    memchr_iter(b'\n', text).chain([text.len()]).map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line.strip_suffix(b"\r").unwrap_or(line)
    })
}

/// Cuts a stream into blocks of whole lines.
pub struct Lines<R> {
    reader: R,
    list: usize,
    /// The number of the next line.
    next: u64,
    /// What was read and not handed out: as far as it was searched, the beginning of a line.
    rest: Vec<u8>,
    searched: usize,
    longest: usize,
    /// The end of a line that is too long is being looked for.
    is_skipping: bool,
    is_done: bool,
}

impl<R: Read> Lines<R> {
    /// Blocks of a stream that begins with `head`; no line may be longer than `longest` bytes.
    pub const fn new(reader: R, list: usize, head: Vec<u8>, longest: usize) -> Self {
        Self { reader, list, next: 1, rest: head, searched: 0, longest, is_skipping: false, is_done: false }
    }

    fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let before = buffer.len();
        let read = self.reader.by_ref().take(BLOCK as u64).read_to_end(buffer)?;
        self.is_done = read == 0;
        Ok(buffer.len() - before)
    }

    fn lines(&mut self, bytes: Vec<u8>) -> Block {
        let first = self.next;
        self.next += memchr_iter(b'\n', &bytes).count() as u64;
        if bytes.last().is_some_and(|byte| *byte != b'\n') {
            self.next += 1;
        }
        Block::Lines { list: self.list, first, bytes }
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.is_done {
                if core::mem::take(&mut self.is_skipping) {
                    return Some(Ok(Block::TooLong { list: self.list, line: self.next }));
                }
                let rest = core::mem::take(&mut self.rest);
                return (!rest.is_empty()).then(|| Ok(self.lines(rest)));
            }
            let mut bytes = core::mem::take(&mut self.rest);
            let searched = core::mem::take(&mut self.searched);
            if let Err(error) = self.fill(&mut bytes) {
                self.is_done = true;
                return Some(Err(error));
            }
            if self.is_skipping {
                let Some(end) = memchr(b'\n', &bytes) else { continue };
                self.is_skipping = false;
                self.rest = bytes.split_off(end + 1);
                let line = self.next;
                self.next += 1;
                return Some(Ok(Block::TooLong { list: self.list, line }));
            }
            let Some(end) = memrchr(b'\n', &bytes[searched..]).map(|at| searched + at) else {
                if bytes.len() > self.longest {
                    self.is_skipping = true;
                } else {
                    self.searched = bytes.len();
                    self.rest = bytes;
                }
                continue;
            };
            self.rest = bytes.split_off(end + 1);
            self.searched = self.rest.len();
            return Some(Ok(self.lines(bytes)));
        }
    }
}

/// A stream that remembers how it ended.
struct Tail<R> {
    reader: R,
    /// The last byte read.
    last: u8,
    is_at_end: bool,
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        match buffer[..read].last() {
            Some(last) => self.last = *last,
            None => self.is_at_end = true,
        }
        Ok(read)
    }
}

/// Cuts a table into blocks of records.
pub struct Records<R> {
    reader: csv::Reader<Tail<io::Chain<io::Cursor<Vec<u8>>, R>>>,
    list: usize,
    columns: Arc<Columns>,
    /// Lines end with a carriage return and a line feed.
    is_crlf: bool,
    is_done: bool,
}

/// So many records make a block.
const RECORDS: usize = 256;

impl<R: Read> Records<R> {
    /// Blocks of a stream that begins with `head`, in which the whole header stands. `Err` says that the
    /// header is wrong.
    pub fn new(reader: R, list: usize, head: Vec<u8>, dates: DateFormat) -> io::Result<Result<Self, Block>> {
        let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = delimiter(first);
        let is_crlf = first.ends_with(b"\r");
        let whole = Tail { reader: io::Cursor::new(head).chain(reader), last: b'\n', is_at_end: false };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(whole);
        let header = reader.byte_headers()?.clone();
        let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        Ok(match Columns::read(names.iter().map(String::as_str), dates) {
            Ok(columns) => Ok(Self { reader, list, columns: Arc::new(columns), is_crlf, is_done: false }),
            Err(faults) => Err(Block::BadHeader { list, faults }),
        })
    }

    /// The line on which the record that was just read begins. The reader counts line feeds; it has passed
    /// the one that ends the record, but not where a carriage return stands before it.
    fn line_of(&self, record: &csv::ByteRecord) -> u64 {
        let inside = memchr_iter(b'\n', record.as_slice()).count() as u64;
        let tail = self.reader.get_ref();
        let is_unended = tail.is_at_end && tail.last != b'\n';
        let has_passed_the_end = !self.is_crlf && !is_unended;
        self.reader.position().line().saturating_sub(inside + u64::from(has_passed_the_end))
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut records = Vec::with_capacity(RECORDS);
        while records.len() < RECORDS && !self.is_done {
            let mut record = csv::ByteRecord::new();
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => records.push((self.line_of(&record), record)),
                Ok(false) => self.is_done = true,
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(io::Error::other(error)));
                }
            }
        }
        (!records.is_empty())
            .then(|| Ok(Block::Records { list: self.list, columns: Arc::clone(&self.columns), records }))
    }
}

/// The character between the cells of a header: the one of `,`, `;` and tab that stands in it most often.
fn delimiter(header: &[u8]) -> u8 {
    let count = |byte: &u8| memchr_iter(*byte, header).count();
    [b',', b';', b'\t'].into_iter().max_by_key(count).filter(|byte| count(byte) > 0).unwrap_or(b',')
}
