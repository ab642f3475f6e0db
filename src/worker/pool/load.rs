//! Reading: the queue of jobs, batches, progress, and the comparison of eventIDs at the end.

use super::Effect;
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{Job, Part, Progress};
use crate::worker::protocol::{Request, Response};
use std::collections::{BTreeMap, VecDeque};

/// Bytes of files in one batch, about.
const BATCH_BYTES: u64 = 4 << 20;
/// Files in one batch at most.
const BATCH_ITEMS: usize = 256;
/// Batches a worker has at a time: one in work, one at hand.
const BATCHES_AHEAD: usize = 2;
/// How often an item may take its worker down before it is given up.
const TRIES: u32 = 2;

/// What reading is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadPhase {
    /// Nothing was dropped yet.
    #[default]
    Idle,
    /// Files are being read.
    Reading,
    /// All files are read, the workers compare eventIDs.
    Comparing,
    /// Done.
    Done,
    /// A worker cannot run here; see [`LoadState::failure`].
    Failed,
}

/// How far reading is and what it found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadState {
    /// What reading is doing.
    pub phase: LoadPhase,
    /// Dropped files.
    pub files_total: u64,
    /// Dropped files read to the end.
    pub files_done: u64,
    /// Size of all dropped files in bytes.
    pub bytes_total: u64,
    /// Bytes read from files.
    pub bytes_in: u64,
    /// Bytes after decompression.
    pub bytes_out: u64,
    /// Records read, duplicates included.
    pub records: u64,
    /// Rows taken out as duplicates; known when the phase is `Done`.
    pub duplicates: u64,
    /// Whether reading was cancelled.
    pub cancelled: bool,
    /// Memory of each worker in bytes.
    pub memory: Vec<u64>,
    /// Everything there is to say about files.
    pub diagnostics: Vec<Diagnostic>,
    /// Why nothing can be read, in the phase `Failed`.
    pub failure: Option<String>,
    /// Rises whenever new rows or a new set of duplicates may show in answers.
    pub version: u64,
}

#[derive(Clone, Debug)]
struct Item {
    file: u32,
    job: Job,
    bytes: u64,
    tries: u32,
}

struct Batch {
    number: u32,
    items: VecDeque<Item>,
}

#[derive(Default)]
struct Worker {
    batches: VecDeque<Batch>,
    /// Items whose rows this worker holds.
    held: Vec<Item>,
    /// Progress of the item in work.
    current: Progress,
}

/// All of the pool's reading state.
pub struct Loads {
    pub state: LoadState,
    workers: Vec<Worker>,
    queue: VecDeque<Item>,
    sizes: Vec<u64>,
    /// Items of each dropped file that are not done; a file is done when none is left.
    open: Vec<u32>,
    done: Progress,
    /// Final counts of each file or archive entry.
    counts: BTreeMap<(u32, u32), Progress>,
    next_batch: u32,
    /// Searches for files that are still going on: more files may come.
    searches: u32,
    /// Reading was cancelled while a search goes on: what it still finds is not read.
    refusing: bool,
    comparing: Option<Comparing>,
}

#[derive(Default)]
struct Comparing {
    ids: BTreeMap<usize, Vec<Vec<u8>>>,
    found: Vec<Vec<Vec<u32>>>,
    set: usize,
    duplicates: u64,
}

impl Loads {
    pub fn new(workers: usize) -> Self {
        Self {
            state: LoadState { memory: vec![0; workers], ..LoadState::default() },
            workers: (0..workers).map(|_| Worker::default()).collect(),
            queue: VecDeque::new(),
            sizes: Vec::new(),
            open: Vec::new(),
            done: Progress::default(),
            counts: BTreeMap::new(),
            next_batch: 0,
            searches: 0,
            refusing: false,
            comparing: None,
        }
    }

    /// More files may come until [`end_search`](Self::end_search): the load is not over before.
    pub fn begin_search(&mut self) {
        self.searches += 1;
        self.begin();
    }

    /// All files of one search are added.
    pub fn end_search(&mut self, effects: &mut Vec<Effect>) {
        self.searches = self.searches.saturating_sub(1);
        self.refusing &= self.searches > 0;
        self.feed(effects);
    }

    /// A file that was dropped but cannot be had.
    pub fn add_unreadable(&mut self, path: String, reason: &str) {
        let message = format!("The browser could not hand over this file ({reason}); the others are read.");
        self.state.diagnostics.push(Diagnostic::new(Severity::Error, Code::Unreadable, path, message));
    }

    fn begin(&mut self) {
        if self.state.phase != LoadPhase::Failed {
            self.state.phase = LoadPhase::Reading;
        }
        self.state.cancelled = false;
    }

    /// Whether nothing is left to read.
    fn idle(&self) -> bool {
        self.searches == 0 && self.queue.is_empty() && self.workers.iter().all(|worker| worker.batches.is_empty())
    }

    pub fn add(&mut self, files: Vec<(String, u64)>) -> u32 {
        let first = self.sizes.len() as u32;
        for (path, bytes) in files {
            let file = self.sizes.len() as u32;
            self.sizes.push(bytes);
            self.open.push(1);
            self.state.files_total += 1;
            self.state.bytes_total += bytes;
            if self.refusing {
                continue;
            }
            self.queue.push_back(Item { file, job: Job::whole(path), bytes, tries: 0 });
        }
        if !self.refusing {
            self.begin();
        }
        first
    }

    /// Gives up: a worker cannot run here.
    pub fn fail(&mut self, message: String) {
        self.queue.clear();
        self.state.phase = LoadPhase::Failed;
        self.state.failure = Some(message);
    }

    /// Gives idle workers their next batches; when nothing is left to read, the comparison begins.
    pub fn feed(&mut self, effects: &mut Vec<Effect>) {
        // One batch for everybody before anybody gets a second one.
        for ahead in 1..=BATCHES_AHEAD {
            for worker in 0..self.workers.len() {
                if self.workers[worker].batches.len() < ahead && !self.queue.is_empty() {
                    self.send_batch(worker, effects);
                }
            }
        }
        if self.idle() && self.state.phase == LoadPhase::Reading && self.comparing.is_none() {
            if self.state.files_total == 0 {
                self.state.phase = LoadPhase::Idle;
                return;
            }
            self.state.phase = LoadPhase::Comparing;
            self.state.version += 1;
            self.comparing = Some(Comparing::default());
            let parts = self.workers.len() as u32;
            for worker in 0..self.workers.len() {
                effects.push(Effect::Send { worker, request: Request::IdParts { parts }, files: Vec::new() });
            }
        }
    }

    fn send_batch(&mut self, worker: usize, effects: &mut Vec<Effect>) {
        // Small loads are shared out: nobody takes more than its part of what is waiting.
        let waiting: u64 = self.queue.iter().take(BATCH_ITEMS * 4).map(|item| item.bytes).sum();
        let budget = BATCH_BYTES.min(waiting / self.workers.len() as u64 + 1);
        let mut items = VecDeque::new();
        let mut bytes = 0;
        while items.len() < BATCH_ITEMS && bytes < budget {
            let Some(item) = self.queue.pop_front() else { break };
            bytes += item.bytes;
            items.push_back(item);
        }
        let number = self.next_batch;
        self.next_batch += 1;
        let files = items.iter().map(|item| item.file).collect();
        let request =
            Request::Load { batch: number, items: items.iter().map(|item| (item.file, item.job.clone())).collect() };
        self.workers[worker].batches.push_back(Batch { number, items });
        effects.push(Effect::Send { worker, request, files });
    }

    pub fn receive(&mut self, worker: usize, response: Response, effects: &mut Vec<Effect>) {
        match response {
            Response::Progress { progress, .. } => self.workers[worker].current = progress,
            Response::Split { file, jobs } => {
                self.take_item(worker, file);
                self.open[file as usize] += jobs.len() as u32;
                for job in jobs {
                    let bytes = match job.part {
                        Part::Whole => self.sizes[file as usize],
                        Part::Range { len, .. } => len,
                        Part::ZipEntry { compressed, .. } => compressed,
                    };
                    self.queue.push_back(Item { file, job, bytes, tries: 0 });
                }
                self.close_item(file);
                self.feed(effects);
            }
            Response::Loaded { file, report, diagnostics } => {
                if let Some(item) = self.take_item(worker, file) {
                    self.counts.insert((file, item.job.entry), report.progress);
                    self.workers[worker].held.push(item);
                }
                self.workers[worker].current = Progress::default();
                self.done.bytes_in += report.progress.bytes_in;
                self.done.bytes_out += report.progress.bytes_out;
                self.done.records += report.progress.records;
                self.state.diagnostics.extend(diagnostics);
                self.close_item(file);
            }
            Response::BatchDone { batch, memory } => {
                self.state.memory[worker] = memory;
                self.workers[worker].batches.retain(|known| known.number != batch);
                self.feed(effects);
            }
            Response::IdParts { parts } => self.collect_ids(worker, parts, effects),
            Response::Duplicates { rows } => self.collect_duplicates(rows, effects),
            Response::DuplicatesSet { count } => self.collect_set(count, effects),
            Response::Answer { .. } | Response::Forgotten { .. } | Response::Sample { .. } => {}
        }
        self.add_up();
    }

    /// Takes the item a worker was reading out of its batch.
    fn take_item(&mut self, worker: usize, file: u32) -> Option<Item> {
        let batch = self.workers[worker].batches.iter_mut().find(|batch| !batch.items.is_empty())?;
        (batch.items.front()?.file == file).then(|| batch.items.pop_front()).flatten()
    }

    fn close_item(&mut self, file: u32) {
        let open = &mut self.open[file as usize];
        *open = open.saturating_sub(1);
        if *open == 0 {
            self.state.files_done += 1;
        }
    }

    fn add_up(&mut self) {
        let running = self.workers.iter().map(|worker| worker.current);
        let (mut bytes_in, mut bytes_out, mut records) = (self.done.bytes_in, self.done.bytes_out, self.done.records);
        for progress in running {
            bytes_in += progress.bytes_in;
            bytes_out += progress.bytes_out;
            records += progress.records;
        }
        if records != self.state.records {
            self.state.version += 1;
        }
        (self.state.bytes_in, self.state.bytes_out, self.state.records) = (bytes_in, bytes_out, records);
    }

    pub fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if self.state.phase != LoadPhase::Reading {
            return;
        }
        self.state.cancelled = true;
        self.refusing = self.searches > 0;
        let unread =
            self.queue.len() + self.workers.iter().flat_map(|w| &w.batches).map(|b| b.items.len()).sum::<usize>();
        if unread > 0 {
            let message = format!(
                "Reading was cancelled; {unread} files or archive entries were not read to the end. Everything read before is kept."
            );
            self.state.diagnostics.push(Diagnostic::new(Severity::Warning, Code::Cancelled, "(load)", message));
        }
        self.queue.clear();
        for worker in 0..self.workers.len() {
            effects.push(Effect::Send { worker, request: Request::CancelLoads, files: Vec::new() });
        }
        self.feed(effects);
    }

    pub fn worker_lost(&mut self, worker: usize, effects: &mut Vec<Effect>) {
        let lost = std::mem::take(&mut self.workers[worker]);
        self.comparing = None;
        let mut culprit = true;
        for mut item in lost.batches.into_iter().flat_map(|batch| batch.items) {
            if std::mem::take(&mut culprit) {
                item.tries += 1;
            }
            if item.tries >= TRIES {
                let message = "A worker stopped twice while it read this file, most likely for lack of memory; it was left out. Load fewer files or a shorter time range to see it.";
                self.state.diagnostics.push(Diagnostic::new(Severity::Error, Code::WorkerLost, item.job.path, message));
                self.close_item(item.file);
            } else {
                self.queue.push_back(item);
            }
        }
        for item in lost.held {
            if let Some(counts) = self.counts.remove(&(item.file, item.job.entry)) {
                self.done.bytes_in -= counts.bytes_in;
                self.done.bytes_out -= counts.bytes_out;
                self.done.records -= counts.records;
            }
            if self.open[item.file as usize] == 0 {
                self.state.files_done -= 1;
            }
            self.open[item.file as usize] += 1;
            self.state.diagnostics.retain(|diagnostic| diagnostic.file != item.job.path);
            self.queue.push_back(item);
        }
        if self.state.phase != LoadPhase::Idle {
            self.state.phase = LoadPhase::Reading;
        }
        self.add_up();
        self.feed(effects);
    }

    fn collect_ids(&mut self, worker: usize, parts: Vec<Vec<u8>>, effects: &mut Vec<Effect>) {
        let Some(comparing) = &mut self.comparing else { return };
        comparing.ids.insert(worker, parts);
        if comparing.ids.len() < self.workers.len() {
            return;
        }
        let mut ids: Vec<_> = std::mem::take(&mut comparing.ids).into_values().collect();
        for worker in 0..self.workers.len() {
            let parts = ids.iter_mut().filter_map(|parts| parts.get_mut(worker)).map(std::mem::take).collect();
            effects.push(Effect::Send { worker, request: Request::FindDuplicates { parts }, files: Vec::new() });
        }
    }

    fn collect_duplicates(&mut self, rows: Vec<Vec<u32>>, effects: &mut Vec<Effect>) {
        let Some(comparing) = &mut self.comparing else { return };
        comparing.found.push(rows);
        if comparing.found.len() < self.workers.len() {
            return;
        }
        for worker in 0..self.workers.len() {
            let mut rows: Vec<u32> =
                comparing.found.iter().filter_map(|found| found.get(worker)).flatten().copied().collect();
            rows.sort_unstable();
            effects.push(Effect::Send { worker, request: Request::SetDuplicates { rows }, files: Vec::new() });
        }
    }

    fn collect_set(&mut self, count: u64, effects: &mut Vec<Effect>) {
        let Some(comparing) = &mut self.comparing else { return };
        comparing.set += 1;
        comparing.duplicates += count;
        if comparing.set < self.workers.len() {
            return;
        }
        self.state.duplicates = comparing.duplicates;
        self.state.version += 1;
        self.comparing = None;
        if self.idle() {
            self.state.phase = LoadPhase::Done;
        } else {
            self.state.phase = LoadPhase::Reading;
            self.feed(effects);
        }
    }
}
