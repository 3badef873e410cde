//! Nouns: the quick way from a line of JSON to a profile, for lists of millions.
//!
//! It takes only lines that are certainly good, and says nothing of the others (`None`): those are for
//! [`check`](super::check), which finds everything that is wrong with them, or takes them, too. What is
//! taken here is taken there to the same profile; the tests of lists hold the two together.

use std::borrow::Cow;

use super::check::{DAYS_PER_ENTRY, minute};
use super::scan::{Key, Scanner, keys};
use super::{Employment, FamilyMember, Filing, Moment, Move, Permit, Person, Profile, Record, Stay};
use crate::calendar::Day;
use crate::country::{Country, Finder};
use crate::rulebook::{RuleBook, Vocabulary};
use crate::source::Text;

/// A line with more permits of one person than this is left to the check, which sorts them out in one pass.
const MOST_PERMITS: usize = 64;

/// What people of before took of memory, for others.
#[derive(Debug, Default)]
pub struct Spare(Vec<Room>);

/// The memory of a person.
#[derive(Debug, Default)]
struct Room {
    id: String,
    name: String,
    stays: Vec<Stay>,
}

impl Spare {
    /// Takes what these people have, in place of what was here before. Long pieces are not kept: few lines need
    /// their room.
    pub fn take_from(&mut self, people: &mut Vec<Profile>) {
        const LONGEST_TEXT: usize = 1024;
        const MOST_STAYS: usize = 128;
        let short = |text: Option<String>| text.filter(|text| text.capacity() <= LONGEST_TEXT).unwrap_or_default();
        self.0.clear();
        self.0.extend(people.drain(..).map(|Profile { id, applicant, .. }| {
            let mut stays = applicant.stays;
            stays.clear();
            if stays.capacity() > MOST_STAYS {
                stays = Vec::new();
            }
            Room { id: short(id), name: short(applicant.name), stays }
        }));
    }
}

/// The profile of a line; `None` where it is not certain that the line is good. The memory of
/// somebody of before is used for it.
#[must_use]
pub fn read(line: &str, book: &RuleBook, finder: &Finder<'_>, today: Day, spare: &mut Spare) -> Option<Profile> {
    let mut from = Scanner::new(line);
    let profile = Reader { vocabulary: &book.vocabulary, finder, today }.profile(&mut from, spare)?;
    from.is_at_end().then_some(profile)
}

struct Reader<'q> {
    vocabulary: &'q Vocabulary,
    finder: &'q Finder<'q>,
    today: Day,
}

/// A person as far as the line is read.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    citizenship: Option<Country>,
    birth_date: Option<Day>,
    document_kind: Option<u8>,
    document_expires: Option<Day>,
    held: Vec<Text>,
    stays: Option<Vec<Stay>>,
    permits: Option<Vec<Permit>>,
    spare: Room,
}

impl Reader<'_> {
    fn profile(&self, from: &mut Scanner<'_>, Spare(spare): &mut Spare) -> Option<Profile> {
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
        let vocabulary = self.vocabulary;
        let mut draft = Draft { spare: spare.pop().unwrap_or_default(), ..Draft::default() };
        let (mut id, mut purpose, mut housing_owner) = (None, None, None);
        let (mut employment, mut filing) = (Employment::default(), Filing::default());
        let mut family = Vec::new();
        from.table(&KEYS, |from, key| {
            match key {
                0 => id = Some(owned(&from.string()?, &mut draft.spare.id)),
                5 => purpose = Some(word(from, &vocabulary.purposes)?),
                8 => employment = self.employment(from)?,
                9 => from.table(&const { keys(["owner"]) }, |from, _| {
                    housing_owner = Some(word(from, &vocabulary.housing_owners)?);
                    Some(())
                })?,
                10 => filing = self.filing(from)?,
                12 => from.list(|from| {
                    family.push(self.family_member(from)?);
                    Some(())
                })?,
                1 => draft.name(from)?,
                2 => self.citizenship(&mut draft, from)?,
                3 => self.birth_date(&mut draft, from)?,
                4 => self.travel_document(&mut draft, from)?,
                6 => self.stays(&mut draft, from)?,
                7 => self.permits(&mut draft, from)?,
                _ => self.held(&mut draft, from)?,
            }
            Some(())
        })?;
        let is_assumed = [
            ("travel_document.kind", draft.document_kind.is_none()),
            ("birth_date", draft.birth_date.is_none()),
            ("permits", draft.permits.is_none()),
        ];
        let assumed = is_assumed.into_iter().filter(|(_, is_assumed)| *is_assumed).map(|(key, _)| key).collect();
        let applicant = draft.person(&[])?;
        let family = family
            .into_iter()
            .map(|(relation, draft)| Some(FamilyMember { relation, person: draft.person(&applicant.stays)? }));
        let family = family.collect::<Option<Vec<FamilyMember>>>()?;
        Some(Profile { id, applicant, purpose, employment, housing_owner, filing, family, assumed })
    }

    fn family_member(&self, from: &mut Scanner<'_>) -> Option<(u8, Draft)> {
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
        let mut draft = Draft::default();
        let mut relation = None;
        from.table(&KEYS, |from, key| match key {
            0 => {
                relation = Some(word(from, &self.vocabulary.relations)?);
                Some(())
            }
            1 => draft.name(from),
            2 => self.citizenship(&mut draft, from),
            3 => self.birth_date(&mut draft, from),
            4 => self.travel_document(&mut draft, from),
            5 => self.held(&mut draft, from),
            6 => self.stays(&mut draft, from),
            _ => self.permits(&mut draft, from),
        })?;
        Some((relation?, draft))
    }

    fn citizenship(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        draft.citizenship = Some(self.finder.find(&from.string()?).ok()?);
        Some(())
    }

    fn birth_date(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        draft.birth_date = Some(from.day().filter(|day| (Day::FIRST_BIRTH..=self.today).contains(day))?);
        Some(())
    }

    fn travel_document(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        let kinds = self.vocabulary.travel_documents.iter().map(|kind| &*kind.id);
        from.table(&const { keys(["kind", "expires"]) }, |from, key| {
            match key {
                0 => draft.document_kind = Some(one_of(from, kinds.clone())?),
                _ => draft.document_expires = Some(day(from)?),
            }
            Some(())
        })
    }

    fn held(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        let documents = &self.vocabulary.documents;
        from.list(|from| {
            draft.held.push(documents[usize::from(word(from, documents)?)].clone());
            Some(())
        })
    }

    fn employment(&self, from: &mut Scanner<'_>) -> Option<Employment> {
        const KEYS: [Key; 5] = keys(["employer", "work", "permit_exempt", "contract_until", "changed_on"]);
        let mut employment = Employment::default();
        from.table(&KEYS, |from, key| {
            match key {
                0 => employment.employer = Some(word(from, &self.vocabulary.employers)?),
                1 => employment.work = Some(word(from, &self.vocabulary.work)?),
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
                0 => filing.channel = Some(word(from, &self.vocabulary.filing_channels)?),
                _ => filing.on = Some(moment(&from.string()?)?),
            }
            Some(())
        })?;
        Some(filing)
    }

    // ---- stays and permits ----

    fn stays(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        /// Longer lists are few; shorter room would be outgrown by many.
        const USUAL: usize = 12;
        let mut stays = std::mem::take(&mut draft.spare.stays);
        stays.reserve(USUAL);
        let follows = |before: &Stay, next: &Stay| before.exit.is_some_and(|exit| exit <= next.entry);
        let mut are_in_order = true;
        from.list(|from| {
            let stay = self.stay(from)?;
            are_in_order &= stays.last().is_none_or(|before| follows(before, &stay));
            stays.push(stay);
            Some(())
        })?;
        if !are_in_order {
            stays.sort_by_key(|stay| (stay.entry, stay.exit.unwrap_or(Day::LAST)));
            are_in_order = stays.windows(2).all(|pair| follows(&pair[0], &pair[1]));
        }
        draft.stays = Some(are_in_order.then_some(stays)?);
        Some(())
    }

    fn stay(&self, from: &mut Scanner<'_>) -> Option<Stay> {
        const KEYS: [Key; 6] = keys(["entry", "exit", "arrived_at_host", "notified", "registered", "moves"]);
        /// What stands around the days of most stays, without blanks and with those that programs write.
        const USUAL: [[&str; 3]; 2] =
            [["{\"entry\":\"", "\",\"exit\":\"", "\"}"], ["{\"entry\": \"", "\", \"exit\": \"", "\"}"]];
        if let Some([entry, exit]) = USUAL.into_iter().find_map(|around| from.days_between(around)) {
            let is_good = Day::FIRST <= entry && entry <= exit && exit <= Day::LAST;
            return is_good.then(|| Stay {
                entry,
                exit: Some(exit),
                arrived_at_host: None,
                notified: Record::Silent,
                registered: Record::Silent,
                moves: Vec::new(),
            });
        }
        let (mut entry, mut exit, mut arrived_at_host) = (None, None, None);
        let (mut notified, mut registered) = (Record::Silent, Record::Silent);
        let mut moves = Vec::new();
        from.table(&KEYS, |from, key| {
            match key {
                0 => entry = Some(day(from)?),
                1 => exit = Some(day(from)?),
                2 => arrived_at_host = Some(day(from)?),
                3 => notified = record(from)?,
                4 => registered = record(from)?,
                _ => from.list(|from| {
                    moves.push(self.a_move(from)?);
                    Some(())
                })?,
            }
            Some(())
        })?;
        let entry = entry?;
        let is_within = |day: Day| entry <= day && exit.is_none_or(|exit| day <= exit);
        let is_good = exit.is_none_or(|exit| entry <= exit)
            && arrived_at_host.is_none_or(is_within)
            && self.may_be(notified, entry)
            && self.may_be(registered, entry)
            && moves.iter().all(|one: &Move| is_within(one.on));
        if moves.len() > 1 {
            moves.sort_by_key(|one| one.on);
        }
        is_good.then_some(Stay { entry, exit, arrived_at_host, notified, registered, moves })
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
        (self.may_be(notified, on) && self.may_be(registered, on)).then_some(Move { on, notified, registered })
    }

    /// Whether something can be recorded of what happened on a day.
    fn may_be(&self, record: Record, event: Day) -> bool {
        match record {
            Record::Done(day) => event <= day && day <= self.today,
            Record::Silent | Record::NotDone => true,
        }
    }

    fn permits(&self, draft: &mut Draft, from: &mut Scanner<'_>) -> Option<()> {
        let mut permits: Vec<Permit> = Vec::new();
        from.list(|from| {
            permits.push(self.permit(from)?);
            Some(())
        })?;
        if permits.len() > MOST_PERMITS {
            return None;
        }
        permits.sort_by_key(|permit| (permit.from, permit.kind));
        let shares_a_day = |(at, later): (usize, &Permit)| {
            let mut earlier = permits[..at].iter().filter(|earlier| earlier.kind == later.kind);
            earlier.any(|earlier| earlier.until.is_none_or(|until| until >= later.from))
        };
        let is_good = !permits.iter().enumerate().any(shares_a_day);
        draft.permits = Some(is_good.then_some(permits)?);
        Some(())
    }

    fn permit(&self, from: &mut Scanner<'_>) -> Option<Permit> {
        const KEYS: [Key; 4] = keys(["kind", "from", "until", "days_per_entry"]);
        let kinds = self.vocabulary.permits.iter().map(|kind| &*kind.id);
        let (mut kind, mut first, mut until, mut days_per_entry) = (None, None, None, None);
        from.table(&KEYS, |from, key| {
            match key {
                0 => kind = Some(one_of(from, kinds.clone())?),
                1 => first = Some(day(from)?),
                2 => until = Some(day(from)?),
                _ => days_per_entry = Some(from.number()?),
            }
            Some(())
        })?;
        let (kind, first) = (kind?, first?);
        let about = &self.vocabulary.permits[usize::from(kind)];
        let is_good = until.map_or(about.open_ended, |until| first <= until)
            && days_per_entry.is_none_or(|days| about.days_per_entry && DAYS_PER_ENTRY.contains(&days));
        is_good.then_some(Permit { kind, from: first, until, days_per_entry })
    }
}

impl Draft {
    fn name(&mut self, from: &mut Scanner<'_>) -> Option<()> {
        self.name = Some(owned(&from.string()?, &mut self.spare.name));
        Some(())
    }

    /// The person; without stays of their own they have these.
    fn person(self, stays: &[Stay]) -> Option<Person> {
        Some(Person {
            name: self.name,
            citizenship: self.citizenship?,
            birth_date: self.birth_date,
            document_kind: self.document_kind.unwrap_or_default(),
            document_expires: self.document_expires,
            stays: self.stays.unwrap_or_else(|| stays.to_vec()),
            permits: self.permits.unwrap_or_default(),
            held: self.held,
        })
    }
}

/// A copy, in memory of before.
fn owned(text: &str, spare: &mut String) -> String {
    let mut copy = std::mem::take(spare);
    copy.clear();
    copy.push_str(text);
    copy
}

fn day(from: &mut Scanner<'_>) -> Option<Day> {
    from.day().filter(|day| (Day::FIRST..=Day::LAST).contains(day))
}

/// `DAY`, or `DAYTHH:MM`.
fn moment(written: &str) -> Option<Moment> {
    let (day, time) = written.split_at_checked(10)?;
    let day = Day::parse(day).ok().filter(|day| (Day::FIRST..=Day::LAST).contains(day))?;
    if time.is_empty() {
        return Some(Moment { day, minute: None });
    }
    Some(Moment { day, minute: Some(minute(time.strip_prefix(['T', ' '])?)?) })
}

/// A day, or `false`.
fn record(from: &mut Scanner<'_>) -> Option<Record> {
    if let Some(day) = day(from) {
        return Some(Record::Done(day));
    }
    (!from.truth()?).then_some(Record::NotDone)
}

fn one_of<'k>(from: &mut Scanner<'_>, mut known: impl Iterator<Item = &'k str>) -> Option<u8> {
    let written: Cow<'_, str> = from.string()?;
    known.position(|known| known == written).and_then(|at| u8::try_from(at).ok())
}

fn word(from: &mut Scanner<'_>, words: &[Text]) -> Option<u8> {
    one_of(from, words.iter().map(|word| &**word))
}
