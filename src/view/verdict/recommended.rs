//! How a deployed metric filter and its alarm differ from the recommended control that they seem to be meant for.

use crate::controls::Control;
use crate::controls::nearest::nearest;
use crate::controls::spelling::{Likeness, likeness};
use crate::model::alarm::{Backtest, MetricAlarm};
use crate::model::metric::MetricTransformation;
use crate::view::{format, lab};

/// A backtest beside its control.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommended {
    /// The control.
    pub control: &'static Control,
    /// How the patterns compare.
    pub pattern: Likeness,
    /// What else differs, a phrase each.
    pub differences: Vec<String>,
}

impl Recommended {
    /// Compares with the nearest control; `None` when none is near.
    pub fn nearest_to(backtest: &Backtest) -> Option<Self> {
        let control = nearest(&backtest.filter)?;
        let wanted = control.backtest(control.spellings.first()?);
        let mut differences = Vec::new();
        metric(&of(backtest), &of(&wanted), &mut differences);
        alarm(&backtest.alarm, &wanted.alarm, &mut differences);
        Some(Self { control, pattern: likeness(&backtest.filter.filter_pattern, control.pattern()), differences })
    }

    /// `exact`, `equivalent` or `differs`: the worst of pattern, metric and alarm.
    pub fn word(&self) -> &'static str {
        match self.pattern {
            _ if !self.differences.is_empty() => "differs",
            Likeness::Exact => "exact",
            Likeness::Equivalent => "equivalent",
            Likeness::Differs => "differs",
        }
    }

    /// Everything that differs, the pattern first.
    pub fn phrases(&self) -> Vec<String> {
        let pattern = match self.pattern {
            Likeness::Exact => None,
            Likeness::Equivalent => Some("white space or parentheses of the pattern".to_owned()),
            Likeness::Differs => Some("another pattern".to_owned()),
        };
        pattern.into_iter().chain(self.differences.iter().cloned()).collect()
    }
}

fn of(backtest: &Backtest) -> MetricTransformation {
    backtest.filter.metric_transformations.first().cloned().unwrap_or_default()
}

fn metric(ours: &MetricTransformation, wanted: &MetricTransformation, found: &mut Vec<String>) {
    if ours.metric_namespace != wanted.metric_namespace {
        let ours = if ours.metric_namespace.is_empty() { "none" } else { &ours.metric_namespace };
        found.push(format!("namespace {ours} instead of {}", wanted.metric_namespace));
    }
    if ours.metric_value != wanted.metric_value {
        found.push(format!("metric value {} instead of {}", ours.metric_value, wanted.metric_value));
    }
    if ours.default_value != wanted.default_value {
        let words = |value: Option<f64>| value.map_or_else(|| "none".into(), format::number);
        found.push(format!("default value {} instead of {}", words(ours.default_value), words(wanted.default_value)));
    }
    if !ours.dimensions.is_empty() {
        found.push("dimensions".into());
    }
}

fn alarm(ours: &MetricAlarm, wanted: &MetricAlarm, found: &mut Vec<String>) {
    let (condition, recommended) = (lab::condition(ours), lab::condition(wanted));
    if condition != recommended {
        found.push(format!("{condition} instead of {recommended}"));
    }
    if ours.treat_missing_data != wanted.treat_missing_data {
        let (ours, wanted) = (ours.treat_missing_data.as_str(), wanted.treat_missing_data.as_str());
        found.push(format!("missing data {ours} instead of {wanted}"));
    }
    if ours.alarm_actions.is_empty() || !ours.actions_enabled {
        found.push("no action on ALARM that is known".into());
    }
}
