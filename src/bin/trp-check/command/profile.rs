//! `profile template` and `profile check`.

use trp_check::facts::Fact;

use super::Desk;
use crate::args::Global;
use crate::flags::NumberedFacts;
use crate::{Exit, output};

/// Prints a commented profile to start from, in the words of the pack.
pub fn template(global: &Global) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let vocabulary = &desk.book.vocabulary;
    let list = |fact| vocabulary.values(fact).join(", ");
    let relations: Vec<&str> = vocabulary.relations.iter().map(|relation| &**relation).collect();
    let permits: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
    let documents: Vec<&str> = vocabulary.documents.iter().map(|id| &**id).collect();
    let text = desk.words().with(
        "template.profile",
        &[
            ("pack", &desk.book.id),
            ("document_kinds", &list(Fact::DocumentKind)),
            ("purposes", &list(Fact::Purpose)),
            ("employers", &list(Fact::Employer)),
            ("work", &list(Fact::Work)),
            ("channels", &list(Fact::Channel)),
            ("owners", &list(Fact::HousingOwner)),
            ("permits", &permits.join(", ")),
            ("relations", &relations.join(", ")),
            ("documents", &documents.join(", ")),
        ],
    );
    output::answer(&text)?;
    Ok(Exit::Answered)
}

/// Says whether a profile can be read.
pub fn check(global: &Global, person: &NumberedFacts) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    match desk.profile(global, &person.facts, person.id.as_ref()) {
        Err(exit) => Ok(exit),
        Ok(profile) => {
            let stays = i32::try_from(profile.applicant.stays.len()).unwrap_or(i32::MAX);
            let text = desk.words().count("usage.profile-good", stays, &[]);
            output::answer(&format!("{text}\n"))?;
            Ok(Exit::Answered)
        }
    }
}
