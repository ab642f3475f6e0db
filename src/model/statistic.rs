//! Statistics as CloudWatch writes them: `Sum`, `p99.9`, `tm90`, `TM(10%:90%)`, `PR(:300)`, `IQM`.
//!
//! Source: CloudWatch User Guide, "CloudWatch statistics definitions"; cases `met-stat-*`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A statistic of one period's samples. Parses from and prints as CloudWatch writes it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Statistic {
    /// Number of samples.
    SampleCount,
    /// Sum of the samples.
    Sum,
    /// Sum divided by SampleCount.
    Average,
    /// Smallest sample.
    Minimum,
    /// Largest sample.
    Maximum,
    /// Percentile in percent, 0 < p ≤ 100, at most ten decimals.
    Percentile(f64),
    /// Something about the samples inside bounds.
    Bounded(Measure, Bounds),
}

/// What is said about the samples inside bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// `TM`: their mean.
    TrimmedMean,
    /// `TC`: their number.
    TrimmedCount,
    /// `TS`: their sum.
    TrimmedSum,
    /// `WM`: the mean of all samples, those outside moved to the bound.
    WinsorizedMean,
    /// `PR`: how many they are in percent of all. Its bounds are values.
    PercentileRank,
}

/// Which samples count; a side that is `None` is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bounds {
    /// From one percentage of the sorted samples to another, 0 ≤ from < to ≤ 100.
    Percent(Option<f64>, Option<f64>),
    /// Greater than one value, up to and with another (cases `met-stat-6` to `met-stat-12`).
    Value(Option<f64>, Option<f64>),
}

/// `IQM`, the interquartile mean.
const INTERQUARTILE: Bounds = Bounds::Percent(Some(25.0), Some(75.0));

impl Statistic {
    /// Whether it belongs into `ExtendedStatistic` rather than `Statistic` (PutMetricAlarm), and needs every sample
    /// of the metric to be at least zero (case `met-stat-13`).
    pub fn is_extended(self) -> bool {
        matches!(self, Self::Percentile(_) | Self::Bounded(..))
    }
}

impl Measure {
    const ALL: [Self; 5] =
        [Self::TrimmedMean, Self::TrimmedCount, Self::TrimmedSum, Self::WinsorizedMean, Self::PercentileRank];

    fn name(self) -> &'static str {
        match self {
            Self::TrimmedMean => "TM",
            Self::TrimmedCount => "TC",
            Self::TrimmedSum => "TS",
            Self::WinsorizedMean => "WM",
            Self::PercentileRank => "PR",
        }
    }
}

impl FromStr for Statistic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "SampleCount" => Self::SampleCount,
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "IQM" => Self::Bounded(Measure::TrimmedMean, INTERQUARTILE),
            _ => percentile(text).or_else(|| short(text)).or_else(|| bounded(text)).ok_or_else(|| {
                format!(
                    "“{text}” is not a statistic; expected SampleCount, Sum, Average, Minimum, Maximum, IQM, or one such \
                     as p99, tm90, TM(10%:90%) or PR(:300)"
                )
            })?,
        })
    }
}

fn percentile(text: &str) -> Option<Statistic> {
    percent(text.strip_prefix('p')?).filter(|percent| *percent > 0.0).map(Statistic::Percentile)
}

/// `tm90`: the samples up to a percentage.
fn short(text: &str) -> Option<Statistic> {
    let (name, number) = text.split_at_checked(2)?;
    let measure = Measure::ALL.into_iter().find(|measure| measure.name().to_ascii_lowercase() == name)?;
    let percent = percent(number).filter(|percent| *percent > 0.0 && measure != Measure::PercentileRank)?;
    Some(Statistic::Bounded(measure, Bounds::Percent(None, Some(percent))))
}

/// `TM(10%:90%)`, `PR(:300)`
fn bounded(text: &str) -> Option<Statistic> {
    let (name, rest) = text.split_at_checked(2)?;
    let measure = Measure::ALL.into_iter().find(|measure| measure.name() == name)?;
    let (from, to) = rest.strip_prefix('(')?.strip_suffix(')')?.split_once(':')?;
    let is_percent = from.ends_with('%') || to.ends_with('%');
    let bound = |text: &str| match text {
        "" => Some(None),
        _ if is_percent => percent(text.strip_suffix('%')?).map(Some),
        _ => is_number(text).then(|| text.parse().ok()).flatten().map(Some),
    };
    let (from, to) = (bound(from)?, bound(to)?);
    let is_range = match (from, to) {
        (None, None) => false,
        (Some(from), Some(to)) => from < to,
        _ => true,
    };
    let bounds = if is_percent { Bounds::Percent(from, to) } else { Bounds::Value(from, to) };
    (is_range && !(is_percent && measure == Measure::PercentileRank)).then_some(Statistic::Bounded(measure, bounds))
}

/// A percentage: digits with up to ten decimals, at most 100.
fn percent(digits: &str) -> Option<f64> {
    let decimals = digits.split_once('.').map_or("", |(_, decimals)| decimals);
    let is_plain = is_number(digits) && !digits.starts_with('-') && decimals.len() <= 10;
    digits.parse().ok().filter(|percent| is_plain && *percent <= 100.0)
}

/// 100 % as [`exact`] counts it.
pub const HUNDRED: u128 = 1_000_000_000_000;

/// A percentage of up to ten decimals as a whole number, so that shares of a count are exact: 55 % of 100 are 55, which
/// floating point misses.
pub fn exact(percent: f64) -> u128 {
    (percent * (HUNDRED / 100) as f64).round() as u128
}

/// Whether `text` is digits with or without a sign and decimals.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    [whole, decimals].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::SampleCount => f.write_str("SampleCount"),
            Self::Sum => f.write_str("Sum"),
            Self::Average => f.write_str("Average"),
            Self::Minimum => f.write_str("Minimum"),
            Self::Maximum => f.write_str("Maximum"),
            Self::Percentile(percent) => write!(f, "p{percent}"),
            Self::Bounded(Measure::TrimmedMean, INTERQUARTILE) => f.write_str("IQM"),
            Self::Bounded(measure, Bounds::Percent(None, Some(percent))) => {
                write!(f, "{}{percent}", measure.name().to_ascii_lowercase())
            }
            Self::Bounded(measure, bounds) => {
                let (from, to, unit) = match bounds {
                    Bounds::Percent(from, to) => (from, to, "%"),
                    Bounds::Value(from, to) => (from, to, ""),
                };
                let side = |bound: Option<f64>| bound.map_or(String::new(), |bound| format!("{bound}{unit}"));
                write!(f, "{}({}:{})", measure.name(), side(from), side(to))
            }
        }
    }
}

impl TryFrom<String> for Statistic {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Statistic> for String {
    fn from(statistic: Statistic) -> Self {
        statistic.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_print_as_they_parse() {
        for text in [
            "SampleCount",
            "Sum",
            "Average",
            "Minimum",
            "Maximum",
            "p99",
            "p99.9",
            "p0.1",
            "p100",
            "p50.1234567891",
            "IQM",
            "tm90",
            "wm99.5",
            "tc50",
            "ts1",
            "TM(10%:90%)",
            "TM(10%:)",
            "TM(150:1000)",
            "TC(:0.5)",
            "TS(2:)",
            "WM(-1:2.5)",
            "PR(:300)",
            "PR(100:2000)",
        ] {
            assert_eq!(text.parse::<Statistic>().unwrap().to_string(), text);
        }
        for (text, same) in [("TM(25%:75%)", "IQM"), ("WM(:90%)", "wm90"), ("p50.0", "p50")] {
            assert_eq!(text.parse::<Statistic>().unwrap().to_string(), same);
        }
        for text in [
            "",
            "sum",
            "p",
            "p0",
            "p101",
            "p1e1",
            "p+5",
            "p5.",
            "p.5",
            "pinf",
            "p1.12345678901",
            "é",
            "iqm",
            "tm",
            "tm0",
            "tm101",
            "TM90",
            "pr90",
            "PR(1%:2%)",
            "TM()",
            "TM(:)",
            "TM(5:2)",
            "TM(5:5)",
            "TM(1%:2)",
            "TM(1:2%)",
            "TM(a:b)",
            "TM(1:2",
            "TM(1e3:)",
            "TM(:101%)",
            "XX(1:2)",
            "TM(1:2:3)",
        ] {
            assert!(text.parse::<Statistic>().is_err(), "{text}");
        }
    }
}
