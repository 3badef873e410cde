//! Whatever a staff list holds, and however its bytes come: a row for each line, with the line's own number and the
//! answer of that line alone. Thousands of lists go through the library as the program does it.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use crate::support::lists;
use crate::support::lists::{check_lines, check_table};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use trp_check::render::Format as Form;

const LINES: &str = r#"{"id":"1","citizenship":"RU","stays":[{"entry":"2026-11-02","notified":"2026-11-04"}]}
{"id":"2","citizenship":"DE","name":"J\u00fcrgen 😀","stays":[{"entry":"2026-01-10","exit":"2026-01-20"}]}

{"id":"4","citizenship":"UZ","purpose":"employment","employment":{"employer":"astana-hub"}}
{"id":"bad","citizenship":"RUU"}
{"id":"6","citizenship":"CN","permits":[{"kind":"visa","from":"2026-10-01","until":"2027-03-01"}]}
{"id":"7","citizenship":"IN"}
"#;

const TABLE: &str = "id,name,citizenship,stays,notified,permits\n\
    1,,RU,2026-11-02..,2026-11-04,\n\
    2,\"Jürgen \"\"J\"\"\nMüller\",DE,2026-01-10..2026-01-20,,\n\
    \n\
    4,\"a, b\",UZ,,,trp:2026-01-01..2026-12-31\n\
    bad,,RUU,,,\n\
    6,,CN,2026-10-05..2026-10-20;2026-11-05..,no,\"visa:2026-10-01..2027-03-01\"\n\
    7,short\n";

/// A change of a list, at places given as parts of its length.
#[derive(Clone, Debug)]
enum Change {
    Truncate(usize),
    Flip(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    /// Puts a piece of the list in at another place.
    Splice(usize, usize, usize),
    SwapLines(usize, usize),
    /// Every line feed gets a carriage return before it.
    CarriageReturns,
    /// Every line feed becomes a carriage return.
    OnlyCarriageReturns,
    Mark,
}

/// Bytes that mean something to a reader of lists.
const TELLING: [&[u8]; 16] = [
    b"\n",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"\0",
    b"\xFF",
    b"\xEF\xBB\xBF",
    b"\xE2\x80\xA8",
    b"\"",
    b"\"\"",
    b",\"",
    b"\",",
    b";",
    b"{",
    b"}",
    b"   \n",
];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<usize>;
    prop_oneof![
        1 => at().prop_map(Change::Truncate),
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        1 => (at(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        4 => (at(), proptest::sample::select(&TELLING[..])).prop_map(|(at, bytes)| Change::Insert(at, bytes.to_vec())),
        2 => (at(), 1..60_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => (at(), at(), 1..200_usize).prop_map(|(from, to, count)| Change::Splice(from, to, count)),
        1 => (at(), at()).prop_map(|(one, other)| Change::SwapLines(one, other)),
        1 => Just(Change::CarriageReturns),
        1 => Just(Change::OnlyCarriageReturns),
        1 => Just(Change::Mark),
    ]
}

fn apply(list: &mut Vec<u8>, change: &Change) {
    let length = list.len();
    if length == 0 {
        return;
    }
    match change {
        Change::Truncate(at) => list.truncate(at % length),
        Change::Flip(at, byte) => list[at % length] ^= byte,
        Change::Insert(at, new) => drop(list.splice(at % length..at % length, new.iter().copied())),
        Change::Remove(at, count) => drop(list.drain(at % length..(at % length + count).min(length))),
        Change::Splice(from, to, count) => {
            let piece = list[from % length..(from % length + count).min(length)].to_vec();
            list.splice(to % length..to % length, piece);
        }
        Change::SwapLines(one, other) => {
            let mut lines: Vec<&[u8]> = list.split(|byte| *byte == b'\n').collect();
            let count = lines.len();
            lines.swap(one % count, other % count);
            *list = lines.join(&b'\n');
        }
        Change::CarriageReturns => {
            *list = list.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]);
        }
        Change::OnlyCarriageReturns => {
            list.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b'\r');
        }
        Change::Mark => drop(list.splice(0..0, *b"\xEF\xBB\xBF")),
    }
}

/// How the bytes come: at once, or some at a time, with interruptions.
fn steps() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![Just(Vec::new()), vec(0..20_usize, 1..8), vec(0..2_000_usize, 1..8)]
}

/// How long a line may be: as usual, or hardly a line.
fn longest() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(16 << 20), 2 => 0..200_usize]
}

/// A runner that does the same every time.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[23; 32]))
}

fn both(list: &[u8], longest: usize, steps: &[usize]) {
    check_lines(list, longest, steps);
    check_table(list, longest, steps);
}

/// What is changed below begins with lists that are read but for the lines that say so.
#[test]
fn the_unchanged_lists_are_read() {
    for (list, form, lines) in [(LINES, Form::Ndjson, [(1, "1"), (2, "2"), (4, "4"), (6, "6"), (7, "7")]), {
        (TABLE, Form::Csv, [(2, "1"), (3, "2"), (6, "4"), (8, "6"), (0, "")])
    }] {
        let (rows, _) = lists::told(list.as_bytes(), lists::reading(form, usize::MAX));
        let good = rows.iter().filter(|row| row["status"] != "error");
        let told: Vec<_> = good.map(|row| (row["line"].clone(), row["id"].clone())).collect();
        let wanted = lines.into_iter().filter(|(line, _)| *line > 0);
        assert_eq!(told, wanted.map(|(line, id)| (line.into(), id.into())).collect::<Vec<_>>());
        both(list.as_bytes(), usize::MAX, &[]);
    }
}

#[test]
fn random_bytes_lose_no_row() {
    let byte = prop_oneof![3 => any::<u8>(), 2 => proptest::sample::select(b"\n\r\",;\t {}:".to_vec())];
    let inputs = (vec(byte, 0..300), longest(), steps());
    let outcome = runner(2_000).run(&inputs, |(list, longest, steps)| -> TestCaseResult {
        both(&list, longest, &steps);
        // Behind a good header all of it is rows.
        check_table(&[b"id,citizenship\n", &*list].concat(), longest.max(20), &steps);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn changed_lists_lose_no_row() {
    let good = Cell::new(0_u32);
    let inputs = (vec(change(), 1..5), longest(), steps());
    let outcome = runner(1_000).run(&inputs, |(changes, longest, steps)| -> TestCaseResult {
        let mut list = LINES.as_bytes().to_vec();
        let mut table = TABLE.as_bytes().to_vec();
        for change in &changes {
            apply(&mut list, change);
            apply(&mut table, change);
        }
        check_lines(&list, longest, &steps);
        check_table(&table, longest, &steps);
        let (rows, _) = lists::told(&table[..], lists::reading(Form::Csv, longest));
        good.set(good.get() + u32::from(rows.iter().any(|row| row["status"] != "error")));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(good.get() > 200, "only {} tables were left with a good row", good.get());
}

#[test]
fn every_prefix_loses_no_row() {
    for list in [LINES, TABLE] {
        let crlf = list.replace('\n', "\r\n");
        for text in [list, &crlf] {
            for end in 0..=text.len() {
                both(&text.as_bytes()[..end], 16 << 20, &[]);
            }
        }
    }
}

/// Lists of many blocks, whatever stands where one block ends and the next begins.
#[test]
fn long_lists_lose_no_row() {
    let inputs = (vec(change(), 0..30), longest(), steps(), 1..40_usize);
    let outcome = runner(10).run(&inputs, |(changes, longest, steps, shift)| -> TestCaseResult {
        let (header, records) = TABLE.split_once('\n').expect("a header");
        let mut list = [&" ".repeat(shift), "\n", &LINES.repeat(300)].concat().into_bytes();
        let mut table = format!("{header}\n{}", records.repeat(500)).into_bytes();
        for change in changes.iter().filter(|change| !matches!(change, Change::Truncate(_))) {
            apply(&mut list, change);
            apply(&mut table, change);
        }
        check_lines(&list, longest, &steps);
        check_table(&table, longest, &steps);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// The seeds of the fuzz target, and whatever it has found.
#[test]
fn the_seeds_of_the_fuzz_target_lose_no_row() {
    let seeds = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds")).expect("the seeds");
    let seeds: Vec<Vec<u8>> = seeds.map(|seed| fs::read(seed.expect("a seed").path()).expect("a seed")).collect();
    assert!(seeds.len() >= 8, "seeds are missing");
    seeds.iter().for_each(|seed| lists::check_any(seed));
}

/// The longest line that is allowed is read, a byte more is not, wherever the blocks end.
#[test]
fn the_length_of_a_line_is_counted_without_its_end() {
    let name = "x".repeat(100_000);
    let line = format!(r#"{{"id":"1","citizenship":"RU","name":"{name}"}}"#);
    let record = format!("1,{name},RU");
    for end in ["\n", "\r\n", ""] {
        for (length, is_read) in [(0, true), (1, false)] {
            let form = Form::Ndjson;
            let (rows, _) = lists::told(format!("{line}{end}").as_bytes(), lists::reading(form, line.len() - length));
            assert_eq!(rows[0]["status"] != "error", is_read, "{rows:?}");
            let form = Form::Csv;
            let table = format!("id,name,citizenship{end}{}{record}{end}", if end.is_empty() { "\r" } else { "" });
            let (rows, _) = lists::told(table.as_bytes(), lists::reading(form, record.len() - length));
            assert_eq!(rows[0]["status"] != "error", is_read, "{rows:?}");
        }
    }
}

/// A quotation mark that is never closed does not make the rest of the list somebody's name without a word.
#[test]
fn a_quotation_mark_that_is_never_closed_is_told() {
    let form = Form::Csv;
    let (rows, _) = lists::told(&b"id,citizenship,name\n1,RU,\"Ivan\n2,DE,Jo\n"[..], lists::reading(form, 1_000));
    assert_eq!((rows.len(), &rows[0]["id"], &rows[0]["line"]), (1, &"1".into(), &2.into()), "{rows:?}");
    let said = rows[0]["error"].as_str().unwrap_or_default();
    assert!(said.starts_with("column name: ") && said.contains("never closed"), "{said}");
}

/// An id that can be seen is told, though the line is not UTF-8.
#[test]
fn the_id_of_a_line_that_is_not_utf_8_is_told() {
    let form = Form::Ndjson;
    let list =
        &b"{\"id\":\"7\",\"name\":\"\xFF\",\"citizenship\":\"RU\"}\n{\"id\":\"\xFF\",\"citizenship\":\"RU\"}"[..];
    let (rows, _) = lists::told(list, lists::reading(form, 1_000));
    assert_eq!((&rows[0]["id"], &rows[1]["id"]), (&"7".into(), &serde_json::Value::Null));
    let form = Form::Csv;
    let list = &b"name,citizenship,id\n\xFF,RU,7\n\xFF,RU,\"7\n"[..];
    let (rows, _) = lists::told(list, lists::reading(form, 1_000));
    assert_eq!((&rows[0]["id"], &rows[1]["id"]), (&"7".into(), &serde_json::Value::Null));
}
