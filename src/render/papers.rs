//! The papers of an answer: for each procedure those that are needed, those that depend on something, and those that are
//! not needed and why.

use super::check::Extent;
use super::document::{Block, Document, Kind, Row};
use super::words::ToText;
use super::{Sections, Words, phrases};
use crate::assessment::{Assessment, DocumentLine, Message, PermitStatus, PersonAssessment, Requirement};
use crate::rulebook::Who;

/// Adds the papers: all where all are asked for, else those of the permit for those who can have it.
pub(super) fn push<'a>(
    document: &mut Document<'a>,
    assessment: &'a Assessment<'a>,
    sections: Sections,
    extent: Extent,
    words: &Words<'_>,
) {
    let is_all = extent == Extent::Details || sections == Sections::Documents;
    for person in assessment.persons() {
        let permit_of =
            |list: &Checklist<'_, '_>| person.permit.as_ref().filter(|permit| permit.kind == list.procedure);
        let mut lists = checklists(assessment, person, words);
        lists.sort_by_key(|list| permit_of(list).is_none());
        for list in lists {
            let permit = permit_of(&list);
            let may_file = permit
                .filter(|permit| permit.may_have_it && permit.status != PermitStatus::Exempt && !person.stay.is_over());
            let is_asked_for = may_file.is_some_and(|permit| permit.status != PermitStatus::NotRequired);
            // Who cannot have the permit needs no papers for it, but where the papers are what was asked for.
            let is_of_no_use = permit.is_some() && may_file.is_none() && sections != Sections::Documents;
            if !is_asked_for && !is_all || is_of_no_use {
                continue;
            }
            let is_short = (extent >= Extent::NoPapers || !person.is_applicant()) && !is_all;
            let short = words.of("basis", list.procedure);
            let key = match (is_all, list.is_of_host) {
                (false, _) => "brief.papers",
                (true, true) => "table.needed-by-host",
                (true, false) => "table.needed",
            };
            let mut title = if is_all { list.title.clone() } else { short.to_owned() };
            if !person.is_applicant() {
                title = format!("{title}, {}", phrases::address(person, words));
            }
            let mut text = words.count(key, list.certain, &[("title", &title as &dyn ToText), ("held", &list.held)]);
            if is_short {
                text = words.with("brief.papers-listed", &[("papers", &text)]);
            }
            let follows = is_short && (!person.is_applicant() || extent >= Extent::NoDone);
            match document.sections.last_mut() {
                Some(last) if follows => last.blocks.push(Block::Text(text)),
                _ if is_short => document.push(Kind::Papers, "", [Block::Text(text)]),
                _ => document.push(Kind::Papers, text, checklist(&list, is_all, words)),
            }
        }
    }
}

/// How many papers are needed in all, and how many are at hand; then those that the host needs.
pub(super) fn number(assessment: &Assessment<'_>, words: &Words<'_>) -> Vec<String> {
    if assessment.profile.vocabulary.documents.is_empty() {
        return vec![words.with("table.no-documents", &[("pack", &assessment.rules.pack)])];
    }
    let lists = assessment.persons().flat_map(|person| checklists(assessment, person, words));
    let (of_host, own): (Vec<_>, Vec<_>) = lists.partition(|list| list.is_of_host);
    let number = |lists: &[Checklist<'_, '_>]| {
        lists.iter().fold((0, 0), |(needed, held), list| (needed + list.certain, held + list.held))
    };
    let ((needed, held), (needed_by_host, _)) = (number(&own), number(&of_host));
    let mut sentences = vec![match needed {
        0 => words.label("brief.docs-none").to_owned(),
        _ => words.count("brief.docs", needed, &[("held", &held)]),
    }];
    if needed_by_host > 0 {
        sentences.push(words.count("brief.docs-of-host", needed_by_host, &[]));
    }
    sentences
}

/// The papers of a procedure; with all, those that depend on something, and what is not needed and why.
fn checklist<'a>(list: &Checklist<'a, 'a>, is_all: bool, words: &Words<'_>) -> Vec<Block<'a>> {
    let row = |line: &&'a DocumentLine<'a>| Row {
        mark: if line.held { "☑" } else { "☐" },
        what: words.of("document", line.id).to_owned(),
        more: words.of("form", line.form).to_owned(),
        paper: line.id,
        ..Row::default()
    };
    let mut blocks = Vec::new();
    if !list.needed.is_empty() {
        blocks.push(Block::Rows(list.needed.iter().map(row).collect()));
    }
    let open = list.open.iter().map(|(_, lines)| lines.len()).sum::<usize>();
    if is_all {
        for (reason, papers) in &list.open {
            blocks.push(Block::Remark("?", format!("{reason}:")));
            blocks.push(Block::Rows(papers.iter().map(row).collect()));
        }
        blocks.extend(not_needed(&list.exempted, words).map(|text| Block::Remark(" ", text)));
    } else if open > 0 {
        blocks.push(Block::Remark("?", words.count("brief.papers-open", open, &[])));
    }
    blocks
}

struct Checklist<'a, 'r> {
    procedure: &'r str,
    title: String,
    /// Whether the host files them.
    is_of_host: bool,
    certain: usize,
    /// How many of those that are or may be needed are at hand.
    held: usize,
    needed: Vec<&'a DocumentLine<'r>>,
    /// Papers of which something else decides whether they are needed, with what that is.
    open: Vec<(String, Vec<&'a DocumentLine<'r>>)>,
    /// Papers that named exemptions make unnecessary, with the exemption.
    exempted: Vec<(String, Vec<&'a DocumentLine<'r>>)>,
}

/// The checklists of a person, one for each procedure; what is done needs no papers any more.
fn checklists<'a, 'r>(
    assessment: &Assessment<'_>,
    person: &'a PersonAssessment<'r>,
    words: &Words<'_>,
) -> Vec<Checklist<'a, 'r>> {
    let mut procedures: Vec<&'r str> = Vec::new();
    for line in &person.documents {
        if !procedures.contains(&line.procedure) {
            procedures.push(line.procedure);
        }
    }
    let is_done = |procedure: &str| {
        let mut of_it = person.deadlines.iter().filter(|deadline| deadline.id == procedure).peekable();
        of_it.peek().is_some() && of_it.all(|deadline| deadline.status.is_done())
    };
    let mut lists = Vec::new();
    for procedure in procedures.into_iter().filter(|procedure| !is_done(procedure)) {
        let of_it = || person.documents.iter().filter(|line| line.procedure == procedure);
        let (needed, open): (Vec<_>, Vec<_>) = of_it()
            .filter(|line| line.requirement != Requirement::NotRequired)
            .partition(|line| line.held || line.requirement == Requirement::Required);
        if needed.is_empty() && open.is_empty() {
            continue;
        }
        let permit = person.permit.as_ref().filter(|permit| permit.kind == procedure);
        let title = match permit {
            Some(permit) if person.is_applicant() => phrases::permit_heading(assessment, permit, words),
            _ => words.of("procedure", procedure).to_owned(),
        };
        let certain = needed.iter().filter(|line| line.requirement == Requirement::Required).count();
        let mut files = person.deadlines.iter().filter(|deadline| deadline.id == procedure);
        lists.push(Checklist {
            procedure,
            title,
            is_of_host: files.any(|deadline| deadline.who == Who::Host),
            certain,
            held: needed.iter().filter(|line| line.held).count(),
            needed,
            open: by_reason(open, words),
            exempted: by_reason(of_it().filter(|line| line.is_exempted), words),
        });
    }
    lists
}

/// The papers under their reasons, those of one reason together. Reasons are compared by what they are and not by their
/// words, so that the order is the same in every language.
fn by_reason<'a, 'r: 'a>(
    lines: impl IntoIterator<Item = &'a DocumentLine<'r>>,
    words: &Words<'_>,
) -> Vec<(String, Vec<&'a DocumentLine<'r>>)> {
    let mut reasons: Vec<(Message<'_>, Vec<&DocumentLine<'_>>)> = Vec::new();
    for line in lines {
        let reason = line.because.message();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, lines)) => lines.push(line),
            None => reasons.push((reason, vec![line])),
        }
    }
    reasons.into_iter().map(|(reason, lines)| (words.sentence(&reason), lines)).collect()
}

fn not_needed(exempted: &[(String, Vec<&DocumentLine<'_>>)], words: &Words<'_>) -> Option<String> {
    let titles = |lines: &[&DocumentLine<'_>]| {
        lines.iter().map(|line| words.of("document", line.id).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let list: Vec<String> = exempted.iter().map(|(reason, lines)| format!("{} ({reason})", titles(lines))).collect();
    (!list.is_empty()).then(|| words.with("table.not-needed", &[("list", &list.join(" · "))]))
}
