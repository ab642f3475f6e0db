//! Reading a made-up archive while there is no real one.
//!
//! Browsers translate wasm quickly and badly first, and optimise a function once it has run for a while. In a load that
//! begins cold this keeps a core busy for most of a second just when it is needed. Workers share the translated code,
//! so one of them reads and asks what the first load will, and throws the result away. It costs about half a second of
//! an idle machine and ends as soon as there is anything to do.
//!
//! It has to be like the real thing: browsers bet on the implementation of a trait that they have seen, and throw the
//! optimised code away when another one comes. So the made-up files are sources of the kind that real ones are.

use crate::ingest::{FileReport, Job, ReadAt, Step};
use crate::model::query::{PRINCIPAL, Query, Scope, Sort};
use crate::query::{Engine, Loading};
use crate::sample::{self, Division, Options};
use crate::worker::protocol::{Request, Response, decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

const NAME: &str = "rehearsal.json.gz";
/// Different events, made once and read again and again: making them costs more than reading them.
const EVENTS: u64 = 1_000;
/// Events of a file, about: one is made in a step. Few, so that also what is done once for each file is done often.
const FILE: u64 = 10;
/// Events read in all. Then every function that reading needs often has been optimised.
const READ: u64 = 24_000;
/// Questions asked then.
const ASKED: u32 = 56;

/// Makes bytes into a source of the kind that real files are.
pub type ToSource = fn(Vec<u8>) -> Box<dyn ReadAt>;

/// A rehearsal under way.
pub struct Rehearsal {
    to_source: ToSource,
    engine: Engine,
    unmade: Box<dyn Iterator<Item = sample::File>>,
    files: Vec<Vec<u8>>,
    /// Files begun.
    begun: u32,
    /// Events read.
    read: u64,
    loading: Option<Loading>,
    /// Questions asked.
    asked: u32,
}

impl Rehearsal {
    /// Nothing is made yet.
    pub fn new(seed: u64, to_source: ToSource) -> Self {
        let options = Options { days: 1, division: Division::FilesOf(FILE), ..Options::new(EVENTS, seed) };
        Self {
            to_source,
            engine: Engine::new(seed),
            unmade: Box::new(sample::generate(options)),
            files: Vec::new(),
            begun: 0,
            read: 0,
            loading: None,
            asked: 0,
        }
    }

    /// Does a little work. False: it is over.
    pub fn step(&mut self) -> bool {
        if let Some(mut loading) = self.loading.take() {
            match loading.step(&mut self.engine, &mut Vec::new()) {
                Step::Done(report) => {
                    self.read += report.progress.records;
                    self.tell(report);
                }
                _ => self.loading = Some(loading),
            }
            return true;
        }
        if let Some(file) = self.unmade.next() {
            self.files.push(file.bytes);
            return true;
        }
        if self.read >= READ || self.files.is_empty() {
            return self.ask();
        }
        let file = self.begun;
        self.begun += 1;
        let bytes = self.files[file as usize % self.files.len()].clone();
        self.engine.add_source(file, (self.to_source)(bytes));
        self.loading = Some(Loading::open(&mut self.engine, file, Job::whole(NAME)));
        true
    }

    /// What page and worker say to each other about a file.
    fn tell(&self, report: FileReport) {
        let file = self.begun;
        exchange(vec![Request::Load { batch: file, items: vec![(file, Job::whole(NAME))] }]);
        exchange(vec![Response::Loaded { file, report, diagnostics: Vec::new(), attachments: Vec::new() }]);
    }

    /// Asks one of the questions that the panes ask first. False: that was the last one.
    fn ask(&mut self) -> bool {
        if self.asked == 0 {
            self.engine.seal();
            self.engine.deduplicate();
        }
        let scope = Scope::default();
        let group = |field: &str| Query::Group {
            scope: scope.clone(),
            field: field.into(),
            contains: String::new(),
            limit: 100,
            named: Vec::new(),
            spans: false,
        };
        let fields = vec!["eventName".into(), PRINCIPAL.into()];
        let query = match self.asked % 7 {
            0 => Query::Count(scope),
            1 => Query::SortWindow { scope, sort: Sort::default(), from: None, len: 64, fields },
            2 => Query::Histogram { scope, step_ms: 60_000, offset_ms: 0 },
            3 => group("eventName"),
            4 => group("sourceIPAddress"),
            5 => group(PRINCIPAL),
            _ => Query::Catalog,
        };
        let answer = self.engine.answer(&query);
        exchange(vec![Request::Query { ticket: 0, query }]);
        exchange(vec![Response::Answer { ticket: 0, answer }]);
        self.asked += 1;
        self.asked < ASKED
    }
}

/// Writes and reads messages. Page and workers share the code, so both are rehearsed here.
fn exchange<M: Serialize + DeserializeOwned>(messages: Vec<M>) {
    if let Ok(bytes) = encode(&messages) {
        drop(decode::<Vec<M>>(&bytes));
    }
}
