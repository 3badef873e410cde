//! JSON as the tests read it.

use serde_json::Value as Json;

/// The lines of a text, each a value.
pub fn lines(text: &str) -> Vec<Json> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    text.lines().map(read).collect()
}

/// The same value in JSON; native days are texts there.
pub fn of_toml(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(items) => items.iter().map(of_toml).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), of_toml(value))).collect(),
    }
}
