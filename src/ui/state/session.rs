//! What is loaded, in tagged phases, and what went wrong on the way.

use crate::model::partial::CountPart;
use leptos::prelude::*;

/// Where the data set stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Nothing is loaded.
    #[default]
    Empty,
    /// Files are being read; answers are already possible.
    Loading(Progress),
    /// Everything is read, or reading was cancelled.
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
    /// Why it ended before everything was read, when memory was the reason.
    pub limit: Option<String>,
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
#[derive(Clone, Copy, Default)]
pub struct Session {
    /// Where the data set stands.
    pub phase: RwSignal<Phase>,
    /// Name of what was dropped, for the data set chip; empty when it has no name of its own.
    pub name: RwSignal<String>,
    /// What was skipped, repaired or cut.
    pub findings: RwSignal<Findings>,
    /// Size and time span of everything loaded.
    pub loaded: RwSignal<CountPart>,
    /// Grows whenever more data can be queried: part of the key of every question.
    pub version: RwSignal<u64>,
    /// Workers running.
    pub workers: RwSignal<usize>,
    /// Bytes of wasm memory of all workers.
    pub memory: RwSignal<u64>,
}

impl Session {
    /// Back to nothing loaded.
    pub fn forget(self) {
        self.phase.set(Phase::Empty);
        self.name.set(String::new());
        self.findings.set(Findings::default());
        self.loaded.set(CountPart::default());
        self.version.set(0);
        self.workers.set(0);
        self.memory.set(0);
    }

    /// How many files were dropped so far; `None` before the first.
    pub fn files(self) -> Option<u64> {
        self.phase.with_untracked(|phase| match phase {
            Phase::Loading(progress) | Phase::Ready(progress) if progress.files > 0 => Some(progress.files),
            _ => None,
        })
    }

    /// Whether there is anything to ask about.
    pub fn has_data(self) -> bool {
        self.phase.with(|phase| matches!(phase, Phase::Loading(_) | Phase::Ready(_)))
    }

    /// Whether files are still being read.
    pub fn is_loading(self) -> bool {
        self.phase.with(|phase| matches!(phase, Phase::Loading(_)))
    }
}
