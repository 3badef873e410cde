//! Which ids of a list came before, and on which line: the same person twice would be two people, each with half of the
//! days.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// What is kept of an id: 96 bits, so that two different ids of ten million are taken for one in one of 10^15 lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdHash([u8; 12]);

impl IdHash {
    pub fn of(id: &str) -> Self {
        let hash = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, id).hash(&mut hasher);
            hasher.finish()
        };
        let mut bytes = [0; 12];
        let (first, second) = bytes.split_at_mut(8);
        first.copy_from_slice(&hash(0).to_ne_bytes());
        second.copy_from_slice(&hash(1).to_ne_bytes()[..4]);
        Self(bytes)
    }
}

/// Ids are spread over so many sorted lists: so each stays short, and none of them has to grow by much at a time.
const SHELVES: usize = 4096;

/// The ids of a list so far, each with the line on which it stands first: little more than 16 bytes for each.
#[derive(Debug, Default)]
pub struct Seen {
    list: usize,
    shelves: Vec<Vec<(IdHash, u32)>>,
}

impl Seen {
    /// Adds ids of a list, each with its line. The lines whose id came before, each with the line of the first.
    pub fn add(&mut self, list: usize, ids: &[(IdHash, u64)]) -> HashMap<u64, u64> {
        if list != self.list {
            *self = Self { list, shelves: Vec::new() };
        }
        if self.shelves.is_empty() && !ids.is_empty() {
            self.shelves.resize_with(SHELVES, Vec::new);
        }
        let mut repeated = HashMap::new();
        for (id, line) in ids {
            let IdHash([first, second, ..]) = *id;
            let shelf = &mut self.shelves[usize::from(u16::from_be_bytes([first, second])) % SHELVES];
            match shelf.binary_search_by(|(known, _)| known.cmp(id)) {
                Ok(at) => {
                    repeated.insert(*line, u64::from(shelf[at].1));
                }
                Err(at) => {
                    if shelf.len() == shelf.capacity() {
                        shelf.reserve_exact(2 + shelf.len() / 8);
                    }
                    shelf.insert(at, (*id, u32::try_from(*line).unwrap_or(u32::MAX)));
                }
            }
        }
        repeated
    }
}
