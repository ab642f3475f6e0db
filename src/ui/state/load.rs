//! From the pool's load state to the session, at a pace the screen can follow.

use super::App;
use super::session::{Phase, Progress};
use crate::model::query::Scope;
use crate::worker::pool::LoadPhase;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// Milliseconds between two looks at a load in progress.
const PACE: u64 = 120;
/// Milliseconds between two rounds of questions while a load is in progress, at least.
const ASK_PACE: f64 = 500.0;
/// The part of a load that may go into answering questions: one of this many milliseconds.
const ASK_SHARE: f64 = 6.0;

/// Keeps the session in step with a load. Cheap to clone.
#[derive(Clone)]
pub struct Reporter {
    inner: Rc<Inner>,
}

struct Inner {
    app: App,
    scheduled: Cell<bool>,
    started: Cell<f64>,
    asked: Cell<f64>,
    /// How long the last round of questions took; infinite until it is over.
    answered_in: Cell<f64>,
    version: Cell<u64>,
    alive: Cell<bool>,
}

impl Reporter {
    /// A reporter for a fresh data set.
    pub fn new(app: App) -> Self {
        let inner = Inner {
            app,
            scheduled: Cell::new(false),
            started: Cell::new(now()),
            asked: Cell::new(0.0),
            answered_in: Cell::new(0.0),
            version: Cell::new(0),
            alive: Cell::new(true),
        };
        Self { inner: Rc::new(inner) }
    }

    /// Files are about to be added.
    pub fn begin(&self) {
        let idle = self.inner.app.session.phase.with_untracked(|phase| !matches!(phase, Phase::Loading(_)));
        if idle {
            self.inner.started.set(now());
            self.inner.app.session.phase.set(Phase::Loading(Progress::default()));
        }
    }

    /// Version of the data that questions are about.
    pub fn version(&self) -> u64 {
        self.inner.version.get()
    }

    /// The data set is closed: nothing is shown of it any more.
    pub fn end(&self) {
        self.inner.alive.set(false);
    }

    /// Takes in a change; shows it a little later together with those that follow.
    pub fn report(&self) {
        if !self.inner.scheduled.replace(true) {
            let reporter = self.clone();
            set_timeout(move || reporter.show(), Duration::from_millis(PACE));
        }
    }

    fn show(&self) {
        let inner = &self.inner;
        inner.scheduled.set(false);
        let Some(load) = inner.app.engine.load_state().filter(|_| inner.alive.get()) else { return };
        let session = inner.app.session;
        let progress = Progress {
            files: load.files_total,
            files_done: load.files_done,
            bytes_total: load.bytes_total,
            bytes_in: load.bytes_in,
            bytes_out: load.bytes_out,
            events: load.records,
            elapsed_ms: now() - inner.started.get(),
            cancelled: load.cancelled,
        };
        let done = load.phase == LoadPhase::Done;
        session.phase.set(match load.failure {
            Some(reason) => Phase::Failed(reason),
            None if done => Phase::Ready(progress),
            None if load.phase == LoadPhase::Idle => Phase::Empty,
            None => Phase::Loading(progress),
        });
        if session.problems.with_untracked(|problems| *problems != load.diagnostics) {
            session.problems.set(load.diagnostics);
        }
        session.memory.set(load.memory.iter().sum());
        let due = now() - inner.asked.get() > ASK_PACE.max(inner.answered_in.get() * ASK_SHARE);
        if load.version != inner.version.get() && (done || due) {
            inner.asked.set(now());
            inner.version.set(load.version);
            session.version.set(load.version);
            self.count_loaded();
        }
    }

    fn count_loaded(&self) {
        let (app, reporter) = (self.inner.app, self.clone());
        leptos::task::spawn_local(async move {
            let (inner, start) = (&reporter.inner, now());
            inner.answered_in.set(f64::INFINITY);
            let answer = app.engine.count("loaded", Scope::default()).await;
            // Asked last, so that it is answered after what the panes have asked.
            inner.answered_in.set(now() - start);
            if let Ok(part) = answer
                && inner.alive.get()
            {
                app.session.loaded.set(part);
            }
        });
    }
}

/// Milliseconds since the page started.
fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
