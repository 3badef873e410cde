//! `ask`: the missing facts, one by one, and only those that can change the answer.

use std::io::IsTerminal;

use anyhow::Context as _;
use inquire::ui::{Color, RenderConfig, StyleSheet, Styled};
use inquire::{InquireError, Select, Text};
use trp_check::assess::assess;
use trp_check::assess::question::{Interview, Question, altered};
use trp_check::embedded::COUNTRIES;
use trp_check::profile::Profile;
use trp_check::profile::edit::FactName;
use trp_check::profile::fields::Field;
use trp_check::profile::forms::Piece;
use trp_check::profile::read::Reader;
use trp_check::profile::written::Written;
use trp_check::render::{Format, Sections, Words, diagnostics, profile as profile_file, question as render};
use trp_check::source::{COMMAND_LINE, Fault, SourceText};

use super::Context;
use super::check::{exit_of, refused, rendered};
use super::context::{FLAGS, Gathered};
use crate::args::{self, Global};
use crate::files::{self, Clobber};
use crate::{Exit, Stop, flags, output};

pub fn run(global: &Global, ask: &args::Interview) -> Result<Exit, Stop> {
    if ask.format == Format::Svg {
        return Err(refused(global, "usage.svg-is-of-stay"));
    }
    let context = Context::open(global)?;
    let words = context.words();
    let (given, skipped) = given(ask, &context)?;
    let interview = Interview { book: &context.book, countries: &COUNTRIES, today: context.today };
    if ask.next {
        return output::answer(&render::json(interview.next(&given.written, &skipped).as_ref(), &words));
    }
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(context.usage("ask.no-terminal"));
    }
    if let Some(path) = ask.output.as_deref().filter(|path| !ask.overwrite && path.exists()) {
        let text = words.with("ask.exists", &[("path", &path.display().to_string())]);
        return Err(Stop::error(global, Exit::Usage, "file-exists", Some(path), &text));
    }
    let look = output::error_look(global);
    inquire::set_global_render_config(colors(look.color));
    let mut dialog = Dialog { interview, given: given.written, words, width: look.width, replies: Vec::new() };
    let is_finished = dialog.hold(&skipped)?;
    finish(ask, &context, dialog.profile(), is_finished)
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
fn given<'f>(ask: &'f args::Interview, context: &Context<'_>) -> Result<(Gathered<'f>, Vec<FactName>), Stop> {
    let mut given = context.gather(&ask.person)?;
    given.lay("answer", ask.answer.iter().map(|one| (&*one.fact, &*one.value)), context);
    let skipped = skips(&ask.skip, &mut given);
    let key = Field::Citizenship.key();
    let had_none = given.written.get(None, Field::Citizenship).is_none();
    if had_none {
        // Any country does, to find what is wrong with the rest.
        let any = COUNTRIES.all().next().map(|any| &COUNTRIES.names(any).code);
        given.written.root.set(key, Piece::new(any.map_or("", |code| code), FLAGS, 0).node());
    }
    context.checked(&given)?;
    if had_none {
        given.written.remove(key);
    }
    Ok((given, skipped))
}

fn skips(names: &[String], given: &mut Gathered<'_>) -> Vec<FactName> {
    let number = u16::try_from(given.texts.len()).unwrap_or(u16::MAX);
    let mut text = String::new();
    let mut skipped = Vec::new();
    for name in names {
        match FactName::read(flags::written(&mut text, "skip", name, number)) {
            Ok(fact) => skipped.push(fact),
            Err(fault) => given.faults.push(fault),
        }
    }
    given.texts.push(SourceText { path: COMMAND_LINE.to_owned(), text });
    skipped
}

enum Reply {
    Value(String),
    Skip,
    Back,
    Stop,
}

struct Dialog<'d> {
    interview: Interview<'d>,
    /// The facts that were known before.
    given: Written<'d>,
    words: Words<'d>,
    width: usize,
    /// `None`: the question was skipped.
    replies: Vec<(FactName, Option<String>)>,
}

impl Dialog<'_> {
    /// Asks until nothing can matter any more; `false` where that was stopped.
    fn hold(&mut self, skipped: &[FactName]) -> anyhow::Result<bool> {
        loop {
            let open = self.replies.iter().filter(|(_, value)| value.is_none()).map(|(fact, _)| fact);
            let skipped: Vec<FactName> = skipped.iter().chain(open).cloned().collect();
            let Some(question) = self.interview.next(&self.written(), &skipped) else {
                output::complain(&format!("\n{}", self.words.label("ask.done")));
                return Ok(true);
            };
            let why = render::wrapped(&render::why(&question, &self.words), self.width);
            let number = self.words.count("ask.number", self.replies.len() + 1, &[]);
            output::complain(&format!("\n{number}\n{why}"));
            match self.ask(&question)? {
                Reply::Stop => return Ok(false),
                Reply::Back if self.replies.is_empty() => output::complain(self.words.label("ask.first")),
                Reply::Back => {
                    self.replies.pop();
                }
                Reply::Skip if question.is_needed => output::complain(self.words.label("ask.needed")),
                Reply::Skip => self.replies.push((question.fact, None)),
                Reply::Value(value) => {
                    self.report_changes(&question.fact, &value);
                    self.replies.push((question.fact, Some(value)));
                }
            }
        }
    }

    fn ask(&self, question: &Question<'_>) -> anyhow::Result<Reply> {
        loop {
            let reply = if question.words.is_empty() { self.write(question) } else { self.choose(question) };
            let reply = match reply {
                Ok(reply) => reply,
                Err(InquireError::OperationCanceled) => Reply::Back,
                Err(InquireError::OperationInterrupted) => Reply::Stop,
                Err(error) => return Err(error).context("the terminal"),
            };
            let Reply::Value(value) = &reply else { return Ok(reply) };
            let faults = self.faults(&question.fact, value);
            if faults.is_empty() {
                return Ok(reply);
            }
            // Without a place: what was typed stands right above.
            for fault in faults {
                output::complain(&diagnostics::message(&fault, &self.words));
            }
        }
    }

    fn choose(&self, question: &Question<'_>) -> Result<Reply, InquireError> {
        let form = question.fact.form();
        let values = question.words.iter().map(|word| render::value_text(form, word, &self.words));
        let texts = values.chain(["ask.skip", "ask.back"].map(|key| self.words.label(key))).collect();
        let text = render::text(&question.fact, &self.words);
        let chosen = Select::new(&text, texts)
            .with_help_message(self.words.label("ask.list-keys"))
            .with_page_size(question.words.len() + 2)
            .raw_prompt()?;
        Ok(match question.words.get(chosen.index) {
            Some(word) => Reply::Value((*word).to_owned()),
            None if chosen.index == question.words.len() => Reply::Skip,
            None => Reply::Back,
        })
    }

    fn write(&self, question: &Question<'_>) -> Result<Reply, InquireError> {
        let hint = render::hint(question.fact.form(), &self.words);
        let keys = self.words.label(if question.is_needed { "ask.keys-needed" } else { "ask.keys" });
        output::complain(&render::wrapped(&format!("{hint}; {keys}"), self.width));
        let typed = Text::new(&render::text(&question.fact, &self.words)).prompt()?;
        Ok(match typed.trim() {
            "skip" | "" => Reply::Skip,
            "back" => Reply::Back,
            value => Reply::Value(value.to_owned()),
        })
    }

    fn report_changes(&self, fact: &FactName, value: &str) {
        let Some(after) = self.interview.with(&self.written(), fact, value) else { return };
        let Some(before) = self.profile() else { return };
        let answer = |profile| assess(self.interview.book, profile, self.interview.today);
        let names = altered(&answer(&before), &answer(&after));
        output::complain(&render::wrapped(&render::changes(&names, &self.words), self.width));
    }

    fn written(&self) -> Written<'_> {
        let mut written = self.given.clone();
        for (fact, value) in self.replies.iter().filter_map(|(fact, value)| Some((fact, value.as_ref()?))) {
            // It was tried when it was typed.
            let _ = self.set(&mut written, fact, value);
        }
        written
    }

    fn set<'v>(&self, written: &mut Written<'v>, fact: &FactName, value: &'v str) -> Result<(), Fault> {
        let Interview { book, today, .. } = self.interview;
        fact.set(written, Piece::new(value, 0, 0).node(), &book.vocabulary, today)
    }

    fn read(&self, written: &Written<'_>) -> Result<Profile, Vec<Fault>> {
        let Interview { book, countries, today } = self.interview;
        Reader::new(book, countries, today).tree(&written.root, Vec::new())
    }

    fn profile(&self) -> Option<Profile> {
        self.read(&self.written()).ok()
    }

    fn faults(&self, fact: &FactName, value: &str) -> Vec<Fault> {
        let mut written = self.written();
        match self.set(&mut written, fact, value) {
            Err(fault) => vec![fault],
            Ok(()) => self.read(&written).err().unwrap_or_default(),
        }
    }
}

/// Writes the answer as far as it goes, and the profile.
fn finish(
    ask: &args::Interview,
    context: &Context<'_>,
    profile: Option<Profile>,
    is_finished: bool,
) -> Result<Exit, Stop> {
    let words = context.words();
    let Some(profile) = profile else {
        output::complain(words.label("ask.stopped-empty"));
        return Ok(Exit::Interrupted);
    };
    let assessment = context.assess(&profile, Sections::All.parts());
    let file = profile_file::toml(&assessment, &words);
    if let Some(path) = &ask.output {
        let clobber = if ask.overwrite { Clobber::Allowed } else { Clobber::Refused };
        files::write(path, file.as_bytes(), clobber)?;
        let key = if is_finished { "ask.written" } else { "ask.go-on" };
        output::complain(&words.with(key, &[("path", &path.display().to_string())]));
    }
    if !is_finished {
        output::complain(words.label("ask.stopped"));
        if ask.output.is_none() {
            output::answer(&file)?;
        }
        return Ok(Exit::Interrupted);
    }
    let mut bytes = rendered(context.global, &context.book, &assessment, (ask.format, false), Sections::All, &words);
    if ask.format == Format::Table && ask.output.is_none() {
        bytes.extend(format!("\n{file}").bytes());
    }
    output::answer(&bytes)?;
    Ok(exit_of(assessment.status))
}
