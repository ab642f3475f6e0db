//! Metric values and dimensions: what may refer to a field of a pattern, and the rules of a whole metric filter.
//!
//! CloudWatch Logs User Guide, "Filter pattern syntax for metric filters" and "Creating metrics from log events
//! using filters"; API reference, MetricTransformation (cases `met-mf-*`).

use super::ast::{Pattern, SpaceItem, SpaceItemKind};
use super::{check, parse};
use crate::filter::predicate::{Selector, Step, number};
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::pattern::{PatternError, path};
use std::fmt;

/// Characters of a metric name, a namespace, a dimension name (API reference, MetricTransformation).
const MAX_NAME: usize = 255;
/// Characters of a metric value (API reference, MetricTransformation).
const MAX_VALUE: usize = 100;
/// Dimensions of one metric (case `met-mf-7`).
const MAX_DIMENSIONS: usize = 3;
/// Units a metric may have (API reference, MetricTransformation).
pub const UNITS: [&str; 27] = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

/// Where the value of a sample or of a dimension comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueRef {
    /// A constant.
    Number(f64),
    /// The value a selector selects in a JSON event; the selector has no wildcard.
    Selector(Selector),
    /// A field of a space-delimited message.
    Field(SpaceReference),
}

/// A field of a space-delimited message, under the key of `SpacePattern::extract`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceReference {
    /// `$name`
    Name(String),
    /// `$7`: position in the message, one based.
    Position(u32),
}

impl fmt::Display for SpaceReference {
    /// The key in the extracted values: `$name`, `$7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "${name}"),
            Self::Position(position) => write!(f, "${position}"),
        }
    }
}

/// Reads a metric value or dimension value: a number, `$.selector` for a JSON pattern, `$name` or `$7` for a
/// space-delimited one. A field that is referred to has to appear in the pattern.
pub fn value_reference(text: &str, pattern: &Pattern) -> Result<ValueRef, PatternError> {
    let error = |message: String| PatternError::new(0..text.len(), message);
    if let Some(value) = number(text) {
        return Ok(ValueRef::Number(value));
    }
    match pattern {
        Pattern::Json(_) if text.starts_with('$') => json_reference(text, pattern).map(ValueRef::Selector),
        Pattern::Space(items) if text.starts_with('$') => space_reference(text, items).map(ValueRef::Field),
        Pattern::Json(_) => {
            Err(error(format!("“{text}” is neither a number nor a selector")).help("a selector begins with $."))
        }
        Pattern::Space(_) => Err(error(format!("“{text}” is neither a number nor a field")).help("write $name or $1")),
        Pattern::Terms(_) | Pattern::Regex { .. } => Err(error(format!("“{text}” is not a number"))
            .help("only JSON and space-delimited patterns have fields to take a value from")),
    }
}

fn json_reference(text: &str, pattern: &Pattern) -> Result<Selector, PatternError> {
    let selector = path::parse_selector(text)?;
    let error = |message: &str| PatternError::new(0..text.len(), message);
    if selector.steps.iter().any(|step| matches!(step, Step::AnyKey | Step::AnyElement)) {
        return Err(error("a selector with a wildcard has no single value"));
    }
    let mut used = false;
    if let Pattern::Json(expr) = pattern {
        expr.for_each(&mut |condition| used |= condition.selector == selector);
    }
    if !used {
        let help = format!("add && {selector} = * to the pattern");
        return Err(error("the field does not appear in the pattern").help(help));
    }
    Ok(selector)
}

fn space_reference(text: &str, items: &[SpaceItem]) -> Result<SpaceReference, PatternError> {
    let name = &text[1..];
    let error = |message: String| PatternError::new(0..text.len(), message);
    if items.iter().any(|item| check::name(item) == Some(name)) {
        return Ok(SpaceReference::Name(name.into()));
    }
    let position: Option<u32> = name.parse().ok().filter(|position| *position > 0 && !name.starts_with('+'));
    let Some(position) = position else {
        return Err(error(format!("the pattern has no field called “{name}”")));
    };
    let at = position as usize - 1;
    let ellipsis = items.iter().position(|item| item.kind == SpaceItemKind::Ellipsis);
    let fixed = &items[..ellipsis.unwrap_or(items.len())];
    match fixed.get(at) {
        Some(item) => match check::name(item) {
            None => Ok(SpaceReference::Position(position)),
            Some(name) => Err(error(format!("field {position} has a name")).help(format!("write ${name}"))),
        },
        None if ellipsis.is_some() || items.is_empty() => Ok(SpaceReference::Position(position)),
        None => Err(error(format!("the pattern has only {} fields", items.len()))),
    }
}

/// Which setting of a metric filter an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `filterPattern`
    Pattern,
    /// `metricTransformations` as a whole.
    Transformations,
    /// `metricName`
    MetricName,
    /// `metricNamespace`
    MetricNamespace,
    /// `metricValue`
    MetricValue,
    /// `defaultValue`
    DefaultValue,
    /// `dimensions` as a whole.
    Dimensions,
    /// The dimension of this name.
    Dimension(String),
    /// `unit`
    Unit,
}

/// One reason why the service refuses a metric filter. Spans are within the text of the setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// Where.
    pub setting: Setting,
    /// What.
    pub error: PatternError,
}

/// Everything the service would refuse about a metric filter; empty when it is valid.
pub fn validate_metric_filter(filter: &MetricFilter) -> Vec<SettingError> {
    let mut errors = Vec::new();
    let mut add = |setting: Setting, error: PatternError| errors.push(SettingError { setting, error });
    let pattern = parse(&filter.filter_pattern).map_err(|error| add(Setting::Pattern, error)).ok();
    let [transformation] = filter.metric_transformations.as_slice() else {
        let message = "a metric filter has exactly one metric transformation";
        add(Setting::Transformations, PatternError::new(0..0, message));
        return errors;
    };
    let MetricTransformation { metric_name, metric_namespace, metric_value, default_value, dimensions, unit } =
        transformation;
    for (setting, name) in [(Setting::MetricName, metric_name), (Setting::MetricNamespace, metric_namespace)] {
        too_long(name, MAX_NAME).into_iter().for_each(|error| add(setting.clone(), error));
        if let Some((at, c)) = name.char_indices().find(|(_, c)| matches!(c, ':' | '*' | '$')) {
            let message = format!("“{c}” is not allowed in a metric name or namespace");
            add(setting, PatternError::new(at..at + 1, message));
        }
    }
    too_long(metric_value, MAX_VALUE).into_iter().for_each(|error| add(Setting::MetricValue, error));
    if let Some(pattern) = &pattern
        && let Err(error) = value_reference(metric_value, pattern)
    {
        add(Setting::MetricValue, error);
    }
    if default_value.is_some() && !dimensions.is_empty() {
        let message = "a default value and dimensions exclude each other";
        add(Setting::DefaultValue, PatternError::new(0..0, message));
    }
    if dimensions.len() > MAX_DIMENSIONS {
        let message = format!("a metric filter has at most {MAX_DIMENSIONS} dimensions");
        add(Setting::Dimensions, PatternError::new(0..0, message));
    }
    if !dimensions.is_empty() && matches!(pattern, Some(Pattern::Terms(_) | Pattern::Regex { .. })) {
        let message = "the filter pattern does not support dimensions";
        let help = "dimensions need a JSON or space-delimited pattern";
        add(Setting::Dimensions, PatternError::new(0..0, message).help(help));
    }
    for (name, value) in dimensions {
        let setting = || Setting::Dimension(name.clone());
        if name.is_empty() {
            add(setting(), PatternError::new(0..0, "a dimension needs a name"));
        }
        too_long(name, MAX_NAME).into_iter().for_each(|error| add(setting(), error));
        match pattern.as_ref().map(|pattern| value_reference(value, pattern)) {
            Some(Ok(ValueRef::Number(_))) => {
                let message = "the value of a dimension is a field, not a constant";
                add(setting(), PatternError::new(0..value.len(), message));
            }
            Some(Err(error)) => add(setting(), error),
            Some(Ok(_)) | None => {}
        }
    }
    if let Some(unit) = unit
        && !UNITS.contains(&unit.as_str())
    {
        let error = PatternError::new(0..unit.len(), format!("“{unit}” is not a CloudWatch unit"));
        add(Setting::Unit, error.help("for example Count, Bytes, Seconds, None"));
    }
    errors
}

fn too_long(text: &str, limit: usize) -> Option<PatternError> {
    let (at, _) = text.char_indices().nth(limit)?;
    Some(PatternError::new(at..text.len(), format!("at most {limit} characters are allowed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(text: &str, pattern: &str) -> Option<String> {
        value_reference(text, &parse(pattern).unwrap()).ok().map(|reference| match reference {
            ValueRef::Number(value) => value.to_string(),
            ValueRef::Selector(selector) => selector.to_string(),
            ValueRef::Field(field) => field.to_string(),
        })
    }

    #[test]
    fn references_have_to_fit_the_pattern() {
        let json = "{ $.latency = * && $.items[*].x = 1 }";
        let space = "[ip, , bytes, ..., size]";
        for (text, pattern, expected) in [
            ("1", "ERROR", Some("1")),
            ("-1.5e1", json, Some("-15")),
            ("$.latency", json, Some("$.latency")),
            ("$.['latency']", json, Some("$.latency")),
            ("$.other", json, None),
            ("$.items[*].x", json, None),
            ("latency", json, None),
            ("$.latency", "ERROR", None),
            ("$ip", space, Some("$ip")),
            ("$2", space, Some("$2")),
            ("$1", space, None),
            ("$9", space, Some("$9")),
            ("$size", space, Some("$size")),
            ("$nope", space, None),
            ("$0", space, None),
            ("$3", "[a, b]", None),
            ("$3", "[]", Some("$3")),
            ("", json, None),
            ("$", json, None),
            ("$", space, None),
        ] {
            assert_eq!(reference(text, pattern).as_deref(), expected, "{text} in {pattern}");
        }
    }

    #[test]
    fn every_setting_is_checked() {
        let bad = MetricFilter {
            filter_name: String::new(),
            filter_pattern: "{ $.a = * }".into(),
            metric_transformations: vec![MetricTransformation {
                metric_name: "a:b".into(),
                metric_namespace: "x".repeat(256),
                metric_value: "$.b".into(),
                default_value: Some(0.0),
                dimensions: [("d".to_owned(), "1".to_owned())].into(),
                unit: Some("Parsec".into()),
            }],
        };
        let settings: Vec<Setting> = validate_metric_filter(&bad).into_iter().map(|error| error.setting).collect();
        assert_eq!(
            settings,
            [
                Setting::MetricName,
                Setting::MetricNamespace,
                Setting::MetricValue,
                Setting::DefaultValue,
                Setting::Dimension("d".into()),
                Setting::Unit
            ]
        );
        let none = MetricFilter { filter_pattern: "[a".into(), ..MetricFilter::default() };
        let settings: Vec<Setting> = validate_metric_filter(&none).into_iter().map(|error| error.setting).collect();
        assert_eq!(settings, [Setting::Pattern, Setting::Transformations]);
    }
}
