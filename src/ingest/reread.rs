//! One record's bytes again, from the original file: for the detail view.

use super::detect::{HEAD, Kind, detect};
use super::scanner::{Items, Place, Scanner, Skipped};
use super::{DocumentId, Job, Limits, Part, ReadAt, Reader, Sink, Step};
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
    if let Some(record) = read_plain(source, job, offset, len) {
        return Ok(record);
    }
    let mut wanted = Wanted { document, offset, len, found: None };
    let mut reader = Reader::open(job.clone(), limits);
    while wanted.found.is_none() {
        if !matches!(reader.step(source, &mut wanted), Step::More(_)) {
            break;
        }
    }
    wanted.found.ok_or_else(|| format!("{} no longer holds this record: has the file changed?", job.path))
}

/// Straight from a file that is itself the JSON text.
fn read_plain(source: &dyn ReadAt, job: &Job, offset: u64, len: usize) -> Option<Vec<u8>> {
    let head = source.read_at(0, HEAD).ok()?;
    if job.part != Part::Whole || detect(&head) != Kind::Json {
        return None;
    }
    let record = source.read_at(offset, len).ok()?;
    (record.len() == len && is_one_object(&record)).then_some(record)
}

/// Whether the scanner finds exactly one object, which is all of `text`: otherwise the file has changed, or the
/// record is not there as such but encoded in some format.
fn is_one_object(text: &[u8]) -> bool {
    struct One<'a>(&'a [u8], bool);
    impl Items for One<'_> {
        fn list(&mut self, _: &[u8]) -> Option<&'static str> {
            None
        }

        fn has_rows(&self, _: &'static str) -> bool {
            false
        }

        fn take(&mut self, _: Place, _: u64, _: &[u8]) -> Option<usize> {
            None
        }

        fn item(&mut self, _: Place, _: u64, json: &[u8]) {
            self.1 = json.len() == self.0.len();
        }

        fn beside(&mut self, _: &[u8]) {}

        fn skipped(&mut self, _: Skipped, _: Place, _: u64) {}
    }
    let mut one = One(text, false);
    Scanner::new(text.len()).scan(text, true, &mut one);
    one.1
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
