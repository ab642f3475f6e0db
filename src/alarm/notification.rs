//! What an alarm would tell the world: the message to an SNS topic and the event to EventBridge, member for member as AWS
//! writes them. Nothing is ever sent.
//!
//! "Notifying users on alarm changes" (message schemas), "Alarm events and EventBridge" (sample events). What only a real
//! account knows is stood in for: account and Region are those of the alarm's first action, the configuration is as old as
//! the history, ids are made from name and time.

mod event;
mod message;

use super::composite::{Rule, triggering_children};
use super::dispatch::{Dispatch, Hold};
use super::timeline::{Timeline, Transition};
use super::{Reason, explain};
use crate::base::EpochMs;
use crate::base::time::SECOND;
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::composite::CompositeAlarm;
use crate::model::metric::MetricTransformation;
use crate::model::series::Sliding;
use serde::Serialize;
use std::collections::HashMap;

pub use event::event;
pub use message::{message, subject};

/// Account of AWS's examples, for alarms without actions.
const ACCOUNT: &str = "111122223333";

/// Region of AWS's examples.
const REGION: &str = "us-east-1";

/// Names of Regions as they stand in notifications (AWS General Reference, "Regional endpoints").
const REGIONS: &[(&str, &str)] = &[
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("eu-central-1", "EU (Frankfurt)"),
    ("eu-central-2", "EU (Zurich)"),
    ("eu-north-1", "EU (Stockholm)"),
    ("eu-south-1", "EU (Milan)"),
    ("eu-south-2", "EU (Spain)"),
    ("eu-west-1", "EU (Ireland)"),
    ("eu-west-2", "EU (London)"),
    ("eu-west-3", "EU (Paris)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("sa-east-1", "South America (Sao Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

/// What kind of alarm, with all that its reasons come from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A metric alarm.
    Metric {
        /// The alarm.
        alarm: &'a MetricAlarm,
        /// The metric it is on; `None` for an alarm on several, which names them itself.
        metric: Option<&'a MetricTransformation>,
        /// What it was evaluated on.
        sliding: &'a Sliding,
    },
    /// A composite alarm.
    Composite {
        /// The alarm.
        alarm: &'a CompositeAlarm,
        /// Its rule.
        rule: &'a Rule,
        /// The states of its children by name.
        children: &'a HashMap<&'a str, &'a Timeline>,
    },
}

/// An alarm that changed state.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// The alarm.
    pub source: Source<'a>,
    /// Its name.
    pub name: &'a str,
    /// Its states.
    pub timeline: &'a Timeline,
    /// What became of its actions, for each change of state.
    pub dispatches: &'a [Dispatch],
}

/// A state and why it was entered.
struct Explained {
    text: String,
    /// JSON in a text, as AWS has it.
    data: Option<String>,
    children: Vec<Child>,
}

/// A child alarm in the words of `TriggeringChildren`.
#[derive(Serialize)]
struct Child {
    #[serde(rename = "Arn")]
    arn: String,
    #[serde(rename = "State")]
    state: ChildState,
}

#[derive(Serialize)]
struct ChildState {
    #[serde(rename = "Value")]
    value: AlarmState,
    #[serde(rename = "Timestamp")]
    timestamp: String,
}

impl Sender<'_> {
    /// Why the state was entered at a change of state, in one sentence.
    pub fn reason(&self, change: usize) -> String {
        self.timeline.transitions.get(change).map(|transition| self.explain(transition).text).unwrap_or_default()
    }

    fn explain(&self, transition: &Transition) -> Explained {
        match self.source {
            Source::Metric { alarm, sliding, .. } => {
                let Reason { text, datapoints } = explain(alarm, sliding, transition);
                let datapoint = |point: &crate::model::series::Point| EvaluatedDatapoint {
                    timestamp: stamp(point.start),
                    sample_count: point.samples as f64,
                    value: point.value,
                };
                let edges = |point: &crate::model::series::Point| {
                    let end = EpochMs(point.start.0 + i64::from(alarm.period) * SECOND);
                    sliding.edges_at(end).unwrap_or((f64::NAN, f64::NAN))
                };
                let has_band = alarm.comparison_operator.needs_band();
                let edges: Option<Vec<(f64, f64)>> = has_band.then(|| datapoints.iter().rev().map(edges).collect());
                let of_edges = |pick: fn(&(f64, f64)) -> f64| Some(edges.as_ref()?.iter().map(pick).collect());
                let data = ReasonData {
                    version: "1.0",
                    query_date: stamp(transition.time),
                    start_date: datapoints.last().map(|point| stamp(point.start)),
                    statistic: alarm.metrics.is_empty().then(|| alarm.statistic().to_string()),
                    period: alarm.period,
                    recent_datapoints: datapoints.iter().rev().map(|point| point.value).collect(),
                    recent_lower_thresholds: of_edges(|edges| edges.0),
                    recent_upper_thresholds: of_edges(|edges| edges.1),
                    threshold: (!has_band).then_some(alarm.threshold),
                    evaluated_datapoints: datapoints.iter().map(datapoint).collect(),
                };
                Explained { text, data: serde_json::to_string(&data).ok(), children: Vec::new() }
            }
            Source::Composite { rule, children, .. } => {
                let triggering = triggering_children(rule, children, transition.time);
                let arns = |(name, state, since): &(&str, AlarmState, EpochMs)| Child {
                    arn: self.arn(name),
                    state: ChildState { value: *state, timestamp: stamp(*since) },
                };
                let text = match triggering.first() {
                    Some((name, state, since)) if transition.from != AlarmState::InsufficientData => {
                        format!("{} transitioned to {} at {}", self.arn(name), state.as_str(), long(*since))
                    }
                    _ => format!(
                        "{} was created and its alarm rule evaluates to {}",
                        self.arn(self.name),
                        transition.to.as_str()
                    ),
                };
                let alarms: Vec<TriggeringAlarm> = triggering
                    .iter()
                    .map(|(name, state, since)| TriggeringAlarm {
                        arn: self.arn(name),
                        state: TriggeringState { value: *state, timestamp: stamp(*since) },
                    })
                    .collect();
                let data = serde_json::to_string(&TriggeringAlarms { triggering_alarms: alarms }).ok();
                Explained { text, data, children: triggering.iter().map(arns).collect() }
            }
        }
    }

    /// The actions set for a state.
    fn actions(&self, state: AlarmState) -> &[String] {
        match self.source {
            Source::Metric { alarm, .. } => super::actions::ActionLists::from(alarm).of(state),
            Source::Composite { alarm, .. } => super::actions::ActionLists::from(alarm).of(state),
        }
    }

    /// Region and account of the first action, or those of AWS's examples.
    fn place(&self) -> (&str, &str) {
        let states = [AlarmState::Alarm, AlarmState::Ok, AlarmState::InsufficientData];
        let arns = states.into_iter().flat_map(|state| self.actions(state));
        arns.filter_map(|arn| {
            let mut parts = arn.splitn(6, ':').skip(3);
            let (region, account) = (parts.next()?, parts.next()?);
            (!region.is_empty() && account.len() == 12).then_some((region, account))
        })
        .next()
        .unwrap_or((REGION, ACCOUNT))
    }

    fn arn(&self, name: &str) -> String {
        let (region, account) = self.place();
        format!("arn:aws:cloudwatch:{region}:{account}:alarm:{name}")
    }

    fn region_name(&self) -> &str {
        let (region, _) = self.place();
        REGIONS.iter().find(|(code, _)| *code == region).map_or(region, |(_, name)| name)
    }

    fn description(&self) -> Option<&str> {
        match self.source {
            Source::Metric { alarm, .. } => alarm.alarm_description.as_deref(),
            Source::Composite { alarm, .. } => alarm.alarm_description.as_deref(),
        }
    }

    /// What kept the actions of a change of state from running at once.
    fn held(&self, change: usize) -> Option<&Hold> {
        self.dispatches.get(change).and_then(|dispatch| dispatch.held.as_ref())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonData {
    version: &'static str,
    query_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic: Option<String>,
    period: u32,
    recent_datapoints: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recent_lower_thresholds: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recent_upper_thresholds: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    evaluated_datapoints: Vec<EvaluatedDatapoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EvaluatedDatapoint {
    timestamp: String,
    sample_count: f64,
    value: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TriggeringAlarms {
    triggering_alarms: Vec<TriggeringAlarm>,
}

#[derive(Serialize)]
struct TriggeringAlarm {
    arn: String,
    state: TriggeringState,
}

#[derive(Serialize)]
struct TriggeringState {
    value: AlarmState,
    timestamp: String,
}

/// `2019-10-02T17:04:40.000+0000`
fn stamp(time: EpochMs) -> String {
    let c = time.civil();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+0000",
        c.year, c.month, c.day, c.hour, c.minute, c.second, c.milli
    )
}

/// `Friday 22 July, 2022 15:57:45 UTC`
fn long(time: EpochMs) -> String {
    const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let c = time.civil();
    let day = DAYS[time.0.div_euclid(crate::base::time::DAY).rem_euclid(7) as usize];
    let month = MONTHS[(c.month as usize - 1).min(11)];
    format!("{day} {:02} {month}, {} {:02}:{:02}:{:02} UTC", c.day, c.year, c.hour, c.minute, c.second)
}

/// A UUID that is always the same for the same text: FNV-1a, once for each half.
fn id(text: &str) -> String {
    let half =
        |seed: u64| text.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let (high, low) = (half(0xcbf2_9ce4_8422_2325), half(0x9e37_79b9_7f4a_7c15));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48 & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}
