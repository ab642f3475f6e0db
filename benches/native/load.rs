//! From bytes to columns.

use super::data::{files, records, text};
use criterion::{BatchSize, Criterion, Throughput};
use std::hint::black_box;
use trailscope::base::Diagnostic;
use trailscope::ingest::{BytesSource, DocumentId, Job, Limits, Reader, Sink, Step};
use trailscope::store::{DocumentInfo, Shard, ShardLimits};

const EVENTS: u64 = 20_000;

/// Reads files up to their records. Reading the same text without gzip is what finding the records takes of it.
pub fn inflate(criterion: &mut Criterion) {
    let packed: Vec<Vec<u8>> = files(EVENTS).map(|file| file.bytes).collect();
    let plain: Vec<Vec<u8>> = packed.iter().map(|file| text(file)).collect();
    let mut group = criterion.benchmark_group("inflate");
    group.throughput(Throughput::Bytes(plain.iter().map(|text| text.len() as u64).sum()));
    group
        .bench_function("reader, gzip", |bencher| bencher.iter(|| packed.iter().map(|file| read(file)).sum::<usize>()));
    group
        .bench_function("reader, plain", |bencher| bencher.iter(|| plain.iter().map(|file| read(file)).sum::<usize>()));
    group.bench_function("MultiGzDecoder", |bencher| {
        bencher.iter(|| packed.iter().map(|file| text(file).len()).sum::<usize>());
    });
    group.finish();
}

/// Bytes of all records of a file.
fn read(file: &[u8]) -> usize {
    struct Bytes(usize);

    impl Sink for Bytes {
        fn document(&mut self, _: DocumentId, _: &str) {}
        fn record(&mut self, _: DocumentId, _: u64, json: &[u8]) {
            self.0 += json.len();
        }
        fn diagnostic(&mut self, diagnostic: Diagnostic) {
            panic!("{diagnostic:?}");
        }
    }

    let mut bytes = Bytes(0);
    let mut reader = Reader::open(Job::whole("trail.json.gz"), Limits::default());
    while !matches!(reader.step(&BytesSource(file), &mut bytes), Step::Done(_)) {}
    bytes.0
}

/// Puts records into columns, the fast way and the thorough one, beside building a tree for each.
pub fn shred(criterion: &mut Criterion) {
    let records: Vec<String> = files(EVENTS).flat_map(|file| records(&text(&file.bytes))).collect();
    let mut group = criterion.benchmark_group("shred");
    group.throughput(Throughput::Bytes(records.iter().map(|record| record.len() as u64).sum()));
    group.bench_function("take", |bencher| bencher.iter_with_large_drop(|| taken(&records)));
    group.bench_function("push", |bencher| bencher.iter_with_large_drop(|| shredded(&records)));
    group.bench_function("serde_json::Value", |bencher| {
        bencher.iter(|| records.iter().for_each(|record| drop(black_box(tree(record)))));
    });
    group.finish();
}

fn tree(record: &str) -> serde_json::Value {
    serde_json::from_str(record).unwrap()
}

fn taken(records: &[String]) -> Shard {
    let (mut shard, document) = empty();
    for record in records {
        shard.take(document, 0, record.as_bytes()).unwrap();
    }
    shard
}

fn empty() -> (Shard, u32) {
    let mut shard = Shard::new(1, ShardLimits::default());
    let document = shard.add_document(DocumentInfo { file: 0, entry: 0, inner: 0, path: "trail.json".into() });
    (shard, document)
}

fn shredded(records: &[String]) -> Shard {
    let (mut shard, document) = empty();
    for record in records {
        shard.push(document, 0, record.as_bytes()).unwrap();
    }
    shard
}

/// Turns filled column builders into a segment.
pub fn seal(criterion: &mut Criterion) {
    let records: Vec<String> = files(EVENTS).flat_map(|file| records(&text(&file.bytes))).collect();
    let mut group = criterion.benchmark_group("seal");
    group.throughput(Throughput::Elements(records.len() as u64));
    let seal = |mut shard: Shard| {
        shard.seal();
        shard
    };
    group.bench_function("segment", |bencher| {
        bencher.iter_batched(|| shredded(&records), seal, BatchSize::PerIteration)
    });
    group.finish();
}
