//! CloudFormation templates as JSON. Functions (`Ref`, `Fn::Sub` …) are not evaluated, not even with the defaults of
//! parameters: a stack may have been made with others.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-compositealarm.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarmmuterule.html>

use super::item::Items;
use super::value::{Object, short};
use serde_json::Value;

/// Takes the metric filters, alarms, mute rules and EventBridge rules among the resources of a template.
pub fn read(document: &Value, items: &mut Items) {
    let Some(resources) = document.get("Resources").and_then(Value::as_object) else { return };
    for (name, resource) in resources {
        let none = Object::new();
        let properties = resource.get("Properties").and_then(Value::as_object).unwrap_or(&none);
        match resource.get("Type").and_then(Value::as_str) {
            Some("AWS::Logs::MetricFilter") => items.filter(name, properties),
            Some("AWS::CloudWatch::Alarm") => items.alarm(name, properties),
            Some("AWS::CloudWatch::CompositeAlarm") => items.composite(name, properties),
            Some("AWS::CloudWatch::AlarmMuteRule") => items.mute(name, properties),
            Some("AWS::Events::Rule") => items.rule(name, properties),
            _ => continue,
        }
        if let Some(condition) = resource.get("Condition").and_then(Value::as_str) {
            items.note(name, format!("stands under the condition {}; taken as if it held", short(condition)));
        }
    }
}
