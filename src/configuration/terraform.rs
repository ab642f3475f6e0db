//! What `terraform show -json` (or OpenTofu's) prints of a plan or a state.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format>. Attributes are those of
//! `aws_cloudwatch_log_metric_filter`, `aws_cloudwatch_metric_alarm`, `aws_cloudwatch_composite_alarm` and
//! `aws_cloudwatch_alarm_mute_rule`; values known after apply are left out of the plan's values and marked beside each
//! change.

use super::item::Items;
use super::value::{Object, after_apply};
use serde_json::Value;
use std::collections::HashMap;

/// Attributes and what the API calls them.
const NAMES: &[(&str, &str)] = &[
    ("pattern", "FilterPattern"),
    ("apply_on_transformed_logs", "ApplyOnTransformedLogs"),
    ("log_group_name", "LogGroupName"),
    ("metric_transformation", "MetricTransformations"),
    ("alarm_name", "AlarmName"),
    ("alarm_rule", "AlarmRule"),
    ("actions_suppressor", "Suppressor"),
    ("alarm_description", "AlarmDescription"),
    ("actions_enabled", "ActionsEnabled"),
    ("alarm_actions", "AlarmActions"),
    ("ok_actions", "OKActions"),
    ("insufficient_data_actions", "InsufficientDataActions"),
    ("comparison_operator", "ComparisonOperator"),
    ("datapoints_to_alarm", "DatapointsToAlarm"),
    ("dimensions", "Dimensions"),
    ("evaluate_low_sample_count_percentiles", "EvaluateLowSampleCountPercentile"),
    ("evaluation_periods", "EvaluationPeriods"),
    ("extended_statistic", "ExtendedStatistic"),
    ("metric_name", "MetricName"),
    ("metric_query", "Metrics"),
    ("namespace", "Namespace"),
    ("period", "Period"),
    ("statistic", "Statistic"),
    ("threshold", "Threshold"),
    ("threshold_metric_id", "ThresholdMetricId"),
    ("treat_missing_data", "TreatMissingData"),
    ("unit", "Unit"),
];

/// The same inside a metric transformation.
const TRANSFORMATION: &[(&str, &str)] = &[
    ("name", "MetricName"),
    ("namespace", "MetricNamespace"),
    ("value", "MetricValue"),
    ("default_value", "DefaultValue"),
    ("dimensions", "Dimensions"),
    ("unit", "Unit"),
];

/// The same inside a metric query.
const QUERY: &[(&str, &str)] = &[
    ("id", "Id"),
    ("expression", "Expression"),
    ("label", "Label"),
    ("return_data", "ReturnData"),
    ("period", "Period"),
    ("account_id", "AccountId"),
    ("metric", "MetricStat"),
];

/// The same inside the metric of a metric query.
const METRIC: &[(&str, &str)] = &[
    ("namespace", "Namespace"),
    ("metric_name", "MetricName"),
    ("dimensions", "Dimensions"),
    ("period", "Period"),
    ("stat", "Stat"),
    ("unit", "Unit"),
];

/// The same inside the suppressor of a composite alarm.
const SUPPRESSOR: &[(&str, &str)] = &[
    ("alarm", "ActionsSuppressor"),
    ("wait_period", "ActionsSuppressorWaitPeriod"),
    ("extension_period", "ActionsSuppressorExtensionPeriod"),
];

/// The same of a mute rule.
const MUTE: &[(&str, &str)] = &[
    ("name", "Name"),
    ("description", "Description"),
    ("rule", "Rule"),
    ("mute_targets", "MuteTargets"),
    ("start_date", "StartDate"),
    ("expire_date", "ExpireDate"),
];

/// The same inside the rule of a mute rule.
const MUTE_RULE: &[(&str, &str)] = &[("schedule", "Schedule")];

/// The same inside its schedule.
const SCHEDULE: &[(&str, &str)] = &[("expression", "Expression"), ("duration", "Duration"), ("timezone", "Timezone")];

/// The same inside what it mutes.
const MUTE_TARGETS: &[(&str, &str)] = &[("alarm_names", "AlarmNames")];

/// The same of an EventBridge rule.
const RULE: &[(&str, &str)] = &[
    ("name", "Name"),
    ("description", "Description"),
    ("event_pattern", "EventPattern"),
    ("event_bus_name", "EventBusName"),
    ("schedule_expression", "ScheduleExpression"),
    ("state", "State"),
];

/// The same of a target of a rule.
const TARGET: &[(&str, &str)] = &[
    ("rule", "Rule"),
    ("target_id", "Id"),
    ("arn", "Arn"),
    ("role_arn", "RoleArn"),
    ("input", "Input"),
    ("input_path", "InputPath"),
    ("input_transformer", "InputTransformer"),
];

/// Takes the metric filters, alarms, mute rules and EventBridge rules among the resources of a plan or state, those of all modules.
pub fn read(document: &Value, items: &mut Items) {
    let changes = document.get("resource_changes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let unknown: HashMap<&str, &Value> = changes
        .iter()
        .filter_map(|change| Some((change.get("address")?.as_str()?, change.get("change")?.get("after_unknown")?)))
        .collect();
    let values = document.get("planned_values").or_else(|| document.get("values"));
    let mut modules: Vec<&Value> = values.and_then(|values| values.get("root_module")).into_iter().collect();
    while let Some(module) = modules.pop() {
        let list = |key: &str| module.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        modules.extend(list("child_modules").iter().rev());
        for resource in list("resources") {
            let text = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
            let (address, none) = (text("address"), Value::Null);
            let unknown = unknown.get(address).copied().unwrap_or(&none);
            let Some(values) = resource.get("values").and_then(Value::as_object) else { continue };
            let api = |names| renamed(values, unknown, names);
            match (text("mode"), text("type")) {
                ("managed", "aws_cloudwatch_log_metric_filter") => {
                    let mut filter = api(NAMES);
                    // A filter's name is called name, as that of a transformation is.
                    filter.extend(renamed(values, unknown, &[("name", "FilterName")]));
                    items.filter(address, &filter);
                }
                ("managed", "aws_cloudwatch_metric_alarm") => items.alarm(address, &api(NAMES)),
                ("managed", "aws_cloudwatch_event_rule") => {
                    let mut rule = api(RULE);
                    // A flag of older versions, which newer ones still take and put before what they knew as the state.
                    let has_state =
                        rule.get("State").is_some_and(|state| !matches!(state, Value::Null) && state != "ENABLED");
                    if !has_state && values.get("is_enabled") == Some(&Value::Bool(false)) {
                        rule.insert("State".into(), "DISABLED".into());
                    }
                    items.rule(address, &rule);
                }
                ("managed", "aws_cloudwatch_event_target") => items.target(address, &event_target(values, unknown)),
                ("managed", "aws_cloudwatch_composite_alarm") => items.composite(address, &api(NAMES)),
                ("managed", "aws_cloudwatch_alarm_mute_rule") => items.mute(address, &api(MUTE)),
                _ => {}
            }
        }
    }
}

/// The attributes of a resource in the words of the API, with marks where `unknown` has them.
fn renamed(values: &Object, unknown: &Value, names: &[(&str, &str)]) -> Object {
    let mut out = Object::new();
    for (ours, api) in names {
        let unknown = unknown.get(ours).unwrap_or(&Value::Null);
        let value = match values.get(*ours) {
            _ if *unknown == Value::Bool(true) => after_apply(),
            Some(Value::Array(list)) if *ours == "metric_transformation" => blocks(list, unknown, TRANSFORMATION),
            Some(Value::Array(list)) if *ours == "actions_suppressor" => blocks(list, unknown, SUPPRESSOR),
            Some(Value::Array(list)) if *ours == "rule" => blocks(list, unknown, MUTE_RULE),
            Some(Value::Array(list)) if *ours == "schedule" => blocks(list, unknown, SCHEDULE),
            Some(Value::Array(list)) if *ours == "mute_targets" => blocks(list, unknown, MUTE_TARGETS),
            Some(Value::Array(list)) if *ours == "metric_query" => {
                let mut queries = blocks(list, unknown, QUERY);
                queries.as_array_mut().into_iter().flatten().for_each(nest_metric);
                queries
            }
            // At most one block.
            Some(Value::Array(list)) if *ours == "metric" => match list.as_slice() {
                [Value::Object(metric)] => {
                    Value::Object(renamed(metric, unknown.get(0).unwrap_or(&Value::Null), METRIC))
                }
                _ => Value::Null,
            },
            Some(Value::Object(map)) if unknown.is_object() => {
                let mut map = map.clone();
                let marked = unknown.as_object().into_iter().flatten().filter(|(_, mark)| **mark == Value::Bool(true));
                map.extend(marked.map(|(key, _)| (key.clone(), after_apply())));
                Value::Object(map)
            }
            Some(value) => value.clone(),
            None => continue,
        };
        out.insert((*api).into(), value);
    }
    out
}

/// A target; Terraform has a list with one transformer.
fn event_target(values: &Object, unknown: &Value) -> Object {
    let mut target = renamed(values, unknown, TARGET);
    let transformer = match target.remove("InputTransformer") {
        Some(Value::Array(list)) => list.first().and_then(Value::as_object).cloned(),
        Some(other) => {
            target.insert("InputTransformer".into(), other);
            None
        }
        None => None,
    };
    if let Some(transformer) = transformer {
        let names = [("input_paths", "InputPathsMap"), ("input_template", "InputTemplate")];
        let transformer = renamed(&transformer, &Value::Null, &names);
        target.insert("InputTransformer".into(), Value::Object(transformer));
    }
    target
}

/// Each block of a list in the words of the API.
fn blocks(list: &[Value], unknown: &Value, names: &[(&str, &str)]) -> Value {
    let block = |(index, block): (usize, &Value)| match block {
        Value::Object(block) => Value::Object(renamed(block, unknown.get(index).unwrap_or(&Value::Null), names)),
        other => other.clone(),
    };
    list.iter().enumerate().map(block).collect()
}

/// Terraform has namespace, name and dimensions beside period and statistic; the API has them in an object of their own.
fn nest_metric(query: &mut Value) {
    let Some(stat) = query.get_mut("MetricStat").and_then(Value::as_object_mut) else { return };
    let names = ["Namespace", "MetricName", "Dimensions"];
    let metric = names.into_iter().filter_map(|name| Some((name.to_owned(), stat.remove(name)?))).collect();
    stat.insert("Metric".into(), Value::Object(metric));
}
