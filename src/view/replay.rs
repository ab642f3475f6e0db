//! A backtest with something changed, run aside: what an alarm would have done with other samples or settings.

use super::format::count;
use crate::alarm::headline::duration;
use crate::alarm::{Options, Timeline, evaluate};
use crate::metric::{Samples, sliding};
use crate::model::alarm::{AlarmState, Backtest};
use crate::model::partial::SeriesPart;

/// The timeline of a backtest on the samples of `part`; `None` when the alarm is not valid. `delay_minutes` is how long
/// after its time an event is delivered.
pub fn replay(backtest: &Backtest, part: &SeriesPart, dimensions: &[String], delay_minutes: u32) -> Option<Timeline> {
    let default = backtest.filter.metric_transformations.first().and_then(|metric| metric.default_value);
    let samples = Samples::new(part, dimensions, default).delayed(delay_minutes);
    let sliding = sliding(&samples, backtest.alarm.statistic(), backtest.alarm.period);
    evaluate(&backtest.alarm, &sliding, Options::default()).ok()
}

/// Matching events, those without a time included.
pub fn matches(part: &SeriesPart) -> u64 {
    part.matched_minutes.values().sum::<u64>() + part.undated
}

/// `fires 4 → 3 times`
pub fn fires_change(before: &Timeline, after: &Timeline) -> String {
    let fires = |timeline: &Timeline| count(timeline.fires() as u64);
    format!("fires {} → {} times", fires(before), fires(after))
}

/// `3 h 20 m → 5 m in ALARM`
pub fn alarm_change(before: &Timeline, after: &Timeline) -> String {
    let seconds = |timeline: &Timeline| duration(timeline.seconds_in(AlarmState::Alarm));
    format!("{} → {} in ALARM", seconds(before), seconds(after))
}
