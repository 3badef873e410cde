//! From what is written to a profile that may be relied on, or to everything that is wrong with it: the one reader of
//! people. Where it reads from is a source.

mod records;
mod row;

use super::draft::{Buffers, Draft};
use super::fields::{Field, FieldSet, Form, Member, TABLES, Table};
use super::forms::ANY_DAY;
use super::scan::Scanner;
use super::source::{Known, Source, Tree};
use super::{FamilyMember, Person, Profile, Stay};
use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::facts::Fact;
use crate::rulebook::RuleBook;
use crate::source::{Code, Fault};
use crate::tree::Node;

pub use row::{PermitColumns, Role};

/// Reads people in the words of a rule pack, as of a day.
pub struct Reader<'q> {
    book: &'q RuleBook,
    countries: &'q Countries,
    today: Day,
    /// The words of each fact that a profile can state.
    words: [Vec<&'q str>; Fact::ALL.len()],
    documents: Vec<&'q str>,
}

impl<'q> Reader<'q> {
    pub fn new(book: &'q RuleBook, countries: &'q Countries, today: Day) -> Self {
        let words = Fact::ALL.map(|fact| {
            let mut words = if Field::of_fact(fact).is_some() { book.vocabulary.values(fact) } else { Vec::new() };
            words.drain(..first_written(fact).min(words.len()));
            words
        });
        let documents = book.vocabulary.documents.iter().map(|id| &**id).collect();
        Self { book, countries, today, words, documents }
    }

    /// The words that a profile can use for a fact, in the order of their numbers.
    pub fn words(&self, fact: Fact) -> &[&'q str] {
        &self.words[fact as usize]
    }

    /// Reads a profile from a tree. `Err` holds all faults in their order, those found before (`faults`) among them.
    pub fn tree(&self, root: &Node<'_>, mut faults: Vec<Fault>) -> Result<Profile, Vec<Fault>> {
        let mut draft = Draft::new(&mut Buffers::default());
        let mut from = Tree::of_node(root, &mut faults);
        // Where it is no table at all, that is noted, and so is what it lacks.
        let _ = self.members(&TABLES.profile, &mut from, &mut draft);
        let profile = Self::finished(&mut from, draft);
        done(profile, faults)
    }

    /// Reads a line of JSON, if it is certainly good; else it is to be read as a tree.
    pub fn line(&self, line: &str, buffers: &mut Buffers) -> Option<Profile> {
        let mut from = Scanner::new(line);
        let mut draft = Draft::new(buffers);
        self.members(&TABLES.profile, &mut from, &mut draft)?;
        if from.is_at_end() { Self::finished(&mut from, draft) } else { None }
    }

    fn members<'t, S: Source<'t>>(&self, table: &Table, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        from.table(table, |from, at| match &table.members[at] {
            Member::Value(field) => self.value(*field, from, draft),
            Member::Group(group) => self.members(group, from, draft),
        })
    }

    /// Reads the value of a field of a case or a person.
    fn value<'t, S: Source<'t>>(&self, field: Field, from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        draft.given.add(field);
        match field.form() {
            Form::Text => {
                let text = from.text()?;
                draft.set_text(field, &text);
            }
            Form::Country => draft.citizenship = Some(self.country(from)?),
            Form::Day => {
                let births = Day::FIRST_BIRTH..=self.today;
                draft.set_day(field, from.day(if field == Field::BirthDate { &births } else { &ANY_DAY })?);
            }
            Form::Moment => draft.filing_on = Some(from.moment()?),
            Form::YesNo(fact) => draft.facts = draft.facts.with(fact, Some(from.yes_no()?.into())),
            Form::Word(fact) => {
                let first = u8::try_from(first_written(fact)).unwrap_or_default();
                let number = self.word(fact, from)? + first;
                draft.facts = draft.facts.with(fact, Some(number));
            }
            Form::Documents => from.list(true, |from| {
                let meant = |word: &str| self.meant("document", &self.documents, word);
                let at = from.word(&Known { ids: &self.documents, meant: &meant })?;
                draft.held.push(self.book.vocabulary.documents[usize::from(at)].clone());
                Some(())
            })?,
            Form::Stays => self.stays(from, draft)?,
            Form::Permits => self.permits(from, draft)?,
            Form::Family => from.list(false, |from| {
                let mut member = Draft::of_a_member(from.place());
                self.members(&TABLES.member, from, &mut member)?;
                draft.family.push(member);
                Some(())
            })?,
            Form::DayOrNo | Form::Number | Form::Moves => {}
        }
        Some(())
    }

    fn word<'t, S: Source<'t>>(&self, fact: Fact, from: &mut S) -> Option<u8> {
        let ids = self.words(fact);
        from.word(&Known { ids, meant: &|word| self.meant(fact.table(), ids, word) })
    }

    /// The word that another spelling of it stands for: in any case, or as the pack calls it in one of its languages.
    fn meant<'k>(&self, table: &str, ids: &[&'k str], written: &str) -> Option<&'k str> {
        if written.len() > crate::source::LONGEST_WORD {
            return None;
        }
        let written = written.to_lowercase();
        let is_called = |id: &str| {
            let mut names = self.book.texts.iter().filter_map(|texts| texts.get_of(table, id));
            names.any(|name| name.to_lowercase() == written)
        };
        let mut called = ids.iter().filter(|id| **id == written || is_called(id));
        // Where two are called so nobody can tell which one is meant.
        called.next().copied().filter(|_| called.next().is_none())
    }

    fn country<'t, S: Source<'t>>(&self, from: &mut S) -> Option<Country> {
        let written = from.text()?;
        let found = self.countries.find(written.trim());
        if found.is_none() {
            let place = from.place();
            from.refuse(place, |place| {
                let fault = Fault::new(Code::UnknownCountry, place).with("found", &written);
                let Some(near) = self.countries.nearest(&written) else { return fault };
                let names = self.countries.names(near);
                fault.with("suggestion", &names.code).with("name", &names.en)
            })?;
        }
        found
    }

    /// Notes fields that must be there and are not.
    fn needed<'t, S: Source<'t>>(table: &Table, given: FieldSet, from: &mut S, place: S::Place) -> Option<()> {
        // Asked of every stay of a list: mostly nothing is missing.
        if table.has_all(given) {
            return Some(());
        }
        for field in table.needed().filter(|field| !given.has(*field)) {
            from.refuse(place, |place| Fault::new(Code::MissingKey, place).with("key", field.key()))?;
        }
        Some(())
    }

    /// The profile, once all is read. Faults of a case as a whole stand at its beginning.
    fn finished<'t, S: Source<'t>>(from: &mut S, mut draft: Draft<S::Place>) -> Option<Profile> {
        let nowhere = S::NOWHERE;
        let members = std::mem::take(&mut draft.family);
        Self::needed(&TABLES.profile, draft.given, from, nowhere)?;
        Self::put_in_order(from, &mut draft)?;
        let mut family = Vec::with_capacity(members.len());
        for mut member in members {
            Self::needed(&TABLES.member, member.given, from, member.place.unwrap_or(nowhere))?;
            Self::put_in_order(from, &mut member)?;
            if !member.given.has(Field::Stays) {
                // Who shares the stays of the applicant has them from birth on.
                let birth = member.birth_date.unwrap_or(Day::FIRST_BIRTH);
                let of_member = draft.stays.iter().filter(|stay| stay.exit.is_none_or(|exit| exit >= birth));
                member.stays = of_member.map(|stay| stay.not_before(birth)).collect();
            }
            let relation = member.facts.value(Fact::Relation).unwrap_or_default();
            family.push(member.person().map(|person| FamilyMember { relation: relation.saturating_sub(1), person }));
        }
        let assumed = super::fields::ASSUMED.into_iter().filter(|field| !draft.given.has(*field));
        let assumed = assumed.map(Field::path).collect();
        let facts = draft.facts.without(Fact::DocumentKind);
        let (id, days, filing_on) = (draft.id.take(), std::mem::take(&mut draft.days), draft.filing_on);
        let applicant: Person = draft.person()?;
        let family = family.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Profile { id, applicant, facts, days, filing_on, family, assumed })
    }

    /// Puts the stays of a person in order; they share no more than border days, and begin after the birth.
    fn put_in_order<'t, S: Source<'t>>(from: &mut S, draft: &mut Draft<S::Place>) -> Option<()> {
        let Draft { stays, stay_places: places, birth_date, .. } = draft;
        if let Some(birth) = *birth_date {
            for (stay, (_, place)) in stays.iter().zip(&*places).filter(|(stay, _)| stay.entry < birth) {
                from.refuse(*place, |place| {
                    Fault::new(Code::BeforeBirth, place).with("entry", stay.entry).with("birth", birth)
                })?;
            }
        }
        if !stays.is_sorted_by_key(Stay::order) {
            let mut both: Vec<_> = stays.drain(..).zip(places.drain(..)).collect();
            both.sort_by_key(|(stay, _)| stay.order());
            for (stay, place) in both {
                stays.push(stay);
                places.push(place);
            }
        }
        for (pair, (place, _)) in stays.windows(2).zip(places.iter().skip(1)) {
            let [before, after] = pair else { continue };
            match before.exit {
                None => from.refuse(*place, |place| {
                    let fault = Fault::new(Code::OpenStayFollowed, place).with("open", before.entry);
                    fault.with("entry", after.entry)
                })?,
                Some(exit) if exit > after.entry => from.refuse(*place, |place| {
                    let fault = Fault::new(Code::StaysOverlap, place).with("entry", after.entry);
                    fault.with("other", before.entry).with("exit", exit)
                })?,
                Some(_) => {}
            }
        }
        Some(())
    }
}

/// The profile, if nothing is wrong with it; else all faults, in the order of their places.
fn done(profile: Option<Profile>, mut faults: Vec<Fault>) -> Result<Profile, Vec<Fault>> {
    match profile {
        Some(profile) if faults.is_empty() => Ok(profile),
        _ => {
            faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
            Err(faults)
        }
    }
}

/// The number of the first value of a fact that a profile can state: nobody states to be without a permit, or to be the
/// applicant.
const fn first_written(fact: Fact) -> usize {
    matches!(fact, Fact::Basis | Fact::Relation) as usize
}
