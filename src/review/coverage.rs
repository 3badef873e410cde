//! Reasoning: what of the rules the law cases exercise: versions, conditions, cells of the document
//! matrix, calendar years.
//!
//! A version counts when it applies in a case that names its rule (or the id that answers use), so that
//! the case would fail without it. A condition counts when it alone decided that a rule did not apply,
//! an exemption when it freed somebody. A cell counts when a case of somebody in that column, for a
//! purpose the document is about, names the document.

use std::collections::BTreeSet;

use super::walk::Part;
use crate::assess::{CachedRules, Subject, decide};
use crate::assessment::PersonAssessment;
use crate::calendar::Day;
use crate::country::Countries;
use crate::facts::{Fact, FactSet, Truth};
use crate::profile::Profile;
use crate::rulebook::outline::{Kind, Outline, outline};
use crate::rulebook::{Head, RuleBook, Term};

/// Something that a law case can exercise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A version of a rule.
    Version(String, usize),
    /// A condition of a version.
    Condition(String, usize, Part),
    /// A document of the matrix, by its rule, and a column.
    Cell(String, String),
    /// A year of the calendar.
    Year(i32),
}

/// The items by their sort, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Versions of rules.
    Versions,
    /// Conditions.
    Conditions,
    /// Cells of the matrix.
    Cells,
    /// Calendar years.
    Years,
}

impl Sort {
    /// All sorts.
    pub const ALL: [Self; 4] = [Self::Versions, Self::Conditions, Self::Cells, Self::Years];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::Conditions => "conditions",
            Self::Cells => "cells",
            Self::Years => "years",
        }
    }
}

impl Item {
    /// Its sort.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        match self {
            Self::Version(..) => Sort::Versions,
            Self::Condition(..) => Sort::Conditions,
            Self::Cell(..) => Sort::Cells,
            Self::Year(..) => Sort::Years,
        }
    }
}

/// What was exercised so far.
pub struct Tally<'r> {
    book: &'r RuleBook,
    outlines: Vec<Outline<'r>>,
    items: Vec<Item>,
    exercised: BTreeSet<Item>,
}

impl<'r> Tally<'r> {
    /// Nothing exercised yet.
    #[must_use]
    pub fn new(book: &'r RuleBook, countries: &Countries) -> Self {
        let outlines = outline(book, countries);
        let mut items = Vec::new();
        for rule in &outlines {
            for (nth, version) in rule.versions.iter().enumerate() {
                items.push(Item::Version(rule.id.to_owned(), nth));
                let condition = |part| Item::Condition(rule.id.to_owned(), nth, part);
                let tests = version.head.when.tests.iter().map(|test| Part::Test(None, test.fact));
                let exemptions = (0..version.head.unless.len()).map(Part::Exemption);
                items.extend(tests.chain(exemptions).map(condition));
            }
        }
        for rule in book.documents.iter().filter(|rule| book.is_of_the_permit(rule)) {
            let cell = |column: &crate::rulebook::MatrixColumn| Item::Cell(rule.id.to_string(), column.id.to_string());
            items.extend(book.matrix_columns.iter().map(cell));
        }
        items.extend(book.calendar.years.iter().map(|year| Item::Year(year.year)));
        Self { book, outlines, items, exercised: BTreeSet::new() }
    }

    /// Adds a case; `names` tells whether its expectations name an id.
    pub fn add(&mut self, profile: &Profile, today: Day, names: &dyn Fn(&str) -> bool) {
        let rules = CachedRules::for_one(self.book);
        let answer = decide(&rules, profile, today).explained(&rules);
        let mut found: Vec<Item> = Vec::new();
        let applicant = Subject::applicant(&rules, profile, today);
        self.person(&applicant, &answer.applicant, names, &mut found);
        self.cells(&applicant, names, &mut found);
        for (at, member) in answer.family.iter().enumerate() {
            self.person(&Subject::family_member(&rules, profile, at, today), member, names, &mut found);
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
        let asked = self.asked(subject, answer);
        for rule in &self.outlines {
            let is_named = names(rule.id) || !rule.public.is_empty() && names(rule.public);
            for (nth, version) in rule.versions.iter().enumerate() {
                if rule.kind == Kind::Category {
                    let members = &self.book.categories;
                    let belongs = |day: &Day| {
                        let rule = members.iter().find(|category| category.id == rule.id);
                        let in_force = rule.and_then(|rule| rule.on(*day));
                        in_force.is_some_and(|found| {
                            std::ptr::eq(&raw const found.head, version.head)
                                && found.says.members.binary_search(&subject.person.citizenship).is_ok()
                        })
                    };
                    if asked.iter().any(|(day, _)| belongs(day)) {
                        found.push(Item::Version(rule.id.to_owned(), nth));
                    }
                    continue;
                }
                for (_, facts) in asked.iter().filter(|(day, _)| version.head.is_in_force(*day)) {
                    let truth = version.head.applies(facts);
                    // Eligibility is told of those to whom it does not apply.
                    let is_enough = match rule.kind {
                        Kind::PermitEligibility => true,
                        Kind::Document => truth != Truth::No,
                        _ => truth == Truth::Yes,
                    };
                    if is_named && is_enough {
                        found.push(Item::Version(rule.id.to_owned(), nth));
                    }
                    let condition = |part| Item::Condition(rule.id.to_owned(), nth, part);
                    found.extend(deciding(version.head, facts).into_iter().map(condition));
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

    /// The days on which rules are asked about a person, with the facts of that day.
    fn asked(&self, subject: &Subject<'_, 'r>, answer: &PersonAssessment<'r>) -> Vec<(Day, FactSet)> {
        let entry = subject.reference_day();
        let today = subject.today;
        let basis = self.book.vocabulary.permits.iter().position(|kind| kind.id == answer.stay.basis);
        let basis = basis.and_then(|at| u8::try_from(at).ok());
        let mut asked = vec![
            (entry, None),
            (entry, basis),
            (today, None),
            (entry.max(today), basis),
            (subject.filing_day(), basis),
        ];
        asked.extend(subject.person.stays.iter().map(|stay| (stay.entry, None)));
        asked.extend(subject.person.permits.iter().map(|permit| (permit.from.max(entry), Some(permit.kind))));
        asked.extend(answer.deadlines.iter().map(|deadline| (deadline.event_date, basis)));
        asked.sort_unstable();
        asked.dedup();
        asked.into_iter().map(|(day, basis)| (day, subject.facts(day, basis))).collect()
    }

    fn cells(&self, subject: &Subject<'_, 'r>, names: &dyn Fn(&str) -> bool, found: &mut Vec<Item>) {
        let facts = subject.facts(subject.filing_day(), None);
        for rule in self.book.documents.iter().filter(|rule| names(&rule.public) || names(&rule.id)) {
            let Some(version) = rule.on(subject.filing_day()).or(rule.versions.first()) else { continue };
            let purpose = version.head.when.tests.iter().find(|test| test.fact == Fact::Purpose);
            if purpose.is_some_and(|test| test.holds(&facts) == Truth::No) {
                continue;
            }
            for column in self.book.matrix_columns.iter().filter(|column| column.scope.holds(&facts) != Truth::No) {
                found.push(Item::Cell(rule.id.to_string(), column.id.to_string()));
            }
        }
    }
}

impl RuleBook {
    /// Whether a document belongs to the procedure of the permit.
    fn is_of_the_permit(&self, rule: &crate::rulebook::Rule<crate::rulebook::Document>) -> bool {
        let permit = self.permit_kind().map(|kind| &*kind.id);
        rule.versions.iter().any(|version| Some(&*version.says.procedure) == permit)
    }
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
