//! The document matrix: which papers belong to which application.

use super::{Checker, Countries, Keys, Kind, RuleBook, RuleKind, Span, Text, Truth, VersionOf};
use crate::facts::Fact;
use crate::rulebook::Scope;
use crate::rulebook::written::{has_no_exceptions, written_rules};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Document {
    pub procedure: Text,
    /// In which form: an id under `form`.
    pub form: Text,
    /// The group of alternatives it belongs to, by its place in the list.
    pub group: Option<u8>,
}

/// Documents of which one is enough.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct DocumentGroup {
    pub id: Text,
    /// The fact that chooses among them.
    pub chosen_by: Fact,
}

/// A column of the document matrix, as people know it.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct MatrixColumn {
    pub id: Text,
    pub scope: Scope,
}

written_rules! {
    /// A document that is required where a version in force applies.
    #[schemars(transform = has_no_exceptions)]
    Document {
        /// The id that answers and profiles use; a text under `[document]`.
        document: Field<String> [needed],
        /// The application it belongs to: a key under `[procedure]` of the texts.
        procedure: Field<String> [needed],
        /// In which form it is handed in: `copy`, `copy-original-shown`, `original`, `notarised`, `electronic`,
        /// `information`; a key under `[form]` of the texts.
        form: Field<String> [needed],
        /// The `[[document_group]]` it belongs to, where there is one.
        group: Field<String>,
    }
    DocumentVersion {}
    ;
    /// A column of the document matrix, as people know it; its name is a text under `[matrix]`.
    MatrixColumn {
        /// Its name.
        id: Field<String> [needed],
        /// Whose column it is; left out: everybody's.
        when: Field<When>,
        /// Whose it is not, though `when` holds.
        unless: Fields<When>,
    }
    /// Documents of which one is enough while a fact is unknown; their name is a text under `[group]`.
    DocumentGroup {
        /// Its name.
        id: Field<String> [needed],
        /// The fact that decides which of them is needed.
        #[schemars(extend("enum" = Fact::ALL.map(Fact::key)))]
        chosen_by: Field<String> [needed],
    }
}

impl RuleKind for Document {
    type Written = written::Document;
    const KIND: Kind = Kind::Document;
    // A document that may be asked for is shown as well.
    const ANSWERS_WHEN: &[Truth] = &[Truth::Yes, Truth::Unknown];

    fn public(checker: &mut Checker<'_>, rule: &Self::Written, span: Span) -> Text {
        checker.refuse(&rule.exception_to, "exception_to");
        checker.named(&rule.document, "document", "document", span)
    }

    fn check(checker: &mut Checker<'_>, rule: &Self::Written, _: &VersionOf<Self>, span: Span) -> Self {
        Self {
            procedure: checker.named(&rule.procedure, "procedure", "procedure", span),
            form: checker.named(&rule.form, "form", "form", span),
            group: rule.group.place().and_then(|(group, place)| checker.group(group, place)),
        }
    }

    fn keys(&self, book: &RuleBook, _: &Countries) -> Keys {
        let mut keys = vec![("procedure", self.procedure.to_string()), ("form", self.form.to_string())];
        keys.extend(self.group.map(|at| ("group", book.groups[usize::from(at)].id.to_string())));
        keys
    }

    fn competes(&self, other: &Self) -> bool {
        self.procedure == other.procedure
    }
}

impl DocumentGroup {
    pub(in super::super) fn check(checker: &mut Checker<'_>, written: &written::DocumentGroup, span: Span) -> Self {
        let id = checker.named(&written.id, "id", "group", span);
        let chosen_by = checker.required(&written.chosen_by, "chosen_by", span).and_then(|(key, place)| {
            checker.place_of(key, place, &Fact::ALL.map(Fact::key))?;
            Fact::from_key(key)
        });
        Self { id, chosen_by: chosen_by.unwrap_or(Fact::Work) }
    }
}

impl MatrixColumn {
    pub(in super::super) fn check(checker: &mut Checker<'_>, written: &written::MatrixColumn, span: Span) -> Self {
        let id = checker.named(&written.id, "id", "matrix", span);
        Self { id, scope: checker.scope(&written.when, &written.unless) }
    }
}
