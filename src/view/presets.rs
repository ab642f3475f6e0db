//! Metric filters with alarms to begin with: five controls of the pack, in the recommended spelling.

use crate::controls::{self, Control};
use crate::model::alarm::Backtest;

/// A ready-made metric filter with the alarm recommended for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Key of the control.
    pub key: &'static str,
    /// What it is called in short.
    pub title: &'static str,
}

/// The presets, in the order offered.
pub const PRESETS: [Preset; 5] = [
    Preset { key: "root_usage", title: "Usage of the root user" },
    Preset { key: "console_authentication_failures", title: "Console sign-in failures" },
    Preset { key: "unauthorized_api_calls", title: "Unauthorized API calls" },
    Preset { key: "cloudtrail_configuration_changes", title: "CloudTrail changes" },
    Preset { key: "iam_policy_changes", title: "IAM policy changes" },
];

impl Preset {
    fn control(&self) -> Option<&'static Control> {
        controls::by_key(self.key)
    }

    /// Why anyone would want to know.
    pub fn about(&self) -> &'static str {
        self.control().map_or("", |control| &control.about)
    }

    /// The filter pattern.
    pub fn pattern(&self) -> &'static str {
        self.control().map_or("", Control::pattern)
    }

    /// Its metric filter and alarm.
    pub fn backtest(&self) -> Backtest {
        self.control().and_then(|control| Some(control.backtest(control.spellings.first()?))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_control() {
        for preset in PRESETS {
            assert!(preset.control().is_some(), "{}", preset.key);
            assert_eq!(preset.backtest().filter.filter_pattern, preset.pattern());
        }
    }
}
