//! What most commands begin with: the rule book, the day, and the facts about a person.

use std::borrow::Cow;
use std::path::Path;
use std::time::SystemTime;

use trp_check::assess::{assess_parts, strictly};
use trp_check::assessment::{Assessment, Part};
use trp_check::calendar::Day;
use trp_check::profile::Profile;
use trp_check::profile::edit::FactName;
use trp_check::profile::fields::Field;
use trp_check::profile::forms::Piece;
use trp_check::profile::read::Reader;
use trp_check::profile::written::Written;
use trp_check::render::{Words, question};
use trp_check::rulebook::RuleBook;
use trp_check::source::{COMMAND_LINE, Code, Fault, SourceText};
use trp_check::tree::Node;
use trp_check::{embedded, tree};

use crate::args::Global;
use crate::flags::Facts;
use crate::{Exit, Stop, args, files, flags};

/// The rule book and the day that a command answers by.
pub struct Context<'g> {
    pub global: &'g Global,
    pub book: Cow<'static, RuleBook>,
    pub today: Day,
}

impl<'g> Context<'g> {
    pub fn open(global: &'g Global) -> Result<Self, Stop> {
        let book = files::rule_book(global)?;
        let today = present_day(global, book.utc_offset_hours)?;
        Ok(Self { global, book, today })
    }

    pub fn words(&self) -> Words<'_> {
        args::words_of(&self.book)
    }

    /// Some parts of the answer for a profile, with `--strict` as that asks for.
    pub fn assess<'a>(&'a self, profile: &'a Profile, parts: &[Part]) -> Assessment<'a> {
        let assessment = assess_parts(&self.book, profile, self.today, parts);
        if self.global.strict { strictly(&self.book, assessment, parts) } else { assessment }
    }

    pub fn usage(&self, key: &str) -> Stop {
        Stop::usage(self.global, self.words().label(key))
    }

    pub fn profile<const HAS_ID: bool>(&self, facts: &Facts<HAS_ID>) -> Result<Profile, Stop> {
        self.facts(facts).map(|(_, profile)| profile)
    }

    pub fn facts<'f, const HAS_ID: bool>(&self, facts: &'f Facts<HAS_ID>) -> Result<(Written<'f>, Profile), Stop> {
        if facts.is_empty() {
            return Err(self.usage("usage.no-profile"));
        }
        let gathered = self.gather(facts)?;
        let profile = self.checked(&gathered)?;
        Ok((gathered.written, profile))
    }

    /// The facts of a file, of flags, or of both, not checked yet.
    pub fn gather<'f, const HAS_ID: bool>(&self, facts: &'f Facts<HAS_ID>) -> Result<Gathered<'f>, Stop> {
        let mut faults = Vec::new();
        let mut written = Written::default();
        let mut texts = vec![SourceText { path: COMMAND_LINE.to_owned(), text: String::new() }];
        if let Some(path) = &facts.profile {
            let (text, fault) = files::read_text(path).map_err(|error| self.unreadable_profile(path, &error))?;
            texts[0] = text;
            if let Some(fault) = fault {
                return Err(self.faulty(&[fault], &texts));
            }
            let parsed = tree::parse_with(&texts[0].text, FILE, files::syntax_of(&texts[0]), &mut faults);
            let Some(node) = parsed.map(Node::into_owned) else {
                return Err(self.no_profile(path).unwrap_or_else(|| self.faulty(&faults, &texts)));
            };
            written = Written { root: node };
        }
        for (fact, value) in facts.set(&mut texts) {
            faults.extend(fact.set(&mut written, value, &self.book.vocabulary, self.today).err());
        }
        Ok(Gathered { written, faults, texts, has_file: facts.profile.is_some() })
    }

    /// Where a country stands in place of the file, the message names the flag for it.
    fn unreadable_profile(&self, path: &Path, error: &anyhow::Error) -> Stop {
        let name = path.to_str().unwrap_or_default();
        let text = if !path.exists() && embedded::COUNTRIES.find(name).is_some() {
            self.words().with("usage.country-as-file", &[("country", &name)])
        } else {
            format!("{error:#}")
        };
        Stop::error(self.global, Exit::BadInput, "profile-not-readable", Some(path), &text)
    }

    /// What to do about a file in a form that is known, and is that of no profile.
    fn no_profile(&self, path: &Path) -> Option<Stop> {
        /// Endings, and what is said of them.
        const FORMS: [(&str, &str); 4] = [("yaml", "yaml"), ("yml", "yaml"), ("csv", "csv"), ("xlsx", "xlsx")];
        let ending = path.extension()?.to_str()?.to_lowercase();
        let key = FORMS.iter().find(|(known, _)| *known == ending).map(|(_, form)| format!("usage_file.{form}"))?;
        let text = self.words().with(&key, &[("path", &path.display().to_string())]);
        Some(Stop::error(self.global, Exit::BadInput, "profile-not-readable", Some(path), &text))
    }

    fn faulty(&self, faults: &[Fault], texts: &[SourceText]) -> Stop {
        Stop::faults(self.global, Exit::BadInput, faults, texts, &self.words())
    }

    pub fn checked(&self, gathered: &Gathered<'_>) -> Result<Profile, Stop> {
        let Gathered { written, faults, texts, has_file, .. } = gathered;
        let read = Reader::new(&self.book, &embedded::COUNTRIES, self.today).tree(&written.root, faults.clone());
        read.map_err(|mut faults| {
            if !has_file {
                // Nothing else must be given: what is missing is a flag.
                let flag = format!("--{}", Field::Citizenship.row().flag);
                let missing =
                    faults.iter_mut().filter(|fault| fault.code == Code::MissingKey && fault.span.text == FILE);
                missing.for_each(|fault| fault.params = vec![("key", flag.clone()), ("example", flag.clone())]);
            }
            faults.iter_mut().for_each(suggest_day);
            let of_flags = !has_file || faults.iter().any(|fault| fault.span.text != FILE);
            let exit = if of_flags { Exit::Usage } else { Exit::BadInput };
            Stop::faults(self.global, exit, &faults, texts, &self.words())
        })
    }
}

/// Suggests the day, or the run of days from it on, that is written with the name of its month.
fn suggest_day(fault: &mut Fault) {
    let value = |name: &str| fault.params.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let more = match fault.code {
        Code::BadDay => "",
        Code::BadRange => "..",
        _ => return,
    };
    let Some(found) = value("found").filter(|_| value("suggestion").is_none()) else { return };
    let mut languages = embedded::TEXTS.iter().map(|texts| Words::new(texts, None, &embedded::COUNTRIES));
    if let Some(day) = languages.find_map(|words| question::day(found, &words)) {
        fault.params.push(("suggestion", format!("{day}{more}")));
    }
}

/// The number of the file among the texts that the facts about a person are read from; the flags stand behind it.
pub const FILE: u16 = 0;

pub struct Gathered<'f> {
    pub written: Written<'f>,
    pub faults: Vec<Fault>,
    pub texts: Vec<SourceText>,
    has_file: bool,
}

impl<'f> Gathered<'f> {
    /// Sets single facts in place of the others, one after the other.
    pub fn lay(&mut self, flag: &str, stated: impl IntoIterator<Item = (&'f str, &'f str)>, context: &Context<'_>) {
        for (fact, value) in stated {
            let value = flags::written(&mut self.texts, format!("--{flag} {fact}="), value);
            let name = Piece::new(fact, value.span.text, "--".len() + flag.len() + 1);
            let laid = FactName::read(name)
                .and_then(|name| name.set(&mut self.written, value.node(), &context.book.vocabulary, context.today));
            self.faults.extend(laid.err());
        }
    }
}

/// Today: that of the flag, else of `TRP_CHECK_TODAY` unless that is empty, else of the clock in the zone of the pack,
/// whatever the zone of the machine.
pub fn present_day(global: &Global, utc_offset_hours: i32) -> Result<Day, Stop> {
    if let Some(today) = global.today {
        return Ok(today);
    }
    if let Ok(text) = std::env::var("TRP_CHECK_TODAY")
        && !text.is_empty()
    {
        return args::day(&text).map_err(|why| {
            Stop::usage(
                global,
                &args::words()
                    .with("usage_error.environment", &[("name", &"TRP_CHECK_TODAY"), ("found", &text), ("why", &why)]),
            )
        });
    }
    // Before 1970 there is no number of seconds.
    let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok();
    clock.and_then(|clock| Day::of_unix_time(clock.as_secs(), utc_offset_hours)).ok_or_else(|| {
        let (first, last) = (Day::FIRST.to_string(), Day::LAST.to_string());
        let text = args::words().with("usage_error.clock", &[("first", &first), ("last", &last)]);
        Stop::error(global, Exit::Failure, "clock", None, &text)
    })
}
