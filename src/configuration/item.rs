//! Metric filters and alarms in the words of the API (`PutMetricFilter` with capitals, `PutMetricAlarm`), which is what
//! every source is brought into.

use super::value::{
    Object, after_apply, is_unresolved, number, objects, required, short, some_text, text, unknown, whole_number,
};
use super::{Note, metrics, mute, rule};
use crate::model::alarm::{Dimension, MetricAlarm};
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::rule::{Rule, Target};
use crate::model::statistic::Statistic;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Filters, and alarms, that are read: as many alarms as an account has by default in one Region.
const ITEMS: usize = 5_000;

/// What follows where an action is not known.
const ACTION_LEFT_OUT: &str = "this action is left out, states do not depend on it";

/// Notes that are kept.
const NOTES: usize = 200;

/// A metric filter of a file.
#[derive(PartialEq)]
pub struct FilterItem {
    pub log_group: Option<String>,
    pub filter: MetricFilter,
}

/// An alarm of a file, and the metric it watches; an alarm on several has them in its `metrics`.
#[derive(PartialEq)]
pub struct AlarmItem {
    pub namespace: String,
    pub metric_name: String,
    pub alarm: MetricAlarm,
}

/// All that was read so far.
#[derive(Default)]
pub struct Items {
    /// The file that is being read.
    pub file: String,
    /// Each with its file.
    pub filters: Vec<(String, FilterItem)>,
    pub alarms: Vec<(String, AlarmItem)>,
    pub rules: Vec<(String, Rule)>,
    /// Targets that stand apart from their rule, with its name.
    pub targets: Vec<(String, Target)>,
    pub composites: Vec<(String, CompositeAlarm)>,
    pub mutes: Vec<(String, AlarmMuteRule)>,
    pub notes: Vec<Note>,
    pub more_notes: usize,
}

impl Items {
    /// Takes a metric filter; `name` is what it is called where it has no name of its own.
    pub fn filter(&mut self, name: &str, object: &Object) {
        let name = own_name(object, "FilterName", name);
        self.keep(&name, "metric filter", filter(&name, object), |items| &mut items.filters);
    }

    /// Takes an alarm.
    pub fn alarm(&mut self, name: &str, object: &Object) {
        let (name, mut left_out) = (own_name(object, "AlarmName", name), Vec::new());
        let read = alarm(&name, object, &mut left_out);
        if self.keep(&name, "alarm", read, |items| &mut items.alarms) {
            self.note_first(&name, &left_out, ACTION_LEFT_OUT);
        }
    }

    /// Takes a composite alarm.
    pub fn composite(&mut self, name: &str, object: &Object) {
        let (name, mut left_out) = (own_name(object, "AlarmName", name), Vec::new());
        let read = composite(&name, object, &mut left_out);
        if self.keep(&name, "composite alarm", read, |items| &mut items.composites) {
            self.note_first(&name, &left_out, ACTION_LEFT_OUT);
        }
    }

    /// Takes a mute rule.
    pub fn mute(&mut self, name: &str, object: &Object) {
        let (name, mut left_out) = (own_name(object, "Name", name), Vec::new());
        let read = mute::mute_rule(&name, object, &mut left_out);
        if self.keep(&name, "mute rule", read, |items| &mut items.mutes) {
            self.note_first(&name, &left_out, "this alarm is not muted");
        }
    }

    /// Takes an EventBridge rule.
    pub fn rule(&mut self, name: &str, object: &Object) {
        let name = own_name(object, "Name", name);
        if self.keep(&name, "rule", rule::rule(&name, object), |items| &mut items.rules) {
            self.note_first(
                &name,
                &rule::bus(object),
                "CloudTrail's events arrive on the default event bus only, and so the rule is simulated",
            );
        }
    }

    /// Adds what was read to its list, unless it is there already, and notes why it is not used; `what` it is, in a word.
    /// False: it could not be read.
    fn keep<T: PartialEq>(
        &mut self,
        name: &str,
        what: &str,
        read: Result<T, String>,
        list: fn(&mut Self) -> &mut Vec<(String, T)>,
    ) -> bool {
        let item = match read {
            Ok(item) => item,
            Err(reason) => {
                self.note(name, format!("{what} not used: {reason}"));
                return false;
            }
        };
        let (file, list) = (self.file.clone(), list(self));
        if list.iter().any(|(_, known)| *known == item) {
            return true;
        }
        if list.len() < ITEMS {
            list.push((file, item));
        } else {
            self.note(name, format!("more {what}s than are read; left out"));
        }
        true
    }

    /// Notes the first of what is left out of an item, and what follows.
    fn note_first(&mut self, name: &str, left_out: &[String], then: &str) {
        if let Some(reason) = left_out.first() {
            self.note(name, format!("{reason}; {then}"));
        }
    }

    /// Takes a target of a rule that stands elsewhere.
    pub fn target(&mut self, name: &str, object: &Object) {
        let rule = some_text(object, "Rule").and_then(|rule| required(rule, "Rule"));
        match rule.and_then(|rule| Ok((rule, rule::target(object)?))) {
            Ok(_) if self.targets.len() == ITEMS => self.note(name, "more targets than are read; left out"),
            Ok(target) => self.targets.push(target),
            Err(reason) => self.note(name, format!("target not used: {reason}")),
        }
    }

    /// All rules with their targets, and the files they come from.
    pub fn take_rules(&mut self) -> (Vec<Rule>, Vec<String>) {
        let mut files: Vec<String> = Vec::new();
        let mut rules = Vec::new();
        for (file, mut rule) in std::mem::take(&mut self.rules) {
            let apart = self.targets.iter().filter(|(name, _)| *name == rule.name);
            rule.targets.extend(apart.map(|(_, target)| target.clone()));
            if !files.contains(&file) {
                files.push(file);
            }
            rules.push(rule);
        }
        (rules, files)
    }

    /// Notes something about an item of the file.
    pub fn note(&mut self, item: &str, message: impl Into<String>) {
        let file = self.file.clone();
        self.note_about(file, item, message.into());
    }

    /// Notes something about an item of some file.
    pub fn note_about(&mut self, file: String, item: &str, message: String) {
        let note = Note { file, item: short(item), message };
        if self.notes.contains(&note) {
            return;
        }
        if self.notes.len() < NOTES {
            self.notes.push(note);
        } else {
            self.more_notes += 1;
        }
    }
}

/// The name under `key`, or the one that stands in for it.
fn own_name(object: &Object, key: &str, stand_in: &str) -> String {
    some_text(object, key).ok().flatten().unwrap_or_else(|| stand_in.to_owned())
}

fn filter(name: &str, object: &Object) -> Result<FilterItem, String> {
    let transformations = objects(object, "MetricTransformations")?;
    let [transformation] = transformations.as_slice() else {
        return Err(format!("it has {} metric transformations, not one", transformations.len()));
    };
    let transformation = MetricTransformation {
        metric_name: required(some_text(transformation, "MetricName")?, "MetricName")?,
        metric_namespace: required(some_text(transformation, "MetricNamespace")?, "MetricNamespace")?,
        metric_value: required(some_text(transformation, "MetricValue")?, "MetricValue")?,
        default_value: number(transformation, "DefaultValue")?,
        dimensions: pairs(transformation, "Key")?.into_iter().collect::<BTreeMap<_, _>>(),
        unit: some_text(transformation, "Unit")?,
    };
    // Of the system fields of a centralised log group, of which the events here say nothing.
    for key in ["FieldSelectionCriteria", "EmitSystemFieldDimensions"] {
        let is_set = |value: &Value| {
            !matches!(value, Value::Null)
                && value.as_str() != Some("")
                && value.as_array().is_none_or(|list| !list.is_empty())
        };
        if object.get(key).is_some_and(is_set) {
            return Err(format!("{key} is not simulated"));
        }
    }
    // Transformed events have other fields than those here.
    if text(object, "ApplyOnTransformedLogs")?.is_some_and(|applies| applies == "true") {
        return Err("ApplyOnTransformedLogs is not simulated".into());
    }
    let filter_pattern = required(text(object, "FilterPattern")?, "FilterPattern")?;
    let filter =
        MetricFilter { filter_name: name.into(), filter_pattern, metric_transformations: vec![transformation] };
    // Which log group it is does not matter for what the filter does.
    Ok(FilterItem { log_group: some_text(object, "LogGroupName").ok().flatten(), filter })
}

fn alarm(name: &str, object: &Object, left_out: &mut Vec<String>) -> Result<AlarmItem, String> {
    let metrics = metrics::read(object)?;
    let shared_period = metrics.iter().find_map(|query| Some(query.metric_stat.as_ref()?.period));
    let threshold_metric_id = some_text(object, "ThresholdMetricId")?;
    let has_band = threshold_metric_id.is_some();
    let mut actions = |key: &str| texts(object, key, left_out);
    let alarm = MetricAlarm {
        alarm_name: name.into(),
        alarm_description: some_text(object, "AlarmDescription").ok().flatten(),
        actions_enabled: text(object, "ActionsEnabled")?.is_none_or(|enabled| enabled != "false"),
        alarm_actions: actions("AlarmActions"),
        ok_actions: actions("OKActions"),
        insufficient_data_actions: actions("InsufficientDataActions"),
        dimensions: dimensions(object)?,
        unit: some_text(object, "Unit")?,
        statistic: statistic(object, "Statistic")?,
        extended_statistic: statistic(object, "ExtendedStatistic")?,
        period: required(
            shared_period.map_or_else(|| whole_number(object, "Period"), |period| Ok(Some(period)))?,
            "Period",
        )?,
        metrics,
        threshold_metric_id,
        evaluation_periods: required(whole_number(object, "EvaluationPeriods")?, "EvaluationPeriods")?,
        // Terraform has 0 where nothing is set.
        datapoints_to_alarm: whole_number(object, "DatapointsToAlarm")?.filter(|datapoints| *datapoints > 0),
        threshold: match number(object, "Threshold")? {
            None if has_band => 0.0,
            threshold => required(threshold, "Threshold")?,
        },
        comparison_operator: required(word(object, "ComparisonOperator")?, "ComparisonOperator")?,
        treat_missing_data: word(object, "TreatMissingData")?.unwrap_or_default(),
        evaluate_low_sample_count_percentile: word(object, "EvaluateLowSampleCountPercentile")?.unwrap_or_default(),
    };
    if !alarm.metrics.is_empty() {
        return Ok(AlarmItem { namespace: String::new(), metric_name: String::new(), alarm });
    }
    Ok(AlarmItem {
        namespace: required(some_text(object, "Namespace")?, "Namespace")?,
        metric_name: required(some_text(object, "MetricName")?, "MetricName")?,
        alarm,
    })
}

fn composite(name: &str, object: &Object, left_out: &mut Vec<String>) -> Result<CompositeAlarm, String> {
    // Terraform has the suppressor and its periods in a block.
    let blocks = objects(object, "Suppressor")?;
    let place = blocks.first().copied().unwrap_or(object);
    let mut actions = |key: &str| texts(object, key, left_out);
    Ok(CompositeAlarm {
        alarm_name: name.into(),
        alarm_description: some_text(object, "AlarmDescription").ok().flatten(),
        alarm_rule: required(some_text(object, "AlarmRule")?, "AlarmRule")?,
        actions_enabled: text(object, "ActionsEnabled")?.is_none_or(|enabled| enabled != "false"),
        alarm_actions: actions("AlarmActions"),
        ok_actions: actions("OKActions"),
        insufficient_data_actions: actions("InsufficientDataActions"),
        actions_suppressor: some_text(place, "ActionsSuppressor")?,
        actions_suppressor_wait_period: whole_number(place, "ActionsSuppressorWaitPeriod")?,
        actions_suppressor_extension_period: whole_number(place, "ActionsSuppressorExtensionPeriod")?,
    })
}

/// The texts that are known in the list under `key`; the others are named in `left_out`.
pub fn texts(object: &Object, key: &str, left_out: &mut Vec<String>) -> Vec<String> {
    let list = match object.get(key) {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(list)) => list.as_slice(),
        Some(other) => {
            left_out.push(unknown(key, other));
            &[]
        }
    };
    let known = list.iter().filter_map(|item| match item {
        Value::String(text) => Some(text.clone()),
        other => {
            // Terraform leaves a hole in a list for what it does not know.
            let other = if other.is_null() { after_apply() } else { other.clone() };
            left_out.push(unknown(key, &other));
            None
        }
    });
    known.collect()
}

/// One of AWS's words under `key`.
fn word<T: DeserializeOwned>(object: &Object, key: &str) -> Result<Option<T>, String> {
    let Some(text) = some_text(object, key)? else { return Ok(None) };
    let word = serde_json::from_value(Value::String(text.clone()));
    word.map(Some).map_err(|_| format!("{key} “{}” is not one that CloudWatch has", short(&text)))
}

/// The statistic under `key`.
pub fn statistic(object: &Object, key: &str) -> Result<Option<Statistic>, String> {
    some_text(object, key)?.map(|text| text.parse()).transpose().map_err(|reason: String| format!("{key}: {reason}"))
}

/// The dimensions of a metric that an alarm watches.
pub fn dimensions(object: &Object) -> Result<Vec<Dimension>, String> {
    Ok(pairs(object, "Name")?.into_iter().map(|(name, value)| Dimension { name, value }).collect())
}

/// Dimensions: a map, or a list of objects with the name under `name` and a `Value`.
fn pairs(object: &Object, name: &str) -> Result<Vec<(String, String)>, String> {
    const KEY: &str = "Dimensions";
    if let Some(Value::Object(map)) = object.get(KEY) {
        if is_unresolved(map) {
            return Err(unknown(KEY, &Value::Object(map.clone())));
        }
        let pair = |key: &String| Ok((key.clone(), required(text(map, key)?, key)?));
        return map.keys().map(pair).collect();
    }
    let pair = |pair: &Object| Ok((required(text(pair, name)?, name)?, required(text(pair, "Value")?, "Value")?));
    objects(object, KEY)?.into_iter().map(pair).collect()
}
