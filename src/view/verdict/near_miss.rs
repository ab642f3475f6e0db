//! How near an alarm came to firing without doing so: the evaluation with the most breaching datapoints, and of those the one
//! whose next datapoint came closest to the threshold.

use crate::alarm::missing_data::{Known, Steps};
use crate::alarm::window::{Schedule, evaluation_range};
use crate::alarm::{Options, Timeline};
use crate::base::EpochMs;
use crate::base::time::{MINUTE, SECOND};
use crate::model::alarm::{AlarmState, ComparisonOperator, MetricAlarm};
use crate::model::series::Sliding;

/// The evaluation that came closest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearMiss {
    /// When it took place.
    pub time: EpochMs,
    /// Datapoints in it that breach.
    pub breaching: u32,
    /// How many had to.
    pub needed: u32,
    /// Of those that do not breach, the one nearest to the threshold or the band.
    pub value: f64,
    /// How far it is from there.
    pub distance: f64,
}

/// The nearest miss of a whole history; the first of several. `None` where no evaluation outside ALARM had a datapoint that
/// could still have breached.
pub fn near_miss(alarm: &MetricAlarm, sliding: &Sliding, timeline: &Timeline, options: Options) -> Option<NearMiss> {
    let (first_minute, last_minute) = sliding.log_minutes?;
    let schedule = Schedule::new(alarm.period, alarm.evaluation_periods, options.hourly_offset);
    let step = i64::from(sliding.step_s.max(1)) * SECOND;
    let first = schedule.number_at(schedule.at_or_after(EpochMs(first_minute * MINUTE + step)));
    // After the end of the log an alarm is not raised, so that nothing is missed either.
    let last = schedule.number_at(EpochMs((last_minute + 1) * MINUTE));
    let reach = i64::from(evaluation_range(alarm.evaluation_periods)) * sliding.period_ticks();
    let mut nearest: Option<NearMiss> = None;
    let mut next = first;
    let mut spans = timeline.spans.iter().peekable();
    for run in &sliding.runs {
        // Evaluations that see a datapoint of this run.
        let end = run.first_end + run.values.len() as i64 + reach;
        let from = schedule.number_at(EpochMs(run.first_end * step)).max(next);
        next = schedule.number_at(EpochMs(end * step)).min(last) + 1;
        for number in from..next {
            let time = schedule.time_of(number);
            while spans.next_if(|span| span.to <= time).is_some() {}
            if spans.peek().is_none_or(|span| span.state == AlarmState::Alarm) {
                continue;
            }
            let tick = schedule.data_end(time).0.div_euclid(step);
            if let Some(miss) = looked_at(alarm, sliding, tick, time)
                && nearest.is_none_or(|nearest| is_nearer(&miss, &nearest))
            {
                nearest = Some(miss);
            }
        }
    }
    nearest
}

/// Whether one misses by less than another.
pub fn is_nearer(a: &NearMiss, b: &NearMiss) -> bool {
    let lacking = |miss: &NearMiss| miss.needed - miss.breaching;
    (lacking(a), a.distance) < (lacking(b), b.distance)
}

/// What one evaluation lacked; the newest period it looks at ends at `tick`.
fn looked_at(alarm: &MetricAlarm, sliding: &Sliding, tick: i64, time: EpochMs) -> Option<NearMiss> {
    let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
    let (mut known, mut breaching) = (Known::default(), 0);
    let mut nearest: Option<(f64, f64)> = None;
    for age in 1..=evaluation_range(n) {
        let at = tick - i64::from(age - 1) * sliding.period_ticks();
        let Some((value, _)) = sliding.at(at) else { continue };
        let edges = sliding.edges(at).unwrap_or((alarm.threshold, alarm.threshold));
        known = Known { real: known.real + 1, oldest_age: age };
        if alarm.comparison_operator.breaches(value, edges.0, edges.1) {
            breaching += 1;
        } else {
            let distance = distance(alarm.comparison_operator, value, edges);
            nearest = nearest.filter(|(_, known)| *known <= distance).or(Some((value, distance)));
        }
        if known.real == n {
            break;
        }
    }
    let needed = Steps::new(known, n, m, alarm.treat_missing_data).alarm;
    let (value, distance) = nearest?;
    (breaching < needed && needed <= known.real).then_some(NearMiss { time, breaching, needed, value, distance })
}

/// How far a value that does not breach is from where it would.
pub fn distance(operator: ComparisonOperator, value: f64, (lower, upper): (f64, f64)) -> f64 {
    use ComparisonOperator::{
        GreaterThanOrEqualToThreshold, GreaterThanThreshold, GreaterThanUpperThreshold,
        LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, LessThanOrEqualToThreshold,
        LessThanThreshold,
    };
    match operator {
        GreaterThanThreshold | GreaterThanOrEqualToThreshold | GreaterThanUpperThreshold => upper - value,
        LessThanThreshold | LessThanOrEqualToThreshold | LessThanLowerThreshold => value - lower,
        LessThanLowerOrGreaterThanUpperThreshold => (upper - value).min(value - lower),
    }
}
