//! Any bytes as a staff list, of JSON lines or a table, however the bytes come: what comes of it must be what
//! `tests/support/lists.rs` says. `fuzz/run.sh` runs it.

#![no_main]

#[path = "../../tests/support/lists.rs"]
mod lists;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| lists::check_any(input));
