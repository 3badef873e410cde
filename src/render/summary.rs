//! Words: an answer in one line, for staff lists: what is wrong, and which days matter.

use serde::Serialize;

use crate::assessment::{Assessment, Deadline};
use crate::calendar::Day;
use crate::rulebook::DeadlineKind;

/// The line of one person. Keys are relied on by others.
#[derive(Clone, Debug, Serialize)]
pub struct SummaryRow<'a> {
    /// The file, where several are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    /// The line of the list, from 1.
    pub line: u64,
    /// The person's id, echoed.
    pub id: Option<&'a str>,
    /// The whole answer in one word; `error` for a line that cannot be read.
    pub status: &'a str,
    /// The status of the stay.
    pub stay: Option<&'a str>,
    /// On what the stay rests.
    pub basis: Option<&'a str>,
    /// The last lawful day.
    pub last_day: Option<Day>,
    /// Days left after today.
    pub days_left: Option<i32>,
    /// Days over.
    pub days_over: Option<i32>,
    /// Days used of the limit that ends the stay, else of the first one.
    pub used: Option<i32>,
    /// The day by which the arrival (or a move) must be notified.
    pub notify_by: Option<Day>,
    /// Where that stands.
    pub notify_status: Option<&'a str>,
    /// Whether the permit is needed.
    pub trp: Option<&'a str>,
    /// The last day to file for it.
    pub file_by: Option<Day>,
    /// The facts that would make the answer more certain.
    pub missing: Vec<&'a str>,
    /// What is wrong with the line.
    pub error: Option<&'a str>,
}

/// The names of the columns, in order, without that of the file.
pub const COLUMNS: [&str; 15] = [
    "line",
    "id",
    "status",
    "stay",
    "basis",
    "last_day",
    "days_left",
    "days_over",
    "used",
    "notify_by",
    "notify_status",
    "trp",
    "file_by",
    "missing",
    "error",
];

impl<'a> SummaryRow<'a> {
    /// The row of an answer.
    #[must_use]
    pub fn of(assessment: &'a Assessment<'a>, file: Option<&'a str>, line: u64) -> Self {
        let person = &assessment.applicant;
        let stay = &person.stay;
        let binding = |id: &str| stay.binding.iter().any(|rule| rule.id == id);
        let limit = stay.limits.iter().find(|limit| binding(limit.rule.id)).or_else(|| stay.limits.first());
        let notification = notification(assessment);
        let permit = person.permit.as_ref();
        Self {
            file,
            line,
            id: assessment.profile.profile.id.as_deref(),
            status: assessment.status.name(),
            stay: Some(stay.status.name()),
            basis: Some(stay.basis),
            last_day: stay.last_day,
            days_left: stay.days_left,
            days_over: Some(stay.days_over),
            used: limit.map(|limit| limit.used),
            notify_by: notification.and_then(|deadline| deadline.due).map(|due| due.day),
            notify_status: notification.map(|deadline| deadline.status.name()),
            trp: permit.map(|permit| permit.status.name()),
            file_by: permit.and_then(|permit| permit.file_by),
            missing: assessment.needs.iter().map(|need| &*need.fact).collect(),
            error: None,
        }
    }

    /// The row of a line that cannot be read.
    #[must_use]
    pub const fn of_error(file: Option<&'a str>, line: u64, id: Option<&'a str>, error: &'a str) -> Self {
        Self {
            file,
            line,
            id,
            status: "error",
            stay: None,
            basis: None,
            last_day: None,
            days_left: None,
            days_over: None,
            used: None,
            notify_by: None,
            notify_status: None,
            trp: None,
            file_by: None,
            missing: Vec::new(),
            error: Some(error),
        }
    }

    /// The values in the order of [`COLUMNS`], empty where there is none.
    #[must_use]
    pub fn values(&self) -> [String; 15] {
        fn text<T: ToString>(value: Option<T>) -> String {
            value.map_or_else(String::new, |value| value.to_string())
        }
        [
            self.line.to_string(),
            text(self.id),
            self.status.to_owned(),
            text(self.stay),
            text(self.basis),
            text(self.last_day),
            text(self.days_left),
            text(self.days_over),
            text(self.used),
            text(self.notify_by),
            text(self.notify_status),
            text(self.trp),
            text(self.file_by),
            self.missing.join(" "),
            text(self.error),
        ]
    }
}

/// The notification that matters: the first one that is not done, else the last one.
fn notification<'a, 'r>(assessment: &'a Assessment<'r>) -> Option<&'a Deadline<'r>> {
    let who = assessment.registration.as_ref()?.who;
    let is_notification = |deadline: &&Deadline<'_>| deadline.kind == DeadlineKind::Duty && deadline.who == who;
    let all = || assessment.applicant.deadlines.iter().filter(is_notification);
    all().find(|deadline| !deadline.status.is_done()).or_else(|| all().next_back())
}

/// The days, from today on, on which something of an answer falls due.
pub fn due_days<'a>(assessment: &'a Assessment<'_>) -> impl Iterator<Item = Day> + 'a {
    let persons = std::iter::once(&assessment.applicant).chain(&assessment.family);
    let deadlines = persons.flat_map(|person| &person.deadlines);
    deadlines.filter(|deadline| !deadline.status.is_done()).filter_map(|deadline| deadline.due).map(|due| due.day)
}
