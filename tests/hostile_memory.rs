//! What is made to exhaust memory costs little of it and ends in the right diagnostic, store included.
//!
//! The allocator counts, so these cases are one test after the other in a program of their own. Bounds are on top of
//! the dropped bytes themselves, which the page does not hold: it reads from the file.

#![allow(clippy::unwrap_used)]

#[path = "ingest/archives.rs"]
mod archives;

use archives::{gzip, tar, tar_header, zip};
use flate2::Compression;
use flate2::write::GzEncoder;
use peak_alloc::PeakAlloc;
use std::io::Write;
use trailscope::base::Code;
use trailscope::ingest::{BytesSource, Job, Step};
use trailscope::query::{Engine, Loading};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;
const EVENT: &str = r#"{"eventVersion":"1.08","eventName":"A","eventTime":"2026-01-02T03:04:05Z"}"#;

/// How an event begins.
const START: &str = r#"{"eventTime":"2026-01-02T03:04:05Z","eventName":"B","#;

/// What became of one dropped file.
struct Outcome {
    rows: usize,
    findings: Vec<(Code, u64)>,
    paths: Vec<String>,
    /// The most that was allocated at once, in bytes.
    peak: usize,
}

/// Loads a file and all its parts into an engine, as a worker does.
fn load(bytes: Vec<u8>) -> Outcome {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let mut engine = Engine::new(7);
    engine.add_source(0, Box::new(BytesSource(bytes)));
    let mut jobs = vec![Job::whole("dropped")];
    let mut diagnostics = Vec::new();
    while let Some(job) = jobs.pop() {
        let mut loading = Loading::open(&mut engine, 0, job);
        loop {
            match loading.step(&mut engine, &mut diagnostics) {
                Step::More(_) => {}
                Step::Split(parts) => break jobs.extend(parts),
                Step::Done(_) => break,
            }
        }
    }
    engine.seal();
    let peak = MEMORY.peak_usage() - before;
    diagnostics.sort();
    let paths = diagnostics.iter().map(|finding| finding.file.clone()).collect();
    let findings = diagnostics.iter().map(|finding| (finding.code, finding.count)).collect();
    Outcome { rows: engine.visible_rows(), findings, paths, peak }
}

/// Asserts what comes out of `bytes` and how many MiB it may cost.
#[track_caller]
fn costs(what: &str, bytes: Vec<u8>, rows: usize, findings: &[(Code, u64)], most: usize) -> Outcome {
    let outcome = load(bytes);
    let used = outcome.peak.div_ceil(MIB);
    println!("{what}: {used} MiB");
    assert_eq!((outcome.rows, outcome.findings.as_slice()), (rows, findings), "{what}");
    assert!(used <= most, "{what}: {used} MiB, at most {most} expected");
    outcome
}

#[test]
fn what_is_made_to_exhaust_memory_does_not() {
    texts();
    columns();
    bombs();
    archives();
    names();
}

fn texts() {
    let deep = |levels: usize| format!(r#"{START}"x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let lines = |text: String| format!("{EVENT}\n{text}\n{EVENT}\n").into_bytes();
    costs("ten million levels", lines(deep(10_000_000)), 2, &[(Code::RecordTooLarge, 1)], 64);
    costs("as deep as fits a record", lines(deep(8_000_000)), 3, &[(Code::TooDeep, 1)], 96);

    let long = |len: usize| format!(r#"{START}"x":"{}"}}"#, "x".repeat(len));
    costs("a string of 100 MB", lines(long(100_000_000)), 2, &[(Code::RecordTooLarge, 1)], 64);
    costs("a string of 16 MB", lines(long(16_000_000)), 3, &[], 96);

    let keys = (0..1_000_000).map(|key| format!(r#""k{key}":1"#)).collect::<Vec<_>>().join(",");
    costs("a million keys", lines(format!("{START}{keys}}}")), 3, &[(Code::TooManyPaths, 1)], 96);

    let open = format!("{EVENT}\n{}", "{\"a\":".repeat(5_000_000));
    costs("never closed", open.into_bytes(), 1, &[(Code::TruncatedJson, 1)], 64);
}

fn columns() {
    let cell = |name: &str, value: &str| format!(r#"{{"field":"{name}","value":"{value}"}}"#);
    let row = |number: usize| {
        let time = cell("eventTime", "2026-01-02T03:04:05Z");
        format!("[{time},{}]", cell(&format!("requestParameters.c{number}"), "1"))
    };
    let rows: Vec<String> = (0..10_000).map(row).collect();
    let skipped = [(Code::PartialEvents, 1_023), (Code::DamagedRow, 8_977)];
    costs("rows of other columns", format!(r#"{{"results":[{}]}}"#, rows.join(",")).into_bytes(), 1_023, &skipped, 16);
}

fn bombs() {
    let spaces = vec![b' '; 300 * MIB];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&spaces).unwrap();
    let bomb = encoder.finish().unwrap();
    let stopped = [(Code::ExpansionLimit, 1)];
    costs("gzip bomb", bomb.clone(), 0, &stopped, 16);
    costs("gzip bomb in gzip", gzip(&bomb), 0, &stopped, 16);
    costs("gzip bomb in zip", zip(&[("a", &bomb), ("b", EVENT.as_bytes())], true), 1, &stopped, 16);
    costs("gzip bomb in tar", tar(&[("a", &bomb), ("b", EVENT.as_bytes())]), 1, &stopped, 16);
    // Not so well packed that it looks like a bomb: read to its end.
    let blank = [(Code::NoEvents, 1)];
    costs("a blank zip entry", zip(&[("a", &spaces), ("b", EVENT.as_bytes())], true), 1, &blank, 16);
}

fn archives() {
    let names: Vec<String> = (0..100_000).map(|number| format!("{number}.json")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), EVENT.as_bytes())).collect();
    costs("zip of 100,000 entries", zip(&files, false), 100_000, &[], 128);
    costs("tar of 100,000 members", tar(&files), 100_000, &[], 128);

    let two = zip(&[("a", EVENT.as_bytes()), ("b", EVENT.as_bytes())], true);
    let lie = |at: usize, size: u32| {
        let mut bytes = two.clone();
        let header = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes[header + at..header + at + 4].copy_from_slice(&size.to_le_bytes());
        bytes
    };
    costs("a zip entry that says it is 4 GB", lie(24, u32::MAX - 1), 2, &[(Code::DamagedArchive, 1)], 16);
    costs("a zip entry that says it is 10 bytes", lie(24, 10), 2, &[(Code::DamagedArchive, 1)], 16);
    costs("a zip entry larger than its archive", lie(20, u32::MAX - 1), 0, &[(Code::DamagedArchive, 1)], 16);
    let encrypted = lie(8, 1);
    costs("an encrypted zip entry", encrypted, 1, &[(Code::UnsupportedEntry, 1)], 16);
    costs("zip64", zip64(), 1, &[], 16);

    // Links, devices and pipes have no content, whatever size they claim; a size beyond the end is damage.
    let special =
        |kind: u8, size: usize| [&tar_header("x", size, kind)[..], &tar(&[("after", EVENT.as_bytes())])].concat();
    for kind in b'1'..=b'6' {
        costs("a link in a tar", special(kind, 0), 1, &[], 16);
    }
    costs(
        "a tar member of 8 GB",
        tar_header("x", 0o77_777_777_777, b'0').to_vec(),
        0,
        &[(Code::DamagedArchive, 1)],
        16,
    );
}

/// One stored entry whose sizes and place stand in zip64 fields (APPNOTE 4.5.3, 4.3.14).
fn zip64() -> Vec<u8> {
    let le = |value: u64, bytes: usize| value.to_le_bytes()[..bytes].to_vec();
    let (len, crc) = (EVENT.len() as u64, crc32(EVENT.as_bytes()));
    let start = |signature: &[u8]| [signature, &le(45, 2), &le(0, 8)].concat();
    let sizes = [le(crc.into(), 4), le(0xffff_ffff, 4), le(0xffff_ffff, 4), le(1, 2)].concat();
    let local =
        [start(b"PK\x03\x04"), sizes.clone(), le(20, 2), b"a".to_vec(), le(1, 2), le(16, 2), le(len, 8), le(len, 8)];
    let local = [local.concat(), EVENT.as_bytes().to_vec()].concat();
    let directory = [
        start(b"PK\x01\x02\x2d\x00"),
        sizes,
        le(28, 2),
        le(0, 6),
        le(0, 4),
        le(0xffff_ffff, 4),
        b"a".to_vec(),
        le(1, 2),
        le(24, 2),
        le(len, 8),
        le(len, 8),
        le(0, 8),
    ]
    .concat();
    let end = [
        b"PK\x06\x06".to_vec(),
        le(44, 8),
        le(45, 2),
        le(45, 2),
        le(0, 8),
        le(1, 8),
        le(1, 8),
        le(directory.len() as u64, 8),
        le(local.len() as u64, 8),
        b"PK\x06\x07".to_vec(),
        le(0, 4),
        le((local.len() + directory.len()) as u64, 8),
        le(1, 4),
        b"PK\x05\x06".to_vec(),
        le(0, 4),
        le(0xffff, 2),
        le(0xffff, 2),
        le(0xffff_ffff, 4),
        le(0xffff_ffff, 4),
        le(0, 2),
    ]
    .concat();
    [local, directory, end].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn names() {
    let hostile =
        ["../../etc/passwd", "/etc/passwd", "C:\\x", "a\u{202e}nosj.gz", "\u{1b}[31m", "<img src=x onerror=1>"];
    let files: Vec<(&str, &[u8])> = hostile.iter().map(|name| (*name, b"no JSON".as_slice())).collect();
    for archive in [tar(&files), zip_named(&files)] {
        let findings = [(Code::UnknownFormat, 1); 6];
        let outcome = costs("hostile names", archive, 0, &findings, 16);
        let shown = outcome.paths.concat();
        assert!(shown.contains("../../etc/passwd") && shown.contains("<img src=x onerror=1>"), "{shown}");
        assert!(!shown.contains(['\u{202e}', '\u{1b}']) && shown.contains(r"\u{202e}"), "{shown}");
    }
    let mut bytes = zip_named(&[("abc", b"no JSON")]);
    let at: Vec<usize> = memchr::memmem::find_iter(&bytes, b"abc").collect();
    at.iter().for_each(|&at| bytes[at + 1] = 0);
    assert_eq!(load(bytes).paths, [r"dropped › a\u{0}c"]);
}

/// A stored zip whose names nobody has made safe: written with names of the same length first.
fn zip_named(files: &[(&str, &[u8])]) -> Vec<u8> {
    let safe: Vec<String> = (0..files.len())
        .map(|at| format!("{:_<width$}", char::from(b'a' + at as u8), width = files[at].0.len()))
        .collect();
    let stand_ins: Vec<(&str, &[u8])> =
        safe.iter().zip(files).map(|(name, (_, bytes))| (name.as_str(), *bytes)).collect();
    let mut bytes = zip(&stand_ins, false);
    for (name, (wanted, _)) in safe.iter().zip(files) {
        let found: Vec<usize> = memchr::memmem::find_iter(&bytes, name.as_bytes()).collect();
        found.iter().for_each(|&at| bytes[at..at + wanted.len()].copy_from_slice(wanted.as_bytes()));
    }
    bytes
}
