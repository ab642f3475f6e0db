//! The files that were dropped against what digest and sign files say of them.

use super::audit::{Audit, Proof};
use super::chain::{self, Judgement};
use super::report::{Chain, File, Report, SignFile, Verdict};
use super::{hex, names};
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::model::object_key::ObjectKey;
use crate::model::query::StreamHash;
use std::collections::{HashMap, HashSet};

/// A log file's name gives the time of delivery to within five minutes or so; nearer than this to where a chain ends or
/// breaks it may belong to the next digest file.
const MARGIN: i64 = 15 * MINUTE;

/// A statement about one file, and how far it is to be believed.
struct Stated<'a> {
    /// Bucket and key, or the name in a sign file.
    object: String,
    hash: &'a str,
    by: &'a str,
    verdict: Verdict,
    /// Whether the file was to be read, if it was dropped.
    is_kept: bool,
}

/// Judges all files.
pub(super) fn judge(
    audit: &Audit,
    digests: &[Judgement],
    (streams, unnamed): (&[StreamHash], &[String]),
    keeps: &dyn Fn(&str) -> bool,
    report: &mut Report,
) {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, stream) in streams.iter().enumerate() {
        by_name.entry(names::without_gz(names::file_name(&stream.path))).or_default().push(index);
    }
    let mut named = vec![false; streams.len()];
    judge_logs(audit, digests, streams, keeps, &by_name, &mut named, report);
    judge_results(audit, streams, keeps, &mut named, report);
    let covered = Covered::of(&report.chains);
    for (stream, _) in streams.iter().zip(named).filter(|(_, named)| !named) {
        report.files.push(not_named(stream, &covered));
    }
    report.files.extend(unnamed.iter().map(|path| not_stated(path, None, Verdict::NotCovered, NO_NAME)));
    report.files.sort_by(|a, b| (a.verdict, &a.object, &a.path).cmp(&(b.verdict, &b.object, &b.path)));
    for file in &report.files {
        *report.files_by_verdict.entry(file.verdict).or_default() += 1;
    }
}

fn judge_logs(
    audit: &Audit,
    digests: &[Judgement],
    streams: &[StreamHash],
    keeps: &dyn Fn(&str) -> bool,
    by_name: &HashMap<&str, Vec<usize>>,
    named: &mut [bool],
    report: &mut Report,
) {
    // The same log file may stand in several digests, as in a copy that was changed: the most credible one counts.
    let mut best: HashMap<(&str, &str), (usize, usize)> = HashMap::new();
    for (index, judged) in audit.digests.iter().enumerate() {
        for (place, log) in judged.digest.fields.log_files.iter().enumerate() {
            let known = best.entry((&log.s3_bucket, &log.s3_object)).or_insert((index, place));
            if credibility(digests[index].verdict) > credibility(digests[known.0].verdict) {
                *known = (index, place);
            }
        }
    }
    for ((bucket, key), (index, place)) in best {
        let digest = &audit.digests[index].digest;
        let stated = Stated {
            object: format!("{bucket}/{key}"),
            hash: &digest.fields.log_files[place].hash_value,
            by: &digest.path,
            verdict: digests[index].verdict,
            is_kept: keeps(key),
        };
        let candidates = by_name.get(names::without_gz(names::file_name(key))).map_or(&[][..], Vec::as_slice);
        candidates.iter().for_each(|&stream| named[stream] = true);
        let counts = &mut report.digests[digests[index].row].files;
        for file in compare(&stated, candidates.iter().map(|&stream| &streams[stream])) {
            *counts.entry(file.verdict).or_default() += 1;
            report.files.push(file);
        }
    }
}

/// How far a digest or sign file is to be believed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Credibility {
    /// Not genuine.
    None,
    /// Perhaps.
    Open,
    /// Signed.
    Proven,
}

fn credibility(verdict: Verdict) -> Credibility {
    match verdict {
        Verdict::Valid | Verdict::Moved => Credibility::Proven,
        verdict if verdict.is_wrong() => Credibility::None,
        _ => Credibility::Open,
    }
}

/// The verdict about each different file that bears the name; a missing one is a verdict too.
fn compare<'a>(stated: &Stated, candidates: impl Iterator<Item = &'a StreamHash>) -> Vec<File> {
    let file = |path, found, verdict, reason: String| File {
        path,
        object: Some(stated.object.clone()),
        verdict,
        reason,
        expected: Some(stated.hash.to_owned()),
        found,
        stated_by: Some(stated.by.to_owned()),
    };
    let mut seen = HashSet::new();
    let judge = |stream: &StreamHash| {
        let fits = stream.whole && hex::decode_hash(stated.hash) == Some(stream.sha256);
        let stating = stated.verdict.words();
        let (verdict, reason) = match (credibility(stated.verdict), fits) {
            _ if !stream.whole => {
                (Verdict::Modified, "it cannot be decompressed to its end, or other bytes follow it".to_owned())
            }
            (Credibility::Proven, true) => (Verdict::Valid, "its hash fits".to_owned()),
            (Credibility::Open, true) => {
                (stated.verdict, format!("its hash fits, but the file that states it is not proven: {stating}"))
            }
            (Credibility::None, true) => {
                (Verdict::InvalidDigest, format!("its hash fits, but the file that states it is {stating}"))
            }
            (Credibility::None, false) => {
                (Verdict::InvalidDigest, format!("its hash does not fit, and the file that states it is {stating}"))
            }
            (_, false) => (Verdict::Modified, "its hash is another".to_owned()),
        };
        file(Some(stream.path.clone()), Some(hex::encode(&stream.sha256)), verdict, reason)
    };
    let files: Vec<File> = candidates.filter(|stream| seen.insert((&stream.path, stream.sha256))).map(judge).collect();
    if files.is_empty() {
        let (verdict, reason) = match stated.is_kept {
            true => (Verdict::Missing, "it was not dropped"),
            false => (Verdict::NotRead, chain::LEFT_OUT),
        };
        return vec![file(None, None, verdict, reason.to_owned())];
    }
    files
}

/// Results of Lake queries lie beside their sign file; their names are the same in every query.
fn judge_results(
    audit: &Audit,
    streams: &[StreamHash],
    keeps: &dyn Fn(&str) -> bool,
    named: &mut [bool],
    report: &mut Report,
) {
    let mut by_path: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, stream) in streams.iter().enumerate().filter(|(_, stream)| names::is_lake_result(&stream.path)) {
        by_path.entry(&stream.path).or_default().push(index);
    }
    for sign_file in &audit.sign_files {
        let key = &sign_file.fields.public_key_fingerprint;
        let (verdict, reason) = match sign_file.proof {
            Proof::Valid(_) => (Verdict::Valid, "its signature verifies".to_owned()),
            Proof::KeyNotValid(_) => {
                (Verdict::KeyNotValid, "its signature verifies, but with a key that was not valid then".to_owned())
            }
            Proof::NoKey | Proof::None => {
                (Verdict::NoKey, format!("no usable key with the fingerprint {key} was dropped"))
            }
            Proof::Invalid => (Verdict::InvalidSignature, "its signature does not verify with its key".to_owned()),
        };
        for result in &sign_file.fields.files {
            let path = format!("{}{}", names::folder(&sign_file.path), result.file_name);
            let found = by_path.get(path.as_str()).map_or(&[][..], Vec::as_slice);
            found.iter().for_each(|&stream| named[stream] = true);
            let (object, hash) = (path.clone(), result.file_hash_value.as_str());
            let is_kept = keeps(&path);
            let stated = Stated { object, hash, by: &sign_file.path, verdict, is_kept };
            report.files.extend(compare(&stated, found.iter().map(|&stream| &streams[stream])));
        }
        report.sign_files.push(SignFile {
            path: sign_file.path.clone(),
            region: sign_file.fields.region.clone(),
            complete: sign_file.complete,
            verdict,
            reason,
            key: Some(key.clone()),
        });
    }
}

/// Why nothing can be said of a file with events that has another name than those that AWS delivers.
const NO_NAME: &str = "it holds events, but its name is not one that digest or sign files have";

/// A log file that no digest file names, or a result that no sign file names.
fn not_named(stream: &StreamHash, covered: &Covered) -> File {
    let delivered = ObjectKey::parse(&stream.path).and_then(|key| Some((key, key.delivered?)));
    let is_of_covered_hour = delivered.is_some_and(|(key, time)| covered.holds(key.account, key.region, time));
    let (verdict, reason) = if names::is_lake_result(&stream.path) {
        (Verdict::NotCovered, "no sign file of its query was dropped beside it")
    } else if is_of_covered_hour {
        let reason = "the digest files of its hour do not name it: it is of another trail, or was added later";
        (Verdict::Extra, reason)
    } else {
        (Verdict::NotCovered, "no digest file of its hour was dropped")
    };
    not_stated(&stream.path, Some(hex::encode(&stream.sha256)), verdict, reason)
}

/// The times that the digest files of each account and Region cover.
struct Covered<'c> {
    /// In the order of their starts, each with the latest end so far.
    runs: HashMap<(&'c str, &'c str), Vec<(EpochMs, EpochMs)>>,
}

impl<'c> Covered<'c> {
    fn of(chains: &'c [Chain]) -> Self {
        let mut runs: HashMap<_, Vec<_>> = HashMap::new();
        for chain in chains.iter().filter(|chain| !chain.backfill) {
            runs.entry((chain.account.as_str(), chain.region.as_str())).or_default().extend(chain::runs(chain));
        }
        for runs in runs.values_mut() {
            runs.sort_unstable();
            let mut latest = EpochMs(i64::MIN);
            for (_, to) in runs {
                latest = latest.max(*to);
                *to = latest;
            }
        }
        Self { runs }
    }

    /// Whether a run begins and ends far enough from `time`.
    fn holds(&self, account: &str, region: &str, time: EpochMs) -> bool {
        let runs = self.runs.get(&(account, region)).map_or(&[][..], Vec::as_slice);
        let begun = runs.partition_point(|(from, _)| from.0.saturating_add(MARGIN) <= time.0);
        begun > 0 && time.0.saturating_add(MARGIN) <= runs[begun - 1].1.0
    }
}

fn not_stated(path: &str, found: Option<String>, verdict: Verdict, reason: &str) -> File {
    File {
        path: Some(path.to_owned()),
        object: None,
        verdict,
        reason: reason.to_owned(),
        expected: None,
        found,
        stated_by: None,
    }
}
