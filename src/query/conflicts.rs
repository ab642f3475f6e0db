//! Events that share their eventID with others and say something else, by the file they are in.

use crate::base::{Code, Diagnostic, Severity};
use crate::model::fields::EVENT_ID;
use crate::model::report::Finding;
use crate::model::value::Scalar;
use crate::store::{PathTree, Segment, Shard};
use std::collections::BTreeMap;

/// Characters of an eventID that a message quotes.
const QUOTED: usize = 64;

/// One finding for each document with such events.
pub(super) fn findings(shard: &Shard) -> BTreeMap<u32, Finding> {
    let mut findings: BTreeMap<u32, Finding> = BTreeMap::new();
    for segment in shard.segments() {
        segment.conflicts.for_each(|row| {
            let first = || Finding {
                severity: Severity::Warning,
                code: Code::ConflictingCopies,
                message: message(&event_id(shard, segment, row)),
                count: 0,
            };
            findings.entry(segment.documents[row]).or_insert_with(first).count += 1;
        });
    }
    findings
}

/// The same with the names of the files.
pub(super) fn diagnostics(shard: &Shard) -> Vec<Diagnostic> {
    let named = |(document, Finding { severity, code, message, count }): (u32, Finding)| {
        let file = shard.document(document).path.clone();
        Diagnostic { file, severity, code, message, count }
    };
    findings(shard).into_iter().map(named).collect()
}

fn message(event_id: &str) -> String {
    let quoted: String = event_id.chars().take(QUOTED).collect();
    format!(
        "Another event has the same eventID ({quoted}) and says something else: one of them was changed, or is of another account. Both are kept and counted; search for the eventID to compare them."
    )
}

fn event_id(shard: &Shard, segment: &Segment, row: usize) -> String {
    let mut texts = EVENT_ID.into_iter().filter_map(|key| {
        let path = shard.paths().child(PathTree::ROOT, key)?;
        let column = segment.column(path)?;
        let entry = column.rows.entries(row).next()?;
        column.with(entry, shard.dictionary(path), |value| match value {
            Scalar::Str(text) => Some(text.to_owned()),
            _ => None,
        })
    });
    texts.next().unwrap_or_default()
}
