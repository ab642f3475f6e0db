//! Writing the events in view to a file: asks every worker for piece after piece and puts the parts in order.
//!
//! A piece leaves wasm memory for a `Blob` as soon as it comes, which the browser keeps where it has room; no export is in
//! memory as a whole. The file is saved from there: nothing is sent anywhere.

use super::client::{all, failed};
use super::{App, Ask};
use crate::model::export::{ExportFormat, LostRecords};
use crate::model::query::Scope;
use crate::ui::shell::Shell;
use crate::ui::widgets::clipboard;
use crate::view::export::{file_name, shortfall};
use crate::view::format;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use std::cell::RefCell;
use web_sys::Blob;

/// Files with lost records that are remembered.
const LOST: usize = 100;

/// How far an export is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Events to export.
    pub total: u64,
    /// Events exported.
    pub done: u64,
    /// Bytes written.
    pub bytes: u64,
}

/// The export that is going on, if any. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Export {
    /// How far it is.
    pub running: RwSignal<Option<Running>>,
    /// What went wrong with the last one.
    pub trouble: RwSignal<Option<String>>,
    /// Number of exports begun or stopped: what belongs to an older one is dropped.
    number: StoredValue<u32>,
}

/// What has come so far.
#[derive(Default)]
struct Collected {
    /// By file and entry. The parts of one file come in order.
    parts: Vec<((u32, u32), Blob)>,
    lost: Vec<LostRecords>,
    span: Option<(i64, i64)>,
    records: u64,
}

impl Default for Export {
    fn default() -> Self {
        Self { running: RwSignal::new(None), trouble: RwSignal::new(None), number: StoredValue::new(0) }
    }
}

impl Export {
    /// Writes the events in view to a file and has the browser save it. Nothing happens while files are being read or
    /// another export is under way.
    pub fn begin(self, app: App, shell: Shell, format: ExportFormat) {
        let total = shell.matched_count();
        let is_loading = untrack(|| app.session.is_loading());
        if total == 0 || is_loading || self.running.with_untracked(Option::is_some) {
            return;
        }
        self.number.update_value(|number| *number += 1);
        let number = self.number.get_value();
        self.trouble.set(None);
        self.running.set(Some(Running { total, done: 0, bytes: 0 }));
        let scope = app.scope.get_untracked();
        leptos::task::spawn_local(async move {
            let outcome = self.collect(app, number, scope, &format).await;
            if !self.is_current(number) {
                return;
            }
            self.running.set(None);
            match outcome.and_then(|found| Ok((save(&found, &format)?, found))) {
                Ok((name, Collected { records, lost, .. })) if records < total => {
                    self.trouble.set(Some(format!("{name}: {}", shortfall(records, total, &lost))));
                }
                Ok((name, found)) => {
                    shell.say(format!("{} saved as {name}", format::plural(found.records, "event", "events")));
                }
                Err(Ask::Failed(error)) => {
                    self.trouble.set(Some(format!("Nothing was exported: {}", error.message)));
                }
                // The data set was closed.
                Err(Ask::Overtaken) => {}
            }
        });
    }

    /// Gives the export up.
    pub fn stop(self) {
        self.number.update_value(|number| *number += 1);
        self.running.set(None);
    }

    fn is_current(self, number: u32) -> bool {
        self.number.try_get_value() == Some(number)
    }

    /// All workers' parts, in order.
    async fn collect(self, app: App, number: u32, scope: Scope, format: &ExportFormat) -> Result<Collected, Ask> {
        let found = RefCell::new(Collected::default());
        let streams = (0..app.engine.workers()).map(|worker| self.stream(app, number, worker, &scope, format, &found));
        for outcome in all(streams.collect()).await {
            outcome?;
        }
        let mut found = found.into_inner();
        found.parts.sort_by_key(|(place, _)| *place);
        Ok(found)
    }

    /// All pieces of one worker.
    async fn stream(
        self,
        app: App,
        number: u32,
        worker: usize,
        scope: &Scope,
        format: &ExportFormat,
        found: &RefCell<Collected>,
    ) -> Result<(), Ask> {
        let mut after = None;
        loop {
            let piece = app.engine.export(worker, scope.clone(), format.clone(), after).await?;
            if !self.is_current(number) {
                return Err(Ask::Overtaken);
            }
            let blob = blob_of(&piece.bytes)?;
            let mut found = found.borrow_mut();
            let mut from = 0.0;
            for part in &piece.parts {
                let to = from + part.len as f64;
                let slice =
                    blob.slice_with_f64_and_f64(from, to).map_err(|_| failed("The browser is out of memory"))?;
                found.parts.push(((part.file, part.entry), slice));
                found.records += part.records;
                from = to;
            }
            let room = LOST.saturating_sub(found.lost.len());
            found.lost.extend(piece.lost.into_iter().take(room));
            let spans = [found.span, piece.span];
            let first = spans.iter().flatten().map(|(first, _)| *first).min();
            found.span = first.zip(spans.iter().flatten().map(|(_, last)| *last).max());
            let (done, bytes) = (found.records, piece.bytes.len() as u64);
            self.running.update(|running| {
                if let Some(running) = running {
                    running.done = done;
                    running.bytes += bytes;
                }
            });
            match piece.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

fn blob_of(bytes: &[u8]) -> Result<Blob, Ask> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence(&parts).map_err(|_| failed("The browser is out of memory"))
}

/// Joins the parts and offers them as a file; answers its name.
fn save(found: &Collected, format: &ExportFormat) -> Result<String, Ask> {
    let pieces = Array::of1(&blob_of(&format.head())?.into());
    let separator = blob_of(format.separator())?;
    for (index, (_, part)) in found.parts.iter().enumerate() {
        if index > 0 && !format.separator().is_empty() {
            pieces.push(&separator);
        }
        pieces.push(part);
    }
    pieces.push(&blob_of(format.tail())?.into());
    let name = file_name(found.span, found.records, format);
    clipboard::save_parts(&name, format.media_type(), &pieces)
        .map(|()| name)
        .ok_or_else(|| failed("the browser could not put the file together"))
}
