//! The answer in short: first what it is, then what to do next, by when, and with which papers. Notes, rules and sources are
//! left to `--details`.

use super::document::{self, Block, Row};
use super::lines::{self, Checklist};
use super::phrases;
use super::table::Look;
use super::words::ToText;
use super::{Sections, Words};
use crate::assessment::{Assessment, Deadline, DeadlineStatus, Need, PermitStatus, PersonAssessment, StayStatus};
use crate::rulebook::{DeadlineKind, Level, VISA_FREE};

/// What is folded where the answer would get too long, in this order. Warnings and days ahead never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fold {
    Nothing,
    /// The papers: a line that says how many they are and where they are listed.
    Papers,
    /// What is done, and what the permit costs, too.
    Done,
    /// All but the answer, what is next, the warnings and the days.
    Rest,
}

/// So many lines for one person, and for each member of the family.
const LINES: usize = 30;
const LINES_OF_A_MEMBER: usize = 10;

/// For a terminal.
pub fn render(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>, look: Look) -> String {
    let most = LINES + LINES_OF_A_MEMBER * assessment.family.len();
    let drawn = |fold| document::drawn(&document(assessment, sections, fold, words), look);
    let fits = |text: &String| text.lines().count() <= most;
    let folds = [Fold::Nothing, Fold::Papers, Fold::Done];
    folds.into_iter().map(drawn).find(fits).unwrap_or_else(|| drawn(Fold::Rest))
}

/// As Markdown.
pub fn markdown(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> String {
    document::markdown(&document(assessment, sections, Fold::Nothing, words))
}

fn document(assessment: &Assessment<'_>, sections: Sections, fold: Fold, words: &Words<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut answers: Vec<(Vec<Block>, Vec<&PersonAssessment<'_>>)> = Vec::new();
    for person in assessment.persons() {
        let text = answer(assessment, person, words);
        match answers.iter_mut().find(|(known, _)| *known == text) {
            Some((_, people)) => people.push(person),
            None => answers.push((text, vec![person])),
        }
    }
    for (mut text, people) in answers {
        if let Some(Block::Text(first)) = text.first_mut().filter(|_| !assessment.family.is_empty()) {
            *first = format!("{}: {first}", names(&people, words));
        }
        blocks.append(&mut text);
    }
    next(&mut blocks, assessment, fold, words);
    warnings(&mut blocks, assessment, words);
    dates(&mut blocks, assessment, fold, words);
    if fold < Fold::Rest && sections.has_permit() {
        permits(&mut blocks, assessment, fold, words);
        papers(&mut blocks, assessment, fold, words);
    }
    who(&mut blocks, assessment, fold, words);
    blocks
}

/// The first sentences: may one stay, until when, and what to do where one may not.
fn answer(assessment: &Assessment<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> Vec<Block> {
    let stay = &person.stay;
    let last = stay.last_day.map(|day| words.long_day(day)).unwrap_or_default();
    let days = stay.days_left.unwrap_or_default();
    let text = match stay.status {
        // What is said of several people does not speak to one.
        _ if !assessment.family.is_empty() => phrases::stay_text(stay, words),
        StayStatus::Lawful if !stay.is_violation() && stay.days_left.is_some() => {
            let key = if stay.basis == VISA_FREE { "brief.lawful" } else { "brief.lawful-permit" };
            words.count(key, days, &[("day", &last), ("permit", &words.of("basis", stay.basis))])
        }
        StayStatus::Overstay if stay.last_day.is_some() => {
            words.count("brief.overstay", stay.days_over, &[("day", &last)])
        }
        StayStatus::Planned if !stay.is_violation() && stay.last_day.is_some() => {
            let entry = stay.entry.map(|day| words.long_day(day)).unwrap_or_default();
            words.with("brief.planned", &[("entry", &entry), ("day", &last)])
        }
        _ => phrases::stay_text(stay, words),
    };
    let mut blocks = vec![Block::Text(text)];
    if stay.is_unknown() {
        blocks.extend(phrases::permit_hint(assessment, person, words).map(Block::Text));
    } else if stay.status == StayStatus::Overstay {
        blocks.extend(phrases::other_reading(assessment, person, words).map(Block::Text));
        blocks.push(Block::Text(words.label("stay.what-now").to_owned()));
    } else if stay.is_violation() {
        blocks.push(Block::Text(phrases::what_to_do(assessment, person, words)));
    }
    if stay.status == StayStatus::Outside {
        blocks.extend(lines::may_enter(stay, words).map(Block::Text));
    }
    blocks
}

/// Whether something is still to be done, or to be made sure of.
fn is_open(deadline: &Deadline<'_>) -> bool {
    match deadline.status {
        DeadlineStatus::NotRecorded => deadline.kind == DeadlineKind::Duty,
        DeadlineStatus::Overdue | DeadlineStatus::DueToday | DeadlineStatus::Upcoming => true,
        _ => false,
    }
}

/// The first thing to do, and where; of the whole family.
fn next(blocks: &mut Vec<Block>, assessment: &Assessment<'_>, fold: Fold, words: &Words<'_>) {
    let open = assessment.persons().flat_map(|person| person.deadlines.iter()).filter(|deadline| is_open(deadline));
    // Whoever stays too long has been told what to do; only a day to leave by is left to be said.
    let is_over = assessment.persons().any(|person| person.stay.status == StayStatus::Overstay);
    let is_next = |deadline: &&Deadline<'_>| {
        let is_ahead = deadline.due.is_some_and(|due| due.day >= assessment.today);
        deadline.kind == DeadlineKind::Duty && (!is_over || is_ahead && deadline.event == "fine")
    };
    let duties = open.filter(is_next);
    let Some(first) = duties.min_by_key(|deadline| (lines::urgency(deadline), deadline.due.map(|due| due.day))) else {
        return;
    };
    let what = phrases::deadline_text(first, words);
    let text = match first.due {
        Some(due) if due.day >= assessment.today => {
            words.with("brief.next", &[("what", &what), ("day", &words.long_day(due.day))])
        }
        _ => words.with("brief.now", &[("what", &what), ("when", &phrases::deadline_when(first, words))]),
    };
    blocks.push(Block::Heading(text));
    let is_notification = first.id == "arrival-notification" && fold < Fold::Rest;
    let registration = assessment.registration.as_ref().filter(|_| is_notification);
    if let Some(registration) = registration {
        let places = registration.channels.iter().map(|channel| {
            let name = words.of("channel", channel.id);
            channel.url.map_or_else(|| name.to_owned(), |url| format!("{name} ({url})"))
        });
        let takes: Vec<&str> = assessment
            .applicant
            .documents
            .iter()
            .filter(|line| line.procedure == first.id)
            .map(|line| words.of("document", line.id))
            .collect();
        let places = places.collect::<Vec<_>>().join(" · ");
        if places.is_empty() {
            return;
        }
        let has_papers = fold < Fold::Done && !takes.is_empty();
        let key = if has_papers { "brief.where" } else { "brief.where-only" };
        blocks.push(Block::Text(words.with(key, &[("places", &places), ("papers", &takes.join(", "))])));
    }
}

/// All warnings but those that the first sentences say.
fn warnings(blocks: &mut Vec<Block>, assessment: &Assessment<'_>, words: &Words<'_>) {
    let said: Vec<String> =
        assessment.persons().filter_map(|person| phrases::other_reading(assessment, person, words)).collect();
    let warnings = lines::notes(assessment, words).into_iter().filter(|note| note.level == Level::Warning);
    let warnings = warnings.filter(|note| !said.contains(&note.text));
    let warnings: Vec<Block> = warnings.map(|note| Block::Remark("!", note.with_names())).collect();
    if !warnings.is_empty() {
        blocks.push(Block::Gap);
        blocks.extend(warnings);
    }
}

/// The days of everybody in one list; what several people have alike is one line with their names.
fn dates(blocks: &mut Vec<Block>, assessment: &Assessment<'_>, fold: Fold, words: &Words<'_>) {
    let mut lists: Vec<(&Deadline<'_>, Vec<&PersonAssessment<'_>>)> = Vec::new();
    for person in assessment.persons() {
        for deadline in lines::deadlines(person) {
            let is_same = |known: &Deadline<'_>| {
                (known.id, known.due, known.status, known.done_on)
                    == (deadline.id, deadline.due, deadline.status, deadline.done_on)
            };
            match lists.iter_mut().find(|(known, _)| is_same(known)) {
                Some((_, people)) => people.push(person),
                None => lists.push((deadline, vec![person])),
            }
        }
    }
    lists.retain(|(deadline, _)| fold < Fold::Done || !deadline.status.is_done());
    lists.sort_by_key(|(deadline, _)| (lines::urgency(deadline), deadline.due.map(|due| due.day)));
    let rows = lists.into_iter().map(|(deadline, people)| {
        // That a limit ends says enough here, and what to make sure of has been said.
        let what = match deadline.status {
            DeadlineStatus::NotRecorded if deadline.kind == DeadlineKind::Duty => {
                words.of("deadline", deadline.id).to_owned()
            }
            DeadlineStatus::Upcoming | DeadlineStatus::DueToday if deadline.id == "stay-end" => {
                words.of("deadline_past", deadline.id).to_owned()
            }
            _ => phrases::deadline_text(deadline, words),
        };
        let is_of_all = people.len() == 1 + assessment.family.len();
        Row {
            mark: lines::deadline_mark(deadline),
            day: phrases::due(deadline, words),
            what: if is_of_all { what } else { format!("{}: {what}", names(&people, words)) },
            more: phrases::deadline_when(deadline, words),
        }
    });
    let rows: Vec<Row> = rows.collect();
    if !rows.is_empty() {
        blocks.extend([Block::Gap, Block::Rows(rows)]);
    }
}

fn names(people: &[&PersonAssessment<'_>], words: &Words<'_>) -> String {
    let names: Vec<String> = people.iter().map(|person| name(person, words)).collect();
    names.join(", ")
}

fn name(person: &PersonAssessment<'_>, words: &Words<'_>) -> String {
    if person.is_applicant() { words.label("brief.you").to_owned() } else { phrases::member_name(person) }
}

/// Whether the permit is needed; where and by when it is asked for; and what is otherwise for members of the family.
fn permits(blocks: &mut Vec<Block>, assessment: &Assessment<'_>, fold: Fold, words: &Words<'_>) {
    let mut of_applicant = String::new();
    for person in assessment.persons() {
        let is_said = !person.stay.is_outside_the_rules && !person.stay.is_unknown();
        let Some(permit) = person.permit.as_ref().filter(|_| is_said) else { continue };
        // Its days stand in the list of days, and why it is not to be had among the warnings.
        if permit.is_usually_unavailable() {
            continue;
        }
        let status = lines::permit_status(permit, words);
        if person.is_applicant() {
            let is_needed = permit.may_have_it && permit.status != PermitStatus::NotRequired;
            let is_wanted = is_needed && lines::is_filed_for(permit) && fold < Fold::Done;
            let cost = is_wanted.then(|| lines::permit_cost(permit, assessment.today, words));
            let text: Vec<String> = std::iter::once(status.clone()).chain(cost.into_iter().flatten()).collect();
            blocks.push(Block::Gap);
            blocks.push(Block::Labelled(words.of("basis", permit.kind).to_owned(), text.join(" ")));
            if is_wanted && !permit.channels.is_empty() {
                let list: Vec<&str> = permit.channels.iter().map(|channel| words.of("channel", channel.id)).collect();
                let channels = words.with("table.channels", &[("list", &list.join(" · "))]);
                blocks.push(Block::Labelled(" ".to_owned(), channels));
            }
            of_applicant = status;
        } else if status != of_applicant {
            blocks.push(Block::Labelled(" ".to_owned(), format!("{}: {status}", name(person, words))));
        }
    }
}

/// The papers of the permit, for those who can have it.
fn papers(blocks: &mut Vec<Block>, assessment: &Assessment<'_>, fold: Fold, words: &Words<'_>) {
    for person in assessment.persons() {
        let Some(permit) = &person.permit else { continue };
        let may_file = permit.may_have_it && permit.status != PermitStatus::Exempt && !person.stay.is_over();
        let lists = lines::checklists(assessment, person, words);
        for list in lists.iter().filter(|list| may_file && list.procedure == permit.kind) {
            let is_short = fold >= Fold::Papers || permit.status == PermitStatus::NotRequired || !person.is_applicant();
            let short = words.of("basis", permit.kind);
            let title = match person.is_applicant() {
                true if is_short => short.to_owned(),
                true => list.title.clone(),
                false => format!("{short}, {}", name(person, words)),
            };
            let key = if is_short { "brief.papers" } else { "table.needed" };
            let text = words.count(key, list.certain, &[("title", &title as &dyn ToText), ("held", &list.held)]);
            let follows = is_short && (!person.is_applicant() || fold >= Fold::Done);
            blocks.push(if follows { Block::Text(text) } else { Block::Heading(text) });
            if !is_short {
                checklist(blocks, list, words);
            }
        }
    }
}

fn checklist(blocks: &mut Vec<Block>, list: &Checklist<'_, '_>, words: &Words<'_>) {
    let rows = list.needed.iter().map(|line| Row {
        mark: if line.held { "☑" } else { "☐" },
        day: String::new(),
        what: words.of("document", line.id).to_owned(),
        more: words.of("form", line.form).to_owned(),
    });
    blocks.push(Block::Rows(rows.collect()));
    let open = list.open.iter().map(|(_, lines)| lines.len()).sum::<usize>();
    if open > 0 {
        blocks.push(Block::Remark("?", words.count("brief.papers-open", open, &[])));
    }
}

/// Who was asked about, what of the days is used, what is not known, and where there is more.
fn who(blocks: &mut Vec<Block>, assessment: &Assessment<'_>, fold: Fold, words: &Words<'_>) {
    let stay = &assessment.applicant.stay;
    let used = stay.limits.iter().find(|limit| limit.is_binding && limit.max_days.is_some() && !stay.is_over());
    let used =
        used.map(|limit| words.count("table.used", limit.used, &[("limit", &phrases::limit_text(limit, words))]));
    let country = phrases::applicant_country(assessment, words);
    let asked = words.with("heading.asked", &[("day", &assessment.today)]);
    let parts = phrases::applicant_name(assessment.profile.profile)
        .into_iter()
        .chain([country])
        .chain(phrases::stay_phrase(&assessment.applicant.stay, words))
        .chain(used)
        .chain([asked]);
    blocks.push(Block::Heading(parts.collect::<Vec<_>>().join(" · ")));
    let shown = if fold < Fold::Done { 3 } else { 1 };
    blocks.extend(not_given(assessment, shown, words).filter(|_| fold < Fold::Rest).map(Block::Text));
    blocks.push(Block::Text(words.label("brief.more").to_owned()));
}

/// The first facts that would make the answer more certain, and how many more there are.
fn not_given(assessment: &Assessment<'_>, shown: usize, words: &Words<'_>) -> Option<String> {
    // What is to be said of members of the family, `ask` asks for.
    let of_applicant = |need: &&Need<'_>| !need.fact.starts_with("family[");
    let needs: Vec<&Need<'_>> = assessment.needs.iter().filter(of_applicant).collect();
    let list: Vec<&str> = needs.iter().take(shown).map(|need| words.of("need", &need.fact)).collect();
    let list = [("list", &list.join(", ") as &dyn ToText)];
    match assessment.needs.len().checked_sub(needs.len().min(shown)) {
        _ if needs.is_empty() => None,
        None | Some(0) => Some(words.with("brief.not-given", &list)),
        Some(more) => Some(words.count("brief.not-given-more", more, &list)),
    }
}

/// Which parts of an answer have a brief form.
pub const fn is_of(sections: Sections) -> bool {
    !matches!(sections, Sections::Documents)
}
