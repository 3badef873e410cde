//! Reasoning: what an answer must also say.

use std::borrow::Cow;

use crate::assessment::{
    Assessment, Deadline, Message, Notice, Param, Part, PermitStatus, PersonAssessment, Requirement, RuleRef, Stay,
    StayStatus,
};
use crate::calendar::Day;
use crate::facts::Truth;
use crate::profile::fields::Field;
use crate::rulebook::{APPLICANT, DoneBy, Head, Level, RuleBook, Standing};

use super::calendar::covered;
use super::permit::may_have_it;
use super::subject::label_of;
use super::wanting::Wanting;
use super::{Detail, Subject, each_use};

/// What was said so far.
pub(super) struct Notices<'r> {
    detail: Detail,
    list: Vec<Notice<'r>>,
    /// The level of the loudest one.
    pub(super) loudest: Option<Level>,
}

impl Notices<'_> {
    pub(super) const fn new(detail: Detail) -> Self {
        Self { detail, list: Vec::new(), loudest: None }
    }

    /// Adds what was said of somebody else of the case.
    pub(super) fn add(&mut self, other: Self) {
        self.list.extend(other.list);
        self.hear(other.loudest);
    }

    /// Takes note of the level of something that a row does not tell.
    pub(super) fn hear(&mut self, level: Option<Level>) {
        self.loudest = self.loudest.max(level);
    }
}

/// The notices about one person; facts that are missed are added to `wanting`.
pub(super) fn of_a_person<'r>(
    subject: &Subject<'_, 'r>,
    assessment: &PersonAssessment<'r>,
    wanting: &mut Wanting<'r>,
    notices: &mut Notices<'r>,
) {
    let mut say = Speaker { person: subject.place, part: Some(Part::Stay), notices };
    of_the_stay(subject, assessment, wanting, &mut say);
    of_the_travel_document(subject, assessment, &mut say);
    of_the_deadlines(subject, assessment, &mut say);
    if assessment.stay.is_outside_the_rules {
        return;
    }
    say.part = Some(Part::Permit);
    of_the_permit(subject, assessment, &mut say);
    say.part = Some(Part::Documents);
    of_the_documents(assessment, &mut say);
    say.part = None;
    if subject.person.birth_date.is_none() && subject.law.asks_age() {
        let is_child_perhaps = !subject.is_applicant();
        let level = if is_child_perhaps { Level::Warning } else { Level::Info };
        say.say("assumed-adult", level, || Message::new("notice.assumed-adult"), &[]);
        if is_child_perhaps {
            wanting.day(subject, Field::BirthDate, Part::Documents, "documents");
        }
    }
}

/// The notices about the answer as a whole; called when all else is there. They are the answer's then.
pub(super) fn of_the_whole<'r>(subject: &Subject<'_, 'r>, assessment: &mut Assessment<'r>, notices: &mut Notices<'r>) {
    let mut say = Speaker { person: subject.place, part: Some(Part::Stay), notices };
    if let Some(document) = assessment.entry_document.as_ref().filter(|document| !document.ok) {
        let text = || {
            let accepted = document.accepted.iter().map(|kind| format!("travel_document.{kind}")).collect();
            Message::new("notice.entry-document")
                .with("given", Param::Key(Cow::Owned(format!("travel_document.{}", document.given))))
                .with("accepted", Param::Keys(accepted))
        };
        say.say("entry-document", Level::Warning, text, &document.rules.iter().map(|rule| rule.id).collect::<Vec<_>>());
    }
    let documents = assessment.entry_document.iter().flat_map(|document| &document.rules);
    let channels = assessment.registration.iter().flat_map(|registration| &registration.channels);
    for rule in documents.chain(channels.map(|channel| &channel.rule)) {
        say.notes(rule.id, rule.head, None);
    }
    if subject.detail == Detail::Whole || subject.law.advice.warns() {
        let on = subject.reference_day();
        let facts = subject.facts(on, subject.basis_of(&assessment.applicant.stay));
        for advice in subject.law.advice.applied(on, &facts) {
            if advice.truth == Truth::Yes && !assessment.applicant.stay.is_outside_the_rules {
                say.notes(&advice.rule.id, &advice.version.head, None);
            }
        }
    }
    if subject.detail == Detail::Whole {
        of_the_calendar(subject.book, assessment, notices);
        of_the_rules(subject.book, assessment, Part::ALL, notices);
    }
    assessment.notices = std::mem::take(&mut notices.list);
}

/// That the calendar of working days is about to end: within the time after which rules are called old.
fn of_the_calendar(book: &RuleBook, assessment: &Assessment<'_>, notices: &mut Notices<'_>) {
    let end = covered(book).and_then(|(_, year)| Day::from_ymd(year, 12, 31));
    if let Some(end) = end.filter(|end| end.days_since(assessment.today) < book.stale_after_days) {
        let text = || Message::new("notice.calendar-ends").with("day", Param::Day(end));
        Speaker { person: 0, part: None, notices }.say(CALENDAR_ENDS, Level::Info, text, &[]);
    }
}

/// Code of the notice that the permit is given to no citizens of this country as a rule.
pub(super) const USUALLY_UNAVAILABLE: &str = "trp-usually-unavailable";

/// Codes of the notices about the calendar, and about the rules themselves.
pub(super) const CALENDAR_ENDS: &str = "calendar-ends";
const SECONDARY: &str = "rule-secondary-source";
const NOT_LATELY: &str = "rule-not-verified-lately";
/// What is less than the text of an act or the word of a state body.
const WEAK: &[Standing] = &[Standing::Secondary, Standing::Article, Standing::Inferred];

/// The notices about the rules that some parts of an answer rest on, in place of those there are; then all
/// notices in their order.
pub(super) fn of_some_parts(book: &RuleBook, assessment: &mut Assessment<'_>, parts: &[Part]) {
    let mut notices = Notices::new(Detail::Whole);
    notices.list = std::mem::take(&mut assessment.notices);
    notices.list.retain(|notice| notice.code != SECONDARY && notice.code != NOT_LATELY);
    of_the_rules(book, assessment, parts, &mut notices);
    assessment.notices = notices.list;
}

/// The notices about the rules that some parts of an answer rest on; then all notices in their order:
/// warnings, the rest, and last what is of interest to lawyers only.
fn of_the_rules<'r>(book: &RuleBook, assessment: &Assessment<'r>, parts: &[Part], notices: &mut Notices<'r>) {
    let is_old = |head: &Head| assessment.today.days_since(head.verified) > book.stale_after_days;
    let (mut weak, mut old, mut oldest) = (Vec::<RuleRef<'r>>::new(), Vec::<RuleRef<'r>>::new(), None);
    let is_new = |known: &[RuleRef<'r>], rule: RuleRef<'r>| !known.iter().any(|one| one.is(rule));
    each_use(assessment, parts, |rule| {
        if WEAK.contains(&rule.head.standing) && is_new(&weak, rule) {
            weak.push(rule);
        }
        if is_old(rule.head) && is_new(&old, rule) {
            old.push(rule);
        }
        oldest = oldest.map_or(Some(rule.head.verified), |day: Day| Some(day.min(rule.head.verified)));
    });
    let mut say = Speaker { person: 0, part: None, notices };
    let count = |rules: &[RuleRef<'_>]| Param::Count(i64::try_from(rules.len()).unwrap_or(i64::MAX));
    let ids = |rules: &[RuleRef<'r>]| rules.iter().map(|rule| rule.id).collect::<Vec<_>>();
    if !weak.is_empty() {
        let text = || {
            let standings = WEAK.iter().filter(|standing| weak.iter().any(|rule| rule.head.standing == **standing));
            let standings = standings.map(|standing| format!("weak_standing.{}", standing.name())).collect();
            let text = Message::new("notice.rule-secondary-source").with("n", count(&weak));
            text.with("standings", Param::Keys(standings))
        };
        say.say(SECONDARY, Level::Info, text, &ids(&weak));
    }
    if !old.is_empty() {
        let oldest = Param::Day(oldest.unwrap_or(assessment.today));
        let text = || Message::new("notice.rule-not-verified-lately").with("n", count(&old)).with("day", oldest);
        say.say(NOT_LATELY, Level::Warning, text, &ids(&old));
    }
    let of_the_law = |notice: &Notice<'_>| matches!(&*notice.code, "article-differs" | SECONDARY);
    say.notices.list.sort_by_key(|notice| (std::cmp::Reverse(notice.level), of_the_law(notice)));
}

/// That an answer is unknown to somebody strict, and because of which rules.
pub(super) fn strict(rules: Vec<&str>) -> Notice<'_> {
    let text = Message::new("notice.strict").with("rules", Param::Words(rules.clone()));
    let person = Cow::Borrowed(APPLICANT);
    Notice { code: Cow::Borrowed("strict"), level: Level::Warning, person, part: None, text, rules }
}

/// Collects notices about one person, each only once.
struct Speaker<'n, 'r> {
    /// The applicant's place is 0, then come the members of the family.
    person: usize,
    part: Option<Part>,
    notices: &'n mut Notices<'r>,
}

impl<'r> Speaker<'_, 'r> {
    fn say(
        &mut self,
        code: impl Into<Cow<'r, str>>,
        level: Level,
        text: impl FnOnce() -> Message<'r>,
        rules: &[&'r str],
    ) {
        self.notices.hear(Some(level));
        if self.notices.detail == Detail::Whole {
            self.write(code, level, text, rules);
        }
    }

    /// Adds a notice, or its rules to the same one. Rows have none: what writes them would only stand in their way.
    #[cold]
    fn write(
        &mut self,
        code: impl Into<Cow<'r, str>>,
        level: Level,
        text: impl FnOnce() -> Message<'r>,
        rules: &[&'r str],
    ) {
        let (code, text, person) = (code.into(), text(), label_of(self.person));
        let mut known = self.notices.list.iter_mut();
        let same = known.find(|notice| notice.code == code && notice.text == text && notice.person == person);
        let Some(notice) = same else {
            self.notices.list.push(Notice { code, level, person, part: self.part, text, rules: rules.to_vec() });
            return;
        };
        for rule in rules {
            if !notice.rules.contains(rule) {
                notice.rules.push(rule);
            }
        }
    }

    /// What a version wants to be said with it.
    fn notes(&mut self, id: &'r str, head: &'r Head, day: Option<Day>) {
        for note in head.notes.iter() {
            let text = || {
                let text = Message::new(&*note.text);
                match day {
                    Some(day) => text.with("day", Param::Day(day)),
                    None => text,
                }
            };
            self.say(&*note.code, note.level, text, &[id]);
        }
    }
}

fn of_the_stay<'r>(
    subject: &Subject<'_, 'r>,
    assessment: &PersonAssessment<'r>,
    wanting: &mut Wanting<'r>,
    say: &mut Speaker<'_, 'r>,
) {
    let book = subject.book;
    let stay = &assessment.stay;
    if let Some(text) = &stay.uncovered {
        say.say("not-covered", Level::Warning, || text.clone(), stay.uncovered_by.map(|rule| rule.id).as_slice());
        if let Some(rule) = &stay.uncovered_by {
            say.notes(rule.id, rule.head, None);
        }
    }
    for limit in &stay.limits {
        say.notes(limit.rule.id, limit.rule.head, stay.latest_arguable);
    }
    let carries = stay.entry.and_then(|entry| subject.permit_on(entry.max(subject.today)));
    if let Some(permit) = carries
        && book.vocabulary.permits[usize::from(permit.kind)].days_per_entry
        && permit.days_per_entry.is_none()
    {
        let text = || {
            let kind = Cow::Owned(format!("basis.{}", book.vocabulary.permits[usize::from(permit.kind)].id));
            Message::new("notice.visa-days-of-stay").with("permit", Param::Key(kind))
        };
        say.say("visa-days-of-stay", Level::Warning, text, &[]);
        wanting.number(subject, Field::DaysPerEntry, Part::Stay, "stay");
    }
    for over in stay.overstays.iter().filter(|over| over.to < subject.today) {
        let text = || {
            Message::new("notice.past-overstay")
                .with("n", Param::Count(over.days.into()))
                .with("from", Param::Day(over.from))
                .with("to", Param::Day(over.to))
        };
        say.say("past-overstay", Level::Info, text, &[]);
    }
    if !stay.is_violation() {
        return;
    }
    let facts = subject.facts(subject.today, subject.basis_of(stay));
    for sanction in subject.law.sanctions.applied(subject.today, &facts) {
        let mut steps = sanction.version.says.steps.iter();
        let step = steps.find(|step| step.up_to_days.is_none_or(|most| stay.days_over <= most));
        if let Some(step) = step {
            let text = || {
                Message::new("notice.sanction")
                    .with("n", Param::Count(stay.days_over.into()))
                    .with("what", Param::Key(Cow::Borrowed(&step.text)))
                    .with("at", Param::Place(&step.at))
            };
            say.say("sanction", Level::Warning, text, &[&sanction.rule.id]);
            say.notes(&sanction.rule.id, &sanction.version.head, None);
        }
    }
    let may_have_permit = assessment.permit.as_ref().is_some_and(|permit| permit.status != PermitStatus::Exempt);
    if stay.status == StayStatus::Overstay && may_have_permit && may_have_it(subject, stay) {
        for late in subject.law.late_filings.applied(subject.today, &facts) {
            let says = &late.version.says;
            if late.truth == Truth::Yes && stay.days_over <= says.days {
                let text = || {
                    Message::new(&*says.text)
                        .with("days", Param::Count(says.days.into()))
                        .with("day", Param::Day(subject.today.plus(says.days - stay.days_over)))
                };
                say.say("late-filing-window", Level::Warning, text, &[&late.rule.id]);
                say.notes(&late.rule.id, &late.version.head, None);
            }
        }
    }
}

fn of_the_travel_document<'r>(subject: &Subject<'_, 'r>, assessment: &PersonAssessment<'r>, say: &mut Speaker<'_, 'r>) {
    let stay = &assessment.stay;
    let Some(expires) = subject.person.document_expires else {
        return;
    };
    let Some(end) = stay.exit.or(stay.last_day) else {
        return;
    };
    let about = |key: &'static str| Message::new(key).with("expires", Param::Day(expires)).with("end", Param::Day(end));
    let on = subject.reference_day();
    let facts = subject.facts(on, subject.basis_of(stay));
    let margins = subject.law.passport_margins.applied(on, &facts);
    if expires < end {
        let rules: Vec<&str> = margins.map(|margin| &*margin.rule.id).collect();
        let key = if stay.exit.is_some() { "notice.passport-expires-planned" } else { "notice.passport-expires" };
        say.say("passport-expires", Level::Warning, || about(key), &rules);
        return;
    }
    for margin in margins {
        let months = margin.version.says.months;
        if margin.truth == Truth::Yes && expires < end.plus_months(months) {
            let text = || about("notice.passport-margin").with("n", Param::Count(months.into()));
            say.say("passport-margin", Level::Warning, text, &[&margin.rule.id]);
            say.notes(&margin.rule.id, &margin.version.head, None);
        }
    }
}

fn of_the_permit<'r>(subject: &Subject<'_, 'r>, assessment: &PersonAssessment<'r>, say: &mut Speaker<'_, 'r>) {
    let Some(permit) = &assessment.permit else {
        return;
    };
    let is_wanted = matches!(permit.status, PermitStatus::Required | PermitStatus::Conditional);
    if is_wanted && !may_have_it(subject, &assessment.stay) {
        for rule in subject.book.eligibility.iter() {
            if let Some(version) = rule.on(subject.reference_day()) {
                let country = Param::Country(subject.person.citizenship);
                let text = || Message::new(&*version.says.warning).with("country", country);
                say.say(USUALLY_UNAVAILABLE, Level::Warning, text, &[&rule.id]);
                say.notes(&rule.id, &version.head, None);
            }
        }
    }
    let filed = subject.profile.filing_on.map(|filed| filed.day).filter(|_| is_wanted && subject.is_applicant());
    if let Some((day, by)) = filed.zip(permit.file_by).filter(|(day, by)| day > by) {
        let text = || Message::new("notice.filing-too-late").with("day", Param::Day(day)).with("by", Param::Day(by));
        say.say("filing-too-late", Level::Warning, text, permit.rule.map(|rule| rule.id).as_slice());
    }
    let channels = permit.channels.iter().map(|channel| &channel.rule);
    let about_filing = permit.also.iter().flatten().chain(channels).filter(|_| permit.status != PermitStatus::Exempt);
    for rule in permit.rule.iter().chain(about_filing) {
        say.notes(rule.id, rule.head, None);
    }
}

fn of_the_documents<'r>(assessment: &PersonAssessment<'r>, say: &mut Speaker<'_, 'r>) {
    for line in assessment.documents.iter().filter(|line| line.requirement != Requirement::NotRequired) {
        say.notes(line.rule.id, line.rule.head, None);
    }
}

fn of_the_deadlines<'r>(subject: &Subject<'_, 'r>, assessment: &PersonAssessment<'r>, say: &mut Speaker<'_, 'r>) {
    for deadline in &assessment.deadlines {
        let is_open = !deadline.status.is_done();
        let about = |key: &'static str| {
            Message::new(key).with("what", Param::Key(Cow::Owned(format!("deadline.{}", deadline.id))))
        };
        let is_said_of_the_stay = assessment.stay.limits.iter().any(|limit| limit.rule == deadline.rule);
        if is_open && !is_said_of_the_stay {
            say.notes(deadline.rule.id, deadline.rule.head, None);
        }
        if deadline.due.is_none() {
            let text = || about("notice.calendar-not-covered").with("day", Param::Day(deadline.event_date));
            say.say("not-covered", Level::Warning, text, &[deadline.rule.id]);
        } else if deadline.is_estimated && is_open {
            say.say("calendar-estimated", Level::Info, || about("notice.calendar-estimated"), &[deadline.rule.id]);
        }
        if is_open && let Some((last, due)) = stay_ends_first(subject, &assessment.stay, deadline) {
            let text = || about("notice.due-after-stay").with("last", Param::Day(last)).with("due", Param::Day(due));
            say.say("due-after-stay", Level::Warning, text, &[deadline.rule.id]);
        }
    }
}

/// The last lawful day and the last day to apply for a permit, where the stay ends within the time for applying: whoever
/// used all of it would stay on without the right to. Of events after the stay nothing is said.
fn stay_ends_first(subject: &Subject<'_, '_>, stay: &Stay<'_>, deadline: &Deadline<'_>) -> Option<(Day, Day)> {
    let (last, due) = (stay.last_day?, deadline.due?.day);
    let ends_within = deadline.event_date.max(subject.today) <= last && last < due;
    if !ends_within || stay.exit.is_some_and(|exit| exit <= last) {
        return None;
    }
    let duty = subject.book.duties.iter().find(|duty| *duty.id == *deadline.rule.id)?;
    let done_by = &duty.on(deadline.event_date)?.says.done_by;
    matches!(done_by, DoneBy::Permit(_)).then_some((last, due))
}
