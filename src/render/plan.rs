//! Words: what would become of stays that are only thought of, for eyes, for chats and for programs.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::text::pretty_text;
use super::json::{CiteView, NoticeView, PermitView, RulesView};
use super::markdown::escape;
use super::table::{Look, Page};
use super::words::called;
use super::{Words, rows};
use crate::assessment::{
    DeadlineStatus, EndsBecause, EndsBy, First, Found, Longest, Notice, Outcome, Permit, PermitStatus, Plan, RuleRef,
    Stay, Step, Trip, Until, Verdict,
};
use crate::calendar::Day;
use crate::rulebook::Level;

/// Something that is said, and how much it weighs.
struct Line {
    mark: &'static str,
    text: String,
    /// Said about the line before it.
    is_detail: bool,
}

const fn line(mark: &'static str, text: String) -> Line {
    Line { mark, text, is_detail: false }
}

const fn detail(text: String) -> Line {
    Line { mark: " ", text, is_detail: true }
}

/// The answer for eyes. With `is_strict` it is said when it rests on weak ground.
#[must_use]
pub fn table(plan: &Plan<'_>, is_strict: bool, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.paragraph(&heading(plan, words), "");
    page.gap();
    for line in lines(plan, is_strict, words) {
        if !line.is_detail && line.mark != "i" {
            page.gap();
        }
        page.remark(line.mark, &line.text);
    }
    page.sources(&plan.rules(), words);
    page.gap();
    page.paragraph(words.label("footer.no-legal-advice"), "");
    page.text
}

/// The answer as Markdown.
#[must_use]
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
    let person = &profile.applicant;
    let name = person.name.as_deref().or(profile.id.as_deref()).map(|name| called(name).into_owned());
    let mut parts: Vec<String> = name.into_iter().collect();
    parts.push(words.country(person.citizenship).to_owned());
    parts.push(words.with("heading.asked", &[("day", &words.day(plan.today))]));
    parts.push(words.with("heading.rules", &[("pack", plan.rules.pack), ("version", plan.rules.version)]));
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
        lines.push(line("i", words.with("plan.leaves", &[("day", &words.day(day))])));
    }
    if plan.has_family {
        lines.push(line("i", words.label("plan.family").to_owned()));
    }
    lines
}

// ---- what is said of a stay ----

/// The limits that end a stay, and their rules.
fn ends(stay: &Stay<'_>, words: &Words<'_>) -> String {
    let binding = stay.limits.iter().filter(|limit| limit.is_binding);
    let told: Vec<String> =
        binding.map(|limit| format!("{}, {}", rows::limit_text(limit, words), limit.rule.id)).collect();
    told.join("; ")
}

/// Why no rule says anything.
fn unknown(outcome: &Outcome<'_>, words: &Words<'_>) -> String {
    outcome.stay.uncovered.as_ref().map_or_else(|| rows::stay_text(&outcome.stay, words), |why| words.say(why))
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
    let days = span(outcome.entry, outcome.exit, words);
    let ends = ends(&outcome.stay, words);
    let count = |key: &str, more: &[(&str, &str)]| {
        let mut values = vec![("days", &*days), ("ends", &*ends)];
        values.extend_from_slice(more);
        words.count(key, length(outcome.entry, exit), &values)
    };
    let mut lines = vec![match (outcome.verdict, outcome.stay.last_day) {
        (Verdict::Lawful, Some(last)) => line("✓", count("plan.trip-lawful", &[("last", &words.day(last))])),
        (Verdict::Lawful, None) => line("✓", count("plan.trip-lawful-no-end", &[])),
        (Verdict::Unknown, _) => line("?", count("plan.trip-unknown", &[("why", &unknown(outcome, words))])),
        (Verdict::Unlawful, None) => line("✗", count("plan.trip-not-allowed", &[])),
        (Verdict::Unlawful, Some(_)) => {
            let over = outcome.first_day_over().map(|day| words.day(day)).unwrap_or_default();
            line("✗", count("plan.trip-unlawful", &[("over", &over)]))
        }
    }];
    lines.extend(document_line(outcome, words));
    for other in &trip.spoils {
        lines.push(Line { mark: "✗", text: spoilt_text("plan.spoils", other, words), is_detail: true });
    }
    let is_bad = outcome.verdict == Verdict::Unlawful || !trip.spoils.is_empty();
    if let Some(last) = trip.shorten_to {
        let values = [("last", &*words.day(last))];
        lines.push(detail(words.count("plan.shorten", length(outcome.entry, last), &values)));
    }
    if let Some(to) = trip.shift_to {
        let values = [("days", &*span(to.first, Some(to.last), words))];
        lines.push(detail(words.count("plan.shift", to.days(), &values)));
    }
    if is_bad && trip.shorten_to.is_none() && trip.shift_to.is_none() {
        lines.push(detail(words.label("plan.no-repair").to_owned()));
    }
    lines.extend(permit_lines(outcome, words));
    lines
}

fn document_line(outcome: &Outcome<'_>, words: &Words<'_>) -> Option<Line> {
    let ends = outcome.document_ends?;
    let text = words.with("plan.document-ends", &[("day", &words.day(ends))]);
    Some(Line { mark: "✗", text, is_detail: true })
}

fn spoilt_text(key: &str, other: &Outcome<'_>, words: &Words<'_>) -> String {
    let days = span(other.entry, other.exit, words);
    match other.first_day_over() {
        Some(over) => {
            let values = [("days", &*days), ("over", &*words.day(over)), ("ends", &*ends(&other.stay, words))];
            words.with(key, &values)
        }
        None => words.with("plan.spoils-unknown", &[("days", &days), ("why", &unknown(other, words))]),
    }
}

/// The permit, where the stay takes one, and what must be said of it.
fn permit_lines(outcome: &Outcome<'_>, words: &Words<'_>) -> Vec<Line> {
    let Some(permit) = outcome.permit.as_ref().filter(|permit| permit.status == PermitStatus::Required) else {
        return Vec::new();
    };
    let key = if outcome.verdict == Verdict::Lawful { "plan.permit-needed" } else { "plan.permit" };
    let hold_by = permit.hold_by.filter(|day| *day >= outcome.entry);
    let days = hold_by.zip(permit.file_by.filter(|day| *day >= outcome.entry));
    let Some((hold_by, file_by)) = days else { return Vec::new() };
    let values = [
        ("permit", words.of("procedure", permit.kind)),
        ("hold", &*words.day(hold_by)),
        ("file", &*words.day(file_by)),
    ];
    let notices = outcome.notices.iter().filter(|notice| notice.level == Level::Warning);
    let told = notices.map(|notice| Line { mark: "!", text: words.say(&notice.text), is_detail: true });
    std::iter::once(detail(words.with(key, &values))).chain(told).collect()
}

fn longest_lines(longest: &Longest<'_>, words: &Words<'_>) -> Vec<Line> {
    let alone = &longest.alone;
    let first = words.day(alone.entry);
    let told = ends(&alone.stay, words);
    let mut lines = vec![match (longest.until, alone.verdict, &longest.ends_by) {
        (Some(last), ..) => {
            let values = [("first", &*first), ("last", &*words.day(last))];
            line("✓", words.count("plan.longest", length(alone.entry, last), &values))
        }
        (None, Verdict::Lawful, EndsBy::Nothing) => line("✓", words.with("plan.longest-no-end", &[("first", &first)])),
        (None, Verdict::Lawful, _) => line("✗", words.with("plan.longest-spoils", &[("first", &first)])),
        (None, Verdict::Unlawful, _) => {
            line("✗", words.with("plan.longest-not-allowed", &[("first", &first), ("ends", &told)]))
        }
        (None, Verdict::Unknown, _) => {
            let values = [("first", &*first), ("why", &*unknown(alone, words))];
            line("?", words.with("plan.longest-unknown", &values))
        }
    }];
    match &longest.ends_by {
        EndsBy::Law if longest.until.is_some() => {
            lines.push(detail(words.with("plan.ends-law", &[("ends", &told)])));
        }
        EndsBy::Next(next) => {
            lines.push(detail(words.with("plan.ends-next", &[("day", &words.day(next.entry))])));
        }
        EndsBy::Spoils(other) => lines.push(detail(spoilt_text("plan.ends-spoils", other, words))),
        EndsBy::Law | EndsBy::Nothing => {}
    }
    if let (EndsBy::Next(_) | EndsBy::Spoils(_), Some(last)) = (&longest.ends_by, alone.stay.last_day) {
        let values = [("last", &*words.day(last)), ("ends", &*told)];
        lines.push(detail(words.count("plan.alone", length(alone.entry, last), &values)));
    }
    lines
}

fn first_lines(first: &First<'_>, words: &Words<'_>) -> Vec<Line> {
    let Some(found) = &first.found else {
        let values = [("after", &*words.day(first.after)), ("until", &*words.day(first.looked_until))];
        let (mark, key) =
            if first.has_unknown_before { ("?", "plan.first-unknown") } else { ("✗", "plan.first-none") };
        return vec![line(mark, words.count(key, first.days, &values))];
    };
    let values = [("days", &*span(found.entry, found.exit, words))];
    let mut lines = vec![line("✓", words.count("plan.first", first.days, &values))];
    lines.extend(document_line(found, words));
    lines.extend(permit_lines(found, words));
    if first.has_unknown_before {
        lines.push(detail(words.label("plan.unknown-before").to_owned()));
    }
    lines
}

fn until_lines(until: &Until<'_>, today: Day, words: &Words<'_>) -> Vec<Line> {
    let day = words.day(until.day);
    let reaches = until.reaches.map(|day| words.day(day));
    let why = until.ends_because.map(|why| words.of("plan_ends", why.name())).unwrap_or_default();
    let key = match (until.verdict, until.steps.iter().any(|step| step.brings.is_some())) {
        (Verdict::Lawful, true) => "plan.until-steps",
        (Verdict::Lawful, false) => "plan.until-enough",
        (Verdict::Unlawful, _) if reaches.is_some() => "plan.until-not",
        (Verdict::Unlawful, _) => "plan.until-never",
        (Verdict::Unknown, _) => "plan.until-unknown",
    };
    let mark = match until.verdict {
        Verdict::Lawful => "✓",
        Verdict::Unlawful => "✗",
        Verdict::Unknown => "?",
    };
    let values = [("day", &*day), ("reaches", reaches.as_deref().unwrap_or_default()), ("why", why)];
    let mut lines = vec![line(mark, words.with(key, &values))];
    if until.verdict == Verdict::Unknown && until.outcome.verdict == Verdict::Unknown {
        lines.push(detail(unknown(&until.outcome, words)));
    } else if until.verdict == Verdict::Unknown
        && let Some(reaches) = &reaches
    {
        lines.push(detail(words.with("plan.until-so-far", &[("reaches", reaches)])));
    }
    for step in &until.steps {
        lines.push(Line { mark: step_mark(step), text: step_text(step, today, words), is_detail: true });
    }
    let notices = until.outcome.notices.iter().filter(|notice| notice.level == Level::Warning);
    lines.extend(notices.map(|notice| line("!", words.say(&notice.text))));
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
    let (first, last) = step.brings.map(|days| (words.day(days.first), words.day(days.last))).unwrap_or_default();
    let values =
        [("due", &*due), ("what", what), ("when", &*when), ("rules", &*rules), ("first", &*first), ("last", &*last)];
    let key = match (step.brings, step.rules.is_empty()) {
        (Some(_), _) => "plan.step-brings",
        (None, false) => "plan.step",
        (None, true) => "plan.step-without-rules",
    };
    words.with(key, &values)
}

// ---- for programs ----

/// Name and number of the schema.
pub const SCHEMA: &str = "trp-check/plan/1";

#[derive(Serialize)]
struct PlanView<'a> {
    schema: &'static str,
    rules: RulesView<'a>,
    today: Day,
    profile: WhoView<'a>,
    verdict: &'static str,
    leaves_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trips: Option<Vec<TripView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longest: Option<LongestView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<FirstView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<UntilView<'a>>,
    reasons: Vec<ReasonView<'a>>,
}

#[derive(Serialize)]
struct WhoView<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    citizenship: &'a str,
}

/// What becomes of a stay.
#[derive(Serialize)]
struct OutcomeView<'a> {
    entry: Day,
    exit: Option<Day>,
    verdict: &'static str,
    basis: &'a str,
    last_day: Option<Day>,
    first_day_over: Option<Day>,
    days_over: i32,
    binding: Vec<&'a str>,
    document_ends: Option<Day>,
    because: Option<String>,
    trp: Option<PermitView<'a>>,
    notices: Vec<NoticeView<'a>>,
}

#[derive(Serialize)]
struct TripView<'a> {
    stay: OutcomeView<'a>,
    verdict: &'static str,
    spoils: Vec<OutcomeView<'a>>,
    shorten_to: Option<Day>,
    shift_to: Option<DaysView>,
}

#[derive(Serialize)]
struct DaysView {
    entry: Day,
    exit: Day,
}

#[derive(Serialize)]
struct LongestView<'a> {
    from: Day,
    until: Option<Day>,
    days: Option<i32>,
    ends_by: &'static str,
    other: Option<OutcomeView<'a>>,
    alone: OutcomeView<'a>,
}

#[derive(Serialize)]
struct FirstView<'a> {
    after: Day,
    days: i32,
    stay: Option<OutcomeView<'a>>,
    looked_until: Day,
    has_unknown_before: bool,
}

#[derive(Serialize)]
struct UntilView<'a> {
    day: Day,
    verdict: &'static str,
    reaches: Option<Day>,
    ends_because: Option<&'static str>,
    stay: OutcomeView<'a>,
    steps: Vec<StepView<'a>>,
    hangs_on: Vec<&'a str>,
}

#[derive(Serialize)]
struct StepView<'a> {
    id: &'a str,
    due: Option<Day>,
    status: &'static str,
    who: &'static str,
    permit_from: Option<Day>,
    permit_until: Option<Day>,
    text: String,
    rules: Vec<&'a str>,
}

/// A rule that the answer rests on, and its citations.
#[derive(Serialize)]
struct ReasonView<'a> {
    rule: &'a str,
    cite: Vec<CiteView<'a>>,
}

impl<'a> OutcomeView<'a> {
    fn new(outcome: &'a Outcome<'a>, words: &Words<'a>) -> Self {
        let is_asked = |permit: &&Permit<'_>| permit.status != PermitStatus::Unknown;
        Self {
            entry: outcome.entry,
            exit: outcome.exit,
            verdict: outcome.verdict.name(),
            basis: outcome.stay.basis,
            last_day: outcome.stay.last_day,
            first_day_over: outcome.first_day_over(),
            days_over: outcome.days_over(),
            binding: outcome.stay.binding().map(|rule: RuleRef<'a>| rule.id).collect(),
            document_ends: outcome.document_ends,
            because: (outcome.verdict == Verdict::Unknown).then(|| unknown(outcome, words)),
            trp: outcome.permit.as_ref().filter(is_asked).map(|permit| PermitView::new(permit, words)),
            notices: outcome.notices.iter().map(|notice: &Notice<'a>| NoticeView::new(notice, words)).collect(),
        }
    }
}

/// The answer as JSON text that ends in a line feed. With `is_strict` it is unknown, since it rests on weak
/// ground.
#[must_use]
pub fn json<'a>(plan: &'a Plan<'a>, is_strict: bool, words: &Words<'a>) -> String {
    let profile = plan.profile.profile;
    let stay = |outcome: &'a Outcome<'a>| OutcomeView::new(outcome, words);
    let rules = plan.rules();
    let mut view = PlanView {
        schema: SCHEMA,
        rules: RulesView::new(plan.rules),
        today: plan.today,
        profile: WhoView {
            id: profile.id.as_deref(),
            name: profile.applicant.name.as_deref(),
            citizenship: words.country_code(profile.applicant.citizenship),
        },
        verdict: if is_strict { Verdict::Unknown.name() } else { plan.verdict().name() },
        leaves_on: plan.leaves_on,
        trips: None,
        longest: None,
        first: None,
        until: None,
        reasons: rules
            .iter()
            .map(|rule| ReasonView {
                rule: rule.id,
                cite: rule.head.cites.iter().map(|cite| CiteView::new(cite, words)).collect(),
            })
            .collect(),
    };
    match &plan.found {
        Found::Trips(trips) => {
            let told = trips.iter().map(|trip| TripView {
                stay: stay(&trip.outcome),
                verdict: trip.verdict().name(),
                spoils: trip.spoils.iter().map(stay).collect(),
                shorten_to: trip.shorten_to,
                shift_to: trip.shift_to.map(|days| DaysView { entry: days.first, exit: days.last }),
            });
            view.trips = Some(told.collect());
        }
        Found::Longest(longest) => {
            let (ends_by, other) = match &longest.ends_by {
                EndsBy::Nothing => ("nothing", None),
                EndsBy::Law => ("law", None),
                EndsBy::Next(other) => ("next", Some(stay(other))),
                EndsBy::Spoils(other) => ("spoils", Some(stay(other))),
            };
            let (from, until, days) = (longest.alone.entry, longest.until, longest.days);
            view.longest = Some(LongestView { from, until, days, ends_by, other, alone: stay(&longest.alone) });
        }
        Found::First(first) => {
            view.first = Some(FirstView {
                after: first.after,
                days: first.days,
                stay: first.found.as_ref().map(stay),
                looked_until: first.looked_until,
                has_unknown_before: first.has_unknown_before,
            });
        }
        Found::Until(until) => {
            let steps = until.steps.iter().map(|step| StepView {
                id: &step.id,
                due: step.due,
                status: step.status.name(),
                who: step.who.name(),
                permit_from: step.brings.map(|days| days.first),
                permit_until: step.brings.map(|days| days.last),
                text: step_text(step, plan.today, words),
                rules: step.rules.iter().map(|rule| rule.id).collect(),
            });
            view.until = Some(UntilView {
                day: until.day,
                verdict: until.verdict.name(),
                reaches: until.reaches,
                ends_because: until.ends_because.map(EndsBecause::name),
                stay: stay(&until.outcome),
                steps: steps.collect(),
                hangs_on: until.hangs_on.iter().map(|fact| &**fact).collect(),
            });
        }
    }
    pretty_text(&view)
}
