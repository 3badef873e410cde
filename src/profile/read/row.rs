//! A row of a table: each cell states a field of the case, or a part of one of its stays or permits.

use super::Reader;
use crate::profile::Profile;
use crate::profile::draft::{Buffers, Draft, PermitDraft, StayDraft};
use crate::profile::fields::{Field, Owner};
use crate::profile::forms::{DateFormat, Piece};
use crate::profile::source::Tree;
use crate::source::{Fault, Span};

/// What a cell states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A field, as a profile has it. One of a stay is stated of the current stay.
    Field(Field),
    /// A field of the stay with this number.
    OfStay(u16, Field),
    /// A field of the permit with this number, which counts into the [`PermitColumns`].
    OfPermit(u16, Field),
}

/// What the cells of a permit leave unsaid, since it is the same for the whole list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermitColumns {
    /// Its kind, where no cell states it.
    pub kind: Option<String>,
    /// It begins with the entry of the current stay, else of the last one.
    pub begins_with_entry: bool,
}

/// What is read of a stay or a permit, and the place of its first cell.
type Part<T> = (u16, T, Span);

impl Reader<'_> {
    /// Reads cells, each with what it states. Blank cells say nothing.
    pub fn row<'c>(
        &self,
        cells: impl Iterator<Item = (Role, Piece<'c>)>,
        permits: &'c [PermitColumns],
        dates: DateFormat,
        buffers: &mut Buffers,
    ) -> Result<Profile, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut draft = Draft::new(buffers);
        let mut from = Tree::of_cells(dates, &mut faults);
        let mut first_of_current = None;
        let mut stays_by_parts: Vec<Part<StayDraft<Span>>> = Vec::new();
        let mut permits_by_parts: Vec<Part<PermitDraft<Span>>> = Vec::new();
        for (role, cell) in cells {
            let cell = cell.trimmed();
            if cell.text.is_empty() {
                continue;
            }
            from.stand_at(cell);
            // What cannot be read is noted; all other cells are read all the same.
            let _ = match role {
                Role::Field(field) if field.row().owner == Owner::Stay => {
                    first_of_current.get_or_insert(cell.span);
                    self.of_a_stay(field, &mut from, &mut draft.current)
                }
                Role::Field(field) => self.value(field, &mut from, &mut draft),
                Role::OfStay(number, field) => {
                    self.of_a_stay(field, &mut from, part(&mut stays_by_parts, number, cell.span))
                }
                Role::OfPermit(number, field) => {
                    self.of_a_permit(field, &mut from, part(&mut permits_by_parts, number, cell.span))
                }
            };
        }
        for (_, stay, place) in stays_by_parts {
            draft.given.add(Field::Stays);
            from.stand_at(Piece { text: "", span: place });
            let stay = self.finished_stay(&mut from, stay, place);
            draft.has_bad_stay |= stay.is_none();
            if let Some((stay, entry_place)) = stay {
                draft.stays.push(stay);
                draft.stay_places.push((place, entry_place));
            }
        }
        if !permits_by_parts.is_empty() {
            self.add_permits(&mut from, &mut draft, permits_by_parts, permits);
        }
        if let Some(place) = first_of_current {
            self.add_to_current_stay(&mut from, &mut draft, place);
        }
        from.stand_at(Piece::new("", 0, 0));
        let profile = Self::finished(&mut from, draft);
        super::done(profile, faults)
    }

    fn add_permits<'c>(
        &self,
        from: &mut Tree<'c, '_>,
        draft: &mut Draft<Span>,
        parts: Vec<Part<PermitDraft<Span>>>,
        columns: &'c [PermitColumns],
    ) {
        draft.given.add(Field::Permits);
        let mut all: Vec<_> = draft.permits.drain(..).map(|permit| (permit, Span::default())).collect();
        for (number, mut permit, place) in parts {
            let unsaid = columns.get(usize::from(number));
            if let Some(kind) = unsaid.and_then(|unsaid| unsaid.kind.as_deref())
                && permit.kind.is_none()
            {
                from.stand_at(Piece { text: kind, span: place });
                let _ = self.of_a_permit(Field::PermitKind, from, &mut permit);
            }
            if unsaid.is_some_and(|unsaid| unsaid.begins_with_entry) && permit.from.is_none() {
                let current = draft.stays.iter().find(|stay| stay.is_current(self.today));
                permit.from =
                    current.or_else(|| draft.stays.iter().max_by_key(|stay| stay.order())).map(|stay| stay.entry);
                if permit.from.is_some() {
                    permit.given.add(Field::PermitFrom);
                }
            }
            all.extend(self.finished_permit(from, permit, place).map(|permit| (permit, place)));
        }
        draft.permits = self.apart(from, all).unwrap_or_default();
    }
}

/// The part with this number; begun at this place where it is new.
fn part<T: Default>(parts: &mut Vec<Part<T>>, number: u16, place: Span) -> &mut T {
    let is_new = parts.last().is_none_or(|(last, ..)| *last < number);
    let known = if is_new { None } else { parts.iter().rposition(|(known, ..)| *known == number) };
    let at = known.unwrap_or_else(|| {
        parts.push((number, T::default(), place));
        parts.len() - 1
    });
    &mut parts[at].1
}
