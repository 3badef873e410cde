//! The stays and permits of a person, as they are read and checked.

use std::ops::RangeInclusive;

use smallvec::SmallVec;

use super::Reader;
use crate::calendar::Day;
use crate::facts::Fact;
use crate::profile::draft::{Draft, PermitDraft, StayDraft};
use crate::profile::fields::{Field, FieldSet, Member, TABLES};
use crate::profile::forms::{self, ANY_DAY};
use crate::profile::source::Source;
use crate::profile::{Move, Permit, Record, Stay};
use crate::source::{Code, Fault};

/// What can be printed on a visa as the days of each stay, or the number of entries.
const PRINTED_NUMBER: RangeInclusive<i32> = 1..=36_600;

/// A value, if one was given, and its place.
type Placed<T, P> = Option<(T, P)>;

impl Reader<'_> {
    pub(super) fn stays<'t, S: Source<'t>>(&self, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        let mut stays = draft.buffer_for_stays();
        let mut places = Vec::with_capacity(stays.capacity());
        from.list(false, |from| {
            let place = from.place();
            let stay = self.stay(from);
            draft.has_bad_stay |= stay.is_none();
            let (stay, entry_place) = stay?;
            places.push((place, entry_place));
            stays.push(stay);
            Some(())
        })?;
        (draft.stays, draft.stay_places) = (stays, places);
        Some(())
    }

    /// A stay, and the place of its entry.
    fn stay<'t, S: Source<'t>>(&self, from: &mut S) -> Option<(Stay, S::Place)> {
        if let Some((entry, exit, place)) = from.usual_stay() {
            return Some((Stay::from_to(entry, Some(exit)), place));
        }
        let whole = from.place();
        let mut draft = StayDraft::default();
        if let Some(piece) = from.packed() {
            let run = forms::run(piece);
            let (first, last) = from.noted(run)?;
            from.at_part(first, |from| self.of_a_stay(Field::Entry, from, &mut draft));
            if !last.text.is_empty() {
                from.at_part(last, |from| self.of_a_stay(Field::Exit, from, &mut draft));
            }
        } else {
            let table = &TABLES.stay;
            from.table(table, |from, at| match table.members[at] {
                Member::Value(field) => self.of_a_stay(field, from, &mut draft),
                Member::Group(_) => None,
            })?;
        }
        self.finished_stay(from, draft, whole)
    }

    /// The stay, once all that is said of it is read, and the place of its entry.
    pub(super) fn finished_stay<'t, S: Source<'t>>(
        &self,
        from: &mut S,
        draft: StayDraft<S::Place>,
        whole: S::Place,
    ) -> Option<(Stay, S::Place)> {
        Self::needed(&TABLES.stay, draft.given, from, whole)?;
        let (entry, entry_place) = draft.entry?;
        if draft.given.has(Field::Exit) && draft.exit.is_none() {
            return None;
        }
        if let Some((exit, place)) = draft.exit
            && exit < entry
        {
            from.refuse(place, |place| {
                Fault::new(Code::ExitBeforeEntry, place).with("entry", entry).with("exit", exit)
            })?;
            return None;
        }
        let mut stay = Stay::from_to(entry, draft.exit.map(|(exit, _)| exit));
        self.add(from, &mut stay, draft)?;
        Some((stay, entry_place))
    }

    /// Reads the value of a field of a stay.
    pub(super) fn of_a_stay<'t, S: Source<'t>>(
        &self,
        field: Field,
        from: &mut S,
        draft: &mut StayDraft<S::Place>,
    ) -> Option<()> {
        draft.given.add(field);
        let place = from.place();
        match field {
            Field::Entry => draft.entry = Some((from.day(&ANY_DAY)?, place)),
            Field::Exit => draft.exit = Some((from.day(&ANY_DAY)?, place)),
            Field::ArrivedAtHost => draft.arrived_at_host = Some((from.day(&ANY_DAY)?, place)),
            Field::Notified => draft.notified = Some((from.day_or_no()?, place)),
            Field::Registered => draft.registered = Some((from.day_or_no()?, place)),
            _ => {
                draft.moves.clear();
                from.list(false, |from| {
                    let one = self.a_move(from)?;
                    draft.moves.push(one);
                    Some(())
                })?;
            }
        }
        Some(())
    }

    fn a_move<'t, S: Source<'t>>(&self, from: &mut S) -> Option<(Move, S::Place)> {
        let whole = from.place();
        if from.packed().is_some() {
            let on = from.day(&ANY_DAY)?;
            return Some((Move { on, notified: Record::Silent, registered: Record::Silent }, whole));
        }
        let (mut on, mut notified, mut registered) = (None, None, None);
        let mut given = FieldSet::default();
        let table = &TABLES.a_move;
        from.table(table, |from, at| {
            let Member::Value(field) = table.members[at] else { return None };
            let place = from.place();
            given.add(field);
            match field {
                Field::MovedOn => on = Some((from.day(&ANY_DAY)?, place)),
                Field::MoveNotified => notified = Some((from.day_or_no()?, place)),
                _ => registered = Some((from.day_or_no()?, place)),
            }
            Some(())
        })?;
        Self::needed(table, given, from, whole)?;
        let (on, place) = on?;
        let notified = self.record(from, notified, on)?;
        let registered = self.record(from, registered, on)?;
        Some((Move { on, notified, registered }, place))
    }

    /// Adds what else is said of a stay whose days are known.
    fn add<'t, S: Source<'t>>(&self, from: &mut S, stay: &mut Stay, said: StayDraft<S::Place>) -> Option<()> {
        let (entry, exit) = (stay.entry, stay.exit);
        if let Some((arrived, place)) = said.arrived_at_host {
            if arrived < entry {
                from.refuse(place, |place| {
                    Fault::new(Code::BeforeItsEvent, place).with("day", arrived).with("event", entry)
                })?;
            } else if exit.is_some_and(|exit| arrived > exit) {
                from.refuse(place, |place| Fault::new(Code::MoveOutsideStay, place).with("day", arrived))?;
            }
            stay.arrived_at_host = Some(arrived);
        }
        if said.notified.is_some() {
            stay.notified = self.record(from, said.notified, entry)?;
        }
        if said.registered.is_some() {
            stay.registered = self.record(from, said.registered, entry)?;
        }
        if !said.moves.is_empty() {
            for (one, place) in &said.moves {
                if one.on < entry || exit.is_some_and(|exit| one.on > exit) {
                    from.refuse(*place, |place| Fault::new(Code::MoveOutsideStay, place).with("day", one.on))?;
                }
            }
            stay.moves = said.moves.into_iter().map(|(one, _)| one).collect();
            stay.moves.sort_by_key(|one| one.on);
        }
        Some(())
    }

    /// What is recorded of something that happened on a day: it is done no earlier, and not after today.
    fn record<'t, S: Source<'t>>(&self, from: &mut S, said: Placed<Record, S::Place>, event: Day) -> Option<Record> {
        let Some((record, place)) = said else { return Some(Record::Silent) };
        if let Record::Done(day) = record {
            if day < event {
                from.refuse(place, |place| {
                    Fault::new(Code::BeforeItsEvent, place).with("day", day).with("event", event)
                })?;
            } else if day > self.today {
                from.refuse(place, |place| {
                    Fault::new(Code::AfterToday, place).with("day", day).with("today", self.today)
                })?;
            }
        }
        Some(record)
    }

    /// Adds what a row says of the current stay to it: the stay that the person is in today, else the last one.
    pub(super) fn add_to_current_stay<'t, S: Source<'t>>(
        &self,
        from: &mut S,
        draft: &mut Draft<S::Place>,
        place: S::Place,
    ) {
        let said = std::mem::take(&mut draft.current);
        let at = draft.stays.iter().position(|stay| stay.is_current(self.today));
        match at.or_else(|| draft.stays.len().checked_sub(1)) {
            Some(at) => {
                let _ = self.add(from, &mut draft.stays[at], said);
            }
            // No fault because of a fault.
            None if draft.has_bad_stay || said.is_empty() => {}
            None => {
                let _ = from.refuse(place, |place| Fault::new(Code::NoCurrentStay, place));
            }
        }
    }

    pub(super) fn permits<'t, S: Source<'t>>(&self, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        let mut permits = Vec::new();
        from.list(false, |from| {
            let place = from.place();
            permits.push((self.permit(from)?, place));
            Some(())
        })?;
        draft.permits = self.apart(from, permits)?;
        Some(())
    }

    /// The permits in order; those of one kind share no day.
    pub(super) fn apart<'t, S: Source<'t>>(
        &self,
        from: &mut S,
        mut permits: Vec<(Permit, S::Place)>,
    ) -> Option<Vec<Permit>> {
        permits.sort_by_key(|(permit, _)| (permit.from, permit.kind));
        // Sorted by first day, so that only the one that lasts longest so far can reach into the next.
        let mut longest: SmallVec<[Option<(Day, Day)>; 8]> = SmallVec::new();
        longest.resize(self.words(Fact::Basis).len(), None);
        for (permit, place) in &permits {
            let until = permit.until.unwrap_or(Day::LAST);
            let known = &mut longest[usize::from(permit.kind)];
            if let Some((other, _)) = known.filter(|(_, until)| *until >= permit.from) {
                from.refuse(*place, |place| {
                    Fault::new(Code::PermitsOverlap, place).with("from", permit.from).with("other", other)
                })?;
            }
            if known.is_none_or(|(_, last)| last < until) {
                *known = Some((permit.from, until));
            }
        }
        Some(permits.into_iter().map(|(permit, _)| permit).collect())
    }

    fn permit<'t, S: Source<'t>>(&self, from: &mut S) -> Option<Permit> {
        let whole = from.place();
        let mut draft = PermitDraft::default();
        if let Some(piece) = from.packed() {
            let packed = forms::permit(piece);
            for (field, piece) in from.noted(packed)?.parts() {
                from.at_part(piece, |from| self.of_a_permit(field, from, &mut draft));
            }
        } else {
            let table = &TABLES.permit;
            from.table(table, |from, at| match table.members[at] {
                Member::Value(field) => self.of_a_permit(field, from, &mut draft),
                Member::Group(_) => None,
            })?;
        }
        self.finished_permit(from, draft, whole)
    }

    /// The permit, once all that is said of it is read.
    pub(super) fn finished_permit<'t, S: Source<'t>>(
        &self,
        from: &mut S,
        draft: PermitDraft<S::Place>,
        whole: S::Place,
    ) -> Option<Permit> {
        let PermitDraft { given, kind, from: first, until, days_per_entry: days, entries } = draft;
        Self::needed(&TABLES.permit, given, from, whole)?;
        let (kind, first) = (kind?, first?);
        let about = &self.book.vocabulary.permits[usize::from(kind)];
        if !given.has(Field::PermitUntil) && !about.open_ended {
            from.refuse(whole, |place| Fault::new(Code::MissingKey, place).with("key", Field::PermitUntil.key()))?;
        }
        if let Some((until, place)) = until
            && until < first
        {
            from.refuse(place, |place| {
                Fault::new(Code::EndBeforeStart, place).with("start", first).with("end", until)
            })?;
        }
        let numbers =
            [(Field::DaysPerEntry, days, about.days_per_entry), (Field::PermitEntries, entries, about.entries)];
        for (field, number, may_have_it) in numbers {
            let Some((number, place)) = number else { continue };
            if !may_have_it {
                from.refuse(place, |place| Fault::new(Code::NotForThisKind, place).with("key", field.key()))?;
            } else if !PRINTED_NUMBER.contains(&number) {
                from.refuse(place, |place| Fault::new(Code::OutOfRange, place).with("found", number))?;
            }
        }
        let (until, days, entries) = (until.map(|(day, _)| day), days.map(|(days, _)| days), entries.map(|(n, _)| n));
        Some(Permit { kind, from: first, until, days_per_entry: days, entries })
    }

    /// Reads the value of a field of a permit.
    pub(super) fn of_a_permit<'t, S: Source<'t>>(
        &self,
        field: Field,
        from: &mut S,
        draft: &mut PermitDraft<S::Place>,
    ) -> Option<()> {
        draft.given.add(field);
        let place = from.place();
        match field {
            Field::PermitKind => draft.kind = Some(self.word(Fact::Basis, from)?),
            Field::PermitFrom => draft.from = Some(from.day(&ANY_DAY)?),
            Field::PermitUntil => draft.until = Some((from.day(&ANY_DAY)?, place)),
            Field::PermitEntries => draft.entries = Some((from.number()?, place)),
            _ => draft.days_per_entry = Some((from.number()?, place)),
        }
        Some(())
    }
}
