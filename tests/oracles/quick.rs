//! The quick way from a line or a row to a profile takes nothing that the check refuses, and takes it to the same
//! profile.

use std::sync::Arc;

use crate::support::day::today;
use crate::support::people::{Dice, people};
use serde_json::Value as Json;
use trp_check::batch::input::Block;
use trp_check::batch::reading::Reader as Lines;
use trp_check::batch::table::Record;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::fields::{Field, Row};
use trp_check::profile::read::Reader;
use trp_check::profile::{Buffers, Profile};
use trp_check::render::Words;
use trp_check::roster::columns::{self, Columns, DateFormat};
use trp_check::roster::layout::{Layout, Rows};
use trp_check::tree::{self, Syntax};

fn reader() -> Reader<'static> {
    Reader::new(&RULES, &COUNTRIES, today())
}

fn quickly(line: &str, reader: &Reader<'_>) -> Option<Profile> {
    reader.line(line, &mut Buffers::default())
}

fn slowly(line: &str, reader: &Reader<'_>) -> Option<Profile> {
    let mut faults = Vec::new();
    let node = tree::parse_with(line, 0, Syntax::Json, &mut faults)?;
    reader.tree(&node, faults).ok()
}

/// Damages a text in one place or two. Digits are changed for digits half of the time: most other damage of a day
/// makes it none.
fn damage(text: &str, letters: &[u8], dice: &mut Dice) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.roll(2) {
        let at = usize::try_from(dice.roll(bytes.len() as u64)).expect("a place");
        let letter = letters[usize::try_from(dice.roll(letters.len() as u64)).expect("a place")];
        match dice.roll(4) {
            0 => bytes[at] = letter,
            1 => bytes.insert(at, letter),
            2 => {
                bytes.remove(at);
            }
            _ => {
                let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                let at = digits[usize::try_from(dice.roll(digits.len() as u64)).expect("a place")];
                bytes[at] = b'0' + u8::try_from(dice.roll(10)).expect("a digit");
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// Damages texts many times, the last one of them half of the time. Each that the quick way takes must go the long
/// way, too, and to the same profile; enough must be taken for that to mean something.
fn hold_together(
    texts: &[String],
    letters: &[u8],
    quickly: impl Fn(&str) -> Option<Profile>,
    slowly: impl Fn(&str) -> Option<Profile>,
) {
    let mut dice = Dice::seeded(7);
    let mut taken = 0;
    for turn in 0..100_000 {
        let of = if turn % 2 == 0 { texts.len() - 1 } else { turn % texts.len() };
        let Some(text) = damage(&texts[of], letters, &mut dice) else { continue };
        if let Some(profile) = quickly(&text) {
            taken += 1;
            assert_eq!(Some(profile), slowly(&text), "{text}");
        }
    }
    assert!(taken > 5_000, "only {taken} were taken: nothing is compared");
}

/// Everything that a profile can say, in a form that invites mistakes at its edges.
const RICH: &str = r#"{"id":"7","name":"Ан\u043dа \"A\"","citizenship":"RU","birth_date":"1990-02-28","travel_document":{"kind":"passport","expires":"2030-01-01"},"purpose":"employment","stays":[{"entry":"2025-01-01","exit":"2025-01-05"},{"entry":"2025-01-05","exit":"2025-02-01","notified":"2025-01-06","registered":false},{"entry":"2026-11-02","arrived_at_host":"2026-11-03","notified":"2026-11-04","registered":"2026-11-22","moves":[{"on":"2026-11-10","notified":false},{"on":"2026-11-12","registered":"2026-11-12"}]}],"permits":[{"kind":"visa","from":"2025-01-01","until":"2025-12-31","days_per_entry":30,"entries":2},{"kind":"trp","from":"2026-01-01","until":"2026-10-31"}],"employment":{"employer":"astana-hub","work":"employed","permit_exempt":true,"contract_until":"2027-05-05","permission_until":"2027-04-04","changed_on":null},"fined_on":"2026-11-20","housing":{"owner":"other"},"filing":{"channel":"egov","on":"2026-11-30T10:30"},"documents_held":["passport-copy"],"family":[{"relation":"spouse","citizenship":"Россия","stays":[]},{"relation":"child","citizenship":"RU","birth_date":"2015-05-05"}]}"#;

#[test]
fn good_lines_are_taken() {
    let reader = reader();
    for line in people().take(2_000).map(|person| person.to_string()).chain([RICH.to_owned()]) {
        let profile = quickly(&line, &reader);
        assert!(profile.is_some(), "{line}");
        assert_eq!(profile, slowly(&line, &reader), "{line}");
    }
}

#[test]
fn what_is_taken_of_damaged_lines_is_what_the_check_takes() {
    const LETTERS: &[u8] = b"\"\\{}[]:,0123456789-TtfnulesaR. \n\x00\xD0";
    let reader = reader();
    let people: Vec<String> = people().take(300).map(|person| person.to_string()).chain([RICH.to_owned()]).collect();
    hold_together(&people, LETTERS, |line| quickly(line, &reader), |line| slowly(line, &reader));
}

/// How a table is written.
struct Table {
    columns: Columns,
    dates: DateFormat,
    delimiter: char,
}

impl Table {
    /// All columns, in the order of the template.
    fn new(dates: DateFormat, delimiter: char) -> Self {
        let names = columns::all().map(|row| row.column);
        Self {
            columns: Columns::read(names, &Arc::new(Layout::of(dates, Rows::People))).expect("all columns"),
            dates,
            delimiter,
        }
    }

    /// As `batch` reads it.
    fn quickly(&self, row: &str, lines: &Lines<'_>) -> Option<Profile> {
        let bytes = row.as_bytes().to_vec();
        let records = vec![Record { line: 1, bytes: Some(0..bytes.len()) }];
        let delimiter = u8::try_from(self.delimiter).expect("a byte");
        let block = Block::Records { list: 0, columns: Arc::new(self.columns.clone()), delimiter, records, bytes };
        lines.read(&block).pop().and_then(|(_, read)| Some(read?.ok()?.profile))
    }

    /// With the cells as another program finds them.
    fn slowly(&self, row: &str, reader: &Reader<'_>) -> Option<Profile> {
        let mut cells = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(u8::try_from(self.delimiter).expect("a byte"))
            .from_reader(row.as_bytes());
        let record = cells.records().next()?.ok()?;
        self.columns.profile(&record, reader, &mut Buffers::default()).ok()
    }

    /// A day of JSON, in the form of the table.
    fn day(&self, day: &str) -> String {
        match (self.dates, &*day.split('-').collect::<Vec<_>>()) {
            (DateFormat::Dmy, [year, month, day]) => format!("{day}.{month}.{year}"),
            _ => day.to_owned(),
        }
    }

    /// The row of somebody of [`list`].
    fn row(&self, person: &Json) -> String {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let run = |of: &Json, first: &str, last: &str| {
            format!("{}..{}", self.day(&text(&of[first])), self.day(&text(&of[last])))
        };
        let items = |of: &Json, pack: &dyn Fn(&Json) -> String| {
            of.as_array().into_iter().flatten().map(pack).collect::<Vec<_>>().join(";")
        };
        let cell = |row: &'static Row| match row.field {
            Field::Id | Field::Citizenship | Field::Purpose => text(&person[row.column]),
            Field::Employer => text(&person["employment"]["employer"]),
            Field::Stays => items(&person["stays"], &|stay| run(stay, "entry", "exit")),
            Field::Permits => items(&person["permits"], &|permit| {
                format!("{}:{}", text(&permit["kind"]), run(permit, "from", "until"))
            }),
            _ => String::new(),
        };
        self.line(columns::all().map(cell))
    }

    /// A row in which every column says something, in a form that invites mistakes at its edges.
    fn rich_row(&self) -> String {
        let day = |day: &str| self.day(day);
        let run = |first: &str, last: &str| format!("{}..{}", self.day(first), self.day(last));
        let cell = |row: &'static Row| match row.field {
            Field::Id => " 7 ".to_owned(),
            Field::Name => "Анна \"A\" \u{a0}".to_owned(),
            Field::Citizenship => "Россия".to_owned(),
            Field::BirthDate => day("1990-02-28"),
            Field::Purpose => "employment".to_owned(),
            Field::DocumentKind => "passport".to_owned(),
            Field::DocumentExpires => day("2030-01-01"),
            Field::Stays => {
                let stays = [run("2025-01-05", "2025-02-01"), run("2026-11-02", ""), run("2025-01-01", "2025-01-05")];
                stays.join("; ")
            }
            Field::Notified => day("2026-11-04"),
            Field::Registered => "No".to_owned(),
            Field::ArrivedAtHost => day("2026-11-03"),
            Field::Moves => format!("{};{};", day("2026-11-12"), day("2026-11-10")),
            Field::Permits => {
                format!("visa:{}/30x2;trp: {}", run("2025-01-01", "2025-12-31"), run("2026-01-01", "2026-10-31"))
            }
            Field::Employer => "astana-hub".to_owned(),
            Field::Work => "employed".to_owned(),
            Field::PermitExempt => "TRUE".to_owned(),
            Field::ContractUntil => day("2027-05-05"),
            Field::ChangedOn => day("2026-11-11"),
            Field::PermissionUntil => day("2027-04-04"),
            Field::FinedOn => day("2026-11-20"),
            Field::Position => "Head".to_owned(),
            Field::Inviter => "citizen".to_owned(),
            Field::HousingOwner => "other".to_owned(),
            Field::Channel => "egov".to_owned(),
            Field::FilingOn => format!("{} 10:30", day("2026-11-30")),
            Field::DocumentsHeld => "passport-copy; application-form".to_owned(),
            other => panic!("{other:?} has a column and no cell here"),
        };
        self.line(columns::all().map(cell))
    }

    fn line(&self, cells: impl Iterator<Item = String>) -> String {
        let quoted = |cell: String| {
            let needs_quotes = cell.contains([self.delimiter, '"']);
            if needs_quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
        };
        cells.map(quoted).collect::<Vec<_>>().join(&self.delimiter.to_string())
    }
}

fn tables() -> [Table; 3] {
    [(DateFormat::Iso, ','), (DateFormat::Dmy, ';'), (DateFormat::Iso, '\t')]
        .map(|(dates, delimiter)| Table::new(dates, delimiter))
}

fn lines() -> Lines<'static> {
    Lines::new(&RULES, Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES), today(), usize::MAX)
}

#[test]
fn good_rows_are_taken() {
    let (reader, lines) = (reader(), lines());
    for table in tables() {
        for row in people().take(1_000).map(|person| table.row(&person)).chain([table.rich_row()]) {
            let profile = table.quickly(&row, &lines);
            assert!(profile.is_some(), "{row}");
            assert_eq!(profile, table.slowly(&row, &reader), "{row}");
        }
    }
}

#[test]
fn what_is_taken_of_damaged_rows_is_what_the_check_takes() {
    const LETTERS: &[u8] = b"\"\",;;\t..:0123456789-/TntfnoRU  \x00\xC2\xA0";
    let (reader, lines) = (reader(), lines());
    for table in tables() {
        let rows: Vec<String> = people().take(300).map(|person| table.row(&person)).chain([table.rich_row()]).collect();
        hold_together(&rows, LETTERS, |row| table.quickly(row, &lines), |row| table.slowly(row, &reader));
    }
}
