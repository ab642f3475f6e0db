//! The cells of one row, one after the other in one buffer.

use std::borrow::Cow;

/// Cells that are kept apart. What stands in further ones is dropped.
pub(in crate::ingest) const MOST_CELLS: usize = 1_024;

/// A row, which grows at its end.
#[derive(Default, PartialEq, Eq)]
pub(in crate::ingest) struct Row {
    text: Vec<u8>,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
    /// There was text in a cell that is not kept.
    overflowed: bool,
}

impl Row {
    /// Appends to the last cell.
    pub(in crate::ingest) fn extend(&mut self, text: &[u8]) {
        if !self.is_full() {
            self.text.extend_from_slice(text);
        } else {
            self.overflowed |= !text.is_empty();
        }
    }

    /// The next cell begins.
    pub(in crate::ingest) fn end_cell(&mut self) {
        if !self.is_full() {
            self.ends.push(self.text.len());
        }
    }

    /// Whether all of it is UTF-8.
    pub(in crate::ingest) fn is_text(&self) -> bool {
        str::from_utf8(&self.text).is_ok()
    }

    /// Whether further cells are dropped.
    pub(in crate::ingest) fn is_full(&self) -> bool {
        self.ends.len() == MOST_CELLS
    }

    /// Number of cells.
    pub(in crate::ingest) fn cells(&self) -> usize {
        self.ends.len()
    }

    /// Bytes held.
    pub(in crate::ingest) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text of a cell, nothing if there is none. Invalid UTF-8 becomes U+FFFD.
    pub(in crate::ingest) fn cell(&self, column: usize) -> Cow<'_, str> {
        let end = |column: usize| self.ends.get(column).copied();
        let start = column.checked_sub(1).map_or(Some(0), end);
        let text = start.zip(end(column)).map(|(start, end)| &self.text[start..end]).unwrap_or_default();
        String::from_utf8_lossy(text)
    }

    /// Whether anything stands in a cell after the first `width` ones.
    pub(in crate::ingest) fn has_text_after(&self, width: usize) -> bool {
        let start = width.checked_sub(1).map_or(0, |last| self.ends.get(last).copied().unwrap_or(self.text.len()));
        self.overflowed || self.text.len() > start
    }

    /// An empty row with the memory of this one.
    pub(in crate::ingest) fn cleared(mut self) -> Self {
        self.text.clear();
        self.ends.clear();
        self.overflowed = false;
        self
    }
}
