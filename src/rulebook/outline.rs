//! Nouns: the rules of all kinds in one shape, for all that looks at them side by side: lists,
//! differences, coverage, the proof by exhaustion.

use super::{
    Advice, Category, Channel, Document, DoneBy, Duty, EntryDocument, Event, Exemption, Head, LateFiling,
    PassportMargin, PermitEligibility, PermitExemption, PermitService, PermitTerm, PermitThreshold, Rule, RuleBook,
    Sanction, StayLimit, Term, Uncovered, UncoveredScope, UncoveredStatus, Window,
};
use crate::country::Countries;
use crate::facts::{Condition, Fact};
use crate::source::Text;

/// A rule of any kind.
#[derive(Clone, Debug)]
pub struct Outline<'r> {
    /// The name of its table in rule files.
    pub kind: Kind,
    /// Its id.
    pub id: &'r str,
    /// The id that answers use, else empty.
    pub public: &'r str,
    /// The rules that give way to it, by their place among those of its kind.
    pub exception_to: &'r [u16],
    /// The same, by their ids.
    pub gives_way: Vec<&'r str>,
    /// Its versions, earliest first.
    pub versions: Vec<OutlineVersion<'r>>,
}

/// A version of a rule of any kind.
#[derive(Clone, Debug)]
pub struct OutlineVersion<'r> {
    /// What every version says of itself.
    pub head: &'r Head,
    /// What its kind says: keys and values as rule files write them, without quotes.
    pub says: Vec<(&'static str, String)>,
    /// Rules of one kind with the same slot answer the same question: where two of them hold, one must
    /// be a named exception to the other. `None` for kinds whose rules are collected.
    pub slot: Option<String>,
    /// For whom.
    pub when: Vec<Asked<'r>>,
    /// And for whom not.
    pub unless: Vec<(Vec<Asked<'r>>, &'r Exemption)>,
}

/// A fact, and the values of which one must be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'r> {
    /// The fact.
    pub fact: Fact,
    /// The values.
    pub values: Vec<&'r str>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The kinds of rules, in the order of the files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name of the table in rule files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

kinds! {
    /// Groups of citizenships.
    Category = "category",
    /// Documents to enter with.
    EntryDocument = "entry_document",
    /// Limits of stay.
    StayLimit = "stay_limit",
    /// Stays that are left undecided.
    Uncovered = "uncovered",
    /// What follows an overstay.
    Sanction = "sanction",
    /// How long the travel document should outlive the stay.
    PassportMargin = "passport_margin",
    /// What is due after an event.
    Duty = "duty",
    /// Where things are filed.
    Channel = "channel",
    /// What is said without a day.
    Advice = "advice",
    /// Fee and time of the permit.
    PermitService = "permit_service",
    /// From when the permit is needed.
    PermitThreshold = "permit_threshold",
    /// Who neither needs nor gets the permit.
    PermitExemption = "permit_exemption",
    /// Who can normally have the permit.
    PermitEligibility = "permit_eligibility",
    /// For how long the permit is given.
    PermitTerm = "permit_term",
    /// Late application.
    LateFiling = "late_filing",
    /// The document matrix.
    Document = "document",
}

/// The rules of a book, kind by kind, in the order of the files.
#[must_use]
pub fn outline<'r>(book: &'r RuleBook, countries: &Countries) -> Vec<Outline<'r>> {
    let mut all = Lister { book, countries, all: Vec::new() };
    all.add(&book.categories);
    all.add(&book.entry_documents);
    all.add(&book.stay_limits);
    all.add(&book.uncovered);
    all.add(&book.sanctions);
    all.add(&book.passport_margins);
    all.add(&book.duties);
    all.add(&book.channels);
    all.add(&book.advice);
    all.add(&book.services);
    all.add(&book.thresholds);
    all.add(&book.exemptions);
    all.add(&book.eligibility);
    all.add(&book.terms);
    all.add(&book.late_filings);
    all.add(&book.documents);
    all.all
}

struct Lister<'r, 'c> {
    book: &'r RuleBook,
    countries: &'c Countries,
    all: Vec<Outline<'r>>,
}

impl<'r> Lister<'r, '_> {
    fn asked(&self, condition: &Condition) -> Vec<Asked<'r>> {
        let words = |fact, wanted: u64| {
            let known = self.book.vocabulary.values(fact).into_iter().enumerate();
            known.filter(move |(at, _)| wanted >> at & 1 == 1).map(|(_, word)| word).collect()
        };
        condition.tests.iter().map(|test| Asked { fact: test.fact, values: words(test.fact, test.wanted) }).collect()
    }

    fn add<V: Says + Clone + 'static>(&mut self, rules: &'r [Rule<V>]) {
        for rule in rules {
            let version = |version: &'r super::Version<V>| OutlineVersion {
                head: &version.head,
                says: version.says.says(self.book, self.countries),
                slot: version.says.slot(rule),
                when: self.asked(&version.head.when),
                unless: version.head.unless.iter().map(|other| (self.asked(&other.when), other)).collect(),
            };
            let versions = rule.versions.iter().map(version).collect();
            self.all.push(Outline {
                kind: V::KIND,
                id: &rule.id,
                public: &rule.public,
                exception_to: &rule.exception_to,
                gives_way: rule.exception_to.iter().map(|at| &*rules[usize::from(*at)].id).collect(),
                versions,
            });
        }
    }
}

/// What a kind of rule says, in the words of rule files.
trait Says: Sized + Clone + 'static {
    const KIND: Kind;
    /// Keys and values.
    fn says(&self, book: &RuleBook, countries: &Countries) -> Vec<(&'static str, String)>;
    /// See [`OutlineVersion::slot`].
    fn slot(&self, rule: &Rule<Self>) -> Option<String>;
}

fn list<'w>(words: impl IntoIterator<Item = &'w Text>) -> String {
    words.into_iter().map(|word| &**word).collect::<Vec<_>>().join(", ")
}

/// The id of a text key `table.id`.
fn id_of(key: &str) -> String {
    key.split_once('.').map_or(key, |(_, id)| id).to_owned()
}

impl Says for Category {
    const KIND: Kind = Kind::Category;

    fn says(&self, _: &RuleBook, countries: &Countries) -> Vec<(&'static str, String)> {
        vec![("members", list(&self.members.iter().map(|country| countries.code(*country)).collect::<Vec<_>>()))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        None
    }
}

impl Says for EntryDocument {
    const KIND: Kind = Kind::EntryDocument;

    fn says(&self, book: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let kinds = &book.vocabulary.travel_documents;
        vec![("accepts", list(self.accepts.iter().map(|at| &kinds[usize::from(*at)].id)))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        None
    }
}

impl Window {
    /// The word for the kind of window.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerEntry => "per-entry",
            Self::Rolling(_) => "rolling",
            Self::CalendarYear => "calendar-year",
            Self::Permit => "permit",
        }
    }

    /// The days of a rolling window.
    #[must_use]
    pub const fn days(self) -> Option<i32> {
        match self {
            Self::Rolling(days) => Some(days),
            _ => None,
        }
    }
}

impl Says for StayLimit {
    const KIND: Kind = Kind::StayLimit;

    fn says(&self, book: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let window = match self.window {
            Window::Rolling(days) => format!("rolling_days = {days}"),
            other => other.name().to_owned(),
        };
        let mut says = vec![("window", window)];
        if self.window != Window::Permit {
            says.push(("max_days", self.max_days.to_string()));
        }
        says.extend(self.counts_from.map(|day| ("counts_from", day.to_string())));
        let kinds = book.vocabulary.permits.iter().enumerate();
        let not_counted = kinds.filter(|(at, _)| self.not_counted >> at & 1 == 1).map(|(_, kind)| &kind.id);
        if self.not_counted != 0 {
            says.push(("not_counted", list(not_counted)));
        }
        says
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(self.window.name().to_owned())
    }
}

impl Says for Uncovered {
    const KIND: Kind = Kind::Uncovered;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let status = match self.status {
            UncoveredStatus::VisaRequired => "visa-required",
            UncoveredStatus::NotCovered => "not-covered",
        };
        let applies = match self.scope {
            UncoveredScope::Always => "always",
            UncoveredScope::PastLastDay => "past-last-day",
            UncoveredScope::Everything => "everything",
        };
        vec![("status", status.to_owned()), ("applies", applies.to_owned()), ("text", id_of(&self.text))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        let is_whole = self.scope != UncoveredScope::PastLastDay;
        Some(if is_whole { "stay" } else { "past-last-day" }.to_owned())
    }
}

impl Says for Sanction {
    const KIND: Kind = Kind::Sanction;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let steps = self.steps.iter().map(|step| {
            let up_to = step.up_to_days.map_or_else(|| "more".to_owned(), |days| format!("up to {days} days"));
            format!("{up_to}: {} ({})", id_of(&step.text), step.at)
        });
        vec![("steps", steps.collect::<Vec<_>>().join("; "))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Says for PassportMargin {
    const KIND: Kind = Kind::PassportMargin;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        vec![("months", self.months.to_string())]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Event {
    /// The event as rule files write it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Entry => "entry".to_owned(),
            Self::Arrival => "arrival".to_owned(),
            Self::Move => "move".to_owned(),
            Self::Submission => "submission".to_owned(),
            Self::EmployerChange => "employer-change".to_owned(),
            Self::Birthday(years) => format!("birthday = {years}"),
        }
    }
}

impl Says for Duty {
    const KIND: Kind = Kind::Duty;

    fn says(&self, book: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let term = match self.term {
            Term::WorkingDays(days) => format!("working_days = {days}"),
            Term::CalendarDays(days) => format!("calendar_days = {days}"),
            Term::DayNumber(number) => format!("day_number = {number}"),
            Term::Hours(hours) => format!("hours = {hours}"),
        };
        let done_by = match &self.done_by {
            DoneBy::Notified => "notified".to_owned(),
            DoneBy::Registered => "registered".to_owned(),
            DoneBy::Permit(kind) => format!("permit = {}", book.vocabulary.permits[usize::from(*kind)].id),
            DoneBy::Document(id) => format!("document = {id}"),
        };
        let mut says = vec![
            ("event", self.event.words()),
            ("term", term),
            ("who", self.who.name().to_owned()),
            ("kind", self.kind.name().to_owned()),
            ("done_by", done_by),
        ];
        if self.stays_of_days > 0 {
            says.push(("stays_of_days", self.stays_of_days.to_string()));
        }
        says.extend(self.after.map(|at| ("after", book.duties[usize::from(at)].id.to_string())));
        says.extend(self.needs_document.as_ref().map(|id| ("needs_document", id.to_string())));
        says.extend(self.horizon_days.map(|days| ("horizon_days", days.to_string())));
        says
    }

    fn slot(&self, rule: &Rule<Self>) -> Option<String> {
        Some(format!("{} {}", rule.public, self.event.words()))
    }
}

impl Says for Channel {
    const KIND: Kind = Kind::Channel;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let mut says = vec![("procedure", self.procedure.to_string())];
        says.extend(self.url.as_ref().map(|url| ("url", url.to_string())));
        says.push(("recommended", self.recommended.to_string()));
        if !self.conditions.is_empty() {
            says.push(("conditions", list(self.conditions.iter())));
        }
        says
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        None
    }
}

impl Says for Advice {
    const KIND: Kind = Kind::Advice;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        None
    }
}

impl Says for PermitService {
    const KIND: Kind = Kind::PermitService;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let days = self.processing_working_days.to_string();
        vec![("fee", id_of(&self.fee)), ("processing_working_days", days)]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Says for PermitThreshold {
    const KIND: Kind = Kind::PermitThreshold;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        vec![("days", self.days.to_string())]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Says for PermitExemption {
    const KIND: Kind = Kind::PermitExemption;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        vec![("because", id_of(&self.because))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        None
    }
}

impl Says for PermitEligibility {
    const KIND: Kind = Kind::PermitEligibility;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        vec![("warning", id_of(&self.warning))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Says for PermitTerm {
    const KIND: Kind = Kind::PermitTerm;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let mut says: Vec<(&'static str, String)> = Vec::new();
        says.extend(self.max_years.map(|years| ("max_years", years.to_string())));
        says.push(("renewable", self.renewable.to_string()));
        let caps = [(self.capped_by_contract, "contract"), (self.capped_by_document, "travel-document")];
        let caps: Vec<&str> = caps.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        if !caps.is_empty() {
            says.push(("capped_by", caps.join(", ")));
        }
        says
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Says for LateFiling {
    const KIND: Kind = Kind::LateFiling;

    fn says(&self, _: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        vec![("days", self.days.to_string()), ("text", id_of(&self.text))]
    }

    fn slot(&self, _: &Rule<Self>) -> Option<String> {
        Some(String::new())
    }
}

impl Says for Document {
    const KIND: Kind = Kind::Document;

    fn says(&self, book: &RuleBook, _: &Countries) -> Vec<(&'static str, String)> {
        let mut says = vec![("procedure", self.procedure.to_string()), ("form", self.form.to_string())];
        says.extend(self.group.map(|at| ("group", book.groups[usize::from(at)].id.to_string())));
        says
    }

    fn slot(&self, rule: &Rule<Self>) -> Option<String> {
        Some(format!("{} {}", self.procedure, rule.public))
    }
}
