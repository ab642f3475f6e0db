//! Loads text both ways, by `Shard::take` with `Shard::push` behind it and by `Shard::push` alone, and compares.
//! Used by `tests/shred_laws.rs` and by the fuzz target `shred`.

use std::collections::BTreeMap;
use trailscope::base::Diagnostic;
use trailscope::ingest::{BytesSource, DocumentId, Job, Limits, Reader, Sink, Step};
use trailscope::model::value::Scalar;
use trailscope::store::{DocumentInfo, PathTree, Shard, ShardLimits};

/// A shard that is offered records, or not.
struct Loader {
    shard: Shard,
    offered: bool,
    /// Records that were taken when offered.
    taken: usize,
    findings: Vec<Diagnostic>,
}

impl Loader {
    fn new(offered: bool, limits: ShardLimits) -> Self {
        let mut shard = Shard::new(9, limits);
        shard.add_document(DocumentInfo { file: 0, entry: 0, inner: 0, path: "f".into() });
        Self { shard, offered, taken: 0, findings: Vec::new() }
    }

    fn load(&mut self, text: &[u8], limits: &Limits) {
        let mut reader = Reader::open(Job::whole("f"), limits.clone());
        while let Step::More(_) = reader.step(&BytesSource(text), self) {}
    }
}

impl Sink for Loader {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn take(&mut self, _: DocumentId, offset: u64, text: &[u8]) -> Option<usize> {
        if !self.offered {
            return None;
        }
        let (len, finding) = self.shard.take(0, offset, text)?;
        self.taken += 1;
        self.findings.extend(finding);
        Some(len)
    }

    fn record(&mut self, _: DocumentId, offset: u64, json: &[u8]) {
        let (Ok(finding) | Err(finding)) = self.shard.push(0, offset, json).map_err(Some);
        self.findings.extend(finding);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }
}

/// Every row as its facts and its entries by path and position.
fn rows(shard: &Shard) -> Vec<String> {
    let mut rows = Vec::new();
    for segment in shard.segments() {
        let mut entries: Vec<BTreeMap<(String, Vec<u32>), String>> = vec![BTreeMap::new(); segment.len()];
        for (path, column) in segment.columns() {
            let name = shard.paths().text(path);
            column.rows.for_each(|entry, row| {
                let position = match column.position(entry) {
                    PathTree::NO_POSITION => Vec::new(),
                    position => shard.paths().position(position),
                };
                let value = column.with(entry, shard.dictionary(path), |value| match value {
                    Scalar::Float(number) => format!("Float({:x})", number.to_bits()),
                    value => format!("{value:?}"),
                });
                let before = entries[row].insert((name.clone(), position), value);
                assert!(before.is_none(), "{name} twice in row {row}");
            });
        }
        rows.extend(entries.into_iter().enumerate().map(|(row, entries)| {
            let (time, offset, len) = (segment.times[row], segment.offsets[row], segment.lengths[row]);
            let flags = (segment.opaque.contains(row), segment.errors.contains(row));
            format!("{time} {offset}+{len} {flags:?} {entries:?}")
        }));
    }
    rows
}

/// Loads `text` both ways and compares; says how many records were taken.
pub fn compare(text: &[u8], limits: &Limits, shard_limits: ShardLimits) -> usize {
    let [mut fast, mut thorough] = [true, false].map(|offered| Loader::new(offered, shard_limits));
    for loader in [&mut fast, &mut thorough] {
        loader.load(text, limits);
        loader.shard.seal();
    }
    let shown = String::from_utf8_lossy(&text[..text.len().min(2_000)]);
    assert_eq!(fast.findings, thorough.findings, "{shown}");
    let (fast_rows, thorough_rows) = (rows(&fast.shard), rows(&thorough.shard));
    assert_eq!(fast_rows.len(), thorough_rows.len(), "{shown}");
    for (fast, thorough) in fast_rows.iter().zip(&thorough_rows) {
        assert_eq!(fast, thorough);
    }
    assert_eq!(thorough.taken, 0);
    fast.taken
}
