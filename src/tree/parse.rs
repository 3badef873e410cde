//! From the text of a file to a tree, or to every fault of syntax that can be told apart.

use std::borrow::Cow;

use super::{MAX_DEPTH, Node, Syntax, Value, day_fault, owned};
use crate::calendar::Day;
use crate::source::{Code, Fault, Span};

/// Reads a whole text into a tree. `Err` holds all faults of syntax that could be told apart.
pub fn parse(text: &str, number: u16, syntax: Syntax) -> Result<Node<'_>, Vec<Fault>> {
    let mut faults = Vec::new();
    match parse_with(text, number, syntax, &mut faults) {
        Some(node) if faults.is_empty() => Ok(node),
        _ => Err(faults),
    }
}

/// Reads what can be read of a text: values that are no days stand in the tree as unreadable, so that
/// other faults of the file are found in the same run. Faults of syntax are added to `faults`; `None`
/// where there are others than such days.
pub fn parse_with<'t>(text: &'t str, number: u16, syntax: Syntax, faults: &mut Vec<Fault>) -> Option<Node<'t>> {
    if text.trim().is_empty() {
        faults.push(Fault::new(Code::EmptyFile, Span::new(number, 0..0)));
        return None;
    }
    if let Some(at) = too_deep(text, syntax) {
        let place = Span::new(number, at..at + 1);
        faults.push(Fault::new(Code::NestedTooDeep, place).with("max", MAX_DEPTH));
        return None;
    }
    let found = match syntax {
        Syntax::Toml => parse_toml(text, number),
        Syntax::Json => parse_json(text, number),
    };
    match found {
        Ok(node) => Some(node),
        Err(mut found) => {
            let are_days = found.iter().all(|fault| matches!(fault.code, Code::NoSuchDay | Code::BadDay));
            let node = if are_days { without(text, number, &found) } else { None };
            faults.append(&mut found);
            node
        }
    }
}

/// The tree of a text in which some values are no days.
fn without<'t>(text: &'t str, number: u16, faults: &[Fault]) -> Option<Node<'t>> {
    let mut readable = text.as_bytes().to_vec();
    for fault in faults {
        // A zero, then blanks: a value of the same length that TOML can read.
        let place = readable.get_mut(fault.span.range())?;
        place.fill(b' ');
        *place.first_mut()? = b'0';
    }
    let readable = String::from_utf8(readable).ok()?;
    let node = parse_toml(&readable, number).ok()?;
    Some(owned(node, faults))
}

/// The byte at which brackets (or the dots of one TOML key) nest too deep: found before parsing, so
/// that no parser has to recurse that far.
fn too_deep(text: &str, syntax: Syntax) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut dots, mut at) = (0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'.' if syntax == Syntax::Toml => dots += 1,
            b'\n' | b'=' | b',' => dots = 0,
            b'#' if syntax == Syntax::Toml => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            quote @ (b'"' | b'\'') if quote == b'"' || syntax == Syntax::Toml => {
                at = end_of_text(bytes, at, quote);
                continue;
            }
            _ => {}
        }
        if depth > MAX_DEPTH || dots > MAX_DEPTH {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The first control character inside a JSON text, which RFC 8259 does not allow.
fn control_in_text(text: &str) -> Option<usize> {
    let (mut inside, mut escaped) = (false, false);
    text.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
        inside && byte < b' '
    })
}

/// The byte after a quoted text that begins at `start`.
fn end_of_text(bytes: &[u8], start: usize, quote: u8) -> usize {
    let long = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if long { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !long => return at,
            byte if byte == quote && !long => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Bytes up to which all faults of syntax of a TOML file are told; of a larger one the first only,
/// since each fault that the parser notes holds the whole text.
const ALL_FAULTS: usize = 256 * 1024;

fn parse_toml(text: &str, number: u16) -> Result<Node<'_>, Vec<Fault>> {
    let errors = match toml::de::DeTable::parse(text) {
        Ok(table) => {
            let span = Span::new(number, table.span());
            return Ok(Node { span, value: toml_table(table.into_inner(), number) });
        }
        Err(_) if text.len() <= ALL_FAULTS => toml::de::DeTable::parse_recoverable(text).1,
        Err(first) => vec![first],
    };
    let faults = errors.iter().map(|error| {
        let range = error.span().unwrap_or(0..0);
        let written = text.get(range.clone()).unwrap_or_default();
        let span = Span::new(number, range);
        match error.message() {
            "duplicate key" => Fault::new(Code::DuplicateKey, span).with("key", written),
            message if message.starts_with("invalid date") && Day::parse(written).is_err() => day_fault(written, span),
            message => Fault::new(Code::Syntax, span).with("reason", message),
        }
    });
    let mut faults: Vec<Fault> = faults.collect();
    faults.dedup();
    Err(faults)
}

fn toml_table(table: toml::de::DeTable<'_>, number: u16) -> Value<'_> {
    Value::Table(
        table
            .into_iter()
            .map(|(key, value)| {
                let place = Span::new(number, key.span());
                (key.into_inner(), place, toml_node(value, number))
            })
            .collect(),
    )
}

fn toml_node(value: toml::Spanned<toml::de::DeValue<'_>>, number: u16) -> Node<'_> {
    use toml::de::DeValue;
    let span = Span::new(number, value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Fraction, Value::Number)
        }
        DeValue::Float(_) => Value::Fraction,
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(moment) => Value::Text(Cow::Owned(moment.to_string())),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| toml_node(item, number)).collect()),
        DeValue::Table(table) => toml_table(table, number),
    };
    Node { span, value }
}

fn parse_json(text: &str, number: u16) -> Result<Node<'_>, Vec<Fault>> {
    let strict = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    if let Some(at) = control_in_text(text) {
        let fault = Fault::new(Code::Syntax, Span::new(number, at..at + 1));
        return Err(vec![fault.with("reason", "control-in-text")]);
    }
    match jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &strict) {
        Ok(parsed) => match parsed.value {
            Some(value) => Ok(json_node(value, number)),
            None => Err(vec![Fault::new(Code::EmptyFile, Span::new(number, 0..0))]),
        },
        Err(error) => {
            let range = error.range();
            let span = Span::new(number, range.start..range.end);
            Err(vec![Fault::new(Code::Syntax, span).with("reason", error.kind().to_string().to_lowercase())])
        }
    }
}

fn json_node(value: jsonc_parser::ast::Value<'_>, number: u16) -> Node<'_> {
    use jsonc_parser::ast::{ObjectPropName, Value as Json};
    use jsonc_parser::common::Ranged;
    let place = |range: jsonc_parser::common::Range| Span::new(number, range.start..range.end);
    let span = place(value.range());
    let value = match value {
        Json::StringLit(text) => Value::Text(text.value),
        Json::NumberLit(digits) => digits.value.parse().map_or(Value::Fraction, Value::Number),
        Json::BooleanLit(truth) => Value::Bool(truth.value),
        Json::NullKeyword(_) => Value::Null,
        Json::Array(items) => Value::List(items.elements.into_iter().map(|item| json_node(item, number)).collect()),
        Json::Object(object) => Value::Table(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let at = place(property.name.range());
                    let name = match property.name {
                        ObjectPropName::String(text) => text.value,
                        ObjectPropName::Word(word) => Cow::Borrowed(word.value),
                    };
                    (name, at, json_node(property.value, number))
                })
                .collect(),
        ),
    };
    Node { span, value }
}
