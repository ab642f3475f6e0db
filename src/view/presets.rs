//! Metric filters with alarms to begin with: five controls of the CIS AWS Foundations Benchmark with the
//! patterns AWS Security Hub prescribes. `tests/cases/cis-controls.json` has them with their sources.

use crate::model::alarm::{Backtest, MetricAlarm};
use crate::model::metric::{MetricFilter, MetricTransformation};

/// A ready-made metric filter with the alarm recommended for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Key of the control in `cis-controls.json`.
    pub key: &'static str,
    /// What it watches.
    pub title: &'static str,
    /// Why anyone would want to know.
    pub about: &'static str,
    /// Name given to filter, metric and alarm.
    pub name: &'static str,
    /// The filter pattern.
    pub pattern: &'static str,
}

/// The presets, in the order offered.
pub const PRESETS: [Preset; 5] = [
    Preset {
        key: "root_usage",
        title: "Usage of the root user",
        about: "Everyday work never needs the root user",
        name: "RootUsage",
        pattern: r#"{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}"#,
    },
    Preset {
        key: "console_authentication_failures",
        title: "Console sign-in failures",
        about: "Many in a short time suggest that passwords are being guessed",
        name: "ConsoleSignInFailures",
        pattern: r#"{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}"#,
    },
    Preset {
        key: "unauthorized_api_calls",
        title: "Unauthorized API calls",
        about: "A broken job, or somebody probing what a stolen key can do",
        name: "UnauthorizedApiCalls",
        pattern: r#"{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}"#,
    },
    Preset {
        key: "cloudtrail_configuration_changes",
        title: "CloudTrail changes",
        about: "Whoever stops or changes a trail may want to go unseen",
        name: "CloudTrailChanges",
        pattern: "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}",
    },
    Preset {
        key: "iam_policy_changes",
        title: "IAM policy changes",
        about: "Permissions that grow are how intruders stay",
        name: "IamPolicyChanges",
        pattern: "{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}",
    },
];

impl Preset {
    /// The metric filter (namespace `LogMetrics`, value 1, default value 0, as Security Hub checks them) and the
    /// alarm (Sum over 5 minutes, 1 of 1, at least 1, missing data not breaching).
    pub fn backtest(&self) -> Backtest {
        Backtest {
            filter: MetricFilter {
                filter_name: self.name.into(),
                filter_pattern: self.pattern.into(),
                metric_transformations: vec![MetricTransformation {
                    metric_name: self.name.into(),
                    metric_namespace: "LogMetrics".into(),
                    default_value: Some(0.0),
                    ..MetricTransformation::default()
                }],
            },
            alarm: MetricAlarm { alarm_name: self.name.into(), ..MetricAlarm::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn presets_are_what_the_controls_prescribe() {
        let data: Value = serde_json::from_str(include_str!("../../tests/cases/cis-controls.json")).unwrap();
        for preset in PRESETS {
            let control =
                data["controls"].as_array().unwrap().iter().find(|control| control["key"] == preset.key).unwrap();
            assert_eq!(control["filter_pattern"], preset.pattern);
            let Backtest { filter, alarm } = preset.backtest();
            let metric = &filter.metric_transformations[0];
            assert_eq!(control["metric"]["namespace"], metric.metric_namespace.as_str());
            assert_eq!(control["metric"]["value"], metric.metric_value.as_str());
            assert_eq!(control["metric"]["default_value"].as_f64(), metric.default_value);
            let ours = serde_json::to_value(&alarm).unwrap();
            let theirs = &control["alarm"];
            for (our_name, their_name) in [
                ("Statistic", "statistic"),
                ("ComparisonOperator", "comparison_operator"),
                ("Period", "period_seconds"),
                ("EvaluationPeriods", "evaluation_periods"),
                ("DatapointsToAlarm", "datapoints_to_alarm"),
                ("TreatMissingData", "treat_missing_data"),
            ] {
                assert_eq!(ours[our_name], theirs[their_name], "{} {our_name}", preset.key);
            }
            assert_eq!(json!(alarm.threshold).as_f64(), theirs["threshold"].as_f64());
        }
    }
}
