//! Pages of HTML: everything that an answer says stands in them, nothing in them runs or asks for anything, and
//! what a profile brings stays text. How they look is seen by a browser: `tests/html/run`.

use std::collections::BTreeSet;
use std::fs;

use crate::support::cores::on_all_cores;
use crate::support::run::root;
use crate::support::{folders, json, run};
use serde_json::{Value as Json, json};

const LANGUAGES: [&str; 3] = ["en", "ru", "kk"];

/// A page as written, its tags one by one, and its text.
struct Page {
    source: String,
    tags: Vec<Tag>,
    text: String,
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    is_end: bool,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }
}

/// Elements that have no end.
const VOID: [&str; 2] = ["meta", "input"];

fn plain(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

impl Page {
    /// Reads a page more strictly than a browser would: every element is closed where it must be, every value
    /// quoted, no id there twice.
    fn read(place: &str, source: String) -> Self {
        let (mut tags, mut text, mut open, mut ids) = (Vec::new(), String::new(), Vec::new(), BTreeSet::new());
        let mut rest = source.strip_prefix("<!DOCTYPE html>").unwrap_or_else(|| panic!("{place}: no doctype"));
        while let Some(at) = rest.find('<') {
            if open.last().is_none_or(|name| name != "style") {
                text.push_str(&plain(&rest[..at]));
            }
            let tag = &rest[at + 1..];
            let end = tag.find('>').unwrap_or_else(|| panic!("{place}: a tag without an end"));
            let read = tag_of(place, &tag[..end]);
            rest = &tag[end + 1..];
            if read.is_end {
                assert_eq!(open.pop(), Some(read.name.clone()), "{place}: </{}> closes nothing", read.name);
            } else if !VOID.contains(&&*read.name) && !tag[..end].ends_with('/') {
                open.push(read.name.clone());
            }
            if let Some(id) = read.get("id") {
                assert!(ids.insert(id.to_owned()), "{place}: the id {id} twice");
            }
            tags.push(read);
        }
        assert!(open.is_empty(), "{place}: never closed: {open:?}");
        Self { source, tags, text }
    }

    fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Tag> {
        self.tags.iter().filter(move |tag| tag.name == name && !tag.is_end)
    }

    fn documents(&self) -> Vec<&str> {
        self.tags.iter().filter_map(|tag| tag.get("data-document")).collect()
    }

    /// What stands between these, each time.
    fn between<'p>(&'p self, start: &'p str, end: &'p str) -> impl Iterator<Item = &'p str> {
        self.source.split(start).skip(1).filter_map(move |rest| rest.split(end).next())
    }

    fn rules(&self) -> BTreeSet<&str> {
        // Other things to type are no ids.
        self.between("<code>", "</code>").filter(|code| code.contains('.') && !code.contains(' ')).collect()
    }

    /// Nothing runs, nothing is asked for, and only sources are linked to.
    fn is_inert(&self, place: &str) {
        for name in ["script", "img", "iframe", "object", "embed", "link", "base", "form", "button"] {
            assert!(self.all(name).next().is_none(), "{place}: <{name}>");
        }
        for tag in &self.tags {
            for (name, value) in &tag.attributes {
                assert!(!name.starts_with("on"), "{place}: {name} runs");
                let is_address = ["href", "src", "action", "xlink:href", "data"].contains(&&**name);
                let is_source = tag.name == "a" && value.starts_with("https://");
                let is_neighbour = tag.name == "a" && !value.contains([':', '/', '\\']);
                assert!(!is_address || is_source || is_neighbour, "{place}: {name}={value}");
                assert!(is_source || !value.contains("http"), "{place}: {value}");
                assert!(name != "style", "{place}: a style of its own");
            }
        }
        let style = self.between("<style>", "</style>").next().expect("a style");
        assert!(
            !style.contains("url(") && !style.contains("@import") && !style.contains("://"),
            "{place}: the style asks"
        );
    }
}

fn tag_of(place: &str, written: &str) -> Tag {
    let (is_end, written) = written.strip_prefix('/').map_or((false, written), |rest| (true, rest));
    let written = written.trim_end_matches('/');
    let (name, mut rest) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty(), "{place}: <{written}>");
    let mut attributes = Vec::new();
    rest = rest.trim_start();
    while !rest.is_empty() {
        let stop = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(stop);
        if let Some(value) = after.strip_prefix("=\"") {
            let end = value.find('"').unwrap_or_else(|| panic!("{place}: no closing quote: {written}"));
            attributes.push((name.to_owned(), plain(&value[..end])));
            rest = value[end + 1..].trim_start();
        } else {
            assert!(!after.starts_with('='), "{place}: a value without quotes: {written}");
            attributes.push((name.to_owned(), String::new()));
            rest = after.trim_start();
        }
    }
    Tag { name: name.to_owned(), attributes, is_end }
}

/// The answer of a command about a profile, in a form and a language.
fn answer(command: &str, profile: &Json, today: &str, more: &[&str]) -> String {
    let line = [&[command, "-", "--today", today][..], more].concat();
    let ran = run::run(&line, profile.to_string().as_bytes());
    assert!(matches!(ran.status, Some(0 | 1 | 3)), "{line:?}: {:?} {}", ran.status, ran.stderr);
    ran.stdout
}

fn page(command: &str, profile: &Json, today: &str, language: &str) -> Page {
    let source = answer(command, profile, today, &["--format", "html", "--lang", language]);
    Page::read(&format!("{command} {today} {language} {profile}"), source)
}

/// The profiles of all law cases that are answered, with their days.
pub fn profiles() -> Vec<(String, Json)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("rules/kz/cases")).expect("the cases can be read") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a readable file");
        let table: toml::Table = text.parse().expect("TOML");
        for case in table["case"].as_array().expect("cases").iter().filter(|case| case.get("refused").is_none()) {
            let today = json::of_toml(&case["today"]);
            found.push((today.as_str().expect("a day").to_owned(), json::of_toml(&case["profile"])));
        }
    }
    assert!(found.len() > 100, "the cases were not found");
    found
}

fn list<'j>(value: &'j Json, key: &str) -> impl Iterator<Item = &'j Json> {
    value[key].as_array().into_iter().flatten()
}

fn word<'j>(value: &'j Json, key: &str) -> &'j str {
    value[key].as_str().unwrap_or_default()
}

/// Everything that an answer says of a person stands in the page; what is left out is left out for a reason.
fn tells_all(page: &Page, person: &Json, place: &str) {
    let rules = page.rules();
    for deadline in list(person, "deadlines") {
        // Advice whose day has passed helps nobody.
        if word(deadline, "kind") == "advice" && deadline["days"].as_i64().is_some_and(|days| days < 0) {
            continue;
        }
        let due = word(deadline, "due").split('T').next().unwrap_or_default();
        let is_told = page.between("<span class=\"date\">", "</span>").any(|date| date.contains(due));
        assert!(is_told, "{place}: no deadline on {due}");
        assert!(rules.contains(word(deadline, "rule")), "{place}: {deadline}");
    }
    let documents = page.documents();
    for document in list(person, "documents").filter(|document| document["requirement"] != "not-required") {
        // What is done needs no papers any more.
        let mut of_it = list(person, "deadlines").filter(|one| one["id"] == document["procedure"]).peekable();
        let is_done = of_it.peek().is_some() && of_it.all(|one| word(one, "status").starts_with("done"));
        // Who cannot have the permit has no day to file by, and needs no papers for it.
        let is_of_no_use = document["procedure"] == "trp" && person["trp"]["file_by"].is_null();
        assert!(is_done || is_of_no_use || documents.contains(&word(document, "id")), "{place}: {document}");
        assert!(rules.contains(word(document, "rule")), "{place}: {document}");
    }
    for limit in list(&person["stay"], "limits") {
        assert!(rules.contains(word(limit, "rule")), "{place}: {limit}");
    }
    let permit = &person["trp"];
    assert!(permit["rule"].is_null() || rules.contains(word(permit, "rule")), "{place}: {permit}");
}

#[test]
fn every_finding_of_every_law_case_stands_in_its_page() {
    on_all_cores(&profiles(), |(today, profile)| {
        let place = format!("{today} {profile}");
        let page = page("check", profile, today, "en");
        page.is_inert(&place);
        let answer: Json = serde_json::from_str(&answer("check", profile, today, &["--format", "json"])).expect("JSON");
        tells_all(&page, &answer, &place);
        for member in list(&answer, "family") {
            tells_all(&page, member, &place);
            assert!(page.text.contains(word(member, "name")), "{place}: {member}");
        }
        for notice in list(&answer, "notices") {
            assert!(page.text.contains(&word(notice, "text").replace('`', "")), "{place}: {notice}");
        }
        assert!(page.text.contains(today) && page.text.contains(word(&answer["rules"], "version")), "{place}");
        Vec::new()
    });
}

#[test]
fn three_languages_say_the_same_in_the_same_places() {
    on_all_cores(&profiles(), |(today, profile)| {
        let pages = LANGUAGES.map(|language| page("check", profile, today, language));
        for (page, language) in pages.iter().zip(LANGUAGES) {
            let place = format!("{language} {today} {profile}");
            page.is_inert(&place);
            let root = page.all("html").next().expect("a root");
            assert_eq!(root.get("lang"), Some(language), "{place}");
            assert_eq!(page.documents(), pages[0].documents(), "{place}");
            assert_eq!(page.rules(), pages[0].rules(), "{place}");
            let days = |page: &Page| -> Vec<String> {
                let dates = page.between("<span class=\"date\">", "</span>");
                dates.map(|date| date.split("<time>").nth(1).unwrap_or_default().to_owned()).collect()
            };
            assert_eq!(days(page), days(&pages[0]), "{place}");
        }
        Vec::new()
    });
}

/// Whatever stands in a profile: tags, quotes, orders to a terminal, marks that turn the writing around.
fn hostile() -> Json {
    let text = fs::read_to_string(root().join("tests/html/hostile.json")).expect("a readable file");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn what_a_profile_brings_stays_text() {
    let profile = hostile();
    let name = word(&profile, "name").replace(['\u{202e}', '\u{1b}'], "\u{fffd}").replace('`', "");
    for language in LANGUAGES {
        for command in ["check", "stay", "docs"] {
            let page = page(command, &profile, "2026-11-22", language);
            page.is_inert(command);
            let said = page.text.replace('`', "");
            assert!(said.contains(&name), "{command}: {said}");
            assert!(said.contains("</section></main><style>*{display:none}</style>"), "{command}");
            assert_eq!(page.all("style").count(), 1, "{command}");
            assert!(!page.source.contains(['\u{202e}', '\u{1b}']), "{command}");
        }
    }
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("html-agenda");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("hostile.json");
    fs::write(&path, profile.to_string()).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let ran = run::run(&["agenda", path, "--format", "html", "--today", "2026-11-22"], b"");
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    let page = Page::read("agenda", ran.stdout);
    page.is_inert("agenda");
    assert!(page.text.replace('`', "").contains(&name), "{}", page.text);
    assert!(!page.source.contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn a_name_of_a_megabyte_is_no_trouble() {
    let name = "<b>Ж".repeat(1 << 18);
    let profile = json!({ "citizenship": "RU", "name": name });
    let page = page("docs", &profile, "2026-11-22", "en");
    assert!(page.text.contains(&name[..100]) && page.text.chars().count() < 20_000);
    let title = page.between("<title>", "</title>").next().map(plain).unwrap_or_default();
    assert_eq!(title.chars().count(), 70);
}

#[test]
fn late_is_said_in_words_and_done_has_its_tick() {
    let profile = json!({ "citizenship": "RU", "stays": [{ "entry": "2026-11-02", "notified": false }],
                          "purpose": "employment", "documents_held": ["application-form"] });
    let page = page("check", &profile, "2026-11-22", "en");
    let next = page.between("<section class=\"next\">", "</section>").next().expect("what to do next");
    assert!(next.contains("17 days ago"), "{next}");
    assert!(page.all("li").any(|item| item.get("class") == Some("late")), "a line that is late");
    let ticked: Vec<bool> = page.all("input").map(|input| input.get("checked").is_some()).collect();
    assert_eq!(ticked.iter().filter(|is_ticked| **is_ticked).count(), 1);
    assert!(ticked.len() > 5);
}

#[test]
fn each_command_has_its_parts() {
    let profile = json!({ "citizenship": "RU", "stays": [{ "entry": "2026-11-02" }], "purpose": "employment" });
    let parts = |command: &str| {
        let page = page(command, &profile, "2026-11-22", "en");
        ["next", "deadlines", "stay", "permit", "papers", "sources"]
            .map(|part| page.all("section").any(|section| section.get("class") == Some(part)))
    };
    assert_eq!(parts("check"), [true, true, true, true, true, true]);
    assert_eq!(parts("stay"), [true, true, true, false, false, true]);
    assert_eq!(parts("docs"), [false, false, false, false, true, true]);
}

#[test]
fn a_receipt_beside_a_page_replays() {
    let folder = folders::scratch("html-receipt");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("receipt.json");
    let receipt = path.to_str().expect("UTF-8");
    let profile = json!({ "citizenship": "RU", "stays": [{ "entry": "2026-11-02" }] });
    let with = answer("check", &profile, "2026-11-22", &["--format", "html", "--receipt", receipt]);
    assert_eq!(with, answer("check", &profile, "2026-11-22", &["--format", "html"]));
    let replayed = run::run(&["replay", receipt, "--format", "json"], b"");
    let told: Json = serde_json::from_str(&replayed.stdout).expect("JSON");
    assert_eq!((replayed.status, &told["same"]), (Some(0), &json!(true)));
}
