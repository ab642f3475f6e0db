//! An alarm with its metric filters, replayed on what is loaded.

use super::failure::Failure;
use super::metric::{check as check_filter, samples};
use super::shards::Shards;
use crate::alarm::validate::is_valid;
use crate::alarm::{Options, Timeline, evaluate, validate, watched as slide};
use crate::base::Severity;
use crate::metric::{Samples, sliding};
use crate::model::alarm::{Backtest, Dimension, MathBacktest, MetricAlarm, watched_values};
use crate::model::metric::{DELAY_MAX, MetricFilter};
use crate::model::metric_data::MetricStat;
use crate::model::partial::SeriesPart;
use crate::model::series::Sliding;
use crate::model::statistic::Statistic;
use crate::view::what_if::Delivery;

/// How events reach the log group.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct DeliveryArgs {
    /// Minutes between an event and its delivery to the log group (5m, 15m; at most 60); those of the workspace by
    /// default, or none.
    #[arg(long, value_name = "MINUTES", value_parser = delay)]
    delay: Option<u32>,
    /// Leave out events over 256 KB, which CloudTrail does not send to CloudWatch Logs.
    #[arg(long)]
    exclude_oversize: bool,
}

impl DeliveryArgs {
    /// As given, where nothing is given as the workspace has it.
    pub fn or(self, workspace: Delivery) -> Delivery {
        Delivery {
            delay_minutes: self.delay.unwrap_or(workspace.delay_minutes),
            exclude_oversize: self.exclude_oversize || workspace.exclude_oversize,
        }
    }
}

/// What metric filters make of the events that reach the log group, by what they make of all.
pub fn delivered(all: &[SeriesPart], exclude_oversize: bool) -> Vec<SeriesPart> {
    all.iter().map(|part| if exclude_oversize { part.without_oversize() } else { part.clone() }).collect()
}

/// `5m` or `5`.
fn delay(text: &str) -> Result<u32, String> {
    let minutes = text.strip_suffix('m').unwrap_or(text).parse().ok().filter(|minutes| *minutes <= DELAY_MAX);
    minutes.ok_or_else(|| format!("expected minutes such as 5m, at most {DELAY_MAX}"))
}

/// What can be run by itself.
#[derive(Clone)]
pub enum Chosen {
    /// An alarm on the metric of one filter.
    Single(Backtest),
    /// An alarm on metric math.
    Math(MathBacktest),
}

/// A metric filter and which of its metrics is looked at, in which statistic.
struct Watched<'a> {
    filter: &'a MetricFilter,
    dimensions: &'a [Dimension],
    unit: Option<&'a str>,
    statistic: Statistic,
}

impl Watched<'_> {
    fn values(&self) -> Result<Vec<String>, String> {
        watched_values(self.filter, self.dimensions, self.unit)
    }
}

/// An alarm's history.
pub struct Run {
    /// The metrics of the alarm, in its order.
    pub metrics: Vec<Samples>,
    /// What it was evaluated on.
    pub sliding: Sliding,
    /// Its states.
    pub timeline: Timeline,
}

impl Chosen {
    /// The alarm.
    pub fn alarm(&self) -> &MetricAlarm {
        match self {
            Self::Single(backtest) => &backtest.alarm,
            Self::Math(backtest) => &backtest.alarm,
        }
    }

    /// The metric filters, in the order of the alarm's metrics.
    pub fn filters(&self) -> impl Iterator<Item = &MetricFilter> {
        self.watched().into_iter().map(|watched| watched.filter)
    }

    fn watched(&self) -> Vec<Watched<'_>> {
        match self {
            Self::Single(Backtest { filter, alarm }) => {
                let unit = alarm.unit.as_deref();
                vec![Watched { filter, dimensions: &alarm.dimensions, unit, statistic: alarm.statistic() }]
            }
            Self::Math(MathBacktest { metric_filters, alarm }) => {
                let metrics = alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
                let pairs = metric_filters.iter().zip(metrics);
                pairs
                    .map(|(filter, MetricStat { metric, stat, unit, .. })| Watched {
                        filter,
                        dimensions: &metric.dimensions,
                        unit: unit.as_deref(),
                        statistic: *stat,
                    })
                    .collect()
            }
        }
    }

    /// Errors: the service would refuse the alarm or one of its filters.
    pub fn check(&self) -> Result<(), Failure> {
        let problems = validate(self.alarm());
        if !is_valid(&problems) {
            let refused = problems.iter().filter(|problem| problem.severity == Severity::Error);
            let refused: Vec<_> = refused.map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
            return Err(Failure::usage(refused.join("; ")));
        }
        self.filters().try_for_each(check_filter)
    }

    /// Errors: a metric with dimensions or of a unit that its filter does not publish; it is never there.
    pub fn check_metrics(&self) -> Result<(), Failure> {
        self.watched().iter().try_for_each(|watched| watched.values().map(drop).map_err(Failure::usage))
    }

    /// What the filters make of all events.
    pub fn publish(&self, shards: &Shards, keep_duplicates: bool) -> Result<Vec<SeriesPart>, Failure> {
        self.filters().map(|filter| samples(shards, filter, keep_duplicates)).collect()
    }

    /// The alarm's history on what its filters make of the events, which come `delay` minutes late. `None` where the
    /// service refuses it.
    pub fn run(&self, parts: &[SeriesPart], delay: u32) -> Option<Run> {
        let watched = self.watched();
        let metric = |(watched, part): (&Watched, &SeriesPart)| {
            let default = watched.filter.metric_transformations.first().and_then(|metric| metric.default_value);
            let values = watched.values();
            let samples = values.map_or_else(|_| Samples::none(part), |values| Samples::new(part, &values, default));
            samples.delayed(delay)
        };
        let metrics: Vec<Samples> = watched.iter().zip(parts).map(metric).collect();
        let period = self.alarm().period;
        let slid = metrics.iter().zip(&watched).map(|(metric, watched)| sliding(metric, watched.statistic, period));
        let sliding = slide(self.alarm(), slid.collect())?;
        let timeline = evaluate(self.alarm(), &sliding, Options::default()).ok()?;
        Some(Run { metrics, sliding, timeline })
    }
}
