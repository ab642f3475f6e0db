//! `metric`: what a metric filter would have published.

use super::data::Data;
use super::failure::Failure;
use super::shards::Shards;
use super::{Output, on_one_line};
use crate::metric::{Samples, notices, series};
use crate::model::alarm::Backtest;
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::partial::SeriesPart;
use crate::model::query::{Answer, Query};
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::{Setting, SettingError, validate_metric_filter};
use crate::view::lint::{self, Finding};
use crate::view::spelling;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Arguments of `metric`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The filter pattern, as CloudWatch Logs reads it.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    filter: String,
    /// Metric value: a number, $.selector or $name.
    #[arg(long, value_name = "V", default_value = "1", allow_hyphen_values = true)]
    value: String,
    /// Default value, published in minutes with events but without a match.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    default: Option<f64>,
    /// A dimension, up to three times.
    #[arg(long = "dimension", value_name = "NAME=$.path", value_parser = dimension)]
    dimensions: Vec<(String, String)>,
    /// Seconds: 10, 20, 30 or a multiple of 60.
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = period)]
    period: u32,
    /// SampleCount, Sum, Average, Minimum, Maximum, or an extended one: p99, tm90, TM(10%:90%), PR(:300).
    #[arg(long = "stat", value_name = "S", default_value = "Sum")]
    statistic: Statistic,
    /// Leave out events over 256 KB, which CloudTrail does not send to CloudWatch Logs.
    #[arg(long)]
    exclude_oversize: bool,
    #[command(flatten)]
    data: Data,
}

fn dimension(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=$.path")?;
    Ok((name.into(), value.into()))
}

fn period(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|&seconds| matches!(seconds, 10 | 20 | 30) || (seconds > 0 && seconds % 60 == 0))
        .ok_or_else(|| "expected 10, 20, 30 or a multiple of 60".into())
}

/// The metric, one series per dimension set.
#[derive(Serialize)]
pub struct Report {
    period: u32,
    statistic: Statistic,
    /// Log events, after de-duplication unless it is off.
    events: u64,
    /// Matching ones that have a time.
    matched: u64,
    series: Vec<OneSeries>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct OneSeries {
    dimensions: BTreeMap<String, String>,
    timestamps: Vec<String>,
    values: Vec<f64>,
}

impl Output for Report {}

/// Loads the data and runs the metric filter.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let transformation = MetricTransformation {
        metric_value: args.value.clone(),
        default_value: args.default,
        dimensions: args.dimensions.iter().cloned().collect(),
        ..MetricTransformation::default()
    };
    let filter = MetricFilter {
        filter_pattern: args.filter.clone(),
        metric_transformations: vec![transformation.clone()],
        ..MetricFilter::default()
    };
    check(&filter)?;
    let (shards, _) = args.data.load_and_tell()?;
    let all = samples(&shards, &filter, args.data.reading.keep_duplicates)?;
    let part = if args.exclude_oversize { all.without_oversize() } else { all.clone() };
    let spelling = spelling::advise(&Backtest { filter: filter.clone(), ..Backtest::default() });
    let found = findings(&shards, &filter)?.into_iter().chain(spelling.map(|advice| advice.text));
    let names: Vec<&String> = transformation.dimensions.keys().collect();
    let one = |(values, samples): (Vec<String>, Samples)| {
        let points = series(&samples, args.statistic, args.period).points;
        OneSeries {
            dimensions: names.iter().map(|&name| name.clone()).zip(values).collect(),
            timestamps: points.iter().map(|point| point.start.to_rfc3339()).collect(),
            values: points.iter().map(|point| point.value).collect(),
        }
    };
    Ok(Report {
        period: args.period,
        statistic: args.statistic,
        events: part.log_minutes.values().sum(),
        matched: part.matched_minutes.values().sum(),
        series: Samples::all(&part, names.len(), args.default).into_iter().map(one).collect(),
        notices: found.chain(notices(&part, &transformation)).chain(left_out(&all, args.exclude_oversize)).collect(),
    })
}

/// Errors: the service would refuse the metric filter.
pub fn check(filter: &MetricFilter) -> Result<(), Failure> {
    let Some(SettingError { setting, error }) = validate_metric_filter(filter).into_iter().next() else {
        return Ok(());
    };
    let what = match setting {
        Setting::Pattern => return Err(Failure::pattern("filterPattern", &filter.filter_pattern, &error)),
        Setting::Transformations => "metricTransformations".into(),
        Setting::MetricName => "metricName".into(),
        Setting::MetricNamespace => "metricNamespace".into(),
        Setting::MetricValue => "metricValue".into(),
        Setting::DefaultValue => "defaultValue".into(),
        Setting::Dimensions => "dimensions".into(),
        Setting::Dimension(name) => format!("dimension “{name}”"),
        Setting::Unit => "unit".into(),
    };
    Err(Failure::pattern(what, "", &error))
}

/// What the service accepts but may mean something else than it seems to, by the text and by what is loaded.
pub fn findings(shards: &Shards, filter: &MetricFilter) -> Result<Vec<String>, Failure> {
    let pattern = &filter.filter_pattern;
    let mut found = lint::of_text(pattern);
    let questions = lint::questions(pattern);
    if !questions.is_empty() {
        let fields = shards.ask(&Query::Fields(questions), |answer| match answer {
            Answer::Fields(part) => Some(part),
            _ => None,
        })?;
        let catalog = shards.ask(&Query::Catalog, |answer| match answer {
            Answer::Catalog(part) => Some(part),
            _ => None,
        })?;
        found.extend(lint::of_events(pattern, &fields, &catalog));
    }
    let told = |Finding { text, fix }: Finding| match fix {
        Some(fix) => format!("{} – instead: {}", text.trim_end_matches('.'), fix.pattern),
        None => text,
    };
    Ok(found.into_iter().map(told).collect())
}

/// Says how many matching events over 256 KB are left out.
pub fn left_out(part: &SeriesPart, exclude_oversize: bool) -> Option<String> {
    let large = part.oversize.as_ref().map_or(0, |large| large.matched_minutes.values().sum::<u64>() + large.undated);
    exclude_oversize.then(|| format!("matching events over 256 KB, left out: {large}"))
}

/// What the metric filter makes of everything loaded.
pub fn samples(shards: &Shards, filter: &MetricFilter, keep_duplicates: bool) -> Result<SeriesPart, Failure> {
    let query = Query::Series { filter: filter.clone(), keep_duplicates };
    shards.ask(&query, |answer| match answer {
        Answer::Series(part) => Some(part),
        _ => None,
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} of {} events, {} of {} s", self.matched, self.events, self.statistic, self.period)?;
        for notice in &self.notices {
            writeln!(f, "note: {}", on_one_line(notice))?;
        }
        for OneSeries { dimensions, timestamps, values } in &self.series {
            let names: Vec<String> = dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
            writeln!(f)?;
            if !names.is_empty() {
                writeln!(f, "{}", on_one_line(&names.join(" ")))?;
            }
            for (timestamp, value) in timestamps.iter().zip(values) {
                writeln!(f, "{timestamp}  {value}")?;
            }
            if values.is_empty() {
                writeln!(f, "no datapoints")?;
            }
        }
        Ok(())
    }
}
