//! What files say about whether they are genuine, when they are read for that alone and not for their events.

use super::hashes::Hasher;
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{DocumentId, Sink, Want};
use crate::model::attachment::Attachment;
use crate::model::query::StreamHash;
use crate::verify::names;

/// Takes it in, as the [`Sink`] of any number of readers.
#[derive(Default)]
pub struct Evidence {
    hasher: Hasher,
    attachments: Vec<Attachment>,
    diagnostics: Vec<Diagnostic>,
    /// What is being read, until a record comes that shows it to hold events.
    opened: Option<String>,
    /// Paths of everything with events that no digest or sign file can name.
    unnamed: Vec<String>,
}

/// What [`Evidence`] came to, each list in an order that does not depend on who read what.
pub struct Found {
    /// Hashes of log files and Lake results.
    pub streams: Vec<StreamHash>,
    /// Paths of everything with events whose name is not one that digest or sign files have.
    pub unnamed: Vec<String>,
    /// What lies beside them.
    pub attachments: Vec<Attachment>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
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
        self.unnamed.extend(other.unnamed);
        self.attachments.extend(other.attachments);
        self.diagnostics.extend(other.diagnostics);
    }

    /// Everything.
    pub fn finish(mut self) -> Found {
        self.hasher.streams.sort_by(|a, b| (&a.path, a.sha256).cmp(&(&b.path, b.sha256)));
        self.attachments.sort_by(|a, b| (&a.path, &a.json).cmp(&(&b.path, &b.json)));
        self.diagnostics.sort();
        self.unnamed.sort();
        Found {
            streams: self.hasher.streams,
            unnamed: self.unnamed,
            attachments: self.attachments,
            diagnostics: self.diagnostics,
        }
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

    fn document(&mut self, _: DocumentId, path: &str) {
        self.opened = Some(path.to_owned()).filter(|path| !names::can_be_named(path));
    }

    fn record(&mut self, _: DocumentId, _: u64, _: &[u8]) {
        self.unnamed.extend(self.opened.take());
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.note(diagnostic);
    }
}
