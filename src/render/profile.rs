//! A profile as a commented file (TOML), to be kept, changed and read again.

use std::fmt::Write as _;

use super::Words;
use crate::assessment::{Assessment, Echo};
use crate::profile::edit::FactName;
use crate::profile::fields::{FIELDS, Field, Owner};
use crate::profile::value::Value;
use crate::profile::{FamilyMember, Record, Stay};

/// The profile that an answer was given for; what is not known stands in comments.
pub fn toml(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let Echo { profile, vocabulary, .. } = assessment.profile;
    let writer = Writer { view: assessment.profile, words };
    let (pack, today) = (assessment.rules.pack, assessment.today.to_string());
    let mut file = words.with("ask.file", &[("pack", &pack), ("day", &today)]) + "\n";
    for row in FIELDS.iter().filter(|row| matches!(row.owner, Owner::Case | Owner::Person)) {
        let value = profile.value(&profile.applicant, row.field, vocabulary);
        let value = value.filter(|_| !profile.assumed.contains(&row.path));
        if let Some(value) = value.and_then(|value| writer.in_lines(value)) {
            let _ = writeln!(file, "\n# {}\n{} = {value}", words.of("ask_comment", row.path), row.path);
        }
    }
    for need in &assessment.needs {
        let text = FactName::named(&need.fact).map(|fact| super::question::text(&fact, words)).unwrap_or_default();
        let _ = writeln!(file, "\n{}", words.with("ask.not-known", &[("fact", &need.fact), ("question", &text)]));
    }
    file
}

struct Writer<'w> {
    view: Echo<'w>,
    words: &'w Words<'w>,
}

impl Writer<'_> {
    /// The value of a top-level key: lists of tables have a line for each; without items they are left out, but for
    /// permits, of which to have none says something.
    fn in_lines(&self, value: Value<'_>) -> Option<String> {
        let items: Vec<String> = match value {
            Value::Stays(stays) => stays.iter().map(|stay| self.stay(stay)).collect(),
            Value::Family(family) => family.iter().map(|member| self.member(member)).collect(),
            Value::Documents([]) => return None,
            value => return Some(self.value(value)),
        };
        let lines: String = items.iter().map(|item| format!("  {item},\n")).collect();
        (!lines.is_empty()).then(|| format!("[\n{lines}]"))
    }

    /// A value in one line.
    fn value(&self, value: Value<'_>) -> String {
        match value {
            Value::Country(country) => quoted(self.words.country_code(country)),
            Value::Day(day) | Value::Record(Record::Done(day)) => day.to_string(),
            // With a time it has the seconds that TOML asks for.
            Value::Moment(moment) if moment.minute.is_some() => format!("{moment}:00"),
            Value::Moment(moment) => moment.to_string(),
            Value::Record(_) => false.to_string(),
            Value::Number(number) => number.to_string(),
            Value::YesNo(is_so) => is_so.to_string(),
            Value::Text(text) | Value::Word(text) => quoted(text),
            Value::Documents(ids) => list(ids.iter().map(|id| quoted(id))),
            Value::Moves(moves) => list(moves.iter().map(|one| self.fields(Owner::Move, |field| one.value(field)))),
            Value::Stays(stays) => list(stays.iter().map(|stay| self.stay(stay))),
            Value::Permits(permits) => {
                let words = self.view.vocabulary;
                list(permits.iter().map(|permit| self.fields(Owner::Permit, |field| permit.value(field, words))))
            }
            Value::Family(_) => String::new(),
        }
    }

    fn stay(&self, stay: &Stay) -> String {
        self.fields(Owner::Stay, |field| stay.value(field).filter(|value| !matches!(value, Value::Moves([]))))
    }

    fn member(&self, member: &FamilyMember) -> String {
        let Echo { profile, vocabulary, .. } = self.view;
        let person = &member.person;
        let is_given = |value: &Value<'_>| match value {
            Value::Stays(_) => person.stays != profile.applicant.stays,
            Value::Permits(permits) => !permits.is_empty(),
            Value::Documents(ids) => !ids.is_empty(),
            _ => true,
        };
        let relation = (Field::Relation.key(), Value::Word(self.view.relation(member)));
        let fields = FIELDS
            .iter()
            .filter(|row| row.owner == Owner::Person)
            .filter_map(|row| Some((row.path, profile.value(person, row.field, vocabulary).filter(is_given)?)));
        self.table(std::iter::once(relation).chain(fields))
    }

    fn fields<'p>(&self, owner: Owner, value: impl Fn(Field) -> Option<Value<'p>>) -> String {
        let rows = FIELDS.iter().filter(|row| row.owner == owner);
        self.table(rows.filter_map(|row| Some((row.field.key(), value(row.field)?))))
    }

    /// A table in one line.
    fn table<'p>(&self, fields: impl Iterator<Item = (&'static str, Value<'p>)>) -> String {
        let fields = fields.map(|(key, value)| format!("{key} = {}", self.value(value)));
        format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
    }
}

fn quoted(text: &str) -> String {
    // JSON writes texts as TOML does, but for one letter.
    serde_json::to_string(text).unwrap_or_default().replace('\u{7F}', "\\u007F")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}
