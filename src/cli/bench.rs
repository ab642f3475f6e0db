//! `bench`: how fast this machine loads and searches.

use super::data::{Reading, files};
use super::failure::Failure;
use super::shards::{Input, LoadReport, Shards};
use super::{Output, metric};
use crate::alarm::{Options, evaluate};
use crate::base::time::MINUTE;
use crate::metric::{Samples, series, sliding};
use crate::model::alarm::MetricAlarm;
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::partial::{CountPart, GroupPart};
use crate::model::query::{Answer, Query, Scope};
use crate::sample::{self, generate};
use serde::Serialize;
use std::fmt;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Arguments of `bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders to read; without any, a synthetic trail in memory.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Events of the synthetic trail.
    #[arg(long, value_name = "N", default_value_t = 200_000, conflicts_with = "paths")]
    events: u64,
    /// Seed of the synthetic trail.
    #[arg(long, value_name = "S", default_value_t = 1, conflicts_with = "paths")]
    seed: u64,
    /// How often each query is asked; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    #[command(flatten)]
    reading: Reading,
}

/// The measurements.
#[derive(Serialize)]
pub struct Report {
    threads: usize,
    events: u64,
    bytes_in: u64,
    bytes_out: u64,
    load_seconds: f64,
    events_per_second: f64,
    megabytes_per_second: f64,
    queries: Vec<Measured>,
}

#[derive(Serialize)]
struct Measured {
    name: &'static str,
    milliseconds: f64,
}

impl Output for Report {}

/// Loads the data, then asks each kind of query.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let inputs = if args.paths.is_empty() { synthetic(args) } else { files(&args.paths)? };
    let start = Instant::now();
    let (shards, load) = args.reading.load(inputs)?;
    let loaded = start.elapsed();
    let bench = Bench { shards: &shards, runs: args.runs, keep_duplicates: args.reading.keep_duplicates };
    let events = shards.ask(&Query::Count(bench.scope(String::new())), count)?.events;
    Ok(bench.report(&load, loaded, events, bench.queries()?))
}

fn synthetic(args: &Args) -> Vec<Input> {
    generate(sample::Options::new(args.events, args.seed))
        .map(|file| Input::Bytes(file.path, file.bytes.into()))
        .collect()
}

struct Bench<'s> {
    shards: &'s Shards,
    runs: u32,
    keep_duplicates: bool,
}

impl Bench<'_> {
    fn scope(&self, filter: String) -> Scope {
        Scope { filter, keep_duplicates: self.keep_duplicates, ..Scope::default() }
    }

    fn queries(&self) -> Result<Vec<Measured>, Failure> {
        let group = |field: &str| Query::Group {
            scope: self.scope(String::new()),
            field: field.into(),
            contains: String::new(),
            limit: 100,
            named: Vec::new(),
            spans: false,
        };
        let mut measured = vec![
            // Engines remember the rows of a filter, so that each run asks for another one.
            self.median("filter, JSON pattern", |run| {
                let pattern = format!("{{ ($.errorCode = \"AccessDenied*\") || ($.eventName = \"bench{run}\") }}");
                self.shards.ask(&Query::Count(self.scope(pattern)), count)
            })?,
            self.median("filter, free text", |run| {
                self.shards.ask(&Query::Count(self.scope(format!("denied{run}"))), count)
            })?,
            self.median("histogram by minute", |_| {
                let query = Query::Histogram { scope: self.scope(String::new()), step_ms: MINUTE, offset_ms: 0 };
                self.shards.ask(&query, |answer| match answer {
                    Answer::Histogram(part) => Some(part),
                    _ => None,
                })
            })?,
            self.median("facet, event name", |_| self.shards.ask(&group("eventName"), groups))?,
            self.median("facet, source address", |_| self.shards.ask(&group("sourceIPAddress"), groups))?,
        ];
        let filter = |run: u32| MetricFilter {
            filter_pattern: format!("{{ ($.errorCode = * ) || ($.eventName = \"bench{run}\") }}"),
            metric_transformations: vec![MetricTransformation::default()],
            ..MetricFilter::default()
        };
        measured.push(
            self.median("metric filter", |run| metric::samples(self.shards, &filter(run), self.keep_duplicates))?,
        );
        let part = metric::samples(self.shards, &filter(0), self.keep_duplicates)?;
        let samples = Samples::new(&part, &[], Some(0.0));
        let alarm = MetricAlarm { evaluation_periods: 3, datapoints_to_alarm: Some(2), ..MetricAlarm::default() };
        let (statistic, period) = (alarm.statistic(), alarm.period);
        measured.push(self.median("metric, other period", |_| Ok(series(&samples, statistic, period)))?);
        measured.push(self.median("alarm, other period", |_| Ok(sliding(&samples, statistic, period)))?);
        let values = sliding(&samples, statistic, period);
        measured.push(self.median("alarm, other threshold", |run| {
            Ok(evaluate(&MetricAlarm { threshold: f64::from(run), ..alarm.clone() }, &values, Options::default()))
        })?);
        Ok(measured)
    }

    fn median<T>(&self, name: &'static str, task: impl Fn(u32) -> Result<T, Failure>) -> Result<Measured, Failure> {
        let mut times = Vec::new();
        for run in 1..=self.runs {
            let start = Instant::now();
            black_box(task(run)?);
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or(Duration::ZERO);
        Ok(Measured { name, milliseconds: median.as_secs_f64() * 1_000.0 })
    }

    fn report(&self, load: &LoadReport, loaded: Duration, events: u64, queries: Vec<Measured>) -> Report {
        let seconds = loaded.as_secs_f64();
        Report {
            threads: self.shards.len(),
            events,
            bytes_in: load.bytes_in,
            bytes_out: load.bytes_out,
            load_seconds: seconds,
            events_per_second: events as f64 / seconds,
            megabytes_per_second: load.bytes_out as f64 / 1e6 / seconds,
            queries,
        }
    }
}

fn count(answer: Answer) -> Option<CountPart> {
    match answer {
        Answer::Count(part) => Some(part),
        _ => None,
    }
}

fn groups(answer: Answer) -> Option<GroupPart> {
    match answer {
        Answer::Group(part) => Some(part),
        _ => None,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, events, load_seconds, events_per_second, megabytes_per_second, .. } = self;
        writeln!(f, "{events} events on {threads} threads")?;
        writeln!(
            f,
            "load {load_seconds:.2} s: {events_per_second:.0} events/s, {megabytes_per_second:.0} MB/s of JSON"
        )?;
        for Measured { name, milliseconds } in &self.queries {
            writeln!(f, "{milliseconds:>9.2} ms  {name}")?;
        }
        Ok(())
    }
}
