//! `batch --reports DIR`: a page about each person, under a name that no id can turn into anything else, and an index
//! that leads to all of them; nothing is written over unasked, and nothing half-written is left behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::folders::scratch;
use crate::support::run;
use serde_json::json;

/// Ids that have been somebody's idea of a file name.
const IDS: [&str; 24] = [
    "../../etc/passwd",
    "..",
    ".",
    "",
    ".hidden",
    "-rf",
    "--force",
    "a/b\\c",
    "C:\\Windows",
    "CON",
    "nul.txt",
    "nul",
    "com1",
    "index",
    "INDEX",
    "Aa",
    "aA",
    "aa-2",
    "line-5",
    "\u{202e}lmth.x",
    "Жанна",
    "a\nb\u{0}c",
    "x\" onclick=\"alert(1)",
    "%2e%2e%2f",
];

fn list() -> String {
    let long = "long".repeat(5000);
    let longer = format!("{long}er");
    let person = |id: &str| json!({ "id": id, "name": id, "citizenship": "RU", "stays": [{ "entry": "2026-11-02" }] });
    let ids = IDS.into_iter().chain([&*long, &*longer]);
    ids.map(|id| person(id).to_string() + "\n").collect::<String>() + "{\"citizenship\": \"RU\"}\n"
}

fn reports(folder: &Path, list: &str, more: &[&str]) -> run::Ran {
    let folder = folder.to_str().expect("UTF-8");
    let line = [&["batch", "--today", "2026-11-22", "--reports", folder][..], more].concat();
    run::run(&line, list.as_bytes())
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    names(folder)
        .into_iter()
        .map(|name| (name.clone(), fs::read_to_string(folder.join(&name)).expect("a page")))
        .collect()
}

#[test]
fn file_names_are_safe_whatever_the_id() {
    let above = scratch("reports-names");
    let folder = above.join("pages");
    let ran = reports(&folder, &list(), &[]);
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{}", ran.stdout);
    assert_eq!(names(&above), BTreeSet::from(["pages".to_owned()]), "a page outside of the folder");
    let names = names(&folder);
    assert_eq!(
        names.len(),
        IDS.len() + 2 + 1 + 1,
        "everybody has a page of their own, and there is an index: {names:?}"
    );
    let folded: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), names.len(), "two names that only capitals tell apart: {names:?}");
    for name in &names {
        let stem = name.strip_suffix(".html").unwrap_or_else(|| panic!("{name} is no page"));
        assert!(stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')), "{name}");
        assert!(!stem.is_empty() && !stem.starts_with('-') && name.len() < 100, "{name}");
        let devices = ["con", "prn", "aux", "nul", "com1", "lpt1"];
        assert!(!devices.contains(&&*stem.to_lowercase()), "{name} is a device of Windows");
    }
}

#[test]
fn the_index_leads_to_every_page_and_nowhere_else() {
    for (format, ending) in [("html", "html"), ("markdown", "md")] {
        let folder = scratch(&format!("reports-links-{format}"));
        let ran = reports(&folder, &list(), &["--report-format", format]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let index = fs::read_to_string(folder.join(format!("index.{ending}"))).expect("an index");
        let (start, end) = if format == "html" { ("href=\"", '"') } else { ("](", ')') };
        let links: BTreeSet<String> =
            index.split(start).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0.to_owned())).collect();
        let mut pages = names(&folder);
        assert!(pages.remove(&format!("index.{ending}")));
        assert_eq!(links, pages, "{format}");
    }
}

#[test]
fn the_page_of_a_person_is_that_of_check() {
    let folder = scratch("reports-same");
    let person = json!({ "id": "A-17", "name": "Anna", "citizenship": "RU", "stays": [{ "entry": "2026-11-02" }] });
    assert_eq!(reports(&folder, &format!("{person}\n"), &[]).status, Some(0));
    let line = ["check", "-", "--today", "2026-11-22", "--format", "html"];
    let check = run::run(&line, person.to_string().as_bytes());
    assert_eq!(fs::read_to_string(folder.join("A-17.html")).expect("a page"), check.stdout);
}

#[test]
fn nothing_is_written_over_unasked() {
    let folder = scratch("reports-clobber");
    let two = "{\"id\": \"a\", \"citizenship\": \"RU\"}\n{\"id\": \"b\", \"citizenship\": \"RU\"}\n";
    for taken in ["b.html", "index.html"] {
        let folder = folder.join(taken);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(taken), "mine").expect("a file");
        let ran = reports(&folder, two, &[]);
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{taken}: {}", ran.stderr);
        assert!(ran.stderr.contains(taken), "{}", ran.stderr);
        assert_eq!(texts(&folder), [(taken.to_owned(), "mine".to_owned())], "something was written all the same");
        assert_eq!(reports(&folder, two, &["--force"]).status, Some(0));
        let expected = ["a.html", "b.html", "index.html"].map(str::to_owned);
        assert_eq!(names(&folder), BTreeSet::from(expected));
        assert!(texts(&folder).iter().all(|(_, text)| text != "mine"), "{taken} was not written over");
    }
}

#[test]
fn what_cannot_be_written_leaves_nothing_half_done() {
    let folder = scratch("reports-half");
    // A page cannot take the place of a folder.
    fs::create_dir_all(folder.join("b.html/kept")).expect("a folder");
    let two = "{\"id\": \"a\", \"citizenship\": \"RU\"}\n{\"id\": \"b\", \"citizenship\": \"RU\"}\n";
    let ran = reports(&folder, two, &["--force"]);
    assert_eq!(ran.status, Some(70), "{}", ran.stderr);
    assert!(ran.stderr.contains("b.html"), "{}", ran.stderr);
    let expected = ["a.html", "b.html"].map(str::to_owned);
    assert_eq!(names(&folder), BTreeSet::from(expected), "a temporary file, or an index that leads nowhere");
    let page = fs::read_to_string(folder.join("a.html")).expect("a page");
    assert!(page.ends_with("</html>\n"), "half a page");
    assert!(folder.join("b.html/kept").is_dir());
}

#[test]
fn who_cannot_be_read_is_told_and_the_others_have_their_pages() {
    let folder = scratch("reports-bad");
    let ran = reports(&folder, "{\"id\": \"a\", \"citizenship\": \"RU\"}\n{\"citizenship\": \"XX\"}\n", &[]);
    assert_eq!(ran.status, Some(4), "{}", ran.stdout);
    assert!(ran.stderr.contains("XX"), "{}", ran.stderr);
    assert_eq!(names(&folder), BTreeSet::from(["a.html", "index.html"].map(str::to_owned)));
}
