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
    /// How each entry of a file is reached.
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
        record_bytes(source, job, id, offset, len, self.limits.clone())
    }

    fn source(&self, document: &DocumentInfo) -> Result<(&dyn ReadAt, &Job), String> {
        let source =
            self.sources.get(&document.file).ok_or_else(|| format!("{} is not at hand any more", document.path))?;
        let job = self
            .jobs
            .get(&(document.file, document.entry))
            .ok_or_else(|| format!("{} is not at hand any more", document.path))?;
        Ok((source.as_ref(), job))
    }
}

impl Messages for RawMessages<'_> {
    fn read(&self, segment: &Segment, rows: &BitSet, visit: &mut dyn FnMut(usize, &str)) -> Result<(), String> {
        let mut wanted: BTreeMap<(u32, u32), HashMap<(u32, u64), usize>> = BTreeMap::new();
        for row in rows.iter() {
            let document = self.shard.document(segment.documents[row]);
            wanted
                .entry((document.file, document.entry))
                .or_default()
                .insert((document.inner, segment.offsets[row]), row);
        }
        for ((file, entry), rows) in wanted {
            let missing = || format!("Part {entry} of dropped file {file} is not at hand any more; drop it again.");
            let source = self.sources.get(&file).ok_or_else(missing)?;
            let job = self.jobs.get(&(file, entry)).ok_or_else(missing)?;
            let path = job.path.clone();
            let mut reader = Reader::open(job.clone(), self.limits.clone());
            let mut picker = Picker { rows, visit, text: Vec::new() };
            while let Step::More(_) = reader.step(source.as_ref(), &mut picker) {
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

/// Picks the wanted records out of a second reading.
struct Picker<'m> {
    rows: HashMap<(u32, u64), usize>,
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
