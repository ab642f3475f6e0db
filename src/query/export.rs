//! Events on their way out of the engine, piece by piece (`model::export`).
//!
//! The original records are read again from their files, one file after the other and each once: the reader stays open
//! between two pieces. What it costs is done in [`Run::advance`], a step of the reader at a time, so that other questions
//! are answered in between. A run is kept until another one begins; asked to go on elsewhere than it stands (its worker
//! was replaced), it starts the file over.

use super::cells;
use super::group::FieldPath;
use super::messages::RawMessages;
use super::scope::Selected;
use crate::base::{Diagnostic, Severity, csv, json_text};
use crate::ingest::{DocumentId, Reader, Sink, Step};
use crate::model::export::{ExportFormat, ExportPart, ExportPiece, LostRecords};
use crate::model::query::{Origin, Scope};
use crate::store::{Shard, UNDATED};
use std::iter::Peekable;

/// Parts of a piece at most: an archive may consist of very many files with few events each, or none that can be read.
const PARTS: usize = 4_096;

/// Rows that become lines of CSV in one step.
const CSV_ROWS: usize = 1_024;

/// An export in progress.
pub struct Run {
    scope: Scope,
    format: ExportFormat,
    /// Rows that are not settled yet, in order of origin.
    rows: Peekable<std::vec::IntoIter<u32>>,
    reading: Option<Reading>,
    /// Origin of the last row that is settled: in a piece, or lost.
    at: Option<Origin>,
    /// The same when the piece was begun.
    from: Option<Origin>,
    piece: ExportPiece,
}

/// The file or archive entry that is read again.
struct Reading {
    reader: Reader,
    file: u32,
    entry: u32,
    path: String,
    lost: u64,
    /// What went wrong last.
    reason: Option<String>,
}

impl Run {
    /// Begins behind the record at `after`, if one is given.
    pub fn new(
        shard: &Shard,
        (scope, selected): (&Scope, &[Selected]),
        format: &ExportFormat,
        after: Option<Origin>,
    ) -> Self {
        let mut rows = Vec::with_capacity(selected.iter().map(|selected| selected.count).sum());
        for (segment, selected) in shard.segments().iter().zip(selected) {
            selected.rows.for_each(|row| rows.push(segment.base + row as u32));
        }
        // They stand as they were read: file by file.
        rows.sort_by_key(|&row| origin(shard, row));
        if let Some(after) = after {
            rows.drain(..rows.partition_point(|&row| origin(shard, row) <= Some(after)));
        }
        Self {
            scope: scope.clone(),
            format: format.clone(),
            rows: rows.into_iter().peekable(),
            reading: None,
            at: after,
            from: after,
            piece: ExportPiece::default(),
        }
    }

    /// Whether the next piece of this run is the one behind `after`.
    pub fn is_at(&self, scope: &Scope, format: &ExportFormat, after: Option<Origin>) -> bool {
        self.from == after && self.scope == *scope && self.format == *format
    }

    /// Does a bounded amount of work. True: the piece is ready, with about `budget` bytes or the end.
    pub fn advance(&mut self, raw: &RawMessages, fields: &[Vec<FieldPath>], budget: usize) -> bool {
        if !self.is_ready(budget) {
            if matches!(self.format, ExportFormat::Csv { .. }) {
                self.write_rows(raw.shard, fields);
            } else {
                self.read_on(raw);
            }
        }
        self.is_ready(budget)
    }

    /// Hands over the piece, and whether it is the last one.
    pub fn take_piece(&mut self) -> (ExportPiece, bool) {
        let is_last = self.rows.peek().is_none();
        self.from = self.at;
        let next = if is_last { None } else { self.at };
        (ExportPiece { next, ..std::mem::take(&mut self.piece) }, is_last)
    }

    fn is_ready(&mut self, budget: usize) -> bool {
        let ExportPiece { bytes, parts, lost, .. } = &self.piece;
        bytes.len() >= budget.max(1) || parts.len() + lost.len() >= PARTS || self.rows.peek().is_none()
    }

    /// Lines of CSV need no file: the values stand in the columns.
    fn write_rows(&mut self, shard: &Shard, fields: &[Vec<FieldPath>]) {
        for row in self.rows.by_ref().take(CSV_ROWS) {
            let (Some(at), Some(found)) = (origin(shard, row), cells::row(shard, row, fields, usize::MAX)) else {
                continue;
            };
            self.at = Some(at);
            let cells = found.cells.iter().map(|cell| cell.as_deref().unwrap_or_default());
            let time = found.time.map_or(UNDATED, |time| time.0);
            append(&mut self.piece, &self.format, at, time, |bytes| csv::row(cells, bytes));
        }
    }

    /// A step of the reader of the file in which the next row stands.
    fn read_on(&mut self, raw: &RawMessages) {
        let Some(next) = self.rows.peek().and_then(|&row| origin(raw.shard, row)) else { return };
        let Some(reading) = self.reading.as_mut().filter(|known| known.is_of(next)) else {
            return self.open(raw);
        };
        let more = match raw.sources.get(&reading.file) {
            Some(source) => {
                let (shard, rows) = (raw.shard, &mut self.rows);
                let (format, piece) = (&self.format, &mut self.piece);
                let Reading { reader, file, entry, lost, reason, .. } = reading;
                let mut picker =
                    Picker { shard, rows, file: *file, entry: *entry, format, piece, at: &mut self.at, lost, reason };
                matches!(reader.step(source.as_ref(), &mut picker), Step::More(_))
            }
            None => false,
        };
        if !more {
            self.lose_rest(raw.shard);
        }
        let next = self.rows.peek().and_then(|&row| origin(raw.shard, row));
        if !next.is_some_and(|next| self.reading.as_ref().is_some_and(|reading| reading.is_of(next))) {
            self.close();
        }
    }

    /// Begins with the file of the next row. One that is not at hand any more has nothing to give.
    fn open(&mut self, raw: &RawMessages) {
        let Some((segment, row)) = self.rows.peek().and_then(|&row| raw.shard.locate(row)) else { return };
        let document = raw.shard.document(segment.documents[row]);
        let (job, reason) = match raw.source(document) {
            Ok((_, job)) => (job, None),
            Err(reason) => (crate::ingest::Job::whole(&*document.path), Some(reason)),
        };
        let path = job.path.clone();
        let reader = Reader::open(job, raw.limits.clone());
        self.reading = Some(Reading { reader, file: document.file, entry: document.entry, path, lost: 0, reason });
    }

    /// The file is over, and its rows that are left did not come.
    fn lose_rest(&mut self, shard: &Shard) {
        let Some(reading) = &mut self.reading else { return };
        let of_file = |row: &u32| origin(shard, *row).is_some_and(|origin| reading.is_of(origin));
        let mut lost = 0;
        while let Some(row) = self.rows.next_if(of_file) {
            self.at = origin(shard, row);
            lost += 1;
        }
        reading.lost += lost;
    }

    /// Says what became of the file.
    fn close(&mut self) {
        let Some(Reading { path, lost: records @ 1.., reason, .. }) = self.reading.take() else { return };
        let reason = reason.unwrap_or_else(|| "it does not hold them any more; was it changed?".into());
        self.piece.lost.push(LostRecords { path, records, reason });
    }
}

impl Reading {
    fn is_of(&self, origin: Origin) -> bool {
        (self.file, self.entry) == (origin.file, origin.entry)
    }
}

fn origin(shard: &Shard, row: u32) -> Option<Origin> {
    shard.locate(row).map(|(segment, at)| shard.origin(segment, at))
}

/// Appends a record to a piece.
fn append(piece: &mut ExportPiece, format: &ExportFormat, at: Origin, time: i64, write: impl FnOnce(&mut Vec<u8>)) {
    let before = piece.bytes.len();
    match piece.parts.last() {
        Some(part) if (part.file, part.entry) == (at.file, at.entry) => {
            piece.bytes.extend_from_slice(format.separator());
        }
        _ => piece.parts.push(ExportPart { file: at.file, entry: at.entry, records: 0, len: 0 }),
    }
    write(&mut piece.bytes);
    if let Some(part) = piece.parts.last_mut() {
        part.records += 1;
        part.len += (piece.bytes.len() - before) as u64;
    }
    if time != UNDATED {
        let (first, last) = piece.span.unwrap_or((time, time));
        piece.span = Some((first.min(time), last.max(time)));
    }
}

/// Picks the wanted records out of a second reading, which gives them in the order of their origin.
struct Picker<'r> {
    shard: &'r Shard,
    rows: &'r mut Peekable<std::vec::IntoIter<u32>>,
    file: u32,
    entry: u32,
    format: &'r ExportFormat,
    piece: &'r mut ExportPiece,
    at: &'r mut Option<Origin>,
    lost: &'r mut u64,
    reason: &'r mut Option<String>,
}

impl Sink for Picker<'_> {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]) {
        let here = Origin { file: self.file, entry: self.entry, inner: document.inner, offset };
        while let Some(row) = self.rows.next_if(|&row| origin(self.shard, row).is_some_and(|origin| origin <= here)) {
            let Some((segment, at)) = self.shard.locate(row) else { continue };
            let place = self.shard.origin(segment, at);
            *self.at = Some(place);
            // What has another length or stands elsewhere is not the record that was read the first time.
            if place == here && segment.lengths[at] as usize == json.len() {
                append(self.piece, self.format, here, segment.times[at], |bytes| match self.format {
                    ExportFormat::Ndjson => json_text::one_line(json, bytes),
                    _ => bytes.extend_from_slice(json),
                });
            } else {
                *self.lost += 1;
            }
        }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            // How many events the first reading could keep is not the point here.
            let reason = diagnostic.message.rsplit_once("; ").filter(|(_, kept)| kept.ends_with("kept"));
            *self.reason = Some(reason.map_or(&*diagnostic.message, |(reason, _)| reason).to_owned());
        }
    }
}
