//! Where rows go: to stdout or a file at once, into tables piece by piece, into a workbook, or into sums.

use std::collections::{BTreeMap, HashSet};
use std::mem::take;

use trp_check::assessment::RulesId;
use trp_check::batch::seen::Seen;
use trp_check::batch::{Output, Worker};
use trp_check::render::grid::Grid;
use trp_check::render::sheet::{Sheets, is_full};
use trp_check::render::summary::table::{ShownRow, table};
use trp_check::render::{Format, Words};

use super::Context;
use super::input::Progress;
use super::writing::Target;

const WORST: usize = 10;

/// A table for eyes is drawn so many rows at a time, so that memory does not grow with the list.
const PIECE: usize = 1000;

const STATUSES: [&str; 5] = ["violation", "action-needed", "unknown", "ok", "error"];

/// Takes the rows of one block after another.
pub(super) struct Sink<'p> {
    pub target: Target,
    /// What stands before the first row.
    pub head: Vec<u8>,
    pub sheets: Option<Sheets<'p>>,
    pub words: Words<'p>,
    pub width: usize,
    /// The first line that cannot be read is the last one.
    pub ends_early: bool,
    pub progress: &'p Progress,
    pub total: Output,
    /// The people of an earlier answer who are here, by their places in it.
    pub met: HashSet<usize>,
    pub seen: Seen,
}

impl Sink<'_> {
    /// Takes what came of the next block, and leaves it empty; a block in which an id comes again is worked on once
    /// more. Whether that is enough.
    pub fn put(&mut self, output: &mut Output, worker: &mut Worker<'_>) -> anyhow::Result<bool> {
        if let Some(block) = output.block.take() {
            let repeated = self.seen.add(block.list(), &output.ids);
            if !repeated.is_empty() {
                worker.work_again(block, repeated, output);
            }
        }
        output.ids.clear();
        output.block = None;
        if !output.bytes.is_empty() {
            self.write_head()?;
            self.target.put(&output.bytes)?;
            output.bytes.clear();
        }
        self.progress.show();
        let total = &mut self.total;
        add(&mut total.statuses, take(&mut output.statuses));
        add(&mut total.weeks, take(&mut output.weeks));
        for (group, statuses) in take(&mut output.groups) {
            add(total.groups.entry(group).or_default(), statuses);
        }
        total.errors += take(&mut output.errors);
        total.blank += take(&mut output.blank);
        for advice in output.advice.drain(..) {
            if !total.advice.contains(&advice) {
                total.advice.push(advice);
            }
        }
        total.left_out += take(&mut output.left_out);
        total.arrived += take(&mut output.arrived);
        self.met.extend(output.met.drain(..));
        total.worst.append(&mut output.worst);
        total.worst.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
        total.worst.truncate(WORST);
        total.shown.append(&mut output.shown);
        while self.total.shown.len() >= PIECE {
            let piece: Vec<ShownRow> = self.total.shown.drain(..PIECE).collect();
            self.show(&piece)?;
        }
        if let Some(sheets) = &mut self.sheets {
            for row in output.sheet.drain(..) {
                sheets.add(&row).map_err(|error| {
                    if is_full(&error) {
                        anyhow::Error::msg(self.words.label("rows.table-full").to_owned())
                    } else {
                        error.into()
                    }
                })?;
            }
        }
        Ok(self.ends_early && self.total.errors > 0)
    }

    /// Writes what stands before the rows, once.
    pub fn write_head(&mut self) -> anyhow::Result<()> {
        self.target.put(&take(&mut self.head))?;
        Ok(())
    }

    /// Draws rows of a table; every piece but the first stands a line below the one before.
    fn show(&mut self, rows: &[ShownRow]) -> anyhow::Result<()> {
        self.write_head()?;
        self.head = b"\n".to_vec();
        self.target.put(table(rows, &self.words, self.width).as_bytes())?;
        Ok(())
    }

    pub fn rows(&self) -> u64 {
        self.total.statuses.values().sum()
    }

    /// Writes what is left when all rows are there. Where there are none, it may be told to write nothing at all.
    pub fn finish(&mut self, format: Format, is_quiet: bool, context: &Context<'_>) -> anyhow::Result<()> {
        if is_quiet && self.rows() == 0 {
            return Ok(());
        }
        match format {
            Format::Table => {
                let rows = take(&mut self.total.shown);
                if !rows.is_empty() || self.rows() == 0 {
                    self.show(&rows)?;
                }
            }
            Format::Summary => {
                let text = totals(&self.total, &self.words);
                self.target.put(text.as_bytes())?;
            }
            Format::Xlsx => {
                if let Some(sheets) = self.sheets.take() {
                    let count = |status: &str| self.total.statuses.get(status).copied().unwrap_or_default();
                    let bytes = sheets.finish((RulesId::of(&context.book), context.today), count)?;
                    self.target.put(&bytes)?;
                }
            }
            _ => self.write_head()?,
        }
        Ok(())
    }
}

fn add<K: Ord>(total: &mut BTreeMap<K, u64>, counts: BTreeMap<K, u64>) {
    for (key, count) in counts {
        *total.entry(key).or_default() += count;
    }
}

fn totals(total: &Output, words: &Words<'_>) -> String {
    let mut text = String::new();
    let mut push = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    let all: u64 = total.statuses.values().sum();
    push(words.with("batch.people", &[("n", &all)]));
    let name = |id: &'static str| match id {
        "error" => words.label("batch_cell.error"),
        id => words.of("compare_status", id),
    };
    let longest = STATUSES.iter().map(|id| name(id).chars().count()).max().unwrap_or_default();
    for id in STATUSES {
        if let Some(count) = total.statuses.get(id) {
            push(format!("  {:<longest$} {count:>8}", name(id)));
        }
    }
    if !total.groups.is_empty() {
        let here: Vec<&'static str> = STATUSES.into_iter().filter(|id| total.statuses.contains_key(id)).collect();
        let header = [String::new(), words.of("row_column", "all").to_owned()];
        let header = header.into_iter().chain(here.iter().map(|id| name(id).to_owned())).collect();
        let count = |number: u64| if number == 0 { String::new() } else { number.to_string() };
        let rows = total.groups.iter().map(|(group, statuses)| {
            let counts = here.iter().map(|id| count(statuses.get(id).copied().unwrap_or_default()));
            [group.clone(), statuses.values().sum::<u64>().to_string()].into_iter().chain(counts).collect()
        });
        push(String::new());
        push(Grid { header, rows: rows.collect() }.table(usize::from(u16::MAX)));
    }
    if !total.weeks.is_empty() {
        push(words.label("batch.weeks").to_owned());
    }
    for (monday, count) in &total.weeks {
        push(format!("  {} {count:>8}", words.day(*monday)));
    }
    if !total.worst.is_empty() {
        push(words.label("batch.worst").to_owned());
    }
    for (over, line, who) in &total.worst {
        push(format!("  {}", words.with("batch.bad-one", &[("line", &line), ("id", who), ("days", &over)])));
    }
    text
}
