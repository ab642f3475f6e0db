//! The output of `aws logs describe-metric-filters`, `aws cloudwatch describe-alarms` and `get-alarm-mute-rule`,
//! `aws events list-rules` and `describe-rule`, a page at a time.
//!
//! <https://docs.aws.amazon.com/cli/latest/reference/logs/describe-metric-filters.html>,
//! <https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarms.html>

use super::item::Items;
use super::value::{Object, objects};
use serde_json::Value;

/// Takes what is in a page of either.
pub fn read(document: &Value, items: &mut Items) {
    let Some(document) = document.as_object() else { return };
    if document.contains_key("AlarmMuteRuleArn") {
        return items.mute("unnamed", document);
    }
    for (key, take) in [
        ("metricFilters", (|items, object| items.filter("unnamed", &capitals(object))) as fn(&mut Items, &Object)),
        ("MetricAlarms", |items, object| items.alarm("unnamed", object)),
        ("CompositeAlarms", |items, object| items.composite("unnamed", object)),
        ("AlarmMuteRules", |items, object| items.mute("unnamed", object)),
    ] {
        match objects(document, key) {
            Ok(list) => list.into_iter().for_each(|object| take(items, object)),
            Err(reason) => items.note("", reason),
        }
    }
}

/// Takes the rules of `list-rules`, or the one of `describe-rule`.
pub fn read_rules(document: &Value, items: &mut Items) {
    let Some(document) = document.as_object() else { return };
    if document.contains_key("EventPattern") {
        return items.rule("unnamed", document);
    }
    match objects(document, "Rules") {
        Ok(list) => list.into_iter().for_each(|object| items.rule("unnamed", object)),
        Err(reason) => items.note("", reason),
    }
}

/// CloudWatch Logs begins its names with small letters where everything else has capitals.
fn capitals(object: &Object) -> Object {
    let capital = |key: &str| key[..1].to_ascii_uppercase() + &key[1..];
    let is_named = |key: &String| key.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    let named = object.iter().filter(|(key, _)| is_named(key));
    named
        .map(|(key, value)| match value {
            Value::Array(list) if key == "metricTransformations" => {
                let inner = list.iter().map(|item| match item {
                    Value::Object(object) => Value::Object(capitals(object)),
                    other => other.clone(),
                });
                (capital(key), inner.collect())
            }
            other => (capital(key), other.clone()),
        })
        .collect()
}
