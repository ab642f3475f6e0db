//! Files on their way from a search (a dropped folder, a picked one) to the engine.
//!
//! A search of hundreds of thousands of files runs beside everything else on the page: it works for some
//! milliseconds at a time and ends as soon as nobody wants more. What it has found it passes on in lots. Asking the
//! browser about a file is a conversation between processes, which takes three times as long while workers read; so of
//! small files many are found first. Large ones keep the workers busy for longer than it takes to find more, and go on
//! at once. The load begins with the first lot.

use super::Source;
use crate::ui::shell::Shell;
use crate::ui::state::{App, FileSearch};
use crate::worker::web::port::{next_turn, text_of};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Milliseconds a search works before it lets the page do other things.
const SLICE_MS: f64 = 6.0;
/// Milliseconds after which a lot is passed on, unless its files are large: then at the end of a slice.
const LOT_MS: f64 = 300.0;
/// Bytes on average from which on the files of a lot are large.
const LARGE: u64 = 64 << 10;

/// Files found by one search.
pub struct Found {
    app: App,
    shell: Shell,
    data_set: u32,
    /// The search as the engine knows it; it hears of it with the first lot.
    search: Option<FileSearch>,
    /// Nothing so far, not even what is left out.
    is_empty: bool,
    lot: Vec<Source>,
    lot_bytes: u64,
    lot_end: f64,
    slice_end: f64,
}

impl Found {
    /// Begins a search; `None` when there is no engine to find files for.
    pub fn begin(app: App, shell: Shell) -> Option<Self> {
        if !app.engine.prepare(app) {
            return None;
        }
        let selection = app.selection.get_untracked();
        app.session.selections.update(|selections| {
            if !selections.contains(&selection) {
                selections.push(selection.clone());
            }
        });
        app.engine.select(selection);
        let (data_set, start) = (app.engine.data_set(), now());
        let lot_end = start + LOT_MS;
        // A large first file is read while the next ones are found: rows appear the sooner.
        let (search, lot) = (None, Vec::new());
        Some(Self { app, shell, data_set, search, is_empty: true, lot, lot_bytes: 0, lot_end, slice_end: start })
    }

    /// Whether the file at this path is to be read; if not, it is counted as left out. Asking the browser for it can be
    /// spared.
    pub fn selects(&mut self, path: &str) -> bool {
        self.is_empty = false;
        self.is_wanted() && self.app.engine.selects(path)
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) {
        self.lot_bytes += source.size;
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
    pub fn unreadable(&mut self, path: String, reason: &JsValue) {
        self.is_empty = false;
        if self.is_wanted() {
            self.app.engine.add_unreadable(path, &text_of(reason));
        }
    }

    /// Whether anybody wants more files. Not so once the user stopped reading or closed the data set.
    pub fn is_wanted(&self) -> bool {
        match self.search {
            Some(search) => self.app.engine.is_wanted(search),
            None => self.app.engine.data_set() == self.data_set,
        }
    }

    /// To be awaited after every file or so: lets the page do other things when it is time. False: the search is
    /// not wanted any more.
    pub async fn goes_on(&mut self) -> bool {
        if now() >= self.slice_end {
            let is_large = !self.lot.is_empty() && self.lot_bytes >= self.lot.len() as u64 * LARGE;
            if is_large || now() >= self.lot_end {
                self.pass_on();
            }
            next_turn().await;
            self.slice_end = now() + SLICE_MS;
        }
        self.is_wanted()
    }

    /// The search is over.
    pub fn end(mut self) {
        if self.is_empty && self.is_wanted() {
            self.shell.say("There are no files in what was chosen");
        }
        self.pass_on();
        self.search.iter().for_each(|search| self.app.engine.end_search(*search));
    }

    fn pass_on(&mut self) {
        let lot = std::mem::take(&mut self.lot);
        (self.lot_bytes, self.lot_end) = (0, now() + LOT_MS);
        if self.is_wanted() {
            self.search = self.search.or_else(|| self.app.engine.begin_search(self.app));
            super::add(self.app, lot);
        }
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
