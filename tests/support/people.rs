//! Staff lists of made-up people, the same on every machine.

use serde_json::{Value as Json, json};

/// A small generator of numbers, the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        dice.roll(1);
        dice
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// One of the words.
    pub fn one<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.roll(words.len() as u64)).expect("a small number")]
    }
}

/// A day from 2024 on.
pub fn day(number: u64) -> String {
    let day = trp_check::calendar::Day::from_ymd(2024, 1, 1).expect("a day");
    day.plus(i32::try_from(number).expect("a small number")).to_string()
}

/// Somebody with up to 20 stays.
fn person(number: u64, dice: &mut Dice) -> Json {
    let mut stays = Vec::new();
    let mut next = dice.roll(60);
    for _ in 0..dice.roll(21) {
        let length = dice.roll(40);
        stays.push(json!({ "entry": day(next), "exit": day(next + length) }));
        next += length + 1 + dice.roll(60);
    }
    if next < 1_050 && dice.roll(2) == 0 {
        stays.push(json!({ "entry": day(next.max(1_020 + dice.roll(30))) }));
    }
    let mut person = json!({
        "id": number.to_string(),
        "citizenship": dice.one(&["RU", "DE", "UZ", "CN", "IN", "TR", "NG", "KZ", "GE"]),
        "stays": stays,
    });
    if dice.roll(2) == 0 {
        person["purpose"] = json!(dice.one(&["employment", "study", "tourism"]));
        person["employment"] = json!({ "employer": dice.one(&["astana-hub", "other"]) });
    }
    if dice.roll(4) == 0 {
        let from = 900 + dice.roll(200);
        person["permits"] =
            json!([{ "kind": dice.one(&["trp", "visa"]), "from": day(from), "until": day(from + 200) }]);
    }
    person
}

/// As many people as are asked for.
pub fn people() -> impl Iterator<Item = Json> {
    let mut dice = Dice::seeded(20_261_122);
    (0..).map(move |number| person(number, &mut dice))
}
