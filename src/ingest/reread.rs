//! One record's bytes again, from the original file: for the detail view.

use super::{DocumentId, Job, Limits, ReadAt, Reader, Sink, Step};
use crate::base::Diagnostic;

/// The JSON text of the record that `job` handed over for `document` at `offset`, `len` bytes long.
///
/// The job is read again up to the record, in bounded memory; plain JSON is read directly. The error is a reason
/// for people: the file has changed or cannot be read any more.
pub fn record_bytes(
    source: &dyn ReadAt,
    job: &Job,
    document: DocumentId,
    offset: u64,
    len: usize,
    limits: Limits,
) -> Result<Vec<u8>, String> {
    let mut wanted = Wanted { document, offset, len, found: None };
    let mut reader = Reader::open(job.clone(), limits);
    while wanted.found.is_none() {
        if !matches!(reader.step(source, &mut wanted), Step::More(_)) {
            break;
        }
    }
    wanted.found.ok_or_else(|| format!("{} no longer holds this record: has the file changed?", job.path))
}

struct Wanted {
    document: DocumentId,
    offset: u64,
    len: usize,
    found: Option<Vec<u8>>,
}

impl Sink for Wanted {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        if (document, offset, json.len()) == (self.document, self.offset, self.len) {
            self.found = Some(json.to_vec());
        }
    }

    fn diagnostic(&mut self, _: Diagnostic) {}
}
