//! CloudFormation: `AWS::Logs::MetricFilter`, `AWS::CloudWatch::Alarm`, `AWS::CloudWatch::CompositeAlarm` and
//! `AWS::CloudWatch::AlarmMuteRule`, the log group as a parameter.
//!
//! CloudFormation User Guide, template reference of these types.

use super::Prepared;
use super::composite::Needs;
use super::document::Node;
use super::filter::ReadyFilter;
use super::ready::metric_alarm;
use serde::Serialize;
use serde_json::Value;

/// Whether a template can hold `item`; says so where not.
///
/// In texts of a template CloudFormation puts the value of a parameter or a secret in the place of `{{resolve:ssm:…}}` ("Get
/// values stored in other services using dynamic references"), and documents no way to write that as text. Undocumented:
/// whether it does with spaces and in names of members; we choose to leave those out, too.
pub(super) fn can_hold(name: &str, item: &impl Serialize, notes: &mut Vec<String>) -> bool {
    // What cannot be looked through is not written.
    let refers = serde_json::to_value(item).map_or(true, |value| refers(&value)) || is_reference(name);
    if refers {
        notes.push(format!(
            "“{name}” is left out: a text in it holds “{{{{resolve:”, in whose place CloudFormation would put something else"
        ));
    }
    !refers
}

fn refers(value: &Value) -> bool {
    match value {
        Value::String(text) => is_reference(text),
        Value::Array(items) => items.iter().any(refers),
        Value::Object(members) => members.iter().any(|(name, member)| is_reference(name) || refers(member)),
        _ => false,
    }
}

fn is_reference(text: &str) -> bool {
    let word = |rest: &str| rest.trim_start_matches(|c: char| c == '{' || c.is_whitespace()).starts_with("resolve");
    text.split("{{").skip(1).any(word)
}

pub(super) fn template(prepared: &Prepared) -> Node {
    let log_group = Node::map([
        ("Type", Node::text("String")),
        ("Description", Node::text("Name of the log group that the trail delivers to")),
    ]);
    let resource = |kind: &str, properties: Node| Node::map([("Type", Node::text(kind)), ("Properties", properties)]);
    // CloudWatch refuses a rule that names an alarm before it is there.
    let dependent = |kind: &str, needs: &Needs, properties: Node| {
        let metric = needs.metric_alarms.iter().map(|id| format!("{id}Alarm"));
        let composite = needs.composites.iter().map(|id| format!("{id}Composite"));
        let needs: Vec<String> = metric.chain(composite).collect();
        Node::map([("Type", Node::text(kind))])
            .with("DependsOn", (!needs.is_empty()).then(|| Node::texts(&needs)))
            .with("Properties", Some(properties))
    };
    let composites = prepared.composites.iter().map(|item| {
        let resource = dependent("AWS::CloudWatch::CompositeAlarm", &item.needs, item.composite_alarm());
        (format!("{}Composite", item.id), resource)
    });
    let mutes = prepared.mutes.iter().map(|item| {
        let resource = dependent("AWS::CloudWatch::AlarmMuteRule", &item.needs, item.mute_rule());
        (format!("{}Mute", item.id), resource)
    });
    let filters = prepared
        .filters()
        .map(|filter| (format!("{}Filter", filter.id), resource("AWS::Logs::MetricFilter", metric_filter(filter))));
    let alarms = prepared.metric_alarms().map(|(id, alarm, metric)| {
        (format!("{id}Alarm"), resource("AWS::CloudWatch::Alarm", metric_alarm(alarm, metric)))
    });
    let parameters = prepared.filters().next().map(|_| Node::map([("LogGroupName", log_group)]));
    let resources = Node::map(filters.chain(alarms).chain(composites).chain(mutes));
    Node::map([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text("Metric filters and alarms on CloudTrail events, backtested with Trailscope")),
    ])
    .with("Parameters", parameters)
    .with("Resources", Some(resources))
}

fn metric_filter(item: &ReadyFilter) -> Node {
    let metric = &item.metric;
    let dimension =
        |(name, value): (&String, &String)| Node::map([("Key", Node::text(name)), ("Value", Node::text(value))]);
    let transformation = Node::map([
        ("MetricName", Node::text(&metric.metric_name)),
        ("MetricNamespace", Node::text(&metric.metric_namespace)),
        ("MetricValue", Node::text(&metric.metric_value)),
    ])
    .with("DefaultValue", metric.default_value.map(Node::Number))
    .with("Dimensions", (!metric.dimensions.is_empty()).then(|| metric.dimensions.iter().map(dimension).collect()))
    .with("Unit", metric.unit.as_ref().map(Node::text));
    Node::map([
        ("FilterName", Node::text(&item.filter.filter_name)),
        ("LogGroupName", Node::map([("Ref", Node::text("LogGroupName"))])),
        ("FilterPattern", Node::text(&item.filter.filter_pattern)),
        ("MetricTransformations", Node::List(vec![transformation])),
    ])
}
