//! An answer in one line, for staff lists: what is wrong, why, and which days matter.

pub mod table;

use std::borrow::Cow;

use super::Words;
use super::csv::harmless;
use super::json::text;
use super::words::inert;
use crate::assess::{CachedRules, Decision, MissingFacts, Why};
use crate::assessment::DeadlineDecision;
use crate::calendar::Day;
use crate::profile::scan::is_plain;

macro_rules! row {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// The line of one person. Keys are relied on by others.
        #[derive(Clone, Debug, Default, schemars::JsonSchema)]
        pub struct SummaryRow<'a> {
            /// Where several lists are read: which one.
            #[schemars(skip_serializing_if = "Option::is_none")]
            pub file: Option<&'a str>,
            $($(#[$doc])* pub $name: $type,)*
            /// With an earlier answer: the ids in `why` that did not stand there then; null without an id.
            #[schemars(skip_serializing_if = "Option::is_none")]
            pub new: Option<Option<Ids<'a>>>,
            #[schemars(skip)]
            pub kept: Kept<'a>,
        }

        /// The names of the columns that all rows have, in order.
        pub const COLUMNS: &[&str] = &[$(stringify!($name),)*];

        impl SummaryRow<'_> {
            pub fn write_json(&self, out: &mut Vec<u8>) {
                out.push(b'{');
                if self.file.is_some() {
                    out.extend_from_slice(b"\"file\":");
                    self.file.write_json(out);
                    out.push(b',');
                }
                $(
                    out.extend_from_slice(concat!("\"", stringify!($name), "\":").as_bytes());
                    self.$name.write_json(out);
                    out.push(b',');
                )*
                if let Some(new) = &self.new {
                    out.extend_from_slice(b"\"new\":");
                    new.write_json(out);
                    out.push(b',');
                }
                for (name, value) in self.kept.pairs() {
                    name.write_json(out);
                    out.push(b':');
                    value.write_json(out);
                    out.push(b',');
                }
                out.pop();
                out.extend_from_slice(b"}\n");
            }

            /// The values in the order of [`header`]; where words are given, in these.
            pub fn cells(&self, words: Option<&Words<'_>>) -> Vec<Cell<'_>> {
                let mut cells = Vec::with_capacity(COLUMNS.len());
                cells.extend(self.file.map(|file| Cell::Text(Cow::Borrowed(file))));
                $(cells.push(self.$name.cell(words));)*
                cells.extend(self.new.as_ref().map(|new| new.cell(words)));
                cells.extend(self.kept.pairs().map(|(_, value)| Cell::Text(Cow::Borrowed(value.unwrap_or_default()))));
                cells
            }
        }
    };
}

row! {
    line: u64,
    id: Option<Id<'a>>,
    name: Option<&'a str>,
    citizenship: Option<Named<'a>>,
    /// The whole answer in one word; `error` for a line that cannot be read.
    status: Word,
    /// What makes the status, of the person or the family: duties that are late, not recorded or due soon, by their ids;
    /// warnings, by their codes; `overstay`, `exit-too-late`, `entry-not-allowed`, `not-covered`.
    why: Ids<'a>,
    stay: Option<Word>,
    basis: Option<PackWord<'a>>,
    last_day: Option<Day>,
    /// Days left after today.
    days_left: Option<i32>,
    days_over: Option<i32>,
    /// Days used of the limit that ends the stay, else of the first one.
    used: Option<i32>,
    /// The day of the earliest open duty or limit of the person or the family: late, not recorded, or ahead.
    next_due: Option<Day>,
    /// Its id.
    next_what: Option<PackWord<'a>>,
    /// Who has to act.
    next_who: Option<Word>,
    /// The day by which the arrival (or a move) must be notified.
    notify_by: Option<Day>,
    notify_status: Option<Word>,
    /// The day by which the person must register.
    register_by: Option<Day>,
    register_status: Option<Word>,
    trp: Option<Word>,
    file_by: Option<Day>,
    /// The last day of the permit in use.
    permit_until: Option<Day>,
    /// The last day of the travel document.
    document_until: Option<Day>,
    missing: Missing<'a>,
    error: Option<&'a str>,
}

/// The columns of rows in order: with that of the file where several lists are read, with what is new since an earlier
/// answer, and with those kept of the list.
pub fn header(has_file: bool, has_new: bool, kept: &[String]) -> impl Iterator<Item = &str> {
    let file = has_file.then_some("file");
    file.into_iter()
        .chain(COLUMNS.iter().copied())
        .chain(has_new.then_some("new"))
        .chain(kept.iter().map(|name| &**name))
}

/// A kept column that is called like another column of a row, which would be lost.
pub fn clash(kept: &[String]) -> Option<&str> {
    let is_known = |name: &str| matches!(name, "file" | "new") || COLUMNS.contains(&name);
    let mut all = kept.iter().enumerate();
    all.find(|(at, name)| is_known(name) || kept[..*at].contains(name)).map(|(_, name)| &**name)
}

/// The columns that a row keeps of its list: their headers, and the text of each cell of this person.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept<'a> {
    pub names: &'a [String],
    pub values: &'a [String],
}

impl<'a> Kept<'a> {
    fn pairs(self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let value = move |at: usize| self.values.get(at).map(|value| &**value);
        self.names.iter().enumerate().map(move |(at, name)| (&**name, value(at)))
    }
}

/// The id of a person, as the list gives it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Id<'a>(pub &'a str);

/// A word of the program's own, and the table of its texts: nothing in it is ever escaped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word(&'static str, &'static str);

/// A word of the pack, and the tables of its texts.
#[derive(Clone, Copy, Debug, Default)]
pub struct PackWord<'a>(&'a str, &'static [&'static str]);

/// The code of a country, and its name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named<'a>(&'a str, &'a str);

macro_rules! texts_in_json {
    ($($type:ty)*) => {$(
        impl schemars::JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                String::schema_name()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                String::json_schema(generator)
            }
        }
    )*};
}
texts_in_json! { Id<'_> Word PackWord<'_> Named<'_> }

#[derive(Clone, Debug, Default, schemars::JsonSchema)]
pub struct Ids<'a>(#[schemars(with = "Vec<String>")] pub Why<'a>);

/// Facts that are missing, shown by their names.
#[derive(Clone, Copy, Debug, Default, schemars::JsonSchema)]
pub struct Missing<'a>(#[schemars(with = "Vec<String>")] Option<&'a MissingFacts<'a>>);

impl Missing<'_> {
    fn names(&self) -> impl Iterator<Item = Cow<'static, str>> {
        self.0.into_iter().flat_map(MissingFacts::names)
    }
}

/// Where the texts of what is due stand, those for lists first.
pub(super) const DEADLINES: &[&str] = &["deadline_host", "deadline"];
const WHY: &[&str] = &["deadline_host", "deadline", "why"];

/// The text of an id in the first of some tables that has one; else the id.
pub(super) fn named<'k, 'w: 'k>(words: &Words<'w>, tables: &[&str], id: &'k str) -> &'k str {
    tables.iter().map(|table| words.of(table, id)).find(|text| *text != id).unwrap_or(id)
}

/// A value of a row, as tables have it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Id(Cow<'a, str>),
    Text(Cow<'a, str>),
    Number(i64),
    Day(Day),
}

impl Cell<'_> {
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Id(id) => Cell::Id(Cow::Owned(id.into_owned())),
            Self::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Self::Number(number) => Cell::Number(number),
            Self::Day(day) => Cell::Day(day),
        }
    }

    /// As CSV has it. No text begins a formula; an id does not where a spreadsheet will read it, else it stays as it is, to
    /// be found again in the list.
    pub fn csv(&self, is_for_excel: bool) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Id(id) if !is_for_excel => inert(id),
            Self::Id(text) | Self::Text(text) => harmless(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Day(day) => Cow::Owned(day.to_string()),
        }
    }
}

/// Written without going through a serializer, which would cost as much as the answer.
trait Value {
    fn write_json(&self, out: &mut Vec<u8>);

    fn cell(&self, words: Option<&Words<'_>>) -> Cell<'_>;
}

impl Value for &str {
    fn write_json(&self, out: &mut Vec<u8>) {
        if is_plain(self) {
            quoted(self, out);
        } else {
            text::append(out, self);
        }
    }

    fn cell(&self, _: Option<&Words<'_>>) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(self))
    }
}

/// A text that needs no escape.
fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn list<T: AsRef<str>>(items: impl Iterator<Item = T>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        item.as_ref().write_json(out);
    }
    out.push(b']');
}

macro_rules! values {
    ($(|$value:ident: $type:ty, $out:ident, $words:pat_param| $json:expr, $cell:expr;)*) => {$(
        impl Value for $type {
            fn write_json(&self, $out: &mut Vec<u8>) {
                let $value = self;
                $json;
            }

            fn cell(&self, $words: Option<&Words<'_>>) -> Cell<'_> {
                let $value = self;
                $cell
            }
        }
    )*};
}

values! {
    |id: Id<'_>, out, _| id.0.write_json(out), Cell::Id(Cow::Borrowed(id.0));
    |word: Word, out, words| quoted(word.0, out), in_words(words, &[word.1], word.0);
    |word: PackWord<'_>, out, words| word.0.write_json(out), in_words(words, word.1, word.0);
    |named: Named<'_>, out, words| quoted(named.0, out), Cell::Text(Cow::Borrowed(words.map_or(named.0, |_| named.1)));
    |day: Day, out, _| write_day(*day, out), Cell::Day(*day);
    |number: u64, out, _| number_to(*number, out), Cell::Number(i64::try_from(*number).unwrap_or(i64::MAX));
    |number: i32, out, _| number_to(*number, out), Cell::Number((*number).into());
    |ids: Ids<'_>, out, words| list(ids.0.ids().iter(), out), Cell::Text(Cow::Owned(ids.text(words)));
    |missing: Missing<'_>, out, _| list(missing.names(), out),
        Cell::Text(Cow::Owned(missing.names().collect::<Vec<_>>().join(" ")));
}

fn write_day(day: Day, out: &mut Vec<u8>) {
    let &[y1, y2, y3, y4, dash, m1, m2, _, d1, d2] = day.text().as_bytes();
    out.extend_from_slice(&[b'"', y1, y2, y3, y4, dash, m1, m2, dash, d1, d2, b'"']);
}

fn number_to(number: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// The text of a word where words are given. It may be as short-lived as these, so that it is kept.
fn in_words<'k>(words: Option<&Words<'_>>, tables: &[&str], id: &'k str) -> Cell<'k> {
    Cell::Text(words.map_or(Cow::Borrowed(id), |words| Cow::Owned(named(words, tables, id).to_owned())))
}

impl Ids<'_> {
    /// The ids with semicolons between them; where words are given, in these.
    fn text(&self, words: Option<&Words<'_>>) -> String {
        match words {
            None => self.0.ids().join(";"),
            Some(words) => {
                let texts: Vec<&str> = self.0.ids().iter().map(|id| named(words, WHY, id)).collect();
                texts.join("; ")
            }
        }
    }
}

impl<T: Value> Value for Option<T> {
    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write_json(out),
            None => out.extend_from_slice(b"null"),
        }
    }

    fn cell(&self, words: Option<&Words<'_>>) -> Cell<'_> {
        self.as_ref().map_or(Cell::Empty, |value| value.cell(words))
    }
}

impl<'a> SummaryRow<'a> {
    /// The row of a person on a line of a list. `rules` are those that were asked for the decision.
    pub fn of(
        decision: &'a Decision<'a>,
        rules: &CachedRules<'a>,
        words: &Words<'a>,
        (file, line): (Option<&'a str>, u64),
    ) -> Self {
        let case = &decision.applicant;
        let (person, stay) = (case.person, &case.stay);
        let limit = stay.limits.iter().find(|limit| limit.is_binding).or_else(|| stay.limits.first());
        let (notification, registration) = (decision.notification(), case.registration(rules));
        let (next, permit) = (decision.next(), case.permit.as_ref());
        let day = |deadline: Option<&DeadlineDecision<'_>>| deadline?.due.map(|due| due.day);
        let status = |deadline: &DeadlineDecision<'_>| Word(deadline.status.name(), "compare_deadline");
        Self {
            file,
            line,
            id: decision.profile.id.as_deref().map(Id),
            name: person.name.as_deref(),
            citizenship: Some(Named(words.country_code(person.citizenship), words.country(person.citizenship))),
            status: Word(decision.status.name(), "compare_status"),
            why: Ids(decision.why(rules)),
            stay: Some(Word(stay.status.name(), "compare_stay")),
            basis: Some(PackWord(stay.basis, &["basis"])),
            last_day: stay.last_day,
            days_left: stay.days_left,
            days_over: Some(stay.days_over),
            used: limit.map(|limit| limit.used),
            next_due: day(next),
            next_what: next.map(|next| PackWord(next.id, DEADLINES)),
            next_who: next.map(|next| Word(next.who.name(), "who")),
            notify_by: day(notification),
            notify_status: notification.map(status),
            register_by: day(registration),
            register_status: registration.map(status),
            trp: permit.map(|permit| Word(permit.status.name(), "compare_trp")),
            file_by: permit.and_then(|permit| permit.file_by),
            permit_until: day(case.permit_end()),
            document_until: person.document_expires,
            missing: Missing(Some(&decision.missing)),
            error: None,
            new: None,
            kept: Kept::default(),
        }
    }

    pub fn of_error((file, line): (Option<&'a str>, u64), id: Option<&'a str>, error: &'a str) -> Self {
        let status = Word("error", "batch_cell");
        Self { file, line, id: id.map(Id), status, error: Some(error), ..Self::default() }
    }

    /// Its status, as a key.
    pub const fn status(&self) -> &'static str {
        self.status.0
    }
}

/// The days, from today on, on which something of an answer falls due.
pub fn due_days<'a>(decision: &'a Decision<'_>) -> impl Iterator<Item = Day> + 'a {
    let deadlines = decision.persons().flat_map(|person| &person.deadlines);
    deadlines.filter(|deadline| !deadline.status.is_done()).filter_map(|deadline| deadline.due).map(|due| due.day)
}
