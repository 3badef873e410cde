//! The deadlines of many people, and who they are.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::{Deadline, DeadlineDecision, RulesId, Status};
use crate::calendar::Day;
use crate::embedded::COUNTRIES;
use crate::profile::Profile;
use crate::rulebook::{APPLICANT, Who};

/// A profile, and where it stands.
#[derive(Clone, Debug)]
pub struct Listed {
    pub file: Rc<str>,
    /// The line of a list, from 1; `None` for a file that is one profile.
    pub line: Option<u64>,
    pub profile: Profile,
}

/// Who reads: the foreigner, or the host of those who are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Addressee {
    #[default]
    Person,
    Host,
}

/// Which deadlines are asked for: those that are late, those that fall due soon, both, or, where neither is said,
/// all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only what falls due from today up to so many days later.
    pub within: Option<i32>,
    pub overdue: bool,
    /// Only what one of these has to do; empty for all.
    pub who: Vec<Who>,
    /// So many days before a paper or a permit ends people are reminded of it, the earliest first; `None` for the usual ones.
    pub lead: Option<Vec<i32>>,
}

#[derive(Clone, Debug)]
pub struct Agenda<'r> {
    pub rules: RulesId<'r>,
    pub today: Day,
    pub choice: Choice,
    pub to: Addressee,
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
    /// Of the others, those that are due within [`SOON`] days.
    pub soon: usize,
}

/// What falls due from today up to so many days later is called soon.
pub const SOON: i32 = 7;

#[derive(Clone, Debug)]
pub struct Whose<'r> {
    pub file: Rc<str>,
    /// The line of a list, from 1.
    pub line: Option<u64>,
    pub id: Option<Rc<str>>,
    pub applicant: Option<Rc<str>>,
    pub name: Option<Rc<str>>,
    /// `self`, or `family[n]`.
    pub person: Cow<'static, str>,
    pub relation: &'r str,
}

/// Somebody of a list who has a page.
#[derive(Clone, Debug)]
pub struct Paged<'r> {
    pub whose: Rc<Whose<'r>>,
    pub status: Status,
    /// The name of the file beside the index.
    pub page: &'r str,
}

/// A deadline of somebody, with as much as is shown of it: a list of many people has many.
#[derive(Clone, Debug)]
pub struct AgendaItem<'r> {
    pub whose: Rc<Whose<'r>>,
    pub deadline: Deadline<'r>,
    /// Whether it is late: an overdue duty, the end of a stay that goes on, or a paper that has ended.
    pub is_late: bool,
    pub uid: Uid,
    /// Where it is done, the recommended place first.
    pub places: Rc<[Place]>,
}

/// A channel by its public id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub id: String,
    pub url: Option<String>,
}

#[derive(Clone, Debug)]
pub struct AgendaNotice<'r> {
    pub whose: Rc<Whose<'r>>,
    /// Its public code: the status of a stay that no rule covers, `overstay`, `planned-over`, `strict`, or that of a warning.
    pub code: Rc<str>,
    pub status: Status,
    pub text: Rc<str>,
    /// The rules it is about, or rests on.
    pub rules: Vec<Rc<str>>,
}

impl DeadlineDecision<'_> {
    /// Whether it is the last day of the travel document or the contract: it ends what a person holds, not the stay.
    pub fn is_of_a_paper(&self) -> bool {
        matches!(self.event, "document" | "contract")
    }

    /// Whether it ends something that takes a while to renew.
    pub fn is_renewed(&self) -> bool {
        self.is_of_a_paper() || self.event == "permit"
    }
}

/// A name for a deadline that stays the same from day to day, whatever becomes of its due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Uid([u8; 16]);

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("@trp-check")
    }
}

impl Uid {
    /// Made of who it is, of which deadline after which day, and of the `nth` of those that all this is the same for. Who
    /// it is, is the id; without an id the name with the file; without either the file with citizenship and birth. So a
    /// name may be corrected where there is an id.
    pub fn new(file: &str, profile: &Profile, person: &str, deadline: &Deadline<'_>, nth: u32) -> Self {
        let own = &profile.applicant;
        // The folder and the packing of a list do not identify who is in it.
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
        let file = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".zst")).unwrap_or(file);
        let who = match (&profile.id, &own.name) {
            (Some(id), _) => vec!["id".to_owned(), id.clone()],
            (None, Some(name)) => vec!["name".to_owned(), name.clone(), file.to_owned()],
            (None, None) => {
                let birth = own.birth_date.map(|day| day.to_string()).unwrap_or_default();
                vec!["file".to_owned(), file.to_owned(), COUNTRIES.code(own.citizenship).into_owned(), birth]
            }
        };
        let what = [person.to_owned(), deadline.id.to_owned(), deadline.event_date.to_string(), nth.to_string()];
        let mut hash = Sha256::new();
        for part in who.iter().chain(&what) {
            // The length before each part keeps `ab` + `c` apart from `a` + `bc`.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, of_hash)| *byte = of_hash);
        Self(bytes)
    }
}

/// What a written page is known by again: its SHA-256, in hexadecimal.
pub fn fingerprint(page: &[u8]) -> String {
    Sha256::digest(page).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Whose<'_> {
    pub fn applicant(file: &Rc<str>, line: Option<u64>, profile: &Profile) -> Self {
        let name = profile.applicant.name.as_deref().map(Rc::from);
        Self {
            file: Rc::clone(file),
            line,
            id: profile.id.as_deref().map(Rc::from),
            applicant: name.clone(),
            name,
            person: Cow::Borrowed(APPLICANT),
            relation: APPLICANT,
        }
    }
}
