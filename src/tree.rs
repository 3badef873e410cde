//! Nouns: a TOML or JSON file as a tree that knows where each value stands, and the serde reader that
//! collects *every* fault of a file instead of the first.
//!
//! What is written in a file is described by plain `Deserialize` structs whose members are
//! [`Field`]s. Read through this tree, a member that does not fit becomes [`Field::Faulty`], its
//! fault is noted with its place, and reading goes on.

mod parse;
mod reader;
pub mod schema;

pub use parse::{parse, parse_with};

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

impl Node<'_> {
    /// The value of a key of a table; null is as good as left out.
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
    pub fn day(&self) -> Option<Day> {
        match &self.value {
            Value::Text(text) => Day::parse(text.trim()).ok(),
            _ => None,
        }
    }

    /// The same with texts of its own.
    pub fn into_owned<'o>(self) -> Node<'o> {
        owned(self, &[])
    }
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

/// The fault of a text that is not a day: the wrong form, with the day that is meant where that is plain, or no such day.
pub fn day_fault(written: &str, span: Span) -> Fault {
    let code = match Day::parse(written) {
        Err(crate::calendar::DayFault::NoSuchDay) => Code::NoSuchDay,
        _ => Code::BadDay,
    };
    let fault = Fault::new(code, span).with("found", written);
    if code == Code::NoSuchDay {
        return fault;
    }
    let (note, meant) = note_on_a_day(written);
    let fault = if let Some(note) = note { fault.with("note", note) } else { fault };
    let hidden = written.chars().find(|letter| is_hidden(*letter)).map(|letter| format!("U+{:04X}", u32::from(letter)));
    let fault = if let Some(letter) = hidden { fault.with("letter", letter) } else { fault };
    match meant.or_else(|| Day::meant(written)) {
        Some(day) => fault.with("suggestion", day),
        None => fault,
    }
}

/// What spreadsheets and copying do to days: a note, by its key, and the day that can only be meant.
fn note_on_a_day(written: &str) -> (Option<&'static str>, Option<Day>) {
    /// Day 0 of spreadsheets; right for their days from March 1900 on.
    const SPREADSHEETS: Day = Day(693_594);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(letter) = written.chars().find(|letter| is_hidden(*letter)) {
        let seen = written.replace(letter, "");
        return (Some("diagnostic_hint.hidden"), Day::parse(&seen).ok().or_else(|| Day::meant(&seen)));
    }
    if let Some(day) = written.strip_prefix(['\'', '’']) {
        return (Some("diagnostic_hint.apostrophe"), Day::parse(day).ok().or_else(|| Day::meant(day)));
    }
    if let Some((day, time)) = written.split_once([' ', 'T'])
        && time.contains(':')
        && time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'))
    {
        return (Some("diagnostic_hint.midnight"), Day::parse(day).ok().or_else(|| Day::meant(day)));
    }
    if is_number(written) && written.len() == 5 {
        let day = written.parse().ok().map(|days| SPREADSHEETS.plus(days));
        return (Some("diagnostic_hint.serial-number"), day.filter(|day| *day >= Day::FIRST_BIRTH));
    }
    let parts: Vec<&str> = written.split(['.', '/', '-']).collect();
    let is_short = parts.len() == 3 && parts.iter().all(|part| is_number(part) && part.len() <= 2);
    (is_short.then_some("diagnostic_hint.two-digit-year"), None)
}

/// Whether a letter takes no room: nobody sees it in a cell.
pub fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Given(value, _) => Some(value),
            _ => None,
        }
    }

    /// The value and its place, where there is a good one.
    pub fn place(&self) -> Option<(&T, Span)> {
        match self {
            Self::Given(value, span) => Some((value, *span)),
            _ => None,
        }
    }

    /// Whether nothing was written here.
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
