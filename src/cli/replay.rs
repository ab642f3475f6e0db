//! `replay`: every alarm that is deployed, replayed on the events, with a verdict on each.

use super::alarm::{Watched, watched};
use super::data::{self, Data};
use super::deployed::Chosen;
use super::failure::Failure;
use super::metric::{check, samples};
use super::shards::Shards;
use super::{Output, on_one_line};
use crate::alarm::headline::duration;
use crate::alarm::validate::{formulas, is_valid};
use crate::alarm::window::evaluation_range;
use crate::alarm::{Options, Timeline, evaluate, validate};
use crate::base::Severity;
use crate::configuration::{Configuration, read};
use crate::metric::{Samples, math, sliding};
use crate::model::alarm::{MetricAlarm, dimension_values};
use crate::model::composite::CompositeAlarm;
use crate::model::partial::SeriesPart;
use crate::model::selection::Selection;
use crate::view::NamedComposite;
use crate::view::composites;
use crate::view::verdict::{Outcome, Recommended, Verdict};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: Data,
    /// What is deployed, if it does not lie beside the events: describe-metric-filters and describe-alarms output, a
    /// CloudFormation template, a Terraform plan.
    #[arg(long, value_name = "FILE")]
    alarm: Vec<PathBuf>,
}

/// All verdicts, the gravest first.
#[derive(Serialize)]
pub struct Report {
    alarms: Vec<Line>,
    /// What could not be used, and why.
    notices: Vec<String>,
}

/// One alarm.
#[derive(Serialize)]
struct Line {
    alarm: String,
    verdict: &'static str,
    reason: String,
    fires: usize,
    fires_per_week: Option<f64>,
    first: Option<String>,
    last: Option<String>,
    /// Seconds in ALARM.
    alarm_seconds: u64,
    nearest_miss: Option<Nearest>,
    control: Option<Control>,
    #[serde(skip)]
    outcome: Outcome,
}

#[derive(Serialize)]
struct Nearest {
    time: String,
    value: f64,
    breaching: u32,
    needed: u32,
    #[serde(skip)]
    words: String,
}

#[derive(Serialize)]
struct Control {
    key: &'static str,
    title: &'static str,
    likeness: &'static str,
    differences: Vec<String>,
}

impl Output for Report {}

/// Loads events and configuration, and judges each alarm.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let (shards, mut loaded) = args.data.load()?;
    if !args.alarm.is_empty() {
        let beside = Shards::start(NonZeroUsize::new(1))?.load(data::files(&args.alarm)?, Selection::default())?;
        loaded.attachments.extend(beside.attachments);
    }
    let Configuration { backtests, formulas, composites, notes, .. } = read(&loaded.attachments);
    if backtests.is_empty() && formulas.is_empty() && composites.is_empty() && notes.is_empty() {
        return Err(Failure::usage("no metric filter and no alarm in these files"));
    }
    let single = backtests.into_iter().map(|deployed| (deployed.name, Chosen::Single(deployed.backtest)));
    let math = formulas.into_iter().map(|formula| (formula.alarm.alarm_name.clone(), Chosen::Math(formula)));
    let mut alarms = Vec::new();
    let mut states = HashMap::new();
    for (name, chosen) in single.chain(math) {
        let (verdict, timeline) = judge(&shards, &chosen, args.data.reading.keep_duplicates)?;
        let control = match &chosen {
            Chosen::Single(backtest) => Recommended::nearest_to(backtest).map(control),
            Chosen::Math(_) => None,
        };
        states.extend(timeline.map(|timeline| (chosen.alarm().alarm_name.clone(), Arc::new(timeline))));
        alarms.push(line(name, verdict, control));
    }
    alarms.extend(judge_composites(composites, &states));
    alarms.sort_by(|a, b| a.outcome.cmp(&b.outcome).then_with(|| a.alarm.cmp(&b.alarm)));
    let notices = notes.iter().map(|note| format!("{}: {}: {}", note.file, note.item, note.message)).collect();
    Ok(Report { alarms, notices })
}

/// The verdict on one alarm and its states, if the service would take it.
fn judge(shards: &Shards, chosen: &Chosen, keep_duplicates: bool) -> Result<(Verdict, Option<Timeline>), Failure> {
    let alarm = chosen.alarm();
    if let Some(reason) = refusal(alarm) {
        return Ok((Verdict::refused(reason), None));
    }
    let mut metrics = Vec::new();
    let mut parts: Vec<SeriesPart> = Vec::new();
    for Watched { filter, dimensions, statistic } in watched(chosen) {
        if let Err(failure) = check(filter) {
            return Ok((Verdict::refused(failure.message), None));
        }
        let part = samples(shards, filter, keep_duplicates)?;
        let default = filter.metric_transformations.first().and_then(|metric| metric.default_value);
        // An alarm on dimensions that the filter does not publish is on a metric that is never there.
        let metric = match dimension_values(filter, dimensions) {
            Ok(values) => Samples::new(&part, &values, default),
            Err(_) => Samples::new(&SeriesPart { series: Default::default(), ..part.clone() }, &[], None),
        };
        metrics.push(sliding(&metric, statistic, alarm.period));
        parts.push(part);
    }
    let sliding = match formulas(alarm) {
        Some(Ok(formulas)) => math::sliding(&formulas, &metrics, evaluation_range(alarm.evaluation_periods)),
        _ => metrics.swap_remove(0),
    };
    let Ok(timeline) = evaluate(alarm, &sliding, Options::default()) else {
        return Ok((Verdict::refused("The service refuses this alarm".into()), None));
    };
    let verdict = match (chosen, parts.as_slice()) {
        (Chosen::Single(backtest), [part]) => Verdict::on_filter(backtest, part, &sliding, &timeline),
        _ => Verdict::on_metric(alarm, None, &sliding, &timeline),
    };
    Ok((verdict, Some(timeline)))
}

/// Why the service would not take the alarm.
fn refusal(alarm: &MetricAlarm) -> Option<String> {
    let problems = validate(alarm);
    (!is_valid(&problems)).then(|| {
        let refused = problems.iter().filter(|problem| problem.severity == Severity::Error);
        refused.map(|problem| format!("{}: {}", problem.field, problem.message)).collect::<Vec<_>>().join("; ")
    })
}

fn judge_composites(alarms: Vec<CompositeAlarm>, states: &HashMap<String, Arc<Timeline>>) -> Vec<Line> {
    let items: Vec<NamedComposite> =
        alarms.into_iter().map(|alarm| NamedComposite { id: 0, name: alarm.alarm_name.clone(), alarm }).collect();
    let known: HashSet<String> = states.keys().cloned().collect();
    let evaluated = composites::evaluate(&items, states, &known);
    evaluated.into_iter().map(|found| line(found.name.clone(), Verdict::on_composite(&found), None)).collect()
}

fn control(found: Recommended) -> Control {
    let (likeness, differences) = (found.word(), found.phrases());
    Control { key: &found.control.key, title: &found.control.title, likeness, differences }
}

fn line(alarm: String, verdict: Verdict, control: Option<Control>) -> Line {
    let nearest = verdict.near_miss.map(|miss| Nearest {
        time: miss.time.to_rfc3339(),
        value: miss.value,
        breaching: miss.breaching,
        needed: miss.needed,
        words: miss.words(),
    });
    Line {
        alarm,
        verdict: verdict.outcome.as_str(),
        fires: verdict.fires(),
        fires_per_week: verdict.per_week.map(|rate| (rate * 100.0).round() / 100.0),
        first: verdict.fired.map(|(first, _)| first.to_rfc3339()),
        last: verdict.fired.map(|(_, last)| last.to_rfc3339()),
        alarm_seconds: verdict.alarm_seconds,
        nearest_miss: nearest,
        control,
        outcome: verdict.outcome,
        reason: verdict.reason,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.alarms {
            writeln!(f, "{line}")?;
        }
        for notice in &self.notices {
            writeln!(f, "note: {}", on_one_line(notice))?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", on_one_line(&self.alarm), self.outcome.words())?;
        if let (Some(first), Some(last)) = (&self.first, &self.last) {
            write!(f, ", {} in ALARM, first {first}", duration(self.alarm_seconds))?;
            if first != last {
                write!(f, ", last {last}")?;
            }
            if let Some(rate) = self.fires_per_week {
                write!(f, ", {rate} a week")?;
            }
        }
        if !self.reason.is_empty() {
            write!(f, "\n    {}", on_one_line(&self.reason))?;
        }
        if let Some(Nearest { time, words, .. }) = &self.nearest_miss {
            write!(f, "\n    nearest miss {time}: {words}")?;
        }
        if let Some(Control { title, likeness, differences, .. }) = &self.control {
            write!(f, "\n    control “{title}”: {likeness}")?;
            if !differences.is_empty() {
                write!(f, ": {}", on_one_line(&differences.join("; ")))?;
            }
        }
        Ok(())
    }
}
