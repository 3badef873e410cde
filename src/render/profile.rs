//! A profile as a commented file (TOML), to be kept, changed and read again.

use std::fmt::Write as _;

use super::Words;
use crate::assessment::{Assessment, Echo};
use crate::profile::edit::FactName;
use crate::profile::fields::{FIELDS, Field, Owner};
use crate::profile::value::Value;
use crate::profile::{FamilyMember, Permit, Record, Stay};
use crate::rulebook::Vocabulary;

/// The profile that an answer was given for; what is not known stands in comments.
pub fn toml(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let echo = assessment.profile;
    let profile = echo.profile;
    let mut file = Keys { text: String::new(), words };
    let _ = writeln!(
        file.text,
        "{}",
        words.with("ask.file", &[("pack", &assessment.rules.pack), ("day", &assessment.today.to_string())])
    );
    let is_left_out = |path: &str| profile.assumed.contains(&path);
    let applicant = &profile.applicant;
    for row in FIELDS.iter().filter(|row| matches!(row.owner, Owner::Case | Owner::Person)) {
        let value = profile.value(applicant, row.field, echo.vocabulary).filter(|_| !is_left_out(row.path));
        file.key(row.path, value.and_then(|value| file.in_lines(value, &echo)));
    }
    for need in &assessment.needs {
        let text = FactName::named(&need.fact).map(|fact| super::question::text(&fact, words)).unwrap_or_default();
        let _ = writeln!(file.text, "\n{}", words.with("ask.not-known", &[("fact", &need.fact), ("question", &text)]));
    }
    file.text
}

struct Keys<'k> {
    text: String,
    words: &'k Words<'k>,
}

impl Keys<'_> {
    /// The value of a top-level key: lists of tables have a line for each; without items they are left out, but for
    /// permits, of which to have none says something.
    fn in_lines(&self, value: Value<'_>, echo: &Echo<'_>) -> Option<String> {
        match value {
            Value::Stays(stays) => lines(stays.iter().map(stay)),
            Value::Family(family) => lines(family.iter().map(|member| relative(echo, member, self.words))),
            Value::Permits(permits) => Some(list(permits.iter().map(|held| permit(held, echo.vocabulary)))),
            Value::Documents([]) => None,
            value => Some(text(value, echo.vocabulary, self.words)),
        }
    }

    /// Writes a key below its comment; nothing where it has no value.
    fn key(&mut self, key: &str, value: Option<String>) {
        let Some(value) = value else { return };
        let _ = writeln!(self.text, "\n# {}\n{key} = {value}", self.words.of("ask_comment", key));
    }
}

fn quoted(text: &str) -> String {
    // JSON writes texts as TOML does, but for one letter.
    serde_json::to_string(text).unwrap_or_default().replace('\u{7F}', "\\u007F")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// A list with a line for each item; `None` for an empty one.
fn lines(items: impl Iterator<Item = String>) -> Option<String> {
    let all: String = items.map(|item| format!("  {item},\n")).collect();
    (!all.is_empty()).then(|| format!("[\n{all}]"))
}

fn table<'p>(
    fields: impl Iterator<Item = (&'static str, Option<Value<'p>>)>,
    text: impl Fn(Value<'p>) -> String,
) -> String {
    let given = fields.filter_map(|(key, value)| Some(format!("{key} = {}", text(value?))));
    format!("{{ {} }}", given.collect::<Vec<_>>().join(", "))
}

fn of(owner: Owner) -> impl Iterator<Item = (&'static str, Field)> {
    FIELDS.iter().filter(move |row| row.owner == owner).map(|row| (row.field.key(), row.field))
}

fn plain(value: Value<'_>) -> String {
    match value {
        Value::Day(day) | Value::Record(Record::Done(day)) => day.to_string(),
        // With a time it has the seconds that TOML asks for.
        Value::Moment(moment) if moment.minute.is_some() => format!("{moment}:00"),
        Value::Moment(moment) => moment.to_string(),
        Value::Record(_) => false.to_string(),
        Value::Number(number) => number.to_string(),
        Value::YesNo(is_so) => is_so.to_string(),
        Value::Text(text) | Value::Word(text) => quoted(text),
        Value::Documents(ids) => list(ids.iter().map(|id| quoted(id))),
        Value::Moves(moves) => {
            list(moves.iter().map(|one| table(of(Owner::Move).map(|(key, field)| (key, one.value(field))), plain)))
        }
        Value::Stays(stays) => list(stays.iter().map(stay)),
        Value::Country(_) | Value::Permits(_) | Value::Family(_) => String::new(),
    }
}

fn text(value: Value<'_>, vocabulary: &Vocabulary, words: &Words<'_>) -> String {
    match value {
        Value::Country(country) => quoted(words.country_code(country)),
        Value::Permits(permits) => list(permits.iter().map(|held| permit(held, vocabulary))),
        value => plain(value),
    }
}

fn stay(stay: &Stay) -> String {
    let given = |value: &Value<'_>| !matches!(value, Value::Moves([]));
    table(of(Owner::Stay).map(|(key, field)| (key, stay.value(field).filter(given))), plain)
}

fn permit(permit: &Permit, vocabulary: &Vocabulary) -> String {
    table(of(Owner::Permit).map(|(key, field)| (key, permit.value(field, vocabulary))), plain)
}

fn relative(echo: &Echo<'_>, member: &FamilyMember, words: &Words<'_>) -> String {
    let person = &member.person;
    let shares_stays = person.stays == echo.profile.applicant.stays;
    let is_given = |value: &Value<'_>| match value {
        Value::Stays(_) => !shares_stays,
        Value::Permits(permits) => !permits.is_empty(),
        Value::Documents(ids) => !ids.is_empty(),
        _ => true,
    };
    let relation = (Field::Relation.key(), Some(Value::Word(echo.relation(member))));
    let fields = FIELDS.iter().filter(|row| row.owner == Owner::Person);
    let fields = fields.map(|row| (row.path, echo.profile.value(person, row.field, echo.vocabulary).filter(is_given)));
    table(std::iter::once(relation).chain(fields), |value| text(value, echo.vocabulary, words))
}
