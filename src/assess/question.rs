//! Which missing fact to ask for next, and whether it can matter at all.
//!
//! The candidates are what the answer itself says it needs. Whether one of them can matter is not
//! reasoned about: its possible values are tried, each is assessed, and only a fact with two values that
//! lead to different answers is asked for.

use super::assess;
use crate::assessment::{Assessment, DeadlineStatus, DocumentLine, PersonAssessment};
use crate::calendar::Day;
use crate::country::Countries;
use crate::profile::edit::FactName;
use crate::profile::fields::{Field, Form};
use crate::profile::forms::{NONE, Piece};
use crate::profile::read::Reader;
use crate::profile::written::Written;
use crate::profile::{Profile, Record};
use crate::rulebook::{DoneBy, RuleBook};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question<'r> {
    pub fact: FactName,
    /// The words that it can be; empty where it is a day, a number, a country or a list.
    pub words: Vec<&'r str>,
    /// What depends on it: ids of deadlines and documents, or parts of the answer.
    pub affects: Vec<String>,
    /// Whether there is no answer without it, so that it cannot be left open.
    pub is_needed: bool,
}

/// What the questions of an interview depend on besides the profile.
#[derive(Clone, Copy)]
pub struct Interview<'r> {
    pub book: &'r RuleBook,
    pub countries: &'r Countries,
    pub today: Day,
}

/// A fact that may be asked for, with what depends on it as far as the answer names it.
type Candidate = (FactName, Vec<String>);

impl<'r> Interview<'r> {
    /// The next question about a profile without faults but for a citizenship that may be missing; `None` when
    /// nothing that could be asked can change the answer. What is skipped is not asked.
    pub fn next(&self, written: &Written<'_>, skipped: &[FactName]) -> Option<Question<'r>> {
        if written.get(None, Field::Citizenship).is_none() {
            let fact = FactName::from(Field::Citizenship);
            let trials = self.trials(&fact, None);
            let affects = self.altered_by(&fact, written, &trials).unwrap_or_default();
            return Some(Question { words: Vec::new(), affects, is_needed: true, fact });
        }
        let profile = self.read(written)?;
        let assessment = assess(self.book, &profile, self.today);
        let open = candidates(self.book, &assessment, written);
        open.into_iter().filter(|(fact, _)| !skipped.contains(fact)).find_map(|(fact, affects)| {
            let trials = self.trials(&fact, Some(&assessment));
            let altered = self.altered_by(&fact, written, &trials)?;
            let is_known = !affects.is_empty() && fact.form() != Form::Stays;
            let affects = if is_known { affects } else { joined(affects, altered) };
            Some(Question { words: self.words(&fact), affects, is_needed: false, fact })
        })
    }

    fn words(&self, fact: &FactName) -> Vec<&'r str> {
        match fact.form() {
            Form::Word(fact) => self.book.vocabulary.values(fact),
            Form::YesNo(_) => vec!["yes", "no"],
            _ => Vec::new(),
        }
    }

    /// The profile with one fact more, where that is no fault.
    pub fn with(&self, written: &Written<'_>, fact: &FactName, value: &str) -> Option<Profile> {
        let mut written = written.clone();
        fact.set(&mut written, Piece::new(value, 0, 0).node(), &self.book.vocabulary, self.today).ok()?;
        self.read(&written)
    }

    fn read(&self, written: &Written<'_>) -> Option<Profile> {
        Reader::new(self.book, self.countries, self.today).tree(&written.root, Vec::new()).ok()
    }

    /// What differs between two answers that values of the fact lead to; `None` where all lead to the same.
    fn altered_by(&self, fact: &FactName, written: &Written<'_>, trials: &[String]) -> Option<Vec<String>> {
        let mut profiles = trials.iter().filter_map(|value| self.with(written, fact, value));
        let first = profiles.next()?;
        let first = assess(self.book, &first, self.today);
        profiles.find_map(|other| {
            let altered = altered(&first, &assess(self.book, &other, self.today));
            (!altered.is_empty()).then_some(altered)
        })
    }

    /// Values that the fact can have: all words; of days those around each day that the answer names.
    pub fn trials(&self, fact: &FactName, assessment: Option<&Assessment<'_>>) -> Vec<String> {
        /// Further ahead than whatever is counted in months.
        const FAR: i32 = 4_000;
        let today = self.today;
        let entry = assessment.and_then(|answer| person_of(answer, fact)).and_then(|person| person.stay.entry);
        let days = |days: Vec<Day>| days.into_iter().map(|day| day.to_string()).collect::<Vec<String>>();
        match fact.form() {
            Form::Word(_) | Form::YesNo(_) => self.words(fact).into_iter().map(str::to_owned).collect(),
            Form::Country => self.countries.all().map(|country| self.countries.code(country).to_string()).collect(),
            Form::Day | Form::Moment if fact.field == Field::BirthDate => {
                let below = self.book.vocabulary.age_groups.iter().filter_map(|group| group.below);
                let born = below.map(|years| today.plus(today.days_since(today.birthday(years))));
                let around = born.flat_map(|day| [-FAR, -1, 0, 1].map(|days| day.plus(days)));
                days(around.chain([today]).filter(|day| *day >= Day::FIRST_BIRTH && *day <= today).collect())
            }
            Form::Day | Form::Moment => {
                let named = assessment.map(|answer| days_named(answer)).unwrap_or_default();
                let around = named.into_iter().chain([today]).flat_map(|day| [-1, 0, 1].map(|days| day.plus(days)));
                let mut all: Vec<Day> = around.chain([today.plus(FAR)]).collect();
                all.retain(|day| (Day::FIRST..=Day::LAST).contains(day));
                all.sort_unstable();
                all.dedup();
                days(all)
            }
            Form::DayOrNo => {
                let done = [entry, Some(today)].into_iter().flatten().map(|day| day.to_string());
                std::iter::once("no".to_owned()).chain(done).collect()
            }
            // Nothing depends on these.
            Form::Text | Form::Documents | Form::Moves | Form::Family => Vec::new(),
            Form::Number => [1, FAR].map(|days| days.to_string()).into(),
            Form::Stays => {
                let (before, after) = (today.plus(-1), today.plus(1));
                vec![
                    NONE.to_owned(),
                    format!("{today}.."),
                    format!("{}..", today.plus(-FAR / 2)),
                    format!("{before}..{before}"),
                    format!("{after}..{}", today.plus(FAR)),
                ]
            }
            Form::Permits => {
                let until = today.plus(FAR);
                let from = entry.unwrap_or(today);
                let kinds = self.book.vocabulary.permits.iter();
                let held = kinds.flat_map(|kind| [from, today].map(|from| format!("{}:{from}..{until}", kind.id)));
                std::iter::once(NONE.to_owned()).chain(held).collect()
            }
        }
    }
}

/// Both lists, without what stands in them twice.
fn joined(mut one: Vec<String>, other: Vec<String>) -> Vec<String> {
    for name in other {
        if !one.contains(&name) {
            one.push(name);
        }
    }
    one
}

/// What may be asked for, in the order of the questions: first the permits and the stays, then by how much depends on
/// it, then what was taken to have its usual value.
fn candidates(book: &RuleBook, answer: &Assessment<'_>, written: &Written<'_>) -> Vec<Candidate> {
    let is_open = |field: &Field| written.get(None, *field).is_none();
    let first = [Field::Permits, Field::Stays].into_iter().filter(is_open).map(|field| (field.into(), Vec::new()));
    let needs = answer.needs.iter().filter_map(|need| {
        let affects = need.affects.iter().filter(|id| !id.is_empty()).map(|id| (*id).to_owned()).collect();
        Some((FactName::named(&need.fact)?, affects))
    });
    let mut needs: Vec<Candidate> = needs.filter(|(fact, _)| !has_stays(fact, written)).collect();
    needs.extend(unrecorded(book, answer, written));
    needs.sort_by_key(|(_, affects)| std::cmp::Reverse(affects.len()));
    let assumed = answer.profile.profile.assumed.iter().rev();
    let assumed = assumed.filter_map(|key| Some((FactName::named(key)?, Vec::new())));
    let all = first.chain(needs).chain(assumed);
    all.fold(Vec::new(), |mut all, (fact, affects)| {
        match all.iter_mut().find(|(known, _): &&mut Candidate| *known == fact) {
            Some((_, known)) => *known = joined(std::mem::take(known), affects),
            None => all.push((fact, affects)),
        }
        all
    })
}

/// Whether the fact is the list of stays, and the profile has one. That a later stay would be needed to say more is
/// no reason to ask again.
fn has_stays(fact: &FactName, written: &Written<'_>) -> bool {
    let own = |member| written.get(member, Field::Stays).is_some();
    fact.form() == Form::Stays && (own(fact.member) || fact.member.is_some() && own(None))
}

/// What has to be done by now or soon, and of which the profile does not say whether it was.
fn unrecorded(book: &RuleBook, answer: &Assessment<'_>, written: &Written<'_>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (at, person) in answer.persons().enumerate() {
        let member = at.checked_sub(1);
        let shares_stays = member.is_some() && written.get(member, Field::Stays).is_none();
        let stay = person.person.stays.iter().find(|stay| Some(stay.entry) == person.stay.entry);
        let Some(stay) = stay.filter(|stay| !shares_stays && stay.entry <= answer.today) else { continue };
        for deadline in person.deadlines.iter().filter(|deadline| deadline.event != "move") {
            let is_open = matches!(
                deadline.status,
                DeadlineStatus::NotRecorded | DeadlineStatus::DueToday | DeadlineStatus::Upcoming
            );
            let duty = book.duties.iter().find(|duty| *duty.id == *deadline.rule.id);
            let done_by = duty.and_then(|duty| duty.on(deadline.event_date)).map(|version| &version.says.done_by);
            let field = match done_by {
                Some(DoneBy::Notified) if stay.notified == Record::Silent => Field::Notified,
                Some(DoneBy::Registered) if stay.registered == Record::Silent => Field::Registered,
                _ => continue,
            };
            if is_open {
                found.push((FactName::of(member, field), vec![deadline.id.to_owned()]));
            }
        }
    }
    found
}

fn person_of<'a, 'r>(answer: &'a Assessment<'r>, fact: &FactName) -> Option<&'a PersonAssessment<'r>> {
    fact.member.map_or(Some(&answer.applicant), |member| answer.family.get(member))
}

fn days_named(answer: &Assessment<'_>) -> Vec<Day> {
    let mut days = Vec::new();
    for person in answer.persons() {
        let stay = &person.stay;
        days.extend([stay.entry, stay.exit, stay.last_day, stay.latest_arguable, stay.last_visa_free_day]);
        days.extend(stay.limits.iter().map(|limit| limit.last_day));
        days.extend(person.deadlines.iter().map(|deadline| deadline.due.map(|due| due.day)));
        let permit = person.permit.iter();
        days.extend(permit.flat_map(|permit| [permit.hold_by, permit.file_by, permit.valid_until_at_most]));
    }
    days.into_iter().flatten().collect()
}

/// What differs between two answers: parts of them, and ids of deadlines and documents. What an answer
/// only repeats is no difference.
pub fn altered(one: &Assessment<'_>, other: &Assessment<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut note = |name: &str, is_same: bool| {
        if !is_same && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    note("status", one.status == other.status);
    let accepted = |answer: &Assessment<'_>| answer.entry_document.as_ref().map(|document| document.ok);
    note("entry-document", accepted(one) == accepted(other));
    let who = |answer: &Assessment<'_>| answer.registration.as_ref().map(|registration| registration.who);
    note("registration", who(one) == who(other));
    let permit_of = |of: &PersonAssessment<'_>| {
        of.permit.as_ref().map(|permit| {
            let days = (permit.hold_by, permit.file_by, permit.valid_until_at_most);
            (permit.status, permit.threshold_days, days, permit.renewable, permit.fee.map(str::to_owned))
        })
    };
    note("family", one.family.len() == other.family.len());
    for (one, other) in one.persons().zip(other.persons()) {
        note("stay", stay_of(one) == stay_of(other));
        note("trp", permit_of(one) == permit_of(other));
        let deadline = |of: &PersonAssessment<'_>, id: &str| {
            let such = of.deadlines.iter().filter(|deadline| deadline.id == id);
            such.map(|deadline| (deadline.event_date, deadline.due, deadline.status)).collect::<Vec<_>>()
        };
        for known in one.deadlines.iter().chain(&other.deadlines) {
            note(known.id, deadline(one, known.id) == deadline(other, known.id));
        }
        let document = |of: &PersonAssessment<'_>, known: &DocumentLine<'_>| {
            let such = of.documents.iter().filter(|line| (line.procedure, line.id) == (known.procedure, known.id));
            such.map(|line| line.requirement).collect::<Vec<_>>()
        };
        for line in one.documents.iter().chain(&other.documents) {
            note(line.id, document(one, line) == document(other, line));
        }
    }
    let is_same = one.notices.len() == other.notices.len()
        && one.notices.iter().zip(&other.notices).all(|(one, other)| one.code == other.code && one.text == other.text);
    note("notices", is_same);
    names
}

/// How long a person may stay; the exit that was given is only repeated.
fn stay_of<'a>(of: &'a PersonAssessment<'_>) -> impl PartialEq + use<'a> {
    let stay = &of.stay;
    let limits: Vec<_> = stay.limits.iter().map(|limit| (limit.rule.id, limit.used, limit.last_day)).collect();
    let days = (stay.last_day, stay.latest_arguable, stay.days_left, stay.days_over);
    (stay.status, stay.basis, days, stay.next_entry, &stay.overstays, limits)
}
