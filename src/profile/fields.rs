//! The table of the fields of a profile: the one place that names them all.
//!
//! Flags, columns of lists, `FACT=VALUE`, the reader, the schema, the echo of an answer and the template are loops
//! over it. A field whose value is a word needs a row here and nothing else: its value lives in the
//! [`FactSet`](crate::facts::FactSet) of the profile.

use std::sync::LazyLock;

use super::scan::KeyLetters;
use crate::facts::Fact;

/// What a field is stated of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The whole case; members of the family cannot state it.
    Case,
    /// Each person: the applicant and every member of the family.
    Person,
    /// A member of the family.
    Member,
    /// A stay.
    Stay,
    /// A change of address during a stay.
    Move,
    /// A permit.
    Permit,
}

/// How the value of a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// A country, by its code or name.
    Country,
    /// A day.
    Day,
    /// A day, or a day with a time.
    Moment,
    /// A day, or `no` for something that was not done.
    DayOrNo,
    /// A whole number of days.
    Number,
    /// `yes` or `no`.
    YesNo(Fact),
    /// A word of the pack.
    Word(Fact),
    /// Ids of documents.
    Documents,
    /// Runs of days, or tables of [`Owner::Stay`].
    Stays,
    /// Days, or tables of [`Owner::Move`].
    Moves,
    /// Packed permits, or tables of [`Owner::Permit`].
    Permits,
    /// Tables of persons.
    Family,
}

/// What the table says of a field.
#[derive(Debug)]
pub struct Row {
    pub field: Field,
    pub owner: Owner,
    /// Where a profile states it; `[]` stands for each item of a list.
    pub path: &'static str,
    pub form: Form,
    /// What its flag and `FACT=VALUE` call it; empty where it is only written inside another field.
    pub flag: &'static str,
    /// The header of its column in a list; empty where it has none.
    pub column: &'static str,
    /// Under which heading of the help its flag stands, as the message files call it.
    pub group: &'static str,
    /// Whether its item or table is of no use without it.
    pub is_needed: bool,
    /// Whether its flag stands in the short help, too.
    pub is_usual: bool,
    /// What a person with an editor is told of it: the description in the schema.
    pub about: &'static str,
}

macro_rules! fields {
    ($($name:ident $owner:ident $path:literal $form:expr, $flag:literal $column:literal $group:literal $about:literal $($mark:ident)*;)*) => {
        /// A field of a profile, by its place in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field { $($name,)* }

        /// The table, in the order in which fields are written.
        pub static FIELDS: [Row; [$(Field::$name),*].len()] = [$(Row {
            field: Field::$name,
            owner: Owner::$owner,
            path: $path,
            form: $form,
            flag: $flag,
            column: $column,
            group: $group,
            is_needed: false $(|| fields!(needed $mark))*,
            is_usual: false $(|| fields!(usual $mark))*,
            about: $about,
        },)*];
    };
    (needed needed) => { true };
    (usual usual) => { true };
    ($asked:ident $mark:ident) => { false };
}

use Form::{Country, Day, DayOrNo, Documents, Family, Moment, Moves, Number, Permits, Stays, Text, Word, YesNo};

fields! {
    Id Case "id" Text, "id" "id" "you" "Your own number for the person, echoed.";
    Relation Member "family[].relation" Word(Fact::Relation), "" "" "" "What they are to the applicant." needed;
    Name Person "name" Text, "name" "name" "you" "The name, echoed.";
    Citizenship Person "citizenship" Country, "citizenship" "citizenship" "you"
        "A country, by its code (`RU`, `RUS`) or its name; or `stateless`." needed usual;
    BirthDate Person "birth_date" Day, "birth-date" "birth_date" "you" "Left out: treated as an adult.";
    DocumentKind Person "travel_document.kind" Word(Fact::DocumentKind), "document-kind" "travel_document.kind" "you"
        "Its kind.";
    DocumentExpires Person "travel_document.expires" Day, "document-expires" "travel_document.expires" "you"
        "The last day it is valid.";
    Purpose Case "purpose" Word(Fact::Purpose), "purpose" "purpose" "stay" "What the person comes for." usual;
    Stays Person "stays" Stays, "stay" "stays" "stay"
        "Every stay in the country, past, present and planned, in any order." usual;
    Entry Stay "stays[].entry" Day, "" "" "" "The day of entry." needed;
    Exit Stay "stays[].exit" Day, "exit" "" "stay"
        "The day of exit, past or planned; left out: not known, and still in the country once entered.";
    ArrivedAtHost Stay "stays[].arrived_at_host" Day, "arrived-at-host" "arrived_at_host" "stay"
        "The day of arrival at the host, if later than the entry.";
    Notified Stay "stays[].notified" DayOrNo, "notified" "notified" "stay"
        "The day on which the host notified the arrival; `false`: it was not done; left out: not known." usual;
    Registered Stay "stays[].registered" DayOrNo, "registered" "registered" "stay"
        "The day on which the person registered; `false`: it was not done; left out: not known.";
    Moves Stay "stays[].moves" Moves, "moved" "moved" "stay" "Changes of address during the stay.";
    MovedOn Move "stays[].moves[].on" Day, "" "" "" "The day." needed;
    MoveNotified Move "stays[].moves[].notified" DayOrNo, "" "" ""
        "The day on which the new host notified it; `false`: it was not done; left out: not known.";
    MoveRegistered Move "stays[].moves[].registered" DayOrNo, "" "" ""
        "The day on which the person registered; `false`: it was not done; left out: not known.";
    Permits Person "permits" Permits, "permit" "permits" "stay" "Visas and residence permits." usual;
    PermitKind Permit "permits[].kind" Word(Fact::Basis), "" "" "" "Its kind." needed;
    PermitFrom Permit "permits[].from" Day, "" "" "" "The first day." needed;
    PermitUntil Permit "permits[].until" Day, "" "" "" "The last day; left out only where its kind may have no end.";
    DaysPerEntry Permit "permits[].days_per_entry" Number, "days-per-entry" "" "stay"
        "The days of each stay, where they are printed on it.";
    PermitEntries Permit "permits[].entries" Number, "entries" "" "stay" "How many entries it allows.";
    Employer Case "employment.employer" Word(Fact::Employer), "employer" "employment.employer" "work" "The kind of employer." usual;
    Work Case "employment.work" Word(Fact::Work), "work" "employment.work" "work" "The kind of work.";
    Position Case "employment.position" Word(Fact::Position), "position" "employment.position" "work" "The kind of position: head, specialist, other.";
    PermitExempt Case "employment.permit_exempt" YesNo(Fact::PermitExempt), "permit-exempt" "employment.permit_exempt" "work"
        "Whether the law frees the person from a work permit.";
    PermissionUntil Case "employment.permission_until" Day, "permission-until" "employment.permission_until" "work"
        "The last day of the work permission.";
    ContractUntil Case "employment.contract_until" Day, "contract-until" "employment.contract_until" "work"
        "The last day of the contract.";
    ChangedOn Case "employment.changed_on" Day, "changed-on" "employment.changed_on" "work"
        "The day on which the employer changed.";
    HousingOwner Case "housing.owner" Word(Fact::HousingOwner), "housing-owner" "housing.owner" "work" "Who owns it.";
    Channel Case "filing.channel" Word(Fact::Channel), "channel" "filing.channel" "work" "Where it is filed.";
    FilingOn Case "filing.on" Moment, "filing-on" "filing.on" "work" "When: a day, or a day with a time.";
    DocumentsHeld Person "documents_held" Documents, "held" "documents_held" "work" "Documents at hand, by id.";
    FinedOn Case "fined_on" Day, "fined-on" "fined_on" "stay" "The day of the decision that fined an overstay.";
    Inviter Case "inviter" Word(Fact::Inviter), "inviter" "inviter" "you" "Who invites to join a family.";
    Family Case "family" Family, "" "" "" "Members of the family.";
}

/// Fields that are taken to have their usual value where they are not given; an answer says so.
pub const ASSUMED: [Field; 3] = [Field::DocumentKind, Field::BirthDate, Field::Permits];

impl Field {
    pub fn row(self) -> &'static Row {
        &FIELDS[self as usize]
    }

    pub fn path(self) -> &'static str {
        self.row().path
    }

    pub fn form(self) -> Form {
        self.row().form
    }

    /// The last part of its path: its key in the table that holds it.
    pub fn key(self) -> &'static str {
        let path = self.path();
        path.rsplit_once('.').map_or(path, |(_, key)| key)
    }

    /// Where rules are asked for the value of a fact, the field that states it; `None` for what no field states.
    pub fn of_fact(fact: Fact) -> Option<Self> {
        let states = |row: &&Row| matches!(row.form, Word(known) | YesNo(known) if known == fact);
        FIELDS.iter().find(states).map(|row| row.field)
    }

    /// The field that decides what rules are told of a fact.
    pub fn deciding(fact: Fact) -> Self {
        match fact {
            Fact::Category => Self::Citizenship,
            Fact::Basis => Self::Permits,
            Fact::Age => Self::BirthDate,
            fact => Self::of_fact(fact).unwrap_or(Self::Citizenship),
        }
    }

    /// The field with this path or flag.
    pub fn named(name: &str) -> Option<Self> {
        let is_called = |row: &&Row| row.path == name || (!row.flag.is_empty() && row.flag == name);
        FIELDS.iter().find(is_called).map(|row| row.field)
    }
}

/// Several fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(u64);

impl FieldSet {
    pub fn add(&mut self, field: Field) {
        self.0 |= 1 << field as u64;
    }

    pub const fn has(self, field: Field) -> bool {
        self.0 >> field as u64 & 1 == 1
    }
}

/// The keys that a table may have, and what each of them holds.
#[derive(Debug, Default)]
pub struct Table {
    pub keys: Vec<&'static str>,
    pub(super) letters: Vec<KeyLetters>,
    pub(super) members: Vec<Member>,
    /// The fields of the table that must be given.
    must_have: FieldSet,
}

/// What a key of a table holds.
#[derive(Debug)]
pub(crate) enum Member {
    Value(Field),
    /// A table that only groups fields, such as `employment`.
    Group(Table),
}

impl Table {
    /// The table of the fields that `is_here`, with their paths below `prefix`.
    fn of(prefix: &str, is_here: impl Fn(&Row) -> bool) -> Self {
        let mut table = Self::default();
        for row in FIELDS.iter().filter(|row| is_here(row)) {
            let path = row.path.strip_prefix(prefix).unwrap_or(row.path);
            match path.split_once('.') {
                None => table.add(path, Member::Value(row.field)),
                Some((group, key)) => {
                    if table.keys.last() != Some(&group) {
                        table.add(group, Member::Group(Self::default()));
                    }
                    if let Some(Member::Group(group)) = table.members.last_mut() {
                        group.add(key, Member::Value(row.field));
                    }
                }
            }
        }
        table
    }

    fn add(&mut self, key: &'static str, member: Member) {
        self.keys.push(key);
        self.letters.push(KeyLetters::of(key));
        if let Member::Value(field) = member
            && field.row().is_needed
        {
            self.must_have.add(field);
        }
        self.members.push(member);
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'static str, &Member)> {
        self.keys.iter().copied().zip(&self.members)
    }

    /// The fields that are keys of the table itself.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, Field)> {
        self.entries().filter_map(|(key, member)| match member {
            Member::Value(field) => Some((key, *field)),
            Member::Group(_) => None,
        })
    }

    /// Whether all fields that must be given are among these.
    pub(super) const fn has_all(&self, given: FieldSet) -> bool {
        self.must_have.0 & !given.0 == 0
    }

    /// The fields of the table that must be given.
    pub(super) fn needed(&self) -> impl Iterator<Item = Field> {
        self.fields().map(|(_, field)| field).filter(|field| self.must_have.has(*field))
    }
}

/// The tables that a profile is made of.
#[derive(Debug)]
pub struct Tables {
    pub profile: Table,
    pub member: Table,
    pub stay: Table,
    pub a_move: Table,
    pub permit: Table,
}

/// Made once, when a profile is first read.
pub static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    profile: Table::of("", |row| matches!(row.owner, Owner::Case | Owner::Person)),
    member: Table::of("family[].", |row| matches!(row.owner, Owner::Member | Owner::Person)),
    stay: Table::of("stays[].", |row| row.owner == Owner::Stay),
    a_move: Table::of("stays[].moves[].", |row| row.owner == Owner::Move),
    permit: Table::of("permits[].", |row| row.owner == Owner::Permit),
});
