//! What is not known stays unknown: no fact of the document matrix is ever filled in, and the answer asks for
//! what it misses.
//!
//! All combinations of the facts that documents ask about are tried, each fact left out included.

use std::collections::BTreeMap;

use crate::support::day::{TODAY, today};
use serde_json::{Value as Json, json};
use trp_check::assess::assess;
use trp_check::assessment::Requirement;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::facts::Fact;
use trp_check::profile::Profile;
use trp_check::profile::read::Reader;
use trp_check::render::{Sections, Words, json};
use trp_check::rulebook::RuleBook;
use trp_check::tree::{self, Syntax};

/// A fact that a profile may leave out: its path in the profile, and all its values.
struct Asked {
    path: [&'static str; 2],
    values: Vec<Json>,
}

impl Asked {
    /// The path as `needs` writes it.
    fn named(&self) -> String {
        if self.path[1].is_empty() { self.path[0].to_owned() } else { self.path.join(".") }
    }
}

/// The facts of the document matrix that have no usual value. The values come from the pack.
fn facts() -> Vec<Asked> {
    let vocabulary = &RULES.vocabulary;
    let words = |fact| vocabulary.values(fact).into_iter().map(|word| json!(word)).collect::<Vec<_>>();
    vec![
        Asked { path: ["purpose", ""], values: words(Fact::Purpose) },
        Asked { path: ["filing", "channel"], values: words(Fact::Channel) },
        Asked { path: ["housing", "owner"], values: words(Fact::HousingOwner) },
        Asked { path: ["employment", "employer"], values: words(Fact::Employer) },
        Asked { path: ["employment", "work"], values: words(Fact::Work) },
        Asked { path: ["employment", "permit_exempt"], values: vec![json!(false), json!(true)] },
    ]
}

/// Where the fact of the kind of work stands in [`facts`]: it chooses among alternatives.
const WORK: usize = 4;
/// Where the exemption from a work permit stands: it counts only when it is claimed.
const PERMIT_EXEMPT: usize = 5;

/// One value of each fact, by its place; `None` leaves the fact out.
type Choice = Vec<Option<usize>>;

fn profile_of(profile: &Json) -> Profile {
    let text = profile.to_string();
    let node = tree::parse(&text, 0, Syntax::Json).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    Reader::new(&RULES, &COUNTRIES, today())
        .tree(&node, Vec::new())
        .unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

/// A profile that states these facts and no others.
fn profile(citizenship: &str, facts: &[Asked], choice: &[Option<usize>]) -> Profile {
    let mut profile = json!({ "citizenship": citizenship });
    for (fact, value) in facts.iter().zip(choice) {
        let Some(value) = value else { continue };
        let value = fact.values[*value].clone();
        let [outer, inner] = fact.path;
        if inner.is_empty() {
            profile[outer] = value;
        } else {
            profile[outer][inner] = value;
        }
    }
    profile_of(&profile)
}

/// What is asked of each document, and the facts that are asked for because of documents.
struct Answer {
    documents: Vec<(String, Requirement)>,
    needs: Vec<String>,
}

fn answer(book: &'static RuleBook, profile: &Profile) -> Answer {
    let assessment = assess(book, profile, today());
    let lines = assessment.applicant.documents.iter();
    Answer {
        documents: lines.map(|line| (format!("{}/{}", line.procedure, line.id), line.requirement)).collect(),
        needs: assessment.needs.iter().map(|need| need.fact.to_string()).collect(),
    }
}

/// All choices, each fact left out included.
fn all_choices(facts: &[Asked]) -> Vec<Choice> {
    facts.iter().fold(vec![Vec::new()], |choices, fact| {
        let values = || std::iter::once(None).chain((0..fact.values.len()).map(Some));
        let longer = |choice: &Choice| {
            let choice = choice.clone();
            values().map(move |value| choice.iter().copied().chain([value]).collect::<Choice>()).collect::<Vec<_>>()
        };
        choices.iter().flat_map(longer).collect()
    })
}

fn said(facts: &[Asked], choice: &[Option<usize>]) -> String {
    let one = |(fact, value): (&Asked, &Option<usize>)| Some(format!("{} = {}", fact.named(), fact.values[(*value)?]));
    facts.iter().zip(choice).filter_map(one).collect::<Vec<_>>().join(", ")
}

/// For citizens of every kind and every combination of known and unknown facts: what a document requires
/// without a fact is required (or not required) only if it is so for each value of the fact; where the values
/// differ it is conditional, or one of several when the fact is the kind of work; and the fact is asked for.
#[test]
fn no_unknown_fact_is_filled_in() {
    let facts = facts();
    let choices = all_choices(&facts);
    let mut failures = Vec::new();
    let mut compared = 0;
    for citizenship in ["RU", "UZ", "DE", "NG"] {
        let answers: BTreeMap<&Choice, Answer> =
            choices.iter().map(|choice| (choice, answer(&RULES, &profile(citizenship, &facts, choice)))).collect();
        for (choice, without) in &answers {
            for (at, fact) in facts.iter().enumerate().filter(|(at, _)| choice[*at].is_none()) {
                let with: Vec<&Answer> = (0..fact.values.len())
                    .map(|value| {
                        let mut choice = (*choice).clone();
                        choice[at] = Some(value);
                        &answers[&choice]
                    })
                    .collect();
                for (number, (id, requirement)) in without.documents.iter().enumerate() {
                    compared += 1;
                    let each: Vec<Requirement> = with.iter().map(|answer| answer.documents[number].1).collect();
                    let wrong = complaint(at, *requirement, &each).or_else(|| {
                        let is_read = each.iter().any(|one| *one != each[0]);
                        let is_asked = without.needs.contains(&fact.named());
                        (is_read && !is_asked).then(|| "the answer does not ask for it".to_owned())
                    });
                    if let Some(wrong) = wrong {
                        let known = said(&facts, choice);
                        failures.push(format!("{citizenship}, {known}: {id} without {}: {wrong}", fact.named()));
                    }
                }
            }
        }
    }
    assert!(compared > 1_000_000, "only {compared} comparisons");
    let first: Vec<&String> = failures.iter().take(20).collect();
    assert!(failures.is_empty(), "{} of {compared} fail, such as {first:#?}", failures.len());
}

/// What is wrong with the requirement of a document without a fact, given it with each value of the fact.
fn complaint(fact: usize, without: Requirement, with: &[Requirement]) -> Option<String> {
    use Requirement::{Conditional, NotRequired, OneOf, Required};
    let all = |wanted: Requirement| with.iter().all(|one| *one == wanted);
    // An exemption that has to be claimed: without a word of it, what is asked is asked.
    if fact == PERMIT_EXEMPT {
        return (without != with[0]).then(|| format!("{without:?}, and {:?} when it is not claimed", with[0]));
    }
    match without {
        Required if !all(Required) => Some(format!("required, but with its values {with:?}")),
        NotRequired if !all(NotRequired) => Some(format!("not required, but with its values {with:?}")),
        Conditional | OneOf if all(Required) || all(NotRequired) => {
            Some(format!("{without:?}, but with each of its values {:?}", with[0]))
        }
        OneOf if fact != WORK && with.contains(&Required) => {
            Some(format!("an alternative, but with its values {with:?}"))
        }
        _ => None,
    }
}

/// Left out of a full profile, each fact that the matrix reads for this person leaves some document conditional
/// (an alternative, for the kind of work) and is asked for with the values that it may have; what is given is
/// not asked for.
#[test]
fn a_fact_left_out_of_a_full_profile_is_asked_for() {
    let full = json!({
        "citizenship": "UZ", "purpose": "employment", "birth_date": "1990-05-17",
        "travel_document": { "kind": "passport", "expires": "2033-01-01" },
        "stays": [{ "entry": "2026-11-10", "exit": "2026-11-30", "notified": "2026-11-11" }],
        "employment": { "employer": "other", "work": "employed", "permit_exempt": false, "contract_until": "2027-11-01" },
        "housing": { "owner": "other" }, "filing": { "channel": "egov", "on": "2026-11-25" },
    });
    let of_documents = |profile: &Json| {
        let answer = answer(&RULES, &profile_of(profile));
        let open = |requirement: &Requirement| matches!(requirement, Requirement::Conditional | Requirement::OneOf);
        let open: Vec<(String, Requirement)> = answer.documents.into_iter().filter(|(_, one)| open(one)).collect();
        (open, answer.needs)
    };
    let (open, needs) = of_documents(&full);
    assert_eq!(open, [], "a full profile leaves something open");
    let named: Vec<String> = facts().iter().map(Asked::named).collect();
    assert!(needs.iter().all(|need| !named.contains(need)), "a full profile is asked for {needs:?}");

    let expected: [(&str, &[(&str, Requirement)]); 5] = [
        (
            "purpose",
            &[
                ("trp/employment-contract", Requirement::Conditional),
                ("trp/education-petition", Requirement::Conditional),
            ],
        ),
        (
            "filing.channel",
            &[("trp/owner-consent", Requirement::Conditional), ("trp/owner-signature", Requirement::Conditional)],
        ),
        ("housing.owner", &[("trp/owner-signature", Requirement::Conditional)]),
        ("employment.employer", &[("trp/foreign-labour-permission", Requirement::Conditional)]),
        (
            "employment.work",
            &[
                ("trp/foreign-labour-permission", Requirement::OneOf),
                ("trp/qualification-certificate", Requirement::OneOf),
                ("trp/labour-immigrant-permit", Requirement::OneOf),
            ],
        ),
    ];
    for (path, documents) in expected {
        let mut less = full.clone();
        let (outer, inner) = path.split_once('.').unwrap_or((path, ""));
        let table = if inner.is_empty() { &mut less } else { &mut less[outer] };
        let key = if inner.is_empty() { outer } else { inner };
        assert!(table.as_object_mut().and_then(|table| table.remove(key)).is_some(), "{path}");
        let (open, needs) = of_documents(&less);
        for (id, requirement) in documents {
            assert!(
                open.contains(&((*id).to_owned(), *requirement)),
                "{path}: {id} is not {requirement:?} in {open:?}"
            );
        }
        assert!(needs.contains(&path.to_owned()), "{path} is not among {needs:?}");
        let others: Vec<&String> = needs.iter().filter(|need| named.contains(need) && *need != path).collect();
        assert!(others.is_empty(), "without {path}, {others:?} are asked for as well");
    }
}

/// `needs` names the values that a fact may have, and the documents that hang on it.
#[test]
fn needs_name_values_and_documents() {
    let answer = told(&json!({ "citizenship": "DE", "purpose": "employment" }));
    let rows = answer["needs"].as_array().cloned().unwrap_or_default();
    let row = |fact: &str| {
        rows.iter().find(|row| row["fact"] == fact).unwrap_or_else(|| panic!("no row {fact} in {rows:#?}"))
    };
    assert_eq!(row("filing.channel")["allowed"], json!(["egov", "psc", "police"]));
    assert_eq!(row("housing.owner")["allowed"], json!(["applicant", "employer", "other"]));
    let affects = row("filing.channel")["affects"].as_array().cloned().unwrap_or_default();
    assert!(affects.contains(&json!("owner-consent")) || affects.contains(&json!("documents")), "{affects:?}");
    for row in &rows {
        let allowed = &row["allowed"];
        let is_told = allowed.as_str().is_some_and(|word| !word.is_empty())
            || allowed.as_array().is_some_and(|words| words.len() > 1);
        assert!(is_told && row["affects"].as_array().is_some_and(|all| !all.is_empty()), "{row}");
    }
}

/// The whole JSON answer to a profile.
fn told(profile: &Json) -> Json {
    let profile = profile_of(profile);
    let assessment = assess(&RULES, &profile, today());
    let words = Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES);
    serde_json::from_slice(&json::render(&assessment, &[], Sections::All, &words)).unwrap_or_default()
}

/// Somebody of whom only the citizenship is known, and who has not arrived, gets a full answer: outside, the next
/// entry from today, the permit conditional, the papers listed, and what is missing.
#[test]
fn a_person_who_has_not_arrived_gets_a_full_answer() {
    for (citizenship, days) in [("RU", 90), ("KG", 90), ("DE", 30), ("UZ", 30), ("IN", 14), ("CN", 30)] {
        let answer = told(&json!({ "citizenship": citizenship }));
        let stay = &answer["stay"];
        assert_eq!(stay["status"], "outside", "{citizenship}");
        assert_eq!(stay["entry"], Json::Null, "{citizenship}");
        assert_eq!(stay["last_day"], Json::Null, "{citizenship}");
        assert_eq!(stay["next_entry"], json!({ "earliest": TODAY, "days": days }), "{citizenship}");
        assert!(stay["limits"].as_array().is_some_and(|limits| !limits.is_empty()), "{citizenship}");
        assert_eq!(stay["overstays"], json!([]), "{citizenship}");
        assert_eq!(answer["trp"]["status"], "conditional", "{citizenship}");
        assert_eq!(answer["deadlines"], json!([]), "{citizenship}");
        let lines = answer["documents"].as_array().cloned().unwrap_or_default();
        let is_listed = |id: &str, requirement: &str| {
            lines
                .iter()
                .any(|line| line["id"] == id && line["procedure"] == "trp" && line["requirement"] == requirement)
        };
        assert!(is_listed("application-form", "required"), "{citizenship}");
        assert!(is_listed("identity-document-copy", "required"), "{citizenship}");
        assert!(is_listed("owner-consent", "conditional"), "{citizenship}");
        assert!(is_listed("employment-contract", "conditional"), "{citizenship}");
        let needs = answer["needs"].as_array().cloned().unwrap_or_default();
        for fact in ["stays[]", "purpose", "filing.channel", "housing.owner"] {
            assert!(needs.iter().any(|need| need["fact"] == fact), "{citizenship}: {fact} is not in {needs:#?}");
        }
        assert!(
            answer["notices"]
                .as_array()
                .is_some_and(|notices| { notices.iter().any(|notice| notice["code"] == "assumed-adult") }),
            "{citizenship}"
        );
        assert!(matches!(answer["status"].as_str(), Some("ok" | "action-needed")), "{citizenship}");
    }
    let unlisted = told(&json!({ "citizenship": "NG" }));
    assert_eq!(unlisted["status"], "unknown");
    assert_eq!(unlisted["stay"]["next_entry"], Json::Null);
    assert!(unlisted["documents"].as_array().is_some_and(|lines| !lines.is_empty()));
}
