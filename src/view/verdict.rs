//! What replaying an alarm comes to, in a word, a reason and some numbers: it fires, never fires or cannot fire, how near it
//! came, how it differs from the control it seems to be meant for.

mod near_miss;
mod possible;
mod recommended;

pub use near_miss::{NearMiss, distance, is_nearer, near_miss};
pub use possible::never_possible;
pub use recommended::Recommended;

use super::composites::Evaluated;
use super::{advice, format, lab, replay};
use crate::alarm::{Options, Timeline};
use crate::base::time::DAY;
use crate::base::{EpochMs, Severity};
use crate::metric::{not_evaluated, notices};
use crate::model::alarm::{AlarmState, Backtest, ComparisonOperator, MathBacktest, MetricAlarm};
use crate::model::partial::SeriesPart;
use crate::model::series::Sliding;

/// What became of an alarm, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// CloudWatch would not take it.
    Refused,
    /// No history could make it fire.
    CannotFire,
    /// It is in ALARM nearly all the time.
    AlwaysInAlarm,
    /// Its metric has no datapoint.
    NoData,
    /// It could fire, but did not.
    NeverFires,
    /// It fires so many times.
    Fires(usize),
}

/// A verdict on one alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in words, without a full stop.
    pub reason: String,
    /// How often ALARM was entered in a week of history; `None` of less than a day.
    pub per_week: Option<f64>,
    /// When it was entered first and last.
    pub fired: Option<(EpochMs, EpochMs)>,
    /// Seconds in ALARM.
    pub alarm_seconds: u64,
    /// How near it came, where it never fires.
    pub near_miss: Option<NearMiss>,
}

impl Verdict {
    /// CloudWatch would not take the alarm or its filter.
    pub fn refused(reason: String) -> Self {
        Self::of(Outcome::Refused, reason, &Timeline::default())
    }

    /// Of an alarm on the metric of one filter; `part` is what the filter makes of the events.
    pub fn on_filter(backtest: &Backtest, part: &SeriesPart, sliding: &Sliding, timeline: &Timeline) -> Self {
        match never_possible(backtest) {
            Some(reason) => Self::of(Outcome::CannotFire, reason, &Timeline::default()),
            None => Self::on_metric(&backtest.alarm, silence(backtest, part), sliding, timeline).judged_within(sliding),
        }
    }

    /// Of an alarm on metric math.
    pub fn on_formula(backtest: &MathBacktest, sliding: &Sliding, timeline: &Timeline) -> Self {
        let silence = backtest.never_seen().map(|reason| lab::capitalised(&reason));
        Self::on_metric(&backtest.alarm, silence, sliding, timeline).judged_within(sliding)
    }

    /// With what it does not judge.
    fn judged_within(self, sliding: &Sliding) -> Self {
        let told = std::iter::once(self.reason.clone()).chain(not_evaluated(sliding, EpochMs::to_rfc3339));
        Self { reason: told.collect::<Vec<_>>().join("; "), ..self }
    }

    /// Of an alarm on any metric. `silence` says why there may be nothing to see.
    fn on_metric(alarm: &MetricAlarm, silence: Option<String>, sliding: &Sliding, timeline: &Timeline) -> Self {
        let outcome = outcome(timeline);
        let extreme = extreme(alarm, sliding);
        if outcome != Outcome::NeverFires {
            let reason = match (outcome, extreme) {
                (Outcome::AlwaysInAlarm, _) => always(timeline),
                (_, Some(extreme)) => extreme,
                (_, None) => "Missing data count as breaching".into(),
            };
            return Self::of(outcome, reason, timeline);
        }
        let Some(extreme) = extreme else {
            let reason = silence.unwrap_or_else(|| "The metric has no datapoint".into());
            return Self::of(Outcome::NoData, reason, timeline);
        };
        let near_miss = near_miss(alarm, sliding, timeline, Options::default());
        let reason = silence.map_or(extreme.clone(), |silence| format!("{silence}: {}", lab::uncapitalised(&extreme)));
        Self { near_miss, ..Self::of(outcome, reason, timeline) }
    }

    /// Of a composite alarm.
    pub fn on_composite(found: &Evaluated) -> Self {
        if let Err(error) = &found.rule {
            return Self::refused(format!("Rule: {}", error.message));
        }
        if let Some(problem) = found.problems.iter().find(|problem| problem.severity == Severity::Error) {
            return Self::refused(format!("{}: {}", problem.field, problem.message));
        }
        let Some(timeline) = &found.timeline else {
            return Self::of(Outcome::NoData, found.without_states(), &Timeline::default());
        };
        let outcome = outcome(timeline);
        let reason = match outcome {
            Outcome::AlwaysInAlarm => always(timeline),
            Outcome::NeverFires => "Its rule never holds".into(),
            _ => String::new(),
        };
        Self::of(outcome, reason, timeline)
    }

    fn of(outcome: Outcome, reason: String, timeline: &Timeline) -> Self {
        let mut entered = timeline.transitions.iter().filter(|change| change.to == AlarmState::Alarm);
        let first = entered.next().map(|change| change.time);
        let last = entered.next_back().map(|change| change.time).or(first);
        let whole = timeline.spans.first().zip(timeline.spans.last()).map_or(0, |(a, b)| b.to.0 - a.from.0);
        let weeks = whole as f64 / (7 * DAY) as f64;
        Self {
            outcome,
            reason,
            per_week: (whole >= DAY).then(|| timeline.fires() as f64 / weeks),
            fired: first.zip(last),
            alarm_seconds: timeline.seconds_in(AlarmState::Alarm),
            near_miss: None,
        }
    }

    /// How often it fires; 0 where it is always in ALARM from the beginning.
    pub fn fires(&self) -> usize {
        if let Outcome::Fires(times) = self.outcome { times } else { 0 }
    }
}

/// Why there is nothing, or nothing but default values, to see.
fn silence(backtest: &Backtest, part: &SeriesPart) -> Option<String> {
    if replay::matches(part) == 0 {
        return Some("The metric filter matches no event".into());
    }
    match backtest.watched_values() {
        Err(reason) => return Some(lab::capitalised(&reason)),
        Ok(values) if part.series.contains_key(&values) => return None,
        Ok(values) if !values.is_empty() => return Some("No matching event has the dimensions of the alarm".into()),
        Ok(_) => {}
    }
    let metric = backtest.filter.metric_transformations.first()?;
    notices(part, metric).first().map(|notice| lab::capitalised(notice))
}

fn outcome(timeline: &Timeline) -> Outcome {
    match timeline.fires() {
        _ if advice::part_in_alarm(timeline) >= advice::ALWAYS => Outcome::AlwaysInAlarm,
        0 => Outcome::NeverFires,
        times => Outcome::Fires(times),
    }
}

fn always(timeline: &Timeline) -> String {
    let part = advice::part_in_alarm(timeline);
    format!("In ALARM {} of the time", format::share((part * 1_000.0) as u64, 1_000))
}

/// `Highest Sum 3, threshold 5`; `None` without a datapoint.
fn extreme(alarm: &MetricAlarm, sliding: &Sliding) -> Option<String> {
    use ComparisonOperator::{
        GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanOrEqualToThreshold, LessThanThreshold,
    };
    let mut values = sliding.runs.iter().flat_map(|run| run.values.iter().copied()).filter(|value| !value.is_nan());
    let first = values.next()?;
    let (low, high) = values.fold((first, first), |(low, high), value| (low.min(value), high.max(value)));
    let (low, high) = (format::number(low), format::number(high));
    let what = if alarm.metrics.is_empty() { alarm.statistic().to_string() } else { "value".into() };
    let threshold = format::number(alarm.threshold);
    Some(match alarm.comparison_operator {
        GreaterThanThreshold | GreaterThanOrEqualToThreshold => format!("Highest {what} {high}, threshold {threshold}"),
        LessThanThreshold | LessThanOrEqualToThreshold => format!("Lowest {what} {low}, threshold {threshold}"),
        _ => format!("{} from {low} to {high}, compared with a band", lab::capitalised(&what)),
    })
}

impl NearMiss {
    /// `2 of 3 datapoints breach, the next is 4`, `4`
    pub fn words(&self) -> String {
        let value = format::number(self.value);
        if self.needed == 1 {
            return value;
        }
        format!("{} of {} datapoints breach, the next is {value}", self.breaching, self.needed)
    }
}

impl Outcome {
    /// `cannot fire`, `fires 3 times`
    pub fn words(self) -> String {
        match self {
            Self::Refused => "refused".into(),
            Self::CannotFire => "cannot fire".into(),
            Self::AlwaysInAlarm => "always in ALARM".into(),
            Self::NoData => "no data".into(),
            Self::NeverFires => "never fires".into(),
            Self::Fires(1) => "fires once".into(),
            Self::Fires(times) => format!("fires {} times", format::count(times as u64)),
        }
    }

    /// One word for documents: `refused`, `cannot-fire`, `always`, `no-data`, `never`, `fires`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::CannotFire => "cannot-fire",
            Self::AlwaysInAlarm => "always",
            Self::NoData => "no-data",
            Self::NeverFires => "never",
            Self::Fires(_) => "fires",
        }
    }
}

#[cfg(test)]
mod tests;
