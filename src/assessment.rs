//! The answer for one profile on one day, with its reasons.
//!
//! Sentences are carried as message keys with parameters, rules as references into the rule book, so that whatever
//! prints an answer can print why.

/// Enums whose values are each called by a word in answers or reports.
macro_rules! worded {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, as they are listed above.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

pub(crate) use worded;

mod agenda;
mod because;
mod calendar;
mod permit;
mod plan;
mod stay;
mod timeline;

pub use agenda::*;
pub use because::*;
pub use calendar::*;
pub use permit::*;
pub use plan::*;
pub use stay::*;
pub use timeline::*;

use std::borrow::Cow;
use std::ops::Deref;

use crate::calendar::{Day, SkippedDay};
use crate::country::Country;
use crate::facts::Fact;
use crate::profile::{FamilyMember, Moment, Person, Profile};
use crate::rulebook::{APPLICANT, DeadlineKind, Head, Level, RuleBook, Term, Vocabulary, Who};
use crate::source::Text;

/// The whole answer, or the parts of it that were asked for.
#[derive(Clone, Debug)]
pub struct Assessment<'r> {
    pub rules: RulesId<'r>,
    pub today: Day,
    pub profile: Echo<'r>,
    pub categories: Vec<&'r str>,
    pub status: Status,
    pub entry_document: Option<EntryDocument<'r>>,
    pub registration: Option<Registration<'r>>,
    pub applicant: PersonAssessment<'r>,
    /// In the order of the profile.
    pub family: Vec<PersonAssessment<'r>>,
    pub notices: Vec<Notice<'r>>,
    /// Which facts would make the answer more certain.
    pub needs: Vec<Need<'r>>,
}

#[derive(Clone, Debug)]
pub struct PersonAssessment<'r> {
    /// `self`, or `family[n]`.
    pub label: Cow<'static, str>,
    pub person: &'r Person,
    /// Relation to the applicant; [`APPLICANT`] for the applicant.
    pub relation: &'r str,
    pub stay: Stay<'r>,
    /// By day.
    pub deadlines: Vec<Deadline<'r>>,
    /// `None` for a pack without such a permit.
    pub permit: Option<Permit<'r>>,
    pub documents: Vec<DocumentLine<'r>>,
}

#[derive(Clone, Copy, Debug)]
pub struct RulesId<'r> {
    pub pack: &'r str,
    pub version: &'r str,
    pub sha256: &'r str,
}

impl<'r> RulesId<'r> {
    pub fn of(book: &'r RuleBook) -> Self {
        Self { pack: &book.id, version: &book.version, sha256: &book.sha256 }
    }
}

worded! {
    /// The whole answer in one word.
    pub enum Status {
        Ok = "ok",
        /// Something is to be done or looked at soon.
        ActionNeeded = "action-needed",
        /// A rule is broken, or will be as planned.
        Violation = "violation",
        Unknown = "unknown",
    }
}

impl Status {
    /// The exit code that goes with it: part of the contract with scripts.
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
    pub id: &'r str,
    pub head: &'r Head,
}

impl RuleRef<'_> {
    /// Whether both are the same rule of the same book in the same version: quicker than comparing rules of different
    /// books. Equal versions of two rules may be kept in one place.
    pub fn is(self, other: Self) -> bool {
        std::ptr::eq(self.head, other.head) && self.id == other.id
    }

    /// Adds it to a list that has each rule once.
    pub fn add_to(self, rules: &mut Vec<Self>) {
        if !rules.iter().any(|known| known.is(self)) {
            rules.push(self);
        }
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
    pub key: Cow<'r, str>,
    pub params: Vec<(&'static str, Param<'r>)>,
}

impl<'r> Message<'r> {
    pub fn new(key: impl Into<Cow<'r, str>>) -> Self {
        Self { key: key.into(), params: Vec::new() }
    }

    /// The same sentence, naming one value more.
    pub fn with(mut self, name: &'static str, value: Param<'r>) -> Self {
        self.params.push((name, value));
        self
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Param<'r> {
    Day(Day),
    /// A number; it also chooses the plural form.
    Count(i64),
    /// A text of another key.
    Key(Cow<'r, str>),
    /// Texts of other keys, listed.
    Keys(Vec<String>),
    /// Words that are the same in every language, listed.
    Words(Vec<&'r str>),
    /// Another sentence.
    Message(Box<Message<'r>>),
    /// An amount of money, without its currency.
    Sum(i64),
    /// A place in an act, as the rules write it.
    Place(&'r str),
    Country(Country),
    Countries(&'r [Country]),
}

/// Whether a travel document is good for entry.
#[derive(Clone, Debug)]
pub struct EntryDocument<'r> {
    pub accepted: Vec<&'r str>,
    pub given: &'r str,
    pub ok: bool,
    pub rules: Vec<RuleRef<'r>>,
}

#[derive(Clone, Debug)]
pub struct Channel<'r> {
    /// Its public id.
    pub id: &'r str,
    pub url: Option<&'r str>,
    pub recommended: bool,
    /// Ids of what it takes.
    pub conditions: &'r [Text],
    pub rule: RuleRef<'r>,
}

#[derive(Clone, Debug)]
pub struct Registration<'r> {
    pub who: Who,
    pub channels: Vec<Channel<'r>>,
}

worded! {
    pub enum DeadlineStatus {
        Done = "done",
        DoneLate = "done-late",
        /// Past, and certainly not done.
        Overdue = "overdue",
        /// Past, and nothing is recorded.
        NotRecorded = "not-recorded",
        DueToday = "due-today",
        Upcoming = "upcoming",
        Conditional = "conditional",
    }
}

impl DeadlineStatus {
    /// Whether nothing is left to do, late or not.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::DoneLate)
    }
}

/// What the rules decide about something due by a day.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineDecision<'r> {
    /// Its public id.
    pub id: &'r str,
    pub event: &'static str,
    pub event_date: Day,
    /// The last day (and time); `None` where the calendar does not reach so far.
    pub due: Option<Moment>,
    pub status: DeadlineStatus,
    /// Calendar days from today to `due`.
    pub days: Option<i32>,
    pub done_on: Option<Day>,
    pub who: Who,
    pub kind: DeadlineKind,
    /// The term of a duty; `None` for the end of a stay or permit, and for filing.
    pub term: Option<Term>,
    pub rule: RuleRef<'r>,
}

/// A decided deadline, with what explains it.
#[derive(Clone, Debug)]
pub struct Deadline<'r> {
    pub decision: DeadlineDecision<'r>,
    /// The last day on the stricter reading; of the end of a permit that can be followed by another, the last day to file
    /// for that. `None` where the calendar does not reach so far.
    pub safe: Option<Moment>,
    /// Days passed over in counting working days.
    pub skipped: Vec<SkippedDay>,
    /// Whether a day off that is only estimated may still move it.
    pub is_estimated: bool,
    /// Where it is done, as far as rules name a place.
    pub channels: Vec<Channel<'r>>,
}

/// What is decided can be read of what is explained.
macro_rules! decided {
    ($($explained:ident: $Decision:ident;)*) => {$(
        impl<'r> Deref for $explained<'r> {
            type Target = $Decision<'r>;

            fn deref(&self) -> &Self::Target {
                &self.decision
            }
        }
    )*};
}

decided! {
    Deadline: DeadlineDecision;
    Permit: PermitDecision;
    Stay: StayDecision;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Stay,
    Permit,
    Documents,
}

impl Part {
    pub const ALL: &'static [Self] = &[Self::Stay, Self::Permit, Self::Documents];
}

/// What has to be pointed out with an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice<'r> {
    pub code: Cow<'r, str>,
    pub level: Level,
    pub person: Cow<'static, str>,
    /// Which part of the answer it belongs to; `None` for all.
    pub part: Option<Part>,
    pub text: Message<'r>,
    /// The rules it is about, or rests on.
    pub rules: Vec<&'r str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed<'r> {
    Day,
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
    pub allowed: Allowed<'r>,
    /// What depends on it: the permit, deadlines, documents.
    pub affects: Vec<&'r str>,
}

impl<'r> Assessment<'r> {
    pub fn persons(&self) -> impl Iterator<Item = &PersonAssessment<'r>> {
        std::iter::once(&self.applicant).chain(&self.family)
    }

    pub fn persons_mut(&mut self) -> impl Iterator<Item = &mut PersonAssessment<'r>> {
        std::iter::once(&mut self.applicant).chain(&mut self.family)
    }
}

impl PersonAssessment<'_> {
    pub fn is_applicant(&self) -> bool {
        self.relation == APPLICANT
    }

    /// Whether an overstay was fined, so that there is a day to leave by.
    pub fn is_fined(&self) -> bool {
        self.deadlines.iter().any(|deadline| deadline.event == "fine")
    }
}

/// A profile in the words of the vocabulary it was checked against.
#[derive(Clone, Copy, Debug)]
pub struct Echo<'r> {
    pub profile: &'r Profile,
    pub vocabulary: &'r Vocabulary,
}

impl<'r> Echo<'r> {
    /// The word for a fact of the case, where it is known.
    pub fn word(&self, fact: Fact) -> Option<&'r str> {
        self.vocabulary.word(fact, self.profile.facts.value(fact)?)
    }

    pub fn document_kind(&self, person: &Person) -> &'r str {
        &self.vocabulary.travel_documents[usize::from(person.document_kind)].id
    }

    pub fn permit_kind(&self, kind: u8) -> &'r str {
        &self.vocabulary.permits[usize::from(kind)].id
    }

    pub fn relation(&self, member: &FamilyMember) -> &'r str {
        &self.vocabulary.relations[usize::from(member.relation)]
    }
}
