//! The answers to several cases side by side, and of them only what differs.

use serde_json::{Value as Json, json};

use super::Words;
use super::document::{Block, Document, Kind};
use super::grid::Grid;
use super::json::text::pretty_text;
use super::json::{RulesView, views};
use super::phrases::member_name;
use crate::assessment::{Assessment, PersonAssessment};
use crate::calendar::Day;

pub struct Case<'a> {
    /// What it is called: the facts by which it differs from the case as given; empty for that one.
    pub label: &'a str,
    pub answer: Assessment<'a>,
}

/// A row of the comparison: one thing, as each case has it; `None` where a case does not.
pub(super) struct Row {
    key: String,
    label: String,
    values: Vec<Option<(Json, String)>>,
}

pub struct Comparison<'a> {
    cases: &'a [Case<'a>],
    rows: Vec<Row>,
}

impl<'a> Comparison<'a> {
    /// Compares the cases; the first one is the case as given.
    pub fn new(cases: &'a [Case<'a>], words: &Words<'_>) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            for (key, label, value, text) in facts(&case.answer, words) {
                let place = rows.iter().position(|row| row.key == key).unwrap_or_else(|| {
                    rows.push(Row { key, label, values: vec![None; cases.len()] });
                    rows.len() - 1
                });
                rows[place].values[at].get_or_insert((value, text));
            }
        }
        rows.retain(|row| row.values.iter().any(|value| *value != row.values[0]));
        Self { cases, rows }
    }

    fn grid(&self, words: &Words<'_>) -> Grid {
        let named =
            // With blanks a narrow column can be broken between fact and value.
            |case: &Case<'_>| match case.label {
                "" => words.label("compare.as-given").to_owned(),
                facts => facts.replace('=', " = "),
            };
        let header = std::iter::once(words.label("compare.what").to_owned()).chain(self.cases.iter().map(named));
        let nothing = words.label("compare.nothing");
        let cell = |value: &Option<(Json, String)>| value.as_ref().map_or(nothing, |(_, text)| text).to_owned();
        let row = |row: &Row| std::iter::once(row.label.clone()).chain(row.values.iter().map(cell)).collect();
        Grid { header: header.collect(), rows: self.rows.iter().map(row).collect() }
    }

    pub fn document(&self, words: &Words<'_>) -> Document<'static> {
        let title = match self.rows.len() {
            0 => words.label("compare.same").to_owned(),
            rows => words.count("compare.differences", rows, &[]),
        };
        let mut document = Document::new(title);
        document.push(Kind::Rules, "", (!self.rows.is_empty()).then(|| Block::Grid(self.grid(words))));
        document
    }

    pub fn json(&self) -> String {
        pretty_text(&ComparisonView::new(self))
    }
}

views! {
    ComparisonView<'a>(comparison: &'a Comparison<'a>) {
        schema: &'static str = "trp-check/comparison/1",
        rules: Option<RulesView<'a>> = comparison.cases.first().map(|case| RulesView::new(case.answer.rules)),
        today: Option<Day> = comparison.cases.first().map(|case| case.answer.today),
        cases: Vec<CaseView<'a>> = comparison.cases.iter().map(CaseView::new).collect(),
        differences: Vec<DifferenceView<'a>> = comparison.rows.iter().map(DifferenceView::new).collect(),
    }

    CaseView<'a>(case: &'a Case<'a>) {
        facts: &'a str = case.label,
        status: &'static str = case.answer.status.name(),
    }

    DifferenceView<'a>(row: &'a Row) {
        key: &'a str = &row.key,
        label: &'a str = &row.label,
        values: Vec<Option<&'a Json>> = row.values.iter().map(|value| value.as_ref().map(|(json, _)| json)).collect(),
    }
}

/// What is compared: key, label, the value and what it is in words.
type Fact = (String, String, Json, String);

fn facts(answer: &Assessment<'_>, words: &Words<'_>) -> Vec<Fact> {
    let status = answer.status.name();
    let text = words.of("compare_status", status).to_owned();
    let mut all = vec![("status".to_owned(), words.label("compare.status").to_owned(), status.into(), text)];
    for person in answer.persons() {
        of_a_person(person, words, &mut all);
    }
    all
}

fn of_a_person(person: &PersonAssessment<'_>, words: &Words<'_>, all: &mut Vec<Fact>) {
    let (at, of) = if person.is_applicant() {
        (String::new(), String::new())
    } else {
        (format!("{}.", person.label), format!("{}: ", member_name(person)))
    };
    let mut push = |key: &str, label: &str, value: Json, text: String| {
        all.push((format!("{at}{key}"), format!("{of}{label}"), value, text));
    };
    let stay = &person.stay;
    let status = stay.status.name();
    push("stay.status", words.label("compare.stay"), status.into(), words.of("compare_stay", status).to_owned());
    if let Some(day) = stay.last_day {
        push("stay.last_day", words.label("compare.last-day"), day.to_string().into(), words.day(day));
    }
    if let Some(next) = stay.next_entry {
        let text = match next.days {
            Some(days) => words.count("compare.next-entry-days", days, &[("day", &next.earliest)]),
            None => words.day(next.earliest),
        };
        let value = json!({ "earliest": next.earliest.to_string(), "days": next.days });
        push("stay.next_entry", words.label("compare.next-entry"), value, text);
    }
    for deadline in &person.deadlines {
        let due = deadline.due.map(|due| due.to_string());
        let status = deadline.status.name();
        let day = deadline.due.map_or_else(|| words.label("compare.nothing").to_owned(), |due| words.moment(due));
        let text = words.with("compare.deadline", &[("day", &day), ("status", &words.of("compare_deadline", status))]);
        let key = format!("deadlines.{}.{}", deadline.id, deadline.event_date);
        // Where the event is of another day, it is the same deadline all the same.
        let key = if deadline.event == "move" { key } else { format!("deadlines.{}", deadline.id) };
        push(&key, words.of("deadline", deadline.id), json!({ "due": due, "status": status }), text);
    }
    if let Some(permit) = &person.permit {
        let status = permit.status.name();
        let label = words.label("compare.trp");
        push("trp.status", label, status.into(), words.of("compare_trp", status).to_owned());
        let days = [
            ("hold_by", "compare.hold-by", permit.hold_by),
            ("valid_until_at_most", "compare.valid-until", permit.valid_until_at_most),
        ];
        for (key, label, day) in days {
            if let Some(day) = day {
                push(&format!("trp.{key}"), words.label(label), day.to_string().into(), words.day(day));
            }
        }
    }
    for line in &person.documents {
        let requirement = line.requirement.name();
        let text = words.of("compare_requirement", requirement).to_owned();
        let key = format!("documents.{}.{}", line.procedure, line.id);
        push(&key, words.of("document", line.id), requirement.into(), text);
    }
}
