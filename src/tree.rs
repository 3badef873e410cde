//! Nouns: a TOML or JSON file as a tree that knows where each value stands, and the serde reader that
//! collects *every* fault of a file instead of the first.
//!
//! What is written in a file is described by plain `Deserialize` structs whose members are
//! [`Field`]s. Read through this tree, a member that does not fit becomes [`Field::Faulty`], its
//! fault is noted with its place, and reading goes on.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
    value::StrDeserializer,
};
use serde::{Deserialize, Serialize, Serializer};

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
}

impl Value<'_> {
    fn kind(&self) -> Kind {
        match self {
            Self::Table(_) => Kind::Table,
            Self::List(_) => Kind::List,
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::WholeNumber,
            Self::Fraction => Kind::Number,
            Self::Bool(_) => Kind::Bool,
            Self::Null => Kind::Nothing,
        }
    }
}

/// Kinds of values as messages name them; the name is a text key of the words floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Table,
    List,
    Text,
    WholeNumber,
    Number,
    Bool,
    Nothing,
    Word,
}

impl Kind {
    const fn key(self) -> &'static str {
        match self {
            Self::Table => "kind.table",
            Self::List => "kind.list",
            Self::Text => "kind.text",
            Self::WholeNumber => "kind.whole-number",
            Self::Number => "kind.number",
            Self::Bool => "kind.bool",
            Self::Nothing => "kind.nothing",
            Self::Word => "kind.word",
        }
    }
}

/// Reads a whole text into a tree. `Err` holds all faults of syntax that could be told apart.
pub fn parse(text: &str, number: u16, syntax: Syntax) -> Result<Node<'_>, Vec<Fault>> {
    if text.trim().is_empty() {
        return Err(vec![Fault::new(Code::EmptyFile, Span::new(number, 0..0))]);
    }
    if let Some(at) = too_deep(text, syntax) {
        let place = Span::new(number, at..at + 1);
        return Err(vec![Fault::new(Code::NestedTooDeep, place).with("max", MAX_DEPTH)]);
    }
    match syntax {
        Syntax::Toml => parse_toml(text, number),
        Syntax::Json => parse_json(text, number),
    }
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

fn parse_toml(text: &str, number: u16) -> Result<Node<'_>, Vec<Fault>> {
    let (table, errors) = toml::de::DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let span = Span::new(number, table.span());
        return Ok(Node { span, value: toml_table(table.into_inner(), number) });
    }
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
    Err(faults.collect())
}

/// The fault of a text that is not a day: the wrong form, or no such day.
#[must_use]
pub fn day_fault(written: &str, span: Span) -> Fault {
    let code = match Day::parse(written) {
        Err(crate::calendar::DayFault::NoSuchDay) => Code::NoSuchDay,
        _ => Code::BadDay,
    };
    Fault::new(code, span).with("found", written)
}

fn toml_table<'t>(table: toml::de::DeTable<'t>, number: u16) -> Value<'t> {
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

fn toml_node<'t>(value: toml::Spanned<toml::de::DeValue<'t>>, number: u16) -> Node<'t> {
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

fn json_node<'t>(value: jsonc_parser::ast::Value<'t>, number: u16) -> Node<'t> {
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
    let value = T::deserialize(Reader { node, faults: &noted });
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

/// Text, or true or false: for keys that take a day or `false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayOrNo {
    /// A text that should be a day.
    Text(String),
    /// The word `false` (or, wrongly, `true`).
    Bool(bool),
}

impl<'de> Deserialize<'de> for DayOrNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = DayOrNo;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day or false")
            }

            fn visit_bool<E>(self, truth: bool) -> Result<DayOrNo, E> {
                Ok(DayOrNo::Bool(truth))
            }

            fn visit_str<E>(self, text: &str) -> Result<DayOrNo, E> {
                Ok(DayOrNo::Text(text.to_owned()))
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

/// A fault on its way through serde.
#[derive(Debug)]
struct ReadError(Fault);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.name())
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Fault::new(Code::OutOfRange, Span::default()).with("reason", message))
    }
}

/// Reads one node; faults inside [`Field`]s are noted and passed over.
struct Reader<'t, 'f> {
    node: Node<'t>,
    faults: &'f RefCell<Vec<Fault>>,
}

impl<'t, 'f> Reader<'t, 'f> {
    fn wrong<T>(&self, expected: Kind) -> Result<T, ReadError> {
        let fault = Fault::new(Code::WrongType, self.node.span);
        Err(ReadError(fault.with("expected", expected.key()).with("found", self.node.value.kind().key())))
    }

    fn inner(&self, node: Node<'t>) -> Self {
        Self { node, faults: self.faults }
    }

    fn number<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let Value::Number(number) = self.node.value else {
            return self.wrong(Kind::WholeNumber);
        };
        let range = || ReadError(Fault::new(Code::OutOfRange, self.node.span).with("found", number));
        visitor.visit_i64::<ReadError>(number).map_err(|_| range())
    }

    /// Notes keys that are not known or stand twice, and keeps the rest.
    fn known_keys(
        &self,
        table: Vec<(Cow<'t, str>, Span, Node<'t>)>,
        known: &'static [&'static str],
    ) -> std::vec::IntoIter<(&'static str, Node<'t>)> {
        let mut kept: Vec<(&'static str, Node<'t>)> = Vec::with_capacity(table.len());
        let mut faults = self.faults.borrow_mut();
        for (key, place, node) in table {
            match known.iter().find(|name| **name == key) {
                None => {
                    let fault = Fault::new(Code::UnknownKey, place).with("key", &key);
                    faults.push(fault.suggesting(&key, known.iter().copied()));
                }
                Some(name) if kept.iter().any(|(there, _)| there == name) => {
                    faults.push(Fault::new(Code::DuplicateKey, place).with("key", &key));
                }
                Some(name) => kept.push((name, node)),
            }
        }
        kept.into_iter()
    }
}

impl<'t> Deserializer<'t> for Reader<'t, '_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.node.value {
            Value::Bool(_) => self.deserialize_bool(visitor),
            Value::Text(_) => self.deserialize_str(visitor),
            Value::Table(_) => self.deserialize_map(visitor),
            _ => self.wrong(Kind::Text),
        }
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let Value::Bool(truth) = self.node.value else {
            return self.wrong(Kind::Bool);
        };
        visitor.visit_bool(truth)
    }

    fn deserialize_i64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.number(visitor)
    }

    fn deserialize_u64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.number(visitor)
    }

    fn deserialize_i32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.number(visitor)
    }

    fn deserialize_u32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.number(visitor)
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.node.value {
            Value::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Value::Text(Cow::Owned(text)) => visitor.visit_string(text),
            _ => self.wrong(Kind::Text),
        }
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(self, name: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        if name != FIELD {
            return visitor.visit_newtype_struct(self);
        }
        if self.node.value == Value::Null {
            return visitor.visit_unit();
        }
        visitor.visit_seq(FieldParts { reader: Some(self), step: 0 })
    }

    fn deserialize_seq<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, ReadError> {
        let value = std::mem::replace(&mut self.node.value, Value::Null);
        let Value::List(items) = value else {
            self.node.value = value;
            return self.wrong(Kind::List);
        };
        visitor.visit_seq(Items { items: items.into_iter(), reader: self })
    }

    fn deserialize_map<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, ReadError> {
        let value = std::mem::replace(&mut self.node.value, Value::Null);
        let Value::Table(table) = value else {
            self.node.value = value;
            return self.wrong(Kind::Table);
        };
        visitor.visit_map(AnyKeys { entries: table.into_iter(), next: None, reader: self })
    }

    fn deserialize_struct<V: Visitor<'t>>(
        mut self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let value = std::mem::replace(&mut self.node.value, Value::Null);
        let Value::Table(table) = value else {
            self.node.value = value;
            return self.wrong(Kind::Table);
        };
        let entries = self.known_keys(table, fields);
        visitor.visit_map(KnownKeys { entries, next: None, reader: self })
    }

    fn deserialize_enum<V: Visitor<'t>>(
        mut self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let (word, content) = match std::mem::replace(&mut self.node.value, Value::Null) {
            Value::Text(word) => (word, None),
            Value::Table(table) if table.len() == 1 => {
                let (key, _, node) = table.into_iter().next().unwrap_or_else(|| unreachable!("one entry"));
                (key, Some(node))
            }
            other => {
                self.node.value = other;
                return self.wrong(Kind::Word);
            }
        };
        if !variants.contains(&&*word) {
            let fault = Fault::new(Code::UnknownValue, self.node.span).with("found", &word);
            let fault = fault.with("allowed", variants.join(", "));
            return Err(ReadError(fault.suggesting(&word, variants.iter().copied())));
        }
        visitor.visit_enum(Variant { word, content, reader: self })
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'t>>
        i8 i16 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// Gives a [`Field`] its place in two numbers, then its value.
struct FieldParts<'t, 'f> {
    reader: Option<Reader<'t, 'f>>,
    step: u8,
}

impl<'t> SeqAccess<'t> for FieldParts<'t, '_> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        self.step += 1;
        let Some(span) = self.reader.as_ref().map(|reader| reader.node.span) else {
            return Ok(None);
        };
        let start = u64::from(span.text) << 32 | u64::from(span.start);
        match self.step {
            1 => seed.deserialize(start.into_deserializer()).map(Some),
            2 => seed.deserialize(u64::from(span.end).into_deserializer()).map(Some),
            _ => {
                let Some(reader) = self.reader.take() else {
                    return Ok(None);
                };
                let faults = reader.faults;
                seed.deserialize(reader).map(Some).map_err(|mut error| {
                    if error.0.span == Span::default() {
                        error.0.span = span;
                    }
                    faults.borrow_mut().push(error.0.clone());
                    error
                })
            }
        }
    }
}

struct Items<'t, 'f> {
    items: std::vec::IntoIter<Node<'t>>,
    reader: Reader<'t, 'f>,
}

impl<'t> SeqAccess<'t> for Items<'t, '_> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        self.items.next().map(|node| seed.deserialize(self.reader.inner(node))).transpose()
    }
}

struct KnownKeys<'t, 'f> {
    entries: std::vec::IntoIter<(&'static str, Node<'t>)>,
    next: Option<Node<'t>>,
    reader: Reader<'t, 'f>,
}

impl<'t> MapAccess<'t> for KnownKeys<'t, '_> {
    type Error = ReadError;

    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some((key, node)) = self.entries.next() else {
            return Ok(None);
        };
        self.next = Some(node);
        let key: StrDeserializer<'_, ReadError> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let node = self.next.take().unwrap_or_else(|| unreachable!("a key comes first"));
        seed.deserialize(self.reader.inner(node))
    }
}

/// A table with keys of the writer's own choice: each key comes with its place before it.
struct AnyKeys<'t, 'f> {
    entries: std::vec::IntoIter<(Cow<'t, str>, Span, Node<'t>)>,
    next: Option<Node<'t>>,
    reader: Reader<'t, 'f>,
}

impl<'t> MapAccess<'t> for AnyKeys<'t, '_> {
    type Error = ReadError;

    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some((key, place, node)) = self.entries.next() else {
            return Ok(None);
        };
        self.next = Some(node);
        let key = Node { span: place, value: Value::Text(key) };
        seed.deserialize(self.reader.inner(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let node = self.next.take().unwrap_or_else(|| unreachable!("a key comes first"));
        seed.deserialize(self.reader.inner(node))
    }
}

struct Variant<'t, 'f> {
    word: Cow<'t, str>,
    content: Option<Node<'t>>,
    reader: Reader<'t, 'f>,
}

impl<'t, 'f> EnumAccess<'t> for Variant<'t, 'f> {
    type Error = ReadError;
    type Variant = VariantContent<'t, 'f>;

    fn variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<(S::Value, Self::Variant), ReadError> {
        let name: StrDeserializer<'_, ReadError> = (*self.word).into_deserializer();
        let value = seed.deserialize(name)?;
        Ok((value, VariantContent { content: self.content, reader: self.reader }))
    }
}

struct VariantContent<'t, 'f> {
    content: Option<Node<'t>>,
    reader: Reader<'t, 'f>,
}

impl<'t> VariantAccess<'t> for VariantContent<'t, '_> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.content {
            None => Ok(()),
            Some(node) => self.reader.inner(node).wrong(Kind::Nothing),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<S::Value, ReadError> {
        match self.content {
            Some(node) => seed.deserialize(self.reader.inner(node)),
            None => self.reader.wrong(Kind::Table),
        }
    }

    fn tuple_variant<V: Visitor<'t>>(self, _len: usize, _visitor: V) -> Result<V::Value, ReadError> {
        self.reader.wrong(Kind::Word)
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.reader.wrong(Kind::Word)
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
