//! Where things are filed, and what an answer says without a day.

use super::{Checker, Countries, Keys, Kind, List, RuleBook, RuleKind, Span, Text, VersionOf, listed};
use crate::rulebook::written::{items, written_rules};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Channel {
    pub procedure: Text,
    pub url: Option<Text>,
    /// Whether it is the most convenient one.
    pub recommended: bool,
    /// What it takes: text ids under `condition`.
    pub conditions: List<Text>,
}

/// What is said without a day: only the notes of the head.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Advice {}

written_rules! {
    /// A place or page where something is done.
    Channel {
        /// What is done there: a key under `[procedure]` of the texts.
        procedure: Field<String> [needed],
        /// The page, where there is one.
        url: Field<String> [https],
    }
    ChannelVersion {
        /// Whether it is the one to take.
        recommended: Field<bool>,
        /// What it takes: keys under `[condition]` of the texts.
        conditions: Fields<String>,
    }
    /// What an answer says without a day: its `notes` are printed where `when` holds.
    Advice {}
    #[schemars(transform = asks_for_notes)]
    AdviceVersion {}
}

/// Advice without notes would say nothing.
fn asks_for_notes(schema: &mut schemars::Schema) {
    if let Some(required) = schema.get_mut("required").and_then(|required| required.as_array_mut()) {
        required.push("notes".into());
    }
    if let Some(notes) = schema.pointer_mut("/properties/notes").and_then(|notes| notes.as_object_mut()) {
        notes.insert("minItems".to_owned(), 1.into());
    }
}

impl RuleKind for Channel {
    type Written = written::Channel;
    const KIND: Kind = Kind::Channel;
    const IS_COLLECTED: bool = true;

    fn public(checker: &mut Checker<'_>, rule: &Self::Written, span: Span) -> Text {
        checker.named(&rule.id, "id", "channel", span)
    }

    fn check(checker: &mut Checker<'_>, rule: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        for (id, place) in items(&version.conditions) {
            checker.needs_text("condition", id, place);
        }
        Self {
            url: checker.url(&rule.url),
            procedure: checker.named(&rule.procedure, "procedure", "procedure", span),
            recommended: version.recommended.get().copied().unwrap_or(false),
            conditions: items(&version.conditions).map(|(id, _)| Text::from(id.clone())).collect(),
        }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        let mut keys = vec![("procedure", self.procedure.to_string())];
        keys.extend(self.url.as_ref().map(|url| ("url", url.to_string())));
        keys.push(("recommended", self.recommended.to_string()));
        if !self.conditions.is_empty() {
            keys.push(("conditions", listed(self.conditions.iter())));
        }
        keys
    }
}

impl RuleKind for Advice {
    type Written = written::Advice;
    const KIND: Kind = Kind::Advice;
    const IS_COLLECTED: bool = true;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        checker.required_items(&version.notes, "notes", span);
        Self {}
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        Vec::new()
    }
}
