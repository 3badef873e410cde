//! Nouns: the rule language as written, file by file. `rules/README.md` tells it as a whole; the comment
//! of each key is what an editor shows of it.

mod shapes;
mod words;

pub use self::words::{
    Cap, DeadlineKind, DoneBy, Event, Level, Standing, Term, UncoveredScope, UncoveredStatus, Weekday, Who, Window,
};
use super::outline::Kind;
use crate::facts::Fact;
use crate::tree::Field;
use crate::tree::schema::written;
use shapes::{asks_for_a_fact, asks_for_notes, days_unless_permit, has_no_exceptions, only_lists};

/// A list, each of whose items may be faulty by itself.
pub type Fields<T> = Field<Vec<Field<T>>>;

/// Tables of conditions: the facts that may be asked, and what else each of them says.
macro_rules! written_conditions {
    ($($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $field:ident: $type:ty,)* })*) => {
        written! {
            $($(#[$about])* $name {
                /// Categories of citizenship: ids in `categories.toml`.
                category: Fields<String> [filled],
                /// Kinds of travel documents.
                document_kind: Fields<String> [filled],
                /// Purposes of stay.
                purpose: Fields<String> [filled],
                /// What the stay rests on: `visa-free`, or kinds of permits.
                basis: Fields<String> [filled],
                /// Kinds of employers.
                employer: Fields<String> [filled],
                /// Kinds of work.
                work: Fields<String> [filled],
                /// Whether the law frees the person from a work permit.
                permit_exempt: Fields<bool> [filled],
                /// Places where the permit is applied for.
                channel: Fields<String> [filled],
                /// Owners of the housing.
                housing_owner: Fields<String> [filled],
                /// `self` (the applicant), or relations of family members.
                relation: Fields<String> [filled],
                /// Groups of ages.
                age: Fields<String> [filled],
                $($(#[$says])* $field: $type,)*
            })*
        }
    };
}

written_conditions! {
    /// Whom something is about: any value of a list, all of the keys.
    When {}
    /// An exemption: any value of a list, all of the keys.
    #[schemars(transform = asks_for_a_fact)]
    Unless {
        /// Why: a key under `[because]` of the texts.
        because: Field<String>,
        /// Whether it has to be claimed: while its facts are unknown, the answer is not conditional.
        only_if_stated: Field<bool>,
    }
}

/// Rules: each has an id and versions; each version has a head besides what its kind says.
macro_rules! written_rules {
    ($(
        $(#[$about:meta])* $rule:ident {
            $($(#[$fixed_says:meta])* $fixed:ident: $fixed_type:ty $([$($fixed_mark:ident)+])?,)*
        }
        $(#[$shape:meta])* $version:ident { $($(#[$says:meta])* $field:ident: $type:ty $([$($mark:ident)+])?,)* }
    )*) => {
        written! {
            $($(#[$about])* $rule {
                /// Its name, never changed: explanations, questions and cases use it.
                id: Field<String> [needed],
                /// Rules of the same kind, by id, that it is an exception to: where both hold, the exception wins.
                exception_to: Fields<String>,
                $($(#[$fixed_says])* $fixed: $fixed_type $([$($fixed_mark)+])?,)*
                /// What it says, and from when: the version in force on the day of the event decides.
                version: Fields<$version> [needed filled],
            }
            /// A version: kept when the law changes, with `until`; the new one is added below it.
            $(#[$shape])* $version {
                /// The first day on which it holds.
                from: Field<String> [needed day],
                /// The last day on which it holds; left out: still in force.
                until: Field<String> [day],
                /// The day on which somebody last compared it with the source.
                verified: Field<String> [needed day],
                /// What it rests on: `law` (text of the act read), `official` (page of a state body), `secondary`
                /// (press, consultant), `article` (an article only), `inferred` (a reading; no
                /// source says it in words).
                standing: Field<Standing> [needed],
                /// Where it is written.
                cite: Fields<Cite> [needed filled],
                /// For whom it holds; left out: for everybody.
                when: Field<When>,
                /// For whom it does not hold, though `when` does: where any of the list holds.
                unless: Fields<Unless>,
                /// What an answer that uses this version must also say.
                notes: Fields<Note>,
                $($(#[$says])* $field: $type $([$($mark)+])?,)*
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
    /// The pack as a whole: jurisdiction, version, clock, first covered day, and the words of rules and profiles.
    PackFile {
        /// The name of the pack, as answers give it.
        id: Field<String> [needed],
        /// The day of its last change, or any other text that tells versions apart.
        version: Field<String> [needed],
        /// Hours that its one clock is ahead of UTC.
        #[schemars(range(min = -12, max = 14))]
        utc_offset_hours: Field<i32> [needed],
        /// Languages; each has a file `text/LANG.toml`.
        languages: Fields<String> [needed filled],
        /// Stays entered before this day are not covered.
        covered_from: Field<String> [needed day],
        /// Days of the week that are not worked.
        weekend: Fields<Weekday>,
        /// A rule verified more than so many days ago is called old.
        stale_after_days: Field<i32> [needed positive],
        /// A duty due within so many days asks for action.
        attention_days: Field<i32> [needed natural],
        /// The kind of permit that `permit.toml` is about, one of `permits`.
        permit: Field<String>,
        /// Purposes of stay.
        purposes: Fields<String> [filled],
        /// Kinds of employers.
        employers: Fields<String> [filled],
        /// Kinds of work.
        work: Fields<String> [filled],
        /// Who may own the housing.
        housing_owners: Fields<String> [filled],
        /// Relations of family members to the applicant.
        relations: Fields<String> [filled],
        /// Places where the permit is applied for.
        filing_channels: Fields<String> [filled],
        /// Kinds of travel documents; the first is taken where a profile names none.
        travel_documents: Fields<TravelDocument> [needed filled],
        /// Kinds of permits that a person may hold.
        permits: Fields<Permit>,
        /// Groups of ages, rising; the first group that fits counts.
        age_groups: Fields<AgeGroup> [needed filled],
    }
    /// A kind of travel document.
    TravelDocument {
        /// Its word in profiles and rules.
        id: Field<String> [needed],
        /// The kind it counts as at the border; left out: itself.
        accepted_as: Field<String>,
    }
    /// A kind of permit.
    Permit {
        /// Its word in profiles and rules.
        id: Field<String> [needed],
        /// Whether a number of days for each entry is printed on it.
        days_per_entry: Field<bool>,
        /// Whether it may have no last day.
        open_ended: Field<bool>,
    }
    /// A group of ages.
    AgeGroup {
        /// Its word in rules.
        id: Field<String> [needed],
        /// Only ages below so many full years; left out (in the last group): all others.
        below: Field<u32>,
    }
    /// The acts and pages that rules may cite.
    SourcesFile {
        /// An act, page or report; its title is a text under `[source]`.
        source: Fields<Source>,
    }
    /// An act, page or report; its title is a text under `[source]`.
    Source {
        /// The name by which rules cite it.
        id: Field<String> [needed],
        /// Where it can be read; left out where no address is known.
        url: Field<String> [https],
    }
    /// Which citizens belong to which category, by day.
    CategoriesFile {
        /// A group of citizenships; a person may be in several.
        category: Fields<Category>,
    }
    /// With which document one enters, how long one may stay, whom no rule covers, what an overstay costs.
    StayFile {
        /// Travel documents that are enough to enter.
        entry_document: Fields<EntryDocument>,
        /// How many days one may stay.
        stay_limit: Fields<StayLimit>,
        /// Whose stay the pack does not decide.
        uncovered: Fields<Uncovered>,
        /// What an overstay costs.
        sanction: Fields<Sanction>,
        /// How long the travel document should outlive the stay.
        passport_margin: Fields<PassportMargin>,
    }
    /// What must be done after an event: by whom, within which term, through which channel.
    DutiesFile {
        /// Something to be done within a term.
        duty: Fields<Duty>,
        /// A place or page where it can be done.
        channel: Fields<Channel>,
        /// What an answer says without a day.
        advice: Fields<Advice>,
    }
    /// The permit that the pack decides on: cost, time, who needs it and from when, for how long, where to file.
    PermitFile {
        /// What it costs and how long it takes.
        permit_service: Fields<PermitService>,
        /// From which day of a stay it is needed.
        permit_threshold: Fields<PermitThreshold>,
        /// Who neither needs nor gets it.
        permit_exemption: Fields<PermitExemption>,
        /// Who can normally have it.
        permit_eligibility: Fields<PermitEligibility>,
        /// For how long it is issued.
        permit_term: Fields<PermitTerm>,
        /// Until when after the end of the stay it can still be asked for.
        late_filing: Fields<LateFiling>,
        /// A place or page where it can be asked for.
        channel: Fields<Channel>,
    }
    /// Which papers belong to which application, for whom and when: the document matrix.
    DocumentsFile {
        /// A column of the matrix, as people know it.
        matrix_column: Fields<MatrixColumn>,
        /// Documents of which one is enough while a fact is unknown.
        document_group: Fields<DocumentGroup>,
        /// A document that is required where a version in force applies.
        document: Fields<Document>,
    }
    /// A column of the document matrix, as people know it; its name is a text under `[matrix]`.
    MatrixColumn {
        /// Its name.
        id: Field<String> [needed],
        /// Whose column it is; left out: everybody's.
        when: Field<When>,
        /// Whose it is not, though `when` holds.
        unless: Fields<When>,
    }
    /// Documents of which one is enough while a fact is unknown; their name is a text under `[group]`.
    DocumentGroup {
        /// Its name.
        id: Field<String> [needed],
        /// The fact that decides which of them is needed.
        #[schemars(extend("enum" = Fact::ALL.map(Fact::key)))]
        chosen_by: Field<String> [needed],
    }
    /// Where the sources differ or are silent, and what the pack does about it.
    QuestionsFile {
        /// A point where the sources differ or are silent.
        open_question: Fields<OpenQuestion>,
    }
    /// A point where the sources differ or are silent.
    OpenQuestion {
        /// Its name.
        id: Field<String> [needed],
        /// The rules that rest on the decision, by id.
        rules: Fields<String> [needed filled],
        /// What the pack does: a key under `[question]` of the texts.
        decision: Field<String> [needed],
        /// Why it is open: a key under `[question]` of the texts.
        reason: Field<String> [needed],
        /// The cases that no rule answers because of it.
        leaves_open: Fields<LeftOpen>,
    }
    /// Cases that no rule of a kind answers, and it is known why not.
    LeftOpen {
        /// The kind of rule, as its table is called.
        #[schemars(extend("enum" = Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>()))]
        kind: Field<String> [needed],
        /// Whose cases; left out: everybody's.
        when: Field<When>,
        /// Whose not, though `when` holds.
        unless: Fields<When>,
    }
    /// The days of one year that are off, or worked in place of others.
    CalendarFile {
        /// The year; all days of the file lie in it.
        #[schemars(range(min = 2000))]
        year: Field<i32> [needed],
        /// The day on which somebody last compared the file with its sources.
        verified: Field<String> [needed day],
        /// What the file rests on: `law`, `official`, `secondary`, `article` or `inferred`.
        standing: Field<Standing> [needed],
        /// Where it is written.
        cite: Fields<Cite>,
        /// A day off that moves to the next working day when it falls on a day off.
        holiday: Fields<Holiday>,
        /// A day off that never moves.
        day_off: Fields<DayOff>,
        /// A working day and a day off that a decree exchanges.
        moved: Fields<Moved>,
    }
    /// A day off that moves to the next working day when it falls on a day off.
    Holiday {
        /// A key under `[holiday]` of the texts.
        name: Field<String> [needed],
        /// The day.
        on: Field<String> [needed day],
        /// The day it moves to; given only where it moves, and checked.
        observed: Field<String> [day],
        /// By how many days it may still move; left out: certain.
        estimated_by_days: Field<i32>,
        /// Where it is written, if not where the file says.
        cite: Fields<Cite>,
    }
    /// A day off that never moves.
    DayOff {
        /// A key under `[holiday]` of the texts.
        name: Field<String> [needed],
        /// The day.
        on: Field<String> [needed day],
        /// By how many days it may still move; left out: certain.
        estimated_by_days: Field<i32>,
        /// Where it is written, if not where the file says.
        cite: Fields<Cite>,
    }
    /// A working day and a day off that a decree exchanges.
    Moved {
        /// The working day that is off.
        off: Field<String> [needed day],
        /// The day of a weekend, or the holiday, that is worked.
        worked: Field<String> [needed day],
        /// The decree.
        cite: Fields<Cite>,
    }
    /// A place in a source.
    Cite {
        /// The source, by its id in `sources.toml`.
        source: Field<String> [needed],
        /// The place in it: an article, a point, a page.
        at: Field<String> [needed],
        /// Its words, where they were read; else left out.
        sentence: Field<String>,
        /// What this place is, where it differs from the standing of the version.
        standing: Field<Standing>,
    }
    /// What an answer must also say.
    Note {
        /// The code that scripts see.
        code: Field<String> [needed],
        /// `warning` where ignoring it can do harm, else `info`.
        level: Field<Level> [needed],
        /// A key under `[note]` of the texts.
        text: Field<String> [needed],
    }
    /// What an overstay of so many days costs.
    SanctionStep {
        /// Up to so many days over; left out in the last step, and only there.
        up_to_days: Field<i32>,
        /// The place in the act.
        at: Field<String> [needed],
        /// A key under `[sanction]` of the texts.
        text: Field<String> [needed],
    }
}

written_rules! {
    /// A group of citizenships; its name is a text under `[category]`.
    #[schemars(transform = has_no_exceptions)]
    Category {
        /// `false` for a grouping that only rules ask for; left out: answers show it.
        shown: Field<bool>,
    }
    #[schemars(transform = only_lists)]
    CategoryVersion {
        /// Countries by ISO 3166-1 alpha-2, or `stateless`.
        members: Fields<String> [needed filled],
    }
    /// Travel documents that are enough to enter.
    EntryDocument {}
    EntryDocumentVersion {
        /// Kinds of travel documents.
        accepts: Fields<String> [needed filled],
    }
    /// How many days one may stay.
    StayLimit {}
    #[schemars(transform = days_unless_permit)]
    StayLimitVersion {
        /// In which window days are counted: each entry, `{ rolling_days = 180 }`, the calendar year, or as long as
        /// the permit lasts.
        window: Field<Window> [needed],
        /// The most days in the window; not with `permit`, where the stay ends with the permit.
        max_days: Field<i32> [positive],
        /// Only stays entered from this day on are counted.
        counts_from: Field<String> [day],
        /// Kinds of permits whose days are not counted.
        not_counted: Fields<String>,
    }
    /// Whose stay the pack does not decide.
    Uncovered {}
    UncoveredVersion {
        /// What the answer calls the stay.
        status: Field<UncoveredStatus> [needed],
        /// `always`: no limit is looked for. `past-last-day`: the limit holds, but days past it are not called an
        /// overstay. `everything`: the rules do not speak of such persons, nothing is asked of them.
        applies: Field<UncoveredScope> [needed],
        /// A key under `[uncovered]` of the texts.
        text: Field<String> [needed],
    }
    /// What an overstay costs.
    Sanction {}
    SanctionVersion {
        /// By days over, rising.
        steps: Fields<SanctionStep> [needed filled],
    }
    /// How long the travel document should outlive the stay.
    PassportMargin {}
    PassportMarginVersion {
        /// So many months.
        months: Field<u32> [needed positive],
    }
    /// Something to be done within a term.
    #[schemars(transform = has_no_exceptions)]
    Duty {
        /// The id that answers use; texts under `[deadline]` and `[deadline_done]`.
        deadline: Field<String> [needed],
    }
    DutyVersion {
        /// What it follows; `arrival` is that at the host, where it is known, else the entry; `{ birthday = 16 }` the
        /// day of that age. All versions of a duty have the event of the first.
        event: Field<Event> [needed],
        /// Who has to do it.
        who: Field<Who> [needed],
        /// `duty`: it must be done. `limit`: something ends. `advice`: it is wise.
        kind: Field<DeadlineKind> [needed],
        /// By when: `{ working_days = 3 }` (the day of the event is day 0), `{ calendar_days = 10 }` (event + 10),
        /// `{ day_number = 30 }` (the event is day 1), `{ hours = 24 }` (from the time, else the next day).
        term: Field<Term> [needed],
        /// What shows that it was done: `notified`, `registered`, `{ permit = "kind" }` (begun on or after the event),
        /// `{ document = "id" }` (held).
        done_by: Field<DoneBy> [needed],
        /// Only for stays open, or planned for at least so many days.
        stays_of_days: Field<i32>,
        /// Only after this duty was done or due: the id of a rule that stands earlier in the file.
        after: Field<String>,
        /// Only while this document is asked for.
        needs_document: Field<String>,
        /// Not shown while the event lies further ahead.
        horizon_days: Field<i32>,
    }
    /// A place or page where something is done.
    Channel {
        /// What is done there: a key under `[procedure]` of the texts.
        procedure: Field<String> [needed],
        /// The page, where there is one.
        url: Field<String> [https],
    }
    ChannelVersion {
        /// Whether it is the one to take.
        recommended: Field<bool>,
        /// What it takes: keys under `[condition]` of the texts.
        conditions: Fields<String>,
    }
    /// What an answer says without a day: its `notes` are printed where `when` holds.
    Advice {}
    #[schemars(transform = asks_for_notes)]
    AdviceVersion {}
    /// What the permit costs and how long it takes.
    PermitService {}
    PermitServiceVersion {
        /// A key under `[fee]` of the texts.
        fee: Field<String> [needed],
        /// Working days from filing to issue.
        processing_working_days: Field<u32> [needed],
    }
    /// From which day of a stay the permit is needed.
    PermitThreshold {}
    PermitThresholdVersion {
        /// Past this day of a stay.
        days: Field<i32> [needed positive],
    }
    /// Who neither needs nor gets the permit.
    PermitExemption {}
    PermitExemptionVersion {
        /// Why: a key under `[because]` of the texts.
        because: Field<String> [needed],
    }
    /// Who can normally have the permit: those for whom `when` holds.
    PermitEligibility {}
    PermitEligibilityVersion {
        /// What everybody else is told: a key under `[note]` of the texts.
        warning: Field<String> [needed],
    }
    /// For how long the permit is issued.
    PermitTerm {}
    PermitTermVersion {
        /// So many years at the most; left out: as long as needed.
        max_years: Field<u32>,
        /// Whether it can be had again.
        renewable: Field<bool> [needed],
        /// What it cannot outlast.
        capped_by: Fields<Cap>,
    }
    /// Until when after the end of the stay the permit can still be asked for.
    LateFiling {}
    LateFilingVersion {
        /// So many days.
        days: Field<i32> [needed positive],
        /// A key under `[note]` of the texts.
        text: Field<String> [needed],
    }
    /// A document that is required where a version in force applies.
    #[schemars(transform = has_no_exceptions)]
    Document {
        /// The id that answers and profiles use; a text under `[document]`.
        document: Field<String> [needed],
        /// The application it belongs to: a key under `[procedure]` of the texts.
        procedure: Field<String> [needed],
        /// In which form it is handed in: `copy`, `copy-original-shown`, `original`, `notarised`, `electronic`,
        /// `information`; a key under `[form]` of the texts.
        form: Field<String> [needed],
        /// The `[[document_group]]` it belongs to, where there is one.
        group: Field<String>,
    }
    DocumentVersion {}
}
