//! The permit that a pack decides on: what it costs, who needs it and from when, who can have it and for how long.

use super::{Checker, Countries, Keys, Kind, List, Needed, RuleBook, RuleKind, Span, Text, Truth, VersionOf, id_of};
use crate::rulebook::written::{items, words, written_rules};

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PermitService {
    /// A text id under `fee`.
    pub fee: Text,
    /// Working days from filing to issue; the day of filing is day 0.
    pub processing_working_days: u32,
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PermitThreshold {
    /// Days of a stay, both ends included, that are allowed without it.
    pub days: i32,
}

/// Who neither needs nor gets the permit.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PermitExemption {
    /// Why: a text key.
    pub because: Text,
}

/// Who can normally have the permit.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PermitEligibility {
    /// The warning for everybody else: a text key.
    pub warning: Text,
}

/// For how long the permit is given.
#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct PermitTerm {
    /// Years at most; `None` for as long as needed.
    pub max_years: Option<u32>,
    /// For the term of the work permission, where its last day is given; the years only where it is not.
    pub follows_permission: bool,
    pub renewable: bool,
    /// What it never outlasts.
    pub caps: List<Cap>,
}

impl PermitTerm {
    /// What sets its last day, besides the years: a permission that it follows, and its caps.
    pub fn bounds(&self) -> impl Iterator<Item = Cap> {
        let permission = self.follows_permission.then_some(Cap::Permission);
        permission.into_iter().chain(self.caps.iter().copied())
    }
}

words! {
    /// An item of `capped_by`: what a permit does not outlast.
    Cap { Permission = "permission", Contract = "contract", TravelDocument = "travel-document", }
}

#[derive(Clone, Debug, PartialEq, databake::Bake)]
#[databake(path = trp_check::rulebook)]
pub struct LateFiling {
    /// Calendar days after the end of the stay.
    pub days: i32,
    /// A text key.
    pub text: Text,
}

written_rules! {
    /// What the permit costs and how long it takes.
    PermitService {}
    PermitServiceVersion {
        /// A key under `[fee]` of the texts.
        fee: Field<String> [needed],
        /// Working days from filing to issue.
        processing_working_days: Field<u32> [needed],
    }
    /// From which day of a stay the permit is needed.
    PermitThreshold {}
    PermitThresholdVersion {
        /// Past this day of a stay.
        days: Field<i32> [needed positive],
    }
    /// Who neither needs nor gets the permit.
    PermitExemption {}
    PermitExemptionVersion {
        /// Why: a key under `[because]` of the texts.
        because: Field<String> [needed],
    }
    /// Who can normally have the permit: those for whom `when` holds.
    PermitEligibility {}
    PermitEligibilityVersion {
        /// What everybody else is told: a key under `[note]` of the texts.
        warning: Field<String> [needed],
    }
    /// For how long the permit is issued.
    PermitTerm {}
    PermitTermVersion {
        /// So many years at the most; left out: as long as needed.
        max_years: Field<u32>,
        /// Whether it is given for the term of the work permission, where the last day of that is given.
        follows_permission: Field<bool>,
        /// Whether it can be had again.
        renewable: Field<bool> [needed],
        /// What it cannot outlast.
        capped_by: Fields<Cap>,
    }
    /// Until when after the end of the stay the permit can still be asked for.
    LateFiling {}
    LateFilingVersion {
        /// So many days.
        days: Field<i32> [needed positive],
        /// A key under `[note]` of the texts.
        text: Field<String> [needed],
    }
}

impl RuleKind for PermitService {
    type Written = written::PermitService;
    const KIND: Kind = Kind::PermitService;
    const NEEDED: Needed = Needed::ForThePermit;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        checker.uses_working_days = true;
        let days = &version.processing_working_days;
        Self {
            fee: checker.key_of(&version.fee, "fee", "fee", span),
            processing_working_days: checker.number(days, "processing_working_days", span, 0),
        }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        let days = self.processing_working_days.to_string();
        vec![("fee", id_of(&self.fee)), ("processing_working_days", days)]
    }
}

impl RuleKind for PermitThreshold {
    type Written = written::PermitThreshold;
    const KIND: Kind = Kind::PermitThreshold;
    const NEEDED: Needed = Needed::ForThePermit;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self { days: checker.number(&version.days, "days", span, 1) }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        vec![("days", self.days.to_string())]
    }
}

impl RuleKind for PermitExemption {
    type Written = written::PermitExemption;
    const KIND: Kind = Kind::PermitExemption;
    const IS_COLLECTED: bool = true;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self { because: checker.key_of(&version.because, "because", "because", span) }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        vec![("because", id_of(&self.because))]
    }

    fn hides(&self) -> &'static [Kind] {
        &[Kind::PermitThreshold, Kind::PermitTerm]
    }
}

impl RuleKind for PermitEligibility {
    type Written = written::PermitEligibility;
    const KIND: Kind = Kind::PermitEligibility;
    // Its warning is for those to whom it does not apply.
    const ANSWERS_WHEN: &[Truth] = &[Truth::Yes, Truth::No, Truth::Unknown];

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self { warning: checker.key_of(&version.warning, "warning", "note", span) }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        vec![("warning", id_of(&self.warning))]
    }
}

impl RuleKind for PermitTerm {
    type Written = written::PermitTerm;
    const KIND: Kind = Kind::PermitTerm;
    const NEEDED: Needed = Needed::ForThePermit;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self {
            max_years: version.max_years.get().copied(),
            renewable: checker.value(&version.renewable, "renewable", span).unwrap_or(false),
            follows_permission: version.follows_permission.get().copied().unwrap_or_default(),
            caps: items(&version.capped_by).map(|(cap, _)| *cap).collect(),
        }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        let mut keys: Keys = self.max_years.map(|years| ("max_years", years.to_string())).into_iter().collect();
        keys.push(("renewable", self.renewable.to_string()));
        if self.follows_permission {
            keys.push(("follows_permission", true.to_string()));
        }
        if !self.caps.is_empty() {
            let caps: Vec<&str> = self.caps.iter().map(|cap| cap.name()).collect();
            keys.push(("capped_by", caps.join(", ")));
        }
        keys
    }
}

impl RuleKind for LateFiling {
    type Written = written::LateFiling;
    const KIND: Kind = Kind::LateFiling;

    fn check(checker: &mut Checker<'_>, _: &Self::Written, version: &VersionOf<Self>, span: Span) -> Self {
        Self {
            days: checker.number(&version.days, "days", span, 1),
            text: checker.key_of(&version.text, "text", "note", span),
        }
    }

    fn keys(&self, _: &RuleBook, _: &Countries) -> Keys {
        vec![("days", self.days.to_string()), ("text", id_of(&self.text))]
    }
}
