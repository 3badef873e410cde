//! An earlier answer of `batch`, to find what is new since then.

use std::collections::HashMap;

use crate::assess::Why;

/// The people of an earlier answer, and what stood in their `why`.
#[derive(Debug, Default)]
pub struct Since {
    places: HashMap<String, usize>,
    whys: Vec<Vec<String>>,
}

/// Why a file is no answer to compare with: the line, from 1, that cannot be read so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer {
    pub line: usize,
}

impl Since {
    /// Reads rows in lines of JSON, else as CSV.
    pub fn read(text: &str) -> Result<Self, NoAnswer> {
        let text = text.trim_start_matches('\u{FEFF}');
        if text.trim_start().starts_with('{') { Self::of_json(text) } else { Self::of_csv(text) }
    }

    fn of_json(text: &str) -> Result<Self, NoAnswer> {
        let mut since = Self::default();
        for (line, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
            let row: serde_json::Value = serde_json::from_str(row).map_err(|_| NoAnswer { line })?;
            let why = row.get("why").and_then(serde_json::Value::as_array).ok_or(NoAnswer { line })?;
            let id = row.get("id").ok_or(NoAnswer { line })?;
            since.add(id.as_str(), why.iter().filter_map(|id| id.as_str()));
        }
        Ok(since)
    }

    fn of_csv(text: &str) -> Result<Self, NoAnswer> {
        let mut since = Self::default();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|_| NoAnswer { line: 1 })?;
        let column = |name: &str| header.iter().position(|known| known == name).ok_or(NoAnswer { line: 1 });
        let (id_at, why_at) = (column("id")?, column("why")?);
        for record in reader.records() {
            let place = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
            let line = |line: u64| NoAnswer { line: usize::try_from(line).unwrap_or(usize::MAX) };
            let record = record.map_err(|error| line(place(error.position())))?;
            let cell = |at: usize| record.get(at).ok_or_else(|| line(place(record.position())));
            let (id, why) = (cell(id_at)?, cell(why_at)?);
            since.add(Some(id).filter(|id| !id.is_empty()), why.split(';').filter(|id| !id.is_empty()));
        }
        Ok(since)
    }

    /// Of rows with one id, all that stands in them is known.
    fn add<'t>(&mut self, id: Option<&str>, why: impl Iterator<Item = &'t str>) {
        let Some(id) = id else { return };
        let next = self.whys.len();
        let at = *self.places.entry(id.to_owned()).or_insert(next);
        if at == next {
            self.whys.push(Vec::new());
        }
        self.whys[at].extend(why.map(str::to_owned));
    }

    /// How many people it has.
    pub fn len(&self) -> usize {
        self.whys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.whys.is_empty()
    }

    /// The place of a person in it.
    pub fn find(&self, id: Option<&str>) -> Option<usize> {
        self.places.get(id?).copied()
    }

    /// What stands in `why` now and did not then; all of it for somebody who does not stand in it.
    pub fn added<'r>(&self, then: Option<usize>, why: &Why<'r>) -> Why<'r> {
        let known = then.map(|at| &*self.whys[at]).unwrap_or_default();
        let mut new = Why::default();
        let ids = why.ids().iter().filter(|id| !known.iter().any(|known| known == *id));
        ids.for_each(|id| new.push(id));
        new
    }
}
