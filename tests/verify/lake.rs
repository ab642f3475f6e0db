//! Results of CloudTrail Lake queries: their sign file covers the files as they lie in the bucket, compressed.

use super::trail::{Dropped, Key, gzip, hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use trailscope::verify::{Report, Verdict};

const FOLDER: &str = "AWSLogs/111122223333/CloudTrail-Lake/Query/2024/05/01/query-id/";

fn results() -> Vec<(String, Vec<u8>)> {
    (1..3)
        .map(|number| (format!("{FOLDER}result_{number}.csv.gz"), gzip(format!("eventid\n\"{number}\"\n").as_bytes())))
        .collect()
}

fn sign_file(key: &Key) -> Value {
    let hashes: Vec<String> = results().iter().map(|(_, bytes)| hex(&Sha256::digest(bytes))).collect();
    let files = hashes
        .iter()
        .enumerate()
        .map(|(index, hash)| json!({"fileHashValue": hash, "fileName": format!("result_{}.csv.gz", index + 1)}));
    json!({
        "version": "1.0", "region": "eu-west-1", "files": files.collect::<Vec<_>>(),
        "hashAlgorithm": "SHA-256", "signatureAlgorithm": "SHA256withRSA",
        "queryCompleteTime": "2024-05-10T22:06:30Z",
        "hashSignature": key.sign(&hashes.join(" ")), "publicKeyFingerprint": key.fingerprint(),
    })
}

fn delivered(sign_file: &Value) -> Dropped {
    Dropped(results()).and(&format!("{FOLDER}result_sign.json"), sign_file).and("keys.json", &Key::a().list())
}

fn verdicts(report: &Report) -> (Vec<Verdict>, Vec<Verdict>) {
    let signs = report.sign_files.iter().map(|file| file.verdict).collect();
    (signs, report.files.iter().map(|file| file.verdict).collect())
}

#[test]
fn a_whole_result_is_valid() {
    let report = delivered(&sign_file(&Key::a())).verify();
    assert_eq!(verdicts(&report), (vec![Verdict::Valid], vec![Verdict::Valid; 2]));
    assert!(report.is_proven());
    assert_eq!(report.keys[0].used, 1);
    assert!(report.summary.contains("1 of 1 sign files"), "{}", report.summary);
}

#[test]
fn a_result_without_its_sign_file_is_not_covered() {
    let mut dropped = delivered(&sign_file(&Key::a()));
    dropped.0.push(("other/result_1.csv.gz".into(), gzip(b"eventid\n\"9\"\n")));
    let report = dropped.verify();
    assert_eq!(verdicts(&report).1, [Verdict::NotCovered, Verdict::Valid, Verdict::Valid]);
    assert!(!report.is_proven());
}

#[test]
fn a_changed_or_missing_result_shows() {
    let name = format!("{FOLDER}result_1.csv.gz");
    let report = delivered(&sign_file(&Key::a())).with(&name, b"eventid\n\"9\"\n").verify();
    assert_eq!(verdicts(&report).1, [Verdict::Modified, Verdict::Valid]);
    // The same rows, compressed in another way, are another file.
    let mut stored = delivered(&sign_file(&Key::a()));
    let bytes = &mut stored.0.iter_mut().find(|(path, _)| *path == name).unwrap().1;
    bytes[9] ^= 1;
    assert_eq!(verdicts(&stored.verify()).1, [Verdict::Modified, Verdict::Valid]);
    let report = delivered(&sign_file(&Key::a())).without(&name).verify();
    assert_eq!(verdicts(&report).1, [Verdict::Missing, Verdict::Valid]);
    // The result of another query has the same name, but lies elsewhere.
    let mut moved = delivered(&sign_file(&Key::a())).without(&name);
    moved.0.push(("other/result_1.csv.gz".into(), results().remove(0).1));
    assert_eq!(verdicts(&moved.verify()).1, [Verdict::Missing, Verdict::NotCovered, Verdict::Valid]);
}

#[test]
fn a_sign_file_that_is_not_genuine_vouches_for_nothing() {
    let mut forged = sign_file(&Key::a());
    forged["files"][0]["fileHashValue"] = json!(hex(&Sha256::digest(gzip(b"forged"))));
    let report = delivered(&forged).with(&format!("{FOLDER}result_1.csv.gz"), b"forged").verify();
    assert_eq!(verdicts(&report), (vec![Verdict::InvalidSignature], vec![Verdict::InvalidDigest; 2]));
    let report = delivered(&sign_file(&Key::a())).without("keys.json").verify();
    assert_eq!(verdicts(&report), (vec![Verdict::NoKey], vec![Verdict::NoKey; 2]));
    assert!(super::command(&report).contains("list-public-keys"), "{:?}", report.advice);
    let late = Key { from: "2024-06-01T00:00:00Z", ..Key::a() };
    let report = delivered(&sign_file(&Key::a())).without("keys.json").and("keys.json", &late.list()).verify();
    assert_eq!(verdicts(&report), (vec![Verdict::KeyNotValid], vec![Verdict::KeyNotValid; 2]));
}
