//! The deadlines of many people: under which heading each stands and which ones share a line, in every format; the
//! answer for a terminal and as Markdown.

pub mod csv;
pub mod html;
pub mod ical;
pub mod json;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::markdown::escape;
use super::phrases::{deadline_text, deadline_when};
use super::table::{Look, NARROW, Page};
use super::words::called;
use super::{Words, phrases};
use crate::assessment::{Agenda, AgendaItem, AgendaNotice, DeadlineStatus, Paged, Status, Whose};
use crate::calendar::Day;
use crate::profile::Moment;
use crate::rulebook::DeadlineKind;

/// The names that a line has room for.
const MOST_NAMES: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Block {
    Overdue,
    /// By its Monday.
    Week(Day),
    Conditional,
    NotRecorded,
    NoDay,
    /// Advice whose day has passed is of no use any more; it is only counted.
    PastAdvice,
    Done,
}

impl Block {
    fn of(item: &AgendaItem<'_>) -> Self {
        let deadline = &item.deadline;
        match (deadline.status, deadline.due) {
            (status, _) if status.is_done() => Self::Done,
            _ if item.is_late => Self::Overdue,
            (_, None) => Self::NoDay,
            _ if deadline.kind == DeadlineKind::Advice && deadline.days.is_some_and(|days| days < 0) => {
                Self::PastAdvice
            }
            (DeadlineStatus::Conditional, _) => Self::Conditional,
            (DeadlineStatus::NotRecorded, _) => Self::NotRecorded,
            (_, Some(due)) => Self::Week(monday(due.day)),
        }
    }

    fn title(self, today: Day, words: &Words<'_>) -> String {
        let key = match self {
            Self::Overdue => "agenda.overdue",
            Self::Week(of) if of == monday(today) => "agenda.this-week",
            Self::Week(of) if of == monday(today).plus(DAYS_A_WEEK) => "agenda.next-week",
            Self::Week(of) => return words.with("agenda.week", &[("day", &of)]),
            Self::Conditional => "agenda.conditional",
            Self::NotRecorded => "agenda.not-recorded",
            Self::NoDay => "agenda.no-day",
            Self::PastAdvice => "agenda.past-advice",
            Self::Done => "agenda.done",
        };
        words.label(key).to_owned()
    }

    const fn mark(self) -> &'static str {
        match self {
            Self::Overdue => "✗",
            Self::Week(_) => "●",
            Self::Conditional => "○",
            Self::NotRecorded => "!",
            Self::NoDay | Self::PastAdvice => "?",
            Self::Done => "✓",
        }
    }

    const fn is_listed(self) -> bool {
        !matches!(self, Self::PastAdvice | Self::Done)
    }

    /// Its deadlines are grouped by kind alone, whatever their days.
    const fn is_by_kind(self) -> bool {
        matches!(self, Self::NotRecorded | Self::NoDay)
    }
}

const DAYS_A_WEEK: i32 = 7;

fn monday(day: Day) -> Day {
    day.plus(-i32::try_from(day.weekday().num_days_from_monday()).unwrap_or_default())
}

/// The deadlines of one day for the same thing.
struct Line<'a, 'r> {
    items: Vec<&'a AgendaItem<'r>>,
    what: String,
}

impl<'a, 'r> Line<'a, 'r> {
    fn first(&self) -> &'a AgendaItem<'r> {
        self.items[0]
    }

    fn days(&self, words: &Words<'_>) -> String {
        let days = || self.items.iter().filter_map(|item| item.deadline.due);
        match (days().min_by_key(|due| due.day), days().max_by_key(|due| due.day)) {
            (Some(first), Some(last)) if first.day != last.day => {
                words.with("agenda.days", &[("first", &first.day), ("last", &last.day)])
            }
            (Some(first), _) => words.day(first.day),
            _ => "–".to_owned(),
        }
    }

    fn when(&self, words: &Words<'_>) -> String {
        let first = &self.first().deadline;
        if self.items.iter().any(|item| item.deadline.days != first.days) {
            return String::new();
        }
        let when = deadline_when(first, words);
        if self.items.iter().any(|item| item.deadline.is_estimated) {
            return words.with("agenda.may-move", &[("when", &when)]);
        }
        when
    }

    fn who<'w>(&self, words: &Words<'w>) -> &'w str
    where
        'r: 'w,
    {
        words.of("who", self.first().deadline.who.name())
    }

    /// How many people, and who they are; a person with two such deadlines is one.
    fn names(&self, most: usize, words: &Words<'_>) -> String {
        people(self.items.iter().map(|item| &item.whose), most, words)
    }
}

struct Lines<'a, 'r> {
    block: Block,
    lines: Vec<Line<'a, 'r>>,
}

fn blocks<'a, 'r>(agenda: &'a Agenda<'r>, words: &Words<'_>) -> Vec<Lines<'a, 'r>> {
    let mut blocks: BTreeMap<Block, Vec<Line<'a, 'r>>> = BTreeMap::new();
    // Where the line of a day and a thing stands.
    let mut places: BTreeMap<(Block, Option<Day>, String, &str, &str), usize> = BTreeMap::new();
    for item in agenda.items.iter().filter(|item| Block::of(item).is_listed()) {
        let (block, deadline) = (Block::of(item), &item.deadline);
        let day = deadline.due.map(|due| due.day).filter(|_| !block.is_by_kind());
        let what = what(item, words);
        let lines = blocks.entry(block).or_default();
        let place = places.entry((block, day, what.clone(), deadline.who.name(), deadline.rule.id));
        let at = *place.or_insert(lines.len());
        if at == lines.len() {
            lines.push(Line { items: Vec::new(), what });
        }
        lines[at].items.push(item);
    }
    blocks.into_iter().map(|(block, lines)| Lines { block, lines }).collect()
}

/// What is to be done, with the time of day where there is one.
fn what(item: &AgendaItem<'_>, words: &Words<'_>) -> String {
    let mut text = if item.deadline.status == DeadlineStatus::NotRecorded && !item.is_late {
        // The heading already has that nothing is recorded.
        words.of("deadline", item.deadline.id).to_owned()
    } else {
        deadline_text(&item.deadline, words)
    };
    if item.is_late && item.deadline.kind == DeadlineKind::Limit {
        text = words.with("agenda.overstay", &[("what", &text)]);
    }
    match item.deadline.due.and_then(time) {
        Some(time) => words.with("agenda.at", &[("what", &text), ("time", &time)]),
        None => text,
    }
}

fn time(moment: Moment) -> Option<String> {
    moment.minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
}

/// A person by name, else by id, else by line or file.
fn name<'a>(whose: &Whose<'a>, words: &Words<'_>) -> Cow<'a, str> {
    let line = || whose.line.map(|line| Cow::Owned(words.with("agenda.line", &[("line", &line)])));
    let applicant = || whose.applicant.or(whose.id).map(called).or_else(line).unwrap_or_else(|| called(whose.file));
    if whose.person == crate::rulebook::APPLICANT {
        return applicant();
    }
    let name = whose.name.map_or_else(|| whose.person.clone(), called);
    Cow::Owned(words.with(
        "agenda.member",
        &[("name", &name), ("relation", &words.of("relation", whose.relation)), ("applicant", &applicant())],
    ))
}

/// Each person once.
fn distinct<'a, 'r: 'a>(all: impl Iterator<Item = &'a Whose<'r>>) -> impl Iterator<Item = &'a Whose<'r>> {
    let mut known = BTreeSet::new();
    all.filter(move |whose| known.insert((whose.file, whose.line, &*whose.person)))
}

fn people<'a, 'r: 'a>(all: impl Iterator<Item = &'a Whose<'r>>, most: usize, words: &Words<'_>) -> String {
    let mut names: Vec<Cow<'_, str>> = distinct(all).map(|whose| name(whose, words)).collect();
    let count = names.len();
    let more = names.len().saturating_sub(most);
    names.truncate(most);
    let mut list = names.join(", ");
    if more > 0 {
        list = format!("{list}, {}", words.count("agenda.more", more, &[]));
    }
    words.count("agenda.names", count, &[("names", &list)])
}

fn notices<'a, 'r>(agenda: &'a Agenda<'r>, words: &Words<'_>) -> Vec<(String, Vec<&'a AgendaNotice<'r>>)> {
    let mut texts: Vec<(String, Vec<&AgendaNotice<'r>>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for notice in &agenda.notices {
        let text = words.sentence(&notice.text);
        let at = *places.entry(text.clone()).or_insert(texts.len());
        if at == texts.len() {
            texts.push((text, Vec::new()));
        }
        texts[at].1.push(notice);
    }
    texts
}

fn heading(agenda: &Agenda<'_>, words: &Words<'_>) -> String {
    let mut parts = vec![words.count("agenda.people", agenda.assessed, &[])];
    if agenda.not_read > 0 {
        parts.push(words.count("agenda.not-read", agenda.not_read, &[]));
    }
    parts.extend(phrases::asked(agenda.today, agenda.rules, words));
    parts.join(" · ")
}

fn left_out(agenda: &Agenda<'_>, words: &Words<'_>) -> Vec<String> {
    let left = agenda.left_out;
    let sorts = [
        ("agenda.left-out-overdue", left.overdue),
        ("agenda.left-out-not-recorded", left.not_recorded),
        ("agenda.left-out-others", left.others),
    ];
    let counted = sorts.into_iter().filter(|(_, count)| *count > 0);
    let counted: Vec<String> = counted.map(|(key, count)| words.count(key, count, &[])).collect();
    let mut lines = Vec::new();
    if !counted.is_empty() {
        lines.push(words.with("agenda.left-out", &[("list", &counted.join(", "))]));
    }
    for (key, block) in [("agenda.past-advice", Block::PastAdvice), ("agenda.done", Block::Done)] {
        let count = agenda.items.iter().filter(|item| Block::of(item) == block).count();
        if count > 0 {
            lines.push(words.count(key, count, &[]));
        }
    }
    lines
}

fn nothing<'w>(agenda: &Agenda<'_>, words: &Words<'w>) -> &'w str {
    let is_all = agenda.choice == crate::assessment::Choice::default();
    words.text(if is_all { "agenda.nothing" } else { "agenda.nothing-chosen" }).unwrap_or_default()
}

fn source(item: &AgendaItem<'_>) -> String {
    phrases::source_text(&item.deadline.rule)
}

pub fn table(agenda: &Agenda<'_>, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.paragraph(&heading(agenda, words));
    let blocks = blocks(agenda, words);
    for Lines { block, lines } in &blocks {
        page.part(&block.title(agenda.today, words));
        grid(&mut page, *block, lines, words);
        if *block == Block::NotRecorded {
            page.remark(" ", words.label("agenda.record"));
        }
    }
    if blocks.is_empty() {
        page.part(nothing(agenda, words));
    }
    let notices = notices(agenda, words);
    if !notices.is_empty() {
        page.part(words.label("agenda.notices"));
    }
    for (text, of) in &notices {
        let mark = if of.iter().any(|notice| notice.status == Status::Unknown) { "?" } else { "✗" };
        let names = people(of.iter().map(|notice| &notice.whose), MOST_NAMES, words);
        page.remark(mark, text);
        page.remark(" ", &names);
    }
    page.gap();
    for text in left_out(agenda, words) {
        page.paragraph(&text);
    }
    let is_long = |line: &Line<'_, '_>| line.items.len() > MOST_NAMES;
    let is_cut = blocks.iter().flat_map(|block| &block.lines).any(is_long);
    if is_cut || notices.iter().any(|(_, of)| of.len() > MOST_NAMES) {
        page.paragraph(words.label("agenda.more-names"));
    }
    if !blocks.is_empty() {
        page.paragraph(words.label("agenda.sources"));
    }
    page.paragraph(words.label("agenda.footer"));
    page.text
}

fn grid(page: &mut Page, block: Block, lines: &[Line<'_, '_>], words: &Words<'_>) {
    let is_narrow = page.look.width < NARROW;
    let mut table = page.grid();
    for line in lines {
        let (when, who) = (line.when(words), line.who(words));
        let rule = format!("[{}]", line.first().deadline.rule.id);
        let mark = block.mark().to_owned();
        let names = line.names(MOST_NAMES, words);
        if is_narrow {
            let parts = [&*when, who, &*rule].into_iter().filter(|part| !part.is_empty());
            let what = format!("{}\n{names}\n{}", line.what, parts.collect::<Vec<_>>().join(", "));
            table.add_row(vec![mark, line.days(words), what]);
        } else {
            let what = format!("{}\n{names}", line.what);
            table.add_row(vec![mark, line.days(words), what, when, format!("{who}\n{rule}")]);
        }
    }
    page.put_marked(table, &[4, 16]);
}

/// With pages, a list of the people that links to them.
pub fn markdown(agenda: &Agenda<'_>, pages: &[Paged<'_>], words: &Words<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# {}\n", escape(&heading(agenda, words)));
    let blocks = blocks(agenda, words);
    let columns = ["date", "what", "who", "when", "people", "rule"].map(|id| words.of("agenda_column", id));
    for Lines { block, lines } in &blocks {
        let _ = writeln!(text, "## {}\n", escape(&block.title(agenda.today, words)));
        let _ = writeln!(text, "| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()));
        for line in lines {
            let cells = [line.days(words), line.what.clone(), line.who(words).to_owned(), line.when(words)];
            let cells = cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" | ");
            let names = escape(&line.names(usize::MAX, words));
            let _ = writeln!(text, "| {cells} | {names} | `{}` |", line.first().deadline.rule.id);
        }
        text.push('\n');
    }
    if blocks.is_empty() {
        let _ = writeln!(text, "{}\n", escape(nothing(agenda, words)));
    }
    let notices = notices(agenda, words);
    if !notices.is_empty() {
        let _ = writeln!(text, "## {}\n", escape(words.label("agenda.notices")));
        for (sentence, of) in &notices {
            let names = people(of.iter().map(|notice| &notice.whose), usize::MAX, words);
            let _ = writeln!(text, "- {} {}", escape(sentence), escape(&names));
        }
        text.push('\n');
    }
    for line in left_out(agenda, words) {
        let _ = writeln!(text, "{}\n", escape(&line));
    }
    if !pages.is_empty() {
        let _ = writeln!(text, "## {}\n", escape(words.label("reports.people")));
        for paged in pages {
            let (name, status) = (name(&paged.whose, words), words.of("compare_status", paged.status.name()));
            let _ = writeln!(text, "- [{}]({}): {}", escape(&name), paged.page, escape(status));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "_{}_", escape(words.label("agenda.footer")));
    text
}
