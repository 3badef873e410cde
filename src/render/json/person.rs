//! What the answer says about one person, as JSON.

use super::{ChannelView, CiteView, MomentView, channels, cites, views};
use crate::assessment::{
    DayMark, DayRun, Deadline, DocumentLine, LimitUse, NextEntry, Overstay, Permit, Stay, StayStatus, Timeline,
};
use crate::calendar::{Day, SkippedDay};
use crate::render::{Words, phrases};
use crate::rulebook::VISA_FREE;

views! {
    StayView<'a>(stay: &'a Stay<'a>, words: &Words<'a>) {
        status: &'static str = stay.status.name(),
        basis: &'a str = if stay.basis.is_empty() { VISA_FREE } else { stay.basis },
        entry: Option<Day> = stay.entry,
        last_day: Option<Day> = stay.last_day,
        latest_arguable: Option<Day> = stay.latest_arguable,
        binding: Vec<&'a str> = stay.binding().map(|rule| rule.id).collect(),
        days_left: Option<i32> = stay.days_left.filter(|_| stay.status == StayStatus::Lawful),
        days_over: i32 = stay.days_over,
        limits: Vec<LimitView<'a>> = stay.limits.iter().map(|limit| LimitView::new(limit, words)).collect(),
        next_entry: Option<NextEntryView> = stay.next_entry.map(NextEntryView::new),
        overstays: Vec<OverstayView> = stay.overstays.iter().map(OverstayView::new).collect(),
    }

    LimitView<'a>(limit: &LimitUse<'a>, words: &Words<'a>) {
        rule: &'a str = limit.rule.id,
        kind: &'static str = limit.window.name(),
        max_days: Option<i32> = limit.max_days,
        window_days: Option<i32> = limit.window.days(),
        used: i32 = limit.used,
        last_day: Option<Day> = limit.last_day,
        cite: Vec<CiteView<'a>> = cites(&limit.rule, words),
    }

    NextEntryView(next: NextEntry) {
        earliest: Day = next.earliest,
        days: Option<i32> = next.days,
    }

    OverstayView(over: &Overstay) {
        entry: Day = over.entry,
        from: Day = over.from,
        to: Day = over.to,
        days: i32 = over.days,
    }

    DeadlineView<'a>(deadline: &'a Deadline<'a>, words: &Words<'a>) {
        id: &'a str = &deadline.id,
        title: &'a str = words.of("deadline", deadline.id),
        event: &'static str = deadline.event,
        event_date: Day = deadline.event_date,
        due: Option<MomentView> = deadline.due.map(MomentView),
        safe: Option<MomentView> = deadline.safe.map(MomentView),
        status: &'static str = deadline.status.name(),
        days: Option<i32> = deadline.days,
        done_on: Option<Day> = deadline.done_on,
        who: &'static str = deadline.who.name(),
        kind: &'static str = deadline.kind.name(),
        skipped: Vec<SkippedView> = deadline.skipped.iter().map(|off| SkippedView::new(off, words)).collect(),
        rule: &'a str = deadline.rule.id,
        cite: Vec<CiteView<'a>> = cites(&deadline.rule, words),
    }

    SkippedView(off: &SkippedDay, words: &Words<'_>) {
        on: Day = off.on,
        kind: &'static str = off.kind.name(),
        text: String = phrases::why_skipped(off, words),
    }

    PermitView<'a>(permit: &'a Permit<'a>, words: &Words<'a>) {
        status: &'static str = permit.status.name(),
        threshold_days: Option<i32> = permit.threshold_days,
        hold_by: Option<Day> = permit.hold_by,
        file_by: Option<Day> = permit.file_by,
        valid_until_at_most: Option<Day> = permit.valid_until_at_most,
        renewable: Option<bool> = permit.renewable,
        fee: Option<&'a str> = permit.fee,
        processing_working_days: Option<u32> = permit.processing_working_days,
        channels: Vec<ChannelView<'a>> = channels(&permit.channels, words),
        rule: Option<&'a str> = permit.rule.map(|rule| rule.id),
        rules: Vec<&'a str> = permit.rules().map(|rule| rule.id).collect(),
        because: String = words.sentence(&permit.because),
        cite: Vec<CiteView<'a>> = permit.rule.iter().flat_map(|rule| cites(rule, words)).collect(),
    }

    DocumentView<'a>(line: &'a DocumentLine<'a>, person: &'a str, words: &Words<'a>) {
        procedure: &'a str = line.procedure,
        id: &'a str = line.id,
        title: &'a str = words.of("document", line.id),
        person: &'a str = person,
        requirement: &'static str = line.requirement.name(),
        group: Option<&'a str> = line.group,
        held: bool = line.held,
        form: &'a str = line.form,
        because: String = words.sentence(&line.because.message()),
        rule: &'a str = line.rule.id,
        cite: Vec<CiteView<'a>> = cites(&line.rule, words),
    }

    TimelineView<'a>(timeline: &'a Timeline<'a>) {
        first: Day = timeline.days.first,
        last: Day = timeline.days.last,
        /// The rule that says which days are counted.
        rule: Option<&'a str> = timeline.limit.as_ref().map(|limit| limit.rule.id),
        window_days: Option<i32> = timeline.limit.as_ref().and_then(|limit| limit.window.days()),
        /// Days used today.
        used: Option<i32> = timeline.limit.as_ref().map(|limit| limit.used),
        ranges: Vec<RangeView> = timeline.runs.iter().map(RangeView::new).collect(),
        marks: Vec<MarkView> = timeline.marks.iter().map(MarkView::new).collect(),
    }

    RangeView(run: &DayRun) {
        first: Day = run.days.first,
        last: Day = run.days.last,
        what: &'static str = run.state.name(),
        counted: bool = run.is_counted,
    }

    MarkView(mark: &DayMark) {
        first: Day = mark.days.first,
        last: Day = mark.days.last,
        what: &'static str = mark.kind.name(),
    }
}
