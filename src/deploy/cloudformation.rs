//! CloudFormation: `AWS::Logs::MetricFilter`, `AWS::CloudWatch::Alarm` and `AWS::CloudWatch::CompositeAlarm`, the log group
//! as a parameter.
//!
//! CloudFormation User Guide, template reference of these types.

use super::composite::ReadyComposite;
use super::document::Node;
use super::ready::Ready;

pub(super) fn template(ready: &[Ready], composites: &[ReadyComposite]) -> Node {
    let log_group = Node::map([
        ("Type", Node::text("String")),
        ("Description", Node::text("Name of the log group that the trail delivers to")),
    ]);
    let resource = |kind: &str, properties: Node| Node::map([("Type", Node::text(kind)), ("Properties", properties)]);
    let composite_resources = composites.iter().map(|item| {
        // CloudWatch refuses a rule that names an alarm before it is there.
        let metric = item.metric_alarms.iter().map(|at| format!("{}Alarm", ready[*at].id));
        let composite = item.composites.iter().map(|at| format!("{}Composite", composites[*at].id));
        let needs: Vec<String> = metric.chain(composite).collect();
        let kind = Node::map([("Type", Node::text("AWS::CloudWatch::CompositeAlarm"))]);
        let depends = kind.with("DependsOn", (!needs.is_empty()).then(|| Node::texts(&needs)));
        (format!("{}Composite", item.id), depends.with("Properties", Some(item.composite_alarm())))
    });
    let resources = ready.iter().flat_map(|item| {
        [
            (format!("{}Filter", item.id), resource("AWS::Logs::MetricFilter", metric_filter(item))),
            (format!("{}Alarm", item.id), resource("AWS::CloudWatch::Alarm", item.metric_alarm())),
        ]
    });
    let parameters = (!ready.is_empty()).then(|| Node::map([("LogGroupName", log_group)]));
    let resources = Node::map(resources.chain(composite_resources));
    Node::map([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text("Metric filters and alarms on CloudTrail events, backtested with Trailscope")),
    ])
    .with("Parameters", parameters)
    .with("Resources", Some(resources))
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
