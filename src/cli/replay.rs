//! `replay`: every alarm that is deployed, replayed on the events, with a verdict on each.

use super::backtest::{Chosen, DeliveryArgs, delivered};
use super::data::Data;
use super::deployed::Lab;
use super::failure::Failure;
use super::shards::Shards;
use super::{Output, on_one_line};
use crate::alarm::Timeline;
use crate::alarm::headline::duration;
use crate::view::composites::{self, named};
use crate::view::verdict::{Outcome, Recommended, Verdict};
use crate::view::what_if::Delivery;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is deployed, if it does not lie beside the events: describe-metric-filters and describe-alarms output, a
    /// CloudFormation template as JSON, `terraform show -json`; or a workspace that the page saved.
    #[arg(long, value_name = "FILE")]
    alarm: Vec<PathBuf>,
    #[command(flatten)]
    delivery: DeliveryArgs,
    #[command(flatten)]
    data: Data,
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
    let (shards, loaded) = args.data.load_and_tell()?;
    let lab = Lab::read(loaded.attachments, &args.alarm)?;
    if lab.is_empty() {
        return Err(Failure::usage("no metric filter and no alarm in these files"));
    }
    let delivery = args.delivery.or(lab.delivery);
    let mut alarms = Vec::new();
    let mut states = Vec::new();
    for (name, chosen) in &lab.alarms {
        let (verdict, timeline) = judge(&shards, chosen, delivery, args.data.reading.keep_duplicates)?;
        let control = match chosen {
            Chosen::Single(backtest) => Recommended::nearest_to(backtest).map(control),
            Chosen::Math(_) => None,
        };
        let state_name = named(&chosen.alarm().alarm_name, name);
        states.extend(timeline.map(|timeline| (state_name, Arc::new(timeline))));
        alarms.push(line(name.clone(), verdict, control));
    }
    let composites = composites::evaluate(&lab.composites, &composites::by_name(states), &lab.names());
    alarms.extend(composites.iter().map(|found| line(found.name.clone(), Verdict::on_composite(found), None)));
    alarms.sort_by(|a, b| a.outcome.cmp(&b.outcome).then_with(|| a.alarm.cmp(&b.alarm)));
    Ok(Report { alarms, notices: lab.notes })
}

/// The verdict on one alarm and its states, if the service would take it.
fn judge(
    shards: &Shards,
    chosen: &Chosen,
    delivery: Delivery,
    keep_duplicates: bool,
) -> Result<(Verdict, Option<Timeline>), Failure> {
    if let Err(refused) = chosen.check() {
        return Ok((Verdict::refused(refused.message), None));
    }
    let parts = delivered(&chosen.publish(shards, keep_duplicates)?, delivery.exclude_oversize);
    let Some(run) = chosen.run(&parts, delivery.delay_minutes) else {
        return Ok((Verdict::refused("The service refuses this alarm".into()), None));
    };
    let verdict = match chosen {
        // There is a part for each filter.
        Chosen::Single(backtest) => Verdict::on_filter(backtest, &parts[0], &run.sliding, &run.timeline),
        Chosen::Math(backtest) => Verdict::on_formula(backtest, &run.sliding, &run.timeline),
    };
    Ok((verdict, Some(run.timeline)))
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
