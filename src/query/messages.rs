//! Raw records, read again from the files they came from.

use crate::base::{BitSet, Diagnostic, json_text};
use crate::filter::eval::Messages;
use crate::ingest::{DocumentId, Job, Limits, ReadAt, Reader, Sink, Step, record_bytes};
use crate::store::{DocumentInfo, Segment, Shard};
use std::collections::{BTreeMap, HashMap};

/// Log messages by reading the source files again.
pub struct RawMessages<'e> {
    /// Rows and documents.
    pub shard: &'e Shard,
    /// Dropped files by number.
    pub sources: &'e HashMap<u32, Box<dyn ReadAt>>,
    /// How the parts of archives are reached, by file and entry; any other entry is a whole file.
    pub jobs: &'e HashMap<(u32, u32), Job>,
    /// Caps while reading.
    pub limits: &'e Limits,
}

/// For predicates that never look at messages.
pub struct NoMessages;

impl Messages for NoMessages {
    fn read(&self, _: &Segment, _: &BitSet, _: &mut dyn FnMut(usize, &str)) -> Result<(), String> {
        Err("this filter needs the raw records".into())
    }
}

impl RawMessages<'_> {
    /// The bytes of one record.
    pub fn record(&self, document: &DocumentInfo, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        let (source, job) = self.source(document)?;
        let id = DocumentId { entry: document.entry, inner: document.inner };
        record_bytes(source, &job, id, offset, len, self.limits.clone())
    }

    /// The source of a document, and the job that read it.
    pub fn source(&self, document: &DocumentInfo) -> Result<(&dyn ReadAt, Job), String> {
        let source =
            self.sources.get(&document.file).ok_or_else(|| format!("{} is not at hand any more", document.path))?;
        let job = self.jobs.get(&(document.file, document.entry)).cloned();
        Ok((source.as_ref(), job.unwrap_or_else(|| Job::whole(&*document.path))))
    }
}

impl Messages for RawMessages<'_> {
    fn read(&self, segment: &Segment, rows: &BitSet, visit: &mut dyn FnMut(usize, &str)) -> Result<(), String> {
        let mut wanted: BTreeMap<(u32, u32), (&DocumentInfo, Wanted)> = BTreeMap::new();
        for row in rows.iter() {
            let document = self.shard.document(segment.documents[row]);
            let (_, rows) = wanted.entry((document.file, document.entry)).or_insert_with(|| (document, Wanted::new()));
            rows.insert((document.inner, segment.offsets[row]), row);
        }
        for (document, rows) in wanted.into_values() {
            let (source, job) = self.source(document)?;
            let path = job.path.clone();
            let mut reader = Reader::open(job, self.limits.clone());
            let mut picker = Picker { rows, visit, text: Vec::new() };
            while let Step::More(_) = reader.step(source, &mut picker) {
                if picker.rows.is_empty() {
                    break;
                }
            }
            if !picker.rows.is_empty() {
                return Err(format!(
                    "{path} could not be read again ({} records are missing); was the file changed or moved?",
                    picker.rows.len()
                ));
            }
        }
        Ok(())
    }
}

/// Rows of one job by inner document and offset.
type Wanted = HashMap<(u32, u64), usize>;

/// Picks the wanted records out of a second reading.
struct Picker<'m> {
    rows: Wanted,
    visit: &'m mut dyn FnMut(usize, &str),
    text: Vec<u8>,
}

impl Sink for Picker<'_> {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        if let Some(row) = self.rows.remove(&(document.inner, offset)) {
            self.text.clear();
            json_text::compact(json, &mut self.text);
            (self.visit)(row, &String::from_utf8_lossy(&self.text));
        }
    }

    fn diagnostic(&mut self, _: Diagnostic) {}
}
