//! What is next for whoever holds a permit that ends.

use super::{Extent, Layout};
use crate::assessment::{Allowed, Permit, PermitStatus, PersonAssessment};
use crate::render::document::{Block, Document, Kind};
use crate::render::lines;
use crate::render::words::ToText;

impl<'a> Layout<'a, '_> {
    /// By when and where to file for the next permit, for whoever holds one that ends.
    pub(super) fn renewals(&self, document: &mut Document<'a>) {
        let words = self.words;
        let mut renewals: Vec<(String, &Permit<'_>, Vec<&PersonAssessment<'_>>)> = Vec::new();
        for person in self.persons() {
            let Some((text, permit)) = self.renewal(person) else { continue };
            match renewals.iter_mut().find(|(known, ..)| *known == text) {
                Some((.., people)) => people.push(person),
                None => renewals.push((text, permit, vec![person])),
            }
        }
        for (text, permit, people) in renewals {
            let text = if self.has_family() { format!("{}: {text}", self.names(&people)) } else { text };
            let places = lines::channels(&permit.channels, words);
            let place = (self.extent < Extent::Least && permit.renewable != Some(false) && !places.is_empty())
                .then(|| words.with("brief.where-only", &[("places", &places)]));
            document.push(Kind::Next, text, place.map(Block::Text));
        }
    }

    fn renewal<'p>(&self, person: &'p PersonAssessment<'a>) -> Option<(String, &'p Permit<'a>)> {
        let (words, today) = (self.words, self.assessment.today);
        let stay = &person.stay;
        let permit = person.permit.as_ref().filter(|permit| permit.status == PermitStatus::Held)?;
        let end = person.deadlines.iter().find(|deadline| deadline.id == "permit-end")?;
        let last = end.due?.day;
        // Another permit may follow already, or the stay end before.
        if stay.basis != permit.kind || stay.last_day != Some(last) || stay.exit.is_some_and(|exit| exit <= last) {
            return None;
        }
        let file_by = end.safe.map(|safe| safe.day);
        let key = match (permit.renewable, file_by) {
            (Some(false), _) => "brief.renew-not",
            (_, None) => "brief.renew-no-calendar",
            (_, Some(day)) if day < today => "brief.renew-late",
            (None, _) => "brief.renew-unknown",
            (Some(true), _) => "brief.renew",
        };
        let needs = self.assessment.needs.iter();
        let open =
            needs.filter(|need| need.affects.contains(&permit.kind) && matches!(need.allowed, Allowed::Words(_)));
        let facts: Vec<&str> = open.map(|need| words.of("need", &need.fact)).collect();
        let values: [(&str, &dyn ToText); 4] = [
            ("permit", &words.of("basis", permit.kind)),
            ("end", &words.long_day(last)),
            ("day", &file_by.map(|day| words.long_day(day))),
            ("facts", &facts.join(", ")),
        ];
        let text = words.count(key, permit.processing_working_days.unwrap_or_default(), &values);
        Some((text, permit))
    }
}
