//! The days around today as a picture: a calendar sheet for each month, in SVG.
//!
//! It stands alone: no scripts, no fonts, no files beside it. What a day is shows in its fill and its border and
//! in the words that a reader or a pointer finds at it, never in its colour alone.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::words::inert;
use super::{Words, phrases, timeline};
use crate::assessment::{Assessment, DayState, MarkKind, PersonAssessment, Timeline};
use crate::calendar::{Day, DayRange};

/// Width of the picture, in units of the picture; a sheet of paper is filled by it.
const WIDTH: usize = 800;
const MARGIN: usize = 24;
const CELL: usize = 34;
const GAP: usize = 3;
const DAYS_OF_A_WEEK: usize = 7;
const MONTHS_IN_A_ROW: usize = 3;
const MONTH_WIDTH: usize = (WIDTH - 2 * MARGIN) / MONTHS_IN_A_ROW;
/// Name of the month, names of the days.
const MONTH_HEAD: usize = 44;
const MONTH_HEIGHT: usize = MONTH_HEAD + 6 * CELL + 12;
const LINE: usize = 20;
/// Letters of a line of text.
const LETTERS: usize = 92;

/// Fills that hold without colour: stripes, crossed stripes, dots.
const PATTERNS: &str = r##"<defs>
<pattern id="over" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fbd5d0"/><path d="M0 6L6 0M0 0L6 6" stroke="#b3261e" stroke-width="1.4"/></pattern>
<pattern id="over-planned" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/><path d="M0 6L6 0" stroke="#b3261e" stroke-width="1.4"/></pattern>
<pattern id="planned" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#dbe7fb"/><circle cx="3" cy="3" r="1.1" fill="#1d4e9e"/></pattern>
</defs>
"##;

pub fn render(assessment: &Assessment<'_>, timelines: &[Timeline<'_>], words: &Words<'_>) -> String {
    let mut picture = Picture { text: String::new(), y: MARGIN };
    picture.paragraph(&phrases::heading(assessment, words), "bold");
    for (person, timeline) in assessment.persons().zip(timelines) {
        if !person.is_applicant() {
            picture.paragraph(&phrases::person_heading(person, words), "bold");
        }
        picture.paragraph(&phrases::stay_text(&person.stay, words), "bold");
        picture.paragraph(&timeline::title(timeline, words), "normal");
        picture.y += LINE / 2;
        picture.months(timeline, words);
        picture.legend(timeline, person, words);
        picture.y += LINE;
    }
    picture.paragraph(words.label("footer.no-legal-advice"), "normal");
    let height = picture.y + MARGIN;
    let heading = phrases::heading(assessment, words);
    let country = words.of("pack", "name");
    let title = words.with("timeline.picture", &[("country", &country), ("heading", &heading)]);
    let about: Vec<String> = assessment
        .persons()
        .zip(timelines)
        .map(|(person, timeline)| {
            let marks = timeline::mark_texts(timeline, person, words).into_iter().map(|(_, text)| text);
            let stay = phrases::stay_text(&person.stay, words);
            std::iter::once(stay).chain(marks).collect::<Vec<_>>().join(". ")
        })
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"title about\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"about\">{}</desc>\n{PATTERNS}\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n{}</svg>\n",
        escape(&title),
        escape(&about.join(" ")),
        picture.text,
    )
}

/// The fills that sheets and signs refer to, once for a page.
pub(super) fn fills() -> String {
    format!("<svg class=\"fills\" width=\"0\" height=\"0\" aria-hidden=\"true\">\n{PATTERNS}</svg>\n")
}

/// The calendar sheet of one month, for a page that lays the sheets out itself.
pub(super) fn sheet(timeline: &Timeline<'_>, month: DayRange, words: &Words<'_>) -> String {
    let mut picture = Picture { text: String::new(), y: 0 };
    picture.month(timeline, month, GAP, words);
    let before = month.first.weekday().num_days_from_monday() as usize;
    let days = usize::try_from(month.days()).unwrap_or_default();
    let (width, height) = (DAYS_OF_A_WEEK * CELL, MONTH_HEAD + (before + days).div_ceil(DAYS_OF_A_WEEK) * CELL);
    format!(
        "<svg viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"{}\" font-size=\"13\">{}</svg>",
        width + GAP,
        escape(&month_name(month, words)),
        picture.text,
    )
}

pub(super) fn sign(state: DayState, marks: &[MarkKind]) -> String {
    let mut picture = Picture { text: String::new(), y: 0 };
    picture.cell((GAP, GAP), state, marks, None);
    format!(
        "<svg class=\"sign\" viewBox=\"0 0 {size} {size}\" aria-hidden=\"true\">{}</svg>",
        picture.text,
        size = CELL + GAP
    )
}

struct Picture {
    text: String,
    y: usize,
}

impl Picture {
    fn paragraph(&mut self, text: &str, weight: &str) {
        self.lines(text, MARGIN, weight);
    }

    fn lines(&mut self, text: &str, x: usize, weight: &str) {
        for line in textwrap::wrap(text, super::wrapping(LETTERS)) {
            let y = self.y + LINE * 3 / 4;
            let _ = writeln!(
                self.text,
                "<text x=\"{x}\" y=\"{y}\" font-weight=\"{weight}\" fill=\"#1a1a1a\">{}</text>",
                escape(&line)
            );
            self.y += LINE;
        }
    }

    fn months(&mut self, timeline: &Timeline<'_>, words: &Words<'_>) {
        let months: Vec<DayRange> = timeline.months().collect();
        for row in months.chunks(MONTHS_IN_A_ROW) {
            for (at, month) in row.iter().enumerate() {
                self.month(timeline, *month, MARGIN + at * MONTH_WIDTH, words);
            }
            self.y += MONTH_HEIGHT;
        }
    }

    fn month(&mut self, timeline: &Timeline<'_>, month: DayRange, x: usize, words: &Words<'_>) {
        let name = month_name(month, words);
        let y = self.y;
        let _ =
            writeln!(self.text, "<g><text x=\"{x}\" y=\"{}\" font-weight=\"bold\">{}</text>", y + 16, escape(&name));
        for day in 0..DAYS_OF_A_WEEK {
            let place = x + day * CELL + CELL / 2;
            let day = day.to_string();
            let _ = writeln!(
                self.text,
                "<text x=\"{place}\" y=\"{}\" text-anchor=\"middle\" font-size=\"10\" fill=\"#555\">{}</text>",
                y + 36,
                escape(words.of("weekday", &day))
            );
        }
        let before = month.first.weekday().num_days_from_monday() as usize;
        for (at, day) in month.iter().enumerate().filter(|(_, day)| timeline.days.contains(*day)) {
            let place = before + at;
            let (column, week) = (place % DAYS_OF_A_WEEK, place / DAYS_OF_A_WEEK);
            self.day(timeline, day, (x + column * CELL, y + MONTH_HEAD + week * CELL), at + 1, words);
        }
        self.text.push_str("</g>\n");
    }

    fn day(&mut self, timeline: &Timeline<'_>, day: Day, at: (usize, usize), number: usize, words: &Words<'_>) {
        let state = timeline.state_on(day);
        let marks: Vec<MarkKind> = timeline.marks_on(day).collect();
        let mut what = vec![timeline::state_name(state, words)];
        what.extend(marks.iter().map(|kind| mark_name(*kind, day, words)));
        let what = words.with("timeline.on-day", &[("day", &day), ("what", &what.join("; "))]);
        let _ = write!(self.text, "<g><title>{}</title>", escape(&what));
        self.cell(at, state, &marks, Some(number));
        self.text.push_str("</g>\n");
    }

    /// A day: its fill and border show what it is, letters in its corners and a frame what happens.
    fn cell(&mut self, (x, y): (usize, usize), state: DayState, marks: &[MarkKind], number: Option<usize>) {
        let size = CELL - GAP;
        let _ = write!(
            self.text,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" rx=\"3\" {}/>",
            look(state)
        );
        let (middle, base) = (x + size / 2, y + size / 2 + 5);
        // Numbers stay readable on stripes and on dark fills.
        let ink = if state == DayState::Counted { "#fff" } else { "#1a1a1a" };
        let halo = match state {
            DayState::Overstay | DayState::PlannedOver | DayState::Planned => {
                " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\""
            }
            _ => "",
        };
        let text = number.map_or_else(String::new, |number| number.to_string());
        let text = if state == DayState::Undecided { text + "?" } else { text };
        let _ = write!(
            self.text,
            "<text x=\"{middle}\" y=\"{base}\" text-anchor=\"middle\" font-size=\"12\" fill=\"{ink}\"{halo}>{text}</text>"
        );
        for mark in marks {
            let _ = match mark {
                MarkKind::Today => write!(
                    self.text,
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\" fill=\"none\" stroke=\"#000\" stroke-width=\"3\"/>",
                    x - 1,
                    y - 1,
                    size + 2,
                    size + 2
                ),
                MarkKind::LastDay => write!(
                    self.text,
                    "<path d=\"M{x} {}h{size}v6h-{size}z\" fill=\"#000\"/>{}",
                    y + size - 6,
                    letter("!", (x + size - 4, y + 11), ink)
                ),
                MarkKind::PermitEnd => write!(self.text, "{}", letter("P", (x + 6, y + 11), ink)),
                MarkKind::FallsFree => write!(self.text, "{}", letter("+", (x + size - 7, y + size - 4), ink)),
            };
        }
    }

    /// What fills and marks mean: only those that are drawn.
    fn legend(&mut self, timeline: &Timeline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) {
        for state in timeline.states() {
            self.entry(state, &[], &timeline::state_text(timeline, state, words));
        }
        for (kind, text) in timeline::mark_texts(timeline, person, words) {
            self.entry(DayState::Outside, &[kind], &text);
        }
    }

    fn entry(&mut self, state: DayState, marks: &[MarkKind], text: &str) {
        let start = self.y;
        self.cell((MARGIN, start), state, marks, None);
        self.y += LINE / 4;
        self.lines(text, MARGIN + CELL + 8, "normal");
        self.y = self.y.max(start + CELL) + 2;
    }
}

fn month_name(month: DayRange, words: &Words<'_>) -> String {
    let number = format!("{:02}", month.first.month());
    format!("{} {}", words.of("month", &number), month.first.year())
}

fn letter(text: &str, (x, y): (usize, usize), ink: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"11\" font-weight=\"bold\" fill=\"{ink}\">{text}</text>"
    )
}

const fn look(state: DayState) -> &'static str {
    match state {
        DayState::Outside => r##"fill="#f5f5f5""##,
        DayState::Allowed => r##"fill="#fff" stroke="#2e7d32" stroke-width="1.5" stroke-dasharray="3 2""##,
        DayState::NotCounted => r##"fill="#fff" stroke="#1d4e9e" stroke-width="2""##,
        DayState::Counted => r##"fill="#1d4e9e""##,
        DayState::Planned => r##"fill="url(#planned)" stroke="#1d4e9e" stroke-dasharray="3 2""##,
        DayState::Undecided => r##"fill="#fff3cd" stroke="#7a5b00""##,
        DayState::PlannedOver => r##"fill="url(#over-planned)" stroke="#b3261e" stroke-dasharray="3 2""##,
        DayState::Overstay => r##"fill="url(#over)" stroke="#b3261e" stroke-width="2""##,
    }
}

fn mark_name(kind: MarkKind, day: Day, words: &Words<'_>) -> String {
    match kind {
        MarkKind::FallsFree => words.label("timeline.frees").to_owned(),
        _ => words.with(&format!("timeline.{}", kind.name()), &[("day", &day)]),
    }
}

/// The text with everything that XML would take for markup made plain.
fn escape(text: &str) -> Cow<'_, str> {
    let text = inert(text);
    if !text.contains(['<', '>', '&', '"', '\'']) {
        return text;
    }
    let mut plain = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&#39;"),
            _ => plain.push(letter),
        }
    }
    Cow::Owned(plain)
}
