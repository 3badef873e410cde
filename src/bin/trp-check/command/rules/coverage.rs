//! `rules coverage [DIR]`: what of the rules the law cases exercise, and what not.

use std::fmt::Write as _;

use trp_check::review::coverage::{Item, Sort, Tally};
use trp_check::source::Span;

use super::cases::run_all;
use super::{open, part_path, part_words, rule_id};
use crate::args::{Global, ListFormat, RulesCoverage};
use crate::{Exit, args, output};

pub fn run(global: &Global, ask: &RulesCoverage) -> anyhow::Result<Exit> {
    let words = args::words();
    let pack = match open(global, ask.dir.as_deref()) {
        Ok(pack) => pack,
        Err(exit) => return Ok(exit),
    };
    let Some(book) = &pack.checked.book else { return Ok(Exit::BadRules) };
    let runs = run_all(&pack, book, &mut Vec::new());
    let mut tally = Tally::new(book);
    for run in &runs {
        let Some(profile) = run.profile.as_ref().filter(|_| run.complaints.is_empty()) else { continue };
        let expected = format!("{} {}", run.case.expect, run.case.absent);
        let names = |id: &str| run.case.rules.iter().any(|rule| rule == id) || expected.contains(&format!("\"{id}\""));
        tally.add(profile, run.case.today, &names);
    }

    let places = &pack.checked.places;
    let place = |item: &Item| {
        let span = match item {
            Item::Version(kind, (rule, nth)) => places.of_version(rule_id(book, *kind, *rule), *nth, "from"),
            Item::Condition(kind, (rule, nth), part) => {
                places.of_version(rule_id(book, *kind, *rule), *nth, &part_path(part, *kind, book))
            }
            Item::Cell(document, _) => places.rule(&book.documents[*document].id),
            Item::Year(year) => {
                let file = pack.files.iter().position(|file| file.path == format!("calendar/{year}.toml"));
                file.and_then(|at| u16::try_from(at).ok()).map(|at| Span::new(at, 0..0))
            }
        };
        span.map(|span| pack.place(span))
    };
    let text_of = |item: &Item| match item {
        Item::Version(kind, (rule, nth)) => {
            let values = [("rule", rule_id(book, *kind, *rule)), ("n", &(nth + 1).to_string())];
            words.with("rules_coverage.version", &values)
        }
        Item::Condition(kind, (rule, nth), part) => {
            let part = part_words(part, *kind, book, &words);
            let values = [("rule", rule_id(book, *kind, *rule)), ("n", &(nth + 1).to_string()), ("part", &part)];
            words.with("rules_coverage.condition", &values)
        }
        Item::Cell(document, column) => {
            let (rule, column) = (&book.documents[*document].id, &book.matrix_columns[*column].id);
            words.with("rules_coverage.cell", &[("rule", rule), ("column", column)])
        }
        Item::Year(year) => words.with("rules_coverage.year", &[("year", &year.to_string())]),
    };
    let count = |sort: Sort| {
        let of_sort = || tally.items().filter(move |(item, _)| item.sort() == sort);
        (of_sort().filter(|(_, is_covered)| *is_covered).count(), of_sort().count())
    };
    let percent = |(covered, all): (usize, usize)| (covered * 100).checked_div(all).unwrap_or(100);
    let mut text = String::new();
    match ask.format {
        ListFormat::Table => {
            let heading = [("path", &*pack.folder), ("n", &runs.len().to_string())];
            let _ = writeln!(text, "{}", words.with("rules_coverage.heading", &heading));
            for sort in Sort::ALL {
                let (covered, all) = count(sort);
                let title = words.of("rules_coverage_sort", sort.name());
                let _ = writeln!(text, "  {title:<16} {covered:>4} / {all:<4} {:>4} %", percent((covered, all)));
            }
            for (item, _) in tally.items().filter(|(_, is_covered)| !is_covered) {
                let place =
                    place(item).map_or_else(String::new, |(path, line, column)| format!("{path}:{line}:{column}: "));
                let _ = writeln!(text, "{place}{}", text_of(item));
            }
        }
        ListFormat::Json => {
            let sorts = Sort::ALL.map(|sort| {
                let (covered, all) = count(sort);
                (sort.name().to_owned(), serde_json::json!({ "covered": covered, "all": all }))
            });
            let missing: Vec<serde_json::Value> = tally
                .items()
                .filter(|(_, is_covered)| !is_covered)
                .map(|(item, _)| {
                    let (path, line, column) = place(item).unwrap_or_default();
                    let sort = item.sort().name();
                    serde_json::json!({ "sort": sort, "text": text_of(item), "path": path, "line": line, "column": column })
                })
                .collect();
            let counts: serde_json::Map<String, serde_json::Value> = sorts.into_iter().collect();
            let object = serde_json::json!({ "cases": runs.len(), "counts": counts, "missing": missing });
            let _ = writeln!(text, "{object}");
        }
    }
    let has_failed = runs.iter().any(|run| !run.complaints.is_empty());
    let is_short = |sort: &Sort| ask.min.is_some_and(|min| percent(count(*sort)) < min as usize);
    let short: Vec<&str> = Sort::ALL
        .iter()
        .filter(|sort| is_short(sort))
        .map(|sort| words.of("rules_coverage_sort", sort.name()))
        .collect();
    output::answer(&text)?;
    if has_failed {
        output::complain(&words.with("rules_coverage.failed", &[("path", &pack.folder)]));
    }
    if !short.is_empty() {
        let min = ask.min.unwrap_or_default().to_string();
        output::complain(&words.with("rules_coverage.short", &[("min", &min), ("sorts", &short.join(", "))]));
    }
    Ok(if has_failed || !short.is_empty() || runs.is_empty() { Exit::BadRules } else { Exit::Answered })
}
