//! Writes a staff list of made-up people, the same for the same seed on every machine:
//! `people COUNT [--layout usual|shuffled|blanks|csv] [--seed N] [--stays N]`.
//!
//! The layouts hold the same people: `usual` has the keys in the order of the contract and no blanks, `blanks` is
//! what Python writes unasked, `shuffled` has a new order of keys in every table, `csv` has stays and permits packed
//! in a cell (a table has no room for family, nor for notifications of past stays). All of them can be read.

use std::env;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use trp_check::calendar::Day;

/// The day on which the lists are asked about, and the day on which the first stays may begin.
const TODAY: (i32, u32, u32) = (2026, 11, 22);
const FIRST_STAY: (i32, u32, u32) = (2023, 1, 1);
/// The days that are written at all.
const FIRST: (i32, u32, u32) = (1950, 1, 1);
const LAST: (i32, u32, u32) = (2040, 12, 31);
/// The last day of the year of [`TODAY`]: planned stays end by then.
const DAYS_LEFT: usize = 39;
const SEED: u64 = 20_261_122;

/// Some stand more than once: they are met more often.
const COUNTRIES: [&str; 24] = [
    "RU",
    "RU",
    "RU",
    "RU",
    "RU",
    "KG",
    "KG",
    "UZ",
    "UZ",
    "BY",
    "AM",
    "TJ",
    "AZ",
    "GE",
    "CN",
    "CN",
    "TR",
    "IN",
    "DE",
    "US",
    "KR",
    "MN",
    "NG",
    "Россия",
];
const FAMILY_NAMES: [&str; 12] = [
    "Ivanov",
    "Petrova",
    "Иванова",
    "Ким",
    "Абдуллаев",
    "Müller",
    "Öztürk",
    "Li",
    "Singh",
    "Okafor",
    "Sargsyan",
    "O'Neil",
];
const GIVEN_NAMES: [&str; 12] =
    ["Aleksei", "Anna", "Мария", "Тимур", "Aziz", "Jürgen", "Ayşe", "Wei", "Priya", "Chidi", "Анаит", "Nino"];
const PURPOSES: [&str; 8] =
    ["employment", "employment", "employment", "employment", "study", "private", "tourism", "business-trip"];
const DOCUMENTS: [&str; 4] =
    ["application-form", "identity-document-copy", "medical-insurance", "fingerprint-certificate"];

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn one(&mut self, words: &[&'static str]) -> &'static str {
        words[self.roll(words.len())]
    }
}

/// A day, by its place among those that are written.
type At = usize;

/// What the days look like, written once; and those that the lists turn on.
struct Days {
    texts: Vec<String>,
    today: At,
    first_stay: At,
}

impl Days {
    fn new() -> Self {
        let day = |(year, month, day)| Day::from_ymd(year, month, day).expect("a day");
        let mut texts = Vec::new();
        let (mut today, mut first_stay) = (0, 0);
        let mut next = day(FIRST);
        while next <= day(LAST) {
            if next == day(TODAY) {
                today = texts.len();
            }
            if next == day(FIRST_STAY) {
                first_stay = texts.len();
            }
            texts.push(next.to_string());
            next = next.plus(1);
        }
        Self { texts, today, first_stay }
    }
}

/// Something to be written.
enum Value {
    Word(&'static str),
    Text(String),
    Day(At),
    No,
    Number(usize),
    List(Vec<Value>),
    Table(Vec<(&'static str, Value)>),
}

impl Value {
    fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(rows) => rows.iter().find(|(name, _)| *name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

fn name(dice: &mut Dice) -> Value {
    let (given, family) = (dice.one(&GIVEN_NAMES), dice.one(&FAMILY_NAMES));
    Value::Text(if dice.one_in(100) { format!("{given} \"Sasha\" {family}") } else { format!("{given} {family}") })
}

fn birth_date(dice: &mut Dice, days: &Days, least_years: usize, years: usize) -> Value {
    Value::Day(days.today - 366 * least_years - dice.roll(365 * years))
}

fn travel_document(dice: &mut Dice, days: &Days) -> Value {
    let kind = dice.one(&["passport", "passport", "passport", "passport", "passport", "national-id"]);
    Value::Table(vec![("kind", Value::Word(kind)), ("expires", Value::Day(days.today + 30 + dice.roll(3_000)))])
}

fn stay(dice: &mut Dice, days: &Days, entry: At, exit: Option<At>) -> Value {
    let mut stay = vec![("entry", Value::Day(entry))];
    stay.extend(exit.map(|exit| ("exit", Value::Day(exit))));
    let is_current = entry <= days.today && exit.is_none_or(|exit| days.today <= exit);
    let is_noted = if is_current { !dice.one_in(4) } else { dice.one_in(5) };
    if entry <= days.today && is_noted {
        let on = Value::Day((entry + dice.roll(4)).min(days.today));
        stay.push(("notified", if dice.one_in(20) { Value::No } else { on }));
    }
    if is_current && dice.one_in(10) {
        stay.push(("registered", Value::Day(days.today - dice.roll(days.today - entry + 1))));
    }
    Value::Table(stay)
}

/// Up to 20 stays, few more often than many; each has a stretch of the years to itself, so that they are in order
/// and do not meet. Two people in three are in the country now.
fn stays(dice: &mut Dice, days: &Days) -> Vec<Value> {
    let count = dice.roll(21).min(dice.roll(21));
    let mut stays = Vec::with_capacity(count + 1);
    let stretch = (days.today - days.first_stay) / count.max(1);
    let mut is_there = false;
    for number in 1..=count {
        let from = days.today - stretch * (count + 1 - number);
        is_there = number == count && !dice.one_in(3);
        let (entry, exit) = if is_there {
            let entry = days.today - dice.roll(stretch.min(100));
            (entry, dice.one_in(3).then(|| days.today + dice.roll(DAYS_LEFT)))
        } else {
            let entry = from + dice.roll(stretch / 3);
            (entry, Some(entry + dice.roll((stretch / 2).min(100))))
        };
        stays.push(stay(dice, days, entry, exit));
    }
    if !is_there && dice.one_in(8) {
        let entry = days.today + 1 + dice.roll(DAYS_LEFT / 2);
        let exit = entry + dice.roll(DAYS_LEFT / 2);
        stays.push(stay(dice, days, entry, Some(exit)));
    }
    stays
}

/// As many stays as are asked for: every other day, up to today.
fn many_stays(days: &Days, count: usize) -> Vec<Value> {
    let one = |back| {
        let day = days.today - 2 * back;
        Value::Table(vec![("entry", Value::Day(day)), ("exit", Value::Day(day))])
    };
    (0..count).rev().map(one).collect()
}

fn permit(dice: &mut Dice, days: &Days) -> Value {
    let from = days.today - dice.roll(300);
    let until = Value::Day(from + 90 + dice.roll(275));
    let mut permit = vec![("kind", Value::Word("trp")), ("from", Value::Day(from)), ("until", until)];
    if dice.one_in(2) {
        permit[0].1 = Value::Word("visa");
        if dice.one_in(2) {
            permit.push(("days_per_entry", Value::Number(30 * (1 + dice.roll(3)))));
        }
    }
    Value::Table(permit)
}

fn member(dice: &mut Dice, days: &Days, is_first: bool, citizenship: &'static str) -> Value {
    let is_spouse = is_first && dice.one_in(2);
    let birth_date = if is_spouse { birth_date(dice, days, 18, 40) } else { birth_date(dice, days, 0, 17) };
    let mut member = vec![
        ("relation", Value::Word(if is_spouse { "spouse" } else { "child" })),
        ("name", name(dice)),
        ("citizenship", Value::Word(citizenship)),
        ("birth_date", birth_date),
    ];
    if dice.one_in(3) {
        member.push(("travel_document", travel_document(dice, days)));
    }
    Value::Table(member)
}

/// A person; the keys are in the order of the contract.
fn person(dice: &mut Dice, days: &Days, number: usize, count_of_stays: Option<usize>) -> Value {
    let citizenship = dice.one(&COUNTRIES);
    let purpose = dice.one(&PURPOSES);
    let mut person = vec![
        ("id", Value::Text(format!("E-{number:07}"))),
        ("name", name(dice)),
        ("citizenship", Value::Word(citizenship)),
        ("birth_date", birth_date(dice, days, 18, 50)),
        ("travel_document", travel_document(dice, days)),
        ("purpose", Value::Word(purpose)),
    ];
    let stays = count_of_stays.map_or_else(|| stays(dice, days), |count| many_stays(days, count));
    person.push(("stays", Value::List(stays)));
    if dice.one_in(7) {
        person.push(("permits", Value::List(vec![permit(dice, days)])));
    }
    if purpose == "employment" {
        let mut job = vec![("employer", Value::Word(dice.one(&["astana-hub", "astana-hub", "aifc", "other"])))];
        if dice.one_in(2) {
            job.push(("work", Value::Word("employed")));
        }
        if dice.one_in(2) {
            job.push(("contract_until", Value::Day(days.today + dice.roll(700))));
        }
        person.push(("employment", Value::Table(job)));
    }
    let owner = dice.one(&["other", "other", "applicant", "employer"]);
    person.push(("housing", Value::Table(vec![("owner", Value::Word(owner))])));
    let mut filing = vec![("channel", Value::Word(dice.one(&["egov", "egov", "psc", "police"])))];
    if dice.one_in(8) {
        filing.push(("on", Value::Day(days.today + dice.roll(DAYS_LEFT))));
    }
    person.push(("filing", Value::Table(filing)));
    if dice.one_in(8) {
        let held = DOCUMENTS.iter().filter(|_| dice.one_in(2)).map(|id| Value::Word(id));
        person.push(("documents_held", Value::List(held.collect())));
    }
    if dice.one_in(20) {
        let members = (0..=dice.roll(3)).map(|at| member(dice, days, at == 0, citizenship));
        person.push(("family", Value::List(members.collect())));
    }
    Value::Table(person)
}

/// How JSON is laid out: what stands between keys, and whose dice change the order of them.
struct Json {
    comma: &'static str,
    colon: &'static str,
    shuffler: Option<Dice>,
}

impl Json {
    fn write(&mut self, days: &Days, value: &Value, line: &mut Vec<u8>) {
        match value {
            Value::Word(word) => text(word, line),
            Value::Text(words) => text(words, line),
            Value::Day(day) => text(&days.texts[*day], line),
            Value::No => line.extend_from_slice(b"false"),
            Value::Number(number) => line.extend_from_slice(number.to_string().as_bytes()),
            Value::List(items) => {
                line.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    line.extend_from_slice(if at > 0 { self.comma } else { "" }.as_bytes());
                    self.write(days, item, line);
                }
                line.push(b']');
            }
            Value::Table(rows) => {
                let mut order = [0; 16];
                for (at, place) in order.iter_mut().enumerate() {
                    *place = at;
                }
                if let Some(dice) = &mut self.shuffler {
                    for at in (1..rows.len()).rev() {
                        order.swap(at, dice.roll(at + 1));
                    }
                }
                line.push(b'{');
                for (at, row) in order[..rows.len()].iter().enumerate() {
                    line.extend_from_slice(if at > 0 { self.comma } else { "" }.as_bytes());
                    text(rows[*row].0, line);
                    line.extend_from_slice(self.colon.as_bytes());
                    self.write(days, &rows[*row].1, line);
                }
                line.push(b'}');
            }
        }
    }
}

fn text(words: &str, line: &mut Vec<u8>) {
    line.push(b'"');
    for byte in words.bytes() {
        if byte == b'"' {
            line.push(b'\\');
        }
        line.push(byte);
    }
    line.push(b'"');
}

/// The columns of `batch --template csv`.
const COLUMNS: &str = "id,name,citizenship,birth_date,purpose,travel_document.kind,travel_document.expires,stays,\
     notified,registered,arrived_at_host,moved,permits,employment.employer,employment.work,employment.permit_exempt,\
     employment.contract_until,employment.changed_on,housing.owner,filing.channel,filing.on,documents_held\n";

/// What stands in a cell for a value; nothing where there is none.
fn cell(days: &Days, value: Option<&Value>) -> String {
    match value {
        Some(Value::Word(word)) => (*word).to_owned(),
        Some(Value::Text(words)) => words.clone(),
        Some(Value::Day(day)) => days.texts[*day].clone(),
        Some(Value::No) => "no".to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::List(items)) => items.iter().map(|item| cell(days, Some(item))).collect::<Vec<_>>().join(";"),
        Some(Value::Table(_)) | None => String::new(),
    }
}

fn run(days: &Days, table: &Value, first: &str, last: &str) -> String {
    format!("{}..{}", cell(days, table.get(first)), cell(days, table.get(last)))
}

/// A row of a table. What is said of one stay is said of the current one, else of the last.
fn csv_line(days: &Days, person: &Value, line: &mut Vec<u8>) {
    let list = |key| person.get(key).map(Value::items).unwrap_or_default();
    let stays = list("stays");
    let is_there = |stay: &&Value| {
        let day = |key| match stay.get(key) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        };
        day("entry").is_some_and(|entry| entry <= days.today) && day("exit").is_none_or(|exit| days.today <= exit)
    };
    let current = stays.iter().find(is_there).or(stays.last());
    let of_current = |key| cell(days, current.and_then(|stay| stay.get(key)));
    let of = |table: &str, key| cell(days, person.get(table).and_then(|table| table.get(key)));
    let packed_stays: Vec<String> = stays.iter().map(|stay| run(days, stay, "entry", "exit")).collect();
    let packed_permit = |permit: &Value| {
        let days_each = permit.get("days_per_entry").map(|each| format!("/{}", cell(days, Some(each))));
        let run = run(days, permit, "from", "until");
        format!("{}:{run}{}", cell(days, permit.get("kind")), days_each.unwrap_or_default())
    };
    let cells = [
        cell(days, person.get("id")),
        cell(days, person.get("name")),
        cell(days, person.get("citizenship")),
        cell(days, person.get("birth_date")),
        cell(days, person.get("purpose")),
        of("travel_document", "kind"),
        of("travel_document", "expires"),
        packed_stays.join(";"),
        of_current("notified"),
        of_current("registered"),
        of_current("arrived_at_host"),
        of_current("moved"),
        list("permits").iter().map(packed_permit).collect::<Vec<_>>().join(";"),
        of("employment", "employer"),
        of("employment", "work"),
        of("employment", "permit_exempt"),
        of("employment", "contract_until"),
        of("employment", "changed_on"),
        of("housing", "owner"),
        of("filing", "channel"),
        of("filing", "on"),
        cell(days, person.get("documents_held")),
    ];
    for (at, cell) in cells.iter().enumerate() {
        line.extend_from_slice(if at > 0 { b"," } else { b"" });
        if cell.contains('"') {
            line.extend_from_slice(format!("\"{}\"", cell.replace('"', "\"\"")).as_bytes());
        } else {
            line.extend_from_slice(cell.as_bytes());
        }
    }
}

/// What is asked for.
struct Wanted {
    people: usize,
    layout: String,
    seed: u64,
    stays: Option<usize>,
}

fn wanted() -> Option<Wanted> {
    let mut arguments = env::args().skip(1);
    let people = arguments.next()?.parse().ok()?;
    let mut wanted = Wanted { people, layout: "usual".to_owned(), seed: SEED, stays: None };
    while let Some(flag) = arguments.next() {
        let value = arguments.next()?;
        match &*flag {
            "--layout" => wanted.layout = value,
            "--seed" => wanted.seed = value.parse().ok()?,
            "--stays" => wanted.stays = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    Some(wanted)
}

fn write(wanted: &Wanted, mut json: Option<Json>) -> io::Result<()> {
    let days = Days::new();
    let mut dice = Dice(wanted.seed);
    let mut output = BufWriter::with_capacity(1 << 17, io::stdout().lock());
    if json.is_none() {
        output.write_all(COLUMNS.as_bytes())?;
    }
    let mut line = Vec::new();
    for number in 1..=wanted.people {
        let person = person(&mut dice, &days, number, wanted.stays);
        line.clear();
        match &mut json {
            Some(json) => json.write(&days, &person, &mut line),
            None => csv_line(&days, &person, &mut line),
        }
        line.push(b'\n');
        output.write_all(&line)?;
    }
    output.flush()
}

fn main() -> ExitCode {
    let usage = "usage: people COUNT [--layout usual|shuffled|blanks|csv] [--seed N] [--stays N]";
    let Some(wanted) = wanted() else {
        eprintln!("{usage}");
        return ExitCode::from(2);
    };
    let plain = Json { comma: ",", colon: ":", shuffler: None };
    let json = match &*wanted.layout {
        "usual" => Some(plain),
        "blanks" => Some(Json { comma: ", ", colon: ": ", ..plain }),
        "shuffled" => Some(Json { shuffler: Some(Dice(!wanted.seed)), ..plain }),
        "csv" => None,
        _ => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    match write(&wanted, json) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
