//! Documents for a terminal. Meaning is never carried by colour alone: marks and words say the same.

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::document::{Block, Document, Ground, Kind, Name, Row, Source};
use super::timeline::{self, Signs};
use super::words::inert;
use super::{Words, push_wrapped, wrapping};

#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: usize,
    pub color: bool,
    pub signs: Signs,
}

impl Look {
    /// Without colours, in the usual signs.
    pub const fn plain(width: usize) -> Self {
        Self { width, color: false, signs: Signs::Unicode }
    }
}

/// Below this width what stands at the end of a line goes behind its text.
const NARROW: usize = 72;
/// Columns of the label before a paragraph.
const LABEL: usize = 9;
/// The names that a line has room for.
const MOST_NAMES: usize = 10;

pub fn draw(document: &Document<'_>, words: &Words<'_>, look: Look) -> String {
    let mut page = Page { text: String::new(), look };
    page.paragraph(&document.title);
    for section in &document.sections {
        if section.kind != Kind::Answer {
            page.gap();
        }
        if !section.heading.is_empty() {
            page.paragraph(&section.heading);
        }
        for block in &section.blocks {
            page.block(block, words);
        }
    }
    look.signs.spelt(page.text)
}

pub(super) struct Page {
    pub(super) text: String,
    pub(super) look: Look,
}

impl Page {
    fn block(&mut self, block: &Block<'_>, words: &Words<'_>) {
        match block {
            Block::Text(text) | Block::Hint(text) => self.paragraph(text),
            Block::Remark(mark, text) => self.remark(mark, text),
            Block::Lines(lines) => self.lines(lines),
            Block::Rows(rows) => self.rows(rows, words),
            Block::Grid(grid) => self.text.push_str(&grid.table(self.look.width)),
            Block::Days(days, person) => timeline::draw(self, days, person, words),
            Block::Sources(sources) => sources.iter().for_each(|source| self.source(source, words)),
            Block::People(people) => {
                let line = |status: &str| words.of("compare_status", status).to_owned();
                let lines = people.iter().map(|(name, status)| (name.text.clone(), line(status.name())));
                self.lines(&lines.collect::<Vec<_>>());
            }
        }
    }

    pub(super) fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "", "");
    }

    pub(super) fn wrapped(&mut self, text: &str, first: &str, others: &str) {
        let options = wrapping(self.look.width).initial_indent(first).subsequent_indent(others);
        push_wrapped(&mut self.text, &self.look.signs.spelt(inert(text).into_owned()), options);
    }

    fn remark(&mut self, mark: &str, text: &str) {
        let start = self.text.len();
        self.wrapped(text, &format!(" {mark}  "), "    ");
        if self.look.color
            && let Some(painted) = paint(&self.text[start..], " ")
        {
            self.text.replace_range(start.., &painted);
        }
    }

    /// Paragraphs behind labels, all beginning in the same column.
    fn lines(&mut self, lines: &[(String, String)]) {
        let longest = lines.iter().map(|(label, _)| textwrap::core::display_width(label) + 2).max();
        let column = longest.unwrap_or_default().max(LABEL).min(self.look.width / 3);
        for (label, text) in lines {
            let gap = column.saturating_sub(textwrap::core::display_width(label)).max(1);
            self.wrapped(text, &format!("{label}{}", " ".repeat(gap)), &" ".repeat(column));
        }
    }

    fn rows(&mut self, rows: &[Row<'_>], words: &Words<'_>) {
        let is_narrow = self.look.width < NARROW;
        let has_days = rows.iter().any(|row| !row.day.is_empty());
        let mut table = self.grid();
        for Row { mark, day, what, more, people, rule, .. } in rows {
            let is_below = is_narrow || !rule.is_empty();
            let mut text = self.look.signs.spelt(inert(what).into_owned());
            if is_below && rule.is_empty() && !more.is_empty() {
                let _ = write!(text, " ({more})");
            }
            if !people.is_empty() {
                let _ = write!(text, "\n{}", inert(&names(people, words)));
            }
            if !rule.is_empty() {
                let _ = write!(text, "\n{more}{}[{rule}]", if more.is_empty() { "" } else { " " });
            }
            let days = has_days.then(|| day.clone());
            let end = (!is_below).then(|| more.clone());
            let cells = [Some((*mark).to_owned()), days, Some(text), end];
            table.add_row(cells.into_iter().flatten().collect::<Vec<String>>());
        }
        let widths: &[u16] = if has_days { &[4, 16] } else { &[4] };
        table.set_constraints(widths.iter().map(|width| fixed(*width)));
        table.column_mut(0).map(|column| column.set_padding((2, 1)));
        self.put(&table);
    }

    fn source(&mut self, Source { id, grounds, .. }: &Source<'_>, words: &Words<'_>) {
        for Ground { standing, verified, places, rules } in grounds {
            let places: Vec<&str> = places.iter().map(|at| words.of("place", at)).collect();
            let ground = words.with(
                "table.ground",
                &[
                    ("source", id),
                    ("places", &places.join(", ")),
                    ("standing", &words.of("standing_name", standing)),
                    ("day", &verified.to_string()),
                    ("rules", &rules.join(" ")),
                ],
            );
            self.wrapped(&ground, " ·  ", "    ");
        }
    }

    fn grid(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.look.width).unwrap_or(u16::MAX));
        table
    }

    /// Writes a grid, without the blanks at the ends of lines, and with the marks in colour.
    fn put(&mut self, table: &Table) {
        for line in table.lines() {
            let line = line.trim_end();
            let line = line.strip_prefix(' ').unwrap_or(line);
            let painted = if self.look.color { paint(line, " ") } else { None };
            let _ = writeln!(self.text, "{}", painted.as_deref().unwrap_or(line));
        }
    }
}

const fn fixed(columns: u16) -> ColumnConstraint {
    ColumnConstraint::Absolute(Width::Fixed(columns))
}

/// How many people, and the first of them by name.
fn names(people: &[Name<'_>], words: &Words<'_>) -> String {
    let mut list: Vec<&str> = people.iter().take(MOST_NAMES).map(|name| &*name.text).collect();
    let more = people.len() - list.len();
    let more = (more > 0).then(|| words.count("agenda.more", more, &[]));
    list.extend(more.as_deref());
    words.count("agenda.names", people.len(), &[("names", &list.join(", "))])
}

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
