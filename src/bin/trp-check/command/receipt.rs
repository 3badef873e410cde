//! `--receipt FILE` and `replay FILE`: an answer that can be proved later.

use std::fmt::Write as _;
use std::path::Path;

use trp_check::assess::{assess_parts, strictly, used_rules};
use trp_check::assessment::Assessment;
use trp_check::calendar::Day;
use trp_check::embedded::COUNTRIES;
use trp_check::profile::{check as check_profile, written::WrittenProfile};
use trp_check::render::difference::{text as told, word};
use trp_check::render::receipt::{PackRecord, Receipt, RuleRecord, SCHEMA, altered, changed_rules, day};
use trp_check::render::{Sections, json};
use trp_check::review::difference::{calendar_keys, keys};
use trp_check::rulebook::RuleBook;
use trp_check::rulebook::outline::outline;
use trp_check::tree::{self, Syntax};

use super::{Desk, tell};
use crate::args::{Global, ListFormat, Replay};
use crate::files::{self, Clobber};
use crate::{Exit, output};

/// Writes a receipt of an answer.
pub fn write(
    path: &Path,
    desk: &Desk,
    profile: &WrittenProfile<'_>,
    (answer, sections): (&Assessment<'_>, Sections),
    strict: bool,
) -> anyhow::Result<()> {
    let book = &*desk.book;
    let words = desk.words();
    let receipt = Receipt {
        schema: SCHEMA.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        pack: pack_of(book),
        today: desk.today.to_string(),
        strict,
        command: sections.command().to_owned(),
        profile: serde_json::to_value(profile)?,
        rules: rules_of(book, answer, sections),
        calendar: calendar_of(book, desk.today),
        answer: serde_json::to_value(json::view(answer, sections, &words))?,
    };
    files::write(path, &json::text::pretty(&receipt), Clobber::Allowed)
}

fn pack_of(book: &RuleBook) -> PackRecord {
    PackRecord { id: book.id.to_string(), version: book.version.to_string(), sha256: book.sha256.to_string() }
}

/// The rules that an answer rests on, in the version that it used.
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

/// The calendar of the year of a day and of those beside it.
fn calendar_of(book: &RuleBook, today: Day) -> Vec<(String, String)> {
    let years = [-1, 0, 1].map(|by| (today.year() + by).to_string());
    let is_near = |(key, _): &(String, String)| key == "weekend" || years.iter().any(|year| key.starts_with(&**year));
    calendar_keys(book).into_iter().filter(is_near).collect()
}

/// `replay FILE`.
pub fn replay(global: &Global, ask: &Replay) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let words = desk.words();
    let file = match files::read_text(&ask.receipt) {
        Ok(Ok(file)) => file,
        Ok(Err((file, fault))) => {
            tell(global, &[fault], &[file], &words);
            return Ok(Exit::BadInput);
        }
        Err(error) => {
            output::fail(global.error_format, "receipt-not-readable", Some(&ask.receipt), &format!("{error:#}"));
            return Ok(Exit::BadInput);
        }
    };
    let bad = |why: &str| {
        let text = words.with("replay.bad", &[("path", &file.path), ("why", why)]);
        output::fail(global.error_format, "bad-receipt", Some(&ask.receipt), &text);
        Ok(Exit::BadInput)
    };
    let receipt: Receipt = match serde_json::from_str(&file.text) {
        Ok(receipt) => receipt,
        Err(error) => return bad(&error.to_string()),
    };
    let sections = Sections::of_command(&receipt.command);
    let (Some(today), Some(sections)) = (day(&receipt), sections) else {
        return bad(words.label("replay.no-question"));
    };
    if receipt.schema != SCHEMA {
        return bad(&words.with("replay.other-schema", &[("schema", SCHEMA)]));
    }

    let text = receipt.profile.to_string();
    let mut faults = Vec::new();
    let written: WrittenProfile<'_> = match tree::parse_with(&text, 0, Syntax::Json, &mut faults) {
        Some(node) => tree::read(node, &mut faults),
        None => WrittenProfile::default(),
    };
    let profile = match check_profile::check(&written, faults, &desk.book, &COUNTRIES, today) {
        Ok(profile) => profile,
        Err(faults) => {
            let path = words.with("replay.profile-of", &[("path", &file.path)]);
            tell(global, &faults, &[trp_check::source::SourceText { path, text }], &words);
            return Ok(Exit::BadInput);
        }
    };
    let mut answer = assess_parts(&desk.book, &profile, today, sections.parts());
    if receipt.strict {
        answer = strictly(&desk.book, answer, sections.parts());
    }
    let now = serde_json::to_value(json::view(&answer, sections, &words))?;
    let altered = altered(&receipt.answer, &now);
    let outlines = outline(&desk.book, &COUNTRIES);
    let still = |record: &RuleRecord| {
        let rule = outlines.iter().find(|rule| rule.id == record.id)?;
        let version = rule.versions.iter().find(|version| version.head.from.to_string() == record.from())?;
        Some(RuleRecord { id: record.id.clone(), says: keys(version) })
    };
    let changes = changed_rules(&receipt.rules, &rules_of(&desk.book, &answer, sections), still);
    let days: Vec<String> = {
        let now = calendar_of(&desk.book, today);
        let gone =
            receipt.calendar.iter().filter(|day| !now.contains(day)).map(|(day, what)| format!("− {day} {what}"));
        let come =
            now.iter().filter(|day| !receipt.calendar.contains(day)).map(|(day, what)| format!("+ {day} {what}"));
        gone.chain(come).collect()
    };
    let is_same_pack = receipt.pack == pack_of(&desk.book);

    output::answer(&match ask.format {
        ListFormat::Json => {
            let object = serde_json::json!({
                "same": altered.is_empty(), "same_pack": is_same_pack, "pack": receipt.pack, "pack_now": pack_of(&desk.book),
                "tool": receipt.tool, "tool_now": env!("CARGO_PKG_VERSION"), "changes": altered,
                "rules": changes.iter().map(|change| told(change, &words)).collect::<Vec<_>>(), "calendar": days,
            });
            format!("{object}\n")
        }
        ListFormat::Table => {
            let mut text = String::new();
            let key = if altered.is_empty() { "replay.same" } else { "replay.other" };
            let _ = writeln!(text, "{}", words.with(key, &[("day", &words.day(today))]));
            for altered in &altered {
                let _ = writeln!(
                    text,
                    "  {}: {} → {}",
                    altered.path,
                    word(&altered.old, &words),
                    word(&altered.new, &words)
                );
            }
            let values = [
                ("then", &*receipt.pack.version),
                ("now", &*desk.book.version),
                ("pack", &*desk.book.id),
                ("tool", &*receipt.tool),
            ];
            let key = if is_same_pack { "replay.same-pack" } else { "replay.other-pack" };
            let _ = writeln!(text, "{}", words.with(key, &values));
            for change in &changes {
                let _ = writeln!(text, "  {}", told(change, &words));
            }
            for day in &days {
                let _ = writeln!(text, "  {} {day}", words.label("replay.calendar"));
            }
            if !is_same_pack && changes.is_empty() && days.is_empty() {
                let _ = writeln!(text, "  {}", words.label("replay.nothing-used"));
            }
            text
        }
    })?;
    Ok(if altered.is_empty() { Exit::Answered } else { Exit::BadRules })
}
