//! What one worker holds: growing path tree and dictionaries, sealed segments, unsealed rows.

use super::columns::{Columns, ShredError, Shredded};
use super::{Codes, Column, Dictionary, Fate, PathId, PathTree, Rows, SEGMENT_ROWS, Segment, UNDATED, Values};
use super::{repair::repair, segment};
use crate::base::{BitSet, Code, Diagnostic, Severity};
use crate::model::query::Origin;
use crate::model::value::Scalar;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Caps of a shard.
#[derive(Clone, Copy, Debug)]
pub struct ShardLimits {
    /// Distinct JSON paths; further ones stay in the raw record but cannot be filtered.
    pub paths: usize,
    /// Rows per segment, at most [`SEGMENT_ROWS`]; tests make it small.
    pub segment_rows: usize,
}

impl Default for ShardLimits {
    fn default() -> Self {
        Self { paths: 65_536, segment_rows: SEGMENT_ROWS }
    }
}

/// A stream of records: one file, archive entry or member of a compressed tar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentInfo {
    /// Number of the dropped file.
    pub file: u32,
    /// Number of the archive entry in it.
    pub entry: u32,
    /// Number of the member of a compressed tar.
    pub inner: u32,
    /// Path to show.
    pub path: String,
}

/// The rows of one worker.
pub struct Shard {
    columns: Columns,
    segments: Vec<Segment>,
    documents: Vec<DocumentInfo>,
    /// The fields that the records of some documents can have; all others have full records.
    partial: BTreeMap<u32, Arc<[String]>>,
    /// The same, each once: many documents have the same fields.
    field_sets: BTreeSet<Arc<[String]>>,
    rows: Unsealed,
    limits: ShardLimits,
}

/// Per-row facts of the rows that are not in a segment yet.
struct Unsealed {
    times: Vec<i64>,
    documents: Vec<u32>,
    offsets: Vec<u64>,
    lengths: Vec<u32>,
    opaque: BitSet,
}

impl Unsealed {
    fn new() -> Self {
        Self {
            times: Vec::new(),
            documents: Vec::new(),
            offsets: Vec::new(),
            lengths: Vec::new(),
            opaque: BitSet::new(0),
        }
    }

    fn shrink(&mut self) {
        self.times.shrink_to_fit();
        self.documents.shrink_to_fit();
        self.offsets.shrink_to_fit();
        self.lengths.shrink_to_fit();
    }
}

impl Shard {
    /// An empty shard. `seed` keys every hash of text that comes from logs.
    pub fn new(seed: u64, limits: ShardLimits) -> Self {
        let columns = Columns::new(seed, limits.paths);
        Self {
            columns,
            segments: Vec::new(),
            documents: Vec::new(),
            partial: BTreeMap::new(),
            field_sets: BTreeSet::new(),
            rows: Unsealed::new(),
            limits,
        }
    }

    /// Announces a stream of records and returns its number.
    pub fn add_document(&mut self, document: DocumentInfo) -> u32 {
        self.documents.push(document);
        self.documents.len() as u32 - 1
    }

    /// Notes that the records of a document are not full ones: they can have `fields` only, each with all that is in it.
    pub fn set_partial(&mut self, document: u32, fields: &[String]) {
        let known = self.field_sets.get(fields).cloned();
        let fields = known.unwrap_or_else(|| {
            let fields: Arc<[String]> = fields.into();
            self.field_sets.insert(Arc::clone(&fields));
            fields
        });
        let before = self.partial.insert(document, fields);
        // Nobody else's: held here and there only.
        if let Some(before) = before.filter(|before| Arc::strong_count(before) == 2) {
            self.field_sets.remove(&before);
        }
    }

    /// The fields that the records of a document can have; `None` if all.
    pub fn partial(&self, document: u32) -> Option<&[String]> {
        self.partial.get(&document).map(AsRef::as_ref)
    }

    /// Sealed rows that are not full records, duplicates aside, by the fields that they can have.
    pub fn partial_rows(&self) -> BTreeMap<&[String], u64> {
        let mut counts = BTreeMap::new();
        if self.partial.is_empty() {
            return counts;
        }
        for segment in &self.segments {
            for (row, document) in segment.documents.iter().enumerate() {
                if let Some(fields) = self.partial(*document)
                    && !segment.duplicates.contains(row)
                {
                    *counts.entry(fields).or_default() += 1;
                }
            }
        }
        counts
    }

    /// Adds the record that `text` begins with, of which nobody knows yet where it ends. Gives its length in bytes
    /// and a remark. `None`: nothing was added; the record may be a good one, but [`push`](Self::push) has to
    /// decide about it.
    pub fn take(&mut self, document: u32, offset: u64, text: &[u8]) -> Option<(usize, Option<Diagnostic>)> {
        let (len, shredded) = self.columns.take(self.rows.times.len() as u16, text)?;
        let remark = self.remark(&shredded, document);
        self.add_row(document, offset, len, &shredded, false);
        Some((len, remark))
    }

    /// Adds one record of a document. Repairs what can be repaired and says so; an error means the record
    /// was left out.
    pub fn push(&mut self, document: u32, offset: u64, json: &[u8]) -> Result<Option<Diagnostic>, Diagnostic> {
        let row = self.rows.times.len() as u16;
        let path = &self.documents[document as usize].path;
        let report = |severity, code, message: &str| Diagnostic::new(severity, code, path.clone(), message);
        let first = match std::str::from_utf8(json) {
            Ok(text) => self.columns.push(row, text).map_err(|error| (error, Some(text))),
            Err(error) => Err((ShredError::Invalid(error.to_string()), None)),
        };
        let (shredded, mut note) = match first {
            Ok(shredded) => (shredded, None),
            Err((ShredError::DuplicateKey, Some(text))) => {
                let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
                    report(
                        Severity::Error,
                        Code::InvalidJson,
                        &format!("A record with a duplicate key could not be read ({error}); it was left out."),
                    )
                })?;
                let shredded = self.columns.push(row, &value.to_string()).map_err(|_| {
                    report(
                        Severity::Error,
                        Code::InvalidJson,
                        "A record with a duplicate key could not be read; it was left out.",
                    )
                })?;
                let note = report(
                    Severity::Note,
                    Code::DuplicateKey,
                    "A record has the same key twice in one object; the last one counts, as in CloudWatch.",
                );
                (shredded, Some(note))
            }
            Err((error, _)) => {
                let message = match error {
                    ShredError::Invalid(message) => message,
                    ShredError::DuplicateKey => "duplicate key".into(),
                };
                let shredded = self.columns.push(row, &repair(json)).map_err(|_| {
                    report(
                        Severity::Error,
                        Code::InvalidJson,
                        &format!("A record is not valid JSON ({message}); it was left out, the others were kept."),
                    )
                })?;
                let note = report(
                    Severity::Warning,
                    Code::RepairedText,
                    &format!(
                        "A record holds text that is not valid JSON ({message}); it was repaired for searching, the raw record is unchanged."
                    ),
                );
                (shredded, Some(note))
            }
        };
        let differs = note.is_some();
        note = note.or_else(|| self.remark(&shredded, document));
        self.add_row(document, offset, json.len(), &shredded, differs);
        Ok(note)
    }

    /// Notes what a row needs beside its columns; `differs` if the columns were made from other text.
    fn add_row(&mut self, document: u32, offset: u64, len: usize, shredded: &Shredded, differs: bool) {
        let Shredded { time, too_deep, too_many_paths, fractional, escaped } = *shredded;
        self.rows.opaque.push(differs || fractional || too_deep || too_many_paths || escaped);
        self.rows.times.push(time.unwrap_or(UNDATED));
        self.rows.documents.push(document);
        self.rows.offsets.push(offset);
        self.rows.lengths.push(len as u32);
        if self.rows.times.len() >= self.limits.segment_rows {
            self.seal();
        }
    }

    /// What is worth knowing about a record that was added.
    fn remark(&self, shredded: &Shredded, document: u32) -> Option<Diagnostic> {
        let report = |severity, code, message: &str| {
            Some(Diagnostic::new(severity, code, self.documents[document as usize].path.clone(), message))
        };
        if shredded.too_many_paths {
            let message = format!(
                "More than {} different fields; further ones are in the raw record but cannot be filtered.",
                self.limits.paths
            );
            report(Severity::Warning, Code::TooManyPaths, &message)
        } else if shredded.too_deep {
            report(
                Severity::Note,
                Code::TooDeep,
                "A record is nested very deeply; its deepest fields are in the raw record but cannot be filtered.",
            )
        } else if shredded.time.is_none() {
            report(
                Severity::Warning,
                Code::NoEventTime,
                "A record has no readable eventTime; it is listed and counted but missing from time charts and metrics.",
            )
        } else {
            None
        }
    }

    /// Makes all rows pushed so far part of a segment, so that queries see them.
    pub fn seal(&mut self) {
        let len = self.rows.times.len();
        if len == 0 {
            return;
        }
        let Columns { paths, dictionaries, builders, .. } = &mut self.columns;
        let mut columns: Vec<(PathId, Column)> = builders
            .iter_mut()
            .zip(dictionaries.iter_mut())
            .enumerate()
            .filter_map(|(id, (builder, dictionary))| Some((PathId(id as u32), builder.seal(dictionary, len)?)))
            .collect();
        let find = |path: PathId| columns.binary_search_by_key(&path, |(id, _)| *id).ok().map(|at| &columns[at].1);
        let error_path = paths.child(PathTree::ROOT, "errorCode");
        let errors =
            segment::error_rows(len, error_path.and_then(find), error_path.map(|p| &dictionaries[p.0 as usize]));
        if let Some(principal) = principal_column(len, paths, &find, dictionaries) {
            let at = columns.partition_point(|(id, _)| *id < PathTree::PRINCIPAL);
            columns.insert(at, (PathTree::PRINCIPAL, principal));
        }
        let mut rows = std::mem::replace(&mut self.rows, Unsealed::new());
        rows.shrink();
        self.segments.push(Segment {
            base: self.segments.last().map_or(0, |last| last.base + last.len() as u32),
            span: segment::span(&rows.times),
            times: rows.times,
            errors,
            opaque: rows.opaque,
            duplicates: BitSet::new(len),
            conflicts: BitSet::new(len),
            documents: rows.documents,
            offsets: rows.offsets,
            lengths: rows.lengths,
            columns,
        });
    }

    /// Rows pushed so far that no query sees yet.
    pub fn unsealed_rows(&self) -> usize {
        self.rows.times.len()
    }

    /// The sealed segments, in row order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// All paths.
    pub fn paths(&self) -> &PathTree {
        &self.columns.paths
    }

    /// The dictionary of a path.
    pub fn dictionary(&self, path: PathId) -> &Dictionary {
        &self.columns.dictionaries[path.0 as usize]
    }

    /// Number of sealed rows.
    pub fn len(&self) -> usize {
        self.segments.last().map_or(0, |last| last.base as usize + last.len())
    }

    /// Whether no row is sealed.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The segment that holds a row, and the row's number in it.
    pub fn locate(&self, row: u32) -> Option<(&Segment, usize)> {
        self.place(row).map(|(at, row)| (&self.segments[at], row))
    }

    /// The number of the segment that holds a row, and the row's number in it.
    pub(super) fn place(&self, row: u32) -> Option<(usize, usize)> {
        let at = self.segments.partition_point(|segment| segment.base + segment.len() as u32 <= row);
        self.segments.get(at).map(|segment| (at, (row - segment.base) as usize))
    }

    /// Where a stream of records came from.
    pub fn document(&self, document: u32) -> &DocumentInfo {
        &self.documents[document as usize]
    }

    /// All streams of records, by number.
    pub fn documents(&self) -> &[DocumentInfo] {
        &self.documents
    }

    /// Place of origin of a row.
    pub fn origin(&self, segment: &Segment, row: usize) -> Origin {
        let document = self.document(segment.documents[row]);
        Origin { file: document.file, entry: document.entry, inner: document.inner, offset: segment.offsets[row] }
    }

    /// What hashes are made with, the same in all shards of a session.
    pub(super) fn hash_state(&self) -> FixedState {
        self.columns.hash_state()
    }

    /// Replaces the sets of duplicates and of rows in conflict.
    pub fn set_fates(&mut self, fates: impl Iterator<Item = (u32, Fate)>) {
        for segment in &mut self.segments {
            segment.duplicates = BitSet::new(segment.len());
            segment.conflicts = BitSet::new(segment.len());
        }
        for (row, fate) in fates {
            if let Some((at, row)) = self.place(row) {
                match fate {
                    Fate::Duplicate => self.segments[at].duplicates.insert(row),
                    Fate::Conflict => self.segments[at].conflicts.insert(row),
                }
            }
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        let segments: usize = self.segments.iter().map(Segment::heap_bytes).sum();
        let fields: usize = self.field_sets.iter().flat_map(|set| set.iter()).map(|field| field.len() + 24).sum();
        segments + self.columns.heap_bytes() + fields + self.partial.len() * size_of::<(u32, Arc<[String]>)>()
    }
}

/// The derived column `@principal` of a segment: for each row the strongest identity that is there.
fn principal_column<'c>(
    len: usize,
    paths: &PathTree,
    find: &dyn Fn(PathId) -> Option<&'c Column>,
    dictionaries: &mut [Dictionary],
) -> Option<Column> {
    const NONE: u32 = u32::MAX;
    const UNKNOWN: u32 = u32::MAX - 1;
    let mut principals = vec![NONE; len];
    let (derived, others) = split_dictionary(dictionaries);
    for path in segment::principal_paths(paths) {
        let Some(column) = find(path) else { continue };
        let dictionary = &others[path.0 as usize - 2];
        let mut intern = |value: Scalar<'_>| match value {
            Scalar::Str(text) if !text.is_empty() => derived.intern(Scalar::Str(text)),
            _ => NONE,
        };
        let mut set = |row: usize, principal: u32| {
            if principal != NONE {
                principals[row] = principal;
            }
        };
        match &column.values {
            Values::Codes(codes) => {
                let mut known = vec![UNKNOWN; dictionary.len()];
                column.rows.for_each(|entry, row| {
                    let code = codes.get(entry);
                    let principal = &mut known[code as usize];
                    if *principal == UNKNOWN {
                        *principal = intern(dictionary.value(code));
                    }
                    set(row, *principal);
                });
            }
            Values::Plain { .. } => {
                column.rows.for_each(|entry, row| set(row, column.with(entry, dictionary, &mut intern)));
            }
        }
    }
    let rows: Vec<u16> = (0..len).filter(|&row| principals[row] != NONE).map(|row| row as u16).collect();
    principals.retain(|&principal| principal != NONE);
    let codes = Codes::pack(&principals);
    (!rows.is_empty()).then(|| Column {
        rows: Rows::pack(rows, principals.len(), len),
        values: Values::Codes(codes),
        positions: None,
    })
}

/// The dictionary of `@principal`, and those of all paths after it.
fn split_dictionary(dictionaries: &mut [Dictionary]) -> (&mut Dictionary, &[Dictionary]) {
    let (head, tail) = dictionaries.split_at_mut(PathTree::PRINCIPAL.0 as usize + 1);
    (&mut head[PathTree::PRINCIPAL.0 as usize], tail)
}
