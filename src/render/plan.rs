//! What would become of stays that are only considered, laid out, and as JSON.

mod json;

pub(super) use json::PlanView;
pub use json::json;

use std::borrow::Cow;

use super::document::{Block, Document, Kind, Row};
use super::words::ToText;
use super::{Words, lines, phrases};
use crate::assessment::{
    DeadlineStatus, DocumentLine, EndsBy, First, Found, Longest, Notice, Outcome, PermitStatus, Plan, Requirement,
    Status, Stay, Step, Trip, Until, Verdict,
};
use crate::calendar::Day;
use crate::rulebook::Level;

/// A question about days ahead, answered: a sentence, and what belongs to it.
type Answer<'p> = (String, Vec<Block<'p>>);

/// With `is_strict` an answer on weak ground is marked as unknown.
pub fn document<'p>(plan: &'p Plan<'p>, is_strict: bool, has_details: bool, words: &Words<'_>) -> Document<'p> {
    let profile = plan.profile.profile;
    let who = [phrases::applicant_name(profile), Some(words.country(profile.applicant.citizenship).to_owned())];
    let who: Vec<String> = who.into_iter().flatten().collect();
    let status = match plan.verdict() {
        Verdict::Lawful if !is_strict => Status::Ok,
        Verdict::Unlawful if !is_strict => Status::Violation,
        _ => Status::Unknown,
    };
    let about = who.join(" · ");
    let mut document =
        Document { title: String::new(), about: about.clone(), status: Some(status), sections: Vec::new() };
    let layout = Layout { today: plan.today, has_details, words };
    let mut answers = match &plan.found {
        Found::Trips(trips) => trips.iter().map(|trip| layout.trip(trip)).collect(),
        Found::Longest(longest) => vec![layout.longest(longest)],
        Found::First(first) => vec![layout.first(first)],
        Found::Until(until) => vec![layout.until(until)],
    };
    if let Some((last, days)) = plan.overstay {
        document.title = match last {
            Some(last) => words.count("brief.overstay", days, &[("day", &words.long_day(last))]),
            None => words.count("stay.not-allowed", days, &[]),
        };
        document.push(Kind::Answer, "", [Block::Text(words.label("stay.what-now").to_owned())]);
        for (text, blocks) in answers {
            document.push(Kind::Rules, text, blocks);
        }
    } else if answers.len() == 1
        && let Some((title, blocks)) = answers.pop()
    {
        document.title = title;
        document.push(Kind::Answer, "", blocks);
    } else {
        document.title =
            words.count("plan.trips", answers.len(), &[("answer", &words.of("plan_verdict", plan.verdict().name()))]);
        for (heading, blocks) in answers {
            document.push(Kind::Rules, heading, blocks);
        }
    }
    let notes = [
        is_strict.then(|| ("?", words.label("plan.strict").to_owned())),
        plan.leaves_on.map(|day| ("i", words.with("plan.leaves", &[("day", &day)]))),
        plan.has_family.then(|| ("i", words.label("plan.family").to_owned())),
    ];
    document.push(Kind::Notes, "", notes.into_iter().flatten().map(|(mark, text)| Block::Remark(mark, text)));
    let asked = std::iter::once(about)
        .chain(phrases::asked(plan.today, plan.rules, words).into_iter().take(if has_details { 2 } else { 1 }));
    let more = words.label(if has_details { "brief.more-explain" } else { "brief.more-details" });
    document.push(Kind::Who, "", [Block::Text(asked.collect::<Vec<_>>().join(" · ")), Block::Hint(more.to_owned())]);
    if has_details {
        lines::push_sources(&mut document, &plan.rules(), words);
    }
    document
}

fn detail<'p>(text: String) -> Block<'p> {
    Block::Remark(" ", text)
}

struct Layout<'w> {
    today: Day,
    has_details: bool,
    words: &'w Words<'w>,
}

impl Layout<'_> {
    fn trip<'p>(&self, trip: &'p Trip<'p>) -> Answer<'p> {
        let (outcome, words) = (&trip.outcome, self.words);
        let exit = outcome.exit.unwrap_or(outcome.entry);
        let key = match (outcome.verdict, outcome.stay.last_day) {
            (Verdict::Lawful, _) if trip.verdict() == Verdict::Unlawful => "plan.trip-spoils",
            (Verdict::Lawful, Some(_)) => "plan.trip-lawful",
            (Verdict::Lawful, None) => "plan.trip-lawful-no-end",
            (Verdict::Unknown, _) => "plan.trip-unknown",
            (Verdict::Unlawful, None) => "plan.trip-not-allowed",
            (Verdict::Unlawful, Some(_)) => "plan.trip-unlawful",
        };
        let values: [(&str, &dyn ToText); 5] = [
            ("days", &span(outcome.entry, outcome.exit, words)),
            ("ends", &ends(&outcome.stay, words)),
            ("last", &outcome.stay.last_day),
            ("over", &outcome.first_day_over()),
            ("why", &unknown(outcome, words)),
        ];
        let text = words.count(key, length(outcome.entry, exit), &values);
        let mut blocks: Vec<Block<'p>> = self.travel_document(outcome).into_iter().collect();
        for other in &trip.spoils {
            blocks.push(Block::Remark("✗", spoilt_text("plan.spoils", other, words)));
        }
        if let Some(last) = trip.shorten_to {
            blocks.push(detail(words.count("plan.shorten", length(outcome.entry, last), &[("last", &last)])));
        }
        if let Some(to) = trip.shift_to {
            blocks.push(detail(words.count(
                "plan.shift",
                to.days(),
                &[("days", &span(to.first, Some(to.last), words))],
            )));
        }
        let is_bad = outcome.verdict == Verdict::Unlawful || !trip.spoils.is_empty();
        if is_bad && trip.shorten_to.is_none() && trip.shift_to.is_none() {
            blocks.push(detail(words.label("plan.no-repair").to_owned()));
        }
        blocks.extend(self.permit(outcome));
        (text, blocks)
    }

    fn travel_document<'p>(&self, outcome: &Outcome<'_>) -> Option<Block<'p>> {
        let ends = outcome.document_ends?;
        Some(Block::Remark("✗", self.words.with("plan.document-ends", &[("day", &ends)])))
    }

    /// The permit, where the stay takes one, and the warnings about it.
    fn permit<'p>(&self, outcome: &Outcome<'_>) -> Vec<Block<'p>> {
        let Some(permit) = outcome.permit.as_ref().filter(|permit| permit.status == PermitStatus::Required) else {
            return Vec::new();
        };
        let key = if outcome.verdict == Verdict::Lawful { "plan.permit-needed" } else { "plan.permit" };
        let hold_by = permit.hold_by.filter(|day| *day >= outcome.entry);
        let days = hold_by.zip(permit.file_by.filter(|day| *day >= outcome.entry));
        let Some((hold_by, file_by)) = days else { return Vec::new() };
        let name = self.words.of("procedure", permit.kind);
        let text = self.words.with(key, &[("permit", &name), ("hold", &hold_by), ("file", &file_by)]);
        std::iter::once(detail(text)).chain(self.warnings(outcome)).collect()
    }

    fn warnings<'p>(&self, outcome: &Outcome<'_>) -> Vec<Block<'p>> {
        let warnings = outcome.notices.iter().filter(|notice: &&Notice<'_>| notice.level == Level::Warning);
        warnings.map(|notice| Block::Remark("!", self.words.sentence(&notice.text))).collect()
    }

    fn longest<'p>(&self, longest: &'p Longest<'p>) -> Answer<'p> {
        let (alone, words) = (&longest.alone, self.words);
        let ends = ends(&alone.stay, words);
        let key = match (longest.until, alone.verdict, &longest.ends_by) {
            (Some(_), ..) => "plan.longest",
            (None, Verdict::Lawful, EndsBy::Nothing) => "plan.longest-no-end",
            (None, Verdict::Lawful, _) => "plan.longest-spoils",
            (None, Verdict::Unlawful, _) => "plan.longest-not-allowed",
            (None, Verdict::Unknown, _) => "plan.longest-unknown",
        };
        let (last, why) = (longest.until, unknown(alone, words));
        let days = last.map_or(0, |last| length(alone.entry, last));
        let values: [(&str, &dyn ToText); 4] =
            [("first", &alone.entry), ("last", &last), ("ends", &ends), ("why", &why)];
        let text = words.count(key, days, &values);
        let mut blocks = Vec::new();
        match &longest.ends_by {
            EndsBy::Law if longest.until.is_some() => {
                blocks.push(detail(words.with("plan.ends-law", &[("ends", &ends)])));
            }
            EndsBy::Next(next) => blocks.push(detail(words.with("plan.ends-next", &[("day", &next.entry)]))),
            EndsBy::Spoils(other) => blocks.push(detail(spoilt_text("plan.ends-spoils", other, words))),
            EndsBy::Law | EndsBy::Nothing => {}
        }
        if let (EndsBy::Next(_) | EndsBy::Spoils(_), Some(last)) = (&longest.ends_by, alone.stay.last_day) {
            let values: [(&str, &dyn ToText); 2] = [("last", &last), ("ends", &ends)];
            blocks.push(detail(words.count("plan.alone", length(alone.entry, last), &values)));
        }
        (text, blocks)
    }

    fn first<'p>(&self, first: &'p First<'p>) -> Answer<'p> {
        let words = self.words;
        let Some(found) = &first.found else {
            let key = if first.has_unknown_before { "plan.first-unknown" } else { "plan.first-none" };
            let text = words.count(key, first.days, &[("after", &first.after), ("until", &first.looked_until)]);
            return (text, Vec::new());
        };
        let text = words.count("plan.first", first.days, &[("days", &span(found.entry, found.exit, words))]);
        let mut blocks: Vec<Block<'p>> = self.travel_document(found).into_iter().chain(self.permit(found)).collect();
        if first.has_unknown_before {
            blocks.push(detail(words.label("plan.unknown-before").to_owned()));
        }
        (text, blocks)
    }

    fn until<'p>(&self, until: &'p Until<'p>) -> Answer<'p> {
        let words = self.words;
        let why = until.ends_because.map(|why| words.of("plan_ends", why.name())).unwrap_or_default();
        let key = match (until.verdict, until.steps.iter().any(|step| step.brings.is_some())) {
            (Verdict::Lawful, true) => "plan.until-steps",
            (Verdict::Lawful, false) => "plan.until-enough",
            (Verdict::Unlawful, _) if until.reaches.is_some() => "plan.until-not",
            (Verdict::Unlawful, _) => "plan.until-never",
            (Verdict::Unknown, _) if !until.choices.is_empty() => "plan.until-depends",
            (Verdict::Unknown, _) => "plan.until-unknown",
        };
        let listed = |table: &str, facts: &[Cow<'static, str>]| {
            facts.iter().map(|fact| words.of(table, fact).to_owned()).collect::<Vec<_>>().join(", ")
        };
        let caps = listed("plan_cap", &until.caps);
        let permit = until.outcome.permit.as_ref().map(|permit| words.of("basis", permit.kind));
        let values: [(&str, &dyn ToText); 5] =
            [("day", &until.day), ("reaches", &until.reaches), ("why", &why), ("caps", &caps), ("permit", &permit)];
        let text = words.with(key, &values);
        let mut blocks = Vec::new();
        for choice in &until.choices {
            let reaching: Vec<&str> = choice.reaching.iter().map(|word| words.of(choice.fact.table(), word)).collect();
            let values: [(&str, &dyn ToText); 2] =
                [("fact", &words.of("need", &choice.path)), ("words", &reaching.join(", "))];
            blocks.push(Block::Remark("?", words.with("plan.choice", &values)));
        }
        if !until.others.is_empty() {
            blocks.push(Block::Remark("?", words.with("plan.hangs-on", &[("facts", &listed("need", &until.others))])));
        }
        let so_far = until.reaches.filter(|day| *day >= self.today);
        if until.verdict == Verdict::Unknown && until.outcome.verdict == Verdict::Unknown {
            blocks.push(detail(unknown(&until.outcome, words)));
        } else if until.verdict == Verdict::Unknown && until.ends_because.is_none() && !until.steps.is_empty() {
            blocks.push(detail(words.with("plan.until-if", &[("caps", &caps)])));
        } else if until.verdict == Verdict::Unknown
            && let Some(reaches) = so_far
        {
            blocks.push(detail(words.with("plan.until-so-far", &[("reaches", &reaches), ("caps", &caps)])));
        }
        if !until.steps.is_empty() {
            blocks.push(Block::Rows(until.steps.iter().map(|step| self.step(step)).collect()));
        }
        blocks.extend(self.papers(until));
        blocks.extend(self.warnings(&until.outcome));
        (text, blocks)
    }

    /// The papers to have ready for each filing, and where to file; what several take alike is said once.
    fn papers<'p>(&self, until: &'p Until<'p>) -> Vec<Block<'p>> {
        let words = self.words;
        let mut filings: Vec<(&[DocumentLine<'_>], Vec<String>)> = Vec::new();
        for step in until.steps.iter().filter(|step| !step.papers.is_empty()) {
            let day = step.due.map(|day| words.day(day)).unwrap_or_default();
            let is_alike = |papers: &[DocumentLine<'_>]| {
                papers.len() == step.papers.len()
                    && papers.iter().zip(&step.papers).all(|(a, b)| (a.id, a.requirement) == (b.id, b.requirement))
            };
            match filings.iter_mut().find(|(papers, _)| is_alike(papers)) {
                Some((_, days)) => days.push(day),
                None => filings.push((&step.papers, vec![day])),
            }
        }
        let mut blocks = Vec::new();
        for (papers, days) in &filings {
            let (needed, open): (Vec<_>, Vec<_>) =
                papers.iter().partition(|line| line.held || line.requirement == Requirement::Required);
            let named = |lines: &[&DocumentLine<'_>]| {
                let missing = lines.iter().filter(|line| !line.held).map(|line| words.of("document", line.id));
                missing.collect::<Vec<_>>().join(", ")
            };
            let held = needed.iter().filter(|line| line.held).count();
            let values: [(&str, &dyn ToText); 3] =
                [("days", &days.join(", ")), ("held", &held), ("list", &named(&needed))];
            blocks.push(Block::Text(words.count("plan.papers", needed.len(), &values)));
            if !open.is_empty() {
                blocks.push(Block::Remark("?", words.with("plan.papers-open", &[("list", &named(&open))])));
            }
        }
        let places = until.outcome.permit.as_ref().map(|permit| lines::channels(&permit.channels, words));
        let places = places.filter(|places| !filings.is_empty() && !places.is_empty());
        blocks.extend(places.map(|places| Block::Text(words.with("table.channels", &[("list", &places)]))));
        blocks
    }

    fn step<'p>(&self, step: &'p Step<'p>) -> Row<'p> {
        let mark = match step.status {
            DeadlineStatus::Overdue => "✗",
            DeadlineStatus::NotRecorded => "!",
            DeadlineStatus::Conditional => "○",
            _ => "●",
        };
        let mut what = step_name(step, self.words).to_owned();
        if let Some(days) = step.brings {
            what = self.words.with("plan.brings", &[("what", &what), ("first", &days.first), ("last", &days.last)]);
        }
        let rule = step.rules.first().filter(|_| self.has_details).map_or("", |rule| rule.id);
        let day = step.due.map_or_else(|| "–".to_owned(), |day| self.words.day(day));
        Row { mark, day, what, more: step_when(step, self.today, self.words), rule, ..Row::default() }
    }
}

fn ends(stay: &Stay<'_>, words: &Words<'_>) -> String {
    let binding = stay.limits.iter().filter(|limit| limit.is_binding);
    binding.map(|limit| phrases::limit_text(limit, words)).collect::<Vec<_>>().join("; ")
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

fn spoilt_text(key: &str, other: &Outcome<'_>, words: &Words<'_>) -> String {
    let days = span(other.entry, other.exit, words);
    match other.first_day_over() {
        Some(over) => words.with(key, &[("days", &days), ("over", &over), ("ends", &ends(&other.stay, words))]),
        None => words.with("plan.spoils-unknown", &[("days", &days), ("why", &unknown(other, words))]),
    }
}

fn step_name<'w>(step: &'w Step<'_>, words: &Words<'w>) -> &'w str {
    words.text(&format!("plan_step.{}", step.id)).unwrap_or_else(|| words.of("deadline", &step.id))
}

/// How far away a step is, or on what it depends.
fn step_when(step: &Step<'_>, today: Day, words: &Words<'_>) -> String {
    let days = step.due.map_or(0, |due| due.days_since(today));
    match step.status {
        DeadlineStatus::Conditional => words.label("plan.step-conditional").to_owned(),
        DeadlineStatus::NotRecorded => words.label("plan.step-not-recorded").to_owned(),
        _ if step.due.is_none() => words.label("when.not-known").to_owned(),
        _ if days == 0 => words.label("when.today").to_owned(),
        _ if days < 0 => words.count("when.late", -days, &[]),
        _ => words.count("when.left", days, &[]),
    }
}

/// A step in a sentence.
fn step_text(step: &Step<'_>, today: Day, words: &Words<'_>) -> String {
    let due = step.due.map_or_else(|| words.label("when.not-known").to_owned(), |day| words.day(day));
    let (first, last) = step.brings.map(|days| (days.first, days.last)).unzip();
    let key = if step.brings.is_some() { "plan.step-brings" } else { "plan.step" };
    let values: [(&str, &dyn ToText); 5] = [
        ("due", &due),
        ("what", &step_name(step, words)),
        ("when", &step_when(step, today, words)),
        ("first", &first),
        ("last", &last),
    ];
    words.with(key, &values)
}
