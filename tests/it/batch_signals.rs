//! `batch`, ended at any moment: what was written is a beginning of what would have been, and whole lines of it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::people::Dice;
use crate::support::still::wait_until_still;
use crate::support::{folders, list, run, text_of};

/// No pipe holds so much: who has as much of the rows before it cannot be at their end.
const MORE_THAN_A_PIPE: usize = 128 * 1024;

/// A list, and what is told of it.
fn list_and_rows(name: &str) -> (PathBuf, Vec<u8>) {
    let folder = folders::scratch(name);
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("staff.ndjson");
    fs::write(&path, text_of(&list(6_000))).expect("a file");
    let mut child = batch(&path, &[], Stdio::piped());
    let told = all_of(child.stdout.take().expect("stdout"));
    assert!(child.wait().expect("an end").success());
    assert_eq!(told.split(|byte| *byte == b'\n').count(), 6_001);
    assert!(told.len() > 8 * MORE_THAN_A_PIPE, "{} bytes", told.len());
    (path, told)
}

/// A run about a list; `-` is a list that the test writes.
fn batch(list: &Path, flags: &[&str], stdout: Stdio) -> Child {
    run::command(run::PROGRAM)
        .args(["batch", "--today", "2026-11-22"])
        .args(flags)
        .arg(list)
        .stdin(if list == Path::new("-") { Stdio::piped() } else { Stdio::null() })
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

/// What a run has told when a signal has ended it, and the code of its end.
type Ended = (Vec<u8>, Option<i32>);

/// Sends the signal at once, whether the program is ready or not.
fn end_at_once(signal: &str, path: &Path, jobs: &str) -> Ended {
    let mut child = batch(path, &["--jobs", jobs], Stdio::piped());
    send(signal, &child);
    let told = all_of(child.stdout.take().expect("stdout"));
    (told, child.wait().expect("an end").code())
}

/// Sends the signal when so many bytes are read. The reader goes on at once, or when the program has ended.
fn end_before_a_reader(signal: &str, path: &Path, jobs: &str, bytes: usize, goes_on: bool) -> Ended {
    let mut child = batch(path, &["--jobs", jobs], Stdio::piped());
    let mut stdout = child.stdout.take().expect("stdout");
    let mut told = vec![0; bytes];
    stdout.read_exact(&mut told).expect("the rows");
    send(signal, &child);
    if !goes_on {
        child.wait().expect("an end");
    }
    told.extend(all_of(stdout));
    (told, child.wait().expect("an end").code())
}

/// Sends the signal when the first rows are in the file; the list is not at its end yet.
fn end_before_a_file(signal: &str, path: &Path, jobs: &str, bytes: usize) -> Ended {
    let file = path.with_extension("rows");
    let mut child = batch(Path::new("-"), &["--jobs", jobs], File::create(&file).expect("a file").into());
    let list = fs::read(path).expect("the list");
    let mut stdin = child.stdin.take().expect("stdin");
    let code = thread::scope(|scope| {
        // The program may be ended before it has read this.
        scope.spawn(|| stdin.write_all(&list[..bytes]));
        while fs::metadata(&file).expect("the file").len() == 0 && child.try_wait().expect("a state").is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        send(signal, &child);
        child.wait().expect("an end").code()
    });
    (fs::read(&file).expect("the rows"), code)
}

/// Ends many runs, each at a moment of its own; fails unless what each has told is a beginning of all rows, with
/// `is_whole` up to the end of a line.
fn end_many(name: &str, signals: &[&str], runs: u64, is_whole: bool) {
    let (path, wanted) = list_and_rows(name);
    let length = usize::try_from(fs::metadata(&path).expect("the list").len()).expect("a length");
    let mut dice = Dice::seeded(runs);
    for number in 0..runs {
        let signal = dice.one(signals);
        let jobs = dice.one(&["1", "2"]);
        let mut between = |least: usize, most: usize| {
            least + usize::try_from(dice.roll((most - least) as u64)).expect("a small number")
        };
        let so_far = between(1, wanted.len() - MORE_THAN_A_PIPE);
        let (told, code) = match number % 4 {
            0 => end_at_once(signal, &path, jobs),
            1 => end_before_a_reader(signal, &path, jobs, so_far, true),
            2 => end_before_a_reader(signal, &path, jobs, so_far, false),
            _ => end_before_a_file(signal, &path, jobs, between(length / 2, length - 1)),
        };
        let run = format!("run {number}: {signal}, {jobs} jobs, {} bytes, {code:?}", told.len());
        assert!(wanted.starts_with(&told), "{run}: other rows");
        assert!(!is_whole || told.is_empty() || told.ends_with(b"\n"), "{run}: half a line");
        match code {
            // The signal came too late.
            Some(0) => assert!(number % 4 < 2 && told.len() == wanted.len(), "{run}: rows are missing"),
            Some(130) => assert!(is_whole, "{run}"),
            // Ended by the system: before the program could ask for signals, nothing was told.
            None => assert!(!is_whole || number % 4 == 0 && told.is_empty(), "{run}"),
            Some(_) => panic!("{run}"),
        }
        let is_in_the_midst = !told.is_empty() && told.len() < wanted.len();
        assert!(number % 4 < 2 || is_in_the_midst, "{run}: not in the midst of the rows");
    }
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
    let (path, wanted) = list_and_rows("batch-stalled");
    for jobs in ["1", "2"] {
        let mut child = batch(&path, &["--jobs", jobs], Stdio::piped());
        let mut told = vec![first_of(&mut child)];
        wait_until_still(&mut child);
        assert!(child.try_wait().expect("a state").is_none(), "all rows fit into the pipe");
        send("TERM", &child);
        assert_eq!(child.wait().expect("an end").code(), Some(130));
        told.extend(all_of(child.stdout.take().expect("stdout")));
        assert!(told.ends_with(b"\n") && wanted.starts_with(&told), "{} bytes", told.len());
    }
}

/// A line that no pipe takes at once is told to its end all the same, however long its reader stands still: longer than
/// the program waits for the reader of short lines.
#[test]
fn a_signal_waits_for_a_long_line() {
    let (path, _) = list_and_rows("batch-long-lines");
    let mut child = batch(&path, &["--full"], Stdio::piped());
    let mut told = vec![first_of(&mut child)];
    wait_until_still(&mut child);
    send("INT", &child);
    let mut other = batch(&path, &[], Stdio::piped());
    first_of(&mut other);
    wait_until_still(&mut other);
    send("INT", &other);
    assert_eq!(other.wait().expect("an end").code(), Some(130));
    told.extend(all_of(child.stdout.take().expect("stdout")));
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert!(told.len() > 60_000 && told.ends_with(b"\n"), "{} bytes", told.len());
    let is_json = |line: &[u8]| line.is_empty() || serde_json::from_slice::<serde_json::Value>(line).is_ok();
    assert!(told.split(|byte| *byte == b'\n').all(is_json));
}
