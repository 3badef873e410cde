//! Facts given as flags: read into the same written profile as a file, with places in a text that
//! looks like the command line, so that a wrong value gets the same diagnostics.

use std::path::PathBuf;

use std::borrow::Cow;

use clap::Args;
use trp_check::profile::packed::{self, Piece};
use trp_check::profile::written::{self as w, CurrentStay, WrittenProfile};
use trp_check::source::{COMMAND_LINE, Fault, SourceText, Span};
use trp_check::tree::{DayOrNo, Field};

/// The facts about one person.
#[derive(Args, Debug, Default)]
pub struct Facts {
    #[arg(value_name = "PROFILE")]
    pub profile: Option<PathBuf>,
    #[arg(long, value_name = "COUNTRY")]
    pub citizenship: Option<String>,
    #[arg(long, value_name = "FIRST..[LAST]")]
    pub stay: Vec<String>,
    #[arg(long, value_name = "DAY|no")]
    pub notified: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub moved: Vec<String>,
    #[arg(long, value_name = "KIND:FIRST..LAST")]
    pub permit: Vec<String>,
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: Option<String>,
    #[arg(long, value_name = "EMPLOYER")]
    pub employer: Option<String>,
    #[arg(long, value_name = "WORK")]
    pub work: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub contract_until: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub changed_on: Option<String>,
    #[arg(long, value_name = "CHANNEL")]
    pub channel: Option<String>,
    #[arg(long, value_name = "DAY[THH:MM]")]
    pub filing_on: Option<String>,
    #[arg(long, value_name = "OWNER")]
    pub housing_owner: Option<String>,
    #[arg(long, value_name = "KIND")]
    pub document_kind: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub document_expires: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub birth_date: Option<String>,
    #[arg(long, value_name = "DOCUMENT")]
    pub held: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
}

/// The facts about one person, with the caller's own id. (`explain` uses `--id` for rules.)
#[derive(Args, Debug, Default)]
pub struct NumberedFacts {
    #[command(flatten)]
    pub facts: Facts,
    #[arg(long, value_name = "TEXT")]
    pub id: Option<String>,
}

/// What the flags say.
pub struct Given<'f> {
    /// The facts.
    pub profile: WrittenProfile<'f>,
    /// Facts about the current stay.
    pub current: CurrentStay<'f>,
    /// What is wrong with their form.
    pub faults: Vec<Fault>,
    /// The flags as one line of text.
    pub text: SourceText,
    /// Where the flags about the current stay stand.
    pub current_place: Span,
}

impl Given<'_> {
    /// Whether there is any fact at all.
    pub fn is_empty(&self) -> bool {
        self.text.text.is_empty()
    }
}

/// Writes the line and hands out places in it.
struct Line {
    text: String,
    number: u16,
    faults: Vec<Fault>,
}

impl Line {
    fn put(&mut self, flag: &str, value: &str) -> Span {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str("--");
        self.text.push_str(flag);
        self.text.push(' ');
        let start = self.text.len();
        self.text.push_str(value);
        Span::new(self.number, start..self.text.len())
    }

    fn one<'f>(&mut self, flag: &str, value: Option<&'f String>) -> w::Word<'f> {
        value.map_or(Field::Absent, |value| Field::Given(Cow::Borrowed(&**value), self.put(flag, value)))
    }

    /// Writes the flag; its value is to be taken apart.
    fn whole<'v>(&mut self, flag: &str, value: &'v str) -> Piece<'v> {
        let start = self.put(flag, value).range().start;
        Piece::new(value, self.number, start)
    }

    /// What was taken apart; `None` where that failed, which is noted.
    fn noted<T>(&mut self, parts: Result<T, Fault>) -> Option<T> {
        parts.map_err(|fault| self.faults.push(fault)).ok()
    }
}

/// Reads the flags. Their text gets this number among the texts that are read together.
pub fn read<'f>(facts: &'f Facts, id: Option<&'f String>, number: u16) -> Given<'f> {
    let mut line = Line { text: String::new(), number, faults: Vec::new() };
    let whole = Span::new(number, 0..0);
    let mut profile = WrittenProfile {
        citizenship: line.one("citizenship", facts.citizenship.as_ref()),
        birth_date: line.one("birth-date", facts.birth_date.as_ref()),
        purpose: line.one("purpose", facts.purpose.as_ref()),
        id: line.one("id", id),
        name: line.one("name", facts.name.as_ref()),
        ..WrittenProfile::default()
    };
    let stays: Vec<Field<w::Stay<'f>>> = facts
        .stay
        .iter()
        .filter_map(|value| {
            let whole = line.whole("stay", value);
            let (entry, exit) = line.noted(packed::run(whole))?;
            Some(Field::Given(w::Stay { entry: entry.field(), exit: exit.field(), ..w::Stay::default() }, whole.span()))
        })
        .collect();
    if !facts.stay.is_empty() {
        profile.stays = Field::Given(stays, whole);
    }
    let permits: Vec<Field<w::Permit<'f>>> = facts
        .permit
        .iter()
        .filter_map(|value| {
            let whole = line.whole("permit", value);
            let [kind, from, until] = line.noted(packed::permit(whole))?.map(Piece::field);
            Some(Field::Given(w::Permit { kind, from, until, ..w::Permit::default() }, whole.span()))
        })
        .collect();
    if !facts.permit.is_empty() {
        profile.permits = Field::Given(permits, whole);
    }
    let held: Vec<w::Word<'f>> = facts.held.iter().map(|id| line.one("held", Some(id))).collect();
    if !held.is_empty() {
        profile.documents_held = Field::Given(held, whole);
    }
    let kind = line.one("document-kind", facts.document_kind.as_ref());
    let expires = line.one("document-expires", facts.document_expires.as_ref());
    if !(kind.is_absent() && expires.is_absent()) {
        profile.travel_document = Field::Given(w::TravelDocument { kind, expires }, whole);
    }
    let employment = w::Employment {
        employer: line.one("employer", facts.employer.as_ref()),
        work: line.one("work", facts.work.as_ref()),
        permit_exempt: Field::Absent,
        contract_until: line.one("contract-until", facts.contract_until.as_ref()),
        changed_on: line.one("changed-on", facts.changed_on.as_ref()),
    };
    if [&employment.employer, &employment.work, &employment.contract_until, &employment.changed_on]
        .iter()
        .any(|field| !field.is_absent())
    {
        profile.employment = Field::Given(employment, whole);
    }
    let owner = line.one("housing-owner", facts.housing_owner.as_ref());
    if !owner.is_absent() {
        profile.housing = Field::Given(w::Housing { owner }, whole);
    }
    let filing = w::Filing {
        channel: line.one("channel", facts.channel.as_ref()),
        on: line.one("filing-on", facts.filing_on.as_ref()),
    };
    if !(filing.channel.is_absent() && filing.on.is_absent()) {
        profile.filing = Field::Given(filing, whole);
    }
    let mut current = CurrentStay::default();
    let mut current_place = whole;
    if let Some(value) = &facts.notified {
        current_place = line.put("notified", value);
        let said = if value == "no" { DayOrNo::Bool(false) } else { DayOrNo::Text(Cow::Borrowed(value)) };
        current.notified = Field::Given(said, current_place);
    }
    for value in &facts.moved {
        current_place = line.put("moved", value);
        current.moves.push(w::Move { on: Field::Given(Cow::Borrowed(&**value), current_place), ..w::Move::default() });
    }
    let text = SourceText { path: COMMAND_LINE.to_owned(), text: line.text };
    Given { profile, current, faults: line.faults, text, current_place }
}
