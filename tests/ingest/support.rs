//! Runs readers and keeps what they hand over.

use std::collections::{BTreeMap, VecDeque};

use trailscope::base::{Code, Diagnostic};
use trailscope::ingest::{BytesSource, DocumentId, FileReport, Job, Limits, ReadAt, Reader, Sink, Step};
use trailscope::model::attachment::Attachment;

/// All that came out of one dropped file.
#[derive(Default)]
pub struct Output {
    pub documents: BTreeMap<DocumentId, String>,
    /// The fields of documents that are not full records.
    pub partial: BTreeMap<DocumentId, Vec<String>>,
    pub records: Vec<(Job, DocumentId, u64, Vec<u8>)>,
    pub attachments: Vec<Attachment>,
    pub diagnostics: Vec<Diagnostic>,
    pub reports: Vec<FileReport>,
    pub steps: usize,
    job: Option<Job>,
}

impl Sink for Output {
    fn document(&mut self, document: DocumentId, path: &str) {
        assert!(self.documents.insert(document, path.to_owned()).is_none(), "{document:?} came twice");
    }

    fn partial(&mut self, document: DocumentId, fields: &[String]) {
        assert!(self.documents.contains_key(&document));
        self.partial.insert(document, fields.to_vec());
    }

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        assert!(self.documents.contains_key(&document));
        self.records.push((self.job.clone().unwrap(), document, offset, json.to_vec()));
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

impl Output {
    pub fn codes(&self) -> Vec<Code> {
        let mut codes: Vec<_> = self.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        codes.sort();
        codes
    }

    /// The records in one spelling, sorted: the same for the same events however packed.
    pub fn events(&self) -> Vec<String> {
        let canonical = |json: &[u8]| serde_json::from_slice::<serde_json::Value>(json).unwrap().to_string();
        let mut events: Vec<_> = self.records.iter().map(|(_, _, _, json)| canonical(json)).collect();
        events.sort_unstable();
        events
    }
}

/// Reads a file and all jobs it splits into.
pub fn read_source(source: &dyn ReadAt, path: &str, limits: &Limits) -> Output {
    let mut output = Output::default();
    let mut jobs = VecDeque::from([Job::whole(path)]);
    while let Some(job) = jobs.pop_front() {
        output.job = Some(job.clone());
        let mut reader = Reader::open(job, limits.clone());
        loop {
            output.steps += 1;
            match reader.step(source, &mut output) {
                Step::More(_) => {}
                Step::Split(parts) => {
                    jobs.extend(parts);
                    break;
                }
                Step::Done(report) => {
                    output.reports.push(report);
                    break;
                }
            }
        }
    }
    output
}

pub fn read_with(bytes: &[u8], limits: &Limits) -> Output {
    read_source(&BytesSource(bytes), "unknown", limits)
}

pub fn read(bytes: &[u8]) -> Output {
    read_with(bytes, &Limits::default())
}

/// Limits under which everything comes in pieces of `size` bytes.
pub fn pieces(size: usize) -> Limits {
    Limits { read: size, chunk: size, one_shot: 0, ..Limits::default() }
}
