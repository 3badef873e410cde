//! Nouns: what each kind of rule says. A closed set: the compiler lists what to update for a new one.

use crate::calendar::Day;
use crate::country::Country;
use crate::facts::{Condition, Fact, FactSet, Truth};
use crate::source::{List, Text};

macro_rules! says {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, databake::Bake)]
        #[databake(path = trp_check::rulebook)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* })*
    };
}

says! {
    /// Which countries belong to a group.
    Category {
        /// The countries, sorted.
        members: List<Country>,
        /// Whether answers name it; else only rules ask for it.
        is_shown: bool,
    }
    /// With which documents one may enter.
    EntryDocument {
        /// Kinds of travel document, by their place in the vocabulary.
        accepts: List<u8>,
    }
    /// A limit of stay.
    StayLimit {
        /// How days are counted.
        window: Window,
        /// Most days of presence, both ends included; 0 for a stay that ends with its permit.
        max_days: i32,
        /// Only stays entered from this day on are counted.
        counts_from: Option<Day>,
        /// Kinds of permit whose days are not counted, as bits.
        not_counted: u64,
    }
    /// A stay that the pack does not decide.
    Uncovered {
        /// Whether a visa is required, or nothing is known.
        status: UncoveredStatus,
        /// What exactly is not decided.
        scope: UncoveredScope,
        /// What is said: a text key.
        text: Text,
    }
    /// What follows an overstay.
    Sanction {
        /// Steps by days over, rising; the last one has no end.
        steps: List<SanctionStep>,
    }
    /// A step of a sanction.
    SanctionStep {
        /// Up to so many days over; `None` for all that is more.
        up_to_days: Option<i32>,
        /// The place in the act.
        at: Text,
        /// What follows: a text key.
        text: Text,
    }
    /// How long the travel document should outlive the stay.
    PassportMargin {
        /// Months past the end of stay.
        months: u32,
    }
    /// What is due after an event.
    Duty {
        /// The event.
        event: Event,
        /// Who has to act.
        who: Who,
        /// What it is.
        kind: DeadlineKind,
        /// How long after the event.
        term: Term,
        /// What shows that it was done.
        done_by: DoneBy,
        /// Only for stays that are open or planned for at least so many days.
        stays_of_days: i32,
        /// Only after that duty was due or done, by its place in the list.
        after: Option<u16>,
        /// Only while this document is asked for, by its public id.
        needs_document: Option<Text>,
        /// Not shown while the event is more days ahead than this.
        horizon_days: Option<i32>,
    }
    /// Where something can be filed.
    Channel {
        /// For what.
        procedure: Text,
        /// Its address.
        url: Option<Text>,
        /// Whether it is the most convenient one.
        recommended: bool,
        /// What it takes: text ids under `condition`.
        conditions: List<Text>,
    }
    /// What is said without a day: only the notes of the head.
    Advice {}
    /// Fee and processing time.
    PermitService {
        /// A text id under `fee`.
        fee: Text,
        /// Working days from filing to issue; the day of filing is day 0.
        processing_working_days: u32,
    }
    /// From when the permit is needed.
    PermitThreshold {
        /// Days of a stay, both ends included, that are allowed without it.
        days: i32,
    }
    /// Who neither needs nor gets the permit.
    PermitExemption {
        /// Why: a text key.
        because: Text,
    }
    /// Who can normally have the permit.
    PermitEligibility {
        /// What everybody else is told: a text key.
        warning: Text,
    }
    /// For how long the permit is given.
    PermitTerm {
        /// Years at most; `None` for as long as needed.
        max_years: Option<u32>,
        /// Whether it can be renewed.
        renewable: bool,
        /// Never beyond the end of the contract.
        capped_by_contract: bool,
        /// Never beyond the travel document.
        capped_by_document: bool,
    }
    /// Late application.
    LateFiling {
        /// Calendar days after the end of the stay.
        days: i32,
        /// What is said: a text key.
        text: Text,
    }
    /// A document of the matrix.
    Document {
        /// For what it is asked.
        procedure: Text,
        /// In which form: an id under `form`.
        form: Text,
        /// The group of alternatives it belongs to, by its place in the list.
        group: Option<u8>,
    }
    /// Documents of which one is enough.
    DocumentGroup {
        /// Its id.
        id: Text,
        /// The fact that chooses among them.
        chosen_by: Fact,
    }
    /// Where the sources differ or are silent.
    OpenQuestion {
        /// Its id.
        id: Text,
        /// The rules that rest on the decision.
        rules: List<Text>,
        /// What the pack does: a text key.
        decision: Text,
        /// Why it is open: a text key.
        reason: Text,
        /// The cases that no rule answers because of it.
        leaves_open: List<LeftOpen>,
    }
    /// Cases that no rule of a kind answers, and why not is known.
    LeftOpen {
        /// The kind of rule, as its table is called.
        kind: Text,
        /// Whose cases.
        scope: Scope,
    }
    /// A column of the document matrix, as people know it.
    MatrixColumn {
        /// Its id.
        id: Text,
        /// Whose column it is.
        scope: Scope,
    }
    /// Whom something is about.
    Scope {
        /// These.
        when: Condition,
        /// But none of these.
        unless: List<Condition>,
    }
    /// The words of one language. One run of letters and the places in it: written into the program, it holds no
    /// address, so that however many texts there are, nothing is to be done about them at start.
    LanguageTexts {
        /// The language.
        language: Text,
        /// Each key (`table.id`) and its text behind it.
        letters: Text,
        /// Where they stand, sorted by the hashes of their keys.
        places: List<TextPlace>,
    }
    /// Where a text stands among the letters of its language, in bytes.
    TextPlace {
        /// The hash of the key.
        hash: u32,
        /// Where its key begins.
        key: u32,
        /// Where the key ends and the text begins.
        text: u32,
        /// Where the text ends.
        end: u32,
    }
}

impl Scope {
    /// Whether somebody with these facts belongs to it.
    #[must_use]
    pub fn holds(&self, facts: &FactSet) -> Truth {
        self.unless.iter().fold(self.when.holds(facts), |sum, other| sum.and(other.holds(facts).not()))
    }

    /// All its conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&self.when).chain(self.unless.iter())
    }
}

/// How the days of a limit are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum Window {
    /// From each entry anew.
    PerEntry,
    /// In every run of so many days.
    Rolling(i32),
    /// In every calendar year.
    CalendarYear,
    /// As long as the permit is valid.
    Permit,
}

/// How a stay is left undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum UncoveredStatus {
    /// A rule says that a visa is required.
    VisaRequired,
    /// Nothing is known.
    NotCovered,
}

/// What of a stay is left undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum UncoveredScope {
    /// The stay.
    Always,
    /// What comes after the last day; the limits hold up to it.
    PastLastDay,
    /// Everything: the rules do not speak of such persons.
    Everything,
}

/// After what a term runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum Event {
    /// Crossing the border.
    Entry,
    /// Arrival at the host where that day is known, else crossing the border.
    Arrival,
    /// A change of address.
    Move,
    /// Filing the application.
    Submission,
    /// A change of employer.
    EmployerChange,
    /// Completing so many years of age.
    Birthday(u32),
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum Who {
    /// The receiving person.
    Host,
    /// The foreigner.
    Person,
    /// The owner of the housing.
    Owner,
    /// The employer.
    Employer,
}

impl Who {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Person => "person",
            Self::Owner => "owner",
            Self::Employer => "employer",
        }
    }
}

/// What a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum DeadlineKind {
    /// Something that must be done; it can be overdue.
    Duty,
    /// The end of what is allowed; judged by the stay.
    Limit,
    /// Something wise to do.
    Advice,
}

impl DeadlineKind {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Limit => "limit",
            Self::Advice => "advice",
        }
    }
}

/// How long after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum Term {
    /// Working days; the day of the event is day 0.
    WorkingDays(u32),
    /// Calendar days; ends on event + n, whatever day that is.
    CalendarDays(i32),
    /// Calendar days; the day of the event is day 1.
    DayNumber(i32),
    /// Hours from the time given; the next day where no time is given.
    Hours(u32),
}

/// What shows that a duty was done.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum DoneBy {
    /// The day of the host's notification.
    Notified,
    /// The day of the person's own registration.
    Registered,
    /// A permit of this kind that begins on or after the event.
    Permit(u8),
    /// Holding this document, by its public id.
    Document(Text),
}
