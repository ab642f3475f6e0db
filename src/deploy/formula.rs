//! Alarms on metric math, with those of their metric filters that are not written for another alarm.

use super::FormulaEntry;
use super::filter::{ReadyFilter, complete};
use super::ready::{Names, Ready, refusal_of_alarm, refusal_of_filter, unique_identifier};
use crate::model::alarm::{MathBacktest, MetricAlarm, dimension_values};

/// An alarm on metric math with every name it needs.
pub(super) struct ReadyFormula {
    /// Letters and digits, beginning with a letter; different for each alarm.
    pub(super) id: String,
    /// What is written for this alarm alone.
    pub(super) filters: Vec<ReadyFilter>,
    pub(super) alarm: MetricAlarm,
}

/// Completes names; says what is left out and what was named.
pub(super) fn make(
    entries: &[FormulaEntry],
    ready: &[Ready],
    names: &mut Names,
    notes: &mut Vec<String>,
) -> Vec<ReadyFormula> {
    let mut formulas: Vec<ReadyFormula> = Vec::new();
    for FormulaEntry { name, backtest } in entries {
        if let Some(reason) = refusal(backtest) {
            notes.push(format!("“{name}” is left out, because CloudWatch would refuse it: {reason}"));
            continue;
        }
        let id = unique_identifier(&mut names.ids, name);
        let mut alarm = backtest.alarm.clone();
        complete(&mut alarm.alarm_name, name, "alarm name", name, &mut names.alarms, notes);
        let mut filters: Vec<ReadyFilter> = Vec::new();
        let metrics = alarm.metrics.iter_mut().filter(|query| query.metric_stat.is_some());
        for (query, filter) in metrics.zip(&backtest.metric_filters) {
            let others = ready.iter().map(|item| &item.filter);
            let written = others.chain(formulas.iter().flat_map(|item| &item.filters)).chain(&filters);
            let metric = match written.into_iter().find(|written| written.publishes(filter)) {
                Some(written) => written.metric.clone(),
                None => {
                    let stand_in = format!("{name} {}", query.id);
                    let filter_id = unique_identifier(&mut names.ids, &stand_in);
                    let made = ReadyFilter::new(filter, &stand_in, &filter_id, &mut names.taken, notes);
                    let Some(made) = made else { continue };
                    filters.push(made.clone());
                    made.metric
                }
            };
            if let Some(stat) = &mut query.metric_stat {
                (stat.metric.namespace, stat.metric.metric_name) = (metric.metric_namespace, metric.metric_name);
            }
        }
        formulas.push(ReadyFormula { id, filters, alarm });
    }
    formulas
}

fn refusal(backtest: &MathBacktest) -> Option<String> {
    let MathBacktest { metric_filters, alarm } = backtest;
    let filters = || metric_filters.iter().find_map(refusal_of_filter);
    let metrics: Vec<_> = alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref()).collect();
    if metrics.len() != metric_filters.len() {
        return Some("not every metric has its metric filter".into());
    }
    let pairs = || metrics.iter().zip(metric_filters);
    let dimensions = || pairs().find_map(|(metric, filter)| dimension_values(filter, &metric.metric.dimensions).err());
    filters().or_else(|| refusal_of_alarm(alarm)).or_else(dimensions)
}
