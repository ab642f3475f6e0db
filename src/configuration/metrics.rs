//! The metrics and formulas of an alarm (`Metrics` of PutMetricAlarm).

use super::item::{dimensions, statistic};
use super::value::{Object, objects, required, some_text, text, unknown, whole_number};
use crate::model::metric_data::{Metric, MetricDataQuery, MetricStat};
use serde_json::Value;

/// Metrics and formulas of one alarm that are read; more are refused later anyway.
const MOST: usize = 100;

/// All that an alarm has.
pub fn read(object: &Object) -> Result<Vec<MetricDataQuery>, String> {
    let queries = objects(object, "Metrics")?;
    if queries.len() > MOST {
        return Err(format!("it has {} Metrics", queries.len()));
    }
    queries.into_iter().map(query).collect()
}

fn query(object: &Object) -> Result<MetricDataQuery, String> {
    let metric_stat = match object.get("MetricStat") {
        None | Some(Value::Null) => None,
        Some(Value::Object(stat)) => Some(metric_stat(stat)?),
        Some(other) => return Err(unknown("MetricStat", other)),
    };
    if some_text(object, "AccountId")?.is_some() {
        return Err("it watches a metric of another account".into());
    }
    Ok(MetricDataQuery {
        id: required(some_text(object, "Id")?, "Id")?,
        expression: some_text(object, "Expression")?,
        metric_stat,
        label: some_text(object, "Label").ok().flatten(),
        return_data: text(object, "ReturnData")?.is_none_or(|returned| returned != "false"),
        // Terraform has 0 where nothing is set.
        period: whole_number(object, "Period")?.filter(|period| *period > 0),
    })
}

fn metric_stat(object: &Object) -> Result<MetricStat, String> {
    let metric = match object.get("Metric") {
        Some(Value::Object(metric)) => metric,
        Some(other) => return Err(unknown("Metric", other)),
        None => return Err("a MetricStat has no Metric".into()),
    };
    Ok(MetricStat {
        metric: Metric {
            namespace: required(some_text(metric, "Namespace")?, "Namespace")?,
            metric_name: required(some_text(metric, "MetricName")?, "MetricName")?,
            dimensions: dimensions(metric)?,
        },
        period: required(whole_number(object, "Period")?, "Period")?,
        stat: required(statistic(object, "Stat")?, "Stat")?,
        unit: some_text(object, "Unit")?,
    })
}
