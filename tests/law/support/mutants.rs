//! Small edits of the files of a rule pack, one at a time: each changes one number, day, truth,
//! condition or reference. Titles, addresses, quoted sentences and days of verification are left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use trp_check::calendar::Day;
use trp_check::source::SourceText;
use trp_check::tree::{self, Node, Syntax, Value};

/// A pack with one edit.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The number of the file in the pack.
    pub file: usize,
    /// The rule that it stands in; empty where it stands in none.
    pub rule: String,
    /// Where, and what was changed: told apart from all other mutants of the file, and independent of lines.
    pub what: String,
    /// The day that was changed, or the day of the calendar that it is about.
    pub day: Option<Day>,
    /// What stands where now.
    range: Range<usize>,
    put: String,
}

impl Mutant {
    /// The text of its file with the edit.
    pub fn text(&self, file: &SourceText) -> String {
        let mut text = file.text.clone();
        text.replace_range(self.range.clone(), &self.put);
        text
    }
}

/// All mutants of the files of a pack.
pub fn all(files: &[SourceText]) -> Vec<Mutant> {
    let known = Known::of(files);
    let mut mutants = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let is_law = !file.path.starts_with("text/") && file.path != "sources.toml";
        if is_law {
            let mut maker = Maker { number, file, known: &known, blocks: blocks(&file.text), out: &mut mutants };
            maker.file();
        }
    }
    let names: BTreeSet<(usize, &str)> = mutants.iter().map(|mutant| (mutant.file, &*mutant.what)).collect();
    assert_eq!(names.len(), mutants.len(), "two mutants are called the same: {:?}", twice(&mutants));
    mutants
}

fn twice(mutants: &[Mutant]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    mutants.iter().find(|mutant| !seen.insert((mutant.file, &*mutant.what))).map(|mutant| &*mutant.what)
}

// ---- What else could stand there ----

/// The words of the pack, by the key that takes them.
struct Known {
    words: BTreeMap<String, Vec<String>>,
}

impl Known {
    fn of(files: &[SourceText]) -> Self {
        let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut set = |key: &str, list: &[&str]| {
            words.insert(key.to_owned(), list.iter().map(|word| (*word).to_owned()).collect());
        };
        set("standing", &["law", "official", "secondary", "article", "inferred"]);
        set("event", &["entry", "arrival", "move", "submission", "employer-change"]);
        set("who", &["host", "person", "owner", "employer"]);
        set("kind", &["duty", "limit", "advice"]);
        set("term", &["working_days", "calendar_days", "day_number", "hours"]);
        set("status", &["visa-required", "not-covered"]);
        set("applies", &["always", "past-last-day", "everything"]);
        set("done_by", &["notified", "registered"]);
        set("capped_by", &["contract", "travel-document"]);
        set("level", &["info", "warning"]);
        set("table", &["stay_limit", "permit_threshold", "permit_term"]);
        set("weekend", &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
        let facts = ["category", "document_kind", "purpose", "basis", "employer", "work", "permit_exempt", "channel"];
        set("chosen_by", &[&facts[..], &["housing_owner", "relation", "age"]].concat());
        let mut known = Self { words };
        for file in files {
            known.read(file);
        }
        known.also("not_counted", "permits");
        known.also("permit", "permits");
        known.also("accepts", "travel_documents");
        known.also("accepted_as", "travel_documents");
        known.also("document_kind", "travel_documents");
        known.also("purpose", "purposes");
        known.also("employer", "employers");
        known.also("housing_owner", "housing_owners");
        known.also("channel", "filing_channels");
        known.also("age", "age_groups");
        known.also("needs_document", "document");
        known.add("basis", "visa-free");
        known.also("basis", "permits");
        known.add("relation", "self");
        known.also("relation", "relations");
        known
    }

    fn add(&mut self, key: &str, word: &str) {
        let words = self.words.entry(key.to_owned()).or_default();
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }

    fn also(&mut self, key: &str, of: &str) {
        for word in self.words.get(of).cloned().unwrap_or_default() {
            self.add(key, &word);
        }
    }

    fn read(&mut self, file: &SourceText) {
        let node = parse(file, 0);
        let is_text = file.path == "text/en.toml";
        for (table, _, node) in members(&node) {
            if is_text {
                members(node).iter().for_each(|(key, ..)| self.add(&format!("text.{table}"), key));
                continue;
            }
            for item in items(node) {
                let id = text_of(item, "id").or_else(|| text_of(item, "name")).or_else(|| plain_text(item));
                if let Some(id) = id {
                    self.add(table, id);
                    self.add("rule", id);
                    for key in ["deadline", "document", "procedure", "form", "group"] {
                        text_of(item, key).into_iter().for_each(|word| self.add(key, word));
                    }
                }
                for version in list_of(item, "version") {
                    for note in list_of(version, "notes") {
                        text_of(note, "code").into_iter().for_each(|code| self.add("code", code));
                    }
                }
            }
        }
    }

    /// The word after this one, in a ring, that is none of those given.
    fn another(&self, key: &str, word: &str, not: &[&str]) -> Option<String> {
        let words = self.words.get(key)?;
        let at = words.iter().position(|known| known == word).map_or(0, |at| at + 1);
        let ring = (0..words.len()).map(|step| &words[(at + step) % words.len()]);
        ring.into_iter().find(|other| *other != word && !not.contains(&other.as_str())).cloned()
    }
}

// ---- Reading the tree ----

type Member<'n, 't> = (&'n str, Range<usize>, &'n Node<'t>);

fn parse(file: &SourceText, number: u16) -> Node<'_> {
    tree::parse(&file.text, number, Syntax::Toml).unwrap_or_else(|faults| panic!("{}: {faults:?}", file.path))
}

/// The members of a table in the order of the file; none of anything else.
fn members<'n, 't>(node: &'n Node<'t>) -> Vec<Member<'n, 't>> {
    let Value::Table(table) = &node.value else { return Vec::new() };
    let mut all: Vec<Member<'n, 't>> = table.iter().map(|(key, place, node)| (&**key, place.range(), node)).collect();
    all.sort_by_key(|(_, place, _)| place.start);
    all
}

fn items<'n, 't>(node: &'n Node<'t>) -> &'n [Node<'t>] {
    match &node.value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn member<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<&'n Node<'t>> {
    let Value::Table(table) = &node.value else { return None };
    table.iter().find(|(name, ..)| name == key).map(|(.., node)| node)
}

fn list_of<'n, 't>(node: &'n Node<'t>, key: &str) -> &'n [Node<'t>] {
    member(node, key).map_or(&[], items)
}

fn plain_text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn text_of<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    member(node, key).and_then(plain_text)
}

/// The headers of lists of tables: name, and the lines down to the next header.
fn blocks(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("[[").and_then(|rest| rest.split_once("]]")) {
            if let Some((_, range)) = found.last_mut() {
                range.end = at;
            }
            found.push((name.0.to_owned(), at..text.len()));
        }
        at += line.len();
    }
    found
}

// ---- Making mutants ----

struct Maker<'m> {
    number: usize,
    file: &'m SourceText,
    known: &'m Known,
    blocks: Vec<(String, Range<usize>)>,
    out: &'m mut Vec<Mutant>,
}

/// Where in a file: the rule, and the words that lead to the value.
#[derive(Clone, Default)]
struct Place {
    table: String,
    rule: String,
    path: String,
    day: Option<Day>,
}

impl Place {
    fn at(&self, step: &str) -> Self {
        let path = if self.path.is_empty() { step.to_owned() } else { format!("{}.{step}", self.path) };
        Self { path, ..self.clone() }
    }
}

/// Keys that are left alone: names, titles, addresses, quotations, days of verification.
const LEFT_ALONE: [&str; 19] = [
    "id",
    "name",
    "version",
    "verified",
    "url",
    "at",
    "sentence",
    "languages",
    "purposes",
    "employers",
    "work",
    "housing_owners",
    "relations",
    "filing_channels",
    "cite",
    "notes",
    "when",
    "unless",
    "rules",
];

/// Keys that may be left out, so that dropping one is not the same as a key too few.
const MAY_BE_DROPPED: [&str; 19] = [
    "until",
    "counts_from",
    "not_counted",
    "stays_of_days",
    "after",
    "needs_document",
    "horizon_days",
    "max_years",
    "capped_by",
    "shown",
    "group",
    "exception_to",
    "estimated_by_days",
    "accepted_as",
    "days_per_entry",
    "open_ended",
    "only_if_stated",
    "observed",
    "other_reading",
];

impl Maker<'_> {
    fn text_at(&self, range: Range<usize>) -> &str {
        &self.file.text[range]
    }

    fn put(&mut self, place: &Place, range: Range<usize>, put: impl Into<String>, what: &str) {
        let words = [&*place.rule, &*place.path];
        let at: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        self.out.push(Mutant {
            file: self.number,
            rule: place.rule.clone(),
            what: format!("{}: {what}", at.join(" ")),
            day: place.day,
            range,
            put: put.into(),
        });
    }

    fn change(&mut self, place: &Place, node: &Node<'_>, put: &str) {
        let range = node.span.range();
        let was = self.text_at(range.clone()).to_owned();
        self.put(place, range, put, &format!("{was} → {put}"));
    }

    /// The value replaced by another word of its kind.
    fn another(&mut self, place: &Place, node: &Node<'_>, kind: &str, not: &[&str]) {
        let Some(word) = plain_text(node) else { return };
        if let Some(other) = self.known.another(kind, word, not) {
            self.change(place, node, &format!("\"{other}\""));
        }
    }

    fn file(&mut self) {
        let file = self.file;
        let node = parse(file, 0);
        for (table, place, node) in members(&node) {
            match &node.value {
                Value::List(list) if self.blocks.iter().any(|(name, _)| name == table) => {
                    for (at, item) in list.iter().enumerate() {
                        self.table_of_list(table, at, item);
                    }
                    if table == "channel" {
                        self.swapped(table, list);
                    }
                }
                _ => self.member(&Place::default(), table, place, node, true),
            }
        }
    }

    /// A rule, a question, a group, or a day of the calendar.
    fn table_of_list(&mut self, table: &str, at: usize, item: &Node<'_>) {
        let day = ["on", "off"].iter().find_map(|key| text_of(item, key)).and_then(|day| Day::parse(day).ok());
        let name = match (text_of(item, "id"), day) {
            (Some(id), _) => id.to_owned(),
            (None, Some(day)) => format!("{table} {day}"),
            _ => format!("{table} {at}"),
        };
        let is_rule = member(item, "version").is_some();
        let rule = if is_rule { name.clone() } else { String::new() };
        let path = if is_rule { String::new() } else { name };
        let place = Place { table: table.to_owned(), rule, path, day };
        let of_rule = self.block(table, at);
        if !matches!(table, "open_question" | "document_group" | "matrix_column") {
            self.put(&place, of_rule, "", "dropped");
        }
        if let Some(name) = member(item, "name") {
            self.another(&place.at("name"), name, "text.holiday", &[]);
        }
        for (key, at, node) in members(item) {
            if key == "version" && is_rule {
                let versions = items(node);
                for version in versions {
                    let from = text_of(version, "from").unwrap_or_default();
                    let place = if versions.len() > 1 { place.at(from) } else { place.clone() };
                    self.version(&place, version, versions.len() > 1);
                }
            } else if key == "when" {
                self.condition(&place.at(key), node);
            } else if key == "unless" {
                self.exemptions(&place, node);
            } else if key == "leaves_open" {
                for (at, open) in items(node).iter().enumerate() {
                    let place = place.at(&format!("leaves_open {}", at + 1));
                    for (key, _, node) in members(open) {
                        match key {
                            "when" => self.condition(&place.at(key), node),
                            "unless" => self.exemptions(&place, node),
                            _ => self.another(&place.at(key), node, "table", &[]),
                        }
                    }
                }
            } else if key == "rules" && table == "open_question" {
                self.list(&place.at(key), node, "rule", true);
            } else if table == "open_question" && matches!(key, "decision" | "reason") {
                self.another(&place.at(key), node, "text.question", &[]);
            } else {
                self.member(&place, key, at, node, true);
            }
        }
    }

    /// The text of the n-th table of a list, with its versions.
    fn block(&self, table: &str, at: usize) -> Range<usize> {
        let mut of_table = self.blocks.iter().enumerate().filter(|(_, (name, _))| name == table);
        let (first, (_, range)) = of_table.nth(at).expect("a header for each table");
        let versions = format!("{table}.version");
        let last = self.blocks[first + 1..].iter().take_while(|(name, _)| *name == versions).last();
        range.start..last.map_or(range.end, |(_, range)| range.end)
    }

    /// Neighbours in each other's place.
    fn swapped(&mut self, table: &str, list: &[Node<'_>]) {
        for (at, item) in list.iter().enumerate().skip(1) {
            let [one, other] = [at - 1, at].map(|at| self.block(table, at));
            let texts = [other.clone(), one.clone()].map(|range| self.text_at(range).trim_end().to_owned() + "\n\n");
            let name = text_of(item, "id").unwrap_or_default().to_owned();
            let place = Place { rule: name, ..Place::default() };
            self.put(&place, one.start..other.end, texts.concat(), "swapped with the one before");
        }
    }

    fn version(&mut self, place: &Place, version: &Node<'_>, is_one_of_many: bool) {
        let all = members(version);
        if is_one_of_many {
            let first = all.first().map_or(0, |(_, key, _)| key.start);
            let range =
                self.blocks.iter().rev().find(|(_, range)| range.start <= first).map(|(_, range)| range.clone());
            self.put(place, range.expect("a header for each version"), "", "version dropped");
        }
        for (key, at, node) in all {
            let place_of_key = place.at(key);
            match key {
                "when" => self.condition(&place_of_key, node),
                "unless" => self.exemptions(place, node),
                "cite" => self.cites(place, node),
                "notes" => self.notes(place, node),
                "members" => {
                    for (at, item) in items(node).iter().enumerate() {
                        let code = plain_text(item).unwrap_or_default().to_owned();
                        self.dropped_item(&place_of_key, node, at, &format!("{code} dropped"));
                    }
                }
                _ => self.member(place, key, at, node, true),
            }
        }
    }

    /// Each exemption dropped, and each of its conditions.
    fn exemptions(&mut self, place: &Place, node: &Node<'_>) {
        for (at, row) in items(node).iter().enumerate() {
            let place = place.at(&format!("unless {}", at + 1));
            self.dropped_item(&place, node, at, "dropped");
            self.condition(&place, row);
        }
    }

    /// Any key that is no table of its own.
    fn member(&mut self, place: &Place, key: &str, key_at: Range<usize>, node: &Node<'_>, is_line: bool) {
        let here = place.at(key);
        if key == "cite" {
            return self.cites(place, node);
        }
        if LEFT_ALONE.contains(&key) {
            return;
        }
        if MAY_BE_DROPPED.contains(&key) && is_line {
            let text = &self.file.text;
            let start = text[..key_at.start].rfind('\n').map_or(0, |at| at + 1);
            let end = text[node.span.range().end..].find('\n').map_or(text.len(), |at| node.span.range().end + at + 1);
            self.put(&here, start..end, "", "dropped");
        }
        match &node.value {
            Value::Number(number) => {
                self.change(&here, node, &(number + 1).to_string());
                self.change(&here, node, &(number - 1).to_string());
            }
            Value::Bool(truth) => self.change(&here, node, &(!truth).to_string()),
            Value::Text(text) => match (Day::parse(text), key) {
                (Ok(day), _) => {
                    let quote = if self.text_at(node.span.range()).starts_with('"') { "\"" } else { "" };
                    let here = Place { day: Some(day), ..here };
                    self.change(&here, node, &format!("{quote}{}{quote}", day.plus(1)));
                    self.change(&here, node, &format!("{quote}{}{quote}", day.plus(-1)));
                }
                (_, "window") => {
                    let other = if text == "per-entry" { "calendar-year" } else { "per-entry" };
                    self.change(&here, node, &format!("\"{other}\""));
                }
                (_, "text") => {
                    let table = match &*place.table {
                        "late_filing" => "text.note".to_owned(),
                        table => format!("text.{table}"),
                    };
                    self.another(&here, node, &table, &[]);
                }
                (_, "warning") => self.another(&here, node, "text.note", &[]),
                (_, "because") => self.another(&here, node, "text.because", &[]),
                (_, "fee") => self.another(&here, node, "text.fee", &[]),
                (_, "after") => self.another(&here, node, "duty", &[]),
                _ => self.another(&here, node, key, &[]),
            },
            Value::List(list) if list.iter().all(|item| matches!(item.value, Value::Text(_))) => match key {
                "exception_to" => self.list(&here, node, &place.table.clone(), false),
                "conditions" => self.list(&here, node, "text.condition", true),
                _ => self.list(&here, node, key, true),
            },
            Value::List(list) => {
                for (at, item) in list.iter().enumerate() {
                    let name = text_of(item, "id").map_or_else(|| (at + 1).to_string(), str::to_owned);
                    let here = place.at(&format!("{key} {name}"));
                    for (key, at, node) in members(item) {
                        self.inline_member(&here, item, key, at, node);
                    }
                }
            }
            Value::Table(_) => self.kinds(&here, key, node),
            Value::Fraction | Value::Null | Value::Unreadable => {}
        }
    }

    /// A key of a table in braces.
    fn inline_member(&mut self, place: &Place, table: &Node<'_>, key: &str, at: Range<usize>, node: &Node<'_>) {
        if MAY_BE_DROPPED.contains(&key) {
            self.dropped_key(&place.at(key), table, key);
        }
        self.member(place, key, at, node, false);
    }

    /// A value like `{ working_days = 3 }`, or a table in braces with values of its own.
    fn kinds(&mut self, here: &Place, key: &str, node: &Node<'_>) {
        let Some((unit, at, value)) = members(node).into_iter().next() else { return };
        match (key, &value.value) {
            ("other_reading", _) => {
                for (key, at, node) in members(node) {
                    self.member(here, key, at, node, false);
                }
                return;
            }
            ("window", _) => {
                for other in ["\"per-entry\"", "\"calendar-year\""] {
                    self.change(here, node, other);
                }
            }
            ("event", _) => self.change(here, node, "\"entry\""),
            ("term", _) => {
                if let Some(other) = self.known.another("term", unit, &[]) {
                    self.put(here, at, other.clone(), &format!("{unit} → {other}"));
                }
            }
            ("done_by", Value::Text(_)) => {
                let kind = if unit == "permit" { "permits" } else { "document" };
                self.another(&here.at(unit), value, kind, &[]);
            }
            _ => {}
        }
        for (unit, _, value) in members(node) {
            match value.value {
                Value::Number(number) => {
                    self.change(&here.at(unit), value, &(number + 1).to_string());
                    self.change(&here.at(unit), value, &(number - 1).to_string());
                }
                Value::Table(_) => self.kinds(&here.at(unit), unit, value),
                _ => {}
            }
        }
    }

    /// Each item of a list of words dropped, and replaced by another word of the same kind.
    fn list(&mut self, here: &Place, node: &Node<'_>, kind: &str, is_droppable: bool) {
        let list = items(node);
        let there: Vec<&str> = list.iter().filter_map(plain_text).collect();
        for (at, item) in list.iter().enumerate() {
            let word = plain_text(item).unwrap_or_default();
            if is_droppable {
                self.dropped_item(here, node, at, &format!("\"{word}\" dropped"));
            }
            self.another(here, item, kind, &there);
        }
    }

    /// Each key and each value of a condition dropped; each value replaced by another.
    fn condition(&mut self, here: &Place, node: &Node<'_>) {
        for (key, _, value) in members(node) {
            match (key, &value.value) {
                ("because", _) => self.another(&here.at(key), value, "text.because", &[]),
                ("only_if_stated", Value::Bool(truth)) => {
                    self.change(&here.at(key), value, &(!truth).to_string());
                    self.dropped_key(&here.at(key), node, key);
                }
                (_, Value::List(list)) => {
                    self.dropped_key(&here.at(key), node, key);
                    let there: Vec<&str> = list.iter().filter_map(plain_text).collect();
                    for (at, item) in list.iter().enumerate() {
                        if list.len() > 1 {
                            let word = self.text_at(item.span.range()).to_owned();
                            self.dropped_item(&here.at(key), value, at, &format!("{word} dropped"));
                        }
                        match item.value {
                            Value::Bool(truth) => self.change(&here.at(key), item, &(!truth).to_string()),
                            _ => self.another(&here.at(key), item, key, &there),
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn cites(&mut self, place: &Place, node: &Node<'_>) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for cite in items(node) {
            let name =
                format!("{}, {}", text_of(cite, "source").unwrap_or_default(), text_of(cite, "at").unwrap_or_default());
            let nth = seen.entry(name.clone()).or_default();
            *nth += 1;
            let nth = if *nth > 1 { format!(" ({nth})") } else { String::new() };
            let here = place.at(&format!("cite {name}{nth}"));
            if let Some(source) = member(cite, "source") {
                self.another(&here, source, "source", &[]);
            }
            if let Some(standing) = member(cite, "standing") {
                self.another(&here, standing, "standing", &[]);
            }
        }
    }

    fn notes(&mut self, place: &Place, node: &Node<'_>) {
        for (at, note) in items(node).iter().enumerate() {
            let here = place.at(&format!("note {}", text_of(note, "text").unwrap_or_default()));
            self.dropped_item(&here, node, at, "dropped");
            for (key, kind) in [("code", "code"), ("level", "level"), ("text", "text.note")] {
                if let Some(value) = member(note, key) {
                    self.another(&here.at(key), value, kind, &[]);
                }
            }
        }
    }

    fn dropped_item(&mut self, here: &Place, list: &Node<'_>, at: usize, what: &str) {
        let places: Vec<Range<usize>> = items(list).iter().map(|item| item.span.range()).collect();
        self.put(here, without(&places, at, &list.span.range()), "", what);
    }

    fn dropped_key(&mut self, here: &Place, table: &Node<'_>, key: &str) {
        let all = members(table);
        let places: Vec<Range<usize>> = all.iter().map(|(_, at, node)| at.start..node.span.range().end).collect();
        let at = all.iter().position(|(name, ..)| *name == key).expect("a key of the table");
        self.put(here, without(&places, at, &table.span.range()), "", "dropped");
    }
}

/// What to take out of a list or table in brackets, so that one of its parts is gone and the commas are right.
fn without(places: &[Range<usize>], at: usize, whole: &Range<usize>) -> Range<usize> {
    match (places.get(at + 1), at.checked_sub(1).and_then(|before| places.get(before))) {
        (Some(next), _) => places[at].start..next.start,
        (None, Some(before)) => before.end..places[at].end,
        (None, None) => whole.start + 1..whole.end - 1,
    }
}
