//! `rules test [DIR]`: the law cases that stand beside the rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use trp_check::assess::explain::explain;
use trp_check::assessment::Assessment;
use trp_check::render::diagnostics::{self, Audience};
use trp_check::render::explain::{Depth, document};
use trp_check::render::terminal::{self, Look};
use trp_check::render::{Format, Words};
use trp_check::rulebook::RuleBook;
use trp_check::source::Fault;

use super::{Run, open, run_all, unread};
use crate::args::{Global, RulesTest};
use crate::files::Pack;
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &RulesTest) -> Result<Exit, Stop> {
    let words = args::words();
    let pack = open(global, ask.dir.as_deref())?;
    let Some(book) = &pack.checked.book else { return Ok(Exit::BadRules) };
    let mut faults = Vec::new();
    let runs = run_all(&pack, book, &mut faults);
    let unread = unread(&pack, &faults);
    let bad = runs.iter().filter(|run| !run.complaints.is_empty()).count() + unread;
    let report = Report { pack: &pack, book, words, width: output::look(global).width };
    output::answer(&match ask.format {
        Format::Text => report.text(&runs, &faults, bad),
        Format::Json => report.json(&runs, &faults),
        _ => report.junit(&runs, &faults)?,
    })?;
    Ok(if bad == 0 && !runs.is_empty() { Exit::Answered } else { Exit::BadRules })
}

struct Report<'p> {
    pack: &'p Pack,
    book: &'p RuleBook,
    words: Words<'p>,
    width: usize,
}

impl Report<'_> {
    fn text(&self, runs: &[Run], faults: &[Fault], bad: usize) -> String {
        let look = Look::plain(self.width);
        let mut text = diagnostics::human(faults, &self.pack.texts(), Audience::RuleAuthor, look, &self.words);
        for run in runs.iter().filter(|run| !run.complaints.is_empty()) {
            let (path, line, column) = run.place(self.pack);
            let title = self.words.with("rules_test.failed", &[("name", &run.case.name)]);
            let _ = writeln!(text, "{path}:{line}:{column}: {title}");
            for complaint in &run.complaints {
                let _ = writeln!(text, "  {}", complaint.text(&self.words));
            }
            text.push('\n');
            text.push_str(&self.trace(run));
        }
        let good = runs.iter().filter(|run| run.complaints.is_empty()).count().to_string();
        let _ = writeln!(
            text,
            "{}",
            self.words.with("rules_test.summary", &[("path", &self.pack.folder), ("good", &good), ("bad", &bad)])
        );
        if runs.is_empty() && faults.is_empty() {
            let _ = writeln!(text, "{}", self.words.label("rules_test.none"));
        }
        text
    }

    /// Why each rule that a failing case is about applies, or why not, and where it stands.
    fn trace(&self, run: &Run) -> String {
        let (Some(profile), Some(answer)) = (&run.profile, run.answer(self.book)) else { return String::new() };
        let concerned = concerned(run, &answer);
        let traces = explain(self.book, profile, run.case.today, &answer);
        let mut text = String::new();
        for id in concerned {
            if let Some(place) = self.pack.checked.places.rule(&id) {
                let (path, line, column) = self.pack.place(place);
                let _ = writeln!(text, "  {path}:{line}:{column}: {id}");
            }
            let of_rule: Vec<_> = traces.iter().filter(|trace| trace.rule == id).collect();
            let document = document(&of_rule, Depth::Conditions, &self.words);
            let look = Look::plain(self.width.saturating_sub(4));
            for line in terminal::draw(&document, &self.words, look).lines() {
                let _ = writeln!(text, "{}", format!("    {line}").trim_end());
            }
        }
        text
    }

    fn json(&self, runs: &[Run], faults: &[Fault]) -> String {
        let mut text = diagnostics::json(faults, &self.pack.texts(), Audience::RuleAuthor, &self.words);
        for run in runs {
            let (path, line, column) = run.place(self.pack);
            let rules = run.case.rules.iter().map(|id| {
                let place = self.pack.checked.places.rule(id).map(|span| self.pack.place(span));
                let (path, line) = place.map(|(path, line, _)| (path, line)).unzip();
                serde_json::json!({ "id": id, "path": path, "line": line })
            });
            let rules: Vec<serde_json::Value> = rules.collect();
            let object = serde_json::json!({
                "name": run.case.name, "path": path, "line": line, "column": column,
                "passed": run.complaints.is_empty(), "complaints": run.complaints, "rules": rules,
            });
            let _ = writeln!(text, "{object}");
        }
        text
    }

    fn junit(&self, runs: &[Run], faults: &[Fault]) -> anyhow::Result<String> {
        let mut report = quick_junit::Report::new(format!("rules {} {}", self.book.id, self.book.version));
        let mut suites: Vec<TestSuite> = Vec::new();
        for run in runs {
            let (path, line, _) = run.place(self.pack);
            let status = if run.complaints.is_empty() {
                TestCaseStatus::success()
            } else {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                let complaints: Vec<String> =
                    run.complaints.iter().map(|complaint| complaint.text(&self.words)).collect();
                status
                    .set_message(complaints.join("; "))
                    .set_description(format!("{path}:{line}\n{}", self.trace(run)));
                status
            };
            let mut case = TestCase::new(&*run.case.name, status);
            case.set_classname(&*path);
            if suites.last().is_none_or(|suite| suite.name.as_str() != path) {
                suites.push(TestSuite::new(&*path));
            }
            if let Some(suite) = suites.last_mut() {
                suite.add_test_case(case);
            }
        }
        // A case that cannot be read has no name; its place is one.
        for fault in faults {
            let (path, line, _) = self.pack.place(fault.span);
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(diagnostics::message(fault, &self.words));
            let mut suite = TestSuite::new(&*path);
            suite.add_test_case(TestCase::new(format!("{path}:{line}"), status));
            suites.push(suite);
        }
        report.add_test_suites(suites);
        Ok(format!("{}\n", report.to_string()?.trim_end()))
    }
}

/// The rules that a failing case is about: those it names, and those behind what is not as expected.
fn concerned(run: &Run, answer: &Assessment<'_>) -> Vec<String> {
    let mut ids: Vec<&str> = run.case.rules.iter().map(String::as_str).collect();
    for complaint in &run.complaints {
        let is_named = |id: &str| complaint.expected.contains(&format!("\"{id}\""));
        let path = complaint.path.rsplit_once("family").map_or(&*complaint.path, |(_, path)| path);
        for person in answer.persons() {
            if path.starts_with("stay") || path == "exit" {
                let limits = person.stay.limits.iter().map(|limit| &limit.rule);
                ids.extend(limits.chain(&person.stay.uncovered_by).map(|rule| rule.id));
            } else if path.starts_with("deadlines") {
                let named = person.deadlines.iter().filter(|deadline| is_named(deadline.id));
                ids.extend(named.map(|deadline| deadline.rule.id));
            } else if path.starts_with("trp") {
                let rules = person.permit.iter().flat_map(|permit| permit.rules());
                ids.extend(rules.map(|rule| rule.id));
            } else if path.starts_with("documents") {
                ids.extend(person.documents.iter().filter(|line| is_named(line.id)).map(|line| line.rule.id));
            }
        }
    }
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).map(str::to_owned).collect()
}
