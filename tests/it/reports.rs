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

const WRITTEN: &str = "pages.sha256";

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

/// What lies in the folder, but for the list of what was written.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    names.filter(|name| name != WRITTEN).collect()
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

const TWO: &str =
    "{\"id\": \"a\", \"name\": \"Anna\", \"citizenship\": \"RU\"}\n{\"id\": \"b\", \"citizenship\": \"RU\"}\n";
const ONE: &str = "{\"id\": \"a\", \"name\": \"Anna\", \"citizenship\": \"RU\"}\n";

/// A link in the folder is replaced by the page; what it led to stays as it was.
#[cfg(unix)]
#[test]
fn links_in_the_folder_are_replaced_and_never_followed() {
    use std::os::unix::fs::symlink;

    let folder = scratch("reports-symlinks");
    let (pages, elsewhere) = (folder.join("pages"), folder.join("elsewhere"));
    fs::create_dir_all(pages.join("kept")).expect("a folder");
    fs::create_dir_all(&elsewhere).expect("a folder");
    fs::write(folder.join("mine.html"), "mine").expect("a file");
    symlink(folder.join("mine.html"), pages.join("a.html")).expect("a link");
    symlink(folder.join("nowhere"), pages.join("b.html")).expect("a link");
    symlink(folder.join("mine.html"), pages.join(WRITTEN)).expect("a link");
    symlink(&elsewhere, pages.join("letters")).expect("a link");
    // Without --force a link is something that is there already, also one that leads nowhere.
    let refused = reports(&pages, &TWO.replace("\"a\"", "\"c\""), &[]);
    assert_eq!((refused.status, &*refused.stdout), (Some(2), ""), "{}", refused.stderr);
    let ran = reports(&pages, TWO, &["--force", "--letters"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(folder.join("mine.html")).expect("the file"), "mine");
    assert!(fs::symlink_metadata(folder.join("nowhere")).is_err());
    assert!(names(&elsewhere).is_empty());
    for name in ["a.html", "b.html", "letters/a.txt", WRITTEN] {
        assert!(fs::symlink_metadata(pages.join(name)).expect(name).is_file(), "{name}");
    }
}

/// Pages of people who left are named, and removed where that is asked for: those that this program wrote, as it wrote
/// them, and nothing else.
#[test]
fn pages_of_people_who_left_are_named_and_pruned() {
    let folder = scratch("reports-prune");
    let three = format!("{TWO}{{\"id\": \"c\", \"citizenship\": \"RU\"}}\n");
    assert_eq!(reports(&folder, &three, &["--letters"]).status, Some(0));
    fs::write(folder.join("notes.html"), "mine").expect("a file");
    // Whoever changed a page wants to keep it.
    fs::write(folder.join("c.html"), "changed").expect("a file");
    // A list of what was written that names something else is not believed.
    let list = fs::read_to_string(folder.join(WRITTEN)).expect("the list");
    assert_eq!(list.lines().count(), 3 + 1 + 3, "{list}");
    fs::write(folder.with_extension("html"), "").expect("a file");
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    fs::write(folder.join(WRITTEN), format!("{list}{empty}  ../reports-prune.html\n")).expect("a list");

    let ran = reports(&folder, ONE, &["--force"]);
    assert_eq!(ran.status, Some(0));
    let told = "4 pages are of nobody in this list: b.html, letters/a.txt, letters/b.txt, letters/c.txt.";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert!(folder.join("b.html").exists());
    let ran = reports(&folder, ONE, &["--force", "--letters", "--prune"]);
    let told = "Removed 3 pages of nobody in this list: b.html, letters/b.txt, letters/c.txt.";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let expected = ["a.html", "c.html", "index.html", "letters", "notes.html"].map(str::to_owned);
    assert_eq!(names(&folder), BTreeSet::from(expected));
    assert_eq!(names(&folder.join("letters")), BTreeSet::from(["a.txt".to_owned()]));
    assert!(folder.with_extension("html").exists(), "a file outside of the folder was removed");
    // Nothing is left to be said.
    assert_eq!(reports(&folder, ONE, &["--force", "--letters"]).stderr, "");
}

/// A letter speaks to the person in the language asked for, and not of the command line.
#[test]
fn a_letter_speaks_to_the_person() {
    let person = json!({
        "id": "A-17", "name": "Anna", "citizenship": "RU", "purpose": "employment", "employment": { "employer": "astana-hub" },
        "stays": [{ "entry": "2026-11-02" }],
        "family": [{ "relation": "spouse", "name": "Ivan", "citizenship": "RU" }],
    });
    for (lang, told) in [("en", "your host must report your arrival"), ("ru", "о вашем прибытии"), ("kk", "келгеніңіз")]
    {
        let folder = scratch(&format!("reports-letters-{lang}"));
        let ran = reports(&folder, &format!("{person}\n"), &["--letters", "--lang", lang]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let letter = fs::read_to_string(folder.join("letters/A-17.txt")).expect("a letter");
        assert!(letter.starts_with("Anna · ") && letter.contains(told), "{letter}");
        assert!(!letter.contains("--") && !letter.contains("trp-check"), "{letter}");
        assert!(letter.lines().all(|line| line.chars().count() <= 80), "{letter}");
        // The index speaks to the host all the same, unless it is told otherwise.
        let index = fs::read_to_string(folder.join("index.html")).expect("an index");
        assert!(!index.contains(told), "{index}");
        let ran = reports(&folder, &format!("{person}\n"), &["--for", "person", "--force", "--lang", lang]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        assert!(fs::read_to_string(folder.join("index.html")).expect("an index").contains(told));
    }
}

/// What is warned of on the page of a person stands in the index, with a link to the page.
#[test]
fn warnings_stand_in_the_index() {
    let folder = scratch("reports-warnings");
    let person = json!({
        "id": "A-17", "name": "Anna", "citizenship": "RU", "travel_document": { "expires": "2026-12-20" },
        "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }],
    });
    assert_eq!(reports(&folder, &format!("{person}\n"), &["--report-format", "markdown"]).status, Some(0));
    let index = fs::read_to_string(folder.join("index.md")).expect("an index");
    let (_, people) = index.split_once("Look at these people").expect("a part on people");
    assert!(
        people.contains("The travel document expires on Sun 2026\\-12\\-20")
            || people.contains("The travel document expires on Sun 2026-12-20"),
        "{people}"
    );
    assert!(people.contains("](A-17.md)"), "{people}");
}
