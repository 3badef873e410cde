//! How the program ends: its exit codes, and what stops a command before its answer.

use std::path::Path;

use trp_check::render::Words;
use trp_check::render::diagnostics::{self, Audience};
use trp_check::source::{Fault, SourceText};

use crate::args::{self, ErrorFormat, Global};
use crate::files::Pack;
use crate::output;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Answered = 0,
    Violation = 1,
    Usage = 2,
    Unknown = 3,
    BadInput = 4,
    /// The rule pack is invalid, or a check of it failed.
    BadRules = 5,
    Failure = 70,
    /// Stopped from the keyboard, with everything that was done kept.
    Interrupted = 130,
}

impl Exit {
    pub const ALL: [Self; 8] = [
        Self::Answered,
        Self::Violation,
        Self::Usage,
        Self::Unknown,
        Self::BadInput,
        Self::BadRules,
        Self::Failure,
        Self::Interrupted,
    ];
}

/// The end of a command before its answer. Whoever handles it prints the message to stderr, with [`Stop::report`].
#[derive(Debug)]
pub struct Stop {
    exit: Exit,
    /// Empty where there is nothing to print.
    message: String,
}

/// So many faults are printed one by one; a file with more is another file than was meant.
pub const MOST_SHOWN: usize = 50;

impl Stop {
    pub fn new(exit: Exit, message: String) -> Self {
        Self { exit, message }
    }

    pub fn error(global: &Global, exit: Exit, code: &str, path: Option<&Path>, text: &str) -> Self {
        Self::new(exit, error_text(global.error_format, code, path, text))
    }

    pub fn usage(global: &Global, text: &str) -> Self {
        Self::error(global, Exit::Usage, "usage", None, text)
    }

    pub fn unreadable_rules(global: &Global, folder: &Path, error: &anyhow::Error) -> Self {
        Self::error(global, Exit::BadRules, "rules-not-readable", Some(folder), &format!("{error:#}"))
    }

    /// No rule has this id; names the nearest of the known ones.
    pub fn no_such_rule<'k>(id: &str, known: impl Iterator<Item = &'k str>, words: &Words<'_>) -> Self {
        let text = args::with_nearest(words.with("usage.no-such-rule", &[("id", &id)]), id, known);
        Self::new(Exit::Usage, words.with("word.error", &[("text", &text)]))
    }

    /// Everything that is wrong with a profile or a list.
    pub fn faults(global: &Global, exit: Exit, faults: &[Fault], texts: &[SourceText], words: &Words<'_>) -> Self {
        let shown = &faults[..faults.len().min(MOST_SHOWN)];
        let more = faults.len() - shown.len();
        if global.error_format == ErrorFormat::Json {
            let mut text = diagnostics::json(shown, texts, Audience::Person, words);
            if more > 0 {
                let rest = serde_json::json!({ "code": "more-faults", "severity": "error", "count": more });
                text.push_str(&rest.to_string());
            }
            return Self::new(exit, text);
        }
        let mut text = diagnostics::human(shown, texts, Audience::Person, output::error_look(global), words);
        if more > 0 {
            text.push_str(&words.count("usage.more-faults", more, &[]));
            text.push('\n');
        }
        let first = faults.first().map(|fault| &texts[usize::from(fault.span.text)]);
        let path = first.map(|file| diagnostics::path_of(file, words)).unwrap_or_default();
        text.push_str(&words.count("usage.faults", faults.len(), &[("path", &path)]));
        Self::new(exit, text)
    }

    /// Everything that is wrong with a rule pack, with its folder in the paths.
    pub fn bad_pack(global: &Global, pack: &Pack) -> Self {
        let words = args::words();
        let texts = pack.texts();
        let faults = &pack.checked.faults;
        let audience = Audience::RuleAuthor;
        let message = if texts.is_empty() {
            words.with("usage.empty-pack", &[("path", &pack.folder)])
        } else if global.error_format == ErrorFormat::Json {
            diagnostics::json(faults, &texts, audience, &words)
        } else {
            diagnostics::human(faults, &texts, audience, output::error_look(global), &words)
        };
        Self::new(Exit::BadRules, message)
    }

    pub fn report(self) -> Exit {
        if !self.message.is_empty() {
            output::complain(&self.message);
        }
        self.exit
    }
}

/// A failure of the system; where the reader of the answer has gone, nothing is wrong.
impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        let error = error.into();
        if output::is_closed_pipe(&error) {
            return Self::new(Exit::Answered, String::new());
        }
        Self::new(Exit::Failure, error_text(ErrorFormat::Human, "", None, &format!("{error:#}")))
    }
}

/// An error in one of the two forms; the human one has neither code nor path.
pub fn error_text(format: ErrorFormat, code: &str, path: Option<&Path>, text: &str) -> String {
    match format {
        ErrorFormat::Human => args::words().with("word.error", &[("text", &text)]),
        ErrorFormat::Json => {
            serde_json::json!({ "code": code, "severity": "error", "path": path, "message": text }).to_string()
        }
    }
}
