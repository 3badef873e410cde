//! `ask`: the missing facts, one by one, and only those that can change the answer.

use std::io::IsTerminal;

use anyhow::Context as _;
use inquire::ui::{Color, RenderConfig, StyleSheet, Styled};
use inquire::{InquireError, Select, Text};
use trp_check::assess::question::{Interview, Question};
use trp_check::calendar::Day;
use trp_check::embedded::COUNTRIES;
use trp_check::facts::Fact;
use trp_check::profile::Profile;
use trp_check::profile::edit::FactName;
use trp_check::profile::fields::{Field, Form};
use trp_check::profile::forms::{NONE, Piece};
use trp_check::profile::read::Reader;
use trp_check::profile::written::Written;
use trp_check::render::words::ToText;
use trp_check::render::{Format, Sections, Words, diagnostics, profile as profile_file, question as render};
use trp_check::source::Fault;
use trp_check::tree::{self, Syntax};

use super::Context;
use super::check::{exit_of, refused, rendered};
use super::context::{FILE, Gathered};
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
        given.written.root.set(key, Piece::new(any.map_or("", |code| code), FILE, 0).node());
    }
    context.checked(&given)?;
    if had_none {
        given.written.remove(key);
    }
    Ok((given, skipped))
}

fn skips(names: &[String], given: &mut Gathered<'_>) -> Vec<FactName> {
    let mut skipped = Vec::new();
    for name in names {
        match FactName::read(flags::written(&mut given.texts, "--skip ".to_owned(), name)) {
            Ok(fact) => skipped.push(fact),
            Err(fault) => given.faults.push(fault),
        }
    }
    skipped
}

/// Why a question has no answer.
enum Unanswered {
    Skip,
    Back,
    /// One of its steps has none: it is asked anew.
    Again,
    Failed(InquireError),
}

impl From<InquireError> for Unanswered {
    fn from(error: InquireError) -> Self {
        if matches!(error, InquireError::OperationCanceled) { Self::Back } else { Self::Failed(error) }
    }
}

impl Unanswered {
    /// The same of a step that is not the first.
    fn in_a_step(self) -> Self {
        if matches!(self, Self::Failed(_)) { self } else { Self::Again }
    }
}

type Answer = Result<String, Unanswered>;

struct Dialog<'d> {
    interview: Interview<'d>,
    /// The facts that were known before.
    given: Written<'d>,
    words: Words<'d>,
    width: usize,
    /// `None`: the question was skipped.
    replies: Vec<(FactName, Option<String>)>,
}

impl<'d> Dialog<'d> {
    /// Asks until nothing can matter any more; `false` where that was stopped.
    fn hold(&mut self, skipped: &[FactName]) -> anyhow::Result<bool> {
        loop {
            let open = self.replies.iter().filter(|(_, value)| value.is_none()).map(|(fact, _)| fact);
            let skipped: Vec<FactName> = skipped.iter().chain(open).cloned().collect();
            let Some(question) = self.next(&skipped) else {
                self.print(&format!("\n{}", self.words.label("ask.done")));
                return Ok(true);
            };
            let number = self.words.count("ask.number", self.replies.len() + 1, &[]);
            self.print(&format!("\n{number} {}", render::why(&question, &self.words)));
            match self.ask(&question) {
                Ok(value) => {
                    let faults = self.faults(&question.fact, &value);
                    // Without a place: what was typed stands right above.
                    faults.iter().for_each(|fault| self.print(&diagnostics::message(fault, &self.words)));
                    if faults.is_empty() {
                        self.replies.push((question.fact, Some(value)));
                    }
                }
                Err(Unanswered::Again) => {}
                Err(Unanswered::Back) if self.replies.is_empty() => self.print(self.words.label("ask.first")),
                Err(Unanswered::Back) => {
                    self.replies.pop();
                }
                Err(Unanswered::Skip) if question.is_needed => self.print(self.words.label("ask.needed")),
                Err(Unanswered::Skip) => self.replies.push((question.fact, None)),
                Err(Unanswered::Failed(InquireError::OperationInterrupted)) => return Ok(false),
                Err(Unanswered::Failed(error)) => return Err(error).context("the terminal"),
            }
        }
    }

    /// The next question; that for the family, of which no rule speaks, comes behind those for the stays.
    fn next(&self, skipped: &[FactName]) -> Option<Question<'d>> {
        let written = self.written();
        let question = self.interview.next(&written, skipped)?;
        let fact = FactName::from(Field::Family);
        let words = self.interview.book.vocabulary.values(Fact::Relation);
        let is_early = matches!(question.fact.form(), Form::Country | Form::Permits | Form::Stays);
        let is_settled = skipped.contains(&fact) || written.get(None, Field::Family).is_some();
        if is_early || is_settled || words.is_empty() {
            return Some(question);
        }
        Some(Question { fact, words, affects: Vec::new(), is_needed: false })
    }

    fn print(&self, text: &str) {
        output::complain(&render::wrapped(text, self.width));
    }

    fn ask(&self, question: &Question<'_>) -> Answer {
        let name = question.fact.member.and_then(|at| self.profile()?.family.get(at)?.person.name.clone());
        let text = render::text_for(&question.fact, name.as_deref(), &self.words);
        match question.fact.form() {
            Form::Stays => self.stays(&text),
            Form::Permits => self.permits(&text),
            Form::Family => self.family(&text, &question.words),
            Form::Day | Form::Moment => self.day(&text, "day"),
            Form::DayOrNo => self.day(&text, "day-or-no"),
            form if question.words.is_empty() => self.write(&text, render::kind(form)),
            form => {
                let values = question.words.iter().map(|word| (*word, render::value_text(form, word, &self.words)));
                self.choose(&text, values)
            }
        }
    }

    /// One of several values. Nothing is chosen beforehand but not to know, which writes no fact.
    fn choose<'v>(&self, text: &str, values: impl IntoIterator<Item = (&'v str, &'v str)>) -> Answer {
        let values: Vec<(&str, &str)> = values.into_iter().collect();
        let others = ["ask.skip", "ask.back"].map(|key| self.words.label(key));
        let texts = values.iter().map(|(_, text)| *text).chain(others).collect();
        let chosen = self.pick(text, texts, values.len())?;
        let no_value = if chosen == values.len() { Unanswered::Skip } else { Unanswered::Back };
        values.get(chosen).map(|(value, _)| (*value).to_owned()).ok_or(no_value)
    }

    /// The place of the chosen line; where Enter alone is pressed, this one.
    fn pick(&self, text: &str, lines: Vec<&str>, usual: usize) -> Result<usize, InquireError> {
        let count = lines.len();
        let list = Select::new(text, lines).with_page_size(count).with_starting_cursor(usual);
        Ok(list.with_help_message(self.label("ask.list-keys")).raw_prompt()?.index)
    }

    /// Whether the answer is yes. Not to know is no answer.
    fn is_so(&self, text: &str) -> Result<bool, Unanswered> {
        self.choose(text, ["yes", "no"].map(|word| (word, self.words.of("ask_word", word)))).map(|word| word == "yes")
    }

    /// A value that is typed, or one of the words of the language for none.
    fn write(&self, text: &str, kind: &str) -> Answer {
        let today = self.interview.today;
        let (year, month, number) = today.ymd();
        let dotted = format!("{number:02}.{month:02}.{year}");
        let values: [(&str, &dyn ToText); 2] = [("day", &today.to_string()), ("dotted", &dotted)];
        let example = self.words.with(&format!("ask_example.{kind}"), &values);
        self.print(&format!("{example}; {}", self.words.label("ask.keys")));
        let typed = Text::new(text).prompt()?;
        let typed = typed.trim();
        let is = |key| typed == key || typed.to_lowercase() == self.words.of("ask_typed", key);
        match typed {
            _ if typed.is_empty() || is("skip") => Err(Unanswered::Skip),
            _ if is("back") => Err(Unanswered::Back),
            _ if is("no") => Ok("no".to_owned()),
            value => Ok(value.to_owned()),
        }
    }

    /// A day in any form that can be taken for one only, shown in words before it is taken.
    fn day(&self, text: &str, kind: &str) -> Answer {
        loop {
            let typed = self.write(text, kind)?;
            let Some(day) = render::day(&typed, &self.words) else { return Ok(typed) };
            let is_right = self.words.with("ask.is-right", &[("day", &self.words.long_day(day))]);
            let answers = ["yes", "no"].map(|word| self.words.of("ask_word", word)).to_vec();
            if day.to_string() == typed || self.pick(&is_right, answers, 0)? == 0 {
                return Ok(day.to_string());
            }
        }
    }

    fn label(&self, key: &'static str) -> &str {
        self.words.label(key)
    }

    /// Stays one by one, the last one first.
    fn stays(&self, text: &str) -> Answer {
        let again = Unanswered::in_a_step;
        let mut first = self.day(text, "arrival")?;
        if [NONE, "no"].contains(&&*first) {
            return Ok(NONE.to_owned());
        }
        let is_ahead = Day::parse(&first).is_ok_and(|day| day > self.interview.today);
        let mut is_open = is_ahead || self.is_so(self.label("ask.still-here")).map_err(again)?;
        let mut stays = Vec::new();
        loop {
            let last = if is_open { String::new() } else { self.day(self.label("ask.left"), "day").map_err(again)? };
            stays.push(format!("{first}..{last}"));
            if !self.is_so(self.label("ask.more-stays")).map_err(again)? {
                return Ok(stays.join(";"));
            }
            first = self.day(self.label("ask.arrived-before"), "day").map_err(again)?;
            is_open = false;
        }
    }

    fn permits(&self, text: &str) -> Answer {
        let again = Unanswered::in_a_step;
        let none = (NONE, self.label("ask.no-permit"));
        let permits = self.interview.book.vocabulary.permits.iter();
        let kinds = permits.map(|kind| (&*kind.id, self.words.of("basis", &kind.id)));
        let kind = self.choose(text, std::iter::once(none).chain(kinds))?;
        if kind == NONE {
            return Ok(kind);
        }
        let first = self.day(self.label("ask.permit-from"), "day").map_err(again)?;
        let last = self.day(self.label("ask.permit-until"), "last-day").map_err(again)?;
        Ok(format!("{kind}:{first}..{}", if last == "no" { "" } else { &last }))
    }

    /// The members as a list in JSON: a family has no form in one line.
    fn family(&self, text: &str, relations: &[&str]) -> Answer {
        let again = Unanswered::in_a_step;
        let mut members = Vec::new();
        let mut is_more = self.is_so(text)?;
        while is_more {
            let name = self.write(self.label("ask.member-name"), "text").map_err(again)?;
            let relations = relations.iter().map(|word| (*word, self.words.of(Fact::Relation.table(), word)));
            let relation = self.choose(self.label("ask.member-relation"), relations).map_err(again)?;
            let country = self.write(self.label("ask.member-citizenship"), "country").map_err(again)?;
            members.push(serde_json::json!({ "name": name, "relation": relation, "citizenship": country }));
            is_more = self.is_so(self.label("ask.more-members")).map_err(again)?;
        }
        Ok(serde_json::Value::from(members).to_string())
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
        let node = match fact.form() {
            Form::Family => tree::parse(value, FILE, Syntax::Json).map_err(|mut faults| faults.remove(0))?,
            _ => Piece::new(value, FILE, 0).node(),
        };
        fact.set(written, node, &book.vocabulary, today)
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

/// Writes the answer as far as it goes, the profile, and at last where that is.
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
    }
    let report_file = |key| {
        let path = ask.output.iter().map(|path| words.with(key, &[("path", &path.display().to_string())]));
        path.for_each(|text| output::complain(&format!("\n{text}")));
    };
    if !is_finished {
        report_file("ask.go-on");
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
    report_file("ask.written");
    Ok(exit_of(assessment.status))
}
