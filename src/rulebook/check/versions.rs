//! What all rules share: ids, versions, heads, citations, conditions.

use std::rc::Rc;

use super::Checker;
use crate::calendar::Day;
use crate::facts::{Condition, Fact, Test};
use crate::rulebook::kind::RuleKind;
use crate::rulebook::written::{self, Fields, Wanted, WrittenRule, items};
use crate::rulebook::{Cite, Exemption, Head, Level, Note, Rule, Scope, Standing, Version};
use crate::source::{Code, Fault, List, Span};
use crate::tree::Field;

impl Checker<'_> {
    pub(crate) fn cites(&mut self, list: &Fields<written::Cite>, verified: Day, standing: Standing) -> Vec<Cite> {
        let mut cites = Vec::new();
        for (cite, span) in items(list) {
            let Some((source, place)) = self.required(&cite.source, "source", span) else {
                continue;
            };
            let at = self.place_in_act(&cite.at, span);
            if !self.sources.contains_key(source) {
                let known: Vec<String> = self.sources.keys().cloned().collect();
                self.refer(source, place, known.iter().map(String::as_str));
                continue;
            }
            self.sources_used.insert(source.clone());
            let sentence = cite.sentence.get().cloned().unwrap_or_default();
            // Two sentences of one place are two citations.
            let is_same = |known: &Cite| {
                let is_same_sentence = known.sentence == sentence || known.sentence.is_empty() || sentence.is_empty();
                known.source == *source && known.at == at && is_same_sentence
            };
            if !at.is_empty() && cites.iter().any(is_same) {
                self.report(Fault::new(Code::CiteTwice, place).with("source", source).with("at", &at));
            }
            self.needs_text("source", source, place);
            let url = self.sources.get(source).and_then(|(url, _)| url.clone());
            cites.push(Cite {
                source: source.clone().into(),
                url,
                at,
                sentence: sentence.into(),
                standing: cite.standing.get().copied().unwrap_or(standing),
                verified,
            });
        }
        cites
    }

    /// The day of the last comparison with the source: not after today, and not too long ago.
    pub(super) fn verified(&mut self, field: &Field<String>, table: Span) -> Day {
        let verified = self.required_day(field, "verified", table);
        if let (Some(as_of), Some((_, place))) = (self.as_of, field.place()) {
            let max = as_of.max_age_days.unwrap_or(self.stale_after_days);
            if verified > as_of.today {
                self.report(Fault::new(Code::VerifiedInFuture, place).with("day", verified));
            } else if as_of.today.days_since(verified) > max {
                self.report(Fault::new(Code::NotVerifiedLately, place).with("day", verified).with("max", max));
            }
        }
        verified
    }

    fn head(&mut self, head: written::Head<'_>, span: Span) -> Head {
        let from = self.required_day(head.from, "from", span);
        let until = self.day(head.until);
        if let (Some(until), Some((_, place))) = (until, head.until.place())
            && until < from
        {
            self.report(Fault::new(Code::EndBeforeStart, place).with("start", from).with("end", until));
        }
        let verified = self.verified(head.verified, span);
        let standing = self.value(head.standing, "standing", span).unwrap_or(Standing::Inferred);
        self.required_items(head.cite, "cite", span);
        let cites = self.cites(head.cite, verified, standing).into();
        let when = self.scope(head.when, &Field::Absent).when;
        let unless = items(head.unless).map(|(exemption, place)| self.exemption(exemption, place)).collect();
        let notes = items(head.notes).map(|(note, place)| self.note(note, place)).collect();
        Head { from, until, verified, standing, cites, when, unless, notes }
    }

    fn exemption(&mut self, exemption: &written::Unless, place: Span) -> Exemption {
        let when = self.condition(&exemption.facts(), place);
        if when.tests.is_empty() {
            self.report(Fault::new(Code::EmptyList, place).with("key", "unless"));
        }
        let because = exemption.because.place().map(|(id, at)| self.needs_text("because", id, at)).unwrap_or_default();
        Exemption { when, because, only_if_stated: exemption.only_if_stated.get().copied().unwrap_or(false) }
    }

    fn note(&mut self, note: &written::Note, place: Span) -> Note {
        let code = self.text_of(&note.code, "code", place);
        let level = self.value(&note.level, "level", place).unwrap_or(Level::Info);
        Note { code, level, text: self.key_of(&note.text, "text", "note", place) }
    }

    /// Whom something is about: `when`, and a list `unless` of the same shape.
    pub(crate) fn scope(&mut self, when: &Field<written::When>, unless: &Fields<written::When>) -> Scope {
        let when = match when.place() {
            Some((when, place)) => self.condition(&when.facts(), place),
            None => Condition { tests: List::Borrowed(&[]) },
        };
        let unless = items(unless).map(|(other, place)| self.condition(&other.facts(), place)).collect();
        Scope { when, unless }
    }

    fn condition(&mut self, facts: &[(Fact, Wanted<'_>)], span: Span) -> Condition {
        let mut tests = Vec::new();
        for (fact, wanted) in facts {
            let mut mask = 0_u64;
            match wanted {
                Wanted::Words(Field::Absent) | Wanted::Truths(Field::Absent) => continue,
                Wanted::Words(words) => {
                    let vocabulary = Rc::clone(&self.vocabulary);
                    let known = vocabulary.values(*fact);
                    for (word, place) in self.required_items(words, fact.key(), span) {
                        if let Some(value) = self.place_of(word, place, &known) {
                            mask |= 1_u64.checked_shl(value.into()).unwrap_or_default();
                        }
                    }
                }
                Wanted::Truths(truths) => {
                    for (truth, _) in self.required_items(truths, fact.key(), span) {
                        mask |= 1 << u8::from(*truth);
                    }
                }
            }
            *self.asked.entry(*fact).or_default() |= mask;
            tests.push(Test { fact: *fact, wanted: mask });
        }
        Condition { tests: tests.into() }
    }

    /// Whether a version (its table, and its `from`) takes over on the day after the one above it ends.
    fn follows(&mut self, above: &Head, head: &Head, table: Span, from: Span) {
        let fault = match above.until {
            _ if head.from < above.from => Fault::new(Code::VersionsBackwards, from).with("above", above.from),
            Some(until) if until < above.from => return,
            Some(until) if until.plus(1) == head.from => return,
            Some(until) if until < head.from => {
                let (first, last) = (until.plus(1), head.from.plus(-1));
                Fault::new(Code::VersionsGap, from).with("first", first).with("last", last)
            }
            until => {
                let until = until.map_or_else(|| "…".to_owned(), |until| until.to_string());
                Fault::new(Code::VersionsOverlap, table).with("until", until)
            }
        };
        self.report(fault.with("from", head.from));
    }

    /// Checks a table of rules of one kind, and adds them to those of other files.
    pub(crate) fn rules<V: RuleKind>(&mut self, rules: &mut List<Rule<V>>, table: &Fields<V::Written>) {
        let ids = items(table).map(|(rule, _)| rule.id().get().cloned().unwrap_or_default());
        self.siblings = rules.iter().map(|rule| rule.id.to_string()).chain(ids).collect();
        for (written, span) in items(table) {
            let id = self.text_of(written.id(), "id", span);
            if let Some((_, place)) = written.id().place()
                && !self.rule_ids.insert(id.to_string())
            {
                self.report(Fault::new(Code::DuplicateId, place).with("id", &id));
            }
            let others = items(written.exception_to());
            let exception_to = others.filter_map(|(other, place)| self.sibling(other, place)).collect();
            let public = V::public(self, written, span);
            let versions = self.versions(written, span);
            rules.to_mut().push(Rule { id, public, exception_to, versions });
        }
    }

    fn versions<V: RuleKind>(&mut self, written: &V::Written, span: Span) -> List<Version<V>> {
        let mut versions: Vec<Version<V>> = Vec::new();
        let mut ends_known = true;
        for (version, place) in self.required_items(written.versions(), "version", span) {
            let written_head = V::Written::head(version);
            let head = self.head(written_head, place);
            let is_day = |field: &Field<String>| field.get().is_some_and(|day| Day::parse(day).is_ok());
            if let Some(before) = versions.last().filter(|_| is_day(written_head.from) && ends_known) {
                let from = written_head.from.place().map_or(place, |(_, place)| place);
                self.follows(&before.head, &head, place, from);
            }
            ends_known = written_head.until.is_absent() || is_day(written_head.until);
            let says = V::check(self, written, version, place);
            versions.push(Version { head, says });
        }
        versions.into()
    }
}
