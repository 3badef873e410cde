//! Rows that are the stays of a person, or entries and exits: put together to one profile.

use std::collections::VecDeque;

use super::columns::{Cell, Columns, number};
use super::layout::folded;
use crate::calendar::Day;
use crate::profile::fields::{Field, Owner};
use crate::profile::forms::Piece;
use crate::profile::read::{Reader, Role};
use crate::profile::{Buffers, Profile};
use crate::source::{Code, Fault};

impl Columns {
    /// Reads rows that are the stays, or the crossings of the border, of one person, each with its line. `Err` holds
    /// all their faults.
    pub fn profile_of_rows<'c>(
        &'c self,
        rows: &[(u64, Vec<&'c str>)],
        reader: &Reader<'_>,
        buffers: &mut Buffers,
    ) -> Result<Profile, Vec<Fault>> {
        let mut differing = Vec::new();
        let mut cells = Vec::new();
        // Of each column that states something of the person, where it was first said.
        let mut said: Vec<Option<(u64, &str)>> = vec![None; self.cells.len()];
        let mut crossings = Vec::new();
        let has_exit_alone = rows.iter().any(|(_, row)| self.days_of(row).is_some_and(|(entry, _)| entry.is_empty()));
        for (at, (line, row)) in rows.iter().enumerate() {
            let stay = number(at).saturating_sub(1);
            let is_crossing = has_exit_alone && self.days_of(row).is_some_and(|(e, x)| e.is_empty() != x.is_empty());
            let mut crossed = (None, None);
            for (column, (cell, text)) in self.cells.iter().zip(row).enumerate() {
                let piece = Piece::new(text, number(at * self.cells.len() + column), 0);
                match cell {
                    _ if text.trim().is_empty() => {}
                    Cell::CrossedOn => crossed.0 = Some(piece),
                    Cell::Crossed => crossed.1 = Some(piece),
                    Cell::States(Role::OfStay(_, field)) if is_crossing => crossings.push((*field, piece)),
                    Cell::States(role) if is_of_a_stay(*role) => {
                        let role = match *role {
                            Role::OfStay(_, field) | Role::Field(field) => Role::OfStay(stay, field),
                            other @ Role::OfPermit(..) => other,
                        };
                        cells.push((role, self.in_words_of_the_pack(role, piece)));
                    }
                    Cell::States(role) if *role == Role::Field(Field::Stays) => cells.push((*role, piece)),
                    Cell::States(role) => match said[column] {
                        None => {
                            said[column] = Some((*line, text.trim()));
                            cells.push((*role, self.in_words_of_the_pack(*role, piece)));
                        }
                        Some((first, other)) if other != text.trim() => {
                            let fault = Fault::new(Code::RowsDiffer, piece.trimmed().span).with("found", text.trim());
                            differing.push(fault.with("other", other).with("line", first));
                        }
                        Some(_) => {}
                    },
                    Cell::Kept(_) | Cell::Ignored | Cell::Nameless => {}
                }
            }
            if let (Some(day), way) = crossed {
                if let Some(field) = way.and_then(|way| self.direction(way.text)) {
                    crossings.push((field, day));
                } else {
                    let place = way.unwrap_or(day).trimmed();
                    let found = way.map_or("", |way| way.text.trim());
                    let fault = Fault::new(Code::UnknownValue, place.span).with("found", found);
                    differing.push(fault.with("allowed", "in, out"));
                }
            }
        }
        let first = number(rows.len());
        cells.extend(self.paired(crossings, first));
        let read = reader.row(cells.into_iter(), &self.layout.permits, self.layout.dates, buffers);
        if differing.is_empty() {
            return read;
        }
        let mut faults = read.err().unwrap_or_default();
        faults.append(&mut differing);
        faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
        Err(faults)
    }

    /// The entry and the exit of a row, where it has columns for them and one of them is filled.
    fn days_of<'c>(&self, row: &[&'c str]) -> Option<(&'c str, &'c str)> {
        let text = |field: Field| {
            let is_it = |cell: &Cell| matches!(cell, Cell::States(Role::OfStay(_, known)) if *known == field);
            let at = self.cells.iter().position(is_it);
            at.and_then(|at| row.get(at)).map_or("", |text| text.trim())
        };
        let days = (text(Field::Entry), text(Field::Exit));
        (!days.0.is_empty() || !days.1.is_empty()).then_some(days)
    }

    /// Whether a word says that somebody came in or went out.
    fn direction(&self, written: &str) -> Option<Field> {
        let folded = folded(written);
        let meant = self.layout.words.get(&folded).map_or(&*folded, |meant| meant);
        match meant {
            "in" | "entry" => Some(Field::Entry),
            "out" | "exit" => Some(Field::Exit),
            _ => None,
        }
    }

    /// Entries and exits as the days of stays, numbered from `first`: each exit ends the entry before it. What has no
    /// other half stays alone, and is then found to lack it.
    fn paired<'c>(&self, crossings: Vec<(Field, Piece<'c>)>, first: u16) -> Vec<(Role, Piece<'c>)> {
        let day = |piece: Piece<'_>| self.layout.dates.day(piece.trimmed().text);
        let mut dated: Vec<(Option<Day>, Field, Piece<'c>)> =
            crossings.into_iter().map(|(field, piece)| (day(piece), field, piece)).collect();
        dated.sort_by_key(|(day, ..)| *day);
        let mut dated = VecDeque::from(dated);
        let mut cells = Vec::new();
        let mut stay = first;
        let mut is_inside = false;
        while let Some((today, ..)) = dated.front().copied() {
            // On one day people may go out and come in, or come in and go out: what can follow comes first.
            let fits = |(_, field, _): &&(Option<Day>, Field, Piece<'c>)| (*field == Field::Exit) == is_inside;
            let same_day = dated.iter().take_while(|(day, ..)| *day == today);
            let at = same_day.enumerate().find(|(_, one)| fits(one)).map_or(0, |(at, _)| at);
            let Some((_, field, piece)) = dated.remove(at) else { break };
            if field == Field::Entry && is_inside {
                stay = stay.saturating_add(1);
            }
            cells.push((Role::OfStay(stay, field), piece));
            is_inside = field == Field::Entry;
            if !is_inside {
                stay = stay.saturating_add(1);
            }
        }
        cells
    }
}

/// Whether a column states something of a stay or of the crossing of a border: in a list of stays, of that of its row.
fn is_of_a_stay(role: Role) -> bool {
    match role {
        Role::OfStay(..) => true,
        Role::Field(field) => field.row().owner == Owner::Stay,
        Role::OfPermit(..) => false,
    }
}
