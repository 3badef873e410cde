//! The document matrix as people know it: documents × groups of applicants, on a day.

use crate::calendar::Day;
use crate::country::Countries;
use crate::facts::{Condition, Fact, FactSet, Truth};
use crate::rulebook::{Document, Head, Rule, RuleBook, Scope};
use crate::source::List;

/// For what and how is applied; what is left out stays open.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The day of filing: it chooses the versions.
    pub on: Day,
    /// The purpose, by its place in the vocabulary.
    pub purpose: Option<u8>,
    /// The place of filing, by its place in the vocabulary.
    pub channel: Option<u8>,
}

#[derive(Clone, Debug)]
pub struct Matrix<'r> {
    pub columns: Vec<&'r str>,
    pub rows: Vec<Row<'r>>,
}

#[derive(Clone, Debug)]
pub struct Row<'r> {
    pub document: &'r str,
    pub cells: Vec<Cell<'r>>,
}

/// Whether a document is asked of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Of all of them.
    Required,
    /// Of none.
    NotRequired,
    /// One document of this group is enough.
    OneOf(&'r str),
    /// Of some: those for whom all of this is so.
    If(Vec<Case<'r>>),
}

/// A fact on which a cell depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case<'r> {
    pub fact: Fact,
    /// The values with which the document is asked, or, where negated, not asked.
    pub values: Vec<&'r str>,
    /// Whether the values are those with which it is not asked.
    pub is_negated: bool,
}

impl Row<'_> {
    /// Whether anybody has to bring it.
    pub fn is_asked(&self) -> bool {
        self.cells.iter().any(|cell| *cell != Cell::NotRequired)
    }
}

/// The matrix of a procedure; a pack that names no columns has one for everybody, without a name.
pub fn matrix<'r>(book: &'r RuleBook, countries: &Countries, procedure: &str, question: Question) -> Matrix<'r> {
    let everybody = Scope { when: Condition { tests: List::Borrowed(&[]) }, unless: List::Borrowed(&[]) };
    let mut columns: Vec<(&'r str, &Scope)> =
        book.matrix_columns.iter().map(|column| (&*column.id, &column.scope)).collect();
    if columns.is_empty() {
        columns.push(("", &everybody));
    }
    let is_of_it = |rule: &&Rule<Document>| rule.versions.iter().any(|version| version.says.procedure == procedure);
    let row = |rule: &'r Rule<Document>| {
        let version = rule.on(question.on);
        let cell = |scope: &Scope| match version {
            None => Cell::NotRequired,
            Some(version) => {
                let group = version.says.group.map(|at| &book.groups[usize::from(at)]);
                let group = group.map(|group| (&*group.id, group.chosen_by));
                CellQuery { book, countries, head: &version.head, group, scope, question }.cell()
            }
        };
        Row { document: &rule.public, cells: columns.iter().map(|(_, scope)| cell(scope)).collect() }
    };
    let rows = book.documents.iter().filter(is_of_it).map(row).collect();
    Matrix { columns: columns.iter().map(|(id, _)| *id).collect(), rows }
}

struct CellQuery<'a, 'r> {
    book: &'r RuleBook,
    countries: &'a Countries,
    head: &'r Head,
    /// The group of alternatives, and the fact that chooses.
    group: Option<(&'r str, Fact)>,
    scope: &'a Scope,
    question: Question,
}

impl<'r> CellQuery<'_, 'r> {
    fn cell(&self) -> Cell<'r> {
        let groups = self.citizenships();
        let cells: Vec<(u64, Cell<'r>)> = groups.iter().map(|bits| (*bits, self.of_citizens(*bits))).collect();
        let Some((_, first)) = cells.first() else { return Cell::NotRequired };
        if cells.iter().all(|(_, cell)| cell == first) {
            return first.clone();
        }
        // It depends on the citizenship: named by the groups with which it is not asked, or is.
        let asked = self.head.when.tests.iter().find(|test| test.fact == Fact::Category);
        let exempted = self.head.unless.iter().flat_map(|exemption| exemption.when.tests.iter());
        let exempted = exempted.filter(|test| test.fact == Fact::Category).fold(0, |sum, test| sum | test.wanted);
        let names = |bits: u64| self.book.vocabulary.words(Fact::Category, bits);
        let mut cases = Vec::new();
        cases.extend(asked.map(|test| Case { fact: Fact::Category, values: names(test.wanted), is_negated: false }));
        if exempted != 0 {
            cases.push(Case { fact: Fact::Category, values: names(exempted), is_negated: true });
        }
        let rest = cells.into_iter().find_map(|(_, cell)| match cell {
            Cell::If(rest) => Some(rest),
            _ => None,
        });
        cases.extend(rest.unwrap_or_default());
        Cell::If(cases)
    }

    /// The groups of citizens in the column that can be told apart.
    fn citizenships(&self) -> Vec<u64> {
        let conditions = self.head.conditions().chain(self.scope.conditions());
        let tests = conditions.flat_map(|condition| condition.tests.iter());
        let asked = tests.filter(|test| test.fact == Fact::Category).fold(0, |sum, test| sum | test.wanted);
        let mut groups: Vec<u64> = Vec::new();
        for country in self.countries.all() {
            let bits = self.book.categories_of(country, self.question.on) & asked;
            let facts = FactSet::default().with_categories(bits);
            if !groups.contains(&bits) && self.scope.holds(&facts) != Truth::No {
                groups.push(bits);
            }
        }
        groups
    }

    /// What is known of everybody in the column with such a citizenship.
    fn facts(&self, citizenship: u64) -> FactSet {
        let mut facts = FactSet::default()
            .with_categories(citizenship)
            .with(Fact::Relation, Some(0))
            .with(Fact::Purpose, self.question.purpose)
            .with(Fact::Channel, self.question.channel);
        for fact in Fact::ALL {
            if let [value] = self.values(fact, &facts)[..] {
                facts = facts.with(fact, Some(value));
            }
        }
        facts
    }

    /// The values of a fact that somebody in the column may have.
    fn values(&self, fact: Fact, facts: &FactSet) -> Vec<u8> {
        let known = facts.values(fact);
        let count = u8::try_from(self.book.vocabulary.values(fact).len()).unwrap_or(u8::MAX);
        let may_have = |value: &u8| {
            known.is_none_or(|bits| bits >> value & 1 == 1)
                && self.scope.holds(&facts.with(fact, Some(*value))) != Truth::No
        };
        if fact == Fact::Category { Vec::new() } else { (0..count).filter(may_have).collect() }
    }

    fn of_citizens(&self, citizenship: u64) -> Cell<'r> {
        let facts = self.facts(citizenship);
        let open = match self.head.applies(&facts) {
            Truth::Yes => return Cell::Required,
            Truth::No => return Cell::NotRequired,
            Truth::Unknown => self.head.deciding_facts(&facts),
        };
        if let Some((group, chosen_by)) = self.group
            && open.is_only(chosen_by)
        {
            return Cell::OneOf(group);
        }
        let case = |fact: Fact| {
            let values = self.values(fact, &facts);
            let asked = |value: &&u8| self.head.applies(&facts.with(fact, Some(**value))) != Truth::No;
            let bits = values.iter().filter(asked).fold(0_u64, |sum, value| sum | 1 << value);
            let is_deciding = (bits.count_ones() as usize) < values.len();
            is_deciding.then(|| Case { fact, values: self.book.vocabulary.words(fact, bits), is_negated: false })
        };
        Cell::If(open.iter().filter_map(case).collect())
    }
}
