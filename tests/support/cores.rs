//! Work that is shared out to all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does the work for each item on all cores; what comes back is in no order.
pub fn on_all_cores<T: Sync>(items: &[T], work: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut found = work(item);
                    all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut found);
                }
            });
        }
    });
    let mut all = all.into_inner().unwrap_or_default();
    all.sort();
    all
}
