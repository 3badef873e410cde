//! Nouns: the rule language as written, file by file. `rules/README.md` tells what each key means.

use serde::Deserialize;

use crate::tree::Field;

/// A list, each of whose items may be faulty by itself.
pub type Fields<T> = Field<Vec<Field<T>>>;

macro_rules! written {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(default)]
        #[allow(missing_docs)]
        pub struct $name { $(pub $field: $type,)* })*
    };
}

/// Rules: each has an id and versions; each version has a head besides what its kind says.
macro_rules! written_rules {
    ($($(#[$doc:meta])* $rule:ident { $($fixed:ident: $fixed_type:ty,)* } $version:ident { $($field:ident: $type:ty,)* })*) => {
        written! {
            $($(#[$doc])* $rule {
                id: Field<String>,
                exception_to: Fields<String>,
                $($fixed: $fixed_type,)*
                version: Fields<$version>,
            }
            /// A version of it.
            $version {
                from: Field<String>,
                until: Field<String>,
                verified: Field<String>,
                standing: Field<Standing>,
                cite: Fields<Cite>,
                when: Field<When>,
                unless: Fields<Unless>,
                notes: Fields<Note>,
                $($field: $type,)*
            })*
        }
        $(
            impl WrittenRule for $rule {
                type Version = $version;
                fn id(&self) -> &Field<String> { &self.id }
                fn exception_to(&self) -> &Fields<String> { &self.exception_to }
                fn versions(&self) -> &Fields<$version> { &self.version }
            }
            impl WrittenVersion for $version {
                fn head(&self) -> Head<'_> {
                    Head {
                        from: &self.from, until: &self.until, verified: &self.verified, standing: &self.standing,
                        cite: &self.cite, when: &self.when, unless: &self.unless, notes: &self.notes,
                    }
                }
            }
        )*
    };
}

/// What all rules share.
pub trait WrittenRule {
    /// Its versions.
    type Version: WrittenVersion;
    /// The key `id`.
    fn id(&self) -> &Field<String>;
    /// The key `exception_to`.
    fn exception_to(&self) -> &Fields<String>;
    /// The tables `version`.
    fn versions(&self) -> &Fields<Self::Version>;
}

/// What all versions share.
pub trait WrittenVersion {
    /// The keys that every version has.
    fn head(&self) -> Head<'_>;
}

/// The keys that every version has.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Head<'w> {
    pub from: &'w Field<String>,
    pub until: &'w Field<String>,
    pub verified: &'w Field<String>,
    pub standing: &'w Field<Standing>,
    pub cite: &'w Fields<Cite>,
    pub when: &'w Field<When>,
    pub unless: &'w Fields<Unless>,
    pub notes: &'w Fields<Note>,
}

written! {
    /// `pack.toml`.
    PackFile {
        id: Field<String>,
        version: Field<String>,
        utc_offset_hours: Field<i32>,
        languages: Fields<String>,
        covered_from: Field<String>,
        weekend: Fields<Weekday>,
        stale_after_days: Field<i32>,
        attention_days: Field<i32>,
        permit: Field<String>,
        purposes: Fields<String>,
        employers: Fields<String>,
        work: Fields<String>,
        housing_owners: Fields<String>,
        relations: Fields<String>,
        filing_channels: Fields<String>,
        travel_documents: Fields<TravelDocument>,
        permits: Fields<Permit>,
        age_groups: Fields<AgeGroup>,
    }
    /// An item of `travel_documents`.
    TravelDocument { id: Field<String>, accepted_as: Field<String>, }
    /// An item of `permits`.
    Permit { id: Field<String>, days_per_entry: Field<bool>, open_ended: Field<bool>, }
    /// An item of `age_groups`.
    AgeGroup { id: Field<String>, below: Field<u32>, }
    /// `sources.toml`.
    SourcesFile { source: Fields<Source>, }
    /// `[[source]]`.
    Source { id: Field<String>, url: Field<String>, }
    /// `categories.toml`.
    CategoriesFile { category: Fields<Category>, }
    /// `stay.toml`.
    StayFile {
        entry_document: Fields<EntryDocument>,
        stay_limit: Fields<StayLimit>,
        uncovered: Fields<Uncovered>,
        sanction: Fields<Sanction>,
        passport_margin: Fields<PassportMargin>,
    }
    /// `duties.toml`.
    DutiesFile { duty: Fields<Duty>, channel: Fields<Channel>, advice: Fields<Advice>, }
    /// `permit.toml`.
    PermitFile {
        permit_service: Fields<PermitService>,
        permit_threshold: Fields<PermitThreshold>,
        permit_exemption: Fields<PermitExemption>,
        permit_eligibility: Fields<PermitEligibility>,
        permit_term: Fields<PermitTerm>,
        late_filing: Fields<LateFiling>,
        channel: Fields<Channel>,
    }
    /// `documents.toml`.
    DocumentsFile { document_group: Fields<DocumentGroup>, document: Fields<Document>, }
    /// `[[document_group]]`.
    DocumentGroup { id: Field<String>, chosen_by: Field<String>, }
    /// `questions.toml`.
    QuestionsFile { open_question: Fields<OpenQuestion>, }
    /// `[[open_question]]`.
    OpenQuestion { id: Field<String>, rules: Fields<String>, decision: Field<String>, reason: Field<String>, }
    /// `calendar/YEAR.toml`.
    CalendarFile {
        year: Field<i32>,
        verified: Field<String>,
        standing: Field<Standing>,
        cite: Fields<Cite>,
        holiday: Fields<Holiday>,
        day_off: Fields<DayOff>,
        moved: Fields<Moved>,
    }
    /// `[[holiday]]`.
    Holiday { name: Field<String>, on: Field<String>, observed: Field<String>, estimated_by_days: Field<i32>, cite: Fields<Cite>, }
    /// `[[day_off]]`.
    DayOff { name: Field<String>, on: Field<String>, estimated_by_days: Field<i32>, cite: Fields<Cite>, }
    /// `[[moved]]`.
    Moved { off: Field<String>, worked: Field<String>, cite: Fields<Cite>, }
    /// An item of `cite`.
    Cite { source: Field<String>, at: Field<String>, sentence: Field<String>, standing: Field<Standing>, }
    /// An item of `notes`.
    Note { code: Field<String>, level: Field<Level>, text: Field<String>, }
    /// `when`: any of a list, all of the keys.
    When {
        category: Fields<String>,
        document_kind: Fields<String>,
        purpose: Fields<String>,
        basis: Fields<String>,
        employer: Fields<String>,
        work: Fields<String>,
        permit_exempt: Fields<bool>,
        channel: Fields<String>,
        housing_owner: Fields<String>,
        relation: Fields<String>,
        age: Fields<String>,
    }
    /// An item of `unless`.
    Unless {
        category: Fields<String>,
        document_kind: Fields<String>,
        purpose: Fields<String>,
        basis: Fields<String>,
        employer: Fields<String>,
        work: Fields<String>,
        permit_exempt: Fields<bool>,
        channel: Fields<String>,
        housing_owner: Fields<String>,
        relation: Fields<String>,
        age: Fields<String>,
        because: Field<String>,
        only_if_stated: Field<bool>,
    }
    /// An item of a sanction's `steps`.
    SanctionStep { up_to_days: Field<i32>, at: Field<String>, text: Field<String>, }
}

written_rules! {
    /// `[[category]]`.
    Category { shown: Field<bool>, } CategoryVersion { members: Fields<String>, }
    /// `[[entry_document]]`.
    EntryDocument {} EntryDocumentVersion { accepts: Fields<String>, }
    /// `[[stay_limit]]`.
    StayLimit {} StayLimitVersion {
        window: Field<Window>,
        max_days: Field<i32>,
        counts_from: Field<String>,
        not_counted: Fields<String>,
    }
    /// `[[uncovered]]`.
    Uncovered {} UncoveredVersion { status: Field<UncoveredStatus>, applies: Field<UncoveredScope>, text: Field<String>, }
    /// `[[sanction]]`.
    Sanction {} SanctionVersion { steps: Fields<SanctionStep>, }
    /// `[[passport_margin]]`.
    PassportMargin {} PassportMarginVersion { months: Field<u32>, }
    /// `[[duty]]`.
    Duty { deadline: Field<String>, } DutyVersion {
        event: Field<Event>,
        who: Field<Who>,
        kind: Field<DeadlineKind>,
        term: Field<Term>,
        done_by: Field<DoneBy>,
        stays_of_days: Field<i32>,
        after: Field<String>,
        needs_document: Field<String>,
        horizon_days: Field<i32>,
    }
    /// `[[channel]]`.
    Channel { procedure: Field<String>, url: Field<String>, } ChannelVersion {
        recommended: Field<bool>,
        conditions: Fields<String>,
    }
    /// `[[advice]]`.
    Advice {} AdviceVersion {}
    /// `[[permit_service]]`.
    PermitService {} PermitServiceVersion { fee: Field<String>, processing_working_days: Field<u32>, }
    /// `[[permit_threshold]]`.
    PermitThreshold {} PermitThresholdVersion { days: Field<i32>, }
    /// `[[permit_exemption]]`.
    PermitExemption {} PermitExemptionVersion { because: Field<String>, }
    /// `[[permit_eligibility]]`.
    PermitEligibility {} PermitEligibilityVersion { warning: Field<String>, }
    /// `[[permit_term]]`.
    PermitTerm {} PermitTermVersion { max_years: Field<u32>, renewable: Field<bool>, capped_by: Fields<Cap>, }
    /// `[[late_filing]]`.
    LateFiling {} LateFilingVersion { days: Field<i32>, text: Field<String>, }
    /// `[[document]]`.
    Document { document: Field<String>, procedure: Field<String>, form: Field<String>, group: Field<String>, } DocumentVersion {}
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident $(($content:ty))?,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum $name { $($variant $(($content))?,)* })*
    };
}

words! {
    /// `standing`.
    Standing { Law, Official, Secondary, Article, Inferred, }
    /// `level`.
    Level { Info, Warning, }
    /// An item of `weekend`.
    Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, }
    /// `status` of `[[uncovered]]`.
    UncoveredStatus { VisaRequired, NotCovered, }
    /// `applies` of `[[uncovered]]`.
    UncoveredScope { Always, PastLastDay, Everything, }
    /// `who`.
    Who { Host, Person, Owner, Employer, }
    /// `kind` of `[[duty]]`.
    DeadlineKind { Duty, Limit, Advice, }
    /// An item of `capped_by`.
    Cap { Contract, TravelDocument, }
    /// `event`.
    Event { Entry, Arrival, Move, Submission, EmployerChange, Birthday(u32), }
    /// `done_by`.
    DoneBy { Notified, Registered, Permit(String), Document(String), }
}

/// `window`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Window {
    #[serde(rename = "per-entry")]
    PerEntry,
    #[serde(rename = "rolling_days")]
    RollingDays(i32),
    #[serde(rename = "calendar-year")]
    CalendarYear,
    #[serde(rename = "permit")]
    Permit,
}

/// `term`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Term {
    WorkingDays(u32),
    CalendarDays(i32),
    DayNumber(i32),
    Hours(u32),
}
