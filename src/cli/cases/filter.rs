//! Filter patterns on raw messages: `metric-filter-match.json` and the kinds of `metrics.json` about metric filters.
//!
//! Messages here need not be CloudTrail records, so they go through the reference evaluator instead of an engine.

use super::{Compared, NotRun, Ran, clock, minute_of_day};
use crate::base::time::MINUTE;
use crate::filter::naive::{matches_message, parse_message, scalar, select};
use crate::filter::predicate::number;
use crate::metric::{Collector, Samples, series};
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::partial::SeriesPart;
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::{self, Pattern, ValueRef, validate_metric_filter, value_reference};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Match {
    pattern: String,
    event: Value,
    expect: String,
}

pub fn matches(case: &Match) -> Ran {
    let got = match cloudwatch::parse(&case.pattern) {
        Err(_) => "invalid",
        Ok(pattern) if matches_message(&pattern.lower(), &message(&case.event)) => "match",
        Ok(_) => "no_match",
    };
    Ok(Compared::texts(&case.expect, got))
}

/// A string is the message itself, anything else is serialised.
fn message(event: &Value) -> String {
    event.as_str().map_or_else(|| event.to_string(), str::to_owned)
}

#[derive(Deserialize)]
pub struct Extract {
    pattern: String,
    event: Value,
    expect: BTreeMap<String, String>,
}

pub fn extract(case: &Extract) -> Ran {
    let pattern = parse(&case.pattern)?;
    let fields = pattern.space_pattern().and_then(|space| space.extract(&message(&case.event)));
    Ok(Compared::equal(&case.expect, &fields.into_iter().flatten().collect()))
}

#[derive(Deserialize)]
pub struct Validation {
    pattern: String,
    default_value: Option<f64>,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
    expect: String,
}

pub fn validation(case: &Validation) -> Ran {
    let errors = validate_metric_filter(&metric_filter(&case.pattern, "1", case.default_value, &case.dimensions));
    Ok(Compared::texts(&case.expect, if errors.is_empty() { "valid" } else { "invalid" }))
}

#[derive(Deserialize)]
pub struct Published {
    pattern: String,
    metric_value: String,
    default_value: Option<f64>,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
    events: Vec<(String, String)>,
    statistic: Statistic,
    period: u32,
    expect: Value,
}

/// Datapoints by time of day; with dimensions, by dimension set first.
pub fn published(case: &Published) -> Ran {
    let filter = metric_filter(&case.pattern, &case.metric_value, case.default_value, &case.dimensions);
    let events = case
        .events
        .iter()
        .map(|(time, message)| Ok((minute_of_day(time)?, message.as_str())))
        .collect::<Result<Vec<_>, String>>()?;
    let part = collect(&filter, &events)?;
    let points = |samples: &Samples| -> Value {
        let points = series(samples, case.statistic, case.period).points;
        points.iter().map(|point| (clock(point.start.0 / MINUTE), Value::from(point.value))).collect()
    };
    let sets = Samples::all(&part, case.dimensions.len(), case.default_value);
    let got = match sets.as_slice() {
        [(set, samples)] if set.is_empty() => points(samples),
        sets => sets
            .iter()
            .map(|(set, samples)| {
                let names: Vec<String> =
                    case.dimensions.keys().zip(set).map(|(name, value)| format!("{name}={value}")).collect();
                (names.join(","), points(samples))
            })
            .collect(),
    };
    Ok(Compared { passed: floats(&case.expect) == got, expected: case.expect.to_string(), got: got.to_string() })
}

/// All numbers as doubles, so that 1 equals 1.0.
fn floats(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), floats(value))).collect(),
        number => json!(number.as_f64()),
    }
}

fn metric_filter(
    pattern: &str,
    value: &str,
    default_value: Option<f64>,
    dimensions: &BTreeMap<String, String>,
) -> MetricFilter {
    let transformation = MetricTransformation {
        metric_value: value.into(),
        default_value,
        dimensions: dimensions.clone(),
        ..MetricTransformation::default()
    };
    MetricFilter {
        filter_pattern: pattern.into(),
        metric_transformations: vec![transformation],
        ..MetricFilter::default()
    }
}

/// What a metric filter publishes for log messages, each with its minute.
fn collect(filter: &MetricFilter, events: &[(i64, &str)]) -> Result<SeriesPart, NotRun> {
    let pattern = parse(&filter.filter_pattern)?;
    let predicate = pattern.lower();
    let reference = |text: &str| value_reference(text, &pattern).map_err(|error| error.message);
    let transformation = filter.metric_transformations.first().cloned().unwrap_or_default();
    let value = reference(&transformation.metric_value)?;
    let dimensions = transformation.dimensions.values().map(|text| reference(text)).collect::<Result<Vec<_>, _>>()?;
    let mut collector = Collector::new(dimensions.len());
    for &(minute, message) in events {
        collector.log_event(minute);
        if matches_message(&predicate, message) {
            let text = |reference: &ValueRef| referred(reference, &pattern, message);
            let value = text(&value).and_then(|text| number(&text));
            collector.matched(minute, value, dimensions.iter().map(text).collect());
        }
    }
    Ok(collector.finish())
}

/// The text that a reference stands for in one message.
fn referred(reference: &ValueRef, pattern: &Pattern, message: &str) -> Option<String> {
    match reference {
        ValueRef::Number(number) => Some(number.to_string()),
        ValueRef::Selector(selector) => {
            let event = parse_message(message)?;
            let selected = select(selector, &event).into_iter().find(|value| !value.is_null())?;
            Some(scalar(selected).text()?.into_owned())
        }
        ValueRef::Field(field) => {
            let key = field.to_string();
            let fields = pattern.space_pattern()?.extract(message)?;
            fields.into_iter().find(|(name, _)| *name == key).map(|(_, text)| text)
        }
    }
}

fn parse(pattern: &str) -> Result<Pattern, NotRun> {
    cloudwatch::parse(pattern).map_err(|error| NotRun::Malformed(format!("pattern refused: {}", error.message)))
}
