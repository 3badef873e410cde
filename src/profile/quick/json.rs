//! Nouns: a line of JSON, the quick way.

use super::{Checker, Draft, PersonDraft, Spare, in_order, moment, named, side_by_side};
use crate::calendar::Day;
use crate::country::Countries;
use crate::profile::scan::{Key, Scanner, keys};
use crate::profile::{Employment, Filing, Moment, Move, Permit, Profile, Record, Stay};
use crate::rulebook::RuleBook;
use crate::source::Text;

/// The profile of a line; `None` where it is not certain that the line is good. The memory of
/// somebody of before is used for it.
#[must_use]
pub fn read(line: &str, book: &RuleBook, countries: &Countries, today: Day, spare: &mut Spare) -> Option<Profile> {
    let mut from = Scanner::new(line);
    let mut draft = Draft::new(spare);
    Reader(Checker::new(book, countries, today)).read(&mut draft, &mut from)?;
    if from.is_at_end() { draft.profile() } else { None }
}

struct Reader<'q>(Checker<'q>);

impl Reader<'_> {
    fn read(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        const KEYS: [Key; 13] = keys([
            "id",
            "name",
            "citizenship",
            "birth_date",
            "travel_document",
            "purpose",
            "stays",
            "permits",
            "employment",
            "housing",
            "filing",
            "documents_held",
            "family",
        ]);
        let vocabulary = self.0.vocabulary;
        from.table(&KEYS, |from, key| {
            match key {
                0 => draft.set_id(&from.string()?),
                5 => draft.purpose = Some(one_of(from, &vocabulary.purposes)?),
                8 => draft.employment = self.employment(from)?,
                9 => from.table(&const { keys(["owner"]) }, |from, _| {
                    draft.housing_owner = Some(one_of(from, &vocabulary.housing_owners)?);
                    Some(())
                })?,
                10 => draft.filing = self.filing(from)?,
                12 => from.list(|from| {
                    draft.family.push(self.family_member(from)?);
                    Some(())
                })?,
                1 => draft.applicant.set_name(&from.string()?),
                2 => self.citizenship(&mut draft.applicant, from)?,
                3 => self.birth_date(&mut draft.applicant, from)?,
                4 => self.travel_document(&mut draft.applicant, from)?,
                6 => self.stays(&mut draft.applicant, from)?,
                7 => self.permits(&mut draft.applicant, from)?,
                _ => self.held(&mut draft.applicant, from)?,
            }
            Some(())
        })
    }

    fn family_member(&self, from: &mut Scanner<'_>) -> Option<(u8, PersonDraft)> {
        const KEYS: [Key; 8] = keys([
            "relation",
            "name",
            "citizenship",
            "birth_date",
            "travel_document",
            "documents_held",
            "stays",
            "permits",
        ]);
        let mut draft = PersonDraft::default();
        let mut relation = None;
        from.table(&KEYS, |from, key| {
            match key {
                0 => relation = Some(one_of(from, &self.0.vocabulary.relations)?),
                1 => draft.set_name(&from.string()?),
                2 => self.citizenship(&mut draft, from)?,
                3 => self.birth_date(&mut draft, from)?,
                4 => self.travel_document(&mut draft, from)?,
                5 => self.held(&mut draft, from)?,
                6 => self.stays(&mut draft, from)?,
                _ => self.permits(&mut draft, from)?,
            }
            Some(())
        })?;
        Some((relation?, draft))
    }

    fn citizenship(&self, draft: &mut PersonDraft, from: &mut Scanner<'_>) -> Option<()> {
        draft.citizenship = Some(self.0.country(&from.string()?)?);
        Some(())
    }

    fn birth_date(&self, draft: &mut PersonDraft, from: &mut Scanner<'_>) -> Option<()> {
        draft.birth_date = Some(self.0.birth_date(from.day()?)?);
        Some(())
    }

    fn travel_document(&self, draft: &mut PersonDraft, from: &mut Scanner<'_>) -> Option<()> {
        let kinds = &self.0.vocabulary.travel_documents;
        from.table(&const { keys(["kind", "expires"]) }, |from, key| {
            match key {
                0 => draft.document_kind = Some(from.one_of(kinds.iter().map(|kind| &*kind.id))?),
                _ => draft.document_expires = Some(day(from)?),
            }
            Some(())
        })
    }

    fn held(&self, draft: &mut PersonDraft, from: &mut Scanner<'_>) -> Option<()> {
        from.list(|from| {
            draft.held.push(self.0.held_document(&from.string()?)?);
            Some(())
        })
    }

    fn employment(&self, from: &mut Scanner<'_>) -> Option<Employment> {
        const KEYS: [Key; 5] = keys(["employer", "work", "permit_exempt", "contract_until", "changed_on"]);
        let vocabulary = self.0.vocabulary;
        let mut employment = Employment::default();
        from.table(&KEYS, |from, key| {
            match key {
                0 => employment.employer = Some(one_of(from, &vocabulary.employers)?),
                1 => employment.work = Some(one_of(from, &vocabulary.work)?),
                2 => employment.permit_exempt = Some(from.truth()?),
                3 => employment.contract_until = Some(day(from)?),
                _ => employment.changed_on = Some(day(from)?),
            }
            Some(())
        })?;
        Some(employment)
    }

    fn filing(&self, from: &mut Scanner<'_>) -> Option<Filing> {
        let mut filing = Filing::default();
        from.table(&const { keys(["channel", "on"]) }, |from, key| {
            match key {
                0 => filing.channel = Some(one_of(from, &self.0.vocabulary.filing_channels)?),
                _ => filing.on = Some(day_and_time(&from.string()?)?),
            }
            Some(())
        })?;
        Some(filing)
    }

    // ---- stays and permits ----

    fn stays(&self, draft: &mut PersonDraft, from: &mut Scanner<'_>) -> Option<()> {
        let mut stays = draft.room_for_stays();
        from.list(|from| {
            stays.push(self.stay(from)?);
            Some(())
        })?;
        draft.stays = Some(in_order(stays)?);
        Some(())
    }

    fn stay(&self, from: &mut Scanner<'_>) -> Option<Stay> {
        const KEYS: [Key; 6] = keys(["entry", "exit", "arrived_at_host", "notified", "registered", "moves"]);
        // Most stays begin so, without blanks, or with those that programs write.
        let bare = (b"{\"entry\":\"", b"\",\"exit\":\"");
        let with_blanks = (b"{\"entry\": \"", b"\", \"exit\": \"");
        // The day of entry may come last.
        let (mut entry, mut stay) = (None, Stay::from_to(Day::FIRST, None));
        let read = match from.days_behind(bare).or_else(|| from.days_behind(with_blanks)) {
            Some([first, last]) => {
                (entry, stay.exit) = (Some(named(first)?), Some(named(last)?));
                2
            }
            None => from.take(b'{').map(|()| 0)?,
        };
        from.rest_of_table(&KEYS, read, |from, key| {
            match key {
                0 => entry = Some(day(from)?),
                1 => stay.exit = Some(day(from)?),
                2 => stay.arrived_at_host = Some(day(from)?),
                3 => stay.notified = record(from)?,
                4 => stay.registered = record(from)?,
                _ => from.list(|from| {
                    stay.moves.push(self.a_move(from)?);
                    Some(())
                })?,
            }
            Some(())
        })?;
        stay.entry = entry?;
        if stay.moves.len() > 1 {
            stay.moves.sort_by_key(|one| one.on);
        }
        self.0.is_good_stay(&stay).then_some(stay)
    }

    fn a_move(&self, from: &mut Scanner<'_>) -> Option<Move> {
        let mut on = None;
        let (mut notified, mut registered) = (Record::Silent, Record::Silent);
        from.table(&const { keys(["on", "notified", "registered"]) }, |from, key| {
            match key {
                0 => on = Some(day(from)?),
                1 => notified = record(from)?,
                _ => registered = record(from)?,
            }
            Some(())
        })?;
        let on = on?;
        (self.0.may_be(notified, on) && self.0.may_be(registered, on)).then_some(Move { on, notified, registered })
    }

    fn permits(&self, draft: &mut PersonDraft, from: &mut Scanner<'_>) -> Option<()> {
        let mut permits: Vec<Permit> = Vec::new();
        from.list(|from| {
            permits.push(self.permit(from)?);
            Some(())
        })?;
        draft.permits = Some(side_by_side(permits)?);
        Some(())
    }

    fn permit(&self, from: &mut Scanner<'_>) -> Option<Permit> {
        const KEYS: [Key; 4] = keys(["kind", "from", "until", "days_per_entry"]);
        let kinds = &self.0.vocabulary.permits;
        let (mut kind, mut first, mut until, mut days_per_entry) = (None, None, None, None);
        from.table(&KEYS, |from, key| {
            match key {
                0 => kind = Some(from.one_of(kinds.iter().map(|kind| &*kind.id))?),
                1 => first = Some(day(from)?),
                2 => until = Some(day(from)?),
                _ => days_per_entry = Some(from.number()?),
            }
            Some(())
        })?;
        let permit = Permit { kind: kind?, from: first?, until, days_per_entry };
        self.0.is_good_permit(&permit).then_some(permit)
    }
}

fn day(from: &mut Scanner<'_>) -> Option<Day> {
    from.day().and_then(named)
}

/// `DAY`, or `DAYTHH:MM`.
fn day_and_time(written: &str) -> Option<Moment> {
    let (day, time) = written.split_at_checked(10)?;
    moment(Day::parse(day).ok()?, time)
}

/// A day, or `false`.
fn record(from: &mut Scanner<'_>) -> Option<Record> {
    if let Some(day) = day(from) {
        return Some(Record::Done(day));
    }
    (!from.truth()?).then_some(Record::NotDone)
}

fn one_of(from: &mut Scanner<'_>, words: &[Text]) -> Option<u8> {
    from.one_of(words.iter().map(|word| &**word))
}
