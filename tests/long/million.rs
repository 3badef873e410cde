//! A long staff list: each row says, value for value, what `check --format json` says of that person alone; the
//! order is kept, and any number of workers writes the same bytes.
//!
//! Some thousand people in the ordinary run; a million with `TRP_CHECK_LONG=1 cargo test --release --test long`.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{ChildStdin, Stdio};
use std::thread;

use crate::support::cores::on_all_cores;
use crate::support::people::people;
use crate::support::rows::{row_of, sorted};
use crate::support::run;
use serde_json::Value as Json;

/// How many people the list has, and how many of them are compared.
fn size() -> (u64, u64) {
    if std::env::var_os("TRP_CHECK_LONG").is_some() { (1_000_000, 10_000) } else { (20_000, 200) }
}

/// A person of the list and the row about it, as text, with the number of its line.
type Pair = (u64, String, String);

/// Every `step`-th of so many people with its row, as these workers write it; and all bytes in one number.
fn told(people: u64, step: u64, jobs: &str) -> (Vec<Pair>, u64) {
    let mut child = run::command(run::PROGRAM)
        .args(["batch", "--today", "2026-11-22", "--jobs", jobs])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a run");
    let stdin = child.stdin.take().expect("stdin");
    let writer = thread::spawn(move || write(stdin, people, step));
    let mut rows = Vec::new();
    let mut count = 0;
    let mut all = FNV_START;
    for line in BufReader::new(child.stdout.take().expect("stdout")).lines() {
        let line = line.expect("UTF-8");
        for byte in line.bytes().chain([b'\n']) {
            all = (all ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
        }
        let head = format!("{{\"line\":{},\"id\":\"{count}\",", count + 1);
        assert!(line.starts_with(&head), "after {count} rows: {line}");
        if count % step == 0 {
            rows.push((count + 1, line));
        }
        count += 1;
    }
    let sample = writer.join().expect("the list");
    assert!(child.wait().expect("an end").success());
    assert_eq!(count, people, "rows are missing");
    (rows.into_iter().zip(sample).map(|((line, row), person)| (line, person, row)).collect(), all)
}

/// All bytes in one number, in the manner of Fowler, Noll and Vo.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// Writes the list, and keeps every `step`-th person.
fn write(stdin: ChildStdin, count: u64, step: u64) -> Vec<String> {
    let mut stdin = BufWriter::new(stdin);
    let mut sample = Vec::new();
    for (number, person) in (0..count).zip(people()) {
        let person = person.to_string();
        writeln!(stdin, "{person}").expect("the program reads on");
        if number % step == 0 {
            sample.push(person);
        }
    }
    stdin.flush().expect("the program reads on");
    sample
}

#[test]
fn a_long_list_is_told_as_check_tells_each_person() {
    let (people, compared) = size();
    // No step that a rule of the generator could share.
    let (sample, one) = told(people, people / compared - 1, "1");
    assert!(sample.len() as u64 >= compared);
    let (_, two) = told(people, people, "2");
    assert_eq!(one, two, "two workers write something else");
    let seen = |key: &str| {
        let is_told = |(_, _, row): &&Pair| !serde_json::from_str::<Json>(row).expect("JSON")[key].is_null();
        sample.iter().filter(is_told).count()
    };
    for key in ["last_day", "days_left", "used", "notify_by", "notify_status", "trp", "file_by"] {
        assert!(seen(key) > 10, "hardly a row of the sample has {key}");
    }
    let differing = on_all_cores(&sample, |(line, person, row)| {
        let check = run::run(&["check", "-", "--format", "json", "--today", "2026-11-22"], person.as_bytes());
        assert!(matches!(check.status, Some(0 | 1 | 3)), "{person}: {}", check.stderr);
        let answer: Json = serde_json::from_str(&check.stdout).expect("JSON");
        let row = sorted(serde_json::from_str(row).expect("JSON"));
        let wanted = row_of(*line, &answer);
        if row == wanted { Vec::new() } else { vec![format!("{person}\n  batch {row}\n  check {wanted}")] }
    });
    assert!(
        differing.is_empty(),
        "{} rows differ:\n{}",
        differing.len(),
        differing[..differing.len().min(3)].join("\n")
    );
}
