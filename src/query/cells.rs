//! Texts of table cells.

use super::group::FieldPath;
use crate::base::EpochMs;
use crate::model::query::Row;
use crate::store::{Segment, Shard, UNDATED};

/// Values shown in one cell of the table at most.
pub const VALUES_PER_CELL: usize = 20;

/// The cells of one row, each with `most` values at most; `None` when there is no such row.
pub fn row(shard: &Shard, row: u32, fields: &[Vec<FieldPath>], most: usize) -> Option<Row> {
    let (segment, at) = shard.locate(row)?;
    Some(Row {
        time: (segment.times[at] != UNDATED).then_some(EpochMs(segment.times[at])),
        error: segment.errors.contains(at),
        cells: fields.iter().map(|field| cell(shard, segment, at, field, most)).collect(),
    })
}

/// The text of a field in one row; several values are joined, objects and arrays shown as `{…}` and `[…]`.
fn cell(shard: &Shard, segment: &Segment, row: usize, field: &[FieldPath], most: usize) -> Option<String> {
    let mut text: Option<String> = None;
    let mut shown = 0;
    for target in field {
        let Some(column) = segment.column(target.path) else { continue };
        for entry in column.rows.entries(row) {
            if target.positions.as_ref().is_some_and(|allowed| !allowed.contains(column.position(entry) as usize)) {
                continue;
            }
            shown += 1;
            let text = text.get_or_insert_default();
            if shown > 1 {
                text.push_str(", ");
            }
            if shown > most {
                text.push('…');
                return Some(std::mem::take(text));
            }
            column.with(entry, shard.dictionary(target.path), |value| match value.text() {
                Some(value) => text.push_str(&value),
                None if value == crate::model::value::Scalar::Array => text.push_str("[…]"),
                None => text.push_str("{…}"),
            });
        }
    }
    text
}
