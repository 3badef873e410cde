//! The short answer is short, and says the answer first: for all law cases, in every language.

use std::collections::BTreeSet;

use crate::support::judge::each_profile;
use textwrap::core::display_width;
use trp_check::assess::assess;
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::render::check::{Extent, document, short};
use trp_check::render::document::Block;
use trp_check::render::terminal::{self, Look};
use trp_check::render::{Sections, Words};
use trp_check::rulebook::DeadlineKind;

/// So many lines for one person, and for each member of the family.
const LINES: usize = 30;
const LINES_OF_A_MEMBER: usize = 10;

#[test]
fn the_short_answer_fits_a_screen_and_names_no_rule() {
    let mut found = Vec::new();
    each_profile(|case, profile| {
        let answer = assess(&RULES, profile, case.today);
        for texts in TEXTS {
            let words = Words::new(texts, RULES.texts_in(&texts.language), &COUNTRIES);
            let text = short(&answer, &[], Sections::All, &words, Look::plain(80));
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
    });
    let shown = &found[..found.len().min(6)];
    assert!(found.is_empty(), "{} answers, such as:\n{}", found.len(), shown.join("\n"));
}

/// The most words of a sentence that people read unasked.
const MOST_WORDS: usize = 25;

/// The sentences of a text: lists are read piece by piece, and what stands in brackets is the name of an act.
fn sentences(text: &str) -> Vec<String> {
    let mut depth = 0;
    let is_outside = |letter: &char| {
        depth += i32::from(*letter == '(') - i32::from(*letter == ')');
        depth == 0 && *letter != ')'
    };
    let plain: String = text.chars().filter(is_outside).collect();
    plain.split(['.', '?', '!', ';', '·']).flat_map(|part| part.split(": ")).map(str::to_owned).collect()
}

#[test]
fn no_sentence_is_longer_than_one_can_follow() {
    let mut long = BTreeSet::new();
    each_profile(|case, profile| {
        let answer = assess(&RULES, profile, case.today);
        for texts in TEXTS {
            let words = Words::new(texts, RULES.texts_in(&texts.language), &COUNTRIES);
            let laid_out = document(&answer, &[], Sections::All, Extent::Short, &words);
            let blocks = laid_out.sections.iter().flat_map(|section| &section.blocks);
            let texts = blocks.flat_map(|block| match block {
                Block::Text(text) | Block::Hint(text) | Block::Remark(_, text) => vec![text.as_str()],
                Block::Lines(lines) => lines.iter().map(|(_, text)| text.as_str()).collect(),
                Block::Rows(rows) => rows.iter().map(|row| row.what.as_str()).collect(),
                _ => Vec::new(),
            });
            for text in texts.chain([&*laid_out.title]) {
                let is_long = |sentence: &String| sentence.split_whitespace().count() > MOST_WORDS;
                long.extend(sentences(text).into_iter().filter(is_long));
            }
        }
    });
    assert!(long.is_empty(), "{} sentences:\n{}", long.len(), long.iter().cloned().collect::<Vec<_>>().join("\n"));
}

/// With details, an answer for eyes has every day, rule and number of days that the answer for programs has.
#[test]
fn the_details_hold_all_that_programs_are_given() {
    let words = Words::new(&TEXTS[0], RULES.texts_in("en"), &COUNTRIES);
    let mut missing = BTreeSet::new();
    each_profile(|case, profile| {
        let answer = assess(&RULES, profile, case.today);
        let whole = document(&answer, &[], Sections::All, Extent::Details, &words);
        let text = terminal::draw(&whole, &words, Look::plain(100_000));
        let mut must = |value: Option<String>, what: &str| {
            if let Some(value) = value.filter(|value| !text.contains(value.as_str())) {
                missing.insert(format!("{}: {what} {value}", case.name));
            }
        };
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        for person in answer.persons() {
            let stay = &person.stay;
            for limit in stay.limits.iter().filter(|_| !stay.is_unknown()) {
                must(Some(limit.rule.id.to_owned()), "the rule of a limit");
                must(limit.max_days.map(|days| days.to_string()), "the days of a limit");
            }
            must(day(stay.next_entry.map(|next| next.earliest)).filter(|_| !stay.is_unknown()), "the next entry");
            for deadline in &person.deadlines {
                let is_useless = deadline.kind == DeadlineKind::Advice && deadline.days.is_some_and(|days| days < 0);
                must(day(deadline.due.map(|due| due.day)).filter(|_| !is_useless), deadline.id);
                must(Some(deadline.rule.id.to_owned()), deadline.id);
            }
            if let Some(permit) = person.permit.as_ref().filter(|_| !stay.is_unknown() && !stay.is_outside_the_rules) {
                must(permit.rule.map(|rule| rule.id.to_owned()), "the rule of the permit");
                must(day(permit.hold_by.filter(|day| *day >= answer.today)), "hold by");
                must(day(permit.file_by.filter(|day| *day >= answer.today)), "file by");
            }
        }
    });
    let shown: Vec<&String> = missing.iter().take(20).collect();
    assert!(missing.is_empty(), "{} are missing: {shown:#?}", missing.len());
}
