//! How a list is laid out: what its columns are called and state, how it writes days, and whether a row is a person or
//! a stay. Read from the file of `--columns`.

use std::collections::{BTreeMap, HashMap};

use super::columns;
use crate::profile::fields::Field;
use crate::profile::forms::DateFormat;
use crate::profile::read::{PermitColumns, Role};
use crate::source::{Code, Fault, Span};
use crate::tree::{Kind, Node, Value};

/// What a row of a list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// A person with all stays.
    #[default]
    People,
    /// A stay, or an entry or exit; the rows of one `id` are one person.
    Stays,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub dates: DateFormat,
    pub rows: Rows,
    /// The row of the header, from 1; the first that holds something where it is not said.
    pub header_row: Option<u64>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The columns that are carried to the answers, as the list calls them.
    pub keep: Vec<String>,
    pub(super) ignore: Vec<String>,
    pub(super) named: Vec<Named>,
    pub(super) permits: Vec<PermitColumns>,
    /// What the list's own words mean, by their folded form.
    pub(super) words: HashMap<String, String>,
}

/// A column, as the list calls it, and what it states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) header: String,
    pub(super) role: super::columns::Cell,
}

/// A header or word without the difference that case, blanks and line breaks make.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Layout {
    /// A list whose columns are called as here.
    pub fn of(dates: DateFormat, rows: Rows) -> Self {
        Self { dates, rows, ..Self::default() }
    }

    /// Adds what the file says. `kinds` are the kinds of permits of the rule pack. Faults are added to `faults`.
    pub fn read(&mut self, root: &Node<'_>, kinds: &[&str], faults: &mut Vec<Fault>) {
        File { layout: self, kinds, faults }.table("", root);
    }

    /// Columns of more than one part count on: the number of the next stay or permit.
    fn next_stay(&self) -> u16 {
        let stays = self
            .named
            .iter()
            .filter(|named| matches!(named.role, columns::Cell::States(Role::OfStay(_, Field::Entry))));
        u16::try_from(stays.count()).unwrap_or(u16::MAX)
    }
}

/// The keys of the file that are no columns of a profile.
const OTHERS: [&str; 5] = ["keep", "ignore", "header_row", "sheet", "words"];
const PERMIT: [(&str, Field); 4] = [
    ("from", Field::PermitFrom),
    ("until", Field::PermitUntil),
    ("days_per_entry", Field::DaysPerEntry),
    ("entries", Field::PermitEntries),
];

/// The file while it is read.
struct File<'f, 'k> {
    layout: &'f mut Layout,
    kinds: &'k [&'k str],
    faults: &'f mut Vec<Fault>,
}

impl File<'_, '_> {
    fn table(&mut self, before: &str, node: &Node<'_>) {
        let Value::Table(entries) = &node.value else { return self.wrong(node, Kind::Table) };
        for (key, span, node) in entries {
            let path = format!("{before}{key}");
            match (&*path, &node.value) {
                ("header_row", Value::Number(number)) if *number > 0 => {
                    self.layout.header_row = Some(number.unsigned_abs());
                }
                ("header_row", _) => self.wrong(node, Kind::WholeNumber),
                ("sheet", _) => self.layout.sheet = self.text(node),
                ("keep", _) => self.layout.keep = self.texts(node),
                ("ignore", _) => self.layout.ignore = self.texts(node),
                ("words", _) => self.words(node),
                ("stays", Value::List(pairs)) => self.stays(pairs),
                ("permits", Value::List(tables)) => self.permits(tables),
                (_, Value::Table(_)) if columns::all().any(|row| row.column.starts_with(&format!("{path}."))) => {
                    self.table(&format!("{path}."), node);
                }
                _ => {
                    let Some(cell) = columns::cell_called(&path) else {
                        let known = columns::all().map(|row| row.column).chain(OTHERS);
                        let fault = Fault::new(Code::UnknownKey, *span).with("key", &path);
                        self.faults.push(fault.suggesting(&path, known));
                        continue;
                    };
                    if let Some(header) = self.text(node) {
                        self.layout.named.push(Named { header, role: cell });
                    }
                }
            }
        }
    }

    fn stays(&mut self, pairs: &[Node<'_>]) {
        for node in pairs {
            let days = self.texts(node);
            let [entry, exit] = &days[..] else {
                self.wrong(node, Kind::List);
                continue;
            };
            let number = self.layout.next_stay();
            for (header, field) in [(entry, Field::Entry), (exit, Field::Exit)] {
                let role = columns::Cell::States(Role::OfStay(number, field));
                self.layout.named.push(Named { header: header.clone(), role });
            }
        }
    }

    fn permits(&mut self, tables: &[Node<'_>]) {
        for node in tables {
            let number = u16::try_from(self.layout.permits.len()).unwrap_or(u16::MAX);
            let mut permit = PermitColumns { kind: None, begins_with_entry: false };
            let Value::Table(entries) = &node.value else {
                self.wrong(node, Kind::Table);
                continue;
            };
            for (key, span, node) in entries {
                let field = PERMIT.iter().find(|(known, _)| known == key).map(|(_, field)| *field);
                match (field, &node.value) {
                    (None, Value::Text(kind)) if key == "kind" => {
                        if !self.kinds.contains(&&**kind) {
                            let fault = Fault::new(Code::UnknownValue, node.span).with("found", kind);
                            let fault = fault.with("allowed", self.kinds.join(", "));
                            self.faults.push(fault.suggesting(kind, self.kinds.iter().copied()));
                        }
                        permit.kind = Some(kind.to_string());
                    }
                    (None, Value::Table(of)) if key == "kind" => {
                        self.column_of(of, node, number, Field::PermitKind);
                    }
                    (Some(Field::PermitFrom), Value::Table(of)) => match &of[..] {
                        [(key, _, Node { value: Value::Text(event), .. })] if key == "of" && event == "entry" => {
                            permit.begins_with_entry = true;
                        }
                        _ => self.wrong(node, Kind::Text),
                    },
                    (Some(field), _) => {
                        if let Some(header) = self.text(node) {
                            let role = columns::Cell::States(Role::OfPermit(number, field));
                            self.layout.named.push(Named { header, role });
                        }
                    }
                    (None, _) => {
                        let known = PERMIT.iter().map(|(key, _)| *key).chain(["kind"]);
                        self.faults.push(Fault::new(Code::UnknownKey, *span).with("key", key).suggesting(key, known));
                    }
                }
            }
            self.layout.permits.push(permit);
        }
    }

    /// `{ column = "…" }`.
    fn column_of(
        &mut self,
        of: &[(std::borrow::Cow<'_, str>, Span, Node<'_>)],
        node: &Node<'_>,
        number: u16,
        field: Field,
    ) {
        match of {
            [(key, _, Node { value: Value::Text(header), .. })] if key == "column" => {
                let role = columns::Cell::States(Role::OfPermit(number, field));
                self.layout.named.push(Named { header: header.to_string(), role });
            }
            _ => self.wrong(node, Kind::Text),
        }
    }

    fn words(&mut self, node: &Node<'_>) {
        let Value::Table(entries) = &node.value else { return self.wrong(node, Kind::Table) };
        for (word, _, meaning) in entries {
            if let Some(meaning) = self.text(meaning) {
                self.layout.words.insert(folded(word), meaning);
            }
        }
    }

    fn text(&mut self, node: &Node<'_>) -> Option<String> {
        if let Value::Text(text) = &node.value {
            return Some(text.to_string());
        }
        self.wrong(node, Kind::Text);
        None
    }

    /// A list of texts; one text is a list of one.
    fn texts(&mut self, node: &Node<'_>) -> Vec<String> {
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| self.text(item)).collect(),
            _ => self.text(node).into_iter().collect(),
        }
    }

    fn wrong(&mut self, node: &Node<'_>, expected: Kind) {
        let fault = Fault::new(Code::WrongType, node.span).with("expected", expected.key());
        self.faults.push(fault.with("found", node.value.kind().key()));
    }
}

/// The lines of a file that names the columns nothing is known of: those that can be told, and the rest to be kept or
/// left out.
pub fn proposed(unknown: &[(String, Option<String>)]) -> String {
    let mut lines = Vec::new();
    // By the number of the stay, the headers of its entry and its exit.
    let mut stays: BTreeMap<u16, [Option<&str>; 2]> = BTreeMap::new();
    let mut others = Vec::new();
    for (header, meant) in unknown {
        let Some(meant) = meant else {
            others.push(quoted(header));
            continue;
        };
        match columns::cell_called(meant) {
            Some(columns::Cell::States(Role::OfStay(number, field))) => {
                stays.entry(number).or_default()[usize::from(field == Field::Exit)] = Some(header);
            }
            _ => lines.push(format!("{meant} = {}", quoted(header))),
        }
    }
    let pair = |[entry, exit]: &[Option<&str>; 2]| Some(format!("[{}, {}]", quoted((*entry)?), quoted((*exit)?)));
    let pairs: Vec<String> = stays.values().filter_map(pair).collect();
    if !pairs.is_empty() {
        lines.push(format!("stays = [{}]", pairs.join(", ")));
    }
    if !others.is_empty() {
        lines.push(format!("keep = [{}]", others.join(", ")));
    }
    lines.join("\n")
}

/// A text as TOML has it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push(' '),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
