//! What an alarm watches: one metric, or formulas over several.

use super::validate::formulas;
use super::window::evaluation_range;
use crate::metric::math;
use crate::model::alarm::MetricAlarm;
use crate::model::series::Sliding;
use crate::model::statistic::Statistic;

/// The statistic of each metric of an alarm, in its order: what samples are wanted for.
pub fn statistics(alarm: &MetricAlarm) -> Vec<Statistic> {
    if alarm.metrics.is_empty() {
        return vec![alarm.statistic()];
    }
    alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref()).map(|metric| metric.stat).collect()
}

/// What slides, of the alarm's metrics, which are in the alarm's order and have its period. `None` when the service refuses
/// the formulas.
pub fn watched(alarm: &MetricAlarm, mut metrics: Vec<Sliding>) -> Option<Sliding> {
    match formulas(alarm) {
        None => metrics.pop(),
        Some(formulas) => Some(math::sliding(&formulas.ok()?, &metrics, evaluation_range(alarm.evaluation_periods))),
    }
}

/// The same with a band of each of `widths` in place of the alarm's own. `None` when the service refuses the formulas.
pub fn watched_by_width<'w>(
    alarm: &MetricAlarm,
    metrics: &[Sliding],
    widths: &'w [f64],
) -> Option<impl Iterator<Item = Sliding> + use<'w>> {
    let formulas = formulas(alarm)?.ok()?;
    Some(math::by_width(&formulas, metrics, evaluation_range(alarm.evaluation_periods), widths))
}

/// Whether what the alarm watches depends on its evaluation periods.
pub fn depends_on_range(alarm: &MetricAlarm) -> bool {
    matches!(formulas(alarm), Some(Ok(formulas)) if formulas.depends_on_range())
}
