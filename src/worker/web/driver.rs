//! The page's pool connected to real workers.
//!
//! Carries out the pool's effects, wakes whoever asked, and reports every change of the load state.

use super::port::Message;
use super::spawn::WorkerHandle;
use super::timing::{Marks, Measure};
use crate::model::query::{Answer, Query};
use crate::model::selection::Selection;
use crate::worker::pool::{Effect, LoadPhase, LoadState, MemoryLimit, Pool, Search, Unanswered};
use crate::worker::protocol::{self, Request, Response};
use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use web_sys::Blob;

type Outcome = Result<Vec<Answer>, Unanswered>;

/// A data set: its workers, its files, its open questions. Cheap to clone; dropping the last clone ends the
/// workers and gives their memory back.
#[derive(Clone)]
pub struct Driver {
    inner: Rc<Inner>,
}

struct Inner {
    pool: RefCell<Pool>,
    workers: RefCell<Vec<WorkerHandle>>,
    files: RefCell<Vec<Blob>>,
    /// Every worker's newest part for every worker, on the way from the one to the other.
    parts: RefCell<Vec<Vec<ArrayBuffer>>>,
    /// The search that ends when the sample arrives.
    sample: Cell<Option<Search>>,
    asked: RefCell<HashMap<u64, oneshot::Sender<Outcome>>>,
    /// Questions to each worker that leave at the end of the turn.
    questions: RefCell<Vec<Vec<Request>>>,
    /// Who waits until nobody is waiting for an answer.
    patient: RefCell<Vec<oneshot::Sender<()>>>,
    marks: Cell<Marks>,
    on_change: Box<dyn Fn()>,
}

impl Driver {
    /// Starts `workers` workers. `seed` should be random: it keys hashes of text from logs. Reading stops at
    /// `limit`. `on_change` is called after every message from a worker, so it must be quick.
    pub fn start(
        workers: usize,
        seed: u64,
        limit: MemoryLimit,
        on_change: impl Fn() + 'static,
    ) -> Result<Self, String> {
        let inner = Rc::new(Inner {
            pool: RefCell::new(Pool::new(workers, seed, limit)),
            workers: RefCell::new(Vec::new()),
            files: RefCell::new(Vec::new()),
            parts: RefCell::new(vec![Vec::new(); workers.max(1)]),
            sample: Cell::new(None),
            asked: RefCell::new(HashMap::new()),
            questions: RefCell::new(vec![Vec::new(); workers.max(1)]),
            patient: RefCell::new(Vec::new()),
            marks: Cell::default(),
            on_change: Box::new(on_change),
        });
        for worker in 0..workers.max(1) {
            let handle = inner.spawn(worker)?;
            inner.workers.borrow_mut().push(handle);
        }
        inner.carry_out();
        Ok(Self { inner })
    }

    /// Prepares for the first files; see [`Pool::rehearse`].
    pub fn rehearse(&self) {
        self.inner.pool.borrow_mut().rehearse();
        self.inner.carry_out();
    }

    /// Reads files. Their order decides which copy of a duplicate stays: the first.
    pub fn add_files(&self, files: Vec<(String, Blob)>) {
        self.inner.add_files(files);
    }

    /// A search for files begins; see [`Pool::begin_search`].
    pub fn begin_search(&self) -> Search {
        let search = self.inner.pool.borrow_mut().begin_search();
        self.inner.changed();
        search
    }

    /// Whether a search should go on; see [`Pool::is_wanted`].
    pub fn is_wanted(&self, search: Search) -> bool {
        self.inner.pool.borrow().is_wanted(search)
    }

    /// All files of one search are added.
    pub fn end_search(&self, search: Search) {
        self.inner.pool.borrow_mut().end_search(search);
        self.inner.carry_out();
        self.inner.changed();
    }

    /// What is to be read of files that are added from now on; see [`Pool::select`].
    pub fn select(&self, selection: Selection) {
        self.inner.pool.borrow_mut().select(selection);
    }

    /// Whether the file at this path is to be read; see [`Pool::selects`].
    pub fn selects(&self, path: &str) -> bool {
        self.inner.pool.borrow_mut().selects(path)
    }

    /// Lists a file that was dropped but cannot be had.
    pub fn add_unreadable(&self, path: String, reason: &str) {
        self.inner.pool.borrow_mut().add_unreadable(path, reason);
        self.inner.changed();
    }

    /// Has a worker generate the built-in sample archive and reads it.
    pub fn load_sample(&self) {
        self.inner.sample.set(Some(self.inner.pool.borrow_mut().request_sample()));
        self.inner.carry_out();
        self.inner.changed();
    }

    /// Stops reading; what was read stays.
    pub fn cancel_load(&self) {
        self.inner.pool.borrow_mut().cancel_load();
        self.inner.carry_out();
        self.inner.changed();
    }

    /// Number of workers.
    pub fn workers(&self) -> usize {
        self.inner.pool.borrow().workers()
    }

    /// Whether it has never been given anything to read.
    pub fn is_unused(&self) -> bool {
        self.with_load(|load| load.phase == LoadPhase::Idle)
    }

    /// Looks at how far reading is.
    pub fn with_load<R>(&self, look: impl FnOnce(&LoadState) -> R) -> R {
        look(self.inner.pool.borrow().load())
    }

    /// Asks all workers, or one; see [`Pool::ask`].
    pub async fn ask(&self, lane: &str, query: Query, target: Option<usize>) -> Outcome {
        let (sender, receiver) = oneshot::channel();
        let ticket = self.inner.pool.borrow_mut().ask(lane, query.clone(), target);
        let measure = Measure::start(&query, ticket);
        self.inner.asked.borrow_mut().insert(ticket, sender);
        self.inner.carry_out();
        let outcome = receiver.await.unwrap_or(Err(Unanswered::Overtaken));
        if outcome.is_ok() {
            measure.end();
        }
        outcome
    }

    /// Waits until no question is open.
    pub async fn all_answered(&self) {
        if !self.inner.asked.borrow().is_empty() {
            let (sender, receiver) = oneshot::channel();
            self.inner.patient.borrow_mut().push(sender);
            // Ends, too, when the data set is closed.
            let _ = receiver.await;
        }
    }
}

impl Inner {
    fn spawn(self: &Rc<Self>, worker: usize) -> Result<WorkerHandle, String> {
        let (receiver, watcher) = (Rc::downgrade(self), Rc::downgrade(self));
        WorkerHandle::spawn(
            move |message| with(&receiver, |inner| inner.receive(worker, message)),
            move |reason| with(&watcher, |inner| inner.lost(worker, &reason)),
        )
    }

    fn add_files(self: &Rc<Self>, files: Vec<(String, Blob)>) {
        let described = files.iter().map(|(path, blob)| (path.clone(), blob.size() as u64)).collect();
        self.files.borrow_mut().extend(files.into_iter().map(|(_, blob)| blob));
        self.pool.borrow_mut().add_files(described);
        self.carry_out();
        self.changed();
    }

    fn receive(self: &Rc<Self>, worker: usize, message: Message) {
        if !message.buffers.is_empty() {
            self.parts.borrow_mut()[worker] = message.buffers;
        }
        match protocol::decode::<Vec<Response>>(&message.bytes) {
            Ok(responses) => responses.into_iter().for_each(|response| match response {
                Response::Sample { files } => self.add_sample(files),
                response => self.pool.borrow_mut().receive(worker, response),
            }),
            // A worker that cannot be understood is as good as dead.
            Err(reason) => self.pool.borrow_mut().worker_lost(worker, &reason),
        }
        self.carry_out();
        self.changed();
    }

    fn add_sample(self: &Rc<Self>, files: Vec<(String, Vec<u8>)>) {
        let Some(search) = self.sample.take().filter(|search| self.pool.borrow().is_wanted(*search)) else { return };
        let blob = |bytes: Vec<u8>| {
            Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice())))
        };
        self.add_files(files.into_iter().filter_map(|(path, bytes)| Some((path, blob(bytes).ok()?))).collect());
        self.pool.borrow_mut().end_search(search);
    }

    fn lost(self: &Rc<Self>, worker: usize, reason: &str) {
        self.pool.borrow_mut().worker_lost(worker, reason);
        self.carry_out();
        self.changed();
    }

    fn changed(&self) {
        let mut marks = self.marks.get();
        marks.follow(self.pool.borrow().load());
        self.marks.set(marks);
        (self.on_change)();
    }

    fn carry_out(self: &Rc<Self>) {
        let effects = self.pool.borrow_mut().take_effects();
        for effect in effects {
            match effect {
                Effect::Send {
                    worker, request: request @ (Request::Query { .. } | Request::Forget { .. }), ..
                } => {
                    self.put_off(worker, request);
                }
                Effect::Send { worker, request, files } => {
                    let known = self.files.borrow();
                    let blobs = files.iter().map(|&file| known[file as usize].clone()).collect();
                    self.post(worker, request, Vec::new(), blobs);
                }
                Effect::Exchange { worker, request } => {
                    let parts = self.parts.borrow();
                    let buffers = parts.iter().filter_map(|parts| parts.get(worker)).cloned().collect();
                    self.post(worker, request, buffers, Vec::new());
                }
                Effect::Restart { worker } => match self.spawn(worker) {
                    Ok(fresh) => {
                        // What the dead one was still to be asked has failed.
                        self.questions.borrow_mut()[worker].clear();
                        self.workers.borrow_mut()[worker] = fresh;
                    }
                    Err(reason) => {
                        web_sys::console::error_1(&format!("worker {worker} could not be replaced: {reason}").into());
                    }
                },
                Effect::Settle { ticket, outcome } => {
                    if let Some(sender) = self.asked.borrow_mut().remove(&ticket) {
                        // Nobody waits any more when the component that asked is gone.
                        let _ = sender.send(outcome);
                    }
                }
            }
        }
        if self.asked.borrow().is_empty() {
            for waiting in self.patient.take() {
                // Nobody waits any more when the data set was closed.
                let _ = waiting.send(());
            }
        }
    }

    /// Keeps a question until all that is asked in this turn can leave in one message: a change of the search asks a
    /// dozen, and each message wakes a worker and, answered, the page.
    fn put_off(self: &Rc<Self>, worker: usize, question: Request) {
        let is_first = self.questions.borrow().iter().all(Vec::is_empty);
        self.questions.borrow_mut()[worker].push(question);
        if is_first {
            let inner = Rc::downgrade(self);
            // Runs after whatever is ready to run now.
            wasm_bindgen_futures::spawn_local(async move {
                with(&inner, |inner| (0..inner.workers.borrow().len()).for_each(|worker| inner.flush(worker)));
            });
        }
    }

    fn flush(&self, worker: usize) {
        let questions = std::mem::take(&mut self.questions.borrow_mut()[worker]);
        if !questions.is_empty() {
            self.post_all(worker, &questions, Vec::new(), Vec::new());
        }
    }

    /// Sends a request after all that were put off.
    fn post(&self, worker: usize, request: Request, buffers: Vec<ArrayBuffer>, blobs: Vec<Blob>) {
        self.flush(worker);
        self.post_all(worker, &[request], buffers, blobs);
    }

    fn post_all(&self, worker: usize, requests: &[Request], buffers: Vec<ArrayBuffer>, blobs: Vec<Blob>) {
        let sent = protocol::encode(&requests)
            .and_then(|bytes| self.workers.borrow()[worker].post(Message { bytes, buffers, blobs }));
        if let Err(reason) = sent {
            web_sys::console::error_1(&format!("worker {worker} could not be reached: {reason}").into());
        }
    }
}

fn with(inner: &Weak<Inner>, act: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = inner.upgrade() {
        act(&inner);
    }
}
