//! How the verdicts of verification are shown.

use crate::base::EpochMs;
use crate::verify::{Hour, Report, Verdict};
use std::collections::HashMap;

/// What a verdict comes to. Shown as a colour, and always in words, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Proven.
    Good,
    /// Not as it should be.
    Bad,
    /// Not known.
    Open,
}

impl Tone {
    /// The tone of a verdict.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Good,
            verdict if verdict.is_wrong() => Self::Bad,
            _ => Self::Open,
        }
    }

    /// The tone of everything together.
    pub fn of_report(report: &Report) -> Self {
        if report.is_wrong() {
            Self::Bad
        } else if report.is_proven() {
            Self::Good
        } else {
            Self::Open
        }
    }

    /// Class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "tone-good",
            Self::Bad => "tone-bad",
            Self::Open => "tone-open",
        }
    }

    /// Icon in the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Good => "check",
            Self::Bad => "alert",
            Self::Open => "info",
        }
    }
}

/// What is known about files that were dropped, log files and digest files alike, by their paths.
pub type ByPath = HashMap<String, (Verdict, String)>;

/// The verdicts and their reasons.
pub fn by_path(report: &Report) -> ByPath {
    let files = report.files.iter().map(|file| (&file.path, file.verdict, &file.reason));
    let digests = report.digests.iter().map(|digest| (&digest.path, digest.verdict, &digest.reason));
    let dropped = files.chain(digests).filter_map(|(path, verdict, reason)| Some((path.clone()?, verdict, reason)));
    dropped.map(|(path, verdict, reason)| (path, (verdict, reason.clone()))).collect()
}

/// A verdict as a label of its own.
pub fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Modified => "Modified",
        Verdict::Missing => "Missing",
        Verdict::InvalidSignature => "Invalid signature",
        Verdict::Malformed => "Malformed",
        Verdict::Moved => "Moved",
        Verdict::InvalidDigest => "Invalid digest file",
        Verdict::Extra => "Named by no digest file",
        Verdict::Unsigned => "Unsigned",
        Verdict::NoKey => "No key",
        Verdict::KeyNotValid => "Key out of its time",
        Verdict::NotCovered => "Not covered",
        Verdict::NotRead => "Not read",
        Verdict::Valid => "Valid",
    }
}

/// Hours of one chain that follow on each other and have one verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Start of the first.
    pub from: EpochMs,
    /// End of the last.
    pub to: EpochMs,
    /// How many digest files, or gaps, it is.
    pub count: u64,
    /// Their verdict.
    pub verdict: Verdict,
    /// Why, of the first.
    pub reason: String,
}

/// The hours of a chain, those with one verdict together: a year of valid hours is one line.
pub fn stretches(hours: &[Hour], chain: usize) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for hour in hours.iter().filter(|hour| hour.chain == chain) {
        match stretches.last_mut() {
            Some(last) if last.verdict == hour.verdict && hour.from <= last.to => {
                last.to = last.to.max(hour.to);
                last.count += 1;
            }
            _ => stretches.push(Stretch {
                from: hour.from,
                to: hour.to,
                count: 1,
                verdict: hour.verdict,
                reason: hour.reason.clone(),
            }),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_with_one_verdict_are_one_stretch() {
        let hour = |chain, from, to, verdict| Hour {
            chain,
            from: EpochMs(from),
            to: EpochMs(to),
            verdict,
            reason: format!("{from}"),
        };
        let hours = [
            hour(0, 0, 10, Verdict::Valid),
            hour(0, 10, 20, Verdict::Valid),
            hour(0, 20, 30, Verdict::Modified),
            hour(0, 30, 40, Verdict::Valid),
            hour(0, 45, 50, Verdict::Valid),
            hour(1, 0, 10, Verdict::Unsigned),
        ];
        let short = |chain| {
            let stretches = stretches(&hours, chain).into_iter();
            stretches.map(|it| (it.from.0, it.to.0, it.count, it.verdict, it.reason)).collect::<Vec<_>>()
        };
        assert_eq!(
            short(0),
            [
                (0, 20, 2, Verdict::Valid, "0".into()),
                (20, 30, 1, Verdict::Modified, "20".into()),
                (30, 40, 1, Verdict::Valid, "30".into()),
                (45, 50, 1, Verdict::Valid, "45".into()),
            ]
        );
        assert_eq!(short(1), [(0, 10, 1, Verdict::Unsigned, "0".into())]);
    }

    #[test]
    fn each_verdict_has_a_tone_and_a_label() {
        let tones = Verdict::ALL.map(|verdict| (Tone::of(verdict), label(verdict)));
        assert_eq!(tones.iter().filter(|(tone, _)| *tone == Tone::Good).count(), 1);
        assert!(tones.iter().all(|(tone, _)| !tone.class().is_empty() && !tone.icon().is_empty()));
    }
}
