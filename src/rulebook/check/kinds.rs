//! Nouns: what the kinds of rules say that need more than a line to check.

use std::rc::Rc;

use super::Checker;
use crate::calendar::Day;
use crate::facts::Fact;
use crate::rulebook::outline::Kind;
use crate::rulebook::written as w;
use crate::rulebook::{
    Channel, DeadlineKind, DocumentGroup, DoneBy, Duty, Event, LeftOpen, MatrixColumn, OpenQuestion, Rule, Sanction,
    SanctionStep, StayLimit, Term, Who, Window,
};
use crate::source::{Code, Fault, List, Span, Text};

impl Checker<'_> {
    pub(super) fn stay_limit(&mut self, version: &w::StayLimitVersion, span: Span) -> StayLimit {
        let window = match self.required(&version.window, "window", span) {
            Some((w::Window::RollingDays(days), _)) => Window::Rolling(*days),
            Some((w::Window::CalendarYear, _)) => Window::CalendarYear,
            Some((w::Window::Permit, _)) => Window::Permit,
            _ => Window::PerEntry,
        };
        if let Window::Rolling(days) = window
            && days < 1
        {
            let place = version.window.place().map_or(span, |(_, place)| place);
            self.say(Fault::new(Code::OutOfRange, place).with("found", days));
        }
        let max_days = if window == Window::Permit {
            self.refuse(&version.max_days, "max_days");
            0
        } else {
            self.number(&version.max_days, "max_days", span, 1)
        };
        let vocabulary = Rc::clone(&self.vocabulary);
        let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
        let not_counted = Self::items(&version.not_counted)
            .filter_map(|(kind, place)| self.place_of(kind, place, &kinds))
            .fold(0, |sum, at| sum | 1 << at);
        let counts_from = self.day(&version.counts_from);
        let from = version.from.get().and_then(|from| Day::parse(from).ok());
        if let (Some(counts_from), Some(from), Some((_, place))) = (counts_from, from, version.counts_from.place())
            && counts_from > from
        {
            let fault = Fault::new(Code::CountsFromAfterStart, place).with("day", counts_from);
            self.say(fault.with("from", from));
        }
        StayLimit { window, max_days, counts_from, not_counted }
    }

    pub(super) fn sanction(&mut self, version: &w::SanctionVersion, span: Span) -> Sanction {
        let items = self.required_items(&version.steps, "steps", span);
        let mut steps: Vec<SanctionStep> = Vec::new();
        for (step, place) in items {
            let up_to_days = step.up_to_days.get().copied();
            let rises = match steps.last().map(|before| before.up_to_days) {
                None => true,
                Some(None) => false,
                Some(Some(before)) => up_to_days.is_none_or(|days| days > before),
            };
            if !rises {
                self.say(Fault::new(Code::StepsNotRising, place));
            }
            let at = self.place_in_act(&step.at, place);
            let text = self.key_of(&step.text, "text", "sanction", place);
            steps.push(SanctionStep { up_to_days, at, text });
        }
        if steps.last().is_some_and(|last| last.up_to_days.is_some()) {
            self.say(Fault::new(Code::StepsNotRising, span));
        }
        Sanction { steps: steps.into() }
    }

    pub(super) fn duty(&mut self, version: &w::DutyVersion, duties: &[String], span: Span) -> Duty {
        let duties: Vec<&str> = duties.iter().map(String::as_str).collect();
        let vocabulary = Rc::clone(&self.vocabulary);
        let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
        let documents: Vec<&str> = vocabulary.documents.iter().map(|id| &**id).collect();
        let done_by = match self.required(&version.done_by, "done_by", span) {
            Some((w::DoneBy::Registered, _)) => DoneBy::Registered,
            Some((w::DoneBy::Permit(kind), place)) => {
                DoneBy::Permit(self.place_of(kind, place, &kinds).unwrap_or_default())
            }
            Some((w::DoneBy::Document(id), place)) => {
                self.refer(id, place, &documents);
                DoneBy::Document(id.clone().into())
            }
            _ => DoneBy::Notified,
        };
        let needs_document = version.needs_document.place().map(|(id, place)| {
            self.refer(id, place, &documents);
            Text::from(id.clone())
        });
        Duty {
            event: match self.required(&version.event, "event", span) {
                Some((w::Event::Arrival, _)) => Event::Arrival,
                Some((w::Event::Move, _)) => Event::Move,
                Some((w::Event::Submission, _)) => Event::Submission,
                Some((w::Event::EmployerChange, _)) => Event::EmployerChange,
                Some((w::Event::Birthday(years), _)) => Event::Birthday(*years),
                _ => Event::Entry,
            },
            who: match self.required(&version.who, "who", span) {
                Some((w::Who::Host, _)) => Who::Host,
                Some((w::Who::Owner, _)) => Who::Owner,
                Some((w::Who::Employer, _)) => Who::Employer,
                _ => Who::Person,
            },
            kind: match self.required(&version.kind, "kind", span) {
                Some((w::DeadlineKind::Limit, _)) => DeadlineKind::Limit,
                Some((w::DeadlineKind::Advice, _)) => DeadlineKind::Advice,
                _ => DeadlineKind::Duty,
            },
            term: match self.required(&version.term, "term", span) {
                Some((w::Term::WorkingDays(days), _)) => Term::WorkingDays(*days),
                Some((w::Term::DayNumber(days), _)) => Term::DayNumber(*days),
                Some((w::Term::Hours(hours), _)) => Term::Hours(*hours),
                Some((w::Term::CalendarDays(days), _)) => Term::CalendarDays(*days),
                None => Term::CalendarDays(0),
            },
            done_by,
            stays_of_days: version.stays_of_days.get().copied().unwrap_or_default(),
            after: version.after.place().and_then(|(id, place)| self.refer(id, place, &duties)),
            needs_document,
            horizon_days: version.horizon_days.get().copied(),
        }
    }

    pub(super) fn channels(&mut self, list: &w::Fields<w::Channel>) -> List<Rule<Channel>> {
        self.rules(
            list,
            |this, channel, span| {
                let id = this.text_of(&channel.id, "id", span);
                this.needs_text("channel", &id, span);
                id
            },
            |this, channel, version, span| {
                let conditions: Vec<Text> = Self::items(&version.conditions)
                    .map(|(id, place)| {
                        this.needs_text("condition", id, place);
                        Text::from(id.clone())
                    })
                    .collect();
                let url = channel.url.place().map(|(url, place)| {
                    if !url.starts_with("https://") {
                        this.say(Fault::new(Code::NotHttps, place).with("found", url));
                    }
                    Text::from(url.clone())
                });
                let procedure = this.text_of(&channel.procedure, "procedure", span);
                this.needs_text("procedure", &procedure, span);
                let recommended = version.recommended.get().copied().unwrap_or(false);
                Channel { procedure, url, recommended, conditions: conditions.into() }
            },
        )
    }

    pub(super) fn groups(&mut self, written: &w::DocumentsFile) -> Vec<DocumentGroup> {
        let mut groups = Vec::new();
        for (group, span) in Self::items(&written.document_group) {
            let id = self.text_of(&group.id, "id", span);
            self.needs_text("group", &id, span);
            let chosen_by = self.required(&group.chosen_by, "chosen_by", span).and_then(|(key, place)| {
                let known = Fact::ALL.map(Fact::key);
                self.place_of(key, place, &known)?;
                Fact::from_key(key)
            });
            groups.push(DocumentGroup { id, chosen_by: chosen_by.unwrap_or(Fact::Work) });
        }
        groups
    }

    pub(super) fn matrix_columns(&mut self, written: &w::DocumentsFile) -> List<MatrixColumn> {
        let mut columns = Vec::new();
        for (column, span) in Self::items(&written.matrix_column) {
            let id = self.text_of(&column.id, "id", span);
            self.needs_text("matrix", &id, span);
            columns.push(MatrixColumn { id, scope: self.scope(&column.when, &column.unless) });
        }
        columns.into()
    }

    pub(super) fn questions(&mut self, written: &w::QuestionsFile) -> List<OpenQuestion> {
        let mut questions = Vec::new();
        for (question, span) in Self::items(&written.open_question) {
            let ids = self.rule_ids.clone();
            let known: Vec<&str> = ids.iter().map(String::as_str).collect();
            let mut rules = Vec::new();
            for (id, place) in self.required_items(&question.rules, "rules", span) {
                self.refer(id, place, &known);
                rules.push(Text::from(id.clone()));
            }
            let mut leaves_open = Vec::new();
            for (open, span) in Self::items(&question.leaves_open) {
                let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                let kind = self.required(&open.kind, "kind", span);
                if let Some((kind, place)) = kind {
                    self.place_of(kind, place, &known);
                }
                let kind = kind.map(|(kind, _)| kind.clone()).unwrap_or_default();
                leaves_open.push(LeftOpen { kind: kind.into(), scope: self.scope(&open.when, &open.unless) });
            }
            questions.push(OpenQuestion {
                id: self.text_of(&question.id, "id", span),
                rules: rules.into(),
                decision: self.key_of(&question.decision, "decision", "question", span),
                reason: self.key_of(&question.reason, "reason", "question", span),
                leaves_open: leaves_open.into(),
            });
        }
        questions.into()
    }
}
