//! Any bytes as a dropped file: read in one go, in pieces and split into parts.

use trailscope::base::Diagnostic;
use trailscope::ingest::{BytesSource, DocumentId, Job, Limits, Reader, Sink, Step};

/// Small enough that limits are met by small inputs.
pub fn limits() -> Limits {
    Limits {
        record: 1 << 16,
        held_archive: 1 << 20,
        ratio_floor: 1 << 20,
        stream: 1 << 22,
        entries: 1_000,
        ..Limits::default()
    }
}

/// Everything in pieces of `size` bytes.
fn pieces(size: usize) -> Limits {
    Limits { read: size, chunk: size, one_shot: 0, ..limits() }
}

/// What comes out of a file.
#[derive(Default)]
pub struct Loaded {
    pub records: Vec<Vec<u8>>,
    pub findings: Vec<Diagnostic>,
}

impl Sink for Loaded {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, _: DocumentId, _: u64, json: &[u8]) {
        assert!(json.len() <= limits().record.max(64 << 20), "no record is larger than the limit");
        self.records.push(json.to_vec());
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        assert!(!diagnostic.message.is_empty() && diagnostic.count > 0);
        self.findings.push(diagnostic);
    }
}

/// The records in a fixed order, and what was said.
pub fn read(bytes: &[u8], limits: &Limits) -> Loaded {
    let mut output = Loaded::default();
    let mut jobs = vec![Job::whole("f")];
    while let Some(job) = jobs.pop() {
        let mut reader = Reader::open(job, limits.clone());
        loop {
            match reader.step(&BytesSource(bytes), &mut output) {
                Step::More(_) => {}
                Step::Split(parts) => break jobs.extend(parts),
                Step::Done(_) => break,
            }
        }
    }
    output.records.sort();
    output
}

/// What is read without a word is the same however it is read.
pub fn any_file(bytes: &[u8]) {
    let whole = read(bytes, &limits());
    for other in [read(bytes, &pieces(7)), read(bytes, &Limits { split: 1, ..limits() })] {
        if whole.findings.is_empty() && other.findings.is_empty() {
            assert_eq!(whole.records, other.records);
        }
    }
}
