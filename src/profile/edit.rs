//! One fact by itself, `FACT=VALUE`: how it is named, and how it is set in a profile as written.
//!
//! A fact is named as the needs of an answer name it (`filing.channel`, `stays[].exit`, `family[0].birth_date`), or as
//! its flag is called (`channel`). Flags are such facts, too. Whatever is wrong with a value is found by the
//! [reader](super::read), as in any profile.

use std::borrow::Cow;

use super::fields::{FIELDS, Field, Form, Owner};
use super::forms::Piece;
use super::written::{Written, unpack_list};
use crate::calendar::Day;
use crate::rulebook::Vocabulary;
use crate::source::{Code, Fault, Span};
use crate::tree::{Node, Value};

/// A fact, as it is named from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactName {
    pub field: Field,
    /// The member of the family; `None` for the applicant.
    pub member: Option<usize>,
    /// Which of several stays or permits; `None` for the one that is meant without a number.
    nth: Option<usize>,
}

impl std::fmt::Display for FactName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(member) = self.member {
            write!(f, "family[{member}].")?;
        }
        match self.nth {
            Some(nth) => f.write_str(&self.path().replace("[]", &format!("[{nth}]"))),
            None => f.write_str(self.path()),
        }
    }
}

impl From<Field> for FactName {
    fn from(field: Field) -> Self {
        Self::of(None, field)
    }
}

/// What a fact that stands in an item of a list is looked for by.
struct Choice<'c> {
    today: Day,
    vocabulary: &'c Vocabulary,
}

impl FactName {
    /// A field of the applicant, or of a member of the family.
    pub const fn of(member: Option<usize>, field: Field) -> Self {
        Self { field, member, nth: None }
    }

    /// Reads the name of a fact.
    pub fn read(name: Piece<'_>) -> Result<Self, Fault> {
        let unknown = || {
            let known = FIELDS.iter().filter(|row| !row.flag.is_empty()).flat_map(|row| [row.path, row.flag]);
            Fault::new(Code::UnknownKey, name.span).with("key", name.text).suggesting(name.text, known)
        };
        let (member, rest) = match name.text.strip_prefix("family[") {
            None => (None, name.text),
            Some(rest) => {
                let (number, rest) = rest.split_once("].").ok_or_else(unknown)?;
                (Some(number.parse().map_err(|_| unknown())?), rest)
            }
        };
        let (nth, rest) = match rest.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once(']')?))) {
            Some((list, (number, after))) if !number.is_empty() => {
                (Some(number.parse().map_err(|_| unknown())?), Cow::Owned(format!("{list}[]{after}")))
            }
            _ => (None, Cow::Borrowed(rest)),
        };
        // Needs name the list of stays by its items.
        let rest = rest.strip_suffix("[]").unwrap_or(&rest);
        let field = Field::named(rest).filter(|field| !field.row().flag.is_empty()).ok_or_else(unknown)?;
        let is_of_item = matches!(field.row().owner, Owner::Stay | Owner::Permit);
        let is_of_case = field.row().owner == Owner::Case;
        if member.is_some() && is_of_case || nth.is_some() && !is_of_item {
            return Err(unknown());
        }
        Ok(Self { field, member, nth })
    }

    /// The fact that an answer calls so; `None` where it is none that can be stated alone.
    pub fn named(name: &str) -> Option<Self> {
        Self::read(Piece::new(name, 0, 0)).ok()
    }

    /// Where a profile of one person states it.
    pub fn path(&self) -> &'static str {
        if self.field == Field::Stays { "stays[]" } else { self.field.path() }
    }

    pub fn form(&self) -> Form {
        self.field.form()
    }

    /// Sets the fact in a profile, in place of what it says of it.
    pub fn set<'t>(
        &self,
        written: &mut Written<'t>,
        value: Node<'t>,
        vocabulary: &Vocabulary,
        today: Day,
    ) -> Result<(), Fault> {
        let place = value.span;
        let is_of_item = matches!(self.field.row().owner, Owner::Stay | Owner::Permit);
        let shared = written.root.get("stays").cloned();
        let mut person = &mut written.root;
        if let Some(member) = self.member {
            let unknown = || Fault::new(Code::UnknownReference, place).with("found", format!("family[{member}]"));
            person = match person.get_mut("family").map(|family| &mut family.value) {
                Some(Value::List(members)) => members.get_mut(member).ok_or_else(unknown)?,
                _ => return Err(unknown()),
            };
            if self.field.row().owner == Owner::Stay && person.get("stays").is_none() {
                // So far they share the stays of the applicant.
                if let Some(stays) = shared {
                    person.set("stays", stays);
                }
            }
        }
        if !is_of_item {
            self.path_in(person, place).set(self.field.key(), value);
            return Ok(());
        }
        let (list, field) = match self.field.row().owner {
            Owner::Stay => ("stays", Field::Stays),
            _ => ("permits", Field::Permits),
        };
        let missing = || match field {
            Field::Stays => Fault::new(Code::NoCurrentStay, place),
            _ => Fault::new(Code::MissingKey, place).with("key", list),
        };
        let items = person.get_mut(list).ok_or_else(missing)?;
        unpack_list(items, field)?;
        let Value::List(items) = &mut items.value else { return Err(missing()) };
        let at = self.nth.or_else(|| Choice { today, vocabulary }.of(self.field, items)).ok_or_else(missing)?;
        items.get_mut(at).ok_or_else(missing)?.set(self.field.key(), value);
        Ok(())
    }

    /// The table that holds the fact, begun where it was not there.
    fn path_in<'n, 't>(&self, person: &'n mut Node<'t>, place: Span) -> &'n mut Node<'t> {
        match self.field.path().split_once('.') {
            None => person,
            Some((group, _)) => person.get_or_begin(group, place),
        }
    }
}

impl Choice<'_> {
    /// The item that is meant where no number is given: the one that it must be said of, else one that it can be said
    /// of, else the last.
    fn of(&self, field: Field, items: &[Node<'_>]) -> Option<usize> {
        let first = |is_meant: &dyn Fn(&Node<'_>) -> bool| items.iter().position(is_meant);
        let last = |may_be: &dyn Fn(&Node<'_>) -> bool| items.iter().rposition(may_be);
        let is_open = |stay: &Node<'_>| stay.get("exit").is_none();
        let is_current = |stay: &Node<'_>| self.covers_today(stay, "entry", "exit");
        let may_say_it = |permit: &Node<'_>| permit.get(field.key()).is_none() && self.may_say(field, permit);
        let meant = match field {
            Field::Exit => first(&is_open).or_else(|| last(&is_current)),
            Field::DaysPerEntry | Field::PermitEntries => {
                let covers_today = |permit: &Node<'_>| self.covers_today(permit, "from", "until");
                first(&|permit| may_say_it(permit) && covers_today(permit)).or_else(|| last(&may_say_it))
            }
            _ => first(&is_current),
        };
        meant.or_else(|| items.len().checked_sub(1))
    }

    fn covers_today(&self, table: &Node<'_>, first: &str, last: &str) -> bool {
        let day = |key: &str| table.get(key)?.day();
        day(first).is_some_and(|first| first <= self.today)
            && (table.get(last).is_none() || day(last).is_some_and(|last| self.today <= last))
    }

    /// Whether the kind of a permit may limit the days of each stay, or the entries.
    fn may_say(&self, field: Field, permit: &Node<'_>) -> bool {
        let Some(Node { value: Value::Text(kind), .. }) = permit.get("kind") else { return false };
        let kind = self.vocabulary.permits.iter().find(|known| *known.id == **kind);
        kind.is_some_and(|kind| if field == Field::DaysPerEntry { kind.days_per_entry } else { kind.entries })
    }
}
