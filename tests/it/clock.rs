//! The present day is that of the pack's zone, and a clock outside the days that are answered for has none.

use trp_check::calendar::Day;

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

#[test]
fn a_clock_outside_the_days_that_are_answered_for_has_no_day() {
    let first = Day::from_ymd(1970, 1, 1).expect("a day");
    let at = |day: Day| DAY * u64::try_from(day.days_since(first)).expect("a later day");
    assert_eq!(Day::of_unix_time(at(Day::FIRST), 0), Some(Day::FIRST));
    assert_eq!(Day::of_unix_time(at(Day::LAST), 0), Some(Day::LAST));
    for seconds in [0, at(Day::FIRST) - 1, at(Day::LAST) + DAY, DAY * 4_000_000, u64::MAX] {
        assert_eq!(Day::of_unix_time(seconds, 0), None, "{seconds}");
    }
}

#[test]
fn the_day_is_that_of_the_zone_of_the_pack() {
    let evening = 20_000 * DAY + 20 * DAY / 24;
    let utc = Day::of_unix_time(evening, 0).expect("a day that is answered for");
    assert_eq!(Day::of_unix_time(evening, 5), Some(utc.plus(1)));
}
