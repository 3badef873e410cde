//! Random people, each written twice: as the cells of a row, and as a profile in JSON.

use serde_json::{Map, Value, json};
use trp_check::calendar::Day;
use trp_check::roster::columns::DateFormat;

/// Random numbers from a seed.
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, end: i32) -> i32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from((self.0 >> 33) % u64::try_from(end).expect("a positive number")).expect("a small number")
    }

    fn one_in(&mut self, n: i32) -> bool {
        self.below(n) == 0
    }

    fn one_of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[usize::try_from(self.below(i32::try_from(words.len()).expect("few words"))).expect("a place")]
    }
}

/// The same person twice: as cells, and as JSON.
pub struct Twin {
    pub cells: Vec<(&'static str, String)>,
    pub json: Map<String, Value>,
    pub dates: DateFormat,
    today: Day,
}

impl Twin {
    /// One of so many days from the first one on, as the list writes it, and as JSON does.
    fn day(&self, dice: &mut Dice, first: Day, days: i32) -> (String, String) {
        let iso = first.plus(dice.below(days)).to_string();
        if self.dates == DateFormat::Iso || dice.one_in(3) {
            return (iso.clone(), iso);
        }
        let mark = if self.dates == DateFormat::Dmy { "." } else { "/" };
        ([&iso[8..], &iso[5..7], &iso[..4]].join(mark), iso)
    }

    fn put(&mut self, name: &'static str, cell: &str, value: Value) {
        self.cells.push((name, cell.to_owned()));
        match name.split_once('.') {
            None => _ = self.json.insert(name.to_owned(), value),
            Some((table, key)) => {
                let table = self.json.entry(table).or_insert_with(|| json!({}));
                table[key] = value;
            }
        }
    }

    fn put_stays(&mut self, dice: &mut Dice) {
        let mut at = self.today.plus(-900 + dice.below(800));
        let mut stays: Vec<(Day, Option<Day>)> = Vec::new();
        for _ in 0..=dice.below(20) {
            let last = at.plus(dice.below(40));
            stays.push((at, Some(last)));
            // Now and then they overlap, and both must be refused.
            at = last.plus(if dice.one_in(200) { -1 } else { dice.below(50) });
        }
        if dice.one_in(2) {
            stays.push((at, None));
        }
        if dice.one_in(3) {
            stays.reverse();
        }
        let is_current =
            |(entry, exit): &(Day, Option<Day>)| *entry <= self.today && exit.is_none_or(|exit| self.today <= exit);
        let current = stays.iter().position(is_current).unwrap_or(stays.len() - 1);
        let mut values = Vec::new();
        let mut cells = Vec::new();
        for (entry, exit) in &stays {
            let entry = self.day(dice, *entry, 1);
            let exit = exit.map(|exit| self.day(dice, exit, 1));
            cells.push(format!("{}..{}", entry.0, exit.as_ref().map_or("", |exit| &exit.0)));
            values.push(match exit {
                Some(exit) => json!({ "entry": entry.1, "exit": exit.1 }),
                None => json!({ "entry": entry.1 }),
            });
        }
        let entry = stays[current].0;
        for name in ["notified", "registered"] {
            if dice.one_in(3) {
                let (cell, value) = self.day(dice, entry.plus(-1), 9);
                self.cells.push((name, cell));
                values[current][name] = value.into();
            } else if dice.one_in(2) {
                self.cells.push((name, dice.one_of(&["no", "false", "FALSE"]).to_owned()));
                values[current][name] = false.into();
            }
        }
        if dice.one_in(3) {
            let (cell, value) = self.day(dice, entry, 5);
            self.cells.push(("arrived_at_host", cell));
            values[current]["arrived_at_host"] = value.into();
        }
        if dice.one_in(3) {
            let days = [0; 2].map(|_| self.day(dice, entry, 9));
            self.cells.push(("moved", format!("{};{}", days[0].0, days[1].0)));
            values[current]["moves"] = days.map(|(_, value)| json!({ "on": value })).to_vec().into();
        }
        self.put("stays", &cells.join(dice.one_of(&[";", " ; ", ";;"])), values.into());
    }

    fn put_permits(&mut self, dice: &mut Dice) {
        let (mut cells, mut values) = (Vec::new(), Vec::new());
        let mut at = self.today.plus(-400);
        for _ in 0..=dice.below(4) {
            let kind = dice.one_of(&["visa", "trp", "residence-permit"]);
            let (from, until) = (self.day(dice, at, 1), self.day(dice, at, 300));
            at = at.plus(dice.below(400));
            let mut cell = format!("{kind}:{}..", from.0);
            let mut value = json!({ "kind": kind, "from": from.1 });
            if kind != "residence-permit" || dice.one_in(2) {
                cell.push_str(&until.0);
                value["until"] = until.1.into();
            }
            if kind == "visa" && dice.one_in(2) || dice.one_in(40) {
                let days = dice.below(100);
                cell = format!("{cell}/{days}");
                value["days_per_entry"] = days.into();
            }
            if kind == "visa" && dice.one_in(2) || dice.one_in(40) {
                let entries = dice.below(4);
                cell = format!("{cell}x{entries}");
                value["entries"] = entries.into();
            }
            cells.push(cell);
            values.push(value);
        }
        self.put("permits", &cells.join(";"), values.into());
    }

    /// Somebody, as of a day.
    pub fn random(dice: &mut Dice, today: Day) -> Self {
        let dates = match dice.below(3) {
            0 => DateFormat::Iso,
            1 => DateFormat::Dmy,
            _ => DateFormat::DmySlash,
        };
        let mut twin = Self { cells: Vec::new(), json: Map::new(), dates, today };
        let citizenship = dice.one_of(&["RU", "RUS", "uzbekistan", "Германия", "stateless", "Atlantis"]);
        twin.put("citizenship", citizenship, citizenship.into());
        let words: [(&str, &[&str]); 9] = [
            ("id", &["1", "A-17"]),
            ("name", &["Анна", "Li, \"Bo\""]),
            ("purpose", &["employment", "study", "tourism"]),
            ("travel_document.kind", &["passport", "national-id"]),
            ("employment.employer", &["astana-hub", "other"]),
            ("employment.work", &["employed", "self-employed"]),
            ("housing.owner", &["applicant", "other"]),
            ("filing.channel", &["egov", "psc", "fax"]),
            ("employment.permit_exempt", &["true", "false"]),
        ];
        for (name, words) in words {
            if dice.one_in(3) {
                let word = dice.one_of(words);
                let value = word.parse::<bool>().map_or_else(|_| word.into(), Value::from);
                twin.put(name, word, value);
            }
        }
        let days = [
            "birth_date",
            "travel_document.expires",
            "employment.permission_until",
            "employment.contract_until",
            "employment.changed_on",
            "fined_on",
        ];
        for name in days {
            if dice.one_in(3) {
                let (cell, value) = twin.day(dice, today.plus(-3_900), 4_000);
                twin.put(name, &cell, value.into());
            }
        }
        if dice.one_in(3) {
            let (cell, value) = twin.day(dice, today, 99);
            let time = dice.one_of(&["", "T09:30", " 18:00", "T24:00"]);
            twin.put("filing.on", &(cell + time), (value + time).into());
        }
        if dice.one_in(3) {
            let ids = ["employment-contract", "medical-insurance"];
            twin.put("documents_held", &ids.join(dice.one_of(&[";", " ", "; "])), ids.to_vec().into());
        }
        if !dice.one_in(5) {
            twin.put_stays(dice);
        }
        if dice.one_in(2) {
            twin.put_permits(dice);
        }
        for at in (1..twin.cells.len()).rev() {
            let other = dice.below(i32::try_from(at).expect("few cells") + 1);
            twin.cells.swap(at, usize::try_from(other).expect("a place"));
        }
        twin
    }
}
