//! The workspace file: metric filters, alarms and rules as JSON, to keep and to pass on.
//!
//! Each entry has AWS's own field names (`PutMetricFilter` and `PutMetricAlarm`, `PutRule`), so a single entry is also
//! what the command-line tool's `alarm --alarm FILE` reads.

use super::state::{ListedRule, NamedBacktest, NamedComposite, NamedFormula, ViewState};
use crate::model::alarm::Backtest;
use crate::model::composite::AlarmMuteRule;
use serde::{Deserialize, Serialize};

/// Version of the file format written.
const VERSION: u32 = 1;

/// What a workspace file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    /// Format version; marks the file as ours.
    trailscope: u32,
    /// Metric filters with their alarms.
    pub backtests: Vec<NamedBacktest>,
    /// Alarms on metric math with the metric filters of their metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formulas: Vec<NamedFormula>,
    /// Composite alarms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub composites: Vec<NamedComposite>,
    /// Mute rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutes: Vec<AlarmMuteRule>,
    /// EventBridge rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ListedRule>,
    /// Minutes between an event and its delivery to the log group.
    #[serde(default, skip_serializing_if = "is_default")]
    pub delay_minutes: u32,
    /// True: metric filters do not see the events that are too large for CloudWatch Logs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exclude_oversize: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Workspace {
    /// Everything in the lab.
    pub fn of(view: &ViewState) -> Self {
        Self {
            trailscope: VERSION,
            backtests: view.backtests.clone(),
            formulas: view.formulas.clone(),
            composites: view.composites.clone(),
            mutes: view.mutes.clone(),
            rules: view.rules.clone(),
            delay_minutes: view.delay_minutes,
            exclude_oversize: view.exclude_oversize,
        }
    }

    /// Whether there is no alarm of any kind.
    pub fn is_without_alarms(&self) -> bool {
        self.backtests.is_empty() && self.formulas.is_empty() && self.composites.is_empty()
    }
}

/// The text of a workspace file.
pub fn save(workspace: &Workspace) -> String {
    serde_json::to_string_pretty(workspace).unwrap_or_default()
}

/// Reads a workspace file, or a single metric filter with its alarm. `Err` is one sentence for the user.
pub fn load(text: &str) -> Result<Workspace, String> {
    let version = serde_json::from_str::<serde_json::Value>(text)
        .map_err(|error| format!("Not a workspace file: {error}"))?
        .get("trailscope")
        .and_then(serde_json::Value::as_u64);
    match version {
        Some(version) if version > u64::from(VERSION) => {
            Err(format!("This workspace was saved by a newer version (format {version}; this one reads {VERSION})"))
        }
        Some(_) => serde_json::from_str::<Workspace>(text)
            .map(|workspace| Workspace { trailscope: VERSION, ..workspace })
            .map_err(|error| format!("The workspace file is damaged: {error}")),
        None => single(text),
    }
}

fn single(text: &str) -> Result<Workspace, String> {
    let backtest: Backtest = serde_json::from_str(text).map_err(|error| {
        format!("Expected a workspace saved by Trailscope, or one metric filter with its alarm: {error}")
    })?;
    let names = [&backtest.alarm.alarm_name, &backtest.filter.filter_name];
    let name = names.into_iter().find(|name| !name.is_empty()).map_or("Untitled", String::as_str).to_owned();
    let backtests = vec![NamedBacktest { id: 0, name, backtest }];
    Ok(Workspace { trailscope: VERSION, backtests, ..Workspace::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::rule::PRESETS;

    #[test]
    fn a_saved_workspace_loads_again() {
        let mut backtest = Backtest::default();
        backtest.filter.filter_pattern = "{ $.userIdentity.type = \"Root\" }".into();
        backtest.alarm.threshold = 2.5;
        let alarm = crate::model::composite::CompositeAlarm { alarm_rule: "ALARM(Root)".into(), ..Default::default() };
        let view = ViewState {
            backtests: vec![NamedBacktest { id: 3, name: "Root".into(), backtest }],
            formulas: vec![NamedFormula {
                id: 6,
                name: "Share".into(),
                backtest: crate::view::formula::share_of_errors(),
            }],
            composites: vec![NamedComposite { id: 5, name: "Service".into(), alarm }],
            mutes: vec![AlarmMuteRule { name: "night".into(), ..AlarmMuteRule::default() }],
            rules: vec![ListedRule { id: 4, rule: PRESETS[0].rule() }],
            delay_minutes: 15,
            exclude_oversize: true,
            ..ViewState::default()
        };
        let workspace = Workspace::of(&view);
        let text = save(&workspace);
        assert!(text.contains("\"delay_minutes\": 15") && text.contains("\"exclude_oversize\": true"), "{text}");
        assert_eq!(load(&text), Ok(workspace));
        let plain = load(&save(&Workspace::of(&ViewState::default()))).unwrap();
        assert_eq!((plain.delay_minutes, plain.exclude_oversize), (0, false));
    }

    #[test]
    fn one_document_of_the_command_line_tool_loads() {
        let text = r#"{"filterPattern":"ERROR","metricTransformations":[{"metricValue":"1"}],"AlarmName":"Errors",
            "Period":60,"EvaluationPeriods":2,"Threshold":5,"ComparisonOperator":"GreaterThanThreshold"}"#;
        let list = load(text).unwrap().backtests;
        assert_eq!((list[0].name.as_str(), list[0].backtest.alarm.evaluation_periods), ("Errors", 2));
    }

    #[test]
    fn other_files_are_refused_in_words() {
        assert!(load("nonsense").unwrap_err().starts_with("Not a workspace file"));
        assert!(load("{\"Records\":[]}").unwrap_err().starts_with("Expected a workspace"));
        assert!(load("{\"trailscope\":2,\"backtests\":[]}").unwrap_err().contains("newer version"));
        assert!(load("{\"trailscope\":1}").unwrap_err().contains("damaged"));
    }
}
