//! The commands: one file each, and what they share: reading rules and profile, and telling what is
//! wrong with either.

mod agenda;
mod ask;
mod batch;
mod calendar;
mod check;
mod completions;
mod explain;
mod manual;
mod people;
mod plan;
mod profile;
mod receipt;
mod rules;
mod what_if;

use std::borrow::Cow;
use std::fmt::Write as _;

use trp_check::calendar::Day;
use trp_check::profile::answer::FactName;
use trp_check::profile::packed::Piece;
use trp_check::profile::{Profile, check as check_profile, written::WrittenProfile};
use trp_check::render::diagnostics::{self, Audience};
use trp_check::render::{Sections, Words};
use trp_check::rulebook::RuleBook;
use trp_check::source::{COMMAND_LINE, Code, Fault, SourceText, Span};
use trp_check::{embedded, tree};

use crate::args::{Arguments, CalendarCommand, Command, ErrorFormat, Global, ProfileCommand, RulesCommand};
use crate::flags::{self, Facts};
use crate::{Exit, args, files, output};

/// Runs what the command line asks for.
pub fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let global = &arguments.global;
    match &arguments.command {
        None => {
            output::answer(&args::short_help())?;
            Ok(Exit::Answered)
        }
        Some(Command::Check(ask)) => check::run(global, ask, Sections::All),
        Some(Command::Stay(ask)) => check::stay(global, ask),
        Some(Command::Docs(ask)) => check::run(global, ask, Sections::Documents),
        Some(Command::Plan(ask)) => plan::run(global, ask),
        Some(Command::Interview(ask)) => ask::run(global, ask),
        Some(Command::Batch(ask)) => batch::run(global, ask),
        Some(Command::Agenda(ask)) => agenda::run(global, ask),
        Some(Command::Replay(ask)) => receipt::replay(global, ask),
        Some(Command::Explain(ask)) => explain::run(global, ask),
        Some(Command::Profile(ProfileCommand::Template)) => profile::template(global),
        Some(Command::Profile(ProfileCommand::Schema)) => rules::schema::of_a_profile(),
        Some(Command::Profile(ProfileCommand::Check(ask))) => profile::check(global, &ask.person),
        Some(Command::Calendar(CalendarCommand::Add(ask))) => calendar::add(global, ask),
        Some(Command::Calendar(CalendarCommand::List(ask))) => calendar::list(global, ask),
        Some(Command::Completions(ask)) => completions::run(global, ask),
        Some(Command::Man(ask)) => manual::run(global, ask),
        Some(Command::Rules(RulesCommand::Check(ask))) => rules::check::run(global, ask),
        Some(Command::Rules(RulesCommand::Test(ask))) => rules::test::run(global, ask),
        Some(Command::Rules(RulesCommand::Coverage(ask))) => rules::coverage::run(global, ask),
        Some(Command::Rules(RulesCommand::Matrix(ask))) => rules::matrix::run(global, ask),
        Some(Command::Rules(RulesCommand::Diff(ask))) => rules::diff::run(global, ask),
        Some(Command::Rules(RulesCommand::List(ask))) => rules::show::list(global, ask),
        Some(Command::Rules(RulesCommand::Show(ask))) => rules::show::one(global, ask),
        Some(Command::Rules(RulesCommand::Schema(ask))) => rules::schema::run(ask),
    }
}

/// A rule book and the day: what is answered by.
struct Desk {
    book: Cow<'static, RuleBook>,
    today: Day,
}

impl Desk {
    /// Opens the rules that are to be asked; `Err` says that they are invalid, which was told.
    fn open(global: &Global) -> Result<Self, Exit> {
        let folder = global.rules.as_deref();
        let book = match files::rule_book(folder) {
            Ok(Ok(book)) => book,
            Ok(Err(pack)) => {
                tell_pack(global, &pack);
                return Err(Exit::BadRules);
            }
            Err(error) => {
                output::fail(global.error_format, "rules-not-readable", folder, &format!("{error:#}"));
                return Err(Exit::BadRules);
            }
        };
        let today = present_day(global, book.utc_offset_hours)?;
        Ok(Self { book, today })
    }

    /// The words of program and pack.
    fn words(&self) -> Words<'_> {
        args::words_of(&self.book)
    }

    /// Reads the profile of a file, of flags, or of both; `Err` says that it is not good, which was told.
    fn profile(&self, global: &Global, facts: &Facts, id: Option<&String>) -> Result<Profile, Exit> {
        self.facts(global, facts, id).map(|(_, profile)| profile)
    }

    /// The same, with the facts as they were given.
    fn facts<'f>(
        &self,
        global: &Global,
        facts: &'f Facts,
        id: Option<&'f String>,
    ) -> Result<(WrittenProfile<'f>, Profile), Exit> {
        let gathered = self.gather(global, facts, id)?;
        if gathered.is_empty {
            output::fail(global.error_format, "usage", None, self.words().label("usage.no-profile"));
            return Err(Exit::Usage);
        }
        self.checked(global, &gathered).map(|profile| (gathered.written, profile))
    }

    /// The facts of a file, of flags, or of both, not checked yet; `Err` says that they cannot be read, which was
    /// told.
    fn gather<'f>(&self, global: &Global, facts: &'f Facts, id: Option<&'f String>) -> Result<Gathered<'f>, Exit> {
        let given = flags::read(facts, id, FLAGS);
        let is_empty = facts.profile.is_none() && given.is_empty();
        let mut faults = given.faults.clone();
        let mut written = WrittenProfile::default();
        let mut file = SourceText { path: COMMAND_LINE.to_owned(), text: String::new() };
        if let Some(path) = &facts.profile {
            match files::read_text(path) {
                Err(error) => {
                    let name = path.to_str().unwrap_or_default();
                    let text = if !path.exists() && embedded::COUNTRIES.find(name).is_some() {
                        self.words().with("usage.country-as-file", &[("country", name)])
                    } else {
                        format!("{error:#}")
                    };
                    output::fail(global.error_format, "profile-not-readable", Some(path), &text);
                    return Err(Exit::BadInput);
                }
                Ok(Err((text, fault))) => {
                    tell(global, &[fault], &[text], &self.words());
                    return Err(Exit::BadInput);
                }
                Ok(Ok(text)) => {
                    file = text;
                    if let Some(node) = tree::parse_with(&file.text, FILE, files::syntax_of(&file), &mut faults) {
                        written = tree::read(node, &mut faults);
                    } else {
                        tell(global, &faults, &[file, given.text], &self.words());
                        return Err(Exit::BadInput);
                    }
                }
            }
        }
        written.overlay(given.profile);
        if !written.overlay_current(given.current, self.today) {
            faults.push(Fault::new(Code::NoCurrentStay, given.current_place));
        }
        Ok(Gathered { written, faults, texts: vec![file, given.text], is_empty, has_file: facts.profile.is_some() })
    }

    /// The same facts, checked; `Err` says that they are not good, which was told.
    fn checked(&self, global: &Global, gathered: &Gathered<'_>) -> Result<Profile, Exit> {
        let Gathered { written, faults, texts, has_file, .. } = gathered;
        let checked = check_profile::check(written, faults.clone(), &self.book, &embedded::COUNTRIES, self.today);
        checked.map_err(|mut faults| {
            if !has_file {
                // What is missing is missing on the command line.
                let text = texts[usize::from(FLAGS)].text.len();
                let at_end = |fault: &mut Fault| fault.span = Span::new(FLAGS, text..text);
                faults.iter_mut().filter(|fault| fault.span.text == FILE).for_each(at_end);
            }
            let of_flags = faults.iter().any(|fault| fault.span.text != FILE);
            tell(global, &faults, texts, &self.words());
            if of_flags { Exit::Usage } else { Exit::BadInput }
        })
    }
}

/// The numbers of the texts that the facts about a person are read from.
const FILE: u16 = 0;
const FLAGS: u16 = 1;

/// The facts about a person as they were given.
struct Gathered<'f> {
    written: WrittenProfile<'f>,
    faults: Vec<Fault>,
    texts: Vec<SourceText>,
    is_empty: bool,
    has_file: bool,
}

impl<'f> Gathered<'f> {
    /// Lays single facts over the others, one after the other.
    fn lay(&mut self, flag: &str, stated: impl IntoIterator<Item = (&'f str, &'f str)>, desk: &Desk) {
        let number = u16::try_from(self.texts.len()).unwrap_or(u16::MAX);
        let mut text = String::new();
        for (fact, value) in stated {
            let before = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{before}--{flag} ");
            let name = Piece::new(fact, number, text.len());
            let _ = write!(text, "{fact}=");
            let value = Piece::new(value, number, text.len());
            text.push_str(value.text);
            let laid = FactName::read(name)
                .and_then(|name| name.lay(&mut self.written, value, &desk.book.vocabulary, desk.today));
            self.faults.extend(laid.err());
        }
        self.texts.push(SourceText { path: COMMAND_LINE.to_owned(), text });
    }
}

/// Today: that of the flag, else of `TRP_CHECK_TODAY` unless that is empty, else the present day in a
/// clock so many hours ahead of UTC, whatever the zone of the machine.
fn present_day(global: &Global, utc_offset_hours: i32) -> Result<Day, Exit> {
    if let Some(today) = global.today {
        return Ok(today);
    }
    match std::env::var("TRP_CHECK_TODAY") {
        Ok(text) if !text.is_empty() => args::day(&text).map_err(|why| {
            let values = [("name", "TRP_CHECK_TODAY"), ("found", &*text), ("why", &*why)];
            let text = args::words().with("usage_error.environment", &values);
            output::fail(global.error_format, "usage", None, &text);
            Exit::Usage
        }),
        _ => Ok((chrono::Utc::now() + chrono::TimeDelta::hours(utc_offset_hours.into())).date_naive().into()),
    }
}

/// So many faults are told one by one; a file with more is another file than was meant.
const MOST_SHOWN: usize = 50;

/// Tells everything that is wrong with a profile.
fn tell(global: &Global, faults: &[Fault], texts: &[SourceText], words: &Words<'_>) {
    let look = output::error_look(global);
    if global.error_format == ErrorFormat::Json {
        let mut text = diagnostics::json(&faults[..faults.len().min(MOST_SHOWN)], texts, Audience::Person, words);
        if faults.len() > MOST_SHOWN {
            let more = faults.len() - MOST_SHOWN;
            text.push_str(
                &serde_json::json!({ "code": "more-faults", "severity": "error", "count": more }).to_string(),
            );
        }
        output::complain(&text);
        return;
    }
    let mut text = String::new();
    for fault in faults.iter().take(MOST_SHOWN) {
        text.push_str(&diagnostics::human(fault, texts, Audience::Person, look.width, look.color, words));
    }
    if faults.len() > MOST_SHOWN {
        let more = i32::try_from(faults.len() - MOST_SHOWN).unwrap_or(i32::MAX);
        text.push_str(&words.count("usage.more-faults", more, &[]));
        text.push('\n');
    }
    let first = faults.first().map(|fault| &texts[usize::from(fault.span.text)]);
    let path = first.map(|file| diagnostics::path_of(file, words)).unwrap_or_default();
    let count = i32::try_from(faults.len()).unwrap_or(i32::MAX);
    text.push_str(&words.count("usage.faults", count, &[("path", &path)]));
    output::complain(&text);
}

/// Tells that nothing is called by an id, and what is called almost so.
fn tell_no_such_rule<'k>(id: &str, known: impl Iterator<Item = &'k str>, words: &Words<'_>) {
    let text = args::with_nearest(words.with("usage.no-such-rule", &[("id", id)]), id, known);
    output::complain(&words.with("word.error", &[("text", &text)]));
}

/// Tells everything that is wrong with a rule pack; paths are told with its folder.
fn tell_pack(global: &Global, pack: &files::Pack) {
    let words = args::words();
    let texts = pack.texts();
    let look = output::error_look(global);
    if texts.is_empty() {
        output::complain(&words.with("usage.empty-pack", &[("path", &pack.folder)]));
    } else if global.error_format == ErrorFormat::Json {
        output::complain(&diagnostics::json(&pack.checked.faults, &texts, Audience::RuleAuthor, &words));
    } else {
        for fault in &pack.checked.faults {
            let audience = Audience::RuleAuthor;
            output::complain(&diagnostics::human(fault, &texts, audience, look.width, look.color, &words));
        }
    }
}
