//! Nouns: one fact by itself, `FACT=VALUE`: where a profile states it, and how it is laid into one.
//!
//! A fact is named as the needs of an answer name it (`filing.channel`, `stays[].exit`,
//! `family[0].birth_date`), or as its flag is called (`channel`). The value goes into the profile as
//! written, so that whatever is wrong with it is said by [`check`](super::check) like of any profile.

use std::borrow::Cow;

use super::packed::{self, Piece};
use super::written as w;
use crate::calendar::Day;
use crate::facts::Fact;
use crate::rulebook::Vocabulary;
use crate::source::{Code, Fault, Span};
use crate::tree::{DayOrNo, Field};

/// How the value of a fact is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A country, by its code or name.
    Country,
    /// A day.
    Day,
    /// A day, or a day with a time.
    Moment,
    /// A day, or `no` for something that was not done.
    DayOrNo,
    /// A whole number of days.
    Number,
    /// `yes` or `no`.
    Truth,
    /// A word of the pack.
    Word(Fact),
    /// Runs of days, `;` between them, or `none`.
    Stays,
    /// Permits, `;` between them, or `none`.
    Permits,
}

/// A fact that can be stated alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Citizenship,
    BirthDate,
    DocumentKind,
    DocumentExpires,
    Stays,
    Exit,
    ArrivedAtHost,
    Notified,
    Registered,
    Permits,
    DaysPerEntry,
    Purpose,
    Employer,
    Work,
    PermitExempt,
    ContractUntil,
    ChangedOn,
    HousingOwner,
    Channel,
    FilingOn,
}

/// Each fact: where a profile states it, how its flag is called, how its value is written. Up to
/// [`OF_EACH_PERSON`] they can be stated of members of the family, too.
const KEYS: [(Key, &str, &str, Form); 20] = [
    (Key::Citizenship, "citizenship", "citizenship", Form::Country),
    (Key::BirthDate, "birth_date", "birth-date", Form::Day),
    (Key::DocumentKind, "travel_document.kind", "document-kind", Form::Word(Fact::DocumentKind)),
    (Key::DocumentExpires, "travel_document.expires", "document-expires", Form::Day),
    (Key::Stays, "stays[]", "stay", Form::Stays),
    (Key::Exit, "stays[].exit", "exit", Form::Day),
    (Key::ArrivedAtHost, "stays[].arrived_at_host", "arrived-at-host", Form::Day),
    (Key::Notified, "stays[].notified", "notified", Form::DayOrNo),
    (Key::Registered, "stays[].registered", "registered", Form::DayOrNo),
    (Key::Permits, "permits", "permit", Form::Permits),
    (Key::DaysPerEntry, "permits[].days_per_entry", "days-per-entry", Form::Number),
    (Key::Purpose, "purpose", "purpose", Form::Word(Fact::Purpose)),
    (Key::Employer, "employment.employer", "employer", Form::Word(Fact::Employer)),
    (Key::Work, "employment.work", "work", Form::Word(Fact::Work)),
    (Key::PermitExempt, "employment.permit_exempt", "permit-exempt", Form::Truth),
    (Key::ContractUntil, "employment.contract_until", "contract-until", Form::Day),
    (Key::ChangedOn, "employment.changed_on", "changed-on", Form::Day),
    (Key::HousingOwner, "housing.owner", "housing-owner", Form::Word(Fact::HousingOwner)),
    (Key::Channel, "filing.channel", "channel", Form::Word(Fact::Channel)),
    (Key::FilingOn, "filing.on", "filing-on", Form::Moment),
];
/// So many of the keys belong to each person, the rest to the whole case.
const OF_EACH_PERSON: usize = 11;

/// What a list is called that has nothing in it.
pub const NONE: &str = "none";

/// A fact, as it is named from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactName {
    key: Key,
    path: &'static str,
    /// The member of the family; `None` for the applicant.
    member: Option<usize>,
    /// Which of several stays or permits; `None` for the one that is meant without a number.
    nth: Option<usize>,
    /// How its value is written.
    pub form: Form,
}

impl std::fmt::Display for FactName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(member) = self.member {
            write!(f, "family[{member}].")?;
        }
        match self.nth {
            Some(nth) => f.write_str(&self.path.replace("[]", &format!("[{nth}]"))),
            None => f.write_str(self.path),
        }
    }
}

/// All facts that can be stated alone: how the flag of each is called, and how its value is written.
pub fn all() -> impl Iterator<Item = (&'static str, Form)> {
    KEYS.iter().map(|(_, _, flag, form)| (*flag, *form))
}

impl FactName {
    /// Reads the name of a fact.
    pub fn read(name: Piece<'_>) -> Result<Self, Fault> {
        let unknown = || {
            let known = KEYS.iter().flat_map(|(_, path, flag, _)| [*path, *flag]);
            Fault::new(Code::UnknownKey, name.span()).with("key", name.text).suggesting(name.text, known)
        };
        let (member, rest) = match name.text.strip_prefix("family[") {
            None => (None, name.text),
            Some(rest) => {
                let (number, rest) = rest.split_once("].").ok_or_else(unknown)?;
                (Some(number.parse().map_err(|_| unknown())?), rest)
            }
        };
        let (nth, rest) = match rest.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once(']')?))) {
            Some((list, (number, after))) if !number.is_empty() => {
                (Some(number.parse().map_err(|_| unknown())?), Cow::Owned(format!("{list}[]{after}")))
            }
            _ => (None, Cow::Borrowed(rest)),
        };
        let is_called = |(_, path, flag, _): &(Key, &str, &str, Form)| *path == rest || *flag == rest;
        let at = KEYS.iter().position(is_called).filter(|at| member.is_none() || *at < OF_EACH_PERSON);
        let (key, path, _, form) = KEYS[at.ok_or_else(unknown)?];
        let has_number = path.contains("[].");
        if nth.is_some() && !has_number { Err(unknown()) } else { Ok(Self { key, path, member, nth, form }) }
    }

    /// The fact that an answer calls so; `None` where it is none that can be stated alone.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::read(Piece::new(name, 0, 0)).ok()
    }

    /// Where a profile of one person states it.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The member of the family that it is about; `None` for the applicant.
    #[must_use]
    pub const fn member(&self) -> Option<usize> {
        self.member
    }

    /// Lays a value for the fact over what the profile says of it.
    pub fn lay<'t>(
        &self,
        profile: &mut w::WrittenProfile<'t>,
        value: Piece<'t>,
        vocabulary: &Vocabulary,
        today: Day,
    ) -> Result<(), Fault> {
        if let Some(member) = self.member {
            return self.lay_of_member(profile, member, value, vocabulary, today);
        }
        let span = value.span();
        match self.key {
            Key::Purpose => profile.purpose = value.field(),
            Key::Employer => opened(&mut profile.employment, span).employer = value.field(),
            Key::Work => opened(&mut profile.employment, span).work = value.field(),
            Key::PermitExempt => opened(&mut profile.employment, span).permit_exempt = truth(value)?,
            Key::ContractUntil => opened(&mut profile.employment, span).contract_until = value.field(),
            Key::ChangedOn => opened(&mut profile.employment, span).changed_on = value.field(),
            Key::HousingOwner => opened(&mut profile.housing, span).owner = value.field(),
            Key::Channel => opened(&mut profile.filing, span).channel = value.field(),
            Key::FilingOn => opened(&mut profile.filing, span).on = value.field(),
            _ => {
                let of = OfAPerson {
                    citizenship: &mut profile.citizenship,
                    birth_date: &mut profile.birth_date,
                    travel_document: &mut profile.travel_document,
                    stays: &mut profile.stays,
                    permits: &mut profile.permits,
                };
                return self.lay_of_a_person(of, value, vocabulary, today);
            }
        }
        Ok(())
    }

    fn lay_of_member<'t>(
        &self,
        profile: &mut w::WrittenProfile<'t>,
        member: usize,
        value: Piece<'t>,
        vocabulary: &Vocabulary,
        today: Day,
    ) -> Result<(), Fault> {
        let shared = profile.stays.clone();
        let written = match &mut profile.family {
            Field::Given(family, _) => family.get_mut(member),
            _ => None,
        };
        let Some(Field::Given(written, _)) = written else {
            let found = format!("family[{member}]");
            return Err(Fault::new(Code::UnknownReference, value.span()).with("found", found));
        };
        if written.stays.is_absent() && self.path.starts_with("stays[].") {
            // So far they share the stays of the applicant.
            written.stays = shared;
        }
        let of = OfAPerson {
            citizenship: &mut written.citizenship,
            birth_date: &mut written.birth_date,
            travel_document: &mut written.travel_document,
            stays: &mut written.stays,
            permits: &mut written.permits,
        };
        self.lay_of_a_person(of, value, vocabulary, today)
    }

    fn lay_of_a_person<'t>(
        &self,
        of: OfAPerson<'_, 't>,
        value: Piece<'t>,
        vocabulary: &Vocabulary,
        today: Day,
    ) -> Result<(), Fault> {
        let span = value.span();
        match self.key {
            Key::Citizenship => *of.citizenship = value.field(),
            Key::BirthDate => *of.birth_date = value.field(),
            Key::DocumentKind => opened(of.travel_document, span).kind = value.field(),
            Key::DocumentExpires => opened(of.travel_document, span).expires = value.field(),
            Key::Stays => *of.stays = Field::Given(listed(value, stay)?, span),
            Key::Permits => *of.permits = Field::Given(listed(value, permit)?, span),
            Key::DaysPerEntry => {
                let days = number(value)?;
                let takes_days =
                    |kind: &str| vocabulary.permits.iter().any(|known| known.days_per_entry && *known.id == *kind);
                let is_open = |permit: &w::Permit<'_>| {
                    permit.days_per_entry.is_absent() && permit.kind.get().is_some_and(|kind| takes_days(kind))
                };
                let covers_today = |permit: &w::Permit<'_>| {
                    let (from, until) = (day(&permit.from), day(&permit.until));
                    from.is_some_and(|from| from <= today) && until.is_none_or(|until| today <= until)
                };
                let permit = self.one_of(of.permits, |permit| is_open(permit) && covers_today(permit), is_open);
                permit.ok_or_else(|| missing(span, "permits"))?.days_per_entry = Field::Given(days, span);
            }
            _ => {
                let is_open = |stay: &w::Stay<'_>| stay.exit.is_absent();
                let is_current = |stay: &w::Stay<'_>| {
                    let until = day(&stay.exit);
                    day(&stay.entry).is_some_and(|entry| entry <= today) && until.is_none_or(|exit| today <= exit)
                };
                let stay = if self.key == Key::Exit {
                    self.one_of(of.stays, is_open, is_current)
                } else {
                    self.one_of(of.stays, is_current, |_| true)
                };
                let stay = stay.ok_or_else(|| Fault::new(Code::NoCurrentStay, span))?;
                match self.key {
                    Key::Exit => stay.exit = value.field(),
                    Key::ArrivedAtHost => stay.arrived_at_host = value.field(),
                    Key::Notified => stay.notified = day_or_no(value),
                    _ => stay.registered = day_or_no(value),
                }
            }
        }
        Ok(())
    }

    /// The item with the number of the name, else the first that is meant, else the last that may be.
    fn one_of<'l, T>(
        &self,
        list: &'l mut w::Fields<T>,
        is_meant: impl Fn(&T) -> bool,
        may_be: impl Fn(&T) -> bool,
    ) -> Option<&'l mut T> {
        let Field::Given(items, _) = list else { return None };
        let such = |is: &dyn Fn(&T) -> bool, item: &Field<T>| item.get().is_some_and(is);
        let at = self
            .nth
            .or_else(|| items.iter().position(|item| such(&is_meant, item)))
            .or_else(|| items.iter().rposition(|item| such(&may_be, item)))
            .or_else(|| items.len().checked_sub(1))?;
        match items.get_mut(at) {
            Some(Field::Given(item, _)) => Some(item),
            _ => None,
        }
    }
}

/// The facts that are stated of each person.
struct OfAPerson<'p, 't> {
    citizenship: &'p mut w::Word<'t>,
    birth_date: &'p mut w::Word<'t>,
    travel_document: &'p mut Field<w::TravelDocument<'t>>,
    stays: &'p mut w::Fields<w::Stay<'t>>,
    permits: &'p mut w::Fields<w::Permit<'t>>,
}

/// The table, begun where it was not there.
fn opened<T: Default>(table: &mut Field<T>, span: Span) -> &mut T {
    if !matches!(table, Field::Given(..)) {
        *table = Field::Given(T::default(), span);
    }
    match table {
        Field::Given(table, _) => table,
        _ => unreachable!("just begun"),
    }
}

fn missing(span: Span, key: &str) -> Fault {
    Fault::new(Code::MissingKey, span).with("key", key)
}

fn day(field: &w::Word<'_>) -> Option<Day> {
    field.get().and_then(|day| Day::parse(day).ok())
}

fn day_or_no(value: Piece<'_>) -> Field<DayOrNo<'_>> {
    let said = match value.text {
        "no" | "false" => DayOrNo::Bool(false),
        day => DayOrNo::Text(Cow::Borrowed(day)),
    };
    Field::Given(said, value.span())
}

fn truth(value: Piece<'_>) -> Result<Field<bool>, Fault> {
    const WORDS: [&str; 4] = ["yes", "no", "true", "false"];
    let at = WORDS.iter().position(|word| word.eq_ignore_ascii_case(value.text));
    at.map(|at| Field::Given(at % 2 == 0, value.span())).ok_or_else(|| {
        let fault = Fault::new(Code::UnknownValue, value.span()).with("found", value.text);
        fault.with("allowed", WORDS.join(", ")).suggesting(value.text, WORDS)
    })
}

fn number(value: Piece<'_>) -> Result<i32, Fault> {
    let fault = || {
        let fault = Fault::new(Code::WrongType, value.span());
        fault.with("expected", "kind.whole-number").with("found", "kind.text")
    };
    value.text.parse().map_err(|_| fault())
}

/// The items of a list, with `;` between them.
fn listed<'t, T>(value: Piece<'t>, read: impl Fn(Piece<'t>) -> Result<T, Fault>) -> Result<Vec<Field<T>>, Fault> {
    if value.text == NONE {
        return Ok(Vec::new());
    }
    let one = |piece: Piece<'t>| Ok(Field::Given(read(piece.trimmed())?, piece.trimmed().span()));
    value.split(|letter| letter == ';').map(one).collect()
}

fn stay(piece: Piece<'_>) -> Result<w::Stay<'_>, Fault> {
    let (entry, exit) = packed::run(piece)?;
    Ok(w::Stay { entry: entry.field(), exit: exit.field(), ..w::Stay::default() })
}

fn permit(piece: Piece<'_>) -> Result<w::Permit<'_>, Fault> {
    let [kind, from, until] = packed::permit(piece)?.map(Piece::field);
    Ok(w::Permit { kind, from, until, ..w::Permit::default() })
}
