//! A shell script of `aws logs put-metric-filter`, `aws cloudwatch put-metric-alarm`, `put-composite-alarm` and
//! `put-alarm-mute-rule`.
//!
//! Everything is given as JSON between single quotes, in which the shell leaves all as it is.

use super::Prepared;
use super::document::Node;
use super::ready::metric_alarm;
use std::fmt::Write;

const HEAD: &str = r#"#!/bin/sh
# Creates metric filters and alarms on the events of a trail, or replaces those of the same names.
# LOG_GROUP is the name of the log group that the trail delivers to.
set -eu
: "${LOG_GROUP:?}"
"#;

const HEAD_OF_COMPOSITES: &str = r#"#!/bin/sh
# Creates composite alarms, or replaces those of the same names.
set -eu
"#;

pub(super) fn write(prepared: &Prepared) -> String {
    let has_filters = prepared.filters().next().is_some();
    let mut script = if has_filters { HEAD } else { HEAD_OF_COMPOSITES }.to_owned();
    for filter in prepared.filters() {
        let input = quoted(&filter.metric_filter());
        let _ =
            write!(script, "\naws logs put-metric-filter --log-group-name \"$LOG_GROUP\" --cli-input-json {input}\n");
    }
    for (_, alarm, metric) in prepared.metric_alarms() {
        let _ = writeln!(
            script,
            "\naws cloudwatch put-metric-alarm --cli-input-json {}",
            quoted(&metric_alarm(alarm, metric))
        );
    }
    for item in &prepared.composites {
        let input = quoted(&item.composite_alarm());
        let _ = writeln!(script, "\naws cloudwatch put-composite-alarm --cli-input-json {input}");
    }
    for item in &prepared.mutes {
        let _ = writeln!(script, "\naws cloudwatch put-alarm-mute-rule --cli-input-json {}", quoted(&item.mute_rule()));
    }
    script
}

pub(super) fn quoted(document: &Node) -> String {
    format!("'{}'", document.to_json().trim_end().replace('\'', r"'\''"))
}
