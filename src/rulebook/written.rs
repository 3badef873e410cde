//! The rule language as written: what all kinds of rules share, and the files without rules. The comment of each key is
//! what an editor shows of it; `rules/README.md` describes the language as a whole.

use schemars::{Schema, json_schema};

use super::kind::Kind;
use super::{Level, Standing};
use crate::facts::Fact;
use crate::source::Span;
use crate::tree::Field;
use crate::tree::schema::written;

/// A list, each of whose items may be faulty by itself.
pub type Fields<T> = Field<Vec<Field<T>>>;

/// The items of a list that could be read, with their places.
pub(super) fn items<T>(list: &Fields<T>) -> impl Iterator<Item = (&T, Span)> {
    list.get().into_iter().flatten().filter_map(Field::place)
}

/// Words of the rule language. A comment on a variant would change the published schemas.
macro_rules! words {
    ($($(#[$about:meta])* $name:ident { $($variant:ident = $word:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, databake::Bake)]
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        #[databake(path = trp_check::rulebook)]
        #[schemars(inline)]
        pub enum $name { $(#[serde(rename = $word)] $variant,)* }

        impl $name {
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    )*};
}
pub(crate) use words;

words! {
    /// An item of `weekend`.
    Weekday {
        Monday = "monday", Tuesday = "tuesday", Wednesday = "wednesday", Thursday = "thursday", Friday = "friday",
        Saturday = "saturday", Sunday = "sunday",
    }
}

/// The values that are wanted of a fact: words of the pack, or truths.
pub(super) enum Wanted<'w> {
    Words(&'w Fields<String>),
    Truths(&'w Fields<bool>),
}

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
                /// Kinds of positions.
                position: Fields<String> [filled],
                /// Whether the law frees the person from a work permit.
                permit_exempt: Fields<bool> [filled],
                /// Places where the permit is applied for.
                channel: Fields<String> [filled],
                /// Owners of the housing.
                housing_owner: Fields<String> [filled],
                /// Who invites to join a family.
                inviter: Fields<String> [filled],
                /// `self` (the applicant), or relations of family members.
                relation: Fields<String> [filled],
                /// Groups of ages.
                age: Fields<String> [filled],
                $($(#[$says])* $field: $type,)*
            })*
        }
        $(impl $name {
            /// The values that are wanted of each fact.
            pub(super) fn facts(&self) -> [(Fact, Wanted<'_>); 13] {
                use Wanted::{Truths, Words};
                [
                    (Fact::Category, Words(&self.category)),
                    (Fact::DocumentKind, Words(&self.document_kind)),
                    (Fact::Purpose, Words(&self.purpose)),
                    (Fact::Basis, Words(&self.basis)),
                    (Fact::Employer, Words(&self.employer)),
                    (Fact::Work, Words(&self.work)),
                    (Fact::Position, Words(&self.position)),
                    (Fact::PermitExempt, Truths(&self.permit_exempt)),
                    (Fact::Channel, Words(&self.channel)),
                    (Fact::HousingOwner, Words(&self.housing_owner)),
                    (Fact::Inviter, Words(&self.inviter)),
                    (Fact::Relation, Words(&self.relation)),
                    (Fact::Age, Words(&self.age)),
                ]
            }
        })*
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

/// Rules as written, in a module of that name: each has an id and versions; each version has a head besides what its
/// kind says. Other tables that they hold stand behind a semicolon.
macro_rules! written_rules {
    ($(
        $(#[$about:meta])* $rule:ident {
            $($(#[$fixed_says:meta])* $fixed:ident: $fixed_type:ty $([$($fixed_mark:ident)+])?,)*
        }
        $(#[$shape:meta])* $version:ident { $($(#[$says:meta])* $field:ident: $type:ty $([$($mark:ident)+])?,)* }
    )* $(; $($tables:tt)*)?) => {
        pub mod written {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use crate::rulebook::written::{Cite, Fields, Head, Note, Unless, When, WrittenRule};
            use crate::rulebook::Standing;
            use crate::tree::{Field, schema::written};

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
                $($($tables)*)?
            }
            $(
                impl WrittenRule for $rule {
                    type Version = $version;
                    fn id(&self) -> &Field<String> { &self.id }
                    fn exception_to(&self) -> &Fields<String> { &self.exception_to }
                    fn versions(&self) -> &Fields<$version> { &self.version }
                    fn head(of: &$version) -> Head<'_> {
                        Head {
                            from: &of.from, until: &of.until, verified: &of.verified, standing: &of.standing,
                            cite: &of.cite, when: &of.when, unless: &of.unless, notes: &of.notes,
                        }
                    }
                }
            )*
        }
    };
}
pub(crate) use written_rules;

/// What all rules share.
pub trait WrittenRule {
    type Version;
    fn id(&self) -> &Field<String>;
    fn exception_to(&self) -> &Fields<String>;
    fn versions(&self) -> &Fields<Self::Version>;
    /// The keys that every version has.
    fn head(of: &Self::Version) -> Head<'_>;
}

#[derive(Clone, Copy)]
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
        /// Kinds of positions.
        positions: Fields<String> [filled],
        /// Who may own the housing.
        housing_owners: Fields<String> [filled],
        /// Who invites to join a family.
        inviters: Fields<String> [filled],
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
        /// Whether a number of entries is printed on it.
        entries: Field<bool>,
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
        kind: Field<Kind> [needed],
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
}

/// For kinds whose rules have no exceptions: where one is not to hold beside another, the other says so in `unless`.
pub(super) fn has_no_exceptions(schema: &mut Schema) {
    leave_out(schema, &["exception_to"]);
}

/// Takes keys out of a schema that the checker refuses.
pub(super) fn leave_out(schema: &mut Schema, keys: &[&str]) {
    if let Some(properties) = schema.get_mut("properties").and_then(|properties| properties.as_object_mut()) {
        properties.retain(|key, _| !keys.contains(&key.as_str()));
    }
}

/// An exemption without a fact would hold for everybody.
fn asks_for_a_fact(schema: &mut Schema) {
    let asks = |fact: Fact| json_schema!({ "required": [fact.key()], "additionalProperties": true });
    schema.insert("anyOf".to_owned(), Fact::ALL.map(asks).to_vec().into());
}
