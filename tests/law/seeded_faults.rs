//! Faults in the rules that no check can see, for the files are in order and only the law is wrong: a number
//! off by one, a date with day and month swapped, a deleted row, a wrong member. A law case fails for each,
//! and names the rule.
//!
//! `tests/seeded-faults` holds small edits of `rules/kz`: `find` a piece of a `file`, `put` another in its place. The
//! guillemet in `put` is not written: it marks the fault. `case` is one that must fail, `rule` the rule that must
//! be named by it; `also` lists the warnings of `rules check` that come with the edit. Faults that `rules check`
//! finds are in `tests/bad-packs`.

use std::fs;

use crate::support::files::files_below;
use crate::support::judge::{self, complaints};
use crate::support::run::root;
use trp_check::embedded::COUNTRIES;
use trp_check::law_case::LawCase;
use trp_check::review::walk::walk;
use trp_check::rulebook::check;
use trp_check::source::SourceText;

/// The two folders of seeded faults must hold so many together.
const SEEDED_FAULTS: usize = 50;
/// So many of them must be such that only the law cases find them.
const ONLY_BY_CASES: usize = 12;

/// A seeded fault.
struct Seed {
    name: String,
    edit: toml::Table,
}

impl Seed {
    fn part(&self, key: &str) -> &str {
        self.edit[key].as_str().unwrap_or_else(|| panic!("{}: no `{key}`", self.name))
    }

    /// The pack with the fault, and the line of the fault, from 1.
    fn sown(&self, files: &[SourceText]) -> (Vec<SourceText>, usize) {
        let mut files = files.to_vec();
        let file = files.iter_mut().find(|file| file.path == self.part("file"));
        let file = file.unwrap_or_else(|| panic!("{}: no such file", self.name));
        assert!(file.text.contains(self.part("find")), "{}: {} has changed", self.name, file.path);
        let marked = file.text.replacen(self.part("find"), self.part("put"), 1);
        let (before, after) = marked.split_once('«').unwrap_or_else(|| panic!("{}: no «", self.name));
        let line = before.matches('\n').count() + 1;
        file.text = [before, after].concat();
        (files, line)
    }
}

fn seeds() -> Vec<Seed> {
    let read = |file: SourceText| Seed {
        name: file.path.trim_end_matches(".toml").to_owned(),
        edit: file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path)),
    };
    files_below(&root().join("tests/seeded-faults"), "toml").into_iter().map(read).collect()
}

/// What is wrong with how a seeded fault is found.
fn wrong(seed: &Seed, files: &[SourceText], case_files: &[SourceText], cases: &[LawCase]) -> Vec<String> {
    let (sown, line) = seed.sown(files);
    let mut found = Vec::new();
    let checked = check::check(&sown, &COUNTRIES, None);
    let also: Vec<&str> = seed
        .edit
        .get("also")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
        .collect();
    let more = checked.faults.iter().filter(|fault| !also.contains(&fault.code.name()));
    found.extend(more.map(|fault| format!("`rules check` finds it by itself: {}", fault.code.name())));
    let Some(book) = &checked.book else { return found };
    // A walk takes seconds.
    let is_walked = std::env::var_os("TRP_CHECK_LONG").is_some();
    if is_walked && !walk(book, &COUNTRIES).findings.is_empty() {
        found.push("the walk over all cases finds it by itself".to_owned());
    }

    let Some(case) = cases.iter().find(|case| case.name == seed.part("case")) else {
        found.push(format!("no such case: {}", seed.part("case")));
        return found;
    };
    let said = complaints(case, book);
    if said.is_empty() {
        found.push("the case does not fail".to_owned());
    }
    // The case is told at its place.
    let file = &case_files[usize::from(case.place.text)];
    let (of_case, column) = file.line_column(case.place.range().start);
    let lines: Vec<&str> = file.text.lines().skip(of_case - 1).take(2).collect();
    let is_there = matches!(lines[..], ["[[case]]", name] if name.contains(&case.name) && column == 1);
    if !is_there {
        found.push(format!("{}:{of_case}:{column} is not where the case stands", file.path));
    }
    // The rule is named, by the case or by what it misses.
    let rule = seed.part("rule");
    let is_named = case.rules.iter().any(|id| id == rule) || said.iter().any(|one| one.expected.contains(rule));
    if !is_named {
        found.push(format!("neither the case nor what it says names {rule}: {said:?}"));
    }
    // And it is the one with the fault, or asks the category or calendar with the fault.
    let is_of_rules = ["stay.toml", "duties.toml", "permit.toml", "documents.toml"].contains(&seed.part("file"));
    let is_deleted = checked.places.rule(rule).is_none();
    if is_of_rules && !is_deleted {
        let file = sown.iter().find(|file| file.path == seed.part("file")).expect("the file of the fault");
        let is_id = |line: &&str| line.split('=').next().is_some_and(|key| key.trim() == "id");
        let above = file.text.lines().take(line).filter(is_id).last().unwrap_or_default();
        if !above.contains(&format!("\"{rule}\"")) {
            found.push(format!("line {line} of {} is below {above}, not in {rule}", file.path));
        }
    }
    found
}

/// Each of these faults passes `rules check` and fails the case that knows better, which names the rule.
#[test]
fn each_fault_of_the_law_fails_a_case_that_names_the_rule() {
    let seeds = seeds();
    assert!(seeds.len() >= ONLY_BY_CASES, "only {} seeded faults", seeds.len());
    let (files, case_files) = judge::pack();
    let cases = judge::cases_of(&case_files);
    let of = |seed: &Seed| {
        wrong(seed, &files, &case_files, &cases).into_iter().map(|wrong| (seed.name.clone(), wrong)).collect::<Vec<_>>()
    };
    let found: Vec<(String, String)> = seeds.iter().flat_map(of).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Without a seeded fault, none of these cases fails.
#[test]
fn the_cases_pass_without_the_faults() {
    let (files, case_files) = judge::pack();
    let cases = judge::cases_of(&case_files);
    let book = check::check(&files, &COUNTRIES, None).book.expect("the pack is valid");
    for seed in seeds() {
        let case = cases.iter().find(|case| case.name == seed.part("case"));
        let case = case.unwrap_or_else(|| panic!("{}: no such case", seed.name));
        assert_eq!(complaints(case, &book), [], "{}", seed.name);
    }
}

/// With those that `rules check` finds, there are fifty and more.
#[test]
fn there_are_fifty_seeded_faults() {
    let of_check = fs::read_dir(root().join("tests/bad-packs")).into_iter().flatten().count();
    let all = of_check + seeds().len();
    assert!(all >= SEEDED_FAULTS, "only {all} seeded faults");
}
