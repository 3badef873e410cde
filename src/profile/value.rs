//! The values of a profile by their fields, for all that writes profiles.

use super::fields::{Field, Form};
use super::{FamilyMember, Moment, Move, Permit, Person, Profile, Record, Stay};
use crate::calendar::Day;
use crate::country::Country;
use crate::facts::Fact;
use crate::rulebook::Vocabulary;
use crate::source::Text;

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'p> {
    Text(&'p str),
    Country(Country),
    Day(Day),
    Moment(Moment),
    Record(Record),
    Number(i32),
    YesNo(bool),
    /// A word of the pack.
    Word(&'p str),
    Documents(&'p [Text]),
    Stays(&'p [Stay]),
    Moves(&'p [Move]),
    Permits(&'p [Permit]),
    Family(&'p [FamilyMember]),
}

impl Profile {
    /// The value of a field of the case or of a person of it; `None` where it is not known.
    pub fn value<'p>(&'p self, person: &'p Person, field: Field, vocabulary: &'p Vocabulary) -> Option<Value<'p>> {
        match (field, field.form()) {
            (Field::Id, _) => self.id.as_deref().map(Value::Text),
            (Field::FilingOn, _) => self.filing_on.map(Value::Moment),
            (Field::Family, _) => Some(Value::Family(&self.family)),
            (Field::Name, _) => person.name.as_deref().map(Value::Text),
            (Field::Citizenship, _) => Some(Value::Country(person.citizenship)),
            (Field::BirthDate, _) => person.birth_date.map(Value::Day),
            (Field::DocumentKind, _) => vocabulary.word(Fact::DocumentKind, person.document_kind).map(Value::Word),
            (Field::DocumentExpires, _) => person.document_expires.map(Value::Day),
            (Field::Stays, _) => Some(Value::Stays(&person.stays)),
            (Field::Permits, _) => Some(Value::Permits(&person.permits)),
            (Field::DocumentsHeld, _) => Some(Value::Documents(&person.held)),
            (_, Form::Day) => self.days.get(field).map(Value::Day),
            (_, Form::YesNo(fact)) => self.facts.value(fact).map(|value| Value::YesNo(value == 1)),
            (_, Form::Word(fact)) => vocabulary.word(fact, self.facts.value(fact)?).map(Value::Word),
            _ => None,
        }
    }
}

impl Stay {
    /// The value of a field of a stay.
    pub fn value(&self, field: Field) -> Option<Value<'_>> {
        match field {
            Field::Entry => Some(Value::Day(self.entry)),
            Field::Exit => self.exit.map(Value::Day),
            Field::ArrivedAtHost => self.arrived_at_host.map(Value::Day),
            Field::Notified => self.notified.value(),
            Field::Registered => self.registered.value(),
            Field::Moves => Some(Value::Moves(&self.moves)),
            _ => None,
        }
    }
}

impl Move {
    /// The value of a field of a change of address.
    pub fn value(&self, field: Field) -> Option<Value<'_>> {
        match field {
            Field::MovedOn => Some(Value::Day(self.on)),
            Field::MoveNotified => self.notified.value(),
            Field::MoveRegistered => self.registered.value(),
            _ => None,
        }
    }
}

impl Permit {
    /// The value of a field of a permit.
    pub fn value<'p>(&self, field: Field, vocabulary: &'p Vocabulary) -> Option<Value<'p>> {
        match field {
            Field::PermitKind => vocabulary.permits.get(usize::from(self.kind)).map(|kind| Value::Word(&kind.id)),
            Field::PermitFrom => Some(Value::Day(self.from)),
            Field::PermitUntil => self.until.map(Value::Day),
            Field::DaysPerEntry => self.days_per_entry.map(Value::Number),
            Field::PermitEntries => self.entries.map(Value::Number),
            _ => None,
        }
    }
}

impl Record {
    fn value<'p>(self) -> Option<Value<'p>> {
        Some(self).filter(|record| *record != Self::Silent).map(Value::Record)
    }
}
