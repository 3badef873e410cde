//! `--receipt FILE` and `replay FILE`: an answer that can be proved later.

use std::path::Path;

use trp_check::assess::{assess_parts, strictly, used_rules};
use trp_check::assessment::Assessment;
use trp_check::calendar::Day;
use trp_check::embedded::COUNTRIES;
use trp_check::profile::Profile;
use trp_check::profile::read::Reader;
use trp_check::profile::written::Written;
use trp_check::render::difference::{Altered, WORDING, altered, text as change_text, word};
use trp_check::render::document::{Block, Document, Kind};
use trp_check::render::receipt::{PackRecord, Receipt, RuleRecord, SCHEMA, changed_rules, day};
use trp_check::render::{Format, Sections, Words, json};
use trp_check::review::difference::{Change, calendar_keys, keys};
use trp_check::rulebook::RuleBook;
use trp_check::rulebook::outline::outline;
use trp_check::source::{Fault, SourceText};
use trp_check::tree::{self, Syntax};

use super::Context;
use crate::args::{Global, Replay};
use crate::files::{self, Clobber};
use crate::{Exit, Stop, output};

pub fn write(
    path: &Path,
    context: &Context<'_>,
    profile: &Written<'_>,
    answer: &Assessment<'_>,
    sections: Sections,
) -> anyhow::Result<()> {
    let book = &*context.book;
    let words = context.words();
    let receipt = Receipt {
        schema: SCHEMA.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        pack: pack_of(book),
        today: context.today.to_string(),
        strict: context.global.strict,
        command: sections.name().to_owned(),
        profile: profile.plain(),
        rules: rules_of(book, answer, sections),
        calendar: calendar_of(book, context.today),
        answer: serde_json::to_value(json::view(answer, sections, &words))?,
    };
    files::write(path, &json::text::pretty(&receipt), Clobber::Allowed)
}

fn pack_of(book: &RuleBook) -> PackRecord {
    PackRecord { id: book.id.to_string(), version: book.version.to_string(), sha256: book.sha256.to_string() }
}

fn rules_of(book: &RuleBook, answer: &Assessment<'_>, sections: Sections) -> Vec<RuleRecord> {
    let used = used_rules(answer, sections.parts());
    let rules = outline(book, &COUNTRIES);
    let record = |rule: &trp_check::assessment::RuleRef<'_>| {
        let found = rules.iter().find(|known| known.id == rule.id)?;
        let version = found.versions.iter().find(|version| version.head.from == rule.head.from)?;
        Some(RuleRecord { id: rule.id.to_owned(), says: keys(version) })
    };
    used.iter().filter_map(record).collect()
}

fn calendar_of(book: &RuleBook, today: Day) -> Vec<(String, String)> {
    let years = [-1, 0, 1].map(|by| (today.year() + by).to_string());
    let is_near = |(key, _): &(String, String)| key == "weekend" || years.iter().any(|year| key.starts_with(&**year));
    calendar_keys(book).into_iter().filter(is_near).collect()
}

pub fn replay(global: &Global, ask: &Replay) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let words = context.words();
    let unreadable = |code: &str, text: &str| Stop::error(global, Exit::BadInput, code, Some(&ask.receipt), text);
    let (file, fault) =
        files::read_text(&ask.receipt).map_err(|error| unreadable("receipt-not-readable", &format!("{error:#}")))?;
    if let Some(fault) = fault {
        return Err(Stop::faults(global, Exit::BadInput, &[fault], &[file], &words));
    }
    let bad = |why: &str| unreadable("bad-receipt", &words.with("replay.bad", &[("path", &file.path), ("why", &why)]));
    let receipt: Receipt = serde_json::from_str(&file.text).map_err(|error| bad(&error.to_string()))?;
    let sections = Sections::from_name(&receipt.command);
    let (Some(today), Some(sections)) = (day(&receipt), sections) else {
        return Err(bad(words.label("replay.no-question")));
    };
    if receipt.schema != SCHEMA {
        return Err(bad(&words.with("replay.other-schema", &[("schema", &SCHEMA)])));
    }
    let profile = profile_of(&receipt, today, &context).map_err(|(text, faults)| {
        let path = words.with("replay.profile-of", &[("path", &file.path)]);
        Stop::faults(global, Exit::BadInput, &faults, &[SourceText { path, text }], &words)
    })?;
    let mut answer = assess_parts(&context.book, &profile, today, sections.parts());
    if receipt.strict {
        answer = strictly(&context.book, answer, sections.parts());
    }
    let replayed = Replayed::new(&receipt, &answer, sections, &context)?;
    output::answer(&match ask.format {
        Format::Json => replayed.json(&words),
        format => output::drawn(&replayed.document(&words), format, &words, output::look(global)),
    })?;
    Ok(if replayed.altered.is_empty() { Exit::Answered } else { Exit::BadRules })
}

/// The person of a receipt, or its profile as text with everything that is wrong with it.
fn profile_of(receipt: &Receipt, today: Day, context: &Context<'_>) -> Result<Profile, (String, Vec<Fault>)> {
    let text = receipt.profile.to_string();
    let mut faults = Vec::new();
    let root = tree::parse_with(&text, 0, Syntax::Json, &mut faults).unwrap_or(Written::default().root);
    let read = Reader::new(&context.book, &COUNTRIES, today).tree(&root, faults);
    drop(root);
    read.map_err(|faults| (text, faults))
}

struct Replayed<'r> {
    receipt: &'r Receipt,
    pack: PackRecord,
    altered: Vec<Altered>,
    changes: Vec<Change>,
    /// The days of the calendar that differ, with `−` or `+` before them.
    days: Vec<String>,
}

impl<'r> Replayed<'r> {
    fn new(
        receipt: &'r Receipt,
        answer: &Assessment<'_>,
        sections: Sections,
        context: &Context<'_>,
    ) -> serde_json::Result<Self> {
        let book = &context.book;
        let now = serde_json::to_value(json::view(answer, sections, &context.words()))?;
        let outlines = outline(book, &COUNTRIES);
        let still = |record: &RuleRecord| {
            let rule = outlines.iter().find(|rule| rule.id == record.id)?;
            let version = rule.versions.iter().find(|version| version.head.from.to_string() == record.from())?;
            Some(RuleRecord { id: record.id.clone(), says: keys(version) })
        };
        let (then, days) = (&receipt.calendar, calendar_of(book, answer.today));
        let gone = then.iter().filter(|day| !days.contains(day)).map(|(day, what)| format!("− {day} {what}"));
        let come = days.iter().filter(|day| !then.contains(day)).map(|(day, what)| format!("+ {day} {what}"));
        Ok(Self {
            receipt,
            pack: pack_of(book),
            altered: altered(&receipt.answer, &now, &WORDING),
            changes: changed_rules(&receipt.rules, &rules_of(book, answer, sections), still),
            days: gone.chain(come).collect(),
        })
    }

    fn is_same_pack(&self) -> bool {
        self.receipt.pack == self.pack
    }

    fn json(&self, words: &Words<'_>) -> String {
        let rules: Vec<String> = self.changes.iter().map(|change| change_text(change, words)).collect();
        let object = serde_json::json!({
            "schema": "trp-check/replay/1", "same": self.altered.is_empty(), "same_pack": self.is_same_pack(), "pack": self.receipt.pack,
            "pack_now": self.pack, "tool": self.receipt.tool, "tool_now": env!("CARGO_PKG_VERSION"),
            "changes": self.altered, "rules": rules, "calendar": self.days,
        });
        format!("{object}\n")
    }

    fn document(&self, words: &Words<'_>) -> Document<'static> {
        let key = if self.altered.is_empty() { "replay.same" } else { "replay.other" };
        let today = day(self.receipt).map(|day| words.day(day)).unwrap_or_default();
        let mut document = Document::new(words.with(key, &[("day", &today)]));
        let altered = self.altered.iter().map(|altered| {
            let values = format!("{} → {}", word(&altered.old, words), word(&altered.new, words));
            (altered.path.clone(), values)
        });
        let altered: Vec<(String, String)> = altered.collect();
        document.push(Kind::Answer, "", (!altered.is_empty()).then_some(Block::Lines(altered)));
        let key = if self.is_same_pack() { "replay.same-pack" } else { "replay.other-pack" };
        let pack = words.with(
            key,
            &[
                ("then", &self.receipt.pack.version),
                ("now", &self.pack.version),
                ("pack", &self.pack.id),
                ("tool", &self.receipt.tool),
            ],
        );
        let changes = self.changes.iter().map(|change| change_text(change, words));
        let days = self.days.iter().map(|day| format!("{} {day}", words.label("replay.calendar")));
        let mut reasons: Vec<Block<'_>> = changes.chain(days).map(Block::Text).collect();
        if !self.is_same_pack() && reasons.is_empty() {
            reasons.push(Block::Text(words.label("replay.nothing-used").to_owned()));
        }
        document.push(Kind::Rules, pack, reasons);
        document
    }
}
