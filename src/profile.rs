//! One person's facts, checked against the vocabulary of a rule pack.
//!
//! [`fields`] is the table of all of them; [`written`] is a profile as written, [`read`] the step from there to here
//! with every fault. What is not known stays `None`: nothing is filled in but what the contract names (a passport, an
//! adult, no visa), and [`Profile::assumed`] lists that.

mod draft;
pub mod edit;
pub mod fields;
pub mod forms;
pub mod read;
pub mod scan;
mod source;
pub mod value;
pub mod written;

pub use draft::Buffers;

use fields::Field;
use smallvec::SmallVec;

use crate::calendar::{Day, DayRange};
use crate::country::Country;
use crate::facts::FactSet;
use crate::source::Text;

/// Everything that is known of an applicant and their family.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The caller's own id, echoed.
    pub id: Option<String>,
    pub applicant: Person,
    /// The facts of the whole case that are words of the pack.
    pub facts: FactSet,
    /// The days of the whole case.
    pub days: CaseDays,
    /// When the application is filed.
    pub filing_on: Option<Moment>,
    pub family: Vec<FamilyMember>,
    /// Paths of the fields that were left out and are taken to have their usual value.
    pub assumed: SmallVec<[&'static str; 3]>,
}

/// The days that a case states, by their fields: the end of the contract, a change of employer, a fine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseDays(SmallVec<[(Field, Day); 2]>);

impl CaseDays {
    pub fn get(&self, field: Field) -> Option<Day> {
        self.0.iter().find(|(known, _)| *known == field).map(|(_, day)| *day)
    }

    /// States a day. The order in which days are stated makes no difference.
    pub fn set(&mut self, field: Field, day: Day) {
        let at = self.0.partition_point(|(known, _)| *known < field);
        self.0.insert(at, (field, day));
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub name: Option<String>,
    pub citizenship: Country,
    /// Day of birth; an adult where it is not known.
    pub birth_date: Option<Day>,
    /// Kind of the travel document, by its place in the vocabulary.
    pub document_kind: u8,
    /// The last day the travel document is valid.
    pub document_expires: Option<Day>,
    /// Stays, by day of entry; two may share a border day and no more.
    pub stays: Vec<Stay>,
    /// Permits, by first day; two of one kind share no day.
    pub permits: Vec<Permit>,
    /// Documents at hand, by public id.
    pub held: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FamilyMember {
    /// Relation to the applicant, by its place among the relations.
    pub relation: u8,
    /// Without stays of their own they share the applicant's.
    pub person: Person,
}

/// A stay in the country, past, present or planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    pub entry: Day,
    /// The day of exit, `None` while it is not known.
    pub exit: Option<Day>,
    /// The day of arrival at the host, where it is known.
    pub arrived_at_host: Option<Day>,
    /// The host's notification.
    pub notified: Record,
    /// The person's own registration.
    pub registered: Record,
    /// Changes of address.
    pub moves: Vec<Move>,
}

impl Stay {
    /// A stay of which nothing else is said; `exit` is `None` while it is not known.
    pub const fn from_to(entry: Day, exit: Option<Day>) -> Self {
        let (notified, registered) = (Record::Silent, Record::Silent);
        Self { entry, exit, arrived_at_host: None, notified, registered, moves: Vec::new() }
    }

    /// What stays are sorted by: of two from one day the one that ended first was the earlier one.
    pub fn order(&self) -> (Day, Day) {
        (self.entry, self.exit.unwrap_or(Day::LAST))
    }

    /// The same stay for somebody who was there from that day on at the earliest. What was recorded before is not theirs.
    pub fn not_before(&self, first: Day) -> Self {
        let record = |record| if matches!(record, Record::Done(day) if day < first) { Record::Silent } else { record };
        Self {
            entry: self.entry.max(first),
            exit: self.exit,
            arrived_at_host: self.arrived_at_host.filter(|day| *day >= first),
            notified: record(self.notified),
            registered: record(self.registered),
            moves: self.moves.iter().filter(|one| one.on >= first).cloned().collect(),
        }
    }

    /// The days of the stay, up to `today` where it is open; of a planned open stay the day of entry.
    pub fn days(&self, today: Day) -> DayRange {
        DayRange { first: self.entry, last: self.exit.unwrap_or(today.max(self.entry)) }
    }

    /// Whether the person is in the country on `today` because of this stay.
    pub fn is_current(&self, today: Day) -> bool {
        self.entry <= today && self.exit.is_none_or(|exit| today <= exit)
    }
}

/// A change of address.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub on: Day,
    /// The new host's notification.
    pub notified: Record,
    /// The person's own registration.
    pub registered: Record,
}

/// What is recorded of something that has to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// Nothing is said.
    #[default]
    Silent,
    /// It was not done.
    NotDone,
    /// It was done on this day.
    Done(Day),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Permit {
    /// By its place in the vocabulary.
    pub kind: u8,
    pub from: Day,
    /// The last day; `None` where it has no end.
    pub until: Option<Day>,
    /// Days of each stay, as printed on a visa.
    pub days_per_entry: Option<i32>,
    /// How often one may enter on it.
    pub entries: Option<i32>,
}

impl Person {
    /// Which entry on a permit a stay is, counted from 1; 0 where it began on no day of the permit. The stay may be one
    /// that is only thought of.
    pub fn nth_entry(&self, permit: &Permit, stay: &Stay) -> usize {
        if !permit.is_valid_on(stay.entry) {
            return 0;
        }
        let this = stay.order();
        let entries = self.stays.iter().filter(|other| permit.is_valid_on(other.entry)).map(Stay::order);
        entries.clone().filter(|other| *other < this).count() + entries.filter(|other| *other == this).count().max(1)
    }

    /// Whether the entries that a permit allows were used up before a stay.
    pub fn has_used_up(&self, permit: &Permit, stay: &Stay) -> bool {
        let allows = |entries: i32| usize::try_from(entries).is_ok_and(|most| self.nth_entry(permit, stay) <= most);
        permit.entries.is_some_and(|entries| !allows(entries))
    }
}

impl Permit {
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A day, with or without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub day: Day,
    /// Minutes since midnight.
    pub minute: Option<u16>,
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.day.fmt(f)?;
        match self.minute {
            Some(minute) => write!(f, "T{:02}:{:02}", minute / 60, minute % 60),
            None => Ok(()),
        }
    }
}
