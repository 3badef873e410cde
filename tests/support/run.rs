//! Runs the built program the way a shell would, with nothing of the caller's environment that changes answers.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_trp-check");

/// The day of every test that forgets to say one: no expected answer is of this day, so such a test fails at once
/// and not on the day after.
pub const NO_DAY: (&str, &str) = ("TRP_CHECK_TODAY", "2031-05-05");

/// What came of a run.
pub struct Ran {
    /// The exit status; `None` when a signal ended it.
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
    finish(command(PROGRAM).args(arguments), stdin)
}

/// Runs a command to its end.
pub fn finish(command: &mut Command, stdin: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let input = child.stdin.take();
    let output = thread::scope(|scope| {
        // A program that stops early closes its stdin: that is no fault of the test.
        scope.spawn(move || input.map(|mut input| input.write_all(stdin)));
        child.wait_with_output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
    });
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { status: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}
