//! Law cases: what must come out for a person on a day, and by which rules. They stand beside the rules they prove;
//! `rules/README.md` says what each key means.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::calendar::Day;
use crate::profile::written::{Written, plain};
use crate::source::{Code, Fault, SourceText, Span};
use crate::tree::schema::{conditional, written};
use crate::tree::{self, Field, Node, Syntax, Value};

#[derive(Clone, Debug)]
pub struct LawCase {
    /// What the law says, as a sentence.
    pub name: String,
    pub place: Span,
    pub today: Day,
    pub profile: Written<'static>,
    /// Asked as with `--strict`.
    pub is_strict: bool,
    pub exit: Option<i64>,
    /// A part of the JSON answer.
    pub expect: Json,
    /// Tables that no list of the answer may hold, and values that must be null.
    pub absent: Json,
    /// Rules that must be among the reasons.
    pub rules: Vec<String>,
    /// The codes of the faults for which the profile must be refused.
    pub refused: Option<Vec<String>>,
}

/// The keys of a case whose values are free.
const FREE: [&str; 2] = ["expect", "absent"];

written! {
    /// What must come out for a person on a day, and by which rules.
    WrittenCases {
        /// What must come out for a person on a day, and by which rules.
        case: Field<Vec<Field<WrittenCase>>>,
    }
    /// What must come out for a person on a day, and by which rules.
    #[schemars(transform = with_free_keys, transform = with_any_profile_where_refused)]
    WrittenCase {
        /// What the law says, as a sentence.
        name: Field<String> [needed],
        /// The day of the question.
        today: Field<String> [needed day],
        /// The person: what a profile says.
        profile: Field<Person> [needed],
        /// Asked as with `--strict`.
        strict: Field<bool>,
        /// The exit code: 0 answered, 1 a violation stands, 3 no rule covers the stay.
        #[schemars(extend("enum" = [0, 1, 3]))]
        exit: Field<i32>,
        /// Ids that must stand somewhere in the answer.
        rules: Field<Vec<Field<String>>>,
        /// In place of `expect`: the profile must be refused with exactly these codes.
        refused: Field<Vec<Field<String>>>,
    }
}

/// The person of a case, who is read from the tree like any other: here is only what the schema says of them.
#[derive(Clone, Debug, Default)]
pub struct Person;

impl<'de> Deserialize<'de> for Person {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Self)
    }
}

impl JsonSchema for Person {
    fn schema_name() -> Cow<'static, str> {
        Written::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Written::json_schema(generator)
    }
}

fn anything() -> Schema {
    json_schema!({ "type": "object", "additionalProperties": true })
}

fn with_free_keys(schema: &mut Schema) {
    let descriptions = [
        "A part of the JSON answer: tables match key by key, a list of tables where each of its tables matches one \
         of the answer, other lists where they are equal.",
        "Lists of tables of which none may match a table of the same list of the answer; `true` for a value that must be \
         null.",
    ];
    if let Some(members) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        for (key, description) in FREE.into_iter().zip(descriptions) {
            let mut member = anything();
            member.insert("description".to_owned(), description.into());
            members.insert(key.to_owned(), member.into());
        }
    }
}

/// A case may be about a profile that has the wrong form. What it could be is listed all the same, since
/// editors offer only keys that they find there.
fn with_any_profile_where_refused(schema: &mut Schema) {
    let Some(profile) = schema.pointer_mut("/properties/profile").and_then(Json::as_object_mut) else { return };
    let Some(good) = profile.remove("$ref") else { return };
    let good = json_schema!({ "$ref": good });
    profile.insert("anyOf".to_owned(), vec![good.clone(), anything()].into());
    let is_refused = json_schema!({ "required": ["refused"] });
    let is_good = json_schema!({ "properties": { "profile": good } });
    conditional(schema, [("if", is_refused), ("then", json_schema!({})), ("else", is_good)]);
}

/// Reads the cases of a file. Faults of the profiles are kept with their cases, all others are added
/// to `faults`; a case with a fault is left out.
pub fn read(file: &SourceText, number: u16, faults: &mut Vec<Fault>) -> Vec<LawCase> {
    let Some(node) = tree::parse_with(&file.text, number, Syntax::Toml, faults) else { return Vec::new() };
    let Value::Table(tables) = node.value else { return Vec::new() };
    let mut cases = Vec::new();
    for (key, place, node) in tables {
        match node.value {
            Value::List(items) if key == "case" => {
                cases.extend(items.into_iter().filter_map(|item| case(item, faults)));
            }
            _ => faults.push(Fault::new(Code::UnknownKey, place).with("key", &key).suggesting(&key, ["case"])),
        }
    }
    cases
}

fn case(mut node: Node<'_>, faults: &mut Vec<Fault>) -> Option<LawCase> {
    let place = node.span;
    let mut free = [Json::Null, Json::Null];
    let profile = node.get("profile").map(|profile| Written { root: profile.clone().into_owned() });
    if let Value::Table(members) = &mut node.value {
        members.retain(|(key, _, node)| match FREE.iter().position(|name| name == key) {
            Some(at) => {
                free[at] = plain(node);
                false
            }
            None => true,
        });
    }
    let [expect, absent] = free;
    let mut own = Vec::new();
    let written: WrittenCase = tree::read(node, &mut own);
    for (key, is_absent) in
        [("name", written.name.is_absent()), ("today", written.today.is_absent()), ("profile", profile.is_none())]
    {
        if is_absent {
            own.push(Fault::new(Code::MissingKey, place).with("key", key));
        }
    }
    let today = written.today.place().and_then(|(day, span)| {
        let read = Day::parse(day).ok();
        if read.is_none() {
            own.push(tree::day_fault(day, span));
        }
        read
    });
    let is_good = own.is_empty();
    faults.append(&mut own);
    let words = |list: &Field<Vec<Field<String>>>| {
        list.get().map(|items| items.iter().filter_map(Field::get).cloned().collect::<Vec<String>>())
    };
    let case = LawCase {
        name: written.name.get()?.clone(),
        place,
        today: today?,
        profile: profile?,
        is_strict: written.strict.get().copied().unwrap_or(false),
        exit: written.exit.get().copied().map(i64::from),
        expect,
        absent,
        rules: words(&written.rules).unwrap_or_default(),
        refused: words(&written.refused),
    };
    is_good.then_some(case)
}
