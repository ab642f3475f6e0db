//! Samples → datapoints for display, and what the user should know about them.

use super::samples::Samples;
use super::statistic;
use crate::base::EpochMs;
use crate::model::metric::MetricTransformation;
use crate::model::partial::SeriesPart;
use crate::model::series::{Point, Series, Sliding};
use crate::model::statistic::Statistic;

/// Distinct dimension sets above which the service disables a metric filter (MetricTransformation, "dimensions").
pub const DIMENSION_SETS_MAX: usize = 1_000;

/// Datapoints of clock-aligned periods of `period_s` seconds (10, 20, 30 or a multiple of 60; 0 counts as 60).
///
/// A period without samples has no datapoint. Statistics about ranks are unavailable, so the series is empty, when any
/// sample of the metric is negative ("CloudWatch statistics definitions").
pub fn series(samples: &Samples, statistic: Statistic, period_s: u32) -> Series {
    let period_s = if period_s == 0 { 60 } else { period_s };
    let mut points = Vec::new();
    if statistic.is_extended() && samples.any_negative() {
        return Series { period_s, points };
    }
    let period_of = |minute: i64| (minute * 60).div_euclid(i64::from(period_s));
    let mut minutes = samples.iter().peekable();
    let mut values = Vec::new();
    while let Some((minute, first)) = minutes.next() {
        let period = period_of(minute);
        values.clear();
        values.extend_from_slice(first);
        while let Some((_, more)) = minutes.next_if(|&(other, _)| period_of(other) == period) {
            values.extend_from_slice(more);
        }
        if let Some(value) = statistic::of(statistic, &values) {
            let start = EpochMs(period * i64::from(period_s) * 1_000);
            points.push(Point { start, value, samples: values.iter().map(|&(_, count)| count).sum() });
        }
    }
    Series { period_s, points }
}

/// What of a history no alarm can see because there is too much of it, one sentence each. `format_time` writes an instant.
pub fn not_evaluated(sliding: &Sliding, format_time: impl Fn(EpochMs) -> String) -> Vec<String> {
    let samples = if sliding.omitted > 0 { format!(" ({} samples)", sliding.omitted) } else { String::new() };
    let oldest = sliding.evaluated_from.map(|tick| {
        let time = format_time(sliding.time(tick));
        format!("the history is too long: its oldest part, up to {time}, is not evaluated{samples}")
    });
    let silence = sliding.is_silence_left_out.then(|| {
        "the log events are too far apart: times of 21 days or more without any are not filled, the alarm sees missing data"
            .to_owned()
    });
    oldest.into_iter().chain(silence).collect()
}

/// What a metric filter's answer leaves out or would run into on AWS, one sentence each.
pub fn notices(part: &SeriesPart, transformation: &MetricTransformation) -> Vec<String> {
    let mut notices = Vec::new();
    let mut tell = |count: u64, one: &str, many: &str| match count {
        0 => {}
        1 => notices.push(format!("1 matching event {one}; it makes no sample")),
        _ => notices.push(format!("{count} matching events {many}; they make no sample")),
    };
    tell(part.undated, "has no readable time", "have no readable time");
    let value = &transformation.metric_value;
    let no_number = format!("no number at {value}");
    tell(part.without_value, &format!("has {no_number}"), &format!("have {no_number}"));
    tell(part.without_dimension, "lacks a dimension field", "lack a dimension field");
    if part.series.len() > DIMENSION_SETS_MAX {
        notices.push(format!(
            "{} distinct dimension values: CloudWatch disables a metric filter that produces about {DIMENSION_SETS_MAX} of them",
            part.series.len()
        ));
    }
    notices
}
