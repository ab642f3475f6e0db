//! One job of reading, step by step, into the engine's shard.

use super::Engine;
use crate::base::{Code, Diagnostic};
use crate::ingest::{DocumentId, FileReport, Job, Part, Reader, Sink, Step};
use crate::model::attachment::Attachment;
use crate::store::{DocumentInfo, Shard};
use std::collections::{BTreeMap, HashMap};

/// A job in progress.
pub struct Loading {
    job: Job,
    reader: Reader,
    ledger: Ledger,
}

/// What a step came to.
pub type LoadStep = Step;

/// What is known about the job's records so far.
struct Ledger {
    file: u32,
    documents: HashMap<DocumentId, u32>,
    /// The document of the last record, which is that of most next ones.
    current: Option<(DocumentId, u32)>,
    /// Findings of the store by code: one entry per stream, however often it happens.
    findings: BTreeMap<(String, Code), Diagnostic>,
    attachments: Vec<Attachment>,
}

impl Loading {
    /// Begins to read `job` of dropped file number `file`; the engine must have its source.
    pub fn open(engine: &mut Engine, file: u32, job: Job) -> Self {
        // Most jobs are whole files, and there are many: those can be made again.
        if job.part != Part::Whole {
            engine.jobs.insert((file, job.entry), job.clone());
        }
        let reader = Reader::open(job.clone(), engine.limits.clone());
        Self { job, reader, ledger: Ledger::new(file) }
    }

    /// Does a bounded amount of work.
    pub fn step(&mut self, engine: &mut Engine, diagnostics: &mut Vec<Diagnostic>) -> LoadStep {
        let Some(source) = engine.sources.get(&self.ledger.file) else { return Step::Done(FileReport::default()) };
        let mut sink = ShardSink { shard: &mut engine.shard, ledger: &mut self.ledger, diagnostics };
        let step = self.reader.step(source.as_ref(), &mut sink);
        if matches!(step, Step::Done(_)) {
            engine.read.push((self.ledger.file, self.job.clone()));
            diagnostics.extend(std::mem::take(&mut self.ledger.findings).into_values());
        }
        step
    }

    /// Takes the attachments that were found since it was last asked.
    pub fn take_attachments(&mut self) -> Vec<Attachment> {
        std::mem::take(&mut self.ledger.attachments)
    }

    /// Ends early: what was read so far stays.
    pub fn close(mut self, engine: &mut Engine, diagnostics: &mut Vec<Diagnostic>) -> FileReport {
        let mut sink = ShardSink { shard: &mut engine.shard, ledger: &mut self.ledger, diagnostics };
        let report = self.reader.close(&mut sink);
        engine.read.push((self.ledger.file, self.job));
        diagnostics.extend(self.ledger.findings.into_values());
        report
    }
}

impl Ledger {
    fn new(file: u32) -> Self {
        Self { file, documents: HashMap::new(), current: None, findings: BTreeMap::new(), attachments: Vec::new() }
    }

    /// The shard's number of a document.
    fn number(&mut self, document: DocumentId) -> Option<u32> {
        match self.current {
            Some((current, number)) if current == document => Some(number),
            _ => {
                let number = *self.documents.get(&document)?;
                self.current = Some((document, number));
                Some(number)
            }
        }
    }

    fn note(&mut self, finding: Diagnostic) {
        self.findings
            .entry((finding.file.clone(), finding.code))
            .and_modify(|known| known.count += 1)
            .or_insert(finding);
    }
}

/// Puts records into the shard.
struct ShardSink<'l> {
    shard: &'l mut Shard,
    ledger: &'l mut Ledger,
    diagnostics: &'l mut Vec<Diagnostic>,
}

impl Sink for ShardSink<'_> {
    fn document(&mut self, document: DocumentId, path: &str) {
        let info =
            DocumentInfo { file: self.ledger.file, entry: document.entry, inner: document.inner, path: path.into() };
        self.ledger.documents.insert(document, self.shard.add_document(info));
    }

    fn partial(&mut self, document: DocumentId, fields: &[String]) {
        if let Some(number) = self.ledger.number(document) {
            self.shard.set_partial(number, fields);
        }
    }

    fn take(&mut self, document: DocumentId, offset: u64, text: &[u8]) -> Option<usize> {
        let number = self.ledger.number(document)?;
        let (len, remark) = self.shard.take(number, offset, text)?;
        remark.into_iter().for_each(|remark| self.ledger.note(remark));
        Some(len)
    }

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        let Some(number) = self.ledger.number(document) else { return };
        if let Ok(Some(finding)) | Err(finding) = self.shard.push(number, offset, json) {
            self.ledger.note(finding);
        }
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.ledger.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
