//! What is not known leaves the answer open in every kind of rule: the stricter value is given, and what would tell is asked
//! for. A copy of the pack is given rules that the shipped one does not have.

use crate::support::judge::pack;
use trp_check::assess::assess;
use trp_check::assessment::{PermitStatus, StayStatus};
use trp_check::calendar::Day;
use trp_check::embedded::COUNTRIES;
use trp_check::profile::Profile;
use trp_check::profile::read::Reader;
use trp_check::rulebook::RuleBook;
use trp_check::rulebook::check::check;
use trp_check::tree;

/// The pack with another text at one place of a file.
fn with(path: &str, find: &str, put: &str) -> RuleBook {
    let (mut files, _) = pack();
    let file = files.iter_mut().find(|file| file.path == path).expect("a file of the pack");
    assert_eq!(file.text.matches(find).count(), 1, "{path}: {find}");
    file.text = file.text.replace(find, put);
    let checked = check(&files, &COUNTRIES, None);
    assert_eq!(checked.faults, [], "{path}");
    checked.book.expect("a good pack")
}

fn today() -> Day {
    Day::parse("2026-11-25").expect("a day")
}

fn profile(book: &RuleBook, text: &str) -> Profile {
    let mut faults = Vec::new();
    let root = tree::parse_with(text, 0, tree::Syntax::Json, &mut faults).expect("JSON");
    Reader::new(book, &COUNTRIES, today()).tree(&root, faults).expect("a good profile")
}

const IN_KAZAKHSTAN: &str = r#""citizenship": "DE", "stays": [{ "entry": "2026-11-10" }]"#;

fn person(more: &str) -> String {
    format!("{{ {IN_KAZAKHSTAN}{more} }}")
}

/// The limit of the list of visa-free states, for tourists only.
const FOR_ALL: &str =
    "when        = { category = [\"unilateral\"], basis = [\"visa-free\"] }\nwindow      = \"per-entry\"";

fn for_tourists() -> RuleBook {
    let only = FOR_ALL.replace("basis = [\"visa-free\"] }", "basis = [\"visa-free\"], purpose = [\"tourism\"] }");
    with("stay.toml", FOR_ALL, &only)
}

#[test]
fn a_limit_that_hangs_on_an_unknown_fact_binds_and_the_fact_is_asked_for() {
    let book = for_tourists();
    let about = |more: &str| {
        let profile = profile(&book, &person(more));
        let answer = assess(&book, &profile, today());
        let asks = answer.needs.iter().any(|need| need.fact == "purpose" && need.affects.contains(&"stay"));
        (answer.applicant.stay.last_day.map(|day| day.to_string()), asks)
    };
    // Day 30 by the limit of one entry; day 90 by the limit in 180 days, which holds for all.
    assert_eq!(about(r#", "purpose": "tourism""#), (Some("2026-12-09".to_owned()), false));
    assert_eq!(about(r#", "purpose": "private""#), (Some("2027-02-07".to_owned()), false));
    assert_eq!(about(""), (Some("2026-12-09".to_owned()), true));
}

#[test]
fn a_stay_for_which_every_limit_hangs_on_an_unknown_fact_is_not_decided() {
    let (mut files, _) = pack();
    let file = files.iter_mut().find(|file| file.path == "stay.toml").expect("the limits");
    file.text = file.text.replace(
        "{ category = [\"unilateral\"], basis = [\"visa-free\"] }",
        "{ category = [\"unilateral\"], basis = [\"visa-free\"], purpose = [\"tourism\"] }",
    );
    let book = check(&files, &COUNTRIES, None).book.expect("a pack without errors");
    let status = |more: &str| {
        let profile = profile(&book, &person(more));
        let answer = assess(&book, &profile, today());
        (answer.applicant.stay.status, answer.needs.iter().any(|need| need.fact == "purpose"))
    };
    assert_eq!(status(r#", "purpose": "tourism""#).0, StayStatus::Lawful);
    assert_eq!(status(r#", "purpose": "private""#), (StayStatus::NotCovered, false));
    assert_eq!(status(""), (StayStatus::NotCovered, true));
}

#[test]
fn a_slower_office_is_counted_while_the_office_is_not_known() {
    let (files, _) = pack();
    let text = &files.iter().find(|file| file.path == "permit.toml").expect("the permit").text;
    let start = text.find("[[permit_service]]").expect("a service");
    let end = start + text[start..].find("\n# -- ").expect("what follows the services");
    let slower = text[start..end]
        .replace("id = \"kz.trp.service\"", "id = \"kz.trp.service.police\"\nexception_to = [\"kz.trp.service\"]")
        .replace("processing_working_days = 1", "when = { channel = [\"police\"] }\nprocessing_working_days = 5");
    assert_ne!(slower, text[start..end], "no service like the shipped one");
    let book = with("permit.toml", &text[start..end], &format!("{}\n{slower}", &text[start..end]));
    let about = |more: &str| {
        let profile =
            profile(&book, &format!(r#"{{ "citizenship": "RU", "stays": [{{ "entry": "2026-11-10" }}]{more} }}"#));
        let answer = assess(&book, &profile, today());
        let permit = answer.applicant.permit.as_ref().expect("a permit");
        (permit.processing_working_days, answer.needs.iter().any(|need| need.fact == "filing.channel"))
    };
    assert_eq!(about(r#", "filing": { "channel": "psc" }"#).0, Some(1));
    assert_eq!(about(r#", "filing": { "channel": "police" }"#).0, Some(5));
    assert_eq!(about(""), (Some(5), true));
}

#[test]
fn whoever_may_be_exempt_may_need_the_permit() {
    let (files, _) = pack();
    let text = &files.iter().find(|file| file.path == "permit.toml").expect("the permit").text;
    let when = "when     = { document_kind = [\"diplomatic-passport\", \"service-passport\"] }";
    let count = text.matches(when).count();
    assert_eq!(count, 1, "the exemption of diplomats");
    let book = with("permit.toml", when, "when     = { housing_owner = [\"other\"] }");
    let status = |more: &str| {
        let stay = r#""stays": [{ "entry": "2026-11-10", "exit": "2027-03-30" }]"#;
        let profile = profile(&book, &format!(r#"{{ "citizenship": "RU", {stay}{more} }}"#));
        let answer = assess(&book, &profile, today());
        let permit = answer.applicant.permit.as_ref().expect("a permit");
        (permit.status, answer.needs.iter().any(|need| need.fact == "housing.owner"))
    };
    assert_eq!(status(r#", "housing": { "owner": "other" }"#).0, PermitStatus::Exempt);
    assert_eq!(status(r#", "housing": { "owner": "applicant" }"#).0, PermitStatus::Required);
    assert_eq!(status(""), (PermitStatus::Conditional, true));
}
