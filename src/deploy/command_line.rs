//! A shell script of `aws logs put-metric-filter`, `aws cloudwatch put-metric-alarm` and `put-composite-alarm`.
//!
//! Everything is given as JSON between single quotes, in which the shell leaves all as it is.

use super::composite::ReadyComposite;
use super::document::Node;
use super::ready::Ready;
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

pub(super) fn write(ready: &[Ready], composites: &[ReadyComposite]) -> String {
    let mut script = if ready.is_empty() { HEAD_OF_COMPOSITES } else { HEAD }.to_owned();
    for item in ready {
        let _ = write!(
            script,
            "\naws logs put-metric-filter --log-group-name \"$LOG_GROUP\" --cli-input-json {}\naws cloudwatch \
             put-metric-alarm --cli-input-json {}\n",
            quoted(&item.metric_filter()),
            quoted(&item.metric_alarm()),
        );
    }
    for item in composites {
        let input = quoted(&item.composite_alarm());
        let _ = writeln!(script, "\naws cloudwatch put-composite-alarm --cli-input-json {input}");
    }
    script
}

pub(super) fn quoted(document: &Node) -> String {
    format!("'{}'", document.to_json().trim_end().replace('\'', r"'\''"))
}
