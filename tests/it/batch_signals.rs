//! `batch`, ended at any moment: what was written is a beginning of what would have been, and whole lines of it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::people::Dice;
use crate::support::{folders, list, run, text_of};

/// A list that takes some tenths of a second, and what is told of it.
fn list_and_rows(name: &str) -> (PathBuf, Vec<u8>, Duration) {
    let folder = folders::scratch(name);
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("staff.ndjson");
    fs::write(&path, text_of(&list(6_000))).expect("a file");
    let start = Instant::now();
    let mut child = batch(&path, &[], Stdio::piped());
    let told = all_of(child.stdout.take().expect("stdout"));
    assert!(child.wait().expect("an end").success());
    assert_eq!(told.split(|byte| *byte == b'\n').count(), 6_001);
    (path, told, start.elapsed())
}

fn batch(list: &Path, flags: &[&str], stdout: Stdio) -> Child {
    run::command(run::PROGRAM)
        .args(["batch", "--today", "2026-11-22"])
        .args(flags)
        .arg(list)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .expect("a run")
}

/// The first byte of the rows: from then on the program heeds signals, and its reader stands still.
fn first_of(child: &mut Child) -> u8 {
    let mut byte = [0];
    child.stdout.as_mut().expect("stdout").read_exact(&mut byte).expect("a row");
    byte[0]
}

fn all_of(mut pipe: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes).expect("the rows");
    bytes
}

/// Sends a signal, which may come too late.
fn send(signal: &str, child: &Child) {
    let arguments = [format!("-{signal}"), child.id().to_string()];
    Command::new("kill").args(arguments).stderr(Stdio::null()).status().expect("kill runs");
}

/// When a run is ended.
#[derive(Debug)]
enum Moment {
    /// After a time from the start, be it before the first row or after the last one.
    After(Duration),
    /// When so many bytes are told: in the midst of the rows, however quick the machine is.
    At(usize),
}

impl Moment {
    /// Waits for it; `told` says how many bytes are told.
    fn wait(&self, child: &mut Child, told: impl Fn() -> usize) {
        match self {
            Self::After(time) => thread::sleep(*time),
            Self::At(bytes) => {
                while told() < *bytes && child.try_wait().expect("a state").is_none() {
                    thread::sleep(Duration::from_micros(50));
                }
            }
        }
    }
}

/// Ends many runs, each with its signal at a moment of its own; fails unless what each has told is a beginning of all
/// rows, with `is_whole` up to the end of a line.
fn end_many(name: &str, signals: &[&str], runs: u64, is_whole: bool) {
    let (path, wanted, whole_time) = list_and_rows(name);
    let mut dice = Dice::seeded(runs);
    let mut in_the_midst = 0;
    for number in 0..runs {
        let signal = dice.one(signals);
        let jobs = dice.one(&["1", "2"]);
        let share = f64::from(u32::try_from(dice.roll(1_000)).expect("a small number")) / 1_000.0;
        let moment = match number % 3 {
            0 => Moment::After(whole_time.mul_f64(share)),
            _ => Moment::At(wanted.len() * usize::try_from(dice.roll(900)).expect("a small number") / 1_000),
        };
        let (told, code) = if dice.roll(2) == 0 {
            let mut child = batch(&path, &["--jobs", jobs], Stdio::piped());
            let mut stdout = child.stdout.take().expect("stdout");
            let read = AtomicUsize::new(0);
            thread::scope(|scope| {
                let reader = scope.spawn(|| {
                    let (mut told, mut buffer) = (Vec::new(), [0; 4 * 1024]);
                    loop {
                        let taken = stdout.read(&mut buffer).expect("rows");
                        told.extend_from_slice(&buffer[..taken]);
                        read.store(told.len(), Ordering::Relaxed);
                        if taken == 0 {
                            return told;
                        }
                    }
                });
                moment.wait(&mut child, || read.load(Ordering::Relaxed));
                send(signal, &child);
                let status = child.wait().expect("an end");
                (reader.join().expect("the rows"), status.code())
            })
        } else {
            let file = path.with_file_name(format!("{number}.ndjson"));
            let mut child = batch(&path, &["--jobs", jobs], fs::File::create(&file).expect("a file").into());
            let written = || fs::metadata(&file).map_or(0, |file| usize::try_from(file.len()).expect("a length"));
            moment.wait(&mut child, written);
            send(signal, &child);
            let status = child.wait().expect("an end");
            (fs::read(&file).expect("the rows"), status.code())
        };
        let run = format!("run {number}: {signal}, {moment:?}, {jobs} jobs, {} bytes", told.len());
        assert!(wanted.starts_with(&told), "{run}: other rows");
        assert!(!is_whole || told.is_empty() || told.ends_with(b"\n"), "{run}: half a line");
        match code {
            Some(0) => assert_eq!(told.len(), wanted.len(), "{run}: rows are missing"),
            Some(130) => assert!(is_whole, "{run}"),
            // Ended by the system: before the program could ask for signals, nothing was told.
            None => assert!(!is_whole || told.is_empty(), "{run}"),
            other => panic!("{run}: {other:?}"),
        }
        in_the_midst += u64::from(!told.is_empty() && told.len() < wanted.len());
    }
    assert!(in_the_midst > runs / 8, "only {in_the_midst} of {runs} runs were ended in the midst of the rows");
}

#[test]
fn a_signal_at_any_moment_leaves_whole_lines() {
    end_many("batch-stopped", &["INT", "TERM"], 30, true);
}

#[test]
fn a_kill_at_any_moment_cuts_no_line_but_the_last_one() {
    end_many("batch-killed", &["KILL"], 16, false);
}

/// A reader that takes nothing does not keep a signal from ending the program; what it takes later are whole lines.
#[test]
fn a_signal_ends_it_though_the_reader_stands_still() {
    let (path, wanted, _) = list_and_rows("batch-stalled");
    for jobs in ["1", "2"] {
        let mut child = batch(&path, &["--jobs", jobs], Stdio::piped());
        let mut told = vec![first_of(&mut child)];
        thread::sleep(Duration::from_millis(500));
        assert!(child.try_wait().expect("a state").is_none(), "all rows fit into the pipe");
        send("TERM", &child);
        let start = Instant::now();
        while child.try_wait().expect("a state").is_none() {
            assert!(start.elapsed() < Duration::from_secs(20), "the signal is waiting for the reader");
            thread::sleep(Duration::from_millis(10));
        }
        told.extend(all_of(child.stdout.take().expect("stdout")));
        assert!(told.ends_with(b"\n") && wanted.starts_with(&told), "{} bytes", told.len());
    }
}

/// A line that no pipe takes at once is told to its end all the same.
#[test]
fn a_signal_waits_for_a_long_line() {
    let (path, _, _) = list_and_rows("batch-long-lines");
    let mut child = batch(&path, &["--full"], Stdio::piped());
    let mut told = vec![first_of(&mut child)];
    send("INT", &child);
    thread::sleep(Duration::from_millis(1_500));
    told.extend(all_of(child.stdout.take().expect("stdout")));
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert!(told.len() > 60_000 && told.ends_with(b"\n"), "{} bytes", told.len());
    let is_json = |line: &[u8]| line.is_empty() || serde_json::from_slice::<serde_json::Value>(line).is_ok();
    assert!(told.split(|byte| *byte == b'\n').all(is_json));
}
