//! `rules matrix`: the document matrix as people know it: documents by groups of applicants.

use trp_check::embedded;
use trp_check::render::document::{Block, Document, Kind};
use trp_check::render::{Format, Words, matrix as render};
use trp_check::review::matrix::{Question, matrix};
use trp_check::source::Text;

use super::super::Context;
use crate::args::{Global, RulesMatrix};
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &RulesMatrix) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let (book, words) = (&*context.book, context.words());
    let procedures: Vec<Text> = book.documents.iter().fold(Vec::new(), |mut known, rule| {
        let of_rule = rule.versions.iter().map(|version| version.says.procedure.clone());
        known.extend(of_rule);
        known.dedup();
        known
    });
    let known = |word: &Option<String>, what: &str, known: &[Text]| match word {
        None => Ok(None),
        Some(word) => place_of(global, word, what, known, &words).map(Some),
    };
    let asked = known(&ask.purpose, "purpose", &book.vocabulary.purposes).and_then(|purpose| {
        let channel = known(&ask.channel, "channel", &book.vocabulary.filing_channels)?;
        Ok((purpose, channel, known(&ask.procedure, "procedure", &procedures)?))
    });
    let (purpose, channel, procedure) = asked?;
    let procedure = match procedure {
        Some(at) => procedures[usize::from(at)].clone(),
        None => {
            book.permit_kind().map(|kind| kind.id.clone()).or_else(|| procedures.first().cloned()).unwrap_or_default()
        }
    };
    let on = ask.on.unwrap_or(context.today);
    let found = matrix(book, &embedded::COUNTRIES, &procedure, Question { on, purpose, channel });
    let marks = if ask.format == Format::Csv { "matrix_word" } else { "matrix_cell" };
    let grid = render::grid(&found, ask.all, marks, &words);
    let mut heading =
        words.with("rules_matrix.heading", &[("procedure", &words.of("procedure", &procedure)), ("day", &on)]);
    let chosen = |table: &str, word: &Option<String>| word.as_ref().map(|word| words.of(table, word).to_owned());
    for part in [chosen("purpose", &ask.purpose), chosen("channel", &ask.channel)].into_iter().flatten() {
        heading = format!("{heading} · {part}");
    }
    let legend = words.label("rules_matrix.legend");
    let source = words.with("rules_matrix.source", &[("pack", &book.id), ("version", &book.version)]);
    if ask.format == Format::Csv {
        return output::answer(&grid.csv());
    }
    let mut document = Document::new(heading);
    document.push(Kind::Rules, "", [Block::Grid(grid)]);
    document.push(Kind::Notes, "", [Block::Text(legend.to_owned()), Block::Text(source)]);
    output::answer(&output::drawn(&document, ask.format, &words, output::look(global)))
}

/// The place of a word of the command line in a list of the pack; `Err`: it is not there, which was reported.
fn place_of(global: &Global, word: &str, what: &str, known: &[Text], words: &Words<'_>) -> Result<u8, Stop> {
    let at = known.iter().position(|known| known == word).and_then(|at| u8::try_from(at).ok());
    at.ok_or_else(|| {
        let listed = known.join(", ");
        let text = words.with("rules_matrix.unknown", &[("what", &what), ("given", &word), ("known", &listed)]);
        let text = args::with_nearest(text, word, known.iter().map(|known| &**known));
        Stop::usage(global, &text)
    })
}
