//! A staff list: what its columns mean, that a row means what the profile with the same facts means, and
//! that whatever is wrong is told with its column and its place in the cell.

use crate::support::day::{day, today};
use crate::support::twins::{Dice, Twin};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use std::sync::Arc;
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::facts::Fact;
use trp_check::profile::fields::Field;
use trp_check::profile::read::Reader;
use trp_check::profile::read::Role;
use trp_check::profile::{Buffers, Move, Profile, Record};
use trp_check::roster::columns::{self, BadHeader, Cell, ColumnFault, Columns, DateFormat};
use trp_check::roster::layout::{Layout, Rows};
use trp_check::roster::template;
use trp_check::source::{Code, Fault};
use trp_check::tree::{self, Syntax};

fn reader() -> Reader<'static> {
    Reader::new(&RULES, &COUNTRIES, today())
}

/// The names of all columns.
fn all_names() -> Vec<&'static str> {
    columns::all().map(|row| row.column).collect()
}

/// Reads a row; of each fault the column.
fn row<'c>(columns: &'c Columns, cells: impl IntoIterator<Item = &'c str>) -> Result<Profile, Vec<ColumnFault>> {
    let read = columns.profile(cells, &reader(), &mut Buffers::default());
    read.map_err(|faults| faults.into_iter().map(|fault| columns.attributed(fault)).collect())
}

fn columns(names: &[&str], dates: DateFormat) -> Columns {
    let layout = Arc::new(Layout::of(dates, Rows::People));
    Columns::read(names.iter().copied(), &layout).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A list with a citizenship and these columns, read to the end; all that is wrong with the row at once.
fn checked(cells: &[(&str, &str)], dates: DateFormat) -> Result<Profile, Vec<ColumnFault>> {
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).chain(["citizenship"]).collect();
    let columns = columns(&names, dates);
    row(&columns, cells.iter().map(|(_, cell)| *cell).chain(["RU"]))
}

fn profile(cells: &[(&str, &str)]) -> Profile {
    checked(cells, DateFormat::Iso).unwrap_or_else(|faults| panic!("{cells:?}: {faults:?}"))
}

/// Of each fault: the column, the code, and what stands at its place in the cell.
fn said<'c>(cells: &[(&str, &'c str)], dates: DateFormat) -> Vec<(String, Code, &'c str)> {
    let faults = checked(cells, dates).expect_err("the row is refused");
    let text = |fault: &ColumnFault| {
        let (_, cell) = cells[usize::from(fault.fault.span.text) - 1];
        &cell[fault.fault.span.range()]
    };
    faults.iter().map(|fault| (fault.column.clone(), fault.fault.code, text(fault))).collect()
}

fn param<'f>(fault: &'f Fault, name: &str) -> Option<&'f str> {
    fault.params.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value)
}

/// A profile in JSON, checked.
fn of_json(text: &str) -> Result<Profile, Vec<Fault>> {
    reader().tree(&tree::parse(text, 0, Syntax::Json)?, Vec::new())
}

// ---- Columns ----

/// Every column says what its key says in a profile.
#[test]
fn every_column_is_a_key_of_the_profile() {
    let cells = [
        ("id", "A-17"),
        ("name", "Aleksei, \"😀\""),
        ("birth_date", "1990-05-17"),
        ("purpose", "employment"),
        ("travel_document.kind", "passport"),
        ("travel_document.expires", "2030-01-31"),
        ("stays", "2026-01-10..2026-02-28;2026-11-02.."),
        ("notified", "2026-11-04"),
        ("registered", "no"),
        ("arrived_at_host", "2026-11-03"),
        ("moved", "2026-11-10;2026-11-15"),
        ("permits", "trp:2025-03-01..2025-12-31; visa:2026-01-05..2026-03-01/60x2; residence-permit:2026-11-02.."),
        ("employment.employer", "astana-hub"),
        ("employment.work", "employed"),
        ("employment.position", "specialist"),
        ("employment.permit_exempt", "false"),
        ("employment.permission_until", "2027-05-31"),
        ("employment.contract_until", "2027-06-30"),
        ("employment.changed_on", "2026-11-10"),
        ("housing.owner", "other"),
        ("inviter", "permanent-resident"),
        ("fined_on", "2026-11-20"),
        ("filing.channel", "egov"),
        ("filing.on", "2026-12-01T15:00"),
        ("documents_held", "employment-contract;medical-insurance"),
    ];
    let json = r#"{ "id": "A-17", "name": "Aleksei, \"😀\"", "citizenship": "RU", "birth_date": "1990-05-17",
        "purpose": "employment", "travel_document": { "kind": "passport", "expires": "2030-01-31" },
        "stays": [ { "entry": "2026-01-10", "exit": "2026-02-28" },
            { "entry": "2026-11-02", "notified": "2026-11-04", "registered": false, "arrived_at_host": "2026-11-03",
              "moves": [ { "on": "2026-11-10" }, { "on": "2026-11-15" } ] } ],
        "permits": [ { "kind": "trp", "from": "2025-03-01", "until": "2025-12-31" },
            { "kind": "visa", "from": "2026-01-05", "until": "2026-03-01", "days_per_entry": 60, "entries": 2 },
            { "kind": "residence-permit", "from": "2026-11-02" } ],
        "employment": { "employer": "astana-hub", "work": "employed", "position": "specialist", "permit_exempt": false,
            "permission_until": "2027-05-31", "contract_until": "2027-06-30", "changed_on": "2026-11-10" },
        "fined_on": "2026-11-20",
        "housing": { "owner": "other" }, "inviter": "permanent-resident", "filing": { "channel": "egov", "on": "2026-12-01T15:00" },
        "documents_held": [ "employment-contract", "medical-insurance" ] }"#;
    assert_eq!(profile(&cells), of_json(json).expect("a good profile"));

    let mut named: Vec<&str> = cells.iter().map(|(name, _)| *name).chain(["citizenship"]).collect();
    let mut all = all_names();
    named.sort_unstable();
    all.sort_unstable();
    assert_eq!(named, all, "a column is missing here");
}

/// Blanks around a name, its case and the mark at the beginning of a file do not count; the order is free.
#[test]
fn a_header_is_read_as_spreadsheets_write_it() {
    let columns = columns(&["\u{feff} Citizenship ", "ID", " Employment.Employer"], DateFormat::Iso);
    let states = |field| Cell::States(Role::Field(field));
    assert_eq!(columns.cells(), [Field::Citizenship, Field::Id, Field::Employer].map(states));
    assert_eq!([0, 1, 2, 3, 4].map(|at| columns.name(at)), ["", "Citizenship", "ID", "Employment.Employer", ""]);
}

/// A column that is unknown, or there twice, or not there, is told with its name and the nearest one.
#[test]
fn a_bad_header_is_told_by_its_columns() {
    let names = ["\u{feff}idd", "stays", "STAYS", "", " surname "];
    let faults = Columns::read(names, &Arc::default()).expect_err("a bad header").faults;
    let told: Vec<(&str, Code, u16, &str)> = faults
        .iter()
        .map(|ColumnFault { column, fault, .. }| {
            let cell = names.get(usize::from(fault.span.text).wrapping_sub(1)).copied().unwrap_or_default();
            (&**column, fault.code, fault.span.text, &cell[fault.span.range()])
        })
        .collect();
    let expected = [
        ("idd", Code::UnknownKey, 1, "idd"),
        ("STAYS", Code::DuplicateKey, 3, "STAYS"),
        ("surname", Code::UnknownKey, 5, "surname"),
        ("citizenship", Code::MissingKey, 0, ""),
    ];
    assert_eq!(told, expected);
    assert_eq!(param(&faults[0].fault, "suggestion"), Some("id"));
    assert_eq!(param(&faults[2].fault, "suggestion"), Some("name"));

    let empty = Columns::read([], &Arc::default()).expect_err("no header").faults;
    assert_eq!(empty.iter().map(|fault| fault.fault.code).collect::<Vec<Code>>(), [Code::MissingKey]);
}

/// An empty cell is as good as a column that is not there.
#[test]
fn an_empty_cell_is_left_out() {
    let names: Vec<&str> = all_names().into_iter().filter(|name| *name != "citizenship").collect();
    let empty: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
    let blank: Vec<(&str, &str)> = names.iter().map(|name| (*name, " \t\u{a0}")).collect();
    assert_eq!(profile(&empty), profile(&[]));
    assert_eq!(profile(&blank), profile(&[]));
}

/// A row has as many cells as the header; blank ones behind them are nothing.
#[test]
fn a_row_of_another_length_is_refused() {
    let columns = columns(&["citizenship", "id"], DateFormat::Iso);
    let told = |cells: &[&str]| {
        let faults = row(&columns, cells.iter().copied()).expect_err("a bad row");
        let told = faults.into_iter().map(|fault| (fault.column, fault.fault.code));
        told.filter(|(_, code)| *code == Code::Syntax).collect::<Vec<(String, Code)>>()
    };
    assert_eq!(told(&[]), [("citizenship".to_owned(), Code::Syntax)]);
    assert_eq!(told(&["RU"]), [("id".to_owned(), Code::Syntax)]);
    assert_eq!(told(&["RU", "1", "x"]), [("3".to_owned(), Code::Syntax)]);
    assert_eq!(told(&["RU", "1", "", "x"]), [("3".to_owned(), Code::Syntax)]);
    assert!(row(&columns, ["RU", "1"]).is_ok());
    assert!(row(&columns, ["RU", "1", "", " "]).is_ok());
}

// ---- Packed cells ----

/// Stays are separated by semicolons; blanks around days and blank stays do not count.
#[test]
fn stays_are_packed_into_one_cell() {
    let days = |cell: &str| -> Vec<(Day, Option<Day>)> {
        profile(&[("stays", cell)]).applicant.stays.iter().map(|stay| (stay.entry, stay.exit)).collect()
    };
    let [first, last, open] = ["2026-01-01", "2026-02-14", "2026-04-01"].map(day);
    assert_eq!(days("2026-01-01..2026-02-14"), [(first, Some(last))]);
    assert_eq!(days("2026-01-01..2026-02-14;2026-04-01.."), [(first, Some(last)), (open, None)]);
    assert_eq!(days(" 2026-04-01 .. ;; 2026-01-01 .. 2026-02-14 ; "), [(first, Some(last)), (open, None)]);
    assert_eq!(days(";"), []);
}

/// Permits have a kind, days, and the days of each entry where they are printed.
#[test]
fn permits_are_packed_into_one_cell() {
    let permits = profile(&[(
        "permits",
        "visa : 2026-01-01 .. 2026-12-31 / 30;trp:2026-01-01..2026-12-31;residence-permit:2027-01-01..",
    )])
    .applicant
    .permits;
    let told: Vec<(u8, Option<Day>, Option<i32>)> =
        permits.iter().map(|permit| (permit.kind, permit.until, permit.days_per_entry)).collect();
    let until = Some(day("2026-12-31"));
    assert_eq!(told, [(0, until, Some(30)), (1, until, None), (2, None, None)]);
}

/// What is said of the current stay goes to the stay of today, else to the last one of the list.
#[test]
fn the_columns_of_the_current_stay_go_to_it() {
    let cells =
        |stays| [("stays", stays), ("notified", "2026-11-20"), ("registered", "NO"), ("arrived_at_host", "2026-11-19")];
    let records = |stays| -> Vec<(Record, Record, Option<Day>)> {
        let stays = profile(&cells(stays)).applicant.stays;
        stays.iter().map(|stay| (stay.notified, stay.registered, stay.arrived_at_host)).collect()
    };
    let silent = (Record::Silent, Record::Silent, None);
    let given = (Record::Done(day("2026-11-20")), Record::NotDone, Some(day("2026-11-19")));
    assert_eq!(records("2026-01-01..2026-02-14;2026-11-18.."), [silent, given]);
    assert_eq!(records("2026-11-18..2026-12-01;2027-01-01..2027-02-01"), [given, silent]);
    assert_eq!(records("2026-01-01..2026-02-14;2026-11-18..2026-11-21"), [silent, given]);

    let moved = profile(&[("stays", "2026-11-01.."), ("moved", "2026-11-15 ; 2026-11-10")]).applicant.stays.remove(0);
    let to = |on| Move { on: day(on), notified: Record::Silent, registered: Record::Silent };
    assert_eq!(moved.moves, [to("2026-11-10"), to("2026-11-15")]);
    assert_eq!(said(&[("notified", " no")], DateFormat::Iso), [("notified".to_owned(), Code::NoCurrentStay, "no")]);
}

/// Documents are separated by semicolons or blanks.
#[test]
fn documents_are_packed_into_one_cell() {
    let held = |cell: &str| profile(&[("documents_held", cell)]).applicant.held;
    let both = held("employment-contract;medical-insurance");
    assert_eq!(both, ["employment-contract", "medical-insurance"]);
    assert_eq!(held(" employment-contract  medical-insurance "), both);
    assert_eq!(held("employment-contract ; medical-insurance;"), both);
}

/// True and false are taken as spreadsheets write them, and as people do.
#[test]
fn yes_and_no_have_their_usual_words() {
    let exempt = |cell: &str| profile(&[("employment.permit_exempt", cell)]).facts.value(Fact::PermitExempt);
    assert_eq!(["true", "TRUE", "Yes"].map(exempt), [Some(1); 3]);
    assert_eq!(["false", "FALSE", "no"].map(exempt), [Some(0); 3]);
    let told = said(&[("employment.permit_exempt", "ture")], DateFormat::Iso);
    assert_eq!(told, [("employment.permit_exempt".to_owned(), Code::UnknownValue, "ture")]);
}

// ---- Days ----

/// With the format of days asked for, every column takes them, and ISO days as before.
#[test]
fn days_may_be_written_day_first_when_asked_for() {
    let iso = [
        ("birth_date", "1990-05-17"),
        ("travel_document.expires", "2030-01-31"),
        ("stays", "2026-01-10..2026-02-28;2026-11-02.."),
        ("notified", "2026-11-04"),
        ("registered", "2026-11-05"),
        ("arrived_at_host", "2026-11-03"),
        ("moved", "2026-11-10;2026-11-15"),
        ("permits", "visa:2026-01-05..2026-03-01/60x2;trp:2025-03-01..2025-12-31;residence-permit:2026-11-02.."),
        ("employment.permission_until", "2027-05-31"),
        ("employment.contract_until", "2027-06-30"),
        ("employment.changed_on", "2026-11-10"),
        ("filing.on", "2026-12-01T15:00"),
        ("fined_on", "2026-11-20"),
    ];
    let turned = |cell: &str, mark: &str| -> String {
        let mut text = String::new();
        let mut rest = cell;
        while let Some(at) =
            (0..rest.len()).find(|at| rest.get(*at..at + 10).is_some_and(|day| Day::parse(day).is_ok()))
        {
            let day = &rest[at..at + 10];
            text.push_str(&rest[..at]);
            text.push_str(&[&day[8..], &day[5..7], &day[..4]].join(mark));
            rest = &rest[at + 10..];
        }
        text + rest
    };
    let expected = profile(&iso);
    assert_eq!(checked(&iso, DateFormat::Dmy).as_ref(), Ok(&expected));
    for (mark, dates) in [(".", DateFormat::Dmy), ("/", DateFormat::DmySlash)] {
        let cells: Vec<(&str, String)> = iso.iter().map(|(name, cell)| (*name, turned(cell, mark))).collect();
        let cells: Vec<(&str, &str)> = cells.iter().map(|(name, cell)| (*name, &**cell)).collect();
        assert_eq!(checked(&cells, dates).as_ref(), Ok(&expected), "{cells:?}");
        for (_, other) in DateFormat::ALL.into_iter().filter(|(_, other)| *other != dates) {
            // Of days with slashes nobody can tell which number is the month: only where none can be is it refused.
            if (dates, other) == (DateFormat::DmySlash, DateFormat::Mdy) {
                continue;
            }
            let refused = checked(&cells, other).expect_err("nobody asked for it");
            assert!(refused.iter().all(|fault| fault.fault.code == Code::BadDay), "{refused:?}");
            let mut told: Vec<&str> = refused.iter().map(|fault| &*fault.column).collect();
            told.dedup();
            let expected: Vec<&str> = iso.iter().map(|(name, _)| *name).collect();
            assert_eq!(told, expected);
        }
    }
    let spaced = checked(&[("filing.on", "01.12.2026 15:00")], DateFormat::Dmy).expect("a good row");
    assert_eq!(spaced.filing_on, expected.filing_on);
}

/// Nothing but two digits, two digits and four, with one mark, is a day that is written day first.
#[test]
fn other_forms_of_days_stay_faults() {
    for cell in
        ["1.12.2026", "31.12.26", "31.12/2026", "31-12-2026", "12.2026.31", "31.12.2026 ", "٣١.12.2026", "🦀🦀1"]
    {
        let told = said(&[("birth_date", cell)], DateFormat::Dmy);
        let code = if cell.ends_with(' ') { Code::DayOutOfRange } else { Code::BadDay };
        assert_eq!(told, [("birth_date".to_owned(), code, cell.trim())]);
    }
    let told = said(&[("birth_date", "31.11.2025")], DateFormat::Dmy);
    assert_eq!(told, [("birth_date".to_owned(), Code::NoSuchDay, "31.11.2025")]);
    let time = said(&[("birth_date", "30.11.2025 10:00")], DateFormat::Dmy);
    assert_eq!(time, [("birth_date".to_owned(), Code::BadDay, "30.11.2025 10:00")]);
}

// ---- Faults ----

/// Whatever finds a fault, it is told with its column and its place in the cell.
#[test]
fn faults_are_told_with_their_columns() {
    let told = |name: &'static str, cell: &'static str| {
        let told = said(&[("id", "1"), (name, cell)], DateFormat::Iso);
        assert!(told.iter().all(|(column, _, _)| column == name), "{told:?}");
        told.into_iter().map(|(_, code, text)| (code, text)).collect::<Vec<_>>()
    };
    assert_eq!(
        told("stays", "2026-01-01..2026-02-30;2026-11-02"),
        [(Code::NoSuchDay, "2026-02-30"), (Code::BadRange, "2026-11-02")]
    );
    assert_eq!(told("stays", "..2026-02-01"), [(Code::BadRange, "..2026-02-01")]);
    assert_eq!(
        told("stays", " 2026-01-01..2026-02-01; 2026-01-20..2026-03-01"),
        [(Code::StaysOverlap, "2026-01-20..2026-03-01")]
    );
    assert_eq!(told("stays", "2026-02-01..2026-01-01"), [(Code::ExitBeforeEntry, "2026-01-01")]);
    assert_eq!(told("permits", "trp;vise:2026-01-01.."), [(Code::BadPermit, "trp"), (Code::UnknownValue, "vise")]);
    assert_eq!(told("permits", "trp:2026-01-01"), [(Code::BadPermit, "trp:2026-01-01")]);
    assert_eq!(told("permits", "trp:2026-01-01.."), [(Code::MissingKey, "trp:2026-01-01..")]);
    assert_eq!(told("permits", "trp:2026-01-01..2026-12-31/30"), [(Code::NotForThisKind, "30")]);
    for (days, code) in [
        ("/0", Code::OutOfRange),
        ("/-1", Code::OutOfRange),
        ("/99999999999", Code::OutOfRange),
        ("/x", Code::WrongType),
        ("/", Code::WrongType),
        ("/+5", Code::WrongType),
    ] {
        let cell = format!("visa:2026-01-01..2026-12-31{days}");
        assert_eq!(said(&[("permits", &cell)], DateFormat::Iso), [("permits".to_owned(), code, &days[1..])]);
    }
    assert_eq!(told("documents_held", "employment-contract medical"), [(Code::UnknownValue, "medical")]);
    assert_eq!(told("purpose", " emploiment "), [(Code::UnknownValue, "emploiment")]);
    assert_eq!(told("notified", "yes"), [(Code::BadDay, "yes")]);
    assert_eq!(told("notified", "no"), [(Code::NoCurrentStay, "no")]);
    assert_eq!(told("filing.on", "2026-12-01T25:00"), [(Code::BadTime, "2026-12-01T25:00")]);

    let missing = said(&[("stays", "2026-11-02"), ("notified", "2026-11-04")], DateFormat::Iso);
    assert_eq!(missing, [("stays".to_owned(), Code::BadRange, "2026-11-02")], "no fault because of a fault");
    let late = said(&[("stays", "2026-11-02.."), ("notified", "yes"), ("moved", "2026-10-01")], DateFormat::Iso);
    assert_eq!(
        late,
        [("notified".to_owned(), Code::BadDay, "yes"), ("moved".to_owned(), Code::MoveOutsideStay, "2026-10-01")]
    );
}

/// A day where a run of days belongs is most often an open stay.
#[test]
fn an_entry_alone_is_told_with_what_was_meant() {
    for (cell, dates, meant) in [
        ("2026-11-02", DateFormat::Iso, Some("2026-11-02..")),
        ("2026-11-02", DateFormat::Dmy, Some("2026-11-02..")),
        ("02.11.2026", DateFormat::Dmy, Some("2026-11-02..")),
        ("02.11.2026", DateFormat::Iso, Some("2026-11-02..")),
        ("31.11.2026", DateFormat::Dmy, None),
    ] {
        let faults = checked(&[("stays", cell)], dates).expect_err("a bad stay");
        assert_eq!(param(&faults[0].fault, "suggestion"), meant, "{cell}");
    }
}

/// A row without a citizenship, and one of an unknown country, are told with that column.
#[test]
fn a_bad_citizenship_is_told_with_its_column() {
    let columns = columns(&["id", "citizenship"], DateFormat::Iso);
    for (cell, code) in [("", Code::MissingKey), (" Rusia", Code::UnknownCountry)] {
        let faults = row(&columns, ["1", cell]).expect_err("a bad row");
        let told: Vec<(String, Code)> = faults.into_iter().map(|fault| (fault.column, fault.fault.code)).collect();
        assert_eq!(told, [("citizenship".to_owned(), code)]);
    }
}

/// Faults of form come in the order of the columns, each with its cell.
#[test]
fn faults_of_form_come_in_order() {
    let columns = columns(&["notified", "permits", "stays", "citizenship"], DateFormat::Iso);
    let faults = row(&columns, ["no", "visa;trp", "2026", "RU"]).expect_err("a bad row");
    let told: Vec<(&str, u16, usize)> =
        faults.iter().map(|fault| (&*fault.column, fault.fault.span.text, fault.fault.span.range().start)).collect();
    assert_eq!(told, [("permits", 2, 0), ("permits", 2, 5), ("stays", 3, 0)]);
}

// ---- A row and a profile ----

/// A row and the profile with the same facts in JSON are one person, or are refused for the same reasons.
#[test]
fn a_row_is_the_same_person_as_in_json() {
    let mut dice = Dice(20_261_122);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..3_000 {
        let twin = Twin::random(&mut dice, today());
        let names: Vec<&str> = twin.cells.iter().map(|(name, _)| *name).collect();
        let columns = columns(&names, twin.dates);
        let cells = twin.cells.iter().map(|(_, cell)| &**cell);
        let of_row = columns.profile(cells, &reader(), &mut Buffers::default());
        let text = Value::Object(twin.json).to_string();
        match (of_row, of_json(&text)) {
            (Ok(of_row), Ok(of_json)) => {
                assert_eq!(of_row, of_json, "{:?} {text}", twin.cells);
                good += 1;
            }
            (Err(of_row), Err(of_json)) => {
                let reasons = |faults: Vec<Fault>| {
                    // Each quotes what stands there, and days stand in a row in another form.
                    let known = |(name, _): &(&str, String)| *name != "found";
                    let mut all: Vec<_> = faults
                        .into_iter()
                        .map(|fault| (fault.code, fault.params.into_iter().filter(known).collect::<Vec<_>>()))
                        .collect();
                    all.sort();
                    all
                };
                assert!(of_row.iter().all(|fault| !columns.attributed(fault.clone()).column.is_empty()));
                assert_eq!(reasons(of_row), reasons(of_json), "{:?} {text}", twin.cells);
                bad += 1;
            }
            (of_row, of_json) => panic!("{:?} {text}\n{of_row:?}\n{of_json:?}", twin.cells),
        }
    }
    assert!(good > 500 && bad > 500, "{good} good, {bad} bad");
}

// ---- Anything ----

/// Whatever stands in header and cells: no panic, and every fault has a column and a place inside its cell.
#[test]
fn no_row_makes_it_panic() {
    const PARTS: &str = "2026-11-02|2026-01-01|02.11.2026|02/11/2026|31.02.2026|..|..|;|;|:|/|/|30|visa|trp|no|true| |\
        \u{a0}|\u{feff}|é|😀|٣|-|T09:30|\"|,|\n|RU|passport";
    let parts: Vec<&str> = PARTS.split('|').collect();
    let cell = || {
        let of_parts = vec(proptest::sample::select(parts.clone()), 0..9).prop_map(|parts| parts.concat());
        prop_oneof![3 => of_parts, 1 => any::<String>()]
    };
    let all = all_names();
    let rows = (vec(cell(), all.len() - 2..all.len() + 3), any::<bool>());
    let headers = vec(prop_oneof![proptest::sample::select(all.clone()).prop_map(str::to_owned), cell()], 0..30);
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let told = runner.run(&(rows, headers), |((cells, is_iso), header)| {
        let dates = if is_iso { DateFormat::Iso } else { DateFormat::Dmy };
        let layout = Arc::new(Layout::of(dates, Rows::People));
        if let Err(BadHeader { faults, .. }) = Columns::read(header.iter().map(|name| &**name), &layout) {
            prop_assert!(faults.iter().all(|fault| !fault.column.is_empty()));
            for ColumnFault { fault, .. } in faults.iter().filter(|fault| fault.fault.span.text > 0) {
                prop_assert!(header[usize::from(fault.span.text) - 1].get(fault.span.range()).is_some());
            }
        }
        let columns = columns(&all, dates);
        let read = columns.profile(cells.iter().map(|cell| &**cell), &reader(), &mut Buffers::default());
        for fault in read.err().into_iter().flatten() {
            let number = usize::from(fault.span.text);
            let is_inside = number == 0
                || cells
                    .get(number - 1)
                    .map_or(fault.span.range() == (0..0), |cell| cell.get(fault.span.range()).is_some());
            prop_assert!(is_inside, "{:?} {:?}", fault, cells);
            prop_assert!(!columns.attributed(fault).column.is_empty());
        }
        Ok(())
    });
    told.unwrap_or_else(|error| panic!("{error}"));
}

/// A header that is no header is told within moments, without a suggestion for each of its cells.
#[test]
fn a_header_of_many_columns_is_told() {
    let names = vec!["citizenshop"; 200_000];
    let faults = Columns::read(names, &Arc::default()).expect_err("no header").faults;
    assert_eq!(faults.len(), 200_001);
    assert_eq!(faults.iter().filter(|fault| param(&fault.fault, "suggestion").is_some()).count(), 100);
}

// ---- Template ----

/// Reads a list; every row must be good.
fn rows_of(list: &str) -> Vec<Profile> {
    let mut table = csv::ReaderBuilder::new().from_reader(list.as_bytes());
    let columns = Columns::read(table.headers().expect("a header"), &Arc::default()).expect("a good header");
    let rows = table.records().map(|row| {
        let row = row.expect("a row");
        columns.profile(&row, &reader(), &mut Buffers::default()).expect("a good row")
    });
    rows.collect()
}

/// The template is a good list with all columns, in the words of the pack.
#[test]
fn the_template_is_a_good_list() {
    let list = template(&RULES.vocabulary, today(), "RU");
    let header: Vec<&str> = list.lines().next().expect("a header").split(',').collect();
    assert_eq!(header, all_names());
    let rows = rows_of(&list);
    let ids: Vec<&str> = rows.iter().filter_map(|profile| profile.id.as_deref()).collect();
    assert_eq!(ids, ["example-1", "example-2", "example-3"]);
    let stays: Vec<usize> = rows.iter().map(|profile| profile.applicant.stays.len()).collect();
    assert_eq!(stays, [1, 2, 1]);
    assert_eq!(rows[1].applicant.permits.len(), 1);
}

/// A pack without words for a column has a template without the column; words that need quotes get them.
#[test]
fn the_template_has_only_what_the_pack_has_words_for() {
    let mut vocabulary = RULES.vocabulary.clone();
    vocabulary.employers = vec![].into();
    vocabulary.filing_channels = vec![].into();
    vocabulary.permits = vec![].into();
    vocabulary.documents = vec![].into();
    vocabulary.housing_owners = vec!["one, \"two\"".into()].into();
    let list = template(&vocabulary, today(), "RU");
    let mut reader = csv::ReaderBuilder::new().from_reader(list.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    for gone in ["employment.employer", "filing.channel", "filing.on", "permits", "documents_held"] {
        assert!(!names.iter().any(|name| name == gone), "{gone}");
    }
    let owner = names.iter().position(|name| name == "housing.owner").expect("the column of the owner");
    let owners: Vec<String> = reader.records().map(|row| row.expect("a row")[owner].to_owned()).collect();
    assert_eq!(owners, ["", "one, \"two\"", ""]);
}
