//! Words: the days around today as ranges, beside the fixed keys of an answer.

use serde::Serialize;

use crate::assessment::Timeline;
use crate::calendar::Day;

#[derive(Serialize)]
pub(super) struct TimelineView<'a> {
    first: Day,
    last: Day,
    /// The rule that says which days are counted.
    rule: Option<&'a str>,
    window_days: Option<i32>,
    /// Days used today.
    used: Option<i32>,
    ranges: Vec<RangeView>,
    marks: Vec<MarkView>,
}

#[derive(Serialize)]
struct RangeView {
    first: Day,
    last: Day,
    what: &'static str,
    counted: bool,
}

#[derive(Serialize)]
struct MarkView {
    first: Day,
    last: Day,
    what: &'static str,
}

impl<'a> TimelineView<'a> {
    pub(super) fn new(timeline: &'a Timeline<'a>) -> Self {
        let limit = timeline.limit.as_ref();
        let ranges = timeline.runs.iter().map(|run| RangeView {
            first: run.days.first,
            last: run.days.last,
            what: run.state.name(),
            counted: run.is_counted,
        });
        let marks = timeline.marks.iter().map(|mark| MarkView {
            first: mark.days.first,
            last: mark.days.last,
            what: mark.kind.name(),
        });
        Self {
            first: timeline.days.first,
            last: timeline.days.last,
            rule: limit.map(|limit| limit.rule.id),
            window_days: limit.and_then(|limit| limit.window.days()),
            used: limit.map(|limit| limit.used),
            ranges: ranges.collect(),
            marks: marks.collect(),
        }
    }
}
