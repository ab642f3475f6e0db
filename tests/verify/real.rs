//! The two-digest chain in `../shared/data`, which aws-cli's own validator accepts, its tampered copy, a digest file of
//! AWS's own and a real key.

use super::counts;
use super::shared_data::data;
use super::trail::Dropped;
use std::path::{Path, PathBuf};
use trailscope::verify::Verdict;

fn shared(test: &str) -> Option<PathBuf> {
    data(test)?.canonicalize().ok()
}

fn files(path: &Path) -> Vec<(String, Vec<u8>)> {
    if path.is_file() {
        return vec![(path.to_string_lossy().into_owned(), std::fs::read(path).unwrap())];
    }
    let mut entries: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.iter().flat_map(|path| files(path)).collect()
}

#[test]
fn the_chain_is_valid_and_the_tampered_copy_is_not() {
    let Some(data) = shared("the_chain_is_valid_and_the_tampered_copy_is_not") else { return };
    let derived = data.join("derived");
    let keys = derived.join("invictus-trail-digest-keys");
    let trail = files(&derived.join("invictus-trail"));
    let proof: Vec<_> =
        ["list-public-keys.json", "s3-object-metadata.json"].iter().flat_map(|name| files(&keys.join(name))).collect();
    let report = Dropped([trail.clone(), proof.clone()].concat()).verify();
    assert_eq!(counts(&report), (vec![(Verdict::Valid, 55)], vec![(Verdict::Valid, 2)]));
    // The tar archives hold log files only.
    let digests = files(&derived.join("invictus-trail/AWSLogs/218007301253/CloudTrail-Digest"));
    for archive in ["invictus-trail.zip", "invictus-trail.tar", "invictus-trail.tar.gz"] {
        let report = Dropped([files(&derived.join(archive)), digests.clone(), proof.clone()].concat()).verify();
        assert_eq!(counts(&report), (vec![(Verdict::Valid, 55)], vec![(Verdict::Valid, 2)]), "{archive}");
    }
    let tampered = files(&derived.join("invictus-trail-tampered"));
    let name = |path: &str| Path::new(path).file_name().unwrap().to_owned();
    let rest = trail.iter().filter(|(path, _)| name(path) != name(&tampered[0].0)).cloned().collect();
    let report = Dropped([rest, tampered.clone(), proof].concat()).verify();
    assert_eq!(counts(&report).0, [(Verdict::Modified, 1), (Verdict::Valid, 54)]);
    assert_eq!(report.files[0].path.as_ref(), Some(&tampered[0].0));
    // Keys alone: the newest digest file is signed by nothing in the folder.
    let report = Dropped([trail, files(&keys.join("list-public-keys.json"))].concat()).verify();
    assert_eq!(counts(&report).1, [(Verdict::Unsigned, 1), (Verdict::Valid, 1)]);
}

#[test]
fn a_digest_file_and_a_key_of_aws_are_read() {
    let Some(data) = shared("a_digest_file_and_a_key_of_aws_are_read") else { return };
    let keys = files(&data.join("derived/invictus-trail-digest-keys/REAL-aws-public-key-from-awscli-tests.json"));
    let report = Dropped([files(&data.join("originals/llm-guard_real-digest")), keys].concat()).verify();
    assert_eq!(report.digests_by_verdict.into_iter().collect::<Vec<_>>(), [(Verdict::Unsigned, 1)]);
    let chain = &report.chains[0];
    assert_eq!(
        (chain.account.as_str(), chain.region.as_str(), chain.trail.as_str()),
        ("327878933619", "ap-northeast-1", "llm-guard-trail")
    );
    // Its fingerprint is that of its value; its list does not say when it was valid.
    let key = &report.keys[0];
    assert_eq!(
        (key.problem.as_ref(), key.from, key.fingerprint.as_str()),
        (None, None, "8eba5db5bea9b640d1c96a77256fe7f2")
    );
}
