//! What the parts of an answer cost: `cargo bench`, or `cargo bench -- assess` for some of them. Times of one machine
//! on one day: to compare two ways, run both in turn; the counts that must hold are those of `benches/counts.sh`.

use std::fmt::Write;

use divan::{Bencher, black_box};
use trp_check::assess::assess;
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::profile::written::WrittenProfile;
use trp_check::profile::{Profile, check::check};
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

fn read(line: &str) -> Profile {
    let written: WrittenProfile = serde_json::from_str(line).expect("a line that can be read");
    check(&written, Vec::new(), &RULES, &COUNTRIES, today()).expect("a profile without faults")
}

const STAYS: [i32; 5] = [0, 5, 20, 200, 2_000];

/// From facts to the answer.
#[divan::bench(args = STAYS)]
fn assess_a_profile(bencher: Bencher<'_, '_>, stays: i32) {
    let profile = read(&line(stays));
    bencher.bench(|| assess(&RULES, black_box(&profile), today()).status);
}

/// From a line to facts.
#[divan::bench(args = STAYS)]
fn read_a_line(bencher: Bencher<'_, '_>, stays: i32) {
    let line = line(stays);
    bencher.bench(|| read(black_box(&line)));
}

/// From a line to a row: all of it.
#[divan::bench(args = STAYS)]
fn answer_a_line(bencher: Bencher<'_, '_>, stays: i32) {
    let line = line(stays);
    let mut row = Vec::new();
    bencher.bench_local(|| {
        let profile = read(black_box(&line));
        let answer = assess(&RULES, &profile, today());
        row.clear();
        serde_json::to_writer(&mut row, &SummaryRow::of(&answer, None, 1)).expect("writing into memory cannot fail");
        black_box(&row);
    });
}

/// The day that is so many working days after today.
#[divan::bench(args = [1, 3, 30, 240])]
fn count_working_days(days: u32) -> Option<Day> {
    RULES.calendar.working_days_after(black_box(today()), days).ok().map(|term| term.ends_on)
}
