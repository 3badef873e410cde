//! From what is written to a profile that may be relied on, or to everything that is wrong with it: the one reader of
//! people. Where it reads from is a [`Source`].

use std::ops::RangeInclusive;

use super::draft::{Buffers, Draft, PermitDraft, StayDraft};
use super::fields::{Field, FieldSet, Form, Member, Owner, TABLES, Table};
use super::forms::{self, ANY_DAY, DateFormat, Piece};
use super::scan::Scanner;
use super::source::{Known, Source, Tree};
use super::{FamilyMember, Move, Permit, Person, Profile, Record, Stay};
use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::facts::Fact;
use crate::rulebook::RuleBook;
use crate::source::{Code, Fault};
use crate::tree::Node;

/// What can be printed on a visa as the days of each stay.
const DAYS_PER_ENTRY: RangeInclusive<i32> = 1..=36_600;

/// Reads people in the words of a rule pack, as of a day.
pub struct Reader<'q> {
    book: &'q RuleBook,
    countries: &'q Countries,
    today: Day,
    /// The words of each fact that a profile can state.
    words: [Vec<&'q str>; Fact::ALL.len()],
    documents: Vec<&'q str>,
}

/// A value, if one was given, and its place.
type Placed<T, P> = Option<(T, P)>;

impl<'q> Reader<'q> {
    #[must_use]
    pub fn new(book: &'q RuleBook, countries: &'q Countries, today: Day) -> Self {
        let words = Fact::ALL.map(|fact| {
            let mut words = if Field::of_fact(fact).is_some() { book.vocabulary.values(fact) } else { Vec::new() };
            words.drain(..first_written(fact).min(words.len()));
            words
        });
        let documents = book.vocabulary.documents.iter().map(|id| &**id).collect();
        Self { book, countries, today, words, documents }
    }

    /// The words that a profile can use for a fact, in the order of their numbers.
    #[must_use]
    pub fn words(&self, fact: Fact) -> &[&'q str] {
        &self.words[fact as usize]
    }

    /// Reads a profile from a tree. `Err` holds all faults in their order, those found before (`faults`) among them.
    pub fn tree(&self, root: &Node<'_>, mut faults: Vec<Fault>) -> Result<Profile, Vec<Fault>> {
        let mut draft = Draft::new(&mut Buffers::default());
        let mut from = Tree::of_node(root, &mut faults);
        // Where it is no table at all, that is noted, and so is what it lacks.
        let _ = self.members(&TABLES.profile, &mut from, &mut draft);
        let profile = self.finished(&mut from, draft);
        done(profile, faults)
    }

    /// Reads a line of JSON, if it is certainly good; else it is to be read as a tree.
    #[must_use]
    pub fn line(&self, line: &str, buffers: &mut Buffers) -> Option<Profile> {
        let mut from = Scanner::new(line);
        let mut draft = Draft::new(buffers);
        self.members(&TABLES.profile, &mut from, &mut draft)?;
        if from.is_at_end() { self.finished(&mut from, draft) } else { None }
    }

    /// Reads the cells of a row, each with the field that it states. Blank cells say nothing.
    pub fn row<'c>(
        &self,
        cells: impl Iterator<Item = (Field, Piece<'c>)>,
        dates: DateFormat,
        buffers: &mut Buffers,
    ) -> Result<Profile, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut draft = Draft::new(buffers);
        let mut from = Tree::of_cells(dates, &mut faults);
        let mut first_of_current = None;
        for (field, cell) in cells {
            let cell = cell.trimmed();
            if cell.text.is_empty() {
                continue;
            }
            from.stand_at(cell);
            // What cannot be read is noted; all other cells are read all the same.
            let _ = match field.row().owner {
                Owner::Stay => {
                    first_of_current.get_or_insert(cell.span);
                    self.of_a_stay(field, &mut from, &mut draft.current)
                }
                _ => self.value(field, &mut from, &mut draft),
            };
        }
        if let Some(place) = first_of_current {
            self.add_to_current_stay(&mut from, &mut draft, place);
        }
        from.stand_at(Piece::new("", 0, 0));
        let profile = self.finished(&mut from, draft);
        done(profile, faults)
    }

    fn members<'t, S: Source<'t>>(&self, table: &Table, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        from.table(table, |from, at| match &table.members[at] {
            Member::Value(field) => self.value(*field, from, draft),
            Member::Group(group) => self.members(group, from, draft),
        })
    }

    /// Reads the value of a field of a case or a person.
    fn value<'t, S: Source<'t>>(&self, field: Field, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        draft.given.add(field);
        match field.form() {
            Form::Text => {
                let text = from.text()?;
                draft.set_text(field, text.trim());
            }
            Form::Country => draft.citizenship = Some(self.country(from)?),
            Form::Day if field == Field::BirthDate => {
                draft.birth_date = Some(from.day(&(Day::FIRST_BIRTH..=self.today))?);
            }
            Form::Day => *draft.day_mut(field)? = Some(from.day(&ANY_DAY)?),
            Form::Moment => draft.filing_on = Some(from.moment()?),
            Form::YesNo(fact) => draft.facts = draft.facts.with(fact, Some(from.yes_no()?.into())),
            Form::Word(fact) => {
                let first = u8::try_from(first_written(fact)).unwrap_or_default();
                let number = self.word(fact, from)? + first;
                draft.facts = draft.facts.with(fact, Some(number));
            }
            Form::Documents => from.list(true, |from| {
                let meant = |word: &str| self.meant("document", &self.documents, word);
                let at = from.word(&Known { ids: &self.documents, meant: &meant })?;
                draft.held.push(self.book.vocabulary.documents[usize::from(at)].clone());
                Some(())
            })?,
            Form::Stays => self.stays(from, draft)?,
            Form::Permits => self.permits(from, draft)?,
            Form::Family => from.list(false, |from| {
                let mut member = Draft::of_a_member(from.place());
                self.members(&TABLES.member, from, &mut member)?;
                draft.family.push(member);
                Some(())
            })?,
            Form::DayOrNo | Form::Number | Form::Moves => {}
        }
        Some(())
    }

    fn word<'t, S: Source<'t>>(&self, fact: Fact, from: &mut S) -> Option<u8> {
        let ids = self.words(fact);
        from.word(&Known { ids, meant: &|word| self.meant(fact.table(), ids, word) })
    }

    /// The word that another spelling of it stands for: in any case, or as the pack calls it in one of its languages.
    fn meant<'k>(&self, table: &str, ids: &[&'k str], written: &str) -> Option<&'k str> {
        if written.len() > crate::source::LONGEST_WORD {
            return None;
        }
        let written = written.to_lowercase();
        let is_called = |id: &str| {
            let mut names = self.book.texts.iter().filter_map(|texts| texts.get_of(table, id));
            names.any(|name| name.to_lowercase() == written)
        };
        let mut called = ids.iter().filter(|id| **id == written || is_called(id));
        // Where two are called so nobody can tell which one is meant.
        called.next().copied().filter(|_| called.next().is_none())
    }

    fn country<'t, S: Source<'t>>(&self, from: &mut S) -> Option<Country> {
        let written = from.text()?;
        let found = self.countries.find(written.trim());
        if found.is_none() {
            let place = from.place();
            from.refuse(place, |place| {
                let fault = Fault::new(Code::UnknownCountry, place).with("found", &written);
                let Some(near) = self.countries.nearest(&written) else { return fault };
                let names = self.countries.names(near);
                fault.with("suggestion", &names.code).with("name", &names.en)
            })?;
        }
        found
    }

    // ---- stays ----

    fn stays<'t, S: Source<'t>>(&self, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        let mut stays = draft.buffer_for_stays();
        let mut places = Vec::new();
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
            let usual = from.usual_stay();
            if let Some([entry, exit]) = usual {
                if !(ANY_DAY.contains(&entry) && ANY_DAY.contains(&exit)) {
                    return None;
                }
                (draft.entry, draft.exit) = (Some((entry, whole)), Some((exit, whole)));
                draft.given.add(Field::Entry);
                draft.given.add(Field::Exit);
            }
            let table = &TABLES.stay;
            let read = |from: &mut S, at: usize| match table.members[at] {
                Member::Value(field) => self.of_a_stay(field, from, &mut draft),
                Member::Group(_) => None,
            };
            match usual {
                Some(_) => from.rest_of_table(table, 2, read)?,
                None => from.table(table, read)?,
            }
        }
        self.needed(&TABLES.stay, draft.given, from, whole)?;
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
    fn of_a_stay<'t, S: Source<'t>>(&self, field: Field, from: &mut S, draft: &mut StayDraft<S::Place>) -> Option<()> {
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
        self.needed(table, given, from, whole)?;
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
    fn add_to_current_stay<'t, S: Source<'t>>(&self, from: &mut S, draft: &mut Draft<S::Place>, place: S::Place) {
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

    // ---- permits ----

    fn permits<'t, S: Source<'t>>(&self, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        let mut permits = Vec::new();
        from.list(false, |from| {
            let place = from.place();
            permits.push((self.permit(from)?, place));
            Some(())
        })?;
        permits.sort_by_key(|(permit, _)| (permit.from, permit.kind));
        // Sorted by first day, so that only the one that lasts longest so far can reach into the next.
        let mut longest: smallvec::SmallVec<[Option<(Day, Day)>; 8]> = smallvec::SmallVec::new();
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
        draft.permits = permits.into_iter().map(|(permit, _)| permit).collect();
        Some(())
    }

    fn permit<'t, S: Source<'t>>(&self, from: &mut S) -> Option<Permit> {
        let whole = from.place();
        let mut draft = PermitDraft::default();
        if let Some(piece) = from.packed() {
            let packed = forms::permit(piece);
            let packed = from.noted(packed)?;
            let parts = [(Field::PermitKind, packed.kind), (Field::PermitFrom, packed.from)];
            for (field, piece) in parts {
                from.at_part(piece, |from| self.of_a_permit(field, from, &mut draft));
            }
            if !packed.until.text.is_empty() {
                from.at_part(packed.until, |from| self.of_a_permit(Field::PermitUntil, from, &mut draft));
            }
            if let Some(piece) = packed.days_per_entry {
                from.at_part(piece, |from| self.of_a_permit(Field::DaysPerEntry, from, &mut draft));
            }
        } else {
            let table = &TABLES.permit;
            from.table(table, |from, at| match table.members[at] {
                Member::Value(field) => self.of_a_permit(field, from, &mut draft),
                Member::Group(_) => None,
            })?;
        }
        let PermitDraft { given, kind, from: first, until, days_per_entry: days } = draft;
        self.needed(&TABLES.permit, given, from, whole)?;
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
        if let Some((days, place)) = days {
            if !about.days_per_entry {
                let key = Field::DaysPerEntry.key();
                from.refuse(place, |place| Fault::new(Code::NotForThisKind, place).with("key", key))?;
            } else if !DAYS_PER_ENTRY.contains(&days) {
                from.refuse(place, |place| Fault::new(Code::OutOfRange, place).with("found", days))?;
            }
        }
        let until = until.map(|(until, _)| until);
        Some(Permit { kind, from: first, until, days_per_entry: days.map(|(days, _)| days) })
    }

    /// Reads the value of a field of a permit.
    fn of_a_permit<'t, S: Source<'t>>(
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
            _ => draft.days_per_entry = Some((from.number()?, place)),
        }
        Some(())
    }

    // ---- whole people ----

    /// Notes fields that must be there and are not.
    fn needed<'t, S: Source<'t>>(&self, table: &Table, given: FieldSet, from: &mut S, place: S::Place) -> Option<()> {
        for field in table.needed().filter(|field| !given.has(*field)) {
            from.refuse(place, |place| Fault::new(Code::MissingKey, place).with("key", field.key()))?;
        }
        Some(())
    }

    /// The profile, once all is read. Faults of a case as a whole stand at its beginning.
    fn finished<'t, S: Source<'t>>(&self, from: &mut S, mut draft: Draft<S::Place>) -> Option<Profile> {
        let nowhere = S::NOWHERE;
        let members = std::mem::take(&mut draft.family);
        self.needed(&TABLES.profile, draft.given, from, nowhere)?;
        self.put_in_order(from, &mut draft)?;
        let mut family = Vec::with_capacity(members.len());
        for mut member in members {
            self.needed(&TABLES.member, member.given, from, member.place.unwrap_or(nowhere))?;
            self.put_in_order(from, &mut member)?;
            if !member.given.has(Field::Stays) {
                member.stays.clone_from(&draft.stays);
            }
            let relation = member.facts.value(Fact::Relation).unwrap_or_default();
            family.push(member.person().map(|person| FamilyMember { relation: relation.saturating_sub(1), person }));
        }
        let assumed = super::fields::ASSUMED.into_iter().filter(|field| !draft.given.has(*field));
        let assumed = assumed.map(Field::path).collect();
        let Draft { facts, contract_until, changed_on, filing_on, .. } = draft;
        let facts = facts.without(Fact::DocumentKind);
        let id = draft.id.take();
        let applicant: Person = draft.person()?;
        let family = family.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Profile { id, applicant, facts, contract_until, changed_on, filing_on, family, assumed })
    }

    /// Puts the stays of a person in order; they share no more than border days, and begin after the birth.
    fn put_in_order<'t, S: Source<'t>>(&self, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        let Draft { stays, stay_places: places, birth_date, .. } = draft;
        if let Some(birth) = *birth_date {
            for (stay, (_, place)) in stays.iter().zip(&*places).filter(|(stay, _)| stay.entry < birth) {
                from.refuse(*place, |place| {
                    Fault::new(Code::BeforeBirth, place).with("entry", stay.entry).with("birth", birth)
                })?;
            }
        }
        let order = |stay: &Stay| (stay.entry, stay.exit.unwrap_or(Day::LAST));
        if !stays.is_sorted_by_key(order) {
            let mut both: Vec<_> = stays.drain(..).zip(places.drain(..)).collect();
            both.sort_by_key(|(stay, _)| order(stay));
            for (stay, place) in both {
                stays.push(stay);
                places.push(place);
            }
        }
        for (pair, (place, _)) in stays.windows(2).zip(places.iter().skip(1)) {
            let [before, after] = pair else { continue };
            match before.exit {
                None => from.refuse(*place, |place| {
                    let fault = Fault::new(Code::OpenStayFollowed, place).with("open", before.entry);
                    fault.with("entry", after.entry)
                })?,
                Some(exit) if exit > after.entry => from.refuse(*place, |place| {
                    let fault = Fault::new(Code::StaysOverlap, place).with("entry", after.entry);
                    fault.with("other", before.entry).with("exit", exit)
                })?,
                Some(_) => {}
            }
        }
        Some(())
    }
}

/// The profile, if nothing is wrong with it; else all faults, in the order of their places.
fn done(profile: Option<Profile>, mut faults: Vec<Fault>) -> Result<Profile, Vec<Fault>> {
    match profile {
        Some(profile) if faults.is_empty() => Ok(profile),
        _ => {
            faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
            Err(faults)
        }
    }
}

/// The number of the first value of a fact that a profile can state: nobody states to be without a permit, or to be the
/// applicant.
const fn first_written(fact: Fact) -> usize {
    matches!(fact, Fact::Basis | Fact::Relation) as usize
}
