//! Hashes of the files that digest files may name, of what this shard has read: its jobs are read again, some of them
//! for each question, and their bytes go into a hash instead of the store.

use crate::base::Diagnostic;
use crate::ingest::{DocumentId, Job, Limits, ReadAt, Reader, Sink, Step, Want};
use crate::model::query::StreamHash;
use crate::store::Shard;
use crate::verify::names;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Work that one question may ask for: jobs, and bytes before and after decompression.
const JOBS: usize = 512;
const BYTES: u64 = 32 << 20;

/// The answer to one question, as far as it is.
pub(super) struct Hashing {
    pub(super) from: u32,
    pub(super) next: u32,
    pub(super) done: bool,
    bytes: u64,
    reader: Option<Reader>,
    hasher: Hasher,
}

impl Hashing {
    pub(super) fn new(from: u32) -> Self {
        Self { from, next: from, done: false, bytes: 0, reader: None, hasher: Hasher::default() }
    }

    /// Does a bounded amount of work on `jobs`.
    pub(super) fn step(&mut self, jobs: &[(u32, Job)], sources: &HashMap<u32, Box<dyn ReadAt>>, limits: &Limits) {
        let used_up = self.bytes >= BYTES || (self.next - self.from) as usize >= JOBS;
        let Some((file, job)) = jobs.get(self.next as usize).filter(|_| !used_up || self.reader.is_some()) else {
            self.done = true;
            return;
        };
        let Some(source) = sources.get(file) else {
            self.next += 1;
            return;
        };
        let reader = self.reader.get_or_insert_with(|| Reader::open(job.clone(), limits.clone()));
        let progress = match reader.step(source.as_ref(), &mut self.hasher) {
            Step::More(_) => return,
            Step::Done(report) => Some(report.progress),
            // It has been split before: its parts are jobs of their own, here or elsewhere.
            Step::Split(_) => None,
        };
        self.bytes += progress.map_or(0, |progress| progress.bytes_in + progress.bytes_out);
        self.reader = None;
        self.next += 1;
    }

    pub(super) fn into_streams(self) -> Vec<StreamHash> {
        self.hasher.streams
    }
}

/// Paths of everything that rows came from and that [`Hasher`] leaves out.
pub(super) fn unnamed(shard: &Shard) -> Vec<String> {
    let mut has_rows = vec![false; shard.documents().len()];
    for segment in shard.segments() {
        segment.documents.iter().for_each(|document| has_rows[*document as usize] = true);
    }
    let with_rows = shard.documents().iter().zip(has_rows).filter(|(_, has_rows)| *has_rows);
    with_rows
        .filter(|(document, _)| !names::can_be_named(&document.path))
        .map(|(document, _)| document.path.clone())
        .collect()
}

/// Hashes the streams that have the names of log files and Lake results, and leaves out the others.
#[derive(Default)]
pub(super) struct Hasher {
    /// What was hashed so far.
    pub(super) streams: Vec<StreamHash>,
    current: Option<(String, Sha256)>,
}

impl Sink for Hasher {
    fn want(&mut self, path: &str, is_gzip: bool) -> Want {
        // AWS hashes log files after decompression and the results of queries before.
        let wanted = if is_gzip { names::is_lake_result(path) } else { names::is_log(path) };
        if wanted {
            self.current = Some((path.to_owned(), Sha256::new()));
            return Want::Bytes;
        }
        if is_gzip { Want::Content } else { Want::Nothing }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if let Some((_, hash)) = &mut self.current {
            hash.update(bytes);
        }
    }

    fn end_of_bytes(&mut self, whole: bool) {
        if let Some((path, hash)) = self.current.take() {
            self.streams.push(StreamHash { path, sha256: hash.finalize().into(), whole });
        }
    }

    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, _: DocumentId, _: u64, _: &[u8]) {}

    /// Said already when it was read for its events.
    fn diagnostic(&mut self, _: Diagnostic) {}
}
