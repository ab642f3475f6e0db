//! CloudFormation: `AWS::Logs::MetricFilter`, `AWS::CloudWatch::Alarm`, `AWS::CloudWatch::CompositeAlarm` and
//! `AWS::CloudWatch::AlarmMuteRule`, the log group as a parameter.
//!
//! CloudFormation User Guide, template reference of these types.

use super::Prepared;
use super::composite::Needs;
use super::document::Node;
use super::filter::ReadyFilter;
use super::ready::metric_alarm;

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
