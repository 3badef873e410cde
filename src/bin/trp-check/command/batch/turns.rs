//! Workers: who does which block, and whose rows are written next.

use std::collections::BTreeMap;
use std::iter::repeat_with;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use trp_check::batch::input::Block;
use trp_check::batch::{Options, Output, Worker};

use super::sink::Sink;

/// Blocks that may be done ahead of the one that is written next, for each worker.
const AHEAD: usize = 2;

/// Has workers take the blocks in turn, and puts their rows into the sink in the order of the blocks. A worker reads
/// its block itself, and writes whatever has its turn: to wake another thread for a block would cost as much as a part
/// of the block. It always fills its own buffers: to fill those of another processor would cost a tenth of the work.
pub(super) fn spread(
    jobs: usize,
    blocks: impl Iterator<Item = Block> + Send,
    options: &Options<'_>,
    sink: &mut Sink<'_>,
) -> anyhow::Result<()> {
    let blocks = Mutex::new((0..).zip(blocks));
    let queue = Queue {
        most: jobs * AHEAD,
        state: Mutex::new(Waiting {
            sink,
            outputs: BTreeMap::new(),
            emptied: repeat_with(Vec::new).take(jobs).collect(),
            next: 0,
            end: None,
            workers: 0,
        }),
        has_moved: Condvar::new(),
    };
    let work = |place: usize| {
        let mut worker = Worker::new(options);
        let mut output = Output::default();
        loop {
            let Some((number, block)) = locked(&blocks).next() else { break };
            worker.work_into(block, &mut output);
            match queue.put(number, place, output, &mut worker) {
                Some(emptied) => output = emptied,
                None => break,
            }
        }
    };
    thread::scope(|scope| {
        for place in 1..jobs {
            scope.spawn(move || work(place));
        }
        work(0);
    });
    let waiting = queue.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    waiting.end.unwrap_or(Ok(()))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Queue<'q, 'p> {
    /// So many blocks may wait for their turn, so that memory does not grow with the list.
    most: usize,
    state: Mutex<Waiting<'q, 'p>>,
    /// Something has had its turn, or no more is wanted.
    has_moved: Condvar,
}

struct Waiting<'q, 'p> {
    sink: &'q mut Sink<'p>,
    /// By the number of their block, each with the place of the worker.
    outputs: BTreeMap<u64, (usize, Output)>,
    /// Emptied buffers for each worker, which are reused by the processor that filled them.
    emptied: Vec<Vec<Output>>,
    next: u64,
    /// Set when no more is wanted: the rows cannot be written, or a line ended it.
    end: Option<anyhow::Result<()>>,
    /// How many workers wait: to wake none costs as much as to wake one.
    workers: usize,
}

impl Queue<'_, '_> {
    /// Takes what came of a block, for something empty; waits where too much is ahead of its turn. `None` when no
    /// more is wanted.
    fn put(&self, number: u64, place: usize, output: Output, worker: &mut Worker<'_>) -> Option<Output> {
        let mut state = locked(&self.state);
        state.outputs.insert(number, (place, output));
        state.write_ready(worker);
        if state.workers > 0 {
            self.has_moved.notify_all();
        }
        // Whoever has the block whose turn is next does not stand here.
        while state.end.is_none() && state.outputs.len() >= self.most {
            state.workers += 1;
            state = self.has_moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.workers -= 1;
        }
        state.end.is_none().then(|| state.emptied[place].pop().unwrap_or_default())
    }
}

impl Waiting<'_, '_> {
    fn write_ready(&mut self, worker: &mut Worker<'_>) {
        while self.end.is_none()
            && let Some((place, mut output)) = self.outputs.remove(&self.next)
        {
            self.next += 1;
            let is_enough = self.sink.put(&mut output, worker);
            self.emptied[place].push(output);
            match is_enough {
                Ok(false) => {}
                Ok(true) => self.end = Some(Ok(())),
                Err(error) => self.end = Some(Err(error)),
            }
        }
    }
}
