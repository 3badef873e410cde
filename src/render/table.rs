//! The answer for a terminal: what to do next and by when, then why, then the papers.
//!
//! Meaning is never carried by colour alone: each line begins with a mark and has its state in words.

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use super::document;
use super::lines::{self, Checklist};
use super::phrases::{self, deadline_text, deadline_when};
use super::timeline::{self, Signs};
use super::{Sections, Words, push_wrapped, wrapping};
use crate::assessment::{Assessment, Deadline, Permit, PersonAssessment, RuleRef, StayStatus, Timeline};
use crate::calendar::Day;
use crate::rulebook::{Cite, Level};

#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: usize,
    pub color: bool,
}

/// Below this width reasons go under their lines.
pub(super) const NARROW: usize = 90;

/// The answer, with the days around today where there are timelines, in these signs.
pub fn render(
    assessment: &Assessment<'_>,
    timelines: &[Timeline<'_>],
    sections: Sections,
    words: &Words<'_>,
    look: Look,
    signs: Signs,
) -> String {
    let mut page = Page::new(look);
    page.paragraph(&phrases::heading(assessment, words));
    for (at, person) in assessment.persons().enumerate() {
        if !person.is_applicant() {
            page.part(&phrases::person_heading(person, words));
        }
        if sections.has_stay() {
            stay_part(&mut page, assessment, person, words);
        }
        if let Some(days) = timelines.get(at) {
            timeline::part(&mut page, days, person, words, signs);
        }
        if sections.has_permit()
            && let Some(permit) = person.permit.as_ref().filter(|_| !person.stay.is_outside_the_rules)
        {
            permit_part(&mut page, permit, assessment.today, words);
        }
        if sections.has_documents() {
            documents_part(&mut page, assessment, person, sections, words);
        }
    }
    notes_part(&mut page, assessment, words);
    if let Some(needs) = lines::needs(assessment, words) {
        page.part(&needs);
    }
    page.sources(&crate::assess::used_rules(assessment, sections.parts()), words);
    page.part(words.label("footer.no-legal-advice"));
    signs.spelt(page.text)
}

pub(super) struct Page {
    pub(super) text: String,
    pub(super) look: Look,
}

impl Page {
    pub(super) const fn new(look: Look) -> Self {
        Self { text: String::new(), look }
    }

    pub(super) fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "", "");
    }

    /// A paragraph behind a label, further lines indented as far. A label that is too long for its column is set off
    /// by a colon.
    pub(super) fn labelled(&mut self, label: &str, text: &str) {
        let first = match LABEL.checked_sub(textwrap::core::display_width(label)) {
            None | Some(0) => format!("{label}: "),
            Some(gap) => format!("{label}{}", " ".repeat(gap)),
        };
        self.wrapped(text, &first, &" ".repeat(LABEL));
    }

    /// A paragraph of its own, behind an empty line.
    pub(super) fn part(&mut self, text: &str) {
        self.gap();
        self.paragraph(text);
    }

    pub(super) fn remark(&mut self, mark: &str, text: &str) {
        let start = self.text.len();
        self.wrapped(text, &format!(" {mark}  "), "    ");
        if self.look.color
            && let Some(painted) = paint(&self.text[start..], " ")
        {
            self.text.replace_range(start.., &painted);
        }
    }

    pub(super) fn wrapped(&mut self, text: &str, first: &str, others: &str) {
        let options = wrapping(self.look.width).initial_indent(first).subsequent_indent(others);
        push_wrapped(&mut self.text, text, options);
    }

    /// Lines of a list; on a narrow page what stands at their ends goes behind their texts.
    pub(super) fn rows(&mut self, rows: &[document::Row], is_narrow: bool) {
        let has_days = rows.iter().any(|row| !row.day.is_empty());
        let mut table = self.grid();
        for document::Row { mark, day, what, more } in rows {
            let behind = if is_narrow && !more.is_empty() { format!("{what} ({more})") } else { what.clone() };
            let days = has_days.then(|| day.clone());
            let more = (!is_narrow).then(|| more.clone());
            let cells = [Some((*mark).to_owned()), days, Some(behind), more];
            table.add_row(cells.into_iter().flatten().collect::<Vec<String>>());
        }
        let widths: &[u16] = if has_days { &[4, 16] } else { &[4] };
        self.put_marked(table, widths);
    }

    pub(super) fn grid(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.look.width).unwrap_or(u16::MAX));
        table
    }

    /// Writes a grid with a mark in the first column, which is coloured; the first columns are so wide.
    pub(super) fn put_marked(&mut self, mut table: Table, widths: &[u16]) {
        table.set_constraints(widths.iter().map(|width| fixed(*width)));
        table.column_mut(0).map(|column| column.set_padding((2, 1)));
        self.put(&table, Some(" "));
    }

    /// Writes a grid, without the blanks at the ends of lines; `marks` colours the mark that begins a line.
    pub(super) fn put(&mut self, table: &Table, marks: Option<&str>) {
        for line in table.lines() {
            let line = line.trim_end();
            let line = line.strip_prefix(' ').unwrap_or(line);
            let painted = marks.filter(|_| self.look.color).and_then(|indent| paint(line, indent));
            let _ = writeln!(self.text, "{}", painted.as_deref().unwrap_or(line));
        }
    }
}

pub(super) const fn fixed(columns: u16) -> ColumnConstraint {
    ColumnConstraint::Absolute(Width::Fixed(columns))
}

/// Columns of the label before a paragraph.
const LABEL: usize = 9;

/// The line with its leading mark in colour, where it has one: colours that can be read on a light ground and on a dark
/// one. Yellow cannot; nor can green and cyan where a terminal makes bold letters bright.
fn paint(line: &str, indent: &str) -> Option<String> {
    let rest = line.strip_prefix(indent)?;
    let mark = rest.chars().next()?;
    let color = match mark {
        '✗' | '!' => "1;31",
        '●' => "1;35",
        '✓' | '☑' => "32",
        '○' | '?' => "36",
        _ => return None,
    };
    Some(format!("{indent}\u{1b}[{color}m{mark}\u{1b}[0m{}", &rest[mark.len_utf8()..]))
}

fn stay_part(page: &mut Page, assessment: &Assessment<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) {
    let stay = &person.stay;
    page.gap();
    match stay.status {
        StayStatus::NotCovered | StayStatus::VisaRequired => {
            page.remark("?", &phrases::stay_text(stay, words));
            if let Some(hint) = phrases::permit_hint(assessment, person, words) {
                page.remark(" ", &hint);
            }
            page.gap();
        }
        _ if stay.is_violation() => {
            page.remark("✗", &phrases::stay_text(stay, words));
            page.remark(" ", &phrases::what_to_do(assessment, person, words));
            page.gap();
        }
        _ => {}
    }
    deadlines_part(page, person, words);
    let text = lines::stay_sentences(stay, words).join(" ");
    if !text.is_empty() {
        page.gap();
        page.labelled(words.label("table.stay"), &text);
    }
}

fn deadlines_part(page: &mut Page, person: &PersonAssessment<'_>, words: &Words<'_>) {
    if person.deadlines.is_empty() {
        return;
    }
    let narrow = page.look.width < NARROW;
    let mut table = page.grid();
    for deadline in lines::deadlines(person) {
        let due = phrases::due(deadline, words);
        let reason = deadline_reason(deadline, person, words);
        let mut what = deadline_text(deadline, words);
        let (mark, when) = (lines::deadline_mark(deadline).to_owned(), deadline_when(deadline, words));
        if narrow {
            let _ = write!(what, "\n{when}, {reason}");
            table.add_row(vec![mark, due, what]);
        } else {
            table.add_row(vec![mark, due, what, when, reason]);
        }
    }
    page.put_marked(table, &[4, 16]);
}

fn deadline_reason(deadline: &Deadline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    match lines::deadline_limit(deadline, person, words) {
        Some(limit) => format!("{limit} [{}]", deadline.rule.id),
        None => format!("[{}]", deadline.rule.id),
    }
}

fn permit_part(page: &mut Page, permit: &Permit<'_>, today: Day, words: &Words<'_>) {
    page.gap();
    page.labelled(words.of("basis", permit.kind), &lines::permit_sentences(permit, today, words).join(" "));
    if let Some(channels) = lines::permit_channels(permit, words) {
        page.labelled(" ", &channels);
    }
}

fn documents_part(
    page: &mut Page,
    assessment: &Assessment<'_>,
    person: &PersonAssessment<'_>,
    sections: Sections,
    words: &Words<'_>,
) {
    if let Some(why) = lines::no_documents(assessment, person, sections, words) {
        page.gap();
        page.remark("?", &why);
    }
    for list in lines::checklists(assessment, person, words) {
        page.part(&words.count("table.needed", list.certain, &[("title", &list.title), ("held", &list.held)]));
        documents_grid(page, &list, words);
        if let Some(text) = lines::not_needed(&list.exempted, words) {
            page.wrapped(&text, "    ", "    ");
        }
    }
}

fn documents_grid(page: &mut Page, list: &Checklist<'_, '_>, words: &Words<'_>) {
    let mut asked = page.grid();
    for line in &list.needed {
        let title = words.of("document", line.id);
        let form = words.of("form", line.form);
        let mark = if line.held { "☑" } else { "☐" };
        asked.add_row(if page.look.width < NARROW {
            Row::from(vec![mark.to_owned(), format!("{title} ({form})")])
        } else {
            Row::from(vec![mark.to_owned(), title.to_owned(), form.to_owned()])
        });
    }
    if asked.row_count() > 0 {
        page.put_marked(asked, &[4]);
    }
    for (reason, lines) in &list.open {
        let titles: Vec<&str> = lines.iter().map(|line| words.of("document", line.id)).collect();
        page.remark("?", &format!("{reason}: {}", titles.join(" · ")));
    }
}

fn notes_part(page: &mut Page, assessment: &Assessment<'_>, words: &Words<'_>) {
    let notes = lines::notes(assessment, words);
    if notes.is_empty() {
        return;
    }
    page.part(words.label("table.notes"));
    for note in notes {
        page.remark(if note.level == Level::Warning { "!" } else { "i" }, &note.with_names());
    }
}

impl Page {
    /// The sources of rules, and the day on which the oldest of them was verified.
    pub(super) fn sources(&mut self, rules: &[RuleRef<'_>], words: &Words<'_>) {
        const SHOWN: usize = 8;
        let cites = lines::cites(rules);
        let Some(verified) = rules.iter().map(|rule| rule.head.verified).min() else { return };
        let short = |(cite, _): &(&Cite, Vec<&str>)| phrases::cite(cite, words);
        let mut text = cites.iter().take(SHOWN).map(short).collect::<Vec<_>>().join(" · ");
        let more = cites.len().saturating_sub(SHOWN);
        if more > 0 {
            text.push(' ');
            text.push_str(&words.count("table.more-sources", more, &[]));
        }
        self.part(&words.with("table.sources", &[("list", &text), ("day", &verified)]));
    }
}
