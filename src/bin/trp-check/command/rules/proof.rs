//! The proof by exhaustion of `rules check`: what the walk over all cases found, at its place in the
//! files, with a person for whom it can be seen.

use serde_json::{Value as Json, json};
use trp_check::calendar::Day;
use trp_check::embedded::COUNTRIES;
use trp_check::facts::Fact;
use trp_check::profile::fields::{FIELDS, Form, Owner};
use trp_check::review::walk::{Finding, Flaw, Part, Walk, Witness, walk};
use trp_check::rulebook::{APPLICANT, Place, RuleBook, VISA_FREE};
use trp_check::source::{Code, Fault};

use super::{part_path, part_words};
use crate::args;
use crate::files::Pack;

/// Walks all cases of a pack that is otherwise good.
pub fn prove(pack: &Pack, book: &RuleBook) -> (Walk, Vec<Fault>) {
    let walk = walk(book, &COUNTRIES);
    let faults = walk.findings.iter().map(|finding| fault(finding, pack, book)).collect();
    (walk, faults)
}

fn fault(finding: &Finding, pack: &Pack, book: &RuleBook) -> Fault {
    let places = &pack.checked.places;
    let rules = book.rules_of(finding.kind).rules();
    let part = part_path(&finding.part, finding.kind, book);
    let place = match (finding.rule, &finding.part) {
        (Some((rule, _)), Part::ExceptionTo(_)) => places.of_rule(rules[rule].id, &part),
        (Some((rule, nth)), _) => places.of_version(rules[rule].id, nth, &part),
        // A gap has no place; it is shown at the first rule of the kind that should fill it.
        (None, _) => rules.first().and_then(|rule| places.rule(rule.id)),
    };
    let code = match finding.flaw {
        Flaw::Gap if finding.rule.is_some() => Code::Undeclared,
        Flaw::Gap => Code::Gap,
        Flaw::Conflict => Code::Conflict,
        Flaw::Dead => Code::Dead,
        Flaw::Redundant => Code::Redundant,
        Flaw::TooMany => Code::TooManyCases,
    };
    let id = |rule: Option<Place>| rule.map_or("", |(at, _)| rules[at].id);
    let fault = Fault::new(code, place.unwrap_or_default())
        .with("kind", finding.kind.name())
        .with("rule", id(finding.rule))
        .with("other", id(finding.other))
        .with("part", part_words(&finding.part, finding.kind, book, &args::words()))
        .with("n", finding.cases);
    match &finding.witness {
        None => fault,
        Some(witness) => fault.with("case", case(witness, book)).with("witness", command(witness, pack, book)),
    }
}

fn case(witness: &Witness, book: &RuleBook) -> String {
    let mut parts = vec![witness.on.to_string(), format!("citizenship {}", COUNTRIES.code(witness.citizenship))];
    parts.extend(witness.facts.iter().map(|(fact, value)| format!("{} {}", fact.key(), word(book, *fact, *value))));
    parts.join(", ")
}

fn word(book: &RuleBook, fact: Fact, value: u8) -> &str {
    book.vocabulary.values(fact)[usize::from(value)]
}

fn command(witness: &Witness, pack: &Pack, book: &RuleBook) -> String {
    let profile = profile(witness, book);
    format!("echo '{profile}' | trp-check check - --today {} --rules {}", witness.on, pack.folder)
}

fn profile(witness: &Witness, book: &RuleBook) -> Json {
    let number = |fact: Fact| witness.facts.iter().find(|(known, _)| *known == fact).map(|(_, value)| *value);
    let value = |fact: Fact| number(fact).map(|value| word(book, fact, value));
    let code = COUNTRIES.code(witness.citizenship);
    let stays = json!([{ "entry": witness.on }]);
    let mut person = json!({ "citizenship": code, "stays": stays });
    if let Some(group) = number(Fact::Age) {
        person["birth_date"] = json!(born(usize::from(group), witness, book));
    }
    if let Some(kind) = value(Fact::DocumentKind) {
        person["travel_document"] = json!({ "kind": kind });
    }
    if let Some(kind) = value(Fact::Basis).filter(|basis| *basis != VISA_FREE) {
        person["permits"] = json!([{ "kind": kind, "from": witness.on, "until": witness.on.plus(MONTH) }]);
    }
    let mut profile = person.clone();
    if let Some(relation) = value(Fact::Relation).filter(|relation| *relation != APPLICANT) {
        person["relation"] = json!(relation);
        profile = json!({ "citizenship": code, "stays": stays, "family": [person] });
    }
    for row in FIELDS.iter().filter(|row| row.owner == Owner::Case) {
        let value = match row.form {
            Form::Word(fact) => value(fact).map(Json::from),
            Form::YesNo(fact) => number(fact).map(|number| Json::from(number == 1)),
            _ => None,
        };
        if let Some(value) = value {
            row.path.split('.').fold(&mut profile, |table, key| &mut table[key]).clone_from(&value);
        }
    }
    profile
}

const MONTH: i32 = 30;

/// A day of birth for an age group: just old enough to be in it.
fn born(group: usize, witness: &Witness, book: &RuleBook) -> Day {
    let groups = &book.vocabulary.age_groups;
    let least = group.checked_sub(1).and_then(|before| groups[before].below).unwrap_or_default();
    let year = witness.on.year() - i32::try_from(least).unwrap_or_default();
    let first_of_year = Day::from_ymd(year, 1, 1).unwrap_or(witness.on);
    if least == 0 { witness.on.plus(-1) } else { first_of_year }
}
