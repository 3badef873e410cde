//! Nouns: what the law may ask about a person, and conditions on it, true, false or not known.
//!
//! The facts are a closed set; their values are declared by the rule pack. A value is a number below
//! 64, a set of values a bit mask, so that a condition is a handful of `and`s.

use crate::source::List;

macro_rules! facts {
    ($($(#[$about:meta])* $name:ident = $key:literal $table:literal $texts:literal,)*) => {
        /// What the law may ask. The values of a fact are declared by the rule pack.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, databake::Bake)]
        #[databake(path = trp_check::facts)]
        pub enum Fact { $($(#[$about])* $name,)* }

        impl Fact {
            pub const ALL: [Self; [$($key),*].len()] = [$(Self::$name,)*];

            /// The key that rules use.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The table of texts that holds the words for its values.
            pub const fn table(self) -> &'static str {
                match self { $(Self::$name => $table,)* }
            }

            /// What that table is for; empty where its values have no words.
            pub const fn texts(self) -> &'static str {
                match self { $(Self::$name => $texts,)* }
            }
        }
    };
}

// Each fact: its key in rules, and its table in the files of texts with what that is for.
facts! {
    /// Groups of citizenships; a person may be in several, or in none.
    Category = "category" "category" "Names of the categories, by id.",
    DocumentKind = "document_kind" "travel_document" "Kinds of travel documents.",
    Purpose = "purpose" "purpose" "Purposes of stay.",
    /// On what the stay rests: no visa, or a kind of permit.
    Basis = "basis" "basis" "Kinds of permits, and `visa-free`.",
    Employer = "employer" "employer" "Kinds of employers.",
    Work = "work" "work" "Kinds of work.",
    Position = "position" "position" "Kinds of positions.",
    /// Whether the law frees the person from a work permit.
    PermitExempt = "permit_exempt" "permit_exempt" "",
    Channel = "channel" "channel" "Places of filing, and the ids of `[[channel]]`.",
    HousingOwner = "housing_owner" "housing_owner" "Who owns the housing.",
    Inviter = "inviter" "inviter" "Who invites to join a family.",
    /// The person themselves, or how they are related to the applicant.
    Relation = "relation" "relation" "Relations to the applicant, and `self`.",
    Age = "age" "age" "Groups of ages.",
}

impl Fact {
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.key() == key)
    }

    const fn index(self) -> usize {
        self as usize
    }
}

/// The facts of one person on one day, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactSet {
    /// The groups of citizenships, as bits.
    categories: u64,
    /// The value of each fact, by its place in [`Fact::ALL`]; [`OPEN`] where it is not known. Of the
    /// categories it only says that they are known.
    values: [u8; 16],
}

/// An odd number whose bits have no pattern, for multiplicative hashing (Knuth, vol. 3, 6.4).
pub(crate) const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// Stands for the value of a fact that is not known.
const OPEN: u8 = u8::MAX;

impl Default for FactSet {
    fn default() -> Self {
        Self { categories: 0, values: [OPEN; 16] }
    }
}

impl FactSet {
    /// States a fact by the number of its value; `None` leaves it as it is.
    pub const fn with(mut self, fact: Fact, value: Option<u8>) -> Self {
        match (fact, value) {
            (_, None) => self,
            (Fact::Category, Some(value)) => self.with_categories(1 << value),
            (_, Some(value)) => {
                self.values[fact.index()] = value;
                self
            }
        }
    }

    /// States all groups that the citizenship belongs to, as bits; it may be in none.
    pub const fn with_categories(mut self, categories: u64) -> Self {
        self.categories = categories;
        self.values[Fact::Category.index()] = 0;
        self
    }

    pub const fn without(mut self, fact: Fact) -> Self {
        self.values[fact.index()] = OPEN;
        self
    }

    /// The number of the value of a fact, where it is known; of categories there may be several.
    pub const fn value(&self, fact: Fact) -> Option<u8> {
        match self.values[fact.index()] {
            OPEN => None,
            value => Some(value),
        }
    }

    /// The values that hold, as bits; `None` where the fact is not known.
    pub const fn values(&self, fact: Fact) -> Option<u64> {
        match (fact, self.values[fact.index()]) {
            (_, OPEN) => None,
            (Fact::Category, _) => Some(self.categories),
            (_, value) => Some(1 << value),
        }
    }

    /// What of these facts the tests of some rules can tell apart.
    pub fn seen_by(&self, asked: &Asked) -> Self {
        let values = u128::from_ne_bytes(self.values) | !u128::from_ne_bytes(asked.facts);
        Self { categories: self.categories & asked.categories, values: values.to_ne_bytes() }
    }

    /// A number that is the same for the same facts, and mostly another one for others.
    pub fn mixed(&self) -> u64 {
        let halves = self.values.as_chunks().0.iter().map(|half| u64::from_ne_bytes(*half));
        halves.fold(self.categories.wrapping_mul(MIX), |sum, half| (sum.rotate_left(23) ^ half).wrapping_mul(MIX))
    }
}

/// The facts that some rules ask for, and of the categories, which ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    categories: u64,
    /// All bits of a fact that is asked for.
    facts: [u8; 16],
}

impl Asked {
    pub fn add(&mut self, condition: &Condition) {
        for test in condition.tests.iter() {
            self.facts[test.fact.index()] = u8::MAX;
            if test.fact == Fact::Category {
                self.categories |= test.wanted;
            }
        }
    }

    pub const fn has(&self, fact: Fact) -> bool {
        self.facts[fact.index()] != 0
    }
}

/// Facts that are not known and on which something depends, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenFacts(u16);

impl OpenFacts {
    /// Whether it depends on this fact alone.
    pub fn is_only(self, fact: Fact) -> bool {
        self.0 == 1 << fact.index()
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The facts, in the order of [`Fact::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Fact> {
        Fact::ALL.into_iter().filter(move |fact| self.0 >> fact.index() & 1 == 1)
    }
}

impl Extend<Fact> for OpenFacts {
    fn extend<I: IntoIterator<Item = Fact>>(&mut self, facts: I) {
        facts.into_iter().for_each(|fact| self.0 |= 1 << fact.index());
    }
}

/// Whether something holds, as far as one can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    No,
    /// It depends on a fact that is not known.
    Unknown,
    Yes,
}

impl Truth {
    /// Both hold: the less certain of the two decides.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub const fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// One fact and the values that it may have.
#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::facts)]
pub struct Test {
    pub fact: Fact,
    /// The wanted values, as bits.
    pub wanted: u64,
}

impl Test {
    /// Whether the fact has one of the wanted values.
    pub fn holds(&self, facts: &FactSet) -> Truth {
        match facts.values(self.fact) {
            None => Truth::Unknown,
            Some(values) if values & self.wanted != 0 => Truth::Yes,
            Some(_) => Truth::No,
        }
    }
}

/// All tests must hold; none at all always holds.
#[derive(Clone, Debug, PartialEq, Eq, databake::Bake)]
#[databake(path = trp_check::facts)]
pub struct Condition {
    pub tests: List<Test>,
}

impl Condition {
    pub fn holds(&self, facts: &FactSet) -> Truth {
        let mut truth = Truth::Yes;
        for test in self.tests.iter() {
            match test.holds(facts) {
                Truth::Yes => {}
                Truth::No => return Truth::No,
                Truth::Unknown => truth = Truth::Unknown,
            }
        }
        truth
    }

    /// The facts that are not known and on which it depends; none where it holds or fails anyway.
    pub fn open_facts<'c>(&'c self, facts: &'c FactSet) -> impl Iterator<Item = Fact> + 'c {
        let open = self.holds(facts) == Truth::Unknown;
        self.tests.iter().filter(move |test| open && test.holds(facts) == Truth::Unknown).map(|test| test.fact)
    }
}
