//! The changelog names the versions that are built, and says of each change of the law what a reader must know.

use std::collections::BTreeSet;

use crate::support::files::text_of;
use crate::support::run::root;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::rulebook::outline::outline;

fn changelog() -> String {
    text_of(&root().join("CHANGELOG.md"))
}

/// What stands behind a text in the first line that begins with it.
fn behind<'t>(text: &'t str, head: &str) -> &'t str {
    text.lines().find_map(|line| line.strip_prefix(head)).unwrap_or_else(|| panic!("no line begins with: {head}"))
}

/// The newest release is the version of the program, the newest part on law that of the rule pack.
#[test]
fn the_newest_versions_are_those_that_are_built() {
    let text = changelog();
    let releases = text.lines().filter_map(|line| line.strip_prefix("## [")).filter_map(|rest| rest.split_once(']'));
    let newest = releases.map(|(version, _)| version).find(|version| *version != "Unreleased");
    assert_eq!(newest, Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(behind(&text, &format!("### Law: rule pack `{}`, version ", RULES.id)), &*RULES.version);
}

/// Every release tells law and program apart.
#[test]
fn each_release_has_both_parts() {
    let text = changelog();
    let releases: Vec<&str> = text.split("\n## [").skip(1).collect();
    assert!(releases.len() > 1);
    for release in releases {
        let name = release.lines().next().unwrap_or_default();
        for part in ["\n### Law: rule pack `", "\n### Program\n"] {
            assert_eq!(release.matches(part).count(), 1, "{name}: {part}");
        }
    }
}

const KINDS: [&str; 5] =
    ["Change of the law", "Correction of the rules", "New cover", "Better grounds", "Form of the files"];

/// What is wrong with the entries of a part on law.
fn complaints_about(part: &str, rules: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for entry in part.split("\n- ").skip(1) {
        let mut lines = entry.split("\n  - ");
        let head = lines.next().unwrap_or_default();
        let kind = head.strip_prefix("**").and_then(|rest| rest.split_once("**: ")).map(|(kind, _)| kind);
        if !kind.is_some_and(|kind| KINDS.contains(&kind)) {
            found.push(format!("no kind of change: {head}"));
        }
        let told: Vec<&str> = lines.map(str::trim).collect();
        let names: Vec<&str> = told.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
        if names != ["Days", "Touches", "Rules"] {
            found.push(format!("days, whom it touches, rules: {head}"));
        }
        let ids = told.last().map(|line| line.split('`').skip(1).step_by(2)).into_iter().flatten();
        let ids: Vec<&str> = ids.collect();
        if ids.is_empty() && kind != Some("Form of the files") {
            found.push(format!("no rule: {head}"));
        }
        found
            .extend(ids.iter().filter(|id| !rules.contains(*id)).map(|id| format!("no rule is called `{id}`: {head}")));
    }
    found
}

/// Each change of the law since the first pack says its kind, its days, whom it touches and its rules.
#[test]
fn each_change_of_the_law_says_its_days_whom_it_touches_and_its_rules() {
    let text = changelog();
    let rules = outline(&RULES, &COUNTRIES);
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    for kind in KINDS {
        assert!(text.contains(&format!("  - **{kind}**: ")), "{kind} is not explained");
    }
    let parts: Vec<&str> = text.split("\n### ").filter(|part| part.starts_with("Law: ")).collect();
    let mut entries = 0;
    // The first pack is told in a table.
    for part in parts.iter().rev().skip(1) {
        let part = part.split("\n## ").next().unwrap_or_default().trim_end();
        entries += part.matches("\n- ").count();
        assert_eq!(complaints_about(part, &ids), Vec::<String>::new());
    }
    assert!(entries > 0, "nothing was looked at");
}

/// An entry that leaves something out is noticed.
#[test]
fn an_entry_that_leaves_something_out_is_noticed() {
    let rules = BTreeSet::from(["a.rule"]);
    let said = |entry: &str| complaints_about(&format!("Law\n\n- {entry}"), &rules).len();
    let tail = "\n  - Days: from 2026-01-01\n  - Touches: everybody\n  - Rules: `a.rule`";
    assert_eq!(said(&format!("**Change of the law**: ninety days.{tail}")), 0);
    assert_eq!(said(&format!("Ninety days.{tail}")), 1);
    assert_eq!(said(&format!("**News**: ninety days.{tail}")), 1);
    assert_eq!(said(&format!("**New cover**: ninety days.{}", tail.replace("a.rule", "b.rule"))), 1);
    assert_eq!(said("**New cover**: ninety days.\n  - Days: all\n  - Rules: `a.rule`"), 1);
    assert_eq!(said("**New cover**: ninety days.\n  - Days: all\n  - Touches: all\n  - Rules: none"), 1);
    assert_eq!(said("**Form of the files**: a key.\n  - Days: all\n  - Touches: authors\n  - Rules: none"), 0);
}
