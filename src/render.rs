//! Words: an answer, told. One file per format; all of them see only the [`Assessment`] and the
//! [`Words`] of a language, never the rules.

pub mod csv;
pub mod diagnostics;
pub mod explain;
pub mod json;
pub mod markdown;
pub mod rows;
pub mod table;
pub mod words;

pub use words::Words;

use crate::assessment::{Assessment, Part, PersonAssessment};

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

/// The applicant and the members of the family.
fn persons<'a, 'r>(assessment: &'a Assessment<'r>) -> impl Iterator<Item = &'a PersonAssessment<'r>> {
    std::iter::once(&assessment.applicant).chain(&assessment.family)
}
