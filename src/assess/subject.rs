//! A person of whom the rules are asked, and the facts about them day by day.

use std::borrow::Cow;
use std::cell::Cell;

use super::{CachedRules, decide::stay};
use crate::assessment::StayDecision;
use crate::calendar::{Day, DayRange};
use crate::facts::{Fact, FactSet};
use crate::profile::{self, Person, Profile};
use crate::rulebook::{self, APPLICANT, RuleBook};

/// A person about whom the rules are asked.
pub(crate) struct Subject<'s, 'r> {
    pub(super) rules: &'s CachedRules<'r>,
    pub(crate) book: &'r RuleBook,
    pub(crate) profile: &'r Profile,
    pub(crate) person: &'r Person,
    /// 0 for the applicant, then the members of the family from 1.
    pub(super) place: usize,
    /// Value of the fact `relation`; 0 for the applicant.
    relation: u8,
    pub(crate) today: Day,
    /// The stay that an answer is about.
    pub(super) at_hand: Option<&'r profile::Stay>,
    /// The facts that are the same on all days.
    lasting: FactSet,
    /// What was last found of the facts that depend on the day.
    era: Cell<Era>,
}

/// Days on which a person belongs to the same categories and to the same age group: most questions
/// about a person are of days of one era.
#[derive(Clone, Copy)]
struct Era {
    days: DayRange,
    categories: u64,
    age: Option<u8>,
}

impl Era {
    const NEVER: Self = Self { days: DayRange { first: Day::LAST, last: Day::FIRST }, categories: 0, age: None };
}

impl<'s, 'r> Subject<'s, 'r> {
    /// The applicant, and then the members of the family.
    pub(crate) fn of_a_case(
        rules: &'s CachedRules<'r>,
        profile: &'r Profile,
        today: Day,
    ) -> impl Iterator<Item = Self> {
        let family = (0..profile.family.len()).map(move |at| Self::family_member(rules, profile, at, today));
        std::iter::once(Self::applicant(rules, profile, today)).chain(family)
    }

    pub(crate) fn applicant(rules: &'s CachedRules<'r>, profile: &'r Profile, today: Day) -> Self {
        Self::new(rules, profile, &profile.applicant, (0, 0), today)
    }

    pub(crate) fn family_member(rules: &'s CachedRules<'r>, profile: &'r Profile, at: usize, today: Day) -> Self {
        let member = &profile.family[at];
        Self::new(rules, profile, &member.person, (at + 1, member.relation + 1), today)
    }

    fn new(
        rules: &'s CachedRules<'r>,
        profile: &'r Profile,
        person: &'r Person,
        (place, relation): (usize, u8),
        today: Day,
    ) -> Self {
        let lasting =
            profile.facts.with(Fact::DocumentKind, Some(person.document_kind)).with(Fact::Relation, Some(relation));
        let at_hand = stay::stay_at_hand(person, today);
        let book = rules.book;
        Self { rules, book, profile, person, place, relation, today, at_hand, lasting, era: Cell::new(Era::NEVER) }
    }

    /// How answers name the person: `self`, or a member of the family by number.
    pub(crate) fn label(&self) -> Cow<'static, str> {
        label_of(self.place)
    }

    pub(super) fn is_applicant(&self) -> bool {
        self.relation == 0
    }

    pub(super) fn relation_word(&self) -> &'r str {
        match self.relation.checked_sub(1) {
            None => APPLICANT,
            Some(at) => &self.book.vocabulary.relations[usize::from(at)],
        }
    }

    pub(super) fn basis_word(&self, permit: Option<u8>) -> &'r str {
        permit.map_or(rulebook::VISA_FREE, |kind| &self.book.vocabulary.permits[usize::from(kind)].id)
    }

    fn era(&self, on: Day) -> Era {
        let known = self.era.get();
        if known.days.contains(on) {
            return known;
        }
        let categories = self.rules.categories_of(self.person.citizenship, on);
        let (age, same_age) = self.age(on);
        let era = Era { days: self.rules.days_alike(on).overlap(same_age), categories, age };
        self.era.set(era);
        era
    }

    /// The age group on a day, and the days around it of the same age.
    fn age(&self, on: Day) -> (Option<u8>, DayRange) {
        let groups = self.book.vocabulary.age_groups.iter().zip(0..);
        let mut days = DayRange { first: Day(i32::MIN), last: Day(i32::MAX) };
        for (group, number) in groups {
            match (group.below, self.person.birth_date) {
                (None, _) => return (Some(number), days),
                // Most are far past the birthday: which day it was exactly need not be found.
                (Some(below), Some(born)) if on >= born.past_birthday(below) => {
                    days.first = born.past_birthday(below);
                }
                (Some(below), Some(born)) => {
                    let birthday = born.birthday(below);
                    if on < birthday {
                        return (Some(number), DayRange { last: birthday.plus(-1), ..days });
                    }
                    days.first = birthday;
                }
                (Some(_), None) => {}
            }
        }
        (None, days)
    }

    /// The facts on a day, for somebody who is in the country on this basis then.
    pub(crate) fn facts(&self, on: Day, basis: Option<u8>) -> FactSet {
        let era = self.era(on);
        self.lasting
            .with_categories(era.categories)
            .with(Fact::Basis, Some(basis.map_or(0, |kind| kind + 1)))
            .with(Fact::Age, era.age)
    }

    /// The days around one on which the facts are the same.
    pub(super) fn days_of_facts(&self, on: Day) -> DayRange {
        self.era(on).days
    }

    pub(super) fn category_words(&self, on: Day) -> Vec<&'r str> {
        let bits = self.era(on).categories;
        let categories = self.book.categories.iter().enumerate();
        categories
            .filter(|(at, rule)| bits >> at & 1 == 1 && rule.on(on).is_some_and(|version| version.says.is_shown))
            .map(|(_, rule)| &*rule.id)
            .collect()
    }

    /// The permits valid on a day, those left out whose entries were used up before the stay at hand, or before today.
    pub(super) fn permits_on(&self, day: Day) -> impl Iterator<Item = &'r profile::Permit> {
        let (person, stay) = (self.person, self.stay_or_entry_today());
        person.permits.iter().filter(move |permit| permit.is_valid_on(day) && !person.has_used_up(permit, &stay))
    }

    /// The permit valid on a day, the longest one where there are several.
    pub(crate) fn permit_on(&self, day: Day) -> Option<&'r profile::Permit> {
        self.permits_on(day).max_by_key(|permit| permit.until.unwrap_or(Day::LAST))
    }

    /// The permit valid today, else the next one to come.
    pub(super) fn valid_permit(&self) -> Option<&'r profile::Permit> {
        let to_come = |permit: &&profile::Permit| permit.from > self.today;
        self.permit_on(self.today).or_else(|| self.person.permits.iter().find(to_come))
    }

    /// The basis of a stay, as rules ask for it.
    pub(crate) fn basis_of(&self, stay: &StayDecision<'_>) -> Option<u8> {
        let at = self.book.vocabulary.permits.iter().position(|kind| kind.id == stay.basis);
        at.and_then(|at| u8::try_from(at).ok())
    }

    /// The facts on a day, for somebody who is in the country then on the permit valid that day.
    pub(crate) fn facts_by_permit(&self, on: Day) -> FactSet {
        self.facts(on, self.permit_on(on).map(|permit| permit.kind))
    }

    /// The stay at hand, else one from today on.
    pub(super) fn stay_or_entry_today(&self) -> Cow<'r, profile::Stay> {
        self.at_hand.map_or_else(|| Cow::Owned(profile::Stay::from_to(self.today, None)), Cow::Borrowed)
    }

    /// The day of entry of the stay at hand; today where there is none.
    pub(crate) fn reference_day(&self) -> Day {
        self.at_hand.map_or(self.today, |stay| stay.entry)
    }

    /// The day that chooses the version of what is filed: the day of filing, else the later of today
    /// and the entry.
    pub(crate) fn filing_day(&self) -> Day {
        let given = self.profile.filing_on.map(|moment| moment.day);
        given.unwrap_or_else(|| self.reference_day().max(self.today))
    }
}

/// How answers name somebody by their place: 0 for the applicant, then the members of the family.
pub(super) fn label_of(place: usize) -> Cow<'static, str> {
    match place.checked_sub(1) {
        None => Cow::Borrowed(APPLICANT),
        Some(at) => Cow::Owned(format!("family[{at}]")),
    }
}
