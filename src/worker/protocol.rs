//! Messages between the page and its workers, postcard on the wire.
//!
//! File handles travel beside them, and so do the parts of an exchange between workers, as buffers: the page passes
//! both on without looking inside. A worker sends what it has to say in one slice of work as one list, and the
//! page what it asks in one turn.

use crate::base::Diagnostic;
use crate::ingest::{FileReport, Job, Progress};
use crate::model::attachment::Attachment;
use crate::model::query::{Answer, Query, QueryError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// From the page to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// First message. `seed` keys the hashes of text from logs.
    Start {
        /// Random number of this session.
        seed: u64,
    },
    /// Until the next message: read something made up, so that the browser optimises what reading needs.
    Rehearse {
        /// What is made up depends on it.
        seed: u64,
    },
    /// Read these, in order. The handles of their files come in the same order; the server learns of the files
    /// one by one, as their bytes arrive.
    Load {
        /// Number of the batch.
        batch: u32,
        /// Number of the dropped file and what to read of it.
        items: Vec<(u32, Job)>,
    },
    /// Generate the built-in sample archive.
    Sample,
    /// Stop reading; what was read stays.
    CancelLoads,
    /// Answer this.
    Query {
        /// Number of the question.
        ticket: u64,
        /// The question.
        query: Query,
    },
    /// A newer question waits for this one: give it up, unless it is as good as answered.
    Forget {
        /// Number of the question.
        ticket: u64,
    },
    /// Split your eventIDs by value.
    IdParts {
        /// Number of the comparison.
        round: u32,
        /// Number of parts.
        parts: u32,
    },
    /// Take the comparison of eventIDs a step further.
    Compare {
        /// Number of the comparison.
        round: u32,
        /// What to do.
        step: CompareStep,
        /// What every worker has for this one, beside the message.
        #[serde(skip)]
        parts: Vec<Vec<u8>>,
    },
}

/// What a worker does with what every worker has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareStep {
    /// Finds the eventIDs that occur more than once in its part of them, and so rows of every worker.
    Find,
    /// Says what is in those of its rows, split by the value of the eventID.
    Look,
    /// Compares that in its part.
    Judge,
    /// Marks its rows by what became of them.
    Mark,
}

/// From a worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// How far the current item of a batch is.
    Progress {
        /// Number of the batch.
        batch: u32,
        /// Counts of the current item.
        progress: Progress,
    },
    /// An item turned out to be an archive: read these instead.
    Split {
        /// Number of the dropped file.
        file: u32,
        /// Its parts.
        jobs: Vec<Job>,
        /// What was found on the way.
        diagnostics: Vec<Diagnostic>,
    },
    /// An item is done.
    Loaded {
        /// Number of the dropped file.
        file: u32,
        /// What became of it.
        report: FileReport,
        /// What there is to say about it.
        diagnostics: Vec<Diagnostic>,
        /// What it holds beside events.
        attachments: Vec<Attachment>,
    },
    /// All items of a batch are done.
    BatchDone {
        /// Number of the batch.
        batch: u32,
    },
    /// The worker's memory has another size than it last said.
    Memory {
        /// Size of its wasm memory.
        bytes: u64,
    },
    /// To [`Request::Sample`]: paths and contents of its files.
    Sample {
        /// The files.
        files: Vec<(String, Vec<u8>)>,
    },
    /// To [`Request::Query`].
    Answer {
        /// Number of the question.
        ticket: u64,
        /// The answer.
        answer: Result<Answer, QueryError>,
    },
    /// To [`Request::Forget`], when the question was given up: no answer comes.
    Forgotten {
        /// Number of the question.
        ticket: u64,
    },
    /// To [`Request::IdParts`].
    IdParts {
        /// Number of the comparison.
        round: u32,
        /// One part for each worker, beside the message.
        #[serde(skip)]
        parts: Vec<Vec<u8>>,
    },
    /// To all steps of [`Request::Compare`] but the last.
    Compared {
        /// Number of the comparison.
        round: u32,
        /// What was done.
        step: CompareStep,
        /// One part for each worker, beside the message.
        #[serde(skip)]
        parts: Vec<Vec<u8>>,
    },
    /// To the last step of [`Request::Compare`].
    Marked {
        /// Number of the comparison.
        round: u32,
        /// Number of duplicates in this worker.
        duplicates: u64,
        /// What there is to say about files with events that are in conflict with others.
        conflicts: Vec<Diagnostic>,
    },
}

impl Request {
    /// Puts back what travelled beside the message.
    pub fn put_parts(&mut self, received: Vec<Vec<u8>>) {
        if let Self::Compare { parts, .. } = self {
            *parts = received;
        }
    }
}

impl Response {
    /// Takes out what travels beside the message: a part for each worker, when this is a step of an exchange.
    pub fn take_parts(&mut self) -> Vec<Vec<u8>> {
        match self {
            Self::IdParts { parts, .. } | Self::Compared { parts, .. } => std::mem::take(parts),
            _ => Vec::new(),
        }
    }
}

/// Writes a message.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, String> {
    postcard::to_stdvec(message).map_err(|error| error.to_string())
}

/// Reads a message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    postcard::from_bytes(bytes).map_err(|error| error.to_string())
}
