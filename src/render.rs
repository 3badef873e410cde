//! Words: an answer, told. One file per format; all of them see only the [`Assessment`] and the
//! [`Words`] of a language, never the rules.

pub mod agenda;
pub mod calendar;
pub mod comparison;
pub mod csv;
pub mod diagnostics;
pub mod difference;
pub mod explain;
pub mod grid;
pub mod html;
pub mod json;
mod lines;
pub mod markdown;
pub mod matrix;
pub mod plan;
pub mod profile;
pub mod question;
pub mod receipt;
pub mod rows;
pub mod rule;
pub mod summary;
pub mod svg;
pub mod table;
pub mod timeline;
pub mod verdict;
pub mod words;

pub use words::Words;

use crate::assessment::Part;

/// Which parts of an answer are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sections {
    /// All of them.
    All,
    /// The stay and its deadlines.
    Stay,
    /// The checklists.
    Documents,
}

impl Sections {
    /// Whether stay and deadlines are told.
    #[must_use]
    pub const fn has_stay(self) -> bool {
        matches!(self, Self::All | Self::Stay)
    }

    /// Whether the checklists are told.
    #[must_use]
    pub const fn has_documents(self) -> bool {
        matches!(self, Self::All | Self::Documents)
    }

    /// Whether the permit is told.
    #[must_use]
    pub const fn has_permit(self) -> bool {
        matches!(self, Self::All)
    }

    /// The command that tells them.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::All => "check",
            Self::Stay => "stay",
            Self::Documents => "docs",
        }
    }

    /// The sections that a command tells.
    #[must_use]
    pub fn of_command(name: &str) -> Option<Self> {
        [Self::All, Self::Stay, Self::Documents].into_iter().find(|sections| sections.command() == name)
    }

    /// The parts of an answer that are told.
    #[must_use]
    pub const fn parts(self) -> &'static [Part] {
        match self {
            Self::All => Part::ALL,
            Self::Stay => &[Part::Stay],
            Self::Documents => &[Part::Documents],
        }
    }
}
