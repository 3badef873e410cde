//! Nouns: a profile as written, in TOML or JSON; all keys of the contract, nothing checked yet.

use serde::Deserialize;

use crate::tree::{DayOrNo, Field};

/// A list, each of whose items may be faulty by itself.
pub type Fields<T> = Field<Vec<Field<T>>>;

macro_rules! written {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(default)]
        #[allow(missing_docs)]
        pub struct $name { $($(#[$attribute])* pub $field: $type,)* })*
    };
}

written! {
    /// A profile.
    WrittenProfile {
        id: Field<String>,
        name: Field<String>,
        citizenship: Field<String>,
        birth_date: Field<String>,
        travel_document: Field<TravelDocument>,
        purpose: Field<String>,
        stays: Fields<Stay>,
        permits: Fields<Permit>,
        employment: Field<Employment>,
        housing: Field<Housing>,
        filing: Field<Filing>,
        documents_held: Fields<String>,
        family: Fields<FamilyMember>,
    }
    /// The key `travel_document`.
    TravelDocument { kind: Field<String>, expires: Field<String>, }
    /// An item of `stays`.
    Stay {
        entry: Field<String>,
        exit: Field<String>,
        arrived_at_host: Field<String>,
        notified: Field<DayOrNo>,
        registered: Field<DayOrNo>,
        moves: Fields<Move>,
    }
    /// An item of `moves`.
    Move { on: Field<String>, notified: Field<DayOrNo>, registered: Field<DayOrNo>, }
    /// An item of `permits`.
    Permit { kind: Field<String>, from: Field<String>, until: Field<String>, days_per_entry: Field<i32>, }
    /// The key `employment`.
    Employment {
        employer: Field<String>,
        work: Field<String>,
        permit_exempt: Field<bool>,
        contract_until: Field<String>,
        changed_on: Field<String>,
    }
    /// The key `housing`.
    Housing { owner: Field<String>, }
    /// The key `filing`.
    Filing { channel: Field<String>, on: Field<String>, }
    /// An item of `family`.
    FamilyMember {
        relation: Field<String>,
        name: Field<String>,
        citizenship: Field<String>,
        birth_date: Field<String>,
        travel_document: Field<TravelDocument>,
        documents_held: Fields<String>,
        stays: Fields<Stay>,
        permits: Fields<Permit>,
    }
}

/// Facts about the stay that a caller calls current, given apart from the list of stays.
#[derive(Clone, Debug, Default)]
pub struct CurrentStay {
    /// The host's notification.
    pub notified: Field<DayOrNo>,
    /// Changes of address.
    pub moves: Vec<Move>,
}

impl WrittenProfile {
    /// Lays the members that `over` gives over those of this profile.
    pub fn overlay(&mut self, over: Self) {
        /// Replaces what is there by what is given.
        fn lay<T>(under: &mut Field<T>, over: Field<T>) {
            if !over.is_absent() {
                *under = over;
            }
        }
        /// Lays a table over a table, key by key.
        fn lay_table<T: Default>(under: &mut Field<T>, over: Field<T>, lay: impl Fn(&mut T, T)) {
            if let Field::Given(over, span) = over {
                match under {
                    Field::Given(under, _) => lay(under, over),
                    _ => *under = Field::Given(over, span),
                }
            }
        }
        lay(&mut self.id, over.id);
        lay(&mut self.name, over.name);
        lay(&mut self.citizenship, over.citizenship);
        lay(&mut self.birth_date, over.birth_date);
        lay(&mut self.purpose, over.purpose);
        lay(&mut self.stays, over.stays);
        lay(&mut self.permits, over.permits);
        lay(&mut self.documents_held, over.documents_held);
        lay(&mut self.family, over.family);
        lay_table(&mut self.travel_document, over.travel_document, |under, over| {
            lay(&mut under.kind, over.kind);
            lay(&mut under.expires, over.expires);
        });
        lay_table(&mut self.employment, over.employment, |under, over| {
            lay(&mut under.employer, over.employer);
            lay(&mut under.work, over.work);
            lay(&mut under.permit_exempt, over.permit_exempt);
            lay(&mut under.contract_until, over.contract_until);
            lay(&mut under.changed_on, over.changed_on);
        });
        lay_table(&mut self.housing, over.housing, |under, over| lay(&mut under.owner, over.owner));
        lay_table(&mut self.filing, over.filing, |under, over| {
            lay(&mut under.channel, over.channel);
            lay(&mut under.on, over.on);
        });
    }

    /// Lays facts about the current stay over the list: the stay that the person is in on `today`,
    /// else the last one. `false` where there is no stay.
    #[must_use]
    pub fn overlay_current(&mut self, over: CurrentStay, today: crate::calendar::Day) -> bool {
        if over.notified.is_absent() && over.moves.is_empty() {
            return true;
        }
        let Field::Given(stays, _) = &mut self.stays else {
            return false;
        };
        let day = |field: &Field<String>| field.get().and_then(|day| crate::calendar::Day::parse(day).ok());
        let is_current = |stay: &Field<Stay>| {
            stay.get().is_some_and(|stay| {
                day(&stay.entry).is_some_and(|entry| entry <= today)
                    && (stay.exit.is_absent() || day(&stay.exit).is_some_and(|exit| today <= exit))
            })
        };
        let at = stays.iter().position(is_current).or_else(|| stays.len().checked_sub(1));
        let Some(Field::Given(stay, _)) = at.and_then(|at| stays.get_mut(at)) else {
            return false;
        };
        if !over.notified.is_absent() {
            stay.notified = over.notified;
        }
        if let Some(place) = over.moves.first().and_then(|one| one.on.place()).map(|(_, place)| place) {
            let moves = over.moves.into_iter().map(|one| Field::Given(one, place)).collect();
            stay.moves = Field::Given(moves, place);
        }
        true
    }
}
