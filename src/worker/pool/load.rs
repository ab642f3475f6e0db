//! Reading: who is given what, progress, the end of a load, and what happens when it cannot be reached.

use super::Effect;
use super::compare::{Comparison, Outcome};
use super::memory::MemoryLimit;
use super::queue::{Batch, Found, Held, Item, Queue};
use super::state::{LoadPhase, LoadState};
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{Job, Progress};
use crate::model::object_key::ObjectKey;
use crate::model::selection::Selection;
use crate::worker::protocol::{Request, Response};
use std::collections::VecDeque;

/// Batches a worker has at a time: one in work, one at hand.
const BATCHES_AHEAD: usize = 2;
/// How often an item may take its worker down before it is given up.
const TRIES: u32 = 2;

/// A search for files that is going on, until it ends or reading is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Stops so far when it began.
    epoch: u32,
}

/// A dropped file.
struct File {
    path: Box<str>,
    size: u64,
    /// Items of it that are not done; the file is done when none is left.
    open: u32,
    /// Which of the selections decides about its entries, if it is an archive.
    selection: u32,
}

#[derive(Default)]
struct Worker {
    batches: VecDeque<Batch>,
    held: Vec<Held>,
    /// Progress of the item in work.
    current: Progress,
}

/// All of the pool's reading state.
pub struct Loads {
    pub state: LoadState,
    limit: MemoryLimit,
    workers: Vec<Worker>,
    queue: Queue,
    files: Vec<File>,
    /// What was to be read so far, the newest last.
    selections: Vec<Selection>,
    done: Progress,
    next_batch: u32,
    /// Searches for files that are still going on: more files may come.
    searches: u32,
    /// How often reading was stopped; a search that began before is not wanted any more.
    epoch: u32,
    comparison: Option<Comparison>,
    comparisons: u32,
}

impl Loads {
    pub fn new(workers: usize, limit: MemoryLimit) -> Self {
        Self {
            state: LoadState { memory: vec![0; workers], ..LoadState::default() },
            limit,
            workers: (0..workers).map(|_| Worker::default()).collect(),
            queue: Queue::default(),
            files: Vec::new(),
            selections: vec![Selection::default()],
            done: Progress::default(),
            next_batch: 0,
            searches: 0,
            epoch: 0,
            comparison: None,
            comparisons: 0,
        }
    }

    /// More files may come until [`end_search`](Self::end_search): the load is not over before.
    pub fn begin_search(&mut self) -> Search {
        self.searches += 1;
        self.begin();
        Search { epoch: self.epoch }
    }

    /// Whether what a search finds will be read.
    pub fn is_wanted(&self, search: Search) -> bool {
        search.epoch == self.epoch
    }

    /// All files of one search are added.
    pub fn end_search(&mut self, search: Search, effects: &mut Vec<Effect>) {
        if self.is_wanted(search) {
            self.searches = self.searches.saturating_sub(1);
            self.feed(effects);
        }
    }

    /// What is to be read of files that are added from now on.
    pub fn select(&mut self, selection: Selection) {
        if self.selections.last() != Some(&selection) {
            self.selections.push(selection);
        }
    }

    /// Whether the file at this path is to be read. If not, it is counted as left out.
    pub fn selects(&mut self, path: &str) -> bool {
        let selects = self.selections.last().is_none_or(|selection| selection.keeps(path));
        if !selects {
            self.state.leave_out(path);
        }
        selects
    }

    /// A file that was dropped but cannot be had.
    pub fn add_unreadable(&mut self, path: String, reason: &str) {
        let message = format!("The browser could not hand over this file ({reason}); the others are read.");
        self.state.list_own(Diagnostic::new(Severity::Error, Code::Unreadable, path, message));
    }

    fn begin(&mut self) {
        if self.state.phase != LoadPhase::Failed {
            self.state.phase = LoadPhase::Reading;
        }
        self.state.cancelled = false;
        self.state.unfinished = None;
    }

    /// Whether nothing is left to read.
    fn idle(&self) -> bool {
        self.searches == 0 && self.queue.is_empty() && self.workers.iter().all(|worker| worker.batches.is_empty())
    }

    pub fn add(&mut self, files: Vec<(String, u64)>) -> u32 {
        let first = self.files.len() as u32;
        for (path, size) in files {
            self.queue.push(Item::whole(self.files.len() as u32, size));
            self.files.push(File { path: path.into(), size, open: 1, selection: self.selections.len() as u32 - 1 });
            self.state.files_total += 1;
            self.state.bytes_total += size;
        }
        self.begin();
        first
    }

    /// Gives up: a worker cannot run here.
    pub fn fail(&mut self, message: String) {
        self.queue.clear();
        self.state.phase = LoadPhase::Failed;
        self.state.failure = Some(message);
    }

    /// Gives idle workers their next batches; when nothing is left to read, the comparison begins. Where everything
    /// that changes what is to be done ends.
    pub fn feed(&mut self, effects: &mut Vec<Effect>) {
        if self.state.phase == LoadPhase::Reading
            && self.state.unfinished.is_none()
            && self.unread() > 0
            && let Some(reason) = self.limit.reached(&self.state.memory)
        {
            self.stop_for_memory(reason, effects);
        }
        // One batch for everybody before anybody gets a second one.
        for ahead in 1..=BATCHES_AHEAD {
            for worker in 0..self.workers.len() {
                if self.workers[worker].batches.len() < ahead && !self.queue.is_empty() {
                    self.send_batch(worker, effects);
                }
            }
        }
        if self.idle() && self.state.phase == LoadPhase::Reading && self.comparison.is_none() {
            if self.state.files_total == 0 && self.state.left_out == 0 {
                self.state.phase = LoadPhase::Idle;
                return;
            }
            self.state.phase = LoadPhase::Comparing;
            self.state.version += 1;
            self.comparisons += 1;
            self.comparison = Some(Comparison::start(self.comparisons, self.workers.len(), effects));
        }
    }

    fn send_batch(&mut self, worker: usize, effects: &mut Vec<Effect>) {
        let items = self.queue.take(self.workers.len());
        let number = self.next_batch;
        self.next_batch += 1;
        let files = items.iter().map(|item| item.file).collect();
        let jobs = items.iter().map(|item| (item.file, self.job(item))).collect();
        self.workers[worker].batches.push_back(Batch { number, epoch: self.epoch, items });
        effects.push(Effect::Send { worker, request: Request::Load { batch: number, items: jobs }, files });
    }

    fn job(&self, item: &Item) -> Job {
        match &item.part {
            Some(job) => job.as_ref().clone(),
            None => {
                let file = &self.files[item.file as usize];
                let selection = &self.selections[file.selection as usize];
                // What is delivered as a file of its own is no archive of others.
                let matters = !selection.is_everything() && ObjectKey::parse(&file.path).is_none();
                Job { selection: matters.then(|| Box::new(selection.clone())), ..Job::whole(&*file.path) }
            }
        }
    }

    pub fn receive(&mut self, worker: usize, response: Response, effects: &mut Vec<Effect>) {
        match response {
            Response::Progress { progress, .. } => self.workers[worker].current = progress,
            Response::Split { file, jobs, diagnostics } => {
                self.state.list(diagnostics);
                // Its parts were to be read no more than it when reading was stopped meanwhile.
                let epoch = self.epoch;
                let is_wanted = self.reading(worker).is_some_and(|batch| batch.epoch == epoch);
                self.take_item(worker, file);
                if is_wanted {
                    let known = &mut self.files[file as usize];
                    known.open += jobs.len() as u32;
                    jobs.into_iter().for_each(|job| self.queue.push(Item::part(file, known.size, job)));
                    self.close_item(file);
                }
                self.feed(effects);
            }
            Response::Loaded { file, report, diagnostics, attachments } => {
                let found = (!diagnostics.is_empty() || !attachments.is_empty()).then(|| {
                    let attachments = attachments.iter().map(|attachment| attachment.path.to_string()).collect();
                    Box::new(Found { diagnostics: diagnostics.clone(), attachments })
                });
                self.state.list(diagnostics);
                self.state.attach(attachments);
                self.loaded(worker, file, report.progress, found);
            }
            Response::BatchDone { batch } => {
                self.workers[worker].batches.retain(|known| known.number != batch);
                self.feed(effects);
            }
            Response::Memory { bytes } => {
                self.state.memory[worker] = bytes;
                self.feed(effects);
            }
            response => {
                let compared = self.comparison.as_mut().and_then(|comparison| comparison.receive(response, effects));
                if let Some(outcome) = compared {
                    self.compared(outcome, effects);
                }
            }
        }
        self.add_up();
    }

    fn loaded(&mut self, worker: usize, file: u32, progress: Progress, found: Option<Box<Found>>) {
        if let Some(item) = self.take_item(worker, file) {
            self.workers[worker].held.push(Held { item, progress, found });
        }
        self.workers[worker].current = Progress::default();
        self.done.bytes_in += progress.bytes_in;
        self.done.bytes_out += progress.bytes_out;
        self.done.records += progress.records;
        self.close_item(file);
    }

    fn compared(&mut self, outcome: Outcome, effects: &mut Vec<Effect>) {
        self.state.duplicates = outcome.duplicates;
        self.state.set_conflicts(outcome.conflicts);
        self.state.version += 1;
        self.comparison = None;
        match self.state.phase {
            LoadPhase::Failed => {}
            LoadPhase::Comparing if self.idle() => self.state.phase = LoadPhase::Done,
            // What was added meanwhile may have been read already, but it was not compared.
            _ => {
                self.state.phase = LoadPhase::Reading;
                self.feed(effects);
            }
        }
    }

    /// The batch of which a worker is reading an item.
    fn reading(&mut self, worker: usize) -> Option<&mut Batch> {
        self.workers[worker].batches.iter_mut().find(|batch| !batch.items.is_empty())
    }

    /// Takes the item a worker was reading out of its batch.
    fn take_item(&mut self, worker: usize, file: u32) -> Option<Item> {
        let batch = self.reading(worker)?;
        (batch.items.front()?.file == file).then(|| batch.items.pop_front()).flatten()
    }

    fn close_item(&mut self, file: u32) {
        let open = &mut self.files[file as usize].open;
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

    /// Stops reading because the user wants it.
    pub fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if self.state.phase != LoadPhase::Reading {
            return;
        }
        self.state.cancelled = true;
        let unread = self.unread();
        if unread > 0 {
            let message = format!(
                "Reading was stopped; up to {unread} files or archive entries were not read to the end. Everything read before is kept; load them again to see the rest."
            );
            self.state.list_own(Diagnostic::new(Severity::Warning, Code::Cancelled, "(load)", message.as_str()));
            self.state.unfinished = Some(message);
        }
        self.stop(effects);
    }

    fn stop_for_memory(&mut self, reason: String, effects: &mut Vec<Effect>) {
        let first = self.queue.first().or_else(|| self.at_work().next());
        let first = first.map(|item| self.job(item).path).unwrap_or_default();
        let message = format!(
            "{reason}. {} files or archive entries were not read to the end, {first} and those after it among them. Everything read before is kept and can be used; load a shorter time range to see the rest.",
            self.unread()
        );
        self.state.list_own(Diagnostic::new(Severity::Error, Code::MemoryLimit, "(load)", message.as_str()));
        self.state.unfinished = Some(message);
        self.stop(effects);
    }

    /// Items nobody has read to the end.
    fn unread(&self) -> usize {
        self.queue.len() + self.at_work().count()
    }

    /// Items that workers were given and have not read to the end.
    fn at_work(&self) -> impl Iterator<Item = &Item> {
        self.workers.iter().flat_map(|worker| &worker.batches).flat_map(|batch| &batch.items)
    }

    /// Forgets what is waiting; the workers end what they are reading.
    fn stop(&mut self, effects: &mut Vec<Effect>) {
        self.epoch += 1;
        self.searches = 0;
        self.queue.clear();
        for worker in 0..self.workers.len() {
            effects.push(Effect::Send { worker, request: Request::CancelLoads, files: Vec::new() });
        }
        self.feed(effects);
    }

    pub fn worker_lost(&mut self, worker: usize, effects: &mut Vec<Effect>) {
        self.state.lost += 1;
        let lost = std::mem::take(&mut self.workers[worker]);
        self.limit.learn(std::mem::take(&mut self.state.memory[worker]));
        self.comparison = None;
        let (mut culprit, mut unread) = (true, Vec::new());
        // What reading was stopped before is not wanted, whether or not the worker still came to say so.
        let wanted = lost.batches.into_iter().filter(|batch| batch.epoch == self.epoch);
        for mut item in wanted.flat_map(|batch| batch.items).collect::<Vec<_>>() {
            if std::mem::take(&mut culprit) {
                item.tries += 1;
            }
            if item.tries >= TRIES {
                let message = "A worker stopped twice while it read this file, most likely for lack of memory; it was left out. Load fewer files or a shorter time range to see it.";
                let path = self.job(&item).path;
                self.state.list_own(Diagnostic::new(Severity::Error, Code::WorkerLost, path, message));
                self.close_item(item.file);
            } else {
                unread.push(item);
            }
        }
        self.queue.put_back(unread);
        let mut again = Vec::new();
        for Held { item, progress, found } in lost.held {
            self.done.bytes_in -= progress.bytes_in;
            self.done.bytes_out -= progress.bytes_out;
            self.done.records -= progress.records;
            let file = &mut self.files[item.file as usize];
            self.state.files_done -= u64::from(file.open == 0);
            file.open += 1;
            again.extend(found.map(|found| *found));
            self.queue.push(item);
        }
        if !again.is_empty() {
            self.state.unlist(again);
        }
        if self.state.phase != LoadPhase::Idle {
            self.state.phase = LoadPhase::Reading;
        }
        self.add_up();
        self.feed(effects);
    }
}
