//! The deadlines of many people: under which heading each stands and which ones share a line; laid out, and in formats
//! for programs.

pub mod csv;
pub mod ical;
pub mod json;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::document::{Block, Document, Kind, Name, Row};
use super::phrases::{deadline_name, deadline_text_to, deadline_when};
use super::words::called;
use super::{Words, lines, phrases};
use crate::assessment::{
    Addressee, Agenda, AgendaItem, AgendaNotice, Choice, DeadlineStatus, Paged, RuleRef, SOON, Status, Whose,
};
use crate::calendar::Day;
use crate::profile::Moment;
use crate::rulebook::DeadlineKind;

/// So many days before the last day of a paper or a permit people are reminded of it, the earliest first.
pub const LEADS: &[i32] = &[90, 60, 30, 14];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
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

impl Group {
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
}

struct Lines<'a, 'r> {
    group: Group,
    lines: Vec<Line<'a, 'r>>,
}

fn groups<'a, 'r>(agenda: &'a Agenda<'r>, words: &Words<'_>) -> Vec<Lines<'a, 'r>> {
    let mut groups: BTreeMap<Group, Vec<Line<'a, 'r>>> = BTreeMap::new();
    // Where the line of a day and a thing stands.
    let mut places: BTreeMap<(Group, Option<Day>, String, &str, &str), usize> = BTreeMap::new();
    for item in agenda.items.iter().filter(|item| Group::of(item).is_listed()) {
        let (group, deadline) = (Group::of(item), &item.deadline);
        let day = deadline.due.map(|due| due.day).filter(|_| !group.is_by_kind());
        let what = what(item, agenda.to, words);
        let lines = groups.entry(group).or_default();
        let place = places.entry((group, day, what.clone(), deadline.who.name(), deadline.rule.id));
        let at = *place.or_insert(lines.len());
        if at == lines.len() {
            lines.push(Line { items: Vec::new(), what });
        }
        lines[at].items.push(item);
    }
    groups.into_iter().map(|(group, lines)| Lines { group, lines }).collect()
}

/// What is to be done, with the time of day where there is one.
fn what(item: &AgendaItem<'_>, to: Addressee, words: &Words<'_>) -> String {
    let deadline = &item.deadline;
    let mut text = if deadline.status == DeadlineStatus::NotRecorded && !item.is_late {
        // The heading already has that nothing is recorded.
        deadline_name(to, deadline, words).to_owned()
    } else {
        deadline_text_to(to, deadline, words)
    };
    if item.is_late && deadline.kind == DeadlineKind::Limit && !deadline.is_of_a_paper() {
        text = words.with("agenda.overstay", &[("what", &text)]);
    }
    match deadline.due.and_then(time) {
        Some(time) => words.with("agenda.at", &[("what", &text), ("time", &time)]),
        None => text,
    }
}

fn time(moment: Moment) -> Option<String> {
    moment.minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
}

/// A person by name, else by id, else by line; nothing for a file of somebody without a name.
fn name_if_any<'a>(whose: &'a Whose<'_>, words: &Words<'_>) -> Cow<'a, str> {
    let line = || whose.line.map(|line| Cow::Owned(words.with("agenda.line", &[("line", &line)])));
    let named = whose.applicant.as_deref().or(whose.id.as_deref()).map(called);
    let applicant = named.or_else(line).unwrap_or_default();
    if whose.person == crate::rulebook::APPLICANT {
        return applicant;
    }
    let name = whose.name.as_deref().map_or_else(|| whose.person.clone(), called);
    Cow::Owned(words.with(
        "agenda.member",
        &[("name", &name), ("relation", &words.of("relation", whose.relation)), ("applicant", &applicant)],
    ))
}

/// The same; a file without a name for the person is the name.
fn name<'a>(whose: &'a Whose<'_>, words: &Words<'_>) -> Cow<'a, str> {
    match name_if_any(whose, words) {
        name if name.is_empty() => called(&whose.file),
        name => name,
    }
}

/// Each person once.
fn distinct<'a, 'r: 'a>(all: impl Iterator<Item = &'a Whose<'r>>) -> impl Iterator<Item = &'a Whose<'r>> {
    let mut known = BTreeSet::new();
    all.filter(move |whose| known.insert((&*whose.file, whose.line, &*whose.person)))
}

/// The notices by their text: violations first, then what is unknown, then warnings.
fn notices<'a, 'r>(agenda: &'a Agenda<'r>) -> Vec<(&'a str, Vec<&'a AgendaNotice<'r>>)> {
    let mut texts: Vec<(&str, Vec<&AgendaNotice<'r>>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for notice in &agenda.notices {
        let at = *places.entry(&*notice.text).or_insert(texts.len());
        if at == texts.len() {
            texts.push((&*notice.text, Vec::new()));
        }
        texts[at].1.push(notice);
    }
    texts.sort_by_key(|(_, of)| of.iter().map(|notice| notice_rank(notice.status).0).min());
    texts
}

const fn notice_rank(status: Status) -> (u8, &'static str) {
    match status {
        Status::Violation => (0, "✗"),
        Status::Unknown => (1, "?"),
        Status::ActionNeeded | Status::Ok => (2, "!"),
    }
}

/// Whether it says nothing that anybody has to act on.
pub fn is_empty(agenda: &Agenda<'_>) -> bool {
    let is_grave = |notice: &AgendaNotice<'_>| matches!(notice.status, Status::Violation | Status::Unknown);
    agenda.not_read == 0
        && !agenda.items.iter().any(|item| Group::of(item).is_listed())
        && !agenda.notices.iter().any(is_grave)
}

/// How much there is to do, shown here or not.
fn answer(agenda: &Agenda<'_>, words: &Words<'_>) -> String {
    let count =
        |is_counted: &dyn Fn(&AgendaItem<'_>) -> bool| agenda.items.iter().filter(|item| is_counted(item)).count();
    let late = count(&|item| item.is_late && !item.deadline.status.is_done());
    let soon = count(&|item| {
        let is_near = item.deadline.days.is_some_and(|days| (0..=SOON).contains(&days));
        is_near && !item.is_late && !item.deadline.status.is_done()
    });
    let open = count(&|item| Group::of(item) == Group::NotRecorded);
    let left = agenda.left_out;
    let (late, soon, open) = (late + left.overdue, soon + left.soon, open + left.not_recorded);
    words.with("agenda.answer", &[("late", &late), ("soon", &soon), ("open", &open)])
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
    for (key, group) in [("agenda.past-advice", Group::PastAdvice), ("agenda.done", Group::Done)] {
        let count = agenda.items.iter().filter(|item| Group::of(item) == group).count();
        if count > 0 {
            lines.push(words.count(key, count, &[]));
        }
    }
    lines
}

/// That nothing is due, if that is known.
fn nothing(agenda: &Agenda<'_>, words: &Words<'_>) -> String {
    let Choice { within, overdue, who, .. } = &agenda.choice;
    let is_all = within.is_none() && !overdue && who.is_empty();
    match agenda.not_read {
        0 if is_all => words.label("agenda.nothing").to_owned(),
        0 => words.label("agenda.nothing-chosen").to_owned(),
        not_read => words.count("agenda.nothing-read", not_read, &[]),
    }
}

fn source(item: &AgendaItem<'_>) -> String {
    phrases::source_text(&item.deadline.rule)
}

/// The deadlines laid out, week by week; whoever has a page is a link to it.
pub fn document<'d>(
    agenda: &'d Agenda<'d>,
    pages: &'d [Paged<'d>],
    has_details: bool,
    words: &Words<'_>,
) -> Document<'d> {
    let links: BTreeMap<(&str, Option<u64>), &str> =
        pages.iter().map(|paged| ((&*paged.whose.file, paged.whose.line), paged.page)).collect();
    let named = |whose: &'d Whose<'d>| {
        let page = links.get(&(&*whose.file, whose.line)).copied();
        Name { text: name(whose, words).into_owned(), page }
    };
    let groups = groups(agenda, words);
    let mut document = Document::new(answer(agenda, words));
    if groups.is_empty() {
        document.push(Kind::Answer, "", [Block::Text(nothing(agenda, words))]);
    }
    for Lines { group, lines } in &groups {
        let row = |line: &Line<'d, 'd>| {
            let who = if has_details { line.who(words) } else { "" };
            let when = line.when(words);
            let more: Vec<&str> = [&*when, who].into_iter().filter(|part| !part.is_empty()).collect();
            Row {
                mark: group.mark(),
                day: line.days(words),
                what: line.what.clone(),
                more: more.join(", "),
                people: distinct(line.items.iter().map(|item| &*item.whose)).map(named).collect(),
                rule: if has_details { line.first().deadline.rule.id } else { "" },
                paper: "",
            }
        };
        let record = (*group == Group::NotRecorded).then(|| Block::Hint(words.label("agenda.record").to_owned()));
        let rows = Block::Rows(lines.iter().map(row).collect());
        document.push(Kind::Deadlines, group.title(agenda.today, words), [Some(rows), record].into_iter().flatten());
    }
    let notices = notices(agenda).into_iter().map(|(what, of)| {
        let people = distinct(of.iter().map(|notice| &*notice.whose)).map(named).collect();
        Row { mark: notice_rank(of[0].status).1, what: what.to_owned(), people, ..Row::default() }
    });
    let notices: Vec<Row<'_>> = notices.collect();
    if !notices.is_empty() {
        document.push(Kind::Deadlines, words.label("agenda.notices"), [Block::Rows(notices)]);
    }
    if !pages.is_empty() {
        let people = pages.iter().map(|paged| (named(&paged.whose), paged.status));
        document.push(Kind::People, words.label("reports.people"), [Block::People(people.collect())]);
    }
    document.push(Kind::Notes, "", left_out(agenda, words).into_iter().map(Block::Text));
    let more = Block::Hint(words.label("agenda.footer").to_owned());
    document.push(Kind::Who, "", [Block::Text(heading(agenda, words)), more]);
    if has_details {
        let mut rules: Vec<RuleRef<'_>> = Vec::new();
        agenda.items.iter().for_each(|item| item.deadline.rule.add_to(&mut rules));
        lines::push_sources(&mut document, &rules, words);
    }
    document
}
