//! What makes the status of a case, in ids: what is wrong with a stay, the duties that are late, not recorded or due soon,
//! and the codes of the warnings. What follows from these (fines, late filing) is left to the notices.

use smallvec::SmallVec;

use super::{
    Decision, PersonDecision, advice, arrival, arrival_channels, asks_for_action, documents, has_old_rules,
    notification, permit_channels, warnings,
};
use crate::assess::decide::permit::{filed_too_late, filing_not_covered};
use crate::assess::matching::{any_has_warning, certain};
use crate::assess::{CachedRules, Subject};
use crate::assessment::{PermitDecision, PermitEnd, PermitStatus, Requirement, Status, StayStatus};
use crate::rulebook::{Head, Level};

/// Each id once, those of the applicant first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why<'r>(SmallVec<[&'r str; 6]>);

impl<'r> Why<'r> {
    pub fn ids(&self) -> &[&'r str] {
        &self.0
    }

    pub fn push(&mut self, id: &'r str) {
        if !self.0.contains(&id) {
            self.0.push(id);
        }
    }

    /// Adds the codes of the warnings among the notes of a rule.
    fn push_notes(&mut self, head: &'r Head) {
        let warnings = head.notes.iter().filter(|note| note.level == Level::Warning);
        warnings.for_each(|note| self.push(&note.code));
    }
}

impl<'r> Decision<'r> {
    /// What makes the status; nothing where all is in order. `rules` are those that were asked for the decision.
    pub fn why(&self, rules: &CachedRules<'r>) -> Why<'r> {
        let mut why = Why::default();
        if self.status == Status::Ok {
            return why;
        }
        for person in self.persons() {
            person.add_what_is_wrong(rules, &mut why);
        }
        for (subject, person) in Subject::of_a_case(rules, self.profile, self.today).zip(self.persons()) {
            if person.warns {
                person.add_warnings(&subject, &mut why);
            }
            if warnings::permit_is_missing(&subject, &person.stay) {
                why.push("family-permit-missing");
            }
        }
        self.add_what_the_arrival_warns_of(rules, &mut why);
        why
    }

    fn add_what_the_arrival_warns_of(&self, rules: &CachedRules<'r>, why: &mut Why<'r>) {
        let subject = Subject::applicant(rules, self.profile, self.today);
        let (book, on) = (subject.book, subject.reference_day());
        let arrival = arrival(&subject);
        if arrival.is_refused {
            why.push("entry-document");
        }
        if arrival.warns {
            for rule in certain(&book.entry_documents, on, subject.facts_by_permit(on)) {
                why.push_notes(&rule.version.head);
            }
        }
        if any_has_warning(&book.channels)
            && let Some(duty) = notification(&subject)
        {
            arrival_channels(&subject, &duty).for_each(|channel| why.push_notes(&channel.version.head));
        }
        if any_has_warning(&book.advice) {
            advice(&subject, &self.applicant.stay).for_each(|advice| why.push_notes(&advice.version.head));
        }
        if has_old_rules(&subject, self, arrival) {
            why.push("rule-not-verified-lately");
        }
    }
}

impl<'r> PersonDecision<'r> {
    fn add_what_is_wrong(&self, rules: &CachedRules<'r>, why: &mut Why<'r>) {
        let stay = &self.stay;
        if stay.status == StayStatus::Overstay {
            why.push("overstay");
        } else if stay.is_violation() {
            why.push(if stay.last_day.is_some() { "exit-too-late" } else { "entry-not-allowed" });
        }
        let due = self.deadlines.iter().filter(|deadline| asks_for_action(rules.book, deadline));
        due.for_each(|deadline| why.push(deadline.id));
    }

    fn add_warnings(&self, subject: &Subject<'_, 'r>, why: &mut Why<'r>) {
        let stay = &self.stay;
        if stay.is_unknown() || stay.uncovered_by.is_some() {
            why.push("not-covered");
        }
        stay.uncovered_by.iter().for_each(|rule| why.push_notes(rule.head));
        if stay.other_day.is_some() {
            why.push("other-reading");
        }
        stay.limits.iter().for_each(|limit| why.push_notes(limit.rule.head));
        if warnings::visa_without_days(subject, stay).is_some() {
            why.push("visa-days-of-stay");
        }
        if warnings::visa_of_many_entries(subject).is_some() {
            why.push("visa-entries");
        }
        self.add_warnings_of_the_document(subject, why);
        for deadline in self.deadlines.iter().filter(|deadline| !deadline.status.is_done()) {
            if !warnings::is_noted_with_the_stay(stay, deadline) {
                why.push_notes(deadline.rule.head);
            }
            if warnings::stay_ends_first(subject, stay, deadline).is_some() {
                why.push("due-after-stay");
            }
        }
        if self.deadlines.iter().any(|deadline| deadline.due.is_none()) {
            why.push("not-covered");
        }
        if stay.is_outside_the_rules {
            return;
        }
        if let Some(permit) = &self.permit {
            self.add_warnings_of_the_permit(subject, permit, why);
        }
        let asked = documents::decide(subject, self.permit.as_ref());
        if asked.has_warning {
            let (on, facts) = documents::day_and_facts(subject);
            let rules = subject.book.documents.iter();
            for rule in rules.filter(|rule| documents::is_possible(rule, self.permit.as_ref())) {
                let version = rule.on(on).filter(|version| version.head.applies(&facts) != crate::facts::Truth::No);
                let is_asked = |id: &str| {
                    let requirement = asked.requirement(&subject.book.documents, id);
                    requirement.is_some_and(|requirement| requirement != Requirement::NotRequired)
                };
                version.filter(|_| is_asked(&rule.public)).iter().for_each(|version| why.push_notes(&version.head));
            }
        }
        if warnings::may_be_a_child(subject) {
            why.push("assumed-adult");
        }
    }

    fn add_warnings_of_the_document(&self, subject: &Subject<'_, 'r>, why: &mut Why<'r>) {
        let Some((expires, end)) = warnings::document_and_stay_end(subject, &self.stay) else { return };
        if expires < end {
            return why.push("passport-expires");
        }
        let margins = warnings::passport_margins(subject, &self.stay);
        for margin in margins.filter(|margin| warnings::is_within(margin, (expires, end))) {
            why.push("passport-margin");
            why.push_notes(&margin.version.head);
        }
    }

    fn add_warnings_of_the_permit(&self, subject: &Subject<'_, 'r>, permit: &PermitDecision<'r>, why: &mut Why<'r>) {
        if permit.is_usually_unavailable() {
            why.push("trp-usually-unavailable");
            let versions = subject.book.eligibility.iter().filter_map(|rule| rule.on(subject.reference_day()));
            versions.for_each(|version| why.push_notes(&version.head));
        }
        match permit.end {
            PermitEnd::NotIssued | PermitEnd::AtMost(_) => {}
            PermitEnd::NotCovered(_) => why.push("not-covered"),
            PermitEnd::EndsFirst(..) => why.push("trp-not-issued"),
        }
        if filing_not_covered(subject, permit).is_some() {
            why.push("not-covered");
        }
        if filed_too_late(subject, permit).is_some() {
            why.push("filing-too-late");
        }
        permit.rule.iter().for_each(|rule| why.push_notes(rule.head));
        if permit.status != PermitStatus::Exempt {
            permit.rules().for_each(|rule| why.push_notes(rule.head));
            if any_has_warning(&subject.book.channels) {
                let channels = permit_channels(subject, &self.stay, permit);
                channels.for_each(|channel| why.push_notes(&channel.version.head));
            }
        }
    }
}
