//! Nouns: a TOML or JSON file as a tree that knows where each value stands, and the serde reader that
//! collects *every* fault of a file instead of the first.
//!
//! What is written in a file is described by plain `Deserialize` structs whose members are
//! [`Field`]s. Read through this tree, a member that does not fit becomes [`Field::Faulty`], its
//! fault is noted with its place, and reading goes on.

mod reader;
pub mod schema;

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use self::reader::Reader;
use crate::calendar::Day;
use crate::source::{Code, Fault, Span};

/// How deep tables and lists may be nested.
pub const MAX_DEPTH: usize = 64;

/// The form a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// TOML 1.1.
    Toml,
    /// JSON (RFC 8259), no comments.
    Json,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value<'t>,
}

/// The values that TOML and JSON share. Native TOML days and times are texts here.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// Keys with their places, in the order of the file; a key may stand twice in JSON.
    Table(Vec<(Cow<'t, str>, Span, Node<'t>)>),
    /// A list.
    List(Vec<Node<'t>>),
    /// A text, or a native TOML day or time.
    Text(Cow<'t, str>),
    /// A whole number.
    Number(i64),
    /// Any other number, as written.
    Fraction,
    /// True or false.
    Bool(bool),
    /// JSON's null: as good as left out.
    Null,
    /// A value that cannot be read, which was said when the file was parsed.
    Unreadable,
}

impl Value<'_> {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Table(_) => Kind::Table,
            Self::List(_) => Kind::List,
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::WholeNumber,
            Self::Fraction => Kind::Number,
            Self::Bool(_) => Kind::Bool,
            Self::Null | Self::Unreadable => Kind::Nothing,
        }
    }
}

/// Kinds of values as messages name them; the name is a text key of the words floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    List,
    Text,
    WholeNumber,
    Number,
    Bool,
    Nothing,
    Word,
    DayOrNo,
}

impl Kind {
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Table => "kind.table",
            Self::List => "kind.list",
            Self::Text => "kind.text",
            Self::WholeNumber => "kind.whole-number",
            Self::Number => "kind.number",
            Self::Bool => "kind.bool",
            Self::Nothing => "kind.nothing",
            Self::Word => "kind.word",
            Self::DayOrNo => "kind.day-or-no",
        }
    }
}

impl<'t> Node<'t> {
    /// The value of a key of a table; null is as good as left out.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|(known, ..)| known == key).map(|(.., node)| node).filter(|node| node.value != Value::Null)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Value::Table(entries) = &mut self.value else { return None };
        let found = entries.iter_mut().find(|(known, ..)| known == key).map(|(.., node)| node);
        found.filter(|node| node.value != Value::Null)
    }

    /// The table of a key, begun where there is none.
    pub fn get_or_begin(&mut self, key: &'static str, place: Span) -> &mut Self {
        if !matches!(self.get(key), Some(Self { value: Value::Table(_), .. })) {
            self.set(key, Self { span: place, value: Value::Table(Vec::new()) });
        }
        self.get_mut(key).unwrap_or_else(|| unreachable!("just begun"))
    }

    /// Sets a key in place of what stands there; what is no table becomes one.
    pub fn set(&mut self, key: &'static str, node: Self) {
        if !matches!(self.value, Value::Table(_)) {
            self.value = Value::Table(Vec::new());
        }
        let Value::Table(entries) = &mut self.value else { return };
        entries.retain(|(known, ..)| known != key);
        entries.push((Cow::Borrowed(key), node.span, node));
    }

    /// The day that is written here, if it is one.
    #[must_use]
    pub fn day(&self) -> Option<Day> {
        match &self.value {
            Value::Text(text) => Day::parse(text.trim()).ok(),
            _ => None,
        }
    }

    /// The same with texts of its own.
    #[must_use]
    pub fn into_owned<'o>(self) -> Node<'o> {
        owned(self, &[])
    }
}

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

/// The tree with texts of its own, and with the values at these places unreadable.
fn owned<'t>(node: Node<'_>, faults: &[Fault]) -> Node<'t> {
    let is_faulty = faults.iter().any(|fault| fault.span.start == node.span.start);
    let value = match node.value {
        Value::Number(_) if is_faulty => Value::Unreadable,
        Value::Table(members) => Value::Table(
            members
                .into_iter()
                .map(|(key, at, node)| (Cow::Owned(key.into_owned()), at, owned(node, faults)))
                .collect(),
        ),
        Value::List(items) => Value::List(items.into_iter().map(|item| owned(item, faults)).collect()),
        Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        Value::Number(number) => Value::Number(number),
        Value::Fraction => Value::Fraction,
        Value::Bool(truth) => Value::Bool(truth),
        Value::Null => Value::Null,
        Value::Unreadable => Value::Unreadable,
    };
    Node { span: node.span, value }
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

/// The fault of a text that is not a day: the wrong form, with the day that is meant where that is plain, or no such day.
#[must_use]
pub fn day_fault(written: &str, span: Span) -> Fault {
    let code = match Day::parse(written) {
        Err(crate::calendar::DayFault::NoSuchDay) => Code::NoSuchDay,
        _ => Code::BadDay,
    };
    let fault = Fault::new(code, span).with("found", written);
    match Day::meant(written) {
        Some(day) if code == Code::BadDay => fault.with("suggestion", day),
        _ => fault,
    }
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

/// Reads a `T` from the tree. All faults are added to `faults`; what could be read is there all the same.
pub fn read<'t, T: Deserialize<'t> + Default>(node: Node<'t>, faults: &mut Vec<Fault>) -> T {
    let noted = RefCell::new(Vec::new());
    let value = T::deserialize(Reader { node, is_item: false, faults: &noted });
    let mut noted = noted.into_inner();
    let value = value.unwrap_or_else(|error| {
        noted.push(error.0);
        T::default()
    });
    faults.append(&mut noted);
    value
}

/// A member of a written struct: left out, given, or given and not fit to be read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Left out, or null.
    #[default]
    Absent,
    /// Given, but not as it must be; that was said when the file was read.
    Faulty,
    /// Given, with its place.
    Given(T, Span),
}

impl<T> Field<T> {
    /// The value, where there is a good one.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Given(value, _) => Some(value),
            _ => None,
        }
    }

    /// The value and its place, where there is a good one.
    #[must_use]
    pub fn place(&self) -> Option<(&T, Span)> {
        match self {
            Self::Given(value, span) => Some((value, *span)),
            _ => None,
        }
    }

    /// Whether nothing was written here.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// The name by which [`Field`] asks the reader of this module for places and for forgiveness.
const FIELD: &str = "\0field";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Given<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Given<T> {
            type Value = Field<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Field::Absent)
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Field::Faulty)
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                T::deserialize(deserializer).map(|value| Field::Given(value, Span::default()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
                let start: u64 = parts.next_element()?.unwrap_or_default();
                let end: u64 = parts.next_element()?.unwrap_or_default();
                let [text, start] = [start >> 32, start & 0xffff_ffff];
                let clamp = |part: u64| u32::try_from(part).unwrap_or_default();
                let span = Span { text: u16::try_from(text).unwrap_or_default(), start: clamp(start), end: clamp(end) };
                Ok(match parts.next_element::<T>() {
                    Ok(Some(value)) => Field::Given(value, span),
                    _ => Field::Faulty,
                })
            }
        }
        deserializer.deserialize_newtype_struct(FIELD, Given(PhantomData))
    }
}

/// What was given is written as it is; [`Field::Absent`] is for its table to leave out.
impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Given(value, _) => value.serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

/// Text, or true or false: for keys that take a day or `false`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum DayOrNo<'t> {
    /// A text that should be a day.
    Text(Cow<'t, str>),
    /// The word `false` (or, wrongly, `true`).
    Bool(bool),
}

impl<'de> Deserialize<'de> for DayOrNo<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = DayOrNo<'static>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day or false")
            }

            fn visit_bool<E>(self, truth: bool) -> Result<DayOrNo<'static>, E> {
                Ok(DayOrNo::Bool(truth))
            }

            fn visit_str<E>(self, text: &str) -> Result<DayOrNo<'static>, E> {
                Ok(DayOrNo::Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text().as_str())
    }
}

/// A table with keys of the writer's own choice, in the order of the file.
#[derive(Clone, Debug)]
pub struct Entries<T>(pub Vec<(Field<String>, Field<T>)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}
