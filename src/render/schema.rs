//! JSON Schemas (draft 2020-12) of what the program answers, from the types that write it.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::agenda::json::AgendaView;
use super::calendar::{TermView, YearView};
use super::comparison::ComparisonView;
use super::explain::ExplanationView;
use super::json::AssessmentView;
use super::plan::PlanView;
use super::question::AskView;
use super::receipt::Receipt;
use super::rule::RuleListView;
use super::summary::SummaryRow;

macro_rules! answers {
    ($($name:literal $type:ty;)*) => {
        /// What has a schema, by its name in `schema`; `row` is a line of `batch`.
        pub const ANSWERS: [&str; [$($name),*].len()] = [$($name),*];

        /// The schema of an answer; `None` for a name that is none of [`ANSWERS`].
        pub fn of_answer(name: &str) -> Option<Schema> {
            let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
            match name {
                $($name => Some(generator.into_root_schema_for::<$type>()),)*
                _ => None,
            }
        }
    };
}

answers! {
    "assessment" AssessmentView<'static>;
    "plan" PlanView<'static>;
    "agenda" AgendaView<'static>;
    "explanation" ExplanationView<'static>;
    "comparison" ComparisonView<'static>;
    "question" AskView<'static>;
    "calendar-term" TermView<'static>;
    "calendar-year" YearView<'static>;
    "rules" RuleListView<'static>;
    "receipt" Receipt;
    "row" SummaryRow<'static>;
}
