//! What fines are counted in.

use super::{Checker, Countries, Keys, Kind, RuleBook, RuleKind, Span, Text, VersionOf};
use crate::rulebook::written::written_rules;

/// A unit in which the law counts fines, such as the monthly calculation index.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct Amount {
    /// What one is worth, in the money of the country.
    pub value: i32,
}

written_rules! {
    /// What fines are counted in.
    Amount {
        /// The id that steps of sanctions use; texts under `[amount]`: how a fine is named, and with `-no-sum` behind the
        /// id, how where no version says what one is worth.
        amount: Field<String> [needed],
    }
    AmountVersion {
        /// What one is worth, in the money of the country.
        value: Field<i32> [needed positive],
    }
}

impl RuleKind for Amount {
    type Written = written::Amount;
    const KIND: Kind = Kind::Amount;

    fn public(checker: &mut Checker<'_>, rule: &Self::Written, span: Span) -> Text {
        let id = checker.named(&rule.amount, "amount", "amount", span);
        checker.needs_text("amount", &format!("{id}-no-sum"), span);
        id
    }

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self { value: checker.number(&version.value, "value", span, 1) }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        vec![("value", self.value.to_string())]
    }
}
