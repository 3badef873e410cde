//! `agenda`: the same deadlines as `check` tells, of everybody, sorted by day; and a calendar file that any calendar
//! can read, with the same days, whose events keep their names from day to day.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::support::day::TODAY;
use crate::support::{folders, json, list, run, text_of};
use serde_json::{Value as Json, json};

const TOMORROW: &str = "2026-11-23";

/// A staff list in a folder of the test's own.
fn written(name: &str, text: &str) -> String {
    let folder = folders::scratch(&format!("agenda-{}", name.split('.').next().unwrap_or_default()));
    fs::create_dir_all(&folder).expect("a folder");
    let path: PathBuf = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.display().to_string()
}

fn agenda(path: &str, today: &str, arguments: &[&str]) -> run::Ran {
    run::run(&[&["agenda", path, "--today", today], arguments].concat(), b"")
}

fn json_of(path: &str, today: &str, arguments: &[&str]) -> Json {
    let ran = agenda(path, today, &[&["--format", "json"], arguments].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr))
}

fn items(agenda: &Json) -> &Vec<Json> {
    agenda["items"].as_array().expect("a list of items")
}

fn text<'j>(value: &'j Json, key: &str) -> &'j str {
    value[key].as_str().unwrap_or_default()
}

fn is_done(item: &Json) -> bool {
    text(item, "status").starts_with("done")
}

/// An event of a calendar file: its properties by name, parameters left out; alarms are counted apart.
#[derive(Default)]
struct Event {
    properties: BTreeMap<String, String>,
    triggers: Vec<String>,
}

/// Reads a calendar file as RFC 5545 says, and refuses whatever it does not allow.
fn events(stream: &str) -> Vec<Event> {
    assert!(stream.ends_with("\r\n"), "the last line is not ended");
    assert!(!stream.contains(char::REPLACEMENT_CHARACTER), "a letter was cut");
    let lines: Vec<&str> = stream.strip_suffix("\r\n").expect("a line end").split("\r\n").collect();
    for line in &lines {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "a bare line end: {line:?}");
        assert!(!line.is_empty(), "an empty line");
    }
    let unfolded = stream.replace("\r\n ", "");
    let mut inside: Vec<&str> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    for line in unfolded.strip_suffix("\r\n").expect("a line end").split("\r\n") {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no value: {line}"));
        match name {
            "BEGIN" => {
                inside.push(value);
                if value == "VEVENT" {
                    events.push(Event::default());
                }
            }
            "END" => assert_eq!(inside.pop(), Some(value)),
            _ => match *inside.last().expect("inside of something") {
                "VCALENDAR" => assert!(events.is_empty()),
                "VALARM" if name == "TRIGGER" => events.last_mut().expect("an event").triggers.push(value.to_owned()),
                "VALARM" => {}
                _ => {
                    let name = name.to_owned();
                    let before = events.last_mut().expect("an event").properties.insert(name, value.to_owned());
                    assert_eq!(before, None, "{line} stands twice");
                }
            },
        }
    }
    assert!(inside.is_empty(), "not ended: {inside:?}");
    events
}

/// A text as it was before it was escaped.
fn unescaped(value: &str) -> String {
    let mut plain = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        assert!(![',', ';'].contains(&letter), "not escaped: {value}");
        plain.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some(escaped @ ('\\' | ',' | ';')) => escaped,
                other => panic!("\\{other:?} in {value}"),
            },
            other => other,
        });
    }
    plain
}

/// What an event must say: its day, its status, and when it reminds.
type Shown = (String, String, Vec<String>);

fn shown(day: &str, status: &str, triggers: &[&str]) -> Shown {
    (day.replace('-', ""), status.to_owned(), triggers.iter().map(|trigger| (*trigger).to_owned()).collect())
}

/// The events of a calendar file, by uid.
fn shown_events(stream: &str) -> BTreeMap<String, Shown> {
    let mut all = BTreeMap::new();
    for Event { mut properties, triggers } in events(stream) {
        for needed in ["DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION", "DTEND;VALUE=DATE"] {
            assert!(properties.contains_key(needed), "{needed} is missing: {properties:?}");
        }
        let [day, uid, status] = ["DTSTART;VALUE=DATE", "UID", "STATUS"].map(|key| properties.remove(key).expect(key));
        assert_eq!(all.insert(uid.clone(), (day, status, triggers)), None, "{uid} stands twice");
    }
    all
}

/// The events that the agenda in JSON asks for: each deadline with a day, but for advice of the past.
fn expected_events(agenda: &Json, today: &str) -> BTreeMap<String, Shown> {
    let mut all = BTreeMap::new();
    for item in items(agenda).iter().filter(|item| !item["due"].is_null()) {
        // A deadline with a time of day is of that day.
        let day = &text(item, "due")[..10];
        let event = match text(item, "status") {
            _ if is_done(item) => shown(day, "CANCELLED", &[]),
            _ if day < today && text(item, "kind") == "advice" => continue,
            status => {
                let status = if status == "conditional" { "TENTATIVE" } else { "CONFIRMED" };
                let triggers: &[&str] = match text(item, "event") {
                    _ if day <= today => &["PT9H"],
                    "permit" | "document" | "contract" => &["-P89DT15H", "-P59DT15H", "-P29DT15H", "-P13DT15H"],
                    _ => &["-P6DT15H", "-PT15H"],
                };
                shown(day.max(today), status, triggers)
            }
        };
        assert_eq!(all.insert(text(item, "uid").to_owned(), event), None);
    }
    all
}

#[test]
fn the_calendar_of_a_thousand_people_has_the_days_of_the_agenda() {
    let path = written("thousand.ndjson", &text_of(&list(1_000)));
    let agenda_in_json = json_of(&path, TODAY, &[]);
    let expected = expected_events(&agenda_in_json, TODAY);
    assert!(expected.len() > 300, "only {} deadlines", expected.len());
    let with = |status: &str| expected.values().filter(|(_, of, _)| of == status).count();
    assert!(with("TENTATIVE") > 50 && with("CONFIRMED") > 50);
    let ran = agenda(&path, TODAY, &["--format", "ics"]);
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    assert_eq!(shown_events(&ran.stdout), expected);
    // The same question has the same answer, to the byte.
    assert_eq!(agenda(&path, TODAY, &["--format", "ics"]).stdout, ran.stdout);
}

#[test]
fn events_keep_their_names_when_asked_about_a_day_later() {
    let path = written("days.ndjson", &text_of(&list(1_000)));
    let names = |today: &str| -> BTreeMap<(u64, String, String, String, String), String> {
        let agenda = json_of(&path, today, &[]);
        let name = |item: &Json| {
            let line = item["line"].as_u64().expect("a line");
            let [person, id, event, on] = ["person", "id", "event", "event_date"].map(|key| text(item, key).to_owned());
            ((line, person, id, event, on), text(item, "uid").to_owned())
        };
        items(&agenda).iter().map(name).collect()
    };
    let (today, tomorrow) = (names(TODAY), names(TOMORROW));
    let kept: Vec<_> = today.iter().filter(|(key, _)| tomorrow.contains_key(key)).collect();
    assert!(kept.len() * 10 > today.len() * 9, "{} of {} deadlines were kept", kept.len(), today.len());
    for (key, uid) in kept {
        assert_eq!(tomorrow[key], *uid, "{key:?}");
    }
    let all: BTreeSet<&String> = today.values().collect();
    assert_eq!(all.len(), today.len(), "two deadlines have the same name");
    let sequence = |today: &str| -> u32 {
        let stream = agenda(&path, today, &["--format", "ics"]).stdout;
        events(&stream)[0].properties["SEQUENCE"].parse().expect("a number")
    };
    assert_eq!(sequence(TODAY) + 1, sequence(TOMORROW));
}

#[test]
fn people_without_an_id_or_a_name_are_told_apart_and_found_again_in_another_folder() {
    let stay = json!([{ "entry": "2026-11-02", "notified": "2026-11-04" }]);
    let one = json!({ "citizenship": "RU", "name": "Иван", "stays": stay });
    let nobody = json!({ "citizenship": "RU", "stays": stay });
    let with_id = json!({ "id": "7", "citizenship": "RU", "name": "Иван", "stays": stay });
    let people = [one.clone(), one, nobody.clone(), nobody, with_id];
    let lines = people.map(|person| format!("{person}\n")).concat();
    let path = written("alike.ndjson", &lines);
    let agenda = json_of(&path, TODAY, &[]);
    let uids: BTreeSet<&str> = items(&agenda).iter().map(|item| text(item, "uid")).collect();
    assert_eq!(items(&agenda).len(), 5 * 4);
    assert_eq!(uids.len(), 5 * 4);
    let folder = PathBuf::from(&path).with_file_name("moved");
    fs::create_dir_all(&folder).expect("a folder");
    let moved = folder.join("alike.ndjson");
    fs::copy(&path, &moved).expect("a copy");
    let there = json_of(&moved.display().to_string(), TODAY, &[]);
    assert_eq!(items(&there).iter().map(|item| text(item, "uid")).collect::<BTreeSet<_>>(), uids);
    // An id needs neither the file nor the name: a list may be called after its day, and a name be corrected.
    let renamed = written("alike-2026-11-23.ndjson", &lines.replace("Иван", "Иван Петров"));
    let there = json_of(&renamed, TODAY, &[]);
    let of_the_id = |agenda: &Json| -> Vec<String> {
        let own = items(agenda).iter().filter(|item| item["person_id"] == "7");
        own.map(|item| text(item, "uid").to_owned()).collect()
    };
    assert_eq!(of_the_id(&there), of_the_id(&agenda));
    assert_eq!(of_the_id(&there).len(), 4);
}

#[test]
fn names_come_whole_through_escaping_and_folding() {
    let name = "Иванова-Константинопольская, Мария; дочь \\ «Сергея», вторая: \u{1F600} Ünïcödé";
    let person = json!({
        "id": "A,1", "name": name, "citizenship": "RU", "stays": [{ "entry": "2026-11-02" }],
    });
    let path = written("letters.ndjson", &format!("{person}\n"));
    let stream = agenda(&path, TODAY, &["--format", "ics"]).stdout;
    let events = events(&stream);
    assert_eq!(events.len(), 4);
    for event in events {
        let title = unescaped(&event.properties["SUMMARY"]);
        assert!(title.starts_with(&format!("{name}: ")), "{title}");
        unescaped(&event.properties["DESCRIPTION"]);
    }
    assert!(stream.replace("\r\n ", "").contains("Мария\\; дочь \\\\ «Сергея»\\, вторая"));
}

#[test]
fn a_deadline_with_a_time_is_an_event_of_its_day() {
    let person = json!({
        "name": "Лев", "citizenship": "RU", "purpose": "employment",
        "employment": { "employer": "astana-hub", "work": "employed" },
        "housing": { "owner": "other" }, "filing": { "channel": "egov", "on": "2026-11-23T15:00" },
        "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }],
    });
    let path = written("hour.json", &person.to_string());
    let agenda_in_json = json_of(&path, TODAY, &[]);
    let signature = items(&agenda_in_json).iter().find(|item| item["id"] == "owner-signature").expect("a signature");
    assert_eq!(text(signature, "due"), "2026-11-24T15:00");
    let stream = agenda(&path, TODAY, &["--format", "ics"]).stdout;
    assert_eq!(shown_events(&stream)[text(signature, "uid")].0, "20261124");
    // What is done is cancelled.
    let expected = expected_events(&agenda_in_json, TODAY);
    assert_eq!(shown_events(&stream), expected);
    assert_eq!(expected.values().filter(|(_, status, _)| status == "CANCELLED").count(), 1);
    assert!(stream.replace("\r\n ", "").contains("15:00"), "the time is lost");
}

#[test]
fn deadlines_are_those_of_check_for_everybody_in_the_family() {
    let path = "tests/cli/profiles/family.toml";
    let agenda = json_of(path, TODAY, &[]);
    let check = run::run(&["check", path, "--format", "json", "--today", TODAY], b"");
    let check: Json = serde_json::from_str(&check.stdout).expect("JSON");
    let mut expected = Vec::new();
    let family = check["family"].as_array().expect("a family");
    for (person, answer) in [(&json!("self"), &check)].into_iter().chain(family.iter().map(|one| (&one["person"], one)))
    {
        for deadline in answer["deadlines"].as_array().expect("deadlines") {
            expected.push((person.clone(), deadline.clone()));
        }
    }
    assert!(expected.len() > 4 && !family.is_empty());
    assert_eq!(items(&agenda).len(), expected.len());
    for (person, deadline) in expected {
        let is_same = |item: &&Json| {
            let values = deadline.as_object().expect("an object");
            // Where it is done stands in the calendar.
            let mut values = values.iter().filter(|(key, _)| *key != "channels");
            item["person"] == person && values.all(|(key, value)| item[key] == *value)
        };
        assert!(items(&agenda).iter().any(|item| is_same(&item)), "{person}: {deadline}");
    }
}

#[test]
fn deadlines_of_a_list_are_those_of_check_in_the_order_of_their_days() {
    let people = list(200);
    let path = written("order.ndjson", &text_of(&people));
    let agenda = json_of(&path, TODAY, &[]);
    let days: Vec<&str> = items(&agenda).iter().filter_map(|item| item["due"].as_str()).collect();
    assert!(days.is_sorted_by_key(|day| &day[..10]), "{days:?}");
    for (at, person) in people.iter().enumerate().step_by(9) {
        let check = run::run(&["check", "-", "--format", "json", "--today", TODAY], person.to_string().as_bytes());
        let check: Json = serde_json::from_str(&check.stdout).expect("JSON");
        let of_check: BTreeSet<String> = check["deadlines"]
            .as_array()
            .expect("deadlines")
            .iter()
            .map(|one| format!("{} {}", one["id"], one["due"]))
            .collect();
        let own = items(&agenda).iter().filter(|item| item["line"] == json!(at + 1));
        assert_eq!(
            own.map(|one| format!("{} {}", one["id"], one["due"])).collect::<BTreeSet<_>>(),
            of_check,
            "{person}"
        );
    }
}

#[test]
fn within_and_overdue_choose_by_day_and_what_they_leave_out_is_counted() {
    let path = written("chosen.ndjson", &text_of(&list(600)));
    let all = json_of(&path, TODAY, &[]);
    let uids = |agenda: &Json, is_wanted: &dyn Fn(&Json) -> bool| -> BTreeSet<String> {
        items(agenda).iter().filter(|item| is_wanted(item)).map(|item| text(item, "uid").to_owned()).collect()
    };
    let is_soon = |item: &Json| !is_done(item) && item["days"].as_i64().is_some_and(|days| (0..=30).contains(&days));
    let is_late = |item: &Json| item["late"] == true;
    let (soon, late) = (json_of(&path, TODAY, &["--within", "30d"]), json_of(&path, TODAY, &["--overdue"]));
    let both = json_of(&path, TODAY, &["--within", "30d", "--overdue"]);
    let everything: &dyn Fn(&Json) -> bool = &|_| true;
    assert!(items(&soon).len() > 10 && items(&late).len() > 10);
    assert_eq!(uids(&soon, everything), uids(&all, &is_soon));
    assert_eq!(uids(&late, everything), uids(&all, &is_late));
    assert_eq!(uids(&both, everything), uids(&all, &|item| is_soon(item) || is_late(item)));
    let open = uids(&all, &|item| !is_done(item)).len() as u64;
    for chosen in [&soon, &late, &both] {
        let left: u64 =
            ["overdue", "not_recorded", "others"].iter().filter_map(|key| chosen["left_out"][key].as_u64()).sum();
        assert_eq!(items(chosen).len() as u64 + left, open);
        // Whoever no rule covers is told of all the same.
        assert_eq!(chosen["notices"], all["notices"]);
    }
    assert_eq!(soon["left_out"]["overdue"].as_u64(), Some(items(&late).len() as u64));
    let screen = agenda(&path, TODAY, &["--within", "30d"]).stdout;
    assert!(screen.contains(&format!("{} overdue", items(&late).len())), "{screen}");
}

#[test]
fn whoever_overstays_is_late_and_whoever_no_rule_covers_is_named() {
    let lines = [
        json!({ "id": "late", "citizenship": "DE", "stays": [{ "entry": "2026-10-01" }] }),
        json!({ "id": "said", "citizenship": "RU", "stays": [{ "entry": "2026-11-02", "notified": false }] }),
        json!({ "id": "silent", "citizenship": "RU", "stays": [{ "entry": "2026-11-02" }] }),
        json!({ "id": "unknown", "citizenship": "NG", "stays": [{ "entry": "2026-11-02" }] }),
        json!({ "id": "plans", "citizenship": "DE", "stays": [{ "entry": "2026-11-02", "exit": "2026-12-05" }] }),
    ];
    let path = written("states.ndjson", &lines.map(|person| format!("{person}\n")).concat());
    let agenda_in_json = json_of(&path, TODAY, &[]);
    let late: BTreeSet<String> = items(&agenda_in_json)
        .iter()
        .filter(|item| item["late"] == true)
        .map(|item| format!("{} {}", text(item, "person_id"), text(item, "id")))
        .collect();
    assert_eq!(late, BTreeSet::from(["late stay-end".to_owned(), "said arrival-notification".to_owned()]));
    let all: Vec<(&str, &str, &str)> = agenda_in_json["notices"]
        .as_array()
        .expect("notices")
        .iter()
        .map(|notice| (text(notice, "person_id"), text(notice, "code"), text(notice, "status")))
        .collect();
    let (warnings, notices): (Vec<_>, Vec<_>) = all.into_iter().partition(|(.., status)| *status == "action-needed");
    assert_eq!(notices, [("unknown", "not-covered", "unknown"), ("plans", "planned-over", "violation")]);
    assert!(warnings.contains(&("late", "sanction", "action-needed")), "{warnings:?}");
    assert!(warnings.iter().all(|(whose, ..)| *whose != "silent"), "{warnings:?}");
    let screen = agenda(&path, TODAY, &["--format", "table"]);
    assert_eq!(screen.status, Some(0));
    for told in ["OVERSTAY", "Nigeria", "unknown", "plans", "Not recorded", "silent"] {
        assert!(screen.stdout.contains(told), "{told} is not told:\n{}", screen.stdout);
    }
    // Long after, all rules are long unverified.
    let strict = json_of(&path, "2030-01-01", &["--strict"]);
    let codes: BTreeSet<&str> =
        strict["notices"].as_array().expect("notices").iter().map(|notice| text(notice, "code")).collect();
    assert!(codes.contains("strict"), "{codes:?}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_and_the_rest_goes_on() {
    let lines = "{\"id\":\"a\",\"citizenship\":\"RUU\"}\n{\"id\":\"b\",\"citizenship\":\"RU\",\"stays\":[{\"entry\":\"2026-11-02\"}]}\n";
    let path = written("broken.ndjson", lines);
    let ran = run::run(
        &["agenda", &path, "tests/bad-inputs/unknown-key.toml", "no-such.csv", "--today", TODAY, "--format", "json"],
        b"",
    );
    assert_eq!(ran.status, Some(4));
    let agenda: Json = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(agenda["profiles"], json!({ "assessed": 1, "not_read": 3 }));
    assert!(items(&agenda).iter().all(|item| item["person_id"] == "b") && !items(&agenda).is_empty());
    assert!(ran.stderr.contains(&format!("{path}:1: column 25: ")), "{}", ran.stderr);
    assert!(ran.stderr.contains("tests/bad-inputs/unknown-key.toml:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("no-such.csv"), "{}", ran.stderr);
    let ran = run::run(&["agenda", &path, "--today", TODAY, "--error-format", "json"], b"");
    let told = json::lines(&ran.stderr);
    assert_eq!((told[0]["line"].as_u64(), text(&told[0], "id"), told.len()), (Some(1), "a", 1));
}

#[test]
fn lists_are_read_as_batch_reads_them() {
    let table = "id;citizenship;stays\n1;RU;02.11.2026..\n2;DE;03.11.2026..\n";
    let path = written("table.csv", table);
    let ran = agenda(&path, TODAY, &["--date-format", "dmy", "--format", "json"]);
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    let from_file: Json = serde_json::from_str(&ran.stdout).expect("JSON");
    let entries: BTreeSet<&str> = items(&from_file).iter().map(|item| text(item, "event_date")).collect();
    assert_eq!(entries, BTreeSet::from(["2026-11-02", "2026-11-03"]));
    let arguments =
        ["agenda", "-", "--input-format", "csv", "--date-format", "dmy", "--format", "csv", "--today", TODAY];
    let from_stdin = run::run(&arguments, table.as_bytes());
    assert_eq!(from_stdin.stdout.lines().count(), items(&from_file).len() + 1);
    assert!(from_stdin.stdout.starts_with("file,line,person_id,name,person,id,event,event_date,due,"));
    assert!(from_stdin.stdout.contains("\nstdin,2,1,,self,"), "{}", from_stdin.stdout);
    let profile = run::run(
        &["agenda", "-", "--today", TODAY, "--format", "csv"],
        b"citizenship = \"RU\"\nstays = [{ entry = 2026-11-02 }]\n",
    );
    assert_eq!((profile.status, profile.stdout.lines().count()), (Some(0), 5), "{}", profile.stderr);
}

#[test]
fn a_row_of_csv_has_plain_numbers_and_no_formulas() {
    let person = json!({
        "id": "=1+1", "name": "@SUM(A1)", "citizenship": "RU",
        "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }],
    });
    let path = written("formulas.ndjson", &format!("{person}\n"));
    let table = agenda(&path, TODAY, &["--format", "csv"]).stdout;
    let row = table.lines().find(|line| line.contains(",arrival-notification,")).expect("a row");
    assert!(
        row.contains(",1,'=1+1,'@SUM(A1),self,arrival-notification,entry,2026-11-02,2026-11-05,2026-11-04,done,-17,")
    );
}

#[test]
fn a_screen_of_60_columns_has_no_longer_line() {
    let path = written("narrow.ndjson", &text_of(&list(80)));
    let screen = agenda(&path, TODAY, &["--width", "60"]).stdout;
    assert!(screen.lines().count() > 60);
    let long: Vec<&str> = screen.lines().filter(|line| line.chars().count() > 60).collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// Who has a list is the host of the people in it; who has one profile, is that person.
#[test]
fn lists_speak_to_the_host_and_a_profile_to_the_person() {
    let person =
        json!({ "id": "7", "citizenship": "RU", "stays": [{ "entry": "2026-11-20", "notified": "2026-11-21" }] });
    let (list, profile) = (written("one.ndjson", &format!("{person}\n")), written("own.json", &person.to_string()));
    let (to_host, to_person) = ("to register with the migration police", "register yourself with the migration police");
    for (path, arguments, told, untold) in [
        (&list, &[][..], to_host, to_person),
        (&list, &["--for", "person"], to_person, to_host),
        (&profile, &[], to_person, to_host),
        (&profile, &["--for", "host"], to_host, to_person),
    ] {
        for format in ["table", "ics", "csv", "json", "html", "markdown"] {
            let ran = agenda(path, TODAY, &[arguments, &["--format", format]].concat());
            let said = ran.stdout.replace("\r\n ", "");
            assert!(said.contains(told) && !said.contains(untold), "{format} {arguments:?}:\n{said}");
        }
    }
    // What is done, and what depends on something, does not call the reader a guest either.
    let said = agenda(&list, TODAY, &["--format", "csv"]).stdout;
    assert!(said.contains(",done: report the arrival,"), "{said}");
    assert!(said.contains("last day to apply for the TRP, only for a longer stay"), "{said}");
}

#[test]
fn who_has_to_act_can_be_chosen() {
    let path = written("who.ndjson", &text_of(&list(300)));
    let all = json_of(&path, TODAY, &[]);
    let of = |agenda: &Json, who: &[&str]| -> Vec<Json> {
        items(agenda).iter().filter(|item| who.contains(&text(item, "who"))).cloned().collect()
    };
    for (asked, who) in [("host", &["host"][..]), ("person", &["person"]), ("employer,host", &["employer", "host"])] {
        let chosen = json_of(&path, TODAY, &["--who", asked]);
        assert!(!items(&chosen).is_empty(), "{asked}");
        assert_eq!(*items(&chosen), of(&all, who), "{asked}");
        assert_eq!(chosen["who"].as_array().map(Vec::len), Some(who.len()));
    }
}

/// A passport, a contract and a permit are seen as early as people asked to be reminded of them; of the rest nothing changes.
#[test]
fn what_takes_a_while_to_renew_is_seen_early() {
    let person = json!({
        "id": "7", "name": "Anna", "citizenship": "RU", "travel_document": { "expires": "2027-01-01" },
        "employment": { "contract_until": "2027-03-02" }, "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }],
    });
    let path = written("papers.ndjson", &format!("{person}\n"));
    let ids = |arguments: &[&str]| -> Vec<String> {
        let agenda = json_of(&path, TODAY, arguments);
        items(&agenda).iter().map(|item| text(item, "id").to_owned()).collect()
    };
    // 40 and 100 days ahead.
    assert_eq!(ids(&["--within", "14d"]), ["own-registration"]);
    assert_eq!(ids(&["--within", "14d", "--lead", "30,45"]), ["own-registration", "document-end"]);
    assert_eq!(ids(&["--within", "14d", "--lead", "100d"]), ["own-registration", "document-end", "contract-end"]);
    assert_eq!(ids(&["--within", "14d", "--lead", "99"]), ["own-registration", "document-end"]);
    assert_eq!(ids(&[]).len(), 6);
    let stream = agenda(&path, TODAY, &["--format", "ics", "--lead", "1,45,0"]).stdout;
    let of = |name: &str| -> Vec<String> {
        let all = events(&stream);
        let event = all.into_iter().find(|event| event.properties["SUMMARY"].contains(name)).expect(name);
        event.triggers
    };
    assert_eq!(of("passport"), ["-P44DT15H", "-PT15H", "PT9H"]);
    assert_eq!(of("contract"), ["-P44DT15H", "-PT15H", "PT9H"]);
    assert_eq!(of("migration police"), ["-P6DT15H", "-PT15H"]);
}

/// A passport that has ended is late, and no overstay.
#[test]
fn a_paper_that_has_ended_is_late() {
    let person = json!({
        "id": "7", "name": "Anna", "citizenship": "RU", "travel_document": { "expires": "2026-11-20" },
        "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }],
    });
    let path = written("ended.ndjson", &format!("{person}\n"));
    let late = json_of(&path, TODAY, &["--overdue"]);
    let ids: Vec<&str> = items(&late).iter().map(|item| text(item, "id")).collect();
    assert_eq!(ids, ["document-end"]);
    let screen = agenda(&path, TODAY, &["--overdue"]).stdout;
    assert!(screen.contains("the passport or identity card ended") && !screen.contains("OVERSTAY"), "{screen}");
    assert!(screen.contains("The travel document expires on Fri 2026-11-20"), "no warning:\n{screen}");
}

/// What is late stands on today, and says which day was its own; where it is done stands beside it.
#[test]
fn what_is_late_stands_on_today_with_its_own_day_and_place() {
    let person = json!({ "id": "7", "name": "Anna", "citizenship": "RU", "stays": [{ "entry": "2026-11-02", "notified": false }] });
    let path = written("late.ndjson", &format!("{person}\n"));
    for (today, day) in [(TODAY, "20261122"), (TOMORROW, "20261123")] {
        let stream = agenda(&path, today, &["--format", "ics", "--overdue"]).stdout;
        let all = events(&stream);
        let [event] = &all[..] else { panic!("{} events", all.len()) };
        let of = |key: &str| unescaped(&event.properties[key]);
        assert_eq!((&*of("DTSTART;VALUE=DATE"), &*of("STATUS")), (day, "CONFIRMED"));
        assert_eq!(of("SUMMARY"), "Anna: report the arrival");
        assert!(of("DESCRIPTION").contains("Its day was Thu 2026-11-05"), "{}", of("DESCRIPTION"));
        assert_eq!(of("URL"), "https://www.vmp.gov.kz");
        assert!(of("LOCATION").contains("vmp.gov.kz") && of("LOCATION").contains("eqonaq.kz"), "{}", of("LOCATION"));
    }
}

/// A title is read on a phone: who has neither a name nor an id is called by the line, and not after the file.
#[test]
fn no_title_names_a_file() {
    let nobody = json!({ "citizenship": "RU", "stays": [{ "entry": "2026-11-20" }] }).to_string();
    let (list, profile) = (written("secret-list.ndjson", &format!("{nobody}\n")), written("secret-one.json", &nobody));
    for (path, start) in [(&list, "line 1: report the arrival"), (&profile, "your host must report your arrival")] {
        let stream = agenda(path, TODAY, &["--format", "ics"]).stdout;
        assert!(!stream.replace("\r\n ", "").contains("secret"), "{stream}");
        assert!(events(&stream).iter().any(|event| unescaped(&event.properties["SUMMARY"]) == start), "{stream}");
    }
}

/// A mail by a timer is empty when there is nothing to do, and only then.
#[test]
fn nothing_is_printed_where_nothing_is_due_and_all_was_read() {
    let silent =
        json!({ "id": "7", "citizenship": "RU", "stays": [{ "entry": "2026-11-02", "notified": "2026-11-04" }] });
    let over = json!({ "id": "8", "citizenship": "RU", "stays": [{ "entry": "2026-11-02", "exit": "2027-06-01", "notified": "2026-11-04", "registered": "2026-11-05" }] });
    let soon = ["--within", "2d", "--overdue", "--quiet-if-none"];
    for (name, lines, is_quiet, status) in [
        ("quiet.ndjson", format!("{silent}\n"), true, 0),
        ("over.ndjson", format!("{over}\n"), false, 0),
        ("broken.ndjson", format!("{silent}\n{{\"citizenship\": \"XX\"}}\n"), false, 4),
    ] {
        let path = written(name, &lines);
        for format in ["table", "json", "csv", "ics", "html", "markdown"] {
            let ran = agenda(&path, TODAY, &[&soon[..], &["--format", format]].concat());
            assert_eq!(
                (ran.status, ran.stdout.is_empty()),
                (Some(status), is_quiet),
                "{name} {format}: {}",
                ran.stdout
            );
        }
        let screen = agenda(&path, TODAY, &soon[..3]).stdout;
        assert_eq!(screen.contains("Nothing of what you asked for is due."), status == 0, "{name}:\n{screen}");
    }
    // Where somebody is asked to act, it is not quiet.
    let path = written("loud.ndjson", &format!("{silent}\n"));
    assert!(agenda(&path, TODAY, &["--within", "30d", "--quiet-if-none"]).stdout.contains("migration police"));
}
