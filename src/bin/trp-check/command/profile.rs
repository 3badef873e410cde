//! `profile template` and `profile check`.

use trp_check::assess::asks;
use trp_check::calendar::Day;
use trp_check::facts::Fact;
use trp_check::rulebook::{Cap, DoneBy, Duty, Event, RuleBook};

use super::Context;
use crate::args::Global;
use crate::flags::Facts;
use crate::{Exit, Stop, output};

/// Prints a commented profile to start from, in the words of the pack, with days around today.
pub fn template(global: &Global) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    output::answer(&filled(context.words().label("template.profile"), &examples(&context.book, context.today)))
}

/// The words and the examples of a template; empty where the rules of the pack have no use for them.
fn examples(book: &RuleBook, today: Day) -> Vec<(&'static str, String)> {
    const YEAR: i32 = 365;
    let vocabulary = &book.vocabulary;
    let day = |days: i32| today.plus(days).to_string();
    let only = |is_used: bool, example: String| if is_used { example } else { String::new() };
    let has_duty = |is_so: fn(&Duty) -> bool| {
        book.duties.iter().flat_map(|duty| duty.versions.iter()).any(|version| is_so(&version.says))
    };
    let kinds = |of: fn(&trp_check::rulebook::PermitKind) -> bool| {
        vocabulary.permits.iter().filter(|kind| of(kind)).map(|kind| &*kind.id).collect::<Vec<&str>>()
    };
    let permit = vocabulary.permits.first().map(|kind| {
        let days = if kind.days_per_entry { ", days_per_entry = 90" } else { "" };
        let entries = if kind.entries { ", entries = 2" } else { "" };
        let (from, until) = (day(-21), day(YEAR - 22));
        format!("{{ kind = \"{}\", from = {from}, until = {until}{days}{entries} }}", kind.id)
    });
    let member = vocabulary.relations.first().map(|relation| {
        format!("{{ relation = \"{relation}\", name = \"Anna\", citizenship = \"RU\", birth_date = 1991-02-03 }}")
    });
    let bounds = |cap: Cap| {
        book.terms.iter().flat_map(|term| term.versions.iter()).any(|term| term.says.bounds().any(|bound| bound == cap))
    };
    let mut values = vec![
        ("pack", book.id.to_string()),
        ("expires", day(3 * YEAR)),
        ("permits", kinds(|_| true).join(", ")),
        ("permits_with_days", kinds(|kind| kind.days_per_entry).join(", ")),
        ("permits_with_entries", kinds(|kind| kind.entries).join(", ")),
        ("permit", permit.unwrap_or_default()),
        ("permit_exempt", only(asks(book, Fact::PermitExempt), false.to_string())),
        ("permission_until", only(bounds(Cap::Permission), day(200))),
        ("contract_until", only(bounds(Cap::Contract), day(220))),
        ("changed_on", only(has_duty(|duty| duty.event == Event::EmployerChange), day(-12))),
        ("fined_on", only(has_duty(|duty| duty.event == Event::Fine), day(-5))),
        ("filing_on", only(book.permit.is_some(), day(9))),
        ("relations", vocabulary.relations.join(", ")),
        ("member", member.unwrap_or_default()),
        ("entry", day(-20)),
        ("exit", day(54)),
        ("arrived_at_host", only(has_duty(|duty| duty.event == Event::Arrival), day(-19))),
        ("notified", only(has_duty(|duty| duty.done_by == DoneBy::Notified), day(-18))),
        ("registered", only(has_duty(|duty| duty.done_by == DoneBy::Registered), false.to_string())),
        (
            "move",
            only(
                has_duty(|duty| duty.event == Event::Move),
                format!("{{ on = {}, notified = {} }}", day(-10), day(-8)),
            ),
        ),
    ];
    let lists = [
        ("document_kinds", "document_kind", vocabulary.values(Fact::DocumentKind)),
        ("purposes", "purpose", vocabulary.values(Fact::Purpose)),
        ("employers", "employer", vocabulary.values(Fact::Employer)),
        ("work_kinds", "work", vocabulary.values(Fact::Work)),
        ("owners", "owner", vocabulary.values(Fact::HousingOwner)),
        ("channels", "channel", vocabulary.values(Fact::Channel)),
        ("documents", "document", vocabulary.documents.iter().map(|id| &**id).collect()),
    ];
    for (all, one, words) in lists {
        values.push((all, words.join(", ")));
        values.push((one, words.first().copied().unwrap_or_default().to_owned()));
    }
    values
}

/// A template with its values filled in, without the lines that would name nothing, and without the
/// paragraphs that then have no key left.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let has_key = |lines: &[&str]| lines.iter().any(|line| line.contains(" = "));
    let names = |line: &str, name: &str| line.contains(&format!("{{{name}}}"));
    let names_nothing = |line: &str| values.iter().any(|(name, value)| value.is_empty() && names(line, name));
    let mut paragraphs = Vec::new();
    for paragraph in template.trim_end().split("\n\n") {
        let all: Vec<&str> = paragraph.lines().collect();
        let left: Vec<&str> = all.iter().copied().filter(|line| !names_nothing(line)).collect();
        if has_key(&left) == has_key(&all) {
            paragraphs.push(left.join("\n"));
        }
    }
    let text = paragraphs.join("\n\n") + "\n";
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

pub fn check(global: &Global, person: &Facts<true>) -> Result<Exit, Stop> {
    let context = Context::open(global)?;
    let profile = context.profile(person)?;
    let stays = profile.applicant.stays.len();
    output::answer(&format!("{}\n", context.words().count("usage.profile-good", stays, &[])))
}
