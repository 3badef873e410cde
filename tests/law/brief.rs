//! The short answer is short, and says the answer first: for all law cases, in every language.

use crate::support::judge::{cases_of, pack};
use textwrap::core::display_width;
use trp_check::assess::assess;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::read::Reader;
use trp_check::render::table::Look;
use trp_check::render::{Sections, Words, brief};

/// So many lines for one person, and for each member of the family.
const LINES: usize = 30;
const LINES_OF_A_MEMBER: usize = 10;

#[test]
fn the_short_answer_fits_a_screen_and_names_no_rule() {
    let (_, files) = pack();
    let mut found = Vec::new();
    for case in cases_of(&files) {
        let checked = Reader::new(&RULES, &COUNTRIES, case.today).tree(&case.profile.root, Vec::new());
        let Ok(profile) = checked else { continue };
        let answer = assess(&RULES, &profile, case.today);
        for texts in TEXTS {
            let words = Words::new(texts, RULES.texts_in(&texts.language), &COUNTRIES);
            let text = brief::render(&answer, Sections::All, &words, Look { width: 80, color: false });
            let mut must = |holds: bool, claim: &str| {
                if !holds {
                    found.push(format!("{} ({}): {claim}\n{text}", case.name, texts.language));
                }
            };
            let most = LINES + LINES_OF_A_MEMBER * answer.family.len();
            let lines = text.lines().count();
            must(lines <= most, &format!("{lines} lines, not {most}"));
            must(text.lines().all(|line| display_width(line) <= 80), "no line is wider than the page");
            let is_id = |word: &str| word.starts_with("kz.") && word.len() > 3;
            must(!text.split(|sign: char| !sign.is_alphanumeric() && sign != '.').any(is_id), "no rule is named");
            let first = text.lines().next().unwrap_or_default();
            must(!first.is_empty() && !first.starts_with(' '), "the first line answers");
        }
    }
    let shown = &found[..found.len().min(6)];
    assert!(found.is_empty(), "{} answers, such as:\n{}", found.len(), shown.join("\n"));
}
