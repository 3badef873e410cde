//! What would become of stays that are only thought of, for a terminal, as Markdown and as JSON.

mod json;

pub use json::json;

use std::fmt::Write as _;

use super::markdown::escape;
use super::table::{Look, Page};
use super::words::ToText;
use super::{Words, phrases};
use crate::assessment::{
    DeadlineStatus, EndsBy, First, Found, Longest, Notice, Outcome, PermitStatus, Plan, Stay, Step, Trip, Until,
    Verdict,
};
use crate::calendar::Day;
use crate::rulebook::Level;

struct Line {
    mark: &'static str,
    text: String,
    /// Belongs to the line before it.
    is_detail: bool,
}

const fn line(mark: &'static str, text: String) -> Line {
    Line { mark, text, is_detail: false }
}

const fn detail(text: String) -> Line {
    marked_detail(" ", text)
}

const fn marked_detail(mark: &'static str, text: String) -> Line {
    Line { mark, text, is_detail: true }
}

/// With `is_strict` an answer on weak ground is marked as unknown.
pub fn table(plan: &Plan<'_>, is_strict: bool, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.paragraph(&heading(plan, words));
    page.gap();
    for line in lines(plan, is_strict, words) {
        if !line.is_detail && line.mark != "i" {
            page.gap();
        }
        page.remark(line.mark, &line.text);
    }
    page.sources(&plan.rules(), words);
    page.part(words.label("footer.no-legal-advice"));
    page.text
}

pub fn markdown(plan: &Plan<'_>, is_strict: bool, words: &Words<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# {}\n", escape(&heading(plan, words)));
    for line in lines(plan, is_strict, words) {
        let start = if line.is_detail { "  -" } else { "-" };
        let _ = writeln!(text, "{start} {}", escape(&line.text));
    }
    let _ = writeln!(text, "\n_{}_", escape(words.label("footer.no-legal-advice")));
    text
}

fn heading(plan: &Plan<'_>, words: &Words<'_>) -> String {
    let profile = plan.profile.profile;
    let mut parts: Vec<String> = phrases::applicant_name(profile).into_iter().collect();
    parts.push(words.country(profile.applicant.citizenship).to_owned());
    parts.extend(phrases::asked(plan.today, plan.rules, words));
    parts.join(" · ")
}

fn lines(plan: &Plan<'_>, is_strict: bool, words: &Words<'_>) -> Vec<Line> {
    let mut lines = match &plan.found {
        Found::Trips(trips) => trips.iter().flat_map(|trip| trip_lines(trip, words)).collect(),
        Found::Longest(longest) => longest_lines(longest, words),
        Found::First(first) => first_lines(first, words),
        Found::Until(until) => until_lines(until, plan.today, words),
    };
    if is_strict {
        lines.push(line("?", words.label("plan.strict").to_owned()));
    }
    if let Some(day) = plan.leaves_on {
        lines.push(line("i", words.with("plan.leaves", &[("day", &day)])));
    }
    if plan.has_family {
        lines.push(line("i", words.label("plan.family").to_owned()));
    }
    lines
}

fn ends(stay: &Stay<'_>, words: &Words<'_>) -> String {
    let binding = stay.limits.iter().filter(|limit| limit.is_binding);
    let ends = binding.map(|limit| format!("{}, {}", phrases::limit_text(limit, words), limit.rule.id));
    ends.collect::<Vec<_>>().join("; ")
}

fn unknown(outcome: &Outcome<'_>, words: &Words<'_>) -> String {
    outcome.stay.uncovered.as_ref().map_or_else(|| phrases::stay_text(&outcome.stay, words), |why| words.sentence(why))
}

fn span(first: Day, last: Option<Day>, words: &Words<'_>) -> String {
    let first = words.day(first);
    last.map_or_else(|| first.clone(), |last| format!("{first} … {}", words.day(last)))
}

fn length(first: Day, last: Day) -> i32 {
    last.days_since(first) + 1
}

fn trip_lines(trip: &Trip<'_>, words: &Words<'_>) -> Vec<Line> {
    let outcome = &trip.outcome;
    let exit = outcome.exit.unwrap_or(outcome.entry);
    let (mark, key) = match (outcome.verdict, outcome.stay.last_day) {
        (Verdict::Lawful, Some(_)) => ("✓", "plan.trip-lawful"),
        (Verdict::Lawful, None) => ("✓", "plan.trip-lawful-no-end"),
        (Verdict::Unknown, _) => ("?", "plan.trip-unknown"),
        (Verdict::Unlawful, None) => ("✗", "plan.trip-not-allowed"),
        (Verdict::Unlawful, Some(_)) => ("✗", "plan.trip-unlawful"),
    };
    let values: [(&str, &dyn ToText); 5] = [
        ("days", &span(outcome.entry, outcome.exit, words)),
        ("ends", &ends(&outcome.stay, words)),
        ("last", &outcome.stay.last_day),
        ("over", &outcome.first_day_over()),
        ("why", &unknown(outcome, words)),
    ];
    let mut lines = vec![line(mark, words.count(key, length(outcome.entry, exit), &values))];
    lines.extend(document_line(outcome, words));
    for other in &trip.spoils {
        lines.push(marked_detail("✗", spoilt_text("plan.spoils", other, words)));
    }
    let is_bad = outcome.verdict == Verdict::Unlawful || !trip.spoils.is_empty();
    if let Some(last) = trip.shorten_to {
        lines.push(detail(words.count("plan.shorten", length(outcome.entry, last), &[("last", &last)])));
    }
    if let Some(to) = trip.shift_to {
        lines.push(detail(words.count("plan.shift", to.days(), &[("days", &span(to.first, Some(to.last), words))])));
    }
    if is_bad && trip.shorten_to.is_none() && trip.shift_to.is_none() {
        lines.push(detail(words.label("plan.no-repair").to_owned()));
    }
    lines.extend(permit_lines(outcome, words));
    lines
}

fn document_line(outcome: &Outcome<'_>, words: &Words<'_>) -> Option<Line> {
    let ends = outcome.document_ends?;
    Some(marked_detail("✗", words.with("plan.document-ends", &[("day", &ends)])))
}

fn spoilt_text(key: &str, other: &Outcome<'_>, words: &Words<'_>) -> String {
    let days = span(other.entry, other.exit, words);
    match other.first_day_over() {
        Some(over) => words.with(key, &[("days", &days), ("over", &over), ("ends", &ends(&other.stay, words))]),
        None => words.with("plan.spoils-unknown", &[("days", &days), ("why", &unknown(other, words))]),
    }
}

/// The permit, where the stay takes one, and the warnings about it.
fn permit_lines(outcome: &Outcome<'_>, words: &Words<'_>) -> Vec<Line> {
    let Some(permit) = outcome.permit.as_ref().filter(|permit| permit.status == PermitStatus::Required) else {
        return Vec::new();
    };
    let key = if outcome.verdict == Verdict::Lawful { "plan.permit-needed" } else { "plan.permit" };
    let hold_by = permit.hold_by.filter(|day| *day >= outcome.entry);
    let days = hold_by.zip(permit.file_by.filter(|day| *day >= outcome.entry));
    let Some((hold_by, file_by)) = days else { return Vec::new() };
    let warnings = warnings(outcome).map(|notice| marked_detail("!", words.sentence(&notice.text)));
    let name = words.of("procedure", permit.kind);
    let text = words.with(key, &[("permit", &name), ("hold", &hold_by), ("file", &file_by)]);
    std::iter::once(detail(text)).chain(warnings).collect()
}

fn warnings<'a, 'r>(outcome: &'a Outcome<'r>) -> impl Iterator<Item = &'a Notice<'r>> {
    outcome.notices.iter().filter(|notice| notice.level == Level::Warning)
}

fn longest_lines(longest: &Longest<'_>, words: &Words<'_>) -> Vec<Line> {
    let alone = &longest.alone;
    let ends = ends(&alone.stay, words);
    let (mark, key) = match (longest.until, alone.verdict, &longest.ends_by) {
        (Some(_), ..) => ("✓", "plan.longest"),
        (None, Verdict::Lawful, EndsBy::Nothing) => ("✓", "plan.longest-no-end"),
        (None, Verdict::Lawful, _) => ("✗", "plan.longest-spoils"),
        (None, Verdict::Unlawful, _) => ("✗", "plan.longest-not-allowed"),
        (None, Verdict::Unknown, _) => ("?", "plan.longest-unknown"),
    };
    let (last, why) = (longest.until, unknown(alone, words));
    let days = last.map_or(0, |last| length(alone.entry, last));
    let values: [(&str, &dyn ToText); 4] = [("first", &alone.entry), ("last", &last), ("ends", &ends), ("why", &why)];
    let mut lines = vec![line(mark, words.count(key, days, &values))];
    match &longest.ends_by {
        EndsBy::Law if longest.until.is_some() => lines.push(detail(words.with("plan.ends-law", &[("ends", &ends)]))),
        EndsBy::Next(next) => lines.push(detail(words.with("plan.ends-next", &[("day", &next.entry)]))),
        EndsBy::Spoils(other) => lines.push(detail(spoilt_text("plan.ends-spoils", other, words))),
        EndsBy::Law | EndsBy::Nothing => {}
    }
    if let (EndsBy::Next(_) | EndsBy::Spoils(_), Some(last)) = (&longest.ends_by, alone.stay.last_day) {
        lines.push(detail(words.count("plan.alone", length(alone.entry, last), &[("last", &last), ("ends", &ends)])));
    }
    lines
}

fn first_lines(first: &First<'_>, words: &Words<'_>) -> Vec<Line> {
    let Some(found) = &first.found else {
        let (mark, key) =
            if first.has_unknown_before { ("?", "plan.first-unknown") } else { ("✗", "plan.first-none") };
        let text = words.count(key, first.days, &[("after", &first.after), ("until", &first.looked_until)]);
        return vec![line(mark, text)];
    };
    let days = span(found.entry, found.exit, words);
    let mut lines = vec![line("✓", words.count("plan.first", first.days, &[("days", &days)]))];
    lines.extend(document_line(found, words));
    lines.extend(permit_lines(found, words));
    if first.has_unknown_before {
        lines.push(detail(words.label("plan.unknown-before").to_owned()));
    }
    lines
}

fn until_lines(until: &Until<'_>, today: Day, words: &Words<'_>) -> Vec<Line> {
    let why = until.ends_because.map(|why| words.of("plan_ends", why.name())).unwrap_or_default();
    let key = match (until.verdict, until.steps.iter().any(|step| step.brings.is_some())) {
        (Verdict::Lawful, true) => "plan.until-steps",
        (Verdict::Lawful, false) => "plan.until-enough",
        (Verdict::Unlawful, _) if until.reaches.is_some() => "plan.until-not",
        (Verdict::Unlawful, _) => "plan.until-never",
        (Verdict::Unknown, _) => "plan.until-unknown",
    };
    let mark = match until.verdict {
        Verdict::Lawful => "✓",
        Verdict::Unlawful => "✗",
        Verdict::Unknown => "?",
    };
    let text = words.with(key, &[("day", &until.day), ("reaches", &until.reaches), ("why", &why)]);
    let mut lines = vec![line(mark, text)];
    if until.verdict == Verdict::Unknown && until.outcome.verdict == Verdict::Unknown {
        lines.push(detail(unknown(&until.outcome, words)));
    } else if until.verdict == Verdict::Unknown
        && let Some(reaches) = until.reaches
    {
        lines.push(detail(words.with("plan.until-so-far", &[("reaches", &reaches)])));
    }
    lines.extend(until.steps.iter().map(|step| marked_detail(step_mark(step), step_text(step, today, words))));
    lines.extend(warnings(&until.outcome).map(|notice| line("!", words.sentence(&notice.text))));
    if !until.hangs_on.is_empty() {
        let facts: Vec<&str> = until.hangs_on.iter().map(|fact| words.of("need", fact)).collect();
        lines.push(line("!", words.with("plan.hangs-on", &[("facts", &facts.join(", "))])));
    }
    lines
}

fn step_mark(step: &Step<'_>) -> &'static str {
    match step.status {
        DeadlineStatus::Overdue => "✗",
        DeadlineStatus::NotRecorded => "!",
        DeadlineStatus::Conditional => "○",
        _ => "●",
    }
}

fn step_text(step: &Step<'_>, today: Day, words: &Words<'_>) -> String {
    let own = words.text(&format!("plan_step.{}", step.id));
    let what = own.unwrap_or_else(|| words.of("deadline", &step.id));
    let due = step.due.map_or_else(|| words.label("when.not-known").to_owned(), |day| words.day(day));
    let days = step.due.map_or(0, |due| due.days_since(today));
    let when = match step.status {
        DeadlineStatus::Conditional => words.label("plan.step-conditional").to_owned(),
        DeadlineStatus::NotRecorded => words.label("plan.step-not-recorded").to_owned(),
        _ if step.due.is_none() => String::new(),
        _ if days == 0 => words.label("when.today").to_owned(),
        _ if days < 0 => words.count("when.late", -days, &[]),
        _ => words.count("when.left", days, &[]),
    };
    let rules = step.rules.iter().map(|rule| rule.id).collect::<Vec<_>>().join(", ");
    let (first, last) = step.brings.map(|days| (days.first, days.last)).unzip();
    let key = match (step.brings, step.rules.is_empty()) {
        (Some(_), _) => "plan.step-brings",
        (None, false) => "plan.step",
        (None, true) => "plan.step-without-rules",
    };
    let values: [(&str, &dyn ToText); 6] =
        [("due", &due), ("what", &what), ("when", &when), ("rules", &rules), ("first", &first), ("last", &last)];
    words.with(key, &values)
}
