//! One evaluation laid open: the datapoints of its range, the rule that decided, and the state that followed.
//!
//! [`evaluate`](super::evaluate) walks a history without ever forming these; [`look`] forms one for a person. Both come to the same
//! state at every instant, which `tests/alarm_properties.rs` holds them to.

use super::missing_data::{self, Datapoint};
use super::timeline::{Options, Timeline};
use super::window::{Schedule, enough_samples, evaluation_range, low_sample_percentile, period_starts};
use crate::base::EpochMs;
use crate::base::time::{MINUTE, SECOND};
use crate::model::alarm::{AlarmState, MetricAlarm, TreatMissingData};
use crate::model::series::{Point, Sliding};

/// One evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// When it took place.
    pub time: EpochMs,
    /// The periods of the evaluation range, oldest first.
    pub periods: Vec<Period>,
    /// How many of the datapoints that count breach.
    pub breaching: u32,
    /// What decided.
    pub rule: Rule,
    /// State before.
    pub before: AlarmState,
    /// State after.
    pub after: AlarmState,
}

/// A period of the evaluation range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    /// When it begins; periods slide with the evaluation.
    pub start: EpochMs,
    /// When it ends.
    pub end: EpochMs,
    /// Its datapoint.
    pub point: Option<Point>,
    /// What that is compared with: the threshold twice, or the edges of the band.
    pub edges: (f64, f64),
    /// What the evaluation makes of it.
    pub role: Role,
}

impl Period {
    /// Whether its datapoint is one of the newest N.
    pub fn counts(&self) -> bool {
        matches!(self.role, Role::Breaching | Role::NotBreaching)
    }
}

/// What an evaluation makes of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its datapoint counts and is outside the threshold.
    Breaching,
    /// Its datapoint counts and is inside the threshold.
    NotBreaching,
    /// It has no datapoint.
    Missing,
    /// It has a datapoint, but the newest N were found before it was reached.
    NotReached,
}

/// Which rule of "Configuring how CloudWatch alarms treat missing data" decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A datapoint that counts has too few samples for its percentile, and the alarm ignores such periods.
    TooFewSamples,
    /// There are N datapoints: missing data plays no part.
    Enough,
    /// So many missing datapoints count as breaching.
    FilledAsBreaching(u32),
    /// So many missing datapoints count as inside the threshold.
    FilledAsNotBreaching(u32),
    /// There is no datapoint at all, and nothing is filled in.
    NoData,
    /// Nothing is filled in, and M datapoints breach all the same.
    Reached,
    /// Nothing is filled in, fewer than M breach, and one is inside the threshold.
    SomeInside,
    /// Nothing is filled in, fewer than M datapoints are there, all breach; the oldest is so many periods old, M or more.
    AllBreachLong(u32),
    /// The same, but the oldest is younger than M periods: fresh data after a silence does not raise the alarm.
    Premature(u32),
}

/// The newest evaluation at `time` or before; `None` where the history has none. `timeline` is what [`super::evaluate`] made of
/// the same alarm, values and options.
pub fn look(
    alarm: &MetricAlarm,
    sliding: &Sliding,
    timeline: &Timeline,
    options: Options,
    time: EpochMs,
) -> Option<Evaluation> {
    let (first_minute, _) = sliding.log_minutes?;
    let schedule = Schedule::new(alarm.period, alarm.evaluation_periods, options.hourly_offset);
    let time = schedule.at_or_before(time);
    let begin = EpochMs(first_minute * MINUTE);
    let end = timeline.spans.last()?.to;
    if time <= begin || time > end {
        return None;
    }
    let before = timeline.state_at(EpochMs(time.0 - 1))?;
    let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
    let periods = periods(alarm, sliding, schedule.data_end(time));
    let breaching = periods.iter().filter(|period| period.role == Role::Breaching).count() as u32;
    let real = periods.iter().filter(|period| period.counts()).count() as u32;
    let is_low = low_sample_percentile(alarm).is_some_and(|percent| {
        periods
            .iter()
            .filter(|period| period.counts())
            .filter_map(|period| period.point)
            .any(|point| !enough_samples(percent, point.samples))
    });
    let oldest = (1..).zip(periods.iter().rev()).filter(|(_, period)| period.counts()).last().map_or(0, |(age, _)| age);
    let rule = match alarm.treat_missing_data {
        _ if is_low => Rule::TooFewSamples,
        _ if real >= n => Rule::Enough,
        TreatMissingData::Breaching => Rule::FilledAsBreaching(n - real),
        TreatMissingData::NotBreaching => Rule::FilledAsNotBreaching(n - real),
        _ if real == 0 => Rule::NoData,
        _ if breaching >= m => Rule::Reached,
        _ if breaching < real => Rule::SomeInside,
        _ if oldest >= m => Rule::AllBreachLong(oldest),
        _ => Rule::Premature(oldest),
    };
    let datapoint = |period: &Period| match period.role {
        Role::Breaching => Datapoint::Breaching,
        Role::NotBreaching | Role::NotReached => Datapoint::NotBreaching,
        Role::Missing => Datapoint::Missing,
    };
    let points: Vec<Datapoint> = periods.iter().map(datapoint).collect();
    let after = match rule {
        Rule::TooFewSamples => before,
        _ => missing_data::evaluate(&points, n, m, alarm.treat_missing_data, before),
    };
    Some(Evaluation { time, periods, breaching, rule, before, after })
}

/// The evaluation range that ends at `data_end`.
pub(super) fn periods(alarm: &MetricAlarm, sliding: &Sliding, data_end: EpochMs) -> Vec<Period> {
    let length = i64::from(alarm.period) * SECOND;
    let step = i64::from(sliding.step_s.max(1)) * SECOND;
    let starts = period_starts(alarm.period, evaluation_range(alarm.evaluation_periods), data_end);
    let mut found = 0;
    let newest_first = starts.into_iter().rev().map(|start| {
        let end = EpochMs(start.0 + length);
        let tick = end.0.div_euclid(step);
        let edges = sliding.edges(tick).unwrap_or((alarm.threshold, alarm.threshold));
        let point = sliding.at(tick).map(|(value, samples)| Point { start, value, samples: u64::from(samples) });
        let role = match point {
            None => Role::Missing,
            Some(_) if found >= alarm.evaluation_periods => Role::NotReached,
            Some(Point { value, .. }) => {
                found += 1;
                let breaches = alarm.comparison_operator.breaches(value, edges.0, edges.1);
                if breaches { Role::Breaching } else { Role::NotBreaching }
            }
        };
        Period { start, end, point, edges, role }
    });
    let mut periods: Vec<Period> = newest_first.collect();
    periods.reverse();
    periods
}
