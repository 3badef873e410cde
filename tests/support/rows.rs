//! The row of `batch` that an answer of `check --format json` makes, worked out from the answer alone.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

/// A duty due within so many days asks for action, by the pack.
const SOON: i64 = 14;

/// Notices of what follows from a violation, and of its amounts; they make no status.
fn is_consequence(code: &str) -> bool {
    code.ends_with("sanction")
        || code.contains("late-filing")
        || code.ends_with("late_filing")
        || code.ends_with("amount")
}

fn list<'a>(answer: &'a Json, pointer: &str) -> &'a [Json] {
    answer.pointer(pointer).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// What makes the status, sorted.
pub fn why_of(answer: &Json) -> BTreeSet<String> {
    let mut why = BTreeSet::new();
    if answer["status"] == "ok" {
        return why;
    }
    for person in std::iter::once(answer).chain(list(answer, "/family")) {
        let stay = &person["stay"];
        if stay["status"] == "overstay" {
            why.insert("overstay".to_owned());
        } else if stay["days_over"].as_i64().is_some_and(|days| days > 0) {
            let id = if stay["last_day"].is_null() { "entry-not-allowed" } else { "exit-too-late" };
            why.insert(id.to_owned());
        }
        for deadline in list(person, "/deadlines").iter().filter(|deadline| deadline["kind"] == "duty") {
            let is_soon = || deadline["days"].as_i64().is_some_and(|days| days <= SOON);
            if match deadline["status"].as_str() {
                Some("overdue" | "not-recorded") => true,
                Some("due-today" | "upcoming") => is_soon(),
                _ => false,
            } {
                why.insert(deadline["id"].as_str().expect("an id").to_owned());
            }
        }
    }
    let warnings = list(answer, "/notices").iter().filter(|notice| notice["level"] == "warning");
    let codes = warnings.filter_map(|notice| notice["code"].as_str()).filter(|code| !is_consequence(code));
    why.extend(codes.map(str::to_owned));
    why
}

/// The row of this line; its `why` is sorted.
pub fn row_of(line: u64, answer: &Json) -> Json {
    let at = |pointer: &str| answer.pointer(pointer).unwrap_or(&Json::Null);
    let binding = list(answer, "/stay/binding");
    let limits = list(answer, "/stay/limits");
    let limit = limits.iter().find(|limit| binding.contains(&limit["rule"])).or_else(|| limits.first());
    let is_done = |deadline: &Json| deadline["status"] == "done" || deadline["status"] == "done-late";
    // The first that is not done, else the last one.
    let first = |chosen: &dyn Fn(&Json) -> bool| {
        let all: Vec<&Json> = list(answer, "/deadlines").iter().filter(|deadline| chosen(deadline)).collect();
        all.iter().find(|deadline| !is_done(deadline)).or(all.last()).copied()
    };
    let who = at("/registration/who");
    let notification = first(&|one| one["kind"] == "duty" && one["who"] == *who && !who.is_null());
    let registration = first(&|one| one["id"] == "own-registration");
    let permit_end = first(&|one| one["id"] == "permit-end");
    let day = |deadline: Option<&Json>| {
        deadline.and_then(|deadline| deadline["due"].as_str()).map(|due| due[..10].to_owned())
    };
    let persons = std::iter::once(answer).chain(list(answer, "/family"));
    let is_open = |deadline: &&Json| {
        !is_done(deadline)
            && deadline["status"] != "conditional"
            && deadline["kind"] != "advice"
            && deadline["due"].is_string()
    };
    let open = persons.flat_map(|person| list(person, "/deadlines")).filter(is_open);
    let next = open.min_by_key(|deadline| day(Some(deadline)));
    json!({
        "line": line,
        "id": at("/profile/id"),
        "name": at("/profile/name"),
        "citizenship": at("/profile/citizenship"),
        "status": at("/status"),
        "why": why_of(answer),
        "stay": at("/stay/status"),
        "basis": at("/stay/basis"),
        "last_day": at("/stay/last_day"),
        "days_left": at("/stay/days_left"),
        "days_over": at("/stay/days_over"),
        "used": limit.map(|limit| &limit["used"]),
        "next_due": day(next),
        "next_what": next.map(|deadline| &deadline["id"]),
        "next_who": next.map(|deadline| &deadline["who"]),
        "notify_by": day(notification),
        "notify_status": notification.map(|deadline| &deadline["status"]),
        "register_by": day(registration),
        "register_status": registration.map(|deadline| &deadline["status"]),
        "trp": at("/trp/status"),
        "file_by": at("/trp/file_by"),
        "permit_until": day(permit_end),
        "document_until": at("/profile/travel_document/expires"),
        "missing": list(answer, "/needs").iter().map(|need| &need["fact"]).collect::<Vec<_>>(),
        "error": null,
    })
}

/// A row with its `why` sorted.
pub fn sorted(mut row: Json) -> Json {
    if let Some(why) = row["why"].as_array_mut() {
        why.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    }
    row
}
