//! `rules coverage [DIR]`: what of the rules the law cases exercise, and what not.

use std::fmt::Write as _;

use serde_json::json;
use trp_check::render::{Format, Words};
use trp_check::review::coverage::{Item, Sort, Tally};
use trp_check::rulebook::RuleBook;
use trp_check::source::Span;

use super::{Run, open, part_path, part_words, rule_id, run_all};
use crate::args::{Global, RulesCoverage};
use crate::files::Pack;
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &RulesCoverage) -> Result<Exit, Stop> {
    let pack = open(global, ask.dir.as_deref())?;
    let Some(book) = &pack.checked.book else { return Ok(Exit::BadRules) };
    let runs = run_all(&pack, book, &mut Vec::new());
    let report = Report { pack: &pack, book, tally: tally(book, &runs), cases: runs.len(), words: args::words() };
    output::answer(&match ask.format {
        Format::Table => report.table(),
        _ => report.json(),
    })?;
    let words = &report.words;
    let has_failed = runs.iter().any(|run| !run.complaints.is_empty());
    if has_failed {
        output::complain(&words.with("rules_coverage.failed", &[("path", &pack.folder)]));
    }
    let is_short = |sort: &Sort| ask.min.is_some_and(|min| percent(report.count(*sort)) < min as usize);
    let short = Sort::ALL.into_iter().filter(is_short).map(|sort| words.of("rules_coverage_sort", sort.name()));
    let short: Vec<&str> = short.collect();
    if !short.is_empty() {
        let min = ask.min.unwrap_or_default().to_string();
        output::complain(&words.with("rules_coverage.short", &[("min", &min), ("sorts", &short.join(", "))]));
    }
    Ok(if has_failed || !short.is_empty() || runs.is_empty() { Exit::BadRules } else { Exit::Answered })
}

/// What the cases that hold exercise.
fn tally<'b>(book: &'b RuleBook, runs: &[Run]) -> Tally<'b> {
    let mut tally = Tally::new(book);
    for run in runs.iter().filter(|run| run.complaints.is_empty()) {
        let Some(profile) = &run.profile else { continue };
        let expected = format!("{} {}", run.case.expect, run.case.absent);
        let names = |id: &str| run.case.rules.iter().any(|rule| rule == id) || expected.contains(&format!("\"{id}\""));
        tally.add(profile, run.case.today, &names);
    }
    tally
}

fn percent((covered, all): (usize, usize)) -> usize {
    (covered * 100).checked_div(all).unwrap_or(100)
}

struct Report<'p> {
    pack: &'p Pack,
    book: &'p RuleBook,
    tally: Tally<'p>,
    cases: usize,
    words: Words<'p>,
}

impl Report<'_> {
    /// How many items of a sort are exercised, and how many there are.
    fn count(&self, sort: Sort) -> (usize, usize) {
        let of_sort = || self.tally.items().filter(move |(item, _)| item.sort() == sort);
        (of_sort().filter(|(_, is_covered)| *is_covered).count(), of_sort().count())
    }

    fn missing(&self) -> impl Iterator<Item = &Item> {
        self.tally.items().filter(|(_, is_covered)| !is_covered).map(|(item, _)| item)
    }

    fn table(&self) -> String {
        let mut text = format!(
            "{}\n",
            self.words.with("rules_coverage.heading", &[("path", &self.pack.folder), ("n", &self.cases)])
        );
        for sort in Sort::ALL {
            let (covered, all) = self.count(sort);
            let title = self.words.of("rules_coverage_sort", sort.name());
            let _ = writeln!(text, "  {title:<16} {covered:>4} / {all:<4} {:>4} %", percent((covered, all)));
        }
        for item in self.missing() {
            if let Some((path, line, column)) = self.place(item) {
                let _ = write!(text, "{path}:{line}:{column}: ");
            }
            let _ = writeln!(text, "{}", self.text(item));
        }
        text
    }

    fn json(&self) -> String {
        let counts: serde_json::Map<_, _> = Sort::ALL
            .into_iter()
            .map(|sort| {
                let (covered, all) = self.count(sort);
                (sort.name().to_owned(), json!({ "covered": covered, "all": all }))
            })
            .collect();
        let missing = self.missing().map(|item| {
            let (path, line, column) = self.place(item).unwrap_or_default();
            let (sort, text) = (item.sort().name(), self.text(item));
            json!({ "sort": sort, "text": text, "path": path, "line": line, "column": column })
        });
        let missing: Vec<_> = missing.collect();
        format!(
            "{}\n",
            json!({ "schema": "trp-check/coverage/1", "cases": self.cases, "counts": counts, "missing": missing })
        )
    }

    fn place(&self, item: &Item) -> Option<(String, usize, usize)> {
        let (book, places) = (self.book, &self.pack.checked.places);
        let span = match item {
            Item::Version(kind, (rule, nth)) => places.of_version(rule_id(book, *kind, *rule), *nth, "from"),
            Item::Condition(kind, (rule, nth), part) => {
                places.of_version(rule_id(book, *kind, *rule), *nth, &part_path(part, *kind, book))
            }
            Item::Cell(document, _) => places.rule(&book.documents[*document].id),
            Item::Year(year) => {
                let mut files = (0..).zip(&self.pack.files);
                let file = files.find(|(_, file)| file.path == format!("calendar/{year}.toml"));
                file.map(|(number, _)| Span::new(number, 0..0))
            }
        };
        span.map(|span| self.pack.place(span))
    }

    fn text(&self, item: &Item) -> String {
        let (book, words) = (self.book, &self.words);
        let version = |at: &usize| (at + 1).to_string();
        match item {
            Item::Version(kind, (rule, nth)) => {
                words.with("rules_coverage.version", &[("rule", &rule_id(book, *kind, *rule)), ("n", &version(nth))])
            }
            Item::Condition(kind, (rule, nth), part) => {
                let part = part_words(part, *kind, book, words);
                words.with(
                    "rules_coverage.condition",
                    &[("rule", &rule_id(book, *kind, *rule)), ("n", &version(nth)), ("part", &part)],
                )
            }
            Item::Cell(document, column) => {
                let (rule, column) = (&book.documents[*document].id, &book.matrix_columns[*column].id);
                words.with("rules_coverage.cell", &[("rule", &rule), ("column", &column)])
            }
            Item::Year(year) => words.with("rules_coverage.year", &[("year", &year)]),
        }
    }
}
