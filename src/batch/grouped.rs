//! Rows of stays: a list is read to its end, and the rows of each person are put together by `id`, in the order in which
//! the people are first named.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use super::input::{Block, Blocks};
use super::table::{Record, cells};

pub(super) struct Grouped<'r> {
    rows: Option<Blocks<'r>>,
    list: usize,
    /// The most people that make a block.
    most: usize,
    people: VecDeque<Block>,
}

impl<'r> Grouped<'r> {
    pub(super) const fn new(rows: Blocks<'r>, list: usize, most: usize) -> Self {
        Self { rows: Some(rows), list, most, people: VecDeque::new() }
    }

    /// Reads the whole list. Where the stream fails nobody is answered: a stay might be missing.
    fn read(&mut self, rows: Blocks<'r>) -> io::Result<()> {
        let mut table = None;
        let mut bytes = Vec::new();
        let mut people: Vec<Vec<Record>> = Vec::new();
        let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
        for block in rows {
            let (columns, delimiter, records, of_block) = match block? {
                Block::Records { columns, delimiter, records, bytes, .. } => (columns, delimiter, records, bytes),
                other => {
                    self.people.push_back(other);
                    continue;
                }
            };
            let before = bytes.len();
            for Record { line, bytes: at } in records {
                let id = at.clone().and_then(|at| id_of(&of_block[at], delimiter, columns.id()));
                let record = Record { line, bytes: at.map(|at| before + at.start..before + at.end) };
                match id.map(|id| *places.entry(id).or_insert(people.len())) {
                    Some(place) if place < people.len() => people[place].push(record),
                    // Whoever has no id stays alone, and is then found to lack it.
                    _ => people.push(vec![record]),
                }
            }
            bytes.extend_from_slice(&of_block);
            table.get_or_insert((columns, delimiter));
        }
        let Some((columns, delimiter)) = table else { return Ok(()) };
        let bytes = Arc::new(bytes);
        let mut rest = people.into_iter().peekable();
        while rest.peek().is_some() {
            let people = rest.by_ref().take(self.most).collect();
            let (columns, bytes) = (columns.clone(), bytes.clone());
            self.people.push_back(Block::People { list: self.list, columns, delimiter, people, bytes });
        }
        Ok(())
    }
}

/// The id that a row states.
fn id_of(row: &[u8], delimiter: u8, column: Option<usize>) -> Option<Vec<u8>> {
    let (cells, _) = cells(row, delimiter);
    let id = cells.get(column?)?.trim_ascii();
    (!id.is_empty()).then(|| id.to_vec())
}

impl Iterator for Grouped<'_> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(rows) = self.rows.take()
            && let Err(fault) = self.read(rows)
        {
            self.people.clear();
            return Some(Err(fault));
        }
        self.people.pop_front().map(Ok)
    }
}
