//! Ground: where a line of a file lives, and what can be said against it.
//!
//! A [`Fault`] is said of a place in one text and carries no sentence: a stable [`Code`] and named
//! parameters, which the words floor turns into a message in the reader's language.

use std::borrow::Cow;

/// A place in a text: bytes from `start` up to, but not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Which text of those read together; 0 where there is only one.
    pub text: u16,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The place of a byte range in the text with this number.
    #[must_use]
    pub fn new(text: u16, range: std::ops::Range<usize>) -> Self {
        let clamp = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Self { text, start: clamp(range.start), end: clamp(range.end) }
    }

    /// The byte range.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What the flags of a call are called where the path of a file would stand; people are told it in their language.
pub const COMMAND_LINE: &str = "command line";

/// A text that was read, and the name it is called by in messages.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// The path as given, `stdin`, or `command line`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceText {
    /// Line and column of a byte, both from 1; columns count characters.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        self.line_column_in(&self.line_starts(), byte)
    }

    /// The byte at which each line begins: made once where many places are looked up.
    #[must_use]
    pub fn line_starts(&self) -> Vec<usize> {
        std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
    }

    /// Line and column of a byte, given where lines begin.
    #[must_use]
    pub fn line_column_in(&self, line_starts: &[usize], byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let line = line_starts.partition_point(|start| *start <= byte).max(1);
        (line, self.text[line_starts[line - 1]..byte].chars().count() + 1)
    }
}

/// How much a fault weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can rest on this file.
    Error,
    /// The file can be used; somebody should look.
    Warning,
}

/// Something said against a place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub code: Code,
    /// Where.
    pub span: Span,
    /// The values the message names.
    pub params: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn new(code: Code, span: Span) -> Self {
        Self { code, span, params: Vec::new() }
    }

    /// The same fault, naming one value more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The same fault, with the nearest of the known words where one is near enough.
    #[must_use]
    pub fn suggesting<'w>(self, given: &str, known: impl IntoIterator<Item = &'w str>) -> Self {
        match nearest(given, known) {
            Some(word) => {
                let word = word.to_owned();
                self.with("suggestion", word)
            }
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

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What can be wrong in a file: the one list of codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable name, in kebab-case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The code with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

codes! {
    /// The bytes of the file are not UTF-8.
    NotUtf8 = "not-utf-8",
    /// Nothing but blanks.
    EmptyFile = "empty-file",
    /// Larger than a file may be.
    FileTooLarge = "file-too-large",
    /// Tables and lists nested too deep.
    NestedTooDeep = "nested-too-deep",
    /// Not TOML, or not JSON.
    Syntax = "syntax",
    /// The same key twice in one table.
    DuplicateKey = "duplicate-key",
    /// A key that does not belong here.
    UnknownKey = "unknown-key",
    /// A key that must be there is not.
    MissingKey = "missing-key",
    /// A value of the wrong type.
    WrongType = "wrong-type",
    /// A number too small or too large.
    OutOfRange = "out-of-range",
    /// A word that is none of those allowed.
    UnknownValue = "unknown-value",
    /// A country that is not known.
    UnknownCountry = "unknown-country",
    /// A day not written `YYYY-MM-DD`.
    BadDay = "bad-day",
    /// A day that the month does not have.
    NoSuchDay = "no-such-day",
    /// A day outside the years that are answered for.
    DayOutOfRange = "day-out-of-range",
    /// A time of day not written `HH:MM`.
    BadTime = "bad-time",
    /// A flag for a run of days not written `FIRST..LAST`.
    BadRange = "bad-range",
    /// A flag for a permit not written `KIND:FIRST..LAST`.
    BadPermit = "bad-permit",
    /// An end before its beginning.
    EndBeforeStart = "end-before-start",
    /// A day of exit before the day of entry.
    ExitBeforeEntry = "exit-before-entry",
    /// An entry before the day of birth.
    BeforeBirth = "before-birth",
    /// Two stays share more than a border day.
    StaysOverlap = "stays-overlap",
    /// A stay without exit is followed by another.
    OpenStayFollowed = "open-stay-followed",
    /// Two permits of one kind share days.
    PermitsOverlap = "permits-overlap",
    /// Something reported before it happened.
    BeforeItsEvent = "before-its-event",
    /// Something recorded as done on a day that has not come.
    AfterToday = "after-today",
    /// A move on a day outside the stay.
    MoveOutsideStay = "move-outside-stay",
    /// A key that this kind does not take.
    NotForThisKind = "not-for-this-kind",
    /// A flag about the current stay, and there is none.
    NoCurrentStay = "no-current-stay",
    /// The same id twice.
    DuplicateId = "duplicate-id",
    /// A reference to something that is not there.
    UnknownReference = "unknown-reference",
    /// Versions of one rule that share days.
    VersionsOverlap = "versions-overlap",
    /// A source, category, text or word that nothing uses.
    Unused = "unused",
    /// A text that a language lacks.
    MissingText = "missing-text",
    /// A placeholder that a text of this kind does not get.
    UnknownPlaceholder = "unknown-placeholder",
    /// A text with other placeholders than the same text in the first language of the pack.
    PlaceholdersDiffer = "placeholders-differ",
    /// A word with letters of two scripts, such as a Latin `a` among Cyrillic letters.
    MixedScript = "mixed-script",
    /// An address that is not https.
    NotHttps = "not-https",
    /// Something said to have been verified on a day that has not come.
    VerifiedInFuture = "verified-in-future",
    /// A holiday on a day off without the day it moves to, or with a wrong one.
    WrongObservedDay = "wrong-observed-day",
    /// A day moved by decree that was not worked, or was worked, anyway.
    WrongMovedDay = "wrong-moved-day",
    /// A file that does not belong to a rule pack.
    UnknownFile = "unknown-file",
    /// A file that every rule pack must have.
    MissingFile = "missing-file",
    /// A list that must say something and is empty.
    EmptyList = "empty-list",
    /// More of something than the program can tell apart.
    TooMany = "too-many",
    /// Steps that do not rise.
    StepsNotRising = "steps-not-rising",
    /// A rule of the pack that was verified too long ago.
    NotVerifiedLately = "not-verified-lately",
    /// Days between two versions of one rule on which neither is in force.
    VersionsGap = "versions-gap",
    /// A version that begins before the version above it begins.
    VersionsBackwards = "versions-backwards",
    /// A limit that does not count the first stays it is for.
    CountsFromAfterStart = "counts-from-after-start",
    /// Years without a calendar, for which terms in working days have no day.
    CalendarYearMissing = "calendar-year-missing",
    /// The year after the present one has no calendar yet.
    CalendarNextYearMissing = "calendar-next-year-missing",
    /// The same place of a source twice in one list of citations, and not for two sentences of it.
    CiteTwice = "cite-twice",
    /// A case that no rule answers.
    Gap = "gap",
    /// A rule that leaves something undecided, and no open question says why.
    Undeclared = "undeclared",
    /// Two rules answer the same question for the same person.
    Conflict = "conflict",
    /// A part of a rule that can never do anything.
    Dead = "dead",
    /// A part of a rule without which nothing would change.
    Redundant = "redundant",
    /// More cases than can be walked.
    TooManyCases = "too-many-cases",
}

impl Code {
    /// How much a fault of this code weighs.
    #[must_use]
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
