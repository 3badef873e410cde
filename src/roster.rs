//! A staff list: a table with one person in each row, as spreadsheets write it; the fields of a profile are its
//! columns.

pub mod columns;
pub mod layout;
mod stays;

use crate::calendar::Day;
use crate::profile::fields::{Field, Form};
use crate::rulebook::Vocabulary;

/// A list to start from: all columns that the pack has words for, and an example of each usual case, in
/// the words of the pack, with days around today and citizens of a country.
///
/// 1. somebody who came without a permit, and whose host has notified;
/// 2. somebody with an earlier stay and a permit, whose employer is known;
/// 3. somebody who is to come, of whom little is known.
pub fn template(vocabulary: &Vocabulary, today: Day, citizenship: &str) -> String {
    const YEAR: i32 = 365;
    let columns: Vec<_> = columns::all().filter(|row| has_words(row.form, vocabulary)).collect();
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
    let example = |case: usize, field: Field| match (case, field) {
        (_, Field::Id) => format!("example-{case}"),
        (_, Field::Citizenship) => citizenship.to_owned(),
        (1, Field::Stays) => open(-20),
        (1, Field::Notified) => day(-18),
        (2, Field::Stays) => format!("{};{}", run(-200, -150), open(-20)),
        (2, Field::Notified) => "no".to_owned(),
        (2, Field::Permits) => permit.clone().unwrap_or_default(),
        (1 | 2, Field::Purpose) => first(&vocabulary.purposes),
        (2, Field::BirthDate) => day(-36 * YEAR),
        (2, Field::DocumentKind) => document.clone(),
        (2, Field::DocumentExpires) => day(3 * YEAR),
        (2, Field::Employer) => first(&vocabulary.employers),
        (2, Field::Work) => first(&vocabulary.work),
        (2, Field::ContractUntil) => day(220),
        (2, Field::HousingOwner) => first(&vocabulary.housing_owners),
        (2, Field::Channel) => first(&vocabulary.filing_channels),
        (2, Field::FilingOn) => day(9),
        (2, Field::DocumentsHeld) => held.clone(),
        (3, Field::Stays) => run(10, 24),
        _ => String::new(),
    };
    let mut text = line(columns.iter().map(|row| row.column.to_owned()));
    for case in 1..=3 {
        text.push_str(&line(columns.iter().map(|row| example(case, row.field))));
    }
    text
}

/// A file for `--columns` to start from: what each column may be called, by its usual name in a language. `name` gives
/// the name of a column, and `note` what a part of the file is for.
pub fn template_of_columns(
    vocabulary: &Vocabulary,
    name: impl Fn(&str) -> String,
    note: impl Fn(&str) -> String,
) -> String {
    let first = |column: &str| name(column).split('|').next().unwrap_or_default().to_owned();
    let usual = |column: &str| layout::quoted(&first(column));
    let mut text = String::new();
    let mut push = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    note("about").lines().for_each(|line| push(&format!("# {line}")));
    for row in columns::all().filter(|row| has_words(row.form, vocabulary)) {
        match row.field {
            Field::Stays => {
                push(&format!("\n# {}", note("stays")));
                let pair = |number: u8| {
                    let numbered = |day| layout::quoted(&format!("{} {number}", first(day)));
                    format!("[{}, {}]", numbered("entry"), numbered("exit"))
                };
                push(&format!("stays = [{}, {}]", pair(1), pair(2)));
            }
            Field::Permits => {
                push(&format!("\n# {}", note("permits")));
                let kinds = vocabulary.permits.iter().map(|kind| {
                    let days = ["permit_from", "permit_until"].map(|day| layout::quoted(&note(day)));
                    format!("{{ kind = \"{}\", from = {}, until = {} }}", kind.id, days[0], days[1])
                });
                push(&format!("permits = [{}]", kinds.take(1).collect::<Vec<_>>().join(", ")));
            }
            _ => push(&format!("{} = {}", row.column, usual(row.column))),
        }
    }
    push(&format!("\n# {}\nkeep = [{}]", note("keep"), layout::quoted(&note("department"))));
    push(&format!("# {}\nignore = [{}]", note("ignore"), layout::quoted(&note("note"))));
    push(&format!("# {}\n# header_row = 3\n# sheet = {}", note("header_row"), layout::quoted(&note("staff"))));
    push(&format!("\n# {}\n[words]\n{}", note("words"), note("example")));
    text
}

/// Whether the pack has words for the values of a form, or the form needs none.
fn has_words(form: Form, vocabulary: &Vocabulary) -> bool {
    match form {
        Form::Word(fact) => !vocabulary.values(fact).is_empty(),
        Form::Permits => !vocabulary.permits.is_empty(),
        Form::Moment => !vocabulary.filing_channels.is_empty(),
        Form::Documents => !vocabulary.documents.is_empty(),
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
