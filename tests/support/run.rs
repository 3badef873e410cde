//! Runs the built program the way a shell would, with nothing of the caller's environment that changes answers.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_trp-check");

/// The day of every test that forgets to say one: no expected answer is of this day, so such a test fails at once
/// and not on the day after.
pub const NO_DAY: (&str, &str) = ("TRP_CHECK_TODAY", "2031-05-05");

/// No run of these tests may take longer; one that does is ended and fails its test.
const LONGEST: Duration = Duration::from_secs(30);

/// What came of a run.
pub struct Ran {
    /// The exit status; `None` when it took too long or was ended by a signal.
    pub status: Option<i32>,
    /// The answer.
    pub stdout: String,
    /// Everything else.
    pub stderr: String,
}

/// The folder of the package, where all runs start.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Variables of the environment that change what is said, or how.
pub const SEEN: [&str; 8] =
    ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE", "LC_ALL", "LC_MESSAGES", "LANG"];

/// A command that sees none of the variables that change answers.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command.env(NO_DAY.0, NO_DAY.1);
    for variable in SEEN {
        command.env_remove(variable);
    }
    command
}

/// Runs the program with these arguments and this stdin.
pub fn run(arguments: &[&str], stdin: &[u8]) -> Ran {
    let mut command = command(PROGRAM);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{PROGRAM}: {error}"));
    thread::scope(|scope| {
        let input = child.stdin.take();
        // A program that stops early closes its stdin: that is no fault of the test.
        scope.spawn(move || input.map(|mut input| input.write_all(stdin)));
        let stdout = child.stdout.take();
        let stderr = child.stderr.take();
        let stdout = scope.spawn(move || text_of(stdout));
        let stderr = scope.spawn(move || text_of(stderr));
        let status = ended(&mut child);
        let text = |reader: thread::ScopedJoinHandle<'_, String>| reader.join().unwrap_or_default();
        Ran { status, stdout: text(stdout), stderr: text(stderr) }
    })
}

/// Waits for the end, and brings it about after the longest time.
fn ended(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.code(),
            Ok(None) if start.elapsed() < LONGEST => thread::sleep(pause),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn text_of(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        let _ = pipe.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
