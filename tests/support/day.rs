//! The day that the tests are asked on, whatever the day of the machine.

use trp_check::calendar::Day;

pub const TODAY: &str = "2026-11-22";

pub fn today() -> Day {
    day(TODAY)
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}
