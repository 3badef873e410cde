//! The facts that an answer was given for, as JSON.

use serde::{Serialize, Serializer};

use super::{MomentView, views};
use crate::assessment::{Assessment, Echo};
use crate::calendar::Day;
use crate::profile::{Move, Permit, Person, Record, Stay};
use crate::render::Words;

views! {
    ProfileView<'a>(answer: &'a Assessment<'a>, words: &Words<'a>) {
        id: Option<&'a str> = answer.profile.profile.id.as_deref(),
        name: Option<&'a str> = person(answer).name.as_deref(),
        citizenship: &'a str = words.country_code(person(answer).citizenship),
        birth_date: Option<Day> = person(answer).birth_date,
        travel_document: TravelDocumentView<'a> = TravelDocumentView::new(&answer.profile),
        purpose: Option<&'a str> = answer.profile.purpose(),
        stays: Vec<StayRecordView> = person(answer).stays.iter().map(StayRecordView::new).collect(),
        permits: Vec<PermitRecordView<'a>> =
            person(answer).permits.iter().map(|permit| PermitRecordView::new(permit, &answer.profile)).collect(),
        employment: EmploymentView<'a> = EmploymentView::new(&answer.profile),
        housing: HousingView<'a> = HousingView::new(&answer.profile),
        filing: FilingView<'a> = FilingView::new(&answer.profile),
        documents_held: Vec<&'a str> = person(answer).held.iter().map(|id| &**id).collect(),
        /// Keys that were left out and are taken to have their usual value.
        assumed: &'a [&'static str] = &answer.profile.profile.assumed,
    }

    TravelDocumentView<'a>(given: &Echo<'a>) {
        kind: &'a str = given.document_kind(&given.profile.applicant),
        expires: Option<Day> = given.profile.applicant.document_expires,
    }

    StayRecordView(stay: &Stay) {
        entry: Day = stay.entry,
        exit: Option<Day> = stay.exit,
        arrived_at_host: Option<Day> = stay.arrived_at_host,
        notified: RecordView = RecordView(stay.notified),
        registered: RecordView = RecordView(stay.registered),
        moves: Vec<MoveView> = stay.moves.iter().map(MoveView::new).collect(),
    }

    MoveView(one: &Move) {
        on: Day = one.on,
        notified: RecordView = RecordView(one.notified),
        registered: RecordView = RecordView(one.registered),
    }

    PermitRecordView<'a>(permit: &Permit, given: &Echo<'a>) {
        kind: &'a str = given.permit_kind(permit.kind),
        from: Day = permit.from,
        until: Option<Day> = permit.until,
        days_per_entry: Option<i32> = permit.days_per_entry,
    }

    EmploymentView<'a>(given: &Echo<'a>) {
        employer: Option<&'a str> = given.employer(),
        work: Option<&'a str> = given.work(),
        permit_exempt: Option<bool> = given.employment().permit_exempt,
        contract_until: Option<Day> = given.employment().contract_until,
        changed_on: Option<Day> = given.employment().changed_on,
    }

    HousingView<'a>(given: &Echo<'a>) {
        owner: Option<&'a str> = given.housing_owner(),
    }

    FilingView<'a>(given: &Echo<'a>) {
        channel: Option<&'a str> = given.channel(),
        on: Option<MomentView> = given.profile.filing.on.map(MomentView),
    }
}

fn person<'a>(answer: &Assessment<'a>) -> &'a Person {
    &answer.profile.profile.applicant
}

/// The day on which something was done, false where it was not, null where that is not known.
struct RecordView(Record);

impl Serialize for RecordView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Record::Silent => serializer.serialize_none(),
            Record::NotDone => serializer.serialize_bool(false),
            Record::Done(day) => day.serialize(serializer),
        }
    }
}
