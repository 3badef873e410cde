//! The notices of an answer.

use std::borrow::Cow;

use crate::assess::calendar::covered;
use crate::assess::decide::permit::{counted_days, filed_too_late, filing_not_covered};
use crate::assess::decide::{advice, duties::PERMIT_END, warnings};
use crate::assess::matching::certain;
use crate::assess::reasons::sanctions::{dearer, sanctions, what_follows};
use crate::assess::subject::label_of;
use crate::assess::{Subject, each_use};
use crate::assessment::{
    Assessment, Deadline, DeadlineStatus, Message, Notice, Param, Part, Permit, PermitEnd, PermitStatus,
    PersonAssessment, ReadingUse, Requirement, RuleRef, Stay, StayStatus,
};
use crate::calendar::{Day, DayRange};
use crate::profile;
use crate::rulebook::{APPLICANT, Cap, Cite, Level, RuleBook, Standing};

/// All notices, in their order; called when all else is there.
pub fn of_a_case<'r>(subjects: &[Subject<'_, 'r>], assessment: &Assessment<'r>) -> Vec<Notice<'r>> {
    let mut list = Vec::new();
    for (subject, person) in subjects.iter().zip(assessment.persons()) {
        of_a_person(subject, person, &mut list);
    }
    of_the_arrival(&subjects[0], assessment, &mut list);
    of_the_calendar(subjects[0].book, assessment, &mut list);
    of_the_rules(subjects[0].book, assessment, Part::ALL, &mut list);
    list
}

fn of_a_person<'r>(subject: &Subject<'_, 'r>, person: &PersonAssessment<'r>, list: &mut Vec<Notice<'r>>) {
    let mut notices = Notices { person: subject.place, part: Some(Part::Stay), list };
    of_the_stay(subject, person, &mut notices);
    of_the_travel_document(subject, &person.stay, &mut notices);
    for deadline in &person.deadlines {
        of_a_deadline(subject, &person.stay, deadline, &mut notices);
    }
    if person.stay.is_outside_the_rules {
        return;
    }
    notices.part = Some(Part::Permit);
    of_the_permit(subject, person, &mut notices);
    notices.part = Some(Part::Documents);
    for line in person.documents.iter().filter(|line| line.requirement != Requirement::NotRequired) {
        notices.add_notes(line.rule, None);
    }
    notices.part = None;
    if let Some(birth) = subject.person.birth_date.filter(|_| !subject.is_applicant()) {
        let began_before = |own: &profile::Stay| {
            let mut of_applicant = subject.profile.applicant.stays.iter();
            own.entry == birth && of_applicant.any(|stay| stay.entry < birth && stay.exit == own.exit)
        };
        if subject.person.stays.iter().any(began_before) {
            let text = Message::new("notice.stay-from-birth").with("day", Param::Day(birth));
            notices.add("counting-assumption", Level::Info, text, &[]);
        }
    }
    if warnings::is_taken_for_adult(subject) {
        let level = if warnings::may_be_a_child(subject) { Level::Warning } else { Level::Info };
        notices.add("assumed-adult", level, Message::new("notice.assumed-adult"), &[]);
    }
}

/// The notices about the entry document, where the arrival is notified, and what is advised.
fn of_the_arrival<'r>(subject: &Subject<'_, 'r>, assessment: &Assessment<'r>, list: &mut Vec<Notice<'r>>) {
    let mut notices = Notices { person: subject.place, part: Some(Part::Stay), list };
    if let Some(document) = assessment.entry_document.as_ref().filter(|document| !document.ok) {
        let accepted = document.accepted.iter().map(|kind| format!("travel_document.{kind}")).collect();
        let text = Message::new("notice.entry-document")
            .with("given", Param::Key(Cow::Owned(format!("travel_document.{}", document.given))))
            .with("accepted", Param::Keys(accepted));
        let rules: Vec<_> = document.rules.iter().map(|rule| rule.id).collect();
        notices.add("entry-document", Level::Warning, text, &rules);
    }
    let documents = assessment.entry_document.iter().flat_map(|document| &document.rules);
    let channels = assessment.registration.iter().flat_map(|registration| &registration.channels);
    for rule in documents.chain(channels.map(|channel| &channel.rule)) {
        notices.add_notes(*rule, None);
    }
    for advice in advice(subject, &assessment.applicant.stay) {
        notices.add_notes(advice.reference(), None);
    }
}

/// That the calendar of working days is about to end: within the time after which rules are called old.
fn of_the_calendar(book: &RuleBook, assessment: &Assessment<'_>, list: &mut Vec<Notice<'_>>) {
    let end = covered(book).and_then(|(_, year)| Day::from_ymd(year, 12, 31));
    if let Some(end) = end.filter(|end| end.days_since(assessment.today) < book.stale_after_days) {
        let text = Message::new("notice.calendar-ends").with("day", Param::Day(end));
        Notices { person: 0, part: None, list }.add(CALENDAR_ENDS, Level::Info, text, &[]);
    }
}

/// Codes of the notices about the calendar, and about the rules themselves.
pub const CALENDAR_ENDS: &str = "calendar-ends";
const SECONDARY: &str = "rule-secondary-source";
const NOT_LATELY: &str = "rule-not-verified-lately";
/// What is less than the text of an act or the word of a state body.
const WEAK: &[Standing] = &[Standing::Secondary, Standing::Article, Standing::Inferred];

/// Replaces the notices about the rules that an answer rests on by those about the rules of some parts; then sorts all.
pub fn of_some_parts(book: &RuleBook, assessment: &mut Assessment<'_>, parts: &[Part]) {
    let mut list = std::mem::take(&mut assessment.notices);
    list.retain(|notice| notice.code != SECONDARY && notice.code != NOT_LATELY);
    of_the_rules(book, assessment, parts, &mut list);
    assessment.notices = list;
}

/// The notices about the rules that some parts of an answer rest on; then all notices in their order:
/// warnings, the rest, and last what is of interest to lawyers only.
fn of_the_rules<'r>(book: &RuleBook, assessment: &Assessment<'r>, parts: &[Part], list: &mut Vec<Notice<'r>>) {
    let (mut weak, mut old, mut oldest) = (Vec::<RuleRef<'r>>::new(), Vec::<RuleRef<'r>>::new(), None);
    each_use(assessment, parts, |rule| {
        if WEAK.contains(&rule.head.standing) {
            rule.add_to(&mut weak);
        }
        if book.is_old(rule.head.verified, assessment.today) {
            rule.add_to(&mut old);
        }
        oldest = oldest.map_or(Some(rule.head.verified), |day: Day| Some(day.min(rule.head.verified)));
    });
    let mut notices = Notices { person: 0, part: None, list };
    let count = |rules: &[RuleRef<'_>]| Param::Count(i64::try_from(rules.len()).unwrap_or(i64::MAX));
    let ids = |rules: &[RuleRef<'r>]| rules.iter().map(|rule| rule.id).collect::<Vec<_>>();
    if !weak.is_empty() {
        let standings = WEAK.iter().filter(|standing| weak.iter().any(|rule| rule.head.standing == **standing));
        let standings = standings.map(|standing| format!("weak_standing.{}", standing.name())).collect();
        let text = Message::new("notice.rule-secondary-source").with("n", count(&weak));
        let text = text.with("standings", Param::Keys(standings));
        notices.add(SECONDARY, Level::Info, text, &ids(&weak));
    }
    if !old.is_empty() {
        let oldest = Param::Day(oldest.unwrap_or(assessment.today));
        let text = Message::new("notice.rule-not-verified-lately").with("n", count(&old)).with("day", oldest);
        notices.add(NOT_LATELY, Level::Warning, text, &ids(&old));
    }
    let of_the_law = |notice: &Notice<'_>| matches!(&*notice.code, "article-differs" | SECONDARY);
    notices.list.sort_by_key(|notice| (std::cmp::Reverse(notice.level), of_the_law(notice)));
}

/// Why an answer is unknown under `--strict`.
pub fn strict(rules: Vec<&str>) -> Notice<'_> {
    let text = Message::new("notice.strict").with("rules", Param::Words(rules.clone()));
    let person = Cow::Borrowed(APPLICANT);
    Notice { code: Cow::Borrowed("strict"), level: Level::Warning, person, part: None, text, rules }
}

struct Notices<'n, 'r> {
    /// 0 for the applicant, then the members of the family.
    person: usize,
    part: Option<Part>,
    list: &'n mut Vec<Notice<'r>>,
}

impl<'r> Notices<'_, 'r> {
    /// Adds a notice, or its rules to the same one.
    fn add(&mut self, code: impl Into<Cow<'r, str>>, level: Level, text: Message<'r>, rules: &[&'r str]) {
        let (code, person) = (code.into(), label_of(self.person));
        let mut known = self.list.iter_mut();
        let same = known.find(|notice| notice.code == code && notice.text == text && notice.person == person);
        let Some(notice) = same else {
            self.list.push(Notice { code, level, person, part: self.part, text, rules: rules.to_vec() });
            return;
        };
        for rule in rules {
            if !notice.rules.contains(rule) {
                notice.rules.push(rule);
            }
        }
    }

    /// Adds the notes of a rule; some name a day.
    fn add_notes(&mut self, rule: RuleRef<'r>, day: Option<Day>) {
        for note in rule.head.notes.iter() {
            let text = Message::new(&*note.text);
            let text = match day {
                Some(day) => text.with("day", Param::Day(day)),
                None => text,
            };
            self.add(&*note.code, note.level, text, &[rule.id]);
        }
    }
}

fn of_the_stay<'r>(subject: &Subject<'_, 'r>, person: &PersonAssessment<'r>, notices: &mut Notices<'_, 'r>) {
    let book = subject.book;
    let stay = &person.stay;
    if let Some(text) = &stay.uncovered {
        let rule = stay.uncovered_by.map(|rule| rule.id);
        notices.add("not-covered", Level::Warning, text.clone(), rule.as_slice());
        if let Some(rule) = stay.uncovered_by {
            notices.add_notes(rule, None);
        }
    }
    if let (Some(other), Some(reading)) = (stay.other_day, stay.readings.first()) {
        of_the_other_reading(stay, other, reading, notices);
    }
    for limit in &stay.limits {
        notices.add_notes(limit.rule, stay.latest_arguable);
    }
    if let Some(permit) = warnings::visa_without_days(subject, stay) {
        let kind = format!("basis.{}", book.vocabulary.permits[usize::from(permit.kind)].id);
        let text = Message::new("notice.visa-days-of-stay").with("permit", Param::Key(Cow::Owned(kind)));
        notices.add("visa-days-of-stay", Level::Warning, text, &[]);
    }
    if let Some(text) = entries(subject) {
        notices.add("visa-entries", Level::Warning, text, &[]);
    }
    for over in stay.overstays.iter().filter(|over| over.to < subject.today) {
        let text = Message::new("notice.past-overstay")
            .with("n", Param::Count(over.days.into()))
            .with("from", Param::Day(over.from))
            .with("to", Param::Day(over.to));
        notices.add("past-overstay", Level::Info, text, &[]);
        let facts = subject.facts(over.to, None);
        for sanction in sanctions(subject, over.to, facts, None) {
            let Some(step) = sanction.content().step(over.days) else { continue };
            let (what, _) = what_follows(book, step, over.to);
            let text = Message::new("notice.past-sanction").with("what", what).with("at", Param::Place(&step.at));
            notices.add("past-overstay", Level::Info, text.with("to", Param::Day(over.to)), &[]);
        }
    }
    of_days_left_out(subject, stay, notices);
    if stay.is_violation() {
        of_an_overstay(subject, person, notices);
    }
    if warnings::permit_is_missing(subject, stay) {
        notices.add("family-permit-missing", Level::Warning, Message::new("notice.family-permit-missing"), &[]);
    }
}

/// That the entries on a permit are used up, or may be.
pub fn entries<'r>(subject: &Subject<'_, 'r>) -> Option<Message<'r>> {
    let (permit, nth) = warnings::visa_of_many_entries(subject)?;
    let kind = format!("basis.{}", subject.book.vocabulary.permits[usize::from(permit.kind)].id);
    let key = if permit.entries.is_some() { "notice.visa-entries-used-up" } else { "notice.visa-entries" };
    let text = Message::new(key)
        .with("permit", Param::Key(Cow::Owned(kind)))
        .with("number", Param::Count(i64::try_from(nth).unwrap_or(i64::MAX)));
    Some(text.with("entries", Param::Count(permit.entries.unwrap_or_default().into())))
}

/// Stays that nothing is said of, and earlier days that a limit in force does not count.
fn of_days_left_out<'r>(subject: &Subject<'_, 'r>, stay: &Stay<'r>, notices: &mut Notices<'_, 'r>) {
    let covered_from = subject.book.covered_from;
    let is_before = |other: &profile::Stay| other.entry < covered_from && stay.entry != Some(other.entry);
    if subject.person.stays.iter().any(is_before) {
        let text = Message::new("notice.stays-before-covered").with("day", Param::Day(covered_from));
        notices.add("not-covered", Level::Info, text, &[]);
    }
    let reference = subject.reference_day();
    for limit in &stay.limits {
        let rule = subject.book.stay_limits.iter().find(|rule| *rule.id == *limit.rule.id);
        let counts_from = rule.and_then(|rule| rule.on(reference)?.says.counts_from);
        let (Some(from), Some(days)) = (counts_from, limit.window.days()) else { continue };
        let window = DayRange { first: reference.plus(1 - days), last: reference };
        let left_out =
            subject.person.stays.iter().filter(|other| other.entry < from && stay.entry != Some(other.entry));
        let left_out: i32 = left_out.map(|other| other.days(subject.today).overlap(window).days().max(0)).sum();
        if left_out > 0 {
            let text = Message::new("notice.days-left-out").with("n", Param::Count(left_out.into()));
            notices.add("counting-assumption", Level::Info, text.with("day", Param::Day(from)), &[limit.rule.id]);
        }
    }
}

/// The last day by the reading that decides and by that of another source, with both sources.
fn of_the_other_reading<'r>(stay: &Stay<'r>, other: Day, reading: &ReadingUse<'r>, notices: &mut Notices<'_, 'r>) {
    let source = |cites: &[Cite]| Param::Key(Cow::Owned(format!("source.{}", cites[0].source)));
    let text = match stay.last_day {
        Some(last) => Message::new("notice.other-reading").with("day", Param::Day(last)),
        None => Message::new("notice.other-reading-none"),
    };
    let text = text.with("source", source(&reading.rule.head.cites)).with("other", Param::Day(other));
    let text = text.with("other-source", source(&reading.reading.cites));
    notices.add("other-reading", Level::Warning, text, &[reading.rule.id]);
}

/// What follows an overstay, and whether the permit can still be applied for.
fn of_an_overstay<'r>(subject: &Subject<'_, 'r>, person: &PersonAssessment<'r>, notices: &mut Notices<'_, 'r>) {
    let stay = &person.stay;
    let facts = subject.facts(subject.today, subject.basis_of(stay));
    // Another source still allows the stay: what follows is only so by the stricter one.
    let is_arguable = stay.other_day.is_some_and(|day| day >= stay.exit.unwrap_or(subject.today));
    let (key, key_of_next) = if is_arguable {
        ("notice.sanction-if-stricter", "notice.sanction-if-stricter-next")
    } else {
        ("notice.sanction", "notice.sanction-next")
    };
    for sanction in sanctions(subject, subject.today, facts, None) {
        if let Some(step) = sanction.content().step(stay.days_over) {
            let (what, amount) = what_follows(subject.book, step, subject.today);
            // After a fine the days are no longer counted up.
            let next = dearer(subject, stay, sanction.content());
            let text = match next.filter(|_| stay.status == StayStatus::Overstay && !person.is_fined()) {
                Some((from, next)) => Message::new(key_of_next).with("from", Param::Day(from)).with("next", next),
                None => Message::new(key),
            };
            let text = text.with("what", what).with("at", Param::Place(&step.at));
            let rules: Vec<RuleRef<'r>> = std::iter::once(sanction.reference()).chain(amount).collect();
            let ids: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
            notices.add("sanction", Level::Warning, text, &ids);
            rules.into_iter().for_each(|rule| notices.add_notes(rule, None));
        }
    }
    let may_have_it = |permit: &Permit<'_>| permit.status != PermitStatus::Exempt && permit.may_have_it;
    if stay.status != StayStatus::Overstay || !person.permit.as_ref().is_some_and(may_have_it) {
        return;
    }
    for late in certain(&subject.book.late_filings, subject.today, facts) {
        let content = late.content();
        if stay.days_over <= content.days {
            let text = Message::new(&*content.text)
                .with("days", Param::Count(content.days.into()))
                .with("day", Param::Day(subject.today.plus(content.days - stay.days_over)));
            notices.add("late-filing-window", Level::Warning, text, &[&late.rule.id]);
            notices.add_notes(late.reference(), None);
        }
    }
}

fn of_the_travel_document<'r>(subject: &Subject<'_, 'r>, stay: &Stay<'r>, notices: &mut Notices<'_, 'r>) {
    let Some((expires, end)) = warnings::document_and_stay_end(subject, stay) else { return };
    let about = |key: &'static str| Message::new(key).with("expires", Param::Day(expires)).with("end", Param::Day(end));
    let margins = warnings::passport_margins(subject, stay);
    if expires < end {
        let rules: Vec<&str> = margins.map(|margin| &*margin.rule.id).collect();
        let key = if stay.exit.is_some() { "notice.passport-expires-planned" } else { "notice.passport-expires" };
        notices.add("passport-expires", Level::Warning, about(key), &rules);
        return;
    }
    for margin in margins.filter(|margin| warnings::is_within(margin, (expires, end))) {
        let text = about("notice.passport-margin").with("n", Param::Count(margin.content().months.into()));
        notices.add("passport-margin", Level::Warning, text, &[&margin.rule.id]);
        notices.add_notes(margin.reference(), None);
    }
}

fn of_a_deadline<'r>(
    subject: &Subject<'_, 'r>,
    stay: &Stay<'r>,
    deadline: &Deadline<'r>,
    notices: &mut Notices<'_, 'r>,
) {
    let is_open = !deadline.status.is_done();
    let rule = deadline.rule;
    let about =
        |key: &'static str| Message::new(key).with("what", Param::Key(Cow::Owned(format!("deadline.{}", deadline.id))));
    if is_open && !warnings::is_noted_with_the_stay(stay, deadline) {
        notices.add_notes(rule, None);
    }
    if deadline.due.is_none() {
        let text = about("notice.calendar-not-covered").with("day", Param::Day(deadline.event_date));
        notices.add("not-covered", Level::Warning, text, &[rule.id]);
    } else if deadline.is_estimated && is_open {
        notices.add("calendar-estimated", Level::Info, about("notice.calendar-estimated"), &[rule.id]);
    }
    if deadline.id == PERMIT_END && deadline.safe.is_none() {
        let text = Message::new("notice.filing-not-covered").with("day", Param::Day(deadline.event_date));
        notices.add("not-covered", Level::Info, text, &[rule.id]);
    }
    of_a_missed_deadline(subject, deadline, notices);
    if is_open && let Some((last, due)) = warnings::stay_ends_first(subject, stay, deadline) {
        let text = about("notice.due-after-stay").with("last", Param::Day(last)).with("due", Param::Day(due));
        notices.add("due-after-stay", Level::Warning, text, &[rule.id]);
    }
}

/// What it costs to miss a deadline: said while that is still open, and where it was missed.
fn of_a_missed_deadline<'r>(subject: &Subject<'_, 'r>, deadline: &Deadline<'r>, notices: &mut Notices<'_, 'r>) {
    let Some(due) = deadline.due.filter(|_| deadline.status != DeadlineStatus::Done) else { return };
    let on = deadline.done_on.unwrap_or(subject.today);
    for sanction in sanctions(subject, on, subject.facts_by_permit(on), Some(deadline.id)) {
        let Some(step) = sanction.content().step(on.days_since(due.day).max(0)) else { continue };
        let (what, amount) = what_follows(subject.book, step, on);
        let text = Message::new("notice.sanction").with("what", what).with("at", Param::Place(&step.at));
        let level = if deadline.status == DeadlineStatus::Overdue { Level::Warning } else { Level::Info };
        let rules: Vec<&str> = std::iter::once(&*sanction.rule.id).chain(amount.map(|rule| rule.id)).collect();
        notices.add(format!("{}-sanction", deadline.who.name()), level, text, &rules);
        notices.add_notes(sanction.reference(), None);
    }
}

fn of_the_permit<'r>(subject: &Subject<'_, 'r>, person: &PersonAssessment<'r>, notices: &mut Notices<'_, 'r>) {
    let Some(permit) = &person.permit else { return };
    if let Some(text) = &permit.unavailable {
        for rule in subject.book.eligibility.iter() {
            if let Some(version) = rule.on(subject.reference_day()) {
                notices.add("trp-usually-unavailable", Level::Warning, text.clone(), &[&rule.id]);
                notices.add_notes(RuleRef { id: &rule.id, head: &version.head }, None);
            }
        }
    }
    let no_end = match permit.end {
        PermitEnd::NotIssued | PermitEnd::AtMost(_) => None,
        PermitEnd::NotCovered(day) => Some(("not-covered", "notice.issue-not-covered", day)),
        PermitEnd::EndsFirst(Cap::Permission, day) => Some(("trp-not-issued", "notice.permission-ends-first", day)),
        PermitEnd::EndsFirst(Cap::Contract, day) => Some(("trp-not-issued", "notice.contract-ends-first", day)),
        PermitEnd::EndsFirst(Cap::TravelDocument, day) => Some(("trp-not-issued", "notice.document-ends-first", day)),
    };
    if let Some((code, key, day)) = no_end {
        notices.add(code, Level::Warning, Message::new(key).with("day", Param::Day(day)), &[]);
    }
    if counted_days(subject, permit).any(|days| subject.book.calendar.estimated_in(days).next().is_some()) {
        let what = Param::Key(Cow::Owned(format!("basis.{}", permit.kind)));
        let text = Message::new("notice.calendar-estimated").with("what", what);
        notices.add("calendar-estimated", Level::Info, text, &[]);
    }
    if let Some(limit) = filing_not_covered(subject, permit) {
        let text = Message::new("notice.filing-not-covered").with("day", Param::Day(limit));
        notices.add("not-covered", Level::Warning, text, permit.rule.map(|rule| rule.id).as_slice());
    }
    if let Some((day, by)) = filed_too_late(subject, permit) {
        let text = Message::new("notice.filing-too-late").with("day", Param::Day(day)).with("by", Param::Day(by));
        notices.add("filing-too-late", Level::Warning, text, permit.rule.map(|rule| rule.id).as_slice());
    }
    let channels = permit.channels.iter().map(|channel| &channel.rule);
    let about_filing = permit.also.iter().flatten().chain(channels).filter(|_| permit.status != PermitStatus::Exempt);
    for rule in permit.rule.iter().chain(about_filing) {
        notices.add_notes(*rule, None);
    }
}
