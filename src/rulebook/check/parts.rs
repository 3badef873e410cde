//! Nouns: what all rules share: ids, versions, heads, citations, conditions.

use std::rc::Rc;

use super::Checker;
use crate::calendar::Day;
use crate::facts::{Condition, Fact, Test};
use crate::rulebook::written as w;
use crate::rulebook::{Cite, Exemption, Head, Level, Note, Rule, Scope, Standing, Version};
use crate::source::{Code, Fault, List, Span, Text};
use crate::tree::Field;

impl Checker<'_> {
    pub(super) fn standing(written: &w::Standing) -> Standing {
        match written {
            w::Standing::Law => Standing::Law,
            w::Standing::Official => Standing::Official,
            w::Standing::Secondary => Standing::Secondary,
            w::Standing::Article => Standing::Article,
            w::Standing::Inferred => Standing::Inferred,
        }
    }

    pub(super) fn cites(&mut self, list: &w::Fields<w::Cite>, verified: Day, standing: Standing) -> Vec<Cite> {
        let mut cites = Vec::new();
        for (cite, span) in Self::items(list) {
            let Some((source, place)) = self.required(&cite.source, "source", span) else {
                continue;
            };
            let at = self.place_in_act(&cite.at, span);
            if !self.sources.contains_key(source) {
                let known: Vec<String> = self.sources.keys().cloned().collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.refer(source, place, &known);
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
                self.say(Fault::new(Code::CiteTwice, place).with("source", source).with("at", &at));
            }
            self.needs_text("source", source, place);
            let url = self.sources.get(source).and_then(|(url, _)| url.clone());
            cites.push(Cite {
                source: source.clone().into(),
                url,
                at,
                sentence: sentence.into(),
                standing: cite.standing.get().map_or(standing, Self::standing),
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
                self.say(Fault::new(Code::VerifiedInFuture, place).with("day", verified));
            } else if as_of.today.days_since(verified) > max {
                self.say(Fault::new(Code::NotVerifiedLately, place).with("day", verified).with("max", max));
            }
        }
        verified
    }

    pub(super) fn head(&mut self, head: w::Head<'_>, span: Span) -> Head {
        let from = self.required_day(head.from, "from", span);
        let until = self.day(head.until);
        if let (Some(until), Some((_, place))) = (until, head.until.place())
            && until < from
        {
            self.say(Fault::new(Code::EndBeforeStart, place).with("start", from).with("end", until));
        }
        let verified = self.verified(head.verified, span);
        let standing =
            self.required(head.standing, "standing", span).map_or(Standing::Inferred, |(s, _)| Self::standing(s));
        self.required_items(head.cite, "cite", span);
        let cites = self.cites(head.cite, verified, standing).into();
        let when = self.scope(head.when, &Field::Absent).when;
        let mut unless = Vec::new();
        for (exemption, place) in Self::items(head.unless) {
            let when = self.condition(&facts_of!(exemption), place);
            if when.tests.is_empty() {
                self.say(Fault::new(Code::EmptyList, place).with("key", "unless"));
            }
            let because = match exemption.because.place() {
                Some((id, at)) => self.needs_text("because", id, at),
                None => Text::Borrowed(""),
            };
            let only_if_stated = exemption.only_if_stated.get().copied().unwrap_or(false);
            unless.push(Exemption { when, because, only_if_stated });
        }
        let mut notes = Vec::new();
        for (note, place) in Self::items(head.notes) {
            let code = self.text_of(&note.code, "code", place);
            let level = match self.required(&note.level, "level", place) {
                Some((w::Level::Warning, _)) => Level::Warning,
                _ => Level::Info,
            };
            let text = self.key_of(&note.text, "text", "note", place);
            notes.push(Note { code, level, text });
        }
        Head { from, until, verified, standing, cites, when, unless: unless.into(), notes: notes.into() }
    }

    /// Whom something is about: `when`, and a list `unless` of the same shape.
    pub(super) fn scope(&mut self, when: &Field<w::When>, unless: &w::Fields<w::When>) -> Scope {
        let when = match when.place() {
            Some((when, place)) => self.condition(&facts_of!(when), place),
            None => Condition { tests: List::Borrowed(&[]) },
        };
        let unless: Vec<Condition> =
            Self::items(unless).map(|(other, place)| self.condition(&facts_of!(other), place)).collect();
        Scope { when, unless: unless.into() }
    }

    pub(super) fn condition(&mut self, facts: &[(Fact, Option<WordsOrTruths<'_>>)], span: Span) -> Condition {
        let mut tests = Vec::new();
        for (fact, wanted) in facts {
            let Some(wanted) = wanted else { continue };
            let mut mask = 0_u64;
            match wanted {
                WordsOrTruths::Words(words) => {
                    let items = self.required_items(words, fact.key(), span);
                    let vocabulary = Rc::clone(&self.vocabulary);
                    let known = vocabulary.values(*fact);
                    for (word, place) in items {
                        if let Some(value) = self.place_of(word, place, &known) {
                            mask |= 1_u64.checked_shl(value.into()).unwrap_or_default();
                        }
                    }
                }
                WordsOrTruths::Truths(truths) => {
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
        self.say(fault.with("from", head.from));
    }

    /// Complains of a key that this kind of rule does not heed: passing it over would hide what was meant.
    pub(super) fn refuse<T>(&mut self, field: &Field<T>, key: &'static str) {
        if let Some((_, place)) = field.place() {
            self.say(Fault::new(Code::NotForThisKind, place).with("key", key));
        }
    }

    /// Checks a list of rules of one kind; `says` reads what a version of this kind says, `public`
    /// the id that answers use.
    pub(super) fn rules<R: w::WrittenRule, V: Clone + 'static>(
        &mut self,
        list: &w::Fields<R>,
        public: impl Fn(&mut Self, &R, Span) -> Text,
        says: impl Fn(&mut Self, &R, &R::Version, Span) -> V,
    ) -> List<Rule<V>> {
        use w::WrittenVersion;
        let ids: Vec<String> =
            Self::items(list).map(|(rule, _)| rule.id().get().cloned().unwrap_or_default()).collect();
        let known: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut rules = Vec::new();
        for (written, span) in Self::items(list) {
            let id = self.text_of(written.id(), "id", span);
            if let Some((_, place)) = written.id().place()
                && !self.rule_ids.insert(id.to_string())
            {
                self.say(Fault::new(Code::DuplicateId, place).with("id", &id));
            }
            let exception_to: Vec<u16> = Self::items(written.exception_to())
                .filter_map(|(other, place)| self.refer(other, place, &known))
                .collect();
            let public = public(self, written, span);
            let mut versions: Vec<Version<V>> = Vec::new();
            let mut ends_known = true;
            for (version, place) in self.required_items(written.versions(), "version", span) {
                let head = self.head(version.head(), place);
                let is_day = |field: &Field<String>| field.get().is_some_and(|day| Day::parse(day).is_ok());
                let is_dated = is_day(version.head().from) && ends_known;
                let until = version.head().until;
                ends_known = until.is_absent() || is_day(until);
                if let Some(before) = versions.last().filter(|_| is_dated) {
                    let from = version.head().from.place().map_or(place, |(_, place)| place);
                    self.follows(&before.head, &head, place, from);
                }
                let says = says(self, written, version, place);
                versions.push(Version { head, says });
            }
            rules.push(Rule { id, public, exception_to: exception_to.into(), versions: versions.into() });
        }
        rules.into()
    }
}

/// A list of words, or of truths.
pub(super) enum WordsOrTruths<'w> {
    Words(&'w w::Fields<String>),
    Truths(&'w w::Fields<bool>),
}

/// The facts that a `when` or `unless` table names.
macro_rules! facts_of {
    ($table:expr) => {{
        let words = |list| (!Field::is_absent(list)).then_some(WordsOrTruths::Words(list));
        let truths = |list| (!Field::is_absent(list)).then_some(WordsOrTruths::Truths(list));
        [
            (Fact::Category, words(&$table.category)),
            (Fact::DocumentKind, words(&$table.document_kind)),
            (Fact::Purpose, words(&$table.purpose)),
            (Fact::Basis, words(&$table.basis)),
            (Fact::Employer, words(&$table.employer)),
            (Fact::Work, words(&$table.work)),
            (Fact::PermitExempt, truths(&$table.permit_exempt)),
            (Fact::Channel, words(&$table.channel)),
            (Fact::HousingOwner, words(&$table.housing_owner)),
            (Fact::Relation, words(&$table.relation)),
            (Fact::Age, words(&$table.age)),
        ]
    }};
}
use facts_of;
