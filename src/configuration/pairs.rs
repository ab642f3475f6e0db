//! Joins alarms with the metric filters whose metric they watch: by namespace and name of the metric, which is all that
//! connects them in AWS.

use super::item::{AlarmItem, FilterItem, Items};
use super::{Configuration, Deployed};
use crate::model::alarm::{Backtest, MathBacktest, MetricAlarm, unit_mismatch};
use crate::model::metric::MetricTransformation;
use crate::model::metric_data::{Metric, MetricStat};
use std::collections::{BTreeSet, HashMap};

/// Backtests that one configuration makes: an alarm may watch a metric of many filters.
const BACKTESTS: usize = 5_000;

/// Every alarm with its filters, then every filter without an alarm.
pub fn join(mut items: Items) -> Configuration {
    let (filters, alarms) = (std::mem::take(&mut items.filters), std::mem::take(&mut items.alarms));
    let mut by_metric: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (index, (_, filter)) in filters.iter().enumerate() {
        let metric = metric(filter);
        by_metric.entry((&metric.metric_namespace, &metric.metric_name)).or_default().push(index);
    }
    let (rules, rule_files) = items.take_rules();
    let mut backtests = Vec::new();
    let composites = std::mem::take(&mut items.composites);
    let mutes = std::mem::take(&mut items.mutes);
    let mut files: BTreeSet<String> = composites.iter().map(|(file, _)| file.clone()).collect();
    files.extend(mutes.iter().map(|(file, _)| file.clone()));
    let (mut watched, mut used) = (vec![false; filters.len()], 0);
    let mut formulas = Vec::new();
    for (file, item) in &alarms {
        let AlarmItem { namespace, metric_name, alarm } = item;
        let name = &alarm.alarm_name;
        if !alarm.metrics.is_empty() {
            match publishers_of_all(alarm, &by_metric) {
                Ok(indices) => {
                    used += 1;
                    files.insert(file.clone());
                    for &index in &indices {
                        watched[index] = true;
                        files.insert(filters[index].0.clone());
                    }
                    let metric_filters = indices.into_iter().map(|index| filters[index].1.filter.clone()).collect();
                    let formula = MathBacktest { metric_filters, alarm: alarm.clone() };
                    if let Some(reason) = formula.never_seen() {
                        items.note_about(file.clone(), name, format!("{reason}: in CloudWatch it sees no data"));
                    }
                    formulas.push(formula);
                }
                Err(reason) => items.note_about(file.clone(), name, format!("alarm not used: {reason}")),
            }
            continue;
        }
        let Some(publishers) = by_metric.get(&(namespace.as_str(), metric_name.as_str())) else {
            let message = format!("alarm not used: no metric filter here publishes {namespace} / {metric_name}");
            items.note_about(file.clone(), name, message);
            continue;
        };
        if let [_, _, ..] = publishers.as_slice() {
            let message = format!(
                "{} metric filters publish {namespace} / {metric_name}; each is backtested by itself, not their sum",
                publishers.len()
            );
            items.note_about(file.clone(), name, message);
        }
        used += 1;
        files.insert(file.clone());
        for &index in publishers {
            let (filter_file, filter) = &filters[index];
            watched[index] = true;
            files.insert(filter_file.clone());
            if let Some(reason) = unit_mismatch(Some(metric(filter)), alarm.unit.as_deref()) {
                items.note_about(file.clone(), name, format!("{reason}: in CloudWatch it sees no data"));
            }
            let filter_name = &filter.filter.filter_name;
            let name = if publishers.len() > 1 { format!("{name} · {filter_name}") } else { name.clone() };
            push(&mut backtests, &mut items, name, filter, Some(alarm.clone()));
        }
    }
    let alone = filters.iter().zip(&watched).filter(|(_, watched)| !**watched);
    for ((file, filter), _) in alone {
        files.insert(file.clone());
        let name = filter.filter.filter_name.clone();
        let message = "no alarm here watches this metric filter; it starts with the lab's own (Sum, 5 minutes, ≥ 1)";
        items.note_about(file.clone(), &name, message.into());
        push(&mut backtests, &mut items, name, filter, None);
    }
    Configuration {
        backtests,
        rules,
        rule_files,
        formulas,
        filters: filters.len(),
        alarms: used + composites.len(),
        composites: composites.into_iter().map(|(_, alarm)| alarm).collect(),
        mutes: mutes.into_iter().map(|(_, rule)| rule).collect(),
        files: files.into_iter().collect(),
        notes: items.notes,
        more_notes: items.more_notes,
    }
}

/// The filters that publish the metrics of an alarm on several, in its order. Errors: why they cannot be told.
fn publishers_of_all(alarm: &MetricAlarm, by_metric: &HashMap<(&str, &str), Vec<usize>>) -> Result<Vec<usize>, String> {
    let metrics = alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
    let publisher = |stat: &MetricStat| {
        let Metric { namespace, metric_name, .. } = &stat.metric;
        match by_metric.get(&(namespace.as_str(), metric_name.as_str())).map(Vec::as_slice) {
            None | Some([]) => Err(format!("no metric filter here publishes {namespace} / {metric_name}")),
            Some([one]) => Ok(*one),
            Some(several) => Err(format!(
                "{} metric filters publish {namespace} / {metric_name}, whose sum is not formed",
                several.len()
            )),
        }
    };
    metrics.map(publisher).collect()
}

/// Keeps a filter with the alarm that watches it, or by itself.
fn push(
    backtests: &mut Vec<Deployed>,
    items: &mut Items,
    name: String,
    filter: &FilterItem,
    alarm: Option<MetricAlarm>,
) {
    if backtests.len() == BACKTESTS {
        return items.note(&name, "more pairs of alarm and metric filter than are kept; left out");
    }
    let has_alarm = alarm.is_some();
    let backtest = Backtest { filter: filter.filter.clone(), alarm: alarm.unwrap_or_default() };
    backtests.push(Deployed { name, log_group: filter.log_group.clone(), has_alarm, backtest });
}

fn metric(filter: &FilterItem) -> &MetricTransformation {
    // There is exactly one: that was looked at when the filter was read.
    &filter.filter.metric_transformations[0]
}
