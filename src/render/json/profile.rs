//! The facts of the applicant as understood, by the table of fields: what is not known is null.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::{Serialize, SerializeMap, Serializer};

use serde_json::Value as Json;

use super::MomentView;
use crate::assessment::{Assessment, Echo};
use crate::profile::Record;
use crate::profile::fields::{Field, Member, TABLES, Table};
use crate::profile::value::Value;
use crate::render::Words;

pub(super) struct ProfileView<'a> {
    echo: Echo<'a>,
    citizenship: &'a str,
}

impl<'a> ProfileView<'a> {
    pub(super) fn new(assessment: &'a Assessment<'a>, words: &Words<'a>) -> Self {
        let echo = assessment.profile;
        Self { echo, citizenship: words.country_code(echo.profile.applicant.citizenship) }
    }

    fn value(&self, field: Field) -> Option<Value<'_>> {
        match field {
            Field::Citizenship => Some(Value::Text(self.citizenship)),
            _ => self.echo.profile.value(&self.echo.profile.applicant, field, self.echo.vocabulary),
        }
    }
}

impl Serialize for ProfileView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let table = &TABLES.profile;
        for (key, member) in table.entries().filter(|(_, member)| !matches!(member, Member::Value(Field::Family))) {
            match member {
                Member::Value(field) => map.serialize_entry(key, &ValueView(self.value(*field), self.echo))?,
                Member::Group(group) => {
                    map.serialize_entry(key, &TableView(group, |field| self.value(field), self.echo))?;
                }
            }
        }
        // Fields that were left out and are taken to have their usual value.
        map.serialize_entry("assumed", &self.echo.profile.assumed[..])?;
        map.end()
    }
}

impl JsonSchema for ProfileView<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let keys = TABLES.profile.entries().map(|(key, _)| key).filter(|key| *key != Field::Family.key());
        let properties: serde_json::Map<String, Json> =
            keys.chain(["assumed"]).map(|key| (key.to_owned(), Json::Bool(true))).collect();
        json_schema!({
            "description": "The facts of the applicant as understood: what is not known is null. `assumed` names those that were left out and are taken to have their usual value.",
            "type": "object",
            "properties": properties,
        })
    }
}

struct TableView<'t, 'a, F>(&'t Table, F, Echo<'a>);

impl<'v, F: Fn(Field) -> Option<Value<'v>>> Serialize for TableView<'_, '_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(table, value, echo) = self;
        serializer.collect_map(table.fields().map(|(key, field)| (key, ValueView(value(field), *echo))))
    }
}

struct ValueView<'v, 'a>(Option<Value<'v>>, Echo<'a>);

impl Serialize for ValueView<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, echo) = self;
        match value {
            None | Some(Value::Country(_) | Value::Family(_)) => serializer.serialize_none(),
            Some(Value::Text(text) | Value::Word(text)) => serializer.serialize_str(text),
            Some(Value::Day(day) | Value::Record(Record::Done(day))) => day.serialize(serializer),
            Some(Value::Record(_)) => serializer.serialize_bool(false),
            Some(Value::Moment(moment)) => MomentView(*moment).serialize(serializer),
            Some(Value::Number(number)) => serializer.serialize_i32(*number),
            Some(Value::YesNo(is_so)) => serializer.serialize_bool(*is_so),
            Some(Value::Documents(ids)) => serializer.collect_seq(ids.iter()),
            Some(Value::Stays(stays)) => serializer
                .collect_seq(stays.iter().map(|stay| TableView(&TABLES.stay, |field| stay.value(field), *echo))),
            Some(Value::Moves(moves)) => serializer
                .collect_seq(moves.iter().map(|one| TableView(&TABLES.a_move, |field| one.value(field), *echo))),
            Some(Value::Permits(permits)) => serializer.collect_seq(
                permits
                    .iter()
                    .map(|permit| TableView(&TABLES.permit, |field| permit.value(field, echo.vocabulary), *echo)),
            ),
        }
    }
}
