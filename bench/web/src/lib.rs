//! A worker's store without its page: what `make bench` measures in memory.
//!
//! The same engine, fed as `worker::server` feeds it, from gzipped bytes that are in memory already and
//! driven by the benchmark's own worker script: no file API, no messages, no question in between.
//! Loading ends as in the page, sealed and with the duplicates of all workers compared.

mod metric;
mod source;

use js_sys::Uint8Array;
use metric::Metric;
use source::HandedOver;
use std::hint::black_box;
use trailscope::ingest::{Job, Progress};
use trailscope::model::query::{Answer, Query};
use trailscope::query::{Engine, LoadStep, Loading, judge, repeated};
use trailscope::worker::server::Rehearsal;
use wasm_bindgen::prelude::*;

/// One worker's share of the data.
#[wasm_bindgen]
pub struct Store {
    engine: Engine,
    loaded: Progress,
}

#[wasm_bindgen]
impl Store {
    /// An empty store; `seed` keys the hashes of text from logs.
    #[wasm_bindgen(constructor)]
    pub fn new(seed: u32) -> Self {
        Self { engine: Engine::new(seed.into()), loaded: Progress::default() }
    }

    /// Does what the page has one of its workers do before there are files.
    pub fn rehearse() {
        let mut rehearsal = Rehearsal::new(1, |bytes| Box::new(HandedOver::new(bytes)));
        while rehearsal.step() {}
    }

    /// Reads a whole file. Its number orders duplicates: the copy in the lowest stays.
    pub fn load(&mut self, number: u32, path: &str, bytes: Vec<u8>) {
        self.engine.add_source(number, Box::new(HandedOver::new(bytes)));
        // What there is to say about the files is no part of the measurement; missing events are noticed.
        let mut diagnostics = Vec::new();
        let mut jobs = vec![Job::whole(path)];
        while let Some(job) = jobs.pop() {
            let mut loading = Loading::open(&mut self.engine, number, job);
            loop {
                match loading.step(&mut self.engine, &mut diagnostics) {
                    LoadStep::More(_) => {}
                    LoadStep::Split(parts) => {
                        jobs.extend(parts.into_iter().rev());
                        break;
                    }
                    LoadStep::Done(report) => {
                        self.loaded.bytes_in += report.progress.bytes_in;
                        self.loaded.bytes_out += report.progress.bytes_out;
                        self.loaded.records += report.progress.records;
                        break;
                    }
                }
            }
        }
    }

    /// Makes everything visible to questions and splits the eventIDs by value.
    pub fn id_parts(&mut self, parts: u32) -> Vec<Uint8Array> {
        self.engine.seal();
        to_js(&self.engine.id_parts(parts as usize))
    }

    /// What every worker has for this one, taken one step further towards the duplicates; `None` after the last step,
    /// when everything is queryable.
    pub fn compare(&mut self, step: Step, parts: Vec<Uint8Array>) -> Option<Vec<Uint8Array>> {
        let parts: Vec<Vec<u8>> = parts.iter().map(Uint8Array::to_vec).collect();
        let next = match step {
            Step::Find => repeated(&parts),
            Step::Look => self.engine.copy_parts(&parts, parts.len()),
            Step::Judge => judge(&parts),
            Step::Set => {
                self.engine.set_fates(&parts);
                return None;
            }
        };
        Some(to_js(&next))
    }

    /// Asks, and answers how many events the answer counts; the answer itself is dropped.
    pub fn ask(&mut self, question: &Question) -> Result<f64, JsError> {
        let answer = self.engine.answer(&question.0).map_err(|error| JsError::new(&error.message))?;
        Ok(events_in(&black_box(answer)))
    }

    /// The samples of a metric filter, whose pattern is given, for alarms to be tried on.
    pub fn metric(&mut self, pattern: &str) -> Result<Metric, JsError> {
        Metric::of(&mut self.engine, pattern)
    }

    /// Events read.
    pub fn events(&self) -> f64 {
        self.loaded.records as f64
    }

    /// Bytes of uncompressed text read.
    pub fn bytes_out(&self) -> f64 {
        self.loaded.bytes_out as f64
    }

    /// Heap bytes of the store, as it counts them itself.
    pub fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes()
    }
}

/// The steps of the comparison of eventIDs, as in `worker::pool::compare`.
#[wasm_bindgen]
pub enum Step {
    /// Find eventIDs that occur more than once.
    Find,
    /// Say what is in the rows that have them.
    Look,
    /// Compare that.
    Judge,
    /// Mark rows.
    Set,
}

fn to_js(parts: &[Vec<u8>]) -> Vec<Uint8Array> {
    parts.iter().map(|part| Uint8Array::from(part.as_slice())).collect()
}

/// A question, read before the clock starts.
#[wasm_bindgen]
pub struct Question(Query);

#[wasm_bindgen]
impl Question {
    /// Reads `model::query::Query` as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<Self, JsError> {
        Ok(Self(serde_json::from_str(json)?))
    }
}

fn events_in(answer: &Answer) -> f64 {
    match answer {
        Answer::Count(part) => part.matched as f64,
        Answer::Histogram(part) => part.buckets.values().map(|(fine, failed)| fine + failed).sum::<u64>() as f64,
        Answer::Group(part) => part.events as f64,
        _ => 0.0,
    }
}
