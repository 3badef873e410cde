//! A document: what an answer says, in the order in which it is read, before any format. The terminal, Markdown and the
//! page each draw any document.

use super::grid::Grid;
use crate::assessment::{PersonAssessment, Status, Timeline};
use crate::calendar::Day;
use crate::source::named;

/// An answer laid out.
pub struct Document<'d> {
    /// The answer itself: the first line of a text, the title of a page.
    pub title: String,
    /// Whom or what it is about: a page has it above the title.
    pub about: String,
    /// How the answer stands, where it is about somebody's stay.
    pub status: Option<Status>,
    pub sections: Vec<Section<'d>>,
}

named! {
    /// What a section is about: a page draws each in its own way, and calls it so.
    pub enum Kind {
        /// More sentences of the answer.
        Answer = "answer",
        Next = "next",
        Warnings = "warnings",
        Deadlines = "deadlines",
        Permit = "permit",
        Papers = "papers",
        Stay = "stay",
        Rules = "rules",
        Notes = "notes",
        People = "people",
        Who = "who",
        /// Closed on a page until somebody wants to see them.
        Sources = "sources",
    }
}

/// Blocks under a heading, which may be empty.
pub struct Section<'d> {
    pub kind: Kind,
    pub heading: String,
    pub blocks: Vec<Block<'d>>,
}

pub enum Block<'d> {
    /// A sentence or several.
    Text(String),
    /// How to ask further on the command line; no page has it.
    Hint(String),
    /// Sentences behind a mark.
    Remark(&'static str, String),
    /// Sentences behind labels.
    Lines(Vec<(String, String)>),
    /// A list in which each line has its mark.
    Rows(Vec<Row<'d>>),
    Grid(Grid),
    /// The days around today.
    Days(&'d Timeline<'d>, &'d PersonAssessment<'d>),
    Sources(Vec<Source<'d>>),
    /// People with how their answers stand.
    People(Vec<(Name<'d>, Status)>),
}

/// A line of a list.
#[derive(Default)]
pub struct Row<'d> {
    pub mark: &'static str,
    /// A day, or nothing.
    pub day: String,
    pub what: String,
    /// More about it, at the end of the line.
    pub more: String,
    pub people: Vec<Name<'d>>,
    /// The rule that it follows from, where details are asked for.
    pub rule: &'d str,
    /// What programs know a paper by.
    pub paper: &'d str,
}

/// What somebody is called, and the page about them, where there is one.
pub struct Name<'d> {
    pub text: String,
    pub page: Option<&'d str>,
}

/// An act, and the places in it that an answer rests on.
pub struct Source<'d> {
    pub id: &'d str,
    pub address: Option<&'d str>,
    pub grounds: Vec<Ground<'d>>,
}

/// Places of an act that are known in the same way, with the rules taken from them.
pub struct Ground<'d> {
    pub standing: &'d str,
    pub verified: Day,
    pub places: Vec<&'d str>,
    pub rules: Vec<&'d str>,
}

impl<'d> Document<'d> {
    /// With a title, and nothing else yet.
    pub const fn new(title: String) -> Self {
        Self { title, about: String::new(), status: None, sections: Vec::new() }
    }

    /// Adds a section, unless there is nothing in it.
    pub fn push(&mut self, kind: Kind, heading: impl Into<String>, blocks: impl IntoIterator<Item = Block<'d>>) {
        let section = Section { kind, heading: heading.into(), blocks: blocks.into_iter().collect() };
        if !section.heading.is_empty() || !section.blocks.is_empty() {
            self.sections.push(section);
        }
    }
}
