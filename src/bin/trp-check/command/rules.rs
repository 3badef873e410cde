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
use trp_check::rulebook::places::Step;

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

/// Where a part stands inside its version.
fn steps(part: &Part) -> Vec<Step<'_>> {
    let condition = |exemption: &Option<usize>| match exemption {
        None => vec![Step::Key("when")],
        Some(at) => vec![Step::Key("unless"), Step::Item(*at)],
    };
    match part {
        Part::Whole => vec![Step::Key("from")],
        Part::Exemption(at) => condition(&Some(*at)),
        Part::Test(exemption, fact) => {
            let mut steps = condition(exemption);
            steps.push(Step::Key(fact.key()));
            steps
        }
        Part::Value(exemption, fact, word) => {
            let mut steps = condition(exemption);
            steps.extend([Step::Key(fact.key()), Step::Word(word)]);
            steps
        }
        // It stands beside the id, not in a version.
        Part::ExceptionTo(_) => Vec::new(),
    }
}

/// A part of a version, in the words of rule files.
fn part_words(part: &Part, words: &Words<'_>) -> String {
    let table = |exemption: &Option<usize>| match exemption {
        None => "when".to_owned(),
        Some(at) => format!("unless[{at}]"),
    };
    match part {
        Part::Whole => words.label("rules_part.whole").to_owned(),
        Part::Exemption(at) => table(&Some(*at)),
        Part::Test(exemption, fact) => format!("{}.{}", table(exemption), fact.key()),
        Part::Value(exemption, fact, word) => format!("{}.{} = \"{word}\"", table(exemption), fact.key()),
        Part::ExceptionTo(id) => format!("exception_to = \"{id}\""),
    }
}
