//! `alarm`: a metric filter and an alarm on it, backtested.

use super::data::Data;
use super::deployed::{self, Chosen};
use super::failure::Failure;
use super::metric::{check, findings, left_out, samples};
use super::{Output, on_one_line};
use crate::alarm::actions::{ActionLists, SimulatedAction, simulate};
use crate::alarm::dispatch::dispatch;
use crate::alarm::headline::duration;
use crate::alarm::validate::is_valid;
use crate::alarm::window::evaluation_range;
use crate::alarm::{Options, Span, Timeline, Transition, evaluate, explain, headline, validate};
use crate::base::{EpochMs, Severity};
use crate::metric::{Samples, math, notices, sliding};
use crate::model::alarm::{AlarmState, Backtest, Dimension, MathBacktest, MetricAlarm, dimension_values};
use crate::model::metric::{DELAY_MAX, MetricFilter};
use crate::model::metric_data::MetricStat;
use crate::model::series::Sliding;
use crate::model::statistic::Statistic;
use crate::view::advice::advise;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// Arguments of `alarm`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: Data,
    /// JSON document with the fields of PutMetricFilter (filterPattern, metricTransformations) and of PutMetricAlarm; or
    /// what is deployed: describe-metric-filters and describe-alarms output, a CloudFormation template, a Terraform plan.
    #[arg(long, value_name = "FILE", required = true)]
    alarm: Vec<PathBuf>,
    /// Which alarm, where the files hold several.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Minutes between an event and its delivery to the log group (5m, 15m; at most 60).
    #[arg(long, value_name = "MINUTES", default_value = "0", value_parser = delay)]
    delay: u32,
    /// Leave out events over 256 KB, which CloudTrail does not send to CloudWatch Logs.
    #[arg(long)]
    exclude_oversize: bool,
}

/// `5m` or `5`.
fn delay(text: &str) -> Result<u32, String> {
    let minutes = text.strip_suffix('m').unwrap_or(text).parse().ok().filter(|minutes| *minutes <= DELAY_MAX);
    minutes.ok_or_else(|| format!("expected minutes such as 5m, at most {DELAY_MAX}"))
}

/// The life of the alarm.
#[derive(Serialize)]
pub struct Report {
    alarm: String,
    headline: String,
    fires: usize,
    /// Seconds in each state.
    seconds: Seconds,
    longest_alarm: Option<Longest>,
    /// The evaluated time.
    from: Option<String>,
    to: Option<String>,
    transitions: Vec<Change>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Seconds {
    #[serde(rename = "OK")]
    ok: u64,
    #[serde(rename = "ALARM")]
    alarm: u64,
    #[serde(rename = "INSUFFICIENT_DATA")]
    insufficient_data: u64,
}

#[derive(Serialize)]
struct Longest {
    from: String,
    to: String,
    seconds: u64,
}

#[derive(Serialize)]
struct Change {
    time: String,
    from: AlarmState,
    to: AlarmState,
    reason: String,
    /// Simulated: nothing is sent.
    actions: Vec<Action>,
}

#[derive(Serialize)]
struct Action {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    arn: String,
    repeats: u64,
}

impl Output for Report {}

/// A metric filter, the statistic of its metric and the values of its dimensions.
pub struct Watched<'a> {
    /// The filter.
    pub filter: &'a MetricFilter,
    /// Which of its metrics.
    pub dimensions: &'a [Dimension],
    /// What is looked at.
    pub statistic: Statistic,
}

/// Loads the data and evaluates the alarm.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let chosen = deployed::backtest(&args.alarm, args.name.as_deref())?;
    let files: Vec<_> = args.alarm.iter().map(|file| file.display().to_string()).collect();
    let in_file = |failure: Failure| Failure::usage(format!("{}: {}", files.join(", "), failure.message));
    let alarm = chosen.alarm();
    let problems = validate(alarm);
    if !is_valid(&problems) {
        let refused: Vec<String> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| format!("{}: {}", problem.field, problem.message))
            .collect();
        return Err(in_file(Failure::usage(refused.join("; "))));
    }
    let watched = watched(&chosen);
    let mut values = Vec::new();
    for Watched { filter, dimensions, .. } in &watched {
        check(filter).map_err(in_file)?;
        values.push(dimension_values(filter, dimensions).map_err(|message| in_file(Failure::usage(message)))?);
    }

    let (shards, _) = args.data.load()?;
    let notes = problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.message));
    let mut all_notices: Vec<String> = notes.collect();
    let (mut metrics, mut published) = (Vec::new(), Vec::new());
    for (Watched { filter, statistic, .. }, values) in watched.iter().zip(&values) {
        let all = samples(&shards, filter, args.data.reading.keep_duplicates)?;
        all_notices.extend(left_out(&all, args.exclude_oversize));
        let part = if args.exclude_oversize { all.without_oversize() } else { all };
        let transformation = filter.metric_transformations.first().cloned().unwrap_or_default();
        let metric = Samples::new(&part, values, transformation.default_value).delayed(args.delay);
        metrics.push(sliding(&metric, *statistic, alarm.period));
        published.push(metric);
        let told = findings(&shards, filter)?.into_iter().chain(notices(&part, &transformation));
        all_notices.extend(told.filter(|notice| !all_notices.contains(notice)).collect::<Vec<_>>());
    }
    if args.delay > 0 {
        all_notices.push(format!("each event counts {} minutes after its time, when it is delivered", args.delay));
    }
    let sliding = match validate::formulas(alarm) {
        Some(Ok(formulas)) => math::sliding(&formulas, &metrics, evaluation_range(alarm.evaluation_periods)),
        _ => metrics.swap_remove(0),
    };
    let timeline = evaluate(alarm, &sliding, Options::default())
        .map_err(|_| in_file(Failure::usage("the service refuses this alarm")))?;
    if sliding.omitted > 0 {
        all_notices.push(format!("the history is too long; the oldest {} samples are left out", sliding.omitted));
    }
    if let (Chosen::Single(backtest), Some(samples)) = (&chosen, published.first()) {
        all_notices.extend(advise(backtest, samples, &sliding, &timeline).into_iter().map(|advice| advice.text));
    }
    Ok(report(alarm, &sliding, &timeline, all_notices))
}

/// The metrics of an alarm, in its order.
pub fn watched(chosen: &Chosen) -> Vec<Watched<'_>> {
    match chosen {
        Chosen::Single(Backtest { filter, alarm }) => {
            vec![Watched { filter, dimensions: &alarm.dimensions, statistic: alarm.statistic() }]
        }
        Chosen::Math(MathBacktest { metric_filters, alarm }) => {
            let metrics = alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
            let pairs = metric_filters.iter().zip(metrics);
            pairs
                .map(|(filter, MetricStat { metric, stat, .. })| Watched {
                    filter,
                    dimensions: &metric.dimensions,
                    statistic: *stat,
                })
                .collect()
        }
    }
}

fn report(alarm: &MetricAlarm, sliding: &Sliding, timeline: &Timeline, notices: Vec<String>) -> Report {
    let dispatches = dispatch(timeline, alarm.actions_enabled, None, &[]);
    let mut actions = simulate(ActionLists::from(alarm), timeline, &dispatches, &[]).peekable();
    let mut change = |transition: &Transition| Change {
        time: transition.time.to_rfc3339(),
        from: transition.from,
        to: transition.to,
        reason: explain(alarm, sliding, transition).text,
        actions: std::iter::from_fn(|| actions.next_if(|action| action.time == transition.time)).map(action).collect(),
    };
    let longest =
        |span: Span| Longest { from: span.from.to_rfc3339(), to: span.to.to_rfc3339(), seconds: span.seconds() };
    Report {
        alarm: alarm.alarm_name.clone(),
        headline: headline(timeline, EpochMs::to_rfc3339),
        fires: timeline.fires(),
        seconds: Seconds {
            ok: timeline.seconds_in(AlarmState::Ok),
            alarm: timeline.seconds_in(AlarmState::Alarm),
            insufficient_data: timeline.seconds_in(AlarmState::InsufficientData),
        },
        longest_alarm: timeline.longest_alarm().map(longest),
        from: timeline.spans.first().map(|span| span.from.to_rfc3339()),
        to: timeline.spans.last().map(|span| span.to.to_rfc3339()),
        transitions: timeline.transitions.iter().map(&mut change).collect(),
        notices,
    }
}

fn action(simulated: SimulatedAction) -> Action {
    Action {
        kind: simulated.target.label(),
        name: simulated.name().into(),
        repeats: simulated.repeats,
        arn: simulated.arn,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.alarm.is_empty() { "alarm" } else { &self.alarm };
        writeln!(f, "{name}: {}", self.headline)?;
        let Seconds { ok, alarm, insufficient_data } = &self.seconds;
        let (ok, alarm, insufficient) = (duration(*ok), duration(*alarm), duration(*insufficient_data));
        writeln!(f, "OK {ok}, ALARM {alarm}, INSUFFICIENT_DATA {insufficient}")?;
        for notice in &self.notices {
            writeln!(f, "note: {}", on_one_line(notice))?;
        }
        for Change { time, from, to, reason, actions } in &self.transitions {
            writeln!(f, "{time}  {} -> {}  {reason}", from.as_str(), to.as_str())?;
            for Action { kind, name, repeats, .. } in actions {
                let again = if *repeats > 0 { format!(", repeated {repeats} times") } else { String::new() };
                writeln!(f, "{:20}  would have run: {kind} {name}{again} (simulated)", "")?;
            }
        }
        Ok(())
    }
}
