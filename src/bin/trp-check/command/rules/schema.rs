//! `rules schema [FILE]` and `profile schema`: descriptions of the files for editors and other programs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use trp_check::schema::File;

use crate::args::RulesSchema;
use crate::files::{self, Clobber};
use crate::{Exit, Stop, args, output};

pub fn run(ask: &RulesSchema) -> Result<Exit, Stop> {
    output::answer(&match (ask.file, &ask.out) {
        (Some(file), _) => file.text(),
        (None, Some(folder)) => written(folder)?,
        (None, None) => listed(),
    })
}

pub fn of_a_profile() -> Result<Exit, Stop> {
    output::answer(&File::Profile.text())
}

/// The files that have a schema, and what each is for.
fn listed() -> String {
    let mut text = String::new();
    for file in File::OF_A_PACK {
        let _ = writeln!(text, "{:<11} {:<19} {}", file.name(), file.place(), file.about());
    }
    let _ = writeln!(text, "\n{}", args::words().label("rules_schema.how"));
    text
}

fn written(folder: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for file in File::OF_A_PACK.into_iter().chain([File::Profile]) {
        let path = folder.join(file.name()).with_extension("json");
        files::write(&path, file.text().as_bytes(), Clobber::Allowed)?;
        let _ = writeln!(text, "{}", path.display());
    }
    Ok(text)
}
