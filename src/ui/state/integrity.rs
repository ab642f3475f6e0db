//! Verification beside a load: once everything is read and there are digest files, the workers hash what they have read,
//! and the page verifies signatures, a few at a time.

use super::App;
use super::client::all;
use super::session::Phase;
use crate::model::query::{Answer, StreamHash};
use crate::model::selection::Selection;
use crate::verify::{Audit, Report};
use crate::worker::pool::Unanswered;
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// Milliseconds of signatures between two looks at what the user does.
const SLICE: f64 = 12.0;

/// Where verification stands.
#[derive(Clone, Default)]
pub enum Verification {
    /// There is nothing to verify with, or not everything is read.
    #[default]
    None,
    /// The workers hash files.
    Hashing {
        /// Files and parts of archives that are done.
        done: u32,
        /// All of them, as far as the workers have said.
        all: u32,
    },
    /// The page verifies signatures.
    Signatures {
        /// Digest files that are done.
        done: u32,
        /// All of them.
        all: u32,
    },
    /// It is done.
    Done(Arc<Report>),
    /// It was not possible; one sentence for the user.
    Failed(String),
}

/// Verification of the data set. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Integrity {
    state: RwSignal<Verification>,
    /// Number of the verification in progress; one that finds another number here stops.
    run: StoredValue<u32>,
    hashed: StoredValue<Hashed>,
}

/// What the workers have hashed so far: files that are added later are hashed alone.
#[derive(Clone, Default, PartialEq)]
struct Hashed {
    /// The data set it is about.
    data_set: u32,
    /// Workers that had stopped when this began.
    lost: u64,
    workers: Vec<Worker>,
}

#[derive(Clone, Default, PartialEq)]
struct Worker {
    /// Number of the job to go on with.
    next: u32,
    jobs: u32,
    streams: Vec<StreamHash>,
    /// Paths of what has events and no name that digest or sign files have.
    unnamed: Vec<String>,
}

impl Verification {
    /// What it came to, once it is done.
    pub fn report(&self) -> Option<&Arc<Report>> {
        if let Self::Done(report) = self { Some(report) } else { None }
    }
}

impl Default for Integrity {
    fn default() -> Self {
        Self {
            state: RwSignal::new(Verification::None),
            run: StoredValue::new(0),
            hashed: StoredValue::new(Hashed::default()),
        }
    }
}

impl Integrity {
    /// Verifies whenever a load is complete.
    pub fn follow(self, app: App) {
        let complete = Memo::new(move |_| {
            let ready = app.session.phase.with(|phase| matches!(phase, Phase::Ready(_)));
            (ready, app.session.version.get())
        });
        Effect::new(move |_| {
            let (ready, _) = complete.get();
            self.run.update_value(|run| *run += 1);
            if ready { self.start(app) } else { self.state.set(Verification::None) }
        });
    }

    /// Where it stands.
    pub fn with<R>(self, look: impl FnOnce(&Verification) -> R) -> R {
        self.state.with(look)
    }

    /// Verifies what is loaded.
    pub fn start(self, app: App) {
        let number = self.run.get_value();
        let begun = app.engine.with_load(|load| (Audit::new(&load.attachments), load.lost));
        let Some((audit, lost)) = begun.filter(|(audit, _)| audit.has_work()) else {
            self.state.set(Verification::None);
            return;
        };
        leptos::task::spawn_local(async move {
            match self.hash(app, number, lost).await {
                Ok(()) if self.is_current(number) => self.prove(app, number, audit),
                Err(Unanswered::Failed(error)) if self.is_current(number) => {
                    self.state.set(Verification::Failed(error.message));
                }
                // Overtaken: a newer one is at work.
                _ => {}
            }
        });
    }

    fn is_current(self, number: u32) -> bool {
        self.run.try_get_value() == Some(number)
    }

    /// Has all workers hash what they have not hashed yet.
    async fn hash(self, app: App, number: u32, lost: u64) -> Result<(), Unanswered> {
        let workers = app.session.workers.get_untracked();
        let data_set = app.engine.data_set();
        self.hashed.update_value(|hashed| {
            if (hashed.data_set, hashed.lost, hashed.workers.len()) != (data_set, lost, workers) {
                *hashed = Hashed { data_set, lost, workers: vec![Worker::default(); workers] };
            }
        });
        self.show_hashing();
        let of_workers = (0..workers).map(|worker| self.hash_worker(app, number, worker)).collect();
        all(of_workers).await.into_iter().collect()
    }

    async fn hash_worker(self, app: App, number: u32, worker: usize) -> Result<(), Unanswered> {
        loop {
            let from = self.hashed.with_value(|hashed| hashed.workers[worker].next);
            let Answer::Hashes { streams, unnamed, next, jobs } = app.engine.hashes(worker, from).await? else {
                return Ok(());
            };
            if !self.is_current(number) {
                return Err(Unanswered::Overtaken);
            }
            self.hashed.update_value(|hashed| {
                let known = &mut hashed.workers[worker];
                known.streams.extend(streams);
                (known.unnamed, known.next, known.jobs) = (unnamed, next, jobs);
            });
            self.show_hashing();
            if next >= jobs {
                return Ok(());
            }
        }
    }

    fn show_hashing(self) {
        let (done, all) = self.hashed.with_value(|hashed| {
            let sum = |of: fn(&Worker) -> u32| hashed.workers.iter().map(of).sum();
            (sum(|worker| worker.next), sum(|worker| worker.jobs))
        });
        self.state.set(Verification::Hashing { done, all });
    }

    /// Verifies signatures for a while, and goes on when the browser has done what waits.
    fn prove(self, app: App, number: u32, mut audit: Audit) {
        let start = now();
        while audit.step() {
            if now() - start > SLICE {
                let (done, all) = audit.progress();
                self.state.set(Verification::Signatures { done: done as u32, all: all as u32 });
                let go_on = move || {
                    if self.is_current(number) {
                        self.prove(app, number, audit);
                    }
                };
                return set_timeout(go_on, Duration::ZERO);
            }
        }
        let (streams, unnamed): (Vec<StreamHash>, Vec<String>) = self.hashed.with_value(|hashed| {
            let workers = &hashed.workers;
            let streams = workers.iter().flat_map(|worker| worker.streams.iter().cloned()).collect();
            (streams, workers.iter().flat_map(|worker| worker.unnamed.iter().cloned()).collect())
        });
        let logs = || streams.iter().map(|stream| stream.path.as_str());
        let of_keys = |selection: &Selection| selection.for_keys(logs().chain(audit.digest_paths()));
        let selections: Vec<Selection> =
            app.session.selections.with_untracked(|selections| selections.iter().map(of_keys).collect());
        let left_out: HashSet<Box<str>> = app
            .engine
            .with_load(|load| load.left_out_paths.iter().map(|path| name(path).into()).collect())
            .unwrap_or_default();
        let is_chosen = |key: &str| selections.is_empty() || selections.iter().any(|selection| selection.keeps(key));
        let keeps = |key: &str| is_chosen(key) && !left_out.contains(name(key));
        self.state.set(Verification::Done(Arc::new(audit.finish(&streams, &unnamed, &keeps))));
    }
}

/// The name of a file without its folders.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Milliseconds since the page started.
fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
