//! Nouns: a staff list: a table with one person in each row, as spreadsheets write it; the keys of a
//! profile are its columns.

mod cells;
pub mod columns;
pub mod quick;

use crate::calendar::Day;
use crate::rulebook::Vocabulary;
use columns::Column;

/// A list to start from: all columns that the pack has words for, and an example of each usual case, in
/// the words of the pack, with days around today and citizens of a country.
///
/// 1. somebody who came without a permit, and whose host has notified;
/// 2. somebody with an earlier stay and a permit, whose employer is known;
/// 3. somebody who is to come, of whom little is known.
#[must_use]
pub fn template(vocabulary: &Vocabulary, today: Day, citizenship: &str) -> String {
    const YEAR: i32 = 365;
    let columns: Vec<Column> = Column::ALL.iter().copied().filter(|column| has_words(*column, vocabulary)).collect();
    let day = |days: i32| today.plus(days).to_string();
    let run = |first: i32, last: i32| format!("{}..{}", today.plus(first), today.plus(last));
    let open = |first: i32| format!("{}..", today.plus(first));
    let permit = vocabulary.permits.first().map(|kind| {
        // The days of an entry are left for the list's own author: most permits print none.
        format!("{}:{}", kind.id, run(-21, YEAR - 22))
    });
    let first = |words: &[crate::source::Text]| words.first().map(ToString::to_string).unwrap_or_default();
    let document = vocabulary.travel_documents.first().map(|kind| kind.id.to_string()).unwrap_or_default();
    let held = vocabulary.documents.iter().take(2).map(|id| &**id).collect::<Vec<&str>>().join(";");
    let example = |case: usize, column: Column| match (case, column) {
        (_, Column::Id) => format!("example-{case}"),
        (_, Column::Citizenship) => citizenship.to_owned(),
        (1, Column::Stays) => open(-20),
        (1, Column::Notified) => day(-18),
        (2, Column::Stays) => format!("{};{}", run(-200, -150), open(-20)),
        (2, Column::Notified) => "no".to_owned(),
        (2, Column::Permits) => permit.clone().unwrap_or_default(),
        (1 | 2, Column::Purpose) => first(&vocabulary.purposes),
        (2, Column::BirthDate) => day(-36 * YEAR),
        (2, Column::DocumentKind) => document.clone(),
        (2, Column::DocumentExpires) => day(3 * YEAR),
        (2, Column::Employer) => first(&vocabulary.employers),
        (2, Column::Work) => first(&vocabulary.work),
        (2, Column::ContractUntil) => day(220),
        (2, Column::HousingOwner) => first(&vocabulary.housing_owners),
        (2, Column::Channel) => first(&vocabulary.filing_channels),
        (2, Column::FilingOn) => day(9),
        (2, Column::DocumentsHeld) => held.clone(),
        (3, Column::Stays) => run(10, 24),
        _ => String::new(),
    };
    let mut text = line(columns.iter().map(|column| column.name().to_owned()));
    for case in 1..=3 {
        text.push_str(&line(columns.iter().map(|column| example(case, *column))));
    }
    text
}

/// Whether the pack has words for the column, or the column needs none.
fn has_words(column: Column, vocabulary: &Vocabulary) -> bool {
    match column {
        Column::Purpose => !vocabulary.purposes.is_empty(),
        Column::DocumentKind => !vocabulary.travel_documents.is_empty(),
        Column::Permits => !vocabulary.permits.is_empty(),
        Column::Employer => !vocabulary.employers.is_empty(),
        Column::Work => !vocabulary.work.is_empty(),
        Column::HousingOwner => !vocabulary.housing_owners.is_empty(),
        Column::Channel | Column::FilingOn => !vocabulary.filing_channels.is_empty(),
        Column::DocumentsHeld => !vocabulary.documents.is_empty(),
        _ => true,
    }
}

/// A line of cells, in quotes where they need them.
fn line(cells: impl Iterator<Item = String>) -> String {
    let in_quotes = |cell: String| {
        let needs_quotes = cell.contains([',', '"', '\n', '\r']);
        if needs_quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    let cells: Vec<String> = cells.map(in_quotes).collect();
    cells.join(",") + "\n"
}
