//! What files say about whether they are genuine, when they are read for that alone and not for their events.

use super::hashes::Hasher;
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{DocumentId, Sink, Want};
use crate::model::attachment::Attachment;
use crate::model::query::StreamHash;

/// Takes it in, as the [`Sink`] of any number of readers.
#[derive(Default)]
pub struct Evidence {
    hasher: Hasher,
    attachments: Vec<Attachment>,
    diagnostics: Vec<Diagnostic>,
}

impl Evidence {
    /// Notes that something could not be read. What is no log file is nothing to complain about here.
    pub fn note(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity > Severity::Note && !matches!(diagnostic.code, Code::UnknownFormat | Code::NotAnEvent) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds what another one has taken in.
    pub fn append(&mut self, other: Self) {
        self.hasher.streams.extend(other.hasher.streams);
        self.attachments.extend(other.attachments);
        self.diagnostics.extend(other.diagnostics);
    }

    /// Everything, in an order that does not depend on who read what: hashes of log files, what lies beside them, and
    /// what could not be read.
    pub fn finish(mut self) -> (Vec<StreamHash>, Vec<Attachment>, Vec<Diagnostic>) {
        self.hasher.streams.sort_by(|a, b| (&a.path, a.sha256).cmp(&(&b.path, b.sha256)));
        self.attachments.sort_by(|a, b| (&a.path, &a.json).cmp(&(&b.path, &b.json)));
        self.diagnostics.sort();
        (self.hasher.streams, self.attachments, self.diagnostics)
    }
}

impl Sink for Evidence {
    fn want(&mut self, path: &str, is_gzip: bool) -> Want {
        match self.hasher.want(path, is_gzip) {
            // Digest files and keys are known by their content.
            Want::Nothing => Want::Content,
            want => want,
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.hasher.bytes(bytes);
    }

    fn end_of_bytes(&mut self, whole: bool) {
        self.hasher.end_of_bytes(whole);
    }

    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, _: DocumentId, _: u64, _: &[u8]) {}

    fn attachment(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.note(diagnostic);
    }
}
