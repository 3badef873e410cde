//! When a running program stands still: it has done what can be done without its reader.

use std::process::Child;
use std::thread;
use std::time::Duration;

/// So often in a row all threads must be found asleep: one can wake another between two looks.
const LOOKS: u32 = 20;

/// Waits until all threads of a program sleep, or until it has ended. Where that cannot be seen, it waits for nothing.
pub fn wait_until_still(child: &mut Child) {
    let mut asleep = 0;
    while asleep < LOOKS && child.try_wait().expect("a state").is_none() {
        asleep = if is_asleep(child.id()) { asleep + 1 } else { 0 };
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(target_os = "linux")]
fn is_asleep(program: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{program}/task")).into_iter().flatten().flatten();
    let mut states = threads.map(|thread| std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default());
    // The state stands behind the name, which may hold anything.
    states.all(|state| state.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('S')))
}

#[cfg(not(target_os = "linux"))]
fn is_asleep(_program: u32) -> bool {
    true
}
