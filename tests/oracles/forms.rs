//! One value is written the same way wherever it is given: for every field of the table and every form, the same text
//! gives the same value, or the same fault, in a file, as a flag, as `FACT=VALUE` and in a cell of a list.

use std::sync::Arc;

use crate::support::day::today;
use serde_json::{Value as Json, json};
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::profile::edit::FactName;
use trp_check::profile::fields::{FIELDS, Form, Row};
use trp_check::profile::forms::Piece;
use trp_check::profile::read::Reader;
use trp_check::profile::written::Written;
use trp_check::profile::{Buffers, Profile};
use trp_check::roster::columns::Columns;
use trp_check::source::{Code, Fault};
use trp_check::tree::{self, Syntax};

/// What came of a text: a profile, or what is wrong, wherever that stands.
type Read = Result<Profile, Vec<(Code, Vec<(&'static str, String)>)>>;

const STAYS: &str = "2026-11-02..";
const PERMITS: &str = "visa:2026-01-01..2026-12-31";

fn reader() -> Reader<'static> {
    Reader::new(&RULES, &COUNTRIES, today())
}

fn without_places(read: Result<Profile, Vec<Fault>>) -> Read {
    read.map_err(|faults| {
        let mut faults: Vec<_> = faults.into_iter().map(|fault| (fault.code, fault.params)).collect();
        faults.sort();
        faults
    })
}

/// A profile of a Russian with a stay and a visa, and this text at the place of the field.
fn in_a_file(row: &Row, text: &str) -> Read {
    let mut profile = json!({
        "citizenship": "RU",
        "stays": [{ "entry": "2026-11-02" }],
        "permits": [{ "kind": "visa", "from": "2026-01-01", "until": "2026-12-31" }],
    });
    let mut at = &mut profile;
    for key in row.path.split('.') {
        at = match key.strip_suffix("[]") {
            Some(list) => &mut at[list][0],
            None => &mut at[key],
        };
    }
    *at = Json::from(text);
    let written = profile.to_string();
    let root = tree::parse(&written, 0, Syntax::Json).expect("good JSON");
    without_places(reader().tree(&root, Vec::new()))
}

/// The same, with the text given as a flag, or as `FACT=VALUE` (`--what-if`, `--answer`, an answer of `ask`): both are
/// set in the profile in this way.
fn as_a_fact(row: &Row, text: &str, name: &str) -> Read {
    let mut written = Written::default();
    let facts = [("citizenship", "RU"), ("stay", STAYS), ("permit", PERMITS), (name, text)];
    for (fact, value) in facts {
        let fact = FactName::named(fact).unwrap_or_else(|| panic!("{fact} is no fact"));
        let set = fact.set(&mut written, Piece::new(value, 1, 0).node(), &RULES.vocabulary, today());
        set.unwrap_or_else(|fault| panic!("{}: {fault:?}", row.path));
    }
    without_places(reader().tree(&written.root, Vec::new()))
}

/// The same, with the text in the cell of the field's column.
fn in_a_cell(row: &Row, text: &str) -> Read {
    let mut cells = vec![("citizenship", "RU"), ("stays", STAYS), ("permits", PERMITS)];
    cells.retain(|(column, _)| *column != row.column);
    cells.push((row.column, text));
    let columns = Columns::read(cells.iter().map(|(column, _)| *column), &Arc::default()).expect("known columns");
    without_places(columns.profile(cells.iter().map(|(_, cell)| *cell), &reader(), &mut Buffers::default()))
}

/// Texts of a form: good ones in all their spellings, and bad ones.
fn texts(form: Form) -> Vec<String> {
    const DAYS: [&str; 8] = [
        "2026-11-20",
        " 2026-11-20 ",
        "2026-1-5",
        "20.11.2026",
        "2026-02-30",
        "soon",
        "1999-12-31",
        "2026-11-20T10:00",
    ];
    let of = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    match form {
        // Free texts are echoed to the letter.
        Form::Text => of(&["A-17", "Анна \"A\""]),
        Form::Country => of(&["RU", " ru ", "RUS", "Россия", "ӨЗБЕКСТАН", "stateless", "Korea", "RUU", "ZZ"]),
        Form::Day => of(&DAYS),
        Form::DayOrNo => [of(&DAYS), of(&["no", " NO ", "False", "yes", "true", "nein"])].concat(),
        Form::Moment => [of(&DAYS), of(&["2026-12-01T15:00", " 2026-12-01 15:00 ", "2026-12-01T25:00"])].concat(),
        Form::Number => of(&["30", " 30 ", "0", "-1", "+5", "x", "99999999999"]),
        Form::YesNo(_) => of(&["yes", "NO", " true ", "False", "perhaps", "1"]),
        Form::Word(fact) => {
            let id = RULES.vocabulary.values(fact)[0].to_owned();
            let russian = RULES.texts_in("ru").and_then(|texts| texts.get_of(fact.table(), &id));
            let russian = russian.unwrap_or_else(|| panic!("{id} has a Russian name")).to_owned();
            vec![format!(" {} ", id.to_uppercase()), russian.to_uppercase(), russian, id, "fishing".to_owned()]
        }
        Form::Stays => of(&[
            STAYS,
            " 2026-01-01 .. 2026-02-01 ; 2026-11-02.. ",
            "none",
            "2026-11-02",
            "..2026-01-01",
            "2026-02-01..2026-01-01",
            "2026-02-30..",
            "2026-01-01..2026-03-01;2026-02-01..",
        ]),
        Form::Permits => of(&[
            PERMITS,
            "visa:2026-09-01..2027-08-31/30",
            " TRP : 2026-01-01 .. 2026-12-31 ",
            "РВП:2026-01-01..2026-12-31",
            "residence-permit:2026-01-01..",
            "none",
            "trp",
            "visa:2026-01-01..",
            "trp:2026-01-01..2026-12-31/30",
            "visa:2026-01-01..2026-12-31/x",
        ]),
        Form::Documents => of(&["passport-copy", "passport-copy; Application-Form", "none", "fishing"]),
        Form::Moves => of(&["2026-11-10", "2026-11-12;2026-11-10", "2026-01-01", "soon"]),
        Form::Family => Vec::new(),
    }
}

/// Every field that has a flag, in every spelling, by every way that it can be given.
#[test]
fn the_same_text_is_the_same_value_or_the_same_fault_everywhere() {
    let (mut good, mut bad) = (0, 0);
    for row in FIELDS.iter().filter(|row| !row.flag.is_empty()) {
        for text in texts(row.form) {
            let expected = in_a_file(row, &text);
            assert_eq!(as_a_fact(row, &text, row.flag), expected, "{} = {text:?} as a flag", row.path);
            assert_eq!(as_a_fact(row, &text, row.path), expected, "{} = {text:?} as a fact", row.path);
            if !row.column.is_empty() {
                assert_eq!(in_a_cell(row, &text), expected, "{} = {text:?} in a cell", row.path);
            }
            if expected.is_ok() { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 80 && bad > 80, "{good} good, {bad} bad");
}
