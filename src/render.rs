//! Answers in sentences and formats. The renderers see only an answer and the [`Words`] of a language, never a rule
//! book: what is shown of a rule, its id, its citation, the conditions that held, the answer carries.

#![allow(clippy::must_use_candidate, reason = "nearly everything here returns a text and does nothing else")]

pub mod agenda;
pub mod calendar;
pub mod check;
pub mod comparison;
pub mod csv;
pub mod diagnostics;
pub mod difference;
pub mod document;
pub mod explain;
pub mod grid;
pub mod html;
pub mod json;
mod lines;
pub mod markdown;
pub mod matrix;
mod papers;
pub mod phrases;
pub mod plan;
pub mod profile;
pub mod question;
pub mod receipt;
pub mod rule;
pub mod schema;
pub mod sheet;
pub mod summary;
pub mod svg;
pub mod terminal;
pub mod timeline;
pub mod verdict;
pub mod words;

pub use words::Words;

use crate::assessment::Part;
use crate::source::named;

named! {
    pub enum Format {
        Table = "table",
        Text = "text",
        Json = "json",
        Ndjson = "ndjson",
        Csv = "csv",
        Markdown = "markdown",
        Html = "html",
        Svg = "svg",
        Ics = "ics",
        Junit = "junit",
        Summary = "summary",
        Xlsx = "xlsx",
    }
}

named! {
    /// Which parts of an answer are rendered, by the command that does so.
    pub enum Sections {
        All = "check",
        Stay = "stay",
        Documents = "docs",
    }
}

/// How texts are broken into lines: at blanks alone, never within a word that has a hyphen.
fn wrapping<'o>(width: usize) -> textwrap::Options<'o> {
    textwrap::Options::new(width)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Adds the lines of a text, without blanks at their ends.
fn push_wrapped(out: &mut String, text: &str, options: textwrap::Options<'_>) {
    for line in textwrap::wrap(text, options) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

impl Sections {
    pub const fn has_stay(self) -> bool {
        matches!(self, Self::All | Self::Stay)
    }

    pub const fn has_documents(self) -> bool {
        matches!(self, Self::All | Self::Documents)
    }

    pub const fn has_permit(self) -> bool {
        matches!(self, Self::All)
    }

    pub const fn parts(self) -> &'static [Part] {
        match self {
            Self::All => Part::ALL,
            Self::Stay => &[Part::Stay],
            Self::Documents => &[Part::Documents],
        }
    }
}
