//! One job of reading, step by step, into the engine's shard.

use super::Engine;
use super::files::Register;
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{DocumentId, Ended, FileReport, Job, Part, Progress, Reader, Sink, Step};
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
    /// Findings of the store by document and code: one entry per stream, however often it happens.
    findings: BTreeMap<(u32, Code), Diagnostic>,
    /// Findings of reading about what has not ended yet.
    pending: Vec<Diagnostic>,
    /// Records that the store did not take.
    refused: u64,
    /// Number of the job within the file.
    entry: u32,
    attachments: Vec<Attachment>,
}

impl Loading {
    /// Begins to read `job` of dropped file number `file`; the engine must have its source.
    pub fn open(engine: &mut Engine, file: u32, job: Job) -> Self {
        // Most jobs are whole files, and there are many: those can be made again.
        if job.part != Part::Whole || job.selection.is_some() {
            engine.jobs.insert((file, job.entry), job.clone());
        }
        engine.register.begin();
        let ledger = Ledger::new(file, job.entry);
        let reader = Reader::open(job.clone(), engine.limits.clone());
        Self { job, reader, ledger }
    }

    /// Does a bounded amount of work.
    pub fn step(&mut self, engine: &mut Engine, diagnostics: &mut Vec<Diagnostic>) -> LoadStep {
        let Some(source) = engine.sources.get(&self.ledger.file) else { return Step::Done(FileReport::default()) };
        let (shard, register) = (&mut engine.shard, &mut engine.register);
        let mut sink = ShardSink { shard, register, ledger: &mut self.ledger, diagnostics };
        match self.reader.step(source.as_ref(), &mut sink) {
            Step::More(progress) => Step::More(self.ledger.kept(progress)),
            Step::Split(jobs) => {
                sink.end(0);
                Step::Split(jobs)
            }
            Step::Done(report) => {
                sink.end(report.progress.bytes_in);
                engine.read.push((self.ledger.file, self.job.clone()));
                Step::Done(FileReport { progress: self.ledger.kept(report.progress), ..report })
            }
        }
    }

    /// Takes the attachments that were found since it was last asked.
    pub fn take_attachments(&mut self) -> Vec<Attachment> {
        std::mem::take(&mut self.ledger.attachments)
    }

    /// Ends early, because the user wants it: what was read of the file at `path` so far stays.
    pub fn cancel(mut self, engine: &mut Engine, path: String, diagnostics: &mut Vec<Diagnostic>) -> FileReport {
        let (shard, register) = (&mut engine.shard, &mut engine.register);
        let mut sink = ShardSink { shard, register, ledger: &mut self.ledger, diagnostics };
        let records = sink.ledger.kept(self.reader.progress()).records;
        let message = format!("Reading was stopped; {records} records of this file were kept.");
        sink.diagnostic(Diagnostic::new(Severity::Warning, Code::Cancelled, path, message));
        let report = self.reader.close(&mut sink);
        sink.end(report.progress.bytes_in);
        let progress = self.ledger.kept(report.progress);
        engine.read.push((self.ledger.file, self.job));
        FileReport { progress, ..report }
    }
}

impl Ledger {
    fn new(file: u32, entry: u32) -> Self {
        Self {
            file,
            documents: HashMap::new(),
            current: None,
            findings: BTreeMap::new(),
            pending: Vec::new(),
            refused: 0,
            entry,
            attachments: Vec::new(),
        }
    }

    /// Progress in records that are there.
    fn kept(&self, progress: Progress) -> Progress {
        Progress { records: progress.records - self.refused, ..progress }
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

    fn note(&mut self, document: u32, finding: Diagnostic) {
        self.findings.entry((document, finding.code)).and_modify(|known| known.count += 1).or_insert(finding);
    }
}

/// Puts records into the shard.
struct ShardSink<'l> {
    shard: &'l mut Shard,
    register: &'l mut Register,
    ledger: &'l mut Ledger,
    diagnostics: &'l mut Vec<Diagnostic>,
}

impl ShardSink<'_> {
    /// The job is over: hands over what is left to tell.
    fn end(&mut self, bytes_in: u64) {
        self.register.book_read(bytes_in);
        let place = (self.ledger.file, self.ledger.entry);
        for finding in std::mem::take(&mut self.ledger.pending) {
            self.register.add_archive(place, finding);
        }
        let findings = std::mem::take(&mut self.ledger.findings);
        let told = findings.iter().map(|((document, _), finding)| (*document, finding.clone().into()));
        self.register.tell(told.collect());
        self.diagnostics.extend(findings.into_values());
    }
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
        remark.into_iter().for_each(|remark| self.ledger.note(number, remark));
        Some(len)
    }

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        let Some(number) = self.ledger.number(document) else { return };
        let pushed = self.shard.push(number, offset, json);
        self.ledger.refused += u64::from(pushed.is_err());
        if let Ok(Some(finding)) | Err(finding) = pushed {
            self.ledger.note(number, finding);
        }
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.ledger.attachments.push(attachment);
    }

    fn ended(&mut self, ended: &Ended) {
        // What there is to tell about a file comes right before its end; the rest is about the archive around it.
        let place = (self.ledger.file, self.ledger.entry);
        let mut findings = Vec::new();
        for finding in self.ledger.pending.drain(..) {
            if finding.file == ended.path {
                findings.push(finding.into());
            } else {
                self.register.add_archive(place, finding);
            }
        }
        let document = ended.document.and_then(|document| self.ledger.number(document));
        self.register.add(place, ended, document, findings);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.ledger.pending.push(diagnostic.clone());
        self.diagnostics.push(diagnostic);
    }
}
