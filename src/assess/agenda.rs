//! The deadlines of many people: which of them are late, which were asked for, in the order of their days.

use std::collections::HashMap;

use crate::assessment::{
    Agenda, AgendaItem, AgendaNotice, Assessment, Choice, Deadline, DeadlineStatus, LeftOut, Listed, Message, Param,
    Part, PersonAssessment, RulesId, Status, Stay, StayStatus, Whose, uid,
};
use crate::calendar::Day;
use crate::rulebook::{DeadlineKind, RuleBook};

use super::{CachedRules, decide, strictly};

/// The deadlines of everybody in a list, members of families included. `not_read` profiles could not be read.
pub fn agenda<'r>(
    book: &'r RuleBook,
    people: &'r [Listed],
    not_read: usize,
    today: Day,
    is_strict: bool,
    choice: Choice,
) -> Agenda<'r> {
    let rules = RulesId::of(book);
    let mut agenda = Agenda {
        rules,
        today,
        choice,
        assessed: people.len(),
        not_read,
        items: Vec::new(),
        left_out: LeftOut::default(),
        notices: Vec::new(),
    };
    let cached = CachedRules::for_many(book);
    // How many deadlines have had the same name.
    let mut names: HashMap<String, usize> = HashMap::new();
    for one in people {
        let mut answer = decide(&cached, &one.profile, today).explained(&cached);
        if is_strict {
            answer = strictly(book, answer, &[Part::Stay]);
        }
        agenda.notices.extend(notices(one, &answer));
        let Assessment { applicant, family, .. } = answer;
        for mut person in std::iter::once(applicant).chain(family) {
            for deadline in std::mem::take(&mut person.deadlines) {
                let item = item(one, &person, deadline, &mut names);
                if is_chosen(&item, choice) {
                    agenda.items.push(item);
                } else {
                    count(&item, &mut agenda.left_out);
                }
            }
        }
    }
    // Sorting keeps the order of the list among those of the same day.
    agenda.items.sort_by(|a, b| {
        let key = |item: &AgendaItem<'r>| item.deadline.due.map_or(Day::LAST.plus(1), |due| due.day);
        (key(a), a.deadline.id).cmp(&(key(b), b.deadline.id))
    });
    agenda
}

fn item<'r>(
    listed: &'r Listed,
    person: &PersonAssessment<'r>,
    deadline: Deadline<'r>,
    names: &mut HashMap<String, usize>,
) -> AgendaItem<'r> {
    let first = uid(listed, &person.label, &deadline, 0);
    let times = names.entry(first.clone()).or_default();
    let uid = if *times == 0 { first } else { uid(listed, &person.label, &deadline, *times) };
    *times += 1;
    AgendaItem { whose: Whose::new(listed, person), is_late: is_late(&deadline, &person.stay), deadline, uid }
}

/// Whether a deadline is late: a duty that is overdue, or the end of a stay that goes on after it.
fn is_late(deadline: &Deadline<'_>, stay: &Stay<'_>) -> bool {
    let is_past = deadline.days.is_some_and(|days| days < 0);
    deadline.status == DeadlineStatus::Overdue
        || deadline.kind == DeadlineKind::Limit && is_past && stay.status == StayStatus::Overstay
}

fn is_chosen(item: &AgendaItem<'_>, choice: Choice) -> bool {
    let Choice { within, overdue } = choice;
    let is_soon = |within: i32| {
        item.deadline.days.is_some_and(|days| (0..=within).contains(&days)) && !item.deadline.status.is_done()
    };
    within.is_none() && !overdue || overdue && item.is_late || within.is_some_and(is_soon)
}

fn count(item: &AgendaItem<'_>, left_out: &mut LeftOut) {
    match item.deadline.status {
        DeadlineStatus::Done | DeadlineStatus::DoneLate => {}
        _ if item.is_late => left_out.overdue += 1,
        DeadlineStatus::NotRecorded => left_out.not_recorded += 1,
        _ => left_out.others += 1,
    }
}

/// What the deadlines of a case do not show: stays that no rule covers, overstays and planned ones without a day that ends
/// them, and answers that are unknown under `--strict`.
fn notices<'r>(listed: &'r Listed, answer: &Assessment<'r>) -> Vec<AgendaNotice<'r>> {
    let mut notices = Vec::new();
    for person in answer.persons() {
        let Some((status, text)) = of_a_stay(&person.stay) else { continue };
        let by = person.stay.uncovered_by.filter(|_| status.1 == Status::Unknown);
        let rules = by.into_iter().chain(person.stay.binding().filter(|_| status.1 == Status::Violation));
        notices.push(AgendaNotice {
            whose: Whose::new(listed, person),
            code: status.0,
            status: status.1,
            text,
            rules: rules.map(|rule| rule.id).collect(),
        });
    }
    let strict = answer.notices.iter().filter(|notice| notice.code == "strict");
    notices.extend(strict.map(|notice| AgendaNotice {
        whose: Whose::new(listed, &answer.applicant),
        code: "strict",
        status: Status::Unknown,
        text: notice.text.clone(),
        rules: notice.rules.clone(),
    }));
    notices
}

/// The notice about a stay: a code with the status that it gives, and the sentence.
fn of_a_stay<'r>(stay: &Stay<'r>) -> Option<((&'static str, Status), Message<'r>)> {
    let over = |key: &'static str| Message::new(key).with("n", Param::Count(stay.days_over.into()));
    let violation = |code, text| Some(((code, Status::Violation), text));
    match stay.status {
        StayStatus::NotCovered | StayStatus::VisaRequired => {
            let code = stay.status.name();
            Some(((code, Status::Unknown), stay.uncovered.clone().unwrap_or_else(|| Message::new(code))))
        }
        _ if !stay.is_violation() => None,
        StayStatus::Overstay => {
            // Where there is a last day, its deadline is late and says so.
            stay.last_day.is_none().then(|| over("stay.not-allowed")).and_then(|text| violation("overstay", text))
        }
        _ => violation(
            "planned-over",
            match stay.last_day {
                Some(last) => over("stay.planned-over").with("day", Param::Day(last)),
                None => over("stay.entry-not-allowed"),
            },
        ),
    }
}
