//! `schema NAME`: the JSON Schema of an answer.

use trp_check::render::schema::{ANSWERS, of_answer};
use trp_check::schema::text;

use crate::args::AnswerSchema;
use crate::{Exit, Stop, args, output};

/// Without a name, the names that there are.
pub fn run(ask: &AnswerSchema) -> Result<Exit, Stop> {
    output::answer(&match ask.answer.as_deref().and_then(of_answer) {
        Some(schema) => text(schema),
        None => format!("{}\n\n{}\n", ANSWERS.join("\n"), args::words().label("rules_schema.how-answer")),
    })
}
