//! What is due after an event.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Checker, Countries, Keys, Kind, RuleBook, RuleKind, Span, Text, VersionOf};
use crate::rulebook::written::{has_no_exceptions, items, words, written_rules};
use crate::source::{Code, Fault};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Duty {
    pub event: Event,
    pub who: Who,
    pub kind: DeadlineKind,
    pub term: Term,
    /// What shows that it was done.
    pub done_by: DoneBy,
    /// Only for stays that are open or planned for at least so many days.
    pub stays_of_days: i32,
    /// Only after that duty was due or done, by its place in the list.
    pub after: Option<u16>,
    /// Only while this document is asked for, by its public id.
    pub needs_document: Option<Text>,
    /// Not shown while the event is more days ahead than this.
    pub horizon_days: Option<i32>,
}

words! {
    /// Who has to act: `person` is the foreigner, `host` the receiving person, `owner` that of the housing.
    Who { Host = "host", Person = "person", Owner = "owner", Employer = "employer", }
    /// A duty must be done and can be overdue; a limit is the end of what is allowed, judged by the stay.
    DeadlineKind { Duty = "duty", Limit = "limit", Advice = "advice", }
}

/// After what a term runs. Arrival is that at the host where that day is known, else crossing the border; a birthday is
/// that on which so many years are completed; a document is the last day of the travel document, a contract that of the
/// contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake, Deserialize, JsonSchema)]
#[databake(path = trp_check::rulebook)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Event {
    Entry,
    Arrival,
    Move,
    Submission,
    EmployerChange,
    Fine,
    Birthday(u32),
    Document,
    Contract,
}

/// How long after an event. Of working days the day of the event is day 0, as of calendar days, which end on any day; a
/// day number counts it as day 1; hours run from the time given, and end on the next day where none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake, Deserialize, JsonSchema)]
#[databake(path = trp_check::rulebook)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Term {
    WorkingDays(u32),
    CalendarDays(i32),
    DayNumber(i32),
    Hours(u32),
}

/// What shows that a duty was done: the host's notification, the person's own registration, leaving, a permit of a kind that
/// begins on or after the event, or holding a document, by its public id; nothing for what is only renewed, since a later
/// day is then given in place of the earlier one. `P` is a kind of permit: its place in the
/// vocabulary, or its word where it is written.
#[derive(Clone, Debug, PartialEq, databake::Bake, Deserialize, JsonSchema)]
#[databake(path = trp_check::rulebook)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum DoneBy<P = u8> {
    Notified,
    Registered,
    /// Leaving the country.
    Departure,
    Permit(P),
    Document(Text),
    Renewal,
}

written_rules! {
    /// Something to be done within a term.
    #[schemars(transform = has_no_exceptions)]
    Duty {
        /// The id that answers use; texts under `[deadline]`, `[deadline_host]` and, of a limit, `[deadline_past]`, of
        /// others `[deadline_done]`.
        deadline: Field<String> [needed],
    }
    DutyVersion {
        /// What it follows; `arrival` is that at the host, where it is known, else the entry; `fine` the fine for an
        /// overstay that goes on; `{ birthday = 16 }` the day of that age; `document` and `contract` the last day of the travel document and of
        /// the contract. All versions of a duty have the event of the first.
        event: Field<Event> [needed],
        /// Who has to do it.
        who: Field<Who> [needed],
        /// `duty`: it must be done. `limit`: something ends. `advice`: it is wise.
        kind: Field<DeadlineKind> [needed],
        /// By when: `{ working_days = 3 }` (the day of the event is day 0), `{ calendar_days = 10 }` (event + 10),
        /// `{ day_number = 30 }` (the event is day 1), `{ hours = 24 }` (from the time, else the next day).
        term: Field<Term> [needed],
        /// What shows that it was done: `notified`, `registered`, `departure`, `{ permit = "kind" }` (begun on or after the event),
        /// `{ document = "id" }` (held), `renewal` (nothing: a later day takes the place of the one given).
        done_by: Field<DoneBy<String>> [needed],
        /// Only for stays open, or planned for at least so many days.
        stays_of_days: Field<i32>,
        /// Only after this duty was done or due: the id of a rule that stands earlier in the file.
        after: Field<String>,
        /// Only while this document is asked for.
        needs_document: Field<String>,
        /// Not shown while the event lies further ahead.
        horizon_days: Field<i32>,
    }
}

impl Event {
    pub fn words(self) -> String {
        match self {
            Self::Entry => "entry".to_owned(),
            Self::Arrival => "arrival".to_owned(),
            Self::Move => "move".to_owned(),
            Self::Submission => "submission".to_owned(),
            Self::EmployerChange => "employer-change".to_owned(),
            Self::Fine => "fine".to_owned(),
            Self::Birthday(years) => format!("birthday = {years}"),
            Self::Document => "document".to_owned(),
            Self::Contract => "contract".to_owned(),
        }
    }
}

impl RuleKind for Duty {
    type Written = written::Duty;
    const KIND: Kind = Kind::Duty;

    fn public(checker: &mut Checker<'_>, rule: &Self::Written, span: Span) -> Text {
        checker.refuse(&rule.exception_to, "exception_to");
        let id = checker.text_of(&rule.deadline, "deadline", span);
        checker.names_deadline(&id, span);
        for (version, _) in items(&rule.version) {
            let is_limit = version.kind.get() == Some(&DeadlineKind::Limit);
            checker.needs_text(if is_limit { "deadline_past" } else { "deadline_done" }, &id, span);
        }
        let mut events = items(&rule.version).filter_map(|(version, _)| version.event.place());
        if let Some((first, _)) = events.next() {
            for (event, place) in events.filter(|(event, _)| *event != first) {
                let fault = Fault::new(Code::UnknownValue, place).with("found", event.words());
                checker.report(fault.with("allowed", first.words()));
            }
        }
        id
    }

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        let done_by = match checker.required(&version.done_by, "done_by", span) {
            Some((DoneBy::Registered, _)) => DoneBy::Registered,
            Some((DoneBy::Departure, _)) => DoneBy::Departure,
            Some((DoneBy::Renewal, _)) => DoneBy::Renewal,
            Some((DoneBy::Permit(kind), place)) => DoneBy::Permit(checker.permit_kind(kind, place).unwrap_or_default()),
            Some((DoneBy::Document(id), place)) => DoneBy::Document(checker.document(id, place)),
            _ => DoneBy::Notified,
        };
        let needs_document = version.needs_document.place().map(|(id, place)| checker.document(id, place));
        let event = checker.value(&version.event, "event", span).unwrap_or(Event::Entry);
        let who = checker.value(&version.who, "who", span).unwrap_or(Who::Person);
        let kind = checker.value(&version.kind, "kind", span).unwrap_or(DeadlineKind::Duty);
        let term = checker.value(&version.term, "term", span).unwrap_or(Term::CalendarDays(0));
        checker.uses_working_days |= matches!(term, Term::WorkingDays(_));
        Self {
            event,
            who,
            kind,
            term,
            done_by,
            stays_of_days: version.stays_of_days.get().copied().unwrap_or_default(),
            after: version.after.place().and_then(|(id, place)| checker.sibling(id, place)),
            needs_document,
            horizon_days: version.horizon_days.get().copied(),
        }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let term = match self.term {
            Term::WorkingDays(days) => format!("working_days = {days}"),
            Term::CalendarDays(days) => format!("calendar_days = {days}"),
            Term::DayNumber(number) => format!("day_number = {number}"),
            Term::Hours(hours) => format!("hours = {hours}"),
        };
        let done_by = match &self.done_by {
            DoneBy::Notified => "notified".to_owned(),
            DoneBy::Registered => "registered".to_owned(),
            DoneBy::Departure => "departure".to_owned(),
            DoneBy::Renewal => "renewal".to_owned(),
            DoneBy::Permit(kind) => format!("permit = {}", book.vocabulary.permits[usize::from(*kind)].id),
            DoneBy::Document(id) => format!("document = {id}"),
        };
        let mut keys = vec![
            ("event", self.event.words()),
            ("term", term),
            ("who", self.who.name().to_owned()),
            ("kind", self.kind.name().to_owned()),
            ("done_by", done_by),
        ];
        if self.stays_of_days > 0 {
            keys.push(("stays_of_days", self.stays_of_days.to_string()));
        }
        keys.extend(self.after.map(|at| ("after", book.duties[usize::from(at)].id.to_string())));
        keys.extend(self.needs_document.as_ref().map(|id| ("needs_document", id.to_string())));
        keys.extend(self.horizon_days.map(|days| ("horizon_days", days.to_string())));
        keys
    }

    fn competes(&self, other: &Self) -> bool {
        self.event == other.event
    }
}
