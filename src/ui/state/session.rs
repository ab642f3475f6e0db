//! What is loaded, in tagged phases, and what went wrong on the way.

use crate::configuration::Configuration;
use crate::model::partial::CountPart;
use crate::model::selection::Selection;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the data set stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Nothing is loaded.
    #[default]
    Empty,
    /// Files are being read; answers are already possible.
    Loading(Progress),
    /// Everything is read, or reading was stopped.
    Ready(Progress),
    /// Nothing could be loaded; one sentence for the user.
    Failed(String),
}

/// How far a load has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Files found.
    pub files: u64,
    /// Files read or given up.
    pub files_done: u64,
    /// Bytes of all files found.
    pub bytes_total: u64,
    /// Bytes read from disk.
    pub bytes_in: u64,
    /// Bytes after decompression.
    pub bytes_out: u64,
    /// Events found, duplicates included.
    pub events: u64,
    /// Milliseconds since the load began.
    pub elapsed_ms: f64,
    /// Why it ended before everything was read: the limit of memory, or the user.
    pub unfinished: Option<String>,
}

/// What went wrong with files, in numbers; the list itself may be long and stays with the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Skipped or partly read, one for each file and reason.
    pub problems: u64,
    /// Worth knowing, nothing is lost.
    pub notes: u64,
    /// Another number, another list.
    pub revision: u64,
}

/// The loaded data set as the screen knows it.
#[derive(Clone, Copy)]
pub struct Session {
    /// Where the data set stands.
    pub phase: RwSignal<Phase>,
    /// Name of what was dropped, for the data set chip; empty when it has no name of its own.
    pub name: RwSignal<String>,
    /// What was chosen to be read when something was dropped, each choice once.
    pub selections: RwSignal<Vec<Selection>>,
    /// What was skipped, repaired or cut.
    pub findings: RwSignal<Findings>,
    /// Size and time span of everything loaded.
    pub loaded: RwSignal<CountPart>,
    /// Grows whenever more data can be queried: part of the key of every question. 0 before there is any.
    pub version: RwSignal<u64>,
    /// Metric filters and alarms found in dropped configuration.
    pub configuration: RwSignal<Arc<Configuration>>,
    /// Names of accounts, by their numbers.
    pub accounts: RwSignal<Arc<BTreeMap<String, String>>>,
    /// Workers running.
    pub workers: RwSignal<usize>,
    /// Bytes of wasm memory of all workers.
    pub memory: RwSignal<u64>,
    /// Whether something was dropped. The phase changes with every progress, this does not.
    is_open: Memo<bool>,
    /// Whether there is anything to ask about.
    has_data: Memo<bool>,
    /// Whether files are still being read.
    is_loading: Memo<bool>,
}

impl Default for Session {
    /// Nothing is loaded. Only where signals may live: inside the page.
    fn default() -> Self {
        let phase = RwSignal::new(Phase::Empty);
        let version = RwSignal::new(0);
        let is = move |test: fn(&Phase) -> bool| Memo::new(move |_| phase.with(test));
        let is_open = is(|phase| matches!(phase, Phase::Loading(_) | Phase::Ready(_)));
        Self {
            phase,
            name: RwSignal::default(),
            selections: RwSignal::default(),
            findings: RwSignal::default(),
            loaded: RwSignal::default(),
            version,
            configuration: RwSignal::default(),
            accounts: RwSignal::default(),
            workers: RwSignal::default(),
            memory: RwSignal::default(),
            is_open,
            has_data: Memo::new(move |_| is_open.get() && version.get() > 0),
            is_loading: is(|phase| matches!(phase, Phase::Loading(_))),
        }
    }
}

impl Session {
    /// Back to nothing loaded.
    pub fn forget(self) {
        self.phase.set(Phase::Empty);
        self.name.set(String::new());
        self.selections.update(Vec::clear);
        self.findings.set(Findings::default());
        self.loaded.set(CountPart::default());
        self.configuration.set(Arc::default());
        self.accounts.set(Arc::default());
        self.version.set(0);
        self.workers.set(0);
        self.memory.set(0);
    }

    /// The name of an account, when it is known.
    pub fn account_name(self, number: &str) -> Option<String> {
        self.accounts.with(|names| names.get(number).cloned())
    }

    /// How many files were dropped so far; `None` before the first.
    pub fn files(self) -> Option<u64> {
        self.phase.with_untracked(|phase| match phase {
            Phase::Loading(progress) | Phase::Ready(progress) if progress.files > 0 => Some(progress.files),
            _ => None,
        })
    }

    /// Whether something was dropped and can be read.
    pub fn is_open(self) -> bool {
        self.is_open.get()
    }

    /// Whether there is anything to ask about: not before the first rows, or the end of a load without any.
    pub fn has_data(self) -> bool {
        self.has_data.get()
    }

    /// Whether there is any event; configuration alone holds none.
    pub fn has_events(self) -> bool {
        self.loaded.with(|loaded| loaded.events > 0)
    }

    /// Whether files are still being read.
    pub fn is_loading(self) -> bool {
        self.is_loading.get()
    }
}
