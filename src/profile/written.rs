//! A profile as written: a tree with places, whatever it was written in; and what it looks like in a JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value as Json;

use super::fields::{Field, Form, Member, TABLES, Table};
use super::forms::{self, Piece};
use crate::source::{Fault, Span};
use crate::tree::schema::{a_day, moment};
use crate::tree::{Node, Value};

/// A profile as written. Files, flags, single facts and receipts all become one.
#[derive(Clone, Debug)]
pub struct Written<'t> {
    pub root: Node<'t>,
}

impl Default for Written<'_> {
    fn default() -> Self {
        Self { root: Node { span: Span::default(), value: Value::Table(Vec::new()) } }
    }
}

impl<'t> Written<'t> {
    /// The value of a field of the applicant, or of a member of the family; `None` where it is left out.
    pub fn get(&self, member: Option<usize>, field: Field) -> Option<&Node<'t>> {
        let person = match member {
            None => &self.root,
            Some(at) => match &self.root.get("family")?.value {
                Value::List(members) => members.get(at)?,
                _ => return None,
            },
        };
        field.path().split('.').try_fold(person, |table, key| table.get(key))
    }

    /// The text of a field of the applicant.
    pub fn text(&self, field: Field) -> Option<&str> {
        match &self.get(None, field)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn remove(&mut self, key: &str) {
        if let Value::Table(entries) = &mut self.root.value {
            entries.retain(|(known, _, _)| known != key);
        }
    }

    /// The same without places, with tables in place of texts that stand for them; for receipts.
    pub fn plain(&self) -> Json {
        let mut written = self.clone();
        let members = match written.root.get_mut("family").map(|family| &mut family.value) {
            Some(Value::List(members)) => std::mem::take(members),
            _ => Vec::new(),
        };
        let mut people = vec![&mut written.root];
        let mut members = members;
        people.extend(&mut members);
        for person in people {
            for field in [Field::Stays, Field::Permits, Field::DocumentsHeld] {
                if let Some(list) = person.get_mut(field.path()) {
                    // What cannot be taken apart stays as it is written.
                    let _ = unpack_list(list, field);
                }
            }
        }
        let mut plain_root = plain(&written.root);
        if !members.is_empty() {
            plain_root["family"] = members.iter().map(plain).collect();
        }
        plain_root
    }
}

/// A value without places.
pub fn plain(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Table(entries) => entries.iter().map(|(key, _, node)| (key.to_string(), plain(node))).collect(),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Text(text) => Json::String(text.to_string()),
        Value::Number(number) => Json::from(*number),
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Fraction | Value::Null | Value::Unreadable => Json::Null,
    }
}

/// Turns a list that is written as one text, and texts in it that stand for tables, into what they stand for.
pub(super) fn unpack_list(node: &mut Node<'_>, field: Field) -> Result<(), Fault> {
    if let Value::Text(text) = &node.value {
        let text = text.clone().into_owned();
        let whole = Piece { text: &text, span: node.span };
        let is_empty = text.trim() == forms::NONE;
        let items = whole.items(field == Field::DocumentsHeld).filter(|_| !is_empty);
        node.value = Value::List(items.map(|item| item.node().into_owned()).collect());
    }
    if let Value::List(items) = &mut node.value {
        items.iter_mut().try_for_each(|item| unpack(item, field))?;
    }
    Ok(())
}

/// Turns a text that stands for a stay, a move or a permit into its table.
fn unpack(node: &mut Node<'_>, field: Field) -> Result<(), Fault> {
    let Value::Text(text) = &node.value else { return Ok(()) };
    let text = text.clone().into_owned();
    let whole = Piece { text: &text, span: node.span };
    let parts: Vec<(Field, Piece<'_>)> = match field {
        Field::Stays => {
            let (first, last) = forms::run(whole)?;
            vec![(Field::Entry, first), (Field::Exit, last)]
        }
        Field::Permits => forms::permit(whole)?.parts().collect(),
        _ => return Ok(()),
    };
    let parts = parts.into_iter().filter(|(_, piece)| !piece.text.is_empty());
    let entries = parts.map(|(field, piece)| (Cow::Borrowed(field.key()), piece.span, piece.node().into_owned()));
    node.value = Value::Table(entries.collect());
    Ok(())
}

/// What the tables of a profile that only group fields are for.
const GROUPS: [(&str, &str); 4] = [
    ("travel_document", "The passport, or what is used in its place; left out: the first kind of the pack."),
    ("employment", "The job."),
    ("housing", "Where the person lives."),
    ("filing", "The application for the permit."),
];

fn schema_of_table(table: &Table, about: &str) -> Schema {
    let mut members = serde_json::Map::new();
    for (key, member) in table.keys.iter().zip(&table.members) {
        let schema = match member {
            Member::Value(field) => schema_of(*field),
            Member::Group(group) => {
                let about = GROUPS.iter().find(|(name, _)| name == key).map_or("", |(_, about)| about);
                schema_of_table(group, about)
            }
        };
        members.insert((*key).to_owned(), schema.into());
    }
    let mut schema = json_schema!({ "description": about, "type": "object", "properties": members,
        "additionalProperties": false });
    let needed: Vec<&str> = table.needed().map(Field::key).collect();
    if !needed.is_empty() {
        schema.insert("required".to_owned(), needed.into());
    }
    schema
}

/// A list of such items, or of texts that stand for them, or all of them in one text.
fn list_of(item: Json) -> Schema {
    json_schema!({ "anyOf": [
        { "type": "array", "items": { "anyOf": [item, { "type": "string" }] } },
        { "type": "string" },
    ] })
}

fn schema_of(field: Field) -> Schema {
    let table = |name: &str| serde_json::json!({ "$ref": format!("#/$defs/{name}") });
    let mut schema = match field.form() {
        Form::Text | Form::Country | Form::Word(_) => json_schema!({ "type": "string" }),
        Form::Day => a_day(),
        Form::Moment => {
            let mut schema = json_schema!({});
            moment(&mut schema);
            schema
        }
        Form::DayOrNo => json_schema!({ "anyOf": [
            a_day(), { "type": "boolean", "const": false }, { "type": "string", "pattern": "^([Nn][Oo]|[Ff][Aa][Ll][Ss][Ee])$" },
        ] }),
        Form::YesNo(_) => json_schema!({ "anyOf": [
            { "type": "boolean" },
            { "type": "string", "pattern": "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$" },
        ] }),
        Form::Number => json_schema!({ "anyOf": [
            { "type": "integer", "format": "int32", "minimum": 1, "maximum": 36_600 },
            { "type": "string", "pattern": "^[0-9]+$" },
        ] }),
        Form::Documents => list_of(serde_json::json!({ "type": "string" })),
        Form::Stays => list_of(table("Stay")),
        Form::Moves => json_schema!({ "anyOf": [
            { "type": "array", "items": { "anyOf": [table("Move"), a_day()] } },
            a_day(),
            { "type": "string", "pattern": ";" },
        ] }),
        Form::Permits => list_of(table("Permit")),
        Form::Family => json_schema!({ "type": "array", "items": table("FamilyMember") }),
    };
    schema.insert("description".to_owned(), field.row().about.into());
    schema
}

impl JsonSchema for Written<'_> {
    fn schema_name() -> Cow<'static, str> {
        "WrittenProfile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parts = [
            ("Stay", &TABLES.stay, "A stay in the country."),
            ("Move", &TABLES.a_move, "A change of address."),
            ("Permit", &TABLES.permit, "A visa or a residence permit."),
            (
                "FamilyMember",
                &TABLES.member,
                "A member of the family; without stays of their own they have those of the applicant.",
            ),
        ];
        for (name, table, about) in parts {
            generator.definitions_mut().insert(name.to_owned(), schema_of_table(table, about).into());
        }
        schema_of_table(
            &TABLES.profile,
            "One person's facts, in TOML or JSON. Only `citizenship` is needed: what is left out stays unknown, and the \
             answer says what hangs on it. The words for purposes, employers and so on are those of the rule pack.",
        )
    }
}
