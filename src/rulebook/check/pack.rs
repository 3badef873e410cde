//! Nouns: the pack as a whole, its sources and its vocabulary.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Checker, MAX_VALUES, Written};
use crate::country::Country;
use crate::facts::Fact;
use crate::rulebook::written as w;
use crate::rulebook::{
    APPLICANT, Advice, AgeGroup, Category, Document, DocumentGroup, EntryDocument, LateFiling, PassportMargin,
    PermitEligibility, PermitExemption, PermitKind, PermitService, PermitTerm, PermitThreshold, RuleBook,
    TravelDocumentKind, Uncovered, UncoveredScope, UncoveredStatus, VISA_FREE, Vocabulary,
};
use crate::source::{Code, Fault, List, Span, Text};

impl Checker<'_> {
    pub(super) fn book(&mut self, written: &Written, sha256: Text) -> RuleBook {
        let top = self.top;
        let pack = &written.pack;
        self.stale_after_days = self.number(&pack.stale_after_days, "stale_after_days", top, 1);
        if let Some((hours, place)) = self.required(&pack.utc_offset_hours, "utc_offset_hours", top)
            && !(-12..=14).contains(hours)
        {
            self.say(Fault::new(Code::OutOfRange, place).with("found", hours));
        }
        self.sources(&written.sources);
        self.vocabulary(pack, written);
        let countries = self.countries;

        let categories = self.rules(
            &written.categories.category,
            |this, category, _| {
                this.refuse(&category.exception_to, "exception_to");
                Text::Borrowed("")
            },
            |this, category, version, span| {
                this.refuse(&version.when, "when");
                this.refuse(&version.unless, "unless");
                this.refuse(&version.notes, "notes");
                let mut members: Vec<Country> = Vec::new();
                for (code, place) in this.required_items(&version.members, "members", span) {
                    match countries.by_code(code) {
                        None => {
                            let fault = Fault::new(Code::UnknownCountry, place).with("found", code);
                            let fault = match countries.nearest(code) {
                                Some(near) => fault.with("suggestion", countries.code(near)),
                                None => fault,
                            };
                            this.say(fault);
                        }
                        Some(country) if members.contains(&country) => {
                            this.say(Fault::new(Code::DuplicateId, place).with("id", code));
                        }
                        Some(country) => members.push(country),
                    }
                }
                members.sort_unstable();
                Category { members: members.into(), is_shown: category.shown.get().copied().unwrap_or(true) }
            },
        );
        let entry_documents = self.rules(
            &written.stay.entry_document,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| {
                let vocabulary = Rc::clone(&this.vocabulary);
                let kinds = vocabulary.values(Fact::DocumentKind);
                let items = this.required_items(&version.accepts, "accepts", span);
                let accepts: Vec<u8> =
                    items.into_iter().filter_map(|(kind, at)| this.place_of(kind, at, &kinds)).collect();
                EntryDocument { accepts: accepts.into() }
            },
        );
        let stay_limits = self.rules(
            &written.stay.stay_limit,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| this.stay_limit(version, span),
        );
        let uncovered = self.rules(
            &written.stay.uncovered,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| Uncovered {
                status: match this.required(&version.status, "status", span) {
                    Some((w::UncoveredStatus::VisaRequired, _)) => UncoveredStatus::VisaRequired,
                    _ => UncoveredStatus::NotCovered,
                },
                scope: match this.required(&version.applies, "applies", span) {
                    Some((w::UncoveredScope::PastLastDay, _)) => UncoveredScope::PastLastDay,
                    Some((w::UncoveredScope::Everything, _)) => UncoveredScope::Everything,
                    _ => UncoveredScope::Always,
                },
                text: this.key_of(&version.text, "text", "uncovered", span),
            },
        );
        let sanctions = self.rules(
            &written.stay.sanction,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| this.sanction(version, span),
        );
        let passport_margins = self.rules(
            &written.stay.passport_margin,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PassportMargin { months: this.number(&version.months, "months", span, 1) },
        );
        let duty_ids: Vec<String> =
            Self::items(&written.duties.duty).map(|(duty, _)| duty.id.get().cloned().unwrap_or_default()).collect();
        let duties = self.rules(
            &written.duties.duty,
            |this, duty, span| {
                this.refuse(&duty.exception_to, "exception_to");
                let id = this.text_of(&duty.deadline, "deadline", span);
                this.needs_text("deadline", &id, span);
                this.needs_text("deadline_done", &id, span);
                id
            },
            |this, _, version, span| this.duty(version, &duty_ids, span),
        );
        let mut channels = self.channels(&written.duties.channel).into_owned();
        channels.extend(self.channels(&written.permit.channel).into_owned());
        let advice = self.rules(
            &written.duties.advice,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| {
                this.required_items(&version.notes, "notes", span);
                Advice {}
            },
        );
        let permit = &written.permit;
        let services = self.rules(
            &permit.permit_service,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitService {
                fee: this.key_of(&version.fee, "fee", "fee", span),
                processing_working_days: this.number(
                    &version.processing_working_days,
                    "processing_working_days",
                    span,
                    0,
                ),
            },
        );
        let thresholds = self.rules(
            &permit.permit_threshold,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitThreshold { days: this.number(&version.days, "days", span, 1) },
        );
        let exemptions = self.rules(
            &permit.permit_exemption,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitExemption {
                because: this.key_of(&version.because, "because", "because", span),
            },
        );
        let eligibility = self.rules(
            &permit.permit_eligibility,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| PermitEligibility {
                warning: this.key_of(&version.warning, "warning", "note", span),
            },
        );
        let terms = self.rules(
            &permit.permit_term,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| {
                let caps: Vec<w::Cap> = Self::items(&version.capped_by).map(|(cap, _)| cap.clone()).collect();
                PermitTerm {
                    max_years: version.max_years.get().copied(),
                    renewable: this.required(&version.renewable, "renewable", span).is_some_and(|(yes, _)| *yes),
                    capped_by_contract: caps.contains(&w::Cap::Contract),
                    capped_by_document: caps.contains(&w::Cap::TravelDocument),
                }
            },
        );
        let late_filings = self.rules(
            &permit.late_filing,
            |_, _, _| Text::Borrowed(""),
            |this, _, version, span| LateFiling {
                days: this.number(&version.days, "days", span, 1),
                text: this.key_of(&version.text, "text", "note", span),
            },
        );
        let groups = self.groups(&written.documents);
        let documents = self.rules(
            &written.documents.document,
            |this, document, span| {
                this.refuse(&document.exception_to, "exception_to");
                let id = this.text_of(&document.document, "document", span);
                this.needs_text("document", &id, span);
                id
            },
            |this, document, _, span| {
                let procedure = this.text_of(&document.procedure, "procedure", span);
                this.needs_text("procedure", &procedure, span);
                let form = this.text_of(&document.form, "form", span);
                this.needs_text("form", &form, span);
                let known: Vec<&str> = groups.iter().map(|group: &DocumentGroup| &*group.id).collect();
                let group = document.group.place().and_then(|(group, place)| this.place_of(group, place, &known));
                Document { procedure, form, group }
            },
        );
        let matrix_columns = self.matrix_columns(&written.documents);
        let (calendar, calendar_law) = self.calendar(pack, &written.calendars);
        let questions = self.questions(&written.questions);
        let permit_at = pack.permit.place().and_then(|(kind, place)| {
            let vocabulary = Rc::clone(&self.vocabulary);
            let kinds: Vec<&str> = vocabulary.permits.iter().map(|kind| &*kind.id).collect();
            for id in ["stay-end", "permit-end", &format!("{kind}-filing")] {
                self.needs_text("deadline", id, place);
            }
            self.needs_text("procedure", kind, place);
            self.place_of(kind, place, &kinds)
        });
        if permit_at.is_none() {
            self.needs_text("deadline", "stay-end", top);
            self.needs_text("deadline", "permit-end", top);
        }
        self.needs_text("pack", "name", top);
        let languages = self.ids(&pack.languages, "languages", top);
        let texts = self.texts(&languages, &written.texts);
        self.unused_sources();
        RuleBook {
            id: self.text_of(&pack.id, "id", top),
            version: self.text_of(&pack.version, "version", top),
            sha256,
            utc_offset_hours: pack.utc_offset_hours.get().copied().unwrap_or_default(),
            languages,
            covered_from: self.required_day(&pack.covered_from, "covered_from", top),
            stale_after_days: self.stale_after_days,
            attention_days: self.number(&pack.attention_days, "attention_days", top, 0),
            permit: permit_at,
            vocabulary: Vocabulary::clone(&self.vocabulary),
            categories,
            entry_documents,
            stay_limits,
            uncovered,
            sanctions,
            passport_margins,
            duties,
            channels: channels.into(),
            advice,
            services,
            thresholds,
            exemptions,
            eligibility,
            terms,
            late_filings,
            documents,
            groups: groups.into(),
            matrix_columns,
            calendar,
            calendar_law,
            questions,
            texts,
        }
    }

    pub(super) fn sources(&mut self, written: &w::SourcesFile) {
        for (source, span) in Self::items(&written.source) {
            let Some((id, place)) = self.required(&source.id, "id", span) else {
                continue;
            };
            let url = source.url.place().map(|(url, place)| {
                if !url.starts_with("https://") {
                    self.say(Fault::new(Code::NotHttps, place).with("found", url));
                }
                Text::from(url.clone())
            });
            if self.sources.insert(id.clone(), (url, place)).is_some() {
                self.say(Fault::new(Code::DuplicateId, place).with("id", id));
            }
        }
    }

    pub(super) fn unused_sources(&mut self) {
        let unused: Vec<(String, Span)> = self
            .sources
            .iter()
            .filter(|(id, _)| !self.sources_used.contains(*id))
            .map(|(id, (_, place))| (id.clone(), *place))
            .collect();
        for (id, place) in unused {
            self.say(Fault::new(Code::Unused, place).with("found", id));
        }
    }

    pub(super) fn vocabulary(&mut self, pack: &w::PackFile, written: &Written) {
        let top = self.top;
        let mut optional = |list: &w::Fields<String>, key: &str, table: &str| {
            let ids = if list.is_absent() { List::Borrowed(&[] as &[Text]) } else { self.ids(list, key, top) };
            for (id, place) in Self::items(list) {
                self.needs_text(table, id, place);
            }
            ids
        };
        let purposes = optional(&pack.purposes, "purposes", "purpose");
        let employers = optional(&pack.employers, "employers", "employer");
        let work = optional(&pack.work, "work", "work");
        let housing_owners = optional(&pack.housing_owners, "housing_owners", "housing_owner");
        let relations = optional(&pack.relations, "relations", "relation");
        let filing_channels = optional(&pack.filing_channels, "filing_channels", "channel");
        let mut travel_documents = Vec::new();
        let items = self.required_items(&pack.travel_documents, "travel_documents", top);
        let kinds: Vec<String> = items.iter().map(|(kind, _)| kind.id.get().cloned().unwrap_or_default()).collect();
        let known: Vec<&str> = kinds.iter().map(String::as_str).collect();
        for (at, (kind, span)) in items.into_iter().enumerate() {
            let id = self.text_of(&kind.id, "id", span);
            self.needs_text("travel_document", &id, span);
            let accepted_as = match kind.accepted_as.place() {
                Some((other, place)) => self.place_of(other, place, &known).unwrap_or_default(),
                None => u8::try_from(at).unwrap_or_default(),
            };
            travel_documents.push(TravelDocumentKind { id, accepted_as });
        }
        let mut permits = Vec::new();
        self.needs_text("basis", VISA_FREE, top);
        self.needs_text("relation", APPLICANT, top);
        for (kind, span) in Self::items(&pack.permits) {
            let id = self.text_of(&kind.id, "id", span);
            self.needs_text("basis", &id, span);
            if permits.len() == MAX_VALUES {
                self.say(Fault::new(Code::TooMany, span).with("max", MAX_VALUES));
            }
            permits.push(PermitKind {
                filing: format!("{id}-filing").into(),
                id,
                days_per_entry: kind.days_per_entry.get().copied().unwrap_or(false),
                open_ended: kind.open_ended.get().copied().unwrap_or(false),
            });
        }
        let mut age_groups: Vec<AgeGroup> = Vec::new();
        for (group, span) in self.required_items(&pack.age_groups, "age_groups", top) {
            let id = self.text_of(&group.id, "id", span);
            self.needs_text("age", &id, span);
            let below = group.below.get().copied();
            if age_groups
                .last()
                .is_some_and(|before| before.below.is_none() || below.is_some_and(|b| Some(b) <= before.below))
            {
                self.say(Fault::new(Code::StepsNotRising, span));
            }
            age_groups.push(AgeGroup { id, below });
        }
        if age_groups.last().is_some_and(|last| last.below.is_some()) {
            self.say(Fault::new(Code::StepsNotRising, top));
        }
        let mut categories: Vec<Text> = Vec::new();
        for (category, span) in Self::items(&written.categories.category) {
            let id = self.text_of(&category.id, "id", span);
            self.needs_text("category", &id, span);
            if categories.len() == MAX_VALUES {
                self.say(Fault::new(Code::TooMany, span).with("max", MAX_VALUES));
            }
            categories.push(id);
        }
        let documents: BTreeSet<Text> = Self::items(&written.documents.document)
            .filter_map(|(document, _)| document.document.get().cloned().map(Text::from))
            .collect();
        self.vocabulary = Rc::new(Vocabulary {
            purposes,
            employers,
            work,
            housing_owners,
            relations,
            filing_channels,
            travel_documents: travel_documents.into(),
            permits: permits.into(),
            age_groups: age_groups.into(),
            documents: documents.into_iter().collect::<Vec<_>>().into(),
            categories: categories.into(),
        });
    }
}
