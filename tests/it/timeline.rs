//! What is drawn of a timeline is what the engine says of each day: in lines of signs, in a picture, and as JSON.

use std::collections::BTreeMap;

use crate::support::run;
use serde_json::Value as Json;
use trp_check::calendar::Day;

/// Somebody lawful, somebody on the last day, an overstay that goes on as planned, a permit that takes over, a
/// planned stay, somebody of whom no rule speaks.
const PEOPLE: [&str; 6] = [
    "--citizenship RU --stay 2026-06-10..2026-07-05 --stay 2026-11-02..",
    "--citizenship RU --stay 2026-06-10..2026-07-05 --stay 2026-09-20..",
    "--citizenship DE --stay 2026-07-10..2026-07-20 --stay 2026-10-20..2026-12-20",
    "--citizenship RU --stay 2026-11-02..2026-12-15 --permit trp:2026-11-20..2028-11-19",
    "--citizenship DE --stay 2026-08-10..2026-08-30 --stay 2026-12-20..2027-01-10",
    "--citizenship NG --stay 2026-11-02..",
];

fn stay(person: &str, more: &str) -> run::Ran {
    let line = format!("stay {person} --today 2026-11-22 {more}");
    let ran = run::run(&line.split_whitespace().collect::<Vec<_>>(), b"");
    assert!(matches!(ran.status, Some(0 | 1 | 3)), "{line}: {:?} {}", ran.status, ran.stderr);
    assert_eq!(ran.stderr, "", "{line}");
    ran
}

fn answer(person: &str, more: &str) -> Json {
    serde_json::from_str(&stay(person, more).stdout).expect("an answer in JSON")
}

/// Each day of the ranges or marks of a timeline, with what they are.
fn days_of(timeline: &Json, key: &str) -> BTreeMap<Day, Vec<String>> {
    let day = |value: &Json| Day::parse(value.as_str().expect("a text")).expect("a day");
    let mut days: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    for run in timeline[key].as_array().expect("a list") {
        let (mut next, last) = (day(&run["first"]), day(&run["last"]));
        while next <= last {
            days.entry(next).or_default().push(run["what"].as_str().expect("a word").to_owned());
            next = next.plus(1);
        }
    }
    days
}

/// What the plain signs mean.
fn meaning(sign: char) -> &'static str {
    match sign {
        '.' => "outside",
        '=' => "allowed",
        'o' => "not-counted",
        '#' => "counted",
        'p' => "planned",
        '?' => "undecided",
        'x' => "planned-over",
        'X' => "overstay",
        '^' => "today",
        '!' => "last-day",
        'P' => "permit-end",
        '+' => "falls-free",
        other => panic!("no such sign: {other}"),
    }
}

/// The signs of the lines of months, and those under them, by day.
fn drawn(text: &str, step: usize) -> [BTreeMap<Day, Vec<String>>; 2] {
    const LABEL: usize = 9;
    let [mut states, mut marks] = [BTreeMap::new(), BTreeMap::new()];
    let mut month = None;
    let figure = text.lines().skip_while(|line| !line.trim_start().starts_with("1  ")).skip(1);
    for line in figure.take_while(|line| !line.is_empty()) {
        let first = line.get(..7).and_then(|label| Day::parse(&format!("{label}-01")).ok());
        month = first.or(month);
        let Some(month) = month else { continue };
        for (column, sign) in line.chars().enumerate().skip(LABEL).filter(|(_, sign)| *sign != ' ') {
            assert_eq!((column - LABEL + 1) % step, 0, "a sign between two days: {line}");
            let day = month.plus(i32::try_from((column - LABEL + 1) / step - 1).expect("a small number"));
            let into = if first.is_some() { &mut states } else { &mut marks };
            into.entry(day).or_insert_with(Vec::new).push(meaning(sign).to_owned());
        }
    }
    [states, marks]
}

/// The lines hold the same days as the JSON does, at 80 columns and at 60, and no line is longer.
#[test]
fn signs_stand_at_their_days() {
    for person in PEOPLE {
        let timeline = &answer(person, "--timeline --format json")["timeline"];
        let last = Day::parse(timeline["last"].as_str().expect("a text")).expect("a day");
        for (width, step) in [(80, 2), (60, 1)] {
            let text = stay(person, &format!("--timeline --ascii --width {width}")).stdout;
            assert!(text.is_ascii(), "{person}: {text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{person}: {text}");
            let [states, marks] = drawn(&text, step);
            assert_eq!(states, days_of(timeline, "ranges"), "{person}");
            let mut told = days_of(timeline, "marks");
            told.retain(|day, _| *day <= last);
            let sorted = |days: BTreeMap<Day, Vec<String>>| -> BTreeMap<Day, Vec<String>> {
                days.into_iter()
                    .map(|(day, mut marks)| {
                        marks.sort();
                        (day, marks)
                    })
                    .collect()
            };
            assert_eq!(sorted(marks), sorted(told), "{person}");
            assert!(text.contains("too far ahead to be drawn") == person.contains("2028"), "{person}: {text}");
        }
    }
}

/// Colour adds nothing but colour.
#[test]
fn colour_only_repeats_the_signs() {
    for person in PEOPLE {
        let plain = stay(person, "--timeline --color never").stdout;
        let mut colored = stay(person, "--timeline --color always").stdout;
        assert_ne!(plain, colored, "{person}");
        while let Some(start) = colored.find('\u{1b}') {
            let end = start + colored[start..].find('m').expect("the end of a colour");
            colored.replace_range(start..=end, "");
        }
        assert_eq!(plain, colored, "{person}");
    }
}

/// `timeline` stands beside the fixed keys, and only where it is asked for; its counted days are the days used.
#[test]
fn json_gets_a_timeline_only_when_asked() {
    for person in PEOPLE {
        let plain = answer(person, "--format json");
        assert!(plain.get("timeline").is_none(), "{person}");
        let mut told = answer(person, "--timeline --format json");
        let timeline = told.as_object_mut().and_then(|told| told.remove("timeline")).expect("a timeline");
        assert_eq!(plain, told, "{person}");
        let today = Day::parse("2026-11-22").expect("a day");
        let day = |value: &Json| Day::parse(value.as_str().expect("a text")).expect("a day");
        let runs = timeline["ranges"].as_array().expect("a list").iter().filter(|run| run["counted"] == true);
        let counted: i32 =
            runs.map(|run| (day(&run["last"]).min(today).days_since(day(&run["first"])) + 1).max(0)).sum();
        assert_eq!(timeline["used"].as_i64().unwrap_or(0), i64::from(counted), "{person}");
    }
}

/// The picture says of each day in words what the JSON says, whatever its colours; it holds nothing foreign.
#[test]
fn each_day_of_a_picture_says_what_it_is() {
    const WORDS: [(&str, &str); 8] = [
        ("outside", "or nothing planned"),
        ("allowed", "still allowed"),
        ("not-counted", "lawful, not counted"),
        ("counted", "lawful, counted"),
        ("planned", "planned in Kazakhstan, lawful"),
        ("undecided", "no rule says"),
        ("planned-over", "TOO LATE"),
        ("overstay", "OVERSTAY"),
    ];
    for person in PEOPLE {
        let timeline = &answer(person, "--timeline --format json")["timeline"];
        let text = stay(person, "--format svg").stdout;
        assert_eq!(text, stay(person, "--format svg --color always --width 60").stdout, "{person}");
        let titles: Vec<&str> =
            text.split("<title>").skip(1).filter_map(|rest| rest.split("</title>").next()).collect();
        let expected = days_of(timeline, "ranges");
        assert_eq!(titles.len(), expected.len(), "{person}");
        for (title, (day, states)) in titles.iter().zip(&expected) {
            let (_, words) = WORDS.iter().find(|(state, _)| *state == states[0]).expect("a known state");
            assert!(title.contains(&day.to_string()) && title.contains(words), "{title}: {states:?}");
        }
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"), "{person}");
        assert!(!text.contains("<script") && !text.contains("href"), "{person}");
        assert_eq!(text.matches("<g>").count(), text.matches("</g>").count(), "{person}");
    }
}

/// A name is text, whatever it looks like.
#[test]
fn a_name_is_no_markup() {
    let name = "</text><script>\"a\" & 'b'</script>";
    let arguments = ["stay", "--citizenship", "RU", "--today", "2026-11-22", "--format", "svg", "--name", name];
    let text = run::run(&arguments, b"").stdout;
    assert!(!text.contains("<script"), "{text}");
    assert!(text.contains("&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;"), "{text}");
}

/// What cannot be drawn says what to type instead.
#[test]
fn a_refusal_says_what_to_type() {
    let refused: [(&str, &str); 4] = [
        ("check --citizenship RU --format svg", "trp-check stay person.toml --format svg"),
        ("docs --citizenship RU --format svg", "trp-check stay person.toml --format svg"),
        ("stay --citizenship RU --timeline --format csv", "trp-check stay person.toml --timeline --format json"),
        ("stay --citizenship RU --ascii", "trp-check stay person.toml --timeline --ascii"),
    ];
    for (line, hint) in refused {
        let ran = run::run(&line.split_whitespace().collect::<Vec<_>>(), b"");
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{line}");
        assert!(ran.stderr.contains(hint), "{line}: {}", ran.stderr);
    }
}
