//! Input made to break the reader: bombs, nesting, size, lies. Each ends in one diagnostic.

use crate::archives::{gzip, tar, tar_header, zip};
use crate::support::*;
use trailscope::base::Code;
use trailscope::ingest::Limits;

const EVENT: &str = r#"{"eventVersion":"1.08","eventName":"A"}"#;

fn small_ratio() -> Limits {
    Limits { ratio: 50, ratio_floor: 100_000, ..Limits::default() }
}

/// The one finding's code, how often, and the number of records.
fn outcome(bytes: &[u8], limits: &Limits) -> (Vec<(Code, u64)>, usize) {
    let output = read_with(bytes, limits);
    let codes = output.diagnostics.iter().map(|diagnostic| (diagnostic.code, diagnostic.count)).collect();
    (codes, output.records.len())
}

#[test]
fn gzip_bombs_stop() {
    let bomb = format!("{{\"Records\":[{EVENT},{}", " ".repeat(20_000_000));
    let packed = gzip(bomb.as_bytes());
    let limit = |bytes: &[u8]| outcome(bytes, &small_ratio());
    let stopped = (vec![(Code::ExpansionLimit, 1)], 1);
    assert_eq!(limit(&packed), stopped);
    assert_eq!(limit(&gzip(&packed)), stopped);
    assert_eq!(limit(&zip(&[("x", bomb.as_bytes())], true)), stopped);
    assert_eq!(limit(&tar(&[("x", &packed)])), stopped);
    assert_eq!(limit(&gzip(&tar(&[("x", &packed)]))), stopped);
    let capped = Limits { stream: 1_000_000, ..Limits::default() };
    assert_eq!(outcome(&packed, &capped), stopped);
}

#[test]
fn a_bomb_of_many_entries_stops() {
    // Each entry for itself is within the ratio only because it is small.
    let entry = gzip(" ".repeat(90_000).as_bytes());
    let names: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), entry.as_slice())).collect();
    let output = read_with(&tar(&files), &Limits { ratio: 1, ..small_ratio() });
    assert!(output.codes().contains(&Code::ExpansionLimit));
}

#[test]
fn a_bomb_takes_nothing_along_but_many_end_the_archive() {
    let bomb = gzip(" ".repeat(20_000_000).as_bytes());
    let archives = |bombs: usize| {
        let names: Vec<_> = (0..bombs).map(|number| number.to_string()).collect();
        let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), bomb.as_slice())).collect();
        files.push(("event", EVENT.as_bytes()));
        [tar(&files), zip(&files, true)]
    };
    for bytes in archives(3) {
        assert_eq!(outcome(&bytes, &small_ratio()), (vec![(Code::ExpansionLimit, 1); 3], 1));
    }
    for bytes in archives(6) {
        let output = read_with(&bytes, &small_ratio());
        assert_eq!((output.codes(), output.records.len()), (vec![Code::ExpansionLimit; 5], 0));
        let rest = output.diagnostics.iter().find(|finding| finding.message.contains("what follows")).unwrap();
        assert_eq!(rest.file, "unknown", "the archive, not one of its entries");
    }
}

#[test]
fn archives_in_archives_stop() {
    let nested = |levels: usize| (0..levels).fold(EVENT.as_bytes().to_vec(), |inner, _| zip(&[("x", &inner)], false));
    assert_eq!(outcome(&nested(6), &Limits::default()), (vec![], 1));
    assert_eq!(outcome(&nested(7), &Limits::default()), (vec![(Code::NestingLimit, 1)], 0));
    let tars = (0..7).fold(EVENT.as_bytes().to_vec(), |inner, _| tar(&[("x", &inner)]));
    assert_eq!(outcome(&tars, &Limits::default()), (vec![(Code::NestingLimit, 1)], 0));
    let gzips = (0..7).fold(EVENT.as_bytes().to_vec(), |inner, _| gzip(&inner));
    assert_eq!(outcome(&gzips, &Limits::default()), (vec![(Code::NestingLimit, 1)], 0));
}

#[test]
fn a_zip_inside_another_container_must_fit_in_memory() {
    let bytes = gzip(&zip(&[("x", EVENT.as_bytes())], false));
    let limits = Limits { held_archive: 64, ..Limits::default() };
    assert_eq!(outcome(&bytes, &limits), (vec![(Code::ExpansionLimit, 1)], 0));
}

#[test]
fn too_many_entries_stop() {
    let names: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), EVENT.as_bytes())).collect();
    let limits = Limits { entries: 10, ..Limits::default() };
    assert_eq!(outcome(&zip(&files, false), &limits), (vec![(Code::DamagedArchive, 1)], 10));
    assert_eq!(outcome(&tar(&files), &limits), (vec![(Code::ExpansionLimit, 1)], 10));
}

#[test]
fn overlapping_zip_entries_stop() {
    let mut bytes = zip(&[("a", EVENT.as_bytes()), ("b", EVENT.as_bytes())], false);
    // Both directory entries claim nearly the whole file.
    let size = (bytes.len() as u32 - 10).to_le_bytes();
    let headers: Vec<_> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    headers.iter().for_each(|&at| bytes[at + 20..at + 24].copy_from_slice(&size));
    let output = read(&bytes);
    assert!(output.codes().contains(&Code::DamagedArchive), "{:?}", output.diagnostics);
}

#[test]
fn a_huge_record_is_left_out_alone() {
    let limits = Limits { record: 1_000, ..Limits::default() };
    let huge = format!(r#"{{"eventVersion":"1.08","x":"{}"}}"#, "y".repeat(100_000));
    for text in [
        format!("{{\"Records\":[{EVENT},{huge},{EVENT}]}}"),
        format!("[{EVENT},{huge},{EVENT}]"),
        format!("{EVENT}\n{huge}\n{EVENT}"),
        format!("{{\"long\":\"{}\",\"Records\":[{EVENT},{huge},{EVENT}]}}", "z".repeat(500)),
    ] {
        for size in [10, 300, 1 << 20] {
            let limits = Limits { read: size, ..limits.clone() };
            assert_eq!(outcome(text.as_bytes(), &limits), (vec![(Code::RecordTooLarge, 1)], 2), "{size}");
        }
    }
}

#[test]
fn deep_nesting_costs_nothing() {
    let deep = format!(r#"{{"eventVersion":"1.08","x":{}1{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert_eq!(outcome(format!("{deep}\n{EVENT}").as_bytes(), &Limits::default()), (vec![], 2));
    let open = "[".repeat(1_000_000);
    assert_eq!(outcome(open.as_bytes(), &Limits::default()), (vec![(Code::TruncatedJson, 1)], 0));
    let objects = "{\"a\":".repeat(500_000);
    assert_eq!(outcome(objects.as_bytes(), &Limits::default()), (vec![(Code::TruncatedJson, 1)], 0));
}

#[test]
fn a_million_bad_lines_are_one_entry() {
    let text = format!("{EVENT}\n{}{EVENT}\n", "no JSON here\n".repeat(1_000_000));
    assert_eq!(outcome(text.as_bytes(), &Limits::default()), (vec![(Code::InvalidJson, 1_000_000)], 2));
}

#[test]
fn a_million_bad_entries_are_few_diagnostics() {
    let names: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), b"plain text".as_slice())).collect();
    let (codes, _) = outcome(&tar(&files), &Limits { diagnostics: 10, ..Limits::default() });
    assert_eq!(codes.len(), 11);
    assert_eq!(codes.last(), Some(&(Code::UnknownFormat, 40)));
}

/// Text, with `@` for an event; the records that come out; what is said.
const TEXTS: &[(&str, usize, &[Code])] = &[
    // Lines cut off in a string, in an object, after a colon, in an array; the next line is whole.
    ("@\n{\"eventName\":\"cut\n@", 2, &[Code::InvalidJson]),
    ("@\n{\"eventName\":\"x\",\"a\":1,\n@", 2, &[Code::InvalidJson]),
    ("@\n{\"eventName\":\"x\",\"a\":{\"b\":1\n@\n@", 3, &[Code::InvalidJson]),
    // Objects in arrays and after keys may begin a line.
    ("{\"eventName\":\"x\",\"a\":[\n{\"b\":1},\n{\"b\":2}],\"c\":\n{\"d\":1}}", 1, &[]),
    // A raw line end inside a string belongs to it when the next line does not begin an object.
    ("{\"eventName\":\"two\nlines\"}\n@", 2, &[]),
    // Brackets that do not match, unknown tokens, bare text.
    ("{\"eventName\":[}}\n@", 1, &[Code::InvalidJson]),
    ("{\"eventName\":\"a\",\"x\":NaN}\n@", 1, &[Code::InvalidJson]),
    ("{\"Records\":[@,{\"eventName\":oops},@]}", 2, &[Code::InvalidJson]),
    ("{\"Records\":[@,oops,@]}", 2, &[Code::InvalidJson]),
    ("@\n# comment\n}\n@", 2, &[Code::InvalidJson]),
    // Values that are no objects.
    ("{\"Records\":[@,null,1,\"x\",[@],true,@]}", 2, &[Code::NotAnEvent]),
    ("@\nnull\n12\n\"text\"\n@", 2, &[Code::NotAnEvent]),
    ("{\"Records\":\"x\"}", 0, &[Code::NotAnEvent]),
    ("{\"Records\":[{}]}", 0, &[Code::NotAnEvent]),
    ("{}", 0, &[Code::NotAnEvent]),
    // Only the top level has lists.
    ("{\"eventName\":\"x\",\"requestParameters\":{\"Records\":[@,@]}}", 1, &[]),
    ("{\"Records\":[{\"eventName\":\"x\",\"Records\":[@]}]}", 1, &[]),
    ("[{\"Records\":[@]}]", 0, &[Code::NotAnEvent]),
    ("[[@]]", 0, &[Code::NotAnEvent]),
    // Ends too early.
    ("{\"Records\":[@,@", 2, &[Code::TruncatedJson]),
    ("{\"Records\":[@,@]", 2, &[Code::TruncatedJson]),
    ("[@,", 1, &[Code::TruncatedJson]),
    ("{", 0, &[Code::TruncatedJson]),
    // Nothing there.
    (" \r\n\t", 0, &[Code::NoEvents]),
    ("[]", 0, &[Code::NoEvents]),
    ("{\"Records\":[]}{\"Records\":null}", 0, &[Code::NoEvents]),
    ("\u{feff}", 0, &[Code::NoEvents]),
    // Known, but something else.
    (
        "{\"awsAccountId\":\"1\",\"digestStartTime\":\"x\",\"digestEndTime\":\"y\",\"logFiles\":[]}",
        0,
        &[Code::SetAside],
    ),
    ("{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"s3\":{}}]}", 0, &[Code::SetAside]),
    ("{\"publicKeyList\":[{\"Value\":\"x\"}]}", 0, &[Code::SetAside]),
    ("{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"m\"}", 0, &[Code::SetAside]),
    ("{\"Events\":[{\"EventId\":\"1\",\"CloudTrailEvent\":\"{}\"}]}", 0, &[Code::NotAnEvent]),
    // Not JSON at all.
    ("User name,Event time\nroot,2024\n", 0, &[Code::UnknownFormat]),
    ("<html>", 0, &[Code::UnknownFormat]),
];

#[test]
fn each_text_gives_what_is_in_it() {
    for (text, events, codes) in TEXTS {
        let text = text.replace('@', EVENT);
        for limits in [Limits::default(), pieces(1), pieces(5)] {
            let output = read_with(text.as_bytes(), &limits);
            assert_eq!(
                (output.records.len(), output.codes().as_slice()),
                (*events, *codes),
                "{text}: {:?}",
                output.diagnostics
            );
        }
    }
}

#[test]
fn gzip_damage_is_named() {
    let text = [EVENT; 20].join("\n");
    let packed = gzip(text.as_bytes());
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = packed.clone();
        change(&mut bytes);
        outcome(&bytes, &Limits::default())
    };
    assert_eq!(with(&|bytes| bytes.truncate(bytes.len() - 3)), (vec![(Code::TruncatedGzip, 1)], 20));
    assert_eq!(with(&|bytes| bytes.truncate(5)), (vec![(Code::TruncatedGzip, 1)], 0));
    assert_eq!(with(&|bytes| bytes[2] = 9), (vec![(Code::DamagedGzip, 1)], 0));
    assert_eq!(with(&|bytes| bytes.extend(b"garbage")), (vec![(Code::TrailingBytes, 1)], 20));
    let len = packed.len();
    assert_eq!(with(&|bytes| bytes[len - 1] = 9), (vec![(Code::DamagedGzip, 1)], 20));
    // The first member is whole, the second is not gzip inside.
    let (codes, records) = with(&|bytes| bytes.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff]));
    assert_eq!((codes, records), (vec![(Code::DamagedGzip, 1)], 20));
}

#[test]
fn what_lies_around_an_archive_is_named() {
    let files = [("a", EVENT.as_bytes()), ("b", EVENT.as_bytes())];
    let said = (vec![(Code::TrailingBytes, 1)], 2);
    let (zipped, tarred) = (zip(&files, true), tar(&files));
    for split in [1, Limits::default().split] {
        let limits = Limits { split, ..Limits::default() };
        for bytes in [
            [&zip(&files[..1], true)[..], &zipped].concat(),
            [&zipped[..], EVENT.as_bytes()].concat(),
            [&tarred[..], EVENT.as_bytes()].concat(),
            [&tarred[..], &[b'x'; 2_000]].concat(),
        ] {
            assert_eq!(outcome(&bytes, &limits), said, "{split}, {} bytes", bytes.len());
        }
        assert_eq!(outcome(&[&tarred[..], &[0; 5_000]].concat(), &limits), (Vec::new(), 2), "padding");
    }
}

#[test]
fn members_of_unknown_types_are_files() {
    let len = EVENT.len();
    let member = |kind: u8| [&tar_header("a", len, kind)[..], EVENT.as_bytes(), &vec![0; 512 - len % 512]].concat();
    assert_eq!(outcome(&member(b'Z'), &Limits::default()), (Vec::new(), 1));
    assert_eq!(outcome(&member(b'V'), &Limits::default()), (Vec::new(), 0), "the name of a volume");
}

#[test]
fn archive_damage_is_named_and_the_rest_is_read() {
    let files = [("a", EVENT.as_bytes()), ("b", EVENT.as_bytes()), ("c", EVENT.as_bytes())];
    let tarred = tar(&files);
    let damaged = (vec![(Code::DamagedArchive, 1)], 2);
    // Cut off in the third member's header, and in its content.
    for len in [4 * 512 + 100, 5 * 512 + 10] {
        assert_eq!(outcome(&tarred[..len], &Limits::default()), damaged, "{len}");
        let split = Limits { split: 1, ..Limits::default() };
        assert_eq!(outcome(&tarred[..len], &split), damaged, "{len}");
        assert_eq!(outcome(&gzip(&tarred[..len]), &Limits::default()), damaged, "{len}");
    }
    let mut bytes = tarred.clone();
    bytes[4 * 512] ^= 1; // the third header's checksum no longer fits
    assert_eq!(outcome(&bytes, &Limits::default()), damaged);

    let zipped = zip(&files, true);
    let header = memchr::memmem::find(&zipped, b"PK\x01\x02").unwrap();
    let changed = |at: usize, change: fn(&mut u8)| {
        let mut bytes = zipped.clone();
        change(&mut bytes[header + at]);
        bytes
    };
    // In one piece, entry by entry, and a run of entries at a time.
    for limits in [Limits::default(), pieces(1), Limits { split: 1, ..Limits::default() }] {
        assert_eq!(outcome(&zipped[..zipped.len() - 30], &limits).0, [(Code::DamagedArchive, 1)]);
        let crc = changed(16, |byte| *byte ^= 1);
        assert_eq!(outcome(&crc, &limits), (vec![(Code::DamagedArchive, 1)], 3));
        let encrypted = changed(8, |byte| *byte |= 1);
        assert_eq!(outcome(&encrypted, &limits), (vec![(Code::UnsupportedEntry, 1)], 2));
        let lzma = changed(10, |byte| *byte = 14);
        assert_eq!(outcome(&lzma, &limits), (vec![(Code::UnsupportedEntry, 1)], 2));
        // The local header is elsewhere, and so nothing begins the archive.
        let elsewhere = changed(42, |byte| *byte = 7);
        assert_eq!(outcome(&elsewhere, &limits), (vec![(Code::TrailingBytes, 1), (Code::DamagedArchive, 1)], 2));
    }
}

#[test]
fn long_names_and_odd_members_of_tar() {
    let long = "d/".repeat(200) + "x.json";
    let pax = {
        let record = format!("path={long}\n");
        let len = record.len() + 1 + 3;
        format!("{len} {record}")
    };
    let block = |bytes: &[u8]| {
        let mut block = bytes.to_vec();
        block.resize(bytes.len().next_multiple_of(512), 0);
        block
    };
    for (kind, record) in [(b'x', pax.as_bytes()), (b'L', long.as_bytes())] {
        let bytes = [
            tar_header("link", 0, b'2').to_vec(),
            tar_header("ignored", record.len(), kind).to_vec(),
            block(record),
            tar_header("short", EVENT.len(), b'0').to_vec(),
            block(EVENT.as_bytes()),
            vec![0; 1024],
            tar(&[("after", EVENT.as_bytes())]), // `cat a.tar b.tar`
        ]
        .concat();
        for limits in [Limits::default(), pieces(100), Limits { split: 1, ..Limits::default() }] {
            let output = read_with(&bytes, &limits);
            assert_eq!((output.codes(), output.records.len()), (vec![], 2));
            let path = format!("unknown › {long}");
            assert!(output.documents.values().any(|document| *document == path), "{:?}", output.documents);
        }
    }
}
