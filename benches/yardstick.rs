//! The yardstick of a staff list: reads NDJSON from standard input, has `serde_json` read each line into borrowed
//! structs with all keys of a profile, and drops them. Days stay texts, nothing is checked, nothing is written but
//! the number of lines. One thread.
#![expect(dead_code, reason = "what is read is dropped")]

use std::borrow::Cow;
use std::fmt;
use std::hint::black_box;
use std::io::{self, Read};
use std::process::ExitCode;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Bytes that are read at a time.
const BLOCK: usize = 128 * 1024;

/// Free text: borrowed unless it holds an escape. (In an `Option` alone, serde would always copy it.)
#[derive(serde::Deserialize)]
struct Text<'l>(#[serde(borrow)] Cow<'l, str>);

/// A day as written, or `false`. (serde's untagged enums keep a copy of what they look at.)
enum DayOrNo<'l> {
    Day(&'l str),
    No,
}

impl<'de: 'l, 'l> Deserialize<'de> for DayOrNo<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'l> Visitor<'l> for Either {
            type Value = DayOrNo<'l>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a day, or false")
            }

            fn visit_borrowed_str<E: Error>(self, day: &'l str) -> Result<Self::Value, E> {
                Ok(DayOrNo::Day(day))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
                Ok(DayOrNo::No)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(serde::Deserialize)]
struct Profile<'l> {
    #[serde(borrow)]
    id: Option<Text<'l>>,
    name: Option<Text<'l>>,
    citizenship: Text<'l>,
    birth_date: Option<&'l str>,
    travel_document: Option<TravelDocument<'l>>,
    purpose: Option<&'l str>,
    #[serde(default)]
    stays: Vec<Stay<'l>>,
    #[serde(default)]
    permits: Vec<Permit<'l>>,
    employment: Option<Employment<'l>>,
    housing: Option<Housing<'l>>,
    filing: Option<Filing<'l>>,
    #[serde(default)]
    documents_held: Vec<&'l str>,
    #[serde(default)]
    family: Vec<FamilyMember<'l>>,
}

#[derive(serde::Deserialize)]
struct TravelDocument<'l> {
    kind: Option<&'l str>,
    expires: Option<&'l str>,
}

#[derive(serde::Deserialize)]
struct Stay<'l> {
    entry: &'l str,
    exit: Option<&'l str>,
    arrived_at_host: Option<&'l str>,
    #[serde(borrow)]
    notified: Option<DayOrNo<'l>>,
    registered: Option<DayOrNo<'l>>,
    #[serde(default)]
    moves: Vec<Move<'l>>,
}

#[derive(serde::Deserialize)]
struct Move<'l> {
    on: &'l str,
    #[serde(borrow)]
    notified: Option<DayOrNo<'l>>,
    registered: Option<DayOrNo<'l>>,
}

#[derive(serde::Deserialize)]
struct Permit<'l> {
    kind: &'l str,
    from: &'l str,
    until: Option<&'l str>,
    days_per_entry: Option<i32>,
}

#[derive(serde::Deserialize)]
struct Employment<'l> {
    employer: Option<&'l str>,
    work: Option<&'l str>,
    permit_exempt: Option<bool>,
    contract_until: Option<&'l str>,
    changed_on: Option<&'l str>,
}

#[derive(serde::Deserialize)]
struct Housing<'l> {
    owner: Option<&'l str>,
}

#[derive(serde::Deserialize)]
struct Filing<'l> {
    channel: Option<&'l str>,
    on: Option<&'l str>,
}

#[derive(serde::Deserialize)]
struct FamilyMember<'l> {
    relation: &'l str,
    #[serde(borrow)]
    name: Option<Text<'l>>,
    citizenship: Text<'l>,
    birth_date: Option<&'l str>,
    travel_document: Option<TravelDocument<'l>>,
    #[serde(default)]
    documents_held: Vec<&'l str>,
    #[serde(default)]
    stays: Vec<Stay<'l>>,
    #[serde(default)]
    permits: Vec<Permit<'l>>,
}

/// Parses whole lines, each with its line feed, and drops them; how many they were.
fn parse(lines: &[u8]) -> serde_json::Result<u64> {
    let mut count = 0;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', lines) {
        let profile: Profile<'_> = serde_json::from_slice(&lines[start..end])?;
        black_box(&profile);
        count += 1;
        start = end + 1;
    }
    Ok(count)
}

fn run() -> io::Result<u64> {
    let mut input = io::stdin().lock();
    let mut bytes = vec![0; BLOCK];
    let mut filled = 0;
    let mut count = 0;
    loop {
        let read = input.read(&mut bytes[filled..])?;
        if read == 0 {
            break;
        }
        filled += read;
        match memchr::memrchr(b'\n', &bytes[..filled]) {
            Some(last) => {
                count += parse(&bytes[..=last])?;
                bytes.copy_within(last + 1..filled, 0);
                filled -= last + 1;
            }
            None if filled == bytes.len() => bytes.resize(2 * filled, 0),
            None => {}
        }
    }
    if filled > 0 {
        serde_json::from_slice::<Profile<'_>>(&bytes[..filled])?;
        count += 1;
    }
    Ok(count)
}

fn main() -> ExitCode {
    match run() {
        Ok(count) => {
            println!("{count}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
