//! Groups of citizenships.

use super::{Checker, Countries, Keys, Kind, List, RuleBook, RuleKind, Span, Text, VersionOf, listed};
use crate::country::Country;
use crate::rulebook::written::{has_no_exceptions, leave_out, written_rules};
use crate::source::{Code, Fault};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Category {
    /// Sorted.
    pub members: List<Country>,
    /// Whether answers name it; else only rules ask for it.
    pub is_shown: bool,
}

written_rules! {
    /// A group of citizenships; its name is a text under `[category]`.
    #[schemars(transform = has_no_exceptions)]
    Category {
        /// `false` for a grouping that only rules ask for; left out: answers show it.
        shown: Field<bool>,
    }
    #[schemars(transform = only_lists)]
    CategoryVersion {
        /// Countries by ISO 3166-1 alpha-2, or `stateless`.
        members: Fields<String> [needed filled],
    }
}

/// Whoever is in the list is in the group; what follows from that, other rules say.
fn only_lists(schema: &mut schemars::Schema) {
    leave_out(schema, &["when", "unless", "notes"]);
}

impl RuleKind for Category {
    type Written = written::Category;
    const KIND: Kind = Kind::Category;
    const IS_COLLECTED: bool = true;

    fn public(checker: &mut Checker<'_>, rule: &Self::Written, _: Span) -> Text {
        checker.refuse(&rule.exception_to, "exception_to");
        Text::Borrowed("")
    }

    fn check(checker: &mut Checker<'_>, rule: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        checker.refuse(&version.when, "when");
        checker.refuse(&version.unless, "unless");
        checker.refuse(&version.notes, "notes");
        let countries = checker.countries;
        let mut members: Vec<Country> = Vec::new();
        for (code, place) in checker.required_items(&version.members, "members", span) {
            match countries.by_code(code) {
                None => {
                    let fault = Fault::new(Code::UnknownCountry, place).with("found", code);
                    checker.report(match countries.nearest(code) {
                        Some(near) => fault.with("suggestion", countries.code(near)),
                        None => fault,
                    });
                }
                Some(country) if members.contains(&country) => {
                    checker.report(Fault::new(Code::DuplicateId, place).with("id", code));
                }
                Some(country) => members.push(country),
            }
        }
        members.sort_unstable();
        Self { members: members.into(), is_shown: rule.shown.get().copied().unwrap_or(true) }
    }

    fn keys(&self, _: &RuleBook, countries: &Countries) -> Keys {
        vec![("members", listed(&self.members.iter().map(|country| countries.code(*country)).collect::<Vec<_>>()))]
    }
}
