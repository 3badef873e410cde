//! The deadlines of many people, for a terminal.

use super::{Block, Line, Lines, MOST_NAMES, blocks, heading, left_out, nothing, notices, people};
use crate::assessment::{Agenda, Status};
use crate::render::Words;
use crate::render::table::{Look, NARROW, Page};

pub fn render(agenda: &Agenda<'_>, words: &Words<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    page.paragraph(&heading(agenda, words), "");
    let blocks = blocks(agenda, words);
    for Lines { block, lines } in &blocks {
        page.gap();
        page.paragraph(&block.title(agenda.today, words), "");
        grid(&mut page, *block, lines, words);
        if *block == Block::NotRecorded {
            page.remark(" ", words.label("agenda.record"));
        }
    }
    if blocks.is_empty() {
        page.gap();
        page.paragraph(nothing(agenda, words), "");
    }
    let notices = notices(agenda, words);
    if !notices.is_empty() {
        page.gap();
        page.paragraph(words.label("agenda.notices"), "");
    }
    for (text, of) in &notices {
        let mark = if of.iter().any(|notice| notice.status == Status::Unknown) { "?" } else { "✗" };
        let names = people(of.iter().map(|notice| &notice.whose), MOST_NAMES, words);
        page.remark(mark, text);
        page.remark(" ", &names);
    }
    page.gap();
    for text in left_out(agenda, words) {
        page.paragraph(&text, "");
    }
    let is_long = |line: &Line<'_, '_>| line.items.len() > MOST_NAMES;
    let is_cut = blocks.iter().flat_map(|block| &block.lines).any(is_long);
    if is_cut || notices.iter().any(|(_, of)| of.len() > MOST_NAMES) {
        page.paragraph(words.label("agenda.more-names"), "");
    }
    if !blocks.is_empty() {
        page.paragraph(words.label("agenda.sources"), "");
    }
    page.paragraph(words.label("agenda.footer"), "");
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
