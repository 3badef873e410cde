//! Nouns: a profile as written, in TOML or JSON; all keys of the contract, nothing checked yet.

use std::borrow::Cow;

use crate::tree::schema::written;
use crate::tree::{DayOrNo, Field};

/// A list, each of whose items may be faulty by itself.
pub type Fields<T> = Field<Vec<Field<T>>>;

/// A text, borrowed from the line that is read where that is possible.
pub type Word<'t> = Field<Cow<'t, str>>;

written! {
    /// One person's facts, in TOML or JSON. Only `citizenship` is needed: what is left out stays unknown, and the
    /// answer says what hangs on it. The words for purposes, employers and so on are those of the rule pack.
    WrittenProfile<'t> {
        /// Your own number for the person, echoed.
        id: Word<'t>,
        /// The name, echoed.
        name: Word<'t>,
        /// A country, by its code or name: `RU`, `RUS`, `Russia`, `Россия`; or `stateless`.
        citizenship: Word<'t> [needed],
        /// Left out: treated as an adult.
        birth_date: Word<'t> [day],
        /// Left out: the first kind of the pack, of unknown validity.
        travel_document: Field<TravelDocument<'t>>,
        /// What the person comes for.
        purpose: Word<'t>,
        /// Every stay in the country, past, present and planned, in any order.
        stays: Fields<Stay<'t>>,
        /// Visas and residence permits.
        permits: Fields<Permit<'t>>,
        /// The job.
        employment: Field<Employment<'t>>,
        /// Where the person lives.
        housing: Field<Housing<'t>>,
        /// The application for the permit.
        filing: Field<Filing<'t>>,
        /// Documents at hand, by id.
        documents_held: Fields<Cow<'t, str>>,
        /// Members of the family.
        family: Fields<FamilyMember<'t>>,
    }
    /// The passport, or what is used in its place.
    TravelDocument<'t> {
        /// Its kind.
        kind: Word<'t>,
        /// The last day it is valid.
        expires: Word<'t> [day],
    }
    /// A stay in the country.
    Stay<'t> {
        /// The day of entry.
        entry: Word<'t> [needed day],
        /// The day of exit, past or planned; left out: not known, and still in the country once entered.
        exit: Word<'t> [day],
        /// The day of arrival at the host, if later than the entry.
        arrived_at_host: Word<'t> [day],
        /// The day on which the host notified the arrival; `false`: it was not done; left out: not known.
        notified: Field<DayOrNo<'t>>,
        /// The day on which the person registered; `false`: it was not done; left out: not known.
        registered: Field<DayOrNo<'t>>,
        /// Changes of address during the stay.
        moves: Fields<Move<'t>>,
    }
    /// A change of address.
    Move<'t> {
        /// The day.
        on: Word<'t> [needed day],
        /// The day on which the new host notified it; `false`: it was not done; left out: not known.
        notified: Field<DayOrNo<'t>>,
        /// The day on which the person registered; `false`: it was not done; left out: not known.
        registered: Field<DayOrNo<'t>>,
    }
    /// A visa or a residence permit.
    Permit<'t> {
        /// Its kind.
        kind: Word<'t> [needed],
        /// The first day.
        from: Word<'t> [needed day],
        /// The last day; left out only where its kind may have no end.
        until: Word<'t> [day],
        /// The days of each stay, where they are printed on it.
        #[schemars(range(min = 1, max = 36_600))]
        days_per_entry: Field<i32>,
    }
    /// The job.
    Employment<'t> {
        /// The kind of employer.
        employer: Word<'t>,
        /// The kind of work.
        work: Word<'t>,
        /// Whether the law frees the person from a work permit.
        permit_exempt: Field<bool>,
        /// The last day of the contract.
        contract_until: Word<'t> [day],
        /// The day on which the employer changed.
        changed_on: Word<'t> [day],
    }
    /// Where the person lives.
    Housing<'t> {
        /// Who owns it.
        owner: Word<'t>,
    }
    /// The application for the permit.
    Filing<'t> {
        /// Where it is filed.
        channel: Word<'t>,
        /// When: a day, or a day with a time.
        on: Word<'t> [moment],
    }
    /// A member of the family.
    FamilyMember<'t> {
        /// What they are to the applicant.
        relation: Word<'t> [needed],
        /// The name, echoed.
        name: Word<'t>,
        /// A country, by its code or name.
        citizenship: Word<'t> [needed],
        /// Left out: treated as an adult.
        birth_date: Word<'t> [day],
        /// Left out: the first kind of the pack, of unknown validity.
        travel_document: Field<TravelDocument<'t>>,
        /// Documents at hand, by id.
        documents_held: Fields<Cow<'t, str>>,
        /// Left out: those of the applicant.
        stays: Fields<Stay<'t>>,
        /// Visas and residence permits.
        permits: Fields<Permit<'t>>,
    }
}

/// Facts about the stay that a caller calls current, given apart from the list of stays.
#[derive(Clone, Debug, Default)]
pub struct CurrentStay<'t> {
    /// The day of arrival at the host.
    pub arrived_at_host: Word<'t>,
    /// The host's notification.
    pub notified: Field<DayOrNo<'t>>,
    /// The person's own registration.
    pub registered: Field<DayOrNo<'t>>,
    /// Changes of address.
    pub moves: Vec<Move<'t>>,
}

/// Replaces what is there by what is given.
fn lay<T>(under: &mut Field<T>, over: Field<T>) {
    if !over.is_absent() {
        *under = over;
    }
}

impl CurrentStay<'_> {
    /// Whether nothing is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arrived_at_host.is_absent()
            && self.notified.is_absent()
            && self.registered.is_absent()
            && self.moves.is_empty()
    }
}

impl<'t> WrittenProfile<'t> {
    /// Lays the members that `over` gives over those of this profile.
    pub fn overlay(&mut self, over: Self) {
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
    pub fn overlay_current(&mut self, over: CurrentStay<'t>, today: crate::calendar::Day) -> bool {
        if over.is_empty() {
            return true;
        }
        let Field::Given(stays, _) = &mut self.stays else {
            return false;
        };
        let day = |field: &Word<'_>| field.get().and_then(|day| crate::calendar::Day::parse(day).ok());
        let is_current = |stay: &Field<Stay<'_>>| {
            stay.get().is_some_and(|stay| {
                day(&stay.entry).is_some_and(|entry| entry <= today)
                    && (stay.exit.is_absent() || day(&stay.exit).is_some_and(|exit| today <= exit))
            })
        };
        let at = stays.iter().position(is_current).or_else(|| stays.len().checked_sub(1));
        let Some(Field::Given(stay, _)) = at.and_then(|at| stays.get_mut(at)) else {
            return false;
        };
        lay(&mut stay.arrived_at_host, over.arrived_at_host);
        lay(&mut stay.notified, over.notified);
        lay(&mut stay.registered, over.registered);
        if let Some(place) = over.moves.first().and_then(|one| one.on.place()).map(|(_, place)| place) {
            let moves = over.moves.into_iter().map(|one| Field::Given(one, place)).collect();
            stay.moves = Field::Given(moves, place);
        }
        true
    }
}
