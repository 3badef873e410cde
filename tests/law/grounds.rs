//! What no answer shows: which acts, pages and reports each rule cites, how well each is known, and which
//! rules each open question is about. `grounds.toml` has the same from the side of the sources.

use std::fs;

use crate::support::grounds::{Register, Said, complaints};
use crate::support::judge;
use crate::support::run::root;
use trp_check::source::SourceText;

fn register() -> Register {
    let path = root().join("tests/grounds.toml");
    Register::read(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn said(files: &[SourceText]) -> Vec<Said> {
    files.iter().map(Said::of).collect()
}

/// Each place of a source is cited by the rules that rest on it and by no others, with its standing; each open
/// question names the rules that rest on it; every rule about stays says for whom it is, and none begins before
/// the first covered day.
#[test]
fn every_rule_rests_on_what_the_sources_say() {
    let (files, _) = judge::pack();
    let found = complaints(&register(), &said(&files));
    assert!(found.is_empty(), "{} complaints\n{}", found.len(), found.join("\n"));
}

/// The comparison notices another source, another standing, a rule too few in a question, a limit that does not
/// say for whom it is, and a first day too early.
#[test]
fn a_rule_that_rests_on_something_else_is_noticed() {
    let edits = [
        ("stay.toml", "{ source = \"koap\", at = \"art. 517(3)\"", "{ source = \"law-477\", at = \"art. 517(3)\"", 2),
        ("categories.toml", "at = \"p. 17\", standing = \"law\"", "at = \"p. 17\", standing = \"official\"", 1),
        ("calendar/2025.toml", "standing = \"law\"", "standing = \"official\"", 2),
        ("questions.toml", "rules    = [\"psc\", \"police\"]", "rules    = [\"psc\"]", 1),
        (
            "stay.toml",
            "when        = { category = [\"hong-kong\"], basis = [\"visa-free\"] }",
            "when = { category = [\"hong-kong\"] }",
            1,
        ),
        ("permit.toml", "from     = 2022-07-08", "from     = 2022-07-07", 1),
    ];
    let (files, _) = judge::pack();
    for (path, find, put, least) in edits {
        let mut edited = files.clone();
        let file = edited.iter_mut().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
        assert!(file.text.contains(find), "{path} has changed: no {find}");
        file.text = file.text.replacen(find, put, 1);
        let found = complaints(&register(), &said(&edited));
        assert!(found.len() >= least, "{path}, {put}: {found:?}");
    }
}
