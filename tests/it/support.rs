//! What these tests share.

#[path = "../support/cores.rs"]
pub mod cores;
#[path = "../support/day.rs"]
pub mod day;
#[path = "../support/files.rs"]
pub mod files;
#[path = "../support/folders.rs"]
pub mod folders;
#[path = "../support/json.rs"]
pub mod json;
#[path = "../support/people.rs"]
pub mod people;
#[path = "../support/rows.rs"]
pub mod rows;
#[path = "../support/run.rs"]
pub mod run;
pub mod rust_text;
#[cfg(unix)]
#[path = "../support/still.rs"]
pub mod still;

use serde_json::Value as Json;

/// The day of the tests as a flag of the program.
pub const TODAY_FLAG: [&str; 2] = ["--today", day::TODAY];

/// A list of so many made-up people.
pub fn list(people: usize) -> Vec<Json> {
    people::people().take(people).collect()
}

/// The list as lines of JSON.
pub fn text_of(list: &[Json]) -> String {
    list.iter().map(|person| format!("{person}\n")).collect()
}
