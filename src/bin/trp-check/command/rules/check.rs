//! `rules check [DIR]`: everything that is wrong with a rule pack, in one run.

use std::path::Path;

use trp_check::embedded;
use trp_check::render::diagnostics::{self, Audience};
use trp_check::render::{Format, Words};
use trp_check::review::walk::Walk;
use trp_check::rulebook::check::AsOf;
use trp_check::source::{Code, Fault, Severity, SourceText};

use super::super::present_day;
use super::proof::prove;
use crate::args::{Deny, ErrorFormat, Global, RulesCheck};
use crate::files::{self, Pack};
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &RulesCheck) -> Result<Exit, Stop> {
    let words = args::words();
    if let Some(name) = &ask.explain {
        return explain(global, ask, name, &words);
    }
    let Some(folder) = ask.dir.as_deref().or(global.rules.as_deref()) else {
        return embedded(global, ask, &words);
    };
    let pack = read(global, ask, folder, &words)?;
    let (faults, walk) = gather(&pack);
    let findings = Findings { faults, walk, texts: pack.texts() };
    let text =
        if is_json(global, ask) { findings.json(&words) } else { findings.text(global, ask, &pack.folder, &words) };
    output::answer(&text)?;
    Ok(findings.exit(ask))
}

/// JSON is asked for by the form of the answer, or by that of errors, which these are.
fn is_json(global: &Global, ask: &RulesCheck) -> bool {
    ask.format == Format::Json || global.error_format == ErrorFormat::Json
}

/// The embedded pack was checked when the program was built; there is no file to point into.
fn embedded(global: &Global, ask: &RulesCheck, words: &Words<'_>) -> Result<Exit, Stop> {
    if ask.max_age.is_some() || ask.deny.is_some() {
        return Err(Stop::usage(global, words.label("rules_check.no-folder")));
    }
    if !is_json(global, ask) {
        let book = &embedded::RULES;
        let text = words.with("rules_check.embedded", &[("pack", &book.id), ("version", &book.version)]);
        output::answer(&format!("{text}\n"))?;
    }
    Ok(Exit::Answered)
}

fn read(global: &Global, ask: &RulesCheck, folder: &Path, words: &Words<'_>) -> Result<Pack, Stop> {
    let today = present_day(global, embedded::RULES.utc_offset_hours)?;
    let pack = files::read_pack(folder, Some(AsOf { today, max_age_days: ask.max_age }))
        .map_err(|error| Stop::unreadable_rules(global, folder, &error))?;
    if pack.files.is_empty() {
        return Err(Stop::new(Exit::BadRules, words.with("usage.empty-pack", &[("path", &pack.folder)])));
    }
    Ok(pack)
}

/// All that is found, in the order of the files. All cases are walked where the files are good.
fn gather(pack: &Pack) -> (Vec<Fault>, Option<Walk>) {
    let mut faults = pack.checked.faults.clone();
    let mut walked = None;
    if let Some(book) = &pack.checked.book {
        let (walk, found) = prove(pack, book);
        faults.extend(found);
        walked = Some(walk);
    }
    faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
    (faults, walked)
}

struct Findings {
    faults: Vec<Fault>,
    /// What the walk over all cases came to; `None` where the files are not good enough for one.
    walk: Option<Walk>,
    texts: Vec<SourceText>,
}

impl Findings {
    fn count(&self, severity: Severity) -> i32 {
        let of_it = self.faults.iter().filter(|fault| fault.code.severity() == severity).count();
        i32::try_from(of_it).unwrap_or(i32::MAX)
    }

    fn json(&self, words: &Words<'_>) -> String {
        diagnostics::json(&self.faults, &self.texts, Audience::RuleAuthor, words)
    }

    fn text(&self, global: &Global, ask: &RulesCheck, folder: &str, words: &Words<'_>) -> String {
        let look = output::look(global);
        let mut text = diagnostics::human(&self.faults, &self.texts, Audience::RuleAuthor, look, words);
        let warnings = self.count(Severity::Warning);
        let files = i32::try_from(self.texts.len()).unwrap_or(i32::MAX);
        text.push_str(&words.with(
            "rules_check.summary",
            &[
                ("path", &folder),
                ("files", &words.count("rules_check.files", files, &[])),
                ("errors", &words.count("rules_check.errors", self.count(Severity::Error), &[])),
                ("warnings", &words.count("rules_check.warnings", warnings, &[])),
            ],
        ));
        text.push('\n');
        text.push_str(&self.walked(words));
        if warnings > 0 && ask.deny.is_some() {
            text.push_str(words.label("rules_check.denied"));
            text.push('\n');
        }
        if let Some(first) = self.faults.first() {
            text.push_str(&words.with("rules_check.more", &[("code", &first.code.name())]));
            text.push('\n');
        }
        text
    }

    fn walked(&self, words: &Words<'_>) -> String {
        let Some(walk) = &self.walk else { return format!("{}\n", words.label("rules_check.not-walked")) };
        let mut text = format!("{}\n", words.with("rules_check.walked", &[("n", &walk.cases)]));
        for (question, cases) in &walk.left_open {
            let cases = i32::try_from(*cases).unwrap_or(i32::MAX);
            text.push_str(&words.count("rules_check.left-open", cases, &[("question", &question)]));
            text.push('\n');
        }
        text
    }

    fn exit(&self, ask: &RulesCheck) -> Exit {
        let denies_warnings = ask.deny == Some(Deny::Warnings);
        let is_bad = |fault: &Fault| denies_warnings || fault.code.severity() == Severity::Error;
        if self.faults.iter().any(is_bad) { Exit::BadRules } else { Exit::Answered }
    }
}

fn explain(global: &Global, ask: &RulesCheck, name: &str, words: &Words<'_>) -> Result<Exit, Stop> {
    let Some(code) = Code::from_name(name) else {
        let text = words.with("rules_check.no-such-code", &[("code", &name)]);
        let text = args::with_nearest(text, name, Code::ALL.iter().map(|code| code.name()));
        return Err(Stop::usage(global, &text));
    };
    output::answer(&if is_json(global, ask) {
        diagnostics::explain_json(code, words)
    } else {
        diagnostics::explain(code, output::look(global).width, words)
    })
}
