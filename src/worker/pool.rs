//! The page's side: which worker reads what, who answers what, what happens when a worker dies.
//!
//! A state machine without IO: calls go in, [`Effect`]s come out and are carried out by the driver
//! (`worker::web` in the browser, a loop over in-memory servers in tests and natively).
//!
//! - Reading: files wait in one queue; workers get batches of at most 4 MiB, two at a time, and pull more when
//!   one is done. Archives split into parts that join the queue. When everything is read, the workers compare
//!   eventIDs once and mark duplicates. Reading ends early when the user or the [`MemoryLimit`] says so.
//! - Questions: each goes to all workers (or one) in a lane. A lane has one question running and at most one
//!   waiting; a newer question replaces the waiting one, and the running one is given up if its filter is still
//!   being evaluated.
//! - A worker that dies takes its rows along: a fresh one reads everything again that the dead one had read.
//!   The item it was reading is tried once more, then listed as lost.

mod compare;
mod load;
mod memory;
mod page;
mod queue;
mod state;

pub use load::Search;
pub use memory::MemoryLimit;
pub use page::{merged, place, window};
pub use state::{LoadPhase, LoadState};

use super::protocol::{Request, Response};
use crate::model::query::{Answer, Query, QueryError};
use crate::model::selection::Selection;
use load::Loads;
use std::collections::{BTreeMap, HashMap};

/// What the driver has to do.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Send a message; `files` are the numbers of the files whose handles go along, one per load item.
    Send {
        /// Which worker.
        worker: usize,
        /// The message.
        request: Request,
        /// Dropped files.
        files: Vec<u32>,
    },
    /// Send a message together with every worker's newest part for this worker (see [`Response::take_parts`]).
    Exchange {
        /// Which worker.
        worker: usize,
        /// The message.
        request: Request,
    },
    /// Replace a dead worker by a fresh one; messages to it follow.
    Restart {
        /// Which worker.
        worker: usize,
    },
    /// A question is settled.
    Settle {
        /// Number of the question.
        ticket: u64,
        /// One answer per worker asked, by worker number.
        outcome: Result<Vec<Answer>, Unanswered>,
    },
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// A newer question of the same lane took its place.
    Overtaken,
    /// It cannot be answered.
    Failed(QueryError),
}

/// All workers and what they are doing.
pub struct Pool {
    seed: u64,
    workers: usize,
    loads: Loads,
    lanes: HashMap<String, Lane>,
    questions: HashMap<u64, Question>,
    next_ticket: u64,
    effects: Vec<Effect>,
    /// Deaths of each worker since it last said anything.
    silent_deaths: Vec<u32>,
}

/// A worker that dies this often without a word between cannot run here; it is not started again.
const SILENT_DEATHS: u32 = 3;

#[derive(Default)]
struct Lane {
    running: Option<u64>,
    waiting: Option<u64>,
}

struct Question {
    lane: String,
    query: Query,
    target: Option<usize>,
    answers: BTreeMap<usize, Answer>,
}

impl Pool {
    /// A pool of `workers` fresh workers (at least one). `seed` keys hashes of text from logs. Reading stops at
    /// `limit`.
    pub fn new(workers: usize, seed: u64, limit: MemoryLimit) -> Self {
        let workers = workers.max(1);
        let mut pool = Self {
            seed,
            workers,
            loads: Loads::new(workers, limit),
            lanes: HashMap::new(),
            questions: HashMap::new(),
            next_ticket: 0,
            effects: Vec::new(),
            silent_deaths: vec![0; workers],
        };
        (0..workers).for_each(|worker| pool.send(worker, Request::Start { seed }));
        pool
    }

    /// Number of workers.
    pub fn workers(&self) -> usize {
        self.workers
    }

    /// Has a worker rehearse while there is nothing to read; the others run what the browser makes of it.
    pub fn rehearse(&mut self) {
        self.send(0, Request::Rehearse { seed: self.seed });
    }

    /// What is to be done now, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// How far reading is.
    pub fn load(&self) -> &LoadState {
        &self.loads.state
    }

    /// Adds dropped files by path and size in bytes; returns the number of the first one.
    pub fn add_files(&mut self, files: Vec<(String, u64)>) -> u32 {
        let first = self.loads.add(files);
        self.loads.feed(&mut self.effects);
        first
    }

    /// A search for files begins: the load is not over before [`end_search`](Self::end_search), even when all
    /// files added so far are read.
    pub fn begin_search(&mut self) -> Search {
        self.loads.begin_search()
    }

    /// Whether what a search finds will be read. Once it is not, the search should end: reading was stopped.
    pub fn is_wanted(&self, search: Search) -> bool {
        self.loads.is_wanted(search)
    }

    /// All files of one search are added. Does nothing when reading was stopped since it began.
    pub fn end_search(&mut self, search: Search) {
        self.loads.end_search(search, &mut self.effects);
    }

    /// What is to be read of files that are added from now on: of archives among them by their entries. Whoever adds
    /// files asks [`selects`](Self::selects) for each before.
    pub fn select(&mut self, selection: Selection) {
        self.loads.select(selection);
    }

    /// Whether the file at this path is to be read. If not, it is counted as left out.
    pub fn selects(&mut self, path: &str) -> bool {
        self.loads.selects(path)
    }

    /// Lists a file that was dropped but cannot be had, with the browser's reason.
    pub fn add_unreadable(&mut self, path: String, reason: &str) {
        self.loads.add_unreadable(path, reason);
    }

    /// Has a worker generate the built-in sample archive: a search that the driver ends when the files arrive
    /// ([`Response::Sample`] is for the driver, not for the pool).
    pub fn request_sample(&mut self) -> Search {
        self.send(0, Request::Sample);
        self.begin_search()
    }

    /// Stops reading; what was read stays.
    pub fn cancel_load(&mut self) {
        self.loads.cancel(&mut self.effects);
    }

    /// Asks all workers, or one. The answer comes as [`Effect::Settle`] with the returned number.
    pub fn ask(&mut self, lane: &str, query: Query, target: Option<usize>) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.questions.insert(ticket, Question { lane: lane.into(), query, target, answers: BTreeMap::new() });
        let slot = self.lanes.entry(lane.into()).or_default();
        match (slot.running, slot.waiting) {
            (None, _) => {
                slot.running = Some(ticket);
                self.run(ticket);
            }
            (Some(running), None) => {
                slot.waiting = Some(ticket);
                self.each_target(running, |ticket, _| Request::Forget { ticket });
            }
            (Some(_), Some(overtaken)) => {
                slot.waiting = Some(ticket);
                self.questions.remove(&overtaken);
                self.effects.push(Effect::Settle { ticket: overtaken, outcome: Err(Unanswered::Overtaken) });
            }
        }
        ticket
    }

    /// Takes a message from a worker.
    pub fn receive(&mut self, worker: usize, response: Response) {
        self.silent_deaths[worker] = 0;
        match response {
            Response::Answer { ticket, answer } => self.answered(worker, ticket, answer),
            Response::Forgotten { ticket } => self.settle(ticket, Err(Unanswered::Overtaken)),
            response => self.loads.receive(worker, response, &mut self.effects),
        }
    }

    /// A worker died. `reason` is what the browser says about it.
    pub fn worker_lost(&mut self, worker: usize, reason: &str) {
        self.silent_deaths[worker] += 1;
        if self.silent_deaths[worker] >= SILENT_DEATHS {
            let message = format!("A worker cannot run in this browser: {reason}");
            self.loads.fail(message.clone());
            for ticket in self.questions.keys().copied().collect::<Vec<_>>() {
                self.settle(ticket, Err(Unanswered::Failed(QueryError { message: message.clone() })));
            }
            return;
        }
        self.effects.push(Effect::Restart { worker });
        self.send(worker, Request::Start { seed: self.seed });
        let stranded: Vec<u64> = self
            .questions
            .iter()
            .filter(|(ticket, question)| {
                self.lanes.get(&question.lane).is_some_and(|lane| lane.running == Some(**ticket))
                    && question.target.is_none_or(|target| target == worker)
                    && !question.answers.contains_key(&worker)
            })
            .map(|(ticket, _)| *ticket)
            .collect();
        for ticket in stranded {
            let message = "A worker stopped while it answered; its files are being read again.".into();
            self.settle(ticket, Err(Unanswered::Failed(QueryError { message })));
        }
        self.loads.worker_lost(worker, &mut self.effects);
    }

    fn run(&mut self, ticket: u64) {
        self.each_target(ticket, |ticket, query| Request::Query { ticket, query: query.clone() });
    }

    /// Sends something about a question to all workers that are to answer it.
    fn each_target(&mut self, ticket: u64, request: impl Fn(u64, &Query) -> Request) {
        let Some(question) = self.questions.get(&ticket) else { return };
        for worker in question.target.map_or(0..self.workers, |target| target..target + 1) {
            let request = request(ticket, &question.query);
            self.effects.push(Effect::Send { worker, request, files: Vec::new() });
        }
    }

    fn answered(&mut self, worker: usize, ticket: u64, answer: Result<Answer, QueryError>) {
        let Some(question) = self.questions.get_mut(&ticket) else { return };
        match answer {
            Ok(answer) => {
                question.answers.insert(worker, answer);
                let wanted = if question.target.is_some() { 1 } else { self.workers };
                if question.answers.len() == wanted {
                    let answers = std::mem::take(&mut question.answers).into_values().collect();
                    self.settle(ticket, Ok(answers));
                }
            }
            Err(error) => self.settle(ticket, Err(Unanswered::Failed(error))),
        }
    }

    fn settle(&mut self, ticket: u64, outcome: Result<Vec<Answer>, Unanswered>) {
        let Some(question) = self.questions.remove(&ticket) else { return };
        self.effects.push(Effect::Settle { ticket, outcome });
        if let Some(lane) = self.lanes.get_mut(&question.lane)
            && lane.running == Some(ticket)
        {
            lane.running = lane.waiting.take();
            match lane.running {
                Some(next) => self.run(next),
                None => drop(self.lanes.remove(&question.lane)),
            }
        }
    }

    fn send(&mut self, worker: usize, request: Request) {
        self.effects.push(Effect::Send { worker, request, files: Vec::new() });
    }
}
