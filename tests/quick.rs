//! The quick way from a line or a row to a profile takes nothing that the check refuses, and takes it to the same
//! profile.

#[path = "support/people.rs"]
mod people;

use people::{Dice, list};
use serde_json::Value as Json;
use trp_check::calendar::Day;
use trp_check::country::Countries;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::profile::{Profile, check, quick, written::WrittenProfile};
use trp_check::roster::columns::{Column, Columns, DateFormat};
use trp_check::roster::quick as quick_row;
use trp_check::tree::{self, Syntax};

fn today() -> Day {
    Day::from_ymd(2026, 11, 22).expect("a day")
}

fn quickly(line: &str, countries: &Countries) -> Option<Profile> {
    quick::read(line, &RULES, countries, today(), &mut quick::Spare::default())
}

fn slowly(line: &str, countries: &Countries) -> Option<Profile> {
    let mut faults = Vec::new();
    let node = tree::parse_with(line, 0, Syntax::Json, &mut faults)?;
    let written: WrittenProfile<'_> = tree::read(node, &mut faults);
    check::check(&written, faults, &RULES, countries, today()).ok()
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
const RICH: &str = r#"{"id":"7","name":"Ан\u043dа \"A\"","citizenship":"RU","birth_date":"1990-02-28","travel_document":{"kind":"passport","expires":"2030-01-01"},"purpose":"employment","stays":[{"entry":"2025-01-01","exit":"2025-01-05"},{"entry":"2025-01-05","exit":"2025-02-01","notified":"2025-01-06","registered":false},{"entry":"2026-11-02","arrived_at_host":"2026-11-03","notified":"2026-11-04","registered":"2026-11-22","moves":[{"on":"2026-11-10","notified":false},{"on":"2026-11-12","registered":"2026-11-12"}]}],"permits":[{"kind":"visa","from":"2025-01-01","until":"2025-12-31","days_per_entry":30},{"kind":"trp","from":"2026-01-01","until":"2026-10-31"}],"employment":{"employer":"astana-hub","work":"employed","permit_exempt":true,"contract_until":"2027-05-05","changed_on":null},"housing":{"owner":"other"},"filing":{"channel":"egov","on":"2026-11-30T10:30"},"documents_held":["passport-copy"],"family":[{"relation":"spouse","citizenship":"Россия","stays":[]},{"relation":"child","citizenship":"RU","birth_date":"2015-05-05"}]}"#;

#[test]
fn good_lines_are_taken() {
    for line in list(2_000).iter().map(ToString::to_string).chain([RICH.to_owned()]) {
        let profile = quickly(&line, &COUNTRIES);
        assert!(profile.is_some(), "{line}");
        assert_eq!(profile, slowly(&line, &COUNTRIES), "{line}");
    }
}

#[test]
fn what_is_taken_of_damaged_lines_is_what_the_check_takes() {
    const LETTERS: &[u8] = b"\"\\{}[]:,0123456789-TtfnulesaR. \n\x00\xD0";
    let people: Vec<String> = list(300).iter().map(ToString::to_string).chain([RICH.to_owned()]).collect();
    hold_together(&people, LETTERS, |line| quickly(line, &COUNTRIES), |line| slowly(line, &COUNTRIES));
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
        let names = Column::ALL.iter().map(|column| column.name());
        Self { columns: Columns::read(names, dates).expect("all columns"), dates, delimiter }
    }

    fn quickly(&self, row: &str, countries: &Countries) -> Option<Profile> {
        let delimiter = u8::try_from(self.delimiter).expect("a byte");
        quick_row::read(
            row.as_bytes(),
            (&self.columns, delimiter),
            &RULES,
            countries,
            today(),
            &mut quick::Spare::default(),
        )
    }

    /// The long way, with the cells as another program finds them.
    fn slowly(&self, row: &str, countries: &Countries) -> Option<Profile> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(u8::try_from(self.delimiter).expect("a byte"))
            .from_reader(row.as_bytes());
        let record = reader.records().next()?.ok()?;
        let mut faults = Vec::new();
        let written = self.columns.profile_with(&record, today(), &mut faults);
        check::check(&written, faults, &RULES, countries, today()).ok()
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
        let cell = |column: &Column| match column {
            Column::Id | Column::Citizenship | Column::Purpose => text(&person[column.name()]),
            Column::Employer => text(&person["employment"]["employer"]),
            Column::Stays => items(&person["stays"], &|stay| run(stay, "entry", "exit")),
            Column::Permits => items(&person["permits"], &|permit| {
                format!("{}:{}", text(&permit["kind"]), run(permit, "from", "until"))
            }),
            _ => String::new(),
        };
        self.line(Column::ALL.iter().map(cell))
    }

    /// A row in which every column says something, in a form that invites mistakes at its edges.
    fn rich_row(&self) -> String {
        let day = |day: &str| self.day(day);
        let run = |first: &str, last: &str| format!("{}..{}", self.day(first), self.day(last));
        let cell = |column: &Column| match column {
            Column::Id => " 7 ".to_owned(),
            Column::Name => "Анна \"A\" \u{a0}".to_owned(),
            Column::Citizenship => "Россия".to_owned(),
            Column::BirthDate => day("1990-02-28"),
            Column::Purpose => "employment".to_owned(),
            Column::DocumentKind => "passport".to_owned(),
            Column::DocumentExpires => day("2030-01-01"),
            Column::Stays => {
                let stays = [run("2025-01-05", "2025-02-01"), run("2026-11-02", ""), run("2025-01-01", "2025-01-05")];
                stays.join("; ")
            }
            Column::Notified => day("2026-11-04"),
            Column::Registered => "No".to_owned(),
            Column::ArrivedAtHost => day("2026-11-03"),
            Column::Moved => format!("{};{};", day("2026-11-12"), day("2026-11-10")),
            Column::Permits => {
                format!("visa:{}/30;trp: {}", run("2025-01-01", "2025-12-31"), run("2026-01-01", "2026-10-31"))
            }
            Column::Employer => "astana-hub".to_owned(),
            Column::Work => "employed".to_owned(),
            Column::PermitExempt => "TRUE".to_owned(),
            Column::ContractUntil => day("2027-05-05"),
            Column::ChangedOn => day("2026-11-11"),
            Column::HousingOwner => "other".to_owned(),
            Column::Channel => "egov".to_owned(),
            Column::FilingOn => format!("{} 10:30", day("2026-11-30")),
            Column::DocumentsHeld => "passport-copy; application-form".to_owned(),
        };
        self.line(Column::ALL.iter().map(cell))
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

#[test]
fn good_rows_are_taken() {
    for table in tables() {
        for row in list(1_000).iter().map(|person| table.row(person)).chain([table.rich_row()]) {
            let profile = table.quickly(&row, &COUNTRIES);
            assert!(profile.is_some(), "{row}");
            assert_eq!(profile, table.slowly(&row, &COUNTRIES), "{row}");
        }
    }
}

#[test]
fn what_is_taken_of_damaged_rows_is_what_the_check_takes() {
    const LETTERS: &[u8] = b"\"\",;;\t..:0123456789-/TntfnoRU  \x00\xC2\xA0";
    for table in tables() {
        let rows: Vec<String> = list(300).iter().map(|person| table.row(person)).chain([table.rich_row()]).collect();
        hold_together(&rows, LETTERS, |row| table.quickly(row, &COUNTRIES), |row| table.slowly(row, &COUNTRIES));
    }
}
