//! Up to 65,536 rows, sealed: columns, times, places of origin. Only the sets of duplicates and conflicts may change.

use super::{Column, Dictionary, PathId, PathTree, UNDATED};
use crate::base::BitSet;
use crate::model::value::Scalar;

/// A sealed block of rows.
pub struct Segment {
    /// Shard-wide number of the first row.
    pub base: u32,
    /// Event time in epoch ms, [`UNDATED`] when unreadable.
    pub times: Vec<i64>,
    /// Earliest and latest event time; `None` when no row has one.
    pub span: Option<(i64, i64)>,
    /// Rows with an `errorCode`.
    pub errors: BitSet,
    /// Rows that say the same as a row elsewhere with the same eventID.
    pub duplicates: BitSet,
    /// Rows that stay beside a row elsewhere with the same eventID that says something else.
    pub conflicts: BitSet,
    /// Rows whose message does not read the same as their columns: escapes, fractional numbers, repaired text,
    /// fields left out. Text tests look at their raw record.
    pub opaque: BitSet,
    /// Document (see `Shard::document`) of each row.
    pub documents: Vec<u32>,
    /// Byte offset of each record in its document.
    pub offsets: Vec<u64>,
    /// Length of each record in bytes.
    pub lengths: Vec<u32>,
    /// Columns by path, ascending.
    pub(super) columns: Vec<(PathId, Column)>,
}

impl Segment {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The column of a path, if any row has an entry.
    pub fn column(&self, path: PathId) -> Option<&Column> {
        self.columns.binary_search_by_key(&path, |(id, _)| *id).ok().map(|at| &self.columns[at].1)
    }

    /// All columns, by path.
    pub fn columns(&self) -> impl Iterator<Item = (PathId, &Column)> {
        self.columns.iter().map(|(path, column)| (*path, column))
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        let columns: usize =
            self.columns.iter().map(|(_, column)| column.heap_bytes() + size_of::<(PathId, Column)>()).sum();
        columns
            + self.times.capacity() * 8
            + self.documents.capacity() * 4
            + self.offsets.capacity() * 8
            + self.lengths.capacity() * 4
            + self.errors.heap_bytes()
            + self.opaque.heap_bytes()
            + self.duplicates.heap_bytes()
            + self.conflicts.heap_bytes()
    }
}

/// Earliest and latest time that is there.
pub fn span(times: &[i64]) -> Option<(i64, i64)> {
    let dated = || times.iter().copied().filter(|&time| time != UNDATED);
    Some((dated().min()?, dated().max()?))
}

/// Rows whose `errorCode` is a non-empty string.
pub fn error_rows(len: usize, column: Option<&Column>, dictionary: Option<&Dictionary>) -> BitSet {
    let mut errors = BitSet::new(len);
    if let (Some(column), Some(dictionary)) = (column, dictionary) {
        column.rows.for_each(|entry, row| {
            if column.with(entry, dictionary, |value| matches!(value, Scalar::Str(text) if !text.is_empty())) {
                errors.insert(row);
            }
        });
    }
    errors
}

/// The paths that make up `@principal`, strongest last.
pub fn principal_paths(paths: &PathTree) -> Vec<PathId> {
    let Some(identity) = paths.child(PathTree::ROOT, "userIdentity") else { return Vec::new() };
    ["userName", "accountId", "invokedBy", "principalId", "arn"]
        .iter()
        .filter_map(|key| paths.child(identity, key))
        .collect()
}
