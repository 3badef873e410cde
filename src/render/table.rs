//! Words: the answer for eyes: what to do next and by when, then why, then the papers.
//!
//! Meaning is never carried by colour alone: each line begins with a mark and says its state in words.

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use super::rows::{self, deadline_text, deadline_when, limit_text};
use super::words::called;
use super::{Sections, Words, persons};
use crate::assessment::{
    Assessment, Deadline, DeadlineStatus, DocumentLine, Permit, PermitStatus, PersonAssessment, Requirement, RuleRef,
    Stay, StayStatus,
};
use crate::calendar::Day;
use crate::rulebook::{Cite, DeadlineKind, Level};

/// How wide, and whether in colour.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether marks are coloured.
    pub color: bool,
}

/// Below this width reasons go under their lines.
pub(super) const NARROW: usize = 90;

/// The answer as text for a terminal.
#[must_use]
pub fn render(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.paragraph(&heading(assessment, words), "");
    for person in persons(assessment) {
        if !person.is_applicant() {
            page.gap();
            page.paragraph(&person_heading(person, words), "");
        }
        if sections.has_stay() {
            stay_part(&mut page, assessment, person, words);
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
    needs_part(&mut page, assessment, words);
    page.sources(&crate::assess::used_rules(assessment, sections.parts()), words);
    page.gap();
    page.paragraph(words.label("footer.no-legal-advice"), "");
    page.text
}

/// Who, from where, on what ground, asked when.
#[must_use]
pub fn heading(assessment: &Assessment<'_>, words: &Words<'_>) -> String {
    let person = &assessment.applicant;
    let mut parts: Vec<String> = Vec::new();
    let profile = assessment.profile.profile;
    parts.extend(person.person.name.as_deref().or(profile.id.as_deref()).map(|name| called(name).into_owned()));
    let country = words.country(person.person.citizenship);
    parts.push(match assessment.categories.first() {
        Some(category) => {
            let category = words.of("category", category);
            if category == country { country.to_owned() } else { format!("{country} ({category})") }
        }
        None => country.to_owned(),
    });
    parts.extend(stay_phrase(&person.stay, words));
    parts.push(words.with("heading.asked", &[("day", &words.day(assessment.today))]));
    parts.push(words.with("heading.rules", &[("pack", assessment.rules.pack), ("version", assessment.rules.version)]));
    parts.join(" · ")
}

fn stay_phrase(stay: &Stay<'_>, words: &Words<'_>) -> Option<String> {
    let basis = words.of("basis", stay.basis);
    let entry = stay.entry.map(|day| words.day(day)).unwrap_or_default();
    let key = match stay.status {
        StayStatus::Lawful | StayStatus::Overstay => "heading.here-since",
        StayStatus::Planned => "heading.planned",
        StayStatus::Outside => "heading.outside",
        StayStatus::NotCovered | StayStatus::VisaRequired => return None,
    };
    let country = words.of("pack", "name");
    Some(words.with(key, &[("basis", basis), ("day", &entry), ("country", country)]))
}

/// Which member of the family.
#[must_use]
pub fn person_heading(person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    let name = person.person.name.as_deref().map_or_else(|| person.label.to_string(), |name| called(name).into_owned());
    let mut parts = vec![format!("{name} ({})", words.of("relation", person.relation))];
    parts.push(words.country(person.person.citizenship).to_owned());
    parts.extend(stay_phrase(&person.stay, words));
    parts.join(" · ")
}

/// A page being written.
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

    /// A paragraph wrapped at the width; `label` stands before it, further lines are indented as far.
    pub(super) fn paragraph(&mut self, text: &str, label: &str) {
        let indent = if label.is_empty() { 0 } else { LABEL };
        let gap = if label.is_empty() { 0 } else { indent.saturating_sub(text_width(label)).max(1) };
        let first = format!("{label}{}", " ".repeat(gap));
        self.wrapped(text, &first, &" ".repeat(indent));
    }

    /// A remark behind a mark.
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
        let options = textwrap::Options::new(self.look.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text, options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    pub(super) fn grid(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.look.width).unwrap_or(u16::MAX));
        table
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

/// Columns of the label before a paragraph.
const LABEL: usize = 9;

/// Columns that a text takes.
fn text_width(text: &str) -> usize {
    textwrap::core::display_width(text)
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

pub(super) fn stay_part(
    page: &mut Page,
    assessment: &Assessment<'_>,
    person: &PersonAssessment<'_>,
    words: &Words<'_>,
) {
    let stay = &person.stay;
    page.gap();
    match stay.status {
        StayStatus::NotCovered | StayStatus::VisaRequired => {
            page.remark("?", &rows::stay_text(stay, words));
            if let Some(hint) = rows::permit_hint(assessment, words).filter(|_| !stay.is_outside_the_rules) {
                page.remark(" ", &hint);
            }
            page.gap();
        }
        _ if stay.is_violation() => {
            page.remark("✗", &rows::stay_text(stay, words));
            page.remark(" ", &rows::what_to_do(assessment, person, words));
            page.gap();
        }
        _ => {}
    }
    deadlines_part(page, person, words);
    let mut sentences = Vec::new();
    for limit in stay.limits.iter().filter(|limit| limit.kind != "permit") {
        let limit_text = limit_text(limit, words);
        // Without a stay nothing is used of what each entry allows.
        let used = match limit.kind {
            "per-entry" if stay.entry.is_none() => limit_text,
            _ => words.count("table.used", limit.used, &[("limit", &limit_text)]),
        };
        // What one limit would still allow is no comfort where another allows nothing.
        let ends = limit.last_day.filter(|_| stay.last_day.is_some()).map(|day| {
            let key = if limit.is_binding { "table.limit-until" } else { "table.limit-alone-until" };
            words.with(key, &[("day", &words.day(day))])
        });
        sentences.push([Some(used), ends].into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    let mut text = sentences.join("; ");
    if !text.is_empty() {
        text.push_str(". ");
    }
    let is_short = matches!(stay.status, StayStatus::Planned | StayStatus::Outside);
    let has_no_end = stay.last_day.is_none() || stay.binding().next().is_none();
    if !stay.is_violation() && (is_short || has_no_end) {
        text.push_str(&rows::stay_text(stay, words));
        text.push(' ');
    }
    if let Some(next) = stay.next_entry {
        let day = words.day(next.earliest);
        let key = match stay.status {
            StayStatus::Outside | StayStatus::Planned => "table.may-enter",
            _ if stay.is_violation() => "table.may-return-after-overstay",
            _ if stay.exit.is_some() => "table.may-return-after-exit",
            _ => "table.may-return",
        };
        let exit = stay.exit.map(|day| words.day(day)).unwrap_or_default();
        text.push_str(&match next.days {
            Some(days) => words.count(key, days, &[("day", &day), ("exit", &exit)]),
            None => words.with("table.may-enter-unlimited", &[("day", &day)]),
        });
    }
    if !text.trim().is_empty() && !stay.is_unknown() {
        page.gap();
        page.paragraph(text.trim(), words.label("table.stay"));
    }
}

/// How urgent: what is late first, then what is ahead, then what is done.
fn urgency(deadline: &Deadline<'_>) -> u8 {
    match deadline.status {
        DeadlineStatus::Overdue => 0,
        DeadlineStatus::NotRecorded if deadline.kind == DeadlineKind::Duty => 1,
        DeadlineStatus::NotRecorded
        | DeadlineStatus::DueToday
        | DeadlineStatus::Upcoming
        | DeadlineStatus::Conditional => 2,
        DeadlineStatus::Done | DeadlineStatus::DoneLate => 3,
    }
}

fn deadline_mark(deadline: &Deadline<'_>) -> &'static str {
    match deadline.status {
        DeadlineStatus::NotRecorded if deadline.kind == DeadlineKind::Duty => "!",
        DeadlineStatus::Overdue | DeadlineStatus::NotRecorded => "✗",
        DeadlineStatus::DueToday | DeadlineStatus::Upcoming => "●",
        DeadlineStatus::Conditional => "○",
        DeadlineStatus::Done | DeadlineStatus::DoneLate => "✓",
    }
}

fn deadlines_part(page: &mut Page, person: &PersonAssessment<'_>, words: &Words<'_>) {
    if person.deadlines.is_empty() {
        return;
    }
    let narrow = page.look.width < NARROW;
    let mut table = page.grid();
    // Advice whose day has passed helps nobody any more.
    let is_useful = |deadline: &&Deadline<'_>| {
        !(deadline.kind == DeadlineKind::Advice && deadline.days.is_some_and(|days| days < 0))
    };
    let mut in_order: Vec<&Deadline<'_>> = person.deadlines.iter().filter(is_useful).collect();
    in_order.sort_by_key(|deadline| urgency(deadline));
    for deadline in in_order {
        let due = deadline.due.map_or_else(|| "–".to_owned(), |due| words.moment(due));
        let reason = deadline_reason(deadline, person, words);
        let mut what = deadline_text(deadline, words);
        if narrow {
            let _ = write!(what, "\n{}, {reason}", deadline_when(deadline, words));
            table.add_row(vec![deadline_mark(deadline).to_owned(), due, what]);
        } else {
            table.add_row(vec![deadline_mark(deadline).to_owned(), due, what, deadline_when(deadline, words), reason]);
        }
    }
    let fixed = |columns: u16| ColumnConstraint::Absolute(Width::Fixed(columns));
    table.set_constraints([fixed(4), fixed(16)]);
    table.column_mut(0).map(|column| column.set_padding((2, 1)));
    page.put(&table, Some(" "));
}

/// Why this day: the limit that ends the stay, or the rule.
fn deadline_reason(deadline: &Deadline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    let binding = person.stay.limits.iter().find(|limit| limit.rule == deadline.rule);
    match binding {
        Some(limit) if deadline.id == "stay-end" => format!("{} [{}]", limit_text(limit, words), deadline.rule.id),
        _ => format!("[{}]", deadline.rule.id),
    }
}

fn permit_part(page: &mut Page, permit: &Permit<'_>, today: Day, words: &Words<'_>) {
    page.gap();
    let mut text =
        words.with(&format!("permit_status.{}", permit.status.name()), &[("because", &words.say(&permit.because))]);
    if matches!(permit.status, PermitStatus::Exempt | PermitStatus::Unknown) {
        page.paragraph(&text, words.of("basis", permit.kind));
        return;
    }
    let mut add = |sentence: String| {
        text.push(' ');
        text.push_str(&sentence);
    };
    if let (Some(hold), Some(file)) = (permit.hold_by.filter(|day| *day >= today), permit.file_by) {
        add(words.with("table.hold-by", &[("hold", &words.day(hold)), ("file", &words.day(file))]));
    }
    if let Some(until) = permit.valid_until_at_most {
        add(words.with("table.valid-until", &[("day", &words.day(until))]));
    }
    if let (Some(fee), Some(days)) = (permit.fee, permit.processing_working_days) {
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        add(words.count("table.fee-and-time", days, &[("fee", words.of("fee", fee))]));
    }
    page.paragraph(&text, words.of("basis", permit.kind));
    let channels: Vec<String> = permit
        .channels
        .iter()
        .map(|channel| {
            let conditions: Vec<&str> = channel.conditions.iter().map(|id| words.of("condition", id)).collect();
            let name = words.of("channel", channel.id);
            if conditions.is_empty() { name.to_owned() } else { format!("{name} ({})", conditions.join("; ")) }
        })
        .collect();
    if !channels.is_empty() {
        page.paragraph(&words.with("table.channels", &[("list", &channels.join(" · "))]), " ");
    }
}

/// Why there is no checklist where nothing but checklists is asked for.
pub(super) fn no_documents(
    assessment: &Assessment<'_>,
    person: &PersonAssessment<'_>,
    sections: Sections,
    words: &Words<'_>,
) -> Option<String> {
    if sections != Sections::Documents {
        return None;
    }
    if person.stay.is_outside_the_rules {
        return Some(rows::stay_text(&person.stay, words));
    }
    let has_none = person.is_applicant() && assessment.profile.vocabulary.documents.is_empty();
    has_none.then(|| words.with("table.no-documents", &[("pack", assessment.rules.pack)]))
}

fn documents_part(
    page: &mut Page,
    assessment: &Assessment<'_>,
    person: &PersonAssessment<'_>,
    sections: Sections,
    words: &Words<'_>,
) {
    if let Some(why) = no_documents(assessment, person, sections, words) {
        page.gap();
        page.remark("?", &why);
    }
    let mut procedures: Vec<&str> = Vec::new();
    for line in &person.documents {
        if !procedures.contains(&line.procedure) {
            procedures.push(line.procedure);
        }
    }
    for procedure in procedures {
        // What is done needs no papers any more.
        if person.deadlines.iter().any(|deadline| deadline.id == procedure)
            && person
                .deadlines
                .iter()
                .filter(|deadline| deadline.id == procedure)
                .all(|deadline| deadline.status.is_done())
        {
            continue;
        }
        let of_it = || person.documents.iter().filter(|line| line.procedure == procedure);
        let needed = || of_it().filter(|line| line.requirement != Requirement::NotRequired);
        if needed().next().is_none() {
            continue;
        }
        let permit = person.permit.as_ref().filter(|permit| permit.kind == procedure);
        let title = match permit {
            Some(permit) if person.is_applicant() => rows::permit_heading(assessment, permit, words),
            _ => words.of("procedure", procedure).to_owned(),
        };
        let certain = needed().filter(|line| line.requirement == Requirement::Required).count();
        let held = needed().filter(|line| line.held).count();
        let count = i32::try_from(certain).unwrap_or(i32::MAX);
        page.gap();
        page.paragraph(&words.count("table.needed", count, &[("title", &title), ("held", &held.to_string())]), "");
        documents_grid(page, needed(), words);
        let exempted = not_needed(of_it(), words);
        if !exempted.is_empty() {
            let text = words.with("table.not-needed", &[("list", &exempted)]);
            page.wrapped(&text, "    ", "    ");
        }
    }
}

/// The documents that named exemptions make unnecessary, those of one reason together.
pub(super) fn not_needed<'a, 'r: 'a>(lines: impl Iterator<Item = &'a DocumentLine<'r>>, words: &Words<'_>) -> String {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for line in lines.filter(|line| line.is_exempted) {
        let reason = words.say(&line.because.message());
        let title = words.of("document", line.id);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, titles)) => titles.push(title),
            None => reasons.push((reason, vec![title])),
        }
    }
    let told = reasons.iter().map(|(reason, titles)| format!("{} ({reason})", titles.join(", ")));
    told.collect::<Vec<_>>().join(" · ")
}

fn documents_grid<'a, 'r: 'a>(page: &mut Page, lines: impl Iterator<Item = &'a DocumentLine<'r>>, words: &Words<'_>) {
    let mut asked = page.grid();
    let mut open: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let title = words.of("document", line.id);
        let form = words.of("form", line.form);
        if line.held || line.requirement == Requirement::Required {
            let mark = if line.held { "☑" } else { "☐" };
            asked.add_row(if page.look.width < NARROW {
                Row::from(vec![mark.to_owned(), format!("{title} ({form})")])
            } else {
                Row::from(vec![mark.to_owned(), title.to_owned(), form.to_owned()])
            });
            continue;
        }
        let reason = words.say(&line.because.message());
        match open.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, titles)) => titles.push(title.to_owned()),
            None => open.push((reason, vec![title.to_owned()])),
        }
    }
    if asked.row_count() > 0 {
        asked.set_constraints([ColumnConstraint::Absolute(Width::Fixed(4))]);
        asked.column_mut(0).map(|column| column.set_padding((2, 1)));
        page.put(&asked, Some(" "));
    }
    for (reason, titles) in open {
        page.remark("?", &format!("{reason}: {}", titles.join(" · ")));
    }
}

pub(super) fn notes_part(page: &mut Page, assessment: &Assessment<'_>, words: &Words<'_>) {
    let mut said: Vec<(String, Vec<String>, Level)> = Vec::new();
    for notice in &assessment.notices {
        // What the stay itself says is not said twice.
        if persons(assessment)
            .any(|person| person.stay.is_unknown() && person.stay.uncovered.as_ref() == Some(&notice.text))
        {
            continue;
        }
        let text = words.say(&notice.text);
        let person = persons(assessment).find(|person| person.label == notice.person && !person.is_applicant());
        let name = person.map(|person| person.person.name.clone().unwrap_or_else(|| person.label.to_string()));
        match said.iter_mut().find(|(known, ..)| *known == text) {
            Some((_, names, _)) => names.extend(name),
            None => said.push((text, name.into_iter().collect(), notice.level)),
        }
    }
    if said.is_empty() {
        return;
    }
    page.gap();
    page.paragraph(words.label("table.notes"), "");
    for (text, names, level) in said {
        let mark = if level == Level::Warning { "!" } else { "i" };
        let names: Vec<_> = names.iter().map(|name| called(name)).collect();
        let text = if names.is_empty() { text } else { format!("{}: {text}", names.join(", ")) };
        page.remark(mark, &text);
    }
}

pub(super) fn needs_part(page: &mut Page, assessment: &Assessment<'_>, words: &Words<'_>) {
    if assessment.needs.is_empty() {
        return;
    }
    let facts: Vec<&str> = assessment.needs.iter().map(|need| words.of("need", &need.fact)).collect();
    page.gap();
    page.paragraph(&words.with("table.needs", &[("list", &facts.join(", "))]), "");
}

impl Page {
    /// The sources of rules, and the day on which the oldest of them was verified.
    pub(super) fn sources(&mut self, rules: &[RuleRef<'_>], words: &Words<'_>) {
        const SHOWN: usize = 8;
        let mut cites: Vec<&Cite> = Vec::new();
        for cite in rules.iter().flat_map(|rule| rule.head.cites.iter()) {
            if !cites.iter().any(|known| known.source == cite.source && known.at == cite.at) {
                cites.push(cite);
            }
        }
        let Some(verified) = rules.iter().map(|rule| rule.head.verified).min() else { return };
        let told = |cite: &&Cite| rows::cite(cite, words);
        let mut text = cites.iter().take(SHOWN).map(told).collect::<Vec<_>>().join(" · ");
        let more = cites.len().saturating_sub(SHOWN);
        if more > 0 {
            text.push(' ');
            text.push_str(&words.count("table.more-sources", i32::try_from(more).unwrap_or(i32::MAX), &[]));
        }
        self.gap();
        self.paragraph(&words.with("table.sources", &[("list", &text), ("day", &words.day(verified))]), "");
    }
}
