//! Verification: each way in which an archive can be other than CloudTrail delivered it has a verdict of its own.

#![allow(clippy::unwrap_used)]

#[path = "verify/command_line.rs"]
mod command_line;
#[path = "verify/hostile.rs"]
mod hostile;
#[path = "verify/lake.rs"]
mod lake;
#[path = "verify/real.rs"]
mod real;
#[path = "ingest/shared_data.rs"]
mod shared_data;
#[path = "verify/trail.rs"]
mod trail;

use serde_json::json;
use trail::{BUCKET, Dropped, Key, Trail, head_object, hex};
use trailscope::model::selection::Selection;
use trailscope::verify::{Report, Verdict};

type Counted = Vec<(Verdict, u64)>;

/// How many log files and digest files have which verdict.
fn counts(report: &Report) -> (Counted, Counted) {
    let list = |counts: &trailscope::verify::Counts| counts.iter().map(|(verdict, count)| (*verdict, *count)).collect();
    (list(&report.files_by_verdict), list(&report.digests_by_verdict))
}

/// The first command that would get further.
fn command(report: &Report) -> &str {
    report.advice[0].command.as_deref().unwrap_or_default()
}

fn digest(report: &Report, number: usize) -> (Verdict, &str) {
    (report.digests[number].verdict, &report.digests[number].reason)
}

/// Events in files that no digest file can name are not passed over: whoever reads them with the others learns of it.
#[test]
fn events_under_another_name_are_not_covered() {
    let events = json!({"Records": [{"eventVersion": "1.08", "eventID": "planted"}]});
    let others = Trail::of(4).with_proof().and("aaa.json", &events).and("empty.json", &json!({"Records": []}));
    let report = others.verify();
    assert_eq!(counts(&report).0, [(Verdict::NotCovered, 1), (Verdict::Valid, 8)]);
    assert!(!report.is_proven() && !report.is_wrong());
    let found = report.files.iter().find(|file| file.verdict == Verdict::NotCovered).unwrap();
    assert_eq!((found.path.as_deref(), &found.object), (Some("aaa.json"), &None));
}

#[test]
fn a_whole_chain_is_valid_in_any_order() {
    let trail = Trail::of(4);
    let report = trail.with_proof().verify();
    assert_eq!(counts(&report), (vec![(Verdict::Valid, 8)], vec![(Verdict::Valid, 4)]));
    assert!(report.is_proven() && !report.is_wrong());
    let [chain] = &report.chains[..] else { panic!("{:?}", report.chains) };
    assert_eq!(
        (chain.account.as_str(), chain.region.as_str(), chain.trail.as_str()),
        ("111122223333", "eu-west-1", "my_trail")
    );
    assert!(chain.begins && chain.breaks.is_empty());
    assert_eq!(
        report.summary,
        "8 log files valid; 4 digest files valid; chain from 2024-05-01T00:00:07Z to 2024-05-01T04:00:07Z unbroken."
    );
    assert_eq!((report.hours.len(), report.keys[0].used), (4, 4));
    assert_eq!((&report.advice[..], &report.problems[..]), (&[][..], &[][..]));
    let mut reversed = trail.with_proof();
    reversed.0.reverse();
    assert_eq!(reversed.verify(), report);
    let mut twice = trail.with_proof();
    twice.0.extend(trail.with_proof().0);
    assert_eq!(counts(&twice.verify()), counts(&report));
}

#[test]
fn without_its_own_signature_the_newest_digest_is_unsigned() {
    let trail = Trail::of(2);
    let report = trail.delivered().and("keys.json", &trail.key.list()).verify();
    assert_eq!(
        counts(&report),
        (vec![(Verdict::Unsigned, 2), (Verdict::Valid, 2)], vec![(Verdict::Unsigned, 1), (Verdict::Valid, 1)],)
    );
    assert!(digest(&report, 1).1.contains("kept by S3"));
    assert!(!report.is_wrong() && !report.is_proven());
    assert!(command(&report).contains(&format!("head-object --bucket {BUCKET} --key {}", trail.digests[1].object)));
}

#[test]
fn signatures_are_found_by_object_or_by_fit() {
    let trail = Trail::of(2);
    let newest = trail.digests[1].clone();
    let keyed = trail.delivered().and("keys.json", &trail.key.list());
    let metadata = &head_object(&newest.signature)["Metadata"];
    for json in
        [metadata.clone(), json!({&newest.object: metadata}), json!({&newest.object: head_object(&newest.signature)})]
    {
        assert!(keyed.clone().and("head.json", &json).verify().is_proven(), "{json}");
    }
    let wrong =
        json!({&newest.object: {"signature": trail.digests[0].signature, "signature-algorithm": "SHA256withRSA"}});
    let report = keyed.clone().and("head.json", &wrong).verify();
    assert_eq!(digest(&report, 1).0, Verdict::InvalidSignature);
    // Nobody says that a signature without a name belongs to a digest file it does not fit.
    let report = keyed.and("head.json", &head_object("00ff")).verify();
    assert_eq!((digest(&report, 1).0, report.problems.len()), (Verdict::Unsigned, 1));
}

#[test]
fn a_changed_byte_shows() {
    let trail = Trail::of(3);
    let (object, bytes) = &trail.logs[3];
    let mut changed = bytes.clone();
    changed[20] ^= 1;
    let report = trail.with_proof().with(object, &changed).verify();
    assert_eq!(counts(&report), (vec![(Verdict::Modified, 1), (Verdict::Valid, 5)], vec![(Verdict::Valid, 3)]));
    let file = &report.files[0];
    assert_eq!(file.path.as_ref(), Some(object));
    use sha2::{Digest, Sha256};
    assert_eq!(file.expected, Some(hex(&Sha256::digest(bytes))));
    assert_eq!(file.found, Some(hex(&Sha256::digest(&changed))));
    assert_eq!(
        report.hours.iter().map(|hour| hour.verdict).collect::<Vec<_>>(),
        [Verdict::Valid, Verdict::Modified, Verdict::Valid]
    );
    // The same events in another spelling are other bytes.
    let spelled = String::from_utf8(bytes.clone()).unwrap().replace('\t', " ");
    assert_eq!(trail.with_proof().with(object, spelled.as_bytes()).verify().files[0].verdict, Verdict::Modified);
}

#[test]
fn a_log_that_cannot_be_decompressed_is_modified_and_an_empty_one_too() {
    let trail = Trail::of(2);
    let mut cut = trail.with_proof();
    let file = cut.0.iter_mut().find(|(path, _)| *path == trail.logs[0].0).unwrap();
    file.1.truncate(file.1.len() - 9);
    assert_eq!(cut.verify().files[0].verdict, Verdict::Modified);
    // What follows the compressed data is in no hash, but some tool may read it: another member, or anything.
    for more in [trail::gzip(b"{\"Records\":[]}"), b"{\"Records\":[]}".to_vec()] {
        for object in [&trail.logs[0].0, &trail.digests[0].object] {
            let mut longer = trail.with_proof();
            longer.0.iter_mut().find(|(path, _)| path == object).unwrap().1.extend_from_slice(&more);
            assert!(longer.verify().is_wrong(), "{object}");
        }
    }
    assert_eq!(trail.with_proof().with(&trail.logs[0].0, b"").verify().files[0].verdict, Verdict::Modified);
    let mut emptied = trail.with_proof();
    emptied.0.iter_mut().find(|(path, _)| *path == trail.logs[0].0).unwrap().1.clear();
    assert_eq!(emptied.verify().files[0].verdict, Verdict::Modified);
}

/// Whoever changes a log file and the digest to fit it cannot sign the digest.
#[test]
fn a_changed_digest_vouches_for_nothing() {
    let trail = Trail::of(3);
    let (object, bytes) = &trail.logs[2];
    let mut changed = bytes.clone();
    changed[20] ^= 1;
    use sha2::{Digest, Sha256};
    let (old, new) = (hex(&Sha256::digest(bytes)), hex(&Sha256::digest(&changed)));
    let forged = trail.digests[1].text.replace(&old, &new);
    assert_ne!(forged, trail.digests[1].text);
    let dropped = trail.with_proof().with(object, &changed).with(&trail.digests[1].object, forged.as_bytes());
    let report = dropped.verify();
    assert_eq!(digest(&report, 1).0, Verdict::Modified);
    assert_eq!(report.digests[1].expected, Some(hex(&Sha256::digest(&trail.digests[1].text))));
    assert_eq!(counts(&report).0, [(Verdict::InvalidDigest, 2), (Verdict::Valid, 4)]);
    // Nor the newest one, whose hash no other digest states.
    let forged = trail.digests[2].text.replace("2024-05-01T02:00:07Z", "yesterday");
    assert_eq!(
        digest(&trail.with_proof().with(&trail.digests[2].object, forged.as_bytes()).verify(), 2).0,
        Verdict::Malformed
    );
    let forged = trail.digests[2].text.replace("SHA-256\" ,", "SHA-256\",");
    let report = trail.with_proof().with(&trail.digests[2].object, forged.as_bytes()).verify();
    assert_eq!((digest(&report, 2).0, report.problems.len()), (Verdict::Unsigned, 1));
    let named = json!({&trail.digests[2].object: head_object(&trail.digests[2].signature)});
    let report =
        trail.with_proof().with(&trail.digests[2].object, forged.as_bytes()).and("named.json", &named).verify();
    assert_eq!(digest(&report, 2).0, Verdict::InvalidSignature);
}

#[test]
fn a_digest_with_a_byte_more_is_malformed() {
    let trail = Trail::of(3);
    let longer = format!("{}\n", trail.digests[1].text);
    let report = trail.with_proof().with(&trail.digests[1].object, longer.as_bytes()).verify();
    assert_eq!(counts(&report).1, [(Verdict::Malformed, 1), (Verdict::Unsigned, 1), (Verdict::Valid, 1)]);
    assert_eq!(report.chains[0].breaks.len(), 1);
}

#[test]
fn keys() {
    let trail = Trail::of(2);
    let proven = trail.with_proof();
    // None, and one that is not the digests' key.
    for dropped in
        [proven.clone().without("keys.json"), proven.clone().without("keys.json").and("keys.json", &Key::b().list())]
    {
        let report = dropped.verify();
        assert_eq!(counts(&report), (vec![(Verdict::NoKey, 4)], vec![(Verdict::NoKey, 2)]));
        let wanted =
            "list-public-keys --region eu-west-1 --start-time 2024-05-01T00:00:07Z --end-time 2024-05-01T04:00:07Z";
        assert!(command(&report).contains(wanted), "{:?}", report.advice);
    }
    // Another key under the digests' fingerprint.
    let mut posing = Key::b().list();
    posing["PublicKeyList"][0]["Fingerprint"] = json!(trail.key.fingerprint());
    let report = proven.clone().without("keys.json").and("keys.json", &posing).verify();
    assert_eq!(counts(&report).1, [(Verdict::NoKey, 2)]);
    assert!(report.keys[0].problem.is_some());
    // The key, but of another time.
    for (from, to) in
        [("2024-05-01T05:00:00Z", "2024-06-01T00:00:00Z"), ("2024-04-01T00:00:00Z", "2024-05-01T00:30:00Z")]
    {
        let key = Key { from, to, ..Key::a() };
        let report = proven.clone().without("keys.json").and("keys.json", &key.list()).verify();
        assert_eq!(counts(&report), (vec![(Verdict::KeyNotValid, 4)], vec![(Verdict::KeyNotValid, 2)]), "{from}");
    }
    // A digest is signed some time after its end: by a new key, when keys change in between.
    let key = Key { from: "2024-05-01T02:30:00Z", ..Key::a() };
    assert!(proven.clone().without("keys.json").and("keys.json", &key.list()).verify().is_proven());
    // The spelling of the API and of version 1 of the CLI, where times are seconds.
    let value = trail.key.list()["PublicKeyList"][0]["Value"].clone();
    let other = json!({"publicKeyList": [{"Value": value, "Fingerprint": trail.key.fingerprint(),
        "ValidityStartTime": 1_704_067_200.0, "ValidityEndTime": 1_735_603_200}]});
    assert!(proven.without("keys.json").and("k.json", &other).verify().is_proven());
}

/// After a change of keys one of them is enough: a valid digest states the hash of the one before.
#[test]
fn a_valid_digest_vouches_for_the_one_before() {
    let mut trail = Trail::of(2);
    trail.key = Key::b();
    trail.next_hour(true);
    let report = trail.with_proof().verify();
    assert!(report.is_proven(), "{}", report.summary);
    assert!(digest(&report, 0).1.contains("next digest file, which is valid"));
    assert!(digest(&report, 1).1.contains("next digest file, which is valid"));
}

#[test]
fn what_is_missing_is_named() {
    let trail = Trail::of(4);
    let report = trail.with_proof().without(&trail.logs[5].0).verify();
    assert_eq!(counts(&report).0, [(Verdict::Missing, 1), (Verdict::Valid, 7)]);
    assert_eq!(report.files[0].object, Some(format!("{BUCKET}/{}", trail.logs[5].0)));
    // A digest file in the middle, and with it the signature of the one before.
    let report = trail.with_proof().without(&trail.digests[1].object).verify();
    let files = vec![(Verdict::Unsigned, 2), (Verdict::NotCovered, 2), (Verdict::Valid, 4)];
    assert_eq!(counts(&report), (files, vec![(Verdict::Missing, 1), (Verdict::Unsigned, 1), (Verdict::Valid, 2)]));
    assert_eq!(report.chains[0].breaks.len(), 1);
    assert_eq!(report.hours[1].verdict, Verdict::Missing);
    // The first one: a later start, no fault.
    let report = trail.with_proof().without(&trail.digests[0].object).verify();
    assert_eq!(counts(&report).1, [(Verdict::Valid, 3)]);
    assert!(!report.chains[0].begins && report.chains[0].breaks.is_empty());
}

#[test]
fn swapped_digests_bear_the_wrong_names() {
    let trail = Trail::of(3);
    let [first, second, _] = &trail.digests[..] else { panic!() };
    let swapped =
        trail.with_proof().with(&first.object, second.text.as_bytes()).with(&second.object, first.text.as_bytes());
    let report = swapped.verify();
    assert_eq!(counts(&report), (vec![(Verdict::Valid, 6)], vec![(Verdict::Moved, 2), (Verdict::Valid, 1)]));
    assert!(report.is_wrong());
    // One copied over the other: what it replaced is missing, and with it the signature of the one before.
    let report = trail.with_proof().with(&second.object, first.text.as_bytes()).verify();
    let files = vec![(Verdict::Unsigned, 2), (Verdict::NotCovered, 2), (Verdict::Valid, 2)];
    let digests = vec![(Verdict::Modified, 1), (Verdict::Missing, 1), (Verdict::Unsigned, 1), (Verdict::Valid, 1)];
    assert_eq!(counts(&report), (files, digests));
}

#[test]
fn a_gap_is_a_break_but_no_fault() {
    let mut trail = Trail::of(2);
    trail.hour += 3;
    trail.next_hour(false);
    trail.next_hour(true);
    // The digest before the gap is signed by nothing but its own metadata.
    let before = json!({&trail.digests[1].object: head_object(&trail.digests[1].signature)});
    let report = trail.with_proof().and("before.json", &before).verify();
    assert_eq!(counts(&report), (vec![(Verdict::Valid, 8)], vec![(Verdict::Valid, 4)]));
    let [gap] = &report.chains[0].breaks[..] else { panic!("{:?}", report.chains) };
    assert_eq!(
        (gap.from.to_rfc3339().as_str(), gap.to.to_rfc3339().as_str()),
        ("2024-05-01T02:00:07Z", "2024-05-01T05:00:07Z")
    );
    assert_eq!(report.hours[2].verdict, Verdict::NotCovered);
    assert!(report.summary.ends_with("broken once."), "{}", report.summary);
}

#[test]
fn backfill_digests_are_a_chain_of_their_own() {
    let (trail, mut late) = (Trail::of(2), Trail::of(0));
    late.suffix = "_backfill";
    late.next_hour(true);
    late.next_hour(true);
    let mut dropped = trail.with_proof();
    dropped.0.extend(late.with_proof().0.into_iter().map(|(path, bytes)| (path.replace("head", "late"), bytes)));
    let report = dropped.verify();
    assert_eq!(counts(&report), (vec![(Verdict::Valid, 8)], vec![(Verdict::Valid, 4)]));
    assert_eq!(report.chains.iter().map(|chain| chain.backfill).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_log_that_no_digest_names_is_not_proven() {
    let trail = Trail::of(3);
    let added = |time: &str| format!("AWSLogs/111122223333_CloudTrail_eu-west-1_{time}_added.json.gz");
    let with = |path: String| {
        let mut dropped = trail.with_proof();
        dropped.0.push((path, trail::gzip(b"{\"Records\":[]}")));
        dropped.verify()
    };
    let report = with(added("20240501T0130Z"));
    assert_eq!((report.files[0].verdict, report.is_wrong(), report.is_proven()), (Verdict::Extra, false, false));
    for open in
        [added("20240501T0255Z"), added("20240502T0130Z"), added("20240501T0130Z").replace("eu-west-1", "eu-west-2")]
    {
        assert_eq!(with(open).files[0].verdict, Verdict::NotCovered);
    }
}

#[test]
fn both_a_genuine_file_and_its_changed_copy_are_judged() {
    let trail = Trail::of(1);
    let mut dropped = trail.with_proof();
    dropped.0.push((format!("copy/{}", trail.logs[0].0), trail::gzip(b"{\"Records\":[]}")));
    let report = dropped.verify();
    assert_eq!(counts(&report).0, [(Verdict::Modified, 1), (Verdict::Valid, 2)]);
    assert!(report.files[0].path.as_ref().unwrap().starts_with("copy/"));
}

#[test]
fn files_decompressed_on_download_and_files_in_archives_are_the_same_files() {
    let trail = Trail::of(2);
    let plain = |(path, bytes): (&String, &[u8])| (path.trim_end_matches(".gz").to_owned(), bytes.to_vec());
    let digests = trail.digests.iter().map(|digest| plain((&digest.object, digest.text.as_bytes())));
    let files = digests.chain(trail.logs.iter().map(|(path, bytes)| plain((path, bytes))));
    let proof = trail.with_proof().0.split_off(6);
    assert!(Dropped(files.chain(proof).collect()).verify().is_proven());
    let mut archive = Vec::new();
    let mut zip = rawzip::ZipArchiveWriter::new(&mut archive);
    for (path, bytes) in &trail.with_proof().0 {
        let (mut entry, config) = zip.new_file(path).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        std::io::Write::write_all(&mut writer, bytes).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    zip.finish().unwrap();
    let report = Dropped(vec![("trail.zip".into(), archive)]).verify();
    assert!(report.is_proven(), "{}", report.summary);
}

/// A week of a year's bucket was read: the rest is not missing.
#[test]
fn what_was_not_to_be_read_is_not_missing() {
    let trail = Trail::of(3);
    let (log, digest) = (&trail.logs[3].0, &trail.digests[1].object);
    let part = trail.with_proof().without(log).without(digest);
    let report = part.verify_part(&|path| path != log && path != digest);
    assert_eq!(counts(&report).1, [(Verdict::Unsigned, 1), (Verdict::NotRead, 1), (Verdict::Valid, 1)]);
    assert_eq!((report.is_wrong(), report.hours[1].verdict), (false, Verdict::NotRead));
    let report = trail.with_proof().without(log).verify_part(&|path| path != log);
    assert_eq!(counts(&report).0, [(Verdict::NotRead, 1), (Verdict::Valid, 5)]);
    assert!(!report.is_wrong() && !report.is_proven());
}

/// The text that chooses files may be that of the folder that was dropped: no key has it in it, and none was left out.
#[test]
fn what_is_missing_in_a_folder_chosen_by_name_is_missing() {
    let trail = Trail::of(3);
    let mut dropped = trail.with_proof().without(&trail.logs[3].0);
    dropped.0.iter_mut().for_each(|(path, _)| path.insert_str(0, "incident 7/"));
    let paths = || dropped.0.iter().map(|(path, _)| path.as_str());
    for (text, verdict) in [("Incident", Verdict::Missing), ("20240501T00", Verdict::NotRead)] {
        let selection = Selection { path: text.into(), ..Selection::default() };
        let read = Dropped(dropped.0.iter().filter(|(path, _)| selection.keeps(path)).cloned().collect());
        let of_keys = selection.for_keys(paths().filter(|path| selection.keeps(path)));
        // The digest file that names it is read in both cases.
        let digests = dropped.0.iter().filter(|(path, _)| path.contains("Digest") && !selection.keeps(path)).cloned();
        let report = Dropped(read.0.into_iter().chain(digests).collect()).verify_part(&|key| of_keys.keeps(key));
        let object = format!("{BUCKET}/{}", trail.logs[3].0);
        let judged = report.files.iter().find(|file| file.object.as_ref() == Some(&object)).unwrap();
        assert_eq!(judged.verdict, verdict, "{text}");
    }
}

#[test]
fn nothing_proven_is_said_as_such() {
    let report = Dropped::default().verify();
    assert!(!report.is_proven() && !report.is_wrong());
    assert_eq!((report.summary.as_str(), report.advice.len()), ("No log files.", 1));
}
