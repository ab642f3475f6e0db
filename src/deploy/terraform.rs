//! Terraform: `aws_cloudwatch_log_metric_filter`, `aws_cloudwatch_metric_alarm`, `aws_cloudwatch_composite_alarm` and
//! `aws_cloudwatch_alarm_mute_rule`, the log group as a variable.
//!
//! Documentation of the AWS provider; strings by the HCL native syntax specification, "Quoted Template Expression".

use super::Prepared;
use super::composite::{Needs, ReadyComposite};
use super::filter::ReadyFilter;
use super::mute::ReadyMute;
use crate::alarm::window::low_sample_percentile;
use crate::model::alarm::{Dimension, MetricAlarm};
use crate::model::composite::AlarmMuteRule;
use crate::model::metric_data::MetricDataQuery;
use std::fmt::Write;

const HEAD: &str = r#"variable "log_group_name" {
  description = "Name of the log group that the trail delivers to"
  type        = string
}
"#;

pub(super) fn write(prepared: &Prepared) -> String {
    let mut out = if prepared.filters().next().is_none() { String::new() } else { HEAD.to_owned() };
    for filter in prepared.filters() {
        metric_filter(&mut out, filter);
    }
    for item in &prepared.backtests {
        alarm(&mut out, &item.id, &item.alarm, Some(&item.filter), prepared);
    }
    for item in &prepared.formulas {
        alarm(&mut out, &item.id, &item.alarm, None, prepared);
    }
    for item in &prepared.composites {
        composite(&mut out, item);
    }
    for item in &prepared.mutes {
        mute(&mut out, item);
    }
    out
}

/// Arguments of a block with their values aligned, as `terraform fmt` leaves them.
pub(super) fn arguments(out: &mut String, indent: &str, arguments: &[(&str, Option<String>)]) {
    let given = || arguments.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let width = given().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in given() {
        let _ = writeln!(out, "{indent}{name:width$} = {value}");
    }
}

fn metric_filter(out: &mut String, item: &ReadyFilter) {
    let (id, metric) = (snake_case(&item.id), &item.metric);
    let _ = writeln!(out, "\nresource \"aws_cloudwatch_log_metric_filter\" \"{id}\" {{");
    arguments(
        out,
        "  ",
        &[
            ("name", Some(string(&item.filter.filter_name))),
            ("log_group_name", Some("var.log_group_name".to_owned())),
            ("pattern", Some(string(&item.filter.filter_pattern))),
        ],
    );
    out.push_str("\n  metric_transformation {\n");
    arguments(
        out,
        "    ",
        &[
            ("name", Some(string(&metric.metric_name))),
            ("namespace", Some(string(&metric.metric_namespace))),
            ("value", Some(string(&metric.metric_value))),
            ("default_value", metric.default_value.map(|value| value.to_string())),
            ("unit", metric.unit.as_deref().map(string)),
            ("dimensions", map(metric.dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())))),
        ],
    );
    out.push_str("  }\n}\n");
}

/// The transformation of a filter, as a reference.
fn transformation(filter: &ReadyFilter) -> String {
    format!("aws_cloudwatch_log_metric_filter.{}.metric_transformation[0]", snake_case(&filter.id))
}

/// `filter` publishes the metric of an alarm on one.
fn alarm(out: &mut String, id: &str, alarm: &MetricAlarm, filter: Option<&ReadyFilter>, prepared: &Prepared) {
    let metric = filter.map(transformation);
    let statistic = filter.map(|_| string(&alarm.statistic().to_string()));
    let extended = alarm.statistic().is_extended();
    let has_band = alarm.comparison_operator.needs_band();
    let _ = writeln!(out, "\nresource \"aws_cloudwatch_metric_alarm\" \"{}\" {{", snake_case(id));
    arguments(
        out,
        "  ",
        &[
            ("alarm_name", Some(string(&alarm.alarm_name))),
            ("alarm_description", alarm.alarm_description.as_deref().map(string)),
            ("namespace", metric.as_ref().map(|metric| format!("{metric}.namespace"))),
            ("metric_name", metric.as_ref().map(|metric| format!("{metric}.name"))),
            ("dimensions", dimensions(&alarm.dimensions)),
            ("unit", alarm.unit.as_deref().map(string)),
            ("statistic", statistic.clone().filter(|_| !extended)),
            ("extended_statistic", statistic.filter(|_| extended)),
            ("period", filter.map(|_| alarm.period.to_string())),
            ("evaluation_periods", Some(alarm.evaluation_periods.to_string())),
            ("datapoints_to_alarm", Some(alarm.datapoints_to_alarm().to_string())),
            ("threshold", (!has_band).then(|| alarm.threshold.to_string())),
            ("threshold_metric_id", alarm.threshold_metric_id.as_deref().map(string)),
            ("comparison_operator", Some(string(alarm.comparison_operator.as_str()))),
            ("treat_missing_data", Some(string(alarm.treat_missing_data.as_str()))),
            ("evaluate_low_sample_count_percentiles", low_sample_percentile(alarm).map(|_| string("ignore"))),
            ("actions_enabled", (!alarm.actions_enabled).then(|| "false".to_owned())),
            ("alarm_actions", list(&alarm.alarm_actions)),
            ("ok_actions", list(&alarm.ok_actions)),
            ("insufficient_data_actions", list(&alarm.insufficient_data_actions)),
        ],
    );
    for query in &alarm.metrics {
        metric_query(out, query, prepared);
    }
    out.push_str("}\n");
}

/// One of the metrics and formulas of an alarm on several. A metric refers to its filter, so that this is there first.
fn metric_query(out: &mut String, query: &MetricDataQuery, prepared: &Prepared) {
    out.push_str("\n  metric_query {\n");
    arguments(
        out,
        "    ",
        &[
            ("id", Some(string(&query.id))),
            ("label", query.label.as_deref().map(string)),
            ("expression", query.expression.as_deref().map(string)),
            ("period", query.period.map(|period| period.to_string())),
            ("return_data", Some(query.return_data.to_string())),
        ],
    );
    if let Some(stat) = &query.metric_stat {
        let is_its = |filter: &&ReadyFilter| {
            filter.metric.metric_namespace == stat.metric.namespace
                && filter.metric.metric_name == stat.metric.metric_name
        };
        let metric = prepared.filters().find(is_its).map(transformation);
        let named = |member: &str, text: &str| {
            Some(metric.as_ref().map_or_else(|| string(text), |metric| format!("{metric}.{member}")))
        };
        out.push_str("\n    metric {\n");
        arguments(
            out,
            "      ",
            &[
                ("namespace", named("namespace", &stat.metric.namespace)),
                ("metric_name", named("name", &stat.metric.metric_name)),
                ("dimensions", dimensions(&stat.metric.dimensions)),
                ("period", Some(stat.period.to_string())),
                ("stat", Some(string(&stat.stat.to_string()))),
                ("unit", stat.unit.as_deref().map(string)),
            ],
        );
        out.push_str("    }\n");
    }
    out.push_str("  }\n");
}

fn dimensions(pairs: &[Dimension]) -> Option<String> {
    map(pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())))
}

/// What has to be there first.
fn depends_on(needs: &Needs) -> Option<String> {
    let metric = needs.metric_alarms.iter().map(|id| ("metric_alarm", id));
    let composite = needs.composites.iter().map(|id| ("composite_alarm", id));
    let needs: Vec<String> =
        metric.chain(composite).map(|(kind, id)| format!("aws_cloudwatch_{kind}.{}", snake_case(id))).collect();
    (!needs.is_empty()).then(|| format!("[{}]", needs.join(", ")))
}

fn composite(out: &mut String, item: &ReadyComposite) {
    let alarm = &item.alarm;
    let _ = writeln!(out, "\nresource \"aws_cloudwatch_composite_alarm\" \"{}\" {{", snake_case(&item.id));
    arguments(
        out,
        "  ",
        &[
            ("alarm_name", Some(string(&alarm.alarm_name))),
            ("alarm_description", alarm.alarm_description.as_deref().map(string)),
            ("alarm_rule", Some(string(&alarm.alarm_rule))),
            ("actions_enabled", (!alarm.actions_enabled).then(|| "false".to_owned())),
            ("alarm_actions", list(&alarm.alarm_actions)),
            ("ok_actions", list(&alarm.ok_actions)),
            ("insufficient_data_actions", list(&alarm.insufficient_data_actions)),
            ("depends_on", depends_on(&item.needs)),
        ],
    );
    if let Some(suppressor) = &alarm.actions_suppressor {
        out.push_str("\n  actions_suppressor {\n");
        arguments(
            out,
            "    ",
            &[
                ("alarm", Some(string(suppressor))),
                ("wait_period", alarm.actions_suppressor_wait_period.map(|period| period.to_string())),
                ("extension_period", alarm.actions_suppressor_extension_period.map(|period| period.to_string())),
            ],
        );
        out.push_str("  }\n");
    }
    out.push_str("}\n");
}

fn mute(out: &mut String, item: &ReadyMute) {
    let AlarmMuteRule { name, description, rule, mute_targets, start_date, expire_date } = &item.rule;
    let _ = writeln!(out, "\nresource \"aws_cloudwatch_alarm_mute_rule\" \"{}\" {{", snake_case(&item.id));
    arguments(
        out,
        "  ",
        &[
            ("name", Some(string(name))),
            ("description", description.as_deref().map(string)),
            ("start_date", start_date.as_deref().map(string)),
            ("expire_date", expire_date.as_deref().map(string)),
            ("depends_on", depends_on(&item.needs)),
        ],
    );
    out.push_str("\n  rule {\n    schedule {\n");
    let schedule = &rule.schedule;
    arguments(
        out,
        "      ",
        &[
            ("expression", Some(string(&schedule.expression))),
            ("duration", Some(string(&schedule.duration))),
            ("timezone", schedule.timezone.as_deref().map(string)),
        ],
    );
    out.push_str("    }\n  }\n\n  mute_targets {\n");
    arguments(out, "    ", &[("alarm_names", list(&mute_targets.alarm_names))]);
    out.push_str("  }\n}\n");
}

/// `["a", "b"]`; `None` when there is nothing in it.
fn list(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| format!("[{}]", texts.iter().map(|text| string(text)).collect::<Vec<_>>().join(", ")))
}

/// `{ "a" = "b" }`; `None` when there is nothing in it.
pub(super) fn map<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{} = {}", string(name), string(value))).collect();
    (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")))
}

/// Text in quotes; `${` and `%{` would begin a template.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => out.extend([character, character]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `UnauthorizedAPICalls` → `unauthorized_api_calls`
pub(super) fn snake_case(id: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let mut rest = id.chars().peekable();
    while let Some(c) = rest.next() {
        let begins_word = c.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || before.is_ascii_uppercase() && rest.peek().is_some_and(char::is_ascii_lowercase));
        if begins_word && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_no_templates() {
        assert_eq!(string("a\"b\\ ${x} %{if} $y 100% $"), r#""a\"b\\ $${x} %%{if} $y 100% $""#);
        assert_eq!(string("\u{1}\n"), r#""\u0001\n""#);
    }

    #[test]
    fn identifiers_are_snake_case() {
        for (id, snake) in
            [("UnauthorizedAPICalls", "unauthorized_api_calls"), ("RootUsage2", "root_usage2"), ("Alarm", "alarm")]
        {
            assert_eq!(snake_case(id), snake);
        }
    }
}
