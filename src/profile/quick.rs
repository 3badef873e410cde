//! Nouns: the quick way to a profile, for lists of millions: [`json`] reads a line of JSON, the staff list's own
//! reader a row of a table, and what they have in common is here.
//!
//! It takes only lines that are certainly good, and says nothing of the others (`None`): those are for
//! [`check`](super::check), which finds everything that is wrong with them, or takes them, too. What is
//! taken here is taken there to the same profile; the tests of lists hold the two together.

mod json;

pub use json::read;

use super::check::{DAYS_PER_ENTRY, minute};
use super::{Employment, FamilyMember, Filing, Moment, Move, Permit, Person, Profile, Record, Stay};
use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::rulebook::{RuleBook, Vocabulary};
use crate::source::Text;

/// A line with more permits of one person than this is left to the check, which sorts them out in one pass.
const MOST_PERMITS: usize = 64;

/// Longer lists of stays are few; shorter room would be outgrown by many.
const USUAL_STAYS: usize = 12;

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
    /// Takes what these people have. Long pieces are not kept: few lines need their room.
    pub fn take_from(&mut self, people: &mut Vec<Profile>) {
        /// More people than these are not read at once.
        const MOST_PEOPLE: usize = 64;
        const LONGEST_TEXT: usize = 1024;
        const MOST_STAYS: usize = 128;
        let short = |text: Option<String>| text.filter(|text| text.capacity() <= LONGEST_TEXT).unwrap_or_default();
        self.0.extend(people.drain(..).map(|Profile { id, applicant, .. }| {
            let mut stays = applicant.stays;
            stays.clear();
            if stays.capacity() > MOST_STAYS {
                stays = Vec::new();
            }
            Room { id: short(id), name: short(applicant.name), stays }
        }));
        self.0.truncate(MOST_PEOPLE);
    }
}

/// What values are checked against.
pub(crate) struct Checker<'q> {
    pub(crate) vocabulary: &'q Vocabulary,
    countries: &'q Countries,
    pub(crate) today: Day,
}

/// A profile as far as the line is read.
#[derive(Default)]
pub(crate) struct Draft {
    id: Option<String>,
    pub(crate) purpose: Option<u8>,
    pub(crate) employment: Employment,
    pub(crate) housing_owner: Option<u8>,
    pub(crate) filing: Filing,
    pub(crate) applicant: PersonDraft,
    family: Vec<(u8, PersonDraft)>,
}

/// A person as far as the line is read.
#[derive(Default)]
pub(crate) struct PersonDraft {
    name: Option<String>,
    pub(crate) citizenship: Option<Country>,
    pub(crate) birth_date: Option<Day>,
    pub(crate) document_kind: Option<u8>,
    pub(crate) document_expires: Option<Day>,
    pub(crate) held: Vec<Text>,
    pub(crate) stays: Option<Vec<Stay>>,
    pub(crate) permits: Option<Vec<Permit>>,
    spare: Room,
}

impl Draft {
    /// Nothing is read yet; the memory of somebody of before is used.
    pub(crate) fn new(Spare(spare): &mut Spare) -> Self {
        let applicant = PersonDraft { spare: spare.pop().unwrap_or_default(), ..PersonDraft::default() };
        Self { applicant, ..Self::default() }
    }

    pub(crate) fn set_id(&mut self, id: &str) {
        self.id = Some(owned(id, &mut self.applicant.spare.id));
    }

    /// The profile, once all is read.
    pub(crate) fn profile(self) -> Option<Profile> {
        let Self { id, purpose, employment, housing_owner, filing, applicant, family } = self;
        let is_assumed = [
            ("travel_document.kind", applicant.document_kind.is_none()),
            ("birth_date", applicant.birth_date.is_none()),
            ("permits", applicant.permits.is_none()),
        ];
        let assumed = is_assumed.into_iter().filter(|(_, is_assumed)| *is_assumed).map(|(key, _)| key).collect();
        let applicant = applicant.person(&[])?;
        let family = family
            .into_iter()
            .map(|(relation, draft)| Some(FamilyMember { relation, person: draft.person(&applicant.stays)? }));
        let family = family.collect::<Option<Vec<FamilyMember>>>()?;
        Some(Profile { id, applicant, purpose, employment, housing_owner, filing, family, assumed })
    }
}

impl PersonDraft {
    pub(crate) fn set_name(&mut self, name: &str) {
        self.name = Some(owned(name, &mut self.spare.name));
    }

    /// An empty list, with room for the stays of most people.
    pub(crate) fn room_for_stays(&mut self) -> Vec<Stay> {
        let mut stays = std::mem::take(&mut self.spare.stays);
        stays.reserve(USUAL_STAYS);
        stays
    }

    /// The person; without stays of their own they have these.
    fn person(self, stays: &[Stay]) -> Option<Person> {
        let first = self.stays.as_ref().and_then(|stays| stays.first());
        if first.zip(self.birth_date).is_some_and(|(stay, birth)| stay.entry < birth) {
            return None;
        }
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

impl<'q> Checker<'q> {
    pub(crate) const fn new(book: &'q RuleBook, countries: &'q Countries, today: Day) -> Self {
        Self { vocabulary: &book.vocabulary, countries, today }
    }

    pub(crate) fn country(&self, written: &str) -> Option<Country> {
        self.countries.find(written)
    }

    /// A day on which somebody can be born.
    pub(crate) fn birth_date(&self, day: Day) -> Option<Day> {
        (Day::FIRST_BIRTH..=self.today).contains(&day).then_some(day)
    }

    pub(crate) fn travel_document(&self, written: &str) -> Option<u8> {
        place_among(self.vocabulary.travel_documents.iter().map(|kind| &*kind.id), written)
    }

    pub(crate) fn held_document(&self, written: &str) -> Option<Text> {
        let documents = &self.vocabulary.documents;
        Some(documents[usize::from(word(documents, written)?)].clone())
    }

    /// Whether all that is said of a stay can be so.
    pub(crate) fn is_good_stay(&self, stay: &Stay) -> bool {
        let Stay { entry, exit, arrived_at_host, notified, registered, ref moves } = *stay;
        let is_within = |day: Day| entry <= day && exit.is_none_or(|exit| day <= exit);
        exit.is_none_or(|exit| entry <= exit)
            && arrived_at_host.is_none_or(is_within)
            && self.may_be(notified, entry)
            && self.may_be(registered, entry)
            && moves.iter().all(|one: &Move| is_within(one.on))
    }

    /// Whether something can be recorded of what happened on a day.
    fn may_be(&self, record: Record, event: Day) -> bool {
        match record {
            Record::Done(day) => event <= day && day <= self.today,
            Record::Silent | Record::NotDone => true,
        }
    }

    pub(crate) fn permit_kind(&self, written: &str) -> Option<u8> {
        place_among(self.vocabulary.permits.iter().map(|kind| &*kind.id), written)
    }

    /// Whether all that is said of a permit can be so.
    pub(crate) fn is_good_permit(&self, permit: &Permit) -> bool {
        let about = &self.vocabulary.permits[usize::from(permit.kind)];
        permit.until.map_or(about.open_ended, |until| permit.from <= until)
            && permit.days_per_entry.is_none_or(|days| about.days_per_entry && DAYS_PER_ENTRY.contains(&days))
    }
}

/// The stays by day of entry, if none lasts into the next.
pub(crate) fn in_order(mut stays: Vec<Stay>) -> Option<Vec<Stay>> {
    let follows = |pair: &[Stay]| pair[0].exit.is_some_and(|exit| exit <= pair[1].entry);
    let are_in_order = |stays: &[Stay]| stays.windows(2).all(follows);
    if !are_in_order(&stays) {
        stays.sort_by_key(|stay| (stay.entry, stay.exit.unwrap_or(Day::LAST)));
        if !are_in_order(&stays) {
            return None;
        }
    }
    Some(stays)
}

/// The permits by first day, if no two of one kind share a day.
pub(crate) fn side_by_side(mut permits: Vec<Permit>) -> Option<Vec<Permit>> {
    if permits.len() > MOST_PERMITS {
        return None;
    }
    permits.sort_by_key(|permit| (permit.from, permit.kind));
    let shares_a_day = |(at, later): (usize, &Permit)| {
        let mut earlier = permits[..at].iter().filter(|earlier| earlier.kind == later.kind);
        earlier.any(|earlier| earlier.until.is_none_or(|until| until >= later.from))
    };
    (!permits.iter().enumerate().any(shares_a_day)).then_some(permits)
}

/// The day, if rules and profiles may name it.
pub(crate) fn named(day: Day) -> Option<Day> {
    (Day::FIRST..=Day::LAST).contains(&day).then_some(day)
}

/// A day, and the time behind it, if there is one.
pub(crate) fn moment(day: Day, time: &str) -> Option<Moment> {
    let minute = if time.is_empty() { None } else { Some(minute(time.strip_prefix(['T', ' '])?)?) };
    Some(Moment { day: named(day)?, minute })
}

/// The place of a word in a list.
pub(crate) fn word(words: &[Text], written: &str) -> Option<u8> {
    place_among(words.iter().map(|word| &**word), written)
}

fn place_among<'k>(mut known: impl Iterator<Item = &'k str>, written: &str) -> Option<u8> {
    known.position(|known| known == written).and_then(|at| u8::try_from(at).ok())
}

/// A copy, in memory of before.
fn owned(text: &str, spare: &mut String) -> String {
    let mut copy = std::mem::take(spare);
    copy.clear();
    copy.push_str(text);
    copy
}
