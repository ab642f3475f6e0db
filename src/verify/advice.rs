//! The report in a sentence, and what would get it further. Commands hold names from digest files, which anybody may
//! have written: they are quoted for a shell, or not offered.

use super::audit::Audit;
use super::chain::counted;
use super::keys::DELAY;
use super::names;
use super::report::{Advice, Report, Verdict};
use crate::base::EpochMs;
use std::collections::BTreeMap;

/// Commands of one kind that are written out.
const LISTED: usize = 3;
/// Regions whose keys are asked for: more than there are.
const REGIONS: usize = 64;

/// Writes the summary and the advice.
pub(super) fn write(audit: &Audit, report: &mut Report) {
    report.summary = summary(report);
    let mut advice = Vec::new();
    if !audit.has_work() {
        let text = "Drop the trail's digest files: the folder CloudTrail-Digest beside CloudTrail in the bucket.";
        advice.push(Advice { text: text.to_owned(), command: None });
    }
    advice.extend(keys(audit, report));
    let head = |bucket: &str, key: &str| {
        Some(format!("aws s3api head-object --bucket {} --key {}", word(bucket)?, word(key)?))
    };
    advice.extend(objects(
        report,
        Verdict::Unsigned,
        "Drop what S3 keeps with this digest file, its signature among it; no other digest file that was dropped holds it.",
        head,
    ));
    let fetch = |bucket: &str, key: &str| Some(format!("aws s3 cp {} .", word(&format!("s3://{bucket}/{key}"))?));
    advice.extend(objects(
        report,
        Verdict::Missing,
        "Drop the digest file that is missing, and those before it.",
        fetch,
    ));
    report.advice = advice;
}

fn summary(report: &Report) -> String {
    let mut parts = Vec::new();
    let files = counted(&report.files_by_verdict, "log file");
    parts.push(if files.is_empty() { "no log files".to_owned() } else { files });
    let digests = counted(&report.digests_by_verdict, "digest file");
    if !digests.is_empty() {
        parts.push(digests);
    }
    let broken = report.chains.iter().filter(|chain| !chain.breaks.is_empty()).count();
    match &report.chains[..] {
        [] => {}
        [chain] => {
            let (from, to) = (chain.from.to_rfc3339(), chain.to.to_rfc3339());
            let state = match chain.breaks.len() {
                0 => "unbroken".to_owned(),
                1 => "broken once".to_owned(),
                times => format!("broken {times} times"),
            };
            parts.push(format!("chain from {from} to {to} {state}"));
        }
        chains => parts.push(format!("{} chains, {} of them unbroken", chains.len(), chains.len() - broken)),
    }
    let unsigned = report.digests.iter().find(|digest| digest.verdict == Verdict::Unsigned);
    if let Some(digest) = unsigned {
        parts.push(format!("{} is unsigned: {}", names::file_name(&digest.object), digest.reason));
    }
    if !report.sign_files.is_empty() {
        let valid = report.sign_files.iter().filter(|file| file.verdict == Verdict::Valid).count();
        parts.push(format!("{valid} of {} sign files of Lake queries valid", report.sign_files.len()));
    }
    let mut text = parts.join("; ");
    text.push('.');
    text[..1].make_ascii_uppercase();
    text
}

/// Which keys to list, in which Region, from when to when: those of all digest and sign files that lack one, unsigned ones
/// included.
fn keys(audit: &Audit, report: &Report) -> impl Iterator<Item = Advice> {
    let lacks = |key: &Option<String>| key.as_deref().is_some_and(|fingerprint| !audit.keys.has(fingerprint));
    let digests = report
        .digests
        .iter()
        .filter(|digest| lacks(&digest.key))
        .filter_map(|digest| Some((report.chains.get(digest.chain?)?.region.as_str(), digest.from?, digest.to?)));
    let sign_files = report.sign_files.iter().filter(|file| lacks(&file.key));
    let sign_files = sign_files.map(|file| (file.region.as_str(), file.complete, file.complete));
    let mut by_region: BTreeMap<&str, (EpochMs, EpochMs)> = BTreeMap::new();
    for (region, from, to) in digests.chain(sign_files) {
        let times = by_region.entry(region).or_insert((from, to));
        *times = (times.0.min(from), times.1.max(to));
    }
    let advice = by_region.into_iter().map(|(region, (from, to))| {
        let region = word(region).filter(|region| !region.is_empty()).map(|region| format!(" --region {region}"));
        let (region, from, to) = (region.unwrap_or_default(), from.to_rfc3339(), EpochMs(to.0 + DELAY).to_rfc3339());
        let text = "Drop CloudTrail's public keys, which each Region has its own of. Get them yourself: keys that came with the \
                    files prove nothing.";
        let command = format!("aws cloudtrail list-public-keys{region} --start-time {from} --end-time {to}");
        Advice { text: text.to_owned(), command: Some(command) }
    });
    advice.take(REGIONS)
}

/// A command for each of the first digest files with a verdict.
fn objects<'a>(
    report: &'a Report,
    verdict: Verdict,
    text: &'a str,
    command: impl Fn(&str, &str) -> Option<String> + 'a,
) -> impl Iterator<Item = Advice> + 'a {
    let wanted = report.digests.iter().filter(move |digest| digest.verdict == verdict).take(LISTED);
    wanted.map(move |digest| {
        let command = digest.object.split_once('/').and_then(|(bucket, key)| command(bucket, key));
        Advice { text: text.to_owned(), command }
    })
}

/// One word of a shell command; `None` when it holds what does not belong into any.
fn word(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/:=@%+-".contains(c);
    if text.chars().any(|c| !(' '..='~').contains(&c)) || text.starts_with('-') {
        return None;
    }
    if text.chars().all(is_plain) {
        return Some(text.to_owned());
    }
    Some(format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_one_word() {
        assert_eq!(word("AWSLogs/1/a_b-c.json.gz").as_deref(), Some("AWSLogs/1/a_b-c.json.gz"));
        assert_eq!(word("x; rm -rf ~ 'y'").as_deref(), Some(r"'x; rm -rf ~ '\''y'\'''"));
        for no in ["a\nb", "--profile", "é", "\u{202e}"] {
            assert_eq!(word(no), None, "{no:?}");
        }
    }
}
