//! From the pool's load state to the session, at a pace the screen can follow.

use super::App;
use super::session::{Findings, Phase, Progress};
use crate::configuration::{self, account_names};
use crate::model::query::Scope;
use crate::worker::pool::{LoadPhase, LoadState};
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Milliseconds between two looks at a load in progress: each is a picture, drawn by a core that reading could use.
const PACE: f64 = 200.0;
/// Milliseconds between two rounds of questions while a load is in progress, at least.
const ASK_PACE: f64 = 1_000.0;
/// The part of a load that may go into answering questions: one of this many milliseconds.
const ASK_SHARE: f64 = 12.0;
/// Milliseconds after which they are asked anyway when there is a quarter more to see: answers that wait for a busy
/// worker seem to cost more than they do. A quarter more each time keeps the sum of all rounds to five times the last.
const ASK_LATEST: f64 = 2_000.0;

/// Keeps the session in step with a load. Cheap to clone.
#[derive(Clone)]
pub struct Reporter {
    inner: Rc<Inner>,
}

struct Inner {
    app: App,
    scheduled: Cell<bool>,
    shown: Cell<f64>,
    started: Cell<f64>,
    asked: Cell<f64>,
    /// Events read when the panes were last asked.
    asked_at: Cell<u64>,
    /// How long the last round of questions took; infinite until it is over.
    answered_in: Cell<f64>,
    version: Cell<u64>,
    has_rows: Cell<bool>,
    /// Attachments that were taken in.
    attachments: Cell<usize>,
    alive: Cell<bool>,
}

impl Reporter {
    /// A reporter for a fresh data set.
    pub fn new(app: App) -> Self {
        let inner = Inner {
            app,
            scheduled: Cell::new(false),
            shown: Cell::new(0.0),
            started: Cell::new(now()),
            asked: Cell::new(0.0),
            asked_at: Cell::new(0),
            answered_in: Cell::new(0.0),
            version: Cell::new(0),
            has_rows: Cell::new(false),
            attachments: Cell::new(0),
            alive: Cell::new(true),
        };
        Self { inner: Rc::new(inner) }
    }

    /// Files are about to be added: the time of a new load begins. Workers hear of them first; the page, which has panes
    /// to draw, with the change that this makes.
    pub fn begin(&self) {
        if self.inner.app.session.phase.with_untracked(|phase| !matches!(phase, Phase::Loading(_))) {
            self.inner.started.set(now());
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

    /// Takes in a change: shows it at once after a pause or when these are the first rows, else a little later
    /// together with those that follow.
    pub fn report(&self) {
        let inner = &self.inner;
        let is_first = !inner.has_rows.get() && inner.app.engine.with_load(|load| load.records > 0) == Some(true);
        if is_first {
            inner.has_rows.set(true);
        }
        if !inner.scheduled.replace(true) || is_first {
            let reporter = self.clone();
            let pause = if is_first { 0.0 } else { (inner.shown.get() + PACE - now()).max(0.0) };
            set_timeout(move || reporter.show(), Duration::from_millis(pause as u64));
        }
    }

    fn show(&self) {
        let inner = &self.inner;
        inner.scheduled.set(false);
        inner.shown.set(now());
        if inner.alive.get()
            && let Some((done, version, records)) = inner.app.engine.with_load(|load| {
                self.show_progress(load);
                (load.phase == LoadPhase::Done, load.version, load.records)
            })
        {
            if done {
                self.read_configuration();
            }
            self.ask_again(done, version, records);
        }
    }

    fn show_progress(&self, load: &LoadState) {
        let (inner, session) = (&self.inner, self.inner.app.session);
        let progress = Progress {
            files: load.files_total,
            files_done: load.files_done,
            bytes_total: load.bytes_total,
            bytes_in: load.bytes_in,
            bytes_out: load.bytes_out,
            events: load.records,
            elapsed_ms: now() - inner.started.get(),
            unfinished: load.unfinished.clone(),
        };
        session.phase.set(match &load.failure {
            Some(reason) => Phase::Failed(reason.clone()),
            None if load.phase == LoadPhase::Done => Phase::Ready(progress),
            None if load.phase == LoadPhase::Idle => Phase::Empty,
            None => Phase::Loading(progress),
        });
        let findings = Findings {
            problems: load.problems,
            notes: load.diagnostics.len() as u64 - load.problems,
            revision: load.revision,
        };
        if session.findings.get_untracked() != findings {
            session.findings.set(findings);
        }
        session.memory.set(load.memory.iter().sum());
    }

    /// Takes in what was dropped beside the events, when it is not the same as before.
    fn read_configuration(&self) {
        let (app, session) = (self.inner.app, self.inner.app.session);
        let is_read =
            |load: &LoadState| load.attachments.len() == self.inner.attachments.replace(load.attachments.len());
        if app.engine.with_load(is_read) != Some(false) {
            return;
        }
        let read = |load: &LoadState| (configuration::read(&load.attachments), account_names(&load.attachments));
        let Some((found, names)) = app.engine.with_load(read) else { return };
        if session.configuration.with_untracked(|known| **known != found) {
            session.configuration.set(Arc::new(found));
        }
        if session.accounts.with_untracked(|known| **known != names) {
            session.accounts.set(Arc::new(names));
        }
    }

    /// Has the panes ask again when there is more to see: not too often while a load is in progress.
    fn ask_again(&self, done: bool, version: u64, records: u64) {
        let (inner, session) = (&self.inner, self.inner.app.session);
        let (since, answered_in) = (now() - inner.asked.get(), inner.answered_in.get());
        let is_late = since > ASK_LATEST && answered_in.is_finite() && records / 5 * 4 >= inner.asked_at.get();
        let is_due = since > ASK_PACE.max(answered_in * ASK_SHARE) || is_late;
        if version != inner.version.get() && (done || is_due) {
            inner.asked.set(now());
            inner.asked_at.set(records);
            inner.version.set(version);
            session.version.set(version);
            self.count_loaded();
        }
    }

    fn count_loaded(&self) {
        let (app, reporter) = (self.inner.app, self.clone());
        leptos::task::spawn_local(async move {
            let (inner, start) = (&reporter.inner, now());
            inner.answered_in.set(f64::INFINITY);
            if let Ok(part) = app.engine.count("loaded", Scope::default()).await
                && inner.alive.get()
            {
                app.session.loaded.set(part);
            }
            app.engine.all_answered().await;
            inner.answered_in.set(now() - start);
        });
    }
}

/// Milliseconds since the page started.
fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
