//! What `batch` writes for people and their spreadsheets: files, workbooks, CSV for Excel, counts, and what is new.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{TODAY_FLAG, folders, list, run, text_of};
use serde_json::{Value as Json, json};
use trp_check::batch::input::Block;
use trp_check::batch::{Options, Output, Worker};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::render::summary::{COLUMNS, clash};
use trp_check::render::{Format, Words};

/// Somebody in time, somebody over, a family whose wife is over, and a line that cannot be read.
const PEOPLE: &str = r#"{"id":"+7701","name":"=Alma; \"A\"","citizenship":"RU","stays":[{"entry":"2026-11-02","notified":"2026-11-04"}]}
{"id":"007","name":"Борис","citizenship":"UZ","stays":[{"entry":"2026-01-05"}]}
{"id":"3","name":"Carl","citizenship":"DE","travel_document":{"expires":"2026-12-01"},"stays":[{"entry":"2026-11-10"}],"family":[{"relation":"spouse","name":"Dora","citizenship":"DE","stays":[{"entry":"2026-01-05"}]}]}
{"id":"4","citizenship":"XX"}
"#;

fn batch(arguments: &[&str], stdin: &str) -> run::Ran {
    run::run(&[&["batch"], arguments, &TODAY_FLAG].concat(), stdin.as_bytes())
}

fn rows(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn folder(name: &str) -> PathBuf {
    let folder = folders::scratch(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn shown(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

fn options(format: Format, kept: &[&str]) -> Options<'static> {
    Options {
        book: &RULES,
        words: Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES),
        today: Day::from_ymd(2026, 11, 22).expect("a day"),
        is_strict: false,
        names: vec![None],
        kept: kept.iter().map(|name| (*name).to_owned()).collect(),
        format,
        is_for_excel: false,
        by: None,
        since: None,
        is_full: false,
        only: Vec::new(),
        due_by: None,
        longest: 1000,
        ends_early: false,
    }
}

fn worked(options: &Options<'_>, text: &str) -> Output {
    Worker::new(options).work(Block::Lines { list: 0, first: 1, bytes: text.as_bytes().to_vec() })
}

/// What is wrong with a member of the family is seen in the row, and so is what is next for any of them.
#[test]
fn a_row_tells_the_gravest_of_a_family() {
    let rows = rows(&batch(&[], PEOPLE).stdout);
    let carl = &rows[2];
    assert_eq!((&carl["stay"], &carl["status"]), (&json!("lawful"), &json!("violation")));
    let why = carl["why"].as_array().expect("a list");
    assert!(why.contains(&json!("overstay")) && why.contains(&json!("passport-expires")), "{carl}");
    assert!(carl["next_due"].as_str() < Some("2026-11-22"), "{carl}");
    assert_eq!(carl["document_until"], "2026-12-01");
    let alma = &rows[0];
    assert_eq!(
        (&alma["next_what"], &alma["next_due"]),
        (&alma["register_by"].is_string().then(|| json!("own-registration")).expect("a day"), &alma["register_by"])
    );
    assert_eq!((&rows[3]["status"], &rows[3]["why"]), (&json!("error"), &json!([])));
}

/// An id leads back to the list: only a file for Excel may guard it. Other texts never begin a formula.
#[test]
fn csv_keeps_ids_and_guards_other_texts() {
    let cells = |flags: &[&str], delimiter: u8| {
        let text = batch(&[&["--format", "csv"], flags].concat(), PEOPLE).stdout;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned();
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
        (header, records)
    };
    let (header, records) = cells(&[], b',');
    assert_eq!(header, COLUMNS);
    assert_eq!((&records[0][1], &records[0][2]), ("+7701", "'=Alma; \"A\""));
    assert_eq!((&records[1][1], &records[1][3]), ("007", "UZ"));
    let (header, records) = cells(&["--excel", "--lang", "ru"], b';');
    assert_eq!((&*header[1], &*header[5]), ("Номер", "Почему"));
    assert_eq!((&records[0][1], &records[0][3]), ("'+7701", "Россия"));
    assert!(records[1][5].contains("срок пребывания превышен"), "{:?}", records[1]);
    let raw = batch(&["--excel"], PEOPLE).stdout;
    assert!(raw.starts_with("\u{FEFF}Line;ID;Name;") && raw.lines().all(|line| !line.ends_with(',')), "{raw}");
    let odd = batch(&["--excel", "--format", "table"], PEOPLE);
    assert_eq!(odd.status, Some(2), "{}", odd.stderr);
}

/// Kept columns stand under their own headers, in order, behind all others.
#[test]
fn kept_columns_stand_behind_the_others() {
    let with = |format: Format| {
        let options = options(format, &["department", "Примечание"]);
        String::from_utf8(worked(&options, PEOPLE).bytes).expect("UTF-8")
    };
    // Until a list hands over its cells, there is nothing under the headers.
    let row: Json = serde_json::from_str(with(Format::Ndjson).lines().next().expect("a row")).expect("JSON");
    assert_eq!((&row["department"], &row["Примечание"]), (&Json::Null, &Json::Null));
    let line = with(Format::Csv).lines().next().expect("a row").to_owned();
    assert!(line.ends_with(",,,"), "{line}");
    let kept = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(clash(&kept(&["department", "Примечание"])), None);
    assert_eq!(clash(&kept(&["department", "status"])), Some("status"));
    assert_eq!(clash(&kept(&["new"])), Some("new"));
    assert_eq!(clash(&kept(&["a", "b", "a"])), Some("a"));
}

#[test]
fn a_file_is_written_whole_and_nothing_is_written_over() {
    let folder = folder("rows-output");
    let (answers, staff) = (folder.join("answers.csv"), folder.join("staff.ndjson"));
    fs::write(&staff, PEOPLE).expect("a list");
    let (answers, staff) = (shown(&answers), shown(&staff));
    let ran = batch(&[&staff, "--output", &answers], "");
    assert_eq!((ran.status, &*ran.stdout), (Some(4), ""), "{}", ran.stderr);
    let wanted = batch(&[&staff, "--format", "csv"], "").stdout;
    assert_eq!(fs::read_to_string(&answers).expect("the answer"), wanted);
    let again = batch(&[&staff, "--output", &answers], "");
    assert_eq!((again.status, again.stderr.contains("--force")), (Some(2), true), "{}", again.stderr);
    assert_eq!(batch(&[&staff, "--output", &answers, "--force"], "").status, Some(4));
    // The list itself is never written over, whatever is said.
    let own = batch(&[&staff, "--output", &staff, "--force"], "");
    assert_eq!((own.status, fs::read_to_string(&staff).expect("the list")), (Some(2), PEOPLE.to_owned()));
    for (name, format) in [("x.csv", "ndjson"), ("x.xlsx", "csv"), ("x.ndjson", "table")] {
        let odd = batch(&[&staff, "--output", &shown(&folder.join(name)), "--format", format], "");
        assert_eq!(odd.status, Some(2), "{name} as {format}: {}", odd.stderr);
    }
    let unknown = batch(&[&staff, "--output", &shown(&folder.join("x.dat"))], "");
    assert_eq!(unknown.status, Some(2), "{}", unknown.stderr);
    // A pack that is none, a list that is not there: no file is left behind.
    let broken = batch(&["none.ndjson", "--output", &shown(&folder.join("y.csv"))], "");
    assert_eq!(broken.status, Some(4), "{}", broken.stderr);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert_eq!(names, ["answers.csv", "staff.ndjson"]);
}

#[test]
fn what_is_left_out_is_counted_and_fails_on_request() {
    let good = PEOPLE.lines().take(3).map(|line| format!("{line}\n")).collect::<String>();
    let ran = batch(&["--only", "violation"], &good);
    assert_eq!((ran.status, rows(&ran.stdout).len()), (Some(0), 2), "{}", ran.stdout);
    assert_eq!(ran.stderr, "1 person left out by --only or --within\n");
    assert_eq!(batch(&["--fail-on", "violation"], &good).status, Some(1));
    assert_eq!(batch(&["--fail-on", "unknown,ok"], &good).status, Some(0));
    assert_eq!(batch(&["--fail-on", "violation"], PEOPLE).status, Some(4), "a line could not be read");
    let none = ["--only", "ok", "--format", "csv"];
    let loud = batch(&none, &good);
    assert_eq!(
        (&*loud.stdout, &*loud.stderr),
        (&*(COLUMNS.join(",") + "\n"), "3 people left out by --only or --within\n")
    );
    for format in ["csv", "ndjson", "table", "summary", "xlsx"] {
        let quiet = batch(&["--only", "ok", "--format", format, "--quiet-if-none"], &good);
        assert_eq!((quiet.status, &*quiet.stdout, &*quiet.stderr), (Some(0), "", ""), "{format}");
    }
}

#[test]
fn people_are_counted_by_a_column() {
    let counted = batch(&["--summary", "--by", "citizenship"], PEOPLE).stdout;
    let line =
        |start: &str| counted.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_default().to_owned();
    let numbers =
        |start: &str| line(start).split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<u64>>();
    assert_eq!(numbers("Uzbekistan"), [1, 1], "{counted}");
    assert_eq!(numbers("Germany"), [1, 1], "{counted}");
    assert_eq!(batch(&["--by", "citizenship"], PEOPLE).stdout, counted, "counting is what --by is for");
    let unknown = batch(&["--summary", "--by", "citizenshp"], PEOPLE);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.stderr.contains("`citizenship`"), "{}", unknown.stderr);
}

/// `new` is what stands in `why` now and did not in the earlier answer, whichever form that has.
#[test]
fn what_is_new_is_told_since_an_earlier_answer() {
    let folder = folder("rows-since");
    let old = list(60);
    let mut then: Vec<Json> = old.clone();
    then.remove(5);
    let earlier = |form: &str| {
        let path = folder.join(format!("old.{form}"));
        let ran = run::run(&["batch", "--format", form, "--today", "2026-09-01"], text_of(&then).as_bytes());
        fs::write(&path, ran.stdout).expect("a file");
        shown(&path)
    };
    let now: Vec<Json> = old.iter().skip(3).cloned().collect();
    let told = |path: &str| {
        let ran = batch(&["--since", path], &text_of(&now));
        assert!(ran.stderr.contains(": 1 not there then, 3 not here now."), "{}", ran.stderr);
        rows(&ran.stdout)
    };
    let (ndjson, csv) = (earlier("ndjson"), earlier("csv"));
    let then: Vec<Json> = rows(&fs::read_to_string(&ndjson).expect("rows"));
    let mut changed = 0;
    for row in told(&ndjson) {
        let before = then.iter().find(|one| one["id"] == row["id"]).map(|one| one["why"].as_array().expect("a list"));
        let is_new = |id: &&Json| !before.is_some_and(|before| before.contains(id));
        let new: Vec<&Json> = row["why"].as_array().expect("a list").iter().filter(is_new).collect();
        assert_eq!(row["new"], json!(new), "{row}");
        changed += usize::from(before.is_some() && !new.is_empty());
    }
    assert!(changed > 3, "hardly anything changed");
    assert_eq!(told(&csv), told(&ndjson));
    for (name, text) in
        [("no.csv", "id,name\n1,A\n"), ("no.ndjson", "{\"id\":\"1\",\"citizenship\":\"RU\"}\n"), ("no.txt", "Hello\n")]
    {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file");
        let ran = batch(&["--since", &shown(&path)], PEOPLE);
        assert_eq!((ran.status, ran.stderr.contains("line 1")), (Some(4), true), "{name}: {}", ran.stderr);
    }
}

/// A workbook is the same bytes each time, whatever the hour and the number of workers, and holds what it says.
#[test]
fn a_workbook_is_the_same_each_time() {
    let book = |jobs: &str, stdin: &str| {
        let folder = folder(&format!("rows-workbook-{jobs}"));
        let path = folder.join("answers.xlsx");
        let ran = batch(&["--output", &shown(&path), "--force", "--jobs", jobs], stdin);
        assert_eq!((ran.status, &*ran.stdout), (Some(4), ""), "{}", ran.stderr);
        fs::read(path).expect("a workbook")
    };
    let one = book("1", PEOPLE);
    assert!(one.starts_with(b"PK"), "a workbook is packed");
    assert!(one == book("1", PEOPLE) && one == book("3", PEOPLE));
    assert!(one != book("1", &PEOPLE.replace("Carl", "Karl")));
}

/// Rows for eyes name people and say why and what is next; they fit the width, and a long table has a header again.
#[test]
fn a_table_for_eyes_fits_and_names_people() {
    for width in ["60", "80", "120"] {
        let text = batch(&["--format", "table", "--width", width], PEOPLE).stdout;
        let most: usize = width.parse().expect("a number");
        assert!(text.lines().all(|line| line.chars().count() <= most), "{text}");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["Борис", "Carl", "line 4: "] {
            assert!(words.contains(part), "{part} at {width}: {text}");
        }
    }
    let long = batch(&["--format", "table"], &text_of(&list(2_100))).stdout;
    assert_eq!(long.lines().filter(|line| line.contains("Who")).count(), 3, "a header for each thousand");
}
