//! The answer about a person and the family, laid out: first what it is, then what to do next, by when, and with which
//! papers. Notes, rules and sources come with the details.

mod renewal;

use super::document::{Block, Document, Kind, Row};
use super::lines;
use super::terminal::{self, Look};
use super::words::{ToText, inert};
use super::{Sections, Words, papers, phrases};
use crate::assess::used_rules;
use crate::assessment::{
    Assessment, Deadline, DeadlineStatus, Need, PermitStatus, PersonAssessment, StayStatus, Timeline,
};
use crate::rulebook::{DeadlineKind, Level, VISA_FREE};

/// How much of an answer is laid out, from all of it to the least. Warnings and days ahead are never left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// With limits, notes, rules and sources.
    Details,
    Short,
    /// Of the papers a line that says how many they are and where they are listed.
    NoPapers,
    /// Nor what is done, nor what the permit costs.
    NoDone,
    /// The answer, what is next, the warnings and the days.
    Least,
}

/// So many lines for one person, and for each member of the family.
const LINES: usize = 30;
const LINES_OF_A_MEMBER: usize = 10;

/// The short answer for a terminal: as much of it as fits.
pub fn short<'a>(
    assessment: &'a Assessment<'a>,
    timelines: &'a [Timeline<'a>],
    sections: Sections,
    words: &Words<'_>,
    look: Look,
) -> String {
    let most = LINES + LINES_OF_A_MEMBER * assessment.family.len();
    let drawn = |extent| terminal::draw(&document(assessment, timelines, sections, extent, words), words, look);
    let fits = |text: &String| !sections.has_permit() || text.lines().count() <= most;
    let extents = [Extent::Short, Extent::NoPapers, Extent::NoDone];
    extents.into_iter().map(drawn).find(fits).unwrap_or_else(|| drawn(Extent::Least))
}

/// The short answer as a letter to the person: whom it is about stands first, and nothing is said about the
/// command line.
pub fn letter(assessment: &Assessment<'_>, words: &Words<'_>, look: Look) -> String {
    let mut document = document(assessment, &[], Sections::All, Extent::Short, words);
    // Who reads a letter cannot ask for the rest of the papers.
    document.sections.retain(|section| section.kind != Kind::Papers);
    let who = document.sections.pop();
    papers::push(&mut document, assessment, Sections::All, Extent::Details, words);
    document.sections.extend(who);
    for section in &mut document.sections {
        section.blocks.retain(|block| !matches!(block, Block::Hint(_)));
    }
    document.sections.retain(|section| !section.blocks.is_empty() || !section.heading.is_empty());
    let end = words.label("reports.letter-end");
    format!("{}\n\n{}\n{end}\n", inert(&document.about), terminal::draw(&document, words, look))
}

pub fn document<'a>(
    assessment: &'a Assessment<'a>,
    timelines: &'a [Timeline<'a>],
    sections: Sections,
    extent: Extent,
    words: &Words<'_>,
) -> Document<'a> {
    let about =
        [phrases::applicant_name(assessment.profile.profile), Some(phrases::applicant_country(assessment, words))];
    let mut document = Document {
        title: String::new(),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        status: Some(assessment.status),
        sections: Vec::new(),
    };
    let layout = Layout { assessment, sections, extent, words };
    layout.answers(&mut document);
    if sections.has_stay() {
        layout.next(&mut document);
        layout.renewals(&mut document);
    }
    document.push(Kind::Warnings, "", layout.notes(Level::Warning));
    if sections.has_stay() {
        document.push(Kind::Deadlines, "", layout.dates().map(Block::Rows));
    }
    if sections.has_permit() && extent < Extent::Least {
        document.push(Kind::Permit, "", layout.permits().map(Block::Lines));
    }
    if sections.has_documents() && extent < Extent::Least {
        papers::push(&mut document, assessment, sections, extent, words);
    }
    if sections.has_stay() {
        layout.stays(&mut document, timelines);
    }
    if extent == Extent::Details {
        document.push(Kind::Notes, words.label("table.notes"), layout.notes(Level::Info));
    }
    document.push(Kind::Who, "", layout.who());
    if extent == Extent::Details {
        lines::push_sources(&mut document, &used_rules(assessment, sections.parts()), words);
    }
    document
}

struct Layout<'a, 'w> {
    assessment: &'a Assessment<'a>,
    sections: Sections,
    extent: Extent,
    words: &'w Words<'w>,
}

impl<'a> Layout<'a, '_> {
    fn persons(&self) -> impl Iterator<Item = &'a PersonAssessment<'a>> + use<'a> {
        self.assessment.persons()
    }

    fn has_family(&self) -> bool {
        !self.assessment.family.is_empty()
    }

    /// The first sentences; what is the same for several people is said once.
    fn answers(&self, document: &mut Document<'a>) {
        let mut answers: Vec<(Vec<Block<'a>>, String, Vec<&PersonAssessment<'_>>)> = Vec::new();
        for person in self.persons() {
            let (text, blocks) = self.answer(person, "");
            match answers.iter_mut().find(|(_, known, _)| *known == text) {
                Some((.., people)) => people.push(person),
                None => answers.push((blocks, text, vec![person])),
            }
        }
        let is_of_papers = self.sections == Sections::Documents && !self.assessment.applicant.stay.is_outside_the_rules;
        let papers = if is_of_papers { papers::number(self.assessment, self.words) } else { Vec::new() };
        let mut sentences: Vec<Block<'a>> = papers.into_iter().map(Block::Text).collect();
        for (blocks, text, people) in answers {
            let is_bad = |person: &&PersonAssessment<'_>| person.stay.is_violation() || person.stay.is_unknown();
            if !is_of_papers || people.iter().any(is_bad) {
                let text = if self.has_family() { self.answer(people[0], &self.names(&people)).0 } else { text };
                sentences.push(Block::Text(text));
                sentences.extend(blocks);
            }
        }
        let mut sentences = sentences.into_iter();
        if let Some(Block::Text(first)) = sentences.next() {
            document.title = first;
        }
        document.push(Kind::Answer, "", sentences);
    }

    /// May one stay, until when, and what to do where one may not.
    fn answer(&self, person: &PersonAssessment<'_>, names: &str) -> (String, Vec<Block<'a>>) {
        let (stay, words) = (&person.stay, self.words);
        let last = stay.last_day.map(|day| words.long_day(day)).unwrap_or_default();
        let values = [("day", &last as &dyn ToText), ("permit", &words.of("basis", stay.basis)), ("names", &names)];
        let text = match stay.status {
            StayStatus::Lawful if !stay.is_violation() && stay.days_left.is_some() => {
                // What is said of several people does not speak to one.
                let key = match stay.basis {
                    _ if self.has_family() => "brief.lawful-family",
                    VISA_FREE => "brief.lawful",
                    _ => "brief.lawful-permit",
                };
                words.count(key, stay.days_left.unwrap_or_default(), &values)
            }
            StayStatus::Overstay if stay.last_day.is_some() => {
                let key = if self.has_family() { "brief.overstay-family" } else { "brief.overstay" };
                words.count(key, stay.days_over, &values)
            }
            StayStatus::Planned if !self.has_family() && !stay.is_violation() && stay.last_day.is_some() => {
                let entry = stay.entry.map(|day| words.long_day(day)).unwrap_or_default();
                words.with("brief.planned", &[("entry", &entry), ("day", &last)])
            }
            _ if names.is_empty() => phrases::stay_text(stay, words),
            _ => format!("{names}: {}", phrases::stay_text(stay, words)),
        };
        let mut blocks = Vec::new();
        if stay.is_unknown() {
            blocks.extend(phrases::permit_hint(self.assessment, person, words).map(Block::Hint));
        } else if stay.status == StayStatus::Overstay {
            blocks.extend(phrases::other_reading(self.assessment, person, words).map(Block::Text));
            blocks.extend((!person.is_fined()).then(|| Block::Text(words.label("stay.what-now").to_owned())));
        } else if stay.is_violation() {
            blocks.push(Block::Text(phrases::what_to_do(self.assessment, person, words)));
        }
        if stay.status == StayStatus::Lawful
            && !stay.is_violation()
            && let Some(exit) = stay.exit
        {
            blocks.push(Block::Text(words.with("brief.exit", &[("day", &words.long_day(exit))])));
        }
        if stay.status == StayStatus::Outside {
            blocks.extend(lines::may_enter(stay, words).map(Block::Text));
        }
        (text, blocks)
    }

    /// The first thing to do, and where; of the whole family.
    fn next(&self, document: &mut Document<'a>) {
        let (assessment, words) = (self.assessment, self.words);
        let open = self.persons().flat_map(|person| person.deadlines.iter()).filter(|deadline| is_open(deadline));
        // Whoever stays too long has been told what to do; only a day to leave by is left to be said.
        let is_over = self.persons().any(|person| person.stay.status == StayStatus::Overstay);
        let is_next = |deadline: &&Deadline<'_>| {
            let is_ahead = deadline.due.is_some_and(|due| due.day >= assessment.today);
            deadline.kind == DeadlineKind::Duty && (!is_over || is_ahead && deadline.event == "fine")
        };
        let first =
            open.filter(is_next).min_by_key(|deadline| (lines::urgency(deadline), deadline.due.map(|due| due.day)));
        let Some(first) = first else { return };
        let what = phrases::deadline_text(first, words);
        let heading = match first.due {
            Some(due) if due.day >= assessment.today => {
                words.with("brief.next", &[("what", &what), ("day", &words.long_day(due.day))])
            }
            _ => words.with("brief.now", &[("what", &what), ("when", &phrases::deadline_when(first, words))]),
        };
        let places = if self.extent < Extent::Least { lines::channels(&first.channels, words) } else { String::new() };
        let takes = assessment.applicant.documents.iter().filter(|line| line.procedure == first.id);
        let takes: Vec<&str> = takes.map(|line| words.of("document", line.id)).collect();
        let has_papers = self.extent < Extent::NoDone && !takes.is_empty();
        let key = if has_papers { "brief.where" } else { "brief.where-only" };
        let place =
            (!places.is_empty()).then(|| words.with(key, &[("places", &places), ("papers", &takes.join(", "))]));
        document.push(Kind::Next, heading, place.map(Block::Text));
    }

    fn notes(&self, level: Level) -> impl Iterator<Item = Block<'a>> + use<'a> {
        let mark = if level == Level::Warning { "!" } else { "i" };
        lines::notes(self.assessment, level, self.words).into_iter().map(move |text| Block::Remark(mark, text))
    }

    /// The days of everybody in one list; what several people have alike is one line with their names.
    fn dates(&self) -> Option<Vec<Row<'a>>> {
        let words = self.words;
        let mut lists: Vec<(&Deadline<'a>, Vec<&PersonAssessment<'_>>)> = Vec::new();
        for person in self.persons() {
            let is_shown =
                |deadline: &&Deadline<'_>| self.extent == Extent::Details || lines::matters(deadline, person);
            for deadline in lines::deadlines(person).into_iter().filter(is_shown) {
                let is_same = |known: &Deadline<'_>| {
                    (known.id, known.due, known.status, known.done_on, self.rule(known.rule.id))
                        == (deadline.id, deadline.due, deadline.status, deadline.done_on, self.rule(deadline.rule.id))
                };
                match lists.iter_mut().find(|(known, _)| is_same(known)) {
                    Some((_, people)) => people.push(person),
                    None => lists.push((deadline, vec![person])),
                }
            }
        }
        lists.retain(|(deadline, _)| self.extent < Extent::NoDone || !deadline.status.is_done());
        lists.sort_by_key(|(deadline, _)| (lines::urgency(deadline), deadline.due.map(|due| due.day)));
        let row = |(deadline, people): (&Deadline<'a>, Vec<&PersonAssessment<'_>>)| {
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
            let is_of_all = people.len() == 1 + self.assessment.family.len();
            Row {
                mark: lines::deadline_mark(deadline),
                day: phrases::due(deadline, words),
                what: if is_of_all { what } else { format!("{}: {what}", self.names(&people)) },
                more: phrases::deadline_when(deadline, words),
                rule: self.rule(deadline.rule.id),
                ..Row::default()
            }
        };
        Some(lists.into_iter().map(row).collect()).filter(|rows: &Vec<_>| !rows.is_empty())
    }

    /// The id of a rule where details are asked for.
    fn rule<'i>(&self, id: &'i str) -> &'i str {
        if self.extent == Extent::Details { id } else { "" }
    }

    fn names(&self, people: &[&PersonAssessment<'_>]) -> String {
        let names: Vec<String> = people.iter().map(|person| phrases::address(person, self.words)).collect();
        names.join(", ")
    }

    /// Whether the permit is needed; where and by when it is asked for; and what is otherwise for members of the family.
    fn permits(&self) -> Option<Vec<(String, String)>> {
        let (words, today) = (self.words, self.assessment.today);
        let filing = self.assessment.profile.profile.filing_on.map_or(today, |moment| moment.day);
        let (mut lines, mut of_applicant) = (Vec::new(), String::new());
        for person in self.persons() {
            let is_said = !person.stay.is_outside_the_rules && !person.stay.is_unknown();
            let Some(permit) = person.permit.as_ref().filter(|_| is_said) else { continue };
            // Its days stand in the list of days, and why it is not to be had among the warnings.
            if permit.is_usually_unavailable() && self.extent != Extent::Details {
                continue;
            }
            // Who has a birthday ahead needs it from then on.
            let birthday = person.deadlines.iter().find(|deadline| deadline.event == "birthday" && is_open(deadline));
            let status = match birthday.filter(|_| permit.status == PermitStatus::Exempt) {
                Some(deadline) => {
                    let day = words.long_day(deadline.event_date);
                    words.with("permit_status.before-birthday", &[("day", &day)])
                }
                None => lines::permit_status(permit, words),
            };
            let is_needed = permit.may_have_it && permit.status != PermitStatus::NotRequired;
            let is_wanted = is_needed && lines::is_filed_for(permit) && self.extent < Extent::NoDone;
            let sentences = match self.extent {
                Extent::Details => lines::permit_sentences(permit, (today, filing), words),
                _ if is_wanted && person.is_applicant() => {
                    [vec![status.clone()], lines::permit_cost(permit, (today, filing), words)].concat()
                }
                _ => vec![status.clone()],
            };
            let text = sentences.join(" ");
            let said = if self.extent == Extent::Details { &text } else { &status };
            if person.is_applicant() {
                of_applicant.clone_from(said);
                lines.push((words.of("basis", permit.kind).to_owned(), text));
                let channels = match self.extent {
                    Extent::Details => lines::permit_channels(permit, words),
                    _ if is_wanted && !permit.channels.is_empty() && permit.status != PermitStatus::Held => {
                        Some(words.with("table.channels", &[("list", &lines::channels(&permit.channels, words))]))
                    }
                    _ => None,
                };
                lines.extend(channels.map(|channels| (" ".to_owned(), channels)));
            } else if *said != of_applicant {
                lines.push((" ".to_owned(), format!("{}: {text}", phrases::address(person, words))));
            }
        }
        Some(lines).filter(|lines| !lines.is_empty())
    }

    /// How the days of each stay are counted, and a picture of them where there is one.
    fn stays(&self, document: &mut Document<'a>, timelines: &'a [Timeline<'a>]) {
        for (at, person) in self.persons().enumerate() {
            let mut blocks = Vec::new();
            let heading = if person.is_applicant() {
                self.words.label("table.stay").to_owned()
            } else {
                phrases::person_heading(person, self.words)
            };
            if self.extent == Extent::Details {
                blocks.extend(lines::stay_sentences(&person.stay, self.words).into_iter().map(Block::Text));
            }
            blocks.extend(timelines.get(at).map(|days| Block::Days(days, person)));
            if !blocks.is_empty() || self.extent == Extent::Details && !person.is_applicant() {
                document.push(Kind::Stay, heading, blocks);
            }
        }
    }

    /// Who was asked about, what of the days is used, what is not known, and where there is more.
    fn who(&self) -> Vec<Block<'a>> {
        let (assessment, words) = (self.assessment, self.words);
        let stay = &assessment.applicant.stay;
        let used = stay.limits.iter().find(|limit| limit.is_binding && limit.max_days.is_some() && !stay.is_over());
        let used =
            used.map(|limit| words.count("table.used", limit.used, &[("limit", &phrases::limit_text(limit, words))]));
        let [asked, rules] = phrases::asked(assessment.today, assessment.rules, words);
        let parts = phrases::applicant_name(assessment.profile.profile)
            .into_iter()
            .chain([phrases::applicant_country(assessment, words)])
            .chain(phrases::stay_phrase(stay, words))
            .chain(used)
            .chain([asked])
            .chain((self.extent == Extent::Details).then_some(rules));
        let mut blocks = vec![Block::Text(parts.collect::<Vec<_>>().join(" · "))];
        if self.extent < Extent::Least {
            blocks.extend(self.not_given().map(Block::Hint));
        }
        let more = if self.extent == Extent::Details { "brief.more-explain" } else { "brief.more" };
        blocks.push(Block::Hint(words.label(more).to_owned()));
        blocks
    }

    /// The first facts that would make the answer more certain, and how many more there are.
    fn not_given(&self) -> Option<String> {
        let (words, needs) = (self.words, &self.assessment.needs);
        let shown = match self.extent {
            Extent::Details => needs.len(),
            Extent::Short | Extent::NoPapers => 3,
            Extent::NoDone | Extent::Least => 1,
        };
        // What is to be said of members of the family, `ask` asks for.
        let of_applicant = |need: &&Need<'_>| !need.fact.starts_with("family[") || self.extent == Extent::Details;
        let list: Vec<&str> =
            needs.iter().filter(of_applicant).take(shown).map(|need| words.of("need", &need.fact)).collect();
        let more = needs.len() - list.len();
        let list = [("list", &list.join(", ") as &dyn ToText)];
        match more {
            _ if needs.is_empty() || more == needs.len() => None,
            0 => Some(words.with("brief.not-given", &list)),
            more => Some(words.count("brief.not-given-more", more, &list)),
        }
    }
}

/// Whether something is still to be done, or to be made sure of.
fn is_open(deadline: &Deadline<'_>) -> bool {
    match deadline.status {
        DeadlineStatus::NotRecorded => deadline.kind == DeadlineKind::Duty,
        DeadlineStatus::Overdue | DeadlineStatus::DueToday | DeadlineStatus::Upcoming => true,
        _ => false,
    }
}
