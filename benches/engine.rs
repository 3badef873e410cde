//! What the parts of an answer cost: `cargo bench`, or `cargo bench -- assess` for some of them. Times of one machine
//! on one day: to compare two ways, run both in turn; the counts that must hold are those of `benches/counts.sh`.

use std::fmt::Write;

use divan::{Bencher, black_box};
use trp_check::assess::{CachedRules, assess, decide};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES, TEXTS};
use trp_check::profile::read::Reader;
use trp_check::profile::{Buffers, Profile};
use trp_check::render::Words;
use trp_check::render::summary::SummaryRow;

fn main() {
    divan::main();
}

fn today() -> Day {
    Day::from_ymd(2026, 11, 22).expect("a day")
}

/// A line of a staff list: somebody with so many stays of a day each, every other day up to today.
fn line(stays: i32) -> String {
    let mut line = String::from(
        r#"{"id":"E-0000001","name":"Aleksei Иванов","citizenship":"RU","birth_date":"1990-05-17","travel_document":{"kind":"passport","expires":"2029-11-22"},"purpose":"employment","stays":["#,
    );
    for back in (0..stays).rev() {
        let day = today().plus(-2 * back);
        let comma = if back > 0 { "," } else { "" };
        write!(line, r#"{{"entry":"{day}","exit":"{day}"}}{comma}"#).expect("writing into memory cannot fail");
    }
    line + r#"],"employment":{"employer":"astana-hub"},"housing":{"owner":"other"},"filing":{"channel":"egov"}}"#
}

fn read(line: &str, reader: &Reader<'_>) -> Profile {
    reader.line(line, &mut Buffers::default()).expect("a good line")
}

const STAYS: [i32; 5] = [0, 5, 20, 200, 2_000];

/// From facts to the whole answer.
#[divan::bench(args = STAYS)]
fn assess_a_profile(bencher: Bencher<'_, '_>, stays: i32) {
    let profile = read(&line(stays), &Reader::new(&RULES, &COUNTRIES, today()));
    bencher.bench(|| assess(&RULES, black_box(&profile), today()).status);
}

/// From facts to what a row shows, by rules that remember their answers.
#[divan::bench(args = STAYS)]
fn assess_for_a_row(bencher: Bencher<'_, '_>, stays: i32) {
    let profile = read(&line(stays), &Reader::new(&RULES, &COUNTRIES, today()));
    let rules = CachedRules::for_many(&RULES);
    bencher.bench_local(|| decide(&rules, black_box(&profile), today()).status);
}

/// From a line to facts.
#[divan::bench(args = STAYS)]
fn read_a_line(bencher: Bencher<'_, '_>, stays: i32) {
    let line = line(stays);
    let reader = Reader::new(&RULES, &COUNTRIES, today());
    bencher.bench_local(|| read(black_box(&line), &reader));
}

/// From a line to a row: all of it.
#[divan::bench(args = STAYS)]
fn answer_a_line(bencher: Bencher<'_, '_>, stays: i32) {
    let line = line(stays);
    let (reader, rules) = (Reader::new(&RULES, &COUNTRIES, today()), CachedRules::for_many(&RULES));
    let words = Words::new(&TEXTS[0], None, &COUNTRIES);
    let mut row = Vec::new();
    bencher.bench_local(|| {
        let profile = read(black_box(&line), &reader);
        let decision = decide(&rules, &profile, today());
        row.clear();
        SummaryRow::of(&decision, &rules, &words, (None, 1)).write_json(&mut row);
        black_box(&row);
    });
}

/// The day that is so many working days after today.
#[divan::bench(args = [1, 3, 30, 240])]
fn count_working_days(days: u32) -> Option<Day> {
    RULES.calendar.working_days_after(black_box(today()), days).ok()
}
