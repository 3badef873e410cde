//! What other programs build on: rule books and profiles from texts and files, and the answer as JSON.
//!
//! These are methods of the types that the whole crate uses, put into one place because they read files and
//! turn faults into sentences, which the modules of those types do not.

use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use crate::assessment::Assessment;
use crate::calendar::{Day, DayFault};
use crate::embedded;
use crate::profile::Profile;
use crate::profile::read::Reader;
use crate::render::{Sections, Words, diagnostics, json};
use crate::rulebook::{RuleBook, check};
use crate::source::{Code, Fault, Severity, SourceText, Span};
use crate::tree::{self, Syntax};

/// What a profile is called in errors when it does not come from a file.
const PROFILE: &str = "profile";

impl RuleBook {
    /// The rules of Kazakhstan that are part of this crate.
    pub fn embedded() -> &'static Self {
        &embedded::RULES
    }

    /// The rule pack in a folder. [`Error::Invalid`] names everything that is wrong with its files; what is only
    /// worth a warning does not stop it.
    ///
    /// ```
    /// use trp_check::{Error, RuleBook};
    ///
    /// let book = RuleBook::from_dir("rules/kz").expect("a valid rule pack");
    /// assert!(book == *RuleBook::embedded());
    ///
    /// // Two folders that are no rule packs.
    /// assert!(matches!(RuleBook::from_dir("no/such/folder"), Err(Error::Unreadable { .. })));
    /// let Err(Error::Invalid(diagnostics)) = RuleBook::from_dir("docs") else { panic!() };
    /// assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == "missing-file"));
    /// ```
    pub fn from_dir(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let (mut files, mut faults) = files_of_pack(folder).map_err(|error| Error::unreadable(folder, error))?;
        let checked = check::check(&files, &embedded::COUNTRIES, None);
        if let (Some(book), true) = (checked.book, faults.is_empty()) {
            return Ok(book);
        }
        faults.extend(checked.faults.into_iter().filter(|fault| fault.code.severity() == Severity::Error));
        if files.is_empty() {
            // What is missing is said of the folder itself.
            files.push(SourceText { path: String::new(), text: String::new() });
        }
        for file in &mut files {
            file.path = folder.join(&file.path).display().to_string();
        }
        Err(Error::invalid(&faults, &files))
    }
}

impl Profile {
    /// Reads a profile, in TOML or (where the text begins with `{`) in JSON, and checks it in the words of a rule
    /// book, as of a day. [`Error::Invalid`] names everything that is wrong with it.
    pub fn parse(text: &str, book: &RuleBook, today: Day) -> Result<Self, Error> {
        parse_named(SourceText { path: PROFILE.to_owned(), text: text.to_owned() }, book, today)
    }

    /// The same from a file.
    pub fn from_file(path: impl AsRef<Path>, book: &RuleBook, today: Day) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| Error::unreadable(path, error))?;
        parse_named(SourceText { path: path.display().to_string(), text }, book, today)
    }
}

fn parse_named(file: SourceText, book: &RuleBook, today: Day) -> Result<Profile, Error> {
    let syntax = if file.text.trim_start().starts_with('{') { Syntax::Json } else { Syntax::Toml };
    let mut faults = Vec::new();
    let checked = match tree::parse_with(&file.text, 0, syntax, &mut faults) {
        Some(root) => Reader::new(book, &embedded::COUNTRIES, today).tree(&root, faults),
        None => Err(faults),
    };
    checked.map_err(|faults| Error::invalid(&faults, &[file]))
}

/// An answer as JSON (schema `trp-check/assessment/1`), with its sentences in a language: `en`, `ru` or `kk`;
/// in English for any other.
pub fn to_json(assessment: &Assessment<'_>, book: &RuleBook, language: &str) -> String {
    let bytes = json::render(assessment, &[], Sections::All, &words(Some(book), language));
    String::from_utf8(bytes).unwrap_or_else(|_| unreachable!("JSON is UTF-8"))
}

fn words<'w>(book: Option<&'w RuleBook>, language: &str) -> Words<'w> {
    let texts = embedded::TEXTS.iter().find(|texts| texts.language == language).unwrap_or(&embedded::TEXTS[0]);
    Words::new(texts, book.and_then(|book| book.texts_in(&texts.language)), &embedded::COUNTRIES)
}

/// The TOML files below the folder of a rule pack, by their paths in it, and a fault for each that is not UTF-8.
#[doc(hidden)]
pub fn files_of_pack(folder: &Path) -> io::Result<(Vec<SourceText>, Vec<Fault>)> {
    let mut found = Vec::new();
    collect(folder, "", &mut found)?;
    found.sort();
    let mut faults = Vec::new();
    let files = (0..).zip(found).map(|(number, (path, bytes))| {
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            let at = error.utf8_error().valid_up_to();
            faults.push(Fault::new(Code::NotUtf8, Span::new(number, at..at + '\u{FFFD}'.len_utf8())));
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        SourceText { path, text }
    });
    Ok((files.collect(), faults))
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), found)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            found.push((format!("{prefix}{name}"), fs::read(&path)?));
        }
    }
    Ok(())
}

/// Why there is no rule book or profile.
#[derive(Debug)]
pub enum Error {
    /// A file or folder cannot be read.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Everything that is wrong with a text, or with the files of a rule pack; at least one.
    Invalid(Vec<Diagnostic>),
}

/// One thing that is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, as a stable name: `unknown-country`.
    pub code: &'static str,
    /// The file; `profile` for a profile that is in no file.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, in an English sentence.
    pub message: String,
}

impl Error {
    fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), source }
    }

    fn invalid(faults: &[Fault], files: &[SourceText]) -> Self {
        let words = words(None, "en");
        let diagnostic = |fault: &Fault| {
            let file = &files[usize::from(fault.span.text)];
            let (line, column) = file.line_column(fault.span.range().start);
            Diagnostic {
                code: fault.code.name(),
                path: file.path.clone(),
                line,
                column,
                message: diagnostics::message(fault, &words),
            }
        };
        Self::Invalid(faults.iter().map(diagnostic).collect())
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, path, line, column, message } = self;
        write!(f, "{path}:{line}:{column}: {message} [{code}]")
    }
}

impl error::Error for Diagnostic {}

impl fmt::Display for Error {
    /// One line for each diagnostic.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Invalid(diagnostics) => {
                let lines: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Invalid(_) => None,
        }
    }
}

impl fmt::Display for DayFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "not a day written YYYY-MM-DD",
            Self::NoSuchDay => "no such day in the calendar",
        })
    }
}

impl error::Error for DayFault {}
