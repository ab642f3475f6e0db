//! Rows of an answer as JSON: names and texts, which a [`Table`] makes an event of, as it does with the rows of a CSV.
//! There is no header: each row names its own columns, and most rows name the same.

use super::{Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::table::{MOST_CELLS, Row, Table};
use serde_json::Value;

/// What the rows of one stream had so far.
#[derive(Default)]
pub(in crate::ingest) struct Rows {
    /// Columns of the last row, and what they hold.
    last: Option<(Vec<String>, Table)>,
    /// Fields that some row had.
    known: Vec<String>,
}

/// Columns and cells of one row.
#[derive(Default)]
pub(super) struct Cells {
    names: Vec<String>,
    row: Row,
}

impl Cells {
    /// Appends a cell: the text of a string, JSON of anything else, nothing of null. No more than a row can hold.
    pub(super) fn push(&mut self, name: String, value: &Value) {
        let text = match value {
            Value::Null => return,
            Value::String(text) => text.as_str().into(),
            other => std::borrow::Cow::Owned(other.to_string()),
        };
        if !self.row.is_full() {
            self.names.push(name);
            self.row.extend(text.as_bytes());
            self.row.end_cell();
        }
    }
}

impl Output<'_> {
    /// Hands over the event that a row makes, or says that it makes none.
    pub(super) fn row(&mut self, item: &Item, cells: &Cells) {
        if self.rows.last.as_ref().is_none_or(|(names, _)| *names != cells.names) {
            let Some(table) = Table::new(&cells.names) else {
                let offset = item.offset;
                self.findings.add(Severity::Warning, Code::NotAnEvent, "row", || {
                    format!("the row at byte {offset} has no columns of a CloudTrail event; skipped")
                });
                return;
            };
            let known = &mut self.rows.known;
            let new = table.known().unwrap_or_default().iter().filter(|field| !known.contains(field));
            let new: Vec<String> = new.cloned().collect();
            if known.len() + new.len() > MOST_CELLS {
                self.findings.add(Severity::Error, Code::DamagedRow, "columns", || {
                    format!(
                        "the rows name more than {MOST_CELLS} different columns; those with further ones are skipped"
                    )
                });
                return;
            }
            if !new.is_empty() {
                known.extend(new);
                self.sink.partial(self.document, known);
            }
            self.rows.last = Some((cells.names.clone(), table));
        }
        let mut event = Vec::new();
        if let Some((_, table)) = &self.rows.last
            && table.event(&cells.row, self.findings, &mut event)
        {
            self.record(item.offset, &event);
        }
    }
}
