//! What the rules of a pack say they rest on, held against `grounds.toml`, where the same was written down
//! a second time from the side of the sources and of the open questions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

use toml::{Table, Value};
use trp_check::source::SourceText;

/// A source, and where in it.
type Place = (String, String);

/// `grounds.toml`.
pub struct Register {
    places: BTreeMap<Place, (String, BTreeSet<String>)>,
    years: BTreeMap<i64, String>,
    readings: BTreeMap<String, String>,
    questions: BTreeMap<String, Question>,
    columns: BTreeMap<String, Scope>,
}

/// The rules that an open question is about, and the cases that it leaves open, in any order.
type Question = (BTreeSet<String>, BTreeSet<String>);

/// Whom a column of the matrix is about: `when` and `unless`.
type Scope = [Option<Value>; 2];

/// What one file of the pack says.
#[derive(Clone, Default)]
pub struct Said {
    /// Place, standing, and who cites it.
    cites: Vec<(Place, String, String)>,
    /// Standings of years of the calendar.
    years: Vec<(i64, String)>,
    /// Versions that are less well known than all that they cite.
    readings: Vec<(String, String)>,
    /// What open questions are about.
    questions: Vec<(String, Question)>,
    /// The columns of the matrix.
    columns: Vec<(String, Scope)>,
    /// The first day that the pack covers.
    covered_from: Option<String>,
    /// The first days of what is said of covered stays only.
    begins: Vec<(String, String)>,
    /// What is wrong with the file by itself.
    complaints: Vec<String>,
}

fn word(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Datetime(day)) => day.to_string(),
        _ => String::new(),
    }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn words(value: &Value, key: &str) -> BTreeSet<String> {
    list(value, key).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn table_of(path: &str, text: &str) -> Value {
    Value::Table(text.parse::<Table>().unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn question_of(entry: &Value) -> Question {
    (words(entry, "rules"), list(entry, "leaves_open").map(|open| format!("{open:?}")).collect())
}

fn scope_of(entry: &Value) -> Scope {
    ["when", "unless"].map(|key| entry.get(key).cloned())
}

impl Register {
    /// Reads the register.
    pub fn read(text: &str) -> Self {
        let file = table_of("grounds.toml", text);
        let place = |entry: &Value| {
            assert!(!word(entry, "says").is_empty(), "a place, and not what it says: {entry:?}");
            ((word(entry, "source"), word(entry, "at")), (word(entry, "standing"), words(entry, "rules")))
        };
        let year = |entry: &Value| (entry["year"].as_integer().expect("a year"), word(entry, "standing"));
        let reading = |entry: &Value| {
            assert!(!word(entry, "why").is_empty(), "a reading, and not why: {entry:?}");
            (word(entry, "rule"), word(entry, "standing"))
        };
        let question = |entry: &Value| {
            assert!(!word(entry, "asks").is_empty(), "a question, and not what it asks: {entry:?}");
            (word(entry, "id"), question_of(entry))
        };
        let column = |entry: &Value| {
            assert!(!word(entry, "who").is_empty(), "a column, and not whose: {entry:?}");
            (word(entry, "id"), scope_of(entry))
        };
        Self {
            places: list(&file, "place").map(place).collect(),
            years: list(&file, "year").map(year).collect(),
            readings: list(&file, "reading").map(reading).collect(),
            questions: list(&file, "question").map(question).collect(),
            columns: list(&file, "column").map(column).collect(),
        }
    }
}

impl Said {
    /// What a file says.
    pub fn of(file: &SourceText) -> Self {
        let mut said = Self::default();
        if file.path.starts_with("text/") || file.path == "sources.toml" {
            return said;
        }
        let tables = table_of(&file.path, &file.text);
        let standing = word(&tables, "standing");
        if file.path == "pack.toml" {
            said.covered_from = Some(word(&tables, "covered_from"));
        }
        if let Some(year) = tables.get("year").and_then(Value::as_integer) {
            said.years.push((year, standing.clone()));
            said.cite(&tables, &format!("calendar {year}"), &standing);
        }
        for (kind, items) in tables.as_table().into_iter().flatten() {
            for item in items.as_array().into_iter().flatten().filter(|item| item.is_table()) {
                said.item(kind, item, &standing);
            }
        }
        said
    }

    fn item(&mut self, kind: &str, item: &Value, standing_of_file: &str) {
        if kind == "open_question" {
            self.questions.push((word(item, "id"), question_of(item)));
        }
        if kind == "matrix_column" {
            self.columns.push((word(item, "id"), scope_of(item)));
        }
        let day = word(item, "on") + &word(item, "off");
        if !day.is_empty() {
            self.cite(item, &format!("calendar {day}"), standing_of_file);
        }
        let versions: Vec<&Value> = list(item, "version").collect();
        for version in &versions {
            let from = word(version, "from");
            let name = if versions.len() > 1 { format!("{} {from}", word(item, "id")) } else { word(item, "id") };
            let standing = word(version, "standing");
            self.cite(version, &name, &standing);
            let own: BTreeSet<String> = list(version, "cite").map(|cite| word(cite, "standing")).collect();
            if !own.contains("") && !own.contains(&standing) {
                self.readings.push((name.clone(), standing));
            }
            if let Some(other) = version.get("other_reading") {
                self.cite(other, &format!("{name}, other reading"), &word(other, "standing"));
            }
            self.habits(kind, version, &name, from);
        }
    }

    fn cite(&mut self, table: &Value, by: &str, standing: &str) {
        for cite in list(table, "cite") {
            let own = word(cite, "standing");
            let standing = if own.is_empty() { standing.to_owned() } else { own };
            self.cites.push(((word(cite, "source"), word(cite, "at")), standing, by.to_owned()));
        }
    }

    /// What all rules about stays and the permit have in common, and no answer shows.
    fn habits(&mut self, kind: &str, version: &Value, name: &str, from: String) {
        let is_by_permit = version.get("window").and_then(Value::as_str) == Some("permit");
        let basis = version.get("when").map(|when| words(when, "basis")).unwrap_or_default();
        let is_visa_free = basis.contains("visa-free");
        let says_whom = match kind {
            "stay_limit" if is_by_permit => !basis.is_empty() && !is_visa_free,
            "stay_limit" | "uncovered" => is_visa_free && basis.len() == 1,
            _ => true,
        };
        if !says_whom {
            self.complaints
                .push(format!("{name} does not say whether it is for stays without a visa or under a permit"));
        }
        let is_of_covered_stays =
            matches!(kind, "category" | "uncovered" | "entry_document") || kind.starts_with("permit_");
        if is_of_covered_stays || (kind == "stay_limit" && !is_by_permit) {
            self.begins.push((name.to_owned(), from));
        }
    }
}

/// What is wrong between what the files say and the register.
pub fn complaints(register: &Register, said: &[Said]) -> Vec<String> {
    let mut found: Vec<String> = said.iter().flat_map(|said| said.complaints.clone()).collect();
    let mut citing: BTreeMap<&Place, BTreeSet<&str>> = BTreeMap::new();
    for (place, standing, by) in said.iter().flat_map(|said| &said.cites) {
        let (source, at) = place;
        citing.entry(place).or_default().insert(by);
        match register.places.get(place) {
            Some((known, _)) if known == standing => {}
            Some((known, _)) => found.push(format!("{by}: {source}, {at} is `{known}`, not `{standing}`")),
            None if source == "article" && at.starts_with("sentence ") && standing == "article" => {}
            None => found.push(format!("{by} cites {source}, {at} as `{standing}`, which is not in grounds.toml")),
        }
    }
    for (place, (_, rules)) in &register.places {
        let citing = citing.get(place).cloned().unwrap_or_default();
        let (source, at) = place;
        for rule in rules.iter().filter(|rule| !citing.contains(rule.as_str())) {
            found.push(format!("{rule} does not cite {source}, {at}"));
        }
        for rule in citing.iter().filter(|rule| !rules.contains(**rule)) {
            found.push(format!("{rule} cites {source}, {at}, and is not listed there in grounds.toml"));
        }
    }
    let years: BTreeMap<i64, String> = said.iter().flat_map(|said| said.years.clone()).collect();
    found.extend(differences("calendar", &years, &register.years));
    let readings: BTreeMap<String, String> = said.iter().flat_map(|said| said.readings.clone()).collect();
    found.extend(differences("the standing of", &readings, &register.readings));
    let columns: BTreeMap<String, Scope> = said.iter().flat_map(|said| said.columns.clone()).collect();
    found.extend(differences("the column", &columns, &register.columns));
    let questions: BTreeMap<String, Question> = said.iter().flat_map(|said| said.questions.clone()).collect();
    found.extend(differences("the question", &questions, &register.questions));
    let covered_from = said.iter().find_map(|said| said.covered_from.clone()).unwrap_or_default();
    let early = said.iter().flat_map(|said| &said.begins).filter(|(_, from)| *from < covered_from);
    found.extend(early.map(|(name, from)| format!("{name} begins on {from}, before the first covered day")));
    found
}

/// What is not the same here and in the register.
fn differences<K: Ord + Display, V: PartialEq + Debug>(
    what: &str,
    here: &BTreeMap<K, V>,
    there: &BTreeMap<K, V>,
) -> Vec<String> {
    let keys: BTreeSet<&K> = here.keys().chain(there.keys()).collect();
    let other = keys.into_iter().filter(|key| here.get(key) != there.get(key));
    other.map(|key| format!("{what} {key}: {:?}, in grounds.toml {:?}", here.get(key), there.get(key))).collect()
}
