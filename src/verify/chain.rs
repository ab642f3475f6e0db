//! Digest files in their order: which follows on which, what each one's verdict is, and where the chain breaks.

use super::audit::{Audit, Proof};
use super::digest::Digest;
use super::report::{Break, Chain, Counts, DigestFile, Hour, Report, Verdict};
use super::{hex, names};
use crate::base::EpochMs;
use std::collections::{HashMap, HashSet};

/// Why a file is not there that was not to be read.
pub(super) const LEFT_OUT: &str = "it was left out when the files were read";

/// A digest file and what signatures say about it.
pub(super) struct Judged {
    pub(super) digest: Digest,
    pub(super) proof: Proof,
}

/// A verdict and what stands behind it.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// Place in the report's list of digest files.
    pub(super) row: usize,
}

/// By chain, then by time: what a chain's digests are sorted by.
pub(super) fn order(digest: &Digest) -> impl Ord + '_ {
    (names::chain(digest.object().1), digest.to, digest.from, digest.object(), &digest.path)
}

/// Judges all digest files, and writes them and their chains into the report. The judgements come in the order of
/// [`Audit::digests`].
pub(super) fn judge(audit: &Audit, keeps: &dyn Fn(&str) -> bool, report: &mut Report) -> Vec<Judgement> {
    let verdicts = verdicts(audit);
    let dropped: HashSet<(&str, &str)> = audit.digests.iter().map(|judged| judged.digest.object()).collect();
    let unreadable: HashSet<&str> = audit.malformed.iter().map(|(path, _)| names::file_name(path)).collect();
    let mut judgements = Vec::with_capacity(verdicts.len());
    let mut before: Option<&Digest> = None;
    for (Judged { digest, proof }, (verdict, reason, expected)) in audit.digests.iter().zip(verdicts) {
        let object = digest.object();
        before = before.filter(|before| names::chain(before.object().1) == names::chain(object.1));
        match before {
            None => report.chains.push(begin(digest)),
            Some(before) if before.object() != object => {
                let chain = report.chains.len() - 1;
                if let Some((mut verdict, mut reason)) = fault(before, digest, &dropped) {
                    let missing = digest.previous().filter(|previous| !dropped.contains(previous));
                    if let Some((bucket, key)) = missing
                        && !unreadable.contains(names::file_name(key))
                    {
                        let mut row = missing_row(chain, bucket, key, digest);
                        if !keeps(key) {
                            (row.verdict, row.reason) = (Verdict::NotRead, LEFT_OUT.to_owned());
                            (verdict, reason) = (row.verdict, row.reason.clone());
                        }
                        report.digests.push(row);
                    }
                    report.chains[chain].breaks.push(Break { from: before.to, to: digest.from, verdict, reason });
                }
            }
            Some(_) => {}
        }
        if let Some(chain) = report.chains.last_mut() {
            chain.to = chain.to.max(digest.to);
            chain.digests += 1;
        }
        judgements.push(Judgement { verdict, row: report.digests.len() });
        report.digests.push(DigestFile {
            chain: Some(report.chains.len() - 1),
            path: Some(digest.path.clone()),
            object: format!("{}/{}", object.0, object.1),
            verdict,
            reason,
            from: Some(digest.from),
            to: Some(digest.to),
            expected,
            found: Some(hex::encode(&digest.sha256)),
            key: match proof {
                Proof::Valid(key) | Proof::KeyNotValid(key) => Some(audit.keys.get(*key).fingerprint.clone()),
                _ => Some(digest.fields.digest_public_key_fingerprint.clone()),
            },
            files: Counts::new(),
        });
        before = Some(digest);
    }
    report.digests.extend(audit.malformed.iter().map(|(path, reason)| malformed_row(path, reason)));
    for digest in &report.digests {
        *report.digests_by_verdict.entry(digest.verdict).or_default() += 1;
    }
    judgements
}

/// Verdict, reason and expected hash of each digest file.
fn verdicts(audit: &Audit) -> Vec<(Verdict, String, Option<String>)> {
    let mut verdicts = Vec::with_capacity(audit.digests.len());
    let stated = statements(audit);
    let nothing = Stated::default();
    for Judged { digest, proof } in &audit.digests {
        let Stated { all, by_valid } = stated.get(&digest.object()).unwrap_or(&nothing);
        let other = by_valid.other_than(&digest.sha256).or(all.other_than(&digest.sha256));
        let is_vouched_for = by_valid.has(&digest.sha256);
        // What a valid digest file states outweighs whatever anybody adds that states another hash.
        let stating = if by_valid.known.is_empty() { all } else { by_valid };
        let is_contradicted = other.is_some() && !stating.has(&digest.sha256);
        let (verdict, reason) = match proof {
            Proof::Valid(_) => match misplaced(digest) {
                Some(there) => {
                    (Verdict::Moved, format!("it is genuine, but it is {there}, whose name it does not bear"))
                }
                None => (Verdict::Valid, "its signature verifies".to_owned()),
            },
            Proof::NoKey | Proof::None if is_vouched_for => {
                (Verdict::Valid, "its hash stands in the next digest file, which is valid".to_owned())
            }
            _ if is_contradicted => {
                let signed = if *proof == Proof::Invalid { ", and its signature does not verify" } else { "" };
                (Verdict::Modified, format!("its hash is not the one in the next digest file{signed}"))
            }
            Proof::Invalid | Proof::NoKey | Proof::None if let Some(there) = misplaced(digest) => {
                (Verdict::Modified, format!("it says that it is {there}, but bears the name of another digest file"))
            }
            Proof::Invalid => (Verdict::InvalidSignature, "its signature does not verify with its key".to_owned()),
            Proof::KeyNotValid(_) => (
                Verdict::KeyNotValid,
                "its signature verifies, but with a key that was not valid at its end".to_owned(),
            ),
            Proof::NoKey => {
                let fingerprint = &digest.fields.digest_public_key_fingerprint;
                (Verdict::NoKey, format!("no usable key with the fingerprint {fingerprint} was dropped"))
            }
            Proof::None => (Verdict::Unsigned, unsigned(audit, digest).to_owned()),
        };
        let expected = other.or(all.first.as_ref()).map(|(text, _)| (*text).to_owned());
        verdicts.push((verdict, reason, expected));
    }
    verdicts
}

/// What is stated of each digest file. A valid one vouches for the one before it, and that for the one before that: from
/// one to the next, not by time, because whoever makes up a digest file also says of what time it is.
fn statements(audit: &Audit) -> HashMap<(&str, &str), Stated<'_>> {
    let mut stated: HashMap<_, Stated> = HashMap::new();
    let (mut valid, mut open) = (Vec::new(), HashMap::<_, Vec<&Digest>>::new());
    for Judged { digest, proof } in &audit.digests {
        if let Some((object, hash)) = digest.states() {
            stated.entry(object).or_default().all.add(hash);
        }
        match proof {
            Proof::Valid(_) if misplaced(digest).is_none() => valid.push(digest),
            Proof::NoKey | Proof::None => open.entry((digest.object(), digest.sha256)).or_default().push(digest),
            _ => {}
        }
    }
    while let Some(digest) = valid.pop() {
        let Some((object, hash)) = digest.states() else { continue };
        stated.entry(object).or_default().by_valid.add(hash);
        let before = hex::decode_hash(hash).and_then(|hash| open.remove(&(object, hash)));
        valid.extend(before.into_iter().flatten());
    }
    stated
}

/// The hashes that digest files state of the one before them: by all that name it, and by those that are valid. A made-up
/// set may have thousands of both, so each pair is not looked at.
#[derive(Default)]
struct Stated<'a> {
    all: Hashes<'a>,
    by_valid: Hashes<'a>,
}

/// Different hashes, each as its text and what that says, if it is a hash.
#[derive(Default)]
struct Hashes<'a> {
    known: HashSet<Option<[u8; 32]>>,
    first: Option<(&'a str, Option<[u8; 32]>)>,
    second: Option<(&'a str, Option<[u8; 32]>)>,
}

impl<'a> Hashes<'a> {
    fn add(&mut self, text: &'a str) {
        let hash = hex::decode_hash(text);
        if self.known.insert(hash) {
            let place = if self.first.is_none() { &mut self.first } else { &mut self.second };
            place.get_or_insert((text, hash));
        }
    }

    fn has(&self, hash: &[u8; 32]) -> bool {
        self.known.contains(&Some(*hash))
    }

    fn other_than(&self, hash: &[u8; 32]) -> Option<&(&'a str, Option<[u8; 32]>)> {
        [&self.first, &self.second].into_iter().flatten().find(|(_, known)| *known != Some(*hash))
    }
}

/// Why nothing signs a digest file.
fn unsigned(audit: &Audit, digest: &Digest) -> &'static str {
    match audit.followed(digest) {
        None => "its signature is kept by S3 beside it, not in a file, and the digest file after it was not dropped",
        Some(_) => "the digest file after it does not hold its signature",
    }
}

/// The name a digest file should have, when it was dropped under that of another digest file.
fn misplaced(digest: &Digest) -> Option<&str> {
    let (here, there) = (names::file_name(&digest.path), names::file_name(digest.object().1));
    let differs = names::is_digest(here) && names::without_gz(here) != names::without_gz(there);
    differs.then_some(there)
}

fn begin(digest: &Digest) -> Chain {
    let (account, region, trail, backfill) = names::chain(digest.object().1);
    Chain {
        account: account.to_owned(),
        region: region.to_owned(),
        trail: trail.to_owned(),
        backfill,
        from: digest.from,
        to: digest.to,
        digests: 0,
        begins: digest.previous().is_none(),
        breaks: Vec::new(),
    }
}

/// Why `digest` does not follow on `before`, which is the one before it by time.
fn fault(before: &Digest, digest: &Digest, dropped: &HashSet<(&str, &str)>) -> Option<(Verdict, String)> {
    let previous = digest.previous();
    if previous == Some(before.object()) {
        return None;
    }
    Some(match previous {
        None => (
            Verdict::NotCovered,
            "a new chain begins after it: log file validation or logging was off, or digest files were removed"
                .to_owned(),
        ),
        Some((_, key)) if previous.is_some_and(|previous| dropped.contains(&previous)) => {
            (Verdict::NotCovered, format!("the digest file after it follows on another one, {}", names::file_name(key)))
        }
        Some((_, key)) => {
            (Verdict::Missing, format!("digest files are missing, {} the last of them", names::file_name(key)))
        }
    })
}

fn missing_row(chain: usize, bucket: &str, key: &str, next: &Digest) -> DigestFile {
    DigestFile {
        chain: Some(chain),
        path: None,
        object: format!("{bucket}/{key}"),
        verdict: Verdict::Missing,
        reason: format!("{} follows on it; it was not dropped", names::file_name(&next.path)),
        from: None,
        to: None,
        expected: next.fields.previous_digest_hash_value.clone(),
        found: None,
        key: None,
        files: Counts::new(),
    }
}

fn malformed_row(path: &str, reason: &str) -> DigestFile {
    DigestFile {
        chain: None,
        path: Some(path.to_owned()),
        object: names::file_name(path).to_owned(),
        verdict: Verdict::Malformed,
        reason: reason.to_owned(),
        from: None,
        to: None,
        expected: None,
        found: None,
        key: None,
        files: Counts::new(),
    }
}

/// Writes the hours: each digest file's, and what lies between them.
pub(super) fn hours(report: &mut Report) {
    let covered = report.digests.iter().filter_map(|digest| {
        let (chain, from, to) = (digest.chain?, digest.from?, digest.to?);
        let gravest = digest.files.keys().copied().min().unwrap_or(Verdict::Valid);
        let reason = if gravest < digest.verdict {
            counted(&digest.files, "log file")
        } else {
            format!("digest file {}: {}", digest.verdict.words(), digest.reason)
        };
        Some(Hour { chain, from, to, verdict: gravest.min(digest.verdict), reason })
    });
    let mut hours: Vec<Hour> = covered.collect();
    for (chain, Chain { breaks, .. }) in report.chains.iter().enumerate() {
        hours.extend(breaks.iter().filter(|gap| gap.from < gap.to).map(|gap| Hour {
            chain,
            from: gap.from,
            to: gap.to,
            verdict: gap.verdict,
            reason: gap.reason.clone(),
        }));
    }
    hours.sort_by_key(|hour| (hour.chain, hour.from, hour.to));
    report.hours = hours;
}

/// `2 log files valid, 1 modified`.
pub(super) fn counted(counts: &Counts, noun: &str) -> String {
    let mut all: Vec<_> = counts.iter().filter(|(_, count)| **count > 0).collect();
    all.sort_by_key(|(verdict, _)| (**verdict != Verdict::Valid, **verdict));
    let words = all.iter().enumerate().map(|(index, (verdict, count))| match index {
        0 => format!("{count} {noun}{} {}", if **count == 1 { "" } else { "s" }, verdict.words()),
        _ => format!("{count} {}", verdict.words()),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A stretch of time that a chain covers without a break.
pub(super) fn runs(chain: &Chain) -> Vec<(EpochMs, EpochMs)> {
    let starts = [chain.from].into_iter().chain(chain.breaks.iter().map(|gap| gap.to));
    let ends = chain.breaks.iter().map(|gap| gap.from).chain([chain.to]);
    starts.zip(ends).collect()
}
