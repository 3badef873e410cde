//! A profile as far as it is read, and the buffers that pass from one profile of a list to the next.

use super::fields::{Field, FieldSet};
use super::{CaseDays, Moment, Move, Permit, Person, Profile, Record, Stay};
use crate::calendar::Day;
use crate::country::Country;
use crate::facts::{Fact, FactSet};
use crate::source::Text;

/// Buffers of profiles already processed, reused for the next ones: allocating them anew took a tenth of the time of
/// a list.
#[derive(Debug, Default)]
pub struct Buffers(Vec<Buffer>);

#[derive(Debug, Default)]
struct Buffer {
    id: String,
    name: String,
    stays: Vec<Stay>,
}

impl Buffers {
    /// Takes the buffers of these people. Long ones are not kept: few lines need them.
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
            Buffer { id: short(id), name: short(applicant.name), stays }
        }));
        self.0.truncate(MOST_PEOPLE);
    }
}

/// A profile, or a member of the family, as far as it is read.
pub(super) struct Draft<P> {
    pub(super) given: FieldSet,
    pub(super) id: Option<String>,
    name: Option<String>,
    pub(super) citizenship: Option<Country>,
    pub(super) birth_date: Option<Day>,
    document_expires: Option<Day>,
    pub(super) facts: FactSet,
    pub(super) days: CaseDays,
    pub(super) filing_on: Option<Moment>,
    pub(super) held: Vec<Text>,
    pub(super) stays: Vec<Stay>,
    /// Of each stay its place, and that of its entry.
    pub(super) stay_places: Vec<(P, P)>,
    pub(super) has_bad_stay: bool,
    /// What a row says of the current stay.
    pub(super) current: StayDraft<P>,
    pub(super) permits: Vec<Permit>,
    pub(super) family: Vec<Draft<P>>,
    /// Where a member of the family stands.
    pub(super) place: Option<P>,
    buffer: Buffer,
}

/// What is said of a stay, with its places.
pub(super) struct StayDraft<P> {
    pub(super) given: FieldSet,
    pub(super) entry: Option<(Day, P)>,
    pub(super) exit: Option<(Day, P)>,
    pub(super) arrived_at_host: Option<(Day, P)>,
    pub(super) notified: Option<(Record, P)>,
    pub(super) registered: Option<(Record, P)>,
    pub(super) moves: Vec<(Move, P)>,
}

/// What is said of a permit, with its places.
pub(super) struct PermitDraft<P> {
    pub(super) given: FieldSet,
    pub(super) kind: Option<u8>,
    pub(super) from: Option<Day>,
    pub(super) until: Option<(Day, P)>,
    pub(super) days_per_entry: Option<(i32, P)>,
    pub(super) entries: Option<(i32, P)>,
}

impl<P> Default for PermitDraft<P> {
    fn default() -> Self {
        Self { given: FieldSet::default(), kind: None, from: None, until: None, days_per_entry: None, entries: None }
    }
}

impl<P> StayDraft<P> {
    /// Whether nothing could be read of the stay.
    pub(super) fn is_empty(&self) -> bool {
        self.arrived_at_host.is_none() && self.notified.is_none() && self.registered.is_none() && self.moves.is_empty()
    }
}

impl<P> Default for StayDraft<P> {
    fn default() -> Self {
        Self {
            given: FieldSet::default(),
            entry: None,
            exit: None,
            arrived_at_host: None,
            notified: None,
            registered: None,
            moves: Vec::new(),
        }
    }
}

impl<P> Draft<P> {
    pub(super) fn new(Buffers(buffers): &mut Buffers) -> Self {
        Self {
            given: FieldSet::default(),
            id: None,
            name: None,
            citizenship: None,
            birth_date: None,
            document_expires: None,
            facts: FactSet::default(),
            days: CaseDays::default(),
            filing_on: None,
            held: Vec::new(),
            stays: Vec::new(),
            stay_places: Vec::new(),
            has_bad_stay: false,
            current: StayDraft::default(),
            permits: Vec::new(),
            family: Vec::new(),
            place: None,
            buffer: buffers.pop().unwrap_or_default(),
        }
    }

    pub(super) fn of_a_member(place: P) -> Self {
        Self { place: Some(place), ..Self::new(&mut Buffers::default()) }
    }

    pub(super) fn set_text(&mut self, field: Field, text: &str) {
        let (buffer, target) = match field {
            Field::Id => (&mut self.buffer.id, &mut self.id),
            _ => (&mut self.buffer.name, &mut self.name),
        };
        let mut copy = std::mem::take(buffer);
        copy.clear();
        copy.push_str(text);
        *target = Some(copy);
    }

    pub(super) fn set_day(&mut self, field: Field, day: Day) {
        match field {
            Field::BirthDate => self.birth_date = Some(day),
            Field::DocumentExpires => self.document_expires = Some(day),
            _ => self.days.set(field, day),
        }
    }

    /// An empty list, with room for the stays of most people.
    pub(super) fn buffer_for_stays(&mut self) -> Vec<Stay> {
        /// Longer lists of stays are few; shorter ones would be outgrown by many.
        const USUAL_STAYS: usize = 12;
        let mut stays = std::mem::take(&mut self.buffer.stays);
        stays.reserve(USUAL_STAYS);
        stays
    }

    /// The person, if a citizenship could be read.
    pub(super) fn person(self) -> Option<Person> {
        Some(Person {
            name: self.name,
            citizenship: self.citizenship?,
            birth_date: self.birth_date,
            document_kind: self.facts.value(Fact::DocumentKind).unwrap_or_default(),
            document_expires: self.document_expires,
            stays: self.stays,
            permits: self.permits,
            held: self.held,
        })
    }
}
