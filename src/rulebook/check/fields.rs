//! Single values of a table: what is missing, what is no day, what nothing else in the pack is called.

use std::rc::Rc;

use super::{Checker, MAX_VALUES};
use crate::calendar::Day;
use crate::facts::Fact;
use crate::rulebook::written::{Fields, items};
use crate::source::{Code, Fault, List, Span, Text};
use crate::tree::{self, Field};

impl Checker<'_> {
    pub(crate) fn required<'f, T>(&mut self, field: &'f Field<T>, key: &str, table: Span) -> Option<(&'f T, Span)> {
        if field.is_absent() {
            self.report(Fault::new(Code::MissingKey, table).with("key", key));
        }
        field.place()
    }

    pub(crate) fn value<T: Clone>(&mut self, field: &Field<T>, key: &str, table: Span) -> Option<T> {
        self.required(field, key, table).map(|(value, _)| value.clone())
    }

    pub(crate) fn text_of(&mut self, field: &Field<String>, key: &str, table: Span) -> Text {
        self.value(field, key, table).unwrap_or_default().into()
    }

    pub(crate) fn number<T: Copy + Default + PartialOrd + ToString>(
        &mut self,
        field: &Field<T>,
        key: &str,
        table: Span,
        least: T,
    ) -> T {
        let Some((number, span)) = self.required(field, key, table) else {
            return T::default();
        };
        if *number < least {
            self.report(Fault::new(Code::OutOfRange, span).with("found", number.to_string()));
        }
        *number
    }

    pub(crate) fn day(&mut self, field: &Field<String>) -> Option<Day> {
        let (written, span) = field.place()?;
        let fault = match Day::parse(written) {
            Ok(day) if (Day::FIRST..=Day::LAST).contains(&day) => return Some(day),
            Ok(_) => {
                let fault = Fault::new(Code::DayOutOfRange, span).with("found", written);
                fault.with("first", Day::FIRST).with("last", Day::LAST)
            }
            Err(_) => tree::day_fault(written, span),
        };
        self.report(fault);
        None
    }

    pub(crate) fn required_day(&mut self, field: &Field<String>, key: &str, table: Span) -> Day {
        let _ = self.required(field, key, table);
        self.day(field).unwrap_or(Day::FIRST)
    }

    pub(crate) fn required_items<'f, T>(&mut self, list: &'f Fields<T>, key: &str, table: Span) -> Vec<(&'f T, Span)> {
        if let Some((items, span)) = self.required(list, key, table)
            && items.is_empty()
        {
            self.report(Fault::new(Code::EmptyList, span).with("key", key));
        }
        items(list).collect()
    }

    pub(crate) fn ids(&mut self, list: &Fields<String>, key: &str, table: Span) -> List<Text> {
        let mut ids: Vec<Text> = Vec::new();
        for (id, span) in self.required_items(list, key, table) {
            if ids.iter().any(|known| known == id) {
                self.report(Fault::new(Code::DuplicateId, span).with("id", id));
            }
            self.limit(ids.len(), span);
            ids.push(id.clone().into());
        }
        ids.into()
    }

    /// A step must end above the one before it; only the last one has no end.
    pub(crate) fn rises<T: PartialOrd>(&mut self, before: Option<Option<T>>, end: Option<T>, span: Span) {
        if before.is_some_and(|before| before.is_none() || end.is_some_and(|end| Some(end) <= before)) {
            self.report(Fault::new(Code::StepsNotRising, span));
        }
    }

    pub(crate) fn is_open_at_the_end<T>(&mut self, last: Option<Option<T>>, span: Span) {
        if last.flatten().is_some() {
            self.report(Fault::new(Code::StepsNotRising, span));
        }
    }

    /// Refuses a value where there are so many already.
    pub(crate) fn limit(&mut self, there: usize, span: Span) {
        if there == MAX_VALUES {
            self.report(Fault::new(Code::TooMany, span).with("max", MAX_VALUES));
        }
    }

    /// Refuses a key that has no meaning for this kind of rule: passing it over would hide what was meant.
    pub(crate) fn refuse<T>(&mut self, field: &Field<T>, key: &'static str) {
        if let Some((_, place)) = field.place() {
            self.report(Fault::new(Code::NotForThisKind, place).with("key", key));
        }
    }

    pub(crate) fn url(&mut self, field: &Field<String>) -> Option<Text> {
        let (url, place) = field.place()?;
        if !url.starts_with("https://") {
            self.report(Fault::new(Code::NotHttps, place).with("found", url));
        }
        Some(Text::from(url.clone()))
    }

    /// The place of a word in a list of known ones.
    pub(crate) fn place_of(&mut self, word: &str, span: Span, known: &[&str]) -> Option<u8> {
        let at = known.iter().position(|known| *known == word);
        if at.is_none() {
            let fault = Fault::new(Code::UnknownValue, span).with("found", word).with("allowed", known.join(", "));
            self.report(fault.suggesting(word, known.iter().copied()));
        }
        at.and_then(|at| u8::try_from(at).ok())
    }

    pub(crate) fn refer<'k, K>(&mut self, id: &str, span: Span, known: K) -> Option<u16>
    where
        K: IntoIterator<Item = &'k str, IntoIter: Clone>,
    {
        let known = known.into_iter();
        let at = known.clone().position(|known| known == id);
        if at.is_none() {
            self.report(Fault::new(Code::UnknownReference, span).with("found", id).suggesting(id, known));
        }
        at.and_then(|at| u16::try_from(at).ok())
    }

    pub(crate) fn sibling(&mut self, id: &str, span: Span) -> Option<u16> {
        let siblings = Rc::clone(&self.siblings);
        self.refer(id, span, siblings.iter().map(String::as_str))
    }

    pub(crate) fn value_of(&mut self, fact: Fact, word: &str, span: Span) -> Option<u8> {
        let vocabulary = Rc::clone(&self.vocabulary);
        self.place_of(word, span, &vocabulary.values(fact))
    }

    /// A kind of permit, by its place in the vocabulary.
    pub(crate) fn permit_kind(&mut self, word: &str, span: Span) -> Option<u8> {
        let vocabulary = Rc::clone(&self.vocabulary);
        let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
        self.permits_used.insert(word.to_owned());
        self.place_of(word, span, &kinds)
    }

    /// A document of the matrix, by its public id.
    pub(crate) fn document(&mut self, id: &str, span: Span) -> Text {
        let vocabulary = Rc::clone(&self.vocabulary);
        self.refer(id, span, vocabulary.documents.iter().map(|id| &**id));
        id.to_owned().into()
    }

    /// An amount that fines are counted in, by the place of its rule in the list.
    pub(crate) fn amount(&mut self, field: &Field<String>, table: Span) -> u16 {
        let vocabulary = Rc::clone(&self.vocabulary);
        let id = self.required(field, "of", table);
        let at = id.and_then(|(id, span)| self.refer(id, span, vocabulary.amounts.iter().map(|id| &**id)));
        at.unwrap_or_default()
    }

    /// A group of documents, by its place in the list.
    pub(crate) fn group(&mut self, id: &str, span: Span) -> Option<u8> {
        let groups = Rc::clone(&self.groups);
        self.groups_used.insert(id.to_owned());
        self.place_of(id, span, &groups.iter().map(|id| &**id).collect::<Vec<_>>())
    }

    /// Notes that the words for `table.id` are needed, and gives the key.
    pub(crate) fn needs_text(&mut self, table: &str, id: &str, span: Span) -> Text {
        let key = format!("{table}.{id}");
        if !id.is_empty() {
            self.texts_needed.entry(key.clone()).or_insert(span);
        }
        key.into()
    }

    /// Notes that a deadline is named, to the person and to the host.
    pub(crate) fn names_deadline(&mut self, id: &str, span: Span) {
        self.needs_text("deadline", id, span);
        self.needs_text("deadline_host", id, span);
    }

    /// An id for which words in a table of the texts are needed.
    pub(crate) fn named(&mut self, field: &Field<String>, key: &str, table: &str, span: Span) -> Text {
        let id = self.text_of(field, key, span);
        self.needs_text(table, &id, span);
        id
    }

    /// The key of a text whose id is written.
    pub(crate) fn key_of(&mut self, field: &Field<String>, key: &str, table: &str, span: Span) -> Text {
        let id = self.required(field, key, span);
        id.map(|(id, place)| self.needs_text(table, id, place)).unwrap_or_default()
    }

    pub(crate) fn place_in_act(&mut self, field: &Field<String>, span: Span) -> Text {
        let at = self.text_of(field, "at", span);
        if !at.is_empty() {
            self.places_needed.entry(format!("place.{at}")).or_insert(span);
        }
        at
    }
}
