//! Digest files, keys and signatures that somebody made up: no verdict but "not proven", no panic, no endless work.

use super::trail::{BUCKET, Key, Trail, gzip, hex, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use trailscope::model::attachment::{Attachment, AttachmentKind};
use trailscope::model::query::StreamHash;
use trailscope::verify::Verdict;

fn attachment(kind: AttachmentKind, path: &str, json: &Value) -> Attachment {
    Attachment { kind, path: path.into(), json: json.to_string(), whole: true }
}

/// Few different values, so that digests meet.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("a_CloudTrail-Digest_r_t_r_20240501T010007Z.json.gz")),
        Just(json!("a_CloudTrail_r_20240501T0030Z_x.json.gz")),
        Just(json!("2024-05-01T00:00:07Z")),
        Just(json!("2024-05-01T01:00:07Z")),
        Just(json!("9999-12-31T23:59:59Z")),
        Just(json!("00".repeat(32))),
        Just(json!("00".repeat(4_000))),
        Just(json!(Key::a().fingerprint())),
        Just(json!("\u{202e}<script>'\n/ › ../é")),
        Just(json!("SHA-256")),
        Just(Value::Null),
        Just(json!("")),
        Just(json!(-1.5e300)),
    ]
}

fn digest() -> impl Strategy<Value = Value> {
    let names = [
        "digestStartTime",
        "digestEndTime",
        "digestS3Bucket",
        "digestS3Object",
        "digestPublicKeyFingerprint",
        "previousDigestS3Bucket",
        "previousDigestS3Object",
        "previousDigestHashValue",
        "previousDigestSignature",
    ];
    (proptest::collection::vec(text(), names.len()), proptest::collection::vec((text(), text(), text()), 0..3))
        .prop_map(move |(values, logs)| {
            let mut fields: serde_json::Map<_, _> = names.iter().map(|name| (*name).to_owned()).zip(values).collect();
            // Mostly readable, or no digest would ever get far.
            for (name, time) in [("digestStartTime", "2024-05-01T00:00:07Z"), ("digestEndTime", "2024-05-01T01:00:07Z")]
            {
                if !fields[name].as_str().is_some_and(|text| text.starts_with('9')) {
                    fields.insert(name.into(), json!(time));
                }
            }
            let log = |(bucket, key, hash)| json!({"s3Bucket": bucket, "s3Object": key, "hashValue": hash});
            fields.insert("logFiles".into(), logs.into_iter().map(log).collect());
            Value::Object(fields)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn made_up_evidence_proves_nothing(
        digests in proptest::collection::vec(digest(), 0..6),
        metadata in proptest::collection::vec((text(), text()), 0..3),
        keys in proptest::collection::vec((text(), text(), text()), 0..3),
        paths in proptest::collection::vec("[a-zé/_ ›]{0,6}_CloudTrail_r_[0-9TZ]{0,14}_x.json", 0..3),
    ) {
        let mut attachments = vec![attachment(AttachmentKind::PublicKeys, "k", &Key::a().list())];
        attachments.extend(digests.iter().map(|digest| attachment(AttachmentKind::Digest, "d", digest)));
        attachments.extend(metadata.iter().map(|(key, hex)| {
            let object = key.as_str().unwrap_or_default();
            attachment(AttachmentKind::ObjectMetadata, "m", &json!({object: {"signature": hex, "signature-algorithm": ""}}))
        }));
        attachments.extend(keys.iter().map(|(value, from, to)| {
            let list = json!({"publicKeyList": [{"Value": value, "Fingerprint": "x", "ValidityStartTime": from, "ValidityEndTime": to}]});
            attachment(AttachmentKind::PublicKeys, "k", &list)
        }));
        let streams: Vec<_> = paths.into_iter().map(|path| StreamHash { path, sha256: [0; 32], whole: true }).collect();
        let report = verify(&attachments, (&streams, &[]), &|_| true);
        prop_assert!(!report.digests_by_verdict.contains_key(&Verdict::Valid));
        prop_assert!(!report.files_by_verdict.contains_key(&Verdict::Valid));
        prop_assert!(serde_json::to_string(&report).is_ok());
        prop_assert!(report.advice.iter().filter_map(|advice| advice.command.as_ref()).all(|line| !line.contains('\n')));
    }
}

/// Whoever changes a log file and makes its digest fit, with a key that nobody has, adds a digest that vouches for that one.
/// The genuine digest after it states another hash, whatever time the changed one says it is of.
#[test]
fn a_digest_that_is_added_vouches_for_nothing() {
    let trail = Trail::of(4);
    let ((log, bytes), genuine) = (&trail.logs[2], &trail.digests[1]);
    let changed = [bytes.as_slice(), b" "].concat();
    let hash = |bytes: &[u8]| hex(&Sha256::digest(bytes));
    let forged = genuine.text.replace(&hash(bytes), &hash(&changed)).replace(&Key::a().fingerprint(), &"0".repeat(32));
    let later = forged.replace("2024-05-01T02:00:07Z", "2024-05-01T09:00:07Z");
    assert!(forged != genuine.text && later != forged);
    for forged in [forged, later] {
        let added = genuine.object.replace(".json", "_backfill.json");
        let vouching = json!({"digestStartTime": "2024-05-01T01:00:07Z", "digestEndTime": "2024-05-01T02:00:07Z",
            "digestS3Bucket": BUCKET, "digestS3Object": added, "digestPublicKeyFingerprint": "0".repeat(32),
            "previousDigestS3Bucket": BUCKET, "previousDigestS3Object": genuine.object,
            "previousDigestHashValue": hash(forged.as_bytes()), "previousDigestSignature": "00", "logFiles": []});
        let mut dropped = trail.with_proof().with(log, &changed).with(&genuine.object, forged.as_bytes());
        dropped.0.push((added, gzip(vouching.to_string().as_bytes())));
        let report = dropped.verify();
        let judged = report.digests.iter().find(|digest| digest.path.as_ref() == Some(&genuine.object)).unwrap();
        assert_eq!(
            (judged.verdict, judged.expected.as_ref()),
            (Verdict::Modified, Some(&hash(genuine.text.as_bytes())))
        );
        assert_eq!(report.files_by_verdict.get(&Verdict::InvalidDigest), Some(&2));
        assert!(report.is_wrong());
    }
}

/// A thousand digests that all claim to follow on one, each with a signature of its own, of which there are a thousand
/// versions: a million pairs, of which few are tried.
#[test]
fn many_claims_are_not_all_tried() {
    let digest = |number: u32, previous: Value, signature: Value| {
        json!({"digestStartTime": "2024-05-01T00:00:07Z", "digestEndTime": "2024-05-01T01:00:07Z", "digestS3Bucket": "b",
            "digestS3Object": if previous.is_null() { "same".to_owned() } else { number.to_string() },
            "digestPublicKeyFingerprint": Key::a().fingerprint(), "previousDigestS3Object": previous,
            "previousDigestSignature": signature, "note": number})
    };
    let versions = (0..200).map(|number| digest(number, Value::Null, Value::Null));
    let claims = (0..200).map(|number| digest(number, json!("same"), json!(format!("{number:0512x}"))));
    let mut attachments: Vec<_> =
        versions.chain(claims).map(|digest| attachment(AttachmentKind::Digest, "d", &digest)).collect();
    attachments.push(attachment(AttachmentKind::PublicKeys, "k", &Key::a().list()));
    let report = verify(&attachments, (&[], &[]), &|_| true);
    assert_eq!(report.digests_by_verdict.get(&Verdict::InvalidSignature), Some(&200));
}

/// Thousands of digests that all name one predecessor, of which there are thousands of versions, and thousands of keys
/// with one fingerprint, of signatures and of log files that nothing names: no pair of them is looked at.
#[test]
fn what_comes_by_thousands_is_not_paired() {
    const MANY: u32 = 6_000;
    let hour =
        |number: u32, second: u32| format!("2024-05-{:02}T{:02}:00:{second:02}Z", 1 + number / 24 % 28, number % 24);
    let digest = |number: u32, object: String, previous: Value| {
        json!({"digestStartTime": hour(number, 0), "digestEndTime": hour(number, 7), "digestS3Bucket": "b",
            "digestS3Object": object, "digestPublicKeyFingerprint": "none", "previousDigestS3Object": previous,
            "previousDigestHashValue": format!("{number:064x}"), "previousDigestSignature": "00", "note": number})
    };
    let name = "1_CloudTrail-Digest_r_t_r_20240501T000007Z.json.gz";
    let versions = (0..MANY).map(|number| digest(number, name.into(), Value::Null));
    let claims = (0..MANY)
        .map(|number| digest(number, format!("1_CloudTrail-Digest_r_t_r_2024{number:04}.json.gz"), json!(name)));
    let mut attachments: Vec<_> =
        versions.chain(claims).map(|digest| attachment(AttachmentKind::Digest, "d", &digest)).collect();
    attachments.extend((0..MANY).map(|number| {
        let object = format!("1_CloudTrail-Digest_r_t_r_2024{number:04}.json.gz");
        let metadata = json!({object: {"signature": "00", "signature-algorithm": ""}});
        attachment(AttachmentKind::ObjectMetadata, "m", &metadata)
    }));
    let stream = |number: u32| StreamHash {
        path: format!("1_CloudTrail_r_202405{:02}T{:02}30Z_{number:016}.json.gz", 1 + number / 24 % 28, number % 24),
        sha256: [0; 32],
        whole: true,
    };
    let streams: Vec<_> = (0..MANY).map(stream).collect();
    let report = verify(&attachments, (&streams, &[]), &|_| true);
    assert_eq!(report.digests_by_verdict.get(&Verdict::Modified), Some(&u64::from(MANY)));
    assert_eq!(report.files.len(), MANY as usize);
}

/// A few bytes in an archive say a text of a megabyte once, and name a file of which there are a hundred. The report says
/// of each what it should have been.
#[test]
fn what_is_stated_once_is_not_repeated_at_any_length() {
    const LONG: usize = 1_000_000;
    let long = "0".repeat(LONG);
    let name = "1_CloudTrail_r_20240501T0030Z_x.json.gz";
    let digest = |number: usize, object: &str, fields: Value| {
        let mut digest = json!({"digestStartTime": "2024-05-01T00:00:07Z", "digestEndTime": "2024-05-01T01:00:07Z",
            "digestS3Bucket": "b", "digestS3Object": object, "digestPublicKeyFingerprint": "", "note": number});
        digest.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        attachment(AttachmentKind::Digest, "d", &digest)
    };
    let log = |bucket: &str, key: &str, hash: &str| {
        let log = json!({"s3Bucket": bucket, "s3Object": key, "hashValue": hash});
        digest(0, "claim", json!({"logFiles": [log]}))
    };
    let sign_file = json!({"files": [{"fileHashValue": long, "fileName": "result_1.csv.gz"}], "hashAlgorithm": "SHA-256",
        "signatureAlgorithm": "SHA256withRSA", "queryCompleteTime": "2024-05-01T00:00:07Z", "hashSignature": "",
        "publicKeyFingerprint": ""});
    let hash = "0".repeat(64);
    let stream = |number: u8| {
        let (log, result) = (format!("{number}/{name}"), "result_1.csv.gz".to_owned());
        [log, result].map(|path| StreamHash { path, sha256: [number; 32], whole: true })
    };
    let streams: Vec<_> = (0..100).flat_map(stream).collect();
    for (what, stating) in [
        ("previous", digest(0, "claim", json!({"previousDigestS3Object": "same", "previousDigestHashValue": long}))),
        ("hash", log("b", name, &long)),
        ("key", log("b", &format!("{long}/{name}"), &hash)),
        ("bucket", log(&long, name, &hash)),
        ("result", attachment(AttachmentKind::LakeSignature, "result_sign.json", &sign_file)),
    ] {
        let mut attachments: Vec<_> = (0..100).map(|number| digest(number, "same", json!({}))).collect();
        attachments.push(stating);
        let report = verify(&attachments, (&streams, &[]), &|_| true);
        let len = serde_json::to_string(&report).unwrap().len();
        assert!(len < LONG / 2, "{what}: {len}");
        let refused = report.digests_by_verdict.get(&Verdict::Malformed).copied().unwrap_or_default();
        assert_eq!(refused + report.problems.len() as u64, 1, "{what}");
    }
}
