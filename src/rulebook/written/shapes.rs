//! Nouns: which keys a table must have, or cannot have, where its list of keys does not say it: for the schemas. The
//! checks of the rule pack hold the same.

use schemars::{Schema, json_schema};

use crate::facts::Fact;
use crate::tree::schema::conditional;

/// A category is a list: whoever is in it is in it, and what is to be said of them other rules say.
pub(super) fn only_lists(schema: &mut Schema) {
    leave_out(schema, &["when", "unless", "notes"]);
}

/// Where it is not to hold beside another of its kind, the other one says so in `unless`.
pub(super) fn has_no_exceptions(schema: &mut Schema) {
    leave_out(schema, &["exception_to"]);
}

/// Advice that says nothing would be none.
pub(super) fn asks_for_notes(schema: &mut Schema) {
    if let Some(required) = schema.get_mut("required").and_then(|required| required.as_array_mut()) {
        required.push("notes".into());
    }
    if let Some(notes) = schema.pointer_mut("/properties/notes").and_then(|notes| notes.as_object_mut()) {
        notes.insert("minItems".to_owned(), 1.into());
    }
}

/// One of the facts must be there.
pub(super) fn asks_for_a_fact(schema: &mut Schema) {
    let asks = |fact: Fact| json_schema!({ "required": [fact.key()], "additionalProperties": true });
    schema.insert("anyOf".to_owned(), Fact::ALL.map(asks).to_vec().into());
}

/// `max_days` must be there, but for the window of a permit, where it must not.
pub(super) fn days_unless_permit(schema: &mut Schema) {
    let is_permit = json_schema!({ "properties": { "window": { "const": "permit" } }, "required": ["window"] });
    let without = json_schema!({ "properties": { "max_days": false } });
    let with = json_schema!({ "required": ["max_days"] });
    conditional(schema, [("if", is_permit), ("then", without), ("else", with)]);
}

fn leave_out(schema: &mut Schema, keys: &[&str]) {
    if let Some(properties) = schema.get_mut("properties").and_then(|properties| properties.as_object_mut()) {
        properties.retain(|key, _| !keys.contains(&key.as_str()));
    }
}
