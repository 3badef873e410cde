//! Places in texts, and what can be wrong there.
//!
//! A [`Fault`] carries no sentence but a stable [`Code`] and named parameters; `render` makes a message of them in the
//! reader's language.

use std::borrow::Cow;

/// A place in a text: bytes from `start` up to, but not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Which text of those read together; 0 where there is only one.
    pub text: u16,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(text: u16, range: std::ops::Range<usize>) -> Self {
        let clamp = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Self { text, start: clamp(range.start), end: clamp(range.end) }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Stands for the flags of a call where the path of a file would stand; messages translate it.
pub const COMMAND_LINE: &str = "command line";

/// A text that was read, and the name it is called by in messages.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// The path as given, `stdin`, or `command line`.
    pub path: String,
    pub text: String,
}

impl SourceText {
    /// Line and column of a byte, both from 1; columns count characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        self.line_column_in(&self.line_starts(), byte)
    }

    /// The byte at which each line begins: made once where many places are looked up.
    pub fn line_starts(&self) -> Vec<usize> {
        std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
    }

    pub fn line_column_in(&self, line_starts: &[usize], byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let line = line_starts.partition_point(|start| *start <= byte).max(1);
        (line, self.text[line_starts[line - 1]..byte].chars().count() + 1)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: Code,
    pub span: Span,
    pub params: Vec<(&'static str, String)>,
}

impl Fault {
    pub fn new(code: Code, span: Span) -> Self {
        Self { code, span, params: Vec::new() }
    }

    /// The same fault, naming one value more.
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The same fault, with the nearest of the known words where one is near enough.
    pub fn suggesting<'w>(self, given: &str, known: impl IntoIterator<Item = &'w str>) -> Self {
        match nearest(given, known) {
            Some(word) => self.with("suggestion", word),
            None => self,
        }
    }
}

/// Bytes of the longest text that is still taken for a word: comparing takes time with the square of it.
pub const LONGEST_WORD: usize = 200;

/// The known word that is most like the given one, if any is like it at all.
pub fn nearest<'w>(given: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    const ALIKE: f64 = 0.78;
    if given.len() > LONGEST_WORD {
        return None;
    }
    let given = given.to_lowercase();
    // One letter left out, too many, another or in the wrong place: in a short word that is much by the other measure.
    let is_slip = |known: &str| {
        known.len() > 2 && given.len().abs_diff(known.len()) < 2 && strsim::osa_distance(&given, known) == 1
    };
    known
        .into_iter()
        .map(|word| {
            let known = word.to_lowercase();
            let is_part = given.len() > 2 && (known.contains(&given) || known.len() > 2 && given.contains(&known));
            let is_like = is_part || is_slip(&known);
            (strsim::jaro_winkler(&given, &known).max(if is_like { ALIKE } else { 0.0 }), word)
        })
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

/// Whether this is the beginning of a known word, or the word with at most a quarter of its letters wrong.
pub fn is_misspelt(given: &str, known: &str) -> bool {
    known.starts_with(given) || 4 * strsim::osa_distance(given, known) <= known.chars().count()
}

/// An enum whose values have names, and the list of them all.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $enum:ident { $($(#[$attr:meta])* $value:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum { $($(#[$attr])* $value,)* }

        impl $enum {
            pub const ALL: &'static [Self] = &[$(Self::$value,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $name,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}
#[allow(unused_imports, reason = "the build script needs it in this file only")]
pub(crate) use named;

named! {
    pub enum Severity {
        /// Nothing can rest on this file.
        Error = "error",
        /// The file can be used; a person should look.
        Warning = "warning",
    }
}

named! {
    /// What can be wrong in a file: the one list of codes. Their names are stable.
    pub enum Code {
        NotUtf8 = "not-utf-8",
        /// Nothing but blanks.
        EmptyFile = "empty-file",
        FileTooLarge = "file-too-large",
        NestedTooDeep = "nested-too-deep",
        Syntax = "syntax",
        DuplicateKey = "duplicate-key",
        UnknownKey = "unknown-key",
        MissingKey = "missing-key",
        WrongType = "wrong-type",
        OutOfRange = "out-of-range",
        UnknownValue = "unknown-value",
        UnknownCountry = "unknown-country",
        /// Not written `YYYY-MM-DD`.
        BadDay = "bad-day",
        /// A day that the month does not have.
        NoSuchDay = "no-such-day",
        /// Outside the years that are answered for.
        DayOutOfRange = "day-out-of-range",
        /// Not written `HH:MM`.
        BadTime = "bad-time",
        /// A flag for a run of days not written `FIRST..LAST`.
        BadRange = "bad-range",
        /// A flag for a permit not written `KIND:FIRST..LAST`.
        BadPermit = "bad-permit",
        EndBeforeStart = "end-before-start",
        ExitBeforeEntry = "exit-before-entry",
        BeforeBirth = "before-birth",
        /// Two stays share more than a border day.
        StaysOverlap = "stays-overlap",
        OpenStayFollowed = "open-stay-followed",
        PermitsOverlap = "permits-overlap",
        /// Reported before it happened.
        BeforeItsEvent = "before-its-event",
        /// Recorded as done on a day that has not come.
        AfterToday = "after-today",
        MoveOutsideStay = "move-outside-stay",
        /// A key that this kind does not take.
        NotForThisKind = "not-for-this-kind",
        /// Rows of one person that say different things about the person.
        RowsDiffer = "rows-differ",
        /// A flag about the current stay, and there is none.
        NoCurrentStay = "no-current-stay",
        DuplicateId = "duplicate-id",
        UnknownReference = "unknown-reference",
        VersionsOverlap = "versions-overlap",
        /// A source, category, text or word that nothing uses.
        Unused = "unused",
        MissingText = "missing-text",
        /// A placeholder that a text of this kind does not get.
        UnknownPlaceholder = "unknown-placeholder",
        /// Other placeholders than in the same text in the first language of the pack.
        PlaceholdersDiffer = "placeholders-differ",
        /// Letters of two scripts in one word, such as a Latin `a` among Cyrillic letters.
        MixedScript = "mixed-script",
        NotHttps = "not-https",
        VerifiedInFuture = "verified-in-future",
        /// A holiday on a day off without the day it moves to, or with a wrong one.
        WrongObservedDay = "wrong-observed-day",
        /// A day moved by decree that was not worked, or was worked, anyway.
        WrongMovedDay = "wrong-moved-day",
        UnknownFile = "unknown-file",
        MissingFile = "missing-file",
        EmptyList = "empty-list",
        TooMany = "too-many",
        StepsNotRising = "steps-not-rising",
        NotVerifiedLately = "not-verified-lately",
        /// Days between two versions of one rule on which neither is in force.
        VersionsGap = "versions-gap",
        /// A version that begins before the version above it begins.
        VersionsBackwards = "versions-backwards",
        /// A limit that does not count the first stays it is for.
        CountsFromAfterStart = "counts-from-after-start",
        /// Years without a calendar, for which terms in working days have no day.
        CalendarYearMissing = "calendar-year-missing",
        CalendarNextYearMissing = "calendar-next-year-missing",
        /// The same place of a source twice in one list of citations, and not for two sentences of it.
        CiteTwice = "cite-twice",
        Gap = "gap",
        /// A rule that leaves something undecided, and no open question says why.
        Undeclared = "undeclared",
        /// Two rules answer the same question for the same person.
        Conflict = "conflict",
        /// A part of a rule that can never do anything.
        Dead = "dead",
        /// A part of a rule without which nothing would change.
        Redundant = "redundant",
        TooManyCases = "too-many-cases",
    }
}

impl Code {
    pub const fn severity(self) -> Severity {
        match self {
            Self::Unused
            | Self::Redundant
            | Self::NotVerifiedLately
            | Self::VersionsGap
            | Self::CalendarNextYearMissing
            | Self::CiteTwice => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// A text that is either part of the program or owned.
pub type Text = Cow<'static, str>;
/// A list that is either part of the program or owned.
pub type List<T> = Cow<'static, [T]>;
