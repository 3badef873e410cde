//! Nouns: the answer for one profile on one day, with its reasons.
//!
//! Sentences are carried as message keys with parameters; rules as references into the rule book, so
//! that whoever prints an answer can print why.

use std::borrow::Cow;

use crate::calendar::{Day, SkippedDay};
use crate::country::Country;
use crate::facts::{Fact, Truth};
use crate::profile::{Employment, FamilyMember, Moment, Person, Profile};
use crate::rulebook::{APPLICANT, DeadlineKind, Head, Level, UncoveredStatus, VISA_FREE, Vocabulary, Who};
use crate::source::Text;

/// The whole answer.
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
    pub label: String,
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

/// A profile in the words of the vocabulary it was checked against.
#[derive(Clone, Copy, Debug)]
pub struct Echo<'r> {
    /// The profile.
    pub profile: &'r Profile,
    /// The words.
    pub vocabulary: &'r Vocabulary,
}

impl<'r> Echo<'r> {
    fn word(list: &'r [Text], at: Option<u8>) -> Option<&'r str> {
        at.map(|at| &*list[usize::from(at)])
    }

    /// Purpose of stay.
    #[must_use]
    pub fn purpose(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.purposes, self.profile.purpose)
    }

    /// Kind of employer.
    #[must_use]
    pub fn employer(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.employers, self.profile.employment.employer)
    }

    /// Kind of work.
    #[must_use]
    pub fn work(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.work, self.profile.employment.work)
    }

    /// The job.
    #[must_use]
    pub fn employment(&self) -> &'r Employment {
        &self.profile.employment
    }

    /// Where the application is filed.
    #[must_use]
    pub fn channel(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.filing_channels, self.profile.filing.channel)
    }

    /// Owner of the housing.
    #[must_use]
    pub fn housing_owner(&self) -> Option<&'r str> {
        Self::word(&self.vocabulary.housing_owners, self.profile.housing_owner)
    }

    /// Kind of a person's travel document.
    #[must_use]
    pub fn document_kind(&self, person: &Person) -> &'r str {
        &self.vocabulary.travel_documents[usize::from(person.document_kind)].id
    }

    /// Kind of a permit.
    #[must_use]
    pub fn permit_kind(&self, kind: u8) -> &'r str {
        &self.vocabulary.permits[usize::from(kind)].id
    }

    /// Relation of a family member.
    #[must_use]
    pub fn relation(&self, member: &FamilyMember) -> &'r str {
        &self.vocabulary.relations[usize::from(member.relation)]
    }

    /// The basis of a stay: the permit kind, or [`VISA_FREE`].
    #[must_use]
    pub fn basis(&self, kind: Option<u8>) -> &'r str {
        kind.map_or(VISA_FREE, |kind| self.permit_kind(kind))
    }
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
}

/// A rule that decided something, in the version that did.
#[derive(Clone, Copy, Debug)]
pub struct RuleRef<'r> {
    /// Its id.
    pub id: &'r str,
    /// Version, citations, standing.
    pub head: &'r Head,
}

impl PartialEq for RuleRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.head.from == other.head.from
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
    /// A country.
    Country(Country),
}

/// Where a stay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StayStatus {
    /// In the country, and allowed to be.
    Lawful,
    /// In the country past the last lawful day.
    Overstay,
    /// Not in the country; a stay is planned.
    Planned,
    /// Not in the country.
    Outside,
    /// No rule says how long.
    NotCovered,
    /// A rule says that a visa is required.
    VisaRequired,
}

impl StayStatus {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lawful => "lawful",
            Self::Overstay => "overstay",
            Self::Planned => "planned",
            Self::Outside => "outside",
            Self::NotCovered => "not-covered",
            Self::VisaRequired => "visa-required",
        }
    }
}

impl From<UncoveredStatus> for StayStatus {
    fn from(status: UncoveredStatus) -> Self {
        match status {
            UncoveredStatus::VisaRequired => Self::VisaRequired,
            UncoveredStatus::NotCovered => Self::NotCovered,
        }
    }
}

/// How long a person may stay.
#[derive(Clone, Debug)]
pub struct Stay<'r> {
    /// Where the stay stands.
    pub status: StayStatus,
    /// On what it rests: a permit kind, or [`VISA_FREE`].
    pub basis: &'r str,
    /// The day of entry of the current stay, else of the next planned one.
    pub entry: Option<Day>,
    /// The exit of that stay, where it is given.
    pub exit: Option<Day>,
    /// The last lawful day of that stay.
    pub last_day: Option<Day>,
    /// The same when the day of entry is not counted.
    pub latest_arguable: Option<Day>,
    /// The last day that the visa-free limits alone would allow.
    pub last_visa_free_day: Option<Day>,
    /// The rules that end it.
    pub binding: Vec<RuleRef<'r>>,
    /// Days after today that are still lawful.
    pub days_left: Option<i32>,
    /// Days past the last lawful day, up to today or the planned exit.
    pub days_over: i32,
    /// All limits that were looked at.
    pub limits: Vec<LimitUse<'r>>,
    /// When visa-free entry is next possible.
    pub next_entry: Option<NextEntry>,
    /// Past and present overstays.
    pub overstays: Vec<Overstay>,
    /// Why no rule covers the stay, or the part of it past the last day.
    pub uncovered: Option<Message<'r>>,
    /// The rule that says so.
    pub uncovered_by: Option<RuleRef<'r>>,
}

impl Stay<'_> {
    /// Whether the stay breaks the law, now or as planned.
    #[must_use]
    pub fn is_violation(&self) -> bool {
        self.days_over > 0
    }

    /// Whether no rule covers it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.status, StayStatus::NotCovered | StayStatus::VisaRequired)
    }
}

/// A limit of stay and how much of it is used.
#[derive(Clone, Debug)]
pub struct LimitUse<'r> {
    /// The rule.
    pub rule: RuleRef<'r>,
    /// `per-entry`, `rolling`, `calendar-year` or `permit`.
    pub kind: &'static str,
    /// Most days; `None` where the permit has no such number.
    pub max_days: Option<i32>,
    /// Length of a rolling window.
    pub window_days: Option<i32>,
    /// Days used.
    pub used: i32,
    /// The last day that this limit alone allows.
    pub last_day: Option<Day>,
}

/// The next visa-free entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextEntry {
    /// The first day on which it is lawful.
    pub earliest: Day,
    /// How many days in a row it then allows; `None` for no limit.
    pub days: Option<i32>,
}

/// Days in the country that no rule allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overstay {
    /// The day of entry.
    pub entry: Day,
    /// The first day over.
    pub from: Day,
    /// The last one, today where the stay goes on.
    pub to: Day,
    /// Days from `from` to `to`, both included.
    pub days: i32,
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
    pub conditions: Vec<&'r str>,
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

/// Whether the permit is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitStatus {
    /// Needed for the stay as planned.
    Required,
    /// Needed if the stay gets long enough.
    Conditional,
    /// Not needed for the stay as planned.
    NotRequired,
    /// Neither needed nor issued.
    Exempt,
    /// There is one today.
    Held,
    /// No rule says.
    Unknown,
}

impl PermitStatus {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditional",
            Self::NotRequired => "not-required",
            Self::Exempt => "exempt",
            Self::Held => "held",
            Self::Unknown => "unknown",
        }
    }
}

/// The permit that the pack decides on.
#[derive(Clone, Debug)]
pub struct Permit<'r> {
    /// Its kind.
    pub kind: &'r str,
    /// Whether it is needed.
    pub status: PermitStatus,
    /// Days of a stay that are allowed without it.
    pub threshold_days: Option<i32>,
    /// The day by which it must be held.
    pub hold_by: Option<Day>,
    /// The last working day on which filing leaves the processing time.
    pub file_by: Option<Day>,
    /// The last day it can be valid if filed as said.
    pub valid_until_at_most: Option<Day>,
    /// Whether it can be renewed.
    pub renewable: Option<bool>,
    /// A text id under `fee`.
    pub fee: Option<&'r str>,
    /// Working days from filing to issue.
    pub processing_working_days: Option<u32>,
    /// Where to file.
    pub channels: Vec<Channel<'r>>,
    /// The rule that decides the status.
    pub rule: Option<RuleRef<'r>>,
    /// The other rules the numbers rest on.
    pub also: Vec<RuleRef<'r>>,
    /// Why.
    pub because: Message<'r>,
}

/// Whether a document is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Needed.
    Required,
    /// One of its group is needed.
    OneOf,
    /// Hangs on an unknown fact.
    Conditional,
    /// Not needed.
    NotRequired,
}

impl Requirement {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::OneOf => "one-of",
            Self::Conditional => "conditional",
            Self::NotRequired => "not-required",
        }
    }
}

/// A line of a checklist.
#[derive(Clone, Debug)]
pub struct DocumentLine<'r> {
    /// For what it is asked.
    pub procedure: &'r str,
    /// Its public id.
    pub id: &'r str,
    /// Whether it is needed.
    pub requirement: Requirement,
    /// The group of alternatives.
    pub group: Option<&'r str>,
    /// Whether it is at hand.
    pub held: bool,
    /// In which form.
    pub form: &'r str,
    /// Why, or why not.
    pub because: Message<'r>,
    /// Whether it is not needed only because of a named exemption.
    pub is_exempted: bool,
    /// The rule.
    pub rule: RuleRef<'r>,
}

/// Something that must also be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice<'r> {
    /// Its public code.
    pub code: Cow<'r, str>,
    /// How much it weighs.
    pub level: Level,
    /// Of whom it is said.
    pub person: String,
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
    pub fact: String,
    /// What it can be.
    pub allowed: Allowed<'r>,
    /// What hangs on it: the permit, deadlines, documents.
    pub affects: Vec<String>,
}

/// Why a rule applies to a person, or why not, condition by condition.
#[derive(Clone, Debug)]
pub struct Trace<'r> {
    /// `self`, or `family[n]`.
    pub person: String,
    /// Which kind of rule, as its table is called.
    pub kind: &'static str,
    /// The rule's id.
    pub rule: &'r str,
    /// The id that answers use, where it has one.
    pub public: &'r str,
    /// The day that chose the version.
    pub on: Day,
    /// The version in force, `None` where there is none on that day.
    pub head: Option<&'r Head>,
    /// Whether it applies.
    pub applies: Truth,
    /// The rule that is an exception to it and holds.
    pub beaten_by: Option<&'r str>,
    /// Its conditions.
    pub conditions: Vec<Checked<'r>>,
    /// What came of it.
    pub outcome: Vec<Message<'r>>,
}

/// One condition of a rule, with what was given.
#[derive(Clone, Debug)]
pub struct Checked<'r> {
    /// The fact asked.
    pub fact: Fact,
    /// Which exemption it belongs to; `None` for the rule's own condition.
    pub exemption: Option<usize>,
    /// The values that would do.
    pub expected: Vec<&'r str>,
    /// The values the person has, `None` where that is not known.
    pub given: Option<Vec<&'r str>>,
    /// Whether it holds.
    pub holds: Truth,
    /// Why an exemption exempts: a text key.
    pub because: Option<&'r str>,
}

impl PersonAssessment<'_> {
    /// Whether this is the applicant.
    #[must_use]
    pub fn is_applicant(&self) -> bool {
        self.relation == APPLICANT
    }
}
