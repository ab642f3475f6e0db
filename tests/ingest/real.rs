//! The shared data: real trails in every container, and the damaged files.

use crate::shared_data::data;
use crate::support::*;
use std::path::{Path, PathBuf};
use trailscope::base::Code;
use trailscope::ingest::{FileSource, Limits, record_bytes};

/// Every damaged file: events that come out, and what is said.
const DAMAGED: &[(&str, usize, &[Code])] = &[
    ("truncated.json.gz", 7, &[Code::TruncatedGzip]),
    // All of it was inflated; only the checksum says that a byte may be wrong.
    ("crc-error.json.gz", 13, &[Code::DamagedGzip]),
    ("trailing-garbage.json.gz", 13, &[]),
    ("not-gzip.json.gz", 13, &[]),
    ("gzip-named.json", 13, &[]),
    ("double-gzip.json.gz", 13, &[]),
    ("truncated.json", 9, &[Code::TruncatedJson]),
    ("bom.json", 13, &[]),
    ("utf16le.json", 13, &[Code::RepairedText]),
    ("crlf.ndjson", 5, &[]),
    ("empty.json", 0, &[Code::EmptyFile]),
    ("empty-records.json", 0, &[Code::NoEvents]),
    ("null-records.json", 0, &[Code::NoEvents]),
    ("records-with-null.json", 1, &[Code::NotAnEvent]),
    ("ndjson-one-bad-line.ndjson", 2, &[Code::InvalidJson]),
    // Text is judged where it is decoded: these records come through byte for byte.
    ("invalid-utf8.json", 1, &[]),
    ("duplicate-keys.json", 1, &[]),
    ("lone-surrogate.json", 1, &[]),
    ("nul-and-control.json", 1, &[]),
    ("big-number.json", 1, &[]),
    ("deep.json", 1, &[]),
    ("prototype-keys.json", 1, &[]),
    ("xss.json", 1, &[]),
    ("csv-formula.json", 1, &[]),
];

/// All files under `directory`, sorted.
fn files_under(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn damaged_files_give_what_is_left_and_the_reason() {
    let Some(data) = data("damaged files") else { return };
    let directory = data.join("derived/damaged");
    assert_eq!(files_under(&directory).len(), DAMAGED.len());
    for (name, events, codes) in DAMAGED {
        let source = FileSource::open(&directory.join(name)).unwrap();
        for limits in [Limits::default(), pieces(1), pieces(7), pieces(100)] {
            let output = read_source(&source, name, &limits);
            assert_eq!(
                (output.records.len(), output.codes().as_slice()),
                (*events, *codes),
                "{name}: {:?}",
                output.diagnostics
            );
        }
    }
}

/// Every way in which the same 2,900 events are packed.
const INVICTUS: &[&str] = &[
    "derived/invictus-trail.zip",
    "derived/invictus-trail.tar",
    "derived/invictus-trail.tar.gz",
    "derived/invictus-all.json.gz",
    "derived/invictus-all.array.json.gz",
    "derived/invictus-all.ndjson.gz",
    "derived/invictus-multimember.ndjson.gz",
    "derived/invictus-concatenated-records.json.gz",
];

/// Default limits, and limits under which archives split and everything streams.
fn both_ways() -> [Limits; 2] {
    [
        Limits::default(),
        Limits { split: 100_000, read: 10_000, chunk: 5_000, one_shot: 0, step: 50_000, ..Limits::default() },
    ]
}

#[test]
fn the_same_events_come_out_of_every_container() {
    let Some(data) = data("containers") else { return };
    let mut expected: Vec<String> = Vec::new();
    for path in files_under(&data.join("derived/invictus-trail/AWSLogs/218007301253/CloudTrail")) {
        let output = read_source(&FileSource::open(&path).unwrap(), "unknown", &Limits::default());
        assert_eq!((output.codes(), output.steps), (vec![], 1), "{}", path.display());
        expected.extend(output.events());
    }
    expected.sort();
    assert_eq!(expected.len(), 2_900);
    for name in INVICTUS {
        for limits in both_ways() {
            let source = FileSource::open(&data.join(name)).unwrap();
            let output = read_source(&source, name, &limits);
            // The archives also hold the digests of the trail.
            let others: Vec<_> = output.codes().into_iter().filter(|&code| code != Code::SetAside).collect();
            assert_eq!(others, [], "{name}: {:?}", output.diagnostics);
            assert!(output.events() == expected, "{name}: other records");
            assert_eq!(output.reports.iter().map(|report| report.progress.records).sum::<u64>(), 2_900, "{name}");
            for (job, document, offset, json) in output.records.iter().skip(1_450).step_by(1_449) {
                let again = record_bytes(&source, job, *document, *offset, json.len(), limits.clone());
                assert!(again.as_ref() == Ok(json), "{name}");
            }
        }
    }
}

#[test]
fn real_sets_have_all_their_events() {
    let Some(data) = data("original sets") else { return };
    for (name, events) in [
        ("invictus-ir_aws_dataset", 2_900),
        ("stratus-red-team_detonation-logs", 310),
        ("umccr_cloudtrail-parquet-lambda", 206),
        ("trailscraper", 7),
        ("coralogix-aws-shipper", 20),
        ("grafana_lambda-promtail", 2),
        ("mozilla_MozDef", 3),
        ("llm-guard_real-digest", 0),
    ] {
        let outputs: Vec<_> = files_under(&data.join("originals").join(name))
            .iter()
            .map(|path| read_source(&FileSource::open(path).unwrap(), "unknown", &Limits::default()))
            .collect();
        assert_eq!(outputs.iter().map(|output| output.records.len()).sum::<usize>(), events, "{name}");
        let lost: Vec<_> = outputs.iter().flat_map(|output| &output.diagnostics).collect();
        let harmless = [Code::NoEvents, Code::SetAside, Code::UnknownFormat];
        assert!(lost.iter().all(|diagnostic| harmless.contains(&diagnostic.code)), "{name}: {lost:?}");
    }
}

/// Nothing in the shared data, whatever it is, breaks the reader or is passed over in silence.
#[test]
fn every_file_gives_records_or_a_reason() {
    let Some(data) = data("all files") else { return };
    for path in files_under(&data) {
        let output = read_source(&FileSource::open(&path).unwrap(), "unknown", &Limits::default());
        assert!(!output.records.is_empty() || !output.diagnostics.is_empty(), "{}", path.display());
    }
}
