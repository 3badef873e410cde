//! `plan` as its users call it: days counted by hand, exits, and what it refuses.

use crate::support::run;
use serde_json::{Value as Json, json};

/// Runs `plan` with a command line given as one text.
fn plan(line: &str) -> run::Ran {
    let arguments: Vec<&str> = std::iter::once("plan").chain(line.split_whitespace()).collect();
    run::run(&arguments, b"")
}

/// The answer as JSON, and the exit code.
fn answer(line: &str) -> (Json, Option<i32>) {
    let ran = plan(&format!("{line} --format json"));
    let answer = serde_json::from_str(&ran.stdout);
    (answer.unwrap_or_else(|error| panic!("{line}: {error}: {}", ran.stderr)), ran.status)
}

const HERE: &str = "--today 2026-11-22 --citizenship RU --purpose employment --stay 2026-11-02..";

/// 30 days were used in November; 90 in any 180 leave 60, and 20 of them are booked for March.
const BOOKED: &str = "--today 2026-11-01 --citizenship RU --stay 2026-11-01..2026-11-30 --stay 2027-03-01..2027-03-20";

#[test]
fn a_trip_that_fits_is_lawful() {
    let (answer, exit) = answer(&format!("{BOOKED} --trip 2026-12-10..2027-01-18"));
    assert_eq!(exit, Some(0), "{answer:#}");
    assert_eq!(answer["trips"][0]["verdict"], "lawful");
    assert_eq!(answer["trips"][0]["spoils"], json!([]));
    assert_eq!(answer["trips"][0]["shorten_to"], Json::Null);
}

/// 41 days in December and January: on 20 March 30 + 41 + 20 days are there, one too many.
#[test]
fn a_trip_that_spoils_a_booking_says_which_and_how_to_repair_it() {
    let (answer, exit) = answer(&format!("{BOOKED} --trip 2026-12-10..2027-01-19"));
    let trip = &answer["trips"][0];
    assert_eq!(exit, Some(1), "{answer:#}");
    assert_eq!(trip["stay"]["verdict"], "lawful");
    assert_eq!(trip["verdict"], "unlawful");
    assert_eq!(trip["spoils"][0]["entry"], "2027-03-01");
    assert_eq!(trip["spoils"][0]["first_day_over"], "2027-03-20");
    assert_eq!(trip["spoils"][0]["binding"], json!(["kz.stay.eaeu"]));
    assert_eq!(trip["shorten_to"], "2027-01-18");
    assert_eq!(trip["shift_to"], json!({ "entry": "2027-03-21", "exit": "2027-04-30" }));
}

#[test]
fn the_longest_stay_keeps_the_booking_and_says_so() {
    let (answer, exit) = answer(&format!("{BOOKED} --from 2026-12-10"));
    let longest = &answer["longest"];
    assert_eq!((exit, &longest["until"]), (Some(0), &json!("2027-01-18")), "{answer:#}");
    assert_eq!((&longest["days"], &longest["ends_by"]), (&json!(40), &json!("spoils")));
    assert_eq!(longest["other"]["entry"], "2027-03-01");
    assert_eq!(longest["alone"]["last_day"], "2027-02-07");
}

#[test]
fn the_first_stay_shares_no_day_with_others() {
    let (answer, exit) = answer(&format!("{BOOKED} --need 41 --after 2026-12-01"));
    assert_eq!(exit, Some(0));
    assert_eq!(answer["first"]["stay"]["entry"], "2027-03-21", "{answer:#}");
    assert_eq!(answer["first"]["stay"]["exit"], "2027-04-30");
}

/// After an overstay the days used are counted, and nothing is refused.
#[test]
fn there_is_a_way_ahead_after_an_overstay() {
    let stays = "--today 2026-11-22 --citizenship DE --stay 2026-10-01..2026-11-14";
    let (answer, exit) = answer(&format!("{stays} --need 14 --after 2026-11-22"));
    assert_eq!(exit, Some(0), "{answer:#}");
    // 45 of 90 days in any 180 are used; 30 days per entry.
    assert_eq!(answer["first"]["stay"]["entry"], "2026-11-22");
    assert_eq!(answer["first"]["stay"]["last_day"], "2026-12-21");
}

/// Somebody in the country without an exit is taken to leave today, and it is said.
#[test]
fn an_open_stay_is_taken_to_end_today() {
    let (answer, _) = answer(&format!("{HERE} --trip 2026-12-10..2026-12-20"));
    assert_eq!(answer["leaves_on"], "2026-11-22");
    let ran = plan(&format!("{HERE} --trip 2026-12-10..2026-12-20"));
    assert!(ran.stdout.contains("taken to leave today, Sun 2026-11-22"), "{}", ran.stdout);
}

/// 2 November is day 1; day 90 is 30 January, a Saturday; one working day before it is over is Thursday 28 January.
#[test]
fn to_stay_on_the_permit_is_filed_for_in_time() {
    let (answer, exit) = answer(&format!("{HERE} --notified 2026-11-04 --until 2027-06-30"));
    let until = &answer["until"];
    assert_eq!(exit, Some(0), "{answer:#}");
    let steps: Vec<[&Json; 4]> = until["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| [&step["id"], &step["due"], &step["permit_from"], &step["permit_until"]])
        .collect();
    let expected = [
        [json!("own-registration"), json!("2026-12-01"), Json::Null, Json::Null],
        [json!("permit-filing"), json!("2027-01-28"), json!("2027-01-29"), json!("2028-01-28")],
    ];
    assert_eq!(steps, expected.each_ref().map(<[Json; 4]>::each_ref));
    assert_eq!(until["hangs_on"], json!(["employment.contract_until", "travel_document.expires"]));
}

/// How it ends, whatever is done.
#[test]
fn what_cannot_be_is_said_with_its_reason() {
    let ends = [
        // No permit outlasts the contract.
        (format!("{HERE} --contract-until 2027-03-31 --until 2027-06-30"), "capped", json!("2027-03-31"), 1),
        // Filing on 28 January would have been in time.
        (HERE.replace("2026-11-22", "2027-01-29") + " --until 2027-06-30", "too-late", json!("2027-01-30"), 1),
        // A visa ends, and no rule says how to stay on.
        (
            "--today 2026-11-22 --citizenship US --stay 2026-10-05.. --permit visa:2026-10-01..2026-12-31 --until 2027-02-01"
                .to_owned(),
            "permit-ends",
            json!("2026-12-31"),
            1,
        ),
        // A pack without a permit to go on with.
        (
            "--rules tests/packs/schengen --today 2026-11-22 --citizenship US --stay 2026-11-01.. --until 2027-03-30"
                .to_owned(),
            "limit-ends",
            json!("2027-01-29"),
            1,
        ),
        // The permit is not for citizens of a state without an agreement.
        (
            "--today 2026-11-22 --citizenship US --stay 2026-11-10.. --until 2027-02-01".to_owned(),
            "usually-unavailable",
            json!("2026-12-09"),
            3,
        ),
        ("--today 2026-11-22 --citizenship NG --stay 2026-11-10.. --until 2027-02-01".to_owned(), "not-covered", Json::Null, 3),
        // The second renewal falls into a year without a calendar.
        (format!("{HERE} --until 2028-06-30"), "calendar-ends", json!("2028-01-28"), 3),
    ];
    for (line, because, reaches, code) in ends {
        let (answer, exit) = answer(&line);
        let until = &answer["until"];
        let got = (&until["ends_because"], &until["reaches"], exit);
        assert_eq!(got, (&json!(because), &reaches, Some(code)), "{line}: {answer:#}");
    }
}

/// A permit that is held is renewed: its last day is Tuesday 9 November, so that the Monday before is the last to file.
#[test]
fn a_permit_is_renewed_in_time() {
    let (answer, exit) = answer(&format!("{HERE} --permit trp:2026-11-10..2027-11-09 --until 2027-12-31"));
    assert_eq!(exit, Some(0), "{answer:#}");
    let steps = answer["until"]["steps"].as_array().expect("steps");
    let renewal = steps.iter().find(|step| step["id"] == "permit-renewal").expect("a renewal");
    let days = [&renewal["due"], &renewal["permit_from"], &renewal["permit_until"]];
    assert_eq!(days, [&json!("2027-11-08"), &json!("2027-11-10"), &json!("2028-11-08")]);
}

#[test]
fn exits_tell_the_verdict() {
    let exits = [
        (format!("{HERE} --trip 2026-12-10..2027-06-20"), 1),
        ("--today 2026-11-22 --citizenship NG --trip 2026-12-10..2026-12-20".to_owned(), 3),
        ("--today 2026-11-22 --citizenship NG --need 5".to_owned(), 3),
        ("--today 2026-11-22 --citizenship RU --need 91".to_owned(), 1),
        ("--today 2027-12-01 --citizenship RU --from 2027-12-02 --strict".to_owned(), 3),
        (
            "--today 2026-11-22 --citizenship RU --document-expires 2026-12-15 --trip 2026-12-10..2026-12-20"
                .to_owned(),
            1,
        ),
    ];
    for (line, code) in exits {
        assert_eq!(plan(&line).status, Some(code), "{line}: {}", plan(&line).stdout);
    }
}

/// What cannot be asked is refused, and the message says what to type instead.
#[test]
fn what_cannot_be_asked_is_refused() {
    let refused = [
        ("--citizenship RU --trip 2026-11-01..2026-11-10", "has passed"),
        ("--citizenship RU --from 2026-11-21", "has passed"),
        (
            "--citizenship RU --stay 2026-12-01..2026-12-10 --trip 2026-12-05..2026-12-20",
            "Tue 2026-12-01 … Thu 2026-12-10",
        ),
        ("--citizenship RU --trip 2026-12-05..2026-12-20 --trip 2026-12-10..2026-12-30", "Sat 2026-12-05"),
        ("--citizenship RU --stay 2026-12-01.. --trip 2026-12-05..2026-12-20", "without an exit"),
        ("--citizenship RU --until 2026-12-20", "--trip FIRST..LAST"),
        ("--citizenship RU --trip 2026-12-05..", "--from DAY"),
        ("--citizenship RU --trip 2026-12-05..2026-12-04", "before the first"),
        ("--citizenship RU", "ask one of four questions"),
        ("--citizenship RU --trip 2026-12-05..2026-12-20 --from 2026-12-01", "cannot be used together with"),
        ("--citizenship RU --after 2026-12-01", "--need"),
    ];
    for (line, told) in refused {
        let ran = plan(&format!("--today 2026-11-22 {line}"));
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""), "{line}");
        assert!(ran.stderr.contains(told), "{line}: {}", ran.stderr);
    }
}

/// Nobody is promised a stay whose ground is not known: the fact is named with its flag, and the words that would do.
#[test]
fn a_stay_that_hangs_on_the_purpose_is_not_promised() {
    let here = HERE.replace("--purpose employment ", "");
    let (answer, exit) = answer(&format!("{here} --until 2027-06-01"));
    let until = &answer["until"];
    assert_eq!((exit, &answer["verdict"]), (Some(3), &json!("unknown")), "{answer:#}");
    assert_eq!(until["choices"][0]["fact"], "purpose");
    let reaching = until["choices"][0]["reaching"].as_array().expect("words");
    assert!(reaching.contains(&json!("employment")) && !reaching.contains(&json!("tourism")), "{reaching:?}");
    let text = plan(&format!("{here} --until 2027-06-01")).stdout;
    assert!(text.starts_with("It depends") && text.contains("--purpose") && !text.contains("Yes, you can"), "{text}");
    // A permit that is held hangs on it as well when it is to be renewed.
    let held = "--permit trp:2026-11-10..2027-11-09 --until 2027-12-31";
    assert!(plan(&format!("{here} {held}")).stdout.starts_with("It depends"));
    assert_eq!(plan(&format!("{HERE} {held}")).status, Some(0));
}

/// A stay that needs no further permit hangs on no purpose.
#[test]
fn a_stay_within_the_visa_free_days_is_promised() {
    let here = HERE.replace("--purpose employment ", "");
    let (answer, exit) = answer(&format!("{here} --until 2027-01-30"));
    assert_eq!((exit, &answer["until"]["hangs_on"]), (Some(0), &json!([])), "{answer:#}");
}

/// A contract whose end is not known is named in the same sentence, and no more when it is given.
#[test]
fn what_could_end_the_permit_earlier_stands_in_the_answer() {
    let first = |line: &str| plan(line).stdout.lines().take(2).collect::<Vec<_>>().join(" ");
    let open = first(&format!("{HERE} --until 2027-06-01"));
    assert!(open.contains("--contract-until") && open.contains("--document-expires"), "{open}");
    let given = first(&format!("{HERE} --until 2027-06-01 --contract-until 2028-12-31 --document-expires 2030-01-01"));
    assert!(given.starts_with("Yes") && !given.contains("--"), "{given}");
    // So the days printed on a visa, which may be fewer than its dates allow.
    let visa = "--today 2026-11-22 --citizenship US --stay 2026-10-05.. --permit visa:2026-10-01..2026-12-31 --until 2026-12-30";
    assert!(first(visa).contains("--days-per-entry"), "{}", first(visa));
}

/// Each filing has its papers, the permission of the employer among them.
#[test]
fn each_filing_names_its_papers() {
    let line = "--today 2026-11-22 --citizenship UZ --purpose employment --employer other --work employed --stay 2026-11-12.. --until 2027-06-01";
    let (answer, _) = answer(line);
    let steps = answer["until"]["steps"].as_array().expect("steps");
    let papers = |id: &str| {
        let step = steps.iter().find(|step| step["id"] == id).expect("the step");
        step["papers"].as_array().expect("papers").iter().map(|paper| paper["id"].clone()).collect::<Vec<_>>()
    };
    assert!(papers("permit-filing").contains(&json!("foreign-labour-permission")), "{answer:#}");
    assert!(papers("own-registration").is_empty());
    let text = plan(line).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = ["permit to attract foreign labour", "trp-check docs", "egov.kz"];
    assert!(said.iter().all(|part| text.contains(part)), "{text}");
}

/// `check` tells the day on which `plan` files for the next permit, or why there is none.
#[test]
fn check_and_plan_agree_on_a_renewal() {
    let check = |line: &str| {
        let arguments: Vec<&str> = std::iter::once("check").chain(line.split_whitespace()).collect();
        run::run(&arguments, b"").stdout
    };
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let held = |until: &str| format!("{HERE} --notified 2026-11-04 --permit trp:2026-11-10..{until}");
    let (planned, _) = answer(&format!("{} --until 2027-12-31", held("2027-11-09")));
    let steps = planned["until"]["steps"].as_array().expect("steps");
    assert!(steps.iter().any(|step| step["id"] == "permit-renewal" && step["due"] == "2027-11-08"), "{planned:#}");
    let told = flat(check(&held("2027-11-09")));
    assert!(told.contains("next TRP by Monday 8 November 2027") && told.contains("No rule names a day"), "{told}");
    // The calendar of working days ends with 2027.
    let told = flat(check(&held("2028-03-09")));
    assert!(told.contains("By which day is not known"), "{told}");
    let json: Json = serde_json::from_str(&check(&format!("{} --format json", held("2028-03-09")))).expect("JSON");
    let end = json["deadlines"].as_array().expect("deadlines").iter().find(|one| one["id"] == "permit-end");
    assert_eq!(end.map(|end| &end["safe"]), Some(&Json::Null), "{json:#}");
    assert!(json["notices"].as_array().expect("notices").iter().any(|notice| notice["code"] == "not-covered"));
    // Who leaves before, or holds the next one already, renews nothing.
    for more in ["--exit 2027-06-01", "--permit trp:2027-11-10..2028-02-01"] {
        let told = flat(check(&format!("{} {more}", held("2027-11-09"))));
        assert!(!told.contains("next TRP by"), "{more}: {told}");
    }
    // No act says that missionaries can renew.
    let told = flat(check(&held("2027-11-09").replace("employment", "missionary")));
    assert!(told.contains("No act says that it can be renewed") && !told.contains("next TRP"), "{told}");
}
