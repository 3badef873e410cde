//! The timeline of a person: each cell, each mark and each sum against the naive counter of days, over random lives
//! under the real rules.

use std::collections::BTreeMap;

use crate::support::lives::{Dice, random_life, written};
use crate::support::naive;
use crate::support::naive::Oracle;
use trp_check::assess::{assess, timelines};
use trp_check::assessment::{DayState, MarkKind, Stay, StayStatus, Timeline};
use trp_check::calendar::{Day, DayRange};
use trp_check::embedded::RULES;
use trp_check::profile::Profile;

/// The number of days that some runs have in common with some days.
fn days_in<'a>(runs: impl Iterator<Item = &'a DayRange>, window: DayRange) -> i32 {
    runs.map(|run| run.overlap(window).days()).sum()
}

/// How often each state was seen.
type Seen = BTreeMap<&'static str, usize>;

/// Compares one life; `Err` tells what differs.
fn compare(profile: &Profile, today: Day, seen: &mut Seen) -> Result<(), String> {
    let assessment = assess(&RULES, profile, today);
    let stay = &assessment.applicant.stay;
    let timeline = timelines(&RULES, &assessment).remove(0);
    let oracle = Oracle::new(&RULES, &profile.applicant, today);
    has_all_days(&timeline)?;
    looks_back_as_far_as_the_limits(&timeline, stay)?;
    let is_visa_free = stay.limits.iter().any(|limit| limit.window.name() != "permit");
    let entry = stay.entry.filter(|_| is_visa_free).unwrap_or(today);
    let limit = timeline.limit.as_ref().map(|limit| (limit.rule.id, entry));
    for run in &timeline.runs {
        for day in run.days.iter() {
            let (state, is_counted) = oracle.cell(day, limit);
            if (run.state.name(), run.is_counted) != (state, is_counted) {
                return Err(format!("{day}: {} {} for {state} {is_counted}", run.state.name(), run.is_counted));
            }
            *seen.entry(state).or_default() += 1;
        }
    }
    sums_are_those_of_the_answer(&timeline, &oracle.answer(), today)
}

/// The runs are in order, without gaps, and no two in a row are the same.
fn has_all_days(timeline: &Timeline<'_>) -> Result<(), String> {
    let mut next = timeline.days.first;
    for run in &timeline.runs {
        if run.days.first != next || run.days.days() == 0 {
            return Err(format!("a gap or an overlap at {next}"));
        }
        next = run.days.last.plus(1);
    }
    let is_merged = timeline.runs.windows(2).all(|pair| {
        let [before, after] = pair else { return true };
        (before.state, before.is_counted) != (after.state, after.is_counted)
    });
    if next != timeline.days.last.plus(1) || !is_merged {
        return Err("the runs end elsewhere, or two in a row are the same".to_owned());
    }
    Ok(())
}

/// The longest rolling window of the answer is the one that is looked back on.
fn looks_back_as_far_as_the_limits(timeline: &Timeline<'_>, stay: &Stay<'_>) -> Result<(), String> {
    let longest = stay.limits.iter().filter_map(|limit| limit.window.days()).max();
    let Some(window) = longest else { return Ok(()) };
    let of_the_timeline = timeline.limit.as_ref().and_then(|limit| limit.window.days());
    if of_the_timeline != Some(window) || timeline.days.first != timeline.today.plus(1 - window) {
        return Err(format!("looks back {of_the_timeline:?} from {}, not {window} days", timeline.days.first));
    }
    Ok(())
}

/// Counted days, overstay days and the last lawful day are those of the naive answer.
fn sums_are_those_of_the_answer(timeline: &Timeline<'_>, answer: &naive::Answer, today: Day) -> Result<(), String> {
    let up_to_today = DayRange { first: timeline.days.first, last: today };
    if let Some(limit) = timeline.limit.as_ref().filter(|limit| limit.window.days().is_some()) {
        let counted = timeline.runs.iter().filter(|run| run.is_counted).map(|run| &run.days);
        let counted = days_in(counted, up_to_today);
        let freed: i32 = timeline.marks_of(MarkKind::FallsFree).map(DayRange::days).sum();
        let is_of_today = matches!(answer.status, StayStatus::Lawful | StayStatus::Overstay | StayStatus::Outside);
        let named = answer.limits.iter().find(|(id, ..)| id == limit.rule.id).filter(|_| is_of_today);
        if (counted, freed) != (limit.used, limit.used) || named.is_some_and(|(_, used, _)| *used != counted) {
            return Err(format!("{counted} counted, {freed} fall free, {} used, {named:?}", limit.used));
        }
    }
    let over = timeline.runs.iter().filter(|run| run.state == DayState::Overstay).map(|run| &run.days);
    let expected = answer.overstays.iter().map(|(_, from, to, _)| DayRange { first: *from, last: *to });
    let expected: Vec<Day> = expected.flat_map(|days| days.overlap(up_to_today).iter().collect::<Vec<_>>()).collect();
    // A border day may be over by two stays at once.
    let mut expected_once = expected;
    expected_once.sort_unstable();
    expected_once.dedup();
    if days_in(over, up_to_today) != i32::try_from(expected_once.len()).unwrap_or(-1) {
        return Err(format!("overstay days other than {:?}", answer.overstays));
    }
    let last: Vec<Day> = timeline.marks_of(MarkKind::LastDay).map(|days| days.first).collect();
    if last != answer.last_day.into_iter().collect::<Vec<_>>() {
        return Err(format!("last lawful day {last:?} for {:?}", answer.last_day));
    }
    Ok(())
}

/// Cells, marks and sums are right in 4,000 random lives (10,000 with `TRP_CHECK_LONG=1`), in which every state occurs.
#[test]
fn cells_are_the_days_that_are_counted_by_hand() {
    let mut dice = Dice::seeded(2026);
    let mut seen = Seen::new();
    let lives = if std::env::var_os("TRP_CHECK_LONG").is_some() { 10_000 } else { 4_000 };
    for number in 0..lives {
        let (code, profile, today) = random_life(&mut dice);
        if let Err(why) = compare(&profile, today, &mut seen) {
            panic!("life {number} ({code}) {}: {why}", written(&profile, today));
        }
    }
    for state in DayState::ALL {
        assert!(seen.get(state.name()).is_some_and(|days| *days > 400), "{} occurs too seldom: {seen:?}", state.name());
    }
}
