//! `calendar add` and `calendar list`: the numbers they tell are those of the calendar, and each day has its
//! reason. (That the calendar itself is right is proved in `tests/oracles/calendar.rs`.)

use crate::support::day::{TODAY, day};
use crate::support::{folders, run};
use serde_json::Value as Json;
use trp_check::assess::calendar::{term, year};
use trp_check::calendar::{Day, DayKind};
use trp_check::embedded::RULES;
use trp_check::rulebook::Term;

fn told(arguments: &[&str]) -> (Option<i32>, Json) {
    let all = [&["calendar"], arguments, &["--today", TODAY, "--format", "json"]].concat();
    let ran = run::run(&all, b"");
    let json = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{all:?}: {error}: {}", ran.stderr));
    assert_eq!(ran.stderr, "", "{all:?}");
    (ran.status, json)
}

/// The ends of terms, worked out by hand from the sources of the calendar.
#[test]
fn terms_end_on_the_days_worked_out_by_hand() {
    // Term, day of the event, due, safe, is the last day worked.
    let by_hand: [(&str, &str, &str, Option<&str>, bool); 14] = [
        // A plain week.
        ("3wd", "2026-11-02", "2026-11-05", Some("2026-11-04"), true),
        // Over a weekend, from a Friday and from the Saturday after it.
        ("3wd", "2026-11-06", "2026-11-11", Some("2026-11-10"), true),
        ("3wd", "2026-11-07", "2026-11-11", Some("2026-11-11"), true),
        // Three holidays, two of them on the weekend and moved to Tuesday and Wednesday.
        ("3wd", "2026-03-20", "2026-03-30", Some("2026-03-27"), true),
        // A Friday off and the Sunday worked in its place, by decree.
        ("1wd", "2025-01-03", "2025-01-05", Some("2025-01-05"), true),
        ("2wd", "2025-01-03", "2025-01-06", Some("2025-01-06"), true),
        // A Saturday worked in place of the Monday after it.
        ("1wd", "2022-03-04", "2022-03-05", Some("2022-03-04"), true),
        ("2wd", "2022-03-04", "2022-03-09", Some("2022-03-05"), true),
        // Over the end of a year.
        ("3wd", "2026-12-31", "2027-01-08", Some("2027-01-06"), true),
        ("0wd", "2026-11-02", "2026-11-02", Some("2026-11-02"), true),
        // Calendar days run on over everything.
        ("30d", "2026-11-02", "2026-12-02", None, true),
        ("day30", "2026-11-02", "2026-12-01", None, true),
        ("30d", "2026-11-13", "2026-12-13", None, false),
        ("24h", "2026-11-20", "2026-11-21", None, false),
    ];
    for (term, from, due, safe, is_worked) in by_hand {
        let (status, json) = told(&["add", term, "--from", from]);
        assert_eq!((status, &json["status"]), (Some(0), &"ok".into()), "{term} from {from}");
        assert_eq!((&json["from"], &json["due"]), (&from.into(), &due.into()), "{term} from {from}");
        assert_eq!(json["safe"], safe.map_or(Json::Null, Json::from), "{term} from {from}");
        assert_eq!(json["is_working_day"], is_worked, "{term} from {from}");
    }
}

/// For every day of the covered years: all days up to the end are told, the working ones numbered from 1 to the
/// length of the term, and none without a reason is passed over.
#[test]
fn every_day_of_a_term_is_told_with_its_reason() {
    let (first, last) = (day("2022-01-01"), day("2027-12-31"));
    for from in (first.0..=last.0).map(Day) {
        for days in [1, 3, 10] {
            let answer = term(&RULES, from, Term::WorkingDays(days), from);
            let counted = RULES.calendar.working_days_after(from, days);
            match (answer.end, counted) {
                (Ok(end), Ok(counted)) => {
                    assert_eq!(end.due, counted);
                    let told: Vec<Day> = end.days.iter().map(|day| day.on).collect();
                    assert_eq!(told, (from.0 + 1..=end.due.0).map(Day).collect::<Vec<_>>());
                    let worked = end.days.iter().filter(|day| day.is_worked).count();
                    assert_eq!(worked, usize::try_from(days).unwrap_or_default());
                    for day in &end.days {
                        let is_weekend = RULES.calendar.is_weekend(day.on);
                        let is_moved_here = day.special.is_some_and(|special| special.kind == DayKind::Worked);
                        assert!(!day.is_worked || !is_weekend || is_moved_here, "{}", day.on);
                        assert!(day.is_worked || is_weekend || day.special.is_some(), "{}", day.on);
                    }
                    assert!(!end.cites.is_empty() && !end.law.is_empty(), "{from}");
                }
                (Err(told), Err(known)) => assert_eq!(told, known),
                (told, counted) => panic!("{days} after {from}: {told:?}, but {counted:?}"),
            }
        }
    }
}

/// Working days of the covered years, by month, counted by hand from the sources of the calendar.
#[test]
fn working_days_of_a_year_are_counted_by_month() {
    const BY_MONTH: [(&str, [i32; 12]); 6] = [
        ("2022", [18, 20, 19, 21, 19, 22, 20, 22, 22, 20, 22, 21]),
        ("2023", [20, 20, 19, 20, 20, 21, 20, 22, 21, 21, 22, 20]),
        ("2024", [21, 21, 17, 22, 20, 20, 22, 21, 21, 22, 21, 21]),
        ("2025", [20, 20, 17, 22, 19, 20, 22, 21, 21, 22, 20, 22]),
        ("2026", [19, 20, 18, 22, 17, 22, 22, 21, 22, 21, 21, 22]),
        ("2027", [18, 20, 18, 22, 18, 22, 21, 22, 22, 20, 22, 22]),
    ];
    for (year, expected) in BY_MONTH {
        let (status, json) = told(&["list", year]);
        assert_eq!(status, Some(0));
        let months: Vec<i64> = json["months"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|month| month["working_days"].as_i64())
            .collect();
        assert_eq!(months, expected.map(i64::from), "{year}");
        assert_eq!(json["working_days"], expected.iter().sum::<i32>(), "{year}");
        assert_eq!(json["months"][10]["month"], format!("{year}-11"));
    }
}

/// Every day of a year that is not as its weekday would have it is listed, and no other; moved days name each
/// other, and cite the decree of their own.
#[test]
fn the_list_of_a_year_has_all_days_that_differ() {
    for number in 2022..=2027 {
        let answer = year(&RULES, number);
        let days = answer.days.unwrap_or_else(|| panic!("{number} is not covered"));
        let listed: Vec<Day> = days.special.iter().map(|(special, _)| special.on).collect();
        assert!(listed.is_sorted(), "{listed:?}");
        let first = Day::from_ymd(number, 1, 1).map_or(0, |day| day.0);
        for on in (first..first + 366).map(Day).filter(|day| day.year() == number) {
            let is_plain = RULES.calendar.is_working_day(on) == Ok(!RULES.calendar.is_weekend(on));
            assert!(is_plain || listed.contains(&on), "{on}");
        }
        for (special, cites) in &days.special {
            let by_decree = matches!(special.kind, DayKind::MovedOff | DayKind::Worked);
            assert_eq!(special.instead_of.is_some(), by_decree || special.kind == DayKind::Observed, "{}", special.on);
            if by_decree {
                let other = days.special.iter().find(|(other, _)| Some(other.on) == special.instead_of);
                assert_eq!(other.and_then(|(other, _)| other.instead_of), Some(special.on));
                assert!(!cites.is_empty(), "{} has no citation of its own", special.on);
            }
        }
        assert!(!days.cites.is_empty(), "{number}");
    }
    let (_, json) = told(&["list", "2025"]);
    let on = |day: &str| {
        json["days"].as_array().into_iter().flatten().find(|one| one["on"] == day).cloned().unwrap_or_default()
    };
    let moved = on("2025-01-03");
    assert_eq!((&moved["kind"], &moved["instead_of"]), (&"moved-off".into(), &"2025-01-05".into()));
    assert_eq!(
        (moved["cite"][0]["source"].as_str(), moved["is_working_day"].as_bool()),
        (Some("order-436"), Some(false))
    );
    assert_eq!(
        (on("2025-01-05")["kind"].as_str(), on("2025-01-05")["is_working_day"].as_bool()),
        (Some("worked"), Some(true))
    );
    let observed = on("2025-03-10");
    assert_eq!((observed["kind"].as_str(), observed["instead_of"].as_str()), (Some("observed"), Some("2025-03-08")));
    assert_eq!((observed["name"].as_str(), observed["cite"].as_array().map(Vec::len)), (Some("womens-day"), Some(0)));
    let (_, json) = told(&["list", "2027"]);
    let estimated: Vec<&Json> =
        json["days"].as_array().into_iter().flatten().filter(|day| day["estimated_by_days"] != 0).collect();
    assert_eq!((estimated.len(), estimated[0]["on"].as_str()), (1, Some("2027-05-16")));
}

/// A term that reaches into a year without a calendar, or such a year itself: 3, and no day.
#[test]
fn a_year_without_a_calendar_ends_with_3() {
    for (arguments, not_covered) in [
        (["add", "1wd", "--from", "2027-12-31"], 2028),
        (["add", "999wd", "--from", "2026-01-05"], 2028),
        (["add", "1wd", "--from", "2021-12-31"], 2021),
    ] {
        let (status, json) = told(&arguments);
        assert_eq!((status, &json["status"]), (Some(3), &"not-covered".into()), "{arguments:?}");
        assert_eq!((&json["due"], &json["safe"]), (&Json::Null, &Json::Null));
        assert_eq!(json["year_not_covered"], not_covered, "{arguments:?}");
        assert_eq!((&json["covered"]["first"], &json["covered"]["last"]), (&2022.into(), &2027.into()));
    }
    let (status, json) = told(&["list", "2028"]);
    assert_eq!((status, &json["status"], &json["working_days"]), (Some(3), &"not-covered".into(), &Json::Null));
    // Terms in calendar days need no calendar.
    let (status, json) = told(&["add", "30d", "--from", "2050-01-01"]);
    assert_eq!((status, &json["due"], &json["is_working_day"]), (Some(0), &"2050-01-31".into(), &Json::Null));
}

/// An estimated holiday close by is said; with `--strict` the answer is unknown, and so it is when the calendar
/// was verified too long ago.
#[test]
fn strict_does_not_rest_on_an_estimated_day() {
    let close = ["add", "2wd", "--from", "2027-05-14"];
    let (status, json) = told(&close);
    assert_eq!((status, &json["status"], &json["due"]), (Some(0), &"ok".into(), &"2027-05-18".into()));
    assert_eq!(json["estimated"][0]["on"], "2027-05-16");
    let (status, json) = told(&[&close[..], &["--strict"]].concat());
    assert_eq!((status, &json["status"], &json["due"]), (Some(3), &"unknown".into(), &"2027-05-18".into()));
    let far = ["add", "2wd", "--from", "2027-06-14", "--strict"];
    assert_eq!(told(&far).0, Some(0));
    let later = run::run(&[&["calendar"], &far[..], &["--today", "2027-06-14"]].concat(), b"");
    assert_eq!(later.status, Some(3), "verified more than 180 days ago: {}", later.stdout);
}

/// A decree can make even a holiday a working day: it is then counted, and both entries of the day are listed.
#[test]
fn a_holiday_worked_by_decree_counts() {
    let pack = folders::copy_of_pack("working-days-holiday-worked");
    let file = pack.join("calendar/2025.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{error}"));
    let moved =
        "\n[[moved]]\noff = 2025-12-17\nworked = 2025-12-16\ncite = [{ source = \"order-436\", at = \"p. 1\" }]\n";
    std::fs::write(&file, text + moved).unwrap_or_else(|error| panic!("{error}"));
    let folder = pack.to_string_lossy();
    let (_, plain) = told(&["add", "2wd", "--from", "2025-12-15"]);
    assert_eq!(plain["due"], "2025-12-18");
    let (_, json) = told(&["add", "2wd", "--from", "2025-12-15", "--rules", &folder]);
    assert_eq!(json["due"], "2025-12-18");
    assert_eq!((json["days"][0]["number"].as_u64(), json["days"][0]["kind"].as_str()), (Some(1), Some("worked")));
    assert_eq!((json["days"][1]["number"].as_u64(), json["days"][1]["kind"].as_str()), (None, Some("moved-off")));
    let (_, json) = told(&["list", "2025", "--rules", &folder]);
    let kinds = json["days"].as_array().into_iter().flatten().filter(|one| one["on"] == "2025-12-16");
    assert_eq!(kinds.filter_map(|one| one["kind"].as_str()).collect::<Vec<_>>(), ["worked", "holiday"]);
    assert_eq!(json["working_days"], 246, "a day was moved, none was added");
}

/// Terms and years that are none are refused with 2 and the forms that are read.
#[test]
fn a_term_that_is_none_ends_with_2() {
    for term in [
        "3", "wd", "3w", "-3wd", "3 wd", "3WD", "+3wd", "3.5wd", "123456wd", "d", "day0", "day", "day-1", "30th",
        "٣wd", "",
    ] {
        let ran = run::run(&["calendar", "add", term, "--from", "2026-11-02"], b"");
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{term:?}");
    }
    for arguments in [
        &["calendar", "add", "3wd", "--from", "2026-11-31"][..],
        &["calendar", "add"],
        &["calendar"],
        &["calendar", "list", "1999"],
        &["calendar", "list", "2101"],
        &["calendar", "list", "26"],
        &["calendar", "add", "40000d", "--from", "2026-11-02"],
    ] {
        let ran = run::run(arguments, b"");
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty(), "{arguments:?}");
    }
}

/// Without a day or a year it is today's; a folder of rules answers in place of the embedded pack; no line is
/// wider than asked for.
#[test]
fn today_folder_and_width_are_heeded() {
    let at = |arguments: &[&str]| run::run(&[&["calendar"], arguments].concat(), b"").stdout;
    assert_eq!(at(&["add", "3wd", "--today", TODAY]), at(&["add", "3wd", "--from", TODAY]));
    assert_eq!(at(&["list", "--today", TODAY]), at(&["list", "2026"]));
    assert_eq!(at(&["list", "2025", "--rules", "rules/kz"]), at(&["list", "2025"]));
    for width in ["60", "80", "120"] {
        for told in
            [at(&["list", "2022", "--width", width]), at(&["add", "5wd", "--from", "2025-01-03", "--width", width])]
        {
            let columns: usize = width.parse().unwrap_or_default();
            let long: Vec<&str> = told.lines().filter(|line| line.chars().count() > columns).collect();
            assert!(long.is_empty(), "{width}: {long:#?}");
        }
    }
}
