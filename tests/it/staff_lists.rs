//! Staff lists as people have them. The files stand in `tests/lists`; `make.py` made the workbooks.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use crate::support::run::{Ran, root};
use crate::support::{folders, run};
use calamine::Reader as _;
use serde_json::Value as Json;

const TODAY: &str = "2026-11-23";

fn batch(file: &str, flags: &[&str]) -> Ran {
    let path = root().join("tests/lists").join(file);
    let path = path.to_str().expect("UTF-8");
    run::run(&[&["batch", path, "--today", TODAY], flags].concat(), b"")
}

fn piped(bytes: &[u8], flags: &[&str]) -> Ran {
    run::run(&[&["batch", "--today", TODAY], flags].concat(), bytes)
}

fn bytes_of(file: &str) -> Vec<u8> {
    fs::read(root().join("tests/lists").join(file)).expect("a list")
}

fn rows(ran: &Ran) -> Vec<Json> {
    let row = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    ran.stdout.lines().map(row).collect()
}

/// The rows without their lines, by id.
fn by_id(ran: &Ran) -> Vec<Json> {
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let mut rows = rows(ran);
    rows.sort_by_key(|row| row["id"].to_string());
    rows.iter_mut().for_each(|row| row["line"] = Json::Null);
    rows
}

fn columns(file: &str) -> String {
    root().join("tests/lists").join(file).to_str().expect("UTF-8").to_owned()
}

/// A file in a folder of its own; its path.
fn written(folder: &str, name: &str, bytes: &[u8]) -> String {
    let folder = folders::scratch(folder);
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

fn error(row: &Json) -> &str {
    assert_eq!(row["status"], "error", "{row}");
    row["error"].as_str().expect("what is wrong")
}

// ---- Rows that are stays ----

/// 46 days and 56 days of the same person are 12 days more than 90 in 180.
#[test]
fn one_row_per_stay_is_one_person_where_it_is_said_and_an_error_where_it_is_not() {
    let ran = batch("one-row-per-stay.csv", &[]);
    assert_eq!(ran.status, Some(4));
    let told = rows(&ran);
    assert_eq!(told.len(), 3);
    assert!(error(&told[2]).starts_with("duplicate-person: this id stands in line 2 already"), "{}", told[2]);
    assert!(error(&told[2]).contains("--rows stays"));
    assert_eq!((&told[2]["line"], &told[2]["id"]), (&Json::from(4), &Json::from("a")));

    let ran = run::run(&["batch", &columns("one-row-per-stay.csv"), "--rows", "stays", "--today", "2026-04-25"], b"");
    let told = rows(&ran);
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0]["id"], &told[0]["status"]), (&Json::from("a"), &Json::from("violation")));
    assert_eq!((&told[0]["days_over"], &told[0]["line"]), (&Json::from(12), &Json::from(2)));
    assert_eq!(told[1]["status"], "ok");
}

/// The same answer, whatever number of workers finds an id again.
#[test]
fn an_id_is_found_again_across_blocks_and_workers() {
    let mut list = String::new();
    for number in 0..5_000 {
        let _ = writeln!(list, "{{\"id\":\"p{}\",\"citizenship\":\"RU\"}}", number % 4_000);
    }
    let one = piped(list.as_bytes(), &["--jobs", "1"]);
    let several = piped(list.as_bytes(), &["--jobs", "4"]);
    assert_eq!(one.stdout, several.stdout);
    let told = rows(&one);
    assert!(told[..4_000].iter().all(|row| row["status"] == "ok"));
    for (at, row) in told[4_000..].iter().enumerate() {
        assert!(error(row).contains(&format!("in line {} already", at + 1)), "{row}");
    }
    let summary = piped(list.as_bytes(), &["--summary"]);
    assert!(summary.stdout.contains("1000"), "{}", summary.stdout);
}

#[test]
fn an_id_may_stand_in_two_lists() {
    let list = b"{\"id\":\"a\",\"citizenship\":\"RU\"}\n";
    let paths = ["a.ndjson", "b.ndjson"].map(|name| written(name, name, list));
    let ran = run::run(&["batch", &paths[0], &paths[1], "--today", TODAY], b"");
    assert_eq!((ran.status, rows(&ran).len()), (Some(0), 2));
}

#[test]
fn rows_of_one_person_that_differ_are_an_error_and_so_is_a_row_without_id() {
    let ran = batch("rows-differ.csv", &["--rows", "stays"]);
    let told = rows(&ran);
    assert_eq!((ran.status, told.len()), (Some(4), 2));
    let said = error(&told[0]);
    assert!(said.starts_with("line 3: column citizenship: `RU` here, but `TR` in line 2"), "{said}");
    assert!(error(&told[1]).contains("has no id"), "{}", told[1]);
}

#[test]
fn rows_of_stays_are_not_asked_of_lines_of_json() {
    let ran = batch("people.ndjson", &["--rows", "stays"]);
    assert_eq!(ran.status, Some(4));
    assert!(error(&rows(&ran)[0]).contains("--rows stays reads tables"));
}

#[test]
fn an_exit_without_an_entry_is_an_error() {
    let list = "id,citizenship,crossed_on,crossed\na,RU,2026-11-02,in\nb,RU,2026-11-03,out\nc,RU,2026-11-04,over\n";
    let ran = piped(list.as_bytes(), &["--rows", "stays"]);
    let told = rows(&ran);
    assert_eq!(told[0]["status"], "action-needed");
    assert!(error(&told[1]).contains("`entry` is missing"), "{}", told[1]);
    assert!(error(&told[2]).contains("`over` is not known here; allowed: in, out"), "{}", told[2]);
}

/// Out and in again on one day are two stays; in and out on one day is one.
#[test]
fn crossings_of_one_day_are_put_in_the_order_that_can_be() {
    let list = "id,citizenship,crossed_on,crossed\na,RU,2026-11-02,in\na,RU,2026-11-10,in\na,RU,2026-11-10,out\na,RU,2026-11-20,out\n";
    let ran = piped(list.as_bytes(), &["--rows", "stays"]);
    assert_eq!(rows(&ran)[0]["used"], 19);
    let list = "id,citizenship,crossed_on,crossed\na,RU,2026-11-10,out\na,RU,2026-11-10,in\n";
    assert_eq!(rows(&piped(list.as_bytes(), &["--rows", "stays"]))[0]["used"], 1);
}

// ---- The same people in every form ----

#[test]
fn the_same_people_have_the_same_rows_in_every_form() {
    let wanted = by_id(&batch("people.csv", &[]));
    assert_eq!(wanted.len(), 40);
    for file in ["people.ndjson", "people.xlsx", "people.ods", "people.xls"] {
        let ran = batch(file, &[]);
        assert_eq!(ran.stdout, batch("people.csv", &[]).stdout, "{file}");
    }
    for file in ["stays.csv", "stays.xlsx"] {
        assert_eq!(by_id(&batch(file, &["--rows", "stays"])), wanted, "{file}");
    }
    let crossings = columns("crossings.toml");
    let flags = ["--rows", "stays", "--columns", &crossings, "--date-format", "dmy"];
    assert_eq!(by_id(&batch("crossings.csv", &flags)), wanted);
}

/// What a list is, is told by its bytes, not by its name.
#[test]
fn lists_on_stdin_and_in_packed_files_are_known_for_what_they_are() {
    let wanted = batch("people.csv", &[]).stdout;
    let table = bytes_of("people.csv");
    let utf16 = |bytes: &[u8]| -> Vec<u8> {
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let gzip = |bytes: &[u8]| -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).expect("packed");
        packed.finish().expect("packed")
    };
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).expect("packed");
    let workbook = bytes_of("people.xlsx");
    let forms = [
        ("a table", table.clone()),
        ("lines", bytes_of("people.ndjson")),
        ("gzip", gzip(&table)),
        ("zstd", zstd(&table)),
        ("UTF-16", utf16(&table)),
        ("packed UTF-16", gzip(&utf16(&table))),
        ("xlsx", workbook.clone()),
        ("packed xlsx", gzip(&workbook)),
        ("ods", bytes_of("people.ods")),
        ("xls", bytes_of("people.xls")),
    ];
    for (name, bytes) in forms {
        let ran = piped(&bytes, &[]);
        assert_eq!((ran.status, &*ran.stdout), (Some(0), &*wanted), "{name}: {}", ran.stderr);
    }
    let misnamed = written("misnamed", "people.ndjson", &workbook);
    let ran = run::run(&["batch", &misnamed, "--today", TODAY], b"");
    assert_eq!(ran.stdout, wanted);
}

// ---- Days ----

#[test]
fn days_with_slashes_are_read_only_where_it_is_said_which() {
    let ran = batch("slashes.csv", &["--date-format", "dmy"]);
    let told = rows(&ran);
    let said = error(&told[0]);
    assert!(said.contains("`11/05/2026` is not a day") && said.contains("dmy-slash") && said.contains("mdy"), "{said}");
    assert!(said.contains("`11/17/2026` is not a day"), "{said}");
    assert_eq!(told[1]["status"], "action-needed");

    let told = rows(&batch("slashes.csv", &["--date-format", "mdy"]));
    assert_eq!((&told[0]["status"], &told[0]["used"]), (&Json::from("ok"), &Json::from(13)));
    assert!(error(&told[1]).contains("--date-format dmy"), "{}", told[1]);

    let told = rows(&batch("slashes.csv", &["--date-format", "dmy-slash"]));
    let said = error(&told[0]);
    assert!(said.contains("there is no day 11/17/2026"), "{said}");
}

/// None of these is guessed; each says what happened to it, and the day that is meant where that is certain.
#[test]
fn what_spreadsheets_make_of_days_is_refused_with_its_own_hint() {
    let told = rows(&batch("days-of-spreadsheets.csv", &[]));
    let wanted = [
        ("serial", "did you mean `2026-11-02`?; this is how a spreadsheet numbers its days"),
        ("midnight", "did you mean `2026-11-02`?; leave the time out"),
        ("apostrophe", "did you mean `2026-11-02`?; take the apostrophe away"),
        ("short-year", "write the year with four digits"),
        ("hidden", "did you mean `2026-11-02`?; a sign that nobody can see stands in it (U+200B)"),
    ];
    for (row, (id, hint)) in told.iter().zip(wanted) {
        assert_eq!(row["id"], id);
        assert!(error(row).contains(hint), "{row}");
    }
}

// ---- Columns ----

#[test]
fn own_columns_are_refused_with_the_file_that_names_them() {
    let ran = batch("own-columns.csv", &[]);
    assert_eq!(ran.status, Some(4));
    assert!(error(&rows(&ran)[0]).contains("no key `department` here"));
    assert!(ran.stderr.contains("--columns columns.toml"), "{}", ran.stderr);
    assert!(ran.stderr.contains("keep = [\"№\", \"department\", \"Примечание\"]"), "{}", ran.stderr);

    let file = written(
        "own-columns",
        "columns.toml",
        "keep = [\"department\"]\nignore = [\"№\", \"Примечание\"]\n".as_bytes(),
    );
    let ran = batch("own-columns.csv", &["--columns", &file]);
    assert_eq!((ran.status, rows(&ran).len()), (Some(0), 2), "{}", ran.stdout);
    assert_eq!(rows(&ran).iter().map(|row| row["department"].clone()).collect::<Vec<Json>>(), ["IT", ""]);
    assert!(ran.stderr.contains("2 columns without a name were left out: columns 7, 8"), "{}", ran.stderr);
}

/// The lines that are proposed, written into a file as they are, read the list.
#[test]
fn what_is_proposed_for_other_headers_reads_the_list() {
    for (file, id) in [("russian-headers.csv", "7"), ("plain-english-headers.csv", "7")] {
        let ran = batch(file, &[]);
        assert_eq!(ran.status, Some(4), "{file}");
        let lines: String =
            ran.stderr.lines().filter(|line| line.contains(" = ")).map(|line| format!("{line}\n")).collect();
        let written = written(&format!("proposed-{file}"), "columns.toml", lines.as_bytes());
        let ran = batch(file, &["--columns", &written]);
        let told = rows(&ran);
        assert_eq!((ran.status, &told[0]["id"]), (Some(0), &Json::from(id)), "{lines}{}", ran.stdout);
        assert_eq!(told[0]["used"], 22);
    }
}

#[test]
fn a_file_for_columns_to_start_from_is_read_in_every_language() {
    for language in ["en", "ru", "kk"] {
        let ran = run::run(&["batch", "--template", "columns", "--lang", language], b"");
        assert_eq!(ran.status, Some(0));
        let file = written(&format!("template-{language}"), "columns.toml", ran.stdout.as_bytes());
        let said = toml::from_str::<toml::Table>(&ran.stdout).expect("TOML");
        let header = ["id", "citizenship"].map(|key| said[key].as_str().expect("a header"));
        let list = format!("{},{}\n1,RU\n", header[0], header[1]);
        // The list lacks all other columns: they are named, and nothing else is wrong.
        let ran = piped(list.as_bytes(), &["--columns", &file]);
        let told = rows(&ran);
        assert!(error(&told[0]).split("; ").all(|fault| fault.contains("[missing-key]")), "{}", told[0]);
    }
}

#[test]
fn pairs_of_days_are_stays() {
    let ran = run::run(&["batch", &columns("pairs.csv"), "--today", "2026-04-25"], b"");
    assert_eq!(rows(&ran)[0]["days_over"], 12);
}

#[test]
fn permits_are_read_from_columns() {
    let told = rows(&batch("permits.csv", &["--columns", &columns("permits.toml")]));
    assert_eq!((&told[0]["basis"], &told[0]["last_day"]), (&Json::from("visa"), &Json::from("2027-02-01")));
    assert_eq!((&told[1]["basis"], &told[1]["last_day"]), (&Json::from("trp"), &Json::from("2027-03-01")));
}

#[test]
fn a_file_for_columns_that_is_wrong_is_told_with_its_places() {
    let text =
        "idd = \"No\"\nstays = [[\"only one\"]]\npermits = [{ kind = \"vsia\", form = \"x\" }]\nheader_row = 0\n";
    let file = written("bad-columns", "columns.toml", text.as_bytes());
    let ran = batch("pairs.csv", &["--columns", &file]);
    assert_eq!((ran.status, &*ran.stdout), (Some(4), ""));
    for said in [
        "1:1: error[unknown-key]",
        "did you mean `id`?",
        "2:10: error[wrong-type]",
        "did you mean `visa`?",
        "did you mean `from`?",
        "4:14: error[wrong-type]",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
}

// ---- Rows ----

#[test]
fn blank_rows_are_skipped_and_counted_once() {
    let ran = batch("blank-rows.csv", &[]);
    assert_eq!((ran.status, rows(&ran).len()), (Some(0), 2));
    assert_eq!(ran.stderr, "1247 blank rows were skipped\n");
    assert_eq!(rows(&ran)[1]["line"], 1250);
}

#[test]
fn a_total_row_is_an_error_that_says_so() {
    let ran = batch("total-row.csv", &[]);
    let told = rows(&ran);
    assert_eq!((ran.status, told.len()), (Some(4), 2));
    assert!(error(&told[1]).contains("begins with `Итого: 1` and has neither a citizenship nor a stay"), "{}", told[1]);
}

#[test]
fn a_line_that_says_the_separator_is_heeded() {
    let ran = batch("separator-line.csv", &[]);
    assert_eq!((ran.status, &rows(&ran)[0]["line"]), (Some(0), &Json::from(3)), "{}", ran.stdout);
}

#[test]
fn a_title_above_the_header_is_told_as_what_it_is() {
    let ran = batch("title-above.csv", &[]);
    assert!(error(&rows(&ran)[0]).starts_with("the header seems to stand in row 3"), "{}", ran.stdout);
    assert!(ran.stderr.contains("\nheader_row = 3\n"), "{}", ran.stderr);
    let file = written("title-above", "columns.toml", b"header_row = 3\n");
    let ran = batch("title-above.csv", &["--columns", &file]);
    assert_eq!((ran.status, &rows(&ran)[0]["line"]), (Some(0), &Json::from(4)));
}

#[test]
fn a_quotation_mark_that_is_never_closed_says_how_many_lines_it_took() {
    let ran = batch("open-quote.csv", &[]);
    let told = rows(&ran);
    assert_eq!((ran.status, told.len()), (Some(4), 2));
    assert!(error(&told[1]).contains("1999 more lines were taken for a part of this cell"), "{}", told[1]);
}

// ---- Words and letters ----

#[test]
fn words_are_read_in_any_case_and_in_the_languages_of_the_pack() {
    let ran = batch("words.csv", &[]);
    let told = rows(&ran);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    assert_eq!(told[0]["notify_status"], "overdue");
    let missing = told[0]["missing"].to_string();
    for fact in ["purpose", "filing.channel", "employment.permit_exempt"] {
        assert!(!missing.contains(&format!("\"{fact}\"")), "{fact}: {missing}");
    }
}

#[test]
fn a_list_in_windows_1251_is_hinted_at_once() {
    let ran = batch("windows-1251.csv", &[]);
    assert_eq!((ran.status, rows(&ran).len()), (Some(4), 2));
    assert_eq!(ran.stderr.matches("--encoding windows-1251").count(), 1, "{}", ran.stderr);
    assert_eq!(batch("windows-1251.csv", &["--encoding", "windows-1251"]).status, Some(0));
}

#[test]
fn unicode_text_of_excel_is_read() {
    let ran = batch("unicode-text.txt", &[]);
    assert_eq!((ran.status, &rows(&ran)[0]["id"]), (Some(0), &Json::from("a")), "{}", ran.stdout);
}

// ---- Workbooks ----

/// As an officer keeps it: a title over merged cells, Russian headers, pairs of days, notes, a total row, own columns, a
/// hidden sheet.
#[test]
fn a_workbook_of_an_officer_is_read_in_one_go() {
    let ran = batch("officer.xlsx", &["--columns", &columns("columns.toml")]);
    let told = rows(&ran);
    assert_eq!((ran.status, told.len()), (Some(4), 301));
    assert_eq!((&told[0]["line"], &told[0]["id"]), (&Json::from(4), &Json::from("0001")));
    assert!(told[..300].iter().all(|row| row["status"] != "error"));
    assert!(error(&told[300]).contains("begins with `Итого`"), "{}", told[300]);
    assert_eq!(told[300]["line"], 305);
}

/// One command from the officer's workbook to a workbook of answers: days are days, ids text, names whole, and the officer's
/// own column is carried along.
#[test]
fn a_workbook_of_an_officer_becomes_a_workbook_of_answers() {
    let answers = written("officer", "old.txt", b"").replace("old.txt", "answers.xlsx");
    let ran = batch("officer.xlsx", &["--columns", &columns("columns.toml"), "--output", &answers, "--force"]);
    assert_eq!((ran.status, &*ran.stdout), (Some(4), ""), "{}", ran.stderr);
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(&answers).expect("a workbook");
    let names = workbook.sheet_names();
    assert_eq!(names.len(), 4, "{names:?}");
    let people = workbook.worksheet_range(&names[0]).expect("people");
    assert_eq!(people.height(), 1 + 300);
    let header: Vec<String> = people.rows().next().expect("a header").iter().map(ToString::to_string).collect();
    assert_eq!(header.last().map(String::as_str), Some("Отдел"));
    let at = |row: usize, column: &str| {
        let at = header.iter().position(|name| name == column).unwrap_or_else(|| panic!("{column} in {header:?}"));
        people.get((row, at)).cloned().unwrap_or_default()
    };
    let told = rows(&batch("officer.xlsx", &["--columns", &columns("columns.toml")]));
    for (row, one) in (1..).zip(&told[..300]) {
        assert_eq!(at(row, "Отдел"), calamine::Data::String(one["Отдел"].as_str().expect("a text").to_owned()));
        let cells = people.rows().nth(row).expect("a row");
        let id = calamine::Data::String(one["id"].as_str().expect("an id").to_owned());
        assert!(cells.contains(&id), "{id:?} is no text in {cells:?}");
        let name = calamine::Data::String(one["name"].as_str().expect("a name").to_owned());
        assert!(cells.contains(&name), "{name:?} in {cells:?}");
        let days = ["last_day", "next_due", "notify_by", "register_by", "file_by", "permit_until", "document_until"];
        let given = days.iter().filter(|key| one[**key].is_string()).count();
        let dated = cells.iter().filter(|cell| matches!(cell, calamine::Data::DateTime(_))).count();
        assert_eq!(dated, given, "{one}: {cells:?}");
    }
    let unread = workbook.worksheet_range(&names[2]).expect("not read");
    assert_eq!(unread.height(), 2, "a header, and the total row");
}

#[test]
fn a_kept_column_that_is_called_as_one_of_a_row_is_refused() {
    let file = written("clash", "columns.toml", b"keep = [\"status\"]\n");
    let ran = piped(b"id,citizenship,status\na,RU,new\n", &["--columns", &file]);
    assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("status"), "{}", ran.stderr);
}

#[test]
fn a_sheet_that_is_not_there_is_told_with_those_that_are() {
    let ran = batch("officer.xlsx", &["--sheet", "Staff"]);
    assert!(error(&rows(&ran)[0]).contains("no sheet `Staff`; it has: Сотрудники, Справочник"), "{}", ran.stdout);
}

#[test]
fn a_broken_workbook_is_an_error_and_no_crash() {
    let whole = bytes_of("people.xlsx");
    for length in [8, 100, whole.len() / 2, whole.len() - 30] {
        let ran = piped(&whole[..length], &[]);
        assert_eq!(ran.status, Some(4), "{length}");
        assert!(error(&rows(&ran)[0]).starts_with("the workbook cannot be read"), "{}", ran.stdout);
    }
}

// ---- Several lists ----

#[test]
fn a_list_that_is_missing_does_not_stop_the_others() {
    let there = columns("pairs.csv");
    let ran = run::run(&["batch", &there, "no-such-list.csv", &there, "--today", TODAY], b"");
    assert_eq!((ran.status, rows(&ran).len()), (Some(4), 2));
    assert!(ran.stderr.contains("no-such-list.csv"), "{}", ran.stderr);
}

#[test]
fn other_commands_read_the_same_lists() {
    let crossings = columns("crossings.toml");
    let flags = ["--rows", "stays", "--columns", &crossings, "--date-format", "dmy", "--today", TODAY];
    let of = |file: &str, flags: &[&str]| {
        let ran = run::run(&[&["agenda", &columns(file), "--format", "csv"], flags].concat(), b"");
        let mut lines: Vec<String> =
            ran.stdout.lines().skip(1).map(|line| line.splitn(3, ',').nth(2).expect("cells").to_owned()).collect();
        lines.sort();
        (ran.status, lines.len())
    };
    assert_eq!(of("crossings.csv", &flags), of("people.xlsx", &["--today", TODAY]));
    let diff = run::run(
        &["rules", "diff", "rules/kz", "--on", "2026-11-23", "--on", "2026-11-24", "--people", &columns("people.xlsx")],
        b"",
    );
    assert_eq!(diff.status, Some(0), "{}", diff.stderr);
}
