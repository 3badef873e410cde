//! The quick way from a line to a profile takes nothing that the check refuses, and takes it to the same profile.

#[path = "support/people.rs"]
mod people;

use people::{Dice, list};
use trp_check::calendar::Day;
use trp_check::country::Finder;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::profile::{Profile, check, quick, written::WrittenProfile};
use trp_check::tree::{self, Syntax};

fn today() -> Day {
    Day::from_ymd(2026, 11, 22).expect("a day")
}

fn quickly(line: &str, finder: &Finder<'_>) -> Option<Profile> {
    quick::read(line, &RULES, finder, today(), &mut quick::Spare::default())
}

fn slowly(line: &str, finder: &Finder<'_>) -> Option<Profile> {
    let mut faults = Vec::new();
    let node = tree::parse_with(line, 0, Syntax::Json, &mut faults)?;
    let written: WrittenProfile<'_> = tree::read(node, &mut faults);
    check::check(&written, faults, &RULES, finder, today()).ok()
}

/// Everything that a profile can say, in a form that invites mistakes at its edges.
const RICH: &str = r#"{"id":"7","name":"Ан\u043dа \"A\"","citizenship":"RU","birth_date":"1990-02-28","travel_document":{"kind":"passport","expires":"2030-01-01"},"purpose":"employment","stays":[{"entry":"2025-01-01","exit":"2025-01-05"},{"entry":"2025-01-05","exit":"2025-02-01","notified":"2025-01-06","registered":false},{"entry":"2026-11-02","arrived_at_host":"2026-11-03","notified":"2026-11-04","registered":"2026-11-22","moves":[{"on":"2026-11-10","notified":false},{"on":"2026-11-12","registered":"2026-11-12"}]}],"permits":[{"kind":"visa","from":"2025-01-01","until":"2025-12-31","days_per_entry":30},{"kind":"trp","from":"2026-01-01","until":"2026-10-31"}],"employment":{"employer":"astana-hub","work":"employed","permit_exempt":true,"contract_until":"2027-05-05","changed_on":null},"housing":{"owner":"other"},"filing":{"channel":"egov","on":"2026-11-30T10:30"},"documents_held":["passport-copy"],"family":[{"relation":"spouse","citizenship":"Россия","stays":[]},{"relation":"child","citizenship":"RU","birth_date":"2015-05-05"}]}"#;

#[test]
fn good_lines_are_taken() {
    let finder = Finder::new(&COUNTRIES);
    for line in list(2_000).iter().map(ToString::to_string).chain([RICH.to_owned()]) {
        let profile = quickly(&line, &finder);
        assert!(profile.is_some(), "{line}");
        assert_eq!(profile, slowly(&line, &finder), "{line}");
    }
}

#[test]
fn what_is_taken_of_damaged_lines_is_what_the_check_takes() {
    const LETTERS: &[u8] = b"\"\\{}[]:,0123456789-TtfnulesaR. \n\x00\xD0";
    let finder = Finder::new(&COUNTRIES);
    let mut dice = Dice::seeded(7);
    let people: Vec<String> = list(300).iter().map(ToString::to_string).chain([RICH.to_owned()]).collect();
    let mut taken = 0;
    for turn in 0..100_000 {
        let of = if turn % 2 == 0 { people.len() - 1 } else { turn % people.len() };
        let mut bytes = people[of].clone().into_bytes();
        for _ in 0..=dice.roll(2) {
            let at = usize::try_from(dice.roll(bytes.len() as u64)).expect("a place");
            let letter = LETTERS[usize::try_from(dice.roll(LETTERS.len() as u64)).expect("a place")];
            match dice.roll(4) {
                0 => bytes[at] = letter,
                1 => bytes.insert(at, letter),
                2 => {
                    bytes.remove(at);
                }
                // Digits of days: most damage of letters is no JSON any more.
                _ => {
                    let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                    let at = digits[usize::try_from(dice.roll(digits.len() as u64)).expect("a place")];
                    bytes[at] = b'0' + u8::try_from(dice.roll(10)).expect("a digit");
                }
            }
        }
        let Ok(line) = String::from_utf8(bytes) else { continue };
        if let Some(profile) = quickly(&line, &finder) {
            taken += 1;
            assert_eq!(Some(profile), slowly(&line, &finder), "{line}");
        }
    }
    assert!(taken > 5_000, "only {taken} lines were taken: nothing is compared");
}
