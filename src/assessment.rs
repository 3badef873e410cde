//! Nouns: the answer for one profile on one day, with its reasons.
//!
//! Sentences are carried as message keys with parameters; rules as references into the rule book, so
//! that whoever prints an answer can print why.

mod agenda;
mod because;
mod calendar;
mod echo;
mod permit;
mod plan;
mod stay;
mod timeline;
mod trace;

pub use agenda::*;
pub use because::*;
pub use calendar::*;
pub use echo::*;
pub use permit::*;
pub use plan::*;
pub use stay::*;
pub use timeline::*;
pub use trace::*;

use std::borrow::Cow;

use crate::calendar::{Day, SkippedDay};
use crate::country::Country;
use crate::profile::{Moment, Person};
use crate::rulebook::{APPLICANT, DeadlineKind, Head, Level, Who};
use crate::source::Text;

/// The whole answer, or the parts of it that were asked for.
#[derive(Clone, Debug)]
pub struct Assessment<'r> {
    /// Which rules were asked.
    pub rules: RulesId<'r>,
    /// The day it was asked for.
    pub today: Day,
    /// The facts as understood.
    pub profile: Echo<'r>,
    /// The categories of the applicant's citizenship.
    pub categories: Vec<&'r str>,
    /// All in one word.
    pub status: Status,
    /// Whether the travel document is good for entry.
    pub entry_document: Option<EntryDocument<'r>>,
    /// Who notifies the arrival, and where.
    pub registration: Option<Registration<'r>>,
    /// The applicant's own part.
    pub applicant: PersonAssessment<'r>,
    /// The members of the family, in the order of the profile.
    pub family: Vec<PersonAssessment<'r>>,
    /// What must also be said.
    pub notices: Vec<Notice<'r>>,
    /// Which facts would make the answer more certain.
    pub needs: Vec<Need<'r>>,
}

/// What the answer says of one person.
#[derive(Clone, Debug)]
pub struct PersonAssessment<'r> {
    /// `self`, or `family[n]`.
    pub label: Cow<'static, str>,
    /// The person.
    pub person: &'r Person,
    /// Relation to the applicant; [`APPLICANT`] for the applicant.
    pub relation: &'r str,
    /// How long they may stay.
    pub stay: Stay<'r>,
    /// What is due, sorted by day.
    pub deadlines: Vec<Deadline<'r>>,
    /// The permit; `None` for a pack without one.
    pub permit: Option<Permit<'r>>,
    /// The checklist.
    pub documents: Vec<DocumentLine<'r>>,
}

/// Identity of a rule pack.
#[derive(Clone, Copy, Debug)]
pub struct RulesId<'r> {
    /// The pack.
    pub pack: &'r str,
    /// Its version.
    pub version: &'r str,
    /// Its fingerprint.
    pub sha256: &'r str,
}

/// The whole answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing to do.
    Ok,
    /// Something is to be done or looked at soon.
    ActionNeeded,
    /// A rule is broken, or will be as planned.
    Violation,
    /// No rule covers the case.
    Unknown,
}

impl Status {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ActionNeeded => "action-needed",
            Self::Violation => "violation",
            Self::Unknown => "unknown",
        }
    }

    /// The exit code that goes with it: part of the contract with scripts.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Ok | Self::ActionNeeded => 0,
            Self::Violation => 1,
            Self::Unknown => 3,
        }
    }
}

/// A rule that decided something, in the version that did.
#[derive(Clone, Copy, Debug)]
pub struct RuleRef<'r> {
    /// Its id.
    pub id: &'r str,
    /// Version, citations, standing.
    pub head: &'r Head,
}

impl RuleRef<'_> {
    /// Whether both are the same rule of the same book in the same version: quicker to tell than for
    /// rules of different books. Equal versions of two rules may be kept in one place.
    #[must_use]
    pub fn is(self, other: Self) -> bool {
        std::ptr::eq(self.head, other.head) && self.id == other.id
    }
}

impl PartialEq for RuleRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.head.from == other.head.from && self.id == other.id
    }
}

/// A sentence, by its key in the message files, and the values it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Message<'r> {
    /// The key.
    pub key: Cow<'r, str>,
    /// The values.
    pub params: Vec<(&'static str, Param<'r>)>,
}

impl<'r> Message<'r> {
    /// A sentence without values.
    #[must_use]
    pub fn new(key: impl Into<Cow<'r, str>>) -> Self {
        Self { key: key.into(), params: Vec::new() }
    }

    /// The same sentence, naming one value more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Param<'r>) -> Self {
        self.params.push((name, value));
        self
    }
}

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Param<'r> {
    /// A day.
    Day(Day),
    /// A number; it also chooses the plural form.
    Count(i64),
    /// A text of another key.
    Key(Cow<'r, str>),
    /// Texts of other keys, listed.
    Keys(Vec<String>),
    /// Words that are the same in every language, listed.
    Words(Vec<&'r str>),
    /// A place in an act, as the rules write it.
    Place(&'r str),
    /// A country.
    Country(Country),
    /// Countries, listed by their codes.
    Countries(&'r [Country]),
}

/// Whether a travel document is good for entry.
#[derive(Clone, Debug)]
pub struct EntryDocument<'r> {
    /// Kinds accepted.
    pub accepted: Vec<&'r str>,
    /// The kind at hand.
    pub given: &'r str,
    /// Whether it is accepted.
    pub ok: bool,
    /// The rules that say so.
    pub rules: Vec<RuleRef<'r>>,
}

/// Where something can be filed.
#[derive(Clone, Debug)]
pub struct Channel<'r> {
    /// Its public id.
    pub id: &'r str,
    /// Its address.
    pub url: Option<&'r str>,
    /// Whether it is the most convenient one.
    pub recommended: bool,
    /// Ids of what it takes.
    pub conditions: &'r [Text],
    /// The rule.
    pub rule: RuleRef<'r>,
}

/// Who notifies the arrival, and where.
#[derive(Clone, Debug)]
pub struct Registration<'r> {
    /// Who has to.
    pub who: Who,
    /// Where.
    pub channels: Vec<Channel<'r>>,
}

/// Where a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineStatus {
    /// Done in time.
    Done,
    /// Done after its day.
    DoneLate,
    /// Past, and certainly not done.
    Overdue,
    /// Past, and nothing is said.
    NotRecorded,
    /// Today is the day.
    DueToday,
    /// Still ahead.
    Upcoming,
    /// Hangs on an unknown fact.
    Conditional,
}

impl DeadlineStatus {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DoneLate => "done-late",
            Self::Overdue => "overdue",
            Self::NotRecorded => "not-recorded",
            Self::DueToday => "due-today",
            Self::Upcoming => "upcoming",
            Self::Conditional => "conditional",
        }
    }

    /// Whether nothing is left to do, late or not.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::DoneLate)
    }
}

/// Something due by a day.
#[derive(Clone, Debug)]
pub struct Deadline<'r> {
    /// Its public id.
    pub id: Cow<'r, str>,
    /// After what it runs.
    pub event: &'static str,
    /// The day of that.
    pub event_date: Day,
    /// The last day (and time); `None` where the calendar does not reach so far.
    pub due: Option<Moment>,
    /// The last day on the stricter reading.
    pub safe: Option<Moment>,
    /// Where it stands.
    pub status: DeadlineStatus,
    /// Days from today to `due`.
    pub days: Option<i32>,
    /// The day it was done, where that is known.
    pub done_on: Option<Day>,
    /// Who has to act.
    pub who: Who,
    /// What it is.
    pub kind: DeadlineKind,
    /// Days passed over in counting working days.
    pub skipped: Vec<SkippedDay>,
    /// Whether a day off that is only estimated may still move it.
    pub is_estimated: bool,
    /// The rule.
    pub rule: RuleRef<'r>,
}

/// The parts of an answer that can be asked for by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The stay and its deadlines.
    Stay,
    /// The permit.
    Permit,
    /// The checklists.
    Documents,
}

impl Part {
    /// All parts.
    pub const ALL: &'static [Self] = &[Self::Stay, Self::Permit, Self::Documents];
}

/// Something that must also be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice<'r> {
    /// Its public code.
    pub code: Cow<'r, str>,
    /// How much it weighs.
    pub level: Level,
    /// Of whom it is said.
    pub person: Cow<'static, str>,
    /// Which part of the answer it belongs to; `None` for all.
    pub part: Option<Part>,
    /// What is said.
    pub text: Message<'r>,
    /// The rules it speaks of, or rests on.
    pub rules: Vec<&'r str>,
}

/// What values a missing fact can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed<'r> {
    /// A day.
    Day,
    /// A whole number.
    Number,
    /// One of these.
    Words(Vec<&'r str>),
}

/// A fact that would make the answer more certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need<'r> {
    /// Where a profile states it.
    pub fact: Cow<'static, str>,
    /// The parts of the answer that it belongs to.
    pub parts: Vec<Part>,
    /// What it can be.
    pub allowed: Allowed<'r>,
    /// What hangs on it: the permit, deadlines, documents.
    pub affects: Vec<&'r str>,
}

impl<'r> Assessment<'r> {
    /// The applicant, and the members of the family.
    pub fn persons(&self) -> impl Iterator<Item = &PersonAssessment<'r>> {
        std::iter::once(&self.applicant).chain(&self.family)
    }

    /// The same, to be altered.
    pub fn persons_mut(&mut self) -> impl Iterator<Item = &mut PersonAssessment<'r>> {
        std::iter::once(&mut self.applicant).chain(&mut self.family)
    }
}

impl PersonAssessment<'_> {
    /// Whether this is the applicant.
    #[must_use]
    pub fn is_applicant(&self) -> bool {
        self.relation == APPLICANT
    }
}
