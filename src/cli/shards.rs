//! One engine per thread, as the page has one per worker: shards that share nothing and answers that merge.

use super::failure::Failure;
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{BytesSource, FileSource, Job, Progress, ReadAt, Step};
use crate::model::Merge;
use crate::model::attachment::Attachment;
use crate::model::query::{Answer, Query, QueryError};
use crate::model::report::FileQuestion;
use crate::model::selection::Selection;
use crate::query::{Engine, Loading};
use crate::store;
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// Work for one engine.
type Task = Box<dyn FnOnce(&mut Engine) + Send>;

/// Threads, each with an engine of its own. They end when this is dropped.
pub struct Shards {
    workers: Vec<Sender<Task>>,
}

/// A file to load.
pub enum Input {
    /// On disk.
    File(PathBuf),
    /// In memory: a name and the content.
    Bytes(String, Arc<[u8]>),
}

impl Input {
    fn name(&self) -> String {
        match self {
            Self::File(path) => path.to_string_lossy().into_owned(),
            Self::Bytes(name, _) => name.clone(),
        }
    }

    fn open(&self) -> Result<Box<dyn ReadAt>, String> {
        Ok(match self {
            Self::File(path) => Box::new(FileSource::open(path)?),
            Self::Bytes(_, bytes) => Box::new(BytesSource(Arc::clone(bytes))),
        })
    }
}

/// What loading came to.
#[derive(Debug, Default)]
pub struct LoadReport {
    /// Files given.
    pub files: usize,
    /// Decoded streams: files, or entries of archives.
    pub documents: u64,
    /// Bytes read.
    pub bytes_in: u64,
    /// Bytes of decoded text.
    pub bytes_out: u64,
    /// Files and archive entries that were not to be read.
    pub left_out: u64,
    /// What could not be read, by file.
    pub diagnostics: Vec<Diagnostic>,
    /// What was found beside events.
    pub attachments: Vec<Attachment>,
}

impl LoadReport {
    /// Files given of which nothing was read.
    pub fn unreadable(&self) -> u64 {
        self.diagnostics.iter().filter(|finding| finding.code == Code::Unreadable).count() as u64
    }
}

impl Shards {
    /// Starts `threads` engines, by default as many as the machine has cores.
    pub fn start(threads: Option<NonZeroUsize>) -> Result<Self, Failure> {
        let count = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let seed = RandomState::new().hash_one(count);
        let start = |_| {
            let (sender, tasks) = channel::<Task>();
            let work = move || {
                let mut engine = Engine::new(seed);
                tasks.into_iter().for_each(|task| task(&mut engine));
            };
            thread::Builder::new().spawn(work).map(|_| sender).map_err(|error| Failure::io("thread", error))
        };
        Ok(Self { workers: (0..count).map(start).collect::<Result<_, _>>()? })
    }

    /// How many engines there are.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Runs one task on each engine at the same time; the results come in the order of the shards.
    fn on_each<T, F>(&self, mut task: impl FnMut(usize) -> F) -> Result<Vec<T>, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&mut Engine) -> T + Send + 'static,
    {
        let stopped = || Failure::io("thread", "a worker thread stopped");
        let mut results = Vec::with_capacity(self.workers.len());
        for (shard, worker) in self.workers.iter().enumerate() {
            let (sender, result) = channel();
            let task = task(shard);
            // A receiver that is gone means that another shard failed first.
            let run: Task = Box::new(move |engine| drop(sender.send(task(engine))));
            worker.send(run).map_err(|_| stopped())?;
            results.push(result);
        }
        results.into_iter().map(|result| result.recv().map_err(|_| stopped())).collect()
    }

    /// Reads `inputs` and finds duplicates across them: of two copies the one in the earlier input stays.
    /// Of inputs and entries of archives only those are read that `selection` keeps.
    pub fn load(&self, mut inputs: Vec<Input>, selection: Selection) -> Result<LoadReport, Failure> {
        let given = inputs.len();
        inputs.retain(|input| selection.keeps(&input.name()));
        let mut report = LoadReport { files: inputs.len(), ..LoadReport::default() };
        let queue = Arc::new(Queue::new(inputs, &selection));
        for part in self.on_each(|_| {
            let queue = Arc::clone(&queue);
            move |engine: &mut Engine| load_from(engine, &queue)
        })? {
            report.documents += part.documents;
            report.bytes_in += part.bytes_in;
            report.bytes_out += part.bytes_out;
            report.diagnostics.extend(part.diagnostics);
            report.attachments.extend(part.attachments);
        }
        report.diagnostics.extend(self.deduplicate()?);
        report.diagnostics.sort();
        if !selection.is_everything() {
            report.left_out = (given - report.files) as u64 + self.left_out_entries()?;
        }
        Ok(report)
    }

    /// Archive entries that were not to be read.
    fn left_out_entries(&self) -> Result<u64, Failure> {
        let part = self.ask(&Query::Files(FileQuestion::default()), |answer| match answer {
            Answer::Files(part) => Some(part),
            _ => None,
        })?;
        Ok(part.totals.problems.get(&Code::NotSelected).map_or(0, |left_out| left_out.files))
    }

    /// Each shard compares the identifiers of one range of all shards, and then the content of rows that share them.
    fn deduplicate(&self) -> Result<Vec<Diagnostic>, Failure> {
        let count = self.workers.len();
        let ids = self.on_each(|_| move |engine: &mut Engine| engine.id_parts(count))?;
        let found = self.exchange(ids, |_, parts| store::repeated(&parts))?;
        let copies = self.exchange(found, move |engine, found| engine.copy_parts(&found, count))?;
        let fates = self.exchange(copies, |_, parts| store::judge(&parts))?;
        let conflicts = self.exchange(fates, |engine, fates| engine.set_fates(&fates).1)?;
        Ok(conflicts.into_iter().flatten().collect())
    }

    /// Hands each shard what every shard has for it.
    fn exchange<T: Send + 'static>(
        &self,
        mut by_shard: Vec<Vec<Vec<u8>>>,
        task: impl Fn(&mut Engine, Vec<Vec<u8>>) -> T + Copy + Send + 'static,
    ) -> Result<Vec<T>, Failure> {
        self.on_each(|shard| {
            let parts = by_shard.iter_mut().map(|parts| std::mem::take(&mut parts[shard])).collect();
            move |engine: &mut Engine| task(engine, parts)
        })
    }

    /// The answers of those shards for which there is a question, at the same place as the shard.
    pub fn ask_some(&self, question: impl Fn(usize) -> Option<Query>) -> Result<Vec<Option<Answer>>, Failure> {
        let answers = self.on_each(|shard| {
            let query = question(shard);
            move |engine: &mut Engine| query.map(|query| engine.answer(&query)).transpose()
        })?;
        answers.into_iter().map(|answer| answer.map_err(|QueryError { message }| Failure::usage(message))).collect()
    }

    /// The merged answer of all shards; `part` takes the partial answer out of an [`Answer`].
    pub fn ask<P: Merge>(&self, query: &Query, part: impl Fn(Answer) -> Option<P>) -> Result<P, Failure> {
        let answers = self.on_each(|_| {
            let query = query.clone();
            move |engine: &mut Engine| engine.answer(&query)
        })?;
        let mut merged = P::default();
        for answer in answers {
            let answer = answer.map_err(|QueryError { message }| Failure::usage(message))?;
            merged.merge(part(answer).ok_or_else(|| Failure::usage("the engine answered another question"))?);
        }
        Ok(merged)
    }
}

/// Jobs that wait, for all threads. A job may split into several.
pub struct Queue {
    inputs: Vec<Input>,
    state: Mutex<Waiting>,
    changed: Condvar,
}

struct Waiting {
    jobs: VecDeque<(u32, Job)>,
    running: usize,
}

impl Queue {
    /// One job for each input.
    pub fn new(inputs: Vec<Input>, selection: &Selection) -> Self {
        let selection = (!selection.is_everything()).then(|| Box::new(selection.clone()));
        let job = |(number, input): (usize, &Input)| {
            (number as u32, Job { selection: selection.clone(), ..Job::whole(input.name()) })
        };
        let jobs = inputs.iter().enumerate().map(job).collect();
        Self { inputs, state: Mutex::new(Waiting { jobs, running: 0 }), changed: Condvar::new() }
    }

    /// Opens an input by its number.
    pub fn open(&self, file: u32) -> Result<Box<dyn ReadAt>, String> {
        self.inputs[file as usize].open()
    }

    /// The next job; `None` when there is none and no running job could add one.
    pub fn take(&self) -> Option<(u32, Job)> {
        let mut waiting = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                waiting.running += 1;
                return Some(job);
            }
            if waiting.running == 0 {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A job that was taken is done, and these take its place.
    pub fn done(&self, more: impl IntoIterator<Item = (u32, Job)>) {
        let mut waiting = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.jobs.extend(more);
        waiting.running -= 1;
        self.changed.notify_all();
    }
}

fn load_from(engine: &mut Engine, queue: &Queue) -> LoadReport {
    let mut report = LoadReport::default();
    let mut open = HashSet::new();
    while let Some((file, job)) = queue.take() {
        if open.insert(file) {
            match queue.open(file) {
                Ok(source) => engine.add_source(file, source),
                Err(reason) => {
                    report.diagnostics.push(Diagnostic::new(Severity::Error, Code::Unreadable, &job.path, reason));
                    queue.done([]);
                    continue;
                }
            }
        }
        let mut loading = Loading::open(engine, file, job);
        loop {
            match loading.step(engine, &mut report.diagnostics) {
                Step::More(_) => {}
                Step::Split(jobs) => break queue.done(jobs.into_iter().map(|job| (file, job))),
                Step::Done(done) => {
                    let Progress { bytes_in, bytes_out, .. } = done.progress;
                    report.bytes_in += bytes_in;
                    report.bytes_out += bytes_out;
                    report.documents += u64::from(done.documents);
                    report.attachments.extend(loading.take_attachments());
                    break queue.done([]);
                }
            }
        }
    }
    engine.seal();
    report
}
