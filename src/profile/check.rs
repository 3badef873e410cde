//! Nouns: from a profile as written to one that may be relied on, or to everything that is wrong with it.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::written as w;
use super::{Employment, FamilyMember, Filing, Moment, Move, Permit, Person, Profile, Record, Stay};
use crate::calendar::Day;
use crate::country::{Countries, Country};
use crate::facts::Fact;
use crate::rulebook::{RuleBook, Vocabulary};
use crate::source::{Code, Fault, Span, Text};
use crate::tree::{DayOrNo, Field, day_fault};

/// Checks a profile against the words of a rule pack, as of `today`. `Err` holds all faults, those
/// found while reading (`faults`) among them.
pub fn check(
    written: &w::WrittenProfile<'_>,
    mut faults: Vec<Fault>,
    book: &RuleBook,
    countries: &Countries,
    today: Day,
) -> Result<Profile, Vec<Fault>> {
    let mut checker = Checker { book, vocabulary: &book.vocabulary, countries, today, faults: Vec::new() };
    let profile = checker.profile(written);
    faults.append(&mut checker.faults);
    faults.sort_by_key(|fault| (fault.span.text, fault.span.start));
    if faults.is_empty() { Ok(profile) } else { Err(faults) }
}

/// What can be printed on a visa as the days of each stay.
pub(super) const DAYS_PER_ENTRY: std::ops::RangeInclusive<i32> = 1..=36_600;

struct Checker<'c> {
    book: &'c RuleBook,
    vocabulary: &'c Vocabulary,
    countries: &'c Countries,
    today: Day,
    faults: Vec<Fault>,
}

/// The first day that the law of any rule could ask for; a place holder in profiles that are refused.
const NO_COUNTRY: Country = Country(0);

impl Checker<'_> {
    fn say(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn profile(&mut self, written: &w::WrittenProfile<'_>) -> Profile {
        let vocabulary = self.vocabulary;
        let mut assumed = SmallVec::new();
        let document = written.travel_document.get();
        if document.is_none_or(|document| document.kind.is_absent()) {
            assumed.push("travel_document.kind");
        }
        if written.birth_date.is_absent() {
            assumed.push("birth_date");
        }
        if written.permits.is_absent() {
            assumed.push("permits");
        }
        let whole = Span::default();
        let citizenship = self.citizenship(&written.citizenship, whole);
        let applicant = self.person(PersonParts {
            name: &written.name,
            citizenship,
            birth_date: &written.birth_date,
            travel_document: &written.travel_document,
            documents_held: &written.documents_held,
            stays: &written.stays,
            permits: &written.permits,
        });
        let employment = match written.employment.get() {
            None => Employment::default(),
            Some(employment) => Employment {
                employer: self.word(&employment.employer, Fact::Employer.table(), &vocabulary.employers),
                work: self.word(&employment.work, Fact::Work.table(), &vocabulary.work),
                permit_exempt: employment.permit_exempt.get().copied(),
                contract_until: self.day(&employment.contract_until),
                changed_on: self.day(&employment.changed_on),
            },
        };
        let housing_owner = written
            .housing
            .get()
            .and_then(|housing| self.word(&housing.owner, Fact::HousingOwner.table(), &vocabulary.housing_owners));
        let filing = match written.filing.get() {
            None => Filing::default(),
            Some(filing) => Filing {
                channel: self.word(&filing.channel, Fact::Channel.table(), &vocabulary.filing_channels),
                on: self.moment(&filing.on),
            },
        };
        let mut family = Vec::new();
        for (member, span) in written.family.get().into_iter().flatten().filter_map(Field::place) {
            family.push(self.family_member(member, span, &applicant));
        }
        Profile {
            id: text(&written.id),
            purpose: self.word(&written.purpose, Fact::Purpose.table(), &vocabulary.purposes),
            applicant,
            employment,
            housing_owner,
            filing,
            family,
            assumed,
        }
    }

    fn family_member(&mut self, written: &w::FamilyMember<'_>, span: Span, applicant: &Person) -> FamilyMember {
        if written.relation.is_absent() {
            self.say(Fault::new(Code::MissingKey, span).with("key", "relation"));
        }
        // The first value of the fact is the applicant, whom a profile does not name as family.
        let relation =
            self.word(&written.relation, Fact::Relation.table(), &self.vocabulary.relations).unwrap_or_default();
        let citizenship = self.citizenship(&written.citizenship, span);
        let mut person = self.person(PersonParts {
            name: &written.name,
            citizenship,
            birth_date: &written.birth_date,
            travel_document: &written.travel_document,
            documents_held: &written.documents_held,
            stays: &written.stays,
            permits: &written.permits,
        });
        if written.stays.is_absent() {
            person.stays.clone_from(&applicant.stays);
        }
        FamilyMember { relation, person }
    }

    fn person(&mut self, parts: PersonParts<'_>) -> Person {
        let document = parts.travel_document.get();
        let birth_date = self.day_in(parts.birth_date, Day::FIRST_BIRTH, self.today);
        let vocabulary = self.vocabulary;
        let kinds = vocabulary.travel_documents.iter().map(|kind| &*kind.id);
        let document_kind = document
            .and_then(|document| self.one_of(&document.kind, Fact::DocumentKind.table(), kinds))
            .unwrap_or_default();
        let document_expires = document.and_then(|document| self.day(&document.expires));
        let mut held: Vec<Text> = Vec::new();
        for id in parts.documents_held.get().into_iter().flatten() {
            if let Some(at) = self.word(id, "document", &vocabulary.documents) {
                held.push(vocabulary.documents[usize::from(at)].clone());
            }
        }
        let stays = self.stays(parts.stays);
        self.are_after(birth_date, parts.stays);
        let permits = self.permits(parts.permits);
        Person {
            name: text(parts.name),
            citizenship: parts.citizenship,
            birth_date,
            document_kind,
            document_expires,
            stays,
            permits,
            held,
        }
    }

    // ---- words and days ----

    /// The number of a word among those known; `table` holds what they are called in the texts of the pack.
    fn one_of<'k>(
        &mut self,
        field: &w::Word<'_>,
        table: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<u8> {
        let (word, span) = field.place()?;
        let at = known.clone().position(|known| known == word);
        if at.is_none() {
            let all: Vec<&str> = known.clone().collect();
            let fault = Fault::new(Code::UnknownValue, span).with("found", word).with("allowed", all.join(", "));
            let called = known.clone().find(|known| self.is_called(table, known, word));
            self.say(match called {
                Some(called) => fault.with("suggestion", called),
                None => fault.suggesting(word, known),
            });
        }
        at.and_then(|at| u8::try_from(at).ok())
    }

    /// Whether a word of the pack is called so in one of its languages, in any case.
    fn is_called(&self, table: &str, word: &str, name: &str) -> bool {
        let name = name.to_lowercase();
        self.book.texts.iter().filter_map(|texts| texts.get_of(table, word)).any(|text| text.to_lowercase() == name)
    }

    fn word(&mut self, field: &w::Word<'_>, table: &str, words: &[Text]) -> Option<u8> {
        self.one_of(field, table, words.iter().map(|word| &**word))
    }

    fn citizenship(&mut self, field: &w::Word<'_>, table: Span) -> Country {
        let Some((written, span)) = field.place() else {
            if field.is_absent() {
                self.say(Fault::new(Code::MissingKey, table).with("key", "citizenship"));
            }
            return NO_COUNTRY;
        };
        self.countries.find(written).unwrap_or_else(|| {
            let fault = Fault::new(Code::UnknownCountry, span).with("found", written);
            let fault = match self.countries.nearest(written) {
                Some(near) => {
                    let names = self.countries.names(near);
                    fault.with("suggestion", &names.code).with("name", &names.en)
                }
                None => fault,
            };
            self.say(fault);
            NO_COUNTRY
        })
    }

    fn day_of(&mut self, written: &str, span: Span, first: Day, last: Day) -> Option<Day> {
        match Day::parse(written) {
            Ok(day) if (first..=last).contains(&day) => Some(day),
            Ok(_) => {
                let fault = Fault::new(Code::DayOutOfRange, span).with("found", written);
                self.say(fault.with("first", first).with("last", last));
                None
            }
            Err(_) => {
                self.say(day_fault(written, span));
                None
            }
        }
    }

    fn day_in(&mut self, field: &w::Word<'_>, first: Day, last: Day) -> Option<Day> {
        let (written, span) = field.place()?;
        self.day_of(written, span, first, last)
    }

    fn day(&mut self, field: &w::Word<'_>) -> Option<Day> {
        self.day_in(field, Day::FIRST, Day::LAST)
    }

    /// `DAY`, or `DAYTHH:MM`.
    fn moment(&mut self, field: &w::Word<'_>) -> Option<Moment> {
        let (written, span) = field.place()?;
        let Some((day, time)) = written.split_once(['T', ' ']).filter(|(day, _)| day.len() == 10) else {
            return self.day_of(written, span, Day::FIRST, Day::LAST).map(|day| Moment { day, minute: None });
        };
        let day = self.day_of(day, span, Day::FIRST, Day::LAST)?;
        let minute = minute(time);
        if minute.is_none() {
            self.say(Fault::new(Code::BadTime, span).with("found", written));
        }
        minute.map(|minute| Moment { day, minute: Some(minute) })
    }

    /// What is recorded of something that happened on or after `event`, and not after today.
    fn record(&mut self, field: &Field<DayOrNo<'_>>, event: Day) -> Record {
        let Some((written, span)) = field.place() else {
            return Record::Silent;
        };
        match written {
            DayOrNo::Bool(false) => Record::NotDone,
            DayOrNo::Bool(true) => {
                self.say(Fault::new(Code::BadDay, span).with("found", "true"));
                Record::Silent
            }
            DayOrNo::Text(text) => match self.day_of(text, span, Day::FIRST, Day::LAST) {
                None => Record::Silent,
                Some(day) => {
                    if day < event {
                        self.say(Fault::new(Code::BeforeItsEvent, span).with("day", day).with("event", event));
                    } else if day > self.today {
                        self.say(Fault::new(Code::AfterToday, span).with("day", day).with("today", self.today));
                    }
                    Record::Done(day)
                }
            },
        }
    }

    // ---- stays and permits ----

    /// Nobody enters before being born.
    fn are_after(&mut self, birth: Option<Day>, stays: &w::Fields<w::Stay<'_>>) {
        let Some(birth) = birth else { return };
        for (stay, _) in stays.get().into_iter().flatten().filter_map(Field::place) {
            let entry = stay.entry.place().and_then(|(entry, place)| Some((Day::parse(entry).ok()?, place)));
            if let Some((entry, place)) = entry.filter(|(entry, _)| *entry < birth) {
                self.say(Fault::new(Code::BeforeBirth, place).with("entry", entry).with("birth", birth));
            }
        }
    }

    fn stays(&mut self, written: &w::Fields<w::Stay<'_>>) -> Vec<Stay> {
        let written = written.get().map(Vec::as_slice).unwrap_or_default();
        let mut stays: Vec<(Stay, Span)> = Vec::with_capacity(written.len());
        for (stay, span) in written.iter().filter_map(Field::place) {
            if stay.entry.is_absent() {
                self.say(Fault::new(Code::MissingKey, span).with("key", "entry"));
            }
            let entry = self.day(&stay.entry);
            let exit = self.day(&stay.exit);
            let Some(entry) = entry else { continue };
            if let (Some(exit), Some((_, place))) = (exit, stay.exit.place())
                && exit < entry
            {
                self.say(Fault::new(Code::ExitBeforeEntry, place).with("entry", entry).with("exit", exit));
                continue;
            }
            let arrived_at_host = self.day(&stay.arrived_at_host);
            if let (Some(arrived), Some((_, place))) = (arrived_at_host, stay.arrived_at_host.place()) {
                if arrived < entry {
                    self.say(Fault::new(Code::BeforeItsEvent, place).with("day", arrived).with("event", entry));
                } else if exit.is_some_and(|exit| arrived > exit) {
                    self.say(Fault::new(Code::MoveOutsideStay, place).with("day", arrived));
                }
            }
            let notified = self.record(&stay.notified, entry);
            let registered = self.record(&stay.registered, entry);
            let mut moves = Vec::new();
            for (one, place) in stay.moves.get().into_iter().flatten().filter_map(Field::place) {
                if one.on.is_absent() {
                    self.say(Fault::new(Code::MissingKey, place).with("key", "on"));
                }
                let Some(on) = self.day(&one.on) else {
                    continue;
                };
                if on < entry || exit.is_some_and(|exit| on > exit) {
                    let place = one.on.place().map_or(place, |(_, place)| place);
                    self.say(Fault::new(Code::MoveOutsideStay, place).with("day", on));
                }
                let notified = self.record(&one.notified, on);
                let registered = self.record(&one.registered, on);
                moves.push(Move { on, notified, registered });
            }
            moves.sort_by_key(|one| one.on);
            stays.push((Stay { entry, exit, arrived_at_host, notified, registered, moves }, span));
        }
        stays.sort_by_key(|(stay, _)| (stay.entry, stay.exit.unwrap_or(Day::LAST)));
        for pair in stays.windows(2) {
            let [(before, _), (after, place)] = pair else {
                continue;
            };
            match before.exit {
                None => {
                    let fault = Fault::new(Code::OpenStayFollowed, *place).with("open", before.entry);
                    self.say(fault.with("entry", after.entry));
                }
                Some(exit) if exit > after.entry => {
                    let fault = Fault::new(Code::StaysOverlap, *place).with("entry", after.entry);
                    self.say(fault.with("other", before.entry).with("exit", exit));
                }
                Some(_) => {}
            }
        }
        stays.into_iter().map(|(stay, _)| stay).collect()
    }

    fn permits(&mut self, written: &w::Fields<w::Permit<'_>>) -> Vec<Permit> {
        let vocabulary = self.vocabulary;
        let mut permits: Vec<(Permit, Span)> = Vec::new();
        for (permit, span) in written.get().into_iter().flatten().filter_map(Field::place) {
            for (key, field) in [("kind", &permit.kind), ("from", &permit.from)] {
                if field.is_absent() {
                    self.say(Fault::new(Code::MissingKey, span).with("key", key));
                }
            }
            let kind = self.one_of(&permit.kind, Fact::Basis.table(), vocabulary.permits.iter().map(|kind| &*kind.id));
            let (from, until) = (self.day(&permit.from), self.day(&permit.until));
            let (Some(kind), Some(from)) = (kind, from) else {
                continue;
            };
            let about = &vocabulary.permits[usize::from(kind)];
            if permit.until.is_absent() && !about.open_ended {
                self.say(Fault::new(Code::MissingKey, span).with("key", "until"));
            }
            if let (Some(until), Some((_, place))) = (until, permit.until.place())
                && until < from
            {
                self.say(Fault::new(Code::EndBeforeStart, place).with("start", from).with("end", until));
            }
            let days_per_entry = permit.days_per_entry.place().map(|(days, place)| {
                if !about.days_per_entry {
                    self.say(Fault::new(Code::NotForThisKind, place).with("key", "days_per_entry"));
                } else if !DAYS_PER_ENTRY.contains(days) {
                    self.say(Fault::new(Code::OutOfRange, place).with("found", days));
                }
                *days
            });
            permits.push((Permit { kind, from, until, days_per_entry }, span));
        }
        permits.sort_by_key(|(permit, _)| (permit.from, permit.kind));
        // Sorted by first day, so that only the one that lasts longest so far can reach into the next.
        let mut longest: Vec<Option<(Day, Day)>> = vec![None; permits.len().min(1) * vocabulary.permits.len()];
        for (permit, place) in &permits {
            let until = permit.until.unwrap_or(Day::LAST);
            let known = &mut longest[usize::from(permit.kind)];
            if let Some((from, _)) = known.filter(|(_, until)| *until >= permit.from) {
                let fault = Fault::new(Code::PermitsOverlap, *place).with("from", permit.from);
                self.faults.push(fault.with("other", from));
            }
            if known.is_none_or(|(_, last)| last < until) {
                *known = Some((permit.from, until));
            }
        }
        permits.into_iter().map(|(permit, _)| permit).collect()
    }
}

#[derive(Clone, Copy)]
struct PersonParts<'w> {
    name: &'w w::Word<'w>,
    citizenship: Country,
    birth_date: &'w w::Word<'w>,
    travel_document: &'w Field<w::TravelDocument<'w>>,
    documents_held: &'w w::Fields<Cow<'w, str>>,
    stays: &'w w::Fields<w::Stay<'w>>,
    permits: &'w w::Fields<w::Permit<'w>>,
}

fn text(field: &w::Word<'_>) -> Option<String> {
    field.get().map(|text| text.clone().into_owned())
}

/// `HH:MM` as minutes since midnight; the seconds that TOML adds to a native time are taken when they are zero.
pub(super) fn minute(time: &str) -> Option<u16> {
    let part = |range: std::ops::Range<usize>, below: u16| {
        let digits = time.get(range)?;
        let number: u16 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
        (number < below).then_some(number)
    };
    let has_form = time.len() == 5 || (time.len() == 8 && time.ends_with(":00"));
    let (hour, minute) = (part(0..2, 24)?, part(3..5, 60)?);
    (has_form && time.as_bytes()[2] == b':').then_some(hour * 60 + minute)
}
