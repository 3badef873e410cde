//! What of the rules the law cases exercise: versions, conditions, cells of the document matrix, calendar years.
//!
//! A version counts when it applies in a case that names its rule (or the id that answers use), so that the case would
//! fail without it. A condition counts when it alone decided that a rule did not apply, an exemption when it freed
//! somebody. A cell counts when a case of somebody in that column, for a purpose the document is about, names the
//! document.

use std::collections::BTreeSet;

use super::walk::Part;
use crate::assess::{CachedRules, Subject, decide};
use crate::assessment::{PersonAssessment, worded};
use crate::calendar::Day;
use crate::facts::{Fact, FactSet, Truth};
use crate::profile::Profile;
use crate::rulebook::{Document, Head, Kind, Place, Rule, RuleBook, Term};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    Version(Kind, Place),
    Condition(Kind, Place, Part),
    /// A document of the matrix and a column, by their places in the lists.
    Cell(usize, usize),
    Year(i32),
}

worded! {
    /// The items by their sort, for counting.
    pub enum Sort {
        Versions = "versions",
        Conditions = "conditions",
        Cells = "cells",
        Years = "years",
    }
}

impl Item {
    pub const fn sort(&self) -> Sort {
        match self {
            Self::Version(..) => Sort::Versions,
            Self::Condition(..) => Sort::Conditions,
            Self::Cell(..) => Sort::Cells,
            Self::Year(..) => Sort::Years,
        }
    }
}

pub struct Tally<'r> {
    book: &'r RuleBook,
    items: Vec<Item>,
    exercised: BTreeSet<Item>,
}

impl<'r> Tally<'r> {
    pub fn new(book: &'r RuleBook) -> Self {
        let mut items = Vec::new();
        for kind in book.kinds() {
            for (at, rule) in kind.rules().iter().enumerate() {
                for (nth, head) in rule.heads.iter().enumerate() {
                    items.push(Item::Version(kind.kind(), (at, nth)));
                    let tests = head.when.tests.iter().map(|test| Part::Test(None, test.fact));
                    let exemptions = (0..head.unless.len()).map(Part::Exemption);
                    let parts = tests.chain(exemptions);
                    items.extend(parts.map(|part| Item::Condition(kind.kind(), (at, nth), part)));
                }
            }
        }
        for (at, _) in book.documents.iter().enumerate().filter(|(_, rule)| is_of_the_permit(book, rule)) {
            items.extend((0..book.matrix_columns.len()).map(|column| Item::Cell(at, column)));
        }
        items.extend(book.calendar.years.iter().map(|year| Item::Year(year.year)));
        Self { book, items, exercised: BTreeSet::new() }
    }

    /// Adds a case; `names` says whether its expectations name an id.
    pub fn add(&mut self, profile: &Profile, today: Day, names: &dyn Fn(&str) -> bool) {
        let rules = CachedRules::for_one(self.book);
        let answer = decide(&rules, profile, today).explained(&rules);
        let mut found: Vec<Item> = Vec::new();
        self.cells(&Subject::applicant(&rules, profile, today), names, &mut found);
        for (subject, person) in Subject::of_a_case(&rules, profile, today).zip(answer.persons()) {
            self.person(&subject, person, names, &mut found);
        }
        self.exercised.extend(found);
    }

    /// All items in the order of the files, and whether each was exercised.
    pub fn items(&self) -> impl Iterator<Item = (&Item, bool)> {
        self.items.iter().map(|item| (item, self.exercised.contains(item)))
    }

    fn person(
        &self,
        subject: &Subject<'_, 'r>,
        answer: &PersonAssessment<'r>,
        names: &dyn Fn(&str) -> bool,
        found: &mut Vec<Item>,
    ) {
        let asked = asked(subject, answer);
        self.groups(subject, &asked, found);
        for rules in self.book.kinds().into_iter().filter(|rules| rules.kind() != Kind::Category) {
            for (at, rule) in rules.rules().iter().enumerate() {
                let is_named = names(rule.id) || !rule.public.is_empty() && names(rule.public);
                for (nth, head) in rule.heads.iter().enumerate() {
                    for (_, facts) in asked.iter().filter(|(day, _)| head.is_in_force(*day)) {
                        if is_named && rules.answers_when(head.applies(facts)) {
                            found.push(Item::Version(rules.kind(), (at, nth)));
                        }
                        let parts = deciding(head, facts).into_iter();
                        found.extend(parts.map(|part| Item::Condition(rules.kind(), (at, nth), part)));
                    }
                }
            }
        }
        for deadline in &answer.deadlines {
            let duty = self.book.duties.iter().find(|duty| duty.id == deadline.rule.id);
            let term = duty.and_then(|duty| duty.on(deadline.event_date)).map(|version| version.says.term);
            if let (Some(Term::WorkingDays(_)), Some(due)) = (term, deadline.due) {
                found.extend([deadline.event_date.year(), due.day.year()].map(Item::Year));
            }
        }
        if let Some(file_by) = answer.permit.as_ref().and_then(|permit| permit.file_by) {
            found.push(Item::Year(file_by.year()));
        }
    }

    /// The groups of citizenships that the person belongs to on a day on which rules are asked.
    fn groups(&self, subject: &Subject<'_, 'r>, asked: &[(Day, FactSet)], found: &mut Vec<Item>) {
        for (at, rule) in self.book.categories.iter().enumerate() {
            for (nth, version) in rule.versions.iter().enumerate() {
                let is_member = version.says.members.binary_search(&subject.person.citizenship).is_ok();
                // Of versions that overlap, the first one is in force.
                let is_in_force = |day: Day| rule.on(day).is_some_and(|found| std::ptr::eq(found, version));
                if is_member && asked.iter().any(|(day, _)| is_in_force(*day)) {
                    found.push(Item::Version(Kind::Category, (at, nth)));
                }
            }
        }
    }

    fn cells(&self, subject: &Subject<'_, 'r>, names: &dyn Fn(&str) -> bool, found: &mut Vec<Item>) {
        let facts = subject.facts(subject.filing_day(), None);
        let documents = self.book.documents.iter().enumerate();
        for (at, rule) in documents.filter(|(_, rule)| names(&rule.public) || names(&rule.id)) {
            let Some(version) = rule.on(subject.filing_day()).or(rule.versions.first()) else { continue };
            let purpose = version.head.when.tests.iter().find(|test| test.fact == Fact::Purpose);
            if purpose.is_some_and(|test| test.holds(&facts) == Truth::No) {
                continue;
            }
            let columns = self.book.matrix_columns.iter().enumerate();
            let own = columns.filter(|(_, column)| column.scope.holds(&facts) != Truth::No);
            found.extend(own.map(|(column, _)| Item::Cell(at, column)));
        }
    }
}

/// The days on which rules are asked about a person, with the facts of that day.
fn asked(subject: &Subject<'_, '_>, answer: &PersonAssessment<'_>) -> Vec<(Day, FactSet)> {
    let (entry, today) = (subject.reference_day(), subject.today);
    let basis = subject.basis_of(&answer.stay);
    let mut asked = vec![(entry, None), (entry, basis), (today, None), (entry.max(today), basis)];
    asked.push((subject.filing_day(), basis));
    asked.extend(subject.person.stays.iter().map(|stay| (stay.entry, None)));
    asked.extend(subject.person.permits.iter().map(|permit| (permit.from.max(entry), Some(permit.kind))));
    asked.extend(answer.deadlines.iter().map(|deadline| (deadline.event_date, basis)));
    asked.sort_unstable();
    asked.dedup();
    asked.into_iter().map(|(day, basis)| (day, subject.facts(day, basis))).collect()
}

fn is_of_the_permit(book: &RuleBook, rule: &Rule<Document>) -> bool {
    let permit = book.permit_kind().map(|kind| &*kind.id);
    rule.versions.iter().any(|version| Some(&*version.says.procedure) == permit)
}

/// The conditions that decide about somebody.
fn deciding(head: &Head, facts: &FactSet) -> Vec<Part> {
    let exempting: Vec<usize> =
        (0..head.unless.len()).filter(|nth| head.unless[*nth].holds(facts) == Truth::Yes).collect();
    let mut failing = head.when.tests.iter().filter(|test| test.holds(facts) == Truth::No);
    match (failing.next(), failing.next()) {
        (None, _) if head.when.holds(facts) == Truth::Yes => exempting.into_iter().map(Part::Exemption).collect(),
        (Some(test), None) if exempting.is_empty() => vec![Part::Test(None, test.fact)],
        _ => Vec::new(),
    }
}
