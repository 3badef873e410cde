//! Nouns: what written tables look like in a JSON Schema, for editors and for programs that write them.
//!
//! A table is described once, in `written`: its keys, what each means (the comment is the
//! description in the schema), its type, and in brackets what its checker asks of it beyond the type.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Entries, Field};
use crate::calendar::Day;

/// Tables as written, none of whose keys has to be there for the reader. The marks in brackets after a
/// type are the functions of this module: `needed`, `day`, `filled` …
macro_rules! written {
    ($($(#[$about:meta])* $name:ident $(<$text:lifetime>)? {
        $($(#[$says:meta])* $field:ident: $type:ty $([$($mark:ident)+])?,)*
    })*) => {
        $(#[derive(Clone, Debug, Default, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        #[schemars(deny_unknown_fields, transform = crate::tree::schema::table)]
        $(#[$about])*
        #[allow(missing_docs)]
        pub struct $name $(<$text>)? {
            $($(#[$says])* $(#[schemars($(transform = crate::tree::schema::$mark),+)])?
            pub $field: $type,)*
        })*
    };
}
pub(crate) use written;

/// Where [`needed`] leaves word for [`table`].
const NEEDED: &str = "needed";

/// The key must be there.
pub fn needed(schema: &mut Schema) {
    schema.insert(NEEDED.to_owned(), true.into());
}

/// A table, with the keys that must be there.
pub fn table(schema: &mut Schema) {
    let members = schema.get_mut("properties").and_then(|members| members.as_object_mut());
    let is_needed = |(key, member): (&String, &mut _)| {
        let member: &mut Schema = <&mut Schema>::try_from(member).ok()?;
        member.remove(NEEDED).map(|_| key.clone())
    };
    let needed: Vec<String> = members.into_iter().flatten().filter_map(is_needed).collect();
    if !needed.is_empty() {
        schema.insert("required".to_owned(), needed.into());
    }
}

/// Which texts have the form of a day; the format tells those that are in no calendar.
const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const DAY_AND_TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:00)?$";

/// A day as a text.
pub fn a_day() -> Schema {
    json_schema!({ "type": "string", "format": "date", "pattern": DAY })
}

/// The text is a day.
pub fn day(schema: &mut Schema) {
    for (key, value) in a_day().as_object_mut().into_iter().flatten() {
        schema.insert(key.clone(), value.take());
    }
}

/// The text is a day, with or without a time.
pub fn moment(schema: &mut Schema) {
    let in_quotes = json_schema!({ "type": "string", "pattern": DAY_AND_TIME });
    // The same, for editors that tell a native time from a text by its format.
    let native = json_schema!({ "type": "string", "format": "date-time-local", "pattern": DAY_AND_TIME });
    schema.remove("type");
    schema.insert("anyOf".to_owned(), vec![a_day(), in_quotes, native].into());
}

/// Adds a condition on the whole table: its parts say of themselves that they close nothing, since some
/// editors take every table for closed.
pub fn conditional(schema: &mut Schema, parts: [(&str, Schema); 3]) {
    for (key, mut part) in parts {
        part.insert("additionalProperties".to_owned(), true.into());
        schema.insert(key.to_owned(), part.into());
    }
}

/// The text is an address of the web.
pub fn https(schema: &mut Schema) {
    schema.insert("pattern".to_owned(), "^https://".into());
}

/// The list has an item.
pub fn filled(schema: &mut Schema) {
    schema.insert("minItems".to_owned(), 1.into());
}

/// The number is 1 or more.
pub fn positive(schema: &mut Schema) {
    schema.insert("minimum".to_owned(), 1.into());
}

/// The number is 0 or more.
pub fn natural(schema: &mut Schema) {
    schema.insert("minimum".to_owned(), 0.into());
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        a_day()
    }
}

/// A field is what it holds; that it may be left out is for its table to say.
impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("EntriesOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}
