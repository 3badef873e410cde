//! `batch`: a line in, a line out: the same answers as `check`, in the order of the list, whatever the number
//! of workers; nothing is lost, no line shifts, whatever a line holds.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::support::rows::{row_of, sorted};
use crate::support::{TODAY_FLAG, folders, list, run, text_of};
use serde_json::{Value as Json, json};

fn batch(arguments: &[&str], stdin: &[u8]) -> run::Ran {
    run::run(&[&["batch"], arguments, &TODAY_FLAG].concat(), stdin)
}

fn rows(ran: &run::Ran) -> Vec<Json> {
    ran.stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn rows_are_those_of_check_in_the_order_of_the_list() {
    let people = list(400);
    let ran = batch(&[], text_of(&people).as_bytes());
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    let rows = rows(&ran);
    assert_eq!(rows.len(), people.len());
    for (at, (row, person)) in rows.iter().zip(&people).enumerate() {
        assert_eq!((&row["line"], &row["id"]), (&json!(at + 1), &person["id"]));
        if at % 8 > 0 {
            continue;
        }
        let check =
            run::run(&["check", "-", "--format", "json", TODAY_FLAG[0], TODAY_FLAG[1]], person.to_string().as_bytes());
        let answer: Json = serde_json::from_str(&check.stdout).expect("JSON");
        let line = u64::try_from(at + 1).expect("a line");
        assert_eq!(sorted(row.clone()), row_of(line, &answer), "{person}");
    }
}

#[test]
fn full_rows_are_the_whole_answer_of_check() {
    let people = list(40);
    let ran = batch(&["--full"], text_of(&people).as_bytes());
    for (row, person) in rows(&ran).iter().zip(&people) {
        let check =
            run::run(&["check", "-", "--format", "json", TODAY_FLAG[0], TODAY_FLAG[1]], person.to_string().as_bytes());
        assert_eq!(*row, serde_json::from_str::<Json>(&check.stdout).expect("JSON"), "{person}");
    }
}

#[test]
fn the_bytes_are_the_same_for_any_number_of_workers() {
    let text = text_of(&list(5_000));
    let one = batch(&["--jobs", "1"], text.as_bytes());
    for jobs in ["2", "3", "8"] {
        let other = batch(&["--jobs", jobs], text.as_bytes());
        assert!(one.stdout == other.stdout, "{jobs} workers write something else");
    }
}

#[test]
fn a_line_that_cannot_be_read_gives_a_row_and_the_rest_goes_on() {
    let good = |at: usize| format!("{{\"id\":\"good-{at}\",\"citizenship\":\"RU\"}}\n");
    let lines: Vec<(&[u8], &str)> = vec![
        (br#"{"id":"a","citizenship":"RUU"}"#, "column 25: no country `RUU`"),
        (br#"{"id":"b","citizenship":"RU","porpose":"study"}"#, "did you mean `purpose`?"),
        (br#"{"id":"c","citizenship":"RU","stays":[{"entry":"2026-02-30"}]}"#, "2026-02-30"),
        (br#"{"id":"d","citizenship":"RU""#, "[syntax]"),
        (br#"{"id":"e","citizenship":"RU","citizenship":"DE"}"#, "stands twice"),
        (b"[1, 2]", "column 1: "),
        (b"\x00", "[syntax]"),
        (b"{\"id\":\"f\xFF\",\"citizenship\":\"RU\"}", "not UTF-8"),
        (b"null", "column 1: "),
    ];
    let mut text = Vec::new();
    for (at, (line, _)) in lines.iter().enumerate() {
        text.extend_from_slice(line);
        text.extend_from_slice(b"\r\n");
        text.extend_from_slice(good(at).as_bytes());
    }
    text.extend_from_slice(b"\n   \n{\"id\":\"last\",\"citizenship\":\"DE\"}");
    let ran = batch(&[], &text);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    assert_eq!(ran.stderr.trim_end(), "9 lines could not be read; nothing was assessed for them");
    let rows = rows(&ran);
    assert_eq!(rows.len(), 2 * lines.len() + 1);
    for (at, (line, error)) in lines.iter().enumerate() {
        let row = &rows[2 * at];
        assert_eq!((&row["line"], &row["status"]), (&json!(2 * at + 1), &json!("error")), "{row}");
        let said = row["error"].as_str().unwrap_or_default();
        assert!(said.contains(error), "{}: {said}", String::from_utf8_lossy(line));
        assert_eq!(rows[2 * at + 1]["id"], format!("good-{at}"));
    }
    assert_eq!(rows[0]["id"], "a", "an id that can be seen is told");
    let last = rows.last().expect("a row");
    assert_eq!((&last["line"], &last["id"]), (&json!(2 * lines.len() + 3), &json!("last")));
}

#[test]
fn a_line_longer_than_allowed_gives_a_row_and_shifts_nothing() {
    let long = format!("{{\"id\":\"long\",\"citizenship\":\"RU\",\"name\":\"{}\"}}", "x".repeat(600_000));
    let text =
        format!("{{\"id\":\"1\",\"citizenship\":\"RU\"}}\n{long}\n{{\"id\":\"3\",\"citizenship\":\"RU\"}}\n{long}");
    for jobs in ["1", "2"] {
        let ran = batch(&["--max-line", "100000", "--jobs", jobs], text.as_bytes());
        let told: Vec<(Json, Json)> =
            rows(&ran).into_iter().map(|row| (row["line"].clone(), row["status"].clone())).collect();
        let wanted = [(1, "ok"), (2, "error"), (3, "ok"), (4, "error")];
        assert_eq!(told, wanted.map(|(line, status)| (json!(line), json!(status))), "{}", ran.stderr);
    }
}

#[test]
fn with_on_error_stop_the_first_bad_line_is_the_last_row() {
    let text = "{\"citizenship\":\"RU\"}\n{}\n{\"citizenship\":\"RU\"}\n";
    for jobs in ["1", "2"] {
        let ran = batch(&["--on-error", "stop", "--jobs", jobs], text.as_bytes());
        assert_eq!((ran.status, rows(&ran).len()), (Some(4), 2), "{}", ran.stdout);
    }
}

#[test]
fn filters_leave_out_rows_and_keep_their_lines() {
    let people = list(300);
    let all = rows(&batch(&[], text_of(&people).as_bytes()));
    let bad = rows(&batch(&["--only", "violation,unknown"], text_of(&people).as_bytes()));
    let wanted: Vec<&Json> =
        all.iter().filter(|row| row["status"] == "violation" || row["status"] == "unknown").collect();
    assert!(wanted.len() > 20, "the list has too few");
    assert_eq!(bad.iter().collect::<Vec<_>>(), wanted);
    let soon = rows(&batch(&["--within", "14d"], text_of(&people).as_bytes()));
    assert!(!soon.is_empty() && soon.len() < all.len(), "{} of {}", soon.len(), all.len());
    assert!(soon.iter().all(|row| all.contains(row)));
}

#[test]
fn packed_lists_and_several_files_are_read() {
    let folder = folders::scratch("batch-packed");
    fs::create_dir_all(&folder).expect("a folder");
    let text = text_of(&list(50));
    let plain = folder.join("staff.ndjson");
    fs::write(&plain, &text).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).expect("packed");
    let gzip = folder.join("staff.ndjson.gz");
    fs::write(&gzip, packed.finish().expect("packed")).expect("a file");
    let zst = folder.join("staff.ndjson.zst");
    fs::write(&zst, zstd::encode_all(text.as_bytes(), 1).expect("packed")).expect("a file");
    let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    let wanted = batch(&[&path(&plain)], b"").stdout;
    assert_eq!(wanted.lines().count(), 50);
    for other in [&gzip, &zst] {
        assert!(batch(&[&path(other)], b"").stdout == wanted, "{}", other.display());
    }
    let both = rows(&batch(&[&path(&plain), &path(&gzip)], b""));
    assert_eq!(both.len(), 100);
    assert_eq!((&both[99]["file"], &both[99]["line"]), (&json!(path(&gzip)), &json!(50)));
    let none = batch(&[&path(&folder.join("none.ndjson"))], b"");
    assert_eq!(none.status, Some(4), "{}", none.stderr);
}

#[test]
fn a_csv_row_and_a_summary_say_the_same() {
    let text = text_of(&list(200));
    let all = rows(&batch(&[], text.as_bytes()));
    let csv = batch(&["--format", "csv"], text.as_bytes());
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
    assert_eq!(records.len(), all.len());
    for (record, row) in records.iter().zip(&all) {
        let why: Vec<&str> = row["why"].as_array().expect("a list").iter().filter_map(Json::as_str).collect();
        assert_eq!(record.get(5).unwrap_or_default(), why.join(";"));
        assert_eq!(record.get(8).unwrap_or_default(), row["last_day"].as_str().unwrap_or_default());
    }
    let summary = batch(&["--format", "summary"], text.as_bytes()).stdout;
    let violations = all.iter().filter(|row| row["status"] == "violation").count();
    assert!(summary.starts_with("200 people\n"), "{summary}");
    let line = summary.lines().find(|line| line.trim_start().starts_with("VIOLATION")).unwrap_or_default();
    assert!(line.ends_with(&format!(" {violations}")), "{summary}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut child = run::command(run::PROGRAM)
        .args(["batch", "--today", "2026-11-22"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("stdin");
    let text = text_of(&list(3_000));
    // The program may be gone before all is written.
    let _ = stdin.write_all(text.as_bytes());
    drop(stdin);
    let ran = child.wait_with_output().expect("an end");
    assert_eq!((ran.status.code(), String::from_utf8_lossy(&ran.stderr).as_ref()), (Some(0), ""));
}

/// Every beginning of a list gives a row for each line that it holds some of.
#[test]
fn every_prefix_of_a_list_gives_its_rows() {
    let text = text_of(&list(3));
    let text = text.as_bytes();
    for end in (0..text.len()).step_by(7) {
        let ran = batch(&["--jobs", "1"], &text[..end]);
        let lines = text[..end].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
        assert_eq!(rows(&ran).len(), lines, "{end} bytes");
    }
}

/// The columns of a spreadsheet for a person of the generator.
fn csv_row(person: &Json) -> Vec<String> {
    let text = |pointer: &str| person.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
    let runs = |key: &str, from: &str, until: &str| {
        let all = person[key].as_array().into_iter().flatten().map(|item| {
            let kind = item["kind"].as_str().map_or_else(String::new, |kind| format!("{kind}:"));
            format!("{kind}{}..{}", item[from].as_str().unwrap_or_default(), item[until].as_str().unwrap_or_default())
        });
        all.collect::<Vec<_>>().join(";")
    };
    vec![
        text("/id"),
        text("/citizenship"),
        runs("stays", "entry", "exit"),
        runs("permits", "from", "until"),
        text("/purpose"),
        text("/employment/employer"),
    ]
}

const CSV_HEADER: [&str; 6] = ["id", "citizenship", "stays", "permits", "purpose", "employment.employer"];

#[test]
fn a_table_gives_the_same_answers_as_json() {
    let people = list(300);
    let wanted = rows(&batch(&[], text_of(&people).as_bytes()));
    for delimiter in [b',', b';', b'\t'] {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(CSV_HEADER).expect("a header");
        for person in &people {
            writer.write_record(csv_row(person)).expect("a row");
        }
        let text = writer.into_inner().expect("a table");
        let ran = batch(&["--input-format", "csv"], &text);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let got = rows(&ran);
        assert_eq!(got.len(), wanted.len());
        for (got, wanted) in got.iter().zip(&wanted) {
            let mut wanted = wanted.clone();
            wanted["line"] = json!(wanted["line"].as_u64().expect("a line") + 1);
            assert_eq!(*got, wanted);
        }
    }
}

#[test]
fn what_excel_writes_in_kazakhstan_is_read_when_asked_for() {
    let text = "id;name;citizenship;stays;notified\r\n1;Алия;Россия;02.11.2026..;04.11.2026\r\n\"2\";\"Иван \"\"Ваня\"\"\nПетров\";Германия;01.10.2026..20.10.2026;\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let flags = ["--input-format", "csv", "--encoding", "windows-1251", "--date-format", "dmy"];
    let ran = batch(&flags, &bytes);
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
    let rows = rows(&ran);
    assert_eq!((&rows[0]["last_day"], &rows[0]["notify_status"]), (&json!("2027-01-30"), &json!("done")));
    assert_eq!((&rows[1]["line"], &rows[1]["stay"]), (&json!(3), &json!("outside")));
    let plain = batch(&["--input-format", "csv"], &bytes);
    assert_eq!(plain.status, Some(4), "nothing is guessed: {}", plain.stdout);
}

#[test]
fn faults_of_a_table_name_the_column() {
    let blank = "id,citizenship\n\n1,RU\n\n\n2,RU";
    let lines: Vec<Json> =
        rows(&batch(&["--input-format", "csv"], blank.as_bytes())).iter().map(|row| row["line"].clone()).collect();
    assert_eq!(lines, [3, 6].map(|line| json!(line)), "blank lines are counted");
    let text = "id,citizenship,stays\n1,RUU,2026-11-02..\n2,RU,2026-11-02\n3,RU,2026-11-05..2026-11-01\n4,RU\n5,RU,\n";
    let ran = batch(&["--input-format", "csv"], text.as_bytes());
    assert_eq!(ran.status, Some(4), "{}", ran.stdout);
    let rows = rows(&ran);
    let wanted = [
        ("1", "column citizenship: no country `RUU`"),
        ("2", "column stays: "),
        ("3", "column stays: "),
        ("4", "cells"),
    ];
    for (row, (id, error)) in rows.iter().zip(wanted) {
        assert_eq!(row["id"], id, "{row}");
        assert!(row["error"].as_str().is_some_and(|said| said.contains(error)), "{row}");
    }
    assert_eq!((&rows[4]["line"], &rows[4]["status"]), (&json!(6), &json!("ok")), "{}", rows[4]);
    let header = batch(&["--input-format", "csv"], b"id,citizenshop\n1,RU\n");
    assert_eq!(header.status, Some(4));
    assert!(header.stdout.contains("did you mean `citizenship`?"), "{}", header.stdout);
}

#[test]
fn the_template_is_a_good_list() {
    let template = batch(&["--template", "csv"], b"");
    assert_eq!(template.status, Some(0), "{}", template.stderr);
    let ran = batch(&["--input-format", "csv"], template.stdout.as_bytes());
    assert_eq!((ran.status, rows(&ran).len()), (Some(0), 3), "{}{}", ran.stdout, ran.stderr);
}

/// Somebody who writes a line and waits for its row has it before the next line.
#[test]
fn a_line_is_answered_as_soon_as_it_is_there() {
    for jobs in ["1", "2"] {
        let mut child = run::command(run::PROGRAM)
            .args(["batch", "--jobs", jobs])
            .args(TODAY_FLAG)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let mut rows = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        for number in 1..=3 {
            // Without its end a line is not there yet.
            stdin.write_all(br#"{"citizenship":"RU"}"#).expect("the line is taken");
            stdin.write_all(b"\n").expect("its end is taken");
            let row: Json = serde_json::from_str(&rows.next().expect("a row").expect("a text")).expect("JSON");
            assert_eq!(row["line"], json!(number));
        }
        drop(stdin);
        assert!(rows.next().is_none(), "more rows than lines");
        assert!(child.wait().expect("it ends").success());
    }
}
