//! The report in a sentence, and what would get it further. Commands hold names from digest files, which anybody may
//! have written: they are quoted for a shell, or not offered.

use super::audit::Audit;
use super::chain::counted;
use super::names;
use super::report::{Report, Verdict};

/// Commands of one kind that are written out.
const LISTED: usize = 3;

/// Writes the summary and the advice.
pub(super) fn write(audit: &Audit, report: &mut Report) {
    report.summary = summary(report);
    let mut advice = Vec::new();
    if !audit.has_work() {
        advice.push(
            "Drop the trail's digest files (the folder CloudTrail-Digest beside CloudTrail in the bucket).".to_owned(),
        );
    }
    advice.extend(keys(audit, report));
    advice.extend(objects(
        report,
        Verdict::Unsigned,
        "To prove the newest digest file, too, drop what S3 keeps with it:",
        "aws s3api head-object --bucket",
        "--key",
    ));
    advice.extend(objects(report, Verdict::Missing, "Digest files are missing; the last of them:", "aws s3 cp", ""));
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

/// Which keys to list, and from when to when.
fn keys(audit: &Audit, report: &Report) -> Option<String> {
    let wanting = || report.digests.iter().filter(|digest| digest.verdict == Verdict::NoKey);
    let complete =
        report.sign_files.iter().filter(|file| file.verdict == Verdict::NoKey).filter_map(|file| file.complete);
    let times = wanting().flat_map(|digest| [digest.from, digest.to]).flatten().chain(complete);
    let times: Vec<_> = times.collect();
    let unsigned = audit.has_work() && audit.keys.is_empty();
    let (from, to) = match (times.iter().min(), times.iter().max()) {
        (Some(from), Some(to)) => (*from, *to),
        _ if unsigned => {
            (report.chains.iter().map(|chain| chain.from).min()?, report.chains.iter().map(|chain| chain.to).max()?)
        }
        _ => return None,
    };
    let region = wanting().filter_map(|digest| report.chains.get(digest.chain?)).map(|chain| chain.region.as_str());
    let region = region.chain(report.chains.iter().map(|chain| chain.region.as_str())).next().and_then(word);
    let region =
        region.filter(|region| !region.is_empty()).map(|region| format!(" --region {region}")).unwrap_or_default();
    Some(format!(
        "Drop CloudTrail's public keys, which differ by Region; get them yourself rather than with the files: \
         aws cloudtrail list-public-keys{region} --start-time {} --end-time {}",
        from.to_rfc3339(),
        to.to_rfc3339()
    ))
}

/// Commands about the digest files with a verdict.
fn objects(report: &Report, verdict: Verdict, lead: &str, command: &str, key_flag: &str) -> Vec<String> {
    let wanted = report.digests.iter().filter(|digest| digest.verdict == verdict);
    let commands = wanted.filter_map(|digest| {
        let (bucket, key) = digest.object.split_once('/')?;
        Some(if key_flag.is_empty() {
            format!("{lead} {command} {} .", word(&format!("s3://{bucket}/{key}"))?)
        } else {
            format!("{lead} {command} {} {key_flag} {}", word(bucket)?, word(key)?)
        })
    });
    commands.take(LISTED).collect()
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
