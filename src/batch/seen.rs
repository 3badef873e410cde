//! Which ids of a list came before, and on which line: the same person twice would be two people, each with half of the
//! days.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

/// What is kept of an id: 96 bits, so that two different ids of ten million are taken for one in one of 10^15 lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// The ids of a list so far, each with the line on which it stands first: 16 bytes for each.
#[derive(Debug, Default)]
pub struct Seen {
    list: usize,
    lines: HashMap<IdHash, u32>,
}

impl Seen {
    /// Adds ids of a list, each with its line. The lines whose id came before, each with the line of the first.
    pub fn add(&mut self, list: usize, ids: &[(IdHash, u64)]) -> HashMap<u64, u64> {
        if list != self.list {
            *self = Self { list, lines: HashMap::new() };
        }
        let mut repeated = HashMap::new();
        for (id, line) in ids {
            match self.lines.entry(*id) {
                Entry::Occupied(first) => {
                    repeated.insert(*line, u64::from(*first.get()));
                }
                Entry::Vacant(place) => {
                    place.insert(u32::try_from(*line).unwrap_or(u32::MAX));
                }
            }
        }
        repeated
    }
}
