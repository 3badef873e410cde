//! Words: a profile as a commented file (TOML), to be kept, changed and read again.

use std::fmt::Write as _;

use super::Words;
use crate::assessment::{Assessment, Echo};
use crate::profile::answer::FactName;
use crate::profile::{FamilyMember, Permit, Person, Record, Stay};

/// The profile that an answer was given for; what is not known stands in comments.
#[must_use]
pub fn toml(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let echo = assessment.profile;
    let profile = echo.profile;
    let mut file = Keys { text: String::new(), words };
    let _ = writeln!(
        file.text,
        "{}",
        words.with("ask.file", &[("pack", assessment.rules.pack), ("day", &assessment.today.to_string())])
    );
    let is_given = |key: &str| !profile.assumed.contains(&key);
    let applicant = &profile.applicant;
    file.key("citizenship", Some(quoted(words.country_code(applicant.citizenship))));
    file.key("id", profile.id.as_deref().map(quoted));
    file.key("name", applicant.name.as_deref().map(quoted));
    file.key("birth_date", applicant.birth_date.map(|day| day.to_string()));
    let kind = is_given("travel_document.kind").then(|| quoted(echo.document_kind(applicant)));
    file.key("travel_document.kind", kind);
    file.key("travel_document.expires", applicant.document_expires.map(|day| day.to_string()));
    file.key("purpose", echo.purpose().map(quoted));
    file.key("employment.employer", echo.employer().map(quoted));
    file.key("employment.work", echo.work().map(quoted));
    file.key("employment.permit_exempt", profile.employment.permit_exempt.map(|is_so| is_so.to_string()));
    file.key("employment.contract_until", profile.employment.contract_until.map(|day| day.to_string()));
    file.key("employment.changed_on", profile.employment.changed_on.map(|day| day.to_string()));
    file.key("housing.owner", echo.housing_owner().map(quoted));
    file.key("filing.channel", echo.channel().map(quoted));
    // With a time it has the seconds that TOML asks for.
    let seconds = |moment: crate::profile::Moment| if moment.minute.is_some() { ":00" } else { "" };
    file.key("filing.on", profile.filing.on.map(|moment| format!("{moment}{}", seconds(moment))));
    file.key(
        "documents_held",
        Some(list(applicant.held.iter().map(|id| quoted(id)))).filter(|_| !applicant.held.is_empty()),
    );
    let permits = list(applicant.permits.iter().map(|held| permit(&echo, held)));
    file.key("permits", is_given("permits").then_some(permits));
    file.key("stays", lines(applicant.stays.iter().map(stay)));
    file.key("family", lines(profile.family.iter().map(|member| relative(&echo, member, words))));
    for need in &assessment.needs {
        let text = FactName::named(&need.fact).map(|fact| super::question::text(&fact, words)).unwrap_or_default();
        let _ = writeln!(file.text, "\n{}", words.with("ask.not-known", &[("fact", &need.fact), ("question", &text)]));
    }
    file.text
}

/// The file as far as it is written.
struct Keys<'k> {
    text: String,
    words: &'k Words<'k>,
}

impl Keys<'_> {
    /// Writes a key below its comment; nothing where it has no value.
    fn key(&mut self, key: &str, value: Option<String>) {
        let Some(value) = value else { return };
        let _ = writeln!(self.text, "\n# {}\n{key} = {value}", self.words.of("ask_comment", key));
    }
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    // JSON writes texts as TOML does, but for one letter.
    serde_json::to_string(text).unwrap_or_default().replace('\u{7F}', "\\u007F")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// A list with a line for each item; `None` for an empty one.
fn lines(items: impl Iterator<Item = String>) -> Option<String> {
    let all: String = items.map(|item| format!("  {item},\n")).collect();
    (!all.is_empty()).then(|| format!("[\n{all}]"))
}

/// A table in one line, of those keys that have a value.
fn table(keys: &[(&str, Option<String>)]) -> String {
    let given = keys.iter().filter_map(|(key, value)| Some(format!("{key} = {}", value.as_ref()?)));
    format!("{{ {} }}", given.collect::<Vec<_>>().join(", "))
}

fn record(record: Record) -> Option<String> {
    match record {
        Record::Silent => None,
        Record::NotDone => Some(false.to_string()),
        Record::Done(day) => Some(day.to_string()),
    }
}

fn stay(stay: &Stay) -> String {
    let moves = stay.moves.iter().map(|one| {
        table(&[
            ("on", Some(one.on.to_string())),
            ("notified", record(one.notified)),
            ("registered", record(one.registered)),
        ])
    });
    table(&[
        ("entry", Some(stay.entry.to_string())),
        ("exit", stay.exit.map(|day| day.to_string())),
        ("arrived_at_host", stay.arrived_at_host.map(|day| day.to_string())),
        ("notified", record(stay.notified)),
        ("registered", record(stay.registered)),
        ("moves", Some(list(moves)).filter(|_| !stay.moves.is_empty())),
    ])
}

fn permit(echo: &Echo<'_>, permit: &Permit) -> String {
    table(&[
        ("kind", Some(quoted(echo.permit_kind(permit.kind)))),
        ("from", Some(permit.from.to_string())),
        ("until", permit.until.map(|day| day.to_string())),
        ("days_per_entry", permit.days_per_entry.map(|days| days.to_string())),
    ])
}

fn relative(echo: &Echo<'_>, member: &FamilyMember, words: &Words<'_>) -> String {
    let person: &Person = &member.person;
    let document = table(&[
        ("kind", Some(quoted(echo.document_kind(person)))),
        ("expires", person.document_expires.map(|day| day.to_string())),
    ]);
    let shares_stays = person.stays == echo.profile.applicant.stays;
    table(&[
        ("relation", Some(quoted(echo.relation(member)))),
        ("name", person.name.as_deref().map(quoted)),
        ("citizenship", Some(quoted(words.country_code(person.citizenship)))),
        ("birth_date", person.birth_date.map(|day| day.to_string())),
        ("travel_document", Some(document)),
        ("documents_held", Some(list(person.held.iter().map(|id| quoted(id)))).filter(|_| !person.held.is_empty())),
        ("stays", Some(list(person.stays.iter().map(stay))).filter(|_| !shares_stays)),
        (
            "permits",
            Some(list(person.permits.iter().map(|held| permit(echo, held)))).filter(|_| !person.permits.is_empty()),
        ),
    ])
}
