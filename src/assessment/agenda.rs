//! The deadlines of many people, and who they are.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::{Deadline, Message, PersonAssessment, RulesId, Status};
use crate::calendar::Day;
use crate::embedded::COUNTRIES;
use crate::profile::Profile;
use crate::rulebook::APPLICANT;

/// A profile, and where it stands.
#[derive(Clone, Debug)]
pub struct Listed {
    pub file: String,
    /// The line of a list, from 1; `None` for a file that is one profile.
    pub line: Option<u64>,
    pub profile: Profile,
}

/// Which deadlines are asked for: those that are late, those that fall due soon, both, or, where neither is said,
/// all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only what falls due from today up to so many days later.
    pub within: Option<i32>,
    pub overdue: bool,
}

#[derive(Clone, Debug)]
pub struct Agenda<'r> {
    pub rules: RulesId<'r>,
    pub today: Day,
    pub choice: Choice,
    pub assessed: usize,
    pub not_read: usize,
    /// The deadlines asked for, by day; those without a day are last.
    pub items: Vec<AgendaItem<'r>>,
    /// How many deadlines that are not done were not asked for.
    pub left_out: LeftOut,
    /// About people whose deadlines do not show it.
    pub notices: Vec<AgendaNotice<'r>>,
}

/// Open deadlines that were not asked for, by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub overdue: usize,
    /// Past, and nothing is recorded.
    pub not_recorded: usize,
    /// From today on, or depending on an unknown fact.
    pub others: usize,
}

#[derive(Clone, Debug)]
pub struct Whose<'r> {
    pub file: &'r str,
    /// The line of a list, from 1.
    pub line: Option<u64>,
    pub id: Option<&'r str>,
    pub applicant: Option<&'r str>,
    pub name: Option<&'r str>,
    /// `self`, or `family[n]`.
    pub person: Cow<'static, str>,
    pub relation: &'r str,
}

/// Somebody of a list who has a page.
#[derive(Clone, Debug)]
pub struct Paged<'r> {
    pub whose: Whose<'r>,
    pub status: Status,
    /// The name of the file beside the index.
    pub page: &'r str,
}

impl<'r> Whose<'r> {
    pub fn applicant(listed: &'r Listed) -> Self {
        let name = listed.profile.applicant.name.as_deref();
        Self {
            file: &listed.file,
            line: listed.line,
            id: listed.profile.id.as_deref(),
            applicant: name,
            name,
            person: Cow::Borrowed(APPLICANT),
            relation: APPLICANT,
        }
    }

    pub fn new(listed: &'r Listed, person: &PersonAssessment<'r>) -> Self {
        Self {
            name: person.person.name.as_deref(),
            person: person.label.clone(),
            relation: person.relation,
            ..Self::applicant(listed)
        }
    }
}

#[derive(Clone, Debug)]
pub struct AgendaItem<'r> {
    pub whose: Whose<'r>,
    pub deadline: Deadline<'r>,
    /// Whether it is late: an overdue duty, or the end of a stay that goes on.
    pub is_late: bool,
    /// Different from every other one, and the same from day to day.
    pub uid: String,
}

#[derive(Clone, Debug)]
pub struct AgendaNotice<'r> {
    pub whose: Whose<'r>,
    /// Its public code: the status of a stay that no rule covers, `overstay`, `planned-over`, or `strict`.
    pub code: &'static str,
    pub status: Status,
    pub text: Message<'r>,
    /// The rules it is about, or rests on.
    pub rules: Vec<&'r str>,
}

/// The bytes of its hash that a [`uid`] shows, in two letters each.
const UID_BYTES: usize = 16;

/// A name for a deadline that stays the same from day to day, whatever becomes of its due day: made of who it is, of
/// which deadline after which day, and of the `nth` of those that all this is the same for. Who it is, is the id with
/// the name; without an id the name with the file; without either the file with citizenship and birth.
pub fn uid(listed: &Listed, person: &str, deadline: &Deadline<'_>, nth: usize) -> String {
    let Listed { file, profile, .. } = listed;
    let own = &profile.applicant;
    // The folder and the packing of a list do not identify who is in it.
    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let file = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".zst")).unwrap_or(file);
    let name = own.name.as_deref().unwrap_or_default();
    let who = match (&profile.id, &own.name) {
        (Some(id), _) => vec!["id".to_owned(), id.clone(), name.to_owned()],
        (None, Some(_)) => vec!["name".to_owned(), name.to_owned(), file.to_owned()],
        (None, None) => {
            let birth = own.birth_date.map(|day| day.to_string()).unwrap_or_default();
            vec!["file".to_owned(), file.to_owned(), COUNTRIES.code(own.citizenship).into_owned(), birth]
        }
    };
    let what = [person.to_owned(), deadline.id.to_string(), deadline.event_date.to_string(), nth.to_string()];
    let mut hash = Sha256::new();
    for part in who.iter().chain(&what) {
        // The length before each part keeps `ab` + `c` apart from `a` + `bc`.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let letters: String = hash.finalize().iter().take(UID_BYTES).map(|byte| format!("{byte:02x}")).collect();
    format!("{letters}@trp-check")
}
