//! Files on their way from a search (a dropped folder, a picked one) to the engine.
//!
//! A search of hundreds of thousands of files runs beside everything else on the page: it works for some
//! milliseconds at a time and ends as soon as nobody wants more. What it has found by then it passes on at growing
//! intervals: soon at first, so that reading starts early, then rarely, because asking the browser about a file is a
//! conversation between processes that takes three times as long while workers read.

use super::Source;
use crate::ui::state::{App, FileSearch};
use crate::worker::web::port::{next_turn, text_of};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Milliseconds a search works before it lets the page do other things.
const SLICE_MS: f64 = 6.0;
/// Milliseconds between passing on at most.
const LONGEST_LOT_MS: f64 = 250.0;

/// Files found by one search.
pub struct Found {
    app: App,
    search: FileSearch,
    lot: Vec<Source>,
    slice_end: f64,
    /// When the lot is passed on, and how long the next one is collected.
    lot_end: f64,
    lot_ms: f64,
}

impl Found {
    /// Begins a search; `None` when there is no engine to find files for.
    pub fn begin(app: App) -> Option<Self> {
        let search = app.engine.begin_search(app)?;
        let selection = app.selection.get_untracked();
        app.session.selected.update(|selected| *selected |= !selection.is_everything());
        app.engine.select(selection);
        // The panes appear at the same time: the first file is the end of the first slice.
        Some(Self { app, search, lot: Vec::new(), slice_end: now(), lot_end: now(), lot_ms: SLICE_MS })
    }

    /// Whether the file at this path is to be read; if not, it is counted as left out. Asking the browser for it can be
    /// spared.
    pub fn selects(&self, path: &str) -> bool {
        self.is_wanted() && self.app.engine.selects(path)
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) {
        self.lot.push(source);
    }

    /// Adds what came of asking the browser for a file; what cannot be had is listed as a problem.
    pub fn add_outcome(&mut self, outcome: Result<JsValue, JsValue>, path: String) {
        match outcome {
            Ok(file) => self.add(Source::new(file.unchecked_into(), Some(path))),
            Err(reason) => self.unreadable(path, &reason),
        }
    }

    /// Lists what cannot be had.
    pub fn unreadable(&self, path: String, reason: &JsValue) {
        if self.is_wanted() {
            self.app.engine.add_unreadable(path, &text_of(reason));
        }
    }

    /// Whether anybody wants more files. Not so once the user stopped reading or closed the data set.
    pub fn is_wanted(&self) -> bool {
        self.app.engine.is_wanted(self.search)
    }

    /// To be awaited after every file or so: lets the page do other things when it is time. False: the search is
    /// not wanted any more.
    pub async fn goes_on(&mut self) -> bool {
        if now() >= self.slice_end {
            if now() >= self.lot_end {
                self.pass_on();
                self.lot_end = now() + self.lot_ms;
                self.lot_ms = (self.lot_ms * 2.0).min(LONGEST_LOT_MS);
            }
            next_turn().await;
            self.slice_end = now() + SLICE_MS;
        }
        self.is_wanted()
    }

    /// The search is over.
    pub fn end(mut self) {
        self.pass_on();
        self.app.engine.end_search(self.search);
    }

    fn pass_on(&mut self) {
        let lot = std::mem::take(&mut self.lot);
        if self.is_wanted() {
            super::add(self.app, lot);
        }
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
