//! The pack as a whole, its sources, its vocabulary and its open questions.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Checker, Written};
use crate::rulebook::written::{self, Fields, items};
use crate::rulebook::{
    APPLICANT, AgeGroup, DocumentGroup, LeftOpen, MatrixColumn, OpenQuestion, PermitKind, RuleBook, TravelDocumentKind,
    VISA_FREE, Vocabulary,
};
use crate::source::{Code, Fault, List, Span, Text};

impl Checker<'_> {
    pub(super) fn book(&mut self, written: &Written, sha256: Text) -> RuleBook {
        let (top, pack) = (self.top, &written.pack);
        self.stale_after_days = self.number(&pack.stale_after_days, "stale_after_days", top, 1);
        if let Some((hours, place)) = self.required(&pack.utc_offset_hours, "utc_offset_hours", top)
            && !(-12..=14).contains(hours)
        {
            self.report(Fault::new(Code::OutOfRange, place).with("found", hours));
        }
        self.sources(&written.sources);
        self.vocabulary = Rc::new(self.read_vocabulary(written));

        let mut book = RuleBook { sha256, stale_after_days: self.stale_after_days, ..RuleBook::default() };
        let documents = &written.rules.documents;
        let groups = items(&documents.document_group);
        book.groups = groups.map(|(group, span)| DocumentGroup::check(self, group, span)).collect();
        self.groups = book.groups.iter().map(|group| group.id.clone()).collect();
        book.check_rules(self, &written.rules);
        let columns = items(&documents.matrix_column);
        book.matrix_columns = columns.map(|(column, span)| MatrixColumn::check(self, column, span)).collect();
        (book.calendar, book.calendar_law) = self.calendar(pack, &written.calendars);
        let questions = items(&written.questions.open_question);
        book.questions = questions.map(|(question, span)| self.question(question, span)).collect();

        book.permit = pack.permit.place().and_then(|(kind, place)| {
            self.names_deadline(&format!("{kind}-filing"), place);
            self.needs_text("procedure", kind, place);
            self.permit_kind(kind, place)
        });
        for id in ["stay-end", "permit-end"] {
            self.names_deadline(id, pack.permit.place().map_or(top, |(_, place)| place));
        }
        self.needs_text("pack", "name", top);
        book.languages = self.ids(&pack.languages, "languages", top);
        book.texts = self.texts(&book.languages, &written.texts);
        self.unused_sources();
        book.id = self.text_of(&pack.id, "id", top);
        book.version = self.text_of(&pack.version, "version", top);
        book.utc_offset_hours = pack.utc_offset_hours.get().copied().unwrap_or_default();
        book.covered_from = self.required_day(&pack.covered_from, "covered_from", top);
        book.attention_days = self.number(&pack.attention_days, "attention_days", top, 0);
        book.vocabulary = Vocabulary::clone(&self.vocabulary);
        book
    }

    fn sources(&mut self, written: &written::SourcesFile) {
        for (source, span) in items(&written.source) {
            let Some((id, place)) = self.required(&source.id, "id", span) else {
                continue;
            };
            let url = self.url(&source.url);
            if self.sources.insert(id.clone(), (url, place)).is_some() {
                self.report(Fault::new(Code::DuplicateId, place).with("id", id));
            }
        }
    }

    fn unused_sources(&mut self) {
        let unused = self.sources.iter().filter(|(id, _)| !self.sources_used.contains(*id));
        self.faults.extend(unused.map(|(id, (_, place))| Fault::new(Code::Unused, *place).with("found", id)));
    }

    fn question(&mut self, question: &written::OpenQuestion, span: Span) -> OpenQuestion {
        let known = self.rule_ids.clone();
        let mut rules = Vec::new();
        for (id, place) in self.required_items(&question.rules, "rules", span) {
            self.refer(id, place, known.iter().map(String::as_str));
            rules.push(Text::from(id.clone()));
        }
        let mut leaves_open = Vec::new();
        for (open, span) in items(&question.leaves_open) {
            let kind = self.value(&open.kind, "kind", span);
            let scope = self.scope(&open.when, &open.unless);
            leaves_open.extend(kind.map(|kind| LeftOpen { kind, scope }));
        }
        OpenQuestion {
            id: self.text_of(&question.id, "id", span),
            rules: rules.into(),
            decision: self.key_of(&question.decision, "decision", "question", span),
            reason: self.key_of(&question.reason, "reason", "question", span),
            leaves_open: leaves_open.into(),
        }
    }

    fn read_vocabulary(&mut self, written: &Written) -> Vocabulary {
        let (top, pack) = (self.top, &written.pack);
        let mut optional = |list: &Fields<String>, key: &str, table: &str| {
            let ids = if list.is_absent() { List::default() } else { self.ids(list, key, top) };
            for (id, place) in items(list) {
                self.needs_text(table, id, place);
            }
            ids
        };
        let mut vocabulary = Vocabulary {
            purposes: optional(&pack.purposes, "purposes", "purpose"),
            employers: optional(&pack.employers, "employers", "employer"),
            work: optional(&pack.work, "work", "work"),
            positions: optional(&pack.positions, "positions", "position"),
            housing_owners: optional(&pack.housing_owners, "housing_owners", "housing_owner"),
            inviters: optional(&pack.inviters, "inviters", "inviter"),
            relations: optional(&pack.relations, "relations", "relation"),
            filing_channels: optional(&pack.filing_channels, "filing_channels", "channel"),
            travel_documents: self.travel_documents(pack),
            ..Vocabulary::default()
        };
        self.needs_text("basis", VISA_FREE, top);
        self.needs_text("relation", APPLICANT, top);
        for (kind, span) in items(&pack.permits) {
            let id = self.named(&kind.id, "id", "basis", span);
            self.limit(vocabulary.permits.len(), span);
            vocabulary.permits.to_mut().push(PermitKind {
                filing: format!("{id}-filing").into(),
                id,
                days_per_entry: kind.days_per_entry.get().copied().unwrap_or(false),
                entries: kind.entries.get().copied().unwrap_or(false),
                open_ended: kind.open_ended.get().copied().unwrap_or(false),
            });
        }
        vocabulary.age_groups = self.age_groups(pack);
        for (category, span) in items(&written.rules.categories.category) {
            let id = self.named(&category.id, "id", "category", span);
            self.limit(vocabulary.categories.len(), span);
            vocabulary.categories.to_mut().push(id);
        }
        let documents = items(&written.rules.documents.document);
        let ids: BTreeSet<Text> =
            documents.filter_map(|(document, _)| document.document.get().cloned().map(Text::from)).collect();
        vocabulary.documents = ids.into_iter().collect();
        let amounts = items(&written.rules.stay.amount);
        vocabulary.amounts =
            amounts.map(|(amount, _)| Text::from(amount.amount.get().cloned().unwrap_or_default())).collect();
        vocabulary
    }

    fn travel_documents(&mut self, pack: &written::PackFile) -> List<TravelDocumentKind> {
        let items = self.required_items(&pack.travel_documents, "travel_documents", self.top);
        let known: Vec<&str> = items.iter().map(|(kind, _)| kind.id.get().map_or("", String::as_str)).collect();
        let kind = |(at, (kind, span)): (u8, &(&written::TravelDocument, Span))| TravelDocumentKind {
            id: self.named(&kind.id, "id", "travel_document", *span),
            accepted_as: match kind.accepted_as.place() {
                Some((other, place)) => self.place_of(other, place, &known).unwrap_or_default(),
                None => at,
            },
        };
        (0..).zip(&items).map(kind).collect()
    }

    fn age_groups(&mut self, pack: &written::PackFile) -> List<AgeGroup> {
        let mut groups: Vec<AgeGroup> = Vec::new();
        for (group, span) in self.required_items(&pack.age_groups, "age_groups", self.top) {
            let id = self.named(&group.id, "id", "age", span);
            let below = group.below.get().copied();
            self.rises(groups.last().map(|before| before.below), below, span);
            groups.push(AgeGroup { id, below });
        }
        self.is_open_at_the_end(groups.last().map(|last| last.below), self.top);
        groups.into()
    }
}
