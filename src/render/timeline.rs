//! The days around today as lines of signs, a line for each month, for a terminal.
//!
//! A sign says what a day is; what happens on a day stands under it. Colour only repeats the signs.

use std::fmt::Write as _;

use super::Words;
use super::phrases::limit_text;
use super::terminal::Page;
use crate::assessment::{DayState, MarkKind, PersonAssessment, Timeline};
use crate::calendar::{Day, DayRange};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    Unicode,
    /// Only those of ASCII; names of people stay as they are.
    Ascii,
}

impl Signs {
    const fn of_state(self, state: DayState) -> char {
        let signs = match state {
            DayState::Outside => ['·', '.'],
            DayState::Allowed => ['◇', '='],
            DayState::NotCounted => ['□', 'o'],
            DayState::Counted => ['■', '#'],
            DayState::Planned => ['◆', 'p'],
            DayState::Undecided => ['?', '?'],
            DayState::PlannedOver => ['×', 'x'],
            DayState::Overstay => ['✗', 'X'],
        };
        signs[self as usize]
    }

    const fn of_mark(self, kind: MarkKind) -> char {
        let signs = match kind {
            MarkKind::Today => ['▲', '^'],
            MarkKind::LastDay => ['!', '!'],
            MarkKind::PermitEnd => ['P', 'P'],
            MarkKind::FallsFree => ['+', '+'],
        };
        signs[self as usize]
    }

    pub(super) fn spelt(self, text: String) -> String {
        const PLAIN: [(char, &str); 14] = [
            ('●', "*"),
            ('○', "o"),
            ('✓', "v"),
            ('✗', "X"),
            ('·', "-"),
            ('–', "-"),
            ('…', "..."),
            ('→', "->"),
            ('“', "\""),
            ('”', "\""),
            ('’', "'"),
            ('é', "e"),
            ('₸', "KZT"),
            ('\u{a0}', " "),
        ];
        match self {
            Self::Unicode => text,
            Self::Ascii => PLAIN.iter().fold(text, |text, (sign, plain)| text.replace(*sign, plain)),
        }
    }
}

/// Columns before the first day of a line.
const LABEL: usize = 9;
/// From so many columns on there is a blank before each day.
const WIDE: usize = 72;
/// Days whose numbers stand above the lines.
const NUMBERED: [usize; 7] = [1, 5, 10, 15, 20, 25, 30];

pub(super) fn draw(page: &mut Page, timeline: &Timeline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) {
    page.paragraph(&title(timeline, words));
    page.gap();
    figure(page, timeline);
    page.gap();
    legend(page, timeline, person, words);
}

pub(super) fn title(timeline: &Timeline<'_>, words: &Words<'_>) -> String {
    let DayRange { first, last } = timeline.days;
    let country = words.of("pack", "name");
    let text = words.with("timeline.title", &[("country", &country), ("first", &first), ("last", &last)]);
    let used = match &timeline.limit {
        None => words.label("timeline.no-limit").to_owned(),
        Some(limit) => {
            let used = words.count("table.used", limit.used, &[("limit", &limit_text(limit, words))]);
            words.with("timeline.uses", &[("used", &used)])
        }
    };
    format!("{text} {used}")
}

fn figure(page: &mut Page, timeline: &Timeline<'_>) {
    let signs = page.look.signs;
    let step = if page.look.width < WIDE { 1 } else { 2 };
    let mut numbers = String::new();
    for day in NUMBERED {
        let end = LABEL + day * step;
        let _ = write!(numbers, "{day:>width$}", width = end - numbers.len());
    }
    page.text.push_str(&numbers);
    page.text.push('\n');
    for month in timeline.months() {
        let cell = |day: Day| {
            let is_drawn = timeline.days.contains(day);
            is_drawn.then(|| timeline.state_on(day)).map(|state| (signs.of_state(state), color_of(state)))
        };
        let label = month.first.to_string();
        page.line(label.rsplit_once('-').map_or("", |(month, _)| month), step, month.iter().map(cell));
        let most = month.iter().map(|day| timeline.marks_on(day).count()).max().unwrap_or_default();
        for nth in 0..most {
            let mark = |day: Day| timeline.marks_on(day).nth(nth).filter(|_| timeline.days.contains(day));
            if month.iter().any(|day| mark(day).is_some()) {
                page.line("", step, month.iter().map(|day| mark(day).map(|kind| (signs.of_mark(kind), "1"))));
            }
        }
    }
}

impl Page {
    /// A line of signs in colours, so many columns for each.
    fn line(&mut self, label: &str, step: usize, signs: impl Iterator<Item = Option<(char, &'static str)>>) {
        let mut line = format!("{label:LABEL$}");
        for sign in signs {
            line.push_str(&" ".repeat(step - 1));
            match sign {
                Some((sign, color)) if self.look.color => {
                    let _ = write!(line, "\u{1b}[{color}m{sign}\u{1b}[0m");
                }
                _ => line.push(sign.map_or(' ', |(sign, _)| sign)),
            }
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

const fn color_of(state: DayState) -> &'static str {
    match state {
        DayState::Outside => "2",
        DayState::Allowed | DayState::NotCounted => "32",
        DayState::Counted | DayState::Planned => "36",
        DayState::Undecided => "35",
        DayState::PlannedOver => "31",
        DayState::Overstay => "1;31",
    }
}

fn legend(page: &mut Page, timeline: &Timeline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) {
    let signs = page.look.signs;
    for state in timeline.states() {
        page.wrapped(&state_text(timeline, state, words), &format!(" {}  ", signs.of_state(state)), "    ");
    }
    for (kind, text) in mark_texts(timeline, person, words) {
        page.wrapped(&text, &format!(" {}  ", signs.of_mark(kind)), "    ");
    }
}

/// What days of a state are, and how many but for days spent elsewhere.
pub(super) fn state_text(timeline: &Timeline<'_>, state: DayState, words: &Words<'_>) -> String {
    let what = state_name(state, words);
    if state == DayState::Outside {
        return what;
    }
    let days: i32 = timeline.runs.iter().filter(|run| run.state == state).map(|run| run.days.days()).sum();
    words.count("timeline.how-many", days, &[("what", &what)])
}

pub(super) fn state_name(state: DayState, words: &Words<'_>) -> String {
    words.with(&format!("timeline_state.{}", state.name()), &[("country", &words.of("pack", "name"))])
}

pub(super) fn mark_texts(
    timeline: &Timeline<'_>,
    person: &PersonAssessment<'_>,
    words: &Words<'_>,
) -> Vec<(MarkKind, String)> {
    let mut texts = Vec::new();
    for kind in [MarkKind::Today, MarkKind::LastDay, MarkKind::PermitEnd] {
        for days in timeline.marks_of(kind) {
            let mut text = words.with(&format!("timeline.{}", kind.name()), &[("day", &days.first)]);
            for limit in person.stay.limits.iter().filter(|limit| kind == MarkKind::LastDay && limit.is_binding) {
                let limit_text = limit_text(limit, words);
                text = words.with("timeline.bound-by", &[("what", &text), ("limit", &limit_text)]);
            }
            if !timeline.days.contains(days.first) {
                text = words.with("timeline.not-drawn", &[("what", &text)]);
            }
            texts.push((kind, text));
        }
    }
    let freed: Vec<DayRange> = timeline.marks_of(MarkKind::FallsFree).collect();
    if !freed.is_empty() {
        let list: Vec<String> = freed.iter().map(|days| range_text(*days, words)).collect();
        let number: i32 = freed.iter().map(|days| days.days()).sum();
        texts.push((MarkKind::FallsFree, words.count("timeline.falls-free", number, &[("list", &list.join(", "))])));
    }
    texts
}

fn range_text(days: DayRange, words: &Words<'_>) -> String {
    let first = words.day(days.first);
    if days.days() == 1 {
        return first;
    }
    words.with("timeline.range", &[("first", &first), ("last", &days.last)])
}
