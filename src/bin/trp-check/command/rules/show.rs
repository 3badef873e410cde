//! `rules list` and `rules show ID`: the rules in plain words, with citation, standing, verification.

use std::fmt::Write as _;

use serde::Serialize;
use trp_check::calendar::Day;
use trp_check::facts::Condition;
use trp_check::render::Words;
use trp_check::rulebook::{Head, Rule, RuleBook};

use super::super::{Desk, tell_no_such_rule};
use crate::args::{Global, ListFormat, RulesList, RulesShow};
use crate::{Exit, output};

/// A rule of any kind, as far as all kinds are alike.
struct Listed<'r> {
    kind: &'static str,
    id: &'r str,
    public: &'r str,
    versions: Vec<(&'r Head, String)>,
}

/// All rules of a book, in the order of its files; what a version says is told by `Debug`-free words.
fn listed(book: &RuleBook) -> Vec<Listed<'_>> {
    fn add<'r, V: Clone + 'static>(
        all: &mut Vec<Listed<'r>>,
        kind: &'static str,
        rules: &'r [Rule<V>],
        says: impl Fn(&V) -> String,
    ) {
        all.extend(rules.iter().map(|rule| Listed {
            kind,
            id: &rule.id,
            public: &rule.public,
            versions: rule.versions.iter().map(|version| (&version.head, says(&version.says))).collect(),
        }));
    }
    let nothing = String::new;
    let mut all = Vec::new();
    add(&mut all, "category", &book.categories, |category| {
        let codes = category.members.iter().map(|country| trp_check::embedded::COUNTRIES.code(*country));
        codes.collect::<Vec<_>>().join(" ")
    });
    add(&mut all, "entry_document", &book.entry_documents, |document| {
        let kinds = &book.vocabulary.travel_documents;
        document.accepts.iter().map(|at| kinds[usize::from(*at)].id.to_string()).collect::<Vec<_>>().join(", ")
    });
    add(&mut all, "stay_limit", &book.stay_limits, |limit| {
        use trp_check::rulebook::Window;
        match limit.window {
            Window::PerEntry => format!("max_days = {}, window = per-entry", limit.max_days),
            Window::Rolling(days) => format!("max_days = {}, rolling_days = {days}", limit.max_days),
            Window::CalendarYear => format!("max_days = {}, window = calendar-year", limit.max_days),
            Window::Permit => "window = permit".to_owned(),
        }
    });
    add(&mut all, "uncovered", &book.uncovered, |uncovered| uncovered.text.to_string());
    add(&mut all, "sanction", &book.sanctions, |sanction| {
        sanction.steps.iter().map(|step| step.at.to_string()).collect::<Vec<_>>().join("; ")
    });
    add(&mut all, "passport_margin", &book.passport_margins, |margin| format!("months = {}", margin.months));
    add(&mut all, "duty", &book.duties, |duty| {
        use trp_check::rulebook::Term;
        let term = match duty.term {
            Term::WorkingDays(days) => format!("working_days = {days}"),
            Term::CalendarDays(days) => format!("calendar_days = {days}"),
            Term::DayNumber(number) => format!("day_number = {number}"),
            Term::Hours(hours) => format!("hours = {hours}"),
        };
        format!("{term}, who = {}", duty.who.name())
    });
    add(&mut all, "channel", &book.channels, |channel| channel.url.clone().unwrap_or_default().into_owned());
    add(&mut all, "advice", &book.advice, |_| nothing());
    add(&mut all, "permit_service", &book.services, |service| {
        format!("processing_working_days = {}, {}", service.processing_working_days, service.fee)
    });
    add(&mut all, "permit_threshold", &book.thresholds, |threshold| format!("days = {}", threshold.days));
    add(&mut all, "permit_exemption", &book.exemptions, |exemption| exemption.because.to_string());
    add(&mut all, "permit_eligibility", &book.eligibility, |_| nothing());
    add(&mut all, "permit_term", &book.terms, |term| match term.max_years {
        Some(years) => format!("max_years = {years}, renewable = {}", term.renewable),
        None => format!("renewable = {}", term.renewable),
    });
    add(&mut all, "late_filing", &book.late_filings, |late| format!("days = {}", late.days));
    add(&mut all, "document", &book.documents, |document| document.form.to_string());
    all
}

/// `rules list`.
pub fn list(global: &Global, ask: &RulesList) -> anyhow::Result<Exit> {
    #[derive(Serialize)]
    struct RuleView<'a> {
        id: &'a str,
        kind: &'a str,
        public: Option<&'a str>,
        versions: Vec<VersionView<'a>>,
    }
    #[derive(Serialize)]
    struct VersionView<'a> {
        from: Day,
        until: Option<Day>,
        verified: Day,
        standing: &'a str,
        says: &'a str,
    }
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let rules = listed(&desk.book);
    let text = match ask.format {
        ListFormat::Json => {
            let views: Vec<RuleView<'_>> = rules
                .iter()
                .map(|rule| RuleView {
                    id: rule.id,
                    kind: rule.kind,
                    public: Some(rule.public).filter(|public| !public.is_empty()),
                    versions: rule
                        .versions
                        .iter()
                        .map(|(head, says)| VersionView {
                            from: head.from,
                            until: head.until,
                            verified: head.verified,
                            standing: head.standing.name(),
                            says,
                        })
                        .collect(),
                })
                .collect();
            serde_json::to_string_pretty(&views)? + "\n"
        }
        ListFormat::Table => {
            let mut table: Vec<[String; 5]> = Vec::new();
            for rule in &rules {
                for (head, says) in &rule.versions {
                    let until = head.until.map_or_else(|| "…".to_owned(), |until| until.to_string());
                    let force = format!("{}..{until}", head.from);
                    table.push([
                        rule.id.to_owned(),
                        rule.kind.to_owned(),
                        force,
                        head.standing.name().to_owned(),
                        says.clone(),
                    ]);
                }
            }
            aligned(&table)
        }
    };
    output::answer(&text)?;
    Ok(Exit::Answered)
}

/// Lines of columns, two blanks apart; the last column is as long as it is, for pipes.
fn aligned(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..5).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let _ = write!(line, "{cell:<width$}  ", width = widths[column]);
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// `rules show ID`.
pub fn one(global: &Global, ask: &RulesShow) -> anyhow::Result<Exit> {
    let desk = match Desk::open(global) {
        Ok(desk) => desk,
        Err(exit) => return Ok(exit),
    };
    let words = desk.words();
    let rules = listed(&desk.book);
    let chosen: Vec<&Listed<'_>> = rules.iter().filter(|rule| rule.id == ask.id || rule.public == ask.id).collect();
    if chosen.is_empty() {
        tell_no_such_rule(&ask.id, rules.iter().flat_map(|rule| [rule.id, rule.public]), &words);
        return Ok(Exit::Usage);
    }
    let mut text = String::new();
    for rule in chosen {
        show(&mut text, rule, &desk, &words);
    }
    output::answer(&text)?;
    Ok(Exit::Answered)
}

fn show(text: &mut String, rule: &Listed<'_>, desk: &Desk, words: &Words<'_>) {
    let public = if rule.public.is_empty() { String::new() } else { format!(" · {}", rule.public) };
    let _ = writeln!(text, "{} · {}{public}", rule.id, rule.kind);
    for (head, says) in &rule.versions {
        let from = head.from.to_string();
        let force = match head.until {
            Some(until) => words.with("explain.from-until", &[("from", &from), ("until", &until.to_string())]),
            None => words.with("explain.from", &[("from", &from)]),
        };
        let _ = writeln!(text, "  {force}; {}", words.of("standing", head.standing.name()));
        let mut line = |label: &str, said: &str| {
            let _ = writeln!(text, "    {label:<9} {said}");
        };
        if !says.is_empty() {
            line(words.of("explain_label", "says"), says);
        }
        let condition = |condition: &Condition| {
            let tests = condition.tests.iter().map(|test| {
                let known = desk.book.vocabulary.values(test.fact).into_iter().enumerate();
                let wanted: Vec<&str> =
                    known.filter(|(at, _)| test.wanted >> at & 1 == 1).map(|(_, word)| word).collect();
                format!("{} = {}", test.fact.key(), wanted.join(" | "))
            });
            tests.collect::<Vec<_>>().join(", ")
        };
        if !head.when.tests.is_empty() {
            line(words.of("explain_label", "when"), &condition(&head.when));
        }
        for exemption in head.unless.iter() {
            line(words.of("explain_label", "unless"), &condition(&exemption.when));
        }
        for note in head.notes.iter() {
            line(words.of("explain_label", "note"), &format!("{}: {}", note.code, words.label(&note.text)));
        }
        for cite in head.cites.iter() {
            let sentence = if cite.sentence.is_empty() { String::new() } else { format!("“{}”; ", cite.sentence) };
            let title = words.of("source", &cite.source);
            let verified = words.with("explain.verified", &[("day", &cite.verified.to_string())]);
            let standing = words.of("standing", cite.standing.name());
            line(words.of("explain_label", "law"), &format!("{sentence}{title}, {} ({standing}; {verified})", cite.at));
        }
    }
    text.push('\n');
}
