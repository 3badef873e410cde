//! The deadlines of many people: which of them are late, which were asked for, in the order of their days. Of each person
//! only what is shown is kept, so that a list may be long.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::assessment::{
    Addressee, Agenda, AgendaItem, AgendaNotice, Assessment, Channel, Choice, Deadline, DeadlineDecision,
    DeadlineStatus, LeftOut, Message, Param, Part, PersonAssessment, Place, RuleRef, RulesId, SOON, Status, Stay,
    StayStatus, Uid, Whose,
};
use crate::calendar::Day;
use crate::profile::Profile;
use crate::rulebook::{APPLICANT, DeadlineKind, DoneBy, Level, RuleBook, RulesOfAKind};

use super::decide::duties::{PERMIT_END, STAY_END};
use super::{CachedRules, decide, strictly};

/// Takes person after person.
pub struct Collector<'r, 's> {
    rules: CachedRules<'r>,
    is_strict: bool,
    /// Puts a message into words: the message itself may point into a profile that is not kept.
    sentence: &'s dyn Fn(&Message<'_>) -> String,
    agenda: Agenda<'r>,
    /// How many deadlines have had the same name.
    names: HashMap<Uid, u32>,
    texts: HashSet<Rc<str>>,
    places: Vec<Rc<[Place]>>,
    /// The ids of deadlines, and all rules, as the book has them.
    ids: Vec<&'r str>,
    versions: Vec<RuleRef<'r>>,
}

impl<'r, 's> Collector<'r, 's> {
    pub fn new(
        book: &'r RuleBook,
        today: Day,
        is_strict: bool,
        (choice, to): (Choice, Addressee),
        sentence: &'s dyn Fn(&Message<'_>) -> String,
    ) -> Self {
        let filing = book.permit_kind().map(|kind| &*kind.filing);
        let duties = book.duties.iter().map(|duty| &*duty.public);
        let rules = book.kinds().into_iter().flat_map(RulesOfAKind::rules);
        let versions = rules.flat_map(|rule| rule.heads.into_iter().map(move |head| RuleRef { id: rule.id, head }));
        Self {
            rules: CachedRules::for_many(book),
            is_strict,
            sentence,
            agenda: Agenda {
                rules: RulesId::of(book),
                today,
                choice,
                to,
                assessed: 0,
                not_read: 0,
                items: Vec::new(),
                left_out: LeftOut::default(),
                notices: Vec::new(),
            },
            names: HashMap::new(),
            texts: HashSet::new(),
            places: Vec::new(),
            ids: duties.chain([STAY_END, PERMIT_END]).chain(filing).collect(),
            versions: versions.collect(),
        }
    }

    /// Adds the deadlines of a profile that were asked for, members of the family included. The answer is who it is.
    pub fn add(&mut self, file: &Rc<str>, line: Option<u64>, profile: &Profile) -> Rc<Whose<'r>> {
        self.agenda.assessed += 1;
        let applicant = Rc::new(Whose::applicant(file, line, profile));
        let mut answer = decide(&self.rules, profile, self.agenda.today).explained(&self.rules);
        if self.is_strict {
            answer = strictly(self.rules.book, answer, &[Part::Stay]);
        }
        let whose = |person: &PersonAssessment<'_>| {
            if person.is_applicant() { Rc::clone(&applicant) } else { Rc::new(self.member(&applicant, person)) }
        };
        let everybody: Vec<Rc<Whose<'r>>> = answer.persons().map(whose).collect();
        for (person, whose) in answer.persons().zip(&everybody) {
            self.add_notices(&answer, person, whose);
        }
        for (person, whose) in answer.persons().zip(&everybody) {
            for deadline in &person.deadlines {
                self.add_deadline((file, profile), (&answer, person), deadline, whose);
            }
        }
        applicant
    }

    /// What was collected. `not_read` profiles could not be read.
    pub fn finish(mut self, not_read: usize) -> Agenda<'r> {
        self.agenda.not_read = not_read;
        // Sorting keeps the order of the list among those of the same day.
        self.agenda.items.sort_by_key(|item| {
            (item.deadline.due.map_or(Day::LAST.plus(1), |due| due.day), item.deadline.decision.id)
        });
        self.agenda
    }

    fn member(&self, applicant: &Whose<'r>, person: &PersonAssessment<'_>) -> Whose<'r> {
        let mut relations = self.rules.book.vocabulary.relations.iter();
        Whose {
            name: person.person.name.as_deref().map(Rc::from),
            person: person.label.clone(),
            relation: relations.find(|known| ***known == *person.relation).map_or(APPLICANT, |known| known),
            ..applicant.clone()
        }
    }

    fn add_deadline(
        &mut self,
        (file, profile): (&str, &Profile),
        (answer, person): (&Assessment<'_>, &PersonAssessment<'_>),
        deadline: &Deadline<'_>,
        whose: &Rc<Whose<'r>>,
    ) {
        let name = |nth| Uid::new(file, profile, &person.label, deadline, nth);
        let times = self.names.entry(name(0)).or_default();
        let uid = name(*times);
        *times += 1;
        let is_late = is_late(deadline, &person.stay);
        if !is_chosen(deadline, is_late, &self.agenda.choice) {
            count(deadline, is_late, &mut self.agenda.left_out);
            return;
        }
        let places = self.places(answer, person, deadline);
        // Every deadline is one of the book, and so are its rules.
        let Some(deadline) = self.kept(deadline) else { return };
        self.agenda.items.push(AgendaItem { whose: Rc::clone(whose), deadline, is_late, uid, places });
    }

    /// The deadline without anything of the profile.
    fn kept(&self, deadline: &Deadline<'_>) -> Option<Deadline<'r>> {
        let DeadlineDecision { id, event, event_date, due, status, days, done_on, who, kind, term, rule } =
            deadline.decision;
        let id = self.ids.iter().find(|known| **known == id)?;
        let rule = *self.versions.iter().find(|known| known.is(rule))?;
        let decision = DeadlineDecision { id, event, event_date, due, status, days, done_on, who, kind, term, rule };
        let Deadline { safe, ref skipped, is_estimated, .. } = *deadline;
        // Where it is done stands with the item.
        Some(Deadline { decision, safe, skipped: skipped.clone(), is_estimated, channels: Vec::new() })
    }

    /// Where a deadline is met: an arrival is notified, a permit applied for through channels.
    fn places(
        &mut self,
        answer: &Assessment<'_>,
        person: &PersonAssessment<'_>,
        deadline: &Deadline<'_>,
    ) -> Rc<[Place]> {
        let book = self.rules.book;
        let is_notified = || {
            let duty = book.duties.iter().find(|duty| *duty.id == *deadline.rule.id);
            duty.is_some_and(|duty| duty.versions.iter().any(|version| version.says.done_by == DoneBy::Notified))
        };
        let channels: &[Channel<'_>] = match &person.permit {
            _ if !deadline.channels.is_empty() => &deadline.channels,
            Some(permit) if book.permit_kind().is_some_and(|kind| *kind.filing == *deadline.id) => &permit.channels,
            _ if is_notified() => answer.registration.as_ref().map_or(&[], |registration| &registration.channels),
            _ => &[],
        };
        let mut channels: Vec<&Channel<'_>> = channels.iter().collect();
        channels.sort_by_key(|channel| !channel.recommended);
        let place = |channel: &&Channel<'_>| Place { id: channel.id.to_owned(), url: channel.url.map(str::to_owned) };
        let places: Vec<Place> = channels.iter().map(place).collect();
        if let Some(known) = self.places.iter().find(|known| ***known == *places) {
            return Rc::clone(known);
        }
        let places: Rc<[Place]> = places.into();
        self.places.push(Rc::clone(&places));
        places
    }

    /// The text, kept once however often it is said.
    fn text(&mut self, text: &str) -> Rc<str> {
        if let Some(known) = self.texts.get(text) {
            return Rc::clone(known);
        }
        let text: Rc<str> = text.into();
        self.texts.insert(Rc::clone(&text));
        text
    }

    /// What the deadlines of a person do not show: a stay that no rule covers, an overstay or a planned one without a day
    /// that ends it, an answer that is unknown under `--strict`, and what is warned of.
    fn add_notices(&mut self, answer: &Assessment<'_>, person: &PersonAssessment<'_>, whose: &Rc<Whose<'r>>) {
        let first = self.agenda.notices.len();
        if let Some((code, status, text)) = of_a_stay(&person.stay) {
            let by = person.stay.uncovered_by.filter(|_| status == Status::Unknown);
            let rules = by.into_iter().chain(person.stay.binding().filter(|_| status == Status::Violation));
            let rules: Vec<&str> = rules.map(|rule| rule.id).collect();
            self.add_notice((code, status), &text, &rules, whose);
        }
        let own = answer.notices.iter().filter(|notice| notice.person == person.label);
        // What is not about a part of the answer is about the rules, and not about this person.
        for notice in own.filter(|notice| notice.level == Level::Warning) {
            let status = match &*notice.code {
                "strict" => Status::Unknown,
                _ if notice.part.is_some() => Status::ActionNeeded,
                _ => continue,
            };
            let text = (self.sentence)(&notice.text);
            if self.agenda.notices[first..].iter().all(|known| *known.text != *text) {
                self.add_notice((&notice.code, status), &notice.text, &notice.rules, whose);
            }
        }
    }

    fn add_notice(
        &mut self,
        (code, status): (&str, Status),
        text: &Message<'_>,
        rules: &[&str],
        whose: &Rc<Whose<'r>>,
    ) {
        let text = (self.sentence)(text);
        let (code, text) = (self.text(code), self.text(&text));
        let rules = rules.iter().map(|rule| self.text(rule)).collect();
        self.agenda.notices.push(AgendaNotice { whose: Rc::clone(whose), code, status, text, rules });
    }
}

/// Whether a deadline is late: a duty that is overdue, the end of a stay that goes on after it, or a paper that has ended.
fn is_late(deadline: &Deadline<'_>, stay: &Stay<'_>) -> bool {
    let is_past = deadline.days.is_some_and(|days| days < 0);
    let goes_on = || deadline.is_of_a_paper() || stay.status == StayStatus::Overstay;
    deadline.status == DeadlineStatus::Overdue || deadline.kind == DeadlineKind::Limit && is_past && goes_on()
}

fn is_chosen(deadline: &Deadline<'_>, is_late: bool, choice: &Choice) -> bool {
    let Choice { within, overdue, who, lead } = choice;
    if !who.is_empty() && !who.contains(&deadline.who) {
        return false;
    }
    // Of what takes a while to renew people want to know as early as they asked to be reminded.
    let lead = lead.iter().flatten().max().filter(|_| deadline.is_renewed());
    let is_soon = |within: i32| {
        let within = within.max(lead.copied().unwrap_or_default());
        deadline.days.is_some_and(|days| (0..=within).contains(&days)) && !deadline.status.is_done()
    };
    within.is_none() && !overdue || *overdue && is_late || within.is_some_and(is_soon)
}

fn count(deadline: &Deadline<'_>, is_late: bool, left_out: &mut LeftOut) {
    match deadline.status {
        DeadlineStatus::Done | DeadlineStatus::DoneLate => {}
        _ if is_late => left_out.overdue += 1,
        DeadlineStatus::NotRecorded => left_out.not_recorded += 1,
        _ => {
            left_out.others += 1;
            left_out.soon += usize::from(deadline.days.is_some_and(|days| (0..=SOON).contains(&days)));
        }
    }
}

/// The notice about a stay: a code, the status that it gives, and the sentence.
fn of_a_stay<'p>(stay: &Stay<'p>) -> Option<(&'static str, Status, Message<'p>)> {
    let over = |key: &'static str| Message::new(key).with("n", Param::Count(stay.days_over.into()));
    match stay.status {
        StayStatus::NotCovered | StayStatus::VisaRequired => {
            let code = stay.status.name();
            Some((code, Status::Unknown, stay.uncovered.clone().unwrap_or_else(|| Message::new(code))))
        }
        _ if !stay.is_violation() => None,
        // Where there is a last day, its deadline is late and says so.
        StayStatus::Overstay if stay.last_day.is_some() => None,
        StayStatus::Overstay => Some(("overstay", Status::Violation, over("stay.not-allowed"))),
        _ => Some((
            "planned-over",
            Status::Violation,
            match stay.last_day {
                Some(last) => over("stay.planned-over").with("day", Param::Day(last)),
                None => over("stay.entry-not-allowed"),
            },
        )),
    }
}
