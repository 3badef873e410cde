//! What somebody writes into a profile comes out as text: in no format can it move the cursor of a terminal, turn the
//! direction of writing, become markup, a formula, a calendar entry or a path. Each format is told twice, about a hostile
//! profile and about the same person with a plain name, and must be built in the same way.

use std::fs;
use std::path::PathBuf;

use crate::support::{TODAY_FLAG, folders, run};
use serde_json::{Value as Json, json};
use trp_check::render::json::text::{append, line, pretty_text};
use trp_check::render::words::is_control;

/// A plain name, as long as that of the hostile ones which is written out.
const PLAIN: &str = "Aliya";

/// Names of nobody: orders to a terminal, to a browser, to a spreadsheet, to a calendar, to a reader's eyes.
fn hostile() -> Vec<(&'static str, String)> {
    let long = "Ы".repeat(500_000);
    [
        ("terminal", "A\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{8}\u{7f}\u{0}Z"),
        ("lines", "A\r\nBEGIN:VEVENT\r\nSUMMARY:x\nB\u{2028}C\u{2029}D\u{85}E\tF\u{b}G"),
        ("html", "A</title></style><script>alert(1)</script><img src=x onerror='alert(1)'>&lt;&#60;\"Z"),
        ("xml", "A]]><!DOCTYPE x [<!ENTITY y \"z\">]>&y;<?x?><!--Z"),
        ("markdown", "A|B\\|C`D`*E*_F_[G](javascript:alert(1))![H](http://x)# I <J> ~~K~~ <http://l>"),
        ("calendar", "A;B,C\\nD:E\\;F\";ATTENDEE=mailto:x@example.org"),
        ("formula", "=HYPERLINK(\"http://example.org\";\"A\")"),
        ("formula-plus", "+1+cmd|' /C calc'!A0"),
        ("formula-minus", "-2+3"),
        ("formula-at", "@SUM(A1)"),
        ("formula-tab", "\t=1+1"),
        ("direction", "A\u{202e}txt.exe\u{202c}\u{2066}B\u{2069}\u{200f}C\u{61c}D\u{200b}E\u{feff}F"),
        ("path", "../../../etc/passwd"),
        ("long", &long),
    ]
    .map(|(kind, name)| (kind, name.to_owned()))
    .to_vec()
}

/// A person and a wife of this name (or id), with something in every part of an answer.
fn person(name: &str, id: &str) -> Json {
    json!({
        "id": id,
        "name": name,
        "citizenship": "RU",
        "purpose": "employment",
        "stays": [{ "entry": "2026-11-02" }],
        "family": [{ "relation": "spouse", "name": name, "citizenship": "IN", "stays": [{ "entry": "2026-11-02" }] }],
    })
}

/// What the program prints about this person, read as one file (for lists: as one line).
fn told(test: &str, person: &Json, arguments: &[&str]) -> String {
    let folder = folders::scratch(&format!("inert-{test}"));
    fs::create_dir_all(&folder).expect("a folder");
    let path: PathBuf = folder.join(if matches!(arguments[0], "check" | "stay") { "p.json" } else { "p.ndjson" });
    fs::write(&path, person.to_string()).expect("a profile");
    let path = path.to_string_lossy();
    let all: Vec<&str> = [&[arguments[0], &path], &arguments[1..], &TODAY_FLAG].concat();
    let ran = run::run(&all, b"");
    assert!(matches!(ran.status, Some(0 | 1)), "{arguments:?} {:?}: {}", ran.status, ran.stderr);
    assert!(!ran.stdout.is_empty());
    ran.stdout
}

/// The characters of an answer that are orders and not text, but for the given ends of lines.
fn orders(text: &str, line_end: &str) -> Vec<char> {
    let marks = "\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}";
    text.replace(line_end, "").chars().filter(|c| c.is_control() || marks.contains(*c)).collect()
}

/// Tells the format about each hostile name, as name and as id, and about the plain one, and compares how they are
/// built.
fn is_inert<T: PartialEq + std::fmt::Debug>(test: &str, arguments: &[&str], line_end: &str, built: impl Fn(&str) -> T) {
    let plain = built(&told(test, &person(PLAIN, "7"), arguments));
    for (kind, name) in hostile() {
        for person in [person(&name, "7"), person(PLAIN, &name), person(&name, &name)] {
            let text = told(test, &person, arguments);
            assert_eq!(orders(&text, line_end), Vec::<char>::new(), "{arguments:?} {kind}");
            assert_eq!(built(&text), plain, "{arguments:?} {kind}");
        }
    }
}

/// The same marks at the starts of lines, and no line over the width; a longer name may take more lines.
#[test]
fn a_table_is_inert() {
    // The short answer folds by its length, so only the whole one has the same marks for every name.
    let tables = [&["check", "--details"][..], &["agenda"], &["batch", "--format", "table"]];
    for arguments in tables {
        is_inert("table", &[arguments, &["--width", "100"]].concat(), "\n", |text| {
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
            let mark = |line: &str| line.chars().nth(1).filter(|c| "!●○✓✗☐☑".contains(*c));
            text.lines().filter_map(mark).collect::<String>()
        });
    }
}

/// As many records, each with as many cells; and no cell begins a formula.
#[test]
fn csv_is_inert() {
    for arguments in [&["check", "--format", "csv"][..], &["agenda", "--format", "csv"], &["batch", "--format", "csv"]]
    {
        is_inert("csv", arguments, "\n", |text| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let records: Vec<_> = reader.records().map(|record| record.expect("a record")).collect();
            // The id of a person stays what it is in the list, so that it is found there again.
            let is_id = |(at, _): &(usize, &str)| arguments[0] == "batch" && *at == 1;
            for (_, cell) in records.iter().flat_map(|record| record.iter().enumerate()).filter(|cell| !is_id(cell)) {
                let is_number = cell.parse::<i64>().is_ok() && !cell.starts_with('+');
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
            records.iter().map(csv::StringRecord::len).collect::<Vec<_>>()
        });
    }
}

/// As many lines of each kind, as many cells in each row, and no markup besides the program's own.
#[test]
fn markdown_is_inert() {
    for command in ["check", "agenda"] {
        is_inert("markdown", &[command, "--format", "markdown"], "\n", |text| {
            let marks = |line: &str| {
                let mut counts = [0; 6];
                let mut before = ' ';
                for c in line.chars() {
                    if let Some(at) = "|[*_`#".find(c).filter(|_| before != '\\') {
                        counts[at] += 1;
                    }
                    before = if before == '\\' { ' ' } else { c };
                }
                assert!(!line.contains(['<', '>']), "{line}");
                counts
            };
            text.lines().map(marks).collect::<Vec<_>>()
        });
    }
}

/// The tags and the names of their attributes, without what stands in them.
fn skeleton(markup: &str) -> Vec<String> {
    let tags = markup.split('<').skip(1).map(|tag| {
        let (tag, text) = tag.split_once('>').unwrap_or_else(|| panic!("a tag without an end: {tag}"));
        assert!(!text.contains('>'), "a `>` that ends no tag: {text}");
        let quoted = tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
        assert!(!quoted.contains('\''), "{tag}");
        quoted
    });
    tags.collect()
}

/// The same tags in the same order, and every `&` is a reference to a character.
#[test]
fn svg_is_inert() {
    let words = |test: &str, person: &Json| told(test, person, &["stay", "--format", "svg"]);
    for (kind, name) in hostile() {
        let text = words("svg", &person(&name, "7"));
        assert_eq!(orders(&text, "\n"), Vec::<char>::new(), "{kind}");
        let known = skeleton(&words("svg", &person(PLAIN, "7")));
        // A longer heading takes more lines, each of them a text; the rest of the picture then lies lower.
        let texts = ["text", "/text", "tspan", "/tspan"];
        let rest = |tags: &[String]| {
            let name = |tag: &String| tag.split_whitespace().next().unwrap_or_default().to_owned();
            tags.iter().map(name).filter(|tag| !texts.contains(&&**tag)).collect::<Vec<_>>()
        };
        assert_eq!(rest(&skeleton(&text)), rest(&known), "{kind}");
        for reference in text.split('&').skip(1) {
            let reference = reference.split(';').next().unwrap_or_default();
            assert!(matches!(reference, "amp" | "lt" | "gt" | "quot" | "#39" | "apos"), "{kind}: &{reference}");
        }
    }
}

/// The same tags in the same order, but for words between backticks, which are set as code wherever they stand.
#[test]
fn html_is_inert() {
    for command in ["check", "agenda"] {
        is_inert("html", &[command, "--format", "html"], "\n", |text| {
            let (_, body) = text.split_once("</style>").expect("a style");
            assert!(!body.contains("<style") && !body.contains("<script"));
            skeleton(body).into_iter().filter(|tag| !matches!(&**tag, "code" | "/code")).collect::<Vec<_>>()
        });
    }
}

/// The same properties in the same order, in lines of at most 75 octets that end as RFC 5545 asks.
#[test]
fn a_calendar_is_inert() {
    is_inert("calendar", &["agenda", "--format", "ics"], "\r\n", |text| {
        assert!(text.lines().all(|line| line.len() <= 75));
        let unfolded = text.replace("\r\n ", "");
        let name = |line: &str| line.split([':', ';']).next().unwrap_or_default().to_owned();
        unfolded.split("\r\n").map(name).collect::<Vec<_>>()
    });
}

/// JSON gives back exactly what was written, and every order in it is escaped, also those that RFC 8259 lets stand.
#[test]
fn json_is_inert_and_exact() {
    let told_by = [
        (&["check", "--format", "json"][..], "/profile/name", "/profile/id"),
        (&["stay", "--format", "json", "--timeline"], "/profile/name", "/profile/id"),
        (&["agenda", "--format", "json"], "/items/0/name", "/items/0/person_id"),
        (&["batch"], "", "/id"),
        (&["batch", "--full"], "/profile/name", "/profile/id"),
    ];
    for (arguments, name_at, id_at) in told_by {
        for (kind, name) in hostile() {
            let text = told("json", &person(&name, &name), arguments);
            assert_eq!(orders(&text, "\n"), Vec::<char>::new(), "{arguments:?} {kind}");
            let answer: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{kind}: {error}"));
            for at in [name_at, id_at].into_iter().filter(|at| !at.is_empty()) {
                assert_eq!(answer.pointer(at), Some(&json!(name)), "{arguments:?} {kind} {at}");
            }
        }
    }
}

/// What is complained about is told to programs without orders, too.
#[test]
fn complaints_as_json_are_inert() {
    for (kind, name) in hostile() {
        let profile = json!({ "citizenship": name }).to_string();
        let ran = run::run(&["check", "-", "--error-format", "json", TODAY_FLAG[0], TODAY_FLAG[1]], profile.as_bytes());
        assert_eq!(ran.status, Some(4), "{kind}: {}", ran.stderr);
        assert_eq!(orders(&ran.stderr, "\n"), Vec::<char>::new(), "{kind}");
        for line in ran.stderr.lines() {
            serde_json::from_str::<Json>(line).unwrap_or_else(|error| panic!("{kind}: {error}: {line}"));
        }
    }
}

/// The pages of a list lie in the folder, whatever the ids, and their names are plain.
#[test]
fn names_of_files_are_inert() {
    let folder = folders::scratch("inert-files");
    fs::create_dir_all(&folder).expect("a folder");
    let list: String = hostile().iter().map(|(_, name)| format!("{}\n", person(name, name))).collect();
    fs::write(folder.join("list.ndjson"), list).expect("a list");
    let (from, to) = (folder.join("list.ndjson"), folder.join("a/b/pages"));
    let ran = run::run(
        &[&["batch", &from.to_string_lossy(), "--reports", &to.to_string_lossy()][..], &TODAY_FLAG].concat(),
        b"",
    );
    assert!(matches!(ran.status, Some(0 | 1)), "{}", ran.stderr);
    let names = |folder: &PathBuf| {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names
    };
    let pages = names(&to);
    assert_eq!(pages.len(), hostile().len() + 2, "the pages, the index and the list of what was written: {pages:?}");
    for page in &pages {
        let is_plain = page.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        assert!(is_plain && !page.starts_with(['.', '-']) && page.len() < 80, "{page}");
    }
    assert_eq!(names(&folder), ["a", "list.ndjson"], "nothing is written elsewhere");
}

/// Every order is escaped in a text of JSON, and nothing else.
#[test]
fn every_order_is_escaped_and_nothing_else() {
    let orders = (0..=0xFFFF).filter_map(char::from_u32).filter(|c| is_control(*c));
    for order in orders {
        let text = format!("é{order}«я—\u{ac}");
        let json = line(&text);
        assert!(!json.trim_end_matches('\n').contains(is_control), "{json:?}");
        assert_eq!(serde_json::from_str::<String>(&json).ok(), Some(text));
    }
    let plain = "Ә—«»§\u{a0}\u{2011}\u{fe0f}ؠ⁰";
    assert_eq!(line(&plain), format!("\"{plain}\"\n"));
}

/// What stood there before is left as it was.
#[test]
fn what_stood_before_stays() {
    let mut json = b"\x7F".to_vec();
    append(&mut json, "a\u{9b}");
    assert_eq!(json, b"\x7F\"a\\u009b\"");
    assert_eq!(pretty_text(&["\u{2028}"]), "[\n  \"\\u2028\"\n]\n");
}
