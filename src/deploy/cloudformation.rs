//! CloudFormation: `AWS::Logs::MetricFilter` and `AWS::CloudWatch::Alarm`, the log group as a parameter.
//!
//! CloudFormation User Guide, template reference of both types.

use super::document::Node;
use super::ready::Ready;

pub(super) fn template(ready: &[Ready]) -> Node {
    let log_group = Node::map([
        ("Type", Node::text("String")),
        ("Description", Node::text("Name of the log group that the trail delivers to")),
    ]);
    let resources = ready.iter().flat_map(|item| {
        let resource =
            |kind: &str, properties: Node| Node::map([("Type", Node::text(kind)), ("Properties", properties)]);
        [
            (format!("{}Filter", item.id), resource("AWS::Logs::MetricFilter", metric_filter(item))),
            (format!("{}Alarm", item.id), resource("AWS::CloudWatch::Alarm", item.metric_alarm())),
        ]
    });
    Node::map([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text("Metric filters and alarms on CloudTrail events, backtested with Trailscope")),
        ("Parameters", Node::map([("LogGroupName", log_group)])),
        ("Resources", Node::map(resources)),
    ])
}

fn metric_filter(item: &Ready) -> Node {
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
