//! The answer as a page of HTML, for a screen, a phone and paper: what to do next, by when, why, and the
//! papers with a box before each.

pub(super) mod frame;

use maud::{Markup, PreEscaped, html};

use super::lines::{self, Checklist, Note};
use super::phrases::{self, deadline_text, deadline_when};
use super::{Sections, Words, svg, timeline};
use crate::assessment::{Assessment, DayState, Deadline, DeadlineStatus, DocumentLine, PersonAssessment, Timeline};
use crate::calendar::{Day, DayRange};
use crate::rulebook::Level;
use frame::{Frame, shown, sign, tone};

/// The answer as a page; `timelines` are those of the applicant and the family, or none.
pub fn render(
    assessment: &Assessment<'_>,
    timelines: &[Timeline<'_>],
    sections: Sections,
    words: &Words<'_>,
) -> String {
    let country = phrases::applicant_country(assessment, words);
    let name = phrases::applicant_name(assessment.profile.profile);
    let phrase = phrases::stay_phrase(&assessment.applicant.stay, words);
    let lead: Vec<String> = name.is_some().then(|| country.clone()).into_iter().chain(phrase).collect();
    let [asked, rules] = phrases::asked(assessment.today, assessment.rules, words);
    let heading = name.unwrap_or(country);
    let frame = Frame {
        title: &[&*heading, &*asked],
        heading: &heading,
        lead: &[lead.join(" · "), asked.clone()],
        status: Some(assessment.status),
        foot: &[words.label("footer.no-legal-advice"), &format!("{rules} · {asked}")],
    };
    let content = html! {
        @if sections.has_stay() {
            (next(assessment, words))
            @if !timelines.is_empty() { (PreEscaped(svg::fills())) }
        }
        @for (at, person) in assessment.persons().enumerate() {
            @if person.is_applicant() {
                (person_parts(assessment, person, timelines.get(at), sections, 2, words))
            } @else {
                section.member {
                    h2 { (shown(&phrases::person_heading(person, words))) }
                    (person_parts(assessment, person, timelines.get(at), sections, 3, words))
                }
            }
        }
        (notes(assessment, words))
        (sources(assessment, sections, words))
    };
    frame.around(content, words)
}

/// A heading of a depth, so that a family has its parts one step below its name.
fn heading(depth: u8, text: &str) -> Markup {
    html! {
        @match depth {
            2 => h2 { (shown(text)) },
            3 => h3 { (shown(text)) },
            _ => h4 { (shown(text)) },
        }
    }
}

/// What a deadline asks; of one that is late, that it is.
fn asked_for(deadline: &Deadline<'_>, words: &Words<'_>) -> Markup {
    html! {
        @if deadline.status == DeadlineStatus::Overdue { strong { (words.label("agenda.overdue")) ":" } " " }
        (shown(&deadline_text(deadline, words)))
    }
}

/// Something to be done now, by one person or by several.
struct Step {
    mark: &'static str,
    what: Markup,
    /// By when, or how to go about it.
    how: Markup,
    names: Vec<String>,
}

fn next(assessment: &Assessment<'_>, words: &Words<'_>) -> Markup {
    let has_family = !assessment.family.is_empty();
    let mut steps: Vec<Step> = Vec::new();
    let mut add = |mark, what: Markup, how: Markup, person: &PersonAssessment<'_>| {
        let name = || phrases::applicant_name(assessment.profile.profile).filter(|_| person.is_applicant());
        let name = person
            .person
            .name
            .clone()
            .or_else(name)
            .unwrap_or_else(|| words.of("relation", person.relation).to_owned());
        let same = |step: &&mut Step| step.what.0 == what.0 && step.how.0 == how.0;
        match steps.iter_mut().find(same) {
            Some(step) => step.names.push(name),
            None => steps.push(Step { mark, what, how, names: vec![name] }),
        }
    };
    for person in assessment.persons() {
        let stay = &person.stay;
        if stay.is_unknown() {
            let hint = phrases::permit_hint(assessment, person, words);
            add("?", shown(&phrases::stay_text(stay, words)), shown(&hint.unwrap_or_default()), person);
        } else if stay.is_violation() {
            let what_to_do = phrases::what_to_do(assessment, person, words);
            add("✗", shown(&phrases::stay_text(stay, words)), shown(&what_to_do), person);
        }
    }
    for (person, deadline) in due_next(assessment) {
        let how = html! { (shown(&phrases::due(deadline, words))) " · " (shown(&deadline_when(deadline, words))) };
        add(lines::deadline_mark(deadline), asked_for(deadline, words), how, person);
    }
    html! {
        section.next {
            h2 { (words.label("html.next")) }
            @if steps.is_empty() { p { (words.label("html.nothing")) } }
            @else {
                ol {
                    @for step in &steps {
                        li.(tone(step.mark)) {
                            p.what { (sign(step.mark)) " " span { (step.what) } }
                            p.how { (step.how) }
                            @if has_family { p.names { (shown(&step.names.join(", "))) } }
                        }
                    }
                }
            }
        }
    }
}

/// What is late or not recorded, and what is due first of all that is ahead.
fn due_next<'a, 'r>(assessment: &'a Assessment<'r>) -> Vec<(&'a PersonAssessment<'r>, &'a Deadline<'r>)> {
    const PAST: u8 = 1;
    let all =
        || assessment.persons().flat_map(|person| lines::deadlines(person).into_iter().map(move |of| (person, of)));
    let late = all().filter(|(_, deadline)| lines::urgency(deadline) <= PAST);
    let is_certain =
        |deadline: &Deadline<'_>| matches!(deadline.status, DeadlineStatus::DueToday | DeadlineStatus::Upcoming);
    let is_open = |deadline: &Deadline<'_>| deadline.status == DeadlineStatus::Conditional;
    let day = |deadline: &Deadline<'_>| deadline.due.map(|due| due.day);
    let first = |of: &dyn Fn(&Deadline<'_>) -> bool| {
        all().filter(|(_, deadline)| of(deadline)).filter_map(|(_, deadline)| day(deadline)).min()
    };
    let (certain, open) = (first(&is_certain), first(&is_open));
    let ahead = all().filter(|(_, deadline)| match (certain, open) {
        (Some(certain), _) => is_certain(deadline) && day(deadline) == Some(certain),
        (None, Some(open)) => is_open(deadline) && day(deadline) == Some(open),
        (None, None) => false,
    });
    late.chain(ahead).collect()
}

fn person_parts(
    assessment: &Assessment<'_>,
    person: &PersonAssessment<'_>,
    timeline: Option<&Timeline<'_>>,
    sections: Sections,
    depth: u8,
    words: &Words<'_>,
) -> Markup {
    let permit = person.permit.as_ref().filter(|_| sections.has_permit() && !person.stay.is_outside_the_rules);
    html! {
        @if sections.has_stay() {
            (deadlines(person, depth, words))
            (stay(person, timeline, depth, words))
        }
        @if let Some(permit) = permit {
            section.permit {
                (heading(depth, words.of("basis", permit.kind)))
                @let sentences = lines::permit_sentences(permit, assessment.today, words);
                @for (at, sentence) in sentences.iter().enumerate() {
                    p.verdict[at == 0] { (shown(sentence)) }
                }
                @if let Some(channels) = lines::permit_channels(permit, words) { p { (shown(&channels)) } }
                p.rules { @for rule in permit.rules() { code { (rule.id) } " " } }
            }
        }
        @if sections.has_documents() {
            @if let Some(why) = lines::no_documents(assessment, person, sections, words) { section { p { (shown(&why)) } } }
            @for list in lines::checklists(assessment, person, words) { (checklist(&list, depth, words)) }
        }
    }
}

fn deadlines(person: &PersonAssessment<'_>, depth: u8, words: &Words<'_>) -> Markup {
    let in_order = lines::deadlines(person);
    html! {
        @if !in_order.is_empty() {
            section.deadlines {
                (heading(depth, words.label("html.deadlines")))
                ol {
                    @for deadline in in_order {
                        @let mark = lines::deadline_mark(deadline);
                        li.(tone(mark)) {
                            (sign(mark))
                            p.day {
                                span.date { (shown(&phrases::due(deadline, words))) } " "
                                span.when { (shown(&deadline_when(deadline, words))) }
                            }
                            div {
                                p.what { (asked_for(deadline, words)) }
                                p.rules {
                                    @if let Some(limit) = lines::deadline_limit(deadline, person, words) {
                                        (shown(&limit)) " · "
                                    }
                                    code { (deadline.rule.id) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn stay(person: &PersonAssessment<'_>, timeline: Option<&Timeline<'_>>, depth: u8, words: &Words<'_>) -> Markup {
    let sentences = lines::stay_sentences(&person.stay, words);
    let text = phrases::stay_text(&person.stay, words);
    html! {
        section.stay {
            (heading(depth, words.label("table.stay")))
            @if !sentences.contains(&text) { p.verdict { (shown(&text)) } }
            @for sentence in &sentences { p { (shown(sentence)) } }
            @if let Some(timeline) = timeline { (days(timeline, person, words)) }
        }
    }
}

fn days(timeline: &Timeline<'_>, person: &PersonAssessment<'_>, words: &Words<'_>) -> Markup {
    let has_something = |month: &DayRange| {
        let is_something = |day| timeline.state_on(day) != DayState::Outside || timeline.marks_on(day).next().is_some();
        month.iter().any(|day| timeline.days.contains(day) && is_something(day))
    };
    let months: Vec<DayRange> = timeline.months().filter(has_something).collect();
    html! {
        figure {
            figcaption {
                (shown(&timeline::title(timeline, words)))
                @if months.len() < timeline.months().count() {
                    small { (words.label("html.months-elsewhere")) }
                }
            }
            div.sheets { @for month in months { (PreEscaped(svg::sheet(timeline, month, words))) } }
            ul.legend {
                @for state in timeline.states() {
                    li { (PreEscaped(svg::sign(state, &[]))) span { (shown(&timeline::state_text(timeline, state, words))) } }
                }
                @for (kind, text) in timeline::mark_texts(timeline, person, words) {
                    li {
                        (PreEscaped(svg::sign(DayState::Outside, &[kind])))
                        span { (shown(&text)) }
                    }
                }
            }
        }
    }
}

fn checklist(list: &Checklist<'_, '_>, depth: u8, words: &Words<'_>) -> Markup {
    let count = words.count("html.count", list.certain, &[("held", &list.held)]);
    html! {
        section.papers {
            (heading(depth, &list.title))
            p.count { (shown(&count)) }
            ul.boxes { @for line in &list.needed { (box_of(line, words)) } }
            @for (reason, lines) in &list.open {
                p.reason { (sign("?")) " " (shown(reason)) }
                ul.boxes { @for line in lines { (box_of(line, words)) } }
            }
            @if let Some(text) = lines::not_needed(&list.exempted, words) { p.exempted { (shown(&text)) } }
        }
    }
}

fn box_of(line: &DocumentLine<'_>, words: &Words<'_>) -> Markup {
    html! {
        li data-document=(line.id) {
            label {
                input type="checkbox" checked[line.held];
                span { (shown(words.of("document", line.id))) small { " · " (shown(words.of("form", line.form))) } }
            }
        }
    }
}

fn notes(assessment: &Assessment<'_>, words: &Words<'_>) -> Markup {
    let notes = lines::notes(assessment, words);
    let needs = lines::needs(assessment, words);
    html! {
        @if !notes.is_empty() || needs.is_some() {
            section.notes {
                h2 { (words.label("table.notes")) }
                ul {
                    @for Note { text, names, level } in &notes {
                        li.(if *level == Level::Warning { "look" } else { "open" }) {
                            strong { (words.of("mark", phrases::level(*level))) } " "
                            @if !names.is_empty() { (shown(&names.join(", "))) ": " }
                            (shown(text))
                        }
                    }
                    @if let Some(needs) = &needs { li.open { (shown(needs)) } }
                }
            }
        }
    }
}

struct Act<'r> {
    id: &'r str,
    address: Option<&'r str>,
    /// The places in it that are known in the same way, with the rules taken from them.
    grounds: Vec<(Ground<'r>, Vec<&'r str>, Vec<&'r str>)>,
}

type Ground<'r> = (&'r str, Day);

fn acts<'r>(assessment: &Assessment<'r>, sections: Sections) -> Vec<Act<'r>> {
    let mut acts: Vec<Act<'_>> = Vec::new();
    for (cite, rules) in lines::cites(&crate::assess::used_rules(assessment, sections.parts())) {
        let at = acts.iter().position(|act| act.id == &*cite.source).unwrap_or(acts.len());
        if at == acts.len() {
            // Only what is sure to be a page of the web is made a link.
            let address = cite.url.as_deref().filter(|url| url.starts_with("https://"));
            acts.push(Act { id: &cite.source, address, grounds: Vec::new() });
        }
        let (ground, grounds) = ((cite.standing.name(), cite.verified), &mut acts[at].grounds);
        if let Some((_, places, of)) = grounds.iter_mut().find(|(known, ..)| *known == ground) {
            places.push(&*cite.at);
            for rule in rules {
                if !of.contains(&rule) {
                    of.push(rule);
                }
            }
        } else {
            grounds.push((ground, vec![&*cite.at], rules));
        }
    }
    acts
}

fn sources(assessment: &Assessment<'_>, sections: Sections, words: &Words<'_>) -> Markup {
    let acts = acts(assessment, sections);
    html! {
        @if !acts.is_empty() {
            section.sources {
                h2 { (words.label("html.sources")) }
                ul {
                    @for Act { id, address, grounds } in &acts {
                        li {
                            cite {
                                @match address {
                                    Some(address) => a href=(address) { (shown(words.of("source", id))) },
                                    None => (shown(words.of("source", id))),
                                }
                            }
                            @for ((standing, verified), places, rules) in grounds {
                                @let places: Vec<&str> = places.iter().map(|at| words.of("place", at)).collect();
                                p {
                                    b { (shown(&places.join(", "))) }
                                    " · " (shown(words.of("standing", standing)))
                                    " · " (shown(&words.with("html.verified", &[("day", verified)])))
                                }
                                p.rules { @for rule in rules { code { (rule) } " " } }
                            }
                        }
                    }
                }
            }
        }
    }
}
