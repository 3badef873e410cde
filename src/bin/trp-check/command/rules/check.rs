//! `rules check [DIR]`: everything that is wrong with a rule pack, in one run.

use trp_check::embedded;
use trp_check::render::diagnostics;
use trp_check::source::Severity;

use super::super::present_day;
use crate::args::{ErrorFormat, Global, RulesDir};
use crate::{Exit, args, files, output};

pub fn run(global: &Global, ask: &RulesDir) -> anyhow::Result<Exit> {
    let words = args::words();
    let Some(folder) = ask.dir.as_deref().or(global.rules.as_deref()) else {
        // The embedded pack was checked when the program was built; there is no file to point into.
        let book = &embedded::RULES;
        let text = words.with("rules_check.embedded", &[("pack", &book.id), ("version", &book.version)]);
        output::answer(&format!("{text}\n"))?;
        return Ok(Exit::Answered);
    };
    let today = match present_day(global, embedded::RULES.utc_offset_hours) {
        Ok(today) => today,
        Err(exit) => return Ok(exit),
    };
    let pack = match files::read_pack(folder, Some(today)) {
        Ok(pack) => pack,
        Err(error) => {
            output::complain(&format!("error: {error:#}"));
            return Ok(Exit::BadRules);
        }
    };
    let faults = &pack.checked.faults;
    let texts = pack.texts();
    if texts.is_empty() {
        output::complain(&words.with("usage.empty-pack", &[("path", &pack.folder)]));
        return Ok(Exit::BadRules);
    }
    let look = output::look(global);
    let errors = faults.iter().filter(|fault| fault.code.severity() == Severity::Error).count();
    let warnings = faults.len() - errors;
    if global.error_format == ErrorFormat::Json {
        output::answer(&diagnostics::json(faults, &texts, &words))?;
    } else {
        let mut text = String::new();
        for fault in faults {
            text.push_str(&diagnostics::human(fault, &texts, look.width, look.color, &words));
        }
        let count = |number: usize| number.to_string();
        let values = [
            ("path", pack.folder.as_str()),
            ("errors", &count(errors)),
            ("warnings", &count(warnings)),
            ("files", &count(texts.len())),
        ];
        text.push_str(&words.with("rules_check.summary", &values));
        text.push('\n');
        output::answer(&text)?;
    }
    Ok(if errors == 0 { Exit::Answered } else { Exit::BadRules })
}
