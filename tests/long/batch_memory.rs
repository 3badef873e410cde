//! The memory that `batch` takes does not grow with the list, but for its ids, with what a line holds, or with a reader that stands
//! still.
//!
//! Some hundred thousand people in the ordinary run; ten million with
//! `TRP_CHECK_LONG=1 cargo test --release --test long`.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::thread;

use crate::support::run;
use crate::support::still::wait_until_still;

/// No list may take more, in KiB.
const MOST: u64 = 16 * 1024;

/// What is kept of an id, in bytes: 16, and what a list that grows has left over.
const OF_AN_ID: u64 = 20;

/// How many lines the short list has, and the long one.
fn sizes() -> (u64, u64) {
    if std::env::var_os("TRP_CHECK_LONG").is_some() { (1_000_000, 10_000_000) } else { (30_000, 120_000) }
}

fn batch(flags: &[&str]) -> Child {
    run::command(run::PROGRAM)
        .args(["batch", "--today", "2026-11-22"])
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a run")
}

/// The most memory that a running program has had, in KiB.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("a running program");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn line(number: u64) -> String {
    let country = ["RU", "DE", "UZ"][usize::try_from(number % 3).expect("a small number")];
    let month = 1 + number % 9;
    format!(
        "{{\"id\":\"{number}\",\"citizenship\":\"{country}\",\"stays\":[{{\"entry\":\"2026-0{month}-03\",\"exit\":\"2026-0{month}-20\"}}]}}\n"
    )
}

/// The peak of a run that is given so many pieces, and the rows it told. The peak is read when all is given but for
/// the end of the list.
fn peak_of(flags: &[&str], pieces: u64, piece: impl Fn(u64) -> String) -> (u64, usize) {
    let mut child = batch(flags);
    let mut stdin = child.stdin.take().expect("stdin");
    let mut stdout = child.stdout.take().expect("stdout");
    let reader = thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        let mut rows = 0;
        loop {
            match stdout.read(&mut buffer).expect("rows") {
                0 => return rows,
                read => rows += buffer[..read].split(|byte| *byte == b'\n').count() - 1,
            }
        }
    });
    let mut text = String::new();
    for number in 0..pieces {
        text.push_str(&piece(number));
        if text.len() > 256 * 1024 || number + 1 == pieces {
            stdin.write_all(text.as_bytes()).expect("the program reads on");
            text.clear();
        }
    }
    let peak = peak(&child);
    drop(stdin);
    let rows = reader.join().expect("rows");
    child.wait().expect("an end");
    (peak, rows)
}

/// What is written next.
type Piece<'p> = &'p dyn Fn(u64) -> String;

#[test]
fn memory_does_not_grow_with_the_list() {
    let (few, many) = sizes();
    for jobs in ["1", "2"] {
        let (short, rows) = peak_of(&["--jobs", jobs], few, line);
        assert_eq!(rows as u64, few);
        let (long, rows) = peak_of(&["--jobs", jobs], many, line);
        assert_eq!(rows as u64, many);
        println!("{jobs} jobs: {short} KiB for {few} lines, {long} KiB for {many}");
        // All that may grow is what is kept of each id, to find it when it comes again.
        let (short, long) = (short - few * OF_AN_ID / 1024, long - many * OF_AN_ID / 1024);
        assert!(long * 100 <= short * 115, "{short} KiB for {few} lines, {long} KiB for {many}, without ids");
        assert!(long < MOST, "{long} KiB");
    }
}

/// Neither lines that are nearly nothing, nor whole answers, nor lines and records without an end.
#[test]
fn memory_does_not_grow_with_what_lines_hold() {
    let short_line = |_| "1\n".to_owned();
    let open_cell = |number| if number == 0 { "id,citizenship\n\"".to_owned() } else { "x,\n".repeat(30_000) };
    let (_, many) = sizes();
    let lists: [(&str, &[&str], u64, Piece<'_>); 4] = [
        ("short lines", &[], many, &short_line),
        ("whole answers", &["--full"], many / 20, &line),
        ("one line", &["--max-line", "100000"], many / 500, &|_| "x".repeat(100_000)),
        ("one cell", &["--input-format", "csv", "--max-line", "100000"], many / 500, &open_cell),
    ];
    for (name, flags, pieces, piece) in lists {
        let (peak, rows) = peak_of(&[flags, &["--jobs", "2"]].concat(), pieces, piece);
        println!("{name}: {peak} KiB, {rows} rows");
        assert!(rows > 0 && peak < MOST, "{name}: {peak} KiB, {rows} rows");
    }
}

/// Whoever takes so many bytes of a list whose rows nobody reads, takes all of it.
const TOO_MUCH: usize = 4 << 20;

/// As long as nobody reads the rows, little of the list is read.
#[test]
fn memory_does_not_grow_while_nobody_reads() {
    for flags in [&["--jobs", "1"][..], &["--jobs", "2"], &["--jobs", "2", "--full"]] {
        let mut child = batch(flags);
        let mut stdin = child.stdin.take().expect("stdin");
        let writer = thread::spawn(move || {
            let text: String = (0..2_000).map(line).collect();
            let mut taken = 0_usize;
            while taken < TOO_MUCH && stdin.write_all(text.as_bytes()).is_ok() {
                taken += text.len();
            }
            taken
        });
        child.stdout.as_mut().expect("stdout").read_exact(&mut [0]).expect("a row");
        wait_until_still(&mut child);
        let peak = peak(&child);
        child.kill().expect("a running program");
        child.wait().expect("an end");
        let taken = writer.join().expect("the list");
        println!("{flags:?}: {peak} KiB, {taken} bytes taken");
        assert!(peak < MOST, "{flags:?}: {peak} KiB");
        assert!(taken < TOO_MUCH, "{flags:?}: {taken} bytes were taken");
    }
}
