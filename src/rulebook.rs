//! Nouns: a rule pack that has been checked and may be relied on.
//!
//! What its files look like as written is in [`written`]; the step from there to here, with every
//! complaint, is [`check`]. The types here can be written into the program at build time.

pub mod check;
mod kinds;
pub mod outline;
pub mod places;
mod vocabulary;
pub mod words;
pub mod written;

pub use kinds::*;
pub use vocabulary::*;

use crate::calendar::{Day, WorkingCalendar};
use crate::country::Country;
use crate::facts::{Condition, FactSet, Truth};
use crate::source::{List, Text};

/// A whole rule pack. References between rules are resolved, conditions are bit masks.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct RuleBook {
    /// The jurisdiction's id.
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
    /// Rules verified more calendar days ago than this are said to be old.
    pub stale_after_days: i32,
    /// A duty due within so many calendar days asks for action.
    pub attention_days: i32,
    /// The permit kind that the pack decides on, by its place in the vocabulary.
    pub permit: Option<u8>,
    /// The words that profiles and rules may use.
    pub vocabulary: Vocabulary,
    /// Groups of citizenships.
    pub categories: List<Rule<Category>>,
    /// Documents one may enter with.
    pub entry_documents: List<Rule<EntryDocument>>,
    /// Limits of stay.
    pub stay_limits: List<Rule<StayLimit>>,
    /// Persons whose stay the pack does not decide.
    pub uncovered: List<Rule<Uncovered>>,
    /// What follows an overstay.
    pub sanctions: List<Rule<Sanction>>,
    /// How long the travel document should outlive the stay.
    pub passport_margins: List<Rule<PassportMargin>>,
    /// What is due after an event.
    pub duties: List<Rule<Duty>>,
    /// Where things are filed.
    pub channels: List<Rule<Channel>>,
    /// What is said without a day.
    pub advice: List<Rule<Advice>>,
    /// Fee and processing time of the permit.
    pub services: List<Rule<PermitService>>,
    /// After how many days of a stay the permit is needed.
    pub thresholds: List<Rule<PermitThreshold>>,
    /// Who neither needs nor gets the permit.
    pub exemptions: List<Rule<PermitExemption>>,
    /// Who can normally have the permit.
    pub eligibility: List<Rule<PermitEligibility>>,
    /// For how long the permit is given.
    pub terms: List<Rule<PermitTerm>>,
    /// Late application.
    pub late_filings: List<Rule<LateFiling>>,
    /// The document matrix.
    pub documents: List<Rule<Document>>,
    /// Documents of which one is enough.
    pub groups: List<DocumentGroup>,
    /// The columns of the matrix, as people know it.
    pub matrix_columns: List<MatrixColumn>,
    /// Working days.
    pub calendar: WorkingCalendar,
    /// On what the calendar rests, by year, in the order of its years.
    pub calendar_law: List<Head>,
    /// Where the sources differ or are silent.
    pub questions: List<OpenQuestion>,
    /// The law's own words, by language: all of them, or those that an answer rests on.
    pub texts: List<LanguageTexts>,
}

/// On what a line of a rule rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum Standing {
    /// The text of the act was read.
    Law,
    /// A page of a state body.
    Official,
    /// Press, or a consultant.
    Secondary,
    /// The article of the Astana Hub office only.
    Article,
    /// A reading; no source says it in words.
    Inferred,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Official => "official",
            Self::Secondary => "secondary",
            Self::Article => "article",
            Self::Inferred => "inferred",
        }
    }
}

/// A place in an act or on a page.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Cite {
    /// Id of the act or page; its title is the text `source.<id>`.
    pub source: Text,
    /// Where to read it, if it has an address.
    pub url: Option<Text>,
    /// The place in it.
    pub at: Text,
    /// The words of the act, in unofficial translation; empty where they were not read.
    pub sentence: Text,
    /// On what this cite rests.
    pub standing: Standing,
    /// The day somebody last compared the rule with the source.
    pub verified: Day,
}

/// What an answer must also say when it uses a rule.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Note {
    /// Public code of the notice.
    pub code: Text,
    /// Whether it asks for attention.
    pub level: Level,
    /// Text key.
    pub text: Text,
}

/// How much a notice weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub enum Level {
    /// Good to know.
    Info,
    /// Somebody should act on it.
    Warning,
}

/// A case in which a rule does not apply although its condition holds.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Exemption {
    /// When.
    pub when: Condition,
    /// Why, as a text key; empty where nothing is said.
    pub because: Text,
    /// Whether it has to be claimed: a fact that is not known then counts as not claimed.
    pub only_if_stated: bool,
}

impl Exemption {
    /// Whether it frees the person from the rule.
    #[must_use]
    pub fn holds(&self, facts: &FactSet) -> Truth {
        match self.when.holds(facts) {
            Truth::Unknown if self.only_if_stated => Truth::No,
            truth => truth,
        }
    }
}

/// What every version of every rule says of itself.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Head {
    /// The first day on which it is in force.
    pub from: Day,
    /// The last day, `None` while it is in force.
    pub until: Option<Day>,
    /// The day somebody last compared it with the source.
    pub verified: Day,
    /// On what it rests.
    pub standing: Standing,
    /// Where it stands; never empty.
    pub cites: List<Cite>,
    /// For whom.
    pub when: Condition,
    /// And for whom not.
    pub unless: List<Exemption>,
    /// What must also be said.
    pub notes: List<Note>,
}

impl Head {
    /// Whether the rule applies to these facts.
    #[must_use]
    pub fn applies(&self, facts: &FactSet) -> Truth {
        self.unless.iter().fold(self.when.holds(facts), |sum, exemption| sum.and(exemption.holds(facts).not()))
    }

    /// Whether it is in force on the day.
    #[must_use]
    pub fn is_in_force(&self, on: Day) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }
}

/// A version of a rule: its head, and what it says.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Version<V: Clone + 'static> {
    /// What every version says of itself.
    pub head: Head,
    /// What this kind of rule says.
    pub says: V,
}

/// A rule: a stable id and what it said from when to when.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Rule<V: Clone + 'static> {
    /// Stable id.
    pub id: Text,
    /// The id that answers use, for kinds that have one (deadline, document, channel); else empty.
    pub public: Text,
    /// The rules of the same kind that give way to this one, by their place in the list.
    pub exception_to: List<u16>,
    /// Versions, earliest first; their days do not overlap.
    pub versions: List<Version<V>>,
}

impl<V: Clone + 'static> Rule<V> {
    /// The version in force on the day.
    #[must_use]
    pub fn on(&self, day: Day) -> Option<&Version<V>> {
        self.versions.iter().find(|version| version.head.is_in_force(day))
    }
}

impl RuleBook {
    /// The permit kind that the pack decides on.
    #[must_use]
    pub fn permit_kind(&self) -> Option<&PermitKind> {
        self.permit.map(|at| &self.vocabulary.permits[usize::from(at)])
    }

    /// The categories that a citizenship belongs to on a day, as bits.
    #[must_use]
    pub fn categories_of(&self, citizenship: Country, on: Day) -> u64 {
        self.categories.iter().enumerate().fold(0, |sum, (at, rule)| {
            let belongs = rule.on(on).is_some_and(|version| version.says.members.binary_search(&citizenship).is_ok());
            sum | u64::from(belongs) << at
        })
    }

    /// The words of a language, the first language of the pack where it is lacking.
    #[must_use]
    pub fn texts_in(&self, language: &str) -> Option<&LanguageTexts> {
        self.texts.iter().find(|texts| texts.language == language).or_else(|| self.texts.first())
    }
}

impl LanguageTexts {
    /// The texts of a language, by their keys.
    #[must_use]
    pub fn new(language: Text, mut entries: Vec<(Text, Text)>) -> Self {
        entries.sort_by_cached_key(|(key, _)| (hash(&[key]), key.clone()));
        let mut letters = String::new();
        let mut put = |text: &str| {
            letters.push_str(text);
            u32::try_from(letters.len()).unwrap_or(u32::MAX)
        };
        let mut key = 0;
        let place = |(name, words): &(Text, Text)| {
            let text = put(name);
            let place = TextPlace { hash: hash(&[name]), key, text, end: put(words) };
            key = place.end;
            place
        };
        let places: Vec<TextPlace> = entries.iter().map(place).collect();
        Self { language, letters: letters.into(), places: places.into() }
    }

    /// All keys with their texts.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places.iter().map(|place| (self.key(place), self.text(place)))
    }

    fn key(&self, place: &TextPlace) -> &str {
        &self.letters[place.key as usize..place.text as usize]
    }

    fn text(&self, place: &TextPlace) -> &str {
        &self.letters[place.text as usize..place.end as usize]
    }

    /// The text of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.find(hash(&[key]), |known| known == key)
    }

    /// The text of `table.id`, without putting the key together.
    #[must_use]
    pub fn get_of(&self, table: &str, id: &str) -> Option<&str> {
        self.find(hash(&[table, ".", id]), |known| {
            let rest = known.strip_prefix(table).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| rest == id)
        })
    }

    fn find(&self, hash: u32, is_meant: impl Fn(&str) -> bool) -> Option<&str> {
        let first = self.places.partition_point(|place| place.hash < hash);
        let mut alike = self.places[first..].iter().take_while(|place| place.hash == hash);
        alike.find(|place| is_meant(self.key(place))).map(|place| self.text(place))
    }
}

/// FNV-1a of the parts one behind the other: numbers are compared in no time, letters are not.
fn hash(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
