//! Files without events that say something about events: handed over whole, byte for byte.

use serde_json::json;
use trailscope::base::{Code, Severity};
use trailscope::ingest::{BytesSource, Limits};
use trailscope::model::attachment::AttachmentKind;

use super::archives::{gzip, tar};
use super::support::{Output, read_source};

const DIGEST: &str = "{ \"digestStartTime\":\"s\",\n\t\"digestEndTime\" : \"e\"}";

fn read(bytes: &[u8]) -> Output {
    read_source(&BytesSource(bytes), "x.json.gz", &Limits::default())
}

fn attached(bytes: &[u8]) -> Vec<(String, bool)> {
    read(bytes).attachments.into_iter().map(|attachment| (attachment.json, attachment.whole)).collect()
}

#[test]
fn each_kind_is_known_by_its_content() {
    let signature = json!({"signature": "00", "signature-algorithm": "SHA256withRSA"});
    for (json, kind) in [
        (json!({"digestStartTime": "s", "digestEndTime": "e", "logFiles": []}), AttachmentKind::Digest),
        (json!({"publicKeyList": []}), AttachmentKind::PublicKeys),
        (json!({"PublicKeyList": []}), AttachmentKind::PublicKeys),
        (json!({"ETag": "\"0\"", "ContentLength": 1, "Metadata": signature}), AttachmentKind::ObjectMetadata),
        (signature.clone(), AttachmentKind::ObjectMetadata),
        (json!({"AWSLogs/1/digest.json.gz": signature}), AttachmentKind::ObjectMetadata),
        (json!({"1.json.gz": {"ETag": "", "Metadata": signature}}), AttachmentKind::ObjectMetadata),
        (json!({"version": "1.0", "files": [], "hashSignature": "00"}), AttachmentKind::LakeSignature),
        (json!({"metricFilters": []}), AttachmentKind::MetricFilters),
        (json!({"MetricAlarms": [], "CompositeAlarms": []}), AttachmentKind::Alarms),
    ] {
        let output = read(json.to_string().as_bytes());
        let [attachment] = &output.attachments[..] else { panic!("{json}: {:?}", output.attachments) };
        assert_eq!((attachment.kind, attachment.path.as_str(), attachment.whole), (kind, "x.json.gz", true), "{json}");
        assert_eq!(attachment.json, json.to_string());
        assert_eq!((output.records.len(), output.codes()), (0, vec![Code::SetAside]), "{json}");
    }
}

#[test]
fn the_text_is_that_of_the_file() {
    let whole = vec![(DIGEST.to_owned(), true)];
    assert_eq!(attached(DIGEST.as_bytes()), whole);
    assert_eq!(attached(&gzip(DIGEST.as_bytes())), whole);
    let archive = read(&tar(&[("a/digest.json.gz", &gzip(DIGEST.as_bytes())), ("b.json", b"{}")]));
    assert_eq!(archive.attachments[0].path, "x.json.gz › a/digest.json.gz");
    assert!(archive.attachments[0].whole);
}

#[test]
fn a_file_with_other_bytes_is_not_whole() {
    for text in [format!("{DIGEST}\n"), format!(" {DIGEST}"), format!("\u{feff}{DIGEST}"), format!("{DIGEST}{{}}")] {
        assert_eq!(attached(text.as_bytes()), [(DIGEST.to_owned(), false)], "{text:?}");
    }
    assert_eq!(attached(format!("{DIGEST}{DIGEST}").as_bytes()), vec![(DIGEST.to_owned(), false); 2]);
    let utf16: Vec<u8> = DIGEST.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(attached(&utf16), [(DIGEST.to_owned(), false)]);
    let mut cut = gzip(DIGEST.as_bytes());
    cut.truncate(cut.len() - 4);
    assert_eq!(attached(&cut), [(DIGEST.to_owned(), false)]);
}

#[test]
fn there_is_an_end_to_them() {
    let limits = Limits { attachments: 1_000, ..Limits::default() };
    let many = format!("{DIGEST}\n").repeat(100);
    let output = read_source(&BytesSource(many.as_bytes()), "x", &limits);
    assert_eq!(output.attachments.len(), 3);
    let said = output.diagnostics.iter().find(|finding| finding.message.contains("more such files"));
    assert_eq!(said.map(|finding| finding.count), Some(97));
    assert_eq!(attached(b"{\"digestStartTime\":\"\xff\",\"digestEndTime\":\"e\"}"), []);
}

/// What is not used is said where many files are only listed, too: a digest file that is not used looks like a missing one.
#[test]
fn that_some_are_not_used_is_said_beyond_the_limit_of_diagnostics() {
    let names: Vec<_> = (0..20).map(|number| format!("{number}.json")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), DIGEST.as_bytes())).collect();
    let limits = Limits { attachments: 1_000, diagnostics: 2, ..Limits::default() };
    let output = read_source(&BytesSource(&tar(&files)), "x.tar", &limits);
    let said = output.diagnostics.iter().map(|finding| (finding.code, finding.severity, finding.count));
    let (note, warning) = (Severity::Note, Severity::Warning);
    let expected = [(note, 1), (note, 1), (note, 1), (warning, 17)];
    assert_eq!(said.collect::<Vec<_>>(), expected.map(|(severity, count)| (Code::SetAside, severity, count)));
    assert!(output.diagnostics[3].message.contains("not used"));
}
