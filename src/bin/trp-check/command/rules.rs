//! `rules …`: the rule author's tools, one file each, and what they share: the pack they look at.

mod cases;
pub mod check;
pub mod coverage;
pub mod diff;
pub mod matrix;
mod proof;
pub mod schema;
pub mod show;
pub mod test;

use std::path::Path;

use trp_check::render::Words;
use trp_check::review::walk::Part;
use trp_check::rulebook::{Kind, RuleBook};

use crate::args::Global;
use crate::files::{self, Pack};
use crate::{Stop, args};

/// Reads the pack in a folder, else in that of `--rules`.
fn open(global: &Global, folder: Option<&Path>) -> Result<Pack, Stop> {
    let folder = folder.or(global.rules.as_deref());
    let folder = folder.ok_or_else(|| Stop::usage(global, args::words().label("usage.no-folder")))?;
    let pack = files::read_pack(folder, None).map_err(|error| Stop::unreadable_rules(global, folder, &error))?;
    if pack.checked.book.is_some() { Ok(pack) } else { Err(Stop::bad_pack(global, &pack)) }
}

/// A part of a version as [`Places`](trp_check::rulebook::places::Places) calls it.
fn part_path(part: &Part, kind: Kind, book: &RuleBook) -> String {
    let condition = |exemption: &Option<usize>| match exemption {
        None => "when".to_owned(),
        Some(at) => format!("unless[{at}]"),
    };
    match part {
        Part::Whole => "from".to_owned(),
        Part::Exemption(at) => condition(&Some(*at)),
        Part::Test(exemption, fact) => format!("{}.{}", condition(exemption), fact.key()),
        Part::Value(exemption, fact, value) => {
            let word = book.vocabulary.values(*fact)[usize::from(*value)];
            format!("{}.{} = \"{word}\"", condition(exemption), fact.key())
        }
        Part::ExceptionTo(other) => format!("exception_to = \"{}\"", rule_id(book, kind, usize::from(*other))),
    }
}

/// A part of a version, in the words of rule files.
fn part_words(part: &Part, kind: Kind, book: &RuleBook, words: &Words<'_>) -> String {
    match part {
        Part::Whole => words.label("rules_part.whole").to_owned(),
        _ => part_path(part, kind, book),
    }
}

fn rule_id(book: &RuleBook, kind: Kind, at: usize) -> &str {
    book.rules_of(kind).rules()[at].id
}
