//! The list of the kinds of rules, and what each kind has to say of itself.
//!
//! A kind is a file of this folder, or shares one with its siblings: what is written, what may be relied on, the check
//! from one to the other, its keys for lists and differences, what it hides.

pub mod amount;
pub mod category;
pub mod channel;
pub mod document;
pub mod duty;
pub mod permit;
pub mod sanction;
pub mod stay_limit;
pub mod travel_document;
pub mod uncovered;

pub use amount::Amount;
pub use category::Category;
pub use channel::{Advice, Channel};
pub use document::{Document, DocumentGroup, MatrixColumn};
pub use duty::{DeadlineKind, DoneBy, Duty, Event, Term, Who};
pub use permit::{Cap, LateFiling, PermitEligibility, PermitExemption, PermitService, PermitTerm, PermitThreshold};
pub use sanction::{FINES, Fine, Sanction, SanctionStep};
pub use stay_limit::{Allowance, OtherReading, Period, Reading, StayLimit, Window};
pub use travel_document::{EntryDocument, PassportMargin};
pub use uncovered::{Uncovered, UncoveredScope, UncoveredStatus};

use super::check::Checker;
use super::written::{Fields, WrittenRule};
use super::{Head, LanguageTexts, OpenQuestion, Rule, Version, Vocabulary};
use crate::calendar::{Day, WorkingCalendar};
use crate::country::Countries;
use crate::facts::Truth;
use crate::source::{List, Span, Text};
use crate::tree::schema::written;

/// Tables of rule files. `=>` names the list of the rule book that the rules of a table make, `+=` the one that they are
/// added to; a table with neither is not one of rules.
macro_rules! rule_kinds {
    ($($(#[$about:meta])* $file:ident: $File:ident {
        $($(#[$says:meta])* $table:ident
            $(=> $rules:ident: $Kind:ident)? $(+= $more:ident: $Same:ident)? $(: $Table:ty)?,)*
    })*) => {
        written! {
            $($(#[$about])* $File {
                $($(#[$says])* $table:
                    Fields<$(<$Kind as RuleKind>::Written)? $(<$Same as RuleKind>::Written)? $($Table)?>,)*
            })*
        }

        /// The files of a pack that hold rules, as written.
        #[derive(Default)]
        pub struct RuleFiles { $(pub $file: $File,)* }

        /// The kinds of rules, in the order of the files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, databake::Bake)]
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        #[databake(path = trp_check::rulebook)]
        #[serde(rename_all = "snake_case")]
        #[schemars(inline)]
        pub enum Kind { $($($($Kind,)?)*)* }

        impl Kind {
            pub const fn name(self) -> &'static str {
                match self { $($($(Self::$Kind => stringify!($table),)?)*)* }
            }
        }

        /// A whole rule pack. References between rules are resolved, conditions are bit masks.
        #[derive(Clone, Debug, Default, PartialEq, databake::Bake)]
        #[databake(path = trp_check::rulebook)]
        pub struct RuleBook {
            pub id: Text,
            /// The version of the pack, as its authors call it.
            pub version: Text,
            /// SHA-256 over path, NUL and bytes of the pack's files in path order, in hexadecimal.
            pub sha256: Text,
            /// Hours that the pack's clock is ahead of UTC.
            pub utc_offset_hours: i32,
            /// The languages its texts come in; the first one stands in for those it lacks.
            pub languages: List<Text>,
            /// Entries before this day are not covered.
            pub covered_from: Day,
            /// Rules verified more calendar days ago than this are called old.
            pub stale_after_days: i32,
            /// A duty due within so many calendar days asks for action.
            pub attention_days: i32,
            /// The permit kind that the pack decides on, by its place in the vocabulary.
            pub permit: Option<u8>,
            /// The words that profiles and rules may use.
            pub vocabulary: Vocabulary,
            $($($(pub $rules: List<Rule<$Kind>>,)?)*)*
            /// Documents of which one is enough.
            pub groups: List<DocumentGroup>,
            /// The columns of the document matrix, as people know it.
            pub matrix_columns: List<MatrixColumn>,
            pub calendar: WorkingCalendar,
            /// On what the calendar rests, by year, in the order of its years.
            pub calendar_law: List<Head>,
            /// Where the sources differ or are silent.
            pub questions: List<OpenQuestion>,
            /// The law's own words, by language: all of them, or those that an answer rests on.
            pub texts: List<LanguageTexts>,
        }

        impl RuleBook {
            /// Checks the rules of all kinds, in the order of the files.
            pub(super) fn check_rules(&mut self, checker: &mut Checker<'_>, files: &RuleFiles) {
                $($($(checker.rules(&mut self.$rules, &files.$file.$table);)?
                    $(checker.rules(&mut self.$more, &files.$file.$table);)?)*)*
            }

            /// The rules of each kind, in the order of the files.
            pub fn kinds(&self) -> Vec<&dyn RulesOfAKind> {
                vec![$($($(&self.$rules,)?)*)*]
            }

            pub fn rules_of(&self, kind: Kind) -> &dyn RulesOfAKind {
                match kind { $($($(Kind::$Kind => &self.$rules,)?)*)* }
            }

            /// All versions of all rules that are asked of a person: of all but the groups of citizenships.
            pub fn heads(&self) -> impl Iterator<Item = &Head> {
                let all = std::iter::empty();
                $($($(let all = all.chain(heads_of(&self.$rules));)?)*)*
                all
            }
        }
    };
}

rule_kinds! {
    /// Which citizens belong to which category, by day.
    categories: CategoriesFile {
        /// A group of citizenships; a person may be in several.
        category => categories: Category,
    }
    /// With which document one enters, how long one may stay, whom no rule covers, what an overstay costs.
    stay: StayFile {
        /// Travel documents that are enough to enter.
        entry_document => entry_documents: EntryDocument,
        /// How many days one may stay.
        stay_limit => stay_limits: StayLimit,
        /// Whose stay the pack does not decide.
        uncovered => uncovered: Uncovered,
        /// What an overstay, or a duty done too late, costs.
        sanction => sanctions: Sanction,
        /// What fines are counted in.
        amount => amounts: Amount,
        /// How long the travel document should outlive the stay.
        passport_margin => passport_margins: PassportMargin,
    }
    /// What must be done after an event: by whom, within which term, through which channel.
    duties: DutiesFile {
        /// Something to be done within a term.
        duty => duties: Duty,
        /// A place or page where it can be done.
        channel => channels: Channel,
        /// What an answer says without a day.
        advice => advice: Advice,
    }
    /// The permit that the pack decides on: cost, time, who needs it and from when, for how long, where to file.
    permit: PermitFile {
        /// What it costs and how long it takes.
        permit_service => services: PermitService,
        /// From which day of a stay it is needed.
        permit_threshold => thresholds: PermitThreshold,
        /// Who neither needs nor gets it.
        permit_exemption => exemptions: PermitExemption,
        /// Who can normally have it.
        permit_eligibility => eligibility: PermitEligibility,
        /// For how long it is issued.
        permit_term => terms: PermitTerm,
        /// Until when after the end of the stay it can still be asked for.
        late_filing => late_filings: LateFiling,
        /// A place or page where it can be asked for.
        channel += channels: Channel,
    }
    /// Which papers belong to which application, for whom and when: the document matrix.
    documents: DocumentsFile {
        /// A column of the matrix, as people know it.
        matrix_column: document::written::MatrixColumn,
        /// Documents of which one is enough while a fact is unknown.
        document_group: document::written::DocumentGroup,
        /// A document that is required where a version in force applies.
        document => documents: Document,
    }
}

/// The cases that need an answer by a rule of a kind: where there is none, the pack has a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    ByEverybody,
    /// By everybody, where the pack decides on a permit.
    ForThePermit,
    ByNobody,
}

/// Keys and values as rule files write them, without quotes.
pub type Keys = Vec<(&'static str, String)>;

/// A version of a rule as written.
pub type VersionOf<V> = <<V as RuleKind>::Written as WrittenRule>::Version;

/// A kind of rule: what a version of it says.
pub trait RuleKind: Clone + PartialEq + 'static {
    type Written: WrittenRule;
    const KIND: Kind;
    const NEEDED: Needed = Needed::ByNobody;
    /// Whether all rules that hold are used together, so that none answers in place of another.
    const IS_COLLECTED: bool = false;
    /// Whether a rule answers something for a person, by whether it applies.
    const ANSWERS_WHEN: &[Truth] = &[Truth::Yes];

    /// Checks what all versions of a rule share; gives the id that answers use, for kinds that have one.
    fn public(_checker: &mut Checker<'_>, _rule: &Self::Written, _table: Span) -> Text {
        Text::Borrowed("")
    }

    /// Checks what a version says.
    fn check(checker: &mut Checker<'_>, rule: &Self::Written, version: &VersionOf<Self>, table: Span) -> Self;

    fn keys(&self, book: &RuleBook, countries: &Countries) -> Keys;

    /// Whether it answers the same question as another of its kind and public id: where both hold, one must be a named
    /// exception to the other.
    fn competes(&self, _other: &Self) -> bool {
        true
    }

    /// The kinds whose rules have nothing left to answer where it holds.
    fn hides(&self) -> &'static [Kind] {
        &[]
    }
}

/// A version of a rule of one kind: the place of the rule in its list, that of the version in the rule.
pub type Place = (usize, usize);

pub trait RulesOfAKind {
    fn kind(&self) -> Kind;
    fn needed(&self) -> Needed;
    fn answers_when(&self, truth: Truth) -> bool;
    fn rules(&self) -> Vec<AnyRule<'_>>;
    fn keys(&self, at: Place, book: &RuleBook, countries: &Countries) -> Keys;
    /// See [`RuleKind::competes`].
    fn compete(&self, one: Place, other: Place) -> bool;
    fn say_the_same(&self, one: Place, other: Place) -> bool;
    fn hides(&self, at: Place) -> &'static [Kind];
}

/// A rule of any kind, without what its kind says.
#[derive(Clone, Debug)]
pub struct AnyRule<'r> {
    pub id: &'r str,
    /// The id that answers use, else empty.
    pub public: &'r str,
    /// The rules that give way to it, by their place in the list.
    pub exception_to: &'r [u16],
    /// One for each version, earliest first.
    pub heads: Vec<&'r Head>,
}

impl<V: RuleKind> RulesOfAKind for List<Rule<V>> {
    fn kind(&self) -> Kind {
        V::KIND
    }

    fn needed(&self) -> Needed {
        V::NEEDED
    }

    fn answers_when(&self, truth: Truth) -> bool {
        V::ANSWERS_WHEN.contains(&truth)
    }

    fn rules(&self) -> Vec<AnyRule<'_>> {
        let rules = self.iter().map(|rule| AnyRule {
            id: &rule.id,
            public: &rule.public,
            exception_to: &rule.exception_to,
            heads: rule.versions.iter().map(|version| &version.head).collect(),
        });
        rules.collect()
    }

    fn keys(&self, at: Place, book: &RuleBook, countries: &Countries) -> Keys {
        says(self, at).keys(book, countries)
    }

    fn compete(&self, one: Place, other: Place) -> bool {
        !V::IS_COLLECTED && self[one.0].public == self[other.0].public && says(self, one).competes(says(self, other))
    }

    fn say_the_same(&self, one: Place, other: Place) -> bool {
        says(self, one) == says(self, other)
    }

    fn hides(&self, at: Place) -> &'static [Kind] {
        says(self, at).hides()
    }
}

fn says<V: RuleKind>(rules: &[Rule<V>], at: Place) -> &V {
    &rules[at.0].versions[at.1].says
}

fn heads_of<V: RuleKind>(rules: &[Rule<V>]) -> impl Iterator<Item = &Head> {
    let asked = rules.iter().filter(|_| V::KIND != Kind::Category);
    asked.flat_map(|rule| rule.versions.iter()).map(|version: &Version<V>| &version.head)
}

/// Words as rule files list them.
fn listed<'w>(words: impl IntoIterator<Item = &'w Text>) -> String {
    words.into_iter().map(|word| &**word).collect::<Vec<_>>().join(", ")
}

/// The id of a text key `table.id`.
fn id_of(key: &str) -> String {
    key.split_once('.').map_or(key, |(_, id)| id).to_owned()
}
