//! Nouns: the serde reader behind [`super::read`]: it notes every fault inside a [`super::Field`] with
//! its place and reads on.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
    value::StrDeserializer,
};

use super::{FIELD, Kind, Node, Value};
use crate::source::{Code, Fault, Span};

/// In a file with more unknown keys than this the rest get no suggestion: it is not the file it should be.
const MOST_SUGGESTIONS: usize = 1_000;

/// A fault on its way through serde.
#[derive(Debug)]
pub(super) struct ReadError(pub(super) Fault);

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
pub(super) struct Reader<'t, 'f> {
    pub(super) node: Node<'t>,
    /// Whether it is an item of a list, where null is no way to leave something out.
    pub(super) is_item: bool,
    pub(super) faults: &'f RefCell<Vec<Fault>>,
}

impl<'t> Reader<'t, '_> {
    fn wrong<T>(&self, expected: Kind) -> Result<T, ReadError> {
        let fault = Fault::new(Code::WrongType, self.node.span);
        Err(ReadError(fault.with("expected", expected.key()).with("found", self.node.value.kind().key())))
    }

    fn inner(&self, node: Node<'t>) -> Self {
        Self { node, is_item: false, faults: self.faults }
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
                    let is_worth_it = faults.len() < MOST_SUGGESTIONS;
                    faults.push(if is_worth_it { fault.suggesting(&key, known.iter().copied()) } else { fault });
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
            _ => self.wrong(Kind::DayOrNo),
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
        match self.node.value {
            Value::Null if !self.is_item => return visitor.visit_unit(),
            Value::Unreadable => return visitor.visit_none(),
            _ => {}
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
        let item = self.items.next().map(|node| Reader { is_item: true, ..self.reader.inner(node) });
        item.map(|item| seed.deserialize(item)).transpose()
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
