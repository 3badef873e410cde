//! `ask`: the missing facts, one by one, and only those that can change the answer.

use std::fmt::Write as _;
use std::io::IsTerminal;

use anyhow::Context;
use inquire::ui::{Color, RenderConfig, StyleSheet, Styled};
use inquire::{InquireError, Select, Text};
use trp_check::assess::question::{Interview as Asker, Question, altered};
use trp_check::assess::{assess, strictly};
use trp_check::country::Country;
use trp_check::embedded;
use trp_check::profile::answer::FactName;
use trp_check::profile::packed::Piece;
use trp_check::profile::written::WrittenProfile;
use trp_check::profile::{Profile, check as check_profile};
use trp_check::render::{Sections, Words, diagnostics, profile as profile_file, question as tell};
use trp_check::source::{COMMAND_LINE, Fault, SourceText};

use super::check::{exit_of, refused, told};
use super::{Desk, Gathered};
use crate::args::{Format, Global, Interview};
use crate::files::{self, Clobber};
use crate::{Exit, output};

pub fn run(global: &Global, ask: &Interview) -> anyhow::Result<Exit> {
    if ask.format == Format::Svg {
        return Ok(refused(global, "usage.svg-is-of-stay"));
    }
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let words = desk.words();
    let (given, skipped) = match given(global, ask, &desk) {
        Ok(given) => given,
        Err(exit) => return Ok(exit),
    };
    let asker = Asker { book: &desk.book, countries: &embedded::COUNTRIES, today: desk.today };
    if ask.next {
        output::answer(&tell::json(asker.next(&given.written, &skipped).as_ref(), &words))?;
        return Ok(Exit::Answered);
    }
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        output::fail(global.error_format, "usage", None, words.label("ask.no-terminal"));
        return Ok(Exit::Usage);
    }
    if let Some(path) = ask.output.as_deref().filter(|path| !ask.overwrite && path.exists()) {
        let text = words.with("ask.exists", &[("path", &path.display().to_string())]);
        output::fail(global.error_format, "file-exists", Some(path), &text);
        return Ok(Exit::Usage);
    }
    inquire::set_global_render_config(colors(output::error_look(global).color));
    let mut held = Held { asker, words: &words, width: output::error_look(global).width, said: Vec::new() };
    let is_finished = held.hold(&given.written, &skipped)?;
    let said = held.said;
    finish(global, ask, &desk, &asker, &given.written, &said, is_finished)
}

/// The colours of the questions: those of the answers, since light ones cannot be read on a light ground.
fn colors(is_colored: bool) -> RenderConfig<'static> {
    if !is_colored {
        return RenderConfig::empty();
    }
    let chosen = StyleSheet::new().with_fg(Color::DarkCyan);
    RenderConfig::empty()
        .with_prompt_prefix(Styled::new("?").with_fg(Color::DarkGreen))
        .with_answered_prompt_prefix(Styled::new(">").with_fg(Color::DarkGreen))
        .with_help_message(chosen)
        .with_answer(chosen)
        .with_highlighted_option_prefix(Styled::new(">").with_style_sheet(chosen))
        .with_selected_option(Some(chosen))
        .with_canceled_prompt_indicator(Styled::new("<canceled>").with_fg(Color::DarkRed))
}

/// The facts that are given, checked but for a citizenship that may be missing, and what is not to be asked.
fn given<'f>(global: &Global, ask: &'f Interview, desk: &Desk) -> Result<(Gathered<'f>, Vec<FactName>), Exit> {
    let mut given = desk.gather(global, &ask.person.facts, ask.person.id.as_ref())?;
    given.lay("answer", ask.answer.iter().map(|one| (&*one.fact, &*one.value)), desk);
    let skipped = skips(&ask.skip, &mut given);
    let had_none = given.written.citizenship.is_absent();
    if had_none {
        // Any country does, to find what is wrong with the rest.
        let any = Piece::new(&embedded::COUNTRIES.names(Country(0)).code, super::FLAGS, 0);
        given.written.citizenship = any.field();
    }
    desk.checked(global, &given)?;
    if had_none {
        given.written.citizenship = trp_check::tree::Field::Absent;
    }
    Ok((given, skipped))
}

/// Reads the names of facts that are not to be asked for.
fn skips(names: &[String], given: &mut Gathered<'_>) -> Vec<FactName> {
    let number = u16::try_from(given.texts.len()).unwrap_or(u16::MAX);
    let mut text = String::new();
    let mut skipped = Vec::new();
    for name in names {
        let before = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{before}--skip ");
        match FactName::read(Piece::new(name, number, text.len())) {
            Ok(fact) => skipped.push(fact),
            Err(fault) => given.faults.push(fault),
        }
        text.push_str(name);
    }
    given.texts.push(SourceText { path: COMMAND_LINE.to_owned(), text });
    skipped
}

/// What somebody said to a question.
enum Said {
    Value(String),
    Skip,
    Back,
    Stop,
}

/// An interview that is held at the terminal.
struct Held<'h, 'r> {
    asker: Asker<'r>,
    words: &'h Words<'h>,
    width: usize,
    /// What was said so far; `None`: the question was skipped.
    said: Vec<(FactName, Option<String>)>,
}

impl Held<'_, '_> {
    /// Asks until nothing can matter any more; `false` where that was stopped.
    fn hold(&mut self, given: &WrittenProfile<'_>, skipped: &[FactName]) -> anyhow::Result<bool> {
        loop {
            let said = self.said.clone();
            let written = laid(&self.asker, given, &said);
            let open = said.iter().filter(|(_, value)| value.is_none()).map(|(fact, _)| fact);
            let skipped: Vec<FactName> = skipped.iter().chain(open).cloned().collect();
            let Some(question) = self.asker.next(&written, &skipped) else {
                output::complain(&format!("\n{}", self.words.label("ask.done")));
                return Ok(true);
            };
            self.show(&question);
            match self.ask(&question, &written)? {
                Said::Stop => return Ok(false),
                Said::Back if self.said.is_empty() => output::complain(self.words.label("ask.first")),
                Said::Back => {
                    self.said.pop();
                }
                Said::Skip if question.is_needed => output::complain(self.words.label("ask.needed")),
                Said::Skip => self.said.push((question.fact, None)),
                Said::Value(value) => {
                    self.tell_changes(&question.fact, &written, &value);
                    self.said.push((question.fact, Some(value)));
                }
            }
        }
    }

    fn show(&self, question: &Question<'_>) {
        let number = i32::try_from(self.said.len() + 1).unwrap_or(i32::MAX);
        let why = tell::wrapped(&tell::why(question, self.words), self.width);
        output::complain(&format!("\n{}\n{why}", self.words.count("ask.number", number, &[])));
    }

    fn ask(&self, question: &Question<'_>, written: &WrittenProfile<'_>) -> anyhow::Result<Said> {
        loop {
            let said = if question.words.is_empty() { self.write(question) } else { self.choose(question) };
            let said = match said {
                Ok(said) => said,
                Err(InquireError::OperationCanceled) => Said::Back,
                Err(InquireError::OperationInterrupted) => Said::Stop,
                Err(error) => return Err(error).context("the terminal"),
            };
            let Said::Value(value) = &said else { return Ok(said) };
            let faults = faults(&self.asker, written, &question.fact, value);
            if faults.is_empty() {
                return Ok(said);
            }
            // Without a place: what was typed stands right above.
            for fault in faults {
                output::complain(&diagnostics::message(&fault, self.words));
            }
        }
    }

    /// A value from a list.
    fn choose(&self, question: &Question<'_>) -> Result<Said, InquireError> {
        let form = question.fact.form;
        let mut texts: Vec<&str> = question.words.iter().map(|word| tell::value_text(form, word, self.words)).collect();
        texts.push(self.words.label("ask.skip"));
        texts.push(self.words.label("ask.back"));
        let text = tell::text(&question.fact, self.words);
        let chosen = Select::new(&text, texts)
            .with_help_message(self.words.label("ask.list-keys"))
            .with_page_size(question.words.len() + 2)
            .raw_prompt()?;
        Ok(match question.words.get(chosen.index) {
            Some(word) => Said::Value((*word).to_owned()),
            None if chosen.index == question.words.len() => Said::Skip,
            None => Said::Back,
        })
    }

    /// A value that is typed.
    fn write(&self, question: &Question<'_>) -> Result<Said, InquireError> {
        let text = tell::text(&question.fact, self.words);
        let hint = tell::hint(question.fact.form, self.words);
        let keys = if question.is_needed { "ask.keys-needed" } else { "ask.keys" };
        output::complain(&tell::wrapped(&format!("{hint}; {}", self.words.label(keys)), self.width));
        let typed = Text::new(&text).prompt()?;
        Ok(match typed.trim() {
            "skip" | "" => Said::Skip,
            "back" => Said::Back,
            value => Said::Value(value.to_owned()),
        })
    }

    /// Tells what follows from an answer.
    fn tell_changes(&self, fact: &FactName, written: &WrittenProfile<'_>, value: &str) {
        let Some(after) = self.asker.with(written, fact, value) else { return };
        let Some(before) = checked(&self.asker, written) else { return };
        let answer = |profile| assess(self.asker.book, profile, self.asker.today);
        let names = altered(&answer(&before), &answer(&after));
        let text = tell::changes(&names, self.words);
        output::complain(&tell::wrapped(&text, self.width));
    }
}

/// The facts given, and over them those of the interview.
fn laid<'s>(
    asker: &Asker<'_>,
    given: &WrittenProfile<'s>,
    said: &'s [(FactName, Option<String>)],
) -> WrittenProfile<'s> {
    let mut written = given.clone();
    for (fact, value) in said.iter().filter_map(|(fact, value)| Some((fact, value.as_ref()?))) {
        // It was tried when it was said.
        let _ = fact.lay(&mut written, Piece::new(value, 0, 0), &asker.book.vocabulary, asker.today);
    }
    written
}

fn checked(asker: &Asker<'_>, written: &WrittenProfile<'_>) -> Option<Profile> {
    check_profile::check(written, Vec::new(), asker.book, asker.countries, asker.today).ok()
}

/// What is wrong with an answer.
fn faults(asker: &Asker<'_>, written: &WrittenProfile<'_>, fact: &FactName, value: &str) -> Vec<Fault> {
    let mut written = written.clone();
    if let Err(fault) = fact.lay(&mut written, Piece::new(value, 0, 0), &asker.book.vocabulary, asker.today) {
        return vec![fault];
    }
    check_profile::check(&written, Vec::new(), asker.book, asker.countries, asker.today).err().unwrap_or_default()
}

/// Tells the answer as far as it goes, and writes the profile.
fn finish(
    global: &Global,
    ask: &Interview,
    desk: &Desk,
    asker: &Asker<'_>,
    given: &WrittenProfile<'_>,
    said: &[(FactName, Option<String>)],
    is_finished: bool,
) -> anyhow::Result<Exit> {
    let words = desk.words();
    let Some(profile) = checked(asker, &laid(asker, given, said)) else {
        output::complain(words.label("ask.stopped-empty"));
        return Ok(Exit::Interrupted);
    };
    let mut assessment = assess(&desk.book, &profile, desk.today);
    if global.strict {
        assessment = strictly(&desk.book, assessment, Sections::All.parts());
    }
    let file = profile_file::toml(&assessment, &words);
    if let Some(path) = &ask.output {
        let clobber = if ask.overwrite { Clobber::Allowed } else { Clobber::Refused };
        files::write(path, file.as_bytes(), clobber)?;
        let path = path.display().to_string();
        let key = if is_finished { "ask.written" } else { "ask.go-on" };
        output::complain(&words.with(key, &[("path", &path)]));
    }
    if !is_finished {
        output::complain(words.label("ask.stopped"));
        if ask.output.is_none() {
            output::answer(&file)?;
        }
        return Ok(Exit::Interrupted);
    }
    let mut bytes = told(global, &desk.book, &assessment, ask.format, Sections::All, &words);
    if ask.format == Format::Table && ask.output.is_none() {
        bytes.extend(format!("\n{file}").bytes());
    }
    output::answer(&bytes)?;
    Ok(exit_of(assessment.status))
}
